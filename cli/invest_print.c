/* A plan for people. */
#include <math.h>
#include <string.h>

#include "cli/cells.h"
#include "cli/invest.h"
#include "cli/words.h"

static const char *per(const hf_invest_answer *a)
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
static void program_words(const hf_invest_answer *a, hf_buf *out)
{
    static const char *const what[] = {", by how often it comes,", " in the mean of the worst part", " in the worst case", ", as regret,",
                                       " of the region that is worst off, for one of its users,"};
    static const char *const counted[] = {"the number of users out", "the user-hours lost", "the EUR lost"};
    hf_buf_printf(out, "In the program %s%s %s from ", counted[a->v.what], what[a->v.program.objective], a->v.what == HF_INVEST_USERS ? "falls" : "fall");
}

static void figure_words(const hf_invest_answer *a, double value, hf_buf *out)
{
    if (a->v.program.objective == HF_OBJECTIVE_EQUITY) hf_buf_printf(out, "%.4g", value);
    else amount(out, value, "");
}

static void summary_print(const hf_invest_answer *a)
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
    if (a->v.program.objective == HF_OBJECTIVE_BUDGET) {
        hf_buf_puts(out, "In the program all limits are kept; no plan that keeps them costs less than ");
        figure_words(a, p->bound, out);
    } else {
        program_words(a, out);
        figure_words(a, p->value_without, out);
        hf_buf_puts(out, " to ");
        figure_words(a, p->value, out);
        hf_buf_puts(out, "; no plan goes below ");
        figure_words(a, p->bound, out);
    }
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

static hf_err plan_print(const hf_invest_answer *a)
{
    hf_text_table *table = NULL;
    hf_err err = HF_OK;
    const hf_measures *set = a->v.set;
    int n = 0;
    for (int m = 0; m < set->n; m++) n += a->plan->bought[m];
    hf_buf_puts(&a->v.cli->out, n > 0 ? "\nThe plan:\n" : "\nThe plan is to buy nothing.\n");
    if (n == 0) return HF_OK;
    HF_TRY(hf_text_table_new(&table));
    hf_text_table_column(table, "measure", HF_ALIGN_LEFT);
    hf_text_table_column(table, "does", HF_ALIGN_LEFT);
    hf_text_table_column(table, "paid by", HF_ALIGN_LEFT);
    hf_text_table_column(table, "EUR", HF_ALIGN_RIGHT);
    hf_text_table_column(table, (a->v.what == HF_INVEST_VALUE) ? "avoids EUR" : "avoids user-h", HF_ALIGN_RIGHT);
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

/* The cascades that each measure breaks. */
static void reasons_print(const hf_invest_answer *a)
{
    hf_buf *out = &a->v.cli->out;
    bool any = false;
    for (int m = 0; m < a->v.set->n; m++) {
        if (!a->plan->bought[m]) continue;
        if (!any) hf_buf_puts(out, "\nWhy:\n");
        any = true;
        hf_buf_printf(out, "  %s  ", a->v.set->measure[m].id);
        hf_invest_reason(a, m, out);
        hf_buf_puts(out, "\n");
    }
}

static hf_err payers_print(const hf_invest_answer *a)
{
    hf_text_table *table = NULL;
    hf_err err = HF_OK;
    hf_buf_puts(&a->v.cli->out, "\nWho pays:\n");
    HF_TRY(hf_text_table_new(&table));
    hf_text_table_column(table, "payer", HF_ALIGN_LEFT);
    static const char *const columns[] = {"has", "pays", "is granted", "a further EUR avoids"};
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
    if (!isinf(a->v.program.together)) {
        hf_buf_puts(&a->v.cli->out, "All together may pay ");
        amount(&a->v.cli->out, a->v.program.together, " EUR");
        if (!isnan(a->plan->marginal_together)) hf_buf_printf(&a->v.cli->out, "; a further EUR avoids %.3g", a->plan->marginal_together);
        hf_buf_puts(&a->v.cli->out, ".\n");
    }
out:
    hf_text_table_free(table);
    return err;
}

/* A table of payers by the countries that gain most of a figure. */
static hf_err gains_print(const hf_invest_answer *a, const double *gains, const char *what)
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

static void rate_cell(hf_text_table *table, double part, double spent, double per_eur)
{
    if (!(spent > 0)) hf_text_table_cell(table, "-");
    else hf_cell_amount(table, part / spent * per_eur);
}

/* What each payer's money avoids at home, with the partners and elsewhere, and per unit of money. */
static hf_err trickle_print(const hf_invest_answer *a, bool money)
{
    hf_text_table *table = NULL;
    hf_err err = HF_OK;
    const char *home = a->v.cli->net->countries.name[a->v.home];
    hf_buf_printf(&a->v.cli->out, "\nHome is %s: %s avoided%s, and for every million EUR spent (the trickle-up ratio, the regional return):\n", home,
                  money ? "EUR" : "user-hours", per(a));
    HF_TRY(hf_text_table_new(&table));
    hf_text_table_column(table, "payer", HF_ALIGN_LEFT);
    static const char *const columns[] = {"spends EUR", "at home", "partners", "elsewhere", "home a million", "all a million"};
    for (size_t k = 0; k < sizeof columns / sizeof *columns; k++) hf_text_table_column(table, columns[k], HF_ALIGN_RIGHT);
    for (int p = 0; p < a->plan->n_payers; p++) {
        hf_invest_trickle t = hf_invest_trickle_of(a, p);
        double at_home = money ? t.home_eur : t.home, partner = money ? t.partner_eur : t.partner, elsewhere = money ? t.elsewhere_eur : t.elsewhere;
        if (!(t.spent > 0)) continue;
        hf_text_table_cell(table, a->v.payers[p].id);
        hf_cell_amount(table, t.spent);
        hf_cell_amount(table, at_home);
        hf_cell_amount(table, partner);
        hf_cell_amount(table, elsewhere);
        rate_cell(table, at_home, t.spent, 1e6);
        rate_cell(table, at_home + partner + elsewhere, t.spent, 1e6);
    }
    HF_TRY(hf_text_table_write(table, a->v.cli->width, &a->v.cli->out));
out:
    hf_text_table_free(table);
    return err;
}

hf_err hf_invest_print(const hf_invest_answer *a)
{
    hf_err err = HF_OK;
    summary_print(a);
    HF_TRY(plan_print(a));
    reasons_print(a);
    HF_TRY(payers_print(a));
    HF_TRY(gains_print(a, a->gains, "user-hours, by where the users are,"));
    HF_TRY(gains_print(a, a->money_gains, "EUR, by where the entity is,"));
    for (int money = 0; money < 2 && a->v.home >= 0; money++) HF_TRY(trickle_print(a, money == 1));
out:
    return err;
}
