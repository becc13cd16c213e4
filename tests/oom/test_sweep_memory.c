/* Every allocation of the sweeps fails once: single failures, samples, doubtful links, by every engine. */
#include <stdlib.h>

#include "base/alloc.h"
#include "model/cascade/doubt.h"
#include "model/assess/regions.h"
#include "model/cascade/montecarlo.h"
#include "tests/support/boolean_network.h"
#include "tests/tap.h"

typedef struct work {
    const hf_network *net;
    hf_link_doubt doubt;
} work;

static hf_err samples(const work *w, bool steady, bool one_by_one)
{
    hf_mc *mc = NULL;
    hf_mc_options o = {.sweep = {.run = hf_run_options_default(), .out_below = 0.5, .steady = steady, .threads = 1, .one_by_one = one_by_one}, .hazard = -1,
                       .samples = 3, .tail = 0.9, .seed = 1, .doubt = &w->doubt};
    hf_err err = hf_mc_run(w->net, &o, NULL, &mc);
    hf_mc_free(mc);
    return err;
}

static hf_err all_sweeps(const work *w)
{
    hf_err err = HF_OK;
    hf_cascade_summary summary[16];
    hf_rank_interval interval[16];
    hf_inject injects[64];
    static const int place[16] = {0};
    static const hf_region_indicator everything = {false, false, "", "", 0};
    hf_region_options r = {hf_run_options_default(), 0.5, 2, 1};
    hf_region_exposure exposure[2];
    long done = 0;
    int n = 0;
    hf_sweep_options o = {.run = hf_run_options_default(), .out_below = 0.5, .steady = true, .threads = 1};
    hf_doubt_options d = {.sweep = o, .by = HF_RANK_USERS, .draws = 2, .level = 0.9, .seed = 1};
    HF_TRY(samples(w, true, false));
    HF_TRY(samples(w, true, true));
    HF_TRY(samples(w, false, false));
    HF_TRY(hf_sweep_singles(w->net, &o, NULL, summary, &done));
    HF_TRY(hf_rank_doubt(w->net, w->doubt.requirement, w->doubt.supply, &d, NULL, interval, &n));
    HF_TRY(hf_mc_draw(w->net, 0, 1, 700, injects, &n));
    HF_TRY(hf_regions_measure(w->net, place, 1, &everything, 1, &r, NULL, exposure));
out:
    return err;
}

static void every_allocation_fails_once(void)
{
    hf_network *net = boolean_network(12, 9, false);
    double requirement[64], supply[256];
    work w = {net, {requirement, supply}};
    for (int g = 0; g < net->n_requirements; g++) requirement[g] = g % 2 ? 0.5 : 1;
    for (int k = 0; k < net->n_supplies; k++) supply[k] = k % 3 ? 0.7 : 1;
    CHECK(net->n_entities <= 16 && net->n_requirements <= 64 && net->n_supplies <= 256 && net->n_damage <= 64);
    hf_alloc_fail_at(0);
    CHECK_INT(all_sweeps(&w), HF_OK);
    long all = hf_alloc_count();
    printf("# %ld allocations\n", all);
    CHECK(all > 200);
    for (long k = 1; k <= all; k++) {
        hf_alloc_fail_at(k);
        hf_err err = all_sweeps(&w);
        hf_alloc_fail_at(0);
        if (err != HF_E_NOMEM) CHECK_INT(err, HF_E_NOMEM);
    }
    CHECK_INT(all_sweeps(&w), HF_OK);
    hf_network_free(net);
}

int main(void)
{
    RUN(every_allocation_fails_once);
    return tap_done();
}
