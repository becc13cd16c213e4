/* Findings: everything a reader, a check or an engine has to say about its input, collected and never printed here. */
#ifndef HF_BASE_DIAG_H
#define HF_BASE_DIAG_H

#include <stddef.h>

#include "base/error.h"

typedef enum hf_severity { HF_ERROR, HF_WARNING, HF_NOTE } hf_severity;

/* One finding. `file` may be NULL and `line`, `column` 0 where they do not apply; lines and columns count from 1, columns in bytes. */
typedef struct hf_finding {
    hf_severity severity;
    hf_err code;
    const char *file;
    int line, column;
    const char *text;
} hf_finding;

typedef struct hf_diag hf_diag;

/* A new, empty collection; the caller frees it. */
hf_err hf_diag_new(hf_diag **ret_diag);
void hf_diag_free(hf_diag *diag);

/* Adds a finding; `format` as printf. The text names the value found and what is allowed. A NULL diag swallows the finding.
 * The first 1,000 of each severity are kept, all are counted; when memory is short the finding is counted but its text is lost. */
void hf_diag_add(hf_diag *diag, hf_severity severity, hf_err code, const char *file, int line, int column, const char *format, ...)
    __attribute__((format(printf, 7, 8)));

/* Findings kept, in the order they were added. */
size_t hf_diag_kept(const hf_diag *diag);
const hf_finding *hf_diag_get(const hf_diag *diag, size_t index);
/* Says more exactly where a kept finding is: whoever found it knew the row, whoever read the file knows the column. */
void hf_diag_set_column(hf_diag *diag, size_t index, int column);

/* How many findings of a severity there were, kept or not. */
size_t hf_diag_count(const hf_diag *diag, hf_severity severity);

#endif
