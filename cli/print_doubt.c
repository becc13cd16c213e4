/* Ranks and how sure they are. */
#include "base/alloc.h"
#include "cli/cause_words.h"
#include "cli/cells.h"
#include "cli/json_parts.h"
#include "cli/print_sweep.h"
#include "cli/words.h"
#include "datasets/table.h"

static hf_err doubt_print(hf_cli *cli, const hf_doubt_options *options, int doubtful, int draws, const hf_rank_interval *interval, const int *order)
{
    const hf_network *net = cli->net;
    int n = net->n_entities, top = (int)hf_args_number(&cli->args, "top", 15), shown = top > 0 && top < n ? top : n;
    hf_text_table *table = NULL;
    hf_err err;
    hf_buf_printf(&cli->out, "%d doubtful links, %d versions of the network drawn, seed %llu; each of %d entities failed alone in each.\n\nRanks", doubtful,
                  draws, (unsigned long long)options->seed, n);
    if (shown < n) hf_buf_printf(&cli->out, " (%d of %d; --top 0 shows all)", shown, n);
    hf_buf_puts(&cli->out, ":\n");
    HF_TRY(hf_text_table_new(&table));
    hf_text_table_column(table, "entity", HF_ALIGN_LEFT);
    hf_text_table_column(table, "sector", HF_ALIGN_LEFT);
    hf_text_table_column(table, "in", HF_ALIGN_LEFT);
    hf_text_table_column(table, "rank (median)", HF_ALIGN_RIGHT);
    hf_text_table_column(table, "90 % of the draws", HF_ALIGN_RIGHT);
    hf_text_table_column(table, "mean figure", HF_ALIGN_RIGHT);
    for (int k = 0; k < shown; k++) {
        int i = order[k];
        hf_text_table_cell(table, hf_entity_label(net, i));
        hf_text_table_cell(table, net->sectors.name[net->sector[i]]);
        hf_text_table_cell(table, net->countries.name[net->country[i]]);
        hf_text_table_cellf(table, "%g", interval[i].median);
        hf_text_table_cellf(table, "%g to %g", interval[i].low, interval[i].high);
        hf_cell_amount(table, interval[i].mean);
    }
    HF_TRY(hf_text_table_write(table, cli->width, &cli->out));
out:
    hf_text_table_free(table);
    return err;
}

static hf_err doubt_json(hf_cli *cli, const hf_doubt_options *options, int doubtful, int draws, const hf_rank_interval *interval, const int *order)
{
    hf_json json;
    hf_json_start(&json, &cli->out);
    hf_json_head(&json, cli);
    hf_json_key_text(&json, "sweep", "doubt");
    hf_json_key_number(&json, "doubtful_links", doubtful);
    hf_json_key_number(&json, "draws", draws);
    hf_json_key_number(&json, "level", options->level);
    hf_json_key(&json, "entities");
    hf_json_array(&json);
    for (int k = 0; k < cli->net->n_entities; k++) {
        int i = order[k];
        hf_json_object(&json);
        hf_json_key_text(&json, "id", cli->net->id[i]);
        hf_json_key_number(&json, "rank_low", interval[i].low);
        hf_json_key_number(&json, "rank_median", interval[i].median);
        hf_json_key_number(&json, "rank_high", interval[i].high);
        hf_json_key_number(&json, "mean", interval[i].mean);
        hf_json_end(&json);
    }
    hf_json_end(&json);
    hf_json_end(&json);
    hf_buf_puts(&cli->out, "\n");
    return cli->out.err;
}

static hf_err doubt_csv(hf_cli *cli, const hf_rank_interval *interval, const int *order)
{
    static const char *const columns[] = {"id", "rank_low", "rank_median", "rank_high", "mean"};
    hf_table *table = NULL;
    hf_err err;
    HF_TRY(hf_table_new("", columns, 5, &table));
    for (int k = 0; k < cli->net->n_entities; k++) {
        const hf_rank_interval *r = &interval[order[k]];
        double value[] = {r->low, r->median, r->high, r->mean};
        char text[4][32];
        const char *cells[5] = {cli->net->id[order[k]]};
        for (int c = 0; c < 4; c++) {
            hf_number_format(value[c], text[c]);
            cells[c + 1] = text[c];
        }
        HF_TRY(hf_table_append(table, cells));
    }
    hf_table_write(table, &cli->out);
    err = cli->out.err;
out:
    hf_table_free(table);
    return err;
}

hf_err hf_doubt_write(hf_cli *cli, const hf_doubt_options *options, int doubtful, int draws, const hf_rank_interval *interval, const int *order)
{
    if (hf_args_has(&cli->args, "json")) return doubt_json(cli, options, doubtful, draws, interval, order);
    if (hf_args_has(&cli->args, "csv")) return doubt_csv(cli, interval, order);
    return doubt_print(cli, options, doubtful, draws, interval, order);
}
