/* The world input-output table of 2011 (Timmer, Dietzenbacher, Los, Stehrer, de Vries: "An illustrated user guide to the world input-output
 * database", Review of International Economics 23, 2015, 575-605): 41 regions by 35 sectors, million dollars. Totals and Japan's imports are
 * sums of the published cells; what the models say is held to laws of the table. */
#include <stdlib.h>

#include "model/economy/extraction.h"
#include "model/economy/leontief.h"
#include "model/economy/systemic_risk.h"
#include "tests/support/wiod.h"
#include "tests/tap.h"

enum { REGIONS = WIOD_REGIONS, SECTORS = WIOD_SECTORS, N = WIOD_INDUSTRIES };

static hf_io_table *table;

/* Intermediates of one region bought from another. */
static double bought(int from, int to)
{
    double sum = 0;
    for (int i = from * SECTORS; i < (from + 1) * SECTORS; i++)
        for (int j = to * SECTORS; j < (to + 1) * SECTORS; j++) sum += table->z[(size_t)i * N + (size_t)j];
    return sum;
}

static void totals_and_imports_of_japan(void)
{
    static const struct {
        const char *from;
        double amount;
    } largest[] = {{"CHN", 86787}, {"AUS", 49979}, {"USA", 49318}, {"KOR", 41489}, {"IDN", 28559}};
    hf_io_totals totals = hf_io_totals_of(table);
    int japan = hf_io_region_find(table, "JPN");
    double imports = 0;
    CHECK_NEAR(totals.x, 141767904, 0);
    CHECK_NEAR(totals.z, 72440092, 0);
    for (int r = 0; r < REGIONS; r++)
        if (r != japan) imports += bought(r, japan);
    CHECK_NEAR(imports, 594958, 0);
    for (int k = 0; k < 5; k++) CHECK_NEAR(bought(hf_io_region_find(table, largest[k].from), japan), largest[k].amount, 0);
}

/* Integers, rounded down: gaps of at most 108 a row; 22 industries without output, 352 cells of final demand below 0. */
static void found_as_published(void)
{
    hf_io_checks checks;
    CHECK_INT(hf_io_check(table, NULL, &checks), HF_OK);
    CHECK_INT(checks.n_no_output, 22);
    CHECK_INT(checks.n_negative_y, 352);
    CHECK_INT(checks.n_negative_z, 0);
    CHECK_INT(checks.aggregate, -1);
    CHECK(checks.row_gap_sum > 0 && checks.row_gap_sum < 108.0 * N);
    CHECK_NEAR(checks.radius_a, 0.6101618961551167, 1e-9); /* a plain power method, 400 steps, in another language */
    CHECK_NEAR(checks.radius_a, checks.radius_a_star, 1e-8);
}

static void cleaned(void)
{
    hf_io_clean_options options = hf_io_clean_options_default();
    hf_io_report report = {0};
    hf_io_checks checks;
    CHECK_INT(hf_io_clean(table, &options, &report, NULL), HF_OK);
    CHECK_INT(hf_io_check(table, NULL, &checks), HF_OK);
    CHECK(checks.row_gap < 1e-11 && checks.column_gap < 1e-11);
    CHECK_INT(checks.n_negative_y + checks.n_negative_v + checks.n_negative_z, 0);
    hf_io_summary s = hf_io_report_summary(&report);
    CHECK(s.cells[HF_IO_NEGATIVE_DEMAND] >= 352 && s.cells[HF_IO_ROW_GAP] > 0 && s.cells[HF_IO_VALUE_ADDED_ABSENT] > 0);
    double moved = 0;
    for (size_t k = 0; k < report.n; k++)
        if (report.change[k].place == HF_IO_X) moved += report.change[k].after - report.change[k].before;
    CHECK_NEAR(hf_io_totals_of(table).x - 141767904, moved, 1e-3);
    CHECK(moved > 0 && moved <= 8501); /* more came back than went to final demand in rows that add up to -8,501 */
    hf_io_report_done(&report);
}

/* Final demand gives output again; taking Japan out loses at least its own output; backward and forward each lose less. */
static void japan_taken_out(void)
{
    static double y[N], x[N], loss[3][N];
    hf_leontief *l = NULL;
    int japan = hf_io_region_find(table, "JPN");
    CHECK_INT(hf_leontief_new(table, 2, NULL, &l), HF_OK);
    if (!l) return;
    hf_io_demand(table, y);
    hf_leontief_output(l, y, x);
    for (int i = 0; i < N; i++) CHECK_NEAR(x[i], table->x[i], 1e-12 * table->x[i] + 1e-9);
    CHECK_INT(hf_leontief_invert(l), HF_OK);
    for (int kind = HF_EXTRACT_COMPLETE; kind <= HF_EXTRACT_FORWARD; kind++) CHECK_INT(hf_extract_region(l, japan, SECTORS, kind, loss[kind]), HF_OK);
    for (int i = 0; i < N; i++) {
        CHECK(loss[1][i] <= loss[0][i] + 1e-6 && loss[2][i] <= loss[0][i] + 1e-6 && loss[1][i] >= -1e-6 && loss[2][i] >= -1e-6);
        if (i / SECTORS == japan) CHECK_NEAR(loss[0][i], table->x[i], 1e-9 * table->x[i]);
    }
    hf_leontief_free(l);
}

/* Every country closed in turn: it loses all its output, others not more than theirs, and the world at least what the country makes. */
static void countries_closed(void)
{
    static int country[N];
    static double lost[REGIONS * REGIONS];
    hf_systemic_result results[REGIONS];
    hf_systemic_options options = hf_systemic_options_default();
    hf_systemic *model = NULL;
    unsigned char classes[SECTORS * SECTORS];
    bool lifeline[SECTORS] = {false};
    double own[REGIONS] = {0}, world = hf_io_totals_of(table).x;
    for (int i = 0; i < N; i++) {
        country[i] = i / SECTORS;
        own[country[i]] += table->x[i];
    }
    lifeline[hf_io_sector_find(table, "c17")] = true; /* electricity, gas and water */
    hf_systemic_classes_default(SECTORS, lifeline, classes);
    options.threads = 2;
    CHECK_INT(hf_systemic_new_of_table(table, classes, &options, NULL, &model), HF_OK);
    if (!model) return;
    CHECK_INT(hf_systemic_sweep(model, 1, country, REGIONS, country, REGIONS, results, lost), HF_OK);
    for (int c = 0; c < REGIONS; c++) {
        double sum = 0;
        for (int g = 0; g < REGIONS; g++) {
            CHECK(lost[c * REGIONS + g] >= 0 && lost[c * REGIONS + g] <= own[g] * (1 + 1e-9));
            sum += lost[c * REGIONS + g];
        }
        CHECK_NEAR(lost[c * REGIONS + c], own[c], 1e-9 * own[c]);
        CHECK_NEAR(sum, results[c].index * world, 1e-9 * world);
        CHECK(results[c].index > own[c] / world && results[c].index <= 1);
    }
    hf_systemic_free(model);
}

int main(void)
{
    table = wiod_read();
    if (!table) {
        SKIP("world table of 2011", "../shared/data/trade-mrio is not there");
        return tap_done();
    }
    RUN(totals_and_imports_of_japan);
    RUN(found_as_published);
    RUN(cleaned);
    RUN(japan_taken_out);
    RUN(countries_closed);
    hf_io_table_free(table);
    return tap_done();
}
