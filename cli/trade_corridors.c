/* trade --method corridors: what passes which gate, what a closed gate costs, and what a cascade closes. */
#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "cli/cells.h"
#include "cli/json_parts.h"
#include "cli/trade_gates.h"
#include "cli/words.h"

typedef struct answer {
    hf_trade_gates gates;
    hf_gate_loss *loss;        /* [n_gates] each closed alone, worst first */
    double *beta, *phi;        /* [n_gates], [n_lanes] at the worst of a cascade */
    bool closed;               /* something is */
} answer;

static void answer_done(answer *a)
{
    hf_trade_gates_done(&a->gates);
    void *all[] = {a->loss, a->beta, a->phi};
    for (size_t k = 0; k < sizeof all / sizeof *all; k++) hf_free(all[k]);
}

static hf_err answer_init(const hf_trade *t, answer *a)
{
    hf_err err = hf_trade_gates_init(t, &a->gates);
    if (err != HF_OK || !a->gates.corridors) return err;
    a->loss = hf_calloc((size_t)a->gates.corridors->n_gates, sizeof *a->loss);
    a->beta = hf_malloc((size_t)a->gates.corridors->n_gates * sizeof *a->beta);
    a->phi = hf_calloc((size_t)a->gates.corridors->n_lanes, sizeof *a->phi);
    return a->loss && a->beta && a->phi ? HF_OK : HF_E_NOMEM;
}

/* Availability at the worst of the cascade: the least functionality of each gate's entity, and what is shut besides. */
static hf_err cascade_read(const hf_trade *t, answer *a)
{
    hf_what_if w = {0};
    hf_timeline *tl = NULL;
    hf_cli *cli = t->cli;
    hf_err err = HF_OK;
    int days = (int)hf_args_number(&cli->args, "days", 365);
    double *lowest = hf_malloc((size_t)cli->net->n_entities * sizeof *lowest);
    if (!lowest) return HF_E_NOMEM;
    for (int i = 0; i < cli->net->n_entities; i++) lowest[i] = 1;
    if (hf_what_if_asked(cli)) {
        HF_TRY(hf_what_if_read(cli, &w));
        HF_TRY(hf_what_if_run(cli, &w, &tl));
        for (int k = 0; k < hf_timeline_change_count(tl); k++) {
            const hf_change *c = &hf_timeline_changes(tl)[k];
            lowest[c->entity] = fmin(lowest[c->entity], c->after);
        }
    }
    hf_corridors_availability(a->gates.corridors, lowest, a->beta);
    HF_TRY(hf_trade_gates_shut(t, &a->gates, w.scenario, days));
    for (int k = 0; k < a->gates.corridors->n_gates; k++)
        for (int day = 0; day < days; day++) a->beta[k] = fmin(a->beta[k], a->gates.given[(size_t)k * (size_t)days + (size_t)day]);
    for (int k = 0; k < a->gates.corridors->n_gates; k++) a->closed |= a->beta[k] < 1;
out:
    hf_free(lowest);
    hf_timeline_free(tl);
    hf_what_if_done(&w);
    return err;
}

static hf_err solve(const hf_trade *t, answer *a)
{
    hf_err err = HF_OK;
    HF_TRY(answer_init(t, a));
    if (!a->gates.corridors) {
        hf_cli_message(t->cli, "%s has no routes that pass a gate", t->cli->args.words[0]);
        t->cli->told = true;
        HF_TRY(HF_E_MISSING);
    }
    HF_TRY(cascade_read(t, a));
    HF_TRY(hf_corridors_rank(a->gates.corridors, t->table, a->gates.sector_goods, NULL, 0, a->loss));
    if (!a->closed) return HF_OK;
    hf_corridors_lost(a->gates.corridors, a->beta, a->phi);
    HF_TRY(hf_trade_gates_reroute(&a->gates, a->beta));
out:
    return err;
}

static const char *region(const hf_trade *t, int r)
{
    return r < 0 ? "-" : t->table->region[r];
}

static hf_err gates_print(const hf_trade *t, const answer *a)
{
    hf_text_table *table = NULL;
    hf_err err = HF_OK;
    hf_buf_puts(&t->cli->out, "Gates by what all lose in a year when one is shut and nothing takes another way:\n");
    HF_TRY(hf_text_table_new(&table));
    hf_text_table_column(table, "gate", HF_ALIGN_LEFT);
    static const char *const columns[] = {"not delivered", "output lost", "value added lost"};
    for (size_t k = 0; k < sizeof columns / sizeof *columns; k++) hf_text_table_column(table, columns[k], HF_ALIGN_RIGHT);
    hf_text_table_column(table, "sells less", HF_ALIGN_LEFT);
    hf_text_table_column(table, "gets less", HF_ALIGN_LEFT);
    for (int k = 0; k < a->gates.corridors->n_gates; k++) {
        const hf_gate_loss *g = &a->loss[k];
        hf_text_table_cell(table, t->economy->corridor[g->gate].title);
        hf_trade_money_cell(t, table, g->trade_lost);
        hf_trade_money_cell(t, table, g->output_lost);
        hf_trade_money_cell(t, table, g->value_added_lost);
        hf_text_table_cell(table, region(t, g->origin));
        hf_text_table_cell(table, region(t, g->destination));
    }
    HF_TRY(hf_text_table_write(table, t->cli->width, &t->cli->out));
out:
    hf_text_table_free(table);
    return err;
}

static hf_err lanes_print(const hf_trade *t, const answer *a)
{
    hf_text_table *table = NULL;
    hf_err err = HF_OK;
    double stays = 0;
    for (int l = 0; l < a->gates.corridors->n_lanes; l++) stays += a->phi[l] * a->gates.flow[l];
    hf_buf_puts(&t->cli->out, "\nAt the worst ");
    hf_trade_money(t, stays, &t->cli->out);
    hf_buf_puts(&t->cli->out, " a year of trade stays behind; ");
    hf_trade_money(t, a->gates.rerouted.lost, &t->cli->out);
    hf_buf_puts(&t->cli->out, " when it may take other ways:\n");
    HF_TRY(hf_text_table_new(&table));
    hf_text_table_column(table, "from", HF_ALIGN_LEFT);
    hf_text_table_column(table, "to", HF_ALIGN_LEFT);
    static const char *const columns[] = {"goods a year", "lost", "lost, rerouted", "days longer"};
    for (size_t k = 0; k < sizeof columns / sizeof *columns; k++) hf_text_table_column(table, columns[k], HF_ALIGN_RIGHT);
    for (int l = 0; l < a->gates.corridors->n_lanes; l++) {
        if (a->phi[l] <= 0) continue;
        hf_text_table_cell(table, region(t, a->gates.corridors->lane[l].origin));
        hf_text_table_cell(table, region(t, a->gates.corridors->lane[l].destination));
        hf_trade_money_cell(t, table, a->gates.flow[l]);
        hf_cell_share(table, a->phi[l]);
        hf_cell_share(table, a->gates.rerouted.phi[l]);
        hf_text_table_cellf(table, "%.1f", fabs(a->gates.rerouted.days[l]) < 0.05 ? 0 : a->gates.rerouted.days[l]);
    }
    HF_TRY(hf_text_table_write(table, t->cli->width, &t->cli->out));
out:
    hf_text_table_free(table);
    return err;
}

static hf_err json_write(const hf_trade *t, const answer *a)
{
    hf_json json;
    hf_trade_json_start(t, &json, "corridors");
    hf_json_key(&json, "gates");
    hf_json_array(&json);
    for (int k = 0; k < a->gates.corridors->n_gates; k++) {
        const hf_gate_loss *g = &a->loss[k];
        hf_json_object(&json);
        hf_json_key_text(&json, "corridor", t->economy->corridor[g->gate].name);
        hf_json_key_number(&json, "trade_lost", g->trade_lost);
        hf_json_key_number(&json, "output_lost", g->output_lost);
        hf_json_key_number(&json, "value_added_lost", g->value_added_lost);
        hf_json_key_number(&json, "availability", a->beta[g->gate]);
        hf_json_end(&json);
    }
    hf_json_end(&json);
    hf_json_key(&json, "lanes");
    hf_json_array(&json);
    for (int l = 0; l < a->gates.corridors->n_lanes; l++) {
        hf_json_object(&json);
        hf_json_key_text(&json, "from", region(t, a->gates.corridors->lane[l].origin));
        hf_json_key_text(&json, "to", region(t, a->gates.corridors->lane[l].destination));
        hf_json_key_number(&json, "flow", a->gates.flow[l]);
        hf_json_key_number(&json, "lost_share", a->phi[l]);
        hf_json_key_number(&json, "lost_share_rerouted", a->closed ? a->gates.rerouted.phi[l] : 0);
        hf_json_key_number(&json, "extra_days", a->closed ? a->gates.rerouted.days[l] : 0);
        hf_json_end(&json);
    }
    hf_json_end(&json);
    hf_json_end(&json);
    hf_buf_puts(&t->cli->out, "\n");
    return t->cli->out.err;
}

hf_err hf_trade_corridors(hf_trade *t)
{
    answer a = {0};
    if (t->n_shocks > 0) return hf_cli_usage(t->cli, "--method corridors takes no --shock: --gate, --scenario, --hazard or --fail shut gates");
    if (hf_args_has(&t->cli->args, "csv")) return hf_cli_usage(t->cli, "--method corridors writes text or --json");
    if (t->economy->n_corridors == 0) {
        hf_cli_message(t->cli, "%s has no corridors", t->cli->args.words[0]);
        t->cli->told = true;
        return HF_E_MISSING;
    }
    hf_err err = solve(t, &a);
    if (err == HF_OK && hf_args_has(&t->cli->args, "json")) err = json_write(t, &a);
    else if (err == HF_OK) {
        err = gates_print(t, &a);
        if (err == HF_OK && a.closed) err = lanes_print(t, &a);
        else if (err == HF_OK && hf_what_if_asked(t->cli)) hf_buf_puts(&t->cli->out, "\nThe cascade shuts none of them.\n");
    }
    answer_done(&a);
    return err;
}
