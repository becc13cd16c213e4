/* Measures that money buys, who pays, and the network that a plan makes of a network.
 *
 * A measure has one or more effects. What it does:
 *     harden       direct damage of the entity is void, by the hazards of the measure (none listed: by all)
 *     detect       that damage is multiplied by a factor (0: void)
 *     backup       one requirement of the entity, or all, hold out `autonomy` hours longer (INFINITY: as long as needed)
 *     supplier     a requirement gets one more supplier with a share
 *     repair       repair takes at most so many hours
 *     spare        the same by a part in store, one for each entity, for damage by the hazards of the measure
 *     line         a carrier gets one more line
 *     black_start  the entity can start without its suppliers */
#ifndef HF_CASCADE_MEASURES_H
#define HF_CASCADE_MEASURES_H

#include "base/arena.h"
#include "base/diag.h"
#include "model/cascade/timeline.h"
#include "model/network/builder.h"
#include "model/network/network.h"

typedef enum hf_measure_kind {
    HF_MEASURE_HARDEN,
    HF_MEASURE_BACKUP,
    HF_MEASURE_SUPPLIER,
    HF_MEASURE_REPAIR,
    HF_MEASURE_DETECT,
    HF_MEASURE_LINE,
    HF_MEASURE_BLACK_START,
    HF_MEASURE_SPARE,
    HF_MEASURE_KINDS
} hf_measure_kind;

typedef struct hf_measure_effect {
    hf_measure_kind kind;
    int entity;      /* the target; for a line the entity it starts from */
    int requirement; /* backup: index, -1 for all of the entity; supplier: index; else -1 */
    int supplier;    /* supplier; for a line the entity it ends at; else -1 */
    int carrier;     /* line, else -1 */
    double amount;   /* backup: autonomy, h; supplier: share; repair, spare: h; detect: factor 0..1; line: capacity; else 0 */
} hf_measure_effect;

typedef struct hf_measure_entry {
    const char *id, *title;
    bool build_capacity; /* owned by a partner who is enabled, not replaced */
    double cost;         /* EUR, >= 0 */
    int payer;           /* index, -1: nobody's budget is touched */
    int n_effects;
    hf_measure_effect *effects;
    int n_hazards;
    const char **hazards; /* hazards, or names of scenarios */
    double cofunding_max; /* 0..1: share of the cost that joint funds may carry */
    double lead_time_y;   /* years until it acts, >= 0 */
    const char *file;     /* where its first row stands, for findings */
    int line;
} hf_measure_entry;

typedef struct hf_budget {
    const char *id;
    double amount; /* EUR, >= 0, INFINITY: without limit */
    bool joint;    /* a fund that adds to what others pay */
} hf_budget;

/* `a` only with `b`, or never both. */
typedef struct hf_measure_tie {
    int a, b;
    bool excludes;
} hf_measure_tie;

/* The payer spends at least `amount` on measures whose target lies in a region or country. */
typedef struct hf_measure_floor {
    int payer;
    const char *place;
    double amount;
} hf_measure_floor;

typedef struct hf_measures {
    int n, n_payers, n_rules, n_floors;
    hf_measure_entry *measure;
    hf_budget *payer;
    hf_measure_tie *rule;
    hf_measure_floor *floor;
    hf_arena memory;
} hf_measures;

/* One row as a table has it; NULL and NaN mean not given. */
typedef struct hf_measure_row {
    const char *measure, *title, *kind, *target, *payer;
    double cost;
    const char *hazards, *requires_ids, *excludes_ids; /* ids divided by blanks */
    double autonomy_h, share, repair_h, factor, capacity, cofunding_max, lead_time_y;
    const char *supplier, *carrier, *from, *to, *effect; /* effect: the kind that a build_capacity measure has */
} hf_measure_row;

typedef struct hf_budget_row {
    const char *payer;
    double amount;
    bool joint;
    const char *floors; /* "PLACE:EUR PLACE:EUR" */
    hf_origin at;
} hf_budget_row;

/* Makes the set from rows in file order; a measure that is named again gets further effects. `scenarios` are names that the column hazards
 * may use beside the network's hazards. Every fault is a finding: unknown targets, payers and ids, negative cost, requirements in a
 * circle; then HF_E_DATA. A budget that no measure fits is a warning. HF_E_NOMEM. */
hf_err hf_measures_new(const hf_network *net, const hf_measure_row *rows, const hf_origin *at, int n_rows, const hf_budget_row *budgets,
                       int n_budgets, const char *const *scenarios, int n_scenarios, hf_diag *diag, hf_measures **ret_measures);
void hf_measures_free(hf_measures *set);

const char *hf_measure_kind_name(hf_measure_kind kind);

/* Does a measure act against a hazard (or scripted scenario) of that name? */
bool hf_measure_acts_against(const hf_measure_entry *measure, const char *hazard);

/* What a plan (one bool a measure) changes in the rows that are there, in the order of the network. */
typedef struct hf_plan_edits {
    double *repair_h;        /* [n_entities] as it is then */
    bool *black_start;       /* [n_entities] true: the plan adds it */
    double *autonomy_h;      /* [n_requirements] hours added, INFINITY: the requirement is met for good */
    double *severity;        /* [n_damage] as it is then, 0: void */
    double *damage_repair_h; /* [n_damage] as it is then */
} hf_plan_edits;

/* HF_E_NOMEM. Free with hf_plan_edits_done. */
hf_err hf_plan_edits_make(const hf_network *net, const hf_measures *set, const bool *plan, hf_plan_edits *ret_edits);
void hf_plan_edits_done(hf_plan_edits *edits);

/* Whether effect e of measure m adds a row of its own: a line, or a supplier that no other measure of the plan has added before and whose
 * requirement is still there. */
bool hf_plan_adds_row(const hf_measures *set, const bool *plan, const hf_plan_edits *edits, int m, int e);

/* How much a plan leaves of a direct damage of an entity by a hazard or scripted scenario of that name, 0 (void) .. 1 (all). */
double hf_measures_damage_left(const hf_measures *set, const bool *plan, const char *name, int entity);

/* Hours until such a damage is repaired where it took `hours` (NaN: never by itself) without the plan. */
double hf_measures_repair_left(const hf_measures *set, const bool *plan, const char *name, int entity, double hours);

/* The network with a plan (one bool a measure) carried out. What hardening does to scripted injects is hf_measures_shield's. HF_E_NOMEM. */
hf_err hf_measures_apply(const hf_network *net, const hf_measures *set, const bool *plan, hf_network **ret_net);

/* Drops and weakens the injects of a scripted scenario, in place, as a plan hardens their entities against `name`, and shortens their repairs. `net`
 * is the network with the plan, which keeps indices. Returns how many are left. */
int hf_measures_shield(const hf_measures *set, const bool *plan, const hf_network *net, const char *name, hf_inject *injects, int n);

#endif
