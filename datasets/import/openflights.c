/* OpenFlights: airports and routes into a directed carrier `air` with the rule `reach`. Files without headers; `\N` is missing. Airports on no
 * route are left out; each directed pair of airports with a route is one line, however many airlines fly it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "datasets/codes.h"
#include "datasets/import/draft.h"

static const hf_table_form openflights = {.delimiter = ',', .headless = true, .backslash = true};

enum { ID, NAME, CITY, COUNTRY, IATA, ICAO, LAT, LON, SOURCE = 2, SOURCE_ID, DESTINATION, DESTINATION_ID };

typedef struct world {
    hf_draft *d;
    hf_table *airports, *routes, *countries, *entities, *nodes, *lines;
    hf_idmap *numbers, *pairs; /* OpenFlights' numbers of airports; "A B" */
    int *airport_of;           /* row of each number */
    size_t airport_capacity;
    bool *used;              /* of each airport row */
} world;

static bool missing(hf_cell cell)
{
    return cell.length == 0 || strcmp(cell.text, "\\N") == 0;
}

static hf_err number_add(world *w, hf_cell code, int row)
{
    int number = 0;
    bool added = false;
    if (missing(code)) return HF_OK;
    hf_err err = hf_idmap_intern(w->numbers, code.text, code.length, &number, &added);
    if (err == HF_OK && added) err = hf_grow((void **)&w->airport_of, &w->airport_capacity, (size_t)number + 1, sizeof *w->airport_of);
    if (err == HF_OK && added) w->airport_of[number] = row;
    return err;
}

static int airport_find(const world *w, hf_cell code)
{
    int number = missing(code) ? -1 : hf_idmap_find(w->numbers, code.text, code.length);
    return number < 0 ? -1 : w->airport_of[number];
}

/* The code that names an airport in the package: IATA, else ICAO. */
static const char *airport_id(const world *w, int row)
{
    hf_cell iata = hf_table_cell(w->airports, row, IATA);
    return missing(iata) ? hf_table_cell(w->airports, row, ICAO).text : iata.text;
}

static const char *country_of(const world *w, const char *name)
{
    const char *code = hf_country_code(name);
    for (int r = 0; !code && w->countries && r < hf_table_rows(w->countries); r++)
        if (strcmp(hf_table_cell(w->countries, r, 0).text, name) == 0) code = hf_country_code(hf_table_cell(w->countries, r, 1).text);
    return code;
}

static hf_err routes_read(world *w)
{
    hf_err err = HF_OK;
    for (int r = 0; r < hf_table_rows(w->routes); r++) {
        hf_cell from = hf_table_cell(w->routes, r, SOURCE), to = hf_table_cell(w->routes, r, DESTINATION);
        int a = airport_find(w, hf_table_cell(w->routes, r, SOURCE_ID)), b = airport_find(w, hf_table_cell(w->routes, r, DESTINATION_ID)), number = 0;
        bool added = false;
        char pair[32];
        if (a < 0 || b < 0) {
            hf_draft_leave_out(w->d, "routes to or from an airport that is not in airports.dat", a < 0 ? from.text : to.text);
            continue;
        }
        if (a == b) {
            hf_draft_leave_out(w->d, "routes from an airport to itself", from.text);
            continue;
        }
        snprintf(pair, sizeof pair, "%.12s %.12s", airport_id(w, a), airport_id(w, b));
        HF_TRY(hf_idmap_intern(w->pairs, pair, strlen(pair), &number, &added));
        if (!added) continue;
        w->used[a] = w->used[b] = true;
        const char *cells[] = {"air", airport_id(w, a), airport_id(w, b)};
        HF_TRY(hf_table_append(w->lines, cells));
    }
out:
    return err;
}

static hf_err airport_rows(world *w)
{
    hf_err err = HF_OK;
    for (int r = 0; r < hf_table_rows(w->airports); r++) {
        const hf_table *t = w->airports;
        const char *id = airport_id(w, r), *name = hf_table_cell(t, r, NAME).text, *country = country_of(w, hf_table_cell(t, r, COUNTRY).text);
        if (!w->used[r]) {
            hf_draft_leave_out(w->d, "airports on no route", name);
            continue;
        }
        if (!country) {
            hf_diag_add(w->d->diag, HF_ERROR, HF_E_UNKNOWN_ID, hf_table_file(t), hf_table_line(t, r), hf_table_column_at(t, r, COUNTRY),
                        "country \"%.60s\" is unknown (give countries.dat too: it maps names to codes)", hf_table_cell(t, r, COUNTRY).text);
            return HF_E_DATA;
        }
        const char *cells[] = {id, name, "transport", country, "air", hf_table_cell(t, r, LAT).text, hf_table_cell(t, r, LON).text, "OpenFlights"};
        HF_TRY(hf_table_append(w->entities, cells));
        const char *node[] = {"air", id, "1"};
        HF_TRY(hf_table_append(w->nodes, node));
    }
out:
    return err;
}

/* Columns are counted: the files have no header that could say what they are. */
static hf_err form_check(const hf_table *t, int columns, hf_diag *diag)
{
    if (!t || hf_table_columns(t) >= columns) return HF_OK;
    hf_diag_add(diag, HF_ERROR, HF_E_FORMAT, hf_table_file(t), 1, 1, "the first row has %d cells, %d are needed: this is not a file of OpenFlights",
                hf_table_columns(t), columns);
    return HF_E_DATA;
}

hf_err hf_import_openflights(hf_draft *d, const char *const *files, int n)
{
    hf_err err = HF_OK;
    hf_table *carriers = NULL;
    world w = {.d = d};
    const char *carrier[] = {"air", "flights", "reach", "yes"};
    d->name = "air-routes";
    d->title = "Airports and routes";
    d->source = "OpenFlights, Open Database License";
    HF_TRY(hf_idmap_new(&w.numbers));
    HF_TRY(hf_idmap_new(&w.pairs));
    HF_TRY(hf_input_table(files, n, "airports.dat", &openflights, true, d->diag, &w.airports));
    HF_TRY(hf_input_table(files, n, "routes.dat", &openflights, true, d->diag, &w.routes));
    HF_TRY(hf_input_table(files, n, "countries.dat", &openflights, false, d->diag, &w.countries));
    HF_TRY(form_check(w.airports, 8, d->diag));
    HF_TRY(form_check(w.routes, 6, d->diag));
    HF_TRY(form_check(w.countries, 2, d->diag));
    HF_TRY(hf_draft_table(d, "entities", "id,name,sector,country,subsector,lat,lon,source", &w.entities));
    HF_TRY(hf_draft_table(d, "carriers", "carrier,unit,rule,directed", &carriers));
    HF_TRY(hf_draft_table(d, "carrier_nodes", "carrier,entity,supply", &w.nodes));
    HF_TRY(hf_draft_table(d, "carrier_lines", "carrier,from,to", &w.lines));
    HF_TRY(hf_table_append(carriers, carrier));
    w.used = hf_calloc((size_t)hf_table_rows(w.airports), sizeof *w.used);
    if (!w.used) HF_TRY(HF_E_NOMEM);
    for (int r = 0; r < hf_table_rows(w.airports); r++) HF_TRY(number_add(&w, hf_table_cell(w.airports, r, ID), r));
    HF_TRY(routes_read(&w));
    HF_TRY(airport_rows(&w));
out:
    hf_table_free(w.airports);
    hf_table_free(w.routes);
    hf_table_free(w.countries);
    hf_idmap_free(w.numbers);
    hf_idmap_free(w.pairs);
    hf_free(w.airport_of);
    hf_free(w.used);
    return err;
}
