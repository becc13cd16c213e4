#include "solver/cutsets.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "solver/cutsets_inside.h"

enum { UNION_STEPS = 200000 };
/* With more candidates, and sets of at most FEW, halving is faster than integer programs; sooner where their rows come from bounds. */
enum { MANY = 200, MANY_BOUNDED = 30, FEW = 4 };

static hf_err refuse(hf_diag *diag, const char *what, double value, const char *allowed)
{
    hf_diag_add(diag, HF_ERROR, HF_E_RANGE, NULL, 0, 0, "%s is %g (allowed: %s)", what, value, allowed);
    return HF_E_RANGE;
}

static hf_err target_check(const hf_network *net, const hf_cut_options *o, hf_diag *diag)
{
    double total = 0;
    if (o->n_targets < 1) return refuse(diag, "the number of target entities", o->n_targets, "1 or more");
    if (!(o->share > 0 && o->share <= 1)) return refuse(diag, "the share of the target", o->share, "above 0, up to 1");
    if (!(o->out_below > 0 && o->out_below <= 1)) return refuse(diag, "the level below which an entity is out", o->out_below, "above 0, up to 1");
    for (int k = 0; k < o->n_targets; k++) {
        if (o->targets[k] < 0 || o->targets[k] >= net->n_entities) return refuse(diag, "a target's index", o->targets[k], "an entity");
        double weight = o->weight ? o->weight[k] : 1;
        if (!(weight >= 0 && isfinite(weight))) return refuse(diag, "a target's weight", weight, "0 or more");
        total += weight;
    }
    return total > 0 ? HF_OK : refuse(diag, "the weight of all targets", total, "above 0");
}

static hf_err candidates_check(const hf_network *net, const hf_cut_options *o, hf_diag *diag)
{
    hf_err err = HF_OK;
    bool *named = hf_calloc((size_t)net->n_entities, sizeof *named);
    if (!named) return HF_E_NOMEM;
    for (int k = 0; k < o->n_candidates; k++) {
        const hf_inject *c = &o->candidates[k];
        if (c->entity < 0 || c->entity >= net->n_entities) HF_TRY(refuse(diag, "a candidate's index", c->entity, "an entity"));
        if (named[c->entity]) {
            hf_diag_add(diag, HF_ERROR, HF_E_DUPLICATE, NULL, 0, 0, "%s is a candidate twice", net->id[c->entity]);
            HF_TRY(HF_E_DUPLICATE);
        }
        named[c->entity] = true;
        if (c->kind != HF_INJECT_FAIL && c->kind != HF_INJECT_DEGRADE) HF_TRY(refuse(diag, "the kind of a candidate's inject", c->kind, "fail or degrade"));
        if (!(c->level >= 0 && c->level <= 1)) HF_TRY(refuse(diag, "the level a candidate falls to", c->level, "0 to 1"));
        if (!o->probability || (o->probability[k] >= 0 && o->probability[k] <= 1)) continue;
        hf_diag_add(diag, HF_ERROR, HF_E_RANGE, NULL, 0, 0, "the probability that %s fails is %g (allowed: 0 to 1)", net->id[c->entity], o->probability[k]);
        HF_TRY(HF_E_RANGE);
    }
out:
    hf_free(named);
    return err;
}

static hf_err options_check(const hf_network *net, const hf_cut_options *o, hf_diag *diag)
{
    hf_err err;
    HF_TRY(target_check(net, o, diag));
    HF_TRY(candidates_check(net, o, diag));
    if (o->max_size < 1) return refuse(diag, "the largest size of a set", o->max_size, "1 or more");
    if (o->max_sets < 1) return refuse(diag, "the number of sets", o->max_sets, "1 or more");
out:
    return err;
}

typedef struct span {
    const int *column;
    int n;
} span;

static int compare_spans(const void *pa, const void *pb)
{
    const span *a = pa, *b = pb;
    if (a->n != b->n) return a->n - b->n;
    for (int k = 0; k < a->n; k++)
        if (a->column[k] != b->column[k]) return a->column[k] - b->column[k];
    return 0;
}

/* Smaller sets first, then by members; columns are in the order of entities. */
static hf_err sets_fill(const hf_cut_search *s, hf_cut_sets *to)
{
    const hf_cut_oracle *o = s->oracle;
    const hf_cut_list *found = &s->found;
    hf_err err = HF_OK;
    span *order = hf_malloc((size_t)found->n * sizeof *order);
    to->off = hf_malloc(((size_t)found->n + 1) * sizeof *to->off);
    to->entity = hf_malloc((size_t)found->size * sizeof *to->entity);
    if (o->options->probability) to->probability = hf_malloc((size_t)found->n * sizeof *to->probability);
    if (!order || !to->off || !to->entity || (o->options->probability && !to->probability)) HF_TRY(HF_E_NOMEM);
    for (int k = 0; k < found->n; k++) order[k] = (span){found->column + found->off[k], found->off[k + 1] - found->off[k]};
    qsort(order, (size_t)found->n, sizeof *order, compare_spans);
    to->n = found->n;
    to->off[0] = 0;
    for (int k = 0; k < to->n; k++) {
        double p = 1;
        to->off[k + 1] = to->off[k] + order[k].n;
        for (int j = 0; j < order[k].n; j++) {
            int candidate = o->candidate[order[k].column[j]];
            to->entity[to->off[k] + j] = o->options->candidates[candidate].entity;
            if (o->options->probability) p *= o->options->probability[candidate];
        }
        if (to->probability) to->probability[k] = p;
    }
out:
    hf_free(order);
    return err;
}

/* P(at least k of n independent failures), by adding one after the other. */
static hf_err at_least(const double *p, int n, int k, double *ret_p)
{
    double *exactly = hf_calloc((size_t)k + 1, sizeof *exactly), sum = 0; /* [j] of those seen, j fail; the last cell stands for k and more */
    if (!exactly) return HF_E_NOMEM;
    exactly[0] = 1;
    for (int i = 0; i < n; i++)
        for (int j = k; j >= 0; j--) {
            double from = j > 0 ? exactly[j - 1] * p[i] : 0;
            exactly[j] = exactly[j] * (j == k ? 1 : 1 - p[i]) + from;
        }
    sum = exactly[k];
    hf_free(exactly);
    *ret_p = sum;
    return HF_OK;
}

/* That just the members of a set fail, for each set: events that exclude each other. */
static double alone_sum(const hf_cut_search *s, const double *p)
{
    double sum = 0;
    for (int k = 0; k < s->found.n; k++) {
        double alone = 1;
        int at = s->found.off[k];
        for (int c = 0; c < s->oracle->n; c++) {
            bool member = at < s->found.off[k + 1] && s->found.column[at] == c;
            at += member;
            alone *= member ? p[c] : 1 - p[c];
        }
        sum += alone;
    }
    return sum;
}

/* Sets that are not listed have more members than complete_to. Where a failure can help, a set that holds a cut set need not take the target
 * down, so only failures of just a listed set count for sure. */
static hf_err probability_fill(const hf_cut_search *s, hf_cut_sets *to)
{
    const hf_cut_oracle *o = s->oracle;
    hf_err err = HF_OK;
    double rest = 0;
    double *p = hf_malloc((size_t)o->n * sizeof *p);
    if (!p) return HF_E_NOMEM;
    for (int c = 0; c < o->n; c++) p[c] = o->options->probability[o->candidate[c]];
    HF_TRY(hf_union_probability(s->found.n, s->found.off, s->found.column, o->n, p, UNION_STEPS, &to->p_low, &to->p_high));
    if (!s->complete) HF_TRY(at_least(p, o->n, s->complete_to + 1, &rest));
    to->p_high = fmin(1, to->p_high + rest);
    if (!to->monotone) to->p_low = fmin(to->p_high, alone_sum(s, p));
    to->p_exact = s->complete && to->monotone && to->p_high - to->p_low <= 1e-12 * to->p_high;
out:
    hf_free(p);
    return err;
}

static hf_cut_method method_choose(const hf_cut_oracle *o)
{
    if (o->effect == HF_CUT_OPEN) return HF_CUT_ENUMERATION;
    if (o->options->method != HF_CUT_AUTO) return o->options->method;
    int many = o->effect == HF_CUT_BOUNDED ? MANY_BOUNDED : MANY;
    return o->n > many && o->options->max_size <= FEW ? HF_CUT_HALVING : HF_CUT_HITTING_SETS;
}

static hf_err search_run(hf_cut_search *s, hf_cut_sets *to)
{
    hf_cut_oracle *o = s->oracle;
    hf_err err;
    bool down;
    to->method = method_choose(o);
    HF_TRY(hf_cut_oracle_run(o, NULL, 0, &down));
    if (down) {
        s->complete = true;
        HF_TRY(hf_cut_list_add(&s->found, NULL, 0));
    } else if (o->n == 0) s->complete = true;
    else if (to->method == HF_CUT_HALVING) HF_TRY(hf_cut_search_boxes(s));
    else if (to->method == HF_CUT_HITTING_SETS) HF_TRY(hf_cut_search_programs(s));
    else HF_TRY(hf_cut_search_every(s, 1));
    if (s->complete) s->complete_to = o->n;
    to->monotone = o->effect == HF_CUT_NEVER_HELPS;
    to->complete = s->complete;
    to->complete_to = s->complete_to;
    to->relevant = o->n;
    to->runs = o->runs;
    to->programs = s->programs;
    HF_TRY(sets_fill(s, to));
    if (down) to->p_low = to->p_high = 1, to->p_exact = true;
    else if (o->options->probability) HF_TRY(probability_fill(s, to));
out:
    return err;
}

hf_err hf_cut_sets_find(const hf_network *net, const hf_cut_options *options, hf_diag *diag, hf_cut_sets **ret_sets)
{
    hf_cut_oracle oracle;
    hf_err err = options_check(net, options, diag);
    if (err == HF_OK) err = hf_cut_oracle_new(net, options, diag, &oracle);
    if (err != HF_OK) return err;
    hf_cut_search search = {.oracle = &oracle};
    hf_cut_sets *to = hf_calloc(1, sizeof *to);
    err = to ? search_run(&search, to) : HF_E_NOMEM;
    hf_cut_list_done(&search.found);
    hf_cut_oracle_done(&oracle);
    if (err == HF_OK) *ret_sets = to;
    else hf_cut_sets_free(to);
    return err;
}

void hf_cut_sets_free(hf_cut_sets *sets)
{
    if (!sets) return;
    hf_free(sets->off);
    hf_free(sets->entity);
    hf_free(sets->probability);
    hf_free(sets);
}
