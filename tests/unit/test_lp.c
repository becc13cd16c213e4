/* The LP seam: programs from a textbook, brute force on random small ones, and what must be refused. */
#include "solver/lp.h"

#include <glpk.h>

#include "base/rng.h"
#include "tests/support/scratch.h"
#include "tests/tap.h"

static hf_lp *program(int columns, const double *cost, const double *low, const double *high, const bool *integer)
{
    hf_lp *lp = NULL;
    CHECK_INT(hf_lp_new(&lp), HF_OK);
    CHECK_INT(hf_lp_add_columns(lp, columns, cost, low, high, integer), HF_OK);
    return lp;
}

static void row(hf_lp *lp, double low, double high, int n, const int *column, const double *value)
{
    int start[] = {0, n};
    CHECK_INT(hf_lp_add_rows(lp, 1, &low, &high, start, column, value), HF_OK);
}

/* The Wyndor Glass problem: max 3a + 5b, a <= 4, 2b <= 12, 3a + 2b <= 18: 36 at (2, 6), shadow prices 0, 3/2, 1.
 * Hillier & Lieberman, Introduction to Operations Research, section 3.1. */
static hf_lp *wyndor(void)
{
    hf_lp *lp = program(2, (double[]){-3, -5}, (double[]){0, 0}, (double[]){INFINITY, INFINITY}, NULL);
    row(lp, -INFINITY, 4, 1, (int[]){0}, (double[]){1});
    row(lp, -INFINITY, 12, 1, (int[]){1}, (double[]){2});
    row(lp, -INFINITY, 18, 2, (int[]){0, 1}, (double[]){3, 2});
    return lp;
}

static void textbook_program(void)
{
    hf_lp *lp = wyndor();
    CHECK_INT(hf_lp_get_status(lp), HF_LP_NONE);
    for (int method = HF_LP_PRIMAL; method <= HF_LP_DUAL_THEN_PRIMAL; method++) {
        CHECK_INT(hf_lp_solve(lp, (hf_lp_method)method, 0), HF_OK);
        CHECK_INT(hf_lp_get_status(lp), HF_LP_OPTIMAL);
        CHECK_NEAR(hf_lp_objective(lp), -36, 1e-9);
        CHECK_NEAR(hf_lp_x(lp)[0], 2, 1e-9);
        CHECK_NEAR(hf_lp_x(lp)[1], 6, 1e-9);
        CHECK_NEAR(hf_lp_duals(lp)[0], 0, 1e-9);
        CHECK_NEAR(hf_lp_duals(lp)[1], -1.5, 1e-9);
        CHECK_NEAR(hf_lp_duals(lp)[2], -1, 1e-9);
        CHECK_NEAR(hf_lp_dual_fault(lp), 0, 1e-9);
        CHECK_INT(hf_lp_set_column_bounds(lp, 0, 0, INFINITY), HF_OK); /* unsolved again */
    }
    hf_lp_free(lp);
}

/* Rows come and go and bounds move: the answer is that of a program made anew. */
static void changes_are_seen(void)
{
    hf_lp *lp = wyndor();
    CHECK_INT(hf_lp_solve(lp, HF_LP_PRIMAL, 0), HF_OK);
    hf_lp_basis columns[2], rows[3];
    hf_lp_get_basis(lp, columns, rows);
    CHECK_INT(columns[0], HF_LP_BASIC);
    CHECK_INT(rows[0], HF_LP_BASIC);
    CHECK_INT(rows[2], HF_LP_AT_HIGH);
    CHECK_INT(hf_lp_set_basis(lp, columns, rows), HF_OK);
    CHECK_INT(hf_lp_set_row_bounds(lp, 2, -INFINITY, 24), HF_OK); /* a = 4, b = 6 */
    CHECK_INT(hf_lp_solve(lp, HF_LP_DUAL, 0), HF_OK);
    CHECK_NEAR(hf_lp_objective(lp), -42, 1e-9);
    CHECK_INT(hf_lp_delete_rows(lp, 1, (int[]){1}), HF_OK);
    CHECK_INT(hf_lp_rows(lp), 2);
    CHECK_INT(hf_lp_solve(lp, HF_LP_PRIMAL, 0), HF_OK); /* 3a + 2b <= 24 alone: b = 12 */
    CHECK_NEAR(hf_lp_objective(lp), -60, 1e-9);
    CHECK_INT(hf_lp_set_cost(lp, 0, -30), HF_OK);
    CHECK_INT(hf_lp_solve(lp, HF_LP_PRIMAL, 0), HF_OK); /* a = 4, b = 6 */
    CHECK_NEAR(hf_lp_objective(lp), -150, 1e-9);
    hf_lp_free(lp);
}

static void no_answer_has_a_status(void)
{
    hf_lp *lp = wyndor();
    row(lp, 19, INFINITY, 1, (int[]){1}, (double[]){2});
    CHECK_INT(hf_lp_solve(lp, HF_LP_DUAL_THEN_PRIMAL, 0), HF_OK);
    CHECK_INT(hf_lp_get_status(lp), HF_LP_INFEASIBLE);
    hf_lp_free(lp);
    lp = program(1, (double[]){-1}, (double[]){0}, (double[]){INFINITY}, NULL);
    row(lp, 1, INFINITY, 1, (int[]){0}, (double[]){1});
    CHECK_INT(hf_lp_solve(lp, HF_LP_PRIMAL, 0), HF_OK);
    CHECK_INT(hf_lp_get_status(lp), HF_LP_UNBOUNDED);
    hf_lp_free(lp);
}

static void refuses(void)
{
    hf_lp *lp = wyndor();
    double nan_cost = NAN, one = 1, two = 2, zero = 0;
    CHECK_INT(hf_lp_add_columns(lp, 1, &nan_cost, &zero, &one, NULL), HF_E_RANGE);
    CHECK_INT(hf_lp_add_columns(lp, 1, &one, &two, &one, NULL), HF_E_RANGE);
    CHECK_INT(hf_lp_add_rows(lp, 1, &zero, &one, (int[]){0, 1}, (int[]){9}, &one), HF_E_RANGE);
    CHECK_INT(hf_lp_add_rows(lp, 1, &two, &one, (int[]){0, 1}, (int[]){0}, &one), HF_E_RANGE);
    CHECK_INT(hf_lp_delete_rows(lp, 2, (int[]){1, 1}), HF_E_RANGE);
    CHECK_INT(hf_lp_set_cost(lp, 7, 1), HF_E_RANGE);
    CHECK_INT(hf_lp_add_rows(lp, 1, &zero, &one, (int[]){0, 2}, (int[]){0, 0}, (double[]){1, 1}), HF_E_RANGE);
    hf_lp_integer_options options = {.incumbent = (double[]){100, 100}};
    CHECK_INT(hf_lp_solve_integer(lp, &options), HF_E_RANGE);
    hf_lp_free(lp);
    textbook_program();
}

enum { ITEMS = 10, LIMITS = 3, INSTANCES = 60 };

typedef struct knapsack {
    double value[ITEMS], weight[LIMITS][ITEMS], limit[LIMITS];
} knapsack;

static knapsack knapsack_random(hf_rng *rng)
{
    knapsack k;
    for (int j = 0; j < ITEMS; j++) k.value[j] = 1 + floor(50 * hf_rng_unit(rng));
    for (int i = 0; i < LIMITS; i++) {
        double sum = 0;
        for (int j = 0; j < ITEMS; j++) sum += k.weight[i][j] = floor(30 * hf_rng_unit(rng));
        k.limit[i] = floor(sum / 2);
    }
    return k;
}

static double knapsack_best(const knapsack *k)
{
    double best = 0;
    for (unsigned set = 0; set < 1u << ITEMS; set++) {
        double value = 0, weight[LIMITS] = {0};
        bool fits = true;
        for (int j = 0; j < ITEMS; j++)
            for (int i = -1; i < LIMITS && (set >> j & 1); i++) {
                if (i < 0) value += k->value[j];
                else fits &= (weight[i] += k->weight[i][j]) <= k->limit[i];
            }
        if (fits && value > best) best = value;
    }
    return best;
}

static hf_lp *knapsack_program(const knapsack *k)
{
    double cost[ITEMS], low[ITEMS] = {0}, high[ITEMS];
    bool integer[ITEMS];
    int column[ITEMS];
    for (int j = 0; j < ITEMS; j++) cost[j] = -k->value[j], high[j] = 1, integer[j] = true, column[j] = j;
    hf_lp *lp = program(ITEMS, cost, low, high, integer);
    for (int i = 0; i < LIMITS; i++) row(lp, -INFINITY, k->limit[i], ITEMS, column, k->weight[i]);
    return lp;
}

static void integers_by_brute_force(void)
{
    hf_rng rng = {.seed = 7};
    for (int n = 0; n < INSTANCES; n++) {
        knapsack k = knapsack_random(&rng);
        hf_lp *lp = knapsack_program(&k);
        double nothing[ITEMS] = {0};
        hf_lp_integer_options options = {.incumbent = n % 2 ? nothing : NULL};
        CHECK_INT(hf_lp_solve_integer(lp, &options), HF_OK);
        CHECK_INT(hf_lp_get_status(lp), HF_LP_OPTIMAL);
        CHECK_NEAR(hf_lp_objective(lp), -knapsack_best(&k), 1e-9);
        CHECK_NEAR(hf_lp_bound(lp), hf_lp_objective(lp), 1e-6);
        CHECK_NEAR(hf_lp_violation(lp, hf_lp_x(lp), true), 0, 1e-6);
        hf_lp_free(lp);
    }
}

static void stopped_search_has_a_point_and_a_bound(void)
{
    hf_rng rng = {.seed = 8};
    knapsack k = knapsack_random(&rng);
    hf_lp *lp = knapsack_program(&k);
    double nothing[ITEMS] = {0}, best = -knapsack_best(&k);
    bool cancel = true;
    hf_lp_integer_options options = {.incumbent = nothing, .cancel = &cancel};
    CHECK_INT(hf_lp_solve_integer(lp, &options), HF_OK);
    CHECK(hf_lp_get_status(lp) == HF_LP_FEASIBLE || hf_lp_get_status(lp) == HF_LP_OPTIMAL);
    CHECK(hf_lp_bound(lp) <= best + 1e-9 && hf_lp_objective(lp) >= best - 1e-9);
    CHECK_NEAR(hf_lp_violation(lp, hf_lp_x(lp), true), 0, 1e-9);
    hf_lp_free(lp);
}

/* The file that is written, read and solved by GLPK itself, as glpsol would. */
static double solved_from_file(const char *path, bool mps)
{
    glp_prob *problem = glp_create_prob();
    glp_smcp options;
    glp_term_out(GLP_OFF);
    glp_init_smcp(&options);
    int bad = mps ? glp_read_mps(problem, GLP_MPS_FILE, NULL, path) : glp_read_lp(problem, NULL, path);
    if (!bad) bad = glp_simplex(problem, &options);
    double value = bad ? NAN : glp_get_obj_val(problem);
    glp_delete_prob(problem);
    return value;
}

static void files_are_read_by_others(void)
{
    hf_lp *lp = wyndor();
    scratch_folder();
    CHECK_INT(hf_lp_name_column(lp, 0, "doors"), HF_OK);
    CHECK_INT(hf_lp_write(lp, scratch_path("w.lp"), "lp"), HF_OK);
    CHECK_NEAR(solved_from_file(scratch_path("w.lp"), false), -36, 1e-9);
    CHECK_INT(hf_lp_write(lp, scratch_path("w.mps"), "mps"), HF_OK);
    CHECK_NEAR(solved_from_file(scratch_path("w.mps"), true), -36, 1e-9);
    CHECK_INT(hf_lp_write(lp, "/no/such/folder/w.lp", "lp"), HF_E_IO);
    hf_lp_free(lp);
    scratch_done();
}

int main(void)
{
    RUN(textbook_program);
    RUN(changes_are_seen);
    RUN(no_answer_has_a_status);
    RUN(refuses);
    RUN(integers_by_brute_force);
    RUN(stopped_search_has_a_point_and_a_bound);
    RUN(files_are_read_by_others);
    return tap_done();
}
