/* An imported input-output table as resources of a package. */
#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "datasets/import/io.h"

/* A cell of text, quoted where it must be. */
static void cell_add(hf_buf *out, const char *text)
{
    if (!strpbrk(text, ",;\t\"\r\n") && text[0] != ' ' && (!*text || text[strlen(text) - 1] != ' ')) {
        hf_buf_puts(out, text);
        return;
    }
    hf_buf_puts(out, "\"");
    for (; *text; text++) {
        if (*text == '"') hf_buf_puts(out, "\"");
        hf_buf_add(out, text, 1);
    }
    hf_buf_puts(out, "\"");
}

static hf_err matrix_write(hf_io_import *io, const char *resource, const double *value, const char *const *column, int n_columns)
{
    const hf_io_table *t = io->table;
    hf_buf *out = NULL, heading = {0};
    hf_err err = hf_draft_matrix(io->d, resource, &out);
    if (err != HF_OK) return err;
    hf_buf_puts(out, "region,industry");
    for (int r = 0; r < t->n_regions; r++)
        for (int c = 0; c < n_columns; c++) {
            heading.length = 0;
            hf_buf_printf(&heading, "%s/%s", t->region[r], column[c]);
            hf_buf_puts(out, ",");
            if (heading.text) cell_add(out, heading.text);
        }
    size_t width = (size_t)t->n_regions * (size_t)n_columns;
    for (int f = 0; f < t->n_industries; f++) {
        hf_buf_puts(out, "\n");
        cell_add(out, t->region[f / t->n_sectors]);
        hf_buf_puts(out, ",");
        cell_add(out, t->sector[f % t->n_sectors]);
        for (size_t c = 0; c < width; c++) {
            double number = value[(size_t)f * width + c];
            hf_buf_add(out, ",0", number == 0 ? 2 : 1);
            if (number != 0) hf_buf_number(out, number);
        }
    }
    hf_buf_puts(out, "\n");
    err = heading.err != HF_OK ? heading.err : out->err;
    hf_buf_done(&heading);
    return err;
}

static const char *number_text(hf_io_import *io, double value)
{
    char text[32];
    hf_number_format(value, text);
    return hf_draft_text(io->d, "%s", text);
}

static hf_err industries_write(hf_io_import *io)
{
    hf_err err = HF_OK;
    hf_table *industries = NULL, *added = NULL;
    const hf_io_table *t = io->table;
    bool known = io->has_output || io->has_row_output;
    HF_TRY(hf_draft_table(io->d, "industries", known ? "region,industry,name,output" : "region,industry,name", &industries));
    if (io->has_value_added) HF_TRY(hf_draft_table(io->d, "value_added", "region,industry,value", &added));
    for (int f = 0; f < t->n_industries; f++) {
        int sector = f % t->n_sectors;
        const char *cells[] = {t->region[f / t->n_sectors], t->sector[sector], io->sector_title[sector], known ? number_text(io, t->x[f]) : NULL};
        HF_TRY(hf_table_append(industries, cells));
        if (!added) continue;
        const char *value[] = {cells[0], cells[1], number_text(io, t->v[f])};
        HF_TRY(hf_table_append(added, value));
    }
out:
    return err;
}

/* Output of the column is kept; that of the row is used when there is no column, and compared when there is. */
static void output_settle(hf_io_import *io)
{
    hf_io_table *t = io->table;
    double column = 0, row = 0;
    for (int f = 0; f < t->n_industries; f++) column += t->x[f], row += io->row_output[f];
    if (io->has_output && io->has_row_output && fabs(column - row) > 1e-3 * fabs(column))
        hf_diag_add(io->d->diag, HF_WARNING, HF_OK, io->source[0].file, 0, 0,
                    "output adds up to %.6g in the last column and to %.6g in the last row: the column is used", column, row);
    if (!io->has_output && io->has_row_output) memcpy(t->x, io->row_output, (size_t)t->n_industries * sizeof *t->x);
    for (int k = 0; k < io->n_sources; k++) {
        if (!io->source[k].coefficients) continue;
        for (size_t f = 0, n = (size_t)t->n_industries; f < n; f++)
            for (size_t g = 0; g < n; g++) t->z[f * n + g] *= t->x[g];
    }
}

static void totals_note(hf_io_import *io)
{
    hf_io_totals sum = hf_io_totals_of(io->table);
    const hf_io_table *t = io->table;
    hf_diag_add(io->d->diag, HF_NOTE, HF_OK, NULL, 0, 0,
                "%d region%s, %d industries each, %d kind%s of final demand: between industries %.10g, final demand %.10g",
                t->n_regions, t->n_regions == 1 ? "" : "s", t->n_sectors, t->n_demand, t->n_demand == 1 ? "" : "s", sum.z, sum.y);
    if (io->has_output || io->has_row_output) hf_diag_add(io->d->diag, HF_NOTE, HF_OK, NULL, 0, 0, "output adds up to %.10g", sum.x);
    if (io->has_value_added) hf_diag_add(io->d->diag, HF_NOTE, HF_OK, NULL, 0, 0, "value added adds up to %.10g", sum.v);
    if (io->dropped > 0) hf_diag_add(io->d->diag, HF_NOTE, HF_OK, NULL, 0, 0, "flows of %.10g to or from regions that are left out", io->dropped);
    if (io->n_missing)
        hf_diag_add(io->d->diag, HF_NOTE, HF_OK, NULL, 0, 0, "%zu numbers are missing (\"%s\"): read as 0", io->n_missing, io->missing);
}

/* Output below 0 cannot be cleaned. */
static hf_err output_check(const hf_io_import *io)
{
    const hf_io_table *t = io->table;
    for (int f = 0; f < t->n_industries; f++) {
        if (t->x[f] >= 0) continue;
        hf_diag_add(io->d->diag, HF_ERROR, HF_E_RANGE, io->source[0].file, 0, 0, "output of %s/%s is %.6g (allowed: 0 or more)", t->region[f / t->n_sectors],
                    t->sector[f % t->n_sectors], t->x[f]);
        return HF_E_DATA;
    }
    return HF_OK;
}

/* What cleaning will change; the package holds the numbers as they came. Cleans the table, which has been written. */
static hf_err cleaning_note(hf_io_import *io)
{
    hf_io_clean_options options = hf_io_clean_options_default();
    hf_io_report report = {0};
    hf_io_table *t = io->table;
    for (int f = 0; f < t->n_industries && !io->has_output && !io->has_row_output; f++) {
        size_t n = (size_t)t->n_industries, m = (size_t)t->n_demand_columns;
        for (size_t g = 0; g < n; g++) t->x[f] += t->z[(size_t)f * n + g];
        for (size_t c = 0; c < m; c++) t->x[f] += t->y[(size_t)f * m + c];
        if (t->x[f] < 0) t->x[f] = 0;
    }
    hf_err err = output_check(io);
    if (err == HF_OK) err = hf_io_clean(t, &options, &report, NULL);
    hf_io_summary summary = hf_io_report_summary(&report);
    for (int k = 0; err == HF_OK && k < HF_IO_REASONS; k++)
        if (summary.cells[k])
            hf_diag_add(io->d->diag, HF_NOTE, HF_OK, NULL, 0, 0, "when used, cleaning will change %zu cell%s by %.6g in all: %s", summary.cells[k],
                        summary.cells[k] == 1 ? "" : "s", summary.amount[k], hf_io_reason_text((hf_io_reason)k));
    hf_io_report_done(&report);
    return err;
}

hf_err hf_io_import_write(hf_io_import *io)
{
    hf_err err = HF_OK;
    hf_table *entities = NULL;
    const hf_io_table *t = io->table;
    output_settle(io);
    io->d->currency = io->currency;
    io->d->money_unit = io->unit;
    io->d->base_year = io->year;
    HF_TRY(hf_draft_table(io->d, "entities", "id,name,sector,country", &entities));
    HF_TRY(industries_write(io));
    HF_TRY(matrix_write(io, "trade", t->z, t->sector, t->n_sectors));
    HF_TRY(matrix_write(io, "final_demand", t->y, io->category, t->n_demand));
    totals_note(io);
    HF_TRY(cleaning_note(io));
out:
    return err;
}
