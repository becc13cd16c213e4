/* Writing down changes, so that every loss keeps its cause. */
#include "model/cascade/engine.h"

#include "base/alloc.h"

/* Deepest fall among the suppliers that are short; carriers: deepest fall of a condition in the component. */
static int parents_depth(const hf_timeline *tl, hf_cause_kind kind, int cause)
{
    const hf_network *net = tl->net;
    if (kind == HF_CAUSE_OVERLOAD) return tl->c[net->cnode_comp[net->cline_from[cause]]].depth;
    if (kind == HF_CAUSE_CARRIER) return tl->c[net->cnode_comp[cause]].depth;
    int depth = 0;
    for (int k = net->sup_off[cause]; k < net->sup_off[cause + 1]; k++) {
        const hf_entity_state *supplier = &tl->e[net->sup_supplier[k]];
        if (tl->x[net->sup_supplier[k]] < 1 && supplier->depth > depth) depth = supplier->depth;
    }
    return depth;
}

/* Repeated small falls of one entity at one instant for one cause (a fractional loop converging) are one change. */
static hf_change *change_to_extend(hf_timeline *tl, int entity, bool falls, hf_cause_kind kind, int cause)
{
    int last = tl->e[entity].last_change;
    if (last < 0 || (size_t)last < tl->instant_first_change) return NULL;
    hf_change *change = &tl->changes[last];
    bool fell = change->after < change->before;
    return fell == falls && change->kind == kind && change->cause == cause ? change : NULL;
}

void hf_record(hf_timeline *tl, int entity, double before, double after, hf_cause_kind kind, int cause, double since)
{
    hf_entity_state *e = &tl->e[entity];
    if (!tl->recording) return;
    hf_change *joined = change_to_extend(tl, entity, after < before, kind, cause);
    if (joined) {
        joined->after = after;
        return;
    }
    hf_err err = hf_grow((void **)&tl->changes, &tl->changes_capacity, tl->n_changes + 1, sizeof *tl->changes);
    if (err != HF_OK) {
        if (tl->err == HF_OK) tl->err = err;
        return;
    }
    int depth = 0;
    if (after < before && kind != HF_CAUSE_INJECT) depth = parents_depth(tl, kind, cause) + 1;
    if (after < before) e->depth = depth;
    if (e->last_change < (int)tl->instant_first_change) e->changes++;
    e->last_change = (int)tl->n_changes;
    tl->changes[tl->n_changes++] = (hf_change){tl->now, since, before, after, entity, cause, kind, depth};
}
