/* The rule `flow` against linear programs that GLPK solves: shares can be carried, leave the least unserved demand for any falling weights,
 * and are fair in each class. And against the rule `balance`, which it is where no line limits anything. */
#include <stdlib.h>

#include "model/cascade/carrier_rules.h"
#include "solver/lp.h"
#include "tests/support/random_rows.h"
#include "tests/tap.h"

enum { MOST = 64 };

typedef struct grid {
    hf_network *net;
    hf_timeline *tl;
} grid;

static void need(hf_err err)
{
    if (err != HF_OK) abort();
}

static void grid_done(grid *g)
{
    hf_timeline_free(g->tl);
    hf_network_free(g->net);
}

/* A carrier of `nodes` nodes, each an entity, with lines that are entities too; `rule`, limits and directions as asked. */
static grid grid_make(uint64_t seed, hf_rule rule, bool limits, bool directed, double smallest_demand)
{
    rng = (hf_rng){seed, 7, 0};
    static char id[3 * MOST][8];
    hf_builder *b = NULL;
    hf_origin at = {0};
    grid g = {0};
    int nodes = 2 + below(12), lines = 0;
    need(hf_builder_new(NULL, &b));
    hf_carrier_row carrier = {"net", "MW", rule, directed};
    need(hf_builder_carrier(b, &carrier, at));
    for (int i = 0; i < 3 * MOST; i++) snprintf(id[i], sizeof id[i], "e%d", i);
    for (int i = 0; i < nodes; i++) {
        hf_carrier_node_row node = {"net", id[i], 0, chance(0.25) ? smallest_demand : 1 + 9 * hf_rng_unit(&rng), 1 + below(3)};
        if (i == 0 || chance(0.2)) node.supply = (chance(0.7) ? 3 : 0.5) * nodes * (1 + hf_rng_unit(&rng));
        need(hf_builder_carrier_node(b, &node, at));
    }
    for (int i = 1; i < nodes; i++)
        for (int turn = chance(0.5) ? 2 : 1; turn > 0; turn--) {
            int other = below(i);
            bool turned = chance(0.3);
            double capacity = !limits || chance(0.2) ? INFINITY : hf_rng_unit(&rng) * 12;
            hf_carrier_line_row line = {"net", id[turned ? i : other], id[turned ? other : i], id[MOST + lines++], capacity, 0.1 + hf_rng_unit(&rng), NAN};
            if (!limits) hf_rng_unit(&rng);
            need(hf_builder_carrier_line(b, &line, at));
        }
    for (int i = 0; i < nodes + lines; i++) {
        hf_entity_row row = hf_entity_row_default();
        row.id = row.name = id[i < nodes ? i : MOST + i - nodes];
        row.sector = "energy";
        row.country = "AT";
        need(hf_builder_entity(b, &row, at));
    }
    need(hf_builder_finish(b, &g.net));
    hf_builder_free(b);
    need(hf_timeline_new(g.net, &g.tl));
    return g;
}

/* Fails or degrades some entities at random, then evaluates the carrier; the shares are in tl->new_share. */
static void grid_damage(grid *g, uint64_t seed)
{
    rng = (hf_rng){seed, 8, 0};
    for (int i = 0; i < g->net->n_entities; i++) g->tl->e[i].cond = chance(0.1) ? 0 : chance(0.15) ? hf_rng_unit(&rng) : 1;
    for (int comp = 0; comp < g->net->n_comps; comp++) hf_carrier_evaluate(g->tl, comp);
}

static double cond(const grid *g, int node)
{
    return g->tl->e[g->net->cnode_entity[node]].cond;
}

/* Columns: served [nodes], fed in [nodes], flow [lines], back-flow [lines] (undirected lines: one column from -capacity to capacity would do,
 * but a node that is down lets nothing out). Rows: balance of each node. */
static hf_lp *program_make(const grid *g)
{
    const hf_network *net = g->net;
    hf_lp *lp = NULL;
    int n = net->n_cnodes, m = net->n_clines, column[4 * MOST], start[2] = {0, 0};
    double value[4 * MOST], zero = 0;
    need(hf_lp_new(&lp));
    for (int v = 0; v < n; v++) need(hf_lp_add_columns(lp, 1, &zero, &zero, &net->cnode_demand[v], NULL));
    for (int v = 0; v < n; v++) {
        double high = net->cnode_supply[v] * cond(g, v);
        need(hf_lp_add_columns(lp, 1, &zero, &zero, &high, NULL));
    }
    for (int l = 0; l < 2 * m; l++) {
        int line = l % m, tail = l < m ? net->cline_from[line] : net->cline_to[line];
        double c = g->tl->e[net->cline_entity[line]].cond, high = c > 0 ? net->cline_capacity[line] * c : 0;
        if (cond(g, tail) <= 0 || (l >= m && net->carrier_directed[0])) high = 0;
        need(hf_lp_add_columns(lp, 1, &zero, &zero, &high, NULL));
    }
    for (int v = 0; v < n; v++) {
        int k = 0;
        column[k] = v, value[k++] = -1;
        column[k] = n + v, value[k++] = 1;
        for (int l = 0; l < m; l++) {
            if (net->cline_from[l] != v && net->cline_to[l] != v) continue;
            double out = net->cline_from[l] == v ? -1 : 1;
            column[k] = 2 * n + l, value[k++] = out;
            column[k] = 2 * n + m + l, value[k++] = -out;
        }
        start[1] = k;
        need(hf_lp_add_rows(lp, 1, &zero, &zero, start, column, value));
    }
    return lp;
}

static double solved(hf_lp *lp)
{
    need(hf_lp_solve(lp, HF_LP_DUAL_THEN_PRIMAL, 0));
    CHECK_INT(hf_lp_get_status(lp), HF_LP_OPTIMAL);
    return hf_lp_objective(lp);
}

/* No node that lacks something can have more unless one of its own class that is no better off, or one of a class before it, has less. */
static void fairness_check(const grid *g)
{
    const hf_network *net = g->net;
    for (int v = 0; v < net->n_cnodes; v++) {
        double share = g->tl->new_share[v], demand = net->cnode_demand[v];
        if (share >= 1 || demand <= 0) continue;
        hf_lp *lp = program_make(g);
        for (int u = 0; u < net->n_cnodes; u++) {
            bool kept = net->cnode_class[u] < net->cnode_class[v] || (net->cnode_class[u] == net->cnode_class[v] && g->tl->new_share[u] <= share + 1e-9);
            double low = kept && net->cnode_demand[u] > 0 ? fmax(0, g->tl->new_share[u] * net->cnode_demand[u] - 1e-8) : 0;
            need(hf_lp_set_column_bounds(lp, u, low, net->cnode_demand[u]));
        }
        need(hf_lp_set_cost(lp, v, -1));
        CHECK_NEAR(-solved(lp), share * demand, 1e-6);
        hf_lp_free(lp);
    }
}

static void least_unserved_and_fair_by_linear_programs(void)
{
    int short_nodes = 0, levels = 0;
    for (uint64_t seed = 1; seed <= 500; seed++) {
        grid g = grid_make(seed, HF_FLOW, true, seed % 3 == 0, 0);
        const hf_network *net = g.net;
        grid_damage(&g, seed);
        double weight[3] = {1 + 3 * hf_rng_unit(&rng)};
        weight[1] = weight[0] * hf_rng_unit(&rng);
        weight[2] = weight[1] * hf_rng_unit(&rng);
        hf_lp *lp = program_make(&g);
        double served = 0;
        for (int v = 0; v < net->n_cnodes; v++) {
            double share = g.tl->new_share[v];
            CHECK(share >= 0 && share <= 1);
            served += net->cnode_demand[v] > 0 ? weight[net->cnode_class[v] - 1] * share * net->cnode_demand[v] : 0;
            need(hf_lp_set_cost(lp, v, -weight[net->cnode_class[v] - 1]));
            short_nodes += share < 1;
            levels += share > 0 && share < 1;
        }
        CHECK_NEAR(served, -solved(lp), 1e-7);
        for (int v = 0; v < net->n_cnodes; v++) {
            double exact = net->cnode_demand[v] > 0 ? g.tl->new_share[v] * net->cnode_demand[v] : 0;
            need(hf_lp_set_column_bounds(lp, v, fmax(0, exact - 1e-8), exact));
        }
        CHECK_NEAR(-solved(lp), served, 1e-6); /* such a flow is there */
        hf_lp_free(lp);
        fairness_check(&g);
        grid_done(&g);
    }
    printf("# %d nodes are short, %d of them partly\n", short_nodes, levels);
    CHECK(short_nodes > 500 && levels > 300);
}

/* A node without demand has the share that a very small demand would have. */
static void no_demand_is_the_limit_of_little(void)
{
    for (uint64_t seed = 1; seed <= 500; seed++) {
        grid none = grid_make(seed, HF_FLOW, true, seed % 3 == 0, 0), little = grid_make(seed, HF_FLOW, true, seed % 3 == 0, 1e-7);
        grid_damage(&none, seed);
        grid_damage(&little, seed);
        for (int v = 0; v < none.net->n_cnodes; v++) {
            bool pure_source = none.net->cnode_supply[v] > 0 && none.net->cnode_demand[v] <= 0;
            if (!pure_source) CHECK_NEAR(none.tl->new_share[v], little.tl->new_share[v], 1e-4);
        }
        grid_done(&none);
        grid_done(&little);
    }
}

/* Without limits a flow, and a power flow, is a balance. Nodes that are down are left out: a flow can reach them from two islands at once. */
static void without_limits_it_is_a_balance(void)
{
    for (uint64_t seed = 1; seed <= 500; seed++) {
        grid balance = grid_make(seed, HF_BALANCE, false, false, 0), flow = grid_make(seed, HF_FLOW, false, false, 0);
        grid dc = grid_make(seed, HF_DC, false, false, 0);
        grid_damage(&balance, seed);
        bool down = false;
        for (int v = 0; v < balance.net->n_cnodes; v++) down |= cond(&balance, v) <= 0;
        grid_damage(&flow, seed);
        grid_damage(&dc, seed);
        for (int v = 0; v < balance.net->n_cnodes; v++) {
            CHECK_NEAR(dc.tl->new_share[v], balance.tl->new_share[v], 0);
            if (!down) CHECK_NEAR(flow.tl->new_share[v], balance.tl->new_share[v], 1e-9);
        }
        grid_done(&balance);
        grid_done(&flow);
        grid_done(&dc);
    }
}

/* Changing one thing after another leaves the bytes of an evaluation from nothing, though only islands that changed are solved again. */
static void only_what_changed_is_solved_again(void)
{
    long solved_again = 0, from_nothing = 0;
    for (uint64_t seed = 1; seed <= 300; seed++) {
        hf_rule rule = seed % 2 ? HF_FLOW : HF_DC;
        grid used = grid_make(seed, rule, true, false, 0);
        for (int step = 0; step < 12; step++) {
            rng = (hf_rng){seed, 20 + (uint64_t)step, 0};
            used.tl->e[below(used.net->n_entities)].cond = chance(0.4) ? 0 : chance(0.3) ? hf_rng_unit(&rng) : 1;
            grid fresh = grid_make(seed, rule, true, false, 0);
            size_t nodes = (size_t)used.net->n_cnodes * sizeof(double), lines = (size_t)used.net->n_clines * sizeof(double);
            for (int i = 0; i < used.net->n_entities; i++) fresh.tl->e[i].cond = used.tl->e[i].cond;
            long before[2] = {rule == HF_DC ? hf_dc_factorisations(used.tl) : 0, rule == HF_DC ? hf_dc_factorisations(fresh.tl) : 0};
            hf_carrier_evaluate(used.tl, 0);
            hf_carrier_evaluate(fresh.tl, 0);
            CHECK(memcmp(used.tl->new_share, fresh.tl->new_share, nodes) == 0);
            if (rule == HF_DC) {
                CHECK(memcmp(used.tl->new_line_share, fresh.tl->new_line_share, lines) == 0);
                for (int l = 0; l < used.net->n_clines; l++) CHECK_NEAR(hf_dc_line_flow(used.tl, l), hf_dc_line_flow(fresh.tl, l), 0);
                solved_again += hf_dc_factorisations(used.tl) - before[0];
                from_nothing += hf_dc_factorisations(fresh.tl) - before[1];
            }
            grid_done(&fresh);
        }
        grid_done(&used);
    }
    printf("# dc: %ld factorisations where only what changed is solved, %ld from the undamaged state\n", solved_again, from_nothing);
    CHECK(solved_again < from_nothing);
}

int main(void)
{
    RUN(least_unserved_and_fair_by_linear_programs);
    RUN(no_demand_is_the_limit_of_little);
    RUN(without_limits_it_is_a_balance);
    RUN(only_what_changed_is_solved_again);
    return tap_done();
}
