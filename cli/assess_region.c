/* holdfast assess region: reads, measures. */
#include "cli/assess_region.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "cli/assess.h"

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static const char *name_of(const hf_network *net, int i)
{
    return net->region[i] >= 0 ? net->regions.name[net->region[i]] : net->countries.name[net->country[i]];
}

/* Regions at home, by name, and where each entity counts. */
static hf_err places_find(hf_cli *cli, hf_region_answer *a)
{
    const hf_network *net = cli->net;
    const char *home = hf_args_text(&cli->args, "home");
    int country = home ? hf_labels_find(&net->countries, home) : -1, n = 0, unique = 0;
    if (home && country < 0) return hf_cli_usage(cli, "--home %s: no entity is in that country", home);
    a->place_name = hf_malloc((size_t)net->n_entities * sizeof *a->place_name);
    a->place = hf_malloc((size_t)net->n_entities * sizeof *a->place);
    if (!a->place_name || !a->place) return HF_E_NOMEM;
    for (int i = 0; i < net->n_entities; i++)
        if (country < 0 || net->country[i] == country) a->place_name[n++] = name_of(net, i);
    qsort(a->place_name, (size_t)n, sizeof *a->place_name, compare_names);
    for (int k = 0; k < n; k++)
        if (k == 0 || strcmp(a->place_name[k], a->place_name[unique - 1]) != 0) a->place_name[unique++] = a->place_name[k];
    a->n_places = unique;
    for (int i = 0; i < net->n_entities; i++) {
        const char *name = name_of(net, i), **found = NULL;
        if (country < 0 || net->country[i] == country)
            found = bsearch(&name, a->place_name, (size_t)unique, sizeof *a->place_name, compare_names);
        a->place[i] = found ? (int)(found - a->place_name) : -1;
    }
    return HF_OK;
}

/* A rule about something that this data set has nothing of says nothing: not that all is well. HF_E_NO_ANSWER where that goes for all. */
static hf_err unwatched_say(hf_cli *cli, const hf_region_answer *a)
{
    int n = 0;
    for (int k = 0; k < a->rules->n; k++) {
        long watched = 0;
        for (int p = 0; p < a->n_places; p++) watched += a->exposure[k * a->n_places + p].watched;
        if (watched > 0) continue;
        n++;
        hf_cli_message(cli, "%s, %s: no entity here, or none with users, is one that it counts, so it is not measured", a->rules->event[k].code,
                       a->rules->event[k].title);
    }
    if (n < a->rules->n) return HF_OK;
    cli->told = true;
    return HF_E_NO_ANSWER;
}

static hf_err measure(hf_cli *cli, hf_region_answer *a)
{
    hf_err err = HF_OK;
    hf_region_indicator *indicators = hf_malloc((size_t)a->rules->n * sizeof *indicators);
    a->exposure = hf_malloc((size_t)(a->rules->n + 1) * (size_t)a->n_places * sizeof *a->exposure);
    if (!indicators || !a->exposure) HF_TRY(HF_E_NOMEM);
    for (int k = 0; k < a->rules->n; k++) indicators[k] = a->rules->event[k].indicator;
    HF_TRY(hf_regions_measure(cli->net, a->place, a->n_places, indicators, a->rules->n, &a->options, cli->diag, a->exposure));
    HF_TRY(unwatched_say(cli, a));
out:
    hf_free(indicators);
    return err;
}

static hf_err region_find(hf_cli *cli, const hf_region_answer *a, int *ret_only)
{
    const char *name = hf_args_text(&cli->args, "region");
    *ret_only = -1;
    for (int p = 0; name && p < a->n_places; p++)
        if (strcmp(a->place_name[p], name) == 0) *ret_only = p;
    if (!name || *ret_only >= 0) return HF_OK;
    return hf_cli_usage(cli, "--region %s: no entity is there; without --region all regions are listed", name);
}

hf_err hf_assess_region(hf_cli *cli)
{
    hf_err err = HF_OK;
    hf_region_answer a = {.options = {.run = hf_run_options_default()}};
    const char *rules = NULL;
    hf_arena memory;
    int only = -1;
    hf_arena_init(&memory);
    HF_TRY(hf_assess_rules_find(cli, "jp-resilience", "jp-resilience", &memory, &rules));
    HF_TRY(hf_cli_open(cli));
    size_t first = hf_diag_kept(cli->diag);
    err = hf_worst_events_read(rules, cli->diag, &a.rules);
    if (err == HF_E_DATA) {
        hf_cli_findings(cli, first, HF_WARNING);
        cli->told = true;
    }
    HF_TRY(err);
    a.options.run.horizon_h = hf_args_number(&cli->args, "horizon", a.options.run.horizon_h);
    a.options.run.no_repair = hf_args_has(&cli->args, "no-repair");
    a.options.out_below = hf_args_number(&cli->args, "out-below", 0.5);
    a.options.samples = (long)hf_args_number(&cli->args, "samples", 1000);
    a.options.seed = (uint64_t)hf_args_number(&cli->args, "seed", 1);
    HF_TRY(places_find(cli, &a));
    HF_TRY(region_find(cli, &a, &only));
    if (cli->net->n_hazards == 0) {
        hf_cli_message(cli, "the data set has no hazards: there is nothing to measure regions by (tables hazards and hazard_damage)");
        cli->told = true;
        HF_TRY(HF_E_NO_ANSWER);
    }
    HF_TRY(measure(cli, &a));
    HF_TRY(hf_region_write(cli, &a, only));
out:
    hf_worst_events_free(a.rules);
    hf_free(a.place_name);
    hf_free(a.place);
    hf_free(a.exposure);
    hf_arena_done(&memory);
    return err;
}
