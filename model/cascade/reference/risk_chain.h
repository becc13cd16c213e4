/* Reference model: cumulative risk of a chain of dependencies between infrastructures. A failure is handed on along the chain with the
 * likelihood of each dependency; every infrastructure it reaches adds its impact.
 * Kotzanikolaou, Theoharidou, Gritzalis, "Assessing n-order dependencies between critical infrastructures", Int. J. Critical
 * Infrastructures 9, 93, 2013. */
#ifndef HF_CASCADE_REFERENCE_RISK_CHAIN_H
#define HF_CASCADE_REFERENCE_RISK_CHAIN_H

#include "base/error.h"

/* A chain of n dependencies (1 ..), dependency k with likelihood[k] (0..1) and impact[k] (>= 0, finite, any unit):
 *     *ret_risk = sum over k of (likelihood_1 · … · likelihood_k) impact_k, in the unit of the impacts.
 * ret_order_risk[n] (may be NULL) receives the terms, the risk of order k on its own. HF_E_RANGE for other arguments. O(n). */
hf_err hf_risk_chain(int n, const double *likelihood, const double *impact, double *ret_risk, double *ret_order_risk);

/* The chain of highest cumulative risk in a graph of n nodes (1 ..) and m dependencies from[d] -> to[d] (0 .. n-1, not to itself) with
 * likelihoods and impacts as above: it starts at node `start`, has 1 .. max_order dependencies (max_order 1 .. 16; the paper looks at 5)
 * and meets no node twice. Of chains with equal risk the shortest, then the one with the first dependencies in the order given, is taken.
 * chain[max_order] receives its dependencies, *ret_length their number (0 when nothing depends on `start`), *ret_risk its risk.
 * HF_E_RANGE for other arguments, HF_E_NOMEM. All chains are walked: O(n + m + number of chains), which grows as degree^max_order. */
hf_err hf_risk_worst_chain(int n, const int *from, const int *to, int m, const double *likelihood, const double *impact, int start,
    int max_order, int *chain, int *ret_length, double *ret_risk);

#endif
