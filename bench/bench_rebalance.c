/* Least-loss rebalancing at 1,400 industries: from the basis before the shock, from where the last shock ended, and from the slack basis;
 * and the multi-regional form on the same table. All in one run, so that the ratios hold on any machine.
 *
 *     bench_rebalance [INDUSTRIES [FILL]]        (default 1400, 1: every cell of A above 0) */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/rng.h"
#include "bench/clock.h"
#include "solver/mria.h"
#include "solver/rebalance.h"

enum { SECTORS = 35 };

static void need(bool ok, const char *what)
{
    if (ok) return;
    fprintf(stderr, "bench: %s\n", what);
    exit(1);
}

/* Sizes of industries over two orders of magnitude, a tenth of trade crosses borders, half of output is final: A [n x n] and y [n]. */
static void random_economy(int n, double fill, double *a, double *y)
{
    size_t N = (size_t)n;
    hf_rng rng = {.seed = 1};
    for (size_t i = 0; i < N; i++) y[i] = 1000 * (0.02 + hf_rng_unit(&rng) * hf_rng_unit(&rng));
    for (size_t j = 0; j < N; j++) {
        double sum = 0;
        for (size_t i = 0; i < N; i++) {
            if (hf_rng_unit(&rng) >= fill) continue;
            a[i * N + j] = y[i] * (0.1 + hf_rng_unit(&rng)) * (i / SECTORS == j / SECTORS ? 10 : (double)SECTORS / n);
            sum += a[i * N + j];
        }
        for (size_t i = 0; i < N && sum > 0; i++) a[i * N + j] *= 0.5 / sum;
    }
}

static hf_rebalance *program_make(int n, double fill, const double *a, const double *y)
{
    hf_rebalance_input input = {.n = n, .a = a, .demand = y};
    hf_rebalance *program = NULL;
    double start = bench_seconds();
    need(hf_rebalance_new(&input, NULL, &program) == HF_OK, "no program");
    printf("%d industries, %.0f %% of A: program made in %.3f s\n", n, 100 * fill, bench_seconds() - start);
    return program;
}

static double solve_seconds(hf_rebalance *program, const double *capacity, hf_rebalance_start start, double *ret_objective)
{
    hf_rebalance_result result = {0};
    double begin = bench_seconds();
    need(hf_rebalance_solve(program, capacity, start, 600, NULL, &result) == HF_OK, "no answer");
    double seconds = bench_seconds() - begin;
    if (result.status == HF_LP_OPTIMAL) *ret_objective = result.objective;
    else printf("  stopped after %.0f s\n", seconds);
    hf_rebalance_result_done(&result);
    return seconds;
}

static void shock(hf_rebalance *program, int n, int first, int count, const char *what)
{
    const double *before = hf_rebalance_output_before(program);
    double *capacity = malloc((size_t)n * sizeof *capacity), a = 0, b = 0, c = 0;
    need(capacity != NULL, "out of memory");
    for (int j = 0; j < n; j++) capacity[j] = before[j] * (j >= first && j < first + count ? 0.8 : 1.05);
    double fresh = solve_seconds(program, capacity, HF_REBALANCE_PRE_SHOCK, &a);
    for (int j = first; j < first + count; j++) capacity[j] = 0.75 * before[j];
    double again = solve_seconds(program, capacity, HF_REBALANCE_LAST, &b);
    for (int j = first; j < first + count; j++) capacity[j] = 0.8 * before[j];
    double slack = solve_seconds(program, capacity, HF_REBALANCE_SLACK, &c);
    need(fabs(a - c) <= 1e-6 * a, "both bases must end at the same objective");
    printf("  %-24s before the shock %7.3f s (goal: 2 s)   deeper, from there %7.3f s   slack basis %8.3f s, %5.1f x\n", what, fresh, again, slack,
           slack / fresh);
    fflush(stdout);
    free(capacity);
}

/* The same table: final demand at home, flows A x; one region at 80 %. */
static void regions(int n, const double *a, const double *y, const double *x)
{
    int R = n / SECTORS;
    size_t N = (size_t)n;
    double *z = malloc(N * N * sizeof *z), *demand = calloc(N * (size_t)R, sizeof *demand), *available = malloc(N * sizeof *available);
    double *capacity = malloc(N * sizeof *capacity);
    hf_mria *mria = NULL;
    hf_mria_result result = {0};
    need(z && demand && available && capacity, "out of memory");
    for (size_t k = 0; k < N * N; k++) z[k] = a[k] * x[k % N];
    for (size_t i = 0; i < N; i++) {
        demand[i * (size_t)R + i / SECTORS] = y[i];
        available[i] = i < SECTORS ? 0.8 : 1;
    }
    hf_mria_input input = {.n_regions = R, .n_sectors = SECTORS, .z = z, .demand = demand};
    double start = bench_seconds();
    need(hf_mria_new(&input, NULL, &mria) == HF_OK, "no program");
    double made = bench_seconds() - start;
    hf_mria_capacity(mria, available, capacity);
    start = bench_seconds();
    need(hf_mria_solve(mria, capacity, NULL, 0, NULL, &result) == HF_OK, "no answer");
    printf("  multi-regional form      program and marginals %.3f s, one region at 80 %% %.3f s, complementary to %.1g\n", made, bench_seconds() - start,
           result.complementarity);
    hf_mria_result_done(&result);
    hf_mria_free(mria);
    free(z), free(demand), free(available), free(capacity);
}

int main(int argc, char **argv)
{
    int n = argc > 1 ? atoi(argv[1]) : 1400;
    double fill = argc > 2 ? atof(argv[2]) : 1;
    need(n >= SECTORS && n % SECTORS == 0 && fill > 0 && fill <= 1, "a multiple of 35 industries, a fill above 0 up to 1");
    double *a = calloc((size_t)n * (size_t)n, sizeof *a), *y = malloc((size_t)n * sizeof *y);
    need(a && y, "out of memory");
    random_economy(n, fill, a, y);
    hf_rebalance *program = program_make(n, fill, a, y);
    shock(program, n, 0, 1, "one industry at 80 %");
    shock(program, n, 0, SECTORS, "one region at 80 %");
    regions(n, a, y, hf_rebalance_output_before(program));
    hf_rebalance_free(program);
    free(a), free(y);
    return 0;
}
