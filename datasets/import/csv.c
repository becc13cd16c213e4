/* Any CSV, by a column map (docs/manual/import.md):
 *
 *     {"name", "title", "source", "tables": [{"resource", "file", "delimiter", "quote", "header", "columns": {"ours": "theirs"},
 *       "constants": {"ours": "value"}, "prefix": {"ours": "text"}, "scale": {"ours": factor}, "translate": {"ours": {"theirs": "ours"}},
 *       "need": ["ours"], "differ": ["ours", "ours"]}
 *       or {"resource", "rows": [{"ours": "value"}]}]} */
#include <cjson/cJSON.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"
#include "datasets/doc.h"
#include "datasets/import/draft.h"

enum { COLUMNS = 32 };

/* One of our columns: where its cells come from. */
typedef struct mapped {
    const char *ours;
    int theirs;           /* column of the file, -1: the constant */
    const char *constant, *prefix;
    double scale;         /* NaN: as it is */
    const cJSON *translate; /* object of values, or NULL */
    bool needed;          /* rows without it are left out */
} mapped;

typedef struct mapping {
    hf_draft *d;
    const hf_doc *doc;
    const cJSON *spec;
    mapped column[COLUMNS];
    int n;
    int differ[2]; /* columns that must differ, -1 */
} mapping;

static int ours_find(const mapping *m, const char *name)
{
    for (int k = 0; k < m->n; k++)
        if (strcmp(m->column[k].ours, name) == 0) return k;
    return -1;
}

static hf_err ours_add(mapping *m, const cJSON *item, int theirs, const char *constant)
{
    if (m->n == COLUMNS || ours_find(m, item->string) >= 0) {
        hf_doc_error(m->doc, m->d->diag, item, HF_E_DUPLICATE, "\"%.40s\" is mapped twice, or too many columns", item->string);
        return HF_E_DATA;
    }
    m->column[m->n++] = (mapped){item->string, theirs, constant, NULL, NAN, NULL, false};
    return HF_OK;
}

static hf_err columns_read(mapping *m, const hf_table *table)
{
    hf_err err = HF_OK;
    const cJSON *item = NULL;
    cJSON_ArrayForEach(item, hf_doc_member(m->spec, "columns"))
    {
        int theirs = cJSON_IsString(item) ? hf_table_column(table, item->valuestring) : -1;
        if (theirs < 0) {
            hf_doc_error(m->doc, m->d->diag, item, HF_E_MISSING, "the file %s has no column \"%.60s\"", hf_table_file(table),
                         cJSON_IsString(item) ? item->valuestring : "");
            err = HF_E_DATA;
        } else HF_TRY(ours_add(m, item, theirs, NULL));
    }
    HF_TRY(err);
    cJSON_ArrayForEach(item, hf_doc_member(m->spec, "constants"))
    {
        if (cJSON_IsString(item)) HF_TRY(ours_add(m, item, -1, item->valuestring));
        else {
            hf_doc_error(m->doc, m->d->diag, item, HF_E_RANGE, "a constant must be a text");
            err = HF_E_DATA;
        }
    }
out:
    return err;
}

/* What is done to mapped columns; a name that is not mapped is an error. */
static hf_err changes_read(mapping *m)
{
    static const char *const members[] = {"prefix", "scale", "translate", "need", "differ"};
    hf_err err = HF_OK;
    int differ = 0;
    m->differ[0] = m->differ[1] = -1;
    for (int k = 0; k < 5; k++) {
        const cJSON *item = NULL;
        cJSON_ArrayForEach(item, hf_doc_member(m->spec, members[k]))
        {
            const char *name = k < 3 ? item->string : cJSON_IsString(item) ? item->valuestring : "";
            int at = ours_find(m, name);
            if (at < 0 || (k == 0 && !cJSON_IsString(item)) || (k == 1 && !cJSON_IsNumber(item)) || (k == 2 && !cJSON_IsObject(item))) {
                hf_doc_error(m->doc, m->d->diag, item, HF_E_UNKNOWN_ID, "\"%.40s\" in \"%s\" is not a mapped column, or of the wrong type", name, members[k]);
                err = HF_E_DATA;
            } else if (k == 0) m->column[at].prefix = item->valuestring;
            else if (k == 1) m->column[at].scale = item->valuedouble;
            else if (k == 2) m->column[at].translate = item;
            else if (k == 3) m->column[at].needed = true;
            else if (differ < 2) m->differ[differ++] = at;
        }
    }
    return err;
}

/* The value of one of our columns in a row; NULL when it is empty. *ret_err tells of memory. */
static const char *value_of(mapping *m, const hf_table *table, int row, int k, hf_err *ret_err)
{
    const mapped *c = &m->column[k];
    const char *text = c->theirs < 0 ? c->constant : hf_table_cell(table, row, c->theirs).text;
    double number = 0;
    char scaled[32];
    const cJSON *other = c->translate ? hf_doc_member(c->translate, text) : NULL;
    if (cJSON_IsString(other)) text = other->valuestring;
    if (!*text) return NULL;
    if (!isnan(c->scale) && hf_number_parse(text, strlen(text), &number)) {
        hf_number_format(number * c->scale, scaled);
        text = scaled;
    }
    if (c->theirs >= 0 && !c->prefix && text != scaled) return text;
    const char *copy = hf_draft_text(m->d, "%s%s", c->prefix ? c->prefix : "", text);
    if (!copy) *ret_err = HF_E_NOMEM;
    return copy;
}

static hf_err rows_map(mapping *m, const hf_table *from, hf_table *to)
{
    hf_err err = HF_OK;
    for (int r = 0; r < hf_table_rows(from); r++) {
        const char *cells[COLUMNS], *missing = NULL;
        for (int k = 0; k < m->n; k++) {
            cells[k] = value_of(m, from, r, k, &err);
            if (!cells[k] && m->column[k].needed) missing = m->column[k].ours;
        }
        if (err != HF_OK) return err;
        char place[64];
        snprintf(place, sizeof place, "line %d", hf_table_line(from, r));
        const char *a = m->differ[0] >= 0 ? cells[m->differ[0]] : NULL, *b = m->differ[1] >= 0 ? cells[m->differ[1]] : NULL;
        if (missing) hf_draft_leave_out(m->d, "rows without a column that the map needs", place);
        else if (a && b && strcmp(a, b) == 0) hf_draft_leave_out(m->d, "rows that lead from something to itself", place);
        else HF_TRY(hf_table_append(to, cells));
    }
out:
    return err;
}

/* Our columns as a comma separated list. */
static const char *columns_list(const mapping *m)
{
    hf_buf list = {0};
    for (int k = 0; k < m->n; k++) hf_buf_printf(&list, "%s%s", k ? "," : "", m->column[k].ours);
    const char *text = list.text ? hf_draft_text(m->d, "%s", list.text) : NULL;
    hf_buf_done(&list);
    return text;
}

static hf_err file_map(mapping *m, const char *resource, const char *const *files, int n)
{
    hf_err err = HF_OK;
    hf_table *from = NULL, *to = NULL;
    const char *delimiter = hf_doc_text(m->doc, m->d->diag, m->spec, "delimiter", ""), *quote = hf_doc_text(m->doc, m->d->diag, m->spec, "quote", "\"");
    const cJSON *header = hf_doc_member(m->spec, "header");
    const hf_table_form form = {.delimiter = *delimiter, .quote = *quote ? *quote : '\x01', .headless = header && cJSON_IsFalse(header)};
    HF_TRY(hf_input_table(files, n, hf_doc_text(m->doc, m->d->diag, m->spec, "file", ".csv"), &form, true, m->d->diag, &from));
    HF_TRY(columns_read(m, from));
    HF_TRY(changes_read(m));
    const char *list = columns_list(m);
    if (!list) HF_TRY(HF_E_NOMEM);
    HF_TRY(hf_draft_table(m->d, resource, list, &to));
    HF_TRY(rows_map(m, from, to));
out:
    hf_table_free(from);
    return err;
}

/* Rows that stand in the map itself; the first row names the columns. */
static hf_err rows_copy(mapping *m, const char *resource, const cJSON *rows)
{
    hf_err err = HF_OK;
    const cJSON *row = NULL, *item = NULL;
    hf_table *to = NULL;
    cJSON_ArrayForEach(item, rows->child) HF_TRY(ours_add(m, item, -1, ""));
    const char *list = columns_list(m);
    if (!list) HF_TRY(m->n ? HF_E_NOMEM : HF_E_DATA);
    HF_TRY(hf_draft_table(m->d, resource, list, &to));
    cJSON_ArrayForEach(row, rows)
    {
        const char *cells[COLUMNS];
        for (int k = 0; k < m->n; k++) cells[k] = hf_doc_text(m->doc, m->d->diag, row, m->column[k].ours, NULL);
        HF_TRY(hf_table_append(to, cells));
    }
out:
    return err;
}

static hf_err table_map(hf_draft *d, const hf_doc *doc, const cJSON *spec, const char *const *files, int n)
{
    mapping m = {.d = d, .doc = doc, .spec = spec};
    const char *resource = hf_doc_text(doc, d->diag, spec, "resource", NULL);
    const cJSON *rows = hf_doc_array(doc, d->diag, spec, "rows");
    if (!resource || d->n_tables == HF_DRAFT_TABLES) {
        hf_doc_error(doc, d->diag, spec, HF_E_MISSING, "a table needs a \"resource\" (at most %d tables)", HF_DRAFT_TABLES);
        return HF_E_DATA;
    }
    resource = hf_draft_text(d, "%s", resource);
    if (!resource) return HF_E_NOMEM;
    return rows ? rows_copy(&m, resource, rows) : file_map(&m, resource, files, n);
}

hf_err hf_import_csv(hf_draft *d, const char *const *files, int n)
{
    hf_err err = HF_OK;
    char *text = NULL;
    size_t length = 0, errors = hf_diag_count(d->diag, HF_ERROR);
    hf_doc *doc = NULL;
    const cJSON *spec = NULL;
    if (!d->options->map) {
        hf_diag_add(d->diag, HF_ERROR, HF_E_MISSING, NULL, 0, 0, "the format csv needs a column map: --map MAP.json");
        return HF_E_DATA;
    }
    HF_TRY(hf_input_text(d->options->map, d->diag, &text, &length));
    HF_TRY(hf_doc_parse(d->options->map, text, length, d->diag, &doc));
    const cJSON *root = hf_doc_root(doc), *list = cJSON_IsObject(root) ? hf_doc_array(doc, d->diag, root, "tables") : NULL;
    if (!list) hf_doc_error(doc, d->diag, root, HF_E_MISSING, "a map is an object with \"tables\", an array");
    if (!list) HF_TRY(HF_E_DATA);
    d->name = hf_draft_text(d, "%s", hf_doc_text(doc, d->diag, root, "name", "imported"));
    d->title = hf_draft_text(d, "%s", hf_doc_text(doc, d->diag, root, "title", ""));
    d->source = hf_draft_text(d, "%s", hf_doc_text(doc, d->diag, root, "source", ""));
    if (!d->name || !d->title || !d->source) HF_TRY(HF_E_NOMEM);
    cJSON_ArrayForEach(spec, list)
    {
        err = table_map(d, doc, spec, files, n);
        if (err != HF_OK && err != HF_E_DATA) goto out;
    }
    err = hf_diag_count(d->diag, HF_ERROR) > errors ? HF_E_DATA : HF_OK;
out:
    hf_doc_free(doc);
    hf_free(text);
    return err;
}
