#include "model/economy/inoperability.h"

#include <math.h>
#include <string.h>

#include "base/alloc.h"

enum { RADIUS_STEPS = 5000 };

void hf_iim_coefficients(const hf_io_table *table, hf_iim_side side, double *ret_a)
{
    size_t n = (size_t)table->n_industries;
    const double *x = table->x;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) {
            double z = x[i] > 0 && x[j] > 0 ? table->z[i * n + j] : 0;
            if (side == HF_IIM_DEMAND) ret_a[i * n + j] = z == 0 ? 0 : z / x[i];
            else ret_a[j * n + i] = z == 0 ? 0 : z / x[j];
        }
}

static hf_err cells_check(int n, const double *a, hf_diag *diag)
{
    hf_err err = HF_OK;
    for (size_t k = 0; k < (size_t)n * (size_t)n; k++) {
        if (a[k] >= 0 && isfinite(a[k])) continue;
        hf_diag_add(diag, HF_ERROR, HF_E_RANGE, NULL, 0, 0, "coefficient of row %zu, column %zu is %g: must be a number from 0 on",
                    k / (size_t)n + 1, k % (size_t)n + 1, a[k]);
        err = HF_E_RANGE;
    }
    return err;
}

static hf_err radius_of(int n, const double *m, double *ret_radius)
{
    hf_flows flows;
    hf_radius r;
    hf_err err = hf_flows_init(&flows, n, n, m);
    if (err != HF_OK) return err;
    err = hf_spectral_radius(&flows, NULL, NULL, RADIUS_STEPS, &r);
    hf_flows_done(&flows);
    if (err == HF_OK) *ret_radius = r.upper;
    return err;
}

hf_err hf_iim_new(int n, const double *a, int threads, hf_diag *diag, hf_iim **ret_iim)
{
    hf_err err = HF_OK;
    double *m = NULL;
    hf_iim *iim = NULL;
    if (n < 1) return HF_E_RANGE;
    HF_TRY(cells_check(n, a, diag));
    size_t s = (size_t)n, cells = s * s;
    iim = hf_calloc(1, sizeof *iim);
    m = hf_malloc(cells * sizeof *m);
    if (!iim || !m) HF_TRY(HF_E_NOMEM);
    iim->n = n;
    iim->a = hf_malloc(cells * sizeof *iim->a);
    if (!iim->a) HF_TRY(HF_E_NOMEM);
    memcpy(iim->a, a, cells * sizeof *a);
    HF_TRY(radius_of(n, a, &iim->radius));
    if (iim->radius >= 1) {
        hf_diag_add(diag, HF_ERROR, HF_E_NO_ANSWER, NULL, 0, 0, "spectral radius of the interdependency matrix is %.6g: it must be below 1",
                    iim->radius);
        HF_TRY(HF_E_NO_ANSWER);
    }
    for (size_t k = 0; k < cells; k++) m[k] = -a[k];
    for (size_t i = 0; i < s; i++) m[i * s + i] += 1;
    HF_TRY(hf_lu_new(n, m, threads, &iim->lu));
    *ret_iim = iim;
    iim = NULL;
out:
    hf_free(m);
    hf_iim_free(iim);
    return err;
}

void hf_iim_free(hf_iim *iim)
{
    if (!iim) return;
    hf_free(iim->a);
    hf_lu_free(iim->lu);
    hf_free(iim);
}

void hf_iim_solve(const hf_iim *iim, const double *c, double *ret_q)
{
    if (ret_q != c) memcpy(ret_q, c, (size_t)iim->n * sizeof *ret_q);
    hf_lu_solve(iim->lu, ret_q);
}

int hf_iim_clip(int n, double *q, const char *const *name, hf_diag *diag)
{
    int clipped = 0;
    for (int i = 0; i < n; i++) {
        double limited = q[i] > 1 ? 1 : q[i] > 0 ? q[i] : 0;
        if (!(fabs(limited - q[i]) <= 1e-12)) {
            clipped++;
            if (name) hf_diag_add(diag, HF_WARNING, HF_E_RANGE, NULL, 0, 0, "inoperability of %s is %.6g: taken as %g", name[i], q[i], limited);
            else hf_diag_add(diag, HF_WARNING, HF_E_RANGE, NULL, 0, 0, "inoperability of system %d is %.6g: taken as %g", i + 1, q[i], limited);
        }
        q[i] = limited;
    }
    return clipped;
}

/* ---- indices ---- */

/* ret = A* to the power `order` >= 1, by products with A*; work [n x n]. */
static hf_err power_of(const hf_iim *iim, int order, double *work, double *ret)
{
    size_t cells = (size_t)iim->n * (size_t)iim->n;
    memcpy(ret, iim->a, cells * sizeof *ret);
    if (order == 1) return HF_OK;
    double *pack = hf_malloc(hf_gemm_pack_size(iim->n, iim->n) * sizeof *pack);
    if (!pack) return HF_E_NOMEM;
    for (int k = 1; k < order; k++) {
        memset(work, 0, cells * sizeof *work);
        hf_gemm_subtract(iim->n, iim->n, iim->n, ret, iim->n, iim->a, iim->n, work, iim->n, pack);
        for (size_t c = 0; c < cells; c++) ret[c] = -work[c];
    }
    hf_free(pack);
    return HF_OK;
}

hf_err hf_iim_indices(const hf_iim *iim, int order, int threads, double *ret_dependency, double *ret_influence)
{
    hf_err err = HF_OK;
    size_t n = (size_t)iim->n;
    double *m = NULL, *work = NULL, scale = n > 1 ? 1 / (double)(n - 1) : 0;
    if (order < 0) return HF_E_RANGE;
    m = hf_malloc(n * n * sizeof *m);
    work = hf_malloc(n * n * sizeof *work);
    if (!m || !work) HF_TRY(HF_E_NOMEM);
    HF_TRY(order == 0 ? hf_lu_inverse(iim->lu, m, threads) : power_of(iim, order, work, m));
    for (size_t i = 0; i < n; i++) {
        double dependency = 0, influence = 0;
        for (size_t j = 0; j < n; j++) {
            if (j == i) continue;
            dependency += m[i * n + j];
            influence += m[j * n + i];
        }
        if (ret_dependency) ret_dependency[i] = dependency * scale;
        if (ret_influence) ret_influence[i] = influence * scale;
    }
out:
    hf_free(m);
    hf_free(work);
    return err;
}

/* ---- recovery ---- */

hf_err hf_diim_rates(const hf_iim *iim, const double *tau, const double *lambda, double *ret_k)
{
    size_t n = (size_t)iim->n;
    for (size_t i = 0; i < n; i++) {
        double share = lambda ? lambda[i] : HF_DIIM_LAMBDA, rest = 1 - iim->a[i * n + i];
        if (!(tau[i] > 0) || !isfinite(tau[i]) || !(share > 0 && share < 1) || !(rest > 0)) return HF_E_RANGE;
    }
    for (size_t i = 0; i < n; i++) ret_k[i] = -log(lambda ? lambda[i] : HF_DIIM_LAMBDA) / (tau[i] * (1 - iim->a[i * n + i]));
    return HF_OK;
}

static bool rates_fine(int n, const double *k)
{
    for (int i = 0; i < n; i++)
        if (!(k[i] > 0) || !isfinite(k[i])) return false;
    return true;
}

static double norm(int n, const double *u)
{
    double sum = 0;
    for (int i = 0; i < n; i++) sum += fabs(u[i]);
    return sum;
}

/* next = (rate I - K (I - A*)) u: no cell of this matrix is negative when rate is at least the largest k_i (1 - a_ii). */
static void uniform_apply(const hf_iim *iim, const double *k, double rate, const double *u, double *next)
{
    size_t n = (size_t)iim->n;
    for (size_t i = 0; i < n; i++) {
        const double *row = iim->a + i * n;
        double sum = 0;
        for (size_t j = 0; j < n; j++)
            if (j != i) sum += row[j] * u[j];
        next[i] = (rate - k[i] * (1 - row[i])) * u[i] + k[i] * sum;
    }
}

/* u becomes exp(-K (I - A*) t) u for rate t of at most some tens; term, next [n]. */
static void exponential_piece(const hf_iim *iim, const double *k, double rate, double t, double *u, double *term, double *next)
{
    int n = iim->n;
    double weight = exp(-rate * t);
    for (int i = 0; i < n; i++) term[i] = u[i] *= weight;
    for (int p = 1; p < 10000; p++) {
        uniform_apply(iim, k, rate, term, next);
        for (int i = 0; i < n; i++) u[i] += term[i] = next[i] * t / p;
        if (p > rate * t && norm(n, term) <= 1e-18 * norm(n, u)) return;
    }
}

static const double piece = 20; /* rate times time of one piece */

/* u [n] becomes exp(-K (I - A*) t) u; term, next [n]. */
static void exponential(const hf_iim *iim, const double *k, double t, double *u, double *term, double *next)
{
    int n = iim->n;
    double rate = 0, before = norm(n, u);
    for (int i = 0; i < n; i++) rate = fmax(rate, k[i] * (1 - iim->a[(size_t)i * (size_t)n + (size_t)i]));
    double pieces = ceil(rate * t / piece);
    for (double p = 0; p < pieces && norm(n, u) > 1e-30 * before; p++) exponential_piece(iim, k, rate, t / pieces, u, term, next);
    if (norm(n, u) <= 1e-30 * before) memset(u, 0, (size_t)n * sizeof *u);
}

hf_err hf_diim_at(const hf_iim *iim, const double *k, const double *q0, const double *c, double t, double *ret_q, double *ret_integral)
{
    int n = iim->n;
    bool endless = !isfinite(t);
    if (!(t >= 0) || !rates_fine(n, k) || (endless && ret_integral && c && norm(n, c) > 0)) return HF_E_RANGE;
    double *work = hf_calloc(4 * (size_t)n, sizeof *work);
    if (!work) return HF_E_NOMEM;
    double *end = work, *u = work + n, *term = work + 2 * n, *next = work + 3 * n;
    if (c) hf_iim_solve(iim, c, end);
    for (int i = 0; i < n; i++) u[i] = endless ? 0 : q0[i] - end[i];
    if (!endless) exponential(iim, k, t, u, term, next);
    /* The integral of exp(-M s) w from 0 to t is M^-1 (w - exp(-M t) w), and M^-1 = (I - A*)^-1 K^-1. */
    for (int i = 0; i < n; i++) next[i] = (q0[i] - end[i] - u[i]) / k[i];
    for (int i = 0; i < n; i++) ret_q[i] = end[i] + u[i];
    if (ret_integral) {
        hf_lu_solve(iim->lu, next);
        for (int i = 0; i < n; i++) ret_integral[i] = next[i] + (endless ? 0 : end[i] * t);
    }
    hf_free(work);
    return HF_OK;
}

/* ---- steps ---- */

/* The radius of |I - K (I - A*)|: below 1, no start and no shock can make steps grow. Where no cell of the matrix is negative that follows
 * from A*: with (I - A*) v > 0 for some v > 0, v less K times that is less than v. */
static hf_err steps_check(const hf_iim *iim, const double *k, hf_diag *diag)
{
    size_t n = (size_t)iim->n;
    double radius = 0;
    bool negative = false;
    for (size_t i = 0; i < n; i++) negative = negative || k[i] * (1 - iim->a[i * n + i]) > 1;
    if (!negative) return HF_OK;
    double *m = hf_malloc(n * n * sizeof *m);
    if (!m) return HF_E_NOMEM;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) m[i * n + j] = fabs((i == j) - k[i] * ((i == j) - iim->a[i * n + j]));
    hf_err err = radius_of(iim->n, m, &radius);
    hf_free(m);
    if (err == HF_OK && radius >= 1) {
        hf_diag_add(diag, HF_ERROR, HF_E_NO_ANSWER, NULL, 0, 0,
                    "recovery rates are too large for steps of this length (spectral radius %.6g, must be below 1): take shorter steps", radius);
        err = HF_E_NO_ANSWER;
    }
    return err;
}

hf_err hf_diim_new(const hf_iim *iim, const double *k, hf_diag *diag, hf_diim **ret_diim)
{
    hf_err err = HF_OK;
    size_t n = (size_t)iim->n;
    hf_diim *d = NULL;
    for (size_t i = 0; i < n; i++)
        if (!(k[i] > 0) || !isfinite(k[i])) {
            hf_diag_add(diag, HF_ERROR, HF_E_RANGE, NULL, 0, 0, "recovery rate of system %zu is %g: must be above 0", i + 1, k[i]);
            err = HF_E_RANGE;
        }
    if (err != HF_OK) return err;
    HF_TRY(steps_check(iim, k, diag));
    d = hf_calloc(1, sizeof *d);
    if (!d) return HF_E_NOMEM;
    d->iim = iim;
    d->k = hf_calloc(n, sizeof *d->k);
    d->q = hf_calloc(n, sizeof *d->q);
    d->integral = hf_calloc(n, sizeof *d->integral);
    d->next = hf_calloc(n, sizeof *d->next);
    if (!d->k || !d->q || !d->integral || !d->next) HF_TRY(HF_E_NOMEM);
    memcpy(d->k, k, n * sizeof *k);
    *ret_diim = d;
    d = NULL;
out:
    hf_diim_free(d);
    return err;
}

void hf_diim_free(hf_diim *diim)
{
    if (!diim) return;
    hf_free(diim->k);
    hf_free(diim->q);
    hf_free(diim->integral);
    hf_free(diim->next);
    hf_free(diim);
}

void hf_diim_step(hf_diim *diim, const double *c)
{
    size_t n = (size_t)diim->iim->n;
    double *q = diim->q;
    for (size_t i = 0; i < n; i++) {
        const double *row = diim->iim->a + i * n;
        double driven = c ? c[i] : 0;
        for (size_t j = 0; j < n; j++) driven += row[j] * q[j];
        diim->next[i] = q[i] + diim->k[i] * (driven - q[i]);
    }
    for (size_t i = 0; i < n; i++) {
        diim->integral[i] += (q[i] + diim->next[i]) / 2;
        q[i] = diim->next[i];
    }
    diim->step++;
}
