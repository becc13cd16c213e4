#include <string.h>

#include "base/alloc.h"
#include "cli/package_made.h"
#include "cli/words.h"
#include "datasets/merge.h"

/* Every --prefix belongs to the data set that follows it. */
static hf_err inputs_read(hf_cli *cli, hf_merge_input *inputs)
{
    for (int k = 0; k < cli->args.n_words; k++) inputs[k] = (hf_merge_input){cli->args.words[k], ""};
    for (int k = 0; k < cli->args.n_given; k++) {
        const hf_given *given = &cli->args.given[k];
        if (strcmp(given->option->name, "prefix") != 0) continue;
        if (given->words_before >= cli->args.n_words) return hf_cli_usage(cli, "--prefix %s: no data set follows it", given->text);
        if (*inputs[given->words_before].prefix)
            return hf_cli_usage(cli, "--prefix %s: %s has the prefix %s already", given->text, inputs[given->words_before].path,
                                inputs[given->words_before].prefix);
        inputs[given->words_before].prefix = given->text;
    }
    return HF_OK;
}

hf_err hf_cmd_merge(hf_cli *cli)
{
    const char *into = hf_args_text(&cli->args, "into");
    hf_merge_note note = {0};
    hf_merge_input *inputs = NULL;
    hf_err err = HF_OK;
    if (cli->args.n_words < 2) return hf_cli_usage(cli, "at least two data sets are needed: holdfast merge DATASET DATASET… --into DIR");
    if (!into) return hf_cli_usage(cli, "--into DIR is needed: the folder to make");
    inputs = hf_calloc((size_t)cli->args.n_words, sizeof *inputs);
    if (!inputs) return HF_E_NOMEM;
    HF_TRY(inputs_read(cli, inputs));
    err = hf_merge(inputs, cli->args.n_words, into, hf_args_text(&cli->args, "name"), cli->diag, &note);
    hf_cli_findings(cli, 0, cli->quiet ? HF_ERROR : HF_WARNING);
    cli->told = err != HF_OK && hf_diag_count(cli->diag, HF_ERROR) > 0;
    HF_TRY(err);
    hf_word_count(&cli->out, note.rows, "row", "rows");
    hf_buf_puts(&cli->out, ", ");
    hf_word_count(&cli->out, note.shared, "of them in several data sets", "of them in several data sets");
    hf_buf_puts(&cli->out, "\n");
    HF_TRY(hf_package_made(cli, into));
out:
    hf_free(inputs);
    return err;
}
