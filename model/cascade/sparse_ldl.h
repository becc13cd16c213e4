/* L D L' of a symmetric positive definite sparse matrix, for the equations of a DC power flow.
 *
 * Row by row ("up-looking", T. A. Davis, Direct Methods for Sparse Linear Systems, SIAM 2006, chapter 4): row k of L solves a triangular
 * system whose pattern is the paths in the elimination tree that start at the entries of column k. All room is reserved once. */
#ifndef HF_CASCADE_SPARSE_LDL_H
#define HF_CASCADE_SPARSE_LDL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

/* The upper triangle by columns: entries of column k are at off[k] .. off[k+1]-1, rows row[] < k, values value[] (repeated rows add up);
 * the diagonal is apart. */
typedef struct hf_ldl {
    int n;
    int *off, *row;           /* the matrix, filled by the caller: [rows + 1], [entries] */
    double *value, *diagonal; /* [entries], [rows] */
    int *parent, *count, *mark, *pattern; /* [rows] elimination tree, entries of each column of L, scratch */
    size_t *start;            /* [rows + 1] columns of L */
    int *l_row;               /* [fill] */
    double *l_value, *pivot, *work; /* [fill], [rows], [rows] */
} hf_ldl;

/* Room for matrices of up to so many rows, entries above the diagonal, and entries of L. HF_E_NOMEM. */
hf_err hf_ldl_init(hf_ldl *f, int rows, int entries, size_t fill);
void hf_ldl_done(hf_ldl *f);

/* Entries that L will have for the matrix in place; needs no values. */
size_t hf_ldl_analyse(hf_ldl *f);

/* Factorises the matrix in place; false when a pivot is not above 0. O(sum of squares of the column counts of L). */
bool hf_ldl_factorise(hf_ldl *f);

/* Solves A x = b in place: b [rows] becomes x. */
void hf_ldl_solve(const hf_ldl *f, double *b);

/* An order in which to eliminate the vertices of a graph (neighbours of v: to[off[v]] .. to[off[v+1]-1], both ways; loops and repeats do
 * not matter): always a vertex of least degree, the first of them. ret_order [n]. HF_E_NOMEM. */
hf_err hf_minimum_degree(int n, const int *off, const int *to, int *ret_order);

#endif
