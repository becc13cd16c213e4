/* Dense linear algebra for tables of up to a few thousand industries: products, factorisation, solves, the largest eigenvalue.
 *
 * All matrices are row-major. Results do not depend on the number of threads or on the vector width of the machine: every cell is summed
 * in one fixed order, and products are not fused with sums. */
#ifndef HF_MODEL_ECONOMY_LINEAR_H
#define HF_MODEL_ECONOMY_LINEAR_H

#include <stdbool.h>

#include "base/error.h"
#include "model/economy/table.h"

/* C -= A B, with A [m x k] (row stride lda), B [k x n] (ldb), C [m x n] (ldc); C must not overlap A or B. 2 m n k operations.
 * `pack` is working space of hf_gemm_pack_size(k, n) doubles. */
void hf_gemm_subtract(int m, int n, int k, const double *a, int lda, const double *b, int ldb, double *c, int ldc, double *pack);
size_t hf_gemm_pack_size(int k, int n);

/* P M = L U: `lu` [n x n] holds U on and above the diagonal and the unit lower L below it; row i was swapped with row pivot[i] in step i. */
typedef struct hf_lu {
    int n;
    double *lu;
    int *pivot; /* [n] */
} hf_lu;

/* Factorises M [n x n], n >= 1, by blocks of 64 columns with partial pivoting (Golub & Van Loan, Matrix Computations, 4th edition,
 * 3.4.4 and 3.2.11: right-looking). M is copied. `threads` >= 1. HF_E_NO_ANSWER when M is singular to working precision (a pivot at most
 * n * 2.2e-16 times the largest cell); HF_E_RANGE when M has a number that is not finite; HF_E_NOMEM. 2/3 n^3 operations, 8 n^2 bytes. */
hf_err hf_lu_new(int n, const double *m, int threads, hf_lu **ret_lu);
void hf_lu_free(hf_lu *lu);

/* Solves M u = b and M' u = b in place: b [n] becomes u. 2 n^2 operations. */
void hf_lu_solve(const hf_lu *lu, double *b);
void hf_lu_solve_transposed(const hf_lu *lu, double *b);

/* Solves M U = B in place for B [n x m]. 2 n^2 m operations by blocks. HF_E_NOMEM leaves B undefined. */
hf_err hf_lu_solve_many(const hf_lu *lu, double *b, int m, int threads);

/* The inverse of M, [n x n] into ret_inverse (the caller's). 2 n^3 operations. HF_E_NOMEM. */
hf_err hf_lu_inverse(const hf_lu *lu, double *ret_inverse, int threads);

/* Spectral radius of diag(left) M diag(right) for a square M >= 0 and left, right >= 0 (NULL: ones). */
typedef struct hf_radius {
    double upper, lower; /* bounds, both reached by nonnegative vectors */
    int steps;
    bool converged; /* upper - lower <= 1e-10 (1 + upper) */
} hf_radius;

/* Power iteration on the matrix plus a shift (so that cycles of industries do not make it swing). For u > 0 the largest (M u)_i / u_i is an
 * upper bound that never rises; the smallest of these ratios over the rows that share the largest one, with u cut to them, is a lower
 * bound (Collatz-Wielandt; Horn & Johnson, Matrix Analysis, 2nd edition, 8.1.29 and 8.3). Ends when both meet or after `max_steps`.
 * HF_E_NOMEM. Cost: two passes over M a step at most. */
hf_err hf_spectral_radius(const hf_flows *m, const double *left, const double *right, int max_steps, hf_radius *ret_radius);

#endif
