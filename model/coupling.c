#include "model/coupling.h"

#include <math.h>
#include <string.h>

#include "base/alloc.h"

enum { HOURS = 24 };

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
    return HF_OK;
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
    int *row_of, n_rows;         /* rows of linked entities */
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

/* Delta of every industry on a day, from entities of one country or of all (-1): loss [n_industries x days]. */
static void industry_losses(const hf_coupling *c, const work *w, int day, int country, double *loss)
{
    size_t n = (size_t)c->n_regions * (size_t)c->n_sectors, days = (size_t)c->days;
    for (size_t f = 0; f < n; f++) loss[f * days + (size_t)day] = 0;
    for (int k = 0; k < c->n_links; k++) {
        const hf_coupling_link *l = &c->links[k];
        if (country >= 0 && c->net->country[l->entity] != country) continue;
        loss[(size_t)l->industry * days + (size_t)day] += l->share * w->lost[(size_t)w->row_of[l->entity] * days + (size_t)day];
    }
    for (size_t f = 0; f < n; f++) loss[f * days + (size_t)day] = fmin(1, loss[f * days + (size_t)day]);
}

static void all_losses(const hf_coupling *c, const work *w, int country, double *loss)
{
    for (int day = 0; day < c->days; day++) industry_losses(c, w, day, country, loss);
}

hf_err hf_coupling_losses(const hf_coupling *coupling, hf_timeline *tl, double *ret_loss, hf_diag *diag)
{
    work w = {0};
    hf_err err = check(coupling);
    if (err != HF_OK) return err;
    HF_TRY(work_init(&w, coupling));
    HF_TRY(timeline_run(coupling, &w, tl, diag));
    all_losses(coupling, &w, -1, ret_loss);
out:
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

/* Day by day: the timeline again with all that came back so far (what comes later cannot change an earlier day), then the economy's day. */
static hf_err days_run(const hf_coupling *c, work *w, hf_timeline *tl, hf_adaptive *model, double *loss, int *ret_back, hf_diag *diag)
{
    hf_err err = HF_OK;
    size_t n = (size_t)c->n_regions * (size_t)c->n_sectors;
    double *delivered = hf_malloc(n * sizeof *delivered), *standing = hf_malloc((size_t)c->n_back * sizeof *standing);
    const hf_adaptive_scenario quiet = {NULL, 0};
    if (!delivered || !standing) HF_TRY(HF_E_NOMEM);
    for (int k = 0; k < c->n_back; k++) standing[k] = 1;
    HF_TRY(hf_adaptive_start(model, &quiet, 1, diag));
    for (int day = 0; day < c->days; day++) {
        int changed = 0;
        HF_TRY(timeline_run(c, w, tl, diag));
        industry_losses(c, w, day, -1, loss);
        for (size_t f = 0; f < n; f++) HF_TRY(hf_adaptive_loss_set(model, 0, (int)f, loss[f * (size_t)c->days + (size_t)day]));
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

/* A capacity shock for each industry that loses anything, given day by day; `loss` must outlive the scenario. */
static hf_err shocks_make(const hf_coupling *c, const double *loss, hf_adaptive_shock **ret_shocks, int *ret_n)
{
    int industries = c->n_regions * c->n_sectors, n = 0;
    hf_adaptive_shock *shocks = hf_calloc((size_t)industries, sizeof *shocks);
    if (!shocks) return HF_E_NOMEM;
    for (int f = 0; f < industries; f++) {
        const double *row = loss + (size_t)f * (size_t)c->days;
        bool any = false;
        for (int day = 0; day < c->days; day++) any |= row[day] > 0;
        if (any)
            shocks[n++] = (hf_adaptive_shock){.kind = HF_SHOCK_CAPACITY, .region = f / c->n_sectors, .sector = f % c->n_sectors, .partner = -1, .size = 1,
                                              .curve = HF_CURVE_GIVEN, .given = row, .n_given = c->days};
    }
    *ret_shocks = shocks;
    *ret_n = n;
    return HF_OK;
}

hf_err hf_coupling_run(const hf_coupling *coupling, hf_timeline *tl, hf_adaptive *model, hf_adaptive_result *result, int *ret_back, hf_diag *diag)
{
    work w = {0};
    int back = 0;
    hf_adaptive_shock *shocks = NULL;
    hf_adaptive_scenario scenario = {0};
    double *loss = NULL;
    hf_err err = check(coupling);
    if (err != HF_OK) return err;
    HF_TRY(work_init(&w, coupling));
    loss = hf_calloc((size_t)coupling->n_regions * (size_t)coupling->n_sectors * (size_t)coupling->days, sizeof *loss);
    if (!loss) HF_TRY(HF_E_NOMEM);
    if (coupling->n_back > 0) HF_TRY(days_run(coupling, &w, tl, model, loss, &back, diag));
    else {
        HF_TRY(timeline_run(coupling, &w, tl, diag));
        all_losses(coupling, &w, -1, loss);
    }
    HF_TRY(shocks_make(coupling, loss, &shocks, &scenario.n));
    scenario.shocks = shocks;
    HF_TRY(hf_adaptive_run(model, &scenario, 1, coupling->days, NULL, NULL, result, diag));
    if (ret_back) *ret_back = back;
out:
    work_done(&w);
    hf_free(loss);
    hf_free(shocks);
    return err;
}

/* Countries first .. first+n-1 in one pass of the economy, one lane each. */
static hf_err countries_run(const hf_coupling *c, const work *w, hf_adaptive *model, int first, int n, double *value, double *ret_lost, hf_diag *diag)
{
    hf_err err = HF_OK;
    size_t industries = (size_t)c->n_regions * (size_t)c->n_sectors, block = industries * (size_t)c->days;
    hf_adaptive_shock *shocks[HF_ADAPTIVE_LANES] = {0};
    hf_adaptive_scenario scenarios[HF_ADAPTIVE_LANES] = {0};
    hf_adaptive_result results[HF_ADAPTIVE_LANES] = {0};
    double *loss = hf_calloc(block * (size_t)n, sizeof *loss);
    if (!loss) return HF_E_NOMEM;
    for (int l = 0; l < n; l++) {
        all_losses(c, w, first + l, loss + block * (size_t)l);
        HF_TRY(shocks_make(c, loss + block * (size_t)l, &shocks[l], &scenarios[l].n));
        scenarios[l].shocks = shocks[l];
        results[l].value_added_lost = value + industries * (size_t)l;
    }
    HF_TRY(hf_adaptive_run(model, scenarios, n, c->days, NULL, NULL, results, diag));
    for (int l = 0; l < n; l++)
        for (size_t f = 0; f < industries; f++)
            ret_lost[(size_t)(first + l) * (size_t)c->n_regions + f / (size_t)c->n_sectors] += results[l].value_added_lost[f];
out:
    for (int l = 0; l < HF_ADAPTIVE_LANES; l++) hf_free(shocks[l]);
    hf_free(loss);
    return err;
}

hf_err hf_coupling_matrix(const hf_coupling *coupling, hf_timeline *tl, hf_adaptive *model, double *ret_lost, hf_diag *diag)
{
    work w = {0};
    int countries = coupling->net->countries.n;
    double *value = NULL;
    hf_err err = check(coupling);
    if (err != HF_OK) return err;
    HF_TRY(work_init(&w, coupling));
    value = hf_malloc((size_t)coupling->n_regions * (size_t)coupling->n_sectors * HF_ADAPTIVE_LANES * sizeof *value);
    if (!value) HF_TRY(HF_E_NOMEM);
    HF_TRY(timeline_run(coupling, &w, tl, diag));
    memset(ret_lost, 0, (size_t)countries * (size_t)coupling->n_regions * sizeof *ret_lost);
    for (int first = 0; first < countries; first += HF_ADAPTIVE_LANES)
        HF_TRY(countries_run(coupling, &w, model, first, countries - first < HF_ADAPTIVE_LANES ? countries - first : HF_ADAPTIVE_LANES, value, ret_lost, diag));
out:
    work_done(&w);
    hf_free(value);
    return err;
}
