/* The steady state: the same model without time, every buffer used up.
 *
 * The greatest state that satisfies the equations with the own availabilities that `fail` and `degrade` injects leave, every impact
 * curve at its last step, no repairs and no restart times. For networks whose maps are monotone (everything but `balance` islands that
 * split into a rich and a poor part) it equals the end of a timeline run without repair and with an infinite horizon. */
#ifndef HF_CASCADE_STEADY_H
#define HF_CASCADE_STEADY_H

#include "model/cascade/timeline.h"

/* Runs on a timeline object, whose results are then read as after hf_timeline_run (all changes are at hour 0). Hours, repairs and other
 * kinds of injects are ignored. Errors: as hf_timeline_run. Cost: that of what changes. */
hf_err hf_steady_run(hf_timeline *tl, const hf_inject *injects, int n_injects, hf_diag *diag);

#endif
