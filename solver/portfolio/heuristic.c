#include "solver/portfolio/heuristic.h"

#include <math.h>
#include <string.h>
#include <time.h>

#include "base/alloc.h"
#include "solver/portfolio/cuts.h"

static const double MOST_ROWS = 3e7;

double hf_clock(void)
{
    struct timespec now;
    timespec_get(&now, TIME_UTC);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

bool hf_search_must_stop(const hf_search *x)
{
    return (x->cancel && *x->cancel) || (!isinf(x->deadline) && hf_clock() > x->deadline);
}

/* Rows that are gone through to simulate every measure once. */
static double first_look(const hf_scenes *all)
{
    double rows = 0;
    for (int s = 0; s < all->n; s++) rows += (double)all->scene[s].n_measures * all->scene[s].n_requirements;
    return rows;
}

/* Where states are shares a first look at every measure by simulation is dear: what its slopes allow it at most stands in until it comes up. */
static hf_err promises_make(hf_search *x)
{
    const hf_scenes *all = x->scenes;
    hf_err err = HF_OK;
    hf_claims claims = {0};
    size_t n = (size_t)all->n_measures;
    double *nothing = hf_calloc(n, sizeof *nothing), *slope = hf_malloc((size_t)all->max_measures * sizeof *slope), loss, constant;
    x->promise = hf_calloc(n, sizeof *x->promise);
    if (!nothing || !slope || !x->promise) HF_TRY(HF_E_NOMEM);
    HF_TRY(hf_claims_init(all, &claims));
    for (int s = 0; s < all->n; s++) {
        HF_TRY(hf_claims_cut(&all->scene[s], nothing, &claims, &loss, slope, &constant));
        for (int k = 0; k < all->scene[s].n_measures; k++) x->promise[all->scene[s].measure[k]] += all->scene[s].frequency * slope[k];
    }
out:
    hf_claims_done(&claims);
    hf_free(nothing);
    hf_free(slope);
    return err;
}

hf_err hf_search_init(const hf_scenes *scenes, const volatile bool *cancel, double deadline, hf_search *x)
{
    *x = (hf_search){.scenes = scenes, .cancel = cancel, .deadline = deadline};
    hf_err err = HF_OK;
    HF_TRY(hf_purse_init(scenes->problem, &x->purse));
    HF_TRY(hf_valuation_init(scenes, &x->valuation));
    x->allowed = hf_malloc((size_t)scenes->n_measures * sizeof(bool));
    if (!x->allowed) HF_TRY(HF_E_NOMEM);
    for (int m = 0; m < scenes->n_measures; m++) x->allowed[m] = true;
    x->score = hf_valuation_set(&x->valuation, x->purse.plan);
    const hf_portfolio_problem *p = scenes->problem;
    if (hf_problem_is_partial(p) && p->aim == HF_AIM_LARGEST && p->n_groups == 1 && first_look(scenes) > MOST_ROWS) err = promises_make(x);
out:
    if (err != HF_OK) hf_search_done(x);
    return err;
}

void hf_search_done(hf_search *x)
{
    hf_purse_done(&x->purse);
    hf_valuation_done(&x->valuation);
    hf_free(x->allowed);
    hf_free(x->promise);
    x->allowed = NULL;
    x->promise = NULL;
}

void hf_search_set(hf_search *x, const bool *plan)
{
    hf_purse_set(&x->purse, plan);
    x->score = hf_valuation_set(&x->valuation, x->purse.plan);
}

static bool moved_allowed(const hf_search *x)
{
    for (int k = 0; k < x->purse.n_moved; k++)
        if (!x->allowed[x->purse.moved[k]]) return false;
    return true;
}

/* Keeps a move that was made in the purse, if it is affordable and better than `than`; else takes it back. */
static bool keep_if_better(hf_search *x, hf_score than)
{
    if (moved_allowed(x) && hf_purse_affords(&x->purse) && hf_purse_keeps_floors(&x->purse)) {
        hf_score score = hf_valuation_move(&x->valuation, x->purse.plan, x->purse.n_moved, x->purse.moved);
        if (hf_score_is_better(score, than)) {
            x->score = score;
            return true;
        }
        hf_valuation_undo(&x->valuation);
    }
    hf_purse_undo(&x->purse);
    return false;
}

/* What buying m gains per unit of money, -1 when it cannot be bought. Expected loss stands in for a largest loss or a tail that a single
 * measure does not move, so that the greedy does not stand still on plateaus. */
static double gain_of(hf_search *x, int m)
{
    double cost = x->valuation.cost, before = hf_valuation_expected(&x->valuation), gain = -1;
    if (!x->allowed[m] || !hf_purse_add(&x->purse, m)) return -1;
    if (moved_allowed(x) && hf_purse_affords(&x->purse)) {
        hf_score score = hf_valuation_move(&x->valuation, x->purse.plan, x->purse.n_moved, x->purse.moved);
        double fall = before - hf_valuation_expected(&x->valuation), scale = fmax(1e-12, fabs(x->score.value));
        gain = x->score.excess > 1e-9 ? (x->score.excess - score.excess) : 0;
        if (x->scenes->problem->aim != HF_AIM_COST) gain += (x->score.value - score.value) / scale + 1e-4 * fall / fmax(1e-12, x->scenes->loss);
        gain /= fmax(1e-9, x->valuation.cost - cost);
        hf_valuation_undo(&x->valuation);
    }
    hf_purse_undo(&x->purse);
    return gain;
}

static double promised(const hf_search *x, int m)
{
    return x->promise[m] / fmax(1e-12, fabs(x->score.value)) / fmax(1e-9, x->scenes->problem->cost[m]);
}

static bool buy(hf_search *x, int m)
{
    if (!x->allowed[m] || !hf_purse_add(&x->purse, m)) return false;
    if (!moved_allowed(x) || !hf_purse_affords(&x->purse)) {
        hf_purse_undo(&x->purse);
        return false;
    }
    x->score = hf_valuation_move(&x->valuation, x->purse.plan, x->purse.n_moved, x->purse.moved);
    return true;
}

static void buy_preferred(hf_search *x, const double *preferred, bool *done)
{
    while (!hf_search_must_stop(x)) {
        int best = -1;
        for (int m = 0; m < x->scenes->n_measures; m++)
            if (!done[m] && preferred[m] > 1e-6 && (best < 0 || preferred[m] > preferred[best])) best = m;
        if (best < 0) return;
        done[best] = true;
        buy(x, best);
    }
}

hf_err hf_search_greedy(hf_search *x, const double *preferred)
{
    int n = x->scenes->n_measures;
    double *gain = hf_malloc((size_t)n * sizeof *gain);
    bool *fresh = hf_calloc((size_t)n, sizeof *fresh);
    hf_err err = gain && fresh ? HF_OK : HF_E_NOMEM;
    if (err != HF_OK) goto out;
    if (preferred) buy_preferred(x, preferred, fresh);
    for (int m = 0; m < n; m++) gain[m] = x->purse.plan[m] ? -1 : x->promise ? promised(x, m) : gain_of(x, m);
    memset(fresh, 0, (size_t)n * sizeof *fresh);
    while (!hf_search_must_stop(x)) {
        int best = -1;
        for (int m = 0; m < n; m++)
            if (gain[m] > 1e-15 && (best < 0 || gain[m] > gain[best])) best = m;
        if (best < 0) break;
        if (x->purse.plan[best]) {
            gain[best] = -1;
        } else if (!fresh[best]) {
            gain[best] = gain_of(x, best);
            fresh[best] = true;
        } else {
            buy(x, best);
            gain[best] = -1;
            memset(fresh, 0, (size_t)n * sizeof *fresh);
        }
    }
out:
    hf_free(gain);
    hf_free(fresh);
    return err;
}

/* Drops every measure whose loss costs nothing, dearest first. */
static bool drop_useless(hf_search *x)
{
    const hf_portfolio_problem *p = x->scenes->problem;
    bool any = false;
    for (int m = 0; m < p->n_measures && !hf_search_must_stop(x); m++) {
        if (!x->purse.plan[m] || !(p->cost[m] > 0)) continue;
        hf_score before = x->score;
        if (!hf_purse_drop(&x->purse, m)) continue;
        hf_score score = hf_valuation_move(&x->valuation, x->purse.plan, x->purse.n_moved, x->purse.moved);
        if (hf_purse_keeps_floors(&x->purse) && !hf_score_is_better(before, score)) {
            x->score = score;
            any = true;
            continue;
        }
        hf_valuation_undo(&x->valuation);
        hf_purse_undo(&x->purse);
    }
    return any;
}

static bool add_any(hf_search *x, const bool *among)
{
    bool any = false;
    for (int m = 0; m < x->scenes->n_measures && !hf_search_must_stop(x); m++)
        if ((!among || among[m]) && x->allowed[m] && hf_purse_add(&x->purse, m) && keep_if_better(x, x->score)) any = true;
    return any;
}

/* Drops m and takes the best that can come in for it, if that is better than before. */
static bool exchange(hf_search *x, const bool *among, int m, bool *before)
{
    hf_score start = x->score, best = start;
    int best_in = -1;
    memcpy(before, x->purse.plan, (size_t)x->scenes->n_measures * sizeof *before);
    if (!hf_purse_drop(&x->purse, m)) return false;
    x->score = hf_valuation_move(&x->valuation, x->purse.plan, x->purse.n_moved, x->purse.moved);
    for (int in = 0; in < x->scenes->n_measures && !hf_search_must_stop(x); in++) {
        if (in == m || before[in] || (among && !among[in]) || !x->allowed[in] || !hf_purse_add(&x->purse, in)) continue;
        if (moved_allowed(x) && hf_purse_affords(&x->purse) && hf_purse_keeps_floors(&x->purse)) {
            hf_score score = hf_valuation_move(&x->valuation, x->purse.plan, x->purse.n_moved, x->purse.moved);
            if (hf_score_is_better(score, best)) best = score, best_in = in;
            hf_valuation_undo(&x->valuation);
        }
        hf_purse_undo(&x->purse);
    }
    if (best_in >= 0 && hf_purse_add(&x->purse, best_in)) {
        x->score = hf_valuation_move(&x->valuation, x->purse.plan, x->purse.n_moved, x->purse.moved);
        return true;
    }
    hf_search_set(x, before);
    return false;
}

void hf_search_improve(hf_search *x, const bool *among)
{
    int n = x->scenes->n_measures;
    bool *before = hf_malloc((size_t)n * sizeof *before), better = true;
    if (!before) return; /* improvement is not owed to anyone */
    while (better && !hf_search_must_stop(x)) {
        better = drop_useless(x) && x->scenes->problem->aim == HF_AIM_COST;
        better |= add_any(x, among);
        for (int m = 0; m < n && !hf_search_must_stop(x); m++)
            if (x->purse.plan[m] && exchange(x, among, m, before)) {
                better = true;
                add_any(x, among);
            }
    }
    hf_free(before);
}
