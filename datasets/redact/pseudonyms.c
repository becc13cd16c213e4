#include <nettle/hmac.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "datasets/redact/inside.h"

const char *const hf_redact_titles[HF_IDS_COUNT] = {"", "entities", "operators", "hazards", "regions", "scenarios"};

hf_err hf_pseudonyms_init(hf_pseudonyms *p)
{
    *p = (hf_pseudonyms){0};
    hf_arena_init(&p->memory);
    hf_err err = hf_idmap_new(&p->given);
    for (int k = 0; err == HF_OK && k < HF_IDS_COUNT; k++) err = hf_idmap_new(&p->from[k]);
    return err;
}

void hf_pseudonyms_done(hf_pseudonyms *p)
{
    hf_idmap_free(p->given);
    for (int k = 0; k < HF_IDS_COUNT; k++) {
        hf_idmap_free(p->from[k]);
        hf_free(p->to[k]);
    }
    memset(p->secret, 0, sizeof p->secret);
    hf_arena_done(&p->memory);
}

void hf_redact_hex(const uint8_t *bytes, size_t n, char *text)
{
    for (size_t k = 0; k < n; k++) snprintf(text + 2 * k, 3, "%02x", bytes[k]);
}

hf_err hf_pseudonyms_put(hf_pseudonyms *p, hf_ids what, const char *from, const char *to)
{
    hf_err err = HF_OK;
    int index;
    bool added;
    HF_TRY(hf_idmap_intern(p->from[what], from, strlen(from), &index, &added));
    HF_TRY(hf_grow((void **)&p->to[what], &p->capacity[what], (size_t)index + 1, sizeof *p->to[what]));
    p->to[what][index] = hf_arena_strndup(&p->memory, to, strlen(to));
    if (!p->to[what][index]) err = HF_E_NOMEM;
out:
    return err;
}

/* 64 bits of the code are enough for any data set; should two ids share them, the second gets 64 more. */
static hf_err pseudonym_make(hf_pseudonyms *p, hf_ids what, const char *id)
{
    static const char letter[HF_IDS_COUNT + 1] = "?eohrs";
    struct hmac_sha256_ctx code;
    uint8_t sum[SHA256_DIGEST_SIZE];
    char text[3 + 4 * SHA256_DIGEST_SIZE];
    int index;
    bool added = false;
    hmac_sha256_set_key(&code, HF_SECRET, p->secret);
    hmac_sha256_update(&code, 1, (const uint8_t *)&letter[what]);
    hmac_sha256_update(&code, strlen(id), (const uint8_t *)id);
    hmac_sha256_digest(&code, sizeof sum, sum);
    for (size_t bytes = 8; !added && bytes <= sizeof sum; bytes += 8) {
        text[0] = letter[what];
        text[1] = '-';
        hf_redact_hex(sum, bytes, text + 2);
        hf_err err = hf_idmap_intern(p->given, text, strlen(text), &index, &added);
        if (err != HF_OK) return err;
    }
    return hf_pseudonyms_put(p, what, id, text);
}

const char *hf_pseudonym_known(void *pseudonyms, hf_ids what, const char *id)
{
    hf_pseudonyms *p = pseudonyms;
    int index = hf_idmap_find(p->from[what], id, strlen(id));
    return index >= 0 ? p->to[what][index] : id;
}

const char *hf_pseudonym(void *pseudonyms, hf_ids what, const char *id)
{
    hf_pseudonyms *p = pseudonyms;
    if (what == HF_IDS_ENTITY && hf_network_find(p->net, id) < 0) return id; /* a filter */
    if (hf_idmap_find(p->from[what], id, strlen(id)) < 0 && pseudonym_make(p, what, id) != HF_OK) return NULL;
    return hf_pseudonym_known(p, what, id);
}
