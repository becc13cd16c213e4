/* Reference model: cascades by redistribution of load. Every pair of nodes exchanges one unit along its shortest paths, a node's load is
 * what passes through it (its betweenness), its capacity a fixed margin above the load it was built for; failures reroute the paths.
 * Motter and Lai, "Cascade-based attacks on complex networks", Phys. Rev. E 66, 065102, 2002. */
#ifndef HF_CASCADE_REFERENCE_LOAD_H
#define HF_CASCADE_REFERENCE_LOAD_H

#include "base/error.h"

/* Betweenness of the nodes of an undirected graph of n nodes (1 ..) and m edges from[e] - to[e] (no loops, see graph.h):
 *     ret_load[v] = sum over pairs s < t, both other than v, of the share of the shortest s-t paths that pass v.
 * Paths are counted by edges; where several are shortest, each carries the same part; pairs that are not connected carry nothing. Parallel
 * edges are paths of their own. The ends of a path bear no load (as in Brandes; counting them would add the size of the component
 * less one to each). ret_load has n places, unit: pairs. HF_E_RANGE for no nodes or a bad edge, HF_E_NOMEM.
 * O(n m) time, O(n + m) memory: Brandes, "A faster algorithm for betweenness centrality", J. Math. Sociol. 25, 163, 2001. Counts of paths
 * are kept as doubles, exact up to 2^53 and rounded above; beyond 10^300 shortest paths between two nodes the result is
 * HF_E_UNSUPPORTED. */
hf_err hf_load_betweenness(int n, const int *from, const int *to, int m, double *ret_load);

/* Removes the nodes removed[] (n_removed, 0 ..; 0 .. n-1 each) and then, round by round, every node whose load exceeds its capacity
 *     L > C = (1 + alpha) L0,   L0 the load in the undamaged graph, alpha >= 0 and finite,
 * all at once, with loads computed anew on what is left, until no node is overloaded. The comparison is strict; a load above the capacity
 * by less than 10^-10 of it is rounding and no overload.
 * round_of[n] receives 0 for the removed, 1, 2, … for the round of an overload, -1 for nodes that stand; *ret_rounds (may be NULL) the
 * last round in which a node failed; *ret_giant (may be NULL) G, the size of the largest component that is left over n.
 * HF_E_RANGE for arguments outside the ranges above, otherwise as hf_load_betweenness. O(n m) for each round. */
hf_err hf_load_cascade(int n, const int *from, const int *to, int m, double alpha, const int *removed, int n_removed, int *round_of,
    int *ret_rounds, double *ret_giant);

#endif
