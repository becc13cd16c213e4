/* The extensive form: the whole two-stage program as one integer program, for export, for comparison with other solvers, and for tests.
 *
 * Every node of every scene is a column f in [0,1]; rows as in problem.h, one for each set T of t members. Where there are more than 200 such
 * sets the sum of the t largest f_j is written with t q + sum r_j, r_j >= f_j - q, r_j >= 0, which is the same.
 * Columns are called y_ID (measures), f_s<scene>_n<node>, theta_<cluster>; minimisation, in units of F. */
#ifndef HF_SOLVER_PORTFOLIO_EXTENSIVE_H
#define HF_SOLVER_PORTFOLIO_EXTENSIVE_H

#include "solver/lp.h"
#include "solver/portfolio/scene.h"

/* `names` [n_measures] may be NULL, as may each of them. Columns 0 .. n_measures-1 are the measures. HF_E_NOMEM, HF_E_SOLVER. */
hf_err hf_extensive_new(const hf_scenes *scenes, const char *const *names, hf_lp **ret_lp);

#endif
