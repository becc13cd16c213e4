/* A file of a command's own. */
#ifndef HF_CLI_FILE_OUT_H
#define HF_CLI_FILE_OUT_H

#include "cli/cli.h"

/* Writes a text or bytes to `path`: beside, then renamed, so that a file that is there is never half-written. A failure is told on standard error. */
hf_err hf_file_out(hf_cli *cli, const char *path, const hf_buf *text);

/* The same with all that was meant for standard output so far, which is empty then, also on failure. */
hf_err hf_file_out_all(hf_cli *cli, const char *path);

#endif
