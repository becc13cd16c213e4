/* The event loop: from instant to instant, exact because nothing changes in between. */
#include "model/cascade/carrier_rules.h"

#include <math.h>
#include <stdio.h>

#include "base/alloc.h"

hf_run_options hf_run_options_default(void)
{
    return (hf_run_options){.horizon_h = 720, .no_repair = false, .event_cap = 1000};
}

hf_err hf_injects_check(const hf_timeline *tl, const hf_inject *injects, int n, hf_diag *diag)
{
    hf_err err = HF_OK;
    for (int k = 0; k < n; k++) {
        const hf_inject *in = &injects[k];
        if (in->entity >= 0 && in->entity < tl->net->n_entities && in->at_h >= 0 && isfinite(in->at_h) && in->level >= 0 && in->level <= 1 &&
            !(in->repair_h < 0))
            continue;
        hf_diag_add(diag, HF_ERROR, HF_E_RANGE, NULL, 0, 0,
                    "inject %d: entity %d, hour %g, level %g, repair after %g h is out of range (allowed: a known entity, hour >= 0, level "
                    "0 to 1, repair >= 0)",
                    k + 1, in->entity, in->at_h, in->level, in->repair_h);
        err = HF_E_RANGE;
    }
    return err;
}

static void availability_lower(hf_timeline *tl, int inject)
{
    const hf_inject *in = &tl->injects[inject];
    hf_entity_state *e = &tl->e[in->entity];
    hf_touch_entity(tl, in->entity);
    if (in->level < e->avail) {
        e->avail = in->level;
        e->inject = inject;
        hf_work_push(tl, in->entity);
    }
    e->repair_version++; /* new damage puts an earlier repair off */
    double repair_h = isnan(in->repair_h) ? tl->net->repair_h[in->entity] : in->repair_h;
    if (in->kind != HF_INJECT_FAIL || tl->options.no_repair || isnan(repair_h)) return;
    hf_err err = hf_event_push(tl, (hf_event){tl->now + repair_h, HF_EVENT_REPAIR, in->entity, e->repair_version});
    if (err != HF_OK && tl->err == HF_OK) tl->err = err;
}

static void availability_raise(hf_timeline *tl, int entity, double level)
{
    hf_entity_state *e = &tl->e[entity];
    hf_touch_entity(tl, entity);
    if (level <= e->avail) return;
    e->avail = level;
    if (level == 1) {
        e->inject = -1;
        e->repair_version++;
    }
    e->repaired = true;
    hf_work_push(tl, entity);
}

static bool event_is_stale(const hf_timeline *tl, const hf_event *event)
{
    switch (event->kind) {
    case HF_EVENT_CLOCK:
        return event->version != tl->r[event->index].version;
    case HF_EVENT_REPAIR:
        return event->version != tl->e[event->index].repair_version;
    case HF_EVENT_RESTART:
        return event->version != tl->e[event->index].restart_version || !tl->e[event->index].held;
    case HF_EVENT_INJECT:
        break;
    }
    return false;
}

static void clock_cross(hf_timeline *tl, int g)
{
    const hf_network *net = tl->net;
    hf_requirement_state *r = &tl->r[g];
    r->clock = net->curve_h[net->curve_off[net->req_curve[g]] + r->event_step]; /* exactly, not up to rounding */
    r->clock_at = tl->now;
    hf_touch_requirement(tl, g);
    hf_work_push_supply(tl, g);
}

static bool inject_falls(const hf_inject *in)
{
    return in->kind == HF_INJECT_FAIL || in->kind == HF_INJECT_DEGRADE;
}

/* Falls act at once; what rises at this instant waits until they have settled. */
static void event_fall(hf_timeline *tl, const hf_event *event)
{
    if (event->kind == HF_EVENT_CLOCK) clock_cross(tl, event->index);
    else if (event->kind == HF_EVENT_INJECT && inject_falls(&tl->injects[event->index])) availability_lower(tl, event->index);
}

static void event_rise(hf_timeline *tl, const hf_event *event)
{
    switch (event->kind) {
    case HF_EVENT_INJECT:
        if (!inject_falls(&tl->injects[event->index])) {
            const hf_inject *in = &tl->injects[event->index];
            availability_raise(tl, in->entity, in->kind == HF_INJECT_REPAIR ? 1 : in->level);
        }
        break;
    case HF_EVENT_REPAIR:
        availability_raise(tl, event->index, 1);
        break;
    case HF_EVENT_RESTART:
        tl->e[event->index].released = true;
        hf_touch_entity(tl, event->index);
        hf_work_push(tl, event->index);
        break;
    case HF_EVENT_CLOCK:
        break;
    }
}

static hf_err clock_schedule(hf_timeline *tl, int g)
{
    const hf_network *net = tl->net;
    hf_requirement_state *r = &tl->r[g];
    tl->r_flags[g] &= (unsigned char)~HF_R_IN_INSTANT;
    if (r->supply == r->event_supply && r->step == r->event_step) return HF_OK;
    int first = net->curve_off[net->req_curve[g]], steps = net->curve_off[net->req_curve[g] + 1] - first;
    r->version++;
    r->event_supply = r->supply;
    r->event_step = r->step;
    if (r->supply >= 1 || r->step == steps) return HF_OK;
    double wait = (net->curve_h[first + r->step] - r->clock) / (1 - r->supply);
    return hf_event_push(tl, (hf_event){tl->now + wait, HF_EVENT_CLOCK, g, r->version});
}

/* Starts, keeps or breaks the restart clock of an entity that is held. */
static hf_err restart_schedule(hf_timeline *tl, int entity)
{
    hf_entity_state *e = &tl->e[entity];
    int requirement;
    e->in_instant = e->released = e->repaired = e->started = false;
    if (!e->held) {
        e->hold_since = NAN;
        return HF_OK;
    }
    double allowed = hf_conditions(tl, entity, &requirement);
    if (allowed < e->start_level) allowed = e->start_level;
    if (allowed < tl->net->restart_below[entity]) {
        e->hold_since = NAN;
        e->restart_version++;
        return HF_OK;
    }
    if (!isnan(e->hold_since)) return HF_OK;
    e->hold_since = tl->now;
    return hf_event_push(tl, (hf_event){tl->now + tl->net->restart_h[entity], HF_EVENT_RESTART, entity, ++e->restart_version});
}

/* Names up to five of the entities that changed most often. */
static hf_err oscillation_report(hf_timeline *tl)
{
    char names[512];
    int used = 0, shown = 0;
    for (int k = 0; k < tl->touched_e.n && shown < 5; k++) {
        int i = tl->touched_e.item[k];
        if (tl->e[i].changes < tl->options.event_cap / 2) continue;
        used += snprintf(names + used, sizeof names - (size_t)used, "%s%.80s", shown++ ? ", " : "", tl->net->id[i]);
    }
    hf_diag_add(tl->diag, HF_ERROR, HF_E_OSCILLATION, NULL, 0, 0, "the cascade oscillates: %s changed more than %d times each by %g h", names,
                tl->options.event_cap / 2, tl->now);
    return HF_E_OSCILLATION;
}

static hf_err instant_finish(hf_timeline *tl)
{
    hf_err err = HF_OK;
    bool over = false;
    for (int k = 0; k < tl->instant_r.n; k++) HF_TRY(clock_schedule(tl, tl->instant_r.item[k]));
    for (int k = 0; k < tl->instant_e.n; k++) {
        HF_TRY(restart_schedule(tl, tl->instant_e.item[k]));
        over |= tl->e[tl->instant_e.item[k]].changes > tl->options.event_cap;
    }
    tl->instant_r.n = tl->instant_e.n = 0;
    if (over) err = oscillation_report(tl);
out:
    return err;
}

/* Handles all events of the instant tl->now. `first` is already taken from the heap. */
static hf_err instant_run(hf_timeline *tl, hf_event first)
{
    hf_err err = HF_OK;
    size_t rises = 0;
    hf_event event = first;
    bool more = true;
    tl->instant_first_change = tl->n_changes;
    while (more) {
        if (!event_is_stale(tl, &event)) {
            tl->event_count++;
            event_fall(tl, &event);
            if (event.kind != HF_EVENT_CLOCK) {
                HF_TRY(hf_grow((void **)&tl->rises, &tl->rises_capacity, rises + 1, sizeof *tl->rises));
                tl->rises[rises++] = event;
            }
        }
        more = tl->n_events > 0 && tl->events[0].at_h <= tl->now + HF_SAME_INSTANT_H && hf_event_pop(tl, &event);
    }
    hf_settle(tl, HF_FALLING);
    /* A restart whose conditions broke at this very instant is not released: entity_rise checks them again. */
    for (size_t k = 0; k < rises; k++)
        if (!event_is_stale(tl, &tl->rises[k])) event_rise(tl, &tl->rises[k]);
    hf_locked_retry(tl);
    HF_TRY(hf_settle_rest(tl));
    if (tl->has_black_start && !tl->bounding) HF_TRY(hf_black_start(tl));
    HF_TRY(instant_finish(tl));
out:
    return err != HF_OK ? err : tl->err;
}

static hf_err run(hf_timeline *tl, int n_injects)
{
    hf_err err = HF_OK;
    for (int k = 0; k < n_injects; k++) HF_TRY(hf_event_push(tl, (hf_event){tl->injects[k].at_h, HF_EVENT_INJECT, k, 0}));
    if (tl->short_comps.n > 0) {
        tl->now = 0;
        tl->instant_first_change = 0;
        for (int k = 0; k < tl->short_comps.n; k++) hf_work_push(tl, tl->net->n_entities + tl->short_comps.item[k]);
        hf_settle(tl, HF_FALLING);
        HF_TRY(hf_settle_rest(tl));
        HF_TRY(instant_finish(tl));
    }
    double last = 0;
    for (hf_event event; hf_event_pop(tl, &event);) {
        if (event_is_stale(tl, &event)) continue;
        if (event.at_h > tl->options.horizon_h) break;
        if (event.at_h > tl->now + HF_SAME_INSTANT_H) hf_lines_close(tl); /* hour 0 may have had its falls already */
        tl->now = last = event.at_h;
        HF_TRY(instant_run(tl, event));
    }
    tl->end_h = isinf(tl->options.horizon_h) ? last : tl->options.horizon_h;
    tl->now = tl->end_h;
out:
    return err;
}

hf_err hf_timeline_run(hf_timeline *tl, const hf_inject *injects, int n_injects, const hf_run_options *options, hf_diag *diag)
{
    hf_engine_undo(tl);
    tl->injects = injects;
    tl->options = options ? *options : hf_run_options_default();
    tl->diag = diag;
    tl->steady = tl->restarts_off = false;
    tl->now = tl->end_h = 0;
    hf_err err = hf_injects_check(tl, injects, n_injects, diag);
    if (err == HF_OK && !(tl->options.horizon_h > 0)) {
        hf_diag_add(diag, HF_ERROR, HF_E_RANGE, NULL, 0, 0, "horizon %g h is out of range (allowed: more than 0)", tl->options.horizon_h);
        err = HF_E_RANGE;
    }
    if (err == HF_OK) err = run(tl, n_injects);
    tl->diag = NULL;
    tl->injects = NULL;
    return err;
}

hf_err hf_timeline_bound(hf_timeline *tl, bool on)
{
    hf_engine_undo(tl);
    if (on && !tl->bound) {
        hf_err err = hf_bound_new(tl, &tl->bound);
        if (err != HF_OK) return err;
    }
    tl->bounding = on;
    return HF_OK;
}

int hf_timeline_change_count(const hf_timeline *tl)
{
    return (int)tl->n_changes;
}

const hf_change *hf_timeline_changes(const hf_timeline *tl)
{
    return tl->changes;
}

long hf_timeline_event_count(const hf_timeline *tl)
{
    return tl->event_count;
}

double hf_timeline_end_h(const hf_timeline *tl)
{
    return tl->end_h;
}

bool hf_timeline_locked_out(const hf_timeline *tl)
{
    return tl->locked_out;
}

double hf_timeline_level(const hf_timeline *tl, int entity)
{
    return tl->x[entity];
}

double hf_timeline_availability(const hf_timeline *tl, int entity)
{
    return tl->e[entity].avail;
}
