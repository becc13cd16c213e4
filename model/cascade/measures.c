/* Reading measures: names become indices, and what is wrong is said. */
#include "model/cascade/measures.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/idmap.h"
#include "model/cascade/scenario.h"

static const char *const kind_names[HF_MEASURE_KINDS] = {"harden", "backup", "supplier", "repair", "detect", "line", "black_start", "spare"};

const char *hf_measure_kind_name(hf_measure_kind kind)
{
    return kind_names[kind];
}

/* What is known while the rows are read. */
typedef struct reading {
    const hf_network *net;
    hf_measures *set;
    hf_diag *diag;
    hf_idmap *ids, *payers;
    const char *const *scenarios;
    int n_scenarios;
    size_t capacity, rule_capacity, floor_capacity;
    size_t *effect_capacity;
    bool faulty;
} reading;

static void fault(reading *r, hf_origin at, hf_err code, const char *what, const char *value, const char *allowed)
{
    hf_diag_add(r->diag, HF_ERROR, code, at.file, at.line, at.line > 0, "%s \"%.80s\" %s", what, value, allowed);
    r->faulty = true;
}

static void fault_number(reading *r, hf_origin at, const char *what, double value, const char *allowed)
{
    hf_diag_add(r->diag, HF_ERROR, HF_E_RANGE, at.file, at.line, at.line > 0, "%s %g is out of range (allowed: %s)", what, value, allowed);
    r->faulty = true;
}

static hf_err copy(reading *r, const char *text, const char **ret_copy)
{
    *ret_copy = text ? hf_arena_strndup(&r->set->memory, text, strlen(text)) : "";
    return *ret_copy ? HF_OK : HF_E_NOMEM;
}

/* Calls `each` with every word of a text divided by blanks, commas or semicolons. */
static hf_err words_each(reading *r, const char *text, int measure, hf_origin at,
                         hf_err (*each)(reading *r, const char *word, size_t length, int measure, hf_origin at))
{
    while (text && *text) {
        size_t skip = strspn(text, " ,;"), length = strcspn(text + skip, " ,;");
        if (length > 0) {
            hf_err err = each(r, text + skip, length, measure, at);
            if (err != HF_OK) return err;
        }
        text += skip + length;
    }
    return HF_OK;
}

static bool hazard_is_known(const reading *r, const char *name)
{
    if (hf_network_find_hazard(r->net, name) >= 0) return true;
    for (int k = 0; k < r->n_scenarios; k++)
        if (strcmp(r->scenarios[k], name) == 0) return true;
    return false;
}

static hf_err hazard_add(reading *r, const char *word, size_t length, int m, hf_origin at)
{
    hf_measure_entry *measure = &r->set->measure[m];
    const char *name = hf_arena_strndup(&r->set->memory, word, length);
    const char **longer = hf_arena_calloc(&r->set->memory, (size_t)measure->n_hazards + 1, sizeof *longer);
    if (!name || !longer) return HF_E_NOMEM;
    if (!hazard_is_known(r, name)) fault(r, at, HF_E_UNKNOWN_ID, "hazard", name, "is neither in hazards nor a scenario");
    for (int k = 0; k < measure->n_hazards; k++) longer[k] = measure->hazards[k];
    longer[measure->n_hazards++] = name;
    measure->hazards = longer;
    return HF_OK;
}

static hf_err effect_add(reading *r, int m, hf_measure_effect effect)
{
    hf_measure_entry *measure = &r->set->measure[m];
    hf_err err = hf_grow((void **)&measure->effects, &r->effect_capacity[m], (size_t)measure->n_effects + 1, sizeof *measure->effects);
    if (err == HF_OK) measure->effects[measure->n_effects++] = effect;
    return err;
}

/* Requirement of an entity by name, or -1. */
static int requirement_find(const hf_network *net, int entity, const char *name)
{
    for (int g = net->req_off[entity]; g < net->req_off[entity + 1]; g++)
        if (strcmp(net->req_labels.name[net->req_label[g]], name) == 0) return g;
    return -1;
}

/* "entity/requirement": both indices, or a finding. An entity's own id may hold a slash. */
static bool requirement_target(reading *r, const char *target, hf_origin at, int *ret_entity, int *ret_requirement)
{
    for (const char *slash = strchr(target, '/'); slash; slash = strchr(slash + 1, '/')) {
        char id[256];
        size_t length = (size_t)(slash - target);
        if (length >= sizeof id) break;
        memcpy(id, target, length);
        id[length] = '\0';
        *ret_entity = hf_network_find(r->net, id);
        if (*ret_entity < 0) continue;
        *ret_requirement = requirement_find(r->net, *ret_entity, slash + 1);
        if (*ret_requirement >= 0) return true;
    }
    fault(r, at, HF_E_UNKNOWN_ID, "target", target, "is no requirement (written entity/requirement)");
    return false;
}

/* The effect on every entity that a target names. */
static hf_err entities_add(reading *r, int m, const char *target, hf_origin at, hf_measure_effect effect)
{
    int *entities = NULL, n = 0;
    const char *why = NULL;
    hf_err err = hf_target_resolve(r->net, target, &entities, &n, &why);
    if (err != HF_OK) return err;
    if (n == 0) {
        hf_diag_add(r->diag, HF_ERROR, HF_E_UNKNOWN_ID, at.file, at.line, at.line > 0, "target \"%.80s\": %s", target, why);
        r->faulty = true;
    }
    for (int k = 0; k < n && err == HF_OK; k++) {
        effect.entity = entities[k];
        err = effect_add(r, m, effect);
    }
    hf_free(entities);
    return err;
}

static hf_err supplier_add(reading *r, int m, const hf_measure_row *row, hf_origin at)
{
    hf_measure_effect effect = {.kind = HF_MEASURE_SUPPLIER, .carrier = -1, .amount = isnan(row->share) ? 1 : row->share};
    effect.supplier = row->supplier ? hf_network_find(r->net, row->supplier) : -1;
    if (effect.supplier < 0) fault(r, at, HF_E_UNKNOWN_ID, "supplier", row->supplier ? row->supplier : "", "is not in entities");
    if (!(effect.amount > 0)) fault_number(r, at, "share", effect.amount, "above 0");
    if (!requirement_target(r, row->target, at, &effect.entity, &effect.requirement) || effect.supplier < 0) return HF_OK;
    if (effect.supplier == effect.entity) fault(r, at, HF_E_RANGE, "supplier", row->supplier, "is the entity itself");
    for (int k = r->net->sup_off[effect.requirement]; k < r->net->sup_off[effect.requirement + 1]; k++)
        if (r->net->sup_supplier[k] == effect.supplier) fault(r, at, HF_E_DUPLICATE, "supplier", row->supplier, "supplies this requirement already");
    return effect_add(r, m, effect);
}

static hf_err backup_add(reading *r, int m, const hf_measure_row *row, hf_origin at)
{
    hf_measure_effect effect = {.kind = HF_MEASURE_BACKUP, .requirement = -1, .supplier = -1, .carrier = -1,
                                .amount = isnan(row->autonomy_h) ? INFINITY : row->autonomy_h};
    if (!(effect.amount >= 0)) fault_number(r, at, "autonomy_h", effect.amount, "0 or more, or empty for as long as needed");
    if (hf_network_find(r->net, row->target) >= 0 || strchr(row->target, '=')) return entities_add(r, m, row->target, at, effect);
    if (!requirement_target(r, row->target, at, &effect.entity, &effect.requirement)) return HF_OK;
    return effect_add(r, m, effect);
}

static int carrier_find(const hf_network *net, const char *name)
{
    for (int c = 0; c < net->n_carriers; c++)
        if (strcmp(net->carrier_id[c], name) == 0) return c;
    return -1;
}

static bool is_node(const hf_network *net, int carrier, int entity)
{
    for (int k = net->ent_cnode_off[entity]; entity >= 0 && k < net->ent_cnode_off[entity + 1]; k++)
        if (net->cnode_carrier[net->ent_cnode[k]] == carrier) return true;
    return false;
}

static hf_err line_add(reading *r, int m, const hf_measure_row *row, hf_origin at)
{
    const char *carrier = row->carrier ? row->carrier : row->target, *from = row->from ? row->from : "", *to = row->to ? row->to : "";
    hf_measure_effect effect = {.kind = HF_MEASURE_LINE, .requirement = -1, .carrier = carrier_find(r->net, carrier),
                                .amount = isnan(row->capacity) ? INFINITY : row->capacity};
    effect.entity = hf_network_find(r->net, from);
    effect.supplier = hf_network_find(r->net, to);
    if (effect.carrier < 0) fault(r, at, HF_E_UNKNOWN_ID, "carrier", carrier, "is not in carriers");
    if (!(effect.amount > 0)) fault_number(r, at, "capacity", effect.amount, "above 0");
    const char *ends[] = {from, to};
    for (int k = 0; k < 2 && effect.carrier >= 0; k++) {
        int entity = k == 0 ? effect.entity : effect.supplier;
        if (entity < 0 || !is_node(r->net, effect.carrier, entity)) fault(r, at, HF_E_UNKNOWN_ID, k == 0 ? "from" : "to", ends[k], "is no node of the carrier");
    }
    return r->faulty ? HF_OK : effect_add(r, m, effect);
}

static int kind_find(const char *name)
{
    for (int k = 0; name && k < HF_MEASURE_KINDS; k++)
        if (strcmp(kind_names[k], name) == 0) return k;
    return -1;
}

static hf_err effects_add(reading *r, int m, const hf_measure_row *row, hf_origin at)
{
    hf_measure_effect effect = {.requirement = -1, .supplier = -1, .carrier = -1};
    bool capacity = row->kind && strcmp(row->kind, "build_capacity") == 0;
    const char *name = capacity ? row->effect : row->kind;
    int kind = kind_find(name);
    r->set->measure[m].build_capacity |= capacity;
    if (kind < 0) {
        fault(r, at, HF_E_RANGE, capacity ? "effect" : "kind", name ? name : "",
              "(allowed: harden, backup, supplier, repair, detect, line, black_start, spare; build_capacity with one of them in the column effect)");
        return HF_OK;
    }
    effect.kind = (hf_measure_kind)kind;
    if (!row->target && kind != HF_MEASURE_LINE) {
        fault(r, at, HF_E_MISSING, "target", "", "is empty");
        return HF_OK;
    }
    switch (effect.kind) {
    case HF_MEASURE_BACKUP: return backup_add(r, m, row, at);
    case HF_MEASURE_SUPPLIER: return supplier_add(r, m, row, at);
    case HF_MEASURE_LINE: return line_add(r, m, row, at);
    case HF_MEASURE_REPAIR:
    case HF_MEASURE_SPARE:
        effect.amount = row->repair_h;
        if (!(effect.amount >= 0)) fault_number(r, at, "repair_h", effect.amount, "0 or more");
        break;
    case HF_MEASURE_DETECT:
        effect.amount = isnan(row->factor) ? 0 : row->factor;
        if (!(effect.amount >= 0 && effect.amount <= 1)) fault_number(r, at, "factor", effect.amount, "0 to 1");
        break;
    default: break;
    }
    return entities_add(r, m, row->target, at, effect);
}

/* Cost, payer and terms: of the first row of a measure; a later one may repeat them, not change them. */
static hf_err terms_set(reading *r, int m, bool first, const hf_measure_row *row, hf_origin at)
{
    hf_err err = HF_OK;
    hf_measure_entry *measure = &r->set->measure[m];
    int payer = row->payer ? hf_idmap_find(r->payers, row->payer, strlen(row->payer)) : -1;
    if (row->payer && payer < 0) fault(r, at, HF_E_UNKNOWN_ID, "payer", row->payer, "is not in budgets");
    if (first && !(row->cost >= 0 && isfinite(row->cost))) fault_number(r, at, "cost", row->cost, "a finite number of 0 or more");
    if (!first) {
        if (!isnan(row->cost) && row->cost != measure->cost) fault_number(r, at, "a second cost", row->cost, "that of the measure's first row, or empty");
        return HF_OK;
    }
    HF_TRY(copy(r, row->measure, &measure->id));
    HF_TRY(copy(r, row->title ? row->title : row->measure, &measure->title));
    measure->cost = row->cost;
    measure->payer = payer;
    measure->cofunding_max = isnan(row->cofunding_max) ? 0 : row->cofunding_max;
    measure->lead_time_y = isnan(row->lead_time_y) ? 0 : row->lead_time_y;
    measure->file = at.file;
    measure->line = at.line;
    if (!(measure->cofunding_max >= 0 && measure->cofunding_max <= 1)) fault_number(r, at, "cofunding_max", measure->cofunding_max, "0 to 1");
    if (!(measure->lead_time_y >= 0)) fault_number(r, at, "lead_time_y", measure->lead_time_y, "0 or more");
out:
    return err;
}

static hf_err row_add(reading *r, const hf_measure_row *row, hf_origin at)
{
    hf_err err = HF_OK;
    int m = -1;
    bool first = false;
    if (!row->measure) return HF_OK; /* its reader has said so */
    HF_TRY(hf_idmap_intern(r->ids, row->measure, strlen(row->measure), &m, &first));
    if (first) r->set->n = m + 1;
    HF_TRY(terms_set(r, m, first, row, at));
    HF_TRY(words_each(r, row->hazards, m, at, hazard_add));
    HF_TRY(effects_add(r, m, row, at));
out:
    return err;
}

static hf_err rule_add(reading *r, const char *word, size_t length, int m, hf_origin at, bool excludes)
{
    int other = hf_idmap_find(r->ids, word, length);
    if (other < 0 || other == m) {
        char id[81] = "";
        memcpy(id, word, length < 80 ? length : 80);
        fault(r, at, HF_E_UNKNOWN_ID, excludes ? "excludes" : "requires", id, other < 0 ? "is not in measures" : "is the measure itself");
        return HF_OK;
    }
    hf_measures *set = r->set;
    hf_err err = hf_grow((void **)&set->rule, &r->rule_capacity, (size_t)set->n_rules + 1, sizeof *set->rule);
    if (err == HF_OK) set->rule[set->n_rules++] = (hf_measure_tie){m, other, excludes};
    return err;
}

static hf_err requires_add(reading *r, const char *word, size_t length, int m, hf_origin at)
{
    return rule_add(r, word, length, m, at, false);
}

static hf_err excludes_add(reading *r, const char *word, size_t length, int m, hf_origin at)
{
    return rule_add(r, word, length, m, at, true);
}

/* Measures that require each other in a circle stand or fall together; that is hardly meant. state: 0 new, 1 on the way, 2 done. */
static bool circle_from(const hf_measures *set, int m, unsigned char *state)
{
    if (state[m] != 0) return state[m] == 1;
    state[m] = 1;
    for (int k = 0; k < set->n_rules; k++)
        if (!set->rule[k].excludes && set->rule[k].a == m && circle_from(set, set->rule[k].b, state)) return true;
    state[m] = 2;
    return false;
}

static hf_err circles_check(reading *r)
{
    unsigned char *state = hf_calloc((size_t)r->set->n, 1);
    if (!state) return HF_E_NOMEM;
    for (int m = 0; m < r->set->n; m++) {
        const hf_measure_entry *measure = &r->set->measure[m];
        if (state[m] != 0 || !circle_from(r->set, m, state)) continue;
        fault(r, (hf_origin){measure->file, measure->line}, HF_E_RANGE, "requires of", measure->id, "leads back to itself");
        for (int k = 0; k < r->set->n; k++) state[k] = 2; /* one finding is enough */
    }
    hf_free(state);
    return HF_OK;
}

static hf_err floor_add(reading *r, const char *word, size_t length, int payer, hf_origin at)
{
    hf_measures *set = r->set;
    char text[128] = "", *end = NULL;
    memcpy(text, word, length < sizeof text ? length : sizeof text - 1);
    char *colon = strrchr(text, ':');
    double amount = colon ? strtod(colon + 1, &end) : -1;
    if (!colon || !(amount >= 0) || *end || isinf(amount)) {
        fault(r, at, HF_E_RANGE, "region_floor", text, "is not written PLACE:EUR");
        return HF_OK;
    }
    *colon = '\0';
    if (hf_labels_find(&r->net->regions, text) < 0 && hf_labels_find(&r->net->countries, text) < 0) {
        fault(r, at, HF_E_UNKNOWN_ID, "region_floor", text, "is neither a region nor a country of the data set");
        return HF_OK;
    }
    hf_err err = hf_grow((void **)&set->floor, &r->floor_capacity, (size_t)set->n_floors + 1, sizeof *set->floor);
    if (err != HF_OK) return err;
    set->floor[set->n_floors] = (hf_measure_floor){payer, NULL, amount};
    return copy(r, text, &set->floor[set->n_floors++].place);
}

static hf_err budgets_add(reading *r, const hf_budget_row *budgets, int n)
{
    hf_err err = HF_OK;
    r->set->payer = hf_arena_calloc(&r->set->memory, (size_t)n, sizeof *r->set->payer);
    if (!r->set->payer) return HF_E_NOMEM;
    for (int k = 0; k < n; k++) {
        int payer = -1;
        bool first = false;
        if (!budgets[k].payer) continue;
        HF_TRY(hf_idmap_intern(r->payers, budgets[k].payer, strlen(budgets[k].payer), &payer, &first));
        if (!first) fault(r, budgets[k].at, HF_E_DUPLICATE, "payer", budgets[k].payer, "is there twice");
        if (!(budgets[k].amount >= 0)) fault_number(r, budgets[k].at, "amount", budgets[k].amount, "0 or more");
        r->set->payer[payer].amount = budgets[k].amount;
        r->set->payer[payer].joint = budgets[k].joint;
        HF_TRY(copy(r, budgets[k].payer, &r->set->payer[payer].id));
        r->set->n_payers = hf_idmap_count(r->payers);
        HF_TRY(words_each(r, budgets[k].floors, payer, budgets[k].at, floor_add));
    }
out:
    return err;
}

static void budgets_check(reading *r, const hf_budget_row *budgets, int n)
{
    for (int k = 0; k < n; k++) {
        double least = INFINITY;
        int payer = budgets[k].payer ? hf_idmap_find(r->payers, budgets[k].payer, strlen(budgets[k].payer)) : -1;
        for (int m = 0; m < r->set->n; m++)
            if (r->set->measure[m].payer == payer) least = fmin(least, r->set->measure[m].cost);
        if (payer < 0 || r->set->payer[payer].joint || least <= budgets[k].amount) continue;
        if (isinf(least)) hf_diag_add(r->diag, HF_WARNING, HF_OK, budgets[k].at.file, budgets[k].at.line, 1, "payer \"%s\" has no measure", budgets[k].payer);
        else
            hf_diag_add(r->diag, HF_WARNING, HF_OK, budgets[k].at.file, budgets[k].at.line, 1,
                        "no measure fits the budget %.10g EUR of \"%s\" (the cheapest costs %.10g EUR)", budgets[k].amount, budgets[k].payer, least);
    }
}

static hf_err rows_read(reading *r, const hf_measure_row *rows, const hf_origin *at, int n)
{
    hf_err err = HF_OK;
    r->set->measure = hf_arena_calloc(&r->set->memory, (size_t)n, sizeof *r->set->measure);
    r->effect_capacity = hf_calloc((size_t)n, sizeof *r->effect_capacity);
    if (!r->set->measure || !r->effect_capacity) return HF_E_NOMEM;
    for (int k = 0; k < n; k++) HF_TRY(row_add(r, &rows[k], at[k]));
    for (int k = 0; k < n; k++) {
        if (!rows[k].measure) continue;
        int m = hf_idmap_find(r->ids, rows[k].measure, strlen(rows[k].measure));
        HF_TRY(words_each(r, rows[k].requires_ids, m, at[k], requires_add));
        HF_TRY(words_each(r, rows[k].excludes_ids, m, at[k], excludes_add));
    }
    HF_TRY(circles_check(r));
out:
    return err;
}

hf_err hf_measures_new(const hf_network *net, const hf_measure_row *rows, const hf_origin *at, int n_rows, const hf_budget_row *budgets,
                       int n_budgets, const char *const *scenarios, int n_scenarios, hf_diag *diag, hf_measures **ret_measures)
{
    hf_err err = HF_OK;
    reading r = {.net = net, .diag = diag, .scenarios = scenarios, .n_scenarios = n_scenarios};
    r.set = hf_calloc(1, sizeof *r.set);
    if (!r.set) return HF_E_NOMEM;
    hf_arena_init(&r.set->memory);
    HF_TRY(hf_idmap_new(&r.ids));
    HF_TRY(hf_idmap_new(&r.payers));
    HF_TRY(budgets_add(&r, budgets, n_budgets));
    HF_TRY(rows_read(&r, rows, at, n_rows));
    budgets_check(&r, budgets, n_budgets);
    if (r.faulty) err = HF_E_DATA;
out:
    hf_idmap_free(r.ids);
    hf_idmap_free(r.payers);
    hf_free(r.effect_capacity);
    if (err != HF_OK) hf_measures_free(r.set);
    else *ret_measures = r.set;
    return err;
}

void hf_measures_free(hf_measures *set)
{
    if (!set) return;
    for (int m = 0; set->measure && m < set->n; m++) hf_free(set->measure[m].effects);
    hf_free(set->rule);
    hf_free(set->floor);
    hf_arena_done(&set->memory);
    hf_free(set);
}
