#include "model/cascade/montecarlo.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/parallel.h"
#include "base/rng.h"
#include "model/cascade/sweep_workers.h"

enum { BATCH = 1024, PIECE = 32 };

static const double ticks_per_hour = 1e6; /* lost hours are added up as whole microhours: a sum that no order of threads can change */

static int hazard_draw(const hf_network *net, uint64_t seed, long sample)
{
    double total = 0, at = 0;
    for (int z = 0; z < net->n_hazards; z++) total += isnan(net->hazard_frequency[z]) ? 0 : net->hazard_frequency[z];
    double wanted = hf_random_unit(seed, (uint64_t)sample, 0) * total;
    int last = 0;
    for (int z = 0; z < net->n_hazards; z++) {
        if (isnan(net->hazard_frequency[z]) || net->hazard_frequency[z] <= 0) continue;
        at += net->hazard_frequency[z];
        last = z;
        if (wanted < at) return z;
    }
    return last;
}

/* A standard normal number by Box and Muller (Annals of Mathematical Statistics 29, 1958). */
static double normal(double u, double v)
{
    return sqrt(-2 * log(1 - u)) * cos(6.283185307179586 * v);
}

int hf_mc_draw(const hf_network *net, int hazard, uint64_t seed, long sample, hf_inject *injects)
{
    int n = 0;
    if (hazard < 0) hazard = hazard_draw(net, seed, sample);
    for (int d = net->hazard_off[hazard]; d < net->hazard_off[hazard + 1]; d++) {
        int i = net->damage_entity[d];
        uint64_t index = 1 + 3 * (uint64_t)i;
        if (hf_random_unit(seed, (uint64_t)sample, index) >= net->damage_probability[d]) continue;
        double repair_h = isnan(net->damage_repair_h[d]) ? net->repair_h[i] : net->damage_repair_h[d];
        if (net->repair_sigma[i] > 0 && !isnan(repair_h))
            repair_h *= exp(net->repair_sigma[i] * normal(hf_random_unit(seed, (uint64_t)sample, index + 1),
                                                          hf_random_unit(seed, (uint64_t)sample, index + 2)));
        injects[n++] = (hf_inject){0, HF_INJECT_FAIL, i, 1 - net->damage_severity[d], repair_h};
    }
    return n;
}

typedef struct run {
    hf_sweep_workers workers;
    const hf_mc_options *options;
    long first; /* sample of the batch's first item */
    hf_cascade_summary *summary;
    hf_inject **injects;   /* of each worker */
    int64_t **lost;        /* of each worker [entities], ticks */
    long **out;            /* of each worker [entities] */
} run;

static hf_err samples_body(void *context, int worker, long first, long last)
{
    run *r = context;
    const hf_network *net = r->workers.net;
    const hf_summarizer *s = r->workers.worker[worker].summarizer;
    for (long k = r->first + first; k < r->first + last; k++) {
        int n = hf_mc_draw(net, r->options->hazard, r->options->seed, k, r->injects[worker]), n_hit;
        const int *hit = NULL;
        hf_err err = hf_sweep_run(&r->workers, worker, r->injects[worker], n, &r->summary[k]);
        if (err != HF_OK) return err;
        n_hit = hf_summarizer_hit(s, &hit);
        for (int h = 0; h < n_hit; h++) {
            r->lost[worker][hit[h]] += (int64_t)llround(hf_summarizer_lost_h(s, hit[h]) * ticks_per_hour);
            r->out[worker][hit[h]] += hf_summarizer_was_out(s, hit[h]);
        }
    }
    return HF_OK;
}

static int compare_doubles(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double order_statistic(const double *sorted, long n, double rank)
{
    long k = (long)ceil(rank) - 1;
    return sorted[k < 0 ? 0 : k >= n ? n - 1 : k];
}

/* x is sorted on return. */
static hf_mc_figure figure_of(double *x, long n, double tail)
{
    const double z = 1.959963984540054;
    double sum = 0, square = 0, over = 0, over_square = 0;
    for (long k = 0; k < n; k++) sum += x[k];
    double mean = sum / (double)n;
    for (long k = 0; k < n; k++) square += (x[k] - mean) * (x[k] - mean);
    double half = z * sqrt(square / (double)(n - 1) / (double)n);
    qsort(x, (size_t)n, sizeof *x, compare_doubles);
    double rank = tail * (double)n, spread = z * sqrt((double)n * tail * (1 - tail)), var = order_statistic(x, n, rank);
    /* CVaR = VaR + E[(X - VaR)+] / (1 - tail) (Rockafellar and Uryasev 2000), with the variance of that mean. */
    for (long k = 0; k < n; k++) {
        double beyond = x[k] > var ? x[k] - var : 0;
        over += beyond;
        over_square += beyond * beyond;
    }
    over /= (double)n;
    double cvar = var + over / (1 - tail), deviation = over_square / (double)n - over * over;
    double cvar_half = z * sqrt((deviation > 0 ? deviation : 0) / (double)n) / (1 - tail);
    return (hf_mc_figure){.mean = mean,
                          .mean_low = mean - half > 0 ? mean - half : 0,
                          .mean_high = mean + half,
                          .var = var,
                          .var_low = order_statistic(x, n, rank - spread),
                          .var_high = order_statistic(x, n, rank + spread + 1),
                          .cvar = cvar,
                          .cvar_low = cvar - cvar_half > var ? cvar - cvar_half : var,
                          .cvar_high = cvar + cvar_half,
                          .most = x[n - 1]};
}

static bool precise_enough(const run *r, long n)
{
    double sum = 0, square = 0;
    for (long k = 0; k < n; k++) sum += r->summary[k].user_hours;
    double mean = sum / (double)n;
    for (long k = 0; k < n; k++) square += (r->summary[k].user_hours - mean) * (r->summary[k].user_hours - mean);
    return 1.959963984540054 * sqrt(square / (double)(n - 1) / (double)n) <= r->options->relative_error * mean;
}

/* Wilson's interval (Journal of the American Statistical Association 22, 1927). */
static void probability_set(hf_mc_entity *e, long n)
{
    const double z = 1.959963984540054, m = (double)n;
    double p = (double)e->out / m, centre = p + z * z / (2 * m), half = z * sqrt(p * (1 - p) / m + z * z / (4 * m * m)), scale = 1 + z * z / m;
    e->p_out = p;
    e->p_low = e->out == 0 ? 0 : (centre - half) / scale;
    e->p_high = e->out == n ? 1 : (centre + half) / scale;
}

static hf_err figures_fill(const run *r, hf_mc *to)
{
    const hf_network *net = r->workers.net;
    long n = to->samples;
    double *x = hf_malloc((size_t)n * sizeof *x);
    if (!x) return HF_E_NOMEM;
    for (int f = 0; f < 4; f++) {
        hf_mc_figure *figure[] = {&to->user_hours, &to->value_eur, &to->users_hit, &to->entities_out};
        for (long k = 0; k < n; k++) {
            const hf_cascade_summary *s = &r->summary[k];
            x[k] = f == 0 ? s->user_hours : f == 1 ? s->value_eur : f == 2 ? s->users_hit_peak : s->entities_out;
        }
        *figure[f] = figure_of(x, n, r->options->tail);
    }
    hf_free(x);
    for (int i = 0; i < net->n_entities; i++) {
        int64_t ticks = 0;
        for (int w = 0; w < r->workers.n; w++) {
            ticks += r->lost[w][i];
            to->entities[i].out += r->out[w][i];
        }
        to->entities[i].lost_h = (double)ticks / ticks_per_hour / (double)n;
        to->entities[i].user_hours = to->entities[i].lost_h * net->users[i];
        probability_set(&to->entities[i], n);
    }
    return HF_OK;
}

static hf_err complain(hf_diag *diag, hf_err err, const char *text)
{
    hf_diag_add(diag, HF_ERROR, err, NULL, 0, 0, "%s", text);
    return err;
}

static hf_err options_check(const hf_network *net, const hf_mc_options *o, hf_diag *diag, double *ret_per_year)
{
    double total = 0;
    if (net->n_hazards == 0) return complain(diag, HF_E_MISSING, "the data set has no hazards to draw from");
    if (o->samples < 2) return complain(diag, HF_E_RANGE, "samples are out of range (allowed: 2 or more)");
    if (!isfinite(o->sweep.run.horizon_h)) return complain(diag, HF_E_RANGE, "the horizon must be finite");
    if (!(o->tail > 0 && o->tail < 1)) return complain(diag, HF_E_RANGE, "the tail level is out of range (allowed: between 0 and 1)");
    for (int z = 0; z < net->n_hazards; z++) {
        bool drawn = o->hazard < 0 ? net->hazard_frequency[z] > 0 : z == o->hazard;
        if (!drawn) continue;
        total += net->hazard_frequency[z];
        if (net->hazard_off[z] < net->hazard_off[z + 1]) continue;
        hf_diag_add(diag, HF_ERROR, HF_E_MISSING, NULL, 0, 0, "hazard %s damages nobody (add rows to hazard_damage)", net->hazard_id[z]);
        return HF_E_MISSING;
    }
    if (o->hazard < 0 && total <= 0) return complain(diag, HF_E_MISSING, "no hazard has a frequency_per_year to draw by");
    *ret_per_year = total;
    return HF_OK;
}

static hf_err run_new(const hf_network *net, const hf_mc_options *o, hf_diag *diag, run *r)
{
    hf_err err = HF_OK;
    size_t threads = (size_t)o->sweep.threads, n = (size_t)net->n_entities;
    r->options = o;
    HF_TRY(hf_sweep_workers_new(net, &o->sweep, diag, &r->workers));
    r->summary = hf_malloc((size_t)o->samples * sizeof *r->summary);
    r->injects = hf_calloc(threads, sizeof *r->injects);
    r->lost = hf_calloc(threads, sizeof *r->lost);
    r->out = hf_calloc(threads, sizeof *r->out);
    if (!r->summary || !r->injects || !r->lost || !r->out) HF_TRY(HF_E_NOMEM);
    for (size_t k = 0; k < threads; k++) {
        r->injects[k] = hf_malloc((size_t)net->n_damage * sizeof **r->injects);
        r->lost[k] = hf_calloc(n, sizeof **r->lost);
        r->out[k] = hf_calloc(n, sizeof **r->out);
        if (!r->injects[k] || !r->lost[k] || !r->out[k]) HF_TRY(HF_E_NOMEM);
    }
out:
    return err;
}

static void run_done(run *r, int threads)
{
    for (int k = 0; k < threads; k++) {
        if (r->injects) hf_free(r->injects[k]);
        if (r->lost) hf_free(r->lost[k]);
        if (r->out) hf_free(r->out[k]);
    }
    hf_free(r->injects);
    hf_free(r->lost);
    hf_free(r->out);
    hf_free(r->summary);
    hf_sweep_workers_done(&r->workers);
}

/* Batch after batch, so that stopping by precision looks at the same samples whatever the threads. */
static hf_err samples_run(run *r, hf_mc *to)
{
    const hf_mc_options *o = r->options;
    const hf_watch *watch = &o->sweep.watch, quiet = {.stop = watch->stop}; /* a batch is a part of the whole */
    while (to->samples < o->samples && !to->precise) {
        long n = o->samples - to->samples < BATCH ? o->samples - to->samples : BATCH, done = 0;
        r->first = to->samples;
        hf_err err = hf_parallel_for(n, PIECE, o->sweep.threads, samples_body, r, &quiet, &done);
        if (err != HF_OK) return err;
        to->samples += done;
        if (watch->progress) watch->progress(watch->context, to->samples, o->samples);
        if (done < n) break;
        to->precise = o->relative_error > 0 && to->samples >= 2 && precise_enough(r, to->samples);
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
    err = to->entities ? run_new(net, options, diag, &r) : HF_E_NOMEM;
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
