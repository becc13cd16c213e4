/* Derived supply links: what a register does not say, by rules such as "every hospital needs the nearest substation of its country within 50 km".
 *
 * A rule table is CSV, one rule a row:
 *     rule, user, requirement, supplier    a name; who needs it (a filter, as "sector=health"); what; who may supply it (a filter)
 *     k, needed                            the nearest k (default 1); how many of them suffice (default 1)
 *     within_km                            none beyond (default: no limit)
 *     abroad                               yes: suppliers of other countries too (default no)
 *     over_water                           yes: entities marked as isolated may be linked to others outside of their region (default no)
 *     curve, kind, confidence              of the requirement and the links
 * Or the published form of Mühlhofer et al. (Reliability Engineering & System Safety 2023, 109194): source, target, single_link, thresh_func,
 * thresh_dist; source and target are then subsectors, a link is to the nearest one or (single_link FALSE) to all of the nearest five.
 * A user that has the requirement already is left as it is. */
#ifndef HF_DATASETS_LINK_LINK_H
#define HF_DATASETS_LINK_LINK_H

#include "datasets/package.h"

/* What a rule did. Distances are of each user to its nearest supplier. */
typedef struct hf_link_rule {
    const char *name;
    int users, linked, links, had; /* users of the rule; those linked; links made; those that had the requirement */
    int unplaced;                  /* users without lat and lon */
    double median_km, most_km;     /* NaN when none is linked; the median is the value at place n/2 of the sorted distances */
    int over_20_km;                /* users whose nearest supplier is farther */
    int n_unconnected, *unconnected; /* entities that found nobody */
} hf_link_rule;

typedef struct hf_link_report {
    int n;
    hf_link_rule *rules;
    void *memory;
} hf_link_report;

/* Reads the rules and writes the package with the derived links into a new folder; each link says its rule and distance. HF_E_DATA with findings
 * (file:line of the rule table), HF_E_EXISTS, HF_E_IO, HF_E_NOMEM: then nothing is written. The report is the caller's. */
hf_err hf_link(const hf_package *package, const char *rules, const char *into, hf_diag *diag, hf_link_report **ret_report);
void hf_link_report_free(hf_link_report *report);

#endif
