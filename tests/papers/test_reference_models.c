/* model/cascade/reference: the closed forms and hand-sized cases of the reference models against the numbers of their papers. */
#include <stdint.h>

#include "model/cascade/reference/connectivity.h"
#include "model/cascade/reference/contagion.h"
#include "model/cascade/reference/fdna.h"
#include "model/cascade/reference/load.h"
#include "model/cascade/reference/percolation.h"
#include "model/cascade/reference/risk_chain.h"
#include "tests/tap.h"

static double networks(int n, double k, double p)
{
    double share = -1;
    CHECK_INT(hf_percolation_networks(n, k, p, &share), HF_OK);
    return share;
}

/* Buldyrev, Parshani, Paul, Stanley, Havlin, Nature 464, 1025, 2010: p_c k = 2.4554, P at p_c = 1.2564 / k, a jump. */
static void mutual_percolation_of_two(void)
{
    double pk = 0, shared_k = 0;
    CHECK_INT(hf_percolation_threshold(2, &pk, &shared_k), HF_OK);
    CHECK_NEAR(pk, 2.455407, 5e-7);
    CHECK_NEAR(shared_k, 1.256431, 5e-7);
    CHECK_NEAR(networks(2, 4, pk / 4 * (1 + 1e-12)), 1.256431 / 4, 1e-5);
    CHECK_NEAR(networks(2, 4, pk / 4 * (1 - 1e-12)), 0, 0);
    CHECK_NEAR(networks(2, 4, 0.62), 0.36887, 5e-6);
    CHECK_NEAR(networks(2, 4, 0.65), 0.45978, 5e-6);
    CHECK_NEAR(networks(2, 4, 0.70), 0.55762, 5e-6);
    CHECK_NEAR(networks(2, 4, 0.80), 0.70884, 5e-6);
    CHECK_NEAR(networks(2, 4, 1.00), 0.95696, 5e-6);
    CHECK_NEAR(networks(2, 4, 0.60), 0, 0);
}

/* Gao, Buldyrev, Havlin, Stanley, Phys. Rev. Lett. 107, 195701, 2011, and Nature Physics 8, 40, 2012: n networks in a tree. */
static void mutual_percolation_of_many(void)
{
    static const double published[] = {3.089119, 3.508901, 3.822487};
    for (int n = 3; n <= 5; n++) {
        double pk = 0;
        CHECK_INT(hf_percolation_threshold(n, &pk, NULL), HF_OK);
        CHECK_NEAR(pk, published[n - 3], 5e-7);
    }
    CHECK_NEAR(networks(3, 4, 0.78), 0.540415, 5e-7);
    CHECK_NEAR(networks(3, 4, 0.90), 0.790416, 6e-7);
    CHECK_NEAR(networks(3, 4, 0.75), 0, 0);
}

/* Every answer solves the published equation, and no greater one does. */
static void living_share_is_the_greatest_solution(void)
{
    for (int n = 1; n <= 6; n++)
        for (int i = 0; i <= 40; i++) {
            double p = i / 40.0, k = 6, share = networks(n, k, p);
            CHECK_NEAR(p * pow(1 - exp(-k * share), n), share, 1e-12);
            for (double above = share + 1e-6; above < p; above += 0.01) CHECK(p * pow(1 - exp(-k * above), n) < above);
        }
    CHECK_NEAR(hf_percolation_giant(2, 0.5), 0, 0);
    /* One Erdős–Rényi graph of mean degree 2: the giant component's share is 0.7968121300 (Erdős, Rényi, 1960). */
    CHECK_NEAR(hf_percolation_giant(2, 1), 0.7968121300, 1e-10);
}

/* Parshani, Buldyrev, Havlin, Phys. Rev. Lett. 105, 048701, 2010: partial dependency, q = 0.5, k = 3; a continuous transition. */
static void partial_dependency(void)
{
    static const double published[][3] = {{0.9, 0.7797, 0.8319}, {0.6, 0.3618, 0.5737}, {0.45, 0.0790, 0.3635}};
    double a = 0, b = 0, last = 1, two = networks(2, 4, 0.7);
    for (int k = 0; k < 3; k++) {
        CHECK_INT(hf_percolation_partial(3, 3, 0.5, 0.5, published[k][0], &a, &b), HF_OK);
        CHECK_NEAR(a, published[k][1], 5e-5);
        CHECK_NEAR(b, published[k][2], 5e-5);
    }
    for (double p = 0.6; p > 0.3; p -= 0.001) {
        CHECK_INT(hf_percolation_partial(3, 3, 0.5, 0.5, p, &a, &b), HF_OK);
        CHECK(a <= last && (p > 0.59 || last - a < 0.004));
        last = a;
    }
    CHECK_NEAR(last, 0, 0);
    /* Full dependency is Buldyrev's model, none is one network alone. */
    CHECK_INT(hf_percolation_partial(4, 4, 1, 1, 0.7, &a, &b), HF_OK);
    CHECK_NEAR(a, two, 1e-12);
    CHECK_NEAR(b, two, 1e-12);
    CHECK_INT(hf_percolation_partial(4, 2, 0, 0, 0.7, &a, &b), HF_OK);
    CHECK_NEAR(a, hf_percolation_giant(4, 0.7), 1e-12);
    CHECK_NEAR(b, hf_percolation_giant(2, 1), 1e-12);
}

enum { MOST_NETWORKS = 5 };

/* n networks of mean degree k in a row, or in a ring, coupled both ways by the share q; all are attacked, or the first alone. */
static void coupled_solve(int n, bool ring, double k, double q, double p, bool all_attacked, double *ret_share)
{
    double degree[MOST_NETWORKS], survive[MOST_NETWORKS], share[MOST_NETWORKS];
    int a[MOST_NETWORKS], b[MOST_NETWORKS];
    for (int i = 0; i < n; i++) {
        degree[i] = k, survive[i] = i == 0 || all_attacked ? p : 1, share[i] = q;
        a[i] = i, b[i] = (i + 1) % n;
    }
    hf_percolation_coupled c = {n, degree, survive, ring ? n : n - 1, a, b, share, share};
    CHECK_INT(hf_percolation_coupled_solve(&c, ret_share), HF_OK);
}

/* Gao, Buldyrev, Stanley, Havlin, Nature Physics 8, 40, 2012. Special cases are the models above; where every network is coupled to m others,
 * P = p (1 - exp(-k P)) ((1 - q + sqrt((1 - q)^2 + 4 q P)) / 2)^m (Gao, Buldyrev, Stanley, Xu, Havlin, Phys. Rev. E 88, 062816, 2013). */
static void network_of_networks(void)
{
    double share[MOST_NETWORKS], a = 0, b = 0;
    for (int n = 1; n <= MOST_NETWORKS; n++)
        for (double p = 0.3; p <= 1; p += 0.1) {
            coupled_solve(n, false, 4, 1, p, false, share);
            for (int i = 0; i < n; i++) CHECK_NEAR(share[i], networks(n, 4, p), 1e-9);
        }
    for (double p = 0.4; p <= 1; p += 0.1) {
        coupled_solve(2, false, 3, 0.5, p, false, share);
        CHECK_INT(hf_percolation_partial(3, 3, 0.5, 0.5, p, &a, &b), HF_OK);
        CHECK_NEAR(share[0], a, 1e-12);
        CHECK_NEAR(share[1], b, 1e-12);
    }
    for (int n = 3; n <= MOST_NETWORKS; n++)
        for (double q = 0; q < 0.5; q += 0.1) {
            coupled_solve(n, true, 4, q, 0.9, true, share);
            double root = (1 - q + sqrt((1 - q) * (1 - q) + 4 * q * share[0])) / 2;
            CHECK(share[0] > 0.1);
            for (int i = 0; i < n; i++) CHECK_NEAR(share[i], 0.9 * (1 - exp(-4 * share[0])) * root * root, 1e-12);
        }
    const double degree[] = {4, 4}, out[] = {0.5, 1.5}, half[] = {0.5};
    const int first[] = {0}, second[] = {1};
    CHECK_INT(hf_percolation_coupled_solve(&(hf_percolation_coupled){2, degree, out, 1, first, second, half, half}, share), HF_E_RANGE);
    CHECK_INT(hf_percolation_coupled_solve(&(hf_percolation_coupled){2, degree, half, 1, first, first, half, half}, share), HF_E_RANGE);
}

/* Shao, Buldyrev, Havlin, Stanley, Phys. Rev. E 83, 036116, 2011: several supporters, one needed. */
static void several_supporters(void)
{
    double a = 0, b = 0;
    CHECK_INT(hf_percolation_supporters(4, 4, 4, 4, 0.9, 1, &a, &b), HF_OK);
    CHECK_NEAR(a, 0.85008, 5e-6);
    CHECK_NEAR(b, 0.94454, 6e-6);
    CHECK_NEAR(0.9 * (1 - exp(-4 * b)) * (1 - exp(-4 * a)), a, 1e-12);
    CHECK_NEAR((1 - exp(-4 * a)) * (1 - exp(-4 * b)), b, 1e-12);
    CHECK_INT(hf_percolation_supporters(4, 4, 0, 4, 0.9, 1, &a, &b), HF_OK);
    CHECK_NEAR(a, 0, 0);
    CHECK_NEAR(b, 0, 0);
}

/* Watts, Proc. Natl. Acad. Sci. 99, 5766, 2002: phi = 0.18, K = 5, global cascades for 1.0207 < z < 5.7647. */
static void contagion_window(void)
{
    double low = 0, high = 0;
    CHECK_INT(hf_contagion_window(0.18, &low, &high), HF_OK);
    CHECK_NEAR(low, 1.0207, 5e-5);
    CHECK_NEAR(high, 5.7647, 5e-5);
    /* 1 / 5 is still vulnerable at phi = 0.2 and not above it. */
    CHECK_INT(hf_contagion_window(0.2, &low, &high), HF_OK);
    CHECK_NEAR(high, 5.7647, 5e-5);
    CHECK_INT(hf_contagion_window(nextafter(0.2, 1), &low, &high), HF_OK);
    CHECK(high < 4);
    CHECK_INT(hf_contagion_window(0.5, &low, &high), HF_E_NO_ANSWER);
    CHECK_INT(hf_contagion_window(0, &low, &high), HF_E_RANGE);
    CHECK_INT(hf_contagion_window(1.1, &low, &high), HF_E_RANGE);
    CHECK_INT(hf_contagion_window(NAN, &low, &high), HF_E_RANGE);
    double share = -1;
    CHECK_INT(hf_contagion_trigger_share(0.18, 5.8, &share), HF_OK);
    CHECK_NEAR(share, 0, 0);
    CHECK_INT(hf_contagion_trigger_share(0.18, 800, &share), HF_E_RANGE);
}

/* A star with a tail, by hand: hub 0 with leaves 1..4, tail 4 - 5 - 6, and 7 alone. */
static void contagion_by_hand(void)
{
    const int from[] = {0, 0, 0, 0, 4, 5}, to[] = {1, 2, 3, 4, 5, 6};
    const double half[] = {0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5};
    const int one_leaf[] = {1}, two_leaves[] = {1, 2, 1}, alone[] = {7};
    int round_of[8], failed = -1;
    CHECK_INT(hf_contagion_run(8, from, to, 6, half, one_leaf, 1, round_of, &failed), HF_OK);
    CHECK_INT(failed, 1);
    CHECK_INT(hf_contagion_run(8, from, to, 6, half, two_leaves, 3, round_of, &failed), HF_OK);
    const int expected[] = {1, 0, 0, 2, 2, 3, 4, -1};
    CHECK_INT(failed, 7);
    for (int v = 0; v < 8; v++) CHECK_INT(round_of[v], expected[v]);
    CHECK_INT(hf_contagion_run(8, from, to, 6, half, alone, 1, round_of, &failed), HF_OK);
    CHECK_INT(failed, 1);
    CHECK_INT(hf_contagion_run(8, from, to, 6, half, NULL, 0, round_of, &failed), HF_OK);
    CHECK_INT(failed, 0);
    const int outside[] = {8};
    const double zero[8] = {0};
    CHECK_INT(hf_contagion_run(8, from, to, 6, half, outside, 1, round_of, &failed), HF_E_RANGE);
    CHECK_INT(hf_contagion_run(8, from, to, 6, zero, alone, 1, round_of, &failed), HF_E_RANGE);
    CHECK_INT(hf_contagion_run(0, from, to, 0, half, NULL, 0, round_of, &failed), HF_E_RANGE);
    CHECK_INT(hf_contagion_run(6, from, to, 6, half, NULL, 0, round_of, &failed), HF_E_RANGE);
}

/* Motter, Lai, Phys. Rev. E 66, 065102, 2002: a ring of 10 without node 0 is a path, whose loads
 * 0 7 12 15 16 15 12 7 0 meet C = (1 + alpha) 8. */
static void load_on_a_ring(void)
{
    int from[10], to[10], round_of[10], rounds = -1;
    const int removed[] = {0};
    double load[10], giant = -1;
    for (int v = 0; v < 10; v++) {
        from[v] = v;
        to[v] = (v + 1) % 10;
    }
    CHECK_INT(hf_load_betweenness(10, from, to, 10, load), HF_OK);
    for (int v = 0; v < 10; v++) CHECK_NEAR(load[v], 8, 1e-12);
    static const struct {
        double alpha, giant;
        int rounds, fallen_from, fallen_to;
    } cases[] = {{0.5, 0.3, 1, 4, 6}, {0.8, 0.3, 1, 4, 6}, {0.99, 0.4, 1, 5, 5}, {1, 0.9, 0, 10, 10}};
    for (int k = 0; k < 4; k++) {
        CHECK_INT(hf_load_cascade(10, from, to, 10, cases[k].alpha, removed, 1, round_of, &rounds, &giant), HF_OK);
        CHECK_NEAR(giant, cases[k].giant, 1e-15);
        CHECK_INT(rounds, cases[k].rounds);
        for (int v = 1; v < 10; v++) CHECK_INT(round_of[v], v >= cases[k].fallen_from && v <= cases[k].fallen_to ? 1 : -1);
        CHECK_INT(round_of[0], 0);
    }
}

/* Zachary, "An information flow model for conflict and fission in small groups", J. Anthropological Research 33, 452, 1977: who met
 * whom. */
static const int club[78][2] = {
    {0, 1}, {0, 2}, {0, 3}, {0, 4}, {0, 5}, {0, 6}, {0, 7}, {0, 8}, {0, 10}, {0, 11}, {0, 12}, {0, 13}, {0, 17}, {0, 19}, {0, 21},
    {0, 31}, {1, 2}, {1, 3}, {1, 7}, {1, 13}, {1, 17}, {1, 19}, {1, 21}, {1, 30}, {2, 3}, {2, 7}, {2, 8}, {2, 9}, {2, 13}, {2, 27},
    {2, 28}, {2, 32}, {3, 7}, {3, 12}, {3, 13}, {4, 6}, {4, 10}, {5, 6}, {5, 10}, {5, 16}, {6, 16}, {8, 30}, {8, 32}, {8, 33}, {9, 33},
    {13, 33}, {14, 32}, {14, 33}, {15, 32}, {15, 33}, {18, 32}, {18, 33}, {19, 33}, {20, 32}, {20, 33}, {22, 32}, {22, 33}, {23, 25},
    {23, 27}, {23, 29}, {23, 32}, {23, 33}, {24, 25}, {24, 27}, {24, 31}, {25, 31}, {26, 29}, {26, 33}, {27, 33}, {28, 31}, {28, 33},
    {29, 32}, {29, 33}, {30, 32}, {30, 33}, {31, 32}, {31, 33}, {32, 33},
};

/* Motter and Lai's rule on Zachary's club without its instructor (node 0, L = 231.0714). */
static void load_in_a_karate_club(void)
{
    int from[78], to[78], round_of[34], rounds = -1;
    const int removed[] = {0};
    double load[34], giant = -1;
    for (int e = 0; e < 78; e++) {
        from[e] = club[e][0];
        to[e] = club[e][1];
    }
    CHECK_INT(hf_load_betweenness(34, from, to, 78, load), HF_OK);
    CHECK_NEAR(load[0], 231.0714, 5e-5);
    CHECK_INT(hf_load_cascade(34, from, to, 78, 0.5, removed, 1, round_of, &rounds, &giant), HF_OK);
    CHECK_NEAR(giant, 17 / 34.0, 1e-15);
    CHECK_INT(rounds, 2);
    for (int v = 0; v < 34; v++) {
        bool first = v == 1 || v == 3 || v == 24 || v == 27 || v == 28 || v == 30;
        CHECK_INT(round_of[v], v == 0 ? 0 : first ? 1 : v == 9 ? 2 : -1);
    }
    CHECK_INT(hf_load_cascade(34, from, to, 78, 1, removed, 1, round_of, &rounds, &giant), HF_OK);
    CHECK_NEAR(giant, 19 / 34.0, 1e-15);
}

static void load_boundaries(void)
{
    const int from[] = {0, 1}, to[] = {1, 2}, loop[] = {0, 2}, removed[] = {0, 1, 2}, outside[] = {3};
    int round_of[3], rounds = -1;
    double load[3], giant = -1;
    CHECK_INT(hf_load_betweenness(0, from, to, 0, load), HF_E_RANGE);
    CHECK_INT(hf_load_betweenness(2, from, to, 2, load), HF_E_RANGE);
    CHECK_INT(hf_load_betweenness(3, loop, to, 2, load), HF_E_RANGE);
    CHECK_INT(hf_load_cascade(3, from, to, 2, -0.1, removed, 1, round_of, &rounds, &giant), HF_E_RANGE);
    CHECK_INT(hf_load_cascade(3, from, to, 2, NAN, removed, 1, round_of, &rounds, &giant), HF_E_RANGE);
    CHECK_INT(hf_load_cascade(3, from, to, 2, 0.1, outside, 1, round_of, &rounds, &giant), HF_E_RANGE);
    CHECK_INT(hf_load_cascade(3, from, to, 2, 0.1, NULL, 0, round_of, &rounds, &giant), HF_OK);
    CHECK_NEAR(giant, 1, 0);
    CHECK_INT(hf_load_cascade(3, from, to, 2, 0.1, removed, 3, round_of, &rounds, &giant), HF_OK);
    CHECK_NEAR(giant, 0, 0);
    CHECK_INT(rounds, 0);
    /* A doubled edge is two paths: of the four nodes of this ring 1 carries two of the three paths between 0 and 2. */
    const int ring_from[] = {0, 0, 1, 2, 3}, ring_to[] = {1, 1, 2, 3, 0};
    double ring[4];
    CHECK_INT(hf_load_betweenness(4, ring_from, ring_to, 5, ring), HF_OK);
    CHECK_NEAR(ring[1], 2 / 3.0, 1e-15);
    CHECK_NEAR(ring[3], 1 / 3.0, 1e-15);
}

/* A line of doubled edges has 2^d shortest paths of length d; beyond 10^300 they can no longer be counted. */
static void load_with_very_many_paths(void)
{
    static int from[2000], to[2000];
    static double load[1001];
    for (int e = 0; e < 2000; e++) {
        from[e] = e / 2;
        to[e] = e / 2 + 1;
    }
    CHECK_INT(hf_load_betweenness(901, from, to, 1800, load), HF_OK);
    for (int v = 0; v < 901; v += 100) CHECK_NEAR(load[v], (double)v * (900 - v), 1e-6);
    CHECK_INT(hf_load_betweenness(1001, from, to, 2000, load), HF_E_UNSUPPORTED);
}

/* Garvey, Pinto, "Introduction to functional dependency network analysis", MIT, 2009. */
static void functional_dependency(void)
{
    const double p[] = {60, 80}, alpha[] = {0.9, 0.3}, beta[] = {40, 10}, tight[] = {10, 10};
    double strength = 0, criticality = 0, operability = 0;
    CHECK_INT(hf_fdna_receiver(2, p, alpha, beta, &strength, &criticality, &operability), HF_OK);
    CHECK_NEAR(strength, 79, 1e-12);
    CHECK_NEAR(criticality, 90, 1e-12);
    CHECK_NEAR(operability, 79, 1e-12);
    CHECK_INT(hf_fdna_receiver(2, p, alpha, tight, NULL, NULL, &operability), HF_OK);
    CHECK_NEAR(operability, 70, 1e-12);
    /* The same in a network, the receiver numbered first, and a second stage behind it: 0.5 * 79 + 50 = 89.5 against 79 + 5 = 84. */
    const int feeder[] = {2, 3, 0}, receiver[] = {0, 0, 1};
    const double own[] = {100, 100, 60, 80}, a[] = {0.9, 0.3, 0.5}, b[] = {40, 10, 5};
    double got[4];
    CHECK_INT(hf_fdna_network(4, own, feeder, receiver, 3, a, b, got), HF_OK);
    CHECK_NEAR(got[0], 79, 1e-12);
    CHECK_NEAR(got[1], 84, 1e-12);
    CHECK_NEAR(got[2], 60, 0);
    const int fed_by_itself[] = {2, 3, 1};
    CHECK_INT(hf_fdna_network(4, own, fed_by_itself, receiver, 3, a, b, got), HF_E_RANGE);
    const int cycle_from[] = {0, 1, 2}, cycle_to[] = {1, 2, 0};
    CHECK_INT(hf_fdna_network(4, own, cycle_from, cycle_to, 3, a, b, got), HF_E_UNSUPPORTED);
    const double too_much[] = {101, 100, 60, 80}, bad_alpha[] = {0.9, 1.1};
    CHECK_INT(hf_fdna_network(4, too_much, feeder, receiver, 3, a, b, got), HF_E_RANGE);
    CHECK_INT(hf_fdna_network(0, own, feeder, receiver, 0, a, b, got), HF_E_RANGE);
    CHECK_INT(hf_fdna_receiver(0, p, alpha, beta, NULL, NULL, NULL), HF_E_RANGE);
    CHECK_INT(hf_fdna_receiver(2, p, bad_alpha, beta, NULL, NULL, NULL), HF_E_RANGE);
    CHECK_INT(hf_fdna_receiver(2, too_much, alpha, beta, NULL, NULL, NULL), HF_E_RANGE);
}

/* Kotzanikolaou, Theoharidou, Gritzalis, Int. J. Critical Infrastructures 9, 93, 2013: cumulative risk of a chain. */
static void dependency_risk_chain(void)
{
    const double likelihood[] = {0.5, 0.4, 0.5}, impact[] = {3, 4, 5}, beyond[] = {0.5, 1.4, 0.5}, negative[] = {3, -4, 5};
    double risk = 0, order[3];
    CHECK_INT(hf_risk_chain(3, likelihood, impact, &risk, order), HF_OK);
    CHECK_NEAR(risk, 2.8, 1e-12);
    CHECK_NEAR(order[0], 1.5, 1e-12);
    CHECK_NEAR(order[1], 0.8, 1e-12);
    CHECK_NEAR(order[2], 0.5, 1e-12);
    CHECK_INT(hf_risk_chain(0, likelihood, impact, &risk, NULL), HF_E_RANGE);
    CHECK_INT(hf_risk_chain(3, beyond, impact, &risk, NULL), HF_E_RANGE);
    CHECK_INT(hf_risk_chain(3, likelihood, negative, &risk, NULL), HF_E_RANGE);
}

/* The chain above inside a graph with a cheaper way out of node 0 and a way back to it, which no chain may take. */
static void worst_risk_chain(void)
{
    const int from[] = {0, 0, 1, 2, 3}, to[] = {4, 1, 2, 3, 0};
    const double likelihood[] = {0.9, 0.5, 0.4, 0.5, 1}, impact[] = {2, 3, 4, 5, 100};
    int chain[5], length = -1;
    double risk = 0;
    CHECK_INT(hf_risk_worst_chain(5, from, to, 5, likelihood, impact, 0, 5, chain, &length, &risk), HF_OK);
    CHECK_NEAR(risk, 2.8, 1e-12);
    CHECK_INT(length, 3);
    CHECK(chain[0] == 1 && chain[1] == 2 && chain[2] == 3);
    CHECK_INT(hf_risk_worst_chain(5, from, to, 5, likelihood, impact, 0, 1, chain, &length, &risk), HF_OK);
    CHECK_NEAR(risk, 1.8, 1e-12);
    CHECK(length == 1 && chain[0] == 0);
    CHECK_INT(hf_risk_worst_chain(5, from, to, 5, likelihood, impact, 4, 5, chain, &length, &risk), HF_OK);
    CHECK_INT(length, 0);
    CHECK_NEAR(risk, 0, 0);
    CHECK_INT(hf_risk_worst_chain(5, from, to, 5, likelihood, impact, 5, 5, chain, &length, &risk), HF_E_RANGE);
    CHECK_INT(hf_risk_worst_chain(5, from, to, 5, likelihood, impact, 0, 17, chain, &length, &risk), HF_E_RANGE);
}

/* SYNER-G's connectivity losses (Poljanšek et al. 2012) and Latora and Marchiori's efficiency on five nodes A B C D E; A-E is lost. */
static void connectivity_loss(void)
{
    enum { A, B, C, D, E };
    const int from[] = {D, A, B, A, E}, to[] = {C, C, D, E, B}, source[] = {A}, demand[] = {B, C};
    const double length[] = {2, 5, 2, 2, 2};
    const bool edge_down[] = {false, false, false, true, false};
    hf_connectivity_case c = {.n = 5, .m = 5, .from = from, .to = to, .directed = true, .length = length, .edge_down = edge_down};
    double complete = -1, partial = -1, weighted = -1, before = -1, after = -1, loss = -1;
    CHECK_INT(hf_connectivity_loss(&c, source, 1, demand, 2, &complete, &partial, &weighted), HF_OK);
    CHECK_NEAR(complete, 0.5, 1e-15);
    CHECK_NEAR(partial, 0.5, 1e-15);
    CHECK_NEAR(weighted, 0.5, 1e-15);
    CHECK_INT(hf_connectivity_efficiency(&c, &before, &after, &loss), HF_OK);
    CHECK_NEAR(loss, 0.279188, 5e-7);
    CHECK_NEAR(before, 0.1641666667, 1e-10);
    /* Undirected, A still reaches B by C and D: 9 instead of 4; two sources, N = 2: W_B = 2 (1/4 + 1/2), then 2 (1/9 + 1/2). */
    const int two[] = {A, D}, one_demand[] = {B};
    c.directed = false;
    CHECK_INT(hf_connectivity_loss(&c, two, 2, one_demand, 1, &complete, &partial, &weighted), HF_OK);
    CHECK_NEAR(complete, 0, 1e-15);
    CHECK_NEAR(partial, 0, 1e-15);
    CHECK_NEAR(weighted, 1 - (1.0 / 9 + 0.5) / 0.75, 1e-12);
    /* Without D as well, B is left to E alone. */
    const bool node_down[] = {false, false, false, true, false};
    c.node_down = node_down;
    CHECK_INT(hf_connectivity_loss(&c, two, 2, demand, 2, &complete, &partial, NULL), HF_OK);
    CHECK_NEAR(complete, 0.5, 1e-15);
    CHECK_NEAR(partial, 0.75, 1e-15);
}

static void connectivity_boundaries(void)
{
    const int from[] = {0}, to[] = {1}, source[] = {0}, demand[] = {1}, outside[] = {3}, apart[] = {2};
    const double zero[] = {0};
    double loss = -1;
    hf_connectivity_case c = {.n = 3, .m = 1, .from = from, .to = to};
    CHECK_INT(hf_connectivity_loss(&c, outside, 1, demand, 1, &loss, NULL, NULL), HF_E_RANGE);
    CHECK_INT(hf_connectivity_loss(&c, source, 0, demand, 1, &loss, NULL, NULL), HF_E_RANGE);
    CHECK_INT(hf_connectivity_loss(&c, source, 1, demand, 0, &loss, NULL, NULL), HF_E_RANGE);
    CHECK_INT(hf_connectivity_loss(&c, source, 1, apart, 1, &loss, NULL, NULL), HF_E_NO_ANSWER);
    CHECK_INT(hf_connectivity_loss(&c, source, 1, source, 1, &loss, NULL, NULL), HF_E_NO_ANSWER);
    CHECK_NEAR(loss, -1, 0);
    c.length = zero;
    CHECK_INT(hf_connectivity_efficiency(&c, NULL, NULL, &loss), HF_E_RANGE);
    c.length = NULL;
    c.n = 0;
    CHECK_INT(hf_connectivity_efficiency(&c, NULL, NULL, &loss), HF_E_RANGE);
    c.n = 3;
    c.m = 0;
    CHECK_INT(hf_connectivity_efficiency(&c, NULL, NULL, &loss), HF_E_NO_ANSWER);
}

static void percolation_boundaries(void)
{
    double a = -1, b = -1;
    CHECK_INT(hf_percolation_networks(0, 4, 0.5, &a), HF_E_RANGE);
    CHECK_INT(hf_percolation_networks(2, -1, 0.5, &a), HF_E_RANGE);
    CHECK_INT(hf_percolation_networks(2, INFINITY, 0.5, &a), HF_E_RANGE);
    CHECK_INT(hf_percolation_networks(2, 4, 1.01, &a), HF_E_RANGE);
    CHECK_INT(hf_percolation_networks(2, 4, -0.01, &a), HF_E_RANGE);
    CHECK_INT(hf_percolation_networks(2, 4, NAN, &a), HF_E_RANGE);
    CHECK_INT(hf_percolation_threshold(0, &a, &b), HF_E_RANGE);
    CHECK_INT(hf_percolation_partial(3, 3, 1.5, 0.5, 0.9, &a, &b), HF_E_RANGE);
    CHECK_INT(hf_percolation_partial(3, 3, 0.5, 0.5, 2, &a, &b), HF_E_RANGE);
    CHECK_INT(hf_percolation_supporters(4, 4, -1, 4, 0.9, 1, &a, &b), HF_E_RANGE);
    CHECK_INT(hf_percolation_supporters(4, 4, 4, 4, 0.9, 1.1, &a, &b), HF_E_RANGE);
    CHECK(isnan(hf_percolation_giant(4, 1.5)));
    CHECK_NEAR(a, -1, 0);
    CHECK_NEAR(networks(2, 4, 0), 0, 0);
    CHECK_NEAR(networks(2, 0, 1), 0, 0);
    CHECK_INT(hf_percolation_threshold(INT32_MAX, &a, &b), HF_OK);
    CHECK(a > b && b > 20 && b < 30);
}

int main(void)
{
    RUN(mutual_percolation_of_two);
    RUN(mutual_percolation_of_many);
    RUN(living_share_is_the_greatest_solution);
    RUN(partial_dependency);
    RUN(network_of_networks);
    RUN(several_supporters);
    RUN(percolation_boundaries);
    RUN(contagion_window);
    RUN(contagion_by_hand);
    RUN(load_on_a_ring);
    RUN(load_in_a_karate_club);
    RUN(load_boundaries);
    RUN(load_with_very_many_paths);
    RUN(functional_dependency);
    RUN(dependency_risk_chain);
    RUN(worst_risk_chain);
    RUN(connectivity_loss);
    RUN(connectivity_boundaries);
    return tap_done();
}
