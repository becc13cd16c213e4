/* The assessment of the CER Directive: every entity alone, judged by a rule set. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "cli/assess.h"
#include "cli/file_out.h"
#include "cli/progress.h"
#include "cli/titles.h"
#include "cli/words.h"
#include "model/cascade/montecarlo.h"
#include "viz/html.h"

const char *hf_verdict_word(hf_verdict verdict)
{
    static const char *const words[] = {"-", "?", "no", "near", "met"};
    return words[verdict];
}

void hf_figure_words(hf_indicator indicator, double figure, hf_buf *out)
{
    if (isnan(figure)) hf_buf_puts(out, "?");
    else if (isinf(figure)) hf_buf_puts(out, "never");
    else if (indicator == HF_HOURS_ABOVE || hf_indicator_is_time_left(indicator)) hf_word_hours(out, figure);
    else if (indicator == HF_USERS_SHARE || indicator == HF_MARKET_SHARE || indicator == HF_UNCOVERED) hf_word_share(out, figure);
    else hf_word_amount(out, figure);
}

void hf_threshold_words(const hf_threshold *t, hf_buf *out)
{
    if (t->indicator == HF_NOT_ASSESSABLE && t->needs) hf_buf_puts(out, t->needs);
    else hf_buf_puts(out, hf_indicator_words(t->indicator));
    if (t->indicator == HF_HOURS_ABOVE) {
        hf_buf_puts(out, " (");
        hf_word_amount(out, t->level);
        hf_buf_puts(out, ")");
    }
    if (t->indicator == HF_SUPPLY) hf_buf_printf(out, ", %s", t->unit);
}

static hf_err rules_open(hf_cer *cer)
{
    const char *file = NULL;
    hf_err err = hf_assess_rules_find(cer->cli, "cer-art7", "one of cer-art7, de-kritis, nl-vital, eu-cross-border", &cer->memory, &file);
    return err == HF_OK ? hf_rules_read(file, &cer->memory, cer->cli->diag, &cer->rules) : err;
}

static hf_err state_find(hf_cer *cer)
{
    const hf_network *net = cer->cli->net;
    const char *name = hf_args_text(&cer->cli->args, "state");
    cer->state = -1;
    if (!name) return HF_OK;
    cer->state = hf_labels_find(&net->countries, name);
    if (cer->state >= 0) return HF_OK;
    hf_buf known = {0};
    for (int c = 0; c < net->countries.n; c++) hf_buf_printf(&known, " %s", net->countries.name[c]);
    hf_err err = hf_cli_usage(cer->cli, "--state %s: no entity of this data set lies or serves there (allowed:%s)", name, known.text ? known.text : "");
    hf_buf_done(&known);
    return err;
}

static hf_err options_make(hf_cer *cer)
{
    const hf_network *net = cer->cli->net;
    cer->is_member = hf_calloc((size_t)net->countries.n, sizeof *cer->is_member);
    if (!cer->is_member) return HF_E_NOMEM;
    for (int m = 0; m < cer->rules.n_members; m++) {
        int c = hf_labels_find(&net->countries, cer->rules.member[m]);
        if (c >= 0) cer->is_member[c] = true;
    }
    hf_rules_levels(&cer->rules, &cer->options);
    cer->options.run = hf_run_options_default();
    cer->options.run.horizon_h = hf_args_number(&cer->cli->args, "horizon", cer->options.run.horizon_h);
    cer->options.run.no_repair = hf_args_has(&cer->cli->args, "no-repair");
    cer->options.out_below = hf_args_number(&cer->cli->args, "out-below", 0.5);
    cer->options.is_member = cer->is_member;
    cer->options.watch = hf_progress_watch(cer->cli);
    return HF_OK;
}

/* What qsort compares by; the standings hold indices only. */
typedef struct ranked {
    hf_standing standing;
    double user_hours;
} ranked;

/* Those that reach a class first, the gravest first; then by criteria met, near, and by user-hours. */
static int compare_standing(const void *pa, const void *pb)
{
    const ranked *a = pa, *b = pb;
    int class_a = a->standing.class_reached < 0 ? INT32_MAX : a->standing.class_reached;
    int class_b = b->standing.class_reached < 0 ? INT32_MAX : b->standing.class_reached;
    if (class_a != class_b) return class_a < class_b ? -1 : 1;
    if (a->standing.met != b->standing.met) return b->standing.met - a->standing.met;
    if (a->standing.near != b->standing.near) return b->standing.near - a->standing.near;
    if (a->user_hours != b->user_hours) return a->user_hours > b->user_hours ? -1 : 1;
    return a->standing.entity - b->standing.entity;
}

static hf_err judge(hf_cer *cer)
{
    const hf_network *net = cer->cli->net;
    size_t n = (size_t)net->n_entities;
    ranked *all = hf_calloc(n, sizeof *all);
    cer->standing = hf_calloc(n, sizeof *cer->standing);
    if (all && cer->standing) {
        for (int i = 0; i < net->n_entities; i++) {
            hf_standing *s = &all[i].standing;
            s->entity = i;
            s->class_reached = hf_rules_judge(&cer->rules, net, i, &cer->all->of[i], &cer->options, s->criterion);
            for (int k = 0; k < HF_CRITERIA; k++) s->met += s->criterion[k] == HF_MET, s->near += s->criterion[k] == HF_NEAR;
            all[i].user_hours = cer->all->of[i].cascade.user_hours;
        }
        qsort(all, n, sizeof *all, compare_standing);
        for (size_t k = 0; k < n; k++) cer->standing[k] = all[k].standing;
    }
    hf_err err = all && cer->standing ? HF_OK : HF_E_NOMEM;
    hf_free(all);
    return err;
}

static int compare_risk(const void *pa, const void *pb)
{
    const hf_hazard_risk *a = pa, *b = pb;
    double loss_a = a->per_year * a->user_hours, loss_b = b->per_year * b->user_hours;
    if (loss_a != loss_b) return loss_a > loss_b ? -1 : 1;
    return a->hazard - b->hazard;
}

/* Events of each hazard by itself. */
static hf_err risks_find(hf_cer *cer)
{
    const hf_network *net = cer->cli->net;
    hf_err err = HF_OK;
    hf_mc *mc = NULL;
    cer->risk = hf_calloc((size_t)net->n_hazards, sizeof *cer->risk);
    if (!cer->risk) return HF_E_NOMEM;
    for (int z = 0; z < net->n_hazards; z++) {
        if (net->hazard_off[z] == net->hazard_off[z + 1]) continue;
        hf_mc_options o = {.sweep = {.run = cer->options.run, .out_below = cer->options.out_below, .watch = cer->options.watch,
                                     .threads = (int)hf_args_number(&cer->cli->args, "threads", 1)},
                           .hazard = z, .samples = (long)hf_args_number(&cer->cli->args, "samples", 1000), .tail = 0.95,
                           .seed = (uint64_t)hf_args_number(&cer->cli->args, "seed", 1)};
        HF_TRY(hf_mc_run(net, &o, cer->cli->diag, &mc));
        cer->risk[cer->n_risks++] = (hf_hazard_risk){z, isnan(net->hazard_frequency[z]) ? 0 : net->hazard_frequency[z], mc->user_hours.mean,
                                                     mc->user_hours.mean_low, mc->user_hours.mean_high, mc->value_eur.mean};
        hf_mc_free(mc);
        mc = NULL;
    }
    qsort(cer->risk, (size_t)cer->n_risks, sizeof *cer->risk, compare_risk);
out:
    hf_mc_free(mc);
    return err;
}

static hf_err all_assess(hf_cer *cer)
{
    hf_cli *cli = cer->cli;
    int entity = -1;
    hf_err err;
    if (hf_args_has(&cli->args, "entity")) HF_TRY(hf_cli_entity(cli, hf_args_text(&cli->args, "entity"), &entity));
    HF_TRY(hf_assess(cli->net, &cer->options, cli->diag, &cer->all));
    HF_TRY(judge(cer));
    if (entity < 0 && !hf_args_has(&cli->args, "csv")) HF_TRY(risks_find(cer));
    bool json = hf_args_has(&cli->args, "json");
    if (entity >= 0) err = json ? hf_cer_entity_json(cer, entity) : hf_cer_entity_print(cer, entity);
    else err = json ? hf_cer_json(cer) : hf_args_has(&cli->args, "csv") ? hf_cer_csv(cer) : hf_cer_print(cer);
out:
    return err;
}

static hf_err assess(hf_cer *cer)
{
    return hf_what_if_asked(cer->cli) ? hf_cer_incident(cer) : all_assess(cer);
}

/* --out: the same as a page of HTML in a file. */
static hf_err page_write(hf_cer *cer)
{
    hf_cli *cli = cer->cli;
    hf_buf title = {0};
    hf_err err;
    if (hf_args_has(&cli->args, "json") || hf_args_has(&cli->args, "csv")) return hf_cli_usage(cli, "--out writes a page: give it without --json and --csv");
    cli->page = true;
    hf_title_words(cli, NULL, &title);
    hf_buf_puts(&title, ": assessment under Directive (EU) 2022/2557");
    HF_TRY(title.err);
    hf_html_open(&cli->out, title.text);
    HF_TRY(assess(cer));
    hf_buf_done(&title);
    hf_source_words(cli, &title);
    hf_buf_printf(&title, "; rule set %s %s: %s", cer->rules.name, cer->rules.version, cer->rules.source);
    HF_TRY(title.err);
    hf_html_element(&cli->out, "p", "note", title.text);
    hf_html_close(&cli->out);
    err = hf_file_out_all(cli, hf_args_text(&cli->args, "out"));
out:
    hf_buf_done(&title);
    return err;
}

static void cer_done(hf_cer *cer)
{
    hf_assessment_free(cer->all);
    hf_free(cer->standing);
    hf_free(cer->risk);
    hf_free(cer->is_member);
    hf_arena_done(&cer->memory);
}

hf_err hf_assess_cer(hf_cli *cli)
{
    hf_cer cer = {.cli = cli};
    hf_err err;
    hf_arena_init(&cer.memory);
    HF_TRY(hf_cli_open(cli));
    size_t first = hf_diag_kept(cli->diag);
    err = rules_open(&cer);
    if (err == HF_OK) err = state_find(&cer);
    if (err == HF_OK) err = options_make(&cer);
    if (err == HF_OK) err = hf_args_has(&cli->args, "out") ? page_write(&cer) : assess(&cer);
    if (err != HF_OK && !cli->told && hf_diag_kept(cli->diag) > first) {
        hf_cli_findings(cli, first, HF_WARNING);
        cli->told = true;
    }
out:
    cer_done(&cer);
    return err;
}
