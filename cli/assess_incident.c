/* Article 15 of the CER Directive: an incident, whether it must be told, and drafts of both notifications. */
#include <math.h>

#include "cli/assess.h"
#include "cli/cause_words.h"
#include "cli/cells.h"
#include "cli/json_parts.h"
#include "cli/print_cascade.h"
#include "cli/section.h"
#include "cli/titles.h"
#include "cli/words.h"

typedef struct incident {
    hf_cer *cer;
    hf_what_if w;
    hf_timeline *tl;
    hf_losses *losses;
    hf_significance of;
} incident;

static int crossed_count(const incident *n)
{
    const hf_cer *cer = n->cer;
    int crossed = 0;
    for (int k = 0; k < cer->rules.n_incident; k++)
        crossed += hf_threshold_judge(&cer->rules, &cer->rules.incident[k], cer->cli->net, -1, &n->of, &cer->options) == HF_MET;
    return crossed;
}

static hf_err lines_print(const incident *n)
{
    hf_cer *cer = n->cer;
    hf_text_table *table = NULL;
    hf_err err;
    HF_TRY(hf_text_table_new(&table));
    hf_text_table_column(table, "figure", HF_ALIGN_LEFT);
    hf_text_table_column(table, "is", HF_ALIGN_RIGHT);
    hf_text_table_column(table, "limit", HF_ALIGN_RIGHT);
    hf_text_table_column(table, "crossed", HF_ALIGN_LEFT);
    hf_text_table_column(table, "limit from", HF_ALIGN_LEFT);
    for (int k = 0; k < cer->rules.n_incident; k++) {
        const hf_threshold *t = &cer->rules.incident[k];
        double figure = hf_threshold_figure(t, cer->cli->net, -1, &n->of, &cer->options);
        hf_buf words = {0}, is = {0}, limit = {0};
        hf_threshold_words(t, &words);
        hf_figure_words(t->indicator, figure, &is);
        hf_figure_words(t->indicator, t->limit, &limit);
        hf_text_table_cell(table, words.text ? words.text : "");
        hf_text_table_cell(table, is.text ? is.text : "");
        hf_text_table_cell(table, limit.text ? limit.text : "");
        hf_verdict verdict = hf_threshold_judge(&cer->rules, t, cer->cli->net, -1, &n->of, &cer->options);
        hf_text_table_cell(table, verdict == HF_MET ? "yes" : hf_verdict_word(verdict));
        hf_text_table_cell(table, t->source);
        hf_buf_done(&words);
        hf_buf_done(&is);
        hf_buf_done(&limit);
    }
    err = hf_section_table(cer->cli, "Lines of notification (Article 15)", table);
out:
    hf_text_table_free(table);
    return err;
}

static void verdict_print(const incident *n)
{
    hf_buf text = {0};
    int crossed = crossed_count(n);
    if (crossed > 0) {
        hf_word_count(&text, crossed, "line is crossed", "lines are crossed");
        hf_buf_puts(&text, ": the incident must be told to the authority, first within 24 hours of becoming aware of it, in detail within a month.");
    } else hf_buf_puts(&text, "No line is crossed: the incident need not be told under this rule set.");
    if (n->of.member_states >= HF_EUROPEAN_STATES)
        hf_buf_puts(&text, " Six or more Member States lose service: the Commission is told, and the Council's Blueprint of 2024 applies.");
    else if (n->of.states >= 2)
        hf_buf_printf(&text, " Users in %d states lose service, %d of them Member States: their single points of contact are told.", n->of.states,
                      n->of.member_states);
    if (text.text) hf_section_text(n->cer->cli, text.text);
    hf_buf_done(&text);
}

static void list_line(hf_buf *out, const char *what, const char *value)
{
    hf_buf_printf(out, "* %s: %s\n", what, value && *value ? value : "to be filled in");
}

static void amount_line(hf_buf *out, const char *what, double amount)
{
    hf_buf text = {0};
    hf_word_amount(&text, amount);
    list_line(out, what, text.text);
    hf_buf_done(&text);
}

static void states_line(const incident *n, hf_buf *out)
{
    const hf_network *net = n->cer->cli->net;
    hf_buf text = {0};
    for (int c = 0; c < n->losses->n_countries; c++)
        hf_buf_printf(&text, "%s%s", text.text ? ", " : "", net->countries.name[n->losses->countries[c].country]);
    list_line(out, "states in which entities are hit", text.text);
    hf_buf_done(&text);
    for (int a = 0; a < n->losses->n_abroad; a++) {
        const hf_abroad_loss *loss = &n->losses->abroad[a];
        hf_buf_printf(&text, "%s%s (from %s, ", text.text ? ", " : "", net->countries.name[loss->country], net->countries.name[loss->from_country]);
        hf_word_amount(&text, loss->users_hit_peak);
        hf_buf_puts(&text, " users)");
    }
    if (text.text) list_line(out, "service lost by users abroad", text.text);
    hf_buf_done(&text);
}

static void duration_line(const incident *n, hf_buf *out)
{
    hf_buf text = {0};
    if (isnan(n->losses->recovered_90_h)) hf_buf_puts(&text, "service is not back within the time looked at");
    else {
        hf_buf_puts(&text, "half of the users have service again ");
        hf_word_hours(&text, n->losses->recovered_50_h);
        hf_buf_puts(&text, " after the first loss, nine tenths after ");
        hf_word_hours(&text, n->losses->recovered_90_h);
    }
    list_line(out, "expected duration", text.text);
    hf_buf_done(&text);
}

/* What was damaged itself, not what followed. */
static void causes_lines(const incident *n, int most, hf_buf *out)
{
    const hf_network *net = n->cer->cli->net;
    int listed = 0, more = 0;
    for (int k = 0; k < n->losses->n_entities; k++) {
        const hf_entity_loss *e = &n->losses->entities[k];
        if (hf_timeline_changes(n->tl)[e->cause_change].kind != HF_CAUSE_INJECT) continue;
        if (listed++ >= most) {
            more++;
            continue;
        }
        hf_buf_puts(out, "  - ");
        hf_entity_words(net, e->entity, out);
        hf_buf_printf(out, ", %s, %s, from hour %g\n", net->sectors.name[net->sector[e->entity]], net->countries.name[net->country[e->entity]],
                      e->first_loss_h);
    }
    if (more > 0) hf_buf_printf(out, "  - and %d more\n", more);
}

/* The draft as Markdown: what the tool knows is filled in, the rest says so. */
static void draft_write(const incident *n, bool detailed, hf_buf *out)
{
    hf_buf title = {0};
    hf_title_words(n->cer->cli, &n->w, &title);
    hf_buf_printf(out, "## Draft: %s\n\n", detailed ? "detailed report (within one month)" : "initial notification (within 24 hours)");
    list_line(out, "incident", title.text);
    hf_buf_done(&title);
    list_line(out, "critical entity that notifies, contact", NULL);
    list_line(out, "time at which it became aware", NULL);
    hf_buf_puts(out, "* presumed cause, damaged at first:\n");
    causes_lines(n, detailed ? 50 : 5, out);
    amount_line(out, "users without service at the worst hour", n->losses->users_hit_peak);
    hf_buf_printf(out, "* share of all users of the data set: %.2g %%\n", 100 * n->of.users_share);
    duration_line(n, out);
    states_line(n, out);
    hf_buf_printf(out, "* entities hit: %d, in %d sectors and %d regions; %d serve isolated areas\n", n->losses->n_entities, n->losses->sectors_reached,
                  n->of.regions, n->of.isolated);
    if (!detailed) return;
    amount_line(out, "user-hours lost", n->losses->user_hours);
    amount_line(out, "value lost, EUR", n->losses->value_eur);
    hf_buf_printf(out, "* longest chain of consequences: %d steps\n", n->losses->depth);
    list_line(out, "measures taken", NULL);
    list_line(out, "lessons", NULL);
}

static hf_err incident_print(const incident *n)
{
    hf_cli *cli = n->cer->cli;
    hf_err err;
    HF_TRY(hf_print_answer(cli, n->tl, n->losses));
    verdict_print(n);
    HF_TRY(lines_print(n));
    for (int detailed = 0; detailed < 2; detailed++) {
        hf_buf draft = {0};
        draft_write(n, detailed, &draft);
        if (draft.text) hf_section_lines(cli, draft.text);
        err = draft.err;
        hf_buf_done(&draft);
    }
out:
    return err == HF_OK ? cli->out.err : err;
}

static hf_err incident_json(const incident *n)
{
    hf_cer *cer = n->cer;
    hf_json json;
    hf_json_start(&json, &cer->cli->out);
    hf_json_head(&json, cer->cli);
    hf_json_key_text(&json, "assessment", "cer");
    hf_json_what_if(&json, cer->cli, &n->w);
    hf_json_key_text(&json, "rules", cer->rules.name);
    hf_json_key_number(&json, "users_hit", n->of.cascade.users_hit_peak);
    hf_json_key_number(&json, "users_share", n->of.users_share);
    hf_json_key_number(&json, "states", n->of.states);
    hf_json_key_number(&json, "member_states", n->of.member_states);
    hf_json_key(&json, "must_be_told");
    hf_json_bool(&json, crossed_count(n) > 0);
    hf_json_key(&json, "lines");
    hf_json_array(&json);
    for (int k = 0; k < cer->rules.n_incident; k++) {
        const hf_threshold *t = &cer->rules.incident[k];
        hf_json_object(&json);
        hf_json_key_text(&json, "indicator", hf_indicator_name(t->indicator));
        hf_json_key_number(&json, "level", t->level);
        hf_json_key_number(&json, "figure", hf_threshold_figure(t, cer->cli->net, -1, &n->of, &cer->options));
        hf_json_key_number(&json, "limit", t->limit);
        hf_json_key(&json, "crossed");
        hf_json_bool(&json, hf_threshold_judge(&cer->rules, t, cer->cli->net, -1, &n->of, &cer->options) == HF_MET);
        hf_json_end(&json);
    }
    hf_json_end(&json);
    hf_json_end(&json);
    hf_buf_puts(&cer->cli->out, "\n");
    return cer->cli->out.err;
}

hf_err hf_cer_incident(hf_cer *cer)
{
    incident n = {.cer = cer, .w = {.hazard = -1}};
    hf_err err;
    if (hf_args_has(&cer->cli->args, "csv") || hf_args_has(&cer->cli->args, "entity") || hf_args_has(&cer->cli->args, "state"))
        return hf_cli_usage(cer->cli, "an incident is assessed whole: give --fail, --scenario or --hazard without --csv, --entity and --state");
    HF_TRY(hf_what_if_read(cer->cli, &n.w));
    HF_TRY(hf_what_if_run(cer->cli, &n.w, &n.tl));
    HF_TRY(hf_losses_compute(n.tl, cer->cli->net, n.w.out_below, &n.losses));
    HF_TRY(hf_assess_run(cer->cli->net, n.tl, &cer->options, &n.of));
    err = hf_args_has(&cer->cli->args, "json") ? incident_json(&n) : incident_print(&n);
out:
    hf_losses_free(n.losses);
    hf_timeline_free(n.tl);
    hf_what_if_done(&n.w);
    return err;
}
