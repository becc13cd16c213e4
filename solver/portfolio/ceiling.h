/* The least largest loss, from two sides. A plan whose largest V_G - offset_G is at most v keeps the ceiling V_G <= v + offset_G for every group.
 * So v is searched for: a ceiling that no plan keeps is a bound, and plans found under ceilings are the better ones. Rows under a ceiling are
 * far stronger than those of the largest loss itself, which a fractional plan spreads evenly over all groups. */
#ifndef HF_SOLVER_PORTFOLIO_CEILING_H
#define HF_SOLVER_PORTFOLIO_CEILING_H

#include "solver/portfolio/optimise.h"

/* Whether the problem is of that form: HF_AIM_LARGEST, two groups or more that count, one scene in each. */
bool hf_ceiling_fits(const hf_scenes *scenes);

/* Goes on from an optimum that has a plan until it is proved, within the gap, or stopped, or at a ceiling that rounding leaves
 * undecided: value, bound and plan are replaced by better ones.
 * How long a ceiling is looked at is counted in nodes of the tree, never in time, so that the answer is the same in every run that is not
 * stopped. HF_E_NOMEM, HF_E_SOLVER. */
hf_err hf_ceiling_search(const hf_scenes *scenes, const hf_optimise_options *options, hf_optimum *optimum);

#endif
