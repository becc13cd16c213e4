#include "model/cascade/reference/fdna.h"

#include <math.h>

#include "base/alloc.h"
#include "model/cascade/reference/graph.h"

static bool is_level(double x)
{
    return x >= 0 && x <= 100;
}

static bool is_dependency(double alpha, double beta)
{
    return alpha >= 0 && alpha <= 1 && is_level(beta);
}

static double strength_of(double alpha, double operability)
{
    return alpha * operability + 100 * (1 - alpha);
}

hf_err hf_fdna_receiver(int n, const double *operability, const double *alpha, const double *beta, double *ret_strength,
    double *ret_criticality, double *ret_operability)
{
    double sum = 0, critical = INFINITY;
    if (n < 1) return HF_E_RANGE;
    for (int i = 0; i < n; i++) {
        if (!is_level(operability[i]) || !is_dependency(alpha[i], beta[i])) return HF_E_RANGE;
        sum += strength_of(alpha[i], operability[i]);
        critical = fmin(critical, operability[i] + beta[i]);
    }
    if (ret_strength) *ret_strength = sum / n;
    if (ret_criticality) *ret_criticality = critical;
    if (ret_operability) *ret_operability = fmin(sum / n, critical);
    return HF_OK;
}

/* Nodes in an order in which feeders come first; false when a cycle leaves some out. waits[v] comes in as 0. */
static bool order_find(const hf_graph *g, int *waits, int *order)
{
    int tail = 0;
    for (int a = 0; a < g->n_arcs; a++) waits[g->to[a]]++;
    for (int v = 0; v < g->n; v++)
        if (waits[v] == 0) order[tail++] = v;
    for (int head = 0; head < tail; head++)
        for (size_t a = g->first[order[head]]; a < g->first[order[head] + 1]; a++)
            if (--waits[g->to[a]] == 0) order[tail++] = g->to[a];
    return tail == g->n;
}

/* What a node's feeders have handed on so far. */
typedef struct intake {
    int n;
    double strength, critical;
} intake;

static void network_evaluate(const hf_graph *g, const int *order, const double *own, const double *alpha, const double *beta, intake *in,
    double *operability)
{
    for (int k = 0; k < g->n; k++) {
        int v = order[k];
        double p = own[v];
        if (in[v].n > 0) p = fmin(p, fmin(in[v].strength / in[v].n, in[v].critical));
        operability[v] = p;
        for (size_t a = g->first[v]; a < g->first[v + 1]; a++) {
            intake *to = &in[g->to[a]];
            double critical = p + beta[g->edge[a]];
            to->strength += strength_of(alpha[g->edge[a]], p);
            to->critical = to->n++ == 0 ? critical : fmin(to->critical, critical);
        }
    }
}

hf_err hf_fdna_network(int n, const double *own, const int *feeder, const int *receiver, int m, const double *alpha, const double *beta,
    double *ret_operability)
{
    hf_graph g = {0};
    int *waits = NULL, *order = NULL;
    intake *in = NULL;
    hf_err err = HF_OK;
    if (n < 1 || m < 0) return HF_E_RANGE;
    for (int v = 0; v < n; v++)
        if (!is_level(own[v])) return HF_E_RANGE;
    for (int d = 0; d < m; d++)
        if (!is_dependency(alpha[d], beta[d])) return HF_E_RANGE;
    HF_TRY(hf_graph_build(n, feeder, receiver, m, true, &g));
    waits = hf_calloc((size_t)n, sizeof *waits);
    order = hf_calloc((size_t)n, sizeof *order);
    in = hf_calloc((size_t)n, sizeof *in);
    if (!waits || !order || !in) HF_TRY(HF_E_NOMEM);
    if (!order_find(&g, waits, order)) HF_TRY(HF_E_UNSUPPORTED);
    network_evaluate(&g, order, own, alpha, beta, in, ret_operability);
out:
    hf_graph_done(&g);
    hf_free(waits);
    hf_free(order);
    hf_free(in);
    return err;
}
