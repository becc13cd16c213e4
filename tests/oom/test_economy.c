/* Every allocation of cleaning a table and of the models on it fails once: each time the call says so, nothing leaks (the sanitizers watch),
 * and the next run is right. */
#include <stdlib.h>

#include "base/alloc.h"
#include "model/economy/adaptive.h"
#include "model/economy/extraction.h"
#include "model/economy/inoperability.h"
#include "model/economy/systemic_risk.h"
#include "tests/support/tables.h"
#include "tests/tap.h"

enum { R = 3, S = 2, N = R * S };

static const char *const regions[] = {"A", "B", "C"}, *const sectors[] = {"x", "y"};
static hf_io_table *sample;

/* A copy of the sample with faults, folded and cleaned. */
static hf_err table_ready(hf_diag *diag, hf_io_table **ret)
{
    static const int of[] = {0, 1, 2};
    hf_err err = HF_OK;
    hf_io_table *raw = NULL, *t = NULL;
    hf_io_report report = {0};
    hf_io_clean_options options = hf_io_clean_options_default();
    hf_io_checks checks;
    HF_TRY(hf_io_table_new(R, S, 1, regions, sectors, "EUR", 1, 2020, &raw));
    memcpy(raw->z, sample->z, sizeof(double) * N * N);
    memcpy(raw->y, sample->y, sizeof(double) * N * R);
    memcpy(raw->x, sample->x, sizeof(double) * N);
    raw->z[3] = -1, raw->y[7] = -2, raw->x[4] *= 1.1;
    HF_TRY(hf_io_fold(raw, of, R, regions, &report, &t));
    HF_TRY(hf_io_clean(t, &options, &report, diag));
    HF_TRY(hf_io_check(t, diag, &checks));
    *ret = t;
    t = NULL;
out:
    hf_io_report_done(&report);
    hf_io_table_free(raw);
    hf_io_table_free(t);
    return err;
}

static hf_err static_models(const hf_io_table *t, hf_diag *diag)
{
    static const int members[] = {1, 4};
    hf_err err = HF_OK;
    hf_leontief *l = NULL;
    double total[N], loss[N];
    HF_TRY(hf_leontief_new(t, 1, diag, &l));
    HF_TRY(hf_leontief_invert(l));
    HF_TRY(hf_extract_each(l, HF_EXTRACT_COMPLETE, 1, NULL, total));
    HF_TRY(hf_extract_set(l, members, 2, HF_EXTRACT_FORWARD, loss));
    HF_TRY(hf_extract_region(l, 1, S, HF_EXTRACT_COMPLETE, loss));
    for (int i = S; i < 2 * S; i++) CHECK_NEAR(loss[i], t->x[i], 1e-9 * t->x[i]);
    HF_TRY(hf_extract_trade(l, 0, 1, S, .5, NULL, loss));
out:
    hf_leontief_free(l);
    return err;
}

static hf_err inoperability(const hf_io_table *t, hf_diag *diag)
{
    static const double tau[N] = {3, 4, 5, 6, 7, 8}, q0[N] = {.1, .2, 0, 0, .3, 0};
    hf_err err = HF_OK;
    hf_iim *iim = NULL;
    hf_diim *d = NULL;
    double a[N * N], k[N], q[N], integral[N];
    hf_iim_coefficients(t, HF_IIM_DEMAND, a);
    HF_TRY(hf_iim_new(N, a, 1, diag, &iim));
    HF_TRY(hf_iim_indices(iim, 2, 1, q, integral));
    HF_TRY(hf_iim_indices(iim, 0, 1, q, integral));
    HF_TRY(hf_diim_rates(iim, tau, NULL, k));
    for (int i = 0; i < N; i++) k[i] *= .5;
    HF_TRY(hf_diim_at(iim, k, q0, NULL, 1e4, q, integral));
    for (int i = 0; i < N; i++) CHECK_NEAR(q[i], 0, 1e-12);
    HF_TRY(hf_diim_new(iim, k, diag, &d));
    hf_diim_step(d, q0);
    CHECK_INT(d->step, 1);
out:
    hf_diim_free(d);
    hf_iim_free(iim);
    return err;
}

static hf_err systemic_risk(const hf_io_table *t, hf_diag *diag)
{
    static const double closed[N] = {0, 1};
    hf_err err = HF_OK;
    hf_systemic *model = NULL;
    hf_systemic_options options = hf_systemic_options_default();
    hf_systemic_result result, all[N];
    HF_TRY(hf_systemic_new_of_table(t, NULL, &options, diag, &model));
    HF_TRY(hf_systemic_run(model, closed, &result, NULL));
    HF_TRY(hf_systemic_sweep(model, 1, NULL, N, NULL, 0, all, NULL));
    CHECK(result.index > 0 && result.index == all[1].index);
out:
    hf_systemic_free(model);
    return err;
}

static hf_err dynamics(const hf_io_table *t, hf_diag *diag)
{
    hf_err err = HF_OK;
    hf_adaptive *model = NULL;
    hf_adaptive_options options = hf_adaptive_options_default();
    hf_adaptive_input input = {.n_regions = R, .n_sectors = S, .n_final = 1, .z = t->z, .y = t->y, .x = t->x, .value_added = t->v};
    hf_adaptive_shock shocks[] = {{.kind = HF_SHOCK_CAPACITY, .region = 0, .sector = -1, .size = .5, .duration = 9},
                                  {.kind = HF_SHOCK_TRADE, .region = -1, .sector = -1, .partner = -1, .size = .5, .duration = 9},
                                  {.kind = HF_SHOCK_DELAY, .region = -1, .sector = -1, .partner = -1, .size = 2.5, .duration = 9}};
    hf_adaptive_scenario scenario = {shocks, 3};
    double trade_lost[N * R], by_day[20 * R * HF_REGION_DAY];
    hf_adaptive_result result = {.trade_lost = trade_lost, .regions_by_day = by_day};
    HF_TRY(hf_adaptive_new(&input, &options, diag, &model));
    HF_TRY(hf_adaptive_run(model, &scenario, 1, 20, NULL, NULL, &result, diag));
    CHECK(result.total_output_lost > 0 && by_day[HF_REGION_DAY_OUTPUT] > 0);
out:
    hf_adaptive_free(model);
    return err;
}

static hf_err whole_run(hf_diag *diag)
{
    hf_err err = HF_OK;
    hf_io_table *t = NULL;
    HF_TRY(table_ready(diag, &t));
    HF_TRY(static_models(t, diag));
    HF_TRY(inoperability(t, diag));
    HF_TRY(systemic_risk(t, diag));
    HF_TRY(dynamics(t, diag));
out:
    hf_io_table_free(t);
    return err;
}

static void every_allocation_fails_once(void)
{
    hf_err err = HF_E_NOMEM;
    long n = 1;
    sample = random_io_table(R, S, 1, .8, 1);
    for (; err == HF_E_NOMEM && n < 10000; n++) {
        hf_diag *diag = NULL;
        if (hf_diag_new(&diag) != HF_OK) abort();
        hf_alloc_fail_at(n);
        err = whole_run(diag);
        hf_alloc_fail_at(0);
        CHECK(err == HF_OK || err == HF_E_NOMEM);
        if (err != HF_OK && err != HF_E_NOMEM) printf("# allocation %ld: %s\n", n, hf_err_text(err));
        hf_diag_free(diag);
    }
    CHECK_INT(err, HF_OK);
    printf("# %ld allocations failed in turn\n", n - 2);
    CHECK(n > 60);
    hf_io_table_free(sample);
}

int main(void)
{
    RUN(every_allocation_fails_once);
    return tap_done();
}
