/* trade --method rebalance: the least final demand that must go unmet when industries can make less. */
#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "cli/cells.h"
#include "cli/json_parts.h"
#include "cli/trade.h"
#include "cli/words.h"
#include "model/economy/leontief.h"
#include "solver/rebalance.h"

typedef struct answer {
    hf_leontief *leontief; /* A and y */
    hf_rebalance *program;
    hf_rebalance_result result;
    double *capacity;
} answer;

static void answer_done(answer *a)
{
    hf_leontief_free(a->leontief);
    hf_rebalance_free(a->program);
    hf_rebalance_result_done(&a->result);
    hf_free(a->capacity);
}

static hf_err solve(const hf_trade *t, answer *a)
{
    hf_err err = HF_OK;
    int n = t->table->n_industries;
    double spare = hf_args_number(&t->cli->args, "overproduction", 1.25);
    a->capacity = hf_malloc((size_t)n * sizeof *a->capacity);
    if (!a->capacity) return HF_E_NOMEM;
    HF_TRY(hf_leontief_new(t->table, t->threads, t->cli->diag, &a->leontief));
    hf_rebalance_input input = {.n = n, .a = a->leontief->a, .demand = a->leontief->y};
    HF_TRY(hf_rebalance_new(&input, t->cli->diag, &a->program));
    for (int f = 0; f < n; f++) /* what is not hit may make more, as in the adaptive dynamics; what is hit makes what is left */
        a->capacity[f] = hf_rebalance_output_before(a->program)[f] * (t->closed[f] > 0 ? 1 - t->closed[f] : spare);
    HF_TRY(hf_rebalance_solve(a->program, a->capacity, HF_REBALANCE_PRE_SHOCK, 0, t->cli->diag, &a->result));
out:
    return err;
}

static hf_err print(const hf_trade *t, const answer *a)
{
    hf_err err = HF_OK;
    hf_text_table *table = NULL;
    const hf_rebalance_result *r = &a->result;
    int n = r->n, *order = hf_malloc((size_t)n * sizeof *order);
    hf_buf *out = &t->cli->out;
    if (!order) return HF_E_NOMEM;
    hf_buf_puts(out, "Shared out as well as can be, final demand for ");
    hf_trade_money(t, r->rationed_total, out);
    hf_buf_puts(out, " a year is not met; output is ");
    hf_trade_money(t, r->output_before - r->output_after, out);
    hf_buf_printf(out, " less.\nComputed again: rows and bounds hold to %.0e, and nothing less is possible by more than %.0e of it.\n", r->violation, r->gap);
    HF_TRY(hf_trade_order_industries(t, r->rationed, order, &n));
    hf_trade_heading(t, "Products that are rationed", n);
    HF_TRY(hf_text_table_new(&table));
    hf_text_table_column(table, "industry", HF_ALIGN_LEFT);
    static const char *const columns[] = {"demand not met", "output", "of before", "one unit more saves"};
    for (size_t k = 0; k < sizeof columns / sizeof *columns; k++) hf_text_table_column(table, columns[k], HF_ALIGN_RIGHT);
    for (int k = 0; k < hf_trade_shown(t, n); k++) {
        int f = order[k];
        double before = hf_rebalance_output_before(a->program)[f];
        hf_trade_industry_cell(t, table, f);
        hf_trade_money_cell(t, table, r->rationed[f]);
        hf_trade_money_cell(t, table, r->output[f]);
        hf_cell_share(table, before > 0 ? r->output[f] / before : 0);
        hf_text_table_cellf(table, "%.2f", r->price[f]);
    }
    HF_TRY(hf_text_table_write(table, t->cli->width, out));
out:
    hf_free(order);
    hf_text_table_free(table);
    return err;
}

static hf_err json_write(const hf_trade *t, const answer *a)
{
    hf_json json;
    const hf_rebalance_result *r = &a->result;
    hf_trade_json_start(t, &json, "rebalance");
    hf_json_key_text(&json, "form", "plain");
    hf_json_key(&json, "industries");
    hf_json_array(&json);
    for (int f = 0; f < r->n; f++) {
        hf_json_object(&json);
        hf_trade_json_industry(t, &json, f);
        hf_json_key_number(&json, "x0", hf_rebalance_output_before(a->program)[f]);
        hf_json_key_number(&json, "x", r->output[f]);
        hf_json_key_number(&json, "loss", hf_rebalance_output_before(a->program)[f] - r->output[f]);
        hf_json_key_number(&json, "rationed", r->rationed[f]);
        hf_json_key_number(&json, "price", r->price[f]);
        hf_json_key_number(&json, "capacity_price", r->capacity_price[f]);
        hf_json_end(&json);
    }
    hf_json_end(&json);
    hf_trade_json_countries(t, &json, (const char *const[]){"x0", "x", "rationed"},
                            (const double *const[]){hf_rebalance_output_before(a->program), r->output, r->rationed}, 3);
    hf_err err = hf_trade_json_checks(t, &json, hf_trade_balance_gap(t), "stable");
    hf_json_key_number(&json, "violation", r->violation);
    hf_json_key_number(&json, "gap", r->gap);
    hf_json_end(&json);
    hf_json_end(&json);
    hf_buf_puts(&t->cli->out, "\n");
    return err != HF_OK ? err : t->cli->out.err;
}

const char *hf_trade_lp_format(const char *file)
{
    size_t n = strlen(file);
    return n > 4 && strcmp(file + n - 4, ".mps") == 0 ? "mps" : "lp";
}

hf_err hf_trade_rebalance(hf_trade *t)
{
    static const char *const columns[] = {"x0", "x", "rationed", "price"};
    answer a = {0};
    const char *file = hf_args_text(&t->cli->args, "export-lp");
    const char *form = hf_args_text(&t->cli->args, "form"), *rows = NULL;
    if (t->n_shocks == 0) return hf_cli_usage(t->cli, "--method rebalance needs a shock: --shock REGION/INDUSTRY=SHARE");
    if (form && strcmp(form, "plain") != 0) return hf_trade_forms(t, strcmp(form, "mria") == 0);
    hf_err err = hf_trade_shocks_allow(t, "--form plain", 1u << HF_SHOCK_CAPACITY);
    if (err == HF_OK) err = hf_trade_rows_asked(t, "rebalance", "industries", &rows);
    if (err == HF_OK) err = solve(t, &a);
    if (err == HF_OK && file) err = hf_lp_write(hf_rebalance_lp(a.program), file, hf_trade_lp_format(file));
    if (err == HF_OK && hf_args_has(&t->cli->args, "json")) err = json_write(t, &a);
    else if (err == HF_OK && hf_args_has(&t->cli->args, "csv"))
        err = hf_trade_csv(t, columns, (const double *const[]){hf_rebalance_output_before(a.program), a.result.output, a.result.rationed, a.result.price}, 4);
    else if (err == HF_OK) err = print(t, &a);
    answer_done(&a);
    return err;
}
