/* Diagrams as DOT text, built with cgraph: the network, or what a cascade does to it.
 *
 * Entities are nodes: shape by sector, fill by the lowest functionality they reach (five steps of one hue, dark for much lost, so that they
 * survive colour-blindness and grey print), the hour at which they go out under the name, a double border where the damage was their own.
 * Supply links are arrows from supplier to user: solid physical, dashed cyber, dotted geographic, thin logical; wider for larger shares.
 * Lines of carriers are edges without arrows; one that is an entity is coloured and named as such. */
#ifndef HF_VIZ_DOT_H
#define HF_VIZ_DOT_H

#include <stdbool.h>

#include "base/text.h"
#include "model/cascade/losses.h"
#include "model/network/network.h"

typedef enum hf_dot_by { HF_DOT_BY_NONE, HF_DOT_BY_COUNTRY, HF_DOT_BY_SECTOR, HF_DOT_BY_REGION, HF_DOT_BY_SECTOR_AND_COUNTRY } hf_dot_by;

/* Above so many entities a diagram shows the cascade only; without a cascade it is collapsed by sector and country. */
enum { HF_DOT_READABLE = 150 };

typedef struct hf_dot_options {
    bool whole;         /* everything, whatever its size */
    bool only_hit;      /* entities that lose something, whatever the size */
    hf_dot_by cluster;  /* boxes around entities; not HF_DOT_BY_SECTOR_AND_COUNTRY */
    hf_dot_by collapse; /* one node for each; HF_DOT_BY_NONE: entities */
    const char *title;  /* above the picture */
    const char *source; /* below it, with what was left out */
} hf_dot_options;

/* What a diagram shows. */
typedef struct hf_dot_note {
    int shown, left_out; /* entities */
    hf_dot_by collapsed; /* HF_DOT_BY_NONE: not */
} hf_dot_note;

/* Appends DOT text. tl and losses are of the same run, or both NULL. Same input, same text. HF_E_NOMEM, HF_E_LIBRARY.
 * cgraph keeps state of its own: not to be called from two threads at once. */
hf_err hf_dot_write(const hf_network *net, const hf_timeline *tl, const hf_losses *losses, const hf_dot_options *options, hf_buf *out,
                    hf_dot_note *ret_note);

#endif
