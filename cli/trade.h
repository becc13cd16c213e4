/* What the methods of `holdfast trade` share. */
#ifndef HF_CLI_TRADE_H
#define HF_CLI_TRADE_H

#include "cli/cli.h"
#include "cli/what_if.h"
#include "datasets/economy.h"
#include "model/economy/adaptive.h"
#include "viz/json_out.h"
#include "viz/text_table.h"

/* What --shock says: [KIND:]REGION[/INDUSTRY][>PARTNER][@DAY][=SIZE]. */
typedef struct hf_trade_shock {
    hf_adaptive_shock_kind kind;
    int region, sector, partner; /* -1: all; partner of trade shocks: -1 all others */
    double size;                 /* a share; of HOUSEHOLD money in the table's unit */
    int day;                     /* it begins on, from 0 */
} hf_trade_shock;

typedef struct hf_trade {
    hf_cli *cli;
    hf_economy *economy;
    const hf_io_table *table; /* clean */
    hf_trade_shock *shocks;
    int n_shocks;
    size_t capacity;
    double *closed;           /* [n_industries] share of capacity lost by the shocks on capacity */
    int home;                 /* region that the tables are about, -1: all */
    int top, threads;
} hf_trade;

/* Reads the options --shock and --home. What is wrong with them is a usage error that says what is allowed. */
hf_err hf_trade_shocks_read(hf_trade *t);
/* A usage error when a shock is not of one of the kinds (bits 1 << kind) that `what` takes. */
hf_err hf_trade_shocks_allow(const hf_trade *t, const char *what, unsigned kinds);
/* "capacity", "trade" ... */
const char *hf_trade_shock_kind(hf_adaptive_shock_kind kind);
bool hf_trade_has_shock(const hf_trade *t, hf_adaptive_shock_kind kind);
/* An industry's code, or a region's name, as part of an option: the usage error names the nearest, and what there is. */
hf_err hf_trade_sector_read(const hf_trade *t, const char *option, const char *text, size_t length, int *ret_sector);
hf_err hf_trade_region_read(const hf_trade *t, const char *option, const char *text, size_t length, int *ret_region);
/* Change of final demand by the shocks on demand: adds to ret_change [n_industries], money per year. */
void hf_trade_demand_change(const hf_trade *t, double *ret_change);

/* The adaptive model as the options ask; warnings about its dynamics are printed and counted. The caller frees. */
hf_err hf_trade_model(const hf_trade *t, hf_adaptive **ret_model, int *ret_warnings);

/* Sectors that everybody needs, by their codes (energy, water, telecommunications): ret_mark [n_sectors]; returns how many. */
int hf_trade_lifelines(const hf_trade *t, bool *ret_mark);
/* The NACE or ISIC code of a sector, "" when no industry of it has one. */
const char *hf_trade_sector_code(const hf_trade *t, int sector);
/* What people call a sector. */
const char *hf_trade_sector_title(const hf_trade *t, int sector);

/* Cells: an industry as "Region, industry name", an amount of the table's money. */
void hf_trade_industry_cell(const hf_trade *t, hf_text_table *table, int industry);
void hf_trade_money_cell(const hf_trade *t, hf_text_table *table, double amount);
/* "12.3 M EUR" */
void hf_trade_money(const hf_trade *t, double amount, hf_buf *out);

/* A table for people with columns that stand to the left, then others to the right. HF_E_NOMEM. */
hf_err hf_trade_table_begin(hf_text_table **ret_table, const char *const *left, int n_left, const char *const *right, int n_right);

/* JSON: the head, "method" and "shock"; {"region", "industry"} keys of an industry. */
void hf_trade_json_start(const hf_trade *t, hf_json *json, const char *method);
void hf_trade_json_industry(const hf_trade *t, hf_json *json, int industry);

/* "by_country": the sums of figures [n_industries] by region, each under its key. */
void hf_trade_json_countries(const hf_trade *t, hf_json *json, const char *const *keys, const double *const *figures, int n);

/* "checks": {"spectral_radius", "mass_balance", "stability" ...; left open for more. `mass_balance` NaN is null. */
hf_err hf_trade_json_checks(const hf_trade *t, hf_json *json, double mass_balance, const char *stability);

/* The largest gap of a row or a column of the table, as a share of output; NaN when memory is short. */
double hf_trade_balance_gap(const hf_trade *t);

/* CSV of one row an industry: its region and industry, then `columns` values. */
hf_err hf_trade_csv(const hf_trade *t, const char *const *columns, const double *const *values, int n);

/* CSV row by row: begin with the columns, add the cells of each row in their order, end writes all. Errors are kept until the end. */
enum { HF_TRADE_CELLS = 16 };
typedef struct hf_trade_rows {
    hf_table *table;
    const char *cell[HF_TRADE_CELLS];
    char number[HF_TRADE_CELLS][32];
    int n, n_columns;
    hf_err err;
} hf_trade_rows;
void hf_trade_rows_begin(hf_trade_rows *rows, const char *const *columns, int n);
void hf_trade_rows_text(hf_trade_rows *rows, const char *text);
void hf_trade_rows_number(hf_trade_rows *rows, double number);
hf_err hf_trade_rows_end(hf_trade_rows *rows, const hf_trade *t);
/* What --rows asks for, "industries" when it was not given; a usage error unless it is one of `allowed` ("industries|regions"). */
hf_err hf_trade_rows_asked(const hf_trade *t, const char *method, const char *allowed, const char **ret_rows);

/* Industries by a figure, largest first, ties by number: order [n]. HF_E_NOMEM. */
hf_err hf_trade_order(const double *figure, int n, int *order);

/* The same for industries alone, those of --home only where it is given; returns how many in *ret_n. */
hf_err hf_trade_order_industries(const hf_trade *t, const double *figure, int *order, int *ret_n);

/* Says the heading of a table of regions and which rows it has: all in their order where there are few or --top 0 asks for all, else those with the
 * largest figures. order [n_regions], *ret_n of it. HF_E_NOMEM. */
hf_err hf_trade_region_rows(const hf_trade *t, const char *heading, const double *figure, int *order, int *ret_n);

/* How many of n rows --top shows; and "(15 of 200; --top 0 shows all)" when not all. */
int hf_trade_shown(const hf_trade *t, int n);
void hf_trade_heading(const hf_trade *t, const char *heading, int n);

/* The methods. Each writes its result as the options ask. */
hf_err hf_trade_static(hf_trade *t);
hf_err hf_trade_inoperability(hf_trade *t);
hf_err hf_trade_adaptive(hf_trade *t);
hf_err hf_trade_risk(hf_trade *t);
hf_err hf_trade_balance(hf_trade *t);
hf_err hf_trade_rebalance(hf_trade *t);
hf_err hf_trade_forms(hf_trade *t, bool mria); /* of rebalance: substitution or mria */
/* "mps" for a file with that ending, else "lp". */
const char *hf_trade_lp_format(const char *file);
hf_err hf_trade_corridors(hf_trade *t);

#endif
