#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "base/alloc.h"
#include "cli/drill.h"
#include "cli/file_out.h"

/* Hours at which the run is cut: 0 and every hour of an inject. */
static hf_err windows_cut(hf_drill *d)
{
    const hf_scenario *s = d->what_if.scenario;
    int *order = NULL, n = 1;
    hf_err err = hf_drill_order(d, s->steps, s->n_steps, &order);
    if (err != HF_OK) return err;
    double *from_h = hf_arena_calloc(&d->memory, (size_t)s->n_steps + 1, sizeof *from_h);
    if (!from_h) return HF_E_NOMEM;
    for (int k = 0; k < s->n_steps; k++)
        if (s->steps[order[k]].at_h > from_h[n - 1]) from_h[n++] = s->steps[order[k]].at_h;
    return hf_windows_compute(d->tl, d->net, d->what_if.out_below, from_h, n, &d->windows);
}

/* "HH:MM" as hours. */
static hf_err start_read(hf_drill *d)
{
    const char *text = hf_args_text(&d->cli->args, "start");
    size_t n = strlen(text);
    double hours = 0, minutes = 0;
    const char *colon = strchr(text, ':');
    bool good = colon && colon - text >= 1 && colon - text <= 2 && n - (size_t)(colon - text) == 3 && strspn(text, "0123456789:") == n &&
                hf_number_parse(text, (size_t)(colon - text), &hours) && hf_number_parse(colon + 1, 2, &minutes) && hours < 24 && minutes < 60;
    if (!good) return hf_cli_usage(d->cli, "--start %s: a clock time is written HH:MM, from 00:00 to 23:59", text);
    d->start_h = hours + minutes / 60;
    return HF_OK;
}

static hf_err scenario_missing(hf_cli *cli)
{
    hf_buf names = {0};
    int n = hf_package_scenario_count(cli->package);
    for (int i = 0; i < n; i++) hf_buf_printf(&names, "%s%s", i ? ", " : "", hf_package_scenario(cli->package, i)->name);
    hf_err err = hf_cli_usage(cli, "which scenario? Give --scenario NAME; this data set has: %s", names.text ? names.text : "none");
    hf_buf_done(&names);
    return err;
}

/* As asked; else by country, or by sector where only one country takes part. */
static hf_err players_choose(hf_drill *d)
{
    static const char *const words[] = {"country", "sector", "region"};
    const char *by = hf_args_text(&d->cli->args, "players");
    for (int k = 0; by && k < 3; k++)
        if (strcmp(by, words[k]) == 0) d->by = (hf_players_by)k;
    hf_err err = hf_drill_players_find(d);
    if (err != HF_OK || by || d->n_players > 1) return err;
    d->by = HF_PLAYERS_SECTOR;
    d->n_players = 0;
    return hf_drill_players_find(d);
}

static hf_err drill_make(hf_drill *d)
{
    hf_err err;
    hf_cli *cli = d->cli;
    if (!hf_args_has(&cli->args, "scenario")) return scenario_missing(cli);
    HF_TRY(start_read(d));
    HF_TRY(hf_what_if_read(cli, &d->what_if));
    HF_TRY(hf_what_if_run(cli, &d->what_if, &d->tl));
    HF_TRY(hf_losses_compute(d->tl, d->net, d->what_if.out_below, &d->losses));
    HF_TRY(hf_causes_new(d->tl, d->net, &d->causes));
    HF_TRY(windows_cut(d));
    HF_TRY(players_choose(d));
    HF_TRY(hf_drill_decisions_run(d));
    HF_TRY(hf_drill_questions_make(d));
out:
    return err;
}

static void drill_done(hf_drill *d)
{
    hf_free(d->questions);
    hf_windows_free(d->windows);
    hf_causes_free(d->causes);
    hf_losses_free(d->losses);
    hf_timeline_free(d->tl);
    hf_what_if_done(&d->what_if);
    hf_arena_done(&d->memory);
}

/* What goes into one document: a player's sheet, or what the control cell has, or all. */
enum { PART_ALL = -2, PART_CONTROL = -1 };

static hf_err part_write(hf_drill *d, int part, hf_sheet_format format, hf_buf *out)
{
    hf_sheet sheet;
    hf_err err = HF_OK;
    hf_sheet_open(&sheet, out, format, d->what_if.scenario->title);
    if (part < 0) {
        HF_TRY(hf_drill_overview(d, &sheet));
        HF_TRY(hf_drill_injects(d, &sheet));
        HF_TRY(hf_drill_decisions(d, &sheet));
    }
    for (int p = 0; part != PART_CONTROL && p < d->n_players; p++)
        if (part == PART_ALL || part == p) HF_TRY(hf_drill_player_sheet(d, p, &sheet));
    if (part < 0) HF_TRY(hf_drill_evaluation(d, &sheet));
    hf_sheet_close(&sheet);
    err = out->err;
out:
    return err;
}

static bool ends_with(const char *text, const char *ending)
{
    size_t n = strlen(text), m = strlen(ending);
    return n > m && strcmp(text + n - m, ending) == 0;
}

/* A name as a part of a file's name: what a file system could take for something else is replaced. */
static void name_add(hf_buf *path, const char *name)
{
    for (; *name; name++) hf_buf_add(path, strchr("/\\:*?\"<>| .", *name) || (unsigned char)*name < 0x20 ? "-" : name, 1);
}

static hf_err part_file(hf_drill *d, const char *folder, int part, hf_sheet_format format)
{
    hf_buf path = {0}, text = {0};
    hf_err err;
    hf_buf_printf(&path, "%s/", folder);
    name_add(&path, d->what_if.scenario->name);
    hf_buf_puts(&path, part < 0 ? "-control" : "-player-");
    if (part >= 0) name_add(&path, hf_drill_player_name(d, part));
    hf_buf_puts(&path, format == HF_SHEET_HTML ? ".html" : ".md");
    HF_TRY(path.err);
    HF_TRY(part_write(d, part, format, &text));
    err = hf_file_out(d->cli, path.text, &text);
out:
    hf_buf_done(&path);
    hf_buf_done(&text);
    return err;
}

/* One file for the control cell and one for each player, to be handed out one by one. */
static hf_err folder_write(hf_drill *d, const char *folder, const char *format)
{
    hf_err err = HF_OK;
    if (mkdir(folder, 0777) != 0 && errno != EEXIST) {
        hf_cli_message(d->cli, "%s cannot be made: %s", folder, strerror(errno));
        d->cli->told = true;
        return HF_E_IO;
    }
    for (int f = 0; f < 2; f++) {
        hf_sheet_format as = f == 0 ? HF_SHEET_MARKDOWN : HF_SHEET_HTML;
        if (format && (strcmp(format, "html") == 0) != (as == HF_SHEET_HTML)) continue;
        for (int part = PART_CONTROL; part < d->n_players; part++) HF_TRY(part_file(d, folder, part, as));
    }
out:
    return err;
}

static hf_err pack_write(hf_drill *d)
{
    const char *out = hf_args_text(&d->cli->args, "out"), *format = hf_args_text(&d->cli->args, "format");
    hf_buf text = {0};
    hf_err err;
    bool html = format ? strcmp(format, "html") == 0 : out && ends_with(out, ".html");
    if (out && !ends_with(out, ".html") && !ends_with(out, ".md")) return folder_write(d, out, format);
    HF_TRY(part_write(d, PART_ALL, html ? HF_SHEET_HTML : HF_SHEET_MARKDOWN, out ? &text : &d->cli->out));
    if (out) err = hf_file_out(d->cli, out, &text);
out:
    hf_buf_done(&text);
    return err;
}

hf_err hf_cmd_drill(hf_cli *cli)
{
    hf_drill d = {.cli = cli, .top = (int)hf_args_number(&cli->args, "top", 20), .notify_h = hf_args_number(&cli->args, "notify-within", 24)};
    hf_err err;
    hf_arena_init(&d.memory);
    if (hf_args_has(&cli->args, "json") && hf_args_has(&cli->args, "out"))
        HF_TRY(hf_cli_usage(cli, "--json goes to standard output; leave out --out"));
    HF_TRY(hf_cli_open(cli));
    d.net = cli->net;
    HF_TRY(drill_make(&d));
    HF_TRY(hf_args_has(&cli->args, "json") ? hf_drill_json(&d) : pack_write(&d));
out:
    drill_done(&d);
    return err;
}
