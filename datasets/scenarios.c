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

/* Members that mean nothing here are most often misspelt ones that do. */
static void members_check(const context *c, const cJSON *object, const char *const *known)
{
    for (const cJSON *member = object->child; member; member = member->next) {
        bool found = false;
        for (const char *const *name = known; *name; name++) found |= strcmp(*name, member->string) == 0;
        if (found) continue;
        int line = 0, column = 0;
        hf_doc_at(c->json, member, &line, &column);
        hf_diag_add(c->diag, HF_WARNING, HF_OK, c->file, line, column, "\"%.60s\" has no meaning here and is ignored", member->string);
    }
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
    members_check(c, object, known);
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

static hf_err scenario_read(const context *c, const cJSON *object, hf_scenario *s)
{
    static const char *const known[] = {"name", "title", "description", "horizon_h", "injects", NULL};
    hf_err err = HF_OK;
    members_check(c, object, known);
    s->file = c->file;
    HF_TRY(copy(c, hf_doc_text(c->json, c->diag, object, "name", ""), &s->name));
    if (!*s->name) hf_doc_error(c->json, c->diag, object, HF_E_MISSING, "a scenario without \"name\"");
    HF_TRY(copy(c, hf_doc_text(c->json, c->diag, object, "title", s->name), &s->title));
    HF_TRY(copy(c, hf_doc_text(c->json, c->diag, object, "description", ""), &s->description));
    s->horizon_h = hf_doc_number(c->json, c->diag, object, "horizon_h", NAN);
    if (s->horizon_h <= 0)
        hf_doc_error(c->json, c->diag, hf_doc_member(object, "horizon_h"), HF_E_RANGE, "horizon_h %g is out of range (allowed: above 0 h)",
                      s->horizon_h);
    const cJSON *list = hf_doc_array(c->json, c->diag, object, "injects"), *item = NULL;
    s->steps = hf_arena_calloc(c->memory, (size_t)cJSON_GetArraySize(list) + 1, sizeof *s->steps);
    if (!s->steps) return HF_E_NOMEM;
    cJSON_ArrayForEach(item, list) HF_TRY(step_read(c, item, &s->steps[s->n_steps++]));
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
