/* Scenes with states in part: the value of a plan, and lines below it. */
#include "solver/portfolio/part.h"

#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "solver/portfolio/reach.h"

static const double SETTLED = 1e-12;    /* a loop in which no state rises by more has settled */
enum { MOST_ROUNDS = 100000 };          /* round a loop */

/* --- Value --- */

static double damage_of(const hf_scene *sc, const bool *plan, int v)
{
    const hf_part *p = sc->part;
    double f = p->severity[v];
    for (int k = p->damage_start[v]; k < p->damage_start[v + 1]; k++)
        if (plan[sc->measure[p->damage_measure[k]]]) f *= p->left[k];
    return f;
}

static double row_value(const hf_scene *sc, const bool *plan, int r, const double *f)
{
    const hf_part *p = sc->part;
    double sum = 0;
    int bought = 0;
    for (int k = p->relax_start[r]; k < p->relax_start[r + 1]; k++) bought += plan[sc->measure[p->relax[k]]];
    if (bought > 0) return 0;
    for (int k = p->member_start[r]; k < p->member_start[r + 1]; k++) sum += p->share[k] * f[p->member[k]];
    if (p->kind[r] == HF_PART_THRESHOLD) return sum > p->constant[r] ? p->full[r] : 0;
    return p->constant[r] + sum;
}

hf_err hf_part_graph_init(const hf_portfolio_problem *p, hf_part_graph *graph)
{
    size_t vertices = 1, lines = 1;
    for (int c = 0; c < p->n_reach; c++) {
        if ((size_t)p->reach[c].n_vertices > vertices) vertices = (size_t)p->reach[c].n_vertices;
        if ((size_t)p->reach[c].n_lines > lines) lines = (size_t)p->reach[c].n_lines;
    }
    *graph = (hf_part_graph){hf_malloc(vertices * sizeof(bool)), hf_malloc(lines * sizeof(bool)), hf_malloc(vertices * sizeof(bool)),
                             hf_malloc(vertices * sizeof(bool)), hf_malloc(vertices * sizeof(int))};
    if (graph->vertex_out && graph->line_out && graph->marked && graph->region && graph->stack) return HF_OK;
    hf_part_graph_done(graph);
    return HF_E_NOMEM;
}

void hf_part_graph_done(hf_part_graph *graph)
{
    void *blocks[] = {graph->vertex_out, graph->line_out, graph->marked, graph->region, graph->stack};
    for (size_t k = 0; k < sizeof blocks / sizeof *blocks; k++) hf_free(blocks[k]);
    *graph = (hf_part_graph){0};
}

static const hf_reach *carrier_of(const hf_part *p, int r)
{
    return &p->reach[(int)p->constant[r]];
}

/* Fails the services that no path leads to at the states so far; returns the largest rise. */
static double carrier_run(const hf_scene *sc, const bool *plan, int r, double *f, hf_part_graph *graph)
{
    const hf_part *p = sc->part;
    const hf_reach *reach = carrier_of(p, r);
    const int *vertex = p->member + p->member_start[r], *service = vertex + reach->n_vertices, *line = service + reach->n_vertices;
    double rise = 0;
    for (int v = 0; v < reach->n_vertices; v++) graph->vertex_out[v] = vertex[v] >= 0 && f[vertex[v]] >= HF_REACH_GONE;
    for (int l = 0; l < reach->n_lines; l++) {
        if (line[l] >= 0) graph->line_out[l] = f[line[l]] >= HF_REACH_GONE;
        else if (line[l] <= HF_PART_ADDED) graph->line_out[l] = !plan[sc->measure[p->relax[p->relax_start[r] + HF_PART_ADDED - line[l]]]];
        else graph->line_out[l] = line[l] == HF_PART_NEVER;
    }
    hf_reach_served(reach, &(hf_reach_states){graph->vertex_out, graph->line_out}, graph->stack, graph->marked);
    for (int v = 0; v < reach->n_vertices; v++)
        if (service[v] >= 0 && !graph->marked[v] && f[service[v]] < 1) {
            rise = fmax(rise, 1 - f[service[v]]);
            f[service[v]] = 1;
        }
    return rise;
}

double hf_part_run(const hf_scene *sc, const bool *plan, double *f, hf_part_graph *graph)
{
    const hf_part *p = sc->part;
    double loss = 0;
    for (int v = 0; v < sc->n_nodes; v++) f[v] = damage_of(sc, plan, v);
    for (int c = 0; c < p->n_components; c++) {
        double rise = 1;
        for (int round = 0; rise > SETTLED && round < MOST_ROUNDS; round++) {
            rise = 0;
            for (int r = p->component_start[c]; r < p->component_start[c + 1]; r++) {
                if (p->kind[r] == HF_PART_CARRIER) {
                    rise = fmax(rise, carrier_run(sc, plan, r, f, graph));
                    continue;
                }
                double value = row_value(sc, plan, r, f), rises = value - f[p->owner[r]];
                if (!(rises > 0)) continue;
                if (rises > rise) rise = rises;
                f[p->owner[r]] = value;
            }
            if (!p->component_loops[c]) break;
        }
    }
    for (int v = 0; v < sc->n_nodes; v++) loss += sc->weight[v] * f[v];
    return loss;
}

/* --- Lines --- */

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
    x->slope = hf_malloc(nodes * measures * sizeof(double));
    x->trial = hf_malloc(measures * sizeof(double));
    x->set = hf_malloc(measures * sizeof(double));
    x->y = hf_malloc(measures * sizeof(double));
    x->taken = hf_malloc(members * sizeof(bool));
    x->price = hf_malloc(members * sizeof(double));
    bool ok = x->price && x->constant && x->at && x->slope && x->trial && x->set && x->y && x->taken;
    if (ok && hf_part_graph_init(scenes->problem, &x->graph) == HF_OK) return HF_OK;
    hf_part_lines_done(x);
    return HF_E_NOMEM;
}

void hf_part_lines_done(hf_part_lines *x)
{
    void *blocks[] = {x->constant, x->at, x->slope, x->trial, x->set, x->y, x->taken, x->price};
    hf_part_graph_done(&x->graph);
    for (size_t k = 0; k < sizeof blocks / sizeof *blocks; k++) hf_free(blocks[k]);
    *x = (hf_part_lines){0};
}

static double *slope_of(const hf_part_lines *x, int v)
{
    return x->slope + (size_t)v * x->stride;
}

/* Takes the line constant - trial for node v when it is higher at y than the one it has; returns by how much. */
static double offer(hf_part_lines *x, int v, int n_measures, double constant)
{
    double at = constant;
    if (!(constant > 0)) return 0;
    for (int m = 0; m < n_measures; m++) {
        x->trial[m] = fmin(x->trial[m], constant);
        at -= x->trial[m] * x->y[m];
    }
    double rise = at - x->at[v];
    if (!(rise > 1e-12)) return 0;
    x->constant[v] = constant;
    x->at[v] = at;
    memcpy(slope_of(x, v), x->trial, (size_t)n_measures * sizeof(double));
    return rise;
}

/* Damage: for the set T of measures that are taken as bought, d left(T) less what each further one would still take off it. No plan is below:
 * those with T and more lose most by the first of the others, and a plan without all of T has more damage still. */
static double damage_line(const hf_scene *sc, hf_part_lines *x, int v, bool as_bought)
{
    const hf_part *p = sc->part;
    double damage = p->severity[v];
    if (!(damage > 0)) return 0;
    for (int k = p->damage_start[v]; k < p->damage_start[v + 1]; k++)
        if (as_bought && p->left[k] > 0 && x->y[p->damage_measure[k]] >= 0.5) damage *= p->left[k];
    memset(x->trial, 0, (size_t)sc->n_measures * sizeof(double));
    for (int k = p->damage_start[v]; k < p->damage_start[v + 1]; k++)
        if (!(as_bought && p->left[k] > 0 && x->y[p->damage_measure[k]] >= 0.5)) x->trial[p->damage_measure[k]] = damage * (1 - p->left[k]);
    return offer(x, v, sc->n_measures, damage);
}

static void relax_add(const hf_scene *sc, hf_part_lines *x, int r, double full)
{
    const hf_part *p = sc->part;
    for (int k = p->relax_start[r]; k < p->relax_start[r + 1]; k++) x->trial[p->relax[k]] += full;
}

/* constant + sum of scale x share x the members' lines, where these are above 0. */
static double sum_line(const hf_scene *sc, hf_part_lines *x, int r, double constant, double scale, double full)
{
    const hf_part *p = sc->part;
    memset(x->trial, 0, (size_t)sc->n_measures * sizeof(double));
    for (int k = p->member_start[r]; k < p->member_start[r + 1]; k++) {
        int j = p->member[k];
        double times = scale * p->share[k];
        if (!(x->at[j] > 0)) continue;
        constant += times * x->constant[j];
        const double *slope = slope_of(x, j);
        for (int m = 0; m < sc->n_measures; m++) x->trial[m] += times * slope[m];
    }
    relax_add(sc, x, r, full);
    return offer(x, p->owner[r], sc->n_measures, constant);
}

/* A line as a claim: where the measures of its set are not bought, the node has lost at least *ret_loss. Measures that the point as good as
 * buys and that leave something are counted as bought. Returns what the measures cost that are not in x->set yet. */
static double claim_price(const hf_scene *sc, const hf_part_lines *x, int j, double *ret_loss)
{
    const double *slope = slope_of(x, j);
    double loss = x->constant[j], price = 0;
    for (int m = 0; m < sc->n_measures; m++) {
        if (!(slope[m] > 0)) continue;
        if (x->y[m] >= 0.5 && slope[m] < x->constant[j]) loss -= slope[m];
        else if (!(x->set[m] > 0)) price += x->y[m] + 1e-5;
    }
    *ret_loss = loss;
    return price;
}

static void claim_join(const hf_scene *sc, hf_part_lines *x, int j)
{
    const double *slope = slope_of(x, j);
    for (int m = 0; m < sc->n_measures; m++)
        if (slope[m] > 0 && !(x->y[m] >= 0.5 && slope[m] < x->constant[j])) x->set[m] = 1;
}

/* A threshold row by claims: members whose losses together defeat it, cheapest by what they add first. */
static double claim_line(const hf_scene *sc, hf_part_lines *x, int r)
{
    const hf_part *p = sc->part;
    int from = p->member_start[r], to = p->member_start[r + 1];
    double short_of = p->constant[r], cost = 0;
    memset(x->set, 0, (size_t)sc->n_measures * sizeof(double));
    memset(x->taken, 0, (size_t)(to - from) * sizeof(bool));
    for (int k = p->relax_start[r]; k < p->relax_start[r + 1]; k++) x->set[p->relax[k]] = 1, cost += x->y[p->relax[k]];
    for (double lost = 0; !(lost > short_of);) {
        int best = -1;
        double least = INFINITY, best_loss = 0, best_price = 0;
        for (int k = from; k < to; k++) {
            double loss;
            if (x->taken[k - from] || !(x->at[p->member[k]] > 0)) continue;
            double price = claim_price(sc, x, p->member[k], &loss);
            double adds = fmin(p->share[k] * loss, short_of - lost + 1e-6);
            if (!(loss > 1e-12) || price / adds >= least) continue;
            best = k, least = price / adds, best_loss = loss, best_price = price;
        }
        if (best < 0 || (cost += best_price) >= 1) return 0;
        x->taken[best - from] = true;
        claim_join(sc, x, p->member[best]);
        lost += p->share[best] * best_loss;
    }
    for (int m = 0; m < sc->n_measures; m++) x->trial[m] = p->full[r] * x->set[m];
    return offer(x, p->owner[r], sc->n_measures, p->full[r]);
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
    int n = p->member_start[r + 1] - p->member_start[r], n_vertices = carrier_of(p, r)->n_vertices;
    memset(x->set, 0, (size_t)sc->n_measures * sizeof(double));
    for (int k = 0; k < n; k++) {
        double loss = 0;
        x->price[k] = INFINITY;
        if (k >= n_vertices && k < 2 * n_vertices) continue; /* a service */
        if (member[k] >= 0 && x->at[member[k]] > 0) {
            double price = claim_price(sc, x, member[k], &loss);
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
    if (member >= 0) claim_join(sc, x, member);
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
    const hf_reach *reach = carrier_of(p, r);
    hf_part_graph *graph = &x->graph;
    const int *service = p->member + p->member_start[r] + reach->n_vertices;
    hf_reach_states states = {graph->vertex_out, graph->line_out};
    double rise = 0;
    for (int v = 0; v < reach->n_vertices; v++) graph->vertex_out[v] = x->price[v] <= most;
    for (int l = 0; l < reach->n_lines; l++) graph->line_out[l] = x->price[2 * reach->n_vertices + l] <= most;
    hf_reach_served(reach, &states, graph->stack, graph->marked);
    for (int v = 0; v < reach->n_vertices; v++) {
        if (service[v] < 0 || graph->marked[v] || graph->vertex_out[v]) continue;
        double cost = 0;
        memset(graph->region, 0, (size_t)reach->n_vertices * sizeof(bool));
        graph->region[v] = true;
        graph->stack[0] = v;
        int n = hf_reach_spread(reach, &states, true, graph->stack, 1, graph->region);
        boundary_join(sc, x, r, reach, graph->region);
        for (int m = 0; m < sc->n_measures; m++) cost += x->set[m] * x->y[m];
        for (int k = 0; k < (reach->directed ? 1 : n); k++) {
            int u = graph->stack[k];
            graph->marked[u] = true;
            if (service[u] < 0 || cost >= 1) continue;
            memcpy(x->trial, x->set, (size_t)sc->n_measures * sizeof(double));
            rise = fmax(rise, offer(x, service[u], sc->n_measures, 1));
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

void hf_part_cut(const hf_scene *sc, const double *y, hf_part_lines *x, double *ret_loss, double *slope, double *ret_constant)
{
    const hf_part *p = sc->part;
    bool whole = true;
    double constant = 0, loss;
    for (int m = 0; m < sc->n_measures; m++) {
        x->y[m] = y[sc->measure[m]];
        whole = whole && fabs(x->y[m] - round(x->y[m])) < 1e-9;
    }
    double settled = whole ? 1e-11 : 1e-6;
    int most = whole ? MOST_ROUNDS : 60;
    for (int v = 0; v < sc->n_nodes; v++) {
        x->at[v] = x->constant[v] = 0;
        damage_line(sc, x, v, false);
        damage_line(sc, x, v, true);
    }
    for (int c = 0; c < p->n_components; c++) {
        double rise = 1;
        for (int round = 0; rise > settled && round < most; round++) {
            rise = 0;
            for (int r = p->component_start[c]; r < p->component_start[c + 1]; r++) rise = fmax(rise, row_line(sc, x, r));
            if (!p->component_loops[c]) break;
        }
    }
    memset(slope, 0, (size_t)sc->n_measures * sizeof *slope);
    for (int v = 0; v < sc->n_nodes; v++) {
        if (!(x->at[v] > 0) || !(sc->weight[v] > 0)) continue;
        constant += sc->weight[v] * x->constant[v];
        for (int m = 0; m < sc->n_measures; m++) slope[m] += sc->weight[v] * slope_of(x, v)[m];
    }
    loss = constant;
    for (int m = 0; m < sc->n_measures; m++) loss -= slope[m] * x->y[m];
    *ret_loss = loss;
    *ret_constant = constant;
}
