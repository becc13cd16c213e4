/* Rule sets for regional assessment: worst events, each with the indicator that it is measured by, or why it is not. */
#ifndef HF_DATASETS_WORST_EVENTS_H
#define HF_DATASETS_WORST_EVENTS_H

#include "base/arena.h"
#include "base/diag.h"
#include "model/assess/regions.h"

typedef struct hf_worst_event {
    const char *code, *title;
    hf_region_indicator indicator;
} hf_worst_event;

typedef struct hf_worst_events {
    const char *name, *title, *source, *verified;
    int n, n_unmeasured;        /* measured ones; those that the file lists as not measured */
    hf_worst_event *event;      /* [n] in file order */
    hf_arena memory;
} hf_worst_events;

/* Reads a JSON file: {"name", "title", "source", "verified", "events": [{"code", "title", "count": "people" | "entities", "sector",
 * "subsector", "isolated", "hours"} or {"code", "title", "not_measured": why}]}. All mistakes are findings, then HF_E_DATA. HF_E_NOMEM. */
hf_err hf_worst_events_read(const char *file, hf_diag *diag, hf_worst_events **ret_events);
void hf_worst_events_free(hf_worst_events *events);

#endif
