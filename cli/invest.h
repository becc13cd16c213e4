/* Parts of `holdfast invest`: from the tables to the program, and what a plan does in the exact timeline. */
#ifndef HF_CLI_INVEST_H
#define HF_CLI_INVEST_H

#include "cli/cli.h"
#include "model/cascade/measures.h"
#include "solver/portfolio.h"

/* What a loss is counted in. */
typedef enum hf_invest_what {
    HF_INVEST_USERS,      /* people without service, in the steady state */
    HF_INVEST_USER_HOURS, /* over slots of time */
    HF_INVEST_VALUE       /* EUR over slots of time */
} hf_invest_what;

/* The program of a data set and everything that it borrows. */
typedef struct hf_invest {
    hf_cli *cli;
    const hf_measures *set;
    hf_portfolio program;
    hf_measure *measures;     /* [n] as the program sees them */
    hf_effect **effects;      /* [n] */
    int **hazards;            /* [n] */
    bool *timeline_only;      /* [n] nothing of it can be said in the program */
    bool *late;               /* [n] not ready in the years that are looked at: cannot be bought */
    hf_payer *payers;
    int *payer_of;            /* [set->n_payers] index among payers, -1 for a joint fund */
    hf_measure_rule *rules;
    hf_floor *floors;
    int **floor_lists;
    hf_invest_what what;
    double *weight, *slot_h, *repair_h;
    double *amount;           /* [set->n_payers] EUR, by the options */
    int *keep;
    double *keep_h;
    size_t keep_capacity[2];
    int home;                 /* country of --home, -1: not given */
    hf_damage_case *cases;    /* of hazards */
    int n_cases;
    hf_damage_case *all;      /* those, and the scripted one */
    int *scripted_damage;
    double *scripted_severity;
    double joint;
    size_t first_finding;     /* in the command's diag, of what is said here and later */
    bool scripted;            /* --scenario: that alone */
} hf_invest;

/* Reads options, measures, budgets and scenarios. Usage errors and findings are said. Free with hf_invest_done, also on failure. */
hf_err hf_invest_read(hf_cli *cli, hf_invest *invest);
void hf_invest_done(hf_invest *invest);

/* The options: objective, weights, slots, budgets, entities to be kept, home. `set` and the data set are there. */
hf_err hf_invest_options(hf_invest *invest);
const char *hf_invest_what_name(hf_invest_what what);

/* What the exact timeline says of a plan: means per event over events drawn from the hazards (or the scripted scenario), times how often they come;
 * over years the mean of a year, with what is ready in each. */
typedef struct hf_invest_timeline {
    double user_hours, value_eur;  /* a year; of one event for a scripted scenario */
    double cvar_user_hours;        /* mean of the worst twentieth of the events; the event itself for a scripted one */
    double *by_country;            /* [countries] user-hours by where the users are, those served from abroad among them */
    double *value_by_country;      /* [countries] EUR by the country of the entity */
    double *by_entity;             /* [entities] user-hours or, when value is counted, EUR */
} hf_invest_timeline;

/* Runs events drawn with their own seed (not those the plan was made for), the same for every plan. `bought` NULL: no measure. */
hf_err hf_invest_timeline_run(const hf_invest *invest, const bool *bought, hf_invest_timeline *ret_timeline);
void hf_invest_timeline_done(hf_invest_timeline *timeline);

/* Buys, out of what budgets leave, measures that the program cannot see (repair, lines, black starts, backups that end), as long as the timeline's
 * figure falls; best fall per euro first. Returns how many in *ret_bought. */
hf_err hf_invest_polish(const hf_invest *invest, hf_plan *plan, int *ret_bought);

/* Warns, at the row of the table (for a scripted scenario in one line), of every measure that has no effect: in no scenario of the
 * program, and in no event of the timeline, neither alone nor beside the plan. `without` and `with` are the timeline's answers for nothing and for the plan. */
hf_err hf_invest_idle(const hf_invest *invest, const hf_plan *plan, const hf_invest_timeline *without, const hf_invest_timeline *with);
/* Everything that is said about a plan. */
typedef struct hf_invest_answer {
    hf_invest v;
    hf_plan *plan;
    int n_polished;                     /* measures that the timeline added */
    double *avoided;                    /* [measures] the timeline's figure without it, less that of the plan: a year, or for the scenario */
    double *share;                      /* [measures] Shapley value: part of what the program's plan avoids */
    double *by_hazard;                  /* [measures x (hazards + 1)] what the program would lose besides without it, by hazard; the last: the scenario */
    int *saved;                         /* [measures x HF_INVEST_SAVED] entities that it keeps up most, -1 for none */
    hf_invest_timeline without, with;
    double *gains;                      /* [payers x countries] user-hours avoided by a payer's measures */
    double *money_gains;                /* [payers x countries] EUR */
} hf_invest_answer;
enum { HF_INVEST_SAVED = 4 };

/* The figure that the objective counts. */
double hf_invest_figure(const hf_invest *invest, const hf_invest_timeline *timeline);

/* Fills everything but the plan: what it avoids, where, why. The plan is the program's, with what the timeline added. */
hf_err hf_invest_judge(hf_invest_answer *answer);

/* What a payer spends and what it avoids at home, in the countries where its measures are (but home), and elsewhere. */
typedef struct hf_invest_trickle {
    double spent, home, partner, elsewhere, home_eur, partner_eur, elsewhere_eur;
} hf_invest_trickle;
hf_invest_trickle hf_invest_trickle_of(const hf_invest_answer *answer, int payer);

/* For people; for programs; as a table. */
hf_err hf_invest_print(const hf_invest_answer *answer);
hf_err hf_invest_json(const hf_invest_answer *answer);
hf_err hf_invest_csv(const hf_invest_answer *answer);

/* The JSON document where no plan keeps all limits: those that conflict are the errors among the findings from `first_finding` on. */
hf_err hf_invest_json_infeasible(hf_cli *cli, size_t first_finding);

/* Appends why a measure is in the plan: "against a (90 %) and b; keeps up X, Y". */
void hf_invest_reason(const hf_invest_answer *answer, int measure, hf_buf *out);

/* Writes the data set with the plan carried out where --apply says; nothing without it. */
hf_err hf_invest_apply(const hf_invest *invest, const hf_plan *plan);

#endif
