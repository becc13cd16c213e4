/* Columns: output x, rationing q, more of a trade than before, less of it. All in units of the mean output. */
#include "solver/substitution.h"

#include <math.h>
#include <string.h>

#include "base/alloc.h"

static const double holds = 1e-6;

typedef struct job {
    const hf_substitution_input *in;
    hf_lp *lp;
    int R, S, N, U; /* regions, sectors, industries, users */
    double unit, output_weight, switch_cost;
    double *x0;     /* [N] output before: what all users buy */
    double *t0;     /* [N x U] */
    double *recipe; /* [S x N] a_if */
    double *wanted; /* [S x R] y_id */
    double *cost, *low, *high, *value; /* [columns] */
    int *column;                       /* [columns] */
} job;

static size_t at(int i, int j, int columns)
{
    return (size_t)i * (size_t)columns + (size_t)j;
}

static int columns_of(const job *j)
{
    return j->N + j->S * j->R + 2 * j->N * j->U;
}

static int ration_column(const job *j, int sector, int region)
{
    return j->N + sector * j->R + region;
}

static int more_column(const job *j, int g, int u)
{
    return j->N + j->S * j->R + g * j->U + u;
}

static int less_column(const job *j, int g, int u)
{
    return more_column(j, g, u) + j->N * j->U;
}

static int region_of_user(const job *j, int u)
{
    if (j->in->pooled) return u;
    return u < j->N ? u / j->S : u - j->N;
}

static bool has_industry(const job *j, int u, int f)
{
    return j->in->pooled ? f / j->S == u : f == u;
}

static bool has_demand(const job *j, int u)
{
    return j->in->pooled || u >= j->N;
}

static double weight_of(const job *j, int sector, int region)
{
    return j->in->weight ? j->in->weight[at(sector, region, j->R)] : 1;
}

/* ---- input ---- */

static hf_err numbers_check(const char *what, const double *value, int rows, int columns, bool endless, hf_diag *diag)
{
    for (int i = 0; value && i < rows; i++)
        for (int k = 0; k < columns; k++) {
            double v = value[at(i, k, columns)];
            if (v >= 0 && (endless || !isinf(v))) continue;
            hf_diag_add(diag, HF_ERROR, HF_E_RANGE, NULL, 0, 0, "%s, row %d, column %d, is %g: it must be 0 or more", what, i + 1, k + 1, v);
            return HF_E_RANGE;
        }
    return HF_OK;
}

static hf_err limits_check(const hf_substitution_input *in, hf_diag *diag)
{
    for (int k = 0; k < in->n_limits; k++) {
        const hf_trade_limit *l = &in->limit[k];
        if (l->origin >= 0 && l->origin < in->n_regions && l->destination >= 0 && l->destination < in->n_regions && l->sector >= -1 &&
            l->sector < in->n_sectors && l->capacity >= 0)
            continue;
        hf_diag_add(diag, HF_ERROR, HF_E_RANGE, NULL, 0, 0, "trade limit %d: region %d to %d, sector %d, capacity %g: one of them does not exist or is below 0",
                    k + 1, l->origin + 1, l->destination + 1, l->sector + 1, l->capacity);
        return HF_E_RANGE;
    }
    return HF_OK;
}

static hf_err prices_choose(job *j, hf_diag *diag)
{
    double smallest = INFINITY;
    for (int i = 0; i < j->S; i++)
        for (int d = 0; d < j->R; d++) {
            double w = weight_of(j, i, d);
            if (!(w > 0) || isinf(w)) {
                hf_diag_add(diag, HF_ERROR, HF_E_RANGE, NULL, 0, 0, "the weight of sector %d in region %d is %g: it must be above 0", i + 1, d + 1, w);
                return HF_E_RANGE;
            }
            smallest = fmin(smallest, w);
        }
    j->output_weight = j->in->output_weight > 0 ? j->in->output_weight : 1e-4 * smallest;
    j->switch_cost = j->in->switch_cost > 0 ? j->in->switch_cost : 1e-2 * smallest;
    if (j->switch_cost >= j->output_weight && !isinf(j->switch_cost)) return HF_OK;
    hf_diag_add(diag, HF_ERROR, HF_E_RANGE, NULL, 0, 0, "the price of switching is %g: it must not be below that of output, %g", j->switch_cost,
                j->output_weight);
    return HF_E_RANGE;
}

static void table_fill(job *j)
{
    const hf_substitution_input *in = j->in;
    for (int g = 0; g < j->N; g++) {
        for (int f = 0; f < j->N; f++) {
            double flow = in->z[at(g, f, j->N)];
            j->x0[g] += flow;
            j->recipe[at(g % j->S, f, j->N)] += flow;
            j->t0[at(g, in->pooled ? f / j->S : f, j->U)] += flow;
        }
        for (int d = 0; d < j->R; d++) {
            double flow = in->demand[at(g, d, j->R)];
            j->x0[g] += flow;
            j->wanted[at(g % j->S, d, j->R)] += flow;
            j->t0[at(g, in->pooled ? d : j->N + d, j->U)] += flow;
        }
        j->unit += j->x0[g] / j->N;
    }
    if (!(j->unit > 0)) j->unit = 1;
    for (int i = 0; i < j->S; i++)
        for (int f = 0; f < j->N; f++) j->recipe[at(i, f, j->N)] = j->x0[f] > 0 ? j->recipe[at(i, f, j->N)] / j->x0[f] : 0;
}

static hf_err job_new(job *j, hf_diag *diag)
{
    hf_err err = HF_OK;
    size_t N = (size_t)j->N, U = (size_t)j->U, S = (size_t)j->S, R = (size_t)j->R, columns = (size_t)columns_of(j);
    HF_TRY(numbers_check("flows", j->in->z, j->N, j->N, false, diag));
    HF_TRY(numbers_check("final demand", j->in->demand, j->N, j->R, false, diag));
    HF_TRY(numbers_check("capacity", j->in->capacity, j->N, 1, true, diag));
    HF_TRY(limits_check(j->in, diag));
    HF_TRY(prices_choose(j, diag));
    j->x0 = hf_calloc(N + N * U + S * N + S * R, sizeof *j->x0);
    j->cost = hf_calloc(4 * columns, sizeof *j->cost);
    j->column = hf_calloc(columns, sizeof *j->column);
    if (!j->x0 || !j->cost || !j->column) return HF_E_NOMEM;
    j->t0 = j->x0 + N;
    j->recipe = j->t0 + N * U;
    j->wanted = j->recipe + S * N;
    j->low = j->cost + columns;
    j->high = j->low + columns;
    j->value = j->high + columns;
    table_fill(j);
    for (int f = 0; f < j->N; f++) {
        if (j->x0[f] > 0) continue;
        for (int g = 0; g < j->N; g++)
            if (j->in->z[at(g, f, j->N)] > 0) {
                hf_diag_add(diag, HF_ERROR, HF_E_RANGE, NULL, 0, 0, "industry %d buys and sells nothing: clean the table first", f + 1);
                return HF_E_RANGE;
            }
    }
    HF_TRY(hf_lp_new(&j->lp));
out:
    return err;
}

static void job_done(job *j)
{
    hf_lp_free(j->lp);
    hf_free(j->x0);
    hf_free(j->cost);
    hf_free(j->column);
}

/* ---- program ---- */

/* What user u buys of product i, from everywhere, before. */
static double bought(const job *j, int i, int u)
{
    double sum = 0;
    for (int r = 0; r < j->R; r++) sum += j->t0[at(r * j->S + i, u, j->U)];
    return sum;
}

static hf_err columns_add(job *j)
{
    for (int f = 0; f < j->N; f++) {
        j->cost[f] = j->output_weight;
        j->high[f] = j->in->capacity[f] / j->unit;
    }
    for (int i = 0; i < j->S; i++)
        for (int d = 0; d < j->R; d++) {
            j->cost[ration_column(j, i, d)] = weight_of(j, i, d);
            j->high[ration_column(j, i, d)] = j->wanted[at(i, d, j->R)] / j->unit;
        }
    for (int u = 0; u < j->U; u++)
        for (int i = 0; i < j->S; i++) {
            bool buys = bought(j, i, u) > 0;
            for (int g = i; g < j->N; g += j->S) {
                j->cost[more_column(j, g, u)] = j->cost[less_column(j, g, u)] = j->switch_cost;
                j->high[more_column(j, g, u)] = buys ? INFINITY : 0;
                j->high[less_column(j, g, u)] = j->t0[at(g, u, j->U)] / j->unit;
            }
        }
    return hf_lp_add_columns(j->lp, columns_of(j), j->cost, j->low, j->high, NULL);
}

static int entry(job *j, int n, int column, double value)
{
    j->column[n] = column;
    j->value[n] = value;
    return n + 1;
}

static hf_err row_add(job *j, int n, double low, double high)
{
    return hf_lp_add_rows(j->lp, 1, &low, &high, (int[]){0, n}, j->column, j->value);
}

/* Product i of user u: more - less - recipe (x - x0) + q = 0. */
static hf_err need_row(job *j, int i, int u)
{
    int n = 0;
    double right = 0;
    for (int g = i; g < j->N; g += j->S) {
        n = entry(j, n, more_column(j, g, u), 1);
        n = entry(j, n, less_column(j, g, u), -1);
    }
    for (int f = 0; f < j->N; f++) {
        double a = has_industry(j, u, f) ? j->recipe[at(i, f, j->N)] : 0;
        if (a == 0) continue;
        n = entry(j, n, f, -a);
        right -= a * j->x0[f] / j->unit;
    }
    if (has_demand(j, u)) n = entry(j, n, ration_column(j, i, region_of_user(j, u)), 1);
    return row_add(j, n, right, right);
}

static hf_err supply_row(job *j, int g)
{
    int n = entry(j, 0, g, 1);
    for (int u = 0; u < j->U; u++) {
        n = entry(j, n, more_column(j, g, u), -1);
        n = entry(j, n, less_column(j, g, u), 1);
    }
    return row_add(j, n, j->x0[g] / j->unit, INFINITY);
}

static bool in_limit(const job *j, const hf_trade_limit *l, int g, int u)
{
    return g / j->S == l->origin && region_of_user(j, u) == l->destination && (l->sector < 0 || g % j->S == l->sector);
}

static hf_err limit_row(job *j, const hf_trade_limit *l)
{
    int n = 0;
    double before = 0;
    for (int g = 0; g < j->N; g++)
        for (int u = 0; u < j->U; u++) {
            if (!in_limit(j, l, g, u)) continue;
            n = entry(j, n, more_column(j, g, u), 1);
            n = entry(j, n, less_column(j, g, u), -1);
            before += j->t0[at(g, u, j->U)];
        }
    return row_add(j, n, -INFINITY, isinf(l->capacity) ? INFINITY : (l->capacity - before) / j->unit);
}

/* Rows: what g can sell, what users need, limits. An endless limit still has its row, with room for anything. */
static hf_err program(job *j)
{
    hf_err err = HF_OK;
    HF_TRY(columns_add(j));
    for (int g = 0; g < j->N; g++) HF_TRY(supply_row(j, g));
    for (int u = 0; u < j->U; u++)
        for (int i = 0; i < j->S; i++) HF_TRY(need_row(j, i, u));
    for (int k = 0; k < j->in->n_limits; k++) HF_TRY(limit_row(j, &j->in->limit[k]));
out:
    return err;
}

/* x basic in the rows of supply; the other rows hold their own variable. Feasible in the dual as switching costs no less than output. */
static hf_err basis_set(job *j)
{
    int columns = columns_of(j), rows = hf_lp_rows(j->lp);
    hf_lp_basis *basis = hf_malloc(((size_t)columns + (size_t)rows) * sizeof *basis);
    if (!basis) return HF_E_NOMEM;
    for (int k = 0; k < columns; k++) basis[k] = k < j->N ? HF_LP_BASIC : HF_LP_AT_LOW;
    for (int k = 0; k < rows; k++) basis[columns + k] = k < j->N ? HF_LP_AT_LOW : HF_LP_BASIC;
    hf_err err = hf_lp_set_basis(j->lp, basis, basis + columns);
    hf_free(basis);
    return err;
}

/* ---- answer ---- */

void hf_substitution_done(hf_substitution *r)
{
    hf_free(r->output);
    *r = (hf_substitution){0};
}

static hf_err result_room(hf_substitution *r, const job *j)
{
    size_t N = (size_t)j->N, U = (size_t)j->U, q = (size_t)j->S * (size_t)j->R;
    hf_substitution_done(r);
    double *block = hf_calloc(2 * N + q + N * U + (size_t)j->in->n_limits, sizeof *block);
    if (!block) return HF_E_NOMEM;
    *r = (hf_substitution){.n = j->N, .n_users = j->U, .output = block, .price = block + N, .rationed = block + 2 * N, .trade = block + 2 * N + q,
                           .limit_price = block + 2 * N + q + N * U};
    return HF_OK;
}

/* From the table alone: how far the answer is outside of the equations of the header. */
static double outside_of(const job *j, const hf_substitution *r)
{
    double outside = 0;
    for (int g = 0; g < j->N; g++) {
        double sold = 0;
        for (int u = 0; u < j->U; u++) sold += r->trade[at(g, u, j->U)];
        outside = fmax(outside, fmax(sold - r->output[g], r->output[g] - j->in->capacity[g]));
    }
    for (int u = 0; u < j->U; u++)
        for (int i = 0; i < j->S; i++) {
            double rest = 0;
            for (int g = i; g < j->N; g += j->S) rest += r->trade[at(g, u, j->U)];
            for (int f = 0; f < j->N; f++)
                if (has_industry(j, u, f)) rest -= j->recipe[at(i, f, j->N)] * r->output[f];
            size_t cell = at(i, region_of_user(j, u), j->R);
            if (has_demand(j, u)) rest -= j->wanted[cell] - r->rationed[cell];
            outside = fmax(outside, fabs(rest));
        }
    for (int k = 0; k < j->in->n_limits; k++) {
        double sum = 0;
        for (int g = 0; g < j->N; g++)
            for (int u = 0; u < j->U; u++)
                if (in_limit(j, &j->in->limit[k], g, u)) sum += r->trade[at(g, u, j->U)];
        outside = fmax(outside, sum - j->in->limit[k].capacity);
    }
    return outside;
}

static hf_err result_read(const job *j, hf_substitution *r)
{
    const double *x = hf_lp_x(j->lp), *dual = hf_lp_duals(j->lp);
    for (int f = 0; f < j->N; f++) {
        r->output[f] = fmax(0, x[f]) * j->unit;
        r->price[f] = fmax(0, dual[f]);
        r->objective += j->output_weight * r->output[f];
    }
    for (int i = 0; i < j->S; i++)
        for (int d = 0; d < j->R; d++) {
            double q = fmax(0, x[ration_column(j, i, d)]) * j->unit;
            r->rationed[at(i, d, j->R)] = q;
            r->rationed_total += q;
            r->loss += weight_of(j, i, d) * q;
        }
    for (int g = 0; g < j->N; g++)
        for (int u = 0; u < j->U; u++) {
            double change = (x[more_column(j, g, u)] - x[less_column(j, g, u)]) * j->unit, before = j->t0[at(g, u, j->U)];
            r->trade[at(g, u, j->U)] = fmax(0, before + change);
            r->switched += fabs(r->trade[at(g, u, j->U)] - before);
        }
    for (int k = 0; k < j->in->n_limits; k++) r->limit_price[k] = fmax(0, -dual[j->N + j->U * j->S + k]);
    r->objective += r->loss + j->switch_cost * r->switched;
    r->violation = outside_of(j, r) / j->unit;
    double said = hf_lp_objective(j->lp) * j->unit;
    return r->violation <= holds && fabs(said - r->objective) <= holds * (j->unit * j->output_weight + fabs(said)) ? HF_OK : HF_E_SOLVER;
}

static const char *format_of(const char *path)
{
    size_t n = strlen(path);
    return n > 4 && strcmp(path + n - 4, ".mps") == 0 ? "mps" : "lp";
}

hf_err hf_substitution_solve(const hf_substitution_input *in, const char *path, hf_diag *diag, hf_substitution *result)
{
    hf_err err = HF_OK;
    if (in->n_regions < 1 || in->n_sectors < 1 || in->n_limits < 0 || !(in->switch_cost >= 0) || !(in->output_weight >= 0)) return HF_E_RANGE;
    double n = (double)in->n_regions * in->n_sectors;
    if (n * (in->pooled ? in->n_regions : n + in->n_regions) > HF_SUBSTITUTION_MAX_CELLS) return HF_E_TOO_LARGE;
    job j = {.in = in, .R = in->n_regions, .S = in->n_sectors, .N = in->n_regions * in->n_sectors};
    j.U = in->pooled ? j.R : j.N + j.R;
    HF_TRY(job_new(&j, diag));
    HF_TRY(result_room(result, &j));
    HF_TRY(program(&j));
    HF_TRY(basis_set(&j));
    if (path) HF_TRY(hf_lp_write(j.lp, path, format_of(path)));
    HF_TRY(hf_lp_solve(j.lp, HF_LP_DUAL, in->time_limit_s));
    result->status = hf_lp_get_status(j.lp);
    if (result->status == HF_LP_STOPPED) goto out;
    HF_TRY(result->status == HF_LP_OPTIMAL ? result_read(&j, result) : HF_E_SOLVER);
out:
    job_done(&j);
    return err;
}
