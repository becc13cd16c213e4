/* Monte Carlo: draws that are what they say, and figures that do not depend on the engine, on threads, or on samples being drawn together. */
#include "model/cascade/montecarlo.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "base/rng.h"
#include "model/cascade/boolean_inside.h"
#include "model/cascade/losses.h"
#include "model/cascade/mc_inside.h"
#include "model/network/edits.h"
#include "tests/support/boolean_network.h"
#include "tests/support/random_rows.h"
#include "tests/tap.h"

enum { WORDS = HF_BOOLEAN_WORDS, SAMPLES = HF_BOOLEAN_SAMPLES };

static int count(const uint64_t *word)
{
    int n = 0;
    for (int w = 0; w < WORDS; w++) n += __builtin_popcountll(word[w]);
    return n;
}

static bool is_set(const uint64_t *word, int sample)
{
    return word[sample / 64] >> sample % 64 & 1;
}

/* Hits of 2,000 blocks: their mean within 4.5 standard errors, their variance within 15 % of n p (1 - p), and neighbours independent. */
static void draws_have_their_probability(void)
{
    static const double p[] = {0, 1e-4, 0.01, 0.1, 0.1249, 0.1251, 0.3, 0.5, 0.8749, 0.8751, 0.99, 0.9999, 1};
    enum { BLOCKS = 2000 };
    for (size_t q = 0; q < sizeof p / sizeof *p; q++) {
        hf_chance c = hf_chance_of(p[q]);
        double sum = 0, square = 0, both = 0, expected = SAMPLES * p[q], variance = expected * (1 - p[q]);
        for (uint64_t block = 0; block < BLOCKS; block++) {
            uint64_t word[WORDS];
            hf_chance_draw(&c, 11, HF_DRAW_DAMAGE, block, (int)q, word);
            double n = count(word);
            sum += n;
            square += (n - expected) * (n - expected);
            for (int s = 0; s + 1 < SAMPLES; s++) both += is_set(word, s) && is_set(word, s + 1);
        }
        CHECK_NEAR(sum / BLOCKS, expected, 4.5 * sqrt(variance / BLOCKS));
        if (variance > 1) CHECK_NEAR(square / BLOCKS / variance, 1, 0.15);
        double pairs = (double)BLOCKS * (SAMPLES - 1), p2 = p[q] * p[q];
        CHECK_NEAR(both / pairs, p2, 6 * sqrt(p2 * (1 - p2) / pairs) + 1e-9);
    }
}

/* Every sample of a block is as likely as another, and items do not know of each other. */
static void draws_are_uniform_and_independent(void)
{
    enum { ITEMS = 4000 };
    hf_chance c = hf_chance_of(0.02);
    double hits[SAMPLES] = {0}, same = 0, chi = 0, expected = ITEMS * 0.02;
    uint64_t last[WORDS] = {0};
    for (int item = 0; item < ITEMS; item++) {
        uint64_t word[WORDS];
        hf_chance_draw(&c, 5, HF_DRAW_SUPPLY, 3, item, word);
        for (int s = 0; s < SAMPLES; s++) hits[s] += is_set(word, s);
        for (int w = 0; w < WORDS; w++) same += __builtin_popcountll(word[w] & last[w]);
        memcpy(last, word, sizeof last);
    }
    for (int s = 0; s < SAMPLES; s++) chi += (hits[s] - expected) * (hits[s] - expected) / (expected * 0.98);
    CHECK_NEAR(chi, SAMPLES, 4.5 * sqrt(2.0 * SAMPLES));
    CHECK_NEAR(same, ITEMS * SAMPLES * 0.0004, 4.5 * sqrt(ITEMS * SAMPLES * 0.0004));
}

/* The same seed and a higher probability: the same samples and some more. */
static void higher_probabilities_hit_more_of_the_same(void)
{
    for (int item = 0; item < 500; item++) {
        hf_chance low = hf_chance_of(0.01), high = hf_chance_of(0.03);
        uint64_t a[WORDS], b[WORDS];
        hf_chance_draw(&low, 9, HF_DRAW_DAMAGE, 1, item, a);
        hf_chance_draw(&high, 9, HF_DRAW_DAMAGE, 1, item, b);
        for (int w = 0; w < WORDS; w++) CHECK((a[w] & ~b[w]) == 0);
    }
}

static void a_sample_drawn_alone_is_that_of_its_block(void)
{
    hf_network *net = boolean_network(4, 30, false);
    hf_mc_draws d;
    hf_inject *injects = malloc((size_t)net->n_damage * sizeof *injects);
    long hits = 0;
    if (!injects) abort();
    for (int hazard = -1; hazard < net->n_hazards; hazard++) {
        CHECK_INT(hf_mc_draws_new(net, hazard, 8, &d), HF_OK);
        for (long sample = 500; sample < 1100; sample++) {
            int n = 0, at = 0, z = hf_mc_hazard(&d, sample);
            CHECK_INT(hf_mc_draw(net, hazard, 8, sample, injects, &n), HF_OK);
            for (int row = net->hazard_off[z]; row < net->hazard_off[z + 1]; row++) {
                uint64_t word[WORDS];
                if (!hf_mc_row(&d, row, sample / SAMPLES, word) || !is_set(word, (int)(sample % SAMPLES))) continue;
                CHECK(at < n && injects[at].entity == net->damage_entity[row]);
                at++;
            }
            CHECK_INT(at, n);
            hits += n;
        }
        hf_mc_draws_done(&d);
    }
    CHECK(hits > 1000);
    free(injects);
    hf_network_free(net);
}

static hf_mc *mc_run(const hf_network *net, const hf_mc_options *o)
{
    hf_mc *mc = NULL;
    CHECK_INT(hf_mc_run(net, o, NULL, &mc), HF_OK);
    if (!mc) abort();
    return mc;
}

static void check_same(const hf_network *net, const hf_mc *a, const hf_mc *b)
{
    CHECK_INT(a->samples, b->samples);
    CHECK(memcmp(&a->user_hours, &b->user_hours, sizeof a->user_hours) == 0);
    CHECK(memcmp(&a->value_eur, &b->value_eur, sizeof a->value_eur) == 0);
    CHECK(memcmp(&a->users_hit, &b->users_hit, sizeof a->users_hit) == 0);
    CHECK(memcmp(&a->entities_out, &b->entities_out, sizeof a->entities_out) == 0);
    CHECK(memcmp(a->entities, b->entities, (size_t)net->n_entities * sizeof *a->entities) == 0);
}

/* Confidences below 1 for a third of the requirements and links. */
static void doubt_make(const hf_network *net, uint64_t seed, double *requirement, double *supply)
{
    hf_rng dice = {seed, 3, 0};
    for (int g = 0; g < net->n_requirements; g++) requirement[g] = hf_rng_below(&dice, 3) ? 1 : hf_rng_unit(&dice);
    for (int k = 0; k < net->n_supplies; k++) supply[k] = hf_rng_below(&dice, 3) ? 1 : hf_rng_unit(&dice);
}

/* Every figure of the Boolean engine is that of samples run one by one, to the last bit; and of any number of threads. */
static void engines_agree(void)
{
    double down = 0;
    int with_doubt = 0;
    for (uint64_t seed = 1; seed <= 140; seed++) {
        hf_network *net = boolean_network(seed, seed <= 120 ? 40 : 4000, false); /* in the last, some samples go on through the whole network */
        for (int row = 0; seed > 124 && row < net->n_damage; row++) net->damage_probability[row] *= seed % 4 ? 0.1 : 0.03; /* slow to come to rest */
        double *requirement = malloc((size_t)(net->n_requirements + 1) * sizeof(double)), *supply = malloc((size_t)(net->n_supplies + 1) * sizeof(double));
        if (!requirement || !supply) abort();
        doubt_make(net, seed, requirement, supply);
        hf_link_doubt doubt = {requirement, supply};
        hf_mc_options o = {.sweep = {.out_below = 0.5, .steady = true, .threads = 1 + (int)(seed % 3)}, .hazard = (int)(seed % 3) - 1,
                           .samples = seed <= 120 ? 1300 : 600, .tail = 0.9, .seed = seed, .doubt = seed % 2 ? &doubt : NULL};
        hf_mc *fast = mc_run(net, &o);
        o.sweep.one_by_one = true;
        o.sweep.threads = 1;
        hf_mc *slow = mc_run(net, &o);
        with_doubt += o.doubt && fast->engine == HF_MC_BOOLEAN;
        if (!o.doubt) CHECK_INT(fast->engine, HF_MC_BOOLEAN); /* too many totals of doubtful shares are an honest reason not to */
        CHECK_INT(slow->engine, HF_MC_STEADY);
        check_same(net, fast, slow);
        if (seed <= 120) down += fast->entities_out.mean;
        hf_mc_free(fast);
        hf_mc_free(slow);
        free(requirement);
        free(supply);
        hf_network_free(net);
    }
    printf("# %g entities down in the mean; %d of 70 runs with doubtful links by the Boolean engine\n", down / 120, with_doubt);
    CHECK(down / 120 > 2);
    CHECK(with_doubt > 50);
}

/* Where everything follows at once and stays, the timeline's own figures; where one repair is possible, not. */
static void the_timeline_is_not_needed_where_nothing_takes_time(void)
{
    for (uint64_t seed = 1; seed <= 60; seed++) {
        hf_network *net = boolean_network(seed, 40, true);
        hf_mc_options o = {.sweep = {.run = hf_run_options_default(), .out_below = 0.5, .threads = 2}, .hazard = -1, .samples = 1000, .tail = 0.9,
                           .seed = seed};
        o.sweep.run.horizon_h = seed % 2 ? 720 : 36.5;
        hf_mc *fast = mc_run(net, &o);
        o.sweep.one_by_one = true;
        hf_mc *slow = mc_run(net, &o);
        CHECK_INT(fast->engine, HF_MC_BOOLEAN);
        CHECK_INT(slow->engine, HF_MC_TIMELINE);
        check_same(net, fast, slow);
        hf_mc_free(fast);
        hf_mc_free(slow);
        o.sweep.one_by_one = false;
        o.sweep.run.horizon_h = 0.1; /* user-hours are no whole multiples of 1/1024 any more: sums could differ */
        fast = mc_run(net, &o);
        CHECK_INT(fast->engine, HF_MC_TIMELINE);
        hf_mc_free(fast);
        hf_network_free(net);
    }
}

static void summaries_same(const hf_cascade_summary *a, const hf_cascade_summary *b, long n)
{
    for (long k = 0; k < n; k++) {
        CHECK(a[k].entities_out == b[k].entities_out && a[k].entities_hit == b[k].entities_hit && a[k].depth == b[k].depth);
        CHECK(a[k].countries_reached == b[k].countries_reached && a[k].sectors_reached == b[k].sectors_reached);
        CHECK(a[k].users_hit_peak == b[k].users_hit_peak && a[k].user_hours == b[k].user_hours && a[k].value_eur == b[k].value_eur);
        CHECK(a[k].worst_hour == b[k].worst_hour && a[k].locked_out == b[k].locked_out);
    }
}

/* Single failures and sets in the steady state are those that are run one by one. */
static void singles_and_sets_agree(void)
{
    for (uint64_t seed = 1; seed <= 60; seed++) {
        hf_network *net = boolean_network(seed, 60, seed % 2);
        hf_boolean_reason reason = {HF_BOOLEAN_CARRIER, -1, -1, -1, -1};
        hf_sweep_options o = {.out_below = 0.5, .steady = true, .threads = 2, .ret_reason = &reason};
        hf_cascade_summary fast[60], slow[60];
        int off[31], set[60];
        long done = 0;
        CHECK_INT(hf_sweep_singles(net, &o, NULL, fast, &done), HF_OK);
        CHECK_INT(done, net->n_entities);
        CHECK_INT(reason.why, HF_BOOLEAN_YES);
        o.one_by_one = true;
        CHECK_INT(hf_sweep_singles(net, &o, NULL, slow, &done), HF_OK);
        summaries_same(fast, slow, done);
        for (int k = 0; k <= 30; k++) off[k] = 2 * k;
        for (int k = 0; k < 60; k++) set[k] = (k / 2 + k % 2 * (1 + k / 2)) % net->n_entities;
        CHECK_INT(hf_sweep_sets(net, off, set, 30, &o, NULL, slow, &done), HF_OK);
        o.one_by_one = false;
        CHECK_INT(hf_sweep_sets(net, off, set, 30, &o, NULL, fast, &done), HF_OK);
        summaries_same(fast, slow, 30);
        hf_network_free(net);
    }
}

/* The network of a draw, built anew without the links that are not there. */
static hf_network *network_of(const hf_network *net, const bool *absent, const double *share)
{
    hf_builder *b = NULL;
    hf_network *drawn = NULL;
    hf_diag *diag = NULL;
    hf_edits edits = {.requirement_absent = absent, .share = share};
    CHECK_INT(hf_diag_new(&diag), HF_OK);
    CHECK_INT(hf_builder_new(diag, &b), HF_OK);
    CHECK_INT(hf_builder_copy(b, net, &edits), HF_OK);
    CHECK_INT(hf_builder_finish(b, &drawn), HF_OK);
    hf_builder_free(b);
    hf_diag_free(diag);
    return drawn;
}

static void masked_run_check(const hf_network *net, const hf_network *drawn, hf_timeline *masked, const hf_inject *injects, int n)
{
    hf_timeline *plain = NULL;
    hf_run_options options = hf_run_options_default();
    hf_losses *a = NULL, *b = NULL;
    CHECK_INT(hf_timeline_new(drawn, &plain), HF_OK);
    hf_err err = hf_timeline_run(masked, injects, n, &options, NULL);
    CHECK_INT(hf_timeline_run(plain, injects, n, &options, NULL), err);
    if (err == HF_OK) {
        CHECK_INT(hf_losses_compute(masked, net, 0.5, &a), HF_OK);
        CHECK_INT(hf_losses_compute(plain, drawn, 0.5, &b), HF_OK);
        CHECK_INT(a->entities_out, b->entities_out);
        CHECK_NEAR(a->user_hours, b->user_hours, 1e-9 * (1 + b->user_hours));
        CHECK_NEAR(a->users_hit_peak, b->users_hit_peak, 1e-9 * (1 + b->users_hit_peak));
        for (int i = 0; i < net->n_entities; i++) CHECK_NEAR(hf_timeline_level(masked, i), hf_timeline_level(plain, i), 1e-9);
    }
    hf_losses_free(a);
    hf_losses_free(b);
    hf_timeline_free(plain);
}

/* The timeline with links masked is the timeline on the network without them: with stocks, repairs, shedding classes and carriers. */
static void masked_links_are_absent_links(void)
{
    for (int seed = 1; seed <= 80; seed++) {
        rows_of *w = malloc(sizeof *w);
        recipe r = {.classes = seed % 2, .restarts = seed % 3 == 0, .repairs = seed % 4 != 0, .reach = seed % 5 == 1, .quarter_hours = seed % 2};
        if (!w) abort();
        rows_make(w, &r, (uint64_t)(500 + seed));
        hf_network *net = rows_build(w, false);
        double requirement[MAX_ROWS], supply[MAX_ROWS * 4], share[MAX_ROWS * 4];
        bool absent[MAX_ROWS] = {false};
        uint64_t requirement_absent[MAX_ROWS * WORDS], supply_absent[MAX_ROWS * 4 * WORDS];
        hf_links *links = NULL;
        hf_link_masks *masks = NULL;
        hf_timeline *tl = NULL;
        doubt_make(net, (uint64_t)seed, requirement, supply);
        for (int k = 0; k < net->n_supplies; k++) share[k] = net->sup_share[k];
        CHECK_INT(hf_links_new(net, &(hf_link_doubt){requirement, supply}, &links), HF_OK);
        CHECK_INT(hf_link_masks_new(links, &masks), HF_OK);
        CHECK_INT(hf_timeline_new(net, &tl), HF_OK);
        hf_links_draw(links, 6, 1, requirement_absent, supply_absent);
        for (int sample = 0; sample < 12; sample++) {
            hf_inject injects[3] = {{0, HF_INJECT_FAIL, sample % net->n_entities, 0, NAN}, {1, HF_INJECT_FAIL, (sample * 7 + 1) % net->n_entities, 0.3, NAN},
                                    {2, HF_INJECT_FAIL, (sample * 5 + 2) % net->n_entities, 0, NAN}};
            hf_links_sample(links, requirement_absent, supply_absent, sample, share, absent);
            hf_network *drawn = network_of(net, absent, share);
            hf_link_masks_set(masks, tl, 6, SAMPLES + sample);
            masked_run_check(net, drawn, tl, injects, 3);
            hf_network_free(drawn);
        }
        hf_timeline_free(tl);
        hf_link_masks_free(masks);
        hf_links_free(links);
        hf_network_free(net);
        free(w);
    }
}

/* A link that is there with one half: its user is down with half the probability of its supplier. */
static void doubtful_links_count_with_their_confidence(void)
{
    hf_builder *b = NULL;
    hf_network *net = NULL;
    hf_origin at = {0};
    hf_entity_row grid = hf_entity_row_default(), shop = hf_entity_row_default();
    grid.id = "grid", grid.sector = "energy", grid.country = "AT";
    shop.id = "shop", shop.sector = "food", shop.country = "AT", shop.users = 100, shop.value_eur_h = 7;
    hf_requirement_row power = hf_requirement_row_default();
    power.entity = "shop", power.requirement = "power", power.curve = "12:1";
    hf_supply_row link = hf_supply_row_default();
    link.entity = "shop", link.requirement = "power", link.supplier = "grid";
    CHECK_INT(hf_builder_new(NULL, &b), HF_OK);
    hf_builder_entity(b, &grid, at);
    hf_builder_entity(b, &shop, at);
    hf_builder_requirement(b, &power, at);
    hf_builder_supply(b, &link, at);
    hf_builder_hazard(b, "storm", NULL, NAN, at);
    hf_builder_damage(b, "storm", "grid", 0.4, 1, NAN, at);
    CHECK_INT(hf_builder_finish(b, &net), HF_OK);
    hf_builder_free(b);
    for (int steady = 0; steady < 2; steady++) {
        hf_link_doubt doubt = {(double[]){1}, (double[]){0.5}};
        hf_mc_options o = {.sweep = {.run = hf_run_options_default(), .out_below = 0.5, .steady = steady, .threads = 1}, .samples = 100000, .tail = 0.95,
                           .seed = 2, .doubt = &doubt};
        hf_mc *mc = mc_run(net, &o);
        int i = hf_network_find(net, "shop");
        CHECK_NEAR(mc->entities[i].p_out, 0.2, 4.5 * sqrt(0.2 * 0.8 / 100000));
        CHECK_NEAR(mc->user_hours.mean, mc->entities[i].p_out * 100 * (steady ? 1 : 720 - 12), 1e-6);
        CHECK_INT(mc->engine, steady ? HF_MC_BOOLEAN : HF_MC_TIMELINE);
        hf_mc_free(mc);
    }
    hf_network_free(net);
}

/* Samples that are finished one by one, with doubtful links: the same bits as in passes over all of them. */
static void lanes_are_passes(void)
{
    for (uint64_t seed = 1; seed <= 150; seed++) {
        hf_network *net = boolean_network(seed, seed % 5 ? 60 : 700, false); /* the larger ones fill several words of a lane */
        static double requirement[4000], supply[16000];
        hf_link_doubt doubt = {requirement, supply};
        hf_boolean *b = NULL;
        hf_boolean_state *s[2] = {NULL};
        hf_boolean_reason reason;
        CHECK(net->n_requirements <= 4000 && net->n_supplies <= 16000);
        doubt_make(net, seed, requirement, supply);
        CHECK_INT(hf_boolean_new(net, seed % 4 ? &doubt : NULL, &b, &reason), HF_OK);
        for (int k = 0; b && k < 2; k++) {
            hf_rng dice = {seed, 9, 0};
            CHECK_INT(hf_boolean_state_new(b, &s[k]), HF_OK);
            s[k]->eager = k == 1;
            hf_boolean_links_draw(s[k], seed, 2);
            for (int i = 0; i < net->n_entities; i += seed % 3 ? 1 : 12) { /* nearly everybody waits to be looked at, or few do */
                uint64_t word[WORDS] = {0};
                for (int sample = 0; sample < SAMPLES; sample++) word[sample / 64] |= (uint64_t)(hf_rng_below(&dice, 10 * (1 + seed % 4)) == 0) << sample % 64;
                hf_boolean_damage(s[k], i, word);
            }
            hf_boolean_settle(s[k]);
        }
        for (int i = 0; b && i < net->n_entities; i++)
            CHECK(memcmp(hf_boolean_failed(s[0], i), hf_boolean_failed(s[1], i), WORDS * sizeof(uint64_t)) == 0);
        hf_boolean_state_free(s[0]);
        hf_boolean_state_free(s[1]);
        hf_boolean_free(b);
        hf_network_free(net);
    }
}

int main(void)
{
    RUN(draws_have_their_probability);
    RUN(draws_are_uniform_and_independent);
    RUN(higher_probabilities_hit_more_of_the_same);
    RUN(a_sample_drawn_alone_is_that_of_its_block);
    RUN(engines_agree);
    RUN(lanes_are_passes);
    RUN(the_timeline_is_not_needed_where_nothing_takes_time);
    RUN(singles_and_sets_agree);
    RUN(masked_links_are_absent_links);
    RUN(doubtful_links_count_with_their_confidence);
    return tap_done();
}
