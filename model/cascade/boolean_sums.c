/* Figures of 512 settled samples. */
#include <string.h>

#include "base/alloc.h"
#include "base/clones.h"
#include "model/cascade/boolean_inside.h"

enum { WORDS = HF_BOOLEAN_WORDS, SAMPLES = HF_BOOLEAN_SAMPLES, AHEAD = 12, BATCH = 4, MANY = 16, COUNT_MOST = 32 };

/* Eight samples: a vector of the widest machines, several of others. */
typedef double eight __attribute__((vector_size(64), may_alias));
typedef int64_t eight_bits __attribute__((vector_size(64), may_alias));
typedef uint64_t row __attribute__((vector_size(8 * HF_BOOLEAN_WORDS), aligned(8), may_alias));

typedef struct sums {
    struct {
        eight users, value_eur_h;
    } of[SAMPLES / 8];
    int count_bits; /* that the number of entities needs */
    row count[COUNT_MOST]; /* entities that are down, bit by bit */
} sums;

static const uint64_t *failed_of(const hf_boolean_state *s, int entity)
{
    return s->failed + (size_t)s->b->place[entity] * WORDS;
}

/* Which of the first n samples are in a word. */
static uint64_t samples_mask(int n, int word)
{
    int left = n - 64 * word;
    return left >= 64 ? ~(uint64_t)0 : left <= 0 ? 0 : ((uint64_t)1 << left) - 1;
}

/* Rows of entities that are added together, in this order. */
typedef struct batch {
    int n;
    const uint64_t *failed[BATCH];
    double users[BATCH], value_eur_h[BATCH];
    long bits; /* in all rows */
} batch;

/* Adds to the samples whose bits are set, one by one. */
static inline void few_add(sums *to, const batch *b)
{
    for (int j = 0; j < b->n; j++)
        for (int w = 0; w < WORDS; w++)
            for (uint64_t bit = b->failed[j][w]; bit; bit &= bit - 1) {
                int k = 8 * w + __builtin_ctzll(bit) / 8, at = __builtin_ctzll(bit) % 8;
                to->of[k].users[at] += b->users[j];
                to->of[k].value_eur_h[at] += b->value_eur_h[j];
            }
}

/* The same by adding to every sample, zero where its bit is not set: quicker from some twenty bits a row on. */
static inline void many_add(sums *to, const batch *b, const eight_bits *expand)
{
    for (int w = 0; w < WORDS; w++) {
        uint64_t word[BATCH];
        for (int j = 0; j < BATCH; j++) word[j] = b->failed[j][w];
        for (int k = 8 * w; k < 8 * w + 8; k++) {
            eight users = to->of[k].users, value_eur_h = to->of[k].value_eur_h;
            for (int j = 0; j < BATCH; j++, word[j - 1] >>= 8) {
                eight_bits is_set = expand[word[j] & 255];
                users += (eight)(is_set & (eight_bits)((eight){0} + b->users[j]));
                value_eur_h += (eight)(is_set & (eight_bits)((eight){0} + b->value_eur_h[j]));
            }
            to->of[k].users = users;
            to->of[k].value_eur_h = value_eur_h;
        }
    }
}

/* Counts the rows of a batch: carries are saved up, and only those of all four ripple on. */
static inline void rows_count(sums *to, const batch *b)
{
    row of[BATCH];
    for (int j = 0; j < BATCH; j++) of[j] = *(const row *)b->failed[j];
    row odd = of[0] ^ of[1] ^ of[2], two = (of[0] & of[1]) | (of[2] & (of[0] ^ of[1]));
    row carry = (odd & of[3]) | (to->count[0] & (odd ^ of[3]));
    to->count[0] ^= odd ^ of[3];
    row four = (two & carry) | (to->count[1] & (two ^ carry));
    to->count[1] ^= two ^ carry;
    for (int k = 2; k < to->count_bits; k++) {
        row next = to->count[k] & four;
        to->count[k] ^= four;
        four = next;
    }
}

static inline void batch_add(sums *to, batch *b, const eight_bits *expand)
{
    static const uint64_t nothing[WORDS] = {0};
    for (int j = b->n; j < BATCH; j++) b->failed[j] = nothing, b->users[j] = b->value_eur_h[j] = 0;
    if (b->bits < BATCH * MANY) few_add(to, b);
    else many_add(to, b, expand);
    rows_count(to, b);
    b->n = 0;
    b->bits = 0;
}

static inline void batch_put(batch *b, const uint64_t *failed, double users, double value_eur_h)
{
    for (int w = 0; w < WORDS; w++) b->bits += __builtin_popcountll(failed[w]);
    b->failed[b->n] = failed;
    b->users[b->n] = users;
    b->value_eur_h[b->n++] = value_eur_h;
}

/* Entities in ascending order. */
HF_CLONES static void entities_add(const hf_boolean_state *s, sums *to)
{
    const hf_network *net = s->b->net;
    batch b = {.n = 0};
    eight_bits expand[256]; /* a bit to a number of all ones */
    for (int k = 0; k < 256; k++)
        for (int j = 0; j < 8; j++) expand[k][j] = -(k >> j & 1);
    for (int group = 0; group <= (net->n_entities - 1) / 64; group++)
        for (uint64_t left = s->touched[group]; left; left &= left - 1) {
            int i = group * 64 + __builtin_ctzll(left);
            if (i + AHEAD < net->n_entities) __builtin_prefetch(failed_of(s, i + AHEAD));
            batch_put(&b, failed_of(s, i), net->users[i], net->value_eur_h[i]);
            if (b.n == BATCH) batch_add(to, &b, expand);
        }
    batch_add(to, &b, expand);
}

/* In how many of the first n samples each entity is down. */
HF_CLONES static void samples_count(const hf_boolean_state *s, int n, long *out)
{
    uint64_t mask[WORDS];
    for (int w = 0; w < WORDS; w++) mask[w] = samples_mask(n, w);
    for (int group = 0; group <= (s->b->net->n_entities - 1) / 64; group++)
        for (uint64_t left = s->touched[group]; left; left &= left - 1) {
            int i = group * 64 + __builtin_ctzll(left);
            const uint64_t *failed = failed_of(s, i);
            if (i + AHEAD < s->b->net->n_entities) __builtin_prefetch(failed_of(s, i + AHEAD));
            for (int w = 0; w < WORDS; w++) out[i] += __builtin_popcountll(failed[w] & mask[w]);
        }
}

static long count_of(const sums *s, int sample)
{
    long count = 0;
    for (int k = 0; k < s->count_bits; k++) count |= (long)(s->count[k][sample / 64] >> sample % 64 & 1) << k;
    return count;
}

void hf_boolean_sums(const hf_boolean_state *s, int n, hf_boolean_sum *sum, long *out)
{
    sums of = {.count_bits = 2};
    while (s->b->net->n_entities >> of.count_bits) of.count_bits++;
    if (s->b->net->n_entities > 0) entities_add(s, &of);
    if (s->b->net->n_entities > 0 && out) samples_count(s, n, out);
    for (int k = 0; k < SAMPLES; k++)
        sum[k] = (hf_boolean_sum){of.of[k / 8].users[k % 8], of.of[k / 8].value_eur_h[k % 8], (double)count_of(&of, k)};
}

/* Samples in which any entity of a label is down. */
static void label_add(uint64_t *reached, int label, const uint64_t *failed)
{
    for (int w = 0; w < WORDS; w++) reached[(size_t)label * WORDS + (size_t)w] |= failed[w];
}

static void labels_count(const uint64_t *reached, int labels, int *count)
{
    memset(count, 0, SAMPLES * sizeof *count);
    for (int l = 0; l < labels; l++)
        for (int w = 0; w < WORDS; w++)
            for (uint64_t bit = reached[(size_t)l * WORDS + (size_t)w]; bit; bit &= bit - 1) count[64 * w + __builtin_ctzll(bit)]++;
}

hf_err hf_boolean_reached(const hf_boolean_state *s, int *countries, int *sectors)
{
    const hf_network *net = s->b->net;
    size_t n_countries = (size_t)net->countries.n, n_sectors = (size_t)net->sectors.n;
    uint64_t *by_country = hf_calloc((n_countries + n_sectors) * WORDS, sizeof *by_country), *by_sector = by_country + n_countries * WORDS;
    if (!by_country) return HF_E_NOMEM;
    for (int group = 0; group <= net->n_entities / 64; group++)
        for (uint64_t left = s->touched[group]; left; left &= left - 1) {
            int i = group * 64 + __builtin_ctzll(left);
            const uint64_t *failed = failed_of(s, i);
            label_add(by_country, net->country[i], failed);
            label_add(by_sector, net->sector[i], failed);
            for (int a = net->abroad_off[i]; a < net->abroad_off[i + 1]; a++) label_add(by_country, net->abroad_country[a], failed);
        }
    labels_count(by_country, net->countries.n, countries);
    labels_count(by_sector, net->sectors.n, sectors);
    hf_free(by_country);
    return HF_OK;
}
