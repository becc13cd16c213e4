#include "solver/cutsets.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "solver/lp.h"

typedef struct search {
    const hf_network *net;
    const hf_cutsets_options *o;
    hf_diag *diag;
    hf_timeline *tl;
    hf_run_options run;
    int n, *who;          /* candidates that can matter */
    hf_inject *injects;   /* [n] */
    bool *in;             /* [n] members of a set */
    double *level, users; /* [n_entities] scratch; all users */
    hf_lp *lp;
    hf_cutsets *to;
    size_t capacity[2];
} search;

/* ---- the event ---- */

static bool any_happened(const search *s)
{
    const hf_change *change = hf_timeline_changes(s->tl);
    for (int k = 0; k < hf_timeline_change_count(s->tl); k++) {
        if (change[k].after >= s->o->out_below) continue;
        for (int t = 0; t < s->o->n_targets; t++)
            if (s->o->targets[t] == change[k].entity) return true;
    }
    return false;
}

static bool all_happened(const search *s)
{
    for (int t = 0; t < s->o->n_targets; t++)
        if (hf_timeline_level(s->tl, s->o->targets[t]) >= s->o->out_below) return false;
    return true;
}

/* Users hit at the worst hour, change by change; changes of one instant count together. */
static bool users_happened(const search *s)
{
    const hf_change *change = hf_timeline_changes(s->tl);
    int n = hf_timeline_change_count(s->tl);
    double hit = 0, most = 0;
    for (int k = 0; k < n; k++) s->level[change[k].entity] = 1;
    for (int k = 0; k < n; k++) {
        int i = change[k].entity;
        hit += s->net->users[i] * (s->level[i] - change[k].after);
        s->level[i] = change[k].after;
        if ((k + 1 == n || change[k + 1].at_h > change[k].at_h) && hit > most) most = hit;
    }
    return most >= s->o->share * s->users * (1 - 1e-12);
}

/* Whether the failures in s->in bring the event about. */
static hf_err happens(search *s, bool *ret_happens)
{
    int n = 0;
    for (int k = 0; k < s->n; k++)
        if (s->in[k]) s->injects[n++] = (hf_inject){0, HF_INJECT_FAIL, s->who[k], 0, NAN};
    hf_err err = hf_timeline_run(s->tl, s->injects, n, &s->run, s->diag);
    s->to->runs++;
    if (err != HF_OK) return err;
    *ret_happens = s->o->event == HF_CUT_ANY ? any_happened(s) : s->o->event == HF_CUT_ALL ? all_happened(s) : users_happened(s);
    return HF_OK;
}

/* ---- who can matter ---- */

static void mark(bool *seen, int *queue, int *tail, int entity)
{
    if (seen[entity]) return;
    seen[entity] = true;
    queue[(*tail)++] = entity;
}

/* Everything that the targets depend on, directly or through others: suppliers, and all nodes and lines of a carrier part. */
static void depended_mark(const hf_network *net, bool *seen, int *queue, int tail)
{
    for (int head = 0; head < tail; head++) {
        int i = queue[head];
        for (int g = net->req_off[i]; g < net->req_off[i + 1]; g++)
            for (int k = net->sup_off[g]; k < net->sup_off[g + 1]; k++) mark(seen, queue, &tail, net->sup_supplier[k]);
        for (int k = net->ent_cnode_off[i]; k < net->ent_cnode_off[i + 1]; k++) {
            int part = net->cnode_comp[net->ent_cnode[k]];
            for (int m = net->comp_off[part]; m < net->comp_off[part + 1]; m++) {
                int node = net->comp_cnode[m];
                mark(seen, queue, &tail, net->cnode_entity[node]);
                for (int l = net->cadj_off[node]; l < net->cadj_off[node + 1]; l++)
                    if (net->cline_entity[net->cadj_line[l]] >= 0) mark(seen, queue, &tail, net->cline_entity[net->cadj_line[l]]);
            }
        }
    }
}

static hf_err candidates_choose(search *s)
{
    const hf_network *net = s->net;
    size_t n = (size_t)net->n_entities;
    hf_err err = HF_OK;
    int tail = 0, *queue = hf_malloc(n * sizeof *queue);
    bool *seen = hf_calloc(n, sizeof *seen), *target = hf_calloc(n, sizeof *target);
    s->who = hf_malloc(n * sizeof *s->who);
    if (!queue || !seen || !target || !s->who) HF_TRY(HF_E_NOMEM);
    for (int t = 0; t < s->o->n_targets; t++) {
        target[s->o->targets[t]] = true;
        mark(seen, queue, &tail, s->o->targets[t]);
    }
    if (s->o->event == HF_CUT_USERS) memset(seen, true, n * sizeof *seen);
    else depended_mark(net, seen, queue, tail);
    if (s->o->candidates) {
        for (int k = 0; k < s->o->n_candidates; k++)
            if (seen[s->o->candidates[k]]) s->who[s->n++] = s->o->candidates[k];
    } else
        for (int i = 0; i < net->n_entities; i++)
            if (seen[i] && !target[i]) s->who[s->n++] = i;
out:
    hf_free(queue);
    hf_free(seen);
    hf_free(target);
    return err;
}

/* ---- the program ---- */

static hf_err program_make(search *s)
{
    hf_err err = HF_OK;
    size_t n = (size_t)s->n;
    double *cost = hf_malloc(n * sizeof *cost), *low = hf_calloc(n, sizeof *low), *high = hf_malloc(n * sizeof *high);
    bool *integer = hf_malloc(n * sizeof *integer);
    if (!cost || !low || !high || !integer) HF_TRY(HF_E_NOMEM);
    for (size_t k = 0; k < n; k++) cost[k] = high[k] = 1, integer[k] = true;
    HF_TRY(hf_lp_new(&s->lp));
    HF_TRY(hf_lp_add_columns(s->lp, s->n, cost, low, high, integer));
out:
    hf_free(cost);
    hf_free(low);
    hf_free(high);
    hf_free(integer);
    return err;
}

/* A row over the candidates with in[k] == member. */
static hf_err row_add(search *s, bool member, double low, double high)
{
    hf_err err = HF_OK;
    int m = 0, *column = hf_malloc((size_t)s->n * sizeof *column);
    double *value = hf_malloc((size_t)s->n * sizeof *value);
    if (!column || !value) HF_TRY(HF_E_NOMEM);
    for (int k = 0; k < s->n; k++)
        if (s->in[k] == member) column[m] = k, value[m++] = 1;
    HF_TRY(hf_lp_add_rows(s->lp, 1, &low, &high, (int[]){0, m}, column, value));
    s->to->rows++;
out:
    hf_free(column);
    hf_free(value);
    return err;
}

/* Adds candidates first .. last-1 as far as the event does not come: halves of a block that brings it are tried alone. The order starts at a
 * place that moves from row to row, so that rows differ. */
static hf_err extend(search *s, const int *order, int first, int last)
{
    hf_err err = HF_OK;
    bool comes = false, *before = NULL;
    int added = 0;
    before = hf_malloc((size_t)(last - first) * sizeof *before);
    if (!before) return HF_E_NOMEM;
    for (int k = first; k < last; k++) {
        before[k - first] = s->in[order[k]];
        added += !s->in[order[k]];
        s->in[order[k]] = true;
    }
    if (added > 0) HF_TRY(happens(s, &comes));
    if (!comes) goto out;
    for (int k = first; k < last; k++) s->in[order[k]] = before[k - first];
    if (last - first == 1) goto out;
    HF_TRY(extend(s, order, first, first + (last - first) / 2));
    HF_TRY(extend(s, order, first + (last - first) / 2, last));
out:
    hf_free(before);
    return err;
}

/* The set in s->in does not bring the event: extended as far as it goes, what is outside must be hit. */
static hf_err path_row(search *s)
{
    hf_err err = HF_OK;
    int *order = hf_malloc((size_t)s->n * sizeof *order), shift = (int)(s->to->rows * 7919 % s->n);
    if (!order) return HF_E_NOMEM;
    for (int k = 0; k < s->n; k++) order[k] = (k + shift) % s->n;
    HF_TRY(extend(s, order, 0, s->n));
    HF_TRY(row_add(s, false, 1, INFINITY));
out:
    hf_free(order);
    return err;
}

/* ---- the list ---- */

static hf_err set_keep(search *s)
{
    hf_cutsets *to = s->to;
    int size = 0, at = to->off[to->n];
    for (int k = 0; k < s->n; k++) size += s->in[k];
    hf_err err = hf_grow((void **)&to->entity, &s->capacity[0], (size_t)(at + size), sizeof *to->entity);
    if (err == HF_OK) err = hf_grow((void **)&to->off, &s->capacity[1], (size_t)to->n + 2, sizeof *to->off);
    if (err != HF_OK) return err;
    for (int k = 0; k < s->n; k++)
        if (s->in[k]) to->entity[at++] = s->who[k];
    to->off[++to->n] = at;
    return HF_OK;
}

/* A set that can do without one of its entities would be a fault of the program: HF_E_SOLVER. */
static hf_err minimal_check(search *s)
{
    for (int k = 0; k < s->n; k++) {
        bool comes = false;
        if (!s->in[k]) continue;
        s->in[k] = false;
        hf_err err = happens(s, &comes);
        s->in[k] = true;
        if (err != HF_OK) return err;
        if (comes) {
            hf_diag_add(s->diag, HF_ERROR, HF_E_SOLVER, NULL, 0, 0, "a cut set that was called smallest can do without %s", s->net->id[s->who[k]]);
            return HF_E_SOLVER;
        }
    }
    return HF_OK;
}

/* The next smallest set of candidates that the rows allow, into s->in; *ret_size is -1 when there is none. */
static hf_err next_set(search *s, int *ret_size)
{
    hf_lp_integer_options options = {.cancel = s->o->watch.stop};
    hf_err err = hf_lp_solve_integer(s->lp, &options);
    if (err != HF_OK) return err;
    *ret_size = -1;
    if (hf_lp_get_status(s->lp) == HF_LP_INFEASIBLE) return HF_OK;
    if (hf_lp_get_status(s->lp) != HF_LP_OPTIMAL) return s->o->watch.stop && *s->o->watch.stop ? HF_E_INTERRUPTED : HF_E_SOLVER;
    *ret_size = 0;
    for (int k = 0; k < s->n; k++) {
        s->in[k] = hf_lp_x(s->lp)[k] > 0.5;
        *ret_size += s->in[k];
    }
    return HF_OK;
}

static hf_err sets_find(search *s)
{
    hf_err err = HF_OK;
    for (;;) {
        int size = 0;
        bool comes = false;
        HF_TRY(next_set(s, &size));
        if (size < 0) {
            s->to->complete = true;
            s->to->size_done = s->n;
            break;
        }
        s->to->size_done = size - 1; /* nothing smaller is left */
        if (size > s->o->max_size || s->to->n == s->o->max_count) break;
        HF_TRY(happens(s, &comes));
        if (!comes) {
            HF_TRY(path_row(s));
            continue;
        }
        HF_TRY(minimal_check(s));
        HF_TRY(set_keep(s));
        HF_TRY(row_add(s, true, -INFINITY, size - 1));
        if (s->o->watch.progress) s->o->watch.progress(s->o->watch.context, s->to->n, s->o->max_count);
    }
out:
    return err == HF_E_INTERRUPTED ? HF_OK : err;
}

/* ---- order and probability ---- */

typedef struct listed {
    const int *entity;
    int n;
} listed;

static int compare_sets(const void *pa, const void *pb)
{
    const listed *a = pa, *b = pb;
    if (a->n != b->n) return a->n - b->n;
    for (int k = 0; k < a->n; k++)
        if (a->entity[k] != b->entity[k]) return a->entity[k] - b->entity[k];
    return 0;
}

static int compare_ints(const void *a, const void *b)
{
    return *(const int *)a - *(const int *)b;
}

static hf_err sets_sort(hf_cutsets *to)
{
    hf_err err = HF_OK;
    listed *list = hf_malloc((size_t)to->n * sizeof *list);
    int *sorted = hf_malloc((size_t)to->off[to->n] * sizeof *sorted), at = 0;
    if (!list || !sorted) HF_TRY(HF_E_NOMEM);
    for (int k = 0; k < to->n; k++) {
        qsort(to->entity + to->off[k], (size_t)(to->off[k + 1] - to->off[k]), sizeof *to->entity, compare_ints);
        list[k] = (listed){to->entity + to->off[k], to->off[k + 1] - to->off[k]};
    }
    qsort(list, (size_t)to->n, sizeof *list, compare_sets);
    for (int k = 0; k < to->n; k++) {
        to->off[k] = at;
        for (int m = 0; m < list[k].n; m++) sorted[at++] = list[k].entity[m];
    }
    memcpy(to->entity, sorted, (size_t)at * sizeof *sorted);
out:
    hf_free(list);
    hf_free(sorted);
    return err;
}

static hf_err probabilities_fill(search *s)
{
    hf_cutsets *to = s->to;
    to->union_low = to->union_high = NAN;
    if (!s->o->probability) return HF_OK;
    to->probability = hf_malloc((size_t)to->n * sizeof *to->probability);
    if (!to->probability) return HF_E_NOMEM;
    for (int k = 0; k < to->n; k++) {
        to->probability[k] = 1;
        for (int m = to->off[k]; m < to->off[k + 1]; m++) to->probability[k] *= s->o->probability[to->entity[m]];
    }
    hf_cutsets_union(to->off, to->entity, to->n, s->o->probability, 1000000, &to->union_low, &to->union_high);
    return HF_OK;
}

/* ---- the whole ---- */

static hf_err options_check(const hf_network *net, const hf_cutsets_options *o)
{
    if (o->max_size < 1 || o->max_count < 1 || !(o->out_below > 0 && o->out_below <= 1) || !isfinite(o->run.horizon_h)) return HF_E_RANGE;
    if (o->event == HF_CUT_USERS ? !(o->share > 0 && o->share <= 1) : o->n_targets < 1) return HF_E_RANGE;
    for (int t = 0; t < o->n_targets; t++)
        if (o->targets[t] < 0 || o->targets[t] >= net->n_entities) return HF_E_RANGE;
    for (int k = 0; o->candidates && k < o->n_candidates; k++)
        if (o->candidates[k] < 0 || o->candidates[k] >= net->n_entities) return HF_E_RANGE;
    for (int i = 0; o->probability && i < net->n_entities; i++)
        if (!(o->probability[i] >= 0 && o->probability[i] <= 1)) return HF_E_RANGE;
    return HF_OK;
}

/* Nobody failing must not bring the event about, everybody failing must. */
static hf_err event_check(search *s)
{
    bool comes = false;
    hf_err err = happens(s, &comes);
    if (err == HF_OK && comes) {
        hf_diag_add(s->diag, HF_ERROR, HF_E_NO_ANSWER, NULL, 0, 0, "the event is there without any failure");
        return HF_E_NO_ANSWER;
    }
    for (int k = 0; k < s->n; k++) s->in[k] = true;
    if (err == HF_OK && s->n > 0) err = happens(s, &comes);
    for (int k = 0; k < s->n; k++) s->in[k] = false;
    if (err == HF_OK && !comes) {
        hf_diag_add(s->diag, HF_ERROR, HF_E_NO_ANSWER, NULL, 0, 0, "no failure of those that may fail brings the event about within %g h", s->run.horizon_h);
        err = HF_E_NO_ANSWER;
    }
    return err;
}

static hf_err search_init(search *s)
{
    hf_err err = HF_OK;
    HF_TRY(candidates_choose(s));
    s->injects = hf_malloc((size_t)s->n * sizeof *s->injects);
    s->in = hf_calloc((size_t)s->n, sizeof *s->in);
    s->level = hf_malloc((size_t)s->net->n_entities * sizeof *s->level);
    if (!s->injects || !s->in || !s->level) HF_TRY(HF_E_NOMEM);
    for (int i = 0; i < s->net->n_entities; i++) s->users += s->net->users[i];
    HF_TRY(hf_timeline_new(s->net, &s->tl));
    HF_TRY(hf_grow((void **)&s->to->off, &s->capacity[1], 1, sizeof *s->to->off));
    s->to->off[0] = 0;
out:
    return err;
}

hf_err hf_cutsets_find(const hf_network *net, const hf_cutsets_options *options, hf_diag *diag, hf_cutsets **ret_cutsets)
{
    hf_err err = options_check(net, options);
    if (err != HF_OK) return err;
    for (int c = 0; c < net->n_carriers; c++)
        if (net->carrier_rule[c] == HF_DC) {
            hf_diag_add(diag, HF_ERROR, HF_E_UNSUPPORTED, NULL, 0, 0, "carrier %s follows the rule dc, where one more failure can help: no smallest sets",
                        net->carrier_id[c]);
            return HF_E_UNSUPPORTED;
        }
    search s = {.net = net, .o = options, .diag = diag, .run = options->run};
    s.run.no_repair = true;
    s.to = hf_calloc(1, sizeof *s.to);
    if (!s.to) return HF_E_NOMEM;
    HF_TRY(search_init(&s));
    HF_TRY(event_check(&s));
    HF_TRY(program_make(&s));
    HF_TRY(sets_find(&s));
    HF_TRY(sets_sort(s.to));
    HF_TRY(probabilities_fill(&s));
    *ret_cutsets = s.to;
    s.to = NULL;
out:
    hf_cutsets_free(s.to);
    hf_lp_free(s.lp);
    hf_timeline_free(s.tl);
    void *all[] = {s.who, s.injects, s.in, s.level};
    for (size_t k = 0; k < sizeof all / sizeof *all; k++) hf_free(all[k]);
    return err;
}

void hf_cutsets_free(hf_cutsets *cutsets)
{
    if (!cutsets) return;
    hf_free(cutsets->off);
    hf_free(cutsets->entity);
    hf_free(cutsets->probability);
    hf_free(cutsets);
}
