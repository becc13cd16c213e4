/* What the methods of `holdfast trade` share. */
#ifndef HF_CLI_TRADE_H
#define HF_CLI_TRADE_H

#include "cli/cli.h"
#include "cli/what_if.h"
#include "datasets/economy.h"
#include "viz/json_out.h"
#include "viz/text_table.h"

/* A share of the capacity of industries that is lost: --shock REGION[/INDUSTRY]=SHARE. */
typedef struct hf_trade_shock {
    int region, sector; /* -1: all */
    double share;       /* 0..1 */
} hf_trade_shock;

typedef struct hf_trade {
    hf_cli *cli;
    hf_economy *economy;
    const hf_io_table *table; /* clean */
    hf_trade_shock *shocks;
    int n_shocks;
    size_t capacity;
    double *closed;           /* [n_industries] share of capacity lost by the shocks */
    int top, threads;
} hf_trade;

/* Cells: an industry as "Region, industry name", an amount of the table's money. */
void hf_trade_industry_cell(const hf_trade *t, hf_text_table *table, int industry);
void hf_trade_money_cell(const hf_trade *t, hf_text_table *table, double amount);
/* "12.3 M EUR" */
void hf_trade_money(const hf_trade *t, double amount, hf_buf *out);

/* JSON: the head, "method" and "shock"; {"region", "industry"} keys of an industry. */
void hf_trade_json_start(const hf_trade *t, hf_json *json, const char *method);
void hf_trade_json_industry(const hf_trade *t, hf_json *json, int industry);

/* CSV of one row an industry: its region and industry, then `columns` values. */
hf_err hf_trade_csv(const hf_trade *t, const char *const *columns, const double *const *values, int n);

/* Industries by a figure, largest first, ties by number: order [n]. HF_E_NOMEM. */
hf_err hf_trade_order(const double *figure, int n, int *order);

/* How many of n rows --top shows; and "(15 of 200; --top 0 shows all)" when not all. */
int hf_trade_shown(const hf_trade *t, int n);
void hf_trade_heading(const hf_trade *t, const char *heading, int n);

/* The methods. Each writes its result as the options ask. */
hf_err hf_trade_static(hf_trade *t);
hf_err hf_trade_inoperability(hf_trade *t);
hf_err hf_trade_adaptive(hf_trade *t);
hf_err hf_trade_risk(hf_trade *t);
hf_err hf_trade_rebalance(hf_trade *t);
hf_err hf_trade_corridors(hf_trade *t);

#endif
