#include <string.h>

#include "base/alloc.h"
#include "cli/trade.h"

/* Whether cleaning did more to the table than take up rounding. */
static bool is_changed_much(const hf_trade *t)
{
    const double rounding = 1e-4;
    hf_io_summary summary = hf_io_report_summary(&t->economy->report);
    double amount = 0;
    for (int k = 0; k < HF_IO_REASONS; k++)
        if (k != HF_IO_VALUE_ADDED_ABSENT) amount += summary.amount[k];
    return amount > rounding * hf_io_totals_of(t->table).x;
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
    t->table = t->economy->table;
    if (hf_args_has(&cli->args, "balance")) return HF_OK; /* what does not add up is what is to be balanced */
    err = hf_economy_clean(t->economy, NULL, cli->diag);
    hf_cli_findings(cli, 0, err != HF_OK ? HF_ERROR : is_changed_much(t) ? HF_NOTE : HF_WARNING);
    cli->told = err == HF_E_DATA;
    return err;
}

static const struct {
    const char *name;
    hf_err (*run)(hf_trade *t);
} methods[] = {{"static", hf_trade_static}, {"inoperability", hf_trade_inoperability}, {"adaptive", hf_trade_adaptive}, {"risk", hf_trade_risk},
             {"rebalance", hf_trade_rebalance}, {"corridors", hf_trade_corridors}};

static bool has_word(const char *text, size_t length, const char *word)
{
    size_t n = strlen(word);
    for (size_t k = 0; k + n <= length; k++) {
        bool begins = k == 0 || text[k - 1] == ' ', ends = k + n == length || text[k + n] == ',';
        if (begins && ends && strncmp(text + k, word, n) == 0) return true;
    }
    return false;
}

/* An option of other methods would do nothing: their names stand before the colon of what it means. */
static hf_err options_check(hf_cli *cli, const char *method)
{
    for (int k = 0; k < cli->args.n_given; k++) {
        const hf_option *option = cli->args.given[k].option;
        const char *colon = strchr(option->meaning, ':');
        size_t length = colon ? (size_t)(colon - option->meaning) : 0;
        bool others = false;
        if (strcmp(option->name, "method") == 0 || has_word(option->meaning, length, method)) continue;
        for (size_t m = 0; m < sizeof methods / sizeof *methods; m++) others |= has_word(option->meaning, length, methods[m].name);
        if (others) return hf_cli_usage(cli, "--%s is for --method %.*s; %s does not know it", option->name, (int)length, option->meaning, method);
    }
    return HF_OK;
}

hf_err hf_cmd_trade(hf_cli *cli)
{
    hf_trade t = {.cli = cli, .top = (int)hf_args_number(&cli->args, "top", 15), .threads = (int)hf_args_number(&cli->args, "threads", 1)};
    const char *method = hf_args_text(&cli->args, "method");
    hf_err err = HF_OK;
    if (!method) method = hf_args_has(&cli->args, "shock") || hf_args_has(&cli->args, "gate") || hf_what_if_asked(cli) ? "adaptive" : "static";
    if (hf_what_if_asked(cli) && strcmp(method, "adaptive") != 0 && strcmp(method, "corridors") != 0)
        return hf_cli_usage(cli, "--scenario, --hazard and --fail couple facilities to the economy day by day: that is --method adaptive");
    if (hf_args_has(&cli->args, "gate") && strcmp(method, "adaptive") != 0 && strcmp(method, "corridors") != 0)
        return hf_cli_usage(cli, "--gate shuts a gate of trade: that is --method adaptive or --method corridors");
    HF_TRY(options_check(cli, method));
    HF_TRY(economy_open(&t));
    if (hf_args_has(&cli->args, "balance")) HF_TRY(hf_trade_balance(&t));
    if (hf_args_has(&cli->args, "balance")) goto out;
    HF_TRY(hf_trade_shocks_read(&t));
    for (size_t k = 0; k < sizeof methods / sizeof *methods; k++)
        if (strcmp(methods[k].name, method) == 0) err = methods[k].run(&t);
out:
    hf_free(t.shocks);
    hf_free(t.closed);
    return err != HF_OK ? err : cli->out.err;
}
