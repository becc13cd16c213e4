/* Tables of single prefectures side by side: a row an area, columns R1C1 … R12C12 (flows between its industries) and Y1 … Y12 (output).
 *
 * Each area is a block of its own: what crosses its border is not in the file. Output less what its own industries buy is final demand
 * with net exports. Areas are JIS X 0401 and municipal codes: the whole country and towns stand beside the prefectures and are left out. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "datasets/import/io.h"

enum { MAX_SECTORS = 200 };

typedef struct areas {
    hf_io_import *io;
    hf_table *table;
    int n_sectors, n_regions;
    int *row;          /* [n_regions] of the table */
    const char **name; /* [n_regions] */
} areas;

/* A column by its name, R3C4 or Y3. */
static int column_find(const areas *a, const char *format, int i, int j)
{
    char name[32];
    if (*format == 'R') snprintf(name, sizeof name, "R%dC%d", i, j);
    else snprintf(name, sizeof name, "Y%d", i);
    return hf_table_column(a->table, name);
}

/* As many sectors as there are outputs; every flow between them must have its column. */
static hf_err sectors_count(areas *a)
{
    while (a->n_sectors < MAX_SECTORS && column_find(a, "Y", a->n_sectors + 1, 0) >= 0) a->n_sectors++;
    for (int i = 1; i <= a->n_sectors; i++)
        for (int j = 1; j <= a->n_sectors; j++) {
            if (column_find(a, "R", i, j) >= 0) continue;
            hf_diag_add(a->io->d->diag, HF_ERROR, HF_E_MISSING, hf_table_file(a->table), 1, 1, "column \"R%dC%d\" is missing", i, j);
            return HF_E_DATA;
        }
    if (a->n_sectors) return HF_OK;
    hf_diag_add(a->io->d->diag, HF_ERROR, HF_E_FORMAT, hf_table_file(a->table), 1, 1, "the columns R1C1 … and Y1 … of tables of prefectures are missing");
    return HF_E_DATA;
}

/* "13000" is the prefecture 13. */
static int prefecture_of(const char *code)
{
    if (strlen(code) != 5 || strspn(code, "0123456789") != 5 || strcmp(code + 2, "000") != 0) return 0;
    int prefecture = atoi(code) / 1000;
    return prefecture <= 47 ? prefecture : 0;
}

static hf_err regions_find(areas *a)
{
    hf_draft *d = a->io->d;
    int n = hf_table_rows(a->table);
    bool seen[48] = {false};
    a->row = hf_arena_calloc(&d->memory, (size_t)n, sizeof *a->row);
    a->name = hf_arena_calloc(&d->memory, (size_t)n, sizeof *a->name);
    if (!a->row || !a->name) return HF_E_NOMEM;
    for (int r = 0; r < n; r++) {
        const char *code = hf_table_cell(a->table, r, 0).text;
        int prefecture = prefecture_of(code);
        if (!*code) hf_draft_leave_out(d, "rows without a code", hf_draft_text(d, "line %d", hf_table_line(a->table, r)));
        else if (prefecture == 0) hf_draft_leave_out(d, "areas that are no prefectures: the whole country, towns within prefectures", code);
        else if (seen[prefecture]) {
            hf_diag_add(d->diag, HF_ERROR, HF_E_DUPLICATE, hf_table_file(a->table), hf_table_line(a->table, r), 1, "area %s is there twice", code);
            return HF_E_DATA;
        } else {
            seen[prefecture] = true;
            a->row[a->n_regions] = r;
            if (!(a->name[a->n_regions++] = hf_draft_text(d, "JP-%02d", prefecture))) return HF_E_NOMEM;
        }
    }
    if (a->n_regions) return HF_OK;
    hf_diag_add(d->diag, HF_ERROR, HF_E_MISSING, hf_table_file(a->table), 0, 0, "no row is a prefecture (its code is 01000 to 47000)");
    return HF_E_DATA;
}

static double number_of(const areas *a, int row, int column)
{
    hf_cell cell = hf_table_cell(a->table, row, column);
    double value = 0;
    if (cell.length == 0 || hf_number_parse(cell.text, cell.length, &value)) return value;
    hf_diag_add(a->io->d->diag, HF_ERROR, HF_E_RANGE, hf_table_file(a->table), hf_table_line(a->table, row),
                hf_table_column_at(a->table, row, column), "%s \"%.60s\" is not a number", hf_table_column_name(a->table, column), cell.text);
    return 0;
}

static void block_fill(const areas *a, int region)
{
    hf_io_table *t = a->io->table;
    int s = a->n_sectors, row = a->row[region];
    for (int i = 0; i < s; i++) {
        size_t f = (size_t)(region * s + i);
        double sold = 0;
        t->x[f] = number_of(a, row, column_find(a, "Y", i + 1, 0));
        for (int j = 0; j < s; j++) {
            double flow = number_of(a, row, column_find(a, "R", i + 1, j + 1));
            t->z[f * (size_t)t->n_industries + (size_t)(region * s + j)] = flow;
            sold += flow;
        }
        t->y[f * (size_t)t->n_demand_columns + (size_t)region] = t->x[f] - sold;
    }
}

static hf_err areas_read(areas *a, const char *const *files, int n)
{
    hf_err err = HF_OK;
    hf_io_import *io = a->io;
    hf_draft *d = io->d;
    static const char *category = "final demand and net exports";
    const hf_table_form form = {0};
    const char **sectors = hf_arena_calloc(&d->memory, MAX_SECTORS, sizeof *sectors);
    if (!sectors) return HF_E_NOMEM;
    HF_TRY(hf_input_table(files, n, "", &form, true, d->diag, &a->table));
    HF_TRY(sectors_count(a));
    HF_TRY(regions_find(a));
    for (int i = 0; i < a->n_sectors; i++)
        if (!(sectors[i] = hf_draft_text(d, "%d", i + 1))) HF_TRY(HF_E_NOMEM);
    HF_TRY(hf_io_table_new(a->n_regions, a->n_sectors, 1, a->name, sectors, io->currency, io->unit, io->year, &io->table));
    io->category = &category;
    io->sector_title = hf_arena_calloc(&d->memory, (size_t)a->n_sectors, sizeof *io->sector_title);
    io->row_output = hf_calloc((size_t)io->table->n_industries, sizeof *io->row_output);
    if (!io->sector_title || !io->row_output) HF_TRY(HF_E_NOMEM);
    for (int r = 0; r < a->n_regions; r++) block_fill(a, r);
    io->has_output = true;
    HF_TRY(hf_io_import_write(io));
out:
    return err;
}

hf_err hf_import_io_areas(hf_draft *d, const char *const *files, int n)
{
    hf_io_import io;
    areas a = {.io = &io};
    const hf_import_options *options = d->options;
    d->name = "io-areas";
    d->title = "Input-output tables of prefectures";
    d->source = "prefectural input-output tables; for the file of 2015: Fukui (2024), doi 10.1007/s10614-024-10641-1";
    hf_err err = hf_io_import_init(&io, d, "io-areas");
    io.currency = options->currency ? options->currency : "JPY";
    io.unit = options->money_unit > 0 ? options->money_unit : 1e6;
    io.year = options->year;
    if (err == HF_OK) err = areas_read(&a, files, n);
    hf_table_free(a.table);
    hf_io_import_done(&io);
    return err;
}
