/* Cut sets against brute force: every subset of the candidates is run on a few hundred random networks with loops, carriers, stocks and
 * repairs; the smallest ones, their order and their probability must be what the search says. */
#include <stdlib.h>

#include "base/alloc.h"
#include "model/cascade/steady.h"
#include "solver/cutsets.h"
#include "tests/support/random_rows.h"
#include "tests/tap.h"

enum { MOST = 9 }; /* candidates of a brute force */

typedef struct brute {
    bool down[1 << MOST];    /* of each subset */
    bool minimal[1 << MOST]; /* down, and no proper subset is */
    int n, n_minimal;
    double probability;
} brute;

/* Weight out at one moment, counted change by change, independently of the search. */
static hf_err target_down(hf_timeline *tl, const hf_cut_options *o, const hf_inject *injects, int n, bool *ret_down)
{
    double out[MAX_ENTITIES] = {0}, most = 0, total = 0;
    for (int k = 0; k < o->n_targets; k++) total += o->weight ? o->weight[k] : 1;
    hf_err err = o->timeline ? hf_timeline_run(tl, injects, n, &o->run, NULL) : hf_steady_run(tl, injects, n, NULL);
    const hf_change *change = hf_timeline_changes(tl);
    int n_changes = hf_timeline_change_count(tl);
    for (int c = 0; c < n_changes; c++) {
        out[change[c].entity] = o->graded ? 1 - change[c].after : change[c].after < o->out_below - 1e-9;
        bool instant_ends = c + 1 == n_changes || change[c + 1].at_h > change[c].at_h;
        double sum = 0;
        for (int k = 0; k < o->n_targets; k++) sum += out[o->targets[k]] * (o->weight ? o->weight[k] : 1);
        if (!o->timeline) most = sum;
        else if (instant_ends && sum > most) most = sum;
    }
    *ret_down = most >= o->share * total * (1 - 1e-9);
    return err;
}

static void brute_run(const hf_network *net, const hf_cut_options *o, brute *b)
{
    hf_timeline *tl = NULL;
    CHECK_INT(hf_timeline_new(net, &tl), HF_OK);
    *b = (brute){.n = o->n_candidates};
    for (int set = 0; set < 1 << b->n; set++) {
        hf_inject injects[MOST];
        int n = 0;
        double p = 1;
        for (int k = 0; k < b->n; k++) {
            if (set >> k & 1) injects[n++] = o->candidates[k];
            if (o->probability) p *= set >> k & 1 ? o->probability[k] : 1 - o->probability[k];
        }
        hf_err err = target_down(tl, o, injects, n, &b->down[set]);
        CHECK_INT(err, HF_OK);
        if (b->down[set]) b->probability += p;
        b->minimal[set] = b->down[set];
        for (int part = (set - 1) & set; set && b->minimal[set]; part = (part - 1) & set) {
            if (b->down[part]) b->minimal[set] = false;
            if (part == 0) break;
        }
        b->n_minimal += b->minimal[set];
    }
    hf_timeline_free(tl);
}

static int index_of(const hf_cut_options *o, int entity)
{
    for (int k = 0; k < o->n_candidates; k++)
        if (o->candidates[k].entity == entity) return k;
    return -1;
}

static void check_sets(const hf_cut_options *o, const brute *b, const hf_cut_sets *sets)
{
    int seen = 0, below_limit = 0;
    for (int k = 0; k < sets->n; k++) {
        int set = 0;
        double p = 1;
        for (int j = sets->off[k]; j < sets->off[k + 1]; j++) {
            int at = index_of(o, sets->entity[j]);
            CHECK(at >= 0);
            CHECK(j == sets->off[k] || sets->entity[j] > sets->entity[j - 1]);
            set |= 1 << at;
            if (o->probability) p *= o->probability[at];
        }
        if (o->probability) CHECK_NEAR(sets->probability[k], p, 1e-15);
        CHECK(b->minimal[set]);
        CHECK(k == 0 || sets->off[k + 1] - sets->off[k] >= sets->off[k] - sets->off[k - 1]);
        seen++;
    }
    for (int set = 0; set < 1 << b->n; set++) below_limit += b->minimal[set] && __builtin_popcount((unsigned)set) <= sets->complete_to;
    int listed = 0;
    for (int k = 0; k < sets->n; k++) listed += sets->off[k + 1] - sets->off[k] <= sets->complete_to;
    CHECK_INT(listed, below_limit);
    if (sets->complete) CHECK_INT(seen, b->n_minimal);
    if (!o->probability) return;
    CHECK(sets->p_low <= b->probability + 1e-12 && b->probability <= sets->p_high + 1e-12);
    if (sets->p_exact) CHECK_NEAR(sets->p_low, b->probability, 1e-12);
    if (sets->complete && sets->monotone) CHECK(sets->p_exact);
}

/* A question about a random network: a target, a few candidates, all drawn. */
typedef struct question {
    hf_cut_options o;
    int targets[MAX_ENTITIES];
    double weight[MAX_ENTITIES], probability[MOST];
    hf_inject candidates[MOST];
} question;

static void question_make(question *q, const hf_network *net, uint64_t seed)
{
    rng = (hf_rng){seed, 7, 0};
    bool used[MAX_ENTITIES] = {false};
    q->o = (hf_cut_options){.share = 1, .out_below = chance(0.5) ? 0.5 : 1, .max_size = 100, .max_sets = 100000, .run = hf_run_options_default()};
    q->o.n_targets = chance(0.5) ? 1 : 1 + below(5);
    for (int k = 0; k < q->o.n_targets; k++) {
        do q->targets[k] = below(net->n_entities);
        while (used[q->targets[k]]);
        used[q->targets[k]] = true;
        q->weight[k] = 1 + below(100);
    }
    if (q->o.n_targets > 1) q->o.share = 0.2 + 0.8 * hf_rng_unit(&rng);
    for (int k = 0; k < q->o.n_targets; k++) used[q->targets[k]] = q->o.n_targets == 1 || chance(0.5);
    for (int turn = 0; turn < 60 && q->o.n_candidates < MOST; turn++) {
        int i = below(net->n_entities);
        if (used[i]) continue;
        used[i] = true;
        q->probability[q->o.n_candidates] = hf_rng_unit(&rng);
        q->candidates[q->o.n_candidates++] = (hf_inject){0, HF_INJECT_FAIL, i, chance(0.15) ? hf_rng_unit(&rng) : 0, NAN};
    }
    q->o.timeline = chance(0.5);
    q->o.graded = chance(0.3);
    q->o.run.no_repair = chance(0.3);
    q->o.targets = q->targets;
    q->o.weight = q->o.n_targets > 1 ? q->weight : NULL;
    q->o.candidates = q->candidates;
    q->o.probability = q->probability;
}

static int n_sets, n_large, n_enumerated, n_programs, n_halved;

static void search_and_check(const hf_network *net, const hf_cut_options *o, const brute *b)
{
    hf_cut_sets *sets = NULL;
    CHECK_INT(hf_cut_sets_find(net, o, NULL, &sets), HF_OK);
    if (!sets) return;
    check_sets(o, b, sets);
    CHECK(sets->complete || sets->n == o->max_sets || sets->complete_to >= o->max_size);
    CHECK(sets->n <= o->max_sets);
    n_sets += sets->n;
    n_large += sets->n > 0 && sets->off[sets->n] - sets->off[sets->n - 1] >= 3;
    n_enumerated += sets->method == HF_CUT_ENUMERATION;
    n_programs += sets->method == HF_CUT_HITTING_SETS;
    n_halved += sets->method == HF_CUT_HALVING;
    hf_cut_sets_free(sets);
}

static bool black_starts;

static void ask(const recipe *r, uint64_t seed)
{
    rows_of *w = malloc(sizeof *w);
    question *q = malloc(sizeof *q);
    brute *b = malloc(sizeof *b);
    if (!w || !q || !b) abort();
    rows_make(w, r, seed);
    hf_network *net = rows_build(w, false);
    question_make(q, net, seed);
    for (int i = 0; black_starts && i < net->n_entities; i++) net->black_start[i] = chance(0.3);
    brute_run(net, &q->o, b);
    for (int turn = 0; turn < 6; turn++) {
        q->o.max_size = turn % 3 == 1 ? 2 : 100;
        q->o.max_sets = turn % 3 == 2 ? 2 : 100000;
        q->o.method = turn < 3 ? HF_CUT_HITTING_SETS : HF_CUT_HALVING;
        search_and_check(net, &q->o, b);
    }
    hf_network_free(net);
    free(w), free(q), free(b);
}

static void brute_force_on_hard_networks(void)
{
    for (uint64_t seed = 1; seed <= 500; seed++) ask(&(recipe){.boolean = true, .quarter_hours = seed % 2, .reach = seed % 3 == 0}, seed);
    CHECK(n_sets > 300 && n_large > 20 && n_programs == 1500 && n_halved == 1500);
}

static void brute_force_with_stocks_shares_and_repairs(void)
{
    for (uint64_t seed = 1; seed <= 250; seed++)
        ask(&(recipe){.classes = seed % 2, .restarts = seed % 3 == 0, .repairs = seed % 4 != 0, .reach = seed % 5 == 1, .quarter_hours = seed % 2},
            1000 + seed);
    CHECK(n_programs == 2250 && n_halved == 2250);
}

static void brute_force_where_islands_share(void)
{
    n_enumerated = n_programs = n_halved = 0;
    for (uint64_t seed = 1; seed <= 300; seed++)
        ask(&(recipe){.balance = seed % 4, .flow = seed % 4 == 0, .repairs = seed % 2, .classes = seed % 3 == 0}, 2000 + seed);
    printf("# %d by enumeration, %d by programs, %d by halving\n", n_enumerated, n_programs, n_halved);
    CHECK(n_enumerated > 300 && n_programs > 300 && n_halved > 300);
}

/* Own starts: a failure can help by letting more fall, which then starts. */
static void brute_force_with_own_starts(void)
{
    n_enumerated = n_programs = n_halved = 0;
    black_starts = true;
    for (uint64_t seed = 1; seed <= 200; seed++)
        ask(&(recipe){.balance = seed % 2, .reach = seed % 2 == 0, .restarts = seed % 3 == 0, .quarter_hours = seed % 2}, 5000 + seed);
    black_starts = false;
    printf("# %d by enumeration, %d by programs, %d by halving\n", n_enumerated, n_programs, n_halved);
    CHECK(n_programs > 300 && n_halved > 300);
}

/* Families of random sets: the union against the sum over all combinations; bounds hold when steps run out. */
static void unions_against_all_combinations(void)
{
    for (uint64_t seed = 1; seed <= 300; seed++) {
        enum { ITEMS = 12 };
        rng = (hf_rng){seed, 9, 0};
        int n = 1 + below(14), off[16] = {0}, item[16 * ITEMS];
        double p[ITEMS], exact = 0, low = -1, high = -1;
        for (int i = 0; i < ITEMS; i++) p[i] = chance(0.1) ? 1 : hf_rng_unit(&rng);
        for (int k = 0; k < n; k++) {
            off[k + 1] = off[k];
            for (int i = 0; i < ITEMS; i++)
                if (chance(0.25)) item[off[k + 1]++] = i;
            if (off[k + 1] == off[k]) item[off[k + 1]++] = below(ITEMS);
        }
        for (int set = 0; set < 1 << ITEMS; set++) {
            double q = 1;
            bool any = false;
            for (int i = 0; i < ITEMS; i++) q *= set >> i & 1 ? p[i] : 1 - p[i];
            for (int k = 0; k < n && !any; k++) {
                bool all = true;
                for (int j = off[k]; j < off[k + 1]; j++) all &= set >> item[j] & 1;
                any = all;
            }
            if (any) exact += q;
        }
        CHECK_INT(hf_union_probability(n, off, item, ITEMS, p, 1000000, &low, &high), HF_OK);
        CHECK_NEAR(low, exact, 1e-12);
        CHECK_NEAR(high, exact, 1e-12);
        for (long steps = 0; steps < 20; steps += 3) {
            CHECK_INT(hf_union_probability(n, off, item, ITEMS, p, steps, &low, &high), HF_OK);
            CHECK(low <= exact + 1e-12 && exact <= high + 1e-12 && low >= 0 && high <= 1 + 1e-12);
        }
    }
}

static void mistakes_are_refused(void)
{
    rows_of *w = malloc(sizeof *w);
    question q;
    hf_cut_sets *sets = NULL;
    if (!w) abort();
    rows_make(w, &(recipe){.boolean = true}, 5);
    hf_network *net = rows_build(w, false);
    question_make(&q, net, 5);
    const hf_cut_options good = q.o;
#define REFUSED(change, code)                                                                                                              \
    q.o = good;                                                                                                                            \
    change;                                                                                                                                \
    CHECK_INT(hf_cut_sets_find(net, &q.o, NULL, &sets), code);                                                                             \
    CHECK(sets == NULL)
    REFUSED(q.o.n_targets = 0, HF_E_RANGE);
    REFUSED(q.o.share = 0, HF_E_RANGE);
    REFUSED(q.o.share = NAN, HF_E_RANGE);
    REFUSED(q.o.out_below = 1.5, HF_E_RANGE);
    REFUSED(q.o.max_size = 0, HF_E_RANGE);
    REFUSED(q.o.max_sets = 0, HF_E_RANGE);
    REFUSED(q.probability[1] = 1.5, HF_E_RANGE);
    q.probability[1] = 0.5;
    REFUSED(q.candidates[1].level = -1, HF_E_RANGE);
    q.candidates[1].level = 0;
    int second = q.candidates[1].entity;
    REFUSED(q.candidates[1].entity = q.candidates[0].entity, HF_E_DUPLICATE);
    q.candidates[1].entity = second;
    q.o = good;
    CHECK_INT(hf_cut_sets_find(net, &q.o, NULL, &sets), HF_OK);
    hf_cut_sets_free(sets);
    hf_network_free(net);
    free(w);
}

int main(void)
{
    RUN(brute_force_on_hard_networks);
    RUN(brute_force_with_stocks_shares_and_repairs);
    RUN(brute_force_where_islands_share);
    RUN(brute_force_with_own_starts);
    RUN(unions_against_all_combinations);
    RUN(mistakes_are_refused);
    return tap_done();
}
