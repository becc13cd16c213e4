/* The second stage of one scene, exactly, for a fractional plan: value and dual without a linear program.
 *
 * u = 1 - f is the greatest solution of the equations of scene.h. Their right sides are superior functions (monotone, never below any u they
 * read), so settling nodes in the order of u is right, as in D. E. Knuth: "A generalization of Dijkstra's algorithm", Information Processing
 * Letters 6 (1977) 1-5. The dual walks the settled list backwards: each settled node hands its multiplier to what defeated it. */
#ifndef HF_SOLVER_PORTFOLIO_RECOURSE_H
#define HF_SOLVER_PORTFOLIO_RECOURSE_H

#include "solver/portfolio/scene.h"

/* Working memory, large enough for every scene. Results of the last solve stay in it. */
typedef struct hf_recourse {
    double *u;        /* node: min(1, u) */
    int *order;       /* nodes with u < 1 as they were settled */
    int n_settled;
    int *rank;        /* node: place in `order`, or -1 */
    int *binding;     /* node: the requirement that fails it, or -1 for its damage */
    int *count;       /* requirement: members settled */
    double *sum;      /* requirement: sum of the t smallest u, once t are settled */
    int *last;        /* requirement: rank at which the t-th member was settled */
    double *dual;     /* node */
    double *key;      /* heap */
    int *node, n_heap;
    size_t key_capacity, node_capacity;
} hf_recourse;

hf_err hf_recourse_init(const hf_scenes *scenes, hf_recourse *r);
void hf_recourse_done(hf_recourse *r);

/* Loss of the scene at y (one number in [0,1] per measure of the problem). With `slope` (the scene's n_measures numbers; may be NULL) also
 * the dual: for every plan z, loss(z) >= *ret_constant - sum_m slope_m z_m, with equality at y. `ret_constant` goes with `slope`.
 * O(links + what fails x log). HF_E_NOMEM. */
hf_err hf_recourse_solve(const hf_scene *scene, const double *y, hf_recourse *r, double *ret_loss, double *slope, double *ret_constant);

#endif
