/* Input-output tables and plain linear algebra for tests and measurements: written to be obviously right, not fast. */
#ifndef HF_TESTS_SUPPORT_TABLES_H
#define HF_TESTS_SUPPORT_TABLES_H

#include "model/economy/table.h"

/* A clean table with sizes over an order of magnitude, a share `fill` of flows above 0, names R0.., S0..; ends the program when memory is
 * short. The caller frees. */
hf_io_table *random_io_table(int n_regions, int n_sectors, int n_demand, double fill, uint64_t seed);

/* One region, one kind of final demand: flows [n x n] and final demand [n]; output is their row sum, value added the rest of it. */
hf_io_table *small_io_table(int n, const double *z, const double *y);

/* Solves M u = b by Gauss-Jordan elimination with pivots; M [n x n] and b [n] are kept. False when M is singular. */
bool plain_solve(int n, const double *m, const double *b, double *ret_u);

/* The inverse by n such solves. */
bool plain_inverse(int n, const double *m, double *ret_inverse);

/* A of a table, and output for coefficients and final demand: (I - A) x = y. */
void plain_coefficients(const hf_io_table *table, double *ret_a);
bool plain_output(int n, const double *a, const double *y, double *ret_x);

#endif
