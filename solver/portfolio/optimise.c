#include "solver/portfolio/optimise.h"

#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "solver/portfolio/tree.h"

enum { CLUSTERS = 60, STAGES = 30, STAGE_ROUNDS = 11, PATIENCE = 5 };

void hf_optimum_done(hf_optimum *o)
{
    hf_free(o->plan);
    hf_free(o->marginal);
    *o = (hf_optimum){0};
}

/* F when everything is bought: no plan is below, as no measure does harm. */
static double floor_value(hf_search *x, bool *plan)
{
    const hf_portfolio_problem *p = x->scenes->problem;
    if (p->aim == HF_AIM_COST) return 0;
    for (int m = 0; m < p->n_measures; m++) plan[m] = true;
    return hf_valuation_set(&x->valuation, plan).value;
}

/* A measure without effect in any scene is left out, unless a rule or a floor names it. */
static void useless_forbid(hf_search *x)
{
    const hf_scenes *all = x->scenes;
    for (int m = 0; m < all->n_measures; m++) {
        bool named = x->purse.rule_start[m] < x->purse.rule_start[m + 1] || x->purse.floor_of_start[m] < x->purse.floor_of_start[m + 1];
        x->allowed[m] = named || all->where_start[m] < all->where_start[m + 1];
    }
}

/* What one more unit of budget is worth, from the duals of the budget rows (which are divided by the budget). */
static void marginals(const hf_master *x, hf_optimum *o)
{
    const hf_portfolio_problem *p = x->scenes->problem;
    const double *dual = hf_lp_duals(x->lp);
    for (int k = 0; k < p->n_payers; k++) {
        double unit = p->budget[k] > 0 ? p->budget[k] : 1;
        o->marginal[k] = isinf(p->budget[k]) ? 0 : x->budget_row[k] < 0 ? NAN : -dual[x->budget_row[k]] * x->scale / unit;
    }
    if (x->joint_row >= 0) o->marginal_joint = -dual[x->joint_row] * x->scale / (p->joint > 0 ? p->joint : 1);
}

/* A start by simulation. */
static hf_err start_plan(hf_search *x, const hf_optimise_options *options, hf_optimum *o)
{
    const hf_portfolio_problem *p = x->scenes->problem;
    hf_err err = HF_OK;
    o->bound = floor_value(x, o->plan);
    HF_TRY(hf_budgets_any_plan(p, o->plan));
    if (options->start) {
        bool allowed = false;
        HF_TRY(hf_budgets_allow(p, options->start, &allowed));
        if (allowed && p->n_measures > 0) memcpy(o->plan, options->start, (size_t)p->n_measures * sizeof(bool));
    }
    hf_search_set(x, o->plan);
    HF_TRY(hf_search_greedy(x, NULL));
    if (p->n_measures > 0) memcpy(o->plan, x->purse.plan, (size_t)p->n_measures * sizeof(bool));
    o->value = x->score.excess > 0 ? INFINITY : x->score.value;
out:
    return err;
}

static bool is_good(const hf_optimum *o, double gap)
{
    return !isinf(o->value) && o->value - o->bound <= fmax(gap, 1e-9) * fmax(1e-9, fabs(o->value));
}

/* The root in stages, each followed by plans made of its point, so that there is a good plan early. *ret_tree: whether there is anything
 * left to be done in the tree. */
static hf_err root(hf_tree *tree, const hf_optimise_options *options, double *centre, hf_optimum *o, bool *ret_tree)
{
    hf_master *x = tree->master;
    hf_err err = HF_OK;
    hf_root_options limits = {.rounds = STAGE_ROUNDS, .least_rise = 1e-5, .patience = PATIENCE, .deadline = options->deadline, .cancel = options->cancel};
    bool done = false;
    *ret_tree = false;
    for (int stage = 0; stage < STAGES && !done; stage++) {
        limits.cutoff = hf_tree_cutoff(tree);
        HF_TRY(hf_master_tighten(x, &limits, centre, &done));
        o->bound = fmax(o->bound, x->bound);
        hf_lp_status status = hf_lp_get_status(x->lp);
        if (status == HF_LP_INFEASIBLE) {
            o->infeasible = isinf(tree->best_value);
            goto out;
        }
        if (status != HF_LP_OPTIMAL) {
            if (hf_search_must_stop(tree->search)) goto out;
            HF_TRY(HF_E_SOLVER);
        }
        hf_tree_root(tree);
        marginals(x, o);
        HF_TRY(hf_tree_round(tree));
        hf_tree_fix(tree);
        if (o->bound >= hf_tree_cutoff(tree)) goto out;
    }
    *ret_tree = !hf_search_must_stop(tree->search);
out:
    return err;
}

static hf_err prove(hf_search *x, const hf_optimise_options *options, double *centre, hf_optimum *o)
{
    const hf_scenes *all = x->scenes;
    hf_err err = HF_OK;
    hf_master master = {0};
    hf_tree tree = {0};
    bool go_on = false;
    HF_TRY(hf_master_init(all, CLUSTERS, &master));
    for (int m = 0; m < all->n_measures; m++) {
        centre[m] = o->plan[m];
        if (!x->allowed[m]) HF_TRY(hf_lp_set_column_bounds(master.lp, m, 0, 0));
    }
    HF_TRY(hf_tree_init(&master, x, o->plan, o->value, &tree));
    tree.gap = options->gap;
    HF_TRY(root(&tree, options, centre, o, &go_on));
    if (go_on) {
        double bound = o->bound;
        HF_TRY(hf_tree_run(&tree, &bound));
        o->bound = fmax(o->bound, bound);
        o->infeasible = isinf(tree.best_value) && isinf(bound);
    }
    o->cuts = master.n_cuts, o->nodes = tree.looked_at;
    o->value = tree.best_value;
    if (all->n_measures > 0) memcpy(o->plan, tree.best, (size_t)all->n_measures * sizeof(bool));
out:
    hf_tree_done(&tree);
    hf_master_done(&master);
    return err;
}

hf_err hf_optimise(const hf_scenes *scenes, const hf_optimise_options *options, hf_optimum *o)
{
    const hf_portfolio_problem *p = scenes->problem;
    size_t n = (size_t)scenes->n_measures;
    hf_search x = {0};
    hf_err err = HF_OK;
    double *centre = hf_calloc(n, sizeof *centre);
    *o = (hf_optimum){.bound = -INFINITY, .value = INFINITY, .marginal_joint = NAN};
    o->plan = hf_calloc(n, sizeof(bool));
    o->marginal = hf_malloc((size_t)p->n_payers * sizeof(double));
    if (!o->plan || !o->marginal || !centre) HF_TRY(HF_E_NOMEM);
    for (int k = 0; k < p->n_payers; k++) o->marginal[k] = NAN;
    HF_TRY(hf_search_init(scenes, options->cancel, options->deadline, &x));
    useless_forbid(&x);
    HF_TRY(start_plan(&x, options, o));
    if (!is_good(o, options->gap)) HF_TRY(prove(&x, options, centre, o));
    if (isinf(o->value)) {
        hf_free(o->plan);
        o->plan = NULL;
    }
out:
    hf_free(centre);
    hf_search_done(&x);
    if (err != HF_OK) hf_optimum_done(o);
    return err;
}
