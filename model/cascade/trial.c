#include "model/cascade/trial.h"

#include <math.h>
#include <string.h>

#include "base/alloc.h"

void hf_snapshot_done(hf_snapshot *s)
{
    hf_free(s->x);
    hf_free(s->e);
    hf_free(s->r);
    hf_free(s->c);
    hf_free(s->share);
    hf_free(s->line_share);
    hf_free(s->line_open);
    *s = (hf_snapshot){0};
}

hf_err hf_snapshot_take(const hf_timeline *tl, hf_snapshot *ret_snapshot)
{
    const hf_network *net = tl->net;
    hf_snapshot s = {.n_e = tl->touched_e.n, .n_r = tl->touched_r.n, .n_c = tl->touched_c.n,
                     .n_instant_e = tl->instant_e.n, .n_instant_r = tl->instant_r.n, .n_locked = tl->locked.n};
    size_t nodes = 0, lines = 0, at = 0, line_at = 0;
    for (int k = 0; tl->line_share && k < s.n_c; k++)
        lines += (size_t)(tl->comp_line_off[tl->touched_c.item[k] + 1] - tl->comp_line_off[tl->touched_c.item[k]]);
    for (int k = 0; k < s.n_c; k++) nodes += (size_t)(net->comp_off[tl->touched_c.item[k] + 1] - net->comp_off[tl->touched_c.item[k]]);
    s.x = hf_malloc((size_t)s.n_e * sizeof *s.x);
    s.e = hf_malloc((size_t)s.n_e * sizeof *s.e);
    s.r = hf_malloc((size_t)s.n_r * sizeof *s.r);
    s.c = hf_malloc((size_t)s.n_c * sizeof *s.c);
    s.share = hf_malloc(nodes * sizeof *s.share);
    s.line_share = hf_malloc(lines * sizeof *s.line_share);
    s.line_open = hf_malloc(lines * sizeof *s.line_open);
    if (!s.line_open || !s.x || !s.e || !s.r || !s.c || !s.share || !s.line_share) {
        hf_snapshot_done(&s);
        return HF_E_NOMEM;
    }
    for (int k = 0; k < s.n_e; k++) {
        s.x[k] = tl->x[tl->touched_e.item[k]];
        s.e[k] = tl->e[tl->touched_e.item[k]];
    }
    for (int k = 0; k < s.n_r; k++) s.r[k] = tl->r[tl->touched_r.item[k]];
    for (int k = 0; k < s.n_c; k++) {
        int comp = tl->touched_c.item[k];
        s.c[k] = tl->c[comp];
        for (int n = net->comp_off[comp]; n < net->comp_off[comp + 1]; n++) s.share[at++] = tl->share[net->comp_cnode[n]];
        for (int l = tl->line_share ? tl->comp_line_off[comp] : 0; tl->line_share && l < tl->comp_line_off[comp + 1]; l++) {
            s.line_open[line_at] = tl->line_open[tl->comp_line[l]];
            s.line_share[line_at++] = tl->line_share[tl->comp_line[l]];
        }
    }
    *ret_snapshot = s;
    return HF_OK;
}

void hf_snapshot_restore(hf_timeline *tl, const hf_snapshot *s)
{
    const hf_network *net = tl->net;
    size_t at = 0, line_at = 0;
    hf_work_clear(tl);
    for (int k = s->n_instant_r; k < tl->instant_r.n; k++) tl->r_flags[tl->instant_r.item[k]] &= (unsigned char)~HF_R_IN_INSTANT;
    hf_touched_reset(tl, s->n_e, s->n_r, s->n_c);
    hf_lines_close(tl);
    for (int k = 0; k < s->n_e; k++) {
        tl->x[tl->touched_e.item[k]] = s->x[k];
        tl->e[tl->touched_e.item[k]] = s->e[k];
    }
    for (int k = 0; k < s->n_r; k++) {
        int g = tl->touched_r.item[k];
        tl->r[g] = s->r[k];
        tl->r_flags[g] &= (unsigned char)~(HF_R_DIRTY | HF_R_SHORT);
        if (s->r[k].supply < 1) tl->r_flags[g] |= HF_R_SHORT;
    }
    for (int k = 0; k < s->n_c; k++) {
        int comp = tl->touched_c.item[k];
        tl->c[comp] = s->c[k];
        for (int n = net->comp_off[comp]; n < net->comp_off[comp + 1]; n++) tl->share[net->comp_cnode[n]] = s->share[at++];
        for (int l = tl->line_share ? tl->comp_line_off[comp] : 0; tl->line_share && l < tl->comp_line_off[comp + 1]; l++) {
            if (s->line_open[line_at]) hf_line_open(tl, tl->comp_line[l]);
            tl->line_share[tl->comp_line[l]] = s->line_share[line_at++];
        }
    }
    tl->instant_e.n = s->n_instant_e;
    tl->instant_r.n = s->n_instant_r;
    tl->locked.n = s->n_locked;
    tl->deferred.n = 0;
}

static void touched_queue(hf_timeline *tl)
{
    for (int k = 0; k < tl->touched_r.n; k++) tl->r_flags[tl->touched_r.item[k]] |= HF_R_DIRTY;
    for (int k = 0; k < tl->touched_e.n; k++) hf_work_push(tl, tl->touched_e.item[k]);
    for (int k = 0; k < tl->touched_c.n; k++) hf_work_push(tl, tl->net->n_entities + tl->touched_c.item[k]);
}

void hf_trial_greatest(hf_timeline *tl)
{
    const hf_network *net = tl->net;
    for (int k = 0; k < tl->touched_e.n; k++) {
        hf_entity_state *e = &tl->e[tl->touched_e.item[k]];
        tl->x[tl->touched_e.item[k]] = e->cond = 1;
        e->held = false;
    }
    for (int k = 0; k < tl->touched_c.n; k++)
        for (int n = net->comp_off[tl->touched_c.item[k]]; n < net->comp_off[tl->touched_c.item[k] + 1]; n++)
            tl->share[net->comp_cnode[n]] = 1;
    for (int k = 0; tl->line_share && k < tl->touched_c.n; k++)
        for (int l = tl->comp_line_off[tl->touched_c.item[k]]; l < tl->comp_line_off[tl->touched_c.item[k] + 1]; l++)
            tl->line_share[tl->comp_line[l]] = 1;
    hf_lines_close(tl);
    bool recording = tl->recording;
    tl->recording = false;
    touched_queue(tl);
    tl->restarts_off = true;
    hf_settle(tl, HF_FALLING);
    hf_settle_rest(tl);
    tl->restarts_off = false;
    tl->recording = recording;
}

void hf_trial_queue(hf_timeline *tl)
{
    for (int k = 0; k < tl->touched_e.n; k++) {
        hf_entity_state *e = &tl->e[tl->touched_e.item[k]];
        if (e->held && !isnan(e->hold_since)) e->released = true;
    }
    touched_queue(tl);
}

void hf_trial_rise(hf_timeline *tl)
{
    bool recording = tl->recording;
    tl->recording = false;
    tl->restarts_off = true;
    hf_settle(tl, HF_RISING);
    hf_deferred_drop(tl);
    tl->restarts_off = false;
    tl->recording = recording;
}
