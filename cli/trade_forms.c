/* trade --method rebalance --form substitution|mria: the same when buyers may turn to other regions, and when there are imports for the disaster. */
#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "cli/cells.h"
#include "cli/json_parts.h"
#include "cli/trade.h"
#include "solver/mria.h"
#include "solver/substitution.h"

typedef struct answer {
    bool mria;
    double *demand, *capacity; /* [n x n_regions], [n] */
    double *before, *after;    /* [n] output */
    double *bought, *buys;     /* [n x n_regions] trade before and after; substitution alone */
    hf_trade_limit *limit;
    int n_limits;
    hf_substitution s;
    hf_mria *model;
    hf_mria_result m;
    double *reconstruction;    /* [n] more demand than before; mria alone */
} answer;

static void answer_done(answer *a)
{
    hf_substitution_done(&a->s);
    hf_mria_result_done(&a->m);
    hf_mria_free(a->model);
    void *all[] = {a->demand, a->capacity, a->before, a->after, a->bought, a->buys, a->limit, a->reconstruction};
    for (size_t k = 0; k < sizeof all / sizeof *all; k++) hf_free(all[k]);
}

static hf_err answer_init(const hf_trade *t, answer *a)
{
    const hf_io_table *table = t->table;
    size_t n = (size_t)table->n_industries, R = (size_t)table->n_regions, m = (size_t)table->n_demand_columns;
    double **all[] = {&a->demand, &a->bought, &a->buys, &a->capacity, &a->before, &a->after, &a->reconstruction};
    for (size_t k = 0; k < sizeof all / sizeof *all; k++)
        if (!(*all[k] = hf_calloc(k < 3 ? n * R : n, sizeof(double)))) return HF_E_NOMEM;
    for (size_t f = 0; f < n; f++) {
        for (size_t c = 0; c < m; c++) a->demand[f * R + c / (size_t)table->n_demand] += table->y[f * m + c];
        for (size_t r = 0; r < R; r++) a->bought[f * R + r] = a->demand[f * R + r];
        for (size_t j = 0; j < n; j++) a->bought[f * R + j / (size_t)table->n_sectors] += table->z[f * n + j];
        for (size_t r = 0; r < R; r++) a->before[f] += a->bought[f * R + r];
    }
    return HF_OK;
}

/* ---- substitution ---- */

/* Shocks on trade leave room for the rest of what went there. */
static hf_err limits_make(const hf_trade *t, answer *a)
{
    int R = t->table->n_regions, S = t->table->n_sectors;
    a->limit = hf_calloc((size_t)t->n_shocks * (size_t)(R * R), sizeof *a->limit);
    if (!a->limit) return HF_E_NOMEM;
    for (int k = 0; k < t->n_shocks; k++)
        for (int pair = 0; pair < R * R; pair++) {
            const hf_trade_shock *s = &t->shocks[k];
            int p = pair / R, h = pair % R;
            double flow = 0;
            if (s->kind != HF_SHOCK_TRADE || (s->region >= 0 && s->region != p) || (s->partner >= 0 ? s->partner != h : p == h)) continue;
            for (int i = 0; i < S; i++)
                if (s->sector < 0 || s->sector == i) flow += a->bought[(p * S + i) * R + h];
            a->limit[a->n_limits++] = (hf_trade_limit){p, h, s->sector, (1 - s->size) * flow};
        }
    return HF_OK;
}

static hf_err substitution_solve(const hf_trade *t, answer *a)
{
    enum { CELLS = 60000 }; /* more users than this times products take minutes: regions then stand for them */
    hf_err err = HF_OK;
    const hf_args *args = &t->cli->args;
    int n = t->table->n_industries, R = t->table->n_regions, S = t->table->n_sectors;
    double spare = hf_args_number(args, "overproduction", 1.25);
    HF_TRY(hf_trade_shocks_allow(t, "--form substitution", 1u << HF_SHOCK_CAPACITY | 1u << HF_SHOCK_TRADE));
    HF_TRY(limits_make(t, a));
    for (int f = 0; f < n; f++) a->capacity[f] = a->before[f] * (t->closed[f] > 0 ? 1 - t->closed[f] : spare);
    hf_substitution_input input = {.n_regions = R, .n_sectors = S, .z = t->table->z, .demand = a->demand, .capacity = a->capacity,
                                   .switch_cost = hf_args_number(args, "switch-cost", 0.01), .limit = a->limit, .n_limits = a->n_limits,
                                   .pooled = hf_args_has(args, "pooled") || (double)n * (n + R) > CELLS};
    size_t first = hf_diag_kept(t->cli->diag);
    err = hf_substitution_solve(&input, hf_args_text(args, "export-lp"), t->cli->diag, &a->s);
    hf_cli_findings(t->cli, first, err == HF_OK ? HF_WARNING : HF_ERROR);
    t->cli->told = err != HF_OK && hf_diag_kept(t->cli->diag) > first;
    HF_TRY(err);
    for (int f = 0; f < n; f++) {
        a->after[f] = a->s.output[f];
        for (int u = 0; u < a->s.n_users; u++) {
            int region = a->s.n_users == R ? u : u < n ? u / S : u - n;
            a->buys[f * R + region] += a->s.trade[(size_t)f * (size_t)a->s.n_users + (size_t)u];
        }
    }
out:
    return err;
}

/* ---- mria ---- */

static hf_err mria_solve(const hf_trade *t, answer *a)
{
    hf_err err = HF_OK;
    const hf_args *args = &t->cli->args;
    size_t n = (size_t)t->table->n_industries;
    const char *file = hf_args_text(args, "export-lp");
    double *available = hf_malloc(n * sizeof *available);
    if (!available) return HF_E_NOMEM;
    HF_TRY(hf_trade_shocks_allow(t, "--form mria", 1u << HF_SHOCK_CAPACITY | 1u << HF_SHOCK_DEMAND));
    hf_mria_input input = {.n_regions = t->table->n_regions, .n_sectors = t->table->n_sectors, .z = t->table->z, .demand = a->demand};
    HF_TRY(hf_mria_new(&input, t->cli->diag, &a->model));
    for (size_t f = 0; f < n; f++) available[f] = 1 - t->closed[f];
    hf_mria_capacity(a->model, available, a->capacity);
    if (hf_args_has(args, "overproduction") && hf_args_number(args, "overproduction", 1.25) > 0)
        for (size_t f = 0; f < n; f++) a->capacity[f] = a->before[f] * (t->closed[f] > 0 ? available[f] : hf_args_number(args, "overproduction", 1.25));
    hf_trade_demand_change(t, a->reconstruction);
    for (size_t f = 0; f < n; f++)
        if (a->reconstruction[f] < 0) HF_TRY(hf_cli_usage(t->cli, "--form mria takes shocks on demand that raise it (reconstruction), not less demand"));
    size_t first = hf_diag_kept(t->cli->diag);
    err = hf_mria_solve(a->model, a->capacity, a->reconstruction, 0, t->cli->diag, &a->m);
    hf_cli_findings(t->cli, first, err == HF_OK ? HF_WARNING : HF_ERROR);
    t->cli->told = err != HF_OK && hf_diag_kept(t->cli->diag) > first;
    HF_TRY(err);
    memcpy(a->after, a->m.output, n * sizeof *a->after);
    if (file) HF_TRY(hf_lp_write(hf_mria_lp(a->model), file, hf_trade_lp_format(file)));
out:
    hf_free(available);
    return err;
}

/* ---- for people ---- */

static double rationed_of(const hf_trade *t, const answer *a, int product, int region)
{
    return a->s.rationed[product * t->table->n_regions + region];
}

/* What of the final demand of each region is not met, by product. */
static hf_err rationed_print(const hf_trade *t, const answer *a)
{
    static const char *const left[] = {"product", "wanted in"}, *const right[] = {"demand not met", "of it"};
    hf_text_table *table = NULL;
    hf_err err = HF_OK;
    int R = t->table->n_regions, S = t->table->n_sectors, n = 0, *order = hf_malloc((size_t)(S * R) * sizeof *order);
    double *figure = hf_calloc((size_t)(S * R), sizeof *figure);
    if (!order || !figure) HF_TRY(HF_E_NOMEM);
    for (int k = 0; k < S * R; k++) {
        if (t->home < 0 || k % R == t->home) figure[k] = rationed_of(t, a, k / R, k % R);
        n += figure[k] * t->table->unit > 0.5;
    }
    if (n == 0) goto out;
    HF_TRY(hf_trade_order(figure, S * R, order));
    hf_trade_heading(t, "Final demand that is not met", n);
    HF_TRY(hf_trade_table_begin(&table, left, 2, right, 2));
    for (int k = 0; k < hf_trade_shown(t, n); k++) {
        int product = order[k] / R, region = order[k] % R;
        double wanted = 0;
        for (int r = 0; r < R; r++) wanted += a->demand[(r * S + product) * R + region];
        hf_text_table_cell(table, hf_trade_sector_title(t, product));
        hf_text_table_cell(table, t->table->region[region]);
        hf_trade_money_cell(t, table, figure[order[k]]);
        hf_cell_share(table, wanted > 0 ? figure[order[k]] / wanted : 0);
    }
    HF_TRY(hf_text_table_write(table, t->cli->width, &t->cli->out));
out:
    hf_free(order);
    hf_free(figure);
    hf_text_table_free(table);
    return err;
}

/* What is bought elsewhere than before: the largest changes of trade, by product. */
static hf_err trade_print(const hf_trade *t, const answer *a)
{
    static const char *const left[] = {"product of", "for"}, *const right[] = {"before", "after", "change"};
    hf_text_table *table = NULL;
    hf_err err = HF_OK;
    int R = t->table->n_regions, S = t->table->n_sectors, n = t->table->n_industries * R, changed = 0, *order = hf_malloc((size_t)n * sizeof *order);
    double *figure = hf_calloc((size_t)n, sizeof *figure);
    if (!order || !figure) HF_TRY(HF_E_NOMEM);
    for (int k = 0; k < n; k++) {
        if (t->home < 0 || k % R == t->home || k / R / S == t->home) figure[k] = fabs(a->buys[k] - a->bought[k]);
        changed += figure[k] * t->table->unit > 0.5;
    }
    if (changed == 0) goto out;
    HF_TRY(hf_trade_order(figure, n, order));
    hf_trade_heading(t, "What is bought elsewhere, or no more", changed);
    HF_TRY(hf_trade_table_begin(&table, left, 2, right, 3));
    for (int k = 0; k < hf_trade_shown(t, changed); k++) {
        hf_trade_industry_cell(t, table, order[k] / R);
        hf_text_table_cell(table, t->table->region[order[k] % R]);
        hf_trade_money_cell(t, table, a->bought[order[k]]);
        hf_trade_money_cell(t, table, a->buys[order[k]]);
        hf_trade_money_cell(t, table, a->buys[order[k]] - a->bought[order[k]]);
    }
    HF_TRY(hf_text_table_write(table, t->cli->width, &t->cli->out));
out:
    hf_free(order);
    hf_free(figure);
    hf_text_table_free(table);
    return err;
}

/* Industries by how much their output changes. */
static hf_err industries_print(const hf_trade *t, const answer *a)
{
    static const char *const left[] = {"industry"}, *const right[] = {"output", "of before", "one unit more saves", "rationed", "imported"};
    hf_text_table *table = NULL;
    hf_err err = HF_OK;
    int n = t->table->n_industries, *order = hf_malloc((size_t)n * sizeof *order);
    double *figure = hf_malloc((size_t)n * sizeof *figure);
    if (!order || !figure) HF_TRY(HF_E_NOMEM);
    for (int f = 0; f < n; f++) figure[f] = fabs(a->after[f] - a->before[f]) + (a->mria ? a->m.rationed[f] + a->m.imported[f] : 0);
    HF_TRY(hf_trade_order_industries(t, figure, order, &n));
    hf_trade_heading(t, "Industries that change most", n);
    HF_TRY(hf_trade_table_begin(&table, left, 1, right, a->mria ? 5 : 3));
    for (int k = 0; k < hf_trade_shown(t, n); k++) {
        int f = order[k];
        hf_trade_industry_cell(t, table, f);
        hf_trade_money_cell(t, table, a->after[f]);
        hf_text_table_cellf(table, "%.1f %%", a->before[f] > 0 ? 100 * a->after[f] / a->before[f] : 100);
        hf_text_table_cellf(table, "%.2f", a->mria ? a->m.price[f] : a->s.price[f]);
        if (a->mria) hf_trade_money_cell(t, table, a->m.rationed[f]);
        if (a->mria) hf_trade_money_cell(t, table, a->m.imported[f]);
    }
    HF_TRY(hf_text_table_write(table, t->cli->width, &t->cli->out));
out:
    hf_free(order);
    hf_free(figure);
    hf_text_table_free(table);
    return err;
}

static void output_say(const hf_trade *t, const answer *a)
{
    hf_buf *out = &t->cli->out;
    double less = 0;
    for (int f = 0; f < t->table->n_industries; f++) less += a->before[f] - a->after[f];
    hf_trade_money(t, fabs(less), out);
    hf_buf_puts(out, less < 0 ? " more.\n" : " less.\n");
}

static hf_err print(const hf_trade *t, const answer *a)
{
    hf_err err = HF_OK;
    hf_buf *out = &t->cli->out;
    double rationed = a->mria ? a->m.rationed_total : a->s.rationed_total;
    hf_buf_puts(out, a->mria ? "With trade between regions and imports for the disaster, " : "When buyers turn to other regions as far as these have room, ");
    if (rationed * t->table->unit > 0.5) {
        hf_buf_puts(out, "final demand for ");
        hf_trade_money(t, rationed, out);
        hf_buf_puts(out, " a year is not met; ");
    } else hf_buf_puts(out, "all final demand is met; ");
    hf_trade_money(t, a->mria ? a->m.imported_total : a->s.switched / 2, out);
    hf_buf_puts(out, a->mria ? " is imported; output is " : " is bought elsewhere; output is ");
    output_say(t, a);
    hf_buf_printf(out, "Computed again: rows and bounds hold to %.0e.\n", a->mria ? a->m.violation : a->s.violation);
    if (a->mria && a->m.complementarity > 1e-9)
        hf_buf_printf(out, "The published form also wants no imports where capacity is left; the answer misses that by %.1e.\n", a->m.complementarity);
    if (!a->mria && a->s.n_users == t->table->n_regions) hf_buf_puts(out, "Within a region goods go where they are needed (pooled).\n");
    if (!a->mria) HF_TRY(rationed_print(t, a));
    HF_TRY(industries_print(t, a));
    if (!a->mria) HF_TRY(trade_print(t, a));
out:
    return err;
}

/* ---- for programs ---- */

static void trade_json(const hf_trade *t, const answer *a, hf_json *json)
{
    int R = t->table->n_regions, S = t->table->n_sectors;
    hf_json_key(json, "rationed");
    hf_json_array(json);
    for (int k = 0; k < S * R; k++) {
        hf_json_object(json);
        hf_json_key_text(json, "industry", t->table->sector[k / R]);
        hf_json_key_text(json, "region", t->table->region[k % R]);
        hf_json_key_number(json, "rationed", rationed_of(t, a, k / R, k % R));
        hf_json_end(json);
    }
    hf_json_end(json);
    hf_json_key(json, "trade");
    hf_json_array(json);
    for (int k = 0; k < t->table->n_industries * R; k++) {
        if (!(a->bought[k] > 0) && !(a->buys[k] > 0)) continue;
        hf_json_object(json);
        hf_json_key_text(json, "from", t->table->region[k / R / S]);
        hf_json_key_text(json, "industry", t->table->sector[k / R % S]);
        hf_json_key_text(json, "to", t->table->region[k % R]);
        hf_json_key_number(json, "normal", a->bought[k]);
        hf_json_key_number(json, "loss", a->bought[k] - a->buys[k]);
        hf_json_end(json);
    }
    hf_json_end(json);
}

static hf_err json_write(const hf_trade *t, const answer *a)
{
    hf_json json;
    hf_trade_json_start(t, &json, "rebalance");
    hf_json_key_text(&json, "form", a->mria ? "mria" : "substitution");
    hf_json_key_number(&json, "rationed_total", a->mria ? a->m.rationed_total : a->s.rationed_total);
    hf_json_key_number(&json, a->mria ? "imported_total" : "switched", a->mria ? a->m.imported_total : a->s.switched);
    hf_json_key(&json, "industries");
    hf_json_array(&json);
    for (int f = 0; f < t->table->n_industries; f++) {
        hf_json_object(&json);
        hf_trade_json_industry(t, &json, f);
        hf_json_key_number(&json, "x0", a->before[f]);
        hf_json_key_number(&json, "x", a->after[f]);
        hf_json_key_number(&json, "loss", a->before[f] - a->after[f]);
        hf_json_key_number(&json, "price", a->mria ? a->m.price[f] : a->s.price[f]);
        if (a->mria) {
            hf_json_key_number(&json, "rationed", a->m.rationed[f]);
            hf_json_key_number(&json, "imported", a->m.imported[f]);
            hf_json_key_number(&json, "marginal", hf_mria_marginals(a->model)[f]);
        }
        hf_json_end(&json);
    }
    hf_json_end(&json);
    hf_trade_json_countries(t, &json, (const char *const[]){"x0", "x", "rationed", "imported"},
                            (const double *const[]){a->before, a->after, a->m.rationed, a->m.imported}, a->mria ? 4 : 2);
    if (!a->mria) trade_json(t, a, &json);
    hf_err err = hf_trade_json_checks(t, &json, hf_trade_balance_gap(t), "stable");
    hf_json_key_number(&json, "violation", a->mria ? a->m.violation : a->s.violation);
    if (a->mria) hf_json_key_number(&json, "complementarity", a->m.complementarity);
    hf_json_end(&json);
    hf_json_end(&json);
    hf_buf_puts(&t->cli->out, "\n");
    return err != HF_OK ? err : t->cli->out.err;
}

static hf_err trade_csv(const hf_trade *t, const answer *a)
{
    static const char *const columns[] = {"from_region", "industry", "to_region", "normal", "lost"};
    hf_trade_rows rows;
    int R = t->table->n_regions, S = t->table->n_sectors;
    hf_trade_rows_begin(&rows, columns, 5);
    for (int k = 0; k < t->table->n_industries * R; k++) {
        if (!(a->bought[k] > 0) && !(a->buys[k] > 0)) continue;
        hf_trade_rows_text(&rows, t->table->region[k / R / S]);
        hf_trade_rows_text(&rows, t->table->sector[k / R % S]);
        hf_trade_rows_text(&rows, t->table->region[k % R]);
        hf_trade_rows_number(&rows, a->bought[k]);
        hf_trade_rows_number(&rows, a->bought[k] - a->buys[k]);
    }
    return hf_trade_rows_end(&rows, t);
}

static hf_err rationed_csv(const hf_trade *t, const answer *a)
{
    static const char *const columns[] = {"region", "industry", "rationed"};
    hf_trade_rows rows;
    int R = t->table->n_regions;
    hf_trade_rows_begin(&rows, columns, 3);
    for (int k = 0; k < t->table->n_industries; k++) {
        hf_trade_rows_text(&rows, t->table->region[k % R]);
        hf_trade_rows_text(&rows, t->table->sector[k / R]);
        hf_trade_rows_number(&rows, rationed_of(t, a, k / R, k % R));
    }
    return hf_trade_rows_end(&rows, t);
}

static hf_err csv_write(const hf_trade *t, const answer *a)
{
    static const char *const columns[] = {"x0", "x", "price", "rationed", "imported"};
    const char *rows = NULL;
    hf_err err = hf_trade_rows_asked(t, a->mria ? "rebalance --form mria" : "rebalance", a->mria ? "industries" : "industries|regions|trade", &rows);
    if (err != HF_OK) return err;
    if (rows[0] == 't') return trade_csv(t, a);
    if (rows[0] == 'r') return rationed_csv(t, a);
    const double *values[] = {a->before, a->after, a->mria ? a->m.price : a->s.price, a->m.rationed, a->m.imported};
    return hf_trade_csv(t, columns, values, a->mria ? 5 : 3);
}

hf_err hf_trade_forms(hf_trade *t, bool mria)
{
    answer a = {.mria = mria};
    hf_err err = answer_init(t, &a);
    if (err == HF_OK) err = mria ? mria_solve(t, &a) : substitution_solve(t, &a);
    if (err == HF_OK && hf_args_has(&t->cli->args, "json")) err = json_write(t, &a);
    else if (err == HF_OK && hf_args_has(&t->cli->args, "csv")) err = csv_write(t, &a);
    else if (err == HF_OK) err = print(t, &a);
    answer_done(&a);
    return err;
}
