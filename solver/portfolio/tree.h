/* Branch and cut on the master program: whole decisions, cuts wherever the relaxation is too low, the best plan found so far, and a bound
 * that holds whenever it stops. */
#ifndef HF_SOLVER_PORTFOLIO_TREE_H
#define HF_SOLVER_PORTFOLIO_TREE_H

#include "solver/portfolio/heuristic.h"
#include "solver/portfolio/master.h"

typedef struct hf_tree_node {
    int parent, measure;   /* -1: the root */
    bool value;            /* of the measure in this half */
    double bound;          /* F of the relaxation above it */
    int depth;
} hf_tree_node;

typedef struct hf_tree {
    hf_master *master;
    hf_search *search;      /* for plans made of fractional points */
    bool *best;             /* n_measures: the best plan */
    double best_value;      /* INFINITY: none yet */
    double worthless;       /* no plan is that dear (for HF_AIM_COST), INFINITY: not known */
    double gap;             /* relative: nodes above best_value (1 - gap) are not looked at */
    double finished;        /* least bound of what was left unlooked at or solved */
    double deadline;
    const volatile bool *cancel;
    void (*watch)(void *context, double value, double bound); /* may be NULL: told after each node */
    void *watch_context;
    hf_tree_node *node;
    size_t node_capacity;
    int n_nodes;
    int *open, n_open;      /* heap by bound */
    size_t open_capacity;
    double *low, *high;     /* of y, here and now; */
    double *global_low, *global_high; /* for all nodes */
    double *root_reduced, root_bound; /* for fixing */
    double *rise[2];        /* pseudocosts: sum of rises per unit of fraction, */
    int *rises[2];          /* over so many */
    double *point;
    bool *among;
    long looked_at, most_nodes;
} hf_tree;

/* `best` with value `best_value` is a plan or (INFINITY) none. HF_E_NOMEM. */
hf_err hf_tree_init(hf_master *master, hf_search *search, const bool *best, double best_value, hf_tree *tree);
void hf_tree_done(hf_tree *tree);

/* Takes bound and reduced costs of the master, which is solved and optimal at its root, when its bound is the best so far. */
void hf_tree_root(hf_tree *tree);

/* Makes plans of the master's present point: rounds, fills up, improves. */
hf_err hf_tree_round(hf_tree *tree);

/* Fixes measures whose reduced cost at the root shows that no better plan has them otherwise; returns how many are free. */
int hf_tree_fix(hf_tree *tree);

/* The value from which a relaxation is not worth looking at; INFINITY while there is no plan. */
double hf_tree_cutoff(const hf_tree *tree);

/* Until proved, within the gap, or stopped; *ret_bound then holds. */
hf_err hf_tree_run(hf_tree *tree, double *ret_bound);

#endif
