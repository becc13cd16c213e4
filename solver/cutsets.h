/* The smallest sets of failures that bring about an event: an entity goes out, a service in a region ends, a share of users is hit.
 *
 * Exact, smallest first. Nothing is repaired, so failing more never helps and the minimal sets tell all. They are found as minimum hitting
 * sets by integer programming on rows that the cascade makes: where a set of failures does not bring the event about it is extended to a
 * largest such set M, and every cut set must hold an entity outside M (implicit hitting sets; Chandrasekaran, Karp, Moreno-Centeno, Vempala,
 * "Algorithms for implicit hitting set problems", SODA 2011). A set found is left out, with all that hold it, by one more row. Each is
 * verified by the cascade, and verified minimal by running it without each of its entities. */
#ifndef HF_SOLVER_CUTSETS_H
#define HF_SOLVER_CUTSETS_H

#include <stdbool.h>

#include "base/diag.h"
#include "base/parallel.h"
#include "model/cascade/timeline.h"
#include "model/network/network.h"

typedef enum hf_cut_event {
    HF_CUT_ANY,   /* one of the targets is out at some hour */
    HF_CUT_ALL,   /* all of them are, at the end of the horizon */
    HF_CUT_USERS, /* at some hour at least `share` of all users is hit: sum of users (1 - x) */
} hf_cut_event;

typedef struct hf_cutsets_options {
    hf_cut_event event;
    const int *targets;      /* for ANY and ALL: entities */
    int n_targets;
    double share;            /* for USERS: above 0, at most 1 */
    const int *candidates;   /* who may fail, each once; NULL: everybody but the targets */
    int n_candidates;
    const double *probability; /* [n_entities] 0..1, independent; NULL: none */
    int max_size, max_count; /* stop beyond: >= 1 */
    hf_run_options run;      /* no_repair is set; the horizon is finite */
    double out_below;        /* (0,1] */
    hf_watch watch;          /* progress counts sets found */
} hf_cutsets_options;

typedef struct hf_cutsets {
    int n;
    int *off, *entity;       /* set k is entity[off[k] .. off[k+1]-1], ascending; sets by size, then by entities */
    double *probability;     /* [n] product of its entities'; NULL without probabilities */
    bool complete;           /* there is no other minimal set, of any size */
    int size_done;           /* every minimal set of up to this size is listed */
    long runs, rows;         /* cascades run; rows made */
    double union_low, union_high; /* probability that one of the sets fails whole; equal when exact; NaN without probabilities */
} hf_cutsets;

/* Errors: HF_E_RANGE (options; a target that is out of range), HF_E_UNSUPPORTED (a carrier of rule dc),
 * HF_E_NO_ANSWER (the event cannot be brought about, or is there without any
 * failure; the diag says which), HF_E_SOLVER, HF_E_NOMEM, those of a run. When stopped by the watch, what was found is returned with
 * size_done below its largest size. The caller frees. */
hf_err hf_cutsets_find(const hf_network *net, const hf_cutsets_options *options, hf_diag *diag, hf_cutsets **ret_cutsets);
void hf_cutsets_free(hf_cutsets *cutsets);

/* Probability that at least one of n sets fails whole, their entities failing independently: exact by conditioning on the entity in most sets
 * (Shannon's expansion), as long as max_steps (>= 1) branchings suffice; else bounds, *ret_low < *ret_high. */
void hf_cutsets_union(const int *off, const int *entity, int n, const double *probability, long max_steps, double *ret_low, double *ret_high);

#endif
