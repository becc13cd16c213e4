/* Laws of the adaptive dynamics, on random tables and under every rule of production and rationing: what holds whatever the numbers are. */
#include <stdlib.h>

#include "base/rng.h"
#include "model/economy/adaptive.h"
#include "tests/support/tables.h"
#include "tests/tap.h"

enum { R = 4, S = 3, F = 2, N = R * S, DAYS = 120, SCENARIOS = 21, RULES = 8, KINDS = 7 };

/* A table and one of RULES settings of the model. */
typedef struct setting {
    hf_io_table *table;
    unsigned char essential[S * N];
    int priority[N];
    double stock_days[S], rebuild_share[S];
    hf_adaptive_input input;
    hf_adaptive_options options;
} setting;

static void setting_make(setting *s, int rule)
{
    hf_io_table *t = s->table = random_io_table(R, S, F, .5 + .06 * rule, (uint64_t)rule + 40);
    for (int k = 0; k < S * N; k++) s->essential[k] = (unsigned char)((k + rule) % 3);
    for (int f = 0; f < N; f++) s->priority[f] = f % 3;
    for (int i = 0; i < S; i++) s->rebuild_share[i] = i == 0 ? .5 : .5 / (S - 1);
    s->stock_days[0] = 90, s->stock_days[1] = 30, s->stock_days[2] = rule % 2 ? 70 : 65;
    s->input = (hf_adaptive_input){.n_regions = R, .n_sectors = S, .n_final = F, .z = t->z, .y = t->y, .x = t->x, .value_added = t->v,
                                   .stock_days = s->stock_days, .essential = s->essential, .priority = s->priority};
    s->options = hf_adaptive_options_default();
    s->options.production = (hf_adaptive_production)(rule % 5);
    s->options.rationing = (hf_adaptive_rationing)(rule % 3);
    s->options.switching = rule == 1 || rule == 5 ? 0 : rule == 2 ? .5 : 1;
    s->options.restore_days = 25;
    s->options.final_level = 1, s->options.rebuild_level = 3;
    s->options.rebuild_share = s->rebuild_share;
}

static hf_adaptive *model_of(const setting *s)
{
    hf_adaptive *model = NULL;
    CHECK_INT(hf_adaptive_new(&s->input, &s->options, NULL, &model), HF_OK);
    if (!model) abort();
    return model;
}

static void each_rule(void (*check)(setting *, int))
{
    for (int rule = 0; rule < RULES; rule++) {
        setting s;
        setting_make(&s, rule);
        check(&s, rule);
        hf_io_table_free(s.table);
    }
}

static hf_adaptive_shock capacity_shock(double size)
{
    return (hf_adaptive_shock){.kind = HF_SHOCK_CAPACITY, .region = 1, .sector = -1, .size = size, .start = 3, .duration = 20, .recovery_days = 15};
}

/* All kinds of shocks; scenario k has k % 3 of them. */
static void scenarios_make(const setting *s, hf_adaptive_shock (*shocks)[2], hf_adaptive_scenario *scenarios)
{
    for (int k = 0; k < SCENARIOS; k++) {
        for (int p = 0; p < 2; p++) {
            hf_adaptive_shock *shock = &shocks[k][p];
            *shock = capacity_shock(.05 + .04 * k);
            shock->kind = (hf_adaptive_shock_kind)((k + 3 * p) % KINDS);
            shock->region = (k + p) % R;
            shock->sector = k % 4 - 1;
            shock->partner = shock->region == 0 || k % 2 ? -1 : 0;
            shock->start = k % 7;
            shock->curve = (hf_adaptive_curve)(k % 3);
            if (shock->kind == HF_SHOCK_HOUSEHOLD) shock->size *= s->table->x[0];
            if (shock->kind == HF_SHOCK_DELAY) shock->size *= 9;
        }
        scenarios[k] = (hf_adaptive_scenario){shocks[k], k % 3};
    }
}

/* ---- at rest ---- */

static void stays(void *context, const hf_adaptive *model, int lane, int scenario, int day)
{
    const setting *s = context;
    double output[N], rest[N], unmet[N];
    (void)scenario, (void)day;
    hf_adaptive_get(model, lane, HF_ADAPTIVE_OUTPUT, output);
    hf_adaptive_get(model, lane, HF_ADAPTIVE_REST, rest);
    hf_adaptive_get(model, lane, HF_ADAPTIVE_UNMET, unmet);
    for (int f = 0; f < N; f++) {
        CHECK_NEAR(rest[f], s->table->x[f] / 365, 1e-12 * rest[f]);
        CHECK_NEAR(output[f], rest[f], 1e-12 * rest[f]);
        CHECK_NEAR(unmet[f], 0, 1e-12 * rest[f]);
    }
}

/* Without a shock, and with shocks of size 0, a year changes nothing. */
static void at_rest(setting *s, int rule)
{
    hf_adaptive *model = model_of(s);
    hf_adaptive_shock shocks[KINDS];
    hf_adaptive_scenario scenarios[KINDS + 1] = {{0}};
    hf_adaptive_result results[KINDS + 1] = {{0}};
    (void)rule;
    for (int kind = 0; kind < KINDS; kind++) {
        shocks[kind] = capacity_shock(0);
        shocks[kind].kind = (hf_adaptive_shock_kind)kind;
        shocks[kind].partner = -1;
        scenarios[kind + 1] = (hf_adaptive_scenario){&shocks[kind], 1};
    }
    CHECK_INT(hf_adaptive_run(model, scenarios, KINDS + 1, 365, stays, s, results, NULL), HF_OK);
    for (int k = 0; k <= KINDS; k++) {
        CHECK(results[k].returned && !results[k].collapsed);
        CHECK_NEAR(results[k].lowest, 1, 1e-12);
        CHECK(results[k].residual < 1e-9);
    }
    hf_adaptive_free(model);
}

static void no_shock_no_change(void)
{
    each_rule(at_rest);
}

/* ---- the same bits ---- */

typedef struct outcome {
    double output_lost[N], value_added_lost[N], unmet[N], unmet_by_home[R], trade_lost[N * R];
    double output_by_day[DAYS], value_added_by_day[DAYS], regions_by_day[DAYS * R * HF_REGION_DAY];
    hf_adaptive_result result;
} outcome;

static void outcome_bind(outcome *o)
{
    memset(o, 0, sizeof *o);
    o->result = (hf_adaptive_result){.output_lost = o->output_lost, .value_added_lost = o->value_added_lost, .unmet = o->unmet,
                                     .unmet_by_home = o->unmet_by_home, .output_by_day = o->output_by_day, .value_added_by_day = o->value_added_by_day,
                                     .regions_by_day = o->regions_by_day, .trade_lost = o->trade_lost};
}

static void outcomes_of(const setting *s, const hf_adaptive_scenario *scenarios, int n, outcome *ret)
{
    hf_adaptive *model = model_of(s);
    hf_adaptive_result results[SCENARIOS];
    for (int k = 0; k < n; k++) {
        outcome_bind(&ret[k]);
        results[k] = ret[k].result;
    }
    CHECK_INT(hf_adaptive_run(model, scenarios, n, DAYS, NULL, NULL, results, NULL), HF_OK);
    for (int k = 0; k < n; k++) ret[k].result = results[k];
    hf_adaptive_free(model);
}

static void same(const outcome *a, const outcome *b)
{
    const hf_adaptive_result *p = &a->result, *q = &b->result;
    CHECK(memcmp(a, b, offsetof(outcome, result)) == 0);
    CHECK(p->total_output_lost == q->total_output_lost && p->total_value_added_lost == q->total_value_added_lost && p->total_unmet == q->total_unmet);
    CHECK(p->lowest == q->lowest && p->lowest_day == q->lowest_day && p->return_day == q->return_day && p->returned == q->returned);
    CHECK(p->collapsed == q->collapsed && p->residual == q->residual);
}

static outcome together[SCENARIOS], threaded[SCENARIOS], alone[1];

/* A batch of shocks, another batch and number of threads, and each shock alone: the same bits. */
static void batches(setting *s, int rule)
{
    hf_adaptive_shock shocks[SCENARIOS][2];
    hf_adaptive_scenario scenarios[SCENARIOS];
    double moved = 0;
    (void)rule;
    scenarios_make(s, shocks, scenarios);
    outcomes_of(s, scenarios, SCENARIOS, together);
    s->options.threads = 3;
    outcomes_of(s, scenarios, SCENARIOS, threaded);
    s->options.threads = 1;
    for (int k = 0; k < SCENARIOS; k++) {
        same(&together[k], &threaded[k]);
        outcomes_of(s, &scenarios[k], 1, alone);
        same(&together[k], alone);
        moved += fabs(together[k].result.total_output_lost);
    }
    CHECK(moved > 0);
}

static void batches_and_threads_are_irrelevant(void)
{
    each_rule(batches);
}

/* ---- balances and limits ---- */

/* What one lane holds at the end of a day. */
typedef struct state {
    double output[N], unsold[N], unmet[N], capacity[N], loss[N], alpha[N], demand[N], stock[S * N], under_way[S * N], final_under_way[N];
} state;

static void state_get(const hf_adaptive *model, int lane, state *ret)
{
    hf_adaptive_get(model, lane, HF_ADAPTIVE_OUTPUT, ret->output);
    hf_adaptive_get(model, lane, HF_ADAPTIVE_UNSOLD, ret->unsold);
    hf_adaptive_get(model, lane, HF_ADAPTIVE_UNMET, ret->unmet);
    hf_adaptive_get(model, lane, HF_ADAPTIVE_CAPACITY, ret->capacity);
    hf_adaptive_get(model, lane, HF_ADAPTIVE_LOSS, ret->loss);
    hf_adaptive_get(model, lane, HF_ADAPTIVE_ALPHA, ret->alpha);
    hf_adaptive_get(model, lane, HF_ADAPTIVE_DEMAND, ret->demand);
    hf_adaptive_stocks(model, lane, ret->stock);
    hf_adaptive_under_way(model, lane, ret->under_way, ret->final_under_way);
}

/* Use of product i by industry f per unit of output. */
static double need_of(const hf_io_table *t, int i, int f)
{
    double sum = 0;
    for (int r = 0; r < R; r++) sum += t->z[(r * S + i) * N + f];
    return sum / t->x[f];
}

/* Of every product: made and taken from the sellers' stores = given to final demand + put into the buyers' stocks + used + put on the way. */
static void products_balance(const hf_io_table *t, const state *before, const state *now)
{
    double y[N];
    hf_io_demand(t, y);
    for (int i = 0; i < S; i++) {
        double made = 0, gone = 0, rest = 0;
        for (int g = i; g < N; g += S) {
            made += now->output[g] + before->unsold[g] - now->unsold[g];
            gone += y[g] / 365 - now->unmet[g] + now->final_under_way[g] - before->final_under_way[g];
            rest += t->x[g] / 365;
        }
        for (int f = i * N; f < (i + 1) * N; f++)
            gone += now->stock[f] - before->stock[f] + now->under_way[f] - before->under_way[f] + need_of(t, i, f % N) * now->output[f % N];
        CHECK_NEAR(made, gone, 1e-9 * rest);
    }
}

static void within_limits(const hf_io_table *t, const hf_adaptive_options *o, const state *now)
{
    double y[N];
    hf_io_demand(t, y);
    for (int f = 0; f < N; f++) {
        double rest = t->x[f] / 365, slack = 1e-9 * rest;
        CHECK(now->output[f] >= 0 && now->output[f] <= now->capacity[f] + slack && now->output[f] <= now->demand[f] + slack);
        CHECK(now->unmet[f] >= -slack && now->unmet[f] <= y[f] / 365 + slack && now->unsold[f] >= -slack);
        CHECK(now->alpha[f] >= 1 && now->alpha[f] <= o->alpha_max + 1e-12);
        CHECK_NEAR(now->capacity[f], rest * (1 - now->loss[f]) * now->alpha[f], slack);
    }
    for (int k = 0; k < S * N; k++) CHECK(now->stock[k] >= 0);
}

static void days_balance(setting *s, int rule)
{
    static const double sizes[] = {.1, .5, .95};
    hf_adaptive_shock shocks[3];
    hf_adaptive_scenario scenarios[3];
    static state before[3], now;
    hf_adaptive *model = model_of(s);
    double hit = 0;
    for (int k = 0; k < 3; k++) {
        shocks[k] = capacity_shock(sizes[k]);
        shocks[k].region = rule % 2 ? -1 : 1;
        scenarios[k] = (hf_adaptive_scenario){&shocks[k], 1};
    }
    CHECK_INT(hf_adaptive_start(model, scenarios, 3, NULL), HF_OK);
    for (int k = 0; k < 3; k++) state_get(model, k, &before[k]);
    for (int day = 0; day < DAYS; day++) {
        hf_adaptive_day(model);
        for (int k = 0; k < 3; k++) {
            state_get(model, k, &now);
            products_balance(s->table, &before[k], &now);
            within_limits(s->table, &s->options, &now);
            before[k] = now;
            hit = fmax(hit, now.unmet[S] / s->table->x[S]);
        }
    }
    for (int k = 0; k < 3; k++) CHECK(hf_adaptive_residual(model, k) < 1e-9);
    CHECK(hit > 1e-6);
    hf_adaptive_free(model);
}

static void every_day_balances(void)
{
    each_rule(days_balance);
}

/* Trade that is held up and late at random, another way each day, with capacity lost besides. */
static void trade_balances(setting *s, int rule)
{
    enum { SHOCKS = 12, LANES = 3 };
    static double given[LANES][SHOCKS][DAYS];
    static state before[LANES], now;
    hf_adaptive_shock shocks[LANES][SHOCKS + 1];
    hf_adaptive_scenario scenarios[LANES];
    hf_rng rng = {.seed = (uint64_t)rule + 7};
    hf_adaptive *model = model_of(s);
    double late = 0;
    for (int k = 0; k < LANES; k++) {
        for (int p = 0; p < SHOCKS; p++) {
            for (int day = 0; day < DAYS; day++) given[k][p][day] = day < DAYS / 2 ? hf_rng_unit(&rng) : 0;
            shocks[k][p] = (hf_adaptive_shock){.kind = p % 2 ? HF_SHOCK_TRADE : HF_SHOCK_DELAY, .region = (int)hf_rng_below(&rng, R + 1) - 1,
                                               .sector = (int)hf_rng_below(&rng, S + 1) - 1, .partner = (int)hf_rng_below(&rng, R + 1) - 1,
                                               .size = p % 2 ? hf_rng_unit(&rng) : 4 * hf_rng_unit(&rng), .curve = HF_CURVE_GIVEN,
                                               .given = given[k][p], .n_given = DAYS};
        }
        shocks[k][SHOCKS] = capacity_shock(.3 * k);
        scenarios[k] = (hf_adaptive_scenario){shocks[k], SHOCKS + 1};
    }
    CHECK_INT(hf_adaptive_start(model, scenarios, LANES, NULL), HF_OK);
    for (int k = 0; k < LANES; k++) state_get(model, k, &before[k]);
    for (int day = 0; day < DAYS; day++) {
        hf_adaptive_day(model);
        for (int k = 0; k < LANES; k++) {
            state_get(model, k, &now);
            products_balance(s->table, &before[k], &now);
            for (int e = 0; e < S * N; e++) {
                CHECK(now.under_way[e] >= 0 && now.stock[e] >= 0);
                late = fmax(late, now.under_way[e] / s->table->x[e % N]);
                if (day > DAYS / 2 + 4 * SHOCKS / 2) CHECK_NEAR(now.under_way[e], 0, 0);
            }
            before[k] = now;
        }
    }
    for (int k = 0; k < LANES; k++) CHECK(hf_adaptive_residual(model, k) < 1e-9);
    CHECK(late > 1e-6);
    hf_adaptive_free(model);
}

static void late_trade_balances(void)
{
    each_rule(trade_balances);
}

/* ---- more of a shock ---- */

/* Least output of the days on which the shock holds in full. */
static double lowest_while_held(const outcome *o, int last)
{
    double lowest = INFINITY;
    for (int day = 0; day <= last; day++) lowest = fmin(lowest, o->output_by_day[day]);
    return lowest;
}

/* More capacity lost, or for longer: never less unmet demand, never less output lost, and no higher a low while it holds. (Later lows are
 * not ordered: orders that refill stocks swing, and a longer shock moves the swing.) */
static void more_is_worse(setting *s, int rule)
{
    hf_adaptive_shock shocks[SCENARIOS];
    hf_adaptive_scenario scenarios[SCENARIOS];
    (void)rule;
    for (int longer = 0; longer < 2; longer++) {
        for (int k = 0; k < SCENARIOS; k++) {
            shocks[k] = capacity_shock(longer ? .3 : (double)k / SCENARIOS);
            if (longer) shocks[k].duration = 2 * k + 1;
            scenarios[k] = (hf_adaptive_scenario){&shocks[k], 1};
        }
        outcomes_of(s, scenarios, SCENARIOS, together);
        for (int k = 1; k < SCENARIOS; k++) {
            const hf_adaptive_result *less = &together[k - 1].result, *more = &together[k].result;
            double rest = 0;
            for (int f = 0; f < N; f++) rest += s->table->x[f];
            CHECK(more->total_unmet >= less->total_unmet - 1e-12 * rest);
            CHECK(more->total_output_lost >= less->total_output_lost - 1e-12 * rest);
            CHECK(lowest_while_held(&together[k], 22) <= lowest_while_held(&together[k - 1], 22) + 1e-12 * rest);
        }
    }
}

static void monotone_in_the_shock(void)
{
    each_rule(more_is_worse);
}

/* ---- who gets less ---- */

typedef struct unsold {
    double left[N];
} unsold;

static void unsold_keep(void *context, const hf_adaptive *model, int lane, int scenario, int day)
{
    unsold *all = context;
    (void)day;
    hf_adaptive_get(model, lane, HF_ADAPTIVE_UNSOLD, all[scenario].left);
}

/* What the regions get less of a product is what is made less of it and what stays with the seller; days of the regions add up to days of all. */
static void deliveries_add_up(setting *s, int rule)
{
    static unsold kept[SCENARIOS];
    hf_adaptive_shock shocks[SCENARIOS][2];
    hf_adaptive_scenario scenarios[SCENARIOS];
    hf_adaptive_result results[SCENARIOS];
    hf_adaptive *model = model_of(s);
    (void)rule;
    scenarios_make(s, shocks, scenarios);
    for (int k = 0; k < SCENARIOS; k++) {
        outcome_bind(&together[k]);
        results[k] = together[k].result;
    }
    CHECK_INT(hf_adaptive_run(model, scenarios, SCENARIOS, DAYS, unsold_keep, kept, results, NULL), HF_OK);
    for (int k = 0; k < SCENARIOS; k++) {
        const outcome *o = &together[k];
        bool rebuilds = false;
        for (int p = 0; p < scenarios[k].n; p++) rebuilds |= shocks[k][p].kind == HF_SHOCK_REBUILD || shocks[k][p].kind == HF_SHOCK_HOUSEHOLD;
        for (int f = 0; f < N; f++) {
            double got_less = 0, scale = 1e-9 * s->table->x[f];
            for (int h = 0; h < R; h++) got_less += o->trade_lost[f * R + h];
            if (rebuilds) CHECK(got_less >= o->output_lost[f] + kept[k].left[f] - scale); /* the rest went into rebuilding */
            else CHECK_NEAR(got_less, o->output_lost[f] + kept[k].left[f], scale);
        }
        double unmet = 0;
        for (int day = 0; day < DAYS; day++) {
            double output = 0, value = 0;
            for (int h = 0; h < R; h++) {
                const double *at = &o->regions_by_day[(day * R + h) * HF_REGION_DAY];
                output += at[HF_REGION_DAY_OUTPUT], value += at[HF_REGION_DAY_VALUE_ADDED], unmet += at[HF_REGION_DAY_UNMET];
            }
            CHECK_NEAR(output, o->output_by_day[day], 1e-12 * output);
            CHECK_NEAR(value, o->value_added_by_day[day], 1e-12 * value);
        }
        CHECK_NEAR(unmet, results[k].total_unmet, 1e-9 * s->table->x[0]);
    }
    hf_adaptive_free(model);
}

static void what_regions_get_adds_up(void)
{
    each_rule(deliveries_add_up);
}

/* Half of what one region sends to another is not shipped on one day: the first day's loss is half of the flow, before anybody reacts. */
static void a_trade_shock_takes_its_share(void)
{
    setting s;
    setting_make(&s, 0);
    hf_adaptive_shock shock = {.kind = HF_SHOCK_TRADE, .region = 1, .sector = 2, .partner = 3, .size = .5, .duration = 1};
    hf_adaptive_scenario one = {&shock, 1};
    hf_adaptive *model = model_of(&s);
    double lost[N * R], flow = 0;
    hf_adaptive_result result = {.trade_lost = lost};
    int f = S + 2;
    for (int j = 0; j < S; j++) flow += s.table->z[f * N + 3 * S + j];
    for (int k = 0; k < F; k++) flow += s.table->y[f * R * F + 3 * F + k];
    CHECK_INT(hf_adaptive_run(model, &one, 1, 1, NULL, NULL, &result, NULL), HF_OK);
    for (int g = 0; g < N; g++)
        for (int h = 0; h < R; h++) CHECK_NEAR(lost[g * R + h], g == f && h == 3 ? .5 * flow / 365 : 0, 1e-12 * s.table->x[g]);
    hf_adaptive_free(model);
    hf_io_table_free(s.table);
}

/* ---- other ways to say the same ---- */

/* A loss set from outside, as a coupling with facilities does, is a shock on capacity. */
static void loss_from_outside(setting *s, int rule)
{
    hf_adaptive_shock shock = capacity_shock(.4);
    hf_adaptive_scenario scenarios[2] = {{&shock, 1}, {NULL, 0}};
    static state a, b;
    hf_adaptive *model = model_of(s);
    shock.region = 2, shock.sector = 1, shock.start = 4, shock.duration = 10, shock.recovery_days = 0;
    (void)rule;
    CHECK_INT(hf_adaptive_start(model, scenarios, 2, NULL), HF_OK);
    CHECK_INT(hf_adaptive_loss_set(model, 1, N, .4), HF_E_RANGE);
    CHECK_INT(hf_adaptive_loss_set(model, 1, 0, 1.4), HF_E_RANGE);
    for (int day = 0; day < 40; day++) {
        if (day == 4 || day == 14) CHECK_INT(hf_adaptive_loss_set(model, 1, 2 * S + 1, day == 4 ? .4 : 0), HF_OK);
        hf_adaptive_day(model);
        state_get(model, 0, &a);
        state_get(model, 1, &b);
        CHECK(memcmp(&a, &b, sizeof a) == 0);
    }
    hf_adaptive_free(model);
}

static void losses_from_outside_are_shocks(void)
{
    each_rule(loss_from_outside);
}

/* The same economy with its regions the other way round. */
static void order_of_regions_is_irrelevant(void)
{
    for (int rule = 0; rule < RULES; rule++) {
        setting s, m;
        setting_make(&s, rule);
        setting_make(&m, rule);
        for (int f = 0; f < N; f++) {
            int at = (R - 1 - f / S) * S + f % S;
            m.table->x[at] = s.table->x[f];
            m.table->v[at] = s.table->v[f];
            m.priority[at] = s.priority[f];
            for (int i = 0; i < S; i++) m.essential[i * N + at] = s.essential[i * N + f];
            for (int g = 0; g < N; g++) m.table->z[at * N + (R - 1 - g / S) * S + g % S] = s.table->z[f * N + g];
            for (int c = 0; c < R * F; c++) m.table->y[at * R * F + (R - 1 - c / F) * F + c % F] = s.table->y[f * R * F + c];
        }
        hf_adaptive_shock shock = capacity_shock(.6), mirrored = shock;
        mirrored.region = R - 1 - shock.region;
        m.input.essential = m.essential, m.input.priority = m.priority, m.input.stock_days = m.stock_days;
        m.options.rebuild_share = m.rebuild_share;
        hf_adaptive_scenario one = {&shock, 1}, other = {&mirrored, 1};
        outcomes_of(&s, &one, 1, together);
        outcomes_of(&m, &other, 1, alone);
        for (int f = 0; f < N; f++) {
            double scale = 1e-9 * s.table->x[f];
            CHECK_NEAR(together->output_lost[f], alone->output_lost[(R - 1 - f / S) * S + f % S], scale);
            CHECK_NEAR(together->unmet[f], alone->unmet[(R - 1 - f / S) * S + f % S], scale);
        }
        hf_io_table_free(s.table);
        hf_io_table_free(m.table);
    }
}

int main(void)
{
    RUN(no_shock_no_change);
    RUN(batches_and_threads_are_irrelevant);
    RUN(every_day_balances);
    RUN(late_trade_balances);
    RUN(monotone_in_the_shock);
    RUN(what_regions_get_adds_up);
    RUN(a_trade_shock_takes_its_share);
    RUN(losses_from_outside_are_shocks);
    RUN(order_of_regions_is_irrelevant);
    return tap_done();
}
