#include "model/cascade/sweep.h"

#include <math.h>

#include "base/alloc.h"
#include "base/parallel.h"
#include "model/cascade/steady.h"
#include "model/cascade/sweep_workers.h"

double hf_rank_value(const hf_cascade_summary *s, hf_rank_by by)
{
    switch (by) {
    case HF_RANK_USERS: return s->users_hit_peak;
    case HF_RANK_VALUE: return s->value_eur;
    case HF_RANK_OUT: return s->entities_out;
    case HF_RANK_COUNTRIES: return s->countries_reached;
    case HF_RANK_SECTORS: return s->sectors_reached;
    case HF_RANK_WORST_HOUR: return s->users_hit_peak > 0 ? -s->worst_hour : -INFINITY;
    case HF_RANK_USER_HOURS:
    case HF_RANK_EXCESS: break;
    }
    return s->user_hours;
}

hf_err hf_sweep_workers_new(const hf_network *net, const hf_sweep_options *options, hf_diag *diag, hf_sweep_workers *ret_workers)
{
    hf_err err = HF_OK;
    hf_sweep_workers w = {.net = net, .options = options, .n = options->threads};
    w.worker = hf_calloc((size_t)w.n, sizeof *w.worker);
    if (!w.worker) return HF_E_NOMEM;
    for (int k = 0; k < w.n; k++) {
        HF_TRY(hf_timeline_new(net, &w.worker[k].tl));
        HF_TRY(hf_summarizer_new(net, &w.worker[k].summarizer));
        HF_TRY(hf_diag_new(&w.worker[k].diag));
    }
    w.target = diag;
    *ret_workers = w;
out:
    if (err != HF_OK) hf_sweep_workers_done(&w);
    return err;
}

/* Each thread collects its own findings; the first thread's errors are as good as another's, since a sweep ends at its first. */
void hf_sweep_workers_done(hf_sweep_workers *w)
{
    bool told = false;
    for (int k = 0; k < w->n; k++) {
        for (size_t f = 0; w->target && !told && w->worker[k].diag && f < hf_diag_kept(w->worker[k].diag); f++) {
            const hf_finding *finding = hf_diag_get(w->worker[k].diag, f);
            if (finding->severity != HF_ERROR) continue;
            hf_diag_add(w->target, HF_ERROR, finding->code, finding->file, finding->line, finding->column, "%s", finding->text);
            told = true;
        }
        hf_timeline_free(w->worker[k].tl);
        hf_summarizer_free(w->worker[k].summarizer);
        hf_diag_free(w->worker[k].diag);
    }
    hf_free(w->worker);
    *w = (hf_sweep_workers){0};
}

hf_err hf_sweep_run(hf_sweep_workers *w, int worker, const hf_inject *injects, int n, hf_cascade_summary *ret_summary)
{
    hf_sweep_worker *self = &w->worker[worker];
    bool steady = w->options->steady;
    hf_err err = steady ? hf_steady_run(self->tl, injects, n, self->diag) : hf_timeline_run(self->tl, injects, n, &w->options->run, self->diag);
    if (err != HF_OK) return err;
    if (steady) hf_summarize_steady(self->summarizer, self->tl, w->options->out_below, ret_summary);
    else hf_summarize(self->summarizer, self->tl, w->options->out_below, ret_summary);
    return err;
}

typedef struct singles {
    hf_sweep_workers workers;
    hf_cascade_summary *summary;
} singles;

static hf_err singles_body(void *context, int worker, long first, long last)
{
    singles *s = context;
    for (long i = first; i < last; i++) {
        hf_inject fail = {0, HF_INJECT_FAIL, (int)i, 0, NAN};
        hf_err err = hf_sweep_run(&s->workers, worker, &fail, 1, &s->summary[i]);
        if (err != HF_OK) return err;
    }
    return HF_OK;
}

hf_err hf_sweep_singles(const hf_network *net, const hf_sweep_options *options, hf_diag *diag, hf_cascade_summary *summary, long *ret_done)
{
    singles s = {.summary = summary};
    hf_err err = hf_sweep_boolean(net, NULL, NULL, net->n_entities, options, summary, ret_done);
    if (err != HF_OK || *ret_done >= 0) return err;
    err = hf_sweep_workers_new(net, options, diag, &s.workers);
    if (err != HF_OK) return err;
    err = hf_parallel_for(net->n_entities, 64, options->threads, singles_body, &s, &options->watch, ret_done);
    hf_sweep_workers_done(&s.workers);
    return err;
}

typedef struct sets {
    hf_sweep_workers workers;
    const int *off, *entities;
    hf_inject **injects; /* of each worker */
    hf_cascade_summary *summary;
} sets;

static hf_err sets_body(void *context, int worker, long first, long last)
{
    sets *s = context;
    for (long k = first; k < last; k++) {
        int n = s->off[k + 1] - s->off[k];
        for (int j = 0; j < n; j++) s->injects[worker][j] = (hf_inject){0, HF_INJECT_FAIL, s->entities[s->off[k] + j], 0, NAN};
        hf_err err = hf_sweep_run(&s->workers, worker, s->injects[worker], n, &s->summary[k]);
        if (err != HF_OK) return err;
    }
    return HF_OK;
}

hf_err hf_sweep_sets(const hf_network *net, const int *off, const int *entities, int n_sets, const hf_sweep_options *options, hf_diag *diag,
                     hf_cascade_summary *summary, long *ret_done)
{
    hf_err err = HF_OK;
    int most = 0;
    sets s = {.off = off, .entities = entities, .summary = summary};
    err = hf_sweep_boolean(net, off, entities, n_sets, options, summary, ret_done);
    if (err != HF_OK || *ret_done >= 0) return err;
    for (int k = 0; k < n_sets; k++)
        if (off[k + 1] - off[k] > most) most = off[k + 1] - off[k];
    HF_TRY(hf_sweep_workers_new(net, options, diag, &s.workers));
    s.injects = hf_calloc((size_t)options->threads, sizeof *s.injects);
    if (!s.injects) HF_TRY(HF_E_NOMEM);
    for (int k = 0; k < options->threads; k++)
        if (!(s.injects[k] = hf_malloc((size_t)most * sizeof **s.injects))) HF_TRY(HF_E_NOMEM);
    HF_TRY(hf_parallel_for(n_sets, 16, options->threads, sets_body, &s, &options->watch, ret_done));
out:
    for (int k = 0; s.injects && k < options->threads; k++) hf_free(s.injects[k]);
    hf_free(s.injects);
    hf_sweep_workers_done(&s.workers);
    return err;
}
