/* trade --method adaptive for programs: JSON and CSV. */
#include "cli/json_parts.h"
#include "cli/trade_adaptive.h"

static double normal_output(const hf_trade *t, const hf_trade_days *a, int industry)
{
    return t->table->x[industry] / 365 * a->days;
}

static void industries_json(const hf_trade *t, const hf_trade_days *a, hf_json *json)
{
    hf_json_key(json, "industries");
    hf_json_array(json);
    for (int f = 0; f < t->table->n_industries; f++) {
        double normal = normal_output(t, a, f);
        hf_json_object(json);
        hf_trade_json_industry(t, json, f);
        hf_json_key_number(json, "x0", normal);
        hf_json_key_number(json, "x", normal - a->output[f]);
        hf_json_key_number(json, "loss", a->output[f]);
        hf_json_key_number(json, "value_added_lost", a->value[f]);
        hf_json_key_number(json, "unmet_demand", a->unmet[f]);
        hf_json_end(json);
    }
    hf_json_end(json);
}

static void regions_json(const hf_trade *t, const hf_trade_days *a, hf_json *json)
{
    hf_json_key(json, "by_country");
    hf_json_array(json);
    for (int r = 0; r < t->table->n_regions; r++) {
        hf_trade_course course = hf_trade_course_of(t, a, r);
        hf_json_object(json);
        hf_json_key_text(json, "region", t->table->region[r]);
        hf_json_key_number(json, "loss", hf_trade_region_sum(t, a->output, r));
        hf_json_key_number(json, "value_added_lost", hf_trade_region_sum(t, a->value, r));
        hf_json_key_number(json, "unmet_demand", a->unmet_home[r]);
        hf_json_key_number(json, "lowest", course.lowest);
        hf_json_key_number(json, "lowest_day", course.lowest_day);
        hf_json_key_number(json, "return_day", course.return_day);
        hf_json_end(json);
    }
    hf_json_end(json);
}

static void partners_json(const hf_trade *t, const hf_trade_days *a, hf_json *json)
{
    int R = t->table->n_regions;
    hf_json_key(json, "by_partner");
    hf_json_array(json);
    for (int k = 0; k < a->n_from; k++)
        for (int r = 0; r < R; r++) {
            hf_json_object(json);
            hf_json_key_text(json, "from", a->from[k]);
            hf_json_key_text(json, "to", t->table->region[r]);
            hf_json_key_number(json, "loss", a->matrix[k * R + r]);
            hf_json_end(json);
        }
    hf_json_end(json);
}

static void trade_json(const hf_trade *t, const hf_trade_days *a, hf_json *json)
{
    int R = t->table->n_regions;
    hf_json_key(json, "trade");
    hf_json_array(json);
    for (int k = 0; k < t->table->n_industries * R; k++) {
        if (!(a->flow[k] > 0)) continue;
        hf_json_object(json);
        hf_json_key_text(json, "from", t->table->region[k / R / t->table->n_sectors]);
        hf_json_key_text(json, "industry", t->table->sector[k / R % t->table->n_sectors]);
        hf_json_key_text(json, "to", t->table->region[k % R]);
        hf_json_key_number(json, "normal", a->flow[k]);
        hf_json_key_number(json, "loss", a->trade[k]);
        hf_json_end(json);
    }
    hf_json_end(json);
}

static const double *region_day(const hf_trade *t, const hf_trade_days *a, int day, int region)
{
    return a->regions + ((size_t)day * (size_t)t->table->n_regions + (size_t)region) * HF_REGION_DAY;
}

static void region_array(const hf_trade *t, const hf_trade_days *a, hf_json *json, const char *key, int day, int what)
{
    hf_json_key(json, key);
    hf_json_array(json);
    for (int r = 0; r < t->table->n_regions; r++) hf_json_number(json, region_day(t, a, day, r)[what]);
    hf_json_end(json);
}

static void days_json(const hf_trade *t, const hf_trade_days *a, hf_json *json)
{
    hf_json_key(json, "days");
    hf_json_array(json);
    for (int day = 0; day < a->days; day++) {
        hf_json_object(json);
        hf_json_key_number(json, "day", day);
        hf_json_key_number(json, "output", a->by_day[day]);
        hf_json_key_number(json, "value_added", a->value_by_day[day]);
        region_array(t, a, json, "region_output", day, HF_REGION_DAY_OUTPUT);
        region_array(t, a, json, "region_value_added", day, HF_REGION_DAY_VALUE_ADDED);
        region_array(t, a, json, "region_unmet", day, HF_REGION_DAY_UNMET);
        hf_json_end(json);
    }
    hf_json_end(json);
}

hf_err hf_trade_days_json(const hf_trade *t, const hf_trade_days *a)
{
    hf_json json;
    hf_trade_json_start(t, &json, "adaptive");
    hf_json_key_text(&json, "home", t->home < 0 ? NULL : t->table->region[t->home]);
    industries_json(t, a, &json);
    regions_json(t, a, &json);
    partners_json(t, a, &json);
    trade_json(t, a, &json);
    days_json(t, a, &json);
    if (a->coupled && a->with_gates) hf_trade_gates_json(t, a, &json);
    hf_err err = hf_trade_json_checks(t, &json, a->result.residual, a->result.collapsed ? "collapsed" : a->warnings > 0 ? "warned" : "stable");
    hf_json_key_number(&json, "lowest_day", a->result.lowest_day);
    hf_json_key_number(&json, "lowest", a->result.lowest);
    hf_json_key_number(&json, "return_day", a->result.return_day);
    hf_json_key_number(&json, "returned", a->result.returned);
    hf_json_key_number(&json, "collapsed", a->result.collapsed);
    hf_json_end(&json);
    hf_json_end(&json);
    hf_buf_puts(&t->cli->out, "\n");
    return err != HF_OK ? err : t->cli->out.err;
}

/* ---- CSV ---- */

static hf_err regions_csv(const hf_trade *t, const hf_trade_days *a)
{
    static const char *const columns[] = {"region", "output_lost", "value_added_lost", "unmet_demand", "lowest", "lowest_day", "return_day"};
    hf_trade_rows rows;
    hf_trade_rows_begin(&rows, columns, 7);
    for (int r = 0; r < t->table->n_regions; r++) {
        hf_trade_course course = hf_trade_course_of(t, a, r);
        hf_trade_rows_text(&rows, t->table->region[r]);
        hf_trade_rows_number(&rows, hf_trade_region_sum(t, a->output, r));
        hf_trade_rows_number(&rows, hf_trade_region_sum(t, a->value, r));
        hf_trade_rows_number(&rows, a->unmet_home[r]);
        hf_trade_rows_number(&rows, course.lowest);
        hf_trade_rows_number(&rows, course.lowest_day);
        hf_trade_rows_number(&rows, course.return_day);
    }
    return hf_trade_rows_end(&rows, t);
}

static hf_err trade_csv(const hf_trade *t, const hf_trade_days *a)
{
    static const char *const columns[] = {"from_region", "industry", "to_region", "normal", "lost"};
    hf_trade_rows rows;
    int R = t->table->n_regions, S = t->table->n_sectors;
    hf_trade_rows_begin(&rows, columns, 5);
    for (int k = 0; k < t->table->n_industries * R; k++) {
        if (!(a->flow[k] > 0) || (t->home >= 0 && k / R / S != t->home && k % R != t->home)) continue;
        hf_trade_rows_text(&rows, t->table->region[k / R / S]);
        hf_trade_rows_text(&rows, t->table->sector[k / R % S]);
        hf_trade_rows_text(&rows, t->table->region[k % R]);
        hf_trade_rows_number(&rows, a->flow[k]);
        hf_trade_rows_number(&rows, a->trade[k]);
    }
    return hf_trade_rows_end(&rows, t);
}

static hf_err partners_csv(const hf_trade *t, const hf_trade_days *a)
{
    static const char *const columns[] = {"outage_in", "region", "value_added_lost"};
    hf_trade_rows rows;
    int R = t->table->n_regions;
    hf_trade_rows_begin(&rows, columns, 3);
    for (int k = 0; k < a->n_from * R; k++) {
        hf_trade_rows_text(&rows, a->from[k / R]);
        hf_trade_rows_text(&rows, t->table->region[k % R]);
        hf_trade_rows_number(&rows, a->matrix[k]);
    }
    return hf_trade_rows_end(&rows, t);
}

static hf_err days_csv(const hf_trade *t, const hf_trade_days *a)
{
    static const char *const columns[] = {"day", "region", "output", "value_added", "unmet_demand"};
    hf_trade_rows rows;
    hf_trade_rows_begin(&rows, columns, 5);
    for (int day = 0; day < a->days; day++)
        for (int r = 0; r < t->table->n_regions; r++) {
            hf_trade_rows_number(&rows, day);
            hf_trade_rows_text(&rows, t->table->region[r]);
            for (int what = 0; what < HF_REGION_DAY; what++) hf_trade_rows_number(&rows, region_day(t, a, day, r)[what]);
        }
    return hf_trade_rows_end(&rows, t);
}

hf_err hf_trade_days_csv(const hf_trade *t, const hf_trade_days *a)
{
    static const char *const columns[] = {"output", "loss", "value_added_lost", "unmet_demand"};
    const char *rows = NULL;
    hf_err err = hf_trade_rows_asked(t, "adaptive", "industries|regions|trade|partners|days", &rows);
    if (err != HF_OK) return err;
    switch (rows[0]) {
    case 'r': return regions_csv(t, a);
    case 't': return trade_csv(t, a);
    case 'p': return partners_csv(t, a);
    case 'd': return days_csv(t, a);
    default: return hf_trade_csv(t, columns, (const double *const[]){t->table->x, a->output, a->value, a->unmet}, 4);
    }
}
