/* From the tables measures and budgets to the program. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "cli/invest.h"
#include "cli/progress.h"
#include "cli/what_if.h"

static double horizon_of(const hf_invest *v)
{
    double horizon = hf_args_number(&v->cli->args, "horizon", 168);
    return v->program.n_slots > 0 ? fmax(horizon, v->slot_h[v->program.n_slots]) : horizon;
}

/* Slots of time are Boolean. */
static bool in_part(const hf_invest *v)
{
    return v->program.linear && v->program.n_slots == 0;
}

/* An effect in the program's words; false where it has none. A backup counts when it lasts to the horizon or there are slots of
 * time; a detection leaves a part of the damage, and in a Boolean program counts when what is left is no failure. */
static bool effect_of(const hf_invest *v, const hf_measure_effect *e, hf_effect *ret_effect)
{
    *ret_effect = (hf_effect){HF_EFFECT_HARDEN, e->entity, -1, -1, 0};
    switch (e->kind) {
    case HF_MEASURE_HARDEN: return true;
    case HF_MEASURE_DETECT:
        ret_effect->amount = e->amount;
        return e->amount < 1 && (in_part(v) || 1 - e->amount >= v->program.out_below);
    case HF_MEASURE_BACKUP:
        *ret_effect = (hf_effect){HF_EFFECT_BACKUP, e->entity, e->requirement, -1, 0};
        if (e->amount >= horizon_of(v)) return true;
        ret_effect->amount = e->amount;
        return v->program.n_slots > 0 && e->amount > 0;
    case HF_MEASURE_REPAIR:
    case HF_MEASURE_SPARE: ret_effect->kind = HF_EFFECT_REPAIR; return v->program.n_slots > 0;
    case HF_MEASURE_SUPPLIER: *ret_effect = (hf_effect){HF_EFFECT_SUPPLIER, e->entity, e->requirement, e->supplier, e->amount}; return true;
    case HF_MEASURE_LINE:
        *ret_effect = (hf_effect){HF_EFFECT_LINE, e->entity, e->carrier, e->supplier, 0};
        return in_part(v) && v->cli->net->carrier_rule[e->carrier] == HF_REACH;
    default: return false;
    }
}

/* Numbers of the hazards that a measure names; a scripted scenario is one more, after the network's. */
static hf_err hazards_of(const hf_invest *v, const hf_measure_entry *entry, const char *scripted, int **ret_list, int *ret_n)
{
    const hf_network *net = v->cli->net;
    int *list = hf_malloc(((size_t)net->n_hazards + 2) * sizeof *list), n = 0;
    if (!list) return HF_E_NOMEM;
    for (int z = 0; z < net->n_hazards && entry->n_hazards > 0; z++)
        if (hf_measure_acts_against(entry, net->hazard_id[z])) list[n++] = z;
    if (entry->n_hazards > 0 && scripted && hf_measure_acts_against(entry, scripted)) list[n++] = net->n_hazards;
    if (entry->n_hazards > 0 && n == 0) list[n++] = net->n_hazards + 1; /* acts against nothing that is looked at */
    *ret_list = list;
    *ret_n = n;
    return HF_OK;
}

static hf_err measures_make(hf_invest *v, const char *scripted)
{
    hf_err err = HF_OK;
    size_t n = (size_t)v->set->n;
    v->measures = hf_calloc(n, sizeof *v->measures);
    v->effects = hf_calloc(n, sizeof *v->effects);
    v->hazards = hf_calloc(n, sizeof *v->hazards);
    v->timeline_only = hf_calloc(n, sizeof *v->timeline_only);
    v->repair_h = hf_calloc(n, sizeof *v->repair_h);
    if (!v->measures || !v->effects || !v->hazards || !v->timeline_only || !v->repair_h) return HF_E_NOMEM;
    for (int m = 0; m < v->set->n; m++) {
        const hf_measure_entry *entry = &v->set->measure[m];
        int n_effects = 0, n_hazards = 0;
        v->effects[m] = hf_calloc((size_t)entry->n_effects, sizeof **v->effects);
        if (!v->effects[m]) return HF_E_NOMEM;
        v->repair_h[m] = INFINITY;
        for (int e = 0; e < entry->n_effects; e++) {
            n_effects += effect_of(v, &entry->effects[e], &v->effects[m][n_effects]);
            if (entry->effects[e].kind == HF_MEASURE_REPAIR || entry->effects[e].kind == HF_MEASURE_SPARE)
                v->repair_h[m] = fmax(1e-6, fmin(v->repair_h[m], entry->effects[e].amount));
        }
        HF_TRY(hazards_of(v, entry, scripted, &v->hazards[m], &n_hazards));
        v->timeline_only[m] = n_effects == 0;
        int payer = entry->payer < 0 ? -1 : v->payer_of[entry->payer];
        bool joint = entry->payer >= 0 && payer < 0; /* paid by the fund itself: all of it is joint money of nobody */
        v->measures[m] = (hf_measure){entry->id, n_effects, v->effects[m], n_hazards, v->hazards[m], entry->cost, payer,
                                      joint ? 0 : entry->cofunding_max, entry->lead_time_y};
    }
out:
    return err;
}

/* Joint funds become one purse for co-funding, and a payer for the measures that they pay whole. */
static hf_err payers_make(hf_invest *v)
{
    const hf_measures *set = v->set;
    v->payers = hf_calloc((size_t)set->n_payers, sizeof *v->payers);
    v->payer_of = hf_calloc((size_t)set->n_payers, sizeof *v->payer_of);
    if (!v->payers || !v->payer_of) return HF_E_NOMEM;
    for (int k = 0; k < set->n_payers; k++) {
        bool whole = !set->payer[k].joint;
        for (int m = 0; m < set->n && !whole; m++) whole = set->measure[m].payer == k;
        double amount = v->amount[k];
        v->payer_of[k] = k;
        if (set->payer[k].joint) {
            /* half of a fund that also pays measures of its own may go to co-funding: the two uses do not share a euro */
            v->joint += whole ? amount / 2 : amount;
            if (whole) amount /= 2;
        }
        v->payers[k] = (hf_payer){set->payer[k].id, amount};
    }
    return HF_OK;
}

/* Measures that take too long, named in one finding. */
static hf_err late_find(hf_invest *v)
{
    double within = hf_args_number(&v->cli->args, "ready-within", INFINITY), years = v->program.years;
    hf_buf names = {0};
    int n = 0;
    v->late = hf_calloc((size_t)v->set->n, sizeof *v->late);
    if (!v->late) return HF_E_NOMEM;
    for (int m = 0; m < v->set->n; m++) {
        double lead = v->set->measure[m].lead_time_y;
        v->late[m] = lead > within || (years > 0 && lead >= years);
        if (v->late[m]) hf_buf_printf(&names, "%s%s (%g)", n++ ? ", " : "", v->set->measure[m].id, lead);
    }
    if (n > 0)
        hf_diag_add(v->cli->diag, HF_WARNING, HF_E_RANGE, NULL, 0, 0, "left out, as the lead time in years is too long: %s", names.text);
    hf_err err = names.err;
    hf_buf_done(&names);
    return err;
}

/* Ties of the table; and what is late excludes itself. */
static hf_err rules_make(hf_invest *v)
{
    int n = v->set->n_rules;
    hf_err err = late_find(v);
    if (err != HF_OK) return err;
    v->rules = hf_calloc((size_t)n + (size_t)v->set->n, sizeof *v->rules);
    if (!v->rules) return HF_E_NOMEM;
    for (int k = 0; k < n; k++) v->rules[k] = (hf_measure_rule){v->set->rule[k].a, v->set->rule[k].b, v->set->rule[k].excludes};
    for (int m = 0; m < v->set->n; m++)
        if (v->late[m]) v->rules[n++] = (hf_measure_rule){m, m, true};
    v->program.n_rules = n, v->program.rules = v->rules;
    return HF_OK;
}

static bool is_in(const hf_network *net, int entity, const char *place)
{
    return strcmp(net->countries.name[net->country[entity]], place) == 0 ||
           (net->region[entity] >= 0 && strcmp(net->regions.name[net->region[entity]], place) == 0);
}

static hf_err floors_make(hf_invest *v)
{
    const hf_measures *set = v->set;
    v->floors = hf_calloc((size_t)set->n_floors, sizeof *v->floors);
    v->floor_lists = hf_calloc((size_t)set->n_floors, sizeof *v->floor_lists);
    if (!v->floors || !v->floor_lists) return HF_E_NOMEM;
    for (int k = 0; k < set->n_floors; k++) {
        int n = 0;
        v->floor_lists[k] = hf_calloc((size_t)set->n, sizeof **v->floor_lists);
        if (!v->floor_lists[k]) return HF_E_NOMEM;
        for (int m = 0; m < set->n; m++)
            if (set->measure[m].payer == set->floor[k].payer && set->measure[m].n_effects > 0 &&
                is_in(v->cli->net, set->measure[m].effects[0].entity, set->floor[k].place))
                v->floor_lists[k][n++] = m;
        v->floors[k] = (hf_floor){set->floor[k].place, n, v->floor_lists[k], set->floor[k].amount};
    }
    return HF_OK;
}

/* The scripted scenario as one thing that may happen: whom its injects damage, and how much at worst. */
static hf_err scripted_make(hf_invest *v, const char *name)
{
    const hf_scenario *scenario = hf_package_find_scenario(v->cli->package, name);
    hf_inject *injects = NULL;
    int n = 0, damaged = 0;
    if (!scenario) return hf_cli_usage(v->cli, "there is no scenario \"%s\" in this data set; `holdfast check %s` lists them", name, v->cli->args.words[0]);
    hf_err err = hf_scenario_resolve(scenario, v->cli->net, v->cli->diag, &injects, &n);
    double *lost = hf_calloc((size_t)v->cli->net->n_entities, sizeof *lost);
    v->scripted_damage = hf_calloc((size_t)v->cli->net->n_entities, sizeof *v->scripted_damage);
    v->scripted_severity = hf_calloc((size_t)v->cli->net->n_entities, sizeof *v->scripted_severity);
    if (err == HF_OK && (!lost || !v->scripted_damage || !v->scripted_severity)) err = HF_E_NOMEM;
    for (int k = 0; k < n && err == HF_OK; k++)
        if (injects[k].kind == HF_INJECT_FAIL || injects[k].kind == HF_INJECT_DEGRADE)
            lost[injects[k].entity] = fmax(lost[injects[k].entity], 1 - injects[k].level);
    for (int i = 0; i < v->cli->net->n_entities && err == HF_OK; i++) {
        if (!(lost[i] > 0)) continue;
        v->scripted_severity[damaged] = lost[i];
        v->scripted_damage[damaged++] = i;
    }
    v->all = err == HF_OK ? hf_calloc(1, sizeof *v->all) : NULL;
    if (v->all) v->all[0] = (hf_damage_case){scenario->name, 1, v->cli->net->n_hazards, damaged, v->scripted_damage, v->scripted_severity, NULL};
    v->scripted = true;
    hf_free(lost);
    hf_free(injects);
    return err != HF_OK ? err : v->all ? HF_OK : HF_E_NOMEM;
}

static hf_err scenarios_make(hf_invest *v)
{
    const char *name = hf_args_text(&v->cli->args, "scenario");
    hf_err err = HF_OK;
    if (name) {
        HF_TRY(scripted_make(v, name));
        v->program.scenarios = v->all;
        v->program.n_scenarios = 1;
        return HF_OK;
    }
    if (v->cli->net->n_hazards == 0) {
        hf_cli_message(v->cli, "%s has no hazards: give --scenario NAME", v->cli->args.words[0]);
        v->cli->told = true;
        return HF_E_MISSING;
    }
    HF_TRY(hf_damage_cases_new(v->cli->net, in_part(v) ? 1 : v->program.out_below, (int)hf_args_number(&v->cli->args, "samples", 20),
                               (uint64_t)hf_args_number(&v->cli->args, "seed", 1), &v->cases, &v->n_cases));
    v->program.scenarios = v->cases;
    v->program.n_scenarios = v->n_cases;
out:
    return err;
}

hf_err hf_invest_read(hf_cli *cli, hf_invest *v)
{
    hf_err err = hf_cli_open(cli);
    *v = (hf_invest){.cli = cli, .program = hf_portfolio_default()};
    if (err != HF_OK) return err;
    v->first_finding = hf_diag_kept(cli->diag);
    v->set = hf_package_measures(cli->package);
    if (!v->set || v->set->n == 0) {
        hf_cli_message(cli, "%s has no measures: the table measures is not there", cli->args.words[0]);
        cli->told = true;
        return HF_E_MISSING;
    }
    v->program.network = cli->net;
    v->program.linear = !hf_args_has(&cli->args, "boolean");
    v->program.years = hf_args_number(&cli->args, "years", 0);
    v->program.discount = hf_args_number(&cli->args, "discount", 0);
    v->program.cancel = hf_interrupt_flag();
    HF_TRY(hf_invest_options(v));
    HF_TRY(payers_make(v));
    HF_TRY(scenarios_make(v));
    HF_TRY(measures_make(v, hf_args_text(&cli->args, "scenario")));
    HF_TRY(rules_make(v));
    HF_TRY(floors_make(v));
    v->program.n_measures = v->set->n, v->program.measures = v->measures, v->program.repair_h = v->repair_h;
    v->program.n_payers = v->set->n_payers, v->program.payers = v->payers;
    v->program.joint = v->joint;
    v->program.n_floors = v->set->n_floors, v->program.floors = v->floors;
out:
    return err;
}

void hf_invest_done(hf_invest *v)
{
    for (int m = 0; v->set && m < v->set->n; m++) {
        if (v->effects) hf_free(v->effects[m]);
        if (v->hazards) hf_free(v->hazards[m]);
    }
    for (int k = 0; v->floor_lists && k < v->set->n_floors; k++) hf_free(v->floor_lists[k]);
    void *all[] = {v->measures, v->effects, v->hazards, v->timeline_only, v->late, v->payers, v->payer_of, v->rules, v->floors, v->floor_lists, v->weight,
                   v->all, v->slot_h, v->repair_h, v->amount, v->keep, v->keep_h, v->scripted_damage, v->scripted_severity};
    for (size_t k = 0; k < sizeof all / sizeof *all; k++) hf_free(all[k]);
    hf_damage_cases_free(v->cases, v->n_cases);
}
