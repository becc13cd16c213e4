/* Writing files so that nobody ever sees half of one. */
#ifndef HF_BASE_FILE_H
#define HF_BASE_FILE_H

#include <stddef.h>

#include "base/error.h"

/* Writes a file of a folder whole: beside, fsynced, renamed. HF_E_IO leaves the old file as it was. */
hf_err hf_file_write(const char *folder, const char *name, const char *bytes, size_t length);

#endif
