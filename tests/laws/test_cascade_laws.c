/* Laws that hold on every network: engines agree, order does not matter, undo restores, failing more never helps. */
#include <stdlib.h>

#include "model/cascade/failure_times.h"
#include "model/cascade/steady.h"
#include "tests/support/naive.h"
#include "tests/support/random_rows.h"
#include "tests/tap.h"

static int injects_make(const hf_network *net, const recipe *r, hf_inject *ret, bool whole)
{
    int n = 1 + below(4);
    for (int k = 0; k < n; k++) {
        bool partial = !whole && chance(0.3);
        ret[k] = (hf_inject){hours(r, 30), HF_INJECT_FAIL, below(net->n_entities), partial ? hf_rng_unit(&rng) : 0, NAN};
        if (whole) ret[k].at_h = chance(0.5) ? 0 : ret[k].at_h;
        if (!whole && r->repairs && chance(0.3)) ret[k].kind = HF_INJECT_DEGRADE;
    }
    for (int k = 0; r->repairs && k < 2; k++)
        ret[n++] = (hf_inject){hours(r, 60), chance(0.5) ? HF_INJECT_REPAIR : HF_INJECT_RESTORE, ret[k].entity, 1, NAN};
    return n;
}

static const hf_run_options forever = {INFINITY, true, 1000};

static void timeline_equals_failure_times(void)
{
    static rows_of w;
    recipe r = {.boolean = true};
    double *T = malloc(MAX_ENTITIES * sizeof *T);
    for (uint64_t seed = 1; seed <= 3000; seed++) {
        r.quarter_hours = seed % 2;
        rows_make(&w, &r, seed);
        hf_network *net = rows_build(&w, false);
        hf_timeline *tl = NULL;
        hf_inject injects[8];
        if (!net || hf_timeline_new(net, &tl) != HF_OK) break;
        int n = injects_make(net, &r, injects, true);
        CHECK_INT(hf_failure_times(net, injects, n, T), HF_OK);
        CHECK_INT(hf_timeline_run(tl, injects, n, &forever, NULL), HF_OK);
        const hf_change *change = hf_timeline_changes(tl);
        int fallen = 0;
        for (int k = 0; k < hf_timeline_change_count(tl); k++, fallen++) CHECK_NEAR(change[k].at_h, T[change[k].entity], 0);
        for (int i = 0; i < net->n_entities; i++) fallen -= isfinite(T[i]);
        CHECK_INT(fallen, 0);
        hf_timeline_free(tl);
        hf_network_free(net);
    }
    free(T);
}

static void timeline_ends_in_the_steady_state(void)
{
    static rows_of w;
    for (uint64_t seed = 1; seed <= 3000; seed++) {
        recipe r = {.classes = seed % 2, .reach = seed % 3 == 0, .quarter_hours = seed % 5 == 0};
        rows_make(&w, &r, seed);
        hf_network *net = rows_build(&w, false);
        hf_timeline *tl = NULL, *steady = NULL;
        hf_inject injects[8];
        if (!net || hf_timeline_new(net, &tl) != HF_OK || hf_timeline_new(net, &steady) != HF_OK) break;
        int n = injects_make(net, &r, injects, false);
        CHECK_INT(hf_timeline_run(tl, injects, n, &forever, NULL), HF_OK);
        CHECK_INT(hf_steady_run(steady, injects, n, NULL), HF_OK);
        for (int i = 0; i < net->n_entities; i++) CHECK_NEAR(hf_timeline_level(tl, i), hf_timeline_level(steady, i), 1e-9);
        hf_timeline_free(tl);
        hf_timeline_free(steady);
        hf_network_free(net);
    }
}

/* With limits on lines a failure can help some, so the two may come to rest differently; seldom. */
static void timeline_with_limited_lines_ends_in_the_steady_state(void)
{
    static rows_of w;
    int same[2] = {0}, all[2] = {0};
    for (uint64_t seed = 1; seed <= 1000; seed++) {
        recipe r = {.classes = seed % 3 == 0, .flow = seed % 2, .dc = seed % 2 == 0};
        rows_make(&w, &r, seed);
        hf_network *net = rows_build(&w, false);
        hf_timeline *tl = NULL, *steady = NULL;
        hf_inject injects[8];
        if (!net || hf_timeline_new(net, &tl) != HF_OK || hf_timeline_new(net, &steady) != HF_OK) break;
        int n = injects_make(net, &r, injects, false);
        hf_err err = hf_timeline_run(tl, injects, n, &forever, NULL), at_once = hf_steady_run(steady, injects, n, NULL);
        CHECK_INT(err, HF_OK);
        CHECK_INT(at_once, HF_OK);
        bool agree = true;
        for (int i = 0; i < net->n_entities; i++) agree &= fabs(hf_timeline_level(tl, i) - hf_timeline_level(steady, i)) <= 1e-8;
        all[r.dc]++;
        same[r.dc] += agree;
        hf_timeline_free(tl);
        hf_timeline_free(steady);
        hf_network_free(net);
    }
    printf("# flow: %d of %d the same, dc: %d of %d\n", same[0], all[0], same[1], all[1]);
    CHECK(same[0] >= 470 && same[1] >= 400);
}

/* Replays the engine's changes up to an instant and compares with the levels of the straightforward engine. */
typedef struct replay {
    const hf_timeline *tl;
    int at, n;
    double x[MAX_ENTITIES];
    bool bad;
} replay;

static void replay_instant(void *context, double hour, const double *x)
{
    replay *p = context;
    const hf_change *change = hf_timeline_changes(p->tl);
    for (; p->at < hf_timeline_change_count(p->tl) && change[p->at].at_h <= hour + 1e-7; p->at++) p->x[change[p->at].entity] = change[p->at].after;
    for (int i = 0; i < p->n && !p->bad; i++) {
        if (fabs(p->x[i] - x[i]) <= 1e-8) continue;
        p->bad = true;
    }
}

/* How the two engines compare on one network. Where a balance island is split, its richer part may rise: the maps are then not monotone,
 * the order of evaluation can matter, and what comes and goes without end is locked out. *locked_out is counted up for such runs. */
static bool agrees_with_naive(const recipe *r, uint64_t seed, int *locked_out)
{
    static rows_of w;
    rows_make(&w, r, seed);
    hf_network *net = rows_build(&w, false);
    hf_timeline *tl = NULL;
    naive v;
    hf_inject injects[8];
    if (!net || hf_timeline_new(net, &tl) != HF_OK) return false;
    int n = injects_make(net, r, injects, false);
    hf_run_options options = {200, !r->repairs, 1000};
    CHECK_INT(hf_timeline_run(tl, injects, n, &options, NULL), HF_OK);
    replay p = {.tl = tl, .n = net->n_entities};
    for (int i = 0; i < p.n; i++) p.x[i] = 1;
    naive_init(&v, net);
    naive_run(&v, injects, n, &options, replay_instant, &p);
    for (int i = 0; i < p.n && !p.bad; i++) p.bad |= fabs(hf_timeline_level(tl, i) - v.x[i]) > 1e-8;
    *locked_out += v.locked_out && hf_timeline_locked_out(tl);
    naive_done(&v);
    hf_timeline_free(tl);
    hf_network_free(net);
    return !p.bad;
}

static void timeline_equals_the_straightforward_engine(void)
{
    for (uint64_t seed = 1; seed <= 4000; seed++) {
        recipe r = {.classes = seed % 2, .repairs = seed % 3 > 0, .restarts = seed % 5 > 2, .reach = seed % 4 == 1, .quarter_hours = seed % 7 < 3};
        int locked_out = 0;
        CHECK(agrees_with_naive(&r, seed, &locked_out));
        CHECK_INT(locked_out, 0);
    }
}

static void balance_islands_equal_the_straightforward_engine(void)
{
    int agree = 0, locked_out = 0;
    for (uint64_t seed = 1; seed <= 2000; seed++) {
        recipe r = {.classes = seed % 2, .repairs = seed % 3 > 0, .restarts = seed % 5 > 2, .balance = true, .quarter_hours = seed % 7 < 3};
        agree += agrees_with_naive(&r, seed, &locked_out);
    }
    printf("# %d of 2000 agree; in %d something is locked out\n", agree, locked_out);
    CHECK(agree >= 1998 && locked_out >= 1);
}

/* Where lines have limits a failure can help some (what an island sheds, others have; a line that is out spares the next), as in a split balance. */
static void limited_lines_equal_the_straightforward_engine(void)
{
    int agree[2] = {0}, locked_out[2] = {0};
    for (uint64_t seed = 1; seed <= 1200; seed++) {
        recipe r = {.classes = seed % 2, .repairs = seed % 3 > 0, .restarts = seed % 5 > 2, .flow = seed % 4 < 2, .dc = seed % 4 >= 2,
                    .quarter_hours = seed % 7 < 3};
        agree[r.dc] += agrees_with_naive(&r, seed, &locked_out[r.dc]);
    }
    for (int dc = 0; dc < 2; dc++) printf("# %s: %d of 600 agree; in %d something is locked out\n", dc ? "dc" : "flow", agree[dc], locked_out[dc]);
    CHECK(agree[0] >= 595 && agree[1] >= 580);
}

static void failing_more_never_helps(void)
{
    static rows_of w;
    for (uint64_t seed = 1; seed <= 2000; seed++) {
        recipe r = {.classes = seed % 2, .reach = seed % 3 == 0};
        rows_make(&w, &r, seed);
        hf_network *net = rows_build(&w, false);
        hf_timeline *few = NULL, *more = NULL;
        hf_inject injects[9];
        if (!net || hf_timeline_new(net, &few) != HF_OK || hf_timeline_new(net, &more) != HF_OK) break;
        int n = injects_make(net, &r, injects, false);
        injects[n] = (hf_inject){hours(&r, 20), HF_INJECT_FAIL, below(net->n_entities), 0, NAN};
        for (double horizon = 1; horizon < 100; horizon *= 3) {
            hf_run_options options = {horizon, true, 1000};
            CHECK_INT(hf_timeline_run(few, injects, n, &options, NULL), HF_OK);
            CHECK_INT(hf_timeline_run(more, injects, n + 1, &options, NULL), HF_OK);
            for (int i = 0; i < net->n_entities; i++) CHECK(hf_timeline_level(more, i) <= hf_timeline_level(few, i) + 1e-9);
        }
        hf_timeline_free(few);
        hf_timeline_free(more);
        hf_network_free(net);
    }
}

/* Levels of all entities after each hour at which something changes, at rest included. */
static double level_at(const hf_timeline *tl, int entity, double hour)
{
    double x = 1;
    const hf_change *change = hf_timeline_changes(tl);
    for (int k = 0; k < hf_timeline_change_count(tl) && change[k].at_h <= hour; k++)
        if (change[k].entity == entity) x = change[k].after;
    return x;
}

/* Islands that share: a part of the failures may leave some worse off than all of them, but never below the bound of all. */
static void bounds_hold_for_every_part(void)
{
    static rows_of w;
    int worse = 0, reached = 0, oscillate = 0;
    for (uint64_t seed = 1; seed <= 1500; seed++) {
        recipe r = {.classes = seed % 2, .balance = true, .restarts = seed % 3 == 0, .quarter_hours = seed % 7 < 3};
        rows_make(&w, &r, seed);
        hf_network *net = rows_build(&w, false);
        hf_timeline *bound = NULL, *part = NULL;
        hf_inject injects[8], some[8];
        for (int i = 0; net && i < net->n_entities; i++) net->black_start[i] = seed % 5 == 0 && chance(0.3);
        if (!net || hf_timeline_new(net, &bound) != HF_OK || hf_timeline_new(net, &part) != HF_OK) break;
        int n = injects_make(net, &r, injects, false);
        CHECK_INT(hf_timeline_bound(bound, true), HF_OK);
        CHECK_INT(hf_timeline_run(bound, injects, n, &forever, NULL), HF_OK);
        for (int set = 0; set < 1 << n; set++) {
            int m = 0;
            for (int k = 0; k < n; k++)
                if (set >> k & 1) some[m++] = injects[k];
            hf_err err = hf_timeline_run(part, some, m, &forever, NULL);
            oscillate += err == HF_E_OSCILLATION; /* over time, without end: an error as always; what came before still holds */
            CHECK(err == HF_OK || err == HF_E_OSCILLATION);
            for (int i = 0; i < net->n_entities; i++) {
                worse += hf_timeline_level(part, i) < hf_timeline_level(bound, i) - 1e-9;
                reached += hf_timeline_level(bound, i) < 1 && fabs(hf_timeline_level(part, i) - hf_timeline_level(bound, i)) <= 1e-9;
            }
            for (int k = 0; k < hf_timeline_change_count(part); k++) {
                const hf_change *c = &hf_timeline_changes(part)[k];
                CHECK(level_at(part, c->entity, c->at_h) >= level_at(bound, c->entity, c->at_h) - 1e-9);
            }
        }
        hf_timeline_free(bound);
        hf_timeline_free(part);
        hf_network_free(net);
    }
    CHECK_INT(worse, 0);
    CHECK(reached > 10000 && oscillate < 10);
}

static bool same_changes(const hf_timeline *a, const hf_timeline *b)
{
    int n = hf_timeline_change_count(a);
    if (n != hf_timeline_change_count(b)) return false;
    for (int k = 0; k < n; k++) {
        const hf_change *p = &hf_timeline_changes(a)[k], *q = &hf_timeline_changes(b)[k];
        if (p->at_h != q->at_h || p->since_h != q->since_h || p->before != q->before || p->after != q->after || p->entity != q->entity ||
            p->cause != q->cause || p->kind != q->kind || p->depth != q->depth)
            return false;
    }
    return true;
}

static void order_of_rows_does_not_matter(void)
{
    static rows_of w;
    for (uint64_t seed = 1; seed <= 1500; seed++) {
        recipe r = {.classes = true, .repairs = true, .restarts = true, .balance = seed % 4 == 0, .reach = seed % 4 == 1,
                    .flow = seed % 4 == 2, .dc = seed % 4 == 3};
        rows_make(&w, &r, seed);
        hf_network *net = rows_build(&w, false), *turned = rows_build(&w, true);
        hf_timeline *a = NULL, *b = NULL;
        hf_inject injects[8];
        if (!net || !turned || hf_timeline_new(net, &a) != HF_OK || hf_timeline_new(turned, &b) != HF_OK) break;
        int n = injects_make(net, &r, injects, false);
        CHECK_INT(hf_timeline_run(a, injects, n, NULL, NULL), hf_timeline_run(b, injects, n, NULL, NULL));
        CHECK(same_changes(a, b));
        hf_timeline_free(a);
        hf_timeline_free(b);
        hf_network_free(net);
        hf_network_free(turned);
    }
}

static void undo_restores(void)
{
    static rows_of w;
    for (uint64_t seed = 1; seed <= 1500; seed++) {
        recipe r = {.classes = true, .repairs = true, .restarts = true, .balance = seed % 4 == 0, .reach = seed % 4 == 1,
                    .flow = seed % 4 == 2, .dc = seed % 4 == 3};
        rows_make(&w, &r, seed);
        hf_network *net = rows_build(&w, false);
        hf_timeline *fresh = NULL, *used = NULL;
        hf_inject injects[8], others[8];
        const hf_deadlock *deadlocks;
        int n_deadlocks;
        if (!net || hf_timeline_new(net, &fresh) != HF_OK || hf_timeline_new(net, &used) != HF_OK) break;
        int n_others = injects_make(net, &r, others, false), n = injects_make(net, &r, injects, false);
        hf_timeline_run(used, others, n_others, NULL, NULL);
        CHECK_INT(hf_timeline_deadlocks(used, &deadlocks, &n_deadlocks), HF_OK);
        hf_steady_run(used, others, n_others, NULL);
        CHECK_INT(hf_timeline_run(used, injects, n, NULL, NULL), hf_timeline_run(fresh, injects, n, NULL, NULL));
        CHECK(same_changes(used, fresh));
        hf_timeline_free(fresh);
        hf_timeline_free(used);
        hf_network_free(net);
    }
}

/* Each suppliers-before-effects statement of a fall can be checked: whoever is named as short fell in an earlier change. */
static void causes_are_well_founded(void)
{
    static rows_of w;
    for (uint64_t seed = 1; seed <= 1500; seed++) {
        recipe r = {.classes = true, .repairs = true};
        rows_make(&w, &r, seed);
        hf_network *net = rows_build(&w, false);
        hf_timeline *tl = NULL;
        hf_inject injects[8];
        if (!net || hf_timeline_new(net, &tl) != HF_OK) break;
        int n = injects_make(net, &r, injects, false);
        CHECK_INT(hf_timeline_run(tl, injects, n, NULL, NULL), HF_OK);
        double x[MAX_ENTITIES];
        for (int i = 0; i < net->n_entities; i++) x[i] = 1;
        for (int k = 0; k < hf_timeline_change_count(tl); k++) {
            const hf_change *c = &hf_timeline_changes(tl)[k];
            CHECK_NEAR(c->before, x[c->entity], 1e-12);
            if (c->after < c->before && c->kind == HF_CAUSE_REQUIREMENT) {
                bool any = false;
                for (int s = net->sup_off[c->cause]; s < net->sup_off[c->cause + 1]; s++) any |= x[net->sup_supplier[s]] < 1;
                CHECK(any);
                CHECK(c->since_h <= c->at_h && c->depth > 0);
            }
            x[c->entity] = c->after;
        }
        hf_timeline_free(tl);
        hf_network_free(net);
    }
}

int main(void)
{
    RUN(timeline_equals_failure_times);
    RUN(timeline_ends_in_the_steady_state);
    RUN(timeline_with_limited_lines_ends_in_the_steady_state);
    RUN(timeline_equals_the_straightforward_engine);
    RUN(balance_islands_equal_the_straightforward_engine);
    RUN(limited_lines_equal_the_straightforward_engine);
    RUN(failing_more_never_helps);
    RUN(bounds_hold_for_every_part);
    RUN(order_of_rows_does_not_matter);
    RUN(undo_restores);
    RUN(causes_are_well_founded);
    return tap_done();
}
