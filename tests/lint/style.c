/* What a file may hold: calls, lengths, leftovers, error codes; and headers that compile alone. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/lint/lint.h"

/* 140 columns are the aim; 160 leave room for a line that reads worse when it is broken. */
enum { MAX_FUNCTION_LINES = 100, MAX_FILE_LINES = 700, MAX_COLUMNS = 160, MAX_CODES = 256 };

static bool is_word(char ch)
{
    return isalnum((unsigned char)ch) || ch == '_';
}

/* The next whole word `word` in a text at or after `from`, or NULL. */
static const char *word_find(const char *text, const char *from, const char *word)
{
    size_t n = strlen(word);
    for (const char *p = strstr(from, word); p; p = strstr(p + 1, word))
        if ((p == text || !is_word(p[-1])) && !is_word(p[n])) return p;
    return NULL;
}

static bool is_call(const char *text, const char *at, const char *word)
{
    const char *after = at + strlen(word);
    while (isspace((unsigned char)*after)) after++;
    return *after == '(' && !(at > text && (at[-1] == '.' || at[-1] == '>'));
}

static void calls_check(const source *file, complaints *c)
{
    static const char *const calls[] = {
        "malloc", "calloc",  "realloc",  "reallocarray", "free",     "aligned_alloc", "posix_memalign", "alloca", "strdup", "strndup", "asprintf",
        "getline", "getdelim", "vasprintf", "printf",     "vprintf", "puts",          "putchar",        "perror", "exit",   "_exit",   "_Exit",
        "quick_exit", "abort", "system", "popen",
    };
    static const char *const streams[] = {"stdout", "stderr"};
    for (size_t k = 0; k < sizeof calls / sizeof *calls; k++)
        for (const char *p = file->code; (p = word_find(file->code, p, calls[k])); p++)
            if (is_call(file->code, p, calls[k])) complain(c, file->path, line_of(file->code, p), "%s() has no place in the library", calls[k]);
    for (size_t k = 0; k < sizeof streams / sizeof *streams; k++)
        for (const char *p = file->code; (p = word_find(file->code, p, streams[k])); p++)
            complain(c, file->path, line_of(file->code, p), "the library does not write to %s", streams[k]);
}

void rule_calls(const tree *t, complaints *c)
{
    for (int k = 0; k < t->n; k++)
        if (t->files[k].code && is_library(t->files[k].path) && strcmp(t->files[k].path, "base/alloc.c") != 0) calls_check(&t->files[k], c);
}

typedef struct measure {
    const char *path;
    complaints *c;
    int lines, opened;
} measure;

static void raw_line(void *context, const char *line, size_t length, int number)
{
    measure *m = context;
    int columns = 0;
    for (size_t k = 0; k < length; k++) columns += ((unsigned char)line[k] & 0xC0) != 0x80; /* bytes that start a character */
    m->lines = number;
    if (columns > MAX_COLUMNS) complain(m->c, m->path, number, "%d columns, %d are allowed", columns, MAX_COLUMNS);
    if (length > 0 && isspace((unsigned char)line[length - 1])) complain(m->c, m->path, number, "blank at the end of the line");
    if (memchr(line, '\t', length)) complain(m->c, m->path, number, "tab");
}

/* Functions open and close their braces at the first column. */
static void code_line(void *context, const char *line, size_t length, int number)
{
    measure *m = context;
    while (length > 0 && line[length - 1] == ' ') length--;
    if (length == 1 && *line == '{') m->opened = number;
    if (length > 3 && !isspace((unsigned char)*line) && *line != '#' && *line != '}' && memcmp(line + length - 3, ") {", 3) == 0)
        complain(m->c, m->path, number, "the brace of a function stands on its own line");
    if (length < 1 || *line != '}' || m->opened == 0) return;
    if (number - m->opened - 1 > MAX_FUNCTION_LINES)
        complain(m->c, m->path, m->opened, "a function of %d lines, %d are allowed", number - m->opened - 1, MAX_FUNCTION_LINES);
    m->opened = 0;
}

void rule_lengths(const tree *t, complaints *c)
{
    for (int k = 0; k < t->n; k++) {
        const source *file = &t->files[k];
        measure m = {.path = file->path, .c = c};
        if (!file->code) continue;
        each_line(file->raw, raw_line, &m);
        each_line(file->code, code_line, &m);
        if (m.lines > MAX_FILE_LINES) complain(c, file->path, m.lines, "%d lines, %d are allowed", m.lines, MAX_FILE_LINES);
        if (!has_suffix(file->raw, "\n")) complain(c, file->path, m.lines, "no newline at the end of the file");
    }
}

void rule_leftovers(const tree *t, complaints *c)
{
    static const char *const marks[] = {"TO" "DO", "FIX" "ME", "X" "XX"}; /* in two pieces, not to find themselves */
    for (int k = 0; k < t->n; k++)
        for (size_t m = 0; m < sizeof marks / sizeof *marks; m++)
            for (const char *p = t->files[k].raw; (p = word_find(t->files[k].raw, p, marks[m])); p++)
                complain(c, t->files[k].path, line_of(t->files[k].raw, p), "%s: unfinished work", marks[m]);
}

typedef struct codes {
    complaints *c;
    int n, number[MAX_CODES];
    char name[MAX_CODES][64], text[MAX_CODES][160];
} codes;

static void code_add(void *context, const char *line, size_t length, int number)
{
    codes *all = context;
    const char *path = "base/errors.def";
    int at = all->n;
    if (length < 7 || strncmp(line, "HF_ERR(", 7) != 0) return;
    if (at == MAX_CODES || sscanf(line, "HF_ERR(%63[A-Z0-9_], %d, \"%159[^\"]\")", all->name[at], &all->number[at], all->text[at]) != 3) {
        complain(all->c, path, number, "not a row of the table");
        return;
    }
    for (int k = 0; k < at; k++) {
        if (all->number[k] == all->number[at]) complain(all->c, path, number, "%d is %s already", all->number[at], all->name[k]);
        if (strcmp(all->name[k], all->name[at]) == 0) complain(all->c, path, number, "%s is there already", all->name[at]);
        if (strcmp(all->text[k], all->text[at]) == 0) complain(all->c, path, number, "%s has the same text", all->name[k]);
    }
    if (all->number[at] <= 100 || all->number[at] >= 500) complain(all->c, path, number, "%d is not between 101 and 499", all->number[at]);
    all->n++;
}

void rule_error_codes(const tree *t, complaints *c)
{
    static codes all;
    all = (codes){.c = c};
    const source *table = tree_find(t, "base/errors.def");
    if (table) each_line(table->raw, code_add, &all);
    if (all.n == 0) complain(c, "base/errors.def", 1, "no error codes");
}

/* Words of $HOLDFAST_CC, the options, the headers, NULL. */
static char **compile_command(const tree *t, char *compiler, char *include)
{
    static char *options[] = {"-std=c17", "-D_GNU_SOURCE", "-Wall", "-Wextra", "-Werror", "-fsyntax-only", "-x", "c"};
    size_t n = 0, n_options = sizeof options / sizeof *options;
    char **args = calloc((size_t)t->n + n_options + 16, sizeof *args);
    if (!args) abort();
    for (char *word = strtok(compiler, " "); word && n < 8; word = strtok(NULL, " ")) args[n++] = word;
    for (size_t k = 0; k < n_options; k++) args[n++] = options[k];
    args[n++] = include;
    for (int k = 0; k < t->n; k++)
        if (has_suffix(t->files[k].path, ".h")) args[n++] = t->files[k].path;
    return args;
}

void rule_headers_alone(const char *root, const tree *t, complaints *c)
{
    const char *given = getenv("HOLDFAST_CC");
    char *compiler = strdup(given ? given : "cc"), include[] = "-I.";
    char **args = compile_command(t, compiler, include);
    int ends[2], status = -1;
    char line[1024];
    if (!compiler || pipe(ends) != 0) abort();
    pid_t child = fork();
    if (child == 0) {
        dup2(ends[1], 1);
        dup2(ends[1], 2);
        close(ends[0]);
        if (chdir(root) == 0) execvp(args[0], args);
        _exit(127);
    }
    close(ends[1]);
    FILE *output = fdopen(ends[0], "r");
    for (int n = 0; output && fgets(line, sizeof line, output);)
        if (strstr(line, "error") && n++ < 50) {
            line[strcspn(line, "\n")] = '\0';
            complain(c, "headers", 0, "%s", line);
        }
    if (output) fclose(output);
    if (child > 0) waitpid(child, &status, 0);
    if (status != 0 && c->n == 0) complain(c, "headers", 0, "%s ended with status %d", args[0], WEXITSTATUS(status));
    free(args);
    free(compiler);
}
