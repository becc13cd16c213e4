/* Random networks that are exactly Boolean in the steady state: cycles, substitutes, k of n, unequal shares, curves of several steps. */
#ifndef HF_TESTS_BOOLEAN_NETWORK_H
#define HF_TESTS_BOOLEAN_NETWORK_H

#include <stdbool.h>
#include <stdint.h>

#include "model/network/network.h"

/* `instant`: every requirement bites at hour 0. With a hazard "storm" that may damage everybody in full, and another, "flood", some. */
hf_network *boolean_network(uint64_t seed, int most_entities, bool instant);

#endif
