/* Scenes: each scenario cut down to what its cascade can touch, ready for the solver. Nodes are the entities that fail when nothing is
 * bought; a supplier that never fails in a scenario has u = 1 and disappears, and so does a requirement that keeps enough suppliers.
 *
 * In terms of u = 1 - f and a (fractional) plan y, a node obeys
 *     u_i = min(1,  y(harden_i) when damaged,  min over its requirements r of [ y(backup_r) + sum of the t_r smallest u_j, j in members_r ])
 * where y(set) sums y over the measures of the set. A supplier that measure m would add is a node of weight 0 that is damaged, hardened by
 * m alone, and needs the real supplier; the requirement's t grows by one. Then u of that node is min(y_m, u_supplier), which is what the
 * rows on T + {j'} say. */
#ifndef HF_SOLVER_PORTFOLIO_SCENE_H
#define HF_SOLVER_PORTFOLIO_SCENE_H

#include "solver/portfolio/problem.h"

typedef struct hf_part hf_part; /* part.h */

/* Lists in compressed form as in problem.h; measures in lists are local numbers, `measure` gives the problem's. */
typedef struct hf_scene {
    double frequency;   /* of all scenarios of the group that look like this */
    int group;
    double loss;        /* sum of weights: the loss when nothing is bought */
    int n_nodes, n_requirements, n_measures;
    const int *entity;  /* n_nodes: the problem's entity, or -1 - effect for a supplier that would be added */
    const int *damaged; /* n_nodes: 0 or 1 */
    const int *harden_start, *harden;
    const int *owner;   /* n_requirements: node */
    const int *defeat;  /* n_requirements: t, losses that defeat it, 1 .. number of members */
    const int *backup_start, *backup;
    const int *member_start, *member; /* requirement -> nodes */
    const int *use_start, *use;       /* node -> requirements, one entry per occurrence */
    const int *measure; /* n_measures, ascending */
    const double *weight;             /* n_nodes */
    const int *block;   /* the lists above in one piece: */
    int n_block;        /* its length */
    int n_numbers;      /* numbers from `weight` on */
    hf_part *part;      /* NULL: Boolean. Else rows are there, and of the lists above only entity, measure and weight */
} hf_scene;

typedef struct hf_scenes {
    const hf_portfolio_problem *problem;
    int n, n_measures;          /* scenes; measures of the problem */
    hf_scene *scene;
    int *scene_of;              /* n_scenarios: its scene, or -1 when nothing fails in it or its frequency is 0 */
    int *where_start, *where;   /* measure -> scenes in which it has any effect, ascending */
    int *local;                 /* beside `where`: the measure's local number there */
    int max_nodes, max_requirements, max_measures;
    double loss;                /* expected loss when nothing is bought */
    bool unsettled;             /* a loop was given up before it stood still, see part.h */
} hf_scenes;

/* Cuts all scenarios down, merges equal ones. The problem is validated and outlives the result. O(scenarios x entities + what fails). */
hf_err hf_scenes_new(const hf_portfolio_problem *p, hf_scenes **ret_scenes);
void hf_scenes_free(hf_scenes *scenes);

/* Working memory for one scene at a time. */
typedef struct hf_scene_work {
    int *stack, *lost;
    bool *failed;
    double *f;      /* states in part */
    struct hf_part_graph *graph;
} hf_scene_work;

hf_err hf_scene_work_init(const hf_scenes *scenes, hf_scene_work *work);
void hf_scene_work_done(hf_scene_work *work);

/* Loss of a scene under a plan (one bool per measure of the problem); `failed` of the work holds the states. */
double hf_scene_run(const hf_scene *scene, const bool *plan, hf_scene_work *work);

#endif
