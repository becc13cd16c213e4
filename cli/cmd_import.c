#include <string.h>

#include "cli/cli.h"
#include "cli/suggest.h"
#include "cli/words.h"
#include "datasets/economy.h"
#include "datasets/import/import.h"

static hf_err format_unknown(hf_cli *cli, const char *format)
{
    hf_buf names = {0};
    for (int k = 0; k < hf_import_format_count; k++) hf_buf_printf(&names, "%s%s", k ? ", " : "", hf_import_formats[k].name);
    hf_cli_usage(cli, "there is no format \"%s\"; formats: %s", format, names.text ? names.text : "");
    hf_buf_done(&names);
    return HF_E_RANGE;
}

static void formats_print(hf_cli *cli)
{
    for (int k = 0; k < hf_import_format_count; k++)
        hf_buf_printf(&cli->out, "%-12s %s\n             files: %s\n", hf_import_formats[k].name, hf_import_formats[k].what, hf_import_formats[k].files);
}

static hf_err summary_print(hf_cli *cli, const char *into)
{
    hf_err err = hf_package_open(into, cli->diag, &cli->package);
    if (err != HF_OK) return err;
    const hf_network *net = hf_package_network(cli->package);
    hf_word_count(&cli->out, net->n_entities, "entity", "entities");
    hf_buf_puts(&cli->out, ", ");
    hf_word_count(&cli->out, net->n_supplies, "supply link", "supply links");
    for (int c = 0; c < net->n_carriers; c++) {
        hf_buf_printf(&cli->out, "; carrier %s: ", net->carrier_id[c]);
        hf_word_count(&cli->out, net->cnode_off[c + 1] - net->cnode_off[c], "node", "nodes");
        hf_buf_puts(&cli->out, ", ");
        hf_word_count(&cli->out, net->cline_off[c + 1] - net->cline_off[c], "line", "lines");
    }
    const hf_economy *economy = hf_package_economy(cli->package);
    if (economy) {
        hf_buf_puts(&cli->out, "; input-output table: ");
        hf_word_count(&cli->out, economy->table->n_regions, "region", "regions");
        hf_buf_puts(&cli->out, ", ");
        hf_word_count(&cli->out, economy->table->n_sectors, "industry each", "industries each");
    }
    hf_buf_printf(&cli->out, "\nThe package is in %s. Look at it: holdfast show %s\n", into, into);
    return cli->out.err;
}

hf_err hf_cmd_import(hf_cli *cli)
{
    if (hf_args_has(&cli->args, "list")) {
        formats_print(cli);
        return cli->out.err;
    }
    const char *into = hf_args_text(&cli->args, "into");
    if (cli->args.n_words < 2) return hf_cli_usage(cli, "arguments are missing: holdfast import FORMAT FILES… --into DIR (--list names the formats)");
    if (!into) return hf_cli_usage(cli, "--into DIR is needed: the folder to make");
    hf_import_options options = {.into = into, .map = hf_args_text(&cli->args, "map"), .country = hf_args_text(&cli->args, "country"),
                                 .currency = hf_args_text(&cli->args, "currency"), .money_unit = hf_args_number(&cli->args, "money-unit", 0),
                                 .year = (int)hf_args_number(&cli->args, "year", 0)};
    hf_err err = hf_import(cli->args.words[0], cli->args.words + 1, cli->args.n_words - 1, &options, cli->diag);
    if (err == HF_E_UNKNOWN_ID) return format_unknown(cli, cli->args.words[0]);
    hf_cli_findings(cli, 0, cli->quiet ? HF_ERROR : HF_NOTE);
    if (err != HF_OK) {
        cli->told = hf_diag_count(cli->diag, HF_ERROR) > 0;
        return err;
    }
    return summary_print(cli, into);
}
