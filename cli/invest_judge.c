/* What a plan avoids, where, and why: by the exact timeline and by the program's own scenarios. */
#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "cli/invest.h"
#include "cli/words.h"

/* The entities of which the timeline loses most more without a measure. */
static void saved_note(hf_invest_answer *a, int m, const hf_invest_timeline *less)
{
    int *saved = a->saved + (size_t)m * HF_INVEST_SAVED;
    double most[HF_INVEST_SAVED];
    int n = 0;
    for (int i = 0; i < a->v.cli->net->n_entities; i++) {
        double fall = less->by_entity[i] - a->with.by_entity[i];
        if (!(fall > 1e-3 * fabs(a->avoided[m])) || !(fall > 0)) continue;
        int at = n < HF_INVEST_SAVED ? n++ : HF_INVEST_SAVED;
        for (; at > 0 && most[at - 1] < fall; at--)
            if (at < HF_INVEST_SAVED) most[at] = most[at - 1], saved[at] = saved[at - 1];
        if (at < HF_INVEST_SAVED) most[at] = fall, saved[at] = i;
    }
}

/* What the program would lose besides without a measure, by hazard. */
static hf_err hazards_note(hf_invest_answer *a, int m, double *losses)
{
    const hf_portfolio *program = &a->v.program;
    int n_hazards = a->v.cli->net->n_hazards;
    double *by = a->by_hazard + (size_t)m * (size_t)(n_hazards + 1);
    hf_err err = hf_portfolio_losses(program, a->plan->bought, losses, NULL);
    for (int s = 0; err == HF_OK && s < program->n_scenarios; s++)
        by[program->scenarios[s].hazard] += program->scenarios[s].frequency * (losses[s] - a->plan->loss[s]);
    return err;
}

/* What each measure of the plan avoids beside the others: the timeline without it. */
static hf_err avoided_fill(hf_invest_answer *a)
{
    hf_err err = HF_OK;
    size_t n = (size_t)a->plan->n_measures;
    double *losses = hf_malloc((size_t)a->v.program.n_scenarios * sizeof *losses);
    a->avoided = hf_calloc(n, sizeof *a->avoided);
    a->saved = hf_malloc(n * HF_INVEST_SAVED * sizeof *a->saved);
    a->by_hazard = hf_calloc(n * (size_t)(a->v.cli->net->n_hazards + 1), sizeof *a->by_hazard);
    if (!losses || !a->avoided || !a->saved || !a->by_hazard) HF_TRY(HF_E_NOMEM);
    for (size_t k = 0; k < n * HF_INVEST_SAVED; k++) a->saved[k] = -1;
    HF_TRY(hf_portfolio_losses(&a->v.program, a->plan->bought, a->plan->loss, NULL)); /* with what the timeline added */
    for (int m = 0; m < a->plan->n_measures; m++) {
        hf_invest_timeline less = {0};
        if (!a->plan->bought[m]) continue;
        a->plan->bought[m] = false;
        err = hf_invest_timeline_run(&a->v, a->plan->bought, &less);
        if (err == HF_OK) err = hazards_note(a, m, losses);
        a->plan->bought[m] = true;
        if (err == HF_OK) {
            a->avoided[m] = hf_invest_figure(&a->v, &less) - hf_invest_figure(&a->v, &a->with);
            saved_note(a, m, &less);
        }
        hf_invest_timeline_done(&less);
        HF_TRY(err);
    }
out:
    hf_free(losses);
    return err;
}

/* By payer and country: what would be lost besides if the payer bought nothing. */
static hf_err gains_fill(hf_invest_answer *a)
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


/* Is any target of a measure of the payer in the country? */
static bool is_partner(const hf_invest_answer *a, int payer, int country)
{
    for (int m = 0; m < a->v.set->n; m++) {
        const hf_measure_entry *entry = &a->v.set->measure[m];
        if (!a->plan->bought[m] || a->v.measures[m].payer != payer) continue;
        for (int e = 0; e < entry->n_effects; e++)
            if (a->v.cli->net->country[entry->effects[e].entity] == country) return true;
    }
    return false;
}

hf_invest_trickle hf_invest_trickle_of(const hf_invest_answer *a, int payer)
{
    int countries = a->v.cli->net->countries.n;
    hf_invest_trickle t = {.spent = a->plan->paid[payer] + a->plan->granted[payer]};
    for (int c = 0; c < countries; c++) {
        double hours = a->gains[payer * countries + c], money = a->money_gains[payer * countries + c];
        if (c == a->v.home) t.home += hours, t.home_eur += money;
        else if (is_partner(a, payer, c)) t.partner += hours, t.partner_eur += money;
        else t.elsewhere += hours, t.elsewhere_eur += money;
    }
    return t;
}

/* Hazards in falling order of what the measure avoids of them; those below a twentieth are left out. */
static void against_words(const hf_invest_answer *a, int measure, hf_buf *out)
{
    const hf_network *net = a->v.cli->net;
    const double *by = a->by_hazard + (size_t)measure * (size_t)(net->n_hazards + 1);
    double all = 0, last = INFINITY;
    for (int z = 0; z <= net->n_hazards; z++) all += fmax(0, by[z]);
    if (!(all > 0)) return;
    hf_buf_puts(out, "against ");
    for (int said = 0; said < 3; said++) {
        int best = -1;
        for (int z = 0; z <= net->n_hazards; z++)
            if (by[z] < last && by[z] >= 0.05 * all && (best < 0 || by[z] > by[best])) best = z;
        if (best < 0) break;
        last = by[best];
        hf_buf_printf(out, "%s%s", said ? ", " : "", best == net->n_hazards ? hf_args_text(&a->v.cli->args, "scenario") : net->hazard_id[best]);
        if (by[best] < 0.995 * all) {
            hf_buf_puts(out, " (");
            hf_word_share(out, by[best] / all);
            hf_buf_puts(out, ")");
        }
    }
}

void hf_invest_reason(const hf_invest_answer *a, int measure, hf_buf *out)
{
    const hf_network *net = a->v.cli->net;
    size_t before = out->length;
    against_words(a, measure, out);
    for (int k = 0; k < HF_INVEST_SAVED; k++) {
        int i = a->saved[(size_t)measure * HF_INVEST_SAVED + (size_t)k];
        if (i < 0) break;
        hf_buf_puts(out, k > 0 ? ", " : out->length > before ? "; spares " : "spares ");
        hf_buf_puts(out, *net->name[i] ? net->name[i] : net->id[i]);
    }
    if (out->length == before) hf_buf_puts(out, "nothing that the timeline can tell from chance");
}

hf_err hf_invest_judge(hf_invest_answer *a)
{
    hf_err err = HF_OK;
    a->share = hf_calloc((size_t)a->plan->n_measures, sizeof *a->share);
    if (!a->share) HF_TRY(HF_E_NOMEM);
    HF_TRY(hf_portfolio_shapley(&a->v.program, a->plan->bought, 200, 1, a->share, NULL));
    HF_TRY(hf_invest_timeline_run(&a->v, a->plan->bought, &a->with));
    HF_TRY(avoided_fill(a));
    HF_TRY(gains_fill(a));
out:
    return err;
}
