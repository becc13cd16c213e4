/* model/cascade/reference: seeded simulations against the published values, with tolerances from their own standard error, and the
 * reference models against straightforward versions of themselves on random graphs. */
#include <stdint.h>

#include "base/alloc.h"
#include "model/cascade/reference/connectivity.h"
#include "model/cascade/reference/contagion.h"
#include "model/cascade/reference/fdna.h"
#include "model/cascade/reference/graph.h"
#include "model/cascade/reference/load.h"
#include "model/cascade/reference/percolation.h"
#include "model/cascade/reference/risk_chain.h"
#include "tests/tap.h"

enum { RUNS = 10, NODES = 100000 };

static const int chain_dependent[] = {0, 1, 1, 2}, chain_supporter[] = {1, 0, 2, 1};
static const double ones[] = {1, 1, 1, 1}, none[4], fours[] = {4, 4, 4, 4}, threes[] = {3, 3, 3}, halves[] = {0.5, 0.5, 0.5, 0.5};

/* The case of n networks in a row, fully dependent both ways, of which an attack leaves the share p of the first. */
static hf_percolation_case row_of(int n, const double *survive)
{
    return (hf_percolation_case){.n_networks = n, .n_nodes = NODES, .mean_degree = fours, .survive = survive, .n_couplings = 2 * (n - 1),
        .dependent = chain_dependent, .supporter = chain_supporter, .share = ones, .supporters = none};
}

/* The mean over seeds 1 .. RUNS of each network's living share within four standard errors of the expected one, itself no vague one. */
static void simulated_check(hf_percolation_case c, const double *expected, double largest_error)
{
    double sum[4] = {0}, squares[4] = {0}, share[4];
    for (int run = 1; run <= RUNS; run++) {
        c.seed = (uint64_t)run;
        CHECK_INT(hf_percolation_simulate(&c, share, NULL), HF_OK);
        for (int i = 0; i < c.n_networks; i++) {
            sum[i] += share[i];
            squares[i] += share[i] * share[i];
        }
    }
    for (int i = 0; i < c.n_networks; i++) {
        double mean = sum[i] / RUNS, error = sqrt(fmax(0, squares[i] / RUNS - mean * mean) / (RUNS - 1));
        CHECK_NEAR(mean, expected[i], 4 * error);
        CHECK(error < largest_error);
    }
}

/* Buldyrev et al., Nature 464, 1025, 2010: two networks, k = 4, N = 10^5; below p_c = 0.6139 nothing is left. */
static void simulated_two_networks(void)
{
    static const double published[][2] = {{0.62, 0.36887}, {0.65, 0.45978}, {0.80, 0.70884}};
    for (int k = 0; k < 3; k++) {
        const double survive[] = {published[k][0], 1}, expected[] = {published[k][1], published[k][1]};
        simulated_check(row_of(2, survive), expected, 0.005);
    }
    const double below[] = {0.60, 1};
    hf_percolation_case c = row_of(2, below);
    double share[2];
    int rounds = 0;
    for (c.seed = 1; c.seed <= 3; c.seed++) {
        CHECK_INT(hf_percolation_simulate(&c, share, &rounds), HF_OK);
        CHECK(share[0] < 1e-3 && share[1] < 1e-3);
        CHECK(rounds > 10);
    }
}

/* Gao et al., Phys. Rev. Lett. 107, 195701, 2011: three networks in a tree, k = 4. */
static void simulated_three_networks(void)
{
    const double survive[] = {0.9, 1, 1}, expected[] = {0.790416, 0.790416, 0.790416}, below[] = {0.75, 1, 1};
    simulated_check(row_of(3, survive), expected, 0.005);
    hf_percolation_case c = row_of(3, below);
    double share[3];
    c.seed = 1;
    CHECK_INT(hf_percolation_simulate(&c, share, NULL), HF_OK);
    CHECK(share[0] < 1e-3 && share[1] < 1e-3 && share[2] < 1e-3);
}

/* Parshani, Buldyrev, Havlin, Phys. Rev. Lett. 105, 048701, 2010: half of the nodes depend, k = 3. */
static void simulated_partial_dependency(void)
{
    static const double published[][3] = {{0.9, 0.7797, 0.8319}, {0.6, 0.3618, 0.5737}, {0.45, 0.0790, 0.3635}};
    for (int k = 0; k < 3; k++) {
        const double survive[] = {published[k][0], 1};
        hf_percolation_case c = row_of(2, survive);
        c.mean_degree = threes;
        c.share = halves;
        simulated_check(c, published[k] + 1, 0.005);
    }
}

/* Gao et al., Nature Physics 8, 40, 2012: three networks in a row, half of the nodes depend, k = 3; the equations are theirs. */
static void simulated_partial_row(void)
{
    const int a[] = {0, 1}, b[] = {1, 2};
    for (double p = 0.55; p < 1; p += 0.2) {
        const double survive[] = {p, 1, 1};
        double expected[3];
        hf_percolation_coupled coupled = {3, threes, survive, 2, a, b, halves, halves};
        CHECK_INT(hf_percolation_coupled_solve(&coupled, expected), HF_OK);
        hf_percolation_case c = row_of(3, survive);
        c.mean_degree = threes;
        c.share = halves;
        simulated_check(c, expected, 0.005);
    }
}

/* Shao, Buldyrev, Havlin, Stanley, Phys. Rev. E 83, 036116, 2011: four supporters in the mean, one needed. */
static void simulated_supporters(void)
{
    const double survive[] = {0.9, 1}, expected[] = {0.85008, 0.94454};
    hf_percolation_case c = row_of(2, survive);
    c.supporters = fours;
    simulated_check(c, expected, 0.002);
}

static void simulation_is_reproducible_and_bounded(void)
{
    const double survive[] = {0.7, 1}, beyond[] = {1.2, 1}, dense[] = {2, 10};
    double one[2] = {-1, -1}, two[2];
    hf_percolation_case c = row_of(2, survive);
    c.n_nodes = 2000;
    c.seed = 7;
    CHECK_INT(hf_percolation_simulate(&c, one, NULL), HF_OK);
    CHECK_INT(hf_percolation_simulate(&c, two, NULL), HF_OK);
    CHECK(one[0] == two[0] && one[1] == two[1]);
    c.seed = 8;
    CHECK_INT(hf_percolation_simulate(&c, two, NULL), HF_OK);
    CHECK(one[0] != two[0]);
    c.survive = beyond;
    CHECK_INT(hf_percolation_simulate(&c, one, NULL), HF_E_RANGE);
    c = row_of(2, survive);
    c.n_nodes = 0;
    CHECK_INT(hf_percolation_simulate(&c, one, NULL), HF_E_RANGE);
    c.n_nodes = 5;
    c.mean_degree = dense;
    CHECK_INT(hf_percolation_simulate(&c, one, NULL), HF_E_RANGE);
    c = row_of(0, survive);
    CHECK_INT(hf_percolation_simulate(&c, one, NULL), HF_E_RANGE);
    c = row_of(2, survive);
    c.supporter = chain_dependent;
    CHECK_INT(hf_percolation_simulate(&c, one, NULL), HF_E_RANGE);
    /* Complete networks without an attack stay whole. */
    c = row_of(2, ones);
    c.n_nodes = 5;
    CHECK_INT(hf_percolation_simulate(&c, one, NULL), HF_OK);
    CHECK(one[0] == 1 && one[1] == 1);
}

/* Watts, Proc. Natl. Acad. Sci. 99, 5766, 2002, at N = 10^4, phi = 0.18: z = 4 about 88 % of seeds, z >= 6.2 none. An isolated seed (a
 * share exp(-z) of all nodes) cannot spread anything, so the 88 % are read as of the seeds with neighbours. At 6.2, beyond the window, a
 * graph of this size still has a vulnerable cluster large enough once in a while (under 1 % of seeds), a little further out none. */
static void simulated_contagion(void)
{
    enum { GRAPHS = 10, TRIALS = 500 };
    double sum = 0, squares = 0, share, triggers = 0;
    for (int run = 1; run <= GRAPHS; run++) {
        CHECK_INT(hf_contagion_experiment(10000, 4, 0.18, 0.1, TRIALS, (uint64_t)run, &share), HF_OK);
        sum += share;
        squares += share * share;
    }
    double mean = sum / GRAPHS, error = sqrt((squares / GRAPHS - mean * mean) / (GRAPHS - 1));
    CHECK_INT(hf_contagion_trigger_share(0.18, 4, &triggers), HF_OK);
    CHECK_NEAR(mean, triggers, 4 * error);
    CHECK_NEAR(mean / (1 - exp(-4)), 0.88, 4 * error + 0.005);
    CHECK(error < 0.01);
    CHECK_INT(hf_contagion_experiment(10000, 6.2, 0.18, 0.1, 1000, 1, &share), HF_OK);
    CHECK(share < 0.01);
    for (double z = 6.8; z < 9; z++) {
        CHECK_INT(hf_contagion_experiment(10000, z, 0.18, 0.1, 1000, 1, &share), HF_OK);
        CHECK_NEAR(share, 0, 0);
    }
    CHECK_INT(hf_contagion_experiment(10000, 0.9, 0.18, 0.1, 1000, 1, &share), HF_OK);
    CHECK_NEAR(share, 0, 0);
    CHECK_INT(hf_contagion_experiment(0, 0, 0.18, 0.1, 10, 1, &share), HF_E_RANGE);
    CHECK_INT(hf_contagion_experiment(10, 4, 0.18, 0.1, 0, 1, &share), HF_E_RANGE);
    CHECK_INT(hf_contagion_experiment(10, 40, 0.18, 0.1, 10, 1, &share), HF_E_RANGE);
    CHECK_INT(hf_contagion_experiment(10, 4, 0.18, 1.1, 10, 1, &share), HF_E_RANGE);
}

/* Means over graphs: n (n - 1) / 2 p edges with their binomial scatter, no loops, no doubles. */
static void random_graph_has_its_degree(void)
{
    static const double degrees[] = {0, 0.5, 4, 19};
    for (int k = 0; k < 4; k++) {
        double edges = 0, p = degrees[k] / 19, pairs = 500 * 190.0;
        for (uint64_t seed = 0; seed < 500; seed++) {
            hf_graph g = {0};
            bool joined[20][20] = {{false}};
            CHECK_INT(hf_graph_er(20, degrees[k], seed, 3, &g), HF_OK);
            for (int v = 0; v < 20; v++)
                for (size_t a = g.first[v]; a < g.first[v + 1]; a++) {
                    CHECK(g.to[a] != v && !joined[v][g.to[a]]);
                    joined[v][g.to[a]] = true;
                }
            edges += g.n_arcs / 2.0;
            hf_graph_done(&g);
        }
        CHECK_NEAR(edges, pairs * p, 4 * sqrt(pairs * p * (1 - p)));
    }
    hf_graph g = {0};
    CHECK_INT(hf_graph_er(1, 0, 1, 1, &g), HF_OK);
    CHECK_INT(g.n_arcs, 0);
    hf_graph_done(&g);
    CHECK_INT(hf_graph_er(20, 19.5, 1, 1, &g), HF_E_RANGE);
    CHECK_INT(hf_graph_er(0, 0, 1, 1, &g), HF_E_RANGE);
}

enum { SMALL = 24, SMALL_EDGES = SMALL * SMALL };

typedef struct small_graph {
    int m, from[SMALL_EDGES], to[SMALL_EDGES];
} small_graph;

static void small_draw(uint64_t seed, double degree, small_graph *s)
{
    hf_graph g = {0};
    s->m = 0;
    CHECK_INT(hf_graph_er(SMALL, degree, seed, 5, &g), HF_OK);
    for (int v = 0; v < SMALL; v++)
        for (size_t a = g.first[v]; a < g.first[v + 1]; a++)
            if (g.to[a] > v) {
                s->from[s->m] = v;
                s->to[s->m++] = g.to[a];
            }
    hf_graph_done(&g);
}

/* Distances and numbers of shortest paths by Floyd and Warshall's recursion over walks, then the definition of betweenness as it stands. */
static void betweenness_plainly(const small_graph *s, const bool *stands, double *load)
{
    static double step[SMALL][SMALL], paths[SMALL][SMALL], walks[SMALL][SMALL], longer[SMALL][SMALL];
    static int distance[SMALL][SMALL];
    memset(step, 0, sizeof step);
    memset(paths, 0, sizeof paths);
    memset(walks, 0, sizeof walks);
    for (int e = 0; e < s->m; e++)
        if (stands[s->from[e]] && stands[s->to[e]]) step[s->from[e]][s->to[e]] = step[s->to[e]][s->from[e]] = 1;
    for (int v = 0; v < SMALL; v++) walks[v][v] = paths[v][v] = 1;
    /* The number of walks of length d between two nodes is that of shortest paths for the first d at which there are any. */
    for (int d = 0; d < SMALL; d++) {
        memset(longer, 0, sizeof longer);
        for (int i = 0; i < SMALL; i++)
            for (int k = 0; k < SMALL; k++) {
                if (d == 0) distance[i][k] = i == k ? 0 : -1;
                if (distance[i][k] < 0 && walks[i][k] > 0) {
                    distance[i][k] = d;
                    paths[i][k] = walks[i][k];
                }
                for (int j = 0; j < SMALL; j++) longer[i][j] += walks[i][k] * step[k][j];
            }
        memcpy(walks, longer, sizeof walks);
    }
    for (int v = 0; v < SMALL; v++) {
        load[v] = 0;
        for (int i = 0; i < SMALL; i++)
            for (int j = i + 1; j < SMALL; j++) {
                if (i == v || j == v || distance[i][j] < 0 || distance[i][v] < 0 || distance[v][j] < 0) continue;
                if (distance[i][v] + distance[v][j] == distance[i][j]) load[v] += paths[i][v] * paths[v][j] / paths[i][j];
            }
    }
}

static void loads_agree_with_the_definition(void)
{
    static small_graph s;
    double load[SMALL], plain[SMALL], giant = 0;
    bool stands[SMALL];
    int round_of[SMALL], rounds = 0, cascades = 0;
    for (uint64_t seed = 0; seed < 60; seed++) {
        small_draw(seed, 1 + (double)(seed % 6), &s);
        for (int v = 0; v < SMALL; v++) stands[v] = true;
        betweenness_plainly(&s, stands, plain);
        CHECK_INT(hf_load_betweenness(SMALL, s.from, s.to, s.m, load), HF_OK);
        for (int v = 0; v < SMALL; v++) CHECK_NEAR(load[v], plain[v], 1e-10 * (1 + plain[v]));
        /* The cascade, replayed round by round with the plain loads. */
        const int removed[] = {(int)(seed % SMALL)};
        double capacity[SMALL];
        CHECK_INT(hf_load_cascade(SMALL, s.from, s.to, s.m, 0.25, removed, 1, round_of, &rounds, &giant), HF_OK);
        memcpy(capacity, plain, sizeof capacity);
        for (int round = 0; round <= rounds; round++) {
            for (int v = 0; v < SMALL; v++) stands[v] = round_of[v] < 0 || round_of[v] > round;
            betweenness_plainly(&s, stands, plain);
            for (int v = 0; v < SMALL; v++)
                if (stands[v]) CHECK_INT(round_of[v] == round + 1, plain[v] > 1.25 * capacity[v] + 1e-9);
        }
        cascades += rounds > 1;
    }
    CHECK(cascades > 10);
}

/* The closure of the threshold rule by sweeping over all nodes until nothing changes, from several seeds. */
static void contagion_agrees_with_sweeping(void)
{
    static small_graph s;
    int round_of[SMALL], failed = 0, spreads = 0;
    for (uint64_t seed = 0; seed < 100; seed++) {
        const int start[] = {(int)(seed % SMALL), (int)(seed * 7 % SMALL)};
        double threshold[SMALL];
        int plain[SMALL], degree[SMALL] = {0};
        small_draw(seed, 3, &s);
        for (int v = 0; v < SMALL; v++) threshold[v] = 0.1 + 0.05 * (double)((seed + (uint64_t)v) % 9);
        for (int v = 0; v < SMALL; v++) plain[v] = v == start[0] || v == start[1] ? 0 : -1;
        for (int e = 0; e < s.m; e++) {
            degree[s.from[e]]++;
            degree[s.to[e]]++;
        }
        for (int round = 1; round <= SMALL; round++) {
            int hit[SMALL] = {0};
            for (int e = 0; e < s.m; e++) {
                hit[s.from[e]] += plain[s.to[e]] >= 0;
                hit[s.to[e]] += plain[s.from[e]] >= 0;
            }
            for (int v = 0; v < SMALL; v++)
                if (plain[v] < 0 && degree[v] > 0 && (double)hit[v] / degree[v] >= threshold[v]) plain[v] = round;
        }
        CHECK_INT(hf_contagion_run(SMALL, s.from, s.to, s.m, threshold, start, 2, round_of, &failed), HF_OK);
        for (int v = 0; v < SMALL; v++) CHECK_INT(round_of[v], plain[v]);
        spreads += failed > 8;
    }
    CHECK(spreads > 20);
}

/* Distances by Floyd and Warshall, efficiency by its definition, directed and not. */
static void efficiency_agrees_with_the_definition(void)
{
    static small_graph s;
    static double length[SMALL_EDGES], d[SMALL][SMALL];
    bool down[SMALL_EDGES];
    for (uint64_t seed = 0; seed < 60; seed++) {
        small_draw(seed, 4, &s);
        for (int e = 0; e < s.m; e++) {
            length[e] = 0.5 + (double)(((uint64_t)e * 37 + seed) % 11);
            down[e] = e % 5 == 0;
        }
        hf_connectivity_case c = {.n = SMALL, .m = s.m, .from = s.from, .to = s.to, .length = length, .edge_down = down};
        c.directed = seed % 2 == 1;
        for (int i = 0; i < SMALL; i++)
            for (int j = 0; j < SMALL; j++) d[i][j] = i == j ? 0 : INFINITY;
        for (int e = 0; e < s.m; e++) {
            if (down[e]) continue;
            d[s.from[e]][s.to[e]] = length[e];
            if (!c.directed) d[s.to[e]][s.from[e]] = length[e];
        }
        for (int k = 0; k < SMALL; k++)
            for (int i = 0; i < SMALL; i++)
                for (int j = 0; j < SMALL; j++) d[i][j] = fmin(d[i][j], d[i][k] + d[k][j]);
        double sum = 0, after = -1;
        for (int i = 0; i < SMALL; i++)
            for (int j = 0; j < SMALL; j++)
                if (i != j) sum += 1 / d[i][j];
        CHECK_INT(hf_connectivity_efficiency(&c, NULL, &after, NULL), HF_OK);
        CHECK_NEAR(after, sum / (SMALL * (SMALL - 1)), 1e-12);
    }
}

/* One call of every model that allocates. */
static hf_err all_models(void)
{
    const int from[] = {0, 1, 2}, to[] = {1, 2, 3}, seed[] = {0};
    const double level[] = {100, 90, 80, 70}, share[] = {0.5, 0.5, 0.5, 0.5}, survive[] = {0.8, 1};
    double value[4], other;
    int round_of[4], chain[3], length;
    hf_percolation_case drawn = row_of(2, survive);
    hf_connectivity_case c = {.n = 4, .m = 3, .from = from, .to = to};
    drawn.n_nodes = 50;
    drawn.supporters = fours;
    hf_err err = HF_OK;
    HF_TRY(hf_percolation_simulate(&drawn, value, NULL));
    HF_TRY(hf_contagion_run(4, from, to, 3, share, seed, 1, round_of, NULL));
    HF_TRY(hf_contagion_experiment(50, 3, 0.2, 0.1, 5, 1, &other));
    HF_TRY(hf_load_betweenness(4, from, to, 3, value));
    HF_TRY(hf_load_cascade(4, from, to, 3, 0.1, seed, 1, round_of, NULL, NULL));
    HF_TRY(hf_fdna_network(4, level, from, to, 3, share, level, value));
    HF_TRY(hf_risk_worst_chain(4, from, to, 3, share, level, 0, 3, chain, &length, &other));
    HF_TRY(hf_connectivity_loss(&c, seed, 1, to, 3, &other, NULL, NULL));
    HF_TRY(hf_connectivity_efficiency(&c, NULL, NULL, &other));
out:
    return err;
}

static void memory_may_run_out_anywhere(void)
{
    hf_alloc_fail_at(0);
    CHECK_INT(all_models(), HF_OK);
    long allocations = hf_alloc_count();
    CHECK(allocations > 60);
    for (long n = 1; n <= allocations; n++) {
        hf_alloc_fail_at(n);
        CHECK_INT(all_models(), HF_E_NOMEM);
    }
    hf_alloc_fail_at(0);
    CHECK_INT(all_models(), HF_OK);
}

int main(void)
{
    RUN(simulated_two_networks);
    RUN(simulated_three_networks);
    RUN(simulated_partial_dependency);
    RUN(simulated_partial_row);
    RUN(simulated_supporters);
    RUN(simulation_is_reproducible_and_bounded);
    RUN(simulated_contagion);
    RUN(random_graph_has_its_degree);
    RUN(loads_agree_with_the_definition);
    RUN(contagion_agrees_with_sweeping);
    RUN(efficiency_agrees_with_the_definition);
    RUN(memory_may_run_out_anywhere);
    return tap_done();
}
