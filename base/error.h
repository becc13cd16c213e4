/* Error codes: one table (errors.def), one return type for everything that can fail.
 *
 * A function that can fail returns hf_err and writes results through `ret_` arguments only on success.
 * Details for people go to an hf_diag (diag.h), never to a stream. */
#ifndef HF_BASE_ERROR_H
#define HF_BASE_ERROR_H

typedef enum hf_err {
    HF_OK = 0,
#define HF_ERR(name, number, text) HF_E_##name = number,
#include "base/errors.def"
#undef HF_ERR
} hf_err;

/* The catalogue's text for a code, never NULL; "unknown error" for a number outside the catalogue. */
const char *hf_err_text(hf_err err);

/* Evaluates `call`; on failure stores the code in the local variable `err` and jumps to the local label `out`. */
#define HF_TRY(call)                                                                                                                       \
    do {                                                                                                                                   \
        err = (call);                                                                                                                      \
        if (err != HF_OK) goto out;                                                                                                        \
    } while (0)

#endif
