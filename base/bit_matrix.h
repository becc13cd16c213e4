/* Transposing matrices of bits. */
#ifndef HF_BASE_BIT_MATRIX_H
#define HF_BASE_BIT_MATRIX_H

#include <stdint.h>

enum { HF_TURN_ROWS = 64, HF_TURN_WORDS = 8 };

/* A square of 64 x 64 in place: bit c of word r becomes bit r of word c. */
void hf_turn_square(uint64_t word[HF_TURN_ROWS]);

/* Eight squares side by side in place, 64 rows of 512 bits: bit c of rows[8 r + w] becomes bit r of rows[8 c + w], each w for itself. */
void hf_turn_squares(uint64_t rows[HF_TURN_ROWS * HF_TURN_WORDS]);

#endif
