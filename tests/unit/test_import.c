/* Importers on small hand-written samples with the quirks of the real files, and on files that are something else. */
#include <stdlib.h>
#include <sys/stat.h>

#include "tests/support/imports.h"
#include "tests/support/scratch.h"
#include "tests/tap.h"

static const char *at(const char *name)
{
    static char paths[8][512];
    static int next;
    char *kept = paths[next++ % 8];
    snprintf(kept, 512, "%s", scratch_path(name));
    return kept;
}

static bool is_there(const char *name)
{
    struct stat about;
    return stat(scratch_path(name), &about) == 0;
}

static void refused(const char *format, const char *const *files, const char *map, const char *said)
{
    imported r = import_run(format, files, map, NULL);
    CHECK_INT(r.err, HF_E_DATA);
    CHECK(import_said(&r, said));
    if (!import_said(&r, said))
        for (size_t k = 0; k < hf_diag_kept(r.diag); k++) printf("# %s\n", hf_diag_get(r.diag, k)->text);
    CHECK(!is_there("imported"));
    import_done(&r);
}

/* Single quotes, hstore with commas, a joint without a country, an empty voltage, -1 as unknown, parallel lines, a self-loop, metres. */
static void a_grid_with_quirks(void)
{
    scratch_folder();
    scratch_text("buses.csv", "bus_id,station_id,voltage,dc,symbol,under_construction,tags,x,y\n"
                              "7,1,380,f,Substation,f,'\"TSO\"=>\"x, y\", \"country\"=>\"UK\"',0.5,51\n"
                              "8,2,,f,joint,,'\"oid\"=>\"2\"',0.6,51\n9,3,220,f,Substation,f,'\"country\"=>\"GR\"',23.7,38\n");
    scratch_text("lines.csv", "line_id,bus0,bus1,voltage,circuits,length,tags\n1,7,8,380,2,12500,'a,b'\n2,7,8,380,1,12500,\n3,8,8,220,1,5,\n4,8,99,220,1,5,\n");
    scratch_text("generators.csv", "generator_id,bus_id,technology,capacity,tags\n1,7,Gas,400,\n2,7,Wind,100.5,\n3,9,Solar,-1,\n");
    const char *files[] = {at("buses.csv"), at("lines.csv"), at("generators.csv"), NULL};
    imported r = import_run("entsoe", files, NULL, NULL);
    CHECK_INT(r.err, HF_OK);
    if (r.err == HF_OK) {
        int bus = hf_network_find(r.net, "bus-7");
        CHECK_INT(r.net->n_entities, 3);
        CHECK_INT(r.net->n_clines, 2);
        CHECK_INT(import_country(&r, "GB"), 2); /* the joint took the nearest bus's */
        CHECK_NEAR(r.net->cnode_supply[r.net->ent_cnode[r.net->ent_cnode_off[bus]]], 500.5, 1e-9);
        /* 380 kV: four conductors of 645 A: sqrt(3) x 4 x 0.645 x 380 = 1698 MVA a circuit */
        CHECK_NEAR(fmax(r.net->cline_capacity[0], r.net->cline_capacity[1]), 3396, 1);
        CHECK_NEAR(r.net->cline_length_km[0], 12.5, 1e-9);
    }
    CHECK(import_said(&r, "1 left out: generators of unknown capacity") && import_said(&r, "1 left out: lines from a bus to itself (first: line 3)"));
    CHECK(import_said(&r, "1 left out: lines to an unknown bus (first: line 4)"));
    import_done(&r);
}

static void python_literals_in_cells(void)
{
    scratch_folder();
    scratch_text("IGGIN_Nodes.csv", "id;name;source_id;node_id;lat;long;country_code;comment;param\r\n"
                                    "A;N A;['A'];['A'];50.0;10.0;PL ;None;{}\r\nB;N B;['B'];['B'];50.5;10;XX;None;{}\r\n");
    scratch_text("IGGIN_PipeSegments.csv", "id;name;source_id;node_id;param\r\nP1;x;['s'];['A', 'B'];{'max_cap_M_m3_per_d': 4.5, 'length_km': None}\r\n");
    scratch_text("IGGIN_Storages.csv", "id;name;source_id;node_id;comment;param\r\n"
                                       "S1;s;['s'];['B'];\"has; a semicolon\";{'max_cap_store2pipe_M_m3_per_d': 2.25}\r\n");
    const char *files[] = {at("IGGIN_Nodes.csv"), at("IGGIN_PipeSegments.csv"), at("IGGIN_Storages.csv"), NULL};
    imported r = import_run("iggin", files, NULL, NULL);
    CHECK_INT(r.err, HF_OK);
    if (r.err == HF_OK) {
        CHECK_INT(import_country(&r, "PL"), 2);
        CHECK_NEAR(r.net->cline_capacity[0], 4.5, 0);
        CHECK_NEAR(r.net->cnode_supply[1], 2.25, 0);
    }
    import_done(&r);
}

static void backslashes_and_namibia(void)
{
    scratch_folder();
    scratch_text("airports.dat", "1,\"Port O\\'Connor\",\"X\",\"United States\",\"S97\",\\N,28.4,-96.4,8,-6,\"A\",\\N,\"airport\",\"z\"\n"
                                 "2,\"Hosea Kutako\",\"Windhoek\",\"Namibia\",\"WDH\",\"FYWH\",-22.5,17.5,5,1,\"S\",\\N,\"airport\",\"z\"\n"
                                 "3,\"Nowhere\",\"x\",\"Namibia\",\\N,\"ZZZZ\",-22,17,5,1,\"S\",\\N,\"airport\",\"z\"\n");
    scratch_text("routes.dat", "2B,410,S97,1,WDH,2,,0,CR2\r\n3C,411,S97,1,WDH,2,Y,0,CR2\r\n2B,410,WDH,2,QQQ,\\N,,0,CR2\r\n");
    const char *files[] = {at("airports.dat"), at("routes.dat"), NULL};
    imported r = import_run("openflights", files, NULL, NULL);
    CHECK_INT(r.err, HF_OK);
    if (r.err == HF_OK) {
        CHECK_INT(r.net->n_entities, 2);
        CHECK_INT(r.net->n_clines, 1);
        CHECK_INT(import_country(&r, "NA"), 1);
        CHECK_STR(r.net->name[hf_network_find(r.net, "S97")], "Port O'Connor");
    }
    CHECK(import_said(&r, "1 left out: airports on no route (first: Nowhere)"));
    import_done(&r);
}

static const char graphml[] = "<?xml version=\"1.0\"?><graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\">"
                              "<key attr.name=\"label\" attr.type=\"string\" for=\"node\" id=\"l\"/>"
                              "<key attr.name=\"Country\" attr.type=\"string\" for=\"node\" id=\"c\"/>"
                              "<key attr.name=\"Internal\" attr.type=\"integer\" for=\"node\" id=\"i\"/><graph edgedefault=\"undirected\">"
                              "<node id=\"0\"><data key=\"l\">Praha</data><data key=\"c\">Czech Republic</data><data key=\"i\">1</data></node>"
                              "<node id=\"1\"><data key=\"l\">None</data><data key=\"i\">0</data></node>"
                              "<edge source=\"0\" target=\"1\"/><edge source=\"0\" target=\"1\"/><edge source=\"1\" target=\"1\"/></graph></graphml>";

static void graphs_with_quirks(void)
{
    scratch_folder();
    scratch_text("net.graphml", graphml);
    const char *files[] = {at("net.graphml"), NULL};
    imported r = import_run("graph", files, NULL, NULL);
    CHECK_INT(r.err, HF_OK);
    if (r.err == HF_OK) {
        CHECK_INT(r.net->n_entities, 2);
        CHECK_INT(r.net->n_clines, 2);
        CHECK_INT(import_country(&r, "CZ"), 2);
        CHECK_NEAR(r.net->cnode_supply[1], 1, 0); /* the peer outside */
    }
    CHECK(import_said(&r, "read as \"int\"") && import_said(&r, "1 left out: edges from a node to itself"));
    import_done(&r);
}

static const char map[] = "{\"name\": \"m\", \"tables\": [{\"resource\": \"entities\", \"file\": \"p.csv\", \"delimiter\": \"#\", \"quote\": \"\", "
                          "\"columns\": {\"id\": \"nr\", \"name\": \"what\", \"country\": \"land\", \"users\": \"thousands\"}, "
                          "\"constants\": {\"sector\": \"food\"}, "
                          "\"prefix\": {\"id\": \"p\"}, \"scale\": {\"users\": 1000}, \"translate\": {\"country\": {\"--\": \"\"}}, \"need\": [\"country\"]}]}";

static void any_table_by_a_map(void)
{
    scratch_folder();
    scratch_text("p.csv", "nr#what#land#thousands\n1#Mlin \"Sava\"#SRB#2.5\n2#x#--#1\n");
    scratch_text("map.json", map);
    const char *files[] = {at("p.csv"), NULL};
    imported r = import_run("csv", files, at("map.json"), NULL);
    CHECK_INT(r.err, HF_OK);
    if (r.err == HF_OK) {
        CHECK_INT(r.net->n_entities, 1);
        CHECK_INT(import_country(&r, "RS"), 1);
        CHECK_NEAR(r.net->users[0], 2500, 0);
        CHECK_STR(r.net->name[0], "Mlin \"Sava\"");
    }
    import_done(&r);
}

static void what_is_wrong_is_named_and_nothing_is_written(void)
{
    scratch_folder();
    scratch_text("buses.csv", "a,b\n1,2\n");
    scratch_text("lines.csv", "line_id,bus0,bus1,voltage,circuits,length\n");
    const char *grid[] = {at("buses.csv"), at("lines.csv"), NULL}, *half[] = {at("buses.csv"), NULL};
    refused("entsoe", grid, NULL, "column \"bus_id\" is missing: this is not a file of the expected format");
    refused("entsoe", half, NULL, "a file whose name ends in \"lines.csv\" is needed");
    scratch_text("x.graphml", "<graphml><graph></graph>");
    const char *graph[] = {at("x.graphml"), NULL};
    refused("graph", graph, NULL, "igraph cannot read it as GraphML");
    scratch_text("p.csv", "nr#what#land#thousands\n1#x#Atlantis#1\n2#x#AT#-1\n");
    scratch_text("map.json", map);
    const char *table[] = {at("p.csv"), NULL};
    refused("csv", table, at("map.json"), "country \"Atlantis\" is no country");
    refused("csv", table, NULL, "needs a column map");
    scratch_text("map.json", "{\"tables\": [{\"resource\": \"entities\", \"file\": \"p.csv\", \"columns\": {\"id\": \"number\"}}]}");
    refused("csv", table, at("map.json"), "has no column \"number\"");
    scratch_text("x.json", "{\"type\": \"FeatureCollection\"}");
    const char *areas[] = {at("x.json"), NULL};
    refused("topojson", areas, NULL, "this is no TopoJSON");
}

static void a_folder_that_exists_is_left_alone(void)
{
    scratch_folder();
    scratch_text("net.graphml", graphml);
    scratch_text("imported/mine.txt", "mine");
    const char *files[] = {at("net.graphml"), NULL};
    imported r = import_run("graph", files, NULL, NULL);
    CHECK_INT(r.err, HF_E_EXISTS);
    CHECK(is_there("imported/mine.txt") && !is_there("imported/datapackage.json"));
    import_done(&r);
}

int main(void)
{
    RUN(a_grid_with_quirks);
    RUN(python_literals_in_cells);
    RUN(backslashes_and_namibia);
    RUN(graphs_with_quirks);
    RUN(any_table_by_a_map);
    RUN(what_is_wrong_is_named_and_nothing_is_written);
    RUN(a_folder_that_exists_is_left_alone);
    scratch_done();
    return tap_done();
}
