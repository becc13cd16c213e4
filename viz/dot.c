#include "viz/dot.h"

#include <graphviz/cgraph.h>

#include "base/alloc.h"
#include "viz/dot_draw.h"
#include "viz/dot_id.h"
#include "viz/dot_style.h"

/* Marks what is shown. */
static void select_shown(hf_dot_draw *d, hf_dot_note *note)
{
    const hf_network *net = d->net;
    bool only_hit = d->losses && !d->options->whole && (d->options->only_hit || net->n_entities > HF_DOT_READABLE);
    for (int i = 0; i < net->n_entities; i++) {
        d->shown[i] = !only_hit || d->loss[i] != NULL;
        note->shown += d->shown[i];
    }
    note->left_out = net->n_entities - note->shown;
}

/* What the picture is of, and what is not in it. */
static hf_err title_set(hf_dot_draw *d, const hf_dot_note *note)
{
    hf_buf label = {0};
    hf_dot_label(&label, d->options->title ? d->options->title : "", 100);
    hf_buf_puts(&label, "\\l");
    if (note->collapsed != HF_DOT_BY_NONE) hf_buf_printf(&label, "%d entities in groups; an arrow's number counts supply links\\l", note->shown);
    else if (note->left_out) hf_buf_printf(&label, "%d entities that lose something; %d others are left out\\l", note->shown, note->left_out);
    if (d->options->source) hf_dot_label(&label, d->options->source, 160);
    if (d->options->source) hf_buf_puts(&label, "\\l");
    if (label.err == HF_OK) hf_dot_set(d->graph, "label", label.text);
    hf_err err = label.err;
    hf_buf_done(&label);
    return err;
}

static int buf_put(void *channel, const char *text)
{
    hf_buf_puts(channel, text);
    return 0;
}

static int buf_flush(void *channel)
{
    (void)channel;
    return 0;
}

/* cgraph writes through a table of functions that belongs to the graph. */
static Agiodisc_t buf_io = {NULL, buf_put, buf_flush};
static Agdisc_t buf_disc = {&AgMemDisc, &hf_dot_id, &buf_io};

static hf_err draw(hf_dot_draw *d, hf_buf *out, hf_dot_note *note)
{
    hf_err err = HF_OK;
    select_shown(d, note);
    note->collapsed = d->options->collapse;
    if (note->collapsed != HF_DOT_BY_NONE) {
        note->shown = d->net->n_entities;
        note->left_out = 0;
    }
    d->graph = agopen("holdfast", Agdirected, &buf_disc);
    if (!d->graph) return HF_E_NOMEM;
    hf_dot_declare(d->graph);
    HF_TRY(note->collapsed == HF_DOT_BY_NONE ? hf_dot_entities(d) : hf_dot_groups(d));
    hf_dot_legend(d->graph, d->net, d->sector_used, d->kind_used, d->losses != NULL, d->carriers_used);
    HF_TRY(title_set(d, note));
    if (agwrite(d->graph, out) != 0) err = HF_E_LIBRARY;
    HF_TRY(err != HF_OK ? err : out->err);
out:
    agclose(d->graph);
    return err;
}

hf_err hf_dot_write(const hf_network *net, const hf_timeline *tl, const hf_losses *losses, const hf_dot_options *options, hf_buf *out,
                    hf_dot_note *ret_note)
{
    hf_err err = HF_OK;
    hf_dot_note note = {0};
    hf_dot_options chosen = *options;
    /* What nobody could read is collapsed, unless it is asked for. */
    if (!losses && !chosen.whole && chosen.collapse == HF_DOT_BY_NONE && net->n_entities > HF_DOT_READABLE)
        chosen.collapse = HF_DOT_BY_SECTOR_AND_COUNTRY;
    hf_dot_draw d = {.net = net, .tl = tl, .losses = losses, .options = &chosen};
    d.loss = hf_calloc((size_t)net->n_entities, sizeof(hf_entity_loss *));
    d.shown = hf_calloc((size_t)net->n_entities, sizeof *d.shown);
    d.sector_used = hf_calloc((size_t)net->sectors.n, sizeof *d.sector_used);
    if (!d.loss || !d.shown || !d.sector_used) HF_TRY(HF_E_NOMEM);
    for (int k = 0; losses && k < losses->n_entities; k++) d.loss[losses->entities[k].entity] = &losses->entities[k];
    HF_TRY(draw(&d, out, &note));
    *ret_note = note;
out:
    hf_free(d.loss);
    hf_free(d.shown);
    hf_free(d.sector_used);
    return err;
}
