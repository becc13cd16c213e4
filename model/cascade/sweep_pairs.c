/* Every pair, pruned exactly. What a cascade touches is a list of tokens: requirements that lost a supplier, carrier islands that lost a
 * node or line, entities hit. Two cascades without a common token do not see each other: no requirement receives less than in one of
 * them alone, so every entity does in the pair what it does in the one cascade that hits it. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/parallel.h"
#include "model/cascade/sweep_workers.h"

/* Users hit over time: steps of one single failure. */
typedef struct series {
    int n;
    double *hour, *users;
} series;

typedef struct single {
    hf_cascade_summary summary;
    int n_hit, n_tokens, *hit, *tokens; /* tokens ascending, each once */
    series users;
} single;

typedef struct sweep {
    hf_sweep_workers workers;
    const hf_network *net;
    single *single;      /* [entities] */
    int *holder_off, *holder; /* entities whose cascade has token t: holder[holder_off[t]] .. */
    hf_rank_by by;
    int top;
    int **stamp;         /* of each worker [entities]: last entity whose cascade can meet this one's */
    hf_pair **best;      /* of each worker, a heap of at most `top` with the least at its root */
    int *n_best;
    long *run, *pairs;   /* of each worker */
} sweep;

static int token_count(const hf_network *net)
{
    return net->n_requirements + net->n_comps + net->n_entities;
}

static int compare_ints(const void *a, const void *b)
{
    int x = *(const int *)a, y = *(const int *)b;
    return (x > y) - (x < y);
}

typedef struct ints {
    int *item;
    size_t n, capacity;
} ints;

static hf_err add(ints *list, int item)
{
    hf_err err = hf_grow((void **)&list->item, &list->capacity, list->n + 1, sizeof *list->item);
    if (err == HF_OK) list->item[list->n++] = item;
    return err;
}

static hf_err entity_tokens(const hf_network *net, int i, ints *to)
{
    hf_err err = HF_OK;
    HF_TRY(add(to, net->n_requirements + net->n_comps + i));
    for (int k = net->out_off[i]; k < net->out_off[i + 1]; k++) HF_TRY(add(to, net->sup_req[net->out_supply[k]]));
    for (int k = net->ent_cnode_off[i]; k < net->ent_cnode_off[i + 1]; k++) HF_TRY(add(to, net->n_requirements + net->cnode_comp[net->ent_cnode[k]]));
    for (int k = net->ent_cline_off[i]; k < net->ent_cline_off[i + 1]; k++)
        HF_TRY(add(to, net->n_requirements + net->cnode_comp[net->cline_from[net->ent_cline[k]]]));
out:
    return err;
}

static hf_err tokens_keep(const hf_network *net, const int *hit, int n_hit, single *to)
{
    hf_err err = HF_OK;
    ints list = {0};
    for (int k = 0; k < n_hit; k++) HF_TRY(entity_tokens(net, hit[k], &list));
    qsort(list.item, list.n, sizeof *list.item, compare_ints);
    for (size_t k = 0; k < list.n; k++)
        if (k == 0 || list.item[k] != list.item[k - 1]) list.item[to->n_tokens++] = list.item[k];
    to->tokens = list.item;
    list.item = NULL;
out:
    hf_free(list.item);
    return err;
}

/* Keeps what a pair needs to know of the run that has just been summed up. */
static hf_err single_keep(sweep *s, int worker, int entity)
{
    const hf_network *net = s->net;
    const hf_timeline *tl = s->workers.worker[worker].tl;
    const hf_change *change = hf_timeline_changes(tl);
    single *to = &s->single[entity];
    const int *hit = NULL;
    int n = hf_timeline_change_count(tl);
    to->n_hit = hf_summarizer_hit(s->workers.worker[worker].summarizer, &hit);
    to->hit = hf_malloc((size_t)to->n_hit * sizeof *to->hit);
    to->users.hour = hf_malloc((size_t)n * sizeof *to->users.hour);
    to->users.users = hf_malloc((size_t)n * sizeof *to->users.users);
    if (!to->hit || !to->users.hour || !to->users.users) return HF_E_NOMEM;
    memcpy(to->hit, hit, (size_t)to->n_hit * sizeof *hit);
    double users = 0;
    for (int k = 0; k < n; k++) {
        users += net->users[change[k].entity] * (change[k].before - change[k].after);
        if (k + 1 < n && change[k + 1].at_h <= change[k].at_h) continue;
        to->users.hour[to->users.n] = change[k].at_h;
        to->users.users[to->users.n++] = users;
    }
    return tokens_keep(net, hit, to->n_hit, to);
}

static hf_err singles_body(void *context, int worker, long first, long last)
{
    sweep *s = context;
    for (long i = first; i < last; i++) {
        hf_inject fail = {0, HF_INJECT_FAIL, (int)i, 0, NAN};
        hf_err err = hf_sweep_run(&s->workers, worker, &fail, 1, &s->single[i].summary);
        if (err == HF_OK) err = single_keep(s, worker, (int)i);
        if (err != HF_OK) return err;
    }
    return HF_OK;
}

/* Who holds each token, ascending. */
static hf_err holders_index(sweep *s)
{
    int tokens = token_count(s->net), n = s->net->n_entities;
    s->holder_off = hf_calloc((size_t)tokens + 2, sizeof *s->holder_off);
    if (!s->holder_off) return HF_E_NOMEM;
    size_t total = 0;
    for (int i = 0; i < n; i++) {
        total += (size_t)s->single[i].n_tokens;
        for (int k = 0; k < s->single[i].n_tokens; k++) s->holder_off[s->single[i].tokens[k] + 2]++;
    }
    s->holder = hf_malloc(total * sizeof *s->holder);
    if (!s->holder) return HF_E_NOMEM;
    for (int t = 0; t < tokens; t++) s->holder_off[t + 2] += s->holder_off[t + 1];
    for (int i = 0; i < n; i++)
        for (int k = 0; k < s->single[i].n_tokens; k++) s->holder[s->holder_off[s->single[i].tokens[k] + 1]++] = i;
    return HF_OK;
}

/* Largest sum of two step functions, and where. */
static void peak_of_sum(const series *a, const series *b, hf_cascade_summary *to)
{
    double x = 0, y = 0;
    to->users_hit_peak = to->worst_hour = 0;
    for (int j = 0, k = 0; j < a->n || k < b->n;) {
        double next_a = j < a->n ? a->hour[j] : INFINITY, next_b = k < b->n ? b->hour[k] : INFINITY, hour = next_a < next_b ? next_a : next_b;
        if (next_a <= hour) x = a->users[j++];
        if (next_b <= hour) y = b->users[k++];
        if (x + y <= to->users_hit_peak) continue;
        to->users_hit_peak = x + y;
        to->worst_hour = hour;
    }
}

/* How many different values a label takes over both cascades' entities; `seen` is scratch of its size, zero on entry and exit. */
static int labels_reached(const hf_network *net, const int *label, const single *a, const single *b, bool abroad, unsigned char *seen)
{
    int n = 0;
    const single *of[2] = {a, b};
    for (int pass = 0; pass < 2; pass++) /* count, then clear */
        for (int w = 0; w < 2; w++)
            for (int k = 0; k < of[w]->n_hit; k++) {
                int i = of[w]->hit[k];
                n += pass == 0 && !seen[label[i]];
                seen[label[i]] = pass == 0;
                for (int q = net->abroad_off[i]; abroad && q < net->abroad_off[i + 1]; q++) {
                    n += pass == 0 && !seen[net->abroad_country[q]];
                    seen[net->abroad_country[q]] = pass == 0;
                }
            }
    return n;
}

static hf_err union_of(const sweep *s, int first, int second, hf_cascade_summary *ret_summary)
{
    const hf_network *net = s->net;
    const single *a = &s->single[first], *b = &s->single[second];
    int labels = net->countries.n > net->sectors.n ? net->countries.n : net->sectors.n;
    unsigned char *seen = hf_calloc((size_t)labels, 1);
    if (!seen) return HF_E_NOMEM;
    hf_cascade_summary to = {.entities_out = a->summary.entities_out + b->summary.entities_out,
                             .entities_hit = a->summary.entities_hit + b->summary.entities_hit,
                             .user_hours = a->summary.user_hours + b->summary.user_hours,
                             .value_eur = a->summary.value_eur + b->summary.value_eur,
                             .depth = a->summary.depth > b->summary.depth ? a->summary.depth : b->summary.depth,
                             .locked_out = a->summary.locked_out || b->summary.locked_out};
    peak_of_sum(&a->users, &b->users, &to);
    to.countries_reached = labels_reached(net, net->country, a, b, true, seen);
    to.sectors_reached = labels_reached(net, net->sector, a, b, false, seen);
    hf_free(seen);
    *ret_summary = to;
    return HF_OK;
}

static double pair_value(const hf_pair *p, hf_rank_by by)
{
    return by == HF_RANK_EXCESS ? p->excess_user_hours : hf_rank_value(&p->summary, by);
}

/* Whether p ranks behind q: a total order, so that the best are the same for any number of threads. */
static bool behind(const hf_pair *p, const hf_pair *q, hf_rank_by by)
{
    double x = pair_value(p, by), y = pair_value(q, by);
    if (x != y) return x < y;
    return p->first != q->first ? p->first > q->first : p->second > q->second;
}

static void heap_sift(hf_pair *heap, int n, hf_pair item, hf_rank_by by)
{
    int at = 0;
    for (int child; (child = 2 * at + 1) < n; at = child) {
        if (child + 1 < n && behind(&heap[child + 1], &heap[child], by)) child++;
        if (!behind(&heap[child], &item, by)) break;
        heap[at] = heap[child];
    }
    heap[at] = item;
}

static void best_offer(sweep *s, int worker, const hf_pair *p)
{
    hf_pair *heap = s->best[worker];
    int *n = &s->n_best[worker];
    if (*n == s->top) {
        if (behind(&heap[0], p, s->by)) heap_sift(heap, *n, *p, s->by);
        return;
    }
    int at = (*n)++;
    for (; at > 0 && behind(p, &heap[(at - 1) / 2], s->by); at = (at - 1) / 2) heap[at] = heap[(at - 1) / 2];
    heap[at] = *p;
}

/* Whether a union can get into the ranking at all: no figure of it is above the sum of its parts', but for the hour at which it is worst. */
static bool union_may_rank(const sweep *s, int worker, int first, int second)
{
    if (s->n_best[worker] < s->top || s->by == HF_RANK_WORST_HOUR) return true;
    double most = s->by == HF_RANK_EXCESS
                      ? 0
                      : hf_rank_value(&s->single[first].summary, s->by) + hf_rank_value(&s->single[second].summary, s->by);
    return most >= pair_value(&s->best[worker][0], s->by);
}

static hf_err pair_do(sweep *s, int worker, int first, int second, bool can_meet)
{
    hf_pair p = {first, second, can_meet, {0}, 0};
    hf_err err = HF_OK;
    s->pairs[worker]++;
    if (can_meet) {
        hf_inject fail[2] = {{0, HF_INJECT_FAIL, first, 0, NAN}, {0, HF_INJECT_FAIL, second, 0, NAN}};
        err = hf_sweep_run(&s->workers, worker, fail, 2, &p.summary);
        p.excess_user_hours = p.summary.user_hours - s->single[first].summary.user_hours - s->single[second].summary.user_hours;
        s->run[worker]++;
    } else if (union_may_rank(s, worker, first, second)) err = union_of(s, first, second, &p.summary);
    else return HF_OK;
    if (err == HF_OK) best_offer(s, worker, &p);
    return err;
}

static hf_err pairs_body(void *context, int worker, long first, long last)
{
    sweep *s = context;
    int *stamp = s->stamp[worker], n = s->net->n_entities;
    for (int a = (int)first; a < (int)last; a++) {
        for (int t = 0; t < s->single[a].n_tokens; t++) {
            int token = s->single[a].tokens[t];
            for (int k = s->holder_off[token]; k < s->holder_off[token + 1]; k++) stamp[s->holder[k]] = a + 1;
        }
        for (int b = a + 1; b < n; b++) {
            hf_err err = pair_do(s, worker, a, b, stamp[b] == a + 1);
            if (err != HF_OK) return err;
        }
    }
    return HF_OK;
}

static hf_err scratch_new(sweep *s, int threads)
{
    s->stamp = hf_calloc((size_t)threads, sizeof *s->stamp);
    s->best = hf_calloc((size_t)threads, sizeof *s->best);
    s->n_best = hf_calloc((size_t)threads, sizeof *s->n_best);
    s->run = hf_calloc((size_t)threads, sizeof *s->run);
    s->pairs = hf_calloc((size_t)threads, sizeof *s->pairs);
    s->single = hf_calloc((size_t)s->net->n_entities, sizeof *s->single);
    if (!s->stamp || !s->best || !s->n_best || !s->run || !s->pairs || !s->single) return HF_E_NOMEM;
    for (int k = 0; k < threads; k++) {
        s->stamp[k] = hf_calloc((size_t)s->net->n_entities, sizeof **s->stamp);
        s->best[k] = hf_malloc((size_t)s->top * sizeof **s->best);
        if (!s->stamp[k] || !s->best[k]) return HF_E_NOMEM;
    }
    return HF_OK;
}

static void sweep_done(sweep *s, int threads)
{
    for (int i = 0; s->single && i < s->net->n_entities; i++) {
        hf_free(s->single[i].hit);
        hf_free(s->single[i].tokens);
        hf_free(s->single[i].users.hour);
        hf_free(s->single[i].users.users);
    }
    for (int k = 0; k < threads; k++) {
        if (s->stamp) hf_free(s->stamp[k]);
        if (s->best) hf_free(s->best[k]);
    }
    void *blocks[] = {s->single, s->holder_off, s->holder, s->stamp, s->best, s->n_best, s->run, s->pairs};
    for (size_t k = 0; k < sizeof blocks / sizeof *blocks; k++) hf_free(blocks[k]);
    hf_sweep_workers_done(&s->workers);
}

/* The best of all workers, worst cost first. Empties the heaps into one and then out of it. */
static hf_err best_collect(sweep *s, int threads, hf_pair **ret_top, int *ret_n)
{
    for (int k = 1; k < threads; k++)
        for (int j = 0; j < s->n_best[k]; j++) best_offer(s, 0, &s->best[k][j]);
    int n = s->n_best[0];
    hf_pair *top = hf_malloc((size_t)n * sizeof *top);
    if (!top) return HF_E_NOMEM;
    for (int left = n; left > 0; left--) {
        top[left - 1] = s->best[0][0];
        heap_sift(s->best[0], left - 1, s->best[0][left - 1], s->by);
    }
    *ret_top = top;
    *ret_n = n;
    return HF_OK;
}

hf_err hf_sweep_pairs(const hf_network *net, const hf_sweep_options *options, hf_rank_by by, int top, hf_diag *diag, hf_pair **ret_top, int *ret_n,
                      long *ret_pairs, long *ret_run)
{
    hf_err err = HF_OK;
    int threads = options->threads;
    long done = 0;
    sweep s = {.net = net, .by = by, .top = top};
    HF_TRY(hf_sweep_workers_new(net, options, diag, &s.workers));
    HF_TRY(scratch_new(&s, threads));
    HF_TRY(hf_parallel_for(net->n_entities, 16, threads, singles_body, &s, &options->watch, &done));
    if (done < net->n_entities) HF_TRY(HF_E_INTERRUPTED);
    HF_TRY(holders_index(&s));
    HF_TRY(hf_parallel_for(net->n_entities, 1, threads, pairs_body, &s, &options->watch, &done));
    if (done < net->n_entities) HF_TRY(HF_E_INTERRUPTED);
    *ret_pairs = *ret_run = 0;
    for (int k = 0; k < threads; k++) {
        *ret_pairs += s.pairs[k];
        *ret_run += s.run[k];
    }
    HF_TRY(best_collect(&s, threads, ret_top, ret_n));
out:
    sweep_done(&s, threads);
    return err;
}
