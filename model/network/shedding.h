/* Where the shedding classes of a supplier's links stand in its output. */
#ifndef HF_NETWORK_SHEDDING_H
#define HF_NETWORK_SHEDDING_H

#include "model/network/network.h"

/* Fills from and width [n_supplies] for the links of one supplier: a link is served by the part of the output from `from` on, `width` wide;
 * (0, 1) where they are all of one class. Links with there[link] false (NULL: none) ask for nothing and get (0, 1).
 * `classes` is scratch for all its links. O(links log links). */
void hf_shed_places(const hf_network *net, int supplier, const bool *there, int *classes, double *from, double *width);

#endif
