#include "model/economy/table.h"

#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "model/economy/linear.h"

static const char **names_copy(hf_arena *arena, const char *const *name, int n)
{
    const char **copy = hf_arena_calloc(arena, (size_t)n, sizeof *copy);
    for (int k = 0; copy && k < n; k++)
        if (!(copy[k] = hf_arena_strndup(arena, name[k], strlen(name[k])))) return NULL;
    return copy;
}

static hf_err table_fill(hf_io_table *t, const char *const *region, const char *const *sector, const char *currency)
{
    size_t n = (size_t)t->n_industries, m = (size_t)t->n_demand_columns;
    if (!currency) currency = "";
    t->region = names_copy(&t->arena, region, t->n_regions);
    t->sector = names_copy(&t->arena, sector, t->n_sectors);
    t->currency = hf_arena_strndup(&t->arena, currency, strlen(currency));
    t->z = hf_calloc(n * n, sizeof *t->z);
    t->y = hf_calloc(n * m, sizeof *t->y);
    t->x = hf_calloc(n, sizeof *t->x);
    t->v = hf_calloc(n, sizeof *t->v);
    return t->region && t->sector && t->currency && t->z && t->y && t->x && t->v ? HF_OK : HF_E_NOMEM;
}

hf_err hf_io_table_new(int n_regions, int n_sectors, int n_demand, const char *const *region, const char *const *sector,
                       const char *currency, double unit, int year, hf_io_table **ret_table)
{
    if (n_regions < 1 || n_sectors < 1 || n_demand < 1) return HF_E_RANGE;
    if ((int64_t)n_regions * n_sectors > HF_IO_MAX_INDUSTRIES || (int64_t)n_regions * n_demand > 65536) return HF_E_TOO_LARGE;
    hf_io_table *t = hf_calloc(1, sizeof *t);
    if (!t) return HF_E_NOMEM;
    hf_arena_init(&t->arena);
    t->n_regions = n_regions;
    t->n_sectors = n_sectors;
    t->n_demand = n_demand;
    t->n_industries = n_regions * n_sectors;
    t->n_demand_columns = n_regions * n_demand;
    t->unit = unit;
    t->year = year;
    hf_err err = table_fill(t, region, sector, currency);
    if (err != HF_OK) {
        hf_io_table_free(t);
        return err;
    }
    *ret_table = t;
    return HF_OK;
}

void hf_io_table_free(hf_io_table *table)
{
    if (!table) return;
    hf_free(table->z);
    hf_free(table->y);
    hf_free(table->x);
    hf_free(table->v);
    hf_arena_done(&table->arena);
    hf_free(table);
}

static int name_find(const char **names, int n, const char *name)
{
    for (int k = 0; k < n; k++)
        if (strcmp(names[k], name) == 0) return k;
    return -1;
}

int hf_io_region_find(const hf_io_table *table, const char *name)
{
    return name_find(table->region, table->n_regions, name);
}

int hf_io_sector_find(const hf_io_table *table, const char *name)
{
    return name_find(table->sector, table->n_sectors, name);
}

static double sum_of(const double *value, size_t n)
{
    double sum = 0;
    for (size_t k = 0; k < n; k++) sum += value[k];
    return sum;
}

void hf_io_demand(const hf_io_table *table, double *ret_y)
{
    size_t m = (size_t)table->n_demand_columns;
    for (int i = 0; i < table->n_industries; i++) ret_y[i] = sum_of(table->y + (size_t)i * m, m);
}

hf_io_totals hf_io_totals_of(const hf_io_table *table)
{
    size_t n = (size_t)table->n_industries, m = (size_t)table->n_demand_columns;
    hf_io_totals totals = {0, 0, sum_of(table->x, n), sum_of(table->v, n)};
    for (size_t i = 0; i < n; i++) {
        totals.z += sum_of(table->z + i * n, n);
        totals.y += sum_of(table->y + i * m, m);
    }
    return totals;
}

static size_t nonzeros(const double *value, size_t n)
{
    size_t count = 0;
    for (size_t k = 0; k < n; k++) count += value[k] != 0;
    return count;
}

hf_err hf_csr_init(hf_csr *ret_csr, int n_rows, int n_columns, const double *dense)
{
    size_t rows = (size_t)n_rows, columns = (size_t)n_columns, n = nonzeros(dense, rows * columns), at = 0;
    hf_csr csr = {n_rows, n_columns, NULL, NULL, NULL};
    csr.start = hf_calloc(rows + 1, sizeof *csr.start);
    csr.column = hf_calloc(n, sizeof *csr.column);
    csr.value = hf_calloc(n, sizeof *csr.value);
    if (!csr.start || !csr.column || !csr.value) {
        hf_csr_done(&csr);
        return HF_E_NOMEM;
    }
    for (size_t i = 0; i < rows; i++) {
        for (size_t j = 0; j < columns; j++) {
            double value = dense[i * columns + j];
            if (value == 0) continue;
            csr.column[at] = (int32_t)j;
            csr.value[at++] = value;
        }
        csr.start[i + 1] = at;
    }
    *ret_csr = csr;
    return HF_OK;
}

void hf_csr_done(hf_csr *csr)
{
    hf_free(csr->start);
    hf_free(csr->column);
    hf_free(csr->value);
    *csr = (hf_csr){0};
}

hf_err hf_flows_init(hf_flows *ret_flows, int n_rows, int n_columns, const double *dense)
{
    size_t cells = (size_t)n_rows * (size_t)n_columns;
    hf_flows flows = {n_rows, n_columns, dense, {0}, cells ? (double)nonzeros(dense, cells) / (double)cells : 0};
    if (flows.fill < HF_FLOWS_SPARSE_FILL) {
        hf_err err = hf_csr_init(&flows.csr, n_rows, n_columns, dense);
        if (err != HF_OK) return err;
        flows.dense = NULL;
    }
    *ret_flows = flows;
    return HF_OK;
}

void hf_flows_done(hf_flows *flows)
{
    hf_csr_done(&flows->csr);
    *flows = (hf_flows){0};
}

void hf_flows_multiply(const hf_flows *flows, const double *u, double *out)
{
    const hf_csr *csr = &flows->csr;
    size_t columns = (size_t)flows->n_columns;
    for (int i = 0; i < flows->n_rows; i++) {
        double sum = 0;
        if (flows->dense) {
            const double *row = flows->dense + (size_t)i * columns;
            for (size_t j = 0; j < columns; j++) sum += row[j] * u[j];
        } else {
            for (size_t k = csr->start[i]; k < csr->start[i + 1]; k++) sum += csr->value[k] * u[csr->column[k]];
        }
        out[i] = sum;
    }
}

void hf_flows_multiply_transposed(const hf_flows *flows, const double *u, double *out)
{
    const hf_csr *csr = &flows->csr;
    size_t columns = (size_t)flows->n_columns;
    for (size_t j = 0; j < columns; j++) out[j] = 0;
    for (int i = 0; i < flows->n_rows; i++) {
        double factor = u[i];
        if (flows->dense) {
            const double *row = flows->dense + (size_t)i * columns;
            for (size_t j = 0; j < columns; j++) out[j] += row[j] * factor;
        } else {
            for (size_t k = csr->start[i]; k < csr->start[i + 1]; k++) out[csr->column[k]] += csr->value[k] * factor;
        }
    }
}

/* ---- checks ---- */

static bool all_finite(const double *value, size_t n)
{
    for (size_t k = 0; k < n; k++)
        if (!isfinite(value[k])) return false;
    return true;
}

static int negatives(const double *value, size_t n)
{
    int count = 0;
    for (size_t k = 0; k < n; k++) count += value[k] < 0;
    return count;
}

/* gap [n], and `inputs` [n] the column sums of Z. */
static void gaps(const hf_io_table *t, double *inputs, double *rows)
{
    size_t n = (size_t)t->n_industries, m = (size_t)t->n_demand_columns;
    memset(inputs, 0, n * sizeof *inputs);
    for (size_t i = 0; i < n; i++) {
        const double *row = t->z + i * n;
        rows[i] = t->x[i] - sum_of(row, n) - sum_of(t->y + i * m, m);
        for (size_t j = 0; j < n; j++) inputs[j] += row[j];
    }
}

static void gap_note(double gap, double x, double floor, int i, double *largest, int *at, double *sum)
{
    double share = fabs(gap) / fmax(fmax(x, floor), 1e-300);
    *sum += fabs(gap);
    if (share > *largest) {
        *largest = share;
        *at = i;
    }
}

static int aggregate_find(const hf_io_table *t)
{
    int s = t->n_sectors;
    if (t->n_regions < 3) return -1;
    for (int r = 0; r < t->n_regions; r++) {
        bool same = true, any = false;
        for (int i = 0; same && i < s; i++) {
            double others = 0, own = t->x[r * s + i];
            for (int q = 0; q < t->n_regions; q++)
                if (q != r) others += t->x[q * s + i];
            same = fabs(others - own) <= 1e-6 * fabs(own);
            any = any || own > 0;
        }
        if (same && any) return r;
    }
    return -1;
}

/* The bounds hold for matrices without negative cells; |Z| has a radius at least as large (Wielandt). */
static hf_err radii(const hf_io_table *t, const double *inverse, hf_io_checks *checks)
{
    hf_err err = HF_OK;
    hf_flows flows = {0};
    hf_radius a, a_star;
    double *positive = NULL;
    if (checks->n_negative_z > 0) {
        size_t cells = (size_t)t->n_industries * (size_t)t->n_industries;
        positive = hf_malloc(cells * sizeof *positive);
        if (!positive) return HF_E_NOMEM;
        for (size_t k = 0; k < cells; k++) positive[k] = fabs(t->z[k]);
    }
    HF_TRY(hf_flows_init(&flows, t->n_industries, t->n_industries, positive ? positive : t->z));
    HF_TRY(hf_spectral_radius(&flows, NULL, inverse, 5000, &a));
    HF_TRY(hf_spectral_radius(&flows, inverse, NULL, 5000, &a_star));
    checks->radius_a = a.upper;
    checks->radius_a_star = a_star.upper;
    checks->radius_exact = a.converged && a_star.converged && !positive;
out:
    hf_flows_done(&flows);
    hf_free(positive);
    return err;
}

static void checks_say(const hf_io_table *t, const hf_io_checks *c, hf_diag *diag)
{
    int s = t->n_sectors;
    if (c->radius_a >= 1 || c->radius_a_star >= 1)
        hf_diag_add(diag, HF_ERROR, HF_E_NO_ANSWER, NULL, 0, 0, "spectral radius of A %.6g, of A* %.6g: both must be below 1", c->radius_a, c->radius_a_star);
    if (c->row_gap > 0.01)
        hf_diag_add(diag, HF_WARNING, HF_E_DATA, NULL, 0, 0, "sales of %s/%s differ from its output by %.3g %%", t->region[c->row_gap_at / s],
                    t->sector[c->row_gap_at % s], 100 * c->row_gap);
    if (c->column_gap > 0.01)
        hf_diag_add(diag, HF_WARNING, HF_E_DATA, NULL, 0, 0, "inputs and value added of %s/%s differ from its output by %.3g %%",
                    t->region[c->column_gap_at / s], t->sector[c->column_gap_at % s], 100 * c->column_gap);
    if (c->n_negative_z + c->n_negative_y + c->n_negative_v > 0)
        hf_diag_add(diag, HF_WARNING, HF_E_RANGE, NULL, 0, 0, "cells below 0: %d flows, %d of final demand, %d of value added", c->n_negative_z,
                    c->n_negative_y, c->n_negative_v);
    if (c->aggregate >= 0)
        hf_diag_add(diag, HF_WARNING, HF_E_DUPLICATE, NULL, 0, 0, "region %s is the sum of all others", t->region[c->aggregate]);
}

hf_err hf_io_check(const hf_io_table *table, hf_diag *diag, hf_io_checks *ret_checks)
{
    hf_err err = HF_OK;
    size_t n = (size_t)table->n_industries, m = (size_t)table->n_demand_columns;
    hf_io_checks c = {.row_gap_at = -1, .column_gap_at = -1};
    double *work = hf_calloc(3 * n, sizeof *work), *inputs = work, *rows = work + n, *inverse = work + 2 * n;
    if (!work) return HF_E_NOMEM;
    if (!all_finite(table->z, n * n) || !all_finite(table->y, n * m) || !all_finite(table->x, n) || !all_finite(table->v, n)) {
        hf_diag_add(diag, HF_ERROR, HF_E_DATA, NULL, 0, 0, "the table has a number that is not finite");
        HF_TRY(HF_E_DATA);
    }
    gaps(table, inputs, rows);
    double floor = 1e-9 * sum_of(table->x, n) / (double)n;
    for (size_t i = 0; i < n; i++) {
        gap_note(rows[i], table->x[i], floor, (int)i, &c.row_gap, &c.row_gap_at, &c.row_gap_sum);
        gap_note(table->x[i] - inputs[i] - table->v[i], table->x[i], floor, (int)i, &c.column_gap, &c.column_gap_at, &c.column_gap_sum);
        inverse[i] = table->x[i] > 0 ? 1 / table->x[i] : 0;
        c.n_no_output += !(table->x[i] > 0);
    }
    c.n_negative_z = negatives(table->z, n * n);
    c.n_negative_y = negatives(table->y, n * m);
    c.n_negative_v = negatives(table->v, n);
    c.aggregate = aggregate_find(table);
    HF_TRY(radii(table, inverse, &c));
    checks_say(table, &c, diag);
    *ret_checks = c;
    if (c.radius_a >= 1 || c.radius_a_star >= 1) err = HF_E_NO_ANSWER;
out:
    hf_free(work);
    return err;
}
