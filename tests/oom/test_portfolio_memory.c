/* Every allocation of the portfolio optimiser fails once: the call says so or is not harmed, nothing leaks (the sanitizers watch), and the
 * next call is right. */
#include <stdio.h>

#include "base/alloc.h"
#include "model/network/builder.h"
#include "solver/portfolio.h"
#include "tests/tap.h"

enum { N = 12 };

/* A ring in which every entity needs one of its two neighbours before it and one further back. */
static hf_network *ring(void)
{
    hf_builder *b = NULL;
    hf_network *net = NULL;
    char id[16], other[16];
    CHECK_INT(hf_builder_new(NULL, &b), HF_OK);
    for (int i = 0; i < N; i++) {
        snprintf(id, sizeof id, "e%02d", i);
        hf_entity_row row = hf_entity_row_default();
        row.id = id, row.sector = "energy", row.country = "AT", row.users = 1 + i % 5;
        CHECK_INT(hf_builder_entity(b, &row, (hf_origin){0}), HF_OK);
        for (int g = 0; g < 2; g++) {
            hf_requirement_row need = hf_requirement_row_default();
            need.entity = id, need.requirement = g ? "water" : "power", need.response = HF_THRESHOLD, need.threshold = 1;
            CHECK_INT(hf_builder_requirement(b, &need, (hf_origin){0}), HF_OK);
            for (int k = 1; k <= 2 - g; k++) {
                snprintf(other, sizeof other, "e%02d", (i + N - k - 4 * g) % N);
                hf_supply_row supply = hf_supply_row_default();
                supply.entity = id, supply.requirement = need.requirement, supply.supplier = other;
                CHECK_INT(hf_builder_supply(b, &supply, (hf_origin){0}), HF_OK);
            }
        }
    }
    CHECK_INT(hf_builder_finish(b, &net), HF_OK);
    hf_builder_free(b);
    return net;
}

static hf_err all_calls(const hf_portfolio *in, double *ret_value)
{
    hf_err err = HF_OK;
    hf_plan *plan = NULL, *plans[2] = {NULL, NULL};
    double share[2 * N], budgets[] = {5, 9}, joint[] = {1, 2};
    int attack[1];
    HF_TRY(hf_portfolio_solve(in, NULL, &plan));
    *ret_value = plan->value;
    HF_TRY(hf_portfolio_shapley(in, plan->bought, 5, 1, share, NULL));
    if (in->objective != HF_OBJECTIVE_REGRET) HF_TRY(hf_portfolio_series(in, 2, budgets, joint, NULL, NULL, plans));
    hf_plan_free(plan);
    plan = NULL;
    HF_TRY(hf_portfolio_attack(in, 1, 0, NULL, &plan, attack));
out:
    hf_plan_free(plan);
    hf_plan_free(plans[0]);
    hf_plan_free(plans[1]);
    return err;
}

/* In part: half of each damage is left, and a third of the measures takes time. */
static void fail_each(hf_objective objective, bool in_part)
{
    hf_network *net = ring();
    hf_effect effects[2 * N];
    hf_measure measures[2 * N];
    int damaged[4][3];
    hf_damage_case cases[4];
    hf_payer payer = {"fund", 9};
    hf_portfolio in = hf_portfolio_default();
    for (int m = 0; m < 2 * N; m++) {
        effects[m] = (hf_effect){m % 2 ? HF_EFFECT_BACKUP : HF_EFFECT_HARDEN, m / 2, -1, -1, in_part && m % 2 == 0 ? 0.5 : 0};
        measures[m] = (hf_measure){.n_effects = 1, .effects = &effects[m], .cost = 1 + m % 4, .cofunding_max = 0.5};
        measures[m].lead_y = m % 3;
    }
    for (int s = 0; s < 4; s++) {
        for (int k = 0; k < 3; k++) damaged[s][k] = (3 * s + k) % N;
        cases[s] = (hf_damage_case){.frequency = 0.1 * (s + 1), .n_damaged = 3, .damaged = damaged[s]};
    }
    in.network = net, in.scenarios = cases, in.n_scenarios = 4, in.measures = measures, in.n_measures = 2 * N;
    in.payers = &payer, in.n_payers = 1, in.joint = 2, in.objective = objective;
    in.linear = in_part, in.years = in_part ? 2 : 0;
    in.limit_expected = objective == HF_OBJECTIVE_BUDGET ? 10 : INFINITY;
    double value = -1, again = -1;
    CHECK_INT(all_calls(&in, &value), HF_OK);
    CHECK(value >= 0);
    long n = 1;
    for (hf_err err = HF_E_NOMEM; err != HF_OK && n < 200000; n += 1 + n / 20) { /* all of the first, then further apart */
        hf_alloc_fail_at(n);
        err = all_calls(&in, &again);
        hf_alloc_fail_at(0);
        bool right = err == HF_E_NOMEM || (err == HF_OK && fabs(again - value) < 1e-9);
        CHECK(right);
        if (!right) printf("# allocation %ld: %s, value %g\n", n, hf_err_text(err), again);
    }
    CHECK_INT(all_calls(&in, &again), HF_OK);
    CHECK_NEAR(again, value, 1e-9);
    hf_network_free(net);
}

static void expected_loss(void)
{
    fail_each(HF_OBJECTIVE_EXPECTED, false);
}

static void tail(void)
{
    fail_each(HF_OBJECTIVE_CVAR, false);
}

static void regret(void)
{
    fail_each(HF_OBJECTIVE_REGRET, false);
}

static void smallest_budget(void)
{
    fail_each(HF_OBJECTIVE_BUDGET, false);
}

static void in_part_over_years(void)
{
    fail_each(HF_OBJECTIVE_EXPECTED, true);
    fail_each(HF_OBJECTIVE_REGRET, true);
}

int main(void)
{
    RUN(expected_loss);
    RUN(tail);
    RUN(regret);
    RUN(smallest_budget);
    RUN(in_part_over_years);
    return tap_done();
}
