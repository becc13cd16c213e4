/* Rerouting: what the corridors that are left can carry, at least loss and then at least cost. A min-cost flow of several goods over given
 * routes, as a linear program (Ahuja, Magnanti & Orlin, Network Flows, 1993, chapter 17: the path formulation).
 *
 * Lane l has flow F_l, of which pi_l = sum of the shares of its routes must find a way; s_p is shipped on route p, u_l stays behind:
 *
 *     first  min sum_l value_l u_l,   then at that loss   min sum_p cost_p s_p
 *     sum_{p in l} s_p + u_l = pi_l F_l,   0 <= s_p <= capacity_p open_p,   sum_{p through k} s_p <= capacity_k beta_k
 *
 * A gate without a capacity takes, while it is open in part, that part of what passes it in normal times, as without rerouting; wide open, or when
 * nothing passes it in normal times, it has no limit. open_p is the availability of the narrowest gate of the route; a closed route has no
 * capacity even where it is without limit. Where costs are equal (with `stay`: always), ways that were in use before are kept as far as they
 * can be at that loss. The lost share of the lane is phi_l = u_l / F_l. */
#ifndef HF_SOLVER_REROUTING_H
#define HF_SOLVER_REROUTING_H

#include "base/diag.h"
#include "base/error.h"
#include "model/economy/corridors.h"
#include "solver/lp.h"

typedef struct hf_rerouting_input {
    const hf_corridors *corridors;
    const double *flow;  /* [n_lanes] F >= 0, in the unit of the capacities: hf_corridors_flows for money */
    const double *value; /* [n_lanes] > 0 of a unit of flow, for what goes first when there is too little room; NULL: ones */
    const double *beta;  /* [n_gates] availability, 0 .. 1 */
    bool stay;           /* what can keep its way does, even where another is cheaper: only what must looks for another */
    double time_limit_s; /* <= 0: none */
} hf_rerouting_input;

/* Zero-initialise ({0}), reuse only for the same corridors, free with hf_rerouting_done. */
typedef struct hf_rerouting {
    hf_lp_status status;     /* HF_LP_OPTIMAL; HF_LP_STOPPED: only this is set */
    int n_lanes, n_routes, n_gates;
    double *phi;             /* [n_lanes] lost share of the whole lane, 0 .. 1 */
    double *days;            /* [n_lanes] mean days on the way of what is shipped, less those of normal times; 0 when nothing is shipped */
    double *shipped;         /* [n_routes] s_p, in the order of corridors->route */
    double *gate_flow;       /* [n_gates] */
    double *gate_price;      /* [n_gates] >= 0: value that one unit more of capacity_k beta_k would save */
    double lost, value_lost; /* sum u, sum value u */
    double extra_cost;       /* of what is shipped, less what the same goods cost on their way in normal times */
    double violation;        /* of the equations above, recomputed, over the mean flow */
} hf_rerouting;

void hf_rerouting_done(hf_rerouting *rerouting);

/* HF_E_RANGE for a flow, value or availability outside its range (with a finding), HF_E_SOLVER when the answer does not hold to 1e-6 when it is
 * computed again, HF_E_NOMEM. */
hf_err hf_rerouting_solve(const hf_rerouting_input *input, hf_diag *diag, hf_rerouting *result);

#endif
