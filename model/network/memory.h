/* Inside of model/network: what a network's arrays live in. */
#ifndef HF_NETWORK_MEMORY_H
#define HF_NETWORK_MEMORY_H

#include "base/arena.h"
#include "base/idmap.h"

typedef struct hf_network_memory {
    hf_arena arena;
    hf_idmap *ids; /* entity ids in the order they were first named */
    int *rank;     /* canonical index of each, -1 for an id that was never defined */
} hf_network_memory;

#endif
