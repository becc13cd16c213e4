#include "datasets/ids.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <string.h>

static const hf_field *field_find(const hf_resource *resource, const char *name)
{
    for (int k = 0; resource && k < resource->n_fields; k++)
        if (strcmp(resource->fields[k].name, name) == 0) return &resource->fields[k];
    return NULL;
}

hf_ids hf_ids_of(const hf_resource *resource, const char *column)
{
    static const struct {
        const char *resource, *column;
        hf_ids what;
    } roots[] = {{"entities", "id", HF_IDS_ENTITY},         {"operators", "id", HF_IDS_OPERATOR}, {"hazards", "hazard", HF_IDS_HAZARD},
                 {"entities", "operator", HF_IDS_OPERATOR}, {"entities", "region", HF_IDS_REGION}};
    /* A column refers to another one, that perhaps to a third: supplies.entity, requirements.entity, entities.id. */
    char name[64];
    snprintf(name, sizeof name, "%s", column);
    for (int steps = 0; resource && steps < 8; steps++) {
        const hf_field *field = field_find(resource, name);
        if (field && *field->refers_to) {
            char other[64];
            const char *dot = strchr(field->refers_to, '.');
            if (!dot) return HF_IDS_NONE;
            snprintf(other, sizeof other, "%.*s", (int)(dot - field->refers_to), field->refers_to);
            snprintf(name, sizeof name, "%s", dot + 1);
            resource = hf_resource_find(other);
            continue;
        }
        for (size_t k = 0; k < sizeof roots / sizeof *roots; k++)
            if (strcmp(roots[k].resource, resource->name) == 0 && strcmp(roots[k].column, name) == 0) return roots[k].what;
        return HF_IDS_NONE;
    }
    return HF_IDS_NONE;
}

/* One part of a filter, "region=AT13", without its quotes. */
static hf_err part_rename(const char *part, hf_ids_name *name, void *names, hf_buf *out)
{
    static const struct {
        const char *key;
        hf_ids what;
    } keys[] = {{"hazard=", HF_IDS_HAZARD}, {"operator=", HF_IDS_OPERATOR}, {"region=", HF_IDS_REGION}};
    size_t key = 0;
    const char *value = part;
    for (size_t k = 0; k < sizeof keys / sizeof *keys; k++)
        if (strncmp(part, keys[k].key, strlen(keys[k].key)) == 0) {
            key = strlen(keys[k].key);
            value = name(names, keys[k].what, part + key);
            if (!value) return HF_E_NOMEM;
        }
    bool blank = strpbrk(part, " '\"") || strpbrk(value, " '\"");
    const char *quote = !blank ? "" : strchr(value, '\'') || strchr(part, '\'') ? "\"" : "'";
    hf_buf_printf(out, "%s%.*s%s%s", quote, (int)key, part, value, quote);
    return out->err;
}

hf_err hf_ids_target(const char *target, hf_ids_name *name, void *names, hf_buf *out)
{
    hf_err err = HF_OK;
    hf_buf part = {0};
    const char *id = name(names, HF_IDS_ENTITY, target);
    if (!id) return HF_E_NOMEM;
    if (id != target || !strchr(target, '=')) {
        hf_buf_puts(out, id);
        return out->err;
    }
    for (const char *at = target; *at;) {
        while (*at == ' ') at++;
        if (!*at) break;
        part.length = 0;
        for (char quote = 0; *at && (quote || *at != ' '); at++) {
            if (*at == quote) quote = 0;
            else if (!quote && (*at == '\'' || *at == '"')) quote = *at;
            else hf_buf_add(&part, at, 1);
        }
        HF_TRY(part.err);
        if (out->length > 0) hf_buf_puts(out, " ");
        if (part.length > 0) HF_TRY(part_rename(part.text, name, names, out));
    }
    err = out->err;
out:
    hf_buf_done(&part);
    return err;
}

static hf_err targets_rename(cJSON *targets, hf_ids_name *name, void *names)
{
    hf_err err = HF_OK;
    hf_buf text = {0};
    cJSON *target;
    cJSON_ArrayForEach(target, targets)
    {
        if (!cJSON_IsString(target)) continue;
        text.length = 0;
        HF_TRY(hf_ids_target(target->valuestring, name, names, &text));
        if (!cJSON_SetValuestring(target, text.text ? text.text : "")) HF_TRY(HF_E_NOMEM);
    }
out:
    hf_buf_done(&text);
    return err;
}

hf_err hf_ids_scenario(cJSON *scenario, hf_ids_name *name, void *names)
{
    hf_err err = HF_OK;
    cJSON *own = cJSON_GetObjectItemCaseSensitive(scenario, "name");
    cJSON *inject;
    if (cJSON_IsString(own)) {
        const char *other = name(names, HF_IDS_SCENARIO, own->valuestring);
        if (!other) return HF_E_NOMEM;
        if (other != own->valuestring) HF_TRY(cJSON_SetValuestring(own, other) ? HF_OK : HF_E_NOMEM);
    }
    cJSON_ArrayForEach(inject, cJSON_GetObjectItemCaseSensitive(scenario, "injects"))
        HF_TRY(targets_rename(cJSON_GetObjectItemCaseSensitive(inject, "targets"), name, names));
out:
    return err;
}
