#include "solver/portfolio/master.h"

#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "solver/portfolio/budgets.h"
#include "solver/portfolio/heuristic.h"
#include "solver/portfolio/rounding.h"

static const double VIOLATED = 1e-6; /* theta is in units near 1 */

static bool group_counts(const hf_portfolio_problem *p, int g)
{
    return !p->counts || p->counts[g];
}

static double offset_of(const hf_portfolio_problem *p, int g)
{
    return p->offset ? p->offset[g] : 0;
}

void hf_master_done(hf_master *x)
{
    void *blocks[] = {x->theta_of,   x->cluster_start, x->cluster, x->unit, x->factor, x->least,  x->age,
                      x->budget_row, x->budget_scale,  x->slope,   x->sum,  x->mixed,  x->column, x->value,  x->at,  x->rounded};
    hf_lp_free(x->lp);
    hf_claims_done(&x->claims);
    for (size_t k = 0; k < sizeof blocks / sizeof *blocks; k++) hf_free(blocks[k]);
    *x = (hf_master){0};
}

/* --- Clusters --- */

/* Every scene of a tail is a cluster of its own; else the scenes of a group share at most `most` clusters. */
static void clusters_assign(hf_master *x, int most)
{
    const hf_scenes *all = x->scenes;
    const hf_portfolio_problem *p = all->problem;
    x->n_thetas = 0;
    for (int g = 0; g < p->n_groups; g++) {
        int first = x->n_thetas, n = 0;
        bool alone = p->aim == HF_AIM_TAIL && group_counts(p, g);
        for (int s = 0; s < all->n; s++) {
            if (all->scene[s].group != g) continue;
            x->theta_of[s] = first + (alone ? n : n % most);
            x->factor[s] = alone ? 1 : all->scene[s].frequency;
            n++;
        }
        x->n_thetas += alone || n < most ? n : most;
    }
}

static hf_err clusters_make(hf_master *x, int most)
{
    const hf_scenes *all = x->scenes;
    size_t n = (size_t)all->n;
    x->theta_of = hf_malloc(n * sizeof(int));
    x->factor = hf_malloc(n * sizeof(double));
    x->least = hf_malloc(n * sizeof(double));
    x->cluster = hf_malloc(n * sizeof(int));
    x->cluster_start = hf_calloc(n + 2, sizeof(int));
    x->unit = hf_calloc(n, sizeof(double));
    if (!x->theta_of || !x->factor || !x->least || !x->cluster || !x->cluster_start || !x->unit) return HF_E_NOMEM;
    clusters_assign(x, most);
    for (int s = 0; s < all->n; s++) {
        x->unit[x->theta_of[s]] += x->factor[s] * all->scene[s].loss;
        x->cluster_start[x->theta_of[s] + 2]++;
    }
    for (int c = 0; c < x->n_thetas; c++) x->cluster_start[c + 2] += x->cluster_start[c + 1];
    for (int s = 0; s < all->n; s++) x->cluster[x->cluster_start[x->theta_of[s] + 1]++] = s;
    return HF_OK;
}

static hf_err least_losses(hf_master *x)
{
    hf_scene_work work = {0};
    bool *everything = hf_malloc((size_t)x->n_measures * sizeof *everything);
    hf_err err = everything ? hf_scene_work_init(x->scenes, &work) : HF_E_NOMEM;
    if (err == HF_OK) {
        for (int m = 0; m < x->n_measures; m++) everything[m] = true;
        for (int s = 0; s < x->scenes->n; s++) x->least[s] = hf_scene_run(&x->scenes->scene[s], everything, &work);
        hf_scene_work_done(&work);
    }
    hf_free(everything);
    return err;
}

/* --- Columns and fixed rows --- */

static hf_err column_add(hf_lp *lp, double cost, double low, double high)
{
    return hf_lp_add_columns(lp, 1, &cost, &low, &high, NULL);
}

/* F when nothing is bought, which the objective is measured in. */
static double scale_of(const hf_master *x)
{
    const hf_portfolio_problem *p = x->scenes->problem;
    double scale = 0;
    if (p->aim == HF_AIM_COST) {
        for (int m = 0; m < p->n_measures; m++) scale += p->cost[m];
    } else if (p->aim == HF_AIM_TAIL) {
        for (int s = 0; s < x->scenes->n; s++) scale = fmax(scale, x->scenes->scene[s].loss);
    } else {
        for (int g = 0; g < p->n_groups; g++) {
            double loss = 0;
            for (int s = 0; s < x->scenes->n && group_counts(p, g); s++)
                if (x->scenes->scene[s].group == g) loss += x->scenes->scene[s].frequency * x->scenes->scene[s].loss;
            scale = fmax(scale, loss);
        }
    }
    return scale > 0 ? scale : 1;
}

static int group_of_theta(const hf_master *x, int c)
{
    return x->scenes->scene[x->cluster[x->cluster_start[c]]].group;
}

/* One group that counts and no offset: theta itself carries the objective. */
static bool is_plain_sum(const hf_portfolio_problem *p)
{
    int n = 0;
    for (int g = 0; g < p->n_groups; g++)
        if (group_counts(p, g)) {
            if (offset_of(p, g) != 0) return false;
            n++;
        }
    return p->aim == HF_AIM_LARGEST && n <= 1;
}

bool hf_master_theta_carries(const hf_master *x, int c)
{
    return is_plain_sum(x->scenes->problem) && group_counts(x->scenes->problem, group_of_theta(x, c));
}

static hf_err thetas_add(hf_master *x, hf_lp *lp)
{
    hf_err err = HF_OK;
    x->theta = hf_lp_columns(lp);
    for (int c = 0; c < x->n_thetas; c++) {
        double least = 0;
        for (int k = x->cluster_start[c]; k < x->cluster_start[c + 1]; k++) least += x->factor[x->cluster[k]] * x->least[x->cluster[k]];
        HF_TRY(column_add(lp, hf_master_theta_carries(x, c) ? x->unit[c] / x->scale : 0, least / x->unit[c] * (1 - 1e-12), INFINITY));
    }
out:
    return err;
}

/* V_g / scale as entries from n on. */
static int group_entries(hf_master *x, int g, double scale, int n)
{
    for (int c = 0; c < x->n_thetas; c++)
        if (group_of_theta(x, c) == g) {
            int s = x->cluster[x->cluster_start[c]];
            double times = x->scenes->problem->aim == HF_AIM_TAIL && group_counts(x->scenes->problem, g) ? x->scenes->scene[s].frequency : 1;
            x->column[n] = x->theta + c;
            x->value[n++] = times * x->unit[c] / scale;
        }
    return n;
}

static hf_err row_end(hf_master *x, hf_lp *lp, int n, double low, double high)
{
    return hf_lp_add_rows(lp, 1, &low, &high, (int[]){0, n}, x->column, x->value);
}

/* z >= V_G - offset_G. */
static hf_err largest_rows(hf_master *x, hf_lp *lp)
{
    const hf_portfolio_problem *p = x->scenes->problem;
    hf_err err = HF_OK;
    int z = hf_lp_columns(lp);
    double low = INFINITY;
    for (int g = 0; g < p->n_groups; g++)
        if (group_counts(p, g)) low = fmin(low, -offset_of(p, g) / x->scale);
    HF_TRY(column_add(lp, 1, isinf(low) ? 0 : low, INFINITY));
    for (int g = 0; g < p->n_groups; g++) {
        if (!group_counts(p, g)) continue;
        int n = group_entries(x, g, -x->scale, 0);
        x->column[n] = z;
        x->value[n++] = 1;
        HF_TRY(row_end(x, lp, n, -offset_of(p, g) / x->scale, INFINITY));
    }
out:
    return err;
}

/* CVaR = min over eta of eta + sum_s p_s max(0, L_s - eta) / (1 - tail): R. T. Rockafellar, S. Uryasev, J. of Risk 2 (2000) 21-41. */
static hf_err tail_rows(hf_master *x, hf_lp *lp)
{
    const hf_portfolio_problem *p = x->scenes->problem;
    hf_err err = HF_OK;
    int eta = hf_lp_columns(lp);
    double mass = 0;
    for (int s = 0; s < p->n_scenarios; s++)
        if (group_counts(p, p->group ? p->group[s] : 0)) mass += p->frequency[s];
    HF_TRY(column_add(lp, 1, 0, INFINITY));
    for (int s = 0; s < x->scenes->n; s++) {
        int beyond = hf_lp_columns(lp), c = x->theta_of[s];
        if (!group_counts(p, x->scenes->scene[s].group)) continue;
        HF_TRY(column_add(lp, x->scenes->scene[s].frequency / ((1 - p->tail) * mass), 0, INFINITY));
        x->column[0] = beyond, x->value[0] = 1;
        x->column[1] = eta, x->value[1] = 1;
        x->column[2] = x->theta + c, x->value[2] = -x->unit[c] / x->scale;
        HF_TRY(row_end(x, lp, 3, 0, INFINITY));
    }
out:
    return err;
}

static hf_err limit_rows(hf_master *x, hf_lp *lp)
{
    const hf_portfolio_problem *p = x->scenes->problem;
    hf_err err = HF_OK;
    for (int g = 0; p->limit && g < p->n_groups; g++) {
        double limit = p->limit[g], scale = limit > 0 ? limit : 1;
        if (isinf(limit)) continue;
        int n = group_entries(x, g, scale, 0);
        if (n > 0) HF_TRY(row_end(x, lp, n, -INFINITY, limit / scale + 1e-9));
    }
out:
    return err;
}

hf_err hf_master_start(const hf_scenes *scenes, int max_clusters, hf_master *x)
{
    const hf_portfolio_problem *p = scenes->problem;
    hf_err err = HF_OK;
    *x = (hf_master){.scenes = scenes, .n_measures = p->n_measures, .bound = -INFINITY};
    size_t n_columns = 2 * (size_t)p->n_measures + 2 * (size_t)scenes->n + (size_t)p->n_payers + 4;
    x->column = hf_malloc(n_columns * sizeof(int));
    x->value = hf_malloc(n_columns * sizeof(double));
    x->slope = hf_malloc((size_t)scenes->max_measures * sizeof(double));
    x->sum = hf_calloc((size_t)p->n_measures, sizeof(double));
    x->mixed = hf_malloc((size_t)p->n_measures * sizeof(double));
    x->at = hf_malloc((size_t)p->n_measures * sizeof(double));
    x->rounded = hf_malloc((size_t)p->n_measures * sizeof(double));
    x->budget_row = hf_malloc((size_t)p->n_payers * sizeof(int));
    x->budget_scale = hf_malloc((size_t)p->n_payers * sizeof(double));
    if (!x->column || !x->value || !x->slope || !x->sum || !x->mixed || !x->at || !x->rounded || !x->budget_row || !x->budget_scale) HF_TRY(HF_E_NOMEM);
    HF_TRY(clusters_make(x, max_clusters));
    HF_TRY(least_losses(x));
    HF_TRY(hf_claims_init(scenes, &x->claims));
    x->scale = scale_of(x);
out:
    if (err != HF_OK) hf_master_done(x);
    return err;
}

hf_err hf_master_rows(hf_master *x, hf_lp *lp)
{
    const hf_portfolio_problem *p = x->scenes->problem;
    hf_err err = HF_OK;
    HF_TRY(hf_budgets_rows(p, lp, &x->grant, x->budget_row, &x->joint_row, &x->together_row));
    for (int k = 0; k < p->n_payers; k++) x->budget_scale[k] = hf_budget_scale(p->budget[k]);
    x->joint_scale = hf_budget_scale(p->joint);
    x->together_scale = p->together ? hf_budget_scale(*p->together) : 1;
    HF_TRY(thetas_add(x, lp));
    if (p->aim == HF_AIM_LARGEST && !is_plain_sum(p)) HF_TRY(largest_rows(x, lp));
    if (p->aim == HF_AIM_TAIL) HF_TRY(tail_rows(x, lp));
    HF_TRY(limit_rows(x, lp));
    x->n_fixed_rows = hf_lp_rows(lp);
out:
    return err;
}

hf_err hf_master_init(const hf_scenes *scenes, int max_clusters, hf_master *x)
{
    const hf_portfolio_problem *p = scenes->problem;
    hf_err err = hf_master_start(scenes, max_clusters, x);
    if (err != HF_OK) return err;
    HF_TRY(hf_lp_new(&x->lp));
    for (int m = 0; m < p->n_measures; m++) HF_TRY(column_add(x->lp, p->aim == HF_AIM_COST ? p->cost[m] / x->scale : 0, 0, 1));
    HF_TRY(hf_master_rows(x, x->lp));
out:
    if (err != HF_OK) hf_master_done(x);
    return err;
}

hf_err hf_master_budgets(hf_master *x, const bool *allowed)
{
    const hf_portfolio_problem *p = x->scenes->problem;
    hf_err err = HF_OK;
    for (int k = 0; k < p->n_payers; k++)
        if (x->budget_row[k] >= 0) HF_TRY(hf_lp_set_row_bounds(x->lp, x->budget_row[k], -INFINITY, p->budget[k] / x->budget_scale[k]));
    if (x->together_row >= 0) HF_TRY(hf_lp_set_row_bounds(x->lp, x->together_row, -INFINITY, *p->together / x->together_scale));
    if (x->joint_row >= 0) HF_TRY(hf_lp_set_row_bounds(x->lp, x->joint_row, -INFINITY, p->joint / x->joint_scale));
    for (int m = 0; m < x->n_measures; m++) HF_TRY(hf_lp_set_column_bounds(x->lp, m, 0, allowed[m] ? 1 : 0));
    x->bound = -INFINITY;
out:
    return err;
}

/* --- Solving and cuts --- */

/* An answer that did not hold: once more from the basis of all slacks. */
static hf_err solve_again(hf_master *x, double time_limit_s)
{
    int n_columns = hf_lp_columns(x->lp), n_rows = hf_lp_rows(x->lp);
    hf_lp_basis *columns = hf_malloc((size_t)n_columns * sizeof *columns), *rows = hf_malloc((size_t)n_rows * sizeof *rows);
    hf_err err = columns && rows ? HF_OK : HF_E_NOMEM;
    for (int j = 0; err == HF_OK && j < n_columns; j++) columns[j] = HF_LP_AT_LOW;
    for (int i = 0; err == HF_OK && i < n_rows; i++) rows[i] = HF_LP_BASIC;
    if (err == HF_OK) err = hf_lp_set_basis(x->lp, columns, rows);
    if (err == HF_OK) err = hf_lp_solve(x->lp, HF_LP_PRIMAL, time_limit_s);
    hf_free(columns);
    hf_free(rows);
    return err;
}

hf_err hf_master_solve(hf_master *x, double time_limit_s)
{
    hf_err err = hf_lp_solve(x->lp, HF_LP_DUAL_THEN_PRIMAL, time_limit_s);
    if (err == HF_OK && hf_lp_get_status(x->lp) == HF_LP_NUMERIC) err = solve_again(x, time_limit_s);
    if (err != HF_OK || hf_lp_get_status(x->lp) != HF_LP_OPTIMAL) return err;
    const double *dual = hf_lp_duals(x->lp);
    for (int r = x->n_fixed_rows; r < hf_lp_rows(x->lp); r++) {
        if (dual[r] > 1e-12) x->age[r - x->n_fixed_rows] = 0;
        else x->age[r - x->n_fixed_rows]++;
    }
    return HF_OK;
}

double hf_master_bound(const hf_master *x)
{
    return hf_lp_bound(x->lp) * x->scale;
}

/* One cluster's cut at y: entries from 0 on, theta's last. */
static hf_err cluster_cut(hf_master *x, int c, const double *y, int *ret_n, double *ret_constant)
{
    int n = 0;
    double total = 0;
    for (int k = x->cluster_start[c]; k < x->cluster_start[c + 1]; k++) {
        int s = x->cluster[k];
        const hf_scene *scene = &x->scenes->scene[s];
        double loss, constant, most;
        hf_err err = hf_claims_cut(scene, y, &x->claims, &loss, x->slope, &constant);
        if (err != HF_OK) return err;
        if (constant <= x->least[s]) constant = x->least[s], most = 0; /* says less than is known */
        else most = constant - x->least[s];
        total += x->factor[s] * constant;
        for (int l = 0; l < scene->n_measures; l++) {
            double slope = fmin(x->slope[l], most);
            if (!(slope > 0)) continue;
            if (x->sum[scene->measure[l]] == 0) x->column[n++] = scene->measure[l];
            x->sum[scene->measure[l]] += x->factor[s] * slope;
        }
    }
    for (int k = 0; k < n; k++) {
        x->value[k] = x->sum[x->column[k]] / x->unit[c];
        x->sum[x->column[k]] = 0;
    }
    x->column[n] = x->theta + c;
    x->value[n++] = 1;
    *ret_n = n;
    *ret_constant = total / x->unit[c];
    return HF_OK;
}

/* Appends the row at hand when the present point violates it. */
static hf_err cut_offer(hf_master *x, int n, double constant, int *ret_added)
{
    hf_err err = HF_OK;
    const double *point = hf_lp_x(x->lp);
    double there = 0;
    for (int k = 0; k < n; k++) there += x->value[k] * point[x->column[k]];
    if (there >= constant - VIOLATED) return HF_OK;
    size_t n_cuts = (size_t)(hf_lp_rows(x->lp) - x->n_fixed_rows);
    HF_TRY(hf_grow((void **)&x->age, &x->age_capacity, n_cuts + 1, sizeof(int)));
    x->age[n_cuts] = 0;
    HF_TRY(row_end(x, x->lp, n, constant, INFINITY));
    x->n_cuts++;
    ++*ret_added;
out:
    return err;
}

/* A cut of a group that may not lose more than a limit says how much must be saved, and no measure is needed for more than that:
 * coefficients are clipped at it (as in covers of knapsacks: R. Carr, L. Fleischer, V. Leung, C. Phillips, SODA 2000, 106-115). theta has
 * no part in it. */
static void ceiling_clip(hf_master *x, int *n, double *constant, double limit)
{
    int kept = *n - 1;
    *constant -= limit;
    for (int k = 0; k < kept; k++) x->value[k] = fmin(1, x->value[k] / *constant);
    *constant = 1;
    *n = kept;
}

/* The row at hand, sum of value x y >= 1, rounded at the present point. */
static hf_err rounded_offer(hf_master *x, int n, int *ret_added)
{
    double low;
    const double *point = hf_lp_x(x->lp);
    for (int k = 0; k < n; k++) x->at[k] = point[x->column[k]];
    if (!hf_row_round(n, x->value, x->at, x->rounded, &low)) return HF_OK;
    double *value = x->value;
    x->value = x->rounded;
    hf_err err = cut_offer(x, n, low, ret_added);
    x->value = value;
    return err;
}

/* The limit of theta_c in its own units; INFINITY when its group has none, or has other clusters besides. */
static double ceiling_of(const hf_master *x, int c)
{
    const hf_portfolio_problem *p = x->scenes->problem;
    int g = group_of_theta(x, c);
    bool alone = (c == 0 || group_of_theta(x, c - 1) != g) && (c == x->n_thetas - 1 || group_of_theta(x, c + 1) != g);
    return alone && p->limit && x->cluster_start[c + 1] > x->cluster_start[c] ? p->limit[g] / x->unit[c] : INFINITY;
}

/* The row at hand in place of the cut of cluster c, under its ceiling; rounded too. */
static hf_err ceiling_offer(hf_master *x, int c, int n, double constant, double ceiling, int *ret_added)
{
    hf_err err = HF_OK;
    int s = x->cluster[x->cluster_start[c]];
    const hf_scene *scene = &x->scenes->scene[s];
    bool single = x->cluster_start[c + 1] == x->cluster_start[c] + 1 && !scene->part;
    if (!single) {
        if (constant - ceiling < 1e-6) return HF_OK;
        ceiling_clip(x, &n, &constant, ceiling);
    } else {
        if (!hf_claims_ceiling(scene, hf_lp_x(x->lp), &x->claims, ceiling * x->unit[c] / x->factor[s], x->slope)) return HF_OK;
        n = 0;
        for (int l = 0; l < scene->n_measures; l++)
            if (x->slope[l] > 0) x->column[n] = scene->measure[l], x->value[n++] = x->slope[l];
    }
    HF_TRY(cut_offer(x, n, 1, ret_added));
    HF_TRY(rounded_offer(x, n, ret_added));
out:
    return err;
}

hf_err hf_master_separate(hf_master *x, const double *y, int *ret_added)
{
    hf_err err = HF_OK;
    *ret_added = 0;
    for (int c = 0; c < x->n_thetas; c++) {
        int n;
        double constant, ceiling = ceiling_of(x, c);
        HF_TRY(cluster_cut(x, c, y, &n, &constant));
        if (isinf(ceiling) || group_counts(x->scenes->problem, group_of_theta(x, c))) HF_TRY(cut_offer(x, n, constant, ret_added));
        if (!(constant > ceiling)) continue;
        HF_TRY(ceiling_offer(x, c, n, constant, ceiling, ret_added));
    }
out:
    return err;
}

hf_err hf_master_purge(hf_master *x, int age)
{
    int n_rows = hf_lp_rows(x->lp), n_cuts = n_rows - x->n_fixed_rows, n = 0, kept = 0;
    int *row = hf_malloc((size_t)n_rows * sizeof *row);
    if (!row) return HF_E_NOMEM;
    for (int k = 0; k < n_cuts; k++) {
        if (x->age[k] >= age) row[n++] = x->n_fixed_rows + k;
        else x->age[kept++] = x->age[k];
    }
    hf_err err = hf_lp_delete_rows(x->lp, n, row);
    hf_free(row);
    return err;
}

static double time_left(double deadline)
{
    double left = isinf(deadline) ? 0 : deadline - hf_clock();
    return isinf(deadline) ? 0 : fmax(left, 1e-3);
}

static bool must_stop(const hf_root_options *o)
{
    return (o->cancel && *o->cancel) || (!isinf(o->deadline) && hf_clock() > o->deadline);
}

hf_err hf_master_tighten(hf_master *x, const hf_root_options *o, double *centre, bool *ret_done)
{
    hf_err err = HF_OK;
    double bound_then = -INFINITY;
    *ret_done = false;
    for (int round = 0; !must_stop(o); round++) {
        int added = 0;
        HF_TRY(hf_master_solve(x, time_left(o->deadline)));
        *ret_done = hf_lp_get_status(x->lp) != HF_LP_STOPPED;
        if (hf_lp_get_status(x->lp) != HF_LP_OPTIMAL) break;
        double bound = hf_master_bound(x);
        x->bound = fmax(x->bound, bound);
        if (bound >= o->cutoff) break;
        if (round > 0 && round % o->patience == 0) {
            if (bound - bound_then < o->least_rise * fmax(1e-9, fabs(bound))) break;
            bound_then = bound;
        }
        *ret_done = false;
        if (round >= o->rounds - 1) break;
        const double *y = hf_lp_x(x->lp);
        for (int m = 0; m < x->n_measures; m++) {
            centre[m] += 0.3 * (y[m] - centre[m]);
            x->mixed[m] = fmin(1, fmax(0, 0.5 * y[m] + 0.5 * centre[m]));
        }
        HF_TRY(hf_master_separate(x, x->mixed, &added));
        if (added == 0) {
            for (int m = 0; m < x->n_measures; m++) x->mixed[m] = fmin(1, fmax(0, y[m]));
            HF_TRY(hf_master_separate(x, x->mixed, &added));
        }
        *ret_done = added == 0;
        if (added == 0) break;
        if (round % 5 == 4) HF_TRY(hf_master_purge(x, 5));
    }
out:
    return err;
}
