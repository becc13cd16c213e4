#include "model/economy/leontief.h"

#include <math.h>
#include <string.h>

#include "base/alloc.h"

/* A from Z; a flow of an industry without output has no place in it. */
static hf_err coefficients(const hf_io_table *t, hf_leontief *l, hf_diag *diag)
{
    size_t n = (size_t)l->n;
    int s = t->n_sectors;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) {
            double z = t->z[i * n + j];
            if (z == 0) continue;
            if (!(z > 0) || !isfinite(z) || !(t->x[i] > 0) || !(t->x[j] > 0)) {
                hf_diag_add(diag, HF_ERROR, HF_E_DATA, NULL, 0, 0, "flow %s/%s -> %s/%s is %g, with outputs %g and %g: clean the table first",
                            t->region[i / (size_t)s], t->sector[i % (size_t)s], t->region[j / (size_t)s], t->sector[j % (size_t)s], z, t->x[i],
                            t->x[j]);
                return HF_E_DATA;
            }
            l->a[i * n + j] = z / t->x[j];
        }
    return HF_OK;
}

static hf_err radius_check(const hf_leontief *l, hf_diag *diag)
{
    hf_flows flows;
    hf_radius r;
    hf_err err = hf_flows_init(&flows, l->n, l->n, l->a);
    if (err != HF_OK) return err;
    err = hf_spectral_radius(&flows, NULL, NULL, 5000, &r);
    hf_flows_done(&flows);
    if (err == HF_OK && r.upper >= 1) {
        hf_diag_add(diag, HF_ERROR, HF_E_NO_ANSWER, NULL, 0, 0, "spectral radius of A is %.6g: it must be below 1", r.upper);
        err = HF_E_NO_ANSWER;
    }
    return err;
}

static void outputs_copy(const hf_io_table *t, hf_leontief *l)
{
    size_t n = (size_t)l->n;
    memcpy(l->x, t->x, n * sizeof *l->x);
    for (size_t i = 0; i < n; i++) {
        double sold = 0;
        for (size_t j = 0; j < n; j++) sold += t->z[i * n + j];
        l->y[i] = l->x[i] - sold;
        l->intensity[i] = l->x[i] > 0 ? t->v[i] / l->x[i] : 0;
    }
}

hf_err hf_leontief_new(const hf_io_table *table, int threads, hf_diag *diag, hf_leontief **ret_leontief)
{
    hf_err err = HF_OK;
    size_t n = (size_t)table->n_industries;
    double *m = NULL;
    hf_leontief *l = hf_calloc(1, sizeof *l);
    if (!l) return HF_E_NOMEM;
    l->n = table->n_industries;
    l->threads = threads;
    l->a = hf_calloc(n * n, sizeof *l->a);
    l->x = hf_calloc(n, sizeof *l->x);
    l->y = hf_calloc(n, sizeof *l->y);
    l->intensity = hf_calloc(n, sizeof *l->intensity);
    m = hf_malloc(n * n * sizeof *m);
    if (!l->a || !l->x || !l->y || !l->intensity || !m) HF_TRY(HF_E_NOMEM);
    HF_TRY(coefficients(table, l, diag));
    HF_TRY(radius_check(l, diag));
    outputs_copy(table, l);
    for (size_t k = 0; k < n * n; k++) m[k] = -l->a[k];
    for (size_t i = 0; i < n; i++) m[i * n + i] += 1;
    HF_TRY(hf_lu_new(l->n, m, threads, &l->lu));
    *ret_leontief = l;
    l = NULL;
out:
    hf_free(m);
    hf_leontief_free(l);
    return err;
}

void hf_leontief_free(hf_leontief *leontief)
{
    if (!leontief) return;
    hf_free(leontief->a);
    hf_free(leontief->x);
    hf_free(leontief->y);
    hf_free(leontief->intensity);
    hf_free(leontief->inverse);
    hf_lu_free(leontief->lu);
    hf_free(leontief);
}

void hf_leontief_output(const hf_leontief *leontief, const double *y, double *ret_x)
{
    if (ret_x != y) memcpy(ret_x, y, (size_t)leontief->n * sizeof *ret_x);
    hf_lu_solve(leontief->lu, ret_x);
}

/* v' G = (v / x)' L x */
void hf_leontief_output_from_supply(const hf_leontief *leontief, const double *v, double *ret_x)
{
    const double *x = leontief->x;
    for (int i = 0; i < leontief->n; i++) ret_x[i] = x[i] > 0 ? v[i] / x[i] : 0;
    hf_lu_solve_transposed(leontief->lu, ret_x);
    for (int i = 0; i < leontief->n; i++) ret_x[i] *= x[i];
}

hf_err hf_leontief_series(const hf_flows *z, const double *inverse_x, const double *y, double tolerance, int max_terms, double *work,
                          double *ret_x)
{
    int n = z->n_rows;
    double *term = work, *scaled = work + n;
    for (int i = 0; i < n; i++) ret_x[i] = term[i] = y[i];
    for (int k = 0; k < max_terms; k++) {
        double size = 0, total = 0;
        for (int i = 0; i < n; i++) scaled[i] = term[i] * inverse_x[i];
        hf_flows_multiply(z, scaled, term);
        for (int i = 0; i < n; i++) {
            ret_x[i] += term[i];
            size += fabs(term[i]);
            total += fabs(ret_x[i]);
        }
        if (size <= tolerance * total) return HF_OK;
    }
    return HF_E_NO_CONVERGENCE;
}

hf_err hf_leontief_invert(hf_leontief *leontief)
{
    if (leontief->inverse) return HF_OK;
    size_t n = (size_t)leontief->n;
    double *inverse = hf_malloc(n * n * sizeof *inverse);
    if (!inverse) return HF_E_NOMEM;
    hf_err err = hf_lu_inverse(leontief->lu, inverse, leontief->threads);
    if (err == HF_OK) leontief->inverse = inverse;
    else hf_free(inverse);
    return err;
}

void hf_leontief_ghosh(const hf_leontief *leontief, double *ret_g)
{
    size_t n = (size_t)leontief->n;
    const double *x = leontief->x;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) {
            double l = leontief->inverse[i * n + j];
            ret_g[i * n + j] = i == j ? l : x[i] > 0 ? l * x[j] / x[i] : 0;
        }
}

void hf_leontief_multipliers(const hf_leontief *leontief, const double *intensity, double *ret)
{
    for (int i = 0; i < leontief->n; i++) ret[i] = intensity ? intensity[i] : 1;
    hf_lu_solve_transposed(leontief->lu, ret);
}

static void divide_by_mean(int n, double *value)
{
    double sum = 0;
    for (int i = 0; i < n; i++) sum += value[i];
    for (int i = 0; sum > 0 && i < n; i++) value[i] *= n / sum;
}

void hf_leontief_linkages(const hf_leontief *leontief, bool relative, double *ret_backward, double *ret_forward)
{
    int n = leontief->n;
    const double *x = leontief->x;
    hf_leontief_multipliers(leontief, NULL, ret_backward);
    /* sum_j G_ij = (L x)_i / x_i */
    hf_leontief_output(leontief, x, ret_forward);
    for (int i = 0; i < n; i++) ret_forward[i] = x[i] > 0 ? ret_forward[i] / x[i] : 1;
    if (!relative) return;
    divide_by_mean(n, ret_backward);
    divide_by_mean(n, ret_forward);
}
