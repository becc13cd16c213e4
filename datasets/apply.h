/* A data set with a plan carried out, as a package of its own. */
#ifndef HF_DATASETS_APPLY_H
#define HF_DATASETS_APPLY_H

#include "datasets/package.h"

typedef struct hf_apply_options {
    const bool *bought;   /* [measures] */
    const double *spent;  /* [payers] EUR that leave the budget; joint funds among them */
    const char *how;      /* for the metadata: the command line that made the plan */
    const char *into;     /* the folder to make */
} hf_apply_options;

/* Writes the package as it is when the bought measures are carried out: its network is that of hf_measures_apply, its scripted scenarios are
 * those that hf_measures_shield leaves (an inject that hits nobody any more becomes a note), every other cell and file is as it was. Bought
 * measures leave the table measures, and with them those that they exclude and effects that would do nothing any more; what they cost leaves
 * the budgets (never below 0) and the floors. datapackage.json says of what, by which measures and how it was made. Files in folders below
 * are refused (HF_E_UNSUPPORTED).
 * HF_E_EXISTS when `into` is there; HF_E_DATA when the written package cannot be read; HF_E_IO, HF_E_NOMEM. Each with a finding; nothing is half-written. */
hf_err hf_package_apply(const hf_package *package, const hf_apply_options *options, hf_diag *diag);

#endif
