/* A network like another one but for some changes: the rows of the first go into a builder again, changed on their way. */
#ifndef HF_NETWORK_EDITS_H
#define HF_NETWORK_EDITS_H

#include "model/network/builder.h"

/* What is changed; NULL arrays change nothing. Rows that are to be added are added to the builder afterwards. */
typedef struct hf_edits {
    const double *repair_h;      /* [n_entities] in place of the entity's */
    const bool *black_start;     /* [n_entities] true: can start without its suppliers */
    const double *autonomy_h;    /* [n_requirements] >= 0: hours by which its impact curve comes later; INFINITY: left out */
    const bool *requirement_absent; /* [n_requirements] true: left out with its links */
    const double *share;         /* [n_supplies] in place of the link's; 0: left out */
    const double *severity;      /* [n_damage] 0..1 in place of the row's; 0: left out */
    const double *damage_repair_h; /* [n_damage] in place of the row's */
} hf_edits;

/* Adds all rows of a network to an empty builder. HF_E_NOMEM. */
hf_err hf_builder_copy(hf_builder *b, const hf_network *net, const hf_edits *edits);

#endif
