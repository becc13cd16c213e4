#include "datasets/json_scan.h"

#include <stdbool.h>
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"

enum { MAX_DEPTH = 64 };

/* A key that an object has had; keys of one object are compared by hash, then by bytes. */
typedef struct key {
    uint64_t hash;
    uint32_t offset, length;
} key;

typedef struct scanner {
    const char *file, *text, *at, *end;
    hf_diag *diag;
    hf_json_places *places;
    key *keys; /* of the objects that are open, one after the other */
    size_t n_keys, keys_capacity;
    hf_err err;
} scanner;

void hf_json_line(const char *text, size_t offset, int *ret_line, int *ret_column)
{
    int line = 1;
    size_t start = 0;
    for (size_t k = 0; k < offset; k++)
        if (text[k] == '\n') line++, start = k + 1;
    *ret_line = line;
    *ret_column = (int)(offset - start) + 1;
}

static bool fail(scanner *s, const char *at, hf_err code, const char *text)
{
    int line = 0, column = 0;
    hf_json_line(s->text, (size_t)(at - s->text), &line, &column);
    hf_diag_add(s->diag, HF_ERROR, code, s->file, line, column, "%s", text);
    s->err = HF_E_DATA;
    return false;
}

static bool out_of_memory(scanner *s)
{
    s->err = HF_E_NOMEM;
    return false;
}

static void blanks(scanner *s)
{
    while (s->at < s->end && (*s->at == ' ' || *s->at == '\t' || *s->at == '\n' || *s->at == '\r')) s->at++;
}

static bool is_digit(const scanner *s)
{
    return s->at < s->end && *s->at >= '0' && *s->at <= '9';
}

static void digits(scanner *s)
{
    while (is_digit(s)) s->at++;
}

static bool number(scanner *s)
{
    const char *start = s->at;
    if (*s->at == '-') s->at++;
    if (!is_digit(s)) return fail(s, start, HF_E_SYNTAX, "a value was expected here");
    if (*s->at == '0') s->at++;
    else digits(s);
    if (is_digit(s)) return fail(s, start, HF_E_SYNTAX, "a number must not start with 0");
    if (s->at < s->end && *s->at == '.') {
        s->at++;
        if (!is_digit(s)) return fail(s, start, HF_E_SYNTAX, "digits must follow the point of a number");
        digits(s);
    }
    if (s->at < s->end && (*s->at == 'e' || *s->at == 'E')) {
        s->at++;
        if (s->at < s->end && (*s->at == '+' || *s->at == '-')) s->at++;
        if (!is_digit(s)) return fail(s, start, HF_E_SYNTAX, "digits must follow the exponent of a number");
        digits(s);
    }
    double value = 0;
    if (!hf_number_parse(start, (size_t)(s->at - start), &value)) return fail(s, start, HF_E_RANGE, "a number beyond the range of a double");
    return true;
}

/* Value of the four hex digits at `at`, or -1. */
static int hex4(const scanner *s, const char *at)
{
    int value = 0;
    if (s->end - at < 4) return -1;
    for (int k = 0; k < 4; k++) {
        char c = at[k];
        int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
        if (digit < 0) return -1;
        value = value * 16 + digit;
    }
    return value;
}

/* Behind "\u". */
static bool unicode_escape(scanner *s, const char *start)
{
    int unit = hex4(s, s->at);
    if (unit < 0) return fail(s, start, HF_E_SYNTAX, "four hex digits must follow \\u");
    if (unit == 0) return fail(s, start, HF_E_ENCODING, "\\u0000 cannot be part of a text");
    s->at += 4;
    if (unit < 0xD800 || unit > 0xDFFF) return true;
    if (unit > 0xDBFF || s->end - s->at < 6 || s->at[0] != '\\' || s->at[1] != 'u') return fail(s, start, HF_E_ENCODING, "half of a surrogate pair");
    int low = hex4(s, s->at + 2);
    if (low < 0xDC00 || low > 0xDFFF) return fail(s, start, HF_E_ENCODING, "half of a surrogate pair");
    s->at += 6;
    return true;
}

static bool string(scanner *s)
{
    const char *start = s->at++;
    for (;;) {
        if (s->at == s->end) return fail(s, start, HF_E_SYNTAX, "a text that is opened here is never closed");
        unsigned char c = (unsigned char)*s->at++;
        if (c == '"') return true;
        if (c < 0x20) return fail(s, s->at - 1, HF_E_SYNTAX, "a control character inside a text (write \\n, \\t …)");
        if (c != '\\') continue;
        if (s->at == s->end) return fail(s, start, HF_E_SYNTAX, "a text that is opened here is never closed");
        const char *escape = s->at - 1;
        char kind = *s->at++;
        if (kind == 'u' ? !unicode_escape(s, escape) : !strchr("\"\\/bfnrt", kind))
            return s->err == HF_OK ? fail(s, escape, HF_E_SYNTAX, "an unknown escape inside a text") : false;
    }
}

static bool word(scanner *s, const char *text)
{
    size_t length = strlen(text);
    if ((size_t)(s->end - s->at) < length || memcmp(s->at, text, length) != 0) return fail(s, s->at, HF_E_SYNTAX, "a value was expected here");
    s->at += length;
    return true;
}

static bool place(scanner *s)
{
    hf_json_places *p = s->places;
    if (hf_grow((void **)&p->offset, &p->capacity, p->n + 1, sizeof *p->offset) != HF_OK) return out_of_memory(s);
    p->offset[p->n++] = (uint32_t)(s->at - s->text);
    return true;
}

static bool key_add(scanner *s, size_t first, const char *start, size_t length)
{
    uint64_t hash = 14695981039346656037u; /* FNV-1a */
    for (size_t k = 0; k < length; k++) hash = (hash ^ (unsigned char)start[k]) * 1099511628211u;
    for (size_t k = first; k < s->n_keys; k++)
        if (s->keys[k].hash == hash && s->keys[k].length == length && memcmp(s->text + s->keys[k].offset, start, length) == 0)
            return fail(s, start, HF_E_DUPLICATE, "this key is there twice");
    if (s->n_keys - first >= 10000) return fail(s, start, HF_E_TOO_LARGE, "an object with more than 10,000 members");
    if (hf_grow((void **)&s->keys, &s->keys_capacity, s->n_keys + 1, sizeof *s->keys) != HF_OK) return out_of_memory(s);
    s->keys[s->n_keys++] = (key){hash, (uint32_t)(start - s->text), (uint32_t)length};
    return true;
}

static bool value(scanner *s, int depth);

/* A key and its colon. */
static bool member_key(scanner *s, size_t first_key)
{
    if (s->at == s->end || *s->at != '"') return fail(s, s->at, HF_E_SYNTAX, "a key in quotes was expected here");
    const char *start = s->at;
    if (!string(s) || !key_add(s, first_key, start, (size_t)(s->at - start))) return false;
    blanks(s);
    if (s->at == s->end || *s->at != ':') return fail(s, s->at, HF_E_SYNTAX, "a colon was expected here");
    s->at++;
    return true;
}

static bool container(scanner *s, int depth, bool object)
{
    char close = object ? '}' : ']';
    size_t first_key = s->n_keys;
    if (depth == MAX_DEPTH) return fail(s, s->at, HF_E_TOO_LARGE, "more than 64 levels");
    s->at++;
    blanks(s);
    if (s->at < s->end && *s->at == close) return s->at++, true;
    for (;;) {
        blanks(s);
        if (object && !member_key(s, first_key)) return false;
        if (!value(s, depth + 1)) return false;
        blanks(s);
        if (s->at == s->end) return fail(s, s->at, HF_E_SYNTAX, object ? "the file ends inside an object" : "the file ends inside an array");
        char c = *s->at;
        if (c != ',' && c != close) return fail(s, s->at, HF_E_SYNTAX, object ? "a comma or } was expected here" : "a comma or ] was expected here");
        s->at++;
        if (c == close) break;
    }
    s->n_keys = first_key;
    return true;
}

static bool value(scanner *s, int depth)
{
    blanks(s);
    if (s->at == s->end) return fail(s, s->at, HF_E_SYNTAX, "the file ends where a value was expected");
    if (!place(s)) return false;
    switch (*s->at) {
    case '{': return container(s, depth, true);
    case '[': return container(s, depth, false);
    case '"': return string(s);
    case 't': return word(s, "true");
    case 'f': return word(s, "false");
    case 'n': return word(s, "null");
    default: return number(s);
    }
}

hf_err hf_json_scan(const char *file, const char *text, size_t length, hf_diag *diag, hf_json_places *places)
{
    scanner s = {.file = file, .text = text, .at = text, .end = text + length, .diag = diag, .places = places};
    size_t bad = hf_utf8_check(text, length);
    const char *nul = memchr(text, '\0', bad);
    if (nul) fail(&s, nul, HF_E_ENCODING, "a NUL byte: this is not a text file");
    else if (bad < length) fail(&s, text + bad, HF_E_ENCODING, "invalid UTF-8 (save the file as UTF-8)");
    else if (value(&s, 0)) {
        blanks(&s);
        if (s.at < s.end) fail(&s, s.at, HF_E_SYNTAX, "text after the end of the document");
    }
    hf_free(s.keys);
    return s.err;
}
