/* Maps: where entities stand and what a cascade does to them, as SVG.
 *
 * Equirectangular projection, true at the middle latitude. Shape by sector, fill by the lowest functionality (the steps of the diagrams), area by users, the
 * hour of failure beside it where there is room. */
#ifndef HF_VIZ_MAP_H
#define HF_VIZ_MAP_H

#include "base/text.h"
#include "model/cascade/losses.h"
#include "viz/projection.h"

/* Lines to draw below, as coasts and borders: line k has the points off[k] .. off[k+1]-1. */
typedef struct hf_map_lines {
    int n;
    const int *off;
    const double *lat, *lon;
} hf_map_lines;

typedef struct hf_map_options {
    bool carriers, supplies;     /* lines of carriers, supply links as well */
    const hf_geo_box *box;       /* what to draw; NULL: all entities that have a place */
    const hf_map_lines *outline; /* may be NULL */
    const char *title, *source;  /* above and below */
} hf_map_options;

/* What a map shows and does not. */
typedef struct hf_map_note {
    int shown, no_place, outside; /* entities; without coordinates; outside the box */
    int hit_no_place;             /* of those without coordinates, how many lose something */
    int labels, labels_left_out;
} hf_map_note;

/* Appends the drawing. `losses` may be NULL: no cascade. Same input, same text. HF_E_NOT_FOUND when no entity that would be drawn has a place. HF_E_NOMEM.
 * O(entities + links + outline + labels x marks). */
hf_err hf_map_write(const hf_network *net, const hf_losses *losses, const hf_map_options *options, hf_buf *out, hf_map_note *ret_note);

#endif
