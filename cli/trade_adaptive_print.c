/* trade --method adaptive for people: by region, industry, partner, product and day; all of it, or what it costs one home. */
#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "cli/cells.h"
#include "cli/trade_adaptive.h"
#include "cli/words.h"

/* ---- in a few sentences ---- */

static void course_say(const hf_trade *t, const hf_trade_days *a)
{
    hf_buf *out = &t->cli->out;
    hf_trade_course course = hf_trade_course_of(t, a, t->home);
    const char *who = t->home < 0 ? "All together" : t->table->region[t->home];
    if (course.return_day == 0) {
        hf_buf_printf(out, "%s never make%s less than %.2f %% of the output of a normal day (day %d is the worst).\n", who, t->home < 0 ? "" : "s",
                      100 * course.lowest, course.lowest_day);
        return;
    }
    hf_buf_printf(out, "The worst day is day %d, with %.1f %% of the output of a normal day; ", course.lowest_day, 100 * course.lowest);
    if (a->result.collapsed) hf_buf_puts(out, "the economy collapses: orders fall faster than stocks return.\n");
    else if (course.return_day < a->days) hf_buf_printf(out, "it is normal again from day %d on.\n", course.return_day);
    else hf_buf_puts(out, "it is not normal again by the end.\n");
}

static void summary_print(const hf_trade *t, const hf_trade_days *a)
{
    hf_buf *out = &t->cli->out;
    int h = t->home;
    double value = h < 0 ? a->result.total_value_added_lost : hf_trade_region_sum(t, a->value, h);
    double output = h < 0 ? a->result.total_output_lost : hf_trade_region_sum(t, a->output, h);
    const char *many = h < 0 ? "" : "s";
    hf_buf_printf(out, "Over %d days %s %s%s ", a->days, h < 0 ? "all" : t->table->region[h], value < 0 ? "gain" : "lose", many);
    hf_trade_money(t, fabs(value), out);
    hf_buf_puts(out, " of value added and ");
    if ((value < 0) != (output < 0)) hf_buf_printf(out, "%s%s ", output < 0 ? "gain" : "lose", many);
    hf_trade_money(t, fabs(output), out);
    hf_buf_puts(out, h < 0 ? " of output; final demand for " : " of output; of its final demand ");
    hf_trade_money(t, h < 0 ? a->result.total_unmet : a->unmet_home[h], out);
    hf_buf_puts(out, " is not met.\n");
    course_say(t, a);
    if (a->back > 0) hf_buf_printf(out, "On %d days a facility worked less or more because an industry delivered less or more the day before.\n", a->back);
    hf_buf_printf(out, "What is made, kept and delivered adds up to %.0e of a day's output.\n", a->result.residual);
}

/* ---- tables ---- */

static void share_cell(hf_text_table *table, double part, double whole)
{
    if (part > 0 && whole > 0) hf_cell_share(table, part / whole);
    else hf_text_table_cell(table, "-");
}

static hf_err regions_print(const hf_trade *t, const hf_trade_days *a)
{
    static const char *const columns[] = {"value added lost", "of a year's", "output lost", "own demand not met", "normal from"};
    hf_text_table *table = NULL;
    hf_err err = HF_OK;
    int R = t->table->n_regions, n = 0, *order = hf_malloc((size_t)R * sizeof *order);
    double *lost = hf_malloc((size_t)R * sizeof *lost);
    if (!order || !lost) HF_TRY(HF_E_NOMEM);
    for (int r = 0; r < R; r++) lost[r] = hf_trade_region_sum(t, a->value, r);
    HF_TRY(hf_trade_region_rows(t, "By region", lost, order, &n));
    HF_TRY(hf_trade_table_begin(&table, (const char *const[]){"region"}, 1, columns, 5));
    for (int k = 0; k < n; k++) {
        int r = order[k];
        double value = lost[r];
        hf_trade_course course = hf_trade_course_of(t, a, r);
        hf_text_table_cell(table, t->table->region[r]);
        hf_trade_money_cell(t, table, value);
        share_cell(table, value, hf_trade_region_sum(t, t->table->v, r));
        hf_trade_money_cell(t, table, hf_trade_region_sum(t, a->output, r));
        hf_trade_money_cell(t, table, a->unmet_home[r]);
        if (course.return_day >= a->days) hf_text_table_cell(table, "not yet");
        else if (course.return_day > 0) hf_text_table_cellf(table, "day %d", course.return_day);
        else hf_text_table_cell(table, "-");
    }
    HF_TRY(hf_text_table_write(table, t->cli->width, &t->cli->out));
out:
    hf_free(order);
    hf_free(lost);
    hf_text_table_free(table);
    return err;
}

static hf_err industries_print(const hf_trade *t, const hf_trade_days *a)
{
    static const char *const columns[] = {"value added lost", "output lost", "demand for it not met"};
    hf_text_table *table = NULL;
    hf_err err = HF_OK;
    int n = 0, *order = hf_malloc((size_t)t->table->n_industries * sizeof *order);
    if (!order) return HF_E_NOMEM;
    HF_TRY(hf_trade_order_industries(t, a->value, order, &n));
    hf_trade_heading(t, "Industries that lose most", n);
    HF_TRY(hf_trade_table_begin(&table, (const char *const[]){"industry"}, 1, columns, 3));
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

/* What goes from one region to another of one product, the largest loss first. */
static hf_err trade_print(const hf_trade *t, const hf_trade_days *a)
{
    static const char *const columns[] = {"for", "in normal days", "not delivered", "of it"};
    hf_text_table *table = NULL;
    hf_err err = HF_OK;
    int R = t->table->n_regions, S = t->table->n_sectors, n = t->table->n_industries * R, lost = 0;
    int *order = hf_malloc((size_t)n * sizeof *order);
    double *abroad = hf_malloc((size_t)n * sizeof *abroad);
    if (!order || !abroad) HF_TRY(HF_E_NOMEM);
    for (int k = 0; k < n; k++) {
        abroad[k] = k / R / S == k % R ? 0 : a->trade[k];
        lost += abroad[k] * t->table->unit > 0.5;
    }
    if (lost == 0) goto out;
    HF_TRY(hf_trade_order(abroad, n, order));
    hf_trade_heading(t, "Trade between regions, by seller, product and buyer", lost);
    HF_TRY(hf_trade_table_begin(&table, (const char *const[]){"product of"}, 1, columns, 4));
    for (int k = 0; k < hf_trade_shown(t, lost); k++) {
        hf_trade_industry_cell(t, table, order[k] / R);
        hf_text_table_cell(table, t->table->region[order[k] % R]);
        hf_trade_money_cell(t, table, a->flow[order[k]]);
        hf_trade_money_cell(t, table, abroad[order[k]]);
        share_cell(table, abroad[order[k]], a->flow[order[k]]);
    }
    HF_TRY(hf_text_table_write(table, t->cli->width, &t->cli->out));
out:
    hf_free(order);
    hf_free(abroad);
    hf_text_table_free(table);
    return err;
}

/* Days worth a line: some in between, the worst and the last, ascending. */
static int days_pick(const hf_trade_days *a, int worst, int *ret_days)
{
    static const int usual[] = {0, 7, 30, 90, 180, 365};
    int n = 0;
    for (size_t k = 0; k <= sizeof usual / sizeof *usual; k++) {
        int day = k < sizeof usual / sizeof *usual ? usual[k] : a->days - 1, before = n ? ret_days[n - 1] : -1;
        if (day > a->days - 1) day = a->days - 1;
        if (worst > before && worst < day) ret_days[n++] = worst;
        if (day > before) ret_days[n++] = day;
    }
    return n;
}

static hf_err days_print(const hf_trade *t, const hf_trade_days *a)
{
    static const char *const columns[] = {"output, of normal", "value added lost", "own demand not met"};
    hf_text_table *table = NULL;
    hf_err err = HF_OK;
    int R = t->table->n_regions, days[9], worst = hf_trade_course_of(t, a, t->home).lowest_day, n = days_pick(a, worst, days);
    double x = 0, v = 0;
    for (int r = 0; r < R; r++) {
        if (t->home >= 0 && r != t->home) continue;
        x += hf_trade_region_sum(t, t->table->x, r) / 365;
        v += hf_trade_region_sum(t, t->table->v, r) / 365;
    }
    hf_buf_puts(&t->cli->out, "\nDay by day (the worst marked *):\n");
    HF_TRY(hf_trade_table_begin(&table, (const char *const[]){"day"}, 1, columns, 3));
    for (int k = 0; k < n; k++) {
        double sum[HF_REGION_DAY] = {0};
        for (int r = 0; r < R; r++)
            for (int what = 0; what < HF_REGION_DAY && (t->home < 0 || r == t->home); what++)
                sum[what] += a->regions[((size_t)days[k] * (size_t)R + (size_t)r) * HF_REGION_DAY + (size_t)what];
        hf_text_table_cellf(table, "%d%s", days[k], days[k] == worst ? " *" : "");
        hf_text_table_cellf(table, "%.2f %%", x > 0 ? 100 * sum[HF_REGION_DAY_OUTPUT] / x : 100);
        double lost = v - sum[HF_REGION_DAY_VALUE_ADDED];
        hf_trade_money_cell(t, table, fabs(lost) > 1e-9 * v ? lost : 0);
        hf_trade_money_cell(t, table, sum[HF_REGION_DAY_UNMET] > 1e-9 * v ? sum[HF_REGION_DAY_UNMET] : 0);
    }
    HF_TRY(hf_text_table_write(table, t->cli->width, &t->cli->out));
out:
    hf_text_table_free(table);
    return err;
}

static double row_size(const hf_trade *t, const hf_trade_days *a, int row)
{
    double size = 0;
    for (int r = 0; r < t->table->n_regions; r++) size += fabs(a->matrix[row * t->table->n_regions + r]);
    return size * t->table->unit;
}

static hf_err matrix_print(const hf_trade *t, const hf_trade_days *a)
{
    enum { SHOWN = 10 };
    hf_text_table *table = NULL;
    hf_err err = HF_OK;
    int R = t->table->n_regions, shown = R < SHOWN ? R : SHOWN, rows = 0;
    for (int k = 0; k < a->n_from; k++) rows += row_size(t, a, k) > 0.5;
    if (rows < 2 && !hf_what_if_asked(t->cli)) return HF_OK; /* the table of regions says it */
    hf_buf_puts(&t->cli->out, "\nWho loses value added from whose outage, each outage alone (rows: where the outage is):\n");
    HF_TRY(hf_trade_table_begin(&table, (const char *const[]){"outage in"}, 1, NULL, 0));
    hf_text_table_column(table, "all", HF_ALIGN_RIGHT);
    for (int r = 0; r < shown; r++) hf_text_table_column(table, t->table->region[r], HF_ALIGN_RIGHT);
    for (int k = 0; k < a->n_from; k++) {
        double all = 0;
        if (!(row_size(t, a, k) > 0.5)) continue;
        for (int r = 0; r < R; r++) all += a->matrix[k * R + r];
        hf_text_table_cell(table, a->from[k]);
        hf_trade_money_cell(t, table, all);
        for (int r = 0; r < shown; r++) hf_trade_money_cell(t, table, a->matrix[k * R + r]);
    }
    HF_TRY(hf_text_table_write(table, t->cli->width, &t->cli->out));
    if (shown < R) hf_buf_printf(&t->cli->out, "(the first %d of %d regions; --csv --rows partners has all)\n", shown, R);
out:
    hf_text_table_free(table);
    return err;
}

/* ---- one home ---- */

/* What the home gets less (in) and sells less (out), and gets and sells in as many normal days. */
typedef struct exchange {
    double in, out, in_normal, out_normal;
} exchange;

static void exchange_add(const hf_trade *t, const hf_trade_days *a, int sector, int partner, exchange *sum)
{
    size_t R = (size_t)t->table->n_regions, S = (size_t)t->table->n_sectors, h = (size_t)t->home, p = (size_t)partner, i = (size_t)sector;
    sum->in += a->trade[(p * S + i) * R + h];
    sum->in_normal += a->flow[(p * S + i) * R + h];
    sum->out += a->trade[(h * S + i) * R + p];
    sum->out_normal += a->flow[(h * S + i) * R + p];
}

static void exchange_cells(const hf_trade *t, hf_text_table *table, const exchange *e)
{
    hf_trade_money_cell(t, table, e->in);
    share_cell(table, e->in, e->in_normal);
    hf_trade_money_cell(t, table, e->out);
    share_cell(table, e->out, e->out_normal);
}

/* Value added that the home loses from the outages of a region, NaN where no outages carry that name. */
static double from_outage(const hf_trade *t, const hf_trade_days *a, int partner)
{
    for (int k = 0; k < a->n_from; k++)
        if (strcmp(a->from[k], t->table->region[partner]) == 0) return a->matrix[k * t->table->n_regions + t->home];
    return NAN;
}

static hf_err partners_print(const hf_trade *t, const hf_trade_days *a)
{
    static const char *const columns[] = {"gets less from it", "of normal", "sells less to it", "of normal", "value added lost by its outage"};
    hf_text_table *table = NULL;
    hf_err err = HF_OK;
    hf_buf_printf(&t->cli->out, "\n%s by partner (-: more than normal):\n", t->table->region[t->home]);
    HF_TRY(hf_trade_table_begin(&table, (const char *const[]){"partner"}, 1, columns, 5));
    for (int p = 0; p < t->table->n_regions; p++) {
        exchange sum = {0};
        double outage = from_outage(t, a, p);
        for (int i = 0; i < t->table->n_sectors && p != t->home; i++) exchange_add(t, a, i, p, &sum);
        hf_text_table_cellf(table, "%s%s", t->table->region[p], p == t->home ? " (home)" : "");
        exchange_cells(t, table, &sum);
        hf_trade_money_cell(t, table, isnan(outage) ? 0 : outage);
    }
    HF_TRY(hf_text_table_write(table, t->cli->width, &t->cli->out));
out:
    hf_text_table_free(table);
    return err;
}

static hf_err products_print(const hf_trade *t, const hf_trade_days *a)
{
    static const char *const columns[] = {"gets less", "of normal", "sells less", "of normal"};
    hf_text_table *table = NULL;
    hf_err err = HF_OK;
    int S = t->table->n_sectors, *order = hf_malloc((size_t)S * sizeof *order);
    hf_buf heading = {0};
    exchange *sum = hf_calloc((size_t)S, sizeof *sum);
    double *in = hf_malloc((size_t)S * sizeof *in);
    if (!order || !sum || !in) HF_TRY(HF_E_NOMEM);
    for (int i = 0; i < S; i++) {
        for (int p = 0; p < t->table->n_regions; p++)
            if (p != t->home) exchange_add(t, a, i, p, &sum[i]);
        in[i] = fabs(sum[i].in) + fabs(sum[i].out);
    }
    HF_TRY(hf_trade_order(in, S, order));
    hf_buf_printf(&heading, "%s by product, with all partners (-: more than normal)", t->table->region[t->home]);
    hf_trade_heading(t, heading.text ? heading.text : "", S);
    HF_TRY(hf_trade_table_begin(&table, (const char *const[]){"product"}, 1, columns, 4));
    for (int k = 0; k < hf_trade_shown(t, S); k++) {
        hf_text_table_cell(table, hf_trade_sector_title(t, order[k]));
        exchange_cells(t, table, &sum[order[k]]);
    }
    HF_TRY(hf_text_table_write(table, t->cli->width, &t->cli->out));
out:
    hf_free(order);
    hf_free(sum);
    hf_free(in);
    hf_buf_done(&heading);
    hf_text_table_free(table);
    return err;
}

hf_err hf_trade_days_print(const hf_trade *t, const hf_trade_days *a)
{
    hf_err err = HF_OK;
    summary_print(t, a);
    if (t->home < 0) HF_TRY(regions_print(t, a));
    HF_TRY(industries_print(t, a));
    if (t->home < 0) HF_TRY(trade_print(t, a));
    if (t->home >= 0) HF_TRY(partners_print(t, a));
    if (t->home >= 0) HF_TRY(products_print(t, a));
    HF_TRY(days_print(t, a));
    if (t->home < 0) HF_TRY(matrix_print(t, a));
    HF_TRY(hf_trade_gates_print(t, a));
out:
    return err;
}
