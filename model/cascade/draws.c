#include "model/cascade/draws.h"

#include <string.h>

#include "base/rng.h"

enum { SAMPLES = HF_BOOLEAN_SAMPLES, WORDS = HF_BOOLEAN_WORDS, PLACE_BITS = 9, PLACES_PER_WORD = 7 };
enum { NEVER, ALWAYS, RARE, FREQUENT, MIDDLE };

_Static_assert(SAMPLES == 1 << PLACE_BITS, "a place in a block has nine bits");

/* (n - k) / (k + 1): what the binomial's weight at k is multiplied with, besides the odds, for that at k + 1. */
static inline double ratio(int k)
{
    return (double)(SAMPLES - k) / (double)(k + 1);
}

hf_chance hf_chance_of(double p)
{
    hf_chance c = {.bits = (uint64_t)(p * 0x1p53)};
    c.method = !(p > 0) ? NEVER : p >= 1 ? ALWAYS : p < 0.125 ? RARE : p > 0.875 ? FREQUENT : MIDDLE;
    if (c.method != RARE && c.method != FREQUENT) return c;
    double q = p < 0.5 ? p : 1 - p, mean = q * SAMPLES;
    c.odds = q / (1 - q);
    c.none = 1 - q;
    for (int k = 0; k < PLACE_BITS; k++) c.none *= c.none; /* not pow: the same bits on every machine */
    double weight = c.none;
    while (c.most < SAMPLES && (c.most < mean || weight > 1e-18)) weight *= c.odds * ratio(c.most++);
    return c;
}

void hf_chances_of(const double *p, int n, hf_chance *ret_chance)
{
    for (int k = 0; k < n; k++) ret_chance[k] = k > 0 && p[k] == p[k - 1] ? ret_chance[k - 1] : hf_chance_of(p[k]);
}

/* Part `part` of the random bits that belong to an item of a block. Samples' own streams (repair times) have the top bit clear. */
static void bits_of(uint64_t seed, hf_draw_kind kind, uint64_t block, int item, uint32_t part, uint64_t ret[2])
{
    const uint32_t counter[4] = {(uint32_t)item, part, (uint32_t)block, 0x80000000u | (uint32_t)kind << 28 | (uint32_t)(block >> 32)};
    const uint32_t key[2] = {(uint32_t)seed, (uint32_t)(seed >> 32)};
    uint32_t out[4];
    hf_philox(counter, key, out);
    ret[0] = (uint64_t)out[1] << 32 | out[0];
    ret[1] = (uint64_t)out[3] << 32 | out[2];
}

/* How many samples of the block the rarer outcome hits. */
static int count_draw(const hf_chance *c, uint64_t bits)
{
    double u = (double)(bits >> 11) * 0x1.0p-53, weight = c->none, sum = weight;
    int k = 0;
    while (k < c->most && u >= sum) {
        weight *= c->odds * ratio(k++);
        sum += weight;
    }
    return k;
}

/* Marks the first `left` different places that the bits name; returns how many are still wanted. */
static int places_mark(uint64_t bits, int left, uint64_t *word)
{
    for (int k = 0; k < PLACES_PER_WORD && left > 0; k++, bits >>= PLACE_BITS) {
        unsigned place = bits & (SAMPLES - 1);
        uint64_t bit = (uint64_t)1 << place % 64;
        left -= !(word[place / 64] & bit);
        word[place / 64] |= bit;
    }
    return left;
}

static bool rare_draw(const hf_chance *c, uint64_t seed, hf_draw_kind kind, uint64_t block, int item, uint64_t *word)
{
    uint64_t bits[2];
    bits_of(seed, kind, block, item, 0, bits);
    int count = count_draw(c, bits[0]), left = count > 0 ? places_mark(bits[1], count, word) : 0;
    for (uint32_t part = 1; left > 0; part++) {
        bits_of(seed, kind, block, item, part, bits);
        left = places_mark(bits[0], left, word);
        if (left > 0) left = places_mark(bits[1], left, word);
    }
    return count > 0;
}

/* Compares 512 random numbers with the probability, from the first bit on. */
static bool middle_draw(const hf_chance *c, uint64_t seed, hf_draw_kind kind, uint64_t block, int item, uint64_t *word)
{
    uint64_t open[WORDS];
    uint32_t part = 0;
    memset(open, 0xff, sizeof open);
    for (int bit = 52; bit >= 0 && c->bits << (63 - bit); bit--) {
        uint64_t undecided = 0, one = c->bits >> bit & 1 ? ~(uint64_t)0 : 0;
        for (int w = 0; w < WORDS; w += 2) {
            uint64_t bits[2];
            bits_of(seed, kind, block, item, part++, bits);
            for (int k = 0; k < 2; k++) {
                word[w + k] |= open[w + k] & one & ~bits[k];
                open[w + k] &= ~(one ^ bits[k]);
                undecided |= open[w + k];
            }
        }
        if (!undecided) break;
    }
    return true;
}

bool hf_chance_draw(const hf_chance *chance, uint64_t seed, hf_draw_kind kind, uint64_t block, int item, uint64_t *ret_word)
{
    memset(ret_word, chance->method == ALWAYS ? 0xff : 0, WORDS * sizeof *ret_word);
    switch (chance->method) {
    case RARE: return rare_draw(chance, seed, kind, block, item, ret_word);
    case FREQUENT:
        rare_draw(chance, seed, kind, block, item, ret_word);
        for (int w = 0; w < WORDS; w++) ret_word[w] = ~ret_word[w];
        return true;
    case MIDDLE: return middle_draw(chance, seed, kind, block, item, ret_word);
    default: return chance->method == ALWAYS;
    }
}
