/* A plan for programs: JSON and CSV. */
#include <math.h>
#include <string.h>

#include "cli/invest.h"
#include "cli/json_parts.h"
#include "datasets/table.h"

static void plan_write(const hf_invest_answer *a, hf_json *json)
{
    const hf_measures *set = a->v.set;
    hf_buf reason = {0};
    hf_json_key(json, "plan");
    hf_json_array(json);
    for (int m = 0; m < set->n; m++) {
        if (!a->plan->bought[m]) continue;
        reason.length = 0;
        hf_invest_reason(a, m, &reason);
        hf_json_object(json);
        hf_json_key_text(json, "measure", set->measure[m].id);
        hf_json_key_number(json, "cost", set->measure[m].cost);
        hf_json_key_text(json, "payer", set->measure[m].payer < 0 ? NULL : set->payer[set->measure[m].payer].id);
        hf_json_key_number(json, "avoided", a->avoided[m]);
        hf_json_key_number(json, "shapley", a->share[m]);
        hf_json_key_text(json, "reason", reason.length > 0 ? reason.text : NULL);
        hf_json_end(json);
    }
    hf_json_end(json);
    hf_buf_done(&reason);
}

static void payers_write(const hf_invest_answer *a, hf_json *json)
{
    int countries = a->v.cli->net->countries.n;
    hf_json_key(json, "spent");
    hf_json_array(json);
    for (int k = 0; k < a->plan->n_payers; k++) {
        hf_json_object(json);
        hf_json_key_text(json, "payer", a->v.payers[k].id);
        hf_json_key_number(json, "amount", a->plan->paid[k]);
        hf_json_key_number(json, "granted", a->plan->granted[k]);
        hf_json_key_number(json, "marginal", a->plan->marginal[k]);
        hf_json_end(json);
    }
    hf_json_end(json);
    hf_json_key_number(json, "marginal_together", a->plan->marginal_together);
    hf_json_key(json, "who_gains");
    hf_json_array(json);
    for (int k = 0; k < a->plan->n_payers; k++)
        for (int c = 0; c < countries; c++) {
            hf_json_object(json);
            hf_json_key_text(json, "payer", a->v.payers[k].id);
            hf_json_key_text(json, "country", a->v.cli->net->countries.name[c]);
            hf_json_key_number(json, "avoided", a->gains[k * countries + c]);
            hf_json_key_number(json, "avoided_eur", a->money_gains[k * countries + c]);
            hf_json_end(json);
        }
    hf_json_end(json);
}

/* "home": by payer what its money avoids at home and elsewhere, and for each EUR; null without --home. */
static void home_write(const hf_invest_answer *a, hf_json *json)
{
    hf_json_key(json, "home");
    if (a->v.home < 0) {
        hf_json_null(json);
        return;
    }
    hf_json_object(json);
    hf_json_key_text(json, "country", a->v.cli->net->countries.name[a->v.home]);
    hf_json_key(json, "by_payer");
    hf_json_array(json);
    for (int k = 0; k < a->plan->n_payers; k++) {
        hf_invest_trickle t = hf_invest_trickle_of(a, k);
        hf_json_object(json);
        hf_json_key_text(json, "payer", a->v.payers[k].id);
        hf_json_key_number(json, "spent", t.spent);
        hf_json_key_number(json, "home", t.home);
        hf_json_key_number(json, "partner", t.partner);
        hf_json_key_number(json, "elsewhere", t.elsewhere);
        hf_json_key_number(json, "home_eur", t.home_eur);
        hf_json_key_number(json, "partner_eur", t.partner_eur);
        hf_json_key_number(json, "elsewhere_eur", t.elsewhere_eur);
        hf_json_key_number(json, "trickle_up", t.home / t.spent);
        hf_json_key_number(json, "regional_return", (t.home + t.partner + t.elsewhere) / t.spent);
        hf_json_key_number(json, "trickle_up_eur", t.home_eur / t.spent);
        hf_json_key_number(json, "regional_return_eur", (t.home_eur + t.partner_eur + t.elsewhere_eur) / t.spent);
        hf_json_end(json);
    }
    hf_json_end(json);
    hf_json_end(json);
}

hf_err hf_invest_json(const hf_invest_answer *a)
{
    static const char *const status[] = {"optimal", "gap", "stopped"};
    hf_cli *cli = a->v.cli;
    hf_json json;
    hf_json_start(&json, &cli->out);
    hf_json_head(&json, cli);
    hf_json_key_text(&json, "objective", hf_args_text(&cli->args, "objective"));
    hf_json_key_text(&json, "loss", hf_invest_what_name(a->v.what));
    hf_json_key_number(&json, "value", a->plan->value);
    hf_json_key_number(&json, "value_without", a->plan->value_without);
    hf_json_key_number(&json, "bound", a->plan->bound);
    hf_json_key_number(&json, "gap", a->plan->gap);
    hf_json_key_text(&json, "status", status[a->plan->status]);
    hf_json_key_number(&json, "seconds", a->plan->seconds);
    hf_json_key_number(&json, "cost", a->plan->cost);
    plan_write(a, &json);
    payers_write(a, &json);
    home_write(a, &json);
    hf_json_key_number(&json, "timeline_value", hf_invest_figure(&a->v, &a->with));
    hf_json_key(&json, "timeline");
    hf_json_object(&json);
    hf_json_key_number(&json, "user_hours", a->with.user_hours);
    hf_json_key_number(&json, "user_hours_without", a->without.user_hours);
    hf_json_key_number(&json, "value_eur", a->with.value_eur);
    hf_json_key_number(&json, "value_eur_without", a->without.value_eur);
    hf_json_end(&json);
    hf_json_end(&json);
    hf_buf_puts(&cli->out, "\n");
    return cli->out.err;
}

hf_err hf_invest_json_infeasible(hf_cli *cli, size_t first_finding)
{
    hf_json json;
    hf_json_start(&json, &cli->out);
    hf_json_head(&json, cli);
    hf_json_key_text(&json, "objective", hf_args_text(&cli->args, "objective"));
    hf_json_key_text(&json, "status", "infeasible");
    hf_json_key(&json, "conflict");
    hf_json_array(&json);
    for (size_t k = first_finding; k < hf_diag_kept(cli->diag); k++) {
        const hf_finding *f = hf_diag_get(cli->diag, k);
        if (f->severity == HF_ERROR) hf_json_text(&json, f->text);
    }
    hf_json_end(&json);
    hf_json_end(&json);
    hf_buf_puts(&cli->out, "\n");
    return cli->out.err;
}

hf_err hf_invest_csv(const hf_invest_answer *a)
{
    static const char *const columns[] = {"measure", "title", "cost", "payer", "bought", "avoided", "shapley", "reason"};
    hf_table *table = NULL;
    hf_err err = HF_OK;
    const hf_measures *set = a->v.set;
    hf_buf reason = {0};
    HF_TRY(hf_table_new("", columns, 8, &table));
    for (int m = 0; m < set->n; m++) {
        char cost[32], avoided[32], share[32];
        bool bought = a->plan->bought[m];
        reason.length = 0;
        if (bought) hf_invest_reason(a, m, &reason);
        hf_number_format(set->measure[m].cost, cost);
        hf_number_format(a->avoided[m], avoided);
        hf_number_format(a->share[m], share);
        HF_TRY(hf_table_append(table, (const char *const[]){set->measure[m].id, set->measure[m].title, cost,
                                                            set->measure[m].payer < 0 ? NULL : set->payer[set->measure[m].payer].id,
                                                            bought ? "yes" : "no", bought ? avoided : NULL, bought ? share : NULL,
                                                            reason.length > 0 ? reason.text : NULL}));
    }
    hf_table_write(table, &a->v.cli->out);
    err = a->v.cli->out.err;
out:
    hf_buf_done(&reason);
    hf_table_free(table);
    return err;
}
