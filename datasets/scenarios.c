#include "datasets/scenarios.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <string.h>

typedef struct context {
    const hf_doc *json;
    const char *file;
    hf_arena *memory;
    hf_diag *diag;
} context;

static hf_err copy(const context *c, const char *text, const char **ret_copy)
{
    *ret_copy = *text ? hf_arena_strndup(c->memory, text, strlen(text)) : "";
    return *ret_copy ? HF_OK : HF_E_NOMEM;
}

static hf_err targets_read(const context *c, const cJSON *list, hf_step *step)
{
    hf_err err = HF_OK;
    const cJSON *item = NULL;
    step->targets = hf_arena_calloc(c->memory, (size_t)cJSON_GetArraySize(list) + 1, sizeof *step->targets);
    if (!step->targets) return HF_E_NOMEM;
    cJSON_ArrayForEach(item, list)
    {
        if (!cJSON_IsString(item)) hf_doc_error(c->json, c->diag, item, HF_E_RANGE, "a target must be a text: an id or a filter as \"country=RS\"");
        else HF_TRY(copy(c, item->valuestring, &step->targets[step->n_targets++]));
    }
out:
    return err;
}

static hf_err step_read(const context *c, const cJSON *object, hf_step *step)
{
    static const char *const known[] = {"at_h", "inject", "targets", "level", "text", NULL};
    hf_err err = HF_OK;
    if (!cJSON_IsObject(object)) {
        hf_doc_error(c->json, c->diag, object, HF_E_RANGE, "an inject must be an object");
        return HF_OK;
    }
    hf_doc_members_check(c->json, c->diag, object, known, HF_WARNING);
    hf_doc_at(c->json, object, &step->line, &step->column);
    const char *kind = hf_doc_text(c->json, c->diag, object, "inject", NULL);
    int found = kind ? hf_step_kind_find(kind) : -1;
    if (!kind) hf_doc_error(c->json, c->diag, object, HF_E_MISSING, "an inject without \"inject\" (allowed: fail, degrade, repair, restore, note …)");
    else if (found < 0)
        hf_doc_error(c->json, c->diag, hf_doc_member(object, "inject"), HF_E_RANGE,
                      "inject \"%.40s\" is unknown (allowed: fail degrade repair restore note close_border cut_corridor limit_trade)", kind);
    step->kind = found < 0 ? HF_STEP_NOTE : (hf_step_kind)found;
    step->at_h = hf_doc_number(c->json, c->diag, object, "at_h", NAN);
    if (!hf_doc_member(object, "at_h")) hf_doc_error(c->json, c->diag, object, HF_E_MISSING, "an inject without \"at_h\" (hours from the start)");
    step->level = hf_doc_number(c->json, c->diag, object, "level", NAN);
    HF_TRY(copy(c, hf_doc_text(c->json, c->diag, object, "text", ""), &step->text));
    HF_TRY(targets_read(c, hf_doc_array(c->json, c->diag, object, "targets"), step));
out:
    return err;
}

static hf_err steps_read(const context *c, const cJSON *object, hf_step **ret_steps, int *ret_n)
{
    hf_err err = HF_OK;
    const cJSON *list = hf_doc_array(c->json, c->diag, object, "injects"), *item = NULL;
    *ret_steps = hf_arena_calloc(c->memory, (size_t)cJSON_GetArraySize(list) + 1, sizeof **ret_steps);
    if (!*ret_steps) return HF_E_NOMEM;
    cJSON_ArrayForEach(item, list) HF_TRY(step_read(c, item, &(*ret_steps)[(*ret_n)++]));
out:
    return err;
}

/* The name of a part of a scenario (`what`: "an option"); none, or one that another part beside it has, is a finding. */
static hf_err name_read(const context *c, const cJSON *object, const char *what, const char **ret_name)
{
    const char *name = hf_doc_text(c->json, c->diag, object, "name", "");
    const cJSON *other = object->prev;
    if (!*name) hf_doc_error(c->json, c->diag, object, HF_E_MISSING, "%s without \"name\"", what);
    for (; *name && other && other->next; other = other->prev) {
        const char *taken = cJSON_GetStringValue(hf_doc_member(other, "name"));
        if (!taken || strcmp(taken, name) != 0) continue;
        hf_doc_error(c->json, c->diag, object, HF_E_DUPLICATE, "%s \"%.60s\" is there twice", strchr(what, ' ') + 1, name);
    }
    return copy(c, name, ret_name);
}

static hf_err choice_read(const context *c, const cJSON *object, hf_choice *choice)
{
    static const char *const known[] = {"name", "title", "text", "source", "injects", NULL};
    hf_err err = HF_OK;
    *choice = (hf_choice){.name = "", .title = "", .text = "", .source = ""};
    if (!cJSON_IsObject(object)) {
        hf_doc_error(c->json, c->diag, object, HF_E_RANGE, "an option must be an object");
        return HF_OK;
    }
    hf_doc_members_check(c->json, c->diag, object, known, HF_WARNING);
    HF_TRY(name_read(c, object, "an option", &choice->name));
    HF_TRY(copy(c, hf_doc_text(c->json, c->diag, object, "title", choice->name), &choice->title));
    HF_TRY(copy(c, hf_doc_text(c->json, c->diag, object, "text", ""), &choice->text));
    HF_TRY(copy(c, hf_doc_text(c->json, c->diag, object, "source", ""), &choice->source));
    HF_TRY(steps_read(c, object, &choice->steps, &choice->n_steps));
out:
    return err;
}

static hf_err decision_read(const context *c, const cJSON *object, hf_decision *d)
{
    static const char *const known[] = {"name", "title", "at_h", "options", NULL};
    hf_err err = HF_OK;
    *d = (hf_decision){.name = "", .title = ""};
    if (!cJSON_IsObject(object)) {
        hf_doc_error(c->json, c->diag, object, HF_E_RANGE, "a decision must be an object");
        return HF_OK;
    }
    hf_doc_members_check(c->json, c->diag, object, known, HF_WARNING);
    hf_doc_at(c->json, object, &d->line, &d->column);
    HF_TRY(name_read(c, object, "a decision", &d->name));
    HF_TRY(copy(c, hf_doc_text(c->json, c->diag, object, "title", d->name), &d->title));
    d->at_h = hf_doc_number(c->json, c->diag, object, "at_h", NAN);
    if (!hf_doc_member(object, "at_h")) hf_doc_error(c->json, c->diag, object, HF_E_MISSING, "a decision without \"at_h\" (hours from the start)");
    else if (d->at_h < 0)
        hf_doc_error(c->json, c->diag, hf_doc_member(object, "at_h"), HF_E_RANGE, "at_h %g is out of range (allowed: hours of 0 or more)", d->at_h);
    const cJSON *list = hf_doc_array(c->json, c->diag, object, "options"), *item = NULL;
    if (cJSON_GetArraySize(list) == 0) hf_doc_error(c->json, c->diag, object, HF_E_MISSING, "a decision without \"options\"");
    d->choices = hf_arena_calloc(c->memory, (size_t)cJSON_GetArraySize(list) + 1, sizeof *d->choices);
    if (!d->choices) return HF_E_NOMEM;
    cJSON_ArrayForEach(item, list) HF_TRY(choice_read(c, item, &d->choices[d->n_choices++]));
out:
    return err;
}

static hf_err decisions_read(const context *c, const cJSON *object, hf_scenario *s)
{
    hf_err err = HF_OK;
    const cJSON *list = hf_doc_array(c->json, c->diag, object, "decisions"), *item = NULL;
    s->decisions = hf_arena_calloc(c->memory, (size_t)cJSON_GetArraySize(list) + 1, sizeof *s->decisions);
    if (!s->decisions) return HF_E_NOMEM;
    cJSON_ArrayForEach(item, list) HF_TRY(decision_read(c, item, &s->decisions[s->n_decisions++]));
out:
    return err;
}

static hf_err scenario_read(const context *c, const cJSON *object, hf_scenario *s)
{
    static const char *const known[] = {"name", "title", "description", "horizon_h", "injects", "decisions", NULL};
    hf_err err = HF_OK;
    hf_doc_members_check(c->json, c->diag, object, known, HF_WARNING);
    s->file = c->file;
    HF_TRY(copy(c, hf_doc_text(c->json, c->diag, object, "name", ""), &s->name));
    if (!*s->name) hf_doc_error(c->json, c->diag, object, HF_E_MISSING, "a scenario without \"name\"");
    HF_TRY(copy(c, hf_doc_text(c->json, c->diag, object, "title", s->name), &s->title));
    HF_TRY(copy(c, hf_doc_text(c->json, c->diag, object, "description", ""), &s->description));
    s->horizon_h = hf_doc_number(c->json, c->diag, object, "horizon_h", NAN);
    if (s->horizon_h <= 0)
        hf_doc_error(c->json, c->diag, hf_doc_member(object, "horizon_h"), HF_E_RANGE, "horizon_h %g is out of range (allowed: above 0 h)",
                      s->horizon_h);
    HF_TRY(steps_read(c, object, &s->steps, &s->n_steps));
    HF_TRY(decisions_read(c, object, s));
out:
    return err;
}

hf_err hf_scenarios_read(const hf_doc *json, const char *file, hf_arena *memory, hf_diag *diag, hf_scenario **ret_scenarios, int *ret_count)
{
    hf_err err = HF_OK;
    const context c = {json, file, memory, diag};
    const cJSON *root = hf_doc_root(json), *item = NULL;
    const cJSON *list = cJSON_IsArray(root) ? root : cJSON_IsObject(root) ? hf_doc_array(json, diag, root, "scenarios") : NULL;
    if (!list) hf_doc_error(json, diag, root, HF_E_MISSING, "an object with \"scenarios\", an array, was expected");
    hf_scenario *all = hf_arena_calloc(memory, (size_t)cJSON_GetArraySize(list) + 1, sizeof *all);
    int n = 0;
    if (!all) return HF_E_NOMEM;
    cJSON_ArrayForEach(item, list)
    {
        if (!cJSON_IsObject(item)) {
            hf_doc_error(json, diag, item, HF_E_RANGE, "a scenario must be an object");
            continue;
        }
        HF_TRY(scenario_read(&c, item, &all[n]));
        for (int k = 0; k < n; k++)
            if (strcmp(all[k].name, all[n].name) == 0) hf_doc_error(json, diag, item, HF_E_DUPLICATE, "scenario \"%.60s\" is there twice", all[n].name);
        n++;
    }
    *ret_scenarios = all;
    *ret_count = n;
out:
    return err;
}
