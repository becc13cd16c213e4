#include <string.h>

#include "cli/help.h"

/* Text with what troff would read as a request or an escape made plain. */
static void roff(hf_buf *out, const char *text)
{
    if (*text == '.' || *text == '\'') hf_buf_puts(out, "\\&");
    for (; *text; text++) {
        if (*text == '\\') hf_buf_puts(out, "\\e");
        else if (*text == '-') hf_buf_puts(out, "\\-");
        else hf_buf_add(out, text, 1);
    }
}

static void option_entry(const hf_option *o, hf_buf *out)
{
    hf_buf_puts(out, ".TP\n");
    if (o->letter) hf_buf_printf(out, "\\fB\\-%c\\fR, ", o->letter);
    hf_buf_puts(out, "\\fB\\-\\-");
    roff(out, o->name);
    hf_buf_puts(out, "\\fR");
    if (*o->argument) {
        hf_buf_puts(out, " \\fI");
        roff(out, o->argument);
        hf_buf_puts(out, "\\fR");
    }
    hf_buf_puts(out, "\n");
    roff(out, o->meaning);
    if (o->type == HF_OPTION_CHOICE) {
        hf_buf_puts(out, " One of ");
        for (const char *p = o->choices; *p; p++) hf_buf_add(out, *p == '|' ? ", " : p, *p == '|' ? 2 : 1);
        hf_buf_puts(out, ".");
    }
    if (*o->fallback) {
        hf_buf_puts(out, " Default: ");
        roff(out, o->fallback);
        hf_buf_puts(out, ".");
    }
    hf_buf_puts(out, "\n");
}

static void command_section(const hf_command *command, hf_buf *out)
{
    hf_buf_printf(out, ".SS holdfast %s ", command->name);
    roff(out, command->words);
    hf_buf_puts(out, "\n");
    roff(out, command->description);
    hf_buf_puts(out, "\n");
    for (const hf_option *const *table = command->options; *table; table++)
        for (const hf_option *o = *table; o->name; o++) option_entry(o, out);
    hf_buf_puts(out, ".PP\nExamples:\n");
    for (const hf_example *e = command->examples; e->line; e++) {
        hf_buf_puts(out, ".TP\n");
        roff(out, e->line);
        hf_buf_puts(out, "\n");
        roff(out, e->what);
        hf_buf_puts(out, "\n");
    }
}

void hf_manual_page(hf_buf *out)
{
    hf_buf_puts(out, ".TH HOLDFAST 1 \"\" \"holdfast " HF_VERSION "\" \"User Commands\"\n"
                     ".SH NAME\nholdfast \\- cascading failure between critical entities\n"
                     ".SH SYNOPSIS\n.B holdfast\n.I COMMAND DATASET\n[options]\n"
                     ".SH DESCRIPTION\n"
                     "Holdfast models what depends on what between critical entities: what fails next, when and why, and what it costs.\n"
                     "A data set is a folder with a datapackage.json and CSV tables, or a .zip of it.\n"
                     "Results go to standard output, messages to standard error.\n"
                     ".SH COMMANDS\n");
    for (int i = 0; i < hf_command_count; i++) command_section(&hf_commands[i], out);
    hf_buf_puts(out, ".SH EXIT STATUS\n"
                     ".TP\n0\nsuccess\n.TP\n1\nfailed, for example a file could not be written\n.TP\n2\nwrong usage\n"
                     ".TP\n3\nthe data set has errors\n.TP\n4\nno answer exists\n"
                     ".SH ENVIRONMENT\n.TP\n.B NO_COLOR\nIf set and not empty, no colours are used.\n");
}
