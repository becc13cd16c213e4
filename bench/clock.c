#include "bench/clock.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double seconds_by(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

double bench_seconds(void)
{
    return seconds_by(CLOCK_THREAD_CPUTIME_ID);
}

double bench_wall_seconds(void)
{
    return seconds_by(CLOCK_MONOTONIC);
}

double bench_process_seconds(void)
{
    return seconds_by(CLOCK_PROCESS_CPUTIME_ID);
}

double bench_read_bandwidth(void)
{
    enum { PASSES = 4 };
    size_t n = (size_t)32 << 20;
    uint64_t *block = malloc(n * sizeof *block), sum[4] = {0};
    if (!block) abort();
    for (size_t k = 0; k < n; k++) block[k] = k;
    double start = bench_seconds();
    for (int pass = 0; pass < PASSES; pass++)
        for (size_t k = 0; k < n; k += 4)
            for (int lane = 0; lane < 4; lane++) sum[lane] += block[k + (size_t)lane];
    double seconds = bench_seconds() - start;
    if (sum[0] + sum[1] + sum[2] + sum[3] == 1) puts("# "); /* so that the sums are needed */
    free(block);
    return (double)(PASSES * n * sizeof(uint64_t)) / seconds;
}
