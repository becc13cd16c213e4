#include "viz/sheet.h"

#include <string.h>

#include "viz/html.h"

static bool is_html(const hf_sheet *sheet)
{
    return sheet->format == HF_SHEET_HTML;
}

/* Marks that would begin a list, a heading or a quotation at the start of a line; elsewhere they mean nothing. */
static bool begins_block(const char *text)
{
    size_t digits = strspn(text, "0123456789");
    if (digits > 0) return (text[digits] == '.' || text[digits] == ')') && (text[digits + 1] == ' ' || !text[digits + 1]);
    if (*text == '#' || *text == '=') return true;
    return (*text == '-' || *text == '+') && (text[1] == ' ' || text[1] == text[0] || !text[1]);
}

void hf_markdown_text(hf_buf *out, const char *text)
{
    if (begins_block(text)) {
        size_t digits = strspn(text, "0123456789");
        hf_buf_add(out, text, digits);
        hf_buf_puts(out, "\\");
        hf_buf_add(out, text + digits, 1);
        text += digits + 1;
    }
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;
        if (c < 0x20) hf_buf_puts(out, " ");
        else {
            if (strchr("\\`*_[]<>|~&", c)) hf_buf_puts(out, "\\");
            hf_buf_add(out, text, 1);
        }
    }
}

static void list_end(hf_sheet *sheet)
{
    if (!sheet->in_list) return;
    hf_buf_puts(sheet->out, is_html(sheet) ? "</ul>\n" : "\n");
    sheet->in_list = false;
}

void hf_sheet_open(hf_sheet *sheet, hf_buf *out, hf_sheet_format format, const char *title)
{
    *sheet = (hf_sheet){.out = out, .format = format};
    if (is_html(sheet)) {
        hf_html_open(out, title);
    } else {
        hf_buf_puts(out, "# ");
        hf_markdown_text(out, title);
        hf_buf_puts(out, "\n\n");
    }
    sheet->opened = out->length;
}

void hf_sheet_close(hf_sheet *sheet)
{
    list_end(sheet);
    if (is_html(sheet)) hf_html_close(sheet->out);
    else if (sheet->out->length > 1 && sheet->out->text[sheet->out->length - 2] == '\n') sheet->out->text[--sheet->out->length] = '\0';
}

void hf_sheet_heading(hf_sheet *sheet, int level, const char *text)
{
    list_end(sheet);
    if (is_html(sheet)) {
        hf_html_element(sheet->out, level == 2 ? "h2" : "h3", NULL, text);
        return;
    }
    hf_buf_puts(sheet->out, level == 2 ? "## " : "### ");
    hf_markdown_text(sheet->out, text);
    hf_buf_puts(sheet->out, "\n\n");
}

void hf_sheet_page(hf_sheet *sheet, const char *text)
{
    list_end(sheet);
    if (sheet->out->length == sheet->opened) {
        hf_sheet_heading(sheet, 2, text);
        return;
    }
    if (is_html(sheet)) {
        hf_html_element(sheet->out, "h2", "page", text);
        return;
    }
    hf_buf_puts(sheet->out, "---\n\n");
    hf_sheet_heading(sheet, 2, text);
}

void hf_sheet_text(hf_sheet *sheet, const char *text)
{
    list_end(sheet);
    if (is_html(sheet)) {
        hf_html_element(sheet->out, "p", NULL, text);
        return;
    }
    hf_markdown_text(sheet->out, text);
    hf_buf_puts(sheet->out, "\n\n");
}

void hf_sheet_field(hf_sheet *sheet, const char *name, const char *text)
{
    list_end(sheet);
    hf_buf_puts(sheet->out, is_html(sheet) ? "<p><strong>" : "**");
    if (is_html(sheet)) hf_html_text(sheet->out, name);
    else hf_markdown_text(sheet->out, name);
    hf_buf_puts(sheet->out, is_html(sheet) ? ":</strong>" : ":**");
    if (*text) hf_buf_puts(sheet->out, " ");
    if (is_html(sheet)) hf_html_text(sheet->out, text);
    else hf_markdown_text(sheet->out, text);
    hf_buf_puts(sheet->out, is_html(sheet) ? "</p>\n" : "\n\n");
}

void hf_sheet_item(hf_sheet *sheet, const char *text)
{
    if (!sheet->in_list && is_html(sheet)) hf_buf_puts(sheet->out, "<ul>\n");
    sheet->in_list = true;
    if (is_html(sheet)) {
        hf_html_element(sheet->out, "li", NULL, text);
        return;
    }
    hf_buf_puts(sheet->out, "- ");
    hf_markdown_text(sheet->out, text);
    hf_buf_puts(sheet->out, "\n");
}

static void markdown_row(hf_buf *out, const hf_text_table *table, int row)
{
    hf_buf_puts(out, "|");
    for (int c = 0; c < hf_text_table_columns(table); c++) {
        hf_buf_puts(out, " ");
        hf_markdown_text(out, row < 0 ? hf_text_table_heading(table, c) : hf_text_table_text(table, row, c));
        hf_buf_puts(out, " |");
    }
    hf_buf_puts(out, "\n");
}

hf_err hf_sheet_table(hf_sheet *sheet, const hf_text_table *table)
{
    hf_err err = hf_text_table_err(table);
    list_end(sheet);
    if (err != HF_OK || hf_text_table_rows(table) == 0) return err;
    if (is_html(sheet)) return hf_html_table(sheet->out, table);
    markdown_row(sheet->out, table, -1);
    hf_buf_puts(sheet->out, "|");
    for (int c = 0; c < hf_text_table_columns(table); c++) hf_buf_puts(sheet->out, hf_text_table_align(table, c) == HF_ALIGN_RIGHT ? "--:|" : "---|");
    hf_buf_puts(sheet->out, "\n");
    for (int row = 0; row < hf_text_table_rows(table); row++) markdown_row(sheet->out, table, row);
    hf_buf_puts(sheet->out, "\n");
    return sheet->out->err;
}
