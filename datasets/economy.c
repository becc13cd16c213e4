/* The industries and what hangs on them: names, output, balance. */
#include "datasets/economy.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"
#include "datasets/economy_inside.h"

void hf_economy_error(const hf_reader *row, const char *field, hf_err code, const char *format, ...)
{
    char text[400];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    int c = hf_table_column(row->table, field);
    hf_diag_add(row->diag, HF_ERROR, code, hf_table_file(row->table), hf_table_line(row->table, row->row),
                c < 0 ? 1 : hf_table_column_at(row->table, row->row, c), "%s", text);
}

bool hf_economy_begin(hf_economy_reader *r, hf_reader *row, const hf_table *table, const char *resource)
{
    size_t before = hf_diag_count(r->diag, HF_ERROR);
    hf_reader_init(row, table, hf_resource_find(resource), r->diag);
    return hf_diag_count(r->diag, HF_ERROR) == before;
}

hf_err hf_economy_once(hf_idmap *seen, const hf_reader *row, const char *field, const char *const *parts, int n, bool *ret_new)
{
    hf_buf key = {0};
    for (int k = 0; k < n; k++) hf_buf_printf(&key, "%s%s", k ? "\x1f" : "", parts[k]);
    int index = 0;
    hf_err err = key.err;
    if (err == HF_OK) err = hf_idmap_intern(seen, key.text, key.length, &index, ret_new);
    hf_buf_done(&key);
    if (err == HF_OK && !*ret_new) hf_economy_error(row, field, HF_E_DUPLICATE, "this row is there twice");
    return err;
}

int hf_economy_region(hf_economy_reader *r, hf_reader *row, const char *field)
{
    const char *name = hf_reader_text(row, field);
    int region = name ? hf_idmap_find(r->regions, name, strlen(name)) : -1;
    if (name && region < 0) hf_economy_error(row, field, HF_E_UNKNOWN_ID, "%s \"%.60s\" is in no row of industries", field, name);
    return region;
}

int hf_economy_entity(hf_economy_reader *r, hf_reader *row, const char *field)
{
    const char *id = hf_reader_text(row, field);
    if (!id) return -1;
    int entity = r->net ? hf_network_find(r->net, id) : 0;
    if (entity >= 0) return entity;
    hf_economy_error(row, field, HF_E_UNKNOWN_ID, "entity \"%.60s\" is not in entities", id);
    return -2;
}

int hf_economy_industry(hf_economy_reader *r, hf_reader *row)
{
    const char *region = hf_reader_text(row, "region"), *industry = hf_reader_text(row, "industry");
    char key[512];
    if (!region || !industry) return -1;
    int n = snprintf(key, sizeof key, "%s/%s", region, industry), k = -1;
    if (n > 0 && (size_t)n < sizeof key) k = hf_idmap_find(r->keys, key, (size_t)n);
    if (k < 0) hf_economy_error(row, "industry", HF_E_UNKNOWN_ID, "industry \"%.60s\" of \"%.60s\" is in no row of industries", industry, region);
    return k < 0 ? -1 : r->industry_of_key[k];
}

/* Numbers regions, sectors and industries; which of the table's rows count is kept in `row_of_key`. */
static hf_err industries_number(hf_economy_reader *r, hf_reader *row, int *row_of_key, int *sector_of_key, int *region_of_key)
{
    hf_err err = HF_OK;
    for (row->row = 0; row->row < hf_table_rows(row->table); row->row++) {
        const char *region = hf_reader_text(row, "region"), *industry = hf_reader_text(row, "industry");
        char key[512];
        int k = 0;
        bool added = false;
        if (!region || !industry) continue;
        int n = snprintf(key, sizeof key, "%s/%s", region, industry);
        if (n < 0 || (size_t)n >= sizeof key) {
            hf_economy_error(row, "region", HF_E_TOO_LARGE, "region and industry are longer than 500 bytes");
            continue;
        }
        HF_TRY(hf_idmap_intern(r->keys, key, (size_t)n, &k, &added));
        if (!added) {
            hf_economy_error(row, "region", HF_E_DUPLICATE, "industry %.120s is there twice (first in line %d)", key, r->line_of_key[k]);
            continue;
        }
        HF_TRY(hf_idmap_intern(r->regions, region, strlen(region), &region_of_key[k], NULL));
        HF_TRY(hf_idmap_intern(r->sectors, industry, strlen(industry), &sector_of_key[k], NULL));
        r->line_of_key[k] = hf_table_line(row->table, row->row);
        row_of_key[k] = row->row;
    }
    r->n_rows = hf_idmap_count(r->keys);
out:
    return err;
}

static const char *text_or(hf_arena *memory, const char *text, const char *otherwise)
{
    if (!text) text = otherwise;
    return hf_arena_strndup(memory, text, strlen(text));
}

/* Output, names and jobs of each industry, now that the table is there. */
static hf_err industries_fill(hf_economy_reader *r, hf_reader *row, const int *row_of_key)
{
    hf_economy *e = r->e;
    const hf_io_table *t = e->table;
    size_t n = (size_t)t->n_industries;
    e->title = hf_arena_calloc(&e->memory, n, sizeof *e->title);
    e->code = hf_arena_calloc(&e->memory, n, sizeof *e->code);
    e->place = hf_arena_calloc(&e->memory, n, sizeof *e->place);
    e->file = text_or(&e->memory, hf_table_file(row->table), "");
    if (!e->title || !e->code || !e->place || !e->file) return HF_E_NOMEM;
    int output_column = hf_table_column(row->table, "output");
    if (hf_table_column(row->table, "jobs") >= 0 && !(e->jobs = hf_arena_calloc(&e->memory, n, sizeof *e->jobs))) return HF_E_NOMEM;
    for (int f = 0; f < t->n_industries; f++) {
        e->title[f] = t->sector[f % t->n_sectors];
        e->code[f] = "";
    }
    for (int k = 0; k < r->n_rows; k++) {
        int f = r->industry_of_key[k];
        row->row = row_of_key[k];
        double output = hf_reader_number(row, "output", NAN), jobs = hf_reader_number(row, "jobs", 0);
        r->has_output[k] = !isnan(output);
        e->place[f] = (hf_place){r->line_of_key[k], output_column < 0 ? 1 : hf_table_column_at(row->table, row->row, output_column)};
        e->table->x[f] = isnan(output) ? 0 : output;
        if (e->jobs) e->jobs[f] = jobs;
        e->title[f] = text_or(&e->memory, hf_reader_text(row, "name"), t->sector[f % t->n_sectors]);
        e->code[f] = text_or(&e->memory, hf_reader_text(row, "code"), "");
        if (!e->title[f] || !e->code[f]) return HF_E_NOMEM;
    }
    return HF_OK;
}

static hf_err output_finish(hf_economy_reader *r)
{
    hf_io_table *t = r->e->table;
    size_t n = (size_t)t->n_industries, m = (size_t)t->n_demand_columns;
    int taken = 0;
    double *sales = hf_calloc(n, sizeof *sales);
    if (!sales) return HF_E_NOMEM;
    for (size_t f = 0; f < n; f++) {
        for (size_t j = 0; j < n; j++) sales[f] += t->z[f * n + j];
        for (size_t c = 0; c < m; c++) sales[f] += t->y[f * m + c];
    }
    if (r->flows_are_whole) hf_economy_balance_check(r, sales);
    for (int k = 0; k < r->n_rows; k++) {
        int f = r->industry_of_key[k];
        if (r->has_output[k]) continue;
        taken++;
        t->x[f] = sales[f] > 0 ? sales[f] : 0;
    }
    if (taken)
        hf_diag_add(r->diag, HF_NOTE, HF_OK, hf_table_file(r->parts->industries), 0, 0, "output of %d industr%s not given: it is what %s", taken,
                    taken == 1 ? "y is" : "ies is", taken == 1 ? "it sells" : "they sell");
    hf_free(sales);
    return HF_OK;
}

/* Industries whose place in the table has no row: region without a sector that others have. */
static void rectangle_note(hf_economy_reader *r)
{
    int missing = r->e->table->n_industries - r->n_rows;
    if (missing > 0)
        hf_diag_add(r->diag, HF_NOTE, HF_OK, hf_table_file(r->parts->industries), 0, 0,
                    "%d of %d regions x %d industries have no row: they put out nothing", missing, r->e->table->n_regions, r->e->table->n_sectors);
}

static hf_err maps_make(hf_economy_reader *r)
{
    hf_err err = HF_OK;
    HF_TRY(hf_idmap_new(&r->regions));
    HF_TRY(hf_idmap_new(&r->sectors));
    HF_TRY(hf_idmap_new(&r->categories));
    HF_TRY(hf_idmap_new(&r->keys));
    size_t n = (size_t)hf_table_rows(r->parts->industries);
    r->industry_of_key = hf_calloc(n, sizeof *r->industry_of_key);
    r->line_of_key = hf_calloc(n, sizeof *r->line_of_key);
    r->has_output = hf_calloc(n, sizeof *r->has_output);
    if (!r->industry_of_key || !r->line_of_key || !r->has_output) err = HF_E_NOMEM;
out:
    return err;
}

static hf_err industries_read(hf_economy_reader *r)
{
    hf_err err = HF_OK;
    hf_reader row;
    size_t n = (size_t)hf_table_rows(r->parts->industries);
    int *places = hf_calloc(n * 3, sizeof *places), *row_of_key = places, *sector = places + n, *region = places + 2 * n;
    if (!places) return HF_E_NOMEM;
    if (!hf_economy_begin(r, &row, r->parts->industries, "industries")) HF_TRY(HF_E_DATA);
    HF_TRY(industries_number(r, &row, row_of_key, sector, region));
    if (r->n_rows == 0) {
        hf_diag_add(r->diag, HF_ERROR, HF_E_MISSING, hf_table_file(r->parts->industries), 1, 0, "industries has no rows");
        HF_TRY(HF_E_DATA);
    }
    for (int k = 0; k < r->n_rows; k++) r->industry_of_key[k] = region[k] * hf_idmap_count(r->sectors) + sector[k];
    HF_TRY(hf_economy_flows(r));
    HF_TRY(industries_fill(r, &row, row_of_key));
    rectangle_note(r);
out:
    hf_free(places);
    return err;
}

static hf_err economy_read(hf_economy_reader *r)
{
    hf_err err = HF_OK;
    bool *known = NULL;
    HF_TRY(maps_make(r));
    HF_TRY(industries_read(r));
    HF_TRY(output_finish(r));
    known = hf_calloc((size_t)r->e->table->n_industries, sizeof *known);
    if (!known) HF_TRY(HF_E_NOMEM);
    HF_TRY(hf_economy_value_added(r, known));
    hf_economy_value_added_check(r, known);
    HF_TRY(hf_economy_links(r));
    HF_TRY(hf_economy_gates(r));
out:
    hf_free(known);
    return err;
}

hf_err hf_economy_read(const hf_economy_parts *parts, const hf_network *net, hf_diag *diag, hf_economy **ret_economy)
{
    size_t errors = hf_diag_count(diag, HF_ERROR);
    hf_economy_reader r = {.parts = parts, .net = net, .diag = diag, .e = hf_calloc(1, sizeof(hf_economy))};
    if (!r.e) return HF_E_NOMEM;
    hf_arena_init(&r.e->memory);
    hf_err err = economy_read(&r);
    if (err == HF_OK && hf_diag_count(diag, HF_ERROR) > errors) err = HF_E_DATA;
    hf_idmap_free(r.regions);
    hf_idmap_free(r.sectors);
    hf_idmap_free(r.categories);
    hf_idmap_free(r.keys);
    hf_free(r.industry_of_key);
    hf_free(r.line_of_key);
    hf_free(r.has_output);
    if (err == HF_OK) *ret_economy = r.e;
    else hf_economy_free(r.e);
    return err;
}

void hf_economy_free(hf_economy *economy)
{
    if (!economy) return;
    hf_io_table_free(economy->table);
    hf_io_report_done(&economy->report);
    hf_arena_done(&economy->memory);
    hf_free(economy);
}

hf_err hf_economy_clean(hf_economy *economy, const hf_io_clean_options *options, hf_diag *diag)
{
    hf_io_clean_options usual = hf_io_clean_options_default();
    if (economy->cleaned) return HF_OK;
    hf_err err = hf_economy_radius_check(economy, diag);
    if (err == HF_OK) err = hf_io_clean(economy->table, options ? options : &usual, &economy->report, diag);
    economy->cleaned = err == HF_OK;
    return err;
}
