/* Cut sets, for people and programs. */
#ifndef HF_CLI_PRINT_CUTSETS_H
#define HF_CLI_PRINT_CUTSETS_H

#include "cli/cli.h"
#include "solver/cutsets.h"

/* Text, or JSON or CSV when the options say so. `options` are those of the search. */
hf_err hf_cut_sets_write(hf_cli *cli, const hf_cut_options *options, const hf_cut_sets *sets);

#endif
