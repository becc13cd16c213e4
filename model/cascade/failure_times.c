#include "model/cascade/failure_times.h"

#include <math.h>

#include "base/alloc.h"

/* A binary heap of entities by failure time; an entity may stand in it more than once, only its first pop counts. */
typedef struct heap {
    struct entry {
        double at_h;
        int entity;
    } *entry;
    size_t n, capacity;
} heap;

static hf_err heap_push(heap *h, double at_h, int entity)
{
    hf_err err = hf_grow((void **)&h->entry, &h->capacity, h->n + 1, sizeof *h->entry);
    if (err != HF_OK) return err;
    size_t at = h->n++;
    for (; at > 0 && h->entry[(at - 1) / 2].at_h > at_h; at = (at - 1) / 2) h->entry[at] = h->entry[(at - 1) / 2];
    h->entry[at] = (struct entry){at_h, entity};
    return HF_OK;
}

static struct entry heap_pop(heap *h)
{
    struct entry top = h->entry[0], last = h->entry[--h->n];
    size_t at = 0;
    for (size_t child; (child = 2 * at + 1) < h->n; at = child) {
        if (child + 1 < h->n && h->entry[child + 1].at_h < h->entry[child].at_h) child++;
        if (h->entry[child].at_h >= last.at_h) break;
        h->entry[at] = h->entry[child];
    }
    if (h->n > 0) h->entry[at] = last;
    return top;
}

/* Hours a requirement bridges, INFINITY if it never bites; NaN if its curve is not a single full step. */
static double autonomy(const hf_network *net, int g)
{
    int first = net->curve_off[net->req_curve[g]], last = net->curve_off[net->req_curve[g] + 1];
    for (int k = first; k < last; k++) {
        if (net->curve_loss[k] >= 1) return net->curve_h[k];
        if (net->curve_loss[k] > 0) return NAN;
    }
    return INFINITY;
}

static bool is_boolean(const hf_network *net, const hf_inject *injects, int n_injects)
{
    if (net->n_carriers > 0) return false;
    for (int k = 0; k < n_injects; k++)
        if ((injects[k].kind != HF_INJECT_FAIL && injects[k].kind != HF_INJECT_DEGRADE) || injects[k].level != 0) return false;
    for (int g = 0; g < net->n_requirements; g++) {
        if (isnan(autonomy(net, g))) return false;
        for (int k = net->sup_off[g]; net->req_response[g] == HF_LINEAR && k < net->sup_off[g + 1]; k++)
            if (net->sup_share[k] < 1) return false;
    }
    return true;
}

/* Can the suppliers that still work (failure time not yet settled) cover the requirement? */
static bool covered(const hf_network *net, int g, const bool *failed)
{
    double need = net->req_response[g] == HF_THRESHOLD ? net->req_threshold[g] : 1, sum = 0;
    for (int k = net->sup_off[g]; k < net->sup_off[g + 1]; k++)
        if (!failed[net->sup_supplier[k]]) sum += net->sup_share[k];
    return sum >= need - 1e-9;
}

static hf_err settle(const hf_network *net, heap *h, bool *failed, bool *uncovered, double *ret_hours)
{
    hf_err err = HF_OK;
    while (h->n > 0) {
        struct entry top = heap_pop(h);
        if (failed[top.entity]) continue;
        failed[top.entity] = true;
        ret_hours[top.entity] = top.at_h;
        for (int k = net->out_off[top.entity]; k < net->out_off[top.entity + 1]; k++) {
            int g = net->sup_req[net->out_supply[k]];
            if (uncovered[g] || covered(net, g, failed)) continue;
            uncovered[g] = true;
            double at_h = top.at_h + autonomy(net, g);
            if (isfinite(at_h) && !failed[net->req_entity[g]]) HF_TRY(heap_push(h, at_h, net->req_entity[g]));
        }
    }
out:
    return err;
}

hf_err hf_failure_times(const hf_network *net, const hf_inject *injects, int n_injects, double *ret_hours)
{
    if (!is_boolean(net, injects, n_injects)) return HF_E_NOT_BOOLEAN;
    hf_err err = HF_OK;
    heap h = {0};
    bool *failed = hf_calloc((size_t)net->n_entities, sizeof *failed);
    bool *uncovered = hf_calloc((size_t)net->n_requirements, sizeof *uncovered);
    if (!failed || !uncovered) {
        err = HF_E_NOMEM;
        goto out;
    }
    for (int i = 0; i < net->n_entities; i++) ret_hours[i] = INFINITY;
    for (int k = 0; k < n_injects; k++) HF_TRY(heap_push(&h, injects[k].at_h, injects[k].entity));
    HF_TRY(settle(net, &h, failed, uncovered, ret_hours));
out:
    hf_free(h.entry);
    hf_free(failed);
    hf_free(uncovered);
    return err;
}
