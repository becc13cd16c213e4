/* The tables measures and budgets of a package. */
#ifndef HF_DATASETS_MEASURES_H
#define HF_DATASETS_MEASURES_H

#include "datasets/table.h"
#include "model/cascade/measures.h"

/* Reads both tables; `budgets` may be NULL. Scenario names may stand in the column hazards. HF_E_DATA with a finding for every fault. */
hf_err hf_measures_read(const hf_table *measures, const hf_table *budgets, const hf_network *net, const char *const *scenarios, int n_scenarios,
                        hf_diag *diag, hf_measures **ret_measures);

#endif
