#include "base/rng.h"

void hf_philox(const uint32_t counter[4], const uint32_t key[2], uint32_t ret_block[4])
{
    uint32_t c0 = counter[0], c1 = counter[1], c2 = counter[2], c3 = counter[3], k0 = key[0], k1 = key[1];
    for (int round = 0; round < 10; round++) {
        uint64_t p0 = (uint64_t)0xD2511F53u * c0, p1 = (uint64_t)0xCD9E8D57u * c2;
        c0 = (uint32_t)(p1 >> 32) ^ c1 ^ k0;
        c1 = (uint32_t)p1;
        c2 = (uint32_t)(p0 >> 32) ^ c3 ^ k1;
        c3 = (uint32_t)p0;
        k0 += 0x9E3779B9u;
        k1 += 0xBB67AE85u;
    }
    ret_block[0] = c0;
    ret_block[1] = c1;
    ret_block[2] = c2;
    ret_block[3] = c3;
}

uint64_t hf_random_bits(uint64_t seed, uint64_t stream, uint64_t index)
{
    uint32_t counter[4] = {(uint32_t)index, (uint32_t)(index >> 32), (uint32_t)stream, (uint32_t)(stream >> 32)};
    uint32_t key[2] = {(uint32_t)seed, (uint32_t)(seed >> 32)}, block[4];
    hf_philox(counter, key, block);
    return (uint64_t)block[1] << 32 | block[0];
}

double hf_random_unit(uint64_t seed, uint64_t stream, uint64_t index)
{
    return (double)(hf_random_bits(seed, stream, index) >> 11) * 0x1.0p-53;
}

double hf_rng_unit(hf_rng *rng)
{
    return hf_random_unit(rng->seed, rng->stream, rng->next++);
}

uint64_t hf_rng_below(hf_rng *rng, uint64_t below)
{
    uint64_t limit = UINT64_MAX - UINT64_MAX % below, bits;
    do bits = hf_random_bits(rng->seed, rng->stream, rng->next++);
    while (bits >= limit);
    return bits % below;
}
