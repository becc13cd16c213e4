/* Every allocation of an assessment and of reading its rules fails once. */
#include "base/alloc.h"
#include "base/arena.h"
#include "datasets/rules.h"
#include "model/assess/significance.h"
#include "tests/support/boolean_network.h"
#include "tests/support/scratch.h"
#include "tests/tap.h"

static hf_err assess_once(const hf_network *net, const char *file)
{
    hf_arena memory;
    hf_diag *diag = NULL;
    hf_assessment *a = NULL;
    hf_timeline *tl = NULL;
    hf_rules rules;
    bool is_member[64] = {true};
    hf_significance of;
    hf_assess_options o = {.run = hf_run_options_default(), .out_below = 0.5, .is_member = is_member};
    const hf_inject inject = {0, HF_INJECT_FAIL, 0, 0, NAN};
    hf_err err;
    hf_arena_init(&memory);
    HF_TRY(hf_diag_new(&diag));
    HF_TRY(hf_rules_read(file, &memory, diag, &rules));
    HF_TRY(hf_assess(net, &o, diag, &a));
    HF_TRY(hf_timeline_new(net, &tl));
    HF_TRY(hf_timeline_run(tl, &inject, 1, &o.run, diag));
    HF_TRY(hf_assess_run(net, tl, &o, &of));
out:
    hf_timeline_free(tl);
    hf_assessment_free(a);
    hf_diag_free(diag);
    hf_arena_done(&memory);
    return err;
}

static void every_allocation_fails_once(void)
{
    const char *file = shipped_path("rules/cer-art7.json");
    hf_network *net = boolean_network(12, 9, false);
    CHECK(net->countries.n <= 64);
    hf_alloc_fail_at(0);
    CHECK_INT(assess_once(net, file), HF_OK);
    long all = hf_alloc_count();
    printf("# %ld allocations\n", all);
    for (long k = 1; k <= all; k++) {
        hf_alloc_fail_at(k);
        hf_err err = assess_once(net, file);
        hf_alloc_fail_at(0);
        if (err != HF_E_NOMEM) CHECK_INT(err, HF_E_NOMEM);
    }
    CHECK_INT(assess_once(net, file), HF_OK);
    hf_network_free(net);
}

int main(void)
{
    RUN(every_allocation_fails_once);
    return tap_done();
}
