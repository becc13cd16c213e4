/* What a run cost: per entity, per sector and country, at fixed hours. Computed from the changes of a timeline run, nothing else. */
#ifndef HF_CASCADE_LOSSES_H
#define HF_CASCADE_LOSSES_H

#include "model/cascade/timeline.h"

/* One affected entity. Hours are NaN where the thing never happened. */
typedef struct hf_entity_loss {
    int entity;
    double first_loss_h; /* functionality first below 1 */
    double out_h;        /* first below out_below */
    double back_h;       /* after it, at or above out_below until the end; NaN while out at the end or never out */
    double lowest;       /* 0..1 */
    double lost_h;       /* integral of (1 - x) dt, hours */
    double user_hours, value_eur;
    int cause_change; /* index of the change that took it out, or of its first loss if it never went out */
    int depth;
} hf_entity_loss;

/* One sector in one country, one country or one region (others -1), where any entity was hit. */
typedef struct hf_group_loss {
    int sector, country, region;
    int entities_hit;                     /* functionality below 1 at any time */
    double users_hit_peak, user_hours, value_eur; /* users hit at t: sum of users (1 - x) */
    int n_points;                         /* inoperability over time: [n_points] hours and values, stepwise, first at the first loss */
    double *hour, *inoperability;         /* q = 1 - sum(w x) / sum(w) over all entities of the group, 0..1 */
} hf_group_loss;

typedef struct hf_at_hour {
    double hour;
    int entities_out;
    double users_hit;
} hf_at_hour;

/* Service lost in another state: users there of an entity elsewhere. */
typedef struct hf_abroad_loss {
    int country, from_country;
    int entities_hit;
    double user_hours, users_hit_peak;
} hf_abroad_loss;

typedef struct hf_losses {
    double out_below, end_h;
    int n_entities;
    hf_entity_loss *entities; /* ascending by entity */
    int n_sectors, n_countries, n_regions, n_abroad;
    hf_group_loss *sectors;   /* by sector, then country */
    hf_group_loss *countries, *regions;
    hf_abroad_loss *abroad;
    int n_at;
    hf_at_hour at[7]; /* 0, 2, 6, 12, 24, 72, 168 h, those up to the end */
    int entities_out; /* ever below out_below */
    double users_hit_peak, users_total, user_hours, value_eur, worst_hour;
    double recovered_10_h, recovered_50_h, recovered_90_h; /* since the first loss: when 10/50/90 % of the peak of users hit is regained for good; NaN if not */
    int countries_reached, sectors_reached, depth; /* countries: with an entity hit, or users of one abroad */
} hf_losses;

/* Adds up the last run of `tl`. out_below in (0,1]. The losses are the caller's; free with hf_losses_free. HF_E_RANGE, HF_E_NOMEM.
 * O(entities + groups + changes log changes). */
hf_err hf_losses_compute(const hf_timeline *tl, const hf_network *net, double out_below, hf_losses **ret_losses);
void hf_losses_free(hf_losses *losses);

#endif
