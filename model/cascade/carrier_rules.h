/* The rules of carriers that keep memory of their own: `flow` and `dc`. Not installed; only files of model/cascade include it. */
#ifndef HF_CASCADE_CARRIER_RULES_H
#define HF_CASCADE_CARRIER_RULES_H

#include <math.h>

#include "model/cascade/engine.h"

/* What the rules share, and ask often. */
static inline bool hf_carrier_conducts(const hf_timeline *tl, int cnode)
{
    return tl->e[tl->net->cnode_entity[cnode]].cond > 0;
}

static inline bool hf_carrier_line_works(const hf_timeline *tl, int line)
{
    int entity = tl->net->cline_entity[line];
    return entity < 0 || tl->e[entity].cond > 0;
}

/* What is left of a line's capacity with its entity as it is. */
static inline double hf_carrier_line_capacity(const hf_timeline *tl, int line)
{
    int entity = tl->net->cline_entity[line];
    double capacity = tl->net->cline_capacity[line];
    return entity < 0 || isinf(capacity) ? capacity : capacity * tl->e[entity].cond;
}

static inline int hf_carrier_other_end(const hf_network *net, int line, int cnode)
{
    return net->cline_from[line] == cnode ? net->cline_to[line] : net->cline_from[line];
}

/* carrier.c */
/* Turns each island's demand by class into the share that class gets, serving classes in order: 1 while supply lasts, then what is left. */
void hf_carrier_islands_share(hf_timeline *tl, int n_islands, int n_classes);

/* carrier_bound.c: shares of a `balance` component from below, whatever part of the failures has come about; islands are labelled. */
hf_err hf_bound_new(const hf_timeline *tl, hf_bound **ret_bound);
void hf_bound_free(hf_bound *bound);
void hf_bound_evaluate(hf_timeline *tl, int comp, int n_islands);

/* carrier_flow.c: the least unserved demand that capacities allow, class by class. */
hf_err hf_flow_new(const hf_network *net, hf_flow **ret_flow);
void hf_flow_free(hf_flow *flow);
void hf_flow_evaluate(hf_timeline *tl, int comp);

/* carrier_dc.c: DC power flow with lines that trip. While things fall, lines that are out stay out, and what is overloaded is only noted: it
 * trips when the falls have settled (hf_dc_trip). While things rise, lines that tripped at earlier instants are tried; they stay out
 * when they, or others because of them, would be overloaded. */
hf_err hf_dc_new(const hf_network *net, hf_dc **ret_dc);
void hf_dc_free(hf_dc *dc);
void hf_dc_evaluate(hf_timeline *tl, int comp);
/* Opens the lines of a component that its last evaluation found overloaded. */
void hf_dc_trip(hf_timeline *tl, int comp);
/* Flow from `from` to `to` in the carrier's unit as the last evaluation of the line's component left it; 0 when it is not in service. */
double hf_dc_line_flow(const hf_timeline *tl, int line);
/* Islands whose equations were factorised since the engine was made: what an evaluation costs. */
long hf_dc_factorisations(const hf_timeline *tl);

#endif
