/* Marks on a map: one shape a sector. */
#ifndef HF_VIZ_MARKER_H
#define HF_VIZ_MARKER_H

#include "base/text.h"

/* Appends the mark of a sector ("energy" …; any other word gives a box) around a point. Colours are "#rrggbb"; `tip` may be NULL. */
void hf_marker_write(hf_buf *out, const char *sector, double x, double y, double radius, const char *fill, const char *stroke, double stroke_width,
                     const char *tip);

#endif
