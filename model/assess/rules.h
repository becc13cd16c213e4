/* Rule sets: when is a disruption significant? Thresholds on figures of significance.h, by the criteria of Article 7(1) of Directive (EU) 2022/2557:
 * (a) users, (b) other sectors that depend on the service, (c) degree and duration of the impact, (d) market share, (e) area and borders,
 * (f) alternatives. A rule set is data (datasets/rules.h); nothing here knows a number of any law. */
#ifndef HF_ASSESS_RULES_H
#define HF_ASSESS_RULES_H

#include "model/assess/significance.h"

enum { HF_CRITERIA = 6 }; /* a to f */

typedef enum hf_indicator {
    HF_OWN_USERS,       /* users of the entity, at home and abroad */
    HF_USERS_HIT,       /* users without service at the worst hour, through the cascade */
    HF_USERS_SHARE,     /* the same, of all users */
    HF_OTHER_SECTORS,   /* other sectors in which entities are hit */
    HF_OTHER_ENTITIES,  /* others that are hit */
    HF_SECTOR_WITHIN_H, /* hours until the first other sector is hit */
    HF_USER_HOURS,
    HF_VALUE_EUR,
    HF_HOURS_ABOVE,     /* hours in which at least `level` users are without service */
    HF_MARKET_SHARE,
    HF_STATES,          /* in which users lose service */
    HF_MEMBER_STATES,   /* of the Union, likewise */
    HF_SERVED_STATES,   /* Member States with users of the entity itself */
    HF_REGIONS,
    HF_ISOLATED,        /* entities hit that serve isolated areas */
    HF_UNCOVERED,       /* part of what it supplies that no substitute covers */
    HF_BRIDGED_H,       /* least autonomy of its users against that part */
    HF_SUPPLY,          /* what it feeds into carriers of unit `unit` */
    HF_NOT_ASSESSABLE,  /* needs a figure that data sets do not hold; `needs` says which */
    HF_INDICATORS
} hf_indicator;

/* Its name as rule sets write it, and in words with its unit; the indicator of a name, or -1. */
const char *hf_indicator_name(hf_indicator indicator);
const char *hf_indicator_words(hf_indicator indicator);
int hf_indicator_find(const char *name);
/* Whether less is worse: hours until something happens. Such thresholds are limits from above. */
bool hf_indicator_is_time_left(hf_indicator indicator);

typedef struct hf_threshold {
    int criterion;                 /* 0 .. HF_CRITERIA - 1 */
    hf_indicator indicator;
    double limit;                  /* met at this or more; for hours left: at this or less */
    double level;                  /* of HF_HOURS_ABOVE */
    const char *unit;              /* of HF_SUPPLY */
    const char *sector, *subsector; /* only entities of it; NULL: all */
    const char *needs, *source;    /* texts; NULL where not given */
    bool must;                     /* the class is not reached without it */
} hf_threshold;

/* A class is reached when all thresholds that must be met are, and at least so many criteria are met. */
typedef struct hf_rule_class {
    const char *name, *title;
    int criteria;
    int n_thresholds;
    hf_threshold *threshold;
} hf_rule_class;

typedef struct hf_rules {
    const char *name, *version, *title, *source, *verified;
    double near;                   /* 0 < near <= 1: a figure of at least this part of a threshold is near it */
    int n_classes;
    hf_rule_class *classes;        /* gravest first */
    int n_incident;                /* thresholds for the notification of an incident (Article 15) */
    hf_threshold *incident;
    int n_members;
    const char **member;           /* Member States of the Union, ISO 3166-1 alpha-2 */
} hf_rules;

/* Does not concern: the threshold is about another sector. Unknown: the data set holds no figure for it. */
typedef enum hf_verdict { HF_NO_CONCERN, HF_UNKNOWN_FIGURE, HF_NOT_MET, HF_NEAR, HF_MET } hf_verdict;

/* The figure of a threshold for an entity (-1: of a run, HF_OWN_USERS and the like then are unknown); NaN when there is none.
 * `levels` are those of the assessment, in which `level` is looked up. */
double hf_threshold_figure(const hf_threshold *threshold, const hf_network *net, int entity, const hf_significance *of, const hf_assess_options *options);
/* The figure over the limit (the limit over the figure for hours left): 1 and more is met. NaN when there is none. */
double hf_threshold_margin(const hf_threshold *threshold, double figure);
hf_verdict hf_threshold_judge(const hf_rules *rules, const hf_threshold *threshold, const hf_network *net, int entity, const hf_significance *of,
                              const hf_assess_options *options);

/* The best verdict of each criterion over all classes, and the first class that is reached, or -1. */
int hf_rules_judge(const hf_rules *rules, const hf_network *net, int entity, const hf_significance *of, const hf_assess_options *options,
                   hf_verdict ret_criterion[HF_CRITERIA]);

/* Collects the user levels that the rules ask for, at most HF_ASSESS_LEVELS of them, ascending; false when there are more. */
bool hf_rules_levels(const hf_rules *rules, hf_assess_options *options);

#endif
