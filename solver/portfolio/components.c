/* R. Tarjan: Depth-first search and linear graph algorithms, SIAM J. Comput. 1 (1972) 146-160. */
#include "solver/portfolio/components.h"

#include "base/alloc.h"

void hf_components_done(hf_components *x)
{
    void *blocks[] = {x->start, x->node, x->index, x->low, x->cursor, x->path, x->open};
    for (size_t k = 0; k < sizeof blocks / sizeof *blocks; k++) hf_free(blocks[k]);
    *x = (hf_components){0};
}

static hf_err room(hf_components *x, size_t n)
{
    if (n <= x->capacity) return HF_OK;
    hf_components_done(x);
    int **lists[] = {&x->start, &x->node, &x->index, &x->low, &x->cursor, &x->path, &x->open};
    for (size_t k = 0; k < sizeof lists / sizeof *lists; k++) {
        *lists[k] = hf_malloc((2 * n + 2) * sizeof(int));
        if (!*lists[k]) return HF_E_NOMEM;
    }
    x->capacity = 2 * n;
    return HF_OK;
}

/* The nodes above v on Tarjan's stack, v among them, are a component. Returns the stack's new height. */
static int component_close(hf_components *x, int v, int n_open, int *n_out)
{
    int w;
    do {
        w = x->open[--n_open];
        x->low[w] = -1; /* is in a component */
        x->node[(*n_out)++] = w;
    } while (w != v);
    x->start[++x->n] = *n_out;
    return n_open;
}

hf_err hf_components_find(int n, const int *edge_start, const int *edge, hf_components *x)
{
    int count = 0, n_out = 0, n_open = 0;
    hf_err err = room(x, (size_t)n);
    if (err != HF_OK) return err;
    x->n = 0;
    x->start[0] = 0;
    for (int v = 0; v < n; v++) x->index[v] = -1;
    for (int root = 0; root < n; root++) {
        int depth = 0;
        if (x->index[root] >= 0) continue;
        x->path[depth++] = root;
        while (depth > 0) {
            int v = x->path[depth - 1];
            if (x->index[v] < 0) {
                x->index[v] = x->low[v] = count++;
                x->cursor[v] = edge_start[v];
                x->open[n_open++] = v;
            }
            if (x->cursor[v] < edge_start[v + 1]) {
                int w = edge[x->cursor[v]];
                if (x->index[w] < 0) {
                    x->path[depth++] = w; /* comes back to this edge */
                } else {
                    x->cursor[v]++;
                    if (x->low[w] >= 0 && x->low[w] < x->low[v]) x->low[v] = x->low[w];
                }
                continue;
            }
            if (x->low[v] == x->index[v]) n_open = component_close(x, v, n_open, &n_out);
            depth--;
        }
    }
    return HF_OK;
}
