/* trade --method risk: the share of all output that is lost when one industry or one region closes. */
#include <string.h>

#include "base/alloc.h"
#include "cli/cells.h"
#include "cli/json_parts.h"
#include "cli/trade.h"
#include "model/economy/systemic_risk.h"

typedef struct answer {
    hf_systemic *model;
    hf_systemic_result *industry, *region; /* [n], [n_regions] */
    double *lost;                          /* [n_regions x n_regions] output that each region loses when one closes */
    double *index;                         /* [n] of industries */
    double *industry_lost;                 /* [n x n_regions] as `lost` when an industry closes */
    double *rank;                          /* [n] the index, or what --home loses */
    bool *lifeline;                        /* [n_sectors] */
    int n_lifelines;
} answer;

static void answer_done(answer *a)
{
    hf_systemic_free(a->model);
    void *all[] = {a->industry, a->region, a->lost, a->index, a->industry_lost, a->rank, a->lifeline};
    for (size_t k = 0; k < sizeof all / sizeof *all; k++) hf_free(all[k]);
}

static hf_err solve(const hf_trade *t, answer *a)
{
    hf_err err = HF_OK;
    int n = t->table->n_industries, R = t->table->n_regions, S = t->table->n_sectors;
    hf_systemic_options options = hf_systemic_options_default();
    unsigned char *classes = hf_malloc((size_t)S * (size_t)S);
    int *home = hf_malloc((size_t)n * sizeof *home);
    a->industry = hf_calloc((size_t)n, sizeof *a->industry);
    a->region = hf_calloc((size_t)R, sizeof *a->region);
    a->lost = hf_calloc((size_t)R * (size_t)R, sizeof *a->lost);
    a->index = hf_calloc((size_t)n, sizeof *a->index);
    a->industry_lost = hf_calloc((size_t)n * (size_t)R, sizeof *a->industry_lost);
    a->rank = hf_calloc((size_t)n, sizeof *a->rank);
    a->lifeline = hf_calloc((size_t)S, sizeof *a->lifeline);
    if (!classes || !home || !a->industry || !a->region || !a->lost || !a->index || !a->industry_lost || !a->rank || !a->lifeline) HF_TRY(HF_E_NOMEM);
    options.threads = t->threads;
    const char *ways = hf_args_text(&t->cli->args, "ways");
    options.upstream = !ways || strcmp(ways, "down") != 0;
    options.downstream = !ways || strcmp(ways, "up") != 0;
    options.final_demand = !hf_args_has(&t->cli->args, "no-final-demand");
    a->n_lifelines = hf_trade_lifelines(t, a->lifeline);
    hf_systemic_classes_default(S, a->lifeline, classes);
    for (int f = 0; f < n; f++) home[f] = f / S;
    HF_TRY(hf_systemic_new_of_table(t->table, classes, &options, t->cli->diag, &a->model));
    HF_TRY(hf_systemic_sweep(a->model, 1, NULL, n, home, R, a->industry, a->industry_lost));
    HF_TRY(hf_systemic_sweep(a->model, 1, home, R, home, R, a->region, a->lost));
    for (int f = 0; f < n; f++) {
        a->index[f] = a->industry[f].index;
        a->rank[f] = t->home < 0 ? a->index[f] : a->industry_lost[f * R + t->home];
    }
out:
    hf_free(classes);
    hf_free(home);
    return err;
}

static hf_err industries_print(const hf_trade *t, const answer *a, int *order)
{
    hf_text_table *table = NULL;
    hf_err err = HF_OK;
    int n = t->table->n_industries, R = t->table->n_regions;
    hf_buf heading = {0};
    HF_TRY(hf_trade_order(a->rank, n, order));
    if (t->home < 0) hf_buf_puts(&heading, "Industries by systemic risk: the share of all output lost when one closes");
    else hf_buf_printf(&heading, "Industries by the output a year that %s loses when one closes", t->table->region[t->home]);
    hf_trade_heading(t, heading.text ? heading.text : "", n);
    HF_TRY(hf_text_table_new(&table));
    hf_text_table_column(table, "industry", HF_ALIGN_LEFT);
    hf_text_table_column(table, "its own share", HF_ALIGN_RIGHT);
    hf_text_table_column(table, "index", HF_ALIGN_RIGHT);
    hf_text_table_column(table, "through customers", HF_ALIGN_RIGHT);
    hf_text_table_column(table, "through suppliers", HF_ALIGN_RIGHT);
    if (t->home >= 0) hf_text_table_column(table, t->table->region[t->home], HF_ALIGN_RIGHT);
    double all = hf_io_totals_of(t->table).x;
    for (int k = 0; k < hf_trade_shown(t, n); k++) {
        hf_trade_industry_cell(t, table, order[k]);
        hf_cell_share(table, t->table->x[order[k]] / all);
        hf_cell_share(table, a->industry[order[k]].index);
        hf_cell_share(table, a->industry[order[k]].down);
        hf_cell_share(table, a->industry[order[k]].up);
        if (t->home >= 0) hf_trade_money_cell(t, table, a->industry_lost[order[k] * R + t->home]);
    }
    HF_TRY(hf_text_table_write(table, t->cli->width, &t->cli->out));
out:
    hf_buf_done(&heading);
    hf_text_table_free(table);
    return err;
}

/* Who loses what where there is room for it: all regions, or --home. */
static bool has_column(const hf_trade *t, int home)
{
    enum { ROOM = 12 };
    return t->home >= 0 ? home == t->home : t->table->n_regions <= ROOM;
}

static hf_err regions_print(const hf_trade *t, const answer *a)
{
    hf_text_table *table = NULL;
    hf_err err = HF_OK;
    int R = t->table->n_regions, n = 0, *order = hf_malloc((size_t)R * sizeof *order);
    double *figure = hf_malloc((size_t)R * sizeof *figure);
    if (!order || !figure) HF_TRY(HF_E_NOMEM);
    for (int r = 0; r < R; r++) figure[r] = t->home < 0 ? a->region[r].index : a->lost[r * R + t->home];
    HF_TRY(hf_trade_region_rows(t, "Who loses how much output a year when a region closes (rows: who closes)", figure, order, &n));
    HF_TRY(hf_text_table_new(&table));
    hf_text_table_column(table, "closes", HF_ALIGN_LEFT);
    hf_text_table_column(table, "index", HF_ALIGN_RIGHT);
    for (int h = 0; h < R; h++)
        if (has_column(t, h)) hf_text_table_column(table, t->table->region[h], HF_ALIGN_RIGHT);
    for (int k = 0; k < n; k++) {
        hf_text_table_cell(table, t->table->region[order[k]]);
        hf_cell_share(table, a->region[order[k]].index);
        for (int h = 0; h < R; h++)
            if (has_column(t, h)) hf_trade_money_cell(t, table, a->lost[order[k] * R + h]);
    }
    HF_TRY(hf_text_table_write(table, t->cli->width, &t->cli->out));
    if (!has_column(t, 0) && t->home < 0) hf_buf_puts(&t->cli->out, "(--csv --rows partners has who loses what)\n");
out:
    hf_free(order);
    hf_free(figure);
    hf_text_table_free(table);
    return err;
}

static hf_err print(const hf_trade *t, const answer *a)
{
    hf_err err = HF_OK;
    int *order = hf_malloc((size_t)t->table->n_industries * sizeof *order);
    if (!order) return HF_E_NOMEM;
    hf_buf_printf(&t->cli->out, "Essential for all are %d of %d sectors (energy, water, telecommunications, by their codes), and a sector for itself.\n",
                  a->n_lifelines, t->table->n_sectors);
    HF_TRY(industries_print(t, a, order));
    HF_TRY(regions_print(t, a));
out:
    hf_free(order);
    return err;
}

static hf_err json_write(const hf_trade *t, const answer *a)
{
    hf_json json;
    int R = t->table->n_regions;
    hf_trade_json_start(t, &json, "risk");
    hf_json_key(&json, "industries");
    hf_json_array(&json);
    for (int f = 0; f < t->table->n_industries; f++) {
        hf_json_object(&json);
        hf_trade_json_industry(t, &json, f);
        hf_json_key_number(&json, "x0", t->table->x[f]);
        hf_json_key_number(&json, "index", a->industry[f].index);
        hf_json_key_number(&json, "downstream", a->industry[f].down);
        hf_json_key_number(&json, "upstream", a->industry[f].up);
        hf_json_end(&json);
    }
    hf_json_end(&json);
    hf_json_key(&json, "by_country");
    hf_json_array(&json);
    for (int r = 0; r < R; r++) {
        hf_json_object(&json);
        hf_json_key_text(&json, "region", t->table->region[r]);
        hf_json_key_number(&json, "index", a->region[r].index);
        hf_json_key_number(&json, "downstream", a->region[r].down);
        hf_json_key_number(&json, "upstream", a->region[r].up);
        hf_json_end(&json);
    }
    hf_json_end(&json);
    hf_json_key(&json, "by_partner");
    hf_json_array(&json);
    for (int r = 0; r < R; r++)
        for (int h = 0; h < R; h++) {
            hf_json_object(&json);
            hf_json_key_text(&json, "from", t->table->region[r]);
            hf_json_key_text(&json, "to", t->table->region[h]);
            hf_json_key_number(&json, "loss", a->lost[(size_t)r * (size_t)R + (size_t)h]);
            hf_json_end(&json);
        }
    hf_json_end(&json);
    hf_err err = hf_trade_json_checks(t, &json, hf_trade_balance_gap(t), "stable");
    hf_json_end(&json);
    hf_json_end(&json);
    hf_buf_puts(&t->cli->out, "\n");
    return err != HF_OK ? err : t->cli->out.err;
}

static hf_err partners_csv(const hf_trade *t, const answer *a)
{
    static const char *const columns[] = {"closed", "region", "output_lost"};
    hf_trade_rows rows;
    int R = t->table->n_regions;
    hf_trade_rows_begin(&rows, columns, 3);
    for (int k = 0; k < R * R; k++) {
        hf_trade_rows_text(&rows, t->table->region[k / R]);
        hf_trade_rows_text(&rows, t->table->region[k % R]);
        hf_trade_rows_number(&rows, a->lost[k]);
    }
    return hf_trade_rows_end(&rows, t);
}

static hf_err csv_write(const hf_trade *t, const answer *a)
{
    static const char *const columns[] = {"output", "index"};
    const char *rows = NULL;
    hf_err err = hf_trade_rows_asked(t, "risk", "industries|partners", &rows);
    if (err != HF_OK) return err;
    return rows[0] == 'p' ? partners_csv(t, a) : hf_trade_csv(t, columns, (const double *const[]){t->table->x, a->index}, 2);
}

hf_err hf_trade_risk(hf_trade *t)
{
    answer a = {0};
    if (t->n_shocks > 0) return hf_cli_usage(t->cli, "--method risk closes every industry and region in turn: give it without --shock");
    hf_err err = solve(t, &a);
    if (err == HF_OK && hf_args_has(&t->cli->args, "json")) err = json_write(t, &a);
    else if (err == HF_OK && hf_args_has(&t->cli->args, "csv")) err = csv_write(t, &a);
    else if (err == HF_OK) err = print(t, &a);
    answer_done(&a);
    return err;
}
