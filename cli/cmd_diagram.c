#include <stdio.h>
#include <string.h>

#include "cli/file_out.h"
#include "cli/titles.h"
#include "viz/dot.h"
#include "viz/picture.h"

static hf_dot_by by_of(const char *name, hf_dot_by otherwise)
{
    static const char *const names[] = {"none", "country", "sector", "region"};
    for (size_t k = 0; name && k < sizeof names / sizeof *names; k++)
        if (strcmp(names[k], name) == 0) return (hf_dot_by)k;
    return otherwise;
}

static void note_print(const hf_cli *cli, const hf_dot_note *note)
{
    if (cli->quiet) return;
    if (note->collapsed != HF_DOT_BY_NONE && !hf_args_has(&cli->args, "collapse"))
        hf_cli_message(cli, "%d entities are drawn in groups by sector and country; --whole draws each of them", note->shown);
    else if (note->left_out > 0)
        hf_cli_message(cli, "%d entities that lose something are drawn, %d others are left out; --whole draws all", note->shown, note->left_out);
}

static hf_err picture_write(hf_cli *cli, const char *path, const hf_buf *dot)
{
    hf_buf picture = {0};
    hf_err err = HF_OK;
    const char *format = hf_picture_format(path);
    if (strcmp(format, "dot") == 0) return hf_file_out(cli, path, dot);
    HF_TRY(hf_picture_draw(dot->text, format, &picture));
    HF_TRY(hf_file_out(cli, path, &picture));
out:
    if (err == HF_E_UNSUPPORTED || err == HF_E_LIBRARY) {
        hf_cli_message(cli, "Graphviz could not draw this as %s; write a .dot file and use the command dot", format);
        cli->told = true;
    }
    hf_buf_done(&picture);
    return err;
}

static hf_err draw(hf_cli *cli, const hf_what_if *w, const hf_timeline *tl, const hf_losses *losses)
{
    hf_buf title = {0}, source = {0}, dot = {0};
    hf_dot_note note = {0};
    const char *path = hf_args_text(&cli->args, "out");
    hf_err err;
    hf_title_words(cli, losses ? w : NULL, &title);
    hf_source_words(cli, &source);
    HF_TRY(title.err);
    HF_TRY(source.err);
    hf_dot_options options = {.whole = hf_args_has(&cli->args, "whole"),
                              .only_hit = hf_args_has(&cli->args, "only-hit"),
                              .cluster = by_of(hf_args_text(&cli->args, "cluster"), HF_DOT_BY_COUNTRY),
                              .collapse = by_of(hf_args_text(&cli->args, "collapse"), HF_DOT_BY_NONE),
                              .title = title.text,
                              .source = source.text};
    HF_TRY(hf_dot_write(cli->net, tl, losses, &options, &dot, &note));
    note_print(cli, &note);
    if (path) HF_TRY(picture_write(cli, path, &dot));
    else hf_buf_add(&cli->out, dot.text, dot.length);
out:
    hf_buf_done(&title);
    hf_buf_done(&source);
    hf_buf_done(&dot);
    return err;
}

hf_err hf_cmd_diagram(hf_cli *cli)
{
    hf_what_if w = {.hazard = -1};
    hf_timeline *tl = NULL;
    hf_losses *losses = NULL;
    const char *path = hf_args_text(&cli->args, "out");
    hf_err err;
    if (path && !hf_picture_format(path)) return hf_cli_usage(cli, "--out %s: the file must end in .dot, .svg, .png or .pdf", path);
    HF_TRY(hf_cli_open(cli));
    if (hf_what_if_asked(cli)) {
        HF_TRY(hf_what_if_read(cli, &w));
        HF_TRY(hf_what_if_run(cli, &w, &tl));
        HF_TRY(hf_losses_compute(tl, cli->net, w.out_below, &losses));
    }
    HF_TRY(draw(cli, &w, tl, losses));
out:
    hf_losses_free(losses);
    hf_timeline_free(tl);
    hf_what_if_done(&w);
    return err;
}
