/* Gates of trade in the coupling: how far they are open by hand, other ways and their delays, whose gates cost whom what. */
#include <stdlib.h>

#include "model/coupling.h"
#include "model/network/builder.h"
#include "tests/tap.h"

enum { R = 2, S = 2, N = 4, DAYS = 30, GATES = 2, LANES = 2 };

/* A lock of AT and a port of HU; a failed lock is repaired after 36 h. Nothing hangs on the store. */
static hf_network *facilities(void)
{
    static const hf_origin nowhere = {0};
    static const char *const id[] = {"lock", "port", "store"}, *const country[] = {"AT", "HU", "HU"};
    hf_builder *b = NULL;
    hf_network *net = NULL;
    CHECK_INT(hf_builder_new(NULL, &b), HF_OK);
    for (int k = 0; k < 3; k++) {
        hf_entity_row row = hf_entity_row_default();
        row.id = id[k], row.sector = "transport", row.country = country[k];
        if (k == 0) row.repair_h = 36;
        CHECK_INT(hf_builder_entity(b, &row, nowhere), HF_OK);
    }
    CHECK_INT(hf_builder_finish(b, &net), HF_OK);
    hf_builder_free(b);
    return net;
}

static hf_adaptive *economy(void)
{
    static const double z[N * N] = {20, 10, 5, 2, 10, 20, 2, 5, 4, 2, 25, 10, 2, 4, 10, 25}, y[N * R] = {50, 5, 50, 5, 5, 60, 5, 60};
    hf_adaptive_input input = {.n_regions = R, .n_sectors = S, .n_final = 1, .z = z, .y = y};
    hf_adaptive_options options = hf_adaptive_options_default();
    hf_adaptive *model = NULL;
    options.stock_days = 3, options.restore_days = 3;
    CHECK_INT(hf_adaptive_new(&input, &options, NULL, &model), HF_OK);
    return model;
}

/* From region 0 to 1: .6 by the lock, .4 on the road, two days longer when it is full; back: all by the port. Sector 0 is goods, 1 passes freely. */
static const int lock_gate[] = {0}, port_gate[] = {1}, sector_goods[S] = {0, -1};

static hf_corridors *corridors(void)
{
    static const hf_gate gates[GATES] = {{0, INFINITY}, {1, INFINITY}};
    static const hf_route routes[] = {{.origin = 0, .destination = 1, .share = .6, .capacity = INFINITY, .gate = lock_gate, .n_gates = 1},
                                      {.origin = 0, .destination = 1, .share = .4, .capacity = 60, .days = 2},
                                      {.origin = 1, .destination = 0, .share = 1, .capacity = INFINITY, .gate = port_gate, .n_gates = 1}};
    hf_corridors *c = NULL;
    CHECK_INT(hf_corridors_new(R, 1, GATES, gates, 3, routes, NULL, &c), HF_OK);
    return c;
}

static const hf_inject injects[] = {{6, HF_INJECT_FAIL, 0, .5, NAN}, {24, HF_INJECT_DEGRADE, 1, 0, NAN}, {96, HF_INJECT_REPAIR, 1, 1, NAN}};

static hf_coupling coupling_of(const hf_network *net, const hf_coupling_gates *gates)
{
    return (hf_coupling){.net = net, .injects = injects, .n_injects = 3, .run = hf_run_options_default(), .gates = gates, .n_regions = R, .n_sectors = S,
                         .days = DAYS};
}

/* Half of the lock fails at hour 6 and is back at 42: days are open by 1 - 18/24/2 and 1 - 18/24/2. The port is shut from day 1 to day 3. The lane there
 * loses .6 of what the lock is shut, the lane back all (economy.md: flow 100, routes .6/.4, first gate at .5: phi .3). */
static void open_by_hand(void)
{
    hf_network *net = facilities();
    hf_timeline *tl = NULL;
    hf_corridors *c = corridors();
    double given[GATES * DAYS], beta[GATES * DAYS], phi[LANES * DAYS], late[LANES * DAYS];
    for (int k = 0; k < GATES * DAYS; k++) given[k] = 1;
    given[5] = .5;
    hf_coupling_gates gates = {.corridors = c, .sector_goods = sector_goods, .given = given};
    hf_coupling coupling = coupling_of(net, &gates);
    CHECK_INT(hf_timeline_new(net, &tl), HF_OK);
    CHECK_INT(hf_coupling_ways(&coupling, tl, beta, phi, late, NULL), HF_OK);
    for (int day = 0; day < DAYS; day++) {
        double lock = day < 2 ? 1 - .5 * 18 / 24 : day == 5 ? .5 : 1;
        CHECK_NEAR(beta[day], lock, 1e-12);
        CHECK_NEAR(beta[DAYS + day], day >= 1 && day < 4 ? 0 : 1, 1e-12);
        CHECK_NEAR(phi[day], .6 * (1 - lock), 1e-12);
        CHECK_NEAR(phi[DAYS + day], day >= 1 && day < 4 ? 1 : 0, 1e-12);
        CHECK_NEAR(late[day] + late[DAYS + day], 0, 0);
    }
    CHECK_NEAR(phi[5], .3, 1e-12);
    given[5] = 1.5;
    CHECK_INT(hf_coupling_ways(&coupling, tl, beta, phi, late, NULL), HF_E_RANGE);
    hf_timeline_free(tl);
    hf_corridors_free(c);
    hf_network_free(net);
}

/* Another way round: the road takes 20 more of 100 (economy.md: shipped 30 + 60 of 100 at half a lock, phi .1), one of three of what goes is two days
 * longer. Counts its questions. */
static hf_err by_road(void *context, const double *beta, double *ret_phi, double *ret_days)
{
    double missing = 60 * (1 - beta[0]), moved = missing < 20 ? missing : 20, shipped = 100 - missing + moved;
    ++*(int *)context;
    ret_phi[0] = (missing - moved) / 100;
    ret_days[0] = 2 * moved / shipped;
    ret_phi[1] = 1 - beta[1];
    ret_days[1] = 0;
    return HF_OK;
}

static void another_way_round(void)
{
    hf_network *net = facilities();
    hf_timeline *tl = NULL;
    hf_corridors *c = corridors();
    int asked = 0;
    double given[GATES * DAYS], beta[GATES * DAYS], phi[LANES * DAYS], late[LANES * DAYS];
    for (int k = 0; k < GATES * DAYS; k++) given[k] = k >= 5 && k < 9 ? .5 : 1;
    hf_coupling_gates gates = {.corridors = c, .sector_goods = sector_goods, .given = given, .detour = by_road, .context = &asked};
    hf_coupling coupling = coupling_of(net, &gates);
    CHECK_INT(hf_timeline_new(net, &tl), HF_OK);
    CHECK_INT(hf_coupling_ways(&coupling, tl, beta, phi, late, NULL), HF_OK);
    CHECK_INT(asked, 4); /* day 0, day 1, days 2 and 3, days 5 to 8; the other days are open */
    CHECK_NEAR(phi[5], .1, 1e-12);
    CHECK_NEAR(late[5], 2 * 20. / 90, 1e-12);
    CHECK_NEAR(phi[0], .025, 1e-12); /* 22.5 missing at 5/8 of a lock, 20 moved */
    CHECK_NEAR(late[10], 0, 0);
    hf_timeline_free(tl);
    hf_corridors_free(c);
    hf_network_free(net);
}

/* The run is the economy under those lost shares and delays; without gates nothing happens; open gates change no bit. */
static void the_economy_alone(void)
{
    hf_network *net = facilities();
    hf_timeline *tl = NULL;
    hf_corridors *c = corridors();
    hf_adaptive *model = economy();
    int asked = 0;
    double beta[GATES * DAYS], phi[LANES * DAYS], late[LANES * DAYS], a[DAYS], b[DAYS], value[N];
    hf_coupling_gates gates = {.corridors = c, .sector_goods = sector_goods, .detour = by_road, .context = &asked};
    hf_coupling coupling = coupling_of(net, &gates);
    hf_adaptive_result coupled = {.output_by_day = a, .value_added_lost = value}, alone = {.output_by_day = b};
    hf_adaptive_shock shocks[] = {{.kind = HF_SHOCK_TRADE, .region = 0, .partner = 1, .size = 1, .curve = HF_CURVE_GIVEN, .given = phi, .n_given = DAYS},
                                  {.kind = HF_SHOCK_DELAY, .region = 0, .partner = 1, .size = 2, .curve = HF_CURVE_GIVEN, .given = late, .n_given = DAYS},
                                  {.kind = HF_SHOCK_TRADE, .region = 1, .partner = 0, .size = 1, .curve = HF_CURVE_GIVEN, .given = phi + DAYS,
                                   .n_given = DAYS}};
    hf_adaptive_scenario scenario = {shocks, 3};
    CHECK_INT(hf_timeline_new(net, &tl), HF_OK);
    CHECK_INT(hf_coupling_ways(&coupling, tl, beta, phi, late, NULL), HF_OK);
    for (int k = 0; k < DAYS; k++) late[k] /= 2;
    CHECK_INT(hf_coupling_run(&coupling, tl, model, &coupled, NULL, NULL), HF_OK);
    CHECK_INT(hf_adaptive_run(model, &scenario, 1, DAYS, NULL, NULL, &alone, NULL), HF_OK);
    CHECK(memcmp(a, b, sizeof a) == 0);
    CHECK(fabs(value[0]) + fabs(value[2]) > 1e-3 && coupled.residual < 1e-9);
    coupling.n_injects = 0;
    CHECK_INT(hf_coupling_run(&coupling, tl, model, &coupled, NULL, NULL), HF_OK);
    for (int day = 1; day < DAYS; day++) CHECK(a[day] == a[0]);
    hf_adaptive_free(model);
    hf_timeline_free(tl);
    hf_corridors_free(c);
    hf_network_free(net);
}

/* A way back to the store, on which nothing hangs, gives the same bits day by day as in one pass. */
static void day_by_day_is_one_pass(void)
{
    static const hf_coupling_link links[] = {{1, 1, .3}};
    static const hf_coupling_back backs[] = {{3, 2}};
    hf_network *net = facilities();
    hf_timeline *tl = NULL;
    hf_corridors *c = corridors();
    hf_adaptive *model = economy();
    int asked = 0, back = 0;
    double a[DAYS], b[DAYS], lost[DAYS];
    for (int day = 0; day < DAYS; day++) lost[day] = day < 9 ? .2 : 0;
    hf_coupling_limit limit = {-1, 1, -1, lost};
    hf_coupling_gates gates = {.corridors = c, .sector_goods = sector_goods, .detour = by_road, .context = &asked, .limits = &limit, .n_limits = 1};
    hf_coupling coupling = coupling_of(net, &gates);
    hf_adaptive_result one = {.output_by_day = a}, two = {.output_by_day = b};
    coupling.links = links, coupling.n_links = 1;
    CHECK_INT(hf_timeline_new(net, &tl), HF_OK);
    CHECK_INT(hf_coupling_run(&coupling, tl, model, &one, NULL, NULL), HF_OK);
    coupling.back = backs, coupling.n_back = 1;
    CHECK_INT(hf_coupling_run(&coupling, tl, model, &two, &back, NULL), HF_OK);
    CHECK(back > 0); /* the store is told */
    CHECK(memcmp(a, b, sizeof a) == 0);
    CHECK(one.total_output_lost != 0 && two.residual < 1e-9);
    hf_adaptive_free(model);
    hf_timeline_free(tl);
    hf_corridors_free(c);
    hf_network_free(net);
}

/* Whose gates cost whom: each part alone has the bits that it has among others, and is what a run with that part alone gives. */
static void whose_gates(void)
{
    static const hf_coupling_part parts[] = {{0, true, true, false, false}, {1, true, true, false, false}, {-1, false, false, true, false},
                                             {-1, false, true, true, false}, {-1, false, true, true, true}, {-1, false, false, false, false}};
    hf_network *net = facilities();
    hf_timeline *tl = NULL;
    hf_corridors *c = corridors();
    hf_adaptive *model = economy();
    int asked = 0;
    double given[GATES * DAYS], lost[6 * R], one[R], value[N];
    for (int k = 0; k < GATES * DAYS; k++) given[k] = k % DAYS > 10 && k % DAYS < 15 ? .1 : 1;
    hf_coupling_gates gates = {.corridors = c, .sector_goods = sector_goods, .given = given, .detour = by_road, .context = &asked};
    hf_coupling coupling = coupling_of(net, &gates);
    hf_adaptive_result whole = {.value_added_lost = value};
    CHECK_INT(hf_timeline_new(net, &tl), HF_OK);
    CHECK_INT(hf_coupling_parts(&coupling, tl, model, parts, 6, lost, NULL), HF_OK);
    for (int k = 0; k < 6; k++) {
        CHECK_INT(hf_coupling_parts(&coupling, tl, model, &parts[k], 1, one, NULL), HF_OK);
        CHECK(memcmp(one, lost + k * R, sizeof one) == 0);
    }
    CHECK(lost[0] + lost[1] != 0 && lost[2] + lost[3] > lost[0] + lost[1]); /* the port is shut, the lock has a way round */
    CHECK(lost[8] + lost[9] > lost[6] + lost[7]);                           /* with no other way more is lost */
    CHECK_NEAR(lost[10], 0, 1e-12);
    CHECK_INT(hf_coupling_run(&coupling, tl, model, &whole, NULL, NULL), HF_OK);
    CHECK_NEAR(lost[6], value[0] + value[1], 0); /* gates and what is given are all that happens */
    hf_adaptive_free(model);
    hf_timeline_free(tl);
    hf_corridors_free(c);
    hf_network_free(net);
}

int main(void)
{
    RUN(open_by_hand);
    RUN(another_way_round);
    RUN(the_economy_alone);
    RUN(day_by_day_is_one_pass);
    RUN(whose_gates);
    return tap_done();
}
