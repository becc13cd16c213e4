#include "solver/portfolio/problem.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

#include "base/alloc.h"
#include "solver/portfolio/part.h"

/* --- Validation --- */

typedef struct check {
    hf_diag *diag;
    hf_err err;
} check;

static void fault(check *c, const char *what, const char *of, int index)
{
    hf_diag_add(c->diag, HF_ERROR, HF_E_RANGE, NULL, 0, 0, "%s of %s %d is out of range", what, of, index);
    c->err = HF_E_RANGE;
}

/* A list's starts begin at 0 and never fall. */
static bool starts_check(check *c, const int *start, int n, const char *of)
{
    if (!start || start[0] != 0) {
        fault(c, "the list start", of, 0);
        return false;
    }
    for (int i = 0; i < n; i++)
        if (start[i + 1] < start[i]) {
            fault(c, "the list start", of, i);
            return false;
        }
    return true;
}

static void amounts_check(check *c, const double *amount, int n, bool infinity_allowed, const char *what, const char *of)
{
    for (int i = 0; i < n; i++)
        if (!(amount[i] >= 0) || (!infinity_allowed && isinf(amount[i]))) fault(c, what, of, i);
}

static bool within(int value, int low, int n)
{
    return value >= low && value < n;
}

static void network_check(check *c, const hf_portfolio_problem *p)
{
    if (!starts_check(c, p->requirement_start, p->n_entities, "entity")) return;
    if (p->requirement_start[p->n_entities] != p->n_requirements) fault(c, "the number", "requirements", p->n_requirements);
    if (!starts_check(c, p->supplier_start, p->n_requirements, "requirement")) return;
    for (int g = 0; g < p->n_requirements; g++) {
        int n = p->supplier_start[g + 1] - p->supplier_start[g];
        if (!within(p->needed[g], 0, n + 1)) fault(c, "the number needed", "requirement", g);
    }
    for (int k = 0; k < p->supplier_start[p->n_requirements]; k++)
        if (!within(p->supplier[k], 0, p->n_entities)) fault(c, "the entity", "supplier", k);
    for (int g = 0; p->share && g < p->n_requirements; g++)
        if (!(p->gain[g] >= 0 && p->gain[g] <= 1) || !(p->threshold[g] >= 0)) fault(c, "the response", "requirement", g);
    for (int k = 0; p->share && k < p->supplier_start[p->n_requirements]; k++)
        if (!(p->share[k] > 0)) fault(c, "the share", "supplier", k);
}

static hf_err scenarios_check(check *c, const hf_portfolio_problem *p)
{
    amounts_check(c, p->frequency, p->n_scenarios, false, "the frequency", "scenario");
    long n_weights = p->weight_by_scenario ? (long)p->n_scenarios * p->n_entities : p->n_entities;
    for (long i = 0; i < n_weights; i++)
        if (!(p->weight[i] >= 0) || isinf(p->weight[i])) fault(c, "the weight", "entity", (int)(i % p->n_entities));
    if (!starts_check(c, p->damage_start, p->n_scenarios, "scenario")) return HF_OK;
    int *seen = hf_calloc((size_t)p->n_entities, sizeof *seen);
    if (!seen) return HF_E_NOMEM;
    for (int s = 0; s < p->n_scenarios; s++) {
        if (p->hazard && p->hazard[s] < 0) fault(c, "the hazard", "scenario", s);
        for (int k = p->damage_start[s]; k < p->damage_start[s + 1]; k++) {
            if (!within(p->damaged[k], 0, p->n_entities) || seen[p->damaged[k]] == s + 1)
                fault(c, "a damaged entity", "scenario", s);
            else
                seen[p->damaged[k]] = s + 1;
            if (p->severity && !(p->severity[k] >= 0 && p->severity[k] <= 1)) fault(c, "a severity", "scenario", s);
        }
    }
    hf_free(seen);
    return HF_OK;
}

static bool effect_is_valid(const hf_portfolio_problem *p, const hf_effect *e)
{
    if (!within(e->entity, 0, p->n_entities)) return false;
    bool owned = within(e->requirement, p->requirement_start[e->entity], p->requirement_start[e->entity + 1]);
    switch (e->kind) {
    case HF_EFFECT_HARDEN:
        return e->requirement == -1;
    case HF_EFFECT_BACKUP:
        return e->requirement == -1 || owned;
    case HF_EFFECT_SUPPLIER:
        return owned && within(e->supplier, 0, p->n_entities);
    case HF_EFFECT_LINE:
    case HF_EFFECT_REPAIR:
        return false; /* they have become something else by now */
    }
    return false;
}

static void measures_check(check *c, const hf_portfolio_problem *p)
{
    amounts_check(c, p->cost, p->n_measures, false, "the cost", "measure");
    amounts_check(c, p->budget, p->n_payers, true, "the budget", "payer");
    for (int m = 0; m < p->n_measures; m++)
        if (!within(p->payer[m], -1, p->n_payers)) fault(c, "the payer", "measure", m);
    if (starts_check(c, p->effect_start, p->n_measures, "measure") && c->err == HF_OK)
        for (int m = 0; m < p->n_measures; m++)
            for (int k = p->effect_start[m]; k < p->effect_start[m + 1]; k++)
                if (!effect_is_valid(p, &p->effect[k])) fault(c, "an effect", "measure", m);
    if (p->hazard_start) starts_check(c, p->hazard_start, p->n_measures, "hazards");
    for (int r = 0; r < p->n_rules; r++)
        if (!within(p->rule[r][0], 0, p->n_measures) || !within(p->rule[r][1], 0, p->n_measures)) fault(c, "a measure", "rule", r);
}

hf_err hf_portfolio_validate(const hf_portfolio_problem *p, hf_diag *diag)
{
    check c = {diag, HF_OK};
    if (p->n_entities < 0 || p->n_requirements < 0 || p->n_scenarios < 0 || p->n_measures < 0 || p->n_payers < 0 || p->n_rules < 0) {
        hf_diag_add(diag, HF_ERROR, HF_E_RANGE, NULL, 0, 0, "a number of items is negative");
        return HF_E_RANGE;
    }
    network_check(&c, p);
    hf_err err = scenarios_check(&c, p);
    if (err != HF_OK) return err;
    if (c.err == HF_OK) measures_check(&c, p);
    return c.err;
}

bool hf_measure_is_ready(const hf_portfolio_problem *p, int m, int s)
{
    return !p->lead_y || p->lead_y[m] <= p->time_y[s];
}

bool hf_measure_acts(const hf_portfolio_problem *p, int m, int s)
{
    if (!hf_measure_is_ready(p, m, s)) return false;
    if (!p->hazard_start || p->hazard_start[m] == p->hazard_start[m + 1]) return true;
    int hazard = p->hazard ? p->hazard[s] : 0;
    for (int k = p->hazard_start[m]; k < p->hazard_start[m + 1]; k++)
        if (p->hazard_listed[k] == hazard) return true;
    return false;
}

/* --- The simulator --- */

typedef struct extra {
    int measure, requirement;
} extra;

struct hf_simulator {
    const hf_portfolio_problem *p;
    int *owner;                            /* of each requirement */
    int *use_start, *use;                  /* entity -> requirements it supplies, one entry per occurrence */
    int *extra_start;                      /* entity -> supplier effects that would add it */
    extra *extras;
    int *slack, *lost, *touched;           /* requirement: losses it stands; losses so far; the touched ones, to be cleared */
    int n_touched;
    bool *backed;                          /* requirement */
    bool *hardened_always;                 /* entity: by a measure for all hazards */
    int *harden_start, *harden;            /* entity -> measures that harden it against listed hazards only */
    int *stack;
    bool *failed;
    const bool *plan;
    hf_part_simulator *part;               /* where states are shares: does it all */
    double *f;
};

/* Prefix sums of counts held at start[x + 1]. */
static void starts_sum(int *start, int n)
{
    for (int i = 0; i < n; i++) start[i + 1] += start[i];
}

/* Undoes the shift that filling with start[x]++ leaves behind. */
static void starts_restore(int *start, int n)
{
    for (int i = n; i > 0; i--) start[i] = start[i - 1];
    start[0] = 0;
}

static hf_err simulator_uses(hf_simulator *sim)
{
    const hf_portfolio_problem *p = sim->p;
    int n_uses = p->supplier_start[p->n_requirements];
    sim->owner = hf_malloc((size_t)p->n_requirements * sizeof(int));
    sim->use_start = hf_calloc((size_t)p->n_entities + 1, sizeof(int));
    sim->use = hf_malloc((size_t)n_uses * sizeof(int));
    if (!sim->owner || !sim->use_start || !sim->use) return HF_E_NOMEM;
    for (int i = 0; i < p->n_entities; i++)
        for (int g = p->requirement_start[i]; g < p->requirement_start[i + 1]; g++) sim->owner[g] = i;
    for (int k = 0; k < n_uses; k++) sim->use_start[p->supplier[k] + 1]++;
    starts_sum(sim->use_start, p->n_entities);
    for (int g = 0; g < p->n_requirements; g++)
        for (int k = p->supplier_start[g]; k < p->supplier_start[g + 1]; k++) sim->use[sim->use_start[p->supplier[k]]++] = g;
    starts_restore(sim->use_start, p->n_entities);
    return HF_OK;
}

static hf_err simulator_effects(hf_simulator *sim)
{
    const hf_portfolio_problem *p = sim->p;
    int n = p->effect_start[p->n_measures];
    sim->extra_start = hf_calloc((size_t)p->n_entities + 1, sizeof(int));
    sim->harden_start = hf_calloc((size_t)p->n_entities + 1, sizeof(int));
    sim->extras = hf_malloc((size_t)n * sizeof *sim->extras);
    sim->harden = hf_malloc((size_t)n * sizeof(int));
    if (!sim->extra_start || !sim->harden_start || !sim->extras || !sim->harden) return HF_E_NOMEM;
    for (int k = 0; k < n; k++) {
        if (p->effect[k].kind == HF_EFFECT_SUPPLIER) sim->extra_start[p->effect[k].supplier + 1]++;
        if (p->effect[k].kind == HF_EFFECT_HARDEN) sim->harden_start[p->effect[k].entity + 1]++;
    }
    starts_sum(sim->extra_start, p->n_entities);
    starts_sum(sim->harden_start, p->n_entities);
    for (int m = 0; m < p->n_measures; m++)
        for (int k = p->effect_start[m]; k < p->effect_start[m + 1]; k++) {
            const hf_effect *e = &p->effect[k];
            if (e->kind == HF_EFFECT_SUPPLIER) sim->extras[sim->extra_start[e->supplier]++] = (extra){m, e->requirement};
            if (e->kind == HF_EFFECT_HARDEN) sim->harden[sim->harden_start[e->entity]++] = m;
        }
    starts_restore(sim->extra_start, p->n_entities);
    starts_restore(sim->harden_start, p->n_entities);
    return HF_OK;
}

hf_err hf_simulator_new(const hf_portfolio_problem *p, hf_simulator **ret_simulator)
{
    hf_err err = HF_OK;
    hf_simulator *sim = hf_calloc(1, sizeof *sim);
    if (!sim) return HF_E_NOMEM;
    sim->p = p;
    if (hf_problem_is_partial(p)) {
        err = hf_part_simulator_new(p, &sim->part);
        sim->f = hf_malloc((size_t)p->n_entities * sizeof(double));
        if (!sim->f) HF_TRY(HF_E_NOMEM);
        goto out;
    }
    HF_TRY(simulator_uses(sim));
    HF_TRY(simulator_effects(sim));
    sim->slack = hf_malloc((size_t)p->n_requirements * sizeof(int));
    sim->lost = hf_calloc((size_t)p->n_requirements, sizeof(int));
    sim->touched = hf_malloc((size_t)p->n_requirements * sizeof(int));
    sim->backed = hf_malloc((size_t)p->n_requirements * sizeof(bool));
    sim->hardened_always = hf_malloc((size_t)p->n_entities * sizeof(bool));
    sim->stack = hf_malloc((size_t)p->n_entities * sizeof(int));
    sim->failed = hf_calloc((size_t)p->n_entities, sizeof(bool));
    if (!sim->slack || !sim->lost || !sim->touched || !sim->backed || !sim->hardened_always || !sim->stack || !sim->failed)
        err = HF_E_NOMEM;
out:
    if (err != HF_OK)
        hf_simulator_free(sim);
    else
        *ret_simulator = sim;
    return err;
}

void hf_simulator_free(hf_simulator *sim)
{
    if (!sim) return;
    void *blocks[] = {sim->owner, sim->use_start, sim->use,     sim->extra_start,     sim->extras, sim->slack,  sim->lost,
                      sim->touched, sim->backed,  sim->failed,  sim->hardened_always, sim->stack,  sim->harden, sim->harden_start};
    for (size_t k = 0; k < sizeof blocks / sizeof *blocks; k++) hf_free(blocks[k]);
    hf_part_simulator_free(sim->part);
    hf_free(sim->f);
    hf_free(sim);
}

static void effect_apply(hf_simulator *sim, int m, const hf_effect *e)
{
    const hf_portfolio_problem *p = sim->p;
    if (e->kind == HF_EFFECT_SUPPLIER) sim->slack[e->requirement]++;
    if (e->kind == HF_EFFECT_HARDEN && (!p->hazard_start || p->hazard_start[m] == p->hazard_start[m + 1])) sim->hardened_always[e->entity] = true;
    if (e->kind != HF_EFFECT_BACKUP) return;
    if (e->requirement >= 0)
        sim->backed[e->requirement] = true;
    else
        for (int g = p->requirement_start[e->entity]; g < p->requirement_start[e->entity + 1]; g++) sim->backed[g] = true;
}

void hf_simulator_plan(hf_simulator *sim, const bool *plan)
{
    const hf_portfolio_problem *p = sim->p;
    if (sim->part) {
        hf_part_simulator_plan(sim->part, plan);
        return;
    }
    for (int g = 0; g < p->n_requirements; g++) {
        sim->slack[g] = p->supplier_start[g + 1] - p->supplier_start[g] - p->needed[g];
        sim->backed[g] = p->needed[g] == 0;
    }
    memset(sim->hardened_always, 0, (size_t)p->n_entities * sizeof(bool));
    for (int m = 0; m < p->n_measures; m++)
        for (int k = p->effect_start[m]; plan[m] && k < p->effect_start[m + 1]; k++) effect_apply(sim, m, &p->effect[k]);
    sim->plan = plan;
}

static bool is_hardened(const hf_simulator *sim, int i, int s)
{
    if (sim->hardened_always[i]) return true;
    for (int k = sim->harden_start[i]; k < sim->harden_start[i + 1]; k++)
        if (sim->plan[sim->harden[k]] && hf_measure_acts(sim->p, sim->harden[k], s)) return true;
    return false;
}

/* One more supplier of requirement g is lost; true when its owner fails by that. */
static bool supplier_lost(hf_simulator *sim, int g)
{
    if (sim->lost[g]++ == 0) sim->touched[sim->n_touched++] = g;
    return !sim->backed[g] && sim->lost[g] > sim->slack[g] && !sim->failed[sim->owner[g]];
}

double hf_simulator_run(hf_simulator *sim, int s, bool *failed)
{
    const hf_portfolio_problem *p = sim->p;
    const double *weight = p->weight_by_scenario ? p->weight + (size_t)s * (size_t)p->n_entities : p->weight;
    int n = 0;
    if (sim->part) {
        double loss = hf_part_simulator_run(sim->part, s, failed ? sim->f : NULL);
        for (int i = 0; failed && i < p->n_entities; i++) failed[i] = sim->f[i] > 0;
        return loss;
    }
    for (int k = p->damage_start[s]; k < p->damage_start[s + 1]; k++)
        if (!is_hardened(sim, p->damaged[k], s)) {
            sim->failed[p->damaged[k]] = true;
            sim->stack[n++] = p->damaged[k];
        }
    for (int head = 0; head < n; head++) {
        int j = sim->stack[head];
        for (int k = sim->use_start[j]; k < sim->use_start[j + 1]; k++)
            if (supplier_lost(sim, sim->use[k])) sim->failed[sim->stack[n++] = sim->owner[sim->use[k]]] = true;
        for (int k = sim->extra_start[j]; k < sim->extra_start[j + 1]; k++)
            if (sim->plan[sim->extras[k].measure] && supplier_lost(sim, sim->extras[k].requirement))
                sim->failed[sim->stack[n++] = sim->owner[sim->extras[k].requirement]] = true;
    }
    if (failed) memcpy(failed, sim->failed, (size_t)p->n_entities * sizeof(bool));
    double loss = 0;
    for (int k = 0; k < n; k++) {
        loss += weight[sim->stack[k]];
        sim->failed[sim->stack[k]] = false;
    }
    for (; sim->n_touched > 0; sim->n_touched--) sim->lost[sim->touched[sim->n_touched - 1]] = 0;
    return loss;
}
