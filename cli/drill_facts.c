#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "cli/cause_words.h"
#include "cli/drill.h"
#include "cli/words.h"

static int label_of(const hf_drill *d, int entity)
{
    const int *labels[] = {d->net->country, d->net->sector, d->net->region};
    return labels[d->by][entity];
}

static const hf_labels *labels_of(const hf_drill *d)
{
    const hf_labels *labels[] = {&d->net->countries, &d->net->sectors, &d->net->regions};
    return labels[d->by];
}

const char *hf_drill_player_word(const hf_drill *d)
{
    static const char *const words[] = {"country", "sector", "region"};
    return words[d->by];
}

const char *hf_drill_player_name(const hf_drill *d, int player)
{
    return player < 0 ? "control cell" : labels_of(d)->name[d->players[player].label];
}

int hf_drill_player_of(const hf_drill *d, int entity)
{
    int label = label_of(d, entity);
    for (int p = 0; label >= 0 && p < d->n_players; p++)
        if (d->players[p].label == label) return p;
    return -1;
}

const char *hf_drill_keep(hf_drill *d, hf_buf *text, hf_err *ret_err)
{
    char *kept = text->err == HF_OK ? hf_arena_strndup(&d->memory, text->text ? text->text : "", text->length) : NULL;
    if (!kept) *ret_err = HF_E_NOMEM;
    text->length = 0;
    return kept ? kept : "";
}

void hf_drill_clock(const hf_drill *d, double hour, hf_buf *out)
{
    double minutes = round((d->start_h + hour) * 60), days = floor(minutes / 1440);
    int rest = (int)(minutes - days * 1440);
    hf_buf_printf(out, "day %.0f, %02d:%02d", days + 1, rest / 60, rest % 60);
}

void hf_drill_when(const hf_drill *d, double hour, hf_buf *out)
{
    hf_word_hours(out, hour);
    hf_buf_puts(out, " (");
    hf_drill_clock(d, hour, out);
    hf_buf_puts(out, ")");
}

void hf_drill_move_words(const hf_move *move, hf_buf *out)
{
    if (move->after <= 0) hf_buf_puts(out, "goes out");
    else if (move->after >= 1) hf_buf_puts(out, "is back");
    else {
        hf_buf_puts(out, move->after < move->before ? "falls to " : "rises to ");
        hf_word_share(out, move->after);
    }
}

typedef struct placed_step {
    double at_h;
    int index;
} placed_step;

static int compare_steps(const void *pa, const void *pb)
{
    const placed_step *a = pa, *b = pb;
    return a->at_h != b->at_h ? (a->at_h < b->at_h ? -1 : 1) : a->index - b->index;
}

hf_err hf_drill_order(hf_drill *d, const hf_step *steps, int n, int **ret_order)
{
    placed_step *placed = hf_arena_calloc(&d->memory, (size_t)n, sizeof *placed);
    int *order = hf_arena_calloc(&d->memory, (size_t)n, sizeof *order);
    if (!placed || !order) return HF_E_NOMEM;
    for (int k = 0; k < n; k++) placed[k] = (placed_step){steps[k].at_h, k};
    qsort(placed, (size_t)n, sizeof *placed, compare_steps);
    for (int k = 0; k < n; k++) order[k] = placed[k].index;
    *ret_order = order;
    return HF_OK;
}

hf_err hf_drill_targets(const hf_drill *d, const hf_step *step, void (*each)(void *context, int entity), void *context)
{
    for (int k = 0; k < step->n_targets; k++) {
        int *entities = NULL, n = 0;
        const char *why = NULL;
        hf_err err = hf_target_resolve(d->net, step->targets[k], &entities, &n, &why);
        if (err != HF_OK) return err;
        for (int e = 0; e < n; e++) each(context, entities[e]);
        hf_free(entities);
    }
    return HF_OK;
}

/* Counts of each label. */
typedef struct counting {
    const hf_drill *d;
    int *target;
    bool *named; /* [entities]: counted once */
} counting;

static void target_count(void *context, int entity)
{
    counting *c = context;
    int label = label_of(c->d, entity);
    if (c->named[entity] || label < 0) return;
    c->named[entity] = true;
    c->target[label]++;
}

static hf_err players_fill(hf_drill *d, const int *hit, const int *target)
{
    int n = labels_of(d)->n;
    d->players = hf_arena_calloc(&d->memory, (size_t)n, sizeof *d->players);
    if (!d->players) return HF_E_NOMEM;
    for (int k = 0; k < n; k++)
        if (hit[k] > 0 || target[k] > 0) d->players[d->n_players++] = (hf_player){k, hit[k], target[k]};
    return HF_OK;
}

hf_err hf_drill_players_find(hf_drill *d)
{
    hf_err err = HF_OK;
    const hf_scenario *s = d->what_if.scenario;
    size_t n = (size_t)labels_of(d)->n;
    int *hit = hf_calloc(n, sizeof *hit);
    counting c = {d, hf_calloc(n, sizeof *c.target), hf_calloc((size_t)d->net->n_entities, sizeof *c.named)};
    if (!hit || !c.target || !c.named) err = HF_E_NOMEM;
    HF_TRY(err);
    for (int i = 0; i < d->losses->n_entities; i++) {
        int label = label_of(d, d->losses->entities[i].entity);
        if (label >= 0) hit[label]++;
    }
    for (int k = 0; k < s->n_steps; k++)
        if (s->steps[k].kind <= HF_STEP_NOTE) HF_TRY(hf_drill_targets(d, &s->steps[k], target_count, &c));
    HF_TRY(players_fill(d, hit, c.target));
out:
    hf_free(hit);
    hf_free(c.target);
    hf_free(c.named);
    return err;
}
