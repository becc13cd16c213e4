/* Monte Carlo over a hazard, drawing and statistics included: the Boolean engine against the scalar steady state, against a straightforward
 * one, and against the bytes that the answer must at least touch. All in one run, so that the ratios hold on any machine.
 *
 *     bench_montecarlo [ENTITIES]        (default 100,000) */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "bench/clock.h"
#include "bench/random_network.h"
#include "model/cascade/montecarlo.h"

enum { SAMPLES = 8192, SCALAR_SAMPLES = 64, PLAIN_SAMPLES = 8, TRIES = 5, THREADED_TRIES = 12 };

static void need(hf_err err)
{
    if (err == HF_OK) return;
    fprintf(stderr, "bench: %s\n", hf_err_text(err));
    exit(1);
}

static hf_mc_options options_of(long samples, int threads, bool one_by_one)
{
    hf_mc_options o = {.sweep = {.run = hf_run_options_default(), .out_below = 0.5, .steady = true, .threads = threads, .one_by_one = one_by_one},
                       .hazard = 0, .samples = samples, .tail = 0.95, .seed = 1};
    return o;
}

/* Seconds of a run, by the given clock; the best of some. Making the engine is not counted: a run of one block more costs one block more. */
static double seconds_of(const hf_network *net, long samples, int threads, bool one_by_one, int tries, double (*clock)(void), double *ret_mean)
{
    double best = INFINITY, once = INFINITY;
    for (int k = 0; k < tries; k++) {
        hf_mc *mc = NULL;
        hf_mc_options o = options_of(2, threads, one_by_one), more = options_of(samples + 2, threads, one_by_one);
        double start = clock();
        need(hf_mc_run(net, &o, NULL, &mc));
        once = fmin(once, clock() - start);
        hf_mc_free(mc);
        start = clock();
        need(hf_mc_run(net, &more, NULL, &mc));
        best = fmin(best, clock() - start);
        *ret_mean = mc->entities_out.mean;
        hf_mc_free(mc);
    }
    return best - once;
}

/* As one would write it first: draw every entity, then look at every requirement until nothing changes any more. */
static double plain_sample(const hf_network *net, long sample, unsigned char *down)
{
    double users = 0;
    bool moves = true;
    for (int i = 0; i < net->n_entities; i++) down[i] = hf_random_unit(1, (uint64_t)sample, (uint64_t)i) < net->damage_probability[i];
    while (moves) {
        moves = false;
        for (int i = 0; i < net->n_entities; i++)
            for (int g = net->req_off[i]; g < net->req_off[i + 1] && !down[i]; g++) {
                double supply = 0;
                for (int k = net->sup_off[g]; k < net->sup_off[g + 1]; k++)
                    if (!down[net->sup_supplier[k]]) supply += net->sup_share[k];
                if (supply < 1) down[i] = 1, moves = true;
            }
    }
    for (int i = 0; i < net->n_entities; i++)
        if (down[i]) users += net->users[i];
    return users;
}

static double plain_seconds(const hf_network *net)
{
    unsigned char *down = malloc((size_t)net->n_entities);
    double sum = 0;
    if (!down) abort();
    double start = bench_seconds();
    for (long k = 0; k < PLAIN_SAMPLES; k++) sum += plain_sample(net, k, down);
    double seconds = bench_seconds() - start;
    if (sum < 0) puts("#");
    free(down);
    return seconds / PLAIN_SAMPLES;
}

static void samples_measure(int n)
{
    hf_network *net = bench_storm_network(n, 1, 0.01);
    double down = 0, same = 0, bits = ((double)net->n_entities + net->n_supplies) / 8, bandwidth = bench_read_bandwidth();
    double fast = seconds_of(net, SAMPLES, 1, false, TRIES, bench_seconds, &down) / SAMPLES;
    double wall = seconds_of(net, SAMPLES, 1, false, THREADED_TRIES, bench_wall_seconds, &same) / SAMPLES;
    double two = seconds_of(net, SAMPLES, 2, false, THREADED_TRIES, bench_wall_seconds, &same) / SAMPLES;
    double both = seconds_of(net, SAMPLES, 2, false, TRIES, bench_process_seconds, &same) / SAMPLES;
    double scalar = seconds_of(net, SCALAR_SAMPLES, 1, true, 2, bench_seconds, &same) / SCALAR_SAMPLES, plain = plain_seconds(net);
    printf("Monte Carlo, steady state, %d entities, %d supply links, 1 %% damaged, %.0f down in the mean; drawing and statistics included:\n", n,
           net->n_supplies, down);
    printf("  512 at once    %8.1f us a sample on one core (goal: 80), the best of %d tries of %d samples\n", 1e6 * fast, TRIES, SAMPLES);
    printf("  two threads    %8.1f us a sample by the wall clock, one thread %.1f: %.2f times as fast\n", 1e6 * two, 1e6 * wall, wall / two);
    printf("                 both threads together use %.1f us of processor time a sample: %.2f times as fast where both cores are free\n", 1e6 * both,
           2 * fast / both);
    printf("  one by one     %8.1f us a sample: ratio %.0f\n", 1e6 * scalar, scalar / fast);
    printf("  plainly        %8.1f us a sample: ratio %.0f\n", 1e6 * plain, plain / fast);
    printf("  bits that must be touched, one an entity and one a link: %.0f kB a sample; at the %.1f GB/s read here %.2f us: ratio %.0f\n", bits / 1e3,
           bandwidth / 1e9, 1e6 * bits / bandwidth, fast / (bits / bandwidth));
    hf_network_free(net);
}

static void singles_measure(int n)
{
    hf_network *net = bench_random_network(n, 1);
    hf_cascade_summary *summary = malloc((size_t)n * sizeof *summary);
    double best[2] = {INFINITY, INFINITY}, out = 0;
    long done = 0;
    if (!summary) abort();
    for (int pass = 0; pass < 2 * TRIES; pass++) {
        hf_sweep_options o = options_of(2, 1, pass % 2).sweep;
        double start = bench_seconds();
        need(hf_sweep_singles(net, &o, NULL, summary, &done));
        best[pass % 2] = fmin(best[pass % 2], bench_seconds() - start);
    }
    for (int i = 0; i < n; i++) out += summary[i].entities_out;
    printf("every entity alone, steady state, %d entities, %.2f go out in the mean; making the engine included:\n", n, out / n);
    printf("  512 at once %.3f s, one by one %.3f s: ratio %.1f (one core, the best of %d)\n", best[0], best[1], best[1] / best[0], TRIES);
    free(summary);
    hf_network_free(net);
}

int main(int argc, char **argv)
{
    int n = argc > 1 ? atoi(argv[1]) : 100000;
    if (n < 10) {
        fprintf(stderr, "usage: bench_montecarlo [ENTITIES]\n");
        return 2;
    }
    samples_measure(n);
    singles_measure(n);
    return 0;
}
