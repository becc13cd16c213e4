/* How far a ranking can be trusted where links are doubtful: the network is drawn again and again, each requirement and supply link present
 * with its confidence, every entity failed alone in each, and its ranks collected. */
#ifndef HF_CASCADE_DOUBT_H
#define HF_CASCADE_DOUBT_H

#include <stdint.h>

#include "model/cascade/sweep.h"

typedef struct hf_doubt_options {
    hf_sweep_options sweep;
    hf_rank_by by;
    int draws;      /* >= 2 */
    double level;   /* share of the draws that the intervals hold, 0 < level < 1 */
    uint64_t seed;
} hf_doubt_options;

/* Ranks of an entity among all, 1 the worst; ties take the middle of their places. */
typedef struct hf_rank_interval {
    double low, median, high;
    double mean; /* of the figure that is ranked by */
} hf_rank_interval;

/* requirement [n_requirements] and supply [n_supplies]: confidence 0..1. Draw d is the network that sample d of a Monte Carlo with `doubt` and the same seed
 * sees. A requirement that is drawn absent, or whose links all are, is no
 * requirement; links that are there take over the shares of those that are not, in proportion.
 * Draws are a function of (seed, draw, link) alone. interval [n_entities]; *ret_draws are those done (fewer when stopped).
 * HF_E_RANGE, HF_E_NOMEM, HF_E_INTERRUPTED with fewer than two draws, errors of a run. O(draws x (links log links + single failures)). */
hf_err hf_rank_doubt(const hf_network *net, const double *requirement, const double *supply, const hf_doubt_options *options, hf_diag *diag,
                     hf_rank_interval *interval, int *ret_draws);

#endif
