/* A cascade for people. */
#ifndef HF_CLI_PRINT_CASCADE_H
#define HF_CLI_PRINT_CASCADE_H

#include "cli/what_if.h"

/* The answer in a few sentences. */
hf_err hf_print_answer(hf_cli *cli, const hf_timeline *tl, const hf_losses *losses);
/* The state after 0 to 168 hours, the most costly entities with their causes, losses by sector and by country, service lost abroad, restart
 * deadlocks, and the command to try next. */
hf_err hf_print_losses(hf_cli *cli, const hf_what_if *what_if, hf_timeline *tl, const hf_losses *losses);

/* Entities hit, most value lost first, then most user-hours, then out first: what a planner has to look at first. The array is the caller's
 * (hf_free); NULL when memory is short. */
const hf_entity_loss **hf_losses_by_cost(const hf_losses *losses);

#endif
