/* Carrier rule `flow`: the least unserved demand that supply and the capacities of lines allow.
 *
 * What a set of sources can send to demands is a polymatroid (Megiddo, Math. Programming 7, 1974): serving class 1 as far as possible, then
 * class 2 on top without taking anything back, and so on, leaves the least unserved demand for any weights that fall with the class. In
 * a class all nodes get the same fraction of their demand; where a cut is full its nodes stay behind and the others go on together
 * (max-min fairness, unique). The highest common fraction is found by Newton's method on cuts: each full cut that is too narrow gives a
 * lower fraction; a handful of maximum flows.
 *
 * A node that does not conduct is a dead end: lines lead to it, none from it, so its nominal demand counts and it has the share that
 * arrives at its door. A node without demand has the share that a very small demand in its class would have. */
#include "model/cascade/carrier_rules.h"

#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "model/cascade/maxflow.h"

enum { NEWTON_CAP = 200 };
#define NOTHING 1e-12 /* part of the island's demand below which a capacity that is left is none */

struct hf_flow {
    hf_maxflow graph;
    int *local;          /* [cnodes] node of the graph */
    int *member, *first; /* [cnodes] nodes of the component by island; first node of the island of a node */
    int *queue;
    int *sink_arc;       /* [nodes of the graph] arc to the sink */
    bool *active, *waits; /* [nodes of the graph] of the present class: with and without demand */
    bool *narrow;        /* [nodes of the graph] behind the last cut that was too narrow */
    double *saved;       /* [arcs] the flow to go back to */
    double *demand;      /* [nodes of the graph] */
    /* The islands of the last evaluation and what they were made of: an island of which nothing has changed keeps its shares. */
    int *last_first;
    bool *last_conducts;
    double *last_supply, *last_capacity, *last_share;
};

hf_err hf_flow_new(const hf_network *net, hf_flow **ret_flow)
{
    size_t nodes = (size_t)net->n_cnodes, lines = (size_t)net->n_clines;
    int most = 0, arcs = 0;
    for (int comp = 0; comp < net->n_comps; comp++) {
        int first = net->comp_off[comp], last = net->comp_off[comp + 1], ends = 0;
        if (net->carrier_rule[net->cnode_carrier[net->comp_cnode[first]]] != HF_FLOW) continue;
        for (int k = first; k < last; k++) ends += net->cadj_off[net->comp_cnode[k] + 1] - net->cadj_off[net->comp_cnode[k]];
        if (last - first > most) most = last - first;
        if (ends + 4 * (last - first) > arcs) arcs = ends + 4 * (last - first);
    }
    hf_flow *f = hf_calloc(1, sizeof *f);
    if (!f) return HF_E_NOMEM;
    hf_err err = hf_maxflow_init(&f->graph, most + 2, arcs);
    size_t n = (size_t)most + 2;
    f->local = hf_malloc(nodes * sizeof *f->local);
    f->member = hf_malloc(nodes * sizeof *f->member);
    f->first = hf_malloc(nodes * sizeof *f->first);
    f->queue = hf_malloc(nodes * sizeof *f->queue);
    f->sink_arc = hf_malloc(n * sizeof *f->sink_arc);
    f->active = hf_malloc(n * sizeof *f->active);
    f->waits = hf_malloc(n * sizeof *f->waits);
    f->narrow = hf_malloc(n * sizeof *f->narrow);
    f->saved = hf_malloc((size_t)arcs * sizeof *f->saved);
    f->demand = hf_malloc(n * sizeof *f->demand);
    f->last_first = hf_malloc(nodes * sizeof *f->last_first);
    f->last_conducts = hf_calloc(nodes, sizeof *f->last_conducts);
    f->last_supply = hf_calloc(nodes, sizeof *f->last_supply);
    f->last_capacity = hf_calloc(lines, sizeof *f->last_capacity);
    f->last_share = hf_calloc(nodes, sizeof *f->last_share);
    if (err != HF_OK || !f->local || !f->member || !f->first || !f->queue || !f->sink_arc || !f->active || !f->waits || !f->narrow || !f->saved ||
        !f->demand || !f->last_first || !f->last_conducts || !f->last_supply || !f->last_capacity || !f->last_share) {
        hf_flow_free(f);
        return HF_E_NOMEM;
    }
    for (size_t k = 0; k < nodes; k++) f->last_first[k] = -1;
    *ret_flow = f;
    return HF_OK;
}

void hf_flow_free(hf_flow *f)
{
    if (!f) return;
    hf_maxflow_done(&f->graph);
    void *blocks[] = {f->local, f->member, f->first, f->queue, f->sink_arc, f->active, f->waits, f->narrow, f->saved, f->demand,
                      f->last_first, f->last_conducts, f->last_supply, f->last_capacity, f->last_share};
    for (size_t k = 0; k < sizeof blocks / sizeof *blocks; k++) hf_free(blocks[k]);
    hf_free(f);
}

static double supply_of(const hf_timeline *tl, int node)
{
    return hf_carrier_conducts(tl, node) ? tl->net->cnode_supply[node] * tl->e[tl->net->cnode_entity[node]].cond : 0;
}

/* Whether something can pass a line at `node`; a line between two nodes that do not conduct leads nowhere. */
static bool joins(const hf_timeline *tl, int line, int node)
{
    int other = hf_carrier_other_end(tl->net, line, node);
    return other != node && hf_carrier_line_works(tl, line) && (hf_carrier_conducts(tl, node) || hf_carrier_conducts(tl, other));
}

/* Capacity of a line that joins its ends, -1 of any other: what an island is made of. */
static double joint_capacity(const hf_timeline *tl, int line)
{
    return joins(tl, line, tl->net->cline_from[line]) ? hf_carrier_line_capacity(tl, line) : -1;
}

/* The island of a node, breadth first; returns how many nodes it has. */
static int island_collect(hf_timeline *tl, int start, int *member)
{
    const hf_network *net = tl->net;
    hf_flow *f = tl->flow;
    int n = 0;
    f->first[start] = start;
    member[n++] = start;
    for (int k = 0; k < n; k++)
        for (int a = net->cadj_off[member[k]]; a < net->cadj_off[member[k] + 1]; a++) {
            int line = net->cadj_line[a], other = hf_carrier_other_end(net, line, member[k]);
            if (f->first[other] >= 0 || !joins(tl, line, member[k])) continue;
            f->first[other] = start;
            member[n++] = other;
        }
    return n;
}

/* Compares an island with what the last evaluation saw, and remembers it. */
static bool island_changed(hf_timeline *tl, const int *member, int n)
{
    const hf_network *net = tl->net;
    hf_flow *f = tl->flow;
    bool changed = false;
    for (int k = 0; k < n; k++) {
        int node = member[k];
        bool conducts = hf_carrier_conducts(tl, node);
        double supply = supply_of(tl, node);
        changed |= f->last_first[node] != f->first[node] || f->last_conducts[node] != conducts || f->last_supply[node] != supply;
        f->last_first[node] = f->first[node];
        f->last_conducts[node] = conducts;
        f->last_supply[node] = supply;
    }
    for (int k = 0; k < n; k++)
        for (int a = net->cadj_off[member[k]]; a < net->cadj_off[member[k] + 1]; a++) {
            int line = net->cadj_line[a];
            double capacity = joint_capacity(tl, line);
            if (net->cline_from[line] != member[k] && f->first[net->cline_from[line]] == f->first[member[k]]) continue; /* seen from there */
            changed |= !(f->last_capacity[line] == capacity);
        }
    return changed;
}

static void capacities_remember(hf_timeline *tl, int comp)
{
    const hf_network *net = tl->net;
    for (int k = net->comp_off[comp]; k < net->comp_off[comp + 1]; k++)
        for (int a = net->cadj_off[net->comp_cnode[k]]; a < net->cadj_off[net->comp_cnode[k] + 1]; a++) {
            int line = net->cadj_line[a];
            if (net->cline_from[line] != net->comp_cnode[k]) continue;
            tl->flow->last_capacity[line] = joint_capacity(tl, line);
        }
}

/* Source n, sink n + 1; nothing flows into the sink yet. Capacities beyond what can ever flow are cut to that, to keep figures alike. */
static void graph_build(hf_timeline *tl, const int *member, int n)
{
    const hf_network *net = tl->net;
    hf_flow *f = tl->flow;
    hf_maxflow *g = &f->graph;
    double supply = 0, demand = 0;
    for (int k = 0; k < n; k++) {
        f->local[member[k]] = k;
        f->demand[k] = net->cnode_demand[member[k]];
        supply += supply_of(tl, member[k]);
        demand += f->demand[k];
    }
    double most = demand > 0 ? 2 * demand : supply;
    hf_maxflow_clear(g, n + 2, NOTHING * most);
    for (int k = 0; k < n; k++) {
        int node = member[k];
        bool conducts = hf_carrier_conducts(tl, node);
        hf_maxflow_arc(g, n, k, fmin(supply_of(tl, node), most), 0);
        f->sink_arc[k] = hf_maxflow_arc(g, k, n + 1, 0, 0);
        for (int a = net->cadj_off[node]; a < net->cadj_off[node + 1]; a++) {
            int line = net->cadj_line[a], to = net->cline_to[line];
            if (net->cline_from[line] != node || !joins(tl, line, node)) continue;
            double capacity = fmin(hf_carrier_line_capacity(tl, line), most);
            bool back = !net->carrier_directed[net->cline_carrier[line]] && hf_carrier_conducts(tl, to);
            hf_maxflow_arc(g, k, f->local[to], conducts ? capacity : 0, back ? capacity : 0);
        }
    }
}

/* Raises the active nodes from fraction `from` to `to`. True when all of it can be served (up to rounding); else *ret_lower is the highest
 * fraction that the cut which stops it allows, and the flow is as before. `narrow` marks what is behind the last cut that was too narrow. */
static bool raise_to(hf_flow *f, int n, double from, double to, double *ret_lower)
{
    hf_maxflow *g = &f->graph;
    double served = 0, wanted = 0;
    bool missing = false;
    memcpy(f->saved, g->left, (size_t)g->n_arcs * sizeof *g->left);
    for (int k = 0; k < n; k++)
        if (f->active[k]) g->left[f->sink_arc[k]] += (to - from) * f->demand[k];
    hf_maxflow_augment(g, n, n + 1); /* leaves the levels of its last, failing search */
    for (int k = 0; k < n; k++) missing |= f->active[k] && g->left[f->sink_arc[k]] > g->tolerance;
    if (!missing) return true;
    for (int k = 0; k < n; k++) {
        f->narrow[k] = g->level[k] < 0;
        if (!f->active[k] || !f->narrow[k]) continue;
        wanted += f->demand[k];
        served += to * f->demand[k] - g->left[f->sink_arc[k]];
    }
    if (served >= to * wanted * (1 - NOTHING)) return true;
    *ret_lower = served / wanted;
    memcpy(g->left, f->saved, (size_t)g->n_arcs * sizeof *g->left);
    return false;
}

/* Highest fraction in [from, 1] that all active nodes can have together; the flow that serves it stands afterwards. */
static double fraction_find(hf_flow *f, int n, double from)
{
    double to = 1, lower = from;
    for (int turn = 0; turn < NEWTON_CAP; turn++) {
        if (raise_to(f, n, from, to, &lower)) return to;
        if (!(lower > from)) return from;
        to = lower;
    }
    return from;
}

/* Serves one class as far and as evenly as it goes. */
static void class_serve(hf_timeline *tl, const int *member, int n, int class_index)
{
    hf_flow *f = tl->flow;
    hf_maxflow *g = &f->graph;
    int active = 0;
    double level = 0;
    hf_maxflow_reach(g, n, n + 1);
    for (int k = 0; k < n; k++) {
        bool here = tl->cnode_class_index[member[k]] == class_index, reached = g->level[k] >= 0;
        f->active[k] = here && reached && f->demand[k] > 0;
        f->waits[k] = here && reached && f->demand[k] <= 0;
        if (here) tl->new_share[member[k]] = reached ? 1 : 0;
        active += f->active[k];
    }
    memset(f->narrow, 0, (size_t)n * sizeof *f->narrow);
    while (active > 0) {
        level = fraction_find(f, n, level);
        if (level >= 1 - HF_FULL) break;
        hf_maxflow_reach(g, n, n + 1);
        for (int k = 0; k < n; k++) {
            if ((!f->active[k] && !f->waits[k]) || (g->level[k] >= 0 && !f->narrow[k])) continue;
            tl->new_share[member[k]] = level;
            active -= f->active[k];
            f->active[k] = f->waits[k] = false;
        }
    }
}

static void island_solve(hf_timeline *tl, const int *member, int n, int n_classes)
{
    const hf_network *net = tl->net;
    graph_build(tl, member, n);
    for (int p = 0; p < n_classes; p++) class_serve(tl, member, n, p);
    for (int k = 0; k < n; k++) {
        int node = member[k];
        if (net->cnode_supply[node] > 0 && net->cnode_demand[node] <= 0) tl->new_share[node] = 1; /* takes nothing, so it lacks nothing */
        tl->flow->last_share[node] = tl->new_share[node];
    }
}

void hf_flow_evaluate(hf_timeline *tl, int comp)
{
    const hf_network *net = tl->net;
    hf_flow *f = tl->flow;
    int first = net->comp_off[comp], last = net->comp_off[comp + 1];
    for (int k = first; k < last; k++) f->first[net->comp_cnode[k]] = -1;
    for (int k = first, at = 0; k < last; k++) {
        if (f->first[net->comp_cnode[k]] >= 0) continue;
        int *member = f->member + at, n = island_collect(tl, net->comp_cnode[k], member);
        at += n;
        if (island_changed(tl, member, n)) island_solve(tl, member, n, tl->comp_classes[comp]);
        else
            for (int i = 0; i < n; i++) tl->new_share[member[i]] = f->last_share[member[i]];
    }
    capacities_remember(tl, comp);
}
