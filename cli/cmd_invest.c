/* holdfast invest: the plan, its proof, and what it does. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "cli/cells.h"
#include "cli/invest.h"
#include "cli/progress.h"
#include "cli/words.h"

static void answer_done(hf_invest_answer *a)
{
    hf_plan_free(a->plan);
    hf_invest_timeline_done(&a->without);
    hf_invest_timeline_done(&a->with);
    void *all[] = {a->avoided, a->share, a->by_hazard, a->saved, a->gains, a->money_gains};
    for (size_t k = 0; k < sizeof all / sizeof *all; k++) hf_free(all[k]);
    hf_invest_done(&a->v);
}

/* The gap as it falls, on a terminal. */
static void gap_show(void *context, double value, double bound)
{
    hf_buf text = {0};
    (void)context;
    if (isinf(value)) hf_buf_puts(&text, "no plan yet");
    else {
        hf_buf_puts(&text, "best ");
        hf_word_amount(&text, value);
        hf_buf_puts(&text, ", no plan below ");
        hf_word_amount(&text, fmax(0, bound));
        hf_buf_printf(&text, ", gap %.2g %%", value > 0 ? 100 * fmax(0, value - bound) / value : 0);
    }
    hf_buf_puts(&text, "; Ctrl-C takes the best");
    if (text.err == HF_OK) hf_progress_say(text.text);
    hf_buf_done(&text);
}

/* ---- budgets ---- */

/* Row j of the budgets: all of them times j / points. */
static void budgets_scale(const hf_invest *v, int points, double *budgets, double *joint, double *together)
{
    int n = v->program.n_payers;
    for (int j = 0; j <= points; j++) {
        double part = (double)j / points;
        for (int k = 0; k < n; k++) budgets[j * n + k] = isinf(v->payers[k].budget) ? INFINITY : v->payers[k].budget * part;
        joint[j] = v->program.joint * part;
        together[j] = isinf(v->program.together) ? INFINITY : v->program.together * part;
    }
}

static void front_row(const hf_plan *plan, double part, hf_text_table *table, hf_buf *csv)
{
    int n = 0;
    for (int m = 0; m < plan->n_measures; m++) n += plan->bought[m];
    double gap = plan->gap < 1e-8 ? 0 : plan->gap;
    if (csv) {
        hf_buf_printf(csv, "%.17g,%.17g,%d,%.17g,%.17g,%.17g\n", part, plan->cost, n, plan->value, plan->bound, gap);
        return;
    }
    hf_text_table_cellf(table, "%.0f %%", 100 * part);
    hf_cell_amount(table, plan->cost);
    hf_text_table_cellf(table, "%d", n);
    hf_cell_amount(table, plan->value);
    hf_cell_amount(table, plan->bound);
    hf_text_table_cellf(table, "%.2g %%", 100 * gap);
}

/* The front: the same program with all budgets times 0, 1/N, 2/N … 1; rows found for one serve all. */
static hf_err pareto(hf_invest_answer *a)
{
    hf_err err = HF_OK;
    hf_cli *cli = a->v.cli;
    int points = (int)hf_args_number(&cli->args, "pareto", 10);
    size_t n = (size_t)points + 1;
    bool csv = hf_args_has(&cli->args, "csv");
    hf_text_table *table = NULL;
    double *budgets = hf_malloc(n * (size_t)a->v.program.n_payers * sizeof *budgets), *joint = hf_malloc(n * sizeof *joint);
    double *together = hf_malloc(n * sizeof *together);
    hf_plan **plans = hf_calloc(n, sizeof *plans);
    if (!budgets || !joint || !together || !plans) HF_TRY(HF_E_NOMEM);
    budgets_scale(&a->v, points, budgets, joint, together);
    HF_TRY(hf_portfolio_series(&a->v.program, points + 1, budgets, joint, together, cli->diag, plans));
    HF_TRY(hf_text_table_new(&table));
    static const char *const columns[] = {"of the budgets", "spent, EUR", "measures", "loss", "no plan below", "gap"};
    for (size_t k = 0; k < sizeof columns / sizeof *columns; k++) hf_text_table_column(table, columns[k], HF_ALIGN_RIGHT);
    if (csv) hf_buf_puts(&cli->out, "budget_factor,cost,measures,value,bound,gap\n");
    for (int j = 0; j <= points; j++)
        if (plans[j]) front_row(plans[j], (double)j / points, table, csv ? &cli->out : NULL);
    if (!csv) {
        hf_buf_puts(&cli->out, "What each budget buys: all budgets times a part.\n\n");
        HF_TRY(hf_text_table_write(table, cli->width, &cli->out));
    }
out:
    for (size_t j = 0; plans && j < n; j++) hf_plan_free(plans[j]);
    hf_text_table_free(table);
    hf_free(plans);
    hf_free(budgets);
    hf_free(joint);
    hf_free(together);
    return err;
}

/* --export-lp: the whole program for other solvers. */
static hf_err program_export(const hf_invest_answer *a)
{
    const char *file = hf_args_text(&a->v.cli->args, "export-lp");
    size_t n = file ? strlen(file) : 0;
    if (!file) return HF_OK;
    return hf_portfolio_export(&a->v.program, file, n > 4 && strcmp(file + n - 4, ".mps") == 0 ? "mps" : "lp", a->v.cli->diag);
}

/* What conflicts is said; as a document too where that was asked for. */
static hf_err infeasible(hf_cli *cli, size_t first)
{
    if (!hf_args_has(&cli->args, "json")) return HF_E_NO_ANSWER;
    hf_err err = hf_invest_json_infeasible(cli, first);
    cli->status = HF_EXIT_NO_ANSWER;
    return err;
}

static hf_err plan_find(hf_invest_answer *a)
{
    hf_err err = HF_OK;
    hf_cli *cli = a->v.cli;
    size_t first = a->v.first_finding;
    hf_progress_start(cli);
    err = program_export(a);
    if (err == HF_OK) err = hf_portfolio_solve(&a->v.program, cli->diag, &a->plan);
    hf_progress_clear();
    if (err != HF_OK) {
        hf_cli_findings(cli, first, HF_ERROR);
        cli->told = hf_diag_kept(cli->diag) > first;
    }
    if (err == HF_E_NO_ANSWER) return infeasible(cli, first);
    HF_TRY(err);
    HF_TRY(hf_invest_timeline_run(&a->v, NULL, &a->without));
    if (!hf_args_has(&cli->args, "no-timeline-measures") && a->v.program.objective != HF_OBJECTIVE_BUDGET)
        HF_TRY(hf_invest_polish(&a->v, a->plan, &a->n_polished));
    HF_TRY(hf_invest_judge(a));
    HF_TRY(hf_invest_idle(&a->v, a->plan, &a->without, &a->with));
    hf_cli_findings(cli, first, HF_WARNING);
    HF_TRY(hf_invest_apply(&a->v, a->plan));
    if (hf_args_has(&cli->args, "json")) err = hf_invest_json(a);
    else if (hf_args_has(&cli->args, "csv")) err = hf_invest_csv(a);
    else err = hf_invest_print(a);
out:
    return err;
}

static void amount(hf_buf *out, double value, const char *unit)
{
    hf_word_amount(out, value);
    hf_buf_puts(out, unit);
}

/* --attack R: the best defence against whoever sees it and then fails any R entities. Only measures against everything count. */
static hf_err attack(hf_invest_answer *a)
{
    hf_err err = HF_OK;
    hf_cli *cli = a->v.cli;
    int r = (int)hf_args_number(&cli->args, "attack", 1), *hit = hf_malloc((size_t)r * sizeof *hit);
    hf_buf *out = &cli->out;
    size_t first = a->v.first_finding;
    if (!hit) return HF_E_NOMEM;
    err = hf_portfolio_attack(&a->v.program, r, cli->net->n_hazards + 2, cli->diag, &a->plan, hit);
    hf_cli_findings(cli, first, err == HF_OK ? HF_WARNING : HF_ERROR);
    if (err != HF_OK) cli->told = hf_diag_kept(cli->diag) > first;
    HF_TRY(err);
    hf_buf_printf(out, "Whoever may fail any %d %s at once reaches a loss of ", r, r == 1 ? "entity" : "entities");
    amount(out, a->plan->value_without, (a->v.what == HF_INVEST_VALUE) ? " EUR by the hour" : " users out");
    hf_buf_puts(out, " without a plan, and of ");
    amount(out, a->plan->value, " with this one");
    hf_buf_puts(out, " (no plan goes below ");
    amount(out, a->plan->bound, "), by failing:\n");
    for (int k = 0; k < r; k++) hf_buf_printf(out, "  %s (%s)\n", cli->net->name[hit[k]], cli->net->id[hit[k]]);
    hf_buf_puts(out, "\nThe defence");
    hf_buf_puts(out, a->plan->cost > 0 ? ":\n" : " is to buy nothing: no measure that holds against everything makes it less.\n");
    for (int m = 0; m < a->plan->n_measures; m++)
        if (a->plan->bought[m]) {
            hf_buf_printf(out, "  %s (%s), ", a->v.set->measure[m].title, a->v.set->measure[m].id);
            amount(out, a->v.set->measure[m].cost, " EUR\n");
        }
out:
    hf_free(hit);
    if (err == HF_OK) err = hf_invest_apply(&a->v, a->plan);
    return err != HF_OK ? err : out->err;
}

/* Said before the work, not after it. */
static bool is_there(hf_cli *cli, const char *folder)
{
    if (!folder || access(folder, F_OK) != 0) return false;
    hf_cli_message(cli, "%s already exists; --apply makes a folder of its own", folder);
    cli->told = true;
    return true;
}

hf_err hf_cmd_invest(hf_cli *cli)
{
    hf_invest_answer a = {0};
    if (hf_args_has(&cli->args, "apply") && hf_args_has(&cli->args, "pareto"))
        return hf_cli_usage(cli, "--apply writes one plan: give the budget that you choose from the front with --budget, without --pareto");
    if (is_there(cli, hf_args_text(&cli->args, "apply"))) return HF_E_EXISTS;
    hf_err err = hf_invest_read(cli, &a.v);
    a.v.program.watch = gap_show;
    if (err == HF_OK && hf_args_has(&cli->args, "attack")) err = attack(&a);
    else if (err == HF_OK && hf_args_has(&cli->args, "pareto")) err = pareto(&a);
    else if (err == HF_OK) err = plan_find(&a);
    answer_done(&a);
    return err;
}
