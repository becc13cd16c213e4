#include "model/cascade/links.h"

#include "base/alloc.h"

enum { WORDS = HF_BOOLEAN_WORDS };

static hf_err links_count(const hf_network *net, const hf_link_doubt *doubt, hf_links *l)
{
    hf_err err = HF_OK;
    l->requirement = hf_malloc((size_t)net->n_requirements * sizeof *l->requirement);
    l->supply = hf_malloc((size_t)net->n_supplies * sizeof *l->supply);
    l->first = hf_malloc(((size_t)net->n_requirements + 1) * sizeof *l->first);
    if (!l->requirement || !l->supply || !l->first) HF_TRY(HF_E_NOMEM);
    for (int g = 0; g < net->n_requirements; g++) {
        int first = l->n_supplies;
        for (int k = net->sup_off[g]; k < net->sup_off[g + 1]; k++)
            if (doubt->supply[k] < 1) l->supply[l->n_supplies++] = k;
        if (l->n_supplies == first && !(doubt->requirement[g] < 1)) continue;
        l->first[l->n_requirements] = first;
        l->requirement[l->n_requirements++] = g;
    }
    l->first[l->n_requirements] = l->n_supplies;
out:
    return err;
}

hf_err hf_links_new(const hf_network *net, const hf_link_doubt *doubt, hf_links **ret_links)
{
    hf_err err = HF_OK;
    hf_links *l = hf_calloc(1, sizeof *l);
    if (!l) return HF_E_NOMEM;
    l->net = net;
    HF_TRY(links_count(net, doubt, l));
    l->requirement_absent = hf_malloc((size_t)l->n_requirements * sizeof *l->requirement_absent);
    l->supply_absent = hf_malloc((size_t)l->n_supplies * sizeof *l->supply_absent);
    if (!l->requirement_absent || !l->supply_absent) HF_TRY(HF_E_NOMEM);
    for (int q = 0; q < l->n_requirements; q++) l->requirement_absent[q] = hf_chance_of(1 - doubt->requirement[l->requirement[q]]);
    for (int k = 0; k < l->n_supplies; k++) l->supply_absent[k] = hf_chance_of(1 - doubt->supply[l->supply[k]]);
out:
    if (err == HF_OK) *ret_links = l;
    else hf_links_free(l);
    return err;
}

void hf_links_free(hf_links *l)
{
    if (!l) return;
    hf_free(l->requirement);
    hf_free(l->supply);
    hf_free(l->first);
    hf_free(l->requirement_absent);
    hf_free(l->supply_absent);
    hf_free(l);
}

void hf_links_draw(const hf_links *l, uint64_t seed, uint64_t block, uint64_t *requirement_absent, uint64_t *supply_absent)
{
    for (int q = 0; q < l->n_requirements; q++)
        hf_chance_draw(&l->requirement_absent[q], seed, HF_DRAW_REQUIREMENT, block, l->requirement[q], requirement_absent + (size_t)q * WORDS);
    for (int k = 0; k < l->n_supplies; k++)
        hf_chance_draw(&l->supply_absent[k], seed, HF_DRAW_SUPPLY, block, l->supply[k], supply_absent + (size_t)k * WORDS);
}

static bool is_set(const uint64_t *words, int row, int sample)
{
    return words[(size_t)row * WORDS + (size_t)sample / 64] >> sample % 64 & 1;
}

void hf_links_sample(const hf_links *l, const uint64_t *requirement_absent, const uint64_t *supply_absent, int sample, double *share, bool *absent)
{
    const hf_network *net = l->net;
    for (int q = 0; q < l->n_requirements; q++) {
        int g = l->requirement[q], at = l->first[q];
        double all = 0, there = 0;
        for (int k = net->sup_off[g]; k < net->sup_off[g + 1]; k++) {
            bool gone = at < l->first[q + 1] && l->supply[at] == k && is_set(supply_absent, at++, sample);
            share[k] = gone ? 0 : net->sup_share[k];
            all += net->sup_share[k];
            there += share[k];
        }
        absent[g] = is_set(requirement_absent, q, sample) || (all > 0 && there <= 0);
        for (int k = net->sup_off[g]; k < net->sup_off[g + 1] && there > 0 && there < all; k++) share[k] *= all / there;
    }
}
