/* The one door to the optimiser. The program, stated once:
 *
 *     min  c'x    subject to    row_low <= A x <= row_high,    low <= x <= high,    x_j whole for j marked integer
 *
 * Infinite bounds are -INFINITY and INFINITY. Duals y and reduced costs d are those of the minimisation: c = A'y + d, y_i >= 0 where the row
 * stands at its lower side and <= 0 at its upper side. GLPK stands behind it; nothing of it shows.
 *
 * A solve is never trusted: hf_lp_solve and hf_lp_solve_integer end with hf_lp_check on the raw data, and HF_LP_NUMERIC is the status of an
 * answer that does not hold. Not to be used from two threads at once (one GLPK environment a thread). */
#ifndef HF_SOLVER_LP_H
#define HF_SOLVER_LP_H

#include <stdbool.h>

#include "base/error.h"

typedef enum hf_lp_status {
    HF_LP_NONE,       /* not solved, or changed since */
    HF_LP_OPTIMAL,    /* within the gap that was asked for */
    HF_LP_FEASIBLE,   /* integer: stopped early with a feasible point */
    HF_LP_INFEASIBLE,
    HF_LP_UNBOUNDED,
    HF_LP_STOPPED,    /* time, iterations or `cancel`, before any feasible point */
    HF_LP_NUMERIC,    /* the solver's answer does not hold when it is computed again */
} hf_lp_status;

typedef enum hf_lp_basis { HF_LP_BASIC, HF_LP_AT_LOW, HF_LP_AT_HIGH, HF_LP_FREE, HF_LP_FIXED } hf_lp_basis;

typedef enum hf_lp_method { HF_LP_PRIMAL, HF_LP_DUAL, HF_LP_DUAL_THEN_PRIMAL } hf_lp_method;

typedef struct hf_lp hf_lp;

/* An empty program. HF_E_NOMEM. */
hf_err hf_lp_new(hf_lp **ret_lp);
void hf_lp_free(hf_lp *lp);

int hf_lp_columns(const hf_lp *lp);
int hf_lp_rows(const hf_lp *lp);

/* Adds n columns with cost, low and high [n]; integer [n] may be NULL. Their number before is the index of the first. HF_E_RANGE for NaN, an
 * infinite cost, or low > high. */
hf_err hf_lp_add_columns(hf_lp *lp, int n, const double *cost, const double *low, const double *high, const bool *integer);

/* Adds n rows with low and high [n]; row k has entries start[k] .. start[k+1]-1 of column [] and value []: columns that exist, each at most
 * once a row, finite values. HF_E_RANGE. */
hf_err hf_lp_add_rows(hf_lp *lp, int n, const double *low, const double *high, const int *start, const int *column, const double *value);

/* Removes rows (ascending, each once); the others close up in their order. */
hf_err hf_lp_delete_rows(hf_lp *lp, int n, const int *rows);

hf_err hf_lp_set_cost(hf_lp *lp, int column, double cost);
hf_err hf_lp_set_column_bounds(hf_lp *lp, int column, double low, double high);
hf_err hf_lp_set_row_bounds(hf_lp *lp, int row, double low, double high);

/* Names for files that people read (hf_lp_write); optional. */
hf_err hf_lp_name_column(hf_lp *lp, int column, const char *name);
hf_err hf_lp_name_row(hf_lp *lp, int row, const char *name);

/* The basis: [columns], [rows]. What is set is where the next solve starts; a solve leaves its own. */
void hf_lp_get_basis(const hf_lp *lp, hf_lp_basis *ret_columns, hf_lp_basis *ret_rows);
hf_err hf_lp_set_basis(hf_lp *lp, const hf_lp_basis *columns, const hf_lp_basis *rows);

/* Solves the program without the marks of integers, from the present basis. time_limit_s <= 0: none. HF_E_NOMEM, HF_E_SOLVER. */
hf_err hf_lp_solve(hf_lp *lp, hf_lp_method method, double time_limit_s);

typedef struct hf_lp_integer_options {
    double time_limit_s;          /* <= 0: none */
    double gap;                   /* stop when (best - bound) / max(|best|, 1e-9) is at most this; 0: to the end */
    const double *incumbent;      /* [columns] a feasible point to start from, or NULL; refused with HF_E_RANGE if it is not feasible */
    const volatile bool *cancel;  /* NULL, or becomes true when it shall stop */
} hf_lp_integer_options;

/* Solves it with them, by branch and cut. The best point found is kept when it stops early, with a bound that is true. */
hf_err hf_lp_solve_integer(hf_lp *lp, const hf_lp_integer_options *options);

/* The last solve. */
hf_lp_status hf_lp_get_status(const hf_lp *lp);
double hf_lp_objective(const hf_lp *lp);         /* c'x of the point, computed again from the raw data */
double hf_lp_bound(const hf_lp *lp);             /* no feasible point is below; the objective itself for an optimal LP */
const double *hf_lp_x(const hf_lp *lp);          /* [columns] */
const double *hf_lp_activity(const hf_lp *lp);   /* [rows] A x */
const double *hf_lp_duals(const hf_lp *lp);      /* [rows] y, after hf_lp_solve */
const double *hf_lp_reduced(const hf_lp *lp);    /* [columns] d, after hf_lp_solve */

/* Recomputed from the raw data, relative to 1 + |bound|: the largest violation of a row, bound or integer mark at a point x [columns]. */
double hf_lp_violation(const hf_lp *lp, const double *x, bool integers);

/* Of the last LP solve: the largest fault of c = A'y + d, of a dual's sign or of complementary slackness, relative to 1 + |c|. */
double hf_lp_dual_fault(const hf_lp *lp);

/* Writes the program as CPLEX LP text ("lp") or free MPS ("mps"; it keeps no sense, so minimisation is understood): beside, then renamed.
 * HF_E_IO. */
hf_err hf_lp_write(const hf_lp *lp, const char *path, const char *format);

#endif
