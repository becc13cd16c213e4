/* What the lint program is made of: the source tree in memory, a list of complaints, and the rules. */
#ifndef HF_TESTS_LINT_LINT_H
#define HF_TESTS_LINT_LINT_H

#include <stdbool.h>
#include <stddef.h>

/* A file. `code` is `raw` with comments, strings and character constants blanked, of the same length, lines kept (C files only, else NULL). */
typedef struct source {
    char *path; /* from the root of the tree */
    char *raw, *code;
} source;

typedef struct tree {
    int n;
    source *files; /* by path */
} tree;

/* Reads all sources, scripts and texts below `root`; build folders, shipped data and hidden folders but .ci are left out. */
tree tree_load(const char *root);
void tree_free(tree *t);
const source *tree_find(const tree *t, const char *path);

bool has_suffix(const char *text, const char *suffix);
bool is_in_folder(const char *path, const char *folder); /* anywhere below it */
bool is_library(const char *path);                       /* base model solver datasets viz */
int line_of(const char *text, const char *at);           /* from 1 */

/* Calls f(line, length, number) for each line of a text. */
typedef void (*line_function)(void *context, const char *line, size_t length, int number);
void each_line(const char *text, line_function f, void *context);

/* Complaints, one line each: "path:line: what". */
typedef struct complaints {
    int n;
    char *text;
    size_t length;
} complaints;

void complain(complaints *c, const char *path, int line, const char *format, ...) __attribute__((format(printf, 4, 5)));

/* The rules. */
void rule_layers(const tree *t, complaints *c);           /* docs/layers.txt */
void rule_private_headers(const tree *t, complaints *c);  /* headers that are not installed stay in their folder */
void rule_calls(const tree *t, complaints *c);            /* no heap, printing or exiting in the library */
void rule_lengths(const tree *t, complaints *c);          /* functions, files, lines */
void rule_leftovers(const tree *t, complaints *c);        /* no marks of unfinished work */
void rule_error_codes(const tree *t, complaints *c);      /* base/errors.def */
void rule_headers_alone(const char *root, const tree *t, complaints *c); /* each compiles by itself; the compiler is $HOLDFAST_CC */

#endif
