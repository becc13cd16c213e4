#include <string.h>

#include "base/alloc.h"
#include "cli/json_parts.h"
#include "cli/words.h"
#include "datasets/economy.h"
#include "viz/text_table.h"

static const char *const rule_name[] = {"reach", "balance", "flow", "dc"};

/* Entities by sector and country: counts[sector * n_countries + country]. The caller frees it. */
static hf_err matrix_count(const hf_network *net, int **ret_counts)
{
    int *counts = hf_calloc((size_t)net->sectors.n * (size_t)net->countries.n, sizeof *counts);
    if (!counts) return HF_E_NOMEM;
    for (int i = 0; i < net->n_entities; i++) counts[net->sector[i] * net->countries.n + net->country[i]]++;
    *ret_counts = counts;
    return HF_OK;
}

static void json_matrix(hf_json *json, const hf_network *net, const int *counts)
{
    hf_json_key(json, "entities");
    hf_json_array(json);
    for (int s = 0; s < net->sectors.n; s++)
        for (int c = 0; c < net->countries.n; c++) {
            if (counts[s * net->countries.n + c] == 0) continue;
            hf_json_object(json);
            hf_json_key_text(json, "sector", net->sectors.name[s]);
            hf_json_key_text(json, "country", net->countries.name[c]);
            hf_json_key_number(json, "count", counts[s * net->countries.n + c]);
            hf_json_end(json);
        }
    hf_json_end(json);
}

static void json_findings(hf_json *json, const hf_diag *diag)
{
    static const char *const severity[] = {"error", "warning", "note"};
    hf_json_key(json, "findings");
    hf_json_array(json);
    for (size_t i = 0; i < hf_diag_kept(diag); i++) {
        const hf_finding *f = hf_diag_get(diag, i);
        hf_json_object(json);
        hf_json_key_text(json, "severity", severity[f->severity]);
        hf_json_key_number(json, "code", f->code);
        hf_json_key_text(json, "file", f->file);
        hf_json_key_number(json, "line", f->line);
        hf_json_key_number(json, "column", f->column);
        hf_json_key_text(json, "text", f->text);
        hf_json_end(json);
    }
    hf_json_end(json);
    hf_json_key_number(json, "errors", (double)hf_diag_count(diag, HF_ERROR));
    hf_json_key_number(json, "warnings", (double)hf_diag_count(diag, HF_WARNING));
    hf_json_key_number(json, "notes", (double)hf_diag_count(diag, HF_NOTE));
}

static void json_counts(hf_json *json, const hf_cli *cli)
{
    const hf_network *net = cli->net;
    hf_json_key_number(json, "n_entities", net->n_entities);
    hf_json_key_number(json, "n_requirements", net->n_requirements);
    hf_json_key_number(json, "n_supplies", net->n_supplies);
    hf_json_key(json, "carriers");
    hf_json_array(json);
    for (int c = 0; c < net->n_carriers; c++) {
        hf_json_object(json);
        hf_json_key_text(json, "carrier", net->carrier_id[c]);
        hf_json_key_text(json, "rule", rule_name[net->carrier_rule[c]]);
        hf_json_key_number(json, "nodes", net->cnode_off[c + 1] - net->cnode_off[c]);
        hf_json_key_number(json, "lines", net->cline_off[c + 1] - net->cline_off[c]);
        hf_json_end(json);
    }
    hf_json_end(json);
    hf_json_key(json, "scenarios");
    hf_json_array(json);
    for (int i = 0; i < hf_package_scenario_count(cli->package); i++) hf_json_text(json, hf_package_scenario(cli->package, i)->name);
    hf_json_end(json);
    hf_json_key(json, "hazards");
    hf_json_array(json);
    for (int z = 0; z < net->n_hazards; z++) hf_json_text(json, net->hazard_id[z]);
    hf_json_end(json);
}

/* The document is also written for a data set with errors: then without the counts. */
static hf_err check_json(hf_cli *cli, const int *counts)
{
    hf_json json;
    hf_json_start(&json, &cli->out);
    hf_json_head(&json, cli);
    json_findings(&json, cli->diag);
    if (cli->net) {
        json_counts(&json, cli);
        json_matrix(&json, cli->net, counts);
    }
    hf_json_end(&json);
    hf_buf_puts(&cli->out, "\n");
    return cli->out.err;
}

static void count_cell(hf_text_table *table, int count)
{
    if (count == 0) hf_text_table_cell(table, ".");
    else hf_text_table_cellf(table, "%d", count);
}

static hf_err matrix_print(hf_cli *cli, const int *counts)
{
    const hf_network *net = cli->net;
    int n = net->countries.n;
    hf_text_table *table = NULL;
    hf_err err;
    HF_TRY(hf_text_table_new(&table));
    hf_text_table_column(table, "sector", HF_ALIGN_LEFT);
    for (int c = 0; c < n; c++) hf_text_table_column(table, net->countries.name[c], HF_ALIGN_RIGHT);
    hf_text_table_column(table, "all", HF_ALIGN_RIGHT);
    for (int s = 0; s < net->sectors.n; s++) {
        int all = 0;
        hf_text_table_cell(table, net->sectors.name[s]);
        for (int c = 0; c < n; c++) {
            count_cell(table, counts[s * n + c]);
            all += counts[s * n + c];
        }
        count_cell(table, all);
    }
    hf_text_table_write(table, cli->width, &cli->out);
    err = cli->out.err;
out:
    hf_text_table_free(table);
    return err;
}

static void title_print(hf_cli *cli)
{
    const hf_package *package = cli->package;
    hf_buf *out = &cli->out;
    hf_buf_puts(out, hf_package_name(package));
    if (*hf_package_title(package)) hf_buf_printf(out, ": %s", hf_package_title(package));
    if (*hf_package_version(package)) hf_buf_printf(out, " (version %s)", hf_package_version(package));
    hf_buf_printf(out, "\nsha256 %s\n\n", hf_package_digest(package));
}

static void links_print(hf_cli *cli)
{
    const hf_network *net = cli->net;
    hf_buf *out = &cli->out;
    hf_word_count(out, net->n_entities, "entity", "entities");
    hf_buf_puts(out, ", ");
    hf_word_count(out, net->n_requirements, "requirement", "requirements");
    hf_buf_puts(out, ", ");
    hf_word_count(out, net->n_supplies, "supply link", "supply links");
    hf_buf_puts(out, "\n");
    for (int c = 0; c < net->n_carriers; c++) {
        hf_buf_printf(out, "carrier %s (%s%s%s): ", net->carrier_id[c], rule_name[net->carrier_rule[c]], *net->carrier_unit[c] ? ", " : "",
                      net->carrier_unit[c]);
        hf_word_count(out, net->cnode_off[c + 1] - net->cnode_off[c], "node", "nodes");
        hf_buf_puts(out, ", ");
        hf_word_count(out, net->cline_off[c + 1] - net->cline_off[c], "line", "lines");
        hf_buf_puts(out, "\n");
    }
    for (int z = 0; z < net->n_hazards; z++) {
        hf_buf_printf(out, "hazard %s: ", net->hazard_id[z]);
        if (*net->hazard_title[z]) hf_buf_printf(out, "%s; damages ", net->hazard_title[z]);
        hf_word_count(out, net->hazard_off[z + 1] - net->hazard_off[z], "entity", "entities");
        hf_buf_puts(out, "\n");
    }
    for (int i = 0; i < hf_package_scenario_count(cli->package); i++) {
        const hf_scenario *s = hf_package_scenario(cli->package, i);
        hf_buf_printf(out, "scenario %s%s%s\n", s->name, *s->title ? ": " : "", s->title);
    }
}

/* Looks at the table as it was read, then cleans it, so that the findings say what cleaning changes. */
static hf_err economy_check(hf_cli *cli, hf_io_checks *ret_checks)
{
    hf_economy *economy = hf_package_economy(cli->package);
    if (!economy) return HF_OK;
    hf_err err = hf_economy_radius_check(economy, cli->diag);
    if (err == HF_OK) err = hf_io_check(economy->table, NULL, ret_checks);
    return err == HF_OK ? hf_economy_clean(economy, NULL, cli->diag) : err;
}

/* Size of the table, what hangs on it, how well it added up when it was read. */
static void economy_print(hf_cli *cli, const hf_io_checks *checks)
{
    const hf_economy *economy = hf_package_economy(cli->package);
    if (!economy || hf_diag_count(cli->diag, HF_ERROR) > 0) return;
    hf_buf_puts(&cli->out, "economy: ");
    hf_word_count(&cli->out, economy->table->n_regions, "region", "regions");
    hf_buf_printf(&cli->out, " by %d industries, ", economy->table->n_sectors);
    hf_word_count(&cli->out, economy->n_links, "industry link", "industry links");
    hf_buf_puts(&cli->out, ", ");
    hf_word_count(&cli->out, economy->n_corridors, "corridor", "corridors");
    hf_buf_printf(&cli->out, "; spectral radius %.4g; rows add up within %.1e of output, columns within %.1e\n", checks->radius_a, checks->row_gap,
                  checks->column_gap);
}

static hf_err check_print(hf_cli *cli, const int *counts, const hf_io_checks *checks)
{
    hf_err err;
    title_print(cli);
    HF_TRY(matrix_print(cli, counts));
    hf_buf_puts(&cli->out, "\n");
    links_print(cli);
    economy_print(cli, checks);
    if (hf_diag_count(cli->diag, HF_ERROR) + hf_diag_count(cli->diag, HF_WARNING) == 0) hf_buf_puts(&cli->out, "\nNo errors and no warnings.\n");
    err = cli->out.err;
out:
    return err;
}

hf_err hf_cmd_check(hf_cli *cli)
{
    bool json = hf_args_has(&cli->args, "json");
    int *counts = NULL;
    hf_io_checks checks = {0};
    hf_err err = hf_cli_open(cli), opened = err;
    if (err != HF_OK && !(json && hf_diag_count(cli->diag, HF_ERROR) > 0)) return err;
    if (opened == HF_OK) err = opened = economy_check(cli, &checks);
    if (err != HF_OK && err != HF_E_DATA) return err;
    if (cli->net) {
        hf_cli_findings(cli, 0, HF_NOTE);
        HF_TRY(matrix_count(cli->net, &counts));
    }
    if (json) HF_TRY(check_json(cli, counts));
    else HF_TRY(check_print(cli, counts, &checks));
    if (hf_args_has(&cli->args, "strict") && hf_diag_count(cli->diag, HF_WARNING) > 0) cli->status = HF_EXIT_DATA;
    err = opened;
    cli->told |= err != HF_OK && cli->net;
out:
    hf_free(counts);
    return err;
}
