/* A seeded network of any size for measurements. */
#ifndef HF_BENCH_RANDOM_NETWORK_H
#define HF_BENCH_RANDOM_NETWORK_H

#include "model/network/network.h"

/* `n` entities with three supply links each in the mean: 0.8 n requirements that one supplier alone can meet (so that a single failure
 * takes 1/(1 - 0.8) = 5 entities in the mean), 1.1 n requirements that either of two can meet. Autonomies of 0, 4, 12 or 24 h, repairs
 * of 8 to 72 h. Cycles occur. Ends the program when out of memory. */
hf_network *bench_random_network(int n, unsigned long seed);

/* The same with a hazard that damages every entity in full with a probability. */
hf_network *bench_storm_network(int n, unsigned long seed, double probability);

#endif
