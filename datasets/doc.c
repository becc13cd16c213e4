#include "datasets/doc.h"

#include <cjson/cJSON.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "datasets/json_scan.h"

typedef struct node_place {
    const cJSON *node;
    uint32_t offset;
} node_place;

struct hf_doc {
    char *file, *text;
    cJSON *root;
    node_place *places; /* by address */
    size_t n_places;
};

static int compare_nodes(const void *a, const void *b)
{
    uintptr_t x = (uintptr_t)((const node_place *)a)->node, y = (uintptr_t)((const node_place *)b)->node;
    return (x > y) - (x < y);
}

/* Walks the tree in the order of the text and gives each node its place; false if the tree has another number of values. */
static bool places_give(hf_doc *json, const hf_json_places *places)
{
    const cJSON *stack[128];
    int depth = 0;
    size_t n = 0;
    const cJSON *node = json->root;
    while (node) {
        if (n == places->n) return false;
        json->places[n] = (node_place){node, places->offset[n]};
        n++;
        if (node->child && depth < 128) {
            stack[depth++] = node;
            node = node->child;
            continue;
        }
        while (node && !node->next) node = depth > 0 ? stack[--depth] : NULL;
        if (node) node = node->next;
    }
    json->n_places = n;
    return n == places->n;
}

static char *copy(const char *text, size_t length)
{
    char *to = hf_malloc(length + 1);
    if (!to) return NULL;
    memcpy(to, text, length);
    to[length] = '\0';
    return to;
}

static void *cjson_malloc(size_t bytes)
{
    return hf_malloc(bytes);
}

hf_err hf_doc_parse(const char *file, const char *text, size_t length, hf_diag *diag, hf_doc **ret_json)
{
    hf_err err = HF_OK;
    hf_json_places places = {0};
    if (length >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0) text += 3, length -= 3;
    hf_doc *json = hf_calloc(1, sizeof *json);
    if (!json) return HF_E_NOMEM;
    cJSON_Hooks hooks = {cjson_malloc, hf_free};
    cJSON_InitHooks(&hooks);
    if (length > UINT32_MAX / 2) {
        hf_diag_add(diag, HF_ERROR, HF_E_TOO_LARGE, file, 0, 0, "the file is larger than 2 GiB");
        HF_TRY(HF_E_DATA);
    }
    HF_TRY(hf_json_scan(file, text, length, diag, &places));
    json->file = copy(file, strlen(file));
    json->text = copy(text, length);
    json->places = hf_malloc(places.n * sizeof *json->places);
    if (!json->file || !json->text || !json->places) HF_TRY(HF_E_NOMEM);
    json->root = cJSON_ParseWithLength(json->text, length + 1);
    if (!json->root) HF_TRY(HF_E_NOMEM); /* the scan has settled everything else */
    if (!places_give(json, &places)) HF_TRY(HF_E_LIBRARY);
    qsort(json->places, json->n_places, sizeof *json->places, compare_nodes);
    *ret_json = json;
out:
    hf_free(places.offset);
    if (err != HF_OK) hf_doc_free(json);
    return err;
}

void hf_doc_free(hf_doc *json)
{
    if (!json) return;
    cJSON_Delete(json->root);
    hf_free(json->file);
    hf_free(json->text);
    hf_free(json->places);
    hf_free(json);
}

const cJSON *hf_doc_root(const hf_doc *json)
{
    return json->root;
}

void hf_doc_at(const hf_doc *json, const cJSON *value, int *ret_line, int *ret_column)
{
    node_place wanted = {value, 0};
    const node_place *found = bsearch(&wanted, json->places, json->n_places, sizeof *json->places, compare_nodes);
    *ret_line = *ret_column = 0;
    if (found) hf_json_line(json->text, found->offset, ret_line, ret_column);
}

void hf_doc_error(const hf_doc *json, hf_diag *diag, const cJSON *value, hf_err code, const char *format, ...)
{
    char text[512];
    int line = 0, column = 0;
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (value) hf_doc_at(json, value, &line, &column);
    hf_diag_add(diag, HF_ERROR, code, json->file, line, column, "%s", text);
}

const cJSON *hf_doc_member(const cJSON *object, const char *name)
{
    return cJSON_GetObjectItemCaseSensitive(object, name);
}

const char *hf_doc_text(const hf_doc *json, hf_diag *diag, const cJSON *object, const char *name, const char *fallback)
{
    const cJSON *value = hf_doc_member(object, name);
    if (!value || cJSON_IsNull(value)) return fallback;
    if (cJSON_IsString(value)) return value->valuestring;
    hf_doc_error(json, diag, value, HF_E_RANGE, "\"%s\" must be a text", name);
    return fallback;
}

double hf_doc_number(const hf_doc *json, hf_diag *diag, const cJSON *object, const char *name, double fallback)
{
    const cJSON *value = hf_doc_member(object, name);
    if (!value || cJSON_IsNull(value)) return fallback;
    if (cJSON_IsNumber(value)) return value->valuedouble;
    hf_doc_error(json, diag, value, HF_E_RANGE, "\"%s\" must be a number", name);
    return fallback;
}

const cJSON *hf_doc_array(const hf_doc *json, hf_diag *diag, const cJSON *object, const char *name)
{
    const cJSON *value = hf_doc_member(object, name);
    if (!value || cJSON_IsNull(value)) return NULL;
    if (cJSON_IsArray(value)) return value;
    hf_doc_error(json, diag, value, HF_E_RANGE, "\"%s\" must be an array", name);
    return NULL;
}

bool hf_doc_flag(const hf_doc *json, hf_diag *diag, const cJSON *object, const char *name)
{
    const cJSON *value = hf_doc_member(object, name);
    if (value && !cJSON_IsBool(value)) hf_doc_error(json, diag, value, HF_E_RANGE, "\"%s\" must be true or false", name);
    return cJSON_IsTrue(value);
}

static bool is_known(const char *name, const char *const *known)
{
    while (*known && strcmp(*known, name) != 0) known++;
    return *known;
}

void hf_doc_members_check(const hf_doc *json, hf_diag *diag, const cJSON *object, const char *const *known, hf_severity severity)
{
    for (const cJSON *member = object->child; member; member = member->next) {
        int line = 0, column = 0;
        if (is_known(member->string, known)) continue;
        hf_doc_at(json, member, &line, &column);
        hf_diag_add(diag, severity, severity == HF_ERROR ? HF_E_UNKNOWN_ID : HF_OK, json->file, line, column, "\"%.60s\" has no meaning here%s",
                    member->string, severity == HF_ERROR ? "" : " and is ignored");
    }
}

hf_err hf_doc_print(const cJSON *tree, hf_buf *out)
{
    char *printed = cJSON_Print(tree);
    if (!printed) return HF_E_NOMEM;
    hf_buf_puts(out, printed);
    hf_buf_puts(out, "\n");
    cJSON_free(printed);
    return out->err;
}
