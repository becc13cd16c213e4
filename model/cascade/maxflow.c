#include "model/cascade/maxflow.h"

#include <string.h>

#include "base/alloc.h"

hf_err hf_maxflow_init(hf_maxflow *f, int nodes, int arcs)
{
    size_t n = (size_t)nodes, m = (size_t)arcs;
    *f = (hf_maxflow){.first = hf_malloc(n * sizeof(int)), .next = hf_malloc(m * sizeof(int)), .to = hf_malloc(m * sizeof(int)),
                      .left = hf_malloc(m * sizeof(double)), .level = hf_malloc(n * sizeof(int)), .cursor = hf_malloc(n * sizeof(int)),
                      .queue = hf_malloc(n * sizeof(int)), .path = hf_malloc(n * sizeof(int))};
    return f->first && f->next && f->to && f->left && f->level && f->cursor && f->queue && f->path ? HF_OK : HF_E_NOMEM;
}

void hf_maxflow_done(hf_maxflow *f)
{
    void *blocks[] = {f->first, f->next, f->to, f->left, f->level, f->cursor, f->queue, f->path};
    for (size_t k = 0; k < sizeof blocks / sizeof *blocks; k++) hf_free(blocks[k]);
    *f = (hf_maxflow){0};
}

void hf_maxflow_clear(hf_maxflow *f, int nodes, double tolerance)
{
    f->n_nodes = nodes;
    f->n_arcs = 0;
    f->tolerance = tolerance;
    for (int v = 0; v < nodes; v++) f->first[v] = -1;
}

static void half(hf_maxflow *f, int from, int to, double capacity)
{
    int a = f->n_arcs++;
    f->to[a] = to;
    f->left[a] = capacity;
    f->next[a] = f->first[from];
    f->first[from] = a;
}

int hf_maxflow_arc(hf_maxflow *f, int from, int to, double capacity, double back)
{
    half(f, from, to, capacity);
    half(f, to, from, back);
    return f->n_arcs - 2;
}

void hf_maxflow_reach(hf_maxflow *f, int source, int avoid)
{
    int n = 0;
    memset(f->level, -1, (size_t)f->n_nodes * sizeof *f->level);
    f->level[source] = 0;
    f->queue[n++] = source;
    for (int k = 0; k < n; k++) {
        int v = f->queue[k];
        for (int a = f->first[v]; a >= 0; a = f->next[a]) {
            int w = f->to[a];
            if (f->left[a] <= f->tolerance || f->level[w] >= 0 || w == avoid) continue;
            f->level[w] = f->level[v] + 1;
            f->queue[n++] = w;
        }
    }
}

/* Pushes what the path of `length` arcs bears; returns the position of the first arc that has nothing left. */
static int path_push(hf_maxflow *f, int length)
{
    double most = f->left[f->path[0]];
    int stop = -1;
    for (int k = 1; k < length; k++)
        if (f->left[f->path[k]] < most) most = f->left[f->path[k]];
    for (int k = 0; k < length; k++) {
        int a = f->path[k];
        f->left[a] -= most;
        f->left[a ^ 1] += most;
        if (stop < 0 && f->left[a] <= f->tolerance) stop = k;
    }
    return stop;
}

/* Fills the present level graph: a walk that goes on, pushes at the sink, and steps back where no arc leads further. */
static void blocking_flow(hf_maxflow *f, int source, int sink)
{
    int length = 0, v = source;
    memcpy(f->cursor, f->first, (size_t)f->n_nodes * sizeof *f->cursor);
    for (;;) {
        if (v == sink) {
            length = path_push(f, length);
            v = f->to[f->path[length] ^ 1];
            continue;
        }
        int a = f->cursor[v];
        while (a >= 0 && (f->left[a] <= f->tolerance || f->level[f->to[a]] != f->level[v] + 1)) a = f->next[a];
        f->cursor[v] = a;
        if (a >= 0) {
            f->path[length++] = a;
            v = f->to[a];
        } else if (v == source) return;
        else {
            f->level[v] = -1;
            v = f->to[f->path[--length] ^ 1];
        }
    }
}

void hf_maxflow_augment(hf_maxflow *f, int source, int sink)
{
    for (;;) {
        hf_maxflow_reach(f, source, -1);
        if (f->level[sink] < 0) return;
        blocking_flow(f, source, sink);
    }
}
