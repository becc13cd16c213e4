/* What the hazards of a data set do to each region, counted by indicators that a rule set lists. Computed from exact timelines. */
#ifndef HF_ASSESS_REGIONS_H
#define HF_ASSESS_REGIONS_H

#include <stdint.h>

#include "model/cascade/timeline.h"

/* What is counted: entities of a sector that are below `out_below` for more than `hours` without a break, or the people they serve. Whoever is
 * served by two such entities counts twice. */
typedef struct hf_region_indicator {
    bool people;                   /* users of the entities; otherwise the entities themselves */
    bool isolated;                 /* only entities marked isolated */
    const char *sector, *subsector; /* "": all */
    double hours;                  /* >= 0 */
} hf_region_indicator;

typedef struct hf_region_options {
    hf_run_options run; /* finite horizon */
    double out_below;   /* (0,1] */
    long samples;       /* >= 2: events drawn of each hazard whose damage is left to chance; all others are run once */
    uint64_t seed;
} hf_region_options;

/* One indicator in one region. */
typedef struct hf_region_exposure {
    long watched;       /* entities that it counts; where people are counted, those with users */
    double most;        /* figure if all of them were out: people or entities */
    double yearly;      /* expected a year, over hazards with a frequency */
    double yearly_se;   /* its standard error from sampling; 0 where nothing was drawn */
    double worst;       /* mean when the worst hazard comes, with a frequency or without */
    int worst_hazard;   /* -1: no hazard does anything */
} hf_region_exposure;

/* Measures every indicator in every region. `place` [n_entities] says which region an entity counts in, 0..n_places-1, -1 none.
 * exposure [(n_indicators + 1) * n_places] receives the figures, region by region within an indicator; the last block is the sum of the
 * indicators that count people. Same figures for same input and seed. O(hazards x samples x (cascade + damage rows + entities + exposure)).
 * Errors: HF_E_RANGE (options), HF_E_NOMEM, those of a run. */
hf_err hf_regions_measure(const hf_network *net, const int *place, int n_places, const hf_region_indicator *indicators, int n_indicators,
                          const hf_region_options *options, hf_diag *diag, hf_region_exposure *exposure);

#endif
