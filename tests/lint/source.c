/* The source tree in memory. */
#include <ctype.h>
#include <dirent.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "tests/lint/lint.h"

bool has_suffix(const char *text, const char *suffix)
{
    size_t n = strlen(text), k = strlen(suffix);
    return n >= k && strcmp(text + n - k, suffix) == 0;
}

bool is_in_folder(const char *path, const char *folder)
{
    size_t n = strlen(folder);
    return strncmp(path, folder, n) == 0 && path[n] == '/';
}

bool is_library(const char *path)
{
    return is_in_folder(path, "base") || is_in_folder(path, "model") || is_in_folder(path, "solver") || is_in_folder(path, "datasets") ||
           is_in_folder(path, "viz");
}

int line_of(const char *text, const char *at)
{
    int line = 1;
    for (const char *p = text; p < at; p++) line += *p == '\n';
    return line;
}

void each_line(const char *text, line_function f, void *context)
{
    int number = 0;
    while (*text) {
        size_t length = strcspn(text, "\n");
        f(context, text, length, ++number);
        text += length + (text[length] == '\n');
    }
}

void complain(complaints *c, const char *path, int line, const char *format, ...)
{
    char what[512], *all = NULL;
    va_list args;
    va_start(args, format);
    vsnprintf(what, sizeof what, format, args);
    va_end(args);
    int length = asprintf(&all, "%s%s:%d: %s\n", c->text ? c->text : "", path, line, what);
    if (length < 0) abort();
    free(c->text);
    c->text = all;
    c->length = (size_t)length;
    c->n++;
}

/* Length of the comment, string or character constant that starts at `p`, or 0. */
static size_t skipped(const char *p)
{
    if (p[0] == '/' && p[1] == '*') {
        const char *end = strstr(p + 2, "*/");
        return end ? (size_t)(end + 2 - p) : strlen(p);
    }
    if (p[0] == '/' && p[1] == '/') return strcspn(p, "\n");
    if (*p != '"' && *p != '\'') return 0;
    const char *q = p + 1;
    while (*q && *q != *p && *q != '\n') q += q[0] == '\\' && q[1] ? 2 : 1;
    return (size_t)(q - p) + (*q == *p);
}

static char *blanked(const char *raw)
{
    char *code = strdup(raw);
    if (!code) abort();
    for (char *p = code; *p;) {
        size_t n = skipped(p);
        if (n == 0) p++;
        for (; n > 0; n--, p++)
            if (*p != '\n') *p = ' ';
    }
    return code;
}

static char *file_read(const char *path)
{
    FILE *f = fopen(path, "rb");
    char *text = NULL;
    size_t capacity = 0;
    if (f && getdelim(&text, &capacity, '\0', f) < 0) {
        free(text);
        text = NULL;
    }
    if (f) fclose(f);
    return text;
}

static bool is_wanted(const char *path)
{
    static const char *const suffixes[] = {".c", ".h", ".def", ".sh", ".awk", ".md", ".case", "layers.txt", "meson.build", "meson_options.txt"};
    for (size_t k = 0; k < sizeof suffixes / sizeof *suffixes; k++)
        if (has_suffix(path, suffixes[k])) return true;
    return strcmp(path, "check") == 0 || strcmp(path, "quickstart") == 0 || strcmp(path, ".ci/run") == 0;
}

static bool is_left_out(const char *path, const char *name)
{
    return (*name == '.' && strcmp(name, ".ci") != 0) || strncmp(path, "build", 5) == 0 || strcmp(path, "out") == 0 ||
           strcmp(path, "datasets/data") == 0;
}

static void file_add(tree *t, const char *root, const char *path)
{
    char full[4096];
    snprintf(full, sizeof full, "%s/%s", root, path);
    char *raw = file_read(full);
    if (!raw) return; /* empty */
    source *files = realloc(t->files, ((size_t)t->n + 1) * sizeof *files);
    char *copy = strdup(path);
    if (!files || !copy) abort();
    t->files = files;
    t->files[t->n++] = (source){copy, raw, has_suffix(path, ".c") || has_suffix(path, ".h") ? blanked(raw) : NULL};
}

static void folder_load(tree *t, const char *root, const char *folder)
{
    char full[4096], path[2048];
    snprintf(full, sizeof full, "%s/%s", root, folder);
    DIR *dir = opendir(full);
    for (struct dirent *entry; dir && (entry = readdir(dir));) {
        struct stat info;
        snprintf(path, sizeof path, "%s%s%s", folder, *folder ? "/" : "", entry->d_name);
        if (is_left_out(path, entry->d_name)) continue;
        snprintf(full, sizeof full, "%s/%s", root, path);
        if (lstat(full, &info) != 0) continue;
        if (S_ISDIR(info.st_mode)) folder_load(t, root, path);
        else if (S_ISREG(info.st_mode) && is_wanted(path)) file_add(t, root, path);
    }
    if (dir) closedir(dir);
}

static int by_path(const void *a, const void *b)
{
    return strcmp(((const source *)a)->path, ((const source *)b)->path);
}

tree tree_load(const char *root)
{
    tree t = {0};
    folder_load(&t, root, "");
    if (t.n > 0) qsort(t.files, (size_t)t.n, sizeof *t.files, by_path);
    return t;
}

void tree_free(tree *t)
{
    for (int k = 0; k < t->n; k++) {
        free(t->files[k].path);
        free(t->files[k].raw);
        free(t->files[k].code);
    }
    free(t->files);
    *t = (tree){0};
}

const source *tree_find(const tree *t, const char *path)
{
    for (int k = 0; k < t->n; k++)
        if (strcmp(t->files[k].path, path) == 0) return &t->files[k];
    return NULL;
}
