#include "model/network/network.h"

#include <string.h>

#include "base/alloc.h"
#include "model/network/memory.h"

void hf_network_free(hf_network *net)
{
    if (!net) return;
    hf_network_memory *memory = net->owner_memory;
    /* The network itself lies in the arena. */
    hf_idmap_free(memory->ids);
    hf_free(memory->rank);
    hf_arena_done(&memory->arena);
    hf_free(memory);
}

int hf_network_find(const hf_network *net, const char *id)
{
    const hf_network_memory *memory = net->owner_memory;
    int number = hf_idmap_find(memory->ids, id, strlen(id));
    return number < 0 ? -1 : memory->rank[number];
}

int hf_network_find_hazard(const hf_network *net, const char *id)
{
    for (int z = 0; z < net->n_hazards; z++)
        if (strcmp(net->hazard_id[z], id) == 0) return z;
    return -1;
}

int hf_labels_find(const hf_labels *labels, const char *name)
{
    int low = 0, high = labels->n - 1;
    while (low <= high) {
        int middle = low + (high - low) / 2, order = strcmp(labels->name[middle], name);
        if (order == 0) return middle;
        if (order < 0) low = middle + 1;
        else high = middle - 1;
    }
    return -1;
}
