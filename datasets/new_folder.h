/* A folder that is there whole or not at all: files go into a folder beside, which is renamed at the end. */
#ifndef HF_DATASETS_NEW_FOLDER_H
#define HF_DATASETS_NEW_FOLDER_H

#include <limits.h>
#include <stddef.h>

#include "base/diag.h"
#include "base/text.h"

typedef struct hf_new_folder {
    const char *into;
    char beside[PATH_MAX];
} hf_new_folder;

/* Makes the folder beside. `into` must not exist: a finding and HF_E_EXISTS; HF_E_IO. The text must outlive the folder. */
hf_err hf_new_folder_begin(hf_new_folder *folder, const char *into, hf_diag *diag);

/* Writes a file and empties the text; its error comes first. */
hf_err hf_new_folder_file(const hf_new_folder *folder, const char *name, hf_buf *text);

/* Reads what was written as a package, as anybody would; errors found become findings that begin with `what`. */
hf_err hf_new_folder_check(const hf_new_folder *folder, const char *what, hf_diag *diag);

/* With HF_OK the folder gets its name; with an error it is removed with its files. Returns the error that counts. */
hf_err hf_new_folder_end(hf_new_folder *folder, hf_err err);

#endif
