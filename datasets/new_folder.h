/* A package in a folder of its own: made beside, read again as anybody would read it, then moved into place. Not installed. */
#ifndef HF_DATASETS_NEW_FOLDER_H
#define HF_DATASETS_NEW_FOLDER_H

#include "base/diag.h"
#include "datasets/table.h"

struct hf_package;

/* Writes the files of the package into a folder that is there. */
typedef hf_err hf_folder_fill(const void *what, const char *folder, hf_diag *diag);

/* Makes the folder `into`, whole or not at all. Errors of the package in it are findings "in the WHOSE package: …".
 * HF_E_EXISTS if it is there, HF_E_DATA, HF_E_IO, with findings. */
hf_err hf_folder_new(const char *into, const char *whose, hf_folder_fill *fill, const void *what, hf_diag *diag);

/* A package made of parts, to be written; it has no network. At most `most` parts. Free with hf_package_free. */
hf_err hf_package_new(int most, struct hf_package **ret_package);
/* Adds a part; takes over the table, or the bytes (hf_free) where there is none, also on failure. The resource "" is the metadata. */
hf_err hf_package_add(struct hf_package *package, const char *resource, const char *path, hf_table *table, char *bytes, size_t length);
/* hf_folder_new for such a package. */
hf_err hf_package_place(const struct hf_package *package, const char *into, const char *whose, hf_diag *diag);

#endif
