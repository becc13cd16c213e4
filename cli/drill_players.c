/* What one player sees: the injects that name its entities, and what these entities show, hour by hour; not why the others fail. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "cli/cause_words.h"
#include "cli/cells.h"
#include "cli/drill.h"
#include "cli/words.h"

typedef enum sight_kind { SIGHT_TEXT, SIGHT_RESERVE, SIGHT_MOVE } sight_kind;

/* One line of a player's sheet: an index into the steps, the reserves or the moves. */
typedef struct sight {
    double at_h;
    sight_kind kind;
    int index;
} sight;

typedef struct sights {
    sight *item;
    size_t n, capacity;
} sights;

static hf_err sight_add(sights *to, double at_h, sight_kind kind, int index)
{
    hf_err err = hf_grow((void **)&to->item, &to->capacity, to->n + 1, sizeof *to->item);
    if (err == HF_OK) to->item[to->n++] = (sight){at_h, kind, index};
    return err;
}

static int compare_sights(const void *pa, const void *pb)
{
    const sight *a = pa, *b = pb;
    if (a->at_h != b->at_h) return a->at_h < b->at_h ? -1 : 1;
    return a->kind != b->kind ? (int)a->kind - (int)b->kind : a->index - b->index;
}

/* Whether a step names an entity of the player. */
typedef struct looking {
    const hf_drill *d;
    int player;
    bool found;
} looking;

static void target_look(void *context, int entity)
{
    looking *l = context;
    l->found |= hf_drill_player_of(l->d, entity) == l->player;
}

static hf_err sights_collect(const hf_drill *d, int player, sights *to)
{
    hf_err err = HF_OK;
    const hf_scenario *s = d->what_if.scenario;
    const hf_windows *w = d->windows;
    for (int k = 0; k < s->n_steps; k++) {
        looking l = {d, player, false};
        if (s->steps[k].kind > HF_STEP_NOTE || !*s->steps[k].text || s->steps[k].at_h > d->losses->end_h) continue;
        HF_TRY(hf_drill_targets(d, &s->steps[k], target_look, &l));
        if (l.found) HF_TRY(sight_add(to, s->steps[k].at_h, SIGHT_TEXT, k));
    }
    for (int k = 0; k < w->n_reserves; k++)
        if (hf_drill_player_of(d, w->reserves[k].entity) == player) HF_TRY(sight_add(to, w->reserves[k].since_h, SIGHT_RESERVE, k));
    for (int k = 0; k < w->n_moves; k++)
        if (hf_drill_player_of(d, w->moves[k].entity) == player) HF_TRY(sight_add(to, w->moves[k].at_h, SIGHT_MOVE, k));
    qsort(to->item, to->n, sizeof *to->item, compare_sights);
out:
    return err;
}

static void sight_row(const hf_drill *d, const sight *at, hf_text_table *table, hf_buf *text)
{
    const hf_windows *w = d->windows;
    hf_cell_hours(table, at->at_h);
    hf_drill_clock(d, at->at_h, text);
    hf_drill_cell(table, text);
    if (at->kind == SIGHT_TEXT) {
        hf_text_table_cell(table, "(message)");
        hf_text_table_cell(table, d->what_if.scenario->steps[at->index].text);
    } else if (at->kind == SIGHT_RESERVE) {
        const hf_reserve *r = &w->reserves[at->index];
        hf_entity_words(d->net, r->entity, text);
        hf_drill_cell(table, text);
        hf_buf_printf(text, "%s is short; lives on its reserve", d->net->req_labels.name[d->net->req_label[r->requirement]]);
        hf_drill_cell(table, text);
    } else {
        const hf_move *m = &w->moves[at->index];
        hf_entity_words(d->net, m->entity, text);
        hf_drill_cell(table, text);
        hf_drill_move_words(m, text);
        if (m->after < m->before) {
            hf_buf_puts(text, ": ");
            hf_cause_words(d->tl, d->net, m->change, text);
        }
        hf_drill_cell(table, text);
    }
    hf_text_table_cell(table, "");
}

static hf_err sights_table(const hf_drill *d, const sights *all, hf_sheet *sheet)
{
    hf_text_table *table = NULL;
    hf_buf text = {0};
    hf_err err;
    HF_TRY(hf_text_table_new(&table));
    hf_text_table_column(table, "hour", HF_ALIGN_RIGHT);
    hf_text_table_column(table, "clock", HF_ALIGN_RIGHT);
    hf_text_table_column(table, "your entity", HF_ALIGN_LEFT);
    hf_text_table_column(table, "what you see", HF_ALIGN_LEFT);
    hf_text_table_column(table, "what you do", HF_ALIGN_LEFT);
    for (size_t k = 0; k < all->n; k++) sight_row(d, &all->item[k], table, &text);
    err = text.err;
out:
    hf_buf_done(&text);
    return hf_drill_table(sheet, table, err);
}

/* Decisions are put to everybody: the question and the options, not what they are worth. */
static void decisions_ask(const hf_drill *d, hf_sheet *sheet, hf_buf *text)
{
    const hf_scenario *s = d->what_if.scenario;
    for (int k = 0; k < s->n_decisions; k++) {
        hf_drill_when(d, s->decisions[k].at_h, text);
        hf_buf_printf(text, ": %s", s->decisions[k].title);
        hf_drill_text(sheet, "Decision", text);
        for (int c = 0; c < s->decisions[k].n_choices; c++) hf_sheet_item(sheet, s->decisions[k].choices[c].title);
    }
}

hf_err hf_drill_player_sheet(hf_drill *d, int player, hf_sheet *sheet)
{
    sights all = {0};
    hf_buf text = {0};
    hf_err err;
    HF_TRY(sights_collect(d, player, &all));
    hf_buf_printf(&text, "Player sheet: %s", hf_drill_player_name(d, player));
    HF_TRY(text.err);
    hf_sheet_page(sheet, text.text);
    text.length = 0;
    hf_sheet_text(sheet, "You see your own entities only. The control cell uncovers the lines as their hour comes.");
    HF_TRY(sights_table(d, &all, sheet));
    decisions_ask(d, sheet, &text);
    err = sheet->out->err;
out:
    hf_buf_done(&text);
    hf_free(all.item);
    return err;
}
