/* One multi-regional input-output table: flows between industries, final demand, output and value added of one year, in money.
 *
 * Industry f = r * n_sectors + i is sector i of region r; demand column c = r * n_demand + k is kind k of final demand in region r.
 * All arrays are dense and row-major; a row sells, a column buys. In a clean table
 *     sum_j z_ij + sum_c y_ic = x_i   (rows)   and   sum_i z_ij + v_j = x_j   (columns).
 * Identities and names: Miller & Blair, Input-Output Analysis, 2nd edition (2009), chapters 2 and 3. */
#ifndef HF_MODEL_ECONOMY_TABLE_H
#define HF_MODEL_ECONOMY_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/diag.h"
#include "base/error.h"
#include "base/text.h"

/* Filled once by whoever reads it, then cleaned, then only read. */
typedef struct hf_io_table {
    int n_regions, n_sectors, n_demand;
    int n_industries;     /* n_regions * n_sectors */
    int n_demand_columns; /* n_regions * n_demand */
    const char **region;  /* [n_regions] names */
    const char **sector;  /* [n_sectors] names */
    double *z;            /* [n_industries x n_industries] money per year from the row's industry to the column's */
    double *y;            /* [n_industries x n_demand_columns] money per year */
    double *x;            /* [n_industries] gross output, money per year */
    double *v;            /* [n_industries] value added (with taxes), money per year; all 0 means not known: cleaning derives it */
    const char *currency; /* such as "USD"; "" when unknown */
    double unit;          /* currency per unit of the numbers, such as 1e6 */
    int year;             /* 0 when unknown */
    hf_arena arena;       /* owner of the names */
} hf_io_table;

/* A table of zeros with copies of the names. `region` [n_regions], `sector` [n_sectors]; `currency` may be NULL. All counts >= 1.
 * HF_E_TOO_LARGE when there would be more than HF_IO_MAX_INDUSTRIES industries or 65,536 demand columns; HF_E_RANGE for a count below 1;
 * HF_E_NOMEM. The caller frees. */
enum { HF_IO_MAX_INDUSTRIES = 30000 };
hf_err hf_io_table_new(int n_regions, int n_sectors, int n_demand, const char *const *region, const char *const *sector,
                       const char *currency, double unit, int year, hf_io_table **ret_table);
void hf_io_table_free(hf_io_table *table);

/* Index of a name, or -1. */
int hf_io_region_find(const hf_io_table *table, const char *name);
int hf_io_sector_find(const hf_io_table *table, const char *name);

/* Final demand by industry, all columns: ret_y [n_industries]. */
void hf_io_demand(const hf_io_table *table, double *ret_y);

/* Sums in the order of the rows: fixed, so that the same table gives the same bits. */
typedef struct hf_io_totals {
    double z, y, x, v;
} hf_io_totals;
hf_io_totals hf_io_totals_of(const hf_io_table *table);

/* A matrix by rows without its zeros: the values of row i are value[start[i] .. start[i + 1] - 1], in columns column[...], ascending. */
typedef struct hf_csr {
    int n_rows, n_columns;
    size_t *start;   /* [n_rows + 1] */
    int32_t *column; /* [start[n_rows]] */
    double *value;   /* [start[n_rows]] */
} hf_csr;

/* From a dense row-major matrix [n_rows x n_columns]; exact zeros are left out. Only HF_E_NOMEM. The caller calls hf_csr_done. */
hf_err hf_csr_init(hf_csr *ret_csr, int n_rows, int n_columns, const double *dense);
void hf_csr_done(hf_csr *csr);

/* Flows to read, not to change: dense or by rows, whichever moves fewer bytes. The dense form borrows the table's array. */
typedef struct hf_flows {
    int n_rows, n_columns;
    const double *dense; /* NULL when csr is used */
    hf_csr csr;
    double fill; /* share of cells that are not 0 */
} hf_flows;

/* A view of a dense matrix, which must outlive it: by rows when the share of non-zero cells is below HF_FLOWS_SPARSE_FILL (12 bytes a
 * non-zero cell against 8 bytes a cell, and no vector arithmetic: a quarter is where both forms take the same time). Only HF_E_NOMEM. */
#define HF_FLOWS_SPARSE_FILL 0.25
hf_err hf_flows_init(hf_flows *ret_flows, int n_rows, int n_columns, const double *dense);
void hf_flows_done(hf_flows *flows);

/* out = M u (u [n_columns], out [n_rows]) and out = M' u (u [n_rows], out [n_columns]); out must not overlap u. One pass, O(non-zeros).
 * Both forms of the view add the same terms in the same order and so give the same bits (but for the sign of a zero). */
void hf_flows_multiply(const hf_flows *flows, const double *u, double *out);
void hf_flows_multiply_transposed(const hf_flows *flows, const double *u, double *out);

/* ---- Cleaning ---- */

typedef enum hf_io_place { HF_IO_Z, HF_IO_Y, HF_IO_X, HF_IO_V } hf_io_place;

typedef enum hf_io_reason {
    HF_IO_MERGED,             /* a region was added to another one (split processing zones); row = old region, column = new one */
    HF_IO_DROPPED,            /* a region was left out (an aggregate of others); row = old region, column = -1 */
    HF_IO_NEGATIVE_FLOW,      /* a flow below 0 went to the buyer's final demand and value added */
    HF_IO_NO_OUTPUT,          /* an industry without sales: what it bought went to final demand of its region */
    HF_IO_ROW_GAP,            /* sales do not add up to output (rounding, discrepancy rows) */
    HF_IO_COLUMN_GAP,         /* inputs and value added do not add up to output */
    HF_IO_VALUE_ADDED_ABSENT, /* value added was not given: output less inputs */
    HF_IO_NEGATIVE_VALUE_ADDED, /* inputs above output: they were scaled down, the rest went to final demand of the region */
    HF_IO_NEGATIVE_DEMAND,    /* final demand below 0 (inventories): taken off the other final demand of the row */
    HF_IO_BALANCED,           /* balanced to given totals (hf_io_balance) */
    HF_IO_REASONS
} hf_io_reason;

/* One changed cell. Z: row, column are industries; Y: row industry, column demand column; X, V: row industry, column -1. */
typedef struct hf_io_change {
    hf_io_reason reason;
    hf_io_place place;
    int row, column;
    double before, after;
} hf_io_change;

/* Every change in the order made. Zero-initialise ({0}); hf_io_report_done frees. */
typedef struct hf_io_report {
    hf_io_change *change;
    size_t n, capacity;
} hf_io_report;

void hf_io_report_done(hf_io_report *report);

/* Per reason: number of changed cells, and the sum of |after - before|. */
typedef struct hf_io_summary {
    size_t cells[HF_IO_REASONS];
    double amount[HF_IO_REASONS];
} hf_io_summary;
hf_io_summary hf_io_report_summary(const hf_io_report *report);

/* A short English text for a reason; never NULL. */
const char *hf_io_reason_text(hf_io_reason reason);

/* Adds one line without newline: "y AUS/c1 -> AUS/5: -12 becomes 0 (negative final demand)". For HF_IO_MERGED and HF_IO_DROPPED `table` is
 * the table before folding. */
void hf_io_change_print(const hf_io_table *table, const hf_io_change *change, hf_buf *buf);

/* What takes up a row gap: final demand of the industry's own region, kind 0 (published output is kept), or output itself. */
typedef enum hf_io_gap { HF_IO_GAP_TO_DEMAND, HF_IO_GAP_TO_OUTPUT } hf_io_gap;

typedef struct hf_io_clean_options {
    hf_io_gap row_gap;
    int inventory;             /* kind of final demand that takes what is moved out of Z, 0 .. n_demand-1; -1 the last one */
    bool keep_negative_demand; /* leave final demand below 0 as it is: fine for the static models, not for the dynamics */
    bool keep_negative_value_added;
    double gap_warning; /* a row or column gap above this share of output is a warning (default 0.01) */
} hf_io_clean_options;
hf_io_clean_options hf_io_clean_options_default(void);

/* Makes a table clean in place; every changed cell is added to `report` (not NULL), findings to `diag` (may be NULL), one a
 * reason that changed more than 1e-6 of all output.
 * In this order: negative flows, industries without output, row gaps, value added, negative value added, negative final demand, and last
 * the gaps that those left. Afterwards both balances hold to rounding, z >= 0, x >= 0, z_ij = 0 where x_i or x_j is 0, and y >= 0, v >= 0
 * unless kept. Total output changes only where a row has more negative than positive sales, and that is in the report.
 * HF_E_DATA when a number is not finite or output is negative (the finding names it); HF_E_NOMEM. On an error the table is half cleaned:
 * free it. O(N^2). */
hf_err hf_io_clean(hf_io_table *table, const hf_io_clean_options *options, hf_io_report *report, hf_diag *diag);

/* A new table whose regions are sums of old ones: region_of [n_regions] is the new region, or -1 to leave it out; `region` the new names.
 * For split zones (MX1 + MX2, CN1 + CN2) and for aggregates that stand beside their parts. Flows between merged regions become flows
 * within; the flows of a region left out vanish, and so its sales and purchases open row and column gaps that cleaning then reports.
 * HF_E_RANGE for a number outside -1 .. n_new-1; HF_E_NOMEM. */
hf_err hf_io_fold(const hf_io_table *table, const int *region_of, int n_new, const char *const *region, hf_io_report *report,
                  hf_io_table **ret_table);

/* ---- Checks ---- */

typedef struct hf_io_checks {
    double radius_a;      /* spectral radius of A = z_ij / x_j, an upper bound that is exact to 1e-10 when radius_exact */
    double radius_a_star; /* of A* = z_ij / x_i */
    bool radius_exact;
    double row_gap, column_gap; /* largest |gap| / max(x_i, 1e-9 of mean output) */
    int row_gap_at, column_gap_at;
    double row_gap_sum, column_gap_sum; /* sum of |gap| */
    int n_no_output, n_negative_z, n_negative_y, n_negative_v;
    int aggregate; /* first region whose output is the sum of that of all others, sector by sector; -1 none */
} hf_io_checks;

/* Looks at a table and changes nothing. Findings go to `diag` (may be NULL): an error for a spectral radius >= 1, warnings for gaps above
 * 1 %, for negative cells and for an aggregate. Returns HF_E_NO_ANSWER for a spectral radius >= 1 (the results are then written all the
 * same), HF_E_DATA when a number is not finite, HF_E_NOMEM. A few dozen passes over Z. */
hf_err hf_io_check(const hf_io_table *table, hf_diag *diag, hf_io_checks *ret_checks);

#endif
