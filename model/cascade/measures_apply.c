/* A plan carried out. */
#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "model/cascade/measures.h"
#include "model/network/edits.h"

bool hf_measure_acts_against(const hf_measure_entry *measure, const char *hazard)
{
    for (int k = 0; k < measure->n_hazards; k++)
        if (strcmp(measure->hazards[k], hazard) == 0) return true;
    return measure->n_hazards == 0;
}

void hf_plan_edits_done(hf_plan_edits *c)
{
    hf_free(c->repair_h);
    hf_free(c->autonomy_h);
    hf_free(c->severity);
    hf_free(c->damage_repair_h);
    hf_free(c->black_start);
    *c = (hf_plan_edits){0};
}

static double *doubles_copy(const double *from, int n)
{
    double *copy = hf_calloc((size_t)n, sizeof *copy);
    if (copy && from && n > 0) memcpy(copy, from, (size_t)n * sizeof *copy);
    return copy;
}

static hf_err edits_init(hf_plan_edits *c, const hf_network *net)
{
    c->repair_h = doubles_copy(net->repair_h, net->n_entities);
    c->autonomy_h = doubles_copy(NULL, net->n_requirements);
    c->severity = doubles_copy(net->damage_severity, net->n_damage);
    c->damage_repair_h = doubles_copy(net->damage_repair_h, net->n_damage);
    c->black_start = hf_calloc((size_t)net->n_entities, sizeof *c->black_start);
    return c->repair_h && c->autonomy_h && c->severity && c->damage_repair_h && c->black_start ? HF_OK : HF_E_NOMEM;
}

static void damage_change(hf_plan_edits *c, const hf_network *net, const hf_measure_entry *measure, const hf_measure_effect *effect)
{
    for (int z = 0; z < net->n_hazards; z++) {
        bool acts = hf_measure_acts_against(measure, net->hazard_id[z]);
        for (int d = net->hazard_off[z]; d < net->hazard_off[z + 1]; d++) {
            if (net->damage_entity[d] != effect->entity) continue;
            if (effect->kind == HF_MEASURE_REPAIR && c->damage_repair_h[d] > effect->amount) c->damage_repair_h[d] = effect->amount;
            if (effect->kind == HF_MEASURE_SPARE && acts)
                c->damage_repair_h[d] = fmin(isnan(c->damage_repair_h[d]) ? net->repair_h[effect->entity] : c->damage_repair_h[d], effect->amount);
            if (effect->kind == HF_MEASURE_HARDEN && acts) c->severity[d] = 0;
            if (effect->kind == HF_MEASURE_DETECT && acts) c->severity[d] *= effect->amount;
        }
    }
}

static void effect_note(hf_plan_edits *c, const hf_network *net, const hf_measure_entry *measure, const hf_measure_effect *effect)
{
    int i = effect->entity;
    switch (effect->kind) {
    case HF_MEASURE_HARDEN:
    case HF_MEASURE_DETECT: damage_change(c, net, measure, effect); break;
    case HF_MEASURE_SPARE:
    case HF_MEASURE_REPAIR: /* fmin takes the number where the other is NaN */
        if (effect->kind == HF_MEASURE_REPAIR || measure->n_hazards == 0) c->repair_h[i] = fmin(c->repair_h[i], effect->amount);
        damage_change(c, net, measure, effect);
        break;
    case HF_MEASURE_BACKUP:
        for (int g = net->req_off[i]; g < net->req_off[i + 1]; g++)
            if (effect->requirement < 0 || effect->requirement == g) c->autonomy_h[g] += effect->amount;
        break;
    case HF_MEASURE_BLACK_START: c->black_start[i] = true; break;
    default: break;
    }
}

hf_err hf_plan_edits_make(const hf_network *net, const hf_measures *set, const bool *plan, hf_plan_edits *ret_edits)
{
    hf_plan_edits c = {0};
    hf_err err = edits_init(&c, net);
    for (int m = 0; err == HF_OK && m < set->n; m++)
        for (int e = 0; plan[m] && e < set->measure[m].n_effects; e++) effect_note(&c, net, &set->measure[m], &set->measure[m].effects[e]);
    if (err == HF_OK) *ret_edits = c;
    else hf_plan_edits_done(&c);
    return err;
}

/* Two measures may add the same supplier; it supplies once. */
static bool is_repeated(const hf_measures *set, const bool *plan, int m, int e)
{
    const hf_measure_effect *effect = &set->measure[m].effects[e];
    for (int k = 0; k <= m && effect->kind == HF_MEASURE_SUPPLIER; k++)
        for (int f = 0; plan[k] && f < (k == m ? e : set->measure[k].n_effects); f++) {
            const hf_measure_effect *other = &set->measure[k].effects[f];
            if (other->kind == effect->kind && other->requirement == effect->requirement && other->supplier == effect->supplier) return true;
        }
    return false;
}

bool hf_plan_adds_row(const hf_measures *set, const bool *plan, const hf_plan_edits *edits, int m, int e)
{
    const hf_measure_effect *effect = &set->measure[m].effects[e];
    if (!plan[m] || is_repeated(set, plan, m, e)) return false;
    return effect->kind == HF_MEASURE_LINE || (effect->kind == HF_MEASURE_SUPPLIER && !isinf(edits->autonomy_h[effect->requirement]));
}

static hf_err effect_add(hf_builder *b, const hf_network *net, const hf_measure_effect *effect)
{
    static const hf_origin nowhere = {0};
    if (effect->kind == HF_MEASURE_SUPPLIER) {
        hf_supply_row row = hf_supply_row_default();
        row.entity = net->id[effect->entity];
        row.requirement = net->req_labels.name[net->req_label[effect->requirement]];
        row.supplier = net->id[effect->supplier];
        row.share = effect->amount;
        return hf_builder_supply(b, &row, nowhere);
    }
    hf_carrier_line_row row = {net->carrier_id[effect->carrier], net->id[effect->entity], net->id[effect->supplier], NULL, effect->amount, NAN, NAN};
    return hf_builder_carrier_line(b, &row, nowhere);
}

hf_err hf_measures_apply(const hf_network *net, const hf_measures *set, const bool *plan, hf_network **ret_net)
{
    hf_err err = HF_OK;
    hf_plan_edits c = {0};
    hf_builder *b = NULL;
    hf_diag *diag = NULL;
    HF_TRY(hf_plan_edits_make(net, set, plan, &c));
    HF_TRY(hf_diag_new(&diag));
    HF_TRY(hf_builder_new(diag, &b));
    hf_edits edits = {.repair_h = c.repair_h, .black_start = c.black_start, .autonomy_h = c.autonomy_h, .severity = c.severity,
                      .damage_repair_h = c.damage_repair_h};
    HF_TRY(hf_builder_copy(b, net, &edits));
    for (int m = 0; m < set->n; m++)
        for (int e = 0; e < set->measure[m].n_effects; e++)
            if (hf_plan_adds_row(set, plan, &c, m, e)) HF_TRY(effect_add(b, net, &set->measure[m].effects[e]));
    HF_TRY(hf_builder_finish(b, ret_net));
out:
    hf_builder_free(b);
    hf_diag_free(diag);
    hf_plan_edits_done(&c);
    return err;
}

double hf_measures_damage_left(const hf_measures *set, const bool *plan, const char *name, int entity)
{
    double left = 1;
    for (int m = 0; m < set->n; m++) {
        const hf_measure_entry *measure = &set->measure[m];
        if (!plan[m] || !hf_measure_acts_against(measure, name)) continue;
        for (int e = 0; e < measure->n_effects; e++) {
            if (measure->effects[e].entity != entity) continue;
            if (measure->effects[e].kind == HF_MEASURE_HARDEN) left = 0;
            if (measure->effects[e].kind == HF_MEASURE_DETECT) left *= measure->effects[e].amount;
        }
    }
    return left;
}

double hf_measures_repair_left(const hf_measures *set, const bool *plan, const char *name, int entity, double hours)
{
    for (int m = 0; m < set->n; m++)
        for (int e = 0; plan[m] && e < set->measure[m].n_effects; e++) {
            const hf_measure_effect *effect = &set->measure[m].effects[e];
            bool shortens = effect->kind == HF_MEASURE_REPAIR || (effect->kind == HF_MEASURE_SPARE && hf_measure_acts_against(&set->measure[m], name));
            if (shortens && effect->entity == entity) hours = fmin(hours, effect->amount); /* passes over NaN */
        }
    return hours;
}

int hf_measures_shield(const hf_measures *set, const bool *plan, const hf_network *net, const char *name, hf_inject *injects, int n)
{
    int kept = 0;
    for (int k = 0; k < n; k++) {
        hf_inject inject = injects[k];
        double left = inject.kind == HF_INJECT_FAIL || inject.kind == HF_INJECT_DEGRADE ? hf_measures_damage_left(set, plan, name, inject.entity) : 1;
        if (left <= 0) continue;
        inject.level = 1 - (1 - inject.level) * left;
        if (inject.kind == HF_INJECT_FAIL)
            inject.repair_h = hf_measures_repair_left(set, plan, name, inject.entity,
                                                      isnan(inject.repair_h) ? net->repair_h[inject.entity] : inject.repair_h);
        injects[kept++] = inject;
    }
    return kept;
}
