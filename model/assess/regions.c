#include "model/assess/regions.h"

#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "model/cascade/montecarlo.h"

typedef struct measuring {
    const hf_network *net;
    const int *place;
    int n_places, n_indicators;
    const hf_region_indicator *indicators;
    double *since, *longest;       /* [n_entities] out since (NaN: is not); longest time out, h */
    double *figure, *sum, *square; /* [(n_indicators + 1) * n_places] of one event; over the events of a hazard */
} measuring;

static bool is_label(const hf_labels *labels, int index, const char *wanted)
{
    return !*wanted || (index >= 0 && strcmp(labels->name[index], wanted) == 0);
}

static bool counts(const hf_network *net, const hf_region_indicator *what, int i)
{
    return is_label(&net->sectors, net->sector[i], what->sector) && is_label(&net->subsectors, net->subsector[i], what->subsector) &&
           (!what->isolated || net->isolated[i]);
}

/* Longest time out of every entity in the last run. */
static void spells(const measuring *m, const hf_timeline *tl, double out_below)
{
    const hf_change *change = hf_timeline_changes(tl);
    double end = hf_timeline_end_h(tl);
    for (int i = 0; i < m->net->n_entities; i++) {
        m->since[i] = NAN;
        m->longest[i] = 0;
    }
    for (int k = 0; k < hf_timeline_change_count(tl); k++) {
        int i = change[k].entity;
        if (change[k].after < out_below) {
            if (isnan(m->since[i])) m->since[i] = change[k].at_h;
        } else if (!isnan(m->since[i])) {
            m->longest[i] = fmax(m->longest[i], change[k].at_h - m->since[i]);
            m->since[i] = NAN;
        }
    }
    for (int i = 0; i < m->net->n_entities; i++)
        if (!isnan(m->since[i])) m->longest[i] = fmax(m->longest[i], end - m->since[i]);
}

static void event_add(const measuring *m)
{
    size_t cells = (size_t)(m->n_indicators + 1) * (size_t)m->n_places;
    memset(m->figure, 0, cells * sizeof *m->figure);
    for (int i = 0; i < m->net->n_entities; i++) {
        if (m->place[i] < 0 || !(m->longest[i] > 0)) continue;
        for (int k = 0; k < m->n_indicators; k++) {
            const hf_region_indicator *what = &m->indicators[k];
            if (m->longest[i] <= what->hours || !counts(m->net, what, i)) continue;
            m->figure[k * m->n_places + m->place[i]] += what->people ? m->net->users[i] : 1;
            if (what->people) m->figure[m->n_indicators * m->n_places + m->place[i]] += m->net->users[i];
        }
    }
    for (size_t c = 0; c < cells; c++) {
        m->sum[c] += m->figure[c];
        m->square[c] += m->figure[c] * m->figure[c];
    }
}

/* Whether every event of a hazard is the same. */
static bool is_certain(const hf_network *net, int z)
{
    for (int row = net->hazard_off[z]; row < net->hazard_off[z + 1]; row++) {
        double p = net->damage_probability[row];
        if ((p > 0 && p < 1) || net->repair_sigma[net->damage_entity[row]] > 0) return false;
    }
    return true;
}

static void hazard_add(const measuring *m, int z, long n, hf_region_exposure *exposure)
{
    double frequency = m->net->hazard_frequency[z];
    for (int c = 0; c < (m->n_indicators + 1) * m->n_places; c++) {
        double mean = m->sum[c] / (double)n;
        if (mean > exposure[c].worst) {
            exposure[c].worst = mean;
            exposure[c].worst_hazard = z;
        }
        if (isnan(frequency)) continue;
        exposure[c].yearly += frequency * mean;
        if (n > 1) /* variances here; the caller takes the root */
            exposure[c].yearly_se += frequency * frequency * fmax(0, m->square[c] / (double)n - mean * mean) / (double)(n - 1);
    }
}

static void exposure_start(const measuring *m, hf_region_exposure *exposure)
{
    int n = m->n_places;
    for (int c = 0; c < (m->n_indicators + 1) * n; c++) exposure[c] = (hf_region_exposure){.worst_hazard = -1};
    for (int i = 0; i < m->net->n_entities; i++) {
        for (int k = 0; m->place[i] >= 0 && k < m->n_indicators; k++) {
            const hf_region_indicator *what = &m->indicators[k];
            if (!counts(m->net, what, i) || (what->people && !(m->net->users[i] > 0))) continue;
            hf_region_exposure *one = &exposure[k * n + m->place[i]], *all = &exposure[m->n_indicators * n + m->place[i]];
            one->watched++;
            one->most += what->people ? m->net->users[i] : 1;
            if (!what->people) continue;
            all->watched++;
            all->most += m->net->users[i];
        }
    }
}

hf_err hf_regions_measure(const hf_network *net, const int *place, int n_places, const hf_region_indicator *indicators, int n_indicators,
                          const hf_region_options *options, hf_diag *diag, hf_region_exposure *exposure)
{
    hf_err err = HF_OK;
    measuring m = {.net = net, .place = place, .n_places = n_places, .n_indicators = n_indicators, .indicators = indicators};
    size_t n = (size_t)net->n_entities, cells = (size_t)(n_indicators + 1) * (size_t)n_places;
    hf_inject *injects = NULL;
    hf_timeline *tl = NULL;
    if (options->samples < 2 || !isfinite(options->run.horizon_h)) return HF_E_RANGE;
    m.since = hf_malloc(n * sizeof *m.since);
    m.longest = hf_malloc(n * sizeof *m.longest);
    m.figure = hf_malloc(cells * sizeof *m.figure);
    m.sum = hf_malloc(cells * sizeof *m.sum);
    m.square = hf_malloc(cells * sizeof *m.square);
    injects = hf_malloc(((size_t)net->n_damage + 1) * sizeof *injects);
    if (!m.since || !m.longest || !m.figure || !m.sum || !m.square || !injects) HF_TRY(HF_E_NOMEM);
    HF_TRY(hf_timeline_new(net, &tl));
    exposure_start(&m, exposure);
    for (int z = 0; z < net->n_hazards; z++) {
        long samples = is_certain(net, z) ? 1 : options->samples;
        for (size_t c = 0; c < cells; c++) m.sum[c] = m.square[c] = 0;
        for (long s = 0; s < samples; s++) {
            int n_injects = 0;
            HF_TRY(hf_mc_draw(net, z, options->seed, s, injects, &n_injects));
            HF_TRY(hf_timeline_run(tl, injects, n_injects, &options->run, diag));
            spells(&m, tl, options->out_below);
            event_add(&m);
        }
        hazard_add(&m, z, samples, exposure);
    }
    for (size_t c = 0; c < cells; c++) exposure[c].yearly_se = sqrt(exposure[c].yearly_se);
out:
    hf_timeline_free(tl);
    void *all[] = {m.since, m.longest, m.figure, m.sum, m.square, injects};
    for (size_t k = 0; k < sizeof all / sizeof *all; k++) hf_free(all[k]);
    return err;
}
