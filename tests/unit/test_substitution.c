/* Substitution between regions: by hand, corner by corner, and against the program without substitution. */
#include "solver/substitution.h"

#include <glpk.h>

#include "base/rng.h"
#include "solver/rebalance.h"
#include "tests/support/scratch.h"
#include "tests/support/vertices.h"
#include "tests/tap.h"

/* One product, no inputs; both regions make 100 for themselves. A falls to 60 and B has room for 20 more: 20 come from B, 20 are rationed. */
static void neighbours_help(void)
{
    double z[4] = {0}, demand[4] = {100, 0, 0, 100};
    hf_substitution r = {0};
    hf_trade_limit limit = {.origin = 1, .destination = 0, .sector = -1, .capacity = 5};
    hf_substitution_input input = {.n_regions = 2, .n_sectors = 1, .z = z, .demand = demand, .capacity = (double[]){60, 120}, .pooled = true};
    CHECK_INT(hf_substitution_solve(&input, NULL, NULL, &r), HF_OK);
    CHECK_INT(r.status, HF_LP_OPTIMAL);
    CHECK_NEAR(r.output[0], 60, 1e-8);
    CHECK_NEAR(r.output[1], 120, 1e-8);
    CHECK_NEAR(r.rationed_total, 20, 1e-8);
    CHECK_NEAR(r.trade[1 * 2 + 0], 20, 1e-8);
    CHECK_NEAR(r.price[0], 1, 0.03); /* one more to sell saves one of rationing, at the price of switching */
    /* With room for 5 on the way: 35 are rationed in A, and the way is worth nearly what it saves. */
    input.limit = &limit;
    input.n_limits = 1;
    CHECK_INT(hf_substitution_solve(&input, NULL, NULL, &r), HF_OK);
    CHECK_NEAR(r.trade[2], 5, 1e-8);
    CHECK_NEAR(r.rationed[0], 35, 1e-8);
    CHECK_NEAR(r.rationed[1], 0, 1e-8);
    CHECK_NEAR(r.limit_price[0], 1 - 1e-4, 0.03);
    input.pooled = false;
    CHECK_INT(hf_substitution_solve(&input, NULL, NULL, &r), HF_OK);
    CHECK_NEAR(r.rationed[0], 35, 1e-8);
    CHECK_INT(r.n_users, 4);
    hf_substitution_done(&r);
}

typedef struct pair {
    double z[4], demand[4], capacity[2], weight[2];
    hf_trade_limit limit;
} pair;

static pair random_pair(hf_rng *rng)
{
    pair p;
    for (int k = 0; k < 4; k++) {
        p.z[k] = 5 * hf_rng_unit(rng);
        p.demand[k] = 2 + 10 * hf_rng_unit(rng);
    }
    for (int g = 0; g < 2; g++) {
        p.capacity[g] = (p.z[2 * g] + p.z[2 * g + 1] + p.demand[2 * g] + p.demand[2 * g + 1]) * (0.3 + hf_rng_unit(rng));
        p.weight[g] = 1 + hf_rng_unit(rng);
    }
    p.limit = (hf_trade_limit){.origin = 0, .destination = 1, .sector = 0, .capacity = (p.z[1] + p.demand[1]) * 2 * hf_rng_unit(rng)};
    return p;
}

/* Two regions, one product, pooled: with t (4 cells) and its distance e from t0; output is what is sold, rationing what is not bought. */
static double least_by_corners(const pair *p, double switch_cost, double output_weight)
{
    enum { V = 8 };
    double g[24 * V] = {0}, h[24], c[V] = {0}, x0[2], constant = 0;
    int rows = 0;
    for (int s = 0; s < 2; s++) x0[s] = p->z[2 * s] + p->z[2 * s + 1] + p->demand[2 * s] + p->demand[2 * s + 1];
    for (int k = 0; k < 4; k++) {
        double t0 = p->z[k] + p->demand[k];
        for (int sign = -1; sign <= 1; sign += 2) { /* sign (t - t0) <= e */
            g[rows * V + k] = sign;
            g[rows * V + 4 + k] = -1;
            h[rows++] = sign * t0;
        }
        g[rows * V + k] = -1;
        h[rows++] = 0;
        c[k] += output_weight;
        c[4 + k] = switch_cost;
    }
    for (int s = 0; s < 2; s++) {
        g[rows * V + 2 * s] = g[rows * V + 2 * s + 1] = 1;
        h[rows++] = p->capacity[s];
    }
    for (int d = 0; d < 2; d++) { /* q = y + a x_d - bought, x_d what d sells */
        double a = (p->z[d] + p->z[2 + d]) / x0[d], y = p->demand[d] + p->demand[2 + d], q[V] = {0};
        q[2 * d] += a;
        q[2 * d + 1] += a;
        q[d] -= 1;
        q[2 + d] -= 1;
        for (int k = 0; k < 4; k++) {
            g[rows * V + k] = q[k];
            g[(rows + 1) * V + k] = -q[k];
            c[k] += p->weight[d] * q[k];
        }
        h[rows++] = 0;
        h[rows++] = y;
        constant += p->weight[d] * y;
    }
    g[rows * V + 1] = 1;
    h[rows++] = p->limit.capacity;
    return constant + vertices_least(V, c, rows, g, h, NULL);
}

static void random_pairs_by_corners(void)
{
    hf_rng rng = {.seed = 51};
    int switched = 0;
    for (int k = 0; k < 12; k++) {
        pair p = random_pair(&rng);
        hf_substitution r = {0};
        hf_substitution_input input = {.n_regions = 2, .n_sectors = 1, .z = p.z, .demand = p.demand, .capacity = p.capacity, .weight = p.weight,
                                       .switch_cost = 0.05, .output_weight = 1e-3, .pooled = true, .limit = &p.limit, .n_limits = 1};
        CHECK_INT(hf_substitution_solve(&input, NULL, NULL, &r), HF_OK);
        double expected = least_by_corners(&p, 0.05, 1e-3);
        CHECK_NEAR(r.objective, expected, 1e-6 * (1 + expected));
        switched += r.switched > 1;
        hf_substitution_done(&r);
    }
    CHECK(switched > 3);
}

enum { R = 3, S = 2, N = 6 };

typedef struct world {
    double z[N * N], demand[N * R], x[N], capacity[N];
} world;

static world random_world(hf_rng *rng)
{
    world w = {0};
    for (int g = 0; g < N; g++) {
        for (int f = 0; f < N; f++) w.x[g] += w.z[g * N + f] = hf_rng_below(rng, 4) ? hf_rng_unit(rng) : 0;
        for (int d = 0; d < R; d++) w.x[g] += w.demand[g * R + d] = 1 + hf_rng_unit(rng);
        w.capacity[g] = w.x[g] * (hf_rng_below(rng, 3) ? 1.1 : 0.5);
    }
    return w;
}

/* Who may switch loses no more than who may not; whole regions no more than single users; and nothing happens where nothing is short. */
static void freedom_never_hurts(void)
{
    hf_rng rng = {.seed = 52};
    int gained = 0;
    for (int k = 0; k < 25; k++) {
        world w = random_world(&rng);
        double a[N * N], y[N] = {0};
        for (int g = 0; g < N; g++) {
            for (int f = 0; f < N; f++) a[g * N + f] = w.z[g * N + f] / w.x[f];
            for (int d = 0; d < R; d++) y[g] += w.demand[g * R + d];
        }
        hf_rebalance_input plain = {.n = N, .a = a, .demand = y};
        hf_rebalance *rb = NULL;
        hf_rebalance_result without = {0};
        hf_substitution pooled = {0}, single = {0};
        CHECK_INT(hf_rebalance_new(&plain, NULL, &rb), HF_OK);
        CHECK_INT(hf_rebalance_solve(rb, w.capacity, HF_REBALANCE_PRE_SHOCK, 0, NULL, &without), HF_OK);
        hf_substitution_input input = {.n_regions = R, .n_sectors = S, .z = w.z, .demand = w.demand, .capacity = w.capacity, .switch_cost = 1e-4};
        CHECK_INT(hf_substitution_solve(&input, NULL, NULL, &single), HF_OK);
        input.pooled = true;
        CHECK_INT(hf_substitution_solve(&input, NULL, NULL, &pooled), HF_OK);
        CHECK(single.loss <= without.loss + 0.01 * (1 + without.loss)); /* the prices of output and switching stay below this */
        CHECK(pooled.objective <= single.objective + 1e-7);
        gained += single.loss < 0.8 * without.loss;
        for (int g = 0; g < N; g++) w.capacity[g] = w.x[g];
        CHECK_INT(hf_substitution_solve(&input, NULL, NULL, &pooled), HF_OK);
        CHECK_NEAR(pooled.rationed_total + pooled.switched, 0, 1e-9);
        for (int g = 0; g < N; g++) CHECK_NEAR(pooled.output[g], w.x[g], 1e-9);
        hf_substitution_done(&single);
        hf_substitution_done(&pooled);
        hf_rebalance_result_done(&without);
        hf_rebalance_free(rb);
    }
    CHECK(gained > 5);
}

static void written_and_refused(void)
{
    hf_diag *diag = NULL;
    hf_substitution r = {0};
    hf_rng rng = {.seed = 53};
    world w = random_world(&rng);
    CHECK_INT(hf_diag_new(&diag), HF_OK);
    scratch_folder();
    hf_substitution_input input = {.n_regions = R, .n_sectors = S, .z = w.z, .demand = w.demand, .capacity = w.capacity, .pooled = true};
    CHECK_INT(hf_substitution_solve(&input, scratch_path("s.mps"), diag, &r), HF_OK);
    glp_prob *problem = glp_create_prob();
    glp_term_out(GLP_OFF);
    CHECK_INT(glp_read_mps(problem, GLP_MPS_FILE, NULL, scratch_path("s.mps")), 0);
    CHECK_INT(glp_simplex(problem, NULL), 0);
    double unit = 0;
    for (int g = 0; g < N; g++) unit += w.x[g] / N;
    CHECK_NEAR(glp_get_obj_val(problem) * unit, r.objective, 1e-6);
    glp_delete_prob(problem);
    scratch_done();
    input.switch_cost = 1e-9;
    CHECK_INT(hf_substitution_solve(&input, NULL, diag, &r), HF_E_RANGE);
    input.switch_cost = 0;
    input.limit = &(hf_trade_limit){.origin = R};
    input.n_limits = 1;
    CHECK_INT(hf_substitution_solve(&input, NULL, diag, &r), HF_E_RANGE);
    input.n_limits = 0;
    w.capacity[2] = -1;
    CHECK_INT(hf_substitution_solve(&input, NULL, diag, &r), HF_E_RANGE);
    CHECK_STR(hf_diag_get(diag, 2)->text, "capacity, row 3, column 1, is -1: it must be 0 or more");
    hf_substitution_done(&r);
    hf_diag_free(diag);
}

int main(void)
{
    RUN(neighbours_help);
    RUN(random_pairs_by_corners);
    RUN(freedom_never_hurts);
    RUN(written_and_refused);
    return tap_done();
}
