#include <math.h>

#include "cli/cause_words.h"
#include "cli/cells.h"
#include "cli/cli.h"
#include "cli/words.h"
#include "datasets/link/link.h"
#include "datasets/table.h"

enum { NAMES_SHOWN = 8 };

static void km_cell(hf_text_table *table, double km)
{
    if (isnan(km)) hf_text_table_cell(table, "-");
    else hf_text_table_cellf(table, "%.1f", km);
}

static hf_err rules_print(hf_cli *cli, const hf_link_report *report)
{
    hf_text_table *table = NULL;
    hf_err err = HF_OK;
    HF_TRY(hf_text_table_new(&table));
    hf_text_table_column(table, "rule", HF_ALIGN_LEFT);
    static const char *const columns[] = {"may need it", "have it", "linked", "links", "median km", "most km", "over 20 km", "found nobody", "no place"};
    for (size_t k = 0; k < sizeof columns / sizeof *columns; k++) hf_text_table_column(table, columns[k], HF_ALIGN_RIGHT);
    for (int k = 0; k < report->n; k++) {
        const hf_link_rule *r = &report->rules[k];
        hf_text_table_cell(table, r->name);
        hf_text_table_cellf(table, "%d", r->users);
        hf_text_table_cellf(table, "%d", r->had);
        hf_text_table_cellf(table, "%d", r->linked);
        hf_text_table_cellf(table, "%d", r->links);
        km_cell(table, r->median_km);
        km_cell(table, r->most_km);
        hf_text_table_cellf(table, "%d", r->over_20_km);
        hf_text_table_cellf(table, "%d", r->n_unconnected);
        hf_text_table_cellf(table, "%d", r->unplaced);
    }
    HF_TRY(hf_text_table_write(table, cli->width, &cli->out));
out:
    hf_text_table_free(table);
    return err;
}

static void unconnected_print(hf_cli *cli, const hf_link_report *report)
{
    for (int k = 0; k < report->n; k++) {
        const hf_link_rule *r = &report->rules[k];
        if (r->n_unconnected == 0) continue;
        hf_buf_printf(&cli->out, "\nFound nobody by rule \"%s\":\n", r->name);
        for (int u = 0; u < r->n_unconnected && u < NAMES_SHOWN; u++)
            hf_buf_printf(&cli->out, "  %s (%s)\n", hf_entity_label(cli->net, r->unconnected[u]), cli->net->id[r->unconnected[u]]);
        if (r->n_unconnected > NAMES_SHOWN) hf_buf_printf(&cli->out, "  and %d more (--csv lists all)\n", r->n_unconnected - NAMES_SHOWN);
    }
}

/* One row for each entity that found nobody. */
static hf_err csv_write(hf_cli *cli, const hf_link_report *report)
{
    static const char *const columns[] = {"rule", "id", "name"};
    hf_table *table = NULL;
    hf_err err = HF_OK;
    HF_TRY(hf_table_new("", columns, 3, &table));
    for (int k = 0; k < report->n; k++)
        for (int u = 0; u < report->rules[k].n_unconnected; u++) {
            int i = report->rules[k].unconnected[u];
            HF_TRY(hf_table_append(table, (const char *const[]){report->rules[k].name, cli->net->id[i], cli->net->name[i]}));
        }
    hf_table_write(table, &cli->out);
    err = cli->out.err;
out:
    hf_table_free(table);
    return err;
}

hf_err hf_cmd_link(hf_cli *cli)
{
    const char *into = hf_args_text(&cli->args, "into"), *rules = hf_args_text(&cli->args, "rules");
    hf_link_report *report = NULL;
    if (!into || !rules) return hf_cli_usage(cli, "--rules FILE and --into DIR are needed: the rule table, and the folder to make");
    hf_err err = hf_cli_open(cli);
    if (err != HF_OK) return err;
    size_t first = hf_diag_kept(cli->diag);
    err = hf_link(cli->package, rules, into, cli->diag, &report);
    hf_cli_findings(cli, first, err == HF_OK ? HF_WARNING : HF_ERROR);
    if (err != HF_OK) {
        cli->told = hf_diag_count(cli->diag, HF_ERROR) > 0;
        return err;
    }
    if (hf_args_has(&cli->args, "csv")) HF_TRY(csv_write(cli, report));
    else {
        HF_TRY(rules_print(cli, report));
        unconnected_print(cli, report);
        hf_buf_printf(&cli->out, "\nThe package is in %s. Look at it: holdfast show %s\n", into, into);
    }
    err = cli->out.err;
out:
    hf_link_report_free(report);
    return err;
}
