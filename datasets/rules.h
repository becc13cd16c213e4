/* Rule sets of assessments as JSON:
 *
 *     {"rules", "version", "title", "source", "verified", "near", "member_states": ["AT", …],
 *      "classes": [{"class", "title", "criteria", "thresholds": [{"criterion": "a", "indicator", "limit", "level", "unit", "sector", "subsector", "must",
 *                   "needs", "source"}]}],
 *      "incident": [thresholds]}
 *
 * Strict: a member that means nothing is an error, for a misspelt threshold would pass unseen. */
#ifndef HF_DATASETS_RULES_H
#define HF_DATASETS_RULES_H

#include "base/arena.h"
#include "base/diag.h"
#include "model/assess/rules.h"

/* Reads a file; the rules live in the arena. HF_E_DATA with a finding for each fault, HF_E_NOMEM. `file` must live as long as the diag. */
hf_err hf_rules_read(const char *file, hf_arena *memory, hf_diag *diag, hf_rules *ret_rules);

#endif
