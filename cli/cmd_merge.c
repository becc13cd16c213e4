#include <string.h>

#include "base/alloc.h"
#include "cli/cli.h"
#include "cli/words.h"
#include "datasets/merge.h"

/* The prefixes in the order given, one a package; "-" is none. */
static hf_err prefixes_read(hf_cli *cli, const char **prefixes)
{
    int n = 0;
    for (int k = 0; k < cli->args.n_given; k++) {
        if (strcmp(cli->args.given[k].option->name, "prefix") != 0) continue;
        if (n == cli->args.n_words) return hf_cli_usage(cli, "more prefixes than data sets");
        prefixes[n++] = strcmp(cli->args.given[k].text, "-") == 0 ? "" : cli->args.given[k].text;
    }
    return HF_OK;
}

static hf_err summary_print(hf_cli *cli, const char *into)
{
    hf_err err = hf_package_open(into, cli->diag, &cli->package);
    if (err != HF_OK) return err;
    const hf_network *net = hf_package_network(cli->package);
    hf_word_count(&cli->out, net->n_entities, "entity", "entities");
    hf_buf_puts(&cli->out, ", ");
    hf_word_count(&cli->out, net->n_supplies, "supply link", "supply links");
    hf_buf_puts(&cli->out, ", ");
    hf_word_count(&cli->out, hf_package_scenario_count(cli->package), "scenario", "scenarios");
    hf_buf_printf(&cli->out, "\nThe package is in %s. Look at it: holdfast show %s\n", into, into);
    return cli->out.err;
}

hf_err hf_cmd_merge(hf_cli *cli)
{
    hf_err err = HF_OK;
    const char *into = hf_args_text(&cli->args, "into");
    if (!into) return hf_cli_usage(cli, "--into DIR is needed: the folder to make");
    const char **prefixes = hf_calloc((size_t)cli->args.n_words, sizeof *prefixes);
    if (!prefixes) return HF_E_NOMEM;
    HF_TRY(prefixes_read(cli, prefixes));
    err = hf_merge(cli->args.words, prefixes, cli->args.n_words, into, cli->diag);
    hf_cli_findings(cli, 0, err != HF_OK ? HF_WARNING : HF_ERROR);
    cli->told = hf_diag_count(cli->diag, HF_ERROR) > 0;
    if (err == HF_OK) err = summary_print(cli, into);
out:
    hf_free(prefixes);
    return err;
}
