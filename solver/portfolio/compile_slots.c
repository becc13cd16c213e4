/* Time: every entity once for each slot of time. A requirement with autonomy a gets a node for each slot that says whether its supply is
 * short then; its owner fails in slot t when the supply has been short in all slots from slot_h[t] - a on. Damage lasts until the repair. A backup that
 * lasts h hours makes a to a + h: there is a row for each set of such backups, that fails the owner when the supply has been short for as long as
 * the set holds out and none of the others is bought.
 * Exact when outages, autonomies and repairs begin and end with slots and stocks refill at once. */
#include <math.h>

#include "solver/portfolio/compile.h"

enum { LASTING = 5 }; /* backups that end, for one requirement; of more the others do nothing */

typedef struct lasting {
    int n, measure[LASTING];
    double hours[LASTING];
} lasting;

typedef struct slots {
    const hf_portfolio *in;
    const hf_portfolio_problem *old;
    hf_portfolio_problem *new;
    hf_arena *arena;
    const double *autonomy; /* of each requirement of `old`, hours */
    int *aux;               /* requirement of `old` -> number among those with autonomy, or -1 */
    int n_aux, T;
    lasting *lasting;       /* of each requirement of `old` */
    int *own_requirement;   /* requirement of `old` x slot -> the first of `new`, one for each set of lasting backups, where the owner needs it */
    int *aux_requirement;   /* and where it says that the supply is short */
} slots;

static int copy_of(const slots *x, int i, int t)
{
    return i * x->T + t;
}

static int aux_of(const slots *x, int g, int t)
{
    return (x->old->n_entities + x->aux[g]) * x->T + t;
}

static void *take(slots *x, size_t count, size_t bytes)
{
    return hf_arena_calloc(x->arena, count + 1, bytes);
}

typedef struct rows {
    int *start, *needed, *supplier_start, *supplier, n, n_suppliers;
} rows;

static void suppliers_write(const slots *x, rows *r, int g, int t)
{
    r->needed[r->n] = x->old->needed[g];
    for (int k = x->old->supplier_start[g]; k < x->old->supplier_start[g + 1]; k++) r->supplier[r->n_suppliers++] = copy_of(x, x->old->supplier[k], t);
    r->supplier_start[++r->n] = r->n_suppliers;
}

static double hours_of(const slots *x, int g, unsigned set)
{
    double hours = x->autonomy[g];
    for (int k = 0; k < x->lasting[g].n; k++)
        if (set >> k & 1) hours += x->lasting[g].hours[k];
    return hours;
}

static void window_write(const slots *x, rows *r, int g, int t, double hours)
{
    double since = x->in->slot_h[t] - hours;
    r->needed[r->n] = since >= -1e-9;
    for (int s = 0; s <= t && since >= -1e-9; s++)
        if (x->in->slot_h[s + 1] > since + 1e-9) r->supplier[r->n_suppliers++] = aux_of(x, g, s);
    r->supplier_start[++r->n] = r->n_suppliers;
}

static hf_err network_write(slots *x)
{
    const hf_portfolio_problem *old = x->old;
    size_t T = (size_t)x->T, n_entities = ((size_t)old->n_entities + (size_t)x->n_aux) * T, n_requirements = (size_t)old->n_requirements * T, n_windows = 0;
    for (int g = 0; g < old->n_requirements; g++) n_windows += (size_t)1 << x->lasting[g].n;
    n_requirements += n_windows * T;
    size_t n_suppliers = (size_t)old->supplier_start[old->n_requirements] * T + n_windows * T * T;
    rows r = {take(x, n_entities, sizeof(int)), take(x, n_requirements, sizeof(int)), take(x, n_requirements, sizeof(int)),
              take(x, n_suppliers, sizeof(int)), 0, 0};
    if (!r.start || !r.needed || !r.supplier_start || !r.supplier) return HF_E_NOMEM;
    for (int i = 0; i < old->n_entities; i++)
        for (int t = 0; t < x->T; t++) {
            for (int g = old->requirement_start[i]; g < old->requirement_start[i + 1]; g++) {
                x->own_requirement[g * x->T + t] = r.n;
                if (x->aux[g] < 0) suppliers_write(x, &r, g, t);
                for (unsigned set = 0; x->aux[g] >= 0 && set < 1u << x->lasting[g].n; set++) window_write(x, &r, g, t, hours_of(x, g, set));
            }
            r.start[copy_of(x, i, t) + 1] = r.n;
        }
    for (int g = 0; g < old->n_requirements; g++)
        for (int t = 0; x->aux[g] >= 0 && t < x->T; t++) {
            x->aux_requirement[g * x->T + t] = r.n;
            suppliers_write(x, &r, g, t);
            r.start[aux_of(x, g, t) + 1] = r.n;
        }
    x->new->n_entities = (int)n_entities;
    x->new->n_requirements = r.n;
    x->new->requirement_start = r.start, x->new->needed = r.needed, x->new->supplier_start = r.supplier_start, x->new->supplier = r.supplier;
    return HF_OK;
}

/* Hours until the damage of an entity in a scenario is repaired. */
static double repair_of(const slots *x, int scenario, int entity)
{
    const hf_damage_case *c = &x->in->scenarios[scenario];
    double hours = x->in->network->repair_h[entity];
    for (int k = 0; k < c->n_damaged && c->repair_h; k++)
        if (c->damaged[k] == entity && !isnan(c->repair_h[k])) hours = c->repair_h[k];
    return isnan(hours) ? INFINITY : hours;
}

static hf_err damage_write(slots *x, int *origin)
{
    const hf_portfolio_problem *old = x->old;
    int n = 0, *start = take(x, (size_t)old->n_scenarios + 1, sizeof(int));
    int *damaged = take(x, (size_t)old->damage_start[old->n_scenarios] * (size_t)x->T, sizeof(int));
    double *weight = take(x, (size_t)x->new->n_entities, sizeof(double));
    if (!start || !damaged || !weight) return HF_E_NOMEM;
    for (int s = 0; s < old->n_scenarios; s++) {
        for (int k = old->damage_start[s]; k < old->damage_start[s + 1]; k++)
            for (int t = 0; t < x->T; t++)
                if (x->in->slot_h[t] < repair_of(x, s, old->damaged[k]) - 1e-9) damaged[n++] = copy_of(x, old->damaged[k], t);
        start[s + 1] = n;
    }
    for (int i = 0; i < x->new->n_entities; i++) {
        origin[i] = i < old->n_entities * x->T ? i / x->T : -1;
        if (origin[i] >= 0) weight[i] = old->weight[origin[i]] * (x->in->slot_h[i % x->T + 1] - x->in->slot_h[i % x->T]);
    }
    x->new->damage_start = start, x->new->damaged = damaged, x->new->weight = weight;
    return HF_OK;
}

/* Writes an effect into a list that may be NULL. */
static int effect_put(hf_effect *list, int n, hf_effect_kind kind, int entity, int requirement, int supplier)
{
    if (list) list[n] = (hf_effect){.kind = kind, .entity = entity, .requirement = requirement, .supplier = supplier};
    return n + 1;
}

/* A backup of requirement g at slot t: of every row, or of those whose set is without the measure's own hours. */
static int backup_put(const slots *x, int m, const hf_effect *e, int g, int t, hf_effect *list, int n)
{
    int bit = -1;
    for (int k = 0; k < x->lasting[g].n && e->amount > 0; k++)
        if (x->lasting[g].measure[k] == m) bit = k;
    if (e->amount > 0 && bit < 0) return n;
    for (unsigned set = 0; set < 1u << x->lasting[g].n; set++)
        if (bit < 0 || !(set >> bit & 1))
            n = effect_put(list, n, HF_EFFECT_BACKUP, copy_of(x, e->entity, t), x->own_requirement[g * x->T + t] + (int)set, -1);
    return n;
}

static int supplier_put(const slots *x, const hf_effect *e, int t, hf_effect *list, int n)
{
    int g = e->requirement, supplier = copy_of(x, e->supplier, t);
    if (x->aux[g] < 0) return effect_put(list, n, e->kind, copy_of(x, e->entity, t), x->own_requirement[g * x->T + t], supplier);
    return effect_put(list, n, e->kind, aux_of(x, g, t), x->aux_requirement[g * x->T + t], supplier);
}

/* What an effect is at slot t; returns the length of the list. */
static int effect_at(const slots *x, int m, const hf_effect *e, int t, hf_effect *list, int n)
{
    switch (e->kind) {
    case HF_EFFECT_REPAIR:
        if (x->in->slot_h[t] < x->in->repair_h[m] - 1e-9) return n;
        return effect_put(list, n, HF_EFFECT_HARDEN, copy_of(x, e->entity, t), -1, -1);
    case HF_EFFECT_BACKUP:
        if (e->requirement >= 0) return backup_put(x, m, e, e->requirement, t, list, n);
        for (int g = x->old->requirement_start[e->entity]; g < x->old->requirement_start[e->entity + 1]; g++) n = backup_put(x, m, e, g, t, list, n);
        return n;
    case HF_EFFECT_SUPPLIER: return supplier_put(x, e, t, list, n);
    default: return effect_put(list, n, e->kind, copy_of(x, e->entity, t), -1, -1);
    }
}

static int measure_effects(const slots *x, int m, hf_effect *list, int n)
{
    for (int k = x->old->effect_start[m]; k < x->old->effect_start[m + 1]; k++)
        for (int t = 0; t < x->T; t++) n = effect_at(x, m, &x->old->effect[k], t, list, n);
    return n;
}

static hf_err effects_write(slots *x)
{
    const hf_portfolio_problem *old = x->old;
    int *start = take(x, (size_t)old->n_measures + 1, sizeof(int));
    if (!start) return HF_E_NOMEM;
    for (int m = 0; m < old->n_measures; m++) start[m + 1] = measure_effects(x, m, NULL, start[m]);
    hf_effect *effect = take(x, (size_t)start[old->n_measures], sizeof *effect);
    if (!effect) return HF_E_NOMEM;
    for (int m = 0; m < old->n_measures; m++) measure_effects(x, m, effect, start[m]);
    x->new->effect_start = start, x->new->effect = effect;
    return HF_OK;
}

static void lasting_note(lasting *list, int m, double hours)
{
    for (int k = 0; k < list->n; k++)
        if (list->measure[k] == m) {
            list->hours[k] += hours;
            return;
        }
    if (list->n == LASTING) return;
    list->measure[list->n] = m;
    list->hours[list->n++] = hours;
}

static void lasting_find(slots *x)
{
    const hf_portfolio_problem *old = x->old;
    for (int m = 0; m < old->n_measures; m++)
        for (int k = old->effect_start[m]; k < old->effect_start[m + 1]; k++) {
            const hf_effect *e = &old->effect[k];
            if (e->kind != HF_EFFECT_BACKUP || !(e->amount > 0)) continue;
            if (e->requirement >= 0) lasting_note(&x->lasting[e->requirement], m, e->amount);
            for (int g = old->requirement_start[e->entity]; e->requirement < 0 && g < old->requirement_start[e->entity + 1]; g++)
                lasting_note(&x->lasting[g], m, e->amount);
        }
}

hf_err hf_portfolio_slots(const hf_portfolio *in, const double *autonomy, hf_arena *arena, hf_portfolio_problem *p, int **ret_origin)
{
    hf_portfolio_problem old = *p;
    slots x = {.in = in, .old = &old, .new = p, .arena = arena, .autonomy = autonomy, .T = in->n_slots};
    size_t cells = (size_t)old.n_requirements * (size_t)in->n_slots;
    hf_err err = HF_OK;
    x.aux = take(&x, (size_t)old.n_requirements, sizeof(int));
    x.own_requirement = take(&x, cells, sizeof(int));
    x.aux_requirement = take(&x, cells, sizeof(int));
    x.lasting = take(&x, (size_t)old.n_requirements, sizeof *x.lasting);
    if (!x.aux || !x.own_requirement || !x.aux_requirement || !x.lasting) return HF_E_NOMEM;
    lasting_find(&x);
    for (int g = 0; g < old.n_requirements; g++) x.aux[g] = autonomy[g] > 0 || x.lasting[g].n > 0 ? x.n_aux++ : -1;
    HF_TRY(network_write(&x));
    *ret_origin = take(&x, (size_t)p->n_entities, sizeof(int));
    if (!*ret_origin) return HF_E_NOMEM;
    HF_TRY(damage_write(&x, *ret_origin));
    HF_TRY(effects_write(&x));
out:
    return err;
}
