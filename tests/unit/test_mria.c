/* The multi-regional program against its definition: small tables whose constraints are read off the formula of the header, corner by
 * corner; laws; and what must be refused. */
#include "solver/mria.h"

#include "base/rng.h"
#include "tests/support/vertices.h"
#include "tests/tap.h"

enum { MAX = 2, FAR = 100000 };

typedef struct world {
    int R, S, n;
    double z[MAX * MAX], demand[MAX * MAX], exports[MAX], extra[MAX], x[MAX], capacity[MAX];
} world;

static world random_world(hf_rng *rng)
{
    world w = {.R = 1 + (int)hf_rng_below(rng, 2), .n = 2};
    w.S = w.n / w.R;
    for (int k = 0; k < w.n * w.n; k++) w.z[k] = 10 * hf_rng_unit(rng);
    for (int k = 0; k < w.n * w.R; k++) w.demand[k] = 1 + 20 * hf_rng_unit(rng);
    for (int f = 0; f < w.n; f++) {
        w.exports[f] = 5 * hf_rng_unit(rng);
        w.extra[f] = hf_rng_below(rng, 3) == 0 ? 2 * hf_rng_unit(rng) : 0;
        w.x[f] = w.exports[f];
        for (int j = 0; j < w.n; j++) w.x[f] += w.z[f * w.n + j];
        for (int b = 0; b < w.R; b++) w.x[f] += w.demand[f * w.R + b];
        w.capacity[f] = w.x[f] * (hf_rng_below(rng, 3) == 0 ? 1.1 : hf_rng_unit(rng));
    }
    return w;
}

/* v = (X, Q, D): what supply of f exceeds demand by, and the trade between regions, term by term as the header has them. */
static double excess(const world *w, const double *v, int f, double *ret_trade)
{
    const double *X = v, *Q = v + w->n, *D = v + 2 * w->n;
    int home = f / w->S, s = f % w->S;
    double rest = X[f] + D[f] - w->demand[f * w->R + home] - w->extra[f] - w->exports[f] + Q[f];
    *ret_trade = 0;
    for (int b = 0; b < w->R; b++) {
        double used = 0, before = 0, all = 0;
        int twin = b * w->S + s;
        for (int t = 0; t < w->S; t++) {
            int j = b * w->S + t;
            used += w->z[f * w->n + j] / w->x[j] * X[j];
            before += w->z[f * w->n + j];
        }
        for (int c = 0; c < w->R; c++) all += w->demand[twin * w->R + c];
        if (b == home) rest -= used;
        else *ret_trade += (before + w->demand[f * w->R + b]) / (before + all) * (used + all + w->extra[twin] - Q[twin] + D[twin]);
    }
    return rest - *ret_trade;
}

/* Coefficients are differences of the formula between unit vectors and 0. */
static double least_by_corners(const world *w, const double *marginal)
{
    int n = w->n, m = 3 * n, rows = 0;
    double zero[3 * MAX] = {0}, g[9 * MAX * 3 * MAX] = {0}, h[9 * MAX], c[3 * MAX] = {0}, constant = 0, trade = 0;
    for (int f = 0; f < n; f++) {
        double at_zero = excess(w, zero, f, &trade), trade_zero = trade;
        constant += trade_zero;
        for (int k = 0; k < m; k++) {
            double unit[3 * MAX] = {0};
            unit[k] = 1;
            g[rows * m + k] = -(excess(w, unit, f, &trade) - at_zero);
            c[k] += trade - trade_zero;
        }
        h[rows++] = at_zero;
        double mu = fmax(1, marginal[f]);
        c[f] += 1;
        c[n + f] += 2 * mu;
        c[2 * n + f] += 1.75 * mu;
    }
    for (int k = 0; k < m; k++) {
        g[rows * m + k] = -1;
        h[rows++] = 0;
        g[rows * m + k] = 1;
        h[rows++] = k < n ? w->capacity[k] : k < 2 * n ? w->demand[(k - n) * w->R + (k - n) / w->S] + w->exports[k - n] : FAR;
    }
    return constant + vertices_least(m, c, rows, g, h, NULL);
}

static hf_mria *program(const world *w)
{
    hf_mria_input input = {.n_regions = w->R, .n_sectors = w->S, .z = w->z, .demand = w->demand, .exports = w->exports};
    hf_mria *mria = NULL;
    CHECK_INT(hf_mria_new(&input, NULL, &mria), HF_OK);
    return mria;
}

static void random_tables_by_corners(void)
{
    hf_rng rng = {.seed = 21};
    int short_of = 0;
    for (int k = 0; k < 60; k++) {
        world w = random_world(&rng);
        hf_mria *mria = program(&w);
        if (!mria) return;
        hf_mria_result r = {0};
        double expected = least_by_corners(&w, hf_mria_marginals(mria));
        CHECK_INT(hf_mria_solve(mria, w.capacity, w.extra, 0, NULL, &r), HF_OK);
        CHECK_INT(r.status, HF_LP_OPTIMAL);
        CHECK_NEAR(r.objective, expected, 1e-6 * expected);
        short_of += r.imported_total + r.rationed_total > 1e-6;
        double plain = r.objective; /* and again without reconstruction: cheaper */
        CHECK_INT(hf_mria_solve(mria, w.capacity, NULL, 0, NULL, &r), HF_OK);
        CHECK(r.objective <= plain + 1e-9 * plain);
        hf_mria_result_done(&r);
        hf_mria_free(mria);
    }
    CHECK(short_of > 20);
}

/* Nothing happens: the table is what comes out. */
static void undisturbed(void)
{
    hf_rng rng = {.seed = 22};
    for (int k = 0; k < 20; k++) {
        world w = random_world(&rng);
        hf_mria *mria = program(&w);
        hf_mria_result r = {0};
        double capacity[MAX], whole[MAX] = {1, 1};
        hf_mria_capacity(mria, whole, capacity);
        CHECK_NEAR(capacity[1], w.x[1] * 1.1 / 0.98, 1e-12 * w.x[1]);
        CHECK_INT(hf_mria_solve(mria, capacity, NULL, 0, NULL, &r), HF_OK);
        for (int f = 0; f < w.n; f++) CHECK_NEAR(r.output[f], w.x[f], 1e-9 * w.x[f]);
        CHECK_NEAR(r.imported_total + r.rationed_total + r.complementarity, 0, 1e-9);
        hf_mria_result_done(&r);
        hf_mria_free(mria);
    }
}

static void refuses(void)
{
    hf_diag *diag = NULL;
    hf_mria *mria = NULL;
    CHECK_INT(hf_diag_new(&diag), HF_OK);
    hf_mria_input input = {.n_regions = 2, .n_sectors = 1, .z = (double[]){1, -2, 3, 4}, .demand = (double[]){1, 1, 1, 1}};
    CHECK_INT(hf_mria_new(&input, diag, &mria), HF_E_RANGE);
    CHECK_STR(hf_diag_get(diag, 0)->text, "a flow of industry 1, column 2, is -2: it must be 0 or more");
    input.z = (double[]){0, 0, 0, 0};
    input.demand = input.z;
    CHECK_INT(hf_mria_new(&input, diag, &mria), HF_E_RANGE);
    input.n_regions = 0;
    CHECK_INT(hf_mria_new(&input, diag, &mria), HF_E_RANGE);
    input = (hf_mria_input){.n_regions = 2, .n_sectors = 1, .z = (double[]){1, 2, 3, 4}, .demand = (double[]){1, 1, 1, 1}};
    CHECK_INT(hf_mria_new(&input, diag, &mria), HF_OK);
    hf_mria_result r = {0};
    CHECK_INT(hf_mria_solve(mria, (double[]){1, -1}, NULL, 0, diag, &r), HF_E_RANGE);
    CHECK_INT(hf_mria_solve(mria, (double[]){1, 1}, (double[]){-1, 0}, 0, diag, &r), HF_E_RANGE);
    hf_mria_free(mria);
    hf_diag_free(diag);
}

int main(void)
{
    RUN(random_tables_by_corners);
    RUN(undisturbed);
    RUN(refuses);
    return tap_done();
}
