#include <string.h>

#include "cli/cli.h"

/* The words of a choice list, split by blanks. */
static void choices_add(const char *choices, hf_buf *out)
{
    for (const char *p = choices; *p; p++) hf_buf_add(out, *p == '|' ? " " : p, 1);
}

/* After an option with a value: its choices, file names, or nothing. */
static void value_cases(hf_buf *out)
{
    hf_buf_puts(out, "    case $previous in\n");
    for (int i = 0; i < hf_command_count; i++)
        for (const hf_option *const *table = hf_commands[i].options; *table; table++)
            for (const hf_option *o = *table; o->name; o++) {
                if (o->type == HF_OPTION_FLAG) continue;
                hf_buf_printf(out, "        --%s)\n            [[ $command == %s ]] && { ", o->name, hf_commands[i].name);
                if (o->type == HF_OPTION_CHOICE) {
                    hf_buf_puts(out, "COMPREPLY=($(compgen -W '");
                    choices_add(o->choices, out);
                    hf_buf_puts(out, "' -- \"$word\")); ");
                } else if (o->type == HF_OPTION_FILE) {
                    hf_buf_puts(out, "COMPREPLY=($(compgen -f -- \"$word\")); ");
                }
                hf_buf_puts(out, "return; } ;;&\n");
            }
    hf_buf_puts(out, "    esac\n");
}

static void command_cases(hf_buf *out)
{
    hf_buf_puts(out, "    case $command in\n");
    for (int i = 0; i < hf_command_count; i++) {
        const hf_command *c = &hf_commands[i];
        hf_buf_printf(out, "        %s) options='", c->name);
        const char *gap = "";
        for (const hf_option *const *table = c->options; *table; table++)
            for (const hf_option *o = *table; o->name; o++, gap = " ") hf_buf_printf(out, "%s--%s", gap, o->name);
        hf_buf_puts(out, "' ;;\n");
    }
    hf_buf_puts(out, "    esac\n");
}

static void bash_script(hf_buf *out)
{
    hf_buf_puts(out, "# Completion of holdfast in bash, made by `holdfast completion bash`.\n"
                     "_holdfast()\n{\n"
                     "    local word=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} command=${COMP_WORDS[1]} options=\n"
                     "    COMPREPLY=()\n"
                     "    if ((COMP_CWORD == 1)); then\n        COMPREPLY=($(compgen -W '");
    for (int i = 0; i < hf_command_count; i++) hf_buf_printf(out, "%s ", hf_commands[i].name);
    hf_buf_puts(out, "--help --version' -- \"$word\"))\n        return\n    fi\n");
    value_cases(out);
    command_cases(out);
    hf_buf_puts(out, "    if [[ $command == help ]]; then\n        COMPREPLY=($(compgen -W '");
    for (int i = 0; i < hf_command_count; i++) hf_buf_printf(out, "%s%s", i ? " " : "", hf_commands[i].name);
    hf_buf_puts(out, "' -- \"$word\"))\n"
                     "    elif [[ $word == -* ]]; then\n        COMPREPLY=($(compgen -W \"$options\" -- \"$word\"))\n"
                     "    else\n        COMPREPLY=($(compgen -f -- \"$word\"))\n    fi\n"
                     "}\ncomplete -o filenames -F _holdfast holdfast\n");
}

hf_err hf_cmd_completion(hf_cli *cli)
{
    if (strcmp(cli->args.words[0], "bash") != 0) return hf_cli_usage(cli, "completion is made for bash, not \"%s\"", cli->args.words[0]);
    bash_script(&cli->out);
    return HF_OK;
}
