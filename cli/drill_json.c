/* The pack for programs: everything that is on the sheets, with exact numbers. */
#include <math.h>

#include "cli/drill.h"
#include "cli/json_parts.h"

static void text_key(hf_json *json, const char *key, hf_buf *text)
{
    hf_json_key_text(json, key, text->length > 0 ? text->text : "");
    text->length = 0;
}

typedef struct ids {
    hf_json *json;
    const hf_network *net;
} ids;

static void id_write(void *context, int entity)
{
    const ids *to = context;
    hf_json_text(to->json, to->net->id[entity]);
}

static hf_err step_write(hf_json *json, const hf_drill *d, const hf_step *step)
{
    ids to = {json, d->net};
    hf_err err = HF_OK;
    hf_json_object(json);
    hf_json_key_number(json, "at_h", step->at_h);
    hf_json_key_text(json, "inject", hf_step_kind_name(step->kind));
    hf_json_key(json, "targets");
    hf_json_array(json);
    if (step->kind <= HF_STEP_NOTE) err = hf_drill_targets(d, step, id_write, &to);
    else
        for (int k = 0; k < step->n_targets; k++) hf_json_text(json, step->targets[k]);
    hf_json_end(json);
    hf_json_key_number(json, "level", step->level);
    hf_json_key_text(json, "text", step->text);
    hf_json_end(json);
    return err;
}

static hf_err move_write(hf_json *json, const hf_drill *d, const hf_move *m)
{
    hf_json_object(json);
    hf_json_key_text(json, "id", d->net->id[m->entity]);
    hf_json_key_number(json, "at_h", m->at_h);
    hf_json_key_number(json, "before", m->before);
    hf_json_key_number(json, "after", m->after);
    hf_json_key(json, "cause");
    hf_err err = hf_json_cause(json, d->causes, d->tl, d->net, m->change);
    hf_json_end(json);
    return err;
}

static void reserve_write(hf_json *json, const hf_drill *d, const hf_reserve *r)
{
    hf_json_object(json);
    hf_json_key_text(json, "id", d->net->id[r->entity]);
    hf_json_key_text(json, "requirement", d->net->req_labels.name[d->net->req_label[r->requirement]]);
    hf_json_key_number(json, "since_h", r->since_h);
    hf_json_key_number(json, "until_h", r->until_h);
    hf_json_end(json);
}

static hf_err window_write(hf_json *json, hf_drill *d, int index, const int *order, hf_buf *text)
{
    hf_err err = HF_OK;
    const hf_scenario *s = d->what_if.scenario;
    const hf_window *w = &d->windows->window[index];
    bool last = index == d->windows->n - 1;
    hf_json_object(json);
    hf_json_key_number(json, "from_h", w->from_h);
    hf_json_key_number(json, "to_h", w->to_h);
    hf_drill_clock(d, w->from_h, text);
    text_key(json, "clock", text);
    hf_json_key(json, "injects");
    hf_json_array(json);
    for (int k = 0; k < s->n_steps; k++) {
        const hf_step *step = &s->steps[order[k]];
        if (step->at_h < w->from_h || (last ? step->at_h > w->to_h : step->at_h >= w->to_h)) continue;
        HF_TRY(step_write(json, d, step));
    }
    hf_json_end(json);
    hf_json_key_number(json, "users_hit_peak", w->users_hit_peak);
    hf_json_key_number(json, "users_hit_end", w->users_hit_end);
    hf_json_key_number(json, "user_hours", w->user_hours);
    hf_json_key_number(json, "value_eur", w->value_eur);
    hf_json_key_number(json, "entities_out_end", w->entities_out_end);
    hf_json_key(json, "countries");
    hf_json_array(json);
    for (int k = 0; k < w->n_countries; k++) hf_json_text(json, d->net->countries.name[w->countries[k]]);
    hf_json_end(json);
    hf_json_key(json, "changes");
    hf_json_array(json);
    for (int k = 0; k < w->n_moves; k++) HF_TRY(move_write(json, d, &w->moves[k]));
    hf_json_end(json);
    hf_json_key(json, "reserves");
    hf_json_array(json);
    for (int k = 0; k < w->n_reserves; k++) reserve_write(json, d, &w->reserves[k]);
    hf_json_end(json);
    hf_json_end(json);
out:
    return err;
}

static void players_write(hf_json *json, const hf_drill *d)
{
    hf_json_key_text(json, "players_by", hf_drill_player_word(d));
    hf_json_key(json, "players");
    hf_json_array(json);
    for (int p = 0; p < d->n_players; p++) {
        hf_json_object(json);
        hf_json_key_text(json, "player", hf_drill_player_name(d, p));
        hf_json_key_number(json, "entities_named", d->players[p].n_target);
        hf_json_key_number(json, "entities_hit", d->players[p].n_hit);
        hf_json_end(json);
    }
    hf_json_end(json);
}

static hf_err outcome_write(hf_json *json, const hf_drill *d, const hf_outcome *o)
{
    hf_err err = HF_OK;
    hf_json_object(json);
    hf_json_key_text(json, "name", o->choice->name);
    hf_json_key_text(json, "title", o->choice->title);
    hf_json_key_text(json, "text", o->choice->text);
    hf_json_key_text(json, "source", o->choice->source);
    hf_json_key(json, "injects");
    hf_json_array(json);
    for (int k = 0; k < o->choice->n_steps; k++) HF_TRY(step_write(json, d, &o->choice->steps[k]));
    hf_json_end(json);
    hf_json_key_number(json, "entities_out", o->entities_out);
    hf_json_key_number(json, "users_hit_peak", o->users_hit_peak);
    hf_json_key_number(json, "user_hours", o->user_hours);
    hf_json_key_number(json, "value_eur", o->value_eur);
    hf_json_key_number(json, "saved_user_hours", d->losses->user_hours - o->user_hours);
    hf_json_key_number(json, "saved_value_eur", d->losses->value_eur - o->value_eur);
    hf_json_key(json, "best");
    hf_json_bool(json, o->best);
    hf_json_end(json);
out:
    return err;
}

static hf_err decisions_write(hf_json *json, const hf_drill *d)
{
    hf_err err = HF_OK;
    const hf_scenario *s = d->what_if.scenario;
    hf_json_key(json, "decisions");
    hf_json_array(json);
    for (int k = 0; k < s->n_decisions; k++) {
        hf_json_object(json);
        hf_json_key_text(json, "name", s->decisions[k].name);
        hf_json_key_text(json, "title", s->decisions[k].title);
        hf_json_key_number(json, "at_h", s->decisions[k].at_h);
        hf_json_key(json, "options");
        hf_json_array(json);
        for (int o = 0; o < d->n_outcomes; o++)
            if (d->outcomes[o].decision == &s->decisions[k]) HF_TRY(outcome_write(json, d, &d->outcomes[o]));
        hf_json_end(json);
        hf_json_end(json);
    }
    hf_json_end(json);
out:
    return err;
}

static void questions_write(hf_json *json, const hf_drill *d)
{
    hf_json_key(json, "evaluation");
    hf_json_array(json);
    for (int k = 0; k < d->n_questions; k++) {
        const hf_question *q = &d->questions[k];
        hf_json_object(json);
        hf_json_key_text(json, "kind", q->kind);
        hf_json_key_text(json, "player", q->player < 0 ? NULL : hf_drill_player_name(d, q->player));
        hf_json_key_text(json, "entity", q->entity < 0 ? NULL : d->net->id[q->entity]);
        hf_json_key_number(json, "from_h", q->from_h);
        hf_json_key_number(json, "due_h", q->due_h);
        hf_json_key_text(json, "question", q->text);
        hf_json_key_text(json, "expected", q->expected);
        hf_json_end(json);
    }
    hf_json_end(json);
}

static void summary_write(hf_json *json, const hf_losses *l)
{
    hf_json_key(json, "summary");
    hf_json_object(json);
    hf_json_key_number(json, "entities_hit", l->n_entities);
    hf_json_key_number(json, "entities_out", l->entities_out);
    hf_json_key_number(json, "users_hit_peak", l->users_hit_peak);
    hf_json_key_number(json, "worst_hour", l->users_hit_peak > 0 ? l->worst_hour : NAN);
    hf_json_key_number(json, "user_hours", l->user_hours);
    hf_json_key_number(json, "value_eur", l->value_eur);
    hf_json_key_number(json, "countries_reached", l->countries_reached);
    hf_json_key_number(json, "sectors_reached", l->sectors_reached);
    hf_json_end(json);
}

hf_err hf_drill_json(hf_drill *d)
{
    hf_cli *cli = d->cli;
    const hf_scenario *s = d->what_if.scenario;
    hf_json json;
    hf_buf text = {0};
    int *order = NULL;
    hf_err err;
    HF_TRY(hf_drill_order(d, s->steps, s->n_steps, &order));
    hf_json_start(&json, &cli->out);
    hf_json_head(&json, cli);
    hf_json_what_if(&json, cli, &d->what_if);
    hf_json_key_text(&json, "description", s->description);
    players_write(&json, d);
    hf_json_key(&json, "stretches");
    hf_json_array(&json);
    for (int k = 0; k < d->windows->n; k++) HF_TRY(window_write(&json, d, k, order, &text));
    hf_json_end(&json);
    HF_TRY(decisions_write(&json, d));
    questions_write(&json, d);
    summary_write(&json, d->losses);
    hf_json_warnings(&json, cli, d->what_if.first_finding);
    hf_json_end(&json);
    hf_buf_puts(&cli->out, "\n");
    err = text.err != HF_OK ? text.err : cli->out.err;
out:
    hf_buf_done(&text);
    return err;
}
