/* The key file of a redaction: the secret, the pseudonyms given, and what was left out. Not installed. */
#ifndef HF_DATASETS_REDACT_KEY_H
#define HF_DATASETS_REDACT_KEY_H

#include <stdint.h>

#include "base/diag.h"
#include "base/text.h"
#include "datasets/rename.h"

struct cJSON;

typedef struct hf_redact_key {
    uint8_t secret[32];
    struct cJSON *root; /* the file: "secret", "ids" {pseudonym: id}, "cells" [[resource, row, column, text]], "files" {path: text} */
} hf_redact_key;

/* Reads the file, or draws a new secret where there is none. HF_E_DATA with a finding when the file is no key. */
hf_err hf_redact_key_open(const char *path, bool must_exist, hf_diag *diag, hf_redact_key *ret_key);
void hf_redact_key_done(hf_redact_key *key);

/* Writes the file, readable by its owner alone. */
hf_err hf_redact_key_save(const hf_redact_key *key, const char *path);

/* A hf_rename_id: appends the pseudonym of an id and notes it; its context is the key. */
void hf_redact_pseudonym(void *context, hf_id_of what, const char *id, size_t length, hf_buf *out);

/* The way back; a text that is no pseudonym stays. */
void hf_redact_original(void *context, hf_id_of what, const char *id, size_t length, hf_buf *out);

#endif
