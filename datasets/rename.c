#include "datasets/rename.h"

#include <cjson/cJSON.h>
#include <string.h>

typedef enum form { WHOLE, WORDS, TARGET } form;

static const struct {
    const char *resource, *column;
    hf_id_of what;
    form form;
} columns[] = {
    {"entities", "id", HF_ID_ENTITY, WHOLE},
    {"entities", "operator", HF_ID_OPERATOR, WHOLE},
    {"operators", "id", HF_ID_OPERATOR, WHOLE},
    {"requirements", "entity", HF_ID_ENTITY, WHOLE},
    {"supplies", "entity", HF_ID_ENTITY, WHOLE},
    {"supplies", "supplier", HF_ID_ENTITY, WHOLE},
    {"carrier_nodes", "entity", HF_ID_ENTITY, WHOLE},
    {"carrier_lines", "from", HF_ID_ENTITY, WHOLE},
    {"carrier_lines", "to", HF_ID_ENTITY, WHOLE},
    {"carrier_lines", "entity", HF_ID_ENTITY, WHOLE},
    {"services_abroad", "entity", HF_ID_ENTITY, WHOLE},
    {"hazards", "hazard", HF_ID_HAZARD, WHOLE},
    {"hazard_damage", "hazard", HF_ID_HAZARD, WHOLE},
    {"hazard_damage", "entity", HF_ID_ENTITY, WHOLE},
    {"fragility", "hazard", HF_ID_HAZARD, WHOLE},
    {"measures", "measure", HF_ID_MEASURE, WHOLE},
    {"measures", "target", HF_ID_ENTITY, TARGET},
    {"measures", "supplier", HF_ID_ENTITY, WHOLE},
    {"measures", "from", HF_ID_ENTITY, WHOLE},
    {"measures", "to", HF_ID_ENTITY, WHOLE},
    {"measures", "hazards", HF_ID_HAZARD, WORDS},
    {"measures", "requires", HF_ID_MEASURE, WORDS},
    {"measures", "excludes", HF_ID_MEASURE, WORDS},
    {"industry_links", "entity", HF_ID_ENTITY, WHOLE},
    {"corridors", "entity", HF_ID_ENTITY, WHOLE},
};
enum { COLUMNS = sizeof columns / sizeof *columns };

static int column_find(const char *resource, const char *column)
{
    for (int k = 0; k < COLUMNS; k++)
        if (strcmp(columns[k].resource, resource) == 0 && strcmp(columns[k].column, column) == 0) return k;
    return -1;
}

bool hf_rename_is_id(const char *resource, const char *column)
{
    return column_find(resource, column) >= 0;
}

static void words_rename(const hf_renaming *r, hf_id_of what, const char *text, hf_buf *out)
{
    while (*text) {
        size_t skip = strspn(text, " ,;"), length = strcspn(text + skip, " ,;");
        hf_buf_add(out, text, skip);
        if (length > 0) r->rename(r->context, what, text + skip, length, out);
        text += skip + length;
    }
}

/* operator=… and hazard=… of a filter hold ids; quotes stay where they are. */
static void filter_rename(const hf_renaming *r, const char *text, hf_buf *out)
{
    while (*text) {
        size_t skip = strspn(text, " "), key = strcspn(text + skip, "= ");
        hf_buf_add(out, text, skip);
        text += skip;
        bool is_operator = key == 8 && strncmp(text, "operator", 8) == 0, is_hazard = key == 6 && strncmp(text, "hazard", 6) == 0;
        size_t value = text[key] == '=' ? key + 1 : key;
        char quote = text[value] == '\'' || text[value] == '"' ? text[value] : 0;
        if (quote) value++;
        hf_buf_add(out, text, value);
        text += value;
        char until[2] = {quote ? quote : ' ', '\0'};
        size_t length = strcspn(text, until);
        if (is_operator || is_hazard) r->rename(r->context, is_operator ? HF_ID_OPERATOR : HF_ID_HAZARD, text, length, out);
        else hf_buf_add(out, text, length);
        text += length;
        if (quote && *text) hf_buf_add(out, text++, 1);
    }
}

void hf_rename_target(const hf_renaming *r, const char *text, hf_buf *out)
{
    const char *slash = strrchr(text, '/');
    if (hf_network_find(r->net, text) >= 0 || (!slash && !strchr(text, '='))) r->rename(r->context, HF_ID_ENTITY, text, strlen(text), out);
    else if (strchr(text, '=')) filter_rename(r, text, out);
    else {
        r->rename(r->context, HF_ID_ENTITY, text, (size_t)(slash - text), out);
        hf_buf_puts(out, slash);
    }
}

void hf_rename_cell(const hf_renaming *r, const char *resource, const char *column, const char *text, hf_buf *out)
{
    int k = column_find(resource, column);
    if (k < 0 || !*text) hf_buf_puts(out, text);
    else if (columns[k].form == WORDS) words_rename(r, columns[k].what, text, out);
    else if (columns[k].form == TARGET) hf_rename_target(r, text, out);
    else r->rename(r->context, columns[k].what, text, strlen(text), out);
}

static hf_err text_set(cJSON *item, hf_buf *text)
{
    hf_err err = text->err;
    if (err == HF_OK && !cJSON_SetValuestring(item, text->text ? text->text : "")) err = HF_E_NOMEM;
    hf_buf_done(text);
    return err;
}

static hf_err injects_rename(const hf_renaming *r, cJSON *injects)
{
    hf_err err = HF_OK;
    hf_buf text = {0};
    cJSON *inject = NULL, *target = NULL;
    cJSON_ArrayForEach(inject, injects)
    {
        cJSON_ArrayForEach(target, cJSON_GetObjectItemCaseSensitive(inject, "targets"))
        {
            hf_rename_target(r, target->valuestring, &text);
            HF_TRY(text_set(target, &text));
        }
    }
out:
    return err;
}

static hf_err scenario_rename(const hf_renaming *r, cJSON *scenario)
{
    hf_err err = HF_OK;
    hf_buf text = {0};
    cJSON *name = cJSON_GetObjectItemCaseSensitive(scenario, "name"), *decision = NULL, *option = NULL;
    if (cJSON_IsString(name)) {
        r->rename(r->context, HF_ID_SCENARIO, name->valuestring, strlen(name->valuestring), &text);
        HF_TRY(text_set(name, &text));
    }
    HF_TRY(injects_rename(r, cJSON_GetObjectItemCaseSensitive(scenario, "injects")));
    cJSON_ArrayForEach(decision, cJSON_GetObjectItemCaseSensitive(scenario, "decisions"))
    {
        cJSON_ArrayForEach(option, cJSON_GetObjectItemCaseSensitive(decision, "options"))
            HF_TRY(injects_rename(r, cJSON_GetObjectItemCaseSensitive(option, "injects")));
    }
out:
    return err;
}

hf_err hf_rename_scenarios(const hf_renaming *r, cJSON *root)
{
    cJSON *list = cJSON_IsArray(root) ? root : cJSON_GetObjectItemCaseSensitive(root, "scenarios"), *scenario = NULL;
    cJSON_ArrayForEach(scenario, list)
    {
        hf_err err = scenario_rename(r, scenario);
        if (err != HF_OK) return err;
    }
    return HF_OK;
}
