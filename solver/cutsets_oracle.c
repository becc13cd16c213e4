/* Which candidates can matter to a target, and what a set of them does to it. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "model/cascade/steady.h"
#include "solver/cutsets_inside.h"

static const double out_slack = 1e-9; /* as in the loss figures */

typedef struct walk {
    const hf_network *net;
    bool *entity, *comp; /* reached against the direction of dependency */
    int *queue, n;
} walk;

static void reach(walk *w, int entity)
{
    if (entity < 0 || w->entity[entity]) return;
    w->entity[entity] = true;
    w->queue[w->n++] = entity;
}

/* Everything in a component of a carrier bears on each of its nodes; components hang together, so neighbours lead to all of it. */
static void reach_neighbours(walk *w, int node)
{
    const hf_network *net = w->net;
    w->comp[net->cnode_comp[node]] = true;
    for (int a = net->cadj_off[node]; a < net->cadj_off[node + 1]; a++) {
        int line = net->cadj_line[a];
        reach(w, net->cline_entity[line]);
        reach(w, net->cnode_entity[net->cline_from[line] == node ? net->cline_to[line] : net->cline_from[line]]);
    }
}

/* Breadth first; w->queue is left with all that were reached, nearest first. */
static void walk_run(walk *w, const hf_cut_options *o)
{
    const hf_network *net = w->net;
    for (int k = 0; k < o->n_targets; k++) reach(w, o->targets[k]);
    for (int at = 0; at < w->n; at++) {
        int i = w->queue[at];
        for (int g = net->req_off[i]; g < net->req_off[i + 1]; g++)
            for (int k = net->sup_off[g]; k < net->sup_off[g + 1]; k++) reach(w, net->sup_supplier[k]);
        for (int k = net->ent_cnode_off[i]; k < net->ent_cnode_off[i + 1]; k++) reach_neighbours(w, net->ent_cnode[k]);
        for (int k = net->ent_cline_off[i]; k < net->ent_cline_off[i + 1]; k++) /* a line of the rule dc may trip */
            if (net->carrier_rule[net->cline_carrier[net->ent_cline[k]]] == HF_DC) reach_neighbours(w, net->cline_from[net->ent_cline[k]]);
    }
}

/* `reach` carriers only lose by a failure; any other rule can gain when an island is parted from the rest. An own start is tried where more
 * has failed than where less has. */
static hf_cut_effect effect_of(const walk *w, const hf_cut_options *o)
{
    const hf_network *net = w->net;
    bool may_help = false;
    for (int c = 0; c < net->n_comps; c++) {
        if (!w->comp[c]) continue;
        hf_rule rule = (hf_rule)net->carrier_rule[net->cnode_carrier[net->comp_cnode[net->comp_off[c]]]];
        if (rule == HF_FLOW || rule == HF_DC) return HF_CUT_OPEN;
        may_help |= rule == HF_BALANCE;
    }
    for (int i = 0; o->timeline && i < net->n_entities; i++) may_help |= w->entity[i] && net->black_start[i];
    if (!may_help) return HF_CUT_NEVER_HELPS;
    return o->timeline && !o->run.no_repair ? HF_CUT_OPEN : HF_CUT_BOUNDED;
}

typedef struct column_order {
    int entity, candidate;
} column_order;

static int compare_columns(const void *pa, const void *pb)
{
    const column_order *a = pa, *b = pb;
    return a->entity - b->entity;
}

static hf_err columns_choose(hf_cut_oracle *o, const walk *w)
{
    int n = 0;
    column_order *order = hf_malloc((size_t)o->options->n_candidates * sizeof *order);
    if (!order) return HF_E_NOMEM;
    for (int k = 0; k < o->options->n_candidates; k++) {
        int entity = o->options->candidates[k].entity;
        if (w->entity[entity]) order[n++] = (column_order){entity, k};
    }
    qsort(order, (size_t)n, sizeof *order, compare_columns);
    int *column = hf_malloc((size_t)o->net->n_entities * sizeof *column); /* of an entity, -1: none */
    if (column) {
        for (int i = 0; i < o->net->n_entities; i++) column[i] = -1;
        for (int k = 0; k < n; k++) column[order[k].entity] = k;
        for (int k = 0, at = 0; k < w->n; k++)
            if (column[w->queue[k]] >= 0) o->near[at++] = column[w->queue[k]];
    }
    for (int k = 0; k < n; k++) o->candidate[k] = order[k].candidate;
    o->n = n;
    hf_free(column);
    hf_free(order);
    return column ? HF_OK : HF_E_NOMEM;
}

static void weights_set(hf_cut_oracle *o)
{
    double total = 0;
    for (int k = 0; k < o->options->n_targets; k++) {
        double weight = o->options->weight ? o->options->weight[k] : 1;
        o->weight[o->options->targets[k]] = weight;
        total += weight;
    }
    o->need = o->options->share * total * (1 - 1e-9); /* levels of loops are good to about that */
}

hf_err hf_cut_oracle_new(const hf_network *net, const hf_cut_options *options, hf_diag *diag, hf_cut_oracle *ret_oracle)
{
    hf_err err = HF_OK;
    size_t n = (size_t)net->n_entities, most = (size_t)options->n_candidates;
    hf_cut_oracle o = {.net = net, .options = options, .diag = diag};
    walk w = {.net = net};
    w.entity = hf_calloc(n, sizeof *w.entity);
    w.comp = hf_calloc((size_t)net->n_comps, sizeof *w.comp);
    w.queue = hf_malloc(n * sizeof *w.queue);
    o.candidate = hf_malloc(most * sizeof *o.candidate);
    o.near = hf_malloc(most * sizeof *o.near);
    o.injects = hf_malloc(most * sizeof *o.injects);
    o.weight = hf_calloc(n, sizeof *o.weight);
    if (!w.entity || !w.comp || !w.queue || !o.candidate || !o.near || !o.injects || !o.weight) HF_TRY(HF_E_NOMEM);
    HF_TRY(hf_timeline_new(net, &o.tl));
    walk_run(&w, options);
    o.effect = effect_of(&w, options);
    HF_TRY(columns_choose(&o, &w));
    weights_set(&o);
    *ret_oracle = o;
out:
    if (err != HF_OK) hf_cut_oracle_done(&o);
    hf_free(w.entity);
    hf_free(w.comp);
    hf_free(w.queue);
    return err;
}

void hf_cut_oracle_done(hf_cut_oracle *o)
{
    hf_timeline_free(o->tl);
    hf_free(o->candidate);
    hf_free(o->near);
    hf_free(o->injects);
    hf_free(o->weight);
    *o = (hf_cut_oracle){0};
}

/* How much of a target counts at a level. */
static double part_out(const hf_cut_oracle *o, double level)
{
    return o->options->graded ? 1 - level : level < o->options->out_below - out_slack;
}

/* Weight out at one moment, at its most. */
static double peak_out(const hf_cut_oracle *o)
{
    const hf_change *change = hf_timeline_changes(o->tl);
    double out = 0, most = 0;
    int n = hf_timeline_change_count(o->tl);
    for (int k = 0; k < n; k++) {
        const hf_change *c = &change[k];
        out += o->weight[c->entity] * (part_out(o, c->after) - part_out(o, c->before));
        if ((k + 1 == n || change[k + 1].at_h > c->at_h) && out > most) most = out;
    }
    return most;
}

static double steady_out(const hf_cut_oracle *o)
{
    double out = 0;
    for (int k = 0; k < o->options->n_targets; k++) {
        int i = o->options->targets[k];
        out += o->weight[i] * part_out(o, hf_timeline_level(o->tl, i));
    }
    return out;
}

static hf_err run(hf_cut_oracle *o, const int *columns, int n, bool bound, bool *ret_down)
{
    hf_err err;
    HF_TRY(hf_timeline_bound(o->tl, bound));
    for (int k = 0; k < n; k++) o->injects[k] = o->options->candidates[o->candidate[columns[k]]];
    o->runs++;
    if (o->options->timeline) {
        err = hf_timeline_run(o->tl, o->injects, n, &o->options->run, o->diag);
        *ret_down = err == HF_OK && peak_out(o) >= o->need;
    } else {
        err = hf_steady_run(o->tl, o->injects, n, o->diag);
        *ret_down = err == HF_OK && steady_out(o) >= o->need;
    }
out:
    return err;
}

hf_err hf_cut_oracle_run(hf_cut_oracle *o, const int *columns, int n, bool *ret_down)
{
    return run(o, columns, n, false, ret_down);
}

hf_err hf_cut_oracle_bound(hf_cut_oracle *o, const int *columns, int n, bool *ret_down)
{
    return run(o, columns, n, o->effect == HF_CUT_BOUNDED, ret_down);
}

bool hf_cut_oracle_spent(const hf_cut_oracle *o)
{
    return (o->options->watch.stop && *o->options->watch.stop) || (o->options->max_runs > 0 && o->runs >= o->options->max_runs);
}

hf_err hf_cut_list_add(hf_cut_list *list, const int *columns, int n)
{
    hf_err err;
    HF_TRY(hf_grow((void **)&list->off, &list->off_capacity, (size_t)list->n + 2, sizeof *list->off));
    HF_TRY(hf_grow((void **)&list->column, &list->column_capacity, (size_t)list->size + (size_t)n + 1, sizeof *list->column));
    list->off[0] = 0;
    if (n > 0) memcpy(list->column + list->size, columns, (size_t)n * sizeof *columns);
    list->size += n;
    list->off[++list->n] = list->size;
out:
    return err;
}

void hf_cut_list_done(hf_cut_list *list)
{
    hf_free(list->off);
    hf_free(list->column);
    *list = (hf_cut_list){0};
}

bool hf_cut_list_covers(const hf_cut_list *list, const int *columns, int n)
{
    for (int k = 0; k < list->n; k++) {
        int at = 0, m = list->off[k];
        for (; m < list->off[k + 1]; m++) {
            while (at < n && columns[at] < list->column[m]) at++;
            if (at == n || columns[at] != list->column[m]) break;
        }
        if (m == list->off[k + 1]) return true;
    }
    return false;
}
