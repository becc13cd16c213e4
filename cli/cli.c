#include "cli/cli.h"
#include "cli/progress.h"

#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/alloc.h"
#include "cli/help.h"

enum { WIDTH_DEFAULT = 110, WIDTH_LEAST = 72, WIDTH_MOST = 160 };

static const char *volatile interrupt_file;
static volatile bool interrupt_asked, interrupt_waits; /* asked for; a command looks at it itself */

/* Standard output is written in one piece at the end and files are renamed into place, so there is nothing to undo but a file that was
 * being written. Only calls that are safe in a handler. */
static void interrupted(int signal_number)
{
    static const char text[] = "holdfast: interrupted; nothing was written\n";
    if (interrupt_waits && !interrupt_asked) {
        interrupt_asked = true;
        return;
    }
    if (interrupt_file) unlink(interrupt_file);
    ssize_t ignored = write(STDERR_FILENO, text, sizeof text - 1);
    (void)ignored;
    _exit(128 + signal_number);
}

const volatile bool *hf_interrupt_flag(void)
{
    interrupt_waits = true;
    return &interrupt_asked;
}

void hf_interrupt_removes(const char *path)
{
    interrupt_file = path;
}

static void signals_set(void)
{
    struct sigaction action = {0};
    action.sa_handler = interrupted;
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    signal(SIGPIPE, SIG_IGN); /* a reader that stops early shows as a failed write */
}

static int terminal_width(void)
{
    struct winsize size;
    if (!isatty(STDOUT_FILENO) || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return WIDTH_DEFAULT;
    return size.ws_col < WIDTH_LEAST ? WIDTH_LEAST : size.ws_col > WIDTH_MOST ? WIDTH_MOST : size.ws_col;
}

hf_exit hf_exit_of(hf_err err)
{
    switch (err) {
    case HF_OK: return HF_EXIT_OK;
    case HF_E_NO_ANSWER: return HF_EXIT_NO_ANSWER;
    case HF_E_FORMAT:
    case HF_E_TOO_LARGE:
    case HF_E_UNSAFE_PATH: return HF_EXIT_DATA;
    default: return err >= 200 && err < 300 ? HF_EXIT_DATA : HF_EXIT_FAILED;
    }
}

/* Results first reach the disk or pipe here; a full disk must not look like success. */
static bool output_write(const hf_buf *out)
{
    if (out->length == 0) return true;
    hf_progress_clear();
    return fwrite(out->text, 1, out->length, stdout) == out->length && fflush(stdout) == 0;
}

static void modes_set(hf_cli *cli)
{
    const char *no_color = getenv("NO_COLOR");
    bool wanted = !hf_args_has(&cli->args, "no-color") && !(no_color && *no_color);
    cli->quiet = hf_args_has(&cli->args, "quiet");
    cli->color = wanted && isatty(STDOUT_FILENO);
    cli->color_err = wanted && isatty(STDERR_FILENO);
    cli->width = terminal_width();
}

static hf_err words_check(hf_cli *cli)
{
    const hf_command *c = cli->command;
    int n = cli->args.n_words;
    if (n < c->min_words) return hf_cli_usage(cli, "%s missing: holdfast %s %s", c->min_words - n > 1 ? "arguments are" : "an argument is", c->name, c->words);
    if (n > c->max_words) return hf_cli_usage(cli, "one argument too many: \"%s\"", cli->args.words[c->max_words]);
    return HF_OK;
}

static hf_err command_run(hf_cli *cli, int argc, char **argv)
{
    hf_buf wrong = {0};
    hf_err err = hf_args_parse(&cli->args, argc, argv, 2, cli->command->options, &wrong);
    if (err == HF_E_RANGE) hf_cli_usage(cli, "%s", wrong.text ? wrong.text : "wrong usage");
    hf_buf_done(&wrong);
    if (err != HF_OK) return err;
    modes_set(cli);
    if (hf_args_has(&cli->args, "help")) {
        hf_help_command(cli->command, &cli->out);
        return HF_OK;
    }
    HF_TRY(words_check(cli));
    HF_TRY(hf_diag_new(&cli->diag));
    HF_TRY(cli->command->run(cli));
out:
    return err;
}

static void cli_done(hf_cli *cli)
{
    hf_package_free(cli->package);
    hf_diag_free(cli->diag);
    hf_args_done(&cli->args);
    hf_buf_done(&cli->out);
}

static hf_exit cli_finish(hf_cli *cli, hf_err err)
{
    hf_exit status = err == HF_OK || cli->status != HF_EXIT_OK ? cli->status : hf_exit_of(err);
    if (err == HF_OK) err = cli->out.err;
    if (err != HF_OK && !cli->told) hf_cli_message(cli, "%s", hf_err_text(err));
    if (err != HF_OK && status == HF_EXIT_OK) status = HF_EXIT_FAILED;
    if (cli->out.err == HF_OK && (err == HF_OK || cli->told) && !output_write(&cli->out)) {
        hf_cli_message(cli, "standard output could not be written");
        status = HF_EXIT_FAILED;
    }
    cli_done(cli);
    return status;
}

static hf_exit unknown_command(hf_cli *cli, const char *name)
{
    const char *near = hf_command_nearest(name);
    if (near) hf_cli_message(cli, "there is no command \"%s\"; did you mean %s?", name, near);
    else hf_cli_message(cli, "there is no command \"%s\"; `holdfast --help` lists them", name);
    return HF_EXIT_USAGE;
}

hf_exit hf_cli_main(int argc, char **argv)
{
    hf_cli cli = {0};
    const char *name = argc > 1 ? argv[1] : "";
    signals_set();
    if (argc < 2) {
        hf_buf text = {0};
        hf_help_overview(&text);
        if (text.text) fputs(text.text, stderr);
        hf_buf_done(&text);
        return HF_EXIT_USAGE;
    }
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0) {
        hf_help_overview(&cli.out);
        return cli_finish(&cli, HF_OK);
    }
    if (strcmp(name, "--version") == 0) {
        hf_buf_puts(&cli.out, "holdfast " HF_VERSION "\n");
        return cli_finish(&cli, HF_OK);
    }
    if (strcmp(name, "--print-man") == 0) {
        hf_manual_page(&cli.out);
        return cli_finish(&cli, HF_OK);
    }
    cli.command = hf_command_find(name);
    if (!cli.command) return unknown_command(&cli, name);
    return cli_finish(&cli, command_run(&cli, argc, argv));
}
