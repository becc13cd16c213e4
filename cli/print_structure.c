/* The structure of a network: what `show` says of a whole data set. */
#include "base/alloc.h"
#include "cli/cause_words.h"
#include "cli/help.h"
#include "cli/json_parts.h"
#include "cli/print_show.h"
#include "cli/what_if.h"
#include "cli/words.h"
#include "datasets/economy.h"
#include "model/network/weak_points.h"
#include "viz/text_table.h"

enum { LOOPS_SHOWN = 5, MEMBERS_SHOWN = 8 };

static void size_print(hf_cli *cli, const hf_structure *s)
{
    const hf_network *net = cli->net;
    hf_buf *out = &cli->out;
    hf_word_count(out, net->n_entities, "entity", "entities");
    hf_buf_puts(out, " in ");
    hf_word_count(out, net->countries.n, "country", "countries");
    hf_buf_puts(out, " and ");
    hf_word_count(out, net->sectors.n, "sector", "sectors");
    hf_buf_puts(out, ", ");
    hf_word_count(out, net->n_requirements, "requirement", "requirements");
    hf_buf_puts(out, ", ");
    hf_word_count(out, net->n_supplies, "supply link", "supply links");
    hf_buf_puts(out, ", ");
    hf_word_count(out, net->n_carriers, "carrier", "carriers");
    hf_buf_puts(out, ".\n");
    if (s->n_components == 1) hf_buf_puts(out, "All of it hangs together.\n");
    else hf_buf_printf(out, "It falls into %d parts without a link between them; the largest has %d entities.\n", s->n_components, s->largest_component);
}

static void economy_print(hf_cli *cli)
{
    const hf_economy *economy = hf_package_economy(cli->package);
    if (!economy) return;
    const hf_io_table *t = economy->table;
    hf_buf *out = &cli->out;
    hf_buf_puts(out, "Input-output table: ");
    hf_word_count(out, t->n_regions, "region", "regions");
    hf_buf_puts(out, ", ");
    hf_word_count(out, t->n_sectors, "industry each", "industries each");
    hf_buf_printf(out, ", output %.4g %s a year", hf_io_totals_of(t).x * t->unit, *t->currency ? t->currency : "of money");
    if (t->year) hf_buf_printf(out, " (%d)", t->year);
    hf_buf_puts(out, ".\n");
}

static void loops_print(hf_cli *cli, const hf_structure *s)
{
    hf_buf *out = &cli->out;
    hf_buf_puts(out, "\nLoops (entities that need each other; once all are down they need a black start):\n");
    if (s->n_loops == 0) hf_buf_puts(out, "  none\n");
    for (int k = 0; k < s->n_loops && k < LOOPS_SHOWN; k++) {
        hf_buf line = {0};
        int n = s->loop_off[k + 1] - s->loop_off[k];
        hf_buf_printf(&line, "%d: ", n);
        for (int m = 0; m < n && m < MEMBERS_SHOWN; m++) {
            if (m > 0) hf_buf_puts(&line, ", ");
            hf_buf_puts(&line, hf_entity_label(cli->net, s->loop_entity[s->loop_off[k] + m]));
        }
        if (n > MEMBERS_SHOWN) hf_buf_printf(&line, " and %d more", n - MEMBERS_SHOWN);
        hf_buf_puts(out, "  ");
        if (line.text) hf_help_wrap(out, line.text, 2, 5, cli->width);
        hf_buf_puts(out, "\n");
        hf_buf_done(&line);
    }
    if (s->n_loops > LOOPS_SHOWN) hf_buf_printf(out, "  and %d more (--json lists all)\n", s->n_loops - LOOPS_SHOWN);
}

static hf_err ranking_print(hf_cli *cli, const char *heading, const char *unit, const hf_ranked *list, int n)
{
    const hf_network *net = cli->net;
    int top = (int)hf_args_number(&cli->args, "top", 10), shown = top > 0 && top < n ? top : n;
    hf_text_table *table = NULL;
    hf_err err;
    if (n == 0) return HF_OK;
    hf_buf_printf(&cli->out, "\n%s", heading);
    if (shown < n) hf_buf_printf(&cli->out, " (%d of %d)", shown, n);
    hf_buf_puts(&cli->out, ":\n");
    HF_TRY(hf_text_table_new(&table));
    hf_text_table_column(table, "entity", HF_ALIGN_LEFT);
    hf_text_table_column(table, "id", HF_ALIGN_LEFT);
    hf_text_table_column(table, "sector", HF_ALIGN_LEFT);
    hf_text_table_column(table, "in", HF_ALIGN_LEFT);
    hf_text_table_column(table, unit, HF_ALIGN_RIGHT);
    for (int k = 0; k < shown; k++) {
        int i = list[k].entity;
        hf_text_table_cell(table, hf_entity_label(net, i));
        hf_text_table_cell(table, net->id[i]);
        hf_text_table_cell(table, net->sectors.name[net->sector[i]]);
        hf_text_table_cell(table, net->countries.name[net->country[i]]);
        hf_text_table_cellf(table, "%d", list[k].count);
    }
    HF_TRY(hf_text_table_write(table, cli->width, &cli->out));
out:
    hf_text_table_free(table);
    return err;
}

static void cut_points_print(hf_cli *cli, const hf_structure *s)
{
    hf_buf line = {0};
    if (s->n_articulation == 0) return;
    for (int k = 0; k < s->n_articulation && k < 2 * MEMBERS_SHOWN; k++) {
        if (k > 0) hf_buf_puts(&line, ", ");
        hf_buf_puts(&line, hf_entity_label(cli->net, s->articulation[k]));
    }
    if (s->n_articulation > 2 * MEMBERS_SHOWN) hf_buf_printf(&line, " and %d more", s->n_articulation - 2 * MEMBERS_SHOWN);
    hf_buf_printf(&cli->out, "\nCut points (without one of them a part loses all connection to the rest): %d\n  ", s->n_articulation);
    if (line.text) hf_help_wrap(&cli->out, line.text, 2, 2, cli->width);
    hf_buf_puts(&cli->out, "\n");
    hf_buf_done(&line);
}

static void next_print(hf_cli *cli, const hf_structure *s)
{
    if (s->n_alone == 0) return;
    hf_buf_puts(&cli->out, "\nWhat if the first fails: holdfast cascade ");
    hf_shell_word(&cli->out, cli->args.words[0]);
    hf_buf_puts(&cli->out, " --fail ");
    hf_shell_word(&cli->out, cli->net->id[s->alone[0].entity]);
    hf_buf_puts(&cli->out, "\n");
}

hf_err hf_print_structure(hf_cli *cli)
{
    hf_structure *s = NULL;
    hf_err err;
    HF_TRY(hf_structure_compute(cli->net, &s));
    size_print(cli, s);
    economy_print(cli);
    HF_TRY(ranking_print(cli, "Single points of failure: others that fall when this one alone fails, since nothing can replace it", "take down",
                         s->alone, s->n_alone));
    HF_TRY(ranking_print(cli, "Gatekeepers: others that every chain of supply passes through this one to reach", "behind it", s->dominators,
                         s->n_dominators));
    HF_TRY(ranking_print(cli, "Most depended on, directly or through others", "depend on it", s->depended, s->n_depended));
    HF_TRY(ranking_print(cli, "Hubs: requirements they supply", "supplies", s->hubs, s->n_hubs));
    HF_TRY(hf_carriers_print(cli));
    loops_print(cli, s);
    cut_points_print(cli, s);
    next_print(cli, s);
    err = cli->out.err;
out:
    hf_structure_free(s);
    return err;
}

static void ranking_json(hf_json *json, const hf_network *net, const char *key, const hf_ranked *list, int n)
{
    hf_json_key(json, key);
    hf_json_array(json);
    for (int k = 0; k < n; k++) {
        hf_json_object(json);
        hf_json_key_text(json, "id", net->id[list[k].entity]);
        hf_json_key_number(json, "count", list[k].count);
        hf_json_end(json);
    }
    hf_json_end(json);
}

static void ids_json(hf_json *json, const hf_network *net, const int *list, int n)
{
    hf_json_array(json);
    for (int k = 0; k < n; k++) hf_json_text(json, net->id[list[k]]);
    hf_json_end(json);
}

hf_err hf_json_structure(hf_cli *cli)
{
    hf_structure *s = NULL;
    hf_json json;
    hf_err err;
    HF_TRY(hf_structure_compute(cli->net, &s));
    hf_json_start(&json, &cli->out);
    hf_json_head(&json, cli);
    hf_json_key_number(&json, "n_entities", cli->net->n_entities);
    hf_json_key_number(&json, "n_requirements", cli->net->n_requirements);
    hf_json_key_number(&json, "n_supplies", cli->net->n_supplies);
    hf_json_key_number(&json, "components", s->n_components);
    hf_json_key_number(&json, "largest_component", s->largest_component);
    ranking_json(&json, cli->net, "alone", s->alone, s->n_alone);
    ranking_json(&json, cli->net, "dominators", s->dominators, s->n_dominators);
    ranking_json(&json, cli->net, "depended_on", s->depended, s->n_depended);
    ranking_json(&json, cli->net, "hubs", s->hubs, s->n_hubs);
    HF_TRY(hf_carriers_json(&json, cli->net));
    hf_json_key(&json, "loops");
    hf_json_array(&json);
    for (int k = 0; k < s->n_loops; k++) {
        hf_json_object(&json);
        hf_json_key(&json, "entities");
        ids_json(&json, cli->net, s->loop_entity + s->loop_off[k], s->loop_off[k + 1] - s->loop_off[k]);
        hf_json_end(&json);
    }
    hf_json_end(&json);
    hf_json_key(&json, "articulation_points");
    ids_json(&json, cli->net, s->articulation, s->n_articulation);
    hf_json_end(&json);
    hf_buf_puts(&cli->out, "\n");
    err = cli->out.err;
out:
    hf_structure_free(s);
    return err;
}
