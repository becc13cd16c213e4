/* A small writer of SVG: shapes and texts in user units (pixels), y downwards. Texts are text, so that they can be searched. */
#ifndef HF_VIZ_SVG_H
#define HF_VIZ_SVG_H

#include "base/text.h"

typedef enum hf_anchor { HF_ANCHOR_START, HF_ANCHOR_MIDDLE, HF_ANCHOR_END } hf_anchor;

/* Opens a drawing; `title` is what a screen reader says. Closes it. */
void hf_svg_open(hf_buf *out, double width, double height, const char *title);
void hf_svg_close(hf_buf *out);

/* Colours are "#rrggbb" or "none"; `tip` (may be NULL) appears when the pointer rests on the shape. */
void hf_svg_rectangle(hf_buf *out, double x, double y, double width, double height, const char *fill, const char *stroke, const char *tip);
/* `dash` is an SVG dash pattern, NULL for a solid line. */
void hf_svg_line(hf_buf *out, double x1, double y1, double x2, double y2, const char *stroke, double width, const char *dash);
/* x and y of n points. */
void hf_svg_polyline(hf_buf *out, const double *x, const double *y, int n, const char *stroke, double width, const char *dash);
/* The same, closed and filled. */
void hf_svg_polygon(hf_buf *out, const double *x, const double *y, int n, const char *fill, const char *stroke, double width, const char *tip);
/* Opens a part of the drawing that shows only what is inside a rectangle; its units stay those of the drawing. */
void hf_svg_clip_open(hf_buf *out, double x, double y, double width, double height);
void hf_svg_clip_close(hf_buf *out);
/* Baseline at y; `size` in pixels. */
void hf_svg_text(hf_buf *out, double x, double y, hf_anchor anchor, double size, const char *fill, const char *text);

/* About how wide a text is, from the columns that it takes. */
double hf_svg_text_width(const char *text, double size);

/* Appends at most so many columns of a text, the end replaced by "…" where it is longer. */
void hf_svg_shorten(hf_buf *out, const char *text, int columns);

#endif
