#include "datasets/package.h"

#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"
#include "datasets/digest.h"
#include "datasets/fields.h"
#include "datasets/files.h"
#include "datasets/footprints.h"
#include "datasets/measures.h"
#include "datasets/doc.h"
#include "datasets/package_inside.h"
#include "datasets/package_rows.h"
#include "datasets/scenarios.h"
#include "model/network/builder.h"

static const char metadata[] = "datapackage.json";

static hf_err copy(hf_package *p, const char *text, const char **ret_copy)
{
    *ret_copy = hf_arena_strndup(&p->memory, text, strlen(text));
    return *ret_copy ? HF_OK : HF_E_NOMEM;
}

/* Reads a file; a failure that a user can mend becomes a finding and HF_E_DATA. */
static hf_err file_read(hf_files *files, const char *path, const char *label, hf_diag *diag, char **ret_bytes, size_t *ret_length)
{
    hf_err err = hf_files_read(files, path, ret_bytes, ret_length);
    if (err == HF_OK || err == HF_E_NOMEM) return err;
    hf_diag_add(diag, HF_ERROR, err, label, 0, 0, "%s", err == HF_E_TOO_LARGE ? "the file expands to more than is allowed" : hf_err_text(err));
    return HF_E_DATA;
}

static hf_part *part_find(hf_package *p, const char *resource)
{
    for (int k = 0; k < p->n_parts; k++)
        if (strcmp(p->parts[k].resource, resource) == 0) return &p->parts[k];
    return NULL;
}

static bool has_suffix(const char *text, const char *suffix)
{
    size_t n = strlen(text), m = strlen(suffix);
    return n >= m && strcmp(text + n - m, suffix) == 0;
}

/* Notes one entry of "resources"; what is wrong with it is a finding, and it is left out. */
static hf_err resource_note(hf_package *p, hf_files *files, const hf_doc *json, const cJSON *entry, hf_diag *diag)
{
    hf_err err = HF_OK;
    if (!cJSON_IsObject(entry)) {
        hf_doc_error(json, diag, entry, HF_E_RANGE, "a resource must be an object with \"name\" and \"path\"");
        return HF_OK;
    }
    const char *name = hf_doc_text(json, diag, entry, "name", NULL), *path = hf_doc_text(json, diag, entry, "path", NULL);
    if (!name || !path || !*name) {
        hf_doc_error(json, diag, entry, HF_E_MISSING, "a resource needs \"name\" and \"path\"");
        return HF_OK;
    }
    if (!hf_files_path_is_safe(path)) {
        hf_doc_error(json, diag, hf_doc_member(entry, "path"), HF_E_UNSAFE_PATH, "path \"%.80s\" (allowed: a relative path below the package)", path);
        return HF_OK;
    }
    for (int k = 0; k < p->n_parts; k++)
        if (strcmp(p->parts[k].resource, name) == 0 || strcmp(p->parts[k].path, path) == 0) {
            hf_doc_error(json, diag, entry, HF_E_DUPLICATE, "resource \"%.60s\" (%.80s) is there twice", name, path);
            return HF_OK;
        }
    hf_part *part = &p->parts[p->n_parts];
    HF_TRY(copy(p, name, &part->resource));
    HF_TRY(copy(p, path, &part->path));
    HF_TRY(copy(p, hf_files_label(files, path), &part->label));
    p->n_parts++;
out:
    return err;
}

static int compare_parts(const void *a, const void *b)
{
    return strcmp(((const hf_part *)a)->path, ((const hf_part *)b)->path);
}

/* What the numbers of the economy are in. */
static hf_err money_read(hf_package *p, const hf_doc *json, hf_diag *diag)
{
    const cJSON *root = hf_doc_root(json);
    double unit = hf_doc_number(json, diag, root, "money_unit", 1), year = hf_doc_number(json, diag, root, "base_year", 0);
    if (!(unit > 0))
        hf_doc_error(json, diag, hf_doc_member(root, "money_unit"), HF_E_RANGE, "money_unit %g (allowed: a number above 0, as 1000000 for millions)", unit);
    if (year != 0 && !(year >= 1900 && year <= 2200 && year == (int)year))
        hf_doc_error(json, diag, hf_doc_member(root, "base_year"), HF_E_RANGE, "base_year %g (allowed: a whole number from 1900 to 2200)", year);
    p->money_unit = unit > 0 ? unit : 1;
    p->base_year = year >= 1900 && year <= 2200 ? (int)year : 0;
    return copy(p, hf_doc_text(json, diag, root, "currency", ""), &p->currency);
}

/* Reads datapackage.json: the name and the list of parts, itself among them. */
static hf_err metadata_read(hf_package *p, hf_files *files, hf_diag *diag)
{
    hf_err err = HF_OK;
    hf_doc *json = NULL;
    char *bytes = NULL;
    size_t length = 0;
    const char *label = NULL;
    HF_TRY(copy(p, hf_files_label(files, metadata), &label));
    HF_TRY(file_read(files, metadata, label, diag, &bytes, &length));
    HF_TRY(hf_doc_parse(label, bytes, length, diag, &json));
    const cJSON *root = hf_doc_root(json), *list = NULL, *entry = NULL;
    if (!cJSON_IsObject(root)) hf_doc_error(json, diag, root, HF_E_RANGE, "an object with \"name\" and \"resources\" was expected");
    else list = hf_doc_array(json, diag, root, "resources");
    if (cJSON_IsObject(root) && !list) hf_doc_error(json, diag, root, HF_E_MISSING, "\"resources\" is missing: a list of {\"name\", \"path\"}");
    if (!list) HF_TRY(HF_E_DATA);
    HF_TRY(copy(p, hf_doc_text(json, diag, root, "name", ""), &p->name));
    HF_TRY(copy(p, hf_doc_text(json, diag, root, "title", ""), &p->title));
    HF_TRY(copy(p, hf_doc_text(json, diag, root, "version", ""), &p->version));
    HF_TRY(money_read(p, json, diag));
    p->parts = hf_calloc((size_t)cJSON_GetArraySize(list) + 1, sizeof *p->parts);
    if (!p->parts) HF_TRY(HF_E_NOMEM);
    p->parts[p->n_parts++] = (hf_part){.resource = "", .path = metadata, .label = label, .bytes = bytes, .length = length};
    bytes = NULL;
    cJSON_ArrayForEach(entry, list) HF_TRY(resource_note(p, files, json, entry, diag));
    qsort(p->parts, (size_t)p->n_parts, sizeof *p->parts, compare_parts);
out:
    hf_doc_free(json);
    hf_free(bytes);
    return err;
}

/* Resources of too many numbers for a table of cells. */
static bool is_matrix(const char *resource)
{
    return strcmp(resource, "trade") == 0 || strcmp(resource, "final_demand") == 0;
}

/* Reads one part; faults in it are findings. */
static hf_err part_read(hf_part *part, hf_files *files, hf_digest *digest, hf_diag *diag)
{
    hf_err err = HF_OK;
    char *bytes = part->bytes;
    size_t length = part->length;
    if (!bytes) HF_TRY(file_read(files, part->path, part->label, diag, &bytes, &length));
    hf_digest_file(digest, part->path, bytes, length);
    if (!is_matrix(part->resource) && (has_suffix(part->path, ".csv") || has_suffix(part->path, ".tsv") || hf_resource_find(part->resource))) {
        err = hf_table_parse(part->label, bytes, length, diag, &part->table);
        hf_free(bytes);
        part->bytes = NULL;
    } else {
        part->bytes = bytes;
        part->length = length;
    }
out:
    return err == HF_E_DATA ? HF_OK : err; /* it has been reported; the others are read too, so that all findings come at once */
}

static hf_err parts_read(hf_package *p, hf_files *files, hf_diag *diag)
{
    hf_err err = HF_OK;
    hf_digest *digest = NULL;
    HF_TRY(hf_digest_new(&digest));
    for (int k = 0; k < p->n_parts; k++) HF_TRY(part_read(&p->parts[k], files, digest, diag));
    hf_digest_hex(digest, p->digest);
out:
    hf_digest_free(digest);
    return err;
}

/* Damage by areas, where the package has footprints. */
static hf_err footprints_make(hf_package *p, hf_builder *builder, hf_diag *diag)
{
    hf_err err = HF_OK;
    hf_doc *json = NULL;
    const hf_part *part = part_find(p, "footprints");
    const hf_table *fragility = hf_package_table(p, "fragility"), *entities = hf_package_table(p, "entities");
    if (!part || !part->bytes || !entities) return HF_OK;
    if (!fragility) {
        hf_diag_add(diag, HF_ERROR, HF_E_MISSING, part->label, 0, 0, "footprints need the resource \"fragility\": curves by sector");
        return HF_OK;
    }
    HF_TRY(hf_doc_parse(part->label, part->bytes, part->length, diag, &json));
    HF_TRY(hf_footprints_add(json, fragility, entities, hf_package_table(p, "hazard_damage"), builder, diag));
out:
    hf_doc_free(json);
    return err == HF_E_DATA ? HF_OK : err;
}

static hf_err network_make(hf_package *p, hf_diag *diag)
{
    hf_err err = HF_OK;
    hf_builder *builder = NULL;
    HF_TRY(hf_builder_new(diag, &builder));
    for (int k = 0; k < hf_resource_count; k++) {
        const hf_part *part = part_find(p, hf_resources[k].name);
        if (part && part->table) HF_TRY(hf_rows_add(part->resource, part->table, builder, diag));
        if (!part && hf_resources[k].required)
            hf_diag_add(diag, HF_ERROR, HF_E_MISSING, p->parts[0].label, 0, 0, "resource \"%s\" is missing", hf_resources[k].name);
    }
    const hf_part *entities = part_find(p, "entities");
    if (entities && !entities->table) HF_TRY(HF_E_DATA); /* every reference to it would be called unknown */
    HF_TRY(footprints_make(p, builder, diag));
    HF_TRY(hf_builder_finish(builder, &p->network));
out:
    hf_builder_free(builder);
    return err;
}

static const hf_table *table_of(hf_package *p, const char *resource)
{
    const hf_part *part = part_find(p, resource);
    return part ? part->table : NULL;
}

static hf_economy_text text_of(hf_package *p, const char *resource)
{
    const hf_part *part = part_find(p, resource);
    return part && part->bytes ? (hf_economy_text){part->label, part->bytes, part->length} : (hf_economy_text){NULL, NULL, 0};
}

/* The economy, when there are industries; its entities are looked up when the network is whole. */
static hf_err economy_make(hf_package *p, hf_diag *diag)
{
    static const char *const others[] = {"trade", "final_demand", "value_added", "industry_links", "corridors", "routes"};
    hf_economy_parts parts = {.industries = table_of(p, "industries"), .value_added = table_of(p, "value_added"),
                              .industry_links = table_of(p, "industry_links"), .corridors = table_of(p, "corridors"), .routes = table_of(p, "routes"),
                              .trade = text_of(p, "trade"), .final_demand = text_of(p, "final_demand"),
                              .currency = p->currency, .unit = p->money_unit, .year = p->base_year};
    for (size_t k = 0; !part_find(p, "industries") && k < sizeof others / sizeof *others; k++) {
        const hf_part *part = part_find(p, others[k]);
        if (part) hf_diag_add(diag, HF_ERROR, HF_E_MISSING, part->label, 0, 0, "%s needs the resource \"industries\"", others[k]);
    }
    if (!parts.industries) return HF_OK;
    hf_err err = hf_economy_read(&parts, p->network, diag, &p->economy);
    return err == HF_E_DATA ? HF_OK : err;
}

static hf_err scenarios_make(hf_package *p, hf_diag *diag)
{
    hf_err err = HF_OK;
    hf_doc *json = NULL;
    const hf_part *part = part_find(p, "scenarios");
    if (!part || !part->bytes) return HF_OK;
    HF_TRY(hf_doc_parse(part->label, part->bytes, part->length, diag, &json));
    HF_TRY(hf_scenarios_read(json, part->label, &p->memory, diag, &p->scenarios, &p->n_scenarios));
out:
    hf_doc_free(json);
    return err == HF_E_DATA ? HF_OK : err;
}

/* The choices of a scenario's decisions, once the scenario itself is sound. */
static hf_err decisions_check(const hf_package *p, const hf_scenario *s, hf_diag *diag)
{
    for (int d = 0; d < s->n_decisions; d++)
        for (int c = 0; c < s->decisions[d].n_choices; c++) {
            hf_inject *injects = NULL;
            int n = 0;
            hf_err err = hf_scenario_resolve_choice(s, &s->decisions[d], &s->decisions[d].choices[c], p->network, diag, &injects, &n);
            hf_free(injects);
            if (err != HF_OK && err != HF_E_DATA) return err;
        }
    return HF_OK;
}

/* Every scenario must name what exists, also those that nobody runs today. */
static hf_err scenarios_check(const hf_package *p, hf_diag *diag)
{
    for (int k = 0; k < p->n_scenarios; k++) {
        hf_inject *injects = NULL;
        int n = 0;
        hf_err err = hf_scenario_resolve(&p->scenarios[k], p->network, diag, &injects, &n);
        hf_free(injects);
        if (err == HF_OK) err = decisions_check(p, &p->scenarios[k], diag);
        if (err == HF_OK && p->economy) {
            hf_trade_step *steps = NULL;
            err = hf_economy_steps(p->economy, &p->scenarios[k], diag, &steps, &n);
            hf_free(steps);
        }
        if (err != HF_OK && err != HF_E_DATA) return err;
    }
    return HF_OK;
}

static hf_err measures_make(hf_package *p, hf_diag *diag)
{
    const hf_table *measures = hf_package_table(p, "measures"), *budgets = hf_package_table(p, "budgets");
    if (!measures) return HF_OK;
    const char **names = hf_arena_calloc(&p->memory, (size_t)p->n_scenarios, sizeof *names);
    if (!names) return HF_E_NOMEM;
    for (int k = 0; k < p->n_scenarios; k++) names[k] = p->scenarios[k].name;
    hf_err err = hf_measures_read(measures, budgets, p->network, names, p->n_scenarios, diag, &p->measures);
    return err == HF_E_DATA ? HF_OK : err;
}

static hf_err package_read(hf_package *p, hf_files *files, hf_diag *diag)
{
    hf_err err = HF_OK;
    HF_TRY(metadata_read(p, files, diag));
    HF_TRY(parts_read(p, files, diag));
    HF_TRY(scenarios_make(p, diag));
    hf_err made = network_make(p, diag);
    if (made == HF_OK || made == HF_E_DATA) HF_TRY(economy_make(p, diag));
    HF_TRY(made);
    HF_TRY(scenarios_check(p, diag));
    HF_TRY(measures_make(p, diag));
out:
    return err;
}

hf_err hf_package_open(const char *path, hf_diag *diag, hf_package **ret_package)
{
    hf_err err = HF_OK;
    hf_files *files = NULL;
    size_t errors = hf_diag_count(diag, HF_ERROR);
    hf_package *p = hf_calloc(1, sizeof *p);
    if (!p) return HF_E_NOMEM;
    hf_arena_init(&p->memory);
    p->name = p->title = p->version = p->currency = "";
    HF_TRY(hf_files_open(path, diag, &files));
    HF_TRY(package_read(p, files, diag));
    if (hf_diag_count(diag, HF_ERROR) > errors) HF_TRY(HF_E_DATA);
    *ret_package = p;
    p = NULL;
out:
    hf_files_close(files);
    hf_package_free(p);
    return err;
}

void hf_package_free(hf_package *package)
{
    if (!package) return;
    for (int k = 0; k < package->n_parts; k++) {
        hf_table_free(package->parts[k].table);
        hf_free(package->parts[k].bytes);
    }
    hf_free(package->parts);
    hf_measures_free(package->measures);
    hf_network_free(package->network);
    hf_economy_free(package->economy);
    hf_arena_done(&package->memory);
    hf_free(package);
}

const char *hf_package_name(const hf_package *package)
{
    return package->name;
}

const char *hf_package_title(const hf_package *package)
{
    return package->title;
}

const char *hf_package_version(const hf_package *package)
{
    return package->version;
}

const char *hf_package_digest(const hf_package *package)
{
    return package->digest;
}

const hf_network *hf_package_network(const hf_package *package)
{
    return package->network;
}

hf_economy *hf_package_economy(const hf_package *package)
{
    return package->economy;
}

int hf_package_scenario_count(const hf_package *package)
{
    return package->n_scenarios;
}

const hf_scenario *hf_package_scenario(const hf_package *package, int index)
{
    return &package->scenarios[index];
}

const hf_scenario *hf_package_find_scenario(const hf_package *package, const char *name)
{
    for (int k = 0; k < package->n_scenarios; k++)
        if (strcmp(package->scenarios[k].name, name) == 0) return &package->scenarios[k];
    return NULL;
}

const hf_measures *hf_package_measures(const hf_package *package)
{
    return package->measures;
}

const hf_table *hf_package_table(const hf_package *package, const char *resource)
{
    for (int k = 0; k < package->n_parts; k++)
        if (strcmp(package->parts[k].resource, resource) == 0) return package->parts[k].table;
    return NULL;
}
