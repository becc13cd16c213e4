/* data/parity/portfolio: seeded two-stage instances whose optimal values were proved by two or more other solvers. */
#include <stdlib.h>

#include "solver/portfolio.h"
#include "tests/support/parity_portfolio.h"
#include "tests/tap.h"

static void optimum(const char *name, double expected, double time_limit_s)
{
    parity_portfolio x;
    hf_plan *plan = NULL;
    bool opened = parity_portfolio_open(name, &x);
    CHECK(opened);
    if (!opened) return;
    x.in.time_limit_s = time_limit_s;
    CHECK_INT(hf_portfolio_solve(&x.in, NULL, &plan), HF_OK);
    if (plan) {
        printf("# %s: value %.10g, bound %.10g, cost %.10g of %.10g, %ld cuts, %ld nodes, %.2f s\n", name, plan->value, plan->bound, plan->cost,
               x.in.payers[0].budget, plan->cuts, plan->nodes, plan->seconds);
        CHECK_INT(plan->status, HF_PLAN_PROVED);
        CHECK_NEAR(plan->value, expected, 1e-6 * expected);
        CHECK_NEAR(plan->bound, expected, 2e-6 * expected);
        CHECK_NEAR(plan->value, plan->expected, 1e-9 * expected);
        CHECK(plan->cost <= x.in.payers[0].budget + 1e-9);
        hf_plan_free(plan);
    }
    parity_portfolio_close(&x);
}

static void small_instances(void)
{
    static const double value[] = {186, 221.45, 240.9, 142.8, 287.55};
    for (int seed = 1; seed <= 5; seed++) {
        char name[32];
        snprintf(name, sizeof name, "small/seed%d", seed);
        optimum(name, value[seed - 1], 60);
    }
}

static void two_hundred_entities(void)
{
    optimum("n200-s50", 286.7, 120);
}

static void thousand_entities(void)
{
    optimum("n1000-s200", 355.735, 240);
}

/* Twenty budgets from 10 % to 200 %: every gap at most 1 %, more money never worse, and the known optimum at 100 % within its gap. */
static void front_of_twenty(void)
{
    enum { POINTS = 20 };
    parity_portfolio x;
    hf_plan *plans[POINTS];
    double budget[POINTS], seconds = 0;
    bool opened = parity_portfolio_open("n1000-s200", &x);
    CHECK(opened);
    if (!opened) return;
    for (int j = 0; j < POINTS; j++) budget[j] = x.payers[0].budget * (j + 1) / 10;
    x.in.gap = 0.01;
    CHECK_INT(hf_portfolio_series(&x.in, POINTS, budget, NULL, NULL, NULL, plans), HF_OK);
    for (int j = 0; j < POINTS; j++) {
        CHECK(plans[j] != NULL);
        if (!plans[j]) continue;
        seconds += plans[j]->seconds;
        CHECK(plans[j]->gap <= 0.01);
        CHECK(plans[j]->cost <= budget[j] + 1e-9);
        CHECK(plans[j]->bound <= plans[j]->value);
        if (j > 0 && plans[j - 1]) CHECK(plans[j]->value <= plans[j - 1]->value + 1e-9);
        if (j == 9) CHECK(plans[j]->value >= 355.735 - 1e-6 && plans[j]->bound <= 355.735 + 1e-6);
        printf("# budget %.0f: value %.6g, bound %.6g, gap %.2f %%, %.6g avoided by the next unit\n", budget[j], plans[j]->value, plans[j]->bound,
               100 * plans[j]->gap, plans[j]->marginal[0]);
        for (int i = 0; i < POINTS; i++) /* the relaxation is convex in the budget: its slope at j is a line below all values */
            if (plans[i]) CHECK(plans[i]->value >= plans[j]->bound - plans[j]->marginal[0] * (budget[i] - budget[j]) - 0.005 * plans[j]->value);
    }
    for (int j = 0; j < POINTS; j++) hf_plan_free(plans[j]);
    printf("# %d budgets in %.2f s\n", POINTS, seconds);
    parity_portfolio_close(&x);
}

int main(void)
{
    parity_portfolio x;
    if (!parity_portfolio_open("small/seed1", &x)) {
        SKIP("portfolio parity", "../shared/data/parity/portfolio is not there");
        return tap_done();
    }
    parity_portfolio_close(&x);
    RUN(small_instances);
    RUN(two_hundred_entities);
    RUN(thousand_entities);
    RUN(front_of_twenty);
    return tap_done();
}
