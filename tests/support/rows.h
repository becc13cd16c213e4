/* Reads simple CSV files (no quotes), plain or gzipped, for tests that compare with files in ../shared/data. */
#ifndef HF_TESTS_ROWS_H
#define HF_TESTS_ROWS_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

typedef struct rows {
    gzFile file;
    char line[4096];
    char *cell[64];
    int cells;
} rows;

/* Path of a file below the shared data folder, in a static buffer; NULL when the folder or the file is not there. */
static inline const char *shared_path(const char *name)
{
    static char path[1024];
    const char *root = getenv("HOLDFAST_SHARED");
    if (!root) return NULL;
    snprintf(path, sizeof path, "%s/%s", root, name);
    FILE *file = fopen(path, "rb");
    if (!file) return NULL;
    fclose(file);
    return path;
}

static inline bool rows_next(rows *r)
{
    if (!gzgets(r->file, r->line, sizeof r->line)) return false;
    r->cells = 0;
    char *end = r->line + strcspn(r->line, "\r\n");
    *end = '\0';
    for (char *p = r->line; r->cells < 64; p++) {
        r->cell[r->cells++] = p;
        p += strcspn(p, ",");
        if (!*p) break;
        *p = '\0';
    }
    return true;
}

/* Opens a file below the shared data folder and skips its header. */
static inline bool rows_open(rows *r, const char *name)
{
    const char *path = shared_path(name);
    r->file = path ? gzopen(path, "rb") : NULL;
    return r->file && rows_next(r);
}

static inline void rows_close(rows *r)
{
    if (r->file) gzclose(r->file);
    r->file = NULL;
}

#endif
