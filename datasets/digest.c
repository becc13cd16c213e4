#include "datasets/digest.h"

#include <nettle/sha2.h>
#include <stdint.h>
#include <string.h>

#include "base/alloc.h"

struct hf_digest {
    struct sha256_ctx sha;
};

hf_err hf_digest_new(hf_digest **ret_digest)
{
    hf_digest *digest = hf_malloc(sizeof *digest);
    if (!digest) return HF_E_NOMEM;
    sha256_init(&digest->sha);
    *ret_digest = digest;
    return HF_OK;
}

void hf_digest_free(hf_digest *digest)
{
    hf_free(digest);
}

void hf_digest_file(hf_digest *digest, const char *path, const char *bytes, size_t length)
{
    uint8_t size[8];
    for (int k = 0; k < 8; k++) size[k] = (uint8_t)((uint64_t)length >> (8 * k)); /* so that no two packages give the same stream */
    sha256_update(&digest->sha, strlen(path) + 1, (const uint8_t *)path);
    sha256_update(&digest->sha, sizeof size, size);
    sha256_update(&digest->sha, length, (const uint8_t *)bytes);
}

void hf_digest_hex(hf_digest *digest, char ret_text[65])
{
    static const char digits[] = "0123456789abcdef";
    uint8_t sum[SHA256_DIGEST_SIZE];
    sha256_digest(&digest->sha, sizeof sum, sum);
    for (int k = 0; k < SHA256_DIGEST_SIZE; k++) {
        ret_text[2 * k] = digits[sum[k] >> 4];
        ret_text[2 * k + 1] = digits[sum[k] & 15];
    }
    ret_text[64] = '\0';
}
