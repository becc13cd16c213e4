/* How far long work is, on a terminal. */
#ifndef HF_CLI_PROGRESS_H
#define HF_CLI_PROGRESS_H

#include "base/parallel.h"
#include "cli/cli.h"

/* A watch that ends work at Ctrl-C and, where standard error is a terminal and --quiet was not given, shows after a second how much is done and
 * how long it will take. One at a time. */
hf_watch hf_progress_watch(const hf_cli *cli);

/* For work that has no count: from hf_progress_start on, hf_progress_say shows a text with the seconds spent, under the same conditions. */
void hf_progress_start(const hf_cli *cli);
void hf_progress_say(const char *text);

/* Takes the line off the terminal; called before anything else is written there. Nothing happens when none is shown. */
void hf_progress_clear(void);

#endif
