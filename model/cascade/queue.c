/* Two binary heaps: the work of one instant, and the events to come. */
#include "model/cascade/engine.h"

#include "base/alloc.h"

/* Component order first, so that what is acyclic is evaluated once; carriers last in their component, since they cost most. */
static uint64_t work_key(hf_timeline *tl, int item)
{
    uint64_t carrier = item >= tl->net->n_entities;
    return (uint64_t)(uint32_t)tl->scc[item] << 33 | carrier << 32 | tl->work_seq++;
}

static void heap_push(hf_timeline *tl, int item)
{
    hf_work new = {work_key(tl, item), item};
    int at = tl->n_work++;
    while (at > 0 && tl->work[(at - 1) / 2].key > new.key) {
        tl->work[at] = tl->work[(at - 1) / 2];
        at = (at - 1) / 2;
    }
    tl->work[at] = new;
}

void hf_work_push(hf_timeline *tl, int item)
{
    int n = tl->net->n_entities;
    bool queued = item < n ? tl->e_flags[item] & HF_E_QUEUED : tl->c[item - n].queued;
    if (item < n) tl->e_flags[item] |= HF_E_QUEUED | HF_E_MUST;
    else tl->c[item - n].queued = true;
    if (!queued) heap_push(tl, item);
}

void hf_work_push_supply(hf_timeline *tl, int requirement)
{
    int entity = tl->net->req_entity[requirement];
    tl->r_flags[requirement] |= HF_R_DIRTY;
    __builtin_prefetch(&tl->link[tl->net->sup_off[requirement]]); /* they are read when the entity's turn comes */
    if (tl->e_flags[entity] & HF_E_QUEUED) return;
    tl->e_flags[entity] |= HF_E_QUEUED;
    heap_push(tl, entity);
}

int hf_work_pop(hf_timeline *tl)
{
    if (tl->n_work == 0) return -1;
    int item = tl->work[0].item;
    hf_work last = tl->work[--tl->n_work];
    int at = 0;
    for (;;) {
        int child = 2 * at + 1;
        if (child >= tl->n_work) break;
        if (child + 1 < tl->n_work && tl->work[child + 1].key < tl->work[child].key) child++;
        if (tl->work[child].key >= last.key) break;
        tl->work[at] = tl->work[child];
        at = child;
    }
    tl->work[at] = last;
    if (item < tl->net->n_entities) tl->e_flags[item] &= (unsigned char)~HF_E_QUEUED;
    else tl->c[item - tl->net->n_entities].queued = false;
    return item;
}

void hf_work_clear(hf_timeline *tl)
{
    const hf_network *net = tl->net;
    while (tl->n_work > 0) {
        int item = tl->work[--tl->n_work].item;
        if (item >= net->n_entities) {
            tl->c[item - net->n_entities].queued = false;
            continue;
        }
        tl->e_flags[item] = 0;
        for (int g = net->req_off[item]; g < net->req_off[item + 1]; g++) tl->r_flags[g] &= (unsigned char)~HF_R_DIRTY;
    }
    tl->work_seq = 0;
}

static bool event_before(const hf_event *a, const hf_event *b)
{
    if (a->at_h != b->at_h) return a->at_h < b->at_h;
    if (a->kind != b->kind) return a->kind < b->kind;
    if (a->index != b->index) return a->index < b->index;
    return a->version < b->version;
}

hf_err hf_event_push(hf_timeline *tl, hf_event event)
{
    hf_err err = hf_grow((void **)&tl->events, &tl->events_capacity, tl->n_events + 1, sizeof *tl->events);
    if (err != HF_OK) return err;
    size_t at = tl->n_events++;
    while (at > 0 && event_before(&event, &tl->events[(at - 1) / 2])) {
        tl->events[at] = tl->events[(at - 1) / 2];
        at = (at - 1) / 2;
    }
    tl->events[at] = event;
    return HF_OK;
}

bool hf_event_pop(hf_timeline *tl, hf_event *ret_event)
{
    if (tl->n_events == 0) return false;
    *ret_event = tl->events[0];
    hf_event last = tl->events[--tl->n_events];
    size_t at = 0;
    for (;;) {
        size_t child = 2 * at + 1;
        if (child >= tl->n_events) break;
        if (child + 1 < tl->n_events && event_before(&tl->events[child + 1], &tl->events[child])) child++;
        if (!event_before(&tl->events[child], &last)) break;
        tl->events[at] = tl->events[child];
        at = child;
    }
    tl->events[at] = last;
    return true;
}
