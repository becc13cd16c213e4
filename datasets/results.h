/* A store of results: one SQLite file that many runs are added to, each whole or not at all. Killed at any moment, or on a full disk, it keeps every run
 * that was added before. A dump of it does not depend on the order in which runs were added: rows are kept by key. One thread at a time. */
#ifndef HF_DATASETS_RESULTS_H
#define HF_DATASETS_RESULTS_H

#include <stdbool.h>

#include "base/diag.h"

enum { HF_RESULTS_SCHEMA = 1 }; /* PRAGMA user_version of our files */

typedef struct hf_results hf_results;

/* What makes a run that run: the same four texts, the same results. */
typedef struct hf_result_key {
    const char *input_sha256; /* digest of the data set, hex */
    const char *analysis;     /* "cascade" … */
    const char *options;      /* all that changes the result, always written the same way */
    const char *tool_version;
} hf_result_key;

/* One entity hit. Hours are NaN where the thing never happened, and then NULL in the file. */
typedef struct hf_result_entity {
    const char *entity;                       /* its id, once a run */
    double first_loss_h, out_h, back_h, lowest; /* as hf_entity_loss */
    double user_hours, value_eur;
    int depth;
} hf_result_entity;

/* One sector in one country; each pair once a run. */
typedef struct hf_result_sector {
    const char *sector, *country;
    int entities_hit;
    double users_hit_peak, user_hours, value_eur;
} hf_result_sector;

/* One entity failing alone, of a sweep; as hf_cascade_summary. */
typedef struct hf_result_single {
    const char *entity;
    int entities_out, countries_reached, sectors_reached, depth;
    double users_hit_peak, user_hours, value_eur, worst_hour;
} hf_result_single;

typedef struct hf_result {
    hf_result_key key;
    const char *input_name, *input_version; /* of the data set; NULL: it has none */
    int entities_out;
    double users_hit_peak, user_hours, value_eur, worst_hour; /* of a sweep: those of the entity that costs most user-hours */
    int n_entities, n_sectors, n_singles;
    const hf_result_entity *entities; /* [n_entities] */
    const hf_result_sector *sectors;  /* [n_sectors] */
    const hf_result_single *singles;  /* [n_singles] */
} hf_result;

/* Opens a store, or makes one where there is no file or an empty one. HF_E_FORMAT for any file that is not a store of this schema: it is left as it was.
 * HF_E_IO, HF_E_NOMEM. All are explained in the diag. */
hf_err hf_results_open(const char *path, hf_diag *diag, hf_results **ret_results);
void hf_results_close(hf_results *results);

/* The identity of a run as kept in the file: SHA-256 over the four texts and their places. */
hf_err hf_results_id(const hf_result_key *key, char ret_id[65]);

/* Whether a run is there already. */
hf_err hf_results_has(hf_results *results, const hf_result_key *key, hf_diag *diag, bool *ret_has);

/* Adds a run in one transaction. On any error nothing of it is in the file: HF_E_DUPLICATE when the run is there already or a row of it comes twice,
 * HF_E_IO (disk full, file in use), HF_E_NOMEM. O(rows log rows of the file). */
hf_err hf_results_add(hf_results *results, const hf_result *result, hf_diag *diag);

/* Keeps the errors among `findings` as those of a job, in place of what was kept for it; none: the job has no errors any more. One transaction. */
hf_err hf_results_set_errors(hf_results *results, const char *job, const hf_diag *findings, hf_diag *diag);

#endif
