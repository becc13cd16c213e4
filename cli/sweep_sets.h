/* Sets of entities that a file names. */
#ifndef HF_CLI_SWEEP_SETS_H
#define HF_CLI_SWEEP_SETS_H

#include "cli/cli.h"

/* Set k is entities[off[k]] .. entities[off[k + 1] - 1]. */
typedef struct hf_sets {
    int n, *off, *entities;
} hf_sets;

/* Reads the file; every unknown or repeated id is a finding with its line and column, then HF_E_DATA. Free with hf_sets_done, also on failure. */
hf_err hf_sets_read(hf_cli *cli, const char *path, hf_sets *ret_sets);
void hf_sets_done(hf_sets *sets);

#endif
