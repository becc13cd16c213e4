/* Routes are sorted into lanes once; everything after that is a walk over lanes. */
#include "model/economy/corridors.h"

#include <math.h>
#include <string.h>

#include "base/alloc.h"

void hf_corridors_free(hf_corridors *c)
{
    if (!c) return;
    void *blocks[] = {c->gate, c->route, c->given, c->lane, c->lane_at, c->gate_pool};
    for (size_t k = 0; k < sizeof blocks / sizeof *blocks; k++) hf_free(blocks[k]);
    hf_free(c);
}

/* ---- checks ---- */

static void complain(hf_diag *diag, hf_err *first, hf_err code, const char *what, int number, const char *found, double value, const char *allowed)
{
    hf_diag_add(diag, HF_ERROR, code, NULL, 0, 0, "%s %d: %s is %g: %s", what, number + 1, found, value, allowed);
    if (*first == HF_OK) *first = code;
}

static void gates_check(const hf_gate *gate, int n, hf_diag *diag, hf_err *first)
{
    for (int k = 0; k < n; k++) {
        if (!(gate[k].capacity >= 0)) complain(diag, first, HF_E_RANGE, "gate", k, "capacity", gate[k].capacity, "it must be 0 or more");
        if (gate[k].entity < -1) complain(diag, first, HF_E_RANGE, "gate", k, "entity", gate[k].entity, "it must be 0 or more, or -1 for none");
    }
}

static void route_check(const hf_corridors *c, const hf_route *r, int number, hf_diag *diag, hf_err *first)
{
    const struct {
        const char *name;
        int value, n;
    } indices[] = {{"origin", r->origin, c->n_regions}, {"destination", r->destination, c->n_regions}, {"class of goods", r->goods, c->n_goods}};
    const struct {
        const char *name;
        double value;
        bool endless;
    } numbers[] = {{"share", r->share, false}, {"capacity", r->capacity, true}, {"cost", r->cost, false}, {"days", r->days, false}};
    for (int k = 0; k < 3; k++)
        if (indices[k].value < 0 || indices[k].value >= indices[k].n)
            complain(diag, first, HF_E_RANGE, "route", number, indices[k].name, indices[k].value, "there is none of this number");
    for (int k = 0; k < 4; k++)
        if (!(numbers[k].value >= 0) || (isinf(numbers[k].value) && !numbers[k].endless))
            complain(diag, first, HF_E_RANGE, "route", number, numbers[k].name, numbers[k].value, "it must be 0 or more");
    for (int k = 0; k < r->n_gates; k++) {
        if (r->gate[k] < 0 || r->gate[k] >= c->n_gates)
            complain(diag, first, HF_E_RANGE, "route", number, "a gate", r->gate[k], "there is none of this number");
        for (int h = 0; h < k; h++)
            if (r->gate[h] == r->gate[k]) complain(diag, first, HF_E_DUPLICATE, "route", number, "a gate", r->gate[k], "it is there twice");
    }
}

/* ---- lanes ---- */

static size_t cell_of(const hf_corridors *c, const hf_route *r)
{
    return ((size_t)r->origin * (size_t)c->n_regions + (size_t)r->destination) * (size_t)c->n_goods + (size_t)r->goods;
}

/* Counts routes by cell into lane_at, numbers the lanes, and gives each its place. */
static hf_err lanes_make(hf_corridors *c, const hf_route *route)
{
    size_t cells = (size_t)c->n_regions * (size_t)c->n_regions * (size_t)c->n_goods;
    for (int p = 0; p < c->n_routes; p++) c->n_lanes += c->lane_at[cell_of(c, &route[p])]++ == 0;
    c->lane = hf_calloc((size_t)c->n_lanes, sizeof *c->lane);
    if (!c->lane) return HF_E_NOMEM;
    int next = 0, first = 0;
    for (size_t cell = 0; cell < cells; cell++) {
        int count = c->lane_at[cell];
        c->lane_at[cell] = count > 0 ? next : -1;
        if (count == 0) continue;
        size_t pair = cell / (size_t)c->n_goods;
        c->lane[next++] = (hf_lane){(int)(pair / (size_t)c->n_regions), (int)(pair % (size_t)c->n_regions), (int)(cell % (size_t)c->n_goods), first, 0, 0};
        first += count;
    }
    return HF_OK;
}

static void routes_place(hf_corridors *c, const hf_route *route)
{
    int *pool = c->gate_pool;
    for (int p = 0; p < c->n_routes; p++) {
        hf_lane *lane = &c->lane[c->lane_at[cell_of(c, &route[p])]];
        int at = lane->first + lane->n_routes++;
        c->route[at] = route[p];
        c->given[at] = p;
        lane->share += route[p].share;
        if (route[p].n_gates > 0) memcpy(pool, route[p].gate, (size_t)route[p].n_gates * sizeof *pool);
        c->route[at].gate = pool;
        pool += route[p].n_gates;
    }
}

static hf_err shares_check(hf_corridors *c, hf_diag *diag)
{
    hf_err err = HF_OK;
    for (int l = 0; l < c->n_lanes; l++) {
        hf_lane *lane = &c->lane[l];
        if (lane->share > 1 + 1e-9) {
            hf_diag_add(diag, HF_ERROR, HF_E_DATA, NULL, 0, 0, "shares of the routes from region %d to %d for goods %d add up to %.10g: at most 1",
                        lane->origin + 1, lane->destination + 1, lane->goods + 1, lane->share);
            err = HF_E_DATA;
        }
        lane->share = fmin(1, lane->share);
    }
    return err;
}

static hf_err fill(hf_corridors *c, const hf_gate *gate, const hf_route *route, hf_diag *diag)
{
    hf_err err = HF_OK;
    size_t pool = 0, cells = (size_t)c->n_regions * (size_t)c->n_regions * (size_t)c->n_goods;
    gates_check(gate, c->n_gates, diag, &err);
    for (int p = 0; p < c->n_routes; p++) {
        route_check(c, &route[p], p, diag, &err);
        pool += (size_t)route[p].n_gates;
    }
    if (err != HF_OK) return err;
    c->gate = hf_calloc((size_t)c->n_gates, sizeof *c->gate);
    c->route = hf_calloc((size_t)c->n_routes, sizeof *c->route);
    c->given = hf_calloc((size_t)c->n_routes, sizeof *c->given);
    c->lane_at = hf_calloc(cells, sizeof *c->lane_at);
    c->gate_pool = hf_calloc(pool, sizeof *c->gate_pool);
    if (!c->gate || !c->route || !c->given || !c->lane_at || !c->gate_pool) return HF_E_NOMEM;
    if (c->n_gates > 0) memcpy(c->gate, gate, (size_t)c->n_gates * sizeof *gate);
    HF_TRY(lanes_make(c, route));
    routes_place(c, route);
    HF_TRY(shares_check(c, diag));
out:
    return err;
}

hf_err hf_corridors_new(int n_regions, int n_goods, int n_gates, const hf_gate *gate, int n_routes, const hf_route *route, hf_diag *diag,
                        hf_corridors **ret_corridors)
{
    if (n_regions < 1 || n_goods < 1 || n_gates < 0 || n_routes < 0) return HF_E_RANGE;
    if ((double)n_regions * n_regions * n_goods > HF_CORRIDORS_MAX_CELLS) return HF_E_TOO_LARGE;
    hf_corridors *c = hf_calloc(1, sizeof *c);
    if (!c) return HF_E_NOMEM;
    c->n_regions = n_regions;
    c->n_goods = n_goods;
    c->n_gates = n_gates;
    c->n_routes = n_routes;
    hf_err err = fill(c, gate, route, diag);
    if (err == HF_OK) *ret_corridors = c;
    else hf_corridors_free(c);
    return err;
}

/* ---- lost shares ---- */

void hf_corridors_availability(const hf_corridors *c, const double *functionality, double *ret_beta)
{
    for (int k = 0; k < c->n_gates; k++) ret_beta[k] = c->gate[k].entity < 0 ? 1 : functionality[c->gate[k].entity];
}

double hf_corridors_open(const hf_corridors *c, int route, const double *beta)
{
    double open = 1;
    for (int k = 0; k < c->route[route].n_gates; k++) open = fmin(open, beta[c->route[route].gate[k]]);
    return open;
}

void hf_corridors_lost(const hf_corridors *c, const double *beta, double *ret_phi)
{
    for (int l = 0; l < c->n_lanes; l++) {
        const hf_lane *lane = &c->lane[l];
        double lost = 0;
        for (int p = lane->first; p < lane->first + lane->n_routes; p++) lost += c->route[p].share * (1 - hf_corridors_open(c, p, beta));
        ret_phi[l] = fmin(1, lost);
    }
}
