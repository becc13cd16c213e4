/* The field tables of a data set for people. */
#ifndef HF_CLI_PRINT_FIELDS_H
#define HF_CLI_PRINT_FIELDS_H

#include "base/text.h"
#include "datasets/fields.h"

/* Appends what a resource holds: one line on its rows and key, then each field with its type, range, unit, default and meaning. */
void hf_print_fields(const hf_resource *resource, int width, hf_buf *out);

#endif
