#include "cli/print_sweep.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "cli/cause_words.h"
#include "cli/cells.h"
#include "cli/json_parts.h"
#include "cli/section.h"
#include "cli/sweep_runs.h"
#include "cli/what_if.h"
#include "cli/words.h"
#include "datasets/table.h"

void hf_engine_words(const hf_cli *cli, const hf_boolean_reason *reason, hf_buf *out)
{
    if (!hf_sweep_is_steady(cli)) return;
    hf_buf_puts(out, "In the end, when every stock is used up and nothing is repaired; losses are those of an hour. ");
    if (reason->why == HF_BOOLEAN_YES) hf_buf_puts(out, "Run 512 at once: here everything is up or down, never in part.");
    else {
        hf_buf_puts(out, "Run one by one: ");
        hf_boolean_explain(cli->net, reason, out);
        hf_buf_puts(out, ".");
    }
}

void hf_engine_json(hf_json *json, const hf_cli *cli, const hf_boolean_reason *reason)
{
    hf_buf why = {0};
    if (!hf_sweep_is_steady(cli)) return;
    hf_json_key_text(json, "state", "steady");
    hf_json_key_text(json, "engine", reason->why == HF_BOOLEAN_YES ? "boolean" : "one_by_one");
    hf_boolean_explain(cli->net, reason, &why);
    hf_json_key_text(json, "not_boolean", reason->why == HF_BOOLEAN_YES ? NULL : why.text);
    hf_buf_done(&why);
}

static void engine_print(hf_cli *cli, const hf_boolean_reason *reason)
{
    hf_buf text = {0};
    hf_engine_words(cli, reason, &text);
    if (text.text) hf_section_text(cli, text.text);
    hf_buf_done(&text);
}

/* The table of a ranking and what of it is shown. */
static hf_err ranking_print(hf_cli *cli, const hf_text_table *table, int shown, int n)
{
    char heading[96] = "Which matter most";
    if (shown < n) snprintf(heading, sizeof heading, "Which matter most (%d of %d; --top 0 shows all)", shown, n);
    return hf_section_table(cli, heading, table);
}

/* The figures of a summary: a column in text, a key in JSON and CSV. In the steady state there are no hours. */
typedef struct summary_figure {
    const char *column, *key;
    bool timeline, steady;
} summary_figure;

enum { N_FIGURES = 10 };

static const summary_figure figures[N_FIGURES] = {
    {"out", "entities_out", true, true},        {"users hit", "users_hit_peak", true, false}, {"users", "users_out", false, true},
    {"user-h", "user_hours", true, false},      {"EUR", "value_eur", true, false},            {"EUR an hour", "value_eur_per_hour", false, true},
    {"countries", "countries_reached", true, true}, {"sectors", "sectors_reached", true, true}, {"depth", "depth", true, false},
    {"at", "worst_hour", true, false},
};

static bool has_figure(bool steady, int k)
{
    return steady ? figures[k].steady : figures[k].timeline;
}

static double figure_value(const hf_cascade_summary *s, int k)
{
    const double value[N_FIGURES] = {s->entities_out, s->users_hit_peak, s->users_hit_peak, s->user_hours, s->value_eur, s->value_eur,
                                     s->countries_reached, s->sectors_reached, s->depth, s->worst_hour};
    return value[k];
}

/* In text the hour stands behind the users that it is about. */
static const int text_order[N_FIGURES] = {0, 1, 2, 9, 3, 4, 5, 6, 7, 8};

static void summary_columns(const hf_cli *cli, hf_text_table *table)
{
    for (int k = 0; k < N_FIGURES; k++)
        if (has_figure(hf_sweep_is_steady(cli), text_order[k])) hf_text_table_column(table, figures[text_order[k]].column, HF_ALIGN_RIGHT);
}

static void summary_cells(const hf_cli *cli, hf_text_table *table, const hf_cascade_summary *s)
{
    for (int k = 0; k < N_FIGURES; k++) {
        int f = text_order[k];
        if (!has_figure(hf_sweep_is_steady(cli), f)) continue;
        if (f == 9) hf_cell_hours(table, s->users_hit_peak > 0 ? s->worst_hour : NAN);
        else if (f >= 1 && f <= 5) hf_cell_amount(table, figure_value(s, f));
        else hf_text_table_cellf(table, "%d", (int)figure_value(s, f));
    }
}

static void summary_json(const hf_cli *cli, hf_json *json, const hf_cascade_summary *s)
{
    for (int k = 0; k < N_FIGURES; k++)
        if (has_figure(hf_sweep_is_steady(cli), k)) hf_json_key_number(json, figures[k].key, figure_value(s, k));
}

/* Names of the columns entities_out … into `columns`; returns how many. */
static int summary_names(const hf_cli *cli, const char **columns)
{
    int n = 0;
    for (int k = 0; k < N_FIGURES; k++)
        if (has_figure(hf_sweep_is_steady(cli), k)) columns[n++] = figures[k].key;
    return n;
}

/* Their cells; the texts live in `text`. */
static int summary_csv(const hf_cli *cli, const hf_cascade_summary *s, char text[N_FIGURES][32], const char **cells)
{
    int n = 0;
    for (int k = 0; k < N_FIGURES; k++) {
        if (!has_figure(hf_sweep_is_steady(cli), k)) continue;
        hf_number_format(figure_value(s, k), text[n]);
        cells[n] = text[n];
        n++;
    }
    return n;
}

static void next_print(hf_cli *cli, int entity)
{
    hf_buf line = {0};
    hf_buf_puts(&line, "The first in detail: holdfast cascade ");
    hf_shell_word(&line, cli->args.words[0]);
    hf_buf_puts(&line, " --fail ");
    hf_shell_word(&line, cli->net->id[entity]);
    if (hf_sweep_is_steady(cli)) hf_buf_puts(&line, " --no-repair");
    if (line.text) hf_section_line(cli, line.text);
    hf_buf_done(&line);
}

hf_err hf_singles_print(hf_cli *cli, const hf_boolean_reason *reason, const hf_cascade_summary *summary, const int *order, int n)
{
    const hf_network *net = cli->net;
    int top = (int)hf_args_number(&cli->args, "top", 15), shown = top > 0 && top < n ? top : n, spread = 0;
    char text[96];
    hf_text_table *table = NULL;
    hf_err err;
    for (int k = 0; k < n; k++) spread += summary[order[k]].entities_out > 1;
    snprintf(text, sizeof text, "Each of %d entities failed alone: %d of them take others down.", n, spread);
    hf_section_line(cli, text);
    engine_print(cli, reason);
    HF_TRY(hf_text_table_new(&table));
    hf_text_table_column(table, "entity", HF_ALIGN_LEFT);
    hf_text_table_column(table, "sector", HF_ALIGN_LEFT);
    hf_text_table_column(table, "in", HF_ALIGN_LEFT);
    summary_columns(cli, table);
    for (int k = 0; k < shown; k++) {
        int i = order[k];
        hf_text_table_cell(table, hf_entity_label(net, i));
        hf_text_table_cell(table, net->sectors.name[net->sector[i]]);
        hf_text_table_cell(table, net->countries.name[net->country[i]]);
        summary_cells(cli, table, &summary[i]);
    }
    HF_TRY(ranking_print(cli, table, shown, n));
    if (n > 0) next_print(cli, order[0]);
out:
    hf_text_table_free(table);
    return err;
}

static hf_err singles_json(hf_cli *cli, const hf_boolean_reason *reason, const hf_cascade_summary *summary, const int *order, int n)
{
    hf_json json;
    hf_json_start(&json, &cli->out);
    hf_json_head(&json, cli);
    hf_json_key_text(&json, "sweep", "singles");
    hf_engine_json(&json, cli, reason);
    hf_json_key(&json, "entities");
    hf_json_array(&json);
    for (int k = 0; k < n; k++) {
        int i = order[k];
        hf_json_object(&json);
        hf_json_key_text(&json, "id", cli->net->id[i]);
        hf_json_key_text(&json, "sector", cli->net->sectors.name[cli->net->sector[i]]);
        hf_json_key_text(&json, "country", cli->net->countries.name[cli->net->country[i]]);
        summary_json(cli, &json, &summary[i]);
        hf_json_end(&json);
    }
    hf_json_end(&json);
    hf_json_end(&json);
    hf_buf_puts(&cli->out, "\n");
    return cli->out.err;
}

static hf_err singles_csv(hf_cli *cli, const hf_cascade_summary *summary, const int *order, int n)
{
    const char *columns[3 + N_FIGURES] = {"id", "sector", "country"};
    hf_table *table = NULL;
    hf_err err;
    HF_TRY(hf_table_new("", columns, 3 + summary_names(cli, columns + 3), &table));
    for (int k = 0; k < n; k++) {
        char text[N_FIGURES][32];
        const char *cells[3 + N_FIGURES] = {cli->net->id[order[k]], cli->net->sectors.name[cli->net->sector[order[k]]],
                                            cli->net->countries.name[cli->net->country[order[k]]]};
        summary_csv(cli, &summary[order[k]], text, cells + 3);
        HF_TRY(hf_table_append(table, cells));
    }
    hf_table_write(table, &cli->out);
    err = cli->out.err;
out:
    hf_table_free(table);
    return err;
}

hf_err hf_singles_write(hf_cli *cli, const hf_boolean_reason *reason, const hf_cascade_summary *summary, const int *order, int n)
{
    if (hf_args_has(&cli->args, "json")) return singles_json(cli, reason, summary, order, n);
    if (hf_args_has(&cli->args, "csv")) return singles_csv(cli, summary, order, n);
    return hf_singles_print(cli, reason, summary, order, n);
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
    if (hf_sweep_is_steady(cli)) hf_buf_puts(&text, " In the end, when every stock is used up and nothing is repaired; losses are those of an hour.");
    if (text.text) hf_section_text(cli, text.text);
    hf_buf_done(&text);
    HF_TRY(hf_text_table_new(&table));
    hf_text_table_column(table, "entity", HF_ALIGN_LEFT);
    hf_text_table_column(table, "and", HF_ALIGN_LEFT);
    summary_columns(cli, table);
    hf_text_table_column(table, hf_sweep_is_steady(cli) ? "users beyond the two alone" : "user-h beyond the two alone", HF_ALIGN_RIGHT);
    for (int k = 0; k < n; k++) {
        hf_text_table_cell(table, hf_entity_label(cli->net, best[k].first));
        hf_text_table_cell(table, hf_entity_label(cli->net, best[k].second));
        summary_cells(cli, table, &best[k].summary);
        hf_cell_amount(table, best[k].excess_user_hours);
    }
    HF_TRY(ranking_print(cli, table, n, n));
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
    if (hf_sweep_is_steady(cli)) hf_json_key_text(&json, "state", "steady");
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
        summary_json(cli, &json, &best[k].summary);
        hf_json_key_number(&json, hf_sweep_is_steady(cli) ? "excess_users" : "excess_user_hours", best[k].excess_user_hours);
        hf_json_end(&json);
    }
    hf_json_end(&json);
    hf_json_end(&json);
    hf_buf_puts(&cli->out, "\n");
    return cli->out.err;
}

static hf_err pairs_csv(hf_cli *cli, const hf_pair *best, int n)
{
    const char *columns[4 + N_FIGURES] = {"first", "second", "run"};
    hf_table *table = NULL;
    hf_err err;
    int figure_count = summary_names(cli, columns + 3);
    columns[3 + figure_count] = hf_sweep_is_steady(cli) ? "excess_users" : "excess_user_hours";
    HF_TRY(hf_table_new("", columns, 4 + figure_count, &table));
    for (int k = 0; k < n; k++) {
        char text[N_FIGURES][32], excess[32];
        const char *cells[4 + N_FIGURES] = {cli->net->id[best[k].first], cli->net->id[best[k].second], best[k].run ? "yes" : "no"};
        summary_csv(cli, &best[k].summary, text, cells + 3);
        hf_number_format(best[k].excess_user_hours, excess);
        cells[3 + figure_count] = excess;
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

static hf_err sets_print(hf_cli *cli, const hf_boolean_reason *reason, const int *off, const int *entities, const hf_cascade_summary *summary,
                         const int *order, int n)
{
    hf_text_table *table = NULL;
    hf_err err;
    int top = (int)hf_args_number(&cli->args, "top", 15), shown = top > 0 && top < n ? top : n;
    char text[96];
    snprintf(text, sizeof text, "%d sets of entities failed together, each set alone.", n);
    hf_section_line(cli, text);
    engine_print(cli, reason);
    HF_TRY(hf_text_table_new(&table));
    hf_text_table_column(table, "set", HF_ALIGN_LEFT);
    summary_columns(cli, table);
    for (int k = 0; k < shown; k++) {
        hf_buf words = {0};
        set_words(cli, entities + off[order[k]], off[order[k] + 1] - off[order[k]], false, &words);
        hf_text_table_cell(table, words.text ? words.text : "");
        hf_buf_done(&words);
        summary_cells(cli, table, &summary[order[k]]);
    }
    HF_TRY(ranking_print(cli, table, shown, n));
out:
    hf_text_table_free(table);
    return err;
}

static hf_err sets_json(hf_cli *cli, const hf_boolean_reason *reason, const int *off, const int *entities, const hf_cascade_summary *summary,
                         const int *order, int n)
{
    hf_json json;
    hf_json_start(&json, &cli->out);
    hf_json_head(&json, cli);
    hf_json_key_text(&json, "sweep", "sets");
    hf_engine_json(&json, cli, reason);
    hf_json_key(&json, "sets");
    hf_json_array(&json);
    for (int k = 0; k < n; k++) {
        hf_json_object(&json);
        hf_json_key(&json, "entities");
        hf_json_array(&json);
        for (int e = off[order[k]]; e < off[order[k] + 1]; e++) hf_json_text(&json, cli->net->id[entities[e]]);
        hf_json_end(&json);
        summary_json(cli, &json, &summary[order[k]]);
        hf_json_end(&json);
    }
    hf_json_end(&json);
    hf_json_end(&json);
    hf_buf_puts(&cli->out, "\n");
    return cli->out.err;
}

static hf_err sets_csv(hf_cli *cli, const int *off, const int *entities, const hf_cascade_summary *summary, const int *order, int n)
{
    const char *columns[1 + N_FIGURES] = {"set"};
    hf_table *table = NULL;
    hf_err err;
    HF_TRY(hf_table_new("", columns, 1 + summary_names(cli, columns + 1), &table));
    for (int k = 0; k < n; k++) {
        char text[N_FIGURES][32];
        hf_buf words = {0};
        const char *cells[1 + N_FIGURES];
        set_words(cli, entities + off[order[k]], off[order[k] + 1] - off[order[k]], true, &words);
        cells[0] = words.text ? words.text : "";
        summary_csv(cli, &summary[order[k]], text, cells + 1);
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

hf_err hf_sets_write(hf_cli *cli, const hf_boolean_reason *reason, const int *off, const int *entities, const hf_cascade_summary *summary,
                     const int *order, int n)
{
    if (hf_args_has(&cli->args, "json")) return sets_json(cli, reason, off, entities, summary, order, n);
    if (hf_args_has(&cli->args, "csv")) return sets_csv(cli, off, entities, summary, order, n);
    return sets_print(cli, reason, off, entities, summary, order, n);
}
