#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "cli/cause_words.h"
#include "cli/print_cascade.h"
#include "cli/report.h"
#include "viz/chart.h"
#include "viz/dot.h"
#include "viz/html.h"
#include "viz/picture.h"

/* Values of all rows of a chart, row after row. */
typedef struct rows {
    hf_chart_steps *row;
    char **name; /* texts that are the chart's own; entries may be NULL */
    double *hour, *y;
    int n;
} rows;

static void rows_done(rows *r)
{
    for (int k = 0; r->name && k < r->n; k++) hf_free(r->name[k]);
    hf_free(r->row);
    hf_free(r->name);
    hf_free(r->hour);
    hf_free(r->y);
}

static hf_err rows_new(int n, size_t points, rows *ret_rows)
{
    *ret_rows = (rows){hf_calloc((size_t)n, sizeof(hf_chart_steps)), hf_calloc((size_t)n, sizeof(char *)), hf_malloc(points * sizeof(double)),
                       hf_malloc(points * sizeof(double)), n};
    return ret_rows->row && ret_rows->name && ret_rows->hour && ret_rows->y ? HF_OK : HF_E_NOMEM;
}

/* Where the time axis ends: a little after the last change, at the end of the run at most. */
static double end_of(const hf_timeline *tl)
{
    int n = hf_timeline_change_count(tl);
    double last = n > 0 ? hf_timeline_changes(tl)[n - 1].at_h : 0, end = hf_timeline_end_h(tl);
    return fmin(fmax(1.1 * last, 1), end > 0 ? end : 1);
}

static hf_err picture_add(hf_cli *cli, hf_err err, hf_buf *svg)
{
    if (err == HF_OK) hf_html_picture(&cli->out, svg);
    hf_buf_done(svg);
    return err;
}

static hf_err users_curve(hf_cli *cli, const hf_timeline *tl, const char *source)
{
    const hf_change *change = hf_timeline_changes(tl);
    int n = hf_timeline_change_count(tl), at = -1;
    double users = 0;
    rows r;
    hf_buf svg = {0};
    hf_err err;
    HF_TRY(rows_new(1, (size_t)n, &r));
    for (int k = 0; k < n; k++) {
        users += cli->net->users[change[k].entity] * (change[k].before - change[k].after);
        if (at < 0 || r.hour[at] != change[k].at_h) at++;
        r.hour[at] = change[k].at_h;
        r.y[at] = fmax(users, 0);
    }
    hf_chart_words words = {"Users without service", "users", source};
    hf_chart_steps steps = {"users", at + 1, r.hour, r.y};
    err = hf_chart_curve(&words, &steps, end_of(tl), &svg);
out:
    rows_done(&r);
    return picture_add(cli, err, &svg);
}

/* Who is hit first comes first; then by entity. */
static int compare_first(const void *pa, const void *pb)
{
    const hf_entity_loss *a = *(const hf_entity_loss *const *)pa, *b = *(const hf_entity_loss *const *)pb;
    if (a->first_loss_h != b->first_loss_h) return a->first_loss_h < b->first_loss_h ? -1 : 1;
    return a->entity - b->entity;
}

/* Row of each entity that is shown, -1 for others. */
static int *rows_of(const hf_network *net, const hf_entity_loss *const *order, int n)
{
    int *row = hf_malloc((size_t)net->n_entities * sizeof *row);
    for (int i = 0; row && i < net->n_entities; i++) row[i] = -1;
    for (int k = 0; row && k < n; k++) row[order[k]->entity] = k;
    return row;
}

/* The share lost of each entity shown, change by change. */
static hf_err entity_rows(const hf_timeline *tl, const hf_network *net, const hf_entity_loss *const *order, int n, rows *ret_rows)
{
    const hf_change *change = hf_timeline_changes(tl);
    int n_changes = hf_timeline_change_count(tl), at = 0;
    hf_err err = HF_OK;
    int *row = rows_of(net, order, n);
    if (!row) HF_TRY(HF_E_NOMEM);
    HF_TRY(rows_new(n, (size_t)n_changes, ret_rows));
    for (int k = 0; k < n_changes; k++)
        if (row[change[k].entity] >= 0) ret_rows->row[row[change[k].entity]].n++;
    for (int k = 0; k < n; k++) {
        ret_rows->row[k] = (hf_chart_steps){hf_entity_label(net, order[k]->entity), ret_rows->row[k].n, ret_rows->hour + at, ret_rows->y + at};
        at += ret_rows->row[k].n;
        ret_rows->row[k].n = 0;
    }
    for (int k = 0; k < n_changes; k++) {
        if (row[change[k].entity] < 0) continue;
        hf_chart_steps *to = &ret_rows->row[row[change[k].entity]];
        size_t place = (size_t)(to->hour - ret_rows->hour) + (size_t)to->n++;
        ret_rows->hour[place] = change[k].at_h;
        ret_rows->y[place] = 1 - change[k].after;
    }
out:
    hf_free(row);
    return err;
}

static hf_err entities_heat(hf_cli *cli, const hf_timeline *tl, const hf_losses *losses, int top, const char *source)
{
    rows r = {0};
    hf_buf svg = {0};
    const hf_entity_loss **order = hf_losses_by_cost(losses);
    int n = top > 0 && top < losses->n_entities ? top : losses->n_entities;
    hf_err err = order ? HF_OK : HF_E_NOMEM;
    HF_TRY(err);
    qsort(order, (size_t)n, sizeof *order, compare_first);
    HF_TRY(entity_rows(tl, cli->net, order, n, &r));
    hf_chart_words words = {"Who is down, and when", "hours; shade: share of the function that is lost", source};
    err = hf_chart_heat(&words, r.row, n, end_of(tl), &svg);
out:
    rows_done(&r);
    hf_free(order);
    return picture_add(cli, err, &svg);
}

static hf_err sectors_heat(hf_cli *cli, const hf_timeline *tl, const hf_losses *losses, const char *source)
{
    rows r;
    hf_buf svg = {0};
    hf_err err;
    HF_TRY(rows_new(losses->n_sectors, 0, &r));
    for (int k = 0; k < losses->n_sectors; k++) {
        const hf_group_loss *g = &losses->sectors[k];
        hf_buf name = {0};
        hf_buf_printf(&name, "%s, %s", cli->net->sectors.name[g->sector], cli->net->countries.name[g->country]);
        r.name[k] = name.text;
        HF_TRY(name.err);
        r.row[k] = (hf_chart_steps){name.text, g->n_points, g->hour, g->inoperability};
    }
    hf_chart_words words = {"Sectors over time", "hours; shade: share of the sector that does not work, weighted", source};
    err = hf_chart_heat(&words, r.row, losses->n_sectors, end_of(tl), &svg);
out:
    rows_done(&r);
    return picture_add(cli, err, &svg);
}

hf_err hf_report_over_time(hf_cli *cli, const hf_timeline *tl, const hf_losses *losses, int top, const char *source)
{
    hf_err err;
    if (losses->n_entities == 0) return HF_OK;
    HF_TRY(users_curve(cli, tl, source));
    HF_TRY(entities_heat(cli, tl, losses, top, source));
    HF_TRY(sectors_heat(cli, tl, losses, source));
out:
    return err;
}

hf_err hf_report_diagram(hf_cli *cli, const hf_timeline *tl, const hf_losses *losses, const char *source)
{
    hf_buf dot = {0}, svg = {0};
    hf_dot_note note;
    hf_dot_options options = {.only_hit = true, .cluster = HF_DOT_BY_COUNTRY, .title = "What fails next, and why", .source = source};
    hf_err err;
    if (losses->n_entities > HF_DOT_READABLE) options = (hf_dot_options){.collapse = HF_DOT_BY_SECTOR_AND_COUNTRY, .title = options.title, .source = source};
    HF_TRY(hf_dot_write(cli->net, tl, losses, &options, &dot, &note));
    err = hf_picture_draw(dot.text, "svg", &svg);
    if (err == HF_E_UNSUPPORTED || err == HF_E_LIBRARY) {
        hf_html_element(&cli->out, "p", "note", "Graphviz could not draw the cascade here; `holdfast diagram` writes it as DOT text.");
        err = HF_OK;
    }
out:
    hf_buf_done(&dot);
    return picture_add(cli, err, &svg);
}

static hf_err bars_add(hf_cli *cli, const hf_chart_words *words, const hf_chart_bar *bars, int n)
{
    hf_buf svg = {0};
    return picture_add(cli, n > 0 ? hf_chart_bars(words, bars, n, &svg) : HF_OK, &svg);
}

hf_err hf_report_singles(hf_cli *cli, const hf_singles *singles, int top, const char *source)
{
    int n = top > 0 && top < singles->n ? top : singles->n;
    hf_chart_bar *bars = hf_malloc((size_t)n * sizeof *bars);
    if (!bars) return HF_E_NOMEM;
    for (int k = 0; k < n; k++)
        bars[k] = (hf_chart_bar){hf_entity_label(cli->net, singles->order[k]), singles->summary[singles->order[k]].user_hours, NAN, NAN};
    hf_chart_words words = {"Entities whose failure alone costs most", "user-hours lost", source};
    hf_err err = bars_add(cli, &words, bars, n);
    hf_free(bars);
    return err;
}

static int compare_bars(const void *pa, const void *pb)
{
    const hf_chart_bar *a = pa, *b = pb;
    if (a->value != b->value) return a->value > b->value ? -1 : 1;
    return strcmp(a->label, b->label);
}

hf_err hf_report_events(hf_cli *cli, const hf_mc *mc, int top, const char *source)
{
    int n = 0;
    hf_chart_bar *bars = hf_malloc((size_t)cli->net->n_entities * sizeof *bars);
    if (!bars) return HF_E_NOMEM;
    for (int i = 0; i < cli->net->n_entities; i++) {
        const hf_mc_entity *e = &mc->entities[i];
        if (e->out > 0) bars[n++] = (hf_chart_bar){hf_entity_label(cli->net, i), 100 * e->p_out, 100 * e->p_low, 100 * e->p_high};
    }
    qsort(bars, (size_t)n, sizeof *bars, compare_bars);
    hf_chart_words words = {"Who is out most often", "per cent of all events in which it goes out, with 95 % intervals", source};
    hf_err err = bars_add(cli, &words, bars, top > 0 && top < n ? top : n);
    hf_free(bars);
    return err;
}
