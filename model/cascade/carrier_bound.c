/* The rule `balance` from below: the least share that a node can have while any part of what has failed has failed.
 *
 * What the failures leave of a component are pieces: islands, and nodes that have failed. With fewer failures an island is joined by some of
 * the other pieces, with at least the supply they have now and just the demand they have, so its class p has at least
 *     min over sets X of other pieces   (S_I + S_X - D_I,<p - D_X,<p) / (D_I,p + D_X,p),   between 0 and 1
 * where S is supply and D,<p the demand of the classes before p. The least ratio is found by taking in every piece whose own ratio is below it
 * (Dinkelbach, Management Science 13, 1967). It never rises when more fails, which the shares themselves may. */
#include <math.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "model/cascade/carrier_rules.h"

/* A piece as one class sees it: supply that is left after the classes before, demand. */
typedef struct piece {
    double left, demand, ratio;
} piece;

struct hf_bound {
    double *supply, *demand; /* [pieces], [pieces * classes] */
    piece *piece, *sorted;   /* [pieces] of the class in hand */
    double *left_sum, *demand_sum; /* [pieces + 1] of the first so many, sorted */
    double *share;           /* [pieces * classes] */
};

void hf_bound_free(hf_bound *b)
{
    if (!b) return;
    void *blocks[] = {b->supply, b->demand, b->piece, b->sorted, b->left_sum, b->demand_sum, b->share, b};
    for (size_t k = 0; k < sizeof blocks / sizeof *blocks; k++) hf_free(blocks[k]);
}

hf_err hf_bound_new(const hf_timeline *tl, hf_bound **ret_bound)
{
    size_t nodes = (size_t)tl->net->n_cnodes, cells = nodes * (size_t)tl->most_classes;
    hf_bound *b = hf_calloc(1, sizeof *b);
    if (!b) return HF_E_NOMEM;
    b->supply = hf_malloc(nodes * sizeof *b->supply);
    b->demand = hf_malloc(cells * sizeof *b->demand);
    b->piece = hf_malloc(nodes * sizeof *b->piece);
    b->sorted = hf_malloc(nodes * sizeof *b->sorted);
    b->left_sum = hf_malloc((nodes + 1) * sizeof *b->left_sum);
    b->demand_sum = hf_malloc((nodes + 1) * sizeof *b->demand_sum);
    b->share = hf_malloc(cells * sizeof *b->share);
    if (b->supply && b->demand && b->piece && b->sorted && b->left_sum && b->demand_sum && b->share) {
        *ret_bound = b;
        return HF_OK;
    }
    hf_bound_free(b);
    return HF_E_NOMEM;
}

/* The island that a failed node's demand counts in whatever else is back: all its neighbours are in it; -1 where that is open. */
static int anchor(const hf_timeline *tl, int cnode)
{
    const hf_network *net = tl->net;
    int island = -1;
    for (int k = net->cadj_off[cnode]; k < net->cadj_off[cnode + 1]; k++) {
        int next = hf_carrier_other_end(net, net->cadj_line[k], cnode);
        if (next == cnode) continue;
        if (!hf_carrier_conducts(tl, next) || (island >= 0 && tl->island[next] != island)) return -1;
        island = tl->island[next];
    }
    return island;
}

/* Makes the pieces of a component, islands first; returns how many. tl->stack [nodes of the component] says which piece a node is of. */
static int pieces_make(hf_timeline *tl, int n_islands, int first, int last, int n_classes)
{
    const hf_network *net = tl->net;
    hf_bound *b = tl->bound;
    int n = n_islands;
    for (int k = first; k < last; k++) {
        int node = net->comp_cnode[k], at = hf_carrier_conducts(tl, node) ? tl->island[node] : anchor(tl, node);
        tl->stack[k - first] = at >= 0 ? at : n++;
    }
    for (int p = 0; p < n; p++) b->supply[p] = 0;
    for (int c = 0; c < n * n_classes; c++) b->demand[c] = 0;
    for (int k = first; k < last; k++) {
        int node = net->comp_cnode[k], at = tl->stack[k - first];
        b->supply[at] += net->cnode_supply[node] * tl->e[net->cnode_entity[node]].cond;
        b->demand[at * n_classes + tl->cnode_class_index[node]] += net->cnode_demand[node];
    }
    return n;
}

static int compare_pieces(const void *pa, const void *pb)
{
    const piece *a = pa, *b = pb;
    if (a->ratio != b->ratio) return a->ratio < b->ratio ? -1 : 1;
    return a->demand < b->demand ? -1 : a->demand > b->demand;
}

/* The pieces as class `p` sees them, after the classes before have taken theirs off `supply`. */
static void class_look(hf_bound *b, int n, int n_classes, int p)
{
    for (int k = 0; k < n; k++) {
        double left = b->supply[k], demand = b->demand[k * n_classes + p];
        b->piece[k] = b->sorted[k] = (piece){left, demand, demand > 0 ? left / demand : left < 0 ? -INFINITY : INFINITY};
        b->supply[k] -= demand;
    }
    qsort(b->sorted, (size_t)n, sizeof *b->sorted, compare_pieces);
    b->left_sum[0] = b->demand_sum[0] = 0;
    for (int k = 0; k < n; k++) {
        b->left_sum[k + 1] = b->left_sum[k] + b->sorted[k].left;
        b->demand_sum[k + 1] = b->demand_sum[k] + b->sorted[k].demand;
    }
}

/* How many pieces have a ratio below r. */
static int below(const hf_bound *b, int n, double r)
{
    int low = 0, high = n;
    while (low < high) {
        int middle = low + (high - low) / 2;
        if (b->sorted[middle].ratio < r) low = middle + 1;
        else high = middle;
    }
    return low;
}

static double least_share(const hf_bound *b, int n, const piece *own)
{
    double r = 1;
    for (int taken = -1, before = -2; taken != before && r > 0;) {
        before = taken;
        taken = below(b, n, r);
        bool counted = own->ratio < r;
        double left = b->left_sum[taken] + (counted ? 0 : own->left), demand = b->demand_sum[taken] + (counted ? 0 : own->demand);
        if (left <= 0) return 0;
        double next = left >= demand * (1 - HF_FULL / 2) ? 1 : left / demand * (1 - 1e-12); /* sums in another order are rounded otherwise */
        if (next < r) r = next;
    }
    return r > 0 ? r : 0;
}

void hf_bound_evaluate(hf_timeline *tl, int comp, int n_islands)
{
    const hf_network *net = tl->net;
    hf_bound *b = tl->bound;
    int first = net->comp_off[comp], last = net->comp_off[comp + 1], n_classes = tl->comp_classes[comp];
    int n = pieces_make(tl, n_islands, first, last, n_classes);
    for (int p = 0; p < n_classes; p++) {
        class_look(b, n, n_classes, p);
        for (int k = 0; k < n_islands; k++) b->share[k * n_classes + p] = least_share(b, n, &b->piece[k]);
    }
    for (int k = first; k < last; k++) {
        int node = net->comp_cnode[k];
        bool pure_source = net->cnode_supply[node] > 0 && net->cnode_demand[node] <= 0;
        if (pure_source) tl->new_share[node] = 1;
        else tl->new_share[node] = hf_carrier_conducts(tl, node) ? b->share[tl->island[node] * n_classes + tl->cnode_class_index[node]] : 0;
    }
}
