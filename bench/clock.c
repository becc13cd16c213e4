#include "bench/clock.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#if defined(__x86_64__) && defined(__GLIBC__) && defined(__GNUC__) && !defined(__clang__)
#define CLONES __attribute__((noinline, target_clones("avx512f", "avx2", "default")))
#else
#define CLONES __attribute__((noinline))
#endif

static double seconds(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

double bench_seconds(void)
{
    return seconds(CLOCK_THREAD_CPUTIME_ID);
}

double bench_process_seconds(void)
{
    return seconds(CLOCK_PROCESS_CPUTIME_ID);
}

double bench_wall_seconds(void)
{
    return seconds(CLOCK_MONOTONIC);
}

/* One pass; not to be merged with the next, which would read memory once for both. */
CLONES static uint64_t read_all(const uint64_t *block, size_t n)
{
    uint64_t sum[32] = {0}, all = 0;
    for (size_t k = 0; k < n; k += 32)
        for (int lane = 0; lane < 32; lane++) sum[lane] += block[k + (size_t)lane];
    for (int lane = 0; lane < 32; lane++) all += sum[lane];
    return all;
}

double bench_read_bandwidth(void)
{
    enum { PASSES = 8 };
    size_t n = (size_t)32 << 20;
    uint64_t *block = malloc(n * sizeof *block), sum = 0;
    double best = INFINITY;
    if (!block) abort();
    for (size_t k = 0; k < n; k++) block[k] = k;
    for (int pass = 0; pass < PASSES; pass++) {
        double start = bench_seconds();
        sum += read_all(block, n);
        best = fmin(best, bench_seconds() - start);
    }
    if (sum == 1) puts("# "); /* so that the sum is needed */
    free(block);
    return (double)(n * sizeof(uint64_t)) / best;
}

typedef double vec __attribute__((vector_size(64)));

enum { CHAINS = 12 }; /* enough for the latency of a product and a sum, few enough for the registers */

CLONES static double products_and_sums(long n)
{
    vec a[CHAINS], factor, term;
    double all = 0;
    for (int j = 0; j < 8; j++) factor[j] = 0.999999, term[j] = 1e-9;
    for (int k = 0; k < CHAINS; k++) a[k] = factor;
    for (long i = 0; i < n; i++)
#pragma GCC unroll 12
        for (int k = 0; k < CHAINS; k++) a[k] = a[k] * factor + term;
    for (int k = 0; k < CHAINS; k++)
        for (int j = 0; j < 8; j++) all += a[k][j];
    return all;
}

double bench_arithmetic_peak(void)
{
    enum { PASSES = 8, ROUNDS = 1000000 };
    double best = INFINITY, sum = 0;
    for (int pass = 0; pass < PASSES; pass++) {
        double start = bench_seconds();
        sum += products_and_sums(ROUNDS);
        best = fmin(best, bench_seconds() - start);
    }
    if (sum == 1) puts("# ");
    return 2.0 * 8 * CHAINS * ROUNDS / best;
}
