/* Balancing: the example of a textbook, what characterises the solution, and totals that cannot be reached. */
#include "model/economy/ras.h"

#include <stdlib.h>

#include "base/rng.h"
#include "tests/tap.h"

enum { MAX = 12 };

static double row_sum(const double *cells, int columns, int i)
{
    double sum = 0;
    for (int j = 0; j < columns; j++) sum += cells[i * columns + j];
    return sum;
}

static double column_sum(const double *cells, int rows, int columns, int j)
{
    double sum = 0;
    for (int i = 0; i < rows; i++) sum += cells[i * columns + j];
    return sum;
}

/* The solution is the one matrix with these totals whose cells are r_i a_ij s_j (a_ij / (r_i s_j) below 0): so the log of each cell's
 * factor, with the sign of the cell, is a sum of a row's and a column's part, and every 2 x 2 minor of it is 0. */
static double product_fault(const double *before, const double *after, int rows, int columns)
{
    double worst = 0, log_factor[MAX * MAX];
    for (int k = 0; k < rows * columns; k++) log_factor[k] = before[k] != 0 ? log(after[k] / before[k]) * (before[k] > 0 ? 1 : -1) : NAN;
    for (int i = 1; i < rows; i++)
        for (int j = 1; j < columns; j++)
            for (int h = 0; h < i; h++)
                for (int k = 0; k < j; k++) {
                    double minor = log_factor[i * columns + j] - log_factor[i * columns + k] - log_factor[h * columns + j] + log_factor[h * columns + k];
                    if (!isnan(minor)) worst = fmax(worst, fabs(minor));
                }
    return worst;
}

static double gap(const double *cells, int rows, int columns, const double *u, const double *v)
{
    double worst = 0;
    for (int i = 0; i < rows; i++) worst = fmax(worst, fabs(row_sum(cells, columns, i) - u[i]));
    for (int j = 0; j < columns; j++) worst = fmax(worst, fabs(column_sum(cells, rows, columns, j) - v[j]));
    return worst;
}

/* Miller & Blair, Input-Output Analysis, 2nd edition (2009), section 7.4.2: A(0), x(1), u(1), v(1). */
static void textbook_example(void)
{
    const double a0[9] = {0.120, 0.100, 0.049, 0.210, 0.247, 0.265, 0.026, 0.249, 0.145}, x[3] = {421, 284, 283};
    const double u[3] = {245, 136, 159}, v[3] = {251, 107, 182};
    double before[9], after[9], r[3], s[3];
    hf_ras_result result;
    for (int k = 0; k < 9; k++) before[k] = after[k] = a0[k] * x[k % 3];
    CHECK_INT(hf_ras(3, 3, after, u, v, NULL, r, s, NULL, &result), HF_OK);
    CHECK_NEAR(gap(after, 3, 3, u, v), 0, 1e-7);
    CHECK_NEAR(product_fault(before, after, 3, 3), 0, 1e-9);
    for (int k = 0; k < 9; k++) CHECK_NEAR(after[k], r[k / 3] * before[k] * s[k % 3], 1e-9);
    CHECK_INT(result.changed, 9);
    CHECK(result.rounds > 1 && result.rounds < 100);
    /* Least information: every other matrix with these totals is farther from the old one. */
    double least = 0;
    for (int k = 0; k < 9; k++) least += after[k] * log(after[k] / before[k]);
    const double away[9] = {1, -1, 0, -1, 1, 0, 0, 0, 0};
    for (int k = -2; k <= 2; k += 4) {
        double other = 0;
        for (int c = 0; c < 9; c++) other += (after[c] + k * away[c]) * log((after[c] + k * away[c]) / before[c]);
        CHECK(other > least);
    }
}

/* Junius & Oosterhaven, Economic Systems Research 15 (2003): goods, services, net taxes; its condition is that of the products. */
static void cells_of_both_signs(void)
{
    const double before[12] = {7, 3, 5, -3, 2, 9, 8, 1, -2, 0, 2, 1}, u[3] = {15, 26, -1}, v[4] = {9, 16, 17, -2};
    double after[12];
    hf_ras_result result;
    memcpy(after, before, sizeof after);
    CHECK_INT(hf_ras(3, 4, after, u, v, NULL, NULL, NULL, NULL, &result), HF_OK);
    CHECK_NEAR(gap(after, 3, 4, u, v), 0, 1e-8);
    CHECK_NEAR(product_fault(before, after, 3, 4), 0, 1e-8);
    for (int k = 0; k < 12; k++) CHECK(before[k] * after[k] > 0 || (before[k] == 0 && after[k] == 0));
}

/* Two by two with a diagonal of one sign: one unknown, solved by bisection on its own. */
static void two_by_two_by_bisection(void)
{
    const double before[4] = {4, -1, 2, 3}, u[2] = {5, 4}, v[2] = {6, 3};
    double after[4] = {4, -1, 2, 3}, low = 5, high = 6; /* x = cell 1,1: the others are 5 - x, 6 - x, x - 2 */
    for (int k = 0; k < 200; k++) {
        double x = (low + high) / 2, f = log(x / 4) + log((5 - x) / -1.0) + log((x - 2) / 3) - log((6 - x) / 2);
        if (f > 0) high = x;
        else low = x;
    }
    CHECK_INT(hf_ras(2, 2, after, u, v, NULL, NULL, NULL, NULL, NULL), HF_OK);
    CHECK_NEAR(after[0], low, 1e-8);
    CHECK_NEAR(product_fault(before, after, 2, 2), 0, 1e-8);
}

static void random_matrices(void)
{
    hf_rng rng = {.seed = 11};
    for (int n = 0; n < 60; n++) {
        int rows = 2 + (int)hf_rng_below(&rng, 6), columns = 2 + (int)hf_rng_below(&rng, 6);
        double before[MAX * MAX], after[MAX * MAX], other[MAX * MAX], u[MAX], v[MAX], r[MAX], s[MAX];
        for (int k = 0; k < rows * columns; k++) {
            before[k] = after[k] = other[k] = (0.1 + 10 * hf_rng_unit(&rng)) * (n % 2 && hf_rng_below(&rng, 6) == 0 ? -1 : 1);
            if (hf_rng_below(&rng, 5) == 0) before[k] = after[k] = other[k] = 0;
        }
        /* Totals of a matrix with the same signs and zeros can be reached. */
        double shape[MAX * MAX];
        for (int k = 0; k < rows * columns; k++) shape[k] = before[k] * (0.3 + hf_rng_unit(&rng));
        for (int i = 0; i < rows; i++) u[i] = row_sum(shape, columns, i);
        for (int j = 0; j < columns; j++) v[j] = column_sum(shape, rows, columns, j);
        CHECK_INT(hf_ras(rows, columns, after, u, v, NULL, r, s, NULL, NULL), HF_OK);
        CHECK_NEAR(gap(after, rows, columns, u, v), 0, 1e-6);
        CHECK_NEAR(product_fault(before, after, rows, columns), 0, 1e-6);
        /* Its own totals leave a matrix alone; known cells stay. */
        bool fixed[MAX * MAX];
        hf_ras_options options = hf_ras_options_default();
        options.fixed = fixed;
        for (int k = 0; k < rows * columns; k++) fixed[k] = hf_rng_below(&rng, 4) == 0;
        for (int k = 0; k < rows * columns; k++) other[k] = fixed[k] ? shape[k] : before[k];
        CHECK_INT(hf_ras(rows, columns, other, u, v, &options, NULL, NULL, NULL, NULL), HF_OK);
        CHECK_NEAR(gap(other, rows, columns, u, v), 0, 1e-6);
        for (int k = 0; k < rows * columns; k++) CHECK(!fixed[k] || other[k] == shape[k]);
    }
}

static void rows_and_columns_that_end(void)
{
    double cells[9] = {1, 2, 0, 3, 4, 5, -1, -2, 0}, u[3] = {0, 9, -3}, v[3] = {1, 0, 5};
    hf_ras_result result;
    CHECK_INT(hf_ras(3, 3, cells, u, v, NULL, NULL, NULL, NULL, &result), HF_OK);
    CHECK(cells[0] == 0 && cells[1] == 0 && cells[2] == 0); /* one sign and a total of 0 */
    CHECK_NEAR(gap(cells, 3, 3, u, v), 0, 1e-8);
    double same[4] = {1, 2, 3, 4}, own[2] = {3, 7}, across[2] = {4, 6};
    CHECK_INT(hf_ras(2, 2, same, own, across, NULL, NULL, NULL, NULL, &result), HF_OK);
    CHECK_INT(result.rounds, 1);
    CHECK(result.amount < 1e-12);
}

static void says_what_cannot_be(void)
{
    hf_diag *diag = NULL;
    CHECK_INT(hf_diag_new(&diag), HF_OK);
    double cells[4] = {1, 2, 3, 4}, kept[4] = {1, 2, 3, 4}, empty[4] = {0, 0, 1, 1};
    CHECK_INT(hf_ras(2, 2, cells, (double[]){1, 2}, (double[]){1, 3}, NULL, NULL, NULL, diag, NULL), HF_E_NO_ANSWER);
    CHECK_INT(hf_ras(2, 2, cells, (double[]){-1, 5}, (double[]){1, 3}, NULL, NULL, NULL, diag, NULL), HF_E_NO_ANSWER);
    CHECK_STR(hf_diag_get(diag, 1)->text, "row 1 has no free negative cell and cannot reach its total of -1");
    CHECK_INT(hf_ras(2, 2, empty, (double[]){1, 3}, (double[]){2, 2}, NULL, NULL, NULL, diag, NULL), HF_E_NO_ANSWER);
    CHECK_INT(hf_ras(2, 2, cells, (double[]){NAN, 3}, (double[]){2, 2}, NULL, NULL, NULL, diag, NULL), HF_E_RANGE);
    double corner[4] = {0, 1, 1, 1}; /* row 1 needs 3 of a column that is to hold 2 */
    hf_ras_result result;
    hf_ras_options options = {.tolerance = 1e-9, .max_rounds = 50};
    CHECK_INT(hf_ras(2, 2, corner, (double[]){3, 1}, (double[]){2, 2}, &options, NULL, NULL, diag, &result), HF_E_NO_CONVERGENCE);
    CHECK_INT(result.rounds, 50);
    CHECK_INT(result.row_gap_at >= 0, 1);
    CHECK(memcmp(cells, kept, sizeof cells) == 0 && corner[1] == 1);
    CHECK_INT(hf_diag_count(diag, HF_ERROR), 5);
    hf_diag_free(diag);
}

static void a_table_is_balanced(void)
{
    const char *regions[] = {"A", "B"}, *sectors[] = {"farms", "mills"};
    hf_io_table *t = NULL;
    hf_io_report report = {0};
    hf_rng rng = {.seed = 3};
    CHECK_INT(hf_io_table_new(2, 2, 1, regions, sectors, NULL, 1, 2020, &t), HF_OK);
    for (int k = 0; k < 16; k++) t->z[k] = 1 + 9 * hf_rng_unit(&rng);
    for (int k = 0; k < 8; k++) t->y[k] = 5 + 20 * hf_rng_unit(&rng);
    for (int i = 0; i < 4; i++) {
        t->x[i] = 40 + 10 * i; /* neither rows nor columns add up */
        t->v[i] = 15 + i;
    }
    CHECK_INT(hf_io_balance(t, NULL, NULL, &report, NULL, NULL), HF_OK);
    hf_io_checks checks;
    CHECK_INT(hf_io_check(t, NULL, &checks), HF_OK);
    CHECK_NEAR(checks.row_gap, 0, 1e-9);
    CHECK_NEAR(checks.column_gap, 0, 1e-9);
    hf_io_summary summary = hf_io_report_summary(&report);
    CHECK_INT(summary.cells[HF_IO_BALANCED], 24);
    CHECK(summary.amount[HF_IO_BALANCED] > 0);
    double output[4] = {50, 60, 70, 80}, demand[2] = {80, 100}, added[4] = {45, 45, 45, 45};
    hf_io_margins margins = {output, added, demand};
    CHECK_INT(hf_io_balance(t, &margins, NULL, NULL, NULL, NULL), HF_OK);
    CHECK_NEAR(column_sum(t->y, 4, 2, 1), 100, 1e-7);
    CHECK_NEAR(t->x[3], 80, 0);
    CHECK_NEAR(row_sum(t->z, 4, 0) + row_sum(t->y, 2, 0), 50, 1e-7);
    size_t listed = report.n;
    output[0] = -1;
    CHECK_INT(hf_io_balance(t, &margins, NULL, &report, NULL, NULL), HF_E_RANGE);
    CHECK_INT(report.n, listed);
    hf_io_report_done(&report);
    hf_io_table_free(t);
}

int main(void)
{
    RUN(textbook_example);
    RUN(cells_of_both_signs);
    RUN(two_by_two_by_bisection);
    RUN(random_matrices);
    RUN(rows_and_columns_that_end);
    RUN(says_what_cannot_be);
    RUN(a_table_is_balanced);
    return tap_done();
}
