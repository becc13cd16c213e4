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

/* Sizes of the subtrees below each entity of the dominator tree, by walking up from every entity: the tree is shallow in practice, and a
 * vertex's subtree is counted once for each of its ancestors, which is what is wanted. */
static void dominated_count(const igraph_vector_int_t *dom, int n, int *count)
{
    for (int i = 0; i < n; i++)
        for (igraph_integer_t up = VECTOR(*dom)[i]; up >= 0 && up != i; up = VECTOR(*dom)[up])
            if (up < n) count[up]++;
}

/* Everything flows from a root into the entities that need nothing. */
static hf_err dominators_find(const hf_network *net, hf_structure *s)
{
    hf_err err = HF_OK;
    int n = net->n_entities, root = n + net->n_comps, *count = NULL;
    arcs a = {0};
    igraph_t graph;
    bool have_graph = false;
    igraph_vector_int_t dom;
    IG_TRY(igraph_vector_int_init(&dom, 0));
    for (int i = 0; err == HF_OK && i < n; i++)
        if (net->req_off[i] == net->req_off[i + 1]) err = arc_add(&a, root, i);
    for (int k = 0; err == HF_OK && k < net->n_supplies; k++) err = arc_add(&a, net->sup_supplier[k], net->req_entity[net->sup_req[k]]);
    if (err == HF_OK) err = graph_make(&a, root + 1, true, &graph);
    have_graph = err == HF_OK;
    if (err == HF_OK) err = from_igraph(igraph_dominator_tree(&graph, root, &dom, NULL, NULL, IGRAPH_OUT));
    if (err == HF_OK && !(count = hf_calloc((size_t)n, sizeof *count))) err = HF_E_NOMEM;
    if (err == HF_OK) dominated_count(&dom, n, count);
    if (err == HF_OK) err = rank(count, n, &s->dominators, &s->n_dominators);
    if (have_graph) igraph_destroy(&graph);
    igraph_vector_int_destroy(&dom);
out:
    hf_free(count);
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

typedef struct reach {
    const hf_network *net;
    const bool *follow; /* of each link; NULL: all */
    int *stamp, *queue;
} reach;

/* Entities downstream of one, itself not counted. */
static int reach_count(reach *r, int from)
{
    const hf_network *net = r->net;
    int head = 0, tail = 0;
    r->stamp[from] = from + 1;
    r->queue[tail++] = from;
    while (head < tail) {
        int i = r->queue[head++];
        for (int k = net->out_off[i]; k < net->out_off[i + 1]; k++) {
            int link = net->out_supply[k], user = net->req_entity[net->sup_req[link]];
            if ((r->follow && !r->follow[link]) || r->stamp[user] == from + 1) continue;
            r->stamp[user] = from + 1;
            r->queue[tail++] = user;
        }
    }
    return tail - 1;
}

static hf_err reaches_find(const hf_network *net, hf_structure *s)
{
    hf_err err = HF_OK;
    size_t n = (size_t)net->n_entities;
    bool *sole = hf_malloc((size_t)net->n_supplies * sizeof *sole);
    int *count = hf_malloc(n * sizeof *count);
    reach r = {net, sole, hf_calloc(n, sizeof *r.stamp), hf_malloc(n * sizeof *r.queue)};
    if (!sole || !count || !r.stamp || !r.queue) HF_TRY(HF_E_NOMEM);
    for (int k = 0; k < net->n_supplies; k++) sole[k] = is_sole(net, k);
    for (int i = 0; i < net->n_entities; i++) count[i] = reach_count(&r, i);
    HF_TRY(rank(count, net->n_entities, &s->alone, &s->n_alone));
    for (int i = 0; i < net->n_entities; i++) count[i] = net->out_off[i + 1] - net->out_off[i];
    HF_TRY(rank(count, net->n_entities, &s->hubs, &s->n_hubs));
    if (net->n_entities > HF_REACH_LIMIT) goto out;
    for (size_t i = 0; i < n; i++) r.stamp[i] = 0;
    r.follow = NULL;
    for (int i = 0; i < net->n_entities; i++) count[i] = reach_count(&r, i);
    HF_TRY(rank(count, net->n_entities, &s->depended, &s->n_depended));
out:
    hf_free(sole);
    hf_free(count);
    hf_free(r.stamp);
    hf_free(r.queue);
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
