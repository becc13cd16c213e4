/* What one run cost, in a few figures; for sweeps of thousands of runs on one network, where only what changed may cost time. */
#ifndef HF_CASCADE_SUMMARY_H
#define HF_CASCADE_SUMMARY_H

#include "model/cascade/timeline.h"

typedef struct hf_cascade_summary {
    int entities_out;                     /* ever below out_below */
    int entities_hit;                     /* ever below 1 */
    double users_hit_peak, worst_hour;    /* largest sum of users (1 - x), and the first hour at which it stood */
    double user_hours, value_eur;
    int countries_reached, sectors_reached; /* with an entity hit; countries also where users of one are abroad */
    int depth;                            /* longest chain of causes */
    bool locked_out;                      /* hf_timeline_locked_out */
} hf_cascade_summary;

typedef struct hf_summarizer hf_summarizer;

/* Scratch for one network; one for each thread. O(entities). */
hf_err hf_summarizer_new(const hf_network *net, hf_summarizer **ret_summarizer);
void hf_summarizer_free(hf_summarizer *s);

/* Sums up the last run of a timeline on the same network: the same figures as hf_losses_compute gives. out_below in (0,1]. O(changes). */
void hf_summarize(hf_summarizer *s, const hf_timeline *tl, double out_below, hf_cascade_summary *ret_summary);

/* The same for hf_steady_run, where nothing has hours: of the state at its end. users_hit_peak are the users without service, user_hours and
 * value_eur what an hour of it costs, worst_hour and depth 0. Sums run over entities in ascending order. O(changes log changes). */
void hf_summarize_steady(hf_summarizer *s, const hf_timeline *tl, double out_below, hf_cascade_summary *ret_summary);

/* Entities hit by the summed run, in the order in which they were first hit; valid until the next call. */
int hf_summarizer_hit(const hf_summarizer *s, const int **ret_entities);
/* Hours of service an entity lost in that run: the integral of (1 - x) dt; 0 for one that was not hit. */
double hf_summarizer_lost_h(const hf_summarizer *s, int entity);
/* Whether it was ever out. */
bool hf_summarizer_was_out(const hf_summarizer *s, int entity);

#endif
