/* Help, the manual page and bash completion, all written from the table of commands. */
#ifndef HF_CLI_HELP_H
#define HF_CLI_HELP_H

#include "cli/commands.h"

/* Appends the list of commands. */
void hf_help_overview(hf_buf *out);
/* Appends the help of one command. */
void hf_help_command(const hf_command *command, hf_buf *out);
/* Appends "NAME DATASET [ENTITY] [options]" as one line. */
void hf_help_usage_line(const hf_command *command, hf_buf *out);

/* Appends the manual page holdfast(1) in troff. */
void hf_manual_page(hf_buf *out);

/* Appends `text` broken at blanks so that no line is wider than `width` columns; lines after the first start with `indent` blanks, and the
 * first starts at column `at`. Ends without a newline. A word wider than a line stands alone on it. */
void hf_help_wrap(hf_buf *out, const char *text, int at, int indent, int width);

#endif
