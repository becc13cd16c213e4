/* Diem, Borsos, Reisch, Kertesz & Thurner, "Quantifying firm-level economic systemic risk from nation-wide supply networks", Scientific Reports
 * 12 (2022) 7719: the example of six firms and three products of the published implementation, firm 1 closed, shocks downstream only, output
 * the sum of sales to other firms. */
#include <stdlib.h>

#include "model/economy/systemic_risk.h"
#include "tests/tap.h"

enum { FIRMS = 6 };

static void six_firms(void)
{
    static const double w[] = {0, 3, 2, 7, 5, 11, 4, 0, 9, 1, 8, 6, 10, 2, 0, 4, 3, 7, 6, 5, 1, 0, 9, 2, 8, 3, 6, 10, 0, 4, 2, 7, 5, 3, 11, 0};
    static const int product[] = {0, 1, 2, 0, 1, 2};
    static const unsigned char classes[] = {2, 1, 0, 0, 2, 1, 1, 0, 2};
    static const double closed[FIRMS] = {1};
    double loss[FIRMS], sum = 0, total = 0;
    hf_systemic_options options = hf_systemic_options_default();
    hf_systemic_result result, all[FIRMS];
    hf_systemic *model = NULL;
    hf_csr csr;
    options.upstream = options.final_demand = false;
    options.tolerance = 1e-15;
    if (hf_csr_init(&csr, FIRMS, FIRMS, w) != HF_OK) abort();
    hf_systemic_input input = {.n = FIRMS, .n_products = 3, .product = product, .w = &csr, .classes = classes};
    CHECK_INT(hf_systemic_new(&input, &options, NULL, &model), HF_OK);
    if (!model) abort();
    CHECK_INT(hf_systemic_run(model, closed, &result, loss), HF_OK);
    CHECK_NEAR(result.index, .50687988214742541, 1e-14);
    CHECK_NEAR(result.down, result.index, 0);
    CHECK_NEAR(result.up, 0, 0);
    for (int i = 0; i < FIRMS; i++) {
        sum += loss[i] * hf_systemic_output(model)[i];
        total += hf_systemic_output(model)[i];
    }
    CHECK_NEAR(sum / total, .50687988214742541, 1e-14);
    CHECK_INT(hf_systemic_sweep(model, 1, NULL, FIRMS, NULL, 0, all, NULL), HF_OK);
    CHECK_NEAR(all[0].index, result.index, 0);
    hf_systemic_free(model);
    hf_csr_done(&csr);
}

int main(void)
{
    RUN(six_firms);
    return tap_done();
}
