/* Diagrams, pictures, tables and JSON: what is drawn, that it reads back, that no script or quote breaks it. */
#include <graphviz/cgraph.h>
#include <stdint.h>
#include <stdlib.h>

#include "model/network/builder.h"
#include "tests/tap.h"
#include "viz/dot.h"
#include "viz/json_out.h"
#include "viz/picture.h"
#include "viz/text_table.h"

static const hf_origin nowhere = {0};

static void entity(hf_builder *b, const char *id, const char *name, const char *sector, const char *country)
{
    hf_entity_row row = hf_entity_row_default();
    row.id = id, row.name = name, row.sector = sector, row.country = country, row.users = 10;
    CHECK_INT(hf_builder_entity(b, &row, nowhere), HF_OK);
}

static void needs(hf_builder *b, const char *id, const char *what, const char *supplier)
{
    hf_requirement_row row = hf_requirement_row_default();
    hf_supply_row link = hf_supply_row_default();
    row.entity = link.entity = id, row.requirement = link.requirement = what, row.kind = HF_CYBER, link.supplier = supplier;
    CHECK_INT(hf_builder_requirement(b, &row, nowhere), HF_OK);
    CHECK_INT(hf_builder_supply(b, &link, nowhere), HF_OK);
}

/* Names in four scripts, with quotes, backslashes, markup and ids that DOT would read as keywords. */
static hf_network *network(void)
{
    hf_builder *b = NULL;
    hf_network *net = NULL;
    CHECK_INT(hf_builder_new(NULL, &b), HF_OK);
    entity(b, "node", "Електрана \"Ђердап\"", "energy", "RS");
    entity(b, "graph", "病院 <b>1</b>", "health", "JP");
    entity(b, "a\\b", "Wasserwerk\\Süd", "drinking_water", "AT");
    entity(b, "far", "Gyógyszertár", "health", "HU");
    needs(b, "graph", "data", "node");
    needs(b, "a\\b", "data", "node");
    hf_builder_carrier(b, &(hf_carrier_row){"power", "MW", HF_BALANCE, false}, nowhere);
    hf_builder_carrier_node(b, &(hf_carrier_node_row){"power", "node", 10, 0, 1}, nowhere);
    hf_builder_carrier_node(b, &(hf_carrier_node_row){"power", "far", 0, 10, 1}, nowhere);
    entity(b, "cable", "Кабл 1", "energy", "RS");
    hf_builder_carrier_line(b, &(hf_carrier_line_row){"power", "node", "far", "cable", INFINITY, NAN, NAN}, nowhere);
    CHECK_INT(hf_builder_finish(b, &net), HF_OK);
    hf_builder_free(b);
    return net;
}

static int nodes_without_legend(Agraph_t *graph)
{
    int n = 0;
    for (Agnode_t *v = agfstnode(graph); v; v = agnxtnode(graph, v)) n += strncmp(agnameof(v), "legend", 6) != 0;
    return n;
}

static const char *attribute(Agraph_t *graph, const char *node, const char *name)
{
    Agnode_t *v = agnode(graph, (char *)(uintptr_t)node, 0);
    CHECK(v != NULL);
    return v ? agget(v, (char *)(uintptr_t)name) : "";
}

static void a_cascade_is_drawn(void)
{
    hf_network *net = network();
    hf_timeline *tl = NULL;
    hf_losses *losses = NULL;
    hf_buf dot = {0};
    hf_dot_note note = {0};
    hf_inject fail = {3, HF_INJECT_FAIL, hf_network_find(net, "node"), 0.6, NAN};
    CHECK_INT(hf_timeline_new(net, &tl), HF_OK);
    CHECK_INT(hf_timeline_run(tl, &fail, 1, NULL, NULL), HF_OK);
    CHECK_INT(hf_losses_compute(tl, net, 0.5, &losses), HF_OK);
    hf_dot_options options = {.only_hit = true, .cluster = HF_DOT_BY_COUNTRY, .title = "What \"if\"?"};
    CHECK_INT(hf_dot_write(net, tl, losses, &options, &dot, &note), HF_OK);
    Agraph_t *graph = agmemread(dot.text);
    CHECK(graph != NULL);
    if (graph) {
        CHECK_INT(nodes_without_legend(graph), 4); /* the cable is whole and an edge in any case */
        CHECK(strstr(attribute(graph, "graph", "label"), "病院 <b>1</b>\\ndown to 60 % from 3 h"));
        CHECK_STR(attribute(graph, "node", "peripheries"), "2");
        CHECK_STR(attribute(graph, "node", "fillcolor"), "#fed98e");
        CHECK_STR(attribute(graph, "a\\b", "shape"), "ellipse");
        CHECK(strstr(attribute(graph, "a\\b", "label"), "Wasserwerk\\\\Süd"));
        CHECK(agsubg(graph, (char *)(uintptr_t) "cluster JP", 0) != NULL);
        agclose(graph);
    }
    CHECK_INT(note.shown, 4);
    CHECK_INT(note.left_out, 1);
    hf_buf_done(&dot);
    hf_losses_free(losses);
    hf_timeline_free(tl);
    hf_network_free(net);
}

static void the_same_twice(void)
{
    hf_network *net = network();
    hf_buf one = {0}, two = {0};
    hf_dot_note note = {0};
    hf_dot_options options = {.cluster = HF_DOT_BY_SECTOR};
    CHECK_INT(hf_dot_write(net, NULL, NULL, &options, &one, &note), HF_OK);
    CHECK_INT(hf_dot_write(net, NULL, NULL, &options, &two, &note), HF_OK);
    CHECK_STR(one.text, two.text);
    hf_buf_done(&one);
    hf_buf_done(&two);
    hf_network_free(net);
}

static void groups_are_counted(void)
{
    hf_network *net = network();
    hf_buf dot = {0};
    hf_dot_note note = {0};
    hf_dot_options options = {.collapse = HF_DOT_BY_COUNTRY};
    CHECK_INT(hf_dot_write(net, NULL, NULL, &options, &dot, &note), HF_OK);
    Agraph_t *graph = agmemread(dot.text);
    CHECK(graph != NULL);
    if (graph) {
        CHECK_INT(nodes_without_legend(graph), 4);
        CHECK_STR(attribute(graph, "RS", "label"), "RS\\n2 entities");
        agclose(graph);
    }
    CHECK_INT(note.collapsed, HF_DOT_BY_COUNTRY);
    hf_buf_done(&dot);
    hf_network_free(net);
}

static void pictures_are_drawn(void)
{
    hf_network *net = network();
    hf_buf dot = {0}, svg = {0}, png = {0}, pdf = {0}, none = {0};
    hf_dot_note note = {0};
    hf_dot_options options = {.whole = true, .title = "Наслов"};
    CHECK_INT(hf_dot_write(net, NULL, NULL, &options, &dot, &note), HF_OK);
    CHECK_INT(hf_picture_draw(dot.text, "svg", &svg), HF_OK);
    CHECK_INT(hf_picture_draw(dot.text, "png", &png), HF_OK);
    CHECK_INT(hf_picture_draw(dot.text, "pdf", &pdf), HF_OK);
    CHECK(svg.text && strstr(svg.text, "Наслов") && strstr(svg.text, "病院 &lt;b&gt;1&lt;/b&gt;")); /* text is text, and searchable */
    CHECK(png.length > 1000 && memcmp(png.text, "\x89PNG", 4) == 0);
    CHECK(pdf.length > 1000 && memcmp(pdf.text, "%PDF", 4) == 0);
    CHECK_INT(hf_picture_draw(dot.text, "bmp", &none), HF_E_UNSUPPORTED);
    CHECK_STR(hf_picture_format("x.SVG"), "svg");
    CHECK(hf_picture_format("x.doc") == NULL && hf_picture_format(".png") == NULL);
    hf_buf_done(&dot);
    hf_buf_done(&svg);
    hf_buf_done(&png);
    hf_buf_done(&pdf);
    hf_network_free(net);
}

static void tables_line_up(void)
{
    hf_text_table *table = NULL;
    hf_buf out = {0};
    CHECK_INT(hf_text_table_new(&table), HF_OK);
    hf_text_table_column(table, "name", HF_ALIGN_LEFT);
    hf_text_table_column(table, "n", HF_ALIGN_RIGHT);
    hf_text_table_column(table, "why", HF_ALIGN_LEFT);
    hf_text_table_cell(table, "病院");
    hf_text_table_cellf(table, "%d", 7);
    hf_text_table_cell(table, "power short since 12 h, bridged for 12 h");
    hf_text_table_cell(table, "Ђердап");
    hf_text_table_cell(table, "12");
    hf_text_table_cell(table, "");
    CHECK_INT(hf_text_table_write(table, 34, &out), HF_OK);
    CHECK_STR(out.text, "  name     n  why\n"
                        "  病院     7  power short since\n"
                        "              12 h, bridged for\n"
                        "              12 h\n"
                        "  Ђердап  12\n");
    hf_buf_done(&out);
    hf_text_table_free(table);
}

static void json_is_json(void)
{
    hf_buf out = {0};
    hf_json json;
    hf_json_start(&json, &out);
    hf_json_object(&json);
    hf_json_key(&json, "text");
    hf_json_text(&json, "a\"b\\c\n\x01 病");
    hf_json_key(&json, "list");
    hf_json_array(&json);
    hf_json_number(&json, 0.1);
    hf_json_number(&json, NAN);
    hf_json_bool(&json, true);
    hf_json_null(&json);
    hf_json_end(&json);
    hf_json_key(&json, "empty");
    hf_json_array(&json);
    hf_json_end(&json);
    hf_json_end(&json);
    CHECK_STR(out.text, "{\n  \"text\": \"a\\\"b\\\\c\\n\\u0001 病\",\n  \"list\": [0.1, null, true, null],\n  \"empty\": []\n}");
    hf_buf_done(&out);
}

int main(void)
{
    RUN(a_cascade_is_drawn);
    RUN(the_same_twice);
    RUN(groups_are_counted);
    RUN(pictures_are_drawn);
    RUN(tables_line_up);
    RUN(json_is_json);
    return tap_done();
}
