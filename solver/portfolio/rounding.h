/* Mixed-integer rounding of a row of whole decisions: sum_k a_k y_k >= 1, 0 <= y_k <= 1. H. Marchand, L. A. Wolsey, Operations Research 49 (2001)
 * 363-371. */
#ifndef HF_SOLVER_PORTFOLIO_ROUNDING_H
#define HF_SOLVER_PORTFOLIO_ROUNDING_H

#include <stdbool.h>

/* Looks for the rounded row that the point y [n] violates most, by its length: sum_k b_k y_k >= *ret_low. False when none is violated. The row
 * is divided so that its largest coefficient is 1. `a` [n] > 0. O(n x 12). */
bool hf_row_round(int n, const double *a, const double *y, double *ret_b, double *ret_low);

#endif
