#include "cli/print_cutsets.h"

#include <math.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "cli/cause_words.h"
#include "cli/cells.h"
#include "cli/help.h"
#include "cli/json_parts.h"
#include "cli/words.h"
#include "datasets/table.h"

static void paragraph(hf_cli *cli, hf_buf *text)
{
    if (text->text) hf_help_wrap(&cli->out, text->text, 0, 0, cli->width);
    hf_buf_puts(&cli->out, "\n");
    hf_buf_done(text);
    *text = (hf_buf){0};
}

/* What the sets bring about: "take Hospital out", "take all 7 entities of X out", "hit at least 20 % of all users". */
static void event_words(const hf_cli *cli, const hf_cut_options *o, hf_buf *out)
{
    if (o->graded) {
        hf_buf_puts(out, "hit at least ");
        hf_word_share(out, o->share);
        hf_buf_puts(out, " of all users");
        return;
    }
    hf_buf_puts(out, "take ");
    if (o->n_targets == 1) hf_buf_puts(out, hf_entity_label(cli->net, o->targets[0]));
    else {
        if (hf_args_has(&cli->args, "any")) hf_buf_puts(out, "one");
        else if (o->share >= 1) hf_buf_puts(out, "all");
        else {
            hf_buf_puts(out, "at least ");
            hf_word_share(out, o->share);
            hf_buf_puts(out, o->weight ? " of the users" : "");
        }
        hf_buf_printf(out, " of the %d entities of \"%s\"", o->n_targets, cli->args.words[1]);
    }
    hf_buf_puts(out, " out");
}

static void engine_words(const hf_cut_options *o, hf_buf *out)
{
    if (!o->timeline) hf_buf_puts(out, " in the end, when every stock is used up and nothing is repaired.");
    else {
        hf_buf_puts(out, " within ");
        hf_word_hours(out, o->run.horizon_h);
        hf_buf_puts(out, o->run.no_repair ? ", when nothing is repaired." : ", repairs counted.");
    }
}

static void extent_words(const hf_cut_sets *sets, hf_buf *out)
{
    bool larger = sets->n > 0 && sets->off[sets->n] - sets->off[sets->n - 1] > sets->complete_to;
    if (sets->complete) hf_buf_puts(out, " There are no others.");
    else if (sets->complete_to > 0) {
        hf_buf_puts(out, " All of up to ");
        hf_word_count(out, sets->complete_to, "failure", "failures");
        hf_buf_puts(out, larger ? " are listed; of larger ones there are more." : " are listed; larger ones may exist.");
    } else hf_buf_puts(out, " There are more; --max-count and --max-size go on.");
}

static void head_print(hf_cli *cli, const hf_cut_options *o, const hf_cut_sets *sets)
{
    hf_buf text = {0};
    hf_word_count(&text, sets->n, "smallest set", "smallest sets");
    hf_buf_puts(&text, sets->n == 1 ? " of failures, enough to " : " of failures, each enough to ");
    event_words(cli, o, &text);
    engine_words(o, &text);
    extent_words(sets, &text);
    paragraph(cli, &text);
    if (sets->probability) {
        if (sets->p_exact) hf_buf_printf(&text, "Probability of it: %.6g.", sets->p_low);
        else hf_buf_printf(&text, "Probability of it: between %.6g and %.6g.", sets->p_low, sets->p_high);
        paragraph(cli, &text);
    }
    if (sets->n > 0) hf_buf_puts(&cli->out, "\n");
}

static hf_err sets_table(hf_cli *cli, const hf_cut_sets *sets)
{
    hf_text_table *table = NULL;
    hf_buf names = {0};
    hf_err err;
    HF_TRY(hf_text_table_new(&table));
    hf_text_table_column(table, "size", HF_ALIGN_RIGHT);
    hf_text_table_column(table, "fails together", HF_ALIGN_LEFT);
    if (sets->probability) hf_text_table_column(table, "probability", HF_ALIGN_RIGHT);
    for (int k = 0; k < sets->n; k++) {
        names.length = 0;
        for (int j = sets->off[k]; j < sets->off[k + 1]; j++) {
            if (j > sets->off[k]) hf_buf_puts(&names, " + ");
            hf_entity_words(cli->net, sets->entity[j], &names);
        }
        HF_TRY(names.err);
        hf_text_table_cellf(table, "%d", sets->off[k + 1] - sets->off[k]);
        hf_text_table_cell(table, names.text ? names.text : "");
        if (sets->probability) hf_text_table_cellf(table, "%.6g", sets->probability[k]);
    }
    HF_TRY(hf_text_table_write(table, cli->width, &cli->out));
out:
    hf_buf_done(&names);
    hf_text_table_free(table);
    return err;
}

typedef struct member {
    int entity, count, smallest;
} member;

static int compare_entities(const void *pa, const void *pb)
{
    const member *a = pa, *b = pb;
    return a->entity != b->entity ? a->entity - b->entity : a->smallest - b->smallest;
}

static int compare_counts(const void *pa, const void *pb)
{
    const member *a = pa, *b = pb;
    if (a->count != b->count) return b->count - a->count;
    return a->smallest != b->smallest ? a->smallest - b->smallest : a->entity - b->entity;
}

/* Who is in most sets: what to harden first. */
static hf_err members_table(hf_cli *cli, const hf_cut_sets *sets)
{
    enum { SHOWN = 10 };
    int all = sets->off[sets->n], n = 0;
    hf_text_table *table = NULL;
    hf_err err = HF_OK;
    member *m = hf_malloc((size_t)all * sizeof *m);
    if (!m) return HF_E_NOMEM;
    for (int k = 0; k < sets->n; k++)
        for (int j = sets->off[k]; j < sets->off[k + 1]; j++) m[j] = (member){sets->entity[j], 1, sets->off[k + 1] - sets->off[k]};
    qsort(m, (size_t)all, sizeof *m, compare_entities);
    for (int j = 0; j < all; j++) {
        if (n > 0 && m[n - 1].entity == m[j].entity) m[n - 1].count++;
        else m[n++] = m[j];
    }
    qsort(m, (size_t)n, sizeof *m, compare_counts);
    if (m[0].count < 2) goto out;
    HF_TRY(hf_text_table_new(&table));
    hf_text_table_column(table, "entity", HF_ALIGN_LEFT);
    hf_text_table_column(table, "in sets", HF_ALIGN_RIGHT);
    hf_text_table_column(table, "smallest", HF_ALIGN_RIGHT);
    for (int k = 0; k < n && k < SHOWN && m[k].count > 1; k++) {
        hf_text_table_cell(table, hf_entity_label(cli->net, m[k].entity));
        hf_text_table_cellf(table, "%d", m[k].count);
        hf_text_table_cellf(table, "%d", m[k].smallest);
    }
    hf_buf_puts(&cli->out, "\nWho is in most of them:\n");
    HF_TRY(hf_text_table_write(table, cli->width, &cli->out));
out:
    hf_text_table_free(table);
    hf_free(m);
    return err;
}

/* How it was found, and what that means. */
static void work_print(hf_cli *cli, const hf_cut_options *o, const hf_cut_sets *sets)
{
    hf_buf text = {0};
    hf_buf_printf(&text, "%d of ", sets->relevant);
    hf_word_count(&text, o->n_candidates, "entity that may fail can", "entities that may fail can");
    hf_buf_puts(&text, " matter; ");
    hf_word_count(&text, sets->runs, "cascade was run", "cascades were run");
    if (sets->method == HF_CUT_HITTING_SETS) {
        hf_buf_puts(&text, ", ");
        hf_word_count(&text, sets->programs, "integer program solved", "integer programs solved");
    } else if (sets->method == HF_CUT_ENUMERATION) hf_buf_puts(&text, ", one for each set");
    hf_buf_puts(&text, ".");
    if (!sets->monotone)
        hf_buf_puts(&text, " Where an island shares what it has, a failure can help by parting it, so a set that holds a listed one need not be enough.");
    hf_buf_puts(&cli->out, "\n");
    paragraph(cli, &text);
}

static hf_err sets_print(hf_cli *cli, const hf_cut_options *o, const hf_cut_sets *sets)
{
    hf_err err = HF_OK;
    head_print(cli, o, sets);
    if (sets->n > 0) {
        HF_TRY(sets_table(cli, sets));
        HF_TRY(members_table(cli, sets));
    }
    work_print(cli, o, sets);
    err = cli->out.err;
out:
    return err;
}

static void ids_json(hf_json *json, const hf_network *net, const char *key, const int *entities, int n)
{
    hf_json_key(json, key);
    hf_json_array(json);
    for (int k = 0; k < n; k++) hf_json_text(json, net->id[entities[k]]);
    hf_json_end(json);
}

static void key_bool(hf_json *json, const char *key, bool value)
{
    hf_json_key(json, key);
    hf_json_bool(json, value);
}

static void search_json(hf_json *json, const hf_cli *cli, const hf_cut_options *o, const hf_cut_sets *sets)
{
    bool any = hf_args_has(&cli->args, "any");
    hf_json_key_text(json, "event", o->graded ? "users" : any ? "any" : o->share < 1 ? "share" : "all");
    hf_json_key_text(json, "target", cli->args.n_words > 1 ? cli->args.words[1] : NULL);
    if (!o->graded) ids_json(json, cli->net, "targets", o->targets, o->n_targets);
    hf_json_key_number(json, "share", o->share);
    hf_json_key_text(json, "engine", o->timeline ? "timeline" : "steady");
    hf_json_key_number(json, "horizon_h", o->timeline ? o->run.horizon_h : NAN);
    static const char *const methods[] = {"auto", "hitting_sets", "halving", "enumeration"};
    hf_json_key_text(json, "method", methods[sets->method]);
    key_bool(json, "monotone", sets->monotone);
    key_bool(json, "complete", sets->complete);
    hf_json_key_number(json, "size_done", sets->complete_to);
    hf_json_key_number(json, "candidates", o->n_candidates);
    hf_json_key_number(json, "relevant", sets->relevant);
    hf_json_key_number(json, "runs", (double)sets->runs);
    hf_json_key_number(json, "programs", (double)sets->programs);
    hf_json_key_number(json, "probability_low", sets->probability ? sets->p_low : NAN);
    hf_json_key_number(json, "probability_high", sets->probability ? sets->p_high : NAN);
    key_bool(json, "probability_exact", sets->probability && sets->p_exact);
}

static hf_err sets_json(hf_cli *cli, const hf_cut_options *o, const hf_cut_sets *sets)
{
    hf_json json;
    hf_json_start(&json, &cli->out);
    hf_json_head(&json, cli);
    search_json(&json, cli, o, sets);
    hf_json_key(&json, "sets");
    hf_json_array(&json);
    for (int k = 0; k < sets->n; k++) {
        hf_json_object(&json);
        hf_json_key_number(&json, "size", sets->off[k + 1] - sets->off[k]);
        ids_json(&json, cli->net, "entities", sets->entity + sets->off[k], sets->off[k + 1] - sets->off[k]);
        if (sets->probability) hf_json_key_number(&json, "probability", sets->probability[k]);
        hf_json_end(&json);
    }
    hf_json_end(&json);
    hf_json_end(&json);
    hf_buf_puts(&cli->out, "\n");
    return cli->out.err;
}

/* A row for each member of each set. */
static hf_err sets_csv(hf_cli *cli, const hf_cut_sets *sets)
{
    static const char *const columns[] = {"set", "size", "id", "sector", "country", "probability"};
    const hf_network *net = cli->net;
    hf_table *table = NULL;
    hf_err err;
    HF_TRY(hf_table_new("", columns, 6, &table));
    for (int k = 0; k < sets->n; k++)
        for (int j = sets->off[k]; j < sets->off[k + 1]; j++) {
            char text[3][32] = {"", "", ""};
            int i = sets->entity[j];
            hf_number_format(k + 1, text[0]);
            hf_number_format(sets->off[k + 1] - sets->off[k], text[1]);
            if (sets->probability) hf_number_format(sets->probability[k], text[2]);
            const char *cells[] = {text[0], text[1], net->id[i], net->sectors.name[net->sector[i]], net->countries.name[net->country[i]], text[2]};
            HF_TRY(hf_table_append(table, cells));
        }
    hf_table_write(table, &cli->out);
    err = cli->out.err;
out:
    hf_table_free(table);
    return err;
}

hf_err hf_cut_sets_write(hf_cli *cli, const hf_cut_options *options, const hf_cut_sets *sets)
{
    if (hf_args_has(&cli->args, "json")) return sets_json(cli, options, sets);
    if (hf_args_has(&cli->args, "csv")) return sets_csv(cli, sets);
    return sets_print(cli, options, sets);
}
