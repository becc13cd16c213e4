/* DOT text laid out and drawn, by Graphviz. */
#ifndef HF_VIZ_PICTURE_H
#define HF_VIZ_PICTURE_H

#include <stddef.h>

#include "base/text.h"

/* Draws DOT text as "svg", "png" or "pdf" with the layout "dot". Texts in SVG stay text. HF_E_UNSUPPORTED for another format or when this
 * Graphviz cannot write it, HF_E_LIBRARY when it cannot lay the graph out. Not to be called from two threads at once. */
hf_err hf_picture_draw(const char *dot, const char *format, hf_buf *out);

/* The format that a file name ends in ("svg" for a.svg), "dot" for .dot and .gv; NULL for another ending. Static. */
const char *hf_picture_format(const char *file);

#endif
