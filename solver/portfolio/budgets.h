/* What a plan may cost: budgets, joint money, rules and floors; for plans that are given, that grow, and as rows of a program.
 *
 * Joint money J helps payer k with a grant g_k >= 0:
 *     sum of cost of k's measures - g_k <= budget_k,    g_k <= sum of cofunding x cost of k's measures,    sum_k g_k <= J */
#ifndef HF_SOLVER_PORTFOLIO_BUDGETS_H
#define HF_SOLVER_PORTFOLIO_BUDGETS_H

#include "solver/lp.h"
#include "solver/portfolio/problem.h"

/* A plan and what it costs, kept up to date. */
typedef struct hf_purse {
    const hf_portfolio_problem *p;
    bool *plan;                     /* n_measures */
    double *spent, *help;           /* n_payers: cost; what joint money may pay of it */
    double total;                   /* cost */
    double *floor;                  /* n_floors: cost of its measures in the plan */
    int *floor_of_start, *floor_of; /* measure -> floors */
    int *rule_start, *rule;         /* measure -> rules that name it */
    int *moved, n_moved;            /* measures changed by the last hf_purse_add or hf_purse_drop */
} hf_purse;

/* An empty plan. HF_E_NOMEM. */
hf_err hf_purse_init(const hf_portfolio_problem *p, hf_purse *purse);
void hf_purse_done(hf_purse *purse);

/* Makes the plan another one, its costs added up anew. */
void hf_purse_set(hf_purse *purse, const bool *plan);

/* Turns one measure on or off, nothing else. O(its floors). */
void hf_purse_flip(hf_purse *purse, int m);

/* Turns measure m on with all that it requires, or off with all that require it; `moved` lists what changed. False, and nothing done, when
 * a rule forbids it. Budgets and floors are not looked at. */
bool hf_purse_add(hf_purse *purse, int m);
bool hf_purse_drop(hf_purse *purse, int m);

/* Flips everything in `moved` back. */
void hf_purse_undo(hf_purse *purse);

/* Within budgets and joint money; above floors. 1e-9 relative of slack for rounding. O(payers), O(floors). */
bool hf_purse_affords(const hf_purse *purse);
bool hf_purse_keeps_floors(const hf_purse *purse);

/* All of it, rules too, for a plan that is given. O(measures + rules). HF_E_NOMEM. */
hf_err hf_budgets_allow(const hf_portfolio_problem *p, const bool *plan, bool *ret_allowed);

double hf_plan_cost(const hf_portfolio_problem *p, const bool *plan);

/* For HF_AIM_COST: a cost that no plan within budgets reaches; INFINITY when money is without limit, or for other aims. */
double hf_budgets_most(const hf_portfolio_problem *p);

/* What the rows of a payer's budget, and of joint money, are divided by. */
double hf_budget_scale(double amount);

/* Adds to a program whose columns 0 .. n_measures-1 are the measures: a column for each payer's grant when there is joint money (the first
 * is *ret_grant, -1 without), and the rows above, divided by their right sides. `budget_row` (n_payers, may be NULL), `joint_row` and
 * `together_row` (may be NULL) receive the numbers of their rows, -1 where there is none. */
hf_err hf_budgets_rows(const hf_portfolio_problem *p, hf_lp *lp, int *ret_grant, int *budget_row, int *joint_row, int *together_row);

/* A plan that is allowed, whatever it loses: the empty one, else by an integer program. HF_E_NO_ANSWER. */
hf_err hf_budgets_any_plan(const hf_portfolio_problem *p, bool *plan);

#endif
