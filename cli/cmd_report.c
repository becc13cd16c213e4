/* One page that answers: what happens, when, why, whom it hits; which failures matter most; how bad is an ordinary year. */
#include <math.h>

#include "cli/cause_words.h"
#include "cli/cells.h"
#include "cli/file_out.h"
#include "cli/print_cascade.h"
#include "cli/print_sweep.h"
#include "cli/report.h"
#include "cli/section.h"
#include "cli/titles.h"
#include "viz/html.h"

typedef struct report {
    hf_cli *cli;
    int top;
    hf_buf source; /* the line below each picture */
} report;

/* "holdfast report DATA --scenario x --top 5", as far as the options change the page. */
static void command_words(const hf_cli *cli, hf_buf *out)
{
    static const char *const numbers[] = {"top", "samples", "seed"};
    hf_buf_puts(out, "holdfast report ");
    hf_shell_word(out, cli->args.words[0]);
    hf_what_if_options(cli, out);
    for (size_t k = 0; k < sizeof numbers / sizeof *numbers; k++) {
        const char *text = hf_args_text(&cli->args, numbers[k]);
        if (hf_args_has(&cli->args, numbers[k])) hf_buf_printf(out, " --%s %s", numbers[k], text);
    }
}

static hf_err head_write(report *r, const hf_what_if *w)
{
    hf_cli *cli = r->cli;
    hf_buf text = {0};
    hf_title_words(cli, w, &text);
    if (text.text) hf_html_open(&cli->out, text.text);
    hf_err err = text.err;
    hf_buf_done(&text);
    hf_buf_printf(&text, "%s. %d entities, %d supply links.", r->source.text, cli->net->n_entities, cli->net->n_supplies);
    if (text.text) hf_html_element(&cli->out, "p", "note", text.text);
    hf_buf_done(&text);
    return err;
}

static void targets_words(const hf_cli *cli, const hf_step *step, hf_buf *out)
{
    for (int k = 0; k < step->n_targets; k++) {
        int i = hf_network_find(cli->net, step->targets[k]);
        if (k) hf_buf_puts(out, ", ");
        hf_buf_puts(out, i >= 0 ? hf_entity_label(cli->net, i) : step->targets[k]);
    }
}

static hf_err steps_write(hf_cli *cli, const hf_scenario *scenario)
{
    hf_text_table *table = NULL;
    hf_err err;
    if (*scenario->description) hf_section_text(cli, scenario->description);
    HF_TRY(hf_text_table_new(&table));
    hf_text_table_column(table, "at", HF_ALIGN_RIGHT);
    hf_text_table_column(table, "what", HF_ALIGN_LEFT);
    hf_text_table_column(table, "whom", HF_ALIGN_LEFT);
    hf_text_table_column(table, "left", HF_ALIGN_RIGHT);
    hf_text_table_column(table, "in words", HF_ALIGN_LEFT);
    for (int k = 0; k < scenario->n_steps; k++) {
        const hf_step *step = &scenario->steps[k];
        hf_buf whom = {0};
        targets_words(cli, step, &whom);
        hf_cell_hours(table, step->at_h);
        hf_text_table_cell(table, hf_step_kind_name(step->kind));
        hf_text_table_cell(table, whom.text ? whom.text : "-");
        if (isnan(step->level)) hf_text_table_cell(table, "-");
        else hf_cell_share(table, step->level);
        hf_text_table_cell(table, *step->text ? step->text : "-");
        hf_buf_done(&whom);
    }
    err = hf_section_table(cli, "What is assumed", table);
out:
    hf_text_table_free(table);
    return err;
}

static hf_err cascade_write(report *r, const hf_what_if *w)
{
    hf_cli *cli = r->cli;
    hf_timeline *tl = NULL;
    hf_losses *losses = NULL;
    hf_err err;
    HF_TRY(hf_what_if_run(cli, w, &tl));
    HF_TRY(hf_losses_compute(tl, cli->net, w->out_below, &losses));
    hf_html_element(&cli->out, "h2", NULL, "What happens");
    HF_TRY(hf_print_answer(cli, tl, losses));
    HF_TRY(hf_report_over_time(cli, tl, losses, r->top, r->source.text));
    if (w->scenario) HF_TRY(steps_write(cli, w->scenario));
    HF_TRY(hf_print_losses(cli, w, tl, losses));
    if (losses->n_entities > 0) HF_TRY(hf_report_diagram(cli, tl, losses, r->source.text));
out:
    hf_losses_free(losses);
    hf_timeline_free(tl);
    return err;
}

static hf_err singles_write(report *r)
{
    hf_singles singles = {0};
    hf_err err;
    hf_html_element(&r->cli->out, "h2", NULL, "Which single failures matter most");
    HF_TRY(hf_singles_run(r->cli, &singles));
    HF_TRY(hf_report_singles(r->cli, &singles, r->top, r->source.text));
    HF_TRY(hf_singles_print(r->cli, &singles.reason, singles.summary, singles.order, singles.n));
out:
    hf_singles_done(&singles);
    return err;
}

static bool has_frequency(const hf_network *net)
{
    for (int z = 0; z < net->n_hazards; z++)
        if (net->hazard_frequency[z] > 0) return true;
    return false;
}

static hf_err events_write(report *r, long samples)
{
    hf_cli *cli = r->cli;
    hf_mc *mc = NULL;
    hf_mc_options o = {.sweep = hf_sweep_options_read(cli), .hazard = -1, .samples = samples, .tail = 0.95,
                       .seed = (uint64_t)hf_args_number(&cli->args, "seed", 1)};
    hf_err err;
    hf_html_element(&cli->out, "h2", NULL, "How bad is an ordinary year");
    HF_TRY(hf_mc_run(cli->net, &o, cli->diag, &mc));
    HF_TRY(hf_report_events(cli, mc, r->top, r->source.text));
    HF_TRY(hf_mc_print(cli, &o, 0, mc));
out:
    hf_mc_free(mc);
    return err;
}

static hf_err foot_write(hf_cli *cli)
{
    hf_buf text = {0};
    hf_html_element(&cli->out, "h2", NULL, "How this page was made");
    hf_section_text(cli, "Every figure comes from the data set named above; the same command on the same data gives the same page.");
    command_words(cli, &text);
    hf_buf_puts(&cli->out, "<p><code>");
    if (text.text) hf_html_text(&cli->out, text.text);
    hf_buf_puts(&cli->out, "</code></p>\n");
    hf_buf_done(&text);
    hf_buf_printf(&text, "sha256 of the data set: %s", hf_package_digest(cli->package));
    if (text.text) hf_html_element(&cli->out, "p", "note", text.text);
    hf_buf_done(&text);
    hf_html_close(&cli->out);
    return cli->out.err;
}

static hf_err page_write(report *r, const hf_what_if *w)
{
    long samples = (long)hf_args_number(&r->cli->args, "samples", 2000);
    hf_err err;
    hf_source_words(r->cli, &r->source);
    HF_TRY(r->source.err);
    HF_TRY(head_write(r, w));
    if (w) HF_TRY(cascade_write(r, w));
    HF_TRY(singles_write(r));
    if (samples > 0 && has_frequency(r->cli->net)) HF_TRY(events_write(r, samples));
    HF_TRY(foot_write(r->cli));
out:
    return err;
}

hf_err hf_cmd_report(hf_cli *cli)
{
    hf_what_if w = {.hazard = -1};
    report r = {.cli = cli, .top = (int)hf_args_number(&cli->args, "top", 15)};
    const char *path = hf_args_text(&cli->args, "out");
    hf_err err;
    if (hf_args_number(&cli->args, "samples", 2000) == 1) return hf_cli_usage(cli, "--samples is 0 or at least 2");
    HF_TRY(hf_cli_open(cli));
    bool asked = hf_what_if_asked(cli);
    if (asked) HF_TRY(hf_what_if_read(cli, &w));
    cli->page = true;
    HF_TRY(page_write(&r, asked ? &w : NULL));
    if (path) err = hf_file_out_all(cli, path);
out:
    hf_buf_done(&r.source);
    hf_what_if_done(&w);
    return err;
}
