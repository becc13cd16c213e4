/* What a data set holds and what one entity depends on, for people and programs. */
#ifndef HF_CLI_PRINT_SHOW_H
#define HF_CLI_PRINT_SHOW_H

#include "cli/cli.h"
#include "viz/json_out.h"

/* One entity: what it is, what it needs and from whom, who needs it, its place in carriers, the hazards that damage it. */
hf_err hf_print_entity(hf_cli *cli, int entity);
hf_err hf_json_entity(hf_cli *cli, int entity);

/* All entities as CSV. */
hf_err hf_csv_entities(hf_cli *cli);

/* The links of one entity as CSV: what it needs, then who needs it. */
hf_err hf_csv_entity(hf_cli *cli, int entity);

/* The structure of the network. */
hf_err hf_print_structure(hf_cli *cli);
hf_err hf_json_structure(hf_cli *cli);

/* The carriers as graphs: a table; the key "carriers" of a document. Nothing without carriers. */
hf_err hf_carriers_print(hf_cli *cli);
hf_err hf_carriers_json(hf_json *json, const hf_network *net);

/* An impact curve in words: "at once", "lasts 12 h", "30 % lost after 1 h, 80 % after 24 h"; and as files write it: "1:0.3 24:0.8". */
void hf_curve_words(const hf_network *net, int requirement, hf_buf *out);
void hf_curve_text(const hf_network *net, int requirement, hf_buf *out);

#endif
