/* Inside of the engines: asking "what if" of the present state and putting it back. */
#ifndef HF_CASCADE_TRIAL_H
#define HF_CASCADE_TRIAL_H

#include "model/cascade/engine.h"

/* The state of everything a run has touched so far. */
typedef struct hf_snapshot {
    int n_e, n_r, n_c, n_instant_e, n_instant_r, n_locked;
    double *x;
    hf_entity_state *e;
    hf_requirement_state *r;
    hf_comp_state *c;
    double *share; /* of the nodes of the touched components, one after the other */
    double *line_share; /* of their lines, rule `dc`; line_open likewise */
    bool *line_open;
} hf_snapshot;

hf_err hf_snapshot_take(const hf_timeline *tl, hf_snapshot *ret_snapshot);
void hf_snapshot_restore(hf_timeline *tl, const hf_snapshot *snapshot);
void hf_snapshot_done(hf_snapshot *snapshot);

/* Moves the state to the greatest one that satisfies the equations with today's own availabilities and clocks, restart times aside. */
void hf_trial_greatest(hf_timeline *tl);

/* Queues everything touched, with restart times that are running taken as over; for trials that rise. */
void hf_trial_queue(hf_timeline *tl);

/* Rises as far as the queue carries; what would have to fall (a pinned entity that cannot hold itself) stays. */
void hf_trial_rise(hf_timeline *tl);

#endif
