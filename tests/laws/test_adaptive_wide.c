/* The pass over tables with many regions and users, where vectors over users fold eight suppliers at once and tiles follow each other: a shock alone,
 * among seven and among sixteen, with trade held up and late, on any number of threads. */
#include <stdlib.h>

#include "base/rng.h"
#include "model/economy/adaptive.h"
#include "tests/support/tables.h"
#include "tests/tap.h"

enum { R = 13, S = 7, N = R * S, DAYS = 25, MOST = 16 };

typedef struct run {
    double output_lost[N], unmet[N], by_day[DAYS];
    hf_adaptive_result result;
} run;

static void scenarios_run(const hf_io_table *t, int threads, const hf_adaptive_scenario *scenarios, int n, run *runs)
{
    hf_adaptive_input input = {.n_regions = R, .n_sectors = S, .n_final = 1, .z = t->z, .y = t->y, .x = t->x};
    hf_adaptive_options options = hf_adaptive_options_default();
    hf_adaptive *model = NULL;
    hf_adaptive_result results[MOST];
    options.threads = threads;
    options.stock_days = 12, options.restore_days = 9;
    CHECK_INT(hf_adaptive_new(&input, &options, NULL, &model), HF_OK);
    memset(runs, 0, (size_t)n * sizeof *runs);
    for (int k = 0; k < n; k++)
        results[k] = (hf_adaptive_result){.output_lost = runs[k].output_lost, .unmet = runs[k].unmet, .output_by_day = runs[k].by_day};
    CHECK_INT(hf_adaptive_run(model, scenarios, n, DAYS, NULL, NULL, results, NULL), HF_OK);
    for (int k = 0; k < n; k++) runs[k].result = results[k];
    hf_adaptive_free(model);
}

static void same(const run *a, const run *b)
{
    CHECK(memcmp(a, b, offsetof(run, result)) == 0);
    CHECK(a->result.residual == b->result.residual && a->result.residual < 1e-9);
}

static void alone_and_among_others(void)
{
    static run all[MOST], some[MOST], one[1];
    hf_io_table *t = random_io_table(R, S, 1, .6, 91);
    hf_rng rng = {.seed = 92};
    hf_adaptive_shock shocks[MOST][2];
    hf_adaptive_scenario scenarios[MOST];
    double moved = 0;
    for (int k = 0; k < MOST; k++) {
        for (int p = 0; p < 2; p++)
            shocks[k][p] = (hf_adaptive_shock){.kind = p == 0 ? HF_SHOCK_CAPACITY : k % 2 ? HF_SHOCK_DELAY : HF_SHOCK_TRADE, .region = k % R, .sector = -1,
                                               .partner = -1, .size = hf_rng_unit(&rng), .start = 1, .duration = 6, .recovery_days = 5};
        shocks[k][1].size *= k % 2 ? 4 : 1;
        scenarios[k] = (hf_adaptive_scenario){shocks[k], k % 3};
    }
    scenarios_run(t, 1, scenarios, MOST, all);
    scenarios_run(t, 3, scenarios, 7, some);
    for (int k = 0; k < MOST; k++) {
        if (k < 7) same(&all[k], &some[k]);
        scenarios_run(t, 1 + k % 2, &scenarios[k], 1, one);
        same(&all[k], one);
        moved += fabs(all[k].result.total_output_lost);
    }
    CHECK(moved > 0);
    hf_io_table_free(t);
}

/* What is asked of an industry on day 0 is the sum of its row: the plain sum of the table. */
static void demand_is_the_row(void)
{
    hf_io_table *t = random_io_table(R, S, 1, .6, 93);
    hf_adaptive_input input = {.n_regions = R, .n_sectors = S, .n_final = 1, .z = t->z, .y = t->y};
    hf_adaptive_options options = hf_adaptive_options_default();
    hf_adaptive *model = NULL;
    hf_adaptive_scenario quiet[2] = {{0}};
    double demand[N];
    CHECK_INT(hf_adaptive_new(&input, &options, NULL, &model), HF_OK);
    for (int n = 1; n <= 2; n++) {
        CHECK_INT(hf_adaptive_start(model, quiet, n, NULL), HF_OK);
        for (int day = 0; day < 3; day++) hf_adaptive_day(model);
        hf_adaptive_get(model, n - 1, HF_ADAPTIVE_DEMAND, demand);
        for (int f = 0; f < N; f++) CHECK_NEAR(demand[f], t->x[f] / 365, 1e-12 * t->x[f]);
    }
    hf_adaptive_free(model);
    hf_io_table_free(t);
}

int main(void)
{
    RUN(alone_and_among_others);
    RUN(demand_is_the_row);
    return tap_done();
}
