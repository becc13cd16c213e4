#include "solver/portfolio/optimise.h"

#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "solver/portfolio/heuristic.h"

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

hf_err hf_optimise(const hf_scenes *scenes, const hf_optimise_options *options, hf_optimum *o)
{
    const hf_portfolio_problem *p = scenes->problem;
    size_t n = (size_t)scenes->n_measures;
    hf_search x;
    hf_err err = hf_search_init(scenes, options->cancel, options->deadline, &x);
    if (err != HF_OK) return err;
    *o = (hf_optimum){.bound = -INFINITY, .value = INFINITY, .marginal_joint = NAN};
    o->plan = hf_malloc(n * sizeof(bool));
    o->marginal = hf_malloc((size_t)p->n_payers * sizeof(double));
    if (!o->plan || !o->marginal) HF_TRY(HF_E_NOMEM);
    for (int k = 0; k < p->n_payers; k++) o->marginal[k] = NAN;
    o->bound = floor_value(&x, o->plan);
    HF_TRY(hf_budgets_any_plan(p, o->plan));
    hf_search_set(&x, o->plan);
    HF_TRY(hf_search_greedy(&x, NULL));
    hf_search_improve(&x, NULL);
    memcpy(o->plan, x.purse.plan, n * sizeof(bool));
    o->value = x.score.value;
out:
    hf_search_done(&x);
    if (err != HF_OK) hf_optimum_done(o);
    return err;
}
