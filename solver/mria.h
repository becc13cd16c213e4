/* Multi-regional impact assessment: least-cost rebalancing with trade between regions, rationing and disaster imports
 * (Koks & Thissen, "A multiregional impact assessment model for disaster analysis", Economic Systems Research 28(4), 2016).
 *
 * Region r, sector s: output X, rationing Q, disaster imports D; U_(r,b,s) = sum_t a_(rs,bt) X_bt what region b uses of product s of r:
 *
 *     X_rs + D_rs  >=  U_(r,r,s) + y_(rs,r) + k_rs - Q_rs + e_rs + sum_{b<>r} h_(r,b,s) (U_(r,b,s) + Y_bs + k_bs - Q_bs + D_bs)
 *     min  sum X + 1.75 sum mu D + 2 sum mu Q + sum_{b<>r} h_(r,b,s) (U_(r,b,s) + Y_bs + k_bs - Q_bs + D_bs)
 *     0 <= X <= capacity,   0 <= Q <= |y_(rs,r) + e_rs|,   D >= 0
 *
 * y_(rs,b) final demand of region b for the product of r, Y_rs = sum_b y_(rs,b), e exports to the rest of the world, k reconstruction;
 * import share h_(r,b,s) = T_(r,b,s) / (U_(r,b,s) + Y_bs) at the output of the table, T the trade from r to b, intermediate and final.
 * mu = max(1, |marginal of Q|) where Q and D are held at 0, output is not limited, and output alone and Q's effect on trade have a price.
 *
 * Two things of the published form are left out. The complementarity D (D + capacity - demand) = 0 makes it a nonlinear program; the
 * relaxation is solved, and how far its answer is from complementary is in the result. And demand >= 0 is not asked for. */
#ifndef HF_SOLVER_MRIA_H
#define HF_SOLVER_MRIA_H

#include "base/diag.h"
#include "base/error.h"
#include "solver/lp.h"

enum { HF_MRIA_MAX_INDUSTRIES = 5000 };

/* Industry f = r * n_sectors + s; money per year. */
typedef struct hf_mria_input {
    int n_regions, n_sectors;
    const double *z;       /* [N x N] flows between industries, >= 0 */
    const double *demand;  /* [N x n_regions] final demand by buying region, >= 0 */
    const double *exports; /* [N] to the rest of the world, >= 0; NULL none */
    double import_weight;  /* of D; 0: 1.75 */
    double ration_weight;  /* of Q; 0: 2 */
} hf_mria_input;

typedef struct hf_mria hf_mria;

/* Makes the program and solves for the marginals; the input is copied. Output is what rows add up to. Each with a finding: HF_E_RANGE for a
 * number outside its range, HF_E_NO_ANSWER for a table that cannot produce its own demand, HF_E_TOO_LARGE, HF_E_NOMEM, HF_E_SOLVER. */
hf_err hf_mria_new(const hf_mria_input *input, hf_diag *diag, hf_mria **ret_mria);
void hf_mria_free(hf_mria *mria);

const double *hf_mria_output_before(const hf_mria *mria); /* [N] */
const double *hf_mria_marginals(const hf_mria *mria);     /* [N] |marginal of rationing|, not cut at 1 */

/* The program as last solved, for hf_lp_write. Columns X1 .. XN, Q1 .., D1 .., rows B1 .., in units of the mean output. */
const hf_lp *hf_mria_lp(const hf_mria *mria);

/* Capacity of the published examples: x (1.1 / 0.98) where available >= 1, x available / 0.98 where it is below. Both [N]. */
void hf_mria_capacity(const hf_mria *mria, const double *available, double *ret_capacity);

/* An answer; zero-initialise ({0}), reuse, free with hf_mria_result_done. Prices and weights are per unit of money. */
typedef struct hf_mria_result {
    hf_lp_status status; /* HF_LP_OPTIMAL; HF_LP_STOPPED: only this is set */
    int n;
    double *output, *rationed, *imported; /* [N] X, Q, D */
    double *price;                        /* [N] dual of the row, >= 0 */
    double *capacity_price;               /* [N] >= 0 */
    double objective;
    double output_before, output_after, rationed_total, imported_total;
    double traded;                        /* the last sum of the objective */
    double violation;                     /* of rows and bounds, recomputed from the table, over the mean output */
    double complementarity;               /* largest min(D, |D + capacity - demand|) over the mean output: 0 when the published form is met too */
} hf_mria_result;

void hf_mria_result_done(hf_mria_result *result);

/* Solves by the dual simplex from the basis before the shock {X basic, Q and D at 0, rows at their lower side}. capacity [N] >= 0 (INFINITY:
 * no limit), reconstruction [N] >= 0 or NULL. HF_E_NO_ANSWER, with a finding, when nothing meets the rows: D asks for trade, and where most of all
 * regions' output is lost that trade can need more D than it brings. HF_E_RANGE, HF_E_SOLVER when the answer does not hold to 1e-6, HF_E_NOMEM. */
hf_err hf_mria_solve(hf_mria *mria, const double *capacity, const double *reconstruction, double time_limit_s, hf_diag *diag,
                     hf_mria_result *result);

#endif
