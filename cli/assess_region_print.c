/* What `assess region` found, as text, JSON and CSV. */
#include <math.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "cli/assess_region.h"
#include "cli/cells.h"
#include "cli/json_parts.h"
#include "cli/section.h"
#include "cli/words.h"
#include "datasets/table.h"

static const hf_region_exposure *at(const hf_region_answer *a, int event, int place)
{
    return &a->exposure[event * a->n_places + place];
}

static void columns(hf_text_table *table, const char *const *left, int n_left, const char *const *right, int n_right)
{
    for (int k = 0; k < n_left; k++) hf_text_table_column(table, left[k], HF_ALIGN_LEFT);
    for (int k = 0; k < n_right; k++) hf_text_table_column(table, right[k], HF_ALIGN_RIGHT);
}

/* "people, energy electricity, over 72 h" */
static void indicator_cell(hf_text_table *table, const hf_region_indicator *what)
{
    hf_buf text = {0};
    hf_buf_puts(&text, what->people ? "people" : "entities");
    if (what->isolated) hf_buf_puts(&text, " marked isolated");
    if (*what->sector) hf_buf_printf(&text, ", %s", what->sector);
    if (*what->subsector) hf_buf_printf(&text, " (%s)", what->subsector);
    hf_buf_puts(&text, ", over ");
    hf_word_hours(&text, what->hours);
    hf_text_table_cell(table, text.text ? text.text : "");
    hf_buf_done(&text);
}

/* Expected figures are often below one. */
static void figure_cell(hf_text_table *table, double value)
{
    if (value > 0 && value < 100) hf_text_table_cellf(table, "%.2g", value);
    else hf_cell_amount(table, value);
}

static hf_err sheet_print(hf_cli *cli, const hf_region_answer *a, int place)
{
    static const char *const left[] = {"code", "worst event", "counted"}, *const right[] = {"of", "expected a year", "worst hazard"};
    hf_err err = HF_OK;
    hf_text_table *table = NULL;
    hf_buf heading = {0};
    HF_TRY(hf_text_table_new(&table));
    columns(table, left, 3, right, 3);
    hf_text_table_column(table, "which", HF_ALIGN_LEFT);
    for (int k = 0; k < a->rules->n; k++) {
        const hf_region_exposure *e = at(a, k, place);
        if (e->watched == 0) continue;
        hf_text_table_cell(table, a->rules->event[k].code);
        hf_text_table_cell(table, a->rules->event[k].title);
        indicator_cell(table, &a->rules->event[k].indicator);
        figure_cell(table, e->most);
        figure_cell(table, e->yearly);
        figure_cell(table, e->worst);
        hf_text_table_cell(table, e->worst_hazard < 0 ? "-" : cli->net->hazard_id[e->worst_hazard]);
    }
    hf_buf_printf(&heading, "Region %s: worst events by all hazards of the data set", a->place_name[place]);
    HF_TRY(heading.err);
    HF_TRY(hf_section_table(cli, heading.text, table));
out:
    hf_buf_done(&heading);
    hf_text_table_free(table);
    return err;
}

typedef struct ranked {
    double value;
    int place;
} ranked;

static int compare_ranked(const void *pa, const void *pb)
{
    const ranked *a = pa, *b = pb;
    if (a->value != b->value) return a->value > b->value ? -1 : 1;
    return a->place - b->place;
}

static hf_err comparison_print(hf_cli *cli, const hf_region_answer *a)
{
    static const char *const left[] = {"region"}, *const right[] = {"rank", "expected a year", "95 % interval", "worst hazard"};
    hf_err err = HF_OK;
    hf_text_table *table = NULL;
    int top = (int)hf_args_number(&cli->args, "top", 15), rank = 0;
    ranked *order = hf_malloc((size_t)a->n_places * sizeof *order);
    if (!order) return HF_E_NOMEM;
    for (int p = 0; p < a->n_places; p++) order[p] = (ranked){at(a, a->rules->n, p)->yearly, p};
    qsort(order, (size_t)a->n_places, sizeof *order, compare_ranked);
    HF_TRY(hf_text_table_new(&table));
    columns(table, left, 1, right, 4);
    hf_text_table_column(table, "which", HF_ALIGN_LEFT);
    for (int k = 0; k < a->n_places && (top == 0 || k < top); k++) {
        const hf_region_exposure *e = at(a, a->rules->n, order[k].place);
        hf_buf interval = {0};
        if (!(e->worst > 0)) break;
        if (k == 0 || order[k].value < order[k - 1].value) rank = k + 1;
        hf_text_table_cell(table, a->place_name[order[k].place]);
        hf_text_table_cellf(table, "%d", rank);
        figure_cell(table, e->yearly);
        hf_word_amount(&interval, fmax(0, e->yearly - 1.96 * e->yearly_se));
        hf_buf_puts(&interval, " to ");
        hf_word_amount(&interval, e->yearly + 1.96 * e->yearly_se);
        hf_text_table_cell(table, interval.text ? interval.text : "");
        hf_buf_done(&interval);
        figure_cell(table, e->worst);
        hf_text_table_cell(table, cli->net->hazard_id[e->worst_hazard]);
    }
    HF_TRY(hf_section_table(cli, "Regions by people who lose a service of entities there (wherever they live; who loses two counts twice)", table));
out:
    hf_text_table_free(table);
    hf_free(order);
    return err;
}

/* Each event over all regions, and the region where it is most. */
static hf_err events_print(hf_cli *cli, const hf_region_answer *a)
{
    static const char *const left[] = {"code", "worst event", "counted"}, *const right[] = {"expected a year", "regions hit"};
    hf_err err = HF_OK;
    hf_text_table *table = NULL;
    hf_buf text = {0};
    HF_TRY(hf_text_table_new(&table));
    columns(table, left, 3, right, 2);
    hf_text_table_column(table, "most in", HF_ALIGN_LEFT);
    for (int k = 0; k < a->rules->n; k++) {
        double yearly = 0;
        int hit = 0, most = 0;
        long watched = 0;
        for (int p = 0; p < a->n_places; p++) {
            yearly += at(a, k, p)->yearly;
            watched += at(a, k, p)->watched;
            hit += at(a, k, p)->worst > 0;
            if (at(a, k, p)->yearly > at(a, k, most)->yearly) most = p;
        }
        if (watched == 0) continue;
        hf_text_table_cell(table, a->rules->event[k].code);
        hf_text_table_cell(table, a->rules->event[k].title);
        indicator_cell(table, &a->rules->event[k].indicator);
        figure_cell(table, yearly);
        hf_text_table_cellf(table, "%d of %d", hit, a->n_places);
        hf_text_table_cell(table, yearly > 0 ? a->place_name[most] : "-");
    }
    hf_buf_printf(&text, "%s. Verified: %s.", a->rules->title, a->rules->verified);
    HF_TRY(text.err);
    hf_section_text(cli, text.text);
    HF_TRY(hf_section_table(cli, "Worst events over all regions", table));
out:
    hf_buf_done(&text);
    hf_text_table_free(table);
    return err;
}

static hf_err csv_write(hf_cli *cli, const hf_region_answer *a, int only)
{
    static const char *const names[] = {"region", "code", "event", "entities", "most", "per_year", "per_year_se", "worst", "worst_hazard"};
    hf_err err = HF_OK;
    hf_table *table = NULL;
    HF_TRY(hf_table_new("regions.csv", names, 9, &table));
    for (int p = 0; p < a->n_places; p++)
        for (int k = 0; k < a->rules->n; k++) {
            const hf_region_exposure *e = at(a, k, p);
            char text[5][32];
            const double value[] = {(double)e->watched, e->most, e->yearly, e->yearly_se, e->worst};
            if ((only >= 0 && p != only) || e->watched == 0) continue;
            for (int v = 0; v < 5; v++) hf_number_format(value[v], text[v]);
            HF_TRY(hf_table_append(table, (const char *const[]){a->place_name[p], a->rules->event[k].code, a->rules->event[k].title, text[0], text[1],
                                                                text[2], text[3], text[4],
                                                                e->worst_hazard < 0 ? NULL : cli->net->hazard_id[e->worst_hazard]}));
        }
    hf_table_write(table, &cli->out);
out:
    hf_table_free(table);
    return err;
}

static void exposure_json(hf_json *json, const hf_cli *cli, const hf_worst_event *event, const hf_region_exposure *e)
{
    hf_json_object(json);
    hf_json_key_text(json, "code", event->code);
    hf_json_key_text(json, "event", event->title);
    hf_json_key_text(json, "count", event->indicator.people ? "people" : "entities");
    hf_json_key_number(json, "hours", event->indicator.hours);
    hf_json_key_number(json, "entities", (double)e->watched);
    hf_json_key_number(json, "most", e->most);
    hf_json_key_number(json, "per_year", e->yearly);
    hf_json_key_number(json, "per_year_se", e->yearly_se);
    hf_json_key_number(json, "worst", e->worst);
    hf_json_key_text(json, "worst_hazard", e->worst_hazard < 0 ? NULL : cli->net->hazard_id[e->worst_hazard]);
    hf_json_end(json);
}

static void json_write(hf_cli *cli, const hf_region_answer *a, int only)
{
    hf_json json;
    hf_json_start(&json, &cli->out);
    hf_json_head(&json, cli);
    hf_json_key_text(&json, "assessment", "region");
    hf_json_key_text(&json, "rules", a->rules->name);
    hf_json_key_text(&json, "rules_verified", a->rules->verified);
    hf_json_key(&json, "regions");
    hf_json_array(&json);
    for (int p = 0; p < a->n_places; p++) {
        if (only >= 0 && p != only) continue;
        hf_json_object(&json);
        hf_json_key_text(&json, "region", a->place_name[p]);
        hf_json_key_number(&json, "people_per_year", at(a, a->rules->n, p)->yearly);
        hf_json_key_number(&json, "people_per_year_se", at(a, a->rules->n, p)->yearly_se);
        hf_json_key(&json, "events");
        hf_json_array(&json);
        for (int k = 0; k < a->rules->n; k++)
            if (at(a, k, p)->watched > 0) exposure_json(&json, cli, &a->rules->event[k], at(a, k, p));
        hf_json_end(&json);
        hf_json_end(&json);
    }
    hf_json_end(&json);
    hf_json_end(&json);
    hf_buf_puts(&cli->out, "\n");
}

hf_err hf_region_write(hf_cli *cli, const hf_region_answer *a, int only)
{
    hf_err err = HF_OK;
    if (hf_args_has(&cli->args, "json")) json_write(cli, a, only);
    else if (hf_args_has(&cli->args, "csv")) return csv_write(cli, a, only);
    else if (only >= 0) return sheet_print(cli, a, only);
    else {
        HF_TRY(events_print(cli, a));
        HF_TRY(comparison_print(cli, a));
    }
out:
    return err != HF_OK ? err : cli->out.err;
}
