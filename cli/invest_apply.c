/* invest --apply: the data set with the plan carried out. */
#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "cli/invest.h"
#include "cli/what_if.h"
#include "datasets/apply.h"

/* What leaves each budget: own money, and of joint funds, one after the other, what they grant. */
static void spent_fill(const hf_invest *v, const hf_plan *plan, double *spent)
{
    double granted = 0;
    for (int k = 0; k < v->set->n_payers; k++) {
        spent[k] = plan->paid[k];
        granted += plan->granted[k];
    }
    for (int k = 0; k < v->set->n_payers; k++) {
        if (!v->set->payer[k].joint) continue;
        double part = fmin(granted, fmax(0, v->amount[k] - spent[k]));
        spent[k] += part;
        granted -= part;
    }
}

/* The command line, without what only says how to print. */
static void command_words(const hf_cli *cli, hf_buf *out)
{
    static const char *const left_out[] = {"apply", "json", "csv", "quiet", "no-color", "export-lp", "threads"};
    hf_buf_puts(out, "holdfast " HF_VERSION " invest");
    for (int k = 0; k < cli->args.n_words; k++) {
        hf_buf_puts(out, " ");
        hf_shell_word(out, cli->args.words[k]);
    }
    for (int i = 0; i < cli->args.n_given; i++) {
        const hf_given *given = &cli->args.given[i];
        bool skip = false;
        for (size_t k = 0; k < sizeof left_out / sizeof *left_out; k++) skip |= strcmp(given->option->name, left_out[k]) == 0;
        if (skip) continue;
        hf_buf_printf(out, " --%s", given->option->name);
        if (given->option->type == HF_OPTION_FLAG) continue;
        hf_buf_puts(out, " ");
        hf_shell_word(out, given->text);
    }
}

hf_err hf_invest_apply(const hf_invest *v, const hf_plan *plan)
{
    hf_err err = HF_OK;
    const char *into = hf_args_text(&v->cli->args, "apply");
    size_t first = hf_diag_kept(v->cli->diag);
    hf_buf how = {0};
    double *spent = NULL;
    if (!into) return HF_OK;
    spent = hf_calloc((size_t)v->set->n_payers, sizeof *spent);
    if (!spent) HF_TRY(HF_E_NOMEM);
    spent_fill(v, plan, spent);
    command_words(v->cli, &how);
    HF_TRY(how.err);
    err = hf_package_apply(v->cli->package, &(hf_apply_options){plan->bought, spent, how.text, into}, v->cli->diag);
    if (err == HF_OK) {
        hf_cli_message(v->cli, "the data set with the plan carried out is in %s", into);
    } else {
        hf_cli_findings(v->cli, first, HF_ERROR);
        v->cli->told = hf_diag_kept(v->cli->diag) > first;
    }
out:
    hf_free(spent);
    hf_buf_done(&how);
    return err;
}
