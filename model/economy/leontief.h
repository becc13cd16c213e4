/* The open static model: x = L y with L = (I - A)^-1, and x' = v' G with G = (I - B)^-1.
 *
 * A = z_ij / x_j (inputs per unit of the buyer's output), B = z_ij / x_i (sales per unit of the seller's). B = x^-1 A x, so that
 * G_ij = L_ij x_j / x_i and one factorisation of I - A serves both (Miller & Blair 2009, chapters 2 and 12, equation 12.20).
 * Industries without output have empty rows and columns in A and B. */
#ifndef HF_MODEL_ECONOMY_LEONTIEF_H
#define HF_MODEL_ECONOMY_LEONTIEF_H

#include "base/diag.h"
#include "base/error.h"
#include "model/economy/linear.h"
#include "model/economy/table.h"

typedef struct hf_leontief {
    int n;
    int threads;
    double *a;         /* [n x n] A */
    double *x;         /* [n] output of the table */
    double *y;         /* [n] final demand of the table, x - A x: what makes x = L y exact also for an unbalanced table */
    double *intensity; /* [n] value added per unit of output, 0 without output */
    hf_lu *lu;         /* of I - A */
    double *inverse;   /* [n x n] L, NULL until hf_leontief_invert */
} hf_leontief;

/* Copies what it needs of a table: A, output, intensities; factorises I - A. HF_E_NO_ANSWER (with a finding) when the spectral radius of A
 * is 1 or more; HF_E_DATA when a flow is negative, not finite, or goes to or from an industry without output (clean first); HF_E_NOMEM.
 * 2/3 n^3 operations, 16 n^2 bytes. The caller frees. `threads` >= 1 is used for this and all later calls. */
hf_err hf_leontief_new(const hf_io_table *table, int threads, hf_diag *diag, hf_leontief **ret_leontief);
void hf_leontief_free(hf_leontief *leontief);

/* Output for a final demand: ret_x = L y, both [n]; may be the same array. One solve, 2 n^2 operations. */
void hf_leontief_output(const hf_leontief *leontief, const double *y, double *ret_x);

/* Output for a value added per industry: ret_x' = v' G, both [n] (Ghosh 1958); may be the same array. One solve. */
void hf_leontief_output_from_supply(const hf_leontief *leontief, const double *v, double *ret_x);

/* As hf_leontief_output by the power series y + A y + A^2 y + ..., straight from the flows of a table: for one shock on a large sparse
 * table, no factorisation. Ends when a term is below `tolerance` (> 0) times the sum so far (1-norms). `inverse_x` [n] is 1 / x, 0 without
 * output; work [2 n]. HF_E_NO_CONVERGENCE after `max_terms`: ret_x then holds what was summed. */
hf_err hf_leontief_series(const hf_flows *z, const double *inverse_x, const double *y, double tolerance, int max_terms, double *work,
                          double *ret_x);

/* Computes and keeps L: after that linkages and extraction are O(n) each. Does nothing when it is there. 2 n^3 operations. HF_E_NOMEM. */
hf_err hf_leontief_invert(hf_leontief *leontief);

/* Ghosh's inverse G [n x n] from L (which must be there). Rows and columns of industries without output are those of the unit matrix. */
void hf_leontief_ghosh(const hf_leontief *leontief, double *ret_g);

/* Multipliers: ret [n] = intensity' L. With `intensity` NULL (ones) output multipliers, with leontief->intensity those of value added, with
 * jobs per unit of output those of jobs (Miller & Blair 2009, chapter 6). One solve. `ret` may be `intensity`. */
void hf_leontief_multipliers(const hf_leontief *leontief, const double *intensity, double *ret);

/* Linkages: backward_j = sum_i L_ij, forward_i = sum_j G_ij; each [n], and divided by their own mean when `relative` (Rasmussen 1957;
 * forward by Ghosh as in Miller & Blair 2009, 12.2). Two solves. */
void hf_leontief_linkages(const hf_leontief *leontief, bool relative, double *ret_backward, double *ret_forward);

#endif
