/* GeoJSON, RFC 7946: one feature collection; the property "layer" tells the layers apart. What has no coordinates has the geometry null. */
#include "datasets/export/layers.h"

static void position(hf_buf *out, const double *point)
{
    hf_buf_puts(out, "[");
    hf_buf_number(out, point[0]);
    hf_buf_puts(out, ", ");
    hf_buf_number(out, point[1]);
    hf_buf_puts(out, "]");
}

static void line(hf_buf *out, const double part[4])
{
    hf_buf_puts(out, "[");
    position(out, part);
    hf_buf_puts(out, ", ");
    position(out, part + 2);
    hf_buf_puts(out, "]");
}

static void geometry(const hf_export_data *d, const hf_layer *layer, int row, hf_buf *out)
{
    int from, to;
    double parts[2][4];
    layer->ends(d, row, &from, &to);
    int n = to >= 0 ? hf_export_parts(d, from, to, parts) : hf_export_point(d, from, parts[0]);
    if (n == 0) {
        hf_buf_puts(out, "null");
        return;
    }
    hf_buf_printf(out, "{\"type\": \"%s\", \"coordinates\": ", to < 0 ? "Point" : n == 2 ? "MultiLineString" : "LineString");
    if (to < 0) position(out, parts[0]);
    else if (n == 1) line(out, parts[0]);
    else {
        hf_buf_puts(out, "[");
        line(out, parts[0]);
        hf_buf_puts(out, ", ");
        line(out, parts[1]);
        hf_buf_puts(out, "]");
    }
    hf_buf_puts(out, "}");
}

static void properties(const hf_export_data *d, int row, const hf_layer_column *columns, int n, hf_buf *out)
{
    for (int c = 0; c < n; c++) {
        hf_value value = columns[c].value(d, row);
        if (!value.there) continue;
        hf_buf_printf(out, ", \"%s\": ", columns[c].name);
        hf_export_json_value(out, columns[c].type, value);
    }
}

static void layer_write(const hf_export_data *d, const hf_layer *layer, hf_buf *out, bool *first)
{
    int n = layer->rows(d);
    bool entities = layer == &hf_layers[HF_LAYER_ENTITIES];
    for (int r = 0; r < n; r++) {
        hf_buf_printf(out, "%s\n{\"type\": \"Feature\", \"geometry\": ", *first ? "" : ",");
        *first = false;
        geometry(d, layer, r, out);
        hf_buf_printf(out, ", \"properties\": {\"layer\": \"%s\"", layer->name);
        properties(d, r, layer->columns, layer->n_columns, out);
        if (entities && d->losses) properties(d, r, hf_cascade_columns, hf_cascade_column_count, out);
        hf_buf_puts(out, "}}");
    }
}

hf_err hf_export_geojson(const hf_export_data *d, const hf_layer *only, hf_buf *out)
{
    static const hf_layer_id all[] = {HF_LAYER_ENTITIES, HF_LAYER_SUPPLIES, HF_LAYER_LINES};
    bool first = true;
    hf_buf source = {0};
    hf_export_source(d, &source);
    if (source.err != HF_OK) {
        hf_buf_done(&source);
        return HF_E_NOMEM;
    }
    hf_buf_puts(out, "{\"type\": \"FeatureCollection\", \"name\": ");
    hf_export_json_text(out, hf_package_name(d->package));
    hf_buf_puts(out, ", \"source\": ");
    hf_export_json_text(out, source.text);
    hf_buf_puts(out, ", \"features\": [");
    hf_buf_done(&source);
    if (only) layer_write(d, only, out, &first);
    for (size_t k = 0; !only && k < sizeof all / sizeof *all; k++) layer_write(d, &hf_layers[all[k]], out, &first);
    hf_buf_puts(out, "\n]}\n");
    return out->err;
}
