/* The JSON files of several packages into one. */
#include <cjson/cJSON.h>
#include <string.h>

#include "datasets/doc.h"
#include "datasets/merge_inside.h"

static hf_err text_add(cJSON *root, hf_buf *out)
{
    char *text = cJSON_Print(root);
    if (!text) return HF_E_NOMEM;
    hf_buf_puts(out, text);
    hf_buf_puts(out, "\n");
    cJSON_free(text);
    return out->err;
}

/* A scenario that was taken: where it stands. */
typedef struct taken {
    const cJSON *scenario; /* in the merged list */
    const char *file;
    int line;
} taken;

/* A scenario of a package, with its ids renamed, into the list. The list owns it afterwards. */
static hf_err scenario_take(hf_merge_state *s, int input, const hf_part *part, const hf_doc *doc, const cJSON *scenario, cJSON *list, taken *others, int *n)
{
    hf_err err = HF_OK;
    hf_merge_names names = {s, input};
    int line, column;
    cJSON *copy = cJSON_Duplicate(scenario, true);
    if (!copy) return HF_E_NOMEM;
    if (*s->inputs[input].prefix) HF_TRY(hf_ids_scenario(copy, hf_merge_id, &names));
    const char *name = cJSON_GetObjectItemCaseSensitive(copy, "name")->valuestring;
    hf_doc_at(doc, scenario, &line, &column);
    for (int k = 0; k < *n; k++) {
        if (strcmp(cJSON_GetObjectItemCaseSensitive(others[k].scenario, "name")->valuestring, name) != 0) continue;
        if (!cJSON_Compare(copy, others[k].scenario, true))
            hf_diag_add(s->diag, HF_ERROR, HF_E_DUPLICATE, part->label, line, column, "scenario \"%s\" is at %s:%d too and differs", name, others[k].file,
                        others[k].line);
        else s->note.shared++;
        goto out;
    }
    if (!cJSON_AddItemToArray(list, copy)) HF_TRY(HF_E_NOMEM);
    others[(*n)++] = (taken){copy, part->label, line};
    copy = NULL;
out:
    cJSON_Delete(copy);
    return err;
}

hf_err hf_merge_scenarios(hf_merge_state *s, hf_buf *out)
{
    hf_err err = HF_OK;
    hf_doc *doc = NULL;
    cJSON *root = NULL;
    int n = 0, most = 0;
    for (int k = 0; k < s->n; k++) most += hf_package_scenario_count(s->packages[k]);
    taken *others = hf_arena_calloc(&s->memory, (size_t)most + 1, sizeof *others);
    if (!others) return HF_E_NOMEM;
    for (int k = 0; k < s->n; k++) {
        const hf_part *part = hf_package_part(s->packages[k], "scenarios");
        const cJSON *scenario;
        if (!part || !part->bytes) continue;
        HF_TRY(hf_doc_parse(part->label, part->bytes, part->length, s->diag, &doc));
        if (!root) {
            root = cJSON_CreateObject();
            if (!root || !cJSON_AddArrayToObject(root, "scenarios")) HF_TRY(HF_E_NOMEM);
        }
        cJSON_ArrayForEach(scenario, hf_doc_member(hf_doc_root(doc), "scenarios"))
            HF_TRY(scenario_take(s, k, part, doc, scenario, cJSON_GetObjectItemCaseSensitive(root, "scenarios"), others, &n));
        hf_doc_free(doc);
        doc = NULL;
    }
    if (root) HF_TRY(text_add(root, out));
out:
    hf_doc_free(doc);
    cJSON_Delete(root);
    return err;
}

/* Adds what a list of a package has and the merged one does not. */
static hf_err list_join(cJSON *root, const char *key, const cJSON *list)
{
    cJSON *to = cJSON_GetObjectItemCaseSensitive(root, key);
    const cJSON *item, *other;
    if (!cJSON_IsArray(list)) return HF_OK;
    if (!to && !(to = cJSON_AddArrayToObject(root, key))) return HF_E_NOMEM;
    cJSON_ArrayForEach(item, list)
    {
        bool there = false;
        cJSON_ArrayForEach(other, to) there = there || cJSON_Compare(item, other, true);
        if (there) continue;
        cJSON *copy = cJSON_Duplicate(item, true);
        if (!copy) return HF_E_NOMEM;
        cJSON_AddItemToArray(to, copy);
    }
    return HF_OK;
}

/* A value that all packages which have it must agree on: amounts of money cannot be added up otherwise. */
static hf_err value_join(hf_merge_state *s, cJSON *root, const char *key, const hf_doc *doc, const cJSON *value, const char *first)
{
    const cJSON *there = cJSON_GetObjectItemCaseSensitive(root, key);
    if (!value) return HF_OK;
    if (!there) {
        cJSON *copy = cJSON_Duplicate(value, true);
        if (copy && cJSON_AddItemToObject(root, key, copy)) return HF_OK;
        cJSON_Delete(copy);
        return HF_E_NOMEM;
    }
    if (!cJSON_Compare(there, value, true)) hf_doc_error(doc, s->diag, value, HF_E_DUPLICATE, "\"%s\" is another one than in %s", key, first);
    return HF_OK;
}

static hf_err package_join(hf_merge_state *s, int input, cJSON *root)
{
    hf_err err = HF_OK;
    hf_doc *doc = NULL;
    const hf_part *part = hf_package_part(s->packages[input], ""), *first = hf_package_part(s->packages[0], "");
    HF_TRY(hf_doc_parse(part->label, part->bytes, part->length, s->diag, &doc));
    HF_TRY(list_join(root, "licenses", hf_doc_member(hf_doc_root(doc), "licenses")));
    HF_TRY(list_join(root, "sources", hf_doc_member(hf_doc_root(doc), "sources")));
    HF_TRY(value_join(s, root, "currency", doc, hf_doc_member(hf_doc_root(doc), "currency"), first->label));
    HF_TRY(value_join(s, root, "base_year", doc, hf_doc_member(hf_doc_root(doc), "base_year"), first->label));
out:
    hf_doc_free(doc);
    return err;
}

static void titles_join(const hf_merge_state *s, hf_buf *out)
{
    for (int k = 0; k < s->n; k++) {
        const char *title = hf_package_title(s->packages[k]);
        if (!*title) title = hf_package_name(s->packages[k]);
        hf_buf_printf(out, "%s%s", k ? "; " : "", *title ? title : s->inputs[k].path);
    }
}

static hf_err resources_list(cJSON *root, const hf_package *merged)
{
    cJSON *list = cJSON_AddArrayToObject(root, "resources");
    for (int k = 0; list && k < merged->n_parts; k++) {
        cJSON *entry = cJSON_CreateObject();
        if (!entry || !cJSON_AddItemToArray(list, entry)) return HF_E_NOMEM;
        if (!cJSON_AddStringToObject(entry, "name", merged->parts[k].resource) || !cJSON_AddStringToObject(entry, "path", merged->parts[k].path))
            return HF_E_NOMEM;
    }
    return list ? HF_OK : HF_E_NOMEM;
}

hf_err hf_merge_metadata(hf_merge_state *s, const char *name, const hf_package *merged, hf_buf *out)
{
    hf_err err = HF_OK;
    hf_buf title = {0};
    cJSON *root = cJSON_CreateObject();
    titles_join(s, &title);
    HF_TRY(title.err);
    if (!root || !cJSON_AddStringToObject(root, "name", name) || !cJSON_AddStringToObject(root, "title", title.text)) HF_TRY(HF_E_NOMEM);
    for (int k = 0; k < s->n; k++) HF_TRY(package_join(s, k, root));
    HF_TRY(resources_list(root, merged));
    HF_TRY(text_add(root, out));
out:
    hf_buf_done(&title);
    cJSON_Delete(root);
    return err;
}
