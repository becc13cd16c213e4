/* Plans in the exact timeline: events of their own, and what the program cannot see. */
#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "cli/invest.h"
#include "model/cascade/losses.h"
#include "model/cascade/montecarlo.h"

static hf_run_options run_options(const hf_invest *v)
{
    hf_run_options o = hf_run_options_default();
    o.horizon_h = hf_args_number(&v->cli->args, "horizon", 168);
    return o;
}

/* Hours of functionality that an entity lost, put where its users and its value are. */
static void entity_add(const hf_invest *v, const hf_network *net, int entity, double lost_h, hf_invest_timeline *to)
{
    double users = net->users[entity];
    to->by_country[net->country[entity]] += lost_h * net->users[entity];
    to->value_by_country[net->country[entity]] += lost_h * net->value_eur_h[entity];
    for (int k = net->abroad_off[entity]; k < net->abroad_off[entity + 1]; k++) {
        to->by_country[net->abroad_country[k]] += lost_h * net->abroad_users[k];
        users += net->abroad_users[k];
    }
    to->by_entity[entity] += lost_h * (v->what == HF_INVEST_VALUE ? net->value_eur_h[entity] : users);
}

/* The scripted scenario on a network. */
static hf_err scripted_run(const hf_invest *v, const hf_network *net, const bool *bought, hf_invest_timeline *to)
{
    hf_err err = HF_OK;
    const char *name = hf_args_text(&v->cli->args, "scenario");
    hf_inject *injects = NULL;
    hf_timeline *tl = NULL;
    hf_losses *losses = NULL;
    hf_run_options options = run_options(v);
    int n = 0;
    HF_TRY(hf_scenario_resolve(hf_package_find_scenario(v->cli->package, name), v->cli->net, v->cli->diag, &injects, &n));
    if (bought) n = hf_measures_shield(v->set, bought, net, name, injects, n);
    HF_TRY(hf_timeline_new(net, &tl));
    HF_TRY(hf_timeline_run(tl, injects, n, &options, NULL));
    HF_TRY(hf_losses_compute(tl, net, v->program.out_below, &losses));
    to->user_hours = to->cvar_user_hours = losses->user_hours;
    to->value_eur = losses->value_eur;
    for (int k = 0; k < losses->n_entities; k++) entity_add(v, net, losses->entities[k].entity, losses->entities[k].lost_h, to);
out:
    hf_losses_free(losses);
    hf_timeline_free(tl);
    hf_free(injects);
    return err;
}

static hf_err drawn_run(const hf_invest *v, const hf_network *net, hf_invest_timeline *to)
{
    hf_mc *mc = NULL;
    hf_mc_options o = {.sweep = {.run = run_options(v), .out_below = v->program.out_below, .threads = (int)hf_args_number(&v->cli->args, "threads", 1)},
                       .hazard = -1, .samples = (long)hf_args_number(&v->cli->args, "events", 2000), .tail = 0.95,
                       .seed = (uint64_t)hf_args_number(&v->cli->args, "seed", 1) + 1000003}; /* not the draws that the plan was made for */
    hf_err err = hf_mc_run(net, &o, NULL, &mc);
    if (err != HF_OK) return err;
    double per_year = isnan(mc->events_per_year) ? 1 : mc->events_per_year;
    to->user_hours = mc->user_hours.mean * per_year;
    to->value_eur = mc->value_eur.mean * per_year;
    to->cvar_user_hours = mc->user_hours.cvar;
    for (int i = 0; i < net->n_entities; i++) entity_add(v, net, i, mc->entities[i].lost_h * per_year, to);
    hf_mc_free(mc);
    return HF_OK;
}

static hf_err timeline_new(const hf_invest *v, hf_invest_timeline *to)
{
    size_t n = (size_t)v->cli->net->countries.n;
    *to = (hf_invest_timeline){.by_country = hf_calloc(n, sizeof *to->by_country), .value_by_country = hf_calloc(n, sizeof *to->value_by_country),
                               .by_entity = hf_calloc((size_t)v->cli->net->n_entities, sizeof *to->by_entity)};
    return to->by_country && to->value_by_country && to->by_entity ? HF_OK : HF_E_NOMEM;
}

/* With all of `bought` ready. */
static hf_err ready_run(const hf_invest *v, const bool *bought, hf_invest_timeline *to)
{
    hf_err err = HF_OK;
    hf_network *changed = NULL;
    if (bought) HF_TRY(hf_measures_apply(v->cli->net, v->set, bought, &changed));
    const hf_network *net = changed ? changed : v->cli->net;
    HF_TRY(v->scripted ? scripted_run(v, net, bought, to) : drawn_run(v, net, to));
out:
    hf_network_free(changed);
    return err;
}

static void timeline_add(const hf_invest *v, const hf_invest_timeline *part, double weight, hf_invest_timeline *to)
{
    to->user_hours += weight * part->user_hours;
    to->value_eur += weight * part->value_eur;
    to->cvar_user_hours += weight * part->cvar_user_hours;
    for (int c = 0; c < v->cli->net->countries.n; c++) {
        to->by_country[c] += weight * part->by_country[c];
        to->value_by_country[c] += weight * part->value_by_country[c];
    }
    for (int i = 0; i < v->cli->net->n_entities; i++) to->by_entity[i] += weight * part->by_entity[i];
}

/* Whether anything of `bought` becomes ready when phase k begins: else it is as the phase before. */
static bool phase_is_new(const hf_invest *v, const bool *bought, double start_y)
{
    for (int m = 0; m < v->set->n; m++)
        if (bought[m] && v->measures[m].lead_y == start_y) return true;
    return start_y == 0;
}

hf_err hf_invest_timeline_run(const hf_invest *v, const bool *bought, hf_invest_timeline *ret_timeline)
{
    hf_err err = HF_OK;
    size_t room = (size_t)v->set->n + 1;
    hf_invest_timeline sum = {0}, part = {0};
    double *start_y = hf_malloc(room * sizeof *start_y), *weight = hf_malloc(room * sizeof *weight);
    bool *ready = hf_calloc(room, sizeof *ready);
    if (!start_y || !weight || !ready) HF_TRY(HF_E_NOMEM);
    HF_TRY(timeline_new(v, &sum));
    int phases = bought ? hf_portfolio_phases(&v->program, start_y, weight) : 1;
    for (int k = 0; k < phases; k++) {
        double counts = bought ? weight[k] : 1;
        if (!bought || phase_is_new(v, bought, start_y[k])) {
            hf_invest_timeline_done(&part);
            HF_TRY(timeline_new(v, &part));
            for (int m = 0; bought && m < v->set->n; m++) ready[m] = bought[m] && (v->program.years == 0 || v->measures[m].lead_y <= start_y[k]);
            HF_TRY(ready_run(v, bought ? ready : NULL, &part));
        }
        timeline_add(v, &part, counts, &sum);
    }
    *ret_timeline = sum;
    sum = (hf_invest_timeline){0};
out:
    hf_invest_timeline_done(&sum);
    hf_invest_timeline_done(&part);
    hf_free(start_y);
    hf_free(weight);
    hf_free(ready);
    return err;
}

void hf_invest_timeline_done(hf_invest_timeline *timeline)
{
    hf_free(timeline->by_country);
    hf_free(timeline->value_by_country);
    hf_free(timeline->by_entity);
    timeline->by_country = timeline->value_by_country = timeline->by_entity = NULL;
}

double hf_invest_figure(const hf_invest *v, const hf_invest_timeline *t)
{
    return v->what == HF_INVEST_VALUE ? t->value_eur : t->user_hours;
}

/* Whether a further measure is within its payer's budget and the rules. Only own money: joint money stays with the program. */
static bool may_buy(const hf_invest *v, const hf_plan *plan, int m)
{
    const hf_measure *measure = &v->measures[m];
    if (v->late[m]) return false;
    if (plan->cost + measure->cost > v->program.together * (1 + 1e-9)) return false;
    if (measure->payer >= 0 && plan->paid[measure->payer] + measure->cost > v->payers[measure->payer].budget * (1 + 1e-9)) return false;
    for (int k = 0; k < v->set->n_rules; k++) {
        const hf_measure_rule *rule = &v->rules[k];
        if (rule->excludes && ((rule->a == m && plan->bought[rule->b]) || (rule->b == m && plan->bought[rule->a]))) return false;
        if (!rule->excludes && rule->a == m && !plan->bought[rule->b]) return false;
    }
    return true;
}

hf_err hf_invest_polish(const hf_invest *v, hf_plan *plan, int *ret_bought)
{
    hf_err err = HF_OK;
    hf_invest_timeline now = {0};
    *ret_bought = 0;
    HF_TRY(hf_invest_timeline_run(v, plan->bought, &now));
    double standing = hf_invest_figure(v, &now);
    hf_invest_timeline_done(&now);
    for (;;) {
        int best = -1;
        double best_rate = 0, best_figure = 0;
        for (int m = 0; m < v->set->n; m++) {
            if (plan->bought[m] || !may_buy(v, plan, m)) continue;
            plan->bought[m] = true;
            err = hf_invest_timeline_run(v, plan->bought, &now);
            plan->bought[m] = false;
            HF_TRY(err);
            double figure = hf_invest_figure(v, &now), rate = (standing - figure) / fmax(v->measures[m].cost, 1);
            hf_invest_timeline_done(&now);
            if (standing - figure > 1e-6 * standing && rate > best_rate) best = m, best_rate = rate, best_figure = figure;
        }
        if (best < 0) break;
        plan->bought[best] = true;
        plan->cost += v->measures[best].cost;
        if (v->measures[best].payer >= 0) plan->paid[v->measures[best].payer] += v->measures[best].cost;
        standing = best_figure;
        ++*ret_bought;
    }
out:
    hf_invest_timeline_done(&now);
    return err;
}

static bool is_same(const hf_invest_timeline *a, const hf_invest_timeline *b)
{
    return fabs(a->user_hours - b->user_hours) <= 1e-9 * fmax(1, b->user_hours) && fabs(a->value_eur - b->value_eur) <= 1e-9 * fmax(1, b->value_eur);
}

/* Whether measure m changes nothing in the timeline beside what is bought. */
static hf_err changes_nothing(const hf_invest *v, bool *bought, int m, const hf_invest_timeline *before, bool *ret_nothing)
{
    hf_invest_timeline after = {0};
    bool there = bought[m];
    bought[m] = true;
    hf_err err = hf_invest_timeline_run(v, bought, &after);
    bought[m] = there;
    *ret_nothing = err == HF_OK && is_same(&after, before);
    hf_invest_timeline_done(&after);
    return err;
}

/* Adds an id to a list. */
static void name_add(hf_buf *names, const char *id)
{
    hf_buf_printf(names, "%s%s", names->length > 0 ? ", " : "", id);
}

/* Events of hazards: each at its row. A scripted scenario is one of many for which measures are made: all in one line. */
static void idle_say(const hf_invest *v, const bool *idle, const hf_buf *untried)
{
    hf_buf names = {0};
    for (int m = 0; m < v->set->n; m++) {
        const hf_measure_entry *entry = &v->set->measure[m];
        if (!idle[m]) continue;
        if (v->scripted) name_add(&names, entry->id);
        else
            hf_diag_add(v->cli->diag, HF_WARNING, HF_E_RANGE, entry->file, entry->line, entry->line > 0,
                        "measure \"%s\" has no effect: in no scenario of the program, in no event of the timeline", entry->id);
    }
    if (names.length > 0) hf_diag_add(v->cli->diag, HF_WARNING, HF_E_RANGE, NULL, 0, 0, "measures without effect in this scenario: %s", names.text);
    if (untried->length > 0)
        hf_diag_add(v->cli->diag, HF_WARNING, HF_E_RANGE, NULL, 0, 0,
                    "without effect in any scenario of the program, and not tried in the timeline, as they are many: %s", untried->text);
    hf_buf_done(&names);
}

hf_err hf_invest_idle(const hf_invest *v, const hf_plan *plan, const hf_invest_timeline *without, const hf_invest_timeline *with)
{
    enum { MOST_TRIED = 100 };
    hf_err err = HF_OK;
    hf_buf untried = {0};
    int n_tried = 0;
    size_t n = (size_t)v->set->n;
    bool *alone = hf_calloc(n, sizeof *alone), *idle = hf_calloc(n, sizeof *idle);
    if (!alone || !idle) HF_TRY(HF_E_NOMEM);
    for (int m = 0; m < v->set->n; m++) {
        idle[m] = plan->idle[m] && !plan->bought[m] && !v->late[m];
        if (idle[m] && n_tried++ >= MOST_TRIED) {
            idle[m] = false;
            name_add(&untried, v->set->measure[m].id);
        }
        if (idle[m]) HF_TRY(changes_nothing(v, alone, m, without, &idle[m]));
        if (idle[m]) HF_TRY(changes_nothing(v, plan->bought, m, with, &idle[m]));
    }
    idle_say(v, idle, &untried);
    err = untried.err;
out:
    hf_buf_done(&untried);
    hf_free(alone);
    hf_free(idle);
    return err;
}
