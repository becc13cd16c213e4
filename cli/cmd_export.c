#include <string.h>
#include <unistd.h>

#include "cli/file_out.h"
#include "cli/what_if.h"
#include "cli/words.h"
#include "datasets/export/export.h"

static void formats_print(hf_cli *cli)
{
    for (int k = 0; k < hf_export_format_count; k++)
        hf_buf_printf(&cli->out, "%-8s %-16s %s\n", hf_export_formats[k].name, hf_export_formats[k].endings, hf_export_formats[k].what);
}

/* The format of --format, else of the file's ending. */
static hf_err format_choose(hf_cli *cli, const hf_export_format **ret_format)
{
    const char *name = hf_args_text(&cli->args, "format"), *path = hf_args_text(&cli->args, "to");
    if (!name && !path) return hf_cli_usage(cli, "--to FILE or --format NAME is needed (--list names the formats)");
    *ret_format = name ? hf_export_format_find(name) : hf_export_format_of(path);
    if (!*ret_format) {
        hf_buf endings = {0};
        for (int k = 0; k < hf_export_format_count; k++) hf_buf_printf(&endings, "%s%s", k ? " " : "", hf_export_formats[k].endings);
        hf_cli_usage(cli, "--to %s: the ending says no format (endings: %s); or give --format", path, endings.text ? endings.text : "");
        hf_buf_done(&endings);
        return HF_E_RANGE;
    }
    if (!path && (*ret_format)->binary && isatty(STDOUT_FILENO)) return hf_cli_usage(cli, "%s is not for a terminal: give --to FILE", (*ret_format)->name);
    return HF_OK;
}

static void summary_print(hf_cli *cli, const hf_export_format *format, const char *layer, const hf_export_note *note)
{
    bool map = strcmp(format->name, "geojson") == 0 || strcmp(format->name, "gpkg") == 0;
    if (strcmp(format->name, "csv") == 0 || layer) {
        hf_buf_printf(&cli->out, "The layer %s is written.\n", layer ? layer : "entities");
        return;
    }
    hf_word_count(&cli->out, note->entities, "entity", "entities");
    hf_buf_puts(&cli->out, ", ");
    hf_word_count(&cli->out, note->supplies, "supply link", "supply links");
    hf_buf_puts(&cli->out, ", ");
    hf_word_count(&cli->out, note->lines, "carrier line", "carrier lines");
    hf_buf_puts(&cli->out, " are written.\n");
    if (map && note->unplaced && !cli->quiet)
        hf_cli_message(cli, "%d of the entities have no coordinates: they and their links are written without a place", note->unplaced);
}

/* "winter-gas-cut" for a scenario, else what was failed, as options. */
static void cascade_words(const hf_cli *cli, const hf_what_if *w, hf_buf *out)
{
    if (w->scenario) hf_buf_puts(out, w->scenario->name);
    else hf_what_if_options(cli, out);
}

static hf_err export_write(hf_cli *cli, const hf_export_format *format, const hf_export_options *options)
{
    const char *path = hf_args_text(&cli->args, "to");
    hf_export_note note = {0};
    hf_buf text = {0};
    hf_err err = hf_export_write(cli->package, format, options, path ? &text : &cli->out, &note);
    if (err == HF_E_UNKNOWN_ID) {
        err = hf_cli_usage(cli, "the layer cascade is there with --scenario, --hazard or --fail only");
        goto out;
    }
    if (err == HF_E_UNSUPPORTED) {
        err = hf_cli_usage(cli, "--layer is for csv and geojson; %s holds all layers", format->name);
        goto out;
    }
    HF_TRY(err);
    if (path) {
        HF_TRY(hf_file_out(cli, path, &text));
        summary_print(cli, format, options->layer, &note);
    }
out:
    hf_buf_done(&text);
    return err;
}

hf_err hf_cmd_export(hf_cli *cli)
{
    hf_what_if w = {.hazard = -1};
    hf_timeline *tl = NULL;
    hf_losses *losses = NULL;
    hf_buf cascade = {0};
    const hf_export_format *format = NULL;
    hf_err err = HF_OK;
    if (hf_args_has(&cli->args, "list")) {
        formats_print(cli);
        return cli->out.err;
    }
    if (cli->args.n_words < 1) return hf_cli_usage(cli, "an argument is missing: holdfast export DATASET --to FILE");
    HF_TRY(format_choose(cli, &format));
    HF_TRY(hf_cli_open(cli));
    if (hf_what_if_asked(cli)) {
        HF_TRY(hf_what_if_read(cli, &w));
        HF_TRY(hf_what_if_run(cli, &w, &tl));
        HF_TRY(hf_losses_compute(tl, cli->net, w.out_below, &losses));
        cascade_words(cli, &w, &cascade);
        HF_TRY(cascade.err);
    }
    hf_export_options options = {losses, cascade.text, hf_args_text(&cli->args, "layer")};
    HF_TRY(export_write(cli, format, &options));
out:
    hf_buf_done(&cascade);
    hf_losses_free(losses);
    hf_timeline_free(tl);
    hf_what_if_done(&w);
    return err;
}
