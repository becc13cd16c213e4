/* Who may include whom: the table of docs/layers.txt against every #include. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/lint/lint.h"

enum { MAX_ROWS = 64, MAX_TEXT = 1024 };

/* Lists of words, each with a blank before and after it, so that " word " can be looked for. */
typedef struct row {
    char folder[64], ours[MAX_TEXT], outside[MAX_TEXT];
} row;

typedef struct table {
    int n;
    row rows[MAX_ROWS];
    char any[MAX_TEXT], system_folders[MAX_TEXT], system_headers[MAX_TEXT];
    bool open, closed;
    complaints *c;
} table;

static bool is_listed(const char *list, const char *word, size_t length)
{
    char padded[256];
    snprintf(padded, sizeof padded, " %.*s ", (int)length, word);
    return strstr(list, " * ") || strstr(list, padded);
}

/* Whether the list has the header, or one of the folders it lies in (written with a trailing slash). */
static bool header_listed(const char *list, const char *header)
{
    if (is_listed(list, header, strlen(header))) return true;
    for (const char *slash = strchr(header, '/'); slash; slash = strchr(slash + 1, '/'))
        if (is_listed(list, header, (size_t)(slash - header) + 1)) return true;
    return false;
}

/* Whether the list has the folder of a path, or one above it. */
static bool folder_listed(const char *list, const char *path)
{
    for (const char *slash = strchr(path, '/'); slash; slash = strchr(slash + 1, '/'))
        if (is_listed(list, path, (size_t)(slash - path))) return true;
    return strstr(list, " * ") != NULL;
}

/* Appends the words of text[0 .. length) to a list. */
static void words_add(char *list, const char *text, size_t length)
{
    size_t used = strlen(list);
    if (used == 0) list[used++] = ' ';
    for (size_t k = 0; k < length && used + 2 < MAX_TEXT; k++) {
        if (!isspace((unsigned char)text[k])) list[used++] = text[k];
        else if (list[used - 1] != ' ') list[used++] = ' ';
    }
    if (list[used - 1] != ' ') list[used++] = ' ';
    list[used] = '\0';
}

static void table_line(void *context, const char *line, size_t length, int number)
{
    table *t = context;
    if (strncmp(line, "begin layers\n", 13) == 0) t->open = true;
    if (strncmp(line, "end layers", 10) == 0) t->closed = t->open;
    const char *colon = memchr(line, ':', length), *end = line + length;
    if (!t->open || t->closed || !colon) return;
    const char *second = memchr(colon + 1, ':', (size_t)(end - colon - 1));
    size_t name = (size_t)(colon - line);
    while (name > 0 && line[name - 1] == ' ') name--;
    char *special = name == 10 && memcmp(line, "any folder", 10) == 0         ? t->any
                    : name == 14 && memcmp(line, "system folders", 14) == 0 ? t->system_folders
                    : name == 14 && memcmp(line, "system headers", 14) == 0 ? t->system_headers
                                                                            : NULL;
    if (special) words_add(special, colon + 1, (size_t)(end - colon - 1));
    else if (!second || t->n == MAX_ROWS || name >= sizeof t->rows->folder) complain(t->c, "docs/layers.txt", number, "not a row of the table");
    else {
        row *r = &t->rows[t->n++];
        memcpy(r->folder, line, name);
        r->folder[name] = '\0';
        words_add(r->ours, colon + 1, (size_t)(second - colon - 1));
        words_add(r->outside, second + 1, (size_t)(end - second - 1));
    }
}

static const row *row_of(const table *t, const char *path)
{
    const row *best = NULL;
    for (int k = 0; k < t->n; k++)
        if (is_in_folder(path, t->rows[k].folder) && (!best || strlen(t->rows[k].folder) > strlen(best->folder))) best = &t->rows[k];
    return best;
}

static void check_ours(const table *t, const tree *all, const source *file, const char *header, int line)
{
    const row *from = row_of(t, file->path);
    if (!tree_find(all, header)) {
        complain(t->c, file->path, line, "\"%s\" is not a file of ours, seen from the root", header);
        return;
    }
    const row *to = row_of(t, header);
    if (to != from && !folder_listed(from->ours, header)) complain(t->c, file->path, line, "%s may not include \"%s\"", from->folder, header);
}

static void check_outside(const table *t, const source *file, const char *header, int line)
{
    const row *from = row_of(t, file->path);
    if (header_listed(t->any, header)) return;
    if (header_listed(t->system_headers, header)) {
        if (!folder_listed(t->system_folders, file->path))
            complain(t->c, file->path, line, "%s may not include the system header <%s>", from->folder, header);
        return;
    }
    if (!header_listed(from->outside, header)) complain(t->c, file->path, line, "%s may not include <%s>", from->folder, header);
    else if (has_suffix(file->path, ".h") && !is_in_folder(file->path, "tests") && !is_in_folder(file->path, "bench"))
        complain(t->c, file->path, line, "a header of ours may not include the outside header <%s>", header);
}

/* Calls f for each #include of a file with the header's name and whether it is written with <>. */
static void each_include(const source *file, void (*f)(void *context, const source *file, const char *header, bool angled, int line),
                         void *context)
{
    for (const char *hash = strchr(file->code, '#'); hash; hash = strchr(hash + 1, '#')) {
        const char *raw = file->raw + (hash - file->code) + 1;
        char header[256];
        while (*raw == ' ') raw++;
        if (strncmp(raw, "include", 7) != 0) continue;
        raw += 7 + strspn(raw + 7, " \t");
        size_t length = strcspn(raw + 1, ">\"\n");
        if ((*raw != '<' && *raw != '"') || length >= sizeof header) continue;
        memcpy(header, raw + 1, length);
        header[length] = '\0';
        f(context, file, header, *raw == '<', line_of(file->code, hash));
    }
}

typedef struct include_check {
    const table *t;
    const tree *all;
    complaints *c;
} include_check;

static void include_layer(void *context, const source *file, const char *header, bool angled, int line)
{
    const include_check *check = context;
    if (angled) check_outside(check->t, file, header, line);
    else check_ours(check->t, check->all, file, header, line);
}

void rule_layers(const tree *all, complaints *c)
{
    static table t;
    t = (table){.c = c};
    const source *text = tree_find(all, "docs/layers.txt");
    if (text) each_line(text->raw, table_line, &t);
    if (!t.closed) complain(c, "docs/layers.txt", 1, "there is no table of layers");
    include_check check = {&t, all, c};
    for (int k = 0; k < all->n && t.closed; k++) {
        if (!all->files[k].code) continue;
        if (row_of(&t, all->files[k].path)) each_include(&all->files[k], include_layer, &check);
        else complain(c, all->files[k].path, 1, "its folder is not in docs/layers.txt");
    }
}

/* Whether the meson.build beside a header names it. */
static bool is_installed(const tree *all, const char *header)
{
    char build[512], quoted[512];
    const char *slash = strrchr(header, '/');
    snprintf(build, sizeof build, "%.*smeson.build", slash ? (int)(slash + 1 - header) : 0, header);
    snprintf(quoted, sizeof quoted, "'%s'", slash ? slash + 1 : header);
    const source *meson = tree_find(all, build);
    return meson && strstr(meson->raw, quoted);
}

static void include_private(void *context, const source *file, const char *header, bool angled, int line)
{
    const include_check *check = context;
    const char *slash = strrchr(header, '/');
    size_t folder = slash ? (size_t)(slash + 1 - header) : 0;
    if (angled || !is_library(header) || !tree_find(check->all, header) || is_installed(check->all, header)) return;
    if (has_suffix(file->path, ".h") && is_installed(check->all, file->path))
        complain(check->c, file->path, line, "an installed header may not include \"%s\", which is not installed", header);
    else if (strncmp(file->path, header, folder) != 0) /* its folder and those inside it */
        complain(check->c, file->path, line, "\"%s\" is private to its folder (its meson.build does not install it)", header);
}

void rule_private_headers(const tree *all, complaints *c)
{
    include_check check = {NULL, all, c};
    for (int k = 0; k < all->n; k++)
        if (all->files[k].code && !is_in_folder(all->files[k].path, "tests") && !is_in_folder(all->files[k].path, "bench"))
            each_include(&all->files[k], include_private, &check);
}
