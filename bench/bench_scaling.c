/* What a unit of work costs as the network grows, and what pruning saves of pairs. All in one run.
 *
 *     bench_scaling [MOST] [PLOT.svg]        (default 1,000,000; no plot) */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/rng.h"
#include "bench/clock.h"
#include "bench/plot.h"
#include "bench/random_network.h"
#include "model/cascade/sweep.h"

enum { SAMPLES = 200, SINGLES_MOST = 100000 };

static void need(hf_err err)
{
    if (err == HF_OK) return;
    fprintf(stderr, "bench: %s\n", hf_err_text(err));
    exit(1);
}

/* Single failures: all of them, or SINGLES_MOST spread evenly. Returns seconds a failure; *ret_changes is the mean of changes. */
static double single_seconds(const hf_network *net, double *ret_changes)
{
    hf_timeline *tl = NULL;
    hf_run_options options = hf_run_options_default();
    int n = net->n_entities, runs = n < SINGLES_MOST ? n : SINGLES_MOST;
    double changes = 0;
    need(hf_timeline_new(net, &tl));
    double start = bench_seconds();
    for (int k = 0; k < runs; k++) {
        hf_inject fail = {0, HF_INJECT_FAIL, (int)((long)k * n / runs), 0, NAN};
        need(hf_timeline_run(tl, &fail, 1, &options, NULL));
        changes += hf_timeline_change_count(tl);
    }
    double seconds = (bench_seconds() - start) / runs;
    *ret_changes = changes / runs;
    hf_timeline_free(tl);
    return seconds;
}

/* Samples in which one entity in a hundred fails at once: seconds for each entity that fails. */
static double sample_seconds(const hf_network *net, double *ret_changes)
{
    hf_timeline *tl = NULL;
    hf_run_options options = hf_run_options_default();
    int n = net->n_entities, samples = n >= 1000000 ? 10 : n >= 100000 ? 50 : SAMPLES;
    hf_inject *injects = malloc((size_t)n * sizeof *injects);
    double spent = 0, failed = 0, changes = 0;
    if (!injects) need(HF_E_NOMEM);
    need(hf_timeline_new(net, &tl));
    for (int s = 0; s < samples; s++) {
        int m = 0;
        for (int i = 0; i < n; i++)
            if (hf_random_unit(1, (uint64_t)s, (uint64_t)i) < 0.01) injects[m++] = (hf_inject){0, HF_INJECT_FAIL, i, 0, NAN};
        double start = bench_seconds();
        need(hf_timeline_run(tl, injects, m, &options, NULL));
        spent += bench_seconds() - start;
        failed += m;
        changes += hf_timeline_change_count(tl);
    }
    *ret_changes = changes / samples;
    hf_timeline_free(tl);
    free(injects);
    return spent / failed;
}

static void growth(int most, const char *plot)
{
    bench_series series[3] = {{.name = "single failure"}, {.name = "a change of it"}, {.name = "failure of 1 % samples"}};
    printf("%10s %10s %16s %14s %18s %18s\n", "entities", "links", "us a failure", "changes", "us a change", "us a failure, 1 %");
    for (int n = 1000; n <= most; n *= 10) {
        double changes = 0, all = 0;
        hf_network *net = bench_random_network(n, 1);
        double single = single_seconds(net, &changes), sample = sample_seconds(net, &all);
        printf("%10d %10d %16.3f %14.2f %18.3f %18.3f\n", n, net->n_supplies, 1e6 * single, changes, 1e6 * single / changes, 1e6 * sample);
        double figure[] = {single, single / changes, sample};
        for (int k = 0; k < 3; k++) {
            series[k].x[series[k].n] = n;
            series[k].y[series[k].n++] = 1e6 * figure[k];
        }
        hf_network_free(net);
    }
    if (plot) bench_plot(plot, "Cost of a unit of work as the network grows", "entities", "microseconds", series, 3);
}

static void pairs(int n)
{
    hf_network *net = bench_random_network(n, 2);
    hf_sweep_options options = {.run = hf_run_options_default(), .out_below = 0.5, .threads = 1};
    hf_pair *top = NULL;
    int kept = 0;
    long all = 0, run = 0;
    double start = bench_seconds();
    need(hf_sweep_pairs(net, &options, HF_RANK_USER_HOURS, 10, NULL, &top, &kept, &all, &run));
    double seconds = bench_seconds() - start;
    printf("every pair of %d entities: %ld pairs, %ld of them run (%.1f %%), the others are sums; %.2f s, %.3f us a pair\n", n, all, run,
           100.0 * (double)run / (double)all, seconds, 1e6 * seconds / (double)all);
    hf_free(top);
    hf_network_free(net);
}

int main(int argc, char **argv)
{
    int most = argc > 1 ? atoi(argv[1]) : 1000000;
    if (most < 1000) {
        fprintf(stderr, "usage: bench_scaling [MOST] [PLOT.svg]\n");
        return 2;
    }
    growth(most, argc > 2 ? argv[2] : NULL);
    pairs(2000);
    return 0;
}
