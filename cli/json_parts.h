/* What JSON documents of several commands have in common. */
#ifndef HF_CLI_JSON_PARTS_H
#define HF_CLI_JSON_PARTS_H

#include "cli/cli.h"
#include "cli/what_if.h"
#include "model/cascade/explain.h"
#include "viz/json_out.h"

/* Opens the document and writes its "holdfast" and "dataset" objects; the caller goes on with keys of its own and closes the object.
 * Without a package (a check that failed) the data set is its path as given, with null for the rest. */
void hf_json_head(hf_json *json, const hf_cli *cli);

/* "scenario": {...}, "horizon_h". Injects that differ in nothing but the entity are one, with several targets. */
void hf_json_what_if(hf_json *json, const hf_cli *cli, const hf_what_if *what_if);

/* "warnings": [texts of the findings from index `first` on that are warnings]. */
void hf_json_warnings(hf_json *json, const hf_cli *cli, size_t first);

/* The cause of a change: {"kind", "requirement", "carrier", "suppliers", "at_h", "since_h"}. Names that do not apply are null. HF_E_NOMEM. */
hf_err hf_json_cause(hf_json *json, const hf_causes *causes, const hf_timeline *tl, const hf_network *net, int change);

/* A key with a number that is null when NaN or infinite; with a text that is null when NULL. */
void hf_json_key_number(hf_json *json, const char *key, double value);
void hf_json_key_text(hf_json *json, const char *key, const char *text);

/* The whole result of `cascade --json`. */
hf_err hf_json_cascade(hf_cli *cli, const hf_what_if *what_if, hf_timeline *tl, const hf_losses *losses);

#endif
