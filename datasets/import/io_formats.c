/* The formats of input-output tables: layouts, units, names. Layouts after the files' own documentation; see docs/manual/import.md. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/alloc.h"
#include "datasets/import/io.h"

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static bool ends_in(const char *text, const char *end)
{
    size_t n = strlen(text), m = strlen(end);
    return n >= m && strcasecmp(text + n - m, end) == 0;
}

static hf_err begin(hf_io_import *io, hf_draft *d, const char *format, const char *title, const char *source, const char *currency, double unit)
{
    hf_err err = hf_io_import_init(io, d, format);
    const hf_import_options *options = d->options;
    d->name = format;
    d->title = title;
    d->source = source;
    io->currency = options->currency ? options->currency : currency;
    io->unit = options->money_unit > 0 ? options->money_unit : unit;
    io->year = options->year;
    return err;
}

/* Names of industries from a table `code,name`. */
static hf_err names_read(hf_io_import *io, const char *file)
{
    hf_err err = HF_OK;
    hf_table *table = NULL;
    const hf_table_form form = {0};
    int at[2];
    HF_TRY(hf_input_table(&file, 1, "", &form, true, io->d->diag, &table));
    HF_TRY(hf_input_columns(table, "code,name", at, 2, io->d->diag));
    for (int r = 0; r < hf_table_rows(table); r++) {
        hf_cell code = hf_table_cell(table, r, at[0]), name = hf_table_cell(table, r, at[1]);
        int index = 0;
        HF_TRY(hf_idmap_intern(io->codes, code.text, code.length, &index, NULL));
        HF_TRY(hf_io_code_name(io, index, "", 0, name.text, name.length));
    }
out:
    hf_table_free(table);
    return err;
}

/* Where the labels of a wide file stand. */
typedef struct layout {
    hf_io_head head;
    int label_columns, region_at, code_at, name_at, show_at;
} layout;

static void layout_set(hf_io_source *source, const layout *form)
{
    source->head = form->head;
    source->label_columns = form->label_columns;
    source->region_at = form->region_at;
    source->code_at = form->code_at;
    source->name_at = form->name_at;
    source->show_at = form->show_at;
}

static const layout joined = {HF_IO_HEAD_JOINED, 0, -1, 0, -1, -1}, stacked = {HF_IO_HEAD_TWO, 2, 0, 1, -1, -1},
                    wiod_2013 = {HF_IO_HEAD_TWO, 4, 2, 3, 1, -1}, wiod_2016 = {HF_IO_HEAD_2016, 5, 2, 3, 1, 0},
                    japan = {HF_IO_HEAD_FOUR, 4, 1, 3, -1, -1};

/* Reads the numbers of all sources, each as its file was laid out, and writes the package. */
static hf_err finish(hf_io_import *io)
{
    hf_err err = HF_OK;
    HF_TRY(hf_io_import_table(io));
    for (int k = 0; k < io->n_sources; k++) HF_TRY(hf_io_wide_numbers(io, &io->source[k]));
    HF_TRY(hf_io_import_write(io));
out:
    return err;
}

static hf_err wide_add(hf_io_import *io, const char *file, const layout *form)
{
    hf_io_source *source = NULL;
    hf_err err = hf_io_source_open(io, file, &source);
    if (err != HF_OK) return err;
    layout_set(source, form);
    return hf_io_wide_labels(io, source);
}

/* The layout of a plain table: two label cells that are empty in the first row mean two header rows. */
static const layout *plain_layout(const char *text, size_t length)
{
    size_t k = length >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    bool two_empty = k + 1 < length && strchr(",;\t", text[k]) && text[k + 1] == text[k];
    return two_empty ? &stacked : &joined;
}

static hf_err wide_all(hf_io_import *io, const char *const *files, int n)
{
    hf_err err = HF_OK;
    for (int k = 0; k < n; k++) {
        hf_io_source *source = NULL;
        if (ends_in(files[k], "industries.csv")) {
            HF_TRY(names_read(io, files[k]));
            continue;
        }
        HF_TRY(hf_io_source_open(io, files[k], &source));
        layout_set(source, plain_layout(source->text, source->length));
        HF_TRY(hf_io_wide_labels(io, source));
    }
    HF_TRY(finish(io));
out:
    return err;
}

hf_err hf_import_io_wide(hf_draft *d, const char *const *files, int n)
{
    hf_io_import io;
    hf_err err = begin(&io, d, "io-wide", "Input-output table", base_name(files[0]), "", 1);
    if (err == HF_OK) err = wide_all(&io, files, n);
    hf_io_import_done(&io);
    return err;
}

hf_err hf_import_icio(hf_draft *d, const char *const *files, int n)
{
    hf_io_import io;
    hf_err err = begin(&io, d, "icio", "OECD Inter-Country Input-Output tables", "OECD, Inter-Country Input-Output tables", "USD", 1e6);
    if (err == HF_OK) err = wide_all(&io, files, n);
    hf_io_import_done(&io);
    return err;
}

/* A file of the 2016 release names its label columns; the five kinds of final demand have numbers behind the industries. */
static hf_err wiod_2016_names(hf_io_import *io)
{
    static const char *const names[] = {"CONS_h", "CONS_np", "CONS_g", "GFCF", "INVEN"};
    for (int k = 0; k < 5; k++) {
        char number[4] = {'5', (char)('7' + k), '\0', '\0'};
        if (k > 2) number[0] = '6', number[1] = (char)('0' + k - 3);
        int code = hf_idmap_find(io->codes, number, 2);
        hf_err err = code < 0 ? HF_OK : hf_io_code_name(io, code, names[k], strlen(names[k]), "", 0);
        if (err != HF_OK) return err;
    }
    return HF_OK;
}

static hf_err wiod_read(hf_io_import *io, const char *const *files, int n, bool adb)
{
    hf_err err = HF_OK;
    hf_io_source *source = NULL;
    if (n > 1 && !adb) return wide_all(io, files, n);
    HF_TRY(hf_io_source_open(io, files[0], &source));
    bool is_2016 = source->length > 20 && memmem(source->text, 20, "IndustryCode", 12);
    layout_set(source, is_2016 ? &wiod_2016 : &wiod_2013);
    HF_TRY(hf_io_wide_labels(io, source));
    if (is_2016) HF_TRY(wiod_2016_names(io));
    HF_TRY(finish(io));
out:
    return err;
}

hf_err hf_import_wiod(hf_draft *d, const char *const *files, int n)
{
    hf_io_import io;
    hf_err err = begin(&io, d, "wiod", "World Input-Output Database", "World Input-Output Database, www.rug.nl/ggdc/valuechain/wiod", "USD", 1e6);
    if (err == HF_OK) err = wiod_read(&io, files, n, false);
    hf_io_import_done(&io);
    return err;
}

hf_err hf_import_adb(hf_draft *d, const char *const *files, int n)
{
    hf_io_import io;
    hf_err err = begin(&io, d, "adb", "ADB Multi-Regional Input-Output table", "Asian Development Bank, MRIO tables", "USD", 1e6);
    if (err == HF_OK) err = wiod_read(&io, files, n, true);
    hf_io_import_done(&io);
    return err;
}

hf_err hf_import_io_japan(hf_draft *d, const char *const *files, int n)
{
    hf_io_import io;
    hf_err err = begin(&io, d, "io-japan", "Regional input-output table of Japan", base_name(files[0]), "JPY", 1e6);
    if (err == HF_OK) err = wide_add(&io, files[0], &japan);
    if (err == HF_OK) err = finish(&io);
    hf_io_import_done(&io);
    return err;
}

/* Z.txt or A.txt with Y.txt and x.txt; other files of the folder (unit.txt, satellite accounts) are not read. */
static hf_err exiobase_read(hf_io_import *io, const char *const *files, int n)
{
    static const layout output = {HF_IO_HEAD_JOINED, 2, 0, 1, -1, -1};
    hf_err err = HF_OK;
    bool flows = false, demand = false, total = false, coefficients = false;
    for (int k = 0; k < n; k++) {
        const char *name = base_name(files[k]);
        bool z = strcasecmp(name, "Z.txt") == 0, a = strcasecmp(name, "A.txt") == 0, y = strcasecmp(name, "Y.txt") == 0, x = strcasecmp(name, "x.txt") == 0;
        if (!z && !a && !y && !x) {
            hf_draft_leave_out(io->d, "files that are not read", name);
            continue;
        }
        HF_TRY(wide_add(io, files[k], x ? &output : &stacked));
        io->source[io->n_sources - 1].coefficients = a;
        flows = flows || z || a, demand = demand || y, total = total || x, coefficients = coefficients || a;
    }
    if (!flows || !demand || (coefficients && !total)) {
        hf_diag_add(io->d->diag, HF_ERROR, HF_E_MISSING, NULL, 0, 0, "Z.txt (or A.txt with x.txt) and Y.txt are needed");
        HF_TRY(HF_E_DATA);
    }
    HF_TRY(finish(io));
out:
    return err;
}

hf_err hf_import_exiobase(hf_draft *d, const char *const *files, int n)
{
    hf_io_import io;
    hf_err err = begin(&io, d, "exiobase", "EXIOBASE 3", "EXIOBASE 3, doi.org/10.5281/zenodo.3583070", "EUR", 1e6);
    if (err == HF_OK) err = exiobase_read(&io, files, n);
    hf_io_import_done(&io);
    return err;
}

/* The columns of a long file: by FIGARO's names, or the first five. */
static hf_err long_columns(hf_io_import *io, hf_io_source *source, bool figaro, hf_io_long *form)
{
    static const char *const names[] = {"refArea", "rowPi", "counterpartArea", "colPi", "obsValue"};
    hf_scan *s = &source->start;
    hf_scan_cell cell;
    int at[5] = {0, 1, 2, 3, 4}, n = 0;
    hf_err err = hf_scan_init(s, source->file, source->text, source->length, 0, io->d->diag);
    if (err != HF_OK) return err;
    for (int k = 0; figaro && k < 5; k++) at[k] = -1;
    if (hf_scan_row(s))
        for (; hf_scan_next(s, &cell); n++)
            for (int k = 0; figaro && k < 5; k++)
                if (hf_scan_is(&cell, names[k])) at[k] = n;
    if (n < 5 || at[0] < 0 || at[1] < 0 || at[2] < 0 || at[3] < 0 || at[4] < 0) {
        hf_diag_add(io->d->diag, HF_ERROR, HF_E_FORMAT, source->file, 1, 1, "%s",
                    figaro ? "the columns refArea, rowPi, counterpartArea, colPi, obsValue are needed"
                           : "five columns are needed: region and code of the seller, region and code of the buyer, value");
        return HF_E_DATA;
    }
    *form = (hf_io_long){at[0], at[1], at[2], at[3], at[4]};
    return HF_OK;
}

static hf_err long_read(hf_io_import *io, hf_io_source *source, bool figaro)
{
    hf_err err = HF_OK;
    hf_io_long form;
    HF_TRY(long_columns(io, source, figaro, &form));
    HF_TRY(hf_io_long_labels(io, source, &form));
    HF_TRY(hf_io_import_table(io));
    HF_TRY(hf_io_long_numbers(io, source, &form));
    HF_TRY(hf_io_import_write(io));
out:
    return err;
}

hf_err hf_import_io_long(hf_draft *d, const char *const *files, int n)
{
    hf_io_import io;
    hf_io_source *source = NULL;
    hf_err err = begin(&io, d, "io-long", "Input-output table", base_name(files[0]), "", 1);
    if (err == HF_OK) err = hf_io_source_open(&io, files[0], &source);
    if (err == HF_OK) err = long_read(&io, source, false);
    hf_io_import_done(&io);
    return err;
}

hf_err hf_import_figaro(hf_draft *d, const char *const *files, int n)
{
    hf_io_import io;
    hf_io_source *source = NULL;
    hf_err err = begin(&io, d, "figaro", "FIGARO inter-country input-output table", "Eurostat and JRC, FIGARO", "EUR", 1e6);
    io.missing = ":";
    if (err == HF_OK) err = hf_io_source_open(&io, files[0], &source);
    if (err == HF_OK) {
        const char *end = memchr(source->text, '\n', source->length);
        size_t head = end ? (size_t)(end - source->text) : source->length;
        if (memmem(source->text, head, "obsValue", 8)) err = long_read(&io, source, true);
        else {
            layout_set(source, &joined);
            err = hf_io_wide_labels(&io, source);
            if (err == HF_OK) err = finish(&io);
        }
    }
    hf_io_import_done(&io);
    return err;
}
