/* Facilities and the economy together: an outage takes capacity from industries and shuts gates of trade, and an industry that cannot deliver takes
 * supply from facilities.
 *
 * Forward: industry f loses Delta_f(day) = sum over its links of share (1 - mean x_i of the day), at most 1; a gate is as open as its entity, in the
 * mean of the day; daily means of the exact timeline. What a gate does not let through is held up for the day, or goes another way and is late.
 * Back: an entity that stands for an industry has, from the start of a day, the functionality delivered / ordered of that industry the day before.
 * The two advance day by day; without back links the timeline is run once. */
#ifndef HF_MODEL_COUPLING_H
#define HF_MODEL_COUPLING_H

#include "base/diag.h"
#include "model/cascade/timeline.h"
#include "model/economy/adaptive.h"
#include "model/economy/corridors.h"

/* Entity `entity` carries `share` (0..1) of the capacity of industry `industry`; shares of one industry add up to 1 at most. */
typedef struct hf_coupling_link {
    int industry, entity;
    double share;
} hf_coupling_link;

/* Entity `entity` stands for industry `industry` as a supplier of others. */
typedef struct hf_coupling_back {
    int industry, entity;
} hf_coupling_back;

/* Deliveries of a product from a region to another (-1: all; `to` -1: all others) that a border or a limit holds up. */
typedef struct hf_coupling_limit {
    int sector, from, to;
    const double *lost; /* [days] share not shipped, 0..1 */
} hf_coupling_limit;

/* Another way round: lost shares and days longer [n_lanes] when gates are as open as beta [n_gates] (not all 1). Asked once for each state of the
 * gates within a call; the same state must get the same answer. Shares are cut to 0..1, days to 0 .. the days of the lane's longest route. */
typedef hf_err hf_coupling_detour(void *context, const double *beta, double *ret_phi, double *ret_days);

typedef struct hf_coupling_gates {
    const hf_corridors *corridors; /* NULL: limits alone */
    const int *sector_goods;       /* [n_sectors] class of a sector in the corridors, -1: it passes no gate */
    const double *given;           /* [n_gates x days] how far a gate is open whatever its entity does (the lower counts), 0..1; NULL: 1 */
    hf_coupling_detour *detour;    /* NULL: what a gate does not let through stays */
    void *context;                 /* for the detour */
    const hf_coupling_limit *limits;
    int n_limits;
} hf_coupling_gates;

typedef struct hf_coupling {
    const hf_network *net;
    const hf_inject *injects;
    int n_injects;
    hf_run_options run;          /* its horizon is not looked at: `days` is */
    const hf_coupling_link *links;
    int n_links;
    const hf_coupling_back *back;
    int n_back;
    const hf_coupling_gates *gates; /* NULL: trade passes freely */
    const hf_adaptive_shock *shocks; /* that come on top, whatever the facilities do */
    int n_shocks;
    int n_regions, n_sectors;    /* of the table; industry f = region * n_sectors + sector */
    int days;                    /* >= 1 */
} hf_coupling;

/* Capacity lost by each industry on each day, forward only: ret_loss [n_industries x days], 0..1. The timeline holds the run afterwards.
 * Errors of a run; HF_E_RANGE for a link, gate, limit or share outside its range. O(run + changes + links x days). */
hf_err hf_coupling_losses(const hf_coupling *coupling, hf_timeline *tl, double *ret_loss, hf_diag *diag);

/* What the gates do, forward only: how far each is open, ret_beta [n_gates x days]; lost shares and days longer of each lane, ret_phi and ret_late
 * [n_lanes x days]. The gates must have corridors. Errors as above and of the detour. */
hf_err hf_coupling_ways(const hf_coupling *coupling, hf_timeline *tl, double *ret_beta, double *ret_phi, double *ret_late, hf_diag *diag);

/* The economy under those losses, with the way back if there is one. `result` is filled as by hf_adaptive_run for one scenario (its pointers
 * are the caller's); the timeline holds the last run, with what came back. *ret_back (may be NULL) is the number of days on which an industry's
 * delivery changed a facility. */
hf_err hf_coupling_run(const hf_coupling *coupling, hf_timeline *tl, hf_adaptive *model, hf_adaptive_result *result, int *ret_back, hf_diag *diag);

/* A part of what happens. */
typedef struct hf_coupling_part {
    int country;     /* whose facilities are out, -1: of all */
    bool capacity;   /* they take capacity from industries */
    bool gates;      /* they shut gates */
    bool given;      /* shocks, gates and limits that are given */
    bool no_detour;  /* nothing takes another way */
} hf_coupling_part;

/* Each part alone, forward only: who loses from whose outage, when there is a part for each country. ret_lost [n x n_regions] is the value added
 * that each region of the table loses over the days. O(adaptive runs of 16 parts each). */
hf_err hf_coupling_parts(const hf_coupling *coupling, hf_timeline *tl, hf_adaptive *model, const hf_coupling_part *parts, int n, double *ret_lost,
                         hf_diag *diag);

#endif
