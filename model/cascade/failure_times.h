/* When each entity fails, in closed form, for hard Boolean models without repair: an independent check of the timeline engine.
 *
 *     T_i = min over g of ( autonomy_g + the moment the suppliers left can no longer cover g )
 *
 * The right sides are superior functions, so Knuth's generalisation of Dijkstra's algorithm settles entities in order of T
 * (D. E. Knuth, "A generalization of Dijkstra's algorithm", Information Processing Letters 6, 1977). */
#ifndef HF_CASCADE_FAILURE_TIMES_H
#define HF_CASCADE_FAILURE_TIMES_H

#include "model/cascade/timeline.h"

/* Writes the failure time of every entity into ret_hours [n_entities], INFINITY for those that survive. `injects` are complete failures
 * (kind fail or degrade, level 0) without repair. HF_E_NOT_BOOLEAN when the network has carriers, an impact curve with a loss between
 * 0 and 1, a linear requirement with a share below 1, or an inject is partial; HF_E_NOMEM. O(E log V). */
hf_err hf_failure_times(const hf_network *net, const hf_inject *injects, int n_injects, double *ret_hours);

#endif
