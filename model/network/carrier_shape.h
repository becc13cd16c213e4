/* What a carrier looks like as a graph, to be compared with other networks. */
#ifndef HF_NETWORK_CARRIER_SHAPE_H
#define HF_NETWORK_CARRIER_SHAPE_H

#include "model/network/network.h"

enum { HF_SHAPE_SOURCES = 200 };

typedef struct hf_carrier_shape {
    int nodes, lines;
    int parts, largest;       /* connected parts, and the nodes of the largest */
    double mean_degree;       /* 2 lines / nodes */
    int most_degree;
    double clustering;        /* transitivity: 3 triangles / connected triples; parallel lines count once. NaN without triples */
    double path_length;       /* mean steps between nodes of the largest part, from at most HF_SHAPE_SOURCES of them evenly spread; NaN with one node */
} hf_carrier_shape;

/* Direction is ignored. HF_E_NOMEM. O(sources x lines + sum of squared degrees). */
hf_err hf_carrier_shape_compute(const hf_network *net, int carrier, hf_carrier_shape *ret_shape);

#endif
