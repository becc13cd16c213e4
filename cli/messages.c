#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/progress.h"
#include "cli/suggest.h"

enum { FINDINGS_SHOWN = 100, NAMES_SHOWN = 3 };

void hf_cli_message(const hf_cli *cli, const char *format, ...)
{
    va_list args;
    hf_progress_clear();
    fprintf(stderr, "holdfast%s%s: ", cli->command ? " " : "", cli->command ? cli->command->name : "");
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
}

hf_err hf_cli_usage(hf_cli *cli, const char *format, ...)
{
    va_list args;
    fprintf(stderr, "holdfast %s: ", cli->command->name);
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fprintf(stderr, "\nTry `holdfast %s --help`.\n", cli->command->name);
    cli->told = true;
    cli->status = HF_EXIT_USAGE;
    return HF_E_RANGE;
}

static void finding_print(const hf_cli *cli, const hf_finding *f)
{
    static const char *const word[] = {"error", "warning", "note"};
    static const char *const paint[] = {"\033[1;31m", "\033[1;33m", "\033[1;36m"};
    if (!f->file) fputs("holdfast: ", stderr);
    else if (f->line <= 0) fprintf(stderr, "%s: ", f->file);
    else if (f->column <= 0) fprintf(stderr, "%s:%d: ", f->file, f->line);
    else fprintf(stderr, "%s:%d:%d: ", f->file, f->line, f->column);
    fprintf(stderr, "%s%s:%s %s\n", cli->color_err ? paint[f->severity] : "", word[f->severity], cli->color_err ? "\033[0m" : "", f->text);
}

static void counts_print(const hf_cli *cli)
{
    size_t errors = hf_diag_count(cli->diag, HF_ERROR), warnings = hf_diag_count(cli->diag, HF_WARNING), notes = hf_diag_count(cli->diag, HF_NOTE);
    fprintf(stderr, "%zu error%s, %zu warning%s, %zu note%s\n", errors, errors == 1 ? "" : "s", warnings, warnings == 1 ? "" : "s", notes,
            notes == 1 ? "" : "s");
}

void hf_cli_findings(const hf_cli *cli, size_t first, hf_severity least)
{
    size_t shown = 0, wanted = 0;
    hf_progress_clear();
    if (cli->quiet) least = HF_ERROR;
    /* errors before warnings before notes, so that the cut at 100 never hides an error behind notes */
    for (int severity = HF_ERROR; severity <= (int)least; severity++) {
        wanted += hf_diag_count(cli->diag, (hf_severity)severity);
        for (size_t i = first; i < hf_diag_kept(cli->diag); i++) {
            const hf_finding *f = hf_diag_get(cli->diag, i);
            if ((int)f->severity == severity && shown < FINDINGS_SHOWN) finding_print(cli, f), shown++;
        }
    }
    if (shown == 0) return;
    if (first == 0 && wanted > shown) fprintf(stderr, "... and %zu more\n", wanted - shown);
    counts_print(cli);
}

hf_err hf_cli_open(hf_cli *cli)
{
    const char *path = cli->args.words[0];
    hf_err err = hf_package_open(path, cli->diag, &cli->package);
    if (err == HF_OK) {
        cli->net = hf_package_network(cli->package);
        return HF_OK;
    }
    if (hf_diag_count(cli->diag, HF_ERROR) > 0) hf_cli_findings(cli, 0, HF_WARNING);
    else hf_cli_message(cli, "%s: %s", path, hf_err_text(err));
    cli->told = true;
    return err;
}

/* Entities whose name holds `text`, ASCII case ignored; at most NAMES_SHOWN are listed. */
static int names_holding(const hf_network *net, const char *text, int *ret_entities)
{
    int n = 0;
    for (int i = 0; i < net->n_entities && n < NAMES_SHOWN; i++)
        if (strcasestr(net->name[i], text)) ret_entities[n++] = i;
    return n;
}

hf_err hf_cli_entity(hf_cli *cli, const char *id, int *ret_entity)
{
    const hf_network *net = cli->net;
    int found = hf_network_find(net, id), holding[NAMES_SHOWN];
    if (found >= 0) {
        *ret_entity = found;
        return HF_OK;
    }
    int n = names_holding(net, id, holding);
    if (n > 0) {
        hf_buf list = {0};
        for (int i = 0; i < n; i++) hf_buf_printf(&list, "%s%s (%s)", i ? ", " : "", net->id[holding[i]], net->name[holding[i]]);
        hf_cli_usage(cli, "there is no entity with the id \"%s\"; by name: %s", id, list.text ? list.text : "");
        hf_buf_done(&list);
        return HF_E_RANGE;
    }
    hf_nearest nearest;
    hf_nearest_start(&nearest, id, strlen(id));
    for (int i = 0; i < net->n_entities; i++) hf_nearest_offer(&nearest, net->id[i]);
    if (nearest.best) {
        int near = hf_network_find(net, nearest.best);
        return hf_cli_usage(cli, "there is no entity \"%s\"; did you mean %s (%s)?", id, nearest.best, net->name[near]);
    }
    return hf_cli_usage(cli, "there is no entity \"%s\"; `holdfast show %s --csv` lists all", id, cli->args.words[0]);
}
