/* Doubtful links in the timeline engine: the shares that its loop reads are those of the links that are there. */
#include "model/cascade/links.h"

#include <string.h>

#include "base/alloc.h"
#include "model/network/shedding.h"

enum { WORDS = HF_BOOLEAN_WORDS };

struct hf_link_masks {
    const hf_links *links;
    uint64_t *requirement_absent, *supply_absent; /* of the block */
    uint64_t seed;
    long block; /* drawn, -1: none yet */
    double *share;
    bool *absent;
    int n_shedders, *shedder, *classes; /* suppliers of several classes that a doubtful requirement names */
    bool *there;
    double *from, *width;
};

/* Suppliers whose places of shedding classes can change. */
static hf_err shedders_find(hf_link_masks *m)
{
    hf_err err = HF_OK;
    const hf_network *net = m->links->net;
    size_t n = (size_t)net->n_supplies;
    bool *seen = hf_calloc((size_t)net->n_entities, sizeof *seen);
    m->shedder = hf_malloc((size_t)net->n_entities * sizeof *m->shedder);
    m->classes = hf_malloc(n * sizeof *m->classes);
    m->there = hf_malloc(n * sizeof *m->there);
    m->from = hf_malloc(n * sizeof *m->from);
    m->width = hf_malloc(n * sizeof *m->width);
    if (!seen || !m->shedder || !m->classes || !m->there || !m->from || !m->width) HF_TRY(HF_E_NOMEM);
    memcpy(m->from, net->sup_from, n * sizeof *m->from);
    memcpy(m->width, net->sup_width, n * sizeof *m->width);
    for (size_t k = 0; k < n; k++) m->there[k] = true;
    for (int q = 0; q < m->links->n_requirements; q++) {
        int g = m->links->requirement[q];
        for (int k = net->sup_off[g]; k < net->sup_off[g + 1]; k++) {
            int j = net->sup_supplier[k];
            if ((net->sup_from[k] == 0 && net->sup_width[k] == 1) || seen[j]) continue;
            seen[j] = true;
            m->shedder[m->n_shedders++] = j;
        }
    }
out:
    hf_free(seen);
    return err;
}

hf_err hf_link_masks_new(const hf_links *links, hf_link_masks **ret_masks)
{
    hf_err err = HF_OK;
    hf_link_masks *m = hf_calloc(1, sizeof *m);
    if (!m) return HF_E_NOMEM;
    m->links = links;
    m->block = -1;
    m->requirement_absent = hf_malloc((size_t)links->n_requirements * WORDS * sizeof *m->requirement_absent);
    m->supply_absent = hf_malloc((size_t)links->n_supplies * WORDS * sizeof *m->supply_absent);
    m->share = hf_malloc((size_t)links->net->n_supplies * sizeof *m->share);
    m->absent = hf_calloc((size_t)links->net->n_requirements, sizeof *m->absent);
    if (!m->requirement_absent || !m->supply_absent || !m->share || !m->absent) HF_TRY(HF_E_NOMEM);
    HF_TRY(shedders_find(m));
out:
    if (err == HF_OK) *ret_masks = m;
    else hf_link_masks_free(m);
    return err;
}

void hf_link_masks_free(hf_link_masks *m)
{
    if (!m) return;
    void *blocks[] = {m->requirement_absent, m->supply_absent, m->share, m->absent, m->shedder, m->classes, m->there, m->from, m->width};
    for (size_t k = 0; k < sizeof blocks / sizeof *blocks; k++) hf_free(blocks[k]);
    hf_free(m);
}

static void classes_place(hf_link_masks *m, hf_timeline *tl)
{
    const hf_network *net = m->links->net;
    for (int k = 0; k < m->n_shedders; k++) {
        int j = m->shedder[k];
        hf_shed_places(net, j, m->there, m->classes, m->from, m->width);
        for (int o = net->out_off[j]; o < net->out_off[j + 1]; o++) {
            int s = net->out_supply[o];
            tl->link[s].shed = m->from[s] != 0 || m->width[s] != 1;
        }
    }
    tl->sup_from = m->from;
    tl->sup_width = m->width;
}

void hf_link_masks_set(hf_link_masks *m, hf_timeline *tl, uint64_t seed, long sample)
{
    const hf_links *l = m->links;
    const hf_network *net = l->net;
    if (m->block != sample / HF_BOOLEAN_SAMPLES || m->seed != seed) {
        m->block = sample / HF_BOOLEAN_SAMPLES;
        m->seed = seed;
        hf_links_draw(l, seed, (uint64_t)m->block, m->requirement_absent, m->supply_absent);
    }
    hf_engine_undo(tl); /* what the last run touched goes back to what it was before links change under it */
    hf_links_sample(l, m->requirement_absent, m->supply_absent, (int)(sample % HF_BOOLEAN_SAMPLES), m->share, m->absent);
    for (int q = 0; q < l->n_requirements; q++) {
        int g = l->requirement[q];
        tl->r_flags[g] = m->absent[g] ? HF_R_ABSENT : 0;
        for (int k = net->sup_off[g]; k < net->sup_off[g + 1]; k++) {
            tl->link[k].share = m->share[k];
            m->there[k] = !m->absent[g] && m->share[k] > 0;
        }
    }
    if (m->n_shedders > 0) classes_place(m, tl);
}
