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
    return (hf_portfolio){.objective = HF_OBJECTIVE_EXPECTED, .tail = 0.95, .limit_expected = INFINITY, .limit_worst = INFINITY, .together = INFINITY,
                          .out_below = 0.5};
}

void hf_plan_free(hf_plan *plan)
{
    if (!plan) return;
    void *blocks[] = {plan->bought, plan->idle, plan->paid, plan->granted, plan->loss, plan->loss_without, plan->marginal};
    for (size_t k = 0; k < sizeof blocks / sizeof *blocks; k++) hf_free(blocks[k]);
    hf_free(plan);
}

/* Loss of each of the caller's scenarios, the mean over the years. */
static hf_err losses(const hf_portfolio *in, const hf_compiled *c, const bool *bought, double *ret_losses)
{
    const hf_portfolio_problem *plain = &c->plain;
    hf_simulator *sim = NULL;
    bool *ready = hf_malloc((size_t)in->n_measures * sizeof *ready);
    hf_err err = ready ? hf_simulator_new(plain, &sim) : HF_E_NOMEM;
    if (err != HF_OK) goto out;
    for (int s = 0; s < in->n_scenarios; s++) ret_losses[s] = 0;
    for (int k = 0; k < c->n_phases && in->n_scenarios > 0; k++) {
        int first = k * in->n_scenarios;
        for (int m = 0; m < in->n_measures; m++) ready[m] = bought[m] && hf_measure_is_ready(plain, m, first);
        hf_simulator_plan(sim, ready);
        for (int s = 0; s < in->n_scenarios; s++) ret_losses[s] += c->phase_weight[k] * hf_simulator_run(sim, first + s, NULL);
    }
out:
    hf_simulator_free(sim);
    hf_free(ready);
    return err;
}

hf_err hf_portfolio_losses(const hf_portfolio *in, const bool *bought, double *ret_losses, hf_diag *diag)
{
    hf_compiled compiled;
    hf_err err = hf_portfolio_compile(in, diag, &compiled);
    if (err == HF_OK) err = losses(in, &compiled, bought, ret_losses);
    hf_compiled_done(&compiled);
    return err;
}

static hf_err plan_new(const hf_portfolio *p, hf_plan **ret_plan)
{
    hf_plan *plan = hf_calloc(1, sizeof *plan);
    if (!plan) return HF_E_NOMEM;
    plan->n_measures = p->n_measures, plan->n_payers = p->n_payers, plan->n_scenarios = p->n_scenarios;
    plan->bought = hf_calloc((size_t)p->n_measures, sizeof(bool));
    plan->idle = hf_calloc((size_t)p->n_measures, sizeof(bool));
    plan->paid = hf_calloc((size_t)p->n_payers, sizeof(double));
    plan->granted = hf_calloc((size_t)p->n_payers, sizeof(double));
    plan->marginal = hf_calloc((size_t)p->n_payers, sizeof(double));
    plan->loss = hf_calloc((size_t)p->n_scenarios, sizeof(double));
    plan->loss_without = hf_calloc((size_t)p->n_scenarios, sizeof(double));
    if (!plan->bought || !plan->idle || !plan->paid || !plan->granted || !plan->marginal || !plan->loss || !plan->loss_without) {
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

static hf_err plan_losses(const hf_portfolio *in, const hf_compiled *c, const hf_scenes *scenes, hf_plan *plan)
{
    hf_err err = HF_OK;
    hf_valuation v = {0};
    bool *nothing = hf_calloc((size_t)plan->n_measures, sizeof *nothing);
    if (!nothing) return HF_E_NOMEM;
    HF_TRY(losses(in, c, plan->bought, plan->loss));
    HF_TRY(losses(in, c, nothing, plan->loss_without));
    for (int s = 0; s < plan->n_scenarios; s++) {
        plan->expected += in->scenarios[s].frequency * plan->loss[s];
        plan->expected_without += in->scenarios[s].frequency * plan->loss_without[s];
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
    plan->marginal_together = o->marginal_together;
    for (int k = 0; k < plan->n_payers; k++) plan->marginal[k] = o->marginal[k];
}

/* The least loss of each scenario alone, under the same budgets: what regret is measured against. A bound where it was not proved, so that
 * regrets are never told too small; by *ret_slack at most they may be told too large, so a bound on them is lower by as much. */
static hf_err best_alone(const hf_portfolio *in, double deadline, hf_compiled *c, double *ret_best, double *ret_slack)
{
    hf_err err = HF_OK;
    const hf_portfolio_problem *plain = &c->plain;
    size_t phases = (size_t)c->n_phases;
    int *hazard = hf_malloc(phases * sizeof *hazard), *start = hf_malloc((phases + 1) * sizeof *start);
    int *damaged = hf_malloc((size_t)plain->damage_start[plain->n_scenarios] * sizeof *damaged);
    double *severity = hf_malloc((size_t)plain->damage_start[plain->n_scenarios] * sizeof *severity), *time_y = hf_malloc(phases * sizeof *time_y);
    if (!hazard || !start || !damaged || !severity || !time_y) HF_TRY(HF_E_NOMEM);
    for (int s = 0; s < in->n_scenarios && err == HF_OK; s++) {
        hf_portfolio_problem alone = *plain;
        hf_scenes *scenes = NULL;
        hf_optimum o = {0};
        if (in->watch) in->watch(in->watch_context, INFINITY, 0); /* nothing is known yet of the regret */
        start[0] = 0;
        for (int k = 0; k < c->n_phases; k++) {
            int from = plain->damage_start[k * in->n_scenarios + s], n = plain->damage_start[k * in->n_scenarios + s + 1] - from;
            start[k + 1] = start[k] + n;
            hazard[k] = plain->hazard[s];
            time_y[k] = plain->time_y ? plain->time_y[k * in->n_scenarios + s] : 0;
            for (int d = 0; d < n; d++) {
                damaged[start[k] + d] = plain->damaged[from + d];
                severity[start[k] + d] = plain->severity ? plain->severity[from + d] : 1;
            }
        }
        alone.n_scenarios = c->n_phases;
        alone.frequency = c->phase_weight;
        alone.hazard = hazard, alone.damage_start = start, alone.damaged = damaged;
        if (plain->severity) alone.severity = severity;
        if (plain->time_y) alone.time_y = time_y;
        err = hf_scenes_new(&alone, &scenes);
        if (err == HF_OK) err = hf_optimise(scenes, &(hf_optimise_options){.deadline = deadline, .cancel = in->cancel}, &o);
        if (err == HF_OK) {
            bool proved = o.value - o.bound <= PROVED * fmax(1e-9, fabs(o.value));
            ret_best[s] = proved ? o.value : fmin(o.bound, o.value);
            *ret_slack = fmax(*ret_slack, proved ? 0 : o.value - ret_best[s]);
        }
        hf_optimum_done(&o);
        hf_scenes_free(scenes);
    }
out:
    hf_free(hazard);
    hf_free(start);
    hf_free(damaged);
    hf_free(severity);
    hf_free(time_y);
    return err;
}

/* Everything but the solving: `c` is to be freed in any case. */
static hf_err prepare(const hf_portfolio *in, double deadline, hf_diag *diag, hf_compiled *c, double *ret_slack)
{
    double *best = NULL;
    hf_err err = HF_OK;
    *ret_slack = 0;
    HF_TRY(hf_portfolio_compile(in, diag, c));
    if (in->objective == HF_OBJECTIVE_REGRET) {
        best = hf_malloc((size_t)c->plain.n_scenarios * sizeof *best);
        if (!best) HF_TRY(HF_E_NOMEM);
        HF_TRY(best_alone(in, deadline, c, best, ret_slack));
    }
    HF_TRY(hf_portfolio_objective(in, best, c));
out:
    hf_free(best);
    return err;
}

/* The plan of an optimum. */
static hf_err plan_make(const hf_portfolio *in, const hf_compiled *c, const hf_scenes *scenes, const hf_optimum *o, hf_plan **ret_plan)
{
    hf_err err = HF_OK;
    hf_plan *plan = NULL;
    if (o->infeasible) return HF_E_NO_ANSWER;
    if (!o->plan) return HF_E_INTERRUPTED;
    HF_TRY(plan_new(in, &plan));
    if (plan->n_measures > 0) memcpy(plan->bought, o->plan, (size_t)plan->n_measures * sizeof(bool));
    for (int m = 0; m < plan->n_measures; m++) plan->idle[m] = scenes->where_start[m] == scenes->where_start[m + 1];
    plan_pay(&c->full, plan);
    HF_TRY(plan_losses(in, c, scenes, plan));
    plan_status(in, o, plan);
    *ret_plan = plan;
    plan = NULL;
out:
    hf_plan_free(plan);
    return err;
}

static hf_optimise_options optimise_options(const hf_portfolio *in, double deadline)
{
    return (hf_optimise_options){.gap = in->gap, .deadline = deadline, .cancel = in->cancel, .watch = in->watch, .watch_context = in->watch_context};
}

static hf_err optimise_compiled(const hf_portfolio *in, const hf_compiled *c, double deadline, double slack, hf_diag *diag, hf_plan **ret_plan)
{
    hf_optimise_options options = optimise_options(in, deadline);
    hf_err err = HF_OK;
    hf_scenes *scenes = NULL;
    hf_optimum o = {0};
    HF_TRY(hf_scenes_new(&c->full, &scenes));
    HF_TRY(hf_portfolio_hints(in, scenes, diag));
    HF_TRY(hf_optimise(scenes, &options, &o));
    if (slack > 0) o.bound = fmax(0, o.bound - slack); /* a regret is never below 0 */
    HF_TRY(plan_make(in, c, scenes, &o, ret_plan));
out:
    hf_optimum_done(&o);
    hf_scenes_free(scenes);
    return err;
}

/* Without a word on conflicts. */
static hf_err solve_plainly(const hf_portfolio *in, hf_diag *diag, hf_plan **ret_plan)
{
    hf_compiled c;
    double begin = hf_clock(), deadline = in->time_limit_s > 0 ? begin + in->time_limit_s : INFINITY;
    double slack;
    hf_err err = prepare(in, deadline, diag, &c, &slack);
    if (err == HF_OK) err = optimise_compiled(in, &c, deadline, slack, diag, ret_plan);
    if (err == HF_OK) (*ret_plan)->seconds = hf_clock() - begin;
    hf_compiled_done(&c);
    return err;
}

/* --- Limits that conflict --- */

/* The limits of a problem in a row: payers, rules, floors, expected loss, worst loss, money for all together, entities
 * to be kept. */
static int limit_count(const hf_portfolio *in)
{
    return in->n_payers + in->n_rules + in->n_floors + 3 + in->n_keep;
}

/* Copies the limits that are `kept` into `out`, whose lists have room for all. */
static void limits_apply(const hf_portfolio *in, const bool *kept, hf_portfolio *out, hf_payer *payers, hf_measure_rule *rules, hf_floor *floors, int *keep,
                         double *keep_h)
{
    const bool *rule = kept + in->n_payers, *floor = rule + in->n_rules, *loss = floor + in->n_floors;
    *out = *in;
    out->n_rules = out->n_floors = out->n_keep = 0;
    for (int k = 0; k < in->n_payers; k++) {
        payers[k] = in->payers[k];
        if (!kept[k]) payers[k].budget = INFINITY;
    }
    for (int r = 0; r < in->n_rules; r++)
        if (rule[r]) rules[out->n_rules++] = in->rules[r];
    for (int l = 0; l < in->n_floors; l++)
        if (floor[l]) floors[out->n_floors++] = in->floors[l];
    if (!loss[0]) out->limit_expected = INFINITY;
    if (!loss[1]) out->limit_worst = INFINITY;
    if (!loss[2]) out->together = INFINITY;
    for (int k = 0; k < in->n_keep; k++) {
        if (!loss[3 + k]) continue;
        keep_h[out->n_keep] = in->keep_h ? in->keep_h[k] : 0;
        keep[out->n_keep++] = in->keep[k];
    }
    out->keep_h = keep_h;
    out->payers = payers, out->rules = rules, out->floors = floors, out->keep = keep;
    out->objective = HF_OBJECTIVE_BUDGET;
    out->gap = 1e9; /* any plan will do */
}

static const char *name_of(const hf_portfolio *in, int measure)
{
    return in->measures[measure].id ? in->measures[measure].id : "?";
}

static void limit_say(const hf_portfolio *in, int k, hf_diag *diag)
{
    const hf_severity e = HF_ERROR;
    const hf_err code = HF_E_NO_ANSWER;
    if (k < in->n_payers) {
        const char *id = in->payers[k].id ? in->payers[k].id : "?";
        hf_diag_add(diag, e, code, NULL, 0, 0, "conflict: the budget of %s is %g", id, in->payers[k].budget);
        return;
    }
    k -= in->n_payers;
    if (k < in->n_rules) {
        const hf_measure_rule *r = &in->rules[k];
        hf_diag_add(diag, e, code, NULL, 0, 0, "conflict: measure %s %s %s", name_of(in, r->a), r->excludes ? "excludes" : "requires", name_of(in, r->b));
        return;
    }
    k -= in->n_rules;
    if (k < in->n_floors) {
        hf_diag_add(diag, e, code, NULL, 0, 0, "conflict: floor %s of %g", in->floors[k].id ? in->floors[k].id : "?", in->floors[k].amount);
        return;
    }
    k -= in->n_floors;
    if (k == 0) hf_diag_add(diag, e, code, NULL, 0, 0, "conflict: the expected loss may be at most %g", in->limit_expected);
    else if (k == 1) hf_diag_add(diag, e, code, NULL, 0, 0, "conflict: the loss of a scenario may be at most %g", in->limit_worst);
    else if (k == 2) hf_diag_add(diag, e, code, NULL, 0, 0, "conflict: all measures together may cost %.10g", in->together);
    else if (in->keep_h && in->keep_h[k - 3] > 0)
        hf_diag_add(diag, e, code, NULL, 0, 0, "conflict: %s may not be out for more than %g h in any scenario", in->network->id[in->keep[k - 3]],
                    in->keep_h[k - 3]);
    else hf_diag_add(diag, e, code, NULL, 0, 0, "conflict: %s may not fail in any scenario", in->network->id[in->keep[k - 3]]);
}

/* Takes away each limit that is not needed for the conflict: what stays is a conflict of which no part is one (deletion filter: J. W.
 * Chinneck, E. W. Dravnieks, ORSA J. on Computing 3 (1991) 157-168). */
static hf_err conflict_say(const hf_portfolio *in, hf_diag *diag)
{
    hf_err err = HF_OK;
    int n = limit_count(in);
    hf_portfolio out;
    bool *kept = hf_malloc((size_t)n * sizeof *kept);
    hf_payer *payers = hf_malloc((size_t)in->n_payers * sizeof *payers);
    hf_measure_rule *rules = hf_malloc((size_t)in->n_rules * sizeof *rules);
    hf_floor *floors = hf_malloc((size_t)in->n_floors * sizeof *floors);
    int *keep = hf_malloc((size_t)in->n_keep * sizeof *keep);
    double *keep_h = hf_malloc((size_t)in->n_keep * sizeof *keep_h);
    if (!kept || !payers || !rules || !floors || !keep || !keep_h) HF_TRY(HF_E_NOMEM);
    for (int k = 0; k < n; k++) kept[k] = true;
    for (int k = 0; k < n; k++) {
        hf_plan *plan = NULL;
        kept[k] = false;
        limits_apply(in, kept, &out, payers, rules, floors, keep, keep_h);
        err = solve_plainly(&out, NULL, &plan);
        hf_plan_free(plan);
        if (err != HF_E_NO_ANSWER) kept[k] = true;
        if (err != HF_OK && err != HF_E_NO_ANSWER && err != HF_E_INTERRUPTED) goto out;
    }
    err = HF_OK;
    for (int k = 0; k < n; k++)
        if (kept[k]) limit_say(in, k, diag);
out:
    hf_free(kept);
    hf_free(payers);
    hf_free(rules);
    hf_free(floors);
    hf_free(keep);
    hf_free(keep_h);
    return err;
}

hf_err hf_portfolio_solve(const hf_portfolio *in, hf_diag *diag, hf_plan **ret_plan)
{
    hf_err err = solve_plainly(in, diag, ret_plan);
    if (err != HF_E_NO_ANSWER || !diag) return err;
    err = conflict_say(in, diag);
    return err == HF_OK ? HF_E_NO_ANSWER : err;
}

/* --- Several budgets --- */

static bool series_fits(const hf_portfolio *in, int n, const double *budgets, const double *joint, const double *together, hf_diag *diag)
{
    bool fits = true;
    for (int j = 0; j < n; j++) {
        for (int k = 0; k < in->n_payers; k++) {
            double amount = budgets[(size_t)j * (size_t)in->n_payers + (size_t)k];
            if (amount >= 0 && isinf(amount) == isinf(in->payers[k].budget)) continue;
            hf_diag_add(diag, HF_ERROR, HF_E_RANGE, NULL, 0, 0, "budget %d of payer %d is %g; a number of at least 0 is needed where there is a limit",
                        j, k, amount);
            fits = false;
        }
        if (together && !(together[j] >= 0 && isinf(together[j]) == isinf(in->together))) {
            hf_diag_add(diag, HF_ERROR, HF_E_RANGE, NULL, 0, 0, "money %d for all together is %g; a number of at least 0 is needed where there is a limit", j,
                        together[j]);
            fits = false;
        }
        if (!joint || (joint[j] >= 0 && (joint[j] == 0 || in->joint > 0) && isinf(joint[j]) == isinf(in->joint))) continue;
        hf_diag_add(diag, HF_ERROR, HF_E_RANGE, NULL, 0, 0, "joint money %d is %g; a number of at least 0 is needed, 0 where there is none", j, joint[j]);
        fits = false;
    }
    return fits;
}

/* Everything that point a may spend, b may spend too. */
static bool is_within(const hf_portfolio *in, const double *budgets, const double *joint, const double *together, int a, int b)
{
    if (together && together[a] > together[b]) return false;
    size_t n = (size_t)in->n_payers;
    for (size_t k = 0; k < n; k++)
        if (budgets[(size_t)a * n + k] > budgets[(size_t)b * n + k]) return false;
    return !joint || joint[a] <= joint[b];
}

/* Bounds of larger budgets hold for smaller ones. */
static void series_bounds(const hf_portfolio *in, int n, const double *budgets, const double *joint, const double *together, hf_plan **plans)
{
    for (int a = 0; a < n; a++)
        for (int b = 0; b < n; b++)
            if (a != b && plans[a] && plans[b] && is_within(in, budgets, joint, together, a, b) && plans[b]->bound > plans[a]->bound) {
                hf_optimum o = {.value = plans[a]->value, .bound = plans[b]->bound, .cuts = plans[a]->cuts, .nodes = plans[a]->nodes};
                o.marginal = plans[a]->marginal;
                o.marginal_joint = plans[a]->marginal_joint;
                o.marginal_together = plans[a]->marginal_together;
                plan_status(in, &o, plans[a]);
            }
}

hf_err hf_portfolio_series(const hf_portfolio *in, int n, const double *budgets, const double *joint, const double *together, hf_diag *diag,
                           hf_plan **plans)
{
    hf_compiled c = {0};
    hf_scenes *scenes = NULL;
    hf_optimiser *optimiser = NULL;
    double deadline = in->time_limit_s > 0 ? hf_clock() + in->time_limit_s : INFINITY;
    double *budget = NULL;
    for (int j = 0; j < n; j++) plans[j] = NULL;
    double slack, cap = in->together;
    hf_err err = prepare(in, deadline, diag, &c, &slack);
    if (err != HF_OK) goto out;
    if (in->objective == HF_OBJECTIVE_REGRET) HF_TRY(HF_E_UNSUPPORTED);
    if (!series_fits(in, n, budgets, joint, together, diag)) HF_TRY(HF_E_RANGE);
    budget = hf_calloc((size_t)in->n_payers, sizeof *budget);
    if (!budget) HF_TRY(HF_E_NOMEM);
    for (int k = 0; k < in->n_payers; k++) budget[k] = in->payers[k].budget;
    c.full.budget = budget;
    if (!isinf(in->together)) c.full.together = &cap;
    HF_TRY(hf_scenes_new(&c.full, &scenes));
    HF_TRY(hf_optimiser_new(scenes, &optimiser));
    for (int j = 0; j < n; j++) {
        hf_optimum o = {0};
        double begin = hf_clock();
        hf_optimise_options options = optimise_options(in, isinf(deadline) ? INFINITY : begin + (deadline - begin) / (n - j));
        if (in->n_payers > 0) memcpy(budget, budgets + (size_t)j * (size_t)in->n_payers, (size_t)in->n_payers * sizeof *budget);
        if (joint) c.full.joint = joint[j];
        if (together) cap = together[j];
        for (int i = 0; i < j; i++)
            if (plans[i] && is_within(in, budgets, joint, together, i, j)) options.start = plans[i]->bought;
        err = hf_optimiser_run(optimiser, &options, &o);
        if (err == HF_OK) err = plan_make(in, &c, scenes, &o, &plans[j]);
        if (plans[j]) plans[j]->seconds = hf_clock() - begin;
        hf_optimum_done(&o);
        if (err != HF_OK && err != HF_E_NO_ANSWER && err != HF_E_INTERRUPTED) goto out;
        err = HF_OK;
    }
    series_bounds(in, n, budgets, joint, together, plans);
out:
    for (int j = 0; err != HF_OK && j < n; j++) {
        hf_plan_free(plans[j]);
        plans[j] = NULL;
    }
    hf_optimiser_free(optimiser);
    hf_scenes_free(scenes);
    hf_free(budget);
    hf_compiled_done(&c);
    return err;
}

hf_err hf_portfolio_export(const hf_portfolio *in, const char *path, const char *format, hf_diag *diag)
{
    hf_compiled c;
    hf_scenes *scenes = NULL;
    hf_lp *lp = NULL;
    const char **names = hf_malloc((size_t)in->n_measures * sizeof *names);
    double slack;
    hf_err err = prepare(in, INFINITY, diag, &c, &slack);
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
