#include <string.h>

#include "cli/cli.h"
#include "cli/print_fields.h"
#include "cli/print_show.h"
#include "cli/suggest.h"
#include "datasets/fields.h"

static hf_err resource_unknown(hf_cli *cli, const char *name)
{
    hf_nearest nearest;
    hf_buf names = {0};
    hf_nearest_start(&nearest, name, strlen(name));
    for (int i = 0; i < hf_resource_count; i++) {
        hf_nearest_offer(&nearest, hf_resources[i].name);
        hf_buf_printf(&names, "%s%s", i ? ", " : "", hf_resources[i].name);
    }
    if (nearest.best) hf_cli_usage(cli, "there is no table \"%s\"; did you mean %s?", name, nearest.best);
    else hf_cli_usage(cli, "there is no table \"%s\"; there are %s", name, names.text ? names.text : "");
    hf_buf_done(&names);
    return HF_E_RANGE;
}

/* --schema and --fields: about the format, so no data set is opened; the only word is a table's name. */
static hf_err format_show(hf_cli *cli)
{
    const char *name = cli->args.n_words > 0 ? cli->args.words[0] : NULL;
    if (cli->args.n_words > 1) return hf_cli_usage(cli, "--schema and --fields take at most the name of one table");
    if (name && !hf_resource_find(name)) return resource_unknown(cli, name);
    if (hf_args_has(&cli->args, "schema")) return hf_schema_write(name, &cli->out);
    for (int i = 0; i < hf_resource_count; i++) {
        if (name && strcmp(hf_resources[i].name, name) != 0) continue;
        if (cli->out.length) hf_buf_puts(&cli->out, "\n");
        hf_print_fields(&hf_resources[i], cli->width, &cli->out);
    }
    return cli->out.err;
}

static hf_err entity_show(hf_cli *cli)
{
    int entity;
    hf_err err = hf_cli_entity(cli, cli->args.words[1], &entity);
    if (err != HF_OK) return err;
    if (hf_args_has(&cli->args, "json")) return hf_json_entity(cli, entity);
    if (hf_args_has(&cli->args, "csv")) return hf_csv_entity(cli, entity);
    return hf_print_entity(cli, entity);
}

hf_err hf_cmd_show(hf_cli *cli)
{
    if (hf_args_has(&cli->args, "schema") || hf_args_has(&cli->args, "fields")) return format_show(cli);
    if (cli->args.n_words == 0) return hf_cli_usage(cli, "an argument is missing: holdfast show DATASET [ENTITY]");
    hf_err err = hf_cli_open(cli);
    if (err != HF_OK) return err;
    if (cli->args.n_words > 1) return entity_show(cli);
    if (hf_args_has(&cli->args, "json")) return hf_json_structure(cli);
    if (hf_args_has(&cli->args, "csv")) return hf_csv_entities(cli);
    return hf_print_structure(cli);
}
