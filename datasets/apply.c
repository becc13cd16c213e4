#include "datasets/apply.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "datasets/apply_inside.h"
#include "datasets/doc.h"
#include "datasets/new_folder.h"
#include "datasets/package_inside.h"

/* ---- scenarios ---- */

/* Level of an inject that fails or degrades; NaN for others. */
static double level_of(const cJSON *inject)
{
    const char *kind = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(inject, "inject"));
    const cJSON *level = cJSON_GetObjectItemCaseSensitive(inject, "level");
    bool fails = kind && strcmp(kind, "fail") == 0;
    if (!fails && !(kind && strcmp(kind, "degrade") == 0)) return NAN;
    return cJSON_IsNumber(level) ? level->valuedouble : fails ? 0 : NAN;
}

/* Whether a filter among the targets is by hazard: the plan may have made the hazard spare those it names. */
static bool has_hazard_filter(const cJSON *inject)
{
    const cJSON *target = NULL;
    cJSON_ArrayForEach(target, cJSON_GetObjectItemCaseSensitive(inject, "targets"))
        if (cJSON_IsString(target) && strstr(target->valuestring, "hazard=")) return true;
    return false;
}

/* What is left of the damage of every entity that the targets name, -1 for others; each counts once. */
static hf_err left_fill(const hf_applying *x, const char *scenario, const cJSON *inject, double *left, bool *ret_changed)
{
    const cJSON *target = NULL;
    bool acts = !isnan(level_of(inject));
    *ret_changed = has_hazard_filter(inject);
    for (int i = 0; i < x->net->n_entities; i++) left[i] = -1;
    if (!acts && !*ret_changed) return HF_OK;
    cJSON_ArrayForEach(target, cJSON_GetObjectItemCaseSensitive(inject, "targets"))
    {
        int *entities = NULL, n = 0;
        const char *why = NULL;
        hf_err err = hf_target_resolve(x->net, target->valuestring, &entities, &n, &why);
        if (err != HF_OK) return err;
        for (int k = 0; k < n; k++) {
            left[entities[k]] = acts ? hf_measures_damage_left(x->set, x->options->bought, scenario, entities[k]) : 1;
            *ret_changed |= left[entities[k]] < 1;
        }
        hf_free(entities);
    }
    return HF_OK;
}

/* Adding to a tree that may have run out of memory: what finds no place goes. That it is missing is told when the tree is printed, which needs
 * memory too. */
static void append(cJSON *list, cJSON *value)
{
    if (!cJSON_AddItemToArray(list, value)) cJSON_Delete(value);
}

static void put(cJSON *object, const char *key, cJSON *value)
{
    bool there = cJSON_GetObjectItemCaseSensitive(object, key) != NULL;
    if (there ? !cJSON_ReplaceItemInObjectCaseSensitive(object, key, value) : !cJSON_AddItemToObject(object, key, value)) cJSON_Delete(value);
}

/* A copy of an inject for the entities of which so much damage is left; they are taken off the list. */
static cJSON *inject_part(const hf_applying *x, const cJSON *inject, double part, double *left)
{
    cJSON *copy = cJSON_Duplicate(inject, true), *targets = cJSON_CreateArray();
    for (int i = 0; i < x->net->n_entities; i++) {
        if (left[i] != part) continue;
        append(targets, cJSON_CreateString(x->net->id[i]));
        left[i] = -1;
    }
    put(copy, "targets", targets);
    if (part < 1) {
        double level = 1 - (1 - level_of(inject)) * part;
        cJSON_DeleteItemFromObjectCaseSensitive(copy, "level");
        cJSON_AddNumberToObject(copy, "level", level);
    }
    return copy;
}

/* Nobody is hit any more: the exercise sheet says so. */
static cJSON *inject_averted(const cJSON *inject)
{
    cJSON *note = cJSON_CreateObject();
    const char *text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(inject, "text"));
    char said[400];
    snprintf(said, sizeof said, "Averted by the measures of the plan%s%.300s", text && *text ? ": " : "", text ? text : "");
    put(note, "at_h", cJSON_Duplicate(cJSON_GetObjectItemCaseSensitive(inject, "at_h"), true));
    cJSON_AddStringToObject(note, "inject", "note");
    put(note, "targets", cJSON_Duplicate(cJSON_GetObjectItemCaseSensitive(inject, "targets"), true));
    cJSON_AddStringToObject(note, "text", said);
    return note;
}

/* Spare parts at hand for a scripted scenario: whoever fails is repaired sooner than by the table of entities. */
static void repairs_add(const hf_applying *x, const char *scenario, const cJSON *inject, const bool *hit, cJSON *list)
{
    const char *kind = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(inject, "inject"));
    const cJSON *at = cJSON_GetObjectItemCaseSensitive(inject, "at_h");
    for (int i = 0; kind && strcmp(kind, "fail") == 0 && cJSON_IsNumber(at) && i < x->net->n_entities; i++) {
        double hours = hit[i] ? hf_measures_repair_left(x->set, x->options->bought, scenario, i, x->net->repair_h[i]) : NAN;
        if (isnan(hours) || hours >= x->edits.repair_h[i]) continue;
        cJSON *repair = cJSON_CreateObject(), *targets = cJSON_CreateArray();
        cJSON_AddNumberToObject(repair, "at_h", at->valuedouble + hours);
        cJSON_AddStringToObject(repair, "inject", "repair");
        append(targets, cJSON_CreateString(x->net->id[i]));
        put(repair, "targets", targets);
        append(list, repair);
    }
}

/* The injects that stand for one, appended. */
static hf_err inject_apply(const hf_applying *x, const char *scenario, const cJSON *inject, double *left, bool *hit, cJSON *list)
{
    bool changed = false;
    hf_err err = left_fill(x, scenario, inject, left, &changed);
    if (err != HF_OK) return err;
    for (int i = 0; i < x->net->n_entities; i++) hit[i] = left[i] > 0;
    if (!changed) {
        append(list, cJSON_Duplicate(inject, true));
        repairs_add(x, scenario, inject, hit, list);
        return HF_OK;
    }
    int before = cJSON_GetArraySize(list);
    for (int i = 0; i < x->net->n_entities; i++)
        if (left[i] > 0) append(list, inject_part(x, inject, left[i], left));
    if (cJSON_GetArraySize(list) == before) append(list, inject_averted(inject));
    repairs_add(x, scenario, inject, hit, list);
    return HF_OK;
}

/* The injects of a scenario, or of an option of one of its decisions. */
static hf_err injects_apply(const hf_applying *x, const char *scenario, cJSON *object, double *left, bool *hit)
{
    hf_err err = HF_OK;
    const cJSON *injects = cJSON_GetObjectItemCaseSensitive(object, "injects"), *inject = NULL;
    cJSON *made = cJSON_CreateArray();
    cJSON_ArrayForEach(inject, injects)
        if (err == HF_OK) err = inject_apply(x, scenario, inject, left, hit, made);
    if (injects) put(object, "injects", made);
    else cJSON_Delete(made);
    return err;
}

hf_err hf_apply_scenarios(const hf_applying *x, const char *bytes, size_t length, hf_buf *out)
{
    hf_err err = HF_OK;
    cJSON *root = cJSON_ParseWithLength(bytes, length), *scenario = NULL, *decision = NULL, *option = NULL;
    const cJSON *list = NULL;
    double *left = hf_malloc((size_t)x->net->n_entities * sizeof *left);
    bool *hit = hf_malloc((size_t)x->net->n_entities * sizeof *hit);
    if (!root || !left || !hit) HF_TRY(HF_E_NOMEM);
    list = cJSON_IsArray(root) ? root : cJSON_GetObjectItemCaseSensitive(root, "scenarios");
    for (scenario = list ? list->child : NULL; scenario; scenario = scenario->next) {
        const char *name = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(scenario, "name"));
        HF_TRY(injects_apply(x, name ? name : "", scenario, left, hit));
        cJSON_ArrayForEach(decision, cJSON_GetObjectItemCaseSensitive(scenario, "decisions"))
            cJSON_ArrayForEach(option, cJSON_GetObjectItemCaseSensitive(decision, "options"))
                HF_TRY(injects_apply(x, name ? name : "", option, left, hit));
    }
    HF_TRY(hf_doc_print(root, out));
out:
    cJSON_Delete(root);
    hf_free(left);
    hf_free(hit);
    return err;
}

/* ---- the tables ---- */

static const struct {
    const char *resource;
    hf_err (*make)(const hf_applying *x, const hf_table *from, hf_rewrite *ret_draft);
} makers[] = {
    {"entities", hf_apply_entities},   {"requirements", hf_apply_requirements}, {"supplies", hf_apply_supplies}, {"carrier_lines", hf_apply_lines},
    {"hazard_damage", hf_apply_damage}, {"measures", hf_apply_measures},         {"budgets", hf_apply_budgets},
};
enum { MAKERS = sizeof makers / sizeof *makers };

static hf_err table_write(const hf_applying *x, int maker, const hf_table *from, hf_buf *out, int *ret_rows)
{
    hf_rewrite draft = {0};
    hf_err err = makers[maker].make(x, from, &draft);
    if (err == HF_OK) {
        *ret_rows = hf_table_rows(draft.table);
        hf_table_write(draft.table, out);
        err = out->err;
    }
    hf_rewrite_done(&draft);
    return err;
}

static int maker_find(const char *resource)
{
    for (int k = 0; k < MAKERS; k++)
        if (strcmp(makers[k].resource, resource) == 0) return k;
    return -1;
}

static bool is_there(const hf_package *package, const char *resource)
{
    for (int k = 0; k < package->n_parts; k++)
        if (strcmp(package->parts[k].resource, resource) == 0) return true;
    return false;
}

/* ---- datapackage.json ---- */

static void resource_note(cJSON *root, const char *resource)
{
    char path[80];
    cJSON *entry = cJSON_CreateObject();
    snprintf(path, sizeof path, "%.60s.csv", resource);
    cJSON_AddStringToObject(entry, "name", resource);
    cJSON_AddStringToObject(entry, "path", path);
    append(cJSON_GetObjectItemCaseSensitive(root, "resources"), entry);
}

/* Of what it was made, by which measures, and how. */
static void plan_note(const hf_applying *x, cJSON *root)
{
    const char *slash = strrchr(x->options->into, '/');
    hf_buf title = {0};
    double cost = 0;
    cJSON *plan = cJSON_CreateObject(), *of = cJSON_AddObjectToObject(plan, "of"), *list = cJSON_AddArrayToObject(plan, "measures");
    for (int m = 0; m < x->set->n; m++) {
        if (!x->options->bought[m]) continue;
        append(list, cJSON_CreateString(x->set->measure[m].id));
        cost += x->set->measure[m].cost;
    }
    hf_buf_printf(&title, "%s, with a plan of %d measure%s", hf_package_title(x->package), cJSON_GetArraySize(list), cJSON_GetArraySize(list) == 1 ? "" : "s");
    cJSON_AddStringToObject(of, "name", hf_package_name(x->package));
    cJSON_AddStringToObject(of, "version", hf_package_version(x->package));
    cJSON_AddStringToObject(of, "sha256", hf_package_digest(x->package));
    cJSON_AddNumberToObject(plan, "cost_eur", cost);
    cJSON_AddStringToObject(plan, "made_by", x->options->how);
    const struct {
        const char *key;
        cJSON *value;
    } entries[] = {{"name", cJSON_CreateString(slash ? slash + 1 : x->options->into)}, {"title", cJSON_CreateString(title.text ? title.text : "")},
                   {"plan", plan}};
    for (size_t k = 0; k < sizeof entries / sizeof *entries; k++) put(root, entries[k].key, entries[k].value);
    hf_buf_done(&title);
}

/* Tables that the package did not have and the plan needs, then the metadata, which names them. */
static hf_err metadata_write(const hf_applying *x, const hf_part *part, const hf_new_folder *folder)
{
    hf_err err = HF_OK;
    hf_buf text = {0};
    cJSON *root = cJSON_ParseWithLength(part->bytes, part->length);
    if (!root) return HF_E_NOMEM;
    for (int k = 0; k < MAKERS; k++) {
        char path[80];
        int rows = 0;
        if (is_there(x->package, makers[k].resource) || k == maker_find("measures") || k == maker_find("budgets") || k == maker_find("requirements"))
            continue;
        HF_TRY(table_write(x, k, NULL, &text, &rows));
        if (rows > 0) {
            resource_note(root, makers[k].resource);
            snprintf(path, sizeof path, "%.60s.csv", makers[k].resource);
            HF_TRY(hf_new_folder_file(folder, path, &text));
        }
        text.length = 0;
    }
    plan_note(x, root);
    HF_TRY(hf_doc_print(root, &text));
    HF_TRY(hf_new_folder_file(folder, part->path, &text));
out:
    hf_buf_done(&text);
    cJSON_Delete(root);
    return err;
}

/* ---- all files ---- */

static hf_err part_write(const hf_applying *x, const hf_part *part, const hf_new_folder *folder)
{
    hf_err err = HF_OK;
    hf_buf text = {0};
    int maker = maker_find(part->resource), rows;
    if (!*part->resource) return metadata_write(x, part, folder);
    if (part->table && maker >= 0) HF_TRY(table_write(x, maker, part->table, &text, &rows));
    else if (part->table) hf_table_write(part->table, &text);
    else if (strcmp(part->resource, "scenarios") == 0) HF_TRY(hf_apply_scenarios(x, part->bytes, part->length, &text));
    else hf_buf_add(&text, part->bytes, part->length);
    HF_TRY(hf_new_folder_file(folder, part->path, &text));
out:
    hf_buf_done(&text);
    return err;
}

static hf_err flat_check(const hf_package *package, hf_diag *diag)
{
    for (int k = 0; k < package->n_parts; k++)
        if (strchr(package->parts[k].path, '/')) {
            hf_diag_add(diag, HF_ERROR, HF_E_UNSUPPORTED, package->parts[k].label, 0, 0, "a plan cannot be applied to a package with files in folders below");
            return HF_E_UNSUPPORTED;
        }
    return HF_OK;
}

hf_err hf_package_apply(const hf_package *package, const hf_apply_options *options, hf_diag *diag)
{
    hf_err err = HF_OK;
    hf_new_folder folder;
    hf_applying x = {.package = package, .net = package->network, .set = package->measures, .options = options, .areas = is_there(package, "footprints")};
    if (!x.set) return HF_E_MISSING;
    HF_TRY(flat_check(package, diag));
    HF_TRY(hf_plan_edits_make(x.net, x.set, options->bought, &x.edits));
    x.left_out = hf_calloc((size_t)x.set->n, sizeof *x.left_out);
    if (!x.left_out) HF_TRY(HF_E_NOMEM);
    hf_apply_left_out(&x);
    HF_TRY(hf_new_folder_begin(&folder, options->into, diag));
    for (int k = 0; k < package->n_parts && err == HF_OK; k++) err = part_write(&x, &package->parts[k], &folder);
    if (err == HF_OK) err = hf_new_folder_check(&folder, "with the plan carried out", diag);
    err = hf_new_folder_end(&folder, err);
out:
    hf_plan_edits_done(&x.edits);
    hf_free(x.left_out);
    return err;
}
