/* Where ids stand in the tables and scenarios of a package, and giving them other names. Not installed. */
#ifndef HF_DATASETS_IDS_H
#define HF_DATASETS_IDS_H

#include "base/arena.h"
#include "base/text.h"
#include "datasets/fields.h"

struct cJSON;

/* What an id is of. Names of requirements and carriers are words that data sets share; they belong to none of these. */
typedef enum hf_ids { HF_IDS_NONE, HF_IDS_ENTITY, HF_IDS_OPERATOR, HF_IDS_HAZARD, HF_IDS_REGION, HF_IDS_SCENARIO, HF_IDS_COUNT } hf_ids;

/* What the cells of a column name; the resource may be NULL (one without a field table). */
hf_ids hf_ids_of(const hf_resource *resource, const char *column);

/* The new name of an id, or the id itself where it has none; NULL when out of memory. */
typedef const char *hf_ids_name(void *names, hf_ids what, const char *id);

/* Appends a target of an inject with its ids renamed: an id of an entity, or a filter. */
hf_err hf_ids_target(const char *target, hf_ids_name *name, void *names, hf_buf *out);

/* Renames ids in one scenario of a scenarios.json, in place: its name and the targets of its injects. */
hf_err hf_ids_scenario(struct cJSON *scenario, hf_ids_name *name, void *names);

#endif
