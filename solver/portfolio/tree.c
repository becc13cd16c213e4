#include "solver/portfolio/tree.h"

#include <limits.h>
#include <math.h>
#include <string.h>

#include "base/alloc.h"

static const double WHOLE = 1e-6;
enum { TRIED = 8, RELIABLE = 3, NODE_ROUNDS = 4, ROUND_EVERY = 25, PURGE_EVERY = 20, PURGE_AGE = 30 };

hf_err hf_tree_init(hf_master *master, hf_search *search, const bool *best, double best_value, hf_tree *t)
{
    size_t n = (size_t)master->n_measures;
    *t = (hf_tree){.master = master, .search = search, .best_value = best_value, .finished = INFINITY, .most_nodes = LONG_MAX, .deadline = search->deadline};
    t->cancel = search->cancel;
    t->best = hf_calloc(n, sizeof(bool));
    t->among = hf_calloc(n, sizeof(bool));
    double **arrays[] = {&t->low, &t->high, &t->global_low, &t->global_high, &t->root_reduced, &t->rise[0], &t->rise[1], &t->point};
    for (size_t k = 0; k < sizeof arrays / sizeof *arrays; k++) *arrays[k] = hf_calloc(n, sizeof(double));
    t->rises[0] = hf_calloc(n, sizeof(int));
    t->rises[1] = hf_calloc(n, sizeof(int));
    bool ok = t->best && t->among && t->rises[0] && t->rises[1];
    for (size_t k = 0; k < sizeof arrays / sizeof *arrays; k++) ok = ok && *arrays[k];
    if (!ok) {
        hf_tree_done(t);
        return HF_E_NOMEM;
    }
    if (best && n > 0) memcpy(t->best, best, n * sizeof(bool));
    for (size_t m = 0; m < n; m++) t->high[m] = t->global_high[m] = search->allowed[m] ? 1 : 0;
    t->root_bound = -INFINITY;
    t->worthless = hf_budgets_most(master->scenes->problem);
    return HF_OK;
}

void hf_tree_root(hf_tree *t)
{
    if (!(hf_master_bound(t->master) > t->root_bound)) return;
    t->root_bound = hf_master_bound(t->master);
    for (int m = 0; m < t->master->n_measures; m++) t->root_reduced[m] = hf_lp_reduced(t->master->lp)[m] * t->master->scale;
}

void hf_tree_done(hf_tree *t)
{
    void *blocks[] = {t->best,        t->among,        t->low,     t->high,    t->global_low, t->global_high, t->root_reduced,
                      t->rise[0],     t->rise[1],      t->rises[0], t->rises[1], t->point,      t->node,        t->open};
    for (size_t k = 0; k < sizeof blocks / sizeof *blocks; k++) hf_free(blocks[k]);
    *t = (hf_tree){0};
}

static bool must_stop(const hf_tree *t)
{
    return hf_search_must_stop(t->search);
}

double hf_tree_cutoff(const hf_tree *t)
{
    if (isinf(t->best_value)) return t->worthless;
    return t->best_value - fmax(t->gap * fabs(t->best_value), 2e-7 * fmax(1e-3, fabs(t->best_value)));
}

/* --- Bounds of y --- */

static hf_err bounds_set(hf_tree *t, int m, double low, double high)
{
    if (t->low[m] == low && t->high[m] == high) return HF_OK;
    t->low[m] = low;
    t->high[m] = high;
    return hf_lp_set_column_bounds(t->master->lp, m, low, high);
}

/* The bounds of a node: its own decisions and those above it, over what holds everywhere. */
static hf_err node_enter(hf_tree *t, int node)
{
    hf_err err = HF_OK;
    int n = t->master->n_measures;
    for (int m = 0; m < n; m++) t->point[m] = -1;
    for (int k = node; k >= 0; k = t->node[k].parent)
        if (t->node[k].measure >= 0) t->point[t->node[k].measure] = t->node[k].value;
    for (int m = 0; m < n; m++) {
        bool decided = t->point[m] >= 0;
        HF_TRY(bounds_set(t, m, decided ? t->point[m] : t->global_low[m], decided ? t->point[m] : t->global_high[m]));
    }
out:
    return err;
}

int hf_tree_fix(hf_tree *t)
{
    double most = hf_tree_cutoff(t);
    int n_free = 0;
    for (int m = 0; m < t->master->n_measures; m++) {
        double d = t->root_reduced[m];
        if (t->global_low[m] < t->global_high[m] && t->root_bound + fabs(d) > most) {
            if (d > 0) t->global_high[m] = 0;
            else t->global_low[m] = 1;
        }
        n_free += t->global_low[m] < t->global_high[m];
    }
    return n_free;
}

/* --- Plans --- */

static void plan_offer(hf_tree *t, const bool *plan, hf_score score)
{
    if (score.excess > 0 || !(score.value < t->best_value)) return;
    t->best_value = score.value;
    memcpy(t->best, plan, (size_t)t->master->n_measures * sizeof *plan);
    hf_tree_fix(t);
}

/* The plan that a whole point is, if budgets and rules allow it, valued by simulation. */
static hf_err whole_point(hf_tree *t, const double *y)
{
    hf_search *x = t->search;
    bool allowed = false;
    for (int m = 0; m < t->master->n_measures; m++) t->among[m] = y[m] > 0.5;
    hf_err err = hf_budgets_allow(t->master->scenes->problem, t->among, &allowed);
    if (err != HF_OK || !allowed) return err;
    hf_search_set(x, t->among);
    plan_offer(t, x->purse.plan, x->score);
    return HF_OK;
}

hf_err hf_tree_round(hf_tree *t)
{
    hf_search *x = t->search;
    int n = t->master->n_measures;
    bool *start = hf_malloc((size_t)n * sizeof *start);
    hf_err err = start ? hf_budgets_any_plan(t->master->scenes->problem, start) : HF_E_NOMEM;
    if (err != HF_OK) goto out;
    memcpy(t->point, hf_lp_x(t->master->lp), (size_t)n * sizeof(double));
    hf_search_set(x, start);
    HF_TRY(hf_search_greedy(x, t->point));
    plan_offer(t, x->purse.plan, x->score);
    for (int m = 0; m < n; m++) t->among[m] = t->point[m] > 1e-4 || t->best[m];
    hf_search_improve(x, t->among);
    plan_offer(t, x->purse.plan, x->score);
out:
    hf_free(start);
    return err;
}

/* --- Open nodes: a heap by bound, then by number, so that it never depends on history --- */

static bool is_before(const hf_tree *t, int a, int b)
{
    double x = t->node[a].bound, y = t->node[b].bound;
    return x < y || (x == y && a < b);
}

static hf_err open_push(hf_tree *t, int node)
{
    hf_err err = hf_grow((void **)&t->open, &t->open_capacity, (size_t)t->n_open + 1, sizeof(int));
    if (err != HF_OK) return err;
    int at = t->n_open++;
    for (; at > 0 && is_before(t, node, t->open[(at - 1) / 2]); at = (at - 1) / 2) t->open[at] = t->open[(at - 1) / 2];
    t->open[at] = node;
    return HF_OK;
}

static int open_pop(hf_tree *t)
{
    int top = t->open[0], last = t->open[--t->n_open], at = 0;
    for (;;) {
        int child = 2 * at + 1;
        if (child >= t->n_open) break;
        if (child + 1 < t->n_open && is_before(t, t->open[child + 1], t->open[child])) child++;
        if (!is_before(t, t->open[child], last)) break;
        t->open[at] = t->open[child];
        at = child;
    }
    if (t->n_open > 0) t->open[at] = last;
    return top;
}

static hf_err node_add(hf_tree *t, int parent, int measure, bool value, double bound, int *ret_node)
{
    hf_err err = hf_grow((void **)&t->node, &t->node_capacity, (size_t)t->n_nodes + 1, sizeof *t->node);
    if (err != HF_OK) return err;
    t->node[t->n_nodes] = (hf_tree_node){parent, measure, value, bound, parent < 0 ? 0 : t->node[parent].depth + 1};
    *ret_node = t->n_nodes++;
    return HF_OK;
}

/* --- Branching --- */

static double time_left(const hf_tree *t)
{
    return isinf(t->deadline) ? 0 : fmax(1e-3, t->deadline - hf_clock());
}

static double fraction(double y)
{
    return fmin(y - floor(y), ceil(y) - y);
}

/* Expected product of the two rises; unknown pseudocosts stand at the mean of the known. */
static double promise(const hf_tree *t, int m, double y, const double mean[2])
{
    double down = (t->rises[0][m] ? t->rise[0][m] / t->rises[0][m] : mean[0]) * y;
    double up = (t->rises[1][m] ? t->rise[1][m] / t->rises[1][m] : mean[1]) * (1 - y);
    return fmax(down, 1e-9) * fmax(up, 1e-9);
}

static void rise_learn(hf_tree *t, int m, bool up, double rise, double distance)
{
    t->rise[up][m] += fmax(0, rise) / fmax(distance, 1e-6);
    t->rises[up][m]++;
}

/* The relaxation's rise when m is set: +infinity when there is none left. */
static hf_err try_side(hf_tree *t, int m, bool up, double bound, double *ret_rise)
{
    hf_err err = HF_OK;
    HF_TRY(hf_lp_set_column_bounds(t->master->lp, m, up, up));
    HF_TRY(hf_lp_solve(t->master->lp, HF_LP_DUAL_THEN_PRIMAL, time_left(t)));
    hf_lp_status status = hf_lp_get_status(t->master->lp);
    *ret_rise = status == HF_LP_OPTIMAL ? fmax(0, hf_master_bound(t->master) - bound) : status == HF_LP_INFEASIBLE ? INFINITY : 0;
    HF_TRY(hf_lp_set_column_bounds(t->master->lp, m, t->low[m], t->high[m]));
out:
    return err;
}

static void means(const hf_tree *t, double *mean)
{
    for (int side = 0; side < 2; side++) {
        double sum = 0;
        int n = 0;
        for (int m = 0; m < t->master->n_measures; m++) {
            sum += t->rise[side][m];
            n += t->rises[side][m];
        }
        mean[side] = n ? sum / n : 1;
    }
}

/* The measure to branch on at the point y, -1 when all are whole. Those of few observations are tried out. */
static hf_err branch_choose(hf_tree *t, const double *y, double bound, int *ret_measure)
{
    double mean[2], score[TRIED];
    int candidate[TRIED], n = 0;
    hf_err err = HF_OK;
    means(t, mean);
    for (int m = 0; m < t->master->n_measures; m++) {
        if (fraction(y[m]) < WHOLE) continue;
        double s = promise(t, m, y[m], mean);
        int at = n < TRIED ? n++ : s > score[TRIED - 1] ? TRIED - 1 : -1;
        for (; at > 0 && score[at - 1] < s; at--) score[at] = score[at - 1], candidate[at] = candidate[at - 1];
        if (at >= 0) score[at] = s, candidate[at] = m;
    }
    *ret_measure = -1;
    double best = -1;
    for (int k = 0; k < n; k++) {
        int m = candidate[k];
        if (t->rises[0][m] < RELIABLE || t->rises[1][m] < RELIABLE) {
            double rise[2];
            for (int up = 0; up < 2; up++) {
                HF_TRY(try_side(t, m, up, bound, &rise[up]));
                if (!isinf(rise[up])) rise_learn(t, m, up, rise[up], up ? 1 - y[m] : y[m]);
            }
            score[k] = fmin(1e12, fmax(rise[0], 1e-9)) * fmin(1e12, fmax(rise[1], 1e-9));
        }
        if (score[k] > best) best = score[k], *ret_measure = m;
    }
out:
    return err;
}

/* --- One node --- */

typedef enum verdict { DONE, BRANCH, STOPPED } verdict;

static bool is_whole(const double *y, int n)
{
    for (int m = 0; m < n; m++)
        if (fraction(y[m]) >= WHOLE) return false;
    return true;
}

static hf_err separate_here(hf_tree *t, bool whole, int *ret_added)
{
    const double *y = hf_lp_x(t->master->lp);
    for (int m = 0; m < t->master->n_measures; m++) t->point[m] = whole ? round(y[m]) : fmin(1, fmax(0, y[m]));
    return hf_master_separate(t->master, t->point, ret_added);
}

/* Solves a node with cuts; *ret_bound is its bound at the end. */
static hf_err node_solve(hf_tree *t, double *ret_bound, verdict *ret_verdict)
{
    hf_err err = HF_OK;
    hf_master *x = t->master;
    *ret_verdict = STOPPED;
    for (int round = 0; !must_stop(t); round++) {
        HF_TRY(hf_master_solve(x, time_left(t)));
        hf_lp_status status = hf_lp_get_status(x->lp);
        *ret_verdict = DONE;
        if (status == HF_LP_INFEASIBLE) {
            *ret_bound = INFINITY;
            goto out;
        }
        if (status != HF_LP_OPTIMAL) { /* without an answer that holds the node is left, with the bound that it had */
            if (status == HF_LP_STOPPED) *ret_verdict = STOPPED;
            goto out;
        }
        double before = *ret_bound;
        *ret_bound = fmax(*ret_bound, hf_master_bound(x));
        if (*ret_bound >= hf_tree_cutoff(t)) goto out;
        bool whole = is_whole(hf_lp_x(x->lp), x->n_measures);
        int added = 0;
        if (!whole && (round >= NODE_ROUNDS || (round > 0 && *ret_bound - before < 0.02 * (hf_tree_cutoff(t) - *ret_bound)))) {
            *ret_verdict = BRANCH;
            goto out;
        }
        if (whole) HF_TRY(whole_point(t, hf_lp_x(x->lp)));
        HF_TRY(separate_here(t, whole, &added));
        if (added > 0) continue;
        *ret_verdict = whole ? DONE : BRANCH;
        goto out;
    }
out:
    return err;
}

/* Looks at a node; *ret_next is the half to dive into, or -1. */
static hf_err node_look(hf_tree *t, int node, int *ret_next)
{
    hf_err err = HF_OK;
    verdict v;
    double before = t->node[node].bound, bound = before;
    *ret_next = -1;
    HF_TRY(node_enter(t, node));
    HF_TRY(node_solve(t, &bound, &v));
    t->looked_at++;
    t->node[node].bound = bound;
    if (v == STOPPED) {
        HF_TRY(open_push(t, node));
        goto out;
    }
    if (v == DONE) {
        t->finished = fmin(t->finished, bound);
        goto out;
    }
    if (t->looked_at % ROUND_EVERY == 1) HF_TRY(hf_tree_round(t));
    int m, half[2];
    double y_m;
    memcpy(t->point, hf_lp_x(t->master->lp), (size_t)t->master->n_measures * sizeof(double));
    HF_TRY(branch_choose(t, t->point, bound, &m));
    y_m = t->point[m];
    for (int up = 0; up < 2; up++) HF_TRY(node_add(t, node, m, up, bound, &half[up]));
    bool first = y_m >= 0.5;
    HF_TRY(open_push(t, half[!first]));
    *ret_next = half[first];
out:
    return err;
}

/* What no plan is below: of what is finished, open, and the node that comes next (-1: none). */
static double bound_now(const hf_tree *t, int next)
{
    double bound = fmin(t->finished, t->best_value);
    if (t->n_open > 0) bound = fmin(bound, t->node[t->open[0]].bound);
    return next >= 0 ? fmin(bound, t->node[next].bound) : bound;
}

hf_err hf_tree_run(hf_tree *t, double *ret_bound)
{
    hf_err err = HF_OK;
    int next = -1, root;
    HF_TRY(node_add(t, -1, -1, false, t->root_bound, &root));
    HF_TRY(open_push(t, root));
    while ((next >= 0 || t->n_open > 0) && t->looked_at < t->most_nodes && !must_stop(t)) {
        if (next < 0) next = open_pop(t);
        if (t->node[next].bound >= hf_tree_cutoff(t)) {
            t->finished = fmin(t->finished, t->node[next].bound);
            next = -1;
            continue;
        }
        HF_TRY(node_look(t, next, &next));
        if (t->watch) t->watch(t->watch_context, t->best_value, bound_now(t, next));
        if (t->looked_at % PURGE_EVERY == 0) HF_TRY(hf_master_purge(t->master, PURGE_AGE));
    }
    if (next >= 0) HF_TRY(open_push(t, next));
    *ret_bound = bound_now(t, -1);
out:
    return err;
}
