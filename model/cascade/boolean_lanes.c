/* Samples that run away. Most samples of a block come to rest after a few passes; one whose cascade goes on through half the network would keep
 * the whole block going, a handful of failures at a time. It is finished alone: one bit a place, so that all of it stays in the first cache,
 * and a queue of what has failed. */
#include <string.h>

#include "model/cascade/boolean_inside.h"

enum { WORDS = HF_BOOLEAN_WORDS, NEAR = 12, FAR = 24 };

typedef struct one {
    hf_boolean_state *s;
    int first, end, sample;
    uint64_t *down; /* places of the component, from `first` on */
    int n_queue;
} one;

static bool bit_of(const uint64_t *words, int row, int sample)
{
    return words[(size_t)row * WORDS + (size_t)sample / 64] >> sample % 64 & 1;
}

static inline bool is_down(const one *o, int place)
{
    int at = place - o->first;
    if (at < 0) return bit_of(o->s->failed, place, o->sample);
    return o->down[at / 64] >> at % 64 & 1;
}

static bool link_there(const one *o, int link)
{
    return link < 0 || !bit_of(o->s->absent, link, o->sample);
}

/* D_ALL and D_ADD; `code` from the doubt on. */
static bool doubtful_fails(const one *o, int kind, int n, const int *code)
{
    int lost = 0, total = 0, cases = kind == HF_B_D_ADD ? code[1] : 0, width = kind == HF_B_D_ADD ? 3 : 2;
    const int *item = code + (kind == HF_B_D_ADD ? 2 + 2 * cases : 1);
    if (!bit_of(o->s->needed, code[0], o->sample)) return false;
    for (int j = 0; j < n; j++, item += width) {
        if (!link_there(o, item[1])) continue;
        int weight = kind == HF_B_D_ADD ? item[2] : 1;
        total += weight;
        if (is_down(o, item[0])) lost += weight;
    }
    if (kind == HF_B_D_ALL) return lost == total;
    for (int c = 0; c < cases; c++)
        if (code[2 + 2 * c] == total) return lost >= code[3 + 2 * c];
    return false;
}

static bool conditions_fail(const one *o, int place)
{
    const hf_boolean *b = o->s->b;
    const int *code = b->code + b->code_off[place], *end = b->code + b->code_off[place + 1];
    for (int k = b->pair_off[place]; k < b->pair_off[place + 1]; k++)
        if (is_down(o, b->pair[k].a) && is_down(o, b->pair[k].b)) return true;
    while (code < end) {
        int kind = code[0], n = code[1], lost = 0;
        code += 2;
        switch (kind) {
        case HF_B_ALL:
            for (int j = 0; j < n; j++) lost += is_down(o, code[j]);
            if (lost == n) return true;
            code += n;
            break;
        case HF_B_ADD:
            for (int j = 0; j < n; j++)
                if (is_down(o, code[1 + 2 * j])) lost += code[2 + 2 * j];
            if (lost >= code[0]) return true;
            code += 1 + 2 * n;
            break;
        default:
            if (doubtful_fails(o, kind, n, code)) return true;
            code += kind == HF_B_D_ALL ? 1 + 2 * n : 2 + 2 * code[1] + 3 * n;
            break;
        }
    }
    return false;
}

static inline void fail(one *o, int place)
{
    int at = place - o->first;
    o->down[at / 64] |= (uint64_t)1 << at % 64;
    o->s->queue[o->n_queue++] = place;
}

static void seeds_take(one *o, const uint64_t *seed)
{
    for (int w = 0; w <= (o->end - 1 - o->first) / 64; w++)
        for (uint64_t left = seed[w]; left; left &= left - 1) fail(o, o->first + w * 64 + __builtin_ctzll(left));
}

/* Users in pairs without a branch: whether they fail is anybody's guess, and a wrong one costs more than the rest. */
static void queue_run(one *o)
{
    const hf_boolean *b = o->s->b;
    int *queue = o->s->queue, n = o->n_queue, first = o->first;
    uint64_t *down = o->down;
    for (int next = 0; next < n; next++) {
        const hf_boolean_users *of = &b->users[queue[next]];
        if (next + FAR < n) __builtin_prefetch(&b->users[queue[next + FAR]]);
        if (next + NEAR < n) {
            __builtin_prefetch(&b->user[b->users[queue[next + NEAR]].first]);
            __builtin_prefetch(&b->user[b->users[queue[next + NEAR]].asks]);
        }
        for (int k = of->first; k < of->pairs; k++) {
            unsigned user = (unsigned)(b->user[k].place - first), with = (unsigned)(b->user[k].with - first);
            uint64_t fails = down[with / 64] >> with % 64 & ~(down[user / 64] >> user % 64) & 1;
            down[user / 64] |= fails << user % 64;
            queue[n] = b->user[k].place;
            n += (int)fails;
        }
        for (int k = of->pairs; k < of->asks; k++) {
            if (is_down(o, b->user[k].place) || !conditions_fail(o, b->user[k].place)) continue;
            o->n_queue = n;
            fail(o, b->user[k].place);
            n = o->n_queue;
        }
    }
    o->n_queue = n;
}

/* A place has failed in some more samples. */
static void tell(hf_boolean_state *s, int place)
{
    const hf_boolean *b = s->b;
    s->touched[b->entity[place] / 64] |= (uint64_t)1 << b->entity[place] % 64;
    for (int k = b->users[place].asks; k < b->users[place + 1].first; k++) s->dirty[b->user[k].place / 64] |= (uint64_t)1 << b->user[k].place % 64;
}

/* The failures of a lane that stopped soon. */
static void queue_write_back(const one *o)
{
    for (int k = 0; k < o->n_queue; k++) {
        int p = o->s->queue[k];
        o->s->failed[(size_t)p * WORDS + (size_t)o->sample / 64] |= (uint64_t)1 << o->sample % 64;
        tell(o->s, p);
    }
}

/* Those of lanes that went far, in one pass over the places. */
static void lanes_write_back(const hf_boolean_lanes *l, const int *lane, int n)
{
    for (int p = l->first; n > 0 && p < l->end; p++) {
        int at = p - l->first;
        uint64_t *failed = l->s->failed + (size_t)p * WORDS, news = 0;
        for (int k = 0; k < n; k++) {
            uint64_t down = l->s->lane[(size_t)lane[k] * l->words + (size_t)at / 64] >> at % 64 & 1;
            int sample = l->sample[lane[k]];
            news |= down & ~(failed[sample / 64] >> sample % 64);
            failed[sample / 64] |= down << sample % 64;
        }
        if (news) tell(l->s, p);
    }
}

void hf_boolean_lanes_load(hf_boolean_lanes *l, hf_boolean_state *s, int first, int end, const uint64_t *moving)
{
    *l = (hf_boolean_lanes){.s = s, .first = first, .end = end, .words = (size_t)(end - first) / 64 + 1};
    for (int w = 0; w < WORDS; w++)
        for (uint64_t left = moving[w]; left; left &= left - 1) {
            l->of[w * 64 + __builtin_ctzll(left)] = (unsigned char)l->n;
            l->sample[l->n++] = w * 64 + __builtin_ctzll(left);
        }
    memset(s->lane, 0, (size_t)l->n * l->words * sizeof *s->lane);
    memset(s->seed, 0, (size_t)l->n * l->words * sizeof *s->seed);
    for (int p = first; p < end; p++) {
        uint64_t bit = (uint64_t)1 << (p - first) % 64, *column = s->lane + (size_t)(p - first) / 64;
        for (int w = 0; w < WORDS; w++)
            for (uint64_t left = s->failed[(size_t)p * WORDS + (size_t)w] & moving[w]; left; left &= left - 1)
                column[l->of[w * 64 + __builtin_ctzll(left)] * l->words] |= bit;
    }
}

void hf_boolean_lanes_seed(hf_boolean_lanes *l, int place, const uint64_t *out)
{
    int at = place - l->first;
    for (int w = 0; w < WORDS; w++)
        for (uint64_t left = out[w]; left; left &= left - 1)
            l->s->seed[l->of[w * 64 + __builtin_ctzll(left)] * l->words + (size_t)at / 64] |= (uint64_t)1 << at % 64;
}

void hf_boolean_lanes_run(hf_boolean_lanes *l)
{
    int far[HF_B_LANES], n_far = 0;
    for (int k = 0; k < l->n; k++) {
        one o = {l->s, l->first, l->end, l->sample[k], l->s->lane + (size_t)k * l->words, 0};
        seeds_take(&o, l->s->seed + (size_t)k * l->words);
        queue_run(&o);
        if (o.n_queue > (l->end - l->first) / 16) far[n_far++] = k;
        else queue_write_back(&o);
    }
    lanes_write_back(l, far, n_far);
}
