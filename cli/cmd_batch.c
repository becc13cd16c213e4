/* Many data sets and what-ifs into one file of results. Each run is one transaction, so a batch that was killed goes on where it was. */
#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "base/parallel.h"
#include "cli/batch.h"
#include "cli/cells.h"
#include "cli/json_parts.h"
#include "cli/section.h"
#include "cli/words.h"
#include "model/cascade/sweep.h"

enum { AT_ONCE = 16 }; /* runs for each thread that are held in memory before they are written */

/* A job on one data set, and how far it went. */
typedef struct part {
    const hf_job *job;
    const char *data;
    int done, there, failed;
    double worst_user_hours;
} part;

typedef struct batch {
    hf_cli *cli;
    hf_arena memory;
    hf_job *jobs;
    int n_jobs;
    hf_results *results;
    part *parts;
    int n_parts;
    int threads;
    const volatile bool *stop;
} batch;

/* What one thread makes of one run. */
typedef struct outcome {
    hf_err err;
    hf_result result;
    hf_result_entity *entities;
    hf_result_sector *sectors;
} outcome;

typedef struct work {
    const hf_network *net;
    const hf_batch_run *runs;
    const int *which;     /* runs that are not there yet */
    hf_timeline **tl;     /* of each thread */
    outcome *outcome;
} work;

static hf_err run_one(void *context, int worker, long first, long last)
{
    const work *w = context;
    for (long k = first; k < last; k++) {
        const hf_batch_run *run = &w->runs[w->which[k]];
        outcome *o = &w->outcome[k];
        hf_losses *losses = NULL;
        *o = (outcome){.err = HF_OK};
        o->err = hf_timeline_run(w->tl[worker], run->injects, run->n_injects, &run->run, NULL);
        if (o->err == HF_OK) o->err = hf_losses_compute(w->tl[worker], w->net, run->out_below, &losses);
        if (o->err == HF_OK) o->err = hf_batch_result(w->net, losses, &o->result, &o->entities, &o->sectors);
        hf_losses_free(losses);
        if (o->err == HF_E_NOMEM) return o->err;
    }
    return HF_OK;
}

static hf_result_key key_of(const hf_package *package, const char *analysis, const char *options)
{
    return (hf_result_key){hf_package_digest(package), analysis, options, HF_VERSION};
}

static void label(hf_result *result, const hf_package *package, const char *analysis, const char *options)
{
    result->key = key_of(package, analysis, options);
    result->input_name = hf_package_name(package);
    result->input_version = hf_package_version(package);
}

/* Writes what was run, in its order; a run that failed becomes a finding. */
static hf_err outcomes_keep(batch *b, part *p, const hf_package *package, const work *w, int n, hf_diag *findings)
{
    hf_err err = HF_OK;
    for (int k = 0; k < n; k++) {
        outcome *o = &w->outcome[k];
        const hf_batch_run *run = &w->runs[w->which[k]];
        if (err == HF_OK && o->err != HF_OK) {
            p->failed++;
            hf_diag_add(findings, HF_ERROR, o->err, NULL, 0, 0, "%s: %s", run->options, hf_err_text(o->err));
        } else if (err == HF_OK) {
            label(&o->result, package, "cascade", run->options);
            err = hf_results_add(b->results, &o->result, b->cli->diag);
            if (err == HF_OK) p->done++, p->worst_user_hours = fmax(p->worst_user_hours, o->result.user_hours);
        }
        hf_free(o->entities);
        hf_free(o->sectors);
    }
    return err;
}

/* Runs that are not in the file yet, and how many there are. */
static hf_err runs_missing(batch *b, part *p, const hf_package *package, const hf_batch_run *runs, int n, int *which, int *ret_n)
{
    hf_err err = HF_OK;
    *ret_n = 0;
    for (int k = 0; k < n; k++) {
        hf_result_key key = key_of(package, "cascade", runs[k].options);
        bool has = false, twice = false;
        HF_TRY(hf_results_has(b->results, &key, b->cli->diag, &has));
        for (int j = 0; j < *ret_n; j++) twice |= strcmp(runs[which[j]].options, runs[k].options) == 0;
        if (has || twice) p->there++;
        else which[(*ret_n)++] = k;
    }
out:
    return err;
}

static hf_err cascades_run(batch *b, part *p, const hf_package *package, hf_diag *findings)
{
    hf_batch_run *runs = NULL;
    int n = 0, missing = 0;
    long most = (long)b->threads * AT_ONCE;
    size_t errors = hf_diag_count(findings, HF_ERROR);
    work w = {.net = hf_package_network(package)};
    int *which = NULL;
    hf_err err;
    HF_TRY(hf_batch_runs(p->job, package, &b->memory, findings, &runs, &n));
    p->failed += (int)(hf_diag_count(findings, HF_ERROR) - errors);
    which = hf_malloc((size_t)n * sizeof *which);
    w.tl = hf_calloc((size_t)b->threads, sizeof *w.tl);
    w.outcome = hf_calloc((size_t)most, sizeof *w.outcome);
    if (!which || !w.tl || !w.outcome) HF_TRY(HF_E_NOMEM);
    for (int k = 0; k < b->threads; k++) HF_TRY(hf_timeline_new(w.net, &w.tl[k]));
    HF_TRY(runs_missing(b, p, package, runs, n, which, &missing));
    w.runs = runs;
    for (int at = 0; at < missing && !*b->stop; at += (int)most) {
        int count = missing - at < most ? missing - at : (int)most;
        w.which = which + at;
        memset(w.outcome, 0, (size_t)count * sizeof *w.outcome);
        hf_err ran = hf_parallel_for(count, 1, b->threads, run_one, &w, NULL, NULL);
        HF_TRY(outcomes_keep(b, p, package, &w, ran == HF_OK ? count : 0, findings));
        HF_TRY(ran);
    }
out:
    for (int k = 0; w.tl && k < b->threads; k++) hf_timeline_free(w.tl[k]);
    hf_free(w.tl);
    hf_free(w.outcome);
    hf_free(which);
    hf_batch_runs_free(runs, n);
    return err;
}

/* Rows of a sweep; the run stands for its costliest entity. */
static hf_err singles_keep(batch *b, part *p, const hf_package *package, const char *options, const hf_cascade_summary *summary)
{
    const hf_network *net = hf_package_network(package);
    hf_result_single *rows = hf_malloc((size_t)net->n_entities * sizeof *rows);
    hf_result result = {.n_singles = net->n_entities, .singles = rows};
    if (!rows) return HF_E_NOMEM;
    for (int i = 0; i < net->n_entities; i++) {
        const hf_cascade_summary *s = &summary[i];
        rows[i] = (hf_result_single){net->id[i], s->entities_out, s->countries_reached, s->sectors_reached, s->depth, s->users_hit_peak, s->user_hours,
                                     s->value_eur, s->worst_hour};
        if (i > 0 && s->user_hours <= result.user_hours) continue;
        result.entities_out = s->entities_out;
        result.users_hit_peak = s->users_hit_peak;
        result.user_hours = s->user_hours;
        result.value_eur = s->value_eur;
        result.worst_hour = s->worst_hour;
    }
    label(&result, package, "singles", options);
    hf_err err = hf_results_add(b->results, &result, b->cli->diag);
    if (err == HF_OK) p->done++, p->worst_user_hours = fmax(p->worst_user_hours, result.user_hours);
    hf_free(rows);
    return err;
}

static hf_err singles_run(batch *b, part *p, const hf_package *package, hf_diag *findings)
{
    const hf_network *net = hf_package_network(package);
    const char *options = hf_batch_singles_options(p->job, &b->memory);
    hf_sweep_options o = {.run = hf_run_options_default(), .out_below = p->job->out_below, .threads = b->threads, .watch = {.stop = b->stop}};
    hf_cascade_summary *summary = NULL;
    bool has = false;
    long done = 0;
    hf_err err;
    if (!options) return HF_E_NOMEM;
    const hf_result_key key = key_of(package, "singles", options);
    HF_TRY(hf_results_has(b->results, &key, b->cli->diag, &has));
    if (has) {
        p->there++;
        return HF_OK;
    }
    if (!isnan(p->job->horizon_h)) o.run.horizon_h = p->job->horizon_h;
    o.run.no_repair = p->job->no_repair;
    summary = hf_malloc((size_t)net->n_entities * sizeof *summary);
    if (!summary) HF_TRY(HF_E_NOMEM);
    hf_err ran = hf_sweep_singles(net, &o, findings, summary, &done);
    if (ran == HF_E_NOMEM) HF_TRY(ran);
    if (ran != HF_OK) {
        p->failed++;
        hf_diag_add(findings, HF_ERROR, ran, NULL, 0, 0, "%s: %s", options, hf_err_text(ran));
    } else if (done == net->n_entities) HF_TRY(singles_keep(b, p, package, options, summary));
out:
    hf_free(summary);
    return err;
}

/* One job on one data set; what is wrong with it is kept as its errors and the batch goes on. */
static hf_err part_run(batch *b, part *p)
{
    hf_package *package = NULL;
    hf_diag *findings = NULL;
    hf_buf name = {0};
    hf_err err;
    HF_TRY(hf_diag_new(&findings));
    hf_buf_printf(&name, "%s: %s", p->job->name, p->data);
    HF_TRY(name.err);
    hf_err opened = hf_package_open(p->data, findings, &package);
    if (opened == HF_E_NOMEM) HF_TRY(opened);
    if (opened != HF_OK) {
        p->failed++;
        if (hf_diag_count(findings, HF_ERROR) == 0) hf_diag_add(findings, HF_ERROR, opened, p->data, 0, 0, "%s", hf_err_text(opened));
    } else if (p->job->analysis == HF_JOB_SINGLES) HF_TRY(singles_run(b, p, package, findings));
    else HF_TRY(cascades_run(b, p, package, findings));
    HF_TRY(hf_results_set_errors(b->results, name.text, findings, b->cli->diag));
    for (size_t k = 0; k < hf_diag_kept(findings); k++) {
        const hf_finding *f = hf_diag_get(findings, k);
        if (f->severity == HF_ERROR) hf_cli_message(b->cli, "%s: %s%s%s", name.text, f->file ? f->file : "", f->file ? ": " : "", f->text);
    }
out:
    hf_package_free(package);
    hf_diag_free(findings);
    hf_buf_done(&name);
    return err;
}

static hf_err parts_make(batch *b)
{
    for (int j = 0; j < b->n_jobs; j++) b->n_parts += b->jobs[j].n_data;
    b->parts = hf_calloc((size_t)b->n_parts, sizeof *b->parts);
    if (!b->parts) return HF_E_NOMEM;
    for (int j = 0, k = 0; j < b->n_jobs; j++)
        for (int d = 0; d < b->jobs[j].n_data; d++) b->parts[k++] = (part){.job = &b->jobs[j], .data = b->jobs[j].data[d]};
    return HF_OK;
}

static const char *analysis_name(const part *p)
{
    return p->job->analysis == HF_JOB_SINGLES ? "singles" : "cascade";
}

static hf_err print(const batch *b, int done, int there, int failed)
{
    hf_cli *cli = b->cli;
    hf_buf text = {0};
    hf_text_table *table = NULL;
    hf_err err;
    hf_word_count(&text, done, "run", "runs");
    hf_buf_puts(&text, " done, ");
    hf_word_count(&text, there, "was", "were");
    hf_buf_puts(&text, " there already, ");
    hf_word_count(&text, failed, "failed", "failed");
    hf_buf_printf(&text, ". The results are in %s.", hf_args_text(&cli->args, "out"));
    if (text.text) hf_section_text(cli, text.text);
    hf_buf_done(&text);
    HF_TRY(hf_text_table_new(&table));
    hf_text_table_column(table, "job", HF_ALIGN_LEFT);
    hf_text_table_column(table, "data set", HF_ALIGN_LEFT);
    hf_text_table_column(table, "analysis", HF_ALIGN_LEFT);
    hf_text_table_column(table, "done", HF_ALIGN_RIGHT);
    hf_text_table_column(table, "there", HF_ALIGN_RIGHT);
    hf_text_table_column(table, "failed", HF_ALIGN_RIGHT);
    hf_text_table_column(table, "worst of the done, user-h", HF_ALIGN_RIGHT);
    for (int k = 0; k < b->n_parts; k++) {
        const part *p = &b->parts[k];
        hf_text_table_cell(table, p->job->name);
        hf_text_table_cell(table, p->data);
        hf_text_table_cell(table, analysis_name(p));
        hf_text_table_cellf(table, "%d", p->done);
        hf_text_table_cellf(table, "%d", p->there);
        hf_text_table_cellf(table, "%d", p->failed);
        hf_cell_amount(table, p->worst_user_hours);
    }
    err = hf_section_table(cli, NULL, table);
out:
    hf_text_table_free(table);
    return err;
}

static hf_err print_json(const batch *b)
{
    hf_json json;
    hf_json_start(&json, &b->cli->out);
    hf_json_object(&json);
    hf_json_key_text(&json, "version", HF_VERSION);
    hf_json_key_text(&json, "results", hf_args_text(&b->cli->args, "out"));
    hf_json_key(&json, "parts");
    hf_json_array(&json);
    for (int k = 0; k < b->n_parts; k++) {
        const part *p = &b->parts[k];
        hf_json_object(&json);
        hf_json_key_text(&json, "job", p->job->name);
        hf_json_key_text(&json, "data", p->data);
        hf_json_key_text(&json, "analysis", analysis_name(p));
        hf_json_key_number(&json, "done", p->done);
        hf_json_key_number(&json, "there", p->there);
        hf_json_key_number(&json, "failed", p->failed);
        hf_json_key_number(&json, "worst_user_hours", p->worst_user_hours);
        hf_json_end(&json);
    }
    hf_json_end(&json);
    hf_json_end(&json);
    hf_buf_puts(&b->cli->out, "\n");
    return b->cli->out.err;
}

static hf_err summary_print(batch *b)
{
    int done = 0, there = 0, failed = 0;
    for (int k = 0; k < b->n_parts; k++) done += b->parts[k].done, there += b->parts[k].there, failed += b->parts[k].failed;
    if (failed > 0) b->cli->status = HF_EXIT_FAILED;
    return hf_args_has(&b->cli->args, "json") ? print_json(b) : print(b, done, there, failed);
}

static void findings_tell(hf_cli *cli, hf_err err, size_t first)
{
    if (err == HF_OK || cli->told || hf_diag_kept(cli->diag) == first) return;
    hf_cli_findings(cli, first, HF_WARNING);
    cli->told = true;
}

hf_err hf_cmd_batch(hf_cli *cli)
{
    batch b = {.cli = cli, .threads = (int)hf_args_number(&cli->args, "threads", 1), .stop = hf_interrupt_flag()};
    size_t first = hf_diag_kept(cli->diag);
    hf_err err;
    hf_arena_init(&b.memory);
    if (!hf_args_has(&cli->args, "out")) {
        err = hf_cli_usage(cli, "give --out FILE, the file of results; it is made, or added to");
        goto out;
    }
    HF_TRY(hf_jobs_read(cli->args.words[0], &b.memory, cli->diag, &b.jobs, &b.n_jobs));
    HF_TRY(parts_make(&b));
    HF_TRY(hf_results_open(hf_args_text(&cli->args, "out"), cli->diag, &b.results));
    for (int k = 0; k < b.n_parts && !*b.stop; k++) HF_TRY(part_run(&b, &b.parts[k]));
    if (*b.stop) hf_cli_message(cli, "stopped; what is done is kept: the same command goes on from there");
    HF_TRY(summary_print(&b));
    if (*b.stop) cli->status = HF_EXIT_FAILED;
out:
    findings_tell(cli, err, first);
    hf_results_close(b.results);
    hf_free(b.parts);
    hf_arena_done(&b.memory);
    return err;
}
