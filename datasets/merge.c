#include "datasets/merge.h"

#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "datasets/merge_inside.h"
#include "datasets/new_folder.h"

const char *hf_merge_id(void *names, hf_ids what, const char *id)
{
    hf_merge_names *n = names;
    const char *prefix = n->state->inputs[n->input].prefix;
    if (what == HF_IDS_REGION || !*prefix) return id;
    /* A target may be a filter; only what the package has as an entity gets the prefix. */
    if (what == HF_IDS_ENTITY && hf_network_find(hf_package_network(n->state->packages[n->input]), id) < 0) return id;
    size_t length = strlen(prefix) + strlen(id) + 1;
    char *text = hf_arena_alloc(&n->state->memory, length);
    if (text) snprintf(text, length, "%s%s", prefix, id);
    return text;
}

/* The path of a part; the first package that has it says which, unless it is taken. */
static const char *path_of(const hf_merge_state *s, const hf_package *merged, const char *resource, char own[160])
{
    const char *path = NULL;
    bool table = false;
    for (int k = 0; k < s->n && !path; k++) {
        const hf_part *part = hf_package_part(s->packages[k], resource);
        if (part) path = part->path, table = part->table != NULL;
    }
    for (int k = 0; k < merged->n_parts; k++)
        if (strcmp(merged->parts[k].path, path) == 0) {
            snprintf(own, 160, "%.120s-%d.%s", resource, k, table ? "csv" : "json");
            return own;
        }
    return path;
}

/* Files that are no tables and no scenarios: one of them, or the same bytes. */
static hf_err file_take(hf_merge_state *s, const char *resource, hf_package *merged)
{
    const hf_part *first = NULL;
    char own[160];
    for (int k = 0; k < s->n; k++) {
        const hf_part *part = hf_package_part(s->packages[k], resource);
        if (!part || !part->bytes) continue;
        if (!first) first = part;
        else if (first->length != part->length || memcmp(first->bytes, part->bytes, part->length) != 0)
            hf_diag_add(s->diag, HF_ERROR, HF_E_DUPLICATE, part->label, 1, 1, "resource \"%s\" is %s:1 too and differs", resource, first->label);
    }
    if (!first) return HF_OK;
    char *bytes = hf_malloc(first->length);
    if (!bytes) return HF_E_NOMEM;
    memcpy(bytes, first->bytes, first->length);
    return hf_package_add(merged, resource, path_of(s, merged, resource, own), NULL, bytes, first->length);
}

static hf_err resource_take(hf_merge_state *s, const char *resource, hf_package *merged)
{
    hf_err err = HF_OK;
    hf_buf text = {0};
    hf_table *table = NULL;
    char own[160];
    bool is_table = false;
    if (hf_package_part(merged, resource) || !*resource) return HF_OK;
    for (int k = 0; k < s->n; k++) {
        const hf_part *part = hf_package_part(s->packages[k], resource);
        is_table = is_table || (part && part->table);
    }
    if (is_table) {
        HF_TRY(hf_merge_tables(s, resource, &table));
        return hf_package_add(merged, resource, path_of(s, merged, resource, own), table, NULL, 0);
    }
    if (strcmp(resource, "scenarios") != 0) return file_take(s, resource, merged);
    HF_TRY(hf_merge_scenarios(s, &text));
    if (text.text) err = hf_package_add(merged, resource, path_of(s, merged, resource, own), NULL, text.text, text.length);
    if (text.text) return err;
out:
    hf_buf_done(&text);
    return err;
}

/* The tables that we know in their usual order, then everything else as it comes. */
static hf_err resources_take(hf_merge_state *s, hf_package *merged)
{
    hf_err err = HF_OK;
    for (int r = 0; r < hf_resource_count; r++)
        for (int k = 0; k < s->n; k++)
            if (hf_package_part(s->packages[k], hf_resources[r].name)) HF_TRY(resource_take(s, hf_resources[r].name, merged));
    for (int k = 0; k < s->n; k++)
        for (int p = 0; p < s->packages[k]->n_parts; p++) HF_TRY(resource_take(s, s->packages[k]->parts[p].resource, merged));
out:
    return err;
}

static hf_err packages_open(hf_merge_state *s)
{
    hf_err worst = HF_OK;
    for (int k = 0; k < s->n; k++) { /* all, so that all findings come at once */
        hf_err err = hf_package_open(s->inputs[k].path, s->diag, &s->packages[k]);
        if (err == HF_E_NOMEM) return err;
        if (err != HF_OK) worst = err;
    }
    return worst;
}

/* The last part of a path, for the name of the package. */
static const char *last_part(hf_merge_state *s, const char *path)
{
    size_t end = strlen(path), start;
    while (end > 1 && path[end - 1] == '/') end--;
    for (start = end; start > 0 && path[start - 1] != '/';) start--;
    return hf_arena_strndup(&s->memory, path + start, end - start);
}

static hf_err merged_make(hf_merge_state *s, const char *into, const char *name, hf_package *merged)
{
    hf_err err = HF_OK;
    hf_buf metadata = {0};
    size_t errors = hf_diag_count(s->diag, HF_ERROR);
    HF_TRY(resources_take(s, merged));
    if (!name) name = last_part(s, into);
    if (!name) HF_TRY(HF_E_NOMEM);
    HF_TRY(hf_merge_metadata(s, name, merged, &metadata));
    if (hf_diag_count(s->diag, HF_ERROR) > errors) HF_TRY(HF_E_DATA);
    err = hf_package_add(merged, "", "datapackage.json", NULL, metadata.text, metadata.length);
    metadata = (hf_buf){0};
out:
    hf_buf_done(&metadata);
    return err;
}

hf_err hf_merge(const hf_merge_input *inputs, int n_inputs, const char *into, const char *name, hf_diag *diag, hf_merge_note *ret_note)
{
    hf_err err = HF_OK;
    hf_merge_state s = {.inputs = inputs, .n = n_inputs, .diag = diag};
    hf_package *merged = NULL;
    int most = 1;
    hf_arena_init(&s.memory);
    s.packages = hf_calloc((size_t)n_inputs, sizeof *s.packages);
    if (!s.packages) return HF_E_NOMEM;
    HF_TRY(packages_open(&s));
    for (int k = 0; k < s.n; k++) most += s.packages[k]->n_parts;
    HF_TRY(hf_package_new(most, &merged));
    HF_TRY(merged_make(&s, into, name, merged));
    HF_TRY(hf_package_place(merged, into, "merged", diag));
    *ret_note = s.note;
out:
    hf_package_free(merged);
    for (int k = 0; k < s.n; k++) hf_package_free(s.packages[k]);
    hf_free(s.packages);
    hf_arena_done(&s.memory);
    return err;
}
