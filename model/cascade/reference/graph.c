#include "model/cascade/reference/graph.h"

#include <limits.h>
#include <math.h>

#include "base/alloc.h"
#include "base/rng.h"

hf_err hf_graph_check(int n, const int *from, const int *to, int m)
{
    if (n < 1 || m < 0 || m > INT_MAX / 2) return HF_E_RANGE;
    for (int e = 0; e < m; e++)
        if (from[e] < 0 || from[e] >= n || to[e] < 0 || to[e] >= n || from[e] == to[e]) return HF_E_RANGE;
    return HF_OK;
}

static void rows_fill(hf_graph *g, const int *from, const int *to, int m, bool directed)
{
    for (int e = 0; e < m; e++) {
        g->first[from[e] + 1]++;
        if (!directed) g->first[to[e] + 1]++;
    }
    for (int v = 0; v < g->n; v++) g->first[v + 1] += g->first[v];
    /* first[v] serves as the writing place of row v and ends up at the start of row v + 1, from where it is moved back. */
    for (int e = 0; e < m; e++) {
        size_t at = g->first[from[e]]++;
        g->to[at] = to[e];
        g->edge[at] = e;
        if (directed) continue;
        at = g->first[to[e]]++;
        g->to[at] = from[e];
        g->edge[at] = e;
    }
    for (int v = g->n; v > 0; v--) g->first[v] = g->first[v - 1];
    g->first[0] = 0;
}

hf_err hf_graph_build(int n, const int *from, const int *to, int m, bool directed, hf_graph *ret_graph)
{
    hf_err err = hf_graph_check(n, from, to, m);
    if (err != HF_OK) return err;
    hf_graph g = {.n = n, .n_arcs = directed ? m : 2 * m};
    g.first = hf_calloc((size_t)n + 1, sizeof *g.first);
    g.to = hf_calloc((size_t)g.n_arcs, sizeof *g.to);
    g.edge = hf_calloc((size_t)g.n_arcs, sizeof *g.edge);
    if (!g.first || !g.to || !g.edge) {
        hf_graph_done(&g);
        return HF_E_NOMEM;
    }
    rows_fill(&g, from, to, m, directed);
    *ret_graph = g;
    return HF_OK;
}

typedef struct pairs {
    int *from, *to;
    size_t n, from_capacity, to_capacity;
} pairs;

static hf_err pair_add(pairs *p, int from, int to)
{
    if (p->n >= INT_MAX / 2) return HF_E_RANGE;
    hf_err err = hf_grow((void **)&p->from, &p->from_capacity, p->n + 1, sizeof *p->from);
    if (err == HF_OK) err = hf_grow((void **)&p->to, &p->to_capacity, p->n + 1, sizeof *p->to);
    if (err != HF_OK) return err;
    p->from[p->n] = from;
    p->to[p->n++] = to;
    return HF_OK;
}

/* Walks the pairs (v, w), w < v, row by row; the number of pairs between two edges is geometric, so only edges cost a draw. */
static hf_err pairs_draw(pairs *p, int n, double probability, hf_rng *rng)
{
    double log_miss = log1p(-probability); /* -inf at probability 1: every skip is then 0 */
    int64_t v = 1, w = -1;
    while (v < n) {
        double skip = floor(log(1.0 - hf_rng_unit(rng)) / log_miss);
        if (!(skip < (double)n * n)) break; /* beyond the last pair; also a probability that underflows */
        w += 1 + (int64_t)skip;
        while (w >= v && v < n) w -= v++;
        if (v >= n) break;
        hf_err err = pair_add(p, (int)v, (int)w);
        if (err != HF_OK) return err;
    }
    return HF_OK;
}

hf_err hf_graph_er(int n, double mean_degree, uint64_t seed, uint64_t stream, hf_graph *ret_graph)
{
    if (n < 1 || !(mean_degree >= 0 && mean_degree <= n - 1)) return HF_E_RANGE;
    pairs p = {0};
    hf_rng rng = {seed, stream, 0};
    hf_err err = HF_OK;
    if (mean_degree > 0) HF_TRY(pairs_draw(&p, n, mean_degree / (n - 1), &rng));
    HF_TRY(hf_graph_build(n, p.from, p.to, (int)p.n, false, ret_graph));
out:
    hf_free(p.from);
    hf_free(p.to);
    return err;
}

void hf_graph_done(hf_graph *graph)
{
    hf_free(graph->first);
    hf_free(graph->to);
    hf_free(graph->edge);
    *graph = (hf_graph){0};
}

int hf_graph_giant(const hf_graph *graph, const bool *alive, int *label, int *queue, int *ret_label)
{
    int best = 0, best_label = -1, labels = 0;
    for (int v = 0; v < graph->n; v++) label[v] = -1;
    for (int s = 0; s < graph->n; s++) {
        if (!alive[s] || label[s] >= 0) continue;
        int head = 0, tail = 0;
        label[s] = labels;
        queue[tail++] = s;
        while (head < tail) {
            int v = queue[head++];
            for (size_t a = graph->first[v]; a < graph->first[v + 1]; a++) {
                int w = graph->to[a];
                if (!alive[w] || label[w] >= 0) continue;
                label[w] = labels;
                queue[tail++] = w;
            }
        }
        if (tail > best) {
            best = tail;
            best_label = labels;
        }
        labels++;
    }
    *ret_label = best_label;
    return best;
}
