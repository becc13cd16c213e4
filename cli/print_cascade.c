#include "cli/print_cascade.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "cli/answer.h"
#include "cli/cause_words.h"
#include "cli/cells.h"
#include "cli/section.h"
#include "cli/words.h"

/* Ends a table: writes it under a heading and frees it. */
static hf_err table_end(hf_cli *cli, const char *heading, hf_text_table *table, hf_err err)
{
    if (err == HF_OK) err = hf_section_table(cli, heading, table);
    hf_text_table_free(table);
    return err;
}

static hf_err hours_print(hf_cli *cli, const hf_losses *losses)
{
    hf_text_table *table = NULL;
    hf_err err;
    HF_TRY(hf_text_table_new(&table));
    hf_text_table_column(table, "after", HF_ALIGN_RIGHT);
    hf_text_table_column(table, "entities out", HF_ALIGN_RIGHT);
    hf_text_table_column(table, "users hit", HF_ALIGN_RIGHT);
    for (int i = 0; i < losses->n_at; i++) {
        hf_cell_hours(table, losses->at[i].hour);
        hf_text_table_cellf(table, "%d", losses->at[i].entities_out);
        hf_cell_amount(table, losses->at[i].users_hit);
    }
out:
    return table_end(cli, "Over time", table, err);
}

/* Most value lost first, then most user-hours, then out first, then by id: what a planner has to look at first. */
static int compare_cost(const void *pa, const void *pb)
{
    const hf_entity_loss *a = *(const hf_entity_loss *const *)pa, *b = *(const hf_entity_loss *const *)pb;
    if (a->value_eur != b->value_eur) return a->value_eur > b->value_eur ? -1 : 1;
    if (a->user_hours != b->user_hours) return a->user_hours > b->user_hours ? -1 : 1;
    if (a->first_loss_h != b->first_loss_h) return a->first_loss_h < b->first_loss_h ? -1 : 1;
    return a->entity - b->entity;
}

static void entity_row(hf_text_table *table, const hf_timeline *tl, const hf_network *net, const hf_entity_loss *e)
{
    hf_buf cause = {0};
    hf_cause_words(tl, net, e->cause_change, &cause);
    hf_text_table_cell(table, hf_entity_label(net, e->entity));
    hf_text_table_cell(table, net->sectors.name[net->sector[e->entity]]);
    hf_text_table_cell(table, net->countries.name[net->country[e->entity]]);
    hf_cell_hours(table, e->first_loss_h);
    hf_cell_hours(table, e->out_h);
    hf_cell_hours(table, e->back_h);
    hf_cell_share(table, e->lowest);
    hf_cell_amount(table, e->user_hours);
    hf_cell_amount(table, e->value_eur);
    hf_text_table_cell(table, cause.text ? cause.text : "");
    hf_buf_done(&cause);
}

static void entity_columns(hf_text_table *table)
{
    hf_text_table_column(table, "entity", HF_ALIGN_LEFT);
    hf_text_table_column(table, "sector", HF_ALIGN_LEFT);
    hf_text_table_column(table, "in", HF_ALIGN_LEFT);
    hf_text_table_column(table, "first loss", HF_ALIGN_RIGHT);
    hf_text_table_column(table, "out at", HF_ALIGN_RIGHT);
    hf_text_table_column(table, "back at", HF_ALIGN_RIGHT);
    hf_text_table_column(table, "lowest", HF_ALIGN_RIGHT);
    hf_text_table_column(table, "user-h", HF_ALIGN_RIGHT);
    hf_text_table_column(table, "EUR", HF_ALIGN_RIGHT);
    hf_text_table_column(table, "cause", HF_ALIGN_LEFT);
}

const hf_entity_loss **hf_losses_by_cost(const hf_losses *losses)
{
    const hf_entity_loss **order = hf_calloc((size_t)losses->n_entities, sizeof(hf_entity_loss *));
    for (int i = 0; order && i < losses->n_entities; i++) order[i] = &losses->entities[i];
    if (order) qsort(order, (size_t)losses->n_entities, sizeof *order, compare_cost);
    return order;
}

static hf_err entities_print(hf_cli *cli, const hf_timeline *tl, const hf_losses *losses)
{
    int n = losses->n_entities, top = (int)hf_args_number(&cli->args, "top", 15), shown = top > 0 && top < n ? top : n;
    const hf_entity_loss **order = hf_losses_by_cost(losses);
    hf_text_table *table = NULL;
    hf_buf heading = {0};
    hf_err err = order ? HF_OK : HF_E_NOMEM;
    HF_TRY(err);
    HF_TRY(hf_text_table_new(&table));
    entity_columns(table);
    for (int i = 0; i < shown; i++) entity_row(table, tl, cli->net, order[i]);
    if (shown < n) hf_buf_printf(&heading, "Entities, most costly first (%d of %d; --top 0 shows all)", shown, n);
    else hf_buf_puts(&heading, "Entities, most costly first");
    err = heading.err;
out:
    err = table_end(cli, heading.text ? heading.text : "", table, err);
    hf_buf_done(&heading);
    hf_free(order);
    return err;
}

static double worst_point(const hf_group_loss *g)
{
    double worst = 0;
    for (int p = 0; p < g->n_points; p++)
        if (g->inoperability[p] > worst) worst = g->inoperability[p];
    return worst;
}

static void group_columns(hf_text_table *table)
{
    hf_text_table_column(table, "entities hit", HF_ALIGN_RIGHT);
    hf_text_table_column(table, "users hit at worst", HF_ALIGN_RIGHT);
    hf_text_table_column(table, "user-h", HF_ALIGN_RIGHT);
    hf_text_table_column(table, "EUR", HF_ALIGN_RIGHT);
    hf_text_table_column(table, "inoperable at worst", HF_ALIGN_RIGHT);
}

static void group_cells(hf_text_table *table, const hf_group_loss *g)
{
    hf_text_table_cellf(table, "%d", g->entities_hit);
    hf_cell_amount(table, g->users_hit_peak);
    hf_cell_amount(table, g->user_hours);
    hf_cell_amount(table, g->value_eur);
    hf_cell_share(table, worst_point(g));
}

static hf_err sectors_print(hf_cli *cli, const hf_losses *losses)
{
    hf_text_table *table = NULL;
    hf_err err;
    HF_TRY(hf_text_table_new(&table));
    hf_text_table_column(table, "sector", HF_ALIGN_LEFT);
    hf_text_table_column(table, "in", HF_ALIGN_LEFT);
    group_columns(table);
    for (int i = 0; i < losses->n_sectors; i++) {
        const hf_group_loss *g = &losses->sectors[i];
        hf_text_table_cell(table, cli->net->sectors.name[g->sector]);
        hf_text_table_cell(table, cli->net->countries.name[g->country]);
        group_cells(table, g);
    }
out:
    return table_end(cli, "By sector and country", table, err);
}

static hf_err countries_print(hf_cli *cli, const hf_losses *losses)
{
    hf_text_table *table = NULL;
    hf_err err;
    if (losses->n_countries < 2) return HF_OK;
    HF_TRY(hf_text_table_new(&table));
    hf_text_table_column(table, "country", HF_ALIGN_LEFT);
    group_columns(table);
    for (int i = 0; i < losses->n_countries; i++) {
        hf_text_table_cell(table, cli->net->countries.name[losses->countries[i].country]);
        group_cells(table, &losses->countries[i]);
    }
out:
    return table_end(cli, "By country", table, err);
}

static hf_err abroad_print(hf_cli *cli, const hf_losses *losses)
{
    hf_text_table *table = NULL;
    hf_err err;
    if (losses->n_abroad == 0) return HF_OK;
    HF_TRY(hf_text_table_new(&table));
    hf_text_table_column(table, "users in", HF_ALIGN_LEFT);
    hf_text_table_column(table, "served from", HF_ALIGN_LEFT);
    hf_text_table_column(table, "entities hit", HF_ALIGN_RIGHT);
    hf_text_table_column(table, "users hit at worst", HF_ALIGN_RIGHT);
    hf_text_table_column(table, "user-h", HF_ALIGN_RIGHT);
    for (int i = 0; i < losses->n_abroad; i++) {
        const hf_abroad_loss *a = &losses->abroad[i];
        hf_text_table_cell(table, cli->net->countries.name[a->country]);
        hf_text_table_cell(table, cli->net->countries.name[a->from_country]);
        hf_text_table_cellf(table, "%d", a->entities_hit);
        hf_cell_amount(table, a->users_hit_peak);
        hf_cell_amount(table, a->user_hours);
    }
out:
    return table_end(cli, "Service lost in other states", table, err);
}

static void entity_list(hf_buf *out, const hf_network *net, const int *entities, int n)
{
    enum { MOST = 12 };
    for (int i = 0; i < n && i < MOST; i++) {
        if (i) hf_buf_puts(out, ", ");
        hf_entity_words(net, entities[i], out);
    }
    if (n > MOST) hf_buf_printf(out, " and %d more", n - MOST);
}

static hf_err deadlocks_print(hf_cli *cli, hf_timeline *tl)
{
    const hf_deadlock *deadlocks;
    int n;
    hf_err err = hf_timeline_deadlocks(tl, &deadlocks, &n);
    if (err != HF_OK || n == 0) return err;
    hf_section_heading(cli, "Restart deadlocks (they need each other, and all are down though nothing is broken)");
    for (int i = 0; i < n; i++) {
        const hf_deadlock *d = &deadlocks[i];
        hf_buf line = {0};
        entity_list(&line, cli->net, d->entities, d->n_entities);
        hf_buf_puts(&line, d->n_black_start == 1 ? ". One source of its own would free them: " : ". Sources of their own would free them: ");
        entity_list(&line, cli->net, d->black_start, d->n_black_start);
        hf_buf_puts(&line, d->exact ? "." : " (found step by step; a smaller set may exist).");
        err = line.err;
        if (line.text) hf_section_item(cli, line.text);
        hf_buf_done(&line);
        if (err != HF_OK) return err;
    }
    return HF_OK;
}

/* The most costly entity that did not fail by itself is the one to ask about. */
static void next_print(hf_cli *cli, const hf_timeline *tl, const hf_losses *losses)
{
    const hf_entity_loss *ask = NULL;
    for (int i = 0; i < losses->n_entities; i++) {
        const hf_entity_loss *e = &losses->entities[i];
        if (hf_timeline_changes(tl)[e->cause_change].kind != HF_CAUSE_INJECT && (!ask || compare_cost(&e, &ask) < 0)) ask = e;
    }
    if (!ask) return;
    hf_buf line = {0};
    hf_buf_puts(&line, "Why: holdfast explain ");
    hf_shell_word(&line, cli->args.words[0]);
    hf_buf_puts(&line, " ");
    hf_shell_word(&line, cli->net->id[ask->entity]);
    hf_what_if_options(cli, &line);
    if (line.text) hf_section_line(cli, line.text);
    hf_buf_done(&line);
}

static void warnings_print(hf_cli *cli, const hf_what_if *w)
{
    for (size_t i = w->first_finding; i < hf_diag_kept(cli->diag); i++) {
        const hf_finding *f = hf_diag_get(cli->diag, i);
        hf_buf line = {0};
        if (f->severity != HF_WARNING) continue;
        hf_buf_printf(&line, "Warning: %s", f->text);
        if (line.text) hf_section_line(cli, line.text);
        hf_buf_done(&line);
    }
}

hf_err hf_print_answer(hf_cli *cli, const hf_timeline *tl, const hf_losses *losses)
{
    hf_buf answer = {0};
    hf_answer(tl, cli->net, losses, &answer);
    hf_err err = answer.err;
    if (err == HF_OK) hf_section_text(cli, answer.text);
    hf_buf_done(&answer);
    return err;
}

hf_err hf_print_losses(hf_cli *cli, const hf_what_if *w, hf_timeline *tl, const hf_losses *losses)
{
    hf_err err;
    HF_TRY(hours_print(cli, losses));
    if (losses->n_entities > 0) {
        HF_TRY(entities_print(cli, tl, losses));
        HF_TRY(sectors_print(cli, losses));
        HF_TRY(countries_print(cli, losses));
        HF_TRY(abroad_print(cli, losses));
    }
    HF_TRY(deadlocks_print(cli, tl));
    warnings_print(cli, w);
    next_print(cli, tl, losses);
    err = cli->out.err;
out:
    return err;
}
