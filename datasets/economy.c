/* The industries and what hangs on them: names, output, balance. */
#include "datasets/economy.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"
#include "datasets/economy_inside.h"

/* Sums that differ by more are in different units. */
static const double unit_apart = 30;
/* Output of the world is below 1e15 of the dearest and 1e19 of the cheapest currency. */
static const double most_money = 1e20;

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
    if (!e->title || !e->code) return HF_E_NOMEM;
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
        e->table->x[f] = isnan(output) ? 0 : output;
        if (e->jobs) e->jobs[f] = jobs;
        e->title[f] = text_or(&e->memory, hf_reader_text(row, "name"), t->sector[f % t->n_sectors]);
        e->code[f] = text_or(&e->memory, hf_reader_text(row, "code"), "");
        if (!e->title[f] || !e->code[f]) return HF_E_NOMEM;
    }
    return HF_OK;
}

static void units_complain(hf_economy_reader *r, const char *what, double a, const char *other, double b)
{
    hf_diag_add(r->diag, HF_ERROR, HF_E_RANGE, hf_table_file(r->parts->industries), 0, 0,
                "%s adds up to %.4g, %s to %.4g: they are not in the same unit (a factor of about 1e%.0f)", what, a, other, b, round(log10(a / b)));
}

/* What an industry sells against its output: units, and gaps that cleaning would have to fill. */
static void balance_check(hf_economy_reader *r, const double *sales)
{
    const hf_io_table *t = r->e->table;
    double output = 0, sold = 0, worst = 0;
    int apart = 0, worst_at = -1;
    for (int k = 0; k < r->n_rows; k++) {
        int f = r->industry_of_key[k];
        if (!r->has_output[k]) continue;
        output += t->x[f];
        sold += sales[f];
        double gap = fabs(sales[f] - t->x[f]), share = gap / fmax(t->x[f], 1e-12);
        if (gap <= 0.01 * t->x[f]) continue;
        apart++;
        if (share > worst || worst_at < 0) worst = share, worst_at = k;
    }
    if (output * t->unit > most_money)
        hf_diag_add(r->diag, HF_ERROR, HF_E_RANGE, hf_table_file(r->parts->industries), 0, 0,
                    "output adds up to %.4g %s a year, more than the world's: check \"money_unit\" in datapackage.json", output * t->unit, t->currency);
    if (!r->parts->final_demand.file) return; /* half of the sales is not known */
    if (output > 0 && sold > 0 && (output / sold > unit_apart || sold / output > unit_apart)) {
        units_complain(r, "output", output, "what is sold (trade and final_demand)", sold);
        return;
    }
    if (worst_at < 0) return;
    int f = r->industry_of_key[worst_at];
    hf_diag_add(r->diag, HF_WARNING, HF_OK, hf_table_file(r->parts->industries), r->line_of_key[worst_at], 0,
                "%d of %d industries sell more than 1 %% more or less than their output; furthest apart %s: output %.6g, sales %.6g", apart, r->n_rows,
                hf_idmap_text(r->keys, worst_at), t->x[f], sales[f]);
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
    if (r->flows_are_whole) balance_check(r, sales);
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

static void value_added_check(hf_economy_reader *r, const bool *known)
{
    const hf_io_table *t = r->e->table;
    double v = 0, x = 0;
    for (int f = 0; f < t->n_industries; f++)
        if (known[f]) v += t->v[f], x += t->x[f];
    if (x > 0 && v > 0 && (v > 10 * x || v < x / 1000)) units_complain(r, "value added", v, "output of the same industries", x);
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
    value_added_check(r, known);
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
    hf_err err = hf_io_clean(economy->table, options ? options : &usual, &economy->report, diag);
    economy->cleaned = err == HF_OK;
    return err;
}
