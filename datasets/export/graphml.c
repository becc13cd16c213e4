/* GraphML (http://graphml.graphdrawing.org/specification.html): entities are nodes; supply links (supplier to entity) and carrier lines are
 * edges, told apart by the edge attribute "link". Node ids are the ids of the entities where all of them are XML name tokens, else n0, n1 …;
 * the attribute "entity" always holds the id, "label" (which Gephi shows) the name. All edges are directed, as NetworkX refuses a mix; lines that
 * conduct both ways have the attribute "directed" false. */
#include <string.h>

#include "datasets/export/layers.h"

static const char *const type_name[] = {"string", "double", "int", "boolean"};

/* An XML name token, so far as ASCII goes; other characters are let pass. */
static bool is_token(const char *text)
{
    for (const char *c = text; *c; c++)
        if ((unsigned char)*c < 0x80 && !strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._:", *c)) return false;
    return *text != '\0';
}

static const char *attribute_name(const hf_layer *layer, const hf_layer_column *column)
{
    if (layer != &hf_layers[HF_LAYER_ENTITIES]) return column->name;
    return column->is_end ? "entity" : strcmp(column->name, "name") == 0 ? "label" : column->name;
}

/* Keys are numbered by prefix and place: v0, v1 … of nodes, c0 … of the cascade, s0 … of supply links, l0 … of lines. */
static void keys_write(hf_buf *out, const hf_layer *layer, const hf_layer_column *columns, int n, const char *prefix, bool ends)
{
    for (int c = 0; c < n; c++)
        if (ends || !columns[c].is_end)
            hf_buf_printf(out, "  <key id=\"%s%d\" for=\"%s\" attr.name=\"%s\" attr.type=\"%s\"/>\n", prefix, c, layer->is_line ? "edge" : "node",
                          attribute_name(layer, &columns[c]), type_name[columns[c].type]);
}

static void data_write(const hf_export_data *d, int row, const hf_layer_column *columns, int n, const char *prefix, bool ends, hf_buf *out)
{
    for (int c = 0; c < n; c++) {
        hf_value value = columns[c].value(d, row);
        if (!value.there || (columns[c].is_end && !ends)) continue;
        hf_buf_printf(out, "<data key=\"%s%d\">", prefix, c);
        if (columns[c].type == HF_VALUE_TEXT) hf_export_xml_text(out, value.text);
        else hf_export_plain_value(out, columns[c].type, value);
        hf_buf_puts(out, "</data>");
    }
}

static void id_write(const hf_export_data *d, int entity, bool tokens, hf_buf *out)
{
    if (tokens) hf_export_xml_text(out, d->net->id[entity]);
    else hf_buf_printf(out, "n%d", entity);
}

static void edges_write(const hf_export_data *d, const hf_layer *layer, const char *link, const char *prefix, bool tokens, hf_buf *out)
{
    for (int r = 0; r < layer->rows(d); r++) {
        int from, to;
        layer->ends(d, r, &from, &to);
        hf_buf_printf(out, "    <edge id=\"%s-%d\" source=\"", link, r);
        id_write(d, from, tokens, out);
        hf_buf_puts(out, "\" target=\"");
        id_write(d, to, tokens, out);
        hf_buf_printf(out, "\"><data key=\"link\">%s</data>", link);
        data_write(d, r, layer->columns, layer->n_columns, prefix, false, out);
        hf_buf_puts(out, "</edge>\n");
    }
}

static void head_write(const hf_export_data *d, hf_buf *out)
{
    const hf_layer *entities = &hf_layers[HF_LAYER_ENTITIES], *supplies = &hf_layers[HF_LAYER_SUPPLIES], *lines = &hf_layers[HF_LAYER_LINES];
    hf_buf source = {0};
    hf_export_source(d, &source);
    hf_buf_puts(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\" "
                     "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:schemaLocation=\"http://graphml.graphdrawing.org/xmlns "
                     "http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd\">\n  <desc>");
    hf_export_xml_text(out, source.text ? source.text : "");
    hf_buf_puts(out, "</desc>\n");
    if (source.err != HF_OK) out->err = source.err;
    hf_buf_done(&source);
    keys_write(out, entities, entities->columns, entities->n_columns, "v", true);
    if (d->losses) keys_write(out, entities, hf_cascade_columns, hf_cascade_column_count, "c", true);
    hf_buf_puts(out, "  <key id=\"link\" for=\"edge\" attr.name=\"link\" attr.type=\"string\"/>\n");
    keys_write(out, supplies, supplies->columns, supplies->n_columns, "s", false);
    keys_write(out, lines, lines->columns, lines->n_columns, "l", false);
}

hf_err hf_export_graphml(const hf_export_data *d, hf_buf *out)
{
    const hf_layer *entities = &hf_layers[HF_LAYER_ENTITIES];
    bool tokens = true;
    for (int i = 0; i < d->net->n_entities; i++) tokens = tokens && is_token(d->net->id[i]);
    head_write(d, out);
    hf_buf_puts(out, "  <graph id=\"G\" edgedefault=\"directed\">\n");
    for (int i = 0; i < d->net->n_entities; i++) {
        hf_buf_puts(out, "    <node id=\"");
        id_write(d, i, tokens, out);
        hf_buf_puts(out, "\">");
        data_write(d, i, entities->columns, entities->n_columns, "v", true, out);
        if (d->losses) data_write(d, i, hf_cascade_columns, hf_cascade_column_count, "c", true, out);
        hf_buf_puts(out, "</node>\n");
    }
    edges_write(d, &hf_layers[HF_LAYER_SUPPLIES], "supply", "s", tokens, out);
    edges_write(d, &hf_layers[HF_LAYER_LINES], "carrier", "l", tokens, out);
    hf_buf_puts(out, "  </graph>\n</graphml>\n");
    return out->err;
}
