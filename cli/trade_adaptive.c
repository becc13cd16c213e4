/* trade --method adaptive: day by day, after shocks or coupled to a cascade; who loses from whose outage. */
#include <math.h>

#include "base/alloc.h"
#include "cli/cells.h"
#include "cli/json_parts.h"
#include "cli/trade.h"
#include "cli/words.h"
#include "model/coupling.h"

typedef struct answer {
    hf_adaptive *model;
    hf_adaptive_result result;
    double *output, *value, *unmet; /* [n] lost over the days */
    double *home;                   /* [n_regions] unmet final demand */
    double *by_day, *value_by_day;  /* [days] */
    int days;
    /* who loses from whose outage: [n_from x n_regions] value added; names of the rows */
    double *matrix;
    const char **from;
    int n_from;
    int back;                       /* days on which deliveries changed a facility */
    int links, hit;                 /* industry links; industries that lose capacity directly */
} answer;

static void answer_done(answer *a)
{
    hf_adaptive_free(a->model);
    void *all[] = {a->output, a->value, a->unmet, a->home, a->by_day, a->value_by_day, a->matrix, a->from};
    for (size_t k = 0; k < sizeof all / sizeof *all; k++) hf_free(all[k]);
}

static hf_err model_make(const hf_trade *t, answer *a)
{
    const hf_io_table *table = t->table;
    hf_adaptive_options options = hf_adaptive_options_default();
    hf_adaptive_input input = {.n_regions = table->n_regions, .n_sectors = table->n_sectors, .n_final = table->n_demand, .z = table->z, .y = table->y};
    options.threads = t->threads;
    options.switching = hf_args_number(&t->cli->args, "switching", options.switching);
    options.psi = hf_args_number(&t->cli->args, "psi", options.psi);
    options.alpha_max = hf_args_number(&t->cli->args, "overproduction", options.alpha_max);
    options.stock_days = hf_args_number(&t->cli->args, "stock-days", options.stock_days);
    options.restore_days = hf_args_number(&t->cli->args, "restore-days", options.restore_days);
    size_t first = hf_diag_kept(t->cli->diag);
    hf_err err = hf_adaptive_new(&input, &options, t->cli->diag, &a->model);
    if (err == HF_OK) hf_adaptive_warn(a->model, t->table->sector, t->cli->diag);
    hf_cli_findings(t->cli, first, err == HF_OK ? HF_WARNING : HF_ERROR);
    return err;
}

static hf_err answer_init(const hf_trade *t, answer *a)
{
    size_t n = (size_t)t->table->n_industries, R = (size_t)t->table->n_regions, days = (size_t)a->days;
    a->output = hf_calloc(n, sizeof *a->output);
    a->value = hf_calloc(n, sizeof *a->value);
    a->unmet = hf_calloc(n, sizeof *a->unmet);
    a->home = hf_calloc(R, sizeof *a->home);
    a->by_day = hf_calloc(days, sizeof *a->by_day);
    a->value_by_day = hf_calloc(days, sizeof *a->value_by_day);
    if (!a->output || !a->value || !a->unmet || !a->home || !a->by_day || !a->value_by_day) return HF_E_NOMEM;
    a->result = (hf_adaptive_result){.output_lost = a->output, .value_added_lost = a->value, .unmet = a->unmet, .unmet_by_home = a->home,
                                     .output_by_day = a->by_day, .value_added_by_day = a->value_by_day};
    return model_make(t, a);
}

static hf_err matrix_init(const hf_trade *t, answer *a, int n_from, const char *const *names)
{
    a->n_from = n_from;
    a->matrix = hf_calloc((size_t)n_from * (size_t)t->table->n_regions, sizeof *a->matrix);
    a->from = hf_calloc((size_t)n_from, sizeof *a->from);
    if (!a->matrix || !a->from) return HF_E_NOMEM;
    for (int k = 0; k < n_from; k++) a->from[k] = names[k];
    return HF_OK;
}

/* ---- shocks ---- */

/* The shocks of one region (-1: of all) as capacity lost for --duration days and regained over --recovery. */
static int shocks_of(const hf_trade *t, int region, hf_adaptive_shock *shocks)
{
    int n = 0, S = t->table->n_sectors;
    for (int f = 0; f < t->table->n_industries; f++) {
        if (t->closed[f] <= 0 || (region >= 0 && f / S != region)) continue;
        shocks[n++] = (hf_adaptive_shock){.kind = HF_SHOCK_CAPACITY, .region = f / S, .sector = f % S, .partner = -1, .size = t->closed[f], .start = 1,
                                          .duration = (int)hf_args_number(&t->cli->args, "duration", 30),
                                          .recovery_days = hf_args_number(&t->cli->args, "recovery", 60), .curve = HF_CURVE_LINEAR};
    }
    return n;
}

/* Each shocked region alone, as many at once as fit a pass. */
static hf_err shock_matrix(const hf_trade *t, answer *a, hf_adaptive_shock *shocks)
{
    hf_err err = HF_OK;
    int R = t->table->n_regions, n = t->table->n_industries;
    double *value = hf_calloc((size_t)n, sizeof *value);
    if (!value) return HF_E_NOMEM;
    HF_TRY(matrix_init(t, a, R, t->table->region));
    for (int r = 0; r < R; r++) {
        hf_adaptive_result result = {.value_added_lost = value};
        hf_adaptive_scenario scenario = {shocks, shocks_of(t, r, shocks)};
        if (scenario.n == 0) continue;
        HF_TRY(hf_adaptive_run(a->model, &scenario, 1, a->days, NULL, NULL, &result, NULL));
        for (int f = 0; f < n; f++) a->matrix[(size_t)r * (size_t)R + (size_t)(f / t->table->n_sectors)] += value[f];
    }
out:
    hf_free(value);
    return err;
}

static hf_err shocks_run(const hf_trade *t, answer *a)
{
    hf_err err = HF_OK;
    hf_adaptive_shock *shocks = hf_calloc((size_t)t->table->n_industries, sizeof *shocks);
    if (!shocks) return HF_E_NOMEM;
    hf_adaptive_scenario scenario = {shocks, shocks_of(t, -1, shocks)};
    a->hit = scenario.n;
    HF_TRY(hf_adaptive_run(a->model, &scenario, 1, a->days, NULL, NULL, &a->result, t->cli->diag));
    HF_TRY(shock_matrix(t, a, shocks));
out:
    hf_free(shocks);
    return err;
}

/* ---- coupled to a cascade ---- */

typedef struct links {
    hf_coupling_link *forward;
    hf_coupling_back *back;
    int n_forward, n_back;
} links;

static hf_err links_read(const hf_economy *economy, links *l)
{
    l->forward = hf_calloc((size_t)economy->n_links, sizeof *l->forward);
    l->back = hf_calloc((size_t)economy->n_links, sizeof *l->back);
    if (!l->forward || !l->back) return HF_E_NOMEM;
    for (int k = 0; k < economy->n_links; k++) {
        const hf_industry_link *link = &economy->link[k];
        if (link->follows) l->back[l->n_back++] = (hf_coupling_back){link->industry, link->entity};
        else l->forward[l->n_forward++] = (hf_coupling_link){link->industry, link->entity, link->share};
    }
    return HF_OK;
}

static hf_err cascade_run(const hf_trade *t, answer *a)
{
    hf_err err = HF_OK;
    hf_cli *cli = t->cli;
    hf_what_if w = {0};
    hf_timeline *tl = NULL;
    links l = {0};
    if (t->n_shocks > 0) return hf_cli_usage(cli, "--shock and a cascade are two different shocks: give one of them");
    HF_TRY(hf_what_if_read(cli, &w));
    HF_TRY(links_read(t->economy, &l));
    if (l.n_forward == 0) {
        hf_cli_message(cli, "no industry is linked to an entity (table industry_links): the cascade does not reach the economy");
        cli->told = true;
        HF_TRY(HF_E_NO_ANSWER);
    }
    a->links = t->economy->n_links;
    hf_coupling c = {.net = cli->net, .injects = w.injects, .n_injects = w.n_injects, .run = w.options, .links = l.forward, .n_links = l.n_forward,
                     .back = l.back, .n_back = l.n_back, .n_regions = t->table->n_regions, .n_sectors = t->table->n_sectors, .days = a->days};
    HF_TRY(hf_timeline_new(cli->net, &tl));
    HF_TRY(matrix_init(t, a, cli->net->countries.n, cli->net->countries.name));
    HF_TRY(hf_coupling_matrix(&c, tl, a->model, a->matrix, NULL));
    HF_TRY(hf_coupling_run(&c, tl, a->model, &a->result, &a->back, cli->diag));
out:
    hf_free(l.forward);
    hf_free(l.back);
    hf_timeline_free(tl);
    hf_what_if_done(&w);
    return err;
}

/* ---- for people ---- */

static double region_sum(const hf_trade *t, const double *values, int region)
{
    double sum = 0;
    for (int i = 0; i < t->table->n_sectors; i++) sum += values[region * t->table->n_sectors + i];
    return sum;
}

static void summary_print(const hf_trade *t, const answer *a)
{
    hf_buf *out = &t->cli->out;
    hf_buf_printf(out, "Over %d days all lose ", a->days);
    hf_trade_money(t, a->result.total_value_added_lost, out);
    hf_buf_puts(out, " of value added and ");
    hf_trade_money(t, a->result.total_output_lost, out);
    hf_buf_puts(out, " of output; final demand for ");
    hf_trade_money(t, a->result.total_unmet, out);
    hf_buf_puts(out, " is not met.\n");
    if (a->result.return_day == 0) {
        hf_buf_printf(out, "All together never make less than %.2f %% of the output of a normal day (day %d is the worst).\n", 100 * a->result.lowest,
                      a->result.lowest_day);
    } else {
        hf_buf_printf(out, "The worst day is day %d, with %.1f %% of the output of a normal day; ", a->result.lowest_day, 100 * a->result.lowest);
    }
    if (a->result.collapsed) hf_buf_puts(out, "the economy collapses: orders fall faster than stocks return.\n");
    else if (a->result.return_day > 0 && a->result.returned) hf_buf_printf(out, "it is normal again from day %d on.\n", a->result.return_day);
    else if (!a->result.returned) hf_buf_puts(out, "it is not normal again by the end.\n");
    if (a->back > 0) hf_buf_printf(out, "On %d days a facility worked less or more because an industry delivered less or more the day before.\n", a->back);
    hf_buf_printf(out, "What is made, kept and delivered adds up to %.0e of a day's output.\n", a->result.residual);
}

static hf_err regions_print(const hf_trade *t, const answer *a)
{
    hf_text_table *table = NULL;
    hf_err err = HF_OK;
    hf_buf_puts(&t->cli->out, "\nBy region:\n");
    HF_TRY(hf_text_table_new(&table));
    hf_text_table_column(table, "region", HF_ALIGN_LEFT);
    static const char *const columns[] = {"value added lost", "of a year's", "output lost", "own demand not met"};
    for (size_t k = 0; k < sizeof columns / sizeof *columns; k++) hf_text_table_column(table, columns[k], HF_ALIGN_RIGHT);
    for (int r = 0; r < t->table->n_regions; r++) {
        double value = region_sum(t, a->value, r), year = region_sum(t, t->table->v, r);
        hf_text_table_cell(table, t->table->region[r]);
        hf_trade_money_cell(t, table, value);
        if (value > 0 && year > 0) hf_cell_share(table, value / year);
        else hf_text_table_cell(table, "-");
        hf_trade_money_cell(t, table, region_sum(t, a->output, r));
        hf_trade_money_cell(t, table, a->home[r]);
    }
    HF_TRY(hf_text_table_write(table, t->cli->width, &t->cli->out));
out:
    hf_text_table_free(table);
    return err;
}

static hf_err industries_print(const hf_trade *t, const answer *a)
{
    hf_text_table *table = NULL;
    hf_err err = HF_OK;
    int n = t->table->n_industries, *order = hf_malloc((size_t)n * sizeof *order);
    if (!order) return HF_E_NOMEM;
    HF_TRY(hf_trade_order(a->value, n, order));
    hf_trade_heading(t, "Industries that lose most", n);
    HF_TRY(hf_text_table_new(&table));
    hf_text_table_column(table, "industry", HF_ALIGN_LEFT);
    hf_text_table_column(table, "value added lost", HF_ALIGN_RIGHT);
    hf_text_table_column(table, "output lost", HF_ALIGN_RIGHT);
    hf_text_table_column(table, "demand for it not met", HF_ALIGN_RIGHT);
    for (int k = 0; k < hf_trade_shown(t, n); k++) {
        hf_trade_industry_cell(t, table, order[k]);
        hf_trade_money_cell(t, table, a->value[order[k]]);
        hf_trade_money_cell(t, table, a->output[order[k]]);
        hf_trade_money_cell(t, table, a->unmet[order[k]]);
    }
    HF_TRY(hf_text_table_write(table, t->cli->width, &t->cli->out));
out:
    hf_free(order);
    hf_text_table_free(table);
    return err;
}

static hf_err matrix_print(const hf_trade *t, const answer *a)
{
    enum { SHOWN = 10 };
    hf_text_table *table = NULL;
    hf_err err = HF_OK;
    int R = t->table->n_regions, shown = R < SHOWN ? R : SHOWN;
    hf_buf_puts(&t->cli->out, "\nWho loses value added from whose outage, each outage alone (rows: where the outage is):\n");
    HF_TRY(hf_text_table_new(&table));
    hf_text_table_column(table, "outage in", HF_ALIGN_LEFT);
    hf_text_table_column(table, "all", HF_ALIGN_RIGHT);
    for (int r = 0; r < shown; r++) hf_text_table_column(table, t->table->region[r], HF_ALIGN_RIGHT);
    for (int k = 0; k < a->n_from; k++) {
        double all = 0, size = 0;
        for (int r = 0; r < R; r++) all += a->matrix[k * R + r], size += fabs(a->matrix[k * R + r]);
        if (!(size * t->table->unit > 0.5)) continue;
        hf_text_table_cell(table, a->from[k]);
        hf_trade_money_cell(t, table, all);
        for (int r = 0; r < shown; r++) hf_trade_money_cell(t, table, a->matrix[k * R + r]);
    }
    HF_TRY(hf_text_table_write(table, t->cli->width, &t->cli->out));
    if (shown < R) hf_buf_printf(&t->cli->out, "(the first %d of %d regions; --json has all)\n", shown, R);
out:
    hf_text_table_free(table);
    return err;
}

static hf_err print(const hf_trade *t, const answer *a)
{
    hf_err err = HF_OK;
    summary_print(t, a);
    HF_TRY(regions_print(t, a));
    HF_TRY(industries_print(t, a));
    HF_TRY(matrix_print(t, a));
out:
    return err;
}

/* ---- for programs ---- */

static hf_err json_write(const hf_trade *t, const answer *a)
{
    hf_json json;
    int R = t->table->n_regions;
    hf_trade_json_start(t, &json, "adaptive");
    hf_json_key(&json, "industries");
    hf_json_array(&json);
    for (int f = 0; f < t->table->n_industries; f++) {
        hf_json_object(&json);
        hf_trade_json_industry(t, &json, f);
        hf_json_key_number(&json, "x0", t->table->x[f]);
        hf_json_key_number(&json, "loss", a->output[f]);
        hf_json_key_number(&json, "value_added_lost", a->value[f]);
        hf_json_key_number(&json, "unmet_demand", a->unmet[f]);
        hf_json_end(&json);
    }
    hf_json_end(&json);
    hf_json_key(&json, "by_country");
    hf_json_array(&json);
    for (int r = 0; r < R; r++) {
        hf_json_object(&json);
        hf_json_key_text(&json, "region", t->table->region[r]);
        hf_json_key_number(&json, "loss", region_sum(t, a->output, r));
        hf_json_key_number(&json, "value_added_lost", region_sum(t, a->value, r));
        hf_json_key_number(&json, "unmet_demand", a->home[r]);
        hf_json_end(&json);
    }
    hf_json_end(&json);
    hf_json_key(&json, "by_partner");
    hf_json_array(&json);
    for (int k = 0; k < a->n_from; k++)
        for (int r = 0; r < R; r++) {
            hf_json_object(&json);
            hf_json_key_text(&json, "from", a->from[k]);
            hf_json_key_text(&json, "to", t->table->region[r]);
            hf_json_key_number(&json, "loss", a->matrix[k * R + r]);
            hf_json_end(&json);
        }
    hf_json_end(&json);
    hf_json_key(&json, "days");
    hf_json_array(&json);
    for (int day = 0; day < a->days; day++) {
        hf_json_object(&json);
        hf_json_key_number(&json, "day", day);
        hf_json_key_number(&json, "output", a->by_day[day]);
        hf_json_key_number(&json, "value_added", a->value_by_day[day]);
        hf_json_end(&json);
    }
    hf_json_end(&json);
    hf_json_key(&json, "checks");
    hf_json_object(&json);
    hf_json_key_number(&json, "mass_balance", a->result.residual);
    hf_json_key_number(&json, "lowest_day", a->result.lowest_day);
    hf_json_key_number(&json, "lowest", a->result.lowest);
    hf_json_key_number(&json, "return_day", a->result.return_day);
    hf_json_key_number(&json, "returned", a->result.returned);
    hf_json_key_number(&json, "collapsed", a->result.collapsed);
    hf_json_end(&json);
    hf_json_end(&json);
    hf_buf_puts(&t->cli->out, "\n");
    return t->cli->out.err;
}

hf_err hf_trade_adaptive(hf_trade *t)
{
    static const char *const columns[] = {"output", "loss", "value_added_lost", "unmet_demand"};
    answer a = {.days = (int)hf_args_number(&t->cli->args, "days", 365)};
    hf_err err = HF_OK;
    bool coupled = hf_what_if_asked(t->cli);
    if (!coupled && t->n_shocks == 0)
        return hf_cli_usage(t->cli, "--method adaptive needs a shock: --shock REGION/INDUSTRY=SHARE, or a cascade (--scenario, --hazard, --fail)");
    HF_TRY(answer_init(t, &a));
    HF_TRY(coupled ? cascade_run(t, &a) : shocks_run(t, &a));
    if (hf_args_has(&t->cli->args, "json")) HF_TRY(json_write(t, &a));
    else if (hf_args_has(&t->cli->args, "csv"))
        HF_TRY(hf_trade_csv(t, columns, (const double *const[]){t->table->x, a.output, a.value, a.unmet}, 4));
    else HF_TRY(print(t, &a));
out:
    answer_done(&a);
    return err;
}
