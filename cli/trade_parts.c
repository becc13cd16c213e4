#include <stdlib.h>

#include "base/alloc.h"
#include "cli/json_parts.h"
#include "cli/trade.h"
#include "cli/words.h"

static const char *sector_title(const hf_trade *t, int industry)
{
    const char *title = t->economy->title ? t->economy->title[industry] : NULL;
    return title && *title ? title : t->table->sector[industry % t->table->n_sectors];
}

void hf_trade_industry_cell(const hf_trade *t, hf_text_table *table, int industry)
{
    hf_text_table_cellf(table, "%s, %s", t->table->region[industry / t->table->n_sectors], sector_title(t, industry));
}

void hf_trade_money(const hf_trade *t, double amount, hf_buf *out)
{
    double money = amount * t->table->unit;
    if (money < 0) hf_buf_puts(out, "-");
    hf_word_amount(out, money < 0 ? -money : money);
    if (*t->table->currency) hf_buf_printf(out, " %s", t->table->currency);
}

void hf_trade_money_cell(const hf_trade *t, hf_text_table *table, double amount)
{
    hf_buf text = {0};
    double money = amount * t->table->unit;
    if (money < 0) hf_buf_puts(&text, "-");
    if (money != 0) hf_word_amount(&text, money < 0 ? -money : money);
    hf_text_table_cell(table, text.text && money != 0 ? text.text : "-");
    hf_buf_done(&text);
}

static const char *name_or_null(const char *const *names, int k)
{
    return k < 0 ? NULL : names[k];
}

void hf_trade_json_start(const hf_trade *t, hf_json *json, const char *method)
{
    hf_json_start(json, &t->cli->out);
    hf_json_head(json, t->cli);
    hf_json_key_text(json, "method", method);
    hf_json_key_text(json, "currency", t->table->currency);
    hf_json_key_number(json, "unit", t->table->unit);
    hf_json_key_number(json, "year", t->table->year);
    hf_json_key(json, "shock");
    hf_json_array(json);
    for (int k = 0; k < t->n_shocks; k++) {
        hf_json_object(json);
        hf_json_key_text(json, "region", name_or_null(t->table->region, t->shocks[k].region));
        hf_json_key_text(json, "industry", name_or_null(t->table->sector, t->shocks[k].sector));
        hf_json_key_number(json, "share", t->shocks[k].share);
        hf_json_end(json);
    }
    hf_json_end(json);
}

void hf_trade_json_industry(const hf_trade *t, hf_json *json, int industry)
{
    hf_json_key_text(json, "region", t->table->region[industry / t->table->n_sectors]);
    hf_json_key_text(json, "industry", t->table->sector[industry % t->table->n_sectors]);
}

hf_err hf_trade_csv(const hf_trade *t, const char *const *columns, const double *const *values, int n)
{
    enum { MOST = 16 };
    hf_table *table = NULL;
    const char *names[MOST + 2] = {"region", "industry"}, *cells[MOST + 2];
    char text[MOST][32];
    hf_err err = HF_OK;
    if (n > MOST) return HF_E_RANGE;
    for (int c = 0; c < n; c++) names[c + 2] = columns[c];
    HF_TRY(hf_table_new("", names, n + 2, &table));
    for (int f = 0; f < t->table->n_industries; f++) {
        cells[0] = t->table->region[f / t->table->n_sectors];
        cells[1] = t->table->sector[f % t->table->n_sectors];
        for (int c = 0; c < n; c++) {
            hf_number_format(values[c][f], text[c]);
            cells[c + 2] = text[c];
        }
        HF_TRY(hf_table_append(table, cells));
    }
    hf_table_write(table, &t->cli->out);
    err = t->cli->out.err;
out:
    hf_table_free(table);
    return err;
}

typedef struct item {
    double figure;
    int index;
} item;

static int compare_items(const void *pa, const void *pb)
{
    const item *a = pa, *b = pb;
    if (a->figure != b->figure) return a->figure > b->figure ? -1 : 1;
    return a->index - b->index;
}

hf_err hf_trade_order(const double *figure, int n, int *order)
{
    item *items = hf_malloc((size_t)n * sizeof *items);
    if (!items) return HF_E_NOMEM;
    for (int k = 0; k < n; k++) items[k] = (item){figure[k], k};
    qsort(items, (size_t)n, sizeof *items, compare_items);
    for (int k = 0; k < n; k++) order[k] = items[k].index;
    hf_free(items);
    return HF_OK;
}

int hf_trade_shown(const hf_trade *t, int n)
{
    return t->top > 0 && t->top < n ? t->top : n;
}

void hf_trade_heading(const hf_trade *t, const char *heading, int n)
{
    hf_buf_printf(&t->cli->out, "\n%s", heading);
    if (hf_trade_shown(t, n) < n) hf_buf_printf(&t->cli->out, " (%d of %d; --top 0 shows all)", hf_trade_shown(t, n), n);
    hf_buf_puts(&t->cli->out, ":\n");
}
