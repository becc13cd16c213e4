/* The program is made once; a shock only moves the upper bounds of x. */
#include "solver/rebalance.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"

static const double holds = 1e-6;

struct hf_rebalance {
    int n;
    double *a, *demand, *weight, *before, *multiplier;
    double output_weight, unit;
    hf_lp *lp;
    hf_lp_basis *columns, *rows; /* [2 n], [n] scratch */
    bool solved;
};

void hf_rebalance_free(hf_rebalance *rb)
{
    if (!rb) return;
    hf_lp_free(rb->lp);
    hf_free(rb->a);
    hf_free(rb->demand);
    hf_free(rb->columns);
    hf_free(rb->rows);
    hf_free(rb);
}

const double *hf_rebalance_output_before(const hf_rebalance *rb)
{
    return rb->before;
}

const hf_lp *hf_rebalance_lp(const hf_rebalance *rb)
{
    return rb->lp;
}

double hf_rebalance_unit(const hf_rebalance *rb)
{
    return rb->unit;
}

static hf_err refuse(hf_diag *diag, hf_err code, const char *what, int industry, double value)
{
    hf_diag_add(diag, HF_ERROR, code, NULL, 0, 0, "%s of industry %d is %g", what, industry + 1, value);
    return code;
}

static hf_err numbers_check(const hf_rebalance_input *in, hf_diag *diag)
{
    size_t n = (size_t)in->n;
    double demand = 0;
    for (int i = 0; i < in->n; i++) {
        if (!(in->demand[i] >= 0) || isinf(in->demand[i])) return refuse(diag, HF_E_RANGE, "final demand (0 or more)", i, in->demand[i]);
        if (in->weight && (!(in->weight[i] > 0) || isinf(in->weight[i]))) return refuse(diag, HF_E_RANGE, "the weight (above 0)", i, in->weight[i]);
        for (size_t j = 0; j < n; j++)
            if (!(in->a[(size_t)i * n + j] >= 0) || isinf(in->a[(size_t)i * n + j]))
                return refuse(diag, HF_E_RANGE, "an input coefficient (0 or more) in the row", i, in->a[(size_t)i * n + j]);
        demand += in->demand[i];
    }
    if (!(demand > 0)) {
        hf_diag_add(diag, HF_ERROR, HF_E_RANGE, NULL, 0, 0, "final demand is 0 everywhere: there is nothing to ration");
        return HF_E_RANGE;
    }
    return in->output_weight >= 0 && isfinite(in->output_weight) ? HF_OK : HF_E_RANGE;
}

/* out = A u, or A' u. */
static void multiply(const hf_rebalance *rb, bool transposed, const double *u, double *out)
{
    size_t n = (size_t)rb->n;
    if (transposed) memset(out, 0, n * sizeof *out);
    for (size_t i = 0; i < n; i++) {
        const double *row = rb->a + i * n;
        double sum = 0;
        for (size_t j = 0; j < n; j++) {
            if (transposed) out[j] += row[j] * u[i];
            else sum += row[j] * u[j];
        }
        if (!transposed) out[i] = sum;
    }
}

/* sum = (I - A)^-1 first by the power series, or with A'. */
static hf_err series(const hf_rebalance *rb, bool transposed, const double *first, double *sum)
{
    hf_err err = HF_E_NO_ANSWER;
    size_t n = (size_t)rb->n;
    double *term = hf_malloc(2 * n * sizeof *term), *next = term + n;
    if (!term) return HF_E_NOMEM;
    memcpy(term, first, n * sizeof *term);
    memcpy(sum, first, n * sizeof *sum);
    for (int k = 0; k < 20000 && err != HF_OK; k++) {
        double rest = 0, size = 0;
        multiply(rb, transposed, term, next);
        for (size_t i = 0; i < n; i++) {
            sum[i] += term[i] = next[i];
            rest += next[i];
            size += sum[i];
        }
        if (!isfinite(size)) break;
        if (rest <= 1e-14 * size) err = HF_OK;
    }
    hf_free(term);
    return err;
}

/* Output before, multipliers, and the price of output that leaves the weights positive. */
static hf_err levels(hf_rebalance *rb, const hf_rebalance_input *in, hf_diag *diag)
{
    hf_err err = HF_OK;
    double *ones = rb->multiplier, smallest = INFINITY;
    for (int i = 0; i < rb->n; i++) ones[i] = 1;
    err = series(rb, false, rb->demand, rb->before);
    if (err == HF_OK) err = series(rb, true, ones, rb->multiplier);
    if (err == HF_E_NO_ANSWER)
        hf_diag_add(diag, HF_ERROR, err, NULL, 0, 0, "the spectral radius of A is 1 or more (or so near that its series does not end)");
    if (err != HF_OK) return err;
    rb->unit = 0;
    for (int i = 0; i < rb->n; i++) {
        rb->unit += rb->before[i] / rb->n;
        smallest = fmin(smallest, rb->weight[i]);
    }
    rb->output_weight = in->output_weight > 0 ? in->output_weight : 1e-4 * smallest;
    for (int i = 0; i < rb->n; i++)
        if (rb->output_weight * rb->multiplier[i] >= rb->weight[i]) {
            hf_diag_add(diag, HF_ERROR, HF_E_RANGE, NULL, 0, 0,
                        "the price of output %g times the multiplier %g of industry %d is not below its weight %g: less demand would always be better",
                        rb->output_weight, rb->multiplier[i], i + 1, rb->weight[i]);
            return HF_E_RANGE;
        }
    return HF_OK;
}

static hf_err names(hf_rebalance *rb)
{
    hf_err err = HF_OK;
    char name[16];
    for (int i = 0; i < rb->n; i++) {
        snprintf(name, sizeof name, "x%d", i + 1);
        HF_TRY(hf_lp_name_column(rb->lp, i, name));
        snprintf(name, sizeof name, "r%d", i + 1);
        HF_TRY(hf_lp_name_column(rb->lp, rb->n + i, name));
        snprintf(name, sizeof name, "b%d", i + 1);
        HF_TRY(hf_lp_name_row(rb->lp, i, name));
    }
out:
    return err;
}

static hf_err row_add(hf_rebalance *rb, int i, int *column, double *value)
{
    int count = 0;
    for (int j = 0; j < rb->n; j++) {
        double v = (i == j) - rb->a[(size_t)i * (size_t)rb->n + (size_t)j];
        if (v == 0) continue;
        column[count] = j;
        value[count++] = v;
    }
    column[count] = rb->n + i;
    value[count++] = 1;
    double low = rb->demand[i] / rb->unit, high = INFINITY;
    return hf_lp_add_rows(rb->lp, 1, &low, &high, (int[]){0, count}, column, value);
}

static hf_err program(hf_rebalance *rb)
{
    hf_err err = HF_OK;
    size_t n = (size_t)rb->n;
    double *cost = hf_calloc(7 * n + 1, sizeof *cost), *low = cost + 2 * n, *high = low + 2 * n, *value = high + 2 * n;
    int *column = hf_malloc((n + 1) * sizeof *column);
    if (!cost || !column) HF_TRY(HF_E_NOMEM);
    for (size_t i = 0; i < n; i++) {
        cost[i] = rb->output_weight;
        cost[n + i] = rb->weight[i];
        high[i] = INFINITY;
        high[n + i] = rb->demand[i] / rb->unit;
    }
    HF_TRY(hf_lp_new(&rb->lp));
    HF_TRY(hf_lp_add_columns(rb->lp, 2 * rb->n, cost, low, high, NULL));
    for (int i = 0; i < rb->n; i++) HF_TRY(row_add(rb, i, column, value));
    HF_TRY(names(rb));
out:
    hf_free(cost);
    hf_free(column);
    return err;
}

hf_err hf_rebalance_new(const hf_rebalance_input *in, hf_diag *diag, hf_rebalance **ret_rebalance)
{
    hf_err err = HF_OK;
    hf_rebalance *rb = NULL;
    if (in->n < 1) return HF_E_RANGE;
    if (in->n > HF_REBALANCE_MAX_INDUSTRIES) return HF_E_TOO_LARGE;
    HF_TRY(numbers_check(in, diag));
    size_t n = (size_t)in->n;
    rb = hf_calloc(1, sizeof *rb);
    if (!rb) return HF_E_NOMEM;
    rb->n = in->n;
    rb->a = hf_malloc(n * n * sizeof *rb->a);
    rb->demand = hf_calloc(4 * n, sizeof *rb->demand);
    rb->columns = hf_calloc(2 * n, sizeof *rb->columns);
    rb->rows = hf_calloc(n, sizeof *rb->rows);
    if (!rb->a || !rb->demand || !rb->columns || !rb->rows) HF_TRY(HF_E_NOMEM);
    rb->weight = rb->demand + n;
    rb->before = rb->weight + n;
    rb->multiplier = rb->before + n;
    memcpy(rb->a, in->a, n * n * sizeof *rb->a);
    memcpy(rb->demand, in->demand, n * sizeof *rb->demand);
    for (size_t i = 0; i < n; i++) rb->weight[i] = in->weight ? in->weight[i] : 1;
    HF_TRY(levels(rb, in, diag));
    HF_TRY(program(rb));
    *ret_rebalance = rb;
    rb = NULL;
out:
    hf_rebalance_free(rb);
    return err;
}

static hf_err basis_set(hf_rebalance *rb, hf_rebalance_start start)
{
    if (start == HF_REBALANCE_LAST && rb->solved) return HF_OK;
    bool slack = start == HF_REBALANCE_SLACK;
    for (int i = 0; i < rb->n; i++) {
        rb->columns[i] = slack ? HF_LP_AT_LOW : HF_LP_BASIC;
        rb->columns[rb->n + i] = rb->demand[i] > 0 ? HF_LP_AT_LOW : HF_LP_FIXED;
        rb->rows[i] = slack ? HF_LP_BASIC : HF_LP_AT_LOW;
    }
    return hf_lp_set_basis(rb->lp, rb->columns, rb->rows);
}

static hf_err capacity_set(hf_rebalance *rb, const double *capacity, hf_diag *diag)
{
    hf_err err = HF_OK;
    for (int j = 0; j < rb->n; j++)
        if (!(capacity[j] >= 0)) return refuse(diag, HF_E_RANGE, "capacity (0 or more)", j, capacity[j]);
    for (int j = 0; j < rb->n; j++) HF_TRY(hf_lp_set_column_bounds(rb->lp, j, 0, capacity[j] / rb->unit));
out:
    return err;
}

void hf_rebalance_result_done(hf_rebalance_result *result)
{
    hf_free(result->output);
    *result = (hf_rebalance_result){0};
}

static hf_err result_room(hf_rebalance_result *result, int n)
{
    double *block = result->n == n ? result->output : NULL;
    if (!block) {
        hf_rebalance_result_done(result);
        block = hf_calloc(4 * (size_t)n, sizeof *block);
        if (!block) return HF_E_NOMEM;
    }
    *result = (hf_rebalance_result){.n = n, .output = block, .rationed = block + n, .price = block + 2 * n, .capacity_price = block + 3 * n};
    return HF_OK;
}

/* From A, y and capacity alone: how far the point is outside, and the bound that the prices prove. For any p >= 0,
 *     objective >= p'y - sum_j capacity_j max(0, (p - A'p)_j - e) - sum_i y_i max(0, p_i - w_i);
 * a capacity above the output before the shock binds no optimum and counts as that output. work [n]. */
static void recheck(const hf_rebalance *rb, const double *capacity, hf_rebalance_result *r, double *work)
{
    double outside = 0, bound = 0;
    multiply(rb, false, r->output, work);
    for (int i = 0; i < rb->n; i++) {
        outside = fmax(outside, rb->demand[i] - r->rationed[i] - (r->output[i] - work[i]));
        outside = fmax(outside, fmax(-r->output[i], r->output[i] - capacity[i]));
        outside = fmax(outside, fmax(-r->rationed[i], r->rationed[i] - rb->demand[i]));
    }
    multiply(rb, true, r->price, work);
    for (int j = 0; j < rb->n; j++) {
        r->capacity_price[j] = fmax(0, r->price[j] - work[j] - rb->output_weight);
        bound += r->price[j] * rb->demand[j] - fmin(capacity[j], rb->before[j]) * r->capacity_price[j];
        bound -= rb->demand[j] * fmax(0, r->price[j] - rb->weight[j]);
    }
    r->violation = outside / rb->unit;
    r->gap = (r->objective - bound) / (rb->unit * rb->output_weight + fabs(r->objective));
}

static hf_err result_read(const hf_rebalance *rb, const double *capacity, hf_rebalance_result *r)
{
    const double *x = hf_lp_x(rb->lp), *dual = hf_lp_duals(rb->lp);
    double *work = hf_malloc((size_t)rb->n * sizeof *work);
    if (!work) return HF_E_NOMEM;
    for (int i = 0; i < rb->n; i++) {
        r->output[i] = fmax(0, x[i]) * rb->unit;
        r->rationed[i] = fmax(0, x[rb->n + i]) * rb->unit;
        r->price[i] = fmax(0, dual[i]);
        r->loss += rb->weight[i] * r->rationed[i];
        r->rationed_total += r->rationed[i];
        r->output_before += rb->before[i];
        r->output_after += r->output[i];
    }
    r->objective = r->loss + rb->output_weight * r->output_after;
    recheck(rb, capacity, r, work);
    hf_free(work);
    return r->violation <= holds && fabs(r->gap) <= holds ? HF_OK : HF_E_SOLVER;
}

hf_err hf_rebalance_solve(hf_rebalance *rb, const double *capacity, hf_rebalance_start start, double time_limit_s, hf_diag *diag,
                          hf_rebalance_result *result)
{
    hf_err err = HF_OK;
    HF_TRY(capacity_set(rb, capacity, diag));
    HF_TRY(result_room(result, rb->n));
    HF_TRY(basis_set(rb, start));
    HF_TRY(hf_lp_solve(rb->lp, start == HF_REBALANCE_SLACK ? HF_LP_DUAL_THEN_PRIMAL : HF_LP_DUAL, time_limit_s));
    result->status = hf_lp_get_status(rb->lp);
    rb->solved = result->status == HF_LP_OPTIMAL;
    if (result->status == HF_LP_STOPPED) goto out;
    HF_TRY(result->status == HF_LP_OPTIMAL ? result_read(rb, capacity, result) : HF_E_SOLVER);
out:
    return err;
}
