/* A straightforward cascade: at every event everything is evaluated again until nothing changes, straight from the equations of
 * the semantics. It shares no code with the engine. Laws compare the two; bench measures the ratio. */
#ifndef HF_TESTS_NAIVE_H
#define HF_TESTS_NAIVE_H

#include <stdbool.h>

#include "model/cascade/timeline.h"
#include "model/network/network.h"

typedef struct naive {
    const hf_network *net;
    double *a, *cond, *x, *clock, *supply, *share, *line_share, *repair_at, *hold_since;
    bool *held, *released, *locked, *served, *open; /* open: lines that tripped at this instant */
    int *label;
    double now;
    double *cond_before; /* conditions when the instant began */
    bool touched;   /* a carrier member's condition has changed since then */
    bool locking;    /* this instant has gone on falling and rising 100 times: what falls stays down to its end */
    bool locked_out; /* an instant of the last run has (carriers whose islands can gain from a failure can) */
} naive;

/* Called after each instant with the hour and the levels of all entities. */
typedef void naive_instant(void *context, double hour, const double *x);

void naive_init(naive *v, const hf_network *net);
void naive_done(naive *v);

/* As hf_timeline_run, for networks without black starts; `flow` and `dc` carriers within the limits of naive_carriers.h. */
void naive_run(naive *v, const hf_inject *injects, int n, const hf_run_options *options, naive_instant *instant, void *context);

#endif
