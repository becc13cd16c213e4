/* Strong components of a small graph, those that are needed before those that need them. */
#ifndef HF_SOLVER_PORTFOLIO_COMPONENTS_H
#define HF_SOLVER_PORTFOLIO_COMPONENTS_H

#include <stddef.h>

#include "base/error.h"

/* Component c has the nodes node[start[c]] .. node[start[c+1]-1]. Grown as needed; free with hf_components_done. */
typedef struct hf_components {
    int n, *start, *node;
    int *index, *low, *cursor, *path, *open; /* while they are found */
    size_t capacity;
} hf_components;

/* Edges go from a node to those that it needs: edge[edge_start[v]] .. . O(nodes + edges), without recursion. HF_E_NOMEM. */
hf_err hf_components_find(int n, const int *edge_start, const int *edge, hf_components *components);
void hf_components_done(hf_components *components);

#endif
