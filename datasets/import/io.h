/* Input-output tables under import: labels of other people's files sorted into industries, final demand, value added and output. Not installed.
 *
 * A label is a region and a code. Codes that are both a seller's and a buyer's are industries; buyers' codes that are no seller's are final
 * demand; sellers' codes that are no buyer's are value added; names such as OUT, TOTAL or GO are output; sums are left out. Files are read
 * twice: for their labels, then for their numbers, which go straight into the table. */
#ifndef HF_DATASETS_IMPORT_IO_H
#define HF_DATASETS_IMPORT_IO_H

#include "base/idmap.h"
#include "base/text.h"
#include "datasets/import/draft.h"
#include "datasets/scan.h"
#include "model/economy/table.h"

enum { HF_IO_FILES = 8, HF_IO_NAME = 256 };

typedef struct hf_io_label {
    int region, code; /* in the maps of the import; region of "" when the file names none */
} hf_io_label;

typedef struct hf_io_labels {
    hf_io_label *item;
    size_t n, capacity;
} hf_io_labels;

typedef enum hf_io_code_kind { HF_IO_CODE_OTHER, HF_IO_CODE_OUTPUT, HF_IO_CODE_SUM } hf_io_code_kind;

/* How the labels of a file are laid out. */
typedef enum hf_io_head {
    HF_IO_HEAD_JOINED, /* one header row of joined labels; one label column, joined, or two: region and code */
    HF_IO_HEAD_TWO,    /* above the first row of numbers a row of regions and a row of codes */
    HF_IO_HEAD_FOUR,   /* as METI: rows of region codes, regions, sector codes and sectors */
    HF_IO_HEAD_2016,   /* WIOD 2016: IndustryCode, IndustryDescription, Country, RNr, Year, then AUS1 AUS2 … */
} hf_io_head;

typedef struct hf_io_source {
    const char *file;
    char *text;
    size_t length;
    hf_io_head head;
    int label_columns; /* cells of a row before its numbers */
    int region_at, code_at, name_at, show_at; /* label columns; -1: joined in the other, or none */
    hf_scan start;     /* at the first row of numbers */
    hf_io_labels rows, columns;
    bool coefficients; /* input per unit of output instead of flows */
} hf_io_source;

typedef struct hf_io_import {
    hf_draft *d;
    const char *format;
    hf_idmap *regions, *codes; /* all that the files name */
    const char **shown, **title; /* of a code, as industry and for people; NULL where the file says nothing */
    size_t n_shown;
    hf_io_source source[HF_IO_FILES];
    int n_sources;
    const char *missing;       /* a text that stands for a missing number, counted as 0; NULL for none */
    size_t n_missing;
    /* filled by hf_io_import_table */
    int *region_of;            /* [regions] in the table, -1 none */
    unsigned char *region_left_out; /* [regions] sums of other regions, discrepancies */
    int *sector_of, *demand_of; /* [codes] in the table, -1 none */
    unsigned char *code_kind;  /* [codes] hf_io_code_kind */
    int n_own;                 /* final demand without a region of the table: the seller's own */
    hf_io_table *table;
    const char **category;     /* [n_demand] */
    const char **sector_title; /* [n_sectors], for people; NULL where not known */
    double *row_output;        /* [n_industries] of an output row */
    bool has_output, has_row_output, has_value_added;
    double dropped;            /* flows of regions and rows that were left out */
    const char *currency;
    double unit;
    int year;
} hf_io_import;

/* Whether a code is a name of output, or of a sum that is left out. */
hf_io_code_kind hf_io_code_kind_of(const char *code);

hf_err hf_io_import_init(hf_io_import *io, hf_draft *d, const char *format);
void hf_io_import_done(hf_io_import *io);

/* Interns a label. */
hf_err hf_io_label_add(hf_io_import *io, const char *region, size_t region_length, const char *code, size_t code_length, hf_io_label *ret_label);
/* A joined label, "AUS_c1" or "AUS/c1": the region ends before the first slash, else before the first underscore. */
hf_err hf_io_label_split(hf_io_import *io, const char *text, size_t length, hf_io_label *ret_label);
hf_err hf_io_labels_push(hf_io_labels *labels, hf_io_label label);
/* Text for people of a code, once. */
hf_err hf_io_code_name(hf_io_import *io, int code, const char *shown, size_t shown_length, const char *title, size_t title_length);

/* Reads a file into memory; the next free source. A year in its name is the table's, unless one is known. */
hf_err hf_io_source_open(hf_io_import *io, const char *file, hf_io_source **ret_source);

/* Finds header and row labels of a wide file. HF_E_DATA with a finding when it is not one. */
hf_err hf_io_wide_labels(hf_io_import *io, hf_io_source *source);
/* Makes the table from the labels of all sources. */
hf_err hf_io_import_table(hf_io_import *io);
/* Reads the numbers of a wide source. */
hf_err hf_io_wide_numbers(hf_io_import *io, hf_io_source *source);

/* Long files: columns of the four labels and of the value. */
typedef struct hf_io_long {
    int from_region, from_code, to_region, to_code, value; /* cells, from 0 */
} hf_io_long;
hf_err hf_io_long_labels(hf_io_import *io, hf_io_source *source, const hf_io_long *form);
hf_err hf_io_long_numbers(hf_io_import *io, hf_io_source *source, const hf_io_long *form);

/* Puts a number where its labels say: a flow, final demand, value added, output; what has no place is left out. */
void hf_io_put(hf_io_import *io, hf_io_label row, hf_io_label column, double value);

/* An error at the cell when its labels stand for the output of an industry of the table and it is below 0. */
void hf_io_output_check(hf_io_import *io, hf_scan *s, const hf_scan_cell *cell, hf_io_label row, hf_io_label column, double value);

/* Writes industries, trade, final_demand and value_added into the draft, and notes what cleaning will change. */
hf_err hf_io_import_write(hf_io_import *io);

#endif
