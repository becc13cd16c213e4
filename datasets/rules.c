#include "datasets/rules.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "datasets/codes.h"
#include "datasets/doc.h"
#include "datasets/files.h"

typedef struct context {
    const hf_doc *json;
    hf_arena *memory;
    hf_diag *diag;
} context;

/* A copy of a text member; NULL when absent. */
static hf_err text_read(const context *c, const cJSON *object, const char *name, const char **ret_text)
{
    const char *text = hf_doc_text(c->json, c->diag, object, name, NULL);
    *ret_text = text ? hf_arena_strndup(c->memory, text, strlen(text)) : NULL;
    return text && !*ret_text ? HF_E_NOMEM : HF_OK;
}

static hf_err text_need(const context *c, const cJSON *object, const char *name, const char *what, const char **ret_text)
{
    hf_err err = text_read(c, object, name, ret_text);
    if (err == HF_OK && (!*ret_text || !**ret_text)) {
        if (!hf_doc_member(object, name) || cJSON_IsString(hf_doc_member(object, name)))
            hf_doc_error(c->json, c->diag, object, HF_E_MISSING, "%s without \"%s\"", what, name);
        *ret_text = "";
    }
    return err;
}

static void criterion_read(const context *c, const cJSON *object, hf_threshold *t)
{
    const char *text = hf_doc_text(c->json, c->diag, object, "criterion", NULL);
    if (text && strlen(text) == 1 && text[0] >= 'a' && text[0] < 'a' + HF_CRITERIA) t->criterion = text[0] - 'a';
    else if (text)
        hf_doc_error(c->json, c->diag, hf_doc_member(object, "criterion"), HF_E_RANGE, "criterion \"%.20s\" is unknown (allowed: a b c d e f)", text);
    else hf_doc_error(c->json, c->diag, object, HF_E_MISSING, "a threshold without \"criterion\" (a to f of Article 7)");
}

static void indicator_read(const context *c, const cJSON *object, hf_threshold *t)
{
    const char *text = hf_doc_text(c->json, c->diag, object, "indicator", NULL);
    int found = text ? hf_indicator_find(text) : -1;
    t->indicator = found < 0 ? HF_NOT_ASSESSABLE : (hf_indicator)found;
    if (!text) hf_doc_error(c->json, c->diag, object, HF_E_MISSING, "a threshold without \"indicator\"");
    if (!text || found >= 0) return;
    hf_buf allowed = {0};
    for (int k = 0; k < HF_INDICATORS; k++) hf_buf_printf(&allowed, " %s", hf_indicator_name((hf_indicator)k));
    hf_doc_error(c->json, c->diag, hf_doc_member(object, "indicator"), HF_E_RANGE, "indicator \"%.40s\" is unknown (allowed:%s)", text,
                 allowed.text ? allowed.text : "");
    hf_buf_done(&allowed);
}

/* A number of at least 0. */
static double amount_read(const context *c, const cJSON *object, const char *name)
{
    double value = hf_doc_number(c->json, c->diag, object, name, NAN);
    if (value < 0) hf_doc_error(c->json, c->diag, hf_doc_member(object, name), HF_E_RANGE, "%s %g is out of range (allowed: 0 and above)", name, value);
    return value;
}

static hf_err threshold_read(const context *c, const cJSON *object, bool incident, hf_threshold *t)
{
    static const char *const known[] = {"criterion", "indicator", "limit", "level", "unit", "sector", "subsector", "must", "needs", "source", NULL};
    hf_err err = HF_OK;
    if (!cJSON_IsObject(object)) {
        hf_doc_error(c->json, c->diag, object, HF_E_RANGE, "a threshold must be an object");
        return HF_OK;
    }
    hf_doc_members_check(c->json, c->diag, object, known, HF_ERROR);
    if (!incident) criterion_read(c, object, t);
    indicator_read(c, object, t);
    t->limit = amount_read(c, object, "limit");
    if (!hf_doc_member(object, "limit")) hf_doc_error(c->json, c->diag, object, HF_E_MISSING, "a threshold without \"limit\"");
    t->level = amount_read(c, object, "level");
    t->must = hf_doc_flag(c->json, c->diag, object, "must");
    HF_TRY(text_read(c, object, "unit", &t->unit));
    HF_TRY(text_read(c, object, "sector", &t->sector));
    HF_TRY(text_read(c, object, "subsector", &t->subsector));
    HF_TRY(text_read(c, object, "needs", &t->needs));
    HF_TRY(text_need(c, object, "source", "a threshold", &t->source));
    if (t->indicator == HF_HOURS_ABOVE && isnan(t->level)) hf_doc_error(c->json, c->diag, object, HF_E_MISSING, "hours_above without \"level\" (users)");
    if (t->indicator == HF_SUPPLY && !t->unit) hf_doc_error(c->json, c->diag, object, HF_E_MISSING, "supply without \"unit\" (of a carrier, such as MW)");
out:
    return err;
}

static hf_err thresholds_read(const context *c, const cJSON *list, bool incident, hf_threshold **ret_threshold, int *ret_n)
{
    const cJSON *item = NULL;
    hf_err err = HF_OK;
    *ret_threshold = hf_arena_calloc(c->memory, (size_t)cJSON_GetArraySize(list) + 1, sizeof **ret_threshold);
    if (!*ret_threshold) return HF_E_NOMEM;
    cJSON_ArrayForEach(item, list) HF_TRY(threshold_read(c, item, incident, &(*ret_threshold)[(*ret_n)++]));
out:
    return err;
}

static hf_err class_read(const context *c, const cJSON *object, hf_rule_class *to)
{
    static const char *const known[] = {"class", "title", "criteria", "thresholds", NULL};
    hf_err err = HF_OK;
    if (!cJSON_IsObject(object)) {
        hf_doc_error(c->json, c->diag, object, HF_E_RANGE, "a class must be an object");
        return HF_OK;
    }
    hf_doc_members_check(c->json, c->diag, object, known, HF_ERROR);
    HF_TRY(text_need(c, object, "class", "a class", &to->name));
    HF_TRY(text_need(c, object, "title", "a class", &to->title));
    double criteria = hf_doc_number(c->json, c->diag, object, "criteria", 1);
    if (!(criteria >= 1 && criteria <= HF_CRITERIA && criteria == floor(criteria)))
        hf_doc_error(c->json, c->diag, hf_doc_member(object, "criteria"), HF_E_RANGE, "criteria %g is out of range (allowed: whole numbers from 1 to %d)",
                     criteria, HF_CRITERIA);
    to->criteria = (int)fmax(1, fmin(criteria, HF_CRITERIA));
    const cJSON *list = hf_doc_array(c->json, c->diag, object, "thresholds");
    if (!list || cJSON_GetArraySize(list) == 0) hf_doc_error(c->json, c->diag, object, HF_E_MISSING, "a class without \"thresholds\"");
    HF_TRY(thresholds_read(c, list, false, &to->threshold, &to->n_thresholds));
out:
    return err;
}

static hf_err states_read(const context *c, const cJSON *list, hf_rules *r)
{
    const cJSON *item = NULL;
    r->member = hf_arena_calloc(c->memory, (size_t)cJSON_GetArraySize(list) + 1, sizeof *r->member);
    if (!r->member) return HF_E_NOMEM;
    cJSON_ArrayForEach(item, list)
    {
        const char *code = cJSON_IsString(item) ? hf_country_code(item->valuestring) : NULL;
        if (code) r->member[r->n_members++] = code;
        else hf_doc_error(c->json, c->diag, item, HF_E_RANGE, "a member state must be a country, as ISO 3166-1 alpha-2 (\"AT\")");
    }
    return HF_OK;
}

static hf_err root_read(const context *c, const cJSON *root, hf_rules *r)
{
    static const char *const known[] = {"rules", "version", "title", "source", "verified", "near", "member_states", "classes", "incident", NULL};
    const cJSON *item = NULL;
    hf_err err = HF_OK;
    if (!cJSON_IsObject(root)) {
        hf_doc_error(c->json, c->diag, root, HF_E_RANGE, "a rule set must be an object");
        return HF_OK;
    }
    hf_doc_members_check(c->json, c->diag, root, known, HF_ERROR);
    HF_TRY(text_need(c, root, "rules", "a rule set", &r->name));
    HF_TRY(text_need(c, root, "version", "a rule set", &r->version));
    HF_TRY(text_need(c, root, "title", "a rule set", &r->title));
    HF_TRY(text_need(c, root, "source", "a rule set", &r->source));
    HF_TRY(text_need(c, root, "verified", "a rule set", &r->verified));
    r->near = hf_doc_number(c->json, c->diag, root, "near", 0.5);
    if (!(r->near > 0 && r->near <= 1))
        hf_doc_error(c->json, c->diag, hf_doc_member(root, "near"), HF_E_RANGE, "near %g is out of range (allowed: above 0 to 1)", r->near);
    HF_TRY(states_read(c, hf_doc_array(c->json, c->diag, root, "member_states"), r));
    const cJSON *list = hf_doc_array(c->json, c->diag, root, "classes");
    if (!list || cJSON_GetArraySize(list) == 0) hf_doc_error(c->json, c->diag, root, HF_E_MISSING, "a rule set without \"classes\"");
    r->classes = hf_arena_calloc(c->memory, (size_t)cJSON_GetArraySize(list) + 1, sizeof *r->classes);
    if (!r->classes) return HF_E_NOMEM;
    cJSON_ArrayForEach(item, list) HF_TRY(class_read(c, item, &r->classes[r->n_classes++]));
    HF_TRY(thresholds_read(c, hf_doc_array(c->json, c->diag, root, "incident"), true, &r->incident, &r->n_incident));
    hf_assess_options levels;
    if (!hf_rules_levels(r, &levels)) hf_doc_error(c->json, c->diag, root, HF_E_RANGE, "more than %d different levels of hours_above", HF_ASSESS_LEVELS);
out:
    return err;
}

hf_err hf_rules_read(const char *file, hf_arena *memory, hf_diag *diag, hf_rules *ret_rules)
{
    char *bytes = NULL;
    size_t length = 0, before = hf_diag_count(diag, HF_ERROR);
    hf_doc *json = NULL;
    hf_err err;
    *ret_rules = (hf_rules){0};
    HF_TRY(hf_files_text(file, diag, &bytes, &length));
    HF_TRY(hf_doc_parse(file, bytes, length, diag, &json));
    const context c = {json, memory, diag};
    HF_TRY(root_read(&c, hf_doc_root(json), ret_rules));
    if (hf_diag_count(diag, HF_ERROR) > before) err = HF_E_DATA;
out:
    hf_doc_free(json);
    hf_free(bytes);
    return err;
}
