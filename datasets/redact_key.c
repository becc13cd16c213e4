#include "datasets/redact_key.h"

#include <cjson/cJSON.h>
#include <fcntl.h>
#include <limits.h>
#include <nettle/hmac.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/file.h"
#include "datasets/doc.h"
#include "datasets/files.h"

enum { SECRET = 32, SHOWN = 8 }; /* bytes of the secret, and of the digest that a pseudonym shows */

static void hex(const uint8_t *bytes, int n, char *text)
{
    static const char digits[] = "0123456789abcdef";
    for (int k = 0; k < n; k++) {
        text[2 * k] = digits[bytes[k] >> 4];
        text[2 * k + 1] = digits[bytes[k] & 15];
    }
    text[2 * n] = '\0';
}

static bool unhex(const char *text, uint8_t *bytes, int n)
{
    if (strlen(text) != 2 * (size_t)n) return false;
    for (int k = 0; k < n; k++) {
        unsigned value;
        if (strspn(text + 2 * k, "0123456789abcdef") < 2 || sscanf(text + 2 * k, "%2x", &value) != 1) return false;
        bytes[k] = (uint8_t)value;
    }
    return true;
}

static hf_err fresh(hf_redact_key *key)
{
    char text[2 * SECRET + 1];
    if (getrandom(key->secret, SECRET, 0) != SECRET) return HF_E_IO;
    hex(key->secret, SECRET, text);
    key->root = cJSON_CreateObject();
    bool made = cJSON_AddStringToObject(key->root, "holdfast", "redaction key: keep it apart from the redacted data set") &&
                cJSON_AddStringToObject(key->root, "secret", text) && cJSON_AddObjectToObject(key->root, "ids");
    return made ? HF_OK : HF_E_NOMEM;
}

static hf_err folder_of(const char *path, char folder[PATH_MAX], const char **ret_name)
{
    const char *slash = strrchr(path, '/');
    int n = slash ? snprintf(folder, PATH_MAX, "%.*s", slash == path ? 1 : (int)(slash - path), path) : snprintf(folder, PATH_MAX, ".");
    *ret_name = slash ? slash + 1 : path;
    return n < 0 || n >= PATH_MAX ? HF_E_IO : HF_OK;
}

hf_err hf_redact_key_open(const char *path, bool must_exist, hf_diag *diag, hf_redact_key *ret_key)
{
    hf_err err = HF_OK;
    hf_files *files = NULL;
    hf_doc *doc = NULL;
    char folder[PATH_MAX], *bytes = NULL;
    const char *name = NULL;
    size_t length = 0;
    *ret_key = (hf_redact_key){0};
    if (!must_exist && access(path, F_OK) != 0) return fresh(ret_key);
    HF_TRY(folder_of(path, folder, &name));
    HF_TRY(hf_files_open(folder, diag, &files));
    HF_TRY(hf_files_read(files, name, &bytes, &length));
    HF_TRY(hf_doc_parse(path, bytes, length, diag, &doc));
    ret_key->root = cJSON_Duplicate(hf_doc_root(doc), true);
    if (!ret_key->root) HF_TRY(HF_E_NOMEM);
    const char *secret = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(ret_key->root, "secret"));
    if (!secret || !unhex(secret, ret_key->secret, SECRET) || !cJSON_IsObject(cJSON_GetObjectItemCaseSensitive(ret_key->root, "ids"))) err = HF_E_DATA;
out:
    hf_doc_free(doc);
    hf_free(bytes);
    hf_files_close(files);
    if (err != HF_OK) {
        if (err != HF_E_NOMEM) hf_diag_add(diag, HF_ERROR, err, path, 0, 0, "is not the key file of a redaction");
        hf_redact_key_done(ret_key);
    }
    return err;
}

void hf_redact_key_done(hf_redact_key *key)
{
    cJSON_Delete(key->root);
    *key = (hf_redact_key){0};
}

hf_err hf_redact_key_save(const hf_redact_key *key, const char *path)
{
    char folder[PATH_MAX];
    const char *name = NULL;
    hf_err err = folder_of(path, folder, &name);
    char *printed = err == HF_OK ? cJSON_PrintUnformatted(key->root) : NULL;
    if (err == HF_OK && !printed) err = HF_E_NOMEM;
    mode_t mask = umask(0077);
    if (err == HF_OK) err = hf_file_write(folder, name, printed, strlen(printed));
    umask(mask);
    if (err == HF_OK) chmod(path, 0600);
    cJSON_free(printed);
    return err;
}

void hf_redact_pseudonym(void *context, hf_id_of what, const char *id, size_t length, hf_buf *out)
{
    static const char kinds[] = "eohmh"; /* hazards and scenarios share their names: measures act against either */
    hf_redact_key *key = context;
    struct hmac_sha256_ctx mac;
    uint8_t digest[SHOWN], kind = (uint8_t)kinds[what];
    char text[3 + 2 * SHOWN], original[512] = "";
    hmac_sha256_set_key(&mac, SECRET, key->secret);
    hmac_sha256_update(&mac, 1, &kind);
    hmac_sha256_update(&mac, length, (const uint8_t *)id);
    hmac_sha256_digest(&mac, SHOWN, digest);
    text[0] = kinds[what];
    text[1] = '-';
    hex(digest, SHOWN, text + 2);
    hf_buf_puts(out, text);
    cJSON *ids = cJSON_GetObjectItemCaseSensitive(key->root, "ids");
    if (length >= sizeof original) out->err = HF_E_TOO_LARGE;
    else if (!cJSON_GetObjectItemCaseSensitive(ids, text)) {
        memcpy(original, id, length);
        if (!cJSON_AddStringToObject(ids, text, original)) out->err = HF_E_NOMEM;
    }
}

void hf_redact_original(void *context, hf_id_of what, const char *id, size_t length, hf_buf *out)
{
    const hf_redact_key *key = context;
    char text[64] = "";
    (void)what;
    if (length < sizeof text) memcpy(text, id, length);
    const char *original = *text ? cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(cJSON_GetObjectItemCaseSensitive(key->root, "ids"), text)) : NULL;
    if (original) hf_buf_puts(out, original);
    else hf_buf_add(out, id, length);
}
