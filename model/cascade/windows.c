#include "model/cascade/windows.h"

#include <math.h>
#include <string.h>

#include "base/alloc.h"

static const double out_slack = 1e-9; /* as in losses.c */

/* What runs along during the walk over the changes. */
typedef struct walk {
    const hf_network *net;
    const hf_change *change;
    int n_changes;
    double out_line;
    hf_windows *to;
    double *level;      /* [entities] */
    int *place;         /* [entities]: move of the present instant, -1 */
    int *fall, *rise;   /* [entities]: its latest change of each kind */
    int *seen;          /* [requirements]: window that listed it last, -1 */
    bool *country;      /* [countries] */
    double users, value; /* lost an hour now */
    double since_h;
    int hit, out;
} walk;

static hf_err walk_new(walk *w)
{
    size_t n = (size_t)w->net->n_entities;
    w->level = hf_malloc(n * sizeof *w->level);
    w->place = hf_malloc(n * sizeof *w->place);
    w->seen = hf_malloc((size_t)w->net->n_requirements * sizeof *w->seen);
    w->country = hf_calloc((size_t)w->net->countries.n, sizeof *w->country);
    w->fall = hf_malloc(n * sizeof *w->fall);
    w->rise = hf_malloc(n * sizeof *w->rise);
    if (!w->level || !w->place || !w->fall || !w->rise || !w->seen || !w->country) return HF_E_NOMEM;
    for (size_t i = 0; i < n; i++) {
        w->level[i] = 1;
        w->place[i] = -1;
    }
    return HF_OK;
}

static void walk_done(walk *w)
{
    hf_free(w->level);
    hf_free(w->place);
    hf_free(w->fall);
    hf_free(w->rise);
    hf_free(w->seen);
    hf_free(w->country);
}

static hf_err windows_new(const hf_timeline *tl, const double *from_h, int n, hf_windows **ret_windows)
{
    double end_h = hf_timeline_end_h(tl);
    if (n < 1 || from_h[0] != 0) return HF_E_RANGE;
    for (int k = 1; k < n; k++)
        if (!(from_h[k] > from_h[k - 1])) return HF_E_RANGE;
    while (n > 1 && from_h[n - 1] > end_h) n--;
    hf_windows *to = hf_calloc(1, sizeof *to);
    if (!to) return HF_E_NOMEM;
    hf_arena_init(&to->memory);
    to->window = hf_arena_calloc(&to->memory, (size_t)n, sizeof *to->window);
    to->moves = hf_arena_calloc(&to->memory, (size_t)hf_timeline_change_count(tl), sizeof *to->moves);
    if (!to->window || !to->moves) {
        hf_windows_free(to);
        return HF_E_NOMEM;
    }
    to->n = n;
    for (int k = 0; k < n; k++) to->window[k] = (hf_window){.from_h = from_h[k], .to_h = k + 1 < n ? from_h[k + 1] : end_h};
    *ret_windows = to;
    return HF_OK;
}

/* Losses of the hours up to `at_h` at the rate of now. */
static void run_to(walk *w, hf_window *window, double at_h)
{
    window->user_hours += w->users * (at_h - w->since_h);
    window->value_eur += w->value * (at_h - w->since_h);
    w->since_h = at_h;
}

static void change_apply(walk *w, int k)
{
    const hf_change *c = &w->change[k];
    hf_windows *to = w->to;
    int i = c->entity;
    w->hit += (c->after < 1) - (c->before < 1);
    w->out += (c->after < w->out_line) - (w->level[i] < w->out_line);
    w->users += w->net->users[i] * (c->before - c->after);
    w->value += w->net->value_eur_h[i] * (c->before - c->after);
    if (w->hit == 0) w->users = w->value = 0;
    w->level[i] = c->after;
    if (c->after < c->before) w->fall[i] = k;
    else w->rise[i] = k;
    if (w->place[i] < 0) {
        w->place[i] = to->n_moves;
        to->moves[to->n_moves++] = (hf_move){i, c->at_h, c->before, c->after, k};
        return;
    }
    to->moves[w->place[i]].after = c->after;
}

/* Moves of one instant: those that came to nothing go, the others get their explanation. */
static void instant_end(walk *w, int from_move)
{
    hf_windows *to = w->to;
    int kept = from_move;
    for (int m = from_move; m < to->n_moves; m++) {
        hf_move move = to->moves[m];
        w->place[move.entity] = -1;
        if (move.before == move.after) continue;
        move.change = move.after < move.before ? w->fall[move.entity] : w->rise[move.entity];
        to->moves[kept++] = move;
    }
    to->n_moves = kept;
}

static void window_walk(walk *w, hf_window *window, int *at, bool is_last)
{
    int from_move = w->to->n_moves;
    window->users_hit_peak = w->users;
    while (*at < w->n_changes && (is_last || w->change[*at].at_h < window->to_h)) {
        int instant = w->to->n_moves;
        double at_h = w->change[*at].at_h;
        run_to(w, window, at_h);
        while (*at < w->n_changes && w->change[*at].at_h == at_h) change_apply(w, (*at)++);
        instant_end(w, instant);
        /* What was carried into the window counts only if it holds for any time. */
        if (at_h == window->from_h || w->users > window->users_hit_peak) window->users_hit_peak = w->users;
    }
    run_to(w, window, window->to_h);
    window->users_hit_end = w->users;
    window->entities_out_end = w->out;
    window->moves = w->to->moves + from_move;
    window->n_moves = w->to->n_moves - from_move;
}

static hf_err countries_list(walk *w, hf_window *window)
{
    const hf_network *net = w->net;
    memset(w->country, 0, (size_t)net->countries.n * sizeof *w->country);
    for (int m = 0; m < window->n_moves; m++) {
        const hf_move *move = &window->moves[m];
        if (move->after >= move->before) continue;
        w->country[net->country[move->entity]] = true;
        for (int a = net->abroad_off[move->entity]; a < net->abroad_off[move->entity + 1]; a++) w->country[net->abroad_country[a]] = true;
    }
    int *list = hf_arena_calloc(&w->to->memory, (size_t)net->countries.n, sizeof *list);
    if (!list) return HF_E_NOMEM;
    for (int c = 0; c < net->countries.n; c++)
        if (w->country[c]) list[window->n_countries++] = c;
    window->countries = list;
    return HF_OK;
}

/* Whether a fall is a reserve that ran out: its supply had been short before, and none of its suppliers fell at that instant. */
static bool is_run_out(const walk *w, const hf_change *c, const double *fell_h)
{
    if (c->kind != HF_CAUSE_REQUIREMENT || c->after >= c->before || c->since_h >= c->at_h) return false;
    for (int s = w->net->sup_off[c->cause]; s < w->net->sup_off[c->cause + 1]; s++)
        if (fell_h[w->net->sup_supplier[s]] == c->at_h) return false;
    return true;
}

/* Falls after a reserve ran out, in order of time: the first of each outage of a requirement. */
static hf_err reserves_find(walk *w)
{
    hf_windows *to = w->to;
    double *since = hf_malloc((size_t)w->net->n_requirements * sizeof *since), *fell_h = hf_malloc((size_t)w->net->n_entities * sizeof *fell_h);
    to->reserves = hf_arena_calloc(&to->memory, (size_t)w->n_changes, sizeof *to->reserves);
    if (!since || !fell_h || !to->reserves) {
        hf_free(since);
        hf_free(fell_h);
        return HF_E_NOMEM;
    }
    for (int g = 0; g < w->net->n_requirements; g++) since[g] = -1;
    for (int i = 0; i < w->net->n_entities; i++) fell_h[i] = -1;
    for (int k = 0; k < w->n_changes; k++) {
        const hf_change *c = &w->change[k];
        if (c->after < c->before) fell_h[c->entity] = c->at_h;
        if (!is_run_out(w, c, fell_h) || since[c->cause] == c->since_h) continue;
        since[c->cause] = c->since_h;
        to->reserves[to->n_reserves++] = (hf_reserve){c->entity, c->cause, c->since_h, c->at_h, k};
    }
    hf_free(since);
    hf_free(fell_h);
    return HF_OK;
}

/* Those of the window at `index`; each entity and requirement once. */
static hf_err reserves_list(walk *w, int index)
{
    hf_windows *to = w->to;
    hf_window *window = &to->window[index];
    int n = 0;
    if (index == to->n - 1) return HF_OK;
    for (int k = 0; k < to->n_reserves; k++) n += to->reserves[k].since_h < window->to_h && to->reserves[k].until_h >= window->to_h;
    hf_reserve *list = hf_arena_calloc(&to->memory, (size_t)n, sizeof *list);
    if (!list) return HF_E_NOMEM;
    for (int k = 0; k < to->n_reserves; k++) {
        const hf_reserve *r = &to->reserves[k];
        if (!(r->since_h < window->to_h && r->until_h >= window->to_h) || w->seen[r->requirement] == index) continue;
        w->seen[r->requirement] = index;
        list[window->n_reserves++] = *r;
    }
    window->reserves = list;
    return HF_OK;
}

hf_err hf_windows_compute(const hf_timeline *tl, const hf_network *net, double out_below, const double *from_h, int n, hf_windows **ret_windows)
{
    walk w = {.net = net, .change = hf_timeline_changes(tl), .n_changes = hf_timeline_change_count(tl), .out_line = out_below - out_slack};
    hf_err err;
    int at = 0;
    if (!(out_below > 0 && out_below <= 1)) return HF_E_RANGE;
    HF_TRY(windows_new(tl, from_h, n, &w.to));
    HF_TRY(walk_new(&w));
    for (int g = 0; g < net->n_requirements; g++) w.seen[g] = -1;
    for (int k = 0; k < w.to->n; k++) window_walk(&w, &w.to->window[k], &at, k == w.to->n - 1);
    HF_TRY(reserves_find(&w));
    for (int k = 0; k < w.to->n; k++) {
        HF_TRY(countries_list(&w, &w.to->window[k]));
        HF_TRY(reserves_list(&w, k));
    }
    *ret_windows = w.to;
    w.to = NULL;
out:
    walk_done(&w);
    hf_windows_free(w.to);
    return err;
}

void hf_windows_free(hf_windows *windows)
{
    if (!windows) return;
    hf_arena_done(&windows->memory);
    hf_free(windows);
}
