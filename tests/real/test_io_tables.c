/* Input-output tables of ../shared/data through the importers; totals are those of the project's verification notes ("Input-output") and of
 * the published table of Japan (output 939,674,856 million yen, value added 476,905,256, both sides of the table agree). */
#include <string.h>

#include "datasets/economy.h"
#include "tests/support/imports.h"
#include "tests/support/rows.h"
#include "tests/support/scratch.h"
#include "tests/tap.h"

/* Path of a shared file that outlives the next call; NULL when it is not there. */
static const char *shared(const char *name)
{
    static char paths[8][1024];
    static int next;
    const char *path = shared_path(name);
    if (!path) return NULL;
    char *kept = paths[next++ % 8];
    snprintf(kept, 1024, "%s", path);
    return kept;
}

/* What the industries of one region buy from those of another. */
static double bought(const hf_io_table *t, const char *seller, const char *buyer)
{
    int from = hf_io_region_find(t, seller), to = hf_io_region_find(t, buyer), s = t->n_sectors;
    double sum = 0;
    for (int i = from * s; i < (from + 1) * s; i++)
        for (int j = to * s; j < (to + 1) * s; j++) sum += t->z[(size_t)i * (size_t)t->n_industries + (size_t)j];
    return sum;
}

static double output(const hf_io_table *t, const char *region)
{
    double sum = 0;
    int r = hf_io_region_find(t, region);
    for (int i = r * t->n_sectors; i < (r + 1) * t->n_sectors; i++) sum += t->x[i];
    return sum;
}

static void the_world_in_2011(void)
{
    const char *files[] = {shared("trade-mrio/wiod2011/wiot2011_Z.csv"), shared("trade-mrio/wiod2011/wiot2011_Y.csv"),
                           shared("trade-mrio/wiod2011/wiot2011_x.csv"), shared("trade-mrio/wiod2011/industries.csv"), NULL};
    scratch_folder();
    imported r = import_run("wiod", files, NULL, NULL);
    CHECK_INT(r.err, HF_OK);
    if (r.err == HF_OK) {
        hf_economy *e = hf_package_economy(r.package);
        const hf_io_table *t = e->table;
        static const char *const sellers[] = {"RoW", "CHN", "AUS", "USA", "KOR", "IDN"};
        static const double sold[] = {239529, 86787, 49979, 49318, 41489, 28559};
        hf_io_totals sum = hf_io_totals_of(t);
        double imported_by_japan = 0;
        size_t zeros = 0, below = 0;
        CHECK_INT(t->n_regions, 41);
        CHECK_INT(t->n_sectors, 35);
        CHECK_INT(t->n_demand, 5);
        CHECK_INT(t->year, 2011);
        CHECK_NEAR(sum.x, 141767904, 0);
        CHECK_NEAR(sum.z, 72440092, 0);
        CHECK_NEAR(output(t, "JPN"), 11333409, 0);
        for (int k = 0; k < t->n_regions; k++) imported_by_japan += strcmp(t->region[k], "JPN") ? bought(t, t->region[k], "JPN") : 0;
        CHECK_NEAR(imported_by_japan, 594958, 0);
        for (int k = 0; k < 6; k++) CHECK_NEAR(bought(t, sellers[k], "JPN"), sold[k], 0);
        for (size_t k = 0; k < (size_t)1435 * 1435; k++) zeros += t->z[k] == 0;
        for (size_t k = 0; k < (size_t)1435 * 205; k++) below += t->y[k] < 0;
        CHECK_INT(zeros, 1645700);
        CHECK_INT(below, 352);
        CHECK_STR(e->title[0], "Agriculture, Hunting, Forestry and Fishing");
        hf_io_checks checks;
        CHECK_INT(hf_io_check(e->table, NULL, &checks), HF_OK);
        CHECK_NEAR(checks.radius_a, 0.610161891, 1e-7); /* 120 power iterations in Python on the file itself */
        CHECK(checks.radius_exact);
        CHECK_INT(hf_economy_clean(e, NULL, r.diag), HF_OK);
        CHECK_INT(hf_io_check(e->table, NULL, &checks), HF_OK);
        CHECK(checks.row_gap < 1e-9 && checks.n_negative_y == 0);
    }
    import_done(&r);
}

/* The same table, wide and long, with a byte order mark, quoted names with commas, imports below 0. */
static void japan_in_2011(void)
{
    const char *wide[] = {shared("japan-regional/national-io/iotable_13sector_2011_wider.csv"), NULL};
    const char *lines[] = {shared("japan-regional/national-io/iotable_13sector_2011.csv"), NULL};
    const char *names[] = {shared("japan-regional/national-io/iotable_13sector_2011_wider_ja.csv"), NULL};
    scratch_folder();
    imported a = import_run("io-wide", wide, NULL, "JP");
    scratch_folder();
    imported b = import_run("io-long", lines, NULL, "JP");
    scratch_folder();
    imported c = import_run("io-wide", names, NULL, "JP");
    CHECK(a.err == HF_OK && b.err == HF_OK && c.err == HF_OK);
    if (a.err == HF_OK && b.err == HF_OK && c.err == HF_OK) {
        const hf_io_table *t = hf_package_economy(a.package)->table, *u = hf_package_economy(b.package)->table;
        const hf_io_table *w = hf_package_economy(c.package)->table;
        hf_io_totals sum = hf_io_totals_of(t);
        CHECK_INT(t->n_sectors, 13);
        CHECK_STR(t->sector[0], "01_Agriculture,forestry and fishery");
        CHECK_NEAR(sum.x, 939674856, 0);
        CHECK_NEAR(sum.v, 476905256, 0);
        CHECK_NEAR(sum.y, sum.v, 0);
        CHECK_INT(memcmp(t->z, u->z, 169 * sizeof *t->z), 0);
        CHECK_INT(memcmp(t->z, w->z, 169 * sizeof *t->z), 0);
        CHECK_INT(memcmp(t->v, u->v, 13 * sizeof *t->v), 0);
        CHECK_NEAR(t->y[7], u->y[7], 0);
    }
    import_done(&a);
    import_done(&b);
    import_done(&c);
}

/* 42 prefectures of 2015; five have no table (Ishikawa 17, Fukui 18, Nara 29, Tottori 31, Okinawa 47). */
static void prefectures_in_2015(void)
{
    const char *files[] = {shared("japan-regional/regional-io/IOTable.csv"), NULL};
    scratch_folder();
    imported r = import_run("io-areas", files, NULL, NULL);
    CHECK_INT(r.err, HF_OK);
    if (r.err == HF_OK) {
        const hf_io_table *t = hf_package_economy(r.package)->table;
        CHECK_INT(t->n_regions, 42);
        CHECK_INT(t->n_sectors, 12);
        CHECK_NEAR(t->x[0], 1852363, 0);
        CHECK_NEAR(t->z[0], 314525, 0);
        CHECK_INT(hf_io_region_find(t, "JP-17"), -1);
        CHECK_INT(hf_io_region_find(t, "JP-47"), -1);
    }
    CHECK(import_said(&r, "1 left out: rows without a code") && import_said(&r, "left out: areas that are no prefectures"));
    import_done(&r);
}

int main(void)
{
    if (!shared("trade-mrio/wiod2011/wiot2011_Z.csv")) {
        SKIP("input-output tables", "../shared/data is not there");
        return tap_done();
    }
    RUN(the_world_in_2011);
    RUN(japan_in_2011);
    RUN(prefectures_in_2015);
    scratch_done();
    return tap_done();
}
