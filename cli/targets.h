/* Entities that a word of the command line names: an id, or a filter "country=RS sector=energy". */
#ifndef HF_CLI_TARGETS_H
#define HF_CLI_TARGETS_H

#include "cli/cli.h"

/* Entities, ascending, in an array of the caller's (hf_free). `option` says in messages where the text stood: "--among", or "" for a word.
 * What names none is a usage error. */
hf_err hf_targets_read(hf_cli *cli, const char *option, const char *text, int **ret_entities, int *ret_n);

/* Index of the hazard with a name; an unknown one is a usage error that lists them all. */
hf_err hf_hazard_read(hf_cli *cli, const char *name, int *ret_hazard);

#endif
