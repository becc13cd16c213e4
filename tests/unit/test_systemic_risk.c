/* Economic systemic risk against the formulas written out one scenario at a time, a linear system where the way up is one, and its laws. */
#include <stdlib.h>

#include "base/rng.h"
#include "model/economy/systemic_risk.h"
#include "tests/support/tables.h"
#include "tests/tap.h"

enum { N = 21, P = 4 };

typedef struct network {
    double w[N * N], y[N], psi[N];
    int product[N];
    unsigned char classes[P * P];
} network;

/* Sparse, with self-supply, sellers without customers, firms without suppliers, and one firm that does nothing. */
static network network_of(uint64_t seed)
{
    network net = {0};
    hf_rng rng = {.seed = seed};
    double fill = .1 + .1 * (double)(seed % 5);
    for (int k = 0; k < N * N; k++)
        if (hf_rng_unit(&rng) < fill && k / N != 3 && k % N != 5 && k / N != 7 && k % N != 7) net.w[k] = 10 * hf_rng_unit(&rng);
    for (int i = 0; i < N; i++) {
        net.product[i] = (int)hf_rng_below(&rng, P);
        net.y[i] = i == 7 || i % 4 == 0 ? 0 : 20 * hf_rng_unit(&rng);
        net.psi[i] = hf_rng_unit(&rng) < .2 ? hf_rng_unit(&rng) : 1;
    }
    for (int k = 0; k < P * P; k++) net.classes[k] = (unsigned char)hf_rng_below(&rng, 3);
    return net;
}

static hf_systemic *model_of(const network *net, const hf_systemic_options *options, bool classes)
{
    hf_csr csr;
    hf_systemic *model = NULL;
    if (hf_csr_init(&csr, N, N, net->w) != HF_OK) abort();
    hf_systemic_input input = {N, P, net->product, &csr, net->y, classes ? net->classes : NULL};
    CHECK_INT(hf_systemic_new(&input, options, NULL, &model), HF_OK);
    if (!model) abort();
    hf_csr_done(&csr);
    return model;
}

static double output_of(const network *net, int i, bool final_demand)
{
    double r = final_demand ? net->y[i] : 0;
    for (int j = 0; j < N; j++) r += net->w[i * N + j];
    return r;
}

/* d_j as printed, from all d of the step before. */
static double down_of(const network *net, const double *r, const double *d, int j)
{
    double worst = 0, linear = 0, inputs = 0, short_of[P] = {0}, bought[P] = {0};
    for (int i = 0; i < N; i++) {
        double market = 0, w = net->w[i * N + j];
        for (int m = 0; m < N; m++) market += net->product[m] == net->product[i] ? r[m] * d[m] : 0;
        double sigma = market > 0 ? fmin(r[i] / market, 1) : 1;
        inputs += w;
        int class = net->classes[net->product[i] * P + net->product[j]];
        if (class == HF_INPUT_LINEAR) linear += sigma * (1 - d[i]) * w;
        if (class != HF_INPUT_ESSENTIAL) continue;
        short_of[net->product[i]] += sigma * (1 - d[i]) * w;
        bought[net->product[i]] += w;
    }
    for (int k = 0; k < P; k++)
        if (bought[k] > 0) worst = fmax(worst, short_of[k] / bought[k]);
    if (inputs > 0) worst = fmax(worst, linear / inputs);
    return fmin(1 - worst, net->psi[j]);
}

static double up_of(const network *net, const double *r, const double *u, int i, bool final_demand)
{
    double wanted = final_demand ? net->y[i] : 0;
    for (int j = 0; j < N; j++) wanted += net->w[i * N + j] * u[j];
    return r[i] > 0 ? fmin(wanted / r[i], net->psi[i]) : net->psi[i];
}

static double plain_index(const network *net, bool final_demand, double *ret_loss)
{
    double d[N], u[N], r[N], next[N], lost = 0, total = 0;
    for (int i = 0; i < N; i++) r[i] = output_of(net, i, final_demand), d[i] = u[i] = net->psi[i];
    for (int step = 0; step < 3000; step++) {
        for (int j = 0; j < N; j++) next[j] = down_of(net, r, d, j);
        memcpy(d, next, sizeof d);
        for (int i = 0; i < N; i++) next[i] = up_of(net, r, u, i, final_demand);
        memcpy(u, next, sizeof u);
    }
    for (int i = 0; i < N; i++) {
        ret_loss[i] = 1 - fmin(d[i], u[i]);
        lost += r[i] * ret_loss[i];
        total += r[i];
    }
    return lost / total;
}

static void formulas_written_out(void)
{
    for (uint64_t seed = 0; seed < 24; seed++) {
        network net = network_of(seed);
        double closed[N], loss[N], plain[N];
        hf_systemic_options options = hf_systemic_options_default();
        hf_systemic_result result;
        options.tolerance = 1e-14;
        hf_systemic *model = model_of(&net, &options, true);
        for (int i = 0; i < N; i++) closed[i] = 1 - net.psi[i];
        CHECK_INT(hf_systemic_run(model, closed, &result, loss), HF_OK);
        CHECK_NEAR(result.index, plain_index(&net, true, plain), 1e-10);
        for (int i = 0; i < N; i++) CHECK_NEAR(loss[i], plain[i], 1e-10);
        CHECK(result.index >= result.down && result.index >= result.up && result.down + result.up >= result.index - 1e-12);
        hf_systemic_free(model);
    }
}

/* With one firm closed the way up is a linear system of the others: (I - W / r) u = y / r with u of the closed one 0. */
static void way_up_is_linear(void)
{
    network net = network_of(4);
    hf_systemic_options options = hf_systemic_options_default();
    options.downstream = false;
    options.tolerance = 1e-15;
    for (int i = 0; i < N; i++) net.y[i] += 1;
    hf_systemic *model = model_of(&net, &options, true);
    const double *r = hf_systemic_output(model);
    for (int out = 0; out < N; out++) {
        double a[N * N], b[N], u[N], closed[N] = {0}, loss[N];
        hf_systemic_result result;
        for (int k = 0; k < N * N; k++) a[k] = k / N == out || k % N == out ? 0 : net.w[k] / r[k / N];
        for (int i = 0; i < N; i++) b[i] = i == out ? 0 : net.y[i] / r[i];
        CHECK(plain_output(N, a, b, u));
        closed[out] = 1;
        CHECK_INT(hf_systemic_run(model, closed, &result, loss), HF_OK);
        for (int i = 0; i < N; i++) CHECK_NEAR(1 - loss[i], u[i], 1e-12);
        CHECK_NEAR(result.down, 0, 0);
    }
    hf_systemic_free(model);
}

/* Where everybody can reach the closed one and there is no final demand, nothing is wanted any more in the end. */
static void without_final_demand_all_is_lost_upstream(void)
{
    network net = network_of(2);
    double closed[N] = {1}, loss[N];
    hf_systemic_options options = hf_systemic_options_default();
    hf_systemic_result result;
    for (int k = 0; k < N * N; k++) net.w[k] += 1;
    options.final_demand = options.downstream = false;
    options.max_steps = 100000;
    options.tolerance = 1e-13;
    hf_systemic *model = model_of(&net, &options, true);
    CHECK_INT(hf_systemic_run(model, closed, &result, loss), HF_OK);
    CHECK_NEAR(result.index, 1, 1e-9);
    hf_systemic_free(model);
    options.max_steps = 3;
    model = model_of(&net, &options, true);
    CHECK_INT(hf_systemic_run(model, closed, &result, loss), HF_E_NO_CONVERGENCE);
    CHECK_INT(hf_systemic_sweep(model, 1, NULL, N, NULL, 0, &(hf_systemic_result[N]){{0}}[0], NULL), HF_E_NO_CONVERGENCE);
    hf_systemic_free(model);
}

/* A block of scenarios gives each the bits that it has alone, on any number of threads; groups share out what is lost. */
static void sweep_is_each_alone(void)
{
    network net = network_of(8);
    int group[N];
    double lost[N * 3], lost_again[N * 3];
    hf_systemic_options options = hf_systemic_options_default();
    hf_systemic_result one[N], three[N];
    hf_systemic *model = model_of(&net, &options, true);
    options.threads = 3;
    hf_systemic *other = model_of(&net, &options, true);
    const double *r = hf_systemic_output(model);
    for (int i = 0; i < N; i++) group[i] = i % 3;
    CHECK_INT(hf_systemic_sweep(model, .8, NULL, N, group, 3, one, lost), HF_OK);
    CHECK_INT(hf_systemic_sweep(other, .8, NULL, N, group, 3, three, lost_again), HF_OK);
    CHECK(memcmp(lost, lost_again, sizeof lost) == 0);
    for (int j = 0; j < N; j++) {
        double closed[N] = {0}, loss[N], shares[3] = {0};
        hf_systemic_result alone;
        closed[j] = .8;
        CHECK_INT(hf_systemic_run(model, closed, &alone, loss), HF_OK);
        CHECK(alone.index == one[j].index && alone.down == one[j].down && alone.up == one[j].up && alone.steps == one[j].steps);
        CHECK(alone.index == three[j].index && alone.down == three[j].down && alone.up == three[j].up && alone.steps == three[j].steps);
        for (int i = 0; i < N; i++) shares[group[i]] += r[i] * loss[i];
        for (int g = 0; g < 3; g++) CHECK_NEAR(lost[j * 3 + g], shares[g], 0);
    }
    hf_systemic_free(model);
    hf_systemic_free(other);
}

static void units_close_together(void)
{
    network net = network_of(11);
    int unit[N];
    hf_systemic_options options = hf_systemic_options_default();
    hf_systemic_result units[4], alone;
    hf_systemic *model = model_of(&net, &options, false);
    for (int i = 0; i < N; i++) unit[i] = i % 5 - 1;
    CHECK_INT(hf_systemic_sweep(model, 1, unit, 4, NULL, 0, units, NULL), HF_OK);
    for (int u = 0; u < 4; u++) {
        double closed[N];
        for (int i = 0; i < N; i++) closed[i] = unit[i] == u;
        CHECK_INT(hf_systemic_run(model, closed, &alone, NULL), HF_OK);
        CHECK(alone.index == units[u].index);
    }
    hf_systemic_free(model);
}

/* Nothing closed, nothing lost; more closed never loses less; output of a firm alone counts at least. */
static void no_shock_and_monotone(void)
{
    for (uint64_t seed = 30; seed < 40; seed++) {
        network net = network_of(seed);
        double closed[N] = {0}, loss[N], before[N] = {0}, total = 0;
        hf_systemic_options options = hf_systemic_options_default();
        hf_systemic_result result;
        hf_systemic *model = model_of(&net, &options, true);
        CHECK_INT(hf_systemic_run(model, closed, &result, loss), HF_OK);
        CHECK(result.index == 0 && result.down == 0 && result.up == 0);
        for (int i = 0; i < N; i++) total += hf_systemic_output(model)[i];
        for (int i = 0; i < N; i++) {
            closed[i] = .3 + .03 * i;
            CHECK_INT(hf_systemic_run(model, closed, &result, loss), HF_OK);
            CHECK(result.index >= closed[i] * hf_systemic_output(model)[i] / total - 1e-12 && result.index <= 1 + 1e-12);
            for (int k = 0; k < N; k++) {
                CHECK(loss[k] >= before[k] - 1e-8 && loss[k] >= closed[k] && loss[k] <= 1);
                before[k] = loss[k];
            }
        }
        hf_systemic_free(model);
    }
}

/* Industries of a table are firms, sectors products. */
static void tables_are_networks(void)
{
    static const bool lifeline[] = {false, true, false};
    unsigned char classes[9];
    hf_io_table *t = random_io_table(4, 3, 2, .7, 5);
    hf_systemic_options options = hf_systemic_options_default();
    hf_systemic *model = NULL;
    hf_systemic_result all[12];
    hf_systemic_classes_default(3, lifeline, classes);
    CHECK_INT(classes[0], HF_INPUT_ESSENTIAL);
    CHECK_INT(classes[1], HF_INPUT_LINEAR);
    CHECK_INT(classes[3], HF_INPUT_ESSENTIAL);
    CHECK_INT(hf_systemic_new_of_table(t, classes, &options, NULL, &model), HF_OK);
    if (!model) abort();
    CHECK_INT(hf_systemic_sweep(model, 1, NULL, 12, NULL, 0, all, NULL), HF_OK);
    double total = hf_io_totals_of(t).x;
    for (int i = 0; i < 12; i++) {
        CHECK_NEAR(hf_systemic_output(model)[i], t->x[i], 1e-12 * t->x[i]);
        CHECK(all[i].index > t->x[i] / total && all[i].index <= 1);
    }
    hf_systemic_free(model);
    hf_io_table_free(t);
}

static void what_is_refused(void)
{
    network net = network_of(1);
    hf_csr csr;
    hf_diag *diag = NULL;
    hf_systemic *model = NULL;
    hf_systemic_options options = hf_systemic_options_default(), bad = options;
    hf_systemic_result result, all[N];
    double closed[N] = {0};
    int unit[N] = {0};
    if (hf_diag_new(&diag) != HF_OK) abort();
    net.w[1] = -1;
    net.product[2] = P;
    net.y[4] = NAN;
    net.classes[6] = 3;
    if (hf_csr_init(&csr, N, N, net.w) != HF_OK) abort();
    hf_systemic_input input = {N, P, net.product, &csr, net.y, net.classes};
    bad.downstream = bad.upstream = false;
    bad.tolerance = 0;
    CHECK_INT(hf_systemic_new(&input, &bad, diag, &model), HF_E_RANGE);
    CHECK(model == NULL);
    CHECK_INT(hf_diag_count(diag, HF_ERROR), 6);
    CHECK_STR(hf_diag_get(diag, 2)->text, "flow from firm 1 to firm 2 is -1: must be a number from 0 on");
    input.n = 3;
    CHECK_INT(hf_systemic_new(&input, &options, diag, &model), HF_E_RANGE);
    hf_csr_done(&csr);
    net = network_of(1);
    model = model_of(&net, &options, true);
    closed[3] = 1.5;
    CHECK_INT(hf_systemic_run(model, closed, &result, NULL), HF_E_RANGE);
    closed[3] = NAN;
    CHECK_INT(hf_systemic_run(model, closed, &result, NULL), HF_E_RANGE);
    CHECK_INT(hf_systemic_sweep(model, 2, NULL, N, NULL, 0, all, NULL), HF_E_RANGE);
    CHECK_INT(hf_systemic_sweep(model, 1, NULL, N - 1, NULL, 0, all, NULL), HF_E_RANGE);
    unit[5] = 2;
    CHECK_INT(hf_systemic_sweep(model, 1, unit, 2, NULL, 0, all, NULL), HF_E_RANGE);
    CHECK_INT(hf_systemic_sweep(model, 1, NULL, N, NULL, 2, all, closed), HF_E_RANGE);
    hf_systemic_free(model);
    hf_diag_free(diag);
}

int main(void)
{
    RUN(formulas_written_out);
    RUN(way_up_is_linear);
    RUN(without_final_demand_all_is_lost_upstream);
    RUN(sweep_is_each_alone);
    RUN(units_close_together);
    RUN(no_shock_and_monotone);
    RUN(tables_are_networks);
    RUN(what_is_refused);
    return tap_done();
}
