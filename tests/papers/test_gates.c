/* Gates of fault trees as dependencies: an OR of failures is several requirements, an AND is substitutes, k of n is shares. The probabilities
 * of the top are exact sums over all combinations of basic failures, each run through the steady state and the timeline. The cases are the
 * ones that public course material on fault trees uses (verification notes of the project, "Gates and cut sets"). */
#include <stdlib.h>

#include "datasets/package.h"
#include "model/cascade/steady.h"
#include "tests/tap.h"

static double top_probability(const char *name, const char *top, bool steady)
{
    char path[512];
    hf_diag *diag = NULL;
    hf_package *package = NULL;
    hf_timeline *tl = NULL;
    hf_run_options options = hf_run_options_default();
    double sum = 0;
    snprintf(path, sizeof path, "%s/datasets/data/textbook/%s", getenv("HOLDFAST_SOURCE") ? getenv("HOLDFAST_SOURCE") : ".", name);
    if (hf_diag_new(&diag) != HF_OK) abort();
    CHECK_INT(hf_package_open(path, diag, &package), HF_OK);
    if (!package) return NAN;
    const hf_network *net = hf_package_network(package);
    CHECK_INT(hf_timeline_new(net, &tl), HF_OK);
    for (unsigned failed = 0; failed < 1u << net->n_damage; failed++) {
        hf_inject injects[16];
        int n = 0;
        double p = 1;
        for (int d = 0; d < net->n_damage; d++) {
            bool fails = failed >> d & 1;
            p *= fails ? net->damage_probability[d] : 1 - net->damage_probability[d];
            if (fails) injects[n++] = (hf_inject){0, HF_INJECT_FAIL, net->damage_entity[d], 0, NAN};
        }
        CHECK_INT(steady ? hf_steady_run(tl, injects, n, NULL) : hf_timeline_run(tl, injects, n, &options, NULL), HF_OK);
        if (hf_timeline_level(tl, hf_network_find(net, top)) < 0.5) sum += p;
    }
    hf_timeline_free(tl);
    hf_package_free(package);
    hf_diag_free(diag);
    return sum;
}

static void gates(bool steady)
{
    CHECK_NEAR(top_probability("theatre", "lights", steady), .00207, 1e-12);
    CHECK_NEAR(top_probability("two-of-three", "plant", steady), .098, 1e-12);
    CHECK_NEAR(top_probability("all-of-three", "plant", steady), .496, 1e-12);
    CHECK_NEAR(top_probability("two-trains", "cooling", steady), .7225, 1e-12);
}

static void gates_in_the_steady_state(void)
{
    gates(true);
}

static void gates_on_the_timeline(void)
{
    gates(false);
}

int main(void)
{
    RUN(gates_in_the_steady_state);
    RUN(gates_on_the_timeline);
    return tap_done();
}
