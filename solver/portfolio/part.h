/* The program with states in part (problem.h): its simulator, its scenes, their values and their cuts.
 *
 * In a scene f solves, with everything that does not fail taken out,
 *     f_v >= d_v prod of left_m over bought measures m of its damage
 *     f_v >= c_r + sum_j a_rj f_j - b_r (bought measures that relax r)             row r of owner v, linear
 *     f_v >= w_r  when sum_j a_rj f_j > c_r and no measure that relaxes r is bought        row r of owner v, threshold
 * and services that no path of a carrier leads to have f = 1 (reach.h). It is the least such solution: states rise from 0 in the order of the
 * strong components of the rows, so what is reached at any moment is never above it. A supplier that measure m would add
 * is a node of damage 1, hardened by m alone, with the row f >= f of the real one. */
#ifndef HF_SOLVER_PORTFOLIO_PART_H
#define HF_SOLVER_PORTFOLIO_PART_H

#include "solver/portfolio/reach.h"
#include "solver/portfolio/scene.h"

/* As in the engines: a supply within this of a threshold reaches it. */
#define HF_PART_FULL 1e-9

/* --- On the problem's own arrays --- */

typedef struct hf_part_simulator hf_part_simulator;
hf_err hf_part_simulator_new(const hf_portfolio_problem *p, hf_part_simulator **ret_simulator);
void hf_part_simulator_free(hf_part_simulator *simulator);
void hf_part_simulator_plan(hf_part_simulator *simulator, const bool *plan);

/* Loss of scenario s, sum of w_is f_is; ret_f [n_entities] may be NULL. O(what fails x how often it sinks further). */
double hf_part_simulator_run(hf_part_simulator *simulator, int s, double *ret_f);

/* Whether a loop that feeds back almost all of a loss was still rising when a run gave it up: the loss was told too small. */
bool hf_part_simulator_unsettled(const hf_part_simulator *simulator);

/* --- Scenes --- */

/* Rows are sorted: those of one component of owners stand together, components after those that they need. Measures are local numbers. */
typedef enum hf_part_kind { HF_PART_LINEAR, HF_PART_THRESHOLD, HF_PART_CARRIER } hf_part_kind;

/* The row of a carrier is owned by a node that stands for it, without state. Its members are, for each vertex, the node of its condition; for each
 * vertex the node of the service that the row fails when no path leads there; for each line the node of its entity. In place of a node: */
enum { HF_PART_ALWAYS = -1, HF_PART_NEVER = -2, HF_PART_ADDED = -3 }; /* a line that measure relax[HF_PART_ADDED - member] adds */

struct hf_part {
    const struct hf_reach *reach;             /* the problem's carriers; a carrier's row has its number in `constant` */
    int n_rows, n_components;
    const int *damage_start, *damage_measure; /* node -> measures that soften its damage */
    const int *component_start;               /* component -> rows */
    const int *component_loops;               /* component: 1 when its rows feed each other */
    const int *owner, *kind;                  /* row; hf_part_kind */
    const int *member_start, *member;         /* row -> nodes */
    const int *relax_start, *relax;           /* row -> measures */
    const int *use_start, *use;               /* node -> rows of which it is a member */
    const double *severity;                   /* node: d, 0: not damaged */
    const double *left;                       /* beside damage_measure */
    const double *constant;                   /* row: c */
    const double *full;                       /* row: b; of a threshold row w */
    const double *threshold;                  /* row: supply that is needed, threshold rows only */
    const double *share;                      /* beside member: a */
};

/* The carrier of a row of that kind. */
static inline const struct hf_reach *hf_part_carrier(const hf_part *part, int row)
{
    return &part->reach[(int)part->constant[row]];
}

/* Builds the scene of scenario s; `f` [n_entities] are the states when nothing is bought. HF_E_NOMEM. */
typedef struct hf_part_builder hf_part_builder;
hf_err hf_part_builder_new(const hf_portfolio_problem *p, hf_part_builder **ret_builder);
void hf_part_builder_free(hf_part_builder *builder);
hf_err hf_part_scene(hf_part_builder *builder, int s, const double *f, hf_scene *ret_scene);

/* Working memory for one carrier at a time, and for the rows of one scene. */
typedef struct hf_part_graph {
    bool *vertex_out, *line_out, *marked, *region;
    int *stack, *queue;
    bool *queued;  /* row; all false between runs */
} hf_part_graph;

/* `rows`: of the largest scene. */
hf_err hf_part_graph_init(const hf_portfolio_problem *p, int rows, hf_part_graph *graph);
void hf_part_graph_done(hf_part_graph *graph);

/* Loss of the scene under a plan; f [n_nodes] receives the states. */
double hf_part_run(const hf_scene *scene, const bool *plan, double *f, hf_part_graph *graph);

/* --- Cuts ---
 *
 * Every node keeps a line below its state, L_v(z) = constant - sum_m slope_m z_m <= f_v(z) for all plans z, made of the lines of its suppliers:
 * a linear row takes their sum, a threshold row says w (1 - z(S)) where without the measures of S the members' lines alone defeat it, and so does a carrier
 * whose wholly lost members cut a service off. As f >= 0,
 * no slope need exceed the constant. On a loop lines rise with every round, and each of them holds. At a whole plan the lines meet the states. */
typedef struct hf_part_lines {
    double *constant;   /* node */
    double *slope;      /* node x stride: local measures */
    double *at;         /* node: its line's value at y, 0 where it has none */
    int *support;       /* node: slopes above 0 */
    int *positive;      /* local measures with y above 0 */
    int n_positive;
    double *trial;
    double *set;        /* local measure: 1 when in the set of a claim */
    double *y;          /* local measure */
    bool *taken;        /* member of a row */
    double *price;      /* member of a carrier's row: what it costs to keep it wholly lost, INFINITY: it cannot be */
    hf_part_graph graph;
    size_t stride;
} hf_part_lines;

hf_err hf_part_lines_init(const hf_scenes *scenes, hf_part_lines *lines);
void hf_part_lines_done(hf_part_lines *lines);

/* As hf_claims_cut. */
void hf_part_cut(const hf_scene *scene, const double *y, hf_part_lines *lines, double *ret_loss, double *slope, double *ret_constant);

#endif
