/* Inside of the economy reader, shared by its files. */
#ifndef HF_DATASETS_ECONOMY_INSIDE_H
#define HF_DATASETS_ECONOMY_INSIDE_H

#include "base/idmap.h"
#include "datasets/economy.h"
#include "datasets/reader.h"

typedef struct hf_economy_reader {
    const hf_economy_parts *parts;
    const hf_network *net; /* may be NULL */
    hf_diag *diag;
    hf_economy *e;
    hf_idmap *regions, *sectors, *categories;
    hf_idmap *keys;       /* "region/industry", in the order of the rows of industries */
    int n_rows;
    int *industry_of_key; /* [n_rows] index in the table */
    int *line_of_key;     /* [n_rows] */
    bool *has_output;     /* [n_rows] */
    bool flows_are_whole; /* trade and final demand were read without a finding */
} hf_economy_reader;

/* Fills z and y of the table, which is made here: categories of final demand must be known first. */
hf_err hf_economy_flows(hf_economy_reader *r);

/* Units and balance of what was read: sales [n_industries] against output; value added, where known [n_industries], against the rest. */
void hf_economy_balance_check(hf_economy_reader *r, const double *sales);
void hf_economy_value_added_check(hf_economy_reader *r, const bool *known);

/* value_added, industry_links; corridors and routes. */
hf_err hf_economy_value_added(hf_economy_reader *r, bool *known);
hf_err hf_economy_links(hf_economy_reader *r);
hf_err hf_economy_gates(hf_economy_reader *r);

/* The industry of the current row by its columns `region` and `industry`, or -1 after a finding. */
int hf_economy_industry(hf_economy_reader *r, hf_reader *row);
/* The region in a column, or -1 after a finding. */
int hf_economy_region(hf_economy_reader *r, hf_reader *row, const char *field);
/* The entity in a column: -1 when the cell is empty, -2 after a finding, 0 when there is no network to look in. */
int hf_economy_entity(hf_economy_reader *r, hf_reader *row, const char *field);

/* An error at a column of the current row. */
void hf_economy_error(const hf_reader *row, const char *field, hf_err code, const char *format, ...) __attribute__((format(printf, 4, 5)));

/* Begins with a table; false when it lacks a column. */
bool hf_economy_begin(hf_economy_reader *r, hf_reader *row, const hf_table *table, const char *resource);

/* Notes the key of a row, its parts joined; *ret_new is false, after a finding, when it was there before. */
hf_err hf_economy_once(hf_idmap *seen, const hf_reader *row, const char *field, const char *const *parts, int n, bool *ret_new);

#endif
