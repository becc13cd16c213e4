/* From what a caller describes (solver/portfolio.h) to the program's arrays. */
#ifndef HF_SOLVER_PORTFOLIO_COMPILE_H
#define HF_SOLVER_PORTFOLIO_COMPILE_H

#include "base/arena.h"
#include "solver/portfolio/scene.h"

typedef struct hf_compiled {
    hf_portfolio_problem plain; /* one scenario for each of the caller's and each phase, in group 0, expected loss, no limits */
    hf_portfolio_problem full;  /* the objective and the limits: scenarios repeated for what is asked of them */
    const int *origin;          /* entity of the problem -> of the network, -1: none; NULL: the same */
    int n_phases;               /* of the years: `plain` has all scenarios once for each, phase by phase */
    const double *phase_weight; /* [n_phases], the sum is 1 */
    hf_arena arena;
} hf_compiled;

/* Checks and compiles all but the objective: `plain`. Errors as hf_portfolio_solve. */
hf_err hf_portfolio_compile(const hf_portfolio *portfolio, hf_diag *diag, hf_compiled *compiled);

/* Then `full`; `best_alone` (n_scenarios) is the least loss of each scenario alone, read for HF_OBJECTIVE_REGRET only. */
hf_err hf_portfolio_objective(const hf_portfolio *portfolio, const double *best_alone, hf_compiled *compiled);

void hf_compiled_done(hf_compiled *compiled);

/* Requirements of the network as k-of-n rows; one requirement may become several (every set of suppliers whose loss defeats it is one).
 * `piece_start` [n_requirements + 1] tells which; `alone` [pieces]: how often a supplier that is enough alone counts. */
hf_err hf_portfolio_requirements(const hf_network *net, double out_below, hf_diag *diag, hf_arena *arena, hf_portfolio_problem *p, int **ret_piece_start,
                               int **ret_copies);

/* Whether states are to be shares: `linear`, and something is there that a Boolean program would get wrong. */
bool hf_portfolio_needs_parts(const hf_portfolio *portfolio);

/* Requirements as they are, with their shares, and carriers of rule `reach`; after the network's entities come the services of those that are nodes
 * of one (see reach.h), then one for each of `keep`, which fails (1, else 0) when that one is below out_below. `ret_origin` as in hf_compiled;
 * `ret_service_of` [entities of the network]; the others as above. */
hf_err hf_portfolio_parts(const hf_portfolio *portfolio, hf_diag *diag, hf_arena *arena, hf_portfolio_problem *p, int **ret_origin,
                          int **ret_service_of, int **ret_piece_start, int **ret_copies);

/* Share of a supplier that an effect adds, where states are shares. */
double hf_portfolio_new_share(const hf_network *net, const hf_effect *effect);

/* Warns of carriers that are not in the program. */
void hf_portfolio_carriers_hint(const hf_portfolio *portfolio, hf_diag *diag);

/* Spreads a problem over the slots of time; `autonomy` [requirements of the problem] in hours. `ret_origin` as in hf_compiled. */
hf_err hf_portfolio_slots(const hf_portfolio *portfolio, const double *autonomy, hf_arena *arena, hf_portfolio_problem *p, int **ret_origin);

/* Repeats the scenarios of `plain` for the phases of the years. */
hf_err hf_portfolio_spread(const hf_portfolio *portfolio, hf_compiled *compiled);

/* Hours that requirement g of the network holds without supply before its owner counts as failed. */
double hf_portfolio_autonomy(const hf_network *net, int g, double out_below);

/* Warns of budgets that no measure fits, loops that did not come to rest, and measures that require each other in a circle. */
hf_err hf_portfolio_hints(const hf_portfolio *portfolio, const hf_scenes *scenes, hf_diag *diag);

#endif
