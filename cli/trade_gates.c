#include "cli/trade_gates.h"

#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "cli/suggest.h"
#include "model/trade_steps.h"

void hf_trade_gates_done(hf_trade_gates *g)
{
    hf_corridors_free(g->corridors);
    hf_rerouting_done(&g->rerouted);
    void *all[] = {g->sector_goods, g->flow, g->given, g->limits, g->lost};
    for (size_t k = 0; k < sizeof all / sizeof *all; k++) hf_free(all[k]);
    *g = (hf_trade_gates){0};
}

/* ---- corridors: classes of goods and their routes ---- */

/* Goods and services have a class each; a sector with routes of its own anywhere has one for itself. */
enum { GOODS, SERVICES, OWN };

static bool is_digital(const hf_trade *t, int corridor)
{
    const hf_network *net = t->cli->net;
    int entity = t->economy->corridor[corridor].entity;
    return entity >= 0 && strcmp(net->sectors.name[net->sector[entity]], "digital") == 0;
}

/* Sorts sectors into classes; returns how many classes there are. */
static int classes_fill(const hf_trade *t, hf_trade_gates *g)
{
    int classes = OWN;
    for (int i = 0; i < t->table->n_sectors; i++) {
        bool own = false;
        for (int k = 0; k < t->economy->n_routes; k++) own |= t->economy->route[k].sector == i;
        g->sector_goods[i] = own ? classes++ : hf_economy_is_goods(t->economy, i) ? GOODS : SERVICES;
    }
    return classes;
}

typedef struct routes {
    hf_route *route;
    int n, *pool, n_pool;
    size_t route_capacity, pool_capacity;
} routes;

/* A route as a class of goods sees it. Rows for all sectors stop goods at gates that are not digital and services at those that are; a row for one
 * sector says itself what stops it. Gate numbers go to the pool, `gate` is set when it no longer moves. */
static hf_err route_add(const hf_trade *t, const hf_trade_route *r, int class, bool goods, routes *to)
{
    hf_err err = HF_OK;
    hf_route route = {r->origin, r->destination, class, r->share, INFINITY, r->extra_cost, r->extra_days, NULL, 0};
    HF_TRY(hf_grow((void **)&to->pool, &to->pool_capacity, (size_t)(to->n_pool + r->n_gates) + 1, sizeof *to->pool));
    HF_TRY(hf_grow((void **)&to->route, &to->route_capacity, (size_t)to->n + 1, sizeof *to->route));
    for (int k = 0; k < r->n_gates; k++) {
        int gate = t->economy->gate[r->gate_first + k];
        if (r->sector < 0 && is_digital(t, gate) == goods) continue;
        to->pool[to->n_pool + route.n_gates++] = gate;
    }
    to->n_pool += route.n_gates;
    to->route[to->n++] = route;
out:
    return err;
}

/* The routes of a flow from one region to another in a class; left out when they pass no gate. */
static hf_err flow_routes(const hf_trade *t, int origin, int destination, int class, int sector, routes *to)
{
    hf_err err = HF_OK;
    int n = 0, before = to->n, pool = to->n_pool;
    bool goods = class == GOODS || (class >= OWN && hf_economy_is_goods(t->economy, sector));
    const hf_trade_route *r = hf_economy_routes(t->economy, origin, destination, sector, &n);
    for (int k = 0; k < n; k++) HF_TRY(route_add(t, &r[k], class, goods, to));
    if (to->n_pool == pool) to->n = before;
out:
    return err;
}

static hf_err routes_list(const hf_trade *t, const hf_trade_gates *g, int classes, routes *to)
{
    hf_err err = HF_OK;
    int R = t->table->n_regions;
    for (int pair = 0; pair < R * R; pair++)
        for (int class = 0; class < classes; class++) {
            int sector = -1;
            for (int i = 0; class >= OWN && i < t->table->n_sectors; i++)
                if (g->sector_goods[i] == class) sector = i;
            HF_TRY(flow_routes(t, pair / R, pair % R, class, sector, to));
        }
    for (int p = 0, at = 0; p < to->n; at += to->route[p++].n_gates) to->route[p].gate = to->pool + at;
out:
    return err;
}

hf_err hf_trade_gates_init(const hf_trade *t, hf_trade_gates *g)
{
    hf_err err = HF_OK;
    const hf_economy *e = t->economy;
    routes list = {0};
    hf_gate *gates = hf_calloc((size_t)e->n_corridors + 1, sizeof *gates);
    *g = (hf_trade_gates){.diag = t->cli->diag};
    g->sector_goods = hf_malloc((size_t)t->table->n_sectors * sizeof *g->sector_goods);
    if (!gates || !g->sector_goods) HF_TRY(HF_E_NOMEM);
    int classes = classes_fill(t, g);
    for (int k = 0; k < e->n_corridors; k++) gates[k] = (hf_gate){e->corridor[k].entity, e->corridor[k].capacity};
    HF_TRY(routes_list(t, g, classes, &list));
    if (list.n == 0) goto out;
    HF_TRY(hf_corridors_new(t->table->n_regions, classes, e->n_corridors, gates, list.n, list.route, t->cli->diag, &g->corridors));
    g->flow = hf_malloc((size_t)g->corridors->n_lanes * sizeof *g->flow);
    if (!g->flow) HF_TRY(HF_E_NOMEM);
    HF_TRY(hf_corridors_flows(g->corridors, t->table, g->sector_goods, g->flow));
out:
    hf_free(gates);
    hf_free(list.route);
    hf_free(list.pool);
    return err;
}

const char *hf_trade_lane_goods(const hf_trade *t, const hf_trade_gates *g, int lane)
{
    int class = g->corridors->lane[lane].goods;
    for (int i = 0; class >= OWN && i < t->table->n_sectors; i++)
        if (g->sector_goods[i] == class) return t->table->sector[i];
    return class == SERVICES ? "services" : "goods";
}

/* ---- other ways ---- */

/* Shares below this are noise of the solver. */
static const double NO_SHARE = 1e-9;

static double flows_sum(const hf_trade_gates *g)
{
    double sum = 0;
    for (int l = 0; l < g->corridors->n_lanes; l++) sum += g->flow[l];
    return sum;
}

hf_err hf_trade_gates_reroute(hf_trade_gates *g, const double *beta)
{
    hf_rerouting_input input = {.corridors = g->corridors, .flow = g->flow, .beta = beta, .stay = true};
    hf_err err = hf_rerouting_solve(&input, g->diag, &g->rerouted);
    for (int l = 0; err == HF_OK && l < g->corridors->n_lanes; l++)
        if (g->rerouted.phi[l] < NO_SHARE) g->rerouted.phi[l] = 0;
    if (err == HF_OK && g->rerouted.lost < NO_SHARE * flows_sum(g)) g->rerouted.lost = 0;
    return err;
}

static hf_err detour(void *context, const double *beta, double *ret_phi, double *ret_days)
{
    hf_trade_gates *g = context;
    hf_err err = hf_trade_gates_reroute(g, beta);
    if (err != HF_OK) return err;
    memcpy(ret_phi, g->rerouted.phi, (size_t)g->corridors->n_lanes * sizeof *ret_phi);
    memcpy(ret_days, g->rerouted.days, (size_t)g->corridors->n_lanes * sizeof *ret_days);
    return HF_OK;
}

/* ---- what is shut ---- */

/* "horgos", "horgos=0.3" */
static hf_err gate_read(const hf_trade *t, const char *text, int *ret_gate, double *ret_open)
{
    const char *equals = strrchr(text, '=');
    size_t length = equals ? (size_t)(equals - text) : strlen(text);
    hf_nearest nearest;
    *ret_gate = -1;
    *ret_open = 0;
    if (equals && (!hf_number_parse(equals + 1, strlen(equals + 1), ret_open) || *ret_open < 0 || *ret_open > 1))
        return hf_cli_usage(t->cli, "--gate %s: after = comes how far it stays open, a number from 0 to 1", text);
    hf_nearest_start(&nearest, text, length);
    for (int k = 0; k < t->economy->n_corridors; k++) {
        const char *name = t->economy->corridor[k].name;
        if (strlen(name) == length && strncmp(name, text, length) == 0) *ret_gate = k;
        hf_nearest_offer(&nearest, name);
    }
    if (*ret_gate >= 0) return HF_OK;
    if (nearest.best) return hf_cli_usage(t->cli, "--gate: there is no corridor \"%.*s\"; did you mean %s?", (int)length, text, nearest.best);
    return hf_cli_usage(t->cli, "--gate: there is no corridor \"%.*s\" in the table corridors", (int)length, text);
}

static bool is_passed(const hf_corridors *c, int gate)
{
    for (int p = 0; c && p < c->n_routes; p++)
        for (int k = 0; k < c->route[p].n_gates; k++)
            if (c->route[p].gate[k] == gate) return true;
    return false;
}

/* A gate shuts on day 1, as a shock, holds for --duration and opens again over --recovery. */
static hf_err gates_given(const hf_trade *t, hf_trade_gates *g, int days)
{
    hf_err err = HF_OK;
    const hf_args *args = &t->cli->args;
    double duration = hf_args_number(args, "duration", 30), recovery = hf_args_number(args, "recovery", 60);
    for (int k = 0; k < args->n_given; k++) {
        int gate;
        double open;
        if (strcmp(args->given[k].option->name, "gate") != 0) continue;
        HF_TRY(gate_read(t, args->given[k].text, &gate, &open));
        if (!is_passed(g->corridors, gate))
            hf_cli_message(t->cli, "warning: no route passes %s, so that nothing changes when it is shut (table routes)", t->economy->corridor[gate].name);
        for (int day = 1; day < days && day - 1 < duration + recovery; day++) {
            double gone = day - 1 < duration ? 0 : (day - 1 - duration) / recovery, *now = &g->given[(size_t)gate * (size_t)days + (size_t)day];
            *now = fmin(*now, 1 - (1 - open) * (1 - gone));
        }
        g->any_given = true;
    }
out:
    return err;
}

static hf_err steps_apply(hf_trade_gates *g, const hf_trade_step *steps, int n, int days)
{
    int n_limits = hf_trade_steps_limits(steps, n, days, NULL, NULL);
    hf_trade_steps_gates(steps, n, days, g->given);
    g->limits = hf_calloc((size_t)n_limits, sizeof *g->limits);
    g->lost = hf_calloc((size_t)n_limits * (size_t)days, sizeof *g->lost);
    if (!g->limits || !g->lost) return HF_E_NOMEM;
    g->coupling.n_limits = hf_trade_steps_limits(steps, n, days, g->limits, g->lost);
    g->any_given |= n > 0;
    return HF_OK;
}

static hf_err scenario_apply(const hf_trade *t, hf_trade_gates *g, const hf_scenario *scenario, int days)
{
    hf_err err = HF_OK;
    hf_trade_step *steps = NULL;
    int n = 0;
    size_t first = hf_diag_kept(t->cli->diag);
    err = hf_economy_steps(t->economy, scenario, t->cli->diag, &steps, &n);
    if (err == HF_E_DATA) {
        hf_cli_findings(t->cli, first, HF_WARNING);
        t->cli->told = true;
    }
    HF_TRY(err);
    HF_TRY(steps_apply(g, steps, n, days));
out:
    hf_free(steps);
    return err;
}

hf_err hf_trade_gates_shut(const hf_trade *t, hf_trade_gates *g, const hf_scenario *scenario, int days)
{
    hf_err err = HF_OK;
    size_t n = (size_t)t->economy->n_corridors * (size_t)days;
    g->given = hf_malloc((n + 1) * sizeof *g->given);
    if (!g->given) return HF_E_NOMEM;
    for (size_t k = 0; k < n; k++) g->given[k] = 1;
    HF_TRY(gates_given(t, g, days));
    if (scenario) HF_TRY(scenario_apply(t, g, scenario, days));
    g->detours = strcmp(hf_args_text(&t->cli->args, "reroute"), "yes") == 0;
    g->coupling.corridors = g->corridors;
    g->coupling.sector_goods = g->sector_goods;
    g->coupling.given = g->given;
    g->coupling.limits = g->limits;
    g->coupling.detour = g->detours && g->corridors ? detour : NULL;
    g->coupling.context = g;
out:
    return err;
}
