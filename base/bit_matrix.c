#include "base/bit_matrix.h"

#include "base/clones.h"

typedef uint64_t row __attribute__((vector_size(8 * HF_TURN_WORDS), aligned(8), may_alias));

/* Halves the squares and swaps the two off the diagonal, then the same in each quarter (Warren, Hacker's Delight, 7-3; here bit 0 is the first
 * column). `type` is what a row is held in. */
#define TURN(type, rows)                                                                                                                             \
    do {                                                                                                                                             \
        uint64_t mask = 0xffffffff;                                                                                                                  \
        for (int half = HF_TURN_ROWS / 2; half > 0; half /= 2, mask ^= mask << half)                                                                 \
            for (int k = 0; k < HF_TURN_ROWS; k = ((k | half) + 1) & ~half) {                                                                        \
                type swap = ((rows)[k] >> half ^ (rows)[k + half]) & mask;                                                                           \
                (rows)[k] ^= swap << half;                                                                                                           \
                (rows)[k + half] ^= swap;                                                                                                            \
            }                                                                                                                                        \
    } while (0)

HF_CLONES void hf_turn_square(uint64_t word[HF_TURN_ROWS])
{
    TURN(uint64_t, word);
}

HF_CLONES void hf_turn_squares(uint64_t rows[HF_TURN_ROWS * HF_TURN_WORDS])
{
    row *vector = (row *)(void *)rows;
    TURN(row, vector);
}
