/* A straightforward cascade: at every event everything is evaluated again until nothing changes, straight from the equations of
 * the semantics. It shares no code with the engine. Laws compare the two; bench measures the ratio. */
#ifndef HF_TESTS_NAIVE_H
#define HF_TESTS_NAIVE_H

#include <stdbool.h>

#include "model/cascade/timeline.h"
#include "model/network/network.h"

typedef struct naive {
    const hf_network *net;
    double *a, *cond, *x, *clock, *supply, *share, *repair_at, *hold_since;
    bool *held, *released, *served;
    int *label;
    double now;
    bool unsettled; /* an instant of the last run went on falling and rising 1,000 times (split `balance` islands can) */
} naive;

/* Called after each instant with the hour and the levels of all entities. */
typedef void naive_instant(void *context, double hour, const double *x);

void naive_init(naive *v, const hf_network *net);
void naive_done(naive *v);

/* As hf_timeline_run, for networks with `reach` and `balance` carriers and without black starts. */
void naive_run(naive *v, const hf_inject *injects, int n, const hf_run_options *options, naive_instant *instant, void *context);

#endif
