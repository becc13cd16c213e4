/* Figures of 512 settled samples. */
#include <string.h>

#include "base/alloc.h"
#include "model/cascade/boolean_inside.h"

#if defined(__x86_64__) && defined(__GLIBC__) && defined(__GNUC__) && !defined(__clang__)
#define HF_CLONES __attribute__((target_clones("avx512f", "avx2", "default"))) /* the first two bring popcnt */
#else
#define HF_CLONES
#endif

enum { WORDS = HF_BOOLEAN_WORDS, SAMPLES = HF_BOOLEAN_SAMPLES, AHEAD = 12 };

/* A sum and one lane to fill the vector up. */
typedef double lanes __attribute__((vector_size(32), aligned(8), may_alias));

typedef struct wide_sum {
    double users, value_eur_h, entities, unused;
} wide_sum;

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

HF_CLONES static void entities_add(const hf_boolean_state *s, int n, wide_sum *sum, long *out)
{
    const hf_network *net = s->b->net;
    uint64_t mask[WORDS];
    for (int w = 0; w < WORDS; w++) mask[w] = samples_mask(n, w);
    for (int group = 0; group <= (net->n_entities - 1) / 64; group++)
        for (uint64_t left = s->touched[group]; left; left &= left - 1) {
            int i = group * 64 + __builtin_ctzll(left);
            const uint64_t *failed = failed_of(s, i);
            if (i + AHEAD < net->n_entities) __builtin_prefetch(failed_of(s, i + AHEAD));
            lanes add = {net->users[i], net->value_eur_h[i], 1, 0};
            long count = 0;
            for (int w = 0; w < WORDS; w++) {
                count += __builtin_popcountll(failed[w] & mask[w]);
                for (uint64_t bit = failed[w]; bit; bit &= bit - 1) {
                    wide_sum *to = &sum[64 * w + __builtin_ctzll(bit)];
                    *(lanes *)to += add;
                }
            }
            if (out) out[i] += count;
        }
}

void hf_boolean_sums(const hf_boolean_state *s, int n, hf_boolean_sum *sum, long *out)
{
    _Alignas(64) wide_sum wide[SAMPLES] = {{0}}; /* a sum never lies across two cache lines */
    if (s->b->net->n_entities > 0) entities_add(s, n, wide, out);
    for (int k = 0; k < SAMPLES; k++) sum[k] = (hf_boolean_sum){wide[k].users, wide[k].value_eur_h, wide[k].entities};
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
