/* What each region gets of what each industry sells, against a day at rest. */
#include <string.h>

#include "model/economy/adaptive_state.h"

enum { TILE = HF_ADAPTIVE_TILE };

/* sum over k < n of z[k] (1 - ratio[k * lanes] * sent): in four partial sums, the order of which is fixed. */
static double shortfall(const double *z, const double *ratio, int n, int lanes, double sent)
{
    double sum[4] = {0};
    int k = 0;
    for (; k + 4 <= n; k += 4)
        for (int j = 0; j < 4; j++) sum[j] += z[k + j] * (1 - ratio[(size_t)(k + j) * (size_t)lanes] * sent);
    for (; k < n; k++) sum[0] += z[k] * (1 - ratio[(size_t)k * (size_t)lanes] * sent);
    return (sum[0] + sum[2]) + (sum[1] + sum[3]);
}

/* Share of a delivery that a link lets pass; what is under way has passed. */
static double passing(const hf_adaptive *m, int sector, int from, int to, int lane)
{
    int n = hf_adaptive_link_find(m, sector, from, to);
    return n < 0 ? 1 : 1 - m->links[n].phi[lane];
}

/* First slot after `slot` in the tile whose user is of another region; *ret_home is the region, -1 for empty slots. */
static int run_end(const hf_adaptive *m, int slot, int end, int *ret_home)
{
    int user = m->slot_user[slot];
    *ret_home = user < 0 ? -1 : user / m->S;
    while (slot < end && (m->slot_user[slot] < 0 ? -1 : m->slot_user[slot] / m->S) == *ret_home) slot++;
    return slot;
}

static void inputs_add(hf_adaptive *m, int sector, int tile)
{
    size_t lanes = (size_t)m->L, R = (size_t)m->R;
    const double *z = m->z + ((size_t)sector * (size_t)m->n_tiles + (size_t)tile) * R * TILE;
    const double *ratio = m->ratio + ((size_t)sector * (size_t)m->n_slots + (size_t)tile * TILE) * lanes;
    const double *sent = m->sent + ((size_t)m->tile_level[tile] * (size_t)m->N + (size_t)sector * R) * lanes;
    for (int first = 0, last, home; first < TILE; first = last) {
        last = run_end(m, tile * TILE + first, (tile + 1) * TILE, &home) - tile * TILE;
        if (home < 0) continue;
        for (int from = 0; from < m->R; from++) {
            double *lost = m->trade_lost + (((size_t)sector * R + (size_t)from) * R + (size_t)home) * lanes;
            for (int l = 0; l < m->n_lanes; l++) {
                double pass = m->n_links > 0 ? passing(m, sector, from, home, l) : 1;
                double got = sent[(size_t)from * lanes + (size_t)l] * pass;
                lost[l] += shortfall(z + (size_t)from * TILE + first, ratio + (size_t)first * lanes + l, last - first, m->L, got);
            }
        }
    }
}

static void final_demand_add(hf_adaptive *m, int sector)
{
    size_t lanes = (size_t)m->L, R = (size_t)m->R, level = (size_t)m->final_level * (size_t)m->N * lanes;
    for (int from = 0; from < m->R; from++)
        for (int home = 0; home < m->R; home++) {
            size_t q = (size_t)sector * R + (size_t)from, to = (size_t)sector * R + (size_t)home;
            double *lost = m->trade_lost + (q * R + (size_t)home) * lanes;
            for (int l = 0; l < m->n_lanes; l++) {
                double pass = m->n_links > 0 ? passing(m, sector, from, home, l) : 1;
                double wanted = 1 + m->y_change[to * lanes + (size_t)l];
                lost[l] += m->y_home[q * R + (size_t)home] * (1 - wanted * m->rho[level + q * lanes + (size_t)l] * pass);
            }
        }
}

void hf_adaptive_trade_add(hf_adaptive_worker *worker)
{
    hf_adaptive *m = worker->model;
    for (int sector = worker->first; sector < worker->last; sector++) {
        for (int tile = 0; tile < m->n_tiles; tile++) inputs_add(m, sector, tile);
        final_demand_add(m, sector);
    }
}

void hf_adaptive_trade_get(const hf_adaptive *model, int lane, double *ret_lost)
{
    size_t R = (size_t)model->R, S = (size_t)model->S, L = (size_t)model->L;
    for (size_t i = 0; i < S; i++)
        for (size_t r = 0; r < R; r++)
            for (size_t h = 0; h < R; h++) ret_lost[(r * S + i) * R + h] = model->trade_lost[((i * R + r) * R + h) * L + (size_t)lane];
}
