/* Carrier rules `reach` and `balance`: who is connected to a working source, and how an island shares what it has. The rules `flow` and
 * `dc` are in files of their own.
 *
 * A node conducts while its condition is above 0, a line while its entity's is. A node that does not conduct belongs to no island but
 * stands at the door of an island that one of its working lines leads to (the first that has a source, else the first): its nominal
 * demand counts there, and the share delivered to that door is what it would have if it worked. */
#include "model/cascade/carrier_rules.h"

#include <math.h>
#include <string.h>

/* Spreads `mark` from a node over conducting nodes and working lines; along their direction only when `directed`. */
static void spread(hf_timeline *tl, int start, int mark, bool directed)
{
    const hf_network *net = tl->net;
    int n = 0;
    tl->island[start] = mark;
    tl->stack[n++] = start;
    while (n > 0) {
        int node = tl->stack[--n];
        for (int k = net->cadj_off[node]; k < net->cadj_off[node + 1]; k++) {
            int line = net->cadj_line[k];
            if (directed && net->cline_from[line] != node) continue;
            int next = hf_carrier_other_end(net, line, node);
            if (tl->island[next] >= 0 || !hf_carrier_conducts(tl, next) || !hf_carrier_line_works(tl, line)) continue;
            tl->island[next] = mark;
            tl->stack[n++] = next;
        }
    }
}

/* The island at whose door a node that does not conduct stands, or -1. */
static int door(const hf_timeline *tl, int cnode, bool directed, bool look_for_supply)
{
    const hf_network *net = tl->net;
    int first = -1;
    for (int k = net->cadj_off[cnode]; k < net->cadj_off[cnode + 1]; k++) {
        int line = net->cadj_line[k];
        if (directed && net->cline_to[line] != cnode) continue;
        int next = hf_carrier_other_end(net, line, cnode), island = tl->island[next];
        if (!hf_carrier_conducts(tl, next) || island < 0 || !hf_carrier_line_works(tl, line)) continue;
        if (!look_for_supply || tl->island_supply[island] > 0) return island;
        if (first < 0) first = island;
    }
    return first;
}

/* In both rules a carrier that is directed is followed along its lines only for reach; islands of a balance are connected either way. */
static void evaluate_reach(hf_timeline *tl, int first, int last)
{
    const hf_network *net = tl->net;
    bool directed = net->carrier_directed[net->cnode_carrier[net->comp_cnode[first]]];
    for (int k = first; k < last; k++) tl->island[net->comp_cnode[k]] = -1;
    for (int k = first; k < last; k++) {
        int node = net->comp_cnode[k];
        if (tl->island[node] < 0 && net->cnode_supply[node] > 0 && hf_carrier_conducts(tl, node)) spread(tl, node, 0, directed);
    }
    for (int k = first; k < last; k++) {
        int node = net->comp_cnode[k];
        bool served = hf_carrier_conducts(tl, node) ? tl->island[node] >= 0 : door(tl, node, directed, false) >= 0;
        tl->new_share[node] = served ? 1 : 0;
    }
}

static int islands_label(hf_timeline *tl, int first, int last)
{
    const hf_network *net = tl->net;
    int n = 0;
    for (int k = first; k < last; k++) tl->island[net->comp_cnode[k]] = -1;
    for (int k = first; k < last; k++) {
        int node = net->comp_cnode[k];
        if (tl->island[node] < 0 && hf_carrier_conducts(tl, node)) spread(tl, node, n++, false);
    }
    return n;
}

void hf_carrier_islands_share(hf_timeline *tl, int n_islands, int n_classes)
{
    for (int i = 0; i < n_islands; i++) {
        double left = tl->island_supply[i];
        for (int p = 0; p < n_classes; p++) {
            double *cell = &tl->island_demand[(size_t)i * (size_t)n_classes + (size_t)p];
            double demand = *cell;
            if (left >= demand * (1 - HF_FULL) && (demand > 0 || left > 0)) *cell = 1;
            else *cell = demand > 0 ? left / demand : 0;
            left = left > demand ? left - demand : 0;
        }
    }
}

static void evaluate_balance(hf_timeline *tl, int comp, int first, int last)
{
    const hf_network *net = tl->net;
    int n_islands = islands_label(tl, first, last), n_classes = tl->comp_classes[comp];
    if (tl->bounding) {
        hf_bound_evaluate(tl, comp, n_islands);
        return;
    }
    memset(tl->island_supply, 0, (size_t)n_islands * sizeof *tl->island_supply);
    memset(tl->island_demand, 0, (size_t)n_islands * (size_t)n_classes * sizeof *tl->island_demand);
    for (int k = first; k < last; k++) {
        int node = net->comp_cnode[k];
        if (hf_carrier_conducts(tl, node)) tl->island_supply[tl->island[node]] += net->cnode_supply[node] * tl->e[net->cnode_entity[node]].cond;
    }
    for (int k = first; k < last; k++) {
        int node = net->comp_cnode[k];
        int at = hf_carrier_conducts(tl, node) ? tl->island[node] : door(tl, node, false, true);
        tl->stack[k - first] = at;
        if (at >= 0) tl->island_demand[at * n_classes + tl->cnode_class_index[node]] += net->cnode_demand[node];
    }
    hf_carrier_islands_share(tl, n_islands, n_classes);
    for (int k = first; k < last; k++) {
        int node = net->comp_cnode[k], at = tl->stack[k - first];
        bool pure_source = net->cnode_supply[node] > 0 && net->cnode_demand[node] <= 0; /* takes nothing, so it lacks nothing */
        tl->new_share[node] = pure_source ? 1 : at < 0 ? 0 : tl->island_demand[at * n_classes + tl->cnode_class_index[node]];
    }
}

void hf_carrier_evaluate(hf_timeline *tl, int comp)
{
    const hf_network *net = tl->net;
    int first = net->comp_off[comp], last = net->comp_off[comp + 1];
    switch ((hf_rule)net->carrier_rule[net->cnode_carrier[net->comp_cnode[first]]]) {
    case HF_REACH: evaluate_reach(tl, first, last); break;
    case HF_BALANCE: evaluate_balance(tl, comp, first, last); break;
    case HF_FLOW: hf_flow_evaluate(tl, comp); break;
    case HF_DC: hf_dc_evaluate(tl, comp); break;
    }
}

/* A node without supply at the end of a line cuts nobody else when it falls, and its demand counts at its door as before. A second neighbour
 * counts although it is down when it has a demand that may stand at the door of this node. */
static bool is_end(const hf_timeline *tl, int cnode, bool demands_count)
{
    const hf_network *net = tl->net;
    int neighbour = -1;
    for (int k = net->cadj_off[cnode]; k < net->cadj_off[cnode + 1]; k++) {
        int line = net->cadj_line[k], next = hf_carrier_other_end(net, line, cnode);
        if (!hf_carrier_line_works(tl, line)) continue;
        if (!hf_carrier_conducts(tl, next) && !(demands_count && net->cnode_demand[next] > 0)) continue;
        if (neighbour >= 0 && next != neighbour) return false;
        neighbour = next;
    }
    return true;
}

bool hf_carrier_node_matters(const hf_timeline *tl, int cnode, double before, double after)
{
    const hf_network *net = tl->net;
    hf_rule rule = (hf_rule)net->carrier_rule[net->cnode_carrier[cnode]];
    if (net->cnode_supply[cnode] > 0) return rule != HF_REACH || (before > 0) != (after > 0);
    if ((before > 0) == (after > 0)) return false;
    if (after > 0 || tl->bounding) return true; /* what arrives at its door is not kept up to date while it is down */
    return rule == HF_DC || !is_end(tl, cnode, rule != HF_REACH); /* dc: lines that tripped are tried again whenever something changes */
}

bool hf_carrier_line_matters(const hf_timeline *tl, int line, double before, double after)
{
    hf_rule rule = (hf_rule)tl->net->carrier_rule[tl->net->cline_carrier[line]];
    return (before > 0) != (after > 0) || rule == HF_FLOW || rule == HF_DC;
}
