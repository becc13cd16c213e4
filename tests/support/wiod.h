/* The world input-output table of 2011 from data/trade-mrio/wiod2011 (Timmer et al., Review of International Economics 23, 2015, 575-605). */
#ifndef HF_TESTS_SUPPORT_WIOD_H
#define HF_TESTS_SUPPORT_WIOD_H

#include "model/economy/table.h"

enum { WIOD_REGIONS = 41, WIOD_SECTORS = 35, WIOD_INDUSTRIES = WIOD_REGIONS * WIOD_SECTORS, WIOD_KINDS = 5 };

/* As published, in million dollars; regions by their codes, sectors c1 .. c35. NULL where the files are not there; the caller frees. */
hf_io_table *wiod_read(void);

#endif
