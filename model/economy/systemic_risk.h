/* Economic systemic risk: which share of all output is lost when one supplier closes, its customers and its suppliers with it.
 *
 * W_ij >= 0 is what i sells to j, p(i) the product of i, c(p(i), p(j)) how j needs it. With psi_i what i can still do by itself:
 *
 *     down   d_j = min(1 - max over essential k of S_jk, 1 - N_j, psi_j)
 *            S_jk = sum over p(i)=k of sigma_i (1 - d_i) W_ij / E_jk      E_jk = sum over p(i)=k of W_ij
 *            N_j  = sum over linear inputs of sigma_i (1 - d_i) W_ij / sum over all i of W_ij
 *            sigma_i = min(r_i / sum over p(m)=p(i) of r_m d_m, 1)         the larger the seller in what is left of its market, the harder
 *     up     u_i = min((sum_j W_ij u_j + y_i) / r_i, psi_i)                 y_i final demand, r_i = sum_j W_ij + y_i
 *     index  sum_i r_i (1 - min(u_i, d_i)) / sum_i r_i
 *
 * both iterated from psi to the largest fixed point. Source: Diem, Borsos, Reisch, Kertesz & Thurner, "Quantifying firm-level economic
 * systemic risk from nation-wide supply networks", Scientific Reports 12 (2022) 7719, with generalised Leontief production functions. Ours
 * differs: final demand is a customer that stays healthy. Without it (an option; the published case) every seller loses all its demand in
 * the end, wherever the network hangs together, and only the index downstream says anything. Several closures travel in one pass over the
 * links; each has the same bits as alone, on any number of threads. */
#ifndef HF_MODEL_ECONOMY_SYSTEMIC_RISK_H
#define HF_MODEL_ECONOMY_SYSTEMIC_RISK_H

#include <stdbool.h>

#include "base/diag.h"
#include "base/error.h"
#include "model/economy/table.h"

typedef enum hf_input_class {
    HF_INPUT_NONE,     /* its lack does not limit the customer */
    HF_INPUT_LINEAR,   /* limits by its share in all inputs */
    HF_INPUT_ESSENTIAL /* limits in proportion, as in Leontief's production function */
} hf_input_class;

/* The network of suppliers and customers. All is copied. */
typedef struct hf_systemic_input {
    int n;                        /* firms or industries, >= 1 */
    int n_products;               /* P >= 1 */
    const int *product;           /* [n] 0 .. P-1 */
    const hf_csr *w;              /* n x n, supplier x customer, money per year, >= 0 */
    const double *final_demand;   /* [n] y, money per year, >= 0; NULL: none */
    const unsigned char *classes; /* [P * P] hf_input_class of (product of the supplier, product of the customer); NULL: all essential */
} hf_systemic_input;

typedef struct hf_systemic_options {
    bool downstream, upstream; /* which way shocks travel; at least one */
    bool final_demand;         /* false: y is left out, r is the sum of sales to other industries alone */
    double tolerance;          /* ends when no d or u changes by more, in (0,1) */
    int max_steps;             /* >= 1 */
    int threads;               /* >= 1 */
} hf_systemic_options;

/* Both ways, with final demand, 1e-10, 10,000 steps, one thread. */
hf_systemic_options hf_systemic_options_default(void);

typedef struct hf_systemic hf_systemic;

/* Findings go to `diag` (HF_E_RANGE: negative or infinite flows, products and classes out of range, options). HF_E_NOMEM. O(links log links).
 * The caller frees. */
hf_err hf_systemic_new(const hf_systemic_input *input, const hf_systemic_options *options, hf_diag *diag, hf_systemic **ret_model);
void hf_systemic_free(hf_systemic *model);

/* From a table: firms are industries, products sectors, y all final demand (clean the table first); `classes` [S * S] as above. */
hf_err hf_systemic_new_of_table(const hf_io_table *table, const unsigned char *classes, const hf_systemic_options *options, hf_diag *diag,
                                hf_systemic **ret_model);

/* Classes by product: what `lifeline` [P] marks (energy, water, telecom) is essential for all, a product's own kind is too (a miller needs
 * grain of its branch), all else is linear. ret_classes [P * P]. */
void hf_systemic_classes_default(int n_products, const bool *lifeline, unsigned char *ret_classes);

/* r [n]: output, money per year. Lives as long as the model. */
const double *hf_systemic_output(const hf_systemic *model);

typedef struct hf_systemic_result {
    double index;    /* 0..1, both ways */
    double down, up; /* of each way alone: 0 for one that is off */
    int steps;       /* of the longer way */
} hf_systemic_result;

/* One scenario: closed [n] is 1 - psi, the share of each that cannot work, 0..1. ret_loss [n] (may be NULL) gets 1 - min(u, d).
 * HF_E_RANGE for a share outside 0..1; HF_E_NO_CONVERGENCE after max_steps; HF_E_NOMEM. Each step is O(links). */
hf_err hf_systemic_run(const hf_systemic *model, const double *closed, hf_systemic_result *ret_result, double *ret_loss);

/* Every unit in turn loses `share` of what it can do (1: it closes). unit [n] is 0 .. n_units-1, such as regions, or -1 for what never closes;
 * NULL with n_units = n: each for itself. Results [n_units] are those of hf_systemic_run. With `group` [n] (0 .. n_groups-1, such as home
 * regions) ret_lost [n_units * n_groups] is the output that each group loses by each unit's closure, money per year; group and ret_lost may
 * both be NULL. Same bits on any number of threads. HF_E_RANGE, HF_E_NO_CONVERGENCE (of the first unit that does not), HF_E_NOMEM. */
hf_err hf_systemic_sweep(const hf_systemic *model, double share, const int *unit, int n_units, const int *group, int n_groups,
                         hf_systemic_result *ret_results, double *ret_lost);

#endif
