/* trade --method inoperability: how far a loss spreads in shares of what each industry should do, and how fast it goes away. */
#include <math.h>

#include "base/alloc.h"
#include "cli/json_parts.h"
#include "cli/trade.h"
#include "cli/words.h"
#include "model/economy/inoperability.h"

typedef struct answer {
    hf_iim *iim;
    double *q;                     /* [n] while the shock holds; NULL without one */
    double *lost;                  /* [n] output lost until all have recovered, table's money */
    double *dependency, *influence; /* [n] overall indices */
} answer;

static void answer_done(answer *a)
{
    hf_iim_free(a->iim);
    void *all[] = {a->q, a->lost, a->dependency, a->influence};
    for (size_t k = 0; k < sizeof all / sizeof *all; k++) hf_free(all[k]);
}

/* The shock holds for --duration days; then each industry returns on its own within --recovery days, all of them together more slowly. */
static hf_err shock_solve(const hf_trade *t, answer *a)
{
    hf_err err = HF_OK;
    int n = t->table->n_industries;
    double duration = hf_args_number(&t->cli->args, "duration", 30), recovery = hf_args_number(&t->cli->args, "recovery", 60);
    double *tau = hf_malloc((size_t)n * sizeof *tau), *k = hf_malloc((size_t)n * sizeof *k), *end = hf_malloc((size_t)n * sizeof *end);
    double *integral = hf_malloc((size_t)n * sizeof *integral);
    a->q = hf_malloc((size_t)n * sizeof *a->q);
    a->lost = hf_calloc((size_t)n, sizeof *a->lost);
    if (!tau || !k || !end || !integral || !a->q || !a->lost) HF_TRY(HF_E_NOMEM);
    hf_iim_solve(a->iim, t->closed, a->q);
    hf_iim_clip(n, a->q, NULL, t->cli->diag);
    for (int f = 0; f < n; f++) tau[f] = fmax(recovery, 1e-3);
    HF_TRY(hf_diim_rates(a->iim, tau, NULL, k));
    HF_TRY(hf_diim_at(a->iim, k, a->q, NULL, 4 * fmax(recovery, 1e-3), end, integral));
    for (int f = 0; f < n; f++) a->lost[f] = t->table->x[f] / 365 * (a->q[f] * duration + integral[f]);
out:
    hf_free(tau);
    hf_free(k);
    hf_free(end);
    hf_free(integral);
    return err;
}

static hf_err solve(const hf_trade *t, answer *a)
{
    hf_err err = HF_OK;
    int n = t->table->n_industries;
    double *coefficients = hf_malloc((size_t)n * (size_t)n * sizeof *coefficients);
    a->dependency = hf_malloc((size_t)n * sizeof *a->dependency);
    a->influence = hf_malloc((size_t)n * sizeof *a->influence);
    if (!coefficients || !a->dependency || !a->influence) HF_TRY(HF_E_NOMEM);
    hf_iim_coefficients(t->table, HF_IIM_SUPPLY, coefficients);
    HF_TRY(hf_iim_new(n, coefficients, t->threads, t->cli->diag, &a->iim));
    HF_TRY(hf_iim_indices(a->iim, 0, t->threads, a->dependency, a->influence));
    if (t->n_shocks > 0) HF_TRY(shock_solve(t, a));
out:
    hf_free(coefficients);
    return err;
}

static void share_cell(hf_text_table *table, double share)
{
    hf_buf text = {0};
    hf_word_share(&text, share);
    hf_text_table_cell(table, text.text ? text.text : "");
    hf_buf_done(&text);
}

static hf_err shock_print(const hf_trade *t, const answer *a, int *order)
{
    hf_text_table *table = NULL;
    hf_err err = HF_OK;
    int n = t->table->n_industries;
    double total = 0;
    for (int f = 0; f < n; f++) total += a->lost[f];
    hf_buf_puts(&t->cli->out, "Until all have recovered ");
    hf_trade_money(t, total, &t->cli->out);
    hf_buf_printf(&t->cli->out, " are not made: the shock holds for %g days, then each industry alone would return in %g.\n",
                  hf_args_number(&t->cli->args, "duration", 30), hf_args_number(&t->cli->args, "recovery", 60));
    HF_TRY(hf_trade_order(a->lost, n, order));
    hf_trade_heading(t, "Who cannot do what it should", n);
    HF_TRY(hf_text_table_new(&table));
    hf_text_table_column(table, "industry", HF_ALIGN_LEFT);
    hf_text_table_column(table, "hit from outside", HF_ALIGN_RIGHT);
    hf_text_table_column(table, "inoperable", HF_ALIGN_RIGHT);
    hf_text_table_column(table, "output lost", HF_ALIGN_RIGHT);
    for (int k = 0; k < hf_trade_shown(t, n); k++) {
        hf_trade_industry_cell(t, table, order[k]);
        share_cell(table, t->closed[order[k]]);
        share_cell(table, a->q[order[k]]);
        hf_trade_money_cell(t, table, a->lost[order[k]]);
    }
    HF_TRY(hf_text_table_write(table, t->cli->width, &t->cli->out));
out:
    hf_text_table_free(table);
    return err;
}

static hf_err indices_print(const hf_trade *t, const answer *a, int *order)
{
    hf_text_table *table = NULL;
    hf_err err = HF_OK;
    int n = t->table->n_industries;
    HF_TRY(hf_trade_order(a->influence, n, order));
    hf_trade_heading(t, "Industries by influence: the mean inoperability of the others when one cannot work at all", n);
    HF_TRY(hf_text_table_new(&table));
    hf_text_table_column(table, "industry", HF_ALIGN_LEFT);
    hf_text_table_column(table, "influence", HF_ALIGN_RIGHT);
    hf_text_table_column(table, "dependency", HF_ALIGN_RIGHT);
    for (int k = 0; k < hf_trade_shown(t, n); k++) {
        hf_trade_industry_cell(t, table, order[k]);
        hf_text_table_cellf(table, "%.4f", a->influence[order[k]]);
        hf_text_table_cellf(table, "%.4f", a->dependency[order[k]]);
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
    if (a->q) HF_TRY(shock_print(t, a, order));
    HF_TRY(indices_print(t, a, order));
out:
    hf_free(order);
    return err;
}

static hf_err json_write(const hf_trade *t, const answer *a)
{
    hf_json json;
    hf_trade_json_start(t, &json, "inoperability");
    hf_json_key(&json, "checks");
    hf_json_object(&json);
    hf_json_key_number(&json, "spectral_radius", a->iim->radius);
    hf_json_end(&json);
    hf_json_key(&json, "industries");
    hf_json_array(&json);
    for (int f = 0; f < t->table->n_industries; f++) {
        hf_json_object(&json);
        hf_trade_json_industry(t, &json, f);
        hf_json_key_number(&json, "x0", t->table->x[f]);
        if (a->q) hf_json_key_number(&json, "inoperability", a->q[f]);
        if (a->q) hf_json_key_number(&json, "loss", a->lost[f]);
        hf_json_key_number(&json, "influence", a->influence[f]);
        hf_json_key_number(&json, "dependency", a->dependency[f]);
        hf_json_end(&json);
    }
    hf_json_end(&json);
    hf_json_end(&json);
    hf_buf_puts(&t->cli->out, "\n");
    return t->cli->out.err;
}

hf_err hf_trade_inoperability(hf_trade *t)
{
    static const char *const columns[] = {"output", "influence", "dependency", "inoperability", "loss"};
    answer a = {0};
    hf_err err = solve(t, &a);
    if (err == HF_OK && hf_args_has(&t->cli->args, "json")) err = json_write(t, &a);
    else if (err == HF_OK && hf_args_has(&t->cli->args, "csv"))
        err = hf_trade_csv(t, columns, (const double *const[]){t->table->x, a.influence, a.dependency, a.q, a.lost}, a.q ? 5 : 3);
    else if (err == HF_OK) err = print(t, &a);
    answer_done(&a);
    return err;
}
