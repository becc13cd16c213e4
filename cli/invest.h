/* Parts of `holdfast invest`: from the tables to the program, and what a plan does in the exact timeline. */
#ifndef HF_CLI_INVEST_H
#define HF_CLI_INVEST_H

#include "cli/cli.h"
#include "model/cascade/measures.h"
#include "solver/portfolio.h"

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
    double *weight;
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

/* What the exact timeline says of a plan: means per event over events drawn from the hazards (or the scripted scenario), times how often they come;
 * over years the mean of a year, with what is ready in each. */
typedef struct hf_invest_timeline {
    double user_hours, value_eur;  /* a year; of one event for a scripted scenario */
    double cvar_user_hours;        /* mean of the worst twentieth of the events; the event itself for a scripted one */
    double *by_country;            /* [countries] user-hours by where the users are, those served from abroad among them */
    double *value_by_country;      /* [countries] EUR by the country of the entity */
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

#endif
