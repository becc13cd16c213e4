/* The economy of a package: a multi-regional input-output table, the entities that its industries work with, and the gates of its trade.
 *
 * Resources industries, trade, final_demand, value_added, industry_links, corridors and routes (docs/manual/data-package.md). */
#ifndef HF_DATASETS_ECONOMY_H
#define HF_DATASETS_ECONOMY_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/diag.h"
#include "datasets/table.h"
#include "model/economy/table.h"
#include "model/network/network.h"
#include "model/trade_steps.h"

/* An entity that an industry works with. Forward (`follows` false): the industry loses `share` of its capacity with the entity's functionality.
 * Back (`follows` true): the entity's availability is what the industry delivers of what is ordered. */
typedef struct hf_industry_link {
    int industry; /* index in the table */
    int entity;   /* index in the package's network */
    double share; /* 0..1; the forward shares of an industry add up to 1 at most */
    bool follows;
} hf_industry_link;

/* A gate of trade. */
typedef struct hf_corridor {
    const char *name, *title;
    int entity;      /* index in the network of the entity whose functionality is the gate's, or -1: always open */
    double capacity; /* money per year, in the table's unit; INFINITY: no limit */
} hf_corridor;

/* A way that a share of a bilateral flow takes. */
typedef struct hf_trade_route {
    const char *name;
    int origin, destination; /* regions of the table */
    int sector;              /* of the table, or -1: all sectors without routes of their own between the two regions */
    double share;            /* those of a flow add up to 1; 0: in reserve */
    int gate_first, n_gates; /* in hf_economy.gate */
    double extra_days;       /* >= 0 */
    double extra_cost;       /* >= 0, share of the value shipped */
} hf_trade_route;

/* Where something stands in its file, from 1; 0: nowhere. */
typedef struct hf_place {
    int line, column;
} hf_place;

typedef struct hf_economy {
    hf_io_table *table;     /* as it was read; hf_economy_clean makes it balance. Belongs to the economy */
    const char **title;     /* [n_industries] names of industries for people */
    const char **code;      /* [n_industries] NACE or ISIC code, "" when not given */
    const char **category;  /* [n_demand] kinds of final demand */
    const char *file;       /* of industries, as findings name it */
    hf_place *place;        /* [n_industries] of their output in it */
    double *jobs;           /* [n_industries] people, 0 when not given; NULL when no industry says */
    int n_links;
    hf_industry_link *link; /* by industry, then entity */
    int n_corridors;
    hf_corridor *corridor;  /* in the order of the file */
    int n_routes;
    hf_trade_route *route;        /* by origin, destination, sector, then order of the file: the routes of a flow stand together */
    int n_gates;
    int *gate;              /* corridors */
    bool cleaned;
    hf_io_report report;    /* every change that cleaning made */
    hf_arena memory;
} hf_economy;

/* Text of a resource that is read without a table in between. */
typedef struct hf_economy_text {
    const char *file; /* as findings name it; NULL when the package has no such resource */
    const char *text;
    size_t length;
} hf_economy_text;

/* Tables that are NULL are not there (or broken, and that was reported). */
typedef struct hf_economy_parts {
    const hf_table *industries, *value_added, *industry_links, *corridors, *routes;
    hf_economy_text trade, final_demand;
    const char *currency; /* "" when unknown */
    double unit;          /* currency per unit of the numbers, > 0 */
    int year;             /* 0 when unknown */
} hf_economy_parts;

/* Reads an economy. `net` may be NULL when the network has errors of its own: entities are then not looked up. HF_E_DATA with findings;
 * HF_E_NOMEM. `parts->industries` must not be NULL. The caller frees. Memory: the table, and a bit for every cell of a long table. */
hf_err hf_economy_read(const hf_economy_parts *parts, const hf_network *net, hf_diag *diag, hf_economy **ret_economy);
void hf_economy_free(hf_economy *economy);

/* A spectral radius of the coefficients z_ij / x_j of 1 or more: everything made would need more than itself as input. HF_E_DATA with a finding at
 * the industry whose inputs exceed its output most; HF_E_NOMEM. One pass over the table where no industry's inputs exceed its output. */
hf_err hf_economy_radius_check(const hf_economy *economy, hf_diag *diag);

/* Makes the table clean in place, once (see hf_io_clean); later calls do nothing. `options` NULL for the usual ones; hf_economy_radius_check goes
 * before. Every change is in
 * economy->report. On an error the table is half cleaned and the package is of no more use. */
hf_err hf_economy_clean(hf_economy *economy, const hf_io_clean_options *options, hf_diag *diag);

/* Whether a sector makes goods that are carried (sections A to C of NACE and ISIC, divisions 01 to 33; a sector without a code is taken for
 * goods), or services, energy and water, which pass no gate but a digital one. */
bool hf_economy_is_goods(const hf_economy *economy, int sector);

/* The injects of a scenario that act on trade, resolved by the names of the economy (see hf_trade_steps_resolve). The caller frees. */
hf_err hf_economy_steps(const hf_economy *economy, const hf_scenario *scenario, hf_diag *diag, hf_trade_step **ret_steps, int *ret_n);

/* The routes of a flow: those of its sector, else those for all; ret_n may be 0. O(log routes). */
const hf_trade_route *hf_economy_routes(const hf_economy *economy, int origin, int destination, int sector, int *ret_n);

#endif
