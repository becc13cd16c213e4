/* A data set that can be shared: pseudonyms for ids, places moved to a grid, free text left out; and the way back for whoever has the key. */
#ifndef HF_DATASETS_REDACT_H
#define HF_DATASETS_REDACT_H

#include "datasets/package.h"

typedef struct hf_redact_options {
    const char *into;   /* the folder to make */
    const char *key;    /* the key file: made when it is not there, else read, so that the same ids get the same pseudonyms again */
    double grid_degrees; /* > 0: latitudes and longitudes go to the middle of cells of this size */
} hf_redact_options;

/* Pseudonyms are "e-", "o-", "h-" or "m-" (entity, operator, hazard or scenario, measure) and 16 hexadecimal digits of HMAC-SHA256 of the id under a
 * random key of 256 bits. Names, sources, texts of injects, columns and files that Holdfast does not know and the metadata go; sectors,
 * codes, figures and links stay, so that every result is the same. All that goes is kept in the key file, which must not be shared.
 * HF_E_EXISTS, HF_E_DATA with findings, HF_E_IO, HF_E_NOMEM; nothing is half-written. */
hf_err hf_redact(const hf_package *package, const hf_redact_options *options, hf_diag *diag);

/* Makes the original of a redacted package: ids, texts and places come back from the key file. HF_E_DATA when the key is another one's. */
hf_err hf_redact_undo(const hf_package *package, const hf_redact_options *options, hf_diag *diag);

#endif
