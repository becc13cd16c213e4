#include "model/coupling.h"

#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "model/coupling_inside.h"

enum { HOURS = 24 };

static const hf_coupling_part EVERYTHING = {-1, true, true, true, false};

static bool are_shares(const double *values, size_t n)
{
    for (size_t k = 0; k < n; k++)
        if (!(values[k] >= 0 && values[k] <= 1)) return false;
    return true;
}

static hf_err gates_check(const hf_coupling *c)
{
    const hf_coupling_gates *g = c->gates;
    if (!g) return HF_OK;
    for (int k = 0; k < g->n_limits; k++) {
        const hf_coupling_limit *l = &g->limits[k];
        if (l->sector < -1 || l->sector >= c->n_sectors || l->from < -1 || l->from >= c->n_regions || l->to < -1 || l->to >= c->n_regions ||
            !are_shares(l->lost, (size_t)c->days))
            return HF_E_RANGE;
    }
    if (!g->corridors) return HF_OK;
    if (g->corridors->n_regions != c->n_regions) return HF_E_RANGE;
    for (int i = 0; i < c->n_sectors; i++)
        if (g->sector_goods[i] < -1 || g->sector_goods[i] >= g->corridors->n_goods) return HF_E_RANGE;
    for (int k = 0; k < g->corridors->n_gates; k++)
        if (g->corridors->gate[k].entity >= c->net->n_entities) return HF_E_RANGE;
    return !g->given || are_shares(g->given, (size_t)g->corridors->n_gates * (size_t)c->days) ? HF_OK : HF_E_RANGE;
}

static hf_err check(const hf_coupling *c)
{
    int n_industries = c->n_regions * c->n_sectors;
    if (c->days < 1) return HF_E_RANGE;
    for (int k = 0; k < c->n_links; k++) {
        const hf_coupling_link *l = &c->links[k];
        if (l->industry < 0 || l->industry >= n_industries || l->entity < 0 || l->entity >= c->net->n_entities || !(l->share >= 0 && l->share <= 1))
            return HF_E_RANGE;
    }
    for (int k = 0; k < c->n_back; k++)
        if (c->back[k].industry < 0 || c->back[k].industry >= n_industries || c->back[k].entity < 0 || c->back[k].entity >= c->net->n_entities)
            return HF_E_RANGE;
    return gates_check(c);
}

static int gates_of(const hf_coupling *c)
{
    return c->gates && c->gates->corridors ? c->gates->corridors->n_gates : 0;
}

static int lanes_of(const hf_coupling *c)
{
    return c->gates && c->gates->corridors ? c->gates->corridors->n_lanes : 0;
}

/* Takes (1 - level) x hours off the days between two times. */
static void lost_add(double *lost, int days, double from, double to, double level)
{
    if (level >= 1) return;
    for (int day = (int)(from / HOURS); day < days && day * HOURS < to; day++) {
        double begin = fmax(from, day * HOURS), end = fmin(to, (day + 1) * HOURS);
        if (end > begin) lost[day] += (1 - level) * (end - begin) / HOURS;
    }
}

/* Mean loss of functionality of each linked entity on each day: lost [row x days], row of an entity by `row_of` [n_entities], -1 for others. */
static void daily_losses(const hf_timeline *tl, const int *row_of, int n_entities, int days, double *lost, double *level, double *since)
{
    const hf_change *change = hf_timeline_changes(tl);
    for (int i = 0; i < n_entities; i++) level[i] = 1, since[i] = 0;
    for (int k = 0; k < hf_timeline_change_count(tl); k++) {
        int i = change[k].entity;
        if (row_of[i] < 0) continue;
        lost_add(lost + (size_t)row_of[i] * (size_t)days, days, since[i], change[k].at_h, level[i]);
        level[i] = change[k].after;
        since[i] = change[k].at_h;
    }
    for (int i = 0; i < n_entities; i++)
        if (row_of[i] >= 0) lost_add(lost + (size_t)row_of[i] * (size_t)days, days, since[i], (double)days * HOURS, level[i]);
}

/* What the runs share. */
typedef struct work {
    int *row_of, n_rows;         /* rows of linked entities and of gates */
    double *lost;                /* [n_rows x days] */
    double *level, *since;       /* [n_entities] */
    hf_inject *injects;          /* the scenario's, then those that come back */
    int n_injects;
    size_t capacity;
} work;

static void work_done(work *w)
{
    hf_free(w->row_of);
    hf_free(w->lost);
    hf_free(w->level);
    hf_free(w->since);
    hf_free(w->injects);
}

static hf_err work_init(work *w, const hf_coupling *c)
{
    size_t n = (size_t)c->net->n_entities;
    w->row_of = hf_malloc(n * sizeof *w->row_of);
    w->level = hf_malloc(n * sizeof *w->level);
    w->since = hf_malloc(n * sizeof *w->since);
    if (!w->row_of || !w->level || !w->since) return HF_E_NOMEM;
    for (size_t i = 0; i < n; i++) w->row_of[i] = -1;
    for (int k = 0; k < c->n_links; k++)
        if (w->row_of[c->links[k].entity] < 0) w->row_of[c->links[k].entity] = w->n_rows++;
    for (int k = 0; k < gates_of(c); k++) {
        int entity = c->gates->corridors->gate[k].entity;
        if (entity >= 0 && w->row_of[entity] < 0) w->row_of[entity] = w->n_rows++;
    }
    w->lost = hf_calloc((size_t)w->n_rows * (size_t)c->days, sizeof *w->lost);
    hf_err err = hf_grow((void **)&w->injects, &w->capacity, (size_t)c->n_injects + 1, sizeof *w->injects);
    if (!w->lost) return HF_E_NOMEM;
    if (err == HF_OK && c->n_injects > 0) memcpy(w->injects, c->injects, (size_t)c->n_injects * sizeof *w->injects);
    w->n_injects = c->n_injects;
    return err;
}

static hf_err timeline_run(const hf_coupling *c, work *w, hf_timeline *tl, hf_diag *diag)
{
    hf_run_options options = c->run;
    options.horizon_h = (double)c->days * HOURS;
    hf_err err = hf_timeline_run(tl, w->injects, w->n_injects, &options, diag);
    if (err != HF_OK) return err;
    memset(w->lost, 0, (size_t)w->n_rows * (size_t)c->days * sizeof *w->lost);
    daily_losses(tl, w->row_of, c->net->n_entities, c->days, w->lost, w->level, w->since);
    return HF_OK;
}

/* What a part of it all means day by day: capacity lost, gates, lanes. */
typedef struct effects {
    double *loss;       /* [n_industries x days] */
    double *phi, *late; /* [n_lanes x days]; late as a share of the lane's longest route */
    double *beta;       /* [n_gates] of the day */
    hf_ways ways;
    hf_adaptive_shock *shocks;
    int n_shocks;
    size_t capacity;
} effects;

static void effects_done(effects *e)
{
    hf_free(e->loss);
    hf_free(e->shocks);
    hf_ways_done(&e->ways);
    *e = (effects){0};
}

static hf_err effects_init(effects *e, const hf_coupling *c, bool detours)
{
    size_t days = (size_t)c->days, lanes = (size_t)lanes_of(c), losses = (size_t)c->n_regions * (size_t)c->n_sectors * days;
    hf_ways_init(&e->ways, c, detours);
    e->loss = hf_calloc(losses + 2 * lanes * days + (size_t)gates_of(c), sizeof *e->loss);
    if (!e->loss) return HF_E_NOMEM;
    e->phi = e->loss + losses;
    e->late = e->phi + lanes * days;
    e->beta = e->late + lanes * days;
    return HF_OK;
}

static bool is_of(const hf_coupling *c, int entity, int country)
{
    return country < 0 || c->net->country[entity] == country;
}

/* Delta of every industry on a day: loss [n_industries x days]. */
static void industry_losses(const hf_coupling *c, const work *w, int day, int country, double *loss)
{
    size_t n = (size_t)c->n_regions * (size_t)c->n_sectors, days = (size_t)c->days;
    for (size_t f = 0; f < n; f++) loss[f * days + (size_t)day] = 0;
    for (int k = 0; k < c->n_links; k++) {
        const hf_coupling_link *l = &c->links[k];
        if (is_of(c, l->entity, country))
            loss[(size_t)l->industry * days + (size_t)day] += l->share * w->lost[(size_t)w->row_of[l->entity] * days + (size_t)day];
    }
    for (size_t f = 0; f < n; f++) loss[f * days + (size_t)day] = fmin(1, loss[f * days + (size_t)day]);
}

/* How far the gates are open on a day: beta [n_gates]. */
static void gates_open(const hf_coupling *c, const work *w, const hf_coupling_part *part, int day, double *beta)
{
    size_t days = (size_t)c->days;
    for (int k = 0; k < gates_of(c); k++) {
        int entity = c->gates->corridors->gate[k].entity;
        beta[k] = 1;
        if (part->gates && entity >= 0 && is_of(c, entity, part->country)) beta[k] = fmax(0, 1 - w->lost[(size_t)w->row_of[entity] * days + (size_t)day]);
        if (part->given && c->gates->given) beta[k] = fmin(beta[k], c->gates->given[(size_t)k * days + (size_t)day]);
    }
}

/* Everything that a part means on one day. */
static hf_err effects_day(effects *e, const hf_coupling *c, const work *w, const hf_coupling_part *part, int day)
{
    hf_err err = HF_OK;
    const double *phi = NULL, *longer = NULL;
    if (part->capacity) industry_losses(c, w, day, part->country, e->loss);
    if (gates_of(c) == 0) return HF_OK;
    gates_open(c, w, part, day, e->beta);
    HF_TRY(hf_ways_find(&e->ways, e->beta, &phi, &longer));
    for (int l = 0; l < lanes_of(c); l++) {
        double longest = hf_lane_longest(c->gates->corridors, l);
        size_t at = (size_t)l * (size_t)c->days + (size_t)day;
        e->phi[at] = fmin(1, phi[l]);
        e->late[at] = longest > 0 ? fmin(1, longer[l] / longest) : 0;
    }
out:
    return err;
}

static hf_err effects_all(effects *e, const hf_coupling *c, const work *w, const hf_coupling_part *part)
{
    hf_err err = HF_OK;
    for (int day = 0; day < c->days; day++) HF_TRY(effects_day(e, c, w, part, day));
out:
    return err;
}

hf_err hf_coupling_losses(const hf_coupling *coupling, hf_timeline *tl, double *ret_loss, hf_diag *diag)
{
    work w = {0};
    hf_err err = check(coupling);
    if (err != HF_OK) return err;
    HF_TRY(work_init(&w, coupling));
    HF_TRY(timeline_run(coupling, &w, tl, diag));
    for (int day = 0; day < coupling->days; day++) industry_losses(coupling, &w, day, -1, ret_loss);
out:
    work_done(&w);
    return err;
}

hf_err hf_coupling_ways(const hf_coupling *coupling, hf_timeline *tl, double *ret_beta, double *ret_phi, double *ret_late, hf_diag *diag)
{
    work w = {0};
    effects e = {0};
    size_t days = (size_t)coupling->days, lanes = (size_t)lanes_of(coupling);
    hf_err err = check(coupling);
    if (err != HF_OK) return err;
    HF_TRY(work_init(&w, coupling));
    HF_TRY(timeline_run(coupling, &w, tl, diag));
    HF_TRY(effects_init(&e, coupling, true));
    for (int day = 0; day < coupling->days; day++) {
        HF_TRY(effects_day(&e, coupling, &w, &EVERYTHING, day));
        for (int k = 0; k < gates_of(coupling); k++) ret_beta[(size_t)k * days + (size_t)day] = e.beta[k];
    }
    memcpy(ret_phi, e.phi, lanes * days * sizeof *ret_phi);
    for (size_t k = 0; k < lanes * days; k++) ret_late[k] = e.late[k] * hf_lane_longest(coupling->gates->corridors, (int)(k / days));
out:
    effects_done(&e);
    work_done(&w);
    return err;
}

/* From the next day on the entities that stand for industries work as those delivered today. */
static hf_err deliveries_send_back(const hf_coupling *c, work *w, int next_day, const double *delivered, double *standing, int *ret_changed)
{
    *ret_changed = 0;
    for (int k = 0; k < c->n_back; k++) {
        double level = fmax(0, fmin(1, delivered[c->back[k].industry]));
        if (fabs(level - standing[k]) < 1e-9) continue;
        hf_err err = hf_grow((void **)&w->injects, &w->capacity, (size_t)w->n_injects + 1, sizeof *w->injects);
        if (err != HF_OK) return err;
        w->injects[w->n_injects++] = (hf_inject){(double)next_day * HOURS, level < standing[k] ? HF_INJECT_DEGRADE : HF_INJECT_RESTORE,
                                                 c->back[k].entity, level, NAN};
        standing[k] = level;
        ++*ret_changed;
    }
    return HF_OK;
}

/* A capacity shock for each industry that loses anything, given day by day, and what happens to trade (`all_lanes`: to all that may). The
 * arrays of `e` must outlive the scenario. */
static hf_err shocks_make(effects *e, const hf_coupling *c, const hf_coupling_part *part, bool all_lanes)
{
    hf_err err = HF_OK;
    e->n_shocks = 0;
    for (int f = 0; f < c->n_regions * c->n_sectors; f++) {
        const double *row = e->loss + (size_t)f * (size_t)c->days;
        bool any = false;
        for (int day = 0; day < c->days; day++) any |= row[day] > 0;
        if (!any) continue;
        HF_TRY(hf_grow((void **)&e->shocks, &e->capacity, (size_t)e->n_shocks + 1, sizeof *e->shocks));
        e->shocks[e->n_shocks++] = (hf_adaptive_shock){.kind = HF_SHOCK_CAPACITY, .region = f / c->n_sectors, .sector = f % c->n_sectors, .partner = -1,
                                                       .size = 1, .curve = HF_CURVE_GIVEN, .given = row, .n_given = c->days};
    }
    for (int k = 0; part->given && k < c->n_shocks; k++) {
        HF_TRY(hf_grow((void **)&e->shocks, &e->capacity, (size_t)e->n_shocks + 1, sizeof *e->shocks));
        e->shocks[e->n_shocks++] = c->shocks[k];
    }
    HF_TRY(hf_ways_shocks(c, part, e->phi, e->late, all_lanes, &e->shocks, &e->capacity, &e->n_shocks));
out:
    return err;
}

/* Day by day: the timeline again with all that came back so far (what comes later cannot change an earlier day), then the economy's day. The
 * shocks on trade are there from the start and read a day's shares when it comes. */
static hf_err days_run(effects *e, const hf_coupling *c, work *w, hf_timeline *tl, hf_adaptive *model, int *ret_back, hf_diag *diag)
{
    hf_err err = HF_OK;
    size_t n = (size_t)c->n_regions * (size_t)c->n_sectors;
    double *delivered = hf_malloc(n * sizeof *delivered), *standing = hf_malloc((size_t)c->n_back * sizeof *standing);
    hf_adaptive_scenario scenario = {0};
    if (!delivered || !standing) HF_TRY(HF_E_NOMEM);
    for (int k = 0; k < c->n_back; k++) standing[k] = 1;
    HF_TRY(shocks_make(e, c, &EVERYTHING, true));
    scenario = (hf_adaptive_scenario){e->shocks, e->n_shocks};
    HF_TRY(hf_adaptive_start(model, &scenario, 1, diag));
    for (int day = 0; day < c->days; day++) {
        int changed = 0;
        HF_TRY(timeline_run(c, w, tl, diag));
        HF_TRY(effects_day(e, c, w, &EVERYTHING, day));
        for (size_t f = 0; f < n; f++) HF_TRY(hf_adaptive_loss_set(model, 0, (int)f, e->loss[f * (size_t)c->days + (size_t)day]));
        hf_adaptive_day(model);
        hf_adaptive_get(model, 0, HF_ADAPTIVE_DELIVERED, delivered);
        HF_TRY(deliveries_send_back(c, w, day + 1, delivered, standing, &changed));
        *ret_back += changed > 0;
    }
out:
    hf_free(delivered);
    hf_free(standing);
    return err;
}

hf_err hf_coupling_run(const hf_coupling *coupling, hf_timeline *tl, hf_adaptive *model, hf_adaptive_result *result, int *ret_back, hf_diag *diag)
{
    work w = {0};
    effects e = {0};
    int back = 0;
    hf_adaptive_scenario scenario = {0};
    hf_err err = check(coupling);
    if (err != HF_OK) return err;
    HF_TRY(work_init(&w, coupling));
    HF_TRY(effects_init(&e, coupling, true));
    if (coupling->n_back > 0) HF_TRY(days_run(&e, coupling, &w, tl, model, &back, diag));
    else {
        HF_TRY(timeline_run(coupling, &w, tl, diag));
        HF_TRY(effects_all(&e, coupling, &w, &EVERYTHING));
    }
    HF_TRY(shocks_make(&e, coupling, &EVERYTHING, false));
    scenario = (hf_adaptive_scenario){e.shocks, e.n_shocks};
    HF_TRY(hf_adaptive_run(model, &scenario, 1, coupling->days, NULL, NULL, result, diag));
    if (ret_back) *ret_back = back;
out:
    work_done(&w);
    effects_done(&e);
    return err;
}

/* Up to HF_ADAPTIVE_LANES parts in one pass of the economy. */
static hf_err parts_run(const hf_coupling *c, const work *w, hf_adaptive *model, const hf_coupling_part *parts, int n, double *value, double *ret_lost,
                        hf_diag *diag)
{
    hf_err err = HF_OK;
    size_t industries = (size_t)c->n_regions * (size_t)c->n_sectors;
    effects e[HF_ADAPTIVE_LANES] = {0};
    hf_adaptive_scenario scenarios[HF_ADAPTIVE_LANES] = {0};
    hf_adaptive_result results[HF_ADAPTIVE_LANES] = {0};
    for (int l = 0; l < n; l++) {
        HF_TRY(effects_init(&e[l], c, !parts[l].no_detour));
        HF_TRY(effects_all(&e[l], c, w, &parts[l]));
        HF_TRY(shocks_make(&e[l], c, &parts[l], false));
        scenarios[l] = (hf_adaptive_scenario){e[l].shocks, e[l].n_shocks};
        results[l].value_added_lost = value + industries * (size_t)l;
    }
    HF_TRY(hf_adaptive_run(model, scenarios, n, c->days, NULL, NULL, results, diag));
    for (int l = 0; l < n; l++)
        for (size_t f = 0; f < industries; f++)
            ret_lost[(size_t)l * (size_t)c->n_regions + f / (size_t)c->n_sectors] += results[l].value_added_lost[f];
out:
    for (int l = 0; l < HF_ADAPTIVE_LANES; l++) effects_done(&e[l]);
    return err;
}

hf_err hf_coupling_parts(const hf_coupling *coupling, hf_timeline *tl, hf_adaptive *model, const hf_coupling_part *parts, int n, double *ret_lost,
                         hf_diag *diag)
{
    work w = {0};
    size_t regions = (size_t)coupling->n_regions;
    double *value = NULL;
    hf_err err = check(coupling);
    if (err != HF_OK) return err;
    HF_TRY(work_init(&w, coupling));
    value = hf_malloc(regions * (size_t)coupling->n_sectors * HF_ADAPTIVE_LANES * sizeof *value);
    if (!value) HF_TRY(HF_E_NOMEM);
    HF_TRY(timeline_run(coupling, &w, tl, diag));
    memset(ret_lost, 0, (size_t)n * regions * sizeof *ret_lost);
    for (int first = 0; first < n; first += HF_ADAPTIVE_LANES) {
        int some = n - first < HF_ADAPTIVE_LANES ? n - first : HF_ADAPTIVE_LANES;
        HF_TRY(parts_run(coupling, &w, model, parts + first, some, value, ret_lost + (size_t)first * regions, diag));
    }
out:
    work_done(&w);
    hf_free(value);
    return err;
}
