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

hf_err hf_part_graph_init(const hf_portfolio_problem *p, int rows, hf_part_graph *graph)
{
    size_t vertices = 1, lines = 1;
    for (int c = 0; c < p->n_reach; c++) {
        if ((size_t)p->reach[c].n_vertices > vertices) vertices = (size_t)p->reach[c].n_vertices;
        if ((size_t)p->reach[c].n_lines > lines) lines = (size_t)p->reach[c].n_lines;
    }
    *graph = (hf_part_graph){hf_malloc(vertices * sizeof(bool)), hf_malloc(lines * sizeof(bool)), hf_malloc(vertices * sizeof(bool)),
                             hf_malloc(vertices * sizeof(bool)), hf_malloc(vertices * sizeof(int)), hf_malloc(((size_t)rows + 1) * sizeof(int)),
                             hf_calloc((size_t)rows + 1, sizeof(bool))};
    if (graph->vertex_out && graph->line_out && graph->marked && graph->region && graph->stack && graph->queue && graph->queued) return HF_OK;
    hf_part_graph_done(graph);
    return HF_E_NOMEM;
}

void hf_part_graph_done(hf_part_graph *graph)
{
    void *blocks[] = {graph->vertex_out, graph->line_out, graph->marked, graph->region, graph->stack, graph->queue, graph->queued};
    for (size_t k = 0; k < sizeof blocks / sizeof *blocks; k++) hf_free(blocks[k]);
    *graph = (hf_part_graph){0};
}

/* Rows of one component that are to be looked at (again). */
typedef struct pass {
    const hf_scene *scene;
    const bool *plan;
    double *f;
    hf_part_graph *graph;
    int first, n;      /* rows of the component */
    long head, end;    /* of the queue, which is a ring of n */
} pass;

static void raise_to(pass *x, int v, double value)
{
    const hf_part *p = x->scene->part;
    double rise = value - x->f[v];
    if (!(rise > 0)) return;
    x->f[v] = value;
    for (int k = p->use_start[v]; rise > SETTLED && k < p->use_start[v + 1]; k++) {
        int r = p->use[k] - x->first;
        if (r < 0 || r >= x->n || x->graph->queued[r]) continue;
        x->graph->queued[r] = true;
        x->graph->queue[x->end++ % x->n] = r;
    }
}

/* Fails the services that no path leads to at the states so far. */
static void carrier_run(pass *x, int r)
{
    const hf_part *p = x->scene->part;
    hf_part_graph *graph = x->graph;
    const hf_reach *reach = hf_part_carrier(p, r);
    const int *vertex = p->member + p->member_start[r], *service = vertex + reach->n_vertices, *line = service + reach->n_vertices;
    const int *measure = x->scene->measure, *relax = p->relax + p->relax_start[r];
    for (int v = 0; v < reach->n_vertices; v++) graph->vertex_out[v] = vertex[v] >= 0 && x->f[vertex[v]] >= HF_REACH_GONE;
    for (int l = 0; l < reach->n_lines; l++) {
        if (line[l] >= 0) graph->line_out[l] = x->f[line[l]] >= HF_REACH_GONE;
        else if (line[l] <= HF_PART_ADDED) graph->line_out[l] = !x->plan[measure[relax[HF_PART_ADDED - line[l]]]];
        else graph->line_out[l] = line[l] == HF_PART_NEVER;
    }
    hf_reach_served(reach, &(hf_reach_states){graph->vertex_out, graph->line_out}, graph->stack, graph->marked);
    for (int v = 0; v < reach->n_vertices; v++)
        if (service[v] >= 0 && !graph->marked[v]) raise_to(x, service[v], 1);
}

static void component_run(pass *x)
{
    const hf_part *p = x->scene->part;
    long most = (long)MOST_ROUNDS * x->n;
    for (int r = 0; r < x->n; r++) x->graph->queue[r] = r, x->graph->queued[r] = true;
    x->head = 0, x->end = x->n;
    for (; x->head < x->end && x->head < most; x->head++) {
        int r = x->graph->queue[x->head % x->n];
        x->graph->queued[r] = false;
        if (p->kind[x->first + r] == HF_PART_CARRIER) carrier_run(x, x->first + r);
        else raise_to(x, p->owner[x->first + r], row_value(x->scene, x->plan, x->first + r, x->f));
    }
    for (; x->head < x->end; x->head++) x->graph->queued[x->graph->queue[x->head % x->n]] = false;
}

double hf_part_run(const hf_scene *sc, const bool *plan, double *f, hf_part_graph *graph)
{
    const hf_part *p = sc->part;
    double loss = 0;
    for (int v = 0; v < sc->n_nodes; v++) f[v] = damage_of(sc, plan, v);
    for (int c = 0; c < p->n_components; c++) {
        pass x = {sc, plan, f, graph, p->component_start[c], p->component_start[c + 1] - p->component_start[c], 0, 0};
        component_run(&x);
    }
    for (int v = 0; v < sc->n_nodes; v++) loss += sc->weight[v] * f[v];
    return loss;
}
