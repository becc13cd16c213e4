#include "model/cascade/explain.h"

#include <stdlib.h>

#include "base/alloc.h"

struct hf_causes {
    const hf_network *net;
    const hf_change *change;
    int n;
    int *off, *list; /* changes of entity i, ascending: list[off[i]] .. */
};

hf_err hf_causes_new(const hf_timeline *tl, const hf_network *net, hf_causes **ret_causes)
{
    hf_causes *c = hf_calloc(1, sizeof *c);
    if (!c) return HF_E_NOMEM;
    c->net = net;
    c->change = hf_timeline_changes(tl);
    c->n = hf_timeline_change_count(tl);
    c->off = hf_calloc((size_t)net->n_entities + 2, sizeof *c->off);
    c->list = hf_malloc((size_t)c->n * sizeof *c->list);
    if (!c->off || !c->list) {
        hf_causes_free(c);
        return HF_E_NOMEM;
    }
    for (int k = 0; k < c->n; k++) c->off[c->change[k].entity + 2]++;
    for (int i = 0; i < net->n_entities; i++) c->off[i + 2] += c->off[i + 1];
    for (int k = 0; k < c->n; k++) c->list[c->off[c->change[k].entity + 1]++] = k;
    *ret_causes = c;
    return HF_OK;
}

void hf_causes_free(hf_causes *causes)
{
    if (!causes) return;
    hf_free(causes->off);
    hf_free(causes->list);
    hf_free(causes);
}

/* Place, in an entity's list, of its last change before `change`; -1. */
static int last_before(const hf_causes *c, int entity, int change)
{
    int low = c->off[entity], high = c->off[entity + 1];
    while (low < high) {
        int middle = low + (high - low) / 2;
        if (c->list[middle] < change) low = middle + 1;
        else high = middle;
    }
    return low > c->off[entity] ? low - 1 : -1;
}

static bool is_fall(const hf_change *c)
{
    return c->after < c->before;
}

static bool is_own_carrier(const hf_network *net, const hf_change *c, int comp)
{
    if (comp < 0) return false;
    return (c->kind == HF_CAUSE_CARRIER && net->cnode_comp[c->cause] == comp) ||
           (c->kind == HF_CAUSE_OVERLOAD && net->cnode_comp[net->cline_from[c->cause]] == comp);
}

/* Latest fall of an entity before `change`, not one that its own carrier island `comp` brought (comp -1: any); -1. */
static int latest_fall(const hf_causes *c, int entity, int change, int comp)
{
    for (int at = last_before(c, entity, change); at >= c->off[entity]; at--) {
        const hf_change *past = &c->change[c->list[at]];
        if (is_fall(past) && !is_own_carrier(c->net, past, comp)) return c->list[at];
    }
    return -1;
}

static double level_before(const hf_causes *c, int entity, int change)
{
    int at = last_before(c, entity, change);
    return at < 0 ? 1 : c->change[c->list[at]].after;
}

typedef struct found {
    int *changes;
    int n, capacity;
} found;

/* Keeps the earliest `capacity` changes in order, each once; n counts all. */
static void keep(found *f, int change)
{
    int kept = f->n < f->capacity ? f->n : f->capacity, at = 0;
    while (at < kept && f->changes[at] < change) at++;
    if (at < kept && f->changes[at] == change) return;
    f->n++;
    if (at >= f->capacity) return;
    int last = kept < f->capacity ? kept : f->capacity - 1;
    for (int k = last; k > at; k--) f->changes[k] = f->changes[k - 1];
    f->changes[at] = change;
}

static void suppliers_short(const hf_causes *c, int change, found *f)
{
    const hf_network *net = c->net;
    int g = c->change[change].cause;
    for (int s = net->sup_off[g]; s < net->sup_off[g + 1]; s++) {
        int supplier = net->sup_supplier[s];
        double x = level_before(c, supplier, change);
        if (x - net->sup_from[s] >= net->sup_width[s]) continue; /* this link's class is still served in full */
        int fall = latest_fall(c, supplier, change, -1);
        if (fall >= 0) keep(f, fall);
    }
}

/* A node that only takes and leads nowhere cannot be why others are short. */
static bool node_matters(const hf_network *net, int node)
{
    return net->cnode_supply[node] > 0 || net->cadj_off[node + 1] - net->cadj_off[node] > 1;
}

static void island_failed(const hf_causes *c, int change, found *f)
{
    const hf_network *net = c->net;
    int cause = c->change[change].cause, self = c->change[change].entity;
    int comp = net->cnode_comp[c->change[change].kind == HF_CAUSE_OVERLOAD ? net->cline_from[cause] : cause];
    for (int k = net->comp_off[comp]; k < net->comp_off[comp + 1]; k++) {
        int other = net->comp_cnode[k], entity = net->cnode_entity[other];
        if (entity != self && node_matters(net, other)) {
            int fall = latest_fall(c, entity, change, comp);
            if (fall >= 0 && level_before(c, entity, change) < 1) keep(f, fall);
        }
        for (int a = net->cadj_off[other]; a < net->cadj_off[other + 1]; a++) {
            int line = net->cadj_line[a], line_entity = net->cline_entity[line];
            if (line_entity < 0 || net->cline_from[line] != other || level_before(c, line_entity, change) >= 1) continue;
            int fall = latest_fall(c, line_entity, change, comp);
            if (fall >= 0) keep(f, fall);
        }
    }
}

int hf_causes_parents(const hf_causes *causes, int change, int *ret_changes, int capacity)
{
    found f = {ret_changes, 0, capacity};
    const hf_change *c = &causes->change[change];
    if (!is_fall(c)) return 0;
    if (c->kind == HF_CAUSE_REQUIREMENT && c->cause >= 0) suppliers_short(causes, change, &f);
    if ((c->kind == HF_CAUSE_CARRIER || c->kind == HF_CAUSE_OVERLOAD) && c->cause >= 0) island_failed(causes, change, &f);
    return f.n;
}

int hf_causes_fall(const hf_causes *causes, int entity, double level)
{
    int first = -1;
    for (int at = causes->off[entity]; at < causes->off[entity + 1]; at++) {
        const hf_change *c = &causes->change[causes->list[at]];
        if (!is_fall(c)) continue;
        if (first < 0) first = causes->list[at];
        if (c->after < level) return causes->list[at];
    }
    return first;
}

/* The tree while it grows; `seen` marks changes that are in it. */
typedef struct tree {
    const hf_causes *causes;
    hf_why *node;
    size_t n, capacity;
    bool *seen;
    int width;
} tree;

/* Children of a node come straight after it, deepest first: a stack of nodes to open, kept as numbers of the pushed entries. */
typedef struct pending {
    int change, parent, level;
} pending;

static hf_err grow_push(pending **stack, size_t *n, size_t *capacity, pending item)
{
    hf_err err = hf_grow((void **)stack, capacity, *n + 1, sizeof **stack);
    if (err == HF_OK) (*stack)[(*n)++] = item;
    return err;
}

static hf_err tree_walk(tree *t, int change, int *parents)
{
    hf_err err = HF_OK;
    pending *stack = NULL;
    size_t n = 0, capacity = 0;
    HF_TRY(grow_push(&stack, &n, &capacity, (pending){change, -1, 0}));
    while (n > 0) {
        pending p = stack[--n];
        HF_TRY(hf_grow((void **)&t->node, &t->capacity, t->n + 1, sizeof *t->node));
        hf_why *node = &t->node[t->n];
        *node = (hf_why){p.change, p.parent, p.level, t->seen[p.change], 0};
        int self = (int)t->n++;
        if (node->again) continue;
        t->seen[p.change] = true;
        int all = hf_causes_parents(t->causes, p.change, parents, t->width), kept = all < t->width ? all : t->width;
        node->more = all - kept;
        for (int k = kept - 1; k >= 0; k--) HF_TRY(grow_push(&stack, &n, &capacity, (pending){parents[k], self, p.level + 1}));
    }
out:
    hf_free(stack);
    return err;
}

hf_err hf_explain(const hf_causes *causes, int change, int width, hf_why **ret_nodes, int *ret_count)
{
    hf_err err = HF_OK;
    tree t = {causes, NULL, 0, 0, hf_calloc((size_t)causes->n + 1, sizeof *t.seen), width};
    int *parents = hf_malloc((size_t)width * sizeof *parents);
    if (!t.seen || !parents) HF_TRY(HF_E_NOMEM);
    HF_TRY(tree_walk(&t, change, parents));
    *ret_nodes = t.node;
    *ret_count = (int)t.n;
    t.node = NULL;
out:
    hf_free(t.node);
    hf_free(t.seen);
    hf_free(parents);
    return err;
}
