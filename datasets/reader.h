/* Rows of a table by the columns of its field table, with findings for what is missing, unknown or out of range. */
#ifndef HF_DATASETS_READER_H
#define HF_DATASETS_READER_H

#include <stdbool.h>

#include "base/diag.h"
#include "datasets/fields.h"
#include "datasets/table.h"

enum { HF_READER_FIELDS = 32 };

typedef struct hf_reader {
    const hf_table *table;
    const hf_resource *resource;
    hf_diag *diag;
    int column[HF_READER_FIELDS]; /* of each field, -1 where the table has none */
    const char *asked[HF_READER_FIELDS]; /* literal by which a field was asked for last */
    int row;
    int aliases;                  /* country names that were understood */
    char alias_first[48];
} hf_reader;

/* Finds the columns. Missing ones that are required are errors; unknown ones are named in one note. */
void hf_reader_init(hf_reader *r, const hf_table *table, const hf_resource *resource, hf_diag *diag);

/* Says what was translated. */
void hf_reader_done(hf_reader *r);

/* The values of the current row; `field` by name. An empty or missing cell gives the fallback (NULL for texts); a bad one too, after a finding. */
const char *hf_reader_text(hf_reader *r, const char *field);
double hf_reader_number(hf_reader *r, const char *field, double fallback);
int hf_reader_integer(hf_reader *r, const char *field, int fallback);
bool hf_reader_yes(hf_reader *r, const char *field);
int hf_reader_choice(hf_reader *r, const char *field, int fallback); /* 0-based place among the choices */
const char *hf_reader_country(hf_reader *r, const char *field);      /* alpha-2 */

#endif
