/* A strict JSON reader: cJSON builds the tree, a scan of our own before it refuses what cJSON lets pass, and knows where every value stands.
 *
 * Refused with file:line:column: invalid UTF-8, NUL bytes, text after the value, keys that come twice in an object, numbers that are not JSON
 * or overflow a double, unescaped control characters, lone surrogate escapes, more than 64 levels. A byte order mark is skipped. */
#ifndef HF_DATASETS_DOC_H
#define HF_DATASETS_DOC_H

#include <stdbool.h>
#include <stddef.h>

#include "base/diag.h"
#include "base/text.h"

struct cJSON;

typedef struct hf_doc hf_doc;

/* HF_E_DATA when refused. */
hf_err hf_doc_parse(const char *file, const char *text, size_t length, hf_diag *diag, hf_doc **ret_json);
void hf_doc_free(hf_doc *json);

const struct cJSON *hf_doc_root(const hf_doc *json);

/* Line and column (bytes, from 1) of a value of the tree. */
void hf_doc_at(const hf_doc *json, const struct cJSON *value, int *ret_line, int *ret_column);

/* Reports an error at a value (NULL: the whole file). */
void hf_doc_error(const hf_doc *json, hf_diag *diag, const struct cJSON *value, hf_err code, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

/* Members of an object by exact name; NULL or `fallback` when absent. A member of another type is an error at its place. */
const struct cJSON *hf_doc_member(const struct cJSON *object, const char *name);
const char *hf_doc_text(const hf_doc *json, hf_diag *diag, const struct cJSON *object, const char *name, const char *fallback);
double hf_doc_number(const hf_doc *json, hf_diag *diag, const struct cJSON *object, const char *name, double fallback);
const struct cJSON *hf_doc_array(const hf_doc *json, hf_diag *diag, const struct cJSON *object, const char *name);

/* A member that must be true or false; false when absent. */
bool hf_doc_flag(const hf_doc *json, hf_diag *diag, const struct cJSON *object, const char *name);

/* Finds members that mean nothing here, most often misspelt ones that do: an error each, or a warning that they are ignored. `known` ends with NULL. */
void hf_doc_members_check(const hf_doc *json, hf_diag *diag, const struct cJSON *object, const char *const *known, hf_severity severity);

/* Appends a tree as text, with a line end. HF_E_NOMEM. */
hf_err hf_doc_print(const struct cJSON *tree, hf_buf *out);

#endif
