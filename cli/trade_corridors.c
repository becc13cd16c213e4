/* trade --method corridors: what passes which gate, what a closed gate costs, and what a cascade closes. */
#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "cli/cells.h"
#include "cli/json_parts.h"
#include "cli/trade.h"
#include "cli/words.h"
#include "model/economy/corridors.h"
#include "solver/rerouting.h"

typedef struct answer {
    hf_corridors *corridors;
    int *sector_goods;         /* [n_sectors] 0: goods; -1: services, which pass no gate */
    double *flow;              /* [n_lanes] */
    hf_gate_loss *gates;       /* [n_gates] each closed alone, worst first */
    double *beta, *phi;        /* [n_gates], [n_lanes] of a cascade or of --shut */
    hf_rerouting rerouted;
    bool closed;               /* something is */
} answer;

static void answer_done(answer *a)
{
    hf_corridors_free(a->corridors);
    hf_rerouting_done(&a->rerouted);
    void *all[] = {a->sector_goods, a->flow, a->gates, a->beta, a->phi};
    for (size_t k = 0; k < sizeof all / sizeof *all; k++) hf_free(all[k]);
}

/* Goods are agriculture to construction materials: sections A to E of ISIC and NACE, or divisions 01 to 39; the rest are services. */
static bool is_goods(const char *code)
{
    if (!*code) return true; /* not known: as goods */
    if (code[0] >= 'A' && code[0] <= 'Z') return code[0] <= 'E' && code[0] != 'D' && code[0] != 'E';
    return code[0] >= '0' && code[0] <= '3' && strncmp(code, "35", 2) != 0;
}

static hf_err sectors_sort(const hf_trade *t, answer *a)
{
    a->sector_goods = hf_malloc((size_t)t->table->n_sectors * sizeof *a->sector_goods);
    if (!a->sector_goods) return HF_E_NOMEM;
    for (int i = 0; i < t->table->n_sectors; i++) {
        const char *code = "";
        for (int r = 0; r < t->table->n_regions && !*code && t->economy->code; r++) code = t->economy->code[r * t->table->n_sectors + i];
        a->sector_goods[i] = is_goods(code) ? 0 : -1;
    }
    return HF_OK;
}

static hf_err corridors_make(const hf_trade *t, answer *a)
{
    hf_err err = HF_OK;
    const hf_economy *e = t->economy;
    hf_gate *gates = hf_calloc((size_t)e->n_corridors, sizeof *gates);
    hf_route *routes = hf_calloc((size_t)e->n_routes, sizeof *routes);
    int n = 0;
    if (!gates || !routes) HF_TRY(HF_E_NOMEM);
    for (int k = 0; k < e->n_corridors; k++) gates[k] = (hf_gate){e->corridor[k].entity, e->corridor[k].capacity};
    for (int k = 0; k < e->n_routes; k++) {
        const hf_trade_route *r = &e->route[k];
        if (r->sector >= 0 && a->sector_goods[r->sector] < 0) continue; /* services pass no gate */
        if (r->sector >= 0) continue; /* routes of one industry alone: those for all stand for it here */
        routes[n++] = (hf_route){r->origin, r->destination, 0, r->share, INFINITY, r->extra_cost, r->extra_days, e->gate + r->gate_first, r->n_gates};
    }
    HF_TRY(hf_corridors_new(t->table->n_regions, 1, e->n_corridors, gates, n, routes, t->cli->diag, &a->corridors));
    a->flow = hf_malloc(((size_t)a->corridors->n_lanes + 1) * sizeof *a->flow);
    a->gates = hf_calloc((size_t)e->n_corridors + 1, sizeof *a->gates);
    a->beta = hf_malloc(((size_t)e->n_corridors + 1) * sizeof *a->beta);
    a->phi = hf_calloc((size_t)a->corridors->n_lanes + 1, sizeof *a->phi);
    if (!a->flow || !a->gates || !a->beta || !a->phi) HF_TRY(HF_E_NOMEM);
    HF_TRY(hf_corridors_flows(a->corridors, t->table, a->sector_goods, a->flow));
out:
    hf_free(gates);
    hf_free(routes);
    return err;
}

/* Availability at the worst of the cascade: the least functionality of each gate's entity. */
static hf_err cascade_read(const hf_trade *t, answer *a)
{
    hf_what_if w = {0};
    hf_timeline *tl = NULL;
    hf_cli *cli = t->cli;
    hf_err err = HF_OK;
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
    hf_corridors_availability(a->corridors, lowest, a->beta);
    for (int k = 0; k < a->corridors->n_gates; k++) a->closed |= a->beta[k] < 1;
out:
    hf_free(lowest);
    hf_timeline_free(tl);
    hf_what_if_done(&w);
    return err;
}

static hf_err solve(const hf_trade *t, answer *a)
{
    hf_err err = HF_OK;
    HF_TRY(sectors_sort(t, a));
    HF_TRY(corridors_make(t, a));
    HF_TRY(cascade_read(t, a));
    HF_TRY(hf_corridors_rank(a->corridors, t->table, a->sector_goods, NULL, 0, a->gates));
    if (!a->closed) return HF_OK;
    hf_corridors_lost(a->corridors, a->beta, a->phi);
    hf_rerouting_input input = {.corridors = a->corridors, .flow = a->flow, .beta = a->beta};
    HF_TRY(hf_rerouting_solve(&input, t->cli->diag, &a->rerouted));
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
    for (int k = 0; k < a->corridors->n_gates; k++) {
        const hf_gate_loss *g = &a->gates[k];
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
    for (int l = 0; l < a->corridors->n_lanes; l++) stays += a->phi[l] * a->flow[l];
    hf_buf_puts(&t->cli->out, "\nAt the worst of the cascade ");
    hf_trade_money(t, stays, &t->cli->out);
    hf_buf_puts(&t->cli->out, " a year of trade stays behind; ");
    hf_trade_money(t, a->rerouted.lost, &t->cli->out);
    hf_buf_puts(&t->cli->out, " when it may take other ways:\n");
    HF_TRY(hf_text_table_new(&table));
    hf_text_table_column(table, "from", HF_ALIGN_LEFT);
    hf_text_table_column(table, "to", HF_ALIGN_LEFT);
    static const char *const columns[] = {"goods a year", "lost", "lost, rerouted", "days longer"};
    for (size_t k = 0; k < sizeof columns / sizeof *columns; k++) hf_text_table_column(table, columns[k], HF_ALIGN_RIGHT);
    for (int l = 0; l < a->corridors->n_lanes; l++) {
        if (a->phi[l] <= 0) continue;
        hf_text_table_cell(table, region(t, a->corridors->lane[l].origin));
        hf_text_table_cell(table, region(t, a->corridors->lane[l].destination));
        hf_trade_money_cell(t, table, a->flow[l]);
        hf_cell_share(table, a->phi[l]);
        hf_cell_share(table, a->rerouted.phi[l]);
        hf_text_table_cellf(table, "%.1f", a->rerouted.days[l]);
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
    for (int k = 0; k < a->corridors->n_gates; k++) {
        const hf_gate_loss *g = &a->gates[k];
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
    for (int l = 0; l < a->corridors->n_lanes; l++) {
        hf_json_object(&json);
        hf_json_key_text(&json, "from", region(t, a->corridors->lane[l].origin));
        hf_json_key_text(&json, "to", region(t, a->corridors->lane[l].destination));
        hf_json_key_number(&json, "flow", a->flow[l]);
        hf_json_key_number(&json, "lost_share", a->phi[l]);
        hf_json_key_number(&json, "lost_share_rerouted", a->closed ? a->rerouted.phi[l] : 0);
        hf_json_key_number(&json, "extra_days", a->closed ? a->rerouted.days[l] : 0);
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
    if (t->n_shocks > 0) return hf_cli_usage(t->cli, "--method corridors takes no --shock: --scenario, --hazard or --fail shut gates");
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
