/* Lines below the states of a scene at a point y, and the cut that they add up to. Most measures are 0 at y, so what a line is worth there is known
 * from a few of them: only lines that are better than what is there are written down whole. */
#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "solver/portfolio/part.h"
#include "solver/portfolio/reach.h"

enum { MOST_ROUNDS = 100000, FEW_ROUNDS = 60 }; /* round a loop, at whole and at other points */
static const double BETTER = 1e-12;

hf_err hf_part_lines_init(const hf_scenes *scenes, hf_part_lines *x)
{
    size_t nodes = (size_t)scenes->max_nodes + 1, measures = (size_t)scenes->max_measures + 1, members = 1;
    for (int s = 0; s < scenes->n; s++) {
        const hf_part *p = scenes->scene[s].part;
        for (int r = 0; r < p->n_rows; r++)
            if ((size_t)(p->member_start[r + 1] - p->member_start[r]) > members) members = (size_t)(p->member_start[r + 1] - p->member_start[r]);
    }
    *x = (hf_part_lines){.stride = measures};
    x->constant = hf_malloc(nodes * sizeof(double));
    x->at = hf_malloc(nodes * sizeof(double));
    x->support = hf_malloc(nodes * sizeof(int));
    x->slope = hf_malloc(nodes * measures * sizeof(double));
    x->trial = hf_malloc(measures * sizeof(double));
    x->set = hf_malloc(measures * sizeof(double));
    x->y = hf_malloc(measures * sizeof(double));
    x->positive = hf_malloc(measures * sizeof(int));
    x->taken = hf_malloc(members * sizeof(bool));
    x->price = hf_malloc(members * sizeof(double));
    bool ok = x->constant && x->at && x->support && x->slope && x->trial && x->set && x->y && x->positive && x->taken && x->price;
    if (ok && hf_part_graph_init(scenes->problem, 0, &x->graph) == HF_OK) return HF_OK;
    hf_part_lines_done(x);
    return HF_E_NOMEM;
}

void hf_part_lines_done(hf_part_lines *x)
{
    void *blocks[] = {x->constant, x->at, x->support, x->slope, x->trial, x->set, x->y, x->positive, x->taken, x->price};
    for (size_t k = 0; k < sizeof blocks / sizeof *blocks; k++) hf_free(blocks[k]);
    hf_part_graph_done(&x->graph);
    *x = (hf_part_lines){0};
}

static double *slope_of(const hf_part_lines *x, int v)
{
    return x->slope + (size_t)v * x->stride;
}

static void trial_clear(const hf_scene *sc, hf_part_lines *x)
{
    memset(x->trial, 0, (size_t)sc->n_measures * sizeof(double));
}

/* By how much the line constant - trial is above that of node v at y; trial need be right only where y is above 0. */
static double rise_of(const hf_part_lines *x, int v, double constant)
{
    double at = constant;
    if (!(constant > 0)) return 0;
    for (int k = 0; k < x->n_positive; k++) {
        int m = x->positive[k];
        at -= (x->trial[m] > constant ? constant : x->trial[m]) * x->y[m];
    }
    return at - x->at[v] > BETTER ? at - x->at[v] : 0;
}

/* The line is node v's from now on; no slope need exceed its constant. */
static void take(const hf_scene *sc, hf_part_lines *x, int v, double constant, double rise)
{
    double *restrict slope = slope_of(x, v);
    const double *restrict trial = x->trial;
    int support = 0;
    for (int m = 0; m < sc->n_measures; m++) slope[m] = trial[m] > constant ? constant : trial[m];
    for (int m = 0; m < sc->n_measures; m++) support += slope[m] > 0;
    x->constant[v] = constant;
    x->at[v] += rise;
    x->support[v] = support;
}

/* Damage: for the set T of measures that are taken as bought, d left(T) less what each further one would still take off it. No plan is below:
 * those with T and more lose most by the first of the others, and a plan without all of T has more damage still. */
static void damage_line(const hf_scene *sc, hf_part_lines *x, int v, bool as_bought)
{
    const hf_part *p = sc->part;
    double damage = p->severity[v];
    if (!(damage > 0)) return;
    for (int k = p->damage_start[v]; k < p->damage_start[v + 1]; k++)
        if (as_bought && p->left[k] > 0 && x->y[p->damage_measure[k]] >= 0.5) damage *= p->left[k];
    trial_clear(sc, x);
    for (int k = p->damage_start[v]; k < p->damage_start[v + 1]; k++)
        if (!(as_bought && p->left[k] > 0 && x->y[p->damage_measure[k]] >= 0.5)) x->trial[p->damage_measure[k]] = damage * (1 - p->left[k]);
    double rise = rise_of(x, v, damage);
    if (rise > 0) take(sc, x, v, damage, rise);
}

/* constant + sum of scale x share x the members' lines, where these are above 0, less `full` for each measure that relaxes the row. */
static double sum_line(const hf_scene *sc, hf_part_lines *x, int r, double constant, double scale, double full)
{
    const hf_part *p = sc->part;
    for (int k = 0; k < x->n_positive; k++) x->trial[x->positive[k]] = 0;
    for (int k = p->member_start[r]; k < p->member_start[r + 1]; k++) {
        int j = p->member[k];
        double times = scale * p->share[k];
        if (!(x->at[j] > 0)) continue;
        constant += times * x->constant[j];
        for (int q = 0; q < x->n_positive; q++) x->trial[x->positive[q]] += times * slope_of(x, j)[x->positive[q]];
    }
    for (int k = p->relax_start[r]; k < p->relax_start[r + 1]; k++)
        if (x->y[p->relax[k]] > 0) x->trial[p->relax[k]] += full;
    double rise = rise_of(x, p->owner[r], constant);
    if (!(rise > 0)) return 0;
    trial_clear(sc, x);
    for (int k = p->member_start[r]; k < p->member_start[r + 1]; k++) {
        double times = scale * p->share[k], *restrict trial = x->trial;
        if (!(x->at[p->member[k]] > 0)) continue;
        const double *restrict slope = slope_of(x, p->member[k]);
        for (int m = 0; m < sc->n_measures; m++) trial[m] += times * slope[m];
    }
    for (int k = p->relax_start[r]; k < p->relax_start[r + 1]; k++) x->trial[p->relax[k]] += full;
    take(sc, x, p->owner[r], constant, rise);
    return rise;
}

/* --- Claims --- */

/* A measure that the point as good as buys, and that leaves something, counts as bought. */
static bool is_left_out(const hf_part_lines *x, const double *slope, double constant, int m)
{
    return x->y[m] >= 0.5 && slope[m] < constant;
}

/* A line as a claim: where the measures of its set are not bought, the node has lost at least *ret_loss. Returns what the measures cost that are
 * not in x->set yet, and a little for each measure of the claim, so that small ones are preferred. */
static double claim_price(const hf_part_lines *x, int j, double *ret_loss)
{
    const double *slope = slope_of(x, j);
    double loss = x->constant[j], price = 1e-5 * x->support[j];
    for (int k = 0; k < x->n_positive; k++) {
        int m = x->positive[k];
        if (!(slope[m] > 0)) continue;
        if (is_left_out(x, slope, x->constant[j], m)) loss -= slope[m];
        else if (!(x->set[m] > 0)) price += x->y[m];
    }
    *ret_loss = loss;
    return price;
}

/* Adds a claim's measures to x->set: those where y is above 0, or all. */
static void claim_join(const hf_scene *sc, hf_part_lines *x, int j, bool all)
{
    const double *slope = slope_of(x, j);
    for (int k = 0; k < (all ? sc->n_measures : x->n_positive); k++) {
        int m = all ? k : x->positive[k];
        if (slope[m] > 0 && !is_left_out(x, slope, x->constant[j], m)) x->set[m] = 1;
    }
}

/* What the measures of x->set cost. */
static double set_cost(const hf_part_lines *x)
{
    double cost = 0;
    for (int k = 0; k < x->n_positive; k++) cost += x->set[x->positive[k]] * x->y[x->positive[k]];
    return cost;
}

/* Marks members of a threshold row whose losses together defeat it, cheapest by what they add first; false when there are none for less than 1. */
static bool members_choose(const hf_scene *sc, hf_part_lines *x, int r)
{
    const hf_part *p = sc->part;
    int from = p->member_start[r], to = p->member_start[r + 1];
    double short_of = p->constant[r], lost = 0;
    memset(x->taken, 0, (size_t)(to - from) * sizeof(bool));
    while (!(lost > short_of)) {
        int best = -1;
        double least = INFINITY, best_loss = 0;
        for (int k = from; k < to; k++) {
            double loss;
            if (x->taken[k - from] || !(x->at[p->member[k]] > 0)) continue;
            double price = claim_price(x, p->member[k], &loss);
            double adds = fmin(p->share[k] * loss, short_of - lost + 1e-6);
            if (!(loss > 1e-12) || price / adds >= least) continue;
            best = k, least = price / adds, best_loss = loss;
        }
        if (best < 0) return false;
        x->taken[best - from] = true;
        claim_join(sc, x, p->member[best], false);
        lost += p->share[best] * best_loss;
        if (set_cost(x) >= 1) return false;
    }
    return true;
}

/* A threshold row by claims. */
static double claim_line(const hf_scene *sc, hf_part_lines *x, int r)
{
    const hf_part *p = sc->part;
    double w = p->full[r];
    for (int k = 0; k < x->n_positive; k++) x->set[x->positive[k]] = 0;
    for (int k = p->relax_start[r]; k < p->relax_start[r + 1]; k++) x->set[p->relax[k]] = 1;
    if (!members_choose(sc, x, r)) return 0;
    double rise = w * (1 - set_cost(x)) - x->at[p->owner[r]];
    if (!(rise > BETTER)) return 0;
    memset(x->set, 0, (size_t)sc->n_measures * sizeof(double));
    for (int k = p->relax_start[r]; k < p->relax_start[r + 1]; k++) x->set[p->relax[k]] = 1;
    for (int k = p->member_start[r]; k < p->member_start[r + 1]; k++)
        if (x->taken[k - p->member_start[r]]) claim_join(sc, x, p->member[k], true);
    for (int m = 0; m < sc->n_measures; m++) x->trial[m] = w * x->set[m];
    take(sc, x, p->owner[r], w, rise);
    return rise;
}

/* Below the step: lost when supply s is short of t, and 1 - s / t is never above that. */
static double slack_line(const hf_scene *sc, hf_part_lines *x, int r)
{
    const hf_part *p = sc->part;
    double w = p->full[r], t = p->threshold[r];
    return sum_line(sc, x, r, -w * p->constant[r] / t, w / t, w);
}

/* --- Carriers --- */

/* What it costs to keep each member of a carrier's row wholly lost. */
static void carrier_prices(const hf_scene *sc, hf_part_lines *x, int r)
{
    const hf_part *p = sc->part;
    const int *member = p->member + p->member_start[r];
    int n = p->member_start[r + 1] - p->member_start[r], n_vertices = hf_part_carrier(p, r)->n_vertices;
    memset(x->set, 0, (size_t)sc->n_measures * sizeof(double));
    for (int k = 0; k < n; k++) {
        double loss = 0;
        x->price[k] = INFINITY;
        if (k >= n_vertices && k < 2 * n_vertices) continue; /* a service */
        if (member[k] >= 0 && x->at[member[k]] > 0) {
            double price = claim_price(x, member[k], &loss);
            if (loss >= HF_REACH_GONE) x->price[k] = price;
        } else if (member[k] == HF_PART_NEVER) {
            x->price[k] = 0;
        } else if (member[k] <= HF_PART_ADDED) {
            x->price[k] = x->y[p->relax[p->relax_start[r] + HF_PART_ADDED - member[k]]];
        }
    }
}

static void carrier_join(const hf_scene *sc, hf_part_lines *x, int r, int k)
{
    const hf_part *p = sc->part;
    int member = p->member[p->member_start[r] + k];
    if (member >= 0) claim_join(sc, x, member, true);
    else if (member <= HF_PART_ADDED) x->set[p->relax[p->relax_start[r] + HF_PART_ADDED - member]] = 1;
}

/* The measures of all that bounds the marked region: into x->set. */
static void boundary_join(const hf_scene *sc, hf_part_lines *x, int r, const hf_reach *reach, const bool *region)
{
    memset(x->set, 0, (size_t)sc->n_measures * sizeof(double));
    for (int l = 0; l < reach->n_lines; l++) {
        int from = reach->from[l], to = reach->to[l];
        for (int way = 0; way < (reach->directed ? 1 : 2); way++) {
            int inside = way ? from : to, outside = way ? to : from;
            if (!region[inside] || region[outside]) continue;
            if (x->graph.line_out[l]) carrier_join(sc, x, r, 2 * reach->n_vertices + l);
            else carrier_join(sc, x, r, outside);
        }
    }
}

/* Services that are cut off when all members whose price is at most `most` are lost: each island (with directions: each vertex) by what bounds it. */
static double carrier_lines_at(const hf_scene *sc, hf_part_lines *x, int r, double most)
{
    const hf_part *p = sc->part;
    const hf_reach *reach = hf_part_carrier(p, r);
    hf_part_graph *graph = &x->graph;
    const int *service = p->member + p->member_start[r] + reach->n_vertices;
    hf_reach_states states = {graph->vertex_out, graph->line_out};
    double rise = 0;
    for (int v = 0; v < reach->n_vertices; v++) graph->vertex_out[v] = x->price[v] <= most;
    for (int l = 0; l < reach->n_lines; l++) graph->line_out[l] = x->price[2 * reach->n_vertices + l] <= most;
    hf_reach_served(reach, &states, graph->stack, graph->marked);
    for (int v = 0; v < reach->n_vertices; v++) {
        if (service[v] < 0 || graph->marked[v] || graph->vertex_out[v]) continue;
        memset(graph->region, 0, (size_t)reach->n_vertices * sizeof(bool));
        graph->region[v] = true;
        graph->stack[0] = v;
        int n = hf_reach_spread(reach, &states, true, graph->stack, 1, graph->region);
        boundary_join(sc, x, r, reach, graph->region);
        double cost = set_cost(x);
        for (int k = 0; k < (reach->directed ? 1 : n); k++) {
            int u = graph->stack[k];
            graph->marked[u] = true;
            if (service[u] < 0 || cost >= 1) continue;
            double rises = 1 - cost - x->at[service[u]];
            if (!(rises > BETTER)) continue;
            memcpy(x->trial, x->set, (size_t)sc->n_measures * sizeof(double));
            take(sc, x, service[u], 1, rises);
            rise = fmax(rise, rises);
        }
    }
    return rise;
}

static double carrier_line(const hf_scene *sc, hf_part_lines *x, int r)
{
    static const double most[] = {0.05, 0.2, 0.4, 0.6, 0.999};
    double rise = 0;
    carrier_prices(sc, x, r);
    for (size_t k = 0; k < sizeof most / sizeof *most; k++) rise = fmax(rise, carrier_lines_at(sc, x, r, most[k]));
    return rise;
}

static double row_line(const hf_scene *sc, hf_part_lines *x, int r)
{
    const hf_part *p = sc->part;
    if (p->kind[r] == HF_PART_CARRIER) return carrier_line(sc, x, r);
    if (p->kind[r] == HF_PART_LINEAR) return sum_line(sc, x, r, p->constant[r], 1, p->full[r]);
    return fmax(claim_line(sc, x, r), slack_line(sc, x, r));
}

/* Lines of all nodes at y. */
static void lines_make(const hf_scene *sc, const double *y, hf_part_lines *x)
{
    const hf_part *p = sc->part;
    bool whole = true;
    x->n_positive = 0;
    for (int m = 0; m < sc->n_measures; m++) {
        x->y[m] = y[sc->measure[m]];
        if (x->y[m] > 0) x->positive[x->n_positive++] = m;
        whole = whole && fabs(x->y[m] - round(x->y[m])) < 1e-9;
    }
    double settled = whole ? 1e-11 : 1e-6;
    for (int v = 0; v < sc->n_nodes; v++) {
        x->at[v] = x->constant[v] = 0;
        x->support[v] = 0;
        damage_line(sc, x, v, false);
        damage_line(sc, x, v, true);
    }
    for (int c = 0; c < p->n_components; c++) {
        double rise = 1;
        for (int round = 0; rise > settled && round < (whole ? MOST_ROUNDS : FEW_ROUNDS); round++) {
            rise = 0;
            for (int r = p->component_start[c]; r < p->component_start[c + 1]; r++) rise = fmax(rise, row_line(sc, x, r));
            if (!p->component_loops[c]) break;
        }
    }
}

void hf_part_cut(const hf_scene *sc, const double *y, hf_part_lines *x, double *ret_loss, double *restrict slope, double *ret_constant)
{
    double constant = 0, loss;
    lines_make(sc, y, x);
    memset(slope, 0, (size_t)sc->n_measures * sizeof *slope);
    for (int v = 0; v < sc->n_nodes; v++) {
        double weight = sc->weight[v];
        if (!(x->at[v] > 0) || !(weight > 0)) continue;
        const double *restrict line = slope_of(x, v);
        constant += weight * x->constant[v];
        for (int m = 0; m < sc->n_measures; m++) slope[m] += weight * line[m];
    }
    loss = constant;
    for (int m = 0; m < sc->n_measures; m++) loss -= slope[m] * x->y[m];
    *ret_loss = loss;
    *ret_constant = constant;
}
