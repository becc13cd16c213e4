/* A table put back from what the key knows of it. */
#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>

#include "datasets/doc.h"
#include "datasets/redact/inside.h"

/* Texts of a JSON list, in memory of the arena; *ret_n of them. Anything else than texts is a fault of the key. */
static hf_err texts_read(hf_arena *memory, const cJSON *list, const char ***ret_texts, int *ret_n)
{
    const cJSON *item;
    int n = 0;
    const char **texts = hf_arena_calloc(memory, (size_t)cJSON_GetArraySize(list) + 1, sizeof *texts);
    if (!texts) return HF_E_NOMEM;
    cJSON_ArrayForEach(item, list)
    {
        if (!cJSON_IsString(item)) return HF_E_DATA;
        texts[n++] = item->valuestring;
    }
    *ret_texts = texts;
    *ret_n = n;
    return HF_OK;
}

/* What the key knows of a table. */
typedef struct record {
    const hf_resource *resource;
    const char **columns, **kept, **lost;
    int n_columns, n_kept, n_lost, n_rows;
    const char ***rows; /* [n_rows][n_lost] */
    hf_idmap *match;    /* of rows; the same text again has its number added */
} record;

/* The number of a row by its match; rows that look alike are numbered in order of `seen`, which counts how often a text was asked for. */
static hf_err numbered(hf_idmap *map, hf_idmap *seen, int *counts, const hf_buf *match, bool add, int *ret_index)
{
    hf_err err = HF_OK;
    hf_buf text = {0};
    int asked;
    bool added;
    HF_TRY(hf_idmap_intern(seen, match->text, match->length, &asked, &added));
    hf_buf_add(&text, match->text, match->length);
    if (counts[asked] > 0) hf_buf_printf(&text, "%d", counts[asked]);
    counts[asked]++;
    HF_TRY(text.err);
    if (add) HF_TRY(hf_idmap_intern(map, text.text, text.length, ret_index, &added));
    else *ret_index = hf_idmap_find(map, text.text, text.length);
out:
    hf_buf_done(&text);
    return err;
}

static hf_err rows_read(record *rec, hf_arena *memory, const cJSON *list)
{
    hf_err err = HF_OK;
    hf_idmap *seen = NULL;
    const cJSON *row;
    int most = cJSON_GetArraySize(list), *counts = hf_arena_calloc(memory, (size_t)most + 1, sizeof *counts), index, n;
    rec->rows = hf_arena_calloc(memory, (size_t)most + 1, sizeof *rec->rows);
    if (!counts || !rec->rows) return HF_E_NOMEM;
    HF_TRY(hf_idmap_new(&seen));
    cJSON_ArrayForEach(row, list)
    {
        const char **texts = NULL;
        HF_TRY(texts_read(memory, row, &texts, &n));
        if (n != rec->n_lost + 1) HF_TRY(HF_E_DATA);
        hf_buf match = {.text = (char *)texts[0], .length = strlen(texts[0])};
        HF_TRY(numbered(rec->match, seen, counts, &match, true, &index));
        rec->rows[rec->n_rows++] = texts + 1;
        if (index != rec->n_rows - 1) HF_TRY(HF_E_DATA);
    }
out:
    hf_idmap_free(seen);
    return err;
}

static hf_err record_read(record *rec, hf_arena *memory, const cJSON *lost)
{
    hf_err err = HF_OK;
    const cJSON *name = hf_doc_member(lost, "resource");
    rec->resource = cJSON_IsString(name) ? hf_resource_find(name->valuestring) : NULL;
    if (!rec->resource) return HF_E_DATA;
    HF_TRY(hf_idmap_new(&rec->match));
    HF_TRY(texts_read(memory, hf_doc_member(lost, "columns"), &rec->columns, &rec->n_columns));
    HF_TRY(texts_read(memory, hf_doc_member(lost, "kept"), &rec->kept, &rec->n_kept));
    HF_TRY(texts_read(memory, hf_doc_member(lost, "lost"), &rec->lost, &rec->n_lost));
    HF_TRY(rows_read(rec, memory, hf_doc_member(lost, "rows")));
out:
    return err;
}

static int text_find(const char *const *texts, int n, const char *text)
{
    for (int k = 0; k < n; k++)
        if (strcmp(texts[k], text) == 0) return k;
    return -1;
}

/* A row put back: with its place in the original table, rows that are new behind it. */
typedef struct back_row {
    const char **cells;
    int place;
} back_row;

static int compare_back(const void *a, const void *b)
{
    const back_row *x = a, *y = b;
    return (x->place > y->place) - (x->place < y->place);
}

typedef struct back {
    hf_pseudonyms *names;
    const record *rec;
    const hf_table *table;
    const char **columns; /* of the table that is made: the original ones, then those that are new */
    int n_columns;
    int *from, *lost; /* of each: column of the redacted table, place among the lost ones; -1 */
    hf_ids *what;     /* of each: what its cells name */
    int *kept_from;   /* of each column that was kept: column of the redacted table, -1 */
} back;

static hf_err back_columns(back *b)
{
    hf_arena *memory = &b->names->memory;
    size_t most = (size_t)(b->rec->n_columns + hf_table_columns(b->table)) + 1;
    b->columns = hf_arena_calloc(memory, most, sizeof *b->columns);
    b->from = hf_arena_calloc(memory, most, sizeof *b->from);
    b->lost = hf_arena_calloc(memory, most, sizeof *b->lost);
    b->what = hf_arena_calloc(memory, most, sizeof *b->what);
    b->kept_from = hf_arena_calloc(memory, (size_t)b->rec->n_kept + 1, sizeof *b->kept_from);
    if (!b->columns || !b->from || !b->lost || !b->what || !b->kept_from) return HF_E_NOMEM;
    for (int c = 0; c < b->rec->n_kept; c++) b->kept_from[c] = hf_table_column(b->table, b->rec->kept[c]);
    for (int c = 0; c < b->rec->n_columns; c++) b->columns[b->n_columns++] = b->rec->columns[c];
    for (int c = 0; c < hf_table_columns(b->table); c++)
        if (text_find(b->rec->columns, b->rec->n_columns, hf_table_column_name(b->table, c)) < 0)
            b->columns[b->n_columns++] = hf_table_column_name(b->table, c);
    for (int c = 0; c < b->n_columns; c++) {
        b->from[c] = hf_table_column(b->table, b->columns[c]);
        b->lost[c] = text_find(b->rec->lost, b->rec->n_lost, b->columns[c]);
        b->what[c] = hf_ids_of(b->rec->resource, b->columns[c]);
    }
    return HF_OK;
}

static void cells_fill(const back *b, int row, int place, const char **cells)
{
    for (int c = 0; c < b->n_columns; c++) {
        if (place >= 0 && b->lost[c] >= 0) cells[c] = b->rec->rows[place][b->lost[c]];
        else if (b->from[c] >= 0) {
            cells[c] = hf_table_cell(b->table, row, b->from[c]).text;
            if (b->what[c] != HF_IDS_NONE) cells[c] = hf_pseudonym_known(b->names, b->what[c], cells[c]);
        }
    }
}

static hf_err back_rows(back *b, back_row *rows, hf_redact_note *note)
{
    hf_err err = HF_OK;
    hf_buf match = {0};
    hf_idmap *seen = NULL;
    hf_arena *memory = &b->names->memory;
    int n = hf_table_rows(b->table), *counts = hf_arena_calloc(memory, (size_t)n + 1, sizeof *counts);
    const char **kept = hf_arena_calloc(memory, (size_t)b->rec->n_kept + 1, sizeof *kept);
    if (!counts || !kept) return HF_E_NOMEM;
    HF_TRY(hf_idmap_new(&seen));
    for (int r = 0; r < n; r++) {
        int place;
        for (int c = 0; c < b->rec->n_kept; c++) kept[c] = b->kept_from[c] >= 0 ? hf_table_cell(b->table, r, b->kept_from[c]).text : "";
        HF_TRY(hf_redact_match(b->rec->resource, b->rec->kept, kept, b->rec->n_kept, &match));
        HF_TRY(numbered(b->rec->match, seen, counts, &match, false, &place));
        rows[r] = (back_row){hf_arena_calloc(memory, (size_t)b->n_columns + 1, sizeof *rows[r].cells), place >= 0 ? place : b->rec->n_rows + r};
        if (!rows[r].cells) HF_TRY(HF_E_NOMEM);
        cells_fill(b, r, place, rows[r].cells);
        *(place >= 0 ? &note->restored : &note->added) += 1;
    }
out:
    hf_idmap_free(seen);
    hf_buf_done(&match);
    return err;
}

hf_err hf_redact_table_undo(hf_pseudonyms *p, const cJSON *lost, const hf_table *table, hf_diag *diag, hf_redact_note *note, hf_table **ret_table)
{
    hf_err err = HF_OK;
    record rec = {0};
    back b = {.names = p, .rec = &rec, .table = table};
    hf_table *made = NULL;
    int n = hf_table_rows(table);
    back_row *rows = hf_arena_calloc(&p->memory, (size_t)n + 1, sizeof *rows);
    if (!rows) return HF_E_NOMEM;
    HF_TRY(record_read(&rec, &p->memory, lost));
    HF_TRY(back_columns(&b));
    HF_TRY(back_rows(&b, rows, note));
    qsort(rows, (size_t)n, sizeof *rows, compare_back);
    HF_TRY(hf_table_new(rec.resource->name, b.columns, b.n_columns, &made));
    for (int r = 0; r < n; r++) HF_TRY(hf_table_append(made, rows[r].cells));
    *ret_table = made;
    made = NULL;
out:
    hf_table_free(made);
    hf_idmap_free(rec.match);
    return err;
}
