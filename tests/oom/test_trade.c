/* Every allocation of balancing, corridors and the programs of trade fails once: each time the call says so, nothing leaks (the sanitizers
 * watch) and the next run is right. */
#include <stdlib.h>

#include "base/alloc.h"
#include "base/rng.h"
#include "model/coupling.h"
#include "model/economy/corridors.h"
#include "model/economy/ras.h"
#include "model/network/builder.h"
#include "model/trade_steps.h"
#include "solver/mria.h"
#include "solver/rebalance.h"
#include "solver/rerouting.h"
#include "solver/substitution.h"
#include "tests/tap.h"

enum { R = 2, S = 2, N = 4 };

static const int sector_goods[S] = {0, -1};

static void table_fill(hf_io_table *t)
{
    hf_rng rng = {.seed = 61};
    for (int g = 0; g < N; g++) {
        for (int f = 0; f < N; f++) t->x[g] += t->z[g * N + f] = hf_rng_unit(&rng);
        for (int d = 0; d < R; d++) t->x[g] += t->y[g * R + d] = 1 + hf_rng_unit(&rng);
    }
    for (int g = 0; g < N; g++) t->v[g] = 0.4 * t->x[g];
}

static hf_err corridors_run(const hf_io_table *t)
{
    hf_err err = HF_OK;
    const int gate = 0;
    hf_gate gates[1] = {{-1, 1}};
    hf_route routes[2] = {{.destination = 1, .share = 0.6, .capacity = 2, .gate = &gate, .n_gates = 1}, {.destination = 1, .share = 0.4, .capacity = 2}};
    hf_corridors *c = NULL;
    hf_gate_loss loss[1];
    hf_rerouting rerouted = {0};
    double flow[1], beta[1] = {0.5};
    HF_TRY(hf_corridors_new(R, 1, 1, gates, 2, routes, NULL, &c));
    HF_TRY(hf_corridors_rank(c, t, sector_goods, NULL, 0, loss));
    CHECK(loss[0].output_lost > loss[0].trade_lost);
    HF_TRY(hf_corridors_flows(c, t, sector_goods, flow));
    hf_rerouting_input input = {.corridors = c, .flow = flow, .beta = beta};
    HF_TRY(hf_rerouting_solve(&input, NULL, &rerouted));
out:
    hf_rerouting_done(&rerouted);
    hf_corridors_free(c);
    return err;
}

static hf_err one_entity(hf_network **ret_net)
{
    hf_err err = HF_OK;
    static const hf_origin nowhere = {0};
    hf_builder *b = NULL;
    hf_entity_row row = hf_entity_row_default();
    row.id = "lock", row.sector = "transport", row.country = "AT", row.repair_h = 60;
    HF_TRY(hf_builder_new(NULL, &b));
    HF_TRY(hf_builder_entity(b, &row, nowhere));
    HF_TRY(hf_builder_finish(b, ret_net));
out:
    hf_builder_free(b);
    return err;
}

/* All that passes finds another way, later. */
static hf_err detour(void *context, const double *beta, double *ret_phi, double *ret_days)
{
    (void)context;
    ret_phi[0] = 0;
    ret_days[0] = 3 * (1 - beta[0]);
    return HF_OK;
}

static hf_err gates_run(const hf_io_table *t, hf_diag *diag)
{
    enum { DAYS = 12 };
    hf_err err = HF_OK;
    static const char *const names[] = {"canal"}, *targets[] = {"A"};
    static const bool goods[S] = {true, false};
    static const hf_coupling_link links[] = {{0, 0, 0.2}};
    static const hf_coupling_back backs[] = {{3, 0}};
    const hf_inject failure = {0, HF_INJECT_FAIL, 0, 0, NAN};
    const int gate = 0;
    const hf_gate lock = {0, INFINITY};
    const hf_route route = {.destination = 1, .share = 1, .capacity = INFINITY, .days = 5, .gate = &gate, .n_gates = 1};
    hf_step step = {.kind = HF_STEP_CLOSE_BORDER, .n_targets = 1, .targets = targets, .level = NAN, .text = ""};
    hf_scenario scenario = {.name = "s", .n_steps = 1, .steps = &step};
    hf_trade_names known = {t, names, 1, goods};
    hf_trade_step *steps = NULL;
    hf_network *net = NULL;
    hf_timeline *tl = NULL;
    hf_corridors *c = NULL;
    hf_adaptive *model = NULL;
    hf_adaptive_input input = {.n_regions = R, .n_sectors = S, .n_final = 1, .z = t->z, .y = t->y};
    hf_adaptive_options options = hf_adaptive_options_default();
    hf_adaptive_result result = {0};
    const hf_coupling_part parts[] = {{.country = 0, .capacity = true}, {.country = -1, .gates = true, .given = true}};
    hf_coupling_limit limits[8];
    double lost[8 * DAYS], by_part[2 * R], beta[DAYS], phi[DAYS], late[DAYS];
    int n = 0;
    HF_TRY(hf_trade_steps_resolve(&scenario, &known, diag, &steps, &n));
    HF_TRY(one_entity(&net));
    HF_TRY(hf_timeline_new(net, &tl));
    HF_TRY(hf_corridors_new(R, 1, 1, &lock, 1, &route, NULL, &c));
    HF_TRY(hf_adaptive_new(&input, &options, NULL, &model));
    hf_coupling_gates gates = {.corridors = c, .sector_goods = sector_goods, .detour = detour, .limits = limits};
    gates.n_limits = hf_trade_steps_limits(steps, n, DAYS, limits, lost);
    hf_coupling coupling = {.net = net, .injects = &failure, .n_injects = 1, .run = hf_run_options_default(), .links = links, .n_links = 1, .gates = &gates,
                            .n_regions = R, .n_sectors = S, .days = DAYS};
    HF_TRY(hf_coupling_parts(&coupling, tl, model, parts, 2, by_part, NULL));
    HF_TRY(hf_coupling_ways(&coupling, tl, beta, phi, late, NULL));
    coupling.back = backs, coupling.n_back = 1;
    HF_TRY(hf_coupling_run(&coupling, tl, model, &result, NULL, NULL));
    CHECK(late[0] > 0 && by_part[0] > 0 && result.total_output_lost > 0);
out:
    hf_free(steps);
    hf_adaptive_free(model);
    hf_corridors_free(c);
    hf_timeline_free(tl);
    hf_network_free(net);
    return err;
}

static hf_err programs_run(const hf_io_table *t)
{
    hf_err err = HF_OK;
    double a[N * N], y[N], capacity[N];
    hf_rebalance *rb = NULL;
    hf_rebalance_result plain = {0};
    hf_mria *mria = NULL;
    hf_mria_result impact = {0};
    hf_substitution switched = {0};
    for (int k = 0; k < N * N; k++) a[k] = t->z[k] / t->x[k % N];
    for (int f = 0; f < N; f++) capacity[f] = t->x[f] * (f == 1 ? 0.5 : 1.1);
    hf_io_demand(t, y);
    hf_rebalance_input input = {.n = N, .a = a, .demand = y};
    HF_TRY(hf_rebalance_new(&input, NULL, &rb));
    HF_TRY(hf_rebalance_solve(rb, capacity, HF_REBALANCE_PRE_SHOCK, 0, NULL, &plain));
    hf_mria_input regions = {.n_regions = R, .n_sectors = S, .z = t->z, .demand = t->y};
    HF_TRY(hf_mria_new(&regions, NULL, &mria));
    HF_TRY(hf_mria_solve(mria, capacity, NULL, 0, NULL, &impact));
    hf_substitution_input free_trade = {.n_regions = R, .n_sectors = S, .z = t->z, .demand = t->y, .capacity = capacity, .pooled = true};
    HF_TRY(hf_substitution_solve(&free_trade, NULL, NULL, &switched));
    CHECK(plain.loss > 0 && switched.loss < plain.loss);
out:
    hf_substitution_done(&switched);
    hf_mria_result_done(&impact);
    hf_mria_free(mria);
    hf_rebalance_result_done(&plain);
    hf_rebalance_free(rb);
    return err;
}

static hf_err whole_run(hf_diag *diag)
{
    hf_err err = HF_OK;
    const char *region[] = {"A", "B"}, *sector[] = {"mills", "banks"};
    hf_io_table *t = NULL;
    hf_io_report report = {0};
    HF_TRY(hf_io_table_new(R, S, 1, region, sector, NULL, 1, 0, &t));
    table_fill(t);
    HF_TRY(hf_io_balance(t, NULL, NULL, &report, NULL, NULL));
    CHECK(report.n > 0);
    HF_TRY(corridors_run(t));
    HF_TRY(gates_run(t, diag));
    HF_TRY(programs_run(t));
out:
    hf_io_report_done(&report);
    hf_io_table_free(t);
    return err;
}

/* Where memory ends during the check of an answer the seam cannot trust the answer: HF_E_SOLVER. */
static void every_allocation_fails_once(void)
{
    hf_err err = HF_E_NOMEM;
    long n = 1;
    hf_diag *diag = NULL;
    CHECK_INT(hf_diag_new(&diag), HF_OK);
    for (; err != HF_OK && n < 10000; n++) {
        hf_alloc_fail_at(n);
        err = whole_run(diag);
        hf_alloc_fail_at(0);
        CHECK(err == HF_OK || err == HF_E_NOMEM || err == HF_E_SOLVER);
    }
    hf_diag_free(diag);
    CHECK_INT(err, HF_OK);
    printf("# %ld allocations failed in turn\n", n - 2);
    CHECK(n > 100);
}

int main(void)
{
    RUN(every_allocation_fails_once);
    return tap_done();
}
