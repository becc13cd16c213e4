/* Restart deadlocks: loops that need each other, are all repaired and stay down; and the entities that free them.
 *
 * G is the greatest state that today's availabilities and clocks allow, L the least one above the present state once running restart
 * times are over. Where G exceeds L nothing but a start from an own source helps. */
#include "model/cascade/trial.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

enum { EXACT_UP_TO = 20 };
#define ABOVE 1e-9 /* how much higher G must be to count */

/* What G and L say of the touched entities and carrier nodes, and the graph of those that are stuck. */
typedef struct knot {
    hf_timeline *tl;
    hf_snapshot present;
    int n;                    /* touched entities, ascending */
    int *entity;
    double *g_cond, *g_x, *l_cond, *l_x;
    int n_comps, *comp;       /* touched components, ascending */
    double *g_share, *l_share; /* by carrier node */
    int *scc, n_scc;          /* of vertices: x of k is k, condition of k is n + k, component c is 2 n + c */
    int *off, *to;
} knot;

static int compare_ints(const void *a, const void *b)
{
    int x = *(const int *)a, y = *(const int *)b;
    return (x > y) - (x < y);
}

static int find(const int *sorted, int n, int value)
{
    const int *at = bsearch(&value, sorted, (size_t)n, sizeof *sorted, compare_ints);
    return at ? (int)(at - sorted) : -1;
}

static void knot_done(knot *k)
{
    hf_snapshot_done(&k->present);
    void *blocks[] = {k->entity, k->g_cond, k->g_x, k->l_cond, k->l_x, k->comp, k->g_share, k->l_share, k->scc, k->off, k->to};
    for (size_t b = 0; b < sizeof blocks / sizeof *blocks; b++) hf_free(blocks[b]);
}

static bool cond_stuck(const knot *k, int e)
{
    return k->g_cond[e] > k->l_cond[e] + ABOVE;
}

static bool level_stuck(const knot *k, int e)
{
    return k->g_x[e] > k->l_x[e] + ABOVE;
}

static bool share_stuck(const knot *k, int cnode)
{
    return k->g_share[cnode] > k->l_share[cnode] + ABOVE;
}

static void levels_read(const knot *k, double *cond, double *x, double *share)
{
    for (int e = 0; e < k->n; e++) {
        cond[e] = k->tl->e[k->entity[e]].cond;
        x[e] = k->tl->x[k->entity[e]];
    }
    memcpy(share, k->tl->share, (size_t)k->tl->net->n_cnodes * sizeof *share);
}

static hf_err knot_reserve(knot *k)
{
    hf_timeline *tl = k->tl;
    size_t n = (size_t)k->n, nodes = (size_t)tl->net->n_cnodes;
    k->entity = hf_malloc(n * sizeof *k->entity);
    k->comp = hf_malloc((size_t)k->n_comps * sizeof *k->comp);
    double **columns[] = {&k->g_cond, &k->g_x, &k->l_cond, &k->l_x};
    for (int c = 0; c < 4; c++)
        if (!(*columns[c] = hf_malloc(n * sizeof(double)))) return HF_E_NOMEM;
    k->g_share = hf_malloc(nodes * sizeof *k->g_share);
    k->l_share = hf_malloc(nodes * sizeof *k->l_share);
    if (!k->entity || !k->comp || !k->g_share || !k->l_share) return HF_E_NOMEM;
    memcpy(k->entity, tl->touched_e.item, n * sizeof *k->entity);
    memcpy(k->comp, tl->touched_c.item, (size_t)k->n_comps * sizeof *k->comp);
    qsort(k->entity, n, sizeof *k->entity, compare_ints);
    qsort(k->comp, (size_t)k->n_comps, sizeof *k->comp, compare_ints);
    return HF_OK;
}

/* Fills G and L and puts the state back. */
static hf_err knot_levels(knot *k)
{
    hf_err err = HF_OK;
    HF_TRY(knot_reserve(k));
    HF_TRY(hf_snapshot_take(k->tl, &k->present));
    hf_trial_greatest(k->tl);
    levels_read(k, k->g_cond, k->g_x, k->g_share);
    hf_snapshot_restore(k->tl, &k->present);
    hf_lines_close(k->tl); /* a line that has just tripped is no deadlock: it is tried again later */
    hf_trial_queue(k->tl);
    hf_trial_rise(k->tl);
    levels_read(k, k->l_cond, k->l_x, k->l_share);
    hf_snapshot_restore(k->tl, &k->present);
out:
    return err;
}

/* Successors of a vertex among what is stuck, as in the comment on `scc`. */
static int stuck_successors(const knot *k, int v, int *to)
{
    const hf_network *net = k->tl->net;
    int count = 0;
    if (v >= 2 * k->n) {
        int comp = k->comp[v - 2 * k->n];
        for (int i = net->comp_off[comp]; i < net->comp_off[comp + 1]; i++) {
            int e = find(k->entity, k->n, net->cnode_entity[net->comp_cnode[i]]);
            if (e < 0 || !share_stuck(k, net->comp_cnode[i]) || !level_stuck(k, e)) continue;
            if (to) to[count] = e;
            count++;
        }
    } else if (v >= k->n) {
        int e = v - k->n, entity = k->entity[e];
        if (!cond_stuck(k, e)) return 0;
        if (level_stuck(k, e)) {
            if (to) to[count] = e;
            count++;
        }
        for (int i = net->ent_cnode_off[entity]; i < net->ent_cnode_off[entity + 1]; i++) {
            if (to) to[count] = 2 * k->n + find(k->comp, k->n_comps, net->cnode_comp[net->ent_cnode[i]]);
            count++;
        }
        for (int i = net->ent_cline_off[entity]; i < net->ent_cline_off[entity + 1]; i++) {
            if (to) to[count] = 2 * k->n + find(k->comp, k->n_comps, net->cnode_comp[net->cline_from[net->ent_cline[i]]]);
            count++;
        }
    } else if (level_stuck(k, v)) {
        int entity = k->entity[v];
        for (int i = net->out_off[entity]; i < net->out_off[entity + 1]; i++) {
            int e = find(k->entity, k->n, net->req_entity[net->sup_req[net->out_supply[i]]]);
            if (e < 0 || !cond_stuck(k, e)) continue;
            if (to) to[count] = k->n + e;
            count++;
        }
    }
    return count;
}

static hf_err knot_components(knot *k)
{
    int n = 2 * k->n + k->n_comps;
    k->off = hf_malloc(((size_t)n + 1) * sizeof *k->off);
    k->scc = hf_malloc((size_t)n * sizeof *k->scc);
    if (!k->off || !k->scc) return HF_E_NOMEM;
    k->off[0] = 0;
    for (int v = 0; v < n; v++) k->off[v + 1] = k->off[v] + stuck_successors(k, v, NULL);
    k->to = hf_malloc((size_t)k->off[n] * sizeof *k->to);
    if (!k->to) return HF_E_NOMEM;
    for (int v = 0; v < n; v++) stuck_successors(k, v, k->to + k->off[v]);
    return hf_scc(n, k->off, k->to, k->scc, &k->n_scc);
}

static void pin(const knot *k, int e)
{
    hf_condition_set(k->tl, k->entity[e], k->g_cond[e]);
    hf_work_push(k->tl, k->entity[e]);
}

/* Would the loop `scc` come up, and stay up, if the entities `start` had an own source and everything before it were up? */
static bool frees(const knot *k, int scc, const int *start, int n_start)
{
    hf_timeline *tl = k->tl;
    bool free = true;
    tl->restarts_off = true;
    hf_lines_close(tl);
    for (int e = 0; e < k->n; e++)
        if (cond_stuck(k, e) && k->scc[k->n + e] < scc) pin(k, e);
    for (int i = 0; i < n_start; i++) pin(k, start[i]);
    hf_trial_queue(tl);
    for (int e = 0; e < k->n; e++)
        if (k->scc[k->n + e] == scc) tl->e[k->entity[e]].held = false;
    hf_trial_rise(tl);
    for (int e = 0; free && e < k->n; e++) {
        int requirement;
        if (k->scc[k->n + e] == scc && cond_stuck(k, e)) free = hf_conditions(tl, k->entity[e], &requirement) >= k->g_cond[e] - ABOVE;
    }
    hf_snapshot_restore(tl, &k->present);
    return free;
}

/* Next combination of `size` out of n in lexicographic order; false after the last. */
static bool combination_next(int *pick, int size, int n)
{
    int i = size - 1;
    while (i >= 0 && pick[i] == n - size + i) i--;
    if (i < 0) return false;
    pick[i]++;
    for (int j = i + 1; j < size; j++) pick[j] = pick[j - 1] + 1;
    return true;
}

static int smallest_set(const knot *k, int scc, const int *member, int n, int *ret_set)
{
    int pick[EXACT_UP_TO], start[EXACT_UP_TO];
    for (int size = 1; size < n; size++) {
        for (int i = 0; i < size; i++) pick[i] = i;
        do {
            for (int i = 0; i < size; i++) start[i] = member[pick[i]];
            if (frees(k, scc, start, size)) {
                memcpy(ret_set, start, (size_t)size * sizeof *start);
                return size;
            }
        } while (combination_next(pick, size, n));
    }
    memcpy(ret_set, member, (size_t)n * sizeof *member);
    return n;
}

/* Starts from all members and leaves out, in order, whoever is not needed. */
static int greedy_set(const knot *k, int scc, const int *member, int n, int *ret_set)
{
    int size = n;
    memcpy(ret_set, member, (size_t)n * sizeof *member);
    for (int i = n - 1; i >= 0; i--) {
        int left_out = ret_set[i];
        memmove(ret_set + i, ret_set + i + 1, (size_t)(size - i - 1) * sizeof *ret_set);
        if (size > 1 && frees(k, scc, ret_set, size - 1)) size--;
        else {
            memmove(ret_set + i + 1, ret_set + i, (size_t)(size - i - 1) * sizeof *ret_set);
            ret_set[i] = left_out;
        }
    }
    return size;
}

static hf_err deadlock_add(const knot *k, int scc)
{
    hf_timeline *tl = k->tl;
    int n = 0, n_loop = 0;
    int *member = hf_malloc(3 * (size_t)k->n * sizeof *member);
    if (!member) return HF_E_NOMEM;
    int *set = member + k->n, *loop = set + k->n;
    for (int e = 0; e < k->n; e++) {
        if (k->scc[k->n + e] == scc) member[n++] = e;
        if (k->scc[k->n + e] == scc || k->scc[e] == scc) loop[n_loop++] = k->entity[e];
    }
    bool exact = n <= EXACT_UP_TO;
    int size = exact ? smallest_set(k, scc, member, n, set) : greedy_set(k, scc, member, n, set);
    hf_deadlock *grown = hf_realloc(tl->deadlocks, (size_t)tl->n_deadlocks + 1, sizeof *grown);
    if (grown) tl->deadlocks = grown;
    int *kept = hf_malloc((size_t)(n_loop + size) * sizeof *kept);
    if (!grown || !kept) {
        hf_free(kept);
        hf_free(member);
        return HF_E_NOMEM;
    }
    memcpy(kept, loop, (size_t)n_loop * sizeof *kept);
    for (int i = 0; i < size; i++) kept[n_loop + i] = k->entity[set[i]];
    tl->deadlocks[tl->n_deadlocks++] = (hf_deadlock){n_loop, kept, size, kept + n_loop, exact};
    hf_free(member);
    return HF_OK;
}

/* A component is a loop when it has more than one vertex and a condition among them. */
static hf_err loops_collect(const knot *k)
{
    hf_err err = HF_OK;
    int *size = hf_calloc((size_t)k->n_scc * 2, sizeof *size);
    if (!size) return HF_E_NOMEM;
    int *conditions = size + k->n_scc;
    for (int v = 0; v < 2 * k->n + k->n_comps; v++) {
        size[k->scc[v]]++;
        conditions[k->scc[v]] += v >= k->n && v < 2 * k->n;
    }
    for (int s = 0; s < k->n_scc; s++)
        if (size[s] > 1 && conditions[s] > 0) HF_TRY(deadlock_add(k, s));
out:
    hf_free(size);
    return err;
}

hf_err hf_timeline_deadlocks(hf_timeline *tl, const hf_deadlock **ret_deadlocks, int *ret_count)
{
    hf_err err = HF_OK;
    hf_deadlocks_clear(tl);
    knot k = {.tl = tl, .n = tl->touched_e.n, .n_comps = tl->touched_c.n};
    HF_TRY(knot_levels(&k));
    bool stuck = false;
    for (int e = 0; e < k.n; e++) stuck |= cond_stuck(&k, e);
    if (stuck) {
        HF_TRY(knot_components(&k));
        HF_TRY(loops_collect(&k));
    }
    *ret_deadlocks = tl->deadlocks;
    *ret_count = tl->n_deadlocks;
out:
    knot_done(&k);
    return err;
}

void hf_deadlocks_clear(hf_timeline *tl)
{
    for (int d = 0; d < tl->n_deadlocks; d++) hf_free(tl->deadlocks[d].entities);
    hf_free(tl->deadlocks);
    tl->deadlocks = NULL;
    tl->n_deadlocks = 0;
}
