/* Inside of the cascade engines: state, work queue and events. Not installed; only files of model/cascade include it.
 *
 * One instant is settled by two monotone iterations over a work queue of items: an item is an entity (0 .. n_entities-1) or a carrier
 * component (n_entities + component). State is kept between runs and undone by resetting just what a run touched. */
#ifndef HF_CASCADE_ENGINE_H
#define HF_CASCADE_ENGINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/cascade/timeline.h"

#define HF_EPSILON 1e-12      /* changes of a level below this are none: fractional loops converge to it */
#define HF_FULL 1e-9          /* a supply within this of 1 (or of a threshold) counts as reaching it: shares like 1/3 add up */
#define HF_SAME_INSTANT_H 1e-9 /* events closer than this (3.6 microseconds) are one instant */

typedef struct hf_entity_state {
    double cond;       /* condition: own availability and requirements, without the carriers' delivered shares */
    double avail;      /* own availability */
    double hold_since; /* while held: since when conditions allow a restart, NaN while they do not */
    double start_level; /* while held and able to black start: the level it could start at; 0 otherwise */
    int last_change, depth;
    int changes;       /* instants at which it changed */
    int inject; /* the inject that lowered `avail`, -1 when it is 1 */
    unsigned repair_version, restart_version;
    bool touched, deferred, in_instant;
    bool held;     /* fell below its restart threshold and waits */
    bool released; /* its restart time is over at this instant */
    bool repaired; /* its own availability rose at this instant */
    bool started;  /* it started from its own source at this instant */
    bool locked;   /* it went whenever it was back, and stays down until the next instant */
} hf_entity_state;

/* A supply link as the settling loop reads it: everything of a link on one cache line, next to the others of its requirement. */
typedef struct hf_link {
    double share;
    int supplier;
    bool shed; /* its supplier has several shedding classes: see sup_from and sup_width */
} hf_link;

typedef struct hf_requirement_state {
    double supply;  /* s at `clock_at` and since */
    double clock;   /* u at `clock_at` */
    double clock_at;
    double since;   /* when supply fell below 1 */
    double limit;   /* l */
    int step;       /* steps of the impact curve the clock has passed */
    double event_supply; /* supply and step for which the next crossing was put into the event heap */
    int event_step;
    unsigned version;
} hf_requirement_state;

/* Flags that are asked for far more often than the states they belong to: kept dense, so that looking at what does not change is cheap. */
enum {
    HF_R_DIRTY = 1,      /* requirement: a supplier's level has changed */
    HF_R_TOUCHED = 2,
    HF_R_IN_INSTANT = 4,
    HF_R_SHORT = 8,      /* its supply is below 1 */
    HF_R_ABSENT = 16,    /* drawn absent: it limits nothing in this run */
    HF_E_QUEUED = 1,     /* entity */
    HF_E_MUST = 2,       /* more than a supply has changed: evaluate it even if no requirement moves */
};

typedef struct hf_comp_state {
    int depth; /* deepest fall of a condition in it */
    bool overloaded; /* rule `dc`: lines are to trip as soon as the falls have settled */
    bool touched, queued, deferred;
} hf_comp_state;

typedef struct hf_work {
    uint64_t key;
    int item;
} hf_work;

typedef enum hf_event_kind { HF_EVENT_CLOCK, HF_EVENT_INJECT, HF_EVENT_REPAIR, HF_EVENT_RESTART } hf_event_kind;

typedef struct hf_event {
    double at_h;
    hf_event_kind kind;
    int index;        /* requirement, inject or entity */
    unsigned version; /* stale when the owner's version has moved on */
} hf_event;

/* A plain list whose room was reserved when the engine was made. */
typedef struct hf_list {
    int n, *item;
} hf_list;

typedef enum hf_direction { HF_FALLING, HF_RISING } hf_direction;

/* What the rules `flow` and `dc` keep: carrier_flow.c, carrier_dc.c; and bounds of `balance`. */
typedef struct hf_flow hf_flow;
typedef struct hf_dc hf_dc;
typedef struct hf_bound hf_bound; /* carrier_bound.c */

struct hf_timeline {
    const hf_network *net;
    double *x;         /* functionality of each entity: what it delivers and what its users see */
    hf_link *link;
    const double *sup_from, *sup_width; /* the network's, or those of the links that are drawn present */
    hf_entity_state *e;
    hf_requirement_state *r;
    unsigned char *e_flags, *r_flags;
    hf_comp_state *c;
    double *share;     /* delivered share of each carrier node */
    double *line_share; /* [clines] 0 for lines that overload has tripped; NULL when no carrier has the rule `dc` */
    bool *line_open;    /* [clines] tripped at this instant: stays so until it is over; NULL likewise */
    hf_list open_lines; /* where line_open is true */
    int *comp_line_off, *comp_line; /* lines of each component with the rule `dc`, in line order; NULL likewise */
    hf_flow *flow;     /* NULL when no carrier has the rule */
    hf_dc *dc;
    hf_bound *bound;   /* what hf_timeline_bound needs, once it has been asked for */
    bool bounding;
    int *scc;          /* strong component of each item, in topological order */
    bool has_black_start;    /* any entity can start from an own source */
    hf_list short_comps; /* components whose supply is short before anything fails */

    hf_list touched_e, touched_r, touched_c; /* to undo */
    hf_list instant_e, instant_r;            /* to finish at the end of the instant */
    hf_list deferred;                        /* items that want to move against the present direction */
    hf_list locked;                          /* entities that are locked out */
    hf_work *work;
    int n_work;
    uint32_t work_seq;
    hf_direction direction;
    bool steady;    /* no clocks: every impact curve stands at its end */
    bool restarts_off; /* restart thresholds hold nobody (trials, steady state) */
    bool recording; /* changes are written down (off during trials) */
    bool locking;   /* at this instant things come and go without end: what falls now is locked out */
    bool locked_out; /* that has been so at some instant of the run */
    double now;

    hf_event *events;
    size_t n_events, events_capacity;
    hf_event *rises; /* of the present instant: what waits until its falls have settled */
    size_t rises_capacity;
    hf_change *changes;
    size_t n_changes, changes_capacity;
    size_t instant_first_change;

    const hf_inject *injects;
    hf_run_options options;
    hf_diag *diag;
    hf_err err; /* first failure inside an iteration */
    long event_count, evaluations;
    int instant_items;
    double end_h;

    /* Scratch of the carrier rules and of trials. */
    double *new_share, *new_line_share, *island_supply, *island_demand;
    int *island, *stack, most_classes, *cnode_class_index, *comp_classes; /* most_classes: of any component */
    hf_deadlock *deadlocks;
    int n_deadlocks;
};

/* link_masks.c: the same engine on a network of which only some links are there. */
typedef struct hf_links hf_links;
typedef struct hf_link_masks hf_link_masks;
/* `links` must outlive the masks, these the runs of `tl`. HF_E_NOMEM. */
hf_err hf_link_masks_new(const hf_links *links, hf_link_masks **ret_masks);
void hf_link_masks_free(hf_link_masks *m);
/* Lets the next runs of `tl` see the links that sample `sample` of seed `seed` draws. O(doubtful links), a block's draws every 512 samples. */
void hf_link_masks_set(hf_link_masks *m, hf_timeline *tl, uint64_t seed, long sample);

/* order.c: strong components of a graph of n vertices (successors of v: to[off[v] .. off[v+1]-1]), numbered in topological order. */
hf_err hf_scc(int n, const int *off, const int *to, int *ret_scc, int *ret_count);
/* The same for the dependency graph over all items, suppliers first. */
hf_err hf_order_compute(const hf_network *net, int *ret_scc);

/* queue.c: the work queue of one instant (component order, entities before carriers, then first come) and the event heap. */
void hf_work_push(hf_timeline *tl, int item);
void hf_work_push_supply(hf_timeline *tl, int requirement);  /* a supplier of it has a new level: marks it dirty, queues its entity */
int hf_work_pop(hf_timeline *tl);                            /* -1 when empty */
void hf_work_clear(hf_timeline *tl);
hf_err hf_event_push(hf_timeline *tl, hf_event event);
bool hf_event_pop(hf_timeline *tl, hf_event *ret_event);

/* engine.c: a line has tripped and stays open; all may be closed again. */
void hf_line_open(hf_timeline *tl, int line);
void hf_lines_close(hf_timeline *tl);

/* carrier.c: delivered share of every node of a component, from the conditions as they are, into tl->new_share (`dc`: new_line_share too). */
void hf_carrier_evaluate(hf_timeline *tl, int comp);
/* Whether a change of an entity's condition can change any delivered share of the component of its carrier node. */
bool hf_carrier_node_matters(const hf_timeline *tl, int cnode, double before, double after);
/* The same for one of its carrier lines. */
bool hf_carrier_line_matters(const hf_timeline *tl, int line, double before, double after);

/* engine.c: touching and undoing. */
void hf_touch_entity(hf_timeline *tl, int entity);
void hf_touch_requirement(hf_timeline *tl, int requirement);
void hf_touch_comp(hf_timeline *tl, int comp);
void hf_touched_reset(hf_timeline *tl, int keep_e, int keep_r, int keep_c); /* undoes all but the first so many touched */
void hf_engine_undo(hf_timeline *tl);

/* settle.c: the two fixed-point iterations. */
void hf_clock_advance(hf_timeline *tl, int requirement);     /* brings the clock to tl->now */
bool hf_requirement_refresh(hf_timeline *tl, int requirement); /* supply, step and limit from the suppliers; false: it was and is full */
void hf_condition_set(hf_timeline *tl, int entity, double cond); /* tells the carriers of the entity */
void hf_settle(hf_timeline *tl, hf_direction direction);     /* works the queue until it is empty */
hf_err hf_settle_rest(hf_timeline *tl);                      /* rises that are queued or were deferred, then falls these cause, and so on */
void hf_deferred_drop(hf_timeline *tl);
void hf_locked_retry(hf_timeline *tl);                       /* what was locked out at an earlier instant is queued again */
double hf_conditions(const hf_timeline *tl, int entity, int *ret_requirement); /* min(a, limits); the binding requirement or -1 */

/* record.c: the list of changes. */
void hf_record(hf_timeline *tl, int entity, double before, double after, hf_cause_kind kind, int cause, double since);

/* timeline.c */
hf_err hf_injects_check(const hf_timeline *tl, const hf_inject *injects, int n, hf_diag *diag);

/* blackstart.c: after the rises of an instant, starts who can start from an own source and hold it. */
hf_err hf_black_start(hf_timeline *tl);

/* deadlock.c */
void hf_deadlocks_clear(hf_timeline *tl);

#endif
