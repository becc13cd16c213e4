/* Models of the literature, run and printed as CSV for plotting. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "cli/cli.h"
#include "cli/suggest.h"
#include "model/cascade/reference/connectivity.h"
#include "model/cascade/reference/contagion.h"
#include "model/cascade/reference/fdna.h"
#include "model/cascade/reference/graph.h"
#include "model/cascade/reference/load.h"
#include "model/cascade/reference/percolation.h"
#include "model/cascade/reference/risk_chain.h"
#include "model/cascade/scenario.h"

static double number(const hf_cli *cli, const char *name)
{
    return hf_args_number(&cli->args, name, NAN);
}

static void row(hf_cli *cli, int n, const double *values)
{
    for (int k = 0; k < n; k++) {
        if (k) hf_buf_puts(&cli->out, ",");
        hf_buf_number(&cli->out, values[k]);
    }
    hf_buf_puts(&cli->out, "\n");
}

enum { COUPLED_MOST = 20 };

/* Networks in a row, each coupled to the next by the share q both ways, of which the first is attacked. */
static hf_err coupled_row(int n, double k, double q, double p, double *ret_share)
{
    double degree[COUPLED_MOST], survive[COUPLED_MOST], share[COUPLED_MOST];
    int a[COUPLED_MOST], b[COUPLED_MOST];
    for (int i = 0; i < n; i++) degree[i] = k, survive[i] = i == 0 ? p : 1, share[i] = q, a[i] = i, b[i] = i + 1;
    return hf_percolation_coupled_solve(&(hf_percolation_coupled){n, degree, survive, n - 1, a, b, share, share}, ret_share);
}

/* Living share over the share p that an attack leaves of the first network. */
static hf_err percolation(hf_cli *cli)
{
    int n = (int)number(cli, "networks"), points = (int)number(cli, "points"), columns = 1;
    double k = number(cli, "degree"), q = number(cli, "dependence"), c = number(cli, "supporters"), v[1 + COUPLED_MOST];
    bool partial = hf_args_has(&cli->args, "dependence"), supported = hf_args_has(&cli->args, "supporters");
    hf_err err = HF_OK;
    if (supported && n != 2) return hf_cli_usage(cli, "--supporters is for two networks");
    if (partial && (n < 2 || n > COUPLED_MOST)) return hf_cli_usage(cli, "--dependence is for 2 to %d networks", COUPLED_MOST);
    if (partial && supported) return hf_cli_usage(cli, "--dependence and --supporters are two models: give one");
    hf_buf_puts(&cli->out, partial || supported ? "p" : "p,living");
    if (partial || supported) columns = n;
    for (int i = 0; columns > 1 && i < columns; i++) hf_buf_printf(&cli->out, ",living_%c", 'a' + i);
    hf_buf_puts(&cli->out, "\n");
    for (int j = 0; j <= points && err == HF_OK; j++) {
        v[0] = (double)j / points;
        if (partial) err = coupled_row(n, k, q, v[0], v + 1);
        else if (supported) err = hf_percolation_supporters(k, k, c, c, v[0], 1, &v[1], &v[2]);
        else err = hf_percolation_networks(n, k, v[0], &v[1]);
        if (err == HF_OK) row(cli, 1 + columns, v);
    }
    double pk = 0;
    if (err == HF_OK && !partial && !supported && hf_percolation_threshold(n, &pk, NULL) == HF_OK)
        hf_cli_message(cli, "nobody lives below p = %.6g (p k = %.6f)", pk / k, pk);
    return err;
}

/* Share of single failures that set off a global cascade, over the mean degree. */
static hf_err contagion(hf_cli *cli)
{
    double phi = number(cli, "threshold"), low = 0, high = 0;
    int points = (int)number(cli, "points"), trials = (int)number(cli, "trials"), nodes = (int)number(cli, "nodes");
    uint64_t seed = (uint64_t)hf_args_number(&cli->args, "seed", 1);
    hf_err err = hf_contagion_window(phi, &low, &high);
    if (err == HF_E_NO_ANSWER) hf_cli_message(cli, "with threshold %g no mean degree permits a global cascade", phi);
    else if (err != HF_OK) return err;
    else hf_cli_message(cli, "global cascades are possible for mean degrees from %.4f to %.4f", low, high);
    double top = err == HF_OK ? high * 1.2 : 10;
    err = HF_OK;
    hf_buf_puts(&cli->out, trials > 0 ? "mean_degree,trigger_share,simulated_share\n" : "mean_degree,trigger_share\n");
    for (int j = 0; j <= points && err == HF_OK; j++) {
        double v[3] = {top * j / points, 0, 0};
        err = hf_contagion_trigger_share(phi, v[0], &v[1]);
        if (err == HF_E_NO_CONVERGENCE) err = HF_OK, v[1] = 0; /* at the edge of the window it vanishes */
        if (err == HF_OK && trials > 0) err = hf_contagion_experiment(nodes, fmin(v[0], nodes - 1), phi, 0.1, trials, seed, &v[2]);
        if (err == HF_OK) row(cli, trials > 0 ? 3 : 2, v);
    }
    return err;
}

/* Undirected edges of a graph in compressed rows, each once. */
static int edges_of(const hf_graph *graph, int *from, int *to)
{
    int m = 0;
    for (int v = 0; v < graph->n; v++)
        for (size_t a = graph->first[v]; a < graph->first[v + 1]; a++)
            if (graph->to[a] > v) from[m] = v, to[m] = graph->to[a], m++;
    return m;
}

/* What is left after the node of highest load fails, over the margin alpha. */
static hf_err load(hf_cli *cli)
{
    int n = (int)number(cli, "nodes"), points = (int)number(cli, "points"), m = 0, top = 0;
    hf_graph graph = {0};
    hf_err err = HF_OK;
    int *from = NULL, *to = NULL, *round_of = NULL;
    double *betweenness = hf_malloc((size_t)n * sizeof *betweenness);
    HF_TRY(hf_graph_er(n, fmin(number(cli, "degree"), n - 1), (uint64_t)hf_args_number(&cli->args, "seed", 1), 0, &graph));
    from = hf_malloc(((size_t)graph.n_arcs + 1) * sizeof *from);
    to = hf_malloc(((size_t)graph.n_arcs + 1) * sizeof *to);
    round_of = hf_malloc((size_t)n * sizeof *round_of);
    if (!betweenness || !from || !to || !round_of) HF_TRY(HF_E_NOMEM);
    m = edges_of(&graph, from, to);
    HF_TRY(hf_load_betweenness(n, from, to, m, betweenness));
    for (int v = 1; v < n; v++)
        if (betweenness[v] > betweenness[top]) top = v;
    hf_cli_message(cli, "%d nodes, %d edges; the node of highest load (%.6g pairs) fails", n, m, betweenness[top]);
    hf_buf_puts(&cli->out, "alpha,rounds,giant\n");
    for (int j = 0; j <= points; j++) {
        int rounds = 0;
        double giant = 0, alpha = (double)j / points;
        HF_TRY(hf_load_cascade(n, from, to, m, alpha, &top, 1, round_of, &rounds, &giant));
        row(cli, 3, (double[]){alpha, rounds, giant});
    }
out:
    hf_graph_done(&graph);
    hf_free(from);
    hf_free(to);
    hf_free(round_of);
    hf_free(betweenness);
    return err;
}

/* Operability of a receiver over that of its one feeder. */
static hf_err fdna(hf_cli *cli)
{
    int points = (int)number(cli, "points");
    double alpha = number(cli, "strength"), beta = number(cli, "criticality");
    hf_err err = HF_OK;
    hf_buf_puts(&cli->out, "feeder,strength_limit,criticality_limit,operability\n");
    for (int j = 0; j <= points && err == HF_OK; j++) {
        double v[4] = {100.0 * j / points, 0, 0, 0};
        err = hf_fdna_receiver(1, &v[0], &alpha, &beta, &v[1], &v[2], &v[3]);
        if (err == HF_OK) row(cli, 4, v);
    }
    return err;
}

enum { CHAIN_MOST = 64 };

/* "0.5:3 0.4:4": likelihood and impact of each dependency. */
static int chain_parse(const char *text, double *likelihood, double *impact)
{
    int n = 0;
    while (*text) {
        char *end = NULL;
        if (n == CHAIN_MOST) return -1;
        likelihood[n] = strtod(text, &end);
        if (end == text || *end != ':') return -1;
        text = end + 1;
        impact[n] = strtod(text, &end);
        if (end == text || !(likelihood[n] >= 0 && likelihood[n] <= 1 && impact[n] >= 0 && isfinite(impact[n]))) return -1;
        n++;
        text = end + strspn(end, " ,");
        if (*end && text == end) return -1;
    }
    return n;
}

static hf_err risk_chain(hf_cli *cli)
{
    double likelihood[CHAIN_MOST], impact[CHAIN_MOST], of_order[CHAIN_MOST], risk = 0, sum = 0;
    const char *text = hf_args_text(&cli->args, "chain");
    int n = text ? chain_parse(text, likelihood, impact) : 0;
    if (n < 1) return hf_cli_usage(cli, "risk-chain needs --chain \"LIKELIHOOD:IMPACT …\" (likelihood 0 to 1, impact 0 or more), such as \"0.5:3 0.4:4\"");
    hf_err err = hf_risk_chain(n, likelihood, impact, &risk, of_order);
    if (err != HF_OK) return err;
    hf_buf_puts(&cli->out, "order,risk,cumulative_risk\n");
    for (int k = 0; k < n; k++) row(cli, 3, (double[]){k + 1, of_order[k], sum += of_order[k]});
    return HF_OK;
}

static int carrier_find(hf_cli *cli)
{
    const char *name = hf_args_text(&cli->args, "carrier");
    for (int c = 0; name && c < cli->net->n_carriers; c++)
        if (strcmp(cli->net->carrier_id[c], name) == 0) return c;
    if (!name && cli->net->n_carriers > 0) return 0;
    hf_cli_usage(cli, name ? "there is no carrier \"%s\" in this data set" : "this data set has no carrier", name);
    return -1;
}

/* The carrier as a graph: its nodes from 0, sources, demands, and what --fail takes down. */
typedef struct carrier_graph {
    int n, m, first, n_sources, n_demands;
    int *from, *to, *source, *demand;
    double *length;
    bool *node_down, *edge_down;
} carrier_graph;

static void carrier_graph_done(carrier_graph *g)
{
    void *all[] = {g->from, g->to, g->source, g->demand, g->length, g->node_down, g->edge_down};
    for (size_t k = 0; k < sizeof all / sizeof *all; k++) hf_free(all[k]);
}

static hf_err carrier_graph_init(carrier_graph *g, const hf_network *net, int c)
{
    g->first = net->cnode_off[c];
    g->n = net->cnode_off[c + 1] - g->first;
    int lines = net->cline_off[c + 1] - net->cline_off[c];
    size_t n = (size_t)g->n + 1, m = (size_t)lines + 1;
    g->from = hf_calloc(m, sizeof *g->from), g->to = hf_calloc(m, sizeof *g->to), g->length = hf_calloc(m, sizeof *g->length);
    g->source = hf_calloc(n, sizeof *g->source), g->demand = hf_calloc(n, sizeof *g->demand);
    g->node_down = hf_calloc(n, sizeof *g->node_down), g->edge_down = hf_calloc(m, sizeof *g->edge_down);
    if (!g->from || !g->to || !g->length || !g->source || !g->demand || !g->node_down || !g->edge_down) return HF_E_NOMEM;
    for (int k = net->cline_off[c]; k < net->cline_off[c + 1]; k++) {
        g->from[g->m] = net->cline_from[k] - g->first, g->to[g->m] = net->cline_to[k] - g->first;
        g->length[g->m++] = net->cline_length_km[k] > 0 ? net->cline_length_km[k] : 1;
    }
    for (int v = 0; v < g->n; v++) {
        if (net->cnode_supply[g->first + v] > 0) g->source[g->n_sources++] = v;
        if (net->cnode_demand[g->first + v] > 0) g->demand[g->n_demands++] = v;
    }
    return HF_OK;
}

static hf_err carrier_graph_fail(hf_cli *cli, carrier_graph *g, int c)
{
    const hf_network *net = cli->net;
    for (int k = 0; k < cli->args.n_given; k++) {
        if (strcmp(cli->args.given[k].option->name, "fail") != 0) continue;
        int *entities = NULL, n = 0;
        const char *why = NULL;
        hf_err err = hf_target_resolve(net, cli->args.given[k].text, &entities, &n, &why);
        if (err != HF_OK) return err;
        for (int e = 0; e < n; e++) {
            for (int v = 0; v < g->n; v++) g->node_down[v] |= net->cnode_entity[g->first + v] == entities[e];
            for (int l = 0; l < g->m; l++) g->edge_down[l] |= net->cline_entity[net->cline_off[c] + l] == entities[e];
        }
        hf_free(entities);
        if (n == 0) return hf_cli_usage(cli, "--fail %s: %s", cli->args.given[k].text, why);
    }
    return HF_OK;
}

/* How much connection a failure costs a carrier of a data set. */
static hf_err connectivity(hf_cli *cli)
{
    hf_err err = HF_OK;
    carrier_graph g = {0};
    double v[5] = {NAN, NAN, NAN, NAN, NAN};
    HF_TRY(hf_cli_open(cli));
    int c = carrier_find(cli);
    if (c < 0) return HF_E_RANGE;
    HF_TRY(carrier_graph_init(&g, cli->net, c));
    HF_TRY(carrier_graph_fail(cli, &g, c));
    hf_connectivity_case lost = {g.n, g.m, g.from, g.to, cli->net->carrier_directed[c], g.length, g.node_down, g.edge_down};
    if (g.n_sources == 0 || g.n_demands == 0) {
        hf_cli_message(cli, "carrier %s has no %s: losses of connection need both", cli->net->carrier_id[c], g.n_sources == 0 ? "source" : "demand");
        cli->told = true;
        HF_TRY(HF_E_NO_ANSWER);
    }
    HF_TRY(hf_connectivity_loss(&lost, g.source, g.n_sources, g.demand, g.n_demands, &v[0], &v[1], &v[2]));
    HF_TRY(hf_connectivity_efficiency(&lost, &v[3], NULL, &v[4]));
    hf_buf_puts(&cli->out, "complete_loss,partial_loss,weighted_loss,efficiency_before,efficiency_loss\n");
    row(cli, 5, v);
out:
    carrier_graph_done(&g);
    return err;
}

static const struct {
    const char *name;
    hf_err (*run)(hf_cli *cli);
    const char *what, *source;
} models[] = {
    {"percolation", percolation, "share of interdependent networks that lives after a random attack",
     "Buldyrev et al. 2010; Gao et al. 2011; Parshani et al. 2010; Shao et al. 2011"},
    {"contagion", contagion, "single failures that set off a global cascade, by thresholds of neighbours", "Watts 2002"},
    {"load", load, "what is left when load is redistributed after the failure of the busiest node", "Motter and Lai 2002"},
    {"fdna", fdna, "operability of a receiver by strength and criticality of its dependency", "Garvey and Pinto 2009"},
    {"risk-chain", risk_chain, "cumulative risk of a chain of dependencies", "Kotzanikolaou, Theoharidou, Gritzalis 2013"},
    {"connectivity", connectivity, "connections of a carrier that a failure costs (needs DATASET)",
     "Poljanšek, Bono, Gutiérrez 2012; Latora and Marchiori 2001"},
};

hf_err hf_cmd_reference(hf_cli *cli)
{
    const char *name = cli->args.words[0];
    hf_nearest nearest;
    if (strcmp(name, "list") == 0) {
        for (size_t k = 0; k < sizeof models / sizeof *models; k++)
            hf_buf_printf(&cli->out, "%-13s %s\n              %s\n", models[k].name, models[k].what, models[k].source);
        return cli->out.err;
    }
    hf_nearest_start(&nearest, name, strlen(name));
    for (size_t k = 0; k < sizeof models / sizeof *models; k++) {
        hf_nearest_offer(&nearest, models[k].name);
        if (strcmp(models[k].name, name) != 0) continue;
        bool needs_data = models[k].run == connectivity;
        if (needs_data != (cli->args.n_words == 2)) return hf_cli_usage(cli, needs_data ? "connectivity needs a DATASET" : "%s takes no DATASET", name);
        if (needs_data) cli->args.words++, cli->args.n_words--; /* hf_cli_open takes the first word */
        hf_err err = models[k].run(cli);
        if (needs_data) cli->args.words--, cli->args.n_words++;
        return err != HF_OK ? err : cli->out.err;
    }
    return hf_cli_usage(cli, nearest.best ? "there is no model \"%s\"; did you mean %s? `holdfast reference list` names them all"
                                          : "there is no model \"%s\"; `holdfast reference list` names them all", name, nearest.best);
}
