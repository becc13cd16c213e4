/* A table without what tells who and where. */
#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "datasets/redact/inside.h"

/* A row that is left: its cells, and by what it is sorted and found. */
typedef struct left_row {
    const char **cells; /* [n_kept] */
    const char *match;
    int at;
} left_row;

typedef struct work {
    hf_pseudonyms *names;
    const hf_resource *resource;
    const hf_table *table;
    double grid_km;
    hf_redact_note *note;
    int n, n_kept;          /* columns, those that stay */
    hf_redact_action *action; /* [n] */
    hf_ids *what;           /* [n]: what the cells name */
    const char **kept;      /* [n_kept] */
    int id, sector, lat, lon; /* columns that other cells of a row are made with, -1: none */
    left_row *rows;
} work;

static const char *keep_text(work *w, const char *text, size_t length)
{
    return hf_arena_strndup(&w->names->memory, text, length);
}

/* "energy 3f2a9c01": the sector or kind, and the beginning of the pseudonym. */
static const char *name_make(work *w, int row)
{
    hf_buf text = {0};
    const char *id = w->id >= 0 ? hf_pseudonym(w->names, w->what[w->id], hf_table_cell(w->table, row, w->id).text) : "";
    if (!id) return NULL;
    const char *kind = w->sector >= 0 ? hf_table_cell(w->table, row, w->sector).text : strcmp(w->resource->name, "hazards") == 0 ? "hazard" : "operator";
    hf_buf_printf(&text, "%s %.8s", kind, strlen(id) > 2 ? id + 2 : id);
    const char *name = text.err == HF_OK ? keep_text(w, text.text, text.length) : NULL;
    hf_buf_done(&text);
    return name;
}

/* A coordinate on the grid; "" where the place is not whole. */
static const char *place_make(work *w, int row, int column)
{
    double lat, lon;
    char text[32];
    if (w->lat < 0 || w->lon < 0) return "";
    hf_cell y = hf_table_cell(w->table, row, w->lat), x = hf_table_cell(w->table, row, w->lon);
    if (!hf_number_parse(y.text, y.length, &lat) || !hf_number_parse(x.text, x.length, &lon)) return "";
    double moved = hf_redact_snap(w->grid_km, &lat, &lon);
    if (column == w->lat) w->note->moved++;
    if (moved > w->note->farthest_km) w->note->farthest_km = moved;
    size_t length = hf_number_format(column == w->lat ? lat : lon, text);
    return keep_text(w, text, length);
}

static const char *cell_make(work *w, int row, int column)
{
    const char *text = hf_table_cell(w->table, row, column).text;
    if (!*text) return text;
    switch (w->action[column]) {
    case HF_REDACT_ID: return hf_pseudonym(w->names, w->what[column], text);
    case HF_REDACT_NAME: return name_make(w, row);
    case HF_REDACT_PLACE: return place_make(w, row, column);
    default: return text;
    }
}

static int compare_rows(const void *a, const void *b)
{
    const left_row *x = a, *y = b;
    int order = strcmp(x->match, y->match);
    return order ? order : x->at - y->at;
}

static hf_err rows_make(work *w)
{
    hf_err err = HF_OK;
    hf_buf match = {0};
    for (int r = 0; r < hf_table_rows(w->table); r++) {
        const char **cells = hf_arena_calloc(&w->names->memory, (size_t)w->n_kept + 1, sizeof *cells);
        if (!cells) HF_TRY(HF_E_NOMEM);
        for (int c = 0, k = 0; c < w->n; c++) {
            if (w->action[c] == HF_REDACT_DROP) w->note->dropped += hf_table_cell(w->table, r, c).length > 0;
            else if (!(cells[k++] = cell_make(w, r, c))) HF_TRY(HF_E_NOMEM);
        }
        HF_TRY(hf_redact_match(w->resource, w->kept, cells, w->n_kept, &match));
        w->rows[r] = (left_row){cells, keep_text(w, match.text, match.length), r};
        if (!w->rows[r].match) HF_TRY(HF_E_NOMEM);
        w->note->rows++;
    }
out:
    hf_buf_done(&match);
    return err;
}

static hf_err strings_add(cJSON *object, const char *key, const char *const *texts, int n)
{
    cJSON *list = cJSON_AddArrayToObject(object, key);
    if (!list) return HF_E_NOMEM;
    for (int k = 0; k < n; k++) {
        cJSON *text = cJSON_CreateString(texts[k]);
        if (!text) return HF_E_NOMEM;
        cJSON_AddItemToArray(list, text);
    }
    return HF_OK;
}

/* [match, cells of the columns that are lost …], in the order in which the rows stood. */
static hf_err lost_rows(const work *w, cJSON *lost)
{
    cJSON *rows = cJSON_AddArrayToObject(lost, "rows");
    if (!rows) return HF_E_NOMEM;
    for (int r = 0; r < hf_table_rows(w->table); r++) {
        cJSON *row = cJSON_CreateArray(), *cell = cJSON_CreateString(w->rows[r].match);
        if (row) cJSON_AddItemToArray(rows, row);
        if (!row || !cell) {
            cJSON_Delete(cell);
            return HF_E_NOMEM;
        }
        cJSON_AddItemToArray(row, cell);
        for (int c = 0; c < w->n; c++) {
            if (w->action[c] == HF_REDACT_KEEP || w->action[c] == HF_REDACT_ID) continue;
            if (!(cell = cJSON_CreateString(hf_table_cell(w->table, r, c).text))) return HF_E_NOMEM;
            cJSON_AddItemToArray(row, cell);
        }
    }
    return HF_OK;
}

static hf_err lost_make(const work *w, const hf_part *part, cJSON *lost)
{
    hf_err err = HF_OK;
    const char **columns = hf_calloc((size_t)w->n + 1, sizeof *columns);
    int n = 0;
    if (!columns) return HF_E_NOMEM;
    if (!cJSON_AddStringToObject(lost, "resource", part->resource) || !cJSON_AddStringToObject(lost, "path", part->path)) HF_TRY(HF_E_NOMEM);
    for (int c = 0; c < w->n; c++) columns[c] = hf_table_column_name(w->table, c);
    HF_TRY(strings_add(lost, "columns", columns, w->n));
    HF_TRY(strings_add(lost, "kept", w->kept, w->n_kept));
    for (int c = 0; c < w->n; c++)
        if (w->action[c] != HF_REDACT_KEEP && w->action[c] != HF_REDACT_ID) columns[n++] = hf_table_column_name(w->table, c);
    HF_TRY(strings_add(lost, "lost", columns, n));
    HF_TRY(lost_rows(w, lost));
out:
    hf_free(columns);
    return err;
}

static hf_err work_start(work *w)
{
    w->n = hf_table_columns(w->table);
    w->action = hf_arena_calloc(&w->names->memory, (size_t)w->n, sizeof *w->action);
    w->kept = hf_arena_calloc(&w->names->memory, (size_t)w->n, sizeof *w->kept);
    w->rows = hf_arena_calloc(&w->names->memory, (size_t)hf_table_rows(w->table) + 1, sizeof *w->rows);
    w->what = hf_arena_calloc(&w->names->memory, (size_t)w->n, sizeof *w->what);
    if (!w->action || !w->kept || !w->rows || !w->what) return HF_E_NOMEM;
    for (int c = 0; c < w->n; c++) {
        w->action[c] = hf_redact_action_of(w->resource, hf_table_column_name(w->table, c));
        w->what[c] = hf_ids_of(w->resource, hf_table_column_name(w->table, c));
        if (w->action[c] != HF_REDACT_DROP) w->kept[w->n_kept++] = hf_table_column_name(w->table, c);
    }
    w->id = hf_table_column(w->table, strcmp(w->resource->name, "hazards") == 0 ? "hazard" : "id");
    w->sector = hf_table_column(w->table, "sector");
    w->lat = hf_table_column(w->table, "lat");
    w->lon = hf_table_column(w->table, "lon");
    return HF_OK;
}

hf_err hf_redact_table(hf_pseudonyms *p, double grid_km, const hf_part *part, hf_redact_note *note, hf_table **ret_table, cJSON **ret_lost)
{
    hf_err err = HF_OK;
    work w = {.names = p, .resource = hf_resource_find(part->resource), .table = part->table, .grid_km = grid_km, .note = note};
    hf_table *table = NULL;
    cJSON *lost = cJSON_CreateObject();
    if (!lost) HF_TRY(HF_E_NOMEM);
    HF_TRY(work_start(&w));
    HF_TRY(rows_make(&w));
    HF_TRY(lost_make(&w, part, lost));
    qsort(w.rows, (size_t)hf_table_rows(w.table), sizeof *w.rows, compare_rows);
    HF_TRY(hf_table_new(part->resource, w.kept, w.n_kept, &table));
    for (int r = 0; r < hf_table_rows(w.table); r++) HF_TRY(hf_table_append(table, w.rows[r].cells));
    *ret_table = table;
    *ret_lost = lost;
    return HF_OK;
out:
    hf_table_free(table);
    cJSON_Delete(lost);
    return err;
}
