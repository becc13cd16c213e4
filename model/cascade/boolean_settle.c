/* 512 samples to their steady state, in vectors of 512 bits (two of 256, four of 128 where the machine has no wider ones). */
#include <string.h>

#include "base/alloc.h"
#include "base/clones.h"
#include "model/cascade/boolean_inside.h"

#define HF_INLINE static inline __attribute__((always_inline))

enum { WORDS = HF_BOOLEAN_WORDS, SAMPLES = HF_BOOLEAN_SAMPLES, LINE = 64, AHEAD = 12, DENSE_LEAST = 8, LANES_LEAST = 1024 };

typedef uint64_t bits __attribute__((vector_size(8 * HF_BOOLEAN_WORDS), aligned(8), may_alias));

#define BITS(pointer) (*(bits *)(pointer))
#define CBITS(pointer) (*(const bits *)(pointer))

HF_INLINE uint64_t any_set(const bits *v)
{
    const bits x = *v;
    return (x[0] | x[1]) | (x[2] | x[3]) | ((x[4] | x[5]) | (x[6] | x[7]));
}

HF_INLINE const bits *at_place(const hf_boolean_state *s, int place)
{
    return (const bits *)(s->failed + (size_t)place * WORDS);
}

/* A bit-sliced number for each sample that starts below zero, so that its overflow says when `least` is reached. */
typedef struct adder {
    int n;
    bits plane[HF_B_PLANES], over;
} adder;

HF_INLINE void adder_start(adder *a, int least)
{
    a->n = 0;
    while (1 << a->n < least) a->n++;
    for (int k = 0; k < a->n; k++) a->plane[k] = (bits){0} - (uint64_t)(((1 << a->n) - least) >> k & 1);
    a->over = (bits){0};
}

/* Adds `weight` in the samples of `which`. Once over, a sample stays so. */
HF_INLINE void adder_add(adder *a, const bits *which, int weight)
{
    for (int b = 0; weight >> b; b++) {
        if (!(weight >> b & 1)) continue;
        bits carry = *which;
        for (int k = b; k < a->n; k++) {
            bits next = a->plane[k] & carry;
            a->plane[k] ^= carry;
            carry = next;
        }
        a->over |= carry;
    }
}

/* Plain sums, for comparing with several numbers. */
HF_INLINE void sum_add(bits *plane, const bits *which, int weight)
{
    for (int b = 0; weight >> b; b++) {
        if (!(weight >> b & 1)) continue;
        bits carry = *which;
        for (int k = b; k < HF_B_PLANES; k++) {
            bits next = plane[k] & carry;
            plane[k] ^= carry;
            carry = next;
        }
    }
}

HF_INLINE void sum_compare(const bits *plane, int number, bits *ret_equal, bits *ret_less)
{
    bits equal = ~(bits){0}, less = {0};
    for (int k = HF_B_PLANES - 1; k >= 0; k--) {
        if (number >> k & 1) {
            less |= equal & ~plane[k];
            equal &= plane[k];
        } else equal &= ~plane[k];
    }
    *ret_equal = equal;
    *ret_less = less;
}

HF_INLINE void link_there(const hf_boolean_state *s, int link, bits *ret_there)
{
    *ret_there = link < 0 ? ~(bits){0} : ~CBITS(s->absent + (size_t)link * WORDS);
}

/* The least that may fail depends on the total weight that is there. */
HF_INLINE const int *doubtful_add(const hf_boolean_state *s, const int *code, int n, bits *out)
{
    bits total[HF_B_PLANES] = {{0}}, lost[HF_B_PLANES] = {{0}}, fails = {0};
    const bits needed = CBITS(s->needed + (size_t)code[0] * WORDS);
    int cases = code[1];
    const int *of_case = code + 2, *item = of_case + 2 * cases;
    for (int j = 0; j < n; j++, item += 3) {
        bits there, down;
        link_there(s, item[1], &there);
        down = there & *at_place(s, item[0]);
        sum_add(total, &there, item[2]);
        sum_add(lost, &down, item[2]);
    }
    for (int c = 0; c < cases; c++) {
        bits is_case, less, unused;
        sum_compare(total, of_case[2 * c], &is_case, &unused);
        sum_compare(lost, of_case[2 * c + 1], &unused, &less);
        fails |= is_case & ~less;
    }
    *out |= fails & needed;
    return item;
}

/* The samples in which the conditions of a place say that it fails. */
HF_INLINE void program(const hf_boolean_state *s, const int *code, const int *end, bits *out)
{
    while (code < end) {
        int kind = code[0], n = code[1];
        bits all = ~(bits){0};
        code += 2;
        switch (kind) {
        case HF_B_ALL:
            for (int j = 0; j < n; j++) all &= *at_place(s, code[j]);
            *out |= all;
            code += n;
            break;
        case HF_B_ADD: {
            adder a;
            adder_start(&a, *code++);
            for (int j = 0; j < n; j++, code += 2) adder_add(&a, at_place(s, code[0]), code[1]);
            *out |= a.over;
            break;
        }
        case HF_B_D_ALL:
            all = CBITS(s->needed + (size_t)*code++ * WORDS);
            for (int j = 0; j < n; j++, code += 2) {
                bits there;
                link_there(s, code[1], &there);
                all &= ~there | *at_place(s, code[0]);
            }
            *out |= all;
            break;
        default: code = doubtful_add(s, code, n, out); break;
        }
    }
}

HF_INLINE void conditions(const hf_boolean_state *s, int place, bits *out)
{
    const hf_boolean *b = s->b;
    const hf_boolean_pair *pair = b->pair + b->pair_off[place], *end = b->pair + b->pair_off[place + 1];
    *out |= (*at_place(s, pair[0].a) & *at_place(s, pair[0].b)) | (*at_place(s, pair[1].a) & *at_place(s, pair[1].b));
    for (pair += HF_B_PAIRS; pair < end; pair++) *out |= *at_place(s, pair->a) & *at_place(s, pair->b);
    program(s, b->code + b->code_off[place], b->code + b->code_off[place + 1], out);
}

HF_INLINE void users_mark(hf_boolean_state *s, int place)
{
    const hf_boolean *b = s->b;
    for (int k = b->users[place].first; k < b->users[place + 1].first; k++) s->dirty[b->user[k].place / 64] |= (uint64_t)1 << b->user[k].place % 64;
}

HF_INLINE void touch(hf_boolean_state *s, int entity)
{
    s->touched[entity / 64] |= (uint64_t)1 << entity % 64;
}

/* First dirty place in [from, to), or `to`. */
HF_INLINE int next_dirty(const hf_boolean_state *s, int from, int to)
{
    if (from >= to) return to;
    int w = from / 64, last = (to - 1) / 64;
    uint64_t word = s->dirty[w] & ~(uint64_t)0 << from % 64;
    while (!word && w < last) word = s->dirty[++w];
    int found = word ? w * 64 + __builtin_ctzll(word) : to;
    return found < to ? found : to;
}

/* What the conditions of a place will read, asked for early: entities far apart in memory are most of the time this takes. */
HF_INLINE void fetch(const hf_boolean_state *s, int place)
{
    const hf_boolean_pair *pair = s->b->pair + s->b->pair_off[place];
    for (int k = 0; k < HF_B_PAIRS; k++) {
        __builtin_prefetch(at_place(s, pair[k].a));
        __builtin_prefetch(at_place(s, pair[k].b));
    }
}

/* One pass over the dirty places of a component; `moving` receives the samples in which something failed. Returns how many it looked at. */
HF_INLINE int pass(hf_boolean_state *s, int first, int end, bits *moving)
{
    const hf_boolean *b = s->b;
    int seen = 0, ahead = first;
    *moving = (bits){0};
    for (int k = 0; k < AHEAD && ahead < end; k++, ahead = next_dirty(s, ahead + 1, end)) fetch(s, ahead);
    for (int p = first; p < end; p = next_dirty(s, p + 1, end), seen++) {
        bits *failed = &BITS(s->failed + (size_t)p * WORDS), out = {0};
        if (ahead <= p) ahead = p + 1;
        ahead = next_dirty(s, ahead, end);
        if (ahead < end) fetch(s, ahead++);
        s->dirty[p / 64] &= ~((uint64_t)1 << p % 64);
        conditions(s, p, &out);
        out &= ~*failed;
        if (!any_set(&out)) continue;
        *failed |= out;
        *moving |= out;
        touch(s, b->entity[p]);
        users_mark(s, p);
    }
    return seen;
}

HF_INLINE int count_dirty(const hf_boolean_state *s, int first, int end)
{
    int n = 0;
    for (int p = next_dirty(s, first, end); p < end; p = next_dirty(s, p + 1, end)) n++;
    return n;
}

/* One pass over all places of a component, for as long as nearly all of them are dirty: without asking which, and without a branch on whether
 * something failed. Users within the component are only marked in the last such pass. Returns in how many places something failed. */
HF_INLINE int pass_all(hf_boolean_state *s, int first, int end, bool mark, bits *moving)
{
    const hf_boolean *b = s->b;
    int changed = 0;
    *moving = (bits){0};
    for (int p = first; p < end; p++) {
        bits *failed = &BITS(s->failed + (size_t)p * WORDS), out = {0};
        if (p + AHEAD < end) fetch(s, p + AHEAD);
        s->dirty[p / 64] &= ~((uint64_t)1 << p % 64);
        conditions(s, p, &out);
        out &= ~*failed;
        *failed |= out;
        *moving |= out;
        uint64_t any = any_set(&out) != 0;
        changed += (int)any;
        s->touched[b->entity[p] / 64] |= any << b->entity[p] % 64;
        for (int k = b->users[p].asks; k < b->users[p + 1].first; k++) s->dirty[b->user[k].place / 64] |= any << b->user[k].place % 64;
        if (mark && any) users_mark(s, p);
    }
    return changed;
}

/* Passes over everything, and one that marks; `moving` is that of the last. */
HF_INLINE void passes_all(hf_boolean_state *s, int first, int end, bits *moving)
{
    while (pass_all(s, first, end, false, moving) > (end - first) / 4) continue;
    pass_all(s, first, end, true, moving);
}

/* Hands all samples over to lanes. What waits to be looked at, or everything, is looked at once more for all of them together. */
HF_INLINE void run_lanes(hf_boolean_state *s, int first, int end, bool everything)
{
    hf_boolean_lanes lanes;
    hf_boolean_lanes_start(&lanes, s, first, end);
    for (int group = first; group < end; group += 64) {
        int stop = group + 64 < end ? group + 64 : end;
        bits news[64] = {{0}};
        for (int p = everything ? group : next_dirty(s, group, stop); p < stop; p = everything ? p + 1 : next_dirty(s, p + 1, stop)) {
            if (everything && p + AHEAD < end) fetch(s, p + AHEAD);
            s->dirty[p / 64] &= ~((uint64_t)1 << p % 64);
            conditions(s, p, &news[p - group]);
            news[p - group] &= ~CBITS(s->failed + (size_t)p * WORDS);
        }
        hf_boolean_lanes_load(&lanes, (group - first) / 64, (uint64_t *)news);
    }
    hf_boolean_lanes_run(&lanes);
}

/* Users of what was damaged are dirty; where that is nearly everybody, everybody is. */
HF_INLINE void damaged_tell(hf_boolean_state *s)
{
    int n = s->b->net->n_entities, damaged = 0;
    for (int w = 0; w <= n / 64; w++) damaged += __builtin_popcountll(s->fresh[w]);
    for (int w = 0; w <= n / 64; w++) {
        if (damaged > n / 4 * 3) s->dirty[w] = ~(uint64_t)0;
        else
            for (uint64_t left = s->fresh[w]; left; left &= left - 1) users_mark(s, w * 64 + __builtin_ctzll(left));
        s->fresh[w] = 0;
    }
}

/* One component: passes while much of it changes, then lanes. What changes in a small one, or in little of a large one, goes on in passes. */
HF_INLINE void component_settle(hf_boolean_state *s, int start, int end)
{
    int size = end - start, passes = 0;
    bool dense = size >= DENSE_LEAST && count_dirty(s, start, end) > size / 4 * 3, lanes = size >= LANES_LEAST || s->eager;
    bits moving;
    if (dense && lanes) {
        while (pass_all(s, start, end, false, &moving) > size / 4 * 3) continue;
        if (any_set(&moving)) run_lanes(s, start, end, true);
        return;
    }
    if (dense) passes_all(s, start, end, &moving);
    for (int first = next_dirty(s, start, end); first < end; first = next_dirty(s, start, end)) {
        int seen = pass(s, first, end, &moving);
        if (lanes && (s->eager || (++passes >= 3 && seen > size / 8))) run_lanes(s, start, end, false);
    }
}

HF_CLONES static void settle(hf_boolean_state *s)
{
    const hf_boolean *b = s->b;
    int n = b->net->n_entities;
    damaged_tell(s);
    for (int first = next_dirty(s, 0, n); first < n; first = next_dirty(s, first, n)) {
        bits moving;
        if (b->end[first] == first + 1) pass(s, first, first + 1, &moving);
        else component_settle(s, b->start[first], b->end[first]);
    }
}

void hf_boolean_settle(hf_boolean_state *s)
{
    settle(s);
}

void hf_boolean_damage(hf_boolean_state *s, int entity, const uint64_t *word)
{
    int place = s->b->place[entity];
    bits *failed = &BITS(s->failed + (size_t)place * WORDS);
    *failed |= CBITS(word);
    touch(s, entity);
    s->fresh[place / 64] |= (uint64_t)1 << place % 64;
}

const uint64_t *hf_boolean_failed(const hf_boolean_state *s, int entity)
{
    return s->failed + (size_t)s->b->place[entity] * WORDS;
}

void hf_boolean_clear(hf_boolean_state *s)
{
    const hf_boolean *b = s->b;
    int n = b->net->n_entities;
    for (int w = 0; w <= n / 64; w++) {
        for (uint64_t left = s->touched[w]; left; left &= left - 1)
            memset(s->failed + (size_t)b->place[w * 64 + __builtin_ctzll(left)] * WORDS, 0, WORDS * sizeof *s->failed);
        s->touched[w] = s->dirty[w] = s->fresh[w] = 0;
    }
    if (!b->links) return;
    memset(s->needed, 0xff, (size_t)b->links->n_requirements * WORDS * sizeof *s->needed);
    memset(s->absent, 0, (size_t)b->links->n_supplies * WORDS * sizeof *s->absent);
}

void hf_boolean_links_draw(hf_boolean_state *s, uint64_t seed, uint64_t block)
{
    const hf_links *l = s->b->links;
    if (!l) return;
    hf_links_draw(l, seed, block, s->needed, s->absent); /* `needed` still says who is absent */
    for (int q = 0; q < l->n_requirements; q++) {
        int g = l->requirement[q], sure = s->b->net->sup_off[g + 1] - s->b->net->sup_off[g] - (l->first[q + 1] - l->first[q]);
        bits any = sure > 0 ? ~(bits){0} : (bits){0};
        for (int k = l->first[q]; k < l->first[q + 1]; k++) any |= ~CBITS(s->absent + (size_t)k * WORDS);
        BITS(s->needed + (size_t)q * WORDS) = any & ~CBITS(s->needed + (size_t)q * WORDS);
    }
}

/* Words of a lane: a bit a place of the largest component, in an odd number of cache lines, so that lanes do not crowd the same cache sets. */
static size_t lane_stride(const hf_boolean *b)
{
    int most = 0;
    for (int p = 0; p < b->net->n_entities; p++)
        if (b->end[p] - b->start[p] > most) most = b->end[p] - b->start[p];
    size_t lines = ((size_t)most + 511) / 512;
    return (lines | 1) * LINE / sizeof(uint64_t);
}

hf_err hf_boolean_state_new(const hf_boolean *b, hf_boolean_state **ret_state)
{
    size_t n = (size_t)b->net->n_entities, doubts = b->links ? (size_t)b->links->n_requirements : 0, flags = n / 64 + 1;
    size_t rows = n + 1 + doubts + (b->links ? (size_t)b->links->n_supplies : 0);
    hf_boolean_state *s = hf_calloc(1, sizeof *s);
    if (!s) return HF_E_NOMEM;
    s->b = b;
    s->stride = lane_stride(b);
    size_t lanes = 2 * SAMPLES * s->stride, bytes = (rows * WORDS + lanes) * sizeof(uint64_t) + LINE;
    s->memory = hf_malloc(bytes);
    s->dirty = hf_calloc(3 * flags, sizeof *s->dirty);
    s->queue = hf_malloc((n + 1) * sizeof *s->queue);
    s->together = hf_malloc((n + 1) * sizeof *s->together);
    if (!s->memory || !s->dirty || !s->queue || !s->together) {
        hf_boolean_state_free(s);
        return HF_E_NOMEM;
    }
    hf_large_pages(s->memory, bytes); /* it is read at random */
    memset(s->memory, 0, bytes);
    s->lane = (uint64_t *)(void *)((char *)s->memory + (LINE - (uintptr_t)s->memory % LINE) % LINE);
    s->seed = s->lane + SAMPLES * s->stride;
    s->failed = s->lane + lanes;
    s->needed = s->failed + (n + 1) * WORDS;
    s->absent = s->needed + doubts * WORDS;
    s->touched = s->dirty + flags;
    s->fresh = s->touched + flags;
    hf_boolean_clear(s);
    *ret_state = s;
    return HF_OK;
}

void hf_boolean_state_free(hf_boolean_state *s)
{
    if (!s) return;
    hf_free(s->memory);
    hf_free(s->dirty);
    hf_free(s->queue);
    hf_free(s->together);
    hf_free(s);
}
