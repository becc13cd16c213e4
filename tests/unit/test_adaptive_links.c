/* Deliveries that are held up and late, day by day and by hand. */
#include <math.h>

#include "model/economy/adaptive.h"
#include "tests/tap.h"

enum { R = 2, N = 2, YEAR = 365 };

/* Each day A sells 10 to the industry of B, 60 to its own and 30 to B's final demand; B sells 80 to its own. With a gap of stocks restored in a
 * billion days only the gate moves anything. */
static hf_adaptive *two_regions(double restore_days)
{
    static const double z[N * N] = {0, 10 * YEAR, 0, 0}, y[N * R] = {60 * YEAR, 30 * YEAR, 0, 80 * YEAR};
    hf_adaptive_input input = {.n_regions = R, .n_sectors = 1, .n_final = 1, .z = z, .y = y};
    hf_adaptive_options options = hf_adaptive_options_default();
    hf_adaptive *model = NULL;
    options.restore_days = restore_days;
    CHECK_INT(hf_adaptive_new(&input, &options, NULL, &model), HF_OK);
    return model;
}

static hf_adaptive_shock on_the_way_to_b(hf_adaptive_shock_kind kind, double size)
{
    return (hf_adaptive_shock){.kind = kind, .region = 0, .sector = 0, .partner = 1, .size = size, .start = 1, .duration = 3};
}

/* From day 1 to day 3 a gate lets half of what A sends to B through, two days late:
 *   B's industry has 900 in stock, uses 10 a day and gets 0 on days 1 and 2, then 5 (sent on day 1), 10 + 5, 10 + 5, 10.
 *   B's final demand of 30 gets 0, 0, 15, 30 + 15, 30 + 15, 30.
 *   A keeps 5 + 15 of what it makes, and so makes 20 less on days 2 to 4: the stay at home is sold first. */
static void half_and_two_days_late(void)
{
    static const double stock[] = {900, 890, 880, 875, 880, 885, 885}, under_way[] = {0, 5, 10, 10, 5, 0, 0};
    static const double unmet[] = {0, 30, 30, 15, -15, -15, 0}, output[] = {100, 100, 80, 80, 80, 100, 100}, unsold[] = {0, 20, 20, 20, 0, 0, 0};
    hf_adaptive *model = two_regions(1e9);
    hf_adaptive_shock shocks[] = {on_the_way_to_b(HF_SHOCK_TRADE, .5), on_the_way_to_b(HF_SHOCK_DELAY, 2)};
    hf_adaptive_scenario scenario = {shocks, 2};
    CHECK_INT(hf_adaptive_start(model, &scenario, 1, NULL), HF_OK);
    for (int day = 0; day < 7; day++) {
        double held[N], way[N], way_final[N], missing[N], home[R], x[N], left[N];
        hf_adaptive_day(model);
        hf_adaptive_stocks(model, 0, held);
        hf_adaptive_under_way(model, 0, way, way_final);
        hf_adaptive_get(model, 0, HF_ADAPTIVE_UNMET, missing);
        hf_adaptive_unmet_by_home(model, 0, home);
        hf_adaptive_get(model, 0, HF_ADAPTIVE_OUTPUT, x);
        hf_adaptive_get(model, 0, HF_ADAPTIVE_UNSOLD, left);
        CHECK_NEAR(held[1], stock[day], 1e-6);
        CHECK_NEAR(way[1], under_way[day], 1e-6);
        CHECK_NEAR(way_final[0], 3 * under_way[day], 1e-6);
        CHECK_NEAR(missing[0], unmet[day], 1e-6);
        CHECK_NEAR(home[1], unmet[day], 1e-6);
        CHECK_NEAR(home[0], 0, 1e-6);
        CHECK_NEAR(x[0], output[day], 1e-6);
        CHECK_NEAR(left[0], unsold[day], 1e-6);
        CHECK_NEAR(x[1], 80, 1e-6);
    }
    CHECK(hf_adaptive_residual(model, 0) < 1e-12);
    hf_adaptive_free(model);
}

/* A delay that shrinks: what is on the way keeps its day, so two days' goods meet. Three days late on day 1, 1.25 on day 2, none after:
 * of 10 a day, B gets 0 on day 1, 0 on day 2, 10 + 7.5 (sent on day 2) on day 3, 10 + 10 (day 1) + 2.5 (day 2) on day 4. */
static void what_is_under_way_keeps_its_day(void)
{
    static const double given[] = {0, 1, 1.25 / 3}, stock[] = {900, 890, 880, 887.5, 900, 900};
    hf_adaptive *model = two_regions(1e9);
    hf_adaptive_shock shock = {.kind = HF_SHOCK_DELAY, .region = -1, .sector = -1, .partner = -1, .size = 3,
                               .curve = HF_CURVE_GIVEN, .given = given, .n_given = 3};
    hf_adaptive_scenario scenarios[] = {{&shock, 1}, {NULL, 0}};
    CHECK_INT(hf_adaptive_start(model, scenarios, 2, NULL), HF_OK);
    for (int day = 0; day < 6; day++) {
        double held[N];
        hf_adaptive_day(model);
        hf_adaptive_stocks(model, 0, held);
        CHECK_NEAR(held[1], stock[day], 1e-6);
        hf_adaptive_stocks(model, 1, held);
        CHECK_NEAR(held[1], 900, 1e-6);
    }
    hf_adaptive_free(model);
}

/* What is under way is not ordered again, though a gap would be ordered in a day: from day 1 to 5 goods are three days late, A is asked for 100 every
 * day, and B's stock falls by 10 on days 1 to 3, stays, and is full again when the last arrive. */
static void late_goods_are_not_bought_twice(void)
{
    static const double stock[] = {900, 890, 880, 870, 870, 870, 880, 890, 900, 900};
    hf_adaptive *model = two_regions(1);
    hf_adaptive_shock shock = on_the_way_to_b(HF_SHOCK_DELAY, 3);
    hf_adaptive_scenario scenario = {&shock, 1};
    shock.duration = 5;
    CHECK_INT(hf_adaptive_start(model, &scenario, 1, NULL), HF_OK);
    for (int day = 0; day < 10; day++) {
        double held[N], wanted[N], x[N];
        hf_adaptive_day(model);
        hf_adaptive_stocks(model, 0, held);
        hf_adaptive_get(model, 0, HF_ADAPTIVE_DEMAND, wanted);
        hf_adaptive_get(model, 0, HF_ADAPTIVE_OUTPUT, x);
        CHECK_NEAR(held[1], stock[day], 1e-9);
        CHECK_NEAR(wanted[0], 100, 1e-9);
        CHECK_NEAR(x[0], 100, 1e-9);
        CHECK_NEAR(x[1], 80, 1e-9);
    }
    hf_adaptive_free(model);
}

static void refuses(void)
{
    hf_adaptive *model = two_regions(1e9);
    hf_diag *diag = NULL;
    static const double sizes[] = {-1, 367, NAN};
    CHECK_INT(hf_diag_new(&diag), HF_OK);
    for (int k = 0; k < 3; k++) {
        hf_adaptive_shock shock = on_the_way_to_b(HF_SHOCK_DELAY, sizes[k]);
        hf_adaptive_scenario scenario = {&shock, 1};
        CHECK_INT(hf_adaptive_start(model, &scenario, 1, diag), HF_E_RANGE);
    }
    CHECK_STR(hf_diag_get(diag, 0)->text, "scenario 0, shock 0 (size -1): the delay is below 0 days");
    hf_diag_free(diag);
    hf_adaptive_free(model);
}

int main(void)
{
    RUN(half_and_two_days_late);
    RUN(what_is_under_way_keeps_its_day);
    RUN(late_goods_are_not_bought_twice);
    RUN(refuses);
    return tap_done();
}
