#include "solver/portfolio/recourse.h"

#include <string.h>

#include "base/alloc.h"

hf_err hf_recourse_init(const hf_scenes *scenes, hf_recourse *r)
{
    size_t nodes = (size_t)scenes->max_nodes, requirements = (size_t)scenes->max_requirements;
    *r = (hf_recourse){0};
    r->u = hf_malloc(nodes * sizeof(double));
    r->order = hf_malloc(nodes * sizeof(int));
    r->rank = hf_malloc(nodes * sizeof(int));
    r->binding = hf_malloc(nodes * sizeof(int));
    r->dual = hf_malloc(nodes * sizeof(double));
    r->count = hf_malloc(requirements * sizeof(int));
    r->sum = hf_malloc(requirements * sizeof(double));
    r->last = hf_malloc(requirements * sizeof(int));
    if (r->u && r->order && r->rank && r->binding && r->dual && r->count && r->sum && r->last) return HF_OK;
    hf_recourse_done(r);
    return HF_E_NOMEM;
}

void hf_recourse_done(hf_recourse *r)
{
    void *blocks[] = {r->u, r->order, r->rank, r->binding, r->dual, r->count, r->sum, r->last, r->key, r->node};
    for (size_t k = 0; k < sizeof blocks / sizeof *blocks; k++) hf_free(blocks[k]);
    *r = (hf_recourse){0};
}

/* --- A binary heap of (key, node); stale entries are skipped when popped. Ties go by node, so the order never depends on history. --- */

static bool is_before(const hf_recourse *r, int a, int b)
{
    return r->key[a] < r->key[b] || (r->key[a] == r->key[b] && r->node[a] < r->node[b]);
}

static void heap_swap(hf_recourse *r, int a, int b)
{
    double key = r->key[a];
    int node = r->node[a];
    r->key[a] = r->key[b], r->node[a] = r->node[b];
    r->key[b] = key, r->node[b] = node;
}

static hf_err heap_push(hf_recourse *r, double key, int node)
{
    hf_err err = hf_grow((void **)&r->key, &r->key_capacity, (size_t)r->n_heap + 1, sizeof(double));
    if (err == HF_OK) err = hf_grow((void **)&r->node, &r->node_capacity, (size_t)r->n_heap + 1, sizeof(int));
    if (err != HF_OK) return err;
    int at = r->n_heap++;
    r->key[at] = key, r->node[at] = node;
    for (; at > 0 && is_before(r, at, (at - 1) / 2); at = (at - 1) / 2) heap_swap(r, at, (at - 1) / 2);
    return HF_OK;
}

static int heap_pop(hf_recourse *r)
{
    int top = r->node[0], at = 0;
    r->n_heap--;
    r->key[0] = r->key[r->n_heap], r->node[0] = r->node[r->n_heap];
    for (;;) {
        int child = 2 * at + 1;
        if (child >= r->n_heap) break;
        if (child + 1 < r->n_heap && is_before(r, child + 1, child)) child++;
        if (!is_before(r, child, at)) break;
        heap_swap(r, at, child);
        at = child;
    }
    return top;
}

/* --- Value --- */

static double y_sum(const hf_scene *sc, const double *y, const int *list, int from, int to)
{
    double sum = 0;
    for (int k = from; k < to; k++) sum += y[sc->measure[list[k]]];
    return sum;
}

static hf_err offer(hf_recourse *r, int node, double u, int binding)
{
    if (!(u < r->u[node])) return HF_OK;
    r->u[node] = u;
    r->binding[node] = binding;
    return heap_push(r, u, node);
}

static hf_err settle(const hf_scene *sc, const double *y, hf_recourse *r, int node)
{
    r->rank[node] = r->n_settled;
    r->order[r->n_settled++] = node;
    for (int k = sc->use_start[node]; k < sc->use_start[node + 1]; k++) {
        int q = sc->use[k];
        if (r->count[q] >= sc->defeat[q]) continue;
        r->sum[q] += r->u[node];
        if (++r->count[q] < sc->defeat[q]) continue;
        r->last[q] = r->rank[node];
        if (r->rank[sc->owner[q]] >= 0) continue;
        double u = r->sum[q] + y_sum(sc, y, sc->backup, sc->backup_start[q], sc->backup_start[q + 1]);
        hf_err err = offer(r, sc->owner[q], u, q);
        if (err != HF_OK) return err;
    }
    return HF_OK;
}

/* --- Dual --- */

static void pay(const hf_scene *sc, double *slope, double dual, const int *list, int from, int to)
{
    (void)sc;
    for (int k = from; k < to; k++) slope[list[k]] += dual;
}

static void hand_on(const hf_scene *sc, hf_recourse *r, double *slope, int node)
{
    int q = r->binding[node];
    double dual = r->dual[node];
    if (q < 0) {
        pay(sc, slope, dual, sc->harden, sc->harden_start[node], sc->harden_start[node + 1]);
        return;
    }
    pay(sc, slope, dual, sc->backup, sc->backup_start[q], sc->backup_start[q + 1]);
    int taken = 0;
    for (int last = 0; last < 2; last++)
        for (int k = sc->member_start[q]; k < sc->member_start[q + 1] && taken < sc->defeat[q]; k++) {
            int rank = r->rank[sc->member[k]];
            if (rank < 0 || (last ? rank != r->last[q] : rank >= r->last[q])) continue;
            r->dual[sc->member[k]] += dual;
            taken++;
        }
}

hf_err hf_recourse_solve(const hf_scene *sc, const double *y, hf_recourse *r, double *ret_loss, double *slope, double *ret_constant)
{
    hf_err err = HF_OK;
    double loss = 0, constant = 0;
    r->n_settled = r->n_heap = 0;
    for (int v = 0; v < sc->n_nodes; v++) r->u[v] = 1, r->rank[v] = -1, r->binding[v] = -1;
    for (int q = 0; q < sc->n_requirements; q++) r->count[q] = 0, r->sum[q] = 0, r->last[q] = -1;
    for (int v = 0; v < sc->n_nodes; v++)
        if (sc->damaged[v]) HF_TRY(offer(r, v, y_sum(sc, y, sc->harden, sc->harden_start[v], sc->harden_start[v + 1]), -1));
    while (r->n_heap > 0) {
        int v = heap_pop(r);
        if (r->rank[v] < 0) HF_TRY(settle(sc, y, r, v));
    }
    for (int k = 0; k < r->n_settled; k++) {
        int v = r->order[k];
        r->dual[v] = sc->weight[v];
        loss += sc->weight[v] * (1 - r->u[v]);
        constant += sc->weight[v];
    }
    if (slope) {
        memset(slope, 0, (size_t)sc->n_measures * sizeof *slope);
        for (int k = r->n_settled - 1; k >= 0; k--) hand_on(sc, r, slope, r->order[k]);
        *ret_constant = constant;
    }
    *ret_loss = loss;
out:
    return err;
}
