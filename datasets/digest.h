/* SHA-256 of a package: over path and bytes of each file. */
#ifndef HF_DATASETS_DIGEST_H
#define HF_DATASETS_DIGEST_H

#include <stddef.h>

#include "base/error.h"

typedef struct hf_digest hf_digest;

hf_err hf_digest_new(hf_digest **ret_digest);
void hf_digest_free(hf_digest *digest);

/* Takes in a file; files must come in order of path. */
void hf_digest_file(hf_digest *digest, const char *path, const char *bytes, size_t length);

/* Lower-case hex. The digest is spent. */
void hf_digest_hex(hf_digest *digest, char ret_text[65]);

#endif
