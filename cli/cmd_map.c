#include <string.h>

#include "cli/cause_words.h"
#include "cli/file_out.h"
#include "cli/what_if.h"
#include "datasets/outline.h"
#include "viz/map.h"

/* "W,S,E,N" in degrees. */
static hf_err bounds_read(hf_cli *cli, hf_geo_box *box)
{
    const char *text = hf_args_text(&cli->args, "bounds"), *at = text;
    double side[4];
    for (int k = 0; k < 4; k++) {
        size_t n = strcspn(at, ",");
        if (!hf_number_parse(at, n, &side[k]) || (at[n] == ',') != (k < 3)) goto wrong;
        at += n + (k < 3);
    }
    *box = (hf_geo_box){side[0], side[1], side[2] <= side[0] ? side[2] + 360 : side[2], side[3]};
    bool good = side[0] >= -180 && side[0] <= 180 && side[2] >= -180 && side[2] <= 180 && side[1] >= -90 && side[3] <= 90 && side[1] < side[3] &&
                box->east - box->west < 360;
    if (good) return HF_OK;
wrong:
    return hf_cli_usage(cli, "--bounds %s: needs W,S,E,N in degrees, such as 13,42,30,49: -180 to 180 and -90 to 90, S below N", text);
}

/* "Danube: winter-gas-cut". */
static void title_words(const hf_cli *cli, const hf_what_if *w, hf_buf *out)
{
    const char *title = hf_package_title(cli->package);
    hf_buf_puts(out, *title ? title : hf_package_name(cli->package));
    if (w->scenario) hf_buf_printf(out, ": %s", w->scenario->title);
    else if (w->hazard >= 0) hf_buf_printf(out, ": %s", cli->net->hazard_title[w->hazard]);
    else if (w->n_injects > 0) hf_buf_printf(out, ": what if %s fails", hf_entity_label(cli->net, w->injects[0].entity));
    if (!w->scenario && w->hazard < 0 && w->n_injects > 1) hf_buf_printf(out, " with %d more", w->n_injects - 1);
}

/* Who has no coordinates, by name, and how many of them lose something; what else is not there. */
static void note_print(const hf_cli *cli, const hf_map_note *note, bool cascade)
{
    enum { MOST = 10 };
    hf_buf names = {0};
    int n = 0;
    if (cli->quiet) return;
    for (int i = 0; i < cli->net->n_entities; i++) {
        if (cli->net->lat[i] == cli->net->lat[i] && cli->net->lon[i] == cli->net->lon[i]) continue;
        if (n < MOST) {
            hf_buf_puts(&names, n ? ", " : "");
            hf_entity_words(cli->net, i, &names);
        }
        n++;
    }
    if (n > MOST) hf_buf_printf(&names, " and %d more", n - MOST);
    if (n > 0 && names.err == HF_OK) hf_cli_message(cli, "without lat and lon, not shown: %d of %d entities: %s", n, cli->net->n_entities, names.text);
    if (cascade && note->hit_no_place > 0) hf_cli_message(cli, "that lose service among them: %d", note->hit_no_place);
    if (note->outside > 0) hf_cli_message(cli, "outside of the map: %d of %d entities", note->outside, cli->net->n_entities);
    if (note->labels_left_out > 0) hf_cli_message(cli, "labels without room: %d of %d", note->labels_left_out, note->labels + note->labels_left_out);
    hf_buf_done(&names);
}

static hf_err draw(hf_cli *cli, const hf_what_if *w, const hf_losses *losses, const hf_geo_box *box, const hf_outline *outline)
{
    hf_buf title = {0}, source = {0}, text = {0};
    hf_map_note note = {0};
    const hf_map_lines lines = {outline->n, outline->off, outline->lat, outline->lon};
    const char *what = hf_args_text(&cli->args, "lines"), *path = hf_args_text(&cli->args, "out");
    hf_err err;
    title_words(cli, w, &title);
    hf_buf_printf(&source, "holdfast " HF_VERSION ", data set %s %s, sha256 %.12s", hf_package_name(cli->package), hf_package_version(cli->package),
                  hf_package_digest(cli->package));
    HF_TRY(title.err);
    HF_TRY(source.err);
    const hf_map_options options = {.carriers = what && strcmp(what, "supplies") != 0, .supplies = what && strcmp(what, "carriers") != 0, .box = box,
                                    .outline = &lines, .title = title.text, .source = source.text};
    err = hf_map_write(cli->net, losses, &options, path ? &text : &cli->out, &note);
    if (err == HF_E_NOT_FOUND) {
        hf_cli_message(cli, "there is nothing to draw; without lat and lon: %d of %d entities, outside of the map: %d", note.no_place, cli->net->n_entities,
                       note.outside);
        cli->told = true;
        cli->status = HF_EXIT_NO_ANSWER;
        err = HF_OK;
        goto out;
    }
    HF_TRY(err);
    if (path) HF_TRY(hf_file_out(cli, path, &text));
    note_print(cli, &note, losses != NULL);
out:
    hf_buf_done(&title);
    hf_buf_done(&source);
    hf_buf_done(&text);
    return err;
}

static hf_err outline_open(hf_cli *cli, hf_outline *outline)
{
    const char *path = hf_args_text(&cli->args, "outline");
    size_t first = hf_diag_kept(cli->diag);
    if (!path) return HF_OK;
    hf_err err = hf_outline_read(path, cli->diag, outline);
    if (err == HF_E_DATA) {
        hf_cli_findings(cli, first, HF_WARNING);
        cli->told = true;
    }
    return err;
}

hf_err hf_cmd_map(hf_cli *cli)
{
    hf_what_if w = {.hazard = -1};
    hf_timeline *tl = NULL;
    hf_losses *losses = NULL;
    hf_outline outline = {0};
    hf_geo_box box;
    const char *path = hf_args_text(&cli->args, "out");
    bool bounds = hf_args_has(&cli->args, "bounds");
    hf_err err = HF_OK;
    if (path && (strlen(path) < 5 || strcmp(path + strlen(path) - 4, ".svg") != 0)) HF_TRY(hf_cli_usage(cli, "--out %s: the file must end in .svg", path));
    if (bounds) HF_TRY(bounds_read(cli, &box));
    HF_TRY(hf_cli_open(cli));
    HF_TRY(outline_open(cli, &outline));
    if (hf_what_if_asked(cli)) {
        HF_TRY(hf_what_if_read(cli, &w));
        HF_TRY(hf_what_if_run(cli, &w, &tl));
        HF_TRY(hf_losses_compute(tl, cli->net, w.out_below, &losses));
    }
    HF_TRY(draw(cli, &w, losses, bounds ? &box : NULL, &outline));
out:
    hf_outline_done(&outline);
    hf_losses_free(losses);
    hf_timeline_free(tl);
    hf_what_if_done(&w);
    return err;
}
