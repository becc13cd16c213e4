/* The adaptive dynamics against the time it takes to read the table once a day, on seeded tables; and several shocks in one pass against
 * one. All in one run, so that the ratios hold on any machine.
 *
 *     bench_adaptive [DAYS]        (default 365) */
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
static hf_adaptive *random_model(int n_regions, int n_sectors, unsigned long seed)
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
    need(hf_adaptive_new(&input, &options, NULL, &model) == HF_OK, "no model");
    free(z), free(y), free(size);
    return model;
}

static double run_seconds(hf_adaptive *model, int n, int days, double *ret_lost)
{
    hf_adaptive_shock shocks[SHOCKS];
    hf_adaptive_scenario scenarios[SHOCKS];
    hf_adaptive_result results[SHOCKS] = {0};
    for (int k = 0; k < n; k++) {
        shocks[k] = (hf_adaptive_shock){.kind = HF_SHOCK_CAPITAL, .region = k, .sector = -1, .size = 0.1, .start = 1, .duration = 10,
                                        .recovery_days = 60, .curve = HF_CURVE_LINEAR};
        scenarios[k] = (hf_adaptive_scenario){&shocks[k], 1};
    }
    double start = bench_seconds();
    need(hf_adaptive_run(model, scenarios, n, days, NULL, NULL, results, NULL) == HF_OK, "no run");
    double seconds = bench_seconds() - start;
    *ret_lost = results[0].total_output_lost;
    return seconds;
}

static void table(int n_regions, int n_sectors, int days, double bandwidth)
{
    hf_adaptive *model = random_model(n_regions, n_sectors, 1);
    double n = (double)n_regions * n_sectors, bound = n * n * sizeof(double) * days / bandwidth, alone = 0, among = 0;
    double one = run_seconds(model, 1, days, &alone), sixteen = run_seconds(model, SHOCKS, days, &among);
    need(alone == among, "a shock among others differs from the shock alone");
    printf("%d industries x %d days: reading the table once a day takes %.3f s\n", n_regions * n_sectors, days, bound);
    printf("  one shock        %7.3f s  %5.2f x the bound  %6.2f GB/s of the table  (goal: 2 x)\n", one, one / bound,
           n * n * sizeof(double) * days / one / 1e9);
    printf("  sixteen shocks   %7.3f s  %5.2f x one shock  %6.3f s a shock           (goal: 4 x)\n", sixteen, sixteen / one, sixteen / SHOCKS);
    fflush(stdout);
    hf_adaptive_free(model);
}

int main(int argc, char **argv)
{
    int days = argc > 1 ? atoi(argv[1]) : 365;
    need(days > 0, "days from 1 on");
    double bandwidth = bench_read_bandwidth();
    printf("memory is read at %.2f GB/s\n", bandwidth / 1e9);
    table(40, 35, days, bandwidth);
    table(77, 45, days, bandwidth);
    return 0;
}
