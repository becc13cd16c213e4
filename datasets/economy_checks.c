/* Whether the numbers of an economy can be of one unit and one year, and whether what is made can be made. */
#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "datasets/economy_inside.h"
#include "model/economy/linear.h"

/* Sums that differ by more are in different units. */
static const double unit_apart = 30;

/* ---- units ---- */

static void units_complain(hf_economy_reader *r, const hf_table *table, const char *field, const char *file, const char *what, double a, const char *other,
                           double b)
{
    int c = table ? hf_table_column(table, field) : -1;
    bool found = c >= 0 && hf_table_rows(table) > 0;
    hf_diag_add(r->diag, HF_ERROR, HF_E_RANGE, file, found ? hf_table_line(table, 0) : 1, found ? hf_table_column_at(table, 0, c) : 1,
                "%s adds up to %.4g, %s to %.4g: they are not in the same unit (a factor of about 1e%.0f)", what, a, other, b, round(log10(a / b)));
}

static bool is_apart(double a, double b)
{
    return a > 0 && b > 0 && (a / b > unit_apart || b / a > unit_apart);
}

/* Output of all industries of the world and of the smallest country, in money of a currency: 1e15 and 1e7 of the dearest. */
static void money_limits(const char *currency, double *ret_least, double *ret_most)
{
    static const char *const dear[] = {"EUR", "USD", "GBP", "CHF"};
    *ret_least = 0;
    *ret_most = 1e20; /* of the cheapest currency */
    for (size_t k = 0; k < sizeof dear / sizeof *dear; k++)
        if (strcmp(currency, dear[k]) == 0) *ret_least = 1e7, *ret_most = 1e15;
    if (strcmp(currency, "JPY") == 0) *ret_least = 1e9, *ret_most = 1e17;
}

static void money_check(hf_economy_reader *r, double output)
{
    const hf_io_table *t = r->e->table;
    double least = 0, most = 0, money = output * t->unit;
    money_limits(t->currency, &least, &most);
    if (t->n_regions < 2) least = 0; /* examples are small */
    if (money >= least && money <= most) return;
    hf_place at = r->e->place[0];
    hf_diag_add(r->diag, money > most ? HF_ERROR : HF_WARNING, HF_E_RANGE, hf_table_file(r->parts->industries), at.line ? at.line : 1, at.column,
                "output adds up to %.4g %s a year, %s: check \"money_unit\" in datapackage.json (it is %g)", money, t->currency,
                money > most ? "more than the world's" : "less than that of the smallest country", t->unit);
}

/* What an industry sells against its output: units, and gaps that cleaning would have to fill. */
void hf_economy_balance_check(hf_economy_reader *r, const double *sales)
{
    const hf_io_table *t = r->e->table;
    double output = 0, sold = 0, worst = 0;
    int apart = 0, worst_at = -1;
    for (int k = 0; k < r->n_rows; k++) {
        int f = r->industry_of_key[k];
        if (!r->has_output[k]) continue;
        output += t->x[f];
        sold += sales[f];
        double gap = fabs(sales[f] - t->x[f]), share = gap / fmax(t->x[f], 1e-12);
        if (gap <= 0.01 * t->x[f]) continue;
        apart++;
        if (share > worst || worst_at < 0) worst = share, worst_at = k;
    }
    if (output > 0) money_check(r, output);
    if (!r->parts->final_demand.file) return; /* half of the sales is not known */
    if (is_apart(output, sold)) {
        units_complain(r, r->parts->industries, "output", hf_table_file(r->parts->industries), "output", output, "what is sold (trade and final_demand)",
                       sold);
        return;
    }
    if (worst_at < 0) return;
    int f = r->industry_of_key[worst_at];
    hf_diag_add(r->diag, HF_WARNING, HF_OK, hf_table_file(r->parts->industries), r->line_of_key[worst_at], r->e->place[f].column,
                "%d of %d industries sell more than 1 %% more or less than their output; furthest apart %s: output %.6g, sales %.6g", apart, r->n_rows,
                hf_idmap_text(r->keys, worst_at), t->x[f], sales[f]);
}

/* Value added is a part of output, all of it is what final demand pays, and the rest of output is what was bought. */
void hf_economy_value_added_check(hf_economy_reader *r, const bool *known)
{
    const hf_io_table *t = r->e->table;
    const char *file = r->parts->value_added ? hf_table_file(r->parts->value_added) : hf_table_file(r->parts->industries);
    size_t n = (size_t)t->n_industries, m = (size_t)t->n_demand_columns;
    double v = 0, x = 0, bought = 0, demand = 0;
    bool all = true;
    for (size_t f = 0; f < n; f++) {
        if (known[f]) v += t->v[f], x += t->x[f];
        else all &= !(t->x[f] > 0);
        for (size_t j = 0; j < n; j++) bought += t->z[f * n + j];
        for (size_t c = 0; c < m; c++) demand += t->y[f * m + c];
    }
    if (x > 0 && v > 0 && (v > 10 * x || v < x / 1000)) {
        units_complain(r, r->parts->value_added, "value", file, "value added", v, "output of the same industries", x);
        return;
    }
    if (!all || !r->flows_are_whole) return;
    if (r->parts->final_demand.file && is_apart(demand, v))
        units_complain(r, NULL, NULL, r->parts->final_demand.file, "final demand", demand, "value added", v);
    else if (r->parts->trade.file && bought > 0 && is_apart(bought, x - v))
        units_complain(r, NULL, NULL, r->parts->trade.file, "trade between industries", bought, "output less value added", x - v);
}

/* ---- what can be made ---- */

/* Inputs of each industry, flows below 0 left out: ret_inputs [n]; returns the one whose inputs are the largest share of its output. */
static int inputs_sum(const hf_io_table *t, double *ret_inputs)
{
    size_t n = (size_t)t->n_industries;
    int worst = -1;
    double largest = 0;
    memset(ret_inputs, 0, n * sizeof *ret_inputs);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            if (t->z[i * n + j] > 0) ret_inputs[j] += t->z[i * n + j];
    for (size_t j = 0; j < n; j++) {
        if (!(t->x[j] > 0) || ret_inputs[j] / t->x[j] <= largest) continue;
        largest = ret_inputs[j] / t->x[j];
        worst = (int)j;
    }
    return worst;
}

hf_err hf_economy_radius_check(const hf_economy *economy, hf_diag *diag)
{
    const hf_io_table *t = economy->table;
    hf_io_checks checks = {0};
    double *inputs = hf_malloc((size_t)t->n_industries * sizeof *inputs);
    if (!inputs) return HF_E_NOMEM;
    int worst = inputs_sum(t, inputs);
    double share = worst < 0 ? 0 : inputs[worst] / t->x[worst];
    hf_free(inputs);
    if (share < 1) return HF_OK; /* no column sum reaches 1, so the radius does not */
    hf_err err = hf_io_check(t, NULL, &checks);
    if (err != HF_E_NO_ANSWER || checks.radius_a < 1) return err == HF_E_NOMEM ? err : HF_OK;
    hf_diag_add(diag, HF_ERROR, HF_E_DATA, economy->file, economy->place[worst].line, economy->place[worst].column,
                "spectral radius of the input coefficients is %.6g (allowed: below 1): all together need more inputs than they make; most of all %s/%s, "
                "which buys %.4g times its output of %.6g",
                checks.radius_a, t->region[worst / t->n_sectors], t->sector[worst % t->n_sectors], share, t->x[worst]);
    return HF_E_DATA;
}
