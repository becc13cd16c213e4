/* Scenes with states in part: the value of a plan. */
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

/* Fails the services that no path leads to at the states so far; returns the largest rise. */
static double carrier_run(const hf_scene *sc, const bool *plan, int r, double *f, hf_part_graph *graph)
{
    const hf_part *p = sc->part;
    const hf_reach *reach = hf_part_carrier(p, r);
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
