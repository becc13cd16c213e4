/* JOBS.json, what a batch shall run:
 *
 *     {"jobs": [{"job": "winter", "data": ["danube", "countries/?*"], "analysis": "cascade", "scenarios": ["winter-gas-cut"] or "all",
 *                "hazards": ["flood"] or "all", "fail": [["rs-tso"], ["hu-tso", "ro-tso"]], "horizon_h": 720, "no_repair": false, "out_below": 0.5},
 *               {"job": "alone", "data": ["danube"], "analysis": "singles"}]}
 *
 * Strict: a member that means nothing is an error. Data sets are named from the folder of the file on; * and ? stand for any names. */
#ifndef HF_DATASETS_JOBS_H
#define HF_DATASETS_JOBS_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/diag.h"

typedef enum hf_job_analysis {
    HF_JOB_CASCADE, /* one run for each scenario, hazard and list of failures */
    HF_JOB_SINGLES, /* one run: every entity alone */
} hf_job_analysis;

/* Names, or all there are. */
typedef struct hf_job_names {
    bool all;
    int n;
    const char **name;
} hf_job_names;

typedef struct hf_job {
    const char *name;       /* once a file */
    int n_data;
    const char **data;      /* paths, in order, each once */
    hf_job_analysis analysis;
    hf_job_names scenarios, hazards;
    int n_fails;
    hf_job_names *fails;    /* [n_fails] targets that fail together at hour 0, in full */
    double horizon_h;       /* > 0; NaN: the scenario's, else the default */
    double out_below;       /* (0,1] */
    bool no_repair;
} hf_job;

/* Reads the file; the jobs live in the arena. HF_E_DATA with a finding for each fault, HF_E_NOMEM. `file` must live as long as the diag. */
hf_err hf_jobs_read(const char *file, hf_arena *memory, hf_diag *diag, hf_job **ret_jobs, int *ret_n);

#endif
