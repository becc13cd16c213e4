/* Assessments: one entry for each kind, and what the parts of `assess cer` share. */
#ifndef HF_CLI_ASSESS_H
#define HF_CLI_ASSESS_H

#include "base/arena.h"
#include "cli/what_if.h"
#include "datasets/rules.h"
#include "model/assess/significance.h"
#include "viz/json_out.h"

/* One kind of assessment each, with the data set as the first word left. */
hf_err hf_assess_cer(hf_cli *cli);
hf_err hf_assess_region(hf_cli *cli);

/* The file that --rules means: a path, or the name of a rule set in the folder that HOLDFAST_DATA names, below this folder, or installed; `otherwise` when
 * it is not given. A name that is none is a usage error that lists `shipped`. */
hf_err hf_assess_rules_find(hf_cli *cli, const char *otherwise, const char *shipped, hf_arena *memory, const char **ret_path);

/* Member States from which on an entity is of particular European significance (Article 17) and an incident is told to the Commission (Article 15). */
enum { HF_EUROPEAN_STATES = 6 };

/* How an entity stands under the rules. */
typedef struct hf_standing {
    int entity, class_reached;          /* -1: none */
    int met, near;                      /* criteria */
    hf_verdict criterion[HF_CRITERIA];
} hf_standing;

/* A hazard and what it brings. */
typedef struct hf_hazard_risk {
    int hazard;
    double per_year, user_hours, user_hours_low, user_hours_high, value_eur; /* an event, with a 95 % interval */
} hf_hazard_risk;

typedef struct hf_cer {
    hf_cli *cli;
    hf_arena memory;
    hf_rules rules;
    hf_assess_options options;
    bool *is_member;                    /* [countries] */
    hf_assessment *all;
    hf_standing *standing;              /* [n_entities], those most significant first */
    int state;                          /* country that is assessed, or -1: all */
    int n_risks;
    hf_hazard_risk *risk;               /* most expected loss a year first */
} hf_cer;

/* What a verdict is called: "met", "near", "no", "?" (no figure), "-" (another sector's). */
const char *hf_verdict_word(hf_verdict verdict);
/* A figure of an indicator as a cell: hours, amounts, shares. */
void hf_figure_words(hf_indicator indicator, double figure, hf_buf *out);
/* "hours with at least so many users without service (100 k)": the indicator of a threshold with what it is about. */
void hf_threshold_words(const hf_threshold *threshold, hf_buf *out);

/* The assessment of a state or of all, for people, as JSON, as CSV (one row an entity). */
hf_err hf_cer_print(hf_cer *cer);
hf_err hf_cer_json(hf_cer *cer);
hf_err hf_cer_csv(hf_cer *cer);
/* One entity, threshold by threshold. */
hf_err hf_cer_entity_print(hf_cer *cer, int entity);
hf_err hf_cer_entity_json(hf_cer *cer, int entity);
/* The entity's own sheet (Articles 12 and 13): what it depends on in first and second order, its longest outages, measures that target it. In JSON as keys
 * of an open object. */
hf_err hf_cer_sheet_print(hf_cer *cer, int entity);
hf_err hf_cer_sheet_json(hf_cer *cer, int entity, hf_json *json);
/* An incident (Article 15): whether it must be told, and drafts of both notifications. */
hf_err hf_cer_incident(hf_cer *cer);

#endif
