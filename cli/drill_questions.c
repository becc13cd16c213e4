/* What observers ask, made of the facts of the run. */
#include <math.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "cli/cause_words.h"
#include "cli/drill.h"
#include "cli/words.h"

enum { OF_A_KIND = 5, STATES_LINE = 6, PARENTS = 64 };

/* A question in the making. */
typedef struct asking {
    hf_drill *d;
    hf_buf text, expected;
} asking;

static hf_err ask(asking *a, const char *kind, int player, int entity, double from_h, double due_h)
{
    hf_drill *d = a->d;
    hf_err err = HF_OK;
    hf_question q = {kind, player, entity, from_h, due_h, hf_drill_keep(d, &a->text, &err), hf_drill_keep(d, &a->expected, &err)};
    HF_TRY(err);
    HF_TRY(hf_grow((void **)&d->questions, &d->question_capacity, (size_t)d->n_questions + 1, sizeof *d->questions));
    d->questions[d->n_questions++] = q;
out:
    return err;
}

/* Entities of a player that lost something, most user-hours first. */
static int compare_loss(const void *pa, const void *pb)
{
    const hf_entity_loss *a = *(const hf_entity_loss *const *)pa, *b = *(const hf_entity_loss *const *)pb;
    if (a->user_hours != b->user_hours) return a->user_hours > b->user_hours ? -1 : 1;
    if (a->value_eur != b->value_eur) return a->value_eur > b->value_eur ? -1 : 1;
    return a->entity - b->entity;
}

static hf_err losses_of(const hf_drill *d, int player, const hf_entity_loss ***ret_list, int *ret_n)
{
    int n = 0;
    const hf_entity_loss **list = hf_calloc((size_t)d->losses->n_entities, sizeof(hf_entity_loss *));
    if (!list) return HF_E_NOMEM;
    for (int i = 0; i < d->losses->n_entities; i++)
        if (hf_drill_player_of(d, d->losses->entities[i].entity) == player) list[n++] = &d->losses->entities[i];
    qsort(list, (size_t)n, sizeof *list, compare_loss);
    *ret_list = list;
    *ret_n = n;
    return HF_OK;
}

static hf_err notify_ask(asking *a, int player, const hf_entity_loss *e)
{
    const hf_drill *d = a->d;
    hf_buf_puts(&a->text, "Did ");
    hf_entity_words(d->net, e->entity, &a->text);
    hf_buf_puts(&a->text, " tell its authority that it is out?");
    hf_buf_puts(&a->expected, "out at ");
    hf_drill_when(d, e->out_h, &a->expected);
    hf_buf_puts(&a->expected, "; first notification within ");
    hf_word_hours(&a->expected, d->notify_h);
    hf_buf_puts(&a->expected, "; detailed report at the latest a month after that");
    return ask(a, "notify", player, e->entity, e->out_h, e->out_h + d->notify_h);
}

/* The suppliers that a fall is explained by, by name. */
static void suppliers_words(const hf_drill *d, int change, hf_buf *out)
{
    enum { MOST = 3 };
    int parents[MOST], n = hf_causes_parents(d->causes, change, parents, MOST);
    for (int k = 0; k < n && k < MOST; k++) {
        hf_buf_puts(out, k == 0 ? "; because of " : ", ");
        hf_entity_words(d->net, hf_timeline_changes(d->tl)[parents[k]].entity, out);
    }
    if (n > MOST) hf_buf_printf(out, " and %d more", n - MOST);
}

static hf_err cause_ask(asking *a, int player, const hf_entity_loss *e)
{
    const hf_drill *d = a->d;
    hf_buf_puts(&a->text, "Did they find out why ");
    hf_entity_words(d->net, e->entity, &a->text);
    hf_buf_puts(&a->text, " lost service?");
    hf_cause_words(d->tl, d->net, e->cause_change, &a->expected);
    suppliers_words(d, e->cause_change, &a->expected);
    return ask(a, "cause", player, e->entity, hf_timeline_changes(d->tl)[e->cause_change].at_h, NAN);
}

/* Who has to notify, and one loss to explain. */
static hf_err losses_ask(asking *a, int player)
{
    const hf_entity_loss **list = NULL, *consequence = NULL;
    int n = 0, asked = 0;
    hf_err err;
    HF_TRY(losses_of(a->d, player, &list, &n));
    for (int k = 0; k < n; k++) {
        if (!isnan(list[k]->out_h) && asked < OF_A_KIND) {
            HF_TRY(notify_ask(a, player, list[k]));
            asked++;
        }
        if (!consequence && hf_timeline_changes(a->d->tl)[list[k]->cause_change].kind != HF_CAUSE_INJECT) consequence = list[k];
    }
    if (consequence) HF_TRY(cause_ask(a, player, consequence));
out:
    hf_free(list);
    return err;
}

static double fall_of(const hf_drill *d, const hf_reserve *r)
{
    const hf_change *c = &hf_timeline_changes(d->tl)[r->change];
    return (c->before - c->after) * (1 + d->net->users[r->entity]);
}

static hf_err reserve_ask(asking *a, int player, const hf_reserve *r)
{
    const hf_drill *d = a->d;
    const char *requirement = d->net->req_labels.name[d->net->req_label[r->requirement]];
    const hf_change *c = &hf_timeline_changes(d->tl)[r->change];
    hf_buf_puts(&a->text, "Did they see beforehand that ");
    hf_entity_words(d->net, r->entity, &a->text);
    hf_buf_printf(&a->text, " runs out of %s?", requirement);
    hf_buf_printf(&a->expected, "%s short since ", requirement);
    hf_drill_when(d, r->since_h, &a->expected);
    hf_buf_puts(&a->expected, "; the reserve lasts until ");
    hf_drill_when(d, r->until_h, &a->expected);
    hf_buf_puts(&a->expected, c->after > 0 ? ", then it falls to " : ", then it goes out");
    if (c->after > 0) hf_word_share(&a->expected, c->after);
    return ask(a, "reserve", player, r->entity, r->since_h, r->until_h);
}

/* The reserves of a player whose end costs most service. */
static hf_err reserves_ask(asking *a, int player)
{
    const hf_drill *d = a->d;
    const hf_windows *w = d->windows;
    for (int k = 0; k < w->n_reserves; k++) {
        int before = 0;
        if (hf_drill_player_of(d, w->reserves[k].entity) != player) continue;
        for (int j = 0; j < w->n_reserves && before < OF_A_KIND; j++) {
            if (hf_drill_player_of(d, w->reserves[j].entity) != player) continue;
            double theirs = fall_of(d, &w->reserves[j]), own = fall_of(d, &w->reserves[k]);
            before += theirs > own || (theirs == own && j < k);
        }
        if (before >= OF_A_KIND) continue;
        hf_err err = reserve_ask(a, player, &w->reserves[k]);
        if (err != HF_OK) return err;
    }
    return HF_OK;
}

/* A supplier of another country that explains a move, or -1. */
static int cause_abroad(const hf_drill *d, const hf_move *m)
{
    int parents[PARENTS], n = hf_causes_parents(d->causes, m->change, parents, PARENTS);
    for (int k = 0; k < n && k < PARENTS; k++) {
        int other = hf_timeline_changes(d->tl)[parents[k]].entity;
        if (d->net->country[other] != d->net->country[m->entity]) return other;
    }
    return -1;
}

static hf_err abroad_ask(asking *a, const hf_move *m, int from)
{
    const hf_drill *d = a->d;
    const char *there = d->net->countries.name[d->net->country[m->entity]], *here = d->net->countries.name[d->net->country[from]];
    hf_buf_printf(&a->text, "Did %s tell %s what the failure of ", here, there);
    hf_entity_words(d->net, from, &a->text);
    hf_buf_printf(&a->text, " means for %s?", there);
    hf_entity_words(d->net, m->entity, &a->expected);
    hf_buf_puts(&a->expected, " ");
    hf_drill_move_words(m, &a->expected);
    hf_buf_puts(&a->expected, " at ");
    hf_drill_when(d, m->at_h, &a->expected);
    return ask(a, "abroad", d->by == HF_PLAYERS_COUNTRY ? hf_drill_player_of(d, from) : -1, m->entity, m->at_h, m->at_h);
}

static hf_err served_ask(asking *a, const hf_abroad_loss *l)
{
    const hf_drill *d = a->d;
    const char *there = d->net->countries.name[l->country], *here = d->net->countries.name[l->from_country];
    int player = -1;
    for (int p = 0; d->by == HF_PLAYERS_COUNTRY && p < d->n_players; p++)
        if (d->players[p].label == l->from_country) player = p;
    hf_buf_printf(&a->text, "Did %s tell %s that users there lose service?", here, there);
    hf_word_amount(&a->expected, l->users_hit_peak);
    hf_buf_printf(&a->expected, " users in %s at the worst hour, of ", there);
    hf_word_count(&a->expected, l->entities_hit, "entity", "entities");
    hf_buf_printf(&a->expected, " in %s", here);
    return ask(a, "abroad", player, -1, NAN, NAN);
}

/* Each pair of countries once: the first entity that falls for want of one abroad, or users there who are served from here. */
static hf_err countries_ask(asking *a)
{
    hf_err err = HF_OK;
    const hf_drill *d = a->d;
    int n = d->net->countries.n;
    bool *asked = hf_calloc((size_t)n * (size_t)n, sizeof *asked);
    if (!asked) return HF_E_NOMEM;
    for (int k = 0; k < d->windows->n_moves; k++) {
        const hf_move *m = &d->windows->moves[k];
        int from = m->after < m->before ? cause_abroad(d, m) : -1;
        if (from < 0 || asked[d->net->country[from] * n + d->net->country[m->entity]]) continue;
        asked[d->net->country[from] * n + d->net->country[m->entity]] = true;
        HF_TRY(abroad_ask(a, m, from));
    }
    for (int k = 0; k < d->losses->n_abroad; k++) {
        const hf_abroad_loss *l = &d->losses->abroad[k];
        if (asked[l->from_country * n + l->country] || l->users_hit_peak <= 0) continue;
        HF_TRY(served_ask(a, l));
    }
out:
    hf_free(asked);
    return err;
}

static hf_err whole_ask(asking *a)
{
    hf_err err = HF_OK;
    const hf_losses *l = a->d->losses;
    if (l->users_hit_peak > 0) {
        hf_buf_puts(&a->text, "Which hour did they take for the worst, and how many users did they expect without service?");
        hf_drill_when(a->d, l->worst_hour, &a->expected);
        hf_buf_puts(&a->expected, "; ");
        hf_word_amount(&a->expected, l->users_hit_peak);
        hf_buf_puts(&a->expected, " users");
        HF_TRY(ask(a, "worst_hour", -1, -1, l->worst_hour, NAN));
    }
    if (l->countries_reached > 1) {
        hf_buf_puts(&a->text, "Did somebody count the states that lose service?");
        hf_word_count(&a->expected, l->countries_reached, "state", "states");
        hf_buf_puts(&a->expected, l->countries_reached >= STATES_LINE
                                      ? "; where six or more are Member States, their authorities notify the Commission (Art. 15)"
                                      : "; the line of six Member States, from which the Commission is notified (Art. 15), is not reached");
        HF_TRY(ask(a, "states", -1, -1, NAN, NAN));
    }
out:
    return err;
}

static hf_err decisions_ask(asking *a)
{
    hf_err err = HF_OK;
    const hf_drill *d = a->d;
    const hf_scenario *s = d->what_if.scenario;
    for (int k = 0; k < s->n_decisions; k++) {
        const hf_decision *decision = &s->decisions[k];
        hf_buf_printf(&a->text, "What did they decide, and when: %s", decision->title);
        for (int o = 0; o < d->n_outcomes; o++) {
            const hf_outcome *out = &d->outcomes[o];
            if (out->decision != decision || !out->best) continue;
            hf_buf_printf(&a->expected, "%s: ", out->choice->title);
            hf_word_amount(&a->expected, out->user_hours);
            hf_buf_puts(&a->expected, " user-hours lost in place of ");
            hf_word_amount(&a->expected, d->losses->user_hours);
        }
        if (a->expected.length == 0) hf_buf_puts(&a->expected, "no option loses less than the script alone");
        HF_TRY(ask(a, "decision", -1, -1, decision->at_h, NAN));
    }
out:
    return err;
}

/* Player by player, then those of nobody; within one as they were asked. */
static hf_err questions_order(hf_drill *d)
{
    hf_question *ordered = hf_malloc((size_t)d->n_questions * sizeof *ordered);
    int n = 0;
    if (!ordered) return HF_E_NOMEM;
    for (int p = 0; p <= d->n_players; p++)
        for (int k = 0; k < d->n_questions; k++)
            if (d->questions[k].player == (p < d->n_players ? p : -1)) ordered[n++] = d->questions[k];
    hf_free(d->questions);
    d->questions = ordered;
    d->question_capacity = (size_t)n;
    return HF_OK;
}

hf_err hf_drill_questions_make(hf_drill *d)
{
    asking a = {.d = d};
    hf_err err = HF_OK;
    for (int p = 0; p < d->n_players; p++) {
        HF_TRY(losses_ask(&a, p));
        HF_TRY(reserves_ask(&a, p));
    }
    HF_TRY(countries_ask(&a));
    HF_TRY(whole_ask(&a));
    HF_TRY(decisions_ask(&a));
    HF_TRY(questions_order(d));
out:
    hf_buf_done(&a.text);
    hf_buf_done(&a.expected);
    return err;
}
