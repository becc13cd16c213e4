#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "cli/json_parts.h"
#include "cli/trade.h"
#include "cli/words.h"

static const char *sector_title(const hf_trade *t, int industry)
{
    const char *title = t->economy->title ? t->economy->title[industry] : NULL;
    return title && *title ? title : t->table->sector[industry % t->table->n_sectors];
}

const char *hf_trade_sector_code(const hf_trade *t, int sector)
{
    int S = t->table->n_sectors;
    for (int r = 0; t->economy->code && r < t->table->n_regions; r++)
        if (*t->economy->code[r * S + sector]) return t->economy->code[r * S + sector];
    return "";
}

const char *hf_trade_sector_title(const hf_trade *t, int sector)
{
    for (int r = 0; r < t->table->n_regions; r++) {
        const char *title = sector_title(t, r * t->table->n_sectors + sector);
        if (strcmp(title, t->table->sector[sector]) != 0) return title;
    }
    return t->table->sector[sector];
}

/* Divisions 35, 36 and 61 of ISIC and NACE, sections D, E and J. */
static bool is_lifeline(const char *code)
{
    char first = code[0], second = code[0] ? code[1] : '\0';
    if (first == 'D' || first == 'E' || first == 'J') return true;
    return (first == '3' && (second == '5' || second == '6')) || (first == '6' && second == '1');
}

int hf_trade_lifelines(const hf_trade *t, bool *ret_mark)
{
    int n = 0, S = t->table->n_sectors;
    for (int i = 0; i < S; i++) ret_mark[i] = false;
    for (int f = 0; f < t->table->n_industries; f++) {
        if (!t->economy->code || ret_mark[f % S] || !is_lifeline(t->economy->code[f])) continue;
        ret_mark[f % S] = true;
        n++;
    }
    return n;
}

void hf_trade_industry_cell(const hf_trade *t, hf_text_table *table, int industry)
{
    hf_text_table_cellf(table, "%s, %s", t->table->region[industry / t->table->n_sectors], sector_title(t, industry));
}

hf_err hf_trade_table_begin(hf_text_table **ret_table, const char *const *left, int n_left, const char *const *right, int n_right)
{
    hf_err err = hf_text_table_new(ret_table);
    for (int k = 0; err == HF_OK && k < n_left; k++) hf_text_table_column(*ret_table, left[k], HF_ALIGN_LEFT);
    for (int k = 0; err == HF_OK && k < n_right; k++) hf_text_table_column(*ret_table, right[k], HF_ALIGN_RIGHT);
    return err;
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
        const hf_trade_shock *shock = &t->shocks[k];
        hf_json_object(json);
        hf_json_key_text(json, "kind", hf_trade_shock_kind(shock->kind));
        hf_json_key_text(json, "region", name_or_null(t->table->region, shock->region));
        hf_json_key_text(json, "industry", name_or_null(t->table->sector, shock->sector));
        if (shock->kind == HF_SHOCK_TRADE) hf_json_key_text(json, "partner", name_or_null(t->table->region, shock->partner));
        hf_json_key_number(json, shock->kind == HF_SHOCK_CAPACITY ? "share" : "size", shock->size);
        hf_json_key_number(json, "day", shock->day);
        hf_json_end(json);
    }
    hf_json_end(json);
}

void hf_trade_json_countries(const hf_trade *t, hf_json *json, const char *const *keys, const double *const *figures, int n)
{
    int S = t->table->n_sectors;
    hf_json_key(json, "by_country");
    hf_json_array(json);
    for (int r = 0; r < t->table->n_regions; r++) {
        hf_json_object(json);
        hf_json_key_text(json, "region", t->table->region[r]);
        for (int k = 0; k < n; k++) {
            double sum = 0;
            for (int i = 0; i < S; i++) sum += figures[k][r * S + i];
            hf_json_key_number(json, keys[k], sum);
        }
        hf_json_end(json);
    }
    hf_json_end(json);
}

hf_err hf_trade_json_checks(const hf_trade *t, hf_json *json, double mass_balance, const char *stability)
{
    hf_io_checks checks = {0};
    hf_err err = hf_io_check(t->table, NULL, &checks);
    hf_json_key(json, "checks");
    hf_json_object(json);
    hf_json_key_number(json, "spectral_radius", checks.radius_a);
    hf_json_key_number(json, "mass_balance", mass_balance);
    hf_json_key_text(json, "stability", stability);
    return err;
}

double hf_trade_balance_gap(const hf_trade *t)
{
    hf_io_checks checks = {0};
    return hf_io_check(t->table, NULL, &checks) == HF_OK ? fmax(checks.row_gap, checks.column_gap) : NAN;
}

void hf_trade_json_industry(const hf_trade *t, hf_json *json, int industry)
{
    hf_json_key_text(json, "region", t->table->region[industry / t->table->n_sectors]);
    hf_json_key_text(json, "industry", t->table->sector[industry % t->table->n_sectors]);
}

void hf_trade_rows_begin(hf_trade_rows *rows, const char *const *columns, int n)
{
    *rows = (hf_trade_rows){.n_columns = n};
    rows->err = n > HF_TRADE_CELLS ? HF_E_RANGE : hf_table_new("", columns, n, &rows->table);
}

static void cell_done(hf_trade_rows *rows)
{
    if (++rows->n < rows->n_columns) return;
    rows->err = hf_table_append(rows->table, rows->cell);
    rows->n = 0;
}

void hf_trade_rows_text(hf_trade_rows *rows, const char *text)
{
    if (rows->err != HF_OK) return;
    rows->cell[rows->n] = text;
    cell_done(rows);
}

void hf_trade_rows_number(hf_trade_rows *rows, double number)
{
    if (rows->err != HF_OK) return;
    hf_number_format(number, rows->number[rows->n]);
    rows->cell[rows->n] = rows->number[rows->n];
    cell_done(rows);
}

hf_err hf_trade_rows_end(hf_trade_rows *rows, const hf_trade *t)
{
    if (rows->err == HF_OK) hf_table_write(rows->table, &t->cli->out);
    hf_table_free(rows->table);
    return rows->err != HF_OK ? rows->err : t->cli->out.err;
}

hf_err hf_trade_rows_asked(const hf_trade *t, const char *method, const char *allowed, const char **ret_rows)
{
    const char *asked = hf_args_text(&t->cli->args, "rows");
    *ret_rows = asked ? asked : "industries";
    if (!asked) return HF_OK;
    for (const char *at = strstr(allowed, asked); at; at = strstr(at + 1, asked)) {
        char end = at[strlen(asked)];
        if ((at == allowed || at[-1] == '|') && (end == '|' || end == '\0')) return HF_OK;
    }
    return hf_cli_usage(t->cli, "--method %s has no rows of %s: --rows %s", method, asked, allowed);
}

hf_err hf_trade_csv(const hf_trade *t, const char *const *columns, const double *const *values, int n)
{
    const char *names[HF_TRADE_CELLS] = {"region", "industry"};
    hf_trade_rows rows;
    if (n + 2 > HF_TRADE_CELLS) return HF_E_RANGE;
    for (int c = 0; c < n; c++) names[c + 2] = columns[c];
    hf_trade_rows_begin(&rows, names, n + 2);
    for (int f = 0; f < t->table->n_industries; f++) {
        hf_trade_rows_text(&rows, t->table->region[f / t->table->n_sectors]);
        hf_trade_rows_text(&rows, t->table->sector[f % t->table->n_sectors]);
        for (int c = 0; c < n; c++) hf_trade_rows_number(&rows, values[c][f]);
    }
    return hf_trade_rows_end(&rows, t);
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

hf_err hf_trade_region_rows(const hf_trade *t, const char *heading, const double *figure, int *order, int *ret_n)
{
    enum { FEW = 16 };
    int R = t->table->n_regions;
    *ret_n = R;
    for (int r = 0; r < R; r++) order[r] = r;
    if (R <= FEW || t->top == 0) {
        hf_buf_printf(&t->cli->out, "\n%s:\n", heading);
        return HF_OK;
    }
    *ret_n = hf_trade_shown(t, R);
    hf_trade_heading(t, heading, R);
    return hf_trade_order(figure, R, order);
}

hf_err hf_trade_order_industries(const hf_trade *t, const double *figure, int *order, int *ret_n)
{
    int S = t->table->n_sectors, first = t->home < 0 ? 0 : t->home * S, n = t->home < 0 ? t->table->n_industries : S;
    hf_err err = hf_trade_order(figure + first, n, order);
    for (int k = 0; err == HF_OK && k < n; k++) order[k] += first;
    *ret_n = n;
    return err;
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
