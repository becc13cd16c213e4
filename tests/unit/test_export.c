/* Exports read back by programs that are not ours: GraphML by igraph, GeoPackage by SQLite, GeoJSON by cJSON; CSV by the table reader. */
#include "datasets/export/export.h"

#include <cjson/cJSON.h>
#include <igraph/igraph.h>
#include <sqlite3.h>
#include <stdint.h>
#include <stdlib.h>

#include "tests/support/scratch.h"
#include "tests/tap.h"

/* A package and a cascade in it. */
typedef struct run {
    hf_diag *diag;
    hf_package *package;
    const hf_network *net;
    hf_timeline *tl;
    hf_losses *losses;
    const char *scenario;
} run;

static void run_open(run *r, const char *path, const char *scenario)
{
    hf_inject *injects = NULL;
    int n = 0;
    *r = (run){.scenario = scenario};
    if (hf_diag_new(&r->diag) != HF_OK || hf_package_open(path, r->diag, &r->package) != HF_OK) {
        printf("# %s\n", hf_diag_kept(r->diag) ? hf_diag_get(r->diag, 0)->text : "");
        abort();
    }
    r->net = hf_package_network(r->package);
    if (!scenario) return;
    hf_run_options options = hf_run_options_default();
    if (hf_scenario_resolve(hf_package_find_scenario(r->package, scenario), r->net, r->diag, &injects, &n) != HF_OK) abort();
    if (hf_timeline_new(r->net, &r->tl) != HF_OK || hf_timeline_run(r->tl, injects, n, &options, NULL) != HF_OK) abort();
    if (hf_losses_compute(r->tl, r->net, 0.5, &r->losses) != HF_OK) abort();
    free(injects);
}

static void run_close(run *r)
{
    hf_losses_free(r->losses);
    hf_timeline_free(r->tl);
    hf_package_free(r->package);
    hf_diag_free(r->diag);
}

/* Exports; the bytes are the caller's (hf_buf_done). Twice, as the bytes must be the same. */
static hf_buf export_as(const run *r, const char *format, const char *layer)
{
    hf_buf out = {0}, again = {0};
    hf_export_note note;
    hf_export_options options = {r->losses, r->scenario, layer};
    CHECK_INT(hf_export_write(r->package, hf_export_format_find(format), &options, &out, &note), HF_OK);
    CHECK_INT(hf_export_write(r->package, hf_export_format_find(format), &options, &again, &note), HF_OK);
    CHECK(out.length == again.length && memcmp(out.text, again.text, out.length) == 0);
    CHECK_INT(note.entities, r->net->n_entities);
    hf_buf_done(&again);
    return out;
}

static const hf_entity_loss *loss_of(const run *r, int entity)
{
    for (int k = 0; k < r->losses->n_entities; k++)
        if (r->losses->entities[k].entity == entity) return &r->losses->entities[k];
    return NULL;
}

static bool same(double a, double b)
{
    return (isnan(a) && isnan(b)) || a == b;
}

static void graph_check(const run *r, const igraph_t *g)
{
    const hf_network *net = r->net;
    CHECK_INT(igraph_vcount(g), net->n_entities);
    CHECK_INT(igraph_ecount(g), net->n_supplies + net->n_clines);
    for (int v = 0; v < net->n_entities; v++) {
        const hf_entity_loss *loss = loss_of(r, v);
        CHECK_STR(igraph_cattribute_VAS(g, "entity", v), net->id[v]);
        CHECK_STR(igraph_cattribute_VAS(g, "label", v), net->name[v]);
        CHECK_STR(igraph_cattribute_VAS(g, "sector", v), net->sectors.name[net->sector[v]]);
        CHECK(same(igraph_cattribute_VAN(g, "users", v), net->users[v]));
        CHECK(same(igraph_cattribute_VAN(g, "lat", v), net->lat[v]));
        CHECK(igraph_cattribute_VAB(g, "black_start", v) == net->black_start[v]);
        CHECK(same(igraph_cattribute_VAN(g, "out_h", v), loss ? loss->out_h : NAN));
        CHECK(same(igraph_cattribute_VAN(g, "back_h", v), loss ? loss->back_h : NAN));
        CHECK(same(igraph_cattribute_VAN(g, "user_hours", v), loss ? loss->user_hours : 0));
    }
    for (int s = 0; s < net->n_supplies; s++) {
        CHECK_INT(IGRAPH_FROM(g, s), net->sup_supplier[s]);
        CHECK_INT(IGRAPH_TO(g, s), net->req_entity[net->sup_req[s]]);
        CHECK_STR(igraph_cattribute_EAS(g, "link", s), "supply");
        CHECK_STR(igraph_cattribute_EAS(g, "requirement", s), net->req_labels.name[net->req_label[net->sup_req[s]]]);
        CHECK(same(igraph_cattribute_EAN(g, "share", s), net->sup_share[s]));
    }
    for (int l = 0; l < net->n_clines; l++) {
        int e = net->n_supplies + l;
        CHECK_INT(IGRAPH_FROM(g, e), net->cnode_entity[net->cline_from[l]]);
        CHECK_INT(IGRAPH_TO(g, e), net->cnode_entity[net->cline_to[l]]);
        CHECK_STR(igraph_cattribute_EAS(g, "carrier", e), net->carrier_id[net->cline_carrier[l]]);
        CHECK(same(igraph_cattribute_EAN(g, "capacity", e), isfinite(net->cline_capacity[l]) ? net->cline_capacity[l] : NAN));
    }
}

static void graphml_of(const run *r)
{
    igraph_t g;
    hf_buf out = export_as(r, "graphml", NULL);
    FILE *stream = fmemopen(out.text, out.length, "rb");
    igraph_set_attribute_table(&igraph_cattribute_table);
    CHECK_INT(igraph_read_graph_graphml(&g, stream, 0), IGRAPH_SUCCESS);
    fclose(stream);
    graph_check(r, &g);
    igraph_destroy(&g);
    hf_buf_done(&out);
}

static void graphml_by_igraph(void)
{
    run r;
    run_open(&r, shipped_path("danube"), "winter-gas-cut");
    CHECK(r.net->n_entities > 100 && r.losses->n_entities > 5);
    graphml_of(&r);
    run_close(&r);
}

/* Ids and names with everything that XML, JSON, SQL and CSV must quote; a line across the 180th meridian; one without a place. */
static void odd_package(void)
{
    scratch_folder();
    scratch_text("datapackage.json", "{\"name\": \"odd <&> \\\"one\\\"\", \"resources\": [{\"name\": \"entities\", \"path\": \"entities.csv\"}, {\"name\": "
                                     "\"requirements\", \"path\": \"requirements.csv\"}, {\"name\": \"supplies\", \"path\": \"supplies.csv\"}, {\"name\": "
                                     "\"carriers\", \"path\": \"carriers.csv\"}, {\"name\": \"carrier_nodes\", \"path\": \"nodes.csv\"}, {\"name\": "
                                     "\"carrier_lines\", \"path\": \"lines.csv\"}, {\"name\": \"scenarios\", \"path\": \"scenarios.json\"}]}");
    scratch_text("entities.csv", "id,name,sector,country,lat,lon,users,source,confidence\n\"a \"\"b\"\" <c>\",\"Ж & 東京 'x'; \x01 --\",energy,JP,35,140,10,"
                                 "\"s, t\",0.5\nb&,B,energy,US,45,-120,,,\nc,\"two\nlines\",health,NZ,-40,-175,5,,\nd,D,health,FJ,,,,,\n");
    scratch_text("requirements.csv", "entity,requirement,curve\nc,power,0:0 6:0.5 12:1\nd,power,\n");
    scratch_text("supplies.csv", "entity,requirement,supplier,share,distance_km,source\nc,power,b&,1,7.5,a <b>\nd,power,c,1,,\n");
    scratch_text("carriers.csv", "carrier,unit,rule\np,MW,balance\n");
    scratch_text("nodes.csv", "carrier,entity,supply\np,\"a \"\"b\"\" <c>\",1\np,b&,\n");
    scratch_text("lines.csv", "carrier,from,to,capacity\np,\"a \"\"b\"\" <c>\",b&,12.5\n");
    scratch_text("scenarios.json", "{\"scenarios\": [{\"name\": \"x\", \"injects\": [{\"at_h\": 1, \"inject\": \"fail\", \"targets\": [\"b&\"]}]}]}");
}

static void odd_names_in_graphs(void)
{
    run r;
    odd_package();
    run_open(&r, scratch_path(""), "x");
    /* U+0001 is no character of XML 1.0; everything else comes back. */
    hf_buf out = export_as(&r, "graphml", NULL);
    igraph_t g;
    FILE *stream = fmemopen(out.text, out.length, "rb");
    CHECK_INT(igraph_read_graph_graphml(&g, stream, 0), IGRAPH_SUCCESS);
    fclose(stream);
    CHECK_STR(igraph_cattribute_VAS(&g, "id", 0), "n0");
    CHECK_STR(igraph_cattribute_VAS(&g, "entity", 0), "a \"b\" <c>");
    CHECK_STR(igraph_cattribute_VAS(&g, "label", 0), "Ж & 東京 'x'; \xEF\xBF\xBD --");
    CHECK_STR(igraph_cattribute_VAS(&g, "label", 2), "two\nlines");
    CHECK_STR(igraph_cattribute_VAS(&g, "source", 0), "s, t");
    CHECK_NEAR(igraph_cattribute_VAN(&g, "confidence", 0), 0.5, 0);
    CHECK_STR(igraph_cattribute_EAS(&g, "source", 0), "a <b>");
    CHECK_NEAR(igraph_cattribute_EAN(&g, "distance_km", 0), 7.5, 0);
    CHECK_NEAR(igraph_cattribute_EAN(&g, "autonomy_h", 0), 6, 0);
    igraph_destroy(&g);
    hf_buf_done(&out);
    out = export_as(&r, "gexf", NULL);
    CHECK(strstr(out.text, "<node id=\"a &quot;b&quot; &lt;c&gt;\" label=\"Ж &amp; 東京 'x'; \xEF\xBF\xBD --\">"));
    CHECK(strstr(out.text, "source=\"b&amp;\" target=\"c\" kind=\"power\"") && strstr(out.text, "label=\"two&#10;lines\""));
    CHECK(strstr(out.text, "kind=\"p\" type=\"undirected\""));
    hf_buf_done(&out);
    run_close(&r);
    scratch_done();
}

static const cJSON *feature_find(const cJSON *features, const char *layer, const char *key, const char *value)
{
    const cJSON *f;
    cJSON_ArrayForEach(f, features)
    {
        const cJSON *p = cJSON_GetObjectItem(f, "properties"), *found = cJSON_GetObjectItem(p, key);
        if (strcmp(cJSON_GetObjectItem(p, "layer")->valuestring, layer) == 0 && found && strcmp(found->valuestring, value) == 0) return f;
    }
    return NULL;
}

static double coordinate(const cJSON *feature, int a, int b, int c)
{
    const cJSON *at = cJSON_GetObjectItem(cJSON_GetObjectItem(feature, "geometry"), "coordinates");
    at = cJSON_GetArrayItem(at, a);
    if (b >= 0) at = cJSON_GetArrayItem(at, b);
    if (c >= 0) at = cJSON_GetArrayItem(at, c);
    return at ? at->valuedouble : NAN;
}

static void geojson_by_cjson(void)
{
    run r;
    odd_package();
    run_open(&r, scratch_path(""), "x");
    hf_buf out = export_as(&r, "geojson", NULL);
    cJSON *root = cJSON_Parse(out.text);
    const cJSON *features = cJSON_GetObjectItem(root, "features");
    CHECK_STR(cJSON_GetObjectItem(root, "type")->valuestring, "FeatureCollection");
    CHECK_INT(cJSON_GetArraySize(features), 4 + 2 + 1);
    const cJSON *a = feature_find(features, "entities", "id", "a \"b\" <c>"), *d = feature_find(features, "entities", "id", "d");
    CHECK_STR(cJSON_GetObjectItem(cJSON_GetObjectItem(a, "properties"), "name")->valuestring, "Ж & 東京 'x'; \x01 --");
    CHECK_NEAR(coordinate(a, 0, -1, -1), 140, 0); /* longitude first */
    CHECK_NEAR(coordinate(a, 1, -1, -1), 35, 0);
    CHECK(cJSON_IsNull(cJSON_GetObjectItem(d, "geometry")));
    /* d has no stock and falls when b& is out and c's stock has lost half, then all. */
    CHECK_NEAR(cJSON_GetObjectItem(cJSON_GetObjectItem(d, "properties"), "first_loss_h")->valuedouble, 7, 1e-9);
    CHECK_NEAR(cJSON_GetObjectItem(cJSON_GetObjectItem(d, "properties"), "out_h")->valuedouble, 13, 1e-9);
    /* 140 E to 120 W, the shorter way: 40 of 100 degrees to the meridian, so 35 + 0.4 x 10 = 39 N there. */
    const cJSON *line = feature_find(features, "carrier_lines", "carrier", "p");
    CHECK_STR(cJSON_GetObjectItem(cJSON_GetObjectItem(line, "geometry"), "type")->valuestring, "MultiLineString");
    CHECK_NEAR(coordinate(line, 0, 1, 0), 180, 0);
    CHECK_NEAR(coordinate(line, 0, 1, 1), 39, 1e-12);
    CHECK_NEAR(coordinate(line, 1, 0, 0), -180, 0);
    CHECK_NEAR(coordinate(line, 1, 1, 0), -120, 0);
    const cJSON *supply = feature_find(features, "supplies", "entity", "c");
    CHECK_STR(cJSON_GetObjectItem(cJSON_GetObjectItem(supply, "geometry"), "type")->valuestring, "LineString");
    CHECK_NEAR(coordinate(supply, 0, 0, -1), -120, 0); /* from the supplier */
    CHECK(cJSON_IsNull(cJSON_GetObjectItem(feature_find(features, "supplies", "entity", "d"), "geometry")));
    cJSON_Delete(root);
    hf_buf_done(&out);
    out = export_as(&r, "geojson", "cascade");
    root = cJSON_Parse(out.text);
    CHECK_INT(cJSON_GetArraySize(cJSON_GetObjectItem(root, "features")), r.losses->n_entities);
    cJSON_Delete(root);
    hf_buf_done(&out);
    run_close(&r);
    scratch_done();
}

static sqlite3 *database(const hf_buf *bytes)
{
    sqlite3 *db = NULL;
    unsigned char *copy = sqlite3_malloc64(bytes->length);
    memcpy(copy, bytes->text, bytes->length);
    CHECK_INT(sqlite3_open(":memory:", &db), SQLITE_OK);
    CHECK_INT(sqlite3_deserialize(db, "main", copy, (sqlite3_int64)bytes->length, (sqlite3_int64)bytes->length, SQLITE_DESERIALIZE_FREEONCLOSE),
              SQLITE_OK);
    return db;
}

/* The first column of the first row as a number, NaN when there is none. */
static double ask(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *s = NULL;
    double value = NAN;
    CHECK_INT(sqlite3_prepare_v2(db, sql, -1, &s, NULL), SQLITE_OK);
    if (sqlite3_step(s) == SQLITE_ROW && sqlite3_column_type(s, 0) != SQLITE_NULL) value = sqlite3_column_double(s, 0);
    sqlite3_finalize(s);
    return value;
}

static uint32_t word(const unsigned char *at)
{
    return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

static double real(const unsigned char *at)
{
    uint64_t bits = word(at) | (uint64_t)word(at + 4) << 32;
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* Decodes a blob by OGC 12-128r17, 2.1.3: the points of a Point or of all parts of a MultiLineString; returns how many, -1 if it is wrong. */
static int blob_read(const unsigned char *b, int length, double points[4][2])
{
    int at = 8 + 5, n = 0;
    if (length < at || b[0] != 'G' || b[1] != 'P' || b[2] != 0 || b[3] != 1 || word(b + 4) != 4326 || b[8] != 1) return -1;
    uint32_t type = word(b + 9), parts = type == 5 ? word(b + at) : 1;
    if ((type != 1 && type != 5) || parts > 2) return -1;
    if (type == 5) at += 4;
    for (uint32_t p = 0; p < parts; p++) {
        if (type == 5) {
            if (b[at] != 1 || word(b + at + 1) != 2 || word(b + at + 5) != 2) return -1;
            at += 9;
        }
        for (int k = 0; k < (type == 5 ? 2 : 1); k++, n++, at += 16) {
            if (at + 16 > length) return -1;
            points[n][0] = real(b + at);
            points[n][1] = real(b + at + 8);
        }
    }
    return at == length ? n : -1;
}

static void entities_check(const run *r, sqlite3 *db)
{
    sqlite3_stmt *s = NULL;
    int rows = 0;
    CHECK_INT(sqlite3_prepare_v2(db, "SELECT id, geom, users, name FROM entities ORDER BY fid", -1, &s, NULL), SQLITE_OK);
    for (; sqlite3_step(s) == SQLITE_ROW; rows++) {
        double points[4][2];
        int i = hf_network_find(r->net, (const char *)sqlite3_column_text(s, 0));
        CHECK_INT(i, rows);
        CHECK(sqlite3_column_double(s, 2) == r->net->users[i]);
        CHECK_STR((const char *)sqlite3_column_text(s, 3), r->net->name[i]);
        if (isnan(r->net->lat[i])) {
            CHECK_INT(sqlite3_column_type(s, 1), SQLITE_NULL);
            continue;
        }
        CHECK_INT(blob_read(sqlite3_column_blob(s, 1), sqlite3_column_bytes(s, 1), points), 1);
        CHECK(points[0][0] == r->net->lon[i] && points[0][1] == r->net->lat[i]);
    }
    sqlite3_finalize(s);
    CHECK_INT(rows, r->net->n_entities);
}

/* Every line ends where its entities are. */
static void lines_check(const run *r, sqlite3 *db, const char *sql, int expected)
{
    sqlite3_stmt *s = NULL;
    int rows = 0;
    CHECK_INT(sqlite3_prepare_v2(db, sql, -1, &s, NULL), SQLITE_OK);
    for (; sqlite3_step(s) == SQLITE_ROW; rows++) {
        double points[4][2];
        int a = hf_network_find(r->net, (const char *)sqlite3_column_text(s, 0)), b = hf_network_find(r->net, (const char *)sqlite3_column_text(s, 1));
        bool placed = !isnan(r->net->lat[a]) && !isnan(r->net->lat[b]);
        CHECK(placed == (sqlite3_column_type(s, 2) == SQLITE_BLOB));
        if (!placed) continue;
        int n = blob_read(sqlite3_column_blob(s, 2), sqlite3_column_bytes(s, 2), points);
        CHECK(n == (fabs(r->net->lon[a] - r->net->lon[b]) > 180 ? 4 : 2));
        if (n < 2) continue;
        CHECK(points[0][0] == r->net->lon[a] && points[0][1] == r->net->lat[a]);
        CHECK(points[n - 1][0] == r->net->lon[b] && points[n - 1][1] == r->net->lat[b]);
    }
    sqlite3_finalize(s);
    CHECK_INT(rows, expected);
}

static void geopackage_of(const run *r)
{
    hf_buf out = export_as(r, "gpkg", NULL);
    sqlite3 *db = database(&out);
    CHECK(memcmp(out.text, "SQLite format 3", 16) == 0 && memcmp(out.text + 68, "GPKG", 4) == 0); /* Requirements 1 and 2 */
    CHECK_NEAR(ask(db, "PRAGMA user_version"), 10300, 0);
    CHECK(isnan(ask(db, "PRAGMA foreign_key_check")));
    CHECK_NEAR(ask(db, "SELECT integrity_check = 'ok' FROM pragma_integrity_check"), 1, 0);
    CHECK_NEAR(ask(db, "SELECT count(*) FROM gpkg_spatial_ref_sys WHERE srs_id IN (-1, 0, 4326)"), 3, 0);
    /* every feature table is listed, has its geometry column and an integer key */
    CHECK_NEAR(ask(db, "SELECT count(*) FROM gpkg_contents c JOIN gpkg_geometry_columns g USING (table_name) JOIN sqlite_master m ON m.name = "
                       "c.table_name JOIN pragma_table_info(m.name) p ON p.name = g.column_name WHERE c.data_type = 'features' AND c.srs_id = g.srs_id "
                       "AND p.type = g.geometry_type_name"),
               r->losses ? 5 : 4, 0);
    CHECK_NEAR(ask(db, "SELECT min(p.pk) FROM gpkg_contents c JOIN pragma_table_info(c.table_name) p WHERE p.name = 'fid' AND p.type = 'INTEGER'"), 1, 0);
    CHECK(ask(db, "SELECT min_x FROM gpkg_contents WHERE table_name = 'entities'") == ask(db, "SELECT min(lon) FROM entities WHERE lat IS NOT NULL"));
    CHECK(ask(db, "SELECT max_y FROM gpkg_contents WHERE table_name = 'entities'") == ask(db, "SELECT max(lat) FROM entities WHERE lon IS NOT NULL"));
    entities_check(r, db);
    lines_check(r, db, "SELECT supplier, entity, geom FROM supplies", r->net->n_supplies);
    lines_check(r, db, "SELECT \"from\", \"to\", geom FROM carrier_lines", r->net->n_clines);
    CHECK_NEAR(ask(db, "SELECT count(*) FROM carrier_nodes"), r->net->n_cnodes, 0);
    CHECK_NEAR(ask(db, "SELECT count(*) FROM cascade"), r->losses->n_entities, 0);
    CHECK_NEAR(ask(db, "SELECT sum(user_hours) FROM cascade"), r->losses->user_hours, 1e-6 * r->losses->user_hours);
    CHECK_NEAR(ask(db, "SELECT count(out_h) FROM cascade"), r->losses->entities_out, 0);
    sqlite3_close(db);
    hf_buf_done(&out);
}

static void geopackage_by_sqlite(void)
{
    run r;
    run_open(&r, shipped_path("danube"), "winter-gas-cut");
    geopackage_of(&r);
    run_close(&r);
    odd_package();
    run_open(&r, scratch_path(""), "x");
    geopackage_of(&r);
    run_close(&r);
    scratch_done();
}

static void flat_tables(void)
{
    run r;
    hf_table *t = NULL;
    run_open(&r, shipped_path("danube"), "winter-gas-cut");
    hf_buf out = export_as(&r, "csv", NULL);
    CHECK_INT(hf_table_parse("out", out.text, out.length, r.diag, &t), HF_OK);
    CHECK_INT(hf_table_rows(t), r.net->n_entities);
    int id = hf_table_column(t, "id"), out_h = hf_table_column(t, "out_h"), source = hf_table_column(t, "source");
    const hf_table *origin = hf_package_table(r.package, "entities");
    for (int i = 0; i < r.net->n_entities; i++) {
        const hf_entity_loss *loss = loss_of(&r, i);
        double hour = NAN;
        hf_cell cell = hf_table_cell(t, i, out_h);
        hf_number_parse(cell.text, cell.length, &hour);
        CHECK_STR(hf_table_cell(t, i, id).text, r.net->id[i]);
        CHECK(same(hour, loss ? loss->out_h : NAN));
    }
    for (int k = 0; k < hf_table_rows(origin); k++) { /* what the engines do not keep comes from the table */
        int i = hf_network_find(r.net, hf_table_cell(origin, k, 0).text);
        CHECK_STR(hf_table_cell(t, i, source).text, hf_table_cell(origin, k, hf_table_column(origin, "source")).text);
    }
    hf_table_free(t);
    hf_buf_done(&out);
    run_close(&r);
}

static void layers_that_are_not_there(void)
{
    run r;
    hf_buf out = {0};
    hf_export_note note;
    run_open(&r, shipped_path("danube"), NULL);
    hf_export_options cascade = {NULL, NULL, "cascade"}, lines = {NULL, NULL, "carrier_lines"};
    CHECK_INT(hf_export_write(r.package, hf_export_format_find("csv"), &cascade, &out, &note), HF_E_UNKNOWN_ID);
    CHECK_INT(hf_export_write(r.package, hf_export_format_find("graphml"), &lines, &out, &note), HF_E_UNSUPPORTED);
    CHECK_INT(out.length, 0);
    CHECK(hf_export_format_of("a/b.GeoJSON") == hf_export_format_find("geojson") && !hf_export_format_of("geojson") && !hf_export_format_of("x.zip"));
    run_close(&r);
}

static void file_read(const char *path, hf_buf *out)
{
    char chunk[4096];
    FILE *f = fopen(path, "rb");
    CHECK(f != NULL);
    for (size_t n; f && (n = fread(chunk, 1, sizeof chunk, f)) > 0;) hf_buf_add(out, chunk, n);
    if (f) fclose(f);
}

/* Read and written again, the shipped packages are the same files. */
static void our_own_package(void)
{
    static const char *const packages[] = {"danube", "textbook/hospital", "textbook/theatre", "textbook/two-trains", "textbook/all-of-three"};
    static const char *const files[] = {"datapackage.json",  "entities.csv",      "requirements.csv", "supplies.csv",       "carriers.csv",
                                        "carrier_nodes.csv", "carrier_lines.csv", "services_abroad.csv", "hazards.csv",      "hazard_damage.csv",
                                        "scenarios.json"};
    for (size_t p = 0; p < sizeof packages / sizeof *packages; p++) {
        run r;
        int compared = 0;
        scratch_folder();
        run_open(&r, shipped_path(packages[p]), NULL);
        CHECK_INT(hf_package_save(r.package, scratch_path("copy"), false, r.diag), HF_OK);
        for (size_t k = 0; k < sizeof files / sizeof *files; k++) {
            char from[600], to[600];
            hf_buf a = {0}, b = {0};
            snprintf(from, sizeof from, "%s/%s", shipped_path(packages[p]), files[k]);
            snprintf(to, sizeof to, "%s/%s", scratch_path("copy"), files[k]);
            FILE *there = fopen(from, "rb");
            if (!there) continue;
            fclose(there);
            file_read(from, &a);
            file_read(to, &b);
            CHECK(a.length == b.length && memcmp(a.text, b.text, a.length) == 0);
            if (!(a.length == b.length && memcmp(a.text, b.text, a.length) == 0)) printf("# %s differs\n", from);
            hf_buf_done(&a);
            hf_buf_done(&b);
            compared++;
        }
        CHECK(compared >= 4);
        run_close(&r);
        scratch_done();
    }
}

int main(void)
{
    RUN(graphml_by_igraph);
    RUN(odd_names_in_graphs);
    RUN(geojson_by_cjson);
    RUN(geopackage_by_sqlite);
    RUN(flat_tables);
    RUN(layers_that_are_not_there);
    RUN(our_own_package);
    return tap_done();
}
