#include <graphviz/cgraph.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>

#include "viz/dot_draw.h"
#include "viz/dot_style.h"

enum { NAME_COLUMNS = 18, EDGE_LABELS = 60 };

static Agnode_t *node_of(Agraph_t *graph, const hf_network *net, int entity, int create)
{
    return agnode(graph, (char *)(uintptr_t)net->id[entity], create);
}

static double lowest_of(const hf_dot_draw *d, int entity)
{
    return d->loss[entity] ? d->loss[entity]->lowest : 1;
}

static void hours(hf_buf *out, double h)
{
    char text[32];
    snprintf(text, sizeof text, h < 100 ? "%.3g h" : "%.0f h", h);
    hf_buf_puts(out, text);
}

/* "out 12 h", "down to 60 % at 8 h". */
static void when_label(const hf_entity_loss *loss, hf_buf *out)
{
    if (!loss) return;
    hf_buf_puts(out, "\\n");
    if (!isnan(loss->out_h)) {
        hf_buf_puts(out, "out at ");
        hours(out, loss->out_h);
        return;
    }
    hf_buf_printf(out, "down to %.0f %% from ", 100 * loss->lowest);
    hours(out, loss->first_loss_h);
}

static hf_err label_failed(hf_buf *label)
{
    hf_err err = label->err;
    hf_buf_done(label);
    return err;
}

static hf_err node_draw(hf_dot_draw *d, Agraph_t *where, int i)
{
    const hf_network *net = d->net;
    hf_buf label = {0};
    Agnode_t *node = node_of(d->graph, net, i, 1);
    if (!node || !agsubnode(where, node, 1)) return HF_E_NOMEM;
    hf_dot_label(&label, *net->name[i] ? net->name[i] : net->id[i], NAME_COLUMNS);
    when_label(d->loss[i], &label);
    if (label.err != HF_OK) return label_failed(&label);
    double lowest = lowest_of(d, i);
    hf_dot_set(node, "label", label.text ? label.text : "");
    hf_dot_set(node, "tooltip", net->id[i]);
    hf_dot_set(node, "shape", hf_dot_shape(net->sectors.name[net->sector[i]]));
    hf_dot_set(node, "fillcolor", hf_dot_fill(lowest));
    hf_dot_set(node, "fontcolor", hf_dot_font(lowest));
    if (d->tl && d->loss[i] && hf_timeline_changes(d->tl)[d->loss[i]->cause_change].kind == HF_CAUSE_INJECT) hf_dot_set(node, "peripheries", "2");
    d->sector_used[net->sector[i]] = true;
    hf_buf_done(&label);
    return HF_OK;
}

/* The box that an entity stands in. */
static Agraph_t *box_of(hf_dot_draw *d, int i)
{
    hf_dot_by by = d->options->cluster;
    int group = hf_dot_group(d->net, by, i);
    char name[160];
    if (by == HF_DOT_BY_NONE || group < 0) return d->graph;
    snprintf(name, sizeof name, "cluster %.140s", hf_dot_group_name(d->net, by, group));
    Agraph_t *box = agsubg(d->graph, name, 0);
    if (box) return box;
    box = agsubg(d->graph, name, 1);
    if (!box) return NULL;
    hf_dot_set(box, "label", hf_dot_group_name(d->net, by, group));
    hf_dot_set(box, "style", "filled");
    return box;
}

static hf_err link_draw(hf_dot_draw *d, int s, bool labelled)
{
    const hf_network *net = d->net;
    int g = net->sup_req[s], user = net->req_entity[g], supplier = net->sup_supplier[s];
    char width[32];
    Agedge_t *edge = agedge(d->graph, node_of(d->graph, net, supplier, 0), node_of(d->graph, net, user, 0),
                            (char *)(uintptr_t)net->req_labels.name[net->req_label[g]], 1);
    if (!edge) return HF_E_NOMEM;
    double share = net->sup_share[s] < 1 ? net->sup_share[s] : 1;
    snprintf(width, sizeof width, "%.2g", (net->req_kind[g] == HF_LOGICAL ? 0.3 : 0.6) + 1.2 * share);
    hf_dot_set(edge, "penwidth", width);
    hf_dot_set(edge, "style", hf_dot_line_style((hf_kind)net->req_kind[g]));
    if (labelled) hf_dot_set(edge, "label", net->req_labels.name[net->req_label[g]]);
    if (lowest_of(d, supplier) < 1 && lowest_of(d, user) < 1) hf_dot_set(edge, "color", "#993404"); /* the way the cascade went */
    d->kind_used[net->req_kind[g]] = true;
    return HF_OK;
}

static hf_err line_draw(hf_dot_draw *d, int line)
{
    const hf_network *net = d->net;
    int from = net->cnode_entity[net->cline_from[line]], to = net->cnode_entity[net->cline_to[line]], own = net->cline_entity[line];
    char key[32];
    hf_buf label = {0};
    if (!d->shown[from] || !d->shown[to]) return HF_OK;
    snprintf(key, sizeof key, "line %d", line);
    Agedge_t *edge = agedge(d->graph, node_of(d->graph, net, from, 0), node_of(d->graph, net, to, 0), key, 1);
    if (!edge) return HF_E_NOMEM;
    hf_dot_set(edge, "dir", net->carrier_directed[net->cline_carrier[line]] ? "forward" : "none");
    hf_dot_set(edge, "color", "#2c7fb8");
    hf_dot_set(edge, "penwidth", "2");
    d->carriers_used = true;
    if (own < 0) return HF_OK;
    hf_dot_label(&label, *net->name[own] ? net->name[own] : net->id[own], NAME_COLUMNS);
    when_label(d->loss[own], &label);
    if (label.err != HF_OK) return label_failed(&label);
    hf_dot_set(edge, "label", label.text ? label.text : "");
    hf_dot_set(edge, "tooltip", net->id[own]);
    if (lowest_of(d, own) < 1) hf_dot_set(edge, "color", hf_dot_fill(lowest_of(d, own)));
    hf_buf_done(&label);
    return HF_OK;
}

/* An entity that is a line between two shown nodes and nothing else is drawn as that line. */
static bool is_only_a_line(const hf_dot_draw *d, int i)
{
    const hf_network *net = d->net;
    if (net->ent_cline_off[i] == net->ent_cline_off[i + 1]) return false;
    if (net->out_off[i] < net->out_off[i + 1] || net->req_off[i] < net->req_off[i + 1] || net->ent_cnode_off[i] < net->ent_cnode_off[i + 1]) return false;
    for (int k = net->ent_cline_off[i]; k < net->ent_cline_off[i + 1]; k++) {
        int line = net->ent_cline[k];
        if (!d->shown[net->cnode_entity[net->cline_from[line]]] || !d->shown[net->cnode_entity[net->cline_to[line]]]) return false;
    }
    return true;
}

hf_err hf_dot_entities(hf_dot_draw *d)
{
    hf_err err = HF_OK;
    const hf_network *net = d->net;
    int shown = 0;
    for (int i = 0; i < net->n_entities; i++) {
        if (!d->shown[i] || is_only_a_line(d, i)) continue;
        Agraph_t *box = box_of(d, i);
        if (!box) return HF_E_NOMEM;
        HF_TRY(node_draw(d, box, i));
        shown++;
    }
    for (int s = 0; s < net->n_supplies; s++) {
        int user = net->req_entity[net->sup_req[s]];
        if (d->shown[net->sup_supplier[s]] && d->shown[user]) HF_TRY(link_draw(d, s, shown <= EDGE_LABELS));
    }
    for (int line = 0; line < net->n_clines; line++) HF_TRY(line_draw(d, line));
out:
    return err;
}
