/* The Boolean steady state of many samples at once: one bit a sample, 512 samples at a time.
 *
 *     failed_i  =  damaged_i  OR  over the requirements g of i:  the suppliers of g that are left cannot cover it
 *
 * taken to its least fixed point in topological order of the strongly connected components, around again only inside a component with a
 * cycle, and there only for what has a supplier that changed. "Cannot cover" is an OR (any loss is too much), an AND (all must fail) or a
 * bit-sliced adder of what has failed (k of n, unequal shares in whole units).
 *
 * A network is exactly Boolean in the steady state when every entity is either up (1) or down (0) whatever is damaged in full:
 *   - it has no carriers;
 *   - every requirement's impact curve ends at a loss of 1, or at 0 (then it limits nothing);
 *   - every requirement with response `linear` has only suppliers that can each cover it alone (share >= 1);
 *   - every requirement with response `threshold` has shares of which it is certain which sums reach it: each enough alone, each
 *     needed, all equal, or whole multiples (up to 4,095 in sum) of a common unit whose sums keep clear of the threshold.
 * Shedding classes, autonomies, refill rates, restart times and black starts do not matter: they have no say in the steady state.
 * On such a network the result is bit for bit that of hf_steady_run; laws hold the two together. */
#ifndef HF_CASCADE_BOOLEAN_H
#define HF_CASCADE_BOOLEAN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"
#include "model/network/network.h"

enum { HF_BOOLEAN_WORDS = 8, HF_BOOLEAN_SAMPLES = 64 * HF_BOOLEAN_WORDS };

typedef enum hf_boolean_why {
    HF_BOOLEAN_YES,
    HF_BOOLEAN_CARRIER,        /* there is a carrier */
    HF_BOOLEAN_PARTIAL_LOSS,   /* the curve of a requirement ends between 0 and 1 */
    HF_BOOLEAN_PARTIAL_SUPPLY, /* a linear requirement can be met in part */
    HF_BOOLEAN_SHARES,         /* a threshold's shares have no common unit, or their sums come too near to it */
    HF_BOOLEAN_DAMAGE,         /* a hazard damages an entity in part */
} hf_boolean_why;

/* Why a network (or a hazard) is not exactly Boolean: the first carrier, else the first requirement, else the first row of damage. */
typedef struct hf_boolean_reason {
    hf_boolean_why why;
    int entity, requirement, carrier, hazard; /* -1 where not concerned */
} hf_boolean_reason;

/* The reason in words: "requirement power of clinic can be met in part". Nothing for HF_BOOLEAN_YES. */
void hf_boolean_explain(const hf_network *net, const hf_boolean_reason *reason, hf_buf *out);

/* How sure it is that links are there: confidences 0..1 of requirements [n_requirements] and supply links [n_supplies]. */
typedef struct hf_link_doubt {
    const double *requirement, *supply;
} hf_link_doubt;

/* A network compiled for this engine: immutable, may be shared by threads. Keeps a pointer to `net` (and to nothing of `doubt`). With `doubt`
 * (may be NULL) requirements and links of a confidence below 1 can be drawn, see hf_boolean_links_draw.
 * HF_E_NOT_BOOLEAN with *ret_reason when the network is not exactly Boolean; HF_E_NOMEM. O(entities + links log links). */
typedef struct hf_boolean hf_boolean;
hf_err hf_boolean_new(const hf_network *net, const hf_link_doubt *doubt, hf_boolean **ret_boolean, hf_boolean_reason *ret_reason);
void hf_boolean_free(hf_boolean *b);

/* 512 samples; one for each thread. 64 bytes an entity, and 128 for each of the largest strong component. */
typedef struct hf_boolean_state hf_boolean_state;
hf_err hf_boolean_state_new(const hf_boolean *b, hf_boolean_state **ret_state);
void hf_boolean_state_free(hf_boolean_state *s);

/* Starts anew: nothing is damaged, every link is there. O(what the last samples touched). */
void hf_boolean_clear(hf_boolean_state *s);

/* Draws for each sample which doubtful links are there: a requirement that is absent, or whose links all are, is none; links that are there
 * take over the shares of those that are not, in proportion. A pure function of (seed, block, link). Before any damage. */
void hf_boolean_links_draw(hf_boolean_state *s, uint64_t seed, uint64_t block);

/* Damages an entity in the samples whose bits are set in `word` [HF_BOOLEAN_WORDS]: bit s % 64 of word s / 64 is sample s. */
void hf_boolean_damage(hf_boolean_state *s, int entity, const uint64_t *word);

/* Takes all samples to their steady state. */
void hf_boolean_settle(hf_boolean_state *s);

/* The samples in which an entity is down, [HF_BOOLEAN_WORDS]. */
const uint64_t *hf_boolean_failed(const hf_boolean_state *s, int entity);

/* What a sample comes to; sums run over entities in ascending order, so that they are the same bits as those of one sample alone. */
typedef struct hf_boolean_sum {
    double users, value_eur_h; /* without service; lost an hour */
    double entities;           /* down */
} hf_boolean_sum;

/* Adds up the settled samples: sum [HF_BOOLEAN_SAMPLES]; of the first `n` samples also into out [n_entities] (may be NULL) in how many each entity
 * is down. O(entities + failures). */
void hf_boolean_sums(const hf_boolean_state *s, int n, hf_boolean_sum *sum, long *out);

/* Countries and sectors reached by each settled sample: [HF_BOOLEAN_SAMPLES] each. Countries as in hf_cascade_summary. HF_E_NOMEM. */
hf_err hf_boolean_reached(const hf_boolean_state *s, int *countries, int *sectors);

#endif
