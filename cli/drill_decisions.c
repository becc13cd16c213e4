/* Decisions of an exercise: what each choice is worth, by a cascade of its own. */
#include <math.h>

#include "base/alloc.h"
#include "cli/cells.h"
#include "cli/drill.h"
#include "cli/words.h"

static hf_err choice_run(hf_drill *d, const hf_decision *decision, const hf_choice *choice, hf_outcome *outcome)
{
    hf_what_if w = d->what_if;
    hf_timeline *tl = NULL;
    hf_losses *losses = NULL;
    hf_err err;
    w.injects = NULL;
    HF_TRY(hf_scenario_resolve_choice(w.scenario, decision, choice, d->net, d->cli->diag, &w.injects, &w.n_injects));
    HF_TRY(hf_what_if_run(d->cli, &w, &tl));
    HF_TRY(hf_losses_compute(tl, d->net, w.out_below, &losses));
    *outcome = (hf_outcome){decision, choice, losses->entities_out, losses->users_hit_peak, losses->user_hours, losses->value_eur, false};
out:
    hf_losses_free(losses);
    hf_timeline_free(tl);
    hf_free(w.injects);
    return err;
}

/* The least loss of the outcomes first .. last-1 is the best, if it is less than that of the script. */
static void best_mark(const hf_drill *d, int first, int last)
{
    double user_hours = d->losses->user_hours * (1 - 1e-12), value = d->losses->value_eur * (1 - 1e-12);
    int best = -1;
    for (int k = first; k < last; k++) {
        const hf_outcome *o = &d->outcomes[k];
        if (!(o->user_hours < user_hours || (o->user_hours <= user_hours / (1 - 1e-12) && o->value_eur < value))) continue;
        best = k;
        user_hours = o->user_hours;
        value = o->value_eur;
    }
    if (best >= 0) d->outcomes[best].best = true;
}

hf_err hf_drill_decisions_run(hf_drill *d)
{
    hf_err err = HF_OK;
    const hf_scenario *s = d->what_if.scenario;
    int n = 0;
    for (int k = 0; k < s->n_decisions; k++) n += s->decisions[k].n_choices;
    d->outcomes = hf_arena_calloc(&d->memory, (size_t)n, sizeof *d->outcomes);
    if (!d->outcomes) return HF_E_NOMEM;
    for (int k = 0; k < s->n_decisions; k++) {
        int first = d->n_outcomes;
        for (int c = 0; c < s->decisions[k].n_choices; c++) {
            HF_TRY(choice_run(d, &s->decisions[k], &s->decisions[k].choices[c], &d->outcomes[d->n_outcomes]));
            d->n_outcomes++;
        }
        best_mark(d, first, d->n_outcomes);
    }
out:
    return err;
}

/* "saves 31 M user-hours and 2 M EUR", "costs 2 k user-hours and saves 3 k EUR"; nothing where nothing changes. */
static void value_words(const hf_losses *script, const hf_outcome *o, hf_buf *out)
{
    const double without[] = {script->user_hours, script->value_eur}, with[] = {o->user_hours, o->value_eur};
    static const char *const units[] = {"user-hours", "EUR"};
    bool costs = false;
    for (int k = 0; k < 2; k++) {
        double saved = without[k] - with[k];
        if (fabs(saved) <= 1e-9 * fabs(without[k])) continue;
        bool first = out->length == 0;
        if (!first) hf_buf_puts(out, " and ");
        if (first || costs != (saved < 0)) hf_buf_puts(out, saved < 0 ? "costs " : "saves ");
        costs = saved < 0;
        hf_word_amount(out, fabs(saved));
        hf_buf_printf(out, " %s", units[k]);
    }
    if (out->length == 0) hf_buf_puts(out, "changes nothing");
    if (o->best) hf_buf_puts(out, " (best)");
}

static void row_write(const hf_drill *d, const hf_outcome *o, hf_text_table *table, hf_buf *text)
{
    const hf_losses *script = d->losses;
    hf_text_table_cell(table, o ? o->choice->title : "the script alone");
    hf_text_table_cellf(table, "%d", o ? o->entities_out : script->entities_out);
    hf_cell_amount(table, o ? o->users_hit_peak : script->users_hit_peak);
    hf_cell_amount(table, o ? o->user_hours : script->user_hours);
    hf_cell_amount(table, o ? o->value_eur : script->value_eur);
    if (o) value_words(script, o, text);
    hf_drill_cell(table, text);
    hf_text_table_cell(table, "");
}

static hf_err outcomes_table(const hf_drill *d, const hf_decision *decision, hf_sheet *sheet)
{
    hf_text_table *table = NULL;
    hf_buf text = {0};
    hf_err err;
    HF_TRY(hf_text_table_new(&table));
    hf_text_table_column(table, "option", HF_ALIGN_LEFT);
    hf_text_table_column(table, "entities that go out", HF_ALIGN_RIGHT);
    hf_text_table_column(table, "users hit at worst", HF_ALIGN_RIGHT);
    hf_text_table_column(table, "user-hours lost", HF_ALIGN_RIGHT);
    hf_text_table_column(table, "EUR lost", HF_ALIGN_RIGHT);
    hf_text_table_column(table, "value of the decision", HF_ALIGN_LEFT);
    hf_text_table_column(table, "taken at", HF_ALIGN_LEFT);
    row_write(d, NULL, table, &text);
    for (int k = 0; k < d->n_outcomes; k++)
        if (d->outcomes[k].decision == decision) row_write(d, &d->outcomes[k], table, &text);
    err = text.err;
out:
    hf_buf_done(&text);
    return hf_drill_table(sheet, table, err);
}

static hf_err choice_print(hf_drill *d, const hf_choice *choice, hf_sheet *sheet, hf_buf *text)
{
    hf_err err = HF_OK;
    int *order = NULL;
    hf_buf_printf(text, "%s%s", choice->text, *choice->text && *choice->source ? " " : "");
    if (*choice->source) hf_buf_printf(text, "(figures: %s)", choice->source);
    HF_TRY(text->err);
    hf_sheet_field(sheet, choice->title, text->text);
    text->length = 0;
    HF_TRY(hf_drill_order(d, choice->steps, choice->n_steps, &order));
    for (int k = 0; k < choice->n_steps; k++) {
        const hf_step *step = &choice->steps[order[k]];
        hf_drill_when(d, step->at_h, text);
        hf_buf_puts(text, ": ");
        hf_drill_inject_words(step, text);
        hf_buf_puts(text, ": ");
        HF_TRY(hf_drill_targets_words(d, step, text));
        if (*step->text) hf_buf_printf(text, " (“%s”)", step->text);
        HF_TRY(text->err);
        hf_sheet_item(sheet, text->text);
        text->length = 0;
    }
    if (choice->n_steps == 0) hf_sheet_item(sheet, "nothing is done");
out:
    return err;
}

hf_err hf_drill_decisions(hf_drill *d, hf_sheet *sheet)
{
    const hf_scenario *s = d->what_if.scenario;
    hf_buf text = {0};
    hf_err err = HF_OK;
    if (s->n_decisions == 0) return HF_OK;
    hf_sheet_page(sheet, "Decisions");
    hf_sheet_text(sheet, "For the control cell. Each option was run as a cascade of its own: the script with the option's injects on top. Its value is "
                         "what the script alone loses less what is lost with it.");
    for (int k = 0; k < s->n_decisions; k++) {
        const hf_decision *decision = &s->decisions[k];
        hf_buf_puts(&text, "Hour ");
        hf_word_hours(&text, decision->at_h);
        hf_buf_puts(&text, ", ");
        hf_drill_clock(d, decision->at_h, &text);
        hf_buf_printf(&text, ": %s", decision->title);
        HF_TRY(text.err);
        hf_sheet_heading(sheet, 3, text.text);
        text.length = 0;
        HF_TRY(outcomes_table(d, decision, sheet));
        for (int c = 0; c < decision->n_choices; c++) HF_TRY(choice_print(d, &decision->choices[c], sheet, &text));
    }
    err = sheet->out->err;
out:
    hf_buf_done(&text);
    return err;
}
