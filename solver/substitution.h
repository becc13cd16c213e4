/* Least-loss rebalancing with substitution between regions: a product may be bought elsewhere, at a price for every change of suppliers, as
 * far as capacities and corridors allow.
 *
 * A user u buys product i from region r; t_gu >= 0 with g = (r,i) is what it buys, t0 what it bought. Users are industries and the final
 * demand of each region, or (pooled) whole regions, inside which goods go where they are needed without a price:
 *
 *     min  sum w_id q_id + e sum x_f + c sum |t_gu - t0_gu|
 *     sum_r t_(r,i)u = sum_{f in u} a_if x_f + (y_id - q_id if d's final demand is in u)        what is bought is what is needed
 *     sum_u t_gu <= x_g,   0 <= x <= capacity,   0 <= q_id <= y_id,   sum over a corridor's cells of t <= its capacity
 *
 * a_if = sum_r z_(r,i)f / x_f, y_id = sum_r of the final demand of region d for product i. Always feasible (nothing made, all rationed). Where
 * a user buys nothing of a product before, it never does. The recipe is fixed by product and free by origin: the trade block of the
 * Chenery-Moses model made flexible (Miller & Blair 2009, section 3.4; Koks & Thissen 2016 for the objective). */
#ifndef HF_SOLVER_SUBSTITUTION_H
#define HF_SOLVER_SUBSTITUTION_H

#include <stdbool.h>

#include "base/diag.h"
#include "base/error.h"
#include "solver/lp.h"

/* Room for what goes from one region to another in a sector's products, or in all (sector -1). */
typedef struct hf_trade_limit {
    int origin, destination, sector;
    double capacity; /* >= 0, in the unit of the table */
} hf_trade_limit;

enum { HF_SUBSTITUTION_MAX_CELLS = 1000000 }; /* industries x users */

typedef struct hf_substitution_input {
    int n_regions, n_sectors;
    const double *z;        /* [N x N] flows, >= 0 */
    const double *demand;   /* [N x n_regions] final demand by buying region, >= 0 */
    const double *capacity; /* [N] >= 0, INFINITY */
    const double *weight;   /* [n_sectors x n_regions] w > 0; NULL: ones */
    double switch_cost;     /* c; 0: 1e-2 times the smallest weight. c >= e */
    double output_weight;   /* e > 0; 0: 1e-4 times the smallest weight */
    bool pooled;            /* users are regions */
    const hf_trade_limit *limit;
    int n_limits;
    double time_limit_s; /* <= 0: none */
} hf_substitution_input;

/* Zero-initialise ({0}), free with hf_substitution_done. Users: pooled, u = region; otherwise u = industry, then N + region. */
typedef struct hf_substitution {
    hf_lp_status status; /* HF_LP_OPTIMAL; HF_LP_STOPPED: only this is set */
    int n, n_users;
    double *output;      /* [N] x */
    double *price;       /* [N] dual of what g can sell, >= 0, in units of w */
    double *rationed;    /* [n_sectors x n_regions] q */
    double *trade;       /* [N x n_users] t */
    double *limit_price; /* [n_limits] >= 0 */
    double loss;         /* sum w q */
    double rationed_total, switched; /* sum q; sum |t - t0| */
    double objective;
    double violation;    /* of the equations above, recomputed, over the mean output */
} hf_substitution;

void hf_substitution_done(hf_substitution *result);

/* Makes and solves the program by the dual simplex from the basis before the shock {x basic, t = t0, q = 0}. `path` (NULL: not wanted)
 * writes it as "lp" or "mps" by its ending before it is solved. HF_E_RANGE for a number outside its range (with a finding), HF_E_TOO_LARGE, HF_E_IO,
 * HF_E_SOLVER when the answer does not hold to 1e-6 when it is computed again, HF_E_NOMEM. */
hf_err hf_substitution_solve(const hf_substitution_input *input, const char *path, hf_diag *diag, hf_substitution *result);

#endif
