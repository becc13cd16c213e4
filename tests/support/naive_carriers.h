/* The rules `flow` and `dc` as plainly as they can be written, for tests/support/naive.c. They share no code and no algorithm with the engine:
 * a flow by going through all cuts, a power flow by Gaussian elimination. For carriers of up to 12 nodes (flow) and 64 nodes (dc). */
#ifndef HF_TESTS_NAIVE_CARRIERS_H
#define HF_TESTS_NAIVE_CARRIERS_H

#include <stdbool.h>

#include "model/network/network.h"

/* Delivered shares of the carrier's nodes, by the conditions of the entities; node and line indices are those of the network. */
void naive_flow(const hf_network *net, int carrier, const double *cond, double *ret_share);

/* Also 0 or 1 for each line of the carrier, and its flow. Lines that are `out` are so from the start. Of those that are `tried` the
 * overloaded ones go out; all of them when only others are. What is overloaded then is told with a line share of 0.5. */
void naive_dc(const hf_network *net, int carrier, const double *cond, const bool *out, const bool *tried, double *ret_share, double *ret_line_share,
              double *ret_flow);

#endif
