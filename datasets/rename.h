/* Which cells hold ids, and how to give all ids of a package other names: prefixes when packages are merged, pseudonyms when one is redacted. */
#ifndef HF_DATASETS_RENAME_H
#define HF_DATASETS_RENAME_H

#include <stdbool.h>

#include "base/text.h"
#include "model/network/network.h"

struct cJSON;

typedef enum hf_id_of { HF_ID_ENTITY, HF_ID_OPERATOR, HF_ID_HAZARD, HF_ID_MEASURE, HF_ID_SCENARIO } hf_id_of;

/* Appends the new name of an id. */
typedef void hf_rename_id(void *context, hf_id_of what, const char *id, size_t length, hf_buf *out);

typedef struct hf_renaming {
    const hf_network *net; /* tells an entity with a slash in its id from entity/requirement */
    hf_rename_id *rename;
    void *context;
} hf_renaming;

/* Whether a column of a resource holds ids, or texts in which ids stand. */
bool hf_rename_is_id(const char *resource, const char *column);

/* Appends a cell with its ids renamed; other cells as they are. */
void hf_rename_cell(const hf_renaming *r, const char *resource, const char *column, const char *text, hf_buf *out);

/* The same for a target of an inject: an id or a filter. */
void hf_rename_target(const hf_renaming *r, const char *text, hf_buf *out);

/* Renames names and targets in the tree of a scenarios.json, in place. HF_E_NOMEM. */
hf_err hf_rename_scenarios(const hf_renaming *r, struct cJSON *root);

#endif
