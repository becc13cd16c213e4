/* data/parity/typed-cascade: every value of 200 single failures on 2,000 and 10,000 nodes, against CLIMADA-petals (commit bee6d69),
 * Mühlhofer, Koks, Kropf, Sansavini, Bresch: "A generalized natural hazard risk modelling framework for infrastructure failure
 * cascades", Reliability Engineering & System Safety 234 (2023) 109194. */
#include "model/cascade/steady.h"
#include "tests/support/typed_cascade.h"
#include "tests/tap.h"

static typed_case c;

static hf_err run_steady(hf_timeline *tl, const hf_inject *injects, int n)
{
    return hf_steady_run(tl, injects, n, NULL);
}

static hf_err run_timeline(hf_timeline *tl, const hf_inject *injects, int n)
{
    hf_run_options options = hf_run_options_default();
    options.no_repair = true;
    return hf_timeline_run(tl, injects, n, &options, NULL);
}

static void agrees(hf_err (*run)(hf_timeline *, const hf_inject *, int))
{
    hf_timeline *tl = NULL;
    hf_inject injects[256];
    long result[TYPED_RESULTS];
    CHECK_INT(hf_timeline_new(c.net, &tl), HF_OK);
    CHECK_INT(c.n_scenarios, TYPED_SCENARIOS);
    for (int s = 0; s < c.n_scenarios; s++) {
        int n = typed_case_injects(&c, s, injects, 256);
        CHECK_INT(run(tl, injects, n), HF_OK);
        typed_case_count(&c, tl, result);
        for (int k = 0; k < TYPED_RESULTS; k++) CHECK_INT(result[k], c.expected[s][k]);
    }
    hf_timeline_free(tl);
}

static void steady_state_agrees_in_every_value(void)
{
    agrees(run_steady);
}

static void timeline_agrees_in_every_value(void)
{
    agrees(run_timeline);
}

int main(void)
{
    static const char *const names[] = {"n2000", "n10000"};
    for (int k = 0; k < 2; k++) {
        if (!typed_case_load(names[k], &c)) {
            SKIP(names[k], "../shared/data/parity/typed-cascade is not there");
            continue;
        }
        printf("# %s: %d entities, %d supplies\n", names[k], c.net->n_entities, c.net->n_supplies);
        RUN(steady_state_agrees_in_every_value);
        RUN(timeline_agrees_in_every_value);
        typed_case_done(&c);
    }
    return tap_done();
}
