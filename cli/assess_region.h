/* What `assess region` has found, for the files that print it. */
#ifndef HF_CLI_ASSESS_REGION_H
#define HF_CLI_ASSESS_REGION_H

#include "cli/cli.h"
#include "datasets/worst_events.h"

typedef struct hf_region_answer {
    hf_worst_events *rules;
    hf_region_options options;
    int n_places;
    const char **place_name;      /* [n_places] region, or the country where an entity has none; sorted */
    int *place;                   /* [n_entities] */
    hf_region_exposure *exposure; /* [(rules->n + 1) * n_places] */
} hf_region_answer;

/* Tables for people, or JSON or CSV when the options say so. `only`: one region's sheet, -1 for all. */
hf_err hf_region_write(hf_cli *cli, const hf_region_answer *a, int only);

#endif
