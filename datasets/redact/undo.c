/* From the redacted package and its key back. */
#include <cjson/cJSON.h>
#include <string.h>

#include "base/alloc.h"
#include "datasets/doc.h"
#include "datasets/new_folder.h"
#include "datasets/redact/inside.h"

typedef struct undoing {
    const hf_package *redacted;
    hf_pseudonyms names;
    hf_diag *diag;
    hf_redact_note *note;
    hf_package *made;
    const cJSON *key;
} undoing;

static const char *member_text(const cJSON *object, const char *name)
{
    const cJSON *value = hf_doc_member(object, name);
    return cJSON_IsString(value) ? value->valuestring : NULL;
}

static hf_err names_read(undoing *u)
{
    hf_err err = HF_OK;
    const cJSON *names = hf_doc_member(u->key, "names"), *pair;
    for (int what = 1; what < HF_IDS_COUNT; what++)
        cJSON_ArrayForEach(pair, hf_doc_member(names, hf_redact_titles[what]))
        {
            const cJSON *from = cJSON_GetArrayItem(pair, 0), *to = cJSON_GetArrayItem(pair, 1);
            if (!cJSON_IsString(from) || !cJSON_IsString(to)) HF_TRY(HF_E_DATA);
            HF_TRY(hf_pseudonyms_put(&u->names, (hf_ids)what, from->valuestring, to->valuestring));
        }
out:
    return err;
}

static hf_err tables_back(undoing *u)
{
    hf_err err = HF_OK;
    const cJSON *lost;
    cJSON_ArrayForEach(lost, hf_doc_member(u->key, "tables"))
    {
        const char *resource = member_text(lost, "resource"), *path = member_text(lost, "path");
        const hf_part *part = resource ? hf_package_part(u->redacted, resource) : NULL;
        hf_table *table = NULL;
        if (!resource || !path) HF_TRY(HF_E_DATA);
        if (!part || !part->table) {
            hf_diag_add(u->diag, HF_ERROR, HF_E_MISSING, NULL, 0, 0, "the table \"%s\" of the key is not in the redacted data set", resource);
            continue;
        }
        int known = u->note->restored;
        HF_TRY(hf_redact_table_undo(&u->names, lost, part->table, u->diag, u->note, &table));
        if (strcmp(resource, "entities") == 0 && u->note->restored == known && hf_table_rows(part->table) > 0) {
            hf_diag_add(u->diag, HF_ERROR, HF_E_UNKNOWN_ID, part->label, 0, 0, "none of the entities is known to the key: it is the key of another data set");
            hf_table_free(table);
            HF_TRY(HF_E_DATA);
        }
        HF_TRY(hf_package_add(u->made, resource, path, table, NULL, 0));
    }
out:
    return err;
}

static hf_err files_back(undoing *u)
{
    hf_err err = HF_OK;
    const cJSON *file;
    cJSON_ArrayForEach(file, hf_doc_member(u->key, "files"))
    {
        const char *resource = member_text(file, "resource"), *path = member_text(file, "path"), *text = member_text(file, "text");
        if (!resource || !path || !text) HF_TRY(HF_E_DATA);
        char *bytes = hf_malloc(strlen(text) + 1);
        if (!bytes) HF_TRY(HF_E_NOMEM);
        memcpy(bytes, text, strlen(text) + 1);
        HF_TRY(hf_package_add(u->made, resource, path, NULL, bytes, strlen(text)));
    }
out:
    return err;
}

static hf_err all_back(undoing *u, const hf_doc *doc, const char *into)
{
    hf_err err = HF_OK;
    size_t errors = hf_diag_count(u->diag, HF_ERROR);
    HF_TRY(names_read(u));
    HF_TRY(hf_package_new(cJSON_GetArraySize(hf_doc_member(u->key, "tables")) + cJSON_GetArraySize(hf_doc_member(u->key, "files")) + 1, &u->made));
    HF_TRY(tables_back(u));
    HF_TRY(files_back(u));
out:
    if (err == HF_OK && hf_diag_count(u->diag, HF_ERROR) > errors) err = HF_E_DATA;
    if (err == HF_E_DATA && hf_diag_count(u->diag, HF_ERROR) == errors)
        hf_doc_error(doc, u->diag, NULL, HF_E_FORMAT, "the key file is damaged");
    return err == HF_OK ? hf_package_place(u->made, into, "restored", u->diag) : err;
}

hf_err hf_redact_undo(const hf_package *redacted, const char *key, const char *into, hf_diag *diag, hf_redact_note *ret_note)
{
    hf_err err = HF_OK;
    hf_doc *doc = NULL;
    undoing u = {.redacted = redacted, .diag = diag, .note = ret_note};
    *ret_note = (hf_redact_note){0};
    HF_TRY(hf_pseudonyms_init(&u.names));
    HF_TRY(hf_redact_key_read(key, diag, &doc, u.names.secret));
    u.key = hf_doc_root(doc);
    HF_TRY(all_back(&u, doc, into));
out:
    hf_package_free(u.made);
    hf_pseudonyms_done(&u.names);
    hf_doc_free(doc);
    return err;
}
