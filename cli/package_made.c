#include "cli/package_made.h"

#include "cli/words.h"

hf_err hf_package_made(hf_cli *cli, const char *into)
{
    hf_err err = hf_package_open(into, cli->diag, &cli->package);
    if (err != HF_OK) return err;
    const hf_network *net = hf_package_network(cli->package);
    hf_word_count(&cli->out, net->n_entities, "entity", "entities");
    hf_buf_puts(&cli->out, ", ");
    hf_word_count(&cli->out, net->n_supplies, "supply link", "supply links");
    for (int c = 0; c < net->n_carriers; c++) {
        hf_buf_printf(&cli->out, "; carrier %s: ", net->carrier_id[c]);
        hf_word_count(&cli->out, net->cnode_off[c + 1] - net->cnode_off[c], "node", "nodes");
        hf_buf_puts(&cli->out, ", ");
        hf_word_count(&cli->out, net->cline_off[c + 1] - net->cline_off[c], "line", "lines");
    }
    hf_buf_printf(&cli->out, "\nThe package is in %s. Look at it: holdfast show %s\n", into, into);
    return cli->out.err;
}
