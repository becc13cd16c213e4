/* The portfolio instances of ../shared/data/parity/portfolio as the optimiser takes them. */
#ifndef HF_TESTS_PARITY_PORTFOLIO_H
#define HF_TESTS_PARITY_PORTFOLIO_H

#include "datasets/package.h"
#include "solver/portfolio.h"

typedef struct parity_portfolio {
    hf_package *package;
    hf_diag *diag;
    hf_portfolio in;
    hf_damage_case *cases;
    hf_measure *measures;
    hf_effect *effects;
    hf_payer payers[8];
} parity_portfolio;

/* Reads the instance `name` ("small/seed1"); false when the data is not there or not as expected. */
bool parity_portfolio_open(const char *name, parity_portfolio *x);
void parity_portfolio_close(parity_portfolio *x);

#endif
