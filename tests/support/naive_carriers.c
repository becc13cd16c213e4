#include "tests/support/naive_carriers.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_FLOW = 12, MOST_DC = 64 };
#define FULL 1e-9

static double line_cond(const hf_network *net, const double *cond, int line)
{
    return net->cline_entity[line] < 0 ? 1 : cond[net->cline_entity[line]];
}

static double node_cond(const hf_network *net, const double *cond, int node)
{
    return cond[net->cnode_entity[node]];
}

/* Most that can enter each set of nodes (bit k: the carrier's k-th node): own supply and lines from outside. */
static void entries_fill(const hf_network *net, int carrier, const double *cond, double *ret_enter)
{
    int first = net->cnode_off[carrier], n = net->cnode_off[carrier + 1] - first;
    for (int set = 0; set < 1 << n; set++) {
        ret_enter[set] = 0;
        for (int k = 0; k < n; k++)
            if (set >> k & 1) ret_enter[set] += net->cnode_supply[first + k] * node_cond(net, cond, first + k);
        for (int l = net->cline_off[carrier]; l < net->cline_off[carrier + 1]; l++) {
            int p = net->cline_from[l] - first, q = net->cline_to[l] - first;
            double works = line_cond(net, cond, l), c = works > 0 ? net->cline_capacity[l] * works : 0;
            bool in_p = set >> p & 1, in_q = set >> q & 1;
            if (in_q && !in_p && node_cond(net, cond, first + p) > 0) ret_enter[set] += c;
            if (in_p && !in_q && node_cond(net, cond, first + q) > 0 && !net->carrier_directed[carrier]) ret_enter[set] += c;
        }
    }
}

/* One class: the fraction of all that are active is what the narrowest set allows; who is in such a set stays there. */
static void class_fill(const hf_network *net, int carrier, int class, const double *enter, double *served, double *share)
{
    int first = net->cnode_off[carrier], n = net->cnode_off[carrier + 1] - first, open = 0;
    double all = 0;
    for (int k = 0; k < n; k++) {
        all += net->cnode_demand[first + k];
        if (net->cnode_class[first + k] == class) open |= 1 << k, share[first + k] = 1;
    }
    for (double level = 0; open;) {
        double lowest = 1;
        int blocked = 0;
        for (int turn = 0; turn < 2; turn++)
            for (int set = 1; set < 1 << n; set++) {
                double left = enter[set], rise = 0;
                for (int k = 0; k < n; k++) {
                    if (!(set >> k & 1)) continue;
                    if (open >> k & 1) rise += net->cnode_demand[first + k];
                    else left -= served[k];
                }
                if (rise > 0 && turn == 0 && left / rise < lowest) lowest = left / rise;
                if (turn == 1 && left - lowest * rise <= 1e-11 * (all > 0 ? all : 1)) blocked |= set;
            }
        if (lowest < level) lowest = level;
        if (lowest < 0) lowest = 0;
        level = lowest;
        if (level >= 1 - FULL) level = 1;
        bool any_demand = false;
        for (int k = 0; k < n; k++) any_demand |= (open >> k & 1) && net->cnode_demand[first + k] > 0;
        for (int k = 0; k < n; k++) {
            if (!(open >> k & 1)) continue;
            bool stays = any_demand ? level >= 1 || (blocked >> k & 1) : true;
            if (!stays) continue;
            open &= ~(1 << k);
            share[first + k] = any_demand ? level : share[first + k];
            served[k] = level * net->cnode_demand[first + k];
        }
    }
}

/* A node without demand gets nothing when no more can enter some set that it is in, before its class is served. */
static void starved_find(const hf_network *net, int carrier, int class, const double *enter, const double *served, bool *ret_starved)
{
    int first = net->cnode_off[carrier], n = net->cnode_off[carrier + 1] - first;
    double all = 0;
    for (int k = 0; k < n; k++) all += net->cnode_demand[first + k], ret_starved[k] = false;
    for (int set = 1; set < 1 << n; set++) {
        double left = enter[set];
        for (int k = 0; k < n; k++)
            if ((set >> k & 1) && net->cnode_class[first + k] < class) left -= served[k];
        for (int k = 0; k < n; k++) ret_starved[k] |= (set >> k & 1) && left <= 1e-11 * (all > 0 ? all : 1);
    }
}

void naive_flow(const hf_network *net, int carrier, const double *cond, double *ret_share)
{
    static double enter[1 << MOST_FLOW];
    int first = net->cnode_off[carrier], n = net->cnode_off[carrier + 1] - first, highest = 0;
    double served[MOST_FLOW] = {0};
    bool starved[MOST_FLOW];
    if (n > MOST_FLOW) abort();
    entries_fill(net, carrier, cond, enter);
    for (int k = 0; k < n; k++)
        if (net->cnode_class[first + k] > highest) highest = net->cnode_class[first + k];
    for (int class = 1; class <= highest; class++) {
        starved_find(net, carrier, class, enter, served, starved);
        class_fill(net, carrier, class, enter, served, ret_share);
        for (int k = 0; k < n; k++)
            if (net->cnode_class[first + k] == class && starved[k]) ret_share[first + k] = 0;
    }
    for (int k = first; k < first + n; k++)
        if (net->cnode_supply[k] > 0 && net->cnode_demand[k] <= 0) ret_share[k] = 1;
}

typedef struct power {
    const hf_network *net;
    int carrier, first, n;
    const double *cond;
    double *tripped; /* by line: 1 or 0 */
    int label[MOST_DC], door[MOST_DC];
    double injection[MOST_DC], angle[MOST_DC];
} power;

static bool joined(const power *p, int l)
{
    const hf_network *net = p->net;
    return p->tripped[l] != 1 && line_cond(net, p->cond, l) > 0;
}

static bool up(const power *p, int k)
{
    return node_cond(p->net, p->cond, p->first + k) > 0;
}

static void label_power(power *p)
{
    const hf_network *net = p->net;
    for (int k = 0; k < p->n; k++) p->label[k] = up(p, k) ? k : -1;
    for (bool again = true; again;) {
        again = false;
        for (int l = net->cline_off[p->carrier]; l < net->cline_off[p->carrier + 1]; l++) {
            int a = net->cline_from[l] - p->first, b = net->cline_to[l] - p->first;
            if (!joined(p, l) || !up(p, a) || !up(p, b) || p->label[a] == p->label[b]) continue;
            p->label[a] = p->label[b] = p->label[a] < p->label[b] ? p->label[a] : p->label[b];
            again = true;
        }
    }
}

static double supply_in(const power *p, int label)
{
    double sum = 0;
    for (int k = 0; k < p->n; k++)
        if (p->label[k] == label) sum += p->net->cnode_supply[p->first + k] * node_cond(p->net, p->cond, p->first + k);
    return sum;
}

static void doors_find(power *p)
{
    const hf_network *net = p->net;
    for (int k = 0; k < p->n; k++) {
        p->door[k] = p->label[k];
        bool fed = false;
        for (int l = net->cline_off[p->carrier]; !up(p, k) && l < net->cline_off[p->carrier + 1]; l++) {
            int a = net->cline_from[l] - p->first, b = net->cline_to[l] - p->first, other = a == k ? b : b == k ? a : -1;
            if (other < 0 || !joined(p, l) || !up(p, other) || fed) continue;
            if (p->door[k] < 0) p->door[k] = p->label[other];
            if (supply_in(p, p->label[other]) > 0) p->door[k] = p->label[other], fed = true;
        }
    }
}

static double power_share(const power *p, int k)
{
    const hf_network *net = p->net;
    if (p->door[k] < 0) return 0;
    double supply = supply_in(p, p->door[k]), before = 0, same = 0;
    for (int i = 0; i < p->n; i++) {
        if (p->door[i] != p->door[k]) continue;
        if (net->cnode_class[p->first + i] < net->cnode_class[p->first + k]) before += net->cnode_demand[p->first + i];
        if (net->cnode_class[p->first + i] == net->cnode_class[p->first + k]) same += net->cnode_demand[p->first + i];
    }
    double left = supply - before;
    if (left < FULL * supply) left = 0;
    if (same == 0) return left > 0 ? 1 : 0;
    return left >= same * (1 - FULL) ? 1 : left / same;
}

/* Gauss-Jordan with pivots on B theta = P; the first node of each island has angle 0. */
static void angles_solve(power *p)
{
    static double a[MOST_DC][MOST_DC + 1];
    const hf_network *net = p->net;
    memset(a, 0, sizeof a);
    for (int k = 0; k < p->n; k++) a[k][p->n] = p->injection[k];
    for (int l = net->cline_off[p->carrier]; l < net->cline_off[p->carrier + 1]; l++) {
        int i = net->cline_from[l] - p->first, j = net->cline_to[l] - p->first;
        double b = 1 / net->cline_reactance[l];
        if (!joined(p, l) || !up(p, i) || !up(p, j)) continue;
        a[i][i] += b, a[j][j] += b, a[i][j] -= b, a[j][i] -= b;
    }
    for (int k = 0; k < p->n; k++)
        if (p->label[k] == k || p->label[k] < 0) {
            memset(a[k], 0, sizeof a[k]);
            a[k][k] = 1;
        }
    for (int c = 0; c < p->n; c++) {
        int best = c;
        for (int r = c + 1; r < p->n; r++)
            if (fabs(a[r][c]) > fabs(a[best][c])) best = r;
        for (int q = 0; q <= p->n; q++) {
            double swap = a[c][q];
            a[c][q] = a[best][q], a[best][q] = swap;
        }
        for (int r = 0; r < p->n; r++) {
            double f = r == c ? 0 : a[r][c] / a[c][c];
            for (int q = c; f != 0 && q <= p->n; q++) a[r][q] -= f * a[c][q];
        }
    }
    for (int k = 0; k < p->n; k++) p->angle[k] = a[k][p->n] / a[k][k];
}

static double door_weight(const power *p, int k, int l)
{
    int a = p->net->cline_from[l] - p->first, b = p->net->cline_to[l] - p->first, other = a == k ? b : b == k ? a : -1;
    return other >= 0 && joined(p, l) && up(p, other) && p->label[other] == p->door[k] ? 1 / p->net->cline_reactance[l] : 0;
}

static void injections_fill(power *p, const double *share, double *flow)
{
    const hf_network *net = p->net;
    int from = net->cline_off[p->carrier], to = net->cline_off[p->carrier + 1];
    for (int k = 0; k < p->n; k++) {
        double served = 0, supply = supply_in(p, p->label[k]);
        for (int i = 0; i < p->n; i++)
            if (p->door[i] == p->label[k] && p->label[k] >= 0) served += net->cnode_demand[p->first + i] * share[p->first + i];
        p->injection[k] = 0;
        if (up(p, k) && supply > 0) p->injection[k] = net->cnode_supply[p->first + k] * node_cond(net, p->cond, p->first + k) * served / supply;
        if (up(p, k)) p->injection[k] -= net->cnode_demand[p->first + k] * share[p->first + k];
    }
    for (int k = 0; k < p->n; k++) {
        double all = 0;
        if (up(p, k)) continue;
        for (int l = from; l < to; l++) all += door_weight(p, k, l);
        for (int l = from; l < to; l++) {
            double w = door_weight(p, k, l);
            if (w == 0) continue;
            int a = net->cline_from[l] - p->first, b = net->cline_to[l] - p->first;
            double part = net->cnode_demand[p->first + k] * share[p->first + k] * w / all;
            p->injection[a == k ? b : a] -= part;
            flow[l] = part;
        }
    }
}

void naive_dc(const hf_network *net, int carrier, const double *cond, const bool *out, const bool *tried, double *ret_share,
              double *ret_line_share, double *ret_flow)
{
    power p = {.net = net, .carrier = carrier, .first = net->cnode_off[carrier], .n = net->cnode_off[carrier + 1] - net->cnode_off[carrier],
               .cond = cond, .tripped = calloc((size_t)net->n_clines + 1, sizeof(double))};
    int from = net->cline_off[carrier], to = net->cline_off[carrier + 1];
    if (p.n > MOST_DC || !p.tripped) abort();
    for (int l = from; l < to; l++) p.tripped[l] = out[l];
    for (bool again = true; again;) {
        bool any = again = false;
        label_power(&p);
        doors_find(&p);
        for (int k = 0; k < p.n; k++) ret_share[p.first + k] = power_share(&p, k);
        for (int l = from; l < to; l++) ret_flow[l] = 0;
        injections_fill(&p, ret_share, ret_flow);
        angles_solve(&p);
        double all = 0;
        for (int k = 0; k < p.n; k++) all += net->cnode_demand[p.first + k];
        for (int l = from; l < to; l++) {
            int a = net->cline_from[l] - p.first, b = net->cline_to[l] - p.first;
            if (joined(&p, l) && up(&p, a) && up(&p, b)) ret_flow[l] = (p.angle[a] - p.angle[b]) / net->cline_reactance[l];
            double rating = net->cline_capacity[l] * line_cond(net, cond, l);
            if (joined(&p, l) && fabs(ret_flow[l]) > rating * (1 + FULL) + FULL * all) p.tripped[l] = 0.5;
        }
        bool own = false;
        for (int l = from; l < to; l++) own |= tried[l] && p.tripped[l] == 0.5, any |= p.tripped[l] == 0.5;
        for (int l = from; l < to && any; l++)
            if (tried[l] && p.tripped[l] != 1 && (!own || p.tripped[l] == 0.5)) p.tripped[l] = 1, again = true;
        for (int l = from; l < to && again; l++)
            if (p.tripped[l] == 0.5) p.tripped[l] = 0;
    }
    for (int l = from; l < to; l++) ret_line_share[l] = 1 - p.tripped[l];
    for (int k = p.first; k < p.first + p.n; k++)
        if (net->cnode_supply[k] > 0 && net->cnode_demand[k] <= 0) ret_share[k] = 1;
    free(p.tripped);
}
