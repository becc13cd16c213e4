/* Inside of redaction. Not installed. */
#ifndef HF_DATASETS_REDACT_INSIDE_H
#define HF_DATASETS_REDACT_INSIDE_H

#include <stdint.h>

#include "base/idmap.h"
#include "datasets/ids.h"
#include "datasets/package_inside.h"
#include "datasets/redact/redact.h"

struct cJSON;

enum { HF_SECRET = 32 };

/* Pseudonyms, both ways. */
typedef struct hf_pseudonyms {
    hf_arena memory;
    const hf_network *net;             /* whose entities get pseudonyms; NULL on the way back */
    uint8_t secret[HF_SECRET];
    hf_idmap *from[HF_IDS_COUNT];      /* ids that have been given a name … */
    const char **to[HF_IDS_COUNT];     /* … and the name */
    size_t capacity[HF_IDS_COUNT];
    hf_idmap *given;                   /* names that are taken */
} hf_pseudonyms;

hf_err hf_pseudonyms_init(hf_pseudonyms *p);
void hf_pseudonyms_done(hf_pseudonyms *p);
/* hf_ids_name: the pseudonym of an id, made when it is asked for first. */
const char *hf_pseudonym(void *pseudonyms, hf_ids what, const char *id);
/* hf_ids_name of the way back: what was put in by hf_pseudonyms_put, else the text itself. */
const char *hf_pseudonym_known(void *pseudonyms, hf_ids what, const char *id);
hf_err hf_pseudonyms_put(hf_pseudonyms *p, hf_ids what, const char *from, const char *to);

/* How the key file calls what ids are of. */
extern const char *const hf_redact_titles[HF_IDS_COUNT];

/* What happens to a column. */
typedef enum hf_redact_action {
    HF_REDACT_KEEP,
    HF_REDACT_ID,    /* a pseudonym */
    HF_REDACT_NAME,  /* a name made of the pseudonym of the row */
    HF_REDACT_PLACE, /* to the grid */
    HF_REDACT_DROP,
} hf_redact_action;

/* Whether the rules say what is telling in a table of this resource; others are left out whole. */
bool hf_redact_knows(const char *resource);

hf_redact_action hf_redact_action_of(const hf_resource *resource, const char *column);

/* The middle of the grid cell of a place, in degrees; the distance moved in km (sphere of 6371.0088 km). */
double hf_redact_snap(double grid_km, double *lat, double *lon);

/* Text by which a row is found again: its key cells; all `columns` where the resource has no key. */
hf_err hf_redact_match(const hf_resource *resource, const char *const *columns, const char *const *cells, int n, hf_buf *out);

/* Redacts a table; what was taken out goes to an object of the key file. */
hf_err hf_redact_table(hf_pseudonyms *p, double grid_km, const hf_part *part, hf_redact_note *note, hf_table **ret_table, struct cJSON **ret_lost);
/* Puts it back. */
hf_err hf_redact_table_undo(hf_pseudonyms *p, const struct cJSON *lost, const hf_table *table, hf_diag *diag, hf_redact_note *note,
                            hf_table **ret_table);

/* Files. Reading a key gives a document to be freed with hf_doc_free. */
struct hf_doc;
hf_err hf_redact_key_read(const char *path, hf_diag *diag, struct hf_doc **ret_doc, uint8_t ret_secret[HF_SECRET]);
hf_err hf_redact_key_write(const char *path, const struct cJSON *root, hf_diag *diag);
void hf_redact_hex(const uint8_t *bytes, size_t n, char *text); /* 2 n digits and a NUL */

#endif
