#include "datasets/scan.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"

void hf_scan_error(hf_scan *s, const hf_scan_cell *cell, hf_err code, const char *format, ...)
{
    char text[400];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    s->errors++;
    hf_diag_add(s->diag, HF_ERROR, code, s->file, cell ? cell->line : 0, cell ? cell->column : 0, "%s", text);
}

static void fault_at(hf_scan *s, const char *at, hf_err code, const char *text)
{
    hf_scan_cell place = {at, 0, s->line, (int)(at - s->line_start) + 1};
    hf_scan_error(s, &place, code, "%s", text);
}

/* Of the usual delimiters the one that the first line has most of, outside quotes. */
static char delimiter_find(const char *at, const char *end)
{
    size_t commas = 0, semicolons = 0, tabs = 0;
    bool quoted = false;
    for (; at < end && (quoted || *at != '\n'); at++) {
        if (*at == '"') quoted = !quoted;
        else if (!quoted) commas += *at == ',', semicolons += *at == ';', tabs += *at == '\t';
    }
    if (tabs > commas && tabs > semicolons) return '\t';
    return semicolons > commas ? ';' : ',';
}

hf_err hf_scan_init(hf_scan *s, const char *file, const char *text, size_t length, char delimiter, hf_diag *diag)
{
    *s = (hf_scan){.file = file, .diag = diag, .at = text, .end = text + length, .line_start = text, .line = 1};
    size_t bad = hf_utf8_check(text, length);
    const char *nul = bad ? memchr(text, '\0', bad) : NULL;
    if (nul) bad = (size_t)(nul - text);
    if (bad < length) {
        for (size_t k = 0; k < bad; k++)
            if (text[k] == '\n') s->line++, s->line_start = text + k + 1;
        fault_at(s, text + bad, HF_E_ENCODING, nul ? "a NUL byte: this is not a text file" : "invalid UTF-8 (save the file as UTF-8)");
        return HF_E_DATA;
    }
    if (length >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0) s->at += 3, s->line_start += 3;
    while (s->at < s->end && (*s->at == '\n' || *s->at == '\r')) {
        if (*s->at++ == '\n') s->line++, s->line_start = s->at;
    }
    if (s->at == s->end) {
        fault_at(s, s->at, HF_E_MISSING, "the file is empty");
        return HF_E_DATA;
    }
    s->delimiter = delimiter ? delimiter : delimiter_find(s->at, s->end);
    return HF_OK;
}

void hf_scan_done(hf_scan *s)
{
    hf_free(s->scratch);
    s->scratch = NULL;
}

static bool is_blank(const hf_scan *s, char c)
{
    return c == ' ' || (c == '\t' && s->delimiter != '\t');
}

bool hf_scan_row(hf_scan *s)
{
    hf_scan_cell rest;
    while (hf_scan_next(s, &rest)) {}
    for (const char *look = s->at; s->err == HF_OK;) { /* over lines of blanks */
        while (look < s->end && (*look == ' ' || *look == '\r')) look++;
        if (look == s->end) return false;
        if (*look != '\n') break;
        s->at = s->line_start = ++look;
        s->line++;
    }
    if (s->err != HF_OK) return false;
    return s->in_row = true;
}

/* At the end of a cell's content: steps over the delimiter or the end of the line. */
static void cell_close(hf_scan *s)
{
    s->in_row = s->at < s->end && *s->at == s->delimiter;
    if (s->at == s->end) return;
    if (*s->at == '\r') s->at++;
    if (s->at < s->end && *s->at++ == '\n') s->line++, s->line_start = s->at;
}

static bool at_cell_end(const hf_scan *s, const char *at)
{
    return at == s->end || *at == s->delimiter || *at == '\n' || (*at == '\r' && (at + 1 == s->end || at[1] == '\n'));
}

/* Copies quoted text without its doubled quotes. */
static bool unquote(hf_scan *s, const char *from, const char *to, hf_scan_cell *cell)
{
    s->err = hf_grow((void **)&s->scratch, &s->scratch_capacity, (size_t)(to - from) + 1, 1);
    if (s->err != HF_OK) return s->in_row = false;
    char *out = s->scratch;
    for (; from < to; from++) {
        *out++ = *from;
        if (*from == '"') from++;
    }
    cell->text = s->scratch;
    cell->length = (size_t)(out - s->scratch);
    return true;
}

/* At the opening quote. */
static bool cell_quoted(hf_scan *s, hf_scan_cell *cell)
{
    const char *first = ++s->at;
    bool doubled = false;
    for (;; s->at++) {
        if (s->at == s->end) {
            hf_scan_error(s, cell, HF_E_SYNTAX, "a quote that is opened here is never closed");
            return s->in_row = false;
        }
        if (*s->at == '"') {
            if (s->at + 1 == s->end || s->at[1] != '"') break;
            doubled = true;
            s->at++;
        }
        if (*s->at == '\n') s->line++, s->line_start = s->at + 1;
    }
    const char *last = s->at++;
    *cell = (hf_scan_cell){first, (size_t)(last - first), cell->line, cell->column};
    if (doubled && !unquote(s, first, last, cell)) return false;
    while (s->at < s->end && is_blank(s, *s->at)) s->at++;
    if (!at_cell_end(s, s->at)) {
        fault_at(s, s->at, HF_E_SYNTAX, "text after a closing quote (write a quote inside a quoted cell twice)");
        while (!at_cell_end(s, s->at)) s->at++;
    }
    cell_close(s);
    return true;
}

bool hf_scan_next(hf_scan *s, hf_scan_cell *ret_cell)
{
    if (!s->in_row) return false;
    while (s->at < s->end && is_blank(s, *s->at)) s->at++;
    *ret_cell = (hf_scan_cell){s->at, 0, s->line, (int)(s->at - s->line_start) + 1};
    if (s->at < s->end && *s->at == '"') return cell_quoted(s, ret_cell);
    const char *last = s->at;
    while (!at_cell_end(s, last)) last++;
    s->at = last;
    while (last > ret_cell->text && is_blank(s, last[-1])) last--;
    ret_cell->length = (size_t)(last - ret_cell->text);
    cell_close(s);
    return true;
}

bool hf_scan_is(const hf_scan_cell *cell, const char *text)
{
    return cell->length == strlen(text) && memcmp(cell->text, text, cell->length) == 0;
}

bool hf_scan_number(hf_scan *s, const hf_scan_cell *cell, const char *what, double *ret_value)
{
    if (cell->length == 1 && *cell->text >= '0' && *cell->text <= '9') return *ret_value = *cell->text - '0', true;
    if (cell->length == 0) return *ret_value = 0, true;
    if (hf_number_parse(cell->text, cell->length, ret_value)) return true;
    hf_scan_error(s, cell, HF_E_RANGE, "%s \"%.*s\" is not a number (allowed: a number; an empty cell is 0)", what,
                  cell->length > 60 ? 60 : (int)cell->length, cell->text);
    return false;
}
