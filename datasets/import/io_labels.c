/* Labels of input-output tables: which are industries, which are final demand, value added, output, sums. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/alloc.h"
#include "datasets/import/io.h"

static bool is_one_of(const char *text, const char *const *words)
{
    for (; *words; words++)
        if (strcasecmp(text, *words) == 0) return true;
    return false;
}

static bool has_suffix(const char *text, const char *suffix)
{
    size_t n = strlen(text), m = strlen(suffix);
    return n >= m && strcmp(text + n - m, suffix) == 0;
}

hf_io_code_kind hf_io_code_kind_of(const char *code)
{
    static const char *const outputs[] = {"OUT", "OUTPUT", "TOTAL", "TOT", "GO", "x", "r69", "indout", "total output", "gross output", NULL};
    static const char *const sums[] = {"r60", "II_fob", "total intermediate consumption", "total inputs", NULL};
    if (is_one_of(code, outputs) || has_suffix(code, "生産額")) return HF_IO_CODE_OUTPUT;
    return is_one_of(code, sums) || has_suffix(code, "計") ? HF_IO_CODE_SUM : HF_IO_CODE_OTHER; /* 内生部門計, 粗付加価値部門計 … */
}

/* Regions that stand beside their parts, and Eora's, which is a statistical discrepancy. */
static bool region_is_left_out(const hf_io_import *io, const char *region)
{
    return (strcmp(io->format, "eora") == 0 && strcmp(region, "ROW") == 0) || has_suffix(region, "地域計") || has_suffix(region, "合計");
}

/* Processing zones that belong to their country (OECD ICIO). */
static const char *region_whole(const hf_io_import *io, const char *region)
{
    static const char *const parts[][2] = {{"MX1", "MEX"}, {"MX2", "MEX"}, {"CN1", "CHN"}, {"CN2", "CHN"}, {"CN3", "CHN"}, {"CN4", "CHN"}};
    for (size_t k = 0; strcmp(io->format, "icio") == 0 && k < sizeof parts / sizeof *parts; k++)
        if (strcmp(region, parts[k][0]) == 0) return parts[k][1];
    return region;
}

hf_err hf_io_import_init(hf_io_import *io, hf_draft *d, const char *format)
{
    *io = (hf_io_import){.d = d, .format = format, .currency = "", .unit = 1};
    hf_err err = hf_idmap_new(&io->regions);
    if (err == HF_OK) err = hf_idmap_new(&io->codes);
    return err;
}

void hf_io_import_done(hf_io_import *io)
{
    for (int k = 0; k < io->n_sources; k++) {
        hf_scan_done(&io->source[k].start);
        hf_free(io->source[k].text);
        hf_free(io->source[k].rows.item);
        hf_free(io->source[k].columns.item);
    }
    hf_idmap_free(io->regions);
    hf_idmap_free(io->codes);
    hf_free(io->shown);
    hf_free(io->title);
    hf_free(io->region_of);
    hf_free(io->region_left_out);
    hf_free(io->code_kind);
    hf_free(io->sector_of);
    hf_free(io->demand_of);
    hf_free(io->row_output);
    hf_io_table_free(io->table);
}

hf_err hf_io_label_add(hf_io_import *io, const char *region, size_t region_length, const char *code, size_t code_length, hf_io_label *ret_label)
{
    hf_err err = hf_idmap_intern(io->regions, region, region_length, &ret_label->region, NULL);
    return err == HF_OK ? hf_idmap_intern(io->codes, code, code_length, &ret_label->code, NULL) : err;
}

/* Categories that stand before the country in the first edition of ICIO. */
static bool is_reversed(const char *text, size_t length)
{
    static const char *const words[] = {"HFCE", "NPISH", "HC", "GGFC", "GFCF", "INVNT", "P33", "DIRPA", "DPABR", "DISC", "FD", NULL};
    for (const char *const *word = words; *word; word++)
        if (strlen(*word) == length && memcmp(text, *word, length) == 0) return true;
    return false;
}

hf_err hf_io_label_split(hf_io_import *io, const char *text, size_t length, hf_io_label *ret_label)
{
    const char *at = memchr(text, '/', length);
    if (!at) at = memchr(text, '_', length);
    if (!at) return hf_io_label_add(io, "", 0, text, length, ret_label);
    size_t n = (size_t)(at - text), rest = length - n - 1;
    if (strcmp(io->format, "icio") == 0 && is_reversed(text, n)) return hf_io_label_add(io, at + 1, rest, text, n, ret_label);
    return hf_io_label_add(io, text, n, at + 1, rest, ret_label);
}

hf_err hf_io_labels_push(hf_io_labels *labels, hf_io_label label)
{
    hf_err err = hf_grow((void **)&labels->item, &labels->capacity, labels->n + 1, sizeof *labels->item);
    if (err == HF_OK) labels->item[labels->n++] = label;
    return err;
}

/* Room for the texts of a code. */
static hf_err names_grow(hf_io_import *io, size_t need)
{
    size_t had = io->n_shown, titles = io->n_shown;
    if (need <= had) return HF_OK;
    size_t capacity = had;
    hf_err err = hf_grow((void **)&io->shown, &capacity, need, sizeof *io->shown);
    if (err == HF_OK) err = hf_grow((void **)&io->title, &titles, need, sizeof *io->title);
    if (err != HF_OK) return err;
    io->n_shown = capacity < titles ? capacity : titles;
    for (size_t k = had; k < io->n_shown; k++) io->shown[k] = io->title[k] = NULL;
    return HF_OK;
}

hf_err hf_io_code_name(hf_io_import *io, int code, const char *shown, size_t shown_length, const char *title, size_t title_length)
{
    hf_err err = names_grow(io, (size_t)code + 1);
    if (err != HF_OK) return err;
    if (shown_length && !io->shown[code] && !(io->shown[code] = hf_arena_strndup(&io->d->memory, shown, shown_length))) return HF_E_NOMEM;
    if (title_length && !io->title[code] && !(io->title[code] = hf_arena_strndup(&io->d->memory, title, title_length))) return HF_E_NOMEM;
    return HF_OK;
}

/* The last year in a file's name, 0 if there is none: "ICIO2016_2011.csv" is 2011. */
static int year_of_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    int year = 0;
    for (const char *at = slash ? slash + 1 : path; *at;) {
        size_t n = strspn(at, "0123456789");
        int value = n == 4 ? atoi(at) : 0;
        if (value >= 1960 && value <= 2060) year = value;
        at += n ? n : 1;
    }
    return year;
}

hf_err hf_io_source_open(hf_io_import *io, const char *file, hf_io_source **ret_source)
{
    if (io->n_sources == HF_IO_FILES) return HF_E_TOO_LARGE;
    hf_io_source *s = &io->source[io->n_sources++];
    *s = (hf_io_source){.file = file, .region_at = -1, .code_at = -1, .name_at = -1, .show_at = -1};
    *ret_source = s;
    if (!io->year) io->year = year_of_name(file);
    return hf_input_text(file, io->d->diag, &s->text, &s->length);
}

/* Which codes are a seller's (1), a buyer's (2). */
static hf_err codes_use(const hf_io_import *io, unsigned char **ret_use)
{
    unsigned char *use = hf_calloc((size_t)hf_idmap_count(io->codes), 1);
    if (!use) return HF_E_NOMEM;
    for (int k = 0; k < io->n_sources; k++) {
        const hf_io_source *s = &io->source[k];
        for (size_t r = 0; r < s->rows.n; r++) use[s->rows.item[r].code] |= 1;
        for (size_t c = 0; c < s->columns.n; c++) use[s->columns.item[c].code] |= 2;
    }
    *ret_use = use;
    return HF_OK;
}

/* Numbers the industries by the order of the sellers, and the rest of the buyers' codes as final demand. */
static void codes_number(hf_io_import *io, const unsigned char *use, int *ret_sectors, int *ret_demand)
{
    *ret_sectors = *ret_demand = 0;
    for (int k = 0; k < hf_idmap_count(io->codes); k++) io->sector_of[k] = io->demand_of[k] = -1;
    for (int k = 0; k < io->n_sources; k++)
        for (size_t r = 0; r < io->source[k].rows.n; r++) {
            int code = io->source[k].rows.item[r].code;
            if (use[code] == 3 && io->sector_of[code] < 0 && io->code_kind[code] == HF_IO_CODE_OTHER) io->sector_of[code] = (*ret_sectors)++;
        }
    for (int k = 0; k < io->n_sources; k++)
        for (size_t c = 0; c < io->source[k].columns.n; c++) {
            int code = io->source[k].columns.item[c].code;
            if (use[code] == 2 && io->demand_of[code] < 0 && io->code_kind[code] == HF_IO_CODE_OTHER) io->demand_of[code] = (*ret_demand)++;
        }
}

/* Regions that sell as an industry, in their order; parts of a country count as the country. */
static hf_err regions_number(hf_io_import *io, int *ret_n, const char ***ret_names)
{
    hf_err err = HF_OK;
    hf_idmap *kept = NULL;
    int n_all = hf_idmap_count(io->regions), index = 0;
    const char **names = hf_arena_calloc(&io->d->memory, (size_t)n_all, sizeof *names);
    if (!names) return HF_E_NOMEM;
    HF_TRY(hf_idmap_new(&kept));
    for (int k = 0; k < n_all; k++) io->region_of[k] = -1;
    for (int k = 0; k < io->n_sources; k++)
        for (size_t r = 0; r < io->source[k].rows.n; r++) {
            hf_io_label label = io->source[k].rows.item[r];
            const char *text = hf_idmap_text(io->regions, label.region);
            if (io->sector_of[label.code] < 0 || io->region_of[label.region] >= 0 || io->region_left_out[label.region]) continue;
            const char *whole = region_whole(io, text);
            bool added = false;
            if (whole != text) hf_diag_add(io->d->diag, HF_NOTE, HF_OK, NULL, 0, 0, "region %s is added to %s", text, whole);
            HF_TRY(hf_idmap_intern(kept, whole, strlen(whole), &index, &added));
            io->region_of[label.region] = index;
            if (added) names[index] = hf_arena_strndup(&io->d->memory, whole, strlen(whole));
        }
    *ret_n = hf_idmap_count(kept);
    *ret_names = names;
    if (*ret_n == 1 && (io->d->options->country || !*names[0])) names[0] = io->d->options->country ? io->d->options->country : "home";
out:
    hf_idmap_free(kept);
    return err;
}

static const char *code_text(const hf_io_import *io, int code)
{
    return (size_t)code < io->n_shown && io->shown[code] ? io->shown[code] : hf_idmap_text(io->codes, code);
}

/* Names of industries and categories, by their numbers. */
static hf_err names_fill(hf_io_import *io, int n_sectors, int n_demand, const char ***ret_sectors)
{
    const char **sectors = hf_arena_calloc(&io->d->memory, (size_t)n_sectors, sizeof *sectors);
    io->sector_title = hf_arena_calloc(&io->d->memory, (size_t)n_sectors, sizeof *io->sector_title);
    io->category = hf_arena_calloc(&io->d->memory, (size_t)n_demand + 1, sizeof *io->category);
    if (!sectors || !io->sector_title || !io->category) return HF_E_NOMEM;
    io->category[0] = "final demand";
    for (int k = 0; k < hf_idmap_count(io->codes); k++) {
        if (io->demand_of[k] >= 0) io->category[io->demand_of[k]] = code_text(io, k);
        if (io->sector_of[k] < 0) continue;
        sectors[io->sector_of[k]] = code_text(io, k);
        io->sector_title[io->sector_of[k]] = (size_t)k < io->n_shown ? io->title[k] : NULL;
    }
    *ret_sectors = sectors;
    return HF_OK;
}

static hf_err no_table(hf_io_import *io, const char *why)
{
    hf_diag_add(io->d->diag, HF_ERROR, HF_E_FORMAT, io->source[0].file, 0, 0, "this is no input-output table of the format %s: %s", io->format, why);
    return HF_E_DATA;
}

/* Final demand whose region is none of the table's (exports, discrepancies) is the seller's own; said once. */
static void own_demand_note(hf_io_import *io)
{
    const char *first = NULL;
    for (int k = 0; k < io->n_sources; k++)
        for (size_t c = 0; c < io->source[k].columns.n; c++) {
            hf_io_label label = io->source[k].columns.item[c];
            if (io->demand_of[label.code] < 0 || io->region_of[label.region] >= 0 || io->region_left_out[label.region]) continue;
            if (io->n_own++ == 0) first = hf_idmap_text(io->codes, label.code);
        }
    if (io->n_own)
        hf_diag_add(io->d->diag, HF_NOTE, HF_OK, NULL, 0, 0, "%d column%s of final demand name%s no region of the table (first: %s): put to the seller's own",
                    io->n_own, io->n_own == 1 ? "" : "s", io->n_own == 1 ? "s" : "", first);
}

/* What the names of codes and regions say. */
static hf_err kinds_find(hf_io_import *io)
{
    size_t n_codes = (size_t)hf_idmap_count(io->codes), n_regions = (size_t)hf_idmap_count(io->regions);
    io->region_of = hf_calloc(n_regions, sizeof *io->region_of);
    io->region_left_out = hf_calloc(n_regions, 1);
    io->sector_of = hf_calloc(n_codes, sizeof *io->sector_of);
    io->demand_of = hf_calloc(n_codes, sizeof *io->demand_of);
    io->code_kind = hf_calloc(n_codes, 1);
    if (!io->region_of || !io->region_left_out || !io->sector_of || !io->demand_of || !io->code_kind) return HF_E_NOMEM;
    for (size_t k = 0; k < n_codes; k++) io->code_kind[k] = (unsigned char)hf_io_code_kind_of(hf_idmap_text(io->codes, (int)k));
    for (size_t k = 0; k < n_regions; k++) {
        const char *text = hf_idmap_text(io->regions, (int)k);
        io->region_left_out[k] = region_is_left_out(io, text);
        if (io->region_left_out[k]) hf_diag_add(io->d->diag, HF_NOTE, HF_OK, NULL, 0, 0, "region %.60s is left out: it is no place of its own", text);
    }
    return HF_OK;
}

hf_err hf_io_import_table(hf_io_import *io)
{
    hf_err err = HF_OK;
    unsigned char *use = NULL;
    int n_regions = 0, n_sectors = 0, n_demand = 0;
    const char **regions = NULL, **sectors = NULL;
    HF_TRY(kinds_find(io));
    HF_TRY(codes_use(io, &use));
    codes_number(io, use, &n_sectors, &n_demand);
    if (n_sectors == 0) HF_TRY(no_table(io, "no code is both a row and a column"));
    HF_TRY(regions_number(io, &n_regions, &regions));
    if (n_regions == 0) HF_TRY(no_table(io, "it has no region"));
    HF_TRY(names_fill(io, n_sectors, n_demand, &sectors));
    own_demand_note(io);
    err = hf_io_table_new(n_regions, n_sectors, n_demand ? n_demand : 1, regions, sectors, io->currency, io->unit, io->year, &io->table);
    if (err == HF_E_TOO_LARGE) err = no_table(io, "more than 30000 industries of regions, or 65536 columns of final demand");
    HF_TRY(err);
    io->row_output = hf_calloc((size_t)io->table->n_industries, sizeof *io->row_output);
    if (!io->row_output) err = HF_E_NOMEM;
out:
    hf_free(use);
    return err;
}

void hf_io_put(hf_io_import *io, hf_io_label row, hf_io_label column, double value)
{
    hf_io_table *t = io->table;
    int from = io->region_of[row.region], to = io->region_of[column.region], i = io->sector_of[row.code], j = io->sector_of[column.code];
    bool seller = from >= 0 && i >= 0, buyer = to >= 0 && j >= 0;
    size_t f = seller ? (size_t)(from * t->n_sectors + i) : 0, g = buyer ? (size_t)(to * t->n_sectors + j) : 0;
    int row_kind = io->code_kind[row.code], column_kind = io->code_kind[column.code];
    if (seller && buyer) t->z[f * (size_t)t->n_industries + g] += value;
    else if (io->region_left_out[row.region] || io->region_left_out[column.region]) io->dropped += seller || buyer ? fabs(value) : 0;
    else if (seller && io->demand_of[column.code] >= 0)
        t->y[f * (size_t)t->n_demand_columns + (size_t)((to >= 0 ? to : from) * t->n_demand + io->demand_of[column.code])] += value;
    else if (seller && column_kind == HF_IO_CODE_OUTPUT) t->x[f] += value, io->has_output = true;
    else if (buyer && row_kind == HF_IO_CODE_OUTPUT) io->row_output[g] += value, io->has_row_output = true;
    else if (buyer && i < 0 && row_kind == HF_IO_CODE_OTHER) t->v[g] += value, io->has_value_added = true;
}

void hf_io_output_check(hf_io_import *io, hf_scan *s, const hf_scan_cell *cell, hf_io_label row, hf_io_label column, double value)
{
    bool by_row = io->code_kind[column.code] == HF_IO_CODE_OUTPUT;
    hf_io_label industry = by_row ? row : column;
    if (value >= 0 || (!by_row && io->code_kind[row.code] != HF_IO_CODE_OUTPUT)) return;
    if (io->region_of[industry.region] < 0 || io->sector_of[industry.code] < 0 || io->region_left_out[industry.region]) return;
    hf_scan_error(s, cell, HF_E_RANGE, "output of %.60s/%.60s is %.6g (allowed: 0 or more)", hf_idmap_text(io->regions, industry.region),
                  hf_idmap_text(io->codes, industry.code), value);
}
