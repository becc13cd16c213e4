#include "cli/what_if.h"

#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "cli/suggest.h"
#include "cli/targets.h"
#include "model/trade_steps.h"

/* The parts of --fail ID[@HOURS][=LEVEL]. */
typedef struct fail_text {
    size_t target_length;
    double at_h, level;
} fail_text;

static const char *last_of(const char *text, size_t length, char c)
{
    while (length > 0)
        if (text[--length] == c) return text + length;
    return NULL;
}

/* Whether the "=" at `equals` belongs to a filter such as "country=RS": the word before it is a key. */
static bool is_filter_key(const char *text, const char *equals)
{
    static const char *const keys[] = {"id", "sector", "subsector", "country", "region", "hazard", "owner", "operator"};
    const char *start = equals;
    while (start > text && start[-1] != ' ') start--;
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (strlen(keys[i]) == (size_t)(equals - start) && memcmp(keys[i], start, (size_t)(equals - start)) == 0) return true;
    return false;
}

static hf_err fail_split(hf_cli *cli, const char *text, fail_text *parts)
{
    size_t length = strlen(text);
    *parts = (fail_text){length, 0, 0};
    if (hf_network_find(cli->net, text) >= 0) return HF_OK; /* an id may hold "@" and "=" itself */
    const char *equals = last_of(text, length, '=');
    if (equals && !is_filter_key(text, equals)) {
        size_t n = length - (size_t)(equals + 1 - text);
        if (!hf_number_parse(equals + 1, n, &parts->level) || parts->level < 0 || parts->level > 1)
            return hf_cli_usage(cli, "--fail %s: the level after = is what is left of the output, a number from 0 to 1, not \"%.*s\"", text, (int)n,
                                equals + 1);
        length = (size_t)(equals - text);
    }
    const char *at = last_of(text, length, '@');
    if (at) {
        size_t n = length - (size_t)(at + 1 - text);
        if (!hf_number_parse(at + 1, n, &parts->at_h) || parts->at_h < 0)
            return hf_cli_usage(cli, "--fail %s: the hours after @ must be a number from 0 on, not \"%.*s\"", text, (int)n, at + 1);
        length = (size_t)(at - text);
    }
    parts->target_length = length;
    return HF_OK;
}

static hf_err inject_add(hf_what_if *w, hf_inject inject)
{
    hf_err err = hf_grow((void **)&w->injects, &w->capacity, (size_t)w->n_injects + 1, sizeof *w->injects);
    if (err == HF_OK) w->injects[w->n_injects++] = inject;
    return err;
}

/* A target that is a filter, or an id; unknown ones are usage errors. */
static hf_err target_add(hf_cli *cli, hf_what_if *w, const char *target, const fail_text *parts)
{
    int *entities = NULL, count = 0, one;
    const char *why = "";
    hf_err err;
    if (!strchr(target, '=')) {
        HF_TRY(hf_cli_entity(cli, target, &one));
        return inject_add(w, (hf_inject){parts->at_h, HF_INJECT_FAIL, one, parts->level, NAN});
    }
    err = hf_target_resolve(cli->net, target, &entities, &count, &why);
    if (err == HF_E_NOMEM) return err;
    if (err != HF_OK || count == 0) {
        hf_free(entities);
        return hf_cli_usage(cli, "--fail \"%s\": %s", target, why && *why ? why : "names no entity");
    }
    for (int i = 0; i < count; i++) HF_TRY(inject_add(w, (hf_inject){parts->at_h, HF_INJECT_FAIL, entities[i], parts->level, NAN}));
out:
    hf_free(entities);
    return err;
}

static hf_err fails_read(hf_cli *cli, hf_what_if *w)
{
    hf_buf target = {0};
    hf_err err = HF_OK;
    for (int i = 0; i < cli->args.n_given; i++) {
        const hf_given *given = &cli->args.given[i];
        if (strcmp(given->option->name, "fail") != 0) continue;
        fail_text parts;
        HF_TRY(fail_split(cli, given->text, &parts));
        target.length = 0;
        hf_buf_add(&target, given->text, parts.target_length);
        HF_TRY(target.err);
        HF_TRY(target_add(cli, w, target.text, &parts));
        if (parts.at_h > w->options.horizon_h) {
            err = hf_cli_usage(cli, "--fail %s: nothing happens after the horizon of %g h; give a longer --horizon", given->text, w->options.horizon_h);
            goto out;
        }
    }
out:
    hf_buf_done(&target);
    return err;
}

/* Names of all scenarios, "flood, strike", or "none". */
static void scenario_names(const hf_cli *cli, hf_buf *out)
{
    int n = hf_package_scenario_count(cli->package);
    for (int i = 0; i < n; i++) hf_buf_printf(out, "%s%s", i ? ", " : "", hf_package_scenario(cli->package, i)->name);
    if (n == 0) hf_buf_puts(out, "none");
}

static hf_err scenario_read(hf_cli *cli, hf_what_if *w)
{
    const char *name = hf_args_text(&cli->args, "scenario");
    if (!name) return HF_OK;
    w->scenario = hf_package_find_scenario(cli->package, name);
    if (!w->scenario) {
        hf_buf names = {0};
        scenario_names(cli, &names);
        hf_cli_usage(cli, "there is no scenario \"%s\"; this data set has: %s", name, names.text ? names.text : "");
        hf_buf_done(&names);
        return HF_E_RANGE;
    }
    if (isfinite(w->scenario->horizon_h)) w->options.horizon_h = w->scenario->horizon_h;
    hf_inject *injects = NULL;
    int count = 0;
    size_t first = hf_diag_kept(cli->diag);
    hf_err err = hf_scenario_resolve(w->scenario, cli->net, cli->diag, &injects, &count);
    if (err == HF_E_DATA) {
        hf_cli_findings(cli, first, HF_WARNING);
        cli->told = true;
    }
    for (int i = 0; err == HF_OK && i < count; i++) err = inject_add(w, injects[i]);
    hf_free(injects);
    return err;
}

/* Whether an option was given that not every command with a what-if takes. */
static bool is_given(const hf_cli *cli, const char *name)
{
    return hf_option_find(cli->args.tables, name) && hf_args_has(&cli->args, name);
}

static hf_err hazard_read(hf_cli *cli, hf_what_if *w)
{
    const hf_network *net = cli->net;
    hf_err err = HF_OK;
    if (!is_given(cli, "hazard")) return HF_OK;
    HF_TRY(hf_hazard_read(cli, hf_args_text(&cli->args, "hazard"), &w->hazard));
    for (int d = net->hazard_off[w->hazard]; d < net->hazard_off[w->hazard + 1]; d++) HF_TRY(inject_add(w, hf_damage_inject(net, d)));
out:
    return err;
}

bool hf_what_if_asked(const hf_cli *cli)
{
    return is_given(cli, "fail") || is_given(cli, "scenario") || is_given(cli, "hazard");
}

hf_err hf_what_if_read(hf_cli *cli, hf_what_if *w)
{
    hf_err err;
    *w = (hf_what_if){.hazard = -1, .options = hf_run_options_default(), .first_finding = hf_diag_kept(cli->diag)};
    if (!hf_what_if_asked(cli)) {
        hf_buf names = {0};
        scenario_names(cli, &names);
        hf_cli_usage(cli, "nothing fails yet: give --fail ID, --scenario NAME or --hazard NAME (scenarios of this data set: %s)",
                     names.text ? names.text : "");
        hf_buf_done(&names);
        return HF_E_RANGE;
    }
    w->options.no_repair = hf_args_has(&cli->args, "no-repair");
    w->out_below = hf_args_number(&cli->args, "out-below", 0.5);
    HF_TRY(scenario_read(cli, w));
    w->options.horizon_h = hf_args_number(&cli->args, "horizon", w->options.horizon_h);
    HF_TRY(hazard_read(cli, w));
    HF_TRY(fails_read(cli, w));
    bool on_trade = w->scenario && hf_scenario_is_on_trade(w->scenario);
    if (w->n_injects > 0 || (on_trade && strcmp(cli->command->name, "trade") == 0)) goto out;
    if (on_trade) err = hf_cli_usage(cli, "the scenario acts on trade alone: `holdfast trade` runs it");
    else err = hf_cli_usage(cli, "the scenario or hazard fails no entity, so there is no cascade to run");
out:
    return err;
}

void hf_what_if_done(hf_what_if *w)
{
    hf_free(w->injects);
    w->injects = NULL;
}

hf_err hf_what_if_run(hf_cli *cli, const hf_what_if *w, hf_timeline **ret_timeline)
{
    hf_timeline *tl = NULL;
    hf_err err;
    size_t first = hf_diag_kept(cli->diag);
    HF_TRY(hf_timeline_new(cli->net, &tl));
    err = hf_timeline_run(tl, w->injects, w->n_injects, &w->options, cli->diag);
    if (hf_diag_kept(cli->diag) > first) {
        hf_cli_findings(cli, first, HF_WARNING);
        cli->told = err != HF_OK && hf_diag_count(cli->diag, HF_ERROR) > 0;
    }
    HF_TRY(err);
    *ret_timeline = tl;
    return HF_OK;
out:
    hf_timeline_free(tl);
    return err;
}

void hf_shell_word(hf_buf *out, const char *word)
{
    bool plain = *word != '\0';
    for (const char *p = word; *p; p++)
        if (!strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_./=@:,+%", *p)) plain = false;
    if (plain) {
        hf_buf_puts(out, word);
        return;
    }
    hf_buf_puts(out, "'");
    for (const char *p = word; *p; p++)
        if (*p == '\'') hf_buf_puts(out, "'\\''");
        else hf_buf_add(out, p, 1);
    hf_buf_puts(out, "'");
}

void hf_what_if_options(const hf_cli *cli, hf_buf *out)
{
    static const char *const names[] = {"fail", "scenario", "hazard", "horizon", "no-repair", "out-below"};
    for (size_t n = 0; n < sizeof names / sizeof *names; n++)
        for (int i = 0; i < cli->args.n_given; i++) {
            const hf_given *given = &cli->args.given[i];
            if (strcmp(given->option->name, names[n]) != 0) continue;
            hf_buf_printf(out, " --%s", names[n]);
            if (given->option->type == HF_OPTION_FLAG) continue;
            hf_buf_puts(out, " ");
            hf_shell_word(out, given->text);
        }
}
