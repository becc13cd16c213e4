#include <ctype.h>
#include <stdint.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/print_show.h"
#include "cli/words.h"
#include "datasets/synth/synth.h"

hf_err hf_cmd_synth(hf_cli *cli)
{
    const char *into = hf_args_text(&cli->args, "into"), *country = hf_args_text(&cli->args, "country");
    if (!into) return hf_cli_usage(cli, "--into DIR is needed: the folder to make");
    if (strlen(country) != 2 || !isupper((unsigned char)country[0]) || !isupper((unsigned char)country[1]))
        return hf_cli_usage(cli, "--country %s: a code of two capital letters is needed (ISO 3166-1 alpha-2)", country);
    hf_synth_options options = {(long)hf_args_number(&cli->args, "entities", 1000), (uint64_t)hf_args_number(&cli->args, "seed", 1), country, into};
    hf_err err = hf_synth(&options, cli->diag);
    if (err == HF_OK) err = hf_package_open(into, cli->diag, &cli->package);
    if (err != HF_OK) {
        hf_cli_findings(cli, 0, HF_ERROR);
        cli->told = hf_diag_count(cli->diag, HF_ERROR) > 0;
        return err;
    }
    cli->net = hf_package_network(cli->package);
    hf_word_count(&cli->out, cli->net->n_entities, "entity", "entities");
    hf_buf_puts(&cli->out, ", ");
    hf_word_count(&cli->out, cli->net->n_supplies, "supply link", "supply links");
    hf_buf_puts(&cli->out, "\n");
    err = hf_carriers_print(cli);
    hf_buf_printf(&cli->out, "The package is in %s. Try: holdfast sweep %s --top 5\n", into, into);
    return err != HF_OK ? err : cli->out.err;
}
