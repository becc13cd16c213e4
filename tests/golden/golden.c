/* Runs the sessions of golden files and of the manual through the built command and compares what comes out.
 *
 * A golden file (*.golden) holds sessions: a line "$ command", then what it printed, "| " before each line of standard output and "! "
 * before each line of standard error, then "[exit N]" unless N is 0. Other lines are comment. In Markdown, the fenced blocks marked
 * `console` are sessions too: the lines under "$ command" are its output, both streams as they come, and a last line "..." stands for the
 * rest. Commands run in the source tree's root with $OUT a scratch folder. With --update the files are written anew instead.
 *
 * usage: golden [--update] FOLDER_OF_THE_COMMAND SOURCE FILE... */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/text.h"

typedef struct runner {
    const char *source, *scratch;
    bool update;
    int cases, failed;
} runner;

static bool file_read(const char *path, hf_buf *text)
{
    char block[4096];
    size_t n;
    FILE *file = fopen(path, "rb");
    if (!file) return false;
    while ((n = fread(block, 1, sizeof block, file)) > 0) hf_buf_add(text, block, n);
    fclose(file);
    hf_buf_add(text, "", 0);
    return text->err == HF_OK;
}

static void lines_add(hf_buf *out, const char *prefix, const char *text)
{
    while (text && *text) {
        size_t length = strcspn(text, "\n");
        hf_buf_puts(out, length || prefix[0] == '\0' ? prefix : (const char[]){prefix[0], '\0'});
        hf_buf_add(out, text, length);
        hf_buf_puts(out, "\n");
        text += length;
        if (*text == '\n') text++;
        else hf_buf_puts(out, "[no newline at the end]\n");
    }
}

/* Runs one command and appends the session's body. */
static bool session_run(const runner *r, const char *command, bool markdown, hf_buf *body)
{
    hf_buf line = {0}, out = {0}, messages = {0}, path = {0};
    char block[4096];
    size_t n;
    hf_buf_printf(&path, "%s/stderr", r->scratch);
    hf_buf_printf(&line, "cd '%s' && { %s\n} %s%s", r->source, command, markdown ? "2>&1" : "2>", markdown ? "" : path.text);
    FILE *pipe = popen(line.text, "r");
    if (!pipe) return false;
    while ((n = fread(block, 1, sizeof block, pipe)) > 0) hf_buf_add(&out, block, n);
    int status = pclose(pipe);
    if (!markdown) file_read(path.text, &messages);
    lines_add(body, markdown ? "" : "| ", out.text);
    lines_add(body, "! ", messages.text);
    status = WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
    if (status != 0 && !markdown) hf_buf_printf(body, "[exit %d]\n", status);
    hf_buf_done(&line);
    hf_buf_done(&out);
    hf_buf_done(&messages);
    hf_buf_done(&path);
    return body->err == HF_OK;
}

static const char *next_line(const char *p)
{
    p += strcspn(p, "\n");
    return *p ? p + 1 : p;
}

/* End of the expected body that starts at p. */
static const char *body_end(const char *p, bool markdown)
{
    for (; *p; p = next_line(p)) {
        if (markdown && (strncmp(p, "$ ", 2) == 0 || strncmp(p, "```", 3) == 0)) break;
        if (!markdown && *p != '|' && *p != '!' && *p != '[') break;
    }
    return p;
}

/* Cuts `body` to as many lines as stood before the "..." that ends the expected text, and puts the dots back. */
static void body_elide(hf_buf *body, const char *expected, size_t length)
{
    if (length < 4 || memcmp(expected + length - 4, "...\n", 4) != 0 || (length > 4 && expected[length - 5] != '\n')) return;
    const char *at = body->text ? body->text : "";
    for (const char *p = expected; p + 4 < expected + length; p = next_line(p)) at = next_line(at);
    if (!body->text) return;
    body->length = (size_t)(at - body->text);
    hf_buf_puts(body, "...\n");
}

static void difference_print(const char *expected, size_t length, const hf_buf *got)
{
    hf_buf wanted = {0};
    hf_buf_add(&wanted, expected, length);
    const char *a = wanted.text ? wanted.text : "", *b = got->text ? got->text : "";
    while (*a && *b && strcspn(a, "\n") == strcspn(b, "\n") && strncmp(a, b, strcspn(a, "\n")) == 0) a = next_line(a), b = next_line(b);
    for (int i = 0; i < 4 && *a; i++, a = next_line(a)) printf("#   expected: %.*s\n", (int)strcspn(a, "\n"), a);
    for (int i = 0; i < 4 && *b; i++, b = next_line(b)) printf("#   printed:  %.*s\n", (int)strcspn(b, "\n"), b);
    hf_buf_done(&wanted);
}

/* One session whose command stands at p; appends it as it now is to `fresh` and returns where it ends. */
static const char *session(runner *r, const char *name, const char *p, bool markdown, hf_buf *fresh)
{
    hf_buf command = {0}, body = {0};
    hf_buf_add(&command, p + 2, strcspn(p, "\n") - 2);
    hf_buf_printf(fresh, "$ %s\n", command.text);
    const char *expected = next_line(p), *end = body_end(expected, markdown);
    size_t length = (size_t)(end - expected);
    bool ran = session_run(r, command.text, markdown, &body);
    if (markdown) body_elide(&body, expected, length);
    bool same = ran && body.length == length && (length == 0 || memcmp(body.text, expected, length) == 0);
    if (!same && !r->update) {
        r->failed++;
        difference_print(expected, length, &body);
    }
    printf("%sok %d - %s: %s\n", same || r->update ? "" : "not ", ++r->cases, name, command.text);
    fflush(stdout);
    hf_buf_add(fresh, body.text ? body.text : "", body.length);
    hf_buf_done(&command);
    hf_buf_done(&body);
    return end;
}

static bool file_write(const char *path, const hf_buf *text)
{
    FILE *file = fopen(path, "wb");
    if (!file) return false;
    bool good = fwrite(text->text, 1, text->length, file) == text->length;
    return fclose(file) == 0 && good;
}

static void file_run(runner *r, const char *path)
{
    hf_buf text = {0}, fresh = {0};
    const char *name = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
    size_t n = strlen(path);
    bool markdown = n > 3 && strcmp(path + n - 3, ".md") == 0, inside = !markdown;
    if (!file_read(path, &text)) {
        printf("not ok %d - %s cannot be read\n", ++r->cases, path);
        r->failed++;
    }
    for (const char *p = text.text; p && *p;) {
        if (inside && strncmp(p, "$ ", 2) == 0) {
            p = session(r, name, p, markdown, &fresh);
            continue;
        }
        if (markdown && strncmp(p, "```", 3) == 0) inside = strncmp(p, "```console\n", 11) == 0;
        const char *end = next_line(p);
        hf_buf_add(&fresh, p, (size_t)(end - p));
        p = end;
    }
    if (r->update && fresh.length && !file_write(path, &fresh)) r->failed++;
    hf_buf_done(&text);
    hf_buf_done(&fresh);
}

static void environment_set(const char *folder, const char *scratch)
{
    hf_buf path = {0};
    hf_buf_printf(&path, "%s:%s", folder, getenv("PATH") ? getenv("PATH") : "/usr/bin:/bin");
    setenv("PATH", path.text, 1);
    setenv("OUT", scratch, 1);
    unsetenv("NO_COLOR");
    unsetenv("COLUMNS");
    hf_buf_done(&path);
}

int main(int argc, char **argv)
{
    int first = argc > 1 && strcmp(argv[1], "--update") == 0 ? 2 : 1;
    char scratch[] = "/tmp/holdfast-golden-XXXXXX";
    if (argc < first + 2 || !mkdtemp(scratch)) {
        fputs("usage: golden [--update] FOLDER_OF_THE_COMMAND SOURCE FILE...\n", stderr);
        return 2;
    }
    runner r = {argv[first + 1], scratch, first == 2, 0, 0};
    environment_set(argv[first], scratch);
    for (int i = first + 2; i < argc; i++) file_run(&r, argv[i]);
    printf("1..%d\n", r.cases);
    char remove_line[64];
    snprintf(remove_line, sizeof remove_line, "rm -rf '%s'", scratch);
    if (system(remove_line) != 0) printf("# %s is left behind\n", scratch);
    return r.failed ? 1 : 0;
}
