/* What a Monte Carlo sweep found. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "cli/cause_words.h"
#include "cli/cells.h"
#include "cli/json_parts.h"
#include "cli/print_sweep.h"
#include "cli/section.h"
#include "cli/words.h"
#include "datasets/table.h"

/* Entities hit, by expected user-hours, then by how often they are out, worst first. The order is the caller's (hf_free). */
typedef struct ranked {
    double user_hours, p_out;
    int entity;
} ranked;

static int compare_ranked(const void *pa, const void *pb)
{
    const ranked *a = pa, *b = pb;
    if (a->user_hours != b->user_hours) return a->user_hours > b->user_hours ? -1 : 1;
    if (a->p_out != b->p_out) return a->p_out > b->p_out ? -1 : 1;
    return a->entity - b->entity;
}

static ranked *rank_entities(const hf_network *net, const hf_mc *mc, int *ret_n)
{
    ranked *order = hf_malloc((size_t)net->n_entities * sizeof *order);
    int n = 0;
    for (int i = 0; order && i < net->n_entities; i++)
        if (mc->entities[i].out > 0 || mc->entities[i].user_hours > 0) order[n++] = (ranked){mc->entities[i].user_hours, mc->entities[i].p_out, i};
    if (order) qsort(order, (size_t)n, sizeof *order, compare_ranked);
    *ret_n = n;
    return order;
}

static void range_words(hf_buf *out, double low, double high)
{
    hf_buf_puts(out, " (");
    hf_word_amount(out, low);
    hf_buf_puts(out, " to ");
    hf_word_amount(out, high);
    hf_buf_puts(out, ")");
}

static void interval_cell(hf_text_table *table, double value, double low, double high)
{
    hf_buf text = {0};
    hf_word_amount(&text, value);
    range_words(&text, low, high);
    hf_text_table_cell(table, text.text ? text.text : "");
    hf_buf_done(&text);
}

static hf_err figures_print(hf_cli *cli, const hf_mc_options *o, const hf_mc *mc)
{
    const struct {
        const char *name;
        const hf_mc_figure *figure;
        bool timeline, steady;
    } rows[] = {
        {"user-hours lost", &mc->user_hours, true, false},     {"EUR lost", &mc->value_eur, true, false},
        {"users hit at worst", &mc->users_hit, true, false},   {"users without service", &mc->users_hit, false, true},
        {"EUR lost an hour", &mc->value_eur, false, true},     {"entities out", &mc->entities_out, true, true},
    };
    char quantile[32], tail[32];
    hf_text_table *table = NULL;
    hf_err err;
    HF_TRY(hf_text_table_new(&table));
    snprintf(quantile, sizeof quantile, "VaR %g %%", 100 * o->tail);
    snprintf(tail, sizeof tail, "CVaR %g %%", 100 * o->tail);
    hf_text_table_column(table, "per event (95 % intervals)", HF_ALIGN_LEFT);
    hf_text_table_column(table, "mean", HF_ALIGN_RIGHT);
    hf_text_table_column(table, quantile, HF_ALIGN_RIGHT);
    hf_text_table_column(table, tail, HF_ALIGN_RIGHT);
    hf_text_table_column(table, "most seen", HF_ALIGN_RIGHT);
    for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
        const hf_mc_figure *f = rows[k].figure;
        if (!(o->sweep.steady ? rows[k].steady : rows[k].timeline)) continue;
        hf_text_table_cell(table, rows[k].name);
        interval_cell(table, f->mean, f->mean_low, f->mean_high);
        interval_cell(table, f->var, f->var_low, f->var_high);
        interval_cell(table, f->cvar, f->cvar_low, f->cvar_high);
        hf_cell_amount(table, f->most);
    }
    HF_TRY(hf_section_table(cli, NULL, table));
out:
    hf_text_table_free(table);
    return err;
}

static void head_print(hf_cli *cli, const hf_mc_options *o, int doubtful, const hf_mc *mc)
{
    hf_buf text = {0}, *out = &text;
    hf_word_count(out, mc->samples, "event", "events");
    if (o->hazard >= 0) hf_buf_printf(out, " of hazard %s", cli->net->hazard_title[o->hazard]);
    else hf_buf_puts(out, " drawn from all hazards by their frequency");
    hf_buf_printf(out, ", seed %llu.", (unsigned long long)o->seed);
    if (o->relative_error > 0 && mc->precise) hf_buf_printf(out, " Stopped at a relative error of %g.", o->relative_error);
    if (doubtful > 0) {
        hf_buf_puts(out, " Each also draws which of ");
        hf_word_count(out, doubtful, "doubtful link is there.", "doubtful links are there.");
    }
    if (mc->events_per_year > 0) {
        hf_buf_puts(out, " They come ");
        hf_buf_printf(out, "%.3g", mc->events_per_year);
        hf_buf_puts(out, " times a year");
        if (!o->sweep.steady) {
            hf_buf_puts(out, "; expected loss ");
            hf_word_amount(out, mc->events_per_year * mc->user_hours.mean);
            hf_buf_puts(out, " user-hours and ");
            hf_word_amount(out, mc->events_per_year * mc->value_eur.mean);
            hf_buf_puts(out, " EUR a year");
        }
        hf_buf_puts(out, ".");
    }
    if (o->sweep.steady) hf_buf_puts(out, " ");
    hf_engine_words(cli, &mc->reason, out);
    if (!o->sweep.steady && mc->engine == HF_MC_BOOLEAN)
        hf_buf_puts(out, " Run 512 at once: here everything is up or down, follows at once and stays.");
    if (text.text) hf_section_text(cli, text.text);
    hf_buf_done(&text);
}

hf_err hf_mc_print(hf_cli *cli, const hf_mc_options *o, int doubtful, const hf_mc *mc)
{
    const hf_network *net = cli->net;
    int n = 0, top = (int)hf_args_number(&cli->args, "top", 15);
    char heading[96];
    hf_text_table *table = NULL;
    ranked *order = rank_entities(net, mc, &n);
    hf_err err = order ? HF_OK : HF_E_NOMEM;
    HF_TRY(err);
    head_print(cli, o, doubtful, mc);
    HF_TRY(figures_print(cli, o, mc));
    HF_TRY(hf_text_table_new(&table));
    hf_text_table_column(table, "entity", HF_ALIGN_LEFT);
    hf_text_table_column(table, "sector", HF_ALIGN_LEFT);
    hf_text_table_column(table, "in", HF_ALIGN_LEFT);
    hf_text_table_column(table, "out in (of all events)", HF_ALIGN_RIGHT);
    hf_text_table_column(table, o->sweep.steady ? "users an event" : "user-h an event", HF_ALIGN_RIGHT);
    int shown = top > 0 && top < n ? top : n;
    for (int k = 0; k < shown; k++) {
        int i = order[k].entity;
        hf_text_table_cell(table, hf_entity_label(net, i));
        hf_text_table_cell(table, net->sectors.name[net->sector[i]]);
        hf_text_table_cell(table, net->countries.name[net->country[i]]);
        hf_text_table_cellf(table, "%.3g %% (%.3g to %.3g)", 100 * mc->entities[i].p_out, 100 * mc->entities[i].p_low, 100 * mc->entities[i].p_high);
        hf_cell_amount(table, mc->entities[i].user_hours);
    }
    snprintf(heading, sizeof heading, "Who suffers most (%d of %d entities hit; --top 0 shows all)", shown, n);
    HF_TRY(hf_section_table(cli, heading, table));
out:
    hf_text_table_free(table);
    hf_free(order);
    return err;
}

static void figure_json(hf_json *json, const char *key, const hf_mc_figure *f)
{
    hf_json_key(json, key);
    hf_json_object(json);
    hf_json_key_number(json, "mean", f->mean);
    hf_json_key_number(json, "mean_low", f->mean_low);
    hf_json_key_number(json, "mean_high", f->mean_high);
    hf_json_key_number(json, "var", f->var);
    hf_json_key_number(json, "var_low", f->var_low);
    hf_json_key_number(json, "var_high", f->var_high);
    hf_json_key_number(json, "cvar", f->cvar);
    hf_json_key_number(json, "cvar_low", f->cvar_low);
    hf_json_key_number(json, "cvar_high", f->cvar_high);
    hf_json_key_number(json, "most", f->most);
    hf_json_end(json);
}

static hf_err mc_json(hf_cli *cli, const hf_mc_options *o, int doubtful, const hf_mc *mc)
{
    hf_json json;
    hf_json_start(&json, &cli->out);
    hf_json_head(&json, cli);
    bool steady = o->sweep.steady;
    hf_json_key_text(&json, "sweep", "monte_carlo");
    hf_engine_json(&json, cli, &mc->reason);
    if (!steady) hf_json_key_text(&json, "engine", mc->engine == HF_MC_BOOLEAN ? "boolean" : "timeline");
    hf_json_key_number(&json, "doubtful_links_drawn", doubtful);
    hf_json_key_text(&json, "hazard", o->hazard >= 0 ? cli->net->hazard_id[o->hazard] : NULL);
    hf_json_key_number(&json, "samples", (double)mc->samples);
    hf_json_key_number(&json, "tail", o->tail);
    hf_json_key_number(&json, "events_per_year", mc->events_per_year);
    if (!steady) figure_json(&json, "user_hours", &mc->user_hours);
    figure_json(&json, steady ? "value_eur_per_hour" : "value_eur", &mc->value_eur);
    figure_json(&json, steady ? "users_out" : "users_hit_peak", &mc->users_hit);
    figure_json(&json, "entities_out", &mc->entities_out);
    hf_json_key(&json, "entities");
    hf_json_array(&json);
    for (int i = 0; i < cli->net->n_entities; i++) {
        const hf_mc_entity *e = &mc->entities[i];
        if (e->out == 0 && e->user_hours <= 0) continue;
        hf_json_object(&json);
        hf_json_key_text(&json, "id", cli->net->id[i]);
        hf_json_key_number(&json, "p_out", e->p_out);
        hf_json_key_number(&json, "p_low", e->p_low);
        hf_json_key_number(&json, "p_high", e->p_high);
        hf_json_key_number(&json, steady ? "users_out" : "user_hours", e->user_hours);
        hf_json_end(&json);
    }
    hf_json_end(&json);
    hf_json_end(&json);
    hf_buf_puts(&cli->out, "\n");
    return cli->out.err;
}

static hf_err mc_csv(hf_cli *cli, const hf_mc_options *o, const hf_mc *mc)
{
    const char *const columns[] = {"id", "sector", "country", "p_out", "p_low", "p_high", o->sweep.steady ? "users_out" : "user_hours"};
    const hf_network *net = cli->net;
    hf_table *table = NULL;
    hf_err err;
    HF_TRY(hf_table_new("", columns, 7, &table));
    for (int i = 0; i < net->n_entities; i++) {
        const hf_mc_entity *e = &mc->entities[i];
        char text[4][32];
        if (e->out == 0 && e->user_hours <= 0) continue;
        hf_number_format(e->p_out, text[0]);
        hf_number_format(e->p_low, text[1]);
        hf_number_format(e->p_high, text[2]);
        hf_number_format(e->user_hours, text[3]);
        const char *cells[] = {net->id[i], net->sectors.name[net->sector[i]], net->countries.name[net->country[i]], text[0], text[1], text[2], text[3]};
        HF_TRY(hf_table_append(table, cells));
    }
    hf_table_write(table, &cli->out);
    err = cli->out.err;
out:
    hf_table_free(table);
    return err;
}

hf_err hf_mc_write(hf_cli *cli, const hf_mc_options *options, int doubtful, const hf_mc *mc)
{
    if (hf_args_has(&cli->args, "json")) return mc_json(cli, options, doubtful, mc);
    if (hf_args_has(&cli->args, "csv")) return mc_csv(cli, options, mc);
    return hf_mc_print(cli, options, doubtful, mc);
}
