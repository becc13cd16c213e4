/* The rule `dc` against a textbook case, cases worked by hand, and the IEEE 14-bus data solved in exact fractions elsewhere. */
#include <stdlib.h>

#include "model/cascade/carrier_rules.h"
#include "model/network/builder.h"
#include "tests/tap.h"

enum { MOST = 32 };

typedef struct branch {
    int from, to; /* buses, counted from 1 */
    double reactance, rating;
} branch;

typedef struct grid {
    hf_network *net;
    hf_timeline *tl;
    const branch *branches;
    int n;
} grid;

static void need(hf_err err)
{
    if (err != HF_OK) abort();
}

static void entity_add(hf_builder *b, const char *id)
{
    hf_entity_row row = hf_entity_row_default();
    row.id = row.name = id;
    row.sector = "energy";
    row.country = "AT";
    need(hf_builder_entity(b, &row, (hf_origin){0}));
}

/* Buses b01, b02 …; branches are the entities l01, l02 … in the order of the table. */
static grid grid_make(const double *supply, const double *demand, int buses, const branch *branches, int n)
{
    hf_builder *b = NULL;
    grid g = {.branches = branches, .n = n};
    char id[2 * MOST][8];
    need(hf_builder_new(NULL, &b));
    need(hf_builder_carrier(b, &(hf_carrier_row){"power", "MW", HF_DC, false}, (hf_origin){0}));
    for (int i = 0; i < buses; i++) {
        snprintf(id[i], sizeof id[i], "b%02d", (i + 1) % 100);
        entity_add(b, id[i]);
        need(hf_builder_carrier_node(b, &(hf_carrier_node_row){"power", id[i], supply[i], demand[i], 1}, (hf_origin){0}));
    }
    for (int l = 0; l < n; l++) {
        snprintf(id[MOST + l], sizeof id[MOST + l], "l%02d", (l + 1) % 100);
        entity_add(b, id[MOST + l]);
        need(hf_builder_carrier_line(b, &(hf_carrier_line_row){"power", id[branches[l].from - 1], id[branches[l].to - 1], id[MOST + l],
                                                               branches[l].rating, branches[l].reactance, NAN}, (hf_origin){0}));
    }
    need(hf_builder_finish(b, &g.net));
    hf_builder_free(b);
    need(hf_timeline_new(g.net, &g.tl));
    return g;
}

static void grid_done(grid *g)
{
    hf_timeline_free(g->tl);
    hf_network_free(g->net);
}

static int line_entity(const grid *g, int k)
{
    char id[8];
    snprintf(id, sizeof id, "l%02d", (k + 1) % 100);
    return hf_network_find(g->net, id);
}

/* Flow of branch k of the table, positive in its direction. */
static double flow(const grid *g, int k)
{
    int entity = line_entity(g, k), line = g->net->ent_cline[g->net->ent_cline_off[entity]];
    char id[8];
    snprintf(id, sizeof id, "b%02d", g->branches[k].from % 100);
    bool same = g->net->cnode_entity[g->net->cline_from[line]] == hf_network_find(g->net, id);
    return (same ? 1 : -1) * hf_dc_line_flow(g->tl, line);
}

static void line_fail(grid *g, int k)
{
    hf_inject inject = {1, HF_INJECT_FAIL, line_entity(g, k), 0, NAN};
    CHECK_INT(hf_timeline_run(g->tl, &inject, 1, NULL, NULL), HF_OK);
}

static double level(const grid *g, const char *id)
{
    return hf_timeline_level(g->tl, hf_network_find(g->net, id));
}

/* Wood and Wollenberg, Power Generation, Operation and Control, 2nd edition (Wiley 1996), chapter 4: three buses, x = 0.2, 0.4, 0.25;
 * bus 1 feeds in 65 MW, bus 3 35 MW, bus 2 takes 100 MW. Flows 1-2: 60, 1-3: 5, 3-2: 40 MW. By hand: the angles over the two ways from 1 to 2
 * are 60 x 0.2 = 12 and 5 x 0.4 + 40 x 0.25 = 12. */
static void three_buses_of_wood_and_wollenberg(void)
{
    static const branch b[] = {{1, 2, 0.2, INFINITY}, {1, 3, 0.4, INFINITY}, {2, 3, 0.25, INFINITY}};
    grid g = grid_make((double[]){65, 0, 35}, (double[]){0, 100, 0}, 3, b, 3);
    CHECK_NEAR(flow(&g, 0), 60, 1e-12);
    CHECK_NEAR(flow(&g, 1), 5, 1e-12);
    CHECK_NEAR(flow(&g, 2), -40, 1e-12);
    line_fail(&g, 1);
    CHECK_NEAR(flow(&g, 0), 65, 1e-12);
    CHECK_NEAR(flow(&g, 1), 0, 0);
    CHECK_NEAR(flow(&g, 2), -35, 1e-12);
    grid_done(&g);
}

/* A ring 1-2-3-4-5 of equal lines, 100 at bus 1, 50 for bus 3 and 50 for bus 4. By hand, each 50 alone: to bus 3 there are two lines one way and
 * three the other, 30 and 20; to bus 4 likewise. Added up: 1-2 50, 2-3 50, 3-4 0, 4-5 -50, 5-1 -50. Line 1-2 fails: all goes the other way, 5-1
 * -100, 4-5 -100, 3-4 -50. */
static void five_buses_in_a_ring(void)
{
    static const branch b[] = {{1, 2, 0.1, 60}, {2, 3, 0.1, 60}, {3, 4, 0.1, 45}, {4, 5, 0.1, 100}, {5, 1, 0.1, 100}};
    static const double before[] = {50, 50, 0, -50, -50};
    grid g = grid_make((double[]){100, 0, 0, 0, 0}, (double[]){0, 0, 50, 50, 0}, 5, b, 5);
    for (int k = 0; k < 5; k++) CHECK_NEAR(flow(&g, k), before[k], 1e-12);
    /* 3-4 may carry 45, not 50: it trips, and bus 3 is dark. Then 5-1 and 4-5 carry 50 for bus 4 only. */
    line_fail(&g, 0);
    CHECK_NEAR(level(&g, "l03"), 0, 0);
    CHECK_NEAR(level(&g, "b03"), 0, 0);
    CHECK_NEAR(level(&g, "b04"), 1, 0);
    CHECK_NEAR(flow(&g, 3), -50, 1e-12);
    CHECK_NEAR(flow(&g, 4), -50, 1e-12);
    /* Line 4-5 fails: 100 over 1-2 and 2-3, rated 60, and 50 over 3-4, rated 45: all three trip at once, and buses 2, 3 and 4 are dark. 5-1 is at
     * the live end and carries nothing. */
    line_fail(&g, 3);
    CHECK_NEAR(level(&g, "l01"), 0, 0);
    CHECK_NEAR(level(&g, "l02"), 0, 0);
    CHECK_NEAR(level(&g, "l03"), 0, 0);
    CHECK_NEAR(level(&g, "l05"), 1, 0);
    CHECK_NEAR(level(&g, "b05"), 1, 0);
    CHECK_NEAR(level(&g, "b03"), 0, 0);
    CHECK_NEAR(level(&g, "b04"), 0, 0);
    CHECK_NEAR(level(&g, "b02"), 0, 0);
    grid_done(&g);
}

/* IEEE 14-bus test case: reactances, tap ratios and demands of the University of Washington archive (https://labs.ece.uw.edu/pstca/), as in case14
 * of MATPOWER (Zimmerman, Murillo-Sanchez, Thomas, IEEE Trans. Power Systems 26, 2011). Its DC power flow takes x times the tap ratio; bus
 * 2 feeds in 40 MW, bus 1 the rest of 259 MW. Ratings are not given there. */
static const double demand_14[] = {0, 21.7, 94.2, 47.8, 7.6, 11.2, 0, 0, 29.5, 9, 3.5, 6.1, 13.5, 14.9};
static const double supply_14[] = {219, 40, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
static const branch branches_14[] = {
    {1, 2, 0.05917, INFINITY},           {1, 5, 0.22304, INFINITY},           {2, 3, 0.19797, INFINITY},   {2, 4, 0.17632, INFINITY},
    {2, 5, 0.17388, INFINITY},           {3, 4, 0.17103, INFINITY},           {4, 5, 0.04211, INFINITY},   {4, 7, 0.20912 * 0.978, INFINITY},
    {4, 9, 0.55618 * 0.969, INFINITY},   {5, 6, 0.25202 * 0.932, INFINITY},   {6, 11, 0.1989, INFINITY},   {6, 12, 0.25581, INFINITY},
    {6, 13, 0.13027, INFINITY},          {7, 8, 0.17615, INFINITY},           {7, 9, 0.11001, INFINITY},   {9, 10, 0.0845, INFINITY},
    {9, 14, 0.27038, INFINITY},          {10, 11, 0.19207, INFINITY},         {12, 13, 0.19988, INFINITY}, {13, 14, 0.34802, INFINITY}};

/* Computed from these data in exact fractions (Gaussian elimination in Python, apart from this library), rounded to 1e-6 MW.
 * They are not copied from a published table of flows. */
static void flows_of_the_ieee_14_bus_case(void)
{
    static const double expected[] = {147.838596, 71.161404, 70.014636, 55.151853, 40.972107, -24.185364, -61.746491, 28.361153, 16.551827, 42.787021,
                                      6.728346,   7.607358,  17.251317, 0,         28.361153, 5.771654,   9.641325,   -3.228346, 1.507358,  5.258675};
    static const double without_1_2[] = {0,        219,      45.05265,  2.911761, -29.664411, -49.14735, -134.681772, 25.666803, 14.979379, 47.053818,
                                         9.297711, 7.984729, 18.571377, 0,        25.666803,  3.202289,  7.943893,    -5.797711, 1.884729,  6.956107};
    grid g = grid_make(supply_14, demand_14, 14, branches_14, 20);
    for (int k = 0; k < 20; k++) CHECK_NEAR(flow(&g, k), expected[k], 5e-7);
    line_fail(&g, 0);
    for (int k = 0; k < 20; k++) CHECK_NEAR(flow(&g, k), without_1_2[k], 5e-7);
    grid_done(&g);
}

/* The flow on a line that fails goes over to the others by line outage distribution factors (Wood and Wollenberg, chapter 11), a formula of
 * the intact network: d_lk = PTDF_l(k) / (1 - PTDF_k(k)), where PTDF_l(k) is the flow on l of 1 MW sent from one end of k to the other. */
static void every_outage_by_distribution_factors(void)
{
    for (int k = 0; k < 20; k++) {
        double send[14] = {0}, take[14] = {0}, before[20], sent[20];
        if (k == 13) continue; /* 7-8 is a dead end: its outage splits the grid */
        send[branches_14[k].from - 1] = take[branches_14[k].to - 1] = 1;
        grid g = grid_make(supply_14, demand_14, 14, branches_14, 20), unit = grid_make(send, take, 14, branches_14, 20);
        for (int l = 0; l < 20; l++) before[l] = flow(&g, l), sent[l] = flow(&unit, l);
        line_fail(&g, k);
        for (int l = 0; l < 20; l++)
            if (l != k) CHECK_NEAR(flow(&g, l), before[l] + sent[l] / (1 - sent[k]) * before[k], 1e-9);
        grid_done(&g);
        grid_done(&unit);
    }
}

/* With every rating 25 % above its intact flow (at least 5 MW), as load models of cascades do: what trips after the loss of 1-2 is a list that can be
 * followed by hand from the flows above. 1-5 should carry 219 (rated 88.95), 3-4 49.15 (30.23), 4-5 134.68 (77.18), 10-11 5.80 (5): these trip,
 * 6-11 9.30 (8.41) and 13-14 6.96 (6.57) too. Bus 1 is then alone with most of the supply. */
static void a_cascade_on_the_ieee_14_bus_case(void)
{
    branch rated[20];
    grid free = grid_make(supply_14, demand_14, 14, branches_14, 20);
    for (int k = 0; k < 20; k++) {
        rated[k] = branches_14[k];
        rated[k].rating = fmax(5, 1.25 * fabs(flow(&free, k)));
    }
    grid g = grid_make(supply_14, demand_14, 14, rated, 20);
    line_fail(&g, 0);
    static const int first_round[] = {1, 5, 6, 10, 17, 19};
    for (int k = 0; k < 6; k++) {
        CHECK_NEAR(hf_timeline_level(g.tl, line_entity(&g, first_round[k])), 0, 0);
        CHECK_NEAR(flow(&g, first_round[k]), 0, 0);
    }
    CHECK_NEAR(level(&g, "b01"), 1, 0); /* feeds nobody, lacks nothing */
    double served = 0;
    for (int i = 0; i < 14; i++) {
        char id[8];
        snprintf(id, sizeof id, "b%02d", i + 1);
        served += level(&g, id) * demand_14[i];
    }
    CHECK(served <= 40 + 1e-9); /* all that is left is the 40 MW of bus 2 */
    for (int k = 0; k < 20; k++) CHECK(fabs(flow(&g, k)) <= rated[k].rating * (1 + 1e-8));
    grid_done(&free);
    grid_done(&g);
}

int main(void)
{
    RUN(three_buses_of_wood_and_wollenberg);
    RUN(five_buses_in_a_ring);
    RUN(flows_of_the_ieee_14_bus_case);
    RUN(every_outage_by_distribution_factors);
    RUN(a_cascade_on_the_ieee_14_bus_case);
    return tap_done();
}
