#include "tests/support/vertices.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

/* Gauss with pivoting on the chosen rows. */
static bool corner(int n, const double *g, const double *h, const int *row, double *x)
{
    double m[VERTICES_MAX][VERTICES_MAX + 1];
    for (int i = 0; i < n; i++) {
        memcpy(m[i], g + row[i] * n, (size_t)n * sizeof *g);
        m[i][n] = h[row[i]];
    }
    for (int k = 0; k < n; k++) {
        int p = k;
        for (int i = k + 1; i < n; i++)
            if (fabs(m[i][k]) > fabs(m[p][k])) p = i;
        if (fabs(m[p][k]) < 1e-10) return false;
        for (int j = 0; j <= n; j++) {
            double swap = m[p][j];
            m[p][j] = m[k][j];
            m[k][j] = swap;
        }
        for (int i = 0; i < n; i++) {
            double f = i == k ? 0 : m[i][k] / m[k][k];
            for (int j = k; j <= n && f != 0; j++) m[i][j] -= f * m[k][j];
        }
    }
    for (int k = 0; k < n; k++) x[k] = m[k][n] / m[k][k];
    return true;
}

double vertices_least(int n, const double *c, int m, const double *g, const double *h, double *ret_x)
{
    int row[VERTICES_MAX];
    double least = INFINITY;
    for (int k = 0; k < n; k++) row[k] = k;
    for (;;) {
        double x[VERTICES_MAX], value = 0;
        bool fits = corner(n, g, h, row, x);
        for (int i = 0; fits && i < m; i++) {
            double sum = 0;
            for (int j = 0; j < n; j++) sum += g[i * n + j] * x[j];
            fits = sum <= h[i] + 1e-7 * (1 + fabs(h[i]));
        }
        for (int j = 0; fits && j < n; j++) value += c[j] * x[j];
        if (fits && value < least) {
            least = value;
            if (ret_x) memcpy(ret_x, x, (size_t)n * sizeof *x);
        }
        int k = n - 1;
        while (k >= 0 && row[k] == m - n + k) k--;
        if (k < 0) return least;
        for (row[k]++; k + 1 < n; k++) row[k + 1] = row[k] + 1;
    }
}
