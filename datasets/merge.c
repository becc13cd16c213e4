#include "datasets/merge.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/idmap.h"
#include "datasets/doc.h"
#include "datasets/fields.h"
#include "datasets/new_folder.h"
#include "datasets/package_inside.h"
#include "datasets/rename.h"

enum { COLUMNS = 128 };

/* A table that grows out of those of the packages. */
typedef struct merged {
    const char *resource;
    const char *column[COLUMNS];
    int n_columns;
    hf_table *table;
    hf_idmap *keys;          /* of the rows, where the resource has a key */
    const hf_table **source; /* [rows] where a row came from */
    int *source_row;
    size_t capacity[2];
    int n_rows;
} merged;

typedef struct merging {
    hf_diag *diag;
    hf_package **package;
    const char *const *prefixes;
    int n;
    merged *tables;
    int n_tables;
    size_t capacity;
    cJSON *scenarios; /* array */
    hf_idmap *scenario_names;
    const hf_part *other[COLUMNS]; /* parts that are no tables */
    int n_others;
    bool conflict;
} merging;

static void prefix_add(void *context, hf_id_of what, const char *id, size_t length, hf_buf *out)
{
    (void)what;
    hf_buf_puts(out, context);
    hf_buf_add(out, id, length);
}

static hf_renaming renaming_of(const merging *m, int k)
{
    static char none[] = "";
    const char *prefix = m->prefixes && m->prefixes[k] ? m->prefixes[k] : none;
    return (hf_renaming){hf_package_network(m->package[k]), prefix_add, (void *)(uintptr_t)prefix};
}

static void merged_done(merged *t)
{
    hf_table_free(t->table);
    hf_idmap_free(t->keys);
    hf_free(t->source);
    hf_free(t->source_row);
}

static hf_err merged_find(merging *m, const char *resource, merged **ret_table)
{
    for (int k = 0; k < m->n_tables; k++)
        if (strcmp(m->tables[k].resource, resource) == 0) {
            *ret_table = &m->tables[k];
            return HF_OK;
        }
    hf_err err = hf_grow((void **)&m->tables, &m->capacity, (size_t)m->n_tables + 1, sizeof *m->tables);
    if (err != HF_OK) return err;
    m->tables[m->n_tables] = (merged){.resource = resource};
    *ret_table = &m->tables[m->n_tables++];
    return hf_idmap_new(&(*ret_table)->keys);
}

/* Columns of all tables of a resource, in the order in which they are met. */
static void columns_add(merged *t, const hf_table *table)
{
    for (int c = 0; c < hf_table_columns(table); c++) {
        const char *name = hf_table_column_name(table, c);
        bool known = false;
        for (int k = 0; k < t->n_columns; k++) known |= strcmp(t->column[k], name) == 0;
        if (!known && t->n_columns < COLUMNS) t->column[t->n_columns++] = name;
    }
}

static const char *cell(const hf_table *table, int row, const char *column)
{
    int c = hf_table_column(table, column);
    return c < 0 ? "" : hf_table_cell(table, row, c).text;
}

/* The key of the last row of a table as one text; false where the resource has none. */
static bool key_of(const merged *t, int row, hf_buf *key)
{
    const hf_resource *resource = hf_resource_find(t->resource);
    if (!resource || !*resource->key) return false;
    for (const char *at = resource->key; *at;) {
        char column[64];
        size_t length = strcspn(at, ",");
        snprintf(column, sizeof column, "%.*s", (int)length, at);
        hf_buf_puts(key, cell(t->table, row, column));
        hf_buf_add(key, "\x1f", 1);
        at += length + (at[length] == ',');
    }
    return true;
}

/* Whether a new row says what the row of the same key says; a difference is a conflict with both places. */
static void conflict_check(merging *m, const merged *t, int there, const char *const *cells, const hf_table *table, int row)
{
    for (int c = 0; c < t->n_columns; c++) {
        const char *before = hf_table_cell(t->table, there, c).text;
        if (strcmp(before, cells[c]) == 0) continue;
        hf_diag_add(m->diag, HF_ERROR, HF_E_DUPLICATE, hf_table_file(table), hf_table_line(table, row), 1,
                    "%s \"%.60s\" is in %s:%d too, with another %s: \"%.60s\" there, \"%.60s\" here (a prefix tells them apart)", t->resource, cells[0],
                    hf_table_file(t->source[there]), hf_table_line(t->source[there], t->source_row[there]), t->column[c], before, cells[c]);
        m->conflict = true;
        return;
    }
}

/* Appends a row that is not there yet. */
static hf_err row_keep(merging *m, merged *t, const char *const *cells, const hf_table *table, int row)
{
    hf_err err = HF_OK;
    hf_buf key = {0};
    bool fresh = true;
    int there = -1;
    hf_table *alone = NULL;
    merged one = *t;
    HF_TRY(hf_table_new("", t->column, t->n_columns, &alone));
    HF_TRY(hf_table_append(alone, cells));
    one.table = alone;
    if (key_of(&one, 0, &key)) {
        HF_TRY(key.err);
        HF_TRY(hf_idmap_intern(t->keys, key.text, key.length, &there, &fresh));
    }
    if (!fresh) conflict_check(m, t, there, cells, table, row);
    else {
        HF_TRY(hf_grow((void **)&t->source, &t->capacity[0], (size_t)t->n_rows + 1, sizeof *t->source));
        HF_TRY(hf_grow((void **)&t->source_row, &t->capacity[1], (size_t)t->n_rows + 1, sizeof *t->source_row));
        t->source[t->n_rows] = table;
        t->source_row[t->n_rows++] = row;
        HF_TRY(hf_table_append(t->table, cells));
    }
out:
    hf_table_free(alone);
    hf_buf_done(&key);
    return err;
}

static hf_err rows_add(merging *m, merged *t, const hf_table *table, const hf_renaming *renaming)
{
    hf_err err = HF_OK;
    hf_buf text[COLUMNS] = {0};
    for (int row = 0; row < hf_table_rows(table) && err == HF_OK; row++) {
        const char *cells[COLUMNS];
        for (int c = 0; c < t->n_columns; c++) {
            text[c].length = 0;
            hf_rename_cell(renaming, t->resource, t->column[c], cell(table, row, t->column[c]), &text[c]);
            if (text[c].err != HF_OK) err = text[c].err;
            cells[c] = text[c].length > 0 ? text[c].text : "";
        }
        if (err == HF_OK) err = row_keep(m, t, cells, table, row);
    }
    for (int c = 0; c < COLUMNS; c++) hf_buf_done(&text[c]);
    return err;
}

static hf_err tables_merge(merging *m)
{
    hf_err err = HF_OK;
    for (int k = 0; k < m->n; k++)
        for (int p = 0; p < m->package[k]->n_parts; p++) {
            merged *t = NULL;
            const hf_part *part = &m->package[k]->parts[p];
            if (!part->table) continue;
            HF_TRY(merged_find(m, part->resource, &t));
            columns_add(t, part->table);
        }
    for (int t = 0; t < m->n_tables; t++) {
        HF_TRY(hf_table_new("", m->tables[t].column, m->tables[t].n_columns, &m->tables[t].table));
        for (int k = 0; k < m->n; k++) {
            hf_renaming renaming = renaming_of(m, k);
            const hf_table *table = hf_package_table(m->package[k], m->tables[t].resource);
            if (table) HF_TRY(rows_add(m, &m->tables[t], table, &renaming));
        }
    }
out:
    return err;
}

static hf_err scenarios_add(merging *m, int k, const hf_part *part)
{
    hf_err err = HF_OK;
    hf_renaming renaming = renaming_of(m, k);
    cJSON *root = cJSON_ParseWithLength(part->bytes, part->length), *list = cJSON_IsArray(root) ? root : cJSON_GetObjectItemCaseSensitive(root, "scenarios");
    if (!root) HF_TRY(HF_E_NOMEM);
    HF_TRY(hf_rename_scenarios(&renaming, root));
    while (cJSON_GetArraySize(list) > 0) {
        cJSON *scenario = cJSON_DetachItemFromArray(list, 0);
        const char *name = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(scenario, "name"));
        int number = -1;
        bool fresh = true;
        cJSON_AddItemToArray(m->scenarios, scenario);
        HF_TRY(hf_idmap_intern(m->scenario_names, name ? name : "", name ? strlen(name) : 0, &number, &fresh));
        if (fresh) continue;
        hf_diag_add(m->diag, HF_ERROR, HF_E_DUPLICATE, part->label, 0, 0, "scenario \"%.60s\" is in two packages (a prefix tells them apart)", name);
        m->conflict = true;
    }
out:
    cJSON_Delete(root);
    return err;
}

static hf_err others_merge(merging *m)
{
    hf_err err = HF_OK;
    for (int k = 0; k < m->n; k++)
        for (int p = 0; p < m->package[k]->n_parts; p++) {
            const hf_part *part = &m->package[k]->parts[p];
            if (part->table || !*part->resource) continue;
            if (strcmp(part->resource, "scenarios") == 0) {
                HF_TRY(scenarios_add(m, k, part));
                continue;
            }
            bool same = false;
            for (int o = 0; o < m->n_others; o++)
                if (strcmp(m->other[o]->resource, part->resource) == 0) {
                    same = m->other[o]->length == part->length && memcmp(m->other[o]->bytes, part->bytes, part->length) == 0;
                    if (same) continue;
                    hf_diag_add(m->diag, HF_ERROR, HF_E_DUPLICATE, part->label, 0, 0, "resource \"%s\" is in two packages and is no table", part->resource);
                    m->conflict = true;
                }
            if (!same && m->n_others < COLUMNS) m->other[m->n_others++] = part;
        }
out:
    return err;
}

static const char *file_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static void resource_note(cJSON *list, const char *name, const char *path)
{
    cJSON *entry = cJSON_CreateObject();
    cJSON_AddStringToObject(entry, "name", name);
    cJSON_AddStringToObject(entry, "path", path);
    cJSON_AddItemToArray(list, entry);
}

/* The tree as text; it is freed. */
static hf_err json_file(const hf_new_folder *folder, const char *name, cJSON *tree)
{
    hf_buf text = {0};
    hf_err err = hf_doc_print(tree, &text);
    cJSON_Delete(tree);
    if (err == HF_OK) return hf_new_folder_file(folder, name, &text);
    hf_buf_done(&text);
    return err;
}

static hf_err metadata_file(const merging *m, const hf_new_folder *folder)
{
    hf_buf title = {0};
    char path[160];
    cJSON *root = cJSON_CreateObject();
    for (int k = 0; k < m->n; k++) hf_buf_printf(&title, "%s%s", k ? " + " : "", hf_package_title(m->package[k]));
    cJSON_AddStringToObject(root, "name", file_name(folder->into));
    cJSON_AddStringToObject(root, "title", title.text ? title.text : "");
    for (int k = 0; k < m->n; k++) {
        if (!m->package[k]->economy || cJSON_GetObjectItemCaseSensitive(root, "money_unit")) continue;
        cJSON_AddStringToObject(root, "currency", m->package[k]->currency); /* two economies of different units are a conflict of their flows */
        cJSON_AddNumberToObject(root, "money_unit", m->package[k]->money_unit);
        if (m->package[k]->base_year > 0) cJSON_AddNumberToObject(root, "base_year", m->package[k]->base_year);
    }
    cJSON *sources = cJSON_AddArrayToObject(root, "sources"), *list = cJSON_AddArrayToObject(root, "resources");
    hf_buf_done(&title);
    for (int k = 0; k < m->n; k++) {
        cJSON *entry = cJSON_CreateObject();
        cJSON_AddStringToObject(entry, "title", hf_package_title(m->package[k]));
        cJSON_AddStringToObject(entry, "version", hf_package_version(m->package[k]));
        cJSON_AddStringToObject(entry, "sha256", hf_package_digest(m->package[k]));
        cJSON_AddItemToArray(sources, entry);
    }
    for (int t = 0; t < m->n_tables; t++) {
        snprintf(path, sizeof path, "%.120s.csv", m->tables[t].resource);
        resource_note(list, m->tables[t].resource, path);
    }
    if (cJSON_GetArraySize(m->scenarios) > 0) resource_note(list, "scenarios", "scenarios.json");
    for (int o = 0; o < m->n_others; o++) resource_note(list, m->other[o]->resource, file_name(m->other[o]->path));
    return json_file(folder, "datapackage.json", root);
}

static hf_err files_write(merging *m, const hf_new_folder *folder)
{
    hf_err err = HF_OK;
    hf_buf text = {0};
    char name[160];
    for (int t = 0; t < m->n_tables; t++) {
        snprintf(name, sizeof name, "%.120s.csv", m->tables[t].resource);
        hf_table_write(m->tables[t].table, &text);
        HF_TRY(hf_new_folder_file(folder, name, &text));
    }
    for (int o = 0; o < m->n_others; o++) {
        hf_buf_add(&text, m->other[o]->bytes, m->other[o]->length);
        HF_TRY(hf_new_folder_file(folder, file_name(m->other[o]->path), &text));
    }
    HF_TRY(metadata_file(m, folder));
    if (cJSON_GetArraySize(m->scenarios) > 0) {
        cJSON *root = cJSON_CreateObject();
        cJSON_AddItemToObject(root, "scenarios", m->scenarios);
        m->scenarios = NULL;
        HF_TRY(json_file(folder, "scenarios.json", root));
    }
out:
    return err;
}

static void merging_done(merging *m)
{
    for (int t = 0; t < m->n_tables; t++) merged_done(&m->tables[t]);
    for (int k = 0; m->package && k < m->n; k++) hf_package_free(m->package[k]);
    hf_free(m->tables);
    hf_free(m->package);
    hf_idmap_free(m->scenario_names);
    cJSON_Delete(m->scenarios);
}

hf_err hf_merge(const char *const *paths, const char *const *prefixes, int n, const char *into, hf_diag *diag)
{
    hf_err err = HF_OK;
    hf_new_folder folder;
    merging m = {.diag = diag, .prefixes = prefixes, .n = n, .scenarios = cJSON_CreateArray()};
    m.package = hf_calloc((size_t)n, sizeof(hf_package *));
    if (!m.package || !m.scenarios) HF_TRY(HF_E_NOMEM);
    HF_TRY(hf_idmap_new(&m.scenario_names));
    for (int k = 0; k < n; k++) HF_TRY(hf_package_open(paths[k], diag, &m.package[k]));
    HF_TRY(tables_merge(&m));
    HF_TRY(others_merge(&m));
    if (m.conflict) HF_TRY(HF_E_DATA);
    HF_TRY(hf_new_folder_begin(&folder, into, diag));
    err = files_write(&m, &folder);
    if (err == HF_OK) err = hf_new_folder_check(&folder, "in the merged package", diag);
    err = hf_new_folder_end(&folder, err);
out:
    merging_done(&m);
    return err;
}
