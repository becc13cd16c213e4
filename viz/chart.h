/* Charts as SVG: loss over time, who is down when, rankings. Every chart says its axes, units and source. */
#ifndef HF_VIZ_CHART_H
#define HF_VIZ_CHART_H

#include "base/text.h"

typedef struct hf_chart_words {
    const char *title, *axis; /* axis: what the values are, with their unit */
    const char *source;       /* a line below */
} hf_chart_words;

/* Values that change in steps: y[k] from hour x[k] on, until the next one or the end; before x[0] they are 0. Hours ascend. */
typedef struct hf_chart_steps {
    const char *name;
    int n;
    const double *hour, *y;
} hf_chart_steps;

/* One line over hours 0 .. end_h (> 0), with its highest point named. HF_E_NOMEM. */
hf_err hf_chart_curve(const hf_chart_words *words, const hf_chart_steps *steps, double end_h, hf_buf *out);

/* A row for each of n series, from hour 0 to end_h: dark where much is lost (y is a share lost, 0..1). HF_E_NOMEM. */
hf_err hf_chart_heat(const hf_chart_words *words, const hf_chart_steps *rows, int n, double end_h, hf_buf *out);

typedef struct hf_chart_bar {
    const char *label;
    double value;     /* >= 0 */
    double low, high; /* an interval around it; NaN: none */
} hf_chart_bar;

/* Bars from left to right, in the order given. HF_E_NOMEM. */
hf_err hf_chart_bars(const hf_chart_words *words, const hf_chart_bar *bars, int n, hf_buf *out);

/* Who takes how much from whom: rows fail, columns lose; shares 0..1 in per cent, NaN where there is nothing to lose. `share` is [n x n]. Shades step
 * at 1, 5, 20 and 50 %. HF_E_NOMEM. */
hf_err hf_chart_matrix(const hf_chart_words *words, const char *const *labels, int n, const double *share, hf_buf *out);

#endif
