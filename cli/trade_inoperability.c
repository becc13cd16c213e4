/* trade --method inoperability: how far a loss spreads in shares of what each industry should do, and how fast it goes away. */
#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "cli/cells.h"
#include "cli/json_parts.h"
#include "cli/trade.h"
#include "model/economy/inoperability.h"

typedef struct answer {
    hf_iim *iim;
    double *hit;                   /* [n] c*: what hits each industry from outside; NULL without a shock */
    double *q;                     /* [n] while the shock holds */
    double *rate;                  /* [n] how fast each recovers, per day */
    double *now;                   /* [n] q on day `at` */
    double *lost;                  /* [n] output lost until all have recovered, table's money */
    double *dependency, *influence; /* [n] indices */
    double duration;
    int at, days;
    bool demand_side;
} answer;

static void answer_done(answer *a)
{
    hf_iim_free(a->iim);
    void *all[] = {a->hit, a->q, a->rate, a->now, a->lost, a->dependency, a->influence};
    for (size_t k = 0; k < sizeof all / sizeof *all; k++) hf_free(all[k]);
}

/* Days in which each industry alone returns: --recovery, or its own --tau. */
static hf_err tau_read(const hf_trade *t, double *tau)
{
    const hf_args *args = &t->cli->args;
    for (int f = 0; f < t->table->n_industries; f++) tau[f] = fmax(hf_args_number(args, "recovery", 60), 1e-3);
    for (int k = 0; k < args->n_given; k++) {
        const char *text = args->given[k].text, *equals = text ? strrchr(text, '=') : NULL;
        double days = 0;
        int sector = 0;
        if (strcmp(args->given[k].option->name, "tau") != 0) continue;
        if (!equals || !hf_number_parse(equals + 1, strlen(equals + 1), &days) || !(days > 0 && days <= 36500))
            return hf_cli_usage(t->cli, "--tau %s: INDUSTRY=DAYS with more than 0 and at most 36500 days", text);
        hf_err err = hf_trade_sector_read(t, "--tau", text, (size_t)(equals - text), &sector);
        if (err != HF_OK) return err;
        for (int f = sector; f < t->table->n_industries; f += t->table->n_sectors) tau[f] = days;
    }
    return HF_OK;
}

/* c*: shares of capacity lost; on the demand side also final demand lost as a share of output. */
static void hit_fill(const hf_trade *t, answer *a)
{
    if (a->demand_side) hf_trade_demand_change(t, a->hit);
    for (int f = 0; f < t->table->n_industries; f++) {
        double fallen = t->table->x[f] > 0 ? -a->hit[f] / t->table->x[f] : 0;
        a->hit[f] = fmin(1, fmax(0, fallen) + t->closed[f]);
    }
}

/* More than all of an industry is cut there, and said. */
static void clip(const hf_trade *t, double *q)
{
    int n = t->table->n_industries, S = t->table->n_sectors, worst = 0;
    for (int f = 1; f < n; f++)
        if (q[f] > q[worst]) worst = f;
    double most = q[worst];
    int over = hf_iim_clip(n, q, NULL, NULL);
    size_t first = hf_diag_kept(t->cli->diag);
    if (over > 0)
        hf_diag_add(t->cli->diag, HF_WARNING, HF_E_RANGE, NULL, 0, 0,
                    "%d industr%s would be inoperable by more than 100 %% (most of all %s/%s, %.4g %%): taken as 100 %%", over, over == 1 ? "y" : "ies",
                    t->table->region[worst / S], t->table->sector[worst % S], 100 * most);
    hf_cli_findings(t->cli, first, HF_WARNING);
}

/* The shock holds for --duration days; then each industry returns on its own within its days, all of them together more slowly. */
static hf_err shock_solve(const hf_trade *t, answer *a)
{
    hf_err err = HF_OK;
    size_t n = (size_t)t->table->n_industries;
    double *tau = hf_malloc(n * sizeof *tau), *lambda = hf_malloc(n * sizeof *lambda), *integral = hf_malloc(n * sizeof *integral);
    double longest = 0;
    a->hit = hf_calloc(n, sizeof *a->hit);
    a->q = hf_malloc(n * sizeof *a->q);
    a->rate = hf_malloc(n * sizeof *a->rate);
    a->now = hf_malloc(n * sizeof *a->now);
    a->lost = hf_calloc(n, sizeof *a->lost);
    if (!tau || !lambda || !integral || !a->hit || !a->q || !a->rate || !a->now || !a->lost) HF_TRY(HF_E_NOMEM);
    HF_TRY(tau_read(t, tau));
    hit_fill(t, a);
    hf_iim_solve(a->iim, a->hit, a->q);
    clip(t, a->q);
    for (size_t f = 0; f < n; f++) lambda[f] = hf_args_number(&t->cli->args, "lambda", HF_DIIM_LAMBDA), longest = fmax(longest, tau[f]);
    HF_TRY(hf_diim_rates(a->iim, tau, lambda, a->rate));
    HF_TRY(hf_diim_at(a->iim, a->rate, a->q, NULL, 4 * longest, a->now, integral));
    for (size_t f = 0; f < n; f++) a->lost[f] = t->table->x[f] / 365 * (a->q[f] * a->duration + integral[f]);
    memcpy(a->now, a->q, n * sizeof *a->q);
out:
    hf_free(tau);
    hf_free(lambda);
    hf_free(integral);
    return err;
}

/* Brings `now` forward to a day, not before the last one asked for. */
static hf_err day_reach(answer *a, int day)
{
    double done = fmax(0, a->at - a->duration), wanted = fmax(0, day - a->duration);
    a->at = day;
    return wanted > done ? hf_diim_at(a->iim, a->rate, a->now, NULL, wanted - done, a->now, NULL) : HF_OK;
}

static hf_err solve(const hf_trade *t, answer *a)
{
    hf_err err = HF_OK;
    const hf_args *args = &t->cli->args;
    int n = t->table->n_industries;
    double *coefficients = hf_malloc((size_t)n * (size_t)n * sizeof *coefficients);
    const char *side = hf_args_text(args, "side");
    a->demand_side = side && strcmp(side, "demand") == 0;
    a->duration = hf_args_number(args, "duration", 30);
    a->days = (int)hf_args_number(args, "days", 365);
    a->dependency = hf_malloc((size_t)n * sizeof *a->dependency);
    a->influence = hf_malloc((size_t)n * sizeof *a->influence);
    if (!coefficients || !a->dependency || !a->influence) HF_TRY(HF_E_NOMEM);
    unsigned kinds = 1u << HF_SHOCK_CAPACITY | (a->demand_side ? 1u << HF_SHOCK_DEMAND : 0);
    HF_TRY(hf_trade_shocks_allow(t, a->demand_side ? "--method inoperability --side demand" : "--method inoperability (without --side demand)", kinds));
    hf_iim_coefficients(t->table, a->demand_side ? HF_IIM_DEMAND : HF_IIM_SUPPLY, coefficients);
    HF_TRY(hf_iim_new(n, coefficients, t->threads, t->cli->diag, &a->iim));
    HF_TRY(hf_iim_indices(a->iim, (int)hf_args_number(args, "order", 0), t->threads, a->dependency, a->influence));
    if (t->n_shocks > 0) HF_TRY(shock_solve(t, a));
out:
    hf_free(coefficients);
    return err;
}

static hf_err shock_print(const hf_trade *t, const answer *a, int *order)
{
    hf_text_table *table = NULL;
    hf_err err = HF_OK;
    int n = 0;
    double total = 0;
    HF_TRY(hf_trade_order_industries(t, a->lost, order, &n));
    for (int k = 0; k < n; k++) total += a->lost[order[k]];
    hf_buf_puts(&t->cli->out, "Until all have recovered ");
    hf_trade_money(t, total, &t->cli->out);
    hf_buf_printf(&t->cli->out, " are not made%s%s: the shock holds for %g days, then each industry alone would return in %g.\n", t->home < 0 ? "" : " in ",
                  t->home < 0 ? "" : t->table->region[t->home], a->duration, hf_args_number(&t->cli->args, "recovery", 60));
    hf_trade_heading(t, "Who cannot do what it should", n);
    HF_TRY(hf_text_table_new(&table));
    hf_text_table_column(table, "industry", HF_ALIGN_LEFT);
    hf_text_table_column(table, "hit from outside", HF_ALIGN_RIGHT);
    hf_text_table_column(table, "inoperable", HF_ALIGN_RIGHT);
    hf_text_table_column(table, "output lost", HF_ALIGN_RIGHT);
    for (int k = 0; k < hf_trade_shown(t, n); k++) {
        hf_trade_industry_cell(t, table, order[k]);
        hf_cell_share(table, a->hit[order[k]]);
        hf_cell_share(table, a->q[order[k]]);
        hf_trade_money_cell(t, table, a->lost[order[k]]);
    }
    HF_TRY(hf_text_table_write(table, t->cli->width, &t->cli->out));
out:
    hf_text_table_free(table);
    return err;
}

/* Output lost on the day reached, of all or of --home, and normal output; *ret_worst is the most inoperable industry. */
static double day_sum(const hf_trade *t, const answer *a, double *ret_normal, int *ret_worst)
{
    double lost = 0;
    int S = t->table->n_sectors, first = t->home < 0 ? 0 : t->home * S, last = t->home < 0 ? t->table->n_industries : first + S;
    *ret_normal = 0;
    *ret_worst = first;
    for (int f = first; f < last; f++) {
        lost += t->table->x[f] / 365 * a->now[f];
        *ret_normal += t->table->x[f] / 365;
        if (a->now[f] > a->now[*ret_worst]) *ret_worst = f;
    }
    return lost;
}

static hf_err days_print(const hf_trade *t, answer *a)
{
    static const int usual[] = {0, 7, 30, 60, 90, 180, 364};
    hf_text_table *table = NULL;
    hf_err err = HF_OK;
    hf_buf_puts(&t->cli->out, "\nDay by day:\n");
    HF_TRY(hf_text_table_new(&table));
    hf_text_table_column(table, "day", HF_ALIGN_LEFT);
    hf_text_table_column(table, "output lost", HF_ALIGN_RIGHT);
    hf_text_table_column(table, "of normal", HF_ALIGN_RIGHT);
    hf_text_table_column(table, "most inoperable", HF_ALIGN_LEFT);
    hf_text_table_column(table, "by", HF_ALIGN_RIGHT);
    for (size_t k = 0; k < sizeof usual / sizeof *usual && usual[k] < a->days; k++) {
        double normal = 0;
        int worst = 0;
        HF_TRY(day_reach(a, usual[k]));
        double lost = day_sum(t, a, &normal, &worst);
        hf_text_table_cellf(table, "%d", usual[k]);
        hf_trade_money_cell(t, table, lost > 1e-9 * normal ? lost : 0);
        hf_cell_share(table, normal > 0 && lost > 1e-9 * normal ? lost / normal : 0);
        hf_trade_industry_cell(t, table, worst);
        hf_cell_share(table, a->now[worst] > 1e-9 ? a->now[worst] : 0);
    }
    HF_TRY(hf_text_table_write(table, t->cli->width, &t->cli->out));
out:
    hf_text_table_free(table);
    return err;
}

static void indices_heading(const hf_trade *t, int n)
{
    int order = (int)hf_args_number(&t->cli->args, "order", 0);
    hf_buf text = {0};
    hf_buf_puts(&text, "Industries by influence: the mean inoperability of the others when one cannot work at all");
    if (order > 0) hf_buf_printf(&text, ", over exactly %d link%s", order, order == 1 ? "" : "s");
    hf_trade_heading(t, text.text ? text.text : "", n);
    hf_buf_done(&text);
}

static hf_err indices_print(const hf_trade *t, const answer *a, int *order)
{
    hf_text_table *table = NULL;
    hf_err err = HF_OK;
    int n = 0;
    HF_TRY(hf_trade_order_industries(t, a->influence, order, &n));
    indices_heading(t, n);
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

static hf_err print(const hf_trade *t, answer *a)
{
    hf_err err = HF_OK;
    int *order = hf_malloc((size_t)t->table->n_industries * sizeof *order);
    if (!order) return HF_E_NOMEM;
    if (a->q) HF_TRY(shock_print(t, a, order));
    if (a->q) HF_TRY(days_print(t, a));
    HF_TRY(indices_print(t, a, order));
out:
    hf_free(order);
    return err;
}

static void industries_json(const hf_trade *t, const answer *a, hf_json *json)
{
    hf_json_key(json, "industries");
    hf_json_array(json);
    for (int f = 0; f < t->table->n_industries; f++) {
        hf_json_object(json);
        hf_trade_json_industry(t, json, f);
        hf_json_key_number(json, "x0", t->table->x[f]);
        if (a->q) hf_json_key_number(json, "x", t->table->x[f] - a->lost[f]);
        if (a->q) hf_json_key_number(json, "inoperability", a->q[f]);
        if (a->q) hf_json_key_number(json, "loss", a->lost[f]);
        hf_json_key_number(json, "influence", a->influence[f]);
        hf_json_key_number(json, "dependency", a->dependency[f]);
        hf_json_end(json);
    }
    hf_json_end(json);
}

static hf_err days_json(const hf_trade *t, answer *a, hf_json *json)
{
    hf_json_key(json, "days");
    hf_json_array(json);
    for (int day = 0; day < a->days; day++) {
        double normal = 0;
        int worst = 0;
        hf_err err = day_reach(a, day);
        if (err != HF_OK) return err;
        hf_json_object(json);
        hf_json_key_number(json, "day", day);
        hf_json_key_number(json, "loss", day_sum(t, a, &normal, &worst));
        hf_json_end(json);
    }
    hf_json_end(json);
    return HF_OK;
}

static hf_err json_write(const hf_trade *t, answer *a)
{
    hf_json json;
    hf_err err = HF_OK;
    hf_trade_json_start(t, &json, "inoperability");
    hf_json_key_text(&json, "side", a->demand_side ? "demand" : "supply");
    industries_json(t, a, &json);
    if (a->q) hf_trade_json_countries(t, &json, (const char *const[]){"loss"}, (const double *const[]){a->lost}, 1);
    if (a->q) HF_TRY(days_json(t, a, &json));
    hf_json_key(&json, "checks");
    hf_json_object(&json);
    hf_json_key_number(&json, "spectral_radius", a->iim->radius);
    hf_json_key_number(&json, "mass_balance", hf_trade_balance_gap(t));
    hf_json_key_text(&json, "stability", "stable");
    hf_json_end(&json);
    hf_json_end(&json);
    hf_buf_puts(&t->cli->out, "\n");
    err = t->cli->out.err;
out:
    return err;
}

static hf_err days_csv(const hf_trade *t, answer *a)
{
    static const char *const columns[] = {"day", "region", "industry", "inoperability"};
    hf_trade_rows rows;
    hf_err err = HF_OK;
    hf_trade_rows_begin(&rows, columns, 4);
    for (int day = 0; day < a->days && err == HF_OK; day++) {
        err = day_reach(a, day);
        for (int f = 0; f < t->table->n_industries; f++) {
            hf_trade_rows_number(&rows, day);
            hf_trade_rows_text(&rows, t->table->region[f / t->table->n_sectors]);
            hf_trade_rows_text(&rows, t->table->sector[f % t->table->n_sectors]);
            hf_trade_rows_number(&rows, a->now[f]);
        }
    }
    hf_err written = hf_trade_rows_end(&rows, t);
    return err != HF_OK ? err : written;
}

static hf_err csv_write(const hf_trade *t, answer *a)
{
    static const char *const columns[] = {"output", "influence", "dependency", "inoperability", "loss"};
    const char *rows = NULL;
    hf_err err = hf_trade_rows_asked(t, "inoperability", "industries|days", &rows);
    if (err != HF_OK) return err;
    if (strcmp(rows, "industries") == 0)
        return hf_trade_csv(t, columns, (const double *const[]){t->table->x, a->influence, a->dependency, a->q, a->lost}, a->q ? 5 : 3);
    return a->q ? days_csv(t, a) : hf_cli_usage(t->cli, "--rows days needs a --shock");
}

hf_err hf_trade_inoperability(hf_trade *t)
{
    answer a = {0};
    hf_err err = solve(t, &a);
    if (err == HF_OK && hf_args_has(&t->cli->args, "json")) err = json_write(t, &a);
    else if (err == HF_OK && hf_args_has(&t->cli->args, "csv")) err = csv_write(t, &a);
    else if (err == HF_OK) err = print(t, &a);
    answer_done(&a);
    return err;
}
