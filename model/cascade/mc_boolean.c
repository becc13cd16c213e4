/* Samples by the Boolean engine, and when it may stand in for the others. */
#include <math.h>

#include "base/alloc.h"
#include "model/cascade/mc_inside.h"

enum { WORDS = HF_BOOLEAN_WORDS, SAMPLES = HF_BOOLEAN_SAMPLES, AHEAD = 4 };

struct hf_mc_boolean {
    const hf_mc_draws *draws;
    hf_boolean *b;
    double hours; /* that what is down counts: 1 in the steady state, else the horizon */
    int threads;
    hf_boolean_state **state; /* of each worker */
    uint64_t **hazards;       /* likewise */
};

static bool is_drawn(const hf_network *net, int wanted, int hazard)
{
    return wanted < 0 ? net->hazard_frequency[hazard] > 0 : hazard == wanted;
}

/* Every row that can be drawn does all damage or none; otherwise the first that does not. */
static bool damage_is_boolean(const hf_mc_draws *d, hf_boolean_reason *ret_reason)
{
    const hf_network *net = d->net;
    for (int z = 0; z < net->n_hazards; z++)
        for (int row = net->hazard_off[z]; is_drawn(net, d->hazard, z) && row < net->hazard_off[z + 1]; row++) {
            double level = 1 - net->damage_severity[row];
            if (level == 0 || level == 1 || net->damage_probability[row] <= 0) continue;
            *ret_reason = (hf_boolean_reason){HF_BOOLEAN_DAMAGE, net->damage_entity[row], -1, -1, z};
            return false;
        }
    return true;
}

/* Nothing that can be drawn is repaired. */
static bool nothing_is_repaired(const hf_mc_draws *d, const hf_mc_options *o)
{
    const hf_network *net = d->net;
    for (int z = 0; z < net->n_hazards && !o->sweep.run.no_repair; z++)
        for (int row = net->hazard_off[z]; is_drawn(net, d->hazard, z) && row < net->hazard_off[z + 1]; row++)
            if (!isnan(net->damage_repair_h[row]) || !isnan(net->repair_h[net->damage_entity[row]])) return false;
    return true;
}

/* Sums of `value` times `factor` are exact in any order: whole numbers (or 1024ths) far below 2^53. */
static bool sums_are_exact(const double *value, int n, double factor)
{
    double total = 0;
    for (int i = 0; i < n; i++) {
        double product = value[i] * factor, scaled = product * 1024;
        if (fma(value[i], factor, -product) != 0 || scaled != floor(scaled) || value[i] * 1024 != floor(value[i] * 1024)) return false;
        total += fmax(product, value[i]);
    }
    return total < 0x1p42;
}

/* Everything that follows from damage follows at hour 0 and stays: the timeline's figures are then those of the steady state times the
 * horizon, and equal to the last bit if no sum depends on its order. */
static bool happens_at_once(const hf_mc_draws *d, const hf_mc_options *o)
{
    const hf_network *net = d->net;
    for (int g = 0; g < net->n_requirements; g++) {
        int first = net->curve_off[net->req_curve[g]], last = net->curve_off[net->req_curve[g] + 1] - 1;
        if (net->curve_loss[last] > 0 && !(net->curve_h[first] <= 0 && net->curve_loss[first] >= 1)) return false;
    }
    for (int i = 0; i < net->n_entities; i++)
        if (net->black_start[i]) return false;
    return nothing_is_repaired(d, o) && sums_are_exact(net->users, net->n_entities, o->sweep.run.horizon_h) &&
           sums_are_exact(net->value_eur_h, net->n_entities, o->sweep.run.horizon_h);
}

static hf_err workers_new(hf_mc_boolean *m)
{
    hf_err err = HF_OK;
    size_t threads = (size_t)m->threads, hazards = (size_t)m->draws->net->n_hazards;
    m->state = hf_calloc(threads, sizeof *m->state);
    m->hazards = hf_calloc(threads, sizeof *m->hazards);
    if (!m->state || !m->hazards) HF_TRY(HF_E_NOMEM);
    for (int k = 0; k < m->threads; k++) {
        HF_TRY(hf_boolean_state_new(m->b, &m->state[k]));
        m->hazards[k] = hf_malloc(hazards * WORDS * sizeof **m->hazards);
        if (!m->hazards[k]) HF_TRY(HF_E_NOMEM);
    }
out:
    return err;
}

hf_err hf_mc_boolean_new(const hf_mc_draws *draws, const hf_mc_options *o, hf_mc_boolean **ret_boolean, hf_boolean_reason *ret_reason)
{
    hf_err err = HF_OK;
    hf_mc_boolean *m = NULL;
    *ret_boolean = NULL;
    *ret_reason = (hf_boolean_reason){HF_BOOLEAN_YES, -1, -1, -1, -1};
    if (o->sweep.one_by_one || (!o->sweep.steady && !happens_at_once(draws, o))) return HF_OK;
    m = hf_calloc(1, sizeof *m);
    if (!m) return HF_E_NOMEM;
    m->draws = draws;
    m->hours = o->sweep.steady ? 1 : o->sweep.run.horizon_h;
    m->threads = o->sweep.threads;
    HF_TRY(hf_boolean_new(draws->net, o->doubt, &m->b, ret_reason));
    if (!damage_is_boolean(draws, ret_reason)) HF_TRY(HF_E_NOT_BOOLEAN);
    HF_TRY(workers_new(m));
    *ret_boolean = m;
    m = NULL;
out:
    hf_mc_boolean_free(m);
    return err == HF_E_NOT_BOOLEAN ? HF_OK : err;
}

void hf_mc_boolean_free(hf_mc_boolean *m)
{
    if (!m) return;
    for (int k = 0; k < m->threads; k++) {
        if (m->state) hf_boolean_state_free(m->state[k]);
        if (m->hazards) hf_free(m->hazards[k]);
    }
    hf_free(m->state);
    hf_free(m->hazards);
    hf_boolean_free(m->b);
    hf_free(m);
}

static void block_damage(const hf_mc_boolean *m, int worker, long block)
{
    const hf_network *net = m->draws->net;
    hf_mc_hazards(m->draws, block, m->hazards[worker]);
    for (int z = 0; z < net->n_hazards; z++) {
        const uint64_t *comes = m->hazards[worker] + (size_t)z * WORDS;
        uint64_t any = 0, word[WORDS];
        for (int w = 0; w < WORDS; w++) any |= comes[w];
        for (int row = net->hazard_off[z]; any && row < net->hazard_off[z + 1]; row++) {
            if (row + AHEAD < net->n_damage) __builtin_prefetch(hf_boolean_failed(m->state[worker], net->damage_entity[row + AHEAD]), 1);
            if (1 - net->damage_severity[row] >= 1 || !hf_mc_row(m->draws, row, block, word)) continue;
            for (int w = 0; w < WORDS; w++) word[w] &= comes[w];
            hf_boolean_damage(m->state[worker], net->damage_entity[row], word);
        }
    }
}

void hf_mc_boolean_run(hf_mc_boolean *m, int worker, long first, long last, hf_mc_sample *sample, long *out)
{
    hf_boolean_sum sum[SAMPLES];
    hf_boolean_state *s = m->state[worker];
    hf_boolean_clear(s);
    hf_boolean_links_draw(s, m->draws->seed, (uint64_t)(first / SAMPLES));
    block_damage(m, worker, first / SAMPLES);
    hf_boolean_settle(s);
    hf_boolean_sums(s, (int)(last - first), sum, out);
    for (long k = first; k < last; k++) {
        const hf_boolean_sum *of = &sum[k - first];
        sample[k] = (hf_mc_sample){of->users * m->hours, of->value_eur_h * m->hours, of->users, of->entities};
    }
}
