/* Published numbers of the inoperability model, with the paper above each. */
#include <stdlib.h>

#include "model/economy/inoperability.h"
#include "tests/support/tables.h"
#include "tests/tap.h"

static hf_iim *iim_of(int n, const double *a)
{
    hf_iim *iim = NULL;
    CHECK_INT(hf_iim_new(n, a, 1, NULL, &iim), HF_OK);
    if (!iim) abort();
    return iim;
}

static void answers(int n, const double *a, const double *c, const double *expected, double tolerance)
{
    double q[8];
    hf_iim *iim = iim_of(n, a);
    hf_iim_solve(iim, c, q);
    for (int i = 0; i < n; i++) CHECK_NEAR(q[i], expected[i], tolerance);
    hf_iim_free(iim);
}

static const double four[] = {0, .9, 0, 0, .4, 0, 0, 0, 1, .8, 0, 0, 1, .9, 0, 0};
static const double three[] = {0, 0, .3, .4, 0, 0, .2, .6, 0};
static const double two[] = {.15, .5, .1, .05};

/* Haimes & Jiang, "Leontief-based model of risk in complex interconnected infrastructures", Journal of Infrastructure Systems 7 (2001),
 * examples of two and of four systems. */
static void haimes_and_jiang(void)
{
    static const double a[] = {0, .8, .2, 0}, c[] = {0, .6}, q[] = {.571429, .714286};
    static const double hit[] = {0, .5, 0, 0}, all[] = {.703125, .78125, 1.328125, 1.40625};
    double limited[4];
    hf_diag *diag = NULL;
    if (hf_diag_new(&diag) != HF_OK) abort();
    answers(2, a, c, q, 5e-7);
    answers(4, four, hit, all, 1e-12);
    memcpy(limited, all, sizeof limited);
    CHECK_INT(hf_iim_clip(4, limited, NULL, diag), 2);
    CHECK_NEAR(limited[1], .78125, 0);
    CHECK_NEAR(limited[2], 1, 0);
    CHECK_NEAR(limited[3], 1, 0);
    CHECK_INT(hf_diag_count(diag, HF_WARNING), 2);
    CHECK_STR(hf_diag_get(diag, 0)->text, "inoperability of system 3 is 1.32812: taken as 1");
    hf_diag_free(diag);
}

/* Santos & Haimes, Risk Analysis 24 (2004); Lian & Haimes, Systems Engineering 9 (2006). */
static void santos_lian_and_haimes(void)
{
    static const double c3[] = {0, 0, .12}, q3[] = {.041475, .016590, .138249}, c2[] = {0, .1}, q2[] = {.066007, .112211};
    answers(3, three, c3, q3, 5e-7);
    answers(2, two, c2, q2, 5e-7);
}

/* Xu, Hong, He, Wang, Chen, "Supply-driven dynamic inoperability input-output price model for interdependent infrastructure systems", Journal
 * of Infrastructure Systems 17 (2011): electricity, rail, water, gas; first row of the technical coefficients. Demand-side coefficients are
 * the same flows over the seller's output; the supply side in shares is the transposed of the technical coefficients. */
static void four_sectors(void)
{
    static const double z[] = {175, 280, 280, 140, 140, 315, 350, 280, 245, 140, 280, 140, 175, 280, 105, 280};
    static const double x[] = {1225, 1610, 1085, 1015}, row[] = {.142857, .173913, .258065, .137931};
    /* equation 34, to the two digits that are printed (one of them is off by a unit) */
    static const double printed[] = {.14, .11, .20, .14, .17, .20, .10, .17, .26, .32, .26, .10, .14, .28, .14, .28};
    double y[4], supply[16], demand[16];
    for (int i = 0; i < 4; i++) y[i] = x[i] - z[4 * i] - z[4 * i + 1] - z[4 * i + 2] - z[4 * i + 3];
    hf_io_table *t = small_io_table(4, z, y);
    hf_iim_coefficients(t, HF_IIM_SUPPLY, supply);
    hf_iim_coefficients(t, HF_IIM_DEMAND, demand);
    for (int j = 0; j < 4; j++) {
        CHECK_NEAR(t->x[j], x[j], 1e-9);
        CHECK_NEAR(supply[4 * j], row[j], 5e-7);
        CHECK_NEAR(demand[j], z[j] / 1225, 1e-15);
    }
    for (int k = 0; k < 16; k++) CHECK_NEAR(supply[k], printed[k], .015);
    hf_io_table_free(t);
}

/* Lian & Haimes (2006), the dynamic model in steps: rates of .2, the second sector hit by .1 from step 0 to 30. */
static void steps(void)
{
    static const double k[] = {.2, .2}, c[] = {0, .1};
    hf_iim *iim = iim_of(2, two);
    hf_diim *d = NULL;
    CHECK_INT(hf_diim_new(iim, k, NULL, &d), HF_OK);
    if (!d) abort();
    hf_diim_step(d, c);
    CHECK_NEAR(d->q[0], 0, 1e-15);
    CHECK_NEAR(d->q[1], .02, 1e-15);
    hf_diim_step(d, c);
    CHECK_NEAR(d->q[0], .002, 1e-15);
    CHECK_NEAR(d->q[1], .0362, 1e-15);
    while (d->step < 30) hf_diim_step(d, c);
    CHECK_NEAR(d->q[0], .063893, 5e-7);
    CHECK_NEAR(d->q[1], .111413, 5e-7);
    hf_diim_free(d);
    hf_iim_free(iim);
}

/* The same two sectors hit for 30 of 100 steps: inoperability summed over the steps, with the numbers of test case 12 of a published
 * implementation (S. R. Sellevag, github.com/stigrs/diim, tests/test_diim.cpp, to 1e-6; summed there by Simpson's rule). */
static void impact(void)
{
    static const double k[] = {.2, .2}, c[] = {0, .1}, expected[] = {1.980144350, 3.366317449};
    hf_iim *iim = iim_of(2, two);
    hf_diim *d = NULL;
    CHECK_INT(hf_diim_new(iim, k, NULL, &d), HF_OK);
    if (!d) abort();
    while (d->step < 99) hf_diim_step(d, d->step < 30 ? c : NULL);
    for (int i = 0; i < 2; i++) CHECK_NEAR(d->integral[i], expected[i], 1e-6);
    hf_diim_free(d);
    hf_iim_free(iim);
}

/* The system of three, recovering from (0, 0, .12) at the rate of 99 % in 60 days for each alone, day by day (Lian & Haimes 2006). */
static void recovery(void)
{
    static const double tau[] = {60, 60, 60}, q0[] = {0, 0, .12}, ten[] = {.0135454, .0020195, .0552740}, fifty[] = {.0037959, .0025982, .0054517};
    double k[3];
    hf_iim *iim = iim_of(3, three);
    hf_diim *d = NULL;
    CHECK_INT(hf_diim_rates(iim, tau, NULL, k), HF_OK);
    for (int i = 0; i < 3; i++) CHECK_NEAR(k[i], .0767528, 5e-8);
    CHECK_INT(hf_diim_new(iim, k, NULL, &d), HF_OK);
    if (!d) abort();
    memcpy(d->q, q0, sizeof q0);
    while (d->step < 10) hf_diim_step(d, NULL);
    for (int i = 0; i < 3; i++) CHECK_NEAR(d->q[i], ten[i], 5e-8);
    while (d->step < 50) hf_diim_step(d, NULL);
    for (int i = 0; i < 3; i++) CHECK_NEAR(d->q[i], fifty[i], 5e-8);
    hf_diim_free(d);
    hf_iim_free(iim);
}

/* Setola, De Porcellinis & Sforna, International Journal of Critical Infrastructure Protection 2 (2009): indices of the four systems. */
static void indices(void)
{
    static const double dependency[] = {.3, .1333, .6, .6333}, influence[] = {.8, .8667, 0, 0}, overall[] = {.4688, .2083, 1.5729, 1.6458};
    double d[4], r[4];
    hf_iim *iim = iim_of(4, four);
    CHECK_NEAR(iim->radius, .6, 1e-9);
    CHECK_INT(hf_iim_indices(iim, 1, 1, d, r), HF_OK);
    for (int i = 0; i < 4; i++) {
        CHECK_NEAR(d[i], dependency[i], 5e-5);
        CHECK_NEAR(r[i], influence[i], 5e-5);
    }
    CHECK_INT(hf_iim_indices(iim, 0, 1, d, NULL), HF_OK);
    for (int i = 0; i < 4; i++) CHECK_NEAR(d[i], overall[i], 5.1e-5);
    /* Third order: the cells (1,2) .324, (2,1) .144, (3,1) .36, (3,2) .288, (4,1) .36 are in test cases 8 and 9 of the implementation above. */
    CHECK_INT(hf_iim_indices(iim, 3, 1, d, r), HF_OK);
    CHECK_NEAR(d[0], .324 / 3, 1e-12);
    CHECK_NEAR(d[1], .144 / 3, 1e-12);
    CHECK_NEAR(d[2], (.36 + .288) / 3, 1e-12);
    CHECK_NEAR(r[0], (.144 + .36 + .36) / 3, 1e-12);
    CHECK_NEAR(r[2] + r[3], 0, 1e-15);
    hf_iim_free(iim);
}

int main(void)
{
    RUN(haimes_and_jiang);
    RUN(santos_lian_and_haimes);
    RUN(four_sectors);
    RUN(steps);
    RUN(impact);
    RUN(recovery);
    RUN(indices);
    return tap_done();
}
