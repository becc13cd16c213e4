/* Products, factorisation, solves and the largest eigenvalue, against plain elimination and plain iteration. */
#include <stdlib.h>

#include "base/rng.h"
#include "model/economy/linear.h"
#include "tests/support/tables.h"
#include "tests/tap.h"

static double *numbers(size_t n, double shift, uint64_t seed)
{
    double *value = malloc((n ? n : 1) * sizeof *value);
    hf_rng rng = {.seed = seed};
    if (!value) abort();
    for (size_t k = 0; k < n; k++) value[k] = hf_rng_unit(&rng) - shift;
    return value;
}

static double largest_difference(size_t n, const double *a, const double *b)
{
    double worst = 0;
    for (size_t k = 0; k < n; k++) {
        double off = fabs(a[k] - b[k]);
        if (!(off <= worst)) worst = off;
    }
    return worst;
}

static void product_of(int m, int n, int k)
{
    size_t cells = (size_t)m * (size_t)n;
    double *a = numbers((size_t)m * (size_t)k, .5, 1), *b = numbers((size_t)k * (size_t)n, .5, 2), *c = numbers(cells, .5, 3);
    double *plain = numbers(cells, .5, 3), *pack = malloc(hf_gemm_pack_size(k, n) * sizeof *pack);
    if (!pack) abort();
    for (int i = 0; i < m; i++)
        for (int j = 0; j < n; j++)
            for (int p = 0; p < k; p++) plain[i * n + j] -= a[i * k + p] * b[p * n + j];
    hf_gemm_subtract(m, n, k, a, k, b, n, c, n, pack);
    CHECK_NEAR(largest_difference(cells, c, plain), 0, 1e-13 * k);
    free(a), free(b), free(c), free(plain), free(pack);
}

static void products(void)
{
    static const int sizes[] = {1, 3, 4, 5, 8, 9, 64, 131};
    for (int p = 0; p < 8; p++)
        for (int q = 0; q < 8; q++) product_of(sizes[p], sizes[q], sizes[(p + q) % 8]);
}

/* Random matrices without order: pivots are needed. */
static void factor_of(int n)
{
    size_t s = (size_t)n, cells = s * s;
    double *m = numbers(cells, .5, (uint64_t)n), *b = numbers(s, .5, 7), *u = malloc(s * sizeof *u), *t = malloc(cells * sizeof *t);
    double *inverse = malloc(cells * sizeof *inverse), *plain = malloc(cells * sizeof *plain);
    hf_lu *lu = NULL;
    if (!u || !t || !inverse || !plain) abort();
    CHECK_INT(hf_lu_new(n, m, 1, &lu), HF_OK);
    if (!lu) abort();
    CHECK(plain_inverse(n, m, plain));
    double scale = 0;
    for (size_t k = 0; k < cells; k++) scale = fmax(scale, fabs(plain[k]));
    CHECK_INT(hf_lu_inverse(lu, inverse, 1), HF_OK);
    CHECK_NEAR(largest_difference(cells, inverse, plain), 0, 1e-11 * n * scale);
    for (size_t i = 0; i < s; i++) u[i] = b[i];
    hf_lu_solve(lu, u);
    CHECK(plain_solve(n, m, b, plain));
    CHECK_NEAR(largest_difference(s, u, plain), 0, 1e-11 * n * scale);
    for (size_t i = 0; i < s; i++)
        for (size_t j = 0; j < s; j++) t[i * s + j] = m[j * s + i];
    for (size_t i = 0; i < s; i++) u[i] = b[i];
    hf_lu_solve_transposed(lu, u);
    CHECK(plain_solve(n, t, b, plain));
    CHECK_NEAR(largest_difference(s, u, plain), 0, 1e-11 * n * scale);
    hf_lu_free(lu);
    free(m), free(b), free(u), free(t), free(inverse), free(plain);
}

static void factors(void)
{
    static const int sizes[] = {1, 2, 3, 7, 63, 64, 65, 128, 150};
    for (int k = 0; k < 9; k++) factor_of(sizes[k]);
}

/* The same bits on any number of threads; several right-hand sides are solved as each alone, to rounding. */
static void threads_give_the_same_bits(void)
{
    enum { N = 300, M = 290 };
    double *m = numbers((size_t)N * N, .5, 11), *one = numbers((size_t)N * M, .5, 12), *three = numbers((size_t)N * M, .5, 12), u[N];
    hf_lu *a = NULL, *b = NULL;
    CHECK_INT(hf_lu_new(N, m, 1, &a), HF_OK);
    CHECK_INT(hf_lu_new(N, m, 3, &b), HF_OK);
    if (!a || !b) abort();
    CHECK(memcmp(a->lu, b->lu, sizeof(double) * N * N) == 0);
    CHECK(memcmp(a->pivot, b->pivot, sizeof(int) * N) == 0);
    for (int i = 0; i < N; i++) u[i] = one[(size_t)i * M + 289];
    CHECK_INT(hf_lu_solve_many(a, one, M, 1), HF_OK);
    CHECK_INT(hf_lu_solve_many(b, three, M, 3), HF_OK);
    CHECK(memcmp(one, three, sizeof(double) * N * M) == 0);
    hf_lu_solve(a, u);
    for (int i = 0; i < N; i++) CHECK_NEAR(one[(size_t)i * M + 289], u[i], 1e-9 * (1 + fabs(u[i])));
    hf_lu_free(a), hf_lu_free(b);
    free(m), free(one), free(three);
}

static void what_has_no_answer(void)
{
    static const double twice[] = {1, 2, 2, 4}, zero[] = {0}, bad[] = {1, NAN, 0, 1}, endless[] = {INFINITY};
    hf_lu *lu = NULL;
    CHECK_INT(hf_lu_new(2, twice, 1, &lu), HF_E_NO_ANSWER);
    CHECK_INT(hf_lu_new(1, zero, 1, &lu), HF_E_NO_ANSWER);
    CHECK_INT(hf_lu_new(2, bad, 1, &lu), HF_E_RANGE);
    CHECK_INT(hf_lu_new(1, endless, 1, &lu), HF_E_RANGE);
    CHECK(lu == NULL);
}

static hf_radius radius_of(int n, const double *m, const double *left, const double *right)
{
    hf_flows flows;
    hf_radius r = {NAN, NAN, 0, false};
    if (hf_flows_init(&flows, n, n, m) != HF_OK) abort();
    CHECK_INT(hf_spectral_radius(&flows, left, right, 5000, &r), HF_OK);
    hf_flows_done(&flows);
    CHECK(r.converged);
    CHECK(r.lower <= r.upper);
    return r;
}

static void radius_known(void)
{
    static const double pair[] = {0, .8, .2, 0}, ring[] = {0, 8, 0, 0, 0, 1, 1, 0, 0}, triangle[] = {0, 5, 7, 0, 0, 9, 0, 0, 0}, zero[4] = {0};
    static const double blocks[] = {.3, 0, 0, 0, 4, .6, 0, 0, 1, 1, 0, .5, 0, 0, .5, 0}, left[] = {2, 1}, right[] = {1, 2};
    CHECK_NEAR(radius_of(2, pair, NULL, NULL).upper, .4, 1e-9);
    CHECK_NEAR(radius_of(3, ring, NULL, NULL).upper, 2, 1e-9);
    CHECK_NEAR(radius_of(3, triangle, NULL, NULL).upper, 0, 0);
    CHECK_NEAR(radius_of(2, zero, NULL, NULL).upper, 0, 0);
    CHECK_NEAR(radius_of(4, blocks, NULL, NULL).upper, .6, 1e-9);
    CHECK_NEAR(radius_of(2, pair, left, right).upper, .8, 1e-9);
}

/* Against many plain steps of the power method on M + I. */
static void radius_of_random_matrices(void)
{
    for (int n = 1; n <= 40; n += 13) {
        double *m = numbers((size_t)n * (size_t)n, 0, (uint64_t)n + 100), u[40], next[40], growth = 0;
        for (int i = 0; i < n; i++) u[i] = 1;
        for (int step = 0; step < 3000; step++) {
            growth = 0;
            for (int i = 0; i < n; i++) {
                next[i] = u[i];
                for (int j = 0; j < n; j++) next[i] += m[i * n + j] * u[j];
                growth = fmax(growth, next[i]);
            }
            for (int i = 0; i < n; i++) u[i] = next[i] / growth;
        }
        CHECK_NEAR(radius_of(n, m, NULL, NULL).upper, growth - 1, 1e-8 * growth);
        free(m);
    }
}

/* Both forms of a view give the same bits. */
static void dense_and_sparse_views(void)
{
    enum { ROWS = 17, COLUMNS = 23 };
    double *dense = numbers(ROWS * COLUMNS, .5, 5), *u = numbers(COLUMNS, .5, 6), *w = numbers(ROWS, .5, 7);
    double a[ROWS], b[ROWS], c[COLUMNS], d[COLUMNS];
    hf_flows view = {0}, full = {ROWS, COLUMNS, dense, {0}, 1};
    for (int k = 0; k < ROWS * COLUMNS; k++)
        if (k % 7) dense[k] = 0;
    CHECK_INT(hf_flows_init(&view, ROWS, COLUMNS, dense), HF_OK);
    CHECK(view.dense == NULL);
    CHECK_NEAR(view.fill, 56.0 / (ROWS * COLUMNS), 1e-15);
    hf_flows_multiply(&view, u, a), hf_flows_multiply(&full, u, b);
    hf_flows_multiply_transposed(&view, w, c), hf_flows_multiply_transposed(&full, w, d);
    for (int i = 0; i < ROWS; i++) CHECK_NEAR(a[i], b[i], 0);
    for (int j = 0; j < COLUMNS; j++) CHECK_NEAR(c[j], d[j], 0);
    for (int i = 0; i < ROWS; i++) {
        double sum = 0;
        for (int j = 0; j < COLUMNS; j++) sum += dense[i * COLUMNS + j] * u[j];
        CHECK_NEAR(a[i], sum, 1e-15);
    }
    hf_flows_done(&view);
    free(dense), free(u), free(w);
}

int main(void)
{
    RUN(products);
    RUN(factors);
    RUN(threads_give_the_same_bits);
    RUN(what_has_no_answer);
    RUN(radius_known);
    RUN(radius_of_random_matrices);
    RUN(dense_and_sparse_views);
    return tap_done();
}
