/* Carriers as graphs: figures by which networks are compared. */
#include "cli/json_parts.h"
#include "cli/print_show.h"
#include "model/network/carrier_shape.h"
#include "viz/text_table.h"

hf_err hf_carriers_print(hf_cli *cli)
{
    const hf_network *net = cli->net;
    hf_text_table *table = NULL;
    hf_err err = HF_OK;
    if (net->n_carriers == 0) return HF_OK;
    hf_buf_puts(&cli->out, "\nCarriers as networks:\n");
    HF_TRY(hf_text_table_new(&table));
    hf_text_table_column(table, "carrier", HF_ALIGN_LEFT);
    static const char *const columns[] = {"nodes", "lines", "parts", "largest", "lines at a node", "most", "clustering", "steps apart"};
    for (size_t k = 0; k < sizeof columns / sizeof *columns; k++) hf_text_table_column(table, columns[k], HF_ALIGN_RIGHT);
    for (int c = 0; c < net->n_carriers; c++) {
        hf_carrier_shape s;
        HF_TRY(hf_carrier_shape_compute(net, c, &s));
        hf_text_table_cell(table, net->carrier_id[c]);
        hf_text_table_cellf(table, "%d", s.nodes);
        hf_text_table_cellf(table, "%d", s.lines);
        hf_text_table_cellf(table, "%d", s.parts);
        hf_text_table_cellf(table, "%d", s.largest);
        hf_text_table_cellf(table, "%.2f", s.mean_degree);
        hf_text_table_cellf(table, "%d", s.most_degree);
        if (s.clustering == s.clustering) hf_text_table_cellf(table, "%.3f", s.clustering);
        else hf_text_table_cell(table, "-");
        if (s.path_length == s.path_length) hf_text_table_cellf(table, "%.1f", s.path_length);
        else hf_text_table_cell(table, "-");
    }
    HF_TRY(hf_text_table_write(table, cli->width, &cli->out));
out:
    hf_text_table_free(table);
    return err;
}

hf_err hf_carriers_json(hf_json *json, const hf_network *net)
{
    hf_err err = HF_OK;
    hf_json_key(json, "carriers");
    hf_json_array(json);
    for (int c = 0; c < net->n_carriers && err == HF_OK; c++) {
        hf_carrier_shape s;
        err = hf_carrier_shape_compute(net, c, &s);
        if (err != HF_OK) break;
        hf_json_object(json);
        hf_json_key_text(json, "carrier", net->carrier_id[c]);
        hf_json_key_number(json, "nodes", s.nodes);
        hf_json_key_number(json, "lines", s.lines);
        hf_json_key_number(json, "parts", s.parts);
        hf_json_key_number(json, "largest_part", s.largest);
        hf_json_key_number(json, "mean_degree", s.mean_degree);
        hf_json_key_number(json, "most_degree", s.most_degree);
        hf_json_key_number(json, "clustering", s.clustering);
        hf_json_key_number(json, "path_length", s.path_length);
        hf_json_end(json);
    }
    hf_json_end(json);
    return err;
}
