/* Monte Carlo over hazards: what a hazard costs when it comes, how often, and how sure the figures are.
 *
 * A sample is one event: a hazard (the one named, or one drawn in proportion to the yearly frequencies) damages each entity of its rows
 * with its probability, to 1 - severity; the repair takes the row's repair_h (or the entity's) times exp(repair_sigma N(0,1)), a lognormal
 * time with that median. With `doubt` every sample also draws which doubtful requirements and links are there. Draws are a pure function of
 * (seed, sample, entity or link), made for 512 samples at a time (Philox), so a sample can be run again alone and results do not depend on the
 * number of threads.
 *
 * Samples are run by the timeline; or, with sweep.steady, taken to their steady state (every stock used up, nothing repaired): losses are
 * then those of an hour, user_hours equal users_hit. The Boolean engine runs 512 at once where it says the same to the last bit: for the
 * steady state when network and damage are exactly Boolean (boolean.h); for the timeline when besides all consequences follow at hour 0 and
 * stay (every curve is `0:1` or harmless, no repair, no black start) and all sums are exact in any order (users and values, also times the
 * horizon, whole multiples of 1/1024). */
#ifndef HF_CASCADE_MONTECARLO_H
#define HF_CASCADE_MONTECARLO_H

#include <stdint.h>

#include "model/cascade/boolean.h"
#include "model/cascade/sweep.h"

typedef struct hf_mc_options {
    hf_sweep_options sweep; /* horizon_h must be finite, unless steady */
    int hazard;             /* -1: all hazards by their frequency */
    long samples;           /* >= 2: at most so many */
    double relative_error;  /* stop once the 95 % interval of the mean user-hours is within this part of it; 0: never */
    double tail;            /* level of VaR and CVaR, 0 < tail < 1 */
    uint64_t seed;
    const hf_link_doubt *doubt; /* NULL: every link is there */
} hf_mc_options;

typedef enum hf_mc_engine { HF_MC_TIMELINE, HF_MC_STEADY, HF_MC_BOOLEAN } hf_mc_engine;

/* A figure over the samples. Intervals are 95 %. */
typedef struct hf_mc_figure {
    double mean, mean_low, mean_high; /* normal interval */
    double var, var_low, var_high;    /* quantile at `tail`; interval from order statistics */
    double cvar, cvar_low, cvar_high; /* mean beyond it; asymptotic interval */
    double most;
} hf_mc_figure;

typedef struct hf_mc_entity {
    long out;              /* samples in which it was out */
    double p_out, p_low, p_high; /* Wilson interval */
    double lost_h;         /* mean hours of functionality lost per sample */
    double user_hours;     /* mean lost per sample */
} hf_mc_entity;

typedef struct hf_mc {
    long samples;
    hf_mc_engine engine;
    hf_boolean_reason reason; /* steady: why not the Boolean engine */
    long locked_out;       /* samples in which something was left down, see hf_timeline_locked_out */
    bool precise;          /* ended because the relative error was reached */
    double events_per_year; /* of the hazards drawn from; NaN where no frequency is given */
    hf_mc_figure user_hours, value_eur, users_hit, entities_out;
    hf_mc_entity *entities; /* [n_entities] */
} hf_mc;

/* Errors: HF_E_RANGE (options), HF_E_MISSING (no hazard, a hazard that damages nobody, no frequency to draw by; explained in the diag),
 * those of a run. Being stopped ends it with the samples done so far, or HF_E_INTERRUPTED if fewer than two are. Free with hf_mc_free. */
hf_err hf_mc_run(const hf_network *net, const hf_mc_options *options, hf_diag *diag, hf_mc **ret_result);
void hf_mc_free(hf_mc *result);

/* Injects of one sample alone: at most one for each damage row of the network (`injects` has room for net->n_damage). HF_E_NOMEM. */
hf_err hf_mc_draw(const hf_network *net, int hazard, uint64_t seed, long sample, hf_inject *injects, int *ret_n);

#endif
