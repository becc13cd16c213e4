/* Cut sets against brute force: every subset of small random networks with loops and carriers, run by the same timeline. */
#include <stdlib.h>

#include "base/alloc.h"
#include "solver/cutsets.h"
#include "tests/support/random_rows.h"
#include "tests/tap.h"

enum { FEW = 9, SEEDS = 300 };

/* A network of at most FEW entities: rows of larger ones are thrown away. */
static hf_network *small(int seed)
{
    for (int try = 0; try < 500; try++) {
        rows_of *w = malloc(sizeof *w);
        recipe r = {.boolean = seed % 2, .classes = seed % 3 == 0, .reach = seed % 5 == 1, .balance = seed % 5 == 2, .flow = seed % 5 == 3};
        if (!w) abort();
        rows_make(w, &r, (uint64_t)(seed * 1000 + try));
        hf_network *net = w->n_entities <= FEW ? rows_build(w, false) : NULL;
        free(w);
        if (net) return net;
    }
    return NULL;
}

/* *ret_settles becomes false where functionality swings for ever (fractional loops): there is no answer then. */
static bool happens(const hf_network *net, hf_timeline *tl, unsigned set, hf_cut_event event, int target, double share, bool *ret_settles)
{
    hf_inject injects[FEW];
    hf_run_options options = hf_run_options_default();
    int n = 0;
    double x[FEW], all = 0, hit = 0, most = 0;
    options.no_repair = true;
    for (int i = 0; i < net->n_entities; i++) {
        if (set >> i & 1) injects[n++] = (hf_inject){0, HF_INJECT_FAIL, i, 0, NAN};
        x[i] = 1;
        all += net->users[i];
    }
    hf_err err = hf_timeline_run(tl, injects, n, &options, NULL);
    *ret_settles &= err == HF_OK;
    CHECK(err == HF_OK || err == HF_E_OSCILLATION);
    if (event != HF_CUT_USERS) return hf_timeline_level(tl, target) < 0.5;
    for (int k = 0; k < hf_timeline_change_count(tl); k++) {
        const hf_change *c = &hf_timeline_changes(tl)[k];
        x[c->entity] = c->after;
        hit = 0;
        for (int i = 0; i < net->n_entities; i++) hit += net->users[i] * (1 - x[i]);
        if (hit > most) most = hit;
    }
    return most >= share * all * (1 - 1e-12);
}

static bool is_minimal(const bool *comes, unsigned set, int n)
{
    for (int i = 0; i < n; i++)
        if ((set >> i & 1) && comes[set & ~(1u << i)]) return false;
    return true;
}

/* Probability of the union by adding up all combinations. */
static double union_of(const bool *comes, const double *p, int n, unsigned free_ones)
{
    double sum = 0;
    for (unsigned set = 0; set < 1u << n; set++) {
        double weight = 1;
        if (set & ~free_ones) continue;
        for (int i = 0; i < n; i++)
            if (free_ones >> i & 1) weight *= set >> i & 1 ? p[i] : 1 - p[i];
        if (comes[set]) sum += weight;
    }
    return sum;
}

static int checked;

static void compare(const hf_network *net, hf_cut_event event, int target, double share)
{
    int n = net->n_entities, expected = 0, candidates[FEW], m = 0;
    bool comes[1 << FEW];
    double p[FEW];
    hf_timeline *tl = NULL;
    hf_cutsets *sets = NULL;
    unsigned free_ones = 0;
    CHECK_INT(hf_timeline_new(net, &tl), HF_OK);
    for (int i = 0; i < n; i++) {
        p[i] = hf_random_unit(5, (uint64_t)checked, (uint64_t)i);
        if (event == HF_CUT_USERS || i != target) candidates[m++] = i, free_ones |= 1u << i;
    }
    bool settles = true;
    for (unsigned set = 0; set < 1u << n; set++) comes[set] = !(set & ~free_ones) && happens(net, tl, set, event, target, share, &settles);
    if (!settles) {
        hf_timeline_free(tl);
        return;
    }
    for (unsigned set = 0; set < 1u << n; set++) expected += comes[set] && is_minimal(comes, set, n);
    hf_cutsets_options o = {.event = event, .targets = &target, .n_targets = event == HF_CUT_USERS ? 0 : 1, .share = share, .candidates = candidates,
                            .n_candidates = m, .probability = p, .max_size = FEW, .max_count = 1000, .run = hf_run_options_default(), .out_below = 0.5};
    hf_err err = hf_cutsets_find(net, &o, NULL, &sets);
    if (comes[0] || !comes[free_ones]) CHECK_INT(err, HF_E_NO_ANSWER);
    else {
        CHECK_INT(err, HF_OK);
        CHECK_INT(sets->n, expected);
        CHECK(sets->complete);
        for (int k = 0; k < sets->n; k++) {
            unsigned set = 0;
            for (int e = sets->off[k]; e < sets->off[k + 1]; e++) set |= 1u << sets->entity[e];
            CHECK(comes[set] && is_minimal(comes, set, n));
            if (k > 0) CHECK(sets->off[k + 1] - sets->off[k] >= sets->off[k] - sets->off[k - 1]);
        }
        CHECK_NEAR(sets->union_low, union_of(comes, p, n, free_ones), 1e-12);
        CHECK_NEAR(sets->union_high, sets->union_low, 1e-12);
        checked++;
    }
    hf_cutsets_free(sets);
    hf_timeline_free(tl);
}

static void brute_force_agrees(void)
{
    for (int seed = 1; seed <= SEEDS; seed++) {
        hf_network *net = small(seed);
        if (!net) continue;
        compare(net, HF_CUT_ALL, seed % net->n_entities, 0);
        compare(net, HF_CUT_USERS, 0, 0.3 + 0.1 * (seed % 5));
        hf_network_free(net);
    }
    CHECK(checked > SEEDS); /* most have an answer */
    printf("# %d comparisons\n", checked);
}

/* Bounds hold the exact value when no branching is allowed. */
static void bounds_hold(void)
{
    for (int seed = 0; seed < 200; seed++) {
        int off[9] = {0}, entity[40];
        double p[6], exact_low, exact_high, low, high;
        for (int i = 0; i < 6; i++) p[i] = hf_random_unit(9, (uint64_t)seed, (uint64_t)i);
        for (int k = 0; k < 8; k++) {
            off[k + 1] = off[k];
            for (int i = 0; i < 6; i++)
                if (hf_random_unit(10, (uint64_t)seed, (uint64_t)(k * 6 + i)) < 0.4) entity[off[k + 1]++] = i;
            if (off[k + 1] == off[k]) entity[off[k + 1]++] = k % 6;
        }
        hf_cutsets_union(off, entity, 8, p, 1000000, &exact_low, &exact_high);
        CHECK_NEAR(exact_low, exact_high, 1e-12);
        for (long steps = 1; steps < 30; steps *= 3) {
            hf_cutsets_union(off, entity, 8, p, steps, &low, &high);
            CHECK(low <= exact_low + 1e-12 && high >= exact_low - 1e-12);
        }
    }
}

static void refuses(void)
{
    hf_network *net = small(1);
    int target = 0, beyond = 99;
    hf_cutsets *sets = NULL;
    hf_cutsets_options good = {.event = HF_CUT_ANY, .targets = &target, .n_targets = 1, .max_size = 3, .max_count = 3, .run = hf_run_options_default(),
                               .out_below = 0.5};
    hf_cutsets_options o = good;
    o.n_targets = 0;
    CHECK_INT(hf_cutsets_find(net, &o, NULL, &sets), HF_E_RANGE);
    o = good, o.targets = &beyond;
    CHECK_INT(hf_cutsets_find(net, &o, NULL, &sets), HF_E_RANGE);
    o = good, o.max_size = 0;
    CHECK_INT(hf_cutsets_find(net, &o, NULL, &sets), HF_E_RANGE);
    o = good, o.event = HF_CUT_USERS, o.share = 1.5;
    CHECK_INT(hf_cutsets_find(net, &o, NULL, &sets), HF_E_RANGE);
    hf_network_free(net);
}

int main(void)
{
    RUN(brute_force_agrees);
    RUN(bounds_hold);
    RUN(refuses);
    return tap_done();
}
