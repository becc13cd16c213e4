#include "model/cascade/steady.h"

#include "model/cascade/engine.h"

hf_err hf_steady_run(hf_timeline *tl, const hf_inject *injects, int n_injects, hf_diag *diag)
{
    hf_engine_undo(tl);
    hf_err err = hf_injects_check(tl, injects, n_injects, diag);
    if (err != HF_OK) return err;
    tl->injects = injects;
    tl->options = hf_run_options_default();
    tl->diag = diag;
    tl->steady = tl->restarts_off = true;
    tl->now = tl->end_h = 0;
    for (int k = 0; k < n_injects; k++) {
        hf_entity_state *e = &tl->e[injects[k].entity];
        if ((injects[k].kind != HF_INJECT_FAIL && injects[k].kind != HF_INJECT_DEGRADE) || injects[k].level >= e->avail) continue;
        hf_touch_entity(tl, injects[k].entity);
        e->avail = injects[k].level;
        e->inject = k;
        hf_work_push(tl, injects[k].entity);
    }
    for (int k = 0; k < tl->short_comps.n; k++) hf_work_push(tl, tl->net->n_entities + tl->short_comps.item[k]);
    hf_settle(tl, HF_FALLING);
    err = hf_settle_rest(tl);
    tl->diag = NULL;
    tl->injects = NULL;
    return err;
}
