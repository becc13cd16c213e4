/* Eora26: numbers without any header, and labels in files of their own. */
#include <string.h>
#include <strings.h>

#include "base/alloc.h"
#include "datasets/import/io.h"

static const char *file_find(const char *const *files, int n, const char *ending)
{
    size_t m = strlen(ending);
    for (int k = 0; k < n; k++) {
        size_t length = strlen(files[k]);
        if (length >= m && strcasecmp(files[k] + length - m, ending) == 0) return files[k];
    }
    return NULL;
}

/* Rows of "Afghanistan<tab>AFG<tab>Industries<tab>Agriculture<tab>". Value added has two cells: kind and name. */
static hf_err labels_read(hf_io_import *io, const char *file, bool primary, hf_io_labels *labels)
{
    hf_err err = HF_OK;
    char *text = NULL;
    size_t length = 0;
    hf_scan s = {0};
    hf_scan_cell cell;
    HF_TRY(hf_input_text(file, io->d->diag, &text, &length));
    HF_TRY(hf_scan_init(&s, file, text, length, '\t', io->d->diag));
    while (hf_scan_row(&s)) {
        hf_io_label label = {-1, -1};
        for (int c = 0; err == HF_OK && hf_scan_next(&s, &cell); c++) {
            if (!primary && c == 1) err = hf_idmap_intern(io->regions, cell.text, cell.length, &label.region, NULL);
            if (cell.length && c == (primary ? 1 : 3)) err = hf_idmap_intern(io->codes, cell.text, cell.length, &label.code, NULL);
        }
        if (primary && err == HF_OK) err = hf_idmap_intern(io->regions, "", 0, &label.region, NULL);
        HF_TRY(err);
        if (label.code < 0 || label.region < 0) {
            hf_diag_add(io->d->diag, HF_ERROR, HF_E_FORMAT, file, s.line, 1, "the row has too few labels: this is not a labels file of Eora26");
            HF_TRY(HF_E_DATA);
        }
        HF_TRY(hf_io_labels_push(labels, label));
    }
    err = s.err;
out:
    hf_scan_done(&s);
    hf_free(text);
    return err;
}

static hf_err labels_copy(const hf_io_labels *from, hf_io_labels *to)
{
    for (size_t k = 0; k < from->n; k++) {
        hf_err err = hf_io_labels_push(to, from->item[k]);
        if (err != HF_OK) return err;
    }
    return HF_OK;
}

/* Opens a file of numbers and gives it its labels. */
static hf_err numbers_open(hf_io_import *io, const char *file, const hf_io_labels *rows, const hf_io_labels *columns)
{
    hf_io_source *source = NULL;
    hf_err err = hf_io_source_open(io, file, &source);
    if (err == HF_OK) err = hf_scan_init(&source->start, file, source->text, source->length, '\t', io->d->diag);
    if (err == HF_OK) err = labels_copy(rows, &source->rows);
    if (err == HF_OK) err = labels_copy(columns, &source->columns);
    return err;
}

/* Every file must have the rows that its labels say. */
static hf_err rows_count_check(hf_io_import *io)
{
    for (int k = 0; k < io->n_sources; k++) {
        hf_scan s;
        size_t n = 0;
        hf_err err = hf_scan_init(&s, io->source[k].file, io->source[k].text, io->source[k].length, '\t', io->d->diag);
        if (err != HF_OK) return err;
        for (const char *at = s.at; at < s.end;) {
            const char *end = memchr(at, '\n', (size_t)(s.end - at));
            if (!end) end = s.end;
            n += end > at && !(end == at + 1 && *at == '\r');
            at = end + 1;
        }
        if (n == io->source[k].rows.n) continue;
        hf_diag_add(io->d->diag, HF_ERROR, HF_E_FORMAT, io->source[k].file, 0, 0, "%zu rows, but %zu labels", n, io->source[k].rows.n);
        return HF_E_DATA;
    }
    return HF_OK;
}

static hf_err eora_read(hf_io_import *io, const char *const *files, int n)
{
    hf_err err = HF_OK;
    hf_io_labels flows = {0}, demand = {0}, added = {0};
    const char *labels_t = file_find(files, n, "labels_T.txt"), *labels_fd = file_find(files, n, "labels_FD.txt");
    const char *labels_va = file_find(files, n, "labels_VA.txt");
    const char *t = file_find(files, n, "p_T.txt"), *fd = file_find(files, n, "p_FD.txt"), *va = file_find(files, n, "p_VA.txt");
    if (!labels_t || !labels_fd || !t || !fd || (va && !labels_va)) {
        hf_diag_add(io->d->diag, HF_ERROR, HF_E_MISSING, NULL, 0, 0,
                    "Eora26_…_T.txt, Eora26_…_FD.txt, labels_T.txt and labels_FD.txt are needed (and labels_VA.txt with Eora26_…_VA.txt)");
        HF_TRY(HF_E_DATA);
    }
    HF_TRY(labels_read(io, labels_t, false, &flows));
    HF_TRY(labels_read(io, labels_fd, false, &demand));
    if (va) HF_TRY(labels_read(io, labels_va, true, &added));
    HF_TRY(numbers_open(io, t, &flows, &flows));
    HF_TRY(numbers_open(io, fd, &flows, &demand));
    if (va) HF_TRY(numbers_open(io, va, &added, &flows));
    HF_TRY(rows_count_check(io));
    HF_TRY(hf_io_import_table(io));
    for (int k = 0; k < io->n_sources; k++) HF_TRY(hf_io_wide_numbers(io, &io->source[k]));
    HF_TRY(hf_io_import_write(io));
out:
    hf_free(flows.item);
    hf_free(demand.item);
    hf_free(added.item);
    return err;
}

hf_err hf_import_eora(hf_draft *d, const char *const *files, int n)
{
    hf_io_import io;
    const hf_import_options *options = d->options;
    if (!options->currency || !(options->money_unit > 0)) {
        hf_diag_add(d->diag, HF_ERROR, HF_E_MISSING, NULL, 0, 0, "Eora26 does not say its unit: give --currency and --money-unit (as USD and 1000)");
        return HF_E_DATA;
    }
    d->name = "eora";
    d->title = "Eora26";
    d->source = "Eora global supply chain database, worldmrio.com";
    hf_err err = hf_io_import_init(&io, d, "eora");
    io.currency = options->currency;
    io.unit = options->money_unit;
    io.year = options->year;
    if (err == HF_OK) err = eora_read(&io, files, n);
    hf_io_import_done(&io);
    return err;
}
