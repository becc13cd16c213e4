/* holdfast invest: the plan, its proof, and what it does. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "cli/cells.h"
#include "cli/invest.h"
#include "cli/json_parts.h"
#include "cli/words.h"
#include "datasets/table.h"

/* Everything that is said about a plan. */
typedef struct answer {
    hf_invest v;
    hf_plan *plan;
    int n_polished;                     /* measures that the timeline added */
    double *avoided;                    /* [n_measures] the timeline's figure without it, less that of the plan: a year, or for the scenario */
    double *share;                      /* [n_measures] Shapley value: part of what the program's plan avoids */
    hf_invest_timeline without, with;
    double *gains;                      /* [n_payers x countries] user-hours avoided by a payer's measures */
    double *money_gains;                /* [n_payers x countries] EUR */
} answer;

static void answer_done(answer *a)
{
    hf_plan_free(a->plan);
    hf_invest_timeline_done(&a->without);
    hf_invest_timeline_done(&a->with);
    hf_free(a->avoided);
    hf_free(a->share);
    hf_free(a->gains);
    hf_free(a->money_gains);
    hf_invest_done(&a->v);
}

static bool by_value(const answer *a)
{
    return strcmp(hf_args_text(&a->v.cli->args, "loss"), "value") == 0;
}

static double figure(const answer *a, const hf_invest_timeline *t)
{
    return by_value(a) ? t->value_eur : t->user_hours;
}

/* What each measure of the plan avoids beside the others: the timeline without it. */
static hf_err avoided_fill(answer *a)
{
    int n = a->plan->n_measures;
    a->avoided = hf_calloc((size_t)n, sizeof *a->avoided);
    if (!a->avoided) return HF_E_NOMEM;
    for (int m = 0; m < n; m++) {
        hf_invest_timeline less = {0};
        if (!a->plan->bought[m]) continue;
        a->plan->bought[m] = false;
        hf_err err = hf_invest_timeline_run(&a->v, a->plan->bought, &less);
        a->plan->bought[m] = true;
        if (err != HF_OK) return err;
        a->avoided[m] = figure(a, &less) - figure(a, &a->with);
        hf_invest_timeline_done(&less);
    }
    return HF_OK;
}

/* By payer and country: what would be lost besides if the payer bought nothing. */
static hf_err gains_fill(answer *a)
{
    hf_err err = HF_OK;
    int countries = a->v.cli->net->countries.n, n = a->plan->n_measures;
    bool *bought = hf_malloc((size_t)n * sizeof *bought);
    a->gains = hf_calloc((size_t)a->plan->n_payers * (size_t)countries, sizeof *a->gains);
    a->money_gains = hf_calloc((size_t)a->plan->n_payers * (size_t)countries, sizeof *a->money_gains);
    if (!bought || !a->gains || !a->money_gains) HF_TRY(HF_E_NOMEM);
    for (int k = 0; k < a->plan->n_payers; k++) {
        hf_invest_timeline less = {0};
        bool any = false;
        for (int m = 0; m < n; m++) {
            bought[m] = a->plan->bought[m] && a->v.measures[m].payer != k;
            any |= bought[m] != a->plan->bought[m];
        }
        if (!any) continue;
        HF_TRY(hf_invest_timeline_run(&a->v, bought, &less));
        for (int c = 0; c < countries; c++) {
            a->gains[k * countries + c] = less.by_country[c] - a->with.by_country[c];
            a->money_gains[k * countries + c] = less.value_by_country[c] - a->with.value_by_country[c];
        }
        hf_invest_timeline_done(&less);
    }
out:
    hf_free(bought);
    return err;
}

/* ---- for people ---- */

static const char *per(const answer *a)
{
    return a->v.scripted ? "" : " a year";
}

static void amount(hf_buf *out, double value, const char *unit)
{
    if (value < 0) hf_buf_puts(out, "-");
    hf_word_amount(out, fabs(value));
    hf_buf_puts(out, unit);
}

/* What the program makes least, in words. */
static void program_words(const answer *a, hf_buf *out)
{
    static const char *const what[] = {", by how often it comes, falls", " in the mean of the worst part falls", " in the worst case falls",
                                       ", as regret, falls", " of the region that is worst off, for one of its users, falls"};
    if (a->v.program.objective == HF_OBJECTIVE_BUDGET) {
        hf_buf_puts(out, "In the program what is spent goes from ");
        return;
    }
    hf_buf_puts(out, by_value(a) ? "In the program the loss in EUR by the hour" : "In the program the number of users out");
    hf_buf_printf(out, "%s from ", what[a->v.program.objective]);
}

static void figure_words(const answer *a, double value, hf_buf *out)
{
    if (a->v.program.objective == HF_OBJECTIVE_EQUITY) hf_buf_printf(out, "%.4g", value);
    else amount(out, value, "");
}

static void summary_print(const answer *a)
{
    static const char *const status[] = {"It is the best, proved", "It is within the gap that was asked for", "The search was stopped"};
    hf_buf *out = &a->v.cli->out;
    const hf_plan *p = a->plan;
    int n = 0;
    for (int m = 0; m < p->n_measures; m++) n += p->bought[m];
    hf_word_count(out, n, "measure", "measures");
    hf_buf_printf(out, " of %d for ", p->n_measures);
    amount(out, p->cost, " EUR");
    hf_buf_puts(out, ".\n");
    program_words(a, out);
    figure_words(a, p->value_without, out);
    hf_buf_puts(out, " to ");
    figure_words(a, p->value, out);
    hf_buf_puts(out, "; no plan goes below ");
    figure_words(a, p->bound, out);
    hf_buf_printf(out, " (gap %.2g %%).\n%s, after %.1f s.\n", p->gap < 1e-8 ? 0 : 100 * p->gap, status[p->status], p->seconds);
    if (a->n_polished > 0) {
        hf_word_count(out, a->n_polished, "measure", "measures");
        hf_buf_puts(out, " of it came from the timeline: repairs, lines and stocks that the program cannot see.\n");
    }
    hf_buf_printf(out, "The exact timeline, on events of its own%s", a->v.scripted ? "" : ", a year");
    if (a->v.program.years > 0) hf_buf_printf(out, ", mean over %g years as the measures become ready", a->v.program.years);
    hf_buf_puts(out, ":\n  without the plan  ");
    amount(out, a->without.user_hours, " user-hours and ");
    amount(out, a->without.value_eur, " EUR lost");
    hf_buf_puts(out, "\n  with it           ");
    amount(out, a->with.user_hours, " user-hours and ");
    amount(out, a->with.value_eur, " EUR lost\n");
    if (a->v.scripted) return;
    hf_buf_puts(out, "  an event of the worst twentieth: from ");
    amount(out, a->without.cvar_user_hours, " to ");
    amount(out, a->with.cvar_user_hours, " user-hours\n");
}

static hf_err plan_print(const answer *a)
{
    hf_text_table *table = NULL;
    hf_err err = HF_OK;
    const hf_measures *set = a->v.set;
    hf_buf_puts(&a->v.cli->out, "\nThe plan:\n");
    HF_TRY(hf_text_table_new(&table));
    hf_text_table_column(table, "measure", HF_ALIGN_LEFT);
    hf_text_table_column(table, "does", HF_ALIGN_LEFT);
    hf_text_table_column(table, "paid by", HF_ALIGN_LEFT);
    hf_text_table_column(table, "EUR", HF_ALIGN_RIGHT);
    hf_text_table_column(table, by_value(a) ? "avoids EUR" : "avoids user-h", HF_ALIGN_RIGHT);
    hf_text_table_column(table, "a 1,000 EUR", HF_ALIGN_RIGHT);
    hf_text_table_column(table, "its share", HF_ALIGN_RIGHT);
    double all = 0;
    for (int m = 0; m < set->n; m++) all += a->share[m];
    for (int m = 0; m < set->n; m++) {
        const hf_measure_entry *entry = &set->measure[m];
        if (!a->plan->bought[m]) continue;
        hf_text_table_cellf(table, "%s (%s)", entry->title, entry->id);
        hf_text_table_cellf(table, "%s%s %s", entry->build_capacity ? "enables: " : "", hf_measure_kind_name(entry->effects[0].kind),
                            a->v.cli->net->name[entry->effects[0].entity]);
        hf_text_table_cell(table, entry->payer < 0 ? "-" : set->payer[entry->payer].id);
        hf_cell_amount(table, entry->cost);
        hf_cell_amount(table, a->avoided[m]);
        hf_cell_amount(table, entry->cost > 0 ? a->avoided[m] / entry->cost * 1000 : 0);
        if (a->share[m] > 0 && all > 0) hf_cell_share(table, a->share[m] / all);
        else hf_text_table_cell(table, "-");
    }
    HF_TRY(hf_text_table_write(table, a->v.cli->width, &a->v.cli->out));
out:
    hf_text_table_free(table);
    return err;
}

static hf_err payers_print(const answer *a)
{
    hf_text_table *table = NULL;
    hf_err err = HF_OK;
    hf_buf_puts(&a->v.cli->out, "\nWho pays:\n");
    HF_TRY(hf_text_table_new(&table));
    hf_text_table_column(table, "payer", HF_ALIGN_LEFT);
    static const char *const columns[] = {"has", "pays", "is granted", "loss less by a further EUR"};
    for (size_t k = 0; k < sizeof columns / sizeof *columns; k++) hf_text_table_column(table, columns[k], HF_ALIGN_RIGHT);
    for (int k = 0; k < a->plan->n_payers; k++) {
        hf_text_table_cell(table, a->v.payers[k].id);
        if (isinf(a->v.payers[k].budget)) hf_text_table_cell(table, "no limit");
        else hf_cell_amount(table, a->v.payers[k].budget);
        hf_cell_amount(table, a->plan->paid[k]);
        hf_cell_amount(table, a->plan->granted[k]);
        if (isnan(a->plan->marginal[k])) hf_text_table_cell(table, "-");
        else hf_text_table_cellf(table, "%.3g", a->plan->marginal[k]);
    }
    HF_TRY(hf_text_table_write(table, a->v.cli->width, &a->v.cli->out));
out:
    hf_text_table_free(table);
    return err;
}

/* A table of payers by the countries that gain most of a figure. */
static hf_err gains_print(const answer *a, const double *gains, const char *what)
{
    enum { SHOWN = 10 };
    hf_text_table *table = NULL;
    hf_err err = HF_OK;
    const hf_network *net = a->v.cli->net;
    int countries = net->countries.n, shown[SHOWN], n = 0;
    double most[SHOWN];
    for (int c = 0; c < countries; c++) {
        double sum = 0;
        for (int k = 0; k < a->plan->n_payers; k++) sum += fabs(gains[k * countries + c]);
        if (sum < 0.5) continue;
        int at = n < SHOWN ? n++ : SHOWN;
        for (; at > 0 && most[at - 1] < sum; at--)
            if (at < SHOWN) most[at] = most[at - 1], shown[at] = shown[at - 1];
        if (at < SHOWN) most[at] = sum, shown[at] = c;
    }
    if (n == 0) return HF_OK;
    hf_buf_printf(&a->v.cli->out, "\nWho gains: %s avoided%s by what each payer pays for:\n", what, per(a));
    HF_TRY(hf_text_table_new(&table));
    hf_text_table_column(table, "payer", HF_ALIGN_LEFT);
    for (int k = 0; k < n; k++) hf_text_table_column(table, net->countries.name[shown[k]], HF_ALIGN_RIGHT);
    for (int p = 0; p < a->plan->n_payers; p++) {
        bool any = false;
        for (int k = 0; k < n; k++) any |= fabs(gains[p * countries + shown[k]]) >= 0.5;
        if (!any) continue;
        hf_text_table_cell(table, a->v.payers[p].id);
        for (int k = 0; k < n; k++) hf_cell_amount(table, gains[p * countries + shown[k]]);
    }
    HF_TRY(hf_text_table_write(table, a->v.cli->width, &a->v.cli->out));
out:
    hf_text_table_free(table);
    return err;
}

static hf_err print(const answer *a)
{
    hf_err err = HF_OK;
    summary_print(a);
    HF_TRY(plan_print(a));
    HF_TRY(payers_print(a));
    HF_TRY(gains_print(a, a->gains, "user-hours, by where the users are,"));
    HF_TRY(gains_print(a, a->money_gains, "EUR, by where the entity is,"));
out:
    return err;
}

/* ---- for programs ---- */

static hf_err json_write(const answer *a)
{
    static const char *const status[] = {"optimal", "gap", "stopped"};
    hf_cli *cli = a->v.cli;
    const hf_measures *set = a->v.set;
    int countries = cli->net->countries.n;
    hf_json json;
    hf_json_start(&json, &cli->out);
    hf_json_head(&json, cli);
    hf_json_key_text(&json, "objective", hf_args_text(&cli->args, "objective"));
    hf_json_key_text(&json, "loss", hf_args_text(&cli->args, "loss"));
    hf_json_key_number(&json, "value", a->plan->value);
    hf_json_key_number(&json, "value_without", a->plan->value_without);
    hf_json_key_number(&json, "bound", a->plan->bound);
    hf_json_key_number(&json, "gap", a->plan->gap);
    hf_json_key_text(&json, "status", status[a->plan->status]);
    hf_json_key_number(&json, "cost", a->plan->cost);
    hf_json_key(&json, "plan");
    hf_json_array(&json);
    for (int m = 0; m < set->n; m++) {
        if (!a->plan->bought[m]) continue;
        hf_json_object(&json);
        hf_json_key_text(&json, "measure", set->measure[m].id);
        hf_json_key_number(&json, "cost", set->measure[m].cost);
        hf_json_key_text(&json, "payer", set->measure[m].payer < 0 ? NULL : set->payer[set->measure[m].payer].id);
        hf_json_key_number(&json, "avoided", a->avoided[m]);
        hf_json_key_number(&json, "shapley", a->share[m]);
        hf_json_end(&json);
    }
    hf_json_end(&json);
    hf_json_key(&json, "spent");
    hf_json_array(&json);
    for (int k = 0; k < a->plan->n_payers; k++) {
        hf_json_object(&json);
        hf_json_key_text(&json, "payer", a->v.payers[k].id);
        hf_json_key_number(&json, "amount", a->plan->paid[k]);
        hf_json_key_number(&json, "granted", a->plan->granted[k]);
        hf_json_key_number(&json, "marginal", a->plan->marginal[k]);
        hf_json_end(&json);
    }
    hf_json_end(&json);
    hf_json_key(&json, "who_gains");
    hf_json_array(&json);
    for (int k = 0; k < a->plan->n_payers; k++)
        for (int c = 0; c < countries; c++) {
            hf_json_object(&json);
            hf_json_key_text(&json, "payer", a->v.payers[k].id);
            hf_json_key_text(&json, "country", cli->net->countries.name[c]);
            hf_json_key_number(&json, "avoided", a->gains[k * countries + c]);
            hf_json_key_number(&json, "avoided_eur", a->money_gains[k * countries + c]);
            hf_json_end(&json);
        }
    hf_json_end(&json);
    hf_json_key(&json, "timeline_value");
    hf_json_object(&json);
    hf_json_key_number(&json, "user_hours", a->with.user_hours);
    hf_json_key_number(&json, "user_hours_without", a->without.user_hours);
    hf_json_key_number(&json, "value_eur", a->with.value_eur);
    hf_json_key_number(&json, "value_eur_without", a->without.value_eur);
    hf_json_end(&json);
    hf_json_end(&json);
    hf_buf_puts(&cli->out, "\n");
    return cli->out.err;
}

static hf_err csv_write(const answer *a)
{
    static const char *const columns[] = {"measure", "title", "cost", "payer", "bought", "avoided"};
    hf_table *table = NULL;
    hf_err err = HF_OK;
    const hf_measures *set = a->v.set;
    HF_TRY(hf_table_new("", columns, 6, &table));
    for (int m = 0; m < set->n; m++) {
        char cost[32], avoided[32];
        hf_number_format(set->measure[m].cost, cost);
        hf_number_format(a->avoided[m], avoided);
        HF_TRY(hf_table_append(table, (const char *const[]){set->measure[m].id, set->measure[m].title, cost,
                                                            set->measure[m].payer < 0 ? NULL : set->payer[set->measure[m].payer].id,
                                                            a->plan->bought[m] ? "yes" : "no", a->plan->bought[m] ? avoided : NULL}));
    }
    hf_table_write(table, &a->v.cli->out);
    err = a->v.cli->out.err;
out:
    hf_table_free(table);
    return err;
}

/* ---- budgets ---- */

/* Row j of the budgets: all of them times j / points. */
static void budgets_scale(const hf_invest *v, int points, double *budgets, double *joint)
{
    int n = v->program.n_payers;
    for (int j = 0; j <= points; j++) {
        double part = (double)j / points;
        for (int k = 0; k < n; k++) budgets[j * n + k] = isinf(v->payers[k].budget) ? INFINITY : v->payers[k].budget * part;
        joint[j] = v->program.joint * part;
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
static hf_err pareto(answer *a)
{
    hf_err err = HF_OK;
    hf_cli *cli = a->v.cli;
    int points = (int)hf_args_number(&cli->args, "pareto", 10);
    size_t n = (size_t)points + 1;
    bool csv = hf_args_has(&cli->args, "csv");
    hf_text_table *table = NULL;
    double *budgets = hf_malloc(n * (size_t)a->v.program.n_payers * sizeof *budgets), *joint = hf_malloc(n * sizeof *joint);
    hf_plan **plans = hf_calloc(n, sizeof *plans);
    if (!budgets || !joint || !plans) HF_TRY(HF_E_NOMEM);
    budgets_scale(&a->v, points, budgets, joint);
    HF_TRY(hf_portfolio_series(&a->v.program, points + 1, budgets, joint, cli->diag, plans));
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
    return err;
}

/* --export-lp: the whole program for other solvers. */
static hf_err program_export(const answer *a)
{
    const char *file = hf_args_text(&a->v.cli->args, "export-lp");
    size_t n = file ? strlen(file) : 0;
    if (!file) return HF_OK;
    return hf_portfolio_export(&a->v.program, file, n > 4 && strcmp(file + n - 4, ".mps") == 0 ? "mps" : "lp", a->v.cli->diag);
}

static hf_err plan_find(answer *a)
{
    hf_err err = HF_OK;
    hf_cli *cli = a->v.cli;
    size_t first = a->v.first_finding;
    err = program_export(a);
    if (err == HF_OK) err = hf_portfolio_solve(&a->v.program, cli->diag, &a->plan);
    if (err != HF_OK) {
        hf_cli_findings(cli, first, HF_ERROR);
        cli->told = hf_diag_kept(cli->diag) > first;
    }
    HF_TRY(err);
    a->share = hf_calloc((size_t)a->plan->n_measures, sizeof *a->share);
    if (!a->share) HF_TRY(HF_E_NOMEM);
    HF_TRY(hf_portfolio_shapley(&a->v.program, a->plan->bought, 200, 1, a->share, NULL));
    HF_TRY(hf_invest_timeline_run(&a->v, NULL, &a->without));
    if (!hf_args_has(&cli->args, "no-timeline-measures")) HF_TRY(hf_invest_polish(&a->v, a->plan, &a->n_polished));
    HF_TRY(hf_invest_timeline_run(&a->v, a->plan->bought, &a->with));
    HF_TRY(hf_invest_idle(&a->v, a->plan, &a->without, &a->with));
    hf_cli_findings(cli, first, HF_WARNING);
    HF_TRY(avoided_fill(a));
    HF_TRY(gains_fill(a));
out:
    return err;
}

/* --attack R: the best defence against whoever sees it and then fails any R entities. Only measures against everything count. */
static hf_err attack(answer *a)
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
    amount(out, a->plan->value_without, by_value(a) ? " EUR by the hour" : " users out");
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
    return err != HF_OK ? err : out->err;
}

hf_err hf_cmd_invest(hf_cli *cli)
{
    answer a = {0};
    hf_err err = hf_invest_read(cli, &a.v);
    if (err == HF_OK && hf_args_has(&cli->args, "attack")) err = attack(&a);
    else if (err == HF_OK && hf_args_has(&cli->args, "pareto")) err = pareto(&a);
    else if (err == HF_OK) {
        err = plan_find(&a);
        if (err == HF_OK && hf_args_has(&cli->args, "json")) err = json_write(&a);
        else if (err == HF_OK && hf_args_has(&cli->args, "csv")) err = csv_write(&a);
        else if (err == HF_OK) err = print(&a);
    }
    answer_done(&a);
    return err;
}
