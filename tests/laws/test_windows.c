/* Stretches of a run hold what the run holds: their sums, peaks and moves are those of the losses and the changes, on random networks. */
#include <stdlib.h>

#include "base/alloc.h"
#include "model/cascade/losses.h"
#include "model/cascade/windows.h"
#include "tests/support/random_rows.h"
#include "tests/tap.h"

enum { NETWORKS = 300, CUTS = 6 };

static int moves_found, reserves_found;

/* The functionality of an entity just before or at an hour, from the changes alone. */
static double level_at(const hf_timeline *tl, int entity, double hour, bool before)
{
    const hf_change *c = hf_timeline_changes(tl);
    double level = 1;
    for (int k = 0; k < hf_timeline_change_count(tl) && (before ? c[k].at_h < hour : c[k].at_h <= hour); k++)
        if (c[k].entity == entity) level = c[k].after;
    return level;
}

static double users_at(const hf_timeline *tl, const hf_network *net, double hour, bool before)
{
    double users = 0;
    for (int i = 0; i < net->n_entities; i++) users += net->users[i] * (1 - level_at(tl, i, hour, before));
    return users;
}

/* Every move joins the level before its instant to that after it, in order of time, and lies in its window. */
static void moves_check(const hf_timeline *tl, const hf_windows *w)
{
    const hf_change *c = hf_timeline_changes(tl);
    int n = 0;
    for (int k = 0; k < w->n; k++) {
        const hf_window *at = &w->window[k];
        for (int m = 0; m < at->n_moves; m++) {
            const hf_move *move = &at->moves[m];
            CHECK(move->at_h >= at->from_h && (move->at_h < at->to_h || k == w->n - 1));
            CHECK(m == 0 || move->at_h >= at->moves[m - 1].at_h);
            CHECK_NEAR(move->before, level_at(tl, move->entity, move->at_h, true), 0);
            CHECK_NEAR(move->after, level_at(tl, move->entity, move->at_h, false), 0);
            CHECK(c[move->change].entity == move->entity && c[move->change].at_h == move->at_h);
            CHECK((c[move->change].after < c[move->change].before) == (move->after < move->before));
        }
        n += at->n_moves;
    }
    CHECK_INT(n, w->n_moves);
    moves_found += n;
}

/* Each reserve ends in a fall of its entity, for its requirement, short since; none is listed in the window in which it ends. */
static void reserves_check(const hf_timeline *tl, const hf_network *net, const hf_windows *w)
{
    const hf_change *c = hf_timeline_changes(tl);
    for (int k = 0; k < w->n; k++)
        for (int r = 0; r < w->window[k].n_reserves; r++) {
            const hf_reserve *reserve = &w->window[k].reserves[r];
            reserves_found++;
            CHECK(reserve->since_h < w->window[k].to_h && reserve->until_h >= w->window[k].to_h);
            CHECK(r == 0 || reserve->until_h >= w->window[k].reserves[r - 1].until_h);
            CHECK(c[reserve->change].at_h == reserve->until_h && c[reserve->change].cause == reserve->requirement);
            CHECK(c[reserve->change].kind == HF_CAUSE_REQUIREMENT && net->req_entity[reserve->requirement] == reserve->entity);
        }
}

static void sums_check(const hf_timeline *tl, const hf_network *net, const hf_windows *w, const hf_losses *losses)
{
    double user_hours = 0, value = 0, peak = 0;
    for (int k = 0; k < w->n; k++) {
        const hf_window *at = &w->window[k];
        user_hours += at->user_hours;
        value += at->value_eur;
        if (at->users_hit_peak > peak) peak = at->users_hit_peak;
        if (k + 1 < w->n) CHECK_NEAR(at->users_hit_end, users_at(tl, net, at->to_h, true), 1e-6);
        if (k + 1 < w->n) CHECK(at->to_h == w->window[k + 1].from_h);
    }
    CHECK_NEAR(user_hours, losses->user_hours, 1e-6 * (1 + losses->user_hours));
    CHECK_NEAR(value, losses->value_eur, 1e-6 * (1 + losses->value_eur));
    CHECK_NEAR(peak, losses->users_hit_peak, 0);
    CHECK_NEAR(w->window[w->n - 1].to_h, losses->end_h, 0);
    CHECK_NEAR(w->window[0].from_h, 0, 0);
}

static void one_network(const recipe *r, uint64_t seed)
{
    static rows_of rows;
    double cut[CUTS] = {0};
    rows_make(&rows, r, seed);
    hf_network *net = rows_build(&rows, false);
    hf_timeline *tl = NULL;
    hf_losses *losses = NULL;
    hf_windows *windows = NULL;
    hf_inject injects[3];
    hf_run_options options = hf_run_options_default();
    options.horizon_h = 200;
    for (int k = 0; k < 3; k++) injects[k] = (hf_inject){k == 0 ? 0 : hours(r, 40), HF_INJECT_FAIL, below(net->n_entities), 0, NAN};
    for (int k = 1; k < CUTS; k++) cut[k] = cut[k - 1] + 0.25 + hours(r, 60);
    CHECK_INT(hf_timeline_new(net, &tl), HF_OK);
    if (hf_timeline_run(tl, injects, 3, &options, NULL) == HF_OK) {
        CHECK_INT(hf_losses_compute(tl, net, 0.5, &losses), HF_OK);
        CHECK_INT(hf_windows_compute(tl, net, 0.5, cut, CUTS, &windows), HF_OK);
        sums_check(tl, net, windows, losses);
        moves_check(tl, windows);
        reserves_check(tl, net, windows);
    }
    hf_windows_free(windows);
    hf_losses_free(losses);
    hf_timeline_free(tl);
    hf_network_free(net);
}

static void stretches_hold_what_the_run_holds(void)
{
    const recipe plain = {.repairs = true}, full = {.classes = true, .restarts = true, .repairs = true, .balance = true, .quarter_hours = true};
    for (int k = 0; k < NETWORKS; k++) one_network(k % 2 ? &full : &plain, (uint64_t)k);
    CHECK(moves_found > NETWORKS && reserves_found > NETWORKS / 10);
}

static void bad_cuts_are_refused(void)
{
    static rows_of rows;
    const recipe r = {.repairs = true};
    rows_make(&rows, &r, 1);
    hf_network *net = rows_build(&rows, false);
    hf_timeline *tl = NULL;
    hf_windows *windows = NULL;
    const hf_run_options options = {.horizon_h = 10, .event_cap = 1000};
    const hf_inject inject = {0, HF_INJECT_FAIL, 0, 0, NAN};
    const double late[] = {0, 5, 20}, not_zero[] = {1, 2}, twice[] = {0, 3, 3};
    CHECK_INT(hf_timeline_new(net, &tl), HF_OK);
    CHECK_INT(hf_timeline_run(tl, &inject, 1, &options, NULL), HF_OK);
    CHECK_INT(hf_windows_compute(tl, net, 0.5, not_zero, 2, &windows), HF_E_RANGE);
    CHECK_INT(hf_windows_compute(tl, net, 0.5, twice, 3, &windows), HF_E_RANGE);
    CHECK_INT(hf_windows_compute(tl, net, 0, late, 3, &windows), HF_E_RANGE);
    CHECK_INT(hf_windows_compute(tl, net, 0.5, late, 0, &windows), HF_E_RANGE);
    CHECK_INT(hf_windows_compute(tl, net, 0.5, late, 3, &windows), HF_OK);
    CHECK_INT(windows->n, 2);
    for (long n = 1; n < 20; n++) {
        hf_windows *failed = NULL;
        hf_alloc_fail_at(n);
        hf_err err = hf_windows_compute(tl, net, 0.5, late, 3, &failed);
        hf_alloc_fail_at(0);
        CHECK(err == HF_OK || err == HF_E_NOMEM);
        CHECK((failed != NULL) == (err == HF_OK));
        hf_windows_free(failed);
    }
    hf_windows_free(windows);
    hf_timeline_free(tl);
    hf_network_free(net);
}

int main(void)
{
    RUN(stretches_hold_what_the_run_holds);
    RUN(bad_cuts_are_refused);
    return tap_done();
}
