/* Tarjan's strong components (SIAM J. Comput. 1, 1972), iterative, and their use on the dependency graph. */
#include "model/cascade/engine.h"

#include "base/alloc.h"

typedef struct search {
    const int *off, *to;
    int *index, *low, *cursor, *path, *open; /* path: the recursion; open: Tarjan's stack */
    int n_path, n_open, next, n_scc;
    int *scc; /* -1: not yet closed */
} search;

static void enter(search *s, int v)
{
    s->index[v] = s->low[v] = s->next++;
    s->cursor[v] = s->off[v];
    s->path[s->n_path++] = v;
    s->open[s->n_open++] = v;
}

static void leave(search *s, int v)
{
    s->n_path--;
    if (s->low[v] == s->index[v]) {
        int member;
        do s->scc[member = s->open[--s->n_open]] = s->n_scc;
        while (member != v);
        s->n_scc++;
    }
    if (s->n_path > 0) {
        int parent = s->path[s->n_path - 1];
        if (s->low[v] < s->low[parent]) s->low[parent] = s->low[v];
    }
}

static void visit(search *s, int root)
{
    enter(s, root);
    while (s->n_path > 0) {
        int v = s->path[s->n_path - 1];
        if (s->cursor[v] == s->off[v + 1]) {
            leave(s, v);
            continue;
        }
        int next = s->to[s->cursor[v]++];
        if (s->index[next] < 0) enter(s, next);
        else if (s->scc[next] < 0 && s->index[next] < s->low[v]) s->low[v] = s->index[next];
    }
}

hf_err hf_scc(int n, const int *off, const int *to, int *ret_scc, int *ret_count)
{
    int *memory = hf_malloc((size_t)n * 5 * sizeof *memory);
    if (!memory) return HF_E_NOMEM;
    search s = {.off = off, .to = to, .index = memory, .low = memory + n, .cursor = memory + 2 * (size_t)n,
                .path = memory + 3 * (size_t)n, .open = memory + 4 * (size_t)n, .scc = ret_scc};
    for (int v = 0; v < n; v++) s.index[v] = s.scc[v] = -1;
    for (int v = 0; v < n; v++)
        if (s.index[v] < 0) visit(&s, v);
    /* Components close in reverse topological order. */
    for (int v = 0; v < n; v++) ret_scc[v] = s.n_scc - 1 - ret_scc[v];
    *ret_count = s.n_scc;
    hf_free(memory);
    return HF_OK;
}

/* Writes the successors of an item in the direction supplier -> dependent (when `to` is not NULL); returns how many there are. */
static int successors(const hf_network *net, int item, int *to)
{
    int n = 0;
    if (item >= net->n_entities) {
        int comp = item - net->n_entities;
        for (int k = net->comp_off[comp]; k < net->comp_off[comp + 1]; k++, n++)
            if (to) to[n] = net->cnode_entity[net->comp_cnode[k]];
        return n;
    }
    for (int k = net->out_off[item]; k < net->out_off[item + 1]; k++, n++)
        if (to) to[n] = net->req_entity[net->sup_req[net->out_supply[k]]];
    for (int k = net->ent_cnode_off[item]; k < net->ent_cnode_off[item + 1]; k++, n++)
        if (to) to[n] = net->n_entities + net->cnode_comp[net->ent_cnode[k]];
    for (int k = net->ent_cline_off[item]; k < net->ent_cline_off[item + 1]; k++, n++)
        if (to) to[n] = net->n_entities + net->cnode_comp[net->cline_from[net->ent_cline[k]]];
    return n;
}

hf_err hf_order_compute(const hf_network *net, int *ret_scc)
{
    hf_err err = HF_OK;
    int n = net->n_entities + net->n_comps, count, *to = NULL;
    int *off = hf_malloc(((size_t)n + 1) * sizeof *off);
    if (!off) return HF_E_NOMEM;
    off[0] = 0;
    for (int v = 0; v < n; v++) off[v + 1] = off[v] + successors(net, v, NULL);
    to = hf_malloc((size_t)off[n] * sizeof *to);
    if (!to) err = HF_E_NOMEM;
    for (int v = 0; err == HF_OK && v < n; v++) successors(net, v, to + off[v]);
    if (err == HF_OK) err = hf_scc(n, off, to, ret_scc, &count);
    hf_free(off);
    hf_free(to);
    return err;
}
