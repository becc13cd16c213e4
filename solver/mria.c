/* The matrix is made once; shocks move bounds and right-hand sides. */
#include "solver/mria.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"

static const double holds = 1e-6;

struct hf_mria {
    int R, S, n;
    double *z, *demand, *share; /* [n x n], [n x R], [n x R]: h of seller (r,s) to region b, 0 at home */
    double *exports, *x, *sold, *marginal, *sent;
    /* [n]: e, output, Y, |marginal of Q|, sum of h over buying regions of what region b imports of s: the trade that one of Q_bs saves */
    double import_weight, ration_weight, unit;
    hf_lp *lp;
    hf_lp_basis *columns, *rows;
};

void hf_mria_free(hf_mria *m)
{
    if (!m) return;
    hf_lp_free(m->lp);
    void *blocks[] = {m->z, m->demand, m->share, m->exports, m->columns, m->rows};
    for (size_t k = 0; k < sizeof blocks / sizeof *blocks; k++) hf_free(blocks[k]);
    hf_free(m);
}

const double *hf_mria_output_before(const hf_mria *m)
{
    return m->x;
}

const double *hf_mria_marginals(const hf_mria *m)
{
    return m->marginal;
}

const hf_lp *hf_mria_lp(const hf_mria *m)
{
    return m->lp;
}

void hf_mria_capacity(const hf_mria *m, const double *available, double *ret_capacity)
{
    for (int f = 0; f < m->n; f++) ret_capacity[f] = m->x[f] * (available[f] >= 1 ? 1.1 : available[f]) / 0.98;
}

static hf_err numbers_check(const char *what, const double *value, int rows, int columns, hf_diag *diag)
{
    for (int i = 0; value && i < rows; i++)
        for (int j = 0; j < columns; j++) {
            double v = value[(size_t)i * (size_t)columns + (size_t)j];
            if (v >= 0 && !isinf(v)) continue;
            hf_diag_add(diag, HF_ERROR, HF_E_RANGE, NULL, 0, 0, "%s of industry %d, column %d, is %g: it must be 0 or more", what, i + 1, j + 1, v);
            return HF_E_RANGE;
        }
    return HF_OK;
}

static double *cell(double *matrix, int columns, int i, int j)
{
    return matrix + (size_t)i * (size_t)columns + j;
}

/* What region b uses of industry f, at outputs X: a_(f,bt) X_bt over t. */
static double use(const hf_mria *m, int f, int b, const double *output)
{
    const double *row = m->z + (size_t)f * (size_t)m->n + (size_t)b * (size_t)m->S;
    double sum = 0;
    for (int t = 0; t < m->S; t++) {
        int j = b * m->S + t;
        if (m->x[j] > 0) sum += row[t] / m->x[j] * output[j];
    }
    return sum;
}

static void shares_fill(hf_mria *m)
{
    for (int f = 0; f < m->n; f++)
        for (int b = 0; b < m->R; b++) {
            int twin = b * m->S + f % m->S;
            double used = use(m, f, b, m->x), all = used + m->sold[twin];
            if (b == f / m->S || !(all > 0)) continue;
            *cell(m->share, m->R, f, b) = (used + *cell(m->demand, m->R, f, b)) / all;
            m->sent[twin] += *cell(m->share, m->R, f, b);
        }
}

static hf_err table_copy(hf_mria *m, const hf_mria_input *in, hf_diag *diag)
{
    size_t n = (size_t)m->n, R = (size_t)m->R;
    m->z = hf_malloc(n * n * sizeof *m->z);
    m->demand = hf_malloc(n * R * sizeof *m->demand);
    m->share = hf_calloc(n * R, sizeof *m->share);
    m->exports = hf_calloc(5 * n, sizeof *m->exports);
    m->columns = hf_calloc(3 * n, sizeof *m->columns);
    m->rows = hf_calloc(n, sizeof *m->rows);
    if (!m->z || !m->demand || !m->share || !m->exports || !m->columns || !m->rows) return HF_E_NOMEM;
    m->x = m->exports + n;
    m->sold = m->x + n;
    m->marginal = m->sold + n;
    m->sent = m->marginal + n;
    memcpy(m->z, in->z, n * n * sizeof *m->z);
    memcpy(m->demand, in->demand, n * R * sizeof *m->demand);
    if (in->exports) memcpy(m->exports, in->exports, n * sizeof *m->exports);
    for (size_t f = 0; f < n; f++) {
        for (size_t b = 0; b < R; b++) m->sold[f] += m->demand[f * R + b];
        for (size_t j = 0; j < n; j++) m->x[f] += m->z[f * n + j];
        m->x[f] += m->sold[f] + m->exports[f];
        m->unit += m->x[f] / (double)n;
    }
    for (size_t f = 0; f < n && m->unit > 0; f++)
        for (size_t j = 0; j < n; j++)
            if (!(m->x[j] > 0) && m->z[f * n + j] > 0) {
                hf_diag_add(diag, HF_ERROR, HF_E_RANGE, NULL, 0, 0, "industry %zu buys and sells nothing: clean the table first", j + 1);
                return HF_E_RANGE;
            }
    if (!(m->unit > 0)) {
        hf_diag_add(diag, HF_ERROR, HF_E_RANGE, NULL, 0, 0, "the table is empty");
        return HF_E_RANGE;
    }
    return HF_OK;
}

/* Entries of the row of f = (r,s): X of everyone, Q and D of product s in every region. */
static hf_err row_add(hf_mria *m, int f, int *column, double *value)
{
    int count = 0, home = f / m->S, s = f % m->S;
    for (int j = 0; j < m->n; j++) {
        int b = j / m->S;
        double a = m->x[j] > 0 ? *cell(m->z, m->n, f, j) / m->x[j] : 0, v = (f == j) - (b == home ? 1 : *cell(m->share, m->R, f, b)) * a;
        if (v == 0) continue;
        column[count] = j;
        value[count++] = v;
    }
    for (int sign = 1; sign >= -1; sign -= 2)
        for (int b = 0; b < m->R; b++) {
            double v = b == home ? 1 : sign * *cell(m->share, m->R, f, b);
            if (v == 0) continue;
            column[count] = (sign > 0 ? m->n : 2 * m->n) + b * m->S + s;
            value[count++] = v;
        }
    double low = 0, high = INFINITY;
    return hf_lp_add_rows(m->lp, 1, &low, &high, (int[]){0, count}, column, value);
}

static hf_err names(hf_mria *m)
{
    hf_err err = HF_OK;
    char name[16];
    for (int f = 0; f < m->n; f++) {
        for (int kind = 0; kind < 3; kind++) {
            snprintf(name, sizeof name, "%c%d", "XQD"[kind], f + 1);
            HF_TRY(hf_lp_name_column(m->lp, kind * m->n + f, name));
        }
        snprintf(name, sizeof name, "B%d", f + 1);
        HF_TRY(hf_lp_name_row(m->lp, f, name));
    }
out:
    return err;
}

/* Final demand for the product of f, and of what its customers abroad want: the right-hand side, in money. extra [n] or NULL. */
static double wanted(const hf_mria *m, int f, const double *extra)
{
    int home = f / m->S, s = f % m->S;
    double sum = m->demand[(size_t)f * (size_t)m->R + (size_t)home] + m->exports[f] + (extra ? extra[f] : 0);
    for (int b = 0; b < m->R; b++) {
        int twin = b * m->S + s;
        sum += m->share[(size_t)f * (size_t)m->R + (size_t)b] * (m->sold[twin] + (extra ? extra[twin] : 0));
    }
    return sum;
}

static hf_err program(hf_mria *m)
{
    hf_err err = HF_OK;
    size_t n = (size_t)m->n;
    double *zero = hf_calloc(3 * n, sizeof *zero), *value = hf_malloc((n + 2 * (size_t)m->R) * sizeof *value);
    int *column = hf_malloc((n + 2 * (size_t)m->R) * sizeof *column);
    if (!zero || !value || !column) HF_TRY(HF_E_NOMEM);
    HF_TRY(hf_lp_new(&m->lp));
    HF_TRY(hf_lp_add_columns(m->lp, 3 * m->n, zero, zero, zero, NULL));
    for (int f = 0; f < m->n; f++) HF_TRY(row_add(m, f, column, value));
    HF_TRY(names(m));
out:
    hf_free(zero);
    hf_free(value);
    hf_free(column);
    return err;
}

static hf_err basis_set(hf_mria *m)
{
    for (int f = 0; f < m->n; f++) {
        m->columns[f] = HF_LP_BASIC;
        m->columns[m->n + f] = m->columns[2 * m->n + f] = HF_LP_AT_LOW;
        m->rows[f] = HF_LP_AT_LOW;
    }
    return hf_lp_set_basis(m->lp, m->columns, m->rows);
}

/* Costs of X: 1 and, when trade has a price, what it makes others send. */
static hf_err output_costs(hf_mria *m, bool traded)
{
    hf_err err = HF_OK;
    double *cost = hf_malloc((size_t)m->n * sizeof *cost);
    if (!cost) return HF_E_NOMEM;
    for (int j = 0; j < m->n; j++) cost[j] = 1;
    for (int f = 0; traded && f < m->n; f++)
        for (int j = 0; j < m->n; j++)
            if (m->x[j] > 0) cost[j] += *cell(m->share, m->R, f, j / m->S) * *cell(m->z, m->n, f, j) / m->x[j];
    for (int j = 0; j < m->n; j++) HF_TRY(hf_lp_set_cost(m->lp, j, cost[j]));
out:
    hf_free(cost);
    return err;
}

/* The program before the shock, Q and D held at 0: the reduced cost of Q is the marginal. */
static hf_err marginals_find(hf_mria *m, hf_diag *diag)
{
    hf_err err = HF_OK;
    HF_TRY(output_costs(m, false));
    for (int f = 0; f < m->n; f++) {
        HF_TRY(hf_lp_set_cost(m->lp, m->n + f, -m->sent[f]));
        HF_TRY(hf_lp_set_column_bounds(m->lp, f, 0, INFINITY));
        HF_TRY(hf_lp_set_row_bounds(m->lp, f, wanted(m, f, NULL) / m->unit, INFINITY));
    }
    HF_TRY(basis_set(m));
    HF_TRY(hf_lp_solve(m->lp, HF_LP_DUAL, 0));
    if (hf_lp_get_status(m->lp) == HF_LP_INFEASIBLE || hf_lp_get_status(m->lp) == HF_LP_UNBOUNDED) {
        hf_diag_add(diag, HF_ERROR, HF_E_NO_ANSWER, NULL, 0, 0, "the table cannot produce its own final demand");
        HF_TRY(HF_E_NO_ANSWER);
    }
    if (hf_lp_get_status(m->lp) != HF_LP_OPTIMAL) HF_TRY(HF_E_SOLVER);
    for (int f = 0; f < m->n; f++) m->marginal[f] = fabs(hf_lp_reduced(m->lp)[m->n + f]);
    HF_TRY(output_costs(m, true));
    for (int f = 0; f < m->n; f++) {
        double mu = fmax(1, m->marginal[f]);
        double most = fabs(m->demand[(size_t)f * (size_t)m->R + (size_t)(f / m->S)] + m->exports[f]) / m->unit;
        HF_TRY(hf_lp_set_cost(m->lp, m->n + f, m->ration_weight * mu - m->sent[f]));
        HF_TRY(hf_lp_set_cost(m->lp, 2 * m->n + f, m->import_weight * mu + m->sent[f]));
        HF_TRY(hf_lp_set_column_bounds(m->lp, m->n + f, 0, most));
        HF_TRY(hf_lp_set_column_bounds(m->lp, 2 * m->n + f, 0, INFINITY));
    }
out:
    return err;
}

hf_err hf_mria_new(const hf_mria_input *in, hf_diag *diag, hf_mria **ret_mria)
{
    hf_err err = HF_OK;
    hf_mria *m = NULL;
    if (in->n_regions < 1 || in->n_sectors < 1 || !(in->import_weight >= 0) || !(in->ration_weight >= 0)) return HF_E_RANGE;
    if ((long long)in->n_regions * in->n_sectors > HF_MRIA_MAX_INDUSTRIES) return HF_E_TOO_LARGE;
    int n = in->n_regions * in->n_sectors;
    HF_TRY(numbers_check("a flow", in->z, n, n, diag));
    HF_TRY(numbers_check("final demand", in->demand, n, in->n_regions, diag));
    HF_TRY(numbers_check("exports", in->exports, n, 1, diag));
    m = hf_calloc(1, sizeof *m);
    if (!m) return HF_E_NOMEM;
    m->R = in->n_regions;
    m->S = in->n_sectors;
    m->n = n;
    m->import_weight = in->import_weight > 0 ? in->import_weight : 1.75;
    m->ration_weight = in->ration_weight > 0 ? in->ration_weight : 2;
    HF_TRY(table_copy(m, in, diag));
    shares_fill(m);
    HF_TRY(program(m));
    HF_TRY(marginals_find(m, diag));
    *ret_mria = m;
    m = NULL;
out:
    hf_mria_free(m);
    return err;
}

void hf_mria_result_done(hf_mria_result *result)
{
    hf_free(result->output);
    *result = (hf_mria_result){0};
}

static hf_err result_room(hf_mria_result *r, int n)
{
    double *block = r->n == n ? r->output : NULL;
    if (!block) {
        hf_mria_result_done(r);
        block = hf_calloc(5 * (size_t)n, sizeof *block);
        if (!block) return HF_E_NOMEM;
    }
    *r = (hf_mria_result){
        .n = n, .output = block, .rationed = block + n, .imported = block + 2 * n, .price = block + 3 * n, .capacity_price = block + 4 * n};
    return HF_OK;
}

/* From the table alone, in the words of the header: demand, trade, what is outside, and complementarity. */
static void recheck(const hf_mria *m, const double *capacity, const double *extra, hf_mria_result *r)
{
    double outside = 0;
    for (int f = 0; f < m->n; f++) {
        int home = f / m->S, s = f % m->S;
        double own = m->demand[(size_t)f * (size_t)m->R + (size_t)home] + m->exports[f];
        double demand = use(m, f, home, r->output) + own + (extra ? extra[f] : 0) - r->rationed[f];
        for (int b = 0; b < m->R; b++) {
            int twin = b * m->S + s;
            double h = m->share[(size_t)f * (size_t)m->R + (size_t)b];
            double sent = h * (use(m, f, b, r->output) + m->sold[twin] + (extra ? extra[twin] : 0) - r->rationed[twin] + r->imported[twin]);
            demand += sent;
            r->traded += sent;
        }
        outside = fmax(outside, demand - r->output[f] - r->imported[f]);
        outside = fmax(outside, fmax(r->output[f] - capacity[f], r->rationed[f] - own));
        r->complementarity = fmax(r->complementarity, fmin(r->imported[f], fabs(r->imported[f] + capacity[f] - demand)) / m->unit);
    }
    r->violation = outside / m->unit;
}

/* What the objective of the program leaves out: the trade that does not depend on any variable. */
static double trade_constant(const hf_mria *m, const double *extra)
{
    double sum = 0;
    for (int f = 0; f < m->n; f++) sum += m->sent[f] * (m->sold[f] + (extra ? extra[f] : 0));
    return sum;
}

static hf_err result_read(const hf_mria *m, const double *capacity, const double *extra, hf_mria_result *r)
{
    const double *x = hf_lp_x(m->lp), *dual = hf_lp_duals(m->lp), *reduced = hf_lp_reduced(m->lp);
    int n = m->n;
    double weighted = 0;
    for (int f = 0; f < n; f++) {
        r->output[f] = fmax(0, x[f]) * m->unit;
        r->rationed[f] = fmax(0, x[n + f]) * m->unit;
        r->imported[f] = fmax(0, x[2 * n + f]) * m->unit;
        r->price[f] = fmax(0, dual[f]);
        r->capacity_price[f] = fmax(0, -reduced[f]);
        r->output_before += m->x[f];
        r->output_after += r->output[f];
        r->rationed_total += r->rationed[f];
        r->imported_total += r->imported[f];
        weighted += fmax(1, m->marginal[f]) * (m->import_weight * r->imported[f] + m->ration_weight * r->rationed[f]);
    }
    recheck(m, capacity, extra, r);
    r->objective = r->output_after + weighted + r->traded;
    double said = hf_lp_objective(m->lp) * m->unit + trade_constant(m, extra);
    return r->violation <= holds && fabs(said - r->objective) <= holds * fabs(r->objective) ? HF_OK : HF_E_SOLVER;
}

hf_err hf_mria_solve(hf_mria *m, const double *capacity, const double *reconstruction, double time_limit_s, hf_diag *diag, hf_mria_result *result)
{
    hf_err err = HF_OK;
    for (int f = 0; f < m->n; f++)
        if (!(capacity[f] >= 0)) {
            hf_diag_add(diag, HF_ERROR, HF_E_RANGE, NULL, 0, 0, "capacity of industry %d is %g: it must be 0 or more", f + 1, capacity[f]);
            return HF_E_RANGE;
        }
    HF_TRY(numbers_check("reconstruction", reconstruction, m->n, 1, diag));
    for (int f = 0; f < m->n; f++) {
        HF_TRY(hf_lp_set_column_bounds(m->lp, f, 0, capacity[f] / m->unit));
        HF_TRY(hf_lp_set_row_bounds(m->lp, f, wanted(m, f, reconstruction) / m->unit, INFINITY));
    }
    HF_TRY(result_room(result, m->n));
    HF_TRY(basis_set(m));
    HF_TRY(hf_lp_solve(m->lp, HF_LP_DUAL, time_limit_s));
    result->status = hf_lp_get_status(m->lp);
    if (result->status == HF_LP_STOPPED) goto out;
    if (result->status == HF_LP_INFEASIBLE) {
        hf_diag_add(diag, HF_ERROR, HF_E_NO_ANSWER, NULL, 0, 0,
                    "no answer: what is imported for the disaster draws on trade between regions, and with so much lost everywhere that grows without end");
        HF_TRY(HF_E_NO_ANSWER);
    }
    HF_TRY(result->status == HF_LP_OPTIMAL ? result_read(m, capacity, reconstruction, result) : HF_E_SOLVER);
out:
    return err;
}
