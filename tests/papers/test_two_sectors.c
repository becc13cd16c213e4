/* The economy of two industries of Miller and Blair, Input-Output Analysis, 2nd edition (2009), section 2.3 (tables 2.3 and 2.4), through the
 * data package datasets/data/textbook/two-sectors: output for the final demand (600, 1500) is (1247.5, 1841.6) as printed. */
#include <stdlib.h>

#include "datasets/economy.h"
#include "datasets/package.h"
#include "model/economy/leontief.h"
#include "tests/tap.h"

static void output_for_a_new_demand(void)
{
    char path[512];
    hf_diag *diag = NULL;
    hf_package *package = NULL;
    hf_leontief *leontief = NULL;
    const double demand[2] = {600, 1500}, old_demand[2] = {350, 1700};
    double x[2] = {0, 0};
    snprintf(path, sizeof path, "%s/datasets/data/textbook/two-sectors", getenv("HOLDFAST_SOURCE") ? getenv("HOLDFAST_SOURCE") : ".");
    if (hf_diag_new(&diag) != HF_OK) abort();
    CHECK_INT(hf_package_open(path, diag, &package), HF_OK);
    if (!package) return;
    CHECK_INT(hf_diag_kept(diag), 0);
    hf_economy *e = hf_package_economy(package);
    CHECK_INT(hf_economy_clean(e, NULL, diag), HF_OK);
    CHECK_INT(e->report.n, 0); /* it balances as printed */
    CHECK_INT(hf_leontief_new(e->table, 1, diag, &leontief), HF_OK);
    hf_leontief_output(leontief, demand, x);
    CHECK_NEAR(x[0], 1247.5, 0.05);
    CHECK_NEAR(x[1], 1841.6, 0.05);
    hf_leontief_output(leontief, old_demand, x);
    CHECK_NEAR(x[0], 1000, 1e-9);
    CHECK_NEAR(x[1], 2000, 1e-9);
    hf_leontief_free(leontief);
    hf_package_free(package);
    hf_diag_free(diag);
}

int main(void)
{
    RUN(output_for_a_new_demand);
    return tap_done();
}
