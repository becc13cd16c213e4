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
    if (bought) n = hf_measures_shield(v->set, bought, name, injects, n);
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

hf_err hf_invest_timeline_run(const hf_invest *v, const bool *bought, hf_invest_timeline *ret_timeline)
{
    hf_err err = HF_OK;
    hf_network *changed = NULL;
    hf_invest_timeline to = {.by_country = hf_calloc((size_t)v->cli->net->countries.n, sizeof *to.by_country),
                             .value_by_country = hf_calloc((size_t)v->cli->net->countries.n, sizeof *to.value_by_country),
                             .by_entity = hf_calloc((size_t)v->cli->net->n_entities, sizeof *to.by_entity)};
    if (!to.by_country || !to.value_by_country || !to.by_entity) HF_TRY(HF_E_NOMEM);
    if (bought) HF_TRY(hf_measures_apply(v->cli->net, v->set, bought, &changed));
    const hf_network *net = changed ? changed : v->cli->net;
    HF_TRY(v->scripted ? scripted_run(v, net, bought, &to) : drawn_run(v, net, &to));
    *ret_timeline = to;
    to.by_country = to.value_by_country = to.by_entity = NULL;
out:
    hf_network_free(changed);
    hf_invest_timeline_done(&to);
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
