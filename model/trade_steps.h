/* What the injects of a scenario do to trade: corridors that are cut, borders that are closed, trade that is limited.
 *
 *     cut_corridor  targets: corridors. `level` (0 unless given) is how far they are open.
 *     close_border  targets: countries. The goods that each sells to each other (one target: to and from all others); `level` (0) of it passes.
 *     limit_trade   targets: countries, or parts "from=RS to=HU industry=C19" of which each may be left out; a country alone is what it sells
 *                   and buys. `level` (must be given) of it passes.
 *
 * A country stands for the region of that name and for those that begin with it and a hyphen (JP for JP-KT). An inject holds until the next one
 * of its kind for the same corridor, or for the same regions and industry; different kinds and limits on one flow multiply. */
#ifndef HF_MODEL_TRADE_STEPS_H
#define HF_MODEL_TRADE_STEPS_H

#include "model/cascade/scenario.h"
#include "model/coupling.h"
#include "model/economy/table.h"

/* What targets can name. */
typedef struct hf_trade_names {
    const hf_io_table *table;
    const char *const *corridor; /* [n_corridors] */
    int n_corridors;
    const bool *is_goods;        /* [n_sectors] */
} hf_trade_names;

/* From an hour on, `level` of a corridor is open (corridor >= 0), or of a flow passes (sector -1: of every industry). */
typedef struct hf_trade_step {
    hf_step_kind kind;
    int corridor, from, to, sector;
    double at_h, level;
    int order; /* of the inject */
} hf_trade_step;

/* Whether any inject acts on trade. */
bool hf_scenario_is_on_trade(const hf_scenario *scenario);

/* Resolves the injects on trade; sorted by what they act on, then by time. The steps are the caller's (hf_free). HF_E_DATA with a finding, file, line and
 * column for each unknown target, level or hour out of range; `diag` must not be NULL. */
hf_err hf_trade_steps_resolve(const hf_scenario *scenario, const hf_trade_names *names, hf_diag *diag, hf_trade_step **ret_steps, int *ret_n);

/* Means of days: lowers given [n_corridors x days] to how far the steps leave each corridor open. */
void hf_trade_steps_gates(const hf_trade_step *steps, int n, int days, double *given);

/* How many limits the steps make; with `limits` not NULL also the limits and their shares, lost [that many x days]. */
int hf_trade_steps_limits(const hf_trade_step *steps, int n, int days, hf_coupling_limit *limits, double *lost);

#endif
