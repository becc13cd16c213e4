/* The nearest of many names to one that was mistyped. */
#ifndef HF_CLI_SUGGEST_H
#define HF_CLI_SUGGEST_H

#include <stddef.h>

/* A search in progress: start it, offer every candidate, read `best` (NULL if none is near enough). Texts are borrowed. */
typedef struct hf_nearest {
    const char *wanted;
    size_t length;
    const char *best;
    int distance; /* of `best`; candidates must be strictly nearer, so the first of equals wins */
} hf_nearest;

/* Near enough means at most a third of the characters changed, and at least 2 are always allowed. */
void hf_nearest_start(hf_nearest *nearest, const char *wanted, size_t length);
void hf_nearest_offer(hf_nearest *nearest, const char *candidate);

/* Edit distance of two byte strings: insertions, deletions, replacements and swaps of neighbours count 1 each, ASCII case is ignored
 * (optimal string alignment). Texts over 64 bytes compare as unequal: the result is then above any threshold. O(a b). */
int hf_edit_distance(const char *a, size_t a_length, const char *b, size_t b_length);

#endif
