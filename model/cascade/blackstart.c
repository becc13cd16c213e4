/* Entities with an own source start without their suppliers when the loop they belong to could then carry itself. */
#include "model/cascade/trial.h"

#include <math.h>

#include "base/alloc.h"

static bool may_start(const hf_timeline *tl, int entity)
{
    const hf_entity_state *e = &tl->e[entity];
    return tl->net->black_start[entity] && e->cond < e->avail - HF_EPSILON;
}

/* Candidates with the level that the greatest state gives them; those it gives no more than they have drop out. */
static int candidates_level(hf_timeline *tl, const hf_snapshot *present, int *entity, double *level, int n)
{
    int kept = 0;
    hf_trial_greatest(tl);
    for (int k = 0; k < n; k++) level[k] = tl->e[entity[k]].cond;
    hf_snapshot_restore(tl, present);
    for (int k = 0; k < n; k++)
        if (level[k] > tl->e[entity[k]].cond + HF_FULL) {
            entity[kept] = entity[k];
            level[kept++] = level[k];
        }
    return kept;
}

/* Starts them all on trial and lets fall who cannot hold what was started; true for entity k when it stays up. */
static void survivors(hf_timeline *tl, const hf_snapshot *present, const int *entity, const double *level, int n, bool *ret_stays)
{
    bool recording = tl->recording;
    tl->recording = false;
    tl->restarts_off = true;
    for (int k = 0; k < n; k++) {
        tl->e[entity[k]].held = false;
        hf_condition_set(tl, entity[k], level[k]);
        hf_work_push(tl, entity[k]);
    }
    hf_trial_queue(tl);
    hf_settle_rest(tl);
    for (int k = 0; k < n; k++) ret_stays[k] = tl->e[entity[k]].cond > level[k] - HF_FULL;
    tl->restarts_off = false;
    tl->recording = recording;
    hf_snapshot_restore(tl, present);
}

/* Starts for good; an entity with a restart time first gets its restart clock running. */
static void start(hf_timeline *tl, int entity, double level)
{
    hf_entity_state *e = &tl->e[entity];
    hf_touch_entity(tl, entity); /* its restart clock is looked at when the instant ends */
    if (e->held && !e->released) {
        e->start_level = level;
        return;
    }
    e->held = false;
    e->start_level = 0;
    e->started = true;
    hf_condition_set(tl, entity, level);
    hf_work_push(tl, entity);
}

static hf_err start_all(hf_timeline *tl, int *entity, int n)
{
    hf_err err = HF_OK;
    hf_snapshot present = {0};
    double *level = hf_malloc((size_t)n * sizeof *level);
    bool *stays = hf_malloc((size_t)n * sizeof *stays);
    if (!level || !stays) err = HF_E_NOMEM;
    if (err == HF_OK) err = hf_snapshot_take(tl, &present);
    if (err == HF_OK) {
        n = candidates_level(tl, &present, entity, level, n);
        survivors(tl, &present, entity, level, n, stays);
        for (int k = 0; k < n; k++)
            if (stays[k]) start(tl, entity[k], level[k]);
        err = hf_settle_rest(tl);
    }
    hf_snapshot_done(&present);
    hf_free(level);
    hf_free(stays);
    return err;
}

hf_err hf_black_start(hf_timeline *tl)
{
    int n = 0;
    for (int k = 0; k < tl->touched_e.n; k++) n += may_start(tl, tl->touched_e.item[k]);
    if (n == 0) return HF_OK;
    int *entity = hf_malloc((size_t)n * sizeof *entity);
    if (!entity) return HF_E_NOMEM;
    n = 0;
    for (int k = 0; k < tl->touched_e.n; k++)
        if (may_start(tl, tl->touched_e.item[k])) {
            entity[n++] = tl->touched_e.item[k];
            tl->e[tl->touched_e.item[k]].start_level = 0;
        }
    hf_err err = start_all(tl, entity, n);
    hf_free(entity);
    return err;
}
