#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "cli/cause_words.h"
#include "cli/cells.h"
#include "cli/json_parts.h"
#include "cli/progress.h"
#include "cli/words.h"
#include "model/cascade/scenario.h"
#include "solver/cutsets.h"

/* What was asked, and what it borrows. */
typedef struct request {
    hf_cutsets_options o;
    int *targets, *candidates;
    double *probability;
    const char *what; /* the target as typed, NULL for users */
} request;

static void request_done(request *r)
{
    hf_free(r->targets);
    hf_free(r->candidates);
    hf_free(r->probability);
}

static hf_err target_read(hf_cli *cli, request *r)
{
    const char *why = NULL;
    bool users = hf_args_has(&cli->args, "users");
    if (users == (cli->args.n_words == 2)) return hf_cli_usage(cli, "give either a TARGET (an entity or a filter) or --users SHARE");
    if (users) {
        r->o.event = HF_CUT_USERS;
        r->o.share = hf_args_number(&cli->args, "users", 0.1);
        return HF_OK;
    }
    r->what = cli->args.words[1];
    hf_err err = hf_target_resolve(cli->net, r->what, &r->targets, &r->o.n_targets, &why);
    if (err == HF_OK && r->o.n_targets == 0) return hf_cli_usage(cli, "TARGET %s: %s", r->what, why);
    r->o.event = hf_args_has(&cli->args, "any") ? HF_CUT_ANY : HF_CUT_ALL;
    r->o.targets = r->targets;
    return err;
}

/* --among filters, or those that --hazard damages, with their probabilities. */
static hf_err candidates_read(hf_cli *cli, request *r)
{
    const hf_network *net = cli->net;
    const char *hazard = hf_args_text(&cli->args, "hazard");
    bool *in = hf_calloc((size_t)net->n_entities, sizeof *in);
    hf_err err = HF_OK;
    bool listed = hazard != NULL;
    r->candidates = hf_malloc((size_t)net->n_entities * sizeof *r->candidates);
    if (!in || !r->candidates) HF_TRY(HF_E_NOMEM);
    for (int k = 0; k < cli->args.n_given; k++) {
        int *entities = NULL, n = 0;
        const char *why = NULL;
        if (strcmp(cli->args.given[k].option->name, "among") != 0) continue;
        HF_TRY(hf_target_resolve(net, cli->args.given[k].text, &entities, &n, &why));
        for (int e = 0; e < n; e++) in[entities[e]] = true;
        hf_free(entities);
        if (n == 0) HF_TRY(hf_cli_usage(cli, "--among %s: %s", cli->args.given[k].text, why));
        listed = true;
    }
    if (hazard) {
        int z = 0;
        while (z < net->n_hazards && strcmp(net->hazard_id[z], hazard) != 0) z++;
        if (z == net->n_hazards)
            HF_TRY(hf_cli_usage(cli, "there is no hazard \"%s\" in this data set; `holdfast check %s` lists them", hazard, cli->args.words[0]));
        r->probability = hf_calloc((size_t)net->n_entities, sizeof *r->probability);
        if (!r->probability) HF_TRY(HF_E_NOMEM);
        for (int d = net->hazard_off[z]; d < net->hazard_off[z + 1]; d++) {
            in[net->damage_entity[d]] = true;
            r->probability[net->damage_entity[d]] = net->damage_probability[d];
        }
        r->o.probability = r->probability;
    }
    for (int i = 0; i < net->n_entities && listed; i++)
        if (in[i]) r->candidates[r->o.n_candidates++] = i;
    if (listed) r->o.candidates = r->candidates;
out:
    hf_free(in);
    return err;
}

static hf_err request_read(hf_cli *cli, request *r)
{
    hf_err err = HF_OK;
    r->o = (hf_cutsets_options){.max_size = (int)hf_args_number(&cli->args, "max-size", 3), .max_count = (int)hf_args_number(&cli->args, "max-count", 50),
                                .run = hf_run_options_default(), .out_below = hf_args_number(&cli->args, "out-below", 0.5),
                                .watch = hf_progress_watch(cli)};
    r->o.run.horizon_h = hf_args_number(&cli->args, "horizon", 720);
    HF_TRY(target_read(cli, r));
    HF_TRY(candidates_read(cli, r));
out:
    return err;
}

static void probability_print(hf_buf *out, const hf_cutsets *sets)
{
    if (isnan(sets->union_low)) return;
    if (sets->union_high - sets->union_low <= 1e-12) hf_buf_printf(out, "Probability that one of them fails whole: %.6g", sets->union_low);
    else hf_buf_printf(out, "Probability that one of them fails whole: between %.4g and %.4g", sets->union_low, sets->union_high);
    hf_buf_puts(out, sets->complete ? ".\n" : "; larger sets come on top.\n");
}

static void event_print(hf_cli *cli, const request *r)
{
    hf_buf *out = &cli->out;
    if (!r->what) {
        hf_buf_puts(out, "hit at least ");
        hf_word_share(out, r->o.share);
        hf_buf_puts(out, " of all users");
    } else if (r->o.n_targets == 1) hf_buf_printf(out, "take %s out", hf_entity_label(cli->net, r->o.targets[0]));
    else hf_buf_printf(out, "take %s of the %d entities of \"%s\" out", r->o.event == HF_CUT_ANY ? "one" : "all", r->o.n_targets, r->what);
}

static hf_err print(hf_cli *cli, const request *r, const hf_cutsets *sets)
{
    hf_text_table *table = NULL;
    hf_buf *out = &cli->out;
    hf_err err = HF_OK;
    hf_word_count(out, sets->n, "smallest set", "smallest sets");
    hf_buf_puts(out, sets->n == 1 ? " of failures, enough to " : " of failures, each enough to ");
    event_print(cli, r);
    hf_buf_printf(out, " within %g h, when nothing is repaired.\n", r->o.run.horizon_h);
    if (sets->complete) hf_buf_puts(out, "There are no others.\n");
    else if (sets->size_done > 0)
        hf_buf_printf(out, "All of up to %d %s are listed; larger ones may exist.\n", sets->size_done, sets->size_done == 1 ? "failure" : "failures");
    else hf_buf_puts(out, "There are more; --max-count and --max-size go on.\n");
    probability_print(out, sets);
    if (sets->n == 0) return out->err;
    hf_buf_puts(out, "\n");
    HF_TRY(hf_text_table_new(&table));
    hf_text_table_column(table, "size", HF_ALIGN_RIGHT);
    hf_text_table_column(table, "fails together", HF_ALIGN_LEFT);
    if (sets->probability) hf_text_table_column(table, "probability", HF_ALIGN_RIGHT);
    for (int k = 0; k < sets->n; k++) {
        hf_buf names = {0};
        for (int m = sets->off[k]; m < sets->off[k + 1]; m++)
            hf_buf_printf(&names, "%s%s (%s)", m > sets->off[k] ? " + " : "", hf_entity_label(cli->net, sets->entity[m]), cli->net->id[sets->entity[m]]);
        hf_text_table_cellf(table, "%d", sets->off[k + 1] - sets->off[k]);
        hf_text_table_cell(table, names.text ? names.text : "");
        if (sets->probability) hf_text_table_cellf(table, "%.4g", sets->probability[k]);
        hf_buf_done(&names);
    }
    HF_TRY(hf_text_table_write(table, cli->width, out));
out:
    hf_text_table_free(table);
    return err;
}

static hf_err json_write(hf_cli *cli, const request *r, const hf_cutsets *sets)
{
    static const char *const events[] = {"any", "all", "users"};
    hf_json json;
    hf_json_start(&json, &cli->out);
    hf_json_head(&json, cli);
    hf_json_key_text(&json, "event", events[r->o.event]);
    hf_json_key_text(&json, "target", r->what);
    if (!r->what) hf_json_key_number(&json, "share", r->o.share);
    hf_json_key_number(&json, "horizon_h", r->o.run.horizon_h);
    hf_json_key_number(&json, "complete", sets->complete);
    hf_json_key_number(&json, "size_done", sets->size_done);
    hf_json_key_number(&json, "runs", (double)sets->runs);
    hf_json_key_number(&json, "rows", (double)sets->rows);
    hf_json_key_number(&json, "probability_low", sets->union_low);
    hf_json_key_number(&json, "probability_high", sets->union_high);
    hf_json_key(&json, "sets");
    hf_json_array(&json);
    for (int k = 0; k < sets->n; k++) {
        hf_json_object(&json);
        hf_json_key(&json, "entities");
        hf_json_array(&json);
        for (int m = sets->off[k]; m < sets->off[k + 1]; m++) hf_json_text(&json, cli->net->id[sets->entity[m]]);
        hf_json_end(&json);
        if (sets->probability) hf_json_key_number(&json, "probability", sets->probability[k]);
        hf_json_end(&json);
    }
    hf_json_end(&json);
    hf_json_end(&json);
    hf_buf_puts(&cli->out, "\n");
    return cli->out.err;
}

/* One row for each entity of each set. */
static hf_err csv_write(hf_cli *cli, const hf_cutsets *sets)
{
    static const char *const columns[] = {"set", "size", "id", "probability"};
    hf_table *table = NULL;
    hf_err err = HF_OK;
    HF_TRY(hf_table_new("", columns, 4, &table));
    for (int k = 0; k < sets->n; k++)
        for (int m = sets->off[k]; m < sets->off[k + 1]; m++) {
            char text[3][32];
            hf_number_format(k + 1, text[0]);
            hf_number_format(sets->off[k + 1] - sets->off[k], text[1]);
            if (sets->probability) hf_number_format(sets->probability[k], text[2]);
            HF_TRY(hf_table_append(table, (const char *const[]){text[0], text[1], cli->net->id[sets->entity[m]], sets->probability ? text[2] : NULL}));
        }
    hf_table_write(table, &cli->out);
    err = cli->out.err;
out:
    hf_table_free(table);
    return err;
}

hf_err hf_cmd_cutsets(hf_cli *cli)
{
    request r = {0};
    hf_cutsets *sets = NULL;
    hf_err err = hf_cli_open(cli);
    if (err != HF_OK) return err;
    size_t first = hf_diag_kept(cli->diag);
    HF_TRY(request_read(cli, &r));
    err = hf_cutsets_find(cli->net, &r.o, cli->diag, &sets);
    if (err != HF_OK && hf_diag_kept(cli->diag) > first) {
        hf_cli_findings(cli, first, HF_ERROR);
        cli->told = true;
    }
    HF_TRY(err);
    if (hf_args_has(&cli->args, "json")) HF_TRY(json_write(cli, &r, sets));
    else if (hf_args_has(&cli->args, "csv")) HF_TRY(csv_write(cli, sets));
    else HF_TRY(print(cli, &r, sets));
out:
    hf_cutsets_free(sets);
    request_done(&r);
    return err;
}
