/* Who is damaged in a sample, and for how long. */
#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "base/rng.h"
#include "model/cascade/mc_inside.h"

enum { WORDS = HF_BOOLEAN_WORDS, SAMPLES = HF_BOOLEAN_SAMPLES };

hf_err hf_mc_draws_new(const hf_network *net, int hazard, uint64_t seed, hf_mc_draws *ret_draws)
{
    hf_chance *chance = hf_malloc((size_t)net->n_damage * sizeof *chance);
    if (!chance) return HF_E_NOMEM;
    hf_chances_of(net->damage_probability, net->n_damage, chance);
    *ret_draws = (hf_mc_draws){net, hazard, seed, chance};
    return HF_OK;
}

void hf_mc_draws_done(hf_mc_draws *d)
{
    hf_free(d->chance);
    *d = (hf_mc_draws){0};
}

int hf_mc_hazard(const hf_mc_draws *d, long sample)
{
    const hf_network *net = d->net;
    double total = 0, at = 0;
    int last = 0;
    if (d->hazard >= 0) return d->hazard;
    for (int z = 0; z < net->n_hazards; z++) total += isnan(net->hazard_frequency[z]) ? 0 : net->hazard_frequency[z];
    double wanted = hf_random_unit(d->seed, (uint64_t)sample, 0) * total;
    for (int z = 0; z < net->n_hazards; z++) {
        if (isnan(net->hazard_frequency[z]) || net->hazard_frequency[z] <= 0) continue;
        at += net->hazard_frequency[z];
        last = z;
        if (wanted < at) return z;
    }
    return last;
}

void hf_mc_hazards(const hf_mc_draws *d, long block, uint64_t *word)
{
    memset(word, 0, (size_t)d->net->n_hazards * WORDS * sizeof *word);
    for (int s = 0; s < SAMPLES; s++) word[hf_mc_hazard(d, block * SAMPLES + s) * WORDS + s / 64] |= (uint64_t)1 << s % 64;
}

bool hf_mc_row(const hf_mc_draws *d, int row, long block, uint64_t *ret_word)
{
    return hf_chance_draw(&d->chance[row], d->seed, HF_DRAW_DAMAGE, (uint64_t)block, d->net->damage_entity[row], ret_word);
}

/* A standard normal number by Box and Muller (Annals of Mathematical Statistics 29, 1958). */
static double normal(double u, double v)
{
    return sqrt(-2 * log(1 - u)) * cos(6.283185307179586 * v);
}

hf_inject hf_mc_inject(const hf_mc_draws *d, int row, long sample)
{
    const hf_network *net = d->net;
    int i = net->damage_entity[row];
    uint64_t index = 1 + 3 * (uint64_t)i;
    double repair_h = isnan(net->damage_repair_h[row]) ? net->repair_h[i] : net->damage_repair_h[row];
    if (net->repair_sigma[i] > 0 && !isnan(repair_h))
        repair_h *= exp(net->repair_sigma[i] * normal(hf_random_unit(d->seed, (uint64_t)sample, index + 1),
                                                      hf_random_unit(d->seed, (uint64_t)sample, index + 2)));
    return (hf_inject){0, HF_INJECT_FAIL, i, 1 - net->damage_severity[row], repair_h};
}

hf_err hf_mc_draw(const hf_network *net, int hazard, uint64_t seed, long sample, hf_inject *injects, int *ret_n)
{
    hf_mc_draws d;
    int n = 0, place = (int)(sample % SAMPLES);
    hf_err err = hf_mc_draws_new(net, hazard, seed, &d);
    if (err != HF_OK) return err;
    int z = hf_mc_hazard(&d, sample);
    for (int row = net->hazard_off[z]; row < net->hazard_off[z + 1]; row++) {
        uint64_t word[WORDS];
        if (hf_mc_row(&d, row, sample / SAMPLES, word) && word[place / 64] >> place % 64 & 1) injects[n++] = hf_mc_inject(&d, row, sample);
    }
    hf_mc_draws_done(&d);
    *ret_n = n;
    return HF_OK;
}
