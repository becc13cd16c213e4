/* A table that is written anew row by row, most cells as they were. */
#ifndef HF_DATASETS_REWRITE_H
#define HF_DATASETS_REWRITE_H

#include "base/text.h"
#include "datasets/table.h"

typedef struct hf_rewrite {
    hf_table *table;
    int n;
    const char **name, **text;
    hf_buf *cell; /* of the row at hand */
} hf_rewrite;

/* An empty table with the columns of `from` (NULL: none) and those of `more` [n_more] that are not among them; the names outlive it. HF_E_NOMEM. */
hf_err hf_rewrite_open(hf_rewrite *rewrite, const hf_table *from, const char *const *more, int n_more);
void hf_rewrite_done(hf_rewrite *rewrite);

/* The row at hand becomes one of `from`, or empty. */
void hf_rewrite_take(hf_rewrite *rewrite, const hf_table *from, int row);
void hf_rewrite_clear(hf_rewrite *rewrite);

/* A cell of the row at hand; "" where there is no such column, and setting it does nothing then. */
const char *hf_rewrite_get(const hf_rewrite *rewrite, const char *column);
void hf_rewrite_set(hf_rewrite *rewrite, const char *column, const char *text);
/* The text of a buffer; its failure becomes that of the row. */
void hf_rewrite_set_buf(hf_rewrite *rewrite, const char *column, const hf_buf *text);
void hf_rewrite_set_number(hf_rewrite *rewrite, const char *column, double value);

/* Appends the row at hand. HF_E_NOMEM. */
hf_err hf_rewrite_keep(hf_rewrite *rewrite);

#endif
