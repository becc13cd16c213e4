#include <math.h>

#include "cli/cause_words.h"
#include "cli/json_parts.h"
#include "cli/print_cascade.h"
#include "cli/what_if.h"
#include "datasets/table.h"

/* A number as a cell, empty when NaN. The text lives in `text`. */
static const char *cell(double value, char text[32])
{
    if (isnan(value)) return NULL;
    hf_number_format(value, text);
    return text;
}

static hf_err row_append(hf_table *table, const hf_timeline *tl, const hf_network *net, const hf_entity_loss *e)
{
    char n[8][32];
    hf_buf cause = {0};
    hf_cause_words(tl, net, e->cause_change, &cause);
    const char *cells[] = {net->id[e->entity],
                           net->name[e->entity],
                           net->sectors.name[net->sector[e->entity]],
                           net->countries.name[net->country[e->entity]],
                           cell(e->first_loss_h, n[0]),
                           cell(e->out_h, n[1]),
                           cell(e->back_h, n[2]),
                           cell(e->lowest, n[3]),
                           cell(e->lost_h, n[4]),
                           cell(e->user_hours, n[5]),
                           cell(e->value_eur, n[6]),
                           cell(e->depth, n[7]),
                           cause.text};
    hf_err err = cause.err == HF_OK ? hf_table_append(table, cells) : cause.err;
    hf_buf_done(&cause);
    return err;
}

/* One row per affected entity, in the order of their ids. */
static hf_err csv_write(hf_cli *cli, const hf_timeline *tl, const hf_losses *losses)
{
    static const char *const columns[] = {"id",     "name",   "sector",     "country",   "first_loss_h", "out_h", "back_h",
                                          "lowest", "lost_h", "user_hours", "value_eur", "depth",        "cause"};
    hf_table *table = NULL;
    hf_err err;
    HF_TRY(hf_table_new("", columns, (int)(sizeof columns / sizeof *columns), &table));
    for (int i = 0; i < losses->n_entities; i++) HF_TRY(row_append(table, tl, cli->net, &losses->entities[i]));
    hf_table_write(table, &cli->out);
    err = cli->out.err;
out:
    hf_table_free(table);
    return err;
}

hf_err hf_cmd_cascade(hf_cli *cli)
{
    hf_what_if w = {0};
    hf_timeline *tl = NULL;
    hf_losses *losses = NULL;
    hf_err err;
    HF_TRY(hf_cli_open(cli));
    HF_TRY(hf_what_if_read(cli, &w));
    HF_TRY(hf_what_if_run(cli, &w, &tl));
    HF_TRY(hf_losses_compute(tl, cli->net, w.out_below, &losses));
    if (hf_args_has(&cli->args, "json")) HF_TRY(hf_json_cascade(cli, &w, tl, losses));
    else if (hf_args_has(&cli->args, "csv")) HF_TRY(csv_write(cli, tl, losses));
    else {
        HF_TRY(hf_print_answer(cli, tl, losses));
        HF_TRY(hf_print_losses(cli, &w, tl, losses));
    }
out:
    hf_losses_free(losses);
    hf_timeline_free(tl);
    hf_what_if_done(&w);
    return err;
}
