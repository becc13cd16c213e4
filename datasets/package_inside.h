/* Inside of a package, shared by reading and writing it. */
#ifndef HF_DATASETS_PACKAGE_INSIDE_H
#define HF_DATASETS_PACKAGE_INSIDE_H

#include <stdbool.h>

#include "base/arena.h"
#include "datasets/package.h"

/* A file of the package, datapackage.json among them. */
typedef struct hf_part {
    const char *resource; /* name, "" for datapackage.json */
    const char *path;     /* inside the package */
    const char *label;    /* as findings name it */
    hf_table *table;      /* of a .csv or .tsv */
    char *bytes;          /* of everything else, as it was read */
    size_t length;
} hf_part;

struct hf_package {
    hf_arena memory;
    const char *name, *title, *version;
    char digest[65];
    int n_parts;
    hf_part *parts; /* by path */
    hf_network *network;
    int n_scenarios;
    hf_scenario *scenarios;
};

/* The part with a resource ("" is the metadata), or NULL. */
const hf_part *hf_package_part(const hf_package *package, const char *resource);

#endif
