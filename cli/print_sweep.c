#include "cli/print_sweep.h"

#include <math.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "cli/cause_words.h"
#include "cli/cells.h"
#include "cli/help.h"
#include "cli/json_parts.h"
#include "cli/what_if.h"
#include "cli/words.h"
#include "datasets/table.h"

static void summary_columns(hf_text_table *table)
{
    hf_text_table_column(table, "out", HF_ALIGN_RIGHT);
    hf_text_table_column(table, "users hit", HF_ALIGN_RIGHT);
    hf_text_table_column(table, "at", HF_ALIGN_RIGHT);
    hf_text_table_column(table, "user-h", HF_ALIGN_RIGHT);
    hf_text_table_column(table, "EUR", HF_ALIGN_RIGHT);
    hf_text_table_column(table, "countries", HF_ALIGN_RIGHT);
    hf_text_table_column(table, "sectors", HF_ALIGN_RIGHT);
    hf_text_table_column(table, "depth", HF_ALIGN_RIGHT);
}

static void summary_cells(hf_text_table *table, const hf_cascade_summary *s)
{
    hf_text_table_cellf(table, "%d", s->entities_out);
    hf_cell_amount(table, s->users_hit_peak);
    hf_cell_hours(table, s->users_hit_peak > 0 ? s->worst_hour : NAN);
    hf_cell_amount(table, s->user_hours);
    hf_cell_amount(table, s->value_eur);
    hf_text_table_cellf(table, "%d", s->countries_reached);
    hf_text_table_cellf(table, "%d", s->sectors_reached);
    hf_text_table_cellf(table, "%d", s->depth);
}

static void summary_json(hf_json *json, const hf_cascade_summary *s)
{
    hf_json_key_number(json, "entities_out", s->entities_out);
    hf_json_key_number(json, "users_hit_peak", s->users_hit_peak);
    hf_json_key_number(json, "user_hours", s->user_hours);
    hf_json_key_number(json, "value_eur", s->value_eur);
    hf_json_key_number(json, "countries_reached", s->countries_reached);
    hf_json_key_number(json, "sectors_reached", s->sectors_reached);
    hf_json_key_number(json, "depth", s->depth);
    hf_json_key_number(json, "worst_hour", s->worst_hour);
}

/* Cells of the columns entities_out … worst_hour; their texts live in `text`. */
static void summary_csv(const hf_cascade_summary *s, char text[8][32], const char **cells)
{
    double value[] = {s->entities_out,      s->users_hit_peak,  s->user_hours, s->value_eur,
                      s->countries_reached, s->sectors_reached, s->depth,      s->worst_hour};
    for (int k = 0; k < 8; k++) {
        hf_number_format(value[k], text[k]);
        cells[k] = text[k];
    }
}

static hf_err singles_print(hf_cli *cli, const hf_cascade_summary *summary, const int *order, int n)
{
    const hf_network *net = cli->net;
    int top = (int)hf_args_number(&cli->args, "top", 15), shown = top > 0 && top < n ? top : n, spread = 0;
    hf_text_table *table = NULL;
    hf_err err;
    for (int k = 0; k < n; k++) spread += summary[order[k]].entities_out > 1;
    hf_buf_printf(&cli->out, "Each of %d entities failed alone: %d of them take others down.\n\nWhich matter most", n, spread);
    if (shown < n) hf_buf_printf(&cli->out, " (%d of %d; --top 0 shows all)", shown, n);
    hf_buf_puts(&cli->out, ":\n");
    HF_TRY(hf_text_table_new(&table));
    hf_text_table_column(table, "entity", HF_ALIGN_LEFT);
    hf_text_table_column(table, "sector", HF_ALIGN_LEFT);
    hf_text_table_column(table, "in", HF_ALIGN_LEFT);
    summary_columns(table);
    for (int k = 0; k < shown; k++) {
        int i = order[k];
        hf_text_table_cell(table, hf_entity_label(net, i));
        hf_text_table_cell(table, net->sectors.name[net->sector[i]]);
        hf_text_table_cell(table, net->countries.name[net->country[i]]);
        summary_cells(table, &summary[i]);
    }
    HF_TRY(hf_text_table_write(table, cli->width, &cli->out));
    if (n > 0) {
        hf_buf_puts(&cli->out, "\nThe first in detail: holdfast cascade ");
        hf_shell_word(&cli->out, cli->args.words[0]);
        hf_buf_puts(&cli->out, " --fail ");
        hf_shell_word(&cli->out, net->id[order[0]]);
        hf_buf_puts(&cli->out, "\n");
    }
out:
    hf_text_table_free(table);
    return err;
}

static hf_err singles_json(hf_cli *cli, const hf_cascade_summary *summary, const int *order, int n)
{
    hf_json json;
    hf_json_start(&json, &cli->out);
    hf_json_head(&json, cli);
    hf_json_key_text(&json, "sweep", "singles");
    hf_json_key(&json, "entities");
    hf_json_array(&json);
    for (int k = 0; k < n; k++) {
        int i = order[k];
        hf_json_object(&json);
        hf_json_key_text(&json, "id", cli->net->id[i]);
        hf_json_key_text(&json, "sector", cli->net->sectors.name[cli->net->sector[i]]);
        hf_json_key_text(&json, "country", cli->net->countries.name[cli->net->country[i]]);
        summary_json(&json, &summary[i]);
        hf_json_end(&json);
    }
    hf_json_end(&json);
    hf_json_end(&json);
    hf_buf_puts(&cli->out, "\n");
    return cli->out.err;
}

static hf_err singles_csv(hf_cli *cli, const hf_cascade_summary *summary, const int *order, int n)
{
    static const char *const columns[] = {"id", "sector", "country", "entities_out", "users_hit_peak", "user_hours",
                                          "value_eur", "countries_reached", "sectors_reached", "depth", "worst_hour"};
    hf_table *table = NULL;
    hf_err err;
    HF_TRY(hf_table_new("", columns, 11, &table));
    for (int k = 0; k < n; k++) {
        char text[8][32];
        const char *cells[11] = {cli->net->id[order[k]], cli->net->sectors.name[cli->net->sector[order[k]]],
                                 cli->net->countries.name[cli->net->country[order[k]]]};
        summary_csv(&summary[order[k]], text, cells + 3);
        HF_TRY(hf_table_append(table, cells));
    }
    hf_table_write(table, &cli->out);
    err = cli->out.err;
out:
    hf_table_free(table);
    return err;
}

hf_err hf_singles_write(hf_cli *cli, const hf_cascade_summary *summary, const int *order, int n)
{
    if (hf_args_has(&cli->args, "json")) return singles_json(cli, summary, order, n);
    if (hf_args_has(&cli->args, "csv")) return singles_csv(cli, summary, order, n);
    return singles_print(cli, summary, order, n);
}

static hf_err pairs_print(hf_cli *cli, const hf_pair *best, int n, long all, long run)
{
    hf_text_table *table = NULL;
    hf_err err;
    hf_buf text = {0};
    hf_word_count(&text, all, "pair", "pairs");
    hf_buf_puts(&text, " of entities; the cascades of ");
    hf_word_count(&text, run, "pair", "pairs");
    hf_buf_puts(&text, " can meet and were run, the others are exactly the sum of two single failures.");
    if (text.text) hf_help_wrap(&cli->out, text.text, 0, 0, cli->width);
    hf_buf_puts(&cli->out, "\n\nWhich matter most:\n");
    hf_buf_done(&text);
    HF_TRY(hf_text_table_new(&table));
    hf_text_table_column(table, "entity", HF_ALIGN_LEFT);
    hf_text_table_column(table, "and", HF_ALIGN_LEFT);
    summary_columns(table);
    hf_text_table_column(table, "user-h beyond the two alone", HF_ALIGN_RIGHT);
    for (int k = 0; k < n; k++) {
        hf_text_table_cell(table, hf_entity_label(cli->net, best[k].first));
        hf_text_table_cell(table, hf_entity_label(cli->net, best[k].second));
        summary_cells(table, &best[k].summary);
        hf_cell_amount(table, best[k].excess_user_hours);
    }
    HF_TRY(hf_text_table_write(table, cli->width, &cli->out));
out:
    hf_text_table_free(table);
    return err;
}

static hf_err pairs_json(hf_cli *cli, const hf_pair *best, int n, long all, long run)
{
    hf_json json;
    hf_json_start(&json, &cli->out);
    hf_json_head(&json, cli);
    hf_json_key_text(&json, "sweep", "pairs");
    hf_json_key_number(&json, "pairs", (double)all);
    hf_json_key_number(&json, "pairs_run", (double)run);
    hf_json_key(&json, "top");
    hf_json_array(&json);
    for (int k = 0; k < n; k++) {
        hf_json_object(&json);
        hf_json_key_text(&json, "first", cli->net->id[best[k].first]);
        hf_json_key_text(&json, "second", cli->net->id[best[k].second]);
        hf_json_key(&json, "run");
        hf_json_bool(&json, best[k].run);
        summary_json(&json, &best[k].summary);
        hf_json_key_number(&json, "excess_user_hours", best[k].excess_user_hours);
        hf_json_end(&json);
    }
    hf_json_end(&json);
    hf_json_end(&json);
    hf_buf_puts(&cli->out, "\n");
    return cli->out.err;
}

static hf_err pairs_csv(hf_cli *cli, const hf_pair *best, int n)
{
    static const char *const columns[] = {"first", "second", "run", "entities_out", "users_hit_peak", "user_hours", "value_eur",
                                          "countries_reached", "sectors_reached", "depth", "worst_hour", "excess_user_hours"};
    hf_table *table = NULL;
    hf_err err;
    HF_TRY(hf_table_new("", columns, 12, &table));
    for (int k = 0; k < n; k++) {
        char text[8][32], excess[32];
        const char *cells[12] = {cli->net->id[best[k].first], cli->net->id[best[k].second], best[k].run ? "yes" : "no"};
        summary_csv(&best[k].summary, text, cells + 3);
        hf_number_format(best[k].excess_user_hours, excess);
        cells[11] = excess;
        HF_TRY(hf_table_append(table, cells));
    }
    hf_table_write(table, &cli->out);
    err = cli->out.err;
out:
    hf_table_free(table);
    return err;
}

hf_err hf_pairs_write(hf_cli *cli, const hf_pair *best, int n, long all, long run)
{
    if (hf_args_has(&cli->args, "json")) return pairs_json(cli, best, n, all, run);
    if (hf_args_has(&cli->args, "csv")) return pairs_csv(cli, best, n);
    return pairs_print(cli, best, n, all, run);
}

/* "a + b + c" of a set. */
static void set_words(const hf_cli *cli, const int *entities, int n, bool ids, hf_buf *out)
{
    for (int k = 0; k < n; k++) {
        if (k) hf_buf_puts(out, " + ");
        hf_buf_puts(out, ids ? cli->net->id[entities[k]] : hf_entity_label(cli->net, entities[k]));
    }
}

static hf_err sets_print(hf_cli *cli, const int *off, const int *entities, const hf_cascade_summary *summary, const int *order, int n)
{
    hf_text_table *table = NULL;
    hf_err err;
    int top = (int)hf_args_number(&cli->args, "top", 15), shown = top > 0 && top < n ? top : n;
    hf_buf_printf(&cli->out, "%d sets of entities failed together, each set alone.\n\nWhich matter most", n);
    if (shown < n) hf_buf_printf(&cli->out, " (%d of %d; --top 0 shows all)", shown, n);
    hf_buf_puts(&cli->out, ":\n");
    HF_TRY(hf_text_table_new(&table));
    hf_text_table_column(table, "set", HF_ALIGN_LEFT);
    summary_columns(table);
    for (int k = 0; k < shown; k++) {
        hf_buf words = {0};
        set_words(cli, entities + off[order[k]], off[order[k] + 1] - off[order[k]], false, &words);
        hf_text_table_cell(table, words.text ? words.text : "");
        hf_buf_done(&words);
        summary_cells(table, &summary[order[k]]);
    }
    HF_TRY(hf_text_table_write(table, cli->width, &cli->out));
out:
    hf_text_table_free(table);
    return err;
}

static hf_err sets_json(hf_cli *cli, const int *off, const int *entities, const hf_cascade_summary *summary, const int *order, int n)
{
    hf_json json;
    hf_json_start(&json, &cli->out);
    hf_json_head(&json, cli);
    hf_json_key_text(&json, "sweep", "sets");
    hf_json_key(&json, "sets");
    hf_json_array(&json);
    for (int k = 0; k < n; k++) {
        hf_json_object(&json);
        hf_json_key(&json, "entities");
        hf_json_array(&json);
        for (int e = off[order[k]]; e < off[order[k] + 1]; e++) hf_json_text(&json, cli->net->id[entities[e]]);
        hf_json_end(&json);
        summary_json(&json, &summary[order[k]]);
        hf_json_end(&json);
    }
    hf_json_end(&json);
    hf_json_end(&json);
    hf_buf_puts(&cli->out, "\n");
    return cli->out.err;
}

static hf_err sets_csv(hf_cli *cli, const int *off, const int *entities, const hf_cascade_summary *summary, const int *order, int n)
{
    static const char *const columns[] = {"set", "entities_out", "users_hit_peak", "user_hours", "value_eur", "countries_reached", "sectors_reached",
                                          "depth", "worst_hour"};
    hf_table *table = NULL;
    hf_err err;
    HF_TRY(hf_table_new("", columns, 9, &table));
    for (int k = 0; k < n; k++) {
        char text[8][32];
        hf_buf words = {0};
        const char *cells[9];
        set_words(cli, entities + off[order[k]], off[order[k] + 1] - off[order[k]], true, &words);
        cells[0] = words.text ? words.text : "";
        summary_csv(&summary[order[k]], text, cells + 1);
        err = hf_table_append(table, cells);
        hf_buf_done(&words);
        HF_TRY(err);
    }
    hf_table_write(table, &cli->out);
    err = cli->out.err;
out:
    hf_table_free(table);
    return err;
}

hf_err hf_sets_write(hf_cli *cli, const int *off, const int *entities, const hf_cascade_summary *summary, const int *order, int n)
{
    if (hf_args_has(&cli->args, "json")) return sets_json(cli, off, entities, summary, order, n);
    if (hf_args_has(&cli->args, "csv")) return sets_csv(cli, off, entities, summary, order, n);
    return sets_print(cli, off, entities, summary, order, n);
}
