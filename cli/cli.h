/* What every command works with: its arguments, the data set, the text for standard output, messages on standard error. */
#ifndef HF_CLI_CLI_H
#define HF_CLI_CLI_H

#include <stdbool.h>

#include "base/diag.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/options.h"
#include "datasets/package.h"

typedef enum hf_exit { HF_EXIT_OK = 0, HF_EXIT_FAILED = 1, HF_EXIT_USAGE = 2, HF_EXIT_DATA = 3, HF_EXIT_NO_ANSWER = 4 } hf_exit;

typedef struct hf_cli {
    const hf_command *command;
    hf_args args;
    hf_diag *diag;
    hf_package *package;
    const hf_network *net;
    hf_buf out;      /* standard output: written in one piece when the command has succeeded or set `status` */
    int width;       /* columns to keep within */
    bool page;       /* answers for people are parts of a page of HTML (section.h) */
    bool quiet, color, color_err;
    bool told;       /* the failure was already explained on standard error */
    hf_exit status;  /* what to exit with when the command itself returned HF_OK, or 2 after a usage error */
} hf_cli;

/* The process: parses, dispatches, writes, frees. argv[0] is the command's own name. Returns the exit status. */
hf_exit hf_cli_main(int argc, char **argv);

/* Says what is wrong with the command line and where to look; the command then exits with 2. Returns HF_E_RANGE. */
hf_err hf_cli_usage(hf_cli *cli, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* A line on standard error: "holdfast: text". */
void hf_cli_message(const hf_cli *cli, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Opens the data set named by the first word. On failure its findings are printed. */
hf_err hf_cli_open(hf_cli *cli);

/* Prints the findings from index `first` on that are at least as severe as `least`: at most 100, then how many more, then the counts. */
void hf_cli_findings(const hf_cli *cli, size_t first, hf_severity least);

/* Looks up an entity by id. An unknown one is a usage error that names the nearest id, or the entities whose name holds the text. */
hf_err hf_cli_entity(hf_cli *cli, const char *id, int *ret_entity);

/* What the process exits with for an error. */
hf_exit hf_exit_of(hf_err err);

/* Removes the file at `path` if the process is interrupted from now on; NULL forgets it. The text must stay valid until then. */
void hf_interrupt_removes(const char *path);

/* Becomes true at Ctrl-C, for work that can stop early and keep what is done. From the first call on an interrupt only sets it; a second one
 * ends the process. */
const volatile bool *hf_interrupt_flag(void);

#endif
