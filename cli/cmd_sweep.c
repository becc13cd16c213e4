#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "cli/cause_words.h"
#include "cli/print_sweep.h"
#include "cli/sweep_runs.h"
#include "cli/sweep_sets.h"
#include "cli/words.h"
#include "datasets/confidence.h"

static void runs_locked_out_say(hf_cli *cli, long locked_out, long n)
{
    if (locked_out > 0)
        hf_cli_message(cli, "in %ld of %ld runs something goes whenever it is back and was left down; `cascade` names it", locked_out, n);
}

static void locked_out_say(hf_cli *cli, const hf_cascade_summary *summary, long n)
{
    long locked_out = 0;
    for (long k = 0; k < n; k++) locked_out += summary[k].locked_out;
    runs_locked_out_say(cli, locked_out, n);
}

static hf_err singles(hf_cli *cli)
{
    hf_singles s = {0};
    hf_err err;
    HF_TRY(hf_singles_run(cli, &s));
    if (s.n < cli->net->n_entities)
        hf_cli_message(cli, "stopped: %d of %d entities were run, in the order of their ids; the ranking is of those", s.n, cli->net->n_entities);
    locked_out_say(cli, s.summary, s.n);
    HF_TRY(hf_singles_write(cli, &s.reason, s.summary, s.order, s.n));
out:
    hf_singles_done(&s);
    return err;
}

static hf_err pairs(hf_cli *cli)
{
    hf_sweep_options o = hf_sweep_options_read(cli);
    hf_rank_by by = hf_sweep_rank_by(cli);
    int top = (int)hf_args_number(&cli->args, "top", 15), n = 0;
    hf_pair *best = NULL;
    long all = 0, run = 0;
    if (top == 0) return hf_cli_usage(cli, "--pairs lists at least one pair: give --top N of 1 or more");
    hf_err err = hf_sweep_pairs(cli->net, &o, by, top, cli->diag, &best, &n, &all, &run);
    if (err == HF_OK) err = hf_pairs_write(cli, best, n, all, run);
    hf_free(best);
    return err;
}

static hf_err hazard_find(hf_cli *cli, int *ret_hazard)
{
    const char *name = hf_args_text(&cli->args, "hazard");
    *ret_hazard = name ? hf_network_find_hazard(cli->net, name) : -1;
    if (!name || *ret_hazard >= 0) return HF_OK;
    return hf_cli_usage(cli, "there is no hazard \"%s\" in this data set; `holdfast check %s` lists them", name, cli->args.words[0]);
}

static hf_err monte_carlo(hf_cli *cli)
{
    const hf_network *net = cli->net;
    hf_mc *mc = NULL;
    hf_link_doubt doubt = {0};
    double *requirement = NULL, *supply = NULL;
    int doubtful = 0;
    hf_mc_options o = {.sweep = hf_sweep_options_read(cli),
                       .samples = (long)hf_args_number(&cli->args, "samples", 10000),
                       .relative_error = hf_args_number(&cli->args, "relative-error", 0),
                       .tail = hf_args_number(&cli->args, "tail", 0.95),
                       .seed = (uint64_t)hf_args_number(&cli->args, "seed", 1)};
    hf_err err;
    HF_TRY(hazard_find(cli, &o.hazard));
    if (hf_args_has(&cli->args, "uncertain-links")) {
        requirement = hf_malloc((size_t)net->n_requirements * sizeof *requirement);
        supply = hf_malloc((size_t)net->n_supplies * sizeof *supply);
        if (!requirement || !supply) HF_TRY(HF_E_NOMEM);
        doubtful = hf_confidence_read(cli->package, requirement, supply);
        doubt = (hf_link_doubt){requirement, supply};
        if (doubtful > 0) o.doubt = &doubt;
        else hf_cli_message(cli, "no requirement and no supply link has a confidence below 1: --uncertain-links changes nothing (column confidence)");
    }
    HF_TRY(hf_mc_run(net, &o, cli->diag, &mc));
    runs_locked_out_say(cli, mc->locked_out, mc->samples);
    HF_TRY(hf_mc_write(cli, &o, doubtful, mc));
out:
    hf_free(requirement);
    hf_free(supply);
    hf_mc_free(mc);
    return err;
}

static hf_err sets(hf_cli *cli)
{
    hf_err err = HF_OK;
    hf_sweep_options o = hf_sweep_options_read(cli);
    hf_rank_by by = hf_sweep_rank_by(cli);
    hf_boolean_reason reason = {HF_BOOLEAN_YES, -1, -1, -1, -1};
    hf_sets s = {0};
    hf_cascade_summary *summary = NULL;
    hf_order_item *item = NULL;
    int *order = NULL;
    long done = 0;
    HF_TRY(hf_sets_read(cli, hf_args_text(&cli->args, "sets"), &s));
    summary = hf_malloc((size_t)s.n * sizeof *summary);
    item = hf_malloc((size_t)s.n * sizeof *item);
    order = hf_malloc((size_t)s.n * sizeof *order);
    if (!summary || !item || !order) HF_TRY(HF_E_NOMEM);
    o.ret_reason = &reason;
    HF_TRY(hf_sweep_sets(cli->net, s.off, s.entities, s.n, &o, cli->diag, summary, &done));
    for (int k = 0; k < done; k++) item[k] = (hf_order_item){hf_rank_value(&summary[k], by), summary[k].users_hit_peak, k};
    hf_order_sort(item, (int)done);
    for (int k = 0; k < done; k++) order[k] = item[k].entity;
    if (done < s.n) hf_cli_message(cli, "stopped: %ld of %d sets were run, in the order of the file", done, s.n);
    locked_out_say(cli, summary, done);
    HF_TRY(hf_sets_write(cli, &reason, s.off, s.entities, summary, order, (int)done));
out:
    hf_free(summary);
    hf_free(item);
    hf_free(order);
    hf_sets_done(&s);
    return err;
}

static hf_err doubt(hf_cli *cli)
{
    hf_err err = HF_OK;
    const hf_network *net = cli->net;
    size_t n = (size_t)net->n_entities;
    int draws = 0;
    hf_doubt_options o = {.sweep = hf_sweep_options_read(cli), .by = hf_sweep_rank_by(cli), .draws = (int)hf_args_number(&cli->args, "doubt", 200),
                          .level = 0.9, .seed = (uint64_t)hf_args_number(&cli->args, "seed", 1)};
    double *requirement = hf_malloc((size_t)net->n_requirements * sizeof *requirement), *supply = hf_malloc((size_t)net->n_supplies * sizeof *supply);
    hf_rank_interval *interval = hf_malloc(n * sizeof *interval);
    hf_order_item *item = hf_malloc(n * sizeof *item);
    int *order = hf_malloc(n * sizeof *order);
    if (!requirement || !supply || !interval || !item || !order) HF_TRY(HF_E_NOMEM);
    int doubtful = hf_confidence_read(cli->package, requirement, supply);
    if (doubtful == 0) {
        hf_cli_message(cli, "no requirement and no supply link has a confidence below 1: ranks are not in doubt (column confidence)");
        cli->told = true;
        HF_TRY(HF_E_NO_ANSWER);
    }
    HF_TRY(hf_rank_doubt(net, requirement, supply, &o, cli->diag, interval, &draws));
    for (int i = 0; i < net->n_entities; i++) item[i] = (hf_order_item){-interval[i].median, interval[i].mean, i};
    hf_order_sort(item, (int)n);
    for (int i = 0; i < net->n_entities; i++) order[i] = item[i].entity;
    HF_TRY(hf_doubt_write(cli, &o, doubtful, draws, interval, order));
out:
    hf_free(requirement);
    hf_free(supply);
    hf_free(interval);
    hf_free(item);
    hf_free(order);
    return err;
}

/* Options that do not go together. */
static hf_err usage_check(hf_cli *cli, bool drawn)
{
    const char *by = hf_args_text(&cli->args, "by");
    bool steady = hf_args_has(&cli->args, "steady"), by_hour = by && strcmp(by, "worst-hour") == 0;
    if (steady && (hf_args_has(&cli->args, "horizon") || hf_args_has(&cli->args, "no-repair")))
        return hf_cli_usage(cli, "--steady is about the end, when nothing is repaired: give it without --horizon and --no-repair");
    if (steady && by_hour) return hf_cli_usage(cli, "with --steady nothing has an hour: rank by something else than worst-hour");
    if (by_hour && hf_args_has(&cli->args, "doubt")) return hf_cli_usage(cli, "--doubt ranks by what is lost: rank by something else than worst-hour");
    if (hf_args_has(&cli->args, "uncertain-links") && !drawn)
        return hf_cli_usage(cli, "--uncertain-links is about events drawn from hazards: give it with --samples or --hazard; --doubt is about ranks");
    if (drawn && hf_args_has(&cli->args, "pairs")) return hf_cli_usage(cli, "--pairs and samples of hazards are two different sweeps: give one of them");
    if (hf_args_has(&cli->args, "doubt") && (drawn || hf_args_has(&cli->args, "pairs")))
        return hf_cli_usage(cli, "--doubt is about entities that fail alone: give it without --pairs, --samples and --hazard");
    if (hf_args_has(&cli->args, "sets") && (drawn || hf_args_has(&cli->args, "pairs") || hf_args_has(&cli->args, "doubt")))
        return hf_cli_usage(cli, "--sets is a sweep of its own: give it without --pairs, --doubt, --samples and --hazard");
    return HF_OK;
}

hf_err hf_cmd_sweep(hf_cli *cli)
{
    hf_err err = hf_cli_open(cli);
    if (err != HF_OK) return err;
    size_t first = hf_diag_kept(cli->diag);
    bool drawn = hf_args_has(&cli->args, "samples") || hf_args_has(&cli->args, "hazard") || hf_args_has(&cli->args, "relative-error");
    err = usage_check(cli, drawn);
    if (err != HF_OK) return err;
    if (hf_args_has(&cli->args, "sets")) err = sets(cli);
    else if (hf_args_has(&cli->args, "doubt")) err = doubt(cli);
    else if (drawn) err = monte_carlo(cli);
    else err = hf_args_has(&cli->args, "pairs") ? pairs(cli) : singles(cli);
    if (err != HF_OK && !cli->told && hf_diag_kept(cli->diag) > first) {
        hf_cli_findings(cli, first, HF_WARNING);
        cli->told = true;
    }
    return err;
}
