/* From a problem in part to a scene: what fails when nothing is bought, and the rows that fail it. */
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "base/alloc.h"
#include "solver/portfolio/components.h"
#include "solver/portfolio/part.h"
#include "solver/portfolio/reach.h"

typedef struct ints {
    int *at;
    size_t n, capacity;
} ints;

typedef struct numbers {
    double *at;
    size_t n, capacity;
} numbers;

/* Lists of a scene in the order in which they lie in its two blocks. */
enum {
    ENTITY, MEASURE, DAMAGE_START, DAMAGE_MEASURE, COMPONENT_START, COMPONENT_LOOPS, OWNER, KIND,
    MEMBER_START, MEMBER, RELAX_START, RELAX, USE_START, USE, INT_LISTS
};
enum { WEIGHT, SEVERITY, LEFT, CONSTANT, FULL, THRESHOLD, SHARE, NUMBER_LISTS };

enum { NEW_SUPPLIER = -1, CARRIER = -2 };

/* Rows before they are sorted; measures by global numbers. */
typedef struct row {
    int owner, requirement; /* NEW_SUPPLIER: the row by which one needs the real one; CARRIER - c: carrier c */
    int first_new;          /* node of the first supplier that would be added */
} row;

struct hf_part_builder {
    const hf_portfolio_problem *p;
    int *new_start, *new_effect;       /* requirement -> supplier effects */
    int *harden_start, *harden_effect; /* entity -> harden effects */
    int *backup_start, *backup_effect; /* requirement -> backup effects */
    int *effect_measure;
    int *node;                         /* entity -> node, or -1 */
    int *local;                        /* measure -> local number, or -1 */
    const double *f;
    int scenario;
    row *rows;
    size_t row_capacity, node_capacity;
    int n_rows, n_nodes;
    int *nodes;                        /* entity, or -1 - effect, or -1 - effects - carrier */
    bool *vertex_out, *line_out, *marked; /* of a carrier */
    int *stack;
    hf_components order;
    ints edge_start, edge;             /* node -> nodes that it needs */
    ints row_start, row_of;            /* node -> its rows */
    ints served_start, served_by;      /* node -> nodes of carriers that serve it */
    ints ints[INT_LISTS];
    numbers numbers[NUMBER_LISTS];
};

static hf_err push(ints *list, int value)
{
    hf_err err = hf_grow((void **)&list->at, &list->capacity, list->n + 1, sizeof(int));
    if (err == HF_OK) list->at[list->n++] = value;
    return err;
}

static hf_err push_number(numbers *list, double value)
{
    hf_err err = hf_grow((void **)&list->at, &list->capacity, list->n + 1, sizeof(double));
    if (err == HF_OK) list->at[list->n++] = value;
    return err;
}

/* Counts effects by what they act on (an entity for HARDEN, else a requirement), or fills them in. */
static void index_walk(const hf_portfolio_problem *p, hf_effect_kind kind, int *start, int *list)
{
    for (int k = 0; k < p->effect_start[p->n_measures]; k++) {
        const hf_effect *e = &p->effect[k];
        if (e->kind != kind) continue;
        int from = kind == HF_EFFECT_HARDEN ? e->entity : e->requirement, to = from + 1;
        if (from < 0) from = p->requirement_start[e->entity], to = p->requirement_start[e->entity + 1];
        for (int x = from; x < to; x++) {
            if (list) list[start[x]++] = k;
            else start[x + 1]++;
        }
    }
}

static hf_err index_make(const hf_portfolio_problem *p, hf_effect_kind kind, int n, int **ret_start, int **ret_list)
{
    *ret_start = hf_calloc((size_t)n + 1, sizeof(int));
    if (!*ret_start) return HF_E_NOMEM;
    index_walk(p, kind, *ret_start, NULL);
    for (int i = 0; i < n; i++) (*ret_start)[i + 1] += (*ret_start)[i];
    *ret_list = hf_malloc(((size_t)(*ret_start)[n] + 1) * sizeof(int));
    if (!*ret_list) return HF_E_NOMEM;
    index_walk(p, kind, *ret_start, *ret_list);
    for (int i = n; i > 0; i--) (*ret_start)[i] = (*ret_start)[i - 1];
    (*ret_start)[0] = 0;
    return HF_OK;
}

void hf_part_builder_free(hf_part_builder *b)
{
    if (!b) return;
    void *blocks[] = {b->new_start, b->new_effect, b->harden_start, b->harden_effect, b->backup_start, b->backup_effect,
                      b->effect_measure, b->node, b->local, b->rows, b->nodes, b->edge_start.at, b->edge.at,
                      b->row_start.at, b->row_of.at, b->served_start.at, b->served_by.at, b->vertex_out, b->line_out, b->marked, b->stack};
    for (size_t k = 0; k < sizeof blocks / sizeof *blocks; k++) hf_free(blocks[k]);
    for (int k = 0; k < INT_LISTS; k++) hf_free(b->ints[k].at);
    for (int k = 0; k < NUMBER_LISTS; k++) hf_free(b->numbers[k].at);
    hf_components_done(&b->order);
    hf_free(b);
}

hf_err hf_part_builder_new(const hf_portfolio_problem *p, hf_part_builder **ret_builder)
{
    hf_err err = HF_OK;
    hf_part_builder *b = hf_calloc(1, sizeof *b);
    if (!b) return HF_E_NOMEM;
    b->p = p;
    HF_TRY(index_make(p, HF_EFFECT_SUPPLIER, p->n_requirements, &b->new_start, &b->new_effect));
    HF_TRY(index_make(p, HF_EFFECT_HARDEN, p->n_entities, &b->harden_start, &b->harden_effect));
    HF_TRY(index_make(p, HF_EFFECT_BACKUP, p->n_requirements, &b->backup_start, &b->backup_effect));
    b->effect_measure = hf_malloc(((size_t)p->effect_start[p->n_measures] + 1) * sizeof(int));
    b->node = hf_malloc(((size_t)p->n_entities + 1) * sizeof(int));
    b->local = hf_malloc(((size_t)p->n_measures + 1) * sizeof(int));
    size_t vertices = 1, lines = 1;
    for (int c = 0; c < p->n_reach; c++) {
        if ((size_t)p->reach[c].n_vertices > vertices) vertices = (size_t)p->reach[c].n_vertices;
        if ((size_t)p->reach[c].n_lines > lines) lines = (size_t)p->reach[c].n_lines;
    }
    b->vertex_out = hf_malloc(vertices * sizeof(bool));
    b->marked = hf_malloc(vertices * sizeof(bool));
    b->stack = hf_malloc(vertices * sizeof(int));
    b->line_out = hf_malloc(lines * sizeof(bool));
    if (!b->effect_measure || !b->node || !b->local || !b->vertex_out || !b->marked || !b->stack || !b->line_out) HF_TRY(HF_E_NOMEM);
    for (int i = 0; i < p->n_entities; i++) b->node[i] = -1;
    for (int m = 0; m < p->n_measures; m++) {
        b->local[m] = -1;
        for (int k = p->effect_start[m]; k < p->effect_start[m + 1]; k++) b->effect_measure[k] = m;
    }
    *ret_builder = b;
out:
    if (err != HF_OK) hf_part_builder_free(b);
    return err;
}

/* --- Nodes and rows --- */

static bool is_ready(const hf_part_builder *b, int effect)
{
    return hf_measure_is_ready(b->p, b->effect_measure[effect], b->scenario);
}

/* What requirement g takes from its owner when nothing is bought. */
static double taken(const hf_part_builder *b, int g)
{
    const hf_portfolio_problem *p = b->p;
    double supply = 0;
    if (p->needed[g] == 0) return 0;
    for (int k = p->supplier_start[g]; k < p->supplier_start[g + 1]; k++) supply += p->share[k] * (1 - b->f[p->supplier[k]]);
    if (p->threshold[g] > 0) return supply >= p->threshold[g] - HF_PART_FULL ? 0 : p->gain[g];
    return fmax(0, p->gain[g] * (1 - supply));
}

static hf_err node_add(hf_part_builder *b, int entity)
{
    hf_err err = hf_grow((void **)&b->nodes, &b->node_capacity, (size_t)b->n_nodes + 1, sizeof(int));
    if (err == HF_OK) b->nodes[b->n_nodes++] = entity;
    return err;
}

static hf_err row_add(hf_part_builder *b, row r)
{
    hf_err err = hf_grow((void **)&b->rows, &b->row_capacity, (size_t)b->n_rows + 1, sizeof(row));
    if (err == HF_OK) b->rows[b->n_rows++] = r;
    return err;
}

/* A node and a row for each carrier of which some vertex is cut off when nothing is bought. */
static hf_err carriers_collect(hf_part_builder *b)
{
    const hf_portfolio_problem *p = b->p;
    hf_err err = HF_OK;
    for (int c = 0; c < p->n_reach; c++) {
        const hf_reach *x = &p->reach[c];
        bool cut_off = false;
        for (int v = 0; v < x->n_vertices; v++) b->vertex_out[v] = b->f[x->entity[v]] >= HF_REACH_GONE;
        for (int l = 0; l < x->n_lines; l++)
            b->line_out[l] = x->line_measure[l] >= 0 || (x->line_entity[l] >= 0 && b->f[x->line_entity[l]] >= HF_REACH_GONE);
        hf_reach_served(x, &(hf_reach_states){b->vertex_out, b->line_out}, b->stack, b->marked);
        for (int v = 0; v < x->n_vertices; v++) cut_off |= x->service[v] >= 0 && !b->marked[v];
        if (!cut_off) continue;
        HF_TRY(row_add(b, (row){b->n_nodes, CARRIER - c, -1}));
        HF_TRY(node_add(b, -1 - p->effect_start[p->n_measures] - c));
    }
out:
    return err;
}

static int effect_of(const hf_part_builder *b, int node)
{
    int effect = -1 - b->nodes[node];
    return effect >= 0 && effect < b->p->effect_start[b->p->n_measures] ? effect : -1;
}

static hf_err collect(hf_part_builder *b)
{
    const hf_portfolio_problem *p = b->p;
    hf_err err = HF_OK;
    b->n_nodes = b->n_rows = 0;
    for (int i = 0; i < p->n_entities; i++)
        if (b->f[i] > 0) {
            b->node[i] = b->n_nodes;
            HF_TRY(node_add(b, i));
        }
    int n_real = b->n_nodes;
    for (int v = 0; v < n_real; v++)
        for (int g = p->requirement_start[b->nodes[v]]; g < p->requirement_start[b->nodes[v] + 1]; g++) {
            if (!(taken(b, g) > 0)) continue;
            HF_TRY(row_add(b, (row){v, g, b->n_nodes}));
            for (int k = b->new_start[g]; k < b->new_start[g + 1]; k++) {
                if (!is_ready(b, b->new_effect[k])) continue;
                HF_TRY(node_add(b, -1 - b->new_effect[k]));
                if (b->node[p->effect[b->new_effect[k]].supplier] >= 0) HF_TRY(row_add(b, (row){b->n_nodes - 1, NEW_SUPPLIER, -1}));
            }
        }
    HF_TRY(carriers_collect(b));
out:
    return err;
}

static int real_supplier(const hf_part_builder *b, int node)
{
    return b->node[b->p->effect[-1 - b->nodes[node]].supplier];
}

/* Node of an entity that can be wholly lost, else -1: it always conducts. */
static int conductor(const hf_part_builder *b, int entity)
{
    return entity >= 0 && b->f[entity] >= HF_REACH_GONE ? b->node[entity] : -1;
}

/* The members of a carrier's row: for each vertex its condition, for each vertex the service that it may lose, for each line its entity: nodes, or
 * HF_PART_ALWAYS; a line that a measure adds is HF_PART_ADDED - number among the measures that relax the row, one that is not ready HF_PART_NEVER. */
static hf_err carrier_members_push(hf_part_builder *b, int c, ints *nodes)
{
    const hf_reach *x = &b->p->reach[c];
    hf_err err = HF_OK;
    int n_added = 0;
    for (int v = 0; v < x->n_vertices; v++) HF_TRY(push(nodes, conductor(b, x->entity[v])));
    for (int v = 0; v < x->n_vertices; v++) HF_TRY(push(nodes, x->service[v] >= 0 ? b->node[x->service[v]] : HF_PART_ALWAYS));
    for (int l = 0; l < x->n_lines; l++) {
        int m = x->line_measure[l];
        if (m < 0) HF_TRY(push(nodes, conductor(b, x->line_entity[l])));
        else HF_TRY(push(nodes, hf_measure_is_ready(b->p, m, b->scenario) ? HF_PART_ADDED - n_added++ : HF_PART_NEVER));
    }
out:
    return err;
}

/* The nodes that a row reads, with their shares where wanted. */
static hf_err members_push(hf_part_builder *b, const row *r, ints *nodes, numbers *shares)
{
    const hf_portfolio_problem *p = b->p;
    hf_err err = HF_OK;
    if (r->requirement <= CARRIER) {
        size_t before = nodes->n;
        HF_TRY(carrier_members_push(b, CARRIER - r->requirement, nodes));
        for (size_t k = before; shares && k < nodes->n; k++) HF_TRY(push_number(shares, 0));
        return HF_OK;
    }
    if (r->requirement < 0) {
        HF_TRY(push(nodes, real_supplier(b, r->owner)));
        return shares ? push_number(shares, 1) : HF_OK;
    }
    double scale = p->threshold[r->requirement] > 0 ? 1 : p->gain[r->requirement];
    for (int k = p->supplier_start[r->requirement]; k < p->supplier_start[r->requirement + 1]; k++) {
        if (b->node[p->supplier[k]] < 0) continue;
        HF_TRY(push(nodes, b->node[p->supplier[k]]));
        if (shares) HF_TRY(push_number(shares, scale * p->share[k]));
    }
    for (int k = b->new_start[r->requirement], v = r->first_new; k < b->new_start[r->requirement + 1]; k++) {
        if (!is_ready(b, b->new_effect[k])) continue;
        HF_TRY(push(nodes, v++));
        if (shares) HF_TRY(push_number(shares, scale * p->effect[b->new_effect[k]].amount));
    }
out:
    return err;
}

static hf_err rows_by_owner(hf_part_builder *b)
{
    hf_err err = HF_OK;
    b->row_start.n = b->row_of.n = 0;
    for (int v = 0; v <= b->n_nodes; v++) HF_TRY(push(&b->row_start, 0));
    for (int r = 0; r < b->n_rows; r++) {
        b->row_start.at[b->rows[r].owner + 1]++;
        HF_TRY(push(&b->row_of, 0));
    }
    for (int v = 0; v < b->n_nodes; v++) b->row_start.at[v + 1] += b->row_start.at[v];
    for (int r = 0; r < b->n_rows; r++) b->row_of.at[b->row_start.at[b->rows[r].owner]++] = r;
    for (int v = b->n_nodes; v > 0; v--) b->row_start.at[v] = b->row_start.at[v - 1];
    b->row_start.at[0] = 0;
out:
    return err;
}

/* What a row needs: of a carrier the conditions of vertices and lines, not the services. */
static hf_err edges_push(hf_part_builder *b, const row *r)
{
    hf_err err = HF_OK;
    size_t first = b->edge.n, to = first;
    int n_vertices = r->requirement <= CARRIER ? b->p->reach[CARRIER - r->requirement].n_vertices : 0;
    HF_TRY(members_push(b, r, &b->edge, NULL));
    for (size_t k = first; k < b->edge.n; k++) {
        bool is_service = k - first >= (size_t)n_vertices && k - first < 2 * (size_t)n_vertices;
        if (b->edge.at[k] >= 0 && !is_service) b->edge.at[to++] = b->edge.at[k];
    }
    b->edge.n = to;
out:
    return err;
}

/* Node -> nodes of the carriers that serve it. */
static hf_err served_make(hf_part_builder *b)
{
    hf_err err = HF_OK;
    b->served_start.n = b->served_by.n = 0;
    for (int v = 0; v <= b->n_nodes; v++) HF_TRY(push(&b->served_start, 0));
    for (int write = 0; write < 2; write++) {
        for (int r = 0; r < b->n_rows; r++) {
            if (b->rows[r].requirement > CARRIER) continue;
            const hf_reach *x = &b->p->reach[CARRIER - b->rows[r].requirement];
            for (int v = 0; v < x->n_vertices; v++) {
                int node = x->service[v] >= 0 ? b->node[x->service[v]] : -1;
                if (node < 0) continue;
                if (write) b->served_by.at[b->served_start.at[node]++] = b->rows[r].owner;
                else b->served_start.at[node + 1]++;
            }
        }
        if (write) break;
        for (int v = 0; v < b->n_nodes; v++) b->served_start.at[v + 1] += b->served_start.at[v];
        for (int k = b->served_start.at[b->n_nodes]; k > 0; k--) HF_TRY(push(&b->served_by, 0));
    }
    for (int v = b->n_nodes; v > 0; v--) b->served_start.at[v] = b->served_start.at[v - 1];
    b->served_start.at[0] = 0;
out:
    return err;
}

/* Which nodes need which, for the order of the rows. */
static hf_err order_make(hf_part_builder *b)
{
    hf_err err = HF_OK;
    b->edge.n = b->edge_start.n = 0;
    HF_TRY(rows_by_owner(b));
    HF_TRY(served_make(b));
    HF_TRY(push(&b->edge_start, 0));
    for (int v = 0; v < b->n_nodes; v++) {
        for (int k = b->row_start.at[v]; k < b->row_start.at[v + 1]; k++) HF_TRY(edges_push(b, &b->rows[b->row_of.at[k]]));
        for (int k = b->served_start.at[v]; k < b->served_start.at[v + 1]; k++) HF_TRY(push(&b->edge, b->served_by.at[k]));
        HF_TRY(push(&b->edge_start, (int)b->edge.n));
    }
    HF_TRY(hf_components_find(b->n_nodes, b->edge_start.at, b->edge.at, &b->order));
out:
    return err;
}

/* --- The lists --- */

static hf_err relaxing_push(hf_part_builder *b, const row *r)
{
    hf_err err = HF_OK;
    ints *list = &b->ints[RELAX];
    size_t first = list->n;
    const hf_reach *carrier = r->requirement <= CARRIER ? &b->p->reach[CARRIER - r->requirement] : NULL;
    for (int l = 0; carrier && l < carrier->n_lines; l++)
        if (carrier->line_measure[l] >= 0 && hf_measure_is_ready(b->p, carrier->line_measure[l], b->scenario)) HF_TRY(push(list, carrier->line_measure[l]));
    for (int k = r->requirement < 0 ? 0 : b->backup_start[r->requirement]; r->requirement >= 0 && k < b->backup_start[r->requirement + 1]; k++) {
        int m = b->effect_measure[b->backup_effect[k]];
        bool there = !is_ready(b, b->backup_effect[k]);
        for (size_t q = first; q < list->n; q++) there |= list->at[q] == m;
        if (!there) HF_TRY(push(list, m));
    }
    HF_TRY(push(&b->ints[RELAX_START], (int)list->n));
out:
    return err;
}

static hf_err row_push(hf_part_builder *b, const row *r)
{
    const hf_portfolio_problem *p = b->p;
    hf_err err = HF_OK;
    int g = r->requirement;
    bool threshold = g >= 0 && p->threshold[g] > 0;
    double supply = 1, full = 1, constant = g <= CARRIER ? CARRIER - g : 0;
    if (g >= 0) {
        supply = 0;
        for (int k = p->supplier_start[g]; k < p->supplier_start[g + 1]; k++) supply += p->share[k];
        for (int k = b->new_start[g]; k < b->new_start[g + 1]; k++)
            if (is_ready(b, b->new_effect[k])) supply += p->effect[b->new_effect[k]].amount;
        constant = threshold ? supply - (p->threshold[g] - HF_PART_FULL) : p->gain[g] * (1 - supply);
        full = threshold ? p->gain[g] : taken(b, g);
    }
    HF_TRY(push(&b->ints[OWNER], r->owner));
    HF_TRY(push(&b->ints[KIND], g <= CARRIER ? HF_PART_CARRIER : threshold ? HF_PART_THRESHOLD : HF_PART_LINEAR));
    HF_TRY(push_number(&b->numbers[CONSTANT], constant));
    HF_TRY(push_number(&b->numbers[FULL], full));
    HF_TRY(push_number(&b->numbers[THRESHOLD], threshold ? p->threshold[g] - HF_PART_FULL : 0));
    HF_TRY(members_push(b, r, &b->ints[MEMBER], &b->numbers[SHARE]));
    HF_TRY(push(&b->ints[MEMBER_START], (int)b->ints[MEMBER].n));
    HF_TRY(relaxing_push(b, r));
out:
    return err;
}

static hf_err rows_write(hf_part_builder *b)
{
    hf_err err = HF_OK;
    HF_TRY(push(&b->ints[MEMBER_START], 0));
    HF_TRY(push(&b->ints[RELAX_START], 0));
    HF_TRY(push(&b->ints[COMPONENT_START], 0));
    for (int c = 0; c < b->order.n; c++) {
        int before = (int)b->ints[OWNER].n;
        for (int k = b->order.start[c]; k < b->order.start[c + 1]; k++) {
            int v = b->order.node[k];
            for (int r = b->row_start.at[v]; r < b->row_start.at[v + 1]; r++) HF_TRY(row_push(b, &b->rows[b->row_of.at[r]]));
        }
        if ((int)b->ints[OWNER].n == before) continue;
        HF_TRY(push(&b->ints[COMPONENT_START], (int)b->ints[OWNER].n));
        HF_TRY(push(&b->ints[COMPONENT_LOOPS], b->order.start[c + 1] - b->order.start[c] > 1));
    }
out:
    return err;
}

/* The damage of a node: effects of one measure on it are one. */
static hf_err damage_push(hf_part_builder *b, int v, double severity)
{
    const hf_portfolio_problem *p = b->p;
    hf_err err = HF_OK;
    ints *list = &b->ints[DAMAGE_MEASURE];
    size_t first = list->n;
    int entity = b->nodes[v], one = effect_of(b, v);
    const int *effect = entity < 0 ? &one : b->harden_effect + b->harden_start[entity];
    int n = entity < 0 ? one >= 0 : severity > 0 ? b->harden_start[entity + 1] - b->harden_start[entity] : 0;
    HF_TRY(push_number(&b->numbers[SEVERITY], entity < 0 ? one >= 0 : severity));
    for (int k = 0; k < n; k++) {
        int m = b->effect_measure[effect[k]];
        double left = entity < 0 ? 0 : p->effect[effect[k]].amount;
        size_t at = first;
        if ((entity >= 0 && !hf_measure_acts(p, m, b->scenario)) || !(left < 1)) continue;
        while (at < list->n && list->at[at] != m) at++;
        if (at < list->n) {
            b->numbers[LEFT].at[at] *= left;
            continue;
        }
        HF_TRY(push(list, m));
        HF_TRY(push_number(&b->numbers[LEFT], left));
    }
    HF_TRY(push(&b->ints[DAMAGE_START], (int)list->n));
out:
    return err;
}

static hf_err damages_write(hf_part_builder *b)
{
    const hf_portfolio_problem *p = b->p;
    hf_err err = HF_OK;
    HF_TRY(push(&b->ints[DAMAGE_START], 0));
    int s = b->scenario;
    for (int v = 0; v < b->n_nodes; v++) {
        double severity = 0;
        for (int k = p->damage_start[s]; b->nodes[v] >= 0 && k < p->damage_start[s + 1]; k++)
            if (p->damaged[k] == b->nodes[v]) severity = p->severity ? p->severity[k] : 1;
        HF_TRY(damage_push(b, v, severity));
    }
out:
    return err;
}

/* Node -> rows that read it. */
static hf_err uses_write(hf_part_builder *b)
{
    hf_err err = HF_OK;
    ints *start = &b->ints[USE_START], *use = &b->ints[USE];
    const ints *member = &b->ints[MEMBER], *member_start = &b->ints[MEMBER_START];
    for (int v = 0; v <= b->n_nodes; v++) HF_TRY(push(start, 0));
    for (size_t k = 0; k < member->n; k++)
        if (member->at[k] >= 0) {
            start->at[member->at[k] + 1]++;
            HF_TRY(push(use, 0));
        }
    for (int v = 0; v < b->n_nodes; v++) start->at[v + 1] += start->at[v];
    for (int r = 0; r < (int)b->ints[OWNER].n; r++)
        for (int k = member_start->at[r]; k < member_start->at[r + 1]; k++)
            if (member->at[k] >= 0) use->at[start->at[member->at[k]]++] = r;
    for (int v = b->n_nodes; v > 0; v--) start->at[v] = start->at[v - 1];
    start->at[0] = 0;
out:
    return err;
}

/* Numbers the measures in use in ascending order and rewrites the lists. */
static hf_err measures_number(hf_part_builder *b)
{
    hf_err err = HF_OK;
    ints *lists[] = {&b->ints[DAMAGE_MEASURE], &b->ints[RELAX]};
    for (int l = 0; l < 2; l++)
        for (size_t k = 0; k < lists[l]->n; k++) b->local[lists[l]->at[k]] = 0;
    for (int m = 0; m < b->p->n_measures; m++)
        if (b->local[m] == 0) {
            b->local[m] = (int)b->ints[MEASURE].n;
            HF_TRY(push(&b->ints[MEASURE], m));
        }
    for (int l = 0; l < 2; l++)
        for (size_t k = 0; k < lists[l]->n; k++) lists[l]->at[k] = b->local[lists[l]->at[k]];
out:
    for (size_t k = 0; k < b->ints[MEASURE].n; k++) b->local[b->ints[MEASURE].at[k]] = -1;
    return err;
}

/* Copies the lists into the scene's two blocks. */
static hf_err scene_store(const hf_part_builder *b, hf_scene *scene)
{
    size_t n = 0, n_numbers = 0;
    for (int k = 0; k < INT_LISTS; k++) n += b->ints[k].n;
    for (int k = 0; k < NUMBER_LISTS; k++) n_numbers += b->numbers[k].n;
    int *block = hf_malloc((n + 1) * sizeof *block);
    double *number = hf_malloc((n_numbers + 1) * sizeof *number);
    hf_part *part = hf_calloc(1, sizeof *part);
    if (!block || !number || !part) {
        hf_free(block);
        hf_free(number);
        hf_free(part);
        return HF_E_NOMEM;
    }
    const int *at[INT_LISTS];
    const double *num[NUMBER_LISTS];
    int *to = block;
    double *to_number = number;
    for (int k = 0; k < INT_LISTS; to += b->ints[k].n, k++) {
        at[k] = to;
        if (b->ints[k].n > 0) memcpy(to, b->ints[k].at, b->ints[k].n * sizeof(int));
    }
    for (int k = 0; k < NUMBER_LISTS; to_number += b->numbers[k].n, k++) {
        num[k] = to_number;
        if (b->numbers[k].n > 0) memcpy(to_number, b->numbers[k].at, b->numbers[k].n * sizeof(double));
    }
    *part = (hf_part){b->p->reach, (int)b->ints[OWNER].n, (int)b->ints[COMPONENT_LOOPS].n, at[DAMAGE_START], at[DAMAGE_MEASURE], at[COMPONENT_START],
                      at[COMPONENT_LOOPS], at[OWNER], at[KIND], at[MEMBER_START], at[MEMBER], at[RELAX_START], at[RELAX], at[USE_START], at[USE],
                      num[SEVERITY], num[LEFT], num[CONSTANT], num[FULL], num[THRESHOLD], num[SHARE]};
    *scene = (hf_scene){.n_nodes = b->n_nodes, .n_requirements = (int)b->ints[OWNER].n, .n_measures = (int)b->ints[MEASURE].n, .entity = at[ENTITY],
                        .measure = at[MEASURE], .weight = num[WEIGHT], .block = block, .n_block = (int)n, .n_numbers = (int)n_numbers, .part = part};
    return HF_OK;
}

hf_err hf_part_scene(hf_part_builder *b, int s, const double *f, hf_scene *ret_scene)
{
    const hf_portfolio_problem *p = b->p;
    const double *weight = p->weight_by_scenario ? p->weight + (size_t)s * (size_t)p->n_entities : p->weight;
    hf_err err = HF_OK;
    double loss = 0;
    b->f = f;
    b->scenario = s;
    for (int k = 0; k < INT_LISTS; k++) b->ints[k].n = 0;
    for (int k = 0; k < NUMBER_LISTS; k++) b->numbers[k].n = 0;
    HF_TRY(collect(b));
    for (int v = 0; v < b->n_nodes; v++) {
        HF_TRY(push(&b->ints[ENTITY], b->nodes[v]));
        HF_TRY(push_number(&b->numbers[WEIGHT], b->nodes[v] < 0 ? 0 : weight[b->nodes[v]]));
        if (b->nodes[v] >= 0) loss += weight[b->nodes[v]] * f[b->nodes[v]];
    }
    HF_TRY(order_make(b));
    HF_TRY(damages_write(b));
    HF_TRY(rows_write(b));
    HF_TRY(uses_write(b));
    HF_TRY(measures_number(b));
    HF_TRY(scene_store(b, ret_scene));
    ret_scene->loss = loss;
out:
    for (int v = 0; v < b->n_nodes; v++)
        if (b->nodes[v] >= 0) b->node[b->nodes[v]] = -1;
    return err;
}
