#include "tests/support/naive.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/naive_carriers.h"

#define SAME 1e-9
#define FULL 1e-9

static double *doubles(int n)
{
    return malloc(((size_t)n + 1) * sizeof(double));
}

void naive_init(naive *v, const hf_network *net)
{
    int n = net->n_entities, m = net->n_requirements, c = net->n_cnodes;
    *v = (naive){net, doubles(n), doubles(n), doubles(n), doubles(m), doubles(m), doubles(c), NULL, doubles(n), doubles(n),
                 NULL, NULL, NULL, NULL, NULL, NULL, 0, doubles(n), false, false, false};
    v->held = malloc((size_t)n + 1);
    v->locked = malloc((size_t)n + 1);
    v->released = malloc((size_t)n + 1);
    v->line_share = doubles(2 * net->n_clines); /* the second half is where new ones are put */
    v->served = malloc((size_t)c + 1);
    v->open = malloc((size_t)net->n_clines + 1);
    v->label = malloc(((size_t)c + 1) * sizeof *v->label);
}

void naive_done(naive *v)
{
    free(v->cond_before);
    double *columns[] = {v->a, v->cond, v->x, v->clock, v->supply, v->share, v->line_share, v->repair_at, v->hold_since};
    for (int k = 0; k < 9; k++) free(columns[k]);
    free(v->held);
    free(v->locked);
    free(v->released);
    free(v->served);
    free(v->open);
    free(v->label);
}

static double supply_of(const naive *v, int g)
{
    const hf_network *net = v->net;
    double sum = 0;
    for (int k = net->sup_off[g]; k < net->sup_off[g + 1]; k++) {
        double x = v->x[net->sup_supplier[k]], part = x, all = 0, before = 0, same = 0;
        bool classes = false;
        int j = net->sup_supplier[k];
        for (int o = net->out_off[j]; o < net->out_off[j + 1]; o++) {
            int link = net->out_supply[o];
            all += net->sup_demand[link];
            if (net->sup_class[link] < net->sup_class[k]) before += net->sup_demand[link];
            if (net->sup_class[link] == net->sup_class[k]) same += net->sup_demand[link];
            else classes = true;
        }
        if (classes) {
            part = (x * all - before) / same;
            part = part < 0 ? 0 : part > 1 - FULL ? 1 : part;
        }
        sum += net->sup_share[k] * part;
    }
    if (net->req_response[g] == HF_THRESHOLD) return sum >= net->req_threshold[g] - FULL ? 1 : 0;
    return sum >= 1 - FULL ? 1 : sum;
}

static double curve_at(const naive *v, int g)
{
    const hf_network *net = v->net;
    double loss = 0;
    for (int k = net->curve_off[net->req_curve[g]]; k < net->curve_off[net->req_curve[g] + 1]; k++)
        if (net->curve_h[k] <= v->clock[g] + SAME) loss = net->curve_loss[k];
    return loss;
}

static double conditions(const naive *v, int i)
{
    double limit = v->a[i];
    for (int g = v->net->req_off[i]; g < v->net->req_off[i + 1]; g++) {
        double l = 1 - (1 - supply_of(v, g)) * curve_at(v, g);
        if (l < limit) limit = l;
    }
    return limit;
}

static bool line_ok(const naive *v, int line)
{
    int entity = v->net->cline_entity[line];
    return entity < 0 || v->cond[entity] > 0;
}

static bool node_ok(const naive *v, int node)
{
    return v->cond[v->net->cnode_entity[node]] > 0;
}

/* Labels by repeated passes over all lines: every node ends with the smallest label it is connected to. */
static void label_islands(naive *v, bool from_sources)
{
    const hf_network *net = v->net;
    for (int n = 0; n < net->n_cnodes; n++) v->label[n] = node_ok(v, n) && (!from_sources || net->cnode_supply[n] > 0) ? n : -1;
    for (bool again = true; again;) {
        again = false;
        for (int l = 0; l < net->n_clines; l++) {
            int p = net->cline_from[l], q = net->cline_to[l];
            if (!line_ok(v, l) || !node_ok(v, p) || !node_ok(v, q)) continue;
            bool back = !(from_sources && net->carrier_directed[net->cline_carrier[l]]);
            if (v->label[p] >= 0 && (v->label[q] < 0 || v->label[p] < v->label[q])) v->label[q] = v->label[p], again = true;
            if (back && v->label[q] >= 0 && (v->label[p] < 0 || v->label[q] < v->label[p])) v->label[p] = v->label[q], again = true;
        }
    }
}

static double island_supply(const naive *v, int label)
{
    double supply = 0;
    for (int n = 0; n < v->net->n_cnodes; n++)
        if (v->label[n] == label && node_ok(v, n)) supply += v->net->cnode_supply[n] * v->cond[v->net->cnode_entity[n]];
    return supply;
}

/* A node that does not conduct stands at the door of its first working line with a labelled neighbour; in a balance the first whose
 * island has supply, if there is one. */
static int door(const naive *v, int node, bool reach)
{
    const hf_network *net = v->net;
    int first = -1;
    if (node_ok(v, node)) return v->label[node];
    for (int l = 0; l < net->n_clines; l++) {
        int next = net->cline_from[l] == node ? net->cline_to[l] : net->cline_to[l] == node ? net->cline_from[l] : -1;
        if (next < 0 || !line_ok(v, l) || !node_ok(v, next) || v->label[next] < 0) continue;
        if (reach && net->carrier_directed[net->cline_carrier[l]] && net->cline_to[l] != node) continue;
        if (reach || island_supply(v, v->label[next]) > 0) return v->label[next];
        if (first < 0) first = v->label[next];
    }
    return first;
}

static double share_of(const naive *v, int node, const int *at)
{
    const hf_network *net = v->net;
    if (net->cnode_supply[node] > 0 && net->cnode_demand[node] <= 0) return 1;
    if (at[node] < 0) return 0;
    double supply = 0, before = 0, same = 0;
    for (int n = 0; n < net->n_cnodes; n++) {
        if (at[n] != at[node]) continue;
        supply += net->cnode_supply[n] * v->cond[net->cnode_entity[n]];
        if (net->cnode_class[n] < net->cnode_class[node]) before += net->cnode_demand[n];
        if (net->cnode_class[n] == net->cnode_class[node]) same += net->cnode_demand[n];
    }
    double left = supply - before;
    if (left < FULL * supply) left = 0;
    if (same == 0) return left > 0 ? 1 : 0;
    return left >= same * (1 - FULL) ? 1 : left / same;
}

/* Whether anything has changed at this instant that a `dc` carrier depends on. */
static bool carriers_touched(const naive *v)
{
    const hf_network *net = v->net;
    bool touched = false;
    for (int n = 0; n < net->n_cnodes; n++) {
        int i = net->cnode_entity[n];
        touched |= (v->cond[i] > 0) != (v->cond_before[i] > 0) || (net->cnode_supply[n] > 0 && v->cond[i] != v->cond_before[i]);
    }
    for (int l = 0; l < net->n_clines; l++)
        if (net->cline_entity[l] >= 0) touched |= v->cond[net->cline_entity[l]] != v->cond_before[net->cline_entity[l]];
    return touched;
}

static void shares(naive *v, bool rising, double *ret_share)
{
    const hf_network *net = v->net;
    int *at = malloc(((size_t)net->n_cnodes + 1) * sizeof *at);
    label_islands(v, true);
    for (int n = 0; n < net->n_cnodes; n++)
        if (net->carrier_rule[net->cnode_carrier[n]] == HF_REACH) ret_share[n] = door(v, n, true) >= 0 ? 1 : 0;
    label_islands(v, false);
    for (int n = 0; n < net->n_cnodes; n++) at[n] = door(v, n, false);
    for (int n = 0; n < net->n_cnodes; n++)
        if (net->carrier_rule[net->cnode_carrier[n]] == HF_BALANCE) ret_share[n] = share_of(v, n, at);
    free(at);
    double *flow = doubles(net->n_clines);
    bool *out = malloc((size_t)net->n_clines + 1);
    bool *tried = malloc((size_t)net->n_clines + 1);
    for (int l = 0; l < net->n_clines; l++) {
        out[l] = v->open[l] || (!(rising && v->touched) && v->line_share[l] == 0);
        tried[l] = !out[l] && v->line_share[l] == 0;
    }
    for (int c = 0; c < net->n_carriers; c++) {
        if (net->carrier_rule[c] == HF_FLOW) naive_flow(net, c, v->cond, ret_share);
        if (net->carrier_rule[c] == HF_DC) naive_dc(net, c, v->cond, out, tried, ret_share, v->line_share + net->n_clines, flow);
    }
    free(flow);
    free(out);
    free(tried);
}

/* One pass over everything in one direction; true when something moved, *ret_against when something wants the other way. */
static bool pass(naive *v, bool rising, double *new_share, bool *ret_against)
{
    const hf_network *net = v->net;
    bool moved = false;
    v->touched |= carriers_touched(v);
    if (net->n_cnodes > 0) shares(v, rising, new_share);
    for (int n = 0; n < net->n_cnodes; n++) {
        double step = new_share[n] - v->share[n];
        if (fabs(step) <= 1e-12) continue;
        if ((step > 0) == rising) v->share[n] = new_share[n], moved = true;
        else *ret_against = true;
    }
    for (int l = 0; l < net->n_clines; l++) {
        double next = v->line_share[net->n_clines + l];
        if (rising && next == 1 && v->line_share[l] == 0) v->line_share[l] = 1, moved = true;
        else if (rising && next == 0.5) *ret_against = true;
        else if (!rising && v->touched && v->line_share[l] == 0 && !v->open[l]) *ret_against = true;
    }
    for (int i = 0; i < net->n_entities; i++) {
        double cond = conditions(v, i), old = v->cond[i];
        bool blocked = v->locked[i] || (v->held[i] && !(v->released[i] && cond >= net->restart_below[i]));
        if (!rising && cond < old - 1e-12) {
            if (net->restart_h[i] > 0 && cond < net->restart_below[i] && old >= net->restart_below[i]) v->held[i] = true;
            v->cond[i] = cond, moved = true;
            v->locked[i] = v->locking;
        } else if (rising && cond > old + 1e-12 && !blocked) v->cond[i] = cond, v->held[i] = false, moved = true;
        else if (fabs(cond - old) > 1e-12 && !(cond > old && blocked)) *ret_against = true;
        double x = v->cond[i];
        for (int k = net->ent_cnode_off[i]; k < net->ent_cnode_off[i + 1]; k++)
            if (v->share[net->ent_cnode[k]] < x) x = v->share[net->ent_cnode[k]];
        for (int k = net->ent_cline_off[i]; k < net->ent_cline_off[i + 1]; k++)
            if (v->line_share[net->ent_cline[k]] < x) x = v->line_share[net->ent_cline[k]];
        if (rising ? x > v->x[i] + 1e-12 : x < v->x[i] - 1e-12) v->x[i] = x, moved = true;
        else if (fabs(x - v->x[i]) > 1e-12) *ret_against = true;
    }
    return moved;
}

static bool settle(naive *v, bool rising, double *new_share)
{
    bool against, tripped;
    do {
        do against = tripped = false;
        while (pass(v, rising, new_share, &against));
        for (int l = 0; l < v->net->n_clines && !rising; l++)
            if (v->line_share[v->net->n_clines + l] == 0.5) v->open[l] = tripped = true, v->line_share[l] = 0;
    } while (tripped);
    return against;
}

static double next_event(const naive *v, const hf_inject *injects, int n)
{
    const hf_network *net = v->net;
    double at = INFINITY;
    for (int k = 0; k < n; k++)
        if (injects[k].at_h > v->now + SAME && injects[k].at_h < at) at = injects[k].at_h;
    for (int i = 0; i < net->n_entities; i++) {
        if (v->repair_at[i] > v->now + SAME && v->repair_at[i] < at) at = v->repair_at[i];
        double restart = v->hold_since[i] + net->restart_h[i];
        if (v->held[i] && restart > v->now + SAME && restart < at) at = restart;
    }
    for (int g = 0; g < net->n_requirements; g++) {
        if (v->supply[g] >= 1) continue;
        for (int k = net->curve_off[net->req_curve[g]]; k < net->curve_off[net->req_curve[g] + 1]; k++) {
            if (net->curve_h[k] <= v->clock[g] + SAME) continue;
            double t = v->now + (net->curve_h[k] - v->clock[g]) / (1 - v->supply[g]);
            if (t < at) at = t;
            break;
        }
    }
    return at;
}

static void clocks_advance(naive *v, double hours)
{
    for (int g = 0; g < v->net->n_requirements; g++) {
        if (v->supply[g] < 1) v->clock[g] += (1 - v->supply[g]) * hours;
        else if (hours > 0 && v->clock[g] > 0) v->clock[g] = fmax(0, v->clock[g] - v->net->req_refill[g] * hours);
    }
}

static bool now(const naive *v, double at)
{
    return fabs(at - v->now) <= SAME;
}

static void apply_falls(naive *v, const hf_inject *injects, int n, const hf_run_options *options)
{
    for (int k = 0; k < n; k++) {
        const hf_inject *in = &injects[k];
        int i = in->entity;
        if (!now(v, in->at_h) || (in->kind != HF_INJECT_FAIL && in->kind != HF_INJECT_DEGRADE)) continue;
        if (in->level < v->a[i]) v->a[i] = in->level;
        double repair_h = isnan(in->repair_h) ? v->net->repair_h[i] : in->repair_h;
        bool repairs = in->kind == HF_INJECT_FAIL && !options->no_repair && !isnan(repair_h);
        v->repair_at[i] = repairs ? v->now + repair_h : INFINITY;
    }
}

static void apply_rises(naive *v, const hf_inject *injects, int n)
{
    for (int i = 0; i < v->net->n_entities; i++) {
        if (now(v, v->repair_at[i])) v->a[i] = 1, v->repair_at[i] = INFINITY;
        v->released[i] = v->held[i] && now(v, v->hold_since[i] + v->net->restart_h[i]);
    }
    for (int k = 0; k < n; k++) {
        const hf_inject *in = &injects[k];
        if (!now(v, in->at_h) || (in->kind != HF_INJECT_REPAIR && in->kind != HF_INJECT_RESTORE)) continue;
        double level = in->kind == HF_INJECT_REPAIR ? 1 : in->level;
        if (level > v->a[in->entity]) v->a[in->entity] = level;
        if (v->a[in->entity] == 1) v->repair_at[in->entity] = INFINITY;
    }
}

static void instant_end(naive *v)
{
    for (int g = 0; g < v->net->n_requirements; g++) v->supply[g] = supply_of(v, g);
    for (int i = 0; i < v->net->n_entities; i++) {
        v->released[i] = v->locked[i] = false;
        if (!v->held[i] || conditions(v, i) < v->net->restart_below[i]) v->hold_since[i] = NAN;
        else if (isnan(v->hold_since[i])) v->hold_since[i] = v->now;
    }
}

void naive_run(naive *v, const hf_inject *injects, int n, const hf_run_options *options, naive_instant *instant, void *context)
{
    const hf_network *net = v->net;
    double *new_share = doubles(net->n_cnodes);
    for (int i = 0; i < net->n_entities; i++) {
        v->a[i] = v->cond[i] = v->x[i] = 1;
        v->repair_at[i] = INFINITY;
        v->hold_since[i] = NAN;
        v->held[i] = v->released[i] = v->locked[i] = false;
    }
    for (int g = 0; g < net->n_requirements; g++) v->clock[g] = 0, v->supply[g] = 1;
    for (int k = 0; k < net->n_cnodes; k++) v->share[k] = 1;
    for (int l = 0; l < 2 * net->n_clines; l++) v->line_share[l] = 1;
    v->locked_out = false;
    v->now = -1; /* hour 0 is an instant of its own, for what is short before anything fails */
    for (double at = 0; at <= options->horizon_h && isfinite(at); at = next_event(v, injects, n)) {
        if (v->now >= 0) clocks_advance(v, at - v->now);
        v->now = at;
        memset(v->open, 0, (size_t)net->n_clines + 1);
        memcpy(v->cond_before, v->cond, (size_t)net->n_entities * sizeof(double));
        v->touched = false;
        apply_falls(v, injects, n, options);
        settle(v, false, new_share);
        apply_rises(v, injects, n);
        v->locking = false;
        for (int turn = 0; settle(v, turn % 2 == 0, new_share); turn++) v->locking = turn >= 100;
        v->locked_out |= v->locking;
        instant_end(v);
        if (instant) instant(context, at, v->x);
    }
    free(new_share);
}
