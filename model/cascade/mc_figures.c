/* Means, quantiles and tails of samples, with their intervals. */
#include <math.h>
#include <stdlib.h>

#include "model/cascade/mc_inside.h"

static int compare_doubles(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double order_statistic(const double *sorted, long n, double rank)
{
    long k = (long)ceil(rank) - 1;
    return sorted[k < 0 ? 0 : k >= n ? n - 1 : k];
}

/* x is sorted on return. */
static hf_mc_figure figure_of(double *x, long n, double tail)
{
    const double z = 1.959963984540054;
    double sum = 0, square = 0, over = 0, over_square = 0;
    for (long k = 0; k < n; k++) sum += x[k];
    double mean = sum / (double)n;
    for (long k = 0; k < n; k++) square += (x[k] - mean) * (x[k] - mean);
    double half = z * sqrt(square / (double)(n - 1) / (double)n);
    qsort(x, (size_t)n, sizeof *x, compare_doubles);
    double rank = tail * (double)n, spread = z * sqrt((double)n * tail * (1 - tail)), var = order_statistic(x, n, rank);
    /* CVaR = VaR + E[(X - VaR)+] / (1 - tail) (Rockafellar and Uryasev 2000), with the variance of that mean. */
    for (long k = 0; k < n; k++) {
        double beyond = x[k] > var ? x[k] - var : 0;
        over += beyond;
        over_square += beyond * beyond;
    }
    over /= (double)n;
    double cvar = var + over / (1 - tail), deviation = over_square / (double)n - over * over;
    double cvar_half = z * sqrt((deviation > 0 ? deviation : 0) / (double)n) / (1 - tail);
    return (hf_mc_figure){.mean = mean,
                          .mean_low = mean - half > 0 ? mean - half : 0,
                          .mean_high = mean + half,
                          .var = var,
                          .var_low = order_statistic(x, n, rank - spread),
                          .var_high = order_statistic(x, n, rank + spread + 1),
                          .cvar = cvar,
                          .cvar_low = cvar - cvar_half > var ? cvar - cvar_half : var,
                          .cvar_high = cvar + cvar_half,
                          .most = x[n - 1]};
}

bool hf_mc_precise(const hf_mc_sample *sample, long n, double relative_error)
{
    double sum = 0, square = 0;
    for (long k = 0; k < n; k++) sum += sample[k].user_hours;
    double mean = sum / (double)n;
    for (long k = 0; k < n; k++) square += (sample[k].user_hours - mean) * (sample[k].user_hours - mean);
    return 1.959963984540054 * sqrt(square / (double)(n - 1) / (double)n) <= relative_error * mean;
}

/* Wilson's interval (Journal of the American Statistical Association 22, 1927). */
void hf_mc_probability(hf_mc_entity *e, long n)
{
    const double z = 1.959963984540054, m = (double)n;
    double p = (double)e->out / m, centre = p + z * z / (2 * m), half = z * sqrt(p * (1 - p) / m + z * z / (4 * m * m)), scale = 1 + z * z / m;
    e->p_out = p;
    e->p_low = e->out == 0 ? 0 : (centre - half) / scale;
    e->p_high = e->out == n ? 1 : (centre + half) / scale;
}

void hf_mc_figures(const hf_mc_sample *sample, long n, double tail, double *scratch, hf_mc *to)
{
    for (long k = 0; k < n; k++) scratch[k] = sample[k].user_hours;
    to->user_hours = figure_of(scratch, n, tail);
    for (long k = 0; k < n; k++) scratch[k] = sample[k].value_eur;
    to->value_eur = figure_of(scratch, n, tail);
    for (long k = 0; k < n; k++) scratch[k] = sample[k].users_hit;
    to->users_hit = figure_of(scratch, n, tail);
    for (long k = 0; k < n; k++) scratch[k] = sample[k].entities_out;
    to->entities_out = figure_of(scratch, n, tail);
}
