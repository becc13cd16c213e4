/* The typed-dependency cascade of Mühlhofer et al. (Reliability Engineering & System Safety 234, 2023) written as a network of ours.
 *
 * The published rule cuts only the edges of a failed line node, not the node itself, so each line node is two entities: `n<id>`, which is
 * the carrier node and never fails, and `out<id>`, which passes on what is delivered there. Each grid edge is an entity. */
#ifndef HF_TESTS_TYPED_CASCADE_H
#define HF_TESTS_TYPED_CASCADE_H

#include "model/cascade/timeline.h"
#include "model/network/network.h"

enum { TYPED_SCENARIOS = 200, TYPED_RESULTS = 9 };

typedef struct typed_case {
    hf_network *net;
    int n_nodes;
    int *entity;                           /* what stands for node k: its state is the node's state */
    char (*type)[16];                      /* ci_type of node k */
    int (*service)[4];                     /* of a people node: entities for power, phone, waste water, health; else -1 */
    double *people;
    int n_scenarios, failed[TYPED_SCENARIOS];
    long expected[TYPED_SCENARIOS][TYPED_RESULTS]; /* failed celltower, health, power_line, power_plant, wastewater; people without … */
    int *edge_off, *edge_entity;           /* grid-edge entities at node k */
} typed_case;

/* Loads "n2000" or "n10000"; false when the files are not there. */
bool typed_case_load(const char *name, typed_case *ret_case);
void typed_case_done(typed_case *c);

/* Injects of a scenario: the node's outgoing service and its grid edges. Returns their number (at most `capacity`). */
int typed_case_injects(const typed_case *c, int scenario, hf_inject *ret_injects, int capacity);

/* Counts the nine results from the levels that the engine ended with. */
void typed_case_count(const typed_case *c, const hf_timeline *tl, long ret_result[TYPED_RESULTS]);

#endif
