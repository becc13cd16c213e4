/* A CSV table in memory: cells are slices of the file's text, each row knows its line. Tolerant on form, strict on encoding.
 *
 * Read: BOM, CRLF, a missing last newline, `,` `;` or tab (found from the header), quoted cells with commas and newlines, blank lines,
 * blanks around unquoted cells. Refused with a finding: invalid UTF-8, NUL bytes, an open quote, text after a closing quote, rows with
 * more cells than the header, a header cell that is empty or doubled, a line over 1 MiB, a file over 4 GiB. */
#ifndef HF_DATASETS_TABLE_H
#define HF_DATASETS_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/diag.h"

typedef struct hf_table hf_table;

/* A cell; `text` is NUL-terminated and never NULL. */
typedef struct hf_cell {
    const char *text;
    size_t length;
} hf_cell;

/* Parses `length` bytes of CSV text (copied). `file` names it in findings. HF_E_DATA when anything was refused. Rows shorter than the header
 * are filled with empty cells and counted in one warning. Memory: the text plus 8 bytes a cell and 8 a row. */
hf_err hf_table_parse(const char *file, const char *text, size_t length, hf_diag *diag, hf_table **ret_table);

/* Forms of CSV that other people's files have. Zero is the usual form. */
typedef struct hf_table_form {
    char delimiter;       /* 0: found from the header */
    char quote;           /* 0: `"` */
    bool headless;        /* there is no header: columns are called c1, c2 … as many as the first row has */
    bool backslash;       /* inside quotes a backslash stands for the character behind it */
    bool ragged;          /* rows longer than the header lose their last cells (counted in a warning) instead of being errors */
} hf_table_form;

/* As hf_table_parse, for a file of that form. */
hf_err hf_table_parse_form(const char *file, const char *text, size_t length, const hf_table_form *form, hf_diag *diag, hf_table **ret_table);

/* An empty table with a header, to be filled row by row. */
hf_err hf_table_new(const char *file, const char *const *columns, int n_columns, hf_table **ret_table);
/* Appends a row; NULL cells are empty. */
hf_err hf_table_append(hf_table *table, const char *const *cells);

void hf_table_free(hf_table *table);

const char *hf_table_file(const hf_table *table);
int hf_table_columns(const hf_table *table);
int hf_table_rows(const hf_table *table);
const char *hf_table_column_name(const hf_table *table, int column);
/* The column with a name (exact), or -1. */
int hf_table_column(const hf_table *table, const char *name);
hf_cell hf_table_cell(const hf_table *table, int row, int column);
/* Line (from 1) on which a row starts; byte column (from 1) on which a cell starts, counted from the first cell of its row. */
int hf_table_line(const hf_table *table, int row);
int hf_table_column_at(const hf_table *table, int row, int column);

struct hf_buf;
/* Writes the table as CSV: comma, LF, quotes only where needed. Parsing that gives the same cells. */
void hf_table_write(const hf_table *table, struct hf_buf *out);

#endif
