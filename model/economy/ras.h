/* Balancing a matrix to given row and column totals with as little change as possible.
 *
 * RAS for cells of one sign, a'_ij = r_i a_ij s_j (Stone 1961; Bacharach 1970; Miller & Blair 2009, section 7.4), and its generalisation
 * to cells of both signs, a'_ij = a_ij / (r_i s_j) where a_ij < 0 (GRAS: Junius & Oosterhaven, Economic Systems Research 15, 2003, with the
 * corrections of Lenzen, Wood & Gallego, ESR 19, 2007, and of Temurshoev, Miller & Bouwmeester, ESR 25, 2013, for rows and columns without
 * positive cells). Without negative cells the two are the same iteration. Signs and zeros stay. */
#ifndef HF_MODEL_ECONOMY_RAS_H
#define HF_MODEL_ECONOMY_RAS_H

#include <stdbool.h>

#include "base/diag.h"
#include "base/error.h"
#include "model/economy/table.h"

typedef struct hf_ras_options {
    double tolerance;  /* > 0: largest gap of a row or column over the larger of its total and the mean total (default 1e-10) */
    int max_rounds;    /* >= 1, a round is all rows and all columns (default 10,000) */
    const bool *fixed; /* [rows x columns] cells that are known and keep their value; NULL none */
} hf_ras_options;
hf_ras_options hf_ras_options_default(void);

/* What was done. Gaps are those of the balanced matrix, measured as `tolerance` is. */
typedef struct hf_ras_result {
    int rounds;
    double row_gap, column_gap;
    int row_gap_at, column_gap_at; /* -1 in an empty matrix */
    size_t changed;                /* cells that are not what they were */
    double amount;                 /* sum of |after - before| */
    double largest;                /* the largest |after - before|, and where */
    int largest_row, largest_column;
} hf_ras_result;

/* Balances cells [n_rows x n_columns] in place to row_total [n_rows] and column_total [n_columns]; ret_r [n_rows] and ret_s [n_columns]
 * are the factors (NULL: not wanted; 0 for a row or column that had to become all zero). `options` NULL: the defaults.
 * Errors leave the cells as they were, with a finding that names the row or column (from 1):
 * HF_E_RANGE for a number that is not finite or an option outside its range; HF_E_NO_ANSWER when the totals of rows and columns do not add
 * up to the same (to 1e-9), or a total cannot be reached with the signs and zeros of its cells; HF_E_NO_CONVERGENCE after max_rounds:
 * ret_result then says where the largest gap is (such totals are usually out of reach together: zeros in the wrong places); HF_E_NOMEM.
 * A round reads the matrix twice. */
hf_err hf_ras(int n_rows, int n_columns, double *cells, const double *row_total, const double *column_total, const hf_ras_options *options,
              double *ret_r, double *ret_s, hf_diag *diag, hf_ras_result *ret_result);

/* The margins a table is balanced to; NULL stands for the table's own. */
typedef struct hf_io_margins {
    const double *output;      /* [n_industries] x, >= 0 */
    const double *value_added; /* [n_industries] v */
    const double *demand;      /* [n_demand_columns] total of each column of final demand; NULL: the present ones, all scaled by one factor so
                                * that final demand is what output leaves */
} hf_io_margins;

/* Balances flows and final demand together, [Z Y] with rows that add up to output and columns to output less value added and to the demand
 * totals; then writes output and value added into the table. Changed cells go to `report` with the reason HF_IO_BALANCED (NULL: not listed;
 * at 1,400 industries that is two million lines of 40 bytes). options->fixed is [n_industries x (n_industries + n_demand_columns)].
 * Errors as hf_ras (row i is industry i, columns after the industries are final demand); the table is then as it was. HF_E_RANGE for a negative output. */
hf_err hf_io_balance(hf_io_table *table, const hf_io_margins *margins, const hf_ras_options *options, hf_io_report *report, hf_diag *diag,
                     hf_ras_result *ret_result);

#endif
