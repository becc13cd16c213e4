#include "cli/print_fields.h"

#include <math.h>
#include <string.h>

#include "cli/help.h"

enum { NAME_COLUMNS = 22 };

static const char *type_name(hf_field_type type)
{
    switch (type) {
    case HF_FIELD_ID: return "id";
    case HF_FIELD_TEXT: return "text";
    case HF_FIELD_NUMBER: return "number";
    case HF_FIELD_INTEGER: return "whole number";
    case HF_FIELD_SHARE: return "number or 1/k";
    case HF_FIELD_YES_NO: return "yes or no";
    case HF_FIELD_CHOICE: return "one of";
    case HF_FIELD_CURVE: return "impact curve";
    case HF_FIELD_RATE: return "number above 0, or inf";
    case HF_FIELD_COUNTRY: return "country code";
    }
    return "text";
}

static void range_add(const hf_field *f, hf_buf *out)
{
    bool low = isfinite(f->min), high = isfinite(f->max);
    if (f->type != HF_FIELD_NUMBER && f->type != HF_FIELD_INTEGER && f->type != HF_FIELD_SHARE) return;
    if (!low && !high) return;
    if (low) {
        hf_buf_puts(out, " from ");
        hf_buf_number(out, f->min);
    }
    if (high) {
        hf_buf_puts(out, low ? " to " : " up to ");
        hf_buf_number(out, f->max);
    } else {
        hf_buf_puts(out, " on");
    }
}

static void field_add(const hf_field *f, int width, hf_buf *out)
{
    hf_buf text = {0};
    hf_buf_puts(&text, f->meaning);
    hf_buf_printf(&text, " [%s", type_name(f->type));
    for (const char *p = f->choices; *p; p++) {
        if (p == f->choices) hf_buf_puts(&text, " ");
        hf_buf_add(&text, *p == '|' ? ", " : p, *p == '|' ? 2 : 1);
    }
    range_add(f, &text);
    if (*f->unit) hf_buf_printf(&text, "; %s", f->unit);
    if (*f->refers_to) hf_buf_printf(&text, "; refers to %s", f->refers_to);
    if (f->required) hf_buf_puts(&text, "; required");
    else if (*f->fallback) hf_buf_printf(&text, "; if empty: %s", f->fallback);
    hf_buf_puts(&text, "]");
    hf_buf_printf(out, "  %-*s", NAME_COLUMNS - 2, f->name);
    if (text.err != HF_OK) out->err = text.err;
    else hf_help_wrap(out, text.text, NAME_COLUMNS, NAME_COLUMNS, width);
    hf_buf_puts(out, "\n");
    hf_buf_done(&text);
}

void hf_print_fields(const hf_resource *resource, int width, hf_buf *out)
{
    hf_buf_printf(out, "%s (%s): one row is %s", resource->name, resource->required ? "required" : "optional", resource->row);
    if (*resource->key) hf_buf_puts(out, "; unique by ");
    for (const char *p = resource->key; *p; p++) hf_buf_add(out, *p == ',' ? ", " : p, *p == ',' ? 2 : 1);
    hf_buf_puts(out, "\n");
    for (int i = 0; i < resource->n_fields; i++) field_add(&resource->fields[i], width, out);
}
