/* What the options of `holdfast invest` say: objective, budgets, entities to be kept, slots of time. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "cli/invest.h"
#include "cli/targets.h"

/* ---- objective: users, user-hours, value, or NAME[:TAIL][:WHAT] ---- */

static const char *const whats[] = {"users", "user-hours", "value"};

static int what_find(const char *text, size_t length)
{
    for (int k = 0; k < 3; k++)
        if (strlen(whats[k]) == length && memcmp(whats[k], text, length) == 0) return k;
    return -1;
}

const char *hf_invest_what_name(hf_invest_what what)
{
    return whats[what];
}

static hf_err objective_unknown(hf_cli *cli, const char *text)
{
    return hf_cli_usage(cli, "--objective \"%s\": allowed are users, user-hours, value, and cvar, worst, regret, equity, budget, each with :users (as it is "
                        "without), :user-hours or :value; cvar also with a level, as cvar:0.95:value", text);
}

static hf_err objective_read(hf_invest *v)
{
    static const struct {
        const char *name;
        hf_objective objective;
    } known[] = {{"cvar", HF_OBJECTIVE_CVAR}, {"worst", HF_OBJECTIVE_WORST}, {"regret", HF_OBJECTIVE_REGRET}, {"equity", HF_OBJECTIVE_EQUITY},
                 {"budget", HF_OBJECTIVE_BUDGET}};
    const char *text = hf_args_text(&v->cli->args, "objective"), *rest = text;
    size_t length = strcspn(rest, ":");
    int what = what_find(rest, length);
    v->program.objective = HF_OBJECTIVE_EXPECTED;
    if (what < 0) {
        bool found = false;
        for (size_t k = 0; k < sizeof known / sizeof *known; k++)
            if (strlen(known[k].name) == length && memcmp(known[k].name, rest, length) == 0) v->program.objective = known[k].objective, found = true;
        rest += length + (rest[length] == ':');
        length = strcspn(rest, ":");
        double tail;
        if (found && v->program.objective == HF_OBJECTIVE_CVAR && hf_number_parse(rest, length, &tail)) {
            found = tail >= 0 && tail < 1;
            v->program.tail = tail;
            rest += length + (rest[length] == ':');
            length = strcspn(rest, ":");
        }
        what = *rest ? what_find(rest, length) : HF_INVEST_USERS;
        if (!found || what < 0) return objective_unknown(v->cli, text);
    }
    if (rest[length]) return objective_unknown(v->cli, text);
    v->what = (hf_invest_what)what;
    return HF_OK;
}

/* What an entity counts: users, or value of an hour. */
static hf_err weights_make(hf_invest *v)
{
    const hf_network *net = v->cli->net;
    v->weight = hf_malloc((size_t)net->n_entities * sizeof *v->weight);
    if (!v->weight) return HF_E_NOMEM;
    for (int i = 0; i < net->n_entities; i++) v->weight[i] = v->what == HF_INVEST_VALUE ? net->value_eur_h[i] : net->users[i];
    v->program.weight = v->weight;
    return HF_OK;
}

/* ---- slots ---- */

static hf_err slots_read(hf_invest *v)
{
    const char *text = hf_args_text(&v->cli->args, "slots"), *rest = text;
    if (v->what == HF_INVEST_USERS) return HF_OK;
    v->slot_h = hf_calloc(strlen(text) + 1, sizeof *v->slot_h);
    if (!v->slot_h) return HF_E_NOMEM;
    int n = 0;
    for (;;) {
        size_t length = strcspn(rest, ",");
        bool fits = hf_number_parse(rest, length, &v->slot_h[n]) && (n == 0 ? v->slot_h[0] == 0 : v->slot_h[n] > v->slot_h[n - 1]);
        if (!fits || n > 60) return hf_cli_usage(v->cli, "--slots \"%s\": hours that rise from 0 are needed, as 0,2,6,12,24,72,168 (at most 60)", text);
        n++;
        if (!rest[length]) break;
        rest += length + 1;
    }
    if (n < 2) return hf_cli_usage(v->cli, "--slots \"%s\": an hour at which the last slot ends is needed, as 0,24", text);
    v->program.slot_h = v->slot_h;
    v->program.n_slots = n - 1;
    return HF_OK;
}

/* ---- budgets: PAYER=AMOUNT, or an amount for all together ---- */

/* "20M", "1.5bn", "300k", "12000000", "inf". */
static bool amount_read(const char *text, double *ret_amount)
{
    static const struct {
        const char *suffix;
        double times;
    } suffixes[] = {{"k", 1e3}, {"M", 1e6}, {"bn", 1e9}, {"", 1}};
    size_t n = strlen(text);
    if (strcmp(text, "inf") == 0) {
        *ret_amount = INFINITY;
        return true;
    }
    for (size_t k = 0; k < sizeof suffixes / sizeof *suffixes; k++) {
        size_t length = strlen(suffixes[k].suffix);
        if (n <= length || strcmp(text + n - length, suffixes[k].suffix) != 0 || !hf_number_parse(text, n - length, ret_amount)) continue;
        *ret_amount *= suffixes[k].times;
        return *ret_amount >= 0;
    }
    return false;
}

static hf_err payer_unknown(hf_invest *v, const char *text)
{
    hf_buf names = {0};
    for (int k = 0; k < v->set->n_payers; k++) hf_buf_printf(&names, "%s%s", k ? ", " : "", v->set->payer[k].id);
    hf_err err = hf_cli_usage(v->cli, "--budget %s: there is no such payer; this data set has: %s", text, names.length ? names.text : "none");
    hf_buf_done(&names);
    return err;
}

static hf_err budget_read(hf_invest *v, const char *text, double factor)
{
    const char *equals = strrchr(text, '=');
    double amount = 0;
    if (!amount_read(equals ? equals + 1 : text, &amount))
        return hf_cli_usage(v->cli, "--budget %s: an amount in EUR of at least 0 is needed, as 12000000, 12M, 1.5bn or inf, after PAYER= or alone for "
                            "all together", text);
    if (!equals) {
        v->program.together = amount * factor;
        return HF_OK;
    }
    for (int k = 0; k < v->set->n_payers; k++)
        if (strlen(v->set->payer[k].id) == (size_t)(equals - text) && memcmp(v->set->payer[k].id, text, (size_t)(equals - text)) == 0) {
            v->amount[k] = amount * factor;
            return HF_OK;
        }
    return payer_unknown(v, text);
}

static hf_err budgets_read(hf_invest *v)
{
    double factor = hf_args_number(&v->cli->args, "budget-factor", 1);
    v->amount = hf_calloc((size_t)v->set->n_payers, sizeof *v->amount);
    if (!v->amount) return HF_E_NOMEM;
    for (int k = 0; k < v->set->n_payers; k++) v->amount[k] = v->set->payer[k].amount * (isinf(v->set->payer[k].amount) ? 1 : factor);
    for (int i = 0; i < v->cli->args.n_given; i++) {
        const hf_given *given = &v->cli->args.given[i];
        if (strcmp(given->option->name, "budget") != 0) continue;
        hf_err err = budget_read(v, given->text, factor);
        if (err != HF_OK) return err;
    }
    return HF_OK;
}

/* ---- keep: who may not go out, or not for long ---- */

static hf_err keep_add(hf_invest *v, const char *text)
{
    hf_err err = HF_OK;
    const char *colon = strrchr(text, ':');
    double hours = 0;
    int *entities = NULL, n = 0;
    hf_buf target = {0};
    bool timed = colon && hf_number_parse(colon + 1, strlen(colon + 1), &hours);
    hf_buf_add(&target, text, timed ? (size_t)(colon - text) : strlen(text));
    HF_TRY(target.err);
    if (timed && hours < 0) HF_TRY(hf_cli_usage(v->cli, "--keep %s: hours of at least 0 are needed behind the colon", text));
    if (timed && hours > 0 && v->what == HF_INVEST_USERS)
        HF_TRY(hf_cli_usage(v->cli, "--keep %s: hours need an objective that knows time: user-hours or value, as budget:user-hours", text));
    HF_TRY(hf_targets_read(v->cli, "--keep", target.text, &entities, &n));
    HF_TRY(hf_grow((void **)&v->keep, &v->keep_capacity[0], (size_t)(v->program.n_keep + n), sizeof *v->keep));
    HF_TRY(hf_grow((void **)&v->keep_h, &v->keep_capacity[1], (size_t)(v->program.n_keep + n), sizeof *v->keep_h));
    for (int k = 0; k < n; k++) {
        v->keep[v->program.n_keep] = entities[k];
        v->keep_h[v->program.n_keep++] = hours;
    }
out:
    hf_free(entities);
    hf_buf_done(&target);
    return err;
}

static hf_err keeps_read(hf_invest *v)
{
    for (int i = 0; i < v->cli->args.n_given; i++) {
        const hf_given *given = &v->cli->args.given[i];
        if (strcmp(given->option->name, "keep") != 0) continue;
        hf_err err = keep_add(v, given->text);
        if (err != HF_OK) return err;
    }
    v->program.keep = v->keep;
    v->program.keep_h = v->keep_h;
    return HF_OK;
}

static hf_err home_read(hf_invest *v)
{
    const char *text = hf_args_text(&v->cli->args, "home");
    const hf_network *net = v->cli->net;
    v->home = text ? hf_labels_find(&net->countries, text) : -1;
    if (!text || v->home >= 0) return HF_OK;
    hf_buf names = {0};
    for (int c = 0; c < net->countries.n; c++) hf_buf_printf(&names, "%s%s", c ? ", " : "", net->countries.name[c]);
    hf_err err = hf_cli_usage(v->cli, "--home %s: no entity is there, and nobody is served there; this data set has: %s", text, names.text ? names.text : "");
    hf_buf_done(&names);
    return err;
}

hf_err hf_invest_options(hf_invest *v)
{
    const hf_args *args = &v->cli->args;
    hf_err err = HF_OK;
    v->program.out_below = hf_args_number(args, "out-below", 0.5);
    v->program.limit_expected = hf_args_number(args, "limit-expected", INFINITY);
    v->program.limit_worst = hf_args_number(args, "limit-worst", INFINITY);
    v->program.gap = hf_args_number(args, "gap", 0);
    v->program.time_limit_s = hf_args_number(args, "time-limit", 60);
    HF_TRY(objective_read(v));
    HF_TRY(weights_make(v));
    HF_TRY(slots_read(v));
    HF_TRY(budgets_read(v));
    HF_TRY(keeps_read(v));
    HF_TRY(home_read(v));
out:
    return err;
}
