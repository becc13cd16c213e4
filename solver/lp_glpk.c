/* GLPK behind the seam. What it does with a bad call is to end the process: its error hook jumps out instead, and its environment is then
 * thrown away. It prints: a terminal hook swallows that. igraph shares its environment and leaves hooks behind, so ours are set before
 * every call that works. */
#include <glpk.h>
#include <math.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "solver/lp_inside.h"

static const double tolerance = 1e-6;

static _Thread_local jmp_buf escape;

static void on_error(void *info)
{
    (void)info;
    longjmp(escape, 1);
}

static int on_print(void *info, const char *text)
{
    (void)info, (void)text;
    return 1; /* it has been dealt with */
}

static void hooks_set(void)
{
    glp_term_hook(on_print, NULL);
    glp_error_hook(on_error, NULL);
}

static void hooks_clear(void)
{
    glp_error_hook(NULL, NULL);
    glp_term_hook(NULL, NULL);
}

/* Runs `statement` with the hooks set; a fatal error of GLPK ends in HF_E_SOLVER and a program that must be freed. */
#define GUARDED(lp, statement)                                                                                                             \
    do {                                                                                                                                   \
        if (setjmp(escape) != 0) return broken(lp);                                                                                        \
        hooks_set();                                                                                                                       \
        statement;                                                                                                                         \
        hooks_clear();                                                                                                                     \
    } while (0)

/* After a fatal error GLPK's memory is in no known state: all of it goes. */
static hf_err broken(hf_lp *lp)
{
    glp_free_env();
    if (lp) {
        lp->glpk = NULL;
        lp->status = HF_LP_NUMERIC;
    }
    return HF_E_SOLVER;
}

static hf_err glpk_create(hf_lp *lp)
{
    GUARDED(lp, lp->glpk = glp_create_prob(); glp_set_obj_dir(lp->glpk, GLP_MIN));
    return HF_OK;
}

hf_err hf_lp_new(hf_lp **ret_lp)
{
    hf_lp *lp = hf_calloc(1, sizeof *lp);
    if (!lp) return HF_E_NOMEM;
    hf_err err = glpk_create(lp);
    if (err != HF_OK) hf_lp_free(lp);
    else *ret_lp = lp;
    return err;
}

static void row_free(hf_lp_row *row)
{
    hf_free(row->column);
    hf_free(row->value);
}

static hf_err glpk_delete(hf_lp *lp)
{
    GUARDED(lp, if (lp->glpk) glp_delete_prob(lp->glpk));
    lp->glpk = NULL;
    return HF_OK;
}

void hf_lp_free(hf_lp *lp)
{
    if (!lp) return;
    glpk_delete(lp);
    for (int i = 0; i < lp->n_rows; i++) row_free(&lp->row[i]);
    void *blocks[] = {lp->cost, lp->low, lp->high, lp->integer, lp->row, lp->x, lp->activity, lp->dual, lp->reduced};
    for (size_t k = 0; k < sizeof blocks / sizeof *blocks; k++) hf_free(blocks[k]);
    hf_free(lp);
}

int hf_lp_columns(const hf_lp *lp)
{
    return lp->n_columns;
}

int hf_lp_rows(const hf_lp *lp)
{
    return lp->n_rows;
}

static bool bounds_fit(double low, double high)
{
    return !isnan(low) && !isnan(high) && low <= high && low < INFINITY && high > -INFINITY;
}

static int bounds_kind(double low, double high)
{
    if (isinf(low) && isinf(high)) return GLP_FR;
    if (isinf(high)) return GLP_LO;
    if (isinf(low)) return GLP_UP;
    return low == high ? GLP_FX : GLP_DB;
}

static hf_err glpk_add_columns(hf_lp *lp, int n, const double *cost, const double *low, const double *high, const bool *integer)
{
    volatile int first = 0;
    GUARDED(lp, first = glp_add_cols(lp->glpk, n); for (int k = 0; k < n; k++) {
        glp_set_obj_coef(lp->glpk, first + k, cost[k]);
        glp_set_col_bnds(lp->glpk, first + k, bounds_kind(low[k], high[k]), low[k], high[k]);
        if (integer && integer[k]) glp_set_col_kind(lp->glpk, first + k, GLP_IV);
    });
    return HF_OK;
}

hf_err hf_lp_add_columns(hf_lp *lp, int n, const double *cost, const double *low, const double *high, const bool *integer)
{
    hf_err err = HF_OK;
    size_t need = (size_t)lp->n_columns + (size_t)n;
    if (n == 0) return HF_OK;
    for (int k = 0; k < n; k++)
        if (!isfinite(cost[k]) || !bounds_fit(low[k], high[k])) return HF_E_RANGE;
    HF_TRY(hf_grow((void **)&lp->cost, &lp->capacity[0], need, sizeof *lp->cost));
    HF_TRY(hf_grow((void **)&lp->low, &lp->capacity[1], need, sizeof *lp->low));
    HF_TRY(hf_grow((void **)&lp->high, &lp->capacity[2], need, sizeof *lp->high));
    HF_TRY(hf_grow((void **)&lp->integer, &lp->capacity[3], need, sizeof *lp->integer));
    HF_TRY(hf_grow((void **)&lp->x, &lp->result_capacity[0], need, sizeof *lp->x));
    HF_TRY(hf_grow((void **)&lp->reduced, &lp->result_capacity[1], need, sizeof *lp->reduced));
    HF_TRY(glpk_add_columns(lp, n, cost, low, high, integer));
    for (int k = 0; k < n; k++) {
        int j = lp->n_columns + k;
        lp->cost[j] = cost[k];
        lp->low[j] = low[k];
        lp->high[j] = high[k];
        lp->integer[j] = integer && integer[k];
        lp->x[j] = lp->reduced[j] = 0;
    }
    lp->n_columns += n;
    lp->status = HF_LP_NONE;
out:
    return err;
}

static hf_err glpk_add_row(hf_lp *lp, const hf_lp_row *row, int *index)
{
    GUARDED(lp, int i = glp_add_rows(lp->glpk, 1); glp_set_row_bnds(lp->glpk, i, bounds_kind(row->low, row->high), row->low, row->high);
            glp_set_mat_row(lp->glpk, i, row->n, index, row->value - 1));
    return HF_OK;
}

static hf_err row_add(hf_lp *lp, double low, double high, int n, const int *column, const double *value)
{
    hf_err err = HF_OK;
    hf_lp_row row = {low, high, n, hf_malloc((size_t)n * sizeof *row.column), hf_malloc((size_t)n * sizeof *row.value)};
    int *index = hf_malloc(((size_t)n + 1) * sizeof *index); /* GLPK counts from 1 */
    if (!row.column || !row.value || !index) HF_TRY(HF_E_NOMEM);
    for (int k = 0; k < n; k++) {
        row.column[k] = column[k];
        row.value[k] = value[k];
        index[k + 1] = column[k] + 1;
    }
    HF_TRY(hf_grow((void **)&lp->row, &lp->row_capacity, (size_t)lp->n_rows + 1, sizeof *lp->row));
    HF_TRY(hf_grow((void **)&lp->activity, &lp->result_capacity[2], (size_t)lp->n_rows + 1, sizeof *lp->activity));
    HF_TRY(hf_grow((void **)&lp->dual, &lp->result_capacity[3], (size_t)lp->n_rows + 1, sizeof *lp->dual));
    HF_TRY(glpk_add_row(lp, &row, index));
    lp->activity[lp->n_rows] = lp->dual[lp->n_rows] = 0;
    lp->row[lp->n_rows++] = row;
    row = (hf_lp_row){0};
out:
    hf_free(index);
    row_free(&row);
    return err;
}

/* Whether each row's entries are finite and of columns that exist, once each; mark [columns] is 0 throughout. */
static bool rows_fit(const hf_lp *lp, int n, const double *low, const double *high, const int *start, const int *column,
                     const double *value, int *mark)
{
    for (int k = 0; k < n; k++) {
        if (!bounds_fit(low[k], high[k]) || start[k + 1] < start[k]) return false;
        for (int e = start[k]; e < start[k + 1]; e++) {
            if (column[e] < 0 || column[e] >= lp->n_columns || !isfinite(value[e]) || mark[column[e]] == k + 1) return false;
            mark[column[e]] = k + 1;
        }
    }
    return true;
}

hf_err hf_lp_add_rows(hf_lp *lp, int n, const double *low, const double *high, const int *start, const int *column, const double *value)
{
    int *mark = hf_calloc((size_t)lp->n_columns, sizeof *mark);
    if (!mark) return HF_E_NOMEM;
    bool fit = rows_fit(lp, n, low, high, start, column, value, mark);
    hf_free(mark);
    if (!fit) return HF_E_RANGE;
    for (int k = 0; k < n; k++) {
        hf_err err = row_add(lp, low[k], high[k], start[k + 1] - start[k], column + start[k], value + start[k]);
        if (err != HF_OK) return err;
    }
    lp->status = HF_LP_NONE;
    return HF_OK;
}

static hf_err glpk_delete_rows(hf_lp *lp, int n, int *index)
{
    GUARDED(lp, glp_del_rows(lp->glpk, n, index));
    return HF_OK;
}

hf_err hf_lp_delete_rows(hf_lp *lp, int n, const int *rows)
{
    if (n == 0) return HF_OK;
    int *index = hf_malloc(((size_t)n + 1) * sizeof *index);
    if (!index) return HF_E_NOMEM;
    for (int k = 0; k < n; k++) {
        index[k + 1] = rows[k] + 1;
        if (rows[k] >= 0 && rows[k] < lp->n_rows && (k == 0 || rows[k] > rows[k - 1])) continue;
        hf_free(index);
        return HF_E_RANGE;
    }
    hf_err err = glpk_delete_rows(lp, n, index);
    hf_free(index);
    if (err != HF_OK) return err;
    int kept = 0;
    for (int i = 0, k = 0; i < lp->n_rows; i++) {
        if (k < n && rows[k] == i) {
            row_free(&lp->row[i]);
            k++;
        } else lp->row[kept++] = lp->row[i];
    }
    lp->n_rows = kept;
    lp->status = HF_LP_NONE;
    return HF_OK;
}

hf_err hf_lp_set_cost(hf_lp *lp, int column, double cost)
{
    if (column < 0 || column >= lp->n_columns || !isfinite(cost)) return HF_E_RANGE;
    GUARDED(lp, glp_set_obj_coef(lp->glpk, column + 1, cost));
    lp->cost[column] = cost;
    lp->status = HF_LP_NONE;
    return HF_OK;
}

hf_err hf_lp_set_column_bounds(hf_lp *lp, int column, double low, double high)
{
    if (column < 0 || column >= lp->n_columns || !bounds_fit(low, high)) return HF_E_RANGE;
    GUARDED(lp, glp_set_col_bnds(lp->glpk, column + 1, bounds_kind(low, high), low, high));
    lp->low[column] = low;
    lp->high[column] = high;
    lp->status = HF_LP_NONE;
    return HF_OK;
}

hf_err hf_lp_set_row_bounds(hf_lp *lp, int row, double low, double high)
{
    if (row < 0 || row >= lp->n_rows || !bounds_fit(low, high)) return HF_E_RANGE;
    GUARDED(lp, glp_set_row_bnds(lp->glpk, row + 1, bounds_kind(low, high), low, high));
    lp->row[row].low = low;
    lp->row[row].high = high;
    lp->status = HF_LP_NONE;
    return HF_OK;
}

hf_err hf_lp_name_column(hf_lp *lp, int column, const char *name)
{
    if (column < 0 || column >= lp->n_columns || strlen(name) > 255) return HF_E_RANGE;
    GUARDED(lp, glp_set_col_name(lp->glpk, column + 1, name));
    return HF_OK;
}

hf_err hf_lp_name_row(hf_lp *lp, int row, const char *name)
{
    if (row < 0 || row >= lp->n_rows || strlen(name) > 255) return HF_E_RANGE;
    GUARDED(lp, glp_set_row_name(lp->glpk, row + 1, name));
    return HF_OK;
}

static hf_lp_basis from_glpk(int status)
{
    switch (status) {
    case GLP_BS: return HF_LP_BASIC;
    case GLP_NU: return HF_LP_AT_HIGH;
    case GLP_NF: return HF_LP_FREE;
    case GLP_NS: return HF_LP_FIXED;
    default: return HF_LP_AT_LOW;
    }
}

static int to_glpk(hf_lp_basis basis)
{
    static const int status[] = {GLP_BS, GLP_NL, GLP_NU, GLP_NF, GLP_NS};
    return status[basis];
}

void hf_lp_get_basis(const hf_lp *lp, hf_lp_basis *ret_columns, hf_lp_basis *ret_rows)
{
    for (int j = 0; j < lp->n_columns; j++) ret_columns[j] = lp->glpk ? from_glpk(glp_get_col_stat(lp->glpk, j + 1)) : HF_LP_AT_LOW;
    for (int i = 0; i < lp->n_rows; i++) ret_rows[i] = lp->glpk ? from_glpk(glp_get_row_stat(lp->glpk, i + 1)) : HF_LP_BASIC;
}

hf_err hf_lp_set_basis(hf_lp *lp, const hf_lp_basis *columns, const hf_lp_basis *rows)
{
    GUARDED(lp, for (int j = 0; j < lp->n_columns; j++) glp_set_col_stat(lp->glpk, j + 1, to_glpk(columns[j]));
            for (int i = 0; i < lp->n_rows; i++) glp_set_row_stat(lp->glpk, i + 1, to_glpk(rows[i])));
    return HF_OK;
}

static void objective_set(hf_lp *lp)
{
    hf_lp_activities(lp, lp->x, lp->activity);
    lp->objective = 0;
    for (int j = 0; j < lp->n_columns; j++) lp->objective += lp->cost[j] * lp->x[j];
}

static hf_err simplex(hf_lp *lp, hf_lp_method method, double time_limit_s, volatile int *ret_code)
{
    static const int methods[] = {GLP_PRIMAL, GLP_DUAL, GLP_DUALP};
    glp_smcp options;
    glp_init_smcp(&options);
    options.msg_lev = GLP_MSG_OFF;
    options.meth = methods[method];
    if (time_limit_s > 0) options.tm_lim = time_limit_s < 2e6 ? (int)(time_limit_s * 1000) + 1 : INT32_MAX;
    GUARDED(lp, *ret_code = glp_simplex(lp->glpk, &options); if (*ret_code == GLP_ESING || *ret_code == GLP_EBADB || *ret_code == GLP_ECOND) {
        glp_adv_basis(lp->glpk, 0); /* a basis that does not hold is not the caller's concern */
        *ret_code = glp_simplex(lp->glpk, &options);
    });
    return HF_OK;
}

static void solution_read(hf_lp *lp)
{
    for (int j = 0; j < lp->n_columns; j++) {
        lp->x[j] = glp_get_col_prim(lp->glpk, j + 1);
        lp->reduced[j] = glp_get_col_dual(lp->glpk, j + 1);
    }
    for (int i = 0; i < lp->n_rows; i++) lp->dual[i] = glp_get_row_dual(lp->glpk, i + 1);
    objective_set(lp);
    lp->bound = lp->objective;
}

hf_err hf_lp_solve(hf_lp *lp, hf_lp_method method, double time_limit_s)
{
    volatile int code = 0;
    if (!lp->glpk) return HF_E_SOLVER;
    hf_err err = simplex(lp, method, time_limit_s, &code);
    if (err != HF_OK) return err;
    lp->bound = -INFINITY;
    switch (code ? GLP_UNDEF : glp_get_status(lp->glpk)) {
    case GLP_OPT:
        solution_read(lp);
        lp->status = hf_lp_violation(lp, lp->x, false) > tolerance || hf_lp_dual_fault(lp) > 1e-5 ? HF_LP_NUMERIC : HF_LP_OPTIMAL;
        break;
    case GLP_NOFEAS:
    case GLP_INFEAS: lp->status = code ? HF_LP_STOPPED : HF_LP_INFEASIBLE; break;
    case GLP_UNBND: lp->status = HF_LP_UNBOUNDED; break;
    default: lp->status = code == GLP_ETMLIM || code == GLP_EITLIM ? HF_LP_STOPPED : HF_LP_NUMERIC; break;
    }
    return HF_OK;
}

/* What the branch and cut asks us on its way. */
typedef struct search {
    const hf_lp_integer_options *options;
    bool offered;
    double best_bound;
} search;

static void on_node(glp_tree *tree, void *info)
{
    search *s = info;
    int best = glp_ios_best_node(tree);
    if (best > 0) s->best_bound = glp_ios_node_bound(tree, best);
    if (s->options->cancel && *s->options->cancel) glp_ios_terminate(tree);
    if (glp_ios_reason(tree) == GLP_IHEUR && s->options->incumbent && !s->offered) {
        s->offered = true;
        glp_ios_heur_sol(tree, s->options->incumbent - 1); /* it was checked: GLPK would not */
    }
}

static hf_err branch_and_cut(hf_lp *lp, const hf_lp_integer_options *o, search *s, volatile int *ret_code)
{
    glp_iocp options;
    glp_init_iocp(&options);
    options.msg_lev = GLP_MSG_OFF;
    options.mip_gap = o->gap;
    options.presolve = GLP_OFF; /* so that our incumbent fits its columns */
    options.gmi_cuts = options.mir_cuts = options.cov_cuts = GLP_ON;
    options.cb_func = on_node;
    options.cb_info = s;
    if (o->time_limit_s > 0) options.tm_lim = o->time_limit_s < 2e6 ? (int)(o->time_limit_s * 1000) + 1 : INT32_MAX;
    GUARDED(lp, *ret_code = glp_intopt(lp->glpk, &options));
    return HF_OK;
}

static void integer_read(hf_lp *lp, int code, const search *s)
{
    int status = glp_mip_status(lp->glpk);
    bool point = status == GLP_OPT || status == GLP_FEAS;
    for (int j = 0; point && j < lp->n_columns; j++) {
        lp->x[j] = glp_mip_col_val(lp->glpk, j + 1);
        if (lp->integer[j]) lp->x[j] = round(lp->x[j]);
    }
    if (point) objective_set(lp);
    bool done = code == 0 && status == GLP_OPT;
    if (!point) lp->status = code == 0 && status == GLP_NOFEAS ? HF_LP_INFEASIBLE : HF_LP_STOPPED;
    else if (hf_lp_violation(lp, lp->x, true) > tolerance) lp->status = HF_LP_NUMERIC;
    else lp->status = done || code == GLP_EMIPGAP ? HF_LP_OPTIMAL : HF_LP_FEASIBLE;
    lp->bound = done ? lp->objective : s->best_bound;
    if (point && lp->bound > lp->objective) lp->bound = lp->objective;
}

/* An incumbent alone is an answer when the search has none. */
static void incumbent_take(hf_lp *lp, const double *incumbent)
{
    double now = lp->objective;
    bool has = lp->status == HF_LP_OPTIMAL || lp->status == HF_LP_FEASIBLE;
    double cost = 0;
    for (int j = 0; j < lp->n_columns; j++) cost += lp->cost[j] * incumbent[j];
    if (has && now <= cost) return;
    memcpy(lp->x, incumbent, (size_t)lp->n_columns * sizeof *lp->x);
    objective_set(lp);
    lp->status = HF_LP_FEASIBLE;
    if (lp->bound > lp->objective) lp->bound = lp->objective;
}

hf_err hf_lp_solve_integer(hf_lp *lp, const hf_lp_integer_options *options)
{
    volatile int code = 0;
    if (options->incumbent && hf_lp_violation(lp, options->incumbent, true) > tolerance) return HF_E_RANGE;
    hf_err err = hf_lp_solve(lp, HF_LP_DUAL_THEN_PRIMAL, options->time_limit_s);
    if (err != HF_OK) return err;
    if (lp->status != HF_LP_OPTIMAL) {
        if (options->incumbent && lp->status != HF_LP_INFEASIBLE) incumbent_take(lp, options->incumbent);
        return HF_OK;
    }
    search s = {options, false, lp->objective};
    err = branch_and_cut(lp, options, &s, &code);
    if (err != HF_OK) return err;
    integer_read(lp, code, &s);
    if (options->incumbent && lp->status != HF_LP_OPTIMAL) incumbent_take(lp, options->incumbent);
    return HF_OK;
}

hf_lp_status hf_lp_get_status(const hf_lp *lp)
{
    return lp->status;
}

double hf_lp_objective(const hf_lp *lp)
{
    return lp->objective;
}

double hf_lp_bound(const hf_lp *lp)
{
    return lp->bound;
}

const double *hf_lp_x(const hf_lp *lp)
{
    return lp->x;
}

const double *hf_lp_activity(const hf_lp *lp)
{
    return lp->activity;
}

const double *hf_lp_duals(const hf_lp *lp)
{
    return lp->dual;
}

const double *hf_lp_reduced(const hf_lp *lp)
{
    return lp->reduced;
}

static hf_err glpk_write(hf_lp *lp, const char *path, bool mps, volatile int *ret_code)
{
    GUARDED(lp, *ret_code = mps ? glp_write_mps(lp->glpk, GLP_MPS_FILE, NULL, path) : glp_write_lp(lp->glpk, NULL, path));
    return HF_OK;
}

hf_err hf_lp_write(const hf_lp *lp, const char *path, const char *format)
{
    char beside[4096];
    volatile int code = 0;
    if ((size_t)snprintf(beside, sizeof beside, "%s.part", path) >= sizeof beside) return HF_E_IO;
    hf_err err = glpk_write((hf_lp *)(uintptr_t)lp, beside, strcmp(format, "mps") == 0, &code);
    if (err == HF_OK && (code != 0 || rename(beside, path) != 0)) err = HF_E_IO;
    if (err != HF_OK) remove(beside);
    return err;
}
