/* Laws of the programs of trade and of the risk of closures, on random tables: without a shock nothing changes, a deeper shock never costs less,
 * the order of the regions does not matter, and whoever may do more never loses more. */
#include <stdlib.h>

#include "model/economy/leontief.h"
#include "model/economy/systemic_risk.h"
#include "solver/mria.h"
#include "solver/rebalance.h"
#include "solver/substitution.h"
#include "tests/support/tables.h"
#include "tests/tap.h"

enum { R = 3, S = 3, N = R * S, TABLES = 12, DEPTHS = 5 };

static int mirrored(int f)
{
    return (R - 1 - f / S) * S + f % S;
}

/* The same economy with its regions the other way round; one kind of final demand. */
static hf_io_table *mirror_of(const hf_io_table *t)
{
    hf_io_table *m = random_io_table(R, S, 1, .5, 1);
    for (int f = 0; f < N; f++) {
        m->x[mirrored(f)] = t->x[f];
        m->v[mirrored(f)] = t->v[f];
        for (int g = 0; g < N; g++) m->z[mirrored(f) * N + mirrored(g)] = t->z[f * N + g];
        for (int r = 0; r < R; r++) m->y[mirrored(f) * R + R - 1 - r] = t->y[f * R + r];
    }
    return m;
}

/* Capacity with one industry down by `share`; the others can make a tenth more. */
static void capacity_fill(const hf_io_table *t, int hit, double share, double *capacity)
{
    for (int f = 0; f < N; f++) capacity[f] = t->x[f] * (f == hit ? 1 - share : 1.1);
}

/* What is rationed in the plain program, with substitution, and the objective of the multi-regional form. */
typedef struct costs {
    double plain, switched, regional, rationed[N], output[N];
} costs;

static costs costs_of(const hf_io_table *t, int hit, double share)
{
    costs c = {0};
    double capacity[N];
    hf_leontief *l = NULL;
    hf_rebalance *plain = NULL;
    hf_mria *mria = NULL;
    hf_rebalance_result p = {0};
    hf_substitution s = {0};
    hf_mria_result m = {0};
    capacity_fill(t, hit, share, capacity);
    if (hf_leontief_new(t, 1, NULL, &l) != HF_OK) abort();
    hf_rebalance_input input = {.n = N, .a = l->a, .demand = l->y};
    CHECK_INT(hf_rebalance_new(&input, NULL, &plain), HF_OK);
    CHECK_INT(hf_rebalance_solve(plain, capacity, HF_REBALANCE_PRE_SHOCK, 0, NULL, &p), HF_OK);
    hf_substitution_input free_trade = {.n_regions = R, .n_sectors = S, .z = t->z, .demand = t->y, .capacity = capacity};
    CHECK_INT(hf_substitution_solve(&free_trade, NULL, NULL, &s), HF_OK);
    hf_mria_input regions = {.n_regions = R, .n_sectors = S, .z = t->z, .demand = t->y};
    CHECK_INT(hf_mria_new(&regions, NULL, &mria), HF_OK);
    CHECK_INT(hf_mria_solve(mria, capacity, NULL, 0, NULL, &m), HF_OK);
    c.plain = p.rationed_total;
    c.switched = s.rationed_total;
    c.regional = m.objective;
    memcpy(c.rationed, p.rationed, sizeof c.rationed);
    memcpy(c.output, p.output, sizeof c.output);
    hf_rebalance_result_done(&p);
    hf_substitution_done(&s);
    hf_mria_result_done(&m);
    hf_rebalance_free(plain);
    hf_mria_free(mria);
    hf_leontief_free(l);
    return c;
}

static void programs(void)
{
    for (int n = 0; n < TABLES; n++) {
        hf_io_table *t = random_io_table(R, S, 1, .4 + .05 * n, (uint64_t)n + 300), *m = mirror_of(t);
        double total = hf_io_totals_of(t).x;
        int hit = n % N;
        costs last = costs_of(t, hit, 0);
        CHECK_NEAR(last.plain, 0, 1e-12 * total);
        CHECK_NEAR(last.switched, 0, 1e-12 * total);
        for (int f = 0; f < N; f++) CHECK_NEAR(last.output[f], t->x[f], 1e-12 * t->x[f]);
        for (int depth = 1; depth <= DEPTHS; depth++) {
            double share = (double)depth / DEPTHS;
            costs now = costs_of(t, hit, share), other = costs_of(m, mirrored(hit), share);
            CHECK(now.plain >= last.plain - 1e-9 * total);
            CHECK(now.switched >= last.switched - 1e-9 * total);
            CHECK(now.regional >= last.regional - 1e-9 * total);
            CHECK(now.switched <= now.plain + 1e-9 * total);
            CHECK_NEAR(other.plain, now.plain, 1e-9 * total);
            CHECK_NEAR(other.switched, now.switched, 1e-9 * total);
            CHECK_NEAR(other.regional, now.regional, 1e-9 * total);
            last = now;
        }
        CHECK(last.plain > 0);
        hf_io_table_free(t);
        hf_io_table_free(m);
    }
}

static void risk_of(const hf_io_table *t, int threads, double share, hf_systemic_result *ret_each)
{
    hf_systemic_options options = hf_systemic_options_default();
    unsigned char classes[S * S];
    const bool lifeline[S] = {true};
    hf_systemic *model = NULL;
    options.threads = threads;
    hf_systemic_classes_default(S, lifeline, classes);
    CHECK_INT(hf_systemic_new_of_table(t, classes, &options, NULL, &model), HF_OK);
    CHECK_INT(hf_systemic_sweep(model, share, NULL, N, NULL, 0, ret_each, NULL), HF_OK);
    hf_systemic_free(model);
}

static void risk(void)
{
    for (int n = 0; n < TABLES; n++) {
        hf_io_table *t = random_io_table(R, S, 1, .4 + .05 * n, (uint64_t)n + 300), *m = mirror_of(t);
        hf_systemic_result last[N], now[N], threaded[N], other[N];
        risk_of(t, 1, 0, last);
        for (int f = 0; f < N; f++) CHECK_NEAR(last[f].index, 0, 1e-12);
        for (int depth = 1; depth <= DEPTHS; depth++) {
            double share = (double)depth / DEPTHS;
            risk_of(t, 1, share, now);
            risk_of(t, 3, share, threaded);
            risk_of(m, 1, share, other);
            for (int f = 0; f < N; f++) {
                CHECK(now[f].index >= last[f].index - 1e-9);
                CHECK(now[f].index == threaded[f].index && now[f].down == threaded[f].down && now[f].up == threaded[f].up);
                CHECK_NEAR(other[mirrored(f)].index, now[f].index, 1e-8);
                CHECK(now[f].index >= share * t->x[f] / hf_io_totals_of(t).x - 1e-9); /* at least what it does not make itself */
            }
            memcpy(last, now, sizeof last);
        }
        hf_io_table_free(t);
        hf_io_table_free(m);
    }
}

int main(void)
{
    RUN(programs);
    RUN(risk);
    return tap_done();
}
