/* One layer as a flat table. Entities carry the columns of the cascade too, if there is one. */
#include "base/alloc.h"
#include "datasets/export/layers.h"

static hf_err cells_write(const hf_export_data *d, int row, const hf_layer_column *columns, int n, const char **cells, hf_buf *texts)
{
    for (int c = 0; c < n; c++) {
        hf_value value = columns[c].value(d, row);
        texts[c].length = 0;
        cells[c] = NULL;
        if (!value.there) continue;
        if (columns[c].type == HF_VALUE_YES_NO) hf_buf_puts(&texts[c], value.number != 0 ? "yes" : "no");
        else hf_export_plain_value(&texts[c], columns[c].type, value);
        if (texts[c].err != HF_OK) return texts[c].err;
        cells[c] = texts[c].text;
    }
    return HF_OK;
}

hf_err hf_export_csv(const hf_export_data *d, const hf_layer *layer, hf_buf *out)
{
    hf_err err = HF_OK;
    hf_table *table = NULL;
    int more = layer == &hf_layers[HF_LAYER_ENTITIES] && d->losses ? hf_cascade_column_count : 0, n = layer->n_columns + more;
    const char **cells = hf_calloc((size_t)n, sizeof *cells);
    hf_buf *texts = hf_calloc((size_t)n, sizeof *texts);
    if (!cells || !texts) HF_TRY(HF_E_NOMEM);
    for (int c = 0; c < n; c++) cells[c] = c < layer->n_columns ? layer->columns[c].name : hf_cascade_columns[c - layer->n_columns].name;
    HF_TRY(hf_table_new("", cells, n, &table));
    for (int r = 0; r < layer->rows(d); r++) {
        HF_TRY(cells_write(d, r, layer->columns, layer->n_columns, cells, texts));
        HF_TRY(cells_write(d, r, hf_cascade_columns, more, cells + layer->n_columns, texts + layer->n_columns));
        HF_TRY(hf_table_append(table, cells));
    }
    hf_table_write(table, out);
    err = out->err;
out:
    for (int c = 0; texts && c < n; c++) hf_buf_done(&texts[c]);
    hf_free(texts);
    hf_free(cells);
    hf_table_free(table);
    return err;
}
