/* Cut sets: the smallest sets of failures that take a target down.
 *
 * Candidates may fail (each by an inject of its own); the target is a weighted set of entities that is down once entities of at least a
 * share of its weight are out at one moment. A cut set is a set of candidates whose failure takes the target down while no proper subset
 * of it does. The answer is exact: every cut set up to a size, smallest first, each run through the cascade and each verified minimal.
 *
 * Monotone models (more failures never help): hitting sets by integer programming with rows made by the cascade. A set that leaves the
 * target up is grown to a largest such set M; every cut set holds a candidate outside it, sum of x over the others >= 1. A cut set C that
 * was found is excluded with its supersets, sum of x over C <= |C| - 1. The least sum of x is the next set. (Duality of minimal cuts and
 * maximal survivors: Fredman and Khachiyan, J. Algorithms 21, 1996; implicit hitting sets: Moreno-Centeno and Karp, Oper. Res. 61, 2013.)
 * Islands that share (`balance`) can be helped by a failure that parts them: survivors are then grown by a bound (hf_timeline_bound), and sets on
 * which bound and cascade disagree are shut out one by one. Small sets among many candidates are found by halving: where all candidates of
 * some blocks may fail together, no set of them is a cut set; else a block is halved. Models without a bound (`flow`, `dc`, own starts, repairs
 * where islands share): every set of candidates that can reach the target is run, size by size. */
#ifndef HF_SOLVER_CUTSETS_H
#define HF_SOLVER_CUTSETS_H

#include "base/parallel.h"
#include "model/cascade/timeline.h"

typedef enum hf_cut_method {
    HF_CUT_AUTO,
    HF_CUT_HITTING_SETS, /* integer programming */
    HF_CUT_HALVING,      /* small sets among many candidates, box by box */
    HF_CUT_ENUMERATION,  /* every set, size by size */
} hf_cut_method;

typedef struct hf_cut_options {
    int n_targets;              /* >= 1 */
    const int *targets;         /* entities, each once */
    const double *weight;       /* [n_targets] >= 0 with a sum above 0, or NULL: one each */
    double share;               /* (0,1]: down when targets of at least this part of the weight are out at one moment */
    bool graded;                /* a target counts with what it has lost, weight (1 - x), and not only when it is out */
    double out_below;           /* (0,1]: an entity is out while its functionality is below */
    int n_candidates;
    const hf_inject *candidates; /* [n_candidates] fail or degrade at hour 0, each entity at most once */
    const double *probability;  /* [n_candidates] 0..1 that it fails, independent of the others; or NULL */
    bool timeline;              /* run the timeline with `run`; otherwise the steady state: every buffer used up, nothing repaired */
    hf_run_options run;
    hf_cut_method method;       /* HF_CUT_AUTO unless a test wants another; one that the model does not allow becomes HF_CUT_ENUMERATION */
    int max_size;               /* >= 1: sets of at most so many candidates */
    int max_sets;               /* >= 1: stop after so many */
    long max_runs;              /* cascades to run at most, <= 0: no limit */
    hf_watch watch;             /* zero: nobody looks; progress counts sets found */
} hf_cut_options;

typedef struct hf_cut_sets {
    int n;                /* sets; the members of set k are entity[off[k]] .. entity[off[k+1]-1], ascending */
    int *off, *entity;    /* smaller sets first, then by their members. One set of size 0: the target is down though nothing fails */
    double *probability;  /* [n] that all of a set fail; NULL without probabilities */
    hf_cut_method method;
    bool monotone;        /* more failures never help, so a set that holds a cut set takes the target down too */
    bool complete;        /* there is no other cut set of any size */
    int complete_to;      /* every cut set up to this size is listed */
    int relevant;         /* candidates from which dependencies lead to the target; no cut set holds another */
    long runs, programs;  /* cascades run, integer programs solved */
    /* With probabilities: P(the target goes down) lies in [p_low, p_high]; equal when the sets are complete and the model is monotone. */
    double p_low, p_high;
    bool p_exact;
} hf_cut_sets;

/* HF_E_RANGE with a finding in the diag for options out of range; errors of a run. Stopped early, or at max_runs, it returns what was found,
 * with complete_to as far as it holds. Free with hf_cut_sets_free. */
hf_err hf_cut_sets_find(const hf_network *net, const hf_cut_options *options, hf_diag *diag, hf_cut_sets **ret_sets);
void hf_cut_sets_free(hf_cut_sets *sets);

/* Probability that all of at least one set fail, items failing independently with probability [n_items]: exact by conditioning on one item
 * after the other (Shannon's expansion with absorption), as long as that takes no more than max_steps; beyond it the branches that are left
 * count with their bounds: the likeliest set below, 1 - prod(1 - P(set)) above (Esary and Proschan, J. Amer. Stat. Assoc. 65, 1970).
 * Set k holds item[off[k]] .. item[off[k+1]-1]. HF_E_NOMEM. */
hf_err hf_union_probability(int n_sets, const int *off, const int *item, int n_items, const double *probability, long max_steps, double *ret_low,
                            double *ret_high);

#endif
