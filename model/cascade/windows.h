/* One run cut into stretches of time, as an exercise needs it: what happens between one inject and the next, and who lives on a reserve then. */
#ifndef HF_CASCADE_WINDOWS_H
#define HF_CASCADE_WINDOWS_H

#include "base/arena.h"
#include "model/cascade/timeline.h"

/* What became of one entity at one instant, all its changes of that instant together. */
typedef struct hf_move {
    int entity;
    double at_h, before, after; /* before != after */
    int change;                 /* index of the change that explains it: the last fall of the instant for a fall, the last rise for a rise */
} hf_move;

/* An entity that lives on the reserve of a requirement, and the hour at which the run takes it down for that. */
typedef struct hf_reserve {
    int entity, requirement;
    double since_h, until_h; /* since_h < until_h */
    int change;              /* the fall at until_h */
} hf_reserve;

/* The hours from from_h on and before to_h; the last window holds the end of the run too. */
typedef struct hf_window {
    double from_h, to_h;
    int n_moves, n_reserves, n_countries;
    const hf_move *moves;       /* in order of time, then as they happened */
    const hf_reserve *reserves; /* short since before to_h, down only in a later window; each entity and requirement once, soonest first */
    const int *countries;       /* ascending: with an entity that falls in the window, or with users of one that stands elsewhere */
    double users_hit_peak;      /* largest sum of users (1 - x) that holds at any hour of the window */
    double users_hit_end;       /* what holds just before to_h */
    double user_hours, value_eur; /* lost in the window */
    int entities_out_end;       /* below out_below just before to_h */
} hf_window;

typedef struct hf_windows {
    int n;
    hf_window *window;
    int n_moves, n_reserves;
    hf_move *moves;         /* of the whole run: those of the windows one after the other */
    hf_reserve *reserves;   /* of the whole run, each entity and requirement once for each outage, in order of until_h */
    hf_arena memory;
} hf_windows;

/* Cuts the last run of `tl` at the hours from_h, [n] of them, n >= 1, rising strictly, the first 0; hours after the end of the run are left out.
 * out_below in (0,1] as for losses: the peak over all windows, and the sums, are those of hf_losses_compute. The windows are the caller's
 * (hf_windows_free). HF_E_RANGE, HF_E_NOMEM. O(entities + n (changes + countries)). */
hf_err hf_windows_compute(const hf_timeline *tl, const hf_network *net, double out_below, const double *from_h, int n, hf_windows **ret_windows);
void hf_windows_free(hf_windows *windows);

#endif
