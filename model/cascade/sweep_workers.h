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

/* sweep_boolean.c: runs set k as entities[off[k]] .. entities[off[k + 1] - 1], or entity k alone where off is NULL, in the steady state and 512 at a
 * time. *ret_done is -1 when the network is not exactly Boolean: nothing was run. */
hf_err hf_sweep_boolean(const hf_network *net, const int *off, const int *entities, int n_sets, const hf_sweep_options *options,
                        hf_cascade_summary *summary, long *ret_done);

#endif
