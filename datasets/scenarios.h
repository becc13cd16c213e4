/* scenarios.json: {"scenarios": [{"name", "title", "description", "horizon_h", "injects": [{"at_h", "inject", "targets", "level", "text"}],
 * "decisions": [{"name", "title", "at_h", "options": [{"name", "title", "text", "source", "injects": [as above]}]}]}]}. */
#ifndef HF_DATASETS_SCENARIOS_H
#define HF_DATASETS_SCENARIOS_H

#include "base/arena.h"
#include "datasets/doc.h"
#include "model/cascade/scenario.h"

/* Reads all scenarios into memory of the arena. `file` must live as long. Faults of meaning are findings; the rest is read. HF_E_NOMEM. */
hf_err hf_scenarios_read(const hf_doc *json, const char *file, hf_arena *memory, hf_diag *diag, hf_scenario **ret_scenarios, int *ret_count);

#endif
