#include "datasets/worst_events.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "datasets/doc.h"
#include "datasets/files.h"

typedef struct context {
    const hf_doc *json;
    hf_arena *memory;
    hf_diag *diag;
} context;

static hf_err text_read(const context *c, const cJSON *object, const char *name, bool needed, const char **ret_text)
{
    const char *text = hf_doc_text(c->json, c->diag, object, name, "");
    if (needed && !*text) hf_doc_error(c->json, c->diag, object, HF_E_MISSING, "\"%s\" is missing", name);
    *ret_text = *text ? hf_arena_strndup(c->memory, text, strlen(text)) : "";
    return *ret_text ? HF_OK : HF_E_NOMEM;
}

static hf_err indicator_read(const context *c, const cJSON *object, hf_region_indicator *what)
{
    hf_err err = HF_OK;
    const char *count = hf_doc_text(c->json, c->diag, object, "count", "");
    const cJSON *isolated = hf_doc_member(object, "isolated");
    what->people = strcmp(count, "people") == 0;
    if (!what->people && strcmp(count, "entities") != 0)
        hf_doc_error(c->json, c->diag, object, HF_E_RANGE, "count \"%.40s\" is unknown (allowed: people, entities; or \"not_measured\" and why)", count);
    if (isolated && !cJSON_IsBool(isolated)) hf_doc_error(c->json, c->diag, isolated, HF_E_RANGE, "isolated must be true or false");
    what->isolated = cJSON_IsTrue(isolated);
    HF_TRY(text_read(c, object, "sector", !what->isolated, &what->sector));
    HF_TRY(text_read(c, object, "subsector", false, &what->subsector));
    what->hours = hf_doc_number(c->json, c->diag, object, "hours", 0);
    if (!(what->hours >= 0))
        hf_doc_error(c->json, c->diag, hf_doc_member(object, "hours"), HF_E_RANGE, "hours %g is out of range (allowed: 0 or more)", what->hours);
out:
    return err;
}

static hf_err event_read(const context *c, const cJSON *object, hf_worst_events *set)
{
    static const char *const known[] = {"code", "title", "count", "sector", "subsector", "isolated", "hours", NULL};
    static const char *const known_unmeasured[] = {"code", "title", "not_measured", NULL};
    hf_err err = HF_OK;
    const char *why = NULL;
    hf_worst_event *event = &set->event[set->n];
    if (!cJSON_IsObject(object)) {
        hf_doc_error(c->json, c->diag, object, HF_E_RANGE, "an event must be an object");
        return HF_OK;
    }
    bool unmeasured = hf_doc_member(object, "not_measured");
    hf_doc_members_check(c->json, c->diag, object, unmeasured ? known_unmeasured : known, HF_ERROR);
    HF_TRY(text_read(c, object, "code", true, &event->code));
    HF_TRY(text_read(c, object, "title", true, &event->title));
    for (int k = 0; k < set->n; k++)
        if (strcmp(set->event[k].code, event->code) == 0) hf_doc_error(c->json, c->diag, object, HF_E_DUPLICATE, "event \"%.40s\" is there twice", event->code);
    if (unmeasured) {
        HF_TRY(text_read(c, object, "not_measured", true, &why));
        set->n_unmeasured++;
    } else {
        HF_TRY(indicator_read(c, object, &event->indicator));
        set->n++;
    }
out:
    return err;
}

static hf_err set_read(const context *c, hf_worst_events *set)
{
    static const char *const known[] = {"name", "title", "source", "verified", "events", NULL};
    hf_err err = HF_OK;
    const cJSON *root = hf_doc_root(c->json), *item = NULL;
    if (!cJSON_IsObject(root)) {
        hf_doc_error(c->json, c->diag, root, HF_E_RANGE, "an object with \"events\", an array, was expected");
        return HF_OK;
    }
    hf_doc_members_check(c->json, c->diag, root, known, HF_ERROR);
    HF_TRY(text_read(c, root, "name", true, &set->name));
    HF_TRY(text_read(c, root, "title", true, &set->title));
    HF_TRY(text_read(c, root, "source", true, &set->source));
    HF_TRY(text_read(c, root, "verified", true, &set->verified));
    const cJSON *list = hf_doc_array(c->json, c->diag, root, "events");
    set->event = hf_arena_calloc(c->memory, (size_t)cJSON_GetArraySize(list) + 1, sizeof *set->event);
    if (!set->event) HF_TRY(HF_E_NOMEM);
    cJSON_ArrayForEach(item, list) HF_TRY(event_read(c, item, set));
    if (set->n == 0) hf_doc_error(c->json, c->diag, list, HF_E_MISSING, "no event that is measured");
out:
    return err;
}

hf_err hf_worst_events_read(const char *file, hf_diag *diag, hf_worst_events **ret_events)
{
    hf_err err = HF_OK;
    char *text = NULL;
    size_t length = 0, errors = hf_diag_count(diag, HF_ERROR);
    hf_doc *json = NULL;
    hf_worst_events *set = hf_calloc(1, sizeof *set);
    if (!set) return HF_E_NOMEM;
    HF_TRY(hf_files_text(file, diag, &text, &length));
    HF_TRY(hf_doc_parse(file, text, length, diag, &json));
    const context c = {json, &set->memory, diag};
    HF_TRY(set_read(&c, set));
    if (hf_diag_count(diag, HF_ERROR) > errors) HF_TRY(HF_E_DATA);
    *ret_events = set;
    set = NULL;
out:
    hf_worst_events_free(set);
    hf_doc_free(json);
    hf_free(text);
    return err;
}

void hf_worst_events_free(hf_worst_events *events)
{
    if (!events) return;
    hf_arena_done(&events->memory);
    hf_free(events);
}
