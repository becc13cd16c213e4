/* Results of sweeps, for people and programs: text, or JSON or CSV when the options say so. */
#ifndef HF_CLI_PRINT_SWEEP_H
#define HF_CLI_PRINT_SWEEP_H

#include "cli/cli.h"
#include "cli/json_parts.h"
#include "model/cascade/doubt.h"
#include "model/cascade/montecarlo.h"

/* `order` lists the n entities that were run, worst first. `reason` (with --steady): why they were not run 512 at once, or that they were. */
hf_err hf_singles_write(hf_cli *cli, const hf_boolean_reason *reason, const hf_cascade_summary *summary, const int *order, int n);
hf_err hf_pairs_write(hf_cli *cli, const hf_pair *best, int n, long all, long run);
/* `doubtful`: requirements and links that were drawn, 0 if none were. */
hf_err hf_mc_write(hf_cli *cli, const hf_mc_options *options, int doubtful, const hf_mc *mc);

/* The same two for people whatever the options say. */
hf_err hf_singles_print(hf_cli *cli, const hf_boolean_reason *reason, const hf_cascade_summary *summary, const int *order, int n);
hf_err hf_mc_print(hf_cli *cli, const hf_mc_options *options, int doubtful, const hf_mc *mc);

/* Set k is entities[off[k]] .. entities[off[k + 1] - 1]; `order` lists the n sets that were run, worst first. */
hf_err hf_sets_write(hf_cli *cli, const hf_boolean_reason *reason, const int *off, const int *entities, const hf_cascade_summary *summary,
                     const int *order, int n);

/* "In the end: …" with how the steady states were found, or nothing without --steady; and its keys in JSON. */
void hf_engine_words(const hf_cli *cli, const hf_boolean_reason *reason, hf_buf *out);
void hf_engine_json(hf_json *json, const hf_cli *cli, const hf_boolean_reason *reason);

/* `order` lists all entities, best known worst first. */
hf_err hf_doubt_write(hf_cli *cli, const hf_doubt_options *options, int doubtful, int draws, const hf_rank_interval *interval, const int *order);

#endif
