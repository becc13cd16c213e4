/* A seeded investment problem of any size for measurements. */
#ifndef HF_BENCH_RANDOM_PORTFOLIO_H
#define HF_BENCH_RANDOM_PORTFOLIO_H

#include "solver/portfolio.h"

typedef struct bench_portfolio {
    hf_portfolio in;
    hf_network *network;
    hf_damage_case *cases;
    hf_measure *measures;
    hf_effect *effects;
    hf_payer payer;
} bench_portfolio;

/* `n` entities on a square; a third of them needs nothing, the others have one to three requirements, met by one of one to three suppliers
 * nearby or two of three; loops occur. Each of `scenarios` hits about half of a disc. Two measures an entity: harden, and back everything
 * up. One budget of three per cent of what all measures cost. In part: all responses are linear, suppliers that stood in for each other share the
 * supply, and every other hardening leaves a quarter of the damage. Ends the program when out of memory. */
void bench_portfolio_make(int n, int scenarios, unsigned long seed, bool in_part, bench_portfolio *x);
void bench_portfolio_done(bench_portfolio *x);

#endif
