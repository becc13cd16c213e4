#include "model/cascade/doubt.h"

#include <math.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "model/cascade/links.h"
#include "model/network/edits.h"

typedef struct order_item {
    double value;
    int entity;
} order_item;

typedef struct doubt {
    const hf_network *net;
    const hf_doubt_options *options;
    hf_links *links;
    uint64_t *absent_words, *supply_words; /* of a block of draws, see links.h */
    bool *requirement_absent;
    double *share;
    hf_cascade_summary *summary;
    double *rank;  /* [draws x n_entities] */
    double *mean;  /* [n_entities] */
    order_item *order;
} doubt;

/* Draws of a block of versions of the network. */
static void draw_links(doubt *d, int draw)
{
    int place = draw % HF_BOOLEAN_SAMPLES;
    if (place == 0) hf_links_draw(d->links, d->options->seed, (uint64_t)(draw / HF_BOOLEAN_SAMPLES), d->absent_words, d->supply_words);
    hf_links_sample(d->links, d->absent_words, d->supply_words, place, d->share, d->requirement_absent);
}

static hf_err network_drawn(const doubt *d, hf_network **ret_net)
{
    hf_err err = HF_OK;
    hf_diag *diag = NULL;
    hf_builder *b = NULL;
    hf_edits edits = {.requirement_absent = d->requirement_absent, .share = d->share};
    HF_TRY(hf_diag_new(&diag)); /* a share that no longer covers is not news here */
    HF_TRY(hf_builder_new(diag, &b));
    HF_TRY(hf_builder_copy(b, d->net, &edits));
    HF_TRY(hf_builder_finish(b, ret_net));
out:
    hf_builder_free(b);
    hf_diag_free(diag);
    return err;
}

static int compare_items(const void *pa, const void *pb)
{
    const order_item *a = pa, *b = pb;
    return a->value > b->value ? -1 : a->value < b->value ? 1 : a->entity - b->entity;
}

static void ranks_note(doubt *d, int draw)
{
    int n = d->net->n_entities;
    double *rank = d->rank + (size_t)draw * (size_t)n;
    for (int i = 0; i < n; i++) {
        d->order[i] = (order_item){hf_rank_value(&d->summary[i], d->options->by), i};
        d->mean[i] += d->order[i].value;
    }
    qsort(d->order, (size_t)n, sizeof *d->order, compare_items);
    for (int first = 0, next; first < n; first = next) {
        for (next = first + 1; next < n && d->order[next].value == d->order[first].value;) next++;
        for (int k = first; k < next; k++) rank[d->order[k].entity] = 0.5 * (first + 1 + next);
    }
}

static int compare_doubles(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static void intervals_fill(const doubt *d, int draws, double *column, hf_rank_interval *interval)
{
    int n = d->net->n_entities, cut = (int)floor(0.5 * (1 - d->options->level) * draws);
    for (int i = 0; i < n; i++) {
        for (int k = 0; k < draws; k++) column[k] = d->rank[(size_t)k * (size_t)n + (size_t)i];
        qsort(column, (size_t)draws, sizeof *column, compare_doubles);
        interval[i] = (hf_rank_interval){column[cut], 0.5 * (column[(draws - 1) / 2] + column[draws / 2]), column[draws - 1 - cut], d->mean[i] / draws};
    }
}

static hf_err draws_run(doubt *d, hf_diag *diag, int *ret_draws)
{
    const hf_watch *watch = &d->options->sweep.watch;
    hf_doubt_options o = *d->options;
    o.sweep.watch = (hf_watch){.stop = watch->stop};
    for (int draw = 0; draw < o.draws; draw++) {
        hf_network *net = NULL;
        long done = 0;
        draw_links(d, draw);
        hf_err err = network_drawn(d, &net);
        if (err == HF_OK) err = hf_sweep_singles(net, &o.sweep, diag, d->summary, &done);
        hf_network_free(net);
        if (err != HF_OK) return err;
        if (done < d->net->n_entities) return HF_OK;
        ranks_note(d, draw);
        *ret_draws = draw + 1;
        if (watch->progress) watch->progress(watch->context, draw + 1, o.draws);
    }
    return HF_OK;
}

hf_err hf_rank_doubt(const hf_network *net, const double *requirement, const double *supply, const hf_doubt_options *options, hf_diag *diag,
                     hf_rank_interval *interval, int *ret_draws)
{
    hf_err err = HF_OK;
    size_t n = (size_t)net->n_entities;
    double *column = NULL;
    if (options->draws < 2 || !(options->level > 0 && options->level < 1)) return HF_E_RANGE;
    doubt d = {.net = net, .options = options};
    HF_TRY(hf_links_new(net, &(hf_link_doubt){requirement, supply}, &d.links));
    column = hf_malloc((size_t)options->draws * sizeof *column);
    d.requirement_absent = hf_calloc((size_t)net->n_requirements, sizeof *d.requirement_absent);
    d.share = hf_calloc((size_t)net->n_supplies, sizeof *d.share);
    d.summary = hf_malloc(n * sizeof *d.summary);
    d.rank = hf_malloc((size_t)options->draws * n * sizeof *d.rank);
    d.mean = hf_calloc(n, sizeof *d.mean);
    d.order = hf_malloc(n * sizeof *d.order);
    d.absent_words = hf_malloc((size_t)d.links->n_requirements * HF_BOOLEAN_WORDS * sizeof *d.absent_words);
    d.supply_words = hf_malloc((size_t)d.links->n_supplies * HF_BOOLEAN_WORDS * sizeof *d.supply_words);
    *ret_draws = 0;
    if (!d.absent_words || !d.supply_words) HF_TRY(HF_E_NOMEM);
    for (int k = 0; d.share && k < net->n_supplies; k++) d.share[k] = net->sup_share[k];
    if (!column || !d.requirement_absent || !d.share || !d.summary || !d.rank || !d.mean || !d.order) HF_TRY(HF_E_NOMEM);
    HF_TRY(draws_run(&d, diag, ret_draws));
    if (*ret_draws < 2) HF_TRY(HF_E_INTERRUPTED);
    intervals_fill(&d, *ret_draws, column, interval);
out:
    hf_links_free(d.links);
    hf_free(d.absent_words);
    hf_free(d.supply_words);
    hf_free(column);
    hf_free(d.requirement_absent);
    hf_free(d.share);
    hf_free(d.summary);
    hf_free(d.rank);
    hf_free(d.mean);
    hf_free(d.order);
    return err;
}
