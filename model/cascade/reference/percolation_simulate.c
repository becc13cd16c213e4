#include <math.h>

#include "base/alloc.h"
#include "base/rng.h"
#include "model/cascade/reference/graph.h"
#include "model/cascade/reference/percolation.h"

/* Streams of random numbers: (kind, network or coupling), so that one more network does not change the draws of the others. */
enum { STREAM_GRAPH, STREAM_ATTACK, STREAM_DEPENDS, STREAM_LINKS };
#define MAX_LINKS 1e9

typedef struct coupling {
    int dependent, supporter;
    bool *depends;  /* [nodes] */
    size_t *first;  /* [nodes + 1] rows of `link`, NULL when node i depends on node i */
    int *link;      /* supporting nodes */
} coupling;

typedef struct simulation {
    int n_networks, n_couplings, n;
    hf_graph *graph;  /* [n_networks] */
    bool *alive;      /* [n_networks][n] */
    coupling *couple; /* [n_couplings] */
    int *label, *queue;
} simulation;

static uint64_t stream_of(int kind, int index)
{
    return (uint64_t)kind << 32 | (uint32_t)index;
}

static hf_err case_check(const hf_percolation_case *c)
{
    double links = 0;
    if (c->n_networks < 1 || c->n_nodes < 1 || c->n_couplings < 0) return HF_E_RANGE;
    for (int i = 0; i < c->n_networks; i++) {
        if (!(c->mean_degree[i] >= 0 && c->mean_degree[i] <= c->n_nodes - 1)) return HF_E_RANGE;
        if (!(c->survive[i] >= 0 && c->survive[i] <= 1)) return HF_E_RANGE;
    }
    for (int k = 0; k < c->n_couplings; k++) {
        int a = c->dependent[k], b = c->supporter[k];
        if (a < 0 || a >= c->n_networks || b < 0 || b >= c->n_networks || a == b) return HF_E_RANGE;
        if (!(c->share[k] >= 0 && c->share[k] <= 1) || !(c->supporters[k] >= 0)) return HF_E_RANGE;
        links += c->supporters[k] * c->n_nodes;
    }
    return links <= MAX_LINKS ? HF_OK : HF_E_RANGE;
}

/* Draws m supply links and sorts them into rows by the node they support. */
static hf_err links_draw(coupling *k, int n, size_t m, hf_rng rng)
{
    k->first = hf_calloc((size_t)n + 1, sizeof *k->first);
    k->link = hf_calloc(m, sizeof *k->link);
    if (!k->first || !k->link) return HF_E_NOMEM;
    hf_rng again = rng;
    for (size_t l = 0; l < m; l++) {
        k->first[hf_rng_below(&rng, (uint64_t)n) + 1]++;
        hf_rng_below(&rng, (uint64_t)n);
    }
    for (int v = 0; v < n; v++) k->first[v + 1] += k->first[v];
    /* The same draws once more: cheaper than to keep them. */
    for (size_t l = 0; l < m; l++) {
        uint64_t v = hf_rng_below(&again, (uint64_t)n);
        k->link[k->first[v]++] = (int)hf_rng_below(&again, (uint64_t)n);
    }
    for (int v = n; v > 0; v--) k->first[v] = k->first[v - 1];
    k->first[0] = 0;
    return HF_OK;
}

static hf_err coupling_draw(const hf_percolation_case *c, int index, coupling *k)
{
    k->dependent = c->dependent[index];
    k->supporter = c->supporter[index];
    k->depends = hf_calloc((size_t)c->n_nodes, sizeof *k->depends);
    if (!k->depends) return HF_E_NOMEM;
    for (int v = 0; v < c->n_nodes; v++)
        k->depends[v] = hf_random_unit(c->seed, stream_of(STREAM_DEPENDS, index), (uint64_t)v) < c->share[index];
    if (c->supporters[index] <= 0) return HF_OK;
    size_t m = (size_t)floor(c->supporters[index] * c->n_nodes + 0.5);
    return links_draw(k, c->n_nodes, m, (hf_rng){c->seed, stream_of(STREAM_LINKS, index), 0});
}

static hf_err simulation_draw(const hf_percolation_case *c, simulation *s)
{
    size_t n = (size_t)c->n_nodes;
    hf_err err = HF_OK;
    s->n_networks = c->n_networks;
    s->n_couplings = c->n_couplings;
    s->n = c->n_nodes;
    s->graph = hf_calloc((size_t)c->n_networks, sizeof *s->graph);
    s->couple = hf_calloc((size_t)c->n_couplings, sizeof *s->couple);
    s->alive = hf_calloc((size_t)c->n_networks, n * sizeof *s->alive);
    s->label = hf_calloc(n, sizeof *s->label);
    s->queue = hf_calloc(n, sizeof *s->queue);
    if (!s->graph || !s->couple || !s->alive || !s->label || !s->queue) return HF_E_NOMEM;
    for (int i = 0; i < c->n_networks; i++) {
        HF_TRY(hf_graph_er(c->n_nodes, c->mean_degree[i], c->seed, stream_of(STREAM_GRAPH, i), &s->graph[i]));
        for (int v = 0; v < c->n_nodes; v++)
            s->alive[(size_t)i * n + (size_t)v] = hf_random_unit(c->seed, stream_of(STREAM_ATTACK, i), (uint64_t)v) < c->survive[i];
    }
    for (int k = 0; k < c->n_couplings; k++) HF_TRY(coupling_draw(c, k, &s->couple[k]));
out:
    return err;
}

static void simulation_done(simulation *s)
{
    for (int i = 0; s->graph && i < s->n_networks; i++) hf_graph_done(&s->graph[i]);
    for (int k = 0; s->couple && k < s->n_couplings; k++) {
        hf_free(s->couple[k].depends);
        hf_free(s->couple[k].first);
        hf_free(s->couple[k].link);
    }
    hf_free(s->graph);
    hf_free(s->couple);
    hf_free(s->alive);
    hf_free(s->label);
    hf_free(s->queue);
}

/* Fails what is outside the largest component of a network; true when something was. */
static bool network_fall(simulation *s, int network)
{
    bool *alive = s->alive + (size_t)network * (size_t)s->n, fell = false;
    int giant;
    hf_graph_giant(&s->graph[network], alive, s->label, s->queue, &giant);
    for (int v = 0; v < s->n; v++)
        if (alive[v] && s->label[v] != giant) {
            alive[v] = false;
            fell = true;
        }
    return fell;
}

static bool is_supported(const coupling *k, const bool *supporter_alive, int v)
{
    if (!k->first) return supporter_alive[v];
    for (size_t l = k->first[v]; l < k->first[v + 1]; l++)
        if (supporter_alive[k->link[l]]) return true;
    return false;
}

static bool coupling_fall(simulation *s, const coupling *k)
{
    bool *alive = s->alive + (size_t)k->dependent * (size_t)s->n, fell = false;
    const bool *supporter = s->alive + (size_t)k->supporter * (size_t)s->n;
    for (int v = 0; v < s->n; v++)
        if (alive[v] && k->depends[v] && !is_supported(k, supporter, v)) {
            alive[v] = false;
            fell = true;
        }
    return fell;
}

hf_err hf_percolation_simulate(const hf_percolation_case *drawn, double *ret_share, int *ret_rounds)
{
    simulation s = {0};
    hf_err err = HF_OK;
    int rounds = 0;
    HF_TRY(case_check(drawn));
    HF_TRY(simulation_draw(drawn, &s));
    for (bool fell = true; fell;) {
        fell = false;
        for (int i = 0; i < s.n_networks; i++) fell |= network_fall(&s, i);
        for (int k = 0; k < s.n_couplings; k++) fell |= coupling_fall(&s, &s.couple[k]);
        rounds += fell;
    }
    for (int i = 0; i < s.n_networks; i++) {
        int living = 0;
        for (int v = 0; v < s.n; v++) living += s.alive[(size_t)i * (size_t)s.n + (size_t)v];
        ret_share[i] = (double)living / s.n;
    }
    if (ret_rounds) *ret_rounds = rounds;
out:
    simulation_done(&s);
    return err;
}
