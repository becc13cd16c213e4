/* The least F of a compiled problem: heuristics, the root loop, the tree. */
#ifndef HF_SOLVER_PORTFOLIO_OPTIMISE_H
#define HF_SOLVER_PORTFOLIO_OPTIMISE_H

#include "solver/portfolio/scene.h"

typedef struct hf_optimise_options {
    double gap;                  /* relative */
    double deadline;             /* hf_clock(), INFINITY: none */
    const volatile bool *cancel; /* may be NULL */
    void (*watch)(void *context, double value, double bound); /* may be NULL */
    void *watch_context;
    const bool *start;           /* a plan to start from, or NULL */
    bool limit_nodes;            /* at most `most_nodes` nodes of the tree; 0: the root alone */
    long most_nodes;
    bool bound_only;             /* no plans are made of points at the root: it is a proof that is hoped for */
} hf_optimise_options;

typedef struct hf_optimum {
    bool *plan;                     /* n_measures; NULL: none found */
    double value, bound;            /* F(plan); no plan is below */
    bool infeasible;                /* it is proved that there is no plan */
    bool exhausted;                 /* nothing is left to be looked at */
    double *marginal, marginal_joint, marginal_together; /* n_payers: fall of the LP's value per unit of budget, NaN: unknown */
    long cuts, nodes;
} hf_optimum;

/* HF_E_NO_ANSWER when no plan keeps budgets, rules and floors; HF_E_NOMEM, HF_E_SOLVER. A stop is no error: see `plan`. */
hf_err hf_optimise(const hf_scenes *scenes, const hf_optimise_options *options, hf_optimum *ret_optimum);
void hf_optimum_done(hf_optimum *optimum);

/* The same for one problem under several budgets: `budget` and `joint` of the scenes' problem may be changed between runs (finite ones stay
 * finite, and joint money that is there above 0). Cuts do not depend on budgets, so all are used again. */
typedef struct hf_optimiser hf_optimiser;
hf_err hf_optimiser_new(const hf_scenes *scenes, hf_optimiser **ret_optimiser);
hf_err hf_optimiser_run(hf_optimiser *optimiser, const hf_optimise_options *options, hf_optimum *ret_optimum);
void hf_optimiser_free(hf_optimiser *optimiser);

#endif
