/* Inside of the coupling: what its files share. Not for others. */
#ifndef HF_MODEL_COUPLING_INSIDE_H
#define HF_MODEL_COUPLING_INSIDE_H

#include "model/coupling.h"

/* The answer for one state of the gates. */
typedef struct hf_ways_state {
    double *beta;       /* [n_gates] */
    double *phi, *days; /* [n_lanes] */
} hf_ways_state;

/* Which ways trade can go, day by day; states that were met before are not worked out again. */
typedef struct hf_ways {
    const hf_coupling *c;
    bool detours;
    hf_ways_state *state;
    int n_states, last; /* last: the state met last, for it is mostly met again */
    size_t capacity;
} hf_ways;

/* `c` must stay. Free with hf_ways_done. */
void hf_ways_init(hf_ways *ways, const hf_coupling *c, bool detours);
void hf_ways_done(hf_ways *ways);

/* Lost shares and days longer of each lane for gates as open as beta [n_gates]: pointers into `ways`, good until the next call.
 * Errors of the detour; HF_E_NOMEM. */
hf_err hf_ways_find(hf_ways *ways, const double *beta, const double **ret_phi, const double **ret_days);

/* Adds the shocks on trade that `part` means to a list: those of lanes by phi and late [n_lanes x days], and the limits if it has what is given.
 * `late` is in shares of hf_lane_longest; with `all` even lanes without a loss get theirs. The arrays must outlive the scenario. */
hf_err hf_ways_shocks(const hf_coupling *c, const hf_coupling_part *part, const double *phi, const double *late, bool all, hf_adaptive_shock **shocks,
                      size_t *capacity, int *n);

/* Days on the longest route of a lane, at most HF_ADAPTIVE_LATE. */
double hf_lane_longest(const hf_corridors *corridors, int lane);

#endif
