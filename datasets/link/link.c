#include "datasets/link/link.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/arena.h"
#include "datasets/files.h"
#include "datasets/link/nearest.h"
#include "datasets/new_folder.h"
#include "datasets/package_inside.h"
#include "model/cascade/scenario.h"

enum { PUBLISHED_MANY = 5, COLUMNS = 128 };

/* A rule as it stands in the file. */
typedef struct rule {
    const char *name, *user, *requirement, *supplier, *curve, *kind, *confidence;
    int k, needed, line;
    double within_km, threshold; /* threshold NaN: from k and needed */
    bool abroad, over_water;
} rule;

/* A link that was found. */
typedef struct found {
    int rule, user, supplier;
    double km;
    bool first; /* of its user: the requirement is written with it */
} found;

typedef struct linking {
    const hf_package *package;
    const hf_network *net;
    hf_diag *diag;
    hf_arena memory;
    hf_table *table;
    rule *rules;
    int n_rules;
    found *links;
    int n_links;
    size_t capacity;
    hf_link_report *report;
} linking;

/* ---- rules ---- */

static const char *cell(const linking *l, int row, const char *column)
{
    int c = hf_table_column(l->table, column);
    return c < 0 ? "" : hf_table_cell(l->table, row, c).text;
}

static void fault(linking *l, int row, const char *what, const char *value, const char *allowed)
{
    hf_diag_add(l->diag, HF_ERROR, HF_E_RANGE, hf_table_file(l->table), hf_table_line(l->table, row), 1, "%s \"%.80s\" (allowed: %s)", what, value, allowed);
}

/* A number of a cell from low to high; `fallback` where it is empty. */
static double number(linking *l, int row, const char *column, double fallback, double low, double high, const char *allowed)
{
    const char *text = cell(l, row, column);
    double value = fallback;
    if (*text && (!hf_number_parse(text, strlen(text), &value) || !(value >= low && value <= high))) fault(l, row, column, text, allowed);
    return value;
}

static bool yes(linking *l, int row, const char *column)
{
    const char *text = cell(l, row, column);
    if (*text && strcmp(text, "yes") != 0 && strcmp(text, "no") != 0) fault(l, row, column, text, "yes or no");
    return strcmp(text, "yes") == 0;
}

static const char *subsector_filter(linking *l, const char *name)
{
    char text[256];
    snprintf(text, sizeof text, "subsector='%.200s'", name);
    return hf_arena_strndup(&l->memory, text, strlen(text));
}

static void rule_published(linking *l, int row, rule *r)
{
    bool single = strcmp(cell(l, row, "single_link"), "FALSE") != 0;
    r->name = cell(l, row, "source");
    r->requirement = cell(l, row, "source");
    r->user = subsector_filter(l, cell(l, row, "target"));
    r->supplier = subsector_filter(l, cell(l, row, "source"));
    r->k = single ? 1 : PUBLISHED_MANY;
    r->needed = 1;
    r->within_km = number(l, row, "thresh_dist", INFINITY, 0, 1e9, "metres, 0 or more") / 1000;
    r->threshold = number(l, row, "thresh_func", 1, 0, 1, "0 to 1");
    r->curve = "0:1";
    r->kind = strcmp(cell(l, row, "type_II"), "logical") == 0 ? "logical" : "physical";
    r->abroad = true; /* the published rules know no countries */
}

static void rule_ours(linking *l, int row, rule *r)
{
    r->name = cell(l, row, "rule");
    r->user = cell(l, row, "user");
    r->requirement = cell(l, row, "requirement");
    r->supplier = cell(l, row, "supplier");
    r->k = (int)number(l, row, "k", 1, 1, HF_GLOBE_MOST, "a whole number from 1 to 64");
    r->needed = (int)number(l, row, "needed", 1, 1, r->k, "a whole number from 1 to k");
    r->within_km = number(l, row, "within_km", INFINITY, 0, 1e6, "km, 0 or more");
    r->threshold = NAN;
    r->curve = *cell(l, row, "curve") ? cell(l, row, "curve") : "0:1";
    r->kind = *cell(l, row, "kind") ? cell(l, row, "kind") : "physical";
    r->abroad = yes(l, row, "abroad");
    r->over_water = yes(l, row, "over_water");
    r->confidence = cell(l, row, "confidence");
    const char *needed[] = {"rule", "user", "requirement", "supplier"};
    for (int k = 0; k < 4; k++)
        if (!*cell(l, row, needed[k])) fault(l, row, needed[k], "", "a text");
}

static hf_err rules_read(linking *l, const char *path)
{
    hf_err err = HF_OK;
    char *text = NULL;
    size_t length = 0, errors = hf_diag_count(l->diag, HF_ERROR);
    HF_TRY(hf_files_text(path, l->diag, &text, &length));
    HF_TRY(hf_table_parse(path, text, length, l->diag, &l->table));
    bool published = hf_table_column(l->table, "source") >= 0 && hf_table_column(l->table, "target") >= 0;
    static const char *const needed[] = {"rule", "user", "requirement", "supplier"};
    for (int k = 0; k < 4 && !published; k++)
        if (hf_table_column(l->table, needed[k]) < 0)
            hf_diag_add(l->diag, HF_ERROR, HF_E_MISSING, path, 1, 1, "column \"%s\" is missing: a rule table has rule, user, requirement, supplier", needed[k]);
    if (hf_diag_count(l->diag, HF_ERROR) > errors) HF_TRY(HF_E_DATA);
    l->rules = hf_arena_calloc(&l->memory, (size_t)hf_table_rows(l->table), sizeof *l->rules);
    if (!l->rules) HF_TRY(HF_E_NOMEM);
    for (int row = 0; row < hf_table_rows(l->table); row++) {
        rule *r = &l->rules[l->n_rules++];
        *r = (rule){.line = hf_table_line(l->table, row), .confidence = ""};
        if (published) rule_published(l, row, r);
        else rule_ours(l, row, r);
    }
    if (hf_diag_count(l->diag, HF_ERROR) > errors) err = HF_E_DATA;
out:
    hf_free(text);
    return err;
}

/* ---- links ---- */

/* Whom a user of a rule may be linked to. */
typedef struct fitting {
    const hf_network *net;
    const int *suppliers; /* entity of each place */
    int user;
    bool abroad, over_water;
} fitting;

static bool fits(const void *context, int place)
{
    const fitting *f = context;
    const hf_network *net = f->net;
    int i = f->user, j = f->suppliers[place];
    if (i == j || (!f->abroad && net->country[i] != net->country[j])) return false;
    bool island = net->isolated[i] || net->isolated[j];
    return f->over_water || !island || net->region[i] == net->region[j];
}

static bool has_requirement(const hf_network *net, int entity, const char *name)
{
    for (int g = net->req_off[entity]; g < net->req_off[entity + 1]; g++)
        if (strcmp(net->req_labels.name[net->req_label[g]], name) == 0) return true;
    return false;
}

/* An earlier rule may have met the same requirement of the same user. */
static bool was_linked(const linking *l, int upto, int user, const char *name)
{
    for (int k = 0; k < upto; k++)
        if (l->links[k].user == user && strcmp(l->rules[l->links[k].rule].requirement, name) == 0) return true;
    return false;
}

static int compare_doubles(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static hf_err user_link(linking *l, int k, const hf_globe *globe, const fitting *f, hf_link_rule *to, double *nearest)
{
    const rule *r = &l->rules[k];
    hf_globe_found near[HF_GLOBE_MOST];
    int n = hf_globe_nearest(globe, l->net->lat[f->user], l->net->lon[f->user], r->k, fits, f, near), within = 0;
    while (within < n && near[within].km <= r->within_km) within++;
    if (within < r->needed) {
        to->unconnected[to->n_unconnected++] = f->user;
        return HF_OK;
    }
    nearest[to->linked++] = near[0].km;
    to->over_20_km += near[0].km > 20;
    hf_err err = hf_grow((void **)&l->links, &l->capacity, (size_t)(l->n_links + within), sizeof *l->links);
    for (int j = 0; j < within && err == HF_OK; j++) {
        l->links[l->n_links++] = (found){k, f->user, f->suppliers[near[j].place], near[j].km, j == 0};
        to->links++;
    }
    return err;
}

static hf_err targets(linking *l, const rule *r, const char *text, const char *what, int **ret_entities, int *ret_n)
{
    const char *why = NULL;
    hf_err err = hf_target_resolve(l->net, text, ret_entities, ret_n, &why);
    if (err == HF_OK && *ret_n == 0)
        hf_diag_add(l->diag, HF_WARNING, HF_OK, hf_table_file(l->table), r->line, 1, "%s \"%.80s\" of rule \"%.60s\": %s", what, text, r->name, why);
    return err;
}

static hf_err places_of(const hf_network *net, const int *entities, int n, hf_globe **ret_globe)
{
    double *lat = hf_malloc((size_t)n * sizeof *lat), *lon = hf_malloc((size_t)n * sizeof *lon);
    hf_err err = lat && lon ? HF_OK : HF_E_NOMEM;
    for (int k = 0; k < n && err == HF_OK; k++) lat[k] = net->lat[entities[k]], lon[k] = net->lon[entities[k]];
    if (err == HF_OK) err = hf_globe_new(n, lat, lon, ret_globe);
    hf_free(lat);
    hf_free(lon);
    return err;
}

static hf_err rule_apply(linking *l, int k)
{
    hf_err err = HF_OK;
    const rule *r = &l->rules[k];
    hf_link_rule *to = &l->report->rules[k];
    int *users = NULL, *suppliers = NULL, n_users = 0, n_suppliers = 0, before = l->n_links;
    hf_globe *globe = NULL;
    double *nearest = NULL;
    HF_TRY(targets(l, r, r->user, "user", &users, &n_users));
    HF_TRY(targets(l, r, r->supplier, "supplier", &suppliers, &n_suppliers));
    HF_TRY(places_of(l->net, suppliers, n_suppliers, &globe));
    nearest = hf_malloc((size_t)n_users * sizeof *nearest);
    *to = (hf_link_rule){.name = hf_arena_strndup(l->report->memory, r->name, strlen(r->name)), .users = n_users, .median_km = NAN, .most_km = NAN,
                         .unconnected = hf_arena_calloc(l->report->memory, (size_t)n_users, sizeof *to->unconnected)};
    if (!nearest || !to->name || !to->unconnected) HF_TRY(HF_E_NOMEM);
    for (int u = 0; u < n_users; u++) {
        fitting f = {l->net, suppliers, users[u], r->abroad, r->over_water};
        if (has_requirement(l->net, users[u], r->requirement) || was_linked(l, before, users[u], r->requirement)) to->had++;
        else if (isnan(l->net->lat[users[u]]) || isnan(l->net->lon[users[u]])) to->unplaced++;
        else HF_TRY(user_link(l, k, globe, &f, to, nearest));
    }
    if (to->linked > 0) {
        qsort(nearest, (size_t)to->linked, sizeof *nearest, compare_doubles);
        to->median_km = nearest[to->linked / 2];
        to->most_km = nearest[to->linked - 1];
    }
out:
    hf_free(users);
    hf_free(suppliers);
    hf_free(nearest);
    hf_globe_free(globe);
    return err;
}

/* ---- tables ---- */

/* The columns of a table and those of ours that it lacks. */
static int columns_join(const hf_table *table, const char *const *ours, int n_ours, const char **names)
{
    int n = 0;
    for (int c = 0; table && c < hf_table_columns(table) && n < COLUMNS; c++) names[n++] = hf_table_column_name(table, c);
    for (int k = 0; k < n_ours && n < COLUMNS; k++)
        if (!table || hf_table_column(table, ours[k]) < 0) names[n++] = ours[k];
    return n;
}

static hf_err rows_copy(const hf_table *from, hf_table *to, int n_columns)
{
    hf_err err = HF_OK;
    for (int row = 0; from && row < hf_table_rows(from) && err == HF_OK; row++) {
        const char *cells[COLUMNS] = {0};
        for (int c = 0; c < hf_table_columns(from) && c < n_columns; c++) cells[c] = hf_table_cell(from, row, c).text;
        err = hf_table_append(to, cells);
    }
    return err;
}

/* Appends a row given by name. */
static hf_err row_append(hf_table *to, const char *const *names, const char *const *values, int n)
{
    const char *cells[COLUMNS] = {0};
    for (int k = 0; k < n; k++) cells[hf_table_column(to, names[k])] = values[k];
    return hf_table_append(to, cells);
}

static hf_err requirements_make(const linking *l, hf_table **ret_table)
{
    static const char *const ours[] = {"entity", "requirement", "kind", "response", "threshold", "curve", "source"};
    enum { OURS = 7 };
    const hf_table *from = hf_package_table(l->package, "requirements");
    const char *names[COLUMNS];
    int n = columns_join(from, ours, OURS, names);
    hf_err err = hf_table_new("", names, n, ret_table);
    if (err == HF_OK) err = rows_copy(from, *ret_table, n);
    for (int k = 0; k < l->n_links && err == HF_OK; k++) {
        const rule *r = &l->rules[l->links[k].rule];
        char threshold[32] = "", source[160];
        bool many = r->k > 1 || !isnan(r->threshold);
        if (!l->links[k].first) continue;
        if (many) hf_number_format(isnan(r->threshold) ? 0.999 : r->threshold, threshold);
        snprintf(source, sizeof source, "rule %.120s", r->name);
        const char *values[OURS] = {l->net->id[l->links[k].user], r->requirement, r->kind, many ? "threshold" : "linear", threshold, r->curve, source};
        err = row_append(*ret_table, ours, values, OURS);
    }
    return err;
}

static hf_err supplies_make(const linking *l, hf_table **ret_table)
{
    static const char *const ours[] = {"entity", "requirement", "supplier", "share", "distance_km", "derived", "confidence"};
    enum { OURS = 7 };
    const hf_table *from = hf_package_table(l->package, "supplies");
    const char *names[COLUMNS];
    int n = columns_join(from, ours, OURS, names);
    hf_err err = hf_table_new("", names, n, ret_table);
    if (err == HF_OK) err = rows_copy(from, *ret_table, n);
    for (int k = 0; k < l->n_links && err == HF_OK; k++) {
        const rule *r = &l->rules[l->links[k].rule];
        char share[32] = "1", km[32], derived[200];
        if (r->needed > 1) snprintf(share, sizeof share, "1/%d", r->needed);
        snprintf(km, sizeof km, "%.3f", l->links[k].km);
        snprintf(derived, sizeof derived, "rule %.100s: nearest %d%s", r->name, r->k, r->abroad ? "" : " of the country");
        const char *values[OURS] = {l->net->id[l->links[k].user], r->requirement, l->net->id[l->links[k].supplier], share, km, derived, r->confidence};
        err = row_append(*ret_table, ours, values, OURS);
    }
    return err;
}

/* datapackage.json with the two tables in it. */
static hf_err metadata_write(const hf_part *part, hf_buf *out, bool requirements, bool supplies)
{
    hf_err err = HF_OK;
    cJSON *root = cJSON_ParseWithLength(part->bytes, part->length), *list = cJSON_GetObjectItemCaseSensitive(root, "resources");
    const char *const names[] = {requirements ? "requirements" : NULL, supplies ? "supplies" : NULL};
    for (int k = 0; k < 2; k++) {
        char path[32];
        cJSON *entry = names[k] ? cJSON_CreateObject() : NULL;
        if (!entry) continue;
        snprintf(path, sizeof path, "%s.csv", names[k]);
        cJSON_AddStringToObject(entry, "name", names[k]);
        cJSON_AddStringToObject(entry, "path", path);
        cJSON_AddItemToArray(list, entry);
    }
    char *printed = root ? cJSON_Print(root) : NULL;
    if (!printed) HF_TRY(HF_E_NOMEM);
    hf_buf_puts(out, printed);
    hf_buf_puts(out, "\n");
    err = out->err;
out:
    cJSON_free(printed);
    cJSON_Delete(root);
    return err;
}

static hf_err files_write(linking *l, const hf_new_folder *folder)
{
    hf_err err = HF_OK;
    hf_buf text = {0};
    hf_table *table[2] = {0};
    const char *path[2] = {"requirements.csv", "supplies.csv"};
    bool is_new[2] = {true, true};
    HF_TRY(requirements_make(l, &table[0]));
    HF_TRY(supplies_make(l, &table[1]));
    for (int k = 0; k < l->package->n_parts; k++) {
        const hf_part *part = &l->package->parts[k];
        if (strcmp(part->resource, "requirements") == 0) path[0] = part->path, is_new[0] = false;
        if (strcmp(part->resource, "supplies") == 0) path[1] = part->path, is_new[1] = false;
    }
    for (int k = 0; k < l->package->n_parts; k++) {
        const hf_part *part = &l->package->parts[k];
        if (strcmp(part->resource, "requirements") == 0 || strcmp(part->resource, "supplies") == 0) continue;
        if (strchr(part->path, '/')) {
            hf_diag_add(l->diag, HF_ERROR, HF_E_UNSUPPORTED, part->label, 0, 0, "a package with files in folders below cannot be linked");
            HF_TRY(HF_E_DATA);
        }
        if (!*part->resource) HF_TRY(metadata_write(part, &text, is_new[0], is_new[1]));
        else if (part->table) hf_table_write(part->table, &text);
        else hf_buf_add(&text, part->bytes, part->length);
        HF_TRY(hf_new_folder_file(folder, part->path, &text));
    }
    for (int k = 0; k < 2; k++) {
        hf_table_write(table[k], &text);
        HF_TRY(hf_new_folder_file(folder, path[k], &text));
    }
out:
    hf_table_free(table[0]);
    hf_table_free(table[1]);
    hf_buf_done(&text);
    return err;
}

/* ---- the whole ---- */

static hf_err report_new(linking *l)
{
    l->report = hf_calloc(1, sizeof *l->report);
    if (!l->report) return HF_E_NOMEM;
    hf_arena *memory = hf_malloc(sizeof *memory);
    if (!memory) return HF_E_NOMEM;
    hf_arena_init(memory);
    l->report->memory = memory;
    l->report->n = l->n_rules;
    l->report->rules = hf_arena_calloc(memory, (size_t)l->n_rules, sizeof *l->report->rules);
    return l->report->rules ? HF_OK : HF_E_NOMEM;
}

hf_err hf_link(const hf_package *package, const char *rules, const char *into, hf_diag *diag, hf_link_report **ret_report)
{
    hf_err err = HF_OK;
    hf_new_folder folder;
    linking l = {.package = package, .net = hf_package_network(package), .diag = diag};
    hf_arena_init(&l.memory);
    HF_TRY(rules_read(&l, rules));
    HF_TRY(report_new(&l));
    for (int k = 0; k < l.n_rules; k++) HF_TRY(rule_apply(&l, k));
    HF_TRY(hf_new_folder_begin(&folder, into, diag));
    err = files_write(&l, &folder);
    if (err == HF_OK) err = hf_new_folder_check(&folder, "in the linked package", diag);
    HF_TRY(hf_new_folder_end(&folder, err));
    *ret_report = l.report;
    l.report = NULL;
out:
    hf_link_report_free(l.report);
    hf_table_free(l.table);
    hf_free(l.links);
    hf_arena_done(&l.memory);
    return err;
}

void hf_link_report_free(hf_link_report *report)
{
    if (!report) return;
    if (report->memory) hf_arena_done(report->memory);
    hf_free(report->memory);
    hf_free(report);
}
