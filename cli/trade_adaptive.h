/* The answer of trade --method adaptive, and who writes it. */
#ifndef HF_CLI_TRADE_ADAPTIVE_H
#define HF_CLI_TRADE_ADAPTIVE_H

#include "cli/trade.h"
#include "cli/trade_gates.h"

typedef struct hf_trade_days {
    hf_adaptive *model;
    hf_adaptive_result result;
    double *output, *value, *unmet; /* [n] lost over the days */
    double *unmet_home;             /* [n_regions] unmet final demand */
    double *trade;                  /* [n x n_regions] what a region got less of an industry's product */
    double *flow;                   /* [n x n_regions] what it gets over as many normal days */
    double *by_day, *value_by_day;  /* [days] of all */
    double *regions;                /* [days x n_regions x HF_REGION_DAY] */
    int days;
    double *given;                  /* [n_given] --curve as a list */
    int n_given;
    /* who loses from whose outage: [n_from x n_regions] value added; names of the rows */
    double *matrix;
    const char **from;
    int n_from;
    int back;     /* days on which deliveries changed a facility */
    int warnings; /* about the dynamics, before the run */
    bool coupled;
    hf_trade_gates gates;
    bool with_gates;      /* the data set has gates, or trade is limited */
    double *ways;         /* all of the next: forward, without the way back */
    double *open;         /* [n_gates x days] */
    double *held, *late;  /* [n_lanes x days] lost share, days longer */
    double *by_gates;     /* [n_regions] value added lost by gates, borders and limits alone */
    double *no_other_way; /* [n_regions] the same when nothing takes another way */
} hf_trade_days;

/* What the gates of trade did, for people and as the key "gates"; nothing when they all stayed open. */
hf_err hf_trade_gates_print(const hf_trade *t, const hf_trade_days *a);
void hf_trade_gates_json(const hf_trade *t, const hf_trade_days *a, hf_json *json);

hf_err hf_trade_days_print(const hf_trade *t, const hf_trade_days *a);
hf_err hf_trade_days_json(const hf_trade *t, const hf_trade_days *a);
hf_err hf_trade_days_csv(const hf_trade *t, const hf_trade_days *a);

/* Sum of values [n] over the industries of a region. */
double hf_trade_region_sum(const hf_trade *t, const double *values, int region);

/* How a region (-1: all) went through the days: its lowest output as a share of normal and the first day of it, and the first day from which
 * on it stays within HF_ADAPTIVE_RETURN of normal; `days` when it does not. */
typedef struct hf_trade_course {
    double lowest;
    int lowest_day, return_day;
} hf_trade_course;
hf_trade_course hf_trade_course_of(const hf_trade *t, const hf_trade_days *a, int region);

#endif
