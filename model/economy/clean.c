#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "model/economy/table.h"

static const char *const reason_texts[HF_IO_REASONS] = {
    [HF_IO_MERGED] = "merged into another region",
    [HF_IO_DROPPED] = "region left out",
    [HF_IO_NEGATIVE_FLOW] = "negative flow",
    [HF_IO_NO_OUTPUT] = "industry without sales",
    [HF_IO_ROW_GAP] = "sales do not add up to output",
    [HF_IO_COLUMN_GAP] = "inputs and value added do not add up to output",
    [HF_IO_VALUE_ADDED_ABSENT] = "value added derived",
    [HF_IO_NEGATIVE_VALUE_ADDED] = "negative value added",
    [HF_IO_NEGATIVE_DEMAND] = "negative final demand",
    [HF_IO_BALANCED] = "balanced to given totals",
};

const char *hf_io_reason_text(hf_io_reason reason)
{
    return (unsigned)reason < HF_IO_REASONS ? reason_texts[reason] : "unknown reason";
}

hf_io_clean_options hf_io_clean_options_default(void)
{
    return (hf_io_clean_options){.row_gap = HF_IO_GAP_TO_DEMAND, .inventory = -1, .gap_warning = 0.01};
}

void hf_io_report_done(hf_io_report *report)
{
    hf_free(report->change);
    *report = (hf_io_report){0};
}

hf_io_summary hf_io_report_summary(const hf_io_report *report)
{
    hf_io_summary s = {0};
    for (size_t k = 0; k < report->n; k++) {
        const hf_io_change *c = &report->change[k];
        s.cells[c->reason]++;
        s.amount[c->reason] += fabs(c->after - c->before);
    }
    return s;
}

static hf_err report_add(hf_io_report *report, hf_io_change change)
{
    hf_err err = hf_grow((void **)&report->change, &report->capacity, report->n + 1, sizeof *report->change);
    if (err == HF_OK) report->change[report->n++] = change;
    return err;
}

static void industry_print(const hf_io_table *t, int industry, hf_buf *buf)
{
    hf_buf_printf(buf, "%s/%s", t->region[industry / t->n_sectors], t->sector[industry % t->n_sectors]);
}

void hf_io_change_print(const hf_io_table *table, const hf_io_change *change, hf_buf *buf)
{
    static const char *const places[] = {"flow", "final demand", "output", "value added"};
    if (change->reason == HF_IO_MERGED || change->reason == HF_IO_DROPPED) {
        hf_buf_printf(buf, "region %s: output ", table->region[change->row]);
    } else {
        hf_buf_printf(buf, "%s ", places[change->place]);
        industry_print(table, change->row, buf);
        if (change->place == HF_IO_Z) {
            hf_buf_puts(buf, " -> ");
            industry_print(table, change->column, buf);
        } else if (change->place == HF_IO_Y) {
            hf_buf_printf(buf, " -> %s/%d", table->region[change->column / table->n_demand], change->column % table->n_demand + 1);
        }
        hf_buf_puts(buf, ": ");
    }
    hf_buf_number(buf, change->before);
    hf_buf_puts(buf, " becomes ");
    hf_buf_number(buf, change->after);
    hf_buf_printf(buf, " (%s)", hf_io_reason_text(change->reason));
}

/* ---- cleaning in place ---- */

typedef struct cleaner {
    hf_io_table *t;
    const hf_io_clean_options *options;
    hf_io_report *report;
    hf_diag *diag;
    int inventory;
    double *inputs; /* [n] column sums of Z */
} cleaner;

static double *cell_at(const hf_io_table *t, hf_io_place place, int row, int column)
{
    switch (place) {
    case HF_IO_Z: return t->z + (size_t)row * (size_t)t->n_industries + column;
    case HF_IO_Y: return t->y + (size_t)row * (size_t)t->n_demand_columns + column;
    case HF_IO_X: return t->x + row;
    case HF_IO_V: return t->v + row;
    }
    return NULL;
}

/* The only way a cell changes: no entry in the report, no change. */
static hf_err cell_set(const cleaner *c, hf_io_reason reason, hf_io_place place, int row, int column, double after)
{
    double *cell = cell_at(c->t, place, row, column);
    if (*cell == after) return HF_OK;
    hf_err err = report_add(c->report, (hf_io_change){reason, place, row, column, *cell, after});
    if (err == HF_OK) *cell = after;
    return err;
}

static hf_err cell_add(const cleaner *c, hf_io_reason reason, hf_io_place place, int row, int column, double amount)
{
    return cell_set(c, reason, place, row, column, *cell_at(c->t, place, row, column) + amount);
}

static int own_demand(const hf_io_table *t, int industry, int kind)
{
    return industry / t->n_sectors * t->n_demand + kind;
}

static bool value_added_given(const hf_io_table *t)
{
    for (int j = 0; j < t->n_industries; j++)
        if (t->v[j] != 0) return true;
    return false;
}

static hf_err numbers_check(const cleaner *c)
{
    const hf_io_table *t = c->t;
    size_t n = (size_t)t->n_industries, m = (size_t)t->n_demand_columns;
    const struct {
        const char *name;
        const double *value;
        size_t count, columns;
    } parts[] = {{"flow", t->z, n * n, n}, {"final demand", t->y, n * m, m}, {"output", t->x, n, 1}, {"value added", t->v, n, 1}};
    hf_err err = HF_OK;
    for (int p = 0; p < 4; p++)
        for (size_t k = 0; k < parts[p].count; k++) {
            double value = parts[p].value[k];
            if (isfinite(value) && (value >= 0 || parts[p].value != t->x)) continue;
            size_t i = k / parts[p].columns;
            hf_diag_add(c->diag, HF_ERROR, HF_E_DATA, NULL, 0, 0, "%s of %s/%s is %g%s", parts[p].name, t->region[i / (size_t)t->n_sectors],
                        t->sector[i % (size_t)t->n_sectors], value, isfinite(value) ? ": output cannot be negative" : ", not a number to work with");
            err = HF_E_DATA;
        }
    return err;
}

/* A negative sale is a purchase that was booked in the wrong cell. Taken from the buyer's inventories and value added, both balances stay. */
static hf_err negative_flows(const cleaner *c, bool v_given)
{
    hf_err err = HF_OK;
    hf_io_table *t = c->t;
    for (int i = 0; i < t->n_industries; i++)
        for (int j = 0; j < t->n_industries; j++) {
            double flow = *cell_at(t, HF_IO_Z, i, j);
            if (flow >= 0) continue;
            HF_TRY(cell_set(c, HF_IO_NEGATIVE_FLOW, HF_IO_Z, i, j, 0));
            HF_TRY(cell_add(c, HF_IO_NEGATIVE_FLOW, HF_IO_Y, i, own_demand(t, j, c->inventory), flow));
            if (v_given) HF_TRY(cell_add(c, HF_IO_NEGATIVE_FLOW, HF_IO_V, j, -1, flow));
        }
out:
    return err;
}

static double row_sales(const hf_io_table *t, int i)
{
    const double *z = cell_at(t, HF_IO_Z, i, 0), *y = cell_at(t, HF_IO_Y, i, 0);
    double sum = 0;
    for (int j = 0; j < t->n_industries; j++) sum += z[j];
    for (int k = 0; k < t->n_demand_columns; k++) sum += y[k];
    return sum;
}

static void inputs_sum(const cleaner *c)
{
    const hf_io_table *t = c->t;
    size_t n = (size_t)t->n_industries;
    memset(c->inputs, 0, n * sizeof *c->inputs);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) c->inputs[j] += t->z[i * n + j];
}

/* Moves a share of all inputs of industry j to its region's final demand: the sellers keep their sales. Output stays. */
static hf_err inputs_move(const cleaner *c, hf_io_reason reason, int j, double keep)
{
    hf_err err = HF_OK;
    for (int i = 0; i < c->t->n_industries; i++) {
        double flow = *cell_at(c->t, HF_IO_Z, i, j);
        if (flow == 0) continue;
        double kept = keep > 0 ? flow * keep : 0;
        HF_TRY(cell_set(c, reason, HF_IO_Z, i, j, kept));
        HF_TRY(cell_add(c, reason, HF_IO_Y, i, own_demand(c->t, j, c->inventory), flow - kept));
    }
out:
    return err;
}

/* Industries that neither sell nor have output: what they buy is consumed in their region. One that sells without output gets its sales as
 * output; one with output but without sales is left to the row gap. */
static hf_err no_output(const cleaner *c)
{
    hf_err err = HF_OK;
    hf_io_table *t = c->t;
    for (int i = 0; i < t->n_industries; i++) {
        if (t->x[i] > 0) continue;
        double sales = row_sales(t, i);
        if (sales > 0) {
            HF_TRY(cell_set(c, HF_IO_NO_OUTPUT, HF_IO_X, i, -1, sales));
            continue;
        }
        HF_TRY(inputs_move(c, HF_IO_NO_OUTPUT, i, 0));
        HF_TRY(cell_set(c, HF_IO_NO_OUTPUT, HF_IO_V, i, -1, 0));
        for (int j = 0; j < t->n_industries; j++) HF_TRY(cell_set(c, HF_IO_NO_OUTPUT, HF_IO_Z, i, j, 0));
        for (int k = 0; k < t->n_demand_columns; k++) HF_TRY(cell_set(c, HF_IO_NO_OUTPUT, HF_IO_Y, i, k, 0));
    }
out:
    return err;
}

/* Gaps that are worth a warning: how many, and the widest as a share of output. */
typedef struct wide_gaps {
    int n, worst;
    double x, gap, share; /* of the widest */
} wide_gaps;

static void gap_note(const cleaner *c, wide_gaps *wide, int i, double gap)
{
    double x = c->t->x[i], share = x > 0 ? fabs(gap) / x : INFINITY;
    if (fabs(gap) <= c->options->gap_warning * x) return;
    if (wide->n++ == 0 || share > wide->share) wide->worst = i, wide->x = x, wide->gap = gap, wide->share = share;
}

static void gaps_warn(const cleaner *c, const wide_gaps *wide, const char *what)
{
    const hf_io_table *t = c->t;
    char more[80] = "";
    if (wide->n == 0) return;
    if (wide->n > 1) snprintf(more, sizeof more, "; %d more industries have such gaps, this is the widest", wide->n - 1);
    hf_diag_add(c->diag, HF_WARNING, HF_E_DATA, NULL, 0, 0, "%s/%s: %s differ from output %g by %g%s", t->region[wide->worst / t->n_sectors],
                t->sector[wide->worst % t->n_sectors], what, wide->x, wide->gap, more);
}

/* Gaps below this share of output are the arithmetic's own and are left alone. */
static const double rounding = 1e-12;

static hf_err row_gaps(const cleaner *c, hf_io_gap to)
{
    hf_err err = HF_OK;
    hf_io_table *t = c->t;
    wide_gaps wide = {0};
    for (int i = 0; i < t->n_industries; i++) {
        double sales = row_sales(t, i), gap = t->x[i] - sales;
        if (fabs(gap) <= rounding * t->x[i]) continue;
        gap_note(c, &wide, i, gap);
        if (to == HF_IO_GAP_TO_OUTPUT) HF_TRY(cell_set(c, HF_IO_ROW_GAP, HF_IO_X, i, -1, fmax(sales, 0)));
        else HF_TRY(cell_add(c, HF_IO_ROW_GAP, HF_IO_Y, i, own_demand(t, i, 0), gap));
    }
    gaps_warn(c, &wide, "sales");
out:
    return err;
}

static hf_err value_added(const cleaner *c, bool given)
{
    hf_err err = HF_OK;
    hf_io_table *t = c->t;
    wide_gaps wide = {0};
    inputs_sum(c);
    for (int j = 0; j < t->n_industries; j++) {
        double v = t->x[j] - c->inputs[j], gap = v - t->v[j];
        if (fabs(v) <= rounding * t->x[j]) v = 0;
        if (given && fabs(gap) <= rounding * t->x[j]) continue;
        if (given) gap_note(c, &wide, j, gap);
        HF_TRY(cell_set(c, given ? HF_IO_COLUMN_GAP : HF_IO_VALUE_ADDED_ABSENT, HF_IO_V, j, -1, v));
    }
    gaps_warn(c, &wide, "inputs and value added");
out:
    return err;
}

static hf_err negative_value_added(const cleaner *c)
{
    hf_err err = HF_OK;
    hf_io_table *t = c->t;
    inputs_sum(c);
    for (int j = 0; j < t->n_industries; j++) {
        if (t->v[j] >= 0) continue;
        HF_TRY(inputs_move(c, HF_IO_NEGATIVE_VALUE_ADDED, j, t->x[j] / c->inputs[j]));
        HF_TRY(cell_set(c, HF_IO_NEGATIVE_VALUE_ADDED, HF_IO_V, j, -1, 0));
    }
out:
    return err;
}

/* Columns first .. last-1 of one row: all negative cells become 0 and the positive ones carry them in proportion; *debt is what they could
 * not carry (added to what it was). */
static hf_err demand_net(const cleaner *c, int i, int first, int last, double *debt)
{
    hf_err err = HF_OK;
    double positive = 0, negative = *debt;
    for (int k = first; k < last; k++) {
        double value = *cell_at(c->t, HF_IO_Y, i, k);
        if (value > 0) positive += value;
        else negative -= value;
    }
    if (negative == 0) return HF_OK;
    double keep = positive > negative ? (positive - negative) / positive : 0;
    for (int k = first; k < last; k++) {
        double value = *cell_at(c->t, HF_IO_Y, i, k);
        HF_TRY(cell_set(c, HF_IO_NEGATIVE_DEMAND, HF_IO_Y, i, k, value > 0 ? value * keep : 0));
    }
    *debt = negative > positive ? negative - positive : 0;
out:
    return err;
}

/* First within the buying region, then across the row; what is left over (more goods back than sold) becomes output. */
static hf_err negative_demand(const cleaner *c)
{
    hf_err err = HF_OK;
    hf_io_table *t = c->t;
    for (int i = 0; i < t->n_industries; i++) {
        double debt = 0;
        for (int r = 0; r < t->n_regions; r++) {
            double here = 0;
            HF_TRY(demand_net(c, i, r * t->n_demand, (r + 1) * t->n_demand, &here));
            debt += here;
        }
        if (debt > 0) HF_TRY(demand_net(c, i, 0, t->n_demand_columns, &debt));
        if (debt <= 0) continue;
        HF_TRY(cell_add(c, HF_IO_NEGATIVE_DEMAND, HF_IO_X, i, -1, debt));
        HF_TRY(cell_add(c, HF_IO_NEGATIVE_DEMAND, HF_IO_V, i, -1, debt));
    }
out:
    return err;
}

/* What is below this share of all output is the last digit of printed tables: in the report, but not worth a line. */
static const double last_digit = 1e-6;

static void summary_say(const cleaner *c)
{
    hf_io_summary s = hf_io_report_summary(c->report);
    double output = hf_io_totals_of(c->t).x;
    for (int reason = 0; reason < HF_IO_REASONS; reason++)
        if (s.cells[reason] > 0 && s.amount[reason] > last_digit * output)
            hf_diag_add(c->diag, HF_NOTE, HF_E_DATA, NULL, 0, 0, "%s: %zu cells changed, %.6g in all", reason_texts[reason], s.cells[reason],
                        s.amount[reason]);
}

hf_err hf_io_clean(hf_io_table *table, const hf_io_clean_options *options, hf_io_report *report, hf_diag *diag)
{
    hf_err err = HF_OK;
    int inventory = options->inventory < 0 || options->inventory >= table->n_demand ? table->n_demand - 1 : options->inventory;
    cleaner c = {table, options, report, diag, inventory, NULL};
    bool given = value_added_given(table);
    c.inputs = hf_calloc((size_t)table->n_industries, sizeof *c.inputs);
    if (!c.inputs) return HF_E_NOMEM;
    HF_TRY(numbers_check(&c));
    HF_TRY(negative_flows(&c, given));
    HF_TRY(no_output(&c));
    HF_TRY(row_gaps(&c, options->row_gap));
    HF_TRY(value_added(&c, given));
    if (!options->keep_negative_value_added) HF_TRY(negative_value_added(&c));
    if (!options->keep_negative_demand) HF_TRY(negative_demand(&c));
    /* Rounding of the steps above, columns whose output changed, and industries that lost all of it. */
    HF_TRY(row_gaps(&c, HF_IO_GAP_TO_OUTPUT));
    HF_TRY(no_output(&c));
    HF_TRY(value_added(&c, true));
    summary_say(&c);
out:
    hf_free(c.inputs);
    return err;
}

/* ---- merging and leaving out regions ---- */

static hf_err fold_report(const hf_io_table *t, const int *region_of, int n_new, hf_io_report *report)
{
    hf_err err = HF_OK;
    for (int r = 0; r < t->n_regions; r++) {
        int members = 0;
        double output = 0;
        for (int q = 0; q < t->n_regions; q++) members += region_of[q] == region_of[r];
        for (int i = 0; i < t->n_sectors; i++) output += t->x[r * t->n_sectors + i];
        if (region_of[r] < -1 || region_of[r] >= n_new) return HF_E_RANGE;
        if (region_of[r] < 0) HF_TRY(report_add(report, (hf_io_change){HF_IO_DROPPED, HF_IO_X, r, -1, output, 0}));
        else if (members > 1) HF_TRY(report_add(report, (hf_io_change){HF_IO_MERGED, HF_IO_X, r, region_of[r], output, output}));
    }
out:
    return err;
}

static void fold_row(const hf_io_table *from, const int *region_of, size_t i, size_t to_i, hf_io_table *to)
{
    size_t s = (size_t)from->n_sectors, d = (size_t)from->n_demand, n = (size_t)to->n_industries, m = (size_t)to->n_demand_columns;
    const double *z = from->z + i * (size_t)from->n_industries, *y = from->y + i * (size_t)from->n_demand_columns;
    for (int r = 0; r < from->n_regions; r++) {
        if (region_of[r] < 0) continue;
        size_t old = (size_t)r, now = (size_t)region_of[r];
        for (size_t k = 0; k < s; k++) to->z[to_i * n + now * s + k] += z[old * s + k];
        for (size_t k = 0; k < d; k++) to->y[to_i * m + now * d + k] += y[old * d + k];
    }
    to->x[to_i] += from->x[i];
    to->v[to_i] += from->v[i];
}

hf_err hf_io_fold(const hf_io_table *table, const int *region_of, int n_new, const char *const *region, hf_io_report *report,
                  hf_io_table **ret_table)
{
    hf_io_table *to = NULL;
    size_t s = (size_t)table->n_sectors;
    hf_err err = fold_report(table, region_of, n_new, report);
    if (err != HF_OK) return err;
    err = hf_io_table_new(n_new, table->n_sectors, table->n_demand, region, table->sector, table->currency, table->unit, table->year, &to);
    if (err != HF_OK) return err;
    for (size_t i = 0; i < (size_t)table->n_industries; i++) {
        int now = region_of[i / s];
        if (now >= 0) fold_row(table, region_of, i, (size_t)now * s + i % s, to);
    }
    *ret_table = to;
    return HF_OK;
}
