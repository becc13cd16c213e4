/* Sets of failures in the steady state, 512 at once. */
#include "base/alloc.h"
#include "model/cascade/sweep_workers.h"

enum { WORDS = HF_BOOLEAN_WORDS, SAMPLES = HF_BOOLEAN_SAMPLES };

typedef struct blocks {
    const int *off, *entities;
    hf_boolean_state **state; /* of each worker */
    hf_cascade_summary *summary;
} blocks;

static void damage(hf_boolean_state *s, int entity, int sample)
{
    uint64_t word[WORDS] = {0};
    word[sample / 64] = (uint64_t)1 << sample % 64;
    hf_boolean_damage(s, entity, word);
}

static hf_err blocks_body(void *context, int worker, long first, long last)
{
    blocks *x = context;
    hf_boolean_state *s = x->state[worker];
    hf_boolean_sum sum[SAMPLES];
    int countries[SAMPLES], sectors[SAMPLES];
    hf_boolean_clear(s);
    for (long k = first; k < last; k++) {
        if (!x->off) damage(s, (int)k, (int)(k - first));
        for (int j = x->off ? x->off[k] : 0; x->off && j < x->off[k + 1]; j++) damage(s, x->entities[j], (int)(k - first));
    }
    hf_boolean_settle(s);
    hf_boolean_sums(s, (int)(last - first), sum, NULL);
    hf_err err = hf_boolean_reached(s, countries, sectors);
    for (long k = first; err == HF_OK && k < last; k++) {
        const hf_boolean_sum *of = &sum[k - first];
        x->summary[k] = (hf_cascade_summary){.entities_out = (int)of->entities,
                                             .entities_hit = (int)of->entities,
                                             .users_hit_peak = of->users,
                                             .user_hours = of->users,
                                             .value_eur = of->value_eur_h,
                                             .countries_reached = countries[k - first],
                                             .sectors_reached = sectors[k - first]};
    }
    return err;
}

hf_err hf_sweep_boolean(const hf_network *net, const int *off, const int *entities, int n_sets, const hf_sweep_options *options,
                        hf_cascade_summary *summary, long *ret_done)
{
    hf_boolean_reason reason = {HF_BOOLEAN_YES, -1, -1, -1, -1};
    hf_boolean *b = NULL;
    blocks x = {.off = off, .entities = entities, .summary = summary};
    hf_err err = HF_OK;
    *ret_done = -1;
    if (!options->steady || options->one_by_one || !(options->out_below > 1e-9)) return HF_OK;
    err = hf_boolean_new(net, NULL, &b, &reason);
    if (options->ret_reason) *options->ret_reason = reason;
    if (err == HF_E_NOT_BOOLEAN) return HF_OK;
    HF_TRY(err);
    x.state = hf_calloc((size_t)options->threads, sizeof(hf_boolean_state *));
    if (!x.state) HF_TRY(HF_E_NOMEM);
    for (int k = 0; k < options->threads; k++) HF_TRY(hf_boolean_state_new(b, &x.state[k]));
    HF_TRY(hf_parallel_for(n_sets, SAMPLES, options->threads, blocks_body, &x, &options->watch, ret_done));
out:
    for (int k = 0; x.state && k < options->threads; k++) hf_boolean_state_free(x.state[k]);
    hf_free(x.state);
    hf_boolean_free(b);
    return err;
}
