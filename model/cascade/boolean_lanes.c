/* Samples finished alone. After a few passes a failure or two still move here and there in every sample, and would keep the whole block going.
 * The block is turned instead: each sample is a lane, one bit a place, so that all of it stays in the first cache, and is followed by a queue of
 * what has failed. */
#include <string.h>

#include "base/bit_matrix.h"
#include "model/cascade/boolean_inside.h"

enum { WORDS = HF_BOOLEAN_WORDS, SAMPLES = HF_BOOLEAN_SAMPLES, NEAR = 12, FAR = 24 };

typedef struct one {
    hf_boolean_state *s;
    int first, sample;
    uint64_t *down; /* places of the component, from `first` on */
    int n_queue;
    const uint64_t *together; /* not NULL: the lane is bit `column` of these words instead, one for each place */
    int column;
} one;

static uint64_t *lane_of(const hf_boolean_lanes *l, int sample)
{
    return l->s->lane + (size_t)sample * l->s->stride;
}

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

/* What is to be told first fails, and waits no more. */
static void seeds_take(one *o, uint64_t *seed, size_t groups)
{
    for (size_t g = 0; g < groups; g++) {
        for (uint64_t left = seed[g]; left; left &= left - 1) fail(o, o->first + (int)(64 * g) + __builtin_ctzll(left));
        seed[g] = 0;
    }
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

/* Places of a group: 64, but for the last. */
static int group_size(const hf_boolean_lanes *l, size_t group)
{
    size_t left = (size_t)(l->end - l->first) - 64 * group;
    return left < 64 ? (int)left : 64;
}

/* Lanes that went far go on together, a bit each of one word a place: the words of all places still fit the second cache, and the lanes now
 * take the rest of the network in the same few passes. `lane` lists at most 64. */
static void together_load(const hf_boolean_lanes *l, const int *lane, int n, uint64_t *word)
{
    for (int p = 0; p < l->first; p++) {
        word[p] = 0;
        for (int k = 0; k < n; k++) word[p] |= (uint64_t)bit_of(l->s->failed, p, lane[k]) << k;
    }
    for (size_t g = 0; g < l->groups; g++) {
        uint64_t square[64] = {0};
        for (int k = 0; k < n; k++) square[k] = lane_of(l, lane[k])[g];
        hf_turn_square(square);
        memcpy(word + l->first + 64 * g, square, (size_t)group_size(l, g) * sizeof *word);
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
        one o = {.s = l->s, .first = l->first, .sample = lane[k], .together = word, .column = k};
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
    for (size_t g = 0; g < l->groups; g++) {
        uint64_t square[64] = {0};
        memcpy(square, word + l->first + 64 * g, (size_t)group_size(l, g) * sizeof *word);
        hf_turn_square(square);
        for (int k = 0; k < n; k++) lane_of(l, lane[k])[g] = square[k];
    }
}

static void together_run(const hf_boolean_lanes *l, const int *lane, int n)
{
    uint64_t *word = l->s->together;
    together_load(l, lane, n, word);
    while (together_pass(l, lane, n, word)) continue;
    together_write_back(l, lane, n, word);
}

void hf_boolean_lanes_start(hf_boolean_lanes *l, hf_boolean_state *s, int first, int end)
{
    *l = (hf_boolean_lanes){s, first, end, (size_t)(end - first - 1) / 64 + 1};
}

/* Distributes 64 rows of 512 bits over a word of each lane. */
static void lanes_put(const hf_boolean_lanes *l, uint64_t *lanes, size_t group, uint64_t *rows)
{
    hf_turn_squares(rows);
    for (int w = 0; w < WORDS; w++)
        for (int c = 0; c < 64; c++) lanes[(size_t)(64 * w + c) * l->s->stride + group] = rows[c * WORDS + w];
}

void hf_boolean_lanes_load(hf_boolean_lanes *l, int group, uint64_t *news)
{
    uint64_t rows[64 * WORDS] = {0}, any = 0;
    size_t g = (size_t)group;
    memcpy(rows, l->s->failed + ((size_t)l->first + 64 * g) * WORDS, (size_t)group_size(l, g) * WORDS * sizeof *rows);
    lanes_put(l, l->s->lane, g, rows);
    for (int k = 0; k < 64 * WORDS; k++) any |= news[k];
    if (any) lanes_put(l, l->s->seed, g, news);
}

/* Places of a group in rows again; later components are told of what is new. */
static void group_write_back(const hf_boolean_lanes *l, size_t group)
{
    uint64_t rows[64 * WORDS];
    for (int w = 0; w < WORDS; w++)
        for (int c = 0; c < 64; c++) rows[c * WORDS + w] = l->s->lane[(size_t)(64 * w + c) * l->s->stride + group];
    hf_turn_squares(rows);
    for (int k = 0; k < group_size(l, group); k++) {
        int place = l->first + (int)(64 * group) + k;
        uint64_t *failed = l->s->failed + (size_t)place * WORDS, *now = rows + k * WORDS;
        if (memcmp(failed, now, WORDS * sizeof *now) == 0) continue;
        memcpy(failed, now, WORDS * sizeof *now);
        tell(l->s, place);
    }
}

void hf_boolean_lanes_run(hf_boolean_lanes *l)
{
    int far[64], n_far = 0, most = (l->end - l->first) / 16;
    for (int k = 0; k < SAMPLES; k++) {
        one o = {.s = l->s, .first = l->first, .sample = k, .down = lane_of(l, k)};
        seeds_take(&o, l->s->seed + (size_t)k * l->s->stride, l->groups);
        if (!queue_run(&o, most)) far[n_far++] = k;
        if (n_far == 64 || (k == SAMPLES - 1 && n_far > 0)) {
            together_run(l, far, n_far);
            n_far = 0;
        }
    }
    for (size_t g = 0; g < l->groups; g++) group_write_back(l, g);
}
