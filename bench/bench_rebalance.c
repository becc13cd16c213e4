/* Least-loss rebalancing at 1,400 industries: from the basis before the shock, from where the last shock ended, and from the slack basis.
 * All in one run, so that the ratios hold on any machine.
 *
 *     bench_rebalance [INDUSTRIES [FILL]]        (default 1400, 1: every cell of A above 0) */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/rng.h"
#include "bench/clock.h"
#include "solver/rebalance.h"

enum { SECTORS = 35 };

static void need(bool ok, const char *what)
{
    if (ok) return;
    fprintf(stderr, "bench: %s\n", what);
    exit(1);
}

/* Sizes of industries over two orders of magnitude, a tenth of trade crosses borders, half of output is final. */
static hf_rebalance *random_program(int n, double fill)
{
    size_t N = (size_t)n;
    double *a = calloc(N * N, sizeof *a), *y = malloc(N * sizeof *y);
    need(a && y, "out of memory");
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
    hf_rebalance_input input = {.n = n, .a = a, .demand = y};
    hf_rebalance *program = NULL;
    double start = bench_seconds();
    need(hf_rebalance_new(&input, NULL, &program) == HF_OK, "no program");
    printf("%d industries, %.0f %% of A: program made in %.3f s\n", n, 100 * fill, bench_seconds() - start);
    free(a), free(y);
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

int main(int argc, char **argv)
{
    int n = argc > 1 ? atoi(argv[1]) : 1400;
    double fill = argc > 2 ? atof(argv[2]) : 1;
    need(n >= SECTORS && fill > 0 && fill <= 1, "35 industries or more, a fill above 0 up to 1");
    hf_rebalance *program = random_program(n, fill);
    shock(program, n, 0, 1, "one industry at 80 %");
    shock(program, n, 0, SECTORS, "one region at 80 %");
    hf_rebalance_free(program);
    return 0;
}
