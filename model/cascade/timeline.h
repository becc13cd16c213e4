/* The timeline engine: exact, event-driven cascades with autonomy, repair, restart, substitutes, shedding classes and carriers.
 *
 * One engine object serves any number of runs on one network. A run touches only what changes; the next run undoes just that.
 * The semantics are those of docs/manual/semantics.md; between two events nothing changes, so times are exact, not stepped. */
#ifndef HF_CASCADE_TIMELINE_H
#define HF_CASCADE_TIMELINE_H

#include <stdbool.h>

#include "base/diag.h"
#include "model/network/network.h"

typedef enum hf_inject_kind {
    HF_INJECT_FAIL,    /* own availability falls to `level`; repaired after the entity's repair_h, if it has one */
    HF_INJECT_DEGRADE, /* own availability falls to `level` and stays there until a repair or restore */
    HF_INJECT_REPAIR,  /* own availability is 1 again */
    HF_INJECT_RESTORE, /* own availability rises to `level` */
} hf_inject_kind;

typedef struct hf_inject {
    double at_h;
    hf_inject_kind kind;
    int entity;
    double level;    /* 0..1 */
    double repair_h; /* for HF_INJECT_FAIL: hours to repair; NaN: the entity's own */
} hf_inject;

typedef struct hf_run_options {
    double horizon_h; /* > 0, may be INFINITY */
    bool no_repair;   /* nothing is repaired by itself */
    int event_cap;    /* events per entity before the run is called an oscillation */
} hf_run_options;

/* 720 h, with repair, 1,000 events an entity. */
hf_run_options hf_run_options_default(void);

typedef enum hf_cause_kind {
    HF_CAUSE_INJECT,      /* own damage: `cause` is the inject's index; a rise: own repair, `cause` is -1 */
    HF_CAUSE_REQUIREMENT, /* `cause` is the requirement that binds; a rise: supply is back, `cause` is -1 */
    HF_CAUSE_CARRIER,     /* `cause` is the carrier node whose delivered share binds */
    HF_CAUSE_OVERLOAD,    /* `cause` is the carrier line that tripped (rule `dc`) */
    HF_CAUSE_RESTART,     /* a rise: restart time over */
    HF_CAUSE_BLACK_START, /* a rise: started from its own source */
} hf_cause_kind;

/* One change of an entity's functionality, in the order they happened. Falls of one entity at one instant for
 * one cause are joined. */
typedef struct hf_change {
    double at_h;
    double since_h; /* falls by requirement: since when its supply has been short without a break (before at_h if autonomy bridged it) */
    double before, after;
    int entity;
    int cause; /* see hf_cause_kind */
    hf_cause_kind kind;
    int depth; /* falls: 0 for own damage, else one more than the deepest short supplier; rises: 0 */
} hf_change;

typedef struct hf_deadlock {
    int n_entities, *entities;       /* the entities on the loop, ascending */
    int n_black_start, *black_start; /* a smallest set that frees it */
    bool exact;                      /* the set is proved smallest (loops of up to 20 entities), else greedy */
} hf_deadlock;

typedef struct hf_timeline hf_timeline;

hf_err hf_timeline_new(const hf_network *net, hf_timeline **ret_timeline);
void hf_timeline_free(hf_timeline *tl);

/* Runs injects (any order; equal times are handled falls first) up to the horizon. Results stay valid until the next run.
 * Errors: HF_E_OSCILLATION (the diag names the entities), HF_E_RANGE (an inject outside its range), HF_E_NOMEM.
 * A convergence cap reached inside an instant, and what was locked out because it came and went without end, are warnings in the diag,
 * which may be NULL. Cost: O(log) per touched link and event. */
hf_err hf_timeline_run(hf_timeline *tl, const hf_inject *injects, int n_injects, const hf_run_options *options, hf_diag *diag);

/* While on, runs give a bound: no entity is at any hour lower in a run with only some of the injects than in a bounded run with all of them, as
 * long as nothing is repaired (no_repair; the steady state) and all injects are `fail` or `degrade`. `balance` carriers then give each node the
 * least share that any part of the failures can leave it (a failure can help others by parting an island), and nothing starts by itself.
 * It says nothing of entities that depend on carriers of the rules `flow` and `dc`. HF_E_NOMEM. */
hf_err hf_timeline_bound(hf_timeline *tl, bool on);

/* What the last run did. */
int hf_timeline_change_count(const hf_timeline *tl);
const hf_change *hf_timeline_changes(const hf_timeline *tl);
long hf_timeline_event_count(const hf_timeline *tl);
double hf_timeline_end_h(const hf_timeline *tl); /* the horizon, or the last event's time if the horizon is infinite */
bool hf_timeline_locked_out(const hf_timeline *tl); /* at some instant something went whenever it was back, and was left down */
double hf_timeline_level(const hf_timeline *tl, int entity);        /* functionality x at the end */
double hf_timeline_availability(const hf_timeline *tl, int entity); /* own availability a at the end */

/* Restart deadlocks at the end of the last run; the arrays belong to the engine and stay valid until its next run. */
hf_err hf_timeline_deadlocks(hf_timeline *tl, const hf_deadlock **ret_deadlocks, int *ret_count);

#endif
