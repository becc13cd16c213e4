/* Sheets for people: headings, paragraphs, lists and tables, written as Markdown or as one page of HTML from the same calls. */
#ifndef HF_VIZ_SHEET_H
#define HF_VIZ_SHEET_H

#include <stdbool.h>

#include "viz/text_table.h"

typedef enum hf_sheet_format { HF_SHEET_MARKDOWN, HF_SHEET_HTML } hf_sheet_format;

/* A sheet that is being written into `out`. Errors are kept in the buffer. */
typedef struct hf_sheet {
    hf_buf *out;
    hf_sheet_format format;
    bool in_list;
    size_t opened; /* length of the text when the sheet was opened */
} hf_sheet;

/* Opens the sheet with its title; closes it. Texts of all calls are plain: what has a meaning in the format is escaped. */
void hf_sheet_open(hf_sheet *sheet, hf_buf *out, hf_sheet_format format, const char *title);
void hf_sheet_close(hf_sheet *sheet);

/* A heading of level 2 or 3. */
void hf_sheet_heading(hf_sheet *sheet, int level, const char *text);
/* A heading of level 2 on a new page of the paper, unless it is the first thing after the title. */
void hf_sheet_page(hf_sheet *sheet, const char *text);
void hf_sheet_text(hf_sheet *sheet, const char *text);
/* A paragraph that begins with a word in bold, as "Players: ". */
void hf_sheet_field(hf_sheet *sheet, const char *name, const char *text);
/* A point of a list; any other call ends the list. */
void hf_sheet_item(hf_sheet *sheet, const char *text);
/* A table, or nothing when it has no rows. Empty cells stay empty, for a pen. HF_E_NOMEM. */
hf_err hf_sheet_table(hf_sheet *sheet, const hf_text_table *table);

/* Appends text with what has a meaning in Markdown escaped; line ends become blanks. */
void hf_markdown_text(hf_buf *out, const char *text);

#endif
