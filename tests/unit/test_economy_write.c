/* A table that is written with its package comes back the same, and balanced when it was balanced. */
#include "datasets/economy_write.h"

#include <stdlib.h>

#include "model/economy/ras.h"
#include "tests/support/scratch.h"
#include "tests/tap.h"

static hf_package *opened(const char *path)
{
    hf_diag *diag = NULL;
    hf_package *package = NULL;
    CHECK_INT(hf_diag_new(&diag), HF_OK);
    CHECK_INT(hf_package_open(path, diag, &package), HF_OK);
    hf_diag_free(diag);
    return package;
}

static double largest_gap(const hf_io_table *t)
{
    double gap = 0;
    for (int f = 0; f < t->n_industries; f++) {
        double sum = 0;
        for (int g = 0; g < t->n_industries; g++) sum += t->z[(size_t)f * (size_t)t->n_industries + (size_t)g];
        for (int c = 0; c < t->n_demand_columns; c++) sum += t->y[(size_t)f * (size_t)t->n_demand_columns + (size_t)c];
        gap = fmax(gap, fabs(sum - t->x[f]) / t->x[f]);
    }
    return gap;
}

static void written_and_read(void)
{
    char source[1024], into[1024];
    hf_diag *diag = NULL;
    hf_ras_result r;
    snprintf(source, sizeof source, "%s/datasets/data/danube", getenv("HOLDFAST_SOURCE") ? getenv("HOLDFAST_SOURCE") : ".");
    snprintf(into, sizeof into, "%s", scratch_path("balanced"));
    hf_package *package = opened(source);
    hf_economy *economy = hf_package_economy(package);
    hf_io_table *table = economy->table;
    size_t n = (size_t)table->n_industries;
    CHECK_INT(hf_diag_new(&diag), HF_OK);
    for (size_t k = 0; k < n * n; k++) table->z[k] *= 1 + 0.02 * ((double)(k * 7919 % 11) - 5) / 5; /* what a typist does to a table */
    CHECK(largest_gap(table) > 1e-3);
    const hf_io_margins margins = {0};
    CHECK_INT(hf_io_balance(table, &margins, NULL, NULL, diag, &r), HF_OK);
    CHECK_INT(hf_economy_write(package, economy, table, into, diag), HF_OK);
    CHECK_INT(hf_economy_write(package, economy, table, into, diag), HF_E_EXISTS);
    hf_package *back = opened(into);
    const hf_io_table *again = hf_package_economy(back)->table;
    CHECK(largest_gap(again) < 1e-8);
    for (size_t k = 0; k < n * n; k++) CHECK_NEAR(again->z[k], table->z[k], 2e-9 * table->x[0]);
    for (size_t f = 0; f < n; f++) {
        CHECK_NEAR(again->x[f], table->x[f], 0);
        CHECK_NEAR(again->v[f], table->v[f], 0);
    }
    CHECK_INT(hf_package_economy(back)->n_links, economy->n_links);
    CHECK_INT(hf_package_network(back)->n_entities, hf_package_network(package)->n_entities);
    hf_package_free(back);
    hf_package_free(package);
    hf_diag_free(diag);
}

int main(void)
{
    scratch_folder();
    RUN(written_and_read);
    scratch_done();
    return tap_done();
}
