/* Tables, the static models and extraction: closed forms against plain elimination on the changed table, and laws that hold for every table. */
#include <stdlib.h>

#include "model/economy/extraction.h"
#include "model/economy/leontief.h"
#include "tests/support/tables.h"
#include "tests/tap.h"

enum { REGIONS = 4, SECTORS = 3, N = REGIONS * SECTORS, TABLES = 6 };

static hf_leontief *leontief_of(const hf_io_table *table)
{
    hf_leontief *l = NULL;
    CHECK_INT(hf_leontief_new(table, 1, NULL, &l), HF_OK);
    if (!l || hf_leontief_invert(l) != HF_OK) abort();
    return l;
}

static double sum_of(const double *value, int n)
{
    double sum = 0;
    for (int k = 0; k < n; k++) sum += value[k];
    return sum;
}

static void near_all(const double *actual, const double *expected, int n, double tolerance)
{
    for (int k = 0; k < n; k++) CHECK_NEAR(actual[k], expected[k], tolerance * (1 + fabs(expected[k])));
}

/* Random tables of several fillings; number 3 has an industry that is not there. */
static hf_io_table *table_of(int number)
{
    hf_io_table *t = random_io_table(REGIONS, SECTORS, 2, .2 + .15 * number, (uint64_t)number);
    if (number != 3) return t;
    for (int k = 0; k < N; k++) t->z[5 * N + k] = t->z[k * N + 5] = 0;
    for (int k = 0; k < t->n_demand_columns; k++) t->y[5 * t->n_demand_columns + k] = 0;
    hf_io_report report = {0};
    hf_io_clean_options options = hf_io_clean_options_default();
    options.row_gap = HF_IO_GAP_TO_OUTPUT;
    CHECK_INT(hf_io_clean(t, &options, &report, NULL), HF_OK);
    CHECK_NEAR(t->x[5], 0, 0);
    hf_io_report_done(&report);
    return t;
}

static void each_table(void (*check)(const hf_io_table *, const hf_leontief *))
{
    for (int number = 0; number < TABLES; number++) {
        hf_io_table *t = table_of(number);
        hf_leontief *l = leontief_of(t);
        check(t, l);
        hf_leontief_free(l);
        hf_io_table_free(t);
    }
}

/* Both balances hold, and a table at rest stays there: final demand gives output, value added gives output, to 1e-12. */
static void at_rest(const hf_io_table *t, const hf_leontief *l)
{
    double y[N], x[N], work[2 * N], inverse_x[N], supply[N];
    hf_io_checks checks;
    hf_flows flows;
    hf_io_demand(t, y);
    CHECK_INT(hf_io_check(t, NULL, &checks), HF_OK);
    CHECK(checks.row_gap < 1e-12 && checks.column_gap < 1e-12 && checks.radius_exact);
    CHECK_NEAR(checks.radius_a, checks.radius_a_star, 1e-9);
    near_all(l->y, y, N, 1e-12);
    hf_leontief_output(l, y, x);
    near_all(x, t->x, N, 1e-12);
    hf_leontief_output_from_supply(l, t->v, supply);
    near_all(supply, t->x, N, 1e-12);
    for (int i = 0; i < N; i++) inverse_x[i] = t->x[i] > 0 ? 1 / t->x[i] : 0;
    CHECK_INT(hf_flows_init(&flows, N, N, t->z), HF_OK);
    CHECK_INT(hf_leontief_series(&flows, inverse_x, y, 1e-15, 500, work, x), HF_OK);
    near_all(x, t->x, N, 1e-12);
    CHECK_INT(hf_leontief_series(&flows, inverse_x, y, 1e-15, 2, work, x), HF_E_NO_CONVERGENCE);
    hf_flows_done(&flows);
    hf_io_totals totals = hf_io_totals_of(t);
    CHECK_NEAR(totals.y, totals.v, 1e-11 * totals.y);
    CHECK_NEAR(totals.z + totals.y, totals.x, 1e-11 * totals.x);
}

static void no_shock_no_change(void)
{
    each_table(at_rest);
}

/* L and G by elimination of I - A and I - B; multipliers and linkages by their sums; value added of a unit of demand is 1. */
static void inverses(const hf_io_table *t, const hf_leontief *l)
{
    double a[N * N], b[N * N], m[N * N], inverse[N * N], g[N * N], ghosh[N * N], backward[N], forward[N], multiplier[N];
    plain_coefficients(t, a);
    for (int k = 0; k < N * N; k++) m[k] = (k % (N + 1) == 0) - a[k];
    CHECK(plain_inverse(N, m, inverse));
    for (int k = 0; k < N * N; k++) b[k] = t->x[k / N] > 0 ? t->z[k] / t->x[k / N] : 0;
    for (int k = 0; k < N * N; k++) m[k] = (k % (N + 1) == 0) - b[k];
    CHECK(plain_inverse(N, m, g));
    hf_leontief_ghosh(l, ghosh);
    near_all(l->inverse, inverse, N * N, 1e-12);
    near_all(ghosh, g, N * N, 1e-11);
    hf_leontief_linkages(l, false, backward, forward);
    hf_leontief_multipliers(l, l->intensity, multiplier);
    for (int k = 0; k < N; k++) {
        double column = 0;
        for (int i = 0; i < N; i++) column += inverse[i * N + k];
        CHECK_NEAR(backward[k], column, 1e-12 * column);
        CHECK_NEAR(forward[k], sum_of(g + k * N, N), 1e-10);
        CHECK_NEAR(multiplier[k], t->x[k] > 0, 1e-12);
    }
    hf_leontief_linkages(l, true, backward, forward);
    CHECK_NEAR(sum_of(backward, N), N, 1e-10);
    CHECK_NEAR(sum_of(forward, N), N, 1e-10);
}

static void inverses_by_elimination(void)
{
    each_table(inverses);
}

/* What is lost when `share` of the industries with out[i] is taken out of the coefficients, by a new solve. Purchases of what is extracted
 * completely go with its sales, also where only a part goes. */
static void loss_by_removal(const hf_io_table *t, const bool *out, hf_extraction kind, double share, double *ret_loss)
{
    double a[N * N], y[N];
    plain_coefficients(t, a);
    hf_io_demand(t, y);
    for (int i = 0; i < N; i++) {
        for (int j = 0; j < N; j++)
            if ((out[i] && kind != HF_EXTRACT_BACKWARD) || (out[j] && kind == HF_EXTRACT_BACKWARD)) a[i * N + j] *= 1 - share;
            else if (out[j] && kind == HF_EXTRACT_COMPLETE && share == 1) a[i * N + j] = 0;
        if (out[i] && kind == HF_EXTRACT_COMPLETE) y[i] *= 1 - share;
    }
    CHECK(plain_output(N, a, y, ret_loss));
    for (int i = 0; i < N; i++) ret_loss[i] = t->x[i] - ret_loss[i];
}

static void industries_out(const hf_io_table *t, const hf_leontief *l)
{
    double loss[N], brute[N], total[N], value[N];
    for (int k = 0; k < 9; k++) {
        hf_extraction kind = (hf_extraction)(k % 3);
        double share = (k / 3 + 1) / 3.0;
        CHECK_INT(hf_extract_each(l, kind, share, NULL, total), HF_OK);
        CHECK_INT(hf_extract_each(l, kind, share, l->intensity, value), HF_OK);
        for (int j = 0; j < N; j++) {
            bool out[N] = {0};
            double value_added = 0;
            out[j] = true;
            loss_by_removal(t, out, kind, share, brute);
            hf_extract_industry(l, j, kind, share, loss);
            near_all(loss, brute, N, 1e-11);
            for (int i = 0; i < N; i++) value_added += brute[i] * l->intensity[i];
            CHECK_NEAR(total[j], sum_of(brute, N), 1e-10 * (1 + total[j]));
            CHECK_NEAR(value[j], value_added, 1e-10 * (1 + value[j]));
            for (int i = 0; i < N; i++) CHECK(loss[i] >= -1e-10);
        }
    }
}

static void extraction_of_each_industry(void)
{
    each_table(industries_out);
}

static void sets_out(const hf_io_table *t, const hf_leontief *l)
{
    static const int members[] = {7, 0, 4, 11, 5};
    double loss[N], brute[N];
    for (int kind = HF_EXTRACT_COMPLETE; kind <= HF_EXTRACT_FORWARD; kind++) {
        for (int n = 0; n <= 5; n++) {
            bool out[N] = {0};
            for (int k = 0; k < n; k++) out[members[k]] = true;
            loss_by_removal(t, out, kind, 1, brute);
            CHECK_INT(hf_extract_set(l, members, n, kind, loss), HF_OK);
            near_all(loss, brute, N, 1e-11);
        }
        for (int r = 0; r < REGIONS; r++) {
            bool out[N] = {0};
            for (int k = 0; k < SECTORS; k++) out[r * SECTORS + k] = true;
            loss_by_removal(t, out, kind, 1, brute);
            CHECK_INT(hf_extract_region(l, r, SECTORS, kind, loss), HF_OK);
            near_all(loss, brute, N, 1e-11);
        }
    }
}

static void extraction_of_sets_and_regions(void)
{
    each_table(sets_out);
}

static void links_out(const hf_io_table *t, const hf_leontief *l)
{
    double a[N * N], y[N], x[N], loss[N], weight_l[N];
    hf_io_demand(t, y);
    hf_leontief_multipliers(l, NULL, weight_l);
    for (int k = 0; k < N * N; k += 5) {
        double phi = (k % 3 + 1) / 3.0;
        plain_coefficients(t, a);
        a[k] *= 1 - phi;
        CHECK(plain_output(N, a, y, x));
        for (int i = 0; i < N; i++) x[i] = t->x[i] - x[i];
        hf_extract_link(l, k / N, k % N, phi, loss);
        near_all(loss, x, N, 1e-11);
        CHECK_NEAR(hf_extract_link_total(l, k / N, k % N, phi, weight_l), sum_of(x, N), 1e-10 * (1 + sum_of(x, N)));
    }
}

static void extraction_of_links(void)
{
    each_table(links_out);
}

/* Trade from `from` to `to` cut by phi; with and without the final demand of `to`. A region may also be cut off from itself. */
static void trade_out_of(const hf_io_table *t, const hf_leontief *l, int from, int to, double phi, bool demand)
{
    double a[N * N], y[N], x[N], loss[N], less[SECTORS];
    plain_coefficients(t, a);
    hf_io_demand(t, y);
    for (int p = 0; p < SECTORS; p++) {
        const double *bought = t->y + (size_t)(from * SECTORS + p) * (size_t)t->n_demand_columns + to * t->n_demand;
        less[p] = phi * (bought[0] + bought[1]);
        if (demand) y[from * SECTORS + p] -= less[p];
        for (int q = 0; q < SECTORS; q++) a[(from * SECTORS + p) * N + to * SECTORS + q] *= 1 - phi;
    }
    CHECK(plain_output(N, a, y, x));
    for (int i = 0; i < N; i++) x[i] = t->x[i] - x[i];
    CHECK_INT(hf_extract_trade(l, from, to, SECTORS, phi, demand ? less : NULL, loss), HF_OK);
    near_all(loss, x, N, 1e-11);
}

static void trade_out(const hf_io_table *t, const hf_leontief *l)
{
    for (int from = 0; from < REGIONS; from++)
        for (int to = 0; to < REGIONS; to++) {
            trade_out_of(t, l, from, to, 1, false);
            trade_out_of(t, l, from, to, .4, true);
        }
}

static void extraction_of_trade(void)
{
    each_table(trade_out);
}

static void extraction_refuses(void)
{
    static const int twice[] = {1, 1}, outside[] = {N};
    double loss[N];
    hf_io_table *t = table_of(1);
    hf_leontief *l = leontief_of(t);
    CHECK_INT(hf_extract_set(l, twice, 2, HF_EXTRACT_COMPLETE, loss), HF_E_DUPLICATE);
    CHECK_INT(hf_extract_set(l, outside, 1, HF_EXTRACT_COMPLETE, loss), HF_E_RANGE);
    CHECK_INT(hf_extract_region(l, REGIONS, SECTORS, HF_EXTRACT_COMPLETE, loss), HF_E_RANGE);
    CHECK_INT(hf_extract_region(l, -1, SECTORS, HF_EXTRACT_COMPLETE, loss), HF_E_RANGE);
    CHECK_INT(hf_extract_trade(l, 0, REGIONS, SECTORS, 1, NULL, loss), HF_E_RANGE);
    CHECK_INT(hf_extract_trade(l, 0, 1, 0, 1, NULL, loss), HF_E_RANGE);
    hf_leontief_free(l);
    hf_io_table_free(t);
}

/* The same economy with its regions in another order: the same losses, to 1e-12 of the table. */
static void order_of_regions_is_irrelevant(void)
{
    static const int place[REGIONS] = {2, 0, 3, 1};
    int at[N];
    double one[N], other[N], a[N], b[N];
    hf_io_table *t = table_of(4), *u = table_of(4);
    for (int i = 0; i < N; i++) at[i] = place[i / SECTORS] * SECTORS + i % SECTORS;
    for (int i = 0; i < N; i++) {
        u->x[at[i]] = t->x[i];
        u->v[at[i]] = t->v[i];
        for (int j = 0; j < N; j++) u->z[at[i] * N + at[j]] = t->z[i * N + j];
        for (int k = 0; k < 2 * REGIONS; k++) u->y[at[i] * 2 * REGIONS + place[k / 2] * 2 + k % 2] = t->y[i * 2 * REGIONS + k];
    }
    hf_leontief *l = leontief_of(t), *m = leontief_of(u);
    hf_leontief_linkages(l, true, one, a);
    hf_leontief_linkages(m, true, other, b);
    for (int i = 0; i < N; i++) {
        CHECK_NEAR(one[i], other[at[i]], 1e-12);
        CHECK_NEAR(a[i], b[at[i]], 1e-12);
    }
    for (int r = 0; r < REGIONS; r++) {
        CHECK_INT(hf_extract_region(l, r, SECTORS, HF_EXTRACT_COMPLETE, one), HF_OK);
        CHECK_INT(hf_extract_region(m, place[r], SECTORS, HF_EXTRACT_COMPLETE, other), HF_OK);
        for (int i = 0; i < N; i++) CHECK_NEAR(one[i], other[at[i]], 1e-12 * t->x[i]);
    }
    hf_leontief_free(l), hf_leontief_free(m);
    hf_io_table_free(t), hf_io_table_free(u);
}

/* More final demand never lowers output, and output is a sum over demand: two shocks together are the sum of both. */
static void monotone_and_additive(const hf_io_table *t, const hf_leontief *l)
{
    double a[N], b[N], both[N], y[N];
    hf_io_demand(t, y);
    for (int i = 0; i < N; i++) a[i] = .01 * i * y[i], b[i] = .02 * (N - i) * y[i], both[i] = a[i] + b[i];
    hf_leontief_output(l, a, a);
    hf_leontief_output(l, b, b);
    hf_leontief_output(l, both, both);
    for (int i = 0; i < N; i++) {
        CHECK_NEAR(both[i], a[i] + b[i], 1e-12 * (1 + both[i]));
        CHECK(a[i] >= 0 && b[i] >= 0);
    }
}

static void output_is_monotone_and_additive(void)
{
    each_table(monotone_and_additive);
}

static void leontief_refuses(void)
{
    static const double negative[] = {1, -1, 1, 1}, whole[] = {1, 1, 1, 1}, none[] = {0, 0, 1, 1}, y[] = {2, 2}, zero[] = {0, 0};
    hf_leontief *l = NULL;
    hf_diag *diag = NULL;
    if (hf_diag_new(&diag) != HF_OK) abort();
    hf_io_table *bad[] = {small_io_table(2, negative, y), small_io_table(2, whole, zero), small_io_table(2, none, zero)};
    CHECK_INT(hf_leontief_new(bad[0], 1, diag, &l), HF_E_DATA);
    CHECK_STR(hf_diag_get(diag, 0)->text, "flow R0/S0 -> R0/S1 is -1, with outputs 2 and 4: clean the table first");
    CHECK_INT(hf_leontief_new(bad[1], 1, diag, &l), HF_E_NO_ANSWER);
    CHECK_STR(hf_diag_get(diag, 1)->text, "spectral radius of A is 1: it must be below 1");
    CHECK_INT(hf_leontief_new(bad[2], 1, diag, &l), HF_E_DATA);
    CHECK(l == NULL);
    for (int k = 0; k < 3; k++) hf_io_table_free(bad[k]);
    hf_diag_free(diag);
}

int main(void)
{
    RUN(no_shock_no_change);
    RUN(inverses_by_elimination);
    RUN(extraction_of_each_industry);
    RUN(extraction_of_sets_and_regions);
    RUN(extraction_of_links);
    RUN(extraction_of_trade);
    RUN(extraction_refuses);
    RUN(order_of_regions_is_irrelevant);
    RUN(output_is_monotone_and_additive);
    RUN(leontief_refuses);
    return tap_done();
}
