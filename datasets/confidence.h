/* How sure the links of a package are: the column confidence of requirements and supplies. */
#ifndef HF_DATASETS_CONFIDENCE_H
#define HF_DATASETS_CONFIDENCE_H

#include "datasets/package.h"

/* Fills requirement [n_requirements] and supply [n_supplies] of the package's network with 0..1, 1 where nothing is said. Returns how many are
 * below 1. O(rows log links). */
int hf_confidence_read(const hf_package *package, double *requirement, double *supply);

#endif
