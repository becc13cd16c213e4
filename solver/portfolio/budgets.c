#include "solver/portfolio/budgets.h"

#include <math.h>
#include <string.h>

#include "base/alloc.h"

static const double SLACK = 1e-9;

static double cofunding_of(const hf_portfolio_problem *p, int m)
{
    return p->cofunding && p->joint > 0 ? p->cofunding[m] * p->cost[m] : 0;
}

/* measure -> items of lists, in compressed form. */
static hf_err invert(int n_measures, int n_lists, const int *start, const int *measure, int **ret_start, int **ret_list)
{
    int n = n_lists > 0 ? start[n_lists] : 0;
    int *from = *ret_start = hf_calloc((size_t)n_measures + 2, sizeof(int)), *list = *ret_list = hf_malloc((size_t)n * sizeof(int));
    if (!from || !list) return HF_E_NOMEM;
    for (int k = 0; k < n; k++) from[measure[k] + 2]++;
    for (int m = 0; m < n_measures; m++) from[m + 2] += from[m + 1];
    for (int l = 0; l < n_lists; l++)
        for (int k = start[l]; k < start[l + 1]; k++) list[from[measure[k] + 1]++] = l;
    return HF_OK;
}

hf_err hf_purse_init(const hf_portfolio_problem *p, hf_purse *purse)
{
    hf_err err = HF_OK;
    *purse = (hf_purse){.p = p};
    int *pair_start = hf_malloc(((size_t)p->n_rules + 1) * sizeof(int));
    purse->plan = hf_calloc((size_t)p->n_measures, sizeof(bool));
    purse->spent = hf_calloc((size_t)p->n_payers, sizeof(double));
    purse->help = hf_calloc((size_t)p->n_payers, sizeof(double));
    purse->floor = hf_calloc((size_t)p->n_floors, sizeof(double));
    purse->moved = hf_malloc((size_t)p->n_measures * sizeof(int));
    if (!pair_start || !purse->plan || !purse->spent || !purse->help || !purse->floor || !purse->moved) HF_TRY(HF_E_NOMEM);
    for (int r = 0; r <= p->n_rules; r++) pair_start[r] = 2 * r;
    HF_TRY(invert(p->n_measures, p->n_floors, p->floor_start, p->floor_measure, &purse->floor_of_start, &purse->floor_of));
    HF_TRY(invert(p->n_measures, p->n_rules, pair_start, p->n_rules ? p->rule[0] : NULL, &purse->rule_start, &purse->rule));
out:
    hf_free(pair_start);
    if (err != HF_OK) hf_purse_done(purse);
    return err;
}

void hf_purse_done(hf_purse *purse)
{
    void *blocks[] = {purse->plan,  purse->spent,      purse->help, purse->floor, purse->floor_of_start, purse->floor_of,
                      purse->moved, purse->rule_start, purse->rule};
    for (size_t k = 0; k < sizeof blocks / sizeof *blocks; k++) hf_free(blocks[k]);
    *purse = (hf_purse){0};
}

void hf_purse_flip(hf_purse *purse, int m)
{
    const hf_portfolio_problem *p = purse->p;
    double sign = purse->plan[m] ? -1 : 1;
    purse->plan[m] = !purse->plan[m];
    purse->total += sign * p->cost[m];
    if (p->payer[m] >= 0) {
        purse->spent[p->payer[m]] += sign * p->cost[m];
        purse->help[p->payer[m]] += sign * cofunding_of(p, m);
    }
    for (int k = purse->floor_of_start[m]; k < purse->floor_of_start[m + 1]; k++) purse->floor[purse->floor_of[k]] += sign * p->cost[m];
}

void hf_purse_set(hf_purse *purse, const bool *plan)
{
    const hf_portfolio_problem *p = purse->p;
    memset(purse->plan, 0, (size_t)p->n_measures * sizeof(bool));
    memset(purse->spent, 0, (size_t)p->n_payers * sizeof(double));
    memset(purse->help, 0, (size_t)p->n_payers * sizeof(double));
    memset(purse->floor, 0, (size_t)p->n_floors * sizeof(double));
    purse->n_moved = 0;
    purse->total = 0;
    for (int m = 0; m < p->n_measures; m++)
        if (plan[m]) hf_purse_flip(purse, m);
}

static void move(hf_purse *purse, int m)
{
    hf_purse_flip(purse, m);
    purse->moved[purse->n_moved++] = m;
}

void hf_purse_undo(hf_purse *purse)
{
    while (purse->n_moved > 0) hf_purse_flip(purse, purse->moved[--purse->n_moved]);
}

bool hf_purse_add(hf_purse *purse, int m)
{
    const hf_portfolio_problem *p = purse->p;
    purse->n_moved = 0;
    if (purse->plan[m]) return false;
    move(purse, m);
    for (int head = 0; head < purse->n_moved; head++) {
        int a = purse->moved[head];
        for (int k = purse->rule_start[a]; k < purse->rule_start[a + 1]; k++) {
            int r = purse->rule[k], first = p->rule[r][0], second = p->rule[r][1];
            if (p->rule_excludes[r] && purse->plan[first] && purse->plan[second]) {
                hf_purse_undo(purse);
                return false;
            }
            if (!p->rule_excludes[r] && first == a && !purse->plan[second]) move(purse, second);
        }
    }
    return true;
}

bool hf_purse_drop(hf_purse *purse, int m)
{
    const hf_portfolio_problem *p = purse->p;
    purse->n_moved = 0;
    if (!purse->plan[m]) return false;
    move(purse, m);
    for (int head = 0; head < purse->n_moved; head++) {
        int b = purse->moved[head];
        for (int k = purse->rule_start[b]; k < purse->rule_start[b + 1]; k++) {
            int r = purse->rule[k], first = p->rule[r][0];
            if (!p->rule_excludes[r] && p->rule[r][1] == b && purse->plan[first]) move(purse, first);
        }
    }
    return true;
}

bool hf_purse_affords(const hf_purse *purse)
{
    const hf_portfolio_problem *p = purse->p;
    double joint = 0;
    if (p->together && purse->total > *p->together + SLACK * fmax(1, *p->together)) return false;
    for (int k = 0; k < p->n_payers; k++) {
        double slack = SLACK * fmax(1, p->budget[k]), beyond = purse->spent[k] - p->budget[k];
        if (isinf(p->budget[k]) || beyond <= slack) continue;
        if (beyond > purse->help[k] + slack) return false;
        joint += beyond;
    }
    return joint <= p->joint + SLACK * fmax(1, p->joint);
}

bool hf_purse_keeps_floors(const hf_purse *purse)
{
    const hf_portfolio_problem *p = purse->p;
    for (int l = 0; l < p->n_floors; l++)
        if (purse->floor[l] < p->floor_amount[l] - SLACK * fmax(1, p->floor_amount[l])) return false;
    return true;
}

hf_err hf_budgets_allow(const hf_portfolio_problem *p, const bool *plan, bool *ret_allowed)
{
    hf_purse purse;
    hf_err err = hf_purse_init(p, &purse);
    if (err != HF_OK) return err;
    hf_purse_set(&purse, plan);
    bool allowed = hf_purse_affords(&purse) && hf_purse_keeps_floors(&purse);
    for (int r = 0; r < p->n_rules; r++) {
        bool a = plan[p->rule[r][0]], b = plan[p->rule[r][1]];
        if (p->rule_excludes[r] ? a && b : a && !b) allowed = false;
    }
    *ret_allowed = allowed;
    hf_purse_done(&purse);
    return HF_OK;
}

double hf_plan_cost(const hf_portfolio_problem *p, const bool *plan)
{
    double cost = 0;
    for (int m = 0; m < p->n_measures; m++)
        if (plan[m]) cost += p->cost[m];
    return cost;
}

double hf_budgets_most(const hf_portfolio_problem *p)
{
    double most = p->joint;
    if (p->aim != HF_AIM_COST) return INFINITY;
    for (int k = 0; k < p->n_payers; k++) most += p->budget[k];
    for (int m = 0; m < p->n_measures; m++)
        if (p->payer[m] < 0) most += p->cost[m];
    if (p->together) most = fmin(most, *p->together);
    return most + 1e-6 * fmax(1, most);
}

/* --- Rows --- */

typedef struct row_draft {
    hf_lp *lp;
    int *column, n;
    double *value;
} row_draft;

static void entry(row_draft *d, int column, double value)
{
    if (value == 0) return;
    d->column[d->n] = column;
    d->value[d->n++] = value;
}

/* low <= row <= high; all divided by `scale`. */
static hf_err row_end(row_draft *d, double low, double high, double scale)
{
    int start[] = {0, d->n};
    for (int k = 0; k < d->n; k++) d->value[k] /= scale;
    low /= scale, high /= scale;
    d->n = 0;
    return hf_lp_add_rows(d->lp, 1, &low, &high, start, d->column, d->value);
}

double hf_budget_scale(double amount)
{
    return amount > 0 && !isinf(amount) ? amount : 1;
}

static hf_err payer_rows(const hf_portfolio_problem *p, row_draft *d, int grant, int *budget_row)
{
    hf_err err = HF_OK;
    for (int k = 0; k < p->n_payers; k++) {
        if (budget_row) budget_row[k] = -1;
        if (isinf(p->budget[k])) continue;
        for (int m = 0; m < p->n_measures; m++)
            if (p->payer[m] == k) entry(d, m, p->cost[m]);
        if (grant >= 0) entry(d, grant + k, -1);
        if (budget_row) budget_row[k] = hf_lp_rows(d->lp);
        HF_TRY(row_end(d, -INFINITY, p->budget[k], hf_budget_scale(p->budget[k])));
        if (grant < 0) continue;
        for (int m = 0; m < p->n_measures; m++)
            if (p->payer[m] == k) entry(d, m, -cofunding_of(p, m));
        entry(d, grant + k, 1);
        HF_TRY(row_end(d, -INFINITY, 0, hf_budget_scale(p->joint)));
    }
out:
    return err;
}

static hf_err grant_columns(const hf_portfolio_problem *p, row_draft *d, int *ret_grant, int *joint_row)
{
    hf_err err = HF_OK;
    double zero = 0;
    *ret_grant = -1;
    if (joint_row) *joint_row = -1;
    if (!p->cofunding || !(p->joint > 0) || p->n_payers == 0) return HF_OK;
    *ret_grant = hf_lp_columns(d->lp);
    for (int k = 0; k < p->n_payers; k++) {
        HF_TRY(hf_lp_add_columns(d->lp, 1, &zero, &zero, &(double){isinf(p->budget[k]) ? 0 : INFINITY}, NULL));
        entry(d, *ret_grant + k, 1);
    }
    if (isinf(p->joint)) {
        d->n = 0;
        return HF_OK;
    }
    if (joint_row) *joint_row = hf_lp_rows(d->lp);
    HF_TRY(row_end(d, -INFINITY, p->joint, hf_budget_scale(p->joint)));
out:
    return err;
}

static hf_err together_add(const hf_portfolio_problem *p, row_draft *d, int *together_row)
{
    if (together_row) *together_row = p->together ? hf_lp_rows(d->lp) : -1;
    if (!p->together) return HF_OK;
    for (int m = 0; m < p->n_measures; m++) entry(d, m, p->cost[m]);
    return row_end(d, -INFINITY, *p->together, hf_budget_scale(*p->together));
}

hf_err hf_budgets_rows(const hf_portfolio_problem *p, hf_lp *lp, int *ret_grant, int *budget_row, int *joint_row, int *together_row)
{
    hf_err err = HF_OK;
    size_t n = (size_t)p->n_measures + (size_t)p->n_payers + 2;
    row_draft d = {lp, hf_malloc(n * sizeof(int)), 0, hf_malloc(n * sizeof(double))};
    bool *in_floor = hf_malloc((size_t)p->n_measures * sizeof(bool));
    if (!d.column || !d.value || !in_floor) HF_TRY(HF_E_NOMEM);
    HF_TRY(grant_columns(p, &d, ret_grant, joint_row));
    HF_TRY(payer_rows(p, &d, *ret_grant, budget_row));
    HF_TRY(together_add(p, &d, together_row));
    for (int r = 0; r < p->n_rules; r++) {
        int a = p->rule[r][0], b = p->rule[r][1];
        if (a == b && !p->rule_excludes[r]) continue;
        entry(&d, a, a == b ? 2 : 1);
        if (a != b) entry(&d, b, p->rule_excludes[r] ? 1 : -1);
        HF_TRY(row_end(&d, -INFINITY, p->rule_excludes[r] ? 1 : 0, 1));
    }
    for (int l = 0; l < p->n_floors; l++) {
        memset(in_floor, 0, (size_t)p->n_measures * sizeof(bool));
        for (int k = p->floor_start[l]; k < p->floor_start[l + 1]; k++) in_floor[p->floor_measure[k]] = true;
        for (int m = 0; m < p->n_measures; m++)
            if (in_floor[m]) entry(&d, m, p->cost[m]);
        HF_TRY(row_end(&d, p->floor_amount[l], INFINITY, hf_budget_scale(p->floor_amount[l])));
    }
out:
    hf_free(d.column);
    hf_free(d.value);
    hf_free(in_floor);
    return err;
}

hf_err hf_budgets_any_plan(const hf_portfolio_problem *p, bool *plan)
{
    hf_err err = HF_OK;
    hf_lp *lp = NULL;
    bool allowed = false;
    int grant;
    memset(plan, 0, (size_t)p->n_measures * sizeof(bool));
    HF_TRY(hf_budgets_allow(p, plan, &allowed));
    if (allowed) goto out;
    HF_TRY(hf_lp_new(&lp));
    for (int m = 0; m < p->n_measures; m++) HF_TRY(hf_lp_add_columns(lp, 1, &p->cost[m], &(double){0}, &(double){1}, &(bool){true}));
    HF_TRY(hf_budgets_rows(p, lp, &grant, NULL, NULL, NULL));
    HF_TRY(hf_lp_solve_integer(lp, &(hf_lp_integer_options){.gap = 0.5}));
    if (hf_lp_get_status(lp) == HF_LP_INFEASIBLE) HF_TRY(HF_E_NO_ANSWER);
    if (hf_lp_get_status(lp) != HF_LP_OPTIMAL && hf_lp_get_status(lp) != HF_LP_FEASIBLE) HF_TRY(HF_E_SOLVER);
    for (int m = 0; m < p->n_measures; m++) plan[m] = hf_lp_x(lp)[m] > 0.5;
    HF_TRY(hf_budgets_allow(p, plan, &allowed));
    if (!allowed) HF_TRY(HF_E_SOLVER);
out:
    hf_lp_free(lp);
    return err;
}
