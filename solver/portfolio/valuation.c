#include "solver/portfolio/valuation.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

struct hf_tail_item {
    double loss, mass;
};

bool hf_score_is_better(hf_score a, hf_score b)
{
    if (fabs(a.excess - b.excess) > 1e-9) return a.excess < b.excess;
    return a.value < b.value - 1e-9 * fmax(1, fabs(b.value));
}

static bool group_counts(const hf_portfolio_problem *p, int g)
{
    return !p->counts || p->counts[g];
}

hf_err hf_valuation_init(const hf_scenes *scenes, hf_valuation *v)
{
    const hf_portfolio_problem *p = scenes->problem;
    *v = (hf_valuation){.scenes = scenes};
    size_t n = (size_t)scenes->n;
    v->loss = hf_calloc(n, sizeof(double));
    v->before = hf_malloc(n * sizeof(double));
    v->touched = hf_malloc(n * sizeof(int));
    v->item = hf_malloc(n * sizeof *v->item);
    v->is_touched = hf_calloc(n, sizeof(bool));
    v->group = hf_calloc((size_t)p->n_groups, sizeof(double));
    for (int s = 0; s < p->n_scenarios; s++)
        if (group_counts(p, p->group ? p->group[s] : 0)) v->mass += p->frequency[s];
    if (v->loss && v->before && v->touched && v->item && v->is_touched && v->group && hf_scene_work_init(scenes, &v->work) == HF_OK) return HF_OK;
    hf_valuation_done(v);
    return HF_E_NOMEM;
}

void hf_valuation_done(hf_valuation *v)
{
    void *blocks[] = {v->loss, v->before, v->touched, v->item, v->is_touched, v->group};
    for (size_t k = 0; k < sizeof blocks / sizeof *blocks; k++) hf_free(blocks[k]);
    hf_scene_work_done(&v->work);
    *v = (hf_valuation){0};
}

static void groups_sum(hf_valuation *v)
{
    memset(v->group, 0, (size_t)v->scenes->problem->n_groups * sizeof(double));
    for (int s = 0; s < v->scenes->n; s++) v->group[v->scenes->scene[s].group] += v->scenes->scene[s].frequency * v->loss[s];
}

hf_score hf_valuation_set(hf_valuation *v, const bool *plan)
{
    const hf_portfolio_problem *p = v->scenes->problem;
    v->n_touched = 0;
    v->cost = v->cost_before = 0;
    for (int m = 0; m < p->n_measures; m++)
        if (plan[m]) v->cost += p->cost[m];
    for (int s = 0; s < v->scenes->n; s++) v->loss[s] = hf_scene_run(&v->scenes->scene[s], plan, &v->work);
    v->cost_before = v->cost;
    return hf_valuation_score(v);
}

hf_score hf_valuation_move(hf_valuation *v, const bool *plan, int n, const int *moved)
{
    const hf_scenes *all = v->scenes;
    v->n_touched = 0;
    v->cost_before = v->cost;
    for (int k = 0; k < n; k++) {
        v->cost += plan[moved[k]] ? all->problem->cost[moved[k]] : -all->problem->cost[moved[k]];
        for (int w = all->where_start[moved[k]]; w < all->where_start[moved[k] + 1]; w++) {
            int s = all->where[w];
            if (v->is_touched[s]) continue;
            v->is_touched[s] = true;
            v->before[v->n_touched] = v->loss[s];
            v->touched[v->n_touched++] = s;
            v->loss[s] = hf_scene_run(&all->scene[s], plan, &v->work);
        }
    }
    for (int k = 0; k < v->n_touched; k++) v->is_touched[v->touched[k]] = false;
    return hf_valuation_score(v);
}

void hf_valuation_undo(hf_valuation *v)
{
    for (int k = 0; k < v->n_touched; k++) v->loss[v->touched[k]] = v->before[k];
    v->cost = v->cost_before;
    v->n_touched = 0;
}

/* --- The measures of loss --- */

static int by_loss_falling(const void *a, const void *b)
{
    const struct hf_tail_item *x = a, *y = b;
    if (x->loss != y->loss) return x->loss > y->loss ? -1 : 1;
    return x->mass > y->mass ? -1 : x->mass < y->mass;
}

/* Scenes that count and lose at least `least`; returns their mass. */
static double tail_gather(hf_valuation *v, double least, int *ret_n)
{
    const hf_portfolio_problem *p = v->scenes->problem;
    double mass = 0;
    *ret_n = 0;
    for (int s = 0; s < v->scenes->n; s++) {
        if (v->loss[s] < least || !group_counts(p, v->scenes->scene[s].group)) continue;
        v->item[(*ret_n)++] = (struct hf_tail_item){v->loss[s], v->scenes->scene[s].frequency};
        mass += v->scenes->scene[s].frequency;
    }
    return mass;
}

/* Mean of the worst part 1 - tail. Scenarios that are no scene lose nothing. A move changes few scenes, so that those which lost most before are
 * looked at first; all of them only where they do not suffice. */
static double tail_mean(hf_valuation *v)
{
    double wanted = (1 - v->scenes->problem->tail) * v->mass, left = wanted, sum = 0;
    struct hf_tail_item *item = v->item;
    int n = 0, last = 0;
    if (!(wanted > 0)) return 0;
    if (tail_gather(v, v->tail_from, &n) < wanted) tail_gather(v, -INFINITY, &n);
    qsort(item, (size_t)n, sizeof *item, by_loss_falling);
    for (int k = 0; k < n && left > 0; k++) {
        sum += item[k].loss * fmin(item[k].mass, left);
        left -= item[k].mass;
        last = k;
    }
    if (n > 0) v->tail_from = 0.8 * item[last].loss;
    return sum / wanted;
}

hf_score hf_valuation_score(hf_valuation *v)
{
    const hf_portfolio_problem *p = v->scenes->problem;
    hf_score score = {0, 0};
    groups_sum(v);
    for (int g = 0; p->limit && g < p->n_groups; g++) {
        double beyond = v->group[g] - p->limit[g];
        if (beyond > 1e-9 * fmax(1, p->limit[g])) score.excess += beyond / fmax(1, p->limit[g]);
    }
    if (p->aim == HF_AIM_COST) {
        score.value = v->cost;
    } else if (p->aim == HF_AIM_TAIL) {
        score.value = tail_mean(v);
    } else {
        double largest = -INFINITY;
        for (int g = 0; g < p->n_groups; g++)
            if (group_counts(p, g)) largest = fmax(largest, v->group[g] - (p->offset ? p->offset[g] : 0));
        score.value = isinf(largest) ? 0 : largest;
    }
    return score;
}

double hf_valuation_expected(const hf_valuation *v)
{
    double sum = 0;
    for (int s = 0; s < v->scenes->n; s++)
        if (group_counts(v->scenes->problem, v->scenes->scene[s].group)) sum += v->scenes->scene[s].frequency * v->loss[s];
    return sum;
}
