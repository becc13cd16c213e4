/* The static models and systemic risk against the plain way to the same answer: factorisation, inverse, extraction of every industry, and the
 * closure of every industry. All in one run and on one thread, so that the ratios hold on any machine; answers are compared as well.
 *
 *     bench_economy [REGIONS [SECTORS]]        (default 40 by 35: 1,400 industries) */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/clock.h"
#include "model/economy/extraction.h"
#include "model/economy/leontief.h"
#include "model/economy/systemic_risk.h"
#include "tests/support/tables.h"

static void need(bool ok, const char *what)
{
    if (ok) return;
    fprintf(stderr, "bench: %s\n", what);
    exit(1);
}

static double *array(size_t n)
{
    double *value = calloc(n, sizeof *value);
    need(value != NULL, "out of memory");
    return value;
}

/* Elimination as in a textbook, row by row from the top, no pivots (I - A needs none); then two triangles for a right-hand side. */
static void plain_factor(size_t n, double *m)
{
    for (size_t k = 0; k < n; k++)
        for (size_t i = k + 1; i < n; i++) {
            double factor = m[i * n + k] /= m[k * n + k];
            for (size_t j = k + 1; j < n; j++) m[i * n + j] -= factor * m[k * n + j];
        }
}

static void plain_triangles(size_t n, const double *m, double *b)
{
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < i; j++) b[i] -= m[i * n + j] * b[j];
    for (size_t i = n; i-- > 0;) {
        for (size_t j = i + 1; j < n; j++) b[i] -= m[i * n + j] * b[j];
        b[i] /= m[i * n + i];
    }
}

/* Best of three passes: the machine has other work too. */
static double factor_seconds(size_t n, const double *m, double *copy, hf_lu **ret_lu)
{
    double best = INFINITY;
    for (int pass = 0; pass < 3; pass++) {
        double start = bench_seconds();
        if (ret_lu) {
            hf_lu_free(*ret_lu);
            *ret_lu = NULL;
            need(hf_lu_new((int)n, m, 1, ret_lu) == HF_OK, "no factorisation");
        } else {
            memcpy(copy, m, n * n * sizeof *m);
            plain_factor(n, copy);
        }
        best = fmin(best, bench_seconds() - start);
    }
    return best;
}

/* Returns the seconds of our factorisation. */
static double factorisation(const hf_leontief *l)
{
    size_t n = (size_t)l->n;
    double *m = array(n * n), *copy = array(n * n), *plain = array(n), *inverse = array(n * n);
    hf_lu *lu = NULL;
    for (size_t k = 0; k < n * n; k++) m[k] = (k % (n + 1) == 0) - l->a[k];
    double naive = factor_seconds(n, m, copy, NULL), ours = factor_seconds(n, m, NULL, &lu), flops = 2.0 / 3 * pow((double)n, 3);
    printf("%zu industries\n", n);
    printf("  factorisation    %7.3f s  %6.2f GFLOP/s  plain %7.3f s   %6.1f times as fast  (goal: 2)\n", ours, flops / ours / 1e9, naive,
           naive / ours);
    double start = bench_seconds();
    need(hf_lu_inverse(lu, inverse, 1) == HF_OK, "no inverse");
    double all = bench_seconds() - start, columns = 0, worst = 0;
    enum { COLUMNS = 20 };
    for (size_t j = 0; j < COLUMNS; j++) {
        memset(plain, 0, n * sizeof *plain);
        plain[j] = 1;
        start = bench_seconds();
        plain_triangles(n, copy, plain);
        columns += bench_seconds() - start;
        for (size_t i = 0; i < n; i++) worst = fmax(worst, fabs(plain[i] - inverse[i * n + j]));
    }
    need(worst < 1e-10, "the inverse differs from plain solves");
    columns *= (double)n / COLUMNS;
    printf("  inverse          %7.3f s  %6.2f GFLOP/s  plain %7.3f s   %6.1f times as fast  (column by column)\n", all,
           2 * pow((double)n, 3) / all / 1e9, columns, columns / all);
    fflush(stdout);
    hf_lu_free(lu);
    free(m), free(copy), free(plain), free(inverse);
    return ours;
}

static void extraction(hf_leontief *l, double factor)
{
    size_t n = (size_t)l->n;
    double *total = array(n);
    need(hf_leontief_invert(l) == HF_OK, "no inverse");
    double start = bench_seconds();
    need(hf_extract_each(l, HF_EXTRACT_COMPLETE, 1, NULL, total) == HF_OK, "no extraction");
    double ours = bench_seconds() - start, again = factor * (double)n;
    printf("  every extraction %7.4f s  a new solve each %9.1f s   %6.0f times as fast  (given the inverse)\n", ours, again, again / ours);
    fflush(stdout);
    free(total);
}

/* One closure by the formulas of the paper, one scenario at a time. */
typedef struct plain {
    const hf_io_table *t;
    const unsigned char *classes;
    const double *r;
    hf_csr w;
    double *down, *up, *next; /* [n] d, u */
    double *short_of, *bought; /* [n x S] lack of each product at each customer, and all bought */
    double *inputs, *linear;  /* [n] */
} plain;

static double settle(size_t n, const double *next, double *now)
{
    double change = 0;
    for (size_t i = 0; i < n; i++) {
        change = fmax(change, fabs(next[i] - now[i]));
        now[i] = next[i];
    }
    return change;
}

static double plain_down(const plain *p, size_t closed)
{
    size_t n = (size_t)p->t->n_industries, s = (size_t)p->t->n_sectors;
    double market[256] = {0};
    memset(p->short_of, 0, n * s * sizeof(double));
    memset(p->linear, 0, n * sizeof(double));
    for (size_t i = 0; i < n; i++) market[i % s] += p->r[i] * p->down[i];
    for (size_t i = 0; i < n; i++) {
        double lack = market[i % s] > p->r[i] ? p->r[i] / market[i % s] * (1 - p->down[i]) : 1 - p->down[i];
        if (lack == 0) continue;
        for (size_t k = p->w.start[i]; k < p->w.start[i + 1]; k++) p->short_of[(size_t)p->w.column[k] * s + i % s] += lack * p->w.value[k];
    }
    for (size_t j = 0; j < n; j++) {
        double worst = 0, linear = 0;
        for (size_t k = 0; k < s; k++) {
            double lack = p->short_of[j * s + k];
            if (p->classes[k * s + j % s] == HF_INPUT_LINEAR) linear += lack;
            else if (lack > 0) worst = fmax(worst, lack / p->bought[j * s + k]);
        }
        if (linear > 0) worst = fmax(worst, linear / p->inputs[j]);
        p->next[j] = j == closed ? 0 : fmax(1 - worst, 0);
    }
    return settle(n, p->next, p->down);
}

static double plain_up(const plain *p, size_t closed)
{
    size_t n = (size_t)p->t->n_industries;
    for (size_t i = 0; i < n; i++) {
        double wanted = p->t->y[i * (size_t)p->t->n_demand_columns];
        for (int c = 1; c < p->t->n_demand_columns; c++) wanted += p->t->y[i * (size_t)p->t->n_demand_columns + (size_t)c];
        for (size_t k = p->w.start[i]; k < p->w.start[i + 1]; k++) wanted += p->w.value[k] * p->up[p->w.column[k]];
        p->next[i] = i == closed ? 0 : fmin(wanted / p->r[i], 1);
    }
    return settle(n, p->next, p->up);
}

static double plain_index(const plain *p, size_t closed, double tolerance)
{
    double lost = 0, all = 0;
    for (int i = 0; i < p->t->n_industries; i++) p->down[i] = p->up[i] = (size_t)i == closed ? 0 : 1;
    while (plain_down(p, closed) > tolerance) continue;
    while (plain_up(p, closed) > tolerance) continue;
    for (int i = 0; i < p->t->n_industries; i++) {
        lost += p->r[i] * (1 - fmin(p->down[i], p->up[i]));
        all += p->r[i];
    }
    return lost / all;
}

static void plain_make(plain *p)
{
    size_t n = (size_t)p->t->n_industries, s = (size_t)p->t->n_sectors;
    need(s <= 256, "at most 256 sectors");
    need(hf_csr_init(&p->w, (int)n, (int)n, p->t->z) == HF_OK, "out of memory");
    p->down = array(n), p->up = array(n), p->next = array(n), p->inputs = array(n), p->linear = array(n);
    p->short_of = array(n * s), p->bought = array(n * s);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) {
            p->bought[j * s + i % s] += p->t->z[i * n + j];
            p->inputs[j] += p->t->z[i * n + j];
        }
}

static void plain_done(plain *p)
{
    hf_csr_done(&p->w);
    free(p->down), free(p->up), free(p->next), free(p->inputs), free(p->linear), free(p->short_of), free(p->bought);
}

/* Every closure in blocks against the formulas one by one, on a sample; and the index of each in the sample is the same. */
static void closures(const hf_io_table *t)
{
    enum { SAMPLE = 8 };
    size_t n = (size_t)t->n_industries;
    bool *lifeline = calloc((size_t)t->n_sectors, sizeof *lifeline);
    unsigned char *classes = calloc((size_t)t->n_sectors * (size_t)t->n_sectors, 1);
    hf_systemic_result *all = calloc(n, sizeof *all);
    hf_systemic_options options = hf_systemic_options_default();
    hf_systemic *model = NULL;
    double alone = 0;
    need(lifeline && classes && all, "out of memory");
    lifeline[0] = true;
    hf_systemic_classes_default(t->n_sectors, lifeline, classes);
    need(hf_systemic_new_of_table(t, classes, &options, NULL, &model) == HF_OK, "no model");
    plain p = {.t = t, .classes = classes, .r = hf_systemic_output(model)};
    plain_make(&p);
    double start = bench_seconds();
    need(hf_systemic_sweep(model, 1, NULL, (int)n, NULL, 0, all, NULL) == HF_OK, "no sweep");
    double ours = bench_seconds() - start;
    for (size_t k = 0; k < SAMPLE; k++) {
        start = bench_seconds();
        double index = plain_index(&p, k * n / SAMPLE, options.tolerance);
        alone += bench_seconds() - start;
        need(fabs(index - all[k * n / SAMPLE].index) < 1e-8, "a closure differs from the formulas written out");
    }
    alone *= (double)n / SAMPLE;
    printf("  every closure    %7.3f s  %6.2f ms each     plain %7.3f s   %6.1f times as fast  (goal: 4)\n", ours, 1e3 * ours / (double)n, alone,
           alone / ours);
    fflush(stdout);
    plain_done(&p);
    hf_systemic_free(model);
    free(lifeline), free(classes), free(all);
}

int main(int argc, char **argv)
{
    int regions = argc > 1 ? atoi(argv[1]) : 40, sectors = argc > 2 ? atoi(argv[2]) : 35;
    need(regions > 0 && sectors > 0, "regions and sectors from 1 on");
    hf_io_table *t = random_io_table(regions, sectors, 1, .2, 1);
    hf_leontief *l = NULL;
    need(hf_leontief_new(t, 1, NULL, &l) == HF_OK, "no model");
    double factor = factorisation(l);
    extraction(l, factor);
    hf_leontief_free(l);
    closures(t);
    hf_io_table_free(t);
    return 0;
}
