/* A scripted what-if: injects by name, resolved against a network into what the timeline engine runs. */
#ifndef HF_CASCADE_SCENARIO_H
#define HF_CASCADE_SCENARIO_H

#include "base/diag.h"
#include "model/cascade/timeline.h"
#include "model/network/network.h"

/* What an inject in a file may say. Those from HF_STEP_NOTE on do not act on the cascade; trade reads them. */
typedef enum hf_step_kind {
    HF_STEP_FAIL,
    HF_STEP_DEGRADE,
    HF_STEP_REPAIR,
    HF_STEP_RESTORE,
    HF_STEP_NOTE,
    HF_STEP_CLOSE_BORDER,
    HF_STEP_CUT_CORRIDOR,
    HF_STEP_LIMIT_TRADE,
} hf_step_kind;

typedef struct hf_step {
    double at_h;
    hf_step_kind kind;
    int n_targets;
    const char **targets; /* ids, or filters "country=RS sector=energy hazard=flood" (all parts must hold) */
    double level;         /* 0..1; NaN where not given */
    const char *text;     /* for the exercise sheet, "" where not given */
    int line, column;     /* where the step stands in its file, 0 if in none */
} hf_step;

/* One answer to a decision: what it does comes on top of the steps of the scenario. */
typedef struct hf_choice {
    const char *name, *title, *text, *source; /* text: for the exercise sheet; source: where its figures come from; "" where not given */
    int n_steps; /* 0: nothing is done */
    hf_step *steps;
} hf_choice;

/* A point at which the players of an exercise decide. */
typedef struct hf_decision {
    const char *name, *title; /* title: the question */
    double at_h;
    int n_choices;
    hf_choice *choices;
    int line, column; /* as for a step */
} hf_decision;

typedef struct hf_scenario {
    const char *name, *title, *description;
    double horizon_h; /* NaN: the default */
    int n_steps;
    hf_step *steps;
    int n_decisions; /* 0 for most */
    hf_decision *decisions;
    const char *file; /* for findings, may be NULL */
} hf_scenario;

/* Name of a step kind as files write it ("fail", …); kind of a name, or -1. */
const char *hf_step_kind_name(hf_step_kind kind);
int hf_step_kind_find(const char *name);

/* Resolves every target; the injects are the caller's (hf_free). Defaults: level 0 for fail, 1 for restore; degrade needs one.
 * HF_E_DATA with a finding for each unknown entity, filter that matches nothing, level or hour out of range; `diag` must not be NULL.
 * Steps that do not act on the cascade are counted in one note each kind. */
hf_err hf_scenario_resolve(const hf_scenario *scenario, const hf_network *net, hf_diag *diag, hf_inject **ret_injects, int *ret_count);

/* The same for the scenario together with a choice of one of its decisions. A step of the choice before the decision is a finding too.
 * Without a choice (NULL; the decision is then not looked at) it is hf_scenario_resolve. */
hf_err hf_scenario_resolve_choice(const hf_scenario *scenario, const hf_decision *decision, const hf_choice *choice, const hf_network *net, hf_diag *diag,
                                  hf_inject **ret_injects, int *ret_count);

/* What a row of damage does at hour 0, to what its severity leaves; row 0 .. n_damage - 1. */
hf_inject hf_damage_inject(const hf_network *net, int row);

/* Entities that a target (an id or a filter) names, ascending; the array is the caller's (hf_free). *ret_why is a static text when it names none. */
hf_err hf_target_resolve(const hf_network *net, const char *target, int **ret_entities, int *ret_count, const char **ret_why);

#endif
