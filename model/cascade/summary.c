#include "model/cascade/summary.h"

#include <stdlib.h>

#include "base/alloc.h"

static const double out_slack = 1e-9; /* as in losses.c */

typedef struct entity_sum {
    double level, since, lost_h;
    unsigned run; /* the run that the rest is of */
    bool out;
} entity_sum;

struct hf_summarizer {
    const hf_network *net;
    entity_sum *sum;      /* [entities] */
    unsigned *country_run, *sector_run;
    int *hit, n_hit;
    unsigned run;
};

hf_err hf_summarizer_new(const hf_network *net, hf_summarizer **ret_summarizer)
{
    hf_summarizer *s = hf_calloc(1, sizeof *s);
    if (!s) return HF_E_NOMEM;
    s->net = net;
    s->sum = hf_calloc((size_t)net->n_entities, sizeof *s->sum);
    s->hit = hf_malloc((size_t)net->n_entities * sizeof *s->hit);
    s->country_run = hf_calloc((size_t)net->countries.n, sizeof *s->country_run);
    s->sector_run = hf_calloc((size_t)net->sectors.n, sizeof *s->sector_run);
    if (!s->sum || !s->hit || !s->country_run || !s->sector_run) {
        hf_summarizer_free(s);
        return HF_E_NOMEM;
    }
    *ret_summarizer = s;
    return HF_OK;
}

void hf_summarizer_free(hf_summarizer *s)
{
    if (!s) return;
    hf_free(s->sum);
    hf_free(s->hit);
    hf_free(s->country_run);
    hf_free(s->sector_run);
    hf_free(s);
}

static void country_reach(hf_summarizer *s, int country, hf_cascade_summary *to)
{
    if (s->country_run[country] == s->run) return;
    s->country_run[country] = s->run;
    to->countries_reached++;
}

static entity_sum *entity_of(hf_summarizer *s, int i, hf_cascade_summary *to)
{
    const hf_network *net = s->net;
    entity_sum *e = &s->sum[i];
    if (e->run == s->run) return e;
    *e = (entity_sum){.level = 1, .run = s->run};
    s->hit[s->n_hit++] = i;
    to->entities_hit++;
    country_reach(s, net->country[i], to);
    for (int a = net->abroad_off[i]; a < net->abroad_off[i + 1]; a++) country_reach(s, net->abroad_country[a], to);
    if (s->sector_run[net->sector[i]] != s->run) {
        s->sector_run[net->sector[i]] = s->run;
        to->sectors_reached++;
    }
    return e;
}

void hf_summarize(hf_summarizer *s, const hf_timeline *tl, double out_below, hf_cascade_summary *ret_summary)
{
    const hf_network *net = s->net;
    const hf_change *change = hf_timeline_changes(tl);
    int n = hf_timeline_change_count(tl);
    double users_hit = 0, end = hf_timeline_end_h(tl);
    hf_cascade_summary to = {.locked_out = hf_timeline_locked_out(tl)};
    s->run++;
    s->n_hit = 0;
    for (int k = 0; k < n; k++) {
        const hf_change *c = &change[k];
        entity_sum *e = entity_of(s, c->entity, &to);
        e->lost_h += (1 - e->level) * (c->at_h - e->since);
        e->since = c->at_h;
        users_hit += net->users[c->entity] * (e->level - c->after);
        e->level = c->after;
        if (!e->out && c->after < out_below - out_slack) {
            e->out = true;
            to.entities_out++;
        }
        if (c->after < c->before && c->depth > to.depth) to.depth = c->depth;
        bool instant_ends = k + 1 == n || change[k + 1].at_h > c->at_h;
        if (instant_ends && users_hit > to.users_hit_peak) {
            to.users_hit_peak = users_hit;
            to.worst_hour = c->at_h;
        }
    }
    for (int k = 0; k < s->n_hit; k++) {
        entity_sum *e = &s->sum[s->hit[k]];
        if (e->level < 1) e->lost_h += (1 - e->level) * (end - e->since);
        to.user_hours += e->lost_h * net->users[s->hit[k]];
        to.value_eur += e->lost_h * net->value_eur_h[s->hit[k]];
    }
    *ret_summary = to;
}

static int compare_ints(const void *a, const void *b)
{
    int x = *(const int *)a, y = *(const int *)b;
    return (x > y) - (x < y);
}

void hf_summarize_steady(hf_summarizer *s, const hf_timeline *tl, double out_below, hf_cascade_summary *ret_summary)
{
    const hf_network *net = s->net;
    const hf_change *change = hf_timeline_changes(tl);
    int n = 0;
    hf_cascade_summary to = {.locked_out = hf_timeline_locked_out(tl)};
    s->run++;
    s->n_hit = 0;
    for (int k = 0; k < hf_timeline_change_count(tl); k++)
        if (hf_timeline_level(tl, change[k].entity) < 1) entity_of(s, change[k].entity, &to);
    n = s->n_hit;
    qsort(s->hit, (size_t)n, sizeof *s->hit, compare_ints);
    for (int k = 0; k < n; k++) {
        int i = s->hit[k];
        entity_sum *e = &s->sum[i];
        e->level = hf_timeline_level(tl, i);
        e->lost_h = 1 - e->level;
        e->out = e->level < out_below - out_slack;
        to.entities_out += e->out;
        to.users_hit_peak += net->users[i] * e->lost_h;
        to.value_eur += net->value_eur_h[i] * e->lost_h;
    }
    to.user_hours = to.users_hit_peak;
    *ret_summary = to;
}

int hf_summarizer_hit(const hf_summarizer *s, const int **ret_entities)
{
    *ret_entities = s->hit;
    return s->n_hit;
}

double hf_summarizer_lost_h(const hf_summarizer *s, int entity)
{
    return s->run > 0 && s->sum[entity].run == s->run ? s->sum[entity].lost_h : 0;
}

bool hf_summarizer_was_out(const hf_summarizer *s, int entity)
{
    return s->run > 0 && s->sum[entity].run == s->run && s->sum[entity].out;
}
