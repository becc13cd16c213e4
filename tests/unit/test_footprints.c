/* Areas with an intensity and fragility curves: who is damaged, and how likely. */
#include <stdlib.h>

#include "datasets/package.h"
#include "tests/support/scratch.h"
#include "tests/tap.h"

#define SQUARE "[[0,0],[10,0],[10,10],[0,10],[0,0]]"
#define HOLE "[[4,4],[6,4],[6,6],[4,6],[4,4]]"
#define FEATURE(hazard, intensity, geometry)                                                                                               \
    "{\"type\":\"Feature\",\"properties\":{\"hazard\":\"" hazard "\",\"intensity\":" intensity "},\"geometry\":" geometry "}"

static const char metadata[] =
    "{\"name\": \"f\", \"title\": \"F\", \"resources\": [{\"name\": \"entities\", \"path\": \"entities.csv\"}, {\"name\": \"hazards\", \"path\": "
    "\"hazards.csv\"}, {\"name\": \"hazard_damage\", \"path\": \"hazard_damage.csv\"}, {\"name\": \"fragility\", \"path\": \"fragility.csv\"}, "
    "{\"name\": \"footprints\", \"path\": \"footprints.geojson\"}]}";

static void write_set(const char *features, const char *fragility)
{
    char text[4096];
    scratch_text("datapackage.json", metadata);
    scratch_text("entities.csv", "id,sector,country,lat,lon\nin,energy,AT,2,2\nhole,energy,AT,5,5\nout,energy,AT,20,20\nwater,drinking_water,AT,3,3\n"
                                 "nowhere,energy,AT,,\nlisted,energy,AT,1,1\n");
    scratch_text("hazards.csv", "hazard,frequency_per_year\nquake,0.1\nflood,0.2\n");
    scratch_text("hazard_damage.csv", "hazard,entity,probability\nquake,listed,0.125\n");
    scratch_text("fragility.csv", fragility);
    snprintf(text, sizeof text, "{\"type\":\"FeatureCollection\",\"features\":[%s]}", features);
    scratch_text("footprints.geojson", text);
}

/* Probability with which a hazard damages an entity; 0 when it does not. */
static double damage_of(const hf_network *net, const char *hazard, const char *entity)
{
    for (int z = 0; z < net->n_hazards; z++)
        for (int d = net->hazard_off[z]; d < net->hazard_off[z + 1]; d++)
            if (strcmp(net->hazard_id[z], hazard) == 0 && net->damage_entity[d] == hf_network_find(net, entity)) return net->damage_probability[d];
    return 0;
}

static const char curves[] = "hazard,sector,median,beta,severity,repair_h\nquake,drinking_water,0.2,0.5,0.6,48\n,,0.4,0.6,,\n";

static void who_is_inside(void)
{
    hf_diag *diag = NULL;
    hf_package *package = NULL;
    CHECK_INT(hf_diag_new(&diag), HF_OK);
    write_set(FEATURE("quake", "0.4", "{\"type\":\"Polygon\",\"coordinates\":[" SQUARE "," HOLE "]}") ","
              FEATURE("quake", "0.2", "{\"type\":\"MultiPolygon\",\"coordinates\":[[" SQUARE "]]}") ","
              "{\"type\":\"Feature\",\"properties\":{\"hazard\":\"flood\",\"intensity\":0.8,\"radius_km\":120},"
              "\"geometry\":{\"type\":\"Point\",\"coordinates\":[20,21]}}", curves);
    CHECK_INT(hf_package_open(scratch_path(""), diag, &package), HF_OK);
    if (!package) return;
    const hf_network *net = hf_package_network(package);
    CHECK_NEAR(damage_of(net, "quake", "in"), 0.5, 1e-12); /* the intensity is the median */
    CHECK_NEAR(damage_of(net, "quake", "hole"), 0.12399499, 1e-7); /* Phi(ln(0.2 / 0.4) / 0.6) = Phi(-1.15525) */
    CHECK_NEAR(damage_of(net, "quake", "water"), 0.91717148, 1e-7); /* Phi(ln 2 / 0.5) = Phi(1.38629) */
    CHECK_NEAR(damage_of(net, "quake", "out"), 0, 0);
    CHECK_NEAR(damage_of(net, "quake", "nowhere"), 0, 0);
    CHECK_NEAR(damage_of(net, "quake", "listed"), 0.125, 0); /* a row of hazard_damage goes before */
    CHECK_NEAR(damage_of(net, "flood", "out"), 0.87600501, 1e-7); /* 111 km away: Phi(1.15525) */
    CHECK_NEAR(damage_of(net, "flood", "in"), 0, 0);
    hf_package_free(package);
    hf_diag_free(diag);
}

static void refused(const char *features, const char *fragility, const char *expected)
{
    hf_diag *diag = NULL;
    hf_package *package = NULL;
    CHECK_INT(hf_diag_new(&diag), HF_OK);
    write_set(features, fragility);
    CHECK_INT(hf_package_open(scratch_path(""), diag, &package), HF_E_DATA);
    char *text = findings_text(diag);
    if (!strstr(text, expected)) CHECK_STR(text, expected);
    free(text);
    hf_package_free(package);
    hf_diag_free(diag);
}

static void wrong_areas_are_named(void)
{
    const char *good = FEATURE("quake", "0.4", "{\"type\":\"Polygon\",\"coordinates\":[" SQUARE "]}");
    refused(FEATURE("quake", "0.4", "{\"type\":\"Polygon\",\"coordinates\":[[[0,0],[200,0],[1,1],[0,0]]]}"), curves, "footprints.geojson:1:");
    refused(FEATURE("quake", "0.4", "{\"type\":\"Polygon\"}"), curves, "a footprint needs the coordinates");
    refused(FEATURE("quake", "0.4", "null"), curves, "a footprint needs the coordinates");
    refused(FEATURE("quake", "-1", "{\"type\":\"Polygon\",\"coordinates\":[" SQUARE "]}"), curves, "\"intensity\" (above 0)");
    refused(FEATURE("storm", "1", "{\"type\":\"Polygon\",\"coordinates\":[" SQUARE "]}"), curves, "storm");
    refused(FEATURE("quake", "1", "{\"type\":\"Polygon\",\"coordinates\":[[[50,50],[51,50],[51,51],[50,50]]]}"), curves,
            "footprints of hazard \"quake\" damage nobody");
    refused(good, "hazard,sector,median,beta\nquake,,0,0.5\n", "error fragility.csv:2:1: median 0 and beta 0.5 of a fragility curve must be above 0\n");
    refused(good, "hazard,sector,median,beta\nquake,,x,0.5\n", "fragility.csv:2:8: median \"x\" is not a number");
    scratch_text("footprints.geojson", "[1, 2]");
}

int main(void)
{
    scratch_folder();
    RUN(who_is_inside);
    RUN(wrong_areas_are_named);
    scratch_done();
    return tap_done();
}
