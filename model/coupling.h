/* Facilities and the economy together: an outage takes capacity from industries, and an industry that cannot deliver takes supply from facilities.
 *
 * Forward: industry f loses Delta_f(day) = sum over its links of share (1 - mean x_i of the day), at most 1; daily means of the exact timeline.
 * Back: an entity that stands for an industry has, from the start of a day, the functionality delivered / ordered of that industry the day before.
 * The two advance day by day; without back links the timeline is run once. */
#ifndef HF_MODEL_COUPLING_H
#define HF_MODEL_COUPLING_H

#include "base/diag.h"
#include "model/cascade/timeline.h"
#include "model/economy/adaptive.h"

/* Entity `entity` carries `share` (0..1) of the capacity of industry `industry`; shares of one industry add up to 1 at most. */
typedef struct hf_coupling_link {
    int industry, entity;
    double share;
} hf_coupling_link;

/* Entity `entity` stands for industry `industry` as a supplier of others. */
typedef struct hf_coupling_back {
    int industry, entity;
} hf_coupling_back;

typedef struct hf_coupling {
    const hf_network *net;
    const hf_inject *injects;
    int n_injects;
    hf_run_options run;          /* its horizon is not looked at: `days` is */
    const hf_coupling_link *links;
    int n_links;
    const hf_coupling_back *back;
    int n_back;
    int n_regions, n_sectors;    /* of the table; industry f = region * n_sectors + sector */
    int days;                    /* >= 1 */
} hf_coupling;

/* Capacity lost by each industry on each day, forward only: ret_loss [n_industries x days], 0..1. The timeline holds the run afterwards.
 * Errors of a run; HF_E_RANGE for a link outside its range. O(run + changes + links x days). */
hf_err hf_coupling_losses(const hf_coupling *coupling, hf_timeline *tl, double *ret_loss, hf_diag *diag);

/* The economy under those losses, with the way back if there is one. `result` is filled as by hf_adaptive_run for one scenario (its pointers
 * are the caller's); the timeline holds the last run, with what came back. *ret_back (may be NULL) is the number of days on which an industry's
 * delivery changed a facility. */
hf_err hf_coupling_run(const hf_coupling *coupling, hf_timeline *tl, hf_adaptive *model, hf_adaptive_result *result, int *ret_back, hf_diag *diag);

/* Who loses from whose outage: the forward losses of the entities of each country alone, and ret_lost [n_countries of the network x n_regions],
 * the value added that each region of the table then loses over the days. O(adaptive runs of 16 countries each). */
hf_err hf_coupling_matrix(const hf_coupling *coupling, hf_timeline *tl, hf_adaptive *model, double *ret_lost, hf_diag *diag);

#endif
