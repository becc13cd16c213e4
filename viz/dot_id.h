/* Inside of the diagrams: names of graph objects numbered in the order of their creation. cgraph's own numbering is by address, which would
 * put subgraphs in another order in every run. */
#ifndef HF_VIZ_DOT_ID_H
#define HF_VIZ_DOT_ID_H

struct Agiddisc_s;

extern struct Agiddisc_s hf_dot_id;

#endif
