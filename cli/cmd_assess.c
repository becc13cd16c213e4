/* Assessments by kind. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/assess.h"

static const struct {
    const char *name;
    hf_err (*run)(hf_cli *cli);
    const char *const *foreign; /* options of the other kind, NULL-terminated */
} kinds[] = {{"cer", hf_assess_cer, (const char *const[]){"home", "region", NULL}},
             {"region", hf_assess_region, (const char *const[]){"state", "entity", "out", "fail", "scenario", "hazard", NULL}}};

hf_err hf_cmd_assess(hf_cli *cli)
{
    const char *name = cli->args.words[0];
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        if (strcmp(kinds[k].name, name) != 0) continue;
        for (const char *const *option = kinds[k].foreign; *option; option++)
            if (hf_args_has(&cli->args, *option)) return hf_cli_usage(cli, "--%s is not an option of assess %s", *option, name);
        cli->args.words++, cli->args.n_words--; /* hf_cli_open takes the first word */
        hf_err err = kinds[k].run(cli);
        cli->args.words--, cli->args.n_words++;
        return err;
    }
    return hf_cli_usage(cli, "\"%s\" is no kind of assessment (allowed: cer region)", name);
}

hf_err hf_assess_rules_find(hf_cli *cli, const char *otherwise, const char *shipped, hf_arena *memory, const char **ret_path)
{
    const char *name = hf_args_has(&cli->args, "rules") ? hf_args_text(&cli->args, "rules") : otherwise;
    const char *roots[] = {getenv("HOLDFAST_DATA"), "datasets/data", HF_DATA_DIR};
    hf_buf path = {0};
    hf_err err = HF_OK;
    if (strchr(name, '/') || strchr(name, '.')) hf_buf_puts(&path, name);
    for (size_t k = 0; !path.text && k < sizeof roots / sizeof *roots; k++) {
        if (!roots[k]) continue;
        hf_buf_printf(&path, "%s/rules/%s.json", roots[k], name);
        if (path.text && access(path.text, R_OK) != 0) hf_buf_done(&path);
    }
    if (!path.text) return hf_cli_usage(cli, "--rules %s: no such rule set; give a file, or %s (below datasets/data)", name, shipped);
    *ret_path = hf_arena_strndup(memory, path.text, path.length);
    if (!*ret_path) err = HF_E_NOMEM;
    hf_buf_done(&path);
    return err;
}
