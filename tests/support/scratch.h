/* A folder of a test's own, and findings as text. */
#ifndef HF_TESTS_SUPPORT_SCRATCH_H
#define HF_TESTS_SUPPORT_SCRATCH_H

#include <stddef.h>

#include "base/diag.h"

/* Makes an empty folder below the temporary folder; its path stays valid until scratch_done, which removes it with all that is in it. */
const char *scratch_folder(void);
void scratch_done(void);

/* Writes a file in the folder (with the folders that its name holds). */
void scratch_write(const char *name, const char *bytes, size_t length);
void scratch_text(const char *name, const char *text);

/* Path of a file in the folder; valid until the next call. */
const char *scratch_path(const char *name);

/* Path of something in datasets/data; valid until the next call. */
const char *shipped_path(const char *name);

/* All findings, one a line: "error entities.csv:3:5: text"; folders are left out. The caller frees (free). */
char *findings_text(const hf_diag *diag);

#endif
