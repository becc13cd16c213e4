/* Numbers of textbooks and official manuals for the static input-output models, with the table they belong to above each. */
#include <stdlib.h>

#include "model/economy/extraction.h"
#include "model/economy/leontief.h"
#include "tests/support/tables.h"
#include "tests/tap.h"

static hf_leontief *leontief_of(const hf_io_table *table)
{
    hf_leontief *l = NULL;
    CHECK_INT(hf_leontief_new(table, 1, NULL, &l), HF_OK);
    if (!l || hf_leontief_invert(l) != HF_OK) abort();
    return l;
}

/* Miller & Blair, Input-Output Analysis, 2nd edition (2009), tables 2.3 and 2.4 and section 2.3; the Ghosh inverse of the same table is that
 * of section 12.1. */
static void two_sectors_of_the_textbook(void)
{
    static const double z[] = {150, 500, 200, 100}, y[] = {350, 1700}, inverse[] = {1.25412541, .330033, .2640264, 1.12211221},
                        ghosh[] = {1.25412541, .66006601, .1320132, 1.12211221}, other[] = {600, 1500};
    double g[4], x[2];
    hf_io_table *t = small_io_table(2, z, y);
    hf_leontief *l = leontief_of(t);
    CHECK_NEAR(t->x[0], 1000, 0);
    CHECK_NEAR(t->x[1], 2000, 0);
    hf_leontief_ghosh(l, g);
    for (int k = 0; k < 4; k++) {
        CHECK_NEAR(l->inverse[k], inverse[k], 5e-9);
        CHECK_NEAR(g[k], ghosh[k], 5e-9);
    }
    hf_leontief_output(l, other, x);
    CHECK_NEAR(x[0], 1247.5, .05);
    CHECK_NEAR(x[1], 1841.6, .05);
    /* Section 2.3.1, "Other impacts": labour of .3 and .25 a unit of output; the book has the total from rounded outputs. */
    static const double labour[] = {.3, .25};
    double multiplier[2];
    hf_leontief_multipliers(l, labour, multiplier);
    CHECK_NEAR(.3 * x[0], 374.25, .02);
    CHECK_NEAR(.25 * x[1], 460.4, .02);
    CHECK_NEAR(multiplier[0] * other[0] + multiplier[1] * other[1], 374.25 + 460.4, .03);
    hf_leontief_output(l, y, x);
    CHECK_NEAR(x[0], 1000, 1e-9);
    CHECK_NEAR(x[1], 2000, 1e-9);
    hf_leontief_output_from_supply(l, t->v, x);
    CHECK_NEAR(x[0], 1000, 1e-9);
    CHECK_NEAR(x[1], 2000, 1e-9);
    hf_leontief_free(l);
    hf_io_table_free(t);
}

/* Eurostat Manual of Supply, Use and Input-Output Tables (2008), Germany 1995, domestic flows of six branches in million euros: agriculture,
 * industry, construction, trade and transport, finance and business, other services. */
enum { BRANCHES = 6 };
static const double germany_z[BRANCHES * BRANCHES] = {
    1131, 25480, 1, 607, 710, 762, 7930, 304584, 64167, 41082, 11981, 30360, 426, 7334, 3875, 5296, 23457, 9155,
    3559, 72717, 14190, 74399, 10835, 21008, 3637, 96115, 31027, 65755, 193176, 34223, 1552, 14986, 1747, 11225, 15058, 22070};
static const double germany_x[BRANCHES] = {43910, 1079446, 245606, 540063, 692487, 508918};
static const double germany_gva[BRANCHES] = {21664, 395022, 115624, 311407, 415426, 365017};

/* Final demand is what the flows leave of output; value added is that of the manual (imports and taxes are not part of it). */
static hf_io_table *germany(void)
{
    double y[BRANCHES];
    for (int i = 0; i < BRANCHES; i++) {
        y[i] = germany_x[i];
        for (int j = 0; j < BRANCHES; j++) y[i] -= germany_z[i * BRANCHES + j];
    }
    hf_io_table *t = small_io_table(BRANCHES, germany_z, y);
    for (int i = 0; i < BRANCHES; i++) t->v[i] = germany_gva[i];
    return t;
}

static void multipliers_of_germany(void)
{
    static const double output[] = {1.7048, 1.8413, 1.8136, 1.6035, 1.5951, 1.3782}, gva[] = {.8450, .7647, .8615, .9019, .9393, .9199};
    double m[BRANCHES], backward[BRANCHES], forward[BRANCHES];
    hf_io_table *t = germany();
    hf_leontief *l = leontief_of(t);
    hf_leontief_linkages(l, false, backward, forward);
    hf_leontief_multipliers(l, NULL, m);
    for (int i = 0; i < BRANCHES; i++) {
        CHECK_NEAR(m[i], output[i], 5e-5);
        CHECK_NEAR(backward[i], output[i], 5e-5);
    }
    hf_leontief_multipliers(l, l->intensity, m);
    for (int i = 0; i < BRANCHES; i++) CHECK_NEAR(m[i], gva[i], 5e-5);
    hf_leontief_free(l);
    hf_io_table_free(t);
}

/* Output of the table with one branch taken out of A and of final demand, solved anew. */
static double output_without(const hf_io_table *t, int out)
{
    double a[BRANCHES * BRANCHES], y[BRANCHES], x[BRANCHES], sum = 0;
    plain_coefficients(t, a);
    for (int k = 0; k < BRANCHES; k++) {
        a[out * BRANCHES + k] = a[k * BRANCHES + out] = 0;
        y[k] = k == out ? 0 : t->y[k];
    }
    CHECK(plain_output(BRANCHES, a, y, x));
    for (int k = 0; k < BRANCHES; k++) sum += x[k];
    return sum;
}

/* Complete extraction of a branch: Dietzenbacher & Lahr, "Expanding extractions", Economic Systems Research 25 (2013), 341-360; the amounts
 * are computed from the stated table (verification notes of the project). */
static void extraction_of_german_branches(void)
{
    static const double lost[] = {72406.857, 1390742.782, 432910.142};
    double loss[BRANCHES], total[BRANCHES], sum_x = 0;
    hf_io_table *t = germany();
    hf_leontief *l = leontief_of(t);
    for (int i = 0; i < BRANCHES; i++) sum_x += t->x[i];
    CHECK_INT(hf_extract_each(l, HF_EXTRACT_COMPLETE, 1, NULL, total), HF_OK);
    for (int j = 0; j < BRANCHES; j++) {
        double sum = 0, brute = sum_x - output_without(t, j);
        hf_extract_industry(l, j, HF_EXTRACT_COMPLETE, 1, loss);
        for (int i = 0; i < BRANCHES; i++) sum += loss[i];
        CHECK_NEAR(sum, brute, 1e-10 * brute);
        CHECK_NEAR(total[j], brute, 1e-10 * brute);
        if (j < 3) CHECK_NEAR(sum, lost[j], 5e-4);
    }
    hf_leontief_free(l);
    hf_io_table_free(t);
}

int main(void)
{
    RUN(two_sectors_of_the_textbook);
    RUN(multipliers_of_germany);
    RUN(extraction_of_german_branches);
    return tap_done();
}
