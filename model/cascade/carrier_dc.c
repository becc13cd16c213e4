/* Carrier rule `dc`: DC power flow (B. Stott, J. Jardim, O. Alsac, IEEE Trans. Power Systems 24, 2009) with overload trips.
 *
 * Round by round: each island shares its supply over its demand as in `balance` (sources are turned down in
 * proportion when there is more than is asked for), its voltage angles solve B theta = P, a line carries (theta_from - theta_to) / x, and every
 * line that carries more than what is left of its rating trips, all at once. It ends with the round in which none does. Between two
 * rounds everything else that falls at this instant settles. A line that tripped stays open for the rest of the instant, so that what its trip
 * brings down cannot close it again; later instants that touch the component close it when nothing would be overloaded.
 *
 * A node that does not conduct stands at the door of an island, as in `balance`. Its nominal demand is drawn through its lines that lead to
 * that island, in proportion to 1 / x; these lines may trip too. */
#include "model/cascade/carrier_rules.h"

#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "model/cascade/sparse_ldl.h"

struct hf_dc {
    hf_ldl ldl;
    int *ranked;      /* [cnodes] nodes of each component in the order of elimination, at comp_off */
    int *first;       /* [islands of a component] first node */
    int *door;        /* [cnodes] of nodes that do not conduct: the island they stand at, or -1 */
    int *member, *offset; /* [cnodes], [islands + 1] nodes by island, in the order of elimination */
    int *local;       /* [cnodes] row of the island's equations */
    double *injection, *angle; /* [cnodes] */
    double *needed, *feed; /* [islands] demand that is served; part of the supply that is used for it */
    bool *tripped, *in, *over; /* [clines]; `in`: joins two nodes of an island; `over`: overloaded at the last look */
    double *flow;     /* [clines] */
    /* What the flows were computed for; an island of which nothing has changed keeps them. */
    int *last_first;
    double *last_injection;
    bool *last_in;
    long factorisations;
};

static bool is_dc(const hf_network *net, int comp)
{
    return net->carrier_rule[net->cnode_carrier[net->comp_cnode[net->comp_off[comp]]]] == HF_DC;
}

/* Entries above the diagonal of the equations of rows member[0 .. rows-1], and what does not fit a triangle: the diagonal. Lines for which
 * `in` is false are left out; in == NULL takes all. The node after the last row is the reference, with angle 0. */
static void equations_fill(const hf_network *net, hf_dc *dc, const int *member, int n, const bool *in)
{
    hf_ldl *f = &dc->ldl;
    int entries = 0;
    f->n = n - 1;
    for (int k = 0; k < n; k++) dc->local[member[k]] = k;
    for (int k = 0; k < n - 1; k++) {
        int node = member[k];
        f->off[k] = entries;
        f->diagonal[k] = 0;
        for (int a = net->cadj_off[node]; a < net->cadj_off[node + 1]; a++) {
            int line = net->cadj_line[a], other = hf_carrier_other_end(net, line, node);
            if (other == node || (in && !in[line])) continue;
            f->diagonal[k] += 1 / net->cline_reactance[line];
            if (dc->local[other] >= k) continue;
            f->row[entries] = dc->local[other];
            f->value[entries++] = -1 / net->cline_reactance[line];
        }
    }
    f->off[n - 1] = entries;
}

/* The order of elimination of a component, into dc->ranked. */
static hf_err comp_rank(const hf_network *net, hf_dc *dc, int comp)
{
    hf_err err = HF_OK;
    int first = net->comp_off[comp], n = net->comp_off[comp + 1] - first, ends = 0;
    int *off = hf_malloc(((size_t)n + 1) * sizeof *off), *to = NULL, *order = hf_malloc((size_t)n * sizeof *order);
    if (!off || !order) HF_TRY(HF_E_NOMEM);
    for (int k = 0; k < n; k++) {
        int node = net->comp_cnode[first + k];
        dc->local[node] = k;
        off[k] = ends;
        ends += net->cadj_off[node + 1] - net->cadj_off[node];
    }
    off[n] = ends;
    to = hf_malloc((size_t)ends * sizeof *to);
    if (!to) HF_TRY(HF_E_NOMEM);
    for (int k = 0, at = 0; k < n; k++) {
        int node = net->comp_cnode[first + k];
        for (int a = net->cadj_off[node]; a < net->cadj_off[node + 1]; a++)
            to[at++] = dc->local[hf_carrier_other_end(net, net->cadj_line[a], node)];
    }
    HF_TRY(hf_minimum_degree(n, off, to, order));
    for (int k = 0; k < n; k++) dc->ranked[first + k] = net->comp_cnode[first + order[k]];
out:
    hf_free(off);
    hf_free(to);
    hf_free(order);
    return err;
}

/* Ranks every component and reserves what the largest needs: parts of a component never fill in more than the whole in the same order. */
static hf_err equations_reserve(const hf_network *net, hf_dc *dc)
{
    hf_err err = HF_OK;
    int rows = 1, entries = 0;
    size_t fill = 0;
    for (int comp = 0; comp < net->n_comps; comp++) {
        int n = net->comp_off[comp + 1] - net->comp_off[comp], ends = 0;
        if (!is_dc(net, comp)) continue;
        for (int k = net->comp_off[comp]; k < net->comp_off[comp + 1]; k++)
            ends += net->cadj_off[net->comp_cnode[k] + 1] - net->cadj_off[net->comp_cnode[k]];
        if (n > rows) rows = n;
        if (ends > entries) entries = ends;
        HF_TRY(comp_rank(net, dc, comp));
    }
    HF_TRY(hf_ldl_init(&dc->ldl, rows, entries, 0));
    for (int comp = 0; comp < net->n_comps; comp++) {
        if (!is_dc(net, comp)) continue;
        equations_fill(net, dc, dc->ranked + net->comp_off[comp], net->comp_off[comp + 1] - net->comp_off[comp], NULL);
        size_t need = hf_ldl_analyse(&dc->ldl);
        if (need > fill) fill = need;
    }
    hf_ldl_done(&dc->ldl);
    err = hf_ldl_init(&dc->ldl, rows, entries, fill);
out:
    return err;
}

hf_err hf_dc_new(const hf_network *net, hf_dc **ret_dc)
{
    size_t nodes = (size_t)net->n_cnodes, lines = (size_t)net->n_clines;
    hf_dc *dc = hf_calloc(1, sizeof *dc);
    if (!dc) return HF_E_NOMEM;
    dc->ranked = hf_malloc(nodes * sizeof *dc->ranked);
    dc->first = hf_malloc(nodes * sizeof *dc->first);
    dc->door = hf_malloc(nodes * sizeof *dc->door);
    dc->member = hf_malloc(nodes * sizeof *dc->member);
    dc->offset = hf_malloc((nodes + 2) * sizeof *dc->offset);
    dc->local = hf_malloc(nodes * sizeof *dc->local);
    dc->injection = hf_calloc(nodes, sizeof *dc->injection);
    dc->angle = hf_malloc(nodes * sizeof *dc->angle);
    dc->needed = hf_malloc(nodes * sizeof *dc->needed);
    dc->feed = hf_malloc(nodes * sizeof *dc->feed);
    dc->tripped = hf_calloc(lines, sizeof *dc->tripped);
    dc->in = hf_calloc(lines, sizeof *dc->in);
    dc->over = hf_calloc(lines, sizeof *dc->over);
    dc->flow = hf_calloc(lines, sizeof *dc->flow);
    dc->last_first = hf_malloc(nodes * sizeof *dc->last_first);
    dc->last_injection = hf_calloc(nodes, sizeof *dc->last_injection);
    dc->last_in = hf_calloc(lines, sizeof *dc->last_in);
    bool all = dc->ranked && dc->first && dc->door && dc->member && dc->offset && dc->local && dc->injection && dc->angle && dc->needed && dc->feed &&
               dc->tripped && dc->in && dc->over && dc->flow && dc->last_first && dc->last_injection && dc->last_in;
    hf_err err = all ? equations_reserve(net, dc) : HF_E_NOMEM;
    if (err != HF_OK) {
        hf_dc_free(dc);
        return err;
    }
    for (size_t k = 0; k < nodes; k++) dc->last_first[k] = -1;
    *ret_dc = dc;
    return HF_OK;
}

void hf_dc_free(hf_dc *dc)
{
    if (!dc) return;
    hf_ldl_done(&dc->ldl);
    void *blocks[] = {dc->ranked, dc->first, dc->door, dc->member, dc->offset, dc->local, dc->injection, dc->angle, dc->needed, dc->feed, dc->tripped,
                      dc->in, dc->over, dc->flow, dc->last_first, dc->last_injection, dc->last_in};
    for (size_t k = 0; k < sizeof blocks / sizeof *blocks; k++) hf_free(blocks[k]);
    hf_free(dc);
}

double hf_dc_line_flow(const hf_timeline *tl, int line)
{
    return tl->dc->flow[line];
}

long hf_dc_factorisations(const hf_timeline *tl)
{
    return tl->dc->factorisations;
}

/* Numbers the islands that the lines in service leave; returns how many there are. */
static int islands_label(hf_timeline *tl, int first, int last)
{
    const hf_network *net = tl->net;
    hf_dc *dc = tl->dc;
    int islands = 0;
    for (int k = first; k < last; k++) tl->island[net->comp_cnode[k]] = -1;
    for (int k = first; k < last; k++) {
        int start = net->comp_cnode[k], n = 0;
        if (tl->island[start] >= 0 || !hf_carrier_conducts(tl, start)) continue;
        tl->island[start] = islands;
        tl->island_supply[islands] = 0;
        dc->first[islands] = start;
        tl->stack[n++] = start;
        while (n > 0) {
            int node = tl->stack[--n];
            tl->island_supply[islands] += net->cnode_supply[node] * tl->e[net->cnode_entity[node]].cond;
            for (int a = net->cadj_off[node]; a < net->cadj_off[node + 1]; a++) {
                int line = net->cadj_line[a], next = hf_carrier_other_end(net, line, node);
                if (!dc->in[line] || tl->island[next] >= 0) continue;
                tl->island[next] = islands;
                tl->stack[n++] = next;
            }
        }
        islands++;
    }
    return islands;
}

/* Whether a node that does not conduct can draw through a line from a conducting neighbour. */
static bool is_door(const hf_timeline *tl, int line, int node)
{
    int next = hf_carrier_other_end(tl->net, line, node);
    return next != node && hf_carrier_conducts(tl, next) && hf_carrier_line_works(tl, line) && !tl->dc->tripped[line];
}

/* The island at whose door a node stands: the first that has supply, else the first, else -1. */
static int door_find(const hf_timeline *tl, int node)
{
    const hf_network *net = tl->net;
    int first = -1;
    for (int a = net->cadj_off[node]; a < net->cadj_off[node + 1]; a++) {
        if (!is_door(tl, net->cadj_line[a], node)) continue;
        int island = tl->island[hf_carrier_other_end(net, net->cadj_line[a], node)];
        if (tl->island_supply[island] > 0) return island;
        if (first < 0) first = island;
    }
    return first;
}

static double share_at(const hf_timeline *tl, int island, int node, int n_classes)
{
    return tl->island_demand[(size_t)island * (size_t)n_classes + (size_t)tl->cnode_class_index[node]];
}

/* The demand of a node that does not conduct, drawn from the ends of its lines; the lines carry it. */
static void draw_at_doors(hf_timeline *tl, int node, double demand)
{
    const hf_network *net = tl->net;
    hf_dc *dc = tl->dc;
    double all = 0;
    for (int turn = 0; turn < 2; turn++)
        for (int a = net->cadj_off[node]; a < net->cadj_off[node + 1]; a++) {
            int line = net->cadj_line[a], next = hf_carrier_other_end(net, line, node);
            if (!is_door(tl, line, node) || tl->island[next] != dc->door[node]) continue;
            double weight = 1 / net->cline_reactance[line];
            if (turn == 0) {
                all += weight;
                continue;
            }
            double part = demand * weight / all;
            dc->injection[next] -= part;
            dc->flow[line] = net->cline_from[line] == node ? -part : part;
        }
}

/* Shares of all nodes and what each conducting node feeds in (+) or takes out (-). */
static void islands_balance(hf_timeline *tl, int first, int last, int n_islands, int n_classes)
{
    const hf_network *net = tl->net;
    hf_dc *dc = tl->dc;
    memset(tl->island_demand, 0, (size_t)n_islands * (size_t)n_classes * sizeof *tl->island_demand);
    for (int k = first; k < last; k++) {
        int node = net->comp_cnode[k];
        dc->injection[node] = 0;
        dc->door[node] = hf_carrier_conducts(tl, node) ? tl->island[node] : door_find(tl, node);
        if (dc->door[node] >= 0) tl->island_demand[dc->door[node] * n_classes + tl->cnode_class_index[node]] += net->cnode_demand[node];
    }
    hf_carrier_islands_share(tl, n_islands, n_classes);
    for (int i = 0; i < n_islands; i++) dc->needed[i] = 0;
    for (int k = first; k < last; k++) {
        int node = net->comp_cnode[k], at = dc->door[node];
        double share = at < 0 ? 0 : share_at(tl, at, node, n_classes), demand = net->cnode_demand[node] * share;
        bool pure_source = net->cnode_supply[node] > 0 && net->cnode_demand[node] <= 0; /* takes nothing, so it lacks nothing */
        tl->new_share[node] = pure_source ? 1 : share;
        if (at < 0) continue;
        dc->needed[at] += demand;
        if (hf_carrier_conducts(tl, node)) dc->injection[node] -= demand;
        else draw_at_doors(tl, node, demand);
    }
    for (int i = 0; i < n_islands; i++) dc->feed[i] = tl->island_supply[i] > 0 ? dc->needed[i] / tl->island_supply[i] : 0;
    for (int k = first; k < last; k++) {
        int node = net->comp_cnode[k];
        if (tl->island[node] >= 0)
            dc->injection[node] += net->cnode_supply[node] * tl->e[net->cnode_entity[node]].cond * dc->feed[tl->island[node]];
    }
}

/* Sorts the conducting nodes by island, each in the order of elimination. */
static void members_sort(hf_timeline *tl, int first, int last, int n_islands)
{
    hf_dc *dc = tl->dc;
    memset(dc->offset, 0, ((size_t)n_islands + 2) * sizeof *dc->offset);
    for (int k = first; k < last; k++)
        if (tl->island[dc->ranked[k]] >= 0) dc->offset[tl->island[dc->ranked[k]] + 2]++;
    for (int i = 0; i < n_islands; i++) dc->offset[i + 2] += dc->offset[i + 1];
    for (int k = first; k < last; k++)
        if (tl->island[dc->ranked[k]] >= 0) dc->member[dc->offset[tl->island[dc->ranked[k]] + 1]++] = dc->ranked[k];
}

/* Compares what the flows of an island depend on with what they were last computed for, and remembers it. */
static bool island_changed(hf_timeline *tl, int island, const int *member, int n)
{
    const hf_network *net = tl->net;
    hf_dc *dc = tl->dc;
    bool changed = false;
    for (int k = 0; k < n; k++) {
        int node = member[k];
        changed |= dc->last_first[node] != dc->first[island] || dc->last_injection[node] != dc->injection[node];
        dc->last_first[node] = dc->first[island];
        dc->last_injection[node] = dc->injection[node];
        for (int a = net->cadj_off[node]; a < net->cadj_off[node + 1]; a++) changed |= dc->last_in[net->cadj_line[a]] != dc->in[net->cadj_line[a]];
    }
    return changed;
}

static void island_solve(hf_timeline *tl, const int *member, int n)
{
    const hf_network *net = tl->net;
    hf_dc *dc = tl->dc;
    equations_fill(net, dc, member, n, dc->in);
    for (int k = 0; k < n - 1; k++) dc->angle[k] = dc->injection[member[k]];
    bool definite = hf_ldl_factorise(&dc->ldl);
    dc->factorisations++;
    if (definite) hf_ldl_solve(&dc->ldl, dc->angle);
    dc->angle[n - 1] = 0;
    for (int k = 0; k < n; k++)
        for (int a = net->cadj_off[member[k]]; a < net->cadj_off[member[k] + 1]; a++) {
            int line = net->cadj_line[a];
            if (!dc->in[line] || net->cline_from[line] != member[k]) continue;
            double difference = dc->angle[k] - dc->angle[dc->local[net->cline_to[line]]];
            dc->flow[line] = definite ? difference / net->cline_reactance[line] : 0;
        }
}

/* Lines that work and join two conducting nodes; the others carry nothing unless a door is found to lead through them. */
static void lines_enter(hf_timeline *tl, int comp)
{
    const hf_network *net = tl->net;
    hf_dc *dc = tl->dc;
    for (int k = tl->comp_line_off[comp]; k < tl->comp_line_off[comp + 1]; k++) {
        int line = tl->comp_line[k], from = net->cline_from[line], to = net->cline_to[line];
        dc->in[line] = !dc->tripped[line] && from != to && hf_carrier_line_works(tl, line) && hf_carrier_conducts(tl, from) && hf_carrier_conducts(tl, to);
        if (!dc->in[line]) dc->flow[line] = 0;
    }
}

/* Marks whatever is overloaded; true when something is. */
static bool overloads_find(hf_timeline *tl, int comp)
{
    const hf_network *net = tl->net;
    hf_dc *dc = tl->dc;
    bool any = false;
    for (int k = tl->comp_line_off[comp]; k < tl->comp_line_off[comp + 1]; k++) {
        int line = tl->comp_line[k], from = net->cline_from[line];
        int island = dc->door[hf_carrier_conducts(tl, from) ? from : net->cline_to[line]];
        dc->last_in[line] = dc->in[line];
        dc->over[line] = false;
        if (dc->flow[line] == 0) continue;
        double rating = hf_carrier_line_capacity(tl, line);
        if (!(fabs(dc->flow[line]) > rating * (1 + HF_FULL) + HF_FULL * dc->needed[island])) continue;
        dc->over[line] = any = true;
    }
    return any;
}

/* Shares and flows with the lines that have not tripped; true when some of these are overloaded. */
static bool round_run(hf_timeline *tl, int comp)
{
    const hf_network *net = tl->net;
    hf_dc *dc = tl->dc;
    int first = net->comp_off[comp], last = net->comp_off[comp + 1];
    lines_enter(tl, comp);
    int n_islands = islands_label(tl, first, last);
    islands_balance(tl, first, last, n_islands, tl->comp_classes[comp]);
    members_sort(tl, first, last, n_islands);
    for (int i = 0; i < n_islands; i++) {
        const int *member = dc->member + dc->offset[i];
        int n = dc->offset[i + 1] - dc->offset[i];
        if (island_changed(tl, i, member, n) && n > 1) island_solve(tl, member, n);
    }
    return overloads_find(tl, comp);
}

/* Takes out again which of the lines that are tried are overloaded, or all of them when only others are; false when none was in. */
static bool tried_lines_out(hf_timeline *tl, int comp)
{
    hf_dc *dc = tl->dc;
    bool over = false, any = false;
    for (int turn = 0; turn < 2; turn++)
        for (int k = tl->comp_line_off[comp]; k < tl->comp_line_off[comp + 1]; k++) {
            int line = tl->comp_line[k];
            if (tl->line_share[line] > 0 || dc->tripped[line]) continue;
            if (turn == 0) over |= dc->over[line];
            else if (!over || dc->over[line]) dc->tripped[line] = any = true;
        }
    return any;
}

void hf_dc_evaluate(hf_timeline *tl, int comp)
{
    hf_dc *dc = tl->dc;
    int first = tl->comp_line_off[comp], last = tl->comp_line_off[comp + 1];
    bool falling = tl->direction == HF_FALLING, over;
    for (int k = first; k < last; k++) {
        int line = tl->comp_line[k];
        dc->tripped[line] = tl->line_open[line] || (falling && tl->line_share[line] <= 0);
    }
    do over = round_run(tl, comp);
    while (over && !falling && tried_lines_out(tl, comp));
    tl->c[comp].overloaded = over;
    for (int k = first; k < last; k++) tl->new_line_share[tl->comp_line[k]] = dc->tripped[tl->comp_line[k]] ? 0 : 1;
}

void hf_dc_trip(hf_timeline *tl, int comp)
{
    tl->c[comp].overloaded = false;
    for (int k = tl->comp_line_off[comp]; k < tl->comp_line_off[comp + 1]; k++) {
        int line = tl->comp_line[k];
        if (!tl->dc->over[line]) continue;
        hf_line_open(tl, line);
        tl->line_share[line] = 0;
        if (tl->net->cline_entity[line] >= 0) hf_work_push(tl, tl->net->cline_entity[line]);
    }
    hf_work_push(tl, tl->net->n_entities + comp);
}
