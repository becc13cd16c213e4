/* GraphML and GML, as the Internet Topology Zoo ships them, read by igraph: nodes into entities, edges into a carrier `fibre` with the rule
 * `reach`. Parallel edges are kept, self-loops left out. Nodes marked Internal=0 (peers outside) are the sources of the carrier.
 *
 * igraph refuses attr.type="integer", which is no GraphML type but is met in files; it is read as "int". */
#include <igraph/igraph.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/alloc.h"
#include "base/text.h"
#include "datasets/codes.h"
#include "datasets/import/draft.h"
#include "datasets/import/places.h"

static bool ends_in(const char *text, const char *end)
{
    size_t n = strlen(text), m = strlen(end);
    return n >= m && strcasecmp(text + n - m, end) == 0;
}

/* Writes "int" for "integer" in place; the text only gets shorter. Returns how many were mended. */
static int integers_mend(char *text, size_t *length)
{
    static const char wrong[] = "attr.type=\"integer\"", right[] = "attr.type=\"int\"";
    char *to = text, *from = text;
    int n = 0;
    for (char *found; (found = strstr(from, wrong)); from = found + sizeof wrong - 1, n++) {
        memmove(to, from, (size_t)(found - from));
        to += found - from;
        memcpy(to, right, sizeof right - 1);
        to += sizeof right - 1;
    }
    size_t rest = strlen(from);
    memmove(to, from, rest + 1);
    *length = (size_t)(to - text) + rest;
    return n;
}

static hf_err graph_read(hf_draft *d, const char *path, igraph_t *ret_graph)
{
    char *text = NULL;
    size_t length = 0;
    bool gml = ends_in(path, ".gml");
    hf_err err = hf_input_text(path, d->diag, &text, &length);
    if (err != HF_OK) return err;
    int mended = gml ? 0 : integers_mend(text, &length);
    FILE *stream = length > 0 ? fmemopen(text, length, "rb") : NULL;
    igraph_error_t code = IGRAPH_PARSEERROR;
    if (stream) code = gml ? igraph_read_graph_gml(ret_graph, stream) : igraph_read_graph_graphml(ret_graph, stream, 0);
    if (stream) fclose(stream);
    hf_free(text);
    if (code == IGRAPH_SUCCESS) {
        if (mended) hf_diag_add(d->diag, HF_NOTE, HF_OK, path, 0, 0, "attr.type=\"integer\" is no GraphML type; read as \"int\" (%d times)", mended);
        return HF_OK;
    }
    hf_diag_add(d->diag, HF_ERROR, HF_E_FORMAT, path, 0, 0, "igraph cannot read it as %s: %s", gml ? "GML" : "GraphML", igraph_strerror(code));
    return code == IGRAPH_ENOMEM ? HF_E_NOMEM : HF_E_DATA;
}

/* A graph and the types of its vertices' attributes. */
typedef struct zoo {
    igraph_t graph;
    igraph_strvector_t names;
    igraph_vector_int_t types;
} zoo;

static hf_err zoo_types(zoo *z)
{
    igraph_strvector_t other[2];
    igraph_vector_int_t other_types[2];
    if (igraph_strvector_init(&z->names, 0) != IGRAPH_SUCCESS) return HF_E_NOMEM;
    if (igraph_vector_int_init(&z->types, 0) != IGRAPH_SUCCESS) {
        igraph_strvector_destroy(&z->names);
        return HF_E_NOMEM;
    }
    igraph_error_t code = IGRAPH_SUCCESS;
    for (int k = 0; k < 2; k++) {
        code |= igraph_strvector_init(&other[k], 0);
        code |= igraph_vector_int_init(&other_types[k], 0);
    }
    if (code == IGRAPH_SUCCESS)
        code = igraph_cattribute_list(&z->graph, &other[0], &other_types[0], &z->names, &z->types, &other[1], &other_types[1]);
    for (int k = 0; k < 2; k++) {
        igraph_strvector_destroy(&other[k]);
        igraph_vector_int_destroy(&other_types[k]);
    }
    return code == IGRAPH_SUCCESS ? HF_OK : HF_E_NOMEM;
}

static void zoo_done(zoo *z)
{
    igraph_strvector_destroy(&z->names);
    igraph_vector_int_destroy(&z->types);
    igraph_destroy(&z->graph);
}

static igraph_integer_t type_of(const zoo *z, const char *name)
{
    for (igraph_integer_t k = 0; k < igraph_strvector_size(&z->names); k++)
        if (strcmp(igraph_strvector_get(&z->names, k), name) == 0) return VECTOR(z->types)[k];
    return IGRAPH_ATTRIBUTE_UNSPECIFIED;
}

/* A vertex attribute as a number or text, whatever the file made of it. NaN, "" where there is none. */
static const char *text_of(const zoo *z, const char *name, igraph_integer_t v)
{
    return type_of(z, name) == IGRAPH_ATTRIBUTE_STRING ? igraph_cattribute_VAS(&z->graph, name, v) : "";
}

static double number_of(const zoo *z, const char *name, igraph_integer_t v)
{
    double value = NAN;
    if (type_of(z, name) == IGRAPH_ATTRIBUTE_NUMERIC) return igraph_cattribute_VAN(&z->graph, name, v);
    const char *text = text_of(z, name, v);
    hf_number_parse(text, strlen(text), &value);
    return value;
}

/* The country that most nodes name (the first of equals), NULL when none does. */
static const char *country_of_most(const zoo *g)
{
    const char *best = NULL;
    int most = 0;
    for (igraph_integer_t v = 0; v < igraph_vcount(&g->graph); v++) {
        const char *code = hf_country_code(text_of(g, "Country", v));
        int n = 0;
        for (igraph_integer_t u = 0; code && u < igraph_vcount(&g->graph); u++) n += hf_country_code(text_of(g, "Country", u)) == code;
        if (n > most) most = n, best = code;
    }
    return best;
}

/* Its own country, the one of the command line, or the nearest node's. */
static const char *country_of(hf_draft *d, const zoo *g, igraph_integer_t v, const hf_places *known)
{
    const char *code = hf_country_code(text_of(g, "Country", v));
    double lat = number_of(g, "Latitude", v), lon = number_of(g, "Longitude", v), km = 0;
    if (!code) code = d->options->country;
    if (!code && !isnan(lat) && !isnan(lon)) code = hf_places_nearest(known, lat, lon, &km);
    return code;
}

static hf_err nodes_write(hf_draft *d, const zoo *g, const char *stem, hf_table *entities, hf_table *nodes)
{
    hf_err err = HF_OK;
    hf_places known = {0};
    int unplaced = 0, guessed = 0;
    const char *most = country_of_most(g);
    for (igraph_integer_t v = 0; v < igraph_vcount(&g->graph); v++) {
        const char *code = hf_country_code(text_of(g, "Country", v));
        double lat = number_of(g, "Latitude", v), lon = number_of(g, "Longitude", v);
        if (code && !isnan(lat) && !isnan(lon)) HF_TRY(hf_places_add(&known, lat, lon, code));
    }
    for (igraph_integer_t v = 0; v < igraph_vcount(&g->graph); v++) {
        char lat[32], lon[32];
        double y = number_of(g, "Latitude", v), x = number_of(g, "Longitude", v);
        const char *label = text_of(g, "label", v), *country = country_of(d, g, v, &known), *id = hf_draft_text(d, "%s-%d", stem, (int)v);
        bool named = *label && strcmp(label, "None") != 0 && strcmp(label, "?") != 0;
        guessed += !country && most;
        if (!country) country = most;
        unplaced += country == NULL;
        hf_number_format(y, lat);
        hf_number_format(x, lon);
        if (!id) HF_TRY(HF_E_NOMEM);
        const char *cells[] = {id, named ? label : id, "digital", country, "network node", isnan(y) ? NULL : lat, isnan(x) ? NULL : lon,
                               "Internet Topology Zoo"};
        HF_TRY(hf_table_append(entities, cells));
        const char *node[] = {"fibre", id, number_of(g, "Internal", v) == 0 ? "1" : NULL};
        HF_TRY(hf_table_append(nodes, node));
    }
    if (guessed)
        hf_diag_add(d->diag, HF_NOTE, HF_OK, NULL, 0, 0,
                    "%s: %d nodes name no country and no place; they took %s, which most others name (--country CC says otherwise)", stem, guessed, most);
    if (unplaced) {
        hf_diag_add(d->diag, HF_ERROR, HF_E_MISSING, NULL, 0, 0, "%d nodes have no country and none can be told from their place: give --country CC", unplaced);
        err = HF_E_DATA;
    }
out:
    hf_places_done(&known);
    return err;
}

static hf_err edges_write(hf_draft *d, const igraph_t *g, const char *stem, hf_table *lines)
{
    hf_err err = HF_OK;
    for (igraph_integer_t e = 0; e < igraph_ecount(g); e++) {
        const char *from = hf_draft_text(d, "%s-%d", stem, (int)IGRAPH_FROM(g, e)), *to = hf_draft_text(d, "%s-%d", stem, (int)IGRAPH_TO(g, e));
        const char *cells[] = {"fibre", from, to};
        if (!from || !to) return HF_E_NOMEM;
        if (strcmp(from, to) == 0) hf_draft_leave_out(d, "edges from a node to itself", from);
        else HF_TRY(hf_table_append(lines, cells));
    }
out:
    return err;
}

/* File name without folders and ending. */
static const char *stem_of(hf_draft *d, const char *path)
{
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path, *dot = strrchr(name, '.');
    return hf_draft_text(d, "%.*s", dot ? (int)(dot - name) : (int)strlen(name), name);
}

static hf_err graph_add(hf_draft *d, const char *path, hf_table *entities, hf_table *nodes, hf_table *lines)
{
    zoo z;
    const char *stem = stem_of(d, path);
    hf_err err = graph_read(d, path, &z.graph);
    if (err != HF_OK) return err;
    err = zoo_types(&z);
    if (err != HF_OK) {
        igraph_destroy(&z.graph);
        return err;
    }
    err = stem ? nodes_write(d, &z, stem, entities, nodes) : HF_E_NOMEM;
    if (err == HF_OK) err = edges_write(d, &z.graph, stem, lines);
    zoo_done(&z);
    return err;
}

hf_err hf_import_graph(hf_draft *d, const char *const *files, int n)
{
    hf_err err = HF_OK;
    hf_table *carriers = NULL, *entities = NULL, *nodes = NULL, *lines = NULL;
    const char *carrier[] = {"fibre", "", "reach"};
    d->name = "data-network";
    d->title = "Data network";
    d->source = "Internet Topology Zoo, CC BY 4.0, or another GraphML or GML file";
    igraph_error_handler_t *before = igraph_set_error_handler(igraph_error_handler_ignore);
    igraph_warning_handler_t *warnings = igraph_set_warning_handler(igraph_warning_handler_ignore);
    igraph_attribute_table_t *attributes = igraph_set_attribute_table(&igraph_cattribute_table);
    HF_TRY(hf_draft_table(d, "entities", "id,name,sector,country,subsector,lat,lon,source", &entities));
    HF_TRY(hf_draft_table(d, "carriers", "carrier,unit,rule", &carriers));
    HF_TRY(hf_draft_table(d, "carrier_nodes", "carrier,entity,supply", &nodes));
    HF_TRY(hf_draft_table(d, "carrier_lines", "carrier,from,to", &lines));
    HF_TRY(hf_table_append(carriers, carrier));
    for (int k = 0; k < n; k++) HF_TRY(graph_add(d, files[k], entities, nodes, lines));
out:
    igraph_set_attribute_table(attributes);
    igraph_set_warning_handler(warnings);
    igraph_set_error_handler(before);
    return err;
}
