/* Sweeps: the same figures as single runs, pruning that changes nothing, no dependence on threads, expectations that come out. */
#include <stdlib.h>

#include "base/alloc.h"
#include "model/cascade/losses.h"
#include "model/cascade/montecarlo.h"
#include "tests/support/random_rows.h"
#include "tests/tap.h"

static hf_sweep_options options_of(int threads)
{
    return (hf_sweep_options){.run = hf_run_options_default(), .out_below = 0.5, .threads = threads};
}

static recipe recipe_of(int seed)
{
    return (recipe){.classes = seed % 2, .restarts = seed % 3 == 0, .repairs = seed % 4 != 0, .reach = seed % 5 == 1, .balance = seed % 5 == 2,
                    .flow = seed % 5 == 3, .dc = seed % 5 == 4,
                    .quarter_hours = seed % 2 == 0};
}

static void check_same(const hf_cascade_summary *a, const hf_cascade_summary *b, double tolerance)
{
    CHECK_INT(a->entities_out, b->entities_out);
    CHECK_INT(a->entities_hit, b->entities_hit);
    CHECK_INT(a->countries_reached, b->countries_reached);
    CHECK_INT(a->sectors_reached, b->sectors_reached);
    CHECK_INT(a->depth, b->depth);
    CHECK_NEAR(a->user_hours, b->user_hours, tolerance * (1 + fabs(b->user_hours)));
    CHECK_NEAR(a->value_eur, b->value_eur, tolerance * (1 + fabs(b->value_eur)));
    CHECK_NEAR(a->users_hit_peak, b->users_hit_peak, tolerance * (1 + b->users_hit_peak));
    CHECK_NEAR(a->worst_hour, b->worst_hour, 1e-6 * (1 + b->worst_hour));
}

static void singles_are_single_runs(void)
{
    for (int seed = 1; seed <= 60; seed++) {
        rows_of *w = malloc(sizeof *w);
        recipe r = recipe_of(seed);
        if (!w) abort();
        rows_make(w, &r, (uint64_t)seed);
        hf_network *net = rows_build(w, false);
        hf_sweep_options options = options_of(1);
        hf_cascade_summary summary[MAX_ENTITIES];
        hf_timeline *tl = NULL;
        long done = 0;
        CHECK_INT(hf_sweep_singles(net, &options, NULL, summary, &done), HF_OK);
        CHECK_INT(done, net->n_entities);
        CHECK_INT(hf_timeline_new(net, &tl), HF_OK);
        for (int i = 0; i < net->n_entities; i++) {
            hf_inject fail = {0, HF_INJECT_FAIL, i, 0, NAN};
            hf_losses *losses = NULL;
            CHECK_INT(hf_timeline_run(tl, &fail, 1, &options.run, NULL), HF_OK);
            CHECK_INT(hf_losses_compute(tl, net, 0.5, &losses), HF_OK);
            hf_cascade_summary expected = {losses->entities_out, losses->n_entities, losses->users_hit_peak, losses->worst_hour, losses->user_hours,
                                           losses->value_eur, losses->countries_reached, losses->sectors_reached, losses->depth, hf_timeline_locked_out(tl)};
            check_same(&summary[i], &expected, 1e-12);
            hf_losses_free(losses);
        }
        hf_timeline_free(tl);
        hf_network_free(net);
        free(w);
    }
}

static double rank_of(const hf_pair *p, hf_rank_by by)
{
    return by == HF_RANK_EXCESS ? p->excess_user_hours : hf_rank_value(&p->summary, by);
}

/* All pairs, run without pruning, are what the pruned sweep says; the ranking is complete. */
static long pairs_check(const hf_network *net, hf_rank_by by, int threads)
{
    hf_sweep_options options = options_of(threads);
    int n = net->n_entities, all = n * (n - 1) / 2, found = 0, off[MAX_ENTITIES * MAX_ENTITIES / 2 + 1], set[MAX_ENTITIES * MAX_ENTITIES];
    hf_pair *top = NULL;
    long pairs = 0, run = 0, done = 0;
    CHECK_INT(hf_sweep_pairs(net, &options, by, all, NULL, &top, &found, &pairs, &run), HF_OK);
    CHECK_INT(found, all);
    CHECK_INT(pairs, all);
    hf_cascade_summary *summary = malloc((size_t)all * sizeof *summary);
    if (!summary) abort();
    for (int k = 0; k < all; k++) {
        off[k] = 2 * k;
        set[2 * k] = top[k].first;
        set[2 * k + 1] = top[k].second;
    }
    off[all] = 2 * all;
    CHECK_INT(hf_sweep_sets(net, off, set, all, &options, NULL, summary, &done), HF_OK);
    for (int k = 0; k < all; k++) {
        check_same(&top[k].summary, &summary[k], 1e-9);
        if (k > 0) CHECK(rank_of(&top[k - 1], by) >= rank_of(&top[k], by));
        if (!top[k].run) CHECK_NEAR(top[k].excess_user_hours, 0, 0);
    }
    hf_pair *few = NULL;
    CHECK_INT(hf_sweep_pairs(net, &options, by, 5, NULL, &few, &found, &pairs, &run), HF_OK);
    for (int k = 0; k < found; k++) {
        CHECK_INT(few[k].first, top[k].first);
        CHECK_INT(few[k].second, top[k].second);
    }
    free(summary);
    hf_free(top);
    hf_free(few);
    return all - run;
}

static void pruned_pairs_are_all_pairs(void)
{
    long spared = 0;
    for (int seed = 1; seed <= 40; seed++) {
        rows_of *w = malloc(sizeof *w);
        recipe r = recipe_of(seed);
        if (!w) abort();
        rows_make(w, &r, (uint64_t)(1000 + seed));
        hf_network *net = rows_build(w, false);
        spared += pairs_check(net, (hf_rank_by)(seed % 7), 1 + seed % 3);
        hf_network_free(net);
        free(w);
    }
    printf("# %ld pairs did not have to be run\n", spared);
    CHECK(spared > 1000);
}

/* A grid whose users have no other supplier; two hazards. Expectations by hand. */
static hf_network *hazard_network(void)
{
    hf_builder *b = NULL;
    hf_network *net = NULL;
    hf_entity_row grid = hf_entity_row_default(), shop = hf_entity_row_default(), pump = hf_entity_row_default();
    grid.id = "grid", grid.sector = "energy", grid.country = "AT", grid.users = 0, grid.repair_h = 10;
    shop.id = "shop", shop.sector = "food", shop.country = "AT", shop.users = 100, shop.repair_h = 5;
    pump.id = "pump", pump.sector = "drinking_water", pump.country = "HU", pump.users = 1000, pump.repair_h = 4, pump.repair_sigma = 0.5;
    hf_requirement_row power = hf_requirement_row_default();
    power.entity = "shop", power.requirement = "power";
    hf_supply_row link = hf_supply_row_default();
    link.entity = "shop", link.requirement = "power", link.supplier = "grid";
    hf_origin at = {0};
    if (hf_builder_new(NULL, &b) != HF_OK) abort();
    hf_builder_entity(b, &grid, at);
    hf_builder_entity(b, &shop, at);
    hf_builder_entity(b, &pump, at);
    hf_builder_requirement(b, &power, at);
    hf_builder_supply(b, &link, at);
    hf_builder_hazard(b, "storm", NULL, 0.3, at);
    hf_builder_hazard(b, "flood", NULL, 0.1, at);
    hf_builder_damage(b, "storm", "grid", 0.5, 1, NAN, at);
    hf_builder_damage(b, "storm", "shop", 0.2, 1, NAN, at);
    hf_builder_damage(b, "flood", "pump", 1, 0.5, NAN, at);
    if (hf_builder_finish(b, &net) != HF_OK) abort();
    hf_builder_free(b);
    return net;
}

/* storm: the shop loses 10 h if the grid falls, else 5 h if it is hit itself: 0.5 x 10 + 0.5 x 0.2 x 5 = 5.5 h x 100 users = 550.
 * flood: half of 1000 users for a lognormal time with median 4 h, sigma 0.5: mean 4 exp(0.125) = 4.532594 h, 2266.297 user-hours.
 * One event: 0.75 x 550 + 0.25 x 2266.297 = 979.074. */
static void expectations_come_out(void)
{
    hf_network *net = hazard_network();
    hf_mc_options o = {.sweep = options_of(2), .hazard = -1, .samples = 200000, .tail = 0.95, .seed = 7};
    hf_mc *mc = NULL;
    CHECK_INT(hf_mc_run(net, &o, NULL, &mc), HF_OK);
    CHECK_INT(mc->samples, 200000);
    CHECK_NEAR(mc->events_per_year, 0.4, 1e-12);
    double half = mc->user_hours.mean_high - mc->user_hours.mean;
    CHECK_NEAR(mc->user_hours.mean, 979.074, 2 * half);
    CHECK(half < 10);
    CHECK_NEAR(mc->entities[hf_network_find(net, "grid")].p_out, 0.375, 0.005);
    CHECK_NEAR(mc->entities[hf_network_find(net, "shop")].p_out, 0.75 * 0.6, 0.005);
    CHECK_NEAR(mc->entities[hf_network_find(net, "pump")].p_out, 0, 1e-12); /* half of its output is not below a half */
    CHECK(mc->user_hours.cvar >= mc->user_hours.var && mc->user_hours.var >= mc->user_hours.mean);
    /* The worst 5 % are floods (25 %), the worst fifth of them: VaR = 500 x 4 exp(0.5 x 0.8416212), the 80 % quantile of their length. */
    CHECK_NEAR(mc->user_hours.var, 2000 * exp(0.5 * 0.8416212), 40);
    hf_mc_free(mc);
    hf_network_free(net);
}

static void threads_and_samples_do_not_depend_on_each_other(void)
{
    hf_network *net = hazard_network();
    hf_mc *one = NULL, *three = NULL, *early = NULL;
    hf_mc_options o = {.sweep = options_of(1), .hazard = -1, .samples = 5000, .tail = 0.9, .seed = 3};
    CHECK_INT(hf_mc_run(net, &o, NULL, &one), HF_OK);
    o.sweep.threads = 3;
    CHECK_INT(hf_mc_run(net, &o, NULL, &three), HF_OK);
    CHECK(memcmp(&one->user_hours, &three->user_hours, sizeof one->user_hours) == 0);
    CHECK(memcmp(&one->users_hit, &three->users_hit, sizeof one->users_hit) == 0);
    CHECK(memcmp(one->entities, three->entities, (size_t)net->n_entities * sizeof *one->entities) == 0);
    o.relative_error = 0.1;
    CHECK_INT(hf_mc_run(net, &o, NULL, &early), HF_OK);
    CHECK(early->precise && early->samples < 5000 && early->samples % 1024 == 0);
    CHECK(early->user_hours.mean_high - early->user_hours.mean <= 0.1 * early->user_hours.mean * (1 + 1e-12));
    hf_inject a[3], b[3];
    for (long k = 0; k < 100; k++) {
        int n = 0, m = 0;
        CHECK_INT(hf_mc_draw(net, -1, 3, k, a, &n), HF_OK);
        CHECK_INT(hf_mc_draw(net, -1, 3, k, b, &m), HF_OK);
        CHECK(n == m && (n == 0 || (a[0].entity == b[0].entity && a[0].repair_h == b[0].repair_h)));
    }
    hf_mc_free(one);
    hf_mc_free(three);
    hf_mc_free(early);
    hf_network_free(net);
}

static void mistakes_are_refused(void)
{
    hf_network *net = hazard_network();
    hf_mc *mc = NULL;
    hf_mc_options o = {.sweep = options_of(1), .hazard = -1, .samples = 0, .tail = 0.95, .seed = 1};
    CHECK_INT(hf_mc_run(net, &o, NULL, &mc), HF_E_RANGE);
    o.samples = 100;
    o.tail = 1;
    CHECK_INT(hf_mc_run(net, &o, NULL, &mc), HF_E_RANGE);
    CHECK(mc == NULL);
    hf_network_free(net);
}

int main(void)
{
    RUN(singles_are_single_runs);
    RUN(pruned_pairs_are_all_pairs);
    RUN(expectations_come_out);
    RUN(threads_and_samples_do_not_depend_on_each_other);
    RUN(mistakes_are_refused);
    return tap_done();
}
