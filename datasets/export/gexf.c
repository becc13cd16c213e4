/* GEXF 1.3 (https://gexf.net): the same nodes and edges as GraphML. Edges carry the kind of their requirement or carrier, so that Gephi keeps
 * parallel ones apart. No date is written: the same data set gives the same bytes. */
#include <string.h>

#include "datasets/export/layers.h"

static const char *const type_name[] = {"string", "double", "integer", "boolean"};

static void attributes_write(hf_buf *out, const hf_layer_column *columns, int n, const char *prefix, bool ends)
{
    for (int c = 0; c < n; c++)
        if (ends || !columns[c].is_end)
            hf_buf_printf(out, "      <attribute id=\"%s%d\" title=\"%s\" type=\"%s\"/>\n", prefix, c, columns[c].is_end ? "entity" : columns[c].name,
                          type_name[columns[c].type]);
}

static void values_write(const hf_export_data *d, int row, const hf_layer_column *columns, int n, const char *prefix, bool ends, hf_buf *out)
{
    for (int c = 0; c < n; c++) {
        hf_value value = columns[c].value(d, row);
        if (!value.there || (columns[c].is_end && !ends)) continue;
        hf_buf_printf(out, "<attvalue for=\"%s%d\" value=\"", prefix, c);
        if (columns[c].type == HF_VALUE_TEXT) hf_export_xml_text(out, value.text);
        else hf_export_plain_value(out, columns[c].type, value);
        hf_buf_puts(out, "\"/>");
    }
}

static void edges_write(const hf_export_data *d, const hf_layer *layer, const char *link, const char *prefix, hf_buf *out)
{
    bool lines = layer == &hf_layers[HF_LAYER_LINES];
    for (int r = 0; r < layer->rows(d); r++) {
        int from, to;
        layer->ends(d, r, &from, &to);
        const char *kind = lines ? d->net->carrier_id[d->net->cline_carrier[r]] : d->net->req_labels.name[d->net->req_label[d->net->sup_req[r]]];
        hf_buf_printf(out, "      <edge id=\"%s-%d\" source=\"", link, r);
        hf_export_xml_text(out, d->net->id[from]);
        hf_buf_puts(out, "\" target=\"");
        hf_export_xml_text(out, d->net->id[to]);
        hf_buf_puts(out, "\" kind=\"");
        hf_export_xml_text(out, kind);
        hf_buf_printf(out, "\"%s><attvalues><attvalue for=\"link\" value=\"%s\"/>",
                      lines && !d->net->carrier_directed[d->net->cline_carrier[r]] ? " type=\"undirected\"" : "", link);
        values_write(d, r, layer->columns, layer->n_columns, prefix, false, out);
        hf_buf_puts(out, "</attvalues></edge>\n");
    }
}

static void head_write(const hf_export_data *d, hf_buf *out)
{
    const hf_layer *entities = &hf_layers[HF_LAYER_ENTITIES], *supplies = &hf_layers[HF_LAYER_SUPPLIES], *lines = &hf_layers[HF_LAYER_LINES];
    hf_buf source = {0};
    hf_export_source(d, &source);
    hf_buf_puts(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<gexf xmlns=\"http://gexf.net/1.3\" version=\"1.3\">\n  <meta><creator>Holdfast"
                     "</creator><description>");
    hf_export_xml_text(out, source.text ? source.text : "");
    if (source.err != HF_OK) out->err = source.err;
    hf_buf_done(&source);
    hf_buf_puts(out, "</description></meta>\n  <graph mode=\"static\" defaultedgetype=\"directed\">\n    <attributes class=\"node\">\n");
    attributes_write(out, entities->columns, entities->n_columns, "v", true);
    if (d->losses) attributes_write(out, hf_cascade_columns, hf_cascade_column_count, "c", true);
    hf_buf_puts(out, "    </attributes>\n    <attributes class=\"edge\">\n      <attribute id=\"link\" title=\"link\" type=\"string\"/>\n");
    attributes_write(out, supplies->columns, supplies->n_columns, "s", false);
    attributes_write(out, lines->columns, lines->n_columns, "l", false);
    hf_buf_puts(out, "    </attributes>\n");
}

hf_err hf_export_gexf(const hf_export_data *d, hf_buf *out)
{
    const hf_layer *entities = &hf_layers[HF_LAYER_ENTITIES];
    head_write(d, out);
    hf_buf_puts(out, "    <nodes>\n");
    for (int i = 0; i < d->net->n_entities; i++) {
        hf_buf_puts(out, "      <node id=\"");
        hf_export_xml_text(out, d->net->id[i]);
        hf_buf_puts(out, "\" label=\"");
        hf_export_xml_text(out, d->net->name[i]);
        hf_buf_puts(out, "\"><attvalues>");
        values_write(d, i, entities->columns, entities->n_columns, "v", true, out);
        if (d->losses) values_write(d, i, hf_cascade_columns, hf_cascade_column_count, "c", true, out);
        hf_buf_puts(out, "</attvalues></node>\n");
    }
    hf_buf_puts(out, "    </nodes>\n    <edges>\n");
    edges_write(d, &hf_layers[HF_LAYER_SUPPLIES], "supply", "s", out);
    edges_write(d, &hf_layers[HF_LAYER_LINES], "carrier", "l", out);
    hf_buf_puts(out, "    </edges>\n  </graph>\n</gexf>\n");
    return out->err;
}
