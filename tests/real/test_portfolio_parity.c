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
    return tap_done();
}
