/* Public data in: files of other formats made into a data package.
 *
 * An import reads everything, builds the package beside its place, opens it again as any reader would, and only then moves it there: DIR is
 * whole or not there at all. What could not be used is counted and named in notes of the diag. */
#ifndef HF_DATASETS_IMPORT_H
#define HF_DATASETS_IMPORT_H

#include "base/diag.h"

typedef struct hf_import_options {
    const char *into;    /* folder to make; it must not exist yet */
    const char *map;     /* column map for the format csv, NULL for none */
    const char *country; /* ISO 3166-1 alpha-2 for formats that do not say it, or to keep only rows of that country; NULL for none */
    const char *currency; /* of an input-output table, NULL for the format's own */
    double money_unit;    /* currency per unit of its numbers, 0 for the format's own */
    int year;             /* 0: the year in the file's name, if there is one */
} hf_import_options;

typedef struct hf_import_format {
    const char *name;
    const char *what;   /* one line for people */
    const char *files;  /* the files it takes, in words */
} hf_import_format;

/* All formats in the order in which help lists them. */
extern const hf_import_format hf_import_formats[];
extern const int hf_import_format_count;

/* Imports files. HF_E_UNKNOWN_ID for an unknown format, HF_E_EXISTS when `into` exists, HF_E_DATA with findings, HF_E_NOT_FOUND, HF_E_IO. */
hf_err hf_import(const char *format, const char *const *files, int n_files, const hf_import_options *options, hf_diag *diag);

#endif
