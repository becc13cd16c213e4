#include "datasets/export/export.h"

#include <math.h>
#include <string.h>
#include <strings.h>

#include "base/alloc.h"
#include "datasets/export/layers.h"

const hf_export_format hf_export_formats[] = {
    {"graphml", ".graphml", "GraphML: Gephi, igraph, yEd, NetworkX", false},
    {"gexf", ".gexf", "GEXF 1.3: Gephi", false},
    {"geojson", ".geojson .json", "GeoJSON (RFC 7946): points and lines for map programs", false},
    {"gpkg", ".gpkg", "GeoPackage 1.3: layers for QGIS and other map programs", true},
    {"csv", ".csv", "one layer as a flat table (--layer; entities unless told otherwise)", false},
};

const int hf_export_format_count = (int)(sizeof hf_export_formats / sizeof *hf_export_formats);

const char *const hf_export_layers[] = {"entities", "supplies", "carrier_lines", "carrier_nodes", "cascade"};
const int hf_export_layer_count = HF_LAYER_COUNT;

const hf_export_format *hf_export_format_find(const char *name)
{
    for (int k = 0; k < hf_export_format_count; k++)
        if (strcmp(hf_export_formats[k].name, name) == 0) return &hf_export_formats[k];
    return NULL;
}

static bool ends_in(const char *text, const char *end, size_t m)
{
    size_t n = strlen(text);
    return n > m && strncasecmp(text + n - m, end, m) == 0;
}

const hf_export_format *hf_export_format_of(const char *path)
{
    for (int k = 0; k < hf_export_format_count; k++)
        for (const char *at = hf_export_formats[k].endings; *at;) {
            size_t m = strcspn(at, " ");
            if (ends_in(path, at, m)) return &hf_export_formats[k];
            at += m + (at[m] == ' ');
        }
    return NULL;
}

static int *unset(int n)
{
    int *list = hf_malloc((size_t)n * sizeof *list);
    for (int i = 0; list && i < n; i++) list[i] = -1;
    return list;
}

/* The supply link of a row of the table, or -1. */
static int supply_find(const hf_network *net, const char *entity, const char *requirement, const char *supplier)
{
    int i = hf_network_find(net, entity), j = hf_network_find(net, supplier), name = hf_labels_find(&net->req_labels, requirement);
    if (i < 0 || j < 0) return -1;
    for (int g = net->req_off[i]; g < net->req_off[i + 1]; g++)
        for (int s = net->sup_off[g]; net->req_label[g] == name && s < net->sup_off[g + 1]; s++)
            if (net->sup_supplier[s] == j) return s;
    return -1;
}

static void rows_find(hf_export_data *d)
{
    const hf_table *t = d->entity_table;
    int id = t ? hf_table_column(t, "id") : -1;
    for (int r = 0; id >= 0 && r < hf_table_rows(t); r++) {
        int i = hf_network_find(d->net, hf_table_cell(t, r, id).text);
        if (i >= 0) d->entity_row[i] = r;
    }
    if (!(t = d->supply_table)) return;
    int entity = hf_table_column(t, "entity"), requirement = hf_table_column(t, "requirement"), supplier = hf_table_column(t, "supplier");
    if (entity < 0 || requirement < 0 || supplier < 0) return;
    for (int r = 0; r < hf_table_rows(t); r++) {
        int s = supply_find(d->net, hf_table_cell(t, r, entity).text, hf_table_cell(t, r, requirement).text, hf_table_cell(t, r, supplier).text);
        if (s >= 0) d->supply_row[s] = r;
    }
}

hf_err hf_export_data_init(hf_export_data *d, const hf_package *package, const hf_export_options *options)
{
    const hf_network *net = hf_package_network(package);
    *d = (hf_export_data){.package = package, .net = net, .losses = options->losses, .cascade = options->cascade};
    d->entity_table = hf_package_table(package, "entities");
    d->supply_table = hf_package_table(package, "supplies");
    d->entity_row = unset(net->n_entities);
    d->supply_row = unset(net->n_supplies);
    if (d->losses) d->entity_loss = unset(net->n_entities);
    if (!d->entity_row || !d->supply_row || (d->losses && !d->entity_loss)) return HF_E_NOMEM;
    rows_find(d);
    for (int k = 0; d->losses && k < d->losses->n_entities; k++) d->entity_loss[d->losses->entities[k].entity] = k;
    return HF_OK;
}

void hf_export_data_done(hf_export_data *d)
{
    hf_free(d->entity_row);
    hf_free(d->supply_row);
    hf_free(d->entity_loss);
}

bool hf_export_point(const hf_export_data *d, int entity, double point[2])
{
    point[0] = d->net->lon[entity];
    point[1] = d->net->lat[entity];
    return isfinite(point[0]) && isfinite(point[1]);
}

int hf_export_parts(const hf_export_data *d, int from, int to, double parts[2][4])
{
    double a[2], b[2];
    if (!hf_export_point(d, from, a) || !hf_export_point(d, to, b)) return 0;
    if (fabs(b[0] - a[0]) <= 180) {
        memcpy(parts[0], (double[]){a[0], a[1], b[0], b[1]}, sizeof parts[0]);
        return 1;
    }
    /* Across the 180th meridian: the side of the first end, then the other side. */
    double side = a[0] > 0 ? 180 : -180, rest = side - a[0], whole = b[0] + 2 * side - a[0];
    double lat = whole != 0 ? a[1] + (b[1] - a[1]) * rest / whole : a[1];
    memcpy(parts[0], (double[]){a[0], a[1], side, lat}, sizeof parts[0]);
    memcpy(parts[1], (double[]){-side, lat, b[0], b[1]}, sizeof parts[1]);
    return 2;
}

void hf_export_source(const hf_export_data *d, hf_buf *out)
{
    hf_buf_printf(out, "holdfast data set %s %s, sha256 %s", hf_package_name(d->package), hf_package_version(d->package), hf_package_digest(d->package));
    if (d->losses) hf_buf_printf(out, ", cascade %s", d->cascade ? d->cascade : "");
}

static void note_fill(const hf_export_data *d, hf_export_note *note)
{
    double point[2];
    *note = (hf_export_note){d->net->n_entities, d->net->n_supplies, d->net->n_clines, 0};
    for (int i = 0; i < d->net->n_entities; i++) note->unplaced += !hf_export_point(d, i, point);
}

static hf_err layer_find(const hf_export_format *format, const hf_export_options *options, const hf_layer **ret_layer)
{
    *ret_layer = NULL;
    if (!options->layer) return HF_OK;
    if (strcmp(format->name, "csv") != 0 && strcmp(format->name, "geojson") != 0) return HF_E_UNSUPPORTED;
    for (int k = 0; k < HF_LAYER_COUNT; k++)
        if (strcmp(hf_layers[k].name, options->layer) == 0 && (k != HF_LAYER_CASCADE || options->losses)) *ret_layer = &hf_layers[k];
    return *ret_layer ? HF_OK : HF_E_UNKNOWN_ID;
}

hf_err hf_export_write(const hf_package *package, const hf_export_format *format, const hf_export_options *options, hf_buf *out,
                       hf_export_note *ret_note)
{
    hf_export_data data = {0};
    const hf_layer *layer;
    hf_err err = layer_find(format, options, &layer);
    if (err != HF_OK) return err;
    HF_TRY(hf_export_data_init(&data, package, options));
    if (strcmp(format->name, "graphml") == 0) err = hf_export_graphml(&data, out);
    else if (strcmp(format->name, "gexf") == 0) err = hf_export_gexf(&data, out);
    else if (strcmp(format->name, "geojson") == 0) err = hf_export_geojson(&data, layer, out);
    else if (strcmp(format->name, "gpkg") == 0) err = hf_export_gpkg(&data, out);
    else err = hf_export_csv(&data, layer ? layer : &hf_layers[HF_LAYER_ENTITIES], out);
    if (err == HF_OK) err = out->err;
    if (err == HF_OK) note_fill(&data, ret_note);
out:
    hf_export_data_done(&data);
    return err;
}
