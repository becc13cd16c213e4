/* A cascade for people. */
#ifndef HF_CLI_PRINT_CASCADE_H
#define HF_CLI_PRINT_CASCADE_H

#include "cli/what_if.h"

/* Appends the answer in a few sentences, the state after 0 to 168 hours, the most costly entities with their causes, losses by sector and
 * by country, service lost abroad, restart deadlocks, and the command to try next. */
hf_err hf_print_cascade(hf_cli *cli, const hf_what_if *what_if, hf_timeline *tl, const hf_losses *losses);

#endif
