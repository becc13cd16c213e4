/* Corridors on an input-output table: lanes gather blocks of it, and what is lost in a lane is lost in all cells of its blocks. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "model/economy/corridors.h"

static hf_err fits(const hf_corridors *c, const hf_io_table *t, const int *sector_goods)
{
    if (t->n_regions != c->n_regions) return HF_E_RANGE;
    for (int i = 0; i < t->n_sectors; i++)
        if (sector_goods[i] < -1 || sector_goods[i] >= c->n_goods) return HF_E_RANGE;
    return HF_OK;
}

static int lane_of(const hf_corridors *c, int origin, int destination, int goods)
{
    return goods < 0 ? -1 : c->lane_at[((size_t)origin * (size_t)c->n_regions + (size_t)destination) * (size_t)c->n_goods + (size_t)goods];
}

/* What industry g sells to the industries of region d, and to its final demand. */
static double sold_to_industries(const hf_io_table *t, int g, int d)
{
    const double *row = t->z + (size_t)g * (size_t)t->n_industries + (size_t)d * (size_t)t->n_sectors;
    double sum = 0;
    for (int i = 0; i < t->n_sectors; i++) sum += row[i];
    return sum;
}

static double sold_to_demand(const hf_io_table *t, int g, int d)
{
    const double *row = t->y + (size_t)g * (size_t)t->n_demand_columns + (size_t)d * (size_t)t->n_demand;
    double sum = 0;
    for (int k = 0; k < t->n_demand; k++) sum += row[k];
    return sum;
}

hf_err hf_corridors_flows(const hf_corridors *c, const hf_io_table *table, const int *sector_goods, double *ret_flow)
{
    hf_err err = fits(c, table, sector_goods);
    if (err != HF_OK) return err;
    memset(ret_flow, 0, (size_t)c->n_lanes * sizeof *ret_flow);
    for (int g = 0; g < table->n_industries; g++)
        for (int d = 0; d < table->n_regions; d++) {
            int lane = lane_of(c, g / table->n_sectors, d, sector_goods[g % table->n_sectors]);
            if (lane >= 0) ret_flow[lane] += sold_to_industries(table, g, d) + sold_to_demand(table, g, d);
        }
    return HF_OK;
}

hf_err hf_corridors_pass(const hf_corridors *c, const hf_io_table *table, const int *sector_goods, const double *phi, double *ret_pass)
{
    hf_err err = fits(c, table, sector_goods);
    if (err != HF_OK) return err;
    for (int g = 0; g < table->n_industries; g++)
        for (int d = 0; d < table->n_regions; d++) {
            int lane = lane_of(c, g / table->n_sectors, d, sector_goods[g % table->n_sectors]);
            ret_pass[(size_t)g * (size_t)table->n_regions + (size_t)d] = lane < 0 ? 1 : 1 - phi[lane];
        }
    return HF_OK;
}

void hf_corridors_deliver(const hf_io_table *t, const double *pass, double *ret_z, double *ret_y, double *ret_lost)
{
    size_t n = (size_t)t->n_industries, columns = (size_t)t->n_demand_columns, regions = (size_t)t->n_regions;
    size_t sectors = (size_t)t->n_sectors, kinds = (size_t)t->n_demand;
    if (ret_lost) memset(ret_lost, 0, regions * regions * sizeof *ret_lost);
    for (size_t g = 0; g < n; g++)
        for (size_t d = 0; d < regions; d++) {
            double share = pass[g * regions + d];
            if (ret_lost) ret_lost[g / sectors * regions + d] += (1 - share) * (sold_to_industries(t, (int)g, (int)d) + sold_to_demand(t, (int)g, (int)d));
            for (size_t k = d * sectors; ret_z && k < (d + 1) * sectors; k++) ret_z[g * n + k] = share * t->z[g * n + k];
            for (size_t k = d * kinds; ret_y && k < (d + 1) * kinds; k++) ret_y[g * columns + k] = share * t->y[g * columns + k];
        }
}

/* ---- chokepoints ---- */

typedef struct ranking {
    const hf_corridors *c;
    const hf_io_table *t;
    const int *sector_goods;
    double *beta;                          /* [gates] */
    double *phi0, *phi;                    /* [lanes] before and with the gate shut */
    double *pass0, *pass;                  /* [n x R] */
    double *industries, *demand;           /* [n x R] what g sells to region d */
    double *lost, *term, *next, *per_unit; /* [n] */
    double *by_origin, *by_destination;    /* [R] */
} ranking;

static void ranking_done(ranking *r)
{
    hf_free(r->beta);
    hf_free(r->pass0);
    hf_free(r->lost);
}

static hf_err ranking_new(ranking *r, const double *beta)
{
    size_t gates = (size_t)r->c->n_gates, lanes = (size_t)r->c->n_lanes, n = (size_t)r->t->n_industries, R = (size_t)r->t->n_regions;
    r->beta = hf_calloc(gates + 2 * lanes, sizeof *r->beta);
    r->pass0 = hf_calloc(4 * n * R, sizeof *r->pass0);
    r->lost = hf_calloc(4 * n + 2 * R, sizeof *r->lost);
    if (!r->beta || !r->pass0 || !r->lost) return HF_E_NOMEM;
    r->phi0 = r->beta + gates;
    r->phi = r->phi0 + lanes;
    r->pass = r->pass0 + n * R;
    r->industries = r->pass + n * R;
    r->demand = r->industries + n * R;
    r->term = r->lost + n;
    r->next = r->term + n;
    r->per_unit = r->next + n;
    r->by_origin = r->per_unit + n;
    r->by_destination = r->by_origin + R;
    for (size_t k = 0; k < gates; k++) r->beta[k] = beta ? beta[k] : 1;
    for (size_t g = 0; g < n; g++)
        for (size_t d = 0; d < R; d++) {
            r->industries[g * R + d] = sold_to_industries(r->t, (int)g, (int)d);
            r->demand[g * R + d] = sold_to_demand(r->t, (int)g, (int)d);
        }
    hf_corridors_lost(r->c, r->beta, r->phi0);
    return hf_corridors_pass(r->c, r->t, r->sector_goods, r->phi0, r->pass0);
}

/* Output that is not made when deliveries come down from the table's to `pass`: d = lost + A~ d. ret [2]: output, value added. */
static hf_err extraction(ranking *r, const double *pass, double *ret)
{
    const hf_io_table *t = r->t;
    size_t n = (size_t)t->n_industries, R = (size_t)t->n_regions, S = (size_t)t->n_sectors;
    double first = 0;
    for (size_t g = 0; g < n; g++) {
        r->term[g] = 0;
        for (size_t d = 0; d < R; d++) r->term[g] += (1 - pass[g * R + d]) * (r->industries[g * R + d] + r->demand[g * R + d]);
        r->lost[g] = r->term[g];
        first += fabs(r->term[g]);
    }
    for (int k = 0; k < 5000; k++) {
        double size = 0;
        for (size_t j = 0; j < n; j++) r->per_unit[j] = t->x[j] > 0 ? r->term[j] / t->x[j] : 0;
        for (size_t g = 0; g < n; g++) {
            double sum = 0;
            for (size_t d = 0; d < R; d++) {
                double part = 0;
                for (size_t j = d * S; j < (d + 1) * S; j++) part += t->z[g * n + j] * r->per_unit[j];
                sum += pass[g * R + d] * part;
            }
            r->next[g] = sum;
            size += fabs(sum);
        }
        for (size_t g = 0; g < n; g++) r->lost[g] += r->term[g] = r->next[g];
        if (!(size > 1e-13 * first)) {
            ret[0] = ret[1] = 0;
            for (size_t g = 0; g < n; g++) {
                ret[0] += r->lost[g];
                if (t->x[g] > 0) ret[1] += r->lost[g] * t->v[g] / t->x[g];
            }
            return HF_OK;
        }
    }
    return HF_E_NO_CONVERGENCE;
}

static int largest(const double *value, int n)
{
    int at = -1;
    for (int k = 0; k < n; k++)
        if (value[k] > 0 && (at < 0 || value[k] > value[at])) at = k;
    return at;
}

/* Money not delivered, on top of what was not before. */
static void trade_lost(ranking *r, hf_gate_loss *loss)
{
    size_t n = (size_t)r->t->n_industries, R = (size_t)r->t->n_regions;
    memset(r->by_origin, 0, 2 * R * sizeof *r->by_origin);
    for (size_t g = 0; g < n; g++)
        for (size_t d = 0; d < R; d++) {
            double share = r->pass0[g * R + d] - r->pass[g * R + d];
            if (share == 0) continue;
            loss->intermediate_lost += share * r->industries[g * R + d];
            loss->final_lost += share * r->demand[g * R + d];
            r->by_origin[g / (size_t)r->t->n_sectors] += share * (r->industries[g * R + d] + r->demand[g * R + d]);
            r->by_destination[d] += share * (r->industries[g * R + d] + r->demand[g * R + d]);
        }
    loss->trade_lost = loss->intermediate_lost + loss->final_lost;
    loss->origin = largest(r->by_origin, r->t->n_regions);
    loss->destination = largest(r->by_destination, r->t->n_regions);
}

static hf_err gate_shut(ranking *r, int gate, double level, const double *before, hf_gate_loss *loss)
{
    hf_err err = HF_OK;
    double kept = r->beta[gate], after[2];
    *loss = (hf_gate_loss){.gate = gate, .origin = -1, .destination = -1};
    r->beta[gate] = fmin(kept, level);
    hf_corridors_lost(r->c, r->beta, r->phi);
    r->beta[gate] = kept;
    for (int l = 0; l < r->c->n_lanes; l++) loss->lanes += r->phi[l] > r->phi0[l];
    if (loss->lanes == 0) return HF_OK;
    HF_TRY(hf_corridors_pass(r->c, r->t, r->sector_goods, r->phi, r->pass));
    trade_lost(r, loss);
    HF_TRY(extraction(r, r->pass, after));
    loss->output_lost = after[0] - before[0];
    loss->value_added_lost = after[1] - before[1];
out:
    return err;
}

static int by_loss(const void *a, const void *b)
{
    const hf_gate_loss *p = a, *q = b;
    if (p->output_lost != q->output_lost) return p->output_lost > q->output_lost ? -1 : 1;
    if (p->trade_lost != q->trade_lost) return p->trade_lost > q->trade_lost ? -1 : 1;
    return p->gate - q->gate;
}

hf_err hf_corridors_rank(const hf_corridors *c, const hf_io_table *table, const int *sector_goods, const double *beta, double level,
                         hf_gate_loss *ret_loss)
{
    hf_err err = HF_OK;
    ranking r = {.c = c, .t = table, .sector_goods = sector_goods};
    double before[2] = {0};
    if (!(level >= 0 && level <= 1)) return HF_E_RANGE;
    HF_TRY(fits(c, table, sector_goods));
    HF_TRY(ranking_new(&r, beta));
    HF_TRY(extraction(&r, r.pass0, before));
    for (int k = 0; k < c->n_gates; k++) HF_TRY(gate_shut(&r, k, level, before, &ret_loss[k]));
    qsort(ret_loss, (size_t)c->n_gates, sizeof *ret_loss, by_loss);
out:
    ranking_done(&r);
    return err;
}
