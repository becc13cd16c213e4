/* Inside of the diagrams: what things look like. */
#ifndef HF_VIZ_DOT_STYLE_H
#define HF_VIZ_DOT_STYLE_H

#include <stdbool.h>

#include "base/text.h"
#include "model/network/network.h"

struct Agraph_s; /* cgraph's */

/* Fill and font colour for a lowest functionality (NaN or 1: not hit). */
const char *hf_dot_fill(double lowest);
const char *hf_dot_font(double lowest);
/* The step of loss at an index from 0 (no loss) on; false beyond the last. */
bool hf_dot_step(int index, const char **ret_fill, const char **ret_meaning);
const char *hf_dot_shape(const char *sector);
const char *hf_dot_line_style(hf_kind kind);

/* Text as a label: broken at blanks after about `width` columns, backslashes doubled so that cgraph takes none for an escape. */
void hf_dot_label(hf_buf *out, const char *text, int width);

/* Sets an attribute that was declared for the graph. */
void hf_dot_set(void *object, const char *name, const char *value);

/* Declares all attributes that the diagrams use, with their defaults. */
void hf_dot_declare(struct Agraph_s *graph);

/* A cluster with one node for each sector, kind of link and step of loss that is marked. */
void hf_dot_legend(struct Agraph_s *graph, const hf_network *net, const bool *sector_used, const bool *kind_used, bool losses, bool carriers);

#endif
