/* Maps: the projection keeps distances and the box, labels never overlap, outlines are read, and what a map leaves out is counted. */
#include <stdlib.h>

#include "base/alloc.h"
#include "base/rng.h"
#include "datasets/outline.h"
#include "datasets/package.h"
#include "tests/support/scratch.h"
#include "tests/tap.h"
#include "viz/label_room.h"
#include "viz/map.h"

static const double degree = 3.14159265358979323846 / 180, earth_km = 6371.0088;

static hf_rng rng;

static double between(double from, double to)
{
    return from + (to - from) * hf_rng_unit(&rng);
}

static double great_circle_km(double lat1, double lon1, double lat2, double lon2)
{
    double a = sin((lat2 - lat1) * degree / 2), b = sin((lon2 - lon1) * degree / 2);
    return 2 * earth_km * asin(fmin(1, sqrt(a * a + cos(lat1 * degree) * cos(lat2 * degree) * b * b)));
}

/* On boxes of a few degrees near the middle latitude, pixels times the scale are the great circle within a percent; corners fall on corners. */
static void projection_keeps_distances(void)
{
    rng = (hf_rng){.seed = 7};
    for (int k = 0; k < 500; k++) {
        double west = between(-180, 179), south = between(-60, 55);
        const hf_geo_box box = {west, south, west + between(0.5, 2), south + between(0.5, 2)};
        hf_projection p = hf_projection_fit(&box, 10, 20, 700, 500);
        double x1, y1, x2, y2, lat1 = between(box.south, box.north), lat2 = between(box.south, box.north);
        double lon1 = between(box.west, box.east), lon2 = between(box.west, box.east);
        CHECK(p.width <= 700 + 1e-9 && p.height <= 500 + 1e-9 && (p.width > 700 - 1e-9 || p.height > 500 - 1e-9));
        CHECK(hf_project(&p, box.north, box.west, &x1, &y1));
        CHECK_NEAR(x1, 10, 1e-6);
        CHECK_NEAR(y1, 20, 1e-6);
        hf_project(&p, box.south, box.east, &x2, &y2);
        CHECK_NEAR(x2, 10 + p.width, 1e-6);
        CHECK_NEAR(y2, 20 + p.height, 1e-6);
        CHECK(hf_project(&p, lat1, lon1 > 180 ? lon1 - 360 : lon1, &x1, &y1));
        CHECK(hf_project(&p, lat2, lon2, &x2, &y2));
        double km = hypot(x2 - x1, y2 - y1) * hf_projection_km_per_px(&p), real = great_circle_km(lat1, lon1, lat2, lon2);
        CHECK_NEAR(km, real, 0.05 * real + 0.01);
        CHECK(!hf_project(&p, box.north + 1, lon1, &x1, &y1) && y1 < 20);
        CHECK(!hf_project(&p, lat1, box.west - 1, &x1, &y1) && x1 < 10);
        CHECK(!hf_project(&p, lat1, box.east + 1, &x1, &y1) && x1 > 10 + p.width);
    }
}

/* The box is the same wherever the points stand on the round earth, and holds them all. */
static void boxes_cross_the_date_line(void)
{
    enum { POINTS = 20 };
    rng = (hf_rng){.seed = 8};
    for (int k = 0; k < 200; k++) {
        double lat[POINTS], lon[POINTS], west = between(-180, 180), span = between(1, 120), x, y;
        hf_geo_box box = {0};
        for (int j = 0; j < POINTS; j++) {
            lon[j] = j == 0 ? west : j == 1 ? west + span : between(west, west + span);
            if (lon[j] > 180) lon[j] -= 360;
            lat[j] = between(-70, 70);
        }
        lat[5] = NAN;
        CHECK(hf_geo_box_of(lat, lon, POINTS, &box));
        CHECK_NEAR(box.east - box.west, span, 1e-9);
        hf_geo_box_widen(&box, 0.05, 0.2);
        hf_projection p = hf_projection_fit(&box, 0, 0, 500, 500);
        for (int j = 0; j < POINTS; j++) CHECK(isnan(lat[j]) || hf_project(&p, lat[j], lon[j], &x, &y));
    }
    hf_geo_box box;
    const double none = NAN, one_lat = 10, one_lon = 20;
    CHECK(!hf_geo_box_of(&none, &none, 1, &box));
    CHECK(hf_geo_box_of(&one_lat, &one_lon, 1, &box));
    hf_geo_box_widen(&box, 0.05, 0.2);
    CHECK_NEAR(box.east - box.west, 0.2, 1e-9);
    CHECK_NEAR(box.north - box.south, 0.2, 1e-9);
}

static bool overlap(hf_area a, hf_area b)
{
    return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

static void labels_never_overlap(void)
{
    enum { MARKS = 60 };
    int placed_all = 0, left = 0;
    rng = (hf_rng){.seed = 9};
    for (int k = 0; k < 50; k++) {
        hf_label_room room = {.within = {0, 0, 400, 300}};
        hf_area label[MARKS];
        int n = 0;
        for (int j = 0; j < MARKS; j++) {
            double x = between(0, 400), y = between(0, 300);
            bool placed = false;
            CHECK_INT(hf_label_room_place(&room, x, y, 4, between(10, 90), 11, &label[n], &placed), HF_OK);
            if (placed) n++;
            else left++;
        }
        for (int a = 0; a < n; a++) {
            CHECK(label[a].x >= 0 && label[a].y >= 0 && label[a].x + label[a].width <= 400 && label[a].y + label[a].height <= 300);
            for (int b = 0; b < a; b++) CHECK(!overlap(label[a], label[b]));
        }
        placed_all += n;
        hf_label_room_done(&room);
    }
    CHECK(placed_all > 1000 && left > 0);
}

static void outline_says(const char *text, const char *findings, int lines)
{
    hf_diag *diag = NULL;
    hf_outline outline = {0};
    if (hf_diag_new(&diag) != HF_OK) abort();
    scratch_text("o.json", text);
    hf_err err = hf_outline_read(scratch_path("o.json"), diag, &outline);
    char *said = findings_text(diag);
    CHECK_INT(err, *findings ? HF_E_DATA : HF_OK);
    CHECK_STR(said, findings);
    CHECK_INT(outline.n, lines);
    free(said);
    hf_outline_done(&outline);
    hf_diag_free(diag);
}

static void outlines_are_read_or_refused(void)
{
    scratch_folder();
    outline_says("{\"type\": \"FeatureCollection\", \"features\": [{\"type\": \"Feature\", \"geometry\": {\"type\": \"MultiPolygon\", \"coordinates\": "
                 "[[[[0,0],[1,0],[1,1],[0,0]]],[[[2,2],[3,2],[3,3],[2,2]]]]}}, {\"type\": \"Feature\", \"geometry\": null}, {\"type\": \"Feature\", "
                 "\"geometry\": {\"type\": \"Point\", \"coordinates\": [1, 2]}}]}", "", 2);
    outline_says("{\"type\": \"Topology\", \"transform\": {\"scale\": [0.5, 0.5], \"translate\": [10, 20]}, \"arcs\": [[[0,0],[2,2],[1,-1]]]}", "", 1);
    outline_says("{\"type\": \"LineString\", \"coordinates\": [[0, 0], [500000, 1]]}",
                 "error o.json:1:48: a position is out of range (allowed: longitude and latitude in degrees; other projections are not read)\n", 0);
    outline_says("{\"type\": \"LineString\", \"coordinates\": [[0, 0], \"a\"]}", "error o.json:1:48: a position must be [longitude, latitude]\n", 0);
    outline_says("{\"type\": \"Circle\"}", "error o.json:1:10: not GeoJSON or TopoJSON: this type is unknown\n", 0);
    outline_says("[1]", "error o.json:1:1: not GeoJSON or TopoJSON: an object with \"type\" was expected\n", 0);
    outline_says("{\"type\": \"Topology\"}", "error o.json:1:1: a topology without \"arcs\"\n", 0);
    outline_says("{\"type\": \"Topology\", \"transform\": {}, \"arcs\": []}",
                 "error o.json:1:35: a transform needs \"scale\" and \"translate\", two numbers each\n", 0);
    outline_says("{\"type\": \"FeatureCollection\", \"features\": []}", "error o.json:1:1: holds no line to draw\n", 0);
    scratch_done();
}

/* A topology's steps add up, and every allocation may fail. */
static void topologies_unfold_and_memory_may_end(void)
{
    hf_diag *diag = NULL;
    hf_outline o = {0};
    hf_err err = HF_E_NOMEM;
    scratch_folder();
    scratch_text("t.json", "{\"type\": \"Topology\", \"transform\": {\"scale\": [0.5, 0.25], \"translate\": [10, 20]}, \"arcs\": [[[0,0],[2,2],[1,-1]]]}");
    for (long n = 1; err == HF_E_NOMEM && n < 500; n++) {
        if (hf_diag_new(&diag) != HF_OK) abort();
        hf_alloc_fail_at(n);
        err = hf_outline_read(scratch_path("t.json"), diag, &o);
        hf_alloc_fail_at(0);
        CHECK(err == HF_OK || err == HF_E_NOMEM);
        hf_diag_free(diag);
    }
    CHECK_INT(err, HF_OK);
    if (err == HF_OK) {
        CHECK_INT(o.off[1], 3);
        CHECK_NEAR(o.lon[2], 11.5, 0);
        CHECK_NEAR(o.lat[2], 20.25, 0);
        CHECK_NEAR(o.lat[1], 20.5, 0);
    }
    hf_outline_done(&o);
    scratch_done();
}

static void what_is_left_out_is_counted(void)
{
    hf_diag *diag = NULL;
    hf_package *package = NULL;
    hf_err err = HF_E_NOMEM;
    hf_map_note note = {0};
    const hf_geo_box box = {9, 44, 17, 50}, sea = {-40, 20, -30, 30};
    scratch_folder();
    scratch_text("datapackage.json", "{\"name\": \"m\", \"resources\": [{\"name\": \"entities\", \"path\": \"entities.csv\"}]}");
    scratch_text("entities.csv", "id,name,sector,country,lat,lon,users\na,A & B,energy,AT,48,16,100\nb,B,health,AT,47,10,5\nc,C,food,HU,,,9\n"
                                 "d,D,food,RO,45,25,9\n");
    if (hf_diag_new(&diag) != HF_OK) abort();
    CHECK_INT(hf_package_open(scratch_path("."), diag, &package), HF_OK);
    const hf_network *net = hf_package_network(package);
    const hf_map_options options = {.box = &box, .title = "T <1>", .source = "S"}, empty = {.box = &sea, .title = "", .source = ""};
    for (long n = 1; err == HF_E_NOMEM && n < 500; n++) {
        hf_buf out = {0};
        hf_alloc_fail_at(n);
        err = hf_map_write(net, NULL, &options, &out, &note);
        hf_alloc_fail_at(0);
        CHECK(err == HF_OK || err == HF_E_NOMEM);
        if (err == HF_OK) CHECK(strstr(out.text, "A &amp; B") && strstr(out.text, "T &lt;1&gt;"));
        hf_buf_done(&out);
    }
    CHECK_INT(note.shown, 2);
    CHECK_INT(note.no_place, 1);
    CHECK_INT(note.outside, 1);
    CHECK_INT(note.labels + note.labels_left_out, 2);
    hf_buf none = {0};
    CHECK_INT(hf_map_write(net, NULL, &empty, &none, &note), HF_E_NOT_FOUND);
    CHECK_INT(note.outside, 3);
    hf_buf_done(&none);
    hf_package_free(package);
    hf_diag_free(diag);
    scratch_done();
}

int main(void)
{
    RUN(projection_keeps_distances);
    RUN(boxes_cross_the_date_line);
    RUN(labels_never_overlap);
    RUN(outlines_are_read_or_refused);
    RUN(topologies_unfold_and_memory_may_end);
    RUN(what_is_left_out_is_counted);
    return tap_done();
}
