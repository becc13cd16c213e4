/* Inside of a package, shared by reading and writing it. */
#ifndef HF_DATASETS_PACKAGE_INSIDE_H
#define HF_DATASETS_PACKAGE_INSIDE_H

#include <stdbool.h>

#include "base/arena.h"
#include "datasets/economy.h"
#include "datasets/package.h"

/* A file of the package, datapackage.json among them. */
typedef struct hf_part {
    const char *resource; /* name, "" for datapackage.json */
    const char *path;     /* inside the package */
    const char *label;    /* as findings name it */
    hf_table *table;      /* of a .csv or .tsv; not of trade and final_demand, which go from the text into the economy */
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
    const char *currency; /* of the economy */
    double money_unit;
    int base_year;
    hf_economy *economy;  /* NULL when there is none */
    int n_scenarios;
    hf_scenario *scenarios;
    hf_measures *measures; /* NULL without the table */
};

#endif
