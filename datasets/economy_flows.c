/* Trade and final demand: millions of numbers, read from the text into the table without a cell in between.
 *
 * Long: the columns region, industry, to_region, to_industry (category), value in any order. Wide: region and industry, then one column a
 * buyer whose heading is "region/industry" ("region/category"). */
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "datasets/economy_inside.h"
#include "datasets/scan.h"

enum { NAME_ROOM = 512, LONG_COLUMNS = 5 };

/* One of the two matrices. */
typedef struct matrix {
    hf_economy_reader *r;
    const hf_economy_text *part;
    const char *names[LONG_COLUMNS]; /* columns of the long form */
    const char *what;                /* a buyer, for findings */
    hf_idmap *columns;               /* buyers by "region/…" */
    const int *column_of;            /* index of a buyer, NULL: its number */
    double *value;
    size_t n_columns;
    unsigned char *seen;             /* long: a bit a cell */
    hf_scan scan;
    int place[LONG_COLUMNS];         /* long: which cell of a row is which column */
} matrix;

/* A name joined from two cells. */
typedef struct joined {
    char text[NAME_ROOM];
    size_t length;
} joined;

static void join(joined *key, const hf_scan_cell *cell, bool more)
{
    size_t room = NAME_ROOM - key->length - 1, n = cell->length < room ? cell->length : room;
    if (more && room > 0) key->text[key->length++] = '/', n = n == room ? n - 1 : n;
    memcpy(key->text + key->length, cell->text, n);
    key->length += n;
    key->text[key->length] = '\0';
}

static int seller_find(matrix *m, const joined *key, const hf_scan_cell *at)
{
    int k = hf_idmap_find(m->r->keys, key->text, key->length);
    if (k < 0) hf_scan_error(&m->scan, at, HF_E_UNKNOWN_ID, "industry \"%.120s\" is in no row of industries", key->text);
    return k < 0 ? -1 : m->r->industry_of_key[k];
}

static int buyer_find(matrix *m, const joined *key, const hf_scan_cell *at)
{
    int k = hf_idmap_find(m->columns, key->text, key->length);
    if (k < 0) hf_scan_error(&m->scan, at, HF_E_UNKNOWN_ID, "%s \"%.120s\" is unknown (its region must be in industries)", m->what, key->text);
    return k < 0 ? -1 : m->column_of ? m->column_of[k] : k;
}

/* Reads the header: true for the long form, whose columns are then known. */
static bool header_is_long(matrix *m)
{
    hf_scan_cell cell;
    bool is_long = false;
    for (int k = 0; k < LONG_COLUMNS; k++) m->place[k] = -1;
    for (int c = 0; hf_scan_next(&m->scan, &cell); c++)
        for (int k = 0; k < LONG_COLUMNS; k++)
            if (hf_scan_is(&cell, m->names[k])) {
                if (m->place[k] >= 0) hf_scan_error(&m->scan, &cell, HF_E_DUPLICATE, "column \"%s\" is there twice", m->names[k]);
                m->place[k] = c;
                is_long = is_long || k >= 2;
            }
    return is_long;
}

static bool long_columns_check(matrix *m)
{
    hf_scan_cell first = {"", 0, 1, 1};
    for (int k = 0; k < LONG_COLUMNS; k++)
        if (m->place[k] < 0) hf_scan_error(&m->scan, &first, HF_E_MISSING, "column \"%s\" is missing", m->names[k]);
    return m->scan.errors == 0;
}

/* The cells of a long row: seller and buyer joined, the last cell of each for its place, the value. False when it has none. */
typedef struct long_row {
    joined part[4], seller, buyer;
    hf_scan_cell seller_at, buyer_at, first;
    double value;
    bool has_value;
} long_row;

static void long_row_read(matrix *m, long_row *row)
{
    hf_scan_cell cell;
    row->has_value = false;
    row->seller_at = row->buyer_at = (hf_scan_cell){"", 0, m->scan.line, 1};
    for (int k = 0; k < 4; k++) row->part[k].length = 0, row->part[k].text[0] = '\0';
    for (int c = 0; hf_scan_next(&m->scan, &cell); c++) {
        for (int k = 0; k < 4; k++)
            if (m->place[k] == c) {
                join(&row->part[k], &cell, false);
                if (k == 1) row->seller_at = cell;
                if (k == 3) row->buyer_at = cell;
            }
        if (m->place[4] == c) row->has_value = hf_scan_number(&m->scan, &cell, "value", &row->value);
    }
    for (int k = 0; k < 2; k++) {
        joined *key = k ? &row->buyer : &row->seller;
        key->length = 0;
        join(key, &(hf_scan_cell){row->part[2 * k].text, row->part[2 * k].length, 0, 0}, false);
        join(key, &(hf_scan_cell){row->part[2 * k + 1].text, row->part[2 * k + 1].length, 0, 0}, true);
    }
}

static hf_err long_read(matrix *m)
{
    size_t n = (size_t)m->r->e->table->n_industries;
    long_row row;
    if (!long_columns_check(m)) return HF_OK;
    m->seen = hf_calloc((n * m->n_columns + 7) / 8, 1);
    if (!m->seen) return HF_E_NOMEM;
    while (hf_scan_row(&m->scan)) {
        long_row_read(m, &row);
        int f = seller_find(m, &row.seller, &row.seller_at), c = buyer_find(m, &row.buyer, &row.buyer_at);
        if (f < 0 || c < 0) continue;
        size_t cell = (size_t)f * m->n_columns + (size_t)c;
        if (m->seen[cell / 8] >> (cell % 8) & 1)
            hf_scan_error(&m->scan, &row.seller_at, HF_E_DUPLICATE, "the flow from %.120s to %.120s is there twice", row.seller.text, row.buyer.text);
        m->seen[cell / 8] |= (unsigned char)(1u << (cell % 8));
        if (row.has_value) m->value[cell] = row.value;
    }
    return m->scan.err;
}

/* The buyers of a wide header; `column` [as many as the header has]. */
static hf_err wide_header(matrix *m, int **ret_column, size_t *ret_n)
{
    hf_scan_cell cell;
    size_t n = 0, capacity = 0;
    unsigned char *seen = hf_calloc(m->n_columns, 1);
    if (!seen) return HF_E_NOMEM;
    for (int c = 0; hf_scan_next(&m->scan, &cell); c++) {
        joined key = {.length = 0};
        if (c < 2) {
            if (!hf_scan_is(&cell, m->names[c]))
                hf_scan_error(&m->scan, &cell, HF_E_FORMAT, "the heading is \"%.*s\"; a wide table begins with region,industry, a long one has %s,%s,%s,%s,%s",
                              cell.length > 60 ? 60 : (int)cell.length, cell.text, m->names[0], m->names[1], m->names[2], m->names[3], m->names[4]);
            continue;
        }
        join(&key, &cell, false);
        int to = buyer_find(m, &key, &cell);
        if (to >= 0 && seen[to]++) hf_scan_error(&m->scan, &cell, HF_E_DUPLICATE, "column \"%.120s\" is there twice", key.text);
        m->scan.err = hf_grow((void **)ret_column, &capacity, n + 1, sizeof **ret_column);
        if (m->scan.err != HF_OK) break;
        (*ret_column)[n++] = to;
    }
    hf_free(seen);
    *ret_n = n;
    return m->scan.err;
}

/* The numbers of a wide row behind its two labels. */
static void wide_row(matrix *m, double *to, const int *column, size_t n)
{
    hf_scan_cell cell;
    double value = 0;
    int line = m->scan.line;
    size_t c = 0;
    for (; hf_scan_next(&m->scan, &cell); c++)
        if (c < n && hf_scan_number(&m->scan, &cell, "value", &value) && column[c] >= 0) to[column[c]] = value;
    if (c == n) return;
    cell = (hf_scan_cell){"", 0, line, 1};
    hf_scan_error(&m->scan, &cell, HF_E_SYNTAX, "the row has %zu cells, the header %zu", c + 2, n + 2);
}

static hf_err wide_read(matrix *m)
{
    hf_err err = HF_OK;
    int *column = NULL;
    size_t n = 0;
    unsigned char *seen = hf_calloc((size_t)m->r->e->table->n_industries, 1);
    if (!seen) return HF_E_NOMEM;
    HF_TRY(wide_header(m, &column, &n));
    if (m->scan.errors) goto out;
    while (hf_scan_row(&m->scan)) {
        hf_scan_cell cell;
        joined key = {.length = 0};
        if (hf_scan_next(&m->scan, &cell)) join(&key, &cell, false);
        if (hf_scan_next(&m->scan, &cell)) join(&key, &cell, true);
        int f = seller_find(m, &key, &cell);
        if (f < 0) continue;
        if (seen[f]++) hf_scan_error(&m->scan, &cell, HF_E_DUPLICATE, "the row of %.120s is there twice", key.text);
        wide_row(m, m->value + (size_t)f * m->n_columns, column, n);
    }
    err = m->scan.err;
out:
    hf_free(column);
    hf_free(seen);
    return err;
}

/* Back to where the scan stood; what was allocated and found since is kept. */
static void scan_back(hf_scan *s, const hf_scan *start)
{
    s->at = start->at;
    s->line_start = start->line_start;
    s->line = start->line;
    s->in_row = start->in_row;
}

static hf_err matrix_read(matrix *m)
{
    hf_scan start;
    if (!m->part->file) return HF_OK;
    hf_err err = hf_scan_init(&m->scan, m->part->file, m->part->text, m->part->length, 0, m->r->diag);
    if (err == HF_E_DATA) return HF_OK; /* reported; the others are read too */
    if (err != HF_OK) return err;
    hf_scan_row(&m->scan);
    start = m->scan;
    if (header_is_long(m)) err = long_read(m);
    else {
        scan_back(&m->scan, &start); /* the header again, by its buyers */
        err = wide_read(m);
    }
    hf_scan_done(&m->scan);
    hf_free(m->seen);
    return err;
}

/* Adds the category in a wide heading "region/category": behind the first slash whose front part is a region. */
static hf_err category_of_heading(hf_economy_reader *r, const hf_scan_cell *cell)
{
    for (size_t k = 0; k < cell->length; k++)
        if (cell->text[k] == '/' && k + 1 < cell->length && hf_idmap_find(r->regions, cell->text, k) >= 0)
            return hf_idmap_intern(r->categories, cell->text + k + 1, cell->length - k - 1, &(int){0}, NULL);
    return HF_OK; /* said when the header is read */
}

/* The kinds of final demand that the file names, in the order of their first use. */
static hf_err categories_find(hf_economy_reader *r, matrix *m)
{
    hf_scan_cell cell;
    hf_diag *diag = NULL; /* what is wrong is said when the file is read */
    if (!m->part->file || hf_scan_init(&m->scan, m->part->file, m->part->text, m->part->length, 0, diag) != HF_OK) return HF_OK;
    hf_err err = HF_OK;
    hf_scan_row(&m->scan);
    hf_scan start = m->scan;
    bool is_long = header_is_long(m);
    if (!is_long) scan_back(&m->scan, &start);
    while (err == HF_OK && !is_long && hf_scan_next(&m->scan, &cell)) err = category_of_heading(r, &cell);
    while (err == HF_OK && is_long && hf_scan_row(&m->scan))
        for (int c = 0; err == HF_OK && hf_scan_next(&m->scan, &cell); c++)
            if (c == m->place[3] && cell.length) err = hf_idmap_intern(r->categories, cell.text, cell.length, &(int){0}, NULL);
    if (err == HF_OK) err = m->scan.err;
    hf_scan_done(&m->scan);
    return err;
}

/* Every "region/category", numbered as the columns of y. */
static hf_err demand_columns(hf_economy_reader *r, hf_idmap *columns)
{
    hf_err err = HF_OK;
    char key[2 * NAME_ROOM];
    for (int g = 0; g < hf_idmap_count(r->regions); g++)
        for (int k = 0; k < hf_idmap_count(r->categories); k++) {
            int index = 0, n = snprintf(key, sizeof key, "%s/%s", hf_idmap_text(r->regions, g), hf_idmap_text(r->categories, k));
            bool added = false;
            if (n < 0 || (size_t)n >= sizeof key) HF_TRY(HF_E_TOO_LARGE);
            HF_TRY(hf_idmap_intern(columns, key, (size_t)n, &index, &added));
            if (!added) {
                hf_diag_add(r->diag, HF_ERROR, HF_E_DUPLICATE, r->parts->final_demand.file, 0, 0, "\"%s\" can be read in two ways", key);
                HF_TRY(HF_E_DATA);
            }
        }
out:
    return err;
}

static hf_err table_make(hf_economy_reader *r)
{
    hf_economy *e = r->e;
    int n_regions = hf_idmap_count(r->regions), n_sectors = hf_idmap_count(r->sectors), n_demand = hf_idmap_count(r->categories);
    size_t most = (size_t)(n_regions > n_sectors ? n_regions : n_sectors);
    const char **names = hf_arena_calloc(&e->memory, 2 * most, sizeof *names);
    e->category = hf_arena_calloc(&e->memory, (size_t)n_demand, sizeof *e->category);
    if (!names || !e->category) return HF_E_NOMEM;
    for (int k = 0; k < n_regions; k++) names[k] = hf_idmap_text(r->regions, k);
    for (int k = 0; k < n_sectors; k++) names[most + (size_t)k] = hf_idmap_text(r->sectors, k);
    for (int k = 0; k < n_demand; k++) {
        const char *text = hf_idmap_text(r->categories, k);
        if (!(e->category[k] = hf_arena_strndup(&e->memory, text, strlen(text)))) return HF_E_NOMEM;
    }
    hf_err err = hf_io_table_new(n_regions, n_sectors, n_demand, names, names + most, r->parts->currency, r->parts->unit, r->parts->year, &e->table);
    if (err == HF_E_TOO_LARGE) {
        hf_diag_add(r->diag, HF_ERROR, err, hf_table_file(r->parts->industries), 0, 0,
                    "%d regions x %d industries x %d kinds of final demand (allowed: %d industries of regions, 65536 columns of final demand)", n_regions,
                    n_sectors, n_demand, HF_IO_MAX_INDUSTRIES);
        err = HF_E_DATA;
    }
    return err;
}

hf_err hf_economy_flows(hf_economy_reader *r)
{
    hf_err err = HF_OK;
    hf_idmap *columns = NULL;
    matrix demand = {.r = r, .part = &r->parts->final_demand, .names = {"region", "industry", "to_region", "category", "value"}, .what = "final buyer"};
    matrix trade = {.r = r, .part = &r->parts->trade, .names = {"region", "industry", "to_region", "to_industry", "value"}, .what = "buying industry"};
    HF_TRY(hf_idmap_new(&columns));
    HF_TRY(categories_find(r, &demand));
    if (hf_idmap_count(r->categories) == 0) HF_TRY(hf_idmap_intern(r->categories, "final demand", 12, &(int){0}, NULL));
    HF_TRY(table_make(r));
    HF_TRY(demand_columns(r, columns));
    demand.columns = columns;
    demand.value = r->e->table->y;
    demand.n_columns = (size_t)r->e->table->n_demand_columns;
    trade.columns = r->keys;
    trade.column_of = r->industry_of_key;
    trade.value = r->e->table->z;
    trade.n_columns = (size_t)r->e->table->n_industries;
    size_t errors = hf_diag_count(r->diag, HF_ERROR);
    HF_TRY(matrix_read(&trade));
    HF_TRY(matrix_read(&demand));
    r->flows_are_whole = hf_diag_count(r->diag, HF_ERROR) == errors;
out:
    hf_idmap_free(columns);
    return err;
}
