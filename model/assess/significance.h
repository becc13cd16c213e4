/* How significant the failure of an entity is: the figures that the criteria of Article 7 of Directive (EU) 2022/2557 ask for, from the exact timeline of
 * that entity failing alone, in full, at hour 0; and who depends on whom, by sector and by country. */
#ifndef HF_ASSESS_SIGNIFICANCE_H
#define HF_ASSESS_SIGNIFICANCE_H

#include "base/diag.h"
#include "base/parallel.h"
#include "model/cascade/summary.h"

enum { HF_ASSESS_HOURS = 7, HF_ASSESS_LEVELS = 8 };

/* 0, 2, 6, 12, 24, 72 and 168 h. */
extern const double hf_assess_hours[HF_ASSESS_HOURS];

/* Hours are INFINITY where the thing never happens. "Others" are entities besides the one that failed (all that are hit, for a run of many). */
typedef struct hf_significance {
    hf_cascade_summary cascade;
    double users_own;                /* users of the entity, at home and abroad */
    double users_share;              /* users hit at the worst hour, of all users of the network, 0..1 */
    int others_hit, sectors_hit, subsectors_hit; /* others, and the sectors and subsectors they are of, but for the entity's own */
    int others_by[HF_ASSESS_HOURS], sectors_by[HF_ASSESS_HOURS]; /* those hit at or before each hour */
    double first_sector_h;           /* hour at which another sector is hit first */
    double hours_above[HF_ASSESS_LEVELS]; /* in which at least so many users are without service */
    int states, member_states;       /* in which users lose service, by the cascade */
    int member_states_served;        /* its own if it is one, and those with users of it abroad */
    int regions, isolated;           /* of entities hit, the entity itself among them: regions, and entities that serve isolated areas */
    double uncovered;                /* mean over what it supplies of the part that no substitute covers, 0..1; NaN: it supplies nothing by links */
    double bridged_h;                /* least autonomy of its users against that part */
} hf_significance;

typedef struct hf_assess_options {
    hf_run_options run;
    double out_below;                /* (0,1] */
    const bool *is_member;           /* [countries]: a Member State of the Union */
    int n_levels;                    /* at most HF_ASSESS_LEVELS */
    double level[HF_ASSESS_LEVELS];  /* users */
    hf_watch watch;
} hf_assess_options;

typedef struct hf_assessment {
    const hf_network *net;
    hf_significance *of;             /* [n_entities] */
    /* Longest time that an entity stays below out_below in one go, [n_entities]: when it fails itself, and by the failure of another, longest_from (-1:
     * none takes it out). 0: never out; INFINITY: not back within the time looked at. */
    double *own_out_h, *longest_out_h;
    int *longest_from;
    int n_sectors, n_countries;
    int *links;                      /* [n_sectors x n_sectors] supply links from entities of the row to those of the column */
    /* Mean over the entities of the row, each failing alone, of the share of users of the column's entities without service at their worst hour, 0..1;
     * NaN where the column has no users. Countries: users where they live. */
    double *sector_share;            /* [n_sectors x n_sectors] */
    double *country_share;           /* [n_countries x n_countries] */
    int *country_hits;               /* likewise: entities of the row whose failure takes service from users in the column */
} hf_assessment;

/* Every entity alone. HF_E_INTERRUPTED when stopped; HF_E_NOMEM and the errors of a run. O(entities x cascade). Free with hf_assessment_free. */
hf_err hf_assess(const hf_network *net, const hf_assess_options *options, hf_diag *diag, hf_assessment **ret_assessment);
void hf_assessment_free(hf_assessment *assessment);

/* What the other suppliers of its requirement can take over when supply link k is lost, 0..1; with a threshold all or nothing. */
double hf_assess_covered(const hf_network *net, int k);
/* Hours until requirement g, not met at all, costs anything; INFINITY: never. */
double hf_assess_bridged_h(const hf_network *net, int g);

/* The figures of a run that was made already, of any injects; what is about one entity (users_own, uncovered, bridged_h, member_states_served) is 0 or
 * NaN. HF_E_NOMEM. */
hf_err hf_assess_run(const hf_network *net, const hf_timeline *tl, const hf_assess_options *options, hf_significance *ret_significance);

#endif
