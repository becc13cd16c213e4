/* The portfolio program as plain arrays: which measures to buy, within budgets, so that a measure of loss is least.
 *
 *     min   F(L)      L_s = sum_i w_is f_is                f_is = 1 when entity i has failed in scenario s
 *     f_is >= 1 - (measures that harden i against s)       i directly damaged in s
 *     f_is >= sum_{j in T} f_js - (t-1) - (measures that back the requirement up)      every set T of t suppliers, t = n-k+1 (k of n)
 *
 * In part: where `share` is given, f is a share, not a state. A requirement of gain w and shares sigma says
 *     f_is >= w (1 - sum_j sigma_j (1 - f_js) - (measures that back it up))            linear response
 *     f_is >= w unless sum_j sigma_j (1 - f_js) reaches the threshold or it is backed up,      threshold response
 * and damage of a severity d says f_is >= d x (product of what bought measures leave of it).
 *
 * At a given plan the states are the least fixed point of these rows, that is the Boolean cascade: hf_portfolio_simulate. A measure that
 * adds a supplier makes "k of n" into "k of n+1". Measures are bought or not; several effects may hang on one measure, and a measure
 * counts once in a row however often it appears.
 *
 * Scenarios lie in groups G with V_G = sum of frequency x loss. F is the largest V_G - offset_G over the groups that count (one group: the
 * expected loss; a group for each scenario: the worst case or the regret; for each region: equity), or the CVaR of the scenarios that
 * count, or the cost of the plan. V_G <= limit_G holds for every F. */
#ifndef HF_SOLVER_PORTFOLIO_PROBLEM_H
#define HF_SOLVER_PORTFOLIO_PROBLEM_H

#include "solver/portfolio.h"

typedef enum hf_aim { HF_AIM_LARGEST, HF_AIM_TAIL, HF_AIM_COST } hf_aim;

/* All arrays belong to the caller and outlive every use. Lists in compressed form: the items of x are list[start[x]] .. list[start[x+1]-1],
 * start[0] = 0. Optional arrays may be NULL where this is said. */
typedef struct hf_portfolio_problem {
    int n_entities, n_requirements, n_scenarios, n_measures, n_payers, n_rules;

    const int *requirement_start; /* n_entities + 1: requirements are numbered entity by entity */
    const int *needed;            /* n_requirements: k, 1 .. number of suppliers; 0: always met */
    const int *supplier_start;    /* n_requirements + 1 */
    const int *supplier;          /* entities; an entity listed twice counts twice */

    const double *share;       /* beside `supplier`, > 0; NULL: all is Boolean, and so are the next three */
    const double *gain;        /* n_requirements: what the owner loses when nothing is supplied, 0..1 */
    const double *threshold;   /* n_requirements: supply at which it is met, > 0; 0: linear response */
    const double *severity;    /* beside `damaged`, 0..1; NULL: all 1 */

    int n_reach;
    const struct hf_reach *reach; /* carriers, reach.h; only in part */

    const double *frequency;   /* n_scenarios: per year, finite, >= 0 */
    const int *hazard;         /* n_scenarios, any number >= 0; NULL: all 0 */
    const int *damage_start;   /* n_scenarios + 1 */
    const int *damaged;        /* entities, each at most once a scenario */
    const double *weight;      /* loss when the entity has failed, finite, >= 0: n_entities, */
    bool weight_by_scenario;   /* or n_scenarios rows of n_entities */

    const int *effect_start;   /* n_measures + 1 */
    const hf_effect *effect;
    const double *cost;        /* n_measures, finite, >= 0 */
    const int *payer;          /* n_measures: 0 .. n_payers-1, or -1 when nobody's budget is touched */
    const int *hazard_start;   /* n_measures + 1: hazards against which the measure hardens, an empty list: all; NULL: all for every measure */
    const int *hazard_listed;

    const double *lead_y;      /* n_measures: years until it acts; NULL: all are ready */
    const double *time_y;      /* n_scenarios: measures with a longer lead time do nothing in it; beside lead_y */

    const double *budget;      /* n_payers, >= 0; infinity: without limit */
    const double *cofunding;   /* n_measures: 0..1, the part of the cost that joint money may pay; NULL: none */
    double joint;              /* joint money, >= 0 */
    const double *together;    /* what all measures may cost together, >= 0; NULL: without limit */
    int n_floors;
    const int *floor_start, *floor_measure; /* n_floors lists of measures */
    const double *floor_amount;             /* which cost at least so much together, when bought */
    const int (*rule)[2];      /* n_rules pairs of measures a, b */
    const bool *rule_excludes; /* n_rules: true: not both; false: a only with b */

    hf_aim aim;
    double tail;               /* HF_AIM_TAIL: 0 <= tail < 1 */
    int n_groups;              /* >= 1 when there are scenarios */
    const int *group;          /* n_scenarios; NULL: all in group 0 */
    const bool *counts;        /* n_groups: part of F; NULL: all */
    const double *offset;      /* n_groups; NULL: 0 */
    const double *limit;       /* n_groups; NULL: none */
} hf_portfolio_problem;

/* HF_OK when every index, number and list is as described above; else HF_E_RANGE, each fault named in `diag` (may be NULL). O(size of
 * the problem). */
hf_err hf_portfolio_validate(const hf_portfolio_problem *p, hf_diag *diag);

/* Whether states are shares. */
bool hf_problem_is_partial(const hf_portfolio_problem *p);

/* Is measure m ready in scenario s? */
bool hf_measure_is_ready(const hf_portfolio_problem *p, int m, int s);

/* Does measure m harden against the hazard of scenario s, and is it ready? */
bool hf_measure_acts(const hf_portfolio_problem *p, int m, int s);

/* Working memory of the simulator. */
typedef struct hf_simulator hf_simulator;

/* A simulator for a validated problem, which must outlive it. HF_E_NOMEM. */
hf_err hf_simulator_new(const hf_portfolio_problem *p, hf_simulator **ret_simulator);
void hf_simulator_free(hf_simulator *simulator);

/* The loss of scenario s under a plan, all of which is taken as ready: the cascade run on the problem's own arrays, sum of w_is over failed i.
 * `failed` (n_entities, may be NULL) receives the states (in part: whether f > 0). `plan` holds one bool per measure; only
 * hf_simulator_plan makes a new plan known. O(what fails). */
void hf_simulator_plan(hf_simulator *simulator, const bool *plan);
double hf_simulator_run(hf_simulator *simulator, int s, bool *failed);

#endif
