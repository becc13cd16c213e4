#include "datasets/new_folder.h"

#include <errno.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "datasets/package_inside.h"

static int entry_remove(const char *path, const struct stat *about, int kind, struct FTW *at)
{
    (void)about, (void)kind, (void)at;
    return remove(path);
}

/* Reads the written package; its errors are ours. Notes and warnings of the check are dropped. */
static hf_err package_check(const char *folder, const char *whose, hf_diag *diag)
{
    hf_diag *own = NULL;
    hf_package *package = NULL;
    hf_err err = hf_diag_new(&own);
    if (err != HF_OK) return err;
    err = hf_package_open(folder, own, &package);
    for (size_t k = 0; k < hf_diag_kept(own); k++) {
        const hf_finding *f = hf_diag_get(own, k);
        const char *slash = f->file ? strrchr(f->file, '/') : NULL;
        if (f->severity == HF_ERROR)
            hf_diag_add(diag, HF_ERROR, f->code, slash ? slash + 1 : f->file, f->line, f->column, "in the %s package: %s", whose, f->text);
    }
    hf_package_free(package);
    hf_diag_free(own);
    return err;
}

hf_err hf_folder_new(const char *into, const char *whose, hf_folder_fill *fill, const void *what, hf_diag *diag)
{
    char beside[PATH_MAX];
    struct stat about;
    size_t length = strlen(into);
    while (length > 1 && into[length - 1] == '/') length--;
    if (lstat(into, &about) == 0) {
        hf_diag_add(diag, HF_ERROR, HF_E_EXISTS, into, 0, 0, "already exists; the package needs a folder of its own");
        return HF_E_EXISTS;
    }
    if ((size_t)snprintf(beside, sizeof beside, "%.*s.XXXXXX", (int)length, into) >= sizeof beside || !mkdtemp(beside)) {
        hf_diag_add(diag, HF_ERROR, HF_E_IO, into, 0, 0, "cannot be made: %s", strerror(errno));
        return HF_E_IO;
    }
    mode_t mask = umask(0);
    umask(mask);
    chmod(beside, 0777 & ~mask);
    hf_err err = fill(what, beside, diag);
    if (err == HF_OK) err = package_check(beside, whose, diag);
    if (err == HF_OK && rename(beside, into) != 0) {
        hf_diag_add(diag, HF_ERROR, HF_E_IO, into, 0, 0, "cannot be made: %s", strerror(errno));
        err = HF_E_IO;
    }
    if (err != HF_OK) nftw(beside, entry_remove, 8, FTW_DEPTH | FTW_PHYS);
    return err;
}

hf_err hf_package_new(int most, hf_package **ret_package)
{
    hf_package *p = hf_calloc(1, sizeof *p);
    if (!p) return HF_E_NOMEM;
    hf_arena_init(&p->memory);
    p->name = p->title = p->version = "";
    p->parts = hf_calloc((size_t)most, sizeof *p->parts);
    if (!p->parts) {
        hf_package_free(p);
        return HF_E_NOMEM;
    }
    *ret_package = p;
    return HF_OK;
}

hf_err hf_package_add(hf_package *p, const char *resource, const char *path, hf_table *table, char *bytes, size_t length)
{
    hf_part *part = &p->parts[p->n_parts++]; /* from here on the package frees both */
    *part = (hf_part){.resource = "", .path = "", .label = "", .table = table, .bytes = bytes, .length = length};
    const char *name = hf_arena_strndup(&p->memory, resource, strlen(resource)), *where = hf_arena_strndup(&p->memory, path, strlen(path));
    if (!name || !where) return HF_E_NOMEM;
    part->resource = name;
    part->path = where;
    part->label = where;
    return HF_OK;
}

static hf_err package_fill(const void *what, const char *folder, hf_diag *diag)
{
    return hf_package_save(what, folder, true, diag);
}

hf_err hf_package_place(const hf_package *package, const char *into, const char *whose, hf_diag *diag)
{
    return hf_folder_new(into, whose, package_fill, package, diag);
}
