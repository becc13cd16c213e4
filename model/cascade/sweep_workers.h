/* Inside of the sweeps: an engine for each thread. Not installed. */
#ifndef HF_CASCADE_SWEEP_WORKERS_H
#define HF_CASCADE_SWEEP_WORKERS_H

#include "model/cascade/sweep.h"

typedef struct hf_sweep_worker {
    hf_timeline *tl;
    hf_summarizer *summarizer;
    hf_diag *diag;
} hf_sweep_worker;

typedef struct hf_sweep_workers {
    const hf_network *net;
    const hf_sweep_options *options;
    hf_diag *target; /* receives the first error */
    int n;
    hf_sweep_worker *worker;
} hf_sweep_workers;

hf_err hf_sweep_workers_new(const hf_network *net, const hf_sweep_options *options, hf_diag *diag, hf_sweep_workers *ret_workers);
void hf_sweep_workers_done(hf_sweep_workers *w);

/* Runs injects on a thread's engine and sums up. */
hf_err hf_sweep_run(hf_sweep_workers *w, int worker, const hf_inject *injects, int n, hf_cascade_summary *ret_summary);

#endif
