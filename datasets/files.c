#include "datasets/files.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zip.h>

#include "base/alloc.h"
#include "base/arena.h"

/* Archives: 8 GiB in all; a file over 100 MB may not be more than 200 times its packed size. */
static const uint64_t zip_limit = UINT64_C(8) << 30, small_file = 100000000, most_ratio = 200;

struct hf_files {
    hf_arena memory;
    char *folder;  /* real path, NULL for an archive */
    const char *shown; /* what stands before a path in findings, "" or with a / at its end */
    zip_t *zip;
    const char *prefix; /* folder inside the archive, "" or with a / at its end */
};

int hf_files_path_is_safe(const char *path)
{
    if (!*path || *path == '/' || strchr(path, '\\') || strchr(path, ':')) return false;
    for (const char *part = path; part;) {
        size_t length = strcspn(part, "/");
        if (length == 0 || (length == 1 && part[0] == '.') || (length == 2 && part[0] == '.' && part[1] == '.')) return false;
        part = part[length] ? part + length + 1 : NULL;
    }
    return true;
}

static hf_err join(hf_arena *memory, const char *a, const char *b, const char **ret_text)
{
    size_t n = strlen(a), m = strlen(b);
    char *text = hf_arena_alloc(memory, n + m + 1);
    if (!text) return HF_E_NOMEM;
    memcpy(text, a, n);
    memcpy(text + n, b, m + 1);
    *ret_text = text;
    return HF_OK;
}

const char *hf_files_label(hf_files *files, const char *path)
{
    const char *label = path;
    return join(&files->memory, files->shown, path, &label) == HF_OK ? label : path;
}

/* Keeps `shown` as the user wrote the folder, "" for the working folder. */
static hf_err shown_set(hf_files *files, const char *folder)
{
    size_t n = strlen(folder);
    while (n > 1 && folder[n - 1] == '/') n--;
    char *text = hf_arena_alloc(&files->memory, n + 2);
    if (!text) return HF_E_NOMEM;
    memcpy(text, folder, n);
    text[n] = '\0';
    if (n > 0 && strcmp(text, ".") != 0) strcpy(text + n, text[n - 1] == '/' ? "" : "/");
    files->shown = strcmp(text, ".") == 0 ? "" : text;
    return HF_OK;
}

static hf_err folder_open(hf_files *files, const char *path)
{
    char real[PATH_MAX];
    if (!realpath(path, real)) return HF_E_NOT_FOUND;
    size_t length = strlen(real);
    files->folder = hf_arena_strndup(&files->memory, real, length);
    return files->folder ? shown_set(files, path) : HF_E_NOMEM;
}

/* Finds datapackage.json in the archive, the one in the fewest folders, and refuses names that leave it. */
static hf_err archive_look(hf_files *files, const char *path, hf_diag *diag)
{
    static const char wanted[] = "datapackage.json";
    zip_int64_t n = zip_get_num_entries(files->zip, 0);
    const char *best = NULL;
    size_t best_depth = 3;
    uint64_t total = 0;
    bool bad = false;
    for (zip_int64_t k = 0; k < n; k++) {
        zip_stat_t stat;
        if (zip_stat_index(files->zip, (zip_uint64_t)k, 0, &stat) != 0 || !(stat.valid & ZIP_STAT_NAME)) return HF_E_FORMAT;
        size_t length = strlen(stat.name), folders = 0;
        char *name = hf_arena_strndup(&files->memory, stat.name, length);
        if (!name) return HF_E_NOMEM;
        if (length > 0 && name[length - 1] == '/') name[length - 1] = '\0';
        if (!hf_files_path_is_safe(name)) {
            bad = true;
            hf_diag_add(diag, HF_ERROR, HF_E_UNSAFE_PATH, path, 0, 0, "the archive holds \"%s\", a path that leaves its folder", stat.name);
        }
        if (stat.valid & ZIP_STAT_SIZE) total += stat.size;
        for (const char *c = name; *c; c++) folders += *c == '/';
        size_t base = strlen(name) >= sizeof wanted - 1 ? strlen(name) - (sizeof wanted - 1) : 0;
        if (strcmp(name + base, wanted) != 0 || (base > 0 && name[base - 1] != '/') || folders >= best_depth) continue;
        best_depth = folders;
        best = hf_arena_strndup(&files->memory, name, base);
        if (!best) return HF_E_NOMEM;
    }
    if (total > zip_limit) {
        bad = true;
        hf_diag_add(diag, HF_ERROR, HF_E_TOO_LARGE, path, 0, 0, "the archive expands to more than 8 GiB");
    }
    if (bad) return HF_E_DATA;
    files->prefix = best ? best : "";
    return best ? HF_OK : HF_E_NOT_FOUND;
}

static hf_err archive_open(hf_files *files, const char *path, hf_diag *diag)
{
    int code = 0;
    files->zip = zip_open(path, ZIP_RDONLY, &code);
    if (!files->zip) return code == ZIP_ER_MEMORY ? HF_E_NOMEM : HF_E_FORMAT;
    hf_err err = shown_set(files, path);
    return err == HF_OK ? archive_look(files, path, diag) : err;
}

static bool ends_with(const char *text, const char *end)
{
    size_t n = strlen(text), m = strlen(end);
    return n >= m && strcmp(text + n - m, end) == 0;
}

static hf_err open_any(hf_files *files, const char *path, hf_diag *diag)
{
    struct stat stat_of;
    if (stat(path, &stat_of) != 0) return HF_E_NOT_FOUND;
    if (S_ISDIR(stat_of.st_mode)) return folder_open(files, path);
    if (!S_ISREG(stat_of.st_mode)) return HF_E_FORMAT;
    if (!ends_with(path, "datapackage.json")) return archive_open(files, path, diag);
    const char *slash = strrchr(path, '/');
    char *folder = slash ? hf_arena_strndup(&files->memory, path, slash == path ? 1 : (size_t)(slash - path)) : "."; /* never written to */
    return folder ? folder_open(files, folder) : HF_E_NOMEM;
}

hf_err hf_files_open(const char *path, hf_diag *diag, hf_files **ret_files)
{
    hf_files *files = hf_calloc(1, sizeof *files);
    if (!files) return HF_E_NOMEM;
    hf_arena_init(&files->memory);
    files->shown = "";
    hf_err err = open_any(files, path, diag);
    if (err == HF_OK) *ret_files = files;
    else hf_files_close(files);
    return err;
}

void hf_files_close(hf_files *files)
{
    if (!files) return;
    if (files->zip) zip_discard(files->zip);
    hf_arena_done(&files->memory);
    hf_free(files);
}

/* Reads up to `size` bytes and makes sure that no more come. */
static hf_err fill(ssize_t (*read_some)(void *from, char *to, size_t room), void *from, size_t size, char **ret_bytes, size_t *ret_length)
{
    char *bytes = hf_malloc(size + 1);
    if (!bytes) return HF_E_NOMEM;
    size_t length = 0;
    while (length <= size) {
        ssize_t n = read_some(from, bytes + length, size + 1 - length);
        if (n < 0) {
            hf_free(bytes);
            return HF_E_IO;
        }
        if (n == 0) break;
        length += (size_t)n;
    }
    if (length > size) { /* it grew while it was read, or an archive lied about its size */
        hf_free(bytes);
        return HF_E_TOO_LARGE;
    }
    bytes[length] = '\0';
    *ret_bytes = bytes;
    *ret_length = length;
    return HF_OK;
}

static ssize_t read_fd(void *from, char *to, size_t room)
{
    ssize_t n;
    do n = read(*(int *)from, to, room);
    while (n < 0 && errno == EINTR);
    return n;
}

static ssize_t read_zip(void *from, char *to, size_t room)
{
    return (ssize_t)zip_fread(from, to, room);
}

static hf_err folder_read(hf_files *files, const char *path, char **ret_bytes, size_t *ret_length)
{
    char joined[PATH_MAX], real[PATH_MAX];
    size_t n = strlen(files->folder);
    if ((size_t)snprintf(joined, sizeof joined, "%s/%s", n == 1 ? "" : files->folder, path) >= sizeof joined) return HF_E_NOT_FOUND;
    if (!realpath(joined, real)) return HF_E_NOT_FOUND;
    if (n > 1 && (strncmp(real, files->folder, n) != 0 || real[n] != '/')) return HF_E_UNSAFE_PATH; /* a symbolic link out of the folder */
    struct stat stat_of;
    int fd = open(real, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0) return errno == ENOENT ? HF_E_NOT_FOUND : HF_E_IO;
    hf_err err = fstat(fd, &stat_of) == 0 && S_ISREG(stat_of.st_mode) ? HF_OK : HF_E_FORMAT;
    if (err == HF_OK && (uint64_t)stat_of.st_size > zip_limit) err = HF_E_TOO_LARGE;
    if (err == HF_OK) err = fill(read_fd, &fd, (size_t)stat_of.st_size, ret_bytes, ret_length);
    close(fd);
    return err;
}

static hf_err archive_read(hf_files *files, const char *path, char **ret_bytes, size_t *ret_length)
{
    const char *name = NULL;
    hf_err err = join(&files->memory, files->prefix, path, &name);
    zip_stat_t stat;
    if (err != HF_OK) return err;
    if (zip_stat(files->zip, name, 0, &stat) != 0) return HF_E_NOT_FOUND;
    if (!(stat.valid & ZIP_STAT_SIZE) || !(stat.valid & ZIP_STAT_COMP_SIZE)) return HF_E_FORMAT;
    if (stat.size > zip_limit || (stat.size > small_file && stat.size / most_ratio > stat.comp_size)) return HF_E_TOO_LARGE;
    zip_file_t *file = zip_fopen_index(files->zip, stat.index, 0);
    if (!file) return HF_E_FORMAT;
    err = fill(read_zip, file, (size_t)stat.size, ret_bytes, ret_length);
    zip_fclose(file);
    return err;
}

hf_err hf_files_read(hf_files *files, const char *path, char **ret_bytes, size_t *ret_length)
{
    if (!hf_files_path_is_safe(path)) return HF_E_UNSAFE_PATH;
    return files->zip ? archive_read(files, path, ret_bytes, ret_length) : folder_read(files, path, ret_bytes, ret_length);
}

hf_err hf_files_text(const char *path, hf_diag *diag, char **ret_bytes, size_t *ret_length)
{
    hf_files *files = NULL;
    char folder[PATH_MAX] = ".";
    const char *slash = strrchr(path, '/');
    if (slash) snprintf(folder, sizeof folder, "%.*s", slash == path ? 1 : (int)(slash - path), path);
    hf_err err = hf_files_open(folder, diag, &files);
    if (err == HF_OK) err = hf_files_read(files, slash ? slash + 1 : path, ret_bytes, ret_length);
    hf_files_close(files);
    if (err == HF_OK || err == HF_E_NOMEM) return err;
    hf_diag_add(diag, HF_ERROR, err, path, 0, 0, "%s", hf_err_text(err));
    return HF_E_DATA;
}
