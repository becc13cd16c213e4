#include <cjson/cJSON.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "datasets/doc.h"
#include "datasets/files.h"
#include "datasets/redact/inside.h"

static int digit(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool secret_parse(const char *text, uint8_t secret[HF_SECRET])
{
    if (!text || strlen(text) != 2 * HF_SECRET) return false;
    for (int k = 0; k < HF_SECRET; k++) {
        int high = digit(text[2 * k]), low = digit(text[2 * k + 1]);
        if (high < 0 || low < 0) return false;
        secret[k] = (uint8_t)(16 * high + low);
    }
    return true;
}

hf_err hf_redact_key_read(const char *path, hf_diag *diag, hf_doc **ret_doc, uint8_t ret_secret[HF_SECRET])
{
    hf_err err = HF_OK;
    char *text = NULL;
    size_t length = 0;
    hf_doc *doc = NULL;
    HF_TRY(hf_files_text(path, diag, &text, &length));
    HF_TRY(hf_doc_parse(path, text, length, diag, &doc));
    const cJSON *root = hf_doc_root(doc), *secret = hf_doc_member(root, "secret"), *version = hf_doc_member(root, "holdfast_key");
    if (!cJSON_IsNumber(version) || version->valuedouble != 1 || !cJSON_IsString(secret) || !secret_parse(secret->valuestring, ret_secret)) {
        hf_doc_error(doc, diag, root, HF_E_FORMAT, "this is no key file of holdfast redact");
        HF_TRY(HF_E_DATA);
    }
    *ret_doc = doc;
    doc = NULL;
out:
    hf_doc_free(doc);
    hf_free(text);
    return err;
}

static bool write_all(int fd, const char *bytes, size_t length)
{
    while (length > 0) {
        ssize_t n = write(fd, bytes, length);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return false;
        bytes += n;
        length -= (size_t)n;
    }
    return fsync(fd) == 0;
}

hf_err hf_redact_key_write(const char *path, const cJSON *root, hf_diag *diag)
{
    char *text = cJSON_PrintUnformatted(root);
    if (!text) return HF_E_NOMEM;
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    hf_err err = fd >= 0 ? HF_OK : errno == EEXIST ? HF_E_EXISTS : HF_E_IO;
    if (err != HF_OK) hf_diag_add(diag, HF_ERROR, err, path, 0, 0, "the key file cannot be made: %s", strerror(errno));
    if (fd >= 0 && !(write_all(fd, text, strlen(text)) && write_all(fd, "\n", 1))) err = HF_E_IO;
    if (fd >= 0 && close(fd) != 0) err = HF_E_IO;
    if (fd >= 0 && err != HF_OK) {
        hf_diag_add(diag, HF_ERROR, err, path, 0, 0, "the key file cannot be written: %s", strerror(errno));
        unlink(path);
    }
    cJSON_free(text);
    return err;
}
