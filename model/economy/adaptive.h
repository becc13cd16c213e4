/* Adaptive input-output dynamics (the ARIO family): an economy day by day, with stocks of inputs, overproduction, rationing and orders.
 *
 * Sources: Hallegatte, "An adaptive regional input-output model and its application to the assessment of the economic cost of Katrina",
 * Risk Analysis 28(3), 2008; the inventories of Hallegatte, "Modeling the role of inventories and heterogeneity in the assessment of the
 * economic costs of natural disasters", Risk Analysis 34(1), 2014; order of operations within a day as in BoARIO (Juhel, "BoARIO: a Python
 * package implementing the ARIO indirect economic cost model", JOSS 9(99), 2024, 6547). Ours differs: orders are never stored, final
 * stocks of unsold goods exist, and a day cannot use more of an input than there is.
 *
 * R regions, S sectors, N = R*S industries; industry f = region * S + sector. Money per year in the input, per day in all results.
 * A day t = 0, 1, ... does, for every industry f and input i:
 *
 *     d = orders + y + rebuild
 *     from day 2 on: zeta = (d - x(t-1)) / d;  alpha += (alpha_max - alpha) zeta / alpha_days, or (1 - alpha) / alpha_days if zeta = 0; at least 1
 *     cap = x0 (1 - loss) alpha;   xo = min(d - unsold, cap);   x = min(xo, what the stocks of inputs allow)
 *     deliveries: x and what was unsold, rationed to the buyers;   w += received - a x
 *     new orders: T = a x + max(0, s a xo - w) / tau, spread over the regions by Z cap^switching
 *
 * Up to HF_ADAPTIVE_LANES scenarios advance together in one pass over the table; each has the same bits as when it runs alone, on any
 * number of threads. */
#ifndef HF_MODEL_ECONOMY_ADAPTIVE_H
#define HF_MODEL_ECONOMY_ADAPTIVE_H

#include <stdbool.h>

#include "base/diag.h"
#include "base/error.h"

enum { HF_ADAPTIVE_LANES = 16, HF_ADAPTIVE_LEVELS = 8 };

/* How short inputs limit output, with limit_i = w_i / (max(psi s_i, 1) a_i), the output that the stock of input i allows; classes are
 * those of hf_adaptive_input.essential. Pichler, Pangallo, del Rio-Chanona, Lafond, Farmer: "Forecasting the propagation of pandemic
 * shocks with a dynamic input-output model", Journal of Economic Dynamics and Control 144 (2022) 104527, section 3. */
typedef enum hf_adaptive_production {
    HF_PRODUCTION_LEONTIEF,        /* every input limits, whatever its class */
    HF_PRODUCTION_STRONG_CRITICAL, /* critical and important inputs limit */
    HF_PRODUCTION_HALF_CRITICAL,   /* critical inputs limit; an important one by (limit_i + cap) / 2 */
    HF_PRODUCTION_WEAK_CRITICAL,   /* critical inputs alone limit */
    HF_PRODUCTION_LINEAR           /* inputs replace each other: limit = sum of w_i / sum of max(psi s_i, 1) a_i */
} hf_adaptive_production;

typedef enum hf_adaptive_essential { HF_ESSENTIAL_NONE, HF_ESSENTIAL_IMPORTANT, HF_ESSENTIAL_CRITICAL } hf_adaptive_essential;

/* Who is served when there is too little; within a level every buyer gets the same share of its order. */
typedef enum hf_adaptive_rationing {
    HF_RATIONING_PROPORTIONAL,   /* one level */
    HF_RATIONING_INDUSTRY_FIRST, /* industries, then final demand and rebuilding (Pichler et al. 2022; Hallegatte 2008) */
    HF_RATIONING_PRIORITY        /* by the levels given: hf_adaptive_input.priority, final_level and rebuild_level of the options */
} hf_adaptive_rationing;

/* The table and what belongs to it. Everything is copied: the arrays may go once hf_adaptive_new has returned. */
typedef struct hf_adaptive_input {
    int n_regions, n_sectors;       /* R, S >= 1 */
    int n_final;                    /* categories of final demand of each region, F >= 1 */
    const double *z;                /* [N * N] supplier x user, row-major, money per year, >= 0 */
    const double *y;                /* [N * R*F] supplier x (region, category), row-major, money per year, >= 0 */
    const double *x;                /* [N] output, money per year; must be the row sums to 1e-6; NULL: they are used */
    const double *value_added;      /* [N] money per year, >= 0; NULL: output less inputs, at least 0 */
    const double *capital;          /* [N] money, > 0 where there is output; NULL: capital_ratio times the value added of a year */
    const double *stock_days;       /* [S] s_i, days of use that are stocked, >= 1 (1: cannot be stocked); NULL: that of the options */
    const double *restore_days;     /* [S] tau_i, days in which a gap of the stock is ordered, > 0; NULL: that of the options */
    const unsigned char *essential; /* [S * N] input sector x user, hf_adaptive_essential; NULL: every input critical */
    const int *priority;            /* [N] level of an industry as a buyer, 0 is served first, < HF_ADAPTIVE_LEVELS; NULL: 0 */
} hf_adaptive_input;

typedef struct hf_adaptive_options {
    double psi;           /* share of the stock target below which output falls, in (0,1] */
    double alpha_max;     /* highest overproduction, >= 1 */
    double alpha_days;    /* days to get there, > 0 */
    double stock_days;    /* as in the input, for all products */
    double restore_days;  /* as in the input, for all products */
    double capital_ratio; /* capital / value added of a year, > 0 */
    double relevance;     /* an input with a_if at or below it never limits */
    double switching;     /* exponent of cap/x0 in the shares of orders: 0 fixed shares, 1 in proportion to capacity; between and above: a
                             CES of the regions of supply whose relative price is x0/cap; >= 0 */
    hf_adaptive_production production;
    hf_adaptive_rationing rationing;
    int final_level, rebuild_level; /* with HF_RATIONING_PRIORITY */
    double rebuild_days;            /* tau_rebuild, > 0 */
    const double *rebuild_share;    /* [S] sigma_i: products that damage asks for, >= 0, sum 1; NULL: no rebuild shocks possible; copied */
    int threads;                    /* >= 1 */
} hf_adaptive_options;

/* psi 0.8, alpha 1.25 in 365 days, stocks of 90 days restored in 60, capital 4, relevance 1e-5, switching 1, Leontief, proportional,
 * rebuilding in 60 days, one thread. */
hf_adaptive_options hf_adaptive_options_default(void);

typedef enum hf_adaptive_shock_kind {
    HF_SHOCK_CAPACITY,  /* size: share of the capacity of the industries lost, 0..1 */
    HF_SHOCK_CAPITAL,   /* size: share of their capital lost, 0..1; returns along the curve, nobody has to produce it */
    HF_SHOCK_REBUILD,   /* size: share of their capital lost, 0..1; returns as it is rebuilt */
    HF_SHOCK_HOUSEHOLD, /* size: money of damage to the homes of a region, rebuilt; no capacity is lost */
    HF_SHOCK_DEMAND,    /* size: change of the final demand of the region for the sector's product as a share, >= -1 */
    HF_SHOCK_TRADE,     /* size: share of the deliveries of the sector's product from the region to the partner that is not shipped, 0..1 */
    HF_SHOCK_DELAY      /* size: days by which those deliveries come later than at rest, 0..HF_ADAPTIVE_LATE; delays of several shocks add up */
} hf_adaptive_shock_kind;

/* Trade and delays act on what industries and final demand get, not on rebuilding. What is not shipped stays with the seller. What is shipped
 * today with a delay of n days arrives n days after, whatever the delay is then; of a delay of n + p days, a share p takes n + 1 days and the
 * rest n, so that the goods under way are the flow times the delay (Little's law). Goods under way cannot be used, but in
 * orders they count as stock, for they are bought. Final demand that is late is unmet on the day it is sent, and less than nothing is unmet on
 * the day it arrives. */
#define HF_ADAPTIVE_LATE 366

/* How a shock leaves, u = days since it began to / recovery_days. */
typedef enum hf_adaptive_curve {
    HF_CURVE_LINEAR,  /* 1 - u */
    HF_CURVE_CONVEX,  /* (1 - u)^2, fast at first */
    HF_CURVE_CONCAVE, /* 1 - u^2, slow at first */
    HF_CURVE_GIVEN    /* given[days since the start], 0 after its end; duration and recovery_days are not used */
} hf_adaptive_curve;

typedef struct hf_adaptive_shock {
    hf_adaptive_shock_kind kind;
    int region, sector;   /* -1: all */
    int partner;          /* HF_SHOCK_TRADE, HF_SHOCK_DELAY: the buying region, -1: all others than `region` */
    double size;
    int start, duration;  /* full from day `start` on for `duration` days; REBUILD and HOUSEHOLD have no duration */
    double recovery_days; /* 0: gone at once */
    hf_adaptive_curve curve;
    const double *given;  /* [n_given] shares of `size`, kept by reference until the run ends */
    int n_given;
} hf_adaptive_shock;

typedef struct hf_adaptive_scenario {
    const hf_adaptive_shock *shocks;
    int n;
} hf_adaptive_scenario;

typedef struct hf_adaptive hf_adaptive;

/* Builds the model. Findings that make it impossible (negative or infinite values, output that is not the row sum, levels, shares) go to
 * `diag` with HF_E_RANGE or HF_E_DATA and are returned. Memory: 8 N^2 bytes and 16 to 24 N S. O(N^2). */
hf_err hf_adaptive_new(const hf_adaptive_input *input, const hf_adaptive_options *options, hf_diag *diag, hf_adaptive **ret_model);
void hf_adaptive_free(hf_adaptive *model);

/* Essentiality by sector: what `lifeline` [S] marks (energy, water, telecom) is critical for every user, what a user makes itself is too,
 * all else important. ret_essential [S * N]. */
void hf_adaptive_essential_default(int n_regions, int n_sectors, const bool *lifeline, unsigned char *ret_essential);

/* Warnings about the dynamics, before a run, with their thresholds (HF_WARNING in `diag`), one for all products with the same stocks; returns
 * their number. `names` [S] of products may be NULL: they then go by number.
 * A product with s < tau: once the common supply ratio is below (1 - s/tau) / (1 - psi s/tau) orders fall instead of rising, and the economy
 * can spiral to zero. Short tau: a gap of the stock raises orders by s/tau times its share; warned from HF_ADAPTIVE_OVERSHOOT on, and below
 * a day, where more than the gap is ordered. */
#define HF_ADAPTIVE_OVERSHOOT 10.0
int hf_adaptive_warn(const hf_adaptive *model, const char *const *names, hf_diag *diag);

/* The threshold above; 0 where s >= tau (orders never fall for want of supply). psi as it acts: at least 1/s. */
double hf_adaptive_spiral_threshold(double psi, double stock_days, double restore_days);

/* A scenario per lane, 1 to HF_ADAPTIVE_LANES of them, at rest before day 0. HF_E_RANGE with a finding when a shock is out of range. */
hf_err hf_adaptive_start(hf_adaptive *model, const hf_adaptive_scenario *scenarios, int n, hf_diag *diag);

/* From the next day on industry f loses `share` (0..1) of its capacity in a lane, on top of its shocks; for a coupling with facilities. */
hf_err hf_adaptive_loss_set(hf_adaptive *model, int lane, int industry, double share);

/* One day of all lanes. O(N^2 * lanes); nothing is allocated. */
void hf_adaptive_day(hf_adaptive *model);

typedef enum hf_adaptive_value {
    HF_ADAPTIVE_OUTPUT,    /* x, money per day */
    HF_ADAPTIVE_REST,      /* x0 */
    HF_ADAPTIVE_CAPACITY,  /* cap */
    HF_ADAPTIVE_DEMAND,    /* d of all buyers */
    HF_ADAPTIVE_UNMET,     /* final demand for the industry's product that was not met; below 0 when late goods arrive */
    HF_ADAPTIVE_LOSS,      /* share of capacity lost */
    HF_ADAPTIVE_ALPHA,     /* overproduction */
    HF_ADAPTIVE_UNSOLD,    /* goods left with the seller at the end of the day */
    HF_ADAPTIVE_DELIVERED  /* delivered / ordered of the industries that are served first, 1 when nothing was ordered */
} hf_adaptive_value;

/* A value of the day just done, for all industries of a lane: ret_values [N]. */
void hf_adaptive_get(const hf_adaptive *model, int lane, hf_adaptive_value what, double *ret_values);

/* Final demand of each region that was not met that day, wherever it should have come from: ret_unmet [R]. O(N R). */
void hf_adaptive_unmet_by_home(const hf_adaptive *model, int lane, double *ret_unmet);

/* Stock of each input at each user of a lane: ret_stock [S * N]. */
void hf_adaptive_stocks(const hf_adaptive *model, int lane, double *ret_stock);

/* Goods that were sent and have not arrived at the end of the day: ret_goods [S * N] to users as stocks are, ret_final [N] to final demand by
 * supplier; either may be NULL. */
void hf_adaptive_under_way(const hf_adaptive *model, int lane, double *ret_goods, double *ret_final);

/* The largest residual so far of a lane: per product and day |stock change + change of what is under way - (sent - used)|, and per industry and day
 * |produced + unsold before - delivered - unsold after|, as shares of the product's or the industry's output at rest. */
double hf_adaptive_residual(const hf_adaptive *model, int lane);

/* Days done since the start. */
int hf_adaptive_days_done(const hf_adaptive *model);

/* What there is of a region on a day. */
enum { HF_REGION_DAY_OUTPUT, HF_REGION_DAY_VALUE_ADDED, HF_REGION_DAY_UNMET, HF_REGION_DAY };

/* What a run leaves of one scenario. The pointers are the caller's, each may be NULL, and are added to from 0. */
typedef struct hf_adaptive_result {
    double *output_lost;      /* [N] sum over the days of x0 - x, money (negative: more than at rest) */
    double *value_added_lost; /* [N] the same in value added */
    double *unmet;            /* [N] unmet final demand by supplier */
    double *unmet_by_home;    /* [R] unmet final demand by the region that wants it */
    double *trade_lost;       /* [N x R] what region h got of what industry f sells, as inputs and as final demand, less than at rest (negative:
                                 more); what a trade shock holds up counts as not got, what is bought for rebuilding is not in it. Costs
                                 a second pass over the table each day */
    double *output_by_day;    /* [days] output of all industries */
    double *value_added_by_day; /* [days] */
    double *regions_by_day;     /* [days x R x HF_REGION_DAY] output, value added, unmet final demand of each region, money per day */
    double total_output_lost, total_value_added_lost, total_unmet; /* money over the days */
    double lowest;    /* least output of all industries as a share of x0 */
    int lowest_day;   /* its first day */
    int return_day;   /* first day from which on output stays within HF_ADAPTIVE_RETURN of x0; `days` when it does not */
    bool returned;    /* it does at the end */
    bool collapsed;   /* on the last day output is below half of what capacity without overproduction allows */
    double residual;  /* hf_adaptive_residual */
} hf_adaptive_result;

#define HF_ADAPTIVE_RETURN 1e-3

/* Called after each day for each scenario, in order of scenarios within a day. */
typedef void hf_adaptive_observer(void *context, const hf_adaptive *model, int lane, int scenario, int day);

/* Runs any number of scenarios over `days` days, HF_ADAPTIVE_LANES at a time. results [n]; observer may be NULL. A run that collapses or
 * that does not return leaves a warning in `diag`. Results have the same bits however the scenarios are grouped. */
hf_err hf_adaptive_run(hf_adaptive *model, const hf_adaptive_scenario *scenarios, int n, int days, hf_adaptive_observer *observer, void *context,
                       hf_adaptive_result *results, hf_diag *diag);

#endif
