/* Many what-ifs on one network: every entity alone, every pair, given sets. Results do not depend on the number of threads, nor on the engine: in the
 * steady state of an exactly Boolean network 512 entities or sets are run at once (boolean.h; not pairs). */
#ifndef HF_CASCADE_SWEEP_H
#define HF_CASCADE_SWEEP_H

#include "base/parallel.h"
#include "model/cascade/boolean.h"
#include "model/cascade/summary.h"

typedef struct hf_sweep_options {
    hf_run_options run;
    double out_below;           /* (0,1] */
    bool steady;                /* the steady state (steady.h) in place of the timeline; losses are those of an hour, see hf_summarize_steady */
    int threads;                /* >= 1 */
    hf_watch watch;             /* zero: nobody looks */
    bool one_by_one;            /* never the Boolean engine */
    hf_boolean_reason *ret_reason; /* NULL, or receives with `steady` why the Boolean engine was not used; HF_BOOLEAN_YES where it was */
} hf_sweep_options;

/* Runs every entity alone: it fails at hour 0, in full. summary [n_entities] receives the figures; entities from *ret_done on were not run
 * because it was stopped. Errors of a run (HF_E_OSCILLATION …) end the sweep and are explained in the diag. */
hf_err hf_sweep_singles(const hf_network *net, const hf_sweep_options *options, hf_diag *diag, hf_cascade_summary *summary, long *ret_done);

/* Runs given sets: set k fails entities[off[k]] .. entities[off[k+1]-1] together at hour 0. */
hf_err hf_sweep_sets(const hf_network *net, const int *off, const int *entities, int n_sets, const hf_sweep_options *options, hf_diag *diag,
                     hf_cascade_summary *summary, long *ret_done);

/* Two entities that fail together. */
typedef struct hf_pair {
    int first, second; /* first < second */
    bool run;          /* their cascades can meet, so the pair was run; otherwise its cascade is the union of theirs */
    hf_cascade_summary summary;
    double excess_user_hours; /* more than the two alone add up to (never below 0 but for rounding, where nothing is repaired) */
} hf_pair;

/* By worst hour the earliest ranks first: it leaves the least time to act; who hits nobody comes last. */
typedef enum hf_rank_by {
    HF_RANK_USER_HOURS,
    HF_RANK_USERS,
    HF_RANK_VALUE,
    HF_RANK_OUT,
    HF_RANK_COUNTRIES,
    HF_RANK_SECTORS,
    HF_RANK_WORST_HOUR,
    HF_RANK_EXCESS,
} hf_rank_by;

/* Every pair of entities. Cascades can meet when they touch a common requirement (each takes one of its suppliers down), a common carrier
 * island, or a common entity; only such pairs are run. All others are exactly the union of the two single cascades. Of all pairs the `top`
 * that cost most by `by` are returned, worst first (ties: by entities); the caller frees them (hf_free). *ret_pairs counts all pairs and
 * *ret_run those that were run. O(pairs that can meet x cascade + pairs). HF_E_INTERRUPTED when stopped: nothing is returned. */
hf_err hf_sweep_pairs(const hf_network *net, const hf_sweep_options *options, hf_rank_by by, int top, hf_diag *diag, hf_pair **ret_top, int *ret_n,
                      long *ret_pairs, long *ret_run);

/* The figure that a ranking sorts by, more is worse: for the worst hour the negative hour, -INFINITY where no users are hit. */
double hf_rank_value(const hf_cascade_summary *summary, hf_rank_by by);

#endif
