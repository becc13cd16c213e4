/* Small linear programs by brute force: every corner of the feasible set is visited. */
#ifndef HF_TESTS_SUPPORT_VERTICES_H
#define HF_TESTS_SUPPORT_VERTICES_H

enum { VERTICES_MAX = 8 };

/* min c'x subject to g_k x <= h_k, for x [n], n <= VERTICES_MAX, g [m x n] row-major, m >= n: the least value over all feasible corners
 * (to 1e-7 of 1 + |h|), INFINITY when there is none. The set must be bounded. m over n systems are solved. ret_x [n] may be NULL. */
double vertices_least(int n, const double *c, int m, const double *g, const double *h, double *ret_x);

#endif
