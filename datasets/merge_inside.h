/* Inside of a merge. Not installed. */
#ifndef HF_DATASETS_MERGE_INSIDE_H
#define HF_DATASETS_MERGE_INSIDE_H

#include "base/text.h"
#include "datasets/ids.h"
#include "datasets/merge.h"
#include "datasets/package_inside.h"

typedef struct hf_merge_state {
    const hf_merge_input *inputs;
    hf_package **packages; /* [n], opened */
    int n;
    hf_arena memory;
    hf_diag *diag;
    hf_merge_note note;
} hf_merge_state;

/* Who gives a new name: the prefix of input `k`. */
typedef struct hf_merge_names {
    hf_merge_state *state;
    int input;
} hf_merge_names;

/* hf_ids_name of hf_merge_names. */
const char *hf_merge_id(void *names, hf_ids what, const char *id);

/* One table of a resource from those of all packages; NULL when only conflicts are left (they are in the diag). */
hf_err hf_merge_tables(hf_merge_state *state, const char *resource, hf_table **ret_table);
/* scenarios.json and datapackage.json. `resources` are the parts of the merged package. */
hf_err hf_merge_scenarios(hf_merge_state *state, hf_buf *out);
hf_err hf_merge_metadata(hf_merge_state *state, const char *name, const hf_package *merged, hf_buf *out);

#endif
