/* Text: a growing string, strict number reading, exact number printing, UTF-8 checks. */
#ifndef HF_BASE_TEXT_H
#define HF_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

/* A growing string. Zero-initialise it ({0}); text is NUL-terminated once anything was added, NULL before.
 * The first failure is remembered in `err` and later additions do nothing, so a caller may check once at the end. */
typedef struct hf_buf {
    char *text;
    size_t length, capacity;
    hf_err err;
} hf_buf;

void hf_buf_done(hf_buf *buf);
void hf_buf_add(hf_buf *buf, const char *bytes, size_t length);
void hf_buf_puts(hf_buf *buf, const char *text);
void hf_buf_printf(hf_buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Adds the shortest decimal text that reads back as exactly `value`; "nan", "inf" and "-inf" for those. */
void hf_buf_number(hf_buf *buf, double value);

/* Reads a whole field as a finite decimal number ("12", "-0.5", "1e3"; no blanks, no hex, no "nan" or "inf").
 * False when the field is not such a number or overflows; *ret_value is then untouched. Independent of the locale. */
bool hf_number_parse(const char *text, size_t length, double *ret_value);

/* Writes the shortest decimal text that reads back as exactly `value` into `text`; returns its length. */
size_t hf_number_format(double value, char text[32]);

/* Offset of the first byte that is not part of valid UTF-8 (RFC 3629: no overlong forms, no surrogates), or `length`. */
size_t hf_utf8_check(const char *text, size_t length);

/* Columns that a UTF-8 text takes on a terminal: 2 for East Asian wide characters, 0 for combining marks, else 1. */
int hf_utf8_width(const char *text);

#endif
