/* The answer of trade --method static, and who writes it. */
#ifndef HF_CLI_TRADE_STATIC_H
#define HF_CLI_TRADE_STATIC_H

#include "cli/trade.h"
#include "model/economy/extraction.h"

/* Losses are value added a year, of all or of --home. */
typedef struct hf_trade_still {
    hf_leontief *leontief;
    hf_extraction kind;      /* --extract */
    double share;            /* --lost-share: of what is lost of an industry or a link in the rankings */
    double *weight;          /* [n] value added per unit of output; 0 outside --home */
    double *weight_l;        /* [n] weight' L */
    double *extraction;      /* [n] loss when the share of the industry goes */
    double *backward, *forward, *multiplier, *value_multiplier, *jobs_multiplier; /* [n]; jobs NULL when not known */
    double *region_loss;     /* [n_regions] loss when the region goes */
    double *region_abroad;   /* [n_regions] of it in other regions */
    double *pair_flow, *pair_loss; /* [n_regions x n_regions] trade from the row to the column, and the loss when the share of it stops */
    double *lost;            /* [n] output lost by the shock, NULL without one */
} hf_trade_still;

/* A flow between industries of two regions, and the loss when the share of it stops. */
typedef struct hf_trade_link {
    int from, to; /* industries */
    double flow, loss;
} hf_trade_link;

/* The n links across borders with the largest losses, ties by number; *ret_links [*ret_n] is the caller's, *ret_all how many there are. */
hf_err hf_trade_links_worst(const hf_trade *t, const hf_trade_still *a, int n, hf_trade_link **ret_links, int *ret_n, size_t *ret_all);

hf_err hf_trade_still_print(const hf_trade *t, const hf_trade_still *a);
hf_err hf_trade_still_json(const hf_trade *t, const hf_trade_still *a);
hf_err hf_trade_still_csv(const hf_trade *t, const hf_trade_still *a);

#endif
