#include "model/assess/significance.h"

#include <math.h>
#include <string.h>

#include "base/alloc.h"

const double hf_assess_hours[HF_ASSESS_HOURS] = {0, 2, 6, 12, 24, 72, 168};

/* Users without service of one sector or country during a run. */
typedef struct lost_users {
    double now, worst;
    unsigned run;
} lost_users;

/* Marks and sums of one run; what is not of the present run counts as empty. */
typedef struct scratch {
    const hf_network *net;
    hf_summarizer *summarizer;
    unsigned run;
    unsigned *entity_run, *sector_run, *subsector_run, *region_run; /* seen in this run */
    lost_users *sector, *country;
    int *touched_sector, *touched_country, n_touched_sectors, n_touched_countries;
    double users_total, *sector_users, *country_users; /* of the whole network */
} scratch;

static void scratch_done(scratch *s)
{
    void *blocks[] = {s->entity_run, s->sector_run, s->subsector_run, s->region_run, s->sector, s->country, s->touched_sector, s->touched_country,
                      s->sector_users, s->country_users};
    for (size_t k = 0; k < sizeof blocks / sizeof *blocks; k++) hf_free(blocks[k]);
    hf_summarizer_free(s->summarizer);
}

static void users_total(scratch *s)
{
    const hf_network *net = s->net;
    for (int i = 0; i < net->n_entities; i++) {
        s->users_total += net->users[i];
        s->sector_users[net->sector[i]] += net->users[i];
        s->country_users[net->country[i]] += net->users[i];
        for (int a = net->abroad_off[i]; a < net->abroad_off[i + 1]; a++) s->country_users[net->abroad_country[a]] += net->abroad_users[a];
    }
}

static hf_err scratch_init(scratch *s, const hf_network *net)
{
    size_t entities = (size_t)net->n_entities, sectors = (size_t)net->sectors.n, countries = (size_t)net->countries.n;
    *s = (scratch){.net = net};
    s->entity_run = hf_calloc(entities, sizeof *s->entity_run);
    s->sector_run = hf_calloc(sectors, sizeof *s->sector_run);
    s->subsector_run = hf_calloc((size_t)net->subsectors.n, sizeof *s->subsector_run);
    s->region_run = hf_calloc((size_t)net->regions.n, sizeof *s->region_run);
    s->sector = hf_calloc(sectors, sizeof *s->sector);
    s->country = hf_calloc(countries, sizeof *s->country);
    s->touched_sector = hf_malloc(sectors * sizeof *s->touched_sector);
    s->touched_country = hf_malloc(countries * sizeof *s->touched_country);
    s->sector_users = hf_calloc(sectors, sizeof *s->sector_users);
    s->country_users = hf_calloc(countries, sizeof *s->country_users);
    if (!s->entity_run || !s->sector_run || !s->subsector_run || !s->region_run || !s->sector || !s->country || !s->touched_sector ||
        !s->touched_country || !s->sector_users || !s->country_users)
        return HF_E_NOMEM;
    users_total(s);
    return hf_summarizer_new(net, &s->summarizer);
}

/* True the first time in a run. */
static bool is_first(unsigned *seen, int at, unsigned run)
{
    bool first = seen[at] != run;
    seen[at] = run;
    return first;
}

static void users_lose(scratch *s, lost_users *group, int at, double users, int *touched, int *n_touched)
{
    lost_users *l = &group[at];
    if (l->run != s->run) {
        *l = (lost_users){0, 0, s->run};
        touched[(*n_touched)++] = at;
    }
    l->now += users;
}

/* The worst so far, once all changes of an instant are in. */
static void worst_note(lost_users *group, const int *touched, int n_touched)
{
    for (int k = 0; k < n_touched; k++) group[touched[k]].worst = fmax(group[touched[k]].worst, group[touched[k]].now);
}

static void hit_count(scratch *s, int i, int failed, double at_h, hf_significance *to)
{
    const hf_network *net = s->net;
    bool other = i != failed, new_sector = is_first(s->sector_run, net->sector[i], s->run) && (failed < 0 || net->sector[i] != net->sector[failed]);
    if (net->region[i] >= 0) to->regions += is_first(s->region_run, net->region[i], s->run);
    to->isolated += net->isolated[i];
    if (!other) return;
    to->others_hit++;
    to->sectors_hit += new_sector;
    if (net->subsector[i] >= 0 && (failed < 0 || net->subsector[i] != net->subsector[failed]))
        to->subsectors_hit += is_first(s->subsector_run, net->subsector[i], s->run);
    if (new_sector) to->first_sector_h = fmin(to->first_sector_h, at_h);
    for (int h = 0; h < HF_ASSESS_HOURS; h++) {
        to->others_by[h] += at_h <= hf_assess_hours[h];
        to->sectors_by[h] += new_sector && at_h <= hf_assess_hours[h];
    }
}

static void change_count(scratch *s, const hf_change *c)
{
    const hf_network *net = s->net;
    double lost = c->before - c->after;
    int i = c->entity;
    if (net->users[i] > 0) {
        users_lose(s, s->sector, net->sector[i], net->users[i] * lost, s->touched_sector, &s->n_touched_sectors);
        users_lose(s, s->country, net->country[i], net->users[i] * lost, s->touched_country, &s->n_touched_countries);
    }
    for (int a = net->abroad_off[i]; a < net->abroad_off[i + 1]; a++)
        if (net->abroad_users[a] > 0)
            users_lose(s, s->country, net->abroad_country[a], net->abroad_users[a] * lost, s->touched_country, &s->n_touched_countries);
}

static void hours_add(const hf_assess_options *o, double users, double hours, hf_significance *to)
{
    for (int l = 0; l < o->n_levels; l++)
        if (users >= o->level[l]) to->hours_above[l] += hours;
}

/* Walks through the changes of a run of the entity `failed` (-1: of many). */
static void run_walk(scratch *s, const hf_timeline *tl, int failed, const hf_assess_options *o, hf_significance *to)
{
    const hf_change *change = hf_timeline_changes(tl);
    int n = hf_timeline_change_count(tl);
    double users = 0;
    for (int k = 0; k < n; k++) {
        if (change[k].after < change[k].before && is_first(s->entity_run, change[k].entity, s->run))
            hit_count(s, change[k].entity, failed, change[k].at_h, to);
        change_count(s, &change[k]);
        users += s->net->users[change[k].entity] * (change[k].before - change[k].after);
        double until = k + 1 < n ? change[k + 1].at_h : hf_timeline_end_h(tl);
        if (until <= change[k].at_h) continue;
        worst_note(s->sector, s->touched_sector, s->n_touched_sectors);
        worst_note(s->country, s->touched_country, s->n_touched_countries);
        hours_add(o, users, until - change[k].at_h, to);
    }
}

static void run_sum(scratch *s, const hf_timeline *tl, int failed, const hf_assess_options *o, hf_significance *to)
{
    s->run++;
    s->n_touched_sectors = s->n_touched_countries = 0;
    *to = (hf_significance){.first_sector_h = INFINITY, .uncovered = NAN, .bridged_h = INFINITY};
    hf_summarize(s->summarizer, tl, o->out_below, &to->cascade);
    run_walk(s, tl, failed, o, to);
    to->users_share = s->users_total > 0 ? to->cascade.users_hit_peak / s->users_total : 0;
    for (int k = 0; k < s->n_touched_countries; k++) {
        int c = s->touched_country[k];
        if (s->country[c].worst <= 0) continue;
        to->states++;
        to->member_states += o->is_member[c];
    }
}

double hf_assess_covered(const hf_network *net, int k)
{
    int g = net->sup_req[k];
    double others = 0;
    for (int j = net->sup_off[g]; j < net->sup_off[g + 1]; j++)
        if (j != k) others += net->sup_share[j];
    if (net->req_response[g] == HF_THRESHOLD) return others >= net->req_threshold[g] - 1e-12;
    return fmin(others, 1);
}

double hf_assess_bridged_h(const hf_network *net, int g)
{
    for (int s = net->curve_off[net->req_curve[g]]; s < net->curve_off[net->req_curve[g] + 1]; s++)
        if (net->curve_loss[s] > 0) return net->curve_h[s];
    return INFINITY;
}

static void own_figures(const hf_network *net, int i, const bool *is_member, hf_significance *to)
{
    double uncovered = 0;
    int n = net->out_off[i + 1] - net->out_off[i];
    to->users_own = net->users[i];
    to->member_states_served = is_member[net->country[i]];
    for (int a = net->abroad_off[i]; a < net->abroad_off[i + 1]; a++) {
        to->users_own += net->abroad_users[a];
        to->member_states_served += is_member[net->abroad_country[a]] && net->abroad_country[a] != net->country[i];
    }
    for (int o = net->out_off[i]; o < net->out_off[i + 1]; o++) {
        int k = net->out_supply[o], g = net->sup_req[k];
        double part = 1 - hf_assess_covered(net, k);
        uncovered += part;
        if (part > 0) to->bridged_h = fmin(to->bridged_h, hf_assess_bridged_h(net, g));
    }
    if (n > 0) to->uncovered = uncovered / n;
}

/* The first failure that brings the longest time out is the one that is named. */
static void outage_add(hf_assessment *a, int i, int failed, double hours)
{
    if (i == failed) {
        a->own_out_h[i] = fmax(a->own_out_h[i], hours);
    } else if (hours > a->longest_out_h[i]) {
        a->longest_out_h[i] = hours;
        a->longest_from[i] = failed;
    }
}

/* `out_since` [n_entities] is NaN before and after. */
static void outages_add(double *out_since, const hf_timeline *tl, int failed, double out_below, hf_assessment *a)
{
    const hf_change *change = hf_timeline_changes(tl);
    int n = hf_timeline_change_count(tl);
    for (int k = 0; k < n; k++) {
        int i = change[k].entity;
        bool was_out = change[k].before < out_below, is_out = change[k].after < out_below;
        if (is_out && !was_out) out_since[i] = change[k].at_h;
        if (!was_out || is_out) continue;
        outage_add(a, i, failed, change[k].at_h - out_since[i]);
        out_since[i] = NAN;
    }
    for (int k = 0; k < n; k++) {
        int i = change[k].entity;
        if (isnan(out_since[i])) continue;
        outage_add(a, i, failed, INFINITY);
        out_since[i] = NAN;
    }
}

static void shares_add(const scratch *s, int i, hf_assessment *a)
{
    const hf_network *net = s->net;
    for (int k = 0; k < s->n_touched_sectors; k++) {
        int b = s->touched_sector[k];
        a->sector_share[net->sector[i] * a->n_sectors + b] += s->sector[b].worst / s->sector_users[b];
    }
    for (int k = 0; k < s->n_touched_countries; k++) {
        int b = s->touched_country[k];
        a->country_share[net->country[i] * a->n_countries + b] += s->country[b].worst / s->country_users[b];
        a->country_hits[net->country[i] * a->n_countries + b] += s->country[b].worst > 0;
    }
}

/* Sums over the entities of a row become means. */
static void shares_mean(const int *label, int n_entities, const double *users, int n, double *share)
{
    for (int a = 0; a < n; a++) {
        int count = 0;
        for (int i = 0; i < n_entities; i++) count += label[i] == a;
        for (int b = 0; b < n; b++) share[a * n + b] = users[b] > 0 ? share[a * n + b] / (count > 0 ? count : 1) : NAN;
    }
}

static hf_err assessment_new(const hf_network *net, hf_assessment **ret_assessment)
{
    size_t sectors = (size_t)net->sectors.n, countries = (size_t)net->countries.n;
    hf_assessment *a = hf_calloc(1, sizeof *a);
    if (!a) return HF_E_NOMEM;
    a->net = net;
    a->n_sectors = net->sectors.n;
    a->n_countries = net->countries.n;
    a->of = hf_calloc((size_t)net->n_entities, sizeof *a->of);
    a->own_out_h = hf_calloc((size_t)net->n_entities, sizeof *a->own_out_h);
    a->longest_out_h = hf_calloc((size_t)net->n_entities, sizeof *a->longest_out_h);
    a->longest_from = hf_malloc((size_t)net->n_entities * sizeof *a->longest_from);
    a->links = hf_calloc(sectors * sectors, sizeof *a->links);
    a->sector_share = hf_calloc(sectors * sectors, sizeof *a->sector_share);
    a->country_share = hf_calloc(countries * countries, sizeof *a->country_share);
    a->country_hits = hf_calloc(countries * countries, sizeof *a->country_hits);
    if (!a->of || !a->own_out_h || !a->longest_out_h || !a->longest_from || !a->links || !a->sector_share || !a->country_share || !a->country_hits) {
        hf_assessment_free(a);
        return HF_E_NOMEM;
    }
    for (int i = 0; i < net->n_entities; i++) a->longest_from[i] = -1;
    for (int k = 0; k < net->n_supplies; k++)
        a->links[net->sector[net->sup_supplier[k]] * a->n_sectors + net->sector[net->req_entity[net->sup_req[k]]]]++;
    *ret_assessment = a;
    return HF_OK;
}

hf_err hf_assess(const hf_network *net, const hf_assess_options *options, hf_diag *diag, hf_assessment **ret_assessment)
{
    enum { PIECE = 64 };
    hf_err err;
    scratch s = {0};
    hf_timeline *tl = NULL;
    hf_assessment *a = NULL;
    double *out_since = hf_malloc((size_t)net->n_entities * sizeof *out_since);
    if (!out_since) HF_TRY(HF_E_NOMEM);
    for (int i = 0; i < net->n_entities; i++) out_since[i] = NAN;
    HF_TRY(assessment_new(net, &a));
    HF_TRY(scratch_init(&s, net));
    HF_TRY(hf_timeline_new(net, &tl));
    for (int i = 0; i < net->n_entities; i++) {
        const hf_inject inject = {0, HF_INJECT_FAIL, i, 0, net->repair_h[i]};
        if (i % PIECE == 0 && options->watch.stop && *options->watch.stop) HF_TRY(HF_E_INTERRUPTED);
        if (i % PIECE == 0 && options->watch.progress) options->watch.progress(options->watch.context, i, net->n_entities);
        HF_TRY(hf_timeline_run(tl, &inject, 1, &options->run, diag));
        run_sum(&s, tl, i, options, &a->of[i]);
        own_figures(net, i, options->is_member, &a->of[i]);
        shares_add(&s, i, a);
        outages_add(out_since, tl, i, options->out_below, a);
    }
    shares_mean(net->sector, net->n_entities, s.sector_users, a->n_sectors, a->sector_share);
    shares_mean(net->country, net->n_entities, s.country_users, a->n_countries, a->country_share);
    *ret_assessment = a;
    a = NULL;
out:
    hf_free(out_since);
    hf_timeline_free(tl);
    scratch_done(&s);
    hf_assessment_free(a);
    return err;
}

void hf_assessment_free(hf_assessment *a)
{
    if (!a) return;
    hf_free(a->of);
    hf_free(a->own_out_h);
    hf_free(a->longest_out_h);
    hf_free(a->longest_from);
    hf_free(a->links);
    hf_free(a->sector_share);
    hf_free(a->country_share);
    hf_free(a->country_hits);
    hf_free(a);
}

hf_err hf_assess_run(const hf_network *net, const hf_timeline *tl, const hf_assess_options *options, hf_significance *ret_significance)
{
    scratch s = {0};
    hf_err err = scratch_init(&s, net);
    if (err == HF_OK) run_sum(&s, tl, -1, options, ret_significance);
    scratch_done(&s);
    return err;
}
