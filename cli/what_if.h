/* The what-if of a command line: --fail, --scenario, --hazard and the options of a run, resolved against the data set. */
#ifndef HF_CLI_WHAT_IF_H
#define HF_CLI_WHAT_IF_H

#include "cli/cli.h"
#include "model/cascade/losses.h"
#include "model/cascade/scenario.h"
#include "model/cascade/timeline.h"

typedef struct hf_what_if {
    hf_inject *injects;
    int n_injects;
    size_t capacity;
    const hf_scenario *scenario; /* NULL: none was named */
    int hazard;                  /* -1: none was named */
    hf_run_options options;
    double out_below;
    size_t first_finding; /* findings of the scenario and the run start here in the diag */
} hf_what_if;

/* Whether the command line asks for a cascade at all. */
bool hf_what_if_asked(const hf_cli *cli);

/* Reads the options; nothing to fail, unknown names and values out of range are usage errors. Free with hf_what_if_done, also on failure. */
hf_err hf_what_if_read(hf_cli *cli, hf_what_if *what_if);
void hf_what_if_done(hf_what_if *what_if);

/* Runs it on a new engine; findings of the run are printed. The engine is the caller's. */
hf_err hf_what_if_run(hf_cli *cli, const hf_what_if *what_if, hf_timeline **ret_timeline);

/* What was asked, as options on a command line: " --fail grid --no-repair". */
void hf_what_if_options(const hf_cli *cli, hf_buf *out);

/* Appends a word as a shell would need it: quoted when it holds blanks or other special characters. */
void hf_shell_word(hf_buf *out, const char *word);

#endif
