#include "viz/json_out.h"

#include <assert.h>
#include <math.h>

void hf_json_start(hf_json *json, hf_buf *out)
{
    *json = (hf_json){.out = out};
}

static void newline(hf_json *json)
{
    hf_buf_puts(json->out, "\n");
    for (int k = 0; k < json->depth; k++) hf_buf_puts(json->out, "  ");
}

/* What stands before an item: a comma, a line of its own where items are spread. */
static void item(hf_json *json, bool is_container)
{
    if (json->after_key || json->depth == 0) {
        json->after_key = false;
        return;
    }
    bool first = json->level[json->depth - 1].items++ == 0;
    if (!first) hf_buf_puts(json->out, ",");
    if (json->level[json->depth - 1].object || is_container) {
        json->level[json->depth - 1].spread = true;
        newline(json);
    } else if (!first) hf_buf_puts(json->out, " ");
}

static void open(hf_json *json, bool object)
{
    /* Pairs of numbers, as in a curve, stay on one line. */
    item(json, object);
    assert(json->depth < HF_JSON_DEPTH);
    hf_buf_puts(json->out, object ? "{" : "[");
    json->level[json->depth].object = object;
    json->level[json->depth].spread = false;
    json->level[json->depth++].items = 0;
}

void hf_json_object(hf_json *json)
{
    open(json, true);
}

void hf_json_array(hf_json *json)
{
    open(json, false);
}

void hf_json_end(hf_json *json)
{
    assert(json->depth > 0 && !json->after_key);
    json->depth--;
    if (json->level[json->depth].spread) newline(json);
    hf_buf_puts(json->out, json->level[json->depth].object ? "}" : "]");
}

static void quoted(hf_buf *out, const char *text)
{
    hf_buf_puts(out, "\"");
    const char *from = text;
    for (const char *c = text; *c; c++) {
        if ((unsigned char)*c >= 0x20 && *c != '"' && *c != '\\') continue;
        hf_buf_add(out, from, (size_t)(c - from));
        from = c + 1;
        if (*c == '"' || *c == '\\') hf_buf_printf(out, "\\%c", *c);
        else if (*c == '\n') hf_buf_puts(out, "\\n");
        else if (*c == '\t') hf_buf_puts(out, "\\t");
        else hf_buf_printf(out, "\\u%04x", (unsigned)*c);
    }
    hf_buf_puts(out, from);
    hf_buf_puts(out, "\"");
}

void hf_json_key(hf_json *json, const char *key)
{
    item(json, false);
    quoted(json->out, key);
    hf_buf_puts(json->out, ": ");
    json->after_key = true;
}

void hf_json_text(hf_json *json, const char *text)
{
    item(json, false);
    quoted(json->out, text);
}

void hf_json_number(hf_json *json, double value)
{
    item(json, false);
    if (isfinite(value)) hf_buf_number(json->out, value);
    else hf_buf_puts(json->out, "null");
}

void hf_json_bool(hf_json *json, bool value)
{
    item(json, false);
    hf_buf_puts(json->out, value ? "true" : "false");
}

void hf_json_null(hf_json *json)
{
    item(json, false);
    hf_buf_puts(json->out, "null");
}
