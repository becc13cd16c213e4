/* SciGRID_gas IGGIN: nodes, pipe segments, storages, LNG terminals and compressors into a carrier `gas` with the rule `balance`.
 *
 * Lists and dictionaries stand in cells as Python literals. Supply of a node: what its storages and terminals can send out; consumption is not
 * in these files. Capacities are `max_cap_M_m3_per_d`. Country codes may have blanks behind them; `XX` (offshore) takes that of the nearest node. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"
#include "datasets/codes.h"
#include "datasets/import/draft.h"
#include "datasets/import/places.h"

static const hf_table_form scigrid = {.delimiter = ';'};

typedef struct network {
    hf_draft *d;
    hf_table *nodes, *pipes, *storages, *terminals;
    hf_table *entities, *carrier_nodes, *carrier_lines;
    hf_idmap *ids;
    double *supply; /* of each node, million m3 a day */
    int borrowed;
} network;

/* The k-th text of a literal such as ['A', 'B'], or of a bare text for k = 0. */
static bool literal_item(const char *literal, int k, char *item, size_t room)
{
    const char *at = literal;
    if (*literal != '[') {
        snprintf(item, room, "%s", literal);
        return k == 0 && *literal;
    }
    for (int seen = 0; (at = strchr(at, '\'')); seen++) {
        const char *end = strchr(++at, '\'');
        if (!end) return false;
        if (seen == k) {
            snprintf(item, room, "%.*s", (int)(end - at), at);
            return true;
        }
        at = end + 1;
    }
    return false;
}

/* Number behind 'key': in a dictionary literal; false for None and for keys that are not there. */
static bool literal_number(const char *literal, const char *key, double *ret_value)
{
    char wanted[48];
    snprintf(wanted, sizeof wanted, "'%s': ", key);
    const char *at = strstr(literal, wanted);
    if (!at) return false;
    at += strlen(wanted);
    return hf_number_parse(at, strcspn(at, ",}"), ret_value);
}

static const char *trimmed_country(const char *text)
{
    char code[8];
    snprintf(code, sizeof code, "%.*s", (int)strcspn(text, " "), text);
    return strcmp(code, "XX") == 0 ? NULL : hf_country_code(code);
}

static hf_err supplies_add(network *g, const hf_table *table, const char *what)
{
    int column[2];
    if (!table) return HF_OK;
    hf_err err = hf_input_columns(table, "node_id,param", column, 2, g->d->diag);
    for (int r = 0; err == HF_OK && r < hf_table_rows(table); r++) {
        char node[64];
        double flow = 0;
        int at = -1;
        if (literal_item(hf_table_cell(table, r, column[0]).text, 0, node, sizeof node)) at = hf_idmap_find(g->ids, node, strlen(node));
        if (at < 0 || !literal_number(hf_table_cell(table, r, column[1]).text, "max_cap_store2pipe_M_m3_per_d", &flow) || !(flow > 0))
            hf_draft_leave_out(g->d, what, hf_table_cell(table, r, 0).text);
        else g->supply[at] += flow;
    }
    return err;
}

static hf_err nodes_number(network *g, const int *column, hf_places *known)
{
    hf_err err = HF_OK;
    for (int r = 0; r < hf_table_rows(g->nodes); r++) {
        hf_cell id = hf_table_cell(g->nodes, r, column[0]);
        double lat = 0, lon = 0;
        int number = 0;
        HF_TRY(hf_idmap_intern(g->ids, id.text, id.length, &number, NULL));
        hf_cell y = hf_table_cell(g->nodes, r, column[2]), x = hf_table_cell(g->nodes, r, column[3]);
        const char *country = trimmed_country(hf_table_cell(g->nodes, r, column[4]).text);
        if (country && hf_number_parse(y.text, y.length, &lat) && hf_number_parse(x.text, x.length, &lon))
            HF_TRY(hf_places_add(known, lat, lon, country));
    }
out:
    return err;
}

static hf_err node_rows(network *g, const int *column, const hf_places *known)
{
    hf_err err = HF_OK;
    for (int r = 0; r < hf_table_rows(g->nodes); r++) {
        hf_cell id = hf_table_cell(g->nodes, r, column[0]), y = hf_table_cell(g->nodes, r, column[2]), x = hf_table_cell(g->nodes, r, column[3]);
        const char *country = trimmed_country(hf_table_cell(g->nodes, r, column[4]).text);
        double lat = 0, lon = 0, km = 0;
        char supply[32];
        int number = hf_idmap_find(g->ids, id.text, id.length);
        if (!country && hf_number_parse(y.text, y.length, &lat) && hf_number_parse(x.text, x.length, &lon)) {
            country = hf_places_nearest(known, lat, lon, &km);
            g->borrowed++;
        }
        if (!country) {
            hf_draft_leave_out(g->d, "nodes without country and coordinates", id.text);
            continue;
        }
        const char *cells[] = {id.text, hf_table_cell(g->nodes, r, column[1]).text, "energy", country, "gas", y.text, x.text, "SciGRID_gas IGGIN"};
        HF_TRY(hf_table_append(g->entities, cells));
        hf_number_format(g->supply[number], supply);
        const char *node[] = {"gas", id.text, g->supply[number] > 0 ? supply : NULL, NULL};
        HF_TRY(hf_table_append(g->carrier_nodes, node));
    }
out:
    return err;
}

static hf_err pipe_rows(network *g)
{
    int column[3];
    hf_err err = hf_input_columns(g->pipes, "id,node_id,param", column, 3, g->d->diag);
    for (int r = 0; err == HF_OK && r < hf_table_rows(g->pipes); r++) {
        char from[64], to[64], text[2][32];
        double capacity = NAN, km = NAN;
        const char *id = hf_table_cell(g->pipes, r, column[0]).text, *ends = hf_table_cell(g->pipes, r, column[1]).text;
        const char *param = hf_table_cell(g->pipes, r, column[2]).text;
        if (!literal_item(ends, 0, from, sizeof from) || !literal_item(ends, 1, to, sizeof to) || hf_idmap_find(g->ids, from, strlen(from)) < 0 ||
            hf_idmap_find(g->ids, to, strlen(to)) < 0) {
            hf_draft_leave_out(g->d, "pipes to an unknown node", id);
            continue;
        }
        if (strcmp(from, to) == 0) {
            hf_draft_leave_out(g->d, "pipes from a node to itself", id);
            continue;
        }
        literal_number(param, "max_cap_M_m3_per_d", &capacity);
        literal_number(param, "length_km", &km);
        hf_number_format(capacity, text[0]);
        hf_number_format(km, text[1]);
        const char *cells[] = {"gas", from, to, capacity >= 0 ? text[0] : NULL, km >= 0 ? text[1] : NULL, id};
        err = hf_table_append(g->carrier_lines, cells);
    }
    return err;
}

hf_err hf_import_iggin(hf_draft *d, const char *const *files, int n)
{
    hf_err err = HF_OK;
    int column[5];
    hf_table *carriers = NULL;
    hf_places known = {0};
    network g = {.d = d};
    const char *carrier[] = {"gas", "million m3/d", "balance"};
    d->name = "gas-network";
    d->title = "Gas transmission network";
    d->source = "SciGRID_gas IGGIN, DLR, CC BY 4.0";
    HF_TRY(hf_idmap_new(&g.ids));
    HF_TRY(hf_input_table(files, n, "nodes.csv", &scigrid, true, d->diag, &g.nodes));
    HF_TRY(hf_input_table(files, n, "pipesegments.csv", &scigrid, true, d->diag, &g.pipes));
    HF_TRY(hf_input_table(files, n, "storages.csv", &scigrid, false, d->diag, &g.storages));
    HF_TRY(hf_input_table(files, n, "lngs.csv", &scigrid, false, d->diag, &g.terminals));
    HF_TRY(hf_draft_table(d, "entities", "id,name,sector,country,subsector,lat,lon,source", &g.entities));
    HF_TRY(hf_draft_table(d, "carriers", "carrier,unit,rule", &carriers));
    HF_TRY(hf_draft_table(d, "carrier_nodes", "carrier,entity,supply,demand", &g.carrier_nodes));
    HF_TRY(hf_draft_table(d, "carrier_lines", "carrier,from,to,capacity,length_km,line", &g.carrier_lines));
    HF_TRY(hf_table_append(carriers, carrier));
    HF_TRY(hf_input_columns(g.nodes, "id,name,lat,long,country_code", column, 5, d->diag));
    HF_TRY(nodes_number(&g, column, &known));
    g.supply = hf_calloc((size_t)hf_idmap_count(g.ids), sizeof *g.supply);
    if (!g.supply) HF_TRY(HF_E_NOMEM);
    HF_TRY(supplies_add(&g, g.storages, "storages without a node or a withdrawal capacity"));
    HF_TRY(supplies_add(&g, g.terminals, "LNG terminals without a node or a send-out capacity"));
    HF_TRY(node_rows(&g, column, &known));
    HF_TRY(pipe_rows(&g));
    if (g.borrowed) hf_diag_add(d->diag, HF_NOTE, HF_OK, NULL, 0, 0, "%d nodes took the country of the nearest node that names one", g.borrowed);
out:
    hf_table_free(g.nodes);
    hf_table_free(g.pipes);
    hf_table_free(g.storages);
    hf_table_free(g.terminals);
    hf_idmap_free(g.ids);
    hf_free(g.supply);
    hf_places_done(&known);
    return err;
}
