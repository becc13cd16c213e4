/* Which measures first: the set of measures, within budgets and rules, that loses least over a set of scenarios.
 *
 * The cascade is the Boolean steady state: an entity works or has failed, a requirement holds while enough of its suppliers work. What a
 * plan of measures loses is computed by running that cascade; what no plan can go below is proved by linear programs on cuts taken from
 * the same cascade (a two-stage program with lazily found rows). So every answer is a plan that is within all budgets, its value, and a
 * bound that holds, also when time runs out.
 *
 * With `linear` the states are those of the steady state of the exact engine, of carriers only those of rule `reach`: shares of functionality,
 * linear responses, damage and protection in part; what is lost is weight x share. Where nothing of the kind is in network, damage and
 * measures the Boolean program below is the same and is what is solved.
 *
 * How a network becomes Boolean: an entity counts as failed below `out_below`. A requirement is lost when what the working suppliers give
 * together is short of its threshold (linear response: of out_below), and fails its owner when the last step of its impact curve leaves
 * less than out_below. Carriers are not part of the program. Where this is not the model itself, `diag` gets a warning that says so. */
#ifndef HF_SOLVER_PORTFOLIO_H
#define HF_SOLVER_PORTFOLIO_H

#include <stdbool.h>
#include <stdint.h>

#include "base/diag.h"
#include "base/error.h"
#include "model/network/network.h"

typedef enum hf_effect_kind {
    HF_EFFECT_HARDEN,  /* direct damage of the entity is void (in scenarios of the measure's hazards) */
    HF_EFFECT_BACKUP,  /* one requirement, or all of the entity's, count as met; over slots of time perhaps for some hours */
    HF_EFFECT_SUPPLIER, /* the requirement gets one more supplier; the number needed stays */
    HF_EFFECT_LINE,    /* a carrier of rule `reach` gets one more line; only with `linear`, else it does nothing */
    HF_EFFECT_REPAIR   /* damage of the entity is repaired sooner, see `repair_h` of hf_portfolio; only where there are slots of time */
} hf_effect_kind;

/* One effect of one measure. `requirement` is -1 for HARDEN, REPAIR, and for BACKUP of all requirements of `entity`; where it is given, `entity` is
 * its owner. `supplier` is an entity for SUPPLIER, else -1. A LINE goes from `entity` to `supplier`, both nodes of the carrier whose number
 * stands in `requirement`. A new supplier counts like each of the present ones; where these differ in their shares it must be enough alone. */
typedef struct hf_effect {
    hf_effect_kind kind;
    int entity, requirement, supplier;
    double amount;     /* HARDEN: part of the damage that is left, 0..1; SUPPLIER: its share, 0: as said above; BACKUP over slots of time: hours that
                        * it lasts, 0: as long as needed. Boolean: a HARDEN that leaves as much as fails the entity does nothing, shares are not
                        * looked at */
} hf_effect;

/* A measure: bought whole or not at all, with all its effects. */
typedef struct hf_measure {
    const char *id;        /* for findings; may be NULL */
    int n_effects;
    const hf_effect *effects;
    int n_hazards;
    const int *hazards;    /* numbers as in the scenarios: against these alone it hardens; none: against all */
    double cost;           /* finite, >= 0 */
    int payer;             /* index of a payer, or -1: nobody's budget */
    double cofunding_max;  /* 0..1: the part of the cost that joint money may pay */
    double lead_y;         /* years until it acts, >= 0; counts only where there are `years` */
} hf_measure;

typedef struct hf_payer {
    const char *id;
    double budget;         /* >= 0, INFINITY: without limit */
} hf_payer;

/* requires: a only together with b; excludes: not both. */
typedef struct hf_measure_rule {
    int a, b;
    bool excludes;
} hf_measure_rule;

/* The measures bought from a list cost at least `amount` together: a region's part, say. */
typedef struct hf_floor {
    const char *id;
    int n_measures;
    const int *measures;
    double amount;
} hf_floor;

/* One thing that may happen: the entities it damages, each once. */
typedef struct hf_damage_case {
    const char *id;
    double frequency;      /* per year (or any common measure), >= 0 */
    int hazard;            /* any number >= 0: what `hazards` of a measure name */
    int n_damaged;
    const int *damaged;
    const double *severity; /* [n_damaged] 0..1, NULL: all 1. Boolean: those that leave out_below or more do no damage */
    const double *repair_h; /* [n_damaged] hours until repaired, over slots of time; NaN or NULL: those of the entity */
} hf_damage_case;

typedef enum hf_objective {
    HF_OBJECTIVE_EXPECTED, /* sum of frequency x loss, per year */
    HF_OBJECTIVE_CVAR,     /* mean loss of the worst part 1 - tail of what happens (frequencies / their sum) */
    HF_OBJECTIVE_WORST,    /* largest loss of a scenario */
    HF_OBJECTIVE_REGRET,   /* largest difference to the least loss that the same budgets allow in that scenario alone */
    HF_OBJECTIVE_EQUITY,   /* largest expected loss of a region per unit of its weight */
    HF_OBJECTIVE_BUDGET,   /* smallest cost that keeps the limits below */
} hf_objective;

typedef struct hf_portfolio {
    const hf_network *network;
    int n_scenarios;
    const hf_damage_case *scenarios;
    int n_measures;
    const hf_measure *measures;
    int n_payers;
    const hf_payer *payers;
    double joint;            /* joint money that may co-fund measures of every payer, >= 0 */
    double together;         /* what all measures may cost together, whoever pays, >= 0; INFINITY: no such limit */
    int n_rules;
    const hf_measure_rule *rules;
    int n_floors;
    const hf_floor *floors;
    const double *weight;    /* [n_entities] loss when it has failed, finite, >= 0; NULL: its users */
    const int *region;       /* [n_entities] for EQUITY, -1: in none; NULL: the network's */

    hf_objective objective;
    double tail;             /* CVAR: 0 <= tail < 1 */
    double limit_expected;   /* expected loss at most; INFINITY: no limit. Limits hold for every objective */
    double limit_worst;      /* loss of each scenario at most; INFINITY: no limit */
    int n_keep;
    const int *keep;         /* entities that fail in no scenario, */
    const double *keep_h;    /* [n_keep] or are out for so many hours at most in each; NULL: 0. Above 0 only where there are slots of time */

    /* Slots of time, slot_h[k] to slot_h[k+1] hours after the event: [n_slots + 1] hours, rising from 0. Losses are then weight x hours out.
     * Autonomies, the repair times of entities and REPAIR count, rounded to slots: an entity is in one state for all of a slot, that of
     * its beginning. Stocks refill at once; restart times and deadlocks are left to the exact engine. n_slots = 0: the steady state. */
    int n_slots;
    const double *slot_h;
    const double *repair_h;  /* [n_measures] hours, > 0: from then on the measure's REPAIR effects undo damage; NULL: no measure has any */

    bool linear;             /* states in part, see above; slots of time are Boolean all the same */
    /* Over so many years, > 0: a measure acts from the end of its lead time on, and losses are means of a year, of which each counts (1 + discount)
     * times less than the one before. A scenario's loss is its mean over the years; for CVAR each year is an event of its own; `keep` holds for
     * the last year. 0: every measure is ready. An attack is always on what is ready. */
    double years;
    double discount;         /* >= 0, a year */

    double out_below;        /* 0 < out_below <= 1 */
    double gap;              /* good enough: (value - bound) / value; 0: to the end */
    double time_limit_s;     /* <= 0: none */
    const volatile bool *cancel; /* NULL, or becomes true when it shall stop */
    void (*watch)(void *context, double value, double bound); /* NULL, or told now and then what is known: value INFINITY before there is a plan */
    void *watch_context;
} hf_portfolio;

/* No limits, expected loss, tail 0.95, out_below 0.5, to the end. The network and the lists are to be filled in. */
hf_portfolio hf_portfolio_default(void);

typedef enum hf_plan_status {
    HF_PLAN_PROVED,   /* best, to one in a million */
    HF_PLAN_GAP,      /* within the gap that was asked for */
    HF_PLAN_STOPPED,  /* time or `cancel`: the best plan found, and a bound that holds */
} hf_plan_status;

typedef struct hf_plan {
    hf_plan_status status;
    int n_measures, n_payers, n_scenarios;
    bool *bought;              /* [n_measures] */
    bool *idle;                /* [n_measures] has no effect in any scenario, whatever else is bought */
    double cost;
    double *paid, *granted;    /* [n_payers] from the own budget; from joint money */
    double value, bound, gap;  /* of the objective; gap = (value - bound) / value, 0 when value is 0 */
    double value_without;      /* objective of buying nothing; of BUDGET: 0 */
    double expected, expected_without;
    double *loss, *loss_without;   /* [n_scenarios] */
    double *marginal;          /* [n_payers] fall of the objective per unit of further budget, by the linear relaxation; NaN where unknown */
    double marginal_joint, marginal_together;
    long cuts, nodes;          /* rows found, subproblems looked at */
    double seconds;
} hf_plan;

/* Finds the plan. Errors: HF_E_RANGE (an index, list or number is wrong: each named in the diag), HF_E_UNSUPPORTED (an effect that the
 * Boolean program cannot say), HF_E_NO_ANSWER (no plan keeps all budgets, rules, floors and limits; the diag names a smallest set that
 * conflicts), HF_E_INTERRUPTED (stopped before any plan was found), HF_E_NOMEM, HF_E_SOLVER. `diag` may be NULL. */
hf_err hf_portfolio_solve(const hf_portfolio *portfolio, hf_diag *diag, hf_plan **ret_plan);
void hf_plan_free(hf_plan *plan);

/* The same problem under n budgets: row j of `budgets` [n x n_payers], joint[j] and together[j] (NULL: as in `portfolio` throughout) take the place
 * of those of `portfolio`; finite where they are finite there, joint money 0 where it is 0 there. A Pareto front by budget, or the price of one per cent
 * more. Rows found for one budget serve all, in ascending order best. plans [n] receives the answers, NULL where there is no plan. The time
 * limit is for all together. Not for HF_OBJECTIVE_REGRET (HF_E_UNSUPPORTED). Else as hf_portfolio_solve. */
hf_err hf_portfolio_series(const hf_portfolio *portfolio, int n, const double *budgets, const double *joint, const double *together,
                           hf_diag *diag, hf_plan **plans);

/* The part of each measure in the expected loss that the `bought` ones avoid together: its Shapley value, exact for every scenario in which at
 * most 14 of them matter, from `samples` random orders (>= 1) else. ret_share [n_measures] adds up to the loss avoided. To see who gains, call
 * it with the weights of one country or region. */
hf_err hf_portfolio_shapley(const hf_portfolio *portfolio, const bool *bought, int samples, uint64_t seed, double *ret_share, hf_diag *diag);

/* The best defence against an attacker who sees the plan and then makes any r entities fail at once: value is the largest loss that he can
 * reach, `ret_attack` [r] how. An attack is of `hazard`, so measures for other hazards do not harden against it. Scenarios, objective and
 * limits of `portfolio` and slots of time are not looked at; scenarios of the plan are the attacks that decide. All attacks are tried against each plan
 * considered: HF_E_TOO_LARGE beyond 5 million. Else as hf_portfolio_solve. */
hf_err hf_portfolio_attack(const hf_portfolio *portfolio, int r, int hazard, hf_diag *diag, hf_plan **ret_plan, int *ret_attack);

/* Writes the whole two-stage program as one integer program, "lp" (CPLEX LP text) or "mps", for other solvers: minimisation, the optimal value
 * is that of hf_portfolio_solve. Columns y_ID are the measures (y_NUMBER where the id has other characters than letters, digits and _).
 * Errors as hf_portfolio_solve, and HF_E_IO. */
hf_err hf_portfolio_export(const hf_portfolio *portfolio, const char *path, const char *format, hf_diag *diag);

/* The phases of the years, between the moments at which measures become ready: when each begins and how much it counts, the sum being 1. Both
 * arrays [n_measures + 1]. Returns how many; 1 where there are no years. */
int hf_portfolio_phases(const hf_portfolio *portfolio, double *ret_start_y, double *ret_weight);

/* Losses of a given choice (`bought`: one bool per measure), whether or not budgets allow it: [n_scenarios]. */
hf_err hf_portfolio_losses(const hf_portfolio *portfolio, const bool *bought, double *ret_losses, hf_diag *diag);

/* The network as it is when the bought measures are carried out: requirements that are backed up are gone, new suppliers are there. Entities keep
 * their numbers. With hf_portfolio_damage it is what the exact engines need to check a plan. Free with hf_network_free. */
hf_err hf_portfolio_network(const hf_portfolio *portfolio, const bool *bought, hf_diag *diag, hf_network **ret_network);

/* The entities that a scenario still damages, into ret_entities [n_damaged of the scenario]; returns how many. ret_severity: how much, may be NULL. */
int hf_portfolio_damage(const hf_portfolio *portfolio, const bool *bought, int scenario, int *ret_entities, double *ret_severity);

/* Scenarios from the hazards of the network. A hazard whose damage is certain gives one scenario; else `samples` (>= 1) draws, each with its
 * share of the frequency. A row damages when severity leaves less than out_below (1: every row); the
 * largest severity counts where an entity is damaged twice. A hazard without a frequency counts once a year; `hazard`
 * of a scenario is the network's number. Draws are a function of (seed, hazard, sample, row). Free with hf_damage_cases_free. */
hf_err hf_damage_cases_new(const hf_network *network, double out_below, int samples, uint64_t seed, hf_damage_case **ret_cases, int *ret_count);
void hf_damage_cases_free(hf_damage_case *cases, int count);

#endif
