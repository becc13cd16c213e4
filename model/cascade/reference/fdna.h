/* Reference model: functional dependency network analysis. A receiver works no better than the mean of what its feeders' performance
 * gives it (strength of dependency) and no better than its worst feeder plus a margin (criticality of dependency).
 * Garvey and Pinto, "Introduction to functional dependency network analysis", 2nd Int. Symp. on Engineering Systems, MIT, 2009. */
#ifndef HF_CASCADE_REFERENCE_FDNA_H
#define HF_CASCADE_REFERENCE_FDNA_H

#include "base/error.h"

/* One receiver with n feeders (1 ..) of operability operability[i] (0..100), strength alpha[i] (0..1) and criticality beta[i] (0..100):
 *     *ret_strength     SODP = mean over i of alpha_i P_i + 100 (1 - alpha_i)
 *     *ret_criticality  CODP = min over i of P_i + beta_i         (may be above 100, where it binds nothing)
 *     *ret_operability  P    = min(SODP, CODP)
 * Each may be NULL. HF_E_RANGE for arguments outside these ranges. O(n). */
hf_err hf_fdna_receiver(int n, const double *operability, const double *alpha, const double *beta, double *ret_strength,
    double *ret_criticality, double *ret_operability);

/* A network of n nodes (1 ..) and m dependencies (0 ..): feeder[d] -> receiver[d] with alpha[d], beta[d] as above. own[v] (0..100) is what
 * node v can do by itself: the operability of a node without feeders; for the others a cap, which at 100 is the published model:
 *     P_v = min(own_v, SODP_v, CODP_v),
 * written to ret_operability[n]. HF_E_RANGE for values outside the ranges, nodes outside 0 .. n-1 or a node that feeds itself;
 * HF_E_UNSUPPORTED when dependencies form a cycle, for which the model is not defined; HF_E_NOMEM. O(n + m). */
hf_err hf_fdna_network(int n, const double *own, const int *feeder, const int *receiver, int m, const double *alpha, const double *beta,
    double *ret_operability);

#endif
