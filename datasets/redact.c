#include "datasets/redact.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "datasets/doc.h"
#include "datasets/fields.h"
#include "datasets/new_folder.h"
#include "datasets/package_inside.h"
#include "datasets/redact_key.h"

enum { COLUMNS = 256 };

/* Texts for people, and what nobody but its author knows the meaning of. */
static bool is_free_text(const hf_resource *resource, const char *column)
{
    static const char *const texts[] = {"name", "title", "source", "essential_service", "lei"};
    if (!resource) return true;
    for (size_t k = 0; k < sizeof texts / sizeof *texts; k++)
        if (strcmp(column, texts[k]) == 0) return true;
    for (int f = 0; f < resource->n_fields; f++)
        if (strcmp(resource->fields[f].name, column) == 0) return false;
    return true;
}

static bool is_place(const char *resource, const char *column)
{
    return strcmp(resource, "entities") == 0 && (strcmp(column, "lat") == 0 || strcmp(column, "lon") == 0);
}

static hf_err cell_note(cJSON *cells, const char *resource, int row, const char *column, const char *text)
{
    cJSON *entry = cJSON_CreateArray();
    bool made = entry && cJSON_AddItemToArray(entry, cJSON_CreateString(resource)) && cJSON_AddItemToArray(entry, cJSON_CreateNumber(row)) &&
                cJSON_AddItemToArray(entry, cJSON_CreateString(column)) && cJSON_AddItemToArray(entry, cJSON_CreateString(text)) &&
                cJSON_AddItemToArray(cells, entry);
    if (!made) cJSON_Delete(entry);
    return made ? HF_OK : HF_E_NOMEM;
}

static void snap(const char *text, double grid, hf_buf *out)
{
    double value = 0;
    if (hf_number_parse(text, strlen(text), &value)) hf_buf_number(out, (floor(value / grid) + 0.5) * grid);
}

/* A table with its cells changed one by one; `change` appends what stands in the new cell. */
typedef hf_err cell_change(void *context, const char *resource, int row, const char *column, const char *text, hf_buf *out);

static hf_err table_change(const hf_part *part, cell_change *change, void *context, hf_buf *out)
{
    hf_err err = HF_OK;
    const hf_table *from = part->table;
    int n = hf_table_columns(from);
    hf_table *to = NULL;
    hf_buf text[COLUMNS] = {0};
    const char *name[COLUMNS], *cells[COLUMNS];
    if (n > COLUMNS) return HF_E_TOO_LARGE;
    for (int c = 0; c < n; c++) name[c] = hf_table_column_name(from, c);
    HF_TRY(hf_table_new("", name, n, &to));
    for (int row = 0; row < hf_table_rows(from); row++) {
        for (int c = 0; c < n; c++) {
            text[c].length = 0;
            HF_TRY(change(context, part->resource, row, name[c], hf_table_cell(from, row, c).text, &text[c]));
            HF_TRY(text[c].err);
            cells[c] = text[c].length > 0 ? text[c].text : "";
        }
        HF_TRY(hf_table_append(to, cells));
    }
    hf_table_write(to, out);
    err = out->err;
out:
    for (int c = 0; c < n && c < COLUMNS; c++) hf_buf_done(&text[c]);
    hf_table_free(to);
    return err;
}

typedef struct redaction {
    const hf_package *package;
    const hf_redact_options *options;
    hf_redact_key key;
    hf_renaming renaming;
    cJSON *cells, *files; /* on the way back `cells` is the next cell */
} redaction;

static hf_err cell_redact(void *context, const char *resource, int row, const char *column, const char *text, hf_buf *out)
{
    redaction *r = context;
    bool place = is_place(resource, column);
    if (hf_rename_is_id(resource, column)) {
        hf_rename_cell(&r->renaming, resource, column, text, out);
        return HF_OK;
    }
    if (!*text || (!place && !is_free_text(hf_resource_find(resource), column))) {
        hf_buf_puts(out, text);
        return HF_OK;
    }
    if (place) snap(text, r->options->grid_degrees, out);
    return cell_note(r->cells, resource, row, column, text);
}

static void injects_drop(cJSON *injects)
{
    cJSON *inject = NULL;
    cJSON_ArrayForEach(inject, injects) cJSON_DeleteItemFromObjectCaseSensitive(inject, "text");
}

/* A part of a scenario without what its author wrote; what is called by a name is numbered instead. */
static hf_err named_drop(cJSON *object, const char *word, int number)
{
    static const char *const texts[] = {"title", "description", "text", "source"};
    char name[32];
    for (size_t k = 0; k < sizeof texts / sizeof *texts; k++) cJSON_DeleteItemFromObjectCaseSensitive(object, texts[k]);
    injects_drop(cJSON_GetObjectItemCaseSensitive(object, "injects"));
    snprintf(name, sizeof name, "%s-%d", word, number);
    cJSON *own = cJSON_GetObjectItemCaseSensitive(object, "name");
    return !cJSON_IsString(own) || cJSON_SetValuestring(own, name) ? HF_OK : HF_E_NOMEM;
}

static hf_err decisions_drop(cJSON *decisions)
{
    hf_err err = HF_OK;
    cJSON *decision = NULL, *option = NULL;
    int d = 0;
    cJSON_ArrayForEach(decision, decisions)
    {
        int o = 0;
        HF_TRY(named_drop(decision, "decision", ++d));
        cJSON_ArrayForEach(option, cJSON_GetObjectItemCaseSensitive(decision, "options")) HF_TRY(named_drop(option, "option", ++o));
    }
out:
    return err;
}

/* Titles and texts of scenarios go. */
static hf_err scenario_texts_drop(cJSON *root)
{
    hf_err err = HF_OK;
    cJSON *scenario = NULL, *list = cJSON_IsArray(root) ? root : cJSON_GetObjectItemCaseSensitive(root, "scenarios");
    cJSON_ArrayForEach(scenario, list)
    {
        cJSON_DeleteItemFromObjectCaseSensitive(scenario, "title");
        cJSON_DeleteItemFromObjectCaseSensitive(scenario, "description");
        injects_drop(cJSON_GetObjectItemCaseSensitive(scenario, "injects"));
        HF_TRY(decisions_drop(cJSON_GetObjectItemCaseSensitive(scenario, "decisions")));
    }
out:
    return err;
}

static hf_err scenarios_redact(redaction *r, const hf_part *part, hf_buf *out)
{
    hf_err err = HF_OK;
    cJSON *root = cJSON_ParseWithLength(part->bytes, part->length);
    if (!root) return HF_E_NOMEM;
    HF_TRY(hf_rename_scenarios(&r->renaming, root));
    HF_TRY(scenario_texts_drop(root));
    HF_TRY(hf_doc_print(root, out));
out:
    cJSON_Delete(root);
    return err;
}

/* Flows of the economy name industries, nobody else. */
static bool is_flows(const hf_part *part)
{
    return strcmp(part->resource, "trade") == 0 || strcmp(part->resource, "final_demand") == 0;
}

static bool is_kept(const hf_part *part)
{
    return part->table || is_flows(part) || strcmp(part->resource, "scenarios") == 0;
}

static hf_err metadata_write(const redaction *r, hf_buf *out)
{
    hf_err err = HF_OK;
    cJSON *root = cJSON_CreateObject();
    cJSON_AddStringToObject(root, "name", "redacted");
    cJSON_AddStringToObject(root, "title", "Redacted data set");
    cJSON_AddStringToObject(root, "currency", r->package->currency);
    cJSON_AddNumberToObject(root, "money_unit", r->package->money_unit);
    if (r->package->base_year > 0) cJSON_AddNumberToObject(root, "base_year", r->package->base_year);
    cJSON *list = cJSON_AddArrayToObject(root, "resources");
    for (int k = 0; k < r->package->n_parts; k++) {
        const hf_part *part = &r->package->parts[k];
        if (!*part->resource || !is_kept(part)) continue;
        cJSON *entry = cJSON_CreateObject();
        cJSON_AddStringToObject(entry, "name", part->resource);
        cJSON_AddStringToObject(entry, "path", part->path);
        cJSON_AddItemToArray(list, entry);
    }
    err = hf_doc_print(root, out);
    cJSON_Delete(root);
    return err;
}

/* Files that come back as they were: the metadata, the scenarios, and what Holdfast does not know. */
static hf_err file_note(redaction *r, const hf_part *part)
{
    char *text = hf_malloc(part->length + 1);
    if (!text) return HF_E_NOMEM;
    memcpy(text, part->bytes, part->length);
    text[part->length] = '\0';
    bool made = cJSON_AddStringToObject(r->files, part->path, text) != NULL;
    hf_free(text);
    return made ? HF_OK : HF_E_NOMEM;
}

static hf_err parts_redact(redaction *r, const hf_new_folder *folder, hf_diag *diag)
{
    hf_err err = HF_OK;
    hf_buf text = {0};
    for (int k = 0; k < r->package->n_parts; k++) {
        const hf_part *part = &r->package->parts[k];
        if (strchr(part->path, '/')) {
            hf_diag_add(diag, HF_ERROR, HF_E_UNSUPPORTED, part->label, 0, 0, "a package with files in folders below cannot be redacted");
            HF_TRY(HF_E_DATA);
        }
        if (!part->table && !is_flows(part)) HF_TRY(file_note(r, part));
        if (!*part->resource) HF_TRY(metadata_write(r, &text));
        else if (part->table) HF_TRY(table_change(part, cell_redact, r, &text));
        else if (is_flows(part)) hf_buf_add(&text, part->bytes, part->length);
        else if (is_kept(part)) HF_TRY(scenarios_redact(r, part, &text));
        else continue;
        HF_TRY(hf_new_folder_file(folder, part->path, &text));
    }
out:
    hf_buf_done(&text);
    return err;
}

/* What an earlier redaction left out is replaced: a key remembers one package's texts, and the ids of all. */
static hf_err lists_make(redaction *r)
{
    cJSON_DeleteItemFromObjectCaseSensitive(r->key.root, "cells");
    cJSON_DeleteItemFromObjectCaseSensitive(r->key.root, "files");
    r->cells = cJSON_AddArrayToObject(r->key.root, "cells");
    r->files = cJSON_AddObjectToObject(r->key.root, "files");
    return r->cells && r->files ? HF_OK : HF_E_NOMEM;
}

hf_err hf_redact(const hf_package *package, const hf_redact_options *options, hf_diag *diag)
{
    hf_err err = HF_OK;
    hf_new_folder folder;
    redaction r = {.package = package, .options = options};
    if (!(options->grid_degrees > 0)) return HF_E_RANGE;
    HF_TRY(hf_redact_key_open(options->key, false, diag, &r.key));
    r.renaming = (hf_renaming){package->network, hf_redact_pseudonym, &r.key};
    HF_TRY(lists_make(&r));
    HF_TRY(hf_new_folder_begin(&folder, options->into, diag));
    err = parts_redact(&r, &folder, diag);
    if (err == HF_OK) err = hf_new_folder_check(&folder, "in the redacted package", diag);
    if (err == HF_OK) err = hf_redact_key_save(&r.key, options->key); /* without the key the folder would be of no use */
    err = hf_new_folder_end(&folder, err);
out:
    hf_redact_key_done(&r.key);
    return err;
}

/* ---- and back ---- */

/* Cells were noted in the order of the tables, so that the next one is the only one to look at. */
static hf_err cell_restore(void *context, const char *resource, int row, const char *column, const char *text, hf_buf *out)
{
    redaction *r = context;
    if (hf_rename_is_id(resource, column)) {
        hf_rename_cell(&r->renaming, resource, column, text, out);
        return HF_OK;
    }
    const cJSON *entry = r->cells;
    const char *kept = NULL;
    if (entry && entry->child && cJSON_GetArraySize(entry) == 4 && strcmp(entry->child->valuestring, resource) == 0 &&
        entry->child->next->valueint == row && strcmp(entry->child->next->next->valuestring, column) == 0) {
        kept = entry->child->next->next->next->valuestring;
        r->cells = entry->next;
    }
    hf_buf_puts(out, kept ? kept : text);
    return HF_OK;
}

static hf_err parts_restore(redaction *r, const hf_new_folder *folder)
{
    hf_err err = HF_OK;
    hf_buf text = {0};
    const cJSON *file = NULL;
    for (int k = 0; k < r->package->n_parts; k++) {
        const hf_part *part = &r->package->parts[k];
        if (is_flows(part)) hf_buf_add(&text, part->bytes, part->length);
        else if (part->table) HF_TRY(table_change(part, cell_restore, r, &text));
        else continue;
        HF_TRY(hf_new_folder_file(folder, part->path, &text));
    }
    cJSON_ArrayForEach(file, r->files)
    {
        hf_buf_puts(&text, file->valuestring);
        HF_TRY(hf_new_folder_file(folder, file->string, &text));
    }
out:
    hf_buf_done(&text);
    return err;
}

/* Every entity must be one that the key knows. */
static hf_err key_check(const redaction *r, const char *path, hf_diag *diag)
{
    const cJSON *ids = cJSON_GetObjectItemCaseSensitive(r->key.root, "ids");
    for (int i = 0; i < r->package->network->n_entities; i++) {
        if (cJSON_GetObjectItemCaseSensitive(ids, r->package->network->id[i])) continue;
        hf_diag_add(diag, HF_ERROR, HF_E_UNKNOWN_ID, path, 0, 0, "entity \"%.60s\" is not a pseudonym of this key", r->package->network->id[i]);
        return HF_E_DATA;
    }
    return HF_OK;
}

hf_err hf_redact_undo(const hf_package *package, const hf_redact_options *options, hf_diag *diag)
{
    hf_err err = HF_OK;
    hf_new_folder folder;
    redaction r = {.package = package, .options = options};
    HF_TRY(hf_redact_key_open(options->key, true, diag, &r.key));
    r.renaming = (hf_renaming){package->network, hf_redact_original, &r.key};
    r.cells = cJSON_GetObjectItemCaseSensitive(r.key.root, "cells");
    r.files = cJSON_GetObjectItemCaseSensitive(r.key.root, "files");
    HF_TRY(key_check(&r, options->key, diag));
    HF_TRY(hf_new_folder_begin(&folder, options->into, diag));
    r.cells = r.cells ? r.cells->child : NULL;
    err = parts_restore(&r, &folder);
    if (err == HF_OK) err = hf_new_folder_check(&folder, "in the restored package", diag);
    err = hf_new_folder_end(&folder, err);
out:
    hf_redact_key_done(&r.key);
    return err;
}
