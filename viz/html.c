#include "viz/html.h"

#include <string.h>

static const char *const style =
    "body{font:15px/1.45 system-ui,\"Noto Sans\",\"Noto Sans CJK JP\",sans-serif;max-width:62rem;margin:2rem auto;padding:0 1rem;color:#222}\n"
    "h1{font-size:1.6rem;line-height:1.2}h2{font-size:1.25rem;margin-top:2.2rem;border-bottom:1px solid #999}h3{font-size:1rem;margin-bottom:.3rem}\n"
    "table{border-collapse:collapse;margin:.4rem 0 1rem}th,td{padding:.15rem .6rem .15rem 0;text-align:left;vertical-align:top}\n"
    "th{border-bottom:1px solid #999;font-weight:600}tr:nth-child(even) td{background:#f4f4f4}.r{text-align:right;white-space:nowrap}\n"
    ".lead{font-size:1.1rem}.note{color:#555;font-size:.9rem}code{background:#f0f0f0;padding:0 .2rem}svg{max-width:100%;height:auto}\n"
    "pre{white-space:pre-wrap;background:#f8f8f8;padding:.6rem;font-size:.9rem}\n"
    ".page{margin-top:4rem}td:empty{min-width:5rem;border-bottom:1px dotted #999}\n"
    "@page{size:A4;margin:15mm}\n"
    "@media print{body{margin:0;font-size:11px;max-width:none}h2,h3{break-after:avoid}tr,svg{break-inside:avoid}.page{break-before:page;margin-top:0}}\n";

void hf_html_text(hf_buf *out, const char *text)
{
    const char *from = text;
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;
        const char *entity = c == '&' ? "&amp;" : c == '<' ? "&lt;" : c == '>' ? "&gt;" : c == '"' ? "&quot;" : c == '\'' ? "&#39;" : NULL;
        bool forbidden = c < 0x20 && c != '\t' && c != '\n';
        if (!entity && !forbidden) continue;
        hf_buf_add(out, from, (size_t)(text - from));
        if (entity) hf_buf_puts(out, entity);
        from = text + 1;
    }
    hf_buf_add(out, from, (size_t)(text - from));
}

void hf_html_element(hf_buf *out, const char *name, const char *style_class, const char *text)
{
    hf_buf_printf(out, "<%s", name);
    if (style_class) hf_buf_printf(out, " class=\"%s\"", style_class);
    hf_buf_puts(out, ">");
    hf_html_text(out, text);
    hf_buf_printf(out, "</%s>\n", name);
}

void hf_html_open(hf_buf *out, const char *title)
{
    hf_buf_puts(out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n<meta name=\"viewport\" content=\"width=device-width\"/>\n");
    hf_html_element(out, "title", NULL, title);
    hf_buf_printf(out, "<style>\n%s</style>\n</head>\n<body>\n", style);
    hf_html_element(out, "h1", NULL, title);
}

void hf_html_close(hf_buf *out)
{
    hf_buf_puts(out, "</body>\n</html>\n");
}

static void row_write(hf_buf *out, const hf_text_table *table, int row, const char *name)
{
    hf_buf_puts(out, "<tr>");
    for (int c = 0; c < hf_text_table_columns(table); c++) {
        const char *text = row < 0 ? hf_text_table_heading(table, c) : hf_text_table_text(table, row, c);
        hf_buf_printf(out, hf_text_table_align(table, c) == HF_ALIGN_RIGHT ? "<%s class=\"r\">" : "<%s>", name);
        hf_html_text(out, text);
        hf_buf_printf(out, "</%s>", name);
    }
    hf_buf_puts(out, "</tr>\n");
}

hf_err hf_html_table(hf_buf *out, const hf_text_table *table)
{
    hf_err err = hf_text_table_err(table);
    if (err != HF_OK) return err;
    hf_buf_puts(out, "<table>\n");
    row_write(out, table, -1, "th");
    for (int row = 0; row < hf_text_table_rows(table); row++) row_write(out, table, row, "td");
    hf_buf_puts(out, "</table>\n");
    return out->err;
}

void hf_html_picture(hf_buf *out, const hf_buf *svg)
{
    const char *from = svg->text ? strstr(svg->text, "<svg") : NULL;
    if (!from) return;
    hf_buf_puts(out, "<div>");
    hf_buf_add(out, from, svg->length - (size_t)(from - svg->text));
    hf_buf_puts(out, "</div>\n");
}
