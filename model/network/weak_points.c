#include "model/network/weak_points.h"

#include <igraph/igraph.h>
#include <stdlib.h>

#include "base/alloc.h"

/* Arcs "supplier -> who depends on it" between vertices; entities come first, then whatever else a graph needs. */
typedef struct arcs {
    int *end; /* from, to, from, to … */
    size_t n, capacity;
} arcs;

static hf_err arc_add(arcs *a, int from, int to)
{
    hf_err err = hf_grow((void **)&a->end, &a->capacity, 2 * a->n + 2, sizeof *a->end);
    if (err != HF_OK) return err;
    a->end[2 * a->n] = from;
    a->end[2 * a->n + 1] = to;
    a->n++;
    return HF_OK;
}

static hf_err from_igraph(igraph_error_t code)
{
    return code == IGRAPH_SUCCESS ? HF_OK : code == IGRAPH_ENOMEM ? HF_E_NOMEM : HF_E_LIBRARY;
}

#define IG_TRY(call) HF_TRY(from_igraph(call))

static hf_err graph_make(const arcs *a, int vertices, bool directed, igraph_t *ret_graph)
{
    hf_err err = HF_OK;
    igraph_vector_int_t edges;
    IG_TRY(igraph_vector_int_init(&edges, (igraph_integer_t)(2 * a->n)));
    for (size_t k = 0; k < 2 * a->n; k++) VECTOR(edges)[k] = a->end[k];
    err = from_igraph(igraph_create(ret_graph, &edges, vertices, directed));
    igraph_vector_int_destroy(&edges);
out:
    return err;
}

/* A node takes part in what its component delivers if it feeds in or others' supply passes through it. */
static bool contributes(const hf_network *net, int node)
{
    return net->cnode_supply[node] > 0 || net->cadj_off[node + 1] - net->cadj_off[node] > 1;
}

/* Carriers, with what contributes as `from` vertices and who is served as `to` vertices; component k is vertex comps + k. */
static hf_err carrier_arcs(const hf_network *net, arcs *a, int served, int comps)
{
    hf_err err = HF_OK;
    for (int node = 0; node < net->n_cnodes; node++) {
        if (contributes(net, node)) HF_TRY(arc_add(a, net->cnode_entity[node], comps + net->cnode_comp[node]));
        HF_TRY(arc_add(a, comps + net->cnode_comp[node], served + net->cnode_entity[node]));
    }
    for (int line = 0; line < net->n_clines; line++)
        if (net->cline_entity[line] >= 0) HF_TRY(arc_add(a, net->cline_entity[line], comps + net->cnode_comp[net->cline_from[line]]));
out:
    return err;
}

/* Vertices 0 .. n-1 are the entities' conditions, n .. 2n-1 their services, then carrier components: so that a plant and the grid it feeds
 * are a loop only if something the plant needs comes back from the grid. */
static hf_err dependence_arcs(const hf_network *net, arcs *a)
{
    hf_err err = HF_OK;
    int n = net->n_entities;
    for (int i = 0; i < n; i++) HF_TRY(arc_add(a, i, n + i));
    for (int s = 0; s < net->n_supplies; s++) HF_TRY(arc_add(a, n + net->sup_supplier[s], net->req_entity[net->sup_req[s]]));
    HF_TRY(carrier_arcs(net, a, n, 2 * n));
out:
    return err;
}

typedef struct loop {
    int component, size, first;
} loop;

static int compare_loops(const void *pa, const void *pb)
{
    const loop *a = pa, *b = pb;
    return a->size != b->size ? b->size - a->size : a->first - b->first;
}

/* Loops from the strong component of each entity's condition. */
static hf_err loops_keep(const int *component, int n, int components, hf_structure *s)
{
    hf_err err = HF_OK;
    loop *all = hf_calloc((size_t)components, sizeof *all);
    int *rank = hf_malloc((size_t)components * sizeof *rank);
    if (!all || !rank) HF_TRY(HF_E_NOMEM);
    for (int c = 0; c < components; c++) all[c] = (loop){c, 0, n};
    for (int i = n - 1; i >= 0; i--) {
        all[component[i]].size++;
        all[component[i]].first = i;
    }
    qsort(all, (size_t)components, sizeof *all, compare_loops);
    for (int c = 0; c < components; c++) {
        rank[all[c].component] = c;
        s->n_loops += all[c].size > 1;
    }
    s->loop_off = hf_calloc((size_t)s->n_loops + 1, sizeof *s->loop_off);
    if (!s->loop_off) HF_TRY(HF_E_NOMEM);
    for (int k = 0; k < s->n_loops; k++) s->loop_off[k + 1] = s->loop_off[k] + all[k].size;
    s->loop_entity = hf_malloc((size_t)s->loop_off[s->n_loops] * sizeof *s->loop_entity);
    if (!s->loop_entity) HF_TRY(HF_E_NOMEM);
    for (int k = 0; k < s->n_loops; k++) all[k].first = s->loop_off[k]; /* from here on: where the next member goes */
    for (int i = 0; i < n; i++)
        if (rank[component[i]] < s->n_loops) s->loop_entity[all[rank[component[i]]].first++] = i;
out:
    hf_free(all);
    hf_free(rank);
    return err;
}

static hf_err loops_find(const hf_network *net, hf_structure *s)
{
    hf_err err = HF_OK;
    int n = net->n_entities, *component = NULL;
    arcs a = {0};
    igraph_t graph;
    bool have_graph = false;
    igraph_vector_int_t member;
    igraph_integer_t count = 0;
    IG_TRY(igraph_vector_int_init(&member, 0));
    err = dependence_arcs(net, &a);
    if (err == HF_OK) err = graph_make(&a, 2 * n + net->n_comps, true, &graph);
    have_graph = err == HF_OK;
    if (err == HF_OK) err = from_igraph(igraph_connected_components(&graph, &member, NULL, &count, IGRAPH_STRONG));
    if (err == HF_OK && !(component = hf_malloc((size_t)n * sizeof *component))) err = HF_E_NOMEM;
    for (int i = 0; err == HF_OK && i < n; i++) component[i] = (int)VECTOR(member)[i];
    if (err == HF_OK) err = loops_keep(component, n, (int)count, s);
    if (have_graph) igraph_destroy(&graph);
    igraph_vector_int_destroy(&member);
out:
    hf_free(component);
    hf_free(a.end);
    return err;
}

static int compare_ints(const void *a, const void *b)
{
    int x = *(const int *)a, y = *(const int *)b;
    return (x > y) - (x < y);
}

/* Entities only, joined by supplies and by the lines of carriers. */
static hf_err undirected_arcs(const hf_network *net, arcs *a)
{
    hf_err err = HF_OK;
    for (int s = 0; s < net->n_supplies; s++) HF_TRY(arc_add(a, net->sup_supplier[s], net->req_entity[net->sup_req[s]]));
    for (int line = 0; line < net->n_clines; line++) {
        int from = net->cnode_entity[net->cline_from[line]], to = net->cnode_entity[net->cline_to[line]], own = net->cline_entity[line];
        if (own < 0) HF_TRY(arc_add(a, from, to));
        else {
            HF_TRY(arc_add(a, from, own));
            HF_TRY(arc_add(a, own, to));
        }
    }
out:
    return err;
}

static hf_err cut_points_keep(const igraph_vector_int_t *points, hf_structure *s)
{
    s->n_articulation = (int)igraph_vector_int_size(points);
    s->articulation = hf_malloc((size_t)s->n_articulation * sizeof *s->articulation);
    if (!s->articulation) return HF_E_NOMEM;
    for (int k = 0; k < s->n_articulation; k++) s->articulation[k] = (int)VECTOR(*points)[k];
    qsort(s->articulation, (size_t)s->n_articulation, sizeof *s->articulation, compare_ints);
    return HF_OK;
}

static hf_err parts_find(const hf_network *net, hf_structure *s)
{
    hf_err err = HF_OK;
    arcs a = {0};
    igraph_t graph;
    bool have_graph = false;
    igraph_vector_int_t points, sizes;
    igraph_integer_t count = 0;
    IG_TRY(igraph_vector_int_init(&points, 0));
    err = from_igraph(igraph_vector_int_init(&sizes, 0));
    if (err != HF_OK) {
        igraph_vector_int_destroy(&points);
        return err;
    }
    err = undirected_arcs(net, &a);
    if (err == HF_OK) err = graph_make(&a, net->n_entities, false, &graph);
    have_graph = err == HF_OK;
    if (err == HF_OK) err = from_igraph(igraph_connected_components(&graph, NULL, &sizes, &count, IGRAPH_WEAK));
    if (err == HF_OK) err = from_igraph(igraph_articulation_points(&graph, &points));
    if (err == HF_OK) err = cut_points_keep(&points, s);
    s->n_components = (int)count;
    for (igraph_integer_t c = 0; err == HF_OK && c < count; c++)
        if (VECTOR(sizes)[c] > s->largest_component) s->largest_component = (int)VECTOR(sizes)[c];
    if (have_graph) igraph_destroy(&graph);
    igraph_vector_int_destroy(&points);
    igraph_vector_int_destroy(&sizes);
out:
    hf_free(a.end);
    return err;
}

static int compare_ranked(const void *pa, const void *pb)
{
    const hf_ranked *a = pa, *b = pb;
    return a->count != b->count ? b->count - a->count : a->entity - b->entity;
}

static hf_err rank(const int *count, int n, hf_ranked **ret_ranking, int *ret_n)
{
    int kept = 0;
    hf_ranked *ranking = hf_malloc((size_t)n * sizeof *ranking);
    if (!ranking) return HF_E_NOMEM;
    for (int i = 0; i < n; i++)
        if (count[i] > 0) ranking[kept++] = (hf_ranked){i, count[i]};
    qsort(ranking, (size_t)kept, sizeof *ranking, compare_ranked);
    *ret_ranking = ranking;
    *ret_n = kept;
    return HF_OK;
}

/* Vertices below each vertex of the dominator tree: leaves first, so that long chains cost no more than broad trees. `waiting` and `queue`
 * have `vertices` elements; waiting and count come cleared. */
static void dominated_count(const igraph_vector_int_t *dom, int vertices, int *waiting, int *queue, int *count)
{
    int tail = 0;
    for (int v = 0; v < vertices; v++)
        if (VECTOR(*dom)[v] >= 0) waiting[VECTOR(*dom)[v]]++;
    for (int v = 0; v < vertices; v++)
        if (waiting[v] == 0) queue[tail++] = v;
    for (int head = 0; head < tail; head++) {
        igraph_integer_t up = VECTOR(*dom)[queue[head]];
        if (up < 0) continue;
        count[up] += 1 + count[queue[head]];
        if (--waiting[up] == 0) queue[tail++] = (int)up;
    }
}

/* Whether anything starts at the entity: it needs nothing, or is on a carrier that it feeds into. */
static bool is_source(const hf_network *net, int i)
{
    bool carries = net->ent_cnode_off[i] < net->ent_cnode_off[i + 1] || net->ent_cline_off[i] < net->ent_cline_off[i + 1];
    if (net->req_off[i] < net->req_off[i + 1]) return false;
    for (int k = net->ent_cnode_off[i]; k < net->ent_cnode_off[i + 1]; k++)
        if (net->cnode_supply[net->ent_cnode[k]] > 0) return true;
    return !carries;
}

/* Along a line; against it too unless the rule heeds its direction, as the engines do. `via` is the vertex of the line, or -1. */
static hf_err line_arcs(const hf_network *net, arcs *a, int line, int from, int via, int to)
{
    hf_err err = HF_OK;
    int carrier = net->cline_carrier[line];
    bool both = !net->carrier_directed[carrier] || net->carrier_rule[carrier] == HF_BALANCE || net->carrier_rule[carrier] == HF_DC;
    HF_TRY(arc_add(a, from, via < 0 ? to : via));
    if (via >= 0) HF_TRY(arc_add(a, via, to));
    if (both) HF_TRY(arc_add(a, to, via < 0 ? from : via));
    if (both && via >= 0) HF_TRY(arc_add(a, via, from));
out:
    return err;
}

/* Everything flows from a root into the sources, then along supplies and the lines of carriers. One vertex an entity: one that is on two
 * carriers joins them, which can hide a dominator but never make one. */
static hf_err flow_arcs(const hf_network *net, arcs *a, int root)
{
    hf_err err = HF_OK;
    for (int i = 0; i < net->n_entities; i++)
        if (is_source(net, i)) HF_TRY(arc_add(a, root, i));
    for (int k = 0; k < net->n_supplies; k++) HF_TRY(arc_add(a, net->sup_supplier[k], net->req_entity[net->sup_req[k]]));
    for (int k = 0; k < net->n_clines; k++)
        HF_TRY(line_arcs(net, a, k, net->cnode_entity[net->cline_from[k]], net->cline_entity[k], net->cnode_entity[net->cline_to[k]]));
out:
    return err;
}

/* Immediate dominators from `root`, the last vertex: below 0 for the root and for what it does not reach. *dom comes initialised. */
static hf_err dominator_tree(const arcs *a, int root, igraph_vector_int_t *dom)
{
    igraph_t graph;
    hf_err err = graph_make(a, root + 1, true, &graph);
    if (err != HF_OK) return err;
    err = from_igraph(igraph_dominator_tree(&graph, root, dom, NULL, NULL, IGRAPH_OUT));
    igraph_destroy(&graph);
    return err;
}

static hf_err dominators_find(const hf_network *net, hf_structure *s)
{
    hf_err err = HF_OK;
    int n = net->n_entities, *work = NULL;
    size_t vertices = (size_t)n + 1;
    arcs a = {0};
    igraph_vector_int_t dom;
    IG_TRY(igraph_vector_int_init(&dom, 0));
    err = flow_arcs(net, &a, n);
    if (err == HF_OK) err = dominator_tree(&a, n, &dom);
    if (err == HF_OK && !(work = hf_calloc(3 * vertices, sizeof *work))) err = HF_E_NOMEM;
    if (err == HF_OK) dominated_count(&dom, n + 1, work, work + vertices, work + 2 * vertices);
    if (err == HF_OK) err = rank(work + 2 * vertices, n, &s->dominators, &s->n_dominators);
    igraph_vector_int_destroy(&dom);
out:
    hf_free(work);
    hf_free(a.end);
    return err;
}

/* Whether losing one link alone leaves its requirement short. */
static bool is_sole(const hf_network *net, int link)
{
    int g = net->sup_req[link];
    double rest = 0, need = net->req_response[g] == HF_THRESHOLD ? net->req_threshold[g] : 1;
    int curve = net->req_curve[g], last = net->curve_off[curve + 1] - 1;
    if (net->curve_loss[last] < 1) return false; /* it never loses all */
    for (int k = net->sup_off[g]; k < net->sup_off[g + 1]; k++)
        if (k != link) rest += net->sup_share[k];
    return net->req_response[g] == HF_THRESHOLD ? rest < need - 1e-9 : rest <= 1e-9;
}

/* Who is cut off when one node or line of a carrier fails: the dominator tree from the nodes that feed in. Tree vertices are the carrier
 * nodes, then the lines; vertex v becomes first + v. What no source reaches has nothing to lose. */
static hf_err cut_off_arcs(const hf_network *net, arcs *a, int first)
{
    hf_err err = HF_OK;
    int nodes = net->n_cnodes, root = nodes + net->n_clines;
    arcs flow = {0};
    igraph_vector_int_t dom;
    IG_TRY(igraph_vector_int_init(&dom, 0));
    for (int k = 0; err == HF_OK && k < nodes; k++)
        if (net->cnode_supply[k] > 0) err = arc_add(&flow, root, k);
    for (int k = 0; err == HF_OK && k < net->n_clines; k++) err = line_arcs(net, &flow, k, net->cline_from[k], nodes + k, net->cline_to[k]);
    if (err == HF_OK) err = dominator_tree(&flow, root, &dom);
    for (int v = 0; err == HF_OK && v < root; v++)
        if (VECTOR(dom)[v] >= 0 && VECTOR(dom)[v] < root) err = arc_add(a, first + (int)VECTOR(dom)[v], first + v);
    igraph_vector_int_destroy(&dom);
out:
    hf_free(flow.end);
    return err;
}

/* What falls for certain when one thing does: conditions, services, and from 2n the nodes and lines of carriers. A node that is cut off
 * loses its service, not its condition. */
static hf_err sole_arcs(const hf_network *net, arcs *a)
{
    hf_err err = HF_OK;
    int n = net->n_entities, nodes = 2 * n, lines = nodes + net->n_cnodes;
    for (int i = 0; i < n; i++) HF_TRY(arc_add(a, i, n + i));
    for (int k = 0; k < net->n_supplies; k++)
        if (is_sole(net, k)) HF_TRY(arc_add(a, n + net->sup_supplier[k], net->req_entity[net->sup_req[k]]));
    for (int k = 0; k < net->n_cnodes; k++) {
        HF_TRY(arc_add(a, net->cnode_entity[k], nodes + k));
        HF_TRY(arc_add(a, nodes + k, n + net->cnode_entity[k]));
    }
    for (int k = 0; k < net->n_clines; k++)
        if (net->cline_entity[k] >= 0) HF_TRY(arc_add(a, net->cline_entity[k], lines + k));
    if (net->n_cnodes > 0) HF_TRY(cut_off_arcs(net, a, nodes));
out:
    return err;
}

/* Ranks entities by how many other services the arcs lead to from their condition. O(entities x arcs) at worst. */
static hf_err reach_rank(const arcs *a, int n, int vertices, hf_ranked **ret_ranking, int *ret_n)
{
    hf_err err = HF_OK;
    size_t v = (size_t)vertices;
    int *off = hf_calloc(v + 2, sizeof *off), *to = hf_malloc(a->n * sizeof *to), *stamp = hf_calloc(v, sizeof *stamp);
    int *queue = hf_malloc(v * sizeof *queue), *count = hf_calloc((size_t)n, sizeof *count);
    if (!off || !to || !stamp || !queue || !count) HF_TRY(HF_E_NOMEM);
    for (size_t k = 0; k < a->n; k++) off[a->end[2 * k] + 2]++;
    for (int k = 0; k < vertices; k++) off[k + 2] += off[k + 1];
    for (size_t k = 0; k < a->n; k++) to[off[a->end[2 * k] + 1]++] = a->end[2 * k + 1];
    for (int i = 0; i < n; i++) {
        int tail = 0;
        stamp[i] = i + 1;
        queue[tail++] = i;
        for (int head = 0; head < tail; head++)
            for (int k = off[queue[head]]; k < off[queue[head] + 1]; k++) {
                int next = to[k];
                if (stamp[next] == i + 1) continue;
                stamp[next] = i + 1;
                queue[tail++] = next;
                count[i] += next >= n && next < 2 * n && next != n + i;
            }
    }
    err = rank(count, n, ret_ranking, ret_n);
out:
    hf_free(off);
    hf_free(to);
    hf_free(stamp);
    hf_free(queue);
    hf_free(count);
    return err;
}

static hf_err reaches_find(const hf_network *net, hf_structure *s)
{
    hf_err err = HF_OK;
    int n = net->n_entities;
    arcs a = {0};
    int *count = hf_malloc((size_t)n * sizeof *count);
    if (!count) HF_TRY(HF_E_NOMEM);
    for (int i = 0; i < n; i++) count[i] = net->out_off[i + 1] - net->out_off[i];
    HF_TRY(rank(count, n, &s->hubs, &s->n_hubs));
    HF_TRY(sole_arcs(net, &a));
    HF_TRY(reach_rank(&a, n, 2 * n + net->n_cnodes + net->n_clines, &s->alone, &s->n_alone));
    if (n > HF_REACH_LIMIT) goto out;
    a.n = 0;
    HF_TRY(dependence_arcs(net, &a));
    HF_TRY(reach_rank(&a, n, 2 * n + net->n_comps, &s->depended, &s->n_depended));
out:
    hf_free(count);
    hf_free(a.end);
    return err;
}

hf_err hf_structure_compute(const hf_network *net, hf_structure **ret_structure)
{
    hf_err err = HF_OK;
    hf_structure *s = hf_calloc(1, sizeof *s);
    if (!s) return HF_E_NOMEM;
    igraph_error_handler_t *before = igraph_set_error_handler(igraph_error_handler_ignore); /* its own would end the process */
    HF_TRY(loops_find(net, s));
    HF_TRY(parts_find(net, s));
    HF_TRY(dominators_find(net, s));
    HF_TRY(reaches_find(net, s));
out:
    igraph_set_error_handler(before);
    if (err == HF_OK) *ret_structure = s;
    else hf_structure_free(s);
    return err;
}

void hf_structure_free(hf_structure *s)
{
    if (!s) return;
    void *blocks[] = {s->loop_off, s->loop_entity, s->articulation, s->alone, s->dominators, s->hubs, s->depended};
    for (size_t k = 0; k < sizeof blocks / sizeof *blocks; k++) hf_free(blocks[k]);
    hf_free(s);
}
