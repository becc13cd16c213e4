/* Least-loss rebalancing: who goes short when some industries can make less, if what is left is shared out as well as it can be.
 *
 *     min  sum_i w_i r_i + e sum_j x_j    subject to    (I - A) x + r >= y,    0 <= x <= capacity,    0 <= r <= y
 *
 * x output, r final demand that is rationed, w what a unit of it is worth, e a small price of output so that nothing is made for no one.
 * Always feasible (x = 0, r = y). The dual p_i of a row is the shock price of product i: what one unit more of it would save; the reduced cost
 * of x_j at its capacity, with the sign turned, is the scarcity price of the capacity. As x = (I - A)^-1 (y - r) at the optimum, the true
 * weight of rationing i is w_i - e m_i with m the output multipliers, and this must stay positive.
 * (Miller & Blair 2009, chapter 2, for A; the program after Koks & Thissen, Economic Systems Research 28, 2016, without trade: mria.h.) */
#ifndef HF_SOLVER_REBALANCE_H
#define HF_SOLVER_REBALANCE_H

#include "base/diag.h"
#include "base/error.h"
#include "solver/lp.h"

enum { HF_REBALANCE_MAX_INDUSTRIES = 5000 };

typedef struct hf_rebalance_input {
    int n;                /* industries, 1 .. HF_REBALANCE_MAX_INDUSTRIES */
    const double *a;      /* [n x n] row-major, >= 0, spectral radius below 1 */
    const double *demand; /* [n] final demand y >= 0, not all 0; money per year (or per day: results are in the same unit) */
    const double *weight; /* [n] w > 0; NULL: ones */
    double output_weight; /* e > 0; 0: 1e-4 times the smallest weight */
} hf_rebalance_input;

typedef struct hf_rebalance hf_rebalance;

/* Makes the program; the input is copied. Each with a finding: HF_E_RANGE for a number outside its range, also for an output_weight with
 * e m_i >= w_i somewhere; HF_E_NO_ANSWER for a spectral radius of 1 or more; HF_E_TOO_LARGE; HF_E_NOMEM; HF_E_SOLVER. */
hf_err hf_rebalance_new(const hf_rebalance_input *input, hf_diag *diag, hf_rebalance **ret_rebalance);
void hf_rebalance_free(hf_rebalance *rebalance);

/* Output before the shock, (I - A)^-1 y: [n], belongs to the program. */
const double *hf_rebalance_output_before(const hf_rebalance *rebalance);

/* The program as last solved, to be written by hf_lp_write. Columns x1 .. xn, r1 .. rn, rows b1 .. bn, in units of the mean output before
 * the shock (hf_rebalance_unit), so that GLPK's tolerances fit. */
const hf_lp *hf_rebalance_lp(const hf_rebalance *rebalance);
double hf_rebalance_unit(const hf_rebalance *rebalance);

typedef enum hf_rebalance_start {
    HF_REBALANCE_PRE_SHOCK, /* x basic, r at 0, rows at their lower side: feasible in the dual, so that only what the shock broke is repaired */
    HF_REBALANCE_LAST,      /* where the last solve ended; the first starts from before the shock */
    HF_REBALANCE_SLACK,     /* all rows basic, as a solver starts by itself: for comparison */
} hf_rebalance_start;

/* An answer; zero-initialise ({0}), reuse as often as wanted, free with hf_rebalance_result_done. */
typedef struct hf_rebalance_result {
    hf_lp_status status;   /* HF_LP_OPTIMAL, or HF_LP_STOPPED: then only this is set */
    int n;
    double *output;         /* [n] x */
    double *rationed;       /* [n] r */
    double *price;          /* [n] p >= 0, in units of w */
    double *capacity_price; /* [n] >= 0, in units of w */
    double loss;            /* sum w r */
    double rationed_total, output_before, output_after;
    double objective;       /* sum w r + e sum x */
    double violation;       /* of rows and bounds, recomputed from A, y and capacity, over the mean output */
    double gap;             /* objective less what the prices prove to be the least, over the objective (weak duality; also recomputed) */
} hf_rebalance_result;

void hf_rebalance_result_done(hf_rebalance_result *result);

/* Solves for a capacity [n] >= 0 (INFINITY: no limit) by the dual simplex. time_limit_s <= 0: none. HF_E_RANGE for a capacity below 0 or
 * NaN (with a finding), HF_E_SOLVER when the answer does not hold to 1e-6 when it is computed again, HF_E_NOMEM. */
hf_err hf_rebalance_solve(hf_rebalance *rebalance, const double *capacity, hf_rebalance_start start, double time_limit_s, hf_diag *diag,
                          hf_rebalance_result *result);

#endif
