#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "datasets/package_inside.h"

static hf_err complain(hf_diag *diag, hf_err err, const char *path, const char *what)
{
    hf_diag_add(diag, HF_ERROR, err, path, 0, 0, "%s: %s", what, errno ? strerror(errno) : hf_err_text(err));
    return err;
}

/* Makes the folders of a path below `folder`, up to its last `/`. */
static hf_err folders_make(const char *folder, const char *path, hf_diag *diag)
{
    char made[PATH_MAX];
    for (const char *slash = strchr(path, '/'); slash; slash = strchr(slash + 1, '/')) {
        int n = snprintf(made, sizeof made, "%s/%.*s", folder, (int)(slash - path), path);
        if (n < 0 || (size_t)n >= sizeof made) return HF_E_IO;
        if (mkdir(made, 0777) != 0 && errno != EEXIST) return complain(diag, HF_E_IO, made, "cannot make the folder");
    }
    return HF_OK;
}

static hf_err part_save(const hf_part *part, const char *folder, hf_diag *diag)
{
    char below[PATH_MAX];
    const char *slash = strrchr(part->path, '/');
    hf_buf text = {0};
    hf_err err = folders_make(folder, part->path, diag);
    if (err != HF_OK) return err;
    int n = slash ? snprintf(below, sizeof below, "%s/%.*s", folder, (int)(slash - part->path), part->path)
                  : snprintf(below, sizeof below, "%s", folder);
    if (n < 0 || (size_t)n >= sizeof below) return HF_E_IO;
    if (part->table) hf_table_write(part->table, &text);
    err = text.err;
    errno = 0;
    if (err == HF_OK)
        err = hf_file_write(below, slash ? slash + 1 : part->path, part->table ? text.text : part->bytes, part->table ? text.length : part->length);
    if (err == HF_E_IO) complain(diag, err, part->path, "cannot write");
    hf_buf_done(&text);
    return err;
}

hf_err hf_package_save(const hf_package *package, const char *folder, bool overwrite, hf_diag *diag)
{
    char path[PATH_MAX];
    int n = snprintf(path, sizeof path, "%s/datapackage.json", folder);
    if (n < 0 || (size_t)n >= sizeof path) return HF_E_IO;
    if (!overwrite && access(path, F_OK) == 0) {
        errno = 0;
        return complain(diag, HF_E_EXISTS, path, "the folder holds a package");
    }
    if (mkdir(folder, 0777) != 0 && errno != EEXIST) return complain(diag, HF_E_IO, folder, "cannot make the folder");
    /* datapackage.json last: a folder that has it is whole. */
    for (int last = 0; last < 2; last++)
        for (int k = 0; k < package->n_parts; k++) {
            bool is_metadata = !*package->parts[k].resource;
            hf_err err = is_metadata == (last == 1) ? part_save(&package->parts[k], folder, diag) : HF_OK;
            if (err != HF_OK) return err;
        }
    return HF_OK;
}
