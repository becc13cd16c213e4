#include "model/cascade/reference/connectivity.h"

#include <math.h>

#include "base/alloc.h"
#include "model/cascade/reference/graph.h"

/* Shortest paths from one node; a binary heap of the nodes seen but not settled, nearest first. */
typedef struct paths {
    const hf_connectivity_case *c;
    hf_graph graph;
    double *distance; /* [n], INFINITY when there is no path */
    int *heap, *place; /* [n] each; place: of a node in the heap */
    int heaped;
} paths;

static hf_err case_check(const hf_connectivity_case *c)
{
    hf_err err = hf_graph_check(c->n, c->from, c->to, c->m);
    if (err != HF_OK) return err;
    for (int e = 0; c->length && e < c->m; e++)
        if (!(c->length[e] >= 1e-290 && c->length[e] <= 1e290)) return HF_E_RANGE;
    return HF_OK;
}

static hf_err paths_init(paths *p, const hf_connectivity_case *c)
{
    p->c = c;
    hf_err err = case_check(c);
    if (err == HF_OK) err = hf_graph_build(c->n, c->from, c->to, c->m, c->directed, &p->graph);
    if (err != HF_OK) return err;
    p->distance = hf_calloc((size_t)c->n, sizeof *p->distance);
    p->heap = hf_calloc((size_t)c->n, sizeof *p->heap);
    p->place = hf_calloc((size_t)c->n, sizeof *p->place);
    return p->distance && p->heap && p->place ? HF_OK : HF_E_NOMEM;
}

static void paths_done(paths *p)
{
    hf_graph_done(&p->graph);
    hf_free(p->distance);
    hf_free(p->heap);
    hf_free(p->place);
}

static void heap_put(paths *p, int at, int v)
{
    p->heap[at] = v;
    p->place[v] = at;
}

/* Moves the node at a place up to where its distance belongs. */
static void heap_rise(paths *p, int at)
{
    int v = p->heap[at];
    for (; at > 0 && p->distance[p->heap[(at - 1) / 2]] > p->distance[v]; at = (at - 1) / 2) heap_put(p, at, p->heap[(at - 1) / 2]);
    heap_put(p, at, v);
}

static int heap_take(paths *p)
{
    int nearest = p->heap[0], v = p->heap[--p->heaped], at = 0;
    for (;;) {
        int child = 2 * at + 1;
        if (child >= p->heaped) break;
        if (child + 1 < p->heaped && p->distance[p->heap[child + 1]] < p->distance[p->heap[child]]) child++;
        if (p->distance[p->heap[child]] >= p->distance[v]) break;
        heap_put(p, at, p->heap[child]);
        at = child;
    }
    heap_put(p, at, v);
    return nearest;
}

static bool is_down(const bool *down, int index)
{
    return down && down[index];
}

/* Dijkstra from s, on what is left after the failure when `failed`. */
static void paths_find(paths *p, int s, bool failed)
{
    const hf_connectivity_case *c = p->c;
    const bool *node_down = failed ? c->node_down : NULL, *edge_down = failed ? c->edge_down : NULL;
    for (int v = 0; v < c->n; v++) p->distance[v] = INFINITY;
    if (is_down(node_down, s)) return;
    p->distance[s] = 0;
    p->heaped = 1;
    heap_put(p, 0, s);
    while (p->heaped > 0) {
        int v = heap_take(p);
        for (size_t a = p->graph.first[v]; a < p->graph.first[v + 1]; a++) {
            int w = p->graph.to[a], e = p->graph.edge[a];
            double distance = p->distance[v] + (c->length ? c->length[e] : 1);
            if (distance >= p->distance[w] || is_down(node_down, w) || is_down(edge_down, e)) continue;
            if (p->distance[w] >= INFINITY) heap_put(p, p->heaped++, w);
            p->distance[w] = distance;
            heap_rise(p, p->place[w]);
        }
    }
}

/* What reaches a demand. */
typedef struct reach {
    int sources;
    double closeness; /* sum of 1 / d */
} reach;

static void reach_add(paths *p, const int *source, int n_sources, const int *demand, int n_demands, bool failed, reach *at)
{
    for (int s = 0; s < n_sources; s++) {
        paths_find(p, source[s], failed);
        for (int d = 0; d < n_demands; d++) {
            double distance = p->distance[demand[d]];
            if (demand[d] == source[s] || distance >= INFINITY) continue;
            at[d].sources++;
            at[d].closeness += 1 / distance;
        }
    }
}

static hf_err nodes_check(int n, const int *node, int n_nodes)
{
    if (n_nodes < 1) return HF_E_RANGE;
    for (int k = 0; k < n_nodes; k++)
        if (node[k] < 0 || node[k] >= n) return HF_E_RANGE;
    return HF_OK;
}

static hf_err losses_find(const reach *before, const reach *after, int n, double *ret_complete, double *ret_partial, double *ret_weighted)
{
    int served = 0, still = 0;
    double partial = 0, weighted = 0;
    for (int d = 0; d < n; d++) {
        if (before[d].sources == 0) continue;
        double share = (double)after[d].sources / before[d].sources;
        served++;
        still += after[d].sources > 0;
        partial += 1 - share;
        weighted += 1 - share * (after[d].closeness / before[d].closeness);
    }
    if (served == 0) return HF_E_NO_ANSWER;
    if (ret_complete) *ret_complete = 1 - (double)still / served;
    if (ret_partial) *ret_partial = partial / served;
    if (ret_weighted) *ret_weighted = weighted / served;
    return HF_OK;
}

hf_err hf_connectivity_loss(const hf_connectivity_case *c, const int *source, int n_sources, const int *demand, int n_demands,
    double *ret_complete, double *ret_partial, double *ret_weighted)
{
    paths p = {0};
    reach *before = NULL, *after = NULL;
    hf_err err = HF_OK;
    HF_TRY(nodes_check(c->n, source, n_sources));
    HF_TRY(nodes_check(c->n, demand, n_demands));
    HF_TRY(paths_init(&p, c));
    before = hf_calloc((size_t)n_demands, sizeof *before);
    after = hf_calloc((size_t)n_demands, sizeof *after);
    if (!before || !after) HF_TRY(HF_E_NOMEM);
    reach_add(&p, source, n_sources, demand, n_demands, false, before);
    reach_add(&p, source, n_sources, demand, n_demands, true, after);
    HF_TRY(losses_find(before, after, n_demands, ret_complete, ret_partial, ret_weighted));
out:
    paths_done(&p);
    hf_free(before);
    hf_free(after);
    return err;
}

static double efficiency_of(paths *p, bool failed)
{
    double sum = 0, pairs = (double)p->c->n * (p->c->n - 1);
    for (int s = 0; s < p->c->n; s++) {
        paths_find(p, s, failed);
        for (int v = 0; v < p->c->n; v++)
            if (v != s) sum += 1 / p->distance[v]; /* 0 without a path */
    }
    return pairs > 0 ? sum / pairs : 0;
}

hf_err hf_connectivity_efficiency(const hf_connectivity_case *c, double *ret_before, double *ret_after, double *ret_loss)
{
    paths p = {0};
    hf_err err = HF_OK;
    HF_TRY(paths_init(&p, c));
    double before = efficiency_of(&p, false);
    if (before <= 0) HF_TRY(HF_E_NO_ANSWER);
    double after = efficiency_of(&p, true);
    if (ret_before) *ret_before = before;
    if (ret_after) *ret_after = after;
    if (ret_loss) *ret_loss = 1 - after / before;
out:
    paths_done(&p);
    return err;
}
