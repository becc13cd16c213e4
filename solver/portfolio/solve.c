#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "solver/portfolio.h"
#include "solver/portfolio/compile.h"
#include "solver/portfolio/extensive.h"
#include "solver/portfolio/heuristic.h"
#include "solver/portfolio/optimise.h"

static const double PROVED = 1e-6;

hf_portfolio hf_portfolio_default(void)
{
    return (hf_portfolio){.objective = HF_OBJECTIVE_EXPECTED, .tail = 0.95, .limit_expected = INFINITY, .limit_worst = INFINITY, .out_below = 0.5};
}

void hf_plan_free(hf_plan *plan)
{
    if (!plan) return;
    void *blocks[] = {plan->bought, plan->paid, plan->granted, plan->loss, plan->loss_without, plan->marginal};
    for (size_t k = 0; k < sizeof blocks / sizeof *blocks; k++) hf_free(blocks[k]);
    hf_free(plan);
}

static hf_err losses(const hf_portfolio_problem *plain, const bool *bought, double *ret_losses)
{
    hf_simulator *sim = NULL;
    hf_err err = hf_simulator_new(plain, &sim);
    if (err != HF_OK) return err;
    hf_simulator_plan(sim, bought);
    for (int s = 0; s < plain->n_scenarios; s++) ret_losses[s] = hf_simulator_run(sim, s, NULL);
    hf_simulator_free(sim);
    return HF_OK;
}

hf_err hf_portfolio_losses(const hf_portfolio *in, const bool *bought, double *ret_losses, hf_diag *diag)
{
    hf_compiled compiled;
    hf_err err = hf_portfolio_compile(in, diag, &compiled);
    if (err == HF_OK) err = losses(&compiled.plain, bought, ret_losses);
    hf_compiled_done(&compiled);
    return err;
}

static hf_err plan_new(const hf_portfolio_problem *p, hf_plan **ret_plan)
{
    hf_plan *plan = hf_calloc(1, sizeof *plan);
    if (!plan) return HF_E_NOMEM;
    plan->n_measures = p->n_measures, plan->n_payers = p->n_payers, plan->n_scenarios = p->n_scenarios;
    plan->bought = hf_calloc((size_t)p->n_measures, sizeof(bool));
    plan->paid = hf_calloc((size_t)p->n_payers, sizeof(double));
    plan->granted = hf_calloc((size_t)p->n_payers, sizeof(double));
    plan->marginal = hf_calloc((size_t)p->n_payers, sizeof(double));
    plan->loss = hf_calloc((size_t)p->n_scenarios, sizeof(double));
    plan->loss_without = hf_calloc((size_t)p->n_scenarios, sizeof(double));
    if (!plan->bought || !plan->paid || !plan->granted || !plan->marginal || !plan->loss || !plan->loss_without) {
        hf_plan_free(plan);
        return HF_E_NOMEM;
    }
    *ret_plan = plan;
    return HF_OK;
}

/* Who pays: joint money comes in only where the own budget ends. */
static void plan_pay(const hf_portfolio_problem *p, hf_plan *plan)
{
    for (int m = 0; m < p->n_measures; m++) {
        if (!plan->bought[m]) continue;
        plan->cost += p->cost[m];
        if (p->payer[m] >= 0) plan->paid[p->payer[m]] += p->cost[m];
    }
    for (int k = 0; k < p->n_payers; k++) {
        plan->granted[k] = fmax(0, plan->paid[k] - p->budget[k]);
        plan->paid[k] -= plan->granted[k];
    }
}

static hf_err plan_losses(const hf_compiled *c, const hf_scenes *scenes, hf_plan *plan)
{
    hf_err err = HF_OK;
    hf_valuation v = {0};
    bool *nothing = hf_calloc((size_t)plan->n_measures, sizeof *nothing);
    if (!nothing) return HF_E_NOMEM;
    HF_TRY(losses(&c->plain, plan->bought, plan->loss));
    HF_TRY(losses(&c->plain, nothing, plan->loss_without));
    for (int s = 0; s < plan->n_scenarios; s++) {
        plan->expected += c->plain.frequency[s] * plan->loss[s];
        plan->expected_without += c->plain.frequency[s] * plan->loss_without[s];
    }
    HF_TRY(hf_valuation_init(scenes, &v));
    plan->value_without = hf_valuation_set(&v, nothing).value;
out:
    hf_valuation_done(&v);
    hf_free(nothing);
    return err;
}

static void plan_status(const hf_portfolio *in, const hf_optimum *o, hf_plan *plan)
{
    plan->value = o->value;
    plan->bound = fmin(o->bound, o->value);
    plan->gap = plan->value - plan->bound <= 1e-9 ? 0 : (plan->value - plan->bound) / fmax(1e-9, fabs(plan->value));
    plan->status = plan->gap <= PROVED ? HF_PLAN_PROVED : plan->gap <= in->gap ? HF_PLAN_GAP : HF_PLAN_STOPPED;
    plan->cuts = o->cuts, plan->nodes = o->nodes;
    plan->marginal_joint = o->marginal_joint;
    for (int k = 0; k < plan->n_payers; k++) plan->marginal[k] = o->marginal[k];
}

/* The least loss of each scenario alone, under the same budgets: what regret is measured against. A bound where it was not proved, so that
 * regrets are never told too small. */
static hf_err best_alone(const hf_portfolio *in, double deadline, hf_compiled *c, double *ret_best)
{
    hf_err err = HF_OK;
    double one = 1;
    for (int s = 0; s < c->plain.n_scenarios && err == HF_OK; s++) {
        hf_portfolio_problem alone = c->plain;
        hf_scenes *scenes = NULL;
        hf_optimum o = {0};
        int start[] = {0, c->plain.damage_start[s + 1] - c->plain.damage_start[s]};
        alone.n_scenarios = 1;
        alone.frequency = &one;
        alone.hazard = &c->plain.hazard[s];
        alone.damage_start = start;
        alone.damaged = c->plain.damaged + c->plain.damage_start[s];
        err = hf_scenes_new(&alone, &scenes);
        if (err == HF_OK) err = hf_optimise(scenes, &(hf_optimise_options){.deadline = deadline, .cancel = in->cancel}, &o);
        if (err == HF_OK) ret_best[s] = fmin(o.bound, o.value);
        hf_optimum_done(&o);
        hf_scenes_free(scenes);
    }
    return err;
}

/* Everything but the solving: `c` is to be freed in any case. */
static hf_err prepare(const hf_portfolio *in, double deadline, hf_diag *diag, hf_compiled *c)
{
    double *best = NULL;
    hf_err err = HF_OK;
    HF_TRY(hf_portfolio_compile(in, diag, c));
    if (in->objective == HF_OBJECTIVE_REGRET) {
        best = hf_malloc((size_t)c->plain.n_scenarios * sizeof *best);
        if (!best) HF_TRY(HF_E_NOMEM);
        HF_TRY(best_alone(in, deadline, c, best));
    }
    HF_TRY(hf_portfolio_objective(in, best, c));
out:
    hf_free(best);
    return err;
}

static hf_err optimise_compiled(const hf_portfolio *in, const hf_compiled *c, double deadline, hf_diag *diag, hf_plan **ret_plan)
{
    hf_err err = HF_OK;
    hf_scenes *scenes = NULL;
    hf_optimum o = {0};
    hf_plan *plan = NULL;
    HF_TRY(hf_scenes_new(&c->full, &scenes));
    HF_TRY(hf_optimise(scenes, &(hf_optimise_options){.gap = in->gap, .deadline = deadline, .cancel = in->cancel}, &o));
    if (o.infeasible) HF_TRY(HF_E_NO_ANSWER);
    if (!o.plan) HF_TRY(HF_E_INTERRUPTED);
    HF_TRY(plan_new(&c->plain, &plan));
    memcpy(plan->bought, o.plan, (size_t)plan->n_measures * sizeof(bool));
    plan_pay(&c->plain, plan);
    HF_TRY(plan_losses(c, scenes, plan));
    plan_status(in, &o, plan);
    *ret_plan = plan;
    plan = NULL;
out:
    hf_plan_free(plan);
    hf_optimum_done(&o);
    hf_scenes_free(scenes);
    return err;
}

hf_err hf_portfolio_solve(const hf_portfolio *in, hf_diag *diag, hf_plan **ret_plan)
{
    hf_compiled c;
    double begin = hf_clock(), deadline = in->time_limit_s > 0 ? begin + in->time_limit_s : INFINITY;
    hf_err err = prepare(in, deadline, diag, &c);
    if (err == HF_OK) err = optimise_compiled(in, &c, deadline, diag, ret_plan);
    if (err == HF_OK) (*ret_plan)->seconds = hf_clock() - begin;
    hf_compiled_done(&c);
    return err;
}

hf_err hf_portfolio_export(const hf_portfolio *in, const char *path, const char *format, hf_diag *diag)
{
    hf_compiled c;
    hf_scenes *scenes = NULL;
    hf_lp *lp = NULL;
    const char **names = hf_malloc((size_t)in->n_measures * sizeof *names);
    hf_err err = prepare(in, INFINITY, diag, &c);
    if (err != HF_OK) goto out;
    if (!names) HF_TRY(HF_E_NOMEM);
    for (int m = 0; m < in->n_measures; m++) names[m] = in->measures[m].id;
    HF_TRY(hf_scenes_new(&c.full, &scenes));
    HF_TRY(hf_extensive_new(scenes, names, &lp));
    HF_TRY(hf_lp_write(lp, path, format));
out:
    hf_free(names);
    hf_lp_free(lp);
    hf_scenes_free(scenes);
    hf_compiled_done(&c);
    return err;
}
