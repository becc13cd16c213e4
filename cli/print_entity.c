#include <math.h>
#include <string.h>

#include "cli/cause_words.h"
#include "cli/json_parts.h"
#include "cli/print_show.h"
#include "cli/what_if.h"
#include "cli/words.h"
#include "viz/text_table.h"

void hf_curve_text(const hf_network *net, int g, hf_buf *out)
{
    int curve = net->req_curve[g];
    for (int k = net->curve_off[curve]; k < net->curve_off[curve + 1]; k++) {
        if (k > net->curve_off[curve]) hf_buf_puts(out, " ");
        hf_buf_number(out, net->curve_h[k]);
        hf_buf_puts(out, ":");
        hf_buf_number(out, net->curve_loss[k]);
    }
}

void hf_curve_words(const hf_network *net, int g, hf_buf *out)
{
    int curve = net->req_curve[g], first = net->curve_off[curve], end = net->curve_off[curve + 1];
    for (int k = first; k < end; k++) {
        bool all = net->curve_loss[k] >= 1;
        if (k > first) hf_buf_puts(out, ", ");
        if (all) hf_buf_puts(out, "down ");
        else {
            hf_word_share(out, net->curve_loss[k]);
            hf_buf_puts(out, k > first ? " " : " lost ");
        }
        if (net->curve_h[k] <= 0) {
            hf_buf_puts(out, "at once");
        } else {
            hf_buf_puts(out, "after ");
            hf_word_hours(out, net->curve_h[k]);
        }
    }
}

static void amount_note(hf_buf *out, double amount, const char *unit)
{
    if (amount <= 0) return;
    hf_buf_puts(out, out->length && out->text[out->length - 1] != '\n' ? "; " : "  ");
    hf_word_amount(out, amount);
    hf_buf_puts(out, unit);
}

static void head_print(hf_buf *out, const hf_network *net, int i)
{
    hf_entity_words(net, i, out);
    hf_buf_printf(out, "\n  %s", net->sectors.name[net->sector[i]]);
    if (net->subsector[i] >= 0) hf_buf_printf(out, ", %s", net->subsectors.name[net->subsector[i]]);
    hf_buf_printf(out, " in %s", net->countries.name[net->country[i]]);
    if (net->region[i] >= 0) hf_buf_printf(out, ", region %s", net->regions.name[net->region[i]]);
    if (net->owner[i] >= 0) hf_buf_printf(out, ", operated by %s", net->owners.name[net->owner[i]]);
    amount_note(out, net->users[i], " users");
    amount_note(out, net->value_eur_h[i], " EUR an hour");
    hf_buf_puts(out, "\n  ");
    if (isnan(net->repair_h[i])) {
        hf_buf_puts(out, "not repaired by itself");
    } else {
        hf_buf_puts(out, "repaired in ");
        hf_word_hours(out, net->repair_h[i]);
    }
    if (net->restart_h[i] > 0) {
        hf_buf_puts(out, "; needs ");
        hf_word_hours(out, net->restart_h[i]);
        hf_buf_puts(out, " to restart");
    }
    if (net->black_start[i]) hf_buf_puts(out, "; can start from its own source");
    if (net->isolated[i]) hf_buf_puts(out, "; isolated area");
    if (net->confidential[i]) hf_buf_puts(out, "; confidential");
    hf_buf_puts(out, "\n");
}

static void buf_cell(hf_text_table *table, hf_buf *text)
{
    hf_text_table_cell(table, text->text ? text->text : "");
    hf_buf_done(text);
}

static void link_cells(hf_text_table *table, const hf_network *net, int supply, int other)
{
    hf_buf share = {0}, curve = {0};
    int g = net->sup_req[supply];
    hf_text_table_cell(table, net->req_labels.name[net->req_label[g]]);
    hf_text_table_cell(table, hf_entity_label(net, other));
    hf_text_table_cell(table, net->id[other]);
    hf_text_table_cell(table, net->countries.name[net->country[other]]);
    hf_word_share(&share, net->sup_share[supply]);
    buf_cell(table, &share);
    hf_text_table_cellf(table, "%d", net->sup_class[supply]);
    hf_curve_words(net, g, &curve);
    buf_cell(table, &curve);
}

static hf_err link_table_new(const char *other, hf_text_table **ret_table)
{
    hf_text_table *table = NULL;
    hf_err err = hf_text_table_new(&table);
    if (err != HF_OK) return err;
    hf_text_table_column(table, "for", HF_ALIGN_LEFT);
    hf_text_table_column(table, other, HF_ALIGN_LEFT);
    hf_text_table_column(table, "id", HF_ALIGN_LEFT);
    hf_text_table_column(table, "in", HF_ALIGN_LEFT);
    hf_text_table_column(table, "covers", HF_ALIGN_RIGHT);
    hf_text_table_column(table, "class", HF_ALIGN_RIGHT);
    hf_text_table_column(table, "without it", HF_ALIGN_LEFT);
    *ret_table = table;
    return HF_OK;
}

static hf_err needs_print(hf_cli *cli, int i)
{
    const hf_network *net = cli->net;
    hf_text_table *table = NULL;
    hf_err err;
    int first = net->req_off[i], end = net->req_off[i + 1];
    if (first == end) {
        hf_buf_puts(&cli->out, "\nIt needs nothing.\n");
        return HF_OK;
    }
    HF_TRY(link_table_new("supplier", &table));
    for (int s = net->sup_off[first]; s < net->sup_off[end]; s++) link_cells(table, net, s, net->sup_supplier[s]);
    hf_buf_puts(&cli->out, "\nNeeds:\n");
    HF_TRY(hf_text_table_write(table, cli->width, &cli->out));
    for (int g = first; g < end; g++) {
        if (net->sup_off[g] == net->sup_off[g + 1])
            hf_buf_printf(&cli->out, "  %s has no supplier in this data set\n", net->req_labels.name[net->req_label[g]]);
        if (net->req_response[g] == HF_THRESHOLD)
            hf_buf_printf(&cli->out, "  %s counts as met from %g %% of full supply on, and as missing below\n", net->req_labels.name[net->req_label[g]],
                          net->req_threshold[g] * 100);
    }
out:
    hf_text_table_free(table);
    return err;
}

static hf_err needed_print(hf_cli *cli, int i)
{
    const hf_network *net = cli->net;
    hf_text_table *table = NULL;
    hf_err err;
    int n = net->out_off[i + 1] - net->out_off[i];
    if (n == 0) {
        hf_buf_puts(&cli->out, "\nNothing needs it.\n");
        return HF_OK;
    }
    HF_TRY(link_table_new("who needs it", &table));
    for (int k = net->out_off[i]; k < net->out_off[i + 1]; k++) {
        int s = net->out_supply[k];
        link_cells(table, net, s, net->req_entity[net->sup_req[s]]);
    }
    hf_buf_puts(&cli->out, "\nNeeded by (");
    hf_word_count(&cli->out, n, "link", "links");
    hf_buf_puts(&cli->out, "):\n");
    HF_TRY(hf_text_table_write(table, cli->width, &cli->out));
out:
    hf_text_table_free(table);
    return err;
}

static void carriers_print(hf_buf *out, const hf_network *net, int i)
{
    bool any = net->ent_cnode_off[i] < net->ent_cnode_off[i + 1] || net->ent_cline_off[i] < net->ent_cline_off[i + 1];
    if (any) hf_buf_puts(out, "\nCarriers:\n");
    for (int k = net->ent_cnode_off[i]; k < net->ent_cnode_off[i + 1]; k++) {
        int node = net->ent_cnode[k], c = net->cnode_carrier[node];
        hf_buf_printf(out, "  node of %s: supply %g, demand %g %s, %d lines\n", net->carrier_id[c], net->cnode_supply[node], net->cnode_demand[node],
                      net->carrier_unit[c], net->cadj_off[node + 1] - net->cadj_off[node]);
    }
    for (int k = net->ent_cline_off[i]; k < net->ent_cline_off[i + 1]; k++) {
        int line = net->ent_cline[k], c = net->cline_carrier[line];
        hf_buf_printf(out, "  line of %s: %s to %s\n", net->carrier_id[c], net->id[net->cnode_entity[net->cline_from[line]]],
                      net->id[net->cnode_entity[net->cline_to[line]]]);
    }
}

static void hazards_print(hf_buf *out, const hf_network *net, int i)
{
    bool any = false;
    for (int z = 0; z < net->n_hazards; z++)
        for (int d = net->hazard_off[z]; d < net->hazard_off[z + 1]; d++) {
            if (net->damage_entity[d] != i) continue;
            if (!any) hf_buf_puts(out, "\nHazards:\n");
            any = true;
            hf_buf_printf(out, "  %s takes ", net->hazard_id[z]);
            hf_word_share(out, net->damage_severity[d]);
            hf_buf_puts(out, " of it with probability ");
            hf_buf_number(out, net->damage_probability[d]);
            hf_buf_puts(out, "\n");
        }
}

static void abroad_print(hf_buf *out, const hf_network *net, int i)
{
    if (net->abroad_off[i] == net->abroad_off[i + 1]) return;
    hf_buf_puts(out, "\nServes abroad: ");
    for (int k = net->abroad_off[i]; k < net->abroad_off[i + 1]; k++) {
        hf_buf_printf(out, "%s%s (", k > net->abroad_off[i] ? ", " : "", net->countries.name[net->abroad_country[k]]);
        hf_word_amount(out, net->abroad_users[k]);
        hf_buf_puts(out, " users)");
    }
    hf_buf_puts(out, "\n");
}

hf_err hf_print_entity(hf_cli *cli, int entity)
{
    hf_err err;
    head_print(&cli->out, cli->net, entity);
    HF_TRY(needs_print(cli, entity));
    HF_TRY(needed_print(cli, entity));
    carriers_print(&cli->out, cli->net, entity);
    abroad_print(&cli->out, cli->net, entity);
    hazards_print(&cli->out, cli->net, entity);
    hf_buf_puts(&cli->out, "\nWhat if it fails: holdfast cascade ");
    hf_shell_word(&cli->out, cli->args.words[0]);
    hf_buf_puts(&cli->out, " --fail ");
    hf_shell_word(&cli->out, cli->net->id[entity]);
    hf_buf_puts(&cli->out, "\n");
    err = cli->out.err;
out:
    return err;
}
