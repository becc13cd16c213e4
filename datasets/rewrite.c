#include "datasets/rewrite.h"

#include <string.h>

#include "base/alloc.h"

static int column_find(const hf_rewrite *rewrite, const char *name)
{
    for (int c = 0; c < rewrite->n; c++)
        if (strcmp(rewrite->name[c], name) == 0) return c;
    return -1;
}

hf_err hf_rewrite_open(hf_rewrite *rewrite, const hf_table *from, const char *const *more, int n_more)
{
    int n = from ? hf_table_columns(from) : 0;
    size_t most = (size_t)n + (size_t)n_more;
    *rewrite = (hf_rewrite){.name = hf_calloc(most, sizeof(char *)), .text = hf_calloc(most, sizeof(char *)), .cell = hf_calloc(most, sizeof(hf_buf))};
    hf_err err = rewrite->name && rewrite->text && rewrite->cell ? HF_OK : HF_E_NOMEM;
    for (int c = 0; err == HF_OK && c < n; c++) rewrite->name[rewrite->n++] = hf_table_column_name(from, c);
    for (int k = 0; err == HF_OK && k < n_more; k++)
        if (column_find(rewrite, more[k]) < 0) rewrite->name[rewrite->n++] = more[k];
    if (err == HF_OK) err = hf_table_new("", rewrite->name, rewrite->n, &rewrite->table);
    if (err != HF_OK) hf_rewrite_done(rewrite);
    return err;
}

void hf_rewrite_done(hf_rewrite *rewrite)
{
    for (int c = 0; c < rewrite->n; c++) hf_buf_done(&rewrite->cell[c]);
    hf_table_free(rewrite->table);
    hf_free(rewrite->name);
    hf_free(rewrite->text);
    hf_free(rewrite->cell);
    *rewrite = (hf_rewrite){0};
}

void hf_rewrite_clear(hf_rewrite *rewrite)
{
    for (int c = 0; c < rewrite->n; c++) rewrite->cell[c].length = 0;
}

void hf_rewrite_take(hf_rewrite *rewrite, const hf_table *from, int row)
{
    hf_rewrite_clear(rewrite);
    for (int c = 0; c < hf_table_columns(from) && c < rewrite->n; c++) {
        hf_cell cell = hf_table_cell(from, row, c);
        hf_buf_add(&rewrite->cell[c], cell.text, cell.length);
    }
}

const char *hf_rewrite_get(const hf_rewrite *rewrite, const char *column)
{
    int c = column_find(rewrite, column);
    return c >= 0 && rewrite->cell[c].length > 0 ? rewrite->cell[c].text : "";
}

void hf_rewrite_set(hf_rewrite *rewrite, const char *column, const char *text)
{
    int c = column_find(rewrite, column);
    if (c < 0) return;
    rewrite->cell[c].length = 0;
    hf_buf_puts(&rewrite->cell[c], text);
}

void hf_rewrite_set_buf(hf_rewrite *rewrite, const char *column, const hf_buf *text)
{
    if (text->err != HF_OK && rewrite->n > 0) rewrite->cell[0].err = text->err;
    hf_rewrite_set(rewrite, column, text->length > 0 ? text->text : "");
}

void hf_rewrite_set_number(hf_rewrite *rewrite, const char *column, double value)
{
    int c = column_find(rewrite, column);
    if (c < 0) return;
    rewrite->cell[c].length = 0;
    hf_buf_number(&rewrite->cell[c], value);
}

hf_err hf_rewrite_keep(hf_rewrite *rewrite)
{
    for (int c = 0; c < rewrite->n; c++) {
        if (rewrite->cell[c].err != HF_OK) return rewrite->cell[c].err;
        rewrite->text[c] = rewrite->cell[c].length > 0 ? rewrite->cell[c].text : "";
    }
    return hf_table_append(rewrite->table, rewrite->text);
}
