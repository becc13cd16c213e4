/* The store of results: whole runs only, whatever stops the writer; the same content in any order; files of others left alone. */
#include "datasets/results.h"

#include <signal.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/text.h"
#include "tests/support/scratch.h"
#include "tests/tap.h"

enum { RUNS = 60, ENTITIES = 50 };

static hf_results *open_store(const char *path)
{
    hf_results *r = NULL;
    hf_diag *diag;
    if (hf_diag_new(&diag) != HF_OK) abort();
    if (hf_results_open(path, diag, &r) != HF_OK) printf("# %s\n", hf_diag_get(diag, 0)->text);
    hf_diag_free(diag);
    return r;
}

/* Adds run k, unless it is there. */
static hf_err add(hf_results *r, int k)
{
    static char ids[ENTITIES][16];
    hf_result_entity entities[ENTITIES];
    char options[32];
    bool there = false;
    snprintf(options, sizeof options, "scenario=s%d", k);
    for (int e = 0; e < ENTITIES; e++) {
        snprintf(ids[e], sizeof ids[e], "entity-%d", (e * 7) % ENTITIES);
        entities[e] = (hf_result_entity){ids[e], k / 3.0, e, NAN, 0.5, k * 10.0 + e, 1e6 / 7, e % 4};
    }
    hf_result_sector sectors[] = {{"health", "RS", 2, 10, 20, 0.1}, {"energy", "RS", 3, 30, 40, 0.2}};
    hf_result result = {.key = {"abc", "cascade", options, "1.0"}, .input_name = "test", .entities_out = k, .users_hit_peak = 5, .user_hours = k * 1.5,
                        .value_eur = 7, .worst_hour = NAN, .n_entities = ENTITIES, .n_sectors = 2, .entities = entities, .sectors = sectors};
    hf_err err = hf_results_has(r, &result.key, NULL, &there);
    return err != HF_OK || there ? err : hf_results_add(r, &result, NULL);
}

/* All rows of a store in the order of the file, and what its own checks say; the caller frees. */
static char *dump(const char *path)
{
    static const char *const queries[] = {"PRAGMA integrity_check", "PRAGMA foreign_key_check", "SELECT * FROM inputs", "SELECT * FROM runs",
                                          "SELECT * FROM entity_results", "SELECT * FROM sector_results", "SELECT * FROM errors"};
    hf_buf text = {0};
    sqlite3 *db;
    if (sqlite3_open(path, &db) != SQLITE_OK) abort();
    for (size_t q = 0; q < sizeof queries / sizeof *queries; q++) {
        sqlite3_stmt *s;
        if (sqlite3_prepare_v2(db, queries[q], -1, &s, NULL) != SQLITE_OK) abort();
        while (sqlite3_step(s) == SQLITE_ROW) {
            for (int c = 0; c < sqlite3_column_count(s); c++) {
                const char *cell = (const char *)sqlite3_column_text(s, c);
                hf_buf_printf(&text, "%s|", cell ? cell : "NULL");
            }
            hf_buf_puts(&text, "\n");
        }
        sqlite3_finalize(s);
    }
    sqlite3_close(db);
    return text.text;
}

static long count(const char *path, const char *sql)
{
    sqlite3 *db;
    sqlite3_stmt *s;
    if (sqlite3_open(path, &db) != SQLITE_OK || sqlite3_prepare_v2(db, sql, -1, &s, NULL) != SQLITE_OK) abort();
    long n = sqlite3_step(s) == SQLITE_ROW ? (long)sqlite3_column_int64(s, 0) : -1;
    sqlite3_finalize(s);
    sqlite3_close(db);
    return n;
}

/* The content of an undisturbed store of all runs. */
static char *undisturbed(void)
{
    hf_results *r = open_store(scratch_path("calm"));
    for (int k = 0; k < RUNS; k++) CHECK_INT(add(r, k), HF_OK);
    hf_results_close(r);
    return dump(scratch_path("calm"));
}

static void order_does_not_matter(void)
{
    char *calm = undisturbed();
    hf_results *r = open_store(scratch_path("backwards"));
    for (int k = RUNS - 1; k >= 0; k--) CHECK_INT(add(r, k), HF_OK);
    hf_results_close(r);
    char *backwards = dump(scratch_path("backwards"));
    CHECK_STR(backwards, calm);
    CHECK(strncmp(calm, "ok|\nabc|test|NULL|\n", 19) == 0);
    CHECK_INT(count(scratch_path("calm"), "SELECT count(*) FROM entity_results WHERE back_h IS NULL"), RUNS * ENTITIES);
    free(calm);
    free(backwards);
}

static void killed_and_resumed(void)
{
    char *calm = undisturbed();
    for (int trial = 0; trial < 5; trial++) {
        int ready[2];
        if (pipe(ready) != 0) abort();
        unlink(scratch_path("killed"));
        pid_t child = fork();
        if (child == 0) {
            hf_results *r = open_store(scratch_path("killed"));
            for (int k = 0; k < RUNS; k++)
                if (add(r, k) != HF_OK || write(ready[1], "x", 1) != 1) _exit(1);
            pause();
            _exit(0);
        }
        char got;
        long told = 0;
        for (int k = 0; k < 4 + 12 * trial; k++) told += read(ready[0], &got, 1) == 1;
        kill(child, SIGKILL);
        waitpid(child, NULL, 0);
        close(ready[0]);
        close(ready[1]);
        hf_results *r = open_store(scratch_path("killed"));
        long kept = count(scratch_path("killed"), "SELECT count(*) FROM runs");
        CHECK(kept >= told);
        CHECK_INT(count(scratch_path("killed"), "SELECT count(*) FROM entity_results"), kept * ENTITIES);
        for (int k = 0; k < RUNS; k++) CHECK_INT(add(r, k), HF_OK);
        hf_results_close(r);
        char *resumed = dump(scratch_path("killed"));
        CHECK_STR(resumed, calm);
        free(resumed);
    }
    free(calm);
}

static void full_disk_keeps_what_was_added(void)
{
    int told[2];
    int added = 0, failure = 0;
    if (pipe(told) != 0) abort();
    pid_t child = fork();
    if (child == 0) {
        hf_results *r = open_store(scratch_path("full"));
        struct rlimit limit = {200000, 200000};
        signal(SIGXFSZ, SIG_IGN);
        setrlimit(RLIMIT_FSIZE, &limit);
        int pair[2] = {0, 0};
        while (pair[0] < RUNS && (pair[1] = (int)add(r, pair[0])) == HF_OK) pair[0]++;
        _exit(write(told[1], pair, sizeof pair) != sizeof pair);
    }
    int pair[2] = {0, 0};
    CHECK(read(told[0], pair, sizeof pair) == sizeof pair);
    waitpid(child, NULL, 0);
    close(told[0]);
    close(told[1]);
    added = pair[0], failure = pair[1];
    CHECK(added > 5 && added < RUNS);
    CHECK_INT(failure, HF_E_IO);
    CHECK_INT(count(scratch_path("full"), "SELECT count(*) FROM runs"), added);
    CHECK_INT(count(scratch_path("full"), "SELECT count(*) FROM entity_results"), (long)added * ENTITIES);
    hf_results *r = open_store(scratch_path("full"));
    for (int k = 0; k < RUNS; k++) CHECK_INT(add(r, k), HF_OK);
    hf_results_close(r);
    char *resumed = dump(scratch_path("full")), *calm = undisturbed();
    CHECK_STR(resumed, calm);
    free(resumed);
    free(calm);
}

static void refused(const char *path)
{
    hf_results *r = NULL;
    hf_diag *diag;
    if (hf_diag_new(&diag) != HF_OK) abort();
    CHECK_INT(hf_results_open(path, diag, &r), HF_E_FORMAT);
    CHECK_INT(hf_diag_count(diag, HF_ERROR), 1);
    CHECK(!r);
    hf_diag_free(diag);
}

static void files_of_others(void)
{
    sqlite3 *db;
    FILE *file = fopen(scratch_path("notes"), "w");
    if (!file) abort();
    for (int k = 0; k < 100; k++) fputs("these are notes, not results\n", file);
    fclose(file);
    refused(scratch_path("notes"));
    if (sqlite3_open(scratch_path("other"), &db) != SQLITE_OK) abort();
    CHECK_INT(sqlite3_exec(db, "CREATE TABLE theirs (a)", NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
    refused(scratch_path("other"));
    CHECK_INT(count(scratch_path("other"), "SELECT count(*) FROM sqlite_master"), 1);
    hf_results_close(open_store(scratch_path("newer")));
    if (sqlite3_open(scratch_path("newer"), &db) != SQLITE_OK) abort();
    CHECK_INT(sqlite3_exec(db, "PRAGMA user_version = 2", NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
    refused(scratch_path("newer"));
    refused("");
    refused(":memory:");
}

static void rows_that_come_twice(void)
{
    hf_result_entity entities[] = {{"a", 0, 0, 1, 0, 0, 0, 0}, {"a", 0, 0, 1, 0, 0, 0, 0}};
    hf_result result = {.key = {"abc", "cascade", "", "1.0"}, .n_entities = 2, .entities = entities};
    hf_results *r = open_store(scratch_path("twice"));
    bool there = true;
    CHECK_INT(hf_results_add(r, &result, NULL), HF_E_DUPLICATE);
    CHECK_INT(hf_results_has(r, &result.key, NULL, &there), HF_OK);
    CHECK(!there);
    result.n_entities = 1;
    CHECK_INT(hf_results_add(r, &result, NULL), HF_OK);
    CHECK_INT(hf_results_add(r, &result, NULL), HF_E_DUPLICATE);
    hf_results_close(r);
    CHECK_INT(count(scratch_path("twice"), "SELECT count(*) FROM runs"), 1);
}

static void identity_tells_places_apart(void)
{
    char one[65], two[65];
    CHECK_INT(hf_results_id(&(hf_result_key){"a", "b", "c", "d"}, one), HF_OK);
    CHECK_INT(hf_results_id(&(hf_result_key){"a", "bc", "", "d"}, two), HF_OK);
    CHECK(strcmp(one, two) != 0);
    CHECK_INT(strlen(one), 64);
}

static void errors_of_a_job(void)
{
    hf_diag *findings, *none;
    hf_results *r = open_store(scratch_path("errors"));
    if (hf_diag_new(&findings) != HF_OK || hf_diag_new(&none) != HF_OK) abort();
    hf_diag_add(findings, HF_WARNING, HF_E_RANGE, "a.csv", 1, 1, "only a warning");
    hf_diag_add(findings, HF_ERROR, HF_E_UNKNOWN_ID, "a.csv", 3, 7, "no entity \"x\"");
    hf_diag_add(findings, HF_ERROR, HF_E_DATA, NULL, 0, 0, "no file");
    CHECK_INT(hf_results_set_errors(r, "job 1", findings, NULL), HF_OK);
    CHECK_INT(hf_results_set_errors(r, "job 1", findings, NULL), HF_OK);
    char *text = dump(scratch_path("errors"));
    CHECK_STR(text, "ok|\njob 1|0|a.csv|3|7|203|no entity \"x\"|\njob 1|1|NULL|0|0|201|no file|\n");
    free(text);
    CHECK_INT(hf_results_set_errors(r, "job 1", none, NULL), HF_OK);
    CHECK_INT(count(scratch_path("errors"), "SELECT count(*) FROM errors"), 0);
    hf_results_close(r);
    hf_diag_free(findings);
    hf_diag_free(none);
}

int main(void)
{
    scratch_folder();
    RUN(order_does_not_matter);
    RUN(killed_and_resumed);
    RUN(full_disk_keeps_what_was_added);
    RUN(files_of_others);
    RUN(rows_that_come_twice);
    RUN(identity_tells_places_apart);
    RUN(errors_of_a_job);
    scratch_done();
    return tap_done();
}
