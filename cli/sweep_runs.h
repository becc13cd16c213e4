/* Sweeps as the options of a command line ask for them. */
#ifndef HF_CLI_SWEEP_RUNS_H
#define HF_CLI_SWEEP_RUNS_H

#include "cli/cli.h"
#include "model/cascade/sweep.h"

/* --steady; a page is always about hours. */
bool hf_sweep_is_steady(const hf_cli *cli);
/* --horizon, --no-repair, --out-below, --steady, --threads; with progress on a terminal. */
hf_sweep_options hf_sweep_options_read(const hf_cli *cli);
/* --by; user-hours when it is not given. */
hf_rank_by hf_sweep_rank_by(const hf_cli *cli);

/* What a ranking sorts: worst first, then by users, then by entity. */
typedef struct hf_order_item {
    double value, users;
    int entity;
} hf_order_item;
void hf_order_sort(hf_order_item *item, int n);

/* Every entity alone. Fewer than all when it was stopped. */
typedef struct hf_singles {
    hf_cascade_summary *summary; /* [n_entities], those of order filled */
    int *order, n;               /* entities that were run, worst first */
    hf_boolean_reason reason;    /* see hf_sweep_options */
} hf_singles;

/* HF_E_NOMEM and the errors of a run. Free with hf_singles_done, also on failure. */
hf_err hf_singles_run(const hf_cli *cli, hf_singles *ret_singles);
void hf_singles_done(hf_singles *singles);

#endif
