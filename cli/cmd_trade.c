#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "cli/suggest.h"
#include "cli/trade.h"

static int name_find(const char *const *names, int n, const char *text, size_t length)
{
    for (int k = 0; k < n; k++)
        if (strlen(names[k]) == length && strncmp(names[k], text, length) == 0) return k;
    return -1;
}

static hf_err unknown(hf_cli *cli, const char *what, const char *text, size_t length, const char *const *names, int n)
{
    hf_nearest nearest;
    hf_nearest_start(&nearest, text, length);
    for (int k = 0; k < n; k++) hf_nearest_offer(&nearest, names[k]);
    return hf_cli_usage(cli, nearest.best ? "--shock: there is no %s \"%.*s\"; did you mean %s?" : "--shock: there is no %s \"%.*s\"", what, (int)length, text,
                        nearest.best);
}

/* "RS", "RS/energy", "*" + "/energy", each with "=0.3" (without: all). */
static hf_err shock_parse(hf_trade *t, const char *text)
{
    const hf_io_table *table = t->table;
    const char *equals = strrchr(text, '='), *end = equals ? equals : text + strlen(text), *slash = memchr(text, '/', (size_t)(end - text));
    size_t region = (size_t)((slash ? slash : end) - text);
    hf_trade_shock shock = {-1, -1, 1};
    char *rest = NULL;
    if (equals) shock.share = strtod(equals + 1, &rest);
    if (equals && (rest == equals + 1 || *rest || !(shock.share >= 0 && shock.share <= 1)))
        return hf_cli_usage(t->cli, "--shock %s: the share must be a number from 0 to 1", text);
    if (!(region == 1 && *text == '*')) {
        shock.region = name_find(table->region, table->n_regions, text, region);
        if (shock.region < 0) return unknown(t->cli, "region", text, region, table->region, table->n_regions);
    }
    if (slash) {
        shock.sector = name_find(table->sector, table->n_sectors, slash + 1, (size_t)(end - slash - 1));
        if (shock.sector < 0) return unknown(t->cli, "industry", slash + 1, (size_t)(end - slash - 1), table->sector, table->n_sectors);
    }
    hf_err err = hf_grow((void **)&t->shocks, &t->capacity, (size_t)t->n_shocks + 1, sizeof *t->shocks);
    if (err == HF_OK) t->shocks[t->n_shocks++] = shock;
    return err;
}

static hf_err shocks_read(hf_trade *t)
{
    const hf_args *args = &t->cli->args;
    for (int k = 0; k < args->n_given; k++) {
        if (strcmp(args->given[k].option->name, "shock") != 0) continue;
        hf_err err = shock_parse(t, args->given[k].text);
        if (err != HF_OK) return err;
    }
    t->closed = hf_calloc((size_t)t->table->n_industries, sizeof *t->closed);
    if (!t->closed) return HF_E_NOMEM;
    for (int k = 0; k < t->n_shocks; k++)
        for (int f = 0; f < t->table->n_industries; f++) {
            const hf_trade_shock *s = &t->shocks[k];
            bool region = s->region < 0 || s->region == f / t->table->n_sectors, sector = s->sector < 0 || s->sector == f % t->table->n_sectors;
            if (region && sector) t->closed[f] = fmin(1, t->closed[f] + s->share);
        }
    return HF_OK;
}

static hf_err economy_open(hf_trade *t)
{
    hf_cli *cli = t->cli;
    hf_err err = hf_cli_open(cli);
    if (err != HF_OK) return err;
    t->economy = hf_package_economy(cli->package);
    if (!t->economy) {
        hf_cli_message(cli, "%s has no economy: the tables industries, trade and final_demand are not there", cli->args.words[0]);
        cli->told = true;
        return HF_E_MISSING;
    }
    size_t first = hf_diag_kept(cli->diag);
    err = hf_economy_clean(t->economy, NULL, cli->diag);
    hf_cli_findings(cli, first, err == HF_OK ? HF_WARNING : HF_ERROR);
    t->table = t->economy->table;
    return err;
}

static const struct {
    const char *name;
    hf_err (*run)(hf_trade *t);
} methods[] = {{"static", hf_trade_static}, {"inoperability", hf_trade_inoperability}, {"adaptive", hf_trade_adaptive}, {"risk", hf_trade_risk},
             {"rebalance", hf_trade_rebalance}, {"corridors", hf_trade_corridors}};

hf_err hf_cmd_trade(hf_cli *cli)
{
    hf_trade t = {.cli = cli, .top = (int)hf_args_number(&cli->args, "top", 15), .threads = (int)hf_args_number(&cli->args, "threads", 1)};
    const char *method = hf_args_text(&cli->args, "method");
    hf_err err = HF_OK;
    if (!method) method = hf_args_has(&cli->args, "shock") || hf_what_if_asked(cli) ? "adaptive" : "static";
    if (hf_what_if_asked(cli) && strcmp(method, "adaptive") != 0 && strcmp(method, "corridors") != 0)
        return hf_cli_usage(cli, "--scenario, --hazard and --fail couple facilities to the economy day by day: that is --method adaptive");
    HF_TRY(economy_open(&t));
    HF_TRY(shocks_read(&t));
    for (size_t k = 0; k < sizeof methods / sizeof *methods; k++)
        if (strcmp(methods[k].name, method) == 0) err = methods[k].run(&t);
out:
    hf_free(t.shocks);
    hf_free(t.closed);
    return err != HF_OK ? err : cli->out.err;
}
