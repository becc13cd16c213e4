#include <math.h>
#include <string.h>

#include "solver/portfolio/compile.h"

/* The scenarios once more, for one purpose. */
typedef struct role {
    bool counts, alone;      /* part of F; each scenario a group of its own, with frequency 1 */
    int region;              /* -1: all entities */
    bool only_kept;          /* weight 1 for the entities that must be kept, 0 for others; */
    int one;                 /* or hours for one of them, in->keep[one - 1]; 0: not so */
    double limit, scale;     /* of the group; the weights are multiplied by it */
    const double *offset;    /* n_scenarios, for groups of one */
} role;

typedef struct roles {
    role *item;
    int n;
} roles;

static const int *regions_of(const hf_portfolio *in)
{
    return in->region ? in->region : in->network->region;
}

/* Entity of the network behind one of the problem, -1: none. */
static int origin_of(const hf_compiled *c, int i)
{
    return c->origin ? c->origin[i] : i;
}

/* One role for each region that has any weight, scaled by that weight. */
static void regions_add(const hf_portfolio *in, const hf_compiled *c, roles *list, int n_regions)
{
    const hf_portfolio_problem *plain = &c->plain;
    const int *region = regions_of(in);
    for (int r = 0; r < n_regions; r++) {
        double heads = 0;
        for (int i = 0; i < plain->n_entities; i++)
            if (origin_of(c, i) >= 0 && region[origin_of(c, i)] == r) heads += plain->weight[i];
        if (heads > 0) list->item[list->n++] = (role){.counts = true, .region = r, .limit = INFINITY, .scale = 1 / heads};
    }
}

static int region_count(const hf_portfolio *in)
{
    int n = 0;
    for (int i = 0; i < in->network->n_entities; i++)
        if (regions_of(in)[i] >= n) n = regions_of(in)[i] + 1;
    return n;
}

static double hours_of(const hf_portfolio *in, int k)
{
    return in->keep_h ? in->keep_h[k] : 0;
}

static void roles_list(const hf_portfolio *in, const hf_compiled *c, const double *best_alone, int n_regions, roles *list)
{
    role expected = {.counts = true, .region = -1, .limit = in->limit_expected, .scale = 1};
    role single = {.counts = true, .alone = true, .region = -1, .limit = in->limit_worst, .scale = 1};
    bool worst_said = false, expected_said = false;
    switch (in->objective) {
    case HF_OBJECTIVE_EXPECTED:
    case HF_OBJECTIVE_CVAR:
        list->item[list->n++] = expected;
        expected_said = true;
        break;
    case HF_OBJECTIVE_REGRET:
        single.offset = best_alone; /* falls through */
    case HF_OBJECTIVE_WORST:
        list->item[list->n++] = single;
        worst_said = true;
        break;
    case HF_OBJECTIVE_EQUITY: regions_add(in, c, list, n_regions); break;
    case HF_OBJECTIVE_BUDGET: break;
    }
    expected.counts = single.counts = false;
    single.offset = NULL;
    if (!expected_said && !isinf(in->limit_expected)) list->item[list->n++] = expected;
    if (!worst_said && !isinf(in->limit_worst)) list->item[list->n++] = single;
    bool any = false;
    for (int k = 0; k < in->n_keep; k++) {
        role one = {.region = -1, .alone = true, .only_kept = true, .one = k + 1, .limit = hours_of(in, k), .scale = 1};
        if (one.limit > 0) list->item[list->n++] = one;
        else any = true;
    }
    if (any) list->item[list->n++] = (role){.region = -1, .only_kept = true, .scale = 1};
}

typedef struct writer {
    double *frequency, *weight, *offset, *limit, *severity, *time_y;
    int *hazard, *damage_start, *damaged, *group;
    bool *counts;
    int n, n_groups;
} writer;

/* Length of the slot that a copy of an entity stands for (compile_slots.c numbers them slot by slot within an entity). */
static double slot_hours(const hf_portfolio *in, int copy)
{
    int t = copy % in->n_slots;
    return in->slot_h[t + 1] - in->slot_h[t];
}

static void weights_write(const hf_portfolio *in, const hf_compiled *c, const role *a, double *weight)
{
    for (int i = 0; i < c->plain.n_entities; i++) {
        int entity = origin_of(c, i);
        bool elsewhere = a->region >= 0 && (entity < 0 || regions_of(in)[entity] != a->region);
        weight[i] = a->only_kept || elsewhere ? 0 : c->plain.weight[i] * a->scale;
        for (int k = 0; a->only_kept && a->one == 0 && k < in->n_keep; k++) {
            bool watched = c->plain.share ? i == c->plain.n_entities - in->n_keep + k : in->keep[k] == entity;
            if (watched && !(hours_of(in, k) > 0)) weight[i] = 1;
        }
        if (a->one > 0 && in->keep[a->one - 1] == entity) weight[i] = slot_hours(in, i);
    }
}

static void role_write(const hf_portfolio *in, const hf_compiled *c, const role *a, writer *w)
{
    const hf_portfolio_problem *plain = &c->plain;
    int first_group = w->n_groups;
    for (int s = 0; s < plain->n_scenarios; s++) {
        int from = plain->damage_start[s], n = plain->damage_start[s + 1] - from, scenario = s % in->n_scenarios, phase = s / in->n_scenarios;
        if (s == 0 || (a->alone && phase == 0)) {
            w->counts[w->n_groups] = a->counts;
            w->limit[w->n_groups] = a->limit;
            w->offset[w->n_groups++] = a->offset ? a->offset[s] : 0;
        }
        w->frequency[w->n] = a->only_kept ? phase == c->n_phases - 1 : a->alone ? c->phase_weight[phase] : plain->frequency[s];
        w->hazard[w->n] = plain->hazard[s];
        if (w->time_y) w->time_y[w->n] = plain->time_y[s];
        w->group[w->n] = first_group + (a->alone ? scenario : 0);
        w->damage_start[w->n + 1] = w->damage_start[w->n] + n;
        if (n > 0) memcpy(w->damaged + w->damage_start[w->n], plain->damaged + from, (size_t)n * sizeof(int));
        if (n > 0 && w->severity) memcpy(w->severity + w->damage_start[w->n], plain->severity + from, (size_t)n * sizeof(double));
        if (w->weight) weights_write(in, c, a, w->weight + (size_t)w->n * (size_t)plain->n_entities);
        w->n++;
    }
}

static hf_err writer_new(hf_arena *arena, const hf_portfolio_problem *plain, const roles *list, writer *w)
{
    size_t n = (size_t)plain->n_scenarios * (size_t)list->n + 1, groups = 1;
    bool weights = false;
    for (int k = 0; k < list->n; k++) {
        groups += list->item[k].alone ? (size_t)plain->n_scenarios : 1;
        weights |= list->item[k].region >= 0 || list->item[k].only_kept;
    }
    *w = (writer){0};
    w->frequency = hf_arena_calloc(arena, n, sizeof(double));
    w->hazard = hf_arena_calloc(arena, n, sizeof(int));
    w->damage_start = hf_arena_calloc(arena, n + 1, sizeof(int));
    w->damaged = hf_arena_calloc(arena, (size_t)plain->damage_start[plain->n_scenarios] * (size_t)list->n + 1, sizeof(int));
    if (plain->severity) w->severity = hf_arena_calloc(arena, (size_t)plain->damage_start[plain->n_scenarios] * (size_t)list->n + 1, sizeof(double));
    if (plain->time_y) w->time_y = hf_arena_calloc(arena, n, sizeof(double));
    w->group = hf_arena_calloc(arena, n, sizeof(int));
    w->offset = hf_arena_calloc(arena, groups, sizeof(double));
    w->limit = hf_arena_calloc(arena, groups, sizeof(double));
    w->counts = hf_arena_calloc(arena, groups, sizeof(bool));
    if (weights) w->weight = hf_arena_calloc(arena, n, (size_t)plain->n_entities * sizeof(double));
    bool ok = w->frequency && w->hazard && w->damage_start && w->damaged && w->group && w->offset && w->limit && w->counts && (w->weight || !weights) &&
              (w->severity || !plain->severity) && (w->time_y || !plain->time_y);
    return ok ? HF_OK : HF_E_NOMEM;
}

hf_err hf_portfolio_objective(const hf_portfolio *in, const double *best_alone, hf_compiled *compiled)
{
    static const hf_aim aims[] = {[HF_OBJECTIVE_EXPECTED] = HF_AIM_LARGEST, [HF_OBJECTIVE_CVAR] = HF_AIM_TAIL,   [HF_OBJECTIVE_WORST] = HF_AIM_LARGEST,
                                  [HF_OBJECTIVE_REGRET] = HF_AIM_LARGEST,   [HF_OBJECTIVE_EQUITY] = HF_AIM_LARGEST, [HF_OBJECTIVE_BUDGET] = HF_AIM_COST};
    const hf_portfolio_problem *plain = &compiled->plain;
    hf_portfolio_problem *full = &compiled->full;
    int n_regions = in->objective == HF_OBJECTIVE_EQUITY ? region_count(in) : 0;
    roles list = {hf_arena_calloc(&compiled->arena, (size_t)n_regions + (size_t)in->n_keep + 4, sizeof(role)), 0};
    writer w;
    if (!list.item) return HF_E_NOMEM;
    roles_list(in, compiled, best_alone, n_regions, &list);
    hf_err err = writer_new(&compiled->arena, plain, &list, &w);
    if (err != HF_OK) return err;
    for (int k = 0; k < list.n; k++) role_write(in, compiled, &list.item[k], &w);
    *full = *plain;
    full->n_scenarios = w.n;
    full->frequency = w.frequency, full->hazard = w.hazard, full->damage_start = w.damage_start, full->damaged = w.damaged;
    if (w.time_y) full->time_y = w.time_y;
    if (w.severity) full->severity = w.severity;
    if (w.weight) full->weight = w.weight;
    full->weight_by_scenario = w.weight != NULL;
    full->aim = aims[in->objective];
    full->tail = in->tail;
    full->n_groups = w.n_groups;
    full->group = w.group, full->counts = w.counts, full->offset = w.offset, full->limit = w.limit;
    return HF_OK;
}
