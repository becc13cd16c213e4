/* A package with other numbers in its input-output table. */
#ifndef HF_DATASETS_ECONOMY_WRITE_H
#define HF_DATASETS_ECONOMY_WRITE_H

#include "datasets/economy.h"
#include "datasets/package.h"

/* Writes the package into a new folder with the flows, final demand, value added and output of `table` (regions, sectors and kinds of demand as in the
 * package's economy) in long tables; all else as it is. Flows below 1e-9 of the mean output are left out. HF_E_EXISTS, HF_E_IO, HF_E_NOMEM. */
hf_err hf_economy_write(const hf_package *package, const hf_economy *economy, const hf_io_table *table, const char *into, hf_diag *diag);

#endif
