/* trade --method static: what each industry and region is worth to the others, and what less demand for some costs all. */
#include "base/alloc.h"
#include "cli/json_parts.h"
#include "cli/trade.h"
#include "cli/words.h"
#include "model/economy/extraction.h"

typedef struct answer {
    hf_leontief *leontief;
    double *extraction;      /* [n] value added lost by all when the industry is gone */
    double *backward, *forward, *multiplier; /* [n] */
    double *region_loss;     /* [n_regions] value added lost by all when the region is gone */
    double *region_abroad;   /* [n_regions] of it in other regions */
    double *loss;            /* [n] output lost by the shock, NULL without one */
} answer;

static void answer_done(answer *a)
{
    hf_leontief_free(a->leontief);
    void *all[] = {a->extraction, a->backward, a->forward, a->multiplier, a->region_loss, a->region_abroad, a->loss};
    for (size_t k = 0; k < sizeof all / sizeof *all; k++) hf_free(all[k]);
}

static double *doubles(int n)
{
    return hf_calloc((size_t)n, sizeof(double));
}

/* Final demand for what is shocked falls by the share: what all then make less. */
static hf_err shock_solve(const hf_trade *t, answer *a)
{
    int n = t->table->n_industries;
    if (t->n_shocks == 0) return HF_OK;
    a->loss = doubles(n);
    if (!a->loss) return HF_E_NOMEM;
    for (int f = 0; f < n; f++) a->loss[f] = a->leontief->y[f] * t->closed[f];
    hf_leontief_output(a->leontief, a->loss, a->loss);
    return HF_OK;
}

static hf_err regions_solve(const hf_trade *t, answer *a)
{
    hf_err err = HF_OK;
    int n = t->table->n_industries, S = t->table->n_sectors;
    double *lost = doubles(n);
    if (!lost) return HF_E_NOMEM;
    for (int r = 0; r < t->table->n_regions; r++) {
        err = hf_extract_region(a->leontief, r, S, HF_EXTRACT_COMPLETE, lost);
        if (err == HF_E_NO_ANSWER) {
            err = HF_OK;
            continue;
        }
        HF_TRY(err);
        for (int f = 0; f < n; f++) {
            double value = lost[f] * a->leontief->intensity[f];
            a->region_loss[r] += value;
            if (f / S != r) a->region_abroad[r] += value;
        }
    }
out:
    hf_free(lost);
    return err;
}

static hf_err solve(const hf_trade *t, answer *a)
{
    hf_err err = HF_OK;
    int n = t->table->n_industries;
    a->extraction = doubles(n), a->backward = doubles(n), a->forward = doubles(n), a->multiplier = doubles(n);
    a->region_loss = doubles(t->table->n_regions), a->region_abroad = doubles(t->table->n_regions);
    if (!a->extraction || !a->backward || !a->forward || !a->multiplier || !a->region_loss || !a->region_abroad) return HF_E_NOMEM;
    HF_TRY(hf_leontief_new(t->table, t->threads, t->cli->diag, &a->leontief));
    HF_TRY(hf_leontief_invert(a->leontief));
    HF_TRY(hf_extract_each(a->leontief, HF_EXTRACT_COMPLETE, 1, a->leontief->intensity, a->extraction));
    hf_leontief_linkages(a->leontief, true, a->backward, a->forward);
    hf_leontief_multipliers(a->leontief, NULL, a->multiplier);
    HF_TRY(regions_solve(t, a));
    HF_TRY(shock_solve(t, a));
out:
    return err;
}

static hf_err industries_print(const hf_trade *t, const answer *a, int *order)
{
    hf_text_table *table = NULL;
    int n = t->table->n_industries;
    hf_err err = HF_OK;
    HF_TRY(hf_trade_order(a->extraction, n, order));
    hf_trade_heading(t, "Industries by what all lose when one is gone and nothing takes its place", n);
    HF_TRY(hf_text_table_new(&table));
    hf_text_table_column(table, "industry", HF_ALIGN_LEFT);
    static const char *const columns[] = {"output a year", "value added lost by all", "backward", "forward", "multiplier"};
    for (size_t k = 0; k < sizeof columns / sizeof *columns; k++) hf_text_table_column(table, columns[k], HF_ALIGN_RIGHT);
    for (int k = 0; k < hf_trade_shown(t, n); k++) {
        int f = order[k];
        hf_trade_industry_cell(t, table, f);
        hf_trade_money_cell(t, table, t->table->x[f]);
        hf_trade_money_cell(t, table, a->extraction[f]);
        hf_text_table_cellf(table, "%.2f", a->backward[f]);
        hf_text_table_cellf(table, "%.2f", a->forward[f]);
        hf_text_table_cellf(table, "%.2f", a->multiplier[f]);
    }
    HF_TRY(hf_text_table_write(table, t->cli->width, &t->cli->out));
out:
    hf_text_table_free(table);
    return err;
}

static hf_err regions_print(const hf_trade *t, const answer *a)
{
    hf_text_table *table = NULL;
    hf_err err = HF_OK;
    hf_buf_puts(&t->cli->out, "\nRegions by what goes with them:\n");
    HF_TRY(hf_text_table_new(&table));
    hf_text_table_column(table, "region", HF_ALIGN_LEFT);
    hf_text_table_column(table, "value added lost by all", HF_ALIGN_RIGHT);
    hf_text_table_column(table, "of it elsewhere", HF_ALIGN_RIGHT);
    for (int r = 0; r < t->table->n_regions; r++) {
        hf_text_table_cell(table, t->table->region[r]);
        hf_trade_money_cell(t, table, a->region_loss[r]);
        hf_trade_money_cell(t, table, a->region_abroad[r]);
    }
    HF_TRY(hf_text_table_write(table, t->cli->width, &t->cli->out));
out:
    hf_text_table_free(table);
    return err;
}

static hf_err shock_print(const hf_trade *t, const answer *a, int *order)
{
    hf_text_table *table = NULL;
    hf_err err = HF_OK;
    int n = t->table->n_industries;
    double total = 0;
    for (int f = 0; f < n; f++) total += a->loss[f];
    hf_buf_puts(&t->cli->out, "\nWith that much less final demand for what is shocked, all make ");
    hf_trade_money(t, total, &t->cli->out);
    hf_buf_puts(&t->cli->out, " less a year.\n");
    HF_TRY(hf_trade_order(a->loss, n, order));
    hf_trade_heading(t, "Who makes less", n);
    HF_TRY(hf_text_table_new(&table));
    hf_text_table_column(table, "industry", HF_ALIGN_LEFT);
    hf_text_table_column(table, "output lost a year", HF_ALIGN_RIGHT);
    hf_text_table_column(table, "of its output", HF_ALIGN_RIGHT);
    for (int k = 0; k < hf_trade_shown(t, n); k++) {
        hf_buf share = {0};
        hf_trade_industry_cell(t, table, order[k]);
        hf_trade_money_cell(t, table, a->loss[order[k]]);
        hf_word_share(&share, t->table->x[order[k]] > 0 ? a->loss[order[k]] / t->table->x[order[k]] : 0);
        hf_text_table_cell(table, share.text ? share.text : "");
        hf_buf_done(&share);
    }
    HF_TRY(hf_text_table_write(table, t->cli->width, &t->cli->out));
out:
    hf_text_table_free(table);
    return err;
}

static hf_err print(const hf_trade *t, const answer *a)
{
    hf_err err = HF_OK;
    int *order = hf_malloc((size_t)t->table->n_industries * sizeof *order);
    if (!order) return HF_E_NOMEM;
    hf_buf_printf(&t->cli->out, "%d regions by %d industries, %d; gross output ", t->table->n_regions, t->table->n_sectors, t->table->year);
    hf_trade_money(t, hf_io_totals_of(t->table).x, &t->cli->out);
    hf_buf_puts(&t->cli->out, " a year.\n");
    if (a->loss) HF_TRY(shock_print(t, a, order));
    HF_TRY(industries_print(t, a, order));
    HF_TRY(regions_print(t, a));
out:
    hf_free(order);
    return err;
}

static hf_err json_write(const hf_trade *t, const answer *a)
{
    hf_json json;
    hf_trade_json_start(t, &json, "static");
    hf_json_key(&json, "industries");
    hf_json_array(&json);
    for (int f = 0; f < t->table->n_industries; f++) {
        hf_json_object(&json);
        hf_trade_json_industry(t, &json, f);
        hf_json_key_number(&json, "x0", t->table->x[f]);
        if (a->loss) hf_json_key_number(&json, "loss", a->loss[f]);
        hf_json_key_number(&json, "extraction_value_added", a->extraction[f]);
        hf_json_key_number(&json, "backward", a->backward[f]);
        hf_json_key_number(&json, "forward", a->forward[f]);
        hf_json_key_number(&json, "output_multiplier", a->multiplier[f]);
        hf_json_end(&json);
    }
    hf_json_end(&json);
    hf_json_key(&json, "regions");
    hf_json_array(&json);
    for (int r = 0; r < t->table->n_regions; r++) {
        hf_json_object(&json);
        hf_json_key_text(&json, "region", t->table->region[r]);
        hf_json_key_number(&json, "extraction_value_added", a->region_loss[r]);
        hf_json_key_number(&json, "extraction_value_added_elsewhere", a->region_abroad[r]);
        hf_json_end(&json);
    }
    hf_json_end(&json);
    hf_json_end(&json);
    hf_buf_puts(&t->cli->out, "\n");
    return t->cli->out.err;
}

hf_err hf_trade_static(hf_trade *t)
{
    static const char *const columns[] = {"output", "extraction_value_added", "backward", "forward", "output_multiplier", "loss"};
    answer a = {0};
    hf_err err = solve(t, &a);
    if (err == HF_OK && hf_args_has(&t->cli->args, "json")) err = json_write(t, &a);
    else if (err == HF_OK && hf_args_has(&t->cli->args, "csv"))
        err = hf_trade_csv(t, columns, (const double *const[]){t->table->x, a.extraction, a.backward, a.forward, a.multiplier, a.loss}, a.loss ? 6 : 5);
    else if (err == HF_OK) err = print(t, &a);
    answer_done(&a);
    return err;
}
