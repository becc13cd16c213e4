#include "cli/help.h"

#include <stdio.h>
#include <string.h>

#include "cli/cli.h"

enum { HELP_WIDTH = 80, OPTION_INDENT = 24, SUMMARY_INDENT = 14 };

static const char epilogue[] = "Results go to standard output, messages to standard error.\n"
                               "Exit status: 0 ok, 1 failed, 2 wrong usage, 3 errors in the data, 4 no answer exists.\n";

/* Columns of the first `length` bytes, which hold whole characters. */
static int columns_of(const char *text, size_t length)
{
    int columns = 0;
    for (size_t i = 0; i < length; i++) columns += ((unsigned char)text[i] & 0xC0) != 0x80;
    return columns;
}

void hf_help_wrap(hf_buf *out, const char *text, int at, int indent, int width)
{
    int column = at;
    bool first = true;
    while (*text) {
        size_t length = strcspn(text, " ");
        int columns = columns_of(text, length);
        if (!first && column + 1 + columns > width) {
            hf_buf_printf(out, "\n%*s", indent, "");
            column = indent;
        } else if (!first) {
            hf_buf_puts(out, " ");
            column++;
        }
        hf_buf_add(out, text, length);
        column += columns;
        first = false;
        text += length;
        text += strspn(text, " ");
    }
}

void hf_help_usage_line(const hf_command *command, hf_buf *out)
{
    hf_buf_printf(out, "holdfast %s %s [options]\n", command->name, command->words);
}

void hf_help_overview(hf_buf *out)
{
    hf_buf_puts(out, "Holdfast models what depends on what between critical entities: what fails next,\n"
                     "when and why, and what it costs.\n\n"
                     "Usage: holdfast COMMAND DATASET [options]\n\n"
                     "Commands:\n");
    for (int i = 0; i < hf_command_count; i++) {
        hf_buf_printf(out, "  %-*s", SUMMARY_INDENT - 2, hf_commands[i].name);
        hf_help_wrap(out, hf_commands[i].summary, SUMMARY_INDENT, SUMMARY_INDENT, HELP_WIDTH);
        hf_buf_puts(out, "\n");
    }
    hf_buf_puts(out, "\nOptions:\n"
                     "  --help      this list; after a command: its options and examples\n"
                     "  --version   the version\n"
                     "  --print-man the manual page, in troff\n\n");
    hf_buf_puts(out, "Try `holdfast check DATASET` first, then `holdfast help cascade`.\n\n");
    hf_buf_puts(out, epilogue);
}

static void option_help(const hf_option *o, hf_buf *out)
{
    char head[96];
    char letter[5] = "";
    if (o->letter) snprintf(letter, sizeof letter, "-%c, ", o->letter);
    int length = snprintf(head, sizeof head, "  %s--%s%s%s", letter, o->name, *o->argument ? " " : "", o->argument);
    if (length > OPTION_INDENT - 2) hf_buf_printf(out, "%s\n%*s", head, OPTION_INDENT, "");
    else hf_buf_printf(out, "%-*s", OPTION_INDENT, head);
    hf_buf text = {0};
    hf_buf_puts(&text, o->meaning);
    if (o->type == HF_OPTION_CHOICE) {
        hf_buf_puts(&text, " One of ");
        for (const char *p = o->choices; *p; p++) hf_buf_add(&text, *p == '|' ? ", " : p, *p == '|' ? 2 : 1);
        hf_buf_puts(&text, ".");
    }
    if (*o->fallback) hf_buf_printf(&text, " Default: %s.", o->fallback);
    if (text.text) hf_help_wrap(out, text.text, OPTION_INDENT, OPTION_INDENT, HELP_WIDTH);
    hf_buf_done(&text);
    hf_buf_puts(out, "\n");
}

void hf_help_command(const hf_command *command, hf_buf *out)
{
    hf_buf_printf(out, "holdfast %s: %s\n\nUsage: ", command->name, command->summary);
    hf_help_usage_line(command, out);
    hf_buf_puts(out, "\n");
    hf_help_wrap(out, command->description, 0, 0, HELP_WIDTH);
    hf_buf_puts(out, "\n\nOptions:\n");
    for (const hf_option *const *table = command->options; *table; table++)
        for (const hf_option *o = *table; o->name; o++) option_help(o, out);
    hf_buf_puts(out, "\nExamples:\n");
    for (const hf_example *e = command->examples; e->line; e++) hf_buf_printf(out, "  %s\n      %s\n", e->line, e->what);
}

hf_err hf_cmd_help(hf_cli *cli)
{
    if (cli->args.n_words == 0) {
        hf_help_overview(&cli->out);
        return HF_OK;
    }
    const char *name = cli->args.words[0];
    const hf_command *command = hf_command_find(name);
    if (!command) {
        const char *near = hf_command_nearest(name);
        return hf_cli_usage(cli, "there is no command \"%s\"%s%s%s", name, near ? "; did you mean " : "", near ? near : "", near ? "?" : "");
    }
    hf_help_command(command, &cli->out);
    return HF_OK;
}
