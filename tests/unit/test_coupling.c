/* Facilities and the economy together: losses by hand, one pass against the economy alone, and the way back. */
#include "model/coupling.h"

#include <stdlib.h>

#include "model/network/builder.h"
#include "tests/tap.h"

enum { R = 2, S = 2, N = 4, DAYS = 40 };
static const hf_origin nowhere = {0};

static void entity(hf_builder *b, const char *id, const char *country, double repair_h)
{
    hf_entity_row row = hf_entity_row_default();
    row.id = id, row.sector = "energy", row.country = country, row.repair_h = repair_h;
    CHECK_INT(hf_builder_entity(b, &row, nowhere), HF_OK);
}

static void needs(hf_builder *b, const char *id, const char *supplier, const char *curve)
{
    hf_requirement_row row = hf_requirement_row_default();
    hf_supply_row link = hf_supply_row_default();
    row.entity = link.entity = id;
    row.requirement = link.requirement = "supply";
    row.curve = curve;
    link.supplier = supplier;
    CHECK_INT(hf_builder_requirement(b, &row, nowhere), HF_OK);
    CHECK_INT(hf_builder_supply(b, &link, nowhere), HF_OK);
}

/* grid (AT) feeds works (AT); mill (HU) needs `fuel`, which stands for an industry. Ids in order: fuel, grid, mill, works. */
static hf_network *facilities(void)
{
    hf_builder *b = NULL;
    hf_network *net = NULL;
    CHECK_INT(hf_builder_new(NULL, &b), HF_OK);
    entity(b, "grid", "AT", 36);
    entity(b, "works", "AT", NAN);
    entity(b, "fuel", "AT", NAN);
    entity(b, "mill", "HU", NAN);
    needs(b, "works", "grid", "12:1");
    needs(b, "mill", "fuel", "0:1");
    CHECK_INT(hf_builder_finish(b, &net), HF_OK);
    hf_builder_free(b);
    return net;
}

/* Two regions by two sectors, balanced by construction: output is the row sum. */
static hf_adaptive *economy(void)
{
    static const double z[N * N] = {20, 10, 5, 2, 10, 20, 2, 5, 4, 2, 25, 10, 2, 4, 10, 25};
    static const double y[N * R] = {50, 5, 50, 5, 5, 60, 5, 60};
    hf_adaptive_input input = {.n_regions = R, .n_sectors = S, .n_final = 1, .z = z, .y = y};
    hf_adaptive_options options = hf_adaptive_options_default();
    hf_adaptive *model = NULL;
    CHECK_INT(hf_adaptive_new(&input, &options, NULL, &model), HF_OK);
    return model;
}

static const hf_inject outage = {6, HF_INJECT_FAIL, 1, 0, NAN}; /* the grid at 6 h, back at 42 h; works are out from 18 h */

static hf_coupling coupling_of(const hf_network *net, const hf_coupling_link *links, int n_links)
{
    return (hf_coupling){.net = net, .injects = &outage, .n_injects = 1, .run = hf_run_options_default(), .links = links, .n_links = n_links,
                         .n_regions = R, .n_sectors = S, .days = DAYS};
}

static void losses_by_hand(void)
{
    hf_network *net = facilities();
    hf_timeline *tl = NULL;
    static const hf_coupling_link links[] = {{0, 3, 0.5}, {0, 1, 0.25}, {3, 2, 1}};
    hf_coupling c = coupling_of(net, links, 3);
    double loss[N * DAYS];
    CHECK_INT(hf_timeline_new(net, &tl), HF_OK);
    CHECK_INT(hf_coupling_losses(&c, tl, loss, NULL), HF_OK);
    CHECK_NEAR(loss[0], 0.5 * 6 / 24 + 0.25 * 18 / 24, 1e-12);       /* day 0: works 18 to 24 h, grid 6 to 24 h */
    CHECK_NEAR(loss[1], 0.5 * 18 / 24 + 0.25 * 18 / 24, 1e-12);      /* day 1: both until 42 h */
    CHECK_NEAR(loss[2], 0, 0);
    CHECK_NEAR(loss[3 * DAYS], 0, 0); /* the mill is not hit */
    static const hf_coupling_link wrong[] = {{9, 3, 0.5}};
    c.links = wrong, c.n_links = 1;
    CHECK_INT(hf_coupling_losses(&c, tl, loss, NULL), HF_E_RANGE);
    hf_timeline_free(tl);
    hf_network_free(net);
}

/* Without a way back the coupling is the economy under given losses. */
static void one_pass_is_the_economy_alone(void)
{
    hf_network *net = facilities();
    hf_timeline *tl = NULL;
    hf_adaptive *model = economy();
    static const hf_coupling_link links[] = {{0, 3, 0.5}};
    hf_coupling c = coupling_of(net, links, 1);
    double a[DAYS], b[DAYS], given[] = {0.5 * 6 / 24, 0.5 * 18 / 24};
    hf_adaptive_result coupled = {.output_by_day = a}, alone = {.output_by_day = b};
    hf_adaptive_shock shock = {.kind = HF_SHOCK_CAPACITY, .region = 0, .sector = 0, .partner = -1, .size = 1, .curve = HF_CURVE_GIVEN, .given = given,
                               .n_given = 2};
    hf_adaptive_scenario scenario = {&shock, 1};
    int back = -1;
    CHECK_INT(hf_timeline_new(net, &tl), HF_OK);
    CHECK_INT(hf_coupling_run(&c, tl, model, &coupled, &back, NULL), HF_OK);
    CHECK_INT(hf_adaptive_run(model, &scenario, 1, DAYS, NULL, NULL, &alone, NULL), HF_OK);
    CHECK_INT(back, 0);
    CHECK(memcmp(a, b, sizeof a) == 0);
    CHECK(coupled.total_value_added_lost > 0);
    hf_adaptive_free(model);
    hf_timeline_free(tl);
    hf_network_free(net);
}

/* An industry that cannot deliver takes its fuel from the mill, on the day after and not before; the mill's industry then loses. */
static void the_way_back(void)
{
    hf_network *net = facilities();
    hf_timeline *tl = NULL;
    hf_adaptive *model = economy();
    static const hf_coupling_link links[] = {{0, 3, 1}, {3, 2, 0.5}};
    static const hf_coupling_back backs[] = {{0, 0}}; /* entity fuel stands for industry 0 */
    hf_coupling c = coupling_of(net, links, 2);
    double with_back[N], without[N];
    hf_adaptive_result two = {.value_added_lost = with_back}, one = {.value_added_lost = without};
    int back = 0;
    CHECK_INT(hf_timeline_new(net, &tl), HF_OK);
    CHECK_INT(hf_coupling_run(&c, tl, model, &one, NULL, NULL), HF_OK);
    c.back = backs, c.n_back = 1;
    CHECK_INT(hf_coupling_run(&c, tl, model, &two, &back, NULL), HF_OK);
    CHECK(back > 0);
    CHECK(with_back[3] > without[3]);
    double first = INFINITY;
    for (int k = 0; k < hf_timeline_change_count(tl); k++)
        if (hf_timeline_changes(tl)[k].entity == 2) first = fmin(first, hf_timeline_changes(tl)[k].at_h);
    CHECK(first >= 24 && fmod(first, 24) == 0);
    hf_adaptive_free(model);
    hf_timeline_free(tl);
    hf_network_free(net);
}

/* Rows of the matrix are the losses of each country's facilities alone; one country's outage alone is the whole. */
static void whose_outage(void)
{
    hf_network *net = facilities();
    hf_timeline *tl = NULL;
    hf_adaptive *model = economy();
    static const hf_coupling_link links[] = {{0, 3, 0.5}, {3, 2, 1}};
    hf_coupling c = coupling_of(net, links, 2);
    double lost[2 * R], value[N];
    hf_adaptive_result whole = {.value_added_lost = value};
    CHECK_INT(hf_timeline_new(net, &tl), HF_OK);
    static const hf_coupling_part parts[] = {{.country = 0, .capacity = true}, {.country = 1, .capacity = true}};
    CHECK_INT(hf_coupling_parts(&c, tl, model, parts, 2, lost, NULL), HF_OK);
    CHECK_INT(hf_coupling_run(&c, tl, model, &whole, NULL, NULL), HF_OK);
    CHECK_NEAR(lost[0], value[0] + value[1], 1e-12); /* AT's outage, region 0 */
    CHECK_NEAR(lost[1], value[2] + value[3], 1e-12);
    CHECK_NEAR(lost[2], 0, 1e-9); /* HU has none */
    CHECK_NEAR(lost[3], 0, 1e-9);
    hf_adaptive_free(model);
    hf_timeline_free(tl);
    hf_network_free(net);
}

int main(void)
{
    RUN(losses_by_hand);
    RUN(one_pass_is_the_economy_alone);
    RUN(the_way_back);
    RUN(whose_outage);
    return tap_done();
}
