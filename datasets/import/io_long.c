/* Long input-output tables: one flow a row. */
#include <string.h>

#include "base/alloc.h"
#include "datasets/import/io.h"

/* The labels and the number of a row. */
typedef struct flow {
    hf_io_label from, to;
    hf_scan_cell at; /* first cell, for findings */
    double value;
    bool has_value;
} flow;

/* A row; `intern` for the first reading, when labels are new. */
static hf_err row_read(hf_io_import *io, hf_scan *s, const hf_io_long *form, bool numbers, flow *row)
{
    hf_scan_cell cell;
    hf_err err = HF_OK;
    *row = (flow){.from = {-1, -1}, .to = {-1, -1}, .at = {"", 0, s->line, 1}};
    for (int c = 0; err == HF_OK && hf_scan_next(s, &cell); c++) {
        if (c == form->from_region) err = hf_idmap_intern(io->regions, cell.text, cell.length, &row->from.region, NULL);
        else if (c == form->from_code) err = hf_idmap_intern(io->codes, cell.text, cell.length, &row->from.code, NULL);
        else if (c == form->to_region) err = hf_idmap_intern(io->regions, cell.text, cell.length, &row->to.region, NULL);
        else if (c == form->to_code) err = hf_idmap_intern(io->codes, cell.text, cell.length, &row->to.code, NULL);
        else if (c == form->value && numbers && io->missing && hf_scan_is(&cell, io->missing)) row->has_value = true, io->n_missing++;
        else if (c == form->value && numbers) row->has_value = hf_scan_number(s, &cell, "value", &row->value);
        else if (c == form->value) row->has_value = true;
    }
    if (err != HF_OK) return err;
    if (form->from_region < 0) err = hf_idmap_intern(io->regions, "", 0, &row->from.region, NULL);
    if (err == HF_OK && form->to_region < 0) err = hf_idmap_intern(io->regions, "", 0, &row->to.region, NULL);
    return err;
}

static bool row_is_whole(const flow *row)
{
    return row->from.region >= 0 && row->from.code >= 0 && row->to.region >= 0 && row->to.code >= 0;
}

/* Pairs of labels are kept once: the table is made from them. */
static hf_err label_once(hf_idmap *seen, hf_io_labels *labels, hf_io_label label)
{
    int key[2] = {label.region, label.code}, index = 0;
    bool added = false;
    hf_err err = hf_idmap_intern(seen, (const char *)key, sizeof key, &index, &added);
    return err == HF_OK && added ? hf_io_labels_push(labels, label) : err;
}

hf_err hf_io_long_labels(hf_io_import *io, hf_io_source *source, const hf_io_long *form)
{
    hf_err err = HF_OK;
    hf_scan *s = &source->start;
    hf_idmap *sellers = NULL, *buyers = NULL;
    flow row;
    HF_TRY(hf_idmap_new(&sellers));
    HF_TRY(hf_idmap_new(&buyers));
    hf_scan start = *s;
    while (hf_scan_row(s)) {
        HF_TRY(row_read(io, s, form, false, &row));
        if (!row_is_whole(&row)) {
            hf_scan_error(s, &row.at, HF_E_SYNTAX, "the row lacks cells: the file is cut off or has another form");
            continue;
        }
        HF_TRY(label_once(sellers, &source->rows, row.from));
        HF_TRY(label_once(buyers, &source->columns, row.to));
    }
    HF_TRY(s->err);
    if (s->errors) err = HF_E_DATA;
    s->at = start.at;
    s->line = start.line;
    s->line_start = start.line_start;
    s->in_row = false;
out:
    hf_idmap_free(sellers);
    hf_idmap_free(buyers);
    return err;
}

/* Whether a flow is new: a bit for every pair of a row and a column of the table. */
static bool flow_is_new(const hf_io_import *io, unsigned char *seen, const flow *row)
{
    const hf_io_table *t = io->table;
    int from = io->region_of[row->from.region], to = io->region_of[row->to.region];
    int i = io->sector_of[row->from.code], j = io->sector_of[row->to.code], k = io->demand_of[row->to.code];
    size_t width = (size_t)(t->n_industries + t->n_demand_columns);
    if (from < 0 || to < 0 || i < 0 || (j < 0 && k < 0)) return true;
    size_t column = (size_t)(j >= 0 ? to * t->n_sectors + j : t->n_industries + to * t->n_demand + k);
    size_t bit = (size_t)(from * t->n_sectors + i) * width + column;
    if (seen[bit / 8] >> (bit % 8) & 1) return false;
    seen[bit / 8] |= (unsigned char)(1u << (bit % 8));
    return true;
}

hf_err hf_io_long_numbers(hf_io_import *io, hf_io_source *source, const hf_io_long *form)
{
    hf_err err = HF_OK;
    hf_scan *s = &source->start;
    const hf_io_table *t = io->table;
    flow row;
    unsigned char *seen = hf_calloc(((size_t)t->n_industries * (size_t)(t->n_industries + t->n_demand_columns) + 7) / 8, 1);
    if (!seen) return HF_E_NOMEM;
    while (hf_scan_row(s)) {
        HF_TRY(row_read(io, s, form, true, &row));
        if (!flow_is_new(io, seen, &row))
            hf_scan_error(s, &row.at, HF_E_DUPLICATE, "the flow from %.60s/%.60s to %.60s/%.60s is there twice", hf_idmap_text(io->regions, row.from.region),
                          hf_idmap_text(io->codes, row.from.code), hf_idmap_text(io->regions, row.to.region), hf_idmap_text(io->codes, row.to.code));
        else if (row.has_value) {
            hf_io_output_check(io, s, &row.at, row.from, row.to, row.value);
            hf_io_put(io, row.from, row.to, row.value);
        }
        else hf_scan_error(s, &row.at, HF_E_MISSING, "the row has no value");
    }
    err = s->err != HF_OK ? s->err : s->errors ? HF_E_DATA : HF_OK;
out:
    hf_free(seen);
    return err;
}
