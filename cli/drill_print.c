/* What the control cell reads: overview and inject sheet. */
#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "cli/answer.h"
#include "cli/cause_words.h"
#include "cli/cells.h"
#include "cli/drill.h"
#include "cli/words.h"

/* Sectors in which a player's entities lose service; countries, where players are sectors. */
static void others_list(const hf_drill *d, int player, hf_buf *out)
{
    bool countries = d->by == HF_PLAYERS_SECTOR;
    const hf_labels *labels = countries ? &d->net->countries : &d->net->sectors;
    for (int k = 0, n = 0; k < labels->n; k++) {
        bool there = false;
        for (int i = 0; i < d->losses->n_entities && !there; i++) {
            int e = d->losses->entities[i].entity;
            there = hf_drill_player_of(d, e) == player && (countries ? d->net->country[e] : d->net->sector[e]) == k;
        }
        if (there) hf_buf_printf(out, "%s%s", n++ ? ", " : "", labels->name[k]);
    }
}

static hf_err players_table(const hf_drill *d, hf_sheet *sheet)
{
    hf_text_table *table = NULL;
    hf_buf others = {0};
    hf_err err;
    HF_TRY(hf_text_table_new(&table));
    hf_text_table_column(table, hf_drill_player_word(d), HF_ALIGN_LEFT);
    hf_text_table_column(table, d->by == HF_PLAYERS_SECTOR ? "countries hit" : "sectors hit", HF_ALIGN_LEFT);
    hf_text_table_column(table, "entities that injects name", HF_ALIGN_RIGHT);
    hf_text_table_column(table, "entities that lose service", HF_ALIGN_RIGHT);
    hf_text_table_column(table, "players", HF_ALIGN_LEFT);
    for (int p = 0; p < d->n_players; p++) {
        others_list(d, p, &others);
        hf_text_table_cell(table, hf_drill_player_name(d, p));
        hf_drill_cell(table, &others);
        hf_text_table_cellf(table, "%d", d->players[p].n_target);
        hf_text_table_cellf(table, "%d", d->players[p].n_hit);
        hf_text_table_cell(table, "");
    }
out:
    hf_buf_done(&others);
    return hf_drill_table(sheet, table, err);
}

static void provenance(const hf_drill *d, hf_sheet *sheet, hf_buf *text)
{
    const hf_package *package = d->cli->package;
    hf_buf_printf(text, "%s", hf_package_title(package) && *hf_package_title(package) ? hf_package_title(package) : hf_package_name(package));
    if (hf_package_version(package) && *hf_package_version(package)) hf_buf_printf(text, ", version %s", hf_package_version(package));
    hf_buf_printf(text, "; SHA-256 %s", hf_package_digest(package));
    hf_drill_text(sheet, "Data set", text);
    hf_buf_printf(text, "holdfast %s drill", HF_VERSION);
    hf_what_if_options(d->cli, text);
    hf_drill_text(sheet, "Made with", text);
}

hf_err hf_drill_overview(const hf_drill *d, hf_sheet *sheet)
{
    const hf_scenario *s = d->what_if.scenario;
    hf_buf text = {0};
    hf_err err;
    hf_sheet_heading(sheet, 2, "Overview");
    if (*s->description) hf_sheet_text(sheet, s->description);
    hf_buf_puts(&text, "see what fails next, who has to know, and decide in time; answers are in the evaluation sheet");
    hf_drill_text(sheet, "Aim", &text);
    hf_word_count(&text, s->n_steps, "inject", "injects");
    hf_buf_puts(&text, " over ");
    hf_word_hours(&text, d->losses->end_h);
    hf_buf_printf(&text, "; %d of %d entities lose service, in ", d->losses->n_entities, d->net->n_entities);
    hf_word_count(&text, d->losses->countries_reached, "country", "countries");
    hf_buf_puts(&text, " and ");
    hf_word_count(&text, d->losses->sectors_reached, "sector", "sectors");
    hf_drill_text(sheet, "Scope", &text);
    hf_buf_puts(&text, "hour 0 is ");
    hf_drill_clock(d, 0, &text);
    hf_buf_puts(&text, "; the end, ");
    hf_word_hours(&text, d->losses->end_h);
    hf_buf_puts(&text, ", is ");
    hf_drill_clock(d, d->losses->end_h, &text);
    hf_drill_text(sheet, "Clock", &text);
    hf_answer(d->tl, d->net, d->losses, &text);
    hf_drill_text(sheet, "What comes of it if nobody does anything but the script", &text);
    provenance(d, sheet, &text);
    hf_sheet_heading(sheet, 3, "Who takes part");
    err = players_table(d, sheet);
    hf_buf_done(&text);
    return err;
}

/* ---- the inject sheet ---- */

static hf_err injects_table(hf_drill *d, const int *order, int first, int last, hf_sheet *sheet)
{
    const hf_step *steps = d->what_if.scenario->steps;
    hf_text_table *table = NULL;
    hf_buf text = {0};
    hf_err err;
    HF_TRY(hf_text_table_new(&table));
    hf_text_table_column(table, "no.", HF_ALIGN_RIGHT);
    hf_text_table_column(table, "text for the players", HF_ALIGN_LEFT);
    hf_text_table_column(table, "the control cell does", HF_ALIGN_LEFT);
    hf_text_table_column(table, "targets", HF_ALIGN_LEFT);
    hf_text_table_column(table, "given at", HF_ALIGN_LEFT);
    for (int k = first; k < last; k++) {
        const hf_step *step = &steps[order[k]];
        hf_text_table_cellf(table, "%d", k + 1);
        hf_text_table_cell(table, step->text);
        hf_drill_inject_words(step, &text);
        hf_drill_cell(table, &text);
        HF_TRY(hf_drill_targets_words(d, step, &text));
        hf_drill_cell(table, &text);
        hf_text_table_cell(table, "");
    }
out:
    hf_buf_done(&text);
    return hf_drill_table(sheet, table, err);
}

static void window_words(const hf_drill *d, const hf_window *w, hf_buf *out)
{
    hf_buf_puts(out, "until ");
    hf_drill_when(d, w->to_h, out);
    hf_buf_puts(out, ": ");
    if (w->users_hit_peak > 0) {
        hf_word_amount(out, w->users_hit_peak);
        hf_buf_puts(out, " users without service at the worst hour, ");
        hf_word_amount(out, w->users_hit_end);
        hf_buf_puts(out, " at the end; ");
        hf_word_amount(out, w->user_hours);
        hf_buf_puts(out, " user-hours lost; ");
    }
    hf_word_count(out, w->entities_out_end, "entity", "entities");
    hf_buf_puts(out, " out at the end");
    if (w->n_countries > 0) hf_buf_puts(out, "; loss reaches ");
    for (int k = 0; k < w->n_countries; k++) hf_buf_printf(out, "%s%s", k ? ", " : "", d->net->countries.name[w->countries[k]]);
}

/* Users who feel it. */
static double weight_of(const hf_network *net, const hf_move *m)
{
    return net->users[m->entity] * fabs(m->before - m->after);
}

static void move_row(const hf_drill *d, const hf_move *m, hf_text_table *table, hf_buf *text)
{
    double users = weight_of(d->net, m);
    hf_cell_hours(table, m->at_h);
    hf_drill_clock(d, m->at_h, text);
    hf_drill_cell(table, text);
    hf_entity_words(d->net, m->entity, text);
    hf_drill_cell(table, text);
    hf_text_table_cell(table, d->net->countries.name[d->net->country[m->entity]]);
    hf_drill_move_words(m, text);
    hf_drill_cell(table, text);
    hf_cause_words(d->tl, d->net, m->change, text);
    hf_drill_cell(table, text);
    if (users > 0) {
        hf_word_amount(text, users);
        hf_buf_puts(text, m->after < m->before ? " lose service" : " have it back");
    } else hf_buf_puts(text, "-");
    hf_drill_cell(table, text);
}

/* Whether the move at `index` is among the `top` that most users feel; the earlier of two like it comes first. */
static bool is_shown(const hf_window *w, const hf_network *net, int index, int top)
{
    int before = 0;
    if (top == 0 || w->n_moves <= top) return true;
    for (int k = 0; k < w->n_moves && before < top; k++) {
        double a = weight_of(net, &w->moves[k]), b = weight_of(net, &w->moves[index]);
        before += a > b || (a == b && k < index);
    }
    return before < top;
}

static hf_err moves_table(const hf_drill *d, const hf_window *w, hf_sheet *sheet)
{
    hf_text_table *table = NULL;
    hf_buf text = {0};
    hf_err err;
    HF_TRY(hf_text_table_new(&table));
    hf_text_table_column(table, "hour", HF_ALIGN_RIGHT);
    hf_text_table_column(table, "clock", HF_ALIGN_RIGHT);
    hf_text_table_column(table, "entity", HF_ALIGN_LEFT);
    hf_text_table_column(table, "in", HF_ALIGN_LEFT);
    hf_text_table_column(table, "what happens", HF_ALIGN_LEFT);
    hf_text_table_column(table, "why", HF_ALIGN_LEFT);
    hf_text_table_column(table, "users", HF_ALIGN_LEFT);
    for (int k = 0; k < w->n_moves; k++)
        if (is_shown(w, d->net, k, d->top)) move_row(d, &w->moves[k], table, &text);
    err = text.err;
out:
    hf_buf_done(&text);
    return hf_drill_table(sheet, table, err);
}

static void reserve_words(const hf_drill *d, const hf_reserve *r, hf_buf *out)
{
    double after = hf_timeline_changes(d->tl)[r->change].after;
    hf_entity_words(d->net, r->entity, out);
    hf_buf_printf(out, ", %s: %s short since ", d->net->countries.name[d->net->country[r->entity]],
                  d->net->req_labels.name[d->net->req_label[r->requirement]]);
    hf_word_hours(out, r->since_h);
    hf_buf_puts(out, ", lasts until ");
    hf_drill_when(d, r->until_h, out);
    hf_buf_puts(out, after > 0 ? ", then falls to " : ", then goes out");
    if (after > 0) hf_word_share(out, after);
}

/* Those who run out first. */
static void reserves_list(const hf_drill *d, const hf_window *w, hf_sheet *sheet, hf_buf *text)
{
    enum { MOST = 10 };
    int shown = d->top > 0 && w->n_reserves > MOST ? MOST : w->n_reserves;
    if (w->n_reserves == 0) return;
    hf_sheet_text(sheet, "Living on a reserve at the end of this stretch, soonest to run out first:");
    for (int k = 0; k < shown; k++) {
        reserve_words(d, &w->reserves[k], text);
        if (text->err == HF_OK) hf_sheet_item(sheet, text->text);
        text->length = 0;
    }
    if (shown == w->n_reserves) return;
    hf_buf_printf(text, "and %d more, the last until ", w->n_reserves - shown);
    hf_drill_when(d, w->reserves[w->n_reserves - 1].until_h, text);
    if (text->err == HF_OK) hf_sheet_item(sheet, text->text);
    text->length = 0;
}

static hf_err window_print(hf_drill *d, const hf_window *w, const int *order, int *at, bool is_last, hf_sheet *sheet)
{
    const hf_scenario *s = d->what_if.scenario;
    hf_buf text = {0};
    hf_err err = HF_OK;
    int first = *at;
    while (*at < s->n_steps && (is_last ? s->steps[order[*at]].at_h <= w->to_h : s->steps[order[*at]].at_h < w->to_h)) (*at)++;
    if (*at == first && w->n_moves == 0 && w->users_hit_peak <= 0) return HF_OK; /* nothing before the first inject */
    hf_buf_puts(&text, "Hour ");
    hf_word_hours(&text, w->from_h);
    hf_buf_puts(&text, " — ");
    hf_drill_clock(d, w->from_h, &text);
    HF_TRY(text.err);
    hf_sheet_heading(sheet, 3, text.text);
    text.length = 0;
    if (*at > first) HF_TRY(injects_table(d, order, first, *at, sheet));
    window_words(d, w, &text);
    hf_drill_text(sheet, "Expected", &text);
    HF_TRY(moves_table(d, w, sheet));
    if (d->top > 0 && w->n_moves > d->top) {
        hf_buf_printf(&text, "%d of %d changes, those of most users; --top 0 lists all.", d->top, w->n_moves);
        hf_drill_text(sheet, NULL, &text);
    }
    reserves_list(d, w, sheet, &text);
out:
    hf_buf_done(&text);
    return err;
}

hf_err hf_drill_injects(hf_drill *d, hf_sheet *sheet)
{
    const hf_scenario *s = d->what_if.scenario;
    int *order = NULL, at = 0;
    hf_buf text = {0};
    hf_err err;
    HF_TRY(hf_drill_order(d, s->steps, s->n_steps, &order));
    hf_sheet_page(sheet, "Inject sheet");
    hf_sheet_text(sheet, "For the control cell. Expected effects are those of the exact cascade from this inject to the next.");
    for (int k = 0; k < d->windows->n; k++) HF_TRY(window_print(d, &d->windows->window[k], order, &at, k == d->windows->n - 1, sheet));
    if (at < s->n_steps) {
        hf_word_count(&text, s->n_steps - at, "inject", "injects");
        hf_buf_puts(&text, " later than the horizon of ");
        hf_word_hours(&text, d->losses->end_h);
        hf_buf_puts(&text, " will not be played.");
        hf_drill_text(sheet, NULL, &text);
    }
    err = sheet->out->err;
out:
    hf_buf_done(&text);
    return err;
}
