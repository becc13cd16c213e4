#include "tests/support/tables.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"

static hf_io_table *named_table(int n_regions, int n_sectors, int n_demand)
{
    char (*text)[16] = calloc((size_t)(n_regions + n_sectors), sizeof *text);
    const char **name = calloc((size_t)(n_regions + n_sectors), sizeof *name);
    hf_io_table *t = NULL;
    if (!text || !name) abort();
    for (int k = 0; k < n_regions + n_sectors; k++) {
        snprintf(text[k], sizeof *text, "%c%d", k < n_regions ? 'R' : 'S', k < n_regions ? k : k - n_regions);
        name[k] = text[k];
    }
    if (hf_io_table_new(n_regions, n_sectors, n_demand, name, name + n_regions, "EUR", 1e6, 2020, &t) != HF_OK) abort();
    free(name);
    free(text);
    return t;
}

/* Output is large enough for both the row and the column; final demand and value added take the rest. */
static void close_balances(hf_io_table *t, hf_rng *rng)
{
    size_t n = (size_t)t->n_industries, m = (size_t)t->n_demand_columns;
    for (size_t i = 0; i < n; i++) {
        double row = 0, column = 0, weights = 0;
        for (size_t j = 0; j < n; j++) {
            row += t->z[i * n + j];
            column += t->z[j * n + i];
        }
        double rest = fmax(row, column) * (1.1 + hf_rng_unit(rng)) + 1 - row;
        for (size_t k = 0; k < m; k++) weights += t->y[i * m + k] = 0.1 + hf_rng_unit(rng);
        for (size_t k = 0; k < m; k++) t->y[i * m + k] *= rest / weights;
        t->x[i] = row;
        for (size_t k = 0; k < m; k++) t->x[i] += t->y[i * m + k];
        t->v[i] = t->x[i] - column;
    }
}

hf_io_table *random_io_table(int n_regions, int n_sectors, int n_demand, double fill, uint64_t seed)
{
    hf_io_table *t = named_table(n_regions, n_sectors, n_demand);
    size_t n = (size_t)t->n_industries;
    hf_rng rng = {.seed = seed};
    double *size = malloc(n * sizeof *size);
    if (!size) abort();
    for (size_t i = 0; i < n; i++) size[i] = 0.3 + 3 * hf_rng_unit(&rng);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) {
            bool flows = hf_rng_unit(&rng) < fill;
            t->z[i * n + j] = flows ? size[i] * size[j] * (0.1 + hf_rng_unit(&rng)) : 0;
        }
    free(size);
    close_balances(t, &rng);
    return t;
}

hf_io_table *small_io_table(int n, const double *z, const double *y)
{
    hf_io_table *t = named_table(1, n, 1);
    memcpy(t->z, z, (size_t)n * (size_t)n * sizeof *z);
    memcpy(t->y, y, (size_t)n * sizeof *y);
    for (int i = 0; i < n; i++) {
        t->x[i] = y[i];
        for (int j = 0; j < n; j++) t->x[i] += z[i * n + j];
    }
    for (int j = 0; j < n; j++) {
        t->v[j] = t->x[j];
        for (int i = 0; i < n; i++) t->v[j] -= z[i * n + j];
    }
    return t;
}

static void eliminate(int n, double *w, int width, int column)
{
    int best = column;
    for (int i = column + 1; i < n; i++)
        if (fabs(w[i * width + column]) > fabs(w[best * width + column])) best = i;
    for (int j = 0; j < width; j++) {
        double held = w[best * width + j];
        w[best * width + j] = w[column * width + j];
        w[column * width + j] = held;
    }
    for (int i = 0; i < n; i++) {
        double factor = w[i * width + column] / w[column * width + column];
        if (i == column || factor == 0) continue;
        for (int j = column; j < width; j++) w[i * width + j] -= factor * w[column * width + j];
    }
}

/* [M | B] with B [n x columns] becomes [D | .]; the answer is row by row . / D. */
static bool gauss_jordan(int n, const double *m, const double *b, int columns, double *ret)
{
    int width = n + columns;
    bool regular = true;
    double *w = malloc((size_t)n * (size_t)width * sizeof *w);
    if (!w) abort();
    for (int i = 0; i < n; i++) {
        memcpy(w + i * width, m + i * n, (size_t)n * sizeof *w);
        memcpy(w + i * width + n, b + i * columns, (size_t)columns * sizeof *w);
    }
    for (int k = 0; k < n; k++) eliminate(n, w, width, k);
    for (int i = 0; i < n; i++) {
        regular = regular && isfinite(w[i * width + i]) && w[i * width + i] != 0;
        for (int j = 0; j < columns; j++) ret[i * columns + j] = w[i * width + n + j] / w[i * width + i];
    }
    free(w);
    return regular;
}

bool plain_solve(int n, const double *m, const double *b, double *ret_u)
{
    return gauss_jordan(n, m, b, 1, ret_u);
}

bool plain_inverse(int n, const double *m, double *ret_inverse)
{
    double *unit = calloc((size_t)n * (size_t)n, sizeof *unit);
    if (!unit) abort();
    for (int i = 0; i < n; i++) unit[i * n + i] = 1;
    bool regular = gauss_jordan(n, m, unit, n, ret_inverse);
    free(unit);
    return regular;
}

void plain_coefficients(const hf_io_table *table, double *ret_a)
{
    int n = table->n_industries;
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++) ret_a[i * n + j] = table->x[j] > 0 ? table->z[i * n + j] / table->x[j] : 0;
}

bool plain_output(int n, const double *a, const double *y, double *ret_x)
{
    double *m = malloc((size_t)n * (size_t)n * sizeof *m);
    if (!m) abort();
    for (int k = 0; k < n * n; k++) m[k] = (k % (n + 1) == 0) - a[k];
    bool regular = plain_solve(n, m, y, ret_x);
    free(m);
    return regular;
}
