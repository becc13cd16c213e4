#include "datasets/redact/redact.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "base/alloc.h"
#include "datasets/doc.h"
#include "datasets/new_folder.h"
#include "datasets/redact/inside.h"

typedef struct redaction {
    const hf_package *package;
    const hf_redact_options *options;
    hf_pseudonyms names;
    hf_diag *diag;
    hf_redact_note *note;
    hf_package *made;
    cJSON *key, *tables, *files; /* of the key file; the latter two belong to the first */
} redaction;

static hf_err secret_make(redaction *r)
{
    hf_doc *old = NULL;
    if (r->options->same_as) {
        hf_err err = hf_redact_key_read(r->options->same_as, r->diag, &old, r->names.secret);
        hf_doc_free(old);
        return err;
    }
    return getrandom(r->names.secret, HF_SECRET, 0) == HF_SECRET ? HF_OK : HF_E_IO;
}

/* A file that is left out, or changed, goes into the key file as it is. */
static hf_err file_note(redaction *r, const hf_part *part, const char *bytes, size_t length)
{
    if (hf_utf8_check(bytes, length) != length || memchr(bytes, '\0', length)) {
        hf_diag_add(r->diag, HF_WARNING, HF_OK, part->label, 0, 0, "is no text: it is left out, and no key brings it back");
        return HF_OK;
    }
    cJSON *file = cJSON_CreateObject();
    if (!file) return HF_E_NOMEM;
    cJSON_AddItemToArray(r->files, file);
    char *text = hf_malloc(length + 1);
    if (!text) return HF_E_NOMEM;
    memcpy(text, bytes, length);
    text[length] = '\0';
    bool done = cJSON_AddStringToObject(file, "resource", part->resource) && cJSON_AddStringToObject(file, "path", part->path) &&
                cJSON_AddStringToObject(file, "text", text);
    hf_free(text);
    return done ? HF_OK : HF_E_NOMEM;
}

static hf_err left_out(redaction *r, const hf_part *part)
{
    hf_buf text = {0};
    if (part->table) hf_table_write(part->table, &text);
    else hf_buf_add(&text, part->bytes, part->length);
    hf_err err = text.err;
    if (err == HF_OK) err = file_note(r, part, text.text ? text.text : "", text.length);
    hf_diag_add(r->diag, HF_NOTE, HF_OK, part->label, 0, 0, "is left out whole: what is telling in it is not known");
    hf_buf_done(&text);
    return err;
}

static hf_err table_take(redaction *r, const hf_part *part)
{
    hf_table *table = NULL;
    cJSON *lost = NULL;
    char path[128] = "";
    hf_err err = hf_redact_table(&r->names, r->options->grid_km, part, r->note, &table, &lost);
    if (err != HF_OK) return err;
    cJSON_AddItemToArray(r->tables, lost);
    snprintf(path, sizeof path, "%s.csv", part->resource);
    return hf_package_add(r->made, part->resource, path, table, NULL, 0);
}

/* Copies the members that tell times and damage. */
static hf_err members_copy(cJSON *to, const cJSON *from, const char *const *names)
{
    for (; *names; names++) {
        const cJSON *value = cJSON_GetObjectItemCaseSensitive(from, *names);
        cJSON *copy = value ? cJSON_Duplicate(value, true) : NULL;
        if (value && (!copy || !cJSON_AddItemToObject(to, *names, copy))) {
            cJSON_Delete(copy);
            return HF_E_NOMEM;
        }
    }
    return HF_OK;
}

/* Injects of trade name corridors and borders, whose tables are left out. */
static bool is_of_trade(const cJSON *inject)
{
    const cJSON *name = cJSON_GetObjectItemCaseSensitive(inject, "inject");
    int kind = cJSON_IsString(name) ? hf_step_kind_find(name->valuestring) : -1;
    return kind == HF_STEP_CLOSE_BORDER || kind == HF_STEP_CUT_CORRIDOR || kind == HF_STEP_LIMIT_TRADE;
}

static hf_err scenario_copy(redaction *r, const cJSON *scenario, cJSON *list)
{
    static const char *const kept[] = {"name", "horizon_h", NULL}, *const kept_inject[] = {"at_h", "inject", "targets", "level", NULL};
    hf_err err = HF_OK;
    const cJSON *inject;
    cJSON *copy = cJSON_CreateObject();
    if (!copy) return HF_E_NOMEM;
    cJSON_AddItemToArray(list, copy);
    HF_TRY(members_copy(copy, scenario, kept));
    cJSON *injects = cJSON_AddArrayToObject(copy, "injects");
    if (!injects) HF_TRY(HF_E_NOMEM);
    cJSON_ArrayForEach(inject, cJSON_GetObjectItemCaseSensitive(scenario, "injects"))
    {
        if (is_of_trade(inject)) continue;
        cJSON *one = cJSON_CreateObject();
        if (!one) HF_TRY(HF_E_NOMEM);
        cJSON_AddItemToArray(injects, one);
        HF_TRY(members_copy(one, inject, kept_inject));
    }
    err = hf_ids_scenario(copy, hf_pseudonym, &r->names);
out:
    return err;
}

/* Adds a JSON document to the package that is made. */
static hf_err json_add(redaction *r, const char *resource, const char *path, const cJSON *root)
{
    hf_buf text = {0};
    char *printed = cJSON_Print(root);
    if (!printed) return HF_E_NOMEM;
    hf_buf_puts(&text, printed);
    hf_buf_puts(&text, "\n");
    cJSON_free(printed);
    if (text.err != HF_OK) {
        hf_buf_done(&text);
        return HF_E_NOMEM;
    }
    return hf_package_add(r->made, resource, path, NULL, text.text, text.length);
}

static hf_err scenarios_take(redaction *r, const hf_part *part)
{
    hf_err err = HF_OK;
    hf_doc *doc = NULL;
    const cJSON *scenario;
    cJSON *root = cJSON_CreateObject(), *list = root ? cJSON_AddArrayToObject(root, "scenarios") : NULL;
    if (!list) HF_TRY(HF_E_NOMEM);
    HF_TRY(hf_doc_parse(part->label, part->bytes, part->length, r->diag, &doc));
    cJSON_ArrayForEach(scenario, hf_doc_member(hf_doc_root(doc), "scenarios")) HF_TRY(scenario_copy(r, scenario, list));
    HF_TRY(json_add(r, part->resource, "scenarios.json", root));
    HF_TRY(file_note(r, part, part->bytes, part->length));
out:
    hf_doc_free(doc);
    cJSON_Delete(root);
    return err;
}

static hf_err metadata_take(redaction *r, const hf_part *part)
{
    static const char *const kept[] = {"version", "licenses", "currency", "base_year", NULL};
    hf_err err = HF_OK;
    hf_doc *doc = NULL;
    cJSON *root = cJSON_CreateObject(), *list = NULL;
    if (!root || !cJSON_AddStringToObject(root, "name", "redacted")) HF_TRY(HF_E_NOMEM);
    HF_TRY(hf_doc_parse(part->label, part->bytes, part->length, r->diag, &doc));
    HF_TRY(members_copy(root, hf_doc_root(doc), kept));
    if (!(list = cJSON_AddArrayToObject(root, "resources"))) HF_TRY(HF_E_NOMEM);
    for (int k = 0; k < r->made->n_parts; k++) {
        cJSON *entry = cJSON_CreateObject();
        if (!entry) HF_TRY(HF_E_NOMEM);
        cJSON_AddItemToArray(list, entry);
        if (!cJSON_AddStringToObject(entry, "name", r->made->parts[k].resource) || !cJSON_AddStringToObject(entry, "path", r->made->parts[k].path))
            HF_TRY(HF_E_NOMEM);
    }
    HF_TRY(json_add(r, "", "datapackage.json", root));
    HF_TRY(file_note(r, part, part->bytes, part->length));
out:
    hf_doc_free(doc);
    cJSON_Delete(root);
    return err;
}

static hf_err parts_take(redaction *r)
{
    hf_err err = HF_OK;
    const hf_part *metadata = NULL;
    for (int k = 0; k < r->package->n_parts; k++) {
        const hf_part *part = &r->package->parts[k];
        if (!*part->resource) metadata = part;
        else if (part->table && hf_redact_knows(part->resource)) HF_TRY(table_take(r, part));
        else if (strcmp(part->resource, "scenarios") == 0 && part->bytes) HF_TRY(scenarios_take(r, part));
        else HF_TRY(left_out(r, part));
    }
    HF_TRY(metadata_take(r, metadata));
out:
    return err;
}

/* "names": {"entities": [[pseudonym, id], …], …}. */
static hf_err names_note(redaction *r)
{
    cJSON *names = cJSON_AddObjectToObject(r->key, "names");
    if (!names) return HF_E_NOMEM;
    for (int what = 1; what < HF_IDS_COUNT; what++) {
        cJSON *list = cJSON_AddArrayToObject(names, hf_redact_titles[what]);
        if (!list) return HF_E_NOMEM;
        for (int k = 0; k < hf_idmap_count(r->names.from[what]); k++) {
            const char *pair[] = {r->names.to[what][k], hf_idmap_text(r->names.from[what], k)};
            cJSON *both = cJSON_CreateStringArray(pair, 2);
            if (!both) return HF_E_NOMEM;
            cJSON_AddItemToArray(list, both);
        }
    }
    return HF_OK;
}

static hf_err key_start(redaction *r)
{
    char hex[2 * HF_SECRET + 1];
    hf_redact_hex(r->names.secret, HF_SECRET, hex);
    r->key = cJSON_CreateObject();
    if (!r->key || !cJSON_AddNumberToObject(r->key, "holdfast_key", 1) || !cJSON_AddStringToObject(r->key, "secret", hex)) return HF_E_NOMEM;
    if (!cJSON_AddNumberToObject(r->key, "grid_km", r->options->grid_km)) return HF_E_NOMEM;
    if (!cJSON_AddStringToObject(r->key, "sha256", hf_package_digest(r->package))) return HF_E_NOMEM;
    r->tables = cJSON_AddArrayToObject(r->key, "tables");
    r->files = cJSON_AddArrayToObject(r->key, "files");
    return r->tables && r->files ? HF_OK : HF_E_NOMEM;
}

hf_err hf_redact(const hf_package *package, const hf_redact_options *options, hf_diag *diag, hf_redact_note *ret_note)
{
    hf_err err = HF_OK;
    redaction r = {.package = package, .options = options, .diag = diag, .note = ret_note};
    *ret_note = (hf_redact_note){0};
    HF_TRY(hf_pseudonyms_init(&r.names));
    r.names.net = hf_package_network(package);
    HF_TRY(secret_make(&r));
    HF_TRY(key_start(&r));
    HF_TRY(hf_package_new(package->n_parts, &r.made));
    HF_TRY(parts_take(&r));
    HF_TRY(names_note(&r));
    HF_TRY(hf_redact_key_write(options->key, r.key, diag));
    err = hf_package_place(r.made, options->into, "redacted", diag);
    if (err != HF_OK) unlink(options->key);
out:
    hf_package_free(r.made);
    cJSON_Delete(r.key);
    hf_pseudonyms_done(&r.names);
    return err;
}
