/* Maximum flow with real capacities on a graph that is built anew for each island: Dinic's algorithm (Soviet Math. Doklady 11, 1970). */
#ifndef HF_CASCADE_MAXFLOW_H
#define HF_CASCADE_MAXFLOW_H

#include <stdbool.h>

#include "base/error.h"

/* Arcs stand in pairs: what is pushed along arc a may be taken back along a ^ 1. Room for everything is reserved once. */
typedef struct hf_maxflow {
    int n_nodes, n_arcs;
    int *first;       /* [nodes] first arc out of a node, -1 */
    int *next, *to;   /* [arcs] */
    double *left;     /* [arcs] what can still be pushed */
    int *level, *cursor, *queue, *path; /* [nodes] */
    double tolerance; /* what is left counts as nothing up to this */
} hf_maxflow;

/* Room for so many nodes and arcs (both of a pair count). HF_E_NOMEM. */
hf_err hf_maxflow_init(hf_maxflow *f, int nodes, int arcs);
void hf_maxflow_done(hf_maxflow *f);

/* An empty graph of `nodes` nodes. */
void hf_maxflow_clear(hf_maxflow *f, int nodes, double tolerance);

/* Adds a pair of arcs: `capacity` from -> to, `back` to -> from. Returns the first one. */
int hf_maxflow_arc(hf_maxflow *f, int from, int to, double capacity, double back);

/* Pushes as much more as goes from source to sink. O(n^2 m) at worst, near linear on grids. */
void hf_maxflow_augment(hf_maxflow *f, int source, int sink);

/* Marks (level >= 0) the nodes that the source can still push something to, other than through `avoid`. */
void hf_maxflow_reach(hf_maxflow *f, int source, int avoid);

#endif
