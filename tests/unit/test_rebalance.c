/* Least-loss rebalancing: a case by hand, the same problem written without output as variables and solved by visiting every corner, prices
 * by differences, and what must be refused. */
#include "solver/rebalance.h"

#include <glpk.h>

#include "base/rng.h"
#include "tests/support/scratch.h"
#include "tests/support/vertices.h"
#include "tests/tap.h"

enum { MAX = 5 };

/* Miller & Blair 2009, table 2.3: output 1000 and 2000, L = [.95 .25; .2 .85] / .7575. */
static const double a2[4] = {0.15, 0.25, 0.2, 0.05}, y2[2] = {350, 1700};

static hf_rebalance *program(int n, const double *a, const double *y, const double *weight, double output_weight)
{
    hf_rebalance_input input = {.n = n, .a = a, .demand = y, .weight = weight, .output_weight = output_weight};
    hf_rebalance *rb = NULL;
    CHECK_INT(hf_rebalance_new(&input, NULL, &rb), HF_OK);
    return rb;
}

/* Industry 2 at 1800: 200 less. Rationing product 2 by one saves L22 = .85 / .7575 of it, product 1 only L21 = .2 / .7575. */
static void two_industries_by_hand(void)
{
    hf_rebalance *rb = program(2, a2, y2, NULL, 1e-5);
    hf_rebalance_result r = {0};
    CHECK_NEAR(hf_rebalance_output_before(rb)[0], 1000, 1e-8);
    CHECK_NEAR(hf_rebalance_output_before(rb)[1], 2000, 1e-8);
    CHECK_INT(hf_rebalance_solve(rb, (double[]){INFINITY, 1800}, HF_REBALANCE_PRE_SHOCK, 0, NULL, &r), HF_OK);
    CHECK_INT(r.status, HF_LP_OPTIMAL);
    CHECK_NEAR(r.rationed[0], 0, 1e-9);
    CHECK_NEAR(r.rationed[1], 200 * 0.7575 / 0.85, 1e-8);
    CHECK_NEAR(r.output[0], 1000 - 200 * 0.25 / 0.85, 1e-8);
    CHECK_NEAR(r.output[1], 1800, 1e-8);
    CHECK_NEAR(r.loss, r.rationed[1], 1e-9);
    /* p2 = 1, the price of making it elsewhere; p1 (1 - .15) = .2 p2 + e; capacity: p2 (1 - .05) - .25 p1 - e. */
    double p1 = (0.2 + 1e-5) / 0.85;
    CHECK_NEAR(r.price[1], 1, 1e-9);
    CHECK_NEAR(r.price[0], p1, 1e-9);
    CHECK_NEAR(r.capacity_price[1], 0.95 - 0.25 * p1 - 1e-5, 1e-9);
    CHECK_NEAR(r.capacity_price[0], 0, 1e-9);
    CHECK(r.violation < 1e-9 && fabs(r.gap) < 1e-9);
    hf_rebalance_result_done(&r);
    hf_rebalance_free(rb);
}

/* Product 2 is worth 5: now product 1 goes first, 1 / L21 = 3.7875 against 5 / L22 = 4.4559, until there is none of it. */
static void weights_decide_who_goes_short(void)
{
    hf_rebalance *rb = program(2, a2, y2, (double[]){1, 5}, 1e-5);
    hf_rebalance_result r = {0};
    CHECK_INT(hf_rebalance_solve(rb, (double[]){INFINITY, 1800}, HF_REBALANCE_PRE_SHOCK, 0, NULL, &r), HF_OK);
    CHECK_NEAR(r.rationed[0], 350, 1e-8);
    CHECK_NEAR(r.rationed[1], (200 - 350 * 0.2 / 0.7575) * 0.7575 / 0.85, 1e-8);
    CHECK_INT(hf_rebalance_solve(rb, (double[]){INFINITY, 1950}, HF_REBALANCE_LAST, 0, NULL, &r), HF_OK);
    CHECK_NEAR(r.rationed[0], 50 * 0.7575 / 0.2, 1e-8);
    CHECK_NEAR(r.rationed[1], 0, 1e-8);
    CHECK_INT(hf_rebalance_solve(rb, (double[]){0, 0}, HF_REBALANCE_LAST, 0, NULL, &r), HF_OK); /* nothing can be made */
    CHECK_NEAR(r.loss, 350 + 5 * 1700, 1e-7);
    CHECK_INT(hf_rebalance_solve(rb, (double[]){1000, 2000}, HF_REBALANCE_LAST, 0, NULL, &r), HF_OK); /* as it was */
    CHECK_NEAR(r.loss, 0, 1e-7);
    CHECK_NEAR(r.output_after, 3000, 1e-7);
    hf_rebalance_result_done(&r);
    hf_rebalance_free(rb);
}

typedef struct economy {
    int n;
    double a[MAX * MAX], y[MAX], weight[MAX], capacity[MAX], inverse[MAX * MAX];
} economy;

/* (I - A)^-1 by the series. */
static void inverse_fill(economy *e)
{
    int n = e->n;
    double term[MAX * MAX], next[MAX * MAX];
    for (int k = 0; k < n * n; k++) e->inverse[k] = term[k] = k % (n + 1) == 0;
    for (int round = 0; round < 400; round++) {
        for (int i = 0; i < n; i++)
            for (int j = 0; j < n; j++) {
                next[i * n + j] = 0;
                for (int k = 0; k < n; k++) next[i * n + j] += term[i * n + k] * e->a[k * n + j];
            }
        for (int k = 0; k < n * n; k++) e->inverse[k] += term[k] = next[k];
    }
}

static economy random_economy(hf_rng *rng)
{
    economy e = {.n = 2 + (int)hf_rng_below(rng, 4)};
    for (int j = 0; j < e.n; j++)
        for (int i = 0; i < e.n; i++) e.a[i * e.n + j] = hf_rng_below(rng, 3) == 0 ? 0 : 0.8 * hf_rng_unit(rng) / e.n;
    for (int i = 0; i < e.n; i++) {
        e.y[i] = hf_rng_below(rng, 5) == 0 ? 0 : 1 + 100 * hf_rng_unit(rng);
        e.weight[i] = 1 + 4 * hf_rng_unit(rng);
    }
    e.y[0] += 10;
    inverse_fill(&e);
    for (int i = 0; i < e.n; i++) {
        double before = 0;
        for (int j = 0; j < e.n; j++) before += e.inverse[i * e.n + j] * e.y[j];
        e.capacity[i] = before * (hf_rng_below(rng, 2) ? 1.2 : hf_rng_unit(rng));
    }
    return e;
}

/* Without x: it is L (y - r), so that min sum (w - e m) r + e m'y with L (y - r) <= capacity and 0 <= r <= y. */
static double least_by_corners(const economy *e, double output_weight)
{
    int n = e->n, rows = 0;
    double g[3 * MAX * MAX] = {0}, h[3 * MAX], c[MAX], constant = 0;
    for (int i = 0; i < n; i++) {
        double multiplier = 0, before = 0;
        for (int j = 0; j < n; j++) {
            multiplier += e->inverse[j * n + i];
            before += e->inverse[i * n + j] * e->y[j];
            g[rows * n + j] = -e->inverse[i * n + j];
        }
        h[rows++] = e->capacity[i] - before;
        g[rows * n + i] = -1;
        h[rows++] = 0;
        g[rows * n + i] = 1;
        h[rows++] = e->y[i];
        c[i] = e->weight[i] - output_weight * multiplier;
        constant += output_weight * multiplier * e->y[i];
    }
    return constant + vertices_least(n, c, rows, g, h, NULL);
}

static void random_economies_by_corners(void)
{
    hf_rng rng = {.seed = 5};
    for (int k = 0; k < 80; k++) {
        economy e = random_economy(&rng);
        hf_rebalance *rb = program(e.n, e.a, e.y, e.weight, 1e-3);
        double expected = least_by_corners(&e, 1e-3);
        for (int start = HF_REBALANCE_PRE_SHOCK; start <= HF_REBALANCE_SLACK; start++) {
            hf_rebalance_result r = {0};
            CHECK_INT(hf_rebalance_solve(rb, e.capacity, (hf_rebalance_start)start, 0, NULL, &r), HF_OK);
            CHECK_NEAR(r.objective, expected, 1e-6 * (1 + expected));
            hf_rebalance_result_done(&r);
        }
        hf_rebalance_free(rb);
    }
}

/* One more unit of capacity saves its price. */
static void prices_are_differences(void)
{
    hf_rng rng = {.seed = 6};
    int compared = 0;
    for (int k = 0; k < 30; k++) {
        economy e = random_economy(&rng), more = e;
        hf_rebalance_result r = {0};
        hf_rebalance *rb = program(e.n, e.a, e.y, e.weight, 1e-3);
        const double step = 1e-4;
        CHECK_INT(hf_rebalance_solve(rb, e.capacity, HF_REBALANCE_PRE_SHOCK, 0, NULL, &r), HF_OK);
        for (int j = 0; j < e.n; j++) {
            if (!(e.capacity[j] > 1)) continue;
            double here = least_by_corners(&e, 1e-3);
            more = e;
            more.capacity[j] = e.capacity[j] + step;
            double up = (here - least_by_corners(&more, 1e-3)) / step;
            more.capacity[j] = e.capacity[j] - step;
            double down = (least_by_corners(&more, 1e-3) - here) / step;
            CHECK(r.capacity_price[j] >= up - 1e-5 && r.capacity_price[j] <= down + 1e-5); /* between both sides of a kink */
            compared += down - up < 1e-5 && down > 1e-3;
        }
        hf_rebalance_result_done(&r);
        hf_rebalance_free(rb);
    }
    CHECK(compared > 10);
}

static void the_program_is_written(void)
{
    hf_rebalance *rb = program(2, a2, y2, NULL, 1e-5);
    hf_rebalance_result r = {0};
    scratch_folder();
    CHECK_INT(hf_rebalance_solve(rb, (double[]){INFINITY, 1800}, HF_REBALANCE_PRE_SHOCK, 0, NULL, &r), HF_OK);
    CHECK_INT(hf_lp_write(hf_rebalance_lp(rb), scratch_path("r.lp"), "lp"), HF_OK);
    glp_prob *problem = glp_create_prob();
    glp_term_out(GLP_OFF);
    CHECK_INT(glp_read_lp(problem, NULL, scratch_path("r.lp")), 0);
    glp_create_index(problem);
    CHECK_INT(glp_simplex(problem, NULL), 0);
    CHECK_NEAR(glp_get_obj_val(problem) * hf_rebalance_unit(rb), r.objective, 1e-6);
    CHECK_NEAR(glp_get_col_prim(problem, glp_find_col(problem, "r2")) * hf_rebalance_unit(rb), r.rationed[1], 1e-6);
    CHECK(glp_find_row(problem, "b1") > 0);
    glp_delete_prob(problem);
    hf_rebalance_result_done(&r);
    hf_rebalance_free(rb);
    scratch_done();
}

static hf_err attempt(const double *a, const double *y, const double *weight, double output_weight, hf_diag *diag)
{
    hf_rebalance_input input = {.n = 2, .a = a, .demand = y, .weight = weight, .output_weight = output_weight};
    hf_rebalance *rb = NULL;
    return hf_rebalance_new(&input, diag, &rb);
}

static void refuses(void)
{
    hf_diag *diag = NULL;
    CHECK_INT(hf_diag_new(&diag), HF_OK);
    CHECK_INT(attempt((double[]){0.5, 0.6, 0.6, 0.5}, y2, NULL, 0, diag), HF_E_NO_ANSWER);
    CHECK_INT(attempt((double[]){0.5, -0.1, 0, 0.5}, y2, NULL, 0, diag), HF_E_RANGE);
    CHECK_INT(attempt(a2, (double[]){1, -1}, NULL, 0, diag), HF_E_RANGE);
    CHECK_STR(hf_diag_get(diag, 2)->text, "final demand (0 or more) of industry 2 is -1");
    CHECK_INT(attempt(a2, (double[]){0, 0}, NULL, 0, diag), HF_E_RANGE);
    CHECK_INT(attempt(a2, y2, (double[]){1, 0}, 0, diag), HF_E_RANGE);
    CHECK_INT(attempt(a2, y2, NULL, 1, diag), HF_E_RANGE);
    hf_rebalance *rb = program(2, a2, y2, NULL, 0);
    hf_rebalance_result r = {0};
    CHECK_INT(hf_rebalance_solve(rb, (double[]){1, NAN}, HF_REBALANCE_LAST, 0, diag, &r), HF_E_RANGE);
    CHECK_INT(hf_diag_count(diag, HF_ERROR), 7);
    hf_rebalance_free(rb);
    hf_diag_free(diag);
}

int main(void)
{
    RUN(two_industries_by_hand);
    RUN(weights_decide_who_goes_short);
    RUN(random_economies_by_corners);
    RUN(prices_are_differences);
    RUN(the_program_is_written);
    RUN(refuses);
    return tap_done();
}
