/* JSON Schema of the resources, from the field tables. */
#include <math.h>
#include <string.h>

#include "base/text.h"
#include "datasets/fields.h"
#include "datasets/package.h"

static void quoted(hf_buf *out, const char *text, size_t length)
{
    hf_buf_puts(out, "\"");
    for (size_t k = 0; k < length; k++) {
        if (text[k] == '"' || text[k] == '\\') hf_buf_puts(out, "\\");
        hf_buf_add(out, text + k, 1);
    }
    hf_buf_puts(out, "\"");
}

static void member(hf_buf *out, const char *name, const char *text)
{
    hf_buf_printf(out, ", \"%s\": ", name);
    quoted(out, text, strlen(text));
}

static void choices(hf_buf *out, const char *list)
{
    hf_buf_puts(out, ", \"enum\": [");
    for (const char *at = list; *at;) {
        size_t length = strcspn(at, "|");
        if (at != list) hf_buf_puts(out, ", ");
        quoted(out, at, length);
        at += length + (at[length] == '|');
    }
    hf_buf_puts(out, "]");
}

static void limits(hf_buf *out, const hf_field *field)
{
    bool above = field->type == HF_FIELD_SHARE || field->type == HF_FIELD_RATE;
    if (isfinite(field->min)) {
        hf_buf_printf(out, ", \"%s\": ", above ? "exclusiveMinimum" : "minimum");
        hf_buf_number(out, field->min);
    }
    if (isfinite(field->max)) {
        hf_buf_puts(out, ", \"maximum\": ");
        hf_buf_number(out, field->max);
    }
}

static void field_write(hf_buf *out, const hf_field *field)
{
    static const char *const types[] = {"string", "string",  "number", "integer", "[\"number\", \"string\"]", "[\"boolean\", \"string\"]",
                                        "string", "string", "[\"number\", \"string\"]", "string"};
    const char *type = types[field->type];
    hf_buf_puts(out, "        ");
    quoted(out, field->name, strlen(field->name));
    hf_buf_printf(out, type[0] == '[' ? ": {\"type\": %s" : ": {\"type\": \"%s\"", type);
    member(out, "description", field->meaning);
    if (field->type == HF_FIELD_CHOICE) choices(out, field->choices);
    if (field->type == HF_FIELD_YES_NO) hf_buf_puts(out, ", \"enum\": [\"yes\", \"no\", true, false]");
    if (field->type == HF_FIELD_COUNTRY) hf_buf_puts(out, ", \"pattern\": \"^[A-Z]{2}$\"");
    if (field->type == HF_FIELD_ID) hf_buf_puts(out, ", \"minLength\": 1");
    limits(out, field);
    if (*field->unit) member(out, "x-unit", field->unit);
    if (*field->fallback) member(out, "x-when-empty", field->fallback);
    if (*field->refers_to) member(out, "x-refers-to", field->refers_to);
    hf_buf_puts(out, "}");
}

static void resource_write(hf_buf *out, const hf_resource *resource, const char *indent)
{
    hf_buf_puts(out, "{\n      \"$schema\": \"https://json-schema.org/draft/2020-12/schema\"");
    hf_buf_printf(out, ",\n      \"title\": \"%s\",\n      \"description\": \"One row is %s.\",\n      \"type\": \"object\"", resource->name,
                  resource->row);
    if (*resource->key) hf_buf_printf(out, ",\n      \"x-key\": \"%s\"", resource->key);
    hf_buf_puts(out, ",\n      \"required\": [");
    int n = 0;
    for (int f = 0; f < resource->n_fields; f++)
        if (resource->fields[f].required) hf_buf_printf(out, "%s\"%s\"", n++ ? ", " : "", resource->fields[f].name);
    hf_buf_puts(out, "],\n      \"properties\": {\n");
    for (int f = 0; f < resource->n_fields; f++) {
        field_write(out, &resource->fields[f]);
        hf_buf_puts(out, f + 1 < resource->n_fields ? ",\n" : "\n");
    }
    hf_buf_printf(out, "      }\n%s}", indent);
}

hf_err hf_schema_write(const char *resource, hf_buf *out)
{
    if (resource) {
        const hf_resource *found = hf_resource_find(resource);
        if (!found) return HF_E_UNKNOWN_ID;
        resource_write(out, found, "");
        hf_buf_puts(out, "\n");
        return out->err;
    }
    hf_buf_puts(out, "{\n");
    for (int k = 0; k < hf_resource_count; k++) {
        hf_buf_printf(out, "    \"%s\": ", hf_resources[k].name);
        resource_write(out, &hf_resources[k], "    ");
        hf_buf_puts(out, k + 1 < hf_resource_count ? ",\n" : "\n");
    }
    hf_buf_puts(out, "}\n");
    return out->err;
}
