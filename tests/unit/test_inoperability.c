/* The inoperability model against plain elimination, Ghosh's and Leontief's model, many small steps, and its own limits. */
#include <stdlib.h>

#include "base/rng.h"
#include "model/economy/inoperability.h"
#include "model/economy/leontief.h"
#include "tests/support/tables.h"
#include "tests/tap.h"

enum { N = 12 };

static hf_iim *iim_of(int n, const double *a)
{
    hf_iim *iim = NULL;
    CHECK_INT(hf_iim_new(n, a, 1, NULL, &iim), HF_OK);
    if (!iim) abort();
    return iim;
}

static void random_case(uint64_t seed, double *a, double *k, double *q0, double *c)
{
    hf_rng rng = {.seed = seed};
    for (int i = 0; i < N * N; i++) a[i] = hf_rng_unit(&rng) < .4 ? .3 * hf_rng_unit(&rng) : 0;
    for (int i = 0; i < N; i++) {
        k[i] = .02 + .9 * hf_rng_unit(&rng);
        q0[i] = hf_rng_unit(&rng) * hf_rng_unit(&rng);
        c[i] = .1 * hf_rng_unit(&rng);
    }
}

/* A perturbed final demand in shares of output gives the shares that Leontief's model loses; a perturbed value added those of Ghosh's. */
static void both_sides_of_a_table(void)
{
    double a[N * N], c[N], q[N], x[N], changed[N];
    hf_io_table *t = random_io_table(4, 3, 1, .8, 2);
    hf_leontief *l = NULL;
    CHECK_INT(hf_leontief_new(t, 1, NULL, &l), HF_OK);
    for (int side = HF_IIM_DEMAND; side <= HF_IIM_SUPPLY; side++) {
        hf_iim_coefficients(t, side, a);
        hf_iim *iim = iim_of(N, a);
        for (int i = 0; i < N; i++) {
            double full = side == HF_IIM_DEMAND ? l->y[i] : t->v[i], lost = full * (i % 3) * .1;
            c[i] = lost / t->x[i];
            changed[i] = full - lost;
        }
        if (side == HF_IIM_DEMAND) hf_leontief_output(l, changed, x);
        else hf_leontief_output_from_supply(l, changed, x);
        hf_iim_solve(iim, c, q);
        for (int i = 0; i < N; i++) CHECK_NEAR(q[i], 1 - x[i] / t->x[i], 1e-12);
        hf_iim_free(iim);
    }
    hf_leontief_free(l);
    hf_io_table_free(t);
}

static void static_answers_by_elimination(void)
{
    double a[N * N], k[N], q0[N], c[N], q[N], plain[N];
    for (uint64_t seed = 0; seed < 20; seed++) {
        random_case(seed, a, k, q0, c);
        hf_iim *iim = iim_of(N, a);
        hf_iim_solve(iim, c, q);
        CHECK(plain_output(N, a, c, plain));
        for (int i = 0; i < N; i++) CHECK_NEAR(q[i], plain[i], 1e-12);
        memset(c, 0, sizeof c);
        hf_iim_solve(iim, c, c);
        for (int i = 0; i < N; i++) CHECK_NEAR(c[i], 0, 0);
        hf_iim_free(iim);
    }
}

/* Fourth-order Runge-Kutta on q and its integral, written out. */
static void slope(const double *a, const double *k, const double *c, const double *q, double *ret)
{
    for (int i = 0; i < N; i++) {
        double sum = c[i] - q[i];
        for (int j = 0; j < N; j++) sum += a[i * N + j] * q[j];
        ret[i] = k[i] * sum;
    }
}

static void integrate(const double *a, const double *k, const double *c, double t, int steps, double *q, double *integral)
{
    double h = t / steps, s1[N], s2[N], s3[N], s4[N], at[N];
    for (int p = 0; p < steps; p++) {
        slope(a, k, c, q, s1);
        for (int i = 0; i < N; i++) at[i] = q[i] + h / 2 * s1[i];
        slope(a, k, c, at, s2);
        for (int i = 0; i < N; i++) at[i] = q[i] + h / 2 * s2[i];
        slope(a, k, c, at, s3);
        for (int i = 0; i < N; i++) at[i] = q[i] + h * s3[i];
        slope(a, k, c, at, s4);
        for (int i = 0; i < N; i++) {
            integral[i] += h * (q[i] + h / 6 * (s1[i] + s2[i] + s3[i]));
            q[i] += h / 6 * (s1[i] + 2 * s2[i] + 2 * s3[i] + s4[i]);
        }
    }
}

static void closed_form_against_small_steps(void)
{
    static const double times[] = {0, .3, 7, 90};
    double a[N * N], k[N], q0[N], c[N], q[N], integral[N];
    for (int p = 0; p < 4; p++) {
        random_case((uint64_t)p + 50, a, k, q0, c);
        if (p == 1) memset(c, 0, sizeof c);
        hf_iim *iim = iim_of(N, a);
        double plain[N], sum[N] = {0};
        memcpy(plain, q0, sizeof plain);
        integrate(a, k, c, times[p], 20000, plain, sum);
        CHECK_INT(hf_diim_at(iim, k, q0, p == 1 ? NULL : c, times[p], q, integral), HF_OK);
        for (int i = 0; i < N; i++) {
            CHECK_NEAR(q[i], plain[i], 1e-10);
            CHECK_NEAR(integral[i], sum[i], 1e-9);
        }
        hf_iim_free(iim);
    }
}

/* In the end the dynamic model is the static one; a recovery ends at 0 with the integral (I - A*)^-1 K^-1 q0. */
static void the_end_is_static(void)
{
    double a[N * N], k[N], q0[N], c[N], q[N], late[N], integral[N], plain[N];
    random_case(77, a, k, q0, c);
    hf_iim *iim = iim_of(N, a);
    hf_iim_solve(iim, c, plain);
    CHECK_INT(hf_diim_at(iim, k, q0, c, INFINITY, q, NULL), HF_OK);
    CHECK_INT(hf_diim_at(iim, k, q0, c, 1e5, late, NULL), HF_OK);
    for (int i = 0; i < N; i++) {
        CHECK_NEAR(q[i], plain[i], 0);
        CHECK_NEAR(late[i], plain[i], 1e-12);
    }
    CHECK_INT(hf_diim_at(iim, k, q0, NULL, INFINITY, q, integral), HF_OK);
    CHECK_INT(hf_diim_at(iim, k, q0, NULL, 1e5, late, plain), HF_OK);
    for (int i = 0; i < N; i++) {
        CHECK_NEAR(q[i], 0, 0);
        CHECK_NEAR(late[i], 0, 1e-12);
        CHECK_NEAR(integral[i], plain[i], 1e-10);
    }
    CHECK_INT(hf_diim_at(iim, k, q0, c, INFINITY, q, integral), HF_E_RANGE);
    CHECK_INT(hf_diim_at(iim, k, q0, c, -1, q, NULL), HF_E_RANGE);
    CHECK_INT(hf_diim_at(iim, k, q0, c, NAN, q, NULL), HF_E_RANGE);
    k[3] = 0;
    CHECK_INT(hf_diim_at(iim, k, q0, c, 1, q, NULL), HF_E_RANGE);
    hf_iim_free(iim);
}

/* Steps: at the static answer they stay; short ones come to the closed form; more shock never means less inoperability (rates up to 1). */
static void steps_laws(void)
{
    double a[N * N], k[N], q0[N], c[N], q[N], more[N], integral[N];
    random_case(5, a, k, q0, c);
    hf_iim *iim = iim_of(N, a);
    hf_diim *d = NULL, *e = NULL;
    CHECK_INT(hf_diim_new(iim, k, NULL, &d), HF_OK);
    CHECK_INT(hf_diim_new(iim, k, NULL, &e), HF_OK);
    if (!d || !e) abort();
    for (int i = 0; i < N; i++) more[i] = c[i] + (i % 4 == 0 ? .02 : 0);
    for (int p = 0; p < 40; p++) {
        hf_diim_step(d, c);
        hf_diim_step(e, more);
        for (int i = 0; i < N; i++) CHECK(e->q[i] >= d->q[i] && d->q[i] >= 0);
    }
    hf_iim_solve(iim, c, q);
    memcpy(d->q, q, sizeof q);
    hf_diim_step(d, c);
    for (int i = 0; i < N; i++) CHECK_NEAR(d->q[i], q[i], 1e-13);
    hf_diim_free(d), hf_diim_free(e);
    double fine[N], end[N];
    for (int i = 0; i < N; i++) fine[i] = k[i] / 20000;
    d = NULL;
    CHECK_INT(hf_diim_new(iim, fine, NULL, &d), HF_OK);
    if (!d) abort();
    memcpy(d->q, q0, sizeof q0);
    while (d->step < 60000) hf_diim_step(d, c);
    CHECK_INT(hf_diim_at(iim, k, q0, c, 3, end, integral), HF_OK);
    for (int i = 0; i < N; i++) {
        CHECK_NEAR(d->q[i], end[i], 1e-4);
        CHECK_NEAR(d->integral[i] / 20000, integral[i], 3e-4);
    }
    hf_diim_free(d);
    hf_iim_free(iim);
}

/* A system alone is down to lambda after tau, whatever it needs of itself. */
static void rates(void)
{
    static const double a[] = {.4, 0, 0, 0}, tau[] = {10, 3}, lambda[] = {.05, .2}, q0[] = {1, 1}, bad_tau[] = {10, 0}, bad_lambda[] = {1, .5};
    double k[2], q[2];
    hf_iim *iim = iim_of(2, a);
    CHECK_INT(hf_diim_rates(iim, tau, lambda, k), HF_OK);
    CHECK_INT(hf_diim_at(iim, k, q0, NULL, 10, q, NULL), HF_OK);
    CHECK_NEAR(q[0], .05, 1e-14);
    CHECK_INT(hf_diim_at(iim, k, q0, NULL, 3, q, NULL), HF_OK);
    CHECK_NEAR(q[1], .2, 1e-14);
    CHECK_INT(hf_diim_rates(iim, tau, NULL, k), HF_OK);
    CHECK_NEAR(k[1], -log(.01) / 3, 1e-15);
    CHECK_INT(hf_diim_rates(iim, bad_tau, NULL, k), HF_E_RANGE);
    CHECK_INT(hf_diim_rates(iim, tau, bad_lambda, k), HF_E_RANGE);
    hf_iim_free(iim);
}

/* Orders add up to the overall index; each order by plain products. */
static void indices_add_up(void)
{
    double a[N * N], k[N], q0[N], c[N], d[N], r[N], all_d[N], all_r[N], sum_d[N] = {0}, sum_r[N] = {0}, power[N * N], next[N * N];
    random_case(9, a, k, q0, c);
    hf_iim *iim = iim_of(N, a);
    memcpy(power, a, sizeof power);
    for (int order = 1; order <= 60; order++) {
        CHECK_INT(hf_iim_indices(iim, order, 1, d, r), HF_OK);
        for (int i = 0; i < N; i++) {
            double mean = 0;
            for (int j = 0; j < N; j++) mean += j == i ? 0 : power[i * N + j] / (N - 1);
            CHECK_NEAR(d[i], mean, 1e-13);
            sum_d[i] += d[i], sum_r[i] += r[i];
        }
        for (int i = 0; i < N * N; i++) {
            next[i] = 0;
            for (int j = 0; j < N; j++) next[i] += power[i / N * N + j] * a[j * N + i % N];
        }
        memcpy(power, next, sizeof power);
    }
    CHECK_INT(hf_iim_indices(iim, 0, 2, all_d, all_r), HF_OK);
    for (int i = 0; i < N; i++) {
        CHECK_NEAR(sum_d[i], all_d[i], 1e-10);
        CHECK_NEAR(sum_r[i], all_r[i], 1e-10);
    }
    CHECK_INT(hf_iim_indices(iim, -1, 1, d, r), HF_E_RANGE);
    hf_iim_free(iim);
    static const double one[] = {.5};
    iim = iim_of(1, one);
    CHECK_INT(hf_iim_indices(iim, 0, 1, d, r), HF_OK);
    CHECK_NEAR(d[0], 0, 0);
    CHECK_NEAR(r[0], 0, 0);
    hf_iim_free(iim);
}

static void what_is_refused(void)
{
    static const double loop[] = {0, 2, .5, 0}, negative[] = {0, -.1, 0, NAN}, fine[] = {0, .5, .5, 0}, fast[] = {1, 2.5}, none[] = {1, 0};
    hf_iim *iim = NULL;
    hf_diim *d = NULL;
    hf_diag *diag = NULL;
    if (hf_diag_new(&diag) != HF_OK) abort();
    CHECK_INT(hf_iim_new(2, loop, 1, diag, &iim), HF_E_NO_ANSWER);
    CHECK_STR(hf_diag_get(diag, 0)->text, "spectral radius of the interdependency matrix is 1: it must be below 1");
    CHECK_INT(hf_iim_new(2, negative, 1, diag, &iim), HF_E_RANGE);
    CHECK_STR(hf_diag_get(diag, 1)->text, "coefficient of row 1, column 2 is -0.1: must be a number from 0 on");
    CHECK_INT(hf_diag_kept(diag), 3);
    CHECK_INT(hf_iim_new(0, loop, 1, diag, &iim), HF_E_RANGE);
    CHECK(iim == NULL);
    iim = iim_of(2, fine);
    CHECK_INT(hf_diim_new(iim, fast, diag, &d), HF_E_NO_ANSWER);
    CHECK_INT(hf_diim_new(iim, none, diag, &d), HF_E_RANGE);
    CHECK_STR(hf_diag_get(diag, 4)->text, "recovery rate of system 2 is 0: must be above 0");
    CHECK(d == NULL);
    hf_iim_free(iim);
    static const char *const names[] = {"power", "water"};
    double q[] = {-.5, NAN};
    CHECK_INT(hf_iim_clip(2, q, names, diag), 2);
    CHECK_STR(hf_diag_get(diag, 5)->text, "inoperability of power is -0.5: taken as 0");
    hf_diag_free(diag);
}

int main(void)
{
    RUN(both_sides_of_a_table);
    RUN(static_answers_by_elimination);
    RUN(closed_form_against_small_steps);
    RUN(the_end_is_static);
    RUN(steps_laws);
    RUN(rates);
    RUN(indices_add_up);
    RUN(what_is_refused);
    return tap_done();
}
