/* Reference model: threshold contagion. A node fails once the failed share of its neighbours reaches its threshold; failed nodes stay
 * failed. Watts, "A simple model of global cascades on random networks", Proc. Natl. Acad. Sci. 99, 5766, 2002.
 *
 * A node of degree k with threshold phi falls to a single failed neighbour when 1 / k >= phi, that is k <= K = floor(1 / phi). On a large
 * Erdős–Rényi graph with mean degree z (Poisson degrees p_k) one failed node can set off a cascade over a finite share of the graph when
 * these vulnerable nodes percolate: sum over k <= K of k (k - 1) p_k > z. */
#ifndef HF_CASCADE_REFERENCE_CONTAGION_H
#define HF_CASCADE_REFERENCE_CONTAGION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

/* The window *ret_low < z < *ret_high of mean degrees in which global cascades are possible for one threshold phi (> 0 .. 1) everywhere, to
 * the last digits. HF_E_RANGE for other phi or phi < 10^-4, HF_E_NO_ANSWER when no mean degree permits them (phi > 1/4). O(1 / phi). */
hf_err hf_contagion_window(double phi, double *ret_low, double *ret_high);

/* The share of nodes whose failure alone sets off a global cascade on an infinite Erdős–Rényi graph by way of vulnerable nodes: those in or
 * next to the giant cluster of vulnerable nodes (Watts' extended vulnerable cluster), 1 - exp(-z (1 - u)) with u the least solution of
 * u = 1 - sum_{j < K} q_j (1 - u^j), q_j Poisson of mean z. A lower bound: several small clusters may act together. 0 outside the window.
 * phi as above, z 0 .. 700, else HF_E_RANGE; HF_E_NO_CONVERGENCE within about 10^-6 of the edge of the window. */
hf_err hf_contagion_trigger_share(double phi, double z, double *ret_share);

/* Runs one contagion on an undirected graph of n nodes and m edges from[e] - to[e] (no loops; HF_E_RANGE, see graph.h), with
 * threshold[v] > 0 (above 1: never fails by contagion), from the n_seeds (0 ..) nodes seed[]. A node without neighbours fails only as a
 * seed. In each round the nodes whose share of failed neighbours had reached their threshold fail together. round_of[n] receives the round
 * of each node's failure, 0 for seeds, -1 for nodes that stand; *ret_failed (may be NULL) their number. HF_E_RANGE for a seed outside
 * 0 .. n-1, a threshold that is not above 0, no nodes; HF_E_NOMEM. Parallel edges count as several neighbours. O(n + m). */
hf_err hf_contagion_run(int n, const int *from, const int *to, int m, const double *threshold, const int *seed, int n_seeds, int *round_of,
    int *ret_failed);

/* Draws one Erdős–Rényi graph of n nodes and mean degree z (0 .. n-1) from `seed` and fails one random node at a time, n_trials (1 ..)
 * times, each from the undamaged graph, one threshold phi (> 0) everywhere. *ret_share is the share of trials in which more than
 * global_share (0..1) of the nodes failed. HF_E_RANGE outside these ranges, HF_E_NOMEM. O(n + n_trials (size of the
 * cascade with its edges)). */
hf_err hf_contagion_experiment(int n, double z, double phi, double global_share, int n_trials, uint64_t seed, double *ret_share);

#endif
