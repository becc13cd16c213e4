/* Running of test cases: the cascade, what is expected of it, and what holds for every cascade. */
#include "tests/cases/case.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/cascade/losses.h"

#define LEVEL_TOLERANCE 1e-9
#define HOUR_TOLERANCE 1e-9

typedef struct runner {
    const test_case *c;
    const char *file;
    hf_timeline *tl;
    int differences;
} runner;

static void differ(runner *r, int line, const char *format, ...) __attribute__((format(printf, 3, 4)));

static void differ(runner *r, int line, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    printf("# %s:%d: ", r->file, line);
    vprintf(format, args);
    printf("\n");
    va_end(args);
    r->differences++;
}

static bool near(double a, double b)
{
    return a == b || fabs(a - b) <= LEVEL_TOLERANCE;
}

/* Functionality from `hour` on, or just before it. */
static double level_at(const runner *r, int entity, double hour, bool before)
{
    const hf_change *changes = hf_timeline_changes(r->tl);
    double x = 1;
    for (int k = 0; k < hf_timeline_change_count(r->tl); k++)
        if (changes[k].entity == entity && changes[k].at_h <= hour + (before ? -HOUR_TOLERANCE : HOUR_TOLERANCE)) x = changes[k].after;
    return x;
}

/* The last change of an entity at an hour, or NULL. */
static const hf_change *change_at(const runner *r, int entity, double hour)
{
    const hf_change *changes = hf_timeline_changes(r->tl), *found = NULL;
    for (int k = 0; k < hf_timeline_change_count(r->tl); k++)
        if (changes[k].entity == entity && fabs(changes[k].at_h - hour) <= HOUR_TOLERANCE) found = &changes[k];
    return found;
}

static double hours_lost(const runner *r, int entity)
{
    const hf_change *changes = hf_timeline_changes(r->tl);
    double x = 1, since = 0, lost = 0;
    for (int k = 0; k < hf_timeline_change_count(r->tl); k++) {
        if (changes[k].entity != entity) continue;
        lost += (1 - x) * (changes[k].at_h - since);
        since = changes[k].at_h;
        x = changes[k].after;
    }
    return lost + (1 - x) * (hf_timeline_end_h(r->tl) - since);
}

/* The words that name a change's cause in a case file: the kind, and the requirement or carrier. */
static const char *cause_words(const runner *r, const hf_change *change, const char **ret_name)
{
    const hf_network *net = r->c->net;
    bool rises = change->after > change->before;
    *ret_name = "";
    switch (change->kind) {
    case HF_CAUSE_INJECT:
        return rises ? "repair" : "inject";
    case HF_CAUSE_REQUIREMENT:
        if (rises) return "supply";
        *ret_name = net->req_labels.name[net->req_label[change->cause]];
        return "requirement";
    case HF_CAUSE_CARRIER:
        *ret_name = net->carrier_id[net->cnode_carrier[change->cause]];
        return "carrier";
    case HF_CAUSE_OVERLOAD:
        *ret_name = net->carrier_id[net->cline_carrier[change->cause]];
        return "overload";
    case HF_CAUSE_RESTART:
        return "restart";
    case HF_CAUSE_BLACK_START:
        return "black-start";
    }
    return "?";
}

static void check_level(runner *r, const case_check *k, int entity)
{
    double x = k->kind == CHECK_END_LEVEL ? hf_timeline_level(r->tl, entity) : level_at(r, entity, k->hour, k->kind == CHECK_BEFORE);
    if (near(x, k->value)) return;
    if (k->kind == CHECK_END_LEVEL) differ(r, k->line, "%s at the end is %.17g, expected %.17g", k->entity, x, k->value);
    else
        differ(r, k->line, "%s %s %g h is %.17g, expected %.17g", k->entity, k->kind == CHECK_BEFORE ? "before" : "at", k->hour, x,
               k->value);
}

static void check_changes(runner *r, const case_check *k, int entity)
{
    int n = 0;
    for (int i = 0; i < hf_timeline_change_count(r->tl); i++) n += hf_timeline_changes(r->tl)[i].entity == entity;
    if (n != k->value) differ(r, k->line, "%s changed %d times, expected %g", k->entity, n, k->value);
}

static void check_user_hours(runner *r, const case_check *k, int entity)
{
    double value = r->c->net->users[entity] * hours_lost(r, entity);
    if (fabs(value - k->value) > LEVEL_TOLERANCE * fmax(1, fabs(k->value)))
        differ(r, k->line, "%s loses %.17g user-hours, expected %.17g", k->entity, value, k->value);
}

static void check_change(runner *r, const case_check *k, int entity)
{
    const hf_change *change = change_at(r, entity, k->hour);
    if (!change) {
        differ(r, k->line, "%s does not change at %g h", k->entity, k->hour);
        return;
    }
    const char *name, *kind = cause_words(r, change, &name), *expected_name = k->n_words > 1 ? k->word[1] : "";
    if (k->kind == CHECK_DEPTH && change->depth != k->value)
        differ(r, k->line, "%s at %g h has depth %d, expected %g", k->entity, k->hour, change->depth, k->value);
    if (k->kind == CHECK_SINCE && !near(change->since_h, k->value))
        differ(r, k->line, "%s at %g h was short since %.17g h, expected %.17g", k->entity, k->hour, change->since_h, k->value);
    if (k->kind == CHECK_CAUSE && (strcmp(kind, k->word[0]) != 0 || strcmp(name, expected_name) != 0))
        differ(r, k->line, "%s at %g h changed by %s %s, expected %s %s", k->entity, k->hour, kind, name, k->word[0], expected_name);
}

static bool same_set(const runner *r, const int *entity, int n, const char *const *word, int n_words)
{
    if (n != n_words) return false;
    for (int i = 0; i < n; i++) {
        bool found = false;
        for (int w = 0; w < n_words; w++) found |= strcmp(r->c->net->id[entity[i]], word[w]) == 0;
        if (!found) return false;
    }
    return true;
}

static void set_print(const runner *r, const int *entity, int n)
{
    for (int i = 0; i < n; i++) printf(" %s", r->c->net->id[entity[i]]);
}

static void check_deadlock(runner *r, const case_check *k)
{
    const hf_deadlock *deadlocks = NULL;
    int n = 0;
    hf_err err = hf_timeline_deadlocks(r->tl, &deadlocks, &n);
    if (err != HF_OK) differ(r, k->line, "deadlocks: %s", hf_err_text(err));
    if (k->kind == CHECK_NO_DEADLOCK && n == 0) return;
    for (int d = 0; d < n && k->kind == CHECK_DEADLOCK; d++)
        if (same_set(r, deadlocks[d].entities, deadlocks[d].n_entities, k->word, k->n_loop) &&
            same_set(r, deadlocks[d].black_start, deadlocks[d].n_black_start, k->word + k->n_loop, k->n_words - k->n_loop))
            return;
    differ(r, k->line, k->kind == CHECK_DEADLOCK ? "no such deadlock among %d" : "%d deadlocks, none expected", n);
    for (int d = 0; d < n; d++) {
        printf("#   deadlock:");
        set_print(r, deadlocks[d].entities, deadlocks[d].n_entities);
        printf(" black-start");
        set_print(r, deadlocks[d].black_start, deadlocks[d].n_black_start);
        printf("\n");
    }
}

static void check_one(runner *r, const case_check *k)
{
    int entity = k->entity ? hf_network_find(r->c->net, k->entity) : -1;
    switch (k->kind) {
    case CHECK_AT:
    case CHECK_BEFORE:
    case CHECK_END_LEVEL:
        check_level(r, k, entity);
        break;
    case CHECK_CHANGES:
        check_changes(r, k, entity);
        break;
    case CHECK_USER_HOURS:
        check_user_hours(r, k, entity);
        break;
    case CHECK_DEPTH:
    case CHECK_CAUSE:
    case CHECK_SINCE:
        check_change(r, k, entity);
        break;
    case CHECK_DEADLOCK:
    case CHECK_NO_DEADLOCK:
        check_deadlock(r, k);
        break;
    case CHECK_END:
        if (!near(hf_timeline_end_h(r->tl), k->value))
            differ(r, k->line, "the run ends at %.17g h, expected %.17g", hf_timeline_end_h(r->tl), k->value);
        break;
    case CHECK_ERROR:
        differ(r, k->line, "the run succeeded, expected: %s", hf_err_text(k->err));
        break;
    }
}

/* Holds for every run: changes come in order of time, each starts where the last one of its entity ended, the last is the final level. */
static void check_changes_chain(runner *r)
{
    const hf_change *changes = hf_timeline_changes(r->tl);
    int n = hf_timeline_change_count(r->tl);
    for (int k = 0; k < n; k++) {
        double before = 1;
        for (int i = 0; i < k; i++)
            if (changes[i].entity == changes[k].entity) before = changes[i].after;
        if (!near(changes[k].before, before) || changes[k].after == changes[k].before || !(changes[k].after >= 0 && changes[k].after <= 1))
            differ(r, 0, "change %d of %s goes from %g to %g, it had %g", k, r->c->net->id[changes[k].entity], changes[k].before,
                   changes[k].after, before);
        if (k > 0 && changes[k].at_h < changes[k - 1].at_h) differ(r, 0, "change %d comes before change %d", k, k - 1);
    }
    for (int e = 0; e < r->c->net->n_entities; e++) {
        double level = hf_timeline_level(r->tl, e), last = level_at(r, e, INFINITY, false);
        if (!near(level, last)) differ(r, 0, "%s ends at %g, its changes say %g", r->c->net->id[e], level, last);
    }
}

/* The losses add up what the changes say. */
static void check_losses(runner *r)
{
    hf_losses *losses = NULL;
    hf_err err = hf_losses_compute(r->tl, r->c->net, 0.5, &losses);
    if (err != HF_OK) {
        differ(r, 0, "losses: %s", hf_err_text(err));
        return;
    }
    for (int k = 0; k < losses->n_entities; k++) {
        int e = losses->entities[k].entity;
        double expected = hours_lost(r, e) * r->c->net->users[e];
        if (fabs(losses->entities[k].user_hours - expected) > LEVEL_TOLERANCE * fmax(1, expected))
            differ(r, 0, "losses give %s %.17g user-hours, its changes %.17g", r->c->net->id[e], losses->entities[k].user_hours, expected);
    }
    hf_losses_free(losses);
}

/* A second run on the same engine must not know of the first. */
static void check_second_run(runner *r)
{
    int n = hf_timeline_change_count(r->tl);
    size_t bytes = (size_t)n * sizeof(hf_change);
    hf_change *first = malloc(bytes + 1);
    if (!first) {
        differ(r, 0, "out of memory");
        return;
    }
    if (n > 0) memcpy(first, hf_timeline_changes(r->tl), bytes);
    hf_err err = hf_timeline_run(r->tl, r->c->injects, r->c->n_injects, &r->c->options, NULL);
    bool same = err == HF_OK && hf_timeline_change_count(r->tl) == n;
    for (int k = 0; same && k < n; k++) {
        const hf_change *a = &first[k], *b = &hf_timeline_changes(r->tl)[k];
        same = a->at_h == b->at_h && a->after == b->after && a->before == b->before && a->entity == b->entity && a->kind == b->kind &&
               a->cause == b->cause && a->depth == b->depth;
    }
    if (!same) differ(r, 0, "a second run on the same engine gives another result");
    free(first);
}

static void changes_print(const runner *r)
{
    for (int k = 0; k < hf_timeline_change_count(r->tl) && k < 60; k++) {
        const hf_change *change = &hf_timeline_changes(r->tl)[k];
        const char *name, *kind = cause_words(r, change, &name);
        printf("#   %12.6f h  %-14s %.12g -> %.12g  %s %s\n", change->at_h, r->c->net->id[change->entity], change->before,
               change->after, kind, name);
    }
}

static void run_failed(runner *r, hf_err err)
{
    for (int k = 0; k < r->c->n_checks; k++)
        if (r->c->checks[k].kind == CHECK_ERROR && r->c->checks[k].err == err) return;
    differ(r, 0, "the run failed: %s", hf_err_text(err));
    for (size_t k = 0; k < hf_diag_kept(r->c->diag); k++) printf("#   %s\n", hf_diag_get(r->c->diag, k)->text);
}

int case_run(test_case *c, const char *file)
{
    runner r = {.c = c, .file = file};
    hf_err err = hf_timeline_new(c->net, &r.tl);
    if (err == HF_OK) err = hf_timeline_run(r.tl, c->injects, c->n_injects, &c->options, c->diag);
    if (err != HF_OK) run_failed(&r, err);
    else {
        for (int k = 0; k < c->n_checks; k++) check_one(&r, &c->checks[k]);
        check_changes_chain(&r);
        check_losses(&r);
        if (r.differences > 0) changes_print(&r);
        check_second_run(&r);
    }
    hf_timeline_free(r.tl);
    return r.differences;
}
