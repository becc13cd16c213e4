/* Lint: rules that the sources keep. Each rule is first shown to find what is wrong in a small bad tree, then run on ours. */
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/lint/lint.h"
#include "tests/tap.h"

static const char *root;
static tree ours;

static void print_complaints(const complaints *c)
{
    int shown = 0;
    for (const char *line = c->text; line && *line && shown < 40; shown++) {
        size_t length = strcspn(line, "\n");
        printf("# %.*s\n", (int)length, line);
        line += length + 1;
    }
    if (c->n > shown) printf("# and %d more\n", c->n - shown);
}

static void run_on_ours(void (*rule)(const tree *t, complaints *c))
{
    complaints c = {0};
    rule(&ours, &c);
    CHECK_INT(c.n, 0);
    print_complaints(&c);
    free(c.text);
}

/* A small tree in a temporary folder: path and text in turn, NULL at the end. */
typedef struct sample {
    char folder[64];
    tree t;
} sample;

static void folders_make(char *path)
{
    for (char *slash = strchr(path + 6, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        mkdir(path, 0777);
        *slash = '/';
    }
}

static sample sample_make(const char *const *files)
{
    sample s = {.folder = "/tmp/holdfast-lint-XXXXXX"};
    CHECK(mkdtemp(s.folder) != NULL);
    for (; *files; files += 2) {
        char path[256];
        snprintf(path, sizeof path, "%s/%s", s.folder, files[0]);
        folders_make(path);
        FILE *f = fopen(path, "wb");
        CHECK(f && fputs(files[1], f) >= 0 && fclose(f) == 0);
    }
    s.t = tree_load(s.folder);
    return s;
}

static void sample_remove(sample *s)
{
    char path[4096];
    for (int k = 0; k < s->t.n; k++) {
        snprintf(path, sizeof path, "%s/%s", s->folder, s->t.files[k].path);
        unlink(path);
    }
    for (int k = 0; k < s->t.n; k++) /* folders, from the inside out; most are there several times */
        for (char *slash; (slash = strrchr(s->t.files[k].path, '/'));) {
            *slash = '\0';
            snprintf(path, sizeof path, "%s/%s", s->folder, s->t.files[k].path);
            rmdir(path);
        }
    rmdir(s->folder);
    tree_free(&s->t);
}

/* The rule must complain `n` times about the sample, and each of the `expected` texts (NULL at the end) must be among the complaints. */
static void finds(const complaints *c, int n, const char *const *expected)
{
    CHECK_INT(c->n, n);
    for (; *expected; expected++)
        if (!c->text || !strstr(c->text, *expected)) {
            tap_fail(__FILE__, __LINE__, *expected);
            print_complaints(c);
        }
}

static void finds_in(void (*rule)(const tree *t, complaints *c), const char *const *files, int n, const char *const *expected)
{
    sample s = sample_make(files);
    complaints c = {0};
    rule(&s.t, &c);
    finds(&c, n, expected);
    if (tap_bad > 0) print_complaints(&c);
    free(c.text);
    sample_remove(&s);
}

#define LAYERS                                                                                                                             \
    "begin layers\nbase : - : -\nmodel : base model : -\nmodel/network : base : igraph.h\nviz : base model : graphviz/\ntests : * : *\n"     \
    "any folder : stdio.h\nsystem folders : base viz\nsystem headers : unistd.h sys/\nend layers\n"

static void layers_are_told_apart(void)
{
    static const char *const files[] = {
        "docs/layers.txt", LAYERS,
        "base/a.h", "#include <stdio.h>\n#include <sys/stat.h>\n",
        "base/b.c", "#include \"base/a.h\"\n#include \"model/network/n.h\"\n#include <glpk.h>\n",
        "model/network/n.h", "/* #include <zip.h> */\n#include \"base/a.h\"\n# include <igraph.h>\n#include <unistd.h>\n",
        "model/network/n.c", "#include \"model/network/n.h\"\n#include <igraph.h>\n#include \"viz/v.h\"\n#include \"n.h\"\n",
        "model/coupling.c", "#include \"model/network/n.h\"\n#include <igraph.h>\n",
        "viz/v.h", "const char *s = \"#include <zip.h>\";\n",
        "viz/v.c", "#include <graphviz/cgraph.h>\n#include \"viz/v.h\"\n#include \"tests/t.h\"\n#include <unistd.h>\n",
        "tests/t.h", "#include <zip.h>\n#include \"viz/v.h\"\n",
        "extra/e.c", "int e;\n",
        NULL};
    static const char *const expected[] = {
        "base/b.c:2: base may not include \"model/network/n.h\"",
        "base/b.c:3: base may not include <glpk.h>",
        "model/network/n.h:3: a header of ours may not include the outside header <igraph.h>",
        "model/network/n.h:4: model/network may not include the system header <unistd.h>",
        "model/network/n.c:3: model/network may not include \"viz/v.h\"",
        "model/network/n.c:4: \"n.h\" is not a file of ours",
        "model/coupling.c:2: model may not include <igraph.h>",
        "viz/v.c:3: viz may not include \"tests/t.h\"",
        "extra/e.c:1: its folder is not in docs/layers.txt",
        NULL};
    finds_in(rule_layers, files, 9, expected);
    static const char *const none[] = {"base/a.h", "int a;\n", NULL}, *const no_table[] = {"there is no table", NULL};
    finds_in(rule_layers, none, 1, no_table);
}

static void private_headers_are_told_apart(void)
{
    static const char *const files[] = {
        "base/meson.build", "install_headers('open.h', subdir: 'holdfast/base')\n",
        "base/open.h", "#include \"base/inside.h\"\n",
        "base/inside.h", "int a;\n",
        "base/a.c", "#include \"base/inside.h\"\n#include \"base/open.h\"\n",
        "model/b.c", "#include \"base/open.h\"\n#include \"base/inside.h\"\n",
        "tests/c.c", "#include \"base/inside.h\"\n",
        NULL};
    static const char *const expected[] = {"base/open.h:1: an installed header may not include \"base/inside.h\"",
                                           "model/b.c:2: \"base/inside.h\" is private", NULL};
    finds_in(rule_private_headers, files, 2, expected);
}

static void calls_are_told_apart(void)
{
    static const char *const files[] = {
        "base/alloc.c", "void *a(void)\n{\n    return malloc(1);\n}\n",
        "base/b.c", "/* malloc(1) */\nvoid f(void)\n{\n    hf_free(x);\n    s->free(1);\n    g(\"exit(1)\");\n    int free = '\"';\n    free (x);\n}\n",
        "model/c.c", "void f(void)\n{\n    printf(\"a\");\n    fprintf(stderr, \"b\");\n    snprintf(t, 1, \"c\");\n    exit(1);\n}\n",
        "cli/d.c", "void f(void)\n{\n    printf(\"a\");\n    exit(0);\n}\n",
        NULL};
    static const char *const expected[] = {"base/b.c:8: free()", "model/c.c:3: printf()", "model/c.c:4: the library does not write to stderr",
                                           "model/c.c:6: exit()", NULL};
    finds_in(rule_calls, files, 4, expected);
}

static char *repeated(const char *first, const char *line, int n, const char *last)
{
    char *text = malloc(strlen(first) + strlen(line) * (size_t)n + strlen(last) + 1), *p = text;
    if (!text) abort();
    p = stpcpy(p, first);
    while (n-- > 0) p = stpcpy(p, line);
    strcpy(p, last);
    return text;
}

static void lengths_are_told_apart(void)
{
    char *just = repeated("void f(void)\n{\n", "    g();\n", 100, "}\n"), *over = repeated("void f(void)\n{\n", "    g();\n", 101, "}\n");
    char *file = repeated("", "int a;\n", 701, ""), *line = repeated("", "x", 161, "\n");
    const char *const files[] = {"base/just.c", just, "base/over.c", over, "base/file.c", file, "base/line.c", line,
                                 "base/brace.c", "void f(void) {\n}\n", "base/end.c", "int a;", "base/blank.c", "int a; \n", "base/tab.c", "\tint a;\n",
                                 "base/fine.c", "static const int a[] = {\n    1,\n};\nvoid f(void)\n{\n    if (a) {\n    }\n}\n", NULL};
    static const char *const expected[] = {"base/over.c:2: a function of 101 lines", "base/file.c:701: 701 lines", "base/line.c:1: 161 columns",
                                           "base/brace.c:1: the brace", "base/end.c:1: no newline", "base/blank.c:1: blank", "base/tab.c:1: tab", NULL};
    finds_in(rule_lengths, files, 7, expected);
    free(just);
    free(over);
    free(file);
    free(line);
}

static void leftovers_are_told_apart(void)
{
    static const char *const files[] = {
        "base/a.c", "int a; /* TO" "DO: more */\n",
        "docs/b.md", "A text.\nFIX" "ME\n",
        "base/c.c", "int TO" "DO_list; /* mkdtemp(\"XXXXXX\") */\n",
        "quickstart", "# X" "XX\n",
        NULL};
    static const char *const expected[] = {"base/a.c:1:", "docs/b.md:2:", "quickstart:1:", NULL};
    finds_in(rule_leftovers, files, 3, expected);
}

static void error_codes_are_told_apart(void)
{
    static const char *const files[] = {
        "base/errors.def",
        "/* errors */\nHF_ERR(A, 101, \"a\")\nHF_ERR(B, 101, \"b\")\nHF_ERR(A, 102, \"c\")\nHF_ERR(C, 500, \"d\")\nHF_ERR(D, 103, \"a\")\nHF_ERR(E)\n", NULL};
    static const char *const expected[] = {"errors.def:3: 101 is A", "errors.def:4: A is there", "errors.def:5: 500", "errors.def:6: A has the same text",
                                           "errors.def:7: not a row", NULL};
    finds_in(rule_error_codes, files, 5, expected);
}

static void lone_headers_are_told_apart(void)
{
    static const char *const files[] = {"base/good.h", "#include <stddef.h>\nsize_t f(void);\n", "base/bad.h", "size_t f(void);\n", NULL};
    static const char *const expected[] = {"base/bad.h:1", NULL};
    sample s = sample_make(files);
    complaints c = {0};
    rule_headers_alone(s.folder, &s.t, &c);
    finds(&c, 1, expected);
    free(c.text);
    sample_remove(&s);
}

static void layers_are_kept(void)
{
    run_on_ours(rule_layers);
}

static void private_headers_stay_private(void)
{
    run_on_ours(rule_private_headers);
}

static void library_has_one_door_to_the_heap_and_prints_nothing(void)
{
    run_on_ours(rule_calls);
}

static void functions_and_files_are_short(void)
{
    run_on_ours(rule_lengths);
}

static void nothing_is_left_unfinished(void)
{
    run_on_ours(rule_leftovers);
}

static void error_codes_are_unique(void)
{
    run_on_ours(rule_error_codes);
}

static void headers_compile_alone(void)
{
    complaints c = {0};
    rule_headers_alone(root, &ours, &c);
    CHECK_INT(c.n, 0);
    print_complaints(&c);
    free(c.text);
}

int main(void)
{
    root = getenv("HOLDFAST_SOURCE");
    ours = tree_load(root ? root : ".");
    RUN(layers_are_told_apart);
    RUN(private_headers_are_told_apart);
    RUN(calls_are_told_apart);
    RUN(lengths_are_told_apart);
    RUN(leftovers_are_told_apart);
    RUN(error_codes_are_told_apart);
    RUN(lone_headers_are_told_apart);
    RUN(layers_are_kept);
    RUN(private_headers_stay_private);
    RUN(library_has_one_door_to_the_heap_and_prints_nothing);
    RUN(functions_and_files_are_short);
    RUN(nothing_is_left_unfinished);
    RUN(error_codes_are_unique);
    RUN(headers_compile_alone);
    tree_free(&ours);
    return tap_done();
}
