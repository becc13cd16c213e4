/* The cascade engine against a straightforward one that evaluates everything again (tests/support/naive.c), and against the bytes that
 * its answers must at least touch. All in one run, so that the ratios hold on any machine.
 *
 *     bench_cascade [ENTITIES]        (default 100,000) */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "bench/clock.h"
#include "bench/random_network.h"
#include "model/cascade/timeline.h"
#include "tests/support/naive.h"
#include "tests/support/typed_cascade.h"

static void need(hf_err err)
{
    if (err == HF_OK) return;
    fprintf(stderr, "bench: %s\n", hf_err_text(err));
    exit(1);
}

static void ignore(void *context, double hour, const double *x)
{
    (void)context, (void)hour, (void)x;
}

static long inputs_of(const hf_network *net, int entity)
{
    return net->sup_off[net->req_off[entity + 1]] - net->sup_off[net->req_off[entity]];
}

/* What any engine must touch for the changes of a run: the level of each changed entity, the links out of it, and for each entity at
 * their ends its level and all its inputs. */
static double bytes_of(const hf_network *net, const hf_timeline *tl)
{
    const hf_change *change = hf_timeline_changes(tl);
    double bytes = 0;
    for (int k = 0; k < hf_timeline_change_count(tl); k++) {
        int i = change[k].entity;
        bytes += sizeof(double);
        for (int o = net->out_off[i]; o < net->out_off[i + 1]; o++) {
            int user = net->req_entity[net->sup_req[net->out_supply[o]]];
            bytes += (double)sizeof(int) + (double)sizeof(double) + (double)inputs_of(net, user) * (sizeof(int) + sizeof(double));
        }
    }
    return bytes;
}

static void every_entity_alone(int n)
{
    enum { NAIVE_RUNS = 5, PASSES = 5 };
    hf_network *net = bench_random_network(n, 1);
    hf_timeline *tl = NULL;
    hf_run_options options = hf_run_options_default();
    double bytes = 0, changes = 0;
    need(hf_timeline_new(net, &tl));
    double seconds = INFINITY, start = 0;
    for (int pass = 0; pass < PASSES; pass++) { /* the best of several: other programs share the caches */
        start = bench_seconds();
        changes = 0;
        for (int i = 0; i < n; i++) {
            hf_inject fail = {0, HF_INJECT_FAIL, i, 0, NAN};
            need(hf_timeline_run(tl, &fail, 1, &options, NULL));
            changes += hf_timeline_change_count(tl);
        }
        seconds = fmin(seconds, bench_seconds() - start);
    }
    for (int i = 0; i < n; i++) { /* the same again, to count */
        hf_inject fail = {0, HF_INJECT_FAIL, i, 0, NAN};
        need(hf_timeline_run(tl, &fail, 1, &options, NULL));
        bytes += bytes_of(net, tl);
    }
    naive slow;
    naive_init(&slow, net);
    start = bench_seconds();
    for (int k = 0; k < NAIVE_RUNS; k++) {
        hf_inject fail = {0, HF_INJECT_FAIL, (int)((long)k * n / NAIVE_RUNS), 0, NAN};
        naive_run(&slow, &fail, 1, &options, ignore, NULL);
    }
    double naive_each = (bench_seconds() - start) / NAIVE_RUNS, bandwidth = bench_read_bandwidth();
    printf("every entity alone, %d entities, %d supply links, exact timeline with autonomy and repair:\n", n, net->n_supplies);
    printf("  %.3f s in all, the best of 5 passes; %.2f entities fall in the mean, %.1f million changes\n", seconds, changes / 2 / n, changes / 1e6);
    printf("  re-evaluating everything takes %.3f s a failure: ratio %.0f\n", naive_each, naive_each * n / seconds);
    printf("  bytes that must be touched: %.0f MB; at the %.1f GB/s read here that is %.3f s: ratio %.1f\n", bytes / 1e6, bandwidth / 1e9,
           bytes / bandwidth, seconds / (bytes / bandwidth));
    naive_done(&slow);
    hf_timeline_free(tl);
    hf_network_free(net);
}

static void typed_failures(void)
{
    enum { NAIVE_RUNS = 3 };
    typed_case c;
    hf_timeline *tl = NULL;
    hf_inject injects[256];
    hf_run_options options = hf_run_options_default();
    options.no_repair = true;
    if (!typed_case_load("n10000", &c)) {
        printf("typed cascade: skipped, ../shared/data/parity/typed-cascade is not there\n");
        return;
    }
    need(hf_timeline_new(c.net, &tl));
    double bytes = 0, start = bench_seconds();
    for (int s = 0; s < c.n_scenarios; s++) need(hf_timeline_run(tl, injects, typed_case_injects(&c, s, injects, 256), &options, NULL));
    double seconds = bench_seconds() - start;
    for (int s = 0; s < c.n_scenarios; s++) {
        need(hf_timeline_run(tl, injects, typed_case_injects(&c, s, injects, 256), &options, NULL));
        bytes += bytes_of(c.net, tl);
    }
    naive slow;
    naive_init(&slow, c.net);
    start = bench_seconds();
    for (int s = 0; s < NAIVE_RUNS; s++) naive_run(&slow, injects, typed_case_injects(&c, s, injects, 256), &options, ignore, NULL);
    double naive_each = (bench_seconds() - start) / NAIVE_RUNS;
    printf("typed cascade n10000 (%d entities, %d supply links, a balanced power carrier), %d single failures:\n", c.net->n_entities,
           c.net->n_supplies, c.n_scenarios);
    printf("  %.4f s in all; re-evaluating everything takes %.3f s a failure: ratio %.0f\n", seconds, naive_each,
           naive_each * c.n_scenarios / seconds);
    printf("  the published reference needs 49.3 s for them (its own machine): ratio %.0f; bytes that must be touched: %.1f MB\n", 49.3 / seconds,
           bytes / 1e6);
    naive_done(&slow);
    hf_timeline_free(tl);
    typed_case_done(&c);
}

int main(int argc, char **argv)
{
    int n = argc > 1 ? atoi(argv[1]) : 100000;
    if (n < 10) {
        fprintf(stderr, "usage: bench_cascade [ENTITIES]\n");
        return 2;
    }
    typed_failures();
    every_entity_alone(n);
    return 0;
}
