/* Trade corridors: which flows of a table pass which gates, what is lost when a gate closes, and which gates matter most.
 *
 * A lane is what goes from one region to another in one class of goods. Route p of a lane has the share pi_p of its flow and passes gates k
 * with availability beta_k in [0, 1]. Without rerouting the lane loses
 *
 *     phi = sum_p pi_p (1 - min_k beta_k)
 *
 * (the narrowest gate decides); with rerouting see solver/rerouting.h. Sectors belong to classes; a sector without a class (services) passes
 * no gate, one of a digital class passes digital gates. What is not delivered stays with the seller. */
#ifndef HF_MODEL_ECONOMY_CORRIDORS_H
#define HF_MODEL_ECONOMY_CORRIDORS_H

#include "base/diag.h"
#include "base/error.h"
#include "model/economy/table.h"

typedef struct hf_gate {
    int entity;      /* the entity whose functionality is its availability; -1: none, always open unless said otherwise */
    double capacity; /* flow it can take, over all lanes, when fully available: >= 0, INFINITY for no limit. Used by rerouting alone */
} hf_gate;

typedef struct hf_route {
    int origin, destination; /* regions */
    int goods;               /* class of goods */
    double share;            /* pi_p >= 0 of the lane's flow in normal times; 0 for a way that is only used when others close */
    double capacity;         /* flow it can take when its gates are fully available: >= 0, INFINITY. Used by rerouting alone */
    double cost;             /* of a unit of flow, >= 0. Used by rerouting alone */
    double days;             /* on the way, >= 0 */
    const int *gate;         /* [n_gates] each at most once; the order does not matter */
    int n_gates;
} hf_route;

typedef struct hf_lane {
    int origin, destination, goods;
    int first, n_routes; /* its routes: first .. first + n_routes - 1 */
    double share;        /* of the flow that the routes carry, at most 1; the rest passes no gate */
} hf_lane;

/* Read only. Lanes ascend by (origin, destination, goods); routes stand lane by lane, in each in the order given. */
typedef struct hf_corridors {
    int n_regions, n_goods, n_gates, n_routes, n_lanes;
    hf_gate *gate;   /* [n_gates] */
    hf_route *route; /* [n_routes] */
    int *given;      /* [n_routes] the number a route was given under */
    hf_lane *lane;   /* [n_lanes] */
    int *lane_at;    /* [n_regions x n_regions x n_goods] lane, or -1 */
    int *gate_pool;
} hf_corridors;

enum { HF_CORRIDORS_MAX_CELLS = 1 << 24 }; /* n_regions^2 n_goods */

/* Copies and checks, one finding each that names the route or gate (from 1): HF_E_RANGE for a number outside its range, HF_E_DUPLICATE for a
 * gate twice on a route, HF_E_DATA for shares of a lane that add up to more than 1 (by 1e-9); all findings are made before it returns the
 * first code. HF_E_TOO_LARGE, HF_E_NOMEM. The caller frees. */
hf_err hf_corridors_new(int n_regions, int n_goods, int n_gates, const hf_gate *gate, int n_routes, const hf_route *route, hf_diag *diag,
                        hf_corridors **ret_corridors);
void hf_corridors_free(hf_corridors *corridors);

/* Availability of gates [n_gates] from the functionality of entities; gates without an entity get 1. */
void hf_corridors_availability(const hf_corridors *corridors, const double *functionality, double *ret_beta);

/* The narrowest gate of a route, 1 without gates. */
double hf_corridors_open(const hf_corridors *corridors, int route, const double *beta);

/* Lost shares without rerouting: ret_phi [n_lanes] of beta [n_gates]. */
void hf_corridors_lost(const hf_corridors *corridors, const double *beta, double *ret_phi);

/* ---- on a table ---- */

/* Flow of each lane in a table with as many regions, intermediate and final: ret_flow [n_lanes], money per year.
 * sector_goods [n_sectors] is the class of a sector or -1. HF_E_RANGE when regions or classes do not fit. */
hf_err hf_corridors_flows(const hf_corridors *corridors, const hf_io_table *table, const int *sector_goods, double *ret_flow);

/* What arrives of what industry g sells to region d, 1 - phi of their lane: ret_pass [n_industries x n_regions]. HF_E_RANGE as above. */
hf_err hf_corridors_pass(const hf_corridors *corridors, const hf_io_table *table, const int *sector_goods, const double *phi, double *ret_pass);

/* Deliveries: ret_z [N x N] and ret_y [N x demand columns] are the table's flows times pass (either may be NULL, or the table's own array).
 * ret_lost [n_regions x n_regions] (NULL: not wanted) is what origin sells and destination does not get, money per year. */
void hf_corridors_deliver(const hf_io_table *table, const double *pass, double *ret_z, double *ret_y, double *ret_lost);

/* ---- chokepoints ---- */

typedef struct hf_gate_loss {
    int gate;
    int lanes;                              /* that lose something */
    double trade_lost;                      /* money per year that is not delivered: */
    double intermediate_lost, final_lost;   /* its two parts */
    double output_lost, value_added_lost;   /* of all industries, when what is not delivered is not made either, nor the inputs it took */
    int origin, destination;                /* the regions that sell and get the least of what they did, by money; -1 when nothing is lost */
} hf_gate_loss;

/* Each gate alone brought down to `level` (0: closed; at most what it is in beta), the others at beta [n_gates] (NULL: all open): the loss on top
 * of that of beta. ret_loss [n_gates], sorted by output lost, then trade lost, then number of the gate.
 * Output by hypothetical extraction of the lost deliveries (Dietzenbacher, van der Linden & Steenge, Economic Systems Research 5, 1993;
 * Miller & Blair 2009, 12.2.6): d = lost sales + A~ d with A~ the coefficients that still arrive, by the power series, so O(N^2) a term.
 * HF_E_RANGE as above or for a level outside 0 .. 1; HF_E_NO_CONVERGENCE when the spectral radius is (nearly) 1; HF_E_NOMEM. */
hf_err hf_corridors_rank(const hf_corridors *corridors, const hf_io_table *table, const int *sector_goods, const double *beta, double level,
                         hf_gate_loss *ret_loss);

#endif
