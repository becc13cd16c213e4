#include "viz/text_table.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/arena.h"

enum { COLUMNS = 32, INDENT = 2, GAP = 2, NARROWEST = 16 };

struct hf_text_table {
    hf_arena memory;
    int n_columns;
    const char *heading[COLUMNS];
    hf_align align[COLUMNS];
    const char **cells;
    size_t n, capacity;
    hf_err err;
};

hf_err hf_text_table_new(hf_text_table **ret_table)
{
    hf_text_table *table = hf_calloc(1, sizeof *table);
    if (!table) return HF_E_NOMEM;
    hf_arena_init(&table->memory);
    *ret_table = table;
    return HF_OK;
}

void hf_text_table_free(hf_text_table *table)
{
    if (!table) return;
    hf_arena_done(&table->memory);
    hf_free(table->cells);
    hf_free(table);
}

static const char *copy(hf_text_table *table, const char *text)
{
    const char *to = hf_arena_strndup(&table->memory, text, strlen(text));
    if (!to) table->err = HF_E_NOMEM;
    return to;
}

void hf_text_table_column(hf_text_table *table, const char *heading, hf_align align)
{
    if (table->n_columns == COLUMNS) return;
    const char *text = copy(table, heading);
    if (!text) return;
    table->heading[table->n_columns] = text;
    table->align[table->n_columns++] = align;
}

void hf_text_table_cell(hf_text_table *table, const char *text)
{
    if (table->err != HF_OK) return;
    table->err = hf_grow((void **)&table->cells, &table->capacity, table->n + 1, sizeof *table->cells);
    const char *to = table->err == HF_OK ? copy(table, text) : NULL;
    if (to) table->cells[table->n++] = to;
}

void hf_text_table_cellf(hf_text_table *table, const char *format, ...)
{
    char text[256];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    hf_text_table_cell(table, text);
}

/* Widths of the columns; the widest left one gives way until the line fits. */
static void widths_find(const hf_text_table *table, int width, int *widths)
{
    int total = INDENT + GAP * (table->n_columns - 1);
    for (int c = 0; c < table->n_columns; c++) widths[c] = hf_utf8_width(table->heading[c]);
    for (size_t k = 0; k < table->n; k++) {
        int w = hf_utf8_width(table->cells[k]), c = (int)(k % (size_t)table->n_columns);
        if (w > widths[c]) widths[c] = w;
    }
    for (int c = 0; c < table->n_columns; c++) total += widths[c];
    while (total > width) {
        int widest = -1;
        for (int c = 0; c < table->n_columns; c++)
            if (table->align[c] == HF_ALIGN_LEFT && widths[c] > NARROWEST && (widest < 0 || widths[c] > widths[widest])) widest = c;
        if (widest < 0) return;
        widths[widest]--;
        total--;
    }
}

static size_t character_bytes(const char *text)
{
    size_t n = 1;
    while (((unsigned char)text[n] & 0xC0) == 0x80) n++;
    return n;
}

/* Whether the blank at `at` stands between a number and its unit: "12 h", "46 %", "1.6 M". */
static bool holds_unit(const char *text, size_t at)
{
    return at > 0 && text[at - 1] >= '0' && text[at - 1] <= '9' && strchr("hkM%", text[at + 1]) && strchr(" ,.)", text[at + 2 * (text[at + 1] != '\0')]);
}

/* Bytes of `text` that fit into a line of `width` columns, broken at a blank where there is one; at least one character. */
static size_t line_fit(const char *text, int width)
{
    size_t end = 0, blank = 0;
    int used = 0;
    while (text[end]) {
        char one[8] = "";
        size_t bytes = character_bytes(text + end);
        if (bytes < sizeof one) memcpy(one, text + end, bytes);
        int w = hf_utf8_width(one);
        if (used + w > width && end > 0) return blank > 0 ? blank : end;
        if (text[end] == ' ' && !holds_unit(text, end)) blank = end;
        used += w;
        end += bytes;
    }
    return end;
}

static void pad(hf_buf *out, int n)
{
    while (n-- > 0) hf_buf_puts(out, " ");
}

/* Blanks at the end of a line say nothing. */
static void line_end(hf_buf *out)
{
    while (out->length > 0 && out->text[out->length - 1] == ' ') out->text[--out->length] = '\0';
    hf_buf_puts(out, "\n");
}

static void cell_write(hf_buf *out, const char *text, size_t bytes, int width, hf_align align)
{
    char line[512];
    size_t n = bytes < sizeof line ? bytes : sizeof line - 1;
    memcpy(line, text, n);
    line[n] = '\0';
    int used = hf_utf8_width(line);
    if (align == HF_ALIGN_RIGHT) pad(out, width - used);
    hf_buf_add(out, text, bytes);
    if (align == HF_ALIGN_LEFT) pad(out, width - used);
}

static void row_write(const hf_text_table *table, const char *const *cells, const int *widths, hf_buf *out)
{
    const char *rest[COLUMNS];
    bool more = true;
    for (int c = 0; c < table->n_columns; c++) rest[c] = cells[c];
    while (more) {
        more = false;
        pad(out, INDENT);
        for (int c = 0; c < table->n_columns; c++) {
            size_t bytes = line_fit(rest[c], widths[c]);
            if (c > 0) pad(out, GAP);
            cell_write(out, rest[c], bytes, widths[c], table->align[c]);
            rest[c] += bytes;
            while (*rest[c] == ' ') rest[c]++;
            more |= *rest[c] != '\0';
        }
        line_end(out);
    }
}

hf_err hf_text_table_write(const hf_text_table *table, int width, hf_buf *out)
{
    int widths[COLUMNS];
    if (table->err != HF_OK) return table->err;
    if (table->n_columns == 0) return HF_OK;
    widths_find(table, width, widths);
    row_write(table, table->heading, widths, out);
    for (size_t k = 0; k + (size_t)table->n_columns <= table->n; k += (size_t)table->n_columns) row_write(table, table->cells + k, widths, out);
    return out->err;
}

int hf_text_table_columns(const hf_text_table *table)
{
    return table->n_columns;
}

int hf_text_table_rows(const hf_text_table *table)
{
    return table->n_columns > 0 ? (int)(table->n / (size_t)table->n_columns) : 0;
}

const char *hf_text_table_heading(const hf_text_table *table, int column)
{
    return table->heading[column];
}

hf_align hf_text_table_align(const hf_text_table *table, int column)
{
    return table->align[column];
}

const char *hf_text_table_text(const hf_text_table *table, int row, int column)
{
    return table->cells[(size_t)row * (size_t)table->n_columns + (size_t)column];
}

hf_err hf_text_table_err(const hf_text_table *table)
{
    return table->err;
}
