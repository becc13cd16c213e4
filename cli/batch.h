/* The runs of a batch: what a job comes to on one data set. */
#ifndef HF_CLI_BATCH_H
#define HF_CLI_BATCH_H

#include "base/arena.h"
#include "cli/cli.h"
#include "datasets/jobs.h"
#include "datasets/results.h"
#include "model/cascade/losses.h"

/* One what-if, ready to run. */
typedef struct hf_batch_run {
    const char *options;        /* all that changes the result, in one text; of the job's memory */
    hf_inject *injects;
    int n_injects;
    hf_run_options run;
    double out_below;
} hf_batch_run;

/* The runs of a cascade job on a data set, in the order of the job: scenarios, hazards, failures. What cannot be resolved is a finding and leaves its run
 * out. The texts live in `memory`; free with hf_batch_runs_free. HF_E_NOMEM. */
hf_err hf_batch_runs(const hf_job *job, const hf_package *package, hf_arena *memory, hf_diag *diag, hf_batch_run **ret_runs, int *ret_n);
void hf_batch_runs_free(hf_batch_run *runs, int n);

/* The options of a singles job, in one text of the memory; NULL when memory is short. */
const char *hf_batch_singles_options(const hf_job *job, hf_arena *memory);

/* Fills the rows of a result with those of losses: `entities` and `sectors` are the caller's (hf_free). HF_E_NOMEM. */
hf_err hf_batch_result(const hf_network *net, const hf_losses *losses, hf_result *result, hf_result_entity **ret_entities, hf_result_sector **ret_sectors);

#endif
