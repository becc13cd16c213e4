/* Inside of the LP seam: our own copy of the program, which answers are checked against. Not installed. */
#ifndef HF_SOLVER_LP_INSIDE_H
#define HF_SOLVER_LP_INSIDE_H

#include <stddef.h>

#include "solver/lp.h"

struct glp_prob;

/* One row's entries. */
typedef struct hf_lp_row {
    double low, high;
    int n, *column;
    double *value;
} hf_lp_row;

struct hf_lp {
    struct glp_prob *glpk;
    int n_columns, n_rows;
    double *cost, *low, *high;
    bool *integer;
    size_t capacity[4];
    hf_lp_row *row;
    size_t row_capacity;

    hf_lp_status status;
    double objective, bound;
    double *x, *activity, *dual, *reduced;
    size_t result_capacity[4];
};

/* Activities of all rows at x into activity [rows]. */
void hf_lp_activities(const hf_lp *lp, const double *x, double *activity);

#endif
