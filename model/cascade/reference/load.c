#include "model/cascade/reference/load.h"

#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "model/cascade/reference/graph.h"

#define ROUNDING 1e-10

/* What one search needs, each array by node; `next` holds the arcs that lead one step further from the source, in search order. */
typedef struct brandes {
    int *order;    /* nodes in the order they were reached */
    int *distance; /* from the source, -1 not reached */
    size_t *begin; /* [n + 1] by place in `order`: that node's arcs in `next` */
    int *next;     /* [arcs] */
    double *paths; /* shortest paths from the source */
    double *part;  /* (1 + dependency) / paths */
} brandes;

static hf_err brandes_init(brandes *b, int n, int n_arcs)
{
    size_t nodes = (size_t)n;
    b->order = hf_calloc(nodes, sizeof *b->order);
    b->distance = hf_calloc(nodes, sizeof *b->distance);
    b->begin = hf_calloc(nodes + 1, sizeof *b->begin);
    b->next = hf_calloc((size_t)n_arcs, sizeof *b->next);
    b->paths = hf_calloc(nodes, sizeof *b->paths);
    b->part = hf_calloc(nodes, sizeof *b->part);
    return b->order && b->distance && b->begin && b->next && b->paths && b->part ? HF_OK : HF_E_NOMEM;
}

static void brandes_done(brandes *b)
{
    hf_free(b->order);
    hf_free(b->distance);
    hf_free(b->begin);
    hf_free(b->next);
    hf_free(b->paths);
    hf_free(b->part);
}

/* Breadth first from s; returns how many nodes were reached. */
static int paths_count(const hf_graph *g, int s, brandes *b)
{
    int tail = 0;
    size_t arcs = 0;
    for (int v = 0; v < g->n; v++) b->distance[v] = -1;
    b->distance[s] = 0;
    b->paths[s] = 1;
    b->order[tail++] = s;
    for (int head = 0; head < tail; head++) {
        int v = b->order[head], beyond = b->distance[v] + 1;
        double paths = b->paths[v];
        b->begin[head] = arcs;
        for (size_t a = g->first[v]; a < g->first[v + 1]; a++) {
            int w = g->to[a];
            if (b->distance[w] < 0) {
                b->distance[w] = beyond;
                b->paths[w] = 0;
                b->order[tail++] = w;
            }
            if (b->distance[w] != beyond) continue;
            b->paths[w] += paths;
            b->next[arcs++] = w;
        }
    }
    b->begin[tail] = arcs;
    return tail;
}

/* Adds to load[] what the source's paths put on each node, twice over (every pair is met from both ends). False when counts overflowed. */
static bool source_add(const hf_graph *g, int s, brandes *b, double *load)
{
    int reached = paths_count(g, s, b);
    bool finite = true;
    for (int at = reached - 1; at > 0; at--) {
        int v = b->order[at];
        double beyond = 0;
        for (size_t a = b->begin[at]; a < b->begin[at + 1]; a++) beyond += b->part[b->next[a]];
        double dependency = b->paths[v] * beyond;
        load[v] += dependency;
        b->part[v] = (1 + dependency) / b->paths[v];
        finite = finite && b->paths[v] <= 1e300;
    }
    return finite;
}

static hf_err loads_compute(const hf_graph *g, brandes *b, double *load)
{
    bool finite = true;
    for (int v = 0; v < g->n; v++) load[v] = 0;
    for (int s = 0; s < g->n; s++) finite = source_add(g, s, b, load) && finite;
    for (int v = 0; v < g->n; v++) load[v] /= 2;
    return finite ? HF_OK : HF_E_UNSUPPORTED;
}

hf_err hf_load_betweenness(int n, const int *from, const int *to, int m, double *ret_load)
{
    hf_graph g = {0};
    brandes b = {0};
    double *load = NULL;
    hf_err err = HF_OK;
    HF_TRY(hf_graph_build(n, from, to, m, false, &g));
    HF_TRY(brandes_init(&b, n, g.n_arcs));
    load = hf_malloc((size_t)n * sizeof *load);
    if (!load) HF_TRY(HF_E_NOMEM);
    HF_TRY(loads_compute(&g, &b, load));
    memcpy(ret_load, load, (size_t)n * sizeof *load);
out:
    hf_graph_done(&g);
    brandes_done(&b);
    hf_free(load);
    return err;
}

/* A cascade under way: `rest` is the graph of the nodes that stand, numbered 0 .. n_rest-1, node[] their numbers in the whole. */
typedef struct cascade {
    hf_graph rest;
    brandes search;
    int *node, *number; /* number: place in node[], by node of the whole */
    double *load, *capacity;
    bool *stands;
    int *label, *queue;
} cascade;

static hf_err cascade_init(cascade *c, int n, const int *from, const int *to, int m)
{
    size_t nodes = (size_t)n;
    hf_err err = HF_OK;
    HF_TRY(hf_graph_build(n, from, to, m, false, &c->rest));
    HF_TRY(brandes_init(&c->search, n, c->rest.n_arcs));
    c->node = hf_calloc(nodes, sizeof *c->node);
    c->number = hf_calloc(nodes, sizeof *c->number);
    c->load = hf_calloc(nodes, sizeof *c->load);
    c->capacity = hf_calloc(nodes, sizeof *c->capacity);
    c->stands = hf_calloc(nodes, sizeof *c->stands);
    c->label = hf_calloc(nodes, sizeof *c->label);
    c->queue = hf_calloc(nodes, sizeof *c->queue);
    if (!c->node || !c->number || !c->load || !c->capacity || !c->stands || !c->label || !c->queue) HF_TRY(HF_E_NOMEM);
    for (int v = 0; v < n; v++) c->node[v] = v;
out:
    return err;
}

static void cascade_done(cascade *c)
{
    hf_graph_done(&c->rest);
    brandes_done(&c->search);
    hf_free(c->node);
    hf_free(c->number);
    hf_free(c->load);
    hf_free(c->capacity);
    hf_free(c->stands);
    hf_free(c->label);
    hf_free(c->queue);
}

/* Takes the nodes with round_of >= 0 out of `rest`, in place: rows only shrink and move forward, so searches never meet a removed node. */
static void rest_shrink(cascade *c, const int *round_of)
{
    hf_graph *g = &c->rest;
    int kept = 0;
    size_t arcs = 0;
    for (int v = 0; v < g->n; v++) c->number[v] = round_of[c->node[v]] < 0 ? kept++ : -1;
    for (int v = 0; v < g->n; v++) {
        size_t begin = g->first[v], end = g->first[v + 1];
        if (c->number[v] < 0) continue;
        g->first[c->number[v]] = arcs;
        for (size_t a = begin; a < end; a++)
            if (c->number[g->to[a]] >= 0) g->to[arcs++] = c->number[g->to[a]];
        c->node[c->number[v]] = c->node[v];
    }
    g->n = kept;
    g->first[kept] = arcs;
    g->n_arcs = (int)arcs;
}

/* Marks the overloaded with the round; returns their number. */
static int overloads_mark(const cascade *c, int round, int *round_of)
{
    int fallen = 0;
    for (int v = 0; v < c->rest.n; v++) {
        double capacity = c->capacity[c->node[v]];
        if (c->load[v] <= capacity * (1 + ROUNDING) + ROUNDING) continue;
        round_of[c->node[v]] = round;
        fallen++;
    }
    return fallen;
}

static hf_err cascade_check(int n, double alpha, const int *removed, int n_removed)
{
    if (n < 1 || n_removed < 0 || !(alpha >= 0 && alpha <= 1e300)) return HF_E_RANGE;
    for (int k = 0; k < n_removed; k++)
        if (removed[k] < 0 || removed[k] >= n) return HF_E_RANGE;
    return HF_OK;
}

hf_err hf_load_cascade(int n, const int *from, const int *to, int m, double alpha, const int *removed, int n_removed, int *round_of,
    int *ret_rounds, double *ret_giant)
{
    cascade c = {0};
    int *fell = NULL, rounds = 0, label;
    hf_err err = cascade_check(n, alpha, removed, n_removed);
    if (err != HF_OK) return err;
    HF_TRY(cascade_init(&c, n, from, to, m));
    fell = hf_malloc((size_t)n * sizeof *fell);
    if (!fell) HF_TRY(HF_E_NOMEM);
    HF_TRY(loads_compute(&c.rest, &c.search, c.load));
    for (int v = 0; v < n; v++) {
        c.capacity[v] = (1 + alpha) * c.load[v];
        fell[v] = -1;
    }
    for (int k = 0; k < n_removed; k++) fell[removed[k]] = 0;
    for (int fallen = n_removed; fallen > 0; rounds += fallen > 0) {
        rest_shrink(&c, fell);
        HF_TRY(loads_compute(&c.rest, &c.search, c.load));
        fallen = overloads_mark(&c, rounds + 1, fell);
    }
    for (int v = 0; v < c.rest.n; v++) c.stands[v] = true;
    if (ret_giant) *ret_giant = (double)hf_graph_giant(&c.rest, c.stands, c.label, c.queue, &label) / n;
    if (ret_rounds) *ret_rounds = rounds;
    memcpy(round_of, fell, (size_t)n * sizeof *fell);
out:
    cascade_done(&c);
    hf_free(fell);
    return err;
}
