/* A batch against the commands: each run in the file is what `cascade --json` and `sweep --json` say; threads, a second start and a batch that was killed
 * change nothing.
 *
 * usage: test_batch COMMAND SOURCE */
#include <cjson/cJSON.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/text.h"
#include "tests/support/scratch.h"
#include "tests/tap.h"

static const char *command, *source;

/* Runs a line of the shell; what it prints is the caller's. Returns its exit status. */
static int shell(const char *line, hf_buf *text)
{
    char block[4096];
    size_t n;
    FILE *pipe = popen(line, "r");
    if (!pipe) return -1;
    while ((n = fread(block, 1, sizeof block, pipe)) > 0)
        if (text) hf_buf_add(text, block, n);
    int status = pclose(pipe);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int batch(const char *jobs, const char *results, const char *options)
{
    hf_buf line = {0};
    hf_buf_printf(&line, "cd %s && %s batch %s --out %s %s 2>/dev/null", source, command, jobs, results, options);
    int status = shell(line.text, NULL);
    hf_buf_done(&line);
    return status;
}

/* All rows of all tables, in the order of the file. */
static char *dump(const char *path)
{
    static const char *const tables[] = {"inputs", "runs", "entity_results", "sector_results", "single_results", "errors"};
    sqlite3 *db = NULL;
    hf_buf text = {0};
    CHECK_INT(sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    for (size_t t = 0; t < sizeof tables / sizeof *tables; t++) {
        sqlite3_stmt *query = NULL;
        char sql[64];
        snprintf(sql, sizeof sql, "SELECT * FROM %s", tables[t]);
        CHECK_INT(sqlite3_prepare_v2(db, sql, -1, &query, NULL), SQLITE_OK);
        while (sqlite3_step(query) == SQLITE_ROW) {
            for (int c = 0; c < sqlite3_column_count(query); c++) hf_buf_printf(&text, "%s|", (const char *)sqlite3_column_text(query, c));
            hf_buf_puts(&text, "\n");
        }
        sqlite3_finalize(query);
    }
    sqlite3_close(db);
    return text.text;
}

/* A number of the run with these options. */
static double stored(const char *path, const char *column, const char *options)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *query = NULL;
    char sql[256];
    double value = NAN;
    snprintf(sql, sizeof sql, "SELECT %s FROM runs WHERE options = ?", column);
    CHECK_INT(sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    CHECK_INT(sqlite3_prepare_v2(db, sql, -1, &query, NULL), SQLITE_OK);
    sqlite3_bind_text(query, 1, options, -1, SQLITE_STATIC);
    if (sqlite3_step(query) == SQLITE_ROW) value = sqlite3_column_double(query, 0);
    sqlite3_finalize(query);
    sqlite3_close(db);
    return value;
}

static cJSON *answer(const char *arguments)
{
    hf_buf line = {0}, text = {0};
    hf_buf_printf(&line, "cd %s && %s %s --json", source, command, arguments);
    CHECK_INT(shell(line.text, &text), 0);
    cJSON *root = text.text ? cJSON_Parse(text.text) : NULL;
    CHECK(root);
    hf_buf_done(&line);
    hf_buf_done(&text);
    return root;
}

/* Sum of a number over the members of an array. */
static double sum_of(const cJSON *root, const char *array, const char *key)
{
    double sum = 0;
    const cJSON *item = NULL;
    cJSON_ArrayForEach(item, cJSON_GetObjectItemCaseSensitive(root, array)) sum += cJSON_GetNumberValue(cJSON_GetObjectItemCaseSensitive(item, key));
    return sum;
}

static void runs_are_those_of_the_commands(void)
{
    char path[4096];
    snprintf(path, sizeof path, "%s", scratch_path("a.sqlite"));
    CHECK_INT(batch("datasets/data/jobs.json", path, ""), 0);
    static const struct {
        const char *options, *arguments;
    } cases[] = {{"scenario=winter-gas-cut horizon_h=336 no_repair=0 out_below=0.5", "cascade datasets/data/danube --scenario winter-gas-cut"},
                 {"hazard=danube-drought horizon_h=720 no_repair=0 out_below=0.5", "cascade datasets/data/danube --hazard danube-drought"},
                 {"fail=hu-tso,ro-tso horizon_h=720 no_repair=1 out_below=0.5", "cascade datasets/data/danube --fail hu-tso --fail ro-tso --no-repair"},
                 {"scenario=nankai-first-week horizon_h=720 no_repair=0 out_below=0.5", "cascade datasets/data/japan --scenario nankai-first-week"}};
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        cJSON *root = answer(cases[k].arguments);
        double hours = sum_of(root, "entities", "user_hours"), kept = stored(path, "user_hours", cases[k].options);
        if (!(fabs(hours - kept) <= 1e-9 * hours)) printf("# %s: %.17g, kept %.17g\n", cases[k].options, hours, kept);
        CHECK(fabs(hours - kept) <= 1e-9 * hours);
        cJSON_Delete(root);
    }
    cJSON *root = answer("sweep datasets/data/danube"); /* worst first */
    const cJSON *first = cJSON_GetArrayItem(cJSON_GetObjectItemCaseSensitive(root, "entities"), 0);
    sqlite3 *db = NULL;
    sqlite3_stmt *query = NULL;
    CHECK_INT(sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    CHECK_INT(sqlite3_prepare_v2(db, "SELECT user_hours, depth FROM single_results WHERE entity = ?", -1, &query, NULL), SQLITE_OK);
    sqlite3_bind_text(query, 1, cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(first, "id")), -1, SQLITE_STATIC);
    CHECK_INT(sqlite3_step(query), SQLITE_ROW);
    CHECK(sqlite3_column_double(query, 0) == cJSON_GetNumberValue(cJSON_GetObjectItemCaseSensitive(first, "user_hours")));
    CHECK(sqlite3_column_double(query, 1) == cJSON_GetNumberValue(cJSON_GetObjectItemCaseSensitive(first, "depth")));
    sqlite3_finalize(query);
    sqlite3_close(db);
    cJSON_Delete(root);
}

static void threads_and_repeats_change_nothing(void)
{
    char path[4096];
    char *one = dump(scratch_path("a.sqlite"));
    snprintf(path, sizeof path, "%s", scratch_path("b.sqlite"));
    CHECK_INT(batch("datasets/data/jobs.json", path, "--threads 4"), 0);
    char *four = dump(path);
    CHECK(one && four && strcmp(one, four) == 0);
    CHECK_INT(batch("datasets/data/jobs.json", path, ""), 0);
    char *again = dump(path);
    CHECK(again && strcmp(one, again) == 0);
    free(one);
    free(four);
    free(again);
}

/* Kills a batch that is under way, then lets it end. */
static void a_killed_batch_goes_on(void)
{
    char path[4096];
    char *whole = dump(scratch_path("a.sqlite"));
    for (int k = 0; k < 4; k++) {
        char name[32];
        snprintf(name, sizeof name, "killed%d.sqlite", k);
        snprintf(path, sizeof path, "%s", scratch_path(name));
        pid_t child = fork();
        if (child == 0) {
            if (chdir(source) != 0 || !freopen("/dev/null", "w", stdout)) _exit(1);
            execl(command, command, "batch", "datasets/data/jobs.json", "--out", path, (char *)NULL);
            _exit(1);
        }
        usleep(30000 * (unsigned)(k + 1));
        kill(child, SIGKILL);
        waitpid(child, NULL, 0);
        CHECK_INT(batch("datasets/data/jobs.json", path, ""), 0);
        char *resumed = dump(path);
        CHECK(resumed && strcmp(whole, resumed) == 0);
        free(resumed);
    }
    free(whole);
}

static void a_job_that_fails_is_kept_with_its_errors(void)
{
    char path[4096], jobs[4096], text[8192];
    snprintf(text, sizeof text,
             "{\"jobs\": [{\"job\": \"bad\", \"data\": [\"%s/tests/golden/bad\", \"%s/datasets/data/textbook/hospital\"], \"analysis\": \"cascade\", "
             "\"scenarios\": [\"none\"], \"fail\": [[\"grid\"], [\"nobody\"]]}]}",
             source, source);
    scratch_text("jobs.json", text);
    snprintf(jobs, sizeof jobs, "%s", scratch_path("jobs.json"));
    snprintf(path, sizeof path, "%s", scratch_path("c.sqlite"));
    CHECK_INT(batch(jobs, path, ""), 1);
    char *rows = dump(path);
    CHECK(rows && strstr(rows, "fail=grid"));
    CHECK(rows && strstr(rows, "there is no scenario \"none\" in this data set"));
    CHECK(rows && strstr(rows, "nobody"));
    CHECK(rows && strstr(rows, "entities.csv"));
    free(rows);
}

int main(int argc, char **argv)
{
    if (argc < 3) return 2;
    command = realpath(argv[1], NULL); /* the tests change folders */
    if (!command) return 2;
    source = argv[2];
    scratch_folder();
    RUN(runs_are_those_of_the_commands);
    RUN(threads_and_repeats_change_nothing);
    RUN(a_killed_batch_goes_on);
    RUN(a_job_that_fails_is_kept_with_its_errors);
    scratch_done();
    free((char *)command);
    return tap_done();
}
