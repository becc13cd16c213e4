/* The table of commands: what each is called, takes and does. It drives dispatch, --help, the manual page and completion. */
#ifndef HF_CLI_COMMANDS_H
#define HF_CLI_COMMANDS_H

#include "cli/options.h"

struct hf_cli;

typedef struct hf_example {
    const char *line; /* as typed, NULL ends the list */
    const char *what; /* what it answers */
} hf_example;

typedef struct hf_command {
    const char *name;
    const char *summary;     /* one line */
    const char *words;       /* its arguments as help shows them: "DATASET [ENTITY]" */
    int min_words, max_words;
    const char *description; /* paragraphs, split by '\n' */
    const hf_option *const *options; /* NULL-terminated list of tables */
    const hf_example *examples;
    hf_err (*run)(struct hf_cli *cli);
} hf_command;

/* All commands in the order they are listed. */
extern const hf_command hf_commands[];
extern const int hf_command_count;

/* The command with a name, or NULL. */
const hf_command *hf_command_find(const char *name);
/* The name of the command nearest to a mistyped one, or NULL. */
const char *hf_command_nearest(const char *name);

/* One file each: cmd_<name>.c. */
hf_err hf_cmd_assess(struct hf_cli *cli);
hf_err hf_cmd_batch(struct hf_cli *cli);
hf_err hf_cmd_cascade(struct hf_cli *cli);
hf_err hf_cmd_check(struct hf_cli *cli);
hf_err hf_cmd_completion(struct hf_cli *cli);
hf_err hf_cmd_cutsets(struct hf_cli *cli);
hf_err hf_cmd_diagram(struct hf_cli *cli);
hf_err hf_cmd_drill(struct hf_cli *cli);
hf_err hf_cmd_explain(struct hf_cli *cli);
hf_err hf_cmd_export(struct hf_cli *cli);
hf_err hf_cmd_help(struct hf_cli *cli);
hf_err hf_cmd_import(struct hf_cli *cli);
hf_err hf_cmd_invest(struct hf_cli *cli);
hf_err hf_cmd_link(struct hf_cli *cli);
hf_err hf_cmd_map(struct hf_cli *cli);
hf_err hf_cmd_merge(struct hf_cli *cli);
hf_err hf_cmd_redact(struct hf_cli *cli);
hf_err hf_cmd_reference(struct hf_cli *cli);
hf_err hf_cmd_report(struct hf_cli *cli);
hf_err hf_cmd_show(struct hf_cli *cli);
hf_err hf_cmd_sweep(struct hf_cli *cli);
hf_err hf_cmd_synth(struct hf_cli *cli);
hf_err hf_cmd_trade(struct hf_cli *cli);

#endif
