/* Tables of text for a terminal: columns as wide as what is in them, two blanks apart; the widest left-aligned column is wrapped when the
 * line would be too long. Widths count terminal columns, so Cyrillic, Japanese and accented names line up. */
#ifndef HF_VIZ_TEXT_TABLE_H
#define HF_VIZ_TEXT_TABLE_H

#include "base/text.h"

typedef enum hf_align { HF_ALIGN_LEFT, HF_ALIGN_RIGHT } hf_align;

typedef struct hf_text_table hf_text_table;

hf_err hf_text_table_new(hf_text_table **ret_table);
void hf_text_table_free(hf_text_table *table);

/* Columns first, then cells row by row. Texts are copied. When memory is short the rest is dropped and hf_text_table_write says so. */
void hf_text_table_column(hf_text_table *table, const char *heading, hf_align align);
void hf_text_table_cell(hf_text_table *table, const char *text);
void hf_text_table_cellf(hf_text_table *table, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Appends the table with its headings, indented by two, in lines of at most `width` columns where that is possible. HF_E_NOMEM. */
hf_err hf_text_table_write(const hf_text_table *table, int width, hf_buf *out);

/* What is in it, for other forms than text: rows that are complete, headings and cells (row, column from 0), and whether anything was dropped. */
int hf_text_table_columns(const hf_text_table *table);
int hf_text_table_rows(const hf_text_table *table);
const char *hf_text_table_heading(const hf_text_table *table, int column);
hf_align hf_text_table_align(const hf_text_table *table, int column);
const char *hf_text_table_text(const hf_text_table *table, int row, int column);
hf_err hf_text_table_err(const hf_text_table *table);

#endif
