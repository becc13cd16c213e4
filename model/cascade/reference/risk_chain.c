#include "model/cascade/reference/risk_chain.h"

#include <string.h>

#include "base/alloc.h"
#include "model/cascade/reference/graph.h"

enum { MAX_ORDER = 16 };

static hf_err risks_check(int n, const double *likelihood, const double *impact)
{
    for (int k = 0; k < n; k++)
        if (!(likelihood[k] >= 0 && likelihood[k] <= 1) || !(impact[k] >= 0 && impact[k] <= 1e300)) return HF_E_RANGE;
    return HF_OK;
}

hf_err hf_risk_chain(int n, const double *likelihood, const double *impact, double *ret_risk, double *ret_order_risk)
{
    double sum = 0, reached = 1;
    if (n < 1) return HF_E_RANGE;
    hf_err err = risks_check(n, likelihood, impact);
    if (err != HF_OK) return err;
    for (int k = 0; k < n; k++) {
        reached *= likelihood[k];
        sum += reached * impact[k];
        if (ret_order_risk) ret_order_risk[k] = reached * impact[k];
    }
    *ret_risk = sum;
    return HF_OK;
}

/* A chain that is being walked: its last node is behind at[length], the next arc to try from there. */
typedef struct walk {
    int length;
    int node[MAX_ORDER + 1], edge[MAX_ORDER];
    size_t at[MAX_ORDER + 1];
    double reached[MAX_ORDER + 1], risk[MAX_ORDER + 1];
} walk;

typedef struct worst {
    int length, edge[MAX_ORDER];
    double risk;
} worst;

static void step_enter(walk *w, const hf_graph *g, size_t arc, const double *likelihood, const double *impact, bool *on_chain)
{
    int k = w->length, e = g->edge[arc];
    w->edge[k] = e;
    w->node[k + 1] = g->to[arc];
    w->reached[k + 1] = w->reached[k] * likelihood[e];
    w->risk[k + 1] = w->risk[k] + w->reached[k + 1] * impact[e];
    w->at[k + 1] = g->first[g->to[arc]];
    w->length++;
    on_chain[g->to[arc]] = true;
}

static void worst_note(worst *best, const walk *w)
{
    double risk = w->risk[w->length];
    if (best->length > 0 && !(risk > best->risk || (risk >= best->risk && w->length < best->length))) return;
    best->risk = risk;
    best->length = w->length;
    memcpy(best->edge, w->edge, (size_t)w->length * sizeof *w->edge);
}

static void chains_walk(const hf_graph *g, const double *likelihood, const double *impact, int start, int max_order, bool *on_chain,
    worst *best)
{
    walk w = {.node = {start}, .at = {g->first[start]}, .reached = {1}};
    on_chain[start] = true;
    for (;;) {
        int k = w.length, v = w.node[k];
        if (k < max_order && w.at[k] < g->first[v + 1]) {
            size_t arc = w.at[k]++;
            if (on_chain[g->to[arc]]) continue;
            step_enter(&w, g, arc, likelihood, impact, on_chain);
            worst_note(best, &w);
        } else {
            if (k == 0) return;
            on_chain[v] = false;
            w.length--;
        }
    }
}

hf_err hf_risk_worst_chain(int n, const int *from, const int *to, int m, const double *likelihood, const double *impact, int start,
    int max_order, int *chain, int *ret_length, double *ret_risk)
{
    hf_graph g = {0};
    bool *on_chain = NULL;
    worst best = {0};
    hf_err err = HF_OK;
    if (n < 1 || m < 0 || start < 0 || start >= n || max_order < 1 || max_order > MAX_ORDER) return HF_E_RANGE;
    HF_TRY(risks_check(m, likelihood, impact));
    HF_TRY(hf_graph_build(n, from, to, m, true, &g));
    on_chain = hf_calloc((size_t)n, sizeof *on_chain);
    if (!on_chain) HF_TRY(HF_E_NOMEM);
    chains_walk(&g, likelihood, impact, start, max_order, on_chain, &best);
    memcpy(chain, best.edge, (size_t)best.length * sizeof *chain);
    *ret_length = best.length;
    *ret_risk = best.risk;
out:
    hf_graph_done(&g);
    hf_free(on_chain);
    return err;
}
