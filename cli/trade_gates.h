/* The gates of trade for the methods of `holdfast trade`: the corridors of a data set, how goods find other ways, and what the command line or a
 * scenario shuts. */
#ifndef HF_CLI_TRADE_GATES_H
#define HF_CLI_TRADE_GATES_H

#include "cli/trade.h"
#include "model/coupling.h"
#include "solver/rerouting.h"

typedef struct hf_trade_gates {
    hf_corridors *corridors;    /* NULL: the data set has no routes */
    int *sector_goods;          /* [n_sectors] class of goods of the corridors, -1: passes no gate */
    double *flow;               /* [n_lanes] money per year */
    double *given;              /* [n_corridors x days] how far each is left open */
    hf_coupling_limit *limits;  /* of a scenario's borders and limits */
    double *lost;               /* their shares */
    bool any_given;             /* something is shut by --gate or by injects on trade */
    bool detours;               /* --reroute yes */
    hf_diag *diag;
    hf_rerouting rerouted;      /* the last answer */
    hf_coupling_gates coupling; /* all of it, as the coupling takes it */
} hf_trade_gates;

/* Corridors, classes and flows of the data set. Free with hf_trade_gates_done, also on failure. */
hf_err hf_trade_gates_init(const hf_trade *t, hf_trade_gates *gates);
void hf_trade_gates_done(hf_trade_gates *gates);

/* What --gate and the injects of a scenario (NULL: none) shut, over so many days. An unknown gate is a usage error. */
hf_err hf_trade_gates_shut(const hf_trade *t, hf_trade_gates *gates, const hf_scenario *scenario, int days);

/* What a lane carries: "goods", "services", or the name of the one sector. */
const char *hf_trade_lane_goods(const hf_trade *t, const hf_trade_gates *gates, int lane);

/* Least lost and then cheapest ways when gates are as open as beta [n_gates]; what can keep its way does. The answer is in gates->rerouted. */
hf_err hf_trade_gates_reroute(hf_trade_gates *gates, const double *beta);

#endif
