/* Balancing, rebalancing and corridors on the world table of 2011, where industries differ by seven orders of magnitude and some make
 * nothing: each answer is held to another way to it. */
#include <stdlib.h>
#include <time.h>

#include "model/economy/corridors.h"
#include "model/economy/leontief.h"
#include "model/economy/ras.h"
#include "solver/mria.h"
#include "solver/rebalance.h"
#include "solver/substitution.h"
#include "tests/support/wiod.h"
#include "tests/tap.h"

enum { R = WIOD_REGIONS, S = WIOD_SECTORS, N = WIOD_INDUSTRIES, TRANSPORT_EQUIPMENT = 14, SHOCKED = 3 };

static hf_io_table *table;
static hf_leontief *leontief;
static double demand[N], by_region[N * R];

static double seconds(void)
{
    return (double)clock() / CLOCKS_PER_SEC;
}

static int industry(const char *region, int sector)
{
    return hf_io_region_find(table, region) * S + sector;
}

/* With one capacity alone the program is a knapsack: rationing j frees L_kj of it and costs 1 - e m_j; the best ratios go first. */
typedef struct item {
    double frees, costs, most;
} item;

static int by_ratio(const void *a, const void *b)
{
    const item *p = a, *q = b;
    double left = p->frees * q->costs, right = q->frees * p->costs;
    return left > right ? -1 : left < right;
}

static double knapsack(int k, double less, double output_weight)
{
    static item items[N];
    static double row[N], multiplier[N];
    double objective = 0;
    memset(row, 0, sizeof row);
    row[k] = 1;
    hf_leontief_multipliers(leontief, row, row); /* e_k' L */
    hf_leontief_multipliers(leontief, NULL, multiplier);
    for (int j = 0; j < N; j++) {
        items[j] = (item){row[j], 1 - output_weight * multiplier[j], demand[j]};
        objective += output_weight * multiplier[j] * demand[j];
    }
    qsort(items, N, sizeof *items, by_ratio);
    for (int j = 0; j < N && less > 0; j++) {
        double taken = fmin(items[j].most, less / items[j].frees);
        objective += taken * items[j].costs;
        less -= taken * items[j].frees;
    }
    return objective;
}

static void one_capacity_is_a_knapsack(void)
{
    int k = industry("JPN", TRANSPORT_EQUIPMENT);
    static double capacity[N];
    hf_rebalance_input input = {.n = N, .a = leontief->a, .demand = demand};
    hf_rebalance *rb = NULL;
    hf_rebalance_result r = {0};
    CHECK_INT(hf_rebalance_new(&input, NULL, &rb), HF_OK);
    if (!rb) return;
    for (int f = 0; f < N; f++) {
        CHECK_NEAR(hf_rebalance_output_before(rb)[f], table->x[f], 1e-6 + 1e-9 * table->x[f]);
        capacity[f] = INFINITY;
    }
    for (int tenth = 8; tenth >= 2; tenth -= 3) {
        double start = seconds(), least = knapsack(k, table->x[k] * (1 - tenth / 10.0), 1e-4);
        capacity[k] = table->x[k] * tenth / 10.0;
        CHECK_INT(hf_rebalance_solve(rb, capacity, HF_REBALANCE_PRE_SHOCK, 0, NULL, &r), HF_OK);
        CHECK_NEAR(r.objective, least, 1e-9 * least);
        CHECK(r.violation < 1e-9 && fabs(r.gap) < 1e-9);
        printf("# transport equipment of Japan at %d0 %%: %.0f million dollars rationed, %.2f s\n", tenth, r.loss, seconds() - start);
    }
    hf_rebalance_result_done(&r);
    hf_rebalance_free(rb);
}

/* A common factor for each region's output and value added: rows, columns and final demand fit again. */
static void balanced_to_new_totals(void)
{
    static double output[N], added[N];
    hf_io_table *t = wiod_read();
    hf_io_clean_options options = hf_io_clean_options_default();
    hf_io_report report = {0};
    hf_ras_result result;
    hf_io_checks checks;
    CHECK_INT(hf_io_clean(t, &options, &report, NULL), HF_OK);
    for (int f = 0; f < N; f++) {
        output[f] = t->x[f] * (1 + 0.02 * (f / S % 7));
        added[f] = t->v[f] * (1 + 0.02 * (f / S % 7));
    }
    hf_io_margins margins = {.output = output, .value_added = added};
    hf_ras_options chosen = hf_ras_options_default();
    chosen.tolerance = 1e-8;
    double start = seconds();
    CHECK_INT(hf_io_balance(t, &margins, &chosen, NULL, NULL, &result), HF_OK);
    printf("# %d rounds, %zu cells changed by %.0f million dollars in all, %.2f s\n", result.rounds, result.changed, result.amount, seconds() - start);
    CHECK_INT(hf_io_check(t, NULL, &checks), HF_OK);
    CHECK(checks.row_gap_sum + checks.column_gap_sum < 1e-8 * hf_io_totals_of(t).x);
    CHECK_NEAR(hf_io_totals_of(t).v, hf_io_totals_of(t).y, 1e-8 * hf_io_totals_of(t).y);
    hf_io_report_done(&report);
    hf_io_table_free(t);
}

static void regions_help_each_other(void)
{
    static double capacity[N], available[N];
    hf_mria_input input = {.n_regions = R, .n_sectors = S, .z = table->z, .demand = by_region};
    hf_mria *mria = NULL;
    hf_mria_result r = {0};
    double start = seconds();
    for (int f = 0; f < N; f++) available[f] = f == industry("TWN", 13) || f == industry("JPN", 13) ? 0.6 : 1; /* electrical and optical equipment */
    CHECK_INT(hf_mria_new(&input, NULL, &mria), HF_OK);
    if (!mria) return;
    hf_mria_capacity(mria, available, capacity);
    CHECK_INT(hf_mria_solve(mria, capacity, NULL, 0, NULL, &r), HF_OK);
    CHECK(r.violation < 1e-9 && r.complementarity < 1e-9);
    CHECK(r.imported_total + r.rationed_total > 0);
    printf("# multi-regional form: imports %.0f, rationed %.0f million dollars, %.2f s\n", r.imported_total, r.rationed_total, seconds() - start);
    hf_mria_result_done(&r);
    hf_mria_free(mria);
}

/* Who may buy elsewhere loses less than who may not. */
static void suppliers_may_change(void)
{
    static double capacity[N];
    int k = industry("JPN", TRANSPORT_EQUIPMENT);
    hf_substitution r = {0};
    hf_substitution_input input = {.n_regions = R, .n_sectors = S, .z = table->z, .demand = by_region, .capacity = capacity, .pooled = true};
    for (int f = 0; f < N; f++) capacity[f] = table->x[f] * (f == k ? 0.8 : 1.05);
    double start = seconds(), fixed = 64320;
    CHECK_INT(hf_substitution_solve(&input, NULL, NULL, &r), HF_OK);
    CHECK_INT(r.status, HF_LP_OPTIMAL);
    CHECK(r.violation < 1e-6 && r.loss < 0.5 * fixed && r.switched > 0);
    printf("# with other suppliers: %.0f million dollars rationed, %.0f bought elsewhere or not at all, violation %.2g, %.2f s\n", r.loss,
           r.switched, r.violation, seconds() - start);
    hf_substitution_done(&r);
}

/* A strait between East Asia and Europe: output lost against the table with the goods taken out, solved directly. */
static void a_strait_is_closed(void)
{
    enum { FAR_EAST = 3, EUROPE = 4 };
    static const char *const east[FAR_EAST] = {"CHN", "JPN", "KOR"}, *const west[EUROPE] = {"DEU", "FRA", "GBR", "ITA"};
    static hf_route routes[2 * FAR_EAST * EUROPE];
    static double pass[N * R], y[N * R * WIOD_KINDS], x[N], phi[2 * FAR_EAST * EUROPE];
    const int gate = 0;
    int goods[S], n = 0;
    hf_gate strait = {.entity = -1, .capacity = INFINITY};
    hf_corridors *c = NULL;
    hf_gate_loss loss;
    for (int s = 0; s < S; s++) goods[s] = s < 16 ? 0 : -1; /* agriculture, mining, manufacturing */
    for (int e = 0; e < FAR_EAST; e++)
        for (int w = 0; w < EUROPE; w++) {
            int a = hf_io_region_find(table, east[e]), b = hf_io_region_find(table, west[w]);
            routes[n++] = (hf_route){.origin = a, .destination = b, .share = 0.8, .capacity = INFINITY, .gate = &gate, .n_gates = 1};
            routes[n++] = (hf_route){.origin = b, .destination = a, .share = 0.8, .capacity = INFINITY, .gate = &gate, .n_gates = 1};
        }
    CHECK_INT(hf_corridors_new(R, 1, 1, &strait, n, routes, NULL, &c), HF_OK);
    CHECK_INT(hf_corridors_rank(c, table, goods, NULL, 0, &loss), HF_OK);
    hf_corridors_lost(c, (double[]){0}, phi);
    CHECK_INT(hf_corridors_pass(c, table, goods, phi, pass), HF_OK);
    hf_io_table *left = wiod_read();
    hf_leontief *without = NULL;
    memcpy(left->x, table->x, sizeof x);
    hf_corridors_deliver(table, pass, left->z, y, NULL);
    memcpy(left->y, y, sizeof y);
    CHECK_INT(hf_leontief_new(left, 1, NULL, &without), HF_OK);
    hf_io_demand(left, x);
    hf_leontief_output(without, x, x);
    double lost = 0;
    for (int f = 0; f < N; f++) lost += table->x[f] - x[f];
    CHECK_NEAR(loss.output_lost, lost, 1e-7 * lost);
    CHECK_INT(loss.lanes, n);
    printf("# a strait with 80 %% of goods between %d and %d countries: trade %.0f, output %.0f million dollars a year\n", FAR_EAST, EUROPE,
           loss.trade_lost, loss.output_lost);
    hf_leontief_free(without);
    hf_io_table_free(left);
    hf_corridors_free(c);
}

int main(void)
{
    hf_io_clean_options options = hf_io_clean_options_default();
    hf_io_report report = {0};
    table = wiod_read();
    if (!table) {
        SKIP("world table of 2011", "../shared/data/trade-mrio is not there");
        return tap_done();
    }
    if (hf_io_clean(table, &options, &report, NULL) != HF_OK || hf_leontief_new(table, 1, NULL, &leontief) != HF_OK) abort();
    hf_io_demand(table, demand);
    for (int g = 0; g < N; g++)
        for (int k = 0; k < R * WIOD_KINDS; k++) by_region[g * R + k / WIOD_KINDS] += table->y[g * R * WIOD_KINDS + k];
    RUN(one_capacity_is_a_knapsack);
    RUN(balanced_to_new_totals);
    RUN(regions_help_each_other);
    RUN(suppliers_may_change);
    RUN(a_strait_is_closed);
    hf_leontief_free(leontief);
    hf_io_report_done(&report);
    hf_io_table_free(table);
    return tap_done();
}
