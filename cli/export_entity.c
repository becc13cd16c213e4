/* `show` for programs: one entity as JSON, entities and links as CSV. */
#include <math.h>

#include "cli/json_parts.h"
#include "cli/print_show.h"
#include "datasets/table.h"

static const char *const kind_name[] = {"physical", "cyber", "geographic", "logical"};

static const char *label(const hf_labels *labels, int index)
{
    return index >= 0 ? labels->name[index] : NULL;
}

static const char *cell(double value, char text[32])
{
    if (isnan(value)) return NULL;
    hf_number_format(value, text);
    return text;
}

static hf_err entity_append(hf_table *table, const hf_network *net, int i)
{
    char n[8][32];
    const char *cells[] = {net->id[i],
                           net->name[i],
                           net->sectors.name[net->sector[i]],
                           label(&net->subsectors, net->subsector[i]),
                           net->countries.name[net->country[i]],
                           label(&net->regions, net->region[i]),
                           label(&net->owners, net->owner[i]),
                           cell(net->users[i], n[0]),
                           cell(net->value_eur_h[i], n[1]),
                           cell(net->repair_h[i], n[2]),
                           cell(net->restart_h[i], n[3]),
                           cell(net->lat[i], n[4]),
                           cell(net->lon[i], n[5]),
                           cell(net->req_off[i + 1] - net->req_off[i], n[6]),
                           cell(net->out_off[i + 1] - net->out_off[i], n[7])};
    return hf_table_append(table, cells);
}

hf_err hf_csv_entities(hf_cli *cli)
{
    static const char *const columns[] = {"id",          "name",     "sector",    "subsector", "country", "region",       "operator", "users",
                                          "value_eur_h", "repair_h", "restart_h", "lat",       "lon",     "requirements", "needed_by"};
    hf_table *table = NULL;
    hf_err err;
    HF_TRY(hf_table_new("", columns, (int)(sizeof columns / sizeof *columns), &table));
    for (int i = 0; i < cli->net->n_entities; i++) HF_TRY(entity_append(table, cli->net, i));
    hf_table_write(table, &cli->out);
    err = cli->out.err;
out:
    hf_table_free(table);
    return err;
}

static hf_err link_append(hf_table *table, const hf_network *net, const char *role, int s, int other)
{
    char n[3][32];
    hf_buf curve = {0};
    int g = net->sup_req[s];
    hf_curve_text(net, g, &curve);
    const char *cells[] = {role,
                           net->req_labels.name[net->req_label[g]],
                           kind_name[net->req_kind[g]],
                           net->id[other],
                           net->name[other],
                           net->countries.name[net->country[other]],
                           cell(net->sup_share[s], n[0]),
                           cell(net->sup_demand[s], n[1]),
                           cell(net->sup_class[s], n[2]),
                           curve.text};
    hf_err err = curve.err == HF_OK ? hf_table_append(table, cells) : curve.err;
    hf_buf_done(&curve);
    return err;
}

hf_err hf_csv_entity(hf_cli *cli, int i)
{
    static const char *const columns[] = {"role", "requirement", "kind", "entity", "name", "country", "share", "demand", "class", "curve"};
    const hf_network *net = cli->net;
    hf_table *table = NULL;
    hf_err err;
    HF_TRY(hf_table_new("", columns, (int)(sizeof columns / sizeof *columns), &table));
    for (int s = net->sup_off[net->req_off[i]]; s < net->sup_off[net->req_off[i + 1]]; s++)
        HF_TRY(link_append(table, net, "needs", s, net->sup_supplier[s]));
    for (int k = net->out_off[i]; k < net->out_off[i + 1]; k++) {
        int s = net->out_supply[k];
        HF_TRY(link_append(table, net, "needed_by", s, net->req_entity[net->sup_req[s]]));
    }
    hf_table_write(table, &cli->out);
    err = cli->out.err;
out:
    hf_table_free(table);
    return err;
}

static void suppliers_write(hf_json *json, const hf_network *net, int g)
{
    hf_json_key(json, "suppliers");
    hf_json_array(json);
    for (int s = net->sup_off[g]; s < net->sup_off[g + 1]; s++) {
        hf_json_object(json);
        hf_json_key_text(json, "entity", net->id[net->sup_supplier[s]]);
        hf_json_key_number(json, "share", net->sup_share[s]);
        hf_json_key_number(json, "demand", net->sup_demand[s]);
        hf_json_key_number(json, "class", net->sup_class[s]);
        hf_json_end(json);
    }
    hf_json_end(json);
}

static hf_err requirements_write(hf_json *json, const hf_network *net, int i)
{
    hf_err err = HF_OK;
    hf_json_key(json, "needs");
    hf_json_array(json);
    for (int g = net->req_off[i]; g < net->req_off[i + 1] && err == HF_OK; g++) {
        hf_buf curve = {0};
        hf_json_object(json);
        hf_json_key_text(json, "requirement", net->req_labels.name[net->req_label[g]]);
        hf_json_key_text(json, "kind", kind_name[net->req_kind[g]]);
        hf_json_key_number(json, "threshold", net->req_response[g] == HF_THRESHOLD ? net->req_threshold[g] : NAN);
        hf_curve_text(net, g, &curve);
        hf_json_key_text(json, "curve", curve.text);
        suppliers_write(json, net, g);
        hf_json_end(json);
        err = curve.err;
        hf_buf_done(&curve);
    }
    hf_json_end(json);
    return err;
}

static void needed_write(hf_json *json, const hf_network *net, int i)
{
    hf_json_key(json, "needed_by");
    hf_json_array(json);
    for (int k = net->out_off[i]; k < net->out_off[i + 1]; k++) {
        int s = net->out_supply[k], g = net->sup_req[s];
        hf_json_object(json);
        hf_json_key_text(json, "entity", net->id[net->req_entity[g]]);
        hf_json_key_text(json, "requirement", net->req_labels.name[net->req_label[g]]);
        hf_json_key_number(json, "share", net->sup_share[s]);
        hf_json_end(json);
    }
    hf_json_end(json);
}

hf_err hf_json_entity(hf_cli *cli, int i)
{
    const hf_network *net = cli->net;
    hf_json json;
    hf_err err;
    hf_json_start(&json, &cli->out);
    hf_json_head(&json, cli);
    hf_json_key(&json, "entity");
    hf_json_object(&json);
    hf_json_key_text(&json, "id", net->id[i]);
    hf_json_key_text(&json, "name", net->name[i]);
    hf_json_key_text(&json, "sector", net->sectors.name[net->sector[i]]);
    hf_json_key_text(&json, "subsector", label(&net->subsectors, net->subsector[i]));
    hf_json_key_text(&json, "country", net->countries.name[net->country[i]]);
    hf_json_key_text(&json, "region", label(&net->regions, net->region[i]));
    hf_json_key_text(&json, "operator", label(&net->owners, net->owner[i]));
    hf_json_key_number(&json, "users", net->users[i]);
    hf_json_key_number(&json, "value_eur_h", net->value_eur_h[i]);
    hf_json_key_number(&json, "repair_h", net->repair_h[i]);
    hf_json_key_number(&json, "restart_h", net->restart_h[i]);
    HF_TRY(requirements_write(&json, net, i));
    needed_write(&json, net, i);
    hf_json_end(&json);
    hf_json_end(&json);
    hf_buf_puts(&cli->out, "\n");
    err = cli->out.err;
out:
    return err;
}
