/* Alternating exact solution of each row's and each column's equation p r - n / r = total. */
#include "model/economy/ras.h"

#include <math.h>
#include <string.h>

#include "base/alloc.h"

hf_ras_options hf_ras_options_default(void)
{
    return (hf_ras_options){.tolerance = 1e-10, .max_rounds = 10000};
}

/* One side of the matrix: rows or columns. */
typedef struct side {
    int n;
    const char *name;
    double *total;    /* [n] given, less the fixed cells */
    double *factor;   /* [n] */
    double *positive; /* [n] sums of cells above 0 with the other side's factors */
    double *negative; /* [n] the same of |cells| below 0, by the inverse factors */
    bool *dead;       /* [n] its free cells become 0 */
    double mean;      /* of |total| */
} side;

typedef struct problem {
    double *cell; /* the caller's: only read until the end */
    const bool *fixed;
    side row, column;
    double tolerance;
    hf_diag *diag;
} problem;

static hf_err side_new(side *s, int n, const char *name, const double *total)
{
    size_t size = (size_t)n;
    *s = (side){.n = n, .name = name};
    s->total = hf_calloc(4 * size, sizeof *s->total);
    s->dead = hf_calloc(size, sizeof *s->dead);
    if (!s->total || !s->dead) return HF_E_NOMEM;
    s->factor = s->total + size;
    s->positive = s->factor + size;
    s->negative = s->positive + size;
    for (size_t k = 0; k < size; k++) {
        s->total[k] = total[k];
        s->factor[k] = 1;
    }
    return HF_OK;
}

static void side_done(side *s)
{
    hf_free(s->total);
    hf_free(s->dead);
}

static double free_cell(const problem *p, int i, int j)
{
    size_t at = (size_t)i * (size_t)p->column.n + (size_t)j;
    return p->fixed && p->fixed[at] ? 0 : p->cell[at];
}

/* What a cell is with the present factors. */
static double cell_now(const problem *p, int i, int j)
{
    double a = free_cell(p, i, j);
    if (a == 0 || p->row.dead[i] || p->column.dead[j]) return 0;
    double f = p->row.factor[i] * p->column.factor[j];
    return a > 0 ? a * f : a / f;
}

/* Sums of the living cells by sign, for rows or for columns. */
static void sums(const problem *p, bool by_row)
{
    const side *to = by_row ? &p->row : &p->column;
    memset(to->positive, 0, (size_t)to->n * sizeof *to->positive);
    memset(to->negative, 0, (size_t)to->n * sizeof *to->negative);
    for (int i = 0; i < p->row.n; i++) {
        if (p->row.dead[i]) continue;
        for (int j = 0; j < p->column.n; j++) {
            double a = p->column.dead[j] ? 0 : free_cell(p, i, j);
            int k = by_row ? i : j;
            double other = by_row ? p->column.factor[j] : p->row.factor[i];
            if (a > 0) to->positive[k] += a * other;
            else if (a < 0) to->negative[k] -= a / other;
        }
    }
}

/* The positive root of positive r^2 - total r - negative = 0, without cancellation. */
static double root(double positive, double negative, double total)
{
    if (positive == 0) return -negative / total;
    double square = sqrt(total * total + 4 * positive * negative);
    return total >= 0 ? (total + square) / (2 * positive) : 2 * negative / (square - total);
}

static void solve(const problem *p, bool by_row)
{
    const side *s = by_row ? &p->row : &p->column;
    sums(p, by_row);
    for (int k = 0; k < s->n; k++)
        if (!s->dead[k]) s->factor[k] = root(s->positive[k], s->negative[k], s->total[k]);
}

/* Cells of one sign whose total is 0 must all become 0; returns whether any row or column died. */
static bool bury(const problem *p, bool by_row)
{
    const side *s = by_row ? &p->row : &p->column;
    bool any = false;
    sums(p, by_row);
    for (int k = 0; k < s->n; k++) {
        if (s->dead[k] || fabs(s->total[k]) > 1e-14 * s->mean || (s->positive[k] > 0 && s->negative[k] > 0)) continue;
        s->dead[k] = true;
        s->factor[k] = 0;
        any = true;
    }
    return any;
}

static hf_err reachable(const problem *p, bool by_row)
{
    const side *s = by_row ? &p->row : &p->column;
    sums(p, by_row);
    for (int k = 0; k < s->n; k++) {
        double total = s->total[k];
        if (s->dead[k] || (total > 0 && s->positive[k] > 0) || (total < 0 && s->negative[k] > 0) || (s->positive[k] > 0 && s->negative[k] > 0))
            continue;
        hf_diag_add(p->diag, HF_ERROR, HF_E_NO_ANSWER, NULL, 0, 0, "%s %d has no free %s cell and cannot reach its total of %g", s->name, k + 1,
                    total > 0 ? "positive" : "negative", total);
        return HF_E_NO_ANSWER;
    }
    return HF_OK;
}

static hf_err all_finite(const problem *p)
{
    const side *sides[] = {&p->row, &p->column};
    for (int d = 0; d < 2; d++)
        for (int k = 0; k < sides[d]->n; k++)
            if (!isfinite(sides[d]->total[k])) {
                hf_diag_add(p->diag, HF_ERROR, HF_E_RANGE, NULL, 0, 0, "the total of %s %d is not finite", sides[d]->name, k + 1);
                return HF_E_RANGE;
            }
    for (int i = 0; i < p->row.n; i++)
        for (int j = 0; j < p->column.n; j++)
            if (!isfinite(p->cell[(size_t)i * (size_t)p->column.n + (size_t)j])) {
                hf_diag_add(p->diag, HF_ERROR, HF_E_RANGE, NULL, 0, 0, "the cell in %s %d, %s %d is not finite", p->row.name, i + 1, p->column.name,
                            j + 1);
                return HF_E_RANGE;
            }
    return HF_OK;
}

static double mean_of(side *s)
{
    double sum = 0, size = 0;
    for (int k = 0; k < s->n; k++) {
        sum += s->total[k];
        size += fabs(s->total[k]);
    }
    s->mean = s->n > 0 ? size / s->n : 0;
    return sum;
}

/* Known cells leave the problem; both sides must then add up to the same. */
static hf_err totals(problem *p)
{
    for (int i = 0; p->fixed && i < p->row.n; i++)
        for (int j = 0; j < p->column.n; j++) {
            size_t at = (size_t)i * (size_t)p->column.n + (size_t)j;
            if (!p->fixed[at]) continue;
            p->row.total[i] -= p->cell[at];
            p->column.total[j] -= p->cell[at];
        }
    double rows = mean_of(&p->row), columns = mean_of(&p->column);
    if (fabs(rows - columns) > 1e-9 * fmax(p->row.mean * p->row.n, p->column.mean * p->column.n)) {
        hf_diag_add(p->diag, HF_ERROR, HF_E_NO_ANSWER, NULL, 0, 0, "totals of the %ss add up to %.12g, those of the %ss to %.12g: they must be equal",
                    p->row.name, rows, p->column.name, columns);
        return HF_E_NO_ANSWER;
    }
    return HF_OK;
}

static void gap_note(const side *s, int k, double sum, double *gap, int *at)
{
    double off = fabs(sum - s->total[k]) / fmax(fmax(fabs(s->total[k]), s->mean), 1e-300);
    if (*at >= 0 && !(off > *gap)) return;
    *gap = off;
    *at = k;
}

/* Gaps of the rows after the columns were solved; those of the columns are rounding, but are measured all the same. */
static void gaps(const problem *p, hf_ras_result *result)
{
    double *column = p->column.positive;
    memset(column, 0, (size_t)p->column.n * sizeof *column);
    result->row_gap = result->column_gap = 0;
    result->row_gap_at = result->column_gap_at = -1;
    for (int i = 0; i < p->row.n; i++) {
        double sum = 0;
        for (int j = 0; j < p->column.n; j++) {
            double value = cell_now(p, i, j);
            sum += value;
            column[j] += value;
        }
        gap_note(&p->row, i, sum, &result->row_gap, &result->row_gap_at);
    }
    for (int j = 0; j < p->column.n; j++) gap_note(&p->column, j, column[j], &result->column_gap, &result->column_gap_at);
}

static hf_err iterate(const problem *p, int max_rounds, hf_ras_result *result)
{
    for (int round = 1; round <= max_rounds; round++) {
        solve(p, true);
        solve(p, false);
        result->rounds = round;
        gaps(p, result);
        if (result->row_gap <= p->tolerance && result->column_gap <= p->tolerance) return HF_OK;
    }
    bool rows = result->row_gap >= result->column_gap;
    int at = rows ? result->row_gap_at : result->column_gap_at;
    hf_diag_add(p->diag, HF_ERROR, HF_E_NO_CONVERGENCE, NULL, 0, 0, "not balanced after %d rounds: %s %d is off by %.3g of its total of %g", max_rounds,
                rows ? p->row.name : p->column.name, at + 1, fmax(result->row_gap, result->column_gap), rows ? p->row.total[at] : p->column.total[at]);
    return HF_E_NO_CONVERGENCE;
}

static void write_back(problem *p, hf_ras_result *result)
{
    for (int i = 0; i < p->row.n; i++)
        for (int j = 0; j < p->column.n; j++) {
            size_t at = (size_t)i * (size_t)p->column.n + (size_t)j;
            double after = p->fixed && p->fixed[at] ? p->cell[at] : cell_now(p, i, j), change = fabs(after - p->cell[at]);
            if (change == 0) continue;
            result->changed++;
            result->amount += change;
            if (change > result->largest) {
                result->largest = change;
                result->largest_row = i;
                result->largest_column = j;
            }
            p->cell[at] = after;
        }
}

static hf_err balance(problem *p, const hf_ras_options *options, hf_ras_result *result)
{
    hf_err err = HF_OK;
    HF_TRY(all_finite(p));
    HF_TRY(totals(p));
    while (bury(p, true) | bury(p, false)) continue;
    HF_TRY(reachable(p, true));
    HF_TRY(reachable(p, false));
    HF_TRY(iterate(p, options->max_rounds, result));
    write_back(p, result);
out:
    return err;
}

hf_err hf_ras(int n_rows, int n_columns, double *cells, const double *row_total, const double *column_total, const hf_ras_options *options,
              double *ret_r, double *ret_s, hf_diag *diag, hf_ras_result *ret_result)
{
    hf_err err = HF_OK;
    hf_ras_options chosen = options ? *options : hf_ras_options_default();
    hf_ras_result result = {.row_gap_at = -1, .column_gap_at = -1, .largest_row = -1, .largest_column = -1};
    problem p = {.cell = cells, .fixed = chosen.fixed, .tolerance = chosen.tolerance, .diag = diag};
    if (n_rows < 0 || n_columns < 0 || !(chosen.tolerance > 0) || chosen.max_rounds < 1) return HF_E_RANGE;
    HF_TRY(side_new(&p.row, n_rows, "row", row_total));
    HF_TRY(side_new(&p.column, n_columns, "column", column_total));
    err = balance(&p, &chosen, &result);
    if (ret_result && (err == HF_OK || err == HF_E_NO_CONVERGENCE)) *ret_result = result;
    if (err != HF_OK) goto out;
    if (ret_r) memcpy(ret_r, p.row.factor, (size_t)n_rows * sizeof *ret_r);
    if (ret_s) memcpy(ret_s, p.column.factor, (size_t)n_columns * sizeof *ret_s);
out:
    side_done(&p.row);
    side_done(&p.column);
    return err;
}
