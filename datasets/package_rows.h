/* From the tables of a package to a network. */
#ifndef HF_DATASETS_PACKAGE_ROWS_H
#define HF_DATASETS_PACKAGE_ROWS_H

#include "datasets/table.h"
#include "model/network/builder.h"

/* Adds the rows of a resource's table to the builder; resources that are not part of a network are only checked against their field table. */
hf_err hf_rows_add(const char *resource, const hf_table *table, hf_builder *builder, hf_diag *diag);

#endif
