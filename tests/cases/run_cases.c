/* Runs test cases: `run_cases FILE.case …` runs those files, `run_cases FOLDER` every *.case in a folder. One TAP subtest a file. */
#include <dirent.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "tests/cases/case.h"
#include "tests/tap.h"

static bool passes(const char *file, const char *text)
{
    static test_case c;
    bool pass = case_read(&c, file, text) && case_run(&c, file) == 0;
    case_done(&c);
    return pass;
}

static char *file_load(const char *path)
{
    FILE *f = fopen(path, "rb");
    char *text = NULL;
    size_t length = 0;
    if (f && getdelim(&text, &length, EOF, f) < 0) {
        free(text);
        text = NULL;
    }
    if (f) fclose(f);
    return text;
}

static void file_run(const char *path)
{
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    char *text = file_load(path);
    bool pass = text && passes(name, text);
    if (!text) printf("# %s cannot be read\n", path);
    if (!pass) tap_failed_cases++;
    printf("%sok %d - %s\n", pass ? "" : "not ", ++tap_cases, name);
    fflush(stdout);
    free(text);
}

static int is_case(const struct dirent *entry)
{
    const char *dot = strrchr(entry->d_name, '.');
    return dot && strcmp(dot, ".case") == 0;
}

static int by_bytes(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static void folder_run(const char *folder)
{
    struct dirent **entries = NULL;
    int n = scandir(folder, &entries, is_case, by_bytes);
    for (int k = 0; k < n; k++) {
        char path[4096];
        snprintf(path, sizeof path, "%s/%s", folder, entries[k]->d_name);
        file_run(path);
        free(entries[k]);
    }
    free(entries);
    if (n > 0) return;
    tap_failed_cases++;
    printf("not ok %d - no case in %s\n", ++tap_cases, folder);
}

#define PAIR "entity a\nentity b users=10\nneeds b power curve=12:1 from a\nat 0 fail a\nhorizon 24\n"

/* The runner itself must be able to fail. */
static void runner_tells_right_from_wrong(void)
{
    CHECK(passes("right", PAIR "expect b before 12 = 1\nexpect b at 12 = 0\nexpect b user-hours = 120\n"));
    static const char *const wrong[] = {
        "expect b at 12 = 1",
        "expect b before 12 = 0",
        "expect b at end = 0.5",
        "expect b changes = 2",
        "expect b user-hours = 119",
        "expect b depth 12 = 2",
        "expect b cause 12 = inject",
        "expect b cause 12 = requirement gas",
        "expect b cause 11 = inject",
        "expect b since 12 = 1",
        "expect deadlock a black-start a",
        "expect end = 720",
        "expect oscillation",
        "expect c at 12 = 0",
        "expect b at 12 0",
        "expect b at 12 = x",
        "expect b at",
        "expect b at 12 = 0 0",
        "hope for the best",
        "",
        "needs b heat from d\nexpect b at 0 = 1",
        "entity b\nexpect b at 0 = 1",
        "at 0 explode b\nexpect b at 0 = 1",
    };
    for (size_t k = 0; k < sizeof wrong / sizeof *wrong; k++) {
        char text[512];
        snprintf(text, sizeof text, "%s%s\n", PAIR, wrong[k]);
        CHECK(!passes("wrong (these messages are part of the test)", text));
    }
}

int main(int argc, char **argv)
{
    RUN(runner_tells_right_from_wrong);
    for (int k = 1; k < argc; k++) {
        struct stat info;
        if (stat(argv[k], &info) == 0 && S_ISDIR(info.st_mode)) folder_run(argv[k]);
        else file_run(argv[k]);
    }
    return tap_done();
}
