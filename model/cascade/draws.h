/* Yes-or-no draws for blocks of 512 samples, one bit a sample. Not installed.
 *
 * Bit s of block b for an item is a pure function of (seed, kind, b, item) and of the probability, so any sample can be drawn alone and
 * nothing depends on threads or on the other items. For rare and for near-certain items the number of samples of the block that are hit is drawn first
 * (binomial, by inversion) and then which they are: one or two Philox blocks for 512 samples. With the same seed a higher probability hits
 * the same samples and some more, so that two versions of a data set are compared on the same events. Between 1/8 and 7/8 the bits of the
 * probability are compared with random bits, 512 samples at a time, until every sample is decided. Both are exact to 53 bits. */
#ifndef HF_CASCADE_DRAWS_H
#define HF_CASCADE_DRAWS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "model/cascade/boolean.h"

typedef enum hf_draw_kind { HF_DRAW_DAMAGE, HF_DRAW_REQUIREMENT, HF_DRAW_SUPPLY } hf_draw_kind;

/* A probability made ready to be drawn. */
typedef struct hf_chance {
    double none, odds; /* rarer outcome q: (1 - q)^512 and q / (1 - q) */
    uint64_t bits;     /* the probability times 2^53, for the middle */
    int most;          /* samples of a block beyond which the binomial has no weight */
    unsigned char method;
} hf_chance;

/* p in 0..1. O(512 p). */
hf_chance hf_chance_of(double p);

/* Makes ready `n` probabilities; equal neighbours are worked out once. */
void hf_chances_of(const double *p, int n, hf_chance *ret_chance);

/* Sets ret_word [HF_BOOLEAN_WORDS]: bit s % 64 of word s / 64 is sample s of the block. Returns whether any may be set. */
bool hf_chance_draw(const hf_chance *chance, uint64_t seed, hf_draw_kind kind, uint64_t block, int item, uint64_t *ret_word);

#endif
