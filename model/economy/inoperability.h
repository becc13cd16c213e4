/* The inoperability input-output model: which share of what it should do each system cannot do, once others cannot.
 *
 *     static   q = A* q + c*                              q = (I - A*)^-1 c*
 *     dynamic  q(k+1) = q(k) + K (A* q(k) + c*(k) - q(k))        dq/dt = K (A* q + c* - q)
 *
 * q [n] inoperability, 0 (all works) to 1 (nothing); c* [n] what hits each system from outside; a*_ij what system i loses when j is wholly
 * inoperable; K = diag(k) how fast systems recover, per unit of time. Sources: Haimes & Jiang, "Leontief-based model of risk in complex
 * interconnected infrastructures", Journal of Infrastructure Systems 7 (2001), 1-12; Santos & Haimes, "Modeling the demand reduction
 * input-output inoperability due to terrorism of interconnected infrastructures", Risk Analysis 24 (2004), 1437-1451; Lian & Haimes, "Managing
 * the risk of terrorism to interdependent infrastructure systems through the dynamic inoperability input-output model", Systems Engineering 9
 * (2006), 241-258. Solutions are not limited to 0..1 by the model: hf_iim_clip does it and says so. */
#ifndef HF_MODEL_ECONOMY_INOPERABILITY_H
#define HF_MODEL_ECONOMY_INOPERABILITY_H

#include "base/diag.h"
#include "base/error.h"
#include "model/economy/linear.h"
#include "model/economy/table.h"

typedef enum hf_iim_side {
    HF_IIM_DEMAND, /* a*_ij = z_ij / x_i: less is bought of i because j makes less (Santos & Haimes 2004) */
    HF_IIM_SUPPLY  /* a*_ji = z_ij / x_j: j makes less because less comes from i; Ghosh's model in shares (Leung, Haimes & Santos,
                      "Supply- and output-side extensions to the inoperability input-output model", Journal of Infrastructure Systems 13, 2007) */
} hf_iim_side;

/* A* of a table, ret_a [n x n] row-major. Industries without output have empty rows and columns. */
void hf_iim_coefficients(const hf_io_table *table, hf_iim_side side, double *ret_a);

typedef struct hf_iim {
    int n;
    double *a;     /* [n x n] A* */
    double radius; /* spectral radius of A* (upper bound, hf_spectral_radius) */
    hf_lu *lu;     /* of I - A* */
} hf_iim;

/* Copies A* [n x n] and factorises I - A*; n >= 1, `threads` >= 1. HF_E_RANGE with a finding for a coefficient that is negative or not finite
 * and for n < 1; HF_E_NO_ANSWER with a finding when the spectral radius is 1 or more: inoperability would then feed on itself without end.
 * HF_E_NOMEM. The caller frees. 2/3 n^3 operations. */
hf_err hf_iim_new(int n, const double *a, int threads, hf_diag *diag, hf_iim **ret_iim);
void hf_iim_free(hf_iim *iim);

/* The static answer, ret_q = (I - A*)^-1 c, both [n] and possibly the same array. Not limited to 1. One solve, 2 n^2 operations. */
void hf_iim_solve(const hf_iim *iim, const double *c, double *ret_q);

/* Limits q [n] to 0..1 and returns how many were outside (by more than 1e-12), each with a warning. `name` [n] may be NULL: systems then are
 * called by their number from 1. */
int hf_iim_clip(int n, double *q, const char *const *name, hf_diag *diag);

/* Setola's indices, [n] each: dependency_i is the mean over j /= i of m_ij, influence_j the mean over i /= j. `order` 1: m = A*, the direct
 * ones; k: m = (A*)^k, what arrives over exactly k links; 0: m = (I - A*)^-1, the overall ones, whose off-diagonal cells are the sum over all
 * orders (Setola, De Porcellinis & Sforna, "Critical infrastructure dependency assessment using the input-output inoperability model",
 * International Journal of Critical Infrastructure Protection 2 (2009), 170-178). 0 for n = 1. Either result may be NULL. O(n^3) for each
 * order after the first. HF_E_RANGE for order < 0, HF_E_NOMEM. */
hf_err hf_iim_indices(const hf_iim *iim, int order, int threads, double *ret_dependency, double *ret_influence);

/* ---- recovery over time ---- */

#define HF_DIIM_LAMBDA 0.01

/* Recovery rates from recovery times: k_i = -ln(lambda_i) / (tau_i (1 - a*_ii)), so that system i alone is down to lambda_i of its
 * inoperability after tau_i (Lian & Haimes 2006, section 3). `lambda` NULL: HF_DIIM_LAMBDA for all. ret_k [n], per unit of tau.
 * HF_E_RANGE unless tau > 0 and finite, 0 < lambda < 1 and a*_ii < 1. */
hf_err hf_diim_rates(const hf_iim *iim, const double *tau, const double *lambda, double *ret_k);

/* The state t units of time after q0 in continuous time, c held constant (NULL: none): with q_end = (I - A*)^-1 c,
 *     ret_q = q_end + exp(-K (I - A*) t) (q0 - q_end),      ret_integral = integral of q from 0 to t
 * both [n]; ret_integral may be NULL, x_i times it is what i does not make (Q_i, x per unit of time). t >= 0; INFINITY gives the end. The
 * exponential is a sum of terms of one sign (uniformisation: Jensen 1953; Stewart, Numerical Solution of Markov Chains, 1994, 8.3).
 * HF_E_RANGE for t < 0, k <= 0, and for an integral without end; HF_E_NOMEM. About 3 n^2 max(k) t operations. */
hf_err hf_diim_at(const hf_iim *iim, const double *k, const double *q0, const double *c, double t, double *ret_q, double *ret_integral);

/* Step by step, with an outside shock that changes. */
typedef struct hf_diim {
    const hf_iim *iim; /* must outlive this */
    double *k;         /* [n] per step */
    double *q;         /* [n] inoperability after `step` steps, not limited to 1 */
    double *integral;  /* [n] of q over the steps so far, by trapezoids */
    double *next;      /* [n] */
    int step;
} hf_diim;

/* At rest (q = 0) in step 0; write q for another start. HF_E_RANGE with a finding unless every k is above 0 and finite; HF_E_NO_ANSWER with a
 * finding when the spectral radius of |I - K (I - A*)| is 1 or more: then steps may grow without end though q does not in continuous time;
 * rates per step up to 1 never are a reason for that. HF_E_NOMEM. The caller frees. */
hf_err hf_diim_new(const hf_iim *iim, const double *k, hf_diag *diag, hf_diim **ret_diim);
void hf_diim_free(hf_diim *diim);

/* One step with c [n] (NULL: none). n^2 operations. */
void hf_diim_step(hf_diim *diim, const double *c);

#endif
