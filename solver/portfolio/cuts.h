/* Set-lifted cuts. A claim (i, S) says: when no measure of the set S is bought, node i fails. Claims follow from claims: damage gives the
 * measures that harden; t failing members of a requirement give the union of their sets and the measures that back it up. In a union each
 * measure counts once, where the dual of recourse.h counts it once for every way in which it appears, so
 *
 *     loss(z) >= sum over claims of w_i (1 - z(S_i)) = constant - sum_m slope_m z_m          for every plan z
 *
 * is never weaker than the cut of the dual when both use the same proofs, and cuts off fractional plans that the rows of the full program
 * allow. No slope exceeds what the measure could save: the weight of the nodes whose claim holds it. */
#ifndef HF_SOLVER_PORTFOLIO_CUTS_H
#define HF_SOLVER_PORTFOLIO_CUTS_H

#include <stdbool.h>
#include <stdint.h>

#include "solver/portfolio/part.h"
#include "solver/portfolio/recourse.h"

/* Working memory for the claims of one scene at a time. */
typedef struct hf_claims {
    hf_recourse recourse; /* its order of settling is the order in which claims are first looked for */
    int words;            /* 64-bit words of a set in the present scene */
    uint64_t *set;        /* node -> set of local measures */
    double *cost;         /* node: y(S), or 2 when there is no claim below 1 */
    double *price;        /* local measure: y, a little raised */
    bool *taken;          /* member of a requirement */
    uint64_t *trial;
    int *order;           /* nodes with a claim, cheapest first */
    hf_part_lines lines;  /* in place of all this where states are shares */
} hf_claims;

hf_err hf_claims_init(const hf_scenes *scenes, hf_claims *claims);
void hf_claims_done(hf_claims *claims);

/* Finds a cheap claim for every node at y and adds them up: `slope` (the scene's n_measures numbers) and *ret_constant as above, over the
 * claims with y(S) < 1. *ret_loss is the cut's value at y. O(links x size of sets) in a few passes. HF_E_NOMEM. */
hf_err hf_claims_cut(const hf_scene *scene, const double *y, hf_claims *claims, double *ret_loss, double *slope, double *ret_constant);

/* After hf_claims_cut: of all first parts of the claims, cheapest first, the one whose cut under the ceiling `limit` (loss at most) the point violates
 * most. Claims of weight W say that W - limit must be saved, and no measure is needed for more than that: sum_m slope_m z_m >= 1 with slope_m =
 * min(1, weight of the claims that hold m / (W - limit)). `slope`: the scene's n_measures numbers. False when none is violated.
 * O(nodes x (nodes + measures)). */
bool hf_claims_ceiling(const hf_scene *scene, const double *point, hf_claims *claims, double limit, double *slope);

#endif
