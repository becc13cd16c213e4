#include "solver/portfolio/optimise.h"

#include <limits.h>
#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "solver/portfolio/ceiling.h"
#include "solver/portfolio/tree.h"

enum { CLUSTERS = 60, STAGES = 30, STAGE_ROUNDS = 11, PATIENCE = 5, SMALL = 200 };

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

/* What one more unit of budget is worth, from the duals of the budget rows. */
static void marginals(const hf_master *x, hf_optimum *o)
{
    const hf_portfolio_problem *p = x->scenes->problem;
    const double *dual = hf_lp_duals(x->lp);
    for (int k = 0; k < p->n_payers; k++)
        o->marginal[k] = isinf(p->budget[k]) ? 0 : x->budget_row[k] < 0 ? NAN : fmax(0, -dual[x->budget_row[k]] * x->scale / x->budget_scale[k]);
    if (x->together_row >= 0) o->marginal_together = fmax(0, -dual[x->together_row] * x->scale / x->together_scale);
    if (x->joint_row >= 0) o->marginal_joint = fmax(0, -dual[x->joint_row] * x->scale / x->joint_scale);
}

static void tell(const hf_optimise_options *options, double value, double bound)
{
    if (options->watch) options->watch(options->watch_context, value, bound);
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
    hf_root_options limits = {.rounds = STAGE_ROUNDS, .least_rise = options->limit_nodes ? 1e-4 : 1e-5, .patience = PATIENCE,
                              .deadline = options->deadline, .cancel = options->cancel};
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
        if (status != HF_LP_OPTIMAL) goto out; /* stopped, or no answer that holds: what is known stays true */
        hf_tree_root(tree);
        marginals(x, o);
        if (!options->bound_only) HF_TRY(hf_tree_round(tree));
        hf_tree_fix(tree);
        tell(options, tree->best_value, o->bound);
        if (o->bound >= hf_tree_cutoff(tree)) {
            o->infeasible = isinf(tree->best_value);
            goto out;
        }
    }
    *ret_tree = !hf_search_must_stop(tree->search);
out:
    return err;
}

struct hf_optimiser {
    const hf_scenes *scenes;
    hf_search search;
    hf_master master;
    double *centre;
};

hf_err hf_optimiser_new(const hf_scenes *scenes, hf_optimiser **ret_optimiser)
{
    hf_err err = HF_OK;
    hf_optimiser *x = hf_calloc(1, sizeof *x);
    if (!x) return HF_E_NOMEM;
    x->scenes = scenes;
    x->centre = hf_calloc((size_t)scenes->n_measures, sizeof *x->centre);
    if (!x->centre) HF_TRY(HF_E_NOMEM);
    HF_TRY(hf_search_init(scenes, NULL, INFINITY, &x->search));
    useless_forbid(&x->search);
    HF_TRY(hf_master_init(scenes, CLUSTERS, &x->master)); /* now: with the rows of joint money, which a later budget may be without */
    *ret_optimiser = x;
out:
    if (err != HF_OK) hf_optimiser_free(x);
    return err;
}

void hf_optimiser_free(hf_optimiser *x)
{
    if (!x) return;
    hf_search_done(&x->search);
    hf_master_done(&x->master);
    hf_free(x->centre);
    hf_free(x);
}

/* Nodes before ceilings take over: few, where a node is dear. */
static long first_nodes(const hf_scenes *all)
{
    if (!hf_ceiling_fits(all)) return LONG_MAX;
    return all->n_measures < SMALL ? 100 : 1;
}

static hf_err prove(hf_optimiser *x, const hf_optimise_options *options, hf_optimum *o)
{
    const hf_scenes *all = x->scenes;
    hf_err err = HF_OK;
    hf_tree tree = {0};
    bool go_on = false;
    HF_TRY(hf_master_budgets(&x->master, x->search.allowed));
    for (int m = 0; m < all->n_measures; m++) x->centre[m] = o->plan[m];
    HF_TRY(hf_tree_init(&x->master, &x->search, o->plan, o->value, &tree));
    tree.gap = options->gap;
    tree.watch = options->watch, tree.watch_context = options->watch_context;
    tree.most_nodes = options->limit_nodes ? options->most_nodes : first_nodes(all);
    HF_TRY(root(&tree, options, x->centre, o, &go_on));
    if (go_on) {
        double bound = o->bound;
        HF_TRY(hf_tree_run(&tree, &bound));
        o->bound = fmax(o->bound, bound);
        o->exhausted = tree.n_open == 0;
        o->infeasible = isinf(tree.best_value) && bound >= hf_tree_cutoff(&tree);
    }
    o->cuts = x->master.n_cuts, o->nodes = tree.looked_at;
    o->value = tree.best_value;
    if (all->n_measures > 0) memcpy(o->plan, tree.best, (size_t)all->n_measures * sizeof(bool));
out:
    hf_tree_done(&tree);
    return err;
}

/* For a largest loss: ceilings take over from a tree of a few nodes; where they cannot decide, a tree without limit ends it. */
static hf_err ceilings(hf_optimiser *x, const hf_optimise_options *options, hf_optimum *o)
{
    hf_err err = HF_OK;
    hf_optimise_options rest = *options;
    if (isinf(o->value) && !o->infeasible) goto tree;
    if (o->infeasible || is_good(o, options->gap) || hf_search_must_stop(&x->search)) goto out;
    HF_TRY(hf_ceiling_search(x->scenes, options, o));
tree:
    if (is_good(o, options->gap) || hf_search_must_stop(&x->search)) goto out;
    rest.limit_nodes = true;
    rest.most_nodes = LONG_MAX;
    HF_TRY(prove(x, &rest, o));
out:
    return err;
}

hf_err hf_optimiser_run(hf_optimiser *x, const hf_optimise_options *options, hf_optimum *o)
{
    const hf_portfolio_problem *p = x->scenes->problem;
    hf_err err = HF_OK;
    *o = (hf_optimum){.bound = -INFINITY, .value = INFINITY, .marginal_joint = NAN, .marginal_together = NAN};
    o->plan = hf_calloc((size_t)p->n_measures, sizeof(bool));
    o->marginal = hf_malloc((size_t)p->n_payers * sizeof(double));
    if (!o->plan || !o->marginal) HF_TRY(HF_E_NOMEM);
    for (int k = 0; k < p->n_payers; k++) o->marginal[k] = NAN;
    x->search.cancel = options->cancel;
    x->search.deadline = options->deadline;
    HF_TRY(start_plan(&x->search, options, o));
    tell(options, o->value, o->bound);
    if (o->value <= o->bound && p->aim != HF_AIM_COST) { /* as little as if everything were bought: no money can help */
        for (int k = 0; k < p->n_payers; k++) o->marginal[k] = 0;
        o->marginal_joint = o->marginal_together = 0;
    }
    if (!is_good(o, options->gap)) HF_TRY(prove(x, options, o));
    if (hf_ceiling_fits(x->scenes) && !o->exhausted) HF_TRY(ceilings(x, options, o));
    if (isinf(o->value)) {
        hf_free(o->plan);
        o->plan = NULL;
    }
out:
    if (err != HF_OK) hf_optimum_done(o);
    return err;
}

hf_err hf_optimise(const hf_scenes *scenes, const hf_optimise_options *options, hf_optimum *o)
{
    hf_optimiser *x = NULL;
    hf_err err = hf_optimiser_new(scenes, &x);
    if (err == HF_OK) err = hf_optimiser_run(x, options, o);
    hf_optimiser_free(x);
    return err;
}
