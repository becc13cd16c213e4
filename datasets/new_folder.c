#include "datasets/new_folder.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "datasets/package.h"

hf_err hf_new_folder_begin(hf_new_folder *folder, const char *into, hf_diag *diag)
{
    struct stat about;
    folder->into = into;
    if (lstat(into, &about) == 0) {
        hf_diag_add(diag, HF_ERROR, HF_E_EXISTS, into, 0, 0, "already exists; a folder of its own is made");
        return HF_E_EXISTS;
    }
    if ((size_t)snprintf(folder->beside, sizeof folder->beside, "%s.XXXXXX", into) >= sizeof folder->beside || !mkdtemp(folder->beside)) {
        hf_diag_add(diag, HF_ERROR, HF_E_IO, into, 0, 0, "cannot be made: %s", strerror(errno));
        return HF_E_IO;
    }
    mode_t mask = umask(0);
    umask(mask);
    chmod(folder->beside, 0777 & ~mask);
    return HF_OK;
}

hf_err hf_new_folder_file(const hf_new_folder *folder, const char *name, hf_buf *text)
{
    hf_err err = text->err;
    if (err == HF_OK) err = hf_file_write(folder->beside, name, text->text ? text->text : "", text->length);
    hf_buf_done(text);
    return err;
}

hf_err hf_new_folder_check(const hf_new_folder *folder, const char *what, hf_diag *diag)
{
    hf_diag *own = NULL;
    hf_package *package = NULL;
    hf_err err = hf_diag_new(&own);
    if (err != HF_OK) return err;
    err = hf_package_open(folder->beside, own, &package);
    for (size_t k = 0; k < hf_diag_kept(own); k++) {
        const hf_finding *f = hf_diag_get(own, k);
        const char *slash = f->file ? strrchr(f->file, '/') : NULL;
        if (f->severity == HF_ERROR)
            hf_diag_add(diag, HF_ERROR, f->code, slash ? slash + 1 : f->file, f->line, f->column, "%s: %s", what, f->text);
    }
    hf_package_free(package);
    hf_diag_free(own);
    return err;
}

static void folder_remove(const char *folder)
{
    char path[PATH_MAX + 260];
    DIR *open = opendir(folder);
    for (const struct dirent *entry; open && (entry = readdir(open));) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        unlink(path);
    }
    if (open) closedir(open);
    rmdir(folder);
}

hf_err hf_new_folder_end(hf_new_folder *folder, hf_err err)
{
    if (err == HF_OK && rename(folder->beside, folder->into) != 0) err = HF_E_IO;
    if (err != HF_OK) folder_remove(folder->beside);
    return err;
}
