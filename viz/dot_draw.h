/* Inside of the diagrams: what is drawn, shared by the two ways of drawing it. */
#ifndef HF_VIZ_DOT_DRAW_H
#define HF_VIZ_DOT_DRAW_H


#include "viz/dot.h"

struct Agraph_s; /* cgraph's */

typedef struct hf_dot_draw {
    const hf_network *net;
    const hf_timeline *tl;          /* NULL: no cascade */
    const hf_losses *losses;
    const hf_dot_options *options;
    const hf_entity_loss **loss;    /* of each entity, NULL where it lost nothing */
    bool *shown;                    /* of each entity */
    bool *sector_used, kind_used[4], carriers_used;
    struct Agraph_s *graph;
} hf_dot_draw;

/* Entities as nodes (dot_entities.c), or groups of them (dot_groups.c). HF_E_NOMEM. */
hf_err hf_dot_entities(hf_dot_draw *d);
hf_err hf_dot_groups(hf_dot_draw *d);

/* The label index that a grouping goes by, e.g. the country of an entity; -1 where it has none. */
int hf_dot_group(const hf_network *net, hf_dot_by by, int entity);

/* Name of a group for people. */
const char *hf_dot_group_name(const hf_network *net, hf_dot_by by, int group);

#endif
