/* Pictures of a report, as parts of the page. */
#ifndef HF_CLI_REPORT_H
#define HF_CLI_REPORT_H

#include "cli/sweep_runs.h"
#include "cli/what_if.h"
#include "model/cascade/losses.h"
#include "model/cascade/montecarlo.h"

/* Users without service over time; who is down when, of the `top` most costly entities (0: all), first hit first; the same by sector and country.
 * `source` stands below each. HF_E_NOMEM. */
hf_err hf_report_over_time(hf_cli *cli, const hf_timeline *tl, const hf_losses *losses, int top, const char *source);

/* The cascade as a diagram: entities that lose something, or groups where they are many. Says so where Graphviz cannot draw it. */
hf_err hf_report_diagram(hf_cli *cli, const hf_timeline *tl, const hf_losses *losses, const char *source);

/* Rankings as bars, the first `top` (0: all). */
hf_err hf_report_singles(hf_cli *cli, const hf_singles *singles, int top, const char *source);
hf_err hf_report_events(hf_cli *cli, const hf_mc *mc, int top, const char *source);

#endif
