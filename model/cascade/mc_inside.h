/* Inside of the Monte Carlo: draws, figures, and the engines that run samples. Not installed. */
#ifndef HF_CASCADE_MC_INSIDE_H
#define HF_CASCADE_MC_INSIDE_H

#include "model/cascade/links.h"
#include "model/cascade/montecarlo.h"

/* mc_draw.c: the hazards of a network made ready to be drawn from. Shared by threads. */
typedef struct hf_mc_draws {
    const hf_network *net;
    int hazard; /* -1: drawn by frequency */
    uint64_t seed;
    hf_chance *chance; /* [n_damage] */
} hf_mc_draws;

hf_err hf_mc_draws_new(const hf_network *net, int hazard, uint64_t seed, hf_mc_draws *ret_draws);
void hf_mc_draws_done(hf_mc_draws *d);
int hf_mc_hazard(const hf_mc_draws *d, long sample);
/* Samples of a block in which each hazard comes: word [n_hazards x HF_BOOLEAN_WORDS]. */
void hf_mc_hazards(const hf_mc_draws *d, long block, uint64_t *word);
/* Samples of the block that row `row` damages, if its hazard comes; false: none. */
bool hf_mc_row(const hf_mc_draws *d, int row, long block, uint64_t *ret_word);
/* What row `row` does in a sample that it damages. */
hf_inject hf_mc_inject(const hf_mc_draws *d, int row, long sample);

/* What is kept of a sample. */
typedef struct hf_mc_sample {
    double user_hours, value_eur, users_hit, entities_out;
} hf_mc_sample;

/* mc_figures.c: statistics over n samples. Both need room for n doubles in `scratch`. */
bool hf_mc_precise(const hf_mc_sample *sample, long n, double relative_error);
void hf_mc_figures(const hf_mc_sample *sample, long n, double tail, double *scratch, hf_mc *to);
/* Fills p_out with its interval from `out`. */
void hf_mc_probability(hf_mc_entity *e, long n);

/* mc_boolean.c: samples by the Boolean engine, where it says exactly the same as the engine that was asked for. */
typedef struct hf_mc_boolean hf_mc_boolean;
/* NULL with HF_OK and *ret_reason where it does not. */
hf_err hf_mc_boolean_new(const hf_mc_draws *draws, const hf_mc_options *o, hf_mc_boolean **ret_boolean, hf_boolean_reason *ret_reason);
void hf_mc_boolean_free(hf_mc_boolean *m);
/* Runs samples first .. last - 1 (of one block) as `worker`; writes sample[first ..], adds to out [n_entities] the samples in which each is out. */
void hf_mc_boolean_run(hf_mc_boolean *m, int worker, long first, long last, hf_mc_sample *sample, long *out);

#endif
