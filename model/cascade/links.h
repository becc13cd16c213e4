/* Which doubtful links are there: drawn in blocks of 512 samples, for both engines and for ranks under doubt. Not installed.
 *
 * A requirement that is drawn absent, or whose links all are, is no requirement; links that are there take over the shares of those that
 * are not, in proportion. */
#ifndef HF_CASCADE_LINKS_H
#define HF_CASCADE_LINKS_H

#include "model/cascade/boolean.h"
#include "model/cascade/draws.h"
#include "model/cascade/engine.h"

struct hf_links {
    const hf_network *net;
    int n_requirements, *requirement; /* that may be absent, or a link of theirs; ascending */
    int n_supplies, *supply;          /* that may be absent; ascending */
    int *first;                       /* [n_requirements + 1] where the supplies of a requirement begin in `supply` */
    hf_chance *requirement_absent, *supply_absent;
};

/* O(links). Free with hf_links_free. HF_E_NOMEM. */
hf_err hf_links_new(const hf_network *net, const hf_link_doubt *doubt, hf_links **ret_links);
void hf_links_free(hf_links *links);

/* Draws a block: requirement_absent [n_requirements x HF_BOOLEAN_WORDS], supply_absent [n_supplies x HF_BOOLEAN_WORDS], one bit a sample. */
void hf_links_draw(const hf_links *links, uint64_t seed, uint64_t block, uint64_t *requirement_absent, uint64_t *supply_absent);

/* The network of one sample of a block, in the entries of doubtful requirements alone: share [network's n_supplies], 0 for links that are not
 * there, and absent [network's n_requirements]. */
void hf_links_sample(const hf_links *links, const uint64_t *requirement_absent, const uint64_t *supply_absent, int sample, double *share, bool *absent);

#endif
