#include "base/text.h"

#include <math.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

void hf_buf_done(hf_buf *buf)
{
    hf_free(buf->text);
    *buf = (hf_buf){0};
}

static bool buf_reserve(hf_buf *buf, size_t more)
{
    if (buf->err != HF_OK) return false;
    buf->err = hf_grow((void **)&buf->text, &buf->capacity, buf->length + more + 1, 1);
    return buf->err == HF_OK;
}

void hf_buf_add(hf_buf *buf, const char *bytes, size_t length)
{
    if (!buf_reserve(buf, length)) return;
    if (length) memcpy(buf->text + buf->length, bytes, length);
    buf->length += length;
    buf->text[buf->length] = '\0';
}

void hf_buf_puts(hf_buf *buf, const char *text)
{
    hf_buf_add(buf, text, strlen(text));
}

void hf_buf_printf(hf_buf *buf, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int length = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (length < 0 || !buf_reserve(buf, (size_t)length)) return;
    va_start(args, format);
    vsnprintf(buf->text + buf->length, (size_t)length + 1, format, args);
    va_end(args);
    buf->length += (size_t)length;
}

void hf_buf_number(hf_buf *buf, double value)
{
    char text[32];
    hf_buf_add(buf, text, hf_number_format(value, text));
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Checks the shape -ddd.ddde-dd and gathers up to 19 significant digits; false when the shape is wrong.
 * *ret_exact tells whether mantissa and exponent describe the value completely. */
static bool number_scan(const char *p, const char *end, bool *ret_negative, uint64_t *ret_mantissa, int *ret_exponent, bool *ret_exact)
{
    uint64_t mantissa = 0;
    int digits = 0, exponent = 0, seen = 0;
    bool negative = p < end && (*p == '-');
    if (p < end && (*p == '-' || *p == '+')) p++;
    for (; p < end && is_digit(*p); p++, seen++)
        if (digits < 18) mantissa = mantissa * 10 + (uint64_t)(*p - '0'), digits += mantissa > 0;
        else exponent++, digits++;
    if (p < end && *p == '.')
        for (p++; p < end && is_digit(*p); p++, seen++) {
            if (digits < 18) mantissa = mantissa * 10 + (uint64_t)(*p - '0'), digits += mantissa > 0, exponent--;
            else digits++;
        }
    if (seen == 0) return false;
    if (p < end && (*p == 'e' || *p == 'E')) {
        p++;
        bool minus = p < end && *p == '-';
        if (p < end && (*p == '-' || *p == '+')) p++;
        int e = 0, n = 0;
        for (; p < end && is_digit(*p); p++, n++)
            if (e < 100000) e = e * 10 + (*p - '0');
        if (n == 0) return false;
        exponent += minus ? -e : e;
    }
    *ret_negative = negative;
    *ret_mantissa = mantissa;
    *ret_exponent = exponent;
    *ret_exact = digits <= 18;
    return p == end;
}

/* strtod on a copy; the shape is already known to be a plain decimal number, so the "C" conversion only needs a '.' locale. */
static bool number_slow(const char *text, size_t length, double *ret_value)
{
    char local[64], *copy = local;
    if (length >= sizeof local && !(copy = hf_malloc(length + 1))) return false;
    memcpy(copy, text, length);
    copy[length] = '\0';
    double value = strtod(copy, NULL);
    if (copy != local) hf_free(copy);
    if (!isfinite(value)) return false;
    *ret_value = value;
    return true;
}

bool hf_number_parse(const char *text, size_t length, double *ret_value)
{
    static const double power[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                   1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    bool negative, exact;
    uint64_t mantissa;
    int exponent;
    if (!number_scan(text, text + length, &negative, &mantissa, &exponent, &exact)) return false;
    /* Both factors are exact doubles, so one correctly rounded operation gives the correctly rounded result (Clinger 1990). */
    if (exact && mantissa <= (UINT64_C(1) << 53) && exponent >= -22 && exponent <= 22) {
        double value = exponent < 0 ? (double)mantissa / power[-exponent] : (double)mantissa * power[exponent];
        *ret_value = negative ? -value : value;
        return true;
    }
    return number_slow(text, length, ret_value);
}

size_t hf_number_format(double value, char text[32])
{
    if (isnan(value)) return (size_t)snprintf(text, 32, "nan");
    if (isinf(value)) return (size_t)snprintf(text, 32, value > 0 ? "inf" : "-inf");
    if (value == 0) value = 0; /* no "-0" */
    if (fabs(value) < 1e15 && value == (double)(int64_t)value) return (size_t)snprintf(text, 32, "%lld", (long long)value);
    int length = 0;
    for (int digits = 15; digits <= 17; digits++) {
        length = snprintf(text, 32, "%.*g", digits, value);
        if (strtod(text, NULL) == value) break;
    }
    return (size_t)length;
}

/* Length of the valid UTF-8 sequence at p (of at most `left` bytes), 0 if there is none; *ret_code is its code point. */
static size_t utf8_sequence(const unsigned char *p, size_t left, uint32_t *ret_code)
{
    static const uint32_t smallest[5] = {0, 0, 0x80, 0x800, 0x10000};
    size_t n = p[0] < 0x80 ? 1 : p[0] >= 0xF0 ? 4 : p[0] >= 0xE0 ? 3 : p[0] >= 0xC2 ? 2 : 0;
    if (n == 0 || n > left || p[0] > 0xF4) return 0;
    uint32_t code = n == 1 ? p[0] : p[0] & (0xFFu >> (n + 1));
    for (size_t i = 1; i < n; i++) {
        if ((p[i] & 0xC0) != 0x80) return 0;
        code = code << 6 | (p[i] & 0x3F);
    }
    if (code < smallest[n] || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) return 0;
    *ret_code = code;
    return n;
}

size_t hf_utf8_check(const char *text, size_t length)
{
    const unsigned char *p = (const unsigned char *)text;
    size_t i = 0;
    uint32_t code;
    while (i < length) {
        uint64_t word;
        if (length - i >= 8 && (memcpy(&word, p + i, 8), (word & UINT64_C(0x8080808080808080)) == 0)) {
            i += 8;
            continue;
        }
        size_t n = utf8_sequence(p + i, length - i, &code);
        if (n == 0) return i;
        i += n;
    }
    return length;
}

static bool is_wide(uint32_t c)
{
    return (c >= 0x1100 && c <= 0x115F) || (c >= 0x2E80 && c <= 0xA4CF && c != 0x303F) || (c >= 0xAC00 && c <= 0xD7A3) ||
           (c >= 0xF900 && c <= 0xFAFF) || (c >= 0xFE30 && c <= 0xFE6F) || (c >= 0xFF00 && c <= 0xFF60) || (c >= 0xFFE0 && c <= 0xFFE6) ||
           (c >= 0x1F300 && c <= 0x1F64F) || (c >= 0x20000 && c <= 0x3FFFD);
}

int hf_utf8_width(const char *text)
{
    const unsigned char *p = (const unsigned char *)text;
    size_t left = strlen(text);
    int width = 0;
    while (left > 0) {
        uint32_t code = 0;
        size_t n = utf8_sequence(p, left, &code);
        if (n == 0) n = 1, code = 'x';
        if (!(code >= 0x300 && code <= 0x36F)) width += is_wide(code) ? 2 : 1;
        p += n;
        left -= n;
    }
    return width;
}
