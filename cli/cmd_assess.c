/* Assessments by kind. */
#include <string.h>

#include "cli/assess.h"

static const struct {
    const char *name;
    hf_err (*run)(hf_cli *cli);
} kinds[] = {{"cer", hf_assess_cer}};

hf_err hf_cmd_assess(hf_cli *cli)
{
    const char *name = cli->args.words[0];
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        if (strcmp(kinds[k].name, name) != 0) continue;
        cli->args.words++, cli->args.n_words--; /* hf_cli_open takes the first word */
        hf_err err = kinds[k].run(cli);
        cli->args.words--, cli->args.n_words++;
        return err;
    }
    return hf_cli_usage(cli, "\"%s\" is no kind of assessment (allowed: cer)", name);
}
