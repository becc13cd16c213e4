#include "datasets/results.h"

#include <sqlite3.h>
#include <string.h>

#include "base/alloc.h"
#include "datasets/digest.h"

enum { APPLICATION = 0x48467273 }; /* "HFrs" */

/* WITHOUT ROWID: rows lie in order of their keys, so a dump says nothing of the order in which runs ended. */
static const char schema[] =
    "BEGIN IMMEDIATE;"
    "PRAGMA application_id = 1212576371;"
    "PRAGMA user_version = 1;"
    "CREATE TABLE inputs (sha256 TEXT PRIMARY KEY NOT NULL, name TEXT, version TEXT) WITHOUT ROWID;"
    "CREATE TABLE runs (run TEXT PRIMARY KEY NOT NULL, input_sha256 TEXT NOT NULL REFERENCES inputs(sha256), analysis TEXT NOT NULL, "
    "options TEXT NOT NULL, tool_version TEXT NOT NULL, entities_out INTEGER NOT NULL, users_hit_peak REAL, user_hours REAL, value_eur REAL, "
    "worst_hour REAL) WITHOUT ROWID;"
    "CREATE TABLE entity_results (run TEXT NOT NULL REFERENCES runs(run), entity TEXT NOT NULL, first_loss_h REAL, out_h REAL, back_h REAL, "
    "lowest REAL, user_hours REAL, value_eur REAL, depth INTEGER NOT NULL, PRIMARY KEY (run, entity)) WITHOUT ROWID;"
    "CREATE TABLE sector_results (run TEXT NOT NULL REFERENCES runs(run), sector TEXT NOT NULL, country TEXT NOT NULL, "
    "entities_hit INTEGER NOT NULL, users_hit_peak REAL, user_hours REAL, value_eur REAL, PRIMARY KEY (run, sector, country)) WITHOUT ROWID;"
    "CREATE TABLE single_results (run TEXT NOT NULL REFERENCES runs(run), entity TEXT NOT NULL, entities_out INTEGER NOT NULL, users_hit_peak REAL, "
    "user_hours REAL, value_eur REAL, worst_hour REAL, countries_reached INTEGER NOT NULL, sectors_reached INTEGER NOT NULL, depth INTEGER NOT NULL, "
    "PRIMARY KEY (run, entity)) WITHOUT ROWID;"
    "CREATE TABLE errors (job TEXT NOT NULL, finding INTEGER NOT NULL, file TEXT, line INTEGER NOT NULL, column INTEGER NOT NULL, "
    "code INTEGER NOT NULL, text TEXT NOT NULL, PRIMARY KEY (job, finding)) WITHOUT ROWID;"
    "COMMIT;";

enum { HAS, INPUT, RUN_ROW, ENTITY, SECTOR, SINGLE, ERRORS_GONE, ERROR_ROW, N_STATEMENTS };

static const char *const statement_sql[N_STATEMENTS] = {
    [HAS] = "SELECT 1 FROM runs WHERE run = ?",
    [INPUT] = "INSERT OR IGNORE INTO inputs VALUES (?,?,?)",
    [RUN_ROW] = "INSERT INTO runs VALUES (?,?,?,?,?,?,?,?,?,?)",
    [ENTITY] = "INSERT INTO entity_results VALUES (?,?,?,?,?,?,?,?,?)",
    [SECTOR] = "INSERT INTO sector_results VALUES (?,?,?,?,?,?,?)",
    [SINGLE] = "INSERT INTO single_results VALUES (?,?,?,?,?,?,?,?,?,?)",
    [ERRORS_GONE] = "DELETE FROM errors WHERE job = ?",
    [ERROR_ROW] = "INSERT INTO errors VALUES (?,?,?,?,?,?,?)",
};

struct hf_results {
    sqlite3 *db;
    char *path;
    sqlite3_stmt *statements[N_STATEMENTS];
};

static hf_err code_of(int sqlite_code)
{
    switch (sqlite_code & 0xff) {
    case SQLITE_OK:
    case SQLITE_DONE:
    case SQLITE_ROW: return HF_OK;
    case SQLITE_NOMEM: return HF_E_NOMEM;
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT: return HF_E_FORMAT;
    case SQLITE_CONSTRAINT: return HF_E_DUPLICATE;
    case SQLITE_FULL:
    case SQLITE_IOERR:
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return HF_E_IO;
    default: return HF_E_LIBRARY;
    }
}

/* Turns a code of SQLite into ours and says what happened. */
static hf_err judge(const hf_results *r, int sqlite_code, hf_diag *diag)
{
    hf_err err = code_of(sqlite_code);
    if (err != HF_OK) hf_diag_add(diag, HF_ERROR, err, r->path, 0, 0, "%s", r->db ? sqlite3_errmsg(r->db) : sqlite3_errstr(sqlite_code));
    return err;
}

static hf_err execute(hf_results *r, const char *sql, hf_diag *diag)
{
    return judge(r, sqlite3_exec(r->db, sql, NULL, NULL, NULL), diag);
}

static hf_err whole_number(hf_results *r, const char *sql, hf_diag *diag, long long *ret_value)
{
    sqlite3_stmt *query = NULL;
    int rc = sqlite3_prepare_v2(r->db, sql, -1, &query, NULL);
    if (rc == SQLITE_OK) rc = sqlite3_step(query);
    if (rc == SQLITE_ROW) *ret_value = sqlite3_column_int64(query, 0);
    hf_err err = judge(r, rc, diag);
    sqlite3_finalize(query);
    return err;
}

/* Ours, or empty and then made ours; anything else is not touched. */
static hf_err settle_schema(hf_results *r, hf_diag *diag)
{
    long long application = 0, version = 0, tables = 0;
    hf_err err = HF_OK;
    HF_TRY(whole_number(r, "PRAGMA application_id", diag, &application));
    HF_TRY(whole_number(r, "PRAGMA user_version", diag, &version));
    HF_TRY(whole_number(r, "SELECT count(*) FROM sqlite_master", diag, &tables));
    if (application == APPLICATION && version == HF_RESULTS_SCHEMA) return HF_OK;
    if (application == 0 && version == 0 && tables == 0) return execute(r, schema, diag);
    err = HF_E_FORMAT;
    if (application == APPLICATION)
        hf_diag_add(diag, HF_ERROR, err, r->path, 0, 0, "results of schema %lld; this version reads and writes schema %d", version, HF_RESULTS_SCHEMA);
    else hf_diag_add(diag, HF_ERROR, err, r->path, 0, 0, "a database of another program, not results of Holdfast; it is left as it is");
out:
    return err;
}

hf_err hf_results_open(const char *path, hf_diag *diag, hf_results **ret_results)
{
    hf_err err = HF_OK;
    hf_results *r = hf_calloc(1, sizeof *r);
    if (!r) return HF_E_NOMEM;
    r->path = hf_malloc(strlen(path) + 1);
    if (!r->path) {
        err = HF_E_NOMEM;
        goto out;
    }
    strcpy(r->path, path);
    /* SQLite takes these for databases that are gone when closed. */
    if (!*path || strcmp(path, ":memory:") == 0) {
        err = HF_E_FORMAT;
        hf_diag_add(diag, HF_ERROR, err, path, 0, 0, "not the name of a file that results can be kept in");
        goto out;
    }
    HF_TRY(judge(r, sqlite3_open_v2(path, &r->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL), diag));
    HF_TRY(settle_schema(r, diag));
    HF_TRY(execute(r, "PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL", diag));
    for (int k = 0; k < N_STATEMENTS; k++) HF_TRY(judge(r, sqlite3_prepare_v2(r->db, statement_sql[k], -1, &r->statements[k], NULL), diag));
    *ret_results = r;
    r = NULL;
out:
    hf_results_close(r);
    return err;
}

void hf_results_close(hf_results *results)
{
    if (!results) return;
    for (int k = 0; k < N_STATEMENTS; k++) sqlite3_finalize(results->statements[k]);
    sqlite3_close(results->db);
    hf_free(results->path);
    hf_free(results);
}

hf_err hf_results_id(const hf_result_key *key, char ret_id[65])
{
    hf_digest *digest;
    hf_err err = hf_digest_new(&digest);
    if (err != HF_OK) return err;
    hf_digest_file(digest, "input", key->input_sha256, strlen(key->input_sha256));
    hf_digest_file(digest, "analysis", key->analysis, strlen(key->analysis));
    hf_digest_file(digest, "options", key->options, strlen(key->options));
    hf_digest_file(digest, "version", key->tool_version, strlen(key->tool_version));
    hf_digest_hex(digest, ret_id);
    hf_digest_free(digest);
    return HF_OK;
}

static void bind_text(sqlite3_stmt *s, int place, const char *text)
{
    sqlite3_bind_text(s, place, text, -1, SQLITE_STATIC);
}

/* Binds doubles to the places from `place` on; NaN becomes NULL. */
static void bind_numbers(sqlite3_stmt *s, int place, const double *numbers, int n)
{
    for (int k = 0; k < n; k++) sqlite3_bind_double(s, place + k, numbers[k]);
}

/* Runs a bound statement and makes it ready for the next row. */
static hf_err step(hf_results *r, int which, hf_diag *diag)
{
    int rc = sqlite3_step(r->statements[which]);
    hf_err err = judge(r, rc, diag);
    sqlite3_reset(r->statements[which]);
    sqlite3_clear_bindings(r->statements[which]);
    return err;
}

hf_err hf_results_has(hf_results *results, const hf_result_key *key, hf_diag *diag, bool *ret_has)
{
    char id[65];
    hf_err err = hf_results_id(key, id);
    if (err != HF_OK) return err;
    sqlite3_stmt *s = results->statements[HAS];
    bind_text(s, 1, id);
    int rc = sqlite3_step(s);
    err = judge(results, rc, diag);
    if (err == HF_OK) *ret_has = rc == SQLITE_ROW;
    sqlite3_reset(s);
    sqlite3_clear_bindings(s);
    return err;
}

static hf_err run_write(hf_results *r, const hf_result *result, const char *id, hf_diag *diag)
{
    sqlite3_stmt *s = r->statements[INPUT];
    hf_err err = HF_OK;
    bind_text(s, 1, result->key.input_sha256);
    bind_text(s, 2, result->input_name);
    bind_text(s, 3, result->input_version);
    HF_TRY(step(r, INPUT, diag));
    s = r->statements[RUN_ROW];
    bind_text(s, 1, id);
    bind_text(s, 2, result->key.input_sha256);
    bind_text(s, 3, result->key.analysis);
    bind_text(s, 4, result->key.options);
    bind_text(s, 5, result->key.tool_version);
    sqlite3_bind_int(s, 6, result->entities_out);
    bind_numbers(s, 7, (const double[]){result->users_hit_peak, result->user_hours, result->value_eur, result->worst_hour}, 4);
    err = step(r, RUN_ROW, diag);
out:
    return err;
}

static hf_err entities_write(hf_results *r, const hf_result *result, const char *id, hf_diag *diag)
{
    sqlite3_stmt *s = r->statements[ENTITY];
    hf_err err = HF_OK;
    for (int k = 0; k < result->n_entities && err == HF_OK; k++) {
        const hf_result_entity *e = &result->entities[k];
        bind_text(s, 1, id);
        bind_text(s, 2, e->entity);
        bind_numbers(s, 3, (const double[]){e->first_loss_h, e->out_h, e->back_h, e->lowest, e->user_hours, e->value_eur}, 6);
        sqlite3_bind_int(s, 9, e->depth);
        err = step(r, ENTITY, diag);
    }
    return err;
}

static hf_err sectors_write(hf_results *r, const hf_result *result, const char *id, hf_diag *diag)
{
    sqlite3_stmt *s = r->statements[SECTOR];
    hf_err err = HF_OK;
    for (int k = 0; k < result->n_sectors && err == HF_OK; k++) {
        const hf_result_sector *g = &result->sectors[k];
        bind_text(s, 1, id);
        bind_text(s, 2, g->sector);
        bind_text(s, 3, g->country);
        sqlite3_bind_int(s, 4, g->entities_hit);
        bind_numbers(s, 5, (const double[]){g->users_hit_peak, g->user_hours, g->value_eur}, 3);
        err = step(r, SECTOR, diag);
    }
    return err;
}

static hf_err singles_write(hf_results *r, const hf_result *result, const char *id, hf_diag *diag)
{
    sqlite3_stmt *s = r->statements[SINGLE];
    hf_err err = HF_OK;
    for (int k = 0; k < result->n_singles && err == HF_OK; k++) {
        const hf_result_single *one = &result->singles[k];
        bind_text(s, 1, id);
        bind_text(s, 2, one->entity);
        sqlite3_bind_int(s, 3, one->entities_out);
        bind_numbers(s, 4, (const double[]){one->users_hit_peak, one->user_hours, one->value_eur, one->worst_hour}, 4);
        sqlite3_bind_int(s, 8, one->countries_reached);
        sqlite3_bind_int(s, 9, one->sectors_reached);
        sqlite3_bind_int(s, 10, one->depth);
        err = step(r, SINGLE, diag);
    }
    return err;
}

/* Commits what went well; else takes all of it back (SQLite may have done so itself, on a full disk). */
static hf_err end(hf_results *r, hf_err err, hf_diag *diag)
{
    if (err == HF_OK) err = execute(r, "COMMIT", diag);
    if (err != HF_OK && !sqlite3_get_autocommit(r->db)) sqlite3_exec(r->db, "ROLLBACK", NULL, NULL, NULL);
    return err;
}

hf_err hf_results_add(hf_results *results, const hf_result *result, hf_diag *diag)
{
    char id[65];
    hf_err err = hf_results_id(&result->key, id);
    if (err == HF_OK) err = execute(results, "BEGIN IMMEDIATE", diag);
    if (err != HF_OK) return err;
    HF_TRY(run_write(results, result, id, diag));
    HF_TRY(entities_write(results, result, id, diag));
    HF_TRY(sectors_write(results, result, id, diag));
    HF_TRY(singles_write(results, result, id, diag));
out:
    return end(results, err, diag);
}

hf_err hf_results_set_errors(hf_results *results, const char *job, const hf_diag *findings, hf_diag *diag)
{
    sqlite3_stmt *s = results->statements[ERROR_ROW];
    hf_err err = execute(results, "BEGIN IMMEDIATE", diag);
    if (err != HF_OK) return err;
    bind_text(results->statements[ERRORS_GONE], 1, job);
    HF_TRY(step(results, ERRORS_GONE, diag));
    int n = 0;
    for (size_t k = 0; k < hf_diag_kept(findings); k++) {
        const hf_finding *f = hf_diag_get(findings, k);
        if (f->severity != HF_ERROR) continue;
        bind_text(s, 1, job);
        sqlite3_bind_int(s, 2, n++);
        bind_text(s, 3, f->file);
        sqlite3_bind_int(s, 4, f->line);
        sqlite3_bind_int(s, 5, f->column);
        sqlite3_bind_int(s, 6, (int)f->code);
        bind_text(s, 7, f->text);
        HF_TRY(step(results, ERROR_ROW, diag));
    }
out:
    return end(results, err, diag);
}
