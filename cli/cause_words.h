/* Causes in words. */
#ifndef HF_CLI_CAUSE_WORDS_H
#define HF_CLI_CAUSE_WORDS_H

#include "base/text.h"
#include "model/cascade/timeline.h"

/* Appends why a change happened: "its own damage", "power short since 0 h, its reserve ran out", "cut off from grid since 2 h". */
void hf_cause_words(const hf_timeline *tl, const hf_network *net, int change, hf_buf *out);

/* Appends "General hospital Belgrade (rs-hosp-1)", or the id alone where there is no other name. */
void hf_entity_words(const hf_network *net, int entity, hf_buf *out);

/* The name of an entity for a table: its name, or its id where it has none. */
const char *hf_entity_label(const hf_network *net, int entity);

#endif
