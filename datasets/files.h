/* The files of a package, in a folder or in a .zip. No path leaves the folder, no archive expands without limit. */
#ifndef HF_DATASETS_FILES_H
#define HF_DATASETS_FILES_H

#include <stddef.h>

#include "base/diag.h"

typedef struct hf_files hf_files;

/* Opens a folder, a datapackage.json in a folder, or a .zip (the package may stand in one folder inside it).
 * HF_E_NOT_FOUND, HF_E_FORMAT, HF_E_DATA with findings. */
hf_err hf_files_open(const char *path, hf_diag *diag, hf_files **ret_files);
void hf_files_close(hf_files *files);

/* True for a relative path with `/` between its parts that names something below its folder: no "..", no drive, no backslash. */
int hf_files_path_is_safe(const char *path);

/* How findings name a file: as the user would open it. Valid while `files` is open. */
const char *hf_files_label(hf_files *files, const char *path);

/* Reads a file whole into memory of the caller (hf_free); a NUL stands behind its bytes. HF_E_NOT_FOUND, HF_E_UNSAFE_PATH, HF_E_TOO_LARGE,
 * HF_E_IO, HF_E_NOMEM; no finding is added. */
hf_err hf_files_read(hf_files *files, const char *path, char **ret_bytes, size_t *ret_length);

/* Reads one file by its path, as above; what went wrong is a finding and HF_E_DATA. */
hf_err hf_files_text(const char *path, hf_diag *diag, char **ret_bytes, size_t *ret_length);

#endif
