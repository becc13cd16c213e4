/* Tables of one resource into one. */
#include <string.h>

#include "base/alloc.h"
#include "base/idmap.h"
#include "datasets/merge_inside.h"

/* A merged table under construction. Cells are texts of the state's arena, NULL where nothing has been said yet. */
typedef struct merged {
    hf_merge_state *state;
    const char *resource;
    const hf_resource *fields; /* NULL: a resource without a field table */
    int n_columns;
    const char **columns;
    size_t columns_capacity;
    bool *is_key;              /* [n_columns]; all where there is no key */
    hf_idmap *keys;            /* of rows, in order */
    struct row {
        const char **cells;    /* [n_columns] */
        const hf_table *table; /* where it was first */
        int at, packages;      /* its row there; by how many packages it was named */
        int last_input;
    } *rows;
    size_t rows_capacity;
} merged;

static int column_find(const merged *m, const char *name)
{
    for (int c = 0; c < m->n_columns; c++)
        if (strcmp(m->columns[c], name) == 0) return c;
    return -1;
}

/* All columns of all tables, in the order in which they come first. */
static hf_err columns_gather(merged *m)
{
    for (int k = 0; k < m->state->n; k++) {
        const hf_part *part = hf_package_part(m->state->packages[k], m->resource);
        for (int c = 0; part && part->table && c < hf_table_columns(part->table); c++) {
            const char *name = hf_table_column_name(part->table, c);
            if (column_find(m, name) >= 0) continue;
            hf_err err = hf_grow((void **)&m->columns, &m->columns_capacity, (size_t)m->n_columns + 1, sizeof *m->columns);
            if (err != HF_OK) return err;
            m->columns[m->n_columns++] = name;
        }
    }
    return HF_OK;
}

static bool has_key(const merged *m)
{
    return m->fields && *m->fields->key;
}

static bool is_same(const char *a, const char *b)
{
    double x, y;
    if (strcmp(a, b) == 0) return true;
    return hf_number_parse(a, strlen(a), &x) && hf_number_parse(b, strlen(b), &y) && x == y;
}

/* A row that is there already: takes what is new, complains about what differs. */
static void row_join(merged *m, struct row *there, const char *const *cells, const hf_table *table, int at)
{
    hf_buf what = {0};
    for (int c = 0; c < m->n_columns; c++) {
        if (!cells[c]) continue;
        if (!there->cells[c]) there->cells[c] = cells[c];
        else if (!is_same(there->cells[c], cells[c]))
            hf_buf_printf(&what, "%s%s \"%.60s\" and \"%.60s\"", what.length ? ", " : "", m->columns[c], there->cells[c], cells[c]);
    }
    if (what.length > 0) {
        hf_buf key = {0};
        for (int c = 0; c < m->n_columns; c++)
            if (m->is_key[c] && cells[c]) hf_buf_printf(&key, "%s%.60s", key.length ? ", " : "", cells[c]);
        hf_diag_add(m->state->diag, HF_ERROR, HF_E_DUPLICATE, hf_table_file(table), hf_table_line(table, at), 1,
                    "%s %s is at %s:%d too and differs: %s", m->resource, key.text ? key.text : "", hf_table_file(there->table),
                    hf_table_line(there->table, there->at), what.text);
        hf_buf_done(&key);
    }
    hf_buf_done(&what);
}

static hf_err row_add(merged *m, int input, const char **cells, const hf_table *table, int at, hf_buf *key)
{
    hf_err err = HF_OK;
    int index, copy = 0;
    bool added;
    size_t length;
    key->length = 0;
    for (int c = 0; c < m->n_columns; c++) {
        if (!m->is_key[c]) continue;
        hf_buf_puts(key, cells[c] ? cells[c] : "");
        hf_buf_add(key, "\x1f", 1);
    }
    length = key->length;
    do { /* the same row again in the same package, where there is no key: another one */
        key->length = length;
        if (copy > 0) hf_buf_printf(key, "%d", copy);
        HF_TRY(key->err);
        HF_TRY(hf_idmap_intern(m->keys, key->text, key->length, &index, &added));
        copy++;
    } while (!added && !has_key(m) && m->rows[index].last_input == input);
    if (added) {
        HF_TRY(hf_grow((void **)&m->rows, &m->rows_capacity, (size_t)index + 1, sizeof *m->rows));
        m->rows[index] = (struct row){cells, table, at, 0, input};
    } else row_join(m, &m->rows[index], cells, table, at);
    m->rows[index].packages++;
    m->rows[index].last_input = input;
out:
    return err;
}

/* The cells of a row of an input's table, in the merged columns, with the new names of ids. */
static hf_err cells_read(merged *m, int input, const hf_table *table, int row, const int *to, const hf_ids *what, const char **cells)
{
    hf_merge_names names = {m->state, input};
    for (int c = 0; c < hf_table_columns(table); c++) {
        const char *text = hf_table_cell(table, row, c).text;
        cells[to[c]] = what[c] == HF_IDS_NONE || !*text ? text : hf_merge_id(&names, what[c], text);
        if (!cells[to[c]]) return HF_E_NOMEM;
    }
    return HF_OK;
}

static hf_err table_add(merged *m, int input, const hf_table *table)
{
    hf_err err = HF_OK;
    hf_buf key = {0};
    int n = hf_table_columns(table);
    int *to = hf_arena_calloc(&m->state->memory, (size_t)n, sizeof *to);
    hf_ids *what = hf_arena_calloc(&m->state->memory, (size_t)n, sizeof *what);
    if (!to || !what) return HF_E_NOMEM;
    for (int c = 0; c < n; c++) {
        to[c] = column_find(m, hf_table_column_name(table, c));
        what[c] = hf_ids_of(m->fields, hf_table_column_name(table, c));
    }
    for (int r = 0; r < hf_table_rows(table); r++) {
        const char **cells = hf_arena_calloc(&m->state->memory, (size_t)m->n_columns, sizeof *cells);
        if (!cells) HF_TRY(HF_E_NOMEM);
        HF_TRY(cells_read(m, input, table, r, to, what, cells));
        HF_TRY(row_add(m, input, cells, table, r, &key));
    }
    if (!m->fields && *m->state->inputs[input].prefix)
        hf_diag_add(m->state->diag, HF_WARNING, HF_OK, hf_table_file(table), 0, 0, "what the columns of \"%s\" name is not known; they got no prefix",
                    m->resource);
out:
    hf_buf_done(&key);
    return err;
}

static hf_err table_make(merged *m, hf_table **ret_table)
{
    hf_table *table = NULL;
    hf_err err = hf_table_new(m->resource, m->columns, m->n_columns, &table);
    for (int r = 0; err == HF_OK && r < hf_idmap_count(m->keys); r++) {
        err = hf_table_append(table, m->rows[r].cells);
        m->state->note.rows++;
        m->state->note.shared += m->rows[r].packages > 1;
    }
    if (err != HF_OK) hf_table_free(table);
    else *ret_table = table;
    return err;
}

hf_err hf_merge_tables(hf_merge_state *state, const char *resource, hf_table **ret_table)
{
    hf_err err = HF_OK;
    merged m = {.state = state, .resource = resource, .fields = hf_resource_find(resource)};
    HF_TRY(hf_idmap_new(&m.keys));
    HF_TRY(columns_gather(&m));
    m.is_key = hf_arena_calloc(&state->memory, (size_t)m.n_columns, sizeof *m.is_key);
    if (!m.is_key) HF_TRY(HF_E_NOMEM);
    for (int c = 0; c < m.n_columns; c++) m.is_key[c] = !has_key(&m) || hf_resource_in_key(m.fields, m.columns[c]);
    for (int k = 0; k < state->n; k++) {
        const hf_part *part = hf_package_part(state->packages[k], resource);
        if (part && part->table) HF_TRY(table_add(&m, k, part->table));
    }
    HF_TRY(table_make(&m, ret_table));
out:
    hf_idmap_free(m.keys);
    hf_free(m.columns);
    hf_free(m.rows);
    return err;
}
