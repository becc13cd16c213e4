/* Cuts of a scene that may not lose more than a limit. */
#include <math.h>
#include <string.h>

#include "solver/portfolio/cuts.h"

static void order_by_cost(const hf_scene *sc, hf_claims *c, int *ret_n)
{
    int n = 0;
    for (int v = 0; v < sc->n_nodes; v++) {
        if (!(c->cost[v] < 1) || !(sc->weight[v] > 0)) continue;
        int at = n++;
        for (; at > 0 && c->cost[c->order[at - 1]] > c->cost[v]; at--) c->order[at] = c->order[at - 1];
        c->order[at] = v;
    }
    *ret_n = n;
}

static void slopes_add(const hf_scene *sc, const hf_claims *c, int v, double *slope)
{
    const uint64_t *set = c->set + (size_t)v * (size_t)c->words;
    for (int w = 0; w < c->words; w++)
        for (uint64_t bits = set[w]; bits; bits &= bits - 1) slope[w * 64 + __builtin_ctzll(bits)] += sc->weight[v];
}

bool hf_claims_ceiling(const hf_scene *sc, const double *point, hf_claims *c, double limit, double *slope)
{
    int n = 0, best = 0;
    double saved = 0, least = 1 - 1e-6;
    order_by_cost(sc, c, &n);
    memset(slope, 0, (size_t)sc->n_measures * sizeof *slope);
    for (int k = 0; k < n; k++) {
        double there = 0;
        saved += sc->weight[c->order[k]];
        slopes_add(sc, c, c->order[k], slope);
        double needed = saved - limit;
        if (!(needed > 1e-9 * fmax(1, limit))) continue;
        for (int l = 0; l < sc->n_measures; l++) there += fmin(1, slope[l] / needed) * point[sc->measure[l]];
        if (there < least) least = there, best = k + 1;
    }
    if (best == 0) return false;
    memset(slope, 0, (size_t)sc->n_measures * sizeof *slope);
    saved = 0;
    for (int k = 0; k < best; k++) {
        saved += sc->weight[c->order[k]];
        slopes_add(sc, c, c->order[k], slope);
    }
    for (int l = 0; l < sc->n_measures; l++) slope[l] = fmin(1, slope[l] / (saved - limit));
    return true;
}
