#include "solver/portfolio/rounding.h"

#include <math.h>

enum { DIVISORS = 12 };

/* Coefficient of a rounded row. */
static double rounded(double alpha, double f0)
{
    double whole = floor(alpha + 1e-9), rest = fmax(0, alpha - whole);
    return whole + fmin(1, rest / f0);
}

/* The row divided by `divisor`, decisions above a half counted as what is not done; its violation in units of its length, -1: none. */
static double row_make(int n, const double *a, const double *y, double divisor, double *b, double *ret_low)
{
    double beta = 1, low, there = 0, square = 0, most = 0;
    for (int k = 0; k < n; k++)
        if (y[k] > 0.5) beta -= a[k];
    beta /= divisor;
    double f0 = beta - floor(beta);
    if (f0 < 0.02 || f0 > 0.98) return -1;
    low = ceil(beta);
    for (int k = 0; k < n; k++) {
        if (y[k] > 0.5) {
            double g = rounded(-a[k] / divisor, f0);
            low -= g;
            b[k] = -g;
        } else {
            b[k] = rounded(a[k] / divisor, f0);
        }
        there += b[k] * y[k];
        square += b[k] * b[k];
        most = fmax(most, fabs(b[k]));
    }
    if (!(most > 0)) return -1;
    for (int k = 0; k < n; k++) b[k] /= most;
    *ret_low = low / most;
    return (low - there) / sqrt(square);
}

bool hf_row_round(int n, const double *a, const double *y, double *ret_b, double *ret_low)
{
    double tried[DIVISORS], best = 1e-3, best_divisor = 0;
    int n_tried = 0;
    for (int k = 0; k < n && n_tried < DIVISORS; k++) {
        bool known = y[k] < 1e-4 || y[k] > 1 - 1e-4;
        for (int t = 0; t < n_tried; t++) known |= fabs(tried[t] - a[k]) < 1e-6;
        if (known) continue;
        tried[n_tried++] = a[k];
        double violation = row_make(n, a, y, a[k], ret_b, ret_low);
        if (violation > best) best = violation, best_divisor = a[k];
    }
    return best_divisor > 0 && row_make(n, a, y, best_divisor, ret_b, ret_low) > 0;
}
