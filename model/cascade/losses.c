/* Adding up a run: one walk over the changes in order of time. Sums that run along are set to 0 exactly when nothing of theirs is hit. */
#include "model/cascade/losses.h"

#include <math.h>

#include "base/alloc.h"

static const double at_hours[7] = {0, 2, 6, 12, 24, 72, 168};
static const double out_slack = 1e-9; /* 0.5 that rounding left a little below is not out */

/* A sum over entities hit, and its steps over time. */
typedef struct tally {
    double weight_lost, users_lost, weight_total;
    int hit; /* entities below 1 now */
    size_t n, capacity, capacity_q;
    double *hour, *value;
} tally;

/* Everything that runs along during the walk. Group slots are dense tables: sector x country, country, region, country x country. */
typedef struct walk {
    const hf_network *net;
    hf_losses *to;
    double *level, *since; /* [entities] */
    int *place;            /* [entities]: index in to->entities, -1 */
    int *sector_slot, *country_slot, *region_slot, *abroad_slot;
    tally *sector, *country, *region;
    double *abroad_now;
    tally all;
    int out_now;
} walk;

static hf_err point(tally *t, double hour, double value)
{
    if (t->n > 0 && t->hour[t->n - 1] == hour) {
        t->value[t->n - 1] = value;
        return HF_OK;
    }
    hf_err err = hf_grow((void **)&t->hour, &t->capacity, t->n + 1, sizeof *t->hour);
    if (err == HF_OK) err = hf_grow((void **)&t->value, &t->capacity_q, t->n + 1, sizeof *t->value);
    if (err != HF_OK) return err;
    t->hour[t->n] = hour;
    t->value[t->n++] = value;
    return HF_OK;
}

static void tally_move(tally *t, double weight, double users, double before, double after)
{
    t->hit += (after < 1) - (before < 1);
    t->weight_lost += weight * (before - after);
    t->users_lost += users * (before - after);
    if (t->hit == 0) t->weight_lost = t->users_lost = 0;
}

static hf_err group_move(tally *t, hf_group_loss *g, const hf_network *net, const hf_change *c)
{
    tally_move(t, net->weight[c->entity], net->users[c->entity], c->before, c->after);
    return point(t, c->at_h, t->weight_total > 0 ? t->weight_lost / t->weight_total : 0);
}

/* The peak counts what holds after an instant, not the states passed through inside it. */
static void group_peak(const tally *t, hf_group_loss *g)
{
    if (t->users_lost > g->users_hit_peak) g->users_hit_peak = t->users_lost;
}

static int sector_slot_of(const hf_network *net, int i)
{
    return net->sector[i] * net->countries.n + net->country[i];
}

static hf_err ints_filled(int **ret, size_t n)
{
    *ret = hf_malloc(n * sizeof **ret);
    if (!*ret) return HF_E_NOMEM;
    for (size_t k = 0; k < n; k++) (*ret)[k] = -1;
    return HF_OK;
}

static hf_err walk_new(walk *w)
{
    hf_err err = HF_OK;
    const hf_network *net = w->net;
    size_t n = (size_t)net->n_entities, c = (size_t)net->countries.n;
    w->level = hf_malloc(n * sizeof *w->level);
    w->since = hf_calloc(n, sizeof *w->since);
    if (!w->level || !w->since) return HF_E_NOMEM;
    for (size_t i = 0; i < n; i++) w->level[i] = 1;
    HF_TRY(ints_filled(&w->place, n));
    HF_TRY(ints_filled(&w->sector_slot, (size_t)net->sectors.n * c));
    HF_TRY(ints_filled(&w->country_slot, c));
    HF_TRY(ints_filled(&w->region_slot, (size_t)net->regions.n));
    HF_TRY(ints_filled(&w->abroad_slot, c * c));
out:
    return err;
}

static void tallies_free(tally *t, int n)
{
    for (int k = 0; t && k < n; k++) {
        hf_free(t[k].hour);
        hf_free(t[k].value);
    }
    hf_free(t);
}

static void walk_done(walk *w)
{
    void *blocks[] = {w->level,       w->since,      w->place,    w->sector_slot, w->country_slot, w->region_slot,
                      w->abroad_slot, w->abroad_now, w->all.hour, w->all.value};
    for (size_t k = 0; k < sizeof blocks / sizeof *blocks; k++) hf_free(blocks[k]);
    tallies_free(w->sector, w->to->n_sectors);
    tallies_free(w->country, w->to->n_countries);
    tallies_free(w->region, w->to->n_regions);
}

/* Marks what the changes touch. */
static void mark(walk *w, const hf_change *change, int n)
{
    const hf_network *net = w->net;
    for (int k = 0; k < n; k++) {
        int i = change[k].entity;
        w->place[i] = 0;
        w->sector_slot[sector_slot_of(net, i)] = 0;
        w->country_slot[net->country[i]] = 0;
        if (net->region[i] >= 0) w->region_slot[net->region[i]] = 0;
        for (int a = net->abroad_off[i]; a < net->abroad_off[i + 1]; a++)
            w->abroad_slot[net->abroad_country[a] * net->countries.n + net->country[i]] = 0;
    }
}

/* Numbers the marked slots in order; returns how many there are. */
static int number(int *slot, int n)
{
    int next = 0;
    for (int k = 0; k < n; k++)
        if (slot[k] >= 0) slot[k] = next++;
    return next;
}

static hf_err groups_new(const int *slot, int n_slots, int n, hf_group_loss **ret_groups, tally **ret_tallies)
{
    *ret_groups = hf_calloc((size_t)n, sizeof **ret_groups);
    *ret_tallies = hf_calloc((size_t)n, sizeof **ret_tallies);
    if (!*ret_groups || !*ret_tallies) return HF_E_NOMEM;
    for (int k = 0; k < n_slots; k++)
        if (slot[k] >= 0) (*ret_groups)[slot[k]] = (hf_group_loss){.sector = -1, .country = k, .region = -1};
    return HF_OK;
}

/* A group has room for its name in `country`: the slot. Puts it right for the three kinds. */
static void groups_name(hf_losses *to, int countries)
{
    for (int k = 0; k < to->n_sectors; k++) {
        to->sectors[k].sector = to->sectors[k].country / countries;
        to->sectors[k].country %= countries;
    }
    for (int k = 0; k < to->n_regions; k++) {
        to->regions[k].region = to->regions[k].country;
        to->regions[k].country = -1;
    }
}

static hf_err abroad_new(walk *w)
{
    hf_losses *to = w->to;
    int c = w->net->countries.n;
    to->abroad = hf_calloc((size_t)to->n_abroad, sizeof *to->abroad);
    w->abroad_now = hf_calloc((size_t)to->n_abroad, sizeof *w->abroad_now);
    if (!to->abroad || !w->abroad_now) return HF_E_NOMEM;
    for (int k = 0; k < c * c; k++)
        if (w->abroad_slot[k] >= 0) to->abroad[w->abroad_slot[k]] = (hf_abroad_loss){.country = k / c, .from_country = k % c};
    return HF_OK;
}

static hf_err slots_make(walk *w)
{
    hf_err err = HF_OK;
    const hf_network *net = w->net;
    hf_losses *to = w->to;
    int c = net->countries.n;
    to->n_entities = number(w->place, net->n_entities);
    to->entities = hf_calloc((size_t)to->n_entities, sizeof *to->entities);
    if (!to->entities) return HF_E_NOMEM;
    /* Counts are set with their arrays, so that freeing after a failure finds a whole state. */
    int sectors = number(w->sector_slot, net->sectors.n * c), countries = number(w->country_slot, c);
    int regions = number(w->region_slot, net->regions.n), abroad = number(w->abroad_slot, c * c);
    HF_TRY(groups_new(w->sector_slot, net->sectors.n * c, sectors, &to->sectors, &w->sector));
    to->n_sectors = sectors;
    HF_TRY(groups_new(w->country_slot, c, countries, &to->countries, &w->country));
    to->n_countries = countries;
    HF_TRY(groups_new(w->region_slot, net->regions.n, regions, &to->regions, &w->region));
    to->n_regions = regions;
    groups_name(to, c);
    to->n_abroad = abroad;
    HF_TRY(abroad_new(w));
    for (int i = 0; i < net->n_entities; i++) {
        int s = w->sector_slot[sector_slot_of(net, i)], k = w->country_slot[net->country[i]], r = net->region[i];
        if (s >= 0) w->sector[s].weight_total += net->weight[i];
        if (k >= 0) w->country[k].weight_total += net->weight[i];
        if (r >= 0 && w->region_slot[r] >= 0) w->region[w->region_slot[r]].weight_total += net->weight[i];
        to->users_total += net->users[i];
        if (w->place[i] >= 0) to->entities[w->place[i]] = (hf_entity_loss){i, NAN, NAN, NAN, 1, 0, 0, 0, -1, 0};
    }
out:
    return err;
}

static void entity_move(walk *w, const hf_change *c, int index)
{
    hf_losses *to = w->to;
    hf_entity_loss *e = &to->entities[w->place[c->entity]];
    double line = to->out_below - out_slack;
    bool was_out = w->level[c->entity] < line, is_out = c->after < line;
    if (c->after < c->before && e->cause_change < 0) {
        e->first_loss_h = c->at_h;
        e->cause_change = index;
    }
    if (is_out && isnan(e->out_h)) {
        e->out_h = c->at_h;
        e->cause_change = index;
        to->entities_out++;
    }
    if (is_out != was_out) e->back_h = is_out ? NAN : c->at_h;
    if (c->after < e->lowest) e->lowest = c->after;
    if (c->after < c->before && c->depth > to->depth) to->depth = c->depth;
    e->lost_h += (1 - w->level[c->entity]) * (c->at_h - w->since[c->entity]);
    w->since[c->entity] = c->at_h;
    w->out_now += is_out - was_out;
}

static hf_err change_apply(walk *w, const hf_change *c, int index)
{
    hf_err err = HF_OK;
    const hf_network *net = w->net;
    int i = c->entity, s = w->sector_slot[sector_slot_of(net, i)], k = w->country_slot[net->country[i]], r = net->region[i];
    entity_move(w, c, index);
    HF_TRY(group_move(&w->sector[s], &w->to->sectors[s], net, c));
    HF_TRY(group_move(&w->country[k], &w->to->countries[k], net, c));
    if (r >= 0) HF_TRY(group_move(&w->region[w->region_slot[r]], &w->to->regions[w->region_slot[r]], net, c));
    tally_move(&w->all, 0, net->users[i], c->before, c->after);
    HF_TRY(point(&w->all, c->at_h, w->all.users_lost));
    for (int a = net->abroad_off[i]; a < net->abroad_off[i + 1]; a++)
        w->abroad_now[w->abroad_slot[net->abroad_country[a] * net->countries.n + net->country[i]]] += net->abroad_users[a] * (c->before - c->after);
    w->level[i] = c->after;
out:
    return err;
}

/* Peaks of the groups that the changes first .. last-1 of one instant touched. */
static void instant_end(walk *w, const hf_change *change, int first, int last)
{
    const hf_network *net = w->net;
    for (int k = first; k < last; k++) {
        int i = change[k].entity, s = w->sector_slot[sector_slot_of(net, i)], c = w->country_slot[net->country[i]], r = net->region[i];
        group_peak(&w->sector[s], &w->to->sectors[s]);
        group_peak(&w->country[c], &w->to->countries[c]);
        if (r >= 0) group_peak(&w->region[w->region_slot[r]], &w->to->regions[w->region_slot[r]]);
        for (int a = net->abroad_off[i]; a < net->abroad_off[i + 1]; a++) {
            int slot = w->abroad_slot[net->abroad_country[a] * net->countries.n + net->country[i]];
            if (w->abroad_now[slot] > w->to->abroad[slot].users_hit_peak) w->to->abroad[slot].users_hit_peak = w->abroad_now[slot];
        }
    }
}

static void at_fill(walk *w, double before_h)
{
    hf_losses *to = w->to;
    while (to->n_at < 7 && at_hours[to->n_at] < before_h && at_hours[to->n_at] <= to->end_h) {
        to->at[to->n_at] = (hf_at_hour){at_hours[to->n_at], w->out_now, w->all.users_lost};
        to->n_at++;
    }
}

static hf_err walk_changes(walk *w, const hf_change *change, int n)
{
    hf_err err = HF_OK;
    for (int first = 0, last; first < n; first = last) {
        at_fill(w, change[first].at_h);
        for (last = first; last < n && change[last].at_h == change[first].at_h; last++) HF_TRY(change_apply(w, &change[last], last));
        instant_end(w, change, first, last);
    }
    at_fill(w, INFINITY);
out:
    return err;
}

/* Hours from the first loss until users hit stay at or below (1 - part) of the peak. */
static double recovered(const tally *all, double peak, double part)
{
    if (all->n == 0 || peak <= 0) return NAN;
    double line = peak * (1 - part) * (1 + 1e-12);
    size_t k = all->n;
    while (k > 0 && all->value[k - 1] <= line) k--;
    return k == all->n ? NAN : all->hour[k] - all->hour[0];
}

static void totals(walk *w)
{
    hf_losses *to = w->to;
    for (size_t k = 0; k < w->all.n; k++)
        if (w->all.value[k] > to->users_hit_peak) {
            to->users_hit_peak = w->all.value[k];
            to->worst_hour = w->all.hour[k];
        }
    to->recovered_10_h = recovered(&w->all, to->users_hit_peak, 0.1);
    to->recovered_50_h = recovered(&w->all, to->users_hit_peak, 0.5);
    to->recovered_90_h = recovered(&w->all, to->users_hit_peak, 0.9);
}

static void group_add(hf_group_loss *g, const hf_entity_loss *e)
{
    g->entities_hit++;
    g->user_hours += e->user_hours;
    g->value_eur += e->value_eur;
}

static void entities_close(walk *w, const hf_change *change)
{
    const hf_network *net = w->net;
    hf_losses *to = w->to;
    for (int k = 0; k < to->n_entities; k++) {
        hf_entity_loss *e = &to->entities[k];
        int i = e->entity;
        if (w->level[i] < 1) e->lost_h += (1 - w->level[i]) * (to->end_h - w->since[i]);
        e->user_hours = e->lost_h * net->users[i];
        e->value_eur = e->lost_h * net->value_eur_h[i];
        e->depth = e->cause_change >= 0 ? change[e->cause_change].depth : 0;
        to->user_hours += e->user_hours;
        to->value_eur += e->value_eur;
        group_add(&to->sectors[w->sector_slot[sector_slot_of(net, i)]], e);
        group_add(&to->countries[w->country_slot[net->country[i]]], e);
        if (net->region[i] >= 0) group_add(&to->regions[w->region_slot[net->region[i]]], e);
        for (int a = net->abroad_off[i]; a < net->abroad_off[i + 1]; a++) {
            hf_abroad_loss *loss = &to->abroad[w->abroad_slot[net->abroad_country[a] * net->countries.n + net->country[i]]];
            loss->entities_hit++;
            loss->user_hours += net->abroad_users[a] * e->lost_h;
        }
    }
}

/* Moves the steps of the tallies into the groups. */
static void series_move(tally *t, hf_group_loss *g, int n)
{
    for (int k = 0; k < n; k++) {
        g[k].n_points = (int)t[k].n;
        g[k].hour = t[k].hour;
        g[k].inoperability = t[k].value;
        t[k].hour = t[k].value = NULL;
    }
}

static hf_err reached(walk *w)
{
    hf_losses *to = w->to;
    bool *sector = hf_calloc((size_t)w->net->sectors.n + 1, sizeof *sector), *country = hf_calloc((size_t)w->net->countries.n + 1, sizeof *country);
    for (int k = 0; sector && k < to->n_sectors; k++) sector[to->sectors[k].sector] = true;
    for (int k = 0; country && k < to->n_countries; k++) country[to->countries[k].country] = true;
    for (int k = 0; country && k < to->n_abroad; k++) country[to->abroad[k].country] = true;
    for (int k = 0; sector && k < w->net->sectors.n; k++) to->sectors_reached += sector[k];
    for (int k = 0; country && k < w->net->countries.n; k++) to->countries_reached += country[k];
    hf_err err = sector && country ? HF_OK : HF_E_NOMEM;
    hf_free(sector);
    hf_free(country);
    return err;
}

hf_err hf_losses_compute(const hf_timeline *tl, const hf_network *net, double out_below, hf_losses **ret_losses)
{
    if (!(out_below > 0 && out_below <= 1)) return HF_E_RANGE;
    hf_err err = HF_OK;
    const hf_change *change = hf_timeline_changes(tl);
    int n = hf_timeline_change_count(tl);
    hf_losses *to = hf_calloc(1, sizeof *to);
    if (!to) return HF_E_NOMEM;
    walk w = {.net = net, .to = to};
    to->out_below = out_below;
    to->end_h = hf_timeline_end_h(tl);
    HF_TRY(walk_new(&w));
    mark(&w, change, n);
    HF_TRY(slots_make(&w));
    HF_TRY(walk_changes(&w, change, n));
    totals(&w);
    entities_close(&w, change);
    series_move(w.sector, to->sectors, to->n_sectors);
    series_move(w.country, to->countries, to->n_countries);
    series_move(w.region, to->regions, to->n_regions);
    HF_TRY(reached(&w));
out:
    walk_done(&w);
    if (err != HF_OK) hf_losses_free(to);
    else *ret_losses = to;
    return err;
}

static void groups_free(hf_group_loss *g, int n)
{
    for (int k = 0; g && k < n; k++) {
        hf_free(g[k].hour);
        hf_free(g[k].inoperability);
    }
    hf_free(g);
}

void hf_losses_free(hf_losses *losses)
{
    if (!losses) return;
    groups_free(losses->sectors, losses->n_sectors);
    groups_free(losses->countries, losses->n_countries);
    groups_free(losses->regions, losses->n_regions);
    hf_free(losses->entities);
    hf_free(losses->abroad);
    hf_free(losses);
}
