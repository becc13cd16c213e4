#include "cli/cli.h"
#include "datasets/redact.h"

hf_err hf_cmd_redact(hf_cli *cli)
{
    hf_redact_options options = {hf_args_text(&cli->args, "into"), hf_args_text(&cli->args, "key"), hf_args_number(&cli->args, "grid", 0.5)};
    bool undo = hf_args_has(&cli->args, "undo");
    if (!options.into || !options.key) return hf_cli_usage(cli, "--into DIR and --key FILE are needed: the folder to make, and the key that undoes it");
    hf_err err = hf_cli_open(cli);
    if (err != HF_OK) return err;
    err = undo ? hf_redact_undo(cli->package, &options, cli->diag) : hf_redact(cli->package, &options, cli->diag);
    if (err != HF_OK) {
        hf_cli_findings(cli, 0, HF_ERROR);
        cli->told = hf_diag_count(cli->diag, HF_ERROR) > 0;
        return err;
    }
    if (undo) hf_buf_printf(&cli->out, "The data set with its names is in %s.\n", options.into);
    else
        hf_buf_printf(&cli->out,
                      "The redacted data set is in %s: ids are pseudonyms, places stand on a grid of %g degrees, names, sources and texts are left out.\n"
                      "Keep %s apart: whoever has it can undo this. Sectors, countries, regions, figures and links are as they were; a single large\n"
                      "hospital of a region may still be recognised by its users.\n",
                      options.into, options.grid_degrees, options.key);
    return cli->out.err;
}
