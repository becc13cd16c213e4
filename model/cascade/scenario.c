#include "model/cascade/scenario.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

static const char *const kind_names[] = {"fail", "degrade", "repair", "restore", "note", "close_border", "cut_corridor", "limit_trade"};
enum { KINDS = sizeof kind_names / sizeof *kind_names };

const char *hf_step_kind_name(hf_step_kind kind)
{
    return kind_names[kind];
}

int hf_step_kind_find(const char *name)
{
    for (int k = 0; k < KINDS; k++)
        if (strcmp(kind_names[k], name) == 0) return k;
    return -1;
}

/* One part of a filter: which label, which value. */
typedef struct filter {
    const int *field; /* label index of each entity, NULL for a hazard */
    int value;        /* label index, or hazard */
} filter;

enum { FILTERS = 8, PART = 128 };

static const char *const filter_help = "filters are written sector=, subsector=, country=, region=, operator= or hazard=, with a value that is in the data set";

static bool filter_parse(const hf_network *net, const char *part, filter *ret_filter)
{
    const struct {
        const char *name;
        const int *field;
        const hf_labels *labels;
    } known[] = {{"sector", net->sector, &net->sectors},
                 {"subsector", net->subsector, &net->subsectors},
                 {"country", net->country, &net->countries},
                 {"region", net->region, &net->regions},
                 {"operator", net->owner, &net->owners}};
    const char *equals = strchr(part, '=');
    if (!equals) return false;
    size_t length = (size_t)(equals - part);
    if (length == 6 && strncmp(part, "hazard", 6) == 0) {
        *ret_filter = (filter){NULL, hf_network_find_hazard(net, equals + 1)};
        return ret_filter->value >= 0;
    }
    for (size_t k = 0; k < sizeof known / sizeof *known; k++) {
        if (strlen(known[k].name) != length || strncmp(part, known[k].name, length) != 0) continue;
        *ret_filter = (filter){known[k].field, hf_labels_find(known[k].labels, equals + 1)};
        return ret_filter->value >= 0;
    }
    return false;
}

/* Cuts a target at its blanks into filters; values may be quoted with '…' or "…" to hold blanks. Returns how many, or -1. */
static int filters_parse(const hf_network *net, const char *target, filter *filters)
{
    int n = 0;
    for (const char *at = target; *at;) {
        while (*at == ' ') at++;
        if (!*at) break;
        char part[PART];
        size_t length = 0;
        for (char quote = 0; *at && (quote || *at != ' '); at++) {
            if (*at == quote) quote = 0;
            else if (!quote && (*at == '\'' || *at == '"')) quote = *at;
            else if (length + 1 < sizeof part) part[length++] = *at;
            else return -1;
        }
        part[length] = '\0';
        if (n == FILTERS || !filter_parse(net, part, &filters[n])) return -1;
        n++;
    }
    return n;
}

static bool damaged_by(const hf_network *net, int hazard, int entity)
{
    for (int d = net->hazard_off[hazard]; d < net->hazard_off[hazard + 1]; d++)
        if (net->damage_entity[d] == entity) return true;
    return false;
}

static bool matches(const hf_network *net, const filter *filters, int n, int entity)
{
    for (int k = 0; k < n; k++) {
        if (filters[k].field ? filters[k].field[entity] != filters[k].value : !damaged_by(net, filters[k].value, entity)) return false;
    }
    return true;
}

hf_inject hf_damage_inject(const hf_network *net, int row)
{
    return (hf_inject){0, HF_INJECT_FAIL, net->damage_entity[row], 1 - net->damage_severity[row], net->damage_repair_h[row]};
}

hf_err hf_target_resolve(const hf_network *net, const char *target, int **ret_entities, int *ret_count, const char **ret_why)
{
    filter filters[FILTERS];
    int id = hf_network_find(net, target), n_filters = id < 0 && strchr(target, '=') ? filters_parse(net, target, filters) : 0, n = 0;
    int *entities = hf_malloc((size_t)(id >= 0 || n_filters <= 0 ? 1 : net->n_entities) * sizeof *entities);
    if (!entities) return HF_E_NOMEM;
    *ret_why = NULL;
    if (id >= 0) entities[n++] = id;
    for (int i = 0; n_filters > 0 && i < net->n_entities; i++)
        if (matches(net, filters, n_filters, i)) entities[n++] = i;
    if (n == 0 && n_filters < 0) *ret_why = filter_help;
    else if (n == 0) *ret_why = n_filters > 0 ? "no entity matches all parts of the filter" : "no entity has this id";
    *ret_entities = entities;
    *ret_count = n;
    return HF_OK;
}

typedef struct injects {
    hf_inject *item;
    size_t n, capacity;
} injects;

static void complain(const hf_scenario *s, const hf_step *step, hf_diag *diag, hf_err code, const char *text, const char *value, const char *allowed)
{
    hf_diag_add(diag, HF_ERROR, code, s->file, step->line, step->column, "scenario %s: %s %s (%s)", s->name, text, value, allowed);
}

/* Level of a step; NaN, with a finding, when it has none or one out of range. */
static double level_of(const hf_scenario *s, const hf_step *step, hf_diag *diag)
{
    char value[32];
    snprintf(value, sizeof value, "%g", step->level);
    if (isnan(step->level)) {
        if (step->kind == HF_STEP_DEGRADE) complain(s, step, diag, HF_E_MISSING, "inject degrade has no", "level", "allowed: 0 to 1");
        return step->kind == HF_STEP_DEGRADE ? NAN : step->kind == HF_STEP_FAIL ? 0 : 1;
    }
    if (step->level >= 0 && step->level <= 1) return step->level;
    complain(s, step, diag, HF_E_RANGE, "level", value, "allowed: 0 to 1");
    return NAN;
}

static hf_err step_resolve(const hf_scenario *s, const hf_step *step, const hf_network *net, hf_diag *diag, injects *to)
{
    static const hf_inject_kind kinds[] = {HF_INJECT_FAIL, HF_INJECT_DEGRADE, HF_INJECT_REPAIR, HF_INJECT_RESTORE};
    hf_err err = HF_OK;
    double level = level_of(s, step, diag);
    if (!(step->at_h >= 0 && isfinite(step->at_h))) {
        char value[32];
        snprintf(value, sizeof value, "%g", step->at_h);
        complain(s, step, diag, HF_E_RANGE, "at_h", value, "allowed: hours of 0 or more");
    }
    if (step->n_targets == 0) complain(s, step, diag, HF_E_MISSING, "an inject has no", "targets", "allowed: ids or filters");
    for (int k = 0; k < step->n_targets; k++) {
        int *entities = NULL, n = 0;
        const char *why = NULL;
        HF_TRY(hf_target_resolve(net, step->targets[k], &entities, &n, &why));
        if (n == 0) {
            char value[160];
            snprintf(value, sizeof value, "\"%.120s\" is unknown", step->targets[k]);
            complain(s, step, diag, HF_E_UNKNOWN_ID, "target", value, why);
        }
        err = hf_grow((void **)&to->item, &to->capacity, to->n + (size_t)n, sizeof *to->item);
        for (int e = 0; err == HF_OK && e < n; e++)
            to->item[to->n++] = (hf_inject){step->at_h, kinds[step->kind], entities[e], level, NAN};
        hf_free(entities);
        if (err != HF_OK) break;
    }
out:
    return err;
}

/* Injects of the steps that act, appended; the others are counted by kind. */
static hf_err steps_resolve(const hf_scenario *s, const hf_step *steps, int n, const hf_network *net, hf_diag *diag, injects *to, int *passive)
{
    hf_err err = hf_grow((void **)&to->item, &to->capacity, to->n + 1, sizeof *to->item);
    for (int k = 0; err == HF_OK && k < n; k++) {
        if (steps[k].kind >= HF_STEP_NOTE) passive[steps[k].kind]++;
        else err = step_resolve(s, &steps[k], net, diag, to);
    }
    return err;
}

/* A decision cannot act before it is taken. */
static void choice_check(const hf_scenario *s, const hf_decision *decision, const hf_choice *choice, hf_diag *diag)
{
    for (int k = 0; k < choice->n_steps; k++) {
        const hf_step *step = &choice->steps[k];
        char value[80], allowed[64];
        if (!(step->at_h < decision->at_h)) continue;
        snprintf(value, sizeof value, "%g is before the decision %.40s", step->at_h, decision->name);
        snprintf(allowed, sizeof allowed, "allowed: from %g h on", decision->at_h);
        complain(s, step, diag, HF_E_RANGE, "at_h", value, allowed);
    }
}

static void passive_note(const hf_scenario *s, const int *passive, hf_diag *diag)
{
    for (int k = HF_STEP_CLOSE_BORDER; k < KINDS; k++)
        if (passive[k])
            hf_diag_add(diag, HF_NOTE, HF_OK, s->file, 0, 0, "scenario %s: %d inject%s %s act on trade, not on the cascade", s->name, passive[k],
                        passive[k] == 1 ? "" : "s", kind_names[k]);
}

hf_err hf_scenario_resolve_choice(const hf_scenario *scenario, const hf_decision *decision, const hf_choice *choice, const hf_network *net, hf_diag *diag,
                                  hf_inject **ret_injects, int *ret_count)
{
    hf_err err = HF_OK;
    injects to = {0};
    int passive[KINDS] = {0};
    size_t errors = diag ? hf_diag_count(diag, HF_ERROR) : 0;
    HF_TRY(steps_resolve(scenario, scenario->steps, scenario->n_steps, net, diag, &to, passive));
    if (choice) {
        choice_check(scenario, decision, choice, diag);
        HF_TRY(steps_resolve(scenario, choice->steps, choice->n_steps, net, diag, &to, passive));
    }
    if (diag && hf_diag_count(diag, HF_ERROR) > errors) HF_TRY(HF_E_DATA);
    if (!choice) passive_note(scenario, passive, diag);
    *ret_injects = to.item;
    *ret_count = (int)to.n;
    to.item = NULL;
out:
    hf_free(to.item);
    return err;
}

hf_err hf_scenario_resolve(const hf_scenario *scenario, const hf_network *net, hf_diag *diag, hf_inject **ret_injects, int *ret_count)
{
    return hf_scenario_resolve_choice(scenario, NULL, NULL, net, diag, ret_injects, ret_count);
}
