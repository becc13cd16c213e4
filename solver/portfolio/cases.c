/* Scenarios from the hazards of a network. */
#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "base/rng.h"
#include "solver/portfolio.h"

static bool row_damages(const hf_network *net, int row, double out_below)
{
    return net->damage_probability[row] > 0 && 1 - net->damage_severity[row] < out_below;
}

static bool is_certain(const hf_network *net, int hazard, double out_below)
{
    for (int r = net->hazard_off[hazard]; r < net->hazard_off[hazard + 1]; r++)
        if (row_damages(net, r, out_below) && net->damage_probability[r] < 1) return false;
    return true;
}

static hf_err case_fill(const hf_network *net, int hazard, double out_below, uint64_t seed, int sample, bool certain, hf_damage_case *c)
{
    int from = net->hazard_off[hazard], to = net->hazard_off[hazard + 1];
    size_t length = strlen(net->hazard_id[hazard]) + 1;
    char *id = hf_malloc(length);
    int *damaged = hf_malloc((size_t)(to - from) * sizeof *damaged);
    double *severity = hf_malloc((size_t)(to - from) * sizeof *severity), *repair_h = hf_malloc((size_t)(to - from) * sizeof *repair_h);
    if (!id || !damaged || !severity || !repair_h) {
        hf_free(id);
        hf_free(damaged);
        hf_free(severity);
        hf_free(repair_h);
        return HF_E_NOMEM;
    }
    memcpy(id, net->hazard_id[hazard], length);
    c->id = id;
    c->hazard = hazard;
    c->damaged = damaged;
    c->severity = severity;
    c->repair_h = repair_h;
    for (int r = from; r < to; r++) {
        uint64_t stream = (uint64_t)hazard << 32 | (uint32_t)sample;
        if (!row_damages(net, r, out_below)) continue;
        if (!certain && hf_random_unit(seed, stream, (uint64_t)r) >= net->damage_probability[r]) continue;
        int k = 0;
        while (k < c->n_damaged && damaged[k] != net->damage_entity[r]) k++;
        if (k == c->n_damaged) severity[c->n_damaged++] = 0, repair_h[k] = net->damage_repair_h[r];
        damaged[k] = net->damage_entity[r];
        severity[k] = fmax(severity[k], net->damage_severity[r]);
    }
    return HF_OK;
}

hf_err hf_damage_cases_new(const hf_network *net, double out_below, int samples, uint64_t seed, hf_damage_case **ret_cases, int *ret_count)
{
    hf_err err = HF_OK;
    int n = 0;
    if (samples < 1 || !(out_below > 0 && out_below <= 1)) return HF_E_RANGE;
    hf_damage_case *cases = hf_calloc((size_t)net->n_hazards * (size_t)samples, sizeof *cases);
    if (!cases) return HF_E_NOMEM;
    for (int z = 0; z < net->n_hazards; z++) {
        bool certain = is_certain(net, z, out_below);
        int draws = certain ? 1 : samples;
        double frequency = isnan(net->hazard_frequency[z]) ? 1 : net->hazard_frequency[z];
        for (int k = 0; k < draws; k++, n++) {
            cases[n].frequency = frequency / draws;
            HF_TRY(case_fill(net, z, out_below, seed, k, certain, &cases[n]));
        }
    }
    *ret_cases = cases;
    *ret_count = n;
out:
    if (err != HF_OK) hf_damage_cases_free(cases, n);
    return err;
}

void hf_damage_cases_free(hf_damage_case *cases, int count)
{
    for (int k = 0; cases && k < count; k++) {
        hf_free((void *)(uintptr_t)cases[k].id);
        hf_free((void *)(uintptr_t)cases[k].damaged);
        hf_free((void *)(uintptr_t)cases[k].severity);
        hf_free((void *)(uintptr_t)cases[k].repair_h);
    }
    hf_free(cases);
}
