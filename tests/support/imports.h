/* Running an importer in a scratch folder and looking at what came out. */
#ifndef HF_TESTS_SUPPORT_IMPORTS_H
#define HF_TESTS_SUPPORT_IMPORTS_H

#include "datasets/import/import.h"
#include "datasets/package.h"
#include "model/network/weak_points.h"

typedef struct imported {
    hf_err err;
    hf_diag *diag;
    hf_package *package;   /* NULL when the import failed */
    const hf_network *net;
    hf_structure *structure;
} imported;

/* What the next imports are told about money; NULL and 0: nothing. */
extern const char *import_currency;
extern double import_money_unit;

/* Imports files (NULL-terminated list) into a new scratch folder and opens the result. */
imported import_run(const char *format, const char *const *files, const char *map, const char *country);
void import_done(imported *r);

/* Entities of a country. */
int import_country(const imported *r, const char *country);

/* Whether a finding holds a text. */
bool import_said(const imported *r, const char *text);

#endif
