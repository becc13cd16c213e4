#include "solver/portfolio/compile.h"

#include <math.h>
#include <string.h>

typedef struct source {
    const hf_portfolio *in;
    hf_diag *diag;
    hf_arena *arena;
    hf_err err; /* the first fault found by the checks */
    int *service_of;   /* in part: entity -> the entity that is its service */
    const int *origin; /* in part: as in hf_compiled */
} source;

static void fault(source *x, hf_err code, const char *what, const char *id, int index, const char *why, double value)
{
    hf_diag_add(x->diag, HF_ERROR, code, NULL, 0, 0, "%s %s%s%s: %s (%g)", what, id ? "\"" : "", id ? id : "", id ? "\"" : "", why,
                id ? value : (double)index);
    if (x->err == HF_OK) x->err = code;
}

static bool within(int value, int low, int n)
{
    return value >= low && value < n;
}

static bool amount_fits(double amount, bool infinity_allowed)
{
    return amount >= 0 && (infinity_allowed || !isinf(amount));
}

static bool is_node(const hf_network *net, int carrier, int entity)
{
    if (!within(entity, 0, net->n_entities)) return false;
    for (int k = net->ent_cnode_off[entity]; k < net->ent_cnode_off[entity + 1]; k++)
        if (net->cnode_carrier[net->ent_cnode[k]] == carrier) return true;
    return false;
}

static bool effect_fits(const hf_network *net, const hf_effect *e)
{
    if (e->kind == HF_EFFECT_LINE)
        return within(e->requirement, 0, net->n_carriers) && is_node(net, e->requirement, e->entity) && is_node(net, e->requirement, e->supplier);
    if (!within(e->entity, 0, net->n_entities)) return false;
    bool owned = within(e->requirement, net->req_off[e->entity], net->req_off[e->entity + 1]);
    switch (e->kind) {
    case HF_EFFECT_HARDEN: return e->requirement == -1 && e->amount >= 0 && e->amount <= 1;
    case HF_EFFECT_REPAIR: return e->requirement == -1;
    case HF_EFFECT_LINE: return false; /* looked at above */
    case HF_EFFECT_BACKUP: return e->requirement == -1 || owned;
    case HF_EFFECT_SUPPLIER: return e->amount >= 0 && !isinf(e->amount) && owned && within(e->supplier, 0, net->n_entities) && e->supplier != e->entity;
    }
    return false;
}

static void measures_check(source *x)
{
    const hf_portfolio *in = x->in;
    for (int m = 0; m < in->n_measures; m++) {
        const hf_measure *a = &in->measures[m];
        if (!amount_fits(a->cost, false)) fault(x, HF_E_RANGE, "measure", a->id, m, "its cost must be a number of at least 0", a->cost);
        if (!within(a->payer, -1, in->n_payers)) fault(x, HF_E_RANGE, "measure", a->id, m, "there is no such payer", a->payer);
        if (!(a->lead_y >= 0)) fault(x, HF_E_RANGE, "measure", a->id, m, "its lead time must be at least 0", a->lead_y);
        if (!(a->cofunding_max >= 0 && a->cofunding_max <= 1))
            fault(x, HF_E_RANGE, "measure", a->id, m, "its co-funding must be from 0 to 1", a->cofunding_max);
        for (int k = 0; k < a->n_effects; k++)
            if (!effect_fits(in->network, &a->effects[k])) fault(x, HF_E_RANGE, "measure", a->id, m, "an effect acts on nothing", k);
    }
    for (int m = 0; m < in->n_measures; m++)
        for (int k = 0; k < in->measures[m].n_effects; k++) {
            if (in->measures[m].effects[k].kind != HF_EFFECT_REPAIR) continue;
            if (in->n_slots == 0) fault(x, HF_E_UNSUPPORTED, "measure", in->measures[m].id, m, "a faster repair counts only where there are slots of time", m);
            else if (!in->repair_h || !(in->repair_h[m] > 0)) fault(x, HF_E_RANGE, "measure", in->measures[m].id, m, "its repair must take some hours", m);
        }
    for (int k = 0; k < in->n_payers; k++)
        if (!amount_fits(in->payers[k].budget, true))
            fault(x, HF_E_RANGE, "payer", in->payers[k].id, k, "the budget must be at least 0", in->payers[k].budget);
    for (int r = 0; r < in->n_rules; r++)
        if (!within(in->rules[r].a, 0, in->n_measures) || !within(in->rules[r].b, 0, in->n_measures))
            fault(x, HF_E_RANGE, "rule", NULL, r, "names a measure that does not exist", r);
    for (int l = 0; l < in->n_floors; l++) {
        const hf_floor *floor = &in->floors[l];
        if (!amount_fits(floor->amount, false)) fault(x, HF_E_RANGE, "floor", floor->id, l, "the amount must be at least 0", floor->amount);
        for (int k = 0; k < floor->n_measures; k++)
            if (!within(floor->measures[k], 0, in->n_measures)) fault(x, HF_E_RANGE, "floor", floor->id, l, "names a measure that does not exist", k);
    }
}

static void options_check(source *x)
{
    const hf_portfolio *in = x->in;
    if (!amount_fits(in->joint, true)) fault(x, HF_E_RANGE, "joint money", "amount", 0, "must be at least 0", in->joint);
    if (!amount_fits(in->together, true)) fault(x, HF_E_RANGE, "money for all together", "amount", 0, "must be at least 0", in->together);
    if (!(in->out_below > 0 && in->out_below <= 1)) fault(x, HF_E_RANGE, "option", "out_below", 0, "must be above 0 and at most 1", in->out_below);
    if (!(in->tail >= 0 && in->tail < 1)) fault(x, HF_E_RANGE, "option", "tail", 0, "must be from 0 to below 1", in->tail);
    if (!(in->gap >= 0)) fault(x, HF_E_RANGE, "option", "gap", 0, "must be at least 0", in->gap);
    if (!amount_fits(in->years, false)) fault(x, HF_E_RANGE, "option", "years", 0, "must be at least 0", in->years);
    if (!amount_fits(in->discount, false)) fault(x, HF_E_RANGE, "option", "discount", 0, "must be at least 0", in->discount);
    if (!(in->limit_expected >= 0)) fault(x, HF_E_RANGE, "limit", "expected loss", 0, "must be at least 0", in->limit_expected);
    if (!(in->limit_worst >= 0)) fault(x, HF_E_RANGE, "limit", "worst loss", 0, "must be at least 0", in->limit_worst);
    for (int k = 0; k < in->n_keep; k++)
        if (!within(in->keep[k], 0, in->network->n_entities)) fault(x, HF_E_RANGE, "limit", NULL, k, "names an entity that does not exist", k);
    for (int t = 0; t < in->n_slots; t++)
        if (!(in->slot_h[0] == 0 && in->slot_h[t + 1] > in->slot_h[t] && !isinf(in->slot_h[t + 1])))
            fault(x, HF_E_RANGE, "slot", "hours", t, "slots must rise from 0", in->slot_h[t + 1]);
    if (in->n_scenarios == 0) {
        hf_diag_add(x->diag, HF_ERROR, HF_E_MISSING, NULL, 0, 0, "there is no scenario to invest against");
        if (x->err == HF_OK) x->err = HF_E_MISSING;
    }
}

/* --- Arrays --- */

static void *take(source *x, int count, size_t bytes)
{
    void *block = hf_arena_calloc(x->arena, (size_t)count + 1, bytes);
    if (!block) x->err = HF_E_NOMEM;
    return block;
}

/* In a Boolean program what leaves enough is no damage. */
static bool damage_counts(const source *x, const hf_damage_case *c, int k, bool in_part)
{
    return in_part || !c->severity || 1 - c->severity[k] < x->in->out_below - 1e-9;
}

static void scenarios_compile(source *x, hf_portfolio_problem *p)
{
    const hf_portfolio *in = x->in;
    bool in_part = hf_problem_is_partial(p);
    int n_damaged = 0;
    for (int s = 0; s < in->n_scenarios; s++) n_damaged += in->scenarios[s].n_damaged;
    double *frequency = take(x, in->n_scenarios, sizeof *frequency), *weight = take(x, p->n_entities, sizeof *weight);
    double *severity = take(x, n_damaged, sizeof *severity);
    int *hazard = take(x, in->n_scenarios, sizeof *hazard), *start = take(x, in->n_scenarios + 1, sizeof *start);
    int *damaged = take(x, n_damaged, sizeof *damaged);
    if (x->err != HF_OK) return;
    for (int s = 0; s < in->n_scenarios; s++) {
        const hf_damage_case *c = &in->scenarios[s];
        frequency[s] = c->frequency;
        hazard[s] = c->hazard;
        start[s + 1] = start[s];
        for (int k = 0; k < c->n_damaged; k++) {
            if (!damage_counts(x, c, k, in_part)) continue;
            severity[start[s + 1]] = c->severity ? c->severity[k] : 1;
            damaged[start[s + 1]++] = c->damaged[k];
        }
    }
    for (int i = 0; i < p->n_entities; i++) {
        int entity = x->origin ? x->origin[i] : i;
        if (entity >= 0) weight[i] = in->weight ? in->weight[entity] : in->network->users[entity];
    }
    p->n_scenarios = in->n_scenarios;
    p->frequency = frequency, p->hazard = hazard, p->damage_start = start, p->damaged = damaged, p->weight = weight;
    if (in_part) p->severity = severity;
    p->n_groups = 1;
}

/* Effects of a measure on the compiled requirements; counts only when `effect` is NULL. */
static int effects_write(const source *x, bool in_part, const hf_measure *a, const int *piece_start, const int *copies, hf_effect *effect)
{
    int n = 0;
    for (int k = 0; k < a->n_effects; k++) {
        hf_effect e = a->effects[k];
        if (e.kind == HF_EFFECT_LINE) continue; /* is in `reach` */
        if (e.kind != HF_EFFECT_SUPPLIER) e.supplier = -1;
        else if (in_part) e.amount = hf_portfolio_new_share(x->in->network, &e), e.supplier = x->service_of[e.supplier];
        if (e.kind == HF_EFFECT_HARDEN && !in_part && 1 - e.amount < x->in->out_below - 1e-9) continue;
        if (e.requirement < 0) {
            if (effect) effect[n] = e;
            n++;
            continue;
        }
        for (int g = piece_start[a->effects[k].requirement]; g < piece_start[a->effects[k].requirement + 1]; g++)
            for (int copy = 0; copy < (e.kind == HF_EFFECT_SUPPLIER ? copies[g] : 1); copy++) {
                e.requirement = g;
                if (effect) effect[n] = e;
                n++;
            }
    }
    return n;
}

static void measures_compile(source *x, hf_portfolio_problem *p, const int *piece_start, const int *copies)
{
    const hf_portfolio *in = x->in;
    int *effect_start = take(x, in->n_measures + 1, sizeof(int)), *payer = take(x, in->n_measures, sizeof(int));
    int *hazard_start = take(x, in->n_measures + 1, sizeof(int));
    double *cost = take(x, in->n_measures, sizeof(double)), *cofunding = take(x, in->n_measures, sizeof(double));
    bool in_part = hf_problem_is_partial(p);
    if (x->err != HF_OK) return;
    for (int m = 0; m < in->n_measures; m++) {
        effect_start[m + 1] = effect_start[m] + effects_write(x, in_part, &in->measures[m], piece_start, copies, NULL);
        hazard_start[m + 1] = hazard_start[m] + in->measures[m].n_hazards;
        cost[m] = in->measures[m].cost;
        payer[m] = in->measures[m].payer;
        cofunding[m] = in->measures[m].cofunding_max;
    }
    hf_effect *effect = take(x, effect_start[in->n_measures], sizeof *effect);
    int *hazard = take(x, hazard_start[in->n_measures], sizeof *hazard);
    if (x->err != HF_OK) return;
    for (int m = 0; m < in->n_measures; m++) {
        effects_write(x, in_part, &in->measures[m], piece_start, copies, effect + effect_start[m]);
        if (in->measures[m].n_hazards > 0)
            memcpy(hazard + hazard_start[m], in->measures[m].hazards, (size_t)in->measures[m].n_hazards * sizeof *hazard);
    }
    p->n_measures = in->n_measures;
    p->effect_start = effect_start, p->effect = effect, p->cost = cost, p->payer = payer, p->cofunding = cofunding;
    p->hazard_start = hazard_start, p->hazard_listed = hazard;
}

static void money_compile(source *x, hf_portfolio_problem *p)
{
    const hf_portfolio *in = x->in;
    int n_listed = 0;
    for (int l = 0; l < in->n_floors; l++) n_listed += in->floors[l].n_measures;
    double *budget = take(x, in->n_payers, sizeof *budget), *amount = take(x, in->n_floors, sizeof *amount);
    int(*rule)[2] = take(x, in->n_rules, sizeof *rule), *start = take(x, in->n_floors + 1, sizeof *start), *listed = take(x, n_listed, sizeof *listed);
    bool *excludes = take(x, in->n_rules, sizeof *excludes);
    if (x->err != HF_OK) return;
    for (int k = 0; k < in->n_payers; k++) budget[k] = in->payers[k].budget;
    for (int r = 0; r < in->n_rules; r++) {
        rule[r][0] = in->rules[r].a, rule[r][1] = in->rules[r].b;
        excludes[r] = in->rules[r].excludes;
    }
    for (int l = 0; l < in->n_floors; l++) {
        amount[l] = in->floors[l].amount;
        start[l + 1] = start[l] + in->floors[l].n_measures;
        if (in->floors[l].n_measures > 0) memcpy(listed + start[l], in->floors[l].measures, (size_t)in->floors[l].n_measures * sizeof *listed);
    }
    p->n_payers = in->n_payers, p->n_rules = in->n_rules, p->n_floors = in->n_floors;
    p->budget = budget, p->rule = (const int(*)[2])rule, p->rule_excludes = excludes;
    p->floor_start = start, p->floor_measure = listed, p->floor_amount = amount;
    p->joint = in->joint;
    p->together = isinf(in->together) ? NULL : &in->together;
}

/* The same over slots of time. */
static hf_err slots_compile(source *x, const int *piece_start, hf_compiled *compiled)
{
    const hf_network *net = x->in->network;
    int *origin = NULL;
    double *autonomy = take(x, compiled->plain.n_requirements, sizeof *autonomy);
    if (!autonomy) return HF_E_NOMEM;
    for (int g = 0; g < net->n_requirements; g++)
        for (int q = piece_start[g]; q < piece_start[g + 1]; q++) autonomy[q] = hf_portfolio_autonomy(net, g, x->in->out_below);
    hf_err err = hf_portfolio_slots(x->in, autonomy, x->arena, &compiled->plain, &origin);
    compiled->origin = origin;
    return err;
}

static hf_err requirements_compile(source *x, int **ret_piece_start, int **ret_copies, hf_compiled *compiled)
{
    const hf_portfolio *in = x->in;
    int *origin = NULL;
    hf_portfolio_carriers_hint(in, x->diag);
    if (!hf_portfolio_needs_parts(in))
        return hf_portfolio_requirements(in->network, in->out_below, x->diag, x->arena, &compiled->plain, ret_piece_start, ret_copies);
    hf_err err = hf_portfolio_parts(in, x->diag, x->arena, &compiled->plain, &origin, &x->service_of, ret_piece_start, ret_copies);
    compiled->origin = x->origin = origin;
    return err;
}

static hf_err spread_and_validate(const hf_portfolio *in, hf_diag *diag, hf_compiled *compiled)
{
    hf_err err = hf_portfolio_validate(&compiled->plain, diag);
    return err == HF_OK ? hf_portfolio_spread(in, compiled) : err;
}

hf_err hf_portfolio_compile(const hf_portfolio *in, hf_diag *diag, hf_compiled *compiled)
{
    source x = {.in = in, .diag = diag, .arena = &compiled->arena};
    int *piece_start, *copies;
    *compiled = (hf_compiled){0};
    hf_arena_init(&compiled->arena);
    measures_check(&x);
    options_check(&x);
    if (x.err != HF_OK) return x.err;
    hf_err err = requirements_compile(&x, &piece_start, &copies, compiled);
    if (err != HF_OK) return err;
    scenarios_compile(&x, &compiled->plain);
    if (x.err == HF_OK) measures_compile(&x, &compiled->plain, piece_start, copies);
    if (x.err == HF_OK) money_compile(&x, &compiled->plain);
    if (x.err != HF_OK) return x.err;
    if (in->n_slots == 0) return spread_and_validate(in, diag, compiled);
    for (int s = 0; s < in->n_scenarios; s++) /* before they are used as numbers of copies */
        for (int k = 0; k < in->scenarios[s].n_damaged; k++)
            if (!within(in->scenarios[s].damaged[k], 0, in->network->n_entities))
                fault(&x, HF_E_RANGE, "scenario", in->scenarios[s].id, s, "damages an entity that does not exist", k);
    if (x.err != HF_OK) return x.err;
    err = slots_compile(&x, piece_start, compiled);
    return err != HF_OK ? err : spread_and_validate(in, diag, compiled);
}

void hf_compiled_done(hf_compiled *compiled)
{
    hf_arena_done(&compiled->arena);
}
