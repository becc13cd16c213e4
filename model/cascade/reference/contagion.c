#include "model/cascade/reference/contagion.h"

#include <math.h>

#include "base/alloc.h"
#include "base/rng.h"
#include "model/cascade/reference/graph.h"

enum { BISECTIONS = 200, MAX_STEPS = 1000000 };
#define LEAST_PHI 1e-4
#define MOST_DEGREE 700.0 /* exp(-z) is still a normal number */

/* The largest degree at which one failed neighbour is enough, by the comparison the contagion itself uses. */
static int vulnerable_degree(double phi)
{
    int k = (int)floor(1 / phi);
    while (k > 1 && 1.0 / k < phi) k--;
    while (1.0 / (k + 1) >= phi) k++;
    return k;
}

/* sum_{k <= K} k (k - 1) p_k / z - 1 = z Prob(Poisson(z) <= K - 2) - 1. By terms from the largest downwards in logarithms, so that
 * a large z does not underflow. */
static double window_excess(int vulnerable, double z)
{
    double sum = 0;
    if (vulnerable < 2) return -1;
    for (int j = 0; j <= vulnerable - 2; j++) sum += exp(j * log(z) - z - lgamma(j + 1.0));
    return z * sum - 1;
}

/* Where the excess changes its sign between z = inside (positive) and z = outside (not positive). */
static double edge_find(int vulnerable, double inside, double outside)
{
    for (int step = 0; step < BISECTIONS; step++) {
        double middle = inside + (outside - inside) / 2;
        if (middle == inside || middle == outside) break;
        if (window_excess(vulnerable, middle) > 0) inside = middle;
        else outside = middle;
    }
    return inside;
}

/* The mean degree with the largest excess, which rises and then falls. */
static double excess_top(int vulnerable)
{
    const double golden = 0.61803398874989485;
    double low = 0.5, high = vulnerable + 1.0;
    for (int step = 0; step < BISECTIONS && high - low > 1e-10; step++) {
        double a = high - golden * (high - low), b = low + golden * (high - low);
        if (window_excess(vulnerable, a) < window_excess(vulnerable, b)) low = a;
        else high = b;
    }
    return low;
}

hf_err hf_contagion_window(double phi, double *ret_low, double *ret_high)
{
    if (!(phi >= LEAST_PHI && phi <= 1)) return HF_E_RANGE;
    int vulnerable = vulnerable_degree(phi);
    double top = excess_top(vulnerable);
    if (!(window_excess(vulnerable, top) > 0)) return HF_E_NO_ANSWER;
    /* At z = 1 no more than all nodes of all degrees percolate; at 2 K + 20 hardly any node is vulnerable. */
    *ret_low = edge_find(vulnerable, top, 1);
    *ret_high = edge_find(vulnerable, top, 2.0 * vulnerable + 20);
    return HF_OK;
}

hf_err hf_contagion_trigger_share(double phi, double z, double *ret_share)
{
    if (!(phi >= LEAST_PHI && phi <= 1) || !(z >= 0 && z <= MOST_DEGREE)) return HF_E_RANGE;
    int vulnerable = vulnerable_degree(phi);
    double u = 0;
    if (z <= 0 || window_excess(vulnerable, z) <= 0) {
        *ret_share = 0;
        return HF_OK;
    }
    for (int step = 0; step < MAX_STEPS; step++) {
        double sum = 0, term = exp(-z), power = 1, old = u;
        for (int j = 0; j < vulnerable; j++) {
            sum += term * (1 - power);
            term *= z / (j + 1);
            power *= u;
        }
        u = 1 - sum;
        if (fabs(u - old) <= 1e-15) {
            *ret_share = -expm1(-z * (1 - u));
            return HF_OK;
        }
    }
    return HF_E_NO_CONVERGENCE;
}

/* One contagion; `round_of` holds -1 for every node and `hit` 0 on entry. `queue` receives the failed nodes in
 * order; returns their number. */
static int spread(const hf_graph *g, const double *threshold, double phi, const int *seed, int n_seeds, int *round_of, int *hit, int *queue)
{
    int tail = 0;
    for (int k = 0; k < n_seeds; k++) {
        if (round_of[seed[k]] >= 0) continue;
        round_of[seed[k]] = 0;
        queue[tail++] = seed[k];
    }
    for (int head = 0; head < tail; head++) {
        int v = queue[head];
        for (size_t a = g->first[v]; a < g->first[v + 1]; a++) {
            int w = g->to[a];
            double degree = (double)(g->first[w + 1] - g->first[w]);
            hit[w]++;
            if (round_of[w] >= 0 || hit[w] / degree < (threshold ? threshold[w] : phi)) continue;
            round_of[w] = round_of[v] + 1;
            queue[tail++] = w;
        }
    }
    return tail;
}

hf_err hf_contagion_run(int n, const int *from, const int *to, int m, const double *threshold, const int *seed, int n_seeds, int *round_of,
    int *ret_failed)
{
    hf_graph g = {0};
    int *hit = NULL, *queue = NULL;
    hf_err err = HF_OK;
    if (n < 1 || n_seeds < 0) return HF_E_RANGE;
    for (int v = 0; v < n; v++)
        if (!(threshold[v] > 0)) return HF_E_RANGE;
    for (int k = 0; k < n_seeds; k++)
        if (seed[k] < 0 || seed[k] >= n) return HF_E_RANGE;
    HF_TRY(hf_graph_build(n, from, to, m, false, &g));
    hit = hf_calloc((size_t)n, sizeof *hit);
    queue = hf_calloc((size_t)n, sizeof *queue);
    if (!hit || !queue) HF_TRY(HF_E_NOMEM);
    for (int v = 0; v < n; v++) round_of[v] = -1;
    int failed = spread(&g, threshold, 0, seed, n_seeds, round_of, hit, queue);
    if (ret_failed) *ret_failed = failed;
out:
    hf_graph_done(&g);
    hf_free(hit);
    hf_free(queue);
    return err;
}

/* Puts the state before a contagion back by visiting only what it touched. */
static void spread_undo(const hf_graph *g, const int *queue, int failed, int *round_of, int *hit)
{
    for (int k = 0; k < failed; k++) {
        round_of[queue[k]] = -1;
        for (size_t a = g->first[queue[k]]; a < g->first[queue[k] + 1]; a++) hit[g->to[a]] = 0;
    }
}

hf_err hf_contagion_experiment(int n, double z, double phi, double global_share, int n_trials, uint64_t seed, double *ret_share)
{
    hf_graph g = {0};
    int *round_of = NULL, *hit = NULL, *queue = NULL, global = 0;
    hf_rng rng = {seed, 1, 0};
    hf_err err = HF_OK;
    if (n < 1 || n_trials < 1 || !(phi > 0) || !(global_share >= 0 && global_share <= 1)) return HF_E_RANGE;
    HF_TRY(hf_graph_er(n, z, seed, 0, &g));
    round_of = hf_malloc((size_t)n * sizeof *round_of);
    hit = hf_calloc((size_t)n, sizeof *hit);
    queue = hf_calloc((size_t)n, sizeof *queue);
    if (!round_of || !hit || !queue) HF_TRY(HF_E_NOMEM);
    for (int v = 0; v < n; v++) round_of[v] = -1;
    for (int trial = 0; trial < n_trials; trial++) {
        int start = (int)hf_rng_below(&rng, (uint64_t)n);
        int failed = spread(&g, NULL, phi, &start, 1, round_of, hit, queue);
        global += failed > global_share * n;
        spread_undo(&g, queue, failed, round_of, hit);
    }
    *ret_share = (double)global / n_trials;
out:
    hf_graph_done(&g);
    hf_free(round_of);
    hf_free(hit);
    hf_free(queue);
    return err;
}
