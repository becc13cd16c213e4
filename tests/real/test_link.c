/* Hospitals of Eurostat linked to the transmission grid of ENTSO-E's map: medians of the distance to the nearest station of the country (project
 * notes: AT 16.1 km and 103 of 266 beyond 20 km, CZ 15.7, SI 9.6, HU 9.7, BE 9.3, PT 10.1; the median of an even number is the upper one). */
#include <stdlib.h>
#include <sys/stat.h>

#include "datasets/import/import.h"
#include "datasets/link/link.h"
#include "datasets/merge.h"
#include "tests/support/scratch.h"
#include "tests/tap.h"

static const char *shared(const char *name)
{
    static char path[1024];
    const char *root = getenv("HOLDFAST_SHARED");
    snprintf(path, sizeof path, "%s/%s", root ? root : "../shared/data", name);
    return path;
}

static bool is_there(const char *path)
{
    struct stat about;
    return stat(path, &about) == 0;
}

static void import(const char *format, const char *const *files, int n, const char *map, const char *into)
{
    hf_diag *diag = NULL;
    hf_import_options options = {.into = into, .map = map};
    CHECK_INT(hf_diag_new(&diag), HF_OK);
    CHECK_INT(hf_import(format, files, n, &options, diag), HF_OK);
    hf_diag_free(diag);
}

static char grid[1024];

static void grid_import(void)
{
    static const char *const names[] = {"buses", "lines", "links", "transformers", "converters", "generators"};
    char path[6][1100];
    const char *files[6];
    for (int k = 0; k < 6; k++) {
        char name[64];
        snprintf(name, sizeof name, "eu-power-entsoe/%s.csv", names[k]);
        snprintf(path[k], sizeof path[k], "%s", shared(name));
        files[k] = path[k];
    }
    snprintf(grid, sizeof grid, "%s", scratch_path("grid"));
    import("entsoe", files, 6, NULL, grid);
}

static void country(const char *code, double median, double tolerance, int beyond)
{
    char hospitals[1024], both[1024], linked[1024], name[64], file[1100], map[1024];
    const char *files[] = {file}, *parts[] = {hospitals, grid};
    hf_diag *diag = NULL;
    hf_package *package = NULL;
    hf_link_report *report = NULL;
    snprintf(name, sizeof name, "eu-health-finance/healthcare/%s.csv", code);
    snprintf(file, sizeof file, "%s", shared(name));
    snprintf(map, sizeof map, "%s/datasets/data/maps/hospitals.json", getenv("HOLDFAST_SOURCE") ? getenv("HOLDFAST_SOURCE") : ".");
    snprintf(hospitals, sizeof hospitals, "%s-%s", scratch_path("hospitals"), code);
    snprintf(both, sizeof both, "%s-%s", scratch_path("both"), code);
    snprintf(linked, sizeof linked, "%s-%s", scratch_path("linked"), code);
    import("csv", files, 1, map, hospitals);
    CHECK_INT(hf_diag_new(&diag), HF_OK);
    CHECK_INT(hf_merge(parts, NULL, 2, both, diag), HF_OK);
    CHECK_INT(hf_package_open(both, diag, &package), HF_OK);
    if (!package) return;
    CHECK_INT(hf_link(package, scratch_path("rules.csv"), linked, diag, &report), HF_OK);
    CHECK_NEAR(report->rules[0].median_km, median, tolerance);
    if (beyond >= 0) CHECK_INT(report->rules[0].over_20_km, beyond);
    printf("# %s: %d hospitals, median %.2f km, %d beyond 20 km\n", code, report->rules[0].linked, report->rules[0].median_km, report->rules[0].over_20_km);
    hf_link_report_free(report);
    hf_package_free(package);
    hf_diag_free(diag);
}

static void hospitals_to_stations(void)
{
    scratch_text("rules.csv", "rule,user,requirement,supplier\nhospital power,sector=health,power,sector=energy subsector=electricity\n");
    grid_import();
    country("AT", 16.1, 0.05, 103);
    country("CZ", 15.7, 0.05, -1);
    country("SI", 9.6, 0.05, -1);
    country("HU", 9.7, 0.05, -1);
    country("BE", 9.3, 0.05, -1);
    country("PT", 10.1, 0.05, -1);
}

int main(void)
{
    if (!is_there(shared("eu-health-finance/healthcare/AT.csv"))) {
        printf("1..0 # SKIP ../shared/data is not there\n");
        return 0;
    }
    scratch_folder();
    RUN(hospitals_to_stations);
    scratch_done();
    return tap_done();
}
