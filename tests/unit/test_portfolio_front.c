/* The optimiser as the command uses it: stopped at any moment, money for all together, entities that may be out for some hours. */
#include "base/alloc.h"
#include "solver/portfolio/ceiling.h"
#include "solver/portfolio/compile.h"
#include "tests/support/small_portfolio.h"

typedef struct stopper {
    int calls, stop_at;
    volatile bool stop;
} stopper;

static void watch(void *context, double value, double bound)
{
    stopper *s = context;
    CHECK(!isnan(value) && !isnan(bound));
    if (s->calls++ == s->stop_at) s->stop = true;
}

static unsigned bits_of(const hf_plan *plan)
{
    unsigned bits = 0;
    for (int m = 0; m < plan->n_measures; m++) bits |= (unsigned)plan->bought[m] << m;
    return bits;
}

/* What a stopped search says is true: the plan is one, no plan is below the bound. */
static void answer_check(const instance *x, hf_err err, const hf_plan *plan, double best)
{
    CHECK(err == HF_OK || err == HF_E_INTERRUPTED || (err == HF_E_NO_ANSWER && isinf(best)));
    if (!plan) return;
    outcome o = look(x, bits_of(plan));
    CHECK(o.allowed && o.kept);
    CHECK(plan->value >= best - 1e-9 && plan->bound <= best + 1e-6 * fmax(1, fabs(best)) && plan->bound <= plan->value);
    CHECK(plan->status != HF_PLAN_PROVED || plan->value <= best + 1e-6 * fmax(1, fabs(best)));
}

static void stopped_at_any_moment(void)
{
    int n_stopped = 0, n_plans = 0;
    for (uint64_t number = 20000; number < 20120; number++) {
        instance x;
        instance_random(number, &x);
        double best = enumerate(&x);
        bool before_the_end = true;
        for (int at = 0; before_the_end && at < 40; at++) {
            stopper s = {.stop_at = at};
            hf_plan *plan = NULL;
            x.in.cancel = &s.stop, x.in.watch = watch, x.in.watch_context = &s;
            hf_err err = hf_portfolio_solve(&x.in, NULL, &plan);
            answer_check(&x, err, plan, best);
            before_the_end = s.stop;
            n_stopped += plan && plan->status == HF_PLAN_STOPPED;
            n_plans += plan != NULL;
            hf_plan_free(plan);
        }
        hf_network_free(x.net);
    }
    printf("# %d plans, %d of them of searches that were stopped\n", n_plans, n_stopped);
    CHECK(n_stopped > 100);
}

static void out_of_time(void)
{
    for (uint64_t number = 21000; number < 21120; number++) {
        instance x;
        hf_plan *plan = NULL;
        instance_random(number, &x);
        double best = enumerate(&x);
        x.in.time_limit_s = number % 3 ? 1e-9 : 1e-4;
        hf_err err = hf_portfolio_solve(&x.in, NULL, &plan);
        answer_check(&x, err, plan, best);
        hf_plan_free(plan);
        hf_network_free(x.net);
    }
}

/* The best of all plans that cost so much at most; regrets are measured within the same money. */
static double enumerate_within(instance *x, double together)
{
    double alone[MOST_S], best = INFINITY;
    for (int s = 0; s < MOST_S; s++) alone[s] = INFINITY;
    for (int pass = 0; pass < 2; pass++)
        for (unsigned plan = 0; plan < 1u << x->in.n_measures; plan++) {
            outcome o = look(x, plan);
            if (!o.allowed || o.cost > together + 1e-9) continue;
            for (int s = 0; pass == 0 && s < x->in.n_scenarios; s++) alone[s] = fmin(alone[s], o.loss[s]);
            if (pass == 1 && o.kept) best = fmin(best, value_of(x, &o, alone));
        }
    return best;
}

static void money_for_all_together(void)
{
    int n_binding = 0;
    for (uint64_t number = 22000; number < 22400; number++) {
        instance x;
        hf_plan *plan = NULL;
        instance_random(number, &x);
        double free = enumerate(&x);
        x.in.together = below(20);
        double best = enumerate_within(&x, x.in.together);
        CHECK_INT(hf_portfolio_solve(&x.in, NULL, &plan), isinf(best) ? HF_E_NO_ANSWER : HF_OK);
        if (plan) {
            CHECK_NEAR(plan->value, best, 1e-6 * fmax(1, fabs(best)));
            CHECK(plan->bound <= best + 1e-9 * fmax(1, fabs(best)));
            CHECK(plan->cost <= x.in.together + 1e-9);
        }
        n_binding += best > free + 1e-9;
        hf_plan_free(plan);
        hf_network_free(x.net);
    }
    CHECK(n_binding > 50);
}

static void a_front_of_money_together(void)
{
    enum { POINTS = 4 };
    for (uint64_t number = 23000; number < 23060; number++) {
        instance x;
        hf_plan *plans[POINTS];
        double budgets[POINTS][MOST_P], together[POINTS] = {0, 4, 9, 15};
        instance_random(number, &x);
        if (x.in.objective == HF_OBJECTIVE_REGRET) x.in.objective = HF_OBJECTIVE_WORST;
        x.in.together = 15;
        for (int j = 0; j < POINTS; j++)
            for (int k = 0; k < MOST_P; k++) budgets[j][k] = x.payers[k].budget;
        CHECK_INT(hf_portfolio_series(&x.in, POINTS, budgets[0], NULL, together, NULL, plans), HF_OK);
        for (int j = 0; j < POINTS; j++) {
            double best = enumerate_within(&x, together[j]);
            CHECK((plans[j] == NULL) == isinf(best));
            if (plans[j] && !isinf(best)) CHECK_NEAR(plans[j]->value, best, 1e-6 * fmax(1, fabs(best)));
            hf_plan_free(plans[j]);
        }
        hf_network_free(x.net);
    }
}

/* Limits that cannot be kept together: money for all, and an entity that must stay up. */
static void the_conflict_names_the_money(void)
{
    instance x;
    hf_plan *plan = NULL;
    hf_diag *diag = NULL;
    int n = 0;
    for (uint64_t number = 24000; number < 24200; number++) {
        instance_random(number, &x);
        x.in.objective = HF_OBJECTIVE_BUDGET, x.in.limit_worst = INFINITY, x.in.limit_expected = 12, x.in.n_keep = 0, x.in.n_rules = x.in.n_floors = 0;
        x.floor = (hf_floor){0};
        for (int k = 0; k < MOST_P; k++) x.payers[k].budget = INFINITY;
        double least = enumerate(&x);
        if (!isinf(least) && least > 1) {
            CHECK_INT(hf_diag_new(&diag), HF_OK);
            x.in.together = least - 0.5;
            CHECK_INT(hf_portfolio_solve(&x.in, diag, &plan), HF_E_NO_ANSWER);
            CHECK_INT(hf_diag_count(diag, HF_ERROR), 2);
            char text[80];
            snprintf(text, sizeof text, "conflict: all measures together may cost %.10g", x.in.together);
            CHECK_STR(hf_diag_get(diag, hf_diag_kept(diag) - 1)->text, text);
            CHECK_STR(hf_diag_get(diag, hf_diag_kept(diag) - 2)->text, "conflict: the expected loss may be at most 12");
            hf_diag_free(diag);
            n++;
        }
        hf_network_free(x.net);
    }
    CHECK(n > 20);
}

/* Hours that entity i is out in each scenario: the program's losses when nobody else counts and an hour counts 1. */
static void hours_out(instance *x, int i, const bool *bought, double *hours)
{
    double one[MOST_E] = {0};
    const double *weight = x->in.weight;
    one[i] = 1;
    x->in.weight = one;
    CHECK_INT(hf_portfolio_losses(&x->in, bought, hours, NULL), HF_OK);
    x->in.weight = weight;
}

static bool keeps(instance *x, const bool *bought)
{
    for (int k = 0; k < x->in.n_keep; k++) {
        double hours[MOST_S];
        hours_out(x, x->in.keep[k], bought, hours);
        for (int s = 0; s < x->in.n_scenarios; s++)
            if (hours[s] > x->in.keep_h[k] + 1e-9) return false;
    }
    return true;
}

/* The least cost at which two entities are out for so many hours at most, against all plans. */
static void out_for_some_hours(void)
{
    static const double slot_h[] = {0, 2, 6, 12, 24};
    int n_plans = 0, n_none = 0;
    for (uint64_t number = 25000; number < 25080; number++) {
        instance x;
        hf_plan *plan = NULL;
        int keep[2];
        double keep_h[2], best = INFINITY, repair_h[MOST_M];
        instance_random(number, &x);
        x.in.n_measures = x.in.n_measures > 6 ? 6 : x.in.n_measures;
        x.in.n_rules = x.in.n_floors = x.in.n_keep = 0;
        x.floor = (hf_floor){0};
        x.in.objective = HF_OBJECTIVE_BUDGET, x.in.limit_expected = x.in.limit_worst = INFINITY;
        for (int m = 0; m < x.in.n_measures; m++) {
            repair_h[m] = 2 + below(12);
            for (int k = 0; k < x.measures[m].n_effects; k++)
                if (x.effects[m][k].kind == HF_EFFECT_BACKUP && below(2)) x.effects[m][k].amount = 2 + below(20);
            if (below(3) == 0) x.effects[m][0] = (hf_effect){HF_EFFECT_REPAIR, below(x.net->n_entities), -1, -1, 0};
        }
        x.in.n_slots = 4, x.in.slot_h = slot_h, x.in.repair_h = repair_h;
        for (int k = 0; k < 2; k++) keep[k] = below(x.net->n_entities), keep_h[k] = number % 4 == 0 && k == 0 ? 0 : 6 * below(4);
        x.in.keep = keep, x.in.keep_h = keep_h, x.in.n_keep = 2;
        for (unsigned bits = 0; bits < 1u << x.in.n_measures; bits++) {
            bool bought[MOST_M];
            for (int m = 0; m < x.in.n_measures; m++) bought[m] = bits >> m & 1;
            outcome o = look(&x, bits);
            if (o.allowed && o.cost < best && keeps(&x, bought)) best = o.cost;
        }
        CHECK_INT(hf_portfolio_solve(&x.in, NULL, &plan), isinf(best) ? HF_E_NO_ANSWER : HF_OK);
        if (plan) {
            CHECK_NEAR(plan->value, best, 1e-6 * fmax(1, best));
            CHECK(keeps(&x, plan->bought));
        }
        n_plans += plan && best > 0, n_none += !plan;
        hf_plan_free(plan);
        hf_network_free(x.net);
    }
    printf("# %d plans that cost something, %d without an answer\n", n_plans, n_none);
    CHECK(n_plans > 5 && n_none > 5);
}

/* Some plan that keeps all limits, the worst of them; false when there is none. */
static bool worst_plan(const instance *x, bool *plan, double *ret_value)
{
    *ret_value = -INFINITY;
    for (unsigned bits = 0; bits < 1u << x->in.n_measures; bits++) {
        outcome o = look(x, bits);
        double value = value_of(x, &o, NULL);
        if (!o.allowed || !o.kept || value <= *ret_value) continue;
        *ret_value = value;
        for (int m = 0; m < x->in.n_measures; m++) plan[m] = bits >> m & 1;
    }
    return !isinf(*ret_value);
}

/* The search by ceilings alone, which the optimiser leaves to large problems, from the worst plan to the best. */
static void ceilings_find_the_least_largest_loss(void)
{
    int n = 0;
    for (uint64_t number = 26000; number < 26400; number++) {
        instance x;
        hf_compiled c;
        hf_scenes *scenes = NULL;
        hf_optimum o = {.bound = 0};
        instance_random(number, &x);
        x.in.objective = HF_OBJECTIVE_WORST;
        CHECK_INT(hf_portfolio_compile(&x.in, NULL, &c), HF_OK);
        CHECK_INT(hf_portfolio_objective(&x.in, NULL, &c), HF_OK);
        CHECK_INT(hf_scenes_new(&c.full, &scenes), HF_OK);
        o.plan = hf_calloc((size_t)x.in.n_measures, sizeof *o.plan);
        if (hf_ceiling_fits(scenes) && worst_plan(&x, o.plan, &o.value)) {
            double best = enumerate(&x);
            unsigned bits = 0;
            CHECK_INT(hf_ceiling_search(scenes, &(hf_optimise_options){.deadline = INFINITY}, &o), HF_OK);
            CHECK_NEAR(o.value, best, 1e-6 * fmax(1, best));
            CHECK(o.bound <= best + 1e-9);
            CHECK(o.bound >= best - 1e-6 * fmax(20, best));
            for (int m = 0; m < x.in.n_measures; m++) bits |= (unsigned)o.plan[m] << m;
            outcome got = look(&x, bits);
            CHECK(got.allowed && got.kept);
            CHECK_NEAR(value_of(&x, &got, NULL), o.value, 1e-9);
            n++;
        }
        hf_optimum_done(&o);
        hf_scenes_free(scenes);
        hf_compiled_done(&c);
        hf_network_free(x.net);
    }
    printf("# %d problems\n", n);
    CHECK(n > 100);
}

int main(void)
{
    RUN(ceilings_find_the_least_largest_loss);
    RUN(stopped_at_any_moment);
    RUN(out_of_time);
    RUN(money_for_all_together);
    RUN(a_front_of_money_together);
    RUN(the_conflict_names_the_money);
    RUN(out_for_some_hours);
    return tap_done();
}
