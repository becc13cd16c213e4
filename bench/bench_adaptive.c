/* The adaptive dynamics against what they must at least touch, on seeded tables: the bytes of the table, once a day, and two products and sums for each cell
 * and shock to receive and to place orders, one to add them up at the sellers. Several shocks in one pass against one; two threads against one.
 * All in one run, the best of three, so that the ratios hold on any machine.
 *
 *     bench_adaptive [DAYS]        (default 365) */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/rng.h"
#include "bench/clock.h"
#include "model/economy/adaptive.h"

enum { SHOCKS = 16 };

static void need(bool ok, const char *what)
{
    if (ok) return;
    fprintf(stderr, "bench: %s\n", what);
    exit(1);
}

/* A dense table: sizes of industries over two orders of magnitude, a tenth of trade crosses borders, half of output is final. */
static hf_adaptive *random_model(int n_regions, int n_sectors, unsigned long seed, int threads)
{
    size_t R = (size_t)n_regions, S = (size_t)n_sectors, n = R * S;
    double *z = malloc(n * n * sizeof *z), *y = calloc(n * R, sizeof *y), *size = malloc(n * sizeof *size);
    need(z && y && size, "out of memory");
    hf_rng rng = {.seed = seed};
    for (size_t g = 0; g < n; g++) size[g] = 1000 * (0.02 + hf_rng_unit(&rng) * hf_rng_unit(&rng));
    for (size_t g = 0; g < n; g++) {
        double sum = 0;
        for (size_t f = 0; f < n; f++) {
            z[g * n + f] = size[g] * size[f] * (0.1 + hf_rng_unit(&rng)) * (g / S == f / S ? 10 : 1 / (double)R);
            sum += z[g * n + f];
        }
        for (size_t f = 0; f < n; f++) z[g * n + f] *= 0.5 * size[g] / sum;
        y[g * R + g / S] = 0.45 * size[g];
        y[g * R + (g / S + 1) % R] += 0.05 * size[g];
    }
    hf_adaptive_input input = {.n_regions = n_regions, .n_sectors = n_sectors, .n_final = 1, .z = z, .y = y};
    hf_adaptive_options options = hf_adaptive_options_default();
    hf_adaptive *model = NULL;
    options.threads = threads;
    need(hf_adaptive_new(&input, &options, NULL, &model) == HF_OK, "no model");
    free(z), free(y), free(size);
    return model;
}

static double run_seconds(hf_adaptive *model, int n, int days, double (*clock)(void), double *ret_lost)
{
    hf_adaptive_shock shocks[SHOCKS];
    hf_adaptive_scenario scenarios[SHOCKS];
    double best = INFINITY;
    for (int k = 0; k < n; k++) {
        shocks[k] = (hf_adaptive_shock){.kind = HF_SHOCK_CAPITAL, .region = k, .sector = -1, .size = 0.1, .start = 1, .duration = 10,
                                        .recovery_days = 60, .curve = HF_CURVE_LINEAR};
        scenarios[k] = (hf_adaptive_scenario){&shocks[k], 1};
    }
    for (int round = 0; round < 3; round++) {
        hf_adaptive_result results[SHOCKS] = {0};
        double start = clock();
        need(hf_adaptive_run(model, scenarios, n, days, NULL, NULL, results, NULL) == HF_OK, "no run");
        best = fmin(best, clock() - start);
        *ret_lost = results[0].total_output_lost;
    }
    return best;
}

static void table(int n_regions, int n_sectors, int days, double bandwidth, double peak)
{
    hf_adaptive *model = random_model(n_regions, n_sectors, 1, 1), *pair = random_model(n_regions, n_sectors, 1, 2);
    double n = (double)n_regions * n_sectors, reading = n * n * sizeof(double) * days / bandwidth, sums = n * n * 6 * days / peak;
    double alone = 0, among = 0, split = 0, one = run_seconds(model, 1, days, bench_seconds, &alone);
    double sixteen = run_seconds(model, SHOCKS, days, bench_seconds, &among);
    double wall = run_seconds(pair, 1, days, bench_wall_seconds, &split), wall_sixteen = run_seconds(pair, SHOCKS, days, bench_wall_seconds, &split);
    double work = run_seconds(pair, 1, days, bench_process_seconds, &split), work_sixteen = run_seconds(pair, SHOCKS, days, bench_process_seconds, &split);
    need(alone == among && alone == split, "a shock among others, or on two threads, differs from the shock alone");
    printf("%d industries x %d days: reading the table once a day takes %.3f s, products and sums %.3f s a shock\n", n_regions * n_sectors, days,
           reading, sums);
    printf("  one shock        %7.3f s  %5.2f x reading (goal: 2 x), %5.2f x arithmetic, %.1f GB/s of the table\n", one, one / reading, one / sums,
           n * n * sizeof(double) * days / one / 1e9);
    printf("  sixteen shocks   %7.3f s  %5.2f x reading, %5.2f x arithmetic, %.1f GFLOP/s; %.2f x one shock (goal: 4 x; arithmetic alone %.2f x)\n",
           sixteen, sixteen / reading, sixteen / (SHOCKS * sums), SHOCKS * n * n * 6 * days / sixteen / 1e9, sixteen / one, SHOCKS * sums / one);
    printf("  two threads      %7.3f s and %.3f s on the wall (if nothing else runs), %.2f and %.2f of the processor time of one thread\n", wall,
           wall_sixteen, work / one, work_sixteen / sixteen);
    fflush(stdout);
    hf_adaptive_free(model);
    hf_adaptive_free(pair);
}

int main(int argc, char **argv)
{
    int days = argc > 1 ? atoi(argv[1]) : 365;
    need(days > 0, "days from 1 on");
    double bandwidth = bench_read_bandwidth(), peak = bench_arithmetic_peak();
    printf("memory is read at %.2f GB/s, products and sums go at %.2f GFLOP/s\n", bandwidth / 1e9, peak / 1e9);
    table(40, 35, days, bandwidth, peak);
    table(77, 45, days, bandwidth, peak);
    return 0;
}
