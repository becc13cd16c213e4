/* Several packages into one.
 *
 * Rows with the same key are one row if they say the same, and a conflict if they do not; a column that one of the tables does not have says
 * nothing. Tables without a key (carrier lines) keep a row as often as the package that has it most often. Scenarios likewise, by name. */
#ifndef HF_DATASETS_MERGE_H
#define HF_DATASETS_MERGE_H

#include "base/diag.h"

typedef struct hf_merge_input {
    const char *path;   /* a package, as hf_package_open takes it */
    const char *prefix; /* put before its ids of entities, operators and hazards and its names of scenarios; "" for none */
} hf_merge_input;

typedef struct hf_merge_note {
    int rows;   /* written in all */
    int shared; /* that several packages have */
} hf_merge_note;

/* Makes the folder `into`, whole or not at all. Every conflict is a finding at its row that names the other row. `name` of the new package: NULL for
 * the name of the folder. HF_E_DATA with findings, HF_E_EXISTS, HF_E_NOT_FOUND, HF_E_IO, HF_E_NOMEM. */
hf_err hf_merge(const hf_merge_input *inputs, int n_inputs, const char *into, const char *name, hf_diag *diag, hf_merge_note *ret_note);

#endif
