/* Room for labels: each gets the first free place beside its point, or none. */
#ifndef HF_VIZ_LABEL_ROOM_H
#define HF_VIZ_LABEL_ROOM_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

typedef struct hf_area {
    double x, y, width, height; /* pixels, left and upper edge */
} hf_area;

/* What is taken so far. Zero-initialise; hf_label_room_done frees. */
typedef struct hf_label_room {
    hf_area within; /* labels stay inside */
    hf_area *taken;
    size_t n, capacity;
} hf_label_room;

void hf_label_room_done(hf_label_room *room);

/* Takes an area whatever is there: a mark. HF_E_NOMEM. */
hf_err hf_label_room_take(hf_label_room *room, hf_area area);

/* Places a label of a size beside a point with a mark of `radius`: right, left, above, below, then at the corners; the first place that is inside and free is
 * taken. *ret_placed says whether there is one. Touching edges do not overlap. O(taken). HF_E_NOMEM. */
hf_err hf_label_room_place(hf_label_room *room, double x, double y, double radius, double width, double height, hf_area *ret_area, bool *ret_placed);

#endif
