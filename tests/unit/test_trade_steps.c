/* Injects on trade: what targets mean, what is refused and where, and the share of each day by hand. */
#include "model/trade_steps.h"

#include "base/alloc.h"
#include "tests/tap.h"

enum { R = 4, S = 2, DAYS = 4 };

static const char *const regions[R] = {"AT", "JP-KT", "JP-CB", "RS"}, *const sectors[S] = {"mills", "banks"}, *const corridors[] = {"canal", "cable"};
static const bool goods[S] = {true, false};

static hf_io_table *table_new(void)
{
    hf_io_table *t = NULL;
    CHECK_INT(hf_io_table_new(R, S, 1, regions, sectors, NULL, 1, 0, &t), HF_OK);
    return t;
}

static hf_step step(double at_h, hf_step_kind kind, const char **targets, int n, double level)
{
    return (hf_step){.at_h = at_h, .kind = kind, .n_targets = n, .targets = targets, .level = level, .text = "", .line = 7, .column = (int)at_h + 1};
}

/* The steps of a scenario; *ret_n is -1 when it is refused. */
static hf_trade_step *resolved(hf_step *steps, int n, hf_diag *diag, int *ret_n)
{
    hf_io_table *t = table_new();
    hf_trade_names names = {t, corridors, 2, goods};
    hf_scenario s = {.name = "s", .file = "scenarios.json", .n_steps = n, .steps = steps};
    hf_trade_step *out = NULL;
    *ret_n = -1;
    CHECK(hf_trade_steps_resolve(&s, &names, diag, &out, ret_n) == (out ? HF_OK : HF_E_DATA));
    hf_io_table_free(t);
    return out;
}

/* The canal shuts at hour 12, opens by half at hour 36 and wholly at 60: half of day 0 is shut, of day 1 12 + 12 / 2 hours, of day 2 12 / 2. */
static void a_corridor_by_the_hour(void)
{
    static const double expected[DAYS] = {0.5, 1 - 18. / 24, 1 - 6. / 24, 1};
    const char *canal[] = {"canal"};
    hf_step steps[] = {step(60, HF_STEP_CUT_CORRIDOR, canal, 1, 1), step(12, HF_STEP_CUT_CORRIDOR, canal, 1, NAN),
                       step(36, HF_STEP_CUT_CORRIDOR, canal, 1, 0.5), step(1, HF_STEP_NOTE, NULL, 0, NAN)};
    double given[2 * DAYS];
    int n = 0;
    hf_diag *diag = NULL;
    CHECK_INT(hf_diag_new(&diag), HF_OK);
    hf_trade_step *out = resolved(steps, 4, diag, &n);
    CHECK_INT(n, 3);
    for (int k = 0; k < 2 * DAYS; k++) given[k] = 1;
    hf_trade_steps_gates(out, n, DAYS, given);
    for (int day = 0; day < DAYS; day++) {
        CHECK_NEAR(given[day], expected[day], 1e-12);
        CHECK_NEAR(given[DAYS + day], 1, 0);
    }
    CHECK_INT(hf_trade_steps_limits(out, n, DAYS, NULL, NULL), 0);
    hf_free(out);
    hf_diag_free(diag);
}

static bool has_limit(const hf_coupling_limit *limits, int n, int sector, int from, int to)
{
    for (int k = 0; k < n; k++)
        if (limits[k].sector == sector && limits[k].from == from && limits[k].to == to) return true;
    return false;
}

/* A border between Austria and Japan stops goods, not banks, both ways, to each of Japan's regions, and nothing within Japan. */
static void a_border(void)
{
    const char *pair[] = {"country=AT", "JP"}, *one[] = {"JP"};
    hf_step both = step(0, HF_STEP_CLOSE_BORDER, pair, 2, NAN), all = step(24, HF_STEP_CLOSE_BORDER, one, 1, 0.25);
    hf_coupling_limit limits[32];
    double lost[32 * DAYS];
    int n = 0;
    hf_diag *diag = NULL;
    CHECK_INT(hf_diag_new(&diag), HF_OK);
    hf_trade_step *out = resolved(&both, 1, diag, &n);
    CHECK_INT(hf_trade_steps_limits(out, n, DAYS, limits, lost), 4);
    CHECK(has_limit(limits, 4, 0, 0, 1) && has_limit(limits, 4, 0, 2, 0));
    CHECK_NEAR(lost[0], 1, 0);
    hf_free(out);
    out = resolved(&all, 1, diag, &n);
    CHECK_INT(hf_trade_steps_limits(out, n, DAYS, limits, lost), 8); /* AT and RS, two regions each, two ways */
    CHECK(!has_limit(limits, 8, 0, 1, 2) && has_limit(limits, 8, 0, 3, 1));
    CHECK_NEAR(lost[0], 0, 0);
    CHECK_NEAR(lost[1], 0.75, 0);
    hf_free(out);
    hf_diag_free(diag);
}

/* Limits by product and direction; a later one for the same flow takes the place of an earlier one. */
static void limits_of_trade(void)
{
    const char *flow[] = {"from=RS to=JP industry=banks"}, *country[] = {"RS"};
    hf_step steps[] = {step(0, HF_STEP_LIMIT_TRADE, flow, 1, 0.4), step(48, HF_STEP_LIMIT_TRADE, flow, 1, 1), step(0, HF_STEP_LIMIT_TRADE, country, 1, 0.5)};
    hf_coupling_limit limits[32];
    double lost[32 * DAYS];
    int n = 0, two = 0;
    hf_diag *diag = NULL;
    CHECK_INT(hf_diag_new(&diag), HF_OK);
    hf_trade_step *out = resolved(steps, 3, diag, &n);
    int made = hf_trade_steps_limits(out, n, DAYS, limits, lost);
    CHECK_INT(made, 2 + 6); /* banks to two regions; all products of RS to and from three */
    for (int k = 0; k < made; k++) {
        const double *row = limits[k].lost;
        if (limits[k].sector < 0) CHECK_NEAR(row[3], 0.5, 0);
        else {
            two++;
            CHECK_NEAR(row[1], 0.6, 1e-12);
            CHECK_NEAR(row[2], 0, 0);
        }
    }
    CHECK_INT(two, 2);
    hf_free(out);
    hf_diag_free(diag);
}

static void refuses(void)
{
    const char *bridge[] = {"bridge"}, *nobody[] = {"AT", "XX"}, *odd[] = {"to=AT speed=3"}, *product[] = {"industry=steel"};
    const char *from[] = {"from=YY"}, *good[] = {"AT"};
    hf_step steps[] = {step(0, HF_STEP_CUT_CORRIDOR, bridge, 1, NAN), step(1, HF_STEP_CLOSE_BORDER, nobody, 2, NAN), step(2, HF_STEP_LIMIT_TRADE, odd, 1, 0),
                       step(3, HF_STEP_LIMIT_TRADE, product, 1, 0),   step(4, HF_STEP_LIMIT_TRADE, from, 1, 0),      step(5, HF_STEP_LIMIT_TRADE, good, 1, NAN),
                       step(6, HF_STEP_CLOSE_BORDER, good, 1, 1.5),   step(7, HF_STEP_CLOSE_BORDER, NULL, 0, 0),    step(-1, HF_STEP_CLOSE_BORDER, good, 1, 0)};
    static const char *const expected[] = {"scenario s: cut_corridor: there is no corridor \"bridge\" (allowed: corridors of the table corridors)",
        "scenario s: close_border: no region of the table is \"XX\" (allowed: regions or countries of the table industries)"};
    int n = 0;
    hf_diag *diag = NULL;
    CHECK_INT(hf_diag_new(&diag), HF_OK);
    CHECK(resolved(steps, 9, diag, &n) == NULL);
    CHECK_INT(hf_diag_count(diag, HF_ERROR), 9);
    for (int k = 0; k < 2; k++) {
        CHECK_STR(hf_diag_get(diag, (size_t)k)->text, expected[k]);
        CHECK_STR(hf_diag_get(diag, (size_t)k)->file, "scenarios.json");
        CHECK_INT(hf_diag_get(diag, (size_t)k)->line, 7);
        CHECK_INT(hf_diag_get(diag, (size_t)k)->column, k + 1);
    }
    hf_diag_free(diag);
}

int main(void)
{
    RUN(a_corridor_by_the_hour);
    RUN(a_border);
    RUN(limits_of_trade);
    RUN(refuses);
    return tap_done();
}
