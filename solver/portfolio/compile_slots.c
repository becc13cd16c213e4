/* Time: every entity once for each slot of time. A requirement with autonomy a gets a node for each slot that says whether its supply is
 * short then; its owner fails in slot t when the supply has been short in all slots from slot_h[t] - a on. Damage lasts until the repair.
 * Exact when outages, autonomies and repairs begin and end with slots and stocks refill at once. */
#include <math.h>

#include "solver/portfolio/compile.h"

typedef struct slots {
    const hf_portfolio *in;
    const hf_portfolio_problem *old;
    hf_portfolio_problem *new;
    hf_arena *arena;
    const double *autonomy; /* of each requirement of `old`, hours */
    int *aux;               /* requirement of `old` -> number among those with autonomy, or -1 */
    int n_aux, T;
    int *own_requirement;   /* requirement of `old` x slot -> of `new`, where the owner needs it */
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

static void window_write(const slots *x, rows *r, int g, int t)
{
    double since = x->in->slot_h[t] - x->autonomy[g];
    r->needed[r->n] = since >= -1e-9;
    for (int s = 0; s <= t && since >= -1e-9; s++)
        if (x->in->slot_h[s + 1] > since + 1e-9) r->supplier[r->n_suppliers++] = aux_of(x, g, s);
    r->supplier_start[++r->n] = r->n_suppliers;
}

static hf_err network_write(slots *x)
{
    const hf_portfolio_problem *old = x->old;
    size_t T = (size_t)x->T, n_entities = ((size_t)old->n_entities + (size_t)x->n_aux) * T, n_requirements = 2 * (size_t)old->n_requirements * T;
    size_t n_suppliers = (size_t)old->supplier_start[old->n_requirements] * T + (size_t)x->n_aux * T * T;
    rows r = {take(x, n_entities, sizeof(int)), take(x, n_requirements, sizeof(int)), take(x, n_requirements, sizeof(int)),
              take(x, n_suppliers, sizeof(int)), 0, 0};
    if (!r.start || !r.needed || !r.supplier_start || !r.supplier) return HF_E_NOMEM;
    for (int i = 0; i < old->n_entities; i++)
        for (int t = 0; t < x->T; t++) {
            for (int g = old->requirement_start[i]; g < old->requirement_start[i + 1]; g++) {
                x->own_requirement[g * x->T + t] = r.n;
                if (x->aux[g] < 0) suppliers_write(x, &r, g, t);
                else window_write(x, &r, g, t);
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

static double repair_of(const slots *x, int entity)
{
    double hours = x->in->network->repair_h[entity];
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
                if (x->in->slot_h[t] < repair_of(x, old->damaged[k]) - 1e-9) damaged[n++] = copy_of(x, old->damaged[k], t);
        start[s + 1] = n;
    }
    for (int i = 0; i < x->new->n_entities; i++) {
        origin[i] = i < old->n_entities * x->T ? i / x->T : -1;
        if (origin[i] >= 0) weight[i] = old->weight[origin[i]] * (x->in->slot_h[i % x->T + 1] - x->in->slot_h[i % x->T]);
    }
    x->new->damage_start = start, x->new->damaged = damaged, x->new->weight = weight;
    return HF_OK;
}

static bool effect_at(const slots *x, int m, const hf_effect *e, int t, hf_effect *ret_effect)
{
    int g = e->requirement;
    *ret_effect = (hf_effect){e->kind, copy_of(x, e->entity, t), -1, -1, 0};
    if (e->kind == HF_EFFECT_REPAIR) {
        ret_effect->kind = HF_EFFECT_HARDEN;
        return x->in->slot_h[t] >= x->in->repair_h[m] - 1e-9;
    }
    if (g < 0) return true;
    ret_effect->requirement = x->own_requirement[g * x->T + t];
    if (e->kind != HF_EFFECT_SUPPLIER) return true;
    ret_effect->supplier = copy_of(x, e->supplier, t);
    if (x->aux[g] < 0) return true;
    ret_effect->entity = aux_of(x, g, t);
    ret_effect->requirement = x->aux_requirement[g * x->T + t];
    return true;
}

static hf_err effects_write(slots *x)
{
    const hf_portfolio_problem *old = x->old;
    int n = 0, *start = take(x, (size_t)old->n_measures + 1, sizeof(int));
    hf_effect *effect = take(x, (size_t)old->effect_start[old->n_measures] * (size_t)x->T, sizeof *effect);
    if (!start || !effect) return HF_E_NOMEM;
    for (int m = 0; m < old->n_measures; m++) {
        for (int k = old->effect_start[m]; k < old->effect_start[m + 1]; k++)
            for (int t = 0; t < x->T; t++) n += effect_at(x, m, &old->effect[k], t, &effect[n]);
        start[m + 1] = n;
    }
    x->new->effect_start = start, x->new->effect = effect;
    return HF_OK;
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
    if (!x.aux || !x.own_requirement || !x.aux_requirement) return HF_E_NOMEM;
    for (int g = 0; g < old.n_requirements; g++) x.aux[g] = autonomy[g] > 0 ? x.n_aux++ : -1;
    HF_TRY(network_write(&x));
    *ret_origin = take(&x, (size_t)p->n_entities, sizeof(int));
    if (!*ret_origin) return HF_E_NOMEM;
    HF_TRY(damage_write(&x, *ret_origin));
    HF_TRY(effects_write(&x));
out:
    return err;
}
