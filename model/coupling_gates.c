/* Gates of trade in the coupling: from how open they are to what is held up and late. */
#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "model/coupling_inside.h"

/* Shares and days below these are noise of a solver. */
static const double NO_SHARE = 1e-9, NO_DAYS = 1e-6;

double hf_lane_longest(const hf_corridors *corridors, int lane)
{
    const hf_lane *l = &corridors->lane[lane];
    double longest = 0;
    for (int p = l->first; p < l->first + l->n_routes; p++) longest = fmax(longest, corridors->route[p].days);
    return fmin(longest, HF_ADAPTIVE_LATE);
}

/* ---- states ---- */

void hf_ways_init(hf_ways *ways, const hf_coupling *c, bool detours)
{
    *ways = (hf_ways){.c = c, .detours = detours && c->gates && c->gates->detour};
}

void hf_ways_done(hf_ways *ways)
{
    for (int k = 0; k < ways->n_states; k++) hf_free(ways->state[k].beta);
    hf_free(ways->state);
    *ways = (hf_ways){0};
}

static hf_err state_work_out(const hf_ways *ways, const double *beta, hf_ways_state *state)
{
    hf_err err = HF_OK;
    const hf_coupling_gates *g = ways->c->gates;
    int n_lanes = g->corridors->n_lanes;
    bool open = true;
    for (int k = 0; k < g->corridors->n_gates; k++) open &= beta[k] >= 1;
    if (open) return HF_OK;
    if (!ways->detours) {
        hf_corridors_lost(g->corridors, beta, state->phi);
        return HF_OK;
    }
    HF_TRY(g->detour(g->context, beta, state->phi, state->days));
    for (int l = 0; l < n_lanes; l++) {
        if (state->phi[l] < NO_SHARE) state->phi[l] = 0;
        if (state->phi[l] > 1 - NO_SHARE) state->phi[l] = 1;
        state->days[l] = state->days[l] < NO_DAYS ? 0 : fmin(state->days[l], hf_lane_longest(g->corridors, l));
    }
out:
    return err;
}

static bool is_state(const hf_ways *ways, int k, const double *beta)
{
    return memcmp(ways->state[k].beta, beta, (size_t)ways->c->gates->corridors->n_gates * sizeof *beta) == 0;
}

static int state_known(const hf_ways *ways, const double *beta)
{
    if (ways->n_states > 0 && is_state(ways, ways->last, beta)) return ways->last;
    for (int k = 0; k < ways->n_states; k++)
        if (is_state(ways, k, beta)) return k;
    return -1;
}

hf_err hf_ways_find(hf_ways *ways, const double *beta, const double **ret_phi, const double **ret_days)
{
    hf_err err = HF_OK;
    const hf_corridors *corridors = ways->c->gates->corridors;
    size_t gates = (size_t)corridors->n_gates, lanes = (size_t)corridors->n_lanes;
    int at = state_known(ways, beta);
    if (at < 0) {
        HF_TRY(hf_grow((void **)&ways->state, &ways->capacity, (size_t)ways->n_states + 1, sizeof *ways->state));
        double *block = hf_calloc(gates + 2 * lanes + 1, sizeof *block);
        if (!block) HF_TRY(HF_E_NOMEM);
        ways->state[ways->n_states++] = (hf_ways_state){block, block + gates, block + gates + lanes};
        memcpy(block, beta, gates * sizeof *beta);
        at = ways->n_states - 1;
        HF_TRY(state_work_out(ways, beta, &ways->state[at]));
    }
    ways->last = at;
    *ret_phi = ways->state[at].phi;
    *ret_days = ways->state[at].days;
out:
    return err;
}

/* ---- shocks ---- */

static bool any_above_zero(const double *values, int n)
{
    for (int k = 0; k < n; k++)
        if (values[k] > 0) return true;
    return false;
}

static hf_err shock_add(hf_adaptive_shock **shocks, size_t *capacity, int *n, hf_adaptive_shock shock)
{
    hf_err err = hf_grow((void **)shocks, capacity, (size_t)*n + 1, sizeof **shocks);
    if (err == HF_OK) (*shocks)[(*n)++] = shock;
    return err;
}

static hf_err lane_shocks(const hf_coupling *c, int lane, const double *phi, const double *late, bool all, hf_adaptive_shock **shocks, size_t *capacity, int *n)
{
    hf_err err = HF_OK;
    const hf_lane *at = &c->gates->corridors->lane[lane];
    double longest = hf_lane_longest(c->gates->corridors, lane);
    bool held = all || any_above_zero(phi, c->days), slow = longest > 0 && c->gates->detour && (all || any_above_zero(late, c->days));
    for (int i = 0; i < c->n_sectors; i++) {
        if (c->gates->sector_goods[i] != at->goods) continue;
        hf_adaptive_shock shock = {.kind = HF_SHOCK_TRADE, .region = at->origin, .sector = i, .partner = at->destination, .size = 1,
                                   .curve = HF_CURVE_GIVEN, .given = phi, .n_given = c->days};
        if (held) HF_TRY(shock_add(shocks, capacity, n, shock));
        shock.kind = HF_SHOCK_DELAY, shock.size = longest, shock.given = late;
        if (slow) HF_TRY(shock_add(shocks, capacity, n, shock));
    }
out:
    return err;
}

hf_err hf_ways_shocks(const hf_coupling *c, const hf_coupling_part *part, const double *phi, const double *late, bool all, hf_adaptive_shock **shocks,
                      size_t *capacity, int *n)
{
    hf_err err = HF_OK;
    size_t days = (size_t)c->days;
    for (int l = 0; c->gates && c->gates->corridors && l < c->gates->corridors->n_lanes; l++)
        HF_TRY(lane_shocks(c, l, phi + (size_t)l * days, late + (size_t)l * days, all, shocks, capacity, n));
    for (int k = 0; c->gates && part->given && k < c->gates->n_limits; k++) {
        const hf_coupling_limit *limit = &c->gates->limits[k];
        HF_TRY(shock_add(shocks, capacity, n,
                         (hf_adaptive_shock){.kind = HF_SHOCK_TRADE, .region = limit->from, .sector = limit->sector, .partner = limit->to, .size = 1,
                                             .curve = HF_CURVE_GIVEN, .given = limit->lost, .n_given = c->days}));
    }
out:
    return err;
}
