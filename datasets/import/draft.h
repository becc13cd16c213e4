/* A package under construction by an importer. Not installed. */
#ifndef HF_DATASETS_IMPORT_DRAFT_H
#define HF_DATASETS_IMPORT_DRAFT_H

#include <stdarg.h>
#include <stdbool.h>

#include "base/arena.h"
#include "base/diag.h"
#include "base/idmap.h"
#include "base/text.h"
#include "datasets/import/import.h"
#include "datasets/table.h"

enum { HF_DRAFT_TABLES = 12, HF_DRAFT_REASONS = 16, HF_DRAFT_INPUTS = 16 };

typedef struct hf_draft {
    hf_arena memory;
    hf_diag *diag;
    const hf_import_options *options;
    const char *name, *title, *source;
    const char *resource[HF_DRAFT_TABLES];
    hf_table *table[HF_DRAFT_TABLES]; /* NULL: the resource is `text` */
    hf_buf text[HF_DRAFT_TABLES];
    int n_tables;
    const char *currency; /* of an economy, NULL for none, with unit and year (0: unknown) */
    double money_unit;
    int base_year;
    struct {
        const char *reason, *example;
        int count;
    } left_out[HF_DRAFT_REASONS];
    int n_reasons;
} hf_draft;

void hf_draft_init(hf_draft *d, const hf_import_options *options, hf_diag *diag);
void hf_draft_done(hf_draft *d);

/* A table with these columns (comma separated); the draft owns it. */
hf_err hf_draft_table(hf_draft *d, const char *resource, const char *columns, hf_table **ret_table);

/* A resource that is written as text, millions of numbers without a table in between; the draft owns it. */
hf_err hf_draft_matrix(hf_draft *d, const char *resource, hf_buf **ret_text);

/* Counts a row that could not be used; `reason` is a literal, the first example of each is shown. */
void hf_draft_leave_out(hf_draft *d, const char *reason, const char *example);

/* Text that lives as long as the draft; NULL when out of memory. */
const char *hf_draft_text(hf_draft *d, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Writes the package into options->into, see import.h, and reports what was left out. */
hf_err hf_draft_write(hf_draft *d);

/* Reads one of the files that were given: the one whose name ends in `ending`, the case of letters aside; a finding and HF_E_DATA when it is missing
 * and `needed`, else NULL. The caller frees with hf_table_free. */
hf_err hf_input_table(const char *const *files, int n_files, const char *ending, const hf_table_form *form, bool needed, hf_diag *diag,
                      hf_table **ret_table);
/* The same as text (hf_free). */
hf_err hf_input_text(const char *path, hf_diag *diag, char **ret_text, size_t *ret_length);

/* Columns of a table that must be there: a finding for each that is not. `columns` is a comma separated list; places go to ret [n]. */
hf_err hf_input_columns(const hf_table *table, const char *columns, int *ret, int n, hf_diag *diag);

/* Importers, one file each. */
typedef hf_err hf_importer(hf_draft *d, const char *const *files, int n_files);
hf_importer hf_import_entsoe, hf_import_iggin, hf_import_openflights, hf_import_graph, hf_import_indp, hf_import_csv, hf_import_prefectures, hf_import_io_wide,
    hf_import_io_long, hf_import_wiod, hf_import_icio, hf_import_figaro, hf_import_exiobase, hf_import_eora, hf_import_adb, hf_import_io_japan,
    hf_import_io_areas;

#endif
