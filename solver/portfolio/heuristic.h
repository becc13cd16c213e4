/* Plans by simulation alone: a greedy start and local search. The start of everything, never the answer: measures can be complements and
 * substitutes, so greedy has no guarantee here. */
#ifndef HF_SOLVER_PORTFOLIO_HEURISTIC_H
#define HF_SOLVER_PORTFOLIO_HEURISTIC_H

#include "solver/portfolio/budgets.h"
#include "solver/portfolio/valuation.h"

/* A search holds a plan that budgets and rules allow, its valuation, and when it must stop. */
typedef struct hf_search {
    const hf_scenes *scenes;
    hf_purse purse;
    hf_valuation valuation;
    hf_score score;
    bool *allowed;               /* measures that may be bought */
    double *promise;             /* measure: fall of the expected loss that the lines at the empty plan allow it, where simulating
                                  * all is dear; NULL elsewhere */
    const volatile bool *cancel; /* may be NULL */
    double deadline;             /* hf_clock(); INFINITY: none */
} hf_search;

/* Seconds of wall clock since some fixed moment. */
double hf_clock(void);
bool hf_search_must_stop(const hf_search *search);

hf_err hf_search_init(const hf_scenes *scenes, const volatile bool *cancel, double deadline, hf_search *search);
void hf_search_done(hf_search *search);

void hf_search_set(hf_search *search, const bool *plan);

/* Buys what gains most per unit of money until nothing affordable gains (with HF_AIM_COST: until the limits hold); lazily: gains are kept
 * and looked at again when they come up. `preferred` (n_measures, may be NULL): measures in falling order of this number go first, those
 * at 0 are left to the greedy. HF_E_NOMEM. */
hf_err hf_search_greedy(hf_search *search, const double *preferred);

/* Drops what is useless, then exchanges one measure for another while that is better; `among` (n_measures bools, may be NULL: all that are
 * allowed) limits what comes in. Ends at a plan that no such exchange improves, or at the deadline. */
void hf_search_improve(hf_search *search, const bool *among);

#endif
