#include "model/cascade/reference/percolation.h"

#include <math.h>

enum { BISECTIONS = 200, MAX_STEPS = 1000000 };

static bool is_share(double x)
{
    return x >= 0 && x <= 1;
}

static bool is_degree(double k)
{
    return k >= 0 && k <= 1e300;
}

/* ln of x / (1 - exp(-x))^n, the attack p k after which k P = x is a solution. It falls up to the threshold's x and rises beyond. The
 * logarithm keeps it finite for any n. */
static double log_attack(double x, int n)
{
    return log(x) - n * log(-expm1(-x));
}

/* The largest x in [low, high] with log_attack <= goal, where log_attack rises on the interval and starts at or below the goal. */
static double attack_solve(double low, double high, int n, double goal)
{
    for (int step = 0; step < BISECTIONS; step++) {
        double middle = low + (high - low) / 2;
        if (middle <= low || middle >= high) break;
        if (log_attack(middle, n) <= goal) low = middle;
        else high = middle;
    }
    return low;
}

/* The positive root of exp(x) - 1 = n x for n >= 2: below 1 + 2 ln n the exponential has not yet won, above it has. */
static double threshold_x(int n)
{
    double low = 1e-9, high = 2 + 2 * log(n);
    for (int step = 0; step < BISECTIONS; step++) {
        double middle = low + (high - low) / 2;
        if (middle <= low || middle >= high) break;
        if (expm1(middle) <= n * middle) low = middle;
        else high = middle;
    }
    return low;
}

hf_err hf_percolation_threshold(int n, double *ret_pk, double *ret_shared_k)
{
    if (n < 1) return HF_E_RANGE;
    double x = n == 1 ? 0 : threshold_x(n);
    if (ret_pk) *ret_pk = n == 1 ? 1 : exp(log_attack(x, n));
    if (ret_shared_k) *ret_shared_k = x;
    return HF_OK;
}

hf_err hf_percolation_networks(int n, double k, double p, double *ret_share)
{
    if (n < 1 || !is_degree(k) || !is_share(p)) return HF_E_RANGE;
    double pk = p * k, x = 0, least = 0;
    hf_err err = hf_percolation_threshold(n, &least, &x);
    if (err != HF_OK) return err;
    /* For one network log_attack rises from 0 at x = 0, where it cannot be evaluated. */
    if (n == 1) x = 1e-300;
    *ret_share = pk <= 0 || (n == 1 ? pk <= least : log(pk) < log_attack(x, n)) ? 0 : attack_solve(x, pk, n, log(pk)) / k;
    return HF_OK;
}

double hf_percolation_giant(double k, double x)
{
    double share = 0;
    return hf_percolation_networks(1, k, x, &share) == HF_OK ? share : NAN;
}

hf_err hf_percolation_partial(double k_a, double k_b, double q_a, double q_b, double p, double *ret_share_a, double *ret_share_b)
{
    if (!is_degree(k_a) || !is_degree(k_b) || !is_share(q_a) || !is_share(q_b) || !is_share(p)) return HF_E_RANGE;
    double x = p, y = 1;
    /* Downwards from the state before anything spread: every step is monotone, so this ends at the greatest solution. */
    for (int step = 0; step < MAX_STEPS; step++) {
        double p_a = hf_percolation_giant(k_a, x), old_x = x, old_y = y;
        y = 1 - q_b * (1 - (x > 0 ? p * p_a / x : 0));
        double p_b = hf_percolation_giant(k_b, y);
        x = p * (1 - q_a * (y > 0 ? 1 - p_b / y : 1));
        if (fabs(x - old_x) + fabs(y - old_y) <= 1e-15) {
            *ret_share_a = p_a;
            *ret_share_b = p_b;
            return HF_OK;
        }
    }
    return HF_E_NO_CONVERGENCE;
}

hf_err hf_percolation_supporters(double k_a, double k_b, double c_a, double c_b, double r_a, double r_b, double *ret_share_a,
    double *ret_share_b)
{
    if (!is_degree(k_a) || !is_degree(k_b) || !is_degree(c_a) || !is_degree(c_b) || !is_share(r_a) || !is_share(r_b)) return HF_E_RANGE;
    double p_a = r_a, p_b = r_b;
    for (int step = 0; step < MAX_STEPS; step++) {
        double old_a = p_a, old_b = p_b;
        p_a = hf_percolation_giant(k_a, r_a * -expm1(-c_a * p_b));
        p_b = hf_percolation_giant(k_b, r_b * -expm1(-c_b * p_a));
        if (fabs(p_a - old_a) + fabs(p_b - old_b) <= 1e-15) {
            *ret_share_a = p_a;
            *ret_share_b = p_b;
            return HF_OK;
        }
    }
    return HF_E_NO_CONVERGENCE;
}
