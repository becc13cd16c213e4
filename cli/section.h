/* Parts of an answer for people: paragraphs, headings, tables. Text for a terminal, or parts of a page when cli->page is set. Each part but the first
 * stands a blank line away from what is before it; a heading belongs to the table or the items that follow. */
#ifndef HF_CLI_SECTION_H
#define HF_CLI_SECTION_H

#include "cli/cli.h"
#include "viz/text_table.h"

/* A paragraph, broken into lines. */
void hf_section_text(hf_cli *cli, const char *text);
/* A line that is not broken: a command to copy, a warning. */
void hf_section_line(hf_cli *cli, const char *line);
/* A heading; on a terminal it ends with a colon. */
void hf_section_heading(hf_cli *cli, const char *heading);
/* Below a heading: one of several short texts. */
void hf_section_item(hf_cli *cli, const char *text);
/* Lines as they are, such as a draft in Markdown. */
void hf_section_lines(hf_cli *cli, const char *text);
/* A table under its heading, NULL for none. HF_E_NOMEM. */
hf_err hf_section_table(hf_cli *cli, const char *heading, const hf_text_table *table);

#endif
