/* One line after another fails in a carrier the size of a continent's grid, by each rule; in one run, so that the ratios hold on any machine.
 *
 *     bench_carriers [SIDE]        (default 91: a grid of 8,281 nodes and 16,380 lines) */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/rng.h"
#include "bench/clock.h"
#include "model/cascade/timeline.h"
#include "model/network/builder.h"

enum { RUNS = 50 };

static void need(hf_err err)
{
    if (err == HF_OK) return;
    fprintf(stderr, "bench: %s\n", hf_err_text(err));
    exit(1);
}

/* Every tenth node feeds in, the others take out; every line is an entity, rated so that a few are near their limits. */
static hf_network *grid_make(int side, hf_rule rule)
{
    static const char *const lines[2] = {"h", "v"};
    hf_builder *b = NULL;
    hf_network *net = NULL;
    hf_origin at = {0};
    hf_rng rng = {1, 1, 0};
    char from[16], to[16], own[24];
    need(hf_builder_new(NULL, &b));
    need(hf_builder_carrier(b, &(hf_carrier_row){"grid", "MW", rule, false}, at));
    for (int k = 0; k < side * side; k++) {
        hf_entity_row row = hf_entity_row_default();
        snprintf(from, sizeof from, "n%d", k);
        row.id = row.name = from;
        row.sector = "energy";
        row.country = "AT";
        bool source = k % 10 == 0;
        need(hf_builder_entity(b, &row, at));
        need(hf_builder_carrier_node(b, &(hf_carrier_node_row){"grid", from, source ? 150 : 0, source ? 0 : 5 + 10 * hf_rng_unit(&rng), 1 + k % 3}, at));
        for (int way = 0; way < 2; way++) {
            if (way == 0 ? k % side == side - 1 : k >= side * (side - 1)) continue;
            snprintf(to, sizeof to, "n%d", way == 0 ? k + 1 : k + side);
            snprintf(own, sizeof own, "%s%d", lines[way], k);
            row.id = row.name = own;
            need(hf_builder_entity(b, &row, at));
            hf_carrier_line_row line = {"grid", from, to, own, 120 + 60 * hf_rng_unit(&rng), 0.05 + 0.1 * hf_rng_unit(&rng), NAN};
            need(hf_builder_carrier_line(b, &line, at));
        }
    }
    need(hf_builder_finish(b, &net));
    hf_builder_free(b);
    return net;
}

static double seconds_of(int side, hf_rule rule, const char *name)
{
    hf_network *net = grid_make(side, rule);
    hf_timeline *tl = NULL;
    hf_run_options options = {1, true, 1000};
    double start = bench_seconds();
    need(hf_timeline_new(net, &tl));
    double made = bench_seconds() - start;
    long changes = 0;
    start = bench_seconds();
    for (int k = 0; k < RUNS; k++) {
        hf_inject inject = {0, HF_INJECT_FAIL, net->cline_entity[(int)((long)net->n_clines * k / RUNS)], 0, NAN};
        need(hf_timeline_run(tl, &inject, 1, &options, NULL));
        changes += hf_timeline_change_count(tl);
    }
    double each = (bench_seconds() - start) / RUNS;
    printf("  %-8s %8.3f ms a failure, %ld changes in all; made in %.3f s\n", name, 1e3 * each, changes, made);
    hf_timeline_free(tl);
    hf_network_free(net);
    return each;
}

int main(int argc, char **argv)
{
    int side = argc > 1 ? atoi(argv[1]) : 91;
    if (side < 2) side = 2;
    printf("one line fails, %d nodes, %d lines, %d failures:\n", side * side, 2 * side * (side - 1), RUNS);
    double balance = seconds_of(side, HF_BALANCE, "balance"), flow = seconds_of(side, HF_FLOW, "flow"), dc = seconds_of(side, HF_DC, "dc");
    printf("  flow takes %.1f times as long as balance, dc %.1f times\n", flow / balance, dc / balance);
    return 0;
}
