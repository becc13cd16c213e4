#include "cli/package_made.h"
#include "cli/words.h"
#include "datasets/redact/redact.h"

static void redacted_print(hf_cli *cli, const hf_redact_note *note, const char *key)
{
    hf_word_count(&cli->out, note->rows, "row", "rows");
    hf_buf_puts(&cli->out, " under pseudonyms; ");
    hf_word_count(&cli->out, note->dropped, "cell", "cells");
    hf_buf_puts(&cli->out, " of free text and lengths left out");
    if (note->moved) {
        hf_buf_puts(&cli->out, "; ");
        hf_word_count(&cli->out, note->moved, "place", "places");
        hf_buf_printf(&cli->out, " moved by %.1f km at most", note->farthest_km);
    }
    hf_buf_printf(&cli->out, "\nThe key is in %s. Keep it apart: whoever has it can undo this.\n", key);
}

static void restored_print(hf_cli *cli, const hf_redact_note *note)
{
    hf_word_count(&cli->out, note->restored, "row is", "rows are");
    hf_buf_puts(&cli->out, " put back");
    if (note->added) {
        hf_buf_puts(&cli->out, ", ");
        hf_word_count(&cli->out, note->added, "row that the key does not know is", "rows that the key does not know are");
        hf_buf_puts(&cli->out, " kept as found");
    }
    hf_buf_puts(&cli->out, "\n");
}

hf_err hf_cmd_redact(hf_cli *cli)
{
    const char *into = hf_args_text(&cli->args, "into"), *key = hf_args_text(&cli->args, "key");
    bool undo = hf_args_has(&cli->args, "undo");
    hf_redact_note note = {0};
    hf_err err = HF_OK;
    if (!into) return hf_cli_usage(cli, "--into DIR is needed: the folder to make");
    if (!key) return hf_cli_usage(cli, undo ? "--key FILE is needed: the key of the redaction" : "--key FILE is needed: where to keep what undoes it");
    if (undo && (hf_args_has(&cli->args, "grid") || hf_args_has(&cli->args, "same-as")))
        return hf_cli_usage(cli, "--undo takes neither --grid nor --same-as");
    HF_TRY(hf_cli_open(cli));
    hf_redact_options options = {into, key, hf_args_text(&cli->args, "same-as"), hf_args_number(&cli->args, "grid", 25)};
    size_t first = hf_diag_kept(cli->diag);
    err = undo ? hf_redact_undo(cli->package, key, into, cli->diag, &note) : hf_redact(cli->package, &options, cli->diag, &note);
    hf_cli_findings(cli, first, cli->quiet ? HF_ERROR : HF_NOTE);
    cli->told = err != HF_OK && hf_diag_count(cli->diag, HF_ERROR) > 0;
    HF_TRY(err);
    if (undo) restored_print(cli, &note);
    else redacted_print(cli, &note, key);
    hf_package_free(cli->package);
    cli->package = NULL;
    err = hf_package_made(cli, into);
out:
    return err;
}
