/* A CSV table in memory. The text is kept as it was read; cells are slices of it, unquoted and NUL-terminated in place. */
#include "datasets/table.h"

#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/arena.h"
#include "base/text.h"

enum { MAX_LINE = 1 << 20, MAX_COLUMNS = 4096 };

typedef struct slot {
    uint32_t offset, length;
} slot;

typedef struct row_place {
    uint32_t line, offset; /* where it starts */
} row_place;

struct hf_table {
    hf_arena names_memory;
    const char *file;
    const char **names;
    int n_columns, n_rows;
    char *text;
    size_t length, text_capacity;
    slot *cells;
    size_t n_cells, cells_capacity;
    row_place *rows;
    size_t rows_capacity;
};

/* Where the parser stands. */
typedef struct parser {
    hf_table *table;
    hf_diag *diag;
    char *at, *end; /* next byte, end of the text (a NUL stands there) */
    char *line_start;
    uint32_t line;
    char delimiter, quote;
    const hf_table_form *form;
    int short_rows, long_rows, errors;
} parser;

static void fault(parser *p, const char *at, hf_err code, const char *text)
{
    p->errors++;
    hf_diag_add(p->diag, HF_ERROR, code, p->table->file, (int)p->line, (int)(at - p->line_start) + 1, "%s", text);
}

static void newline(parser *p)
{
    p->line++;
    p->line_start = p->at;
}

/* The delimiter is the one that the header has most of, outside quotes. */
static char delimiter_find(const char *at, const char *end, char quote)
{
    int commas = 0, semicolons = 0, tabs = 0;
    bool quoted = false;
    for (; at < end && (quoted || *at != '\n'); at++) {
        if (*at == quote) quoted = !quoted;
        else if (!quoted) commas += *at == ',', semicolons += *at == ';', tabs += *at == '\t';
    }
    if (tabs > commas && tabs > semicolons) return '\t';
    return semicolons > commas ? ';' : ',';
}

static bool is_blank(const parser *p, char c)
{
    return c == ' ' || (c == '\t' && p->delimiter != '\t');
}

/* What ended a cell. */
typedef enum cell_end { CELL_MORE, CELL_LINE, CELL_FILE, CELL_BROKEN } cell_end;

/* Steps over what ends a cell, and puts the cell's NUL on it. */
static cell_end cell_close(parser *p, char *content_end)
{
    cell_end how = CELL_FILE;
    if (p->at < p->end) {
        how = *p->at == p->delimiter ? CELL_MORE : CELL_LINE;
        if (*p->at == '\r') p->at++;
        if (p->at < p->end) p->at++;
        if (how == CELL_LINE) newline(p);
    }
    *content_end = '\0';
    return how;
}

static bool at_cell_end(const parser *p)
{
    return p->at == p->end || *p->at == p->delimiter || *p->at == '\n' || (*p->at == '\r' && (p->at + 1 == p->end || p->at[1] == '\n'));
}

static cell_end cell_plain(parser *p, slot *ret_cell)
{
    char *first = p->at;
    while (!at_cell_end(p)) p->at++;
    if (p->at - p->line_start > MAX_LINE) {
        fault(p, p->line_start, HF_E_TOO_LARGE, "a line is longer than 1 MiB");
        return CELL_BROKEN;
    }
    char *last = p->at;
    while (last > first && is_blank(p, last[-1])) last--;
    *ret_cell = (slot){(uint32_t)(first - p->table->text), (uint32_t)(last - first)};
    if (p->at == p->end && last > first && last[-1] == '\r') ret_cell->length--, last--;
    return cell_close(p, last);
}

/* At the opening quote. Doubled quotes are made one in place. */
static cell_end cell_quoted(parser *p, slot *ret_cell)
{
    p->at++;
    char *to = p->at, *first = to;
    uint32_t open_line = p->line;
    for (;; p->at++) {
        if (p->at == p->end) {
            p->line = open_line;
            p->errors++;
            hf_diag_add(p->diag, HF_ERROR, HF_E_SYNTAX, p->table->file, (int)open_line, 1,
                        "a quote that is opened in this row is never closed");
            return CELL_BROKEN;
        }
        if (p->form->backslash && *p->at == '\\' && p->at + 1 < p->end) p->at++;
        else if (*p->at == p->quote) {
            if (p->at[1] != p->quote) break;
            p->at++;
        }
        if (*p->at == '\n') {
            p->line++;
            p->line_start = p->at + 1;
        }
        if (p->at - p->line_start > MAX_LINE) {
            fault(p, p->line_start, HF_E_TOO_LARGE, "a line is longer than 1 MiB");
            return CELL_BROKEN;
        }
        *to++ = *p->at;
    }
    *ret_cell = (slot){(uint32_t)(first - p->table->text), (uint32_t)(to - first)};
    p->at++;
    while (p->at < p->end && is_blank(p, *p->at)) p->at++;
    if (!at_cell_end(p)) {
        fault(p, p->at, HF_E_SYNTAX, "text after a closing quote (write a quote inside a quoted cell twice)");
        while (!at_cell_end(p)) p->at++;
    }
    return cell_close(p, to);
}

static cell_end cell_parse(parser *p, slot *ret_cell)
{
    while (p->at < p->end && is_blank(p, *p->at)) p->at++;
    return p->at < p->end && *p->at == p->quote ? cell_quoted(p, ret_cell) : cell_plain(p, ret_cell);
}

/* Reads one line's cells behind those of the table. *ret_n counts all, `most` are kept. */
static hf_err row_parse(parser *p, int most, int *ret_n, cell_end *ret_end)
{
    hf_table *t = p->table;
    int n = 0;
    *ret_end = CELL_MORE;
    while (*ret_end == CELL_MORE) {
        slot cell = {0, 0};
        *ret_end = cell_parse(p, &cell);
        if (*ret_end == CELL_BROKEN) break;
        if (n++ >= most) continue;
        hf_err err = hf_grow((void **)&t->cells, &t->cells_capacity, t->n_cells + 1, sizeof *t->cells);
        if (err != HF_OK) return err;
        t->cells[t->n_cells++] = cell;
    }
    *ret_n = n;
    return HF_OK;
}

/* Without a header the first row says how many columns there are, and is read again as a row. */
static hf_err columns_name(parser *p, cell_end *ret_end)
{
    hf_table *t = p->table;
    int n = 1;
    bool quoted = false;
    for (const char *c = p->at; c < p->end && (quoted || *c != '\n'); c++) {
        if (*c == p->quote) quoted = !quoted;
        else n += !quoted && *c == p->delimiter;
    }
    t->n_columns = n < MAX_COLUMNS ? n : MAX_COLUMNS;
    t->names = hf_arena_calloc(&t->names_memory, (size_t)t->n_columns, sizeof *t->names);
    for (int c = 0; t->names && c < t->n_columns; c++) {
        char name[16];
        snprintf(name, sizeof name, "c%d", c + 1);
        if (!(t->names[c] = hf_arena_strndup(&t->names_memory, name, strlen(name)))) return HF_E_NOMEM;
    }
    *ret_end = CELL_LINE;
    return t->names ? HF_OK : HF_E_NOMEM;
}

static hf_err header_parse(parser *p, cell_end *ret_end)
{
    hf_table *t = p->table;
    int n = 0;
    uint32_t line = p->line;
    hf_err err = row_parse(p, MAX_COLUMNS, &n, ret_end);
    if (err != HF_OK || *ret_end == CELL_BROKEN) return err;
    t->n_columns = n < MAX_COLUMNS ? n : MAX_COLUMNS;
    t->names = hf_arena_calloc(&t->names_memory, (size_t)t->n_columns, sizeof *t->names);
    if (!t->names) return HF_E_NOMEM;
    if (n > MAX_COLUMNS) {
        p->errors++;
        hf_diag_add(p->diag, HF_ERROR, HF_E_TOO_LARGE, t->file, (int)line, 1, "%d columns (allowed: up to %d)", n, MAX_COLUMNS);
    }
    for (int c = 0; c < t->n_columns; c++) {
        t->names[c] = hf_arena_strndup(&t->names_memory, t->text + t->cells[c].offset, t->cells[c].length);
        if (!t->names[c]) return HF_E_NOMEM;
        int column = (int)(t->cells[c].offset - t->cells[0].offset) + 1, first = hf_table_column(t, t->names[c]);
        const char *why = !*t->names[c] ? "has no name" : first < c ? "is there twice" : NULL;
        if (!why) continue;
        p->errors++;
        hf_diag_add(p->diag, HF_ERROR, first < c ? HF_E_DUPLICATE : HF_E_MISSING, t->file, (int)line, column, "column %d \"%s\" %s", c + 1,
                    t->names[c], why);
    }
    t->n_cells = 0;
    return HF_OK;
}

static hf_err row_keep(parser *p, uint32_t line, size_t first, int n)
{
    hf_table *t = p->table;
    hf_err err = hf_grow((void **)&t->rows, &t->rows_capacity, (size_t)t->n_rows + 1, sizeof *t->rows);
    if (err == HF_OK) err = hf_grow((void **)&t->cells, &t->cells_capacity, first + (size_t)t->n_columns, sizeof *t->cells);
    if (err != HF_OK) return err;
    if (n > t->n_columns && p->form->ragged) p->long_rows++;
    else if (n > t->n_columns) {
        p->errors++;
        hf_diag_add(p->diag, HF_ERROR, HF_E_SYNTAX, t->file, (int)line, 1, "the row has %d cells, the header %d", n, t->n_columns);
    }
    p->short_rows += n < t->n_columns;
    for (; n < t->n_columns; n++) t->cells[t->n_cells++] = (slot){(uint32_t)t->length, 0}; /* the NUL at the end of the text */
    slot start = t->cells[first];
    t->rows[t->n_rows++] = (row_place){line, start.offset};
    return HF_OK;
}

static hf_err rows_parse(parser *p, cell_end end)
{
    hf_table *t = p->table;
    while (end == CELL_LINE && p->at < p->end) {
        size_t first = t->n_cells;
        uint32_t line = p->line;
        int n = 0;
        hf_err err = row_parse(p, t->n_columns, &n, &end);
        if (err != HF_OK) return err;
        if (end == CELL_BROKEN) return HF_OK;
        if (n == 1 && t->cells[first].length == 0) t->n_cells = first; /* a blank line */
        else if ((err = row_keep(p, line, first, n)) != HF_OK) return err;
    }
    return HF_OK;
}

/* Encoding is settled for the whole text before anything is cut. False, with a finding, when it is not text. */
static bool text_check(parser *p)
{
    const char *text = p->table->text;
    size_t length = p->table->length, bad = hf_utf8_check(text, length);
    const char *nul = memchr(text, '\0', bad);
    if (nul) bad = (size_t)(nul - text);
    if (bad == length) return true;
    for (size_t k = 0; k < bad; k++)
        if (text[k] == '\n') p->line++, p->line_start = p->table->text + k + 1;
    fault(p, text + bad, HF_E_ENCODING, nul ? "a NUL byte: this is not a text file" : "invalid UTF-8 (save the file as UTF-8)");
    return false;
}

static hf_err table_alloc(const char *file, size_t length, hf_table **ret_table)
{
    hf_table *t = hf_calloc(1, sizeof *t);
    if (!t) return HF_E_NOMEM;
    hf_arena_init(&t->names_memory);
    t->file = hf_arena_strndup(&t->names_memory, file, strlen(file));
    t->text = hf_malloc(length + 1);
    t->text_capacity = length + 1;
    if (!t->file || !t->text) {
        hf_table_free(t);
        return HF_E_NOMEM;
    }
    t->text[0] = '\0';
    *ret_table = t;
    return HF_OK;
}

static hf_err table_read(parser *p)
{
    hf_table *t = p->table;
    if (!text_check(p)) return HF_OK;
    if (p->end - p->at >= 3 && memcmp(p->at, "\xEF\xBB\xBF", 3) == 0) p->at += 3, p->line_start += 3;
    while (p->at < p->end && (*p->at == '\n' || *p->at == '\r')) { /* blank lines before the header */
        p->at++;
        if (p->at[-1] == '\n') newline(p);
    }
    if (p->at == p->end) {
        fault(p, p->at, HF_E_MISSING, "the file is empty (a header line is needed)");
        return HF_OK;
    }
    p->delimiter = p->form->delimiter ? p->form->delimiter : delimiter_find(p->at, p->end, p->quote);
    cell_end end = CELL_LINE;
    hf_err err = p->form->headless ? columns_name(p, &end) : header_parse(p, &end);
    if (err != HF_OK || end == CELL_BROKEN || p->errors) return err;
    err = rows_parse(p, end);
    if (err == HF_OK && p->short_rows)
        hf_diag_add(p->diag, HF_WARNING, HF_OK, t->file, 0, 0, "%d row%s shorter than the header: filled with empty cells", p->short_rows,
                    p->short_rows == 1 ? " is" : "s are");
    if (err == HF_OK && p->long_rows)
        hf_diag_add(p->diag, HF_WARNING, HF_OK, t->file, 0, 0, "%d row%s longer than the header: the cells beyond it are left out", p->long_rows,
                    p->long_rows == 1 ? " is" : "s are");
    return err;
}

hf_err hf_table_parse(const char *file, const char *text, size_t length, hf_diag *diag, hf_table **ret_table)
{
    const hf_table_form usual = {0};
    return hf_table_parse_form(file, text, length, &usual, diag, ret_table);
}

hf_err hf_table_parse_form(const char *file, const char *text, size_t length, const hf_table_form *form, hf_diag *diag, hf_table **ret_table)
{
    hf_err err = HF_OK;
    hf_table *t = NULL;
    if (length >= UINT32_MAX) {
        hf_diag_add(diag, HF_ERROR, HF_E_TOO_LARGE, file, 0, 0, "the file is larger than 4 GiB");
        return HF_E_DATA;
    }
    HF_TRY(table_alloc(file, length, &t));
    if (length) memcpy(t->text, text, length);
    t->text[length] = '\0';
    t->length = length;
    parser p = {.table = t, .diag = diag, .at = t->text, .end = t->text + length, .line_start = t->text, .line = 1, .form = form,
                .quote = form->quote ? form->quote : '"'};
    HF_TRY(table_read(&p));
    if (p.errors) HF_TRY(HF_E_DATA);
    *ret_table = t;
    t = NULL;
out:
    hf_table_free(t);
    return err;
}

hf_err hf_table_new(const char *file, const char *const *columns, int n_columns, hf_table **ret_table)
{
    hf_err err = HF_OK;
    hf_table *t = NULL;
    HF_TRY(table_alloc(file, 0, &t));
    t->length = 1; /* offset 0 is the empty cell */
    t->names = hf_arena_calloc(&t->names_memory, (size_t)n_columns, sizeof *t->names);
    if (!t->names) HF_TRY(HF_E_NOMEM);
    for (int c = 0; c < n_columns; c++)
        if (!(t->names[c] = hf_arena_strndup(&t->names_memory, columns[c], strlen(columns[c])))) HF_TRY(HF_E_NOMEM);
    t->n_columns = n_columns;
    *ret_table = t;
    t = NULL;
out:
    hf_table_free(t);
    return err;
}

hf_err hf_table_append(hf_table *table, const char *const *cells)
{
    hf_table *t = table;
    size_t n_cells = t->n_cells, more = 0;
    for (int c = 0; c < t->n_columns; c++) more += cells[c] ? strlen(cells[c]) + 1 : 0;
    if (t->length + more >= UINT32_MAX) return HF_E_TOO_LARGE;
    hf_err err = hf_grow((void **)&t->text, &t->text_capacity, t->length + more, 1);
    if (err == HF_OK) err = hf_grow((void **)&t->cells, &t->cells_capacity, n_cells + (size_t)t->n_columns, sizeof *t->cells);
    if (err == HF_OK) err = hf_grow((void **)&t->rows, &t->rows_capacity, (size_t)t->n_rows + 1, sizeof *t->rows);
    if (err != HF_OK) return err;
    for (int c = 0; c < t->n_columns; c++) {
        size_t length = cells[c] ? strlen(cells[c]) : 0;
        t->cells[t->n_cells++] = (slot){length ? (uint32_t)t->length : 0, (uint32_t)length};
        if (!length) continue;
        memcpy(t->text + t->length, cells[c], length + 1);
        t->length += length + 1;
    }
    t->rows[t->n_rows] = (row_place){(uint32_t)t->n_rows + 2, t->cells[n_cells].offset};
    t->n_rows++;
    return HF_OK;
}

void hf_table_free(hf_table *table)
{
    if (!table) return;
    hf_arena_done(&table->names_memory);
    hf_free(table->text);
    hf_free(table->cells);
    hf_free(table->rows);
    hf_free(table);
}

const char *hf_table_file(const hf_table *table)
{
    return table->file;
}

int hf_table_columns(const hf_table *table)
{
    return table->n_columns;
}

int hf_table_rows(const hf_table *table)
{
    return table->n_rows;
}

const char *hf_table_column_name(const hf_table *table, int column)
{
    return table->names[column];
}

int hf_table_column(const hf_table *table, const char *name)
{
    for (int c = 0; c < table->n_columns; c++)
        if (table->names[c] && strcmp(table->names[c], name) == 0) return c;
    return -1;
}

hf_cell hf_table_cell(const hf_table *table, int row, int column)
{
    slot cell = table->cells[(size_t)row * (size_t)table->n_columns + (size_t)column];
    return (hf_cell){table->text + cell.offset, cell.length};
}

int hf_table_line(const hf_table *table, int row)
{
    return (int)table->rows[row].line;
}

int hf_table_column_at(const hf_table *table, int row, int column)
{
    slot cell = table->cells[(size_t)row * (size_t)table->n_columns + (size_t)column];
    uint32_t start = table->rows[row].offset;
    return cell.offset < start || cell.offset >= table->length ? 1 : (int)(cell.offset - start) + 1;
}
