/* Values as JSON, XML and plain text. */
#include <string.h>

#include "datasets/export/layers.h"

void hf_export_json_text(hf_buf *out, const char *text)
{
    hf_buf_puts(out, "\"");
    for (const char *c = text; *c; c++) {
        if ((unsigned char)*c < 0x20) {
            hf_buf_printf(out, "\\u%04x", (unsigned char)*c);
            continue;
        }
        if (*c == '"' || *c == '\\') hf_buf_puts(out, "\\");
        hf_buf_add(out, c, 1);
    }
    hf_buf_puts(out, "\"");
}

void hf_export_xml_text(hf_buf *out, const char *text)
{
    static const char unknown[] = "\xEF\xBF\xBD";
    for (const char *c = text; *c; c++) {
        unsigned char byte = (unsigned char)*c;
        if (byte == '&') hf_buf_puts(out, "&amp;");
        else if (byte == '<') hf_buf_puts(out, "&lt;");
        else if (byte == '>') hf_buf_puts(out, "&gt;");
        else if (byte == '"') hf_buf_puts(out, "&quot;");
        else if (byte == '\t' || byte == '\n' || byte == '\r') hf_buf_printf(out, "&#%d;", byte);
        else if (byte < 0x20) hf_buf_puts(out, unknown);
        else if (strncmp(c, "\xEF\xBF\xBE", 3) == 0 || strncmp(c, "\xEF\xBF\xBF", 3) == 0) hf_buf_puts(out, unknown), c += 2;
        else hf_buf_add(out, c, 1);
    }
}

void hf_export_plain_value(hf_buf *out, hf_value_type type, hf_value value)
{
    if (!value.there) return;
    if (type == HF_VALUE_TEXT) hf_buf_puts(out, value.text);
    else if (type == HF_VALUE_YES_NO) hf_buf_puts(out, value.number != 0 ? "true" : "false");
    else hf_buf_number(out, value.number);
}

void hf_export_json_value(hf_buf *out, hf_value_type type, hf_value value)
{
    if (!value.there) hf_buf_puts(out, "null");
    else if (type == HF_VALUE_TEXT) hf_export_json_text(out, value.text);
    else hf_export_plain_value(out, type, value);
}
