/* Several packages made one. */
#ifndef HF_DATASETS_MERGE_H
#define HF_DATASETS_MERGE_H

#include "base/diag.h"

/* Merges the packages at `paths` [n] into a new folder. prefixes [n] (entries may be NULL) go before the ids of entities, operators, hazards, measures and
 * scenarios of each; names of requirements, carriers, payers and codes stay, so that carriers of one name become one. Rows with the same key
 * are one when they say the same, and a conflict that is named when not. HF_E_DATA with findings: then nothing is written. HF_E_EXISTS, HF_E_NOMEM. */
hf_err hf_merge(const char *const *paths, const char *const *prefixes, int n, const char *into, hf_diag *diag);

#endif
