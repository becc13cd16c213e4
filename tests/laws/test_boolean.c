/* The Boolean engine: bit for bit the scalar steady state, the timeline without end, the naive engine and the closed form of failure times. */
#include "model/cascade/boolean.h"

#include <stdlib.h>

#include "base/rng.h"
#include "model/cascade/failure_times.h"
#include "model/cascade/steady.h"
#include "tests/support/boolean_network.h"
#include "tests/support/naive.h"
#include "tests/tap.h"

enum { MOST = 48 };

static void ignore(void *context, double hour, const double *x)
{
    (void)context, (void)hour, (void)x;
}

/* Damages about one entity in `rare` in each of 512 samples. */
static void damage(const hf_network *net, hf_boolean_state *s, uint64_t seed, uint64_t rare)
{
    hf_rng rng = {seed, 5, 0};
    for (int i = 0; i < net->n_entities; i++) {
        uint64_t word[HF_BOOLEAN_WORDS] = {0};
        for (int k = 0; k < HF_BOOLEAN_SAMPLES; k++) word[k / 64] |= (uint64_t)(hf_rng_below(&rng, rare) == 0) << k % 64;
        hf_boolean_damage(s, i, word);
    }
}

static bool is_set(const uint64_t *word, int sample)
{
    return word[sample / 64] >> sample % 64 & 1;
}

/* The damage of one sample as injects, drawn the same way again. */
static int injects_of(const hf_network *net, uint64_t seed, uint64_t rare, int sample, hf_inject *injects)
{
    hf_rng rng = {seed, 5, 0};
    int n = 0;
    for (int i = 0; i < net->n_entities; i++)
        for (int k = 0; k < HF_BOOLEAN_SAMPLES; k++)
            if (hf_rng_below(&rng, rare) == 0 && k == sample) injects[n++] = (hf_inject){0, HF_INJECT_FAIL, i, 0, NAN};
    return n;
}

/* Compares one sample with the scalar engines; returns how many entities are down. */
static int sample_check(const hf_network *net, hf_timeline *tl, naive *slow, const hf_boolean_state *s, const hf_inject *injects, int n, int sample)
{
    hf_run_options options = {.horizon_h = INFINITY, .no_repair = true, .event_cap = 1000};
    int down = 0;
    CHECK_INT(hf_steady_run(tl, injects, n, NULL), HF_OK);
    for (int i = 0; i < net->n_entities; i++) {
        bool failed = is_set(hf_boolean_failed(s, i), sample);
        down += failed;
        CHECK(hf_timeline_level(tl, i) == (failed ? 0 : 1));
    }
    if (sample % 8) return down;
    CHECK_INT(hf_timeline_run(tl, injects, n, &options, NULL), HF_OK);
    naive_run(slow, injects, n, &options, ignore, NULL);
    double at_h[MOST];
    bool hard = hf_failure_times(net, injects, n, at_h) == HF_OK;
    for (int i = 0; i < net->n_entities; i++) {
        double level = is_set(hf_boolean_failed(s, i), sample) ? 0 : 1;
        CHECK(hf_timeline_level(tl, i) == level);
        CHECK(slow->x[i] == level);
        if (hard) CHECK(isfinite(at_h[i]) == (level == 0));
    }
    return down;
}

static void agrees_with_every_other_engine(void)
{
    long samples = 0, down = 0, networks = 0;
    for (uint64_t seed = 1; seed <= 3000; seed++) {
        hf_network *net = boolean_network(seed, MOST, seed % 3 == 0);
        hf_boolean *b = NULL;
        hf_boolean_state *s = NULL;
        hf_boolean_reason reason;
        hf_timeline *tl = NULL;
        naive slow;
        CHECK_INT(hf_boolean_new(net, NULL, &b, &reason), HF_OK);
        CHECK_INT(hf_boolean_state_new(b, &s), HF_OK);
        CHECK_INT(hf_timeline_new(net, &tl), HF_OK);
        naive_init(&slow, net);
        for (int round = 0; round < 2; round++) { /* the second on what the first has left */
            uint64_t rare = 2 + (seed + (uint64_t)round) % 19;
            hf_inject injects[MOST];
            hf_boolean_clear(s);
            damage(net, s, seed, rare);
            hf_boolean_settle(s);
            for (int k = 0; k < 4; k++) {
                int sample = (int)((seed * 31 + (uint64_t)k * 137) % HF_BOOLEAN_SAMPLES);
                int n = injects_of(net, seed, rare, sample, injects);
                down += sample_check(net, tl, &slow, s, injects, n, sample);
                samples++;
            }
        }
        networks++;
        naive_done(&slow);
        hf_timeline_free(tl);
        hf_boolean_state_free(s);
        hf_boolean_free(b);
        hf_network_free(net);
    }
    printf("# %ld samples of %ld networks, %ld entities down\n", samples, networks, down);
    CHECK(down > 5 * samples);
}

int main(void)
{
    RUN(agrees_with_every_other_engine);
    return tap_done();
}
