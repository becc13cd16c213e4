/* Importers on the real files of ../shared/data; the counts are those of the project's verification notes ("Structure"). */
#include <glob.h>
#include <stdlib.h>

#include "tests/support/imports.h"
#include "tests/support/rows.h"
#include "tests/support/scratch.h"
#include "tests/tap.h"

/* Path of a shared file that outlives the next call; NULL when it is not there. */
static const char *shared(const char *name)
{
    static char paths[16][1024];
    static int next;
    const char *path = shared_path(name);
    if (!path) return NULL;
    char *kept = paths[next++ % 16];
    snprintf(kept, 1024, "%s", path);
    return kept;
}

static const char *map_path(const char *name)
{
    static char path[512];
    snprintf(path, sizeof path, "%s/datasets/data/maps/%s", getenv("HOLDFAST_SOURCE") ? getenv("HOLDFAST_SOURCE") : ".", name);
    return path;
}

static void the_european_grid(void)
{
    const char *files[] = {shared("eu-power-entsoe/buses.csv"),        shared("eu-power-entsoe/lines.csv"),      shared("eu-power-entsoe/links.csv"),
                           shared("eu-power-entsoe/transformers.csv"), shared("eu-power-entsoe/converters.csv"), shared("eu-power-entsoe/generators.csv"),
                           NULL};
    scratch_folder();
    imported r = import_run("entsoe", files, NULL, NULL);
    CHECK_INT(r.err, HF_OK);
    if (r.err == HF_OK) {
        CHECK_INT(r.net->n_cnodes, 8807);
        CHECK_INT(r.net->n_clines + 1, 12258); /* one leads from a bus to itself and is left out, by name */
        CHECK(import_said(&r, "1 left out: lines from a bus to itself"));
        CHECK_INT(r.structure->n_components, 138);
        CHECK_INT(r.structure->largest_component, 8422);
    }
    import_done(&r);
}

static void the_european_gas_network(void)
{
    const char *files[] = {shared("eu-gas-iggin/IGGIN_Nodes.csv"), shared("eu-gas-iggin/IGGIN_PipeSegments.csv"), shared("eu-gas-iggin/IGGIN_Storages.csv"),
                           shared("eu-gas-iggin/IGGIN_LNGs.csv"), NULL};
    scratch_folder();
    imported r = import_run("iggin", files, NULL, NULL);
    CHECK_INT(r.err, HF_OK);
    if (r.err == HF_OK) {
        CHECK_INT(r.net->n_cnodes, 721);
        CHECK_INT(r.net->n_clines + 1, 962); /* one pipe leads from a node to itself */
        CHECK_INT(r.structure->n_components, 18);
        CHECK_INT(r.structure->largest_component, 661);
    }
    import_done(&r);
}

static void airports_and_routes(void)
{
    const char *files[] = {shared("transport-air-ports/openflights/airports.dat"), shared("transport-air-ports/openflights/routes.dat"),
                           shared("transport-air-ports/openflights/countries.dat"), NULL};
    scratch_folder();
    imported r = import_run("openflights", files, NULL, NULL);
    CHECK_INT(r.err, HF_OK);
    if (r.err == HF_OK) {
        CHECK_INT(r.net->n_cnodes, 3214);
        CHECK_INT(r.net->n_clines + 1, 36907); /* one route leads from an airport to itself */
        CHECK_INT(r.structure->largest_component, 3188);
        CHECK(import_country(&r, "NA") > 0); /* Namibia, not a missing value */
    }
    import_done(&r);
}

static void the_grid_of_japan(void)
{
    const char *files[] = {shared("japan-regional/power-grid/highvoltage_vertices.csv"), shared("japan-regional/power-grid/highvoltage_links.csv"), NULL};
    scratch_folder();
    imported r = import_run("csv", files, map_path("japan-grid.json"), NULL);
    CHECK_INT(r.err, HF_OK);
    if (r.err == HF_OK) {
        CHECK_INT(r.net->n_cnodes, 687);
        CHECK_INT(r.net->n_clines, 853);
        CHECK_INT(r.structure->n_components, 16);
        CHECK_INT(r.structure->largest_component, 625);
    }
    import_done(&r);
}

static void ports_of_the_world(void)
{
    const char *files[] = {shared("transport-air-ports/wpi/world_port_index.csv"), NULL};
    scratch_folder();
    imported r = import_run("csv", files, map_path("world-port-index.json"), NULL);
    CHECK_INT(r.err, HF_OK);
    if (r.err == HF_OK) {
        CHECK_INT(r.net->n_entities, 3669);
        CHECK_INT(import_country(&r, "JP"), 163);
        CHECK_INT(import_country(&r, "ID"), 123);
        CHECK(import_country(&r, "NA") > 0);
    }
    import_done(&r);
}

static void prefectures_and_their_borders(void)
{
    const char *files[] = {shared("japan-regional/land/japan.topojson"), NULL};
    scratch_folder();
    imported r = import_run("topojson", files, NULL, NULL);
    CHECK_INT(r.err, HF_OK);
    if (r.err == HF_OK) {
        int nagano = hf_network_find(r.net, "JP-20"), node = nagano < 0 ? 0 : r.net->ent_cnode[r.net->ent_cnode_off[nagano]];
        CHECK_INT(r.net->n_entities, 47);
        CHECK_INT(r.net->n_clines, 87);
        CHECK(nagano >= 0 && r.net->cadj_off[node + 1] - r.net->cadj_off[node] == 8);
        CHECK(import_said(&r, "JP-01 borders no other area by land") && import_said(&r, "JP-47 borders no other area by land"));
    }
    import_done(&r);
}

static void shelby_county(void)
{
    const char *files[] = {shared("shelby-indp/extended/PowerNodes.csv"), shared("shelby-indp/extended/PowerArcs.csv"),
                           shared("shelby-indp/extended/WaterNodes.csv"), shared("shelby-indp/extended/WaterArcs.csv"),
                           shared("shelby-indp/extended/GasNodes.csv"), shared("shelby-indp/extended/GasArcs.csv"),
                           shared("shelby-indp/extended/TelecommunicationNodes.csv"), shared("shelby-indp/extended/TelecommunicationArcs.csv"),
                           shared("shelby-indp/extended/Interdep.csv"), NULL};
    scratch_folder();
    imported r = import_run("indp", files, NULL, NULL);
    CHECK_INT(r.err, HF_OK);
    if (r.err == HF_OK) {
        CHECK_INT(r.net->n_entities, 75 + 49 + 16 + 27);
        CHECK_INT(r.net->n_clines, 93 + 71 + 17 + 36);
        CHECK_INT(r.net->n_supplies, 73);
    }
    import_done(&r);
}

/* All 37 files load; those without any country need to be told one. Psnc.graphml has types that igraph refuses. */
static void the_topology_zoo(void)
{
    glob_t found = {0};
    char pattern[1024];
    int loaded = 0, told = 0;
    snprintf(pattern, sizeof pattern, "%s/telecom-topology-zoo/g*ml/*.g*ml", getenv("HOLDFAST_SHARED"));
    CHECK_INT(glob(pattern, 0, NULL, &found), 0);
    for (size_t k = 0; k < found.gl_pathc; k++) {
        const char *files[] = {found.gl_pathv[k], NULL};
        scratch_folder();
        imported r = import_run("graph", files, NULL, NULL);
        if (r.err != HF_OK) {
            CHECK(import_said(&r, "give --country CC"));
            import_done(&r);
            told++;
            r = import_run("graph", files, NULL, "SG");
        }
        CHECK_INT(r.err, HF_OK);
        loaded += r.err == HF_OK;
        if (strstr(found.gl_pathv[k], "graphml/Psnc")) CHECK(import_said(&r, "read as \"int\""));
        if (strstr(found.gl_pathv[k], "/Kdl.") && r.err == HF_OK) CHECK_INT(r.net->n_entities, 754);
        import_done(&r);
    }
    CHECK_INT(loaded, 37);
    CHECK_INT(told, 2); /* Geant and Singaren */
    globfree(&found);
}

int main(void)
{
    if (!shared("eu-power-entsoe/buses.csv")) {
        SKIP("imports", "../shared/data is not there");
        return tap_done();
    }
    RUN(the_european_grid);
    RUN(the_european_gas_network);
    RUN(airports_and_routes);
    RUN(the_grid_of_japan);
    RUN(ports_of_the_world);
    RUN(prefectures_and_their_borders);
    RUN(shelby_county);
    RUN(the_topology_zoo);
    scratch_done();
    return tap_done();
}
