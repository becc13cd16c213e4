/* trade --method static: tables for people, JSON and CSV for programs. */
#include "base/alloc.h"
#include "cli/cells.h"
#include "cli/json_parts.h"
#include "cli/trade_static.h"
#include "cli/words.h"

/* "all lose" or "RS loses" */
static void losers(const hf_trade *t, hf_buf *out)
{
    if (t->home < 0) hf_buf_puts(out, "all lose");
    else hf_buf_printf(out, "%s loses", t->table->region[t->home]);
}

static void lost_heading(const hf_trade *t, const hf_trade_still *a, const char *what, const char *when, int n)
{
    hf_buf text = {0};
    hf_buf_printf(&text, "%s by what ", what);
    losers(t, &text);
    hf_buf_puts(&text, " when ");
    if (a->share < 1) hf_buf_printf(&text, "%.4g %% of ", 100 * a->share);
    hf_buf_puts(&text, when);
    hf_trade_heading(t, text.text ? text.text : what, n);
    hf_buf_done(&text);
}

static hf_err industries_print(const hf_trade *t, const hf_trade_still *a, int *order)
{
    hf_text_table *table = NULL;
    int n = t->table->n_industries;
    hf_err err = HF_OK;
    HF_TRY(hf_trade_order(a->extraction, n, order));
    static const char *const gone[] = {[HF_EXTRACT_COMPLETE] = "one is gone and nothing takes its place", [HF_EXTRACT_BACKWARD] = "what one buys is not bought",
                                       [HF_EXTRACT_FORWARD] = "what one sells to industries is not sold"};
    lost_heading(t, a, "Industries", gone[a->kind], n);
    HF_TRY(hf_text_table_new(&table));
    hf_text_table_column(table, "industry", HF_ALIGN_LEFT);
    static const char *const columns[] = {"output a year", "value added lost", "backward", "forward", "multiplier"};
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

static hf_err regions_print(const hf_trade *t, const hf_trade_still *a)
{
    hf_text_table *table = NULL;
    hf_err err = HF_OK;
    int n = 0, *order = hf_malloc((size_t)t->table->n_regions * sizeof *order);
    if (!order) return HF_E_NOMEM;
    HF_TRY(hf_trade_region_rows(t, a->kind == HF_EXTRACT_COMPLETE   ? "Regions by what goes with them"
                                   : a->kind == HF_EXTRACT_BACKWARD ? "Regions by what goes with their purchases"
                                                                    : "Regions by what goes with their sales to industries",
                                a->region_loss, order, &n));
    HF_TRY(hf_text_table_new(&table));
    hf_text_table_column(table, "region", HF_ALIGN_LEFT);
    hf_buf heading = {0};
    hf_buf_printf(&heading, "value added lost by %s", t->home < 0 ? "all" : t->table->region[t->home]);
    hf_text_table_column(table, heading.text ? heading.text : "", HF_ALIGN_RIGHT);
    hf_buf_done(&heading);
    if (t->home < 0) hf_text_table_column(table, "of it elsewhere", HF_ALIGN_RIGHT);
    for (int k = 0; k < n; k++) {
        int r = order[k];
        hf_text_table_cell(table, t->table->region[r]);
        hf_trade_money_cell(t, table, a->region_loss[r]);
        if (t->home < 0) hf_trade_money_cell(t, table, a->region_abroad[r]);
    }
    HF_TRY(hf_text_table_write(table, t->cli->width, &t->cli->out));
out:
    hf_free(order);
    hf_text_table_free(table);
    return err;
}

static hf_err pairs_print(const hf_trade *t, const hf_trade_still *a)
{
    hf_text_table *table = NULL;
    hf_err err = HF_OK;
    int R = t->table->n_regions, n = R * R - R, *order = hf_malloc((size_t)(R * R) * sizeof *order);
    if (!order) return HF_E_NOMEM;
    if (n == 0) goto out;
    HF_TRY(hf_trade_order(a->pair_loss, R * R, order)); /* a region's trade with itself is 0 here, and so comes last */
    lost_heading(t, a, "Trade between two regions", "the trade stops", n);
    HF_TRY(hf_text_table_new(&table));
    hf_text_table_column(table, "from", HF_ALIGN_LEFT);
    hf_text_table_column(table, "to", HF_ALIGN_LEFT);
    hf_text_table_column(table, "trade a year", HF_ALIGN_RIGHT);
    hf_text_table_column(table, "value added lost", HF_ALIGN_RIGHT);
    for (int k = 0; k < hf_trade_shown(t, n); k++) {
        hf_text_table_cell(table, t->table->region[order[k] / R]);
        hf_text_table_cell(table, t->table->region[order[k] % R]);
        hf_trade_money_cell(t, table, a->pair_flow[order[k]]);
        hf_trade_money_cell(t, table, a->pair_loss[order[k]]);
    }
    HF_TRY(hf_text_table_write(table, t->cli->width, &t->cli->out));
out:
    hf_free(order);
    hf_text_table_free(table);
    return err;
}

static hf_err links_print(const hf_trade *t, const hf_trade_still *a)
{
    hf_text_table *table = NULL;
    hf_trade_link *links = NULL;
    hf_err err = HF_OK;
    int n = 0;
    size_t all = 0;
    HF_TRY(hf_trade_links_worst(t, a, t->top > 0 ? t->top : 1000, &links, &n, &all));
    if (n == 0) goto out;
    hf_buf_printf(&t->cli->out, "\nSingle links between industries of two regions by what ");
    losers(t, &t->cli->out);
    hf_buf_printf(&t->cli->out, " (%d of %zu; --csv --rows links has all):\n", n, all);
    HF_TRY(hf_text_table_new(&table));
    hf_text_table_column(table, "seller", HF_ALIGN_LEFT);
    hf_text_table_column(table, "buyer", HF_ALIGN_LEFT);
    hf_text_table_column(table, "a year", HF_ALIGN_RIGHT);
    hf_text_table_column(table, "value added lost", HF_ALIGN_RIGHT);
    for (int k = 0; k < n; k++) {
        hf_trade_industry_cell(t, table, links[k].from);
        hf_trade_industry_cell(t, table, links[k].to);
        hf_trade_money_cell(t, table, links[k].flow);
        hf_trade_money_cell(t, table, links[k].loss);
    }
    HF_TRY(hf_text_table_write(table, t->cli->width, &t->cli->out));
out:
    hf_free(links);
    hf_text_table_free(table);
    return err;
}

static double share_of(double part, double whole)
{
    return whole > 0 ? part / whole : 0;
}

static hf_err shock_print(const hf_trade *t, const hf_trade_still *a, int *order)
{
    hf_text_table *table = NULL;
    hf_err err = HF_OK;
    int n = t->table->n_industries;
    double total = 0, value = 0;
    for (int f = 0; f < n; f++) total += a->lost[f], value += a->lost[f] * a->weight[f];
    hf_buf_puts(&t->cli->out, "\nWith as much less demand as the shock takes, and nothing in its place, all make ");
    hf_trade_money(t, total, &t->cli->out);
    hf_buf_puts(&t->cli->out, " less a year; ");
    losers(t, &t->cli->out);
    hf_buf_puts(&t->cli->out, " ");
    hf_trade_money(t, value, &t->cli->out);
    hf_buf_puts(&t->cli->out, " of value added.\n");
    HF_TRY(hf_trade_order_industries(t, a->lost, order, &n));
    hf_trade_heading(t, "Who makes less", n);
    HF_TRY(hf_text_table_new(&table));
    hf_text_table_column(table, "industry", HF_ALIGN_LEFT);
    hf_text_table_column(table, "output lost a year", HF_ALIGN_RIGHT);
    hf_text_table_column(table, "of its output", HF_ALIGN_RIGHT);
    for (int k = 0; k < hf_trade_shown(t, n); k++) {
        hf_trade_industry_cell(t, table, order[k]);
        hf_trade_money_cell(t, table, a->lost[order[k]]);
        hf_cell_share(table, share_of(a->lost[order[k]], t->table->x[order[k]]));
    }
    HF_TRY(hf_text_table_write(table, t->cli->width, &t->cli->out));
out:
    hf_text_table_free(table);
    return err;
}

hf_err hf_trade_still_print(const hf_trade *t, const hf_trade_still *a)
{
    hf_err err = HF_OK;
    int *order = hf_malloc((size_t)t->table->n_industries * sizeof *order);
    if (!order) return HF_E_NOMEM;
    hf_buf_printf(&t->cli->out, "%d regions by %d industries, %d; gross output ", t->table->n_regions, t->table->n_sectors, t->table->year);
    hf_trade_money(t, hf_io_totals_of(t->table).x, &t->cli->out);
    hf_buf_puts(&t->cli->out, " a year.\n");
    if (a->lost) HF_TRY(shock_print(t, a, order));
    HF_TRY(industries_print(t, a, order));
    HF_TRY(regions_print(t, a));
    HF_TRY(pairs_print(t, a));
    HF_TRY(links_print(t, a));
out:
    hf_free(order);
    return err;
}

/* ---- for programs ---- */

static void industry_json(const hf_trade *t, const hf_trade_still *a, int f, hf_json *json)
{
    hf_json_object(json);
    hf_trade_json_industry(t, json, f);
    hf_json_key_number(json, "x0", t->table->x[f]);
    if (a->lost) hf_json_key_number(json, "x", t->table->x[f] - a->lost[f]);
    if (a->lost) hf_json_key_number(json, "loss", a->lost[f]);
    hf_json_key_number(json, "extraction_value_added", a->extraction[f]);
    hf_json_key_number(json, "backward", a->backward[f]);
    hf_json_key_number(json, "forward", a->forward[f]);
    hf_json_key_number(json, "output_multiplier", a->multiplier[f]);
    hf_json_key_number(json, "value_added_multiplier", a->value_multiplier[f]);
    if (a->jobs_multiplier) hf_json_key_number(json, "jobs_multiplier", a->jobs_multiplier[f]);
    hf_json_end(json);
}

static void regions_json(const hf_trade *t, const hf_trade_still *a, hf_json *json)
{
    hf_json_key(json, "by_country");
    hf_json_array(json);
    for (int r = 0; r < t->table->n_regions; r++) {
        hf_json_object(json);
        hf_json_key_text(json, "region", t->table->region[r]);
        if (a->lost) {
            double lost = 0;
            for (int i = 0; i < t->table->n_sectors; i++) lost += a->lost[r * t->table->n_sectors + i];
            hf_json_key_number(json, "loss", lost);
        }
        hf_json_key_number(json, "extraction_value_added", a->region_loss[r]);
        hf_json_key_number(json, "extraction_value_added_elsewhere", a->region_abroad[r]);
        hf_json_end(json);
    }
    hf_json_end(json);
}

static void pairs_json(const hf_trade *t, const hf_trade_still *a, hf_json *json)
{
    int R = t->table->n_regions;
    hf_json_key(json, "by_partner");
    hf_json_array(json);
    for (int k = 0; k < R * R; k++) {
        if (k / R == k % R) continue;
        hf_json_object(json);
        hf_json_key_text(json, "from", t->table->region[k / R]);
        hf_json_key_text(json, "to", t->table->region[k % R]);
        hf_json_key_number(json, "trade", a->pair_flow[k]);
        hf_json_key_number(json, "loss", a->pair_loss[k]);
        hf_json_end(json);
    }
    hf_json_end(json);
}

hf_err hf_trade_still_json(const hf_trade *t, const hf_trade_still *a)
{
    hf_json json;
    hf_trade_json_start(t, &json, "static");
    hf_json_key_text(&json, "home", t->home < 0 ? NULL : t->table->region[t->home]);
    hf_json_key_number(&json, "lost_share", a->share);
    hf_json_key(&json, "industries");
    hf_json_array(&json);
    for (int f = 0; f < t->table->n_industries; f++) industry_json(t, a, f, &json);
    hf_json_end(&json);
    regions_json(t, a, &json);
    pairs_json(t, a, &json);
    hf_err err = hf_trade_json_checks(t, &json, hf_trade_balance_gap(t), "stable");
    hf_json_end(&json);
    hf_json_end(&json);
    hf_buf_puts(&t->cli->out, "\n");
    return err != HF_OK ? err : t->cli->out.err;
}

static hf_err regions_csv(const hf_trade *t, const hf_trade_still *a)
{
    static const char *const columns[] = {"region", "extraction_value_added", "extraction_value_added_elsewhere"};
    hf_trade_rows rows;
    hf_trade_rows_begin(&rows, columns, 3);
    for (int r = 0; r < t->table->n_regions; r++) {
        hf_trade_rows_text(&rows, t->table->region[r]);
        hf_trade_rows_number(&rows, a->region_loss[r]);
        hf_trade_rows_number(&rows, a->region_abroad[r]);
    }
    return hf_trade_rows_end(&rows, t);
}

static hf_err pairs_csv(const hf_trade *t, const hf_trade_still *a)
{
    static const char *const columns[] = {"from_region", "to_region", "trade", "value_added_lost"};
    hf_trade_rows rows;
    int R = t->table->n_regions;
    hf_trade_rows_begin(&rows, columns, 4);
    for (int k = 0; k < R * R; k++) {
        if (k / R == k % R) continue;
        hf_trade_rows_text(&rows, t->table->region[k / R]);
        hf_trade_rows_text(&rows, t->table->region[k % R]);
        hf_trade_rows_number(&rows, a->pair_flow[k]);
        hf_trade_rows_number(&rows, a->pair_loss[k]);
    }
    return hf_trade_rows_end(&rows, t);
}

static hf_err links_csv(const hf_trade *t, const hf_trade_still *a)
{
    static const char *const columns[] = {"from_region", "from_industry", "to_region", "to_industry", "flow", "value_added_lost"};
    hf_trade_rows rows;
    int n = t->table->n_industries, S = t->table->n_sectors;
    hf_trade_rows_begin(&rows, columns, 6);
    for (int f = 0; f < n; f++)
        for (int j = 0; j < n; j++) {
            double flow = t->table->z[(size_t)f * (size_t)n + (size_t)j];
            if (!(flow > 0) || f / S == j / S) continue;
            hf_trade_rows_text(&rows, t->table->region[f / S]);
            hf_trade_rows_text(&rows, t->table->sector[f % S]);
            hf_trade_rows_text(&rows, t->table->region[j / S]);
            hf_trade_rows_text(&rows, t->table->sector[j % S]);
            hf_trade_rows_number(&rows, flow);
            hf_trade_rows_number(&rows, hf_extract_link_total(a->leontief, f, j, a->share, a->weight_l));
        }
    return hf_trade_rows_end(&rows, t);
}

hf_err hf_trade_still_csv(const hf_trade *t, const hf_trade_still *a)
{
    const char *columns[8] = {"output", "extraction_value_added", "backward", "forward", "output_multiplier", "value_added_multiplier"};
    const double *values[8] = {t->table->x, a->extraction, a->backward, a->forward, a->multiplier, a->value_multiplier};
    const char *rows = NULL;
    int n = 6;
    hf_err err = hf_trade_rows_asked(t, "static", "industries|regions|trade|links", &rows);
    if (err != HF_OK) return err;
    if (rows[0] == 'r') return regions_csv(t, a);
    if (rows[0] == 't') return pairs_csv(t, a);
    if (rows[0] == 'l') return links_csv(t, a);
    if (a->jobs_multiplier) columns[n] = "jobs_multiplier", values[n++] = a->jobs_multiplier;
    if (a->lost) columns[n] = "loss", values[n++] = a->lost;
    return hf_trade_csv(t, columns, values, n);
}
