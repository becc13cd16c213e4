/* Why an entity failed: from a loss back along its causes to the injects. */
#ifndef HF_CASCADE_EXPLAIN_H
#define HF_CASCADE_EXPLAIN_H

#include "model/cascade/timeline.h"

/* The changes of one run, indexed by entity. Valid until the timeline's next run. */
typedef struct hf_causes hf_causes;

/* O(entities + changes). */
hf_err hf_causes_new(const hf_timeline *tl, const hf_network *net, hf_causes **ret_causes);
void hf_causes_free(hf_causes *causes);

/* What explains a fall: the suppliers of its requirement that were short, or the nodes and lines of its carrier island that had failed,
 * as the changes (all earlier than `change`) of their latest falls. Writes at most `capacity` change indices, ascending; returns how many
 * there are. Own damage and rises have none. O(suppliers log changes), or O(island log changes). */
int hf_causes_parents(const hf_causes *causes, int change, int *ret_changes, int capacity);

/* Index of the first fall that left an entity below `level`, else of its first fall, else -1. O(changes of the entity). */
int hf_causes_fall(const hf_causes *causes, int entity, double level);

/* A node of a cause tree. Nodes are stored parents first (the root is 0); a change that was shown before is not opened again. */
typedef struct hf_why {
    int change;
    int parent; /* index of the node that this one explains, -1 for the root */
    int level;  /* 0 for the root */
    bool again; /* shown before: see the earlier node */
    int more;   /* causes of this node beyond `width`, not listed */
} hf_why;

/* The cause tree of a change in depth-first order, at most `width` causes a node (those that fell first). The nodes are the caller's
 * (hf_free). Every branch ends in own damage, in a shortage that was there from the start, or in `again`. */
hf_err hf_explain(const hf_causes *causes, int change, int width, hf_why **ret_nodes, int *ret_count);

#endif
