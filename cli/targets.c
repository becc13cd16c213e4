#include "cli/targets.h"

#include <string.h>

#include "base/alloc.h"
#include "model/cascade/scenario.h"

hf_err hf_targets_read(hf_cli *cli, const char *option, const char *text, int **ret_entities, int *ret_n)
{
    int *entities = NULL, n = 0, one;
    const char *why = NULL;
    hf_err err;
    if (!strchr(text, '=') || hf_network_find(cli->net, text) >= 0) {
        HF_TRY(hf_cli_entity(cli, text, &one));
        entities = hf_malloc(sizeof *entities);
        if (!entities) return HF_E_NOMEM;
        entities[0] = one;
        n = 1;
    } else {
        err = hf_target_resolve(cli->net, text, &entities, &n, &why);
        if (err == HF_E_NOMEM) return err;
        if (err != HF_OK || n == 0) {
            hf_free(entities);
            return hf_cli_usage(cli, "%s%s\"%s\": %s", option, *option ? " " : "", text, why && *why ? why : "names no entity");
        }
    }
    *ret_entities = entities;
    *ret_n = n;
    return HF_OK;
out:
    return err;
}

hf_err hf_hazard_read(hf_cli *cli, const char *name, int *ret_hazard)
{
    hf_buf names = {0};
    *ret_hazard = hf_network_find_hazard(cli->net, name);
    if (*ret_hazard >= 0) return HF_OK;
    for (int z = 0; z < cli->net->n_hazards; z++) hf_buf_printf(&names, "%s%s", z ? ", " : "", cli->net->hazard_id[z]);
    hf_err err = hf_cli_usage(cli, "there is no hazard \"%s\"; this data set has: %s", name, names.text ? names.text : "none");
    hf_buf_done(&names);
    return err;
}
