/* A map from ids (byte strings) to small integers, numbered 0, 1, 2 … in the order of first insertion. */
#ifndef HF_BASE_IDMAP_H
#define HF_BASE_IDMAP_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

typedef struct hf_idmap hf_idmap;

hf_err hf_idmap_new(hf_idmap **ret_map);
void hf_idmap_free(hf_idmap *map);

/* Number of ids in the map. */
int hf_idmap_count(const hf_idmap *map);

/* The number of an id, or -1. */
int hf_idmap_find(const hf_idmap *map, const char *id, size_t length);

/* The number of an id, added when it was not there; *ret_added (may be NULL) tells which. O(1) amortised. */
hf_err hf_idmap_intern(hf_idmap *map, const char *id, size_t length, int *ret_index, bool *ret_added);

/* The id with a number, NUL-terminated, valid while the map lives. */
const char *hf_idmap_text(const hf_idmap *map, int index);

#endif
