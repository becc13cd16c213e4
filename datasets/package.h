/* The data package: a folder or .zip with datapackage.json, CSV tables and scenarios.json (see docs/manual/data-package.md).
 *
 * Opening reads and checks everything and compiles the network; all findings are collected, and nothing is returned unless
 * there was no error. */
#ifndef HF_DATASETS_PACKAGE_H
#define HF_DATASETS_PACKAGE_H

#include "base/diag.h"
#include "datasets/table.h"
#include "model/cascade/measures.h"
#include "model/cascade/scenario.h"
#include "model/network/network.h"

struct hf_buf;
struct hf_economy;

typedef struct hf_package hf_package;

/* Opens the package at `path` (a folder, its datapackage.json, or a .zip). HF_E_NOT_FOUND, HF_E_FORMAT, HF_E_DATA (see the diag), HF_E_NOMEM. */
hf_err hf_package_open(const char *path, hf_diag *diag, hf_package **ret_package);
void hf_package_free(hf_package *package);

/* Name, title and version from datapackage.json ("" where not given). */
const char *hf_package_name(const hf_package *package);
const char *hf_package_title(const hf_package *package);
const char *hf_package_version(const hf_package *package);
/* SHA-256, in lower-case hex, over the paths and bytes of datapackage.json and every resource it names, in order of path. The same for folder and zip. */
const char *hf_package_digest(const hf_package *package);

/* The compiled network; belongs to the package. */
const hf_network *hf_package_network(const hf_package *package);

/* The economy (datasets/economy.h), NULL when the package has no industries; belongs to the package. It is as it was read: whoever computes with
 * its table calls hf_economy_clean first. */
struct hf_economy *hf_package_economy(const hf_package *package);

int hf_package_scenario_count(const hf_package *package);
const hf_scenario *hf_package_scenario(const hf_package *package, int index);
/* The scenario with a name, or NULL. */
const hf_scenario *hf_package_find_scenario(const hf_package *package, const char *name);

/* Measures and budgets, or NULL if the package has none; belong to the package. */
const hf_measures *hf_package_measures(const hf_package *package);

/* The table behind a resource as it was read, unknown columns and all; NULL if the package has none. Resources without a field table
 * (see fields.h) are kept too. trade and final_demand have none: they are in the economy. */
const hf_table *hf_package_table(const hf_package *package, const char *resource);

/* Writes the package into a folder (made if missing), with the same tables, metadata and scenarios: each file beside, fsynced, renamed.
 * HF_E_EXISTS if the folder holds a datapackage.json and `overwrite` is false. Reading the result gives the same network. */
hf_err hf_package_save(const hf_package *package, const char *folder, bool overwrite, hf_diag *diag);

/* Appends the JSON Schema (draft 2020-12) of every resource, or of one when `resource` is not NULL; HF_E_UNKNOWN_ID if there is no such resource. */
hf_err hf_schema_write(const char *resource, struct hf_buf *out);

#endif
