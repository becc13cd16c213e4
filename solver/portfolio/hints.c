/* What is no error but hardly meant, each named. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "solver/portfolio/compile.h"

static const char *measure_name(const hf_portfolio *in, int m)
{
    return in->measures[m].id ? in->measures[m].id : "?";
}

static void budgets_hint(const hf_portfolio *in, hf_diag *diag)
{
    for (int k = 0; k < in->n_payers; k++) {
        double least = INFINITY;
        for (int m = 0; m < in->n_measures; m++)
            if (in->measures[m].payer == k) least = fmin(least, in->measures[m].cost * (in->joint > 0 ? 1 - in->measures[m].cofunding_max : 1));
        if (least <= in->payers[k].budget || isinf(least)) continue;
        hf_diag_add(diag, HF_WARNING, HF_E_RANGE, NULL, 0, 0, "no measure fits the budget of %s: %g, the cheapest costs it %g",
                    in->payers[k].id ? in->payers[k].id : "?", in->payers[k].budget, least);
    }
}

/* Takes away measures that require nothing that is left, then those that nothing left requires: what stays lies on circles or between them. */
static void strip(const hf_portfolio *in, bool *left, bool requiring, bool *mark)
{
    for (bool more = true; more;) {
        more = false;
        memset(mark, 0, (size_t)in->n_measures * sizeof *mark);
        for (int r = 0; r < in->n_rules; r++)
            if (!in->rules[r].excludes && left[in->rules[r].a] && left[in->rules[r].b]) mark[requiring ? in->rules[r].a : in->rules[r].b] = true;
        for (int m = 0; m < in->n_measures; m++)
            if (left[m] && !mark[m]) {
                left[m] = false;
                more = true;
            }
    }
}

static hf_err circles_hint(const hf_portfolio *in, hf_diag *diag)
{
    char names[200] = "";
    size_t length = 0;
    bool *left = hf_malloc((size_t)in->n_measures * sizeof *left), *mark = hf_malloc((size_t)in->n_measures * sizeof *mark);
    hf_err err = left && mark ? HF_OK : HF_E_NOMEM;
    if (err != HF_OK) goto out;
    for (int m = 0; m < in->n_measures; m++) left[m] = true;
    strip(in, left, true, mark);
    strip(in, left, false, mark);
    for (int m = 0; m < in->n_measures && length < sizeof names - 1; m++)
        if (left[m]) length += (size_t)snprintf(names + length, sizeof names - length, "%s%s", length ? ", " : "", measure_name(in, m));
    if (length > 0)
        hf_diag_add(diag, HF_WARNING, HF_E_RANGE, NULL, 0, 0, "measures require each other in a circle, so all are bought or none: %s", names);
out:
    hf_free(left);
    hf_free(mark);
    return err;
}

hf_err hf_portfolio_hints(const hf_portfolio *in, const hf_scenes *scenes, hf_diag *diag)
{
    if (!diag) return HF_OK;
    budgets_hint(in, diag);
    if (scenes->unsettled)
        hf_diag_add(diag, HF_WARNING, HF_E_NOT_BOOLEAN, NULL, 0, 0,
                    "requirements on a loop feed back almost all of a loss: it had not come to rest when it was given up, so losses are told too small");
    return in->n_rules > 0 ? circles_hint(in, diag) : HF_OK;
}
