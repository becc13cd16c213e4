#include "tests/support/scratch.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static char folder[64];

const char *scratch_folder(void)
{
    if (*folder) scratch_done();
    strcpy(folder, "/tmp/holdfast-test-XXXXXX");
    if (!mkdtemp(folder)) abort();
    return folder;
}

static int remove_one(const char *path, const struct stat *about, int type, struct FTW *where)
{
    (void)about, (void)type, (void)where;
    return remove(path);
}

void scratch_done(void)
{
    if (*folder) nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    *folder = '\0';
}

const char *scratch_path(const char *name)
{
    static char path[512];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

void scratch_write(const char *name, const char *bytes, size_t length)
{
    char path[512];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    for (char *slash = strchr(path + strlen(folder) + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        mkdir(path, 0777);
        *slash = '/';
    }
    FILE *file = fopen(path, "wb");
    if (!file || fwrite(bytes, 1, length, file) != length || fclose(file) != 0) abort();
}

void scratch_text(const char *name, const char *text)
{
    scratch_write(name, text, strlen(text));
}

const char *shipped_path(const char *name)
{
    static char path[4096];
    const char *root = getenv("HOLDFAST_SOURCE");
    snprintf(path, sizeof path, "%s/datasets/data/%s", root ? root : ".", name);
    return path;
}

char *findings_text(const hf_diag *diag)
{
    static const char *const names[] = {"error", "warning", "note"};
    size_t length = 0;
    char *text = NULL;
    FILE *out = open_memstream(&text, &length);
    if (!out) abort();
    for (size_t k = 0; k < hf_diag_kept(diag); k++) {
        const hf_finding *f = hf_diag_get(diag, k);
        const char *slash = f->file ? strrchr(f->file, '/') : NULL;
        fprintf(out, "%s %s:%d:%d: %s\n", names[f->severity], slash ? slash + 1 : f->file ? f->file : "", f->line, f->column, f->text);
    }
    fclose(out);
    return text;
}
