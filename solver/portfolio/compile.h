/* From what a caller describes (solver/portfolio.h) to the program's arrays. */
#ifndef HF_SOLVER_PORTFOLIO_COMPILE_H
#define HF_SOLVER_PORTFOLIO_COMPILE_H

#include "base/arena.h"
#include "solver/portfolio/problem.h"

typedef struct hf_compiled {
    hf_portfolio_problem plain; /* one scenario for each of the caller's, in group 0, expected loss, no limits */
    hf_portfolio_problem full;  /* the objective and the limits: scenarios repeated for what is asked of them */
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

#endif
