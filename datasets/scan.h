/* Delimited text read cell by cell, without a table in between: for matrices of millions of numbers.
 *
 * Read: BOM, CRLF, blank lines, a missing last newline, blanks around unquoted cells, quoted cells with delimiters, newlines and doubled
 * quotes. Refused with a finding: invalid UTF-8, NUL bytes, an empty file, an open quote, text after a closing quote. */
#ifndef HF_DATASETS_SCAN_H
#define HF_DATASETS_SCAN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/diag.h"

/* Where the reader stands. The text belongs to the caller and must outlive it. */
typedef struct hf_scan {
    const char *file;
    hf_diag *diag;
    const char *at, *end, *line_start; /* next byte, end of the text, start of the present line */
    int line;                          /* of `at`, from 1 */
    bool in_row;
    char delimiter;
    char *scratch; /* a quoted cell without its doubled quotes */
    size_t scratch_capacity;
    int errors;    /* findings that this reader added */
    hf_err err;    /* HF_E_NOMEM, else HF_OK */
} hf_scan;

/* A cell: not NUL-terminated, valid until the next one is read. Line and column (bytes) from 1. */
typedef struct hf_scan_cell {
    const char *text;
    size_t length;
    int line, column;
} hf_scan_cell;

/* Begins. `delimiter` 0: of `,` `;` and tab the one that the first line has most of. HF_E_DATA when the text is refused. hf_scan_done frees. */
hf_err hf_scan_init(hf_scan *s, const char *file, const char *text, size_t length, char delimiter, hf_diag *diag);
void hf_scan_done(hf_scan *s);

/* Goes to the next row that is not blank, past what is left of the present one; false at the end. */
bool hf_scan_row(hf_scan *s);

/* The next cell of the row; false when it has no more. */
bool hf_scan_next(hf_scan *s, hf_scan_cell *ret_cell);

/* Whether a cell is this text. */
bool hf_scan_is(const hf_scan_cell *cell, const char *text);

/* The number in a cell; an empty one is 0. False, with a finding that names `what`, when it is text. */
bool hf_scan_number(hf_scan *s, const hf_scan_cell *cell, const char *what, double *ret_value);

/* Adds an error at a cell (NULL: at the file). `format` as printf. */
void hf_scan_error(hf_scan *s, const hf_scan_cell *cell, hf_err code, const char *format, ...) __attribute__((format(printf, 4, 5)));

#endif
