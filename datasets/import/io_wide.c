/* Wide input-output tables: one seller a row, one buyer a column. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/alloc.h"
#include "datasets/import/io.h"

enum { LABEL_COLUMNS = 5, HEADER_ROWS = 16 };

/* The first cells of a row, copied, and whether anything stands behind them. */
typedef struct row_start {
    char text[LABEL_COLUMNS][HF_IO_NAME];
    size_t length[LABEL_COLUMNS];
    hf_scan_cell at[LABEL_COLUMNS];
    int n;
} row_start;

static void start_read(hf_scan *s, int most, row_start *row)
{
    hf_scan_cell cell;
    memset(row->length, 0, sizeof row->length);
    for (row->n = 0; row->n < most && hf_scan_next(s, &cell); row->n++) {
        size_t n = cell.length < HF_IO_NAME - 1 ? cell.length : HF_IO_NAME - 1;
        memcpy(row->text[row->n], cell.text, n);
        row->text[row->n][n] = '\0';
        row->length[row->n] = n;
        row->at[row->n] = cell;
    }
}

/* Where a scan stands; kept to read rows again. */
typedef struct place {
    const char *at, *line_start;
    int line;
} place;

static place place_of(const hf_scan *s)
{
    return (place){s->at, s->line_start, s->line};
}

static void place_back(hf_scan *s, place p)
{
    s->at = p.at;
    s->line_start = p.line_start;
    s->line = p.line;
    s->in_row = false;
}

static hf_err format_error(hf_io_source *source, const char *what)
{
    hf_scan_cell first = {"", 0, source->start.line, 1};
    if (source->start.err != HF_OK) return source->start.err; /* that is why a row was not found */
    hf_scan_error(&source->start, &first, HF_E_FORMAT, "%s", what);
    return HF_E_DATA;
}

static bool is_word(const char *text, const char *list)
{
    size_t n = strlen(text);
    for (const char *at = list; *at && n; at += strcspn(at, " ") + (at[strcspn(at, " ")] == ' '))
        if (strcspn(at, " ") == n && strncasecmp(at, text, n) == 0) return true;
    return false;
}

static bool is_number(const char *text, size_t length)
{
    double value;
    return hf_number_parse(text, length, &value);
}

/* One or two label columns: told by the header, else by what the first row begins with. */
static hf_err joined_columns_find(hf_io_source *source)
{
    hf_scan *s = &source->start;
    place top = place_of(s);
    row_start head, row;
    if (!hf_scan_row(s)) return format_error(source, "the file is empty");
    start_read(s, 2, &head);
    if (!hf_scan_row(s)) return format_error(source, "the file has a header and no rows");
    start_read(s, 2, &row);
    place_back(s, top);
    bool two = row.n == 2 && head.n == 2 &&
               (is_word(head.text[1], "industry sector code product activity category") || (row.length[1] && !is_number(row.text[1], row.length[1])));
    source->label_columns = two ? 2 : 1;
    source->region_at = two ? 0 : -1;
    source->code_at = two ? 1 : 0;
    return HF_OK;
}

/* "AUS12": letters, then a number. */
static hf_err label_2016(hf_io_import *io, const hf_scan_cell *cell, hf_io_label *ret_label)
{
    size_t n = cell->length;
    while (n > 0 && cell->text[n - 1] >= '0' && cell->text[n - 1] <= '9') n--;
    if (n == cell->length) return hf_io_label_add(io, "", 0, cell->text, n, ret_label);
    return hf_io_label_add(io, cell->text, n, cell->text + n, cell->length - n, ret_label);
}

static hf_err header_joined(hf_io_import *io, hf_io_source *source)
{
    hf_scan *s = &source->start;
    hf_scan_cell cell;
    hf_err err = HF_OK;
    if (!hf_scan_row(s)) return format_error(source, "the file is empty");
    for (int c = 0; err == HF_OK && hf_scan_next(s, &cell); c++) {
        hf_io_label label;
        if (c < source->label_columns) continue;
        err = source->head == HF_IO_HEAD_2016 ? label_2016(io, &cell, &label) : hf_io_label_split(io, cell.text, cell.length, &label);
        if (err == HF_OK) err = hf_io_labels_push(&source->columns, label);
    }
    return err;
}

/* A row of numbers has a text in its last label column and a number behind it. */
static bool row_has_numbers(hf_io_source *source)
{
    hf_scan *s = &source->start;
    row_start row;
    hf_scan_cell cell;
    start_read(s, source->label_columns, &row);
    if (row.n < source->label_columns || !row.length[source->label_columns - 1]) return false;
    while (hf_scan_next(s, &cell))
        if (is_number(cell.text, cell.length)) return true;
    return false;
}

/* Adds the labels of two header rows that stand one or two lines apart. */
static hf_err header_join(hf_io_import *io, hf_io_source *source, place region_row, place code_row)
{
    hf_scan *s = &source->start;
    hf_err err = HF_OK;
    hf_scan_cell cell;
    hf_io_labels regions = {0};
    size_t c = 0;
    place_back(s, region_row);
    hf_scan_row(s);
    while (hf_scan_next(s, &cell)) {
        hf_io_label label = {0};
        HF_TRY(hf_idmap_intern(io->regions, cell.text, cell.length, &label.region, NULL));
        HF_TRY(hf_io_labels_push(&regions, label));
    }
    place_back(s, code_row);
    hf_scan_row(s);
    for (; hf_scan_next(s, &cell); c++) {
        hf_io_label label = {0};
        if ((int)c < source->label_columns) continue;
        HF_TRY(hf_idmap_intern(io->codes, cell.text, cell.length, &label.code, NULL));
        if (c < regions.n) label.region = regions.item[c].region;
        else HF_TRY(hf_idmap_intern(io->regions, "", 0, &label.region, NULL));
        HF_TRY(hf_io_labels_push(&source->columns, label));
    }
out:
    hf_free(regions.item);
    return err;
}

/* Rows before the first row of numbers: titles, then the header; leaves the scan at that row. */
static hf_err header_stacked(hf_io_import *io, hf_io_source *source)
{
    hf_scan *s = &source->start;
    place above[HEADER_ROWS], data = place_of(s);
    int n = 0, step = source->head == HF_IO_HEAD_FOUR ? 2 : 1;
    for (;; data = place_of(s)) {
        if (!hf_scan_row(s) || n == HEADER_ROWS) return format_error(source, "no row with labels and numbers was found");
        if (row_has_numbers(source)) break;
        place_back(s, data);
        hf_scan_row(s);
        row_start row;
        start_read(s, LABEL_COLUMNS, &row);
        bool index_names = row.n > 1 && is_word(row.text[0], "region") && is_word(row.text[1], "sector category");
        if (!index_names) above[n++] = data;
        for (hf_scan_cell rest; hf_scan_next(s, &rest);) {}
    }
    if (n < 1 + step) return format_error(source, "the rows of regions and of codes above the numbers are missing");
    place end = data;
    hf_err err = header_join(io, source, above[n - 1 - step], above[n - 1]);
    place_back(s, end);
    return err;
}

static hf_err row_label(hf_io_import *io, hf_io_source *source, const row_start *row, hf_io_label *ret_label)
{
    int region = source->region_at, code = source->code_at;
    if (region < 0) return hf_io_label_split(io, row->text[code], row->length[code], ret_label);
    if (source->head == HF_IO_HEAD_2016 && strcmp(row->text[region], "TOT") == 0) code = 0; /* tail rows are told by their names */
    hf_err err = hf_io_label_add(io, row->text[region], row->length[region], row->text[code], row->length[code], ret_label);
    int name = source->name_at, show = source->show_at;
    if (err == HF_OK && (name >= 0 || show >= 0))
        err = hf_io_code_name(io, ret_label->code, show < 0 ? "" : row->text[show], show < 0 ? 0 : row->length[show], name < 0 ? "" : row->text[name],
                              name < 0 ? 0 : row->length[name]);
    return err;
}

/* Labels that come twice. */
static hf_err twice_check(hf_io_import *io, hf_io_source *source, const hf_io_labels *labels, const char *what)
{
    hf_err err = HF_OK;
    hf_idmap *seen = NULL;
    char key[40];
    HF_TRY(hf_idmap_new(&seen));
    for (size_t k = 0; k < labels->n; k++) {
        bool added = false;
        int index = 0, n = snprintf(key, sizeof key, "%d/%d", labels->item[k].region, labels->item[k].code);
        HF_TRY(hf_idmap_intern(seen, key, (size_t)n, &index, &added));
        const char *code = hf_idmap_text(io->codes, labels->item[k].code);
        if (added || !*code || hf_io_code_kind_of(code) == HF_IO_CODE_SUM) continue;
        hf_diag_add(io->d->diag, HF_ERROR, HF_E_DUPLICATE, source->file, 0, 0, "%s %zu \"%.60s/%.60s\" is there twice", what, k + 1,
                    hf_idmap_text(io->regions, labels->item[k].region), code);
        err = HF_E_DATA;
        goto out;
    }
out:
    hf_idmap_free(seen);
    return err;
}

hf_err hf_io_wide_labels(hf_io_import *io, hf_io_source *source)
{
    hf_err err = HF_OK;
    hf_scan *s = &source->start;
    HF_TRY(hf_scan_init(s, source->file, source->text, source->length, strcmp(io->format, "exiobase") == 0 ? '\t' : 0, io->d->diag));
    if (source->head == HF_IO_HEAD_JOINED && source->label_columns == 0) HF_TRY(joined_columns_find(source));
    bool one = source->head == HF_IO_HEAD_JOINED || source->head == HF_IO_HEAD_2016;
    HF_TRY(one ? header_joined(io, source) : header_stacked(io, source));
    place data = place_of(s);
    while (hf_scan_row(s)) {
        row_start row;
        hf_io_label label = {0};
        start_read(s, source->label_columns, &row);
        if (row.n < source->label_columns) row.length[source->label_columns - 1] = 0;
        for (int k = row.n; k < LABEL_COLUMNS; k++) row.text[k][0] = '\0';
        HF_TRY(row_label(io, source, &row, &label));
        HF_TRY(hf_io_labels_push(&source->rows, label));
    }
    HF_TRY(s->err);
    place_back(s, data);
    if (source->rows.n == 0 || source->columns.n == 0) HF_TRY(format_error(source, "the file has no rows of numbers"));
    HF_TRY(twice_check(io, source, &source->rows, "row"));
    HF_TRY(twice_check(io, source, &source->columns, "column"));
out:
    return err;
}

hf_err hf_io_wide_numbers(hf_io_import *io, hf_io_source *source)
{
    hf_scan *s = &source->start;
    hf_scan_cell cell;
    for (size_t r = 0; r < source->rows.n && hf_scan_row(s); r++) {
        size_t c = 0;
        int line = s->line;
        if (!*hf_idmap_text(io->codes, source->rows.item[r].code)) continue; /* notes below the table */
        for (int k = 0; k < source->label_columns; k++) hf_scan_next(s, &cell);
        for (; hf_scan_next(s, &cell); c++) {
            double value = 0;
            if (cell.length == 0 || c >= source->columns.n) continue;
            if (io->missing && hf_scan_is(&cell, io->missing)) io->n_missing++;
            else if (hf_scan_number(s, &cell, "value", &value) && value != 0) {
                hf_io_output_check(io, s, &cell, source->rows.item[r], source->columns.item[c], value);
                hf_io_put(io, source->rows.item[r], source->columns.item[c], value);
            }
        }
        if (c < source->columns.n || c > source->columns.n + 1) {
            cell = (hf_scan_cell){"", 0, line, 1};
            hf_scan_error(s, &cell, HF_E_SYNTAX, "the row has %zu numbers, the header %zu: the file is cut off or has another form", c, source->columns.n);
        }
    }
    return s->err != HF_OK ? s->err : s->errors ? HF_E_DATA : HF_OK;
}
