/* A package made safe to share, and the way back.
 *
 * Ids of entities, operators, hazards, regions and scenarios become pseudonyms by HMAC-SHA256 (RFC 2104, FIPS 180-4) with a secret of 32 random
 * bytes; names become the sector or kind with a part of the pseudonym; coordinates move to the middle of the cell of a grid; lengths, free text,
 * unknown columns, injects of trade, and tables and files for which there are no rules are left out; rows are sorted by what is left. What the
 * engines compute with stays: sectors, countries, numbers, requirements, links, carriers. The key file holds the secret and all that was taken out. */
#ifndef HF_DATASETS_REDACT_H
#define HF_DATASETS_REDACT_H

#include "datasets/package.h"

typedef struct hf_redact_options {
    const char *into;    /* folder to make; must not exist */
    const char *key;     /* key file to make; must not exist */
    const char *same_as; /* key file of an earlier redaction whose secret is taken, so that the pseudonyms are the same; NULL: a new secret */
    double grid_km;      /* side of a grid cell, >= 1 */
} hf_redact_options;

typedef struct hf_redact_note {
    int rows;             /* written */
    int dropped;          /* cells with something in them that were left out */
    int moved;            /* entities moved to the grid */
    double farthest_km;   /* how far at most */
    int restored, added;  /* undo: rows known to the key, rows that are not */
} hf_redact_note;

/* Redacts. The key file is readable by its owner only. Folder and key file are both there or neither. HF_E_DATA with findings, HF_E_EXISTS, HF_E_IO. */
hf_err hf_redact(const hf_package *package, const hf_redact_options *options, hf_diag *diag, hf_redact_note *ret_note);

/* Undoes it: `redacted` with the key gives the package as it was; changed numbers and new rows of the redacted one are kept. HF_E_DATA when the key
 * is none or another's. */
hf_err hf_redact_undo(const hf_package *redacted, const char *key, const char *into, hf_diag *diag, hf_redact_note *ret_note);

#endif
