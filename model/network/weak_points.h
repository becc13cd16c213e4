/* The structure of who depends on whom, without running a cascade: loops, single points of failure, hubs. By igraph. */
#ifndef HF_NETWORK_WEAK_POINTS_H
#define HF_NETWORK_WEAK_POINTS_H

#include "model/network/network.h"

/* An entity and what it is ranked by. */
typedef struct hf_ranked {
    int entity;
    int count;
} hf_ranked;

typedef struct hf_structure {
    /* Dependency loops: sets of entities that need each other, directly, through others or through carriers. Largest first. Members of
     * loop k: loop_entity[loop_off[k]] .. loop_entity[loop_off[k+1]-1], ascending. */
    int n_loops, *loop_off, *loop_entity;
    int n_components, largest_component; /* parts with no link between them, and the entities of the largest */
    int n_articulation, *articulation;   /* entities whose removal parts a component, ascending */
    /* Rankings, highest count first, then by entity; entities with a count of 0 are left out. */
    int n_alone;
    hf_ranked *alone;      /* others whose service ends when this one alone fails: requirements that no other supplier can cover, carrier
                            * nodes that no source reaches without it. At least so many fall: substitutes that fall together are not
                            * counted, and an entity's lines are taken one by one */
    int n_dominators;
    hf_ranked *dominators; /* others that every chain of links and carrier lines from a source passes through this one to reach */
    int n_hubs;
    hf_ranked *hubs;       /* requirements it supplies */
    int n_depended;
    hf_ranked *depended;   /* others that depend on it, directly, through others or carriers; empty above HF_REACH_LIMIT entities */
} hf_structure;

/* Counting everything downstream of everyone takes entities x links steps; above this size it is left out. */
enum { HF_REACH_LIMIT = 20000 };

/* Free with hf_structure_free. Nearly linear, but for `alone` and `depended`: entities x what each reaches. HF_E_NOMEM, HF_E_LIBRARY.
 * igraph keeps state of its own: not to be called from two threads at once. */
hf_err hf_structure_compute(const hf_network *net, hf_structure **ret_structure);
void hf_structure_free(hf_structure *s);

#endif
