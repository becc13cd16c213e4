/* One node for each group of entities, with counts; links between groups added up. */
#include <graphviz/cgraph.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>

#include "base/alloc.h"
#include "viz/dot_draw.h"
#include "viz/dot_style.h"

typedef struct group {
    int entities, hit;
    double weight, level; /* sums of weights, and of weights times lowest functionality */
} group;

typedef struct groups {
    hf_dot_draw *d;
    hf_dot_by by;
    int n;
    group *of;
    long *links; /* [n x n]: supplier's group, user's group */
} groups;

static int group_count(const hf_network *net, hf_dot_by by)
{
    switch (by) {
    case HF_DOT_BY_COUNTRY: return net->countries.n;
    case HF_DOT_BY_SECTOR: return net->sectors.n;
    case HF_DOT_BY_REGION: return net->regions.n;
    case HF_DOT_BY_SECTOR_AND_COUNTRY: return net->sectors.n * net->countries.n;
    case HF_DOT_BY_NONE: break;
    }
    return 0;
}

int hf_dot_group(const hf_network *net, hf_dot_by by, int entity)
{
    switch (by) {
    case HF_DOT_BY_COUNTRY: return net->country[entity];
    case HF_DOT_BY_SECTOR: return net->sector[entity];
    case HF_DOT_BY_REGION: return net->region[entity];
    case HF_DOT_BY_SECTOR_AND_COUNTRY: return net->country[entity] * net->sectors.n + net->sector[entity];
    case HF_DOT_BY_NONE: break;
    }
    return -1;
}

const char *hf_dot_group_name(const hf_network *net, hf_dot_by by, int group_index)
{
    switch (by) {
    case HF_DOT_BY_COUNTRY: return net->countries.name[group_index];
    case HF_DOT_BY_SECTOR: return net->sectors.name[group_index];
    case HF_DOT_BY_REGION: return net->regions.name[group_index];
    case HF_DOT_BY_SECTOR_AND_COUNTRY:
    case HF_DOT_BY_NONE: break;
    }
    return "";
}

static void group_words(const hf_network *net, hf_dot_by by, int k, char *text, size_t room)
{
    if (by != HF_DOT_BY_SECTOR_AND_COUNTRY) {
        snprintf(text, room, "%s", hf_dot_group_name(net, by, k));
        return;
    }
    snprintf(text, room, "%s %s", net->countries.name[k / net->sectors.n], net->sectors.name[k % net->sectors.n]);
}

static void count(groups *g)
{
    const hf_network *net = g->d->net;
    for (int i = 0; i < net->n_entities; i++) {
        int k = hf_dot_group(net, g->by, i);
        if (k < 0) continue;
        const hf_entity_loss *loss = g->d->loss[i];
        g->of[k].entities++;
        g->of[k].hit += loss != NULL;
        g->of[k].weight += net->weight[i];
        g->of[k].level += net->weight[i] * (loss ? loss->lowest : 1);
    }
    for (int s = 0; s < net->n_supplies; s++) {
        int from = hf_dot_group(net, g->by, net->sup_supplier[s]), to = hf_dot_group(net, g->by, net->req_entity[net->sup_req[s]]);
        if (from >= 0 && to >= 0 && from != to) g->links[(size_t)from * (size_t)g->n + (size_t)to]++;
    }
}

static Agnode_t *node_of(const groups *g, int k, int create)
{
    char name[200];
    group_words(g->d->net, g->by, k, name, sizeof name);
    return agnode(g->d->graph, name, create);
}

static hf_err node_draw(groups *g, int k)
{
    const group *of = &g->of[k];
    const hf_network *net = g->d->net;
    char label[256], name[160];
    Agnode_t *node = node_of(g, k, 1);
    if (!node) return HF_E_NOMEM;
    group_words(net, g->by, k, name, sizeof name);
    for (char *c = name; *c; c++)
        if (*c == '_') *c = ' ';
    double level = of->weight > 0 ? of->level / of->weight : 1;
    if (g->d->losses) snprintf(label, sizeof label, "%s\\n%d of %d hit", name, of->hit, of->entities);
    else snprintf(label, sizeof label, "%s\\n%d entit%s", name, of->entities, of->entities == 1 ? "y" : "ies");
    hf_dot_set(node, "label", label);
    hf_dot_set(node, "fillcolor", hf_dot_fill(level));
    hf_dot_set(node, "fontcolor", hf_dot_font(level));
    bool one_sector = g->by == HF_DOT_BY_SECTOR || g->by == HF_DOT_BY_SECTOR_AND_COUNTRY;
    if (!one_sector) return HF_OK;
    hf_dot_set(node, "shape", hf_dot_shape(net->sectors.name[k % net->sectors.n]));
    g->d->sector_used[k % net->sectors.n] = true;
    return HF_OK;
}

static hf_err link_draw(groups *g, int from, int to, long links)
{
    char text[32];
    Agedge_t *edge = agedge(g->d->graph, node_of(g, from, 0), node_of(g, to, 0), NULL, 1);
    if (!edge) return HF_E_NOMEM;
    snprintf(text, sizeof text, "%ld", links);
    hf_dot_set(edge, "label", text);
    snprintf(text, sizeof text, "%.3g", 0.6 + 0.8 * log2((double)links));
    hf_dot_set(edge, "penwidth", text);
    return HF_OK;
}

hf_err hf_dot_groups(hf_dot_draw *d)
{
    hf_err err = HF_OK;
    groups g = {.d = d, .by = d->options->collapse, .n = group_count(d->net, d->options->collapse)};
    g.of = hf_calloc((size_t)g.n, sizeof *g.of);
    g.links = hf_calloc((size_t)g.n * (size_t)g.n, sizeof *g.links);
    if (!g.of || !g.links) HF_TRY(HF_E_NOMEM);
    count(&g);
    for (int k = 0; k < g.n; k++)
        if (g.of[k].entities > 0) HF_TRY(node_draw(&g, k));
    for (int from = 0; from < g.n; from++)
        for (int to = 0; to < g.n; to++) {
            long links = g.links[(size_t)from * (size_t)g.n + (size_t)to];
            if (links > 0) HF_TRY(link_draw(&g, from, to, links));
        }
out:
    hf_free(g.of);
    hf_free(g.links);
    return err;
}
