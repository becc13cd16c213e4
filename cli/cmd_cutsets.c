#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "cli/print_cutsets.h"
#include "cli/progress.h"
#include "cli/targets.h"

/* The question of a command line. */
typedef struct question {
    hf_cut_options o;
    int *targets;
    double *weight;
    hf_inject *candidates;
    double *probability; /* [entities] until the candidates are known, then [n_candidates] */
    bool *may;           /* [entities] may fail */
    hf_inject *inject;   /* [entities] how each would fail */
} question;

static void question_done(question *q)
{
    hf_free(q->targets);
    hf_free(q->weight);
    hf_free(q->candidates);
    hf_free(q->probability);
    hf_free(q->may);
    hf_free(q->inject);
}

static hf_err users_target(hf_cli *cli, question *q)
{
    int n = cli->net->n_entities;
    q->targets = hf_malloc((size_t)n * sizeof *q->targets);
    if (!q->targets) return HF_E_NOMEM;
    for (int i = 0; i < n; i++) q->targets[i] = i;
    q->o.n_targets = n;
    q->o.graded = true;
    q->o.share = hf_args_number(&cli->args, "users", 1);
    return HF_OK;
}

/* An entity, all of a filter, one of it, a share of its users; or a share of all users. */
static hf_err target_read(hf_cli *cli, question *q)
{
    hf_err err = HF_OK;
    double users = 0;
    bool any = hf_args_has(&cli->args, "any"), share = hf_args_has(&cli->args, "share"), of_all = hf_args_has(&cli->args, "users");
    if (of_all == (cli->args.n_words == 2)) return hf_cli_usage(cli, "give either a TARGET (an entity or a filter) or --users SHARE");
    if (any + share + of_all > 1) return hf_cli_usage(cli, "--any, --share and --users say three different things: give one of them");
    if (of_all) HF_TRY(users_target(cli, q));
    else HF_TRY(hf_targets_read(cli, "TARGET", cli->args.words[1], &q->targets, &q->o.n_targets));
    if (any) q->o.share = 1.0 / q->o.n_targets;
    if (share) q->o.share = hf_args_number(&cli->args, "share", 1);
    q->weight = hf_malloc((size_t)q->o.n_targets * sizeof *q->weight);
    if (!q->weight) return HF_E_NOMEM;
    for (int k = 0; k < q->o.n_targets; k++) users += q->weight[k] = cli->net->users[q->targets[k]];
    if (of_all && !(users > 0)) return hf_cli_usage(cli, "--users: nobody in this data set has users");
    q->o.targets = q->targets;
    q->o.weight = users > 0 && (share || of_all) ? q->weight : NULL;
out:
    return err;
}

/* Sets a mark for all that an option names. */
static hf_err marks_set(hf_cli *cli, const char *option, const char *text, bool *mark, bool value)
{
    int *entities = NULL, n = 0;
    hf_err err = hf_targets_read(cli, option, text, &entities, &n);
    for (int k = 0; err == HF_OK && k < n; k++) mark[entities[k]] = value;
    hf_free(entities);
    return err;
}

static hf_err hazard_apply(hf_cli *cli, question *q)
{
    const hf_network *net = cli->net;
    const char *name = hf_args_text(&cli->args, "hazard");
    int z;
    if (!name) return HF_OK;
    hf_err err = hf_hazard_read(cli, name, &z);
    if (err != HF_OK) return err;
    bool *hit = hf_calloc((size_t)net->n_entities, sizeof *hit);
    if (!hit) return HF_E_NOMEM;
    for (int d = net->hazard_off[z]; d < net->hazard_off[z + 1]; d++) {
        int i = net->damage_entity[d];
        hit[i] = true;
        q->inject[i] = hf_damage_inject(net, d);
        q->probability[i] = net->damage_probability[d];
    }
    for (int i = 0; i < net->n_entities; i++) q->may[i] = q->may[i] && hit[i];
    q->o.probability = q->probability;
    hf_free(hit);
    return HF_OK;
}

/* --probability [TARGET=]P */
static hf_err probability_apply(hf_cli *cli, question *q, const char *text)
{
    const char *equals = strrchr(text, '='), *number = equals ? equals + 1 : text;
    double p;
    int *entities = NULL, n = 0;
    hf_buf target = {0};
    hf_err err = HF_OK;
    if (!hf_number_parse(number, strlen(number), &p) || p < 0 || p > 1)
        return hf_cli_usage(cli, "--probability %s: a probability is a number from 0 to 1, not \"%s\"", text, number);
    q->o.probability = q->probability;
    if (!equals) {
        for (int i = 0; i < cli->net->n_entities; i++) q->probability[i] = p;
        return HF_OK;
    }
    hf_buf_add(&target, text, (size_t)(equals - text));
    HF_TRY(target.err);
    HF_TRY(hf_targets_read(cli, "--probability", target.text, &entities, &n));
    for (int k = 0; k < n; k++) q->probability[entities[k]] = p;
out:
    hf_free(entities);
    hf_buf_done(&target);
    return err;
}

/* Who may fail: all, or whom --among names; not whom --except names; and only whom --hazard damages. */
static hf_err may_read(hf_cli *cli, question *q)
{
    hf_err err = HF_OK;
    size_t n = (size_t)cli->net->n_entities;
    q->may = hf_calloc(n, sizeof *q->may);
    q->inject = hf_calloc(n, sizeof *q->inject);
    q->probability = hf_calloc(n, sizeof *q->probability);
    q->candidates = hf_calloc(n, sizeof *q->candidates);
    if (!q->may || !q->inject || !q->probability || !q->candidates) return HF_E_NOMEM;
    bool all = !hf_args_has(&cli->args, "among");
    for (int i = 0; i < cli->net->n_entities; i++) {
        q->may[i] = all;
        q->inject[i] = (hf_inject){0, HF_INJECT_FAIL, i, 0, NAN};
    }
    for (int k = 0; all && !q->o.graded && k < q->o.n_targets; k++) q->may[q->targets[k]] = false;
    static const char *const names[] = {"among", "except"};
    for (int turn = 0; turn < 2; turn++)
        for (int k = 0; k < cli->args.n_given; k++)
            if (strcmp(cli->args.given[k].option->name, names[turn]) == 0)
                HF_TRY(marks_set(cli, turn ? "--except" : "--among", cli->args.given[k].text, q->may, turn == 0));
    HF_TRY(hazard_apply(cli, q));
    for (int k = 0; k < cli->args.n_given; k++)
        if (strcmp(cli->args.given[k].option->name, "probability") == 0) HF_TRY(probability_apply(cli, q, cli->args.given[k].text));
    for (int i = 0; i < cli->net->n_entities; i++) {
        if (!q->may[i]) continue;
        q->probability[q->o.n_candidates] = q->probability[i]; /* moves down: no later one is overwritten before it is read */
        q->candidates[q->o.n_candidates++] = q->inject[i];
    }
    q->o.candidates = q->candidates;
    if (q->o.n_candidates == 0) err = hf_cli_usage(cli, "nobody is left who may fail; look at --among, --except and --hazard");
out:
    return err;
}

static hf_err question_read(hf_cli *cli, question *q)
{
    hf_err err;
    bool steady = hf_args_has(&cli->args, "steady"), repair = hf_args_has(&cli->args, "repair");
    if (steady && (repair || hf_args_has(&cli->args, "horizon")))
        return hf_cli_usage(cli, "--steady is about the end, when nothing is repaired: give it without --repair and --horizon");
    *q = (question){.o = {.share = 1,
                          .out_below = hf_args_number(&cli->args, "out-below", 0.5),
                          .timeline = !steady,
                          .run = hf_run_options_default(),
                          .max_size = (int)hf_args_number(&cli->args, "max-size", 3),
                          .max_sets = (int)hf_args_number(&cli->args, "max-count", 50),
                          .watch = hf_progress_watch(cli)}};
    q->o.run.horizon_h = hf_args_number(&cli->args, "horizon", q->o.run.horizon_h);
    q->o.run.no_repair = !repair;
    HF_TRY(target_read(cli, q));
    HF_TRY(may_read(cli, q));
out:
    return err;
}

/* There is no list to print: the event is there already, or cannot be brought about. */
static hf_err no_answer(hf_cli *cli, const hf_cut_sets *sets)
{
    if (sets->n == 1 && sets->off[1] == 0) hf_cli_message(cli, "it is so without any failure: what the target needs is not there to begin with");
    else if (sets->n == 0 && sets->complete) hf_cli_message(cli, "no failure of those that may fail brings it about");
    else return HF_OK;
    cli->told = true;
    return HF_E_NO_ANSWER;
}

hf_err hf_cmd_cutsets(hf_cli *cli)
{
    question q = {0};
    hf_cut_sets *sets = NULL;
    size_t first = 0;
    hf_err err;
    HF_TRY(hf_cli_open(cli));
    HF_TRY(question_read(cli, &q));
    first = hf_diag_kept(cli->diag);
    err = hf_cut_sets_find(cli->net, &q.o, cli->diag, &sets);
    hf_progress_clear();
    if (err != HF_OK && hf_diag_kept(cli->diag) > first) {
        hf_cli_findings(cli, first, HF_WARNING);
        cli->told = true;
    }
    HF_TRY(err);
    if (*q.o.watch.stop) hf_cli_message(cli, "stopped: the list is what was found until then");
    HF_TRY(no_answer(cli, sets));
    HF_TRY(hf_cut_sets_write(cli, &q.o, sets));
out:
    hf_cut_sets_free(sets);
    question_done(&q);
    return err;
}
