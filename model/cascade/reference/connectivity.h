/* Reference model: how much of a network's connections a failure costs.
 *
 * With S_i the sources from which demand i can be reached, N_i their number, d_ji the length of the shortest path and W_i = N_i times the
 * sum over S_i of 1 / d_ji, each before (0) and after a failure:
 *     complete loss  CCL = 1 - (demands that a source reaches after) / (demands that a source reached before)
 *     partial loss   PCL = mean over those demands of 1 - N_i / N_i0
 *     weighted loss  WCL = mean over those demands of 1 - W_i / W_i0
 *     efficiency     E   = mean over all ordered pairs of different nodes of 1 / d (0 without a path); its loss is 1 - E / E_0
 * Losses: Poljanšek, Bono, Gutiérrez, Earthq. Eng. Struct. Dyn. 41, 61, 2012; Pitilakis et al. (eds.), SYNER-G, Springer 2014; as in
 * Poudel, Pitilakis, Silva, Rao, Bull. Earthq. Eng. 21, 2023. Efficiency: Latora and Marchiori, Phys. Rev. Lett. 87, 198701, 2001. A node
 * that is a source and a demand does not supply itself. */
#ifndef HF_CASCADE_REFERENCE_CONNECTIVITY_H
#define HF_CASCADE_REFERENCE_CONNECTIVITY_H

#include <stdbool.h>

#include "base/error.h"

/* A network before and after a failure. Arrays are read only and stay the caller's. */
typedef struct hf_connectivity_case {
    int n, m;              /* nodes 1 .., edges 0 .. */
    const int *from, *to;  /* [m] 0 .. n-1, no loops; of parallel edges the shortest counts */
    bool directed;         /* edges lead only from `from` to `to` */
    const double *length;  /* [m] 1e-290 .. 1e290, any unit; NULL: all 1 */
    const bool *node_down; /* [n] nodes that fail, with their edges; NULL: none */
    const bool *edge_down; /* [m] edges that fail; NULL: none */
} hf_connectivity_case;

/* CCL, PCL and WCL (each 0..1, each may be NULL) of the sources source[n_sources] and demands demand[n_demands] (1 .. each, nodes; one
 * named twice counts twice). HF_E_RANGE for arguments outside the ranges above, HF_E_NO_ANSWER when no source reached a demand before the
 * failure, HF_E_NOMEM. O(n_sources (n_demands + m log n)). */
hf_err hf_connectivity_loss(const hf_connectivity_case *c, const int *source, int n_sources, const int *demand, int n_demands,
    double *ret_complete, double *ret_partial, double *ret_weighted);

/* The efficiency before and after the failure (failed nodes still count among the pairs) and its loss 0..1; each may be NULL.
 * HF_E_RANGE as above, HF_E_NO_ANSWER when the efficiency before was 0 (no edge), HF_E_NOMEM. O(n m log n). */
hf_err hf_connectivity_efficiency(const hf_connectivity_case *c, double *ret_before, double *ret_after, double *ret_loss);

#endif
