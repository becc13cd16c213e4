#include <string.h>

#include "cli/package_made.h"
#include "cli/suggest.h"
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

hf_err hf_cmd_import(hf_cli *cli)
{
    if (hf_args_has(&cli->args, "list")) {
        formats_print(cli);
        return cli->out.err;
    }
    const char *into = hf_args_text(&cli->args, "into");
    if (cli->args.n_words < 2) return hf_cli_usage(cli, "arguments are missing: holdfast import FORMAT FILES… --into DIR (--list names the formats)");
    if (!into) return hf_cli_usage(cli, "--into DIR is needed: the folder to make");
    hf_import_options options = {into, hf_args_text(&cli->args, "map"), hf_args_text(&cli->args, "country")};
    hf_err err = hf_import(cli->args.words[0], cli->args.words + 1, cli->args.n_words - 1, &options, cli->diag);
    if (err == HF_E_UNKNOWN_ID) return format_unknown(cli, cli->args.words[0]);
    hf_cli_findings(cli, 0, cli->quiet ? HF_ERROR : HF_NOTE);
    if (err != HF_OK) {
        cli->told = hf_diag_count(cli->diag, HF_ERROR) > 0;
        return err;
    }
    return hf_package_made(cli, into);
}
