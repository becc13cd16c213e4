/* The European transmission grid as PyPSA ships it (GridKit extract of the ENTSO-E map): buses, lines, links, converters, transformers and
 * generators into a carrier `power` with the rule `balance`.
 *
 * Buses are the entities. Their supply is the sum of their generators' capacities; loads are not in these files. A bus without a country
 * (line joints have none) takes that of the nearest bus that has one. Capacity and reactance, where no number is given, follow from the
 * voltage by the standard bundles of 240/40 aluminium-steel conductors (645 A each): 1 up to 150 kV, 2 up to 220 kV, 3 up to 300 kV, 4 above:
 * sqrt(3) U I per circuit; 0.3 ohm/km, per unit on 100 MVA. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"
#include "datasets/codes.h"
#include "datasets/import/draft.h"
#include "datasets/import/places.h"

static const hf_table_form gridkit = {.delimiter = ',', .quote = '\''};

typedef struct grid {
    hf_draft *d;
    hf_table *buses, *lines, *links, *transformers, *converters, *generators;
    hf_table *entities, *nodes, *carrier_lines;
    hf_idmap *ids;       /* bus_id -> row */
    double *supply_mw;   /* of each bus */
    int borrowed;        /* buses that took the country of a neighbour */
} grid;

/* Value of a key in a hstore text `"k"=>"v", …`; false when it is not there. */
static bool tag_find(const char *tags, const char *key, char *value, size_t room)
{
    char wanted[40];
    snprintf(wanted, sizeof wanted, "\"%s\"=>\"", key);
    const char *at = strstr(tags, wanted);
    if (!at) return false;
    at += strlen(wanted);
    snprintf(value, room, "%.*s", (int)strcspn(at, "\""), at);
    return *value && strcmp(value, "None") != 0;
}

static bool cell_number(const hf_table *table, int row, int column, double *ret_value)
{
    hf_cell cell = hf_table_cell(table, row, column);
    return hf_number_parse(cell.text, cell.length, ret_value);
}

static hf_err bus_countries(grid *g, const int *column, const char **country)
{
    hf_err err = HF_OK;
    hf_places known = {0};
    int rows = hf_table_rows(g->buses);
    for (int r = 0; r < rows; r++) {
        char code[40];
        double lat = 0, lon = 0;
        country[r] = tag_find(hf_table_cell(g->buses, r, column[3]).text, "country", code, sizeof code) ? hf_country_code(code) : NULL;
        if (country[r] && cell_number(g->buses, r, column[1], &lon) && cell_number(g->buses, r, column[2], &lat))
            HF_TRY(hf_places_add(&known, lat, lon, country[r]));
    }
    for (int r = 0; r < rows; r++) {
        double lat = 0, lon = 0, km = 0;
        if (country[r] || !cell_number(g->buses, r, column[1], &lon) || !cell_number(g->buses, r, column[2], &lat)) continue;
        country[r] = hf_places_nearest(&known, lat, lon, &km);
        g->borrowed++;
    }
out:
    hf_places_done(&known);
    return err;
}

static hf_err bus_row(grid *g, int r, const int *column, const char *country)
{
    const char *id = hf_table_cell(g->buses, r, column[0]).text, *voltage = hf_table_cell(g->buses, r, column[5]).text;
    char supply[32], name[96];
    int number = 0;
    bool added = false;
    if (!country) {
        hf_draft_leave_out(g->d, "buses without coordinates or country", id);
        return HF_OK;
    }
    hf_err err = hf_idmap_intern(g->ids, id, strlen(id), &number, &added);
    if (err != HF_OK) return err;
    snprintf(name, sizeof name, "%s %s%s%s", hf_table_cell(g->buses, r, column[4]).text, id, *voltage ? ", kV " : "", voltage);
    const char *entity_id = hf_draft_text(g->d, "bus-%s", id);
    bool joint = strcmp(hf_table_cell(g->buses, r, column[4]).text, "joint") == 0; /* where lines meet: nobody is served from it */
    const char *cells[] = {entity_id, name, "energy", country, joint ? "joint of lines" : "electricity", hf_table_cell(g->buses, r, column[2]).text,
                           hf_table_cell(g->buses, r, column[1]).text, "ENTSO-E map extract, PyPSA"};
    if (!entity_id) return HF_E_NOMEM;
    HF_TRY(hf_table_append(g->entities, cells));
    hf_number_format(g->supply_mw[r], supply);
    const char *node[] = {"power", entity_id, g->supply_mw[r] > 0 ? supply : NULL, NULL};
    HF_TRY(hf_table_append(g->nodes, node));
out:
    return err;
}

static hf_err generators_add(grid *g, const int *bus_row_of)
{
    int column[2];
    if (!g->generators) return HF_OK;
    hf_err err = hf_input_columns(g->generators, "bus_id,capacity", column, 2, g->d->diag);
    for (int r = 0; err == HF_OK && r < hf_table_rows(g->generators); r++) {
        hf_cell bus = hf_table_cell(g->generators, r, column[0]);
        double mw = 0;
        int at = hf_idmap_find(g->ids, bus.text, bus.length);
        if (at < 0) hf_draft_leave_out(g->d, "generators at an unknown bus", bus.text);
        else if (!cell_number(g->generators, r, column[1], &mw) || mw < 0) hf_draft_leave_out(g->d, "generators of unknown capacity", bus.text);
        else g->supply_mw[bus_row_of[at]] += mw;
    }
    return err;
}

/* Ratings by voltage, see the head of the file. MVA per circuit. */
static double rating_mva(double kv)
{
    int bundle = kv <= 150 ? 1 : kv <= 220 ? 2 : kv <= 300 ? 3 : 4;
    return sqrt(3) * 0.645 * bundle * kv;
}

static hf_err line_add(grid *g, const char *bus0, const char *bus1, const char *own, double capacity, double reactance, double km)
{
    char text[3][32];
    double value[3] = {capacity, reactance, km};
    const char *shown[3];
    if (hf_idmap_find(g->ids, bus0, strlen(bus0)) < 0 || hf_idmap_find(g->ids, bus1, strlen(bus1)) < 0) {
        hf_draft_leave_out(g->d, "lines to an unknown bus", own);
        return HF_OK;
    }
    if (strcmp(bus0, bus1) == 0) {
        hf_draft_leave_out(g->d, "lines from a bus to itself", own);
        return HF_OK;
    }
    for (int k = 0; k < 3; k++) {
        hf_number_format(value[k], text[k]);
        shown[k] = isfinite(value[k]) && value[k] > 0 ? text[k] : NULL;
    }
    const char *from = hf_draft_text(g->d, "bus-%s", bus0), *to = hf_draft_text(g->d, "bus-%s", bus1);
    const char *cells[] = {"power", from, to, shown[0], shown[1], shown[2], own};
    return from && to ? hf_table_append(g->carrier_lines, cells) : HF_E_NOMEM;
}

static hf_err ac_lines(grid *g)
{
    int column[6];
    hf_err err = hf_input_columns(g->lines, "line_id,bus0,bus1,voltage,circuits,length", column, 6, g->d->diag);
    for (int r = 0; err == HF_OK && r < hf_table_rows(g->lines); r++) {
        double kv = 0, circuits = 1, metres = NAN;
        const char *own = hf_draft_text(g->d, "line %s", hf_table_cell(g->lines, r, column[0]).text);
        if (!own) return HF_E_NOMEM;
        bool has_kv = cell_number(g->lines, r, column[3], &kv) && kv > 0;
        if (!cell_number(g->lines, r, column[4], &circuits) || circuits < 1) circuits = 1;
        cell_number(g->lines, r, column[5], &metres);
        double km = metres / 1000, reactance = has_kv ? 0.3 * km / circuits * 100 / (kv * kv) : NAN;
        err = line_add(g, hf_table_cell(g->lines, r, column[1]).text, hf_table_cell(g->lines, r, column[2]).text, own,
                       has_kv ? round(rating_mva(kv) * circuits) : NAN, reactance, km);
    }
    return err;
}

/* Links, transformers and converters: two buses, and an id in the first column. */
static hf_err other_lines(grid *g, const hf_table *table, const char *kind)
{
    int column[2];
    if (!table) return HF_OK;
    hf_err err = hf_input_columns(table, "bus0,bus1", column, 2, g->d->diag);
    for (int r = 0; err == HF_OK && r < hf_table_rows(table); r++) {
        const char *own = hf_draft_text(g->d, "%s %s", kind, hf_table_cell(table, r, 0).text);
        err = own ? line_add(g, hf_table_cell(table, r, column[0]).text, hf_table_cell(table, r, column[1]).text, own, NAN, NAN, NAN) : HF_E_NOMEM;
    }
    return err;
}

static hf_err buses_number(grid *g, const int *column, int **ret_row_of)
{
    int rows = hf_table_rows(g->buses), number = 0;
    int *row_of = hf_malloc((size_t)rows * sizeof *row_of);
    if (!row_of) return HF_E_NOMEM;
    for (int r = 0; r < rows; r++) {
        hf_cell id = hf_table_cell(g->buses, r, column[0]);
        hf_err err = hf_idmap_intern(g->ids, id.text, id.length, &number, NULL);
        if (err != HF_OK) {
            hf_free(row_of);
            return err;
        }
        row_of[number] = r;
    }
    *ret_row_of = row_of;
    return HF_OK;
}

static hf_err grid_build(grid *g)
{
    hf_err err = HF_OK;
    int column[6], *row_of = NULL, rows = hf_table_rows(g->buses);
    const char **country = hf_calloc((size_t)rows, sizeof(const char *));
    g->supply_mw = hf_calloc((size_t)rows, sizeof *g->supply_mw);
    if (!country || !g->supply_mw) HF_TRY(HF_E_NOMEM);
    HF_TRY(hf_input_columns(g->buses, "bus_id,x,y,tags,symbol,voltage", column, 6, g->d->diag));
    HF_TRY(bus_countries(g, column, country));
    HF_TRY(buses_number(g, column, &row_of));
    HF_TRY(generators_add(g, row_of));
    for (int r = 0; r < rows; r++) HF_TRY(bus_row(g, r, column, country[r]));
    HF_TRY(ac_lines(g));
    HF_TRY(other_lines(g, g->links, "DC link"));
    HF_TRY(other_lines(g, g->transformers, "transformer"));
    HF_TRY(other_lines(g, g->converters, "converter"));
out:
    hf_free(row_of);
    hf_free(country);
    return err;
}

hf_err hf_import_entsoe(hf_draft *d, const char *const *files, int n)
{
    hf_err err = HF_OK;
    hf_table *carriers = NULL;
    grid g = {.d = d};
    const char *carrier[] = {"power", "MW", "balance"};
    d->name = "power-grid";
    d->title = "Transmission grid";
    d->source = "unofficial extract of the ENTSO-E map by GridKit and PyPSA, CC BY 4.0";
    HF_TRY(hf_idmap_new(&g.ids));
    HF_TRY(hf_input_table(files, n, "buses.csv", &gridkit, true, d->diag, &g.buses));
    HF_TRY(hf_input_table(files, n, "lines.csv", &gridkit, true, d->diag, &g.lines));
    HF_TRY(hf_input_table(files, n, "links.csv", &gridkit, false, d->diag, &g.links));
    HF_TRY(hf_input_table(files, n, "transformers.csv", &gridkit, false, d->diag, &g.transformers));
    HF_TRY(hf_input_table(files, n, "converters.csv", &gridkit, false, d->diag, &g.converters));
    HF_TRY(hf_input_table(files, n, "generators.csv", &gridkit, false, d->diag, &g.generators));
    HF_TRY(hf_draft_table(d, "entities", "id,name,sector,country,subsector,lat,lon,source", &g.entities));
    HF_TRY(hf_draft_table(d, "carriers", "carrier,unit,rule", &carriers));
    HF_TRY(hf_draft_table(d, "carrier_nodes", "carrier,entity,supply,demand", &g.nodes));
    HF_TRY(hf_draft_table(d, "carrier_lines", "carrier,from,to,capacity,reactance,length_km,line", &g.carrier_lines));
    HF_TRY(hf_table_append(carriers, carrier));
    HF_TRY(grid_build(&g));
    if (g.borrowed) hf_diag_add(d->diag, HF_NOTE, HF_OK, NULL, 0, 0, "%d buses took the country of the nearest bus that names one", g.borrowed);
out:
    hf_table_free(g.buses);
    hf_table_free(g.lines);
    hf_table_free(g.links);
    hf_table_free(g.transformers);
    hf_table_free(g.converters);
    hf_table_free(g.generators);
    hf_idmap_free(g.ids);
    hf_free(g.supply_mw);
    return err;
}
