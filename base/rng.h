/* Counter-based random numbers: Philox4x32-10 (Salmon, Moraes, Dror, Shaw: "Parallel random numbers: as easy as 1, 2, 3", SC 2011).
 * A number is a pure function of (seed, stream, index), so any sample can be drawn alone, in any order, on any thread. */
#ifndef HF_BASE_RNG_H
#define HF_BASE_RNG_H

#include <stdint.h>

/* One Philox4x32-10 block: 128 bits of counter, 64 bits of key. */
void hf_philox(const uint32_t counter[4], const uint32_t key[2], uint32_t ret_block[4]);

/* 64 random bits of (seed, stream, index). */
uint64_t hf_random_bits(uint64_t seed, uint64_t stream, uint64_t index);

/* A number in [0,1) with 53 random bits of (seed, stream, index). */
double hf_random_unit(uint64_t seed, uint64_t stream, uint64_t index);

/* A plain sequence on top of it, for generators and tests. */
typedef struct hf_rng {
    uint64_t seed, stream, next;
} hf_rng;

double hf_rng_unit(hf_rng *rng);
/* A whole number in [0, below), below >= 1, without bias. */
uint64_t hf_rng_below(hf_rng *rng, uint64_t below);

#endif
