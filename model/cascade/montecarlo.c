#include "model/cascade/montecarlo.h"

#include <math.h>

#include "base/alloc.h"
#include "base/parallel.h"
#include "model/cascade/mc_inside.h"
#include "model/cascade/sweep_workers.h"

enum { BATCH = 1024, PIECE = 64, WORDS = HF_BOOLEAN_WORDS, SAMPLES = HF_BOOLEAN_SAMPLES };

static const double ticks_per_hour = 1e6; /* lost hours are added up as whole microhours: a sum that no order of threads can change */

/* What a thread needs to run samples one by one. */
typedef struct part {
    long block;       /* whose damage is drawn, -1: none yet */
    uint64_t *damage; /* [n_damage x WORDS] */
    hf_inject *injects;
    int64_t *lost;    /* [entities] ticks */
    long *out;        /* [entities] */
    long locked_out;
    hf_link_masks *masks;
} part;

typedef struct run {
    hf_sweep_workers workers;
    const hf_mc_options *options;
    hf_mc_draws draws;
    hf_links *links;        /* NULL: all are sure */
    hf_mc_boolean *boolean; /* NULL: samples are run one by one */
    long first;             /* sample of the batch's first item */
    hf_mc_sample *sample;
    part *part;             /* of each worker */
} run;

/* Draws the damage of a block for all hazards that come in it. */
static void block_draw(const run *r, part *p, long block)
{
    const hf_network *net = r->draws.net;
    bool comes = false;
    if (p->block == block) return;
    p->block = block;
    for (int z = 0; z < net->n_hazards; z++) {
        comes = r->draws.hazard < 0 ? net->hazard_frequency[z] > 0 : z == r->draws.hazard;
        for (int row = net->hazard_off[z]; comes && row < net->hazard_off[z + 1]; row++)
            hf_mc_row(&r->draws, row, block, p->damage + (size_t)row * WORDS);
    }
}

static int injects_of(const run *r, part *p, long sample)
{
    const hf_network *net = r->draws.net;
    int n = 0, z = hf_mc_hazard(&r->draws, sample), place = (int)(sample % SAMPLES);
    block_draw(r, p, sample / SAMPLES);
    for (int row = net->hazard_off[z]; row < net->hazard_off[z + 1]; row++)
        if (p->damage[(size_t)row * WORDS + (size_t)place / 64] >> place % 64 & 1) p->injects[n++] = hf_mc_inject(&r->draws, row, sample);
    return n;
}

static hf_err sample_run(run *r, int worker, long k)
{
    part *p = &r->part[worker];
    const hf_summarizer *s = r->workers.worker[worker].summarizer;
    hf_cascade_summary sum;
    const int *hit = NULL;
    if (p->masks) hf_link_masks_set(p->masks, r->workers.worker[worker].tl, r->draws.seed, k);
    hf_err err = hf_sweep_run(&r->workers, worker, p->injects, injects_of(r, p, k), &sum);
    if (err != HF_OK) return err;
    r->sample[k] = (hf_mc_sample){sum.user_hours, sum.value_eur, sum.users_hit_peak, sum.entities_out};
    p->locked_out += sum.locked_out;
    int n_hit = hf_summarizer_hit(s, &hit);
    for (int h = 0; h < n_hit; h++) {
        p->lost[hit[h]] += (int64_t)llround(hf_summarizer_lost_h(s, hit[h]) * ticks_per_hour);
        p->out[hit[h]] += hf_summarizer_was_out(s, hit[h]);
    }
    return HF_OK;
}

static hf_err samples_body(void *context, int worker, long first, long last)
{
    run *r = context;
    hf_err err = HF_OK;
    if (r->boolean) hf_mc_boolean_run(r->boolean, worker, r->first + first, r->first + last, r->sample, r->part[worker].out);
    else
        for (long k = r->first + first; err == HF_OK && k < r->first + last; k++) err = sample_run(r, worker, k);
    return err;
}

static hf_err figures_fill(const run *r, hf_mc *to)
{
    const hf_network *net = r->draws.net;
    long n = to->samples;
    double *scratch = hf_malloc((size_t)n * sizeof *scratch), hours = r->options->sweep.steady ? 1 : r->options->sweep.run.horizon_h;
    if (!scratch) return HF_E_NOMEM;
    hf_mc_figures(r->sample, n, r->options->tail, scratch, to);
    hf_free(scratch);
    for (int w = 0; w < r->options->sweep.threads; w++) to->locked_out += r->part[w].locked_out;
    for (int i = 0; i < net->n_entities; i++) {
        hf_mc_entity *e = &to->entities[i];
        int64_t ticks = 0;
        for (int w = 0; w < r->options->sweep.threads; w++) {
            if (!r->boolean) ticks += r->part[w].lost[i];
            e->out += r->part[w].out[i];
        }
        if (r->boolean) ticks = e->out * (int64_t)llround(hours * ticks_per_hour);
        e->lost_h = (double)ticks / ticks_per_hour / (double)n;
        e->user_hours = e->lost_h * net->users[i];
        hf_mc_probability(e, n);
    }
    return HF_OK;
}

static hf_err complain(hf_diag *diag, hf_err err, const char *text)
{
    hf_diag_add(diag, HF_ERROR, err, NULL, 0, 0, "%s", text);
    return err;
}

static bool damages_somebody(const hf_network *net, int hazard)
{
    for (int row = net->hazard_off[hazard]; row < net->hazard_off[hazard + 1]; row++)
        if (net->damage_probability[row] > 0 && net->damage_severity[row] > 0) return true;
    return false;
}

static hf_err options_check(const hf_network *net, const hf_mc_options *o, hf_diag *diag, double *ret_per_year)
{
    double total = 0;
    if (net->n_hazards == 0) return complain(diag, HF_E_MISSING, "the data set has no hazards to draw from");
    if (o->samples < 2) return complain(diag, HF_E_RANGE, "samples are out of range (allowed: 2 or more)");
    if (!o->sweep.steady && !isfinite(o->sweep.run.horizon_h)) return complain(diag, HF_E_RANGE, "the horizon must be finite");
    if (!(o->sweep.out_below > 1e-9 && o->sweep.out_below <= 1)) return complain(diag, HF_E_RANGE, "out_below is out of range (allowed: above 0 up to 1)");
    if (!(o->tail > 0 && o->tail < 1)) return complain(diag, HF_E_RANGE, "the tail level is out of range (allowed: between 0 and 1)");
    for (int z = 0; z < net->n_hazards; z++) {
        bool drawn = o->hazard < 0 ? net->hazard_frequency[z] > 0 : z == o->hazard;
        if (!drawn) continue;
        total += net->hazard_frequency[z];
        if (damages_somebody(net, z)) continue;
        hf_diag_add(diag, HF_ERROR, HF_E_MISSING, NULL, 0, 0, "hazard %s damages nobody (add rows with a probability above 0 to hazard_damage)",
                    net->hazard_id[z]);
        return HF_E_MISSING;
    }
    if (o->hazard < 0 && total <= 0) return complain(diag, HF_E_MISSING, "no hazard has a frequency_per_year to draw by");
    *ret_per_year = total;
    return HF_OK;
}

static hf_err part_new(const run *r, part *p)
{
    const hf_network *net = r->draws.net;
    hf_err err = HF_OK;
    p->block = -1;
    p->out = hf_calloc((size_t)net->n_entities, sizeof *p->out);
    if (!p->out) return HF_E_NOMEM;
    if (r->boolean) return HF_OK;
    p->damage = hf_malloc((size_t)net->n_damage * WORDS * sizeof *p->damage);
    p->injects = hf_malloc((size_t)net->n_damage * sizeof *p->injects);
    p->lost = hf_calloc((size_t)net->n_entities, sizeof *p->lost);
    if (!p->damage || !p->injects || !p->lost) HF_TRY(HF_E_NOMEM);
    if (r->links) HF_TRY(hf_link_masks_new(r->links, &p->masks));
out:
    return err;
}

static void part_done(part *p)
{
    hf_free(p->damage);
    hf_free(p->injects);
    hf_free(p->lost);
    hf_free(p->out);
    hf_link_masks_free(p->masks);
}

static hf_err run_new(const hf_network *net, const hf_mc_options *o, hf_diag *diag, hf_mc *to, run *r)
{
    hf_err err = HF_OK;
    r->options = o;
    HF_TRY(hf_mc_draws_new(net, o->hazard, o->seed, &r->draws));
    HF_TRY(hf_mc_boolean_new(&r->draws, o, &r->boolean, &to->reason));
    to->engine = r->boolean ? HF_MC_BOOLEAN : o->sweep.steady ? HF_MC_STEADY : HF_MC_TIMELINE;
    if (!r->boolean) HF_TRY(hf_sweep_workers_new(net, &o->sweep, diag, &r->workers));
    if (!r->boolean && o->doubt) HF_TRY(hf_links_new(net, o->doubt, &r->links));
    r->sample = hf_malloc((size_t)o->samples * sizeof *r->sample);
    r->part = hf_calloc((size_t)o->sweep.threads, sizeof *r->part);
    if (!r->sample || !r->part) HF_TRY(HF_E_NOMEM);
    for (int k = 0; k < o->sweep.threads; k++) HF_TRY(part_new(r, &r->part[k]));
out:
    return err;
}

static void run_done(run *r, int threads)
{
    for (int k = 0; r->part && k < threads; k++) part_done(&r->part[k]);
    hf_free(r->part);
    hf_free(r->sample);
    hf_sweep_workers_done(&r->workers);
    hf_links_free(r->links);
    hf_mc_boolean_free(r->boolean);
    hf_mc_draws_done(&r->draws);
}

/* Where the samples end after which precision is looked at next: a quarter more each time, in whole batches whatever the threads. */
static long batch_end(const hf_mc_options *o, long done)
{
    if (!(o->relative_error > 0)) return o->samples;
    long more = done / 4 / BATCH * BATCH;
    if (more < BATCH) more = BATCH;
    return o->samples - done < more ? o->samples : done + more;
}

static hf_err samples_run(run *r, hf_mc *to)
{
    const hf_mc_options *o = r->options;
    const hf_watch *watch = &o->sweep.watch, quiet = {.stop = watch->stop}; /* a batch is a part of the whole */
    while (to->samples < o->samples && !to->precise) {
        long end = batch_end(o, to->samples), n = end - to->samples, done = 0;
        r->first = to->samples;
        hf_err err = hf_parallel_for(n, r->boolean ? SAMPLES : PIECE, o->sweep.threads, samples_body, r, n == o->samples ? watch : &quiet, &done);
        if (err != HF_OK) return err;
        to->samples += done;
        if (watch->progress) watch->progress(watch->context, to->samples, o->samples);
        if (done < n) break;
        to->precise = o->relative_error > 0 && to->samples >= 2 && hf_mc_precise(r->sample, to->samples, o->relative_error);
    }
    return to->samples < 2 ? HF_E_INTERRUPTED : HF_OK;
}

hf_err hf_mc_run(const hf_network *net, const hf_mc_options *options, hf_diag *diag, hf_mc **ret_result)
{
    hf_err err = HF_OK;
    run r = {0};
    double per_year = 0;
    HF_TRY(options_check(net, options, diag, &per_year));
    hf_mc *to = hf_calloc(1, sizeof *to);
    if (!to) return HF_E_NOMEM;
    to->events_per_year = per_year;
    to->entities = hf_calloc((size_t)net->n_entities, sizeof *to->entities);
    err = to->entities ? run_new(net, options, diag, to, &r) : HF_E_NOMEM;
    if (err == HF_OK) err = samples_run(&r, to);
    if (err == HF_OK) err = figures_fill(&r, to);
    run_done(&r, options->sweep.threads);
    if (err == HF_OK) *ret_result = to;
    else hf_mc_free(to);
out:
    return err;
}

void hf_mc_free(hf_mc *result)
{
    if (!result) return;
    hf_free(result->entities);
    hf_free(result);
}
