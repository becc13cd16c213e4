/* Cells of tables for people: figures in words. */
#ifndef HF_CLI_CELLS_H
#define HF_CLI_CELLS_H

#include "viz/text_table.h"

void hf_cell_hours(hf_text_table *table, double hours);   /* "31 h", "-" for NaN */
void hf_cell_amount(hf_text_table *table, double amount); /* "31.2 M", "-" for 0 */
void hf_cell_share(hf_text_table *table, double share);   /* "60 %" */

#endif
