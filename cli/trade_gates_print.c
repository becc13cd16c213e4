/* trade --method adaptive: what the gates of trade did. */
#include <math.h>

#include "base/alloc.h"
#include "cli/cells.h"
#include "cli/json_parts.h"
#include "cli/trade_adaptive.h"

static double least_of(const double *values, int n)
{
    double least = INFINITY;
    for (int k = 0; k < n; k++) least = fmin(least, values[k]);
    return least;
}

static double most_of(const double *values, int n)
{
    double most = 0;
    for (int k = 0; k < n; k++) most = fmax(most, values[k]);
    return most;
}

/* Days on which a gate was not open, the first and the last of them. */
typedef struct closure {
    int days, first, last;
} closure;

static closure closure_of(const double *open, int days)
{
    closure c = {0, -1, -1};
    for (int day = 0; day < days; day++) {
        if (open[day] >= 1) continue;
        if (c.days++ == 0) c.first = day;
        c.last = day;
    }
    return c;
}

static const double *gate_open(const hf_trade_days *a, int gate)
{
    return a->open + (size_t)gate * (size_t)a->days;
}

/* Money of a lane that is held up over the days. */
static double lane_held(const hf_trade_days *a, int lane)
{
    double sum = 0;
    for (int day = 0; day < a->days; day++) sum += a->held[(size_t)lane * (size_t)a->days + (size_t)day];
    return sum * a->gates.flow[lane] / 365;
}

static double lane_late(const hf_trade_days *a, int lane)
{
    return most_of(a->late + (size_t)lane * (size_t)a->days, a->days);
}

static hf_err gates_table(const hf_trade *t, const hf_trade_days *a, int n_shut)
{
    hf_text_table *table = NULL;
    hf_err err = HF_OK;
    hf_buf_printf(&t->cli->out, "\nGates of trade that are not open (%s):\n",
                  a->gates.detours ? "trade goes other ways where there are any; --reroute no keeps it" : "what they do not let through waits");
    HF_TRY(hf_text_table_new(&table));
    hf_text_table_column(table, "gate", HF_ALIGN_LEFT);
    static const char *const columns[] = {"open at the worst", "from day", "to day"};
    for (size_t k = 0; k < sizeof columns / sizeof *columns; k++) hf_text_table_column(table, columns[k], HF_ALIGN_RIGHT);
    for (int k = 0; k < a->gates.corridors->n_gates && n_shut > 0; k++) {
        closure c = closure_of(gate_open(a, k), a->days);
        if (c.days == 0) continue;
        hf_text_table_cell(table, t->economy->corridor[k].title);
        hf_cell_share(table, least_of(gate_open(a, k), a->days));
        hf_text_table_cellf(table, "%d", c.first);
        if (c.last == a->days - 1) hf_text_table_cell(table, "the end");
        else hf_text_table_cellf(table, "%d", c.last);
    }
    HF_TRY(hf_text_table_write(table, t->cli->width, &t->cli->out));
out:
    hf_text_table_free(table);
    return err;
}

static hf_err lanes_table(const hf_trade *t, const hf_trade_days *a)
{
    const hf_corridors *c = a->gates.corridors;
    hf_text_table *table = NULL;
    hf_err err = HF_OK;
    int n = 0, *order = hf_malloc((size_t)c->n_lanes * sizeof *order);
    double *size = hf_malloc((size_t)c->n_lanes * sizeof *size);
    if (!order || !size) HF_TRY(HF_E_NOMEM);
    for (int l = 0; l < c->n_lanes; l++) {
        bool held = lane_held(a, l) * t->table->unit > 0.5, late = lane_late(a, l) > 0 && a->gates.flow[l] > 0;
        size[l] = held || late ? lane_held(a, l) + 1e-9 * lane_late(a, l) * a->gates.flow[l] : -1;
        n += held || late;
    }
    if (n == 0) goto out;
    HF_TRY(hf_trade_order(size, c->n_lanes, order));
    hf_trade_heading(t, "Trade that the gates hold up or make late", n);
    HF_TRY(hf_text_table_new(&table));
    static const char *const names[] = {"from", "to", "of"}, *const columns[] = {"in normal days", "not shipped", "late by at most"};
    for (int k = 0; k < 3; k++) hf_text_table_column(table, names[k], HF_ALIGN_LEFT);
    for (int k = 0; k < 3; k++) hf_text_table_column(table, columns[k], HF_ALIGN_RIGHT);
    for (int k = 0; k < hf_trade_shown(t, n); k++) {
        int l = order[k];
        hf_text_table_cell(table, t->table->region[c->lane[l].origin]);
        hf_text_table_cell(table, t->table->region[c->lane[l].destination]);
        hf_text_table_cell(table, hf_trade_lane_goods(t, &a->gates, l));
        hf_trade_money_cell(t, table, a->gates.flow[l] / 365 * a->days);
        hf_trade_money_cell(t, table, lane_held(a, l) * t->table->unit > 0.5 ? lane_held(a, l) : 0);
        if (lane_late(a, l) > 0) hf_text_table_cellf(table, "%.1f days", lane_late(a, l));
        else hf_text_table_cell(table, "-");
    }
    HF_TRY(hf_text_table_write(table, t->cli->width, &t->cli->out));
out:
    hf_free(order);
    hf_free(size);
    hf_text_table_free(table);
    return err;
}

static double sum_of(const double *values, int n)
{
    double sum = 0;
    for (int k = 0; k < n; k++) sum += values[k];
    return sum;
}

static void loss_say(const hf_trade *t, double lost)
{
    hf_buf *out = &t->cli->out;
    bool nothing = fabs(lost) * t->table->unit < 0.5;
    if (nothing) hf_buf_puts(out, "nothing is lost");
    else hf_trade_money(t, fabs(lost), out);
    if (!nothing) hf_buf_puts(out, lost > 0 ? " of value added is lost" : " more value added is made, to fill stocks");
}

/* What is lost by the gates alone; where only borders and limits act it is theirs. */
static void share_say(const hf_trade *t, const hf_trade_days *a)
{
    hf_buf *out = &t->cli->out;
    int R = t->table->n_regions, first = t->home < 0 ? 0 : t->home, n = t->home < 0 ? R : 1;
    hf_buf_printf(out, "By %s alone%s%s, ", a->gates.coupling.n_limits == 0 ? "the gates" : "gates, borders and limits of trade", t->home < 0 ? "" : " in ",
                  t->home < 0 ? "" : t->table->region[t->home]);
    loss_say(t, sum_of(a->by_gates + first, n));
    if (a->gates.coupling.detour) {
        hf_buf_puts(out, "; if nothing took another way, ");
        loss_say(t, sum_of(a->no_other_way + first, n));
    }
    hf_buf_puts(out, ".\n");
}

hf_err hf_trade_gates_print(const hf_trade *t, const hf_trade_days *a)
{
    hf_err err = HF_OK;
    int shut = 0;
    if (!a->coupled || !a->with_gates) return HF_OK;
    for (int k = 0; a->gates.corridors && k < a->gates.corridors->n_gates; k++) shut += closure_of(gate_open(a, k), a->days).days > 0;
    if (shut == 0 && a->gates.coupling.n_limits == 0) {
        hf_buf_puts(&t->cli->out, "\nNo gate of trade is shut by it.\n");
        return HF_OK;
    }
    if (shut > 0) HF_TRY(gates_table(t, a, shut));
    if (shut > 0) HF_TRY(lanes_table(t, a));
    hf_buf_puts(&t->cli->out, "\n");
    share_say(t, a);
out:
    return err;
}

void hf_trade_gates_json(const hf_trade *t, const hf_trade_days *a, hf_json *json)
{
    const hf_corridors *c = a->gates.corridors;
    hf_json_key(json, "gates");
    hf_json_object(json);
    hf_json_key_text(json, "reroute", a->gates.detours ? "yes" : "no");
    hf_json_key(json, "corridors");
    hf_json_array(json);
    for (int k = 0; c && k < c->n_gates; k++) {
        closure days = closure_of(gate_open(a, k), a->days);
        hf_json_object(json);
        hf_json_key_text(json, "corridor", t->economy->corridor[k].name);
        hf_json_key_number(json, "lowest", least_of(gate_open(a, k), a->days));
        hf_json_key_number(json, "days_not_open", days.days);
        hf_json_key_number(json, "first_day", days.first < 0 ? NAN : days.first);
        hf_json_key_number(json, "last_day", days.last < 0 ? NAN : days.last);
        hf_json_end(json);
    }
    hf_json_end(json);
    hf_json_key(json, "lanes");
    hf_json_array(json);
    for (int l = 0; c && l < c->n_lanes; l++) {
        hf_json_object(json);
        hf_json_key_text(json, "from", t->table->region[c->lane[l].origin]);
        hf_json_key_text(json, "to", t->table->region[c->lane[l].destination]);
        hf_json_key_text(json, "of", hf_trade_lane_goods(t, &a->gates, l));
        hf_json_key_number(json, "normal", a->gates.flow[l] / 365 * a->days);
        hf_json_key_number(json, "not_shipped", lane_held(a, l));
        hf_json_key_number(json, "late_days", lane_late(a, l));
        hf_json_end(json);
    }
    hf_json_end(json);
    hf_json_key(json, "by_region");
    hf_json_array(json);
    for (int r = 0; r < t->table->n_regions; r++) {
        hf_json_object(json);
        hf_json_key_text(json, "region", t->table->region[r]);
        hf_json_key_number(json, "value_added_lost", a->by_gates[r]);
        hf_json_key_number(json, "without_other_ways", a->no_other_way[r]);
        hf_json_end(json);
    }
    hf_json_end(json);
    hf_json_end(json);
}
