#include "cli/section.h"

#include "cli/help.h"
#include "viz/html.h"

static void part_start(hf_cli *cli)
{
    if (cli->out.length > 0 && !cli->page) hf_buf_puts(&cli->out, "\n");
}

void hf_section_text(hf_cli *cli, const char *text)
{
    part_start(cli);
    if (cli->page) {
        hf_html_element(&cli->out, "p", NULL, text);
        return;
    }
    hf_help_wrap(&cli->out, text, 0, 0, cli->width);
    hf_buf_puts(&cli->out, "\n");
}

void hf_section_line(hf_cli *cli, const char *line)
{
    part_start(cli);
    if (cli->page) hf_html_element(&cli->out, "p", "note", line);
    else hf_buf_printf(&cli->out, "%s\n", line);
}

void hf_section_heading(hf_cli *cli, const char *heading)
{
    part_start(cli);
    if (cli->page) hf_html_element(&cli->out, "h3", NULL, heading);
    else hf_buf_printf(&cli->out, "%s:\n", heading);
}

void hf_section_item(hf_cli *cli, const char *text)
{
    if (cli->page) {
        hf_html_element(&cli->out, "p", NULL, text);
        return;
    }
    hf_buf_puts(&cli->out, "  ");
    hf_help_wrap(&cli->out, text, 2, 4, cli->width);
    hf_buf_puts(&cli->out, "\n");
}

void hf_section_lines(hf_cli *cli, const char *text)
{
    part_start(cli);
    if (cli->page) hf_html_element(&cli->out, "pre", NULL, text);
    else hf_buf_puts(&cli->out, text);
}

hf_err hf_section_table(hf_cli *cli, const char *heading, const hf_text_table *table)
{
    if (heading) hf_section_heading(cli, heading);
    else part_start(cli);
    return cli->page ? hf_html_table(&cli->out, table) : hf_text_table_write(table, cli->width, &cli->out);
}
