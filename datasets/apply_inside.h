/* The parts of datasets/apply.h. */
#ifndef HF_DATASETS_APPLY_INSIDE_H
#define HF_DATASETS_APPLY_INSIDE_H

#include "datasets/apply.h"
#include "datasets/rewrite.h"

typedef struct hf_applying {
    const hf_package *package;
    const hf_network *net;
    const hf_measures *set;
    const hf_apply_options *options;
    hf_plan_edits edits;
    bool *left_out;   /* [measures] bought, excluded by one that is bought, or tied to such a one */
    bool areas;       /* damage comes from footprints too: a row that is void must stay to say so */
} hf_applying;

/* Who is left out; `left_out` has room for all measures. */
void hf_apply_left_out(hf_applying *x);

/* The table of a resource as it is then, in an open draft. `from` is NULL where the package has none (then there may be rows to be added). */
hf_err hf_apply_entities(const hf_applying *x, const hf_table *from, hf_rewrite *ret_draft);
hf_err hf_apply_requirements(const hf_applying *x, const hf_table *from, hf_rewrite *ret_draft);
hf_err hf_apply_supplies(const hf_applying *x, const hf_table *from, hf_rewrite *ret_draft);
hf_err hf_apply_lines(const hf_applying *x, const hf_table *from, hf_rewrite *ret_draft);
hf_err hf_apply_damage(const hf_applying *x, const hf_table *from, hf_rewrite *ret_draft);
hf_err hf_apply_measures(const hf_applying *x, const hf_table *from, hf_rewrite *ret_draft);
hf_err hf_apply_budgets(const hf_applying *x, const hf_table *from, hf_rewrite *ret_draft);

/* The text of scenarios.json as it is then. */
hf_err hf_apply_scenarios(const hf_applying *x, const char *bytes, size_t length, hf_buf *out);

/* Requirement of the network by the names of its entity and its own, or -1. */
int hf_apply_requirement(const hf_network *net, const char *entity, const char *requirement);

#endif
