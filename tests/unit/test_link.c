/* Nearest places against brute force, and derived links on a small set. */
#include "datasets/link/link.h"

#include <stdlib.h>

#include "base/rng.h"
#include "datasets/link/nearest.h"
#include "tests/support/scratch.h"
#include "tests/tap.h"

enum { PLACES = 400 };

static double haversine(double lat1, double lon1, double lat2, double lon2)
{
    const double p = 3.14159265358979323846 / 180;
    double a = pow(sin((lat2 - lat1) * p / 2), 2) + cos(lat1 * p) * cos(lat2 * p) * pow(sin((lon2 - lon1) * p / 2), 2);
    return 2 * 6371.0088 * asin(sqrt(a));
}

static bool is_even(const void *context, int place)
{
    (void)context;
    return place % 2 == 0;
}

static void nearest_by_brute_force(void)
{
    hf_rng rng = {.seed = 3};
    double lat[PLACES], lon[PLACES];
    hf_globe *globe = NULL;
    for (int i = 0; i < PLACES; i++) {
        lat[i] = i % 50 == 7 ? NAN : -90 + 180 * hf_rng_unit(&rng); /* poles and the date line among them */
        lon[i] = -180 + 360 * hf_rng_unit(&rng);
        if (i % 20 == 0) lat[i] = lat[i / 2], lon[i] = lon[i / 2]; /* same places */
    }
    CHECK_INT(hf_globe_new(PLACES, lat, lon, &globe), HF_OK);
    for (int t = 0; t < 300; t++) {
        double y = -90 + 180 * hf_rng_unit(&rng), x = -180 + 360 * hf_rng_unit(&rng), last = -1;
        hf_globe_found found[5];
        bool even = t % 2;
        int n = hf_globe_nearest(globe, y, x, 5, even ? is_even : NULL, NULL, found);
        CHECK_INT(n, 5);
        for (int k = 0; k < n; k++) {
            int nearer = 0;
            CHECK_NEAR(found[k].km, haversine(y, x, lat[found[k].place], lon[found[k].place]), 1e-5);
            for (int i = 0; i < PLACES; i++)
                nearer += !isnan(lat[i]) && (!even || i % 2 == 0) && haversine(y, x, lat[i], lon[i]) < found[k].km - 1e-6;
            CHECK(nearer <= k && found[k].km >= last);
            last = found[k].km;
        }
    }
    hf_globe_free(globe);
}

/* Along the equator a degree is 111.19 km: plants at 0 and 1 (AT) and 0.2 (HU), an island plant; clinics at 0.1, 0.9, 5. */
static hf_package *small(hf_diag *diag)
{
    hf_package *package = NULL;
    scratch_text("s/datapackage.json", "{\"name\": \"s\", \"title\": \"S\", \"resources\": [{\"name\": \"entities\", \"path\": \"entities.csv\"}]}");
    scratch_text("s/entities.csv", "id,sector,country,region,lat,lon,isolated\np0,energy,AT,R1,0,0,\np1,energy,AT,R1,0,1,\nph,energy,HU,R2,0,0.2,\n"
                                   "pi,energy,AT,ISL,0,4.9,yes\nc1,health,AT,R1,0,0.1,\nc2,health,AT,R1,0,0.9,\nc3,health,AT,R1,0,5,\nc4,health,AT,R1,,,\n");
    CHECK_INT(hf_package_open(scratch_path("s"), diag, &package), HF_OK);
    return package;
}

static void rules_are_applied(void)
{
    hf_diag *diag = NULL;
    hf_link_report *report = NULL;
    char into[1024];
    CHECK_INT(hf_diag_new(&diag), HF_OK);
    hf_package *package = small(diag), *linked = NULL;
    scratch_text("rules.csv", "rule,user,requirement,supplier,k,needed,within_km,abroad,over_water\n"
                              "near,sector=health,power,sector=energy,1,1,30,no,no\nany,sector=health,backup,sector=energy,2,2,,yes,yes\n"
                              "again,sector=health,power,sector=energy,1,1,,yes,yes\n");
    snprintf(into, sizeof into, "%s", scratch_path("linked"));
    CHECK_INT(hf_link(package, scratch_path("rules.csv"), into, diag, &report), HF_OK);
    CHECK_INT(report->rules[0].linked, 2);
    CHECK_INT(report->rules[0].n_unconnected, 1); /* c3: the plant near it is on an island */
    CHECK_INT(report->rules[0].unplaced, 1);
    CHECK_NEAR(report->rules[0].median_km, 11.119, 0.001);
    CHECK_INT(report->rules[1].links, 6);
    CHECK_INT(report->rules[2].had, 2); /* linked by the first rule */
    CHECK_INT(report->rules[2].linked, 1);
    CHECK_INT(hf_package_open(into, diag, &linked), HF_OK);
    const hf_table *supplies = hf_package_table(linked, "supplies");
    CHECK_STR(hf_table_cell(supplies, 0, hf_table_column(supplies, "supplier")).text, "p0");
    CHECK_STR(hf_table_cell(supplies, 0, hf_table_column(supplies, "distance_km")).text, "11.120");
    CHECK_STR(hf_table_cell(supplies, 0, hf_table_column(supplies, "derived")).text, "rule near: nearest 1 of the country");
    const char *two[] = {hf_table_cell(supplies, 2, hf_table_column(supplies, "supplier")).text,
                         hf_table_cell(supplies, 3, hf_table_column(supplies, "supplier")).text};
    CHECK(strcmp(two[0], "ph") == 0 || strcmp(two[1], "ph") == 0); /* abroad is allowed; p0 is as near */
    CHECK_STR(hf_table_cell(supplies, 3, hf_table_column(supplies, "share")).text, "1/2");
    CHECK_INT(hf_package_network(linked)->n_supplies, 9);
    hf_link_report_free(report);
    hf_package_free(linked);
    hf_package_free(package);
    hf_diag_free(diag);
}

static void published_tables_are_read(void)
{
    hf_diag *diag = NULL;
    hf_link_report *report = NULL;
    char into[1024];
    hf_package *package = NULL;
    CHECK_INT(hf_diag_new(&diag), HF_OK);
    scratch_text("t/datapackage.json", "{\"name\": \"t\", \"title\": \"T\", \"resources\": [{\"name\": \"entities\", \"path\": \"entities.csv\"}]}");
    scratch_text("t/entities.csv", "id,sector,subsector,country,lat,lon\nl,energy,power_line,AT,0,0\nt,digital,celltower,AT,0,0.1\n"
                                   "f,digital,celltower,AT,0,3\n");
    CHECK_INT(hf_package_open(scratch_path("t"), diag, &package), HF_OK);
    scratch_text("published.csv", "Dep,source,target,single_link,access_cnstr,type_I,type_II,thresh_func,thresh_dist\n"
                                  "1,power_line,celltower,TRUE,FALSE,functional,physical,0.6,40000\n");
    snprintf(into, sizeof into, "%s", scratch_path("t2"));
    CHECK_INT(hf_link(package, scratch_path("published.csv"), into, diag, &report), HF_OK);
    CHECK_INT(report->rules[0].linked, 1);
    CHECK_INT(report->rules[0].n_unconnected, 1); /* 333 km away, 40 allowed */
    hf_link_report_free(report);
    hf_package_free(package);
    hf_diag_free(diag);
}

static void refused(const char *rules, const char *expected)
{
    hf_diag *diag = NULL;
    hf_link_report *report = NULL;
    char into[1024];
    CHECK_INT(hf_diag_new(&diag), HF_OK);
    hf_package *package = small(diag);
    scratch_text("bad.csv", rules);
    snprintf(into, sizeof into, "%s", scratch_path("never"));
    CHECK(hf_link(package, scratch_path("bad.csv"), into, diag, &report) != HF_OK);
    char *text = findings_text(diag);
    if (!strstr(text, expected)) CHECK_STR(text, expected);
    free(text);
    hf_package_free(package);
    hf_diag_free(diag);
}

static void wrong_rules_are_named(void)
{
    refused("rule,user,requirement\na,sector=health,power\n", "error bad.csv:1:1: column \"supplier\" is missing");
    refused("rule,user,requirement,supplier,k\na,sector=health,power,sector=energy,0\n",
            "error bad.csv:2:1: k \"0\" (allowed: a whole number from 1 to 64)\n");
    refused("rule,user,requirement,supplier,within_km\na,sector=health,power,sector=energy,near\n",
            "error bad.csv:2:1: within_km \"near\" (allowed: km, 0 or more)\n");
    refused("rule,user,requirement,supplier,abroad\na,sector=health,power,sector=energy,perhaps\n",
            "error bad.csv:2:1: abroad \"perhaps\" (allowed: yes or no)\n");
    refused("rule,user,requirement,supplier,curve\na,sector=health,power,sector=energy,5:2\n", "in the linked package: curve");
}

int main(void)
{
    scratch_folder();
    RUN(nearest_by_brute_force);
    RUN(rules_are_applied);
    RUN(published_tables_are_read);
    RUN(wrong_rules_are_named);
    scratch_done();
    return tap_done();
}
