/* The scan before the tree is built. */
#ifndef HF_DATASETS_JSON_SCAN_H
#define HF_DATASETS_JSON_SCAN_H

#include <stdint.h>

#include "base/diag.h"

/* Offsets of all values of a document in the order in which they begin (a container before what is in it). */
typedef struct hf_json_places {
    uint32_t *offset;
    size_t n, capacity;
} hf_json_places;

/* Checks a document; HF_E_DATA with a finding at the first fault. `places` is the caller's, also after a failure. */
hf_err hf_json_scan(const char *file, const char *text, size_t length, hf_diag *diag, hf_json_places *places);

/* Line and column, from 1, of an offset. */
void hf_json_line(const char *text, size_t offset, int *ret_line, int *ret_column);

#endif
