/* Shipped files, damaged at random but from a seed: bytes changed, cut out, doubled, moved; numbers and quotes put in where they hurt. A reader must
 * end, with success or with an error and a finding; a package that still opens must also run. */
#include <dirent.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/rng.h"
#include "datasets/jobs.h"
#include "datasets/outline.h"
#include "datasets/package.h"
#include "datasets/results.h"
#include "datasets/rules.h"
#include "datasets/worst_events.h"
#include "model/cascade/losses.h"
#include "tests/support/scratch.h"
#include "tests/tap.h"

enum { MOST_BYTES = 200000 };

static hf_rng dice = {.seed = 2022, .stream = 2557};

/* Reads a file into `bytes`; returns its length, 0 when it cannot be read or is too long. */
static size_t load(const char *path, char *bytes)
{
    FILE *f = fopen(path, "rb");
    size_t n = f ? fread(bytes, 1, MOST_BYTES, f) : 0;
    if (f) fclose(f);
    return n < MOST_BYTES ? n : 0;
}

static size_t below(size_t n)
{
    return (size_t)hf_rng_below(&dice, n);
}

static void put_in(char *bytes, size_t *length, const char *text)
{
    size_t n = strlen(text), at = below(*length + 1);
    if (*length + n > MOST_BYTES) return;
    memmove(bytes + at + n, bytes + at, *length - at);
    memcpy(bytes + at, text, n);
    *length += n;
}

/* One to six damages. */
static void damage(char *bytes, size_t *length)
{
    static const char *const pieces[] = {"\"", ",", "\n", "\r\n", "1e999", "-1", "NaN", "99999999999999999999", "{", "}", "[", "]", "null", "\xff", "\xe2\x82",
                                         "\\u0000", ";", "\t", "'", "0.5:1 0.2:2", "=", "country=RS", ":", "true", "\xef\xbb\xbf"};
    for (size_t k = below(6) + 1; k > 0 && *length > 0; k--) {
        size_t at = below(*length), n = below(40) + 1;
        switch (below(5)) {
        case 0: bytes[at] = (char)below(256); break;
        case 1: put_in(bytes, length, pieces[below(sizeof pieces / sizeof *pieces)]); break;
        case 2: /* cut out */
            if (n > *length - at) n = *length - at;
            memmove(bytes + at, bytes + at + n, *length - at - n);
            *length -= n;
            break;
        case 3: /* double */
            if (n > *length - at) n = *length - at;
            if (*length + n > MOST_BYTES) break;
            memmove(bytes + at + n, bytes + at, *length - at);
            *length += n;
            break;
        default: *length = below(20) ? *length : at; break; /* now and then the rest is missing */
        }
    }
}

/* An error must have been explained. */
static void judge(hf_err err, const hf_diag *diag)
{
    if (err == HF_OK) return;
    CHECK(err != HF_E_NOMEM);
    CHECK(hf_diag_count(diag, HF_ERROR) > 0 || err == HF_E_FORMAT || err == HF_E_NOT_FOUND);
}

static void rules(const char *path, hf_diag *diag)
{
    hf_arena memory;
    hf_rules read;
    hf_arena_init(&memory);
    judge(hf_rules_read(path, &memory, diag, &read), diag);
    hf_arena_done(&memory);
}

static void jobs(const char *path, hf_diag *diag)
{
    hf_arena memory;
    hf_job *read;
    int n;
    hf_arena_init(&memory);
    judge(hf_jobs_read(path, &memory, diag, &read, &n), diag);
    hf_arena_done(&memory);
}

static void worst_events(const char *path, hf_diag *diag)
{
    hf_worst_events *read = NULL;
    judge(hf_worst_events_read(path, diag, &read), diag);
    hf_worst_events_free(read);
}

static void outline(const char *path, hf_diag *diag)
{
    hf_outline read = {0};
    hf_err err = hf_outline_read(path, diag, &read);
    judge(err, diag);
    if (err == HF_OK) hf_outline_done(&read);
}

static void results(const char *path, hf_diag *diag)
{
    hf_results *read = NULL;
    judge(hf_results_open(path, diag, &read), diag);
    hf_results_close(read);
}

/* Damages a text many times and lets a reader at it. */
static void damaged(const char *text, size_t length, const char *name, int times, void (*reader)(const char *path, hf_diag *diag))
{
    char *bytes = malloc(MOST_BYTES);
    CHECK(bytes && length > 0);
    for (int k = 0; bytes && k < times; k++) {
        hf_diag *diag = NULL;
        size_t n = length;
        memcpy(bytes, text, length);
        damage(bytes, &n);
        scratch_write(name, bytes, n);
        CHECK_INT(hf_diag_new(&diag), HF_OK);
        reader(scratch_path(name), diag);
        hf_diag_free(diag);
    }
    free(bytes);
}

static void damaged_file(const char *name, int times, void (*reader)(const char *path, hf_diag *diag))
{
    char *text = malloc(MOST_BYTES);
    size_t n = text ? load(shipped_path(name), text) : 0;
    damaged(text, n, "damaged.json", times, reader);
    free(text);
}

static void files_of_rules_and_jobs(void)
{
    damaged_file("rules/cer-art7.json", 1500, rules);
    damaged_file("rules/de-kritis.json", 500, rules);
    damaged_file("rules/jp-resilience.json", 1000, worst_events);
    damaged_file("jobs.json", 300, jobs);
}

static void outlines(void)
{
    static const char geo[] = "{\"type\": \"FeatureCollection\", \"features\": [{\"type\": \"Feature\", \"geometry\": {\"type\": \"Polygon\", \"coordinates\": "
                              "[[[16.1, 48.2], [17.0, 48.5], [179.9, -10], [16.1, 48.2]]]}}, {\"type\": \"Feature\", \"geometry\": {\"type\": "
                              "\"MultiLineString\", \"coordinates\": [[[20, 44], [21, 45]], [[22, 44], [23, 43]]]}}]}";
    static const char topo[] = "{\"type\": \"Topology\", \"transform\": {\"scale\": [0.01, 0.01], \"translate\": [130, 30]}, \"arcs\": [[[0, 0], [100, 50], "
                               "[20, 30]], [[120, 80], [-120, -80]]], \"objects\": {\"x\": {\"type\": \"GeometryCollection\", \"geometries\": [{\"type\": "
                               "\"Polygon\", \"arcs\": [[0, 1]]}, {\"type\": \"LineString\", \"arcs\": [-1]}]}}}";
    damaged(geo, sizeof geo - 1, "outline.json", 1500, outline);
    damaged(topo, sizeof topo - 1, "outline.json", 1500, outline);
}

static void stores_of_results(void)
{
    hf_diag *diag = NULL;
    hf_results *store = NULL;
    char *text = malloc(MOST_BYTES);
    CHECK_INT(hf_diag_new(&diag), HF_OK);
    CHECK_INT(hf_results_open(scratch_path("whole.sqlite"), diag, &store), HF_OK);
    hf_results_close(store);
    hf_diag_free(diag);
    size_t n = text ? load(scratch_path("whole.sqlite"), text) : 0;
    damaged(text, n, "damaged.sqlite", 150, results);
    free(text);
}

/* A package that opens is one that can be run. */
static void package(const char *path, hf_diag *diag)
{
    hf_package *read = NULL;
    hf_timeline *tl = NULL;
    hf_losses *losses = NULL;
    hf_err err = hf_package_open(path, diag, &read);
    judge(err, diag);
    if (err == HF_OK && hf_package_network(read)->n_entities > 0) {
        const hf_network *net = hf_package_network(read);
        const hf_inject inject = {0, HF_INJECT_FAIL, (int)below((size_t)net->n_entities), 0, NAN};
        const hf_run_options options = hf_run_options_default();
        CHECK_INT(hf_timeline_new(net, &tl), HF_OK);
        err = hf_timeline_run(tl, &inject, 1, &options, diag);
        CHECK(err == HF_OK || err == HF_E_OSCILLATION);
        if (err == HF_OK) CHECK_INT(hf_losses_compute(tl, net, 0.5, &losses), HF_OK);
    }
    hf_losses_free(losses);
    hf_timeline_free(tl);
    hf_package_free(read);
}

/* Copies a shipped package and damages one of its files after the other, in the order of their names. */
static void damaged_package(const char *name, int times)
{
    char folder[4096], path[8192], to[512], *whole = malloc(MOST_BYTES), *bytes = malloc(MOST_BYTES);
    struct dirent **file = NULL;
    snprintf(folder, sizeof folder, "%s", shipped_path(name));
    int n_files = scandir(folder, &file, NULL, alphasort);
    CHECK(n_files > 2 && whole && bytes);
    for (int round = 0; round < 2; round++) /* copy all, then damage each */
        for (int f = 0; f < n_files; f++) {
            snprintf(path, sizeof path, "%s/%s", folder, file[f]->d_name);
            snprintf(to, sizeof to, "package/%.200s", file[f]->d_name);
            size_t length = *file[f]->d_name == '.' ? 0 : load(path, whole);
            for (int k = 0; round == 1 && length > 0 && k < times; k++) {
                hf_diag *diag = NULL;
                size_t n = length;
                memcpy(bytes, whole, length);
                damage(bytes, &n);
                scratch_write(to, bytes, n);
                CHECK_INT(hf_diag_new(&diag), HF_OK);
                package(scratch_path("package"), diag);
                hf_diag_free(diag);
            }
            if (length > 0) scratch_write(to, whole, length);
        }
    for (int f = 0; f < n_files; f++) free(file[f]);
    free(file);
    free(whole);
    free(bytes);
}

static void packages(void)
{
    damaged_package("textbook/hospital", 300);
    damaged_package("danube", 12);
}

int main(void)
{
    scratch_folder();
    RUN(files_of_rules_and_jobs);
    RUN(outlines);
    RUN(stores_of_results);
    RUN(packages);
    scratch_done();
    return tap_done();
}
