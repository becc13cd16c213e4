/* Every allocation of the results store fails once: an error each time, and never part of a run in the file. */
#include "base/alloc.h"
#include "datasets/results.h"
#include "tests/support/scratch.h"
#include "tests/tap.h"

static const hf_result_entity entities[] = {{"a", 0, 0, NAN, 0, 1, 2, 0}, {"b", 1, NAN, NAN, 0.7, 1, 2, 1}};
static const hf_result_sector sectors[] = {{"health", "RS", 2, 10, 20, 0.1}};

static hf_err store(const hf_diag *findings, hf_diag *diag)
{
    hf_results *r = NULL;
    hf_err err = HF_OK;
    bool there = false;
    hf_result result = {.key = {"abc", "cascade", "", "1.0"}, .n_entities = 2, .n_sectors = 1, .entities = entities, .sectors = sectors};
    HF_TRY(hf_results_open(scratch_path("results"), diag, &r));
    HF_TRY(hf_results_has(r, &result.key, diag, &there));
    if (!there) HF_TRY(hf_results_add(r, &result, diag));
    HF_TRY(hf_results_set_errors(r, "job", findings, diag));
out:
    hf_results_close(r);
    return err;
}

static void every_allocation_fails_once(void)
{
    hf_diag *findings, *diag;
    CHECK_INT(hf_diag_new(&findings), HF_OK);
    CHECK_INT(hf_diag_new(&diag), HF_OK);
    hf_diag_add(findings, HF_ERROR, HF_E_DATA, "a.csv", 1, 1, "bad");
    scratch_text("results", "");
    hf_alloc_fail_at(0);
    CHECK_INT(store(findings, diag), HF_OK);
    long all = hf_alloc_count();
    CHECK(all >= 4);
    for (long k = 1; k <= all; k++) {
        scratch_text("results", "");
        hf_alloc_fail_at(k);
        hf_err err = store(findings, diag);
        hf_alloc_fail_at(0);
        CHECK_INT(err, HF_E_NOMEM);
        CHECK_INT(store(findings, diag), HF_OK);
    }
    hf_diag_free(findings);
    hf_diag_free(diag);
}

int main(void)
{
    scratch_folder();
    RUN(every_allocation_fails_once);
    scratch_done();
    return tap_done();
}
