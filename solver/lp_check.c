/* Answers are computed again from our own copy of the program. */
#include <math.h>

#include "base/alloc.h"
#include "solver/lp_inside.h"

void hf_lp_activities(const hf_lp *lp, const double *x, double *activity)
{
    for (int i = 0; i < lp->n_rows; i++) {
        double sum = 0;
        for (int k = 0; k < lp->row[i].n; k++) sum += lp->row[i].value[k] * x[lp->row[i].column[k]];
        activity[i] = sum;
    }
}

/* How far a value is outside, relative to the size of the bound. */
static double outside(double value, double low, double high)
{
    if (value < low) return (low - value) / (1 + fabs(low));
    if (value > high) return (value - high) / (1 + fabs(high));
    return isnan(value) ? INFINITY : 0;
}

double hf_lp_violation(const hf_lp *lp, const double *x, bool integers)
{
    double worst = 0;
    for (int j = 0; j < lp->n_columns; j++) {
        worst = fmax(worst, outside(x[j], lp->low[j], lp->high[j]));
        if (integers && lp->integer[j]) worst = fmax(worst, fabs(x[j] - round(x[j])));
    }
    for (int i = 0; i < lp->n_rows; i++) {
        double sum = 0;
        for (int k = 0; k < lp->row[i].n; k++) sum += lp->row[i].value[k] * x[lp->row[i].column[k]];
        worst = fmax(worst, outside(sum, lp->row[i].low, lp->row[i].high));
    }
    return worst;
}

/* A multiplier may be positive only at the lower side and negative only at the upper side. */
static double slackness(double multiplier, double value, double low, double high)
{
    double room = multiplier > 0 ? value - low : multiplier < 0 ? high - value : 0;
    if (!(room > 0)) return 0;
    return isinf(room) ? fabs(multiplier) : fmin(fabs(multiplier), room / (1 + fabs(value)));
}

double hf_lp_dual_fault(const hf_lp *lp)
{
    double worst = 0;
    double *rest = hf_malloc((size_t)lp->n_columns * sizeof *rest);
    if (!rest) return INFINITY;
    for (int j = 0; j < lp->n_columns; j++) rest[j] = lp->cost[j] - lp->reduced[j];
    for (int i = 0; i < lp->n_rows; i++) {
        for (int k = 0; k < lp->row[i].n; k++) rest[lp->row[i].column[k]] -= lp->row[i].value[k] * lp->dual[i];
        worst = fmax(worst, slackness(lp->dual[i], lp->activity[i], lp->row[i].low, lp->row[i].high));
    }
    for (int j = 0; j < lp->n_columns; j++) {
        worst = fmax(worst, fabs(rest[j]) / (1 + fabs(lp->cost[j])));
        worst = fmax(worst, slackness(lp->reduced[j], lp->x[j], lp->low[j], lp->high[j]));
    }
    hf_free(rest);
    return worst;
}
