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
    const uint64_t *together; /* not NULL: the lane is bit `column` of these words instead, one for each place */
    int column;
} one;

static bool bit_of(const uint64_t *words, int row, int sample)
{
    return words[(size_t)row * WORDS + (size_t)sample / 64] >> sample % 64 & 1;
}

static inline bool is_down(const one *o, int place)
{
    int at = place - o->first;
    if (o->together) return o->together[place] >> o->column & 1;
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
    for (int k = b->pair_off[place]; k < b->pair_off[place + 1] && b->pair[k].a < b->net->n_entities; k++) /* lanes do not reach to what fills up */
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

/* Whether pair user k of a place that is down fails now (0 or 1), marked if it does. Without a branch: whether it does is anybody's guess, and a
 * wrong one costs more than the rest. */
static inline uint64_t pair_fail(uint64_t *down, const hf_boolean_user *k, int first)
{
    unsigned user = (unsigned)(k->place - first), with = (unsigned)(k->with - first);
    uint64_t fails = down[with / 64] >> with % 64 & ~(down[user / 64] >> user % 64) & 1;
    down[user / 64] |= fails << user % 64;
    return fails;
}

/* Follows the failures in the order they come; false when there are more than `most`. */
static bool queue_run(one *o, int most)
{
    const hf_boolean *b = o->s->b;
    int *queue = o->s->queue, next = 0;
    for (; next < o->n_queue && o->n_queue <= most; next++) {
        const hf_boolean_users *of = &b->users[queue[next]];
        int n = o->n_queue;
        if (next + FAR < n) __builtin_prefetch(&b->users[queue[next + FAR]]);
        if (next + NEAR < n) __builtin_prefetch(&b->user[b->users[queue[next + NEAR]].first]);
        for (int k = of->first; k < of->pairs; k++) {
            queue[n] = b->user[k].place;
            n += (int)pair_fail(o->down, &b->user[k], o->first);
        }
        o->n_queue = n;
        for (int k = of->pairs; k < of->asks; k++)
            if (!is_down(o, b->user[k].place) && conditions_fail(o, b->user[k].place)) fail(o, b->user[k].place);
    }
    return next == o->n_queue;
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

/* Lanes that went far go on together, a bit each of one word a place: the words of all places still fit the second cache, and the lanes now
 * take the rest of the network in the same few passes. `lane` lists at most 64. */
static void together_load(const hf_boolean_lanes *l, const int *lane, int n, uint64_t *word)
{
    for (int p = 0; p < l->first; p++) {
        word[p] = 0;
        for (int k = 0; k < n; k++) word[p] |= (uint64_t)bit_of(l->s->failed, p, l->sample[lane[k]]) << k;
    }
    memset(word + l->first, 0, (size_t)(l->end - l->first) * sizeof *word);
    for (int k = 0; k < n; k++) {
        const uint64_t *down = l->s->lane + (size_t)lane[k] * l->words;
        for (size_t w = 0; w < l->words; w++)
            for (uint64_t left = down[w]; left; left &= left - 1) word[(size_t)l->first + w * 64 + (size_t)__builtin_ctzll(left)] |= (uint64_t)1 << k;
    }
    word[l->s->b->net->n_entities] = 0;
}

/* The bits of all of n lanes. */
static uint64_t full_word(int n)
{
    return n == 64 ? ~(uint64_t)0 : ((uint64_t)1 << n) - 1;
}

static uint64_t programs_ask(const hf_boolean_lanes *l, const int *lane, int n, int place, const uint64_t *word)
{
    uint64_t out = 0;
    for (int k = 0; k < n; k++) {
        one o = {l->s, l->first, l->end, l->sample[lane[k]], NULL, 0, word, k};
        out |= (uint64_t)(!(word[place] >> k & 1) && conditions_fail(&o, place)) << k;
    }
    return out;
}

static uint64_t together_pass(const hf_boolean_lanes *l, const int *lane, int n, uint64_t *word)
{
    const hf_boolean *b = l->s->b;
    uint64_t moving = 0, full = full_word(n);
    for (int p = l->first; p < l->end; p++) {
        if (word[p] == full) continue; /* down in all of them: after a pass or two, that is most places */
        const hf_boolean_pair *pair = b->pair + b->pair_off[p], *end = b->pair + b->pair_off[p + 1];
        uint64_t out = (word[pair[0].a] & word[pair[0].b]) | (word[pair[1].a] & word[pair[1].b]);
        for (pair += HF_B_PAIRS; pair < end; pair++) out |= word[pair->a] & word[pair->b];
        if (b->code_off[p] < b->code_off[p + 1]) out |= programs_ask(l, lane, n, p, word);
        moving |= out & ~word[p];
        word[p] |= out;
    }
    return moving;
}

static void together_write_back(const hf_boolean_lanes *l, const int *lane, int n, const uint64_t *word)
{
    uint64_t samples[WORDS] = {0}, full = full_word(n);
    for (int k = 0; k < n; k++) samples[l->sample[lane[k]] / 64] |= (uint64_t)1 << l->sample[lane[k]] % 64;
    for (int p = l->first; p < l->end; p++) {
        uint64_t *failed = l->s->failed + (size_t)p * WORDS, news = 0;
        for (int w = 0; word[p] == full && w < WORDS; w++) {
            news |= samples[w] & ~failed[w];
            failed[w] |= samples[w];
        }
        for (int k = 0; word[p] != full && k < n; k++) {
            int sample = l->sample[lane[k]];
            uint64_t down = word[p] >> k & 1;
            news |= down & ~(failed[sample / 64] >> sample % 64);
            failed[sample / 64] |= down << sample % 64;
        }
        if (news) tell(l->s, p);
    }
}

static void together_run(const hf_boolean_lanes *l, const int *lane, int n)
{
    uint64_t *word = l->s->together;
    together_load(l, lane, n, word);
    while (together_pass(l, lane, n, word)) continue;
    together_write_back(l, lane, n, word);
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
    int far[64], n_far = 0, most = (l->end - l->first) / 16;
    for (int k = 0; k < l->n; k++) {
        one o = {l->s, l->first, l->end, l->sample[k], l->s->lane + (size_t)k * l->words, 0, NULL, 0};
        seeds_take(&o, l->s->seed + (size_t)k * l->words);
        if (queue_run(&o, most)) queue_write_back(&o);
        else far[n_far++] = k;
        if (n_far == 64 || (k == l->n - 1 && n_far > 0)) {
            together_run(l, far, n_far);
            n_far = 0;
        }
    }
}
