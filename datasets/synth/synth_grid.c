/* Nearest neighbours and planar-like graphs on points in a plane. */
#include <math.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "datasets/synth/inside.h"

enum { PER_BUCKET = 4, NEAR = 8, NEAREST_MOST = 32 };

struct hf_synth_index {
    const hf_synth_points *points;
    double low_x, low_y, cell; /* km */
    int columns, rows;
    int *start, *member; /* points of each bucket, ascending */
};

static int clamp_cell(double value, int n)
{
    int k = (int)value;
    return k < 0 ? 0 : k >= n ? n - 1 : k;
}

static int bucket_of(const hf_synth_index *g, double x, double y)
{
    return clamp_cell((y - g->low_y) / g->cell, g->rows) * g->columns + clamp_cell((x - g->low_x) / g->cell, g->columns);
}

static void bounds_set(hf_synth_index *g)
{
    const hf_synth_points *p = g->points;
    double high_x = -INFINITY, high_y = -INFINITY;
    g->low_x = g->low_y = INFINITY;
    for (int i = 0; i < p->n; i++) {
        g->low_x = fmin(g->low_x, p->x[i]), high_x = fmax(high_x, p->x[i]);
        g->low_y = fmin(g->low_y, p->y[i]), high_y = fmax(high_y, p->y[i]);
    }
    double width = fmax(high_x - g->low_x, 1e-6), height = fmax(high_y - g->low_y, 1e-6);
    g->cell = fmax(sqrt(width * height * PER_BUCKET / p->n), fmax(width, height) / 4000);
    g->columns = (int)(width / g->cell) + 1;
    g->rows = (int)(height / g->cell) + 1;
}

hf_err hf_synth_index_new(const hf_synth_points *points, hf_synth_index **ret_index)
{
    hf_err err = HF_OK;
    int *used = NULL;
    hf_synth_index *g = hf_calloc(1, sizeof *g);
    if (!g) return HF_E_NOMEM;
    g->points = points;
    if (points->n > 0) bounds_set(g);
    else g->columns = g->rows = 1, g->cell = 1;
    size_t buckets = (size_t)g->columns * (size_t)g->rows;
    g->start = hf_calloc(buckets + 1, sizeof *g->start);
    g->member = hf_malloc((size_t)points->n * sizeof *g->member);
    used = hf_calloc(buckets, sizeof *used);
    if (!g->start || !g->member || !used) HF_TRY(HF_E_NOMEM);
    for (int i = 0; i < points->n; i++) g->start[bucket_of(g, points->x[i], points->y[i]) + 1]++;
    for (size_t b = 0; b < buckets; b++) g->start[b + 1] += g->start[b];
    for (int i = 0; i < points->n; i++) {
        int b = bucket_of(g, points->x[i], points->y[i]);
        g->member[g->start[b] + used[b]++] = i;
    }
    *ret_index = g;
    g = NULL;
out:
    hf_free(used);
    hf_synth_index_free(g);
    return err;
}

void hf_synth_index_free(hf_synth_index *index)
{
    if (!index) return;
    hf_free(index->start);
    hf_free(index->member);
    hf_free(index);
}

typedef struct near_point {
    double distance; /* squared */
    int point;
} near_point;

/* Keeps the k best, nearest first. */
static int near_add(near_point *best, int n, int k, near_point candidate)
{
    int at = n;
    while (at > 0 && (best[at - 1].distance > candidate.distance ||
                      (best[at - 1].distance == candidate.distance && best[at - 1].point > candidate.point)))
        at--;
    if (at >= k) return n;
    if (n < k) n++;
    for (int j = n - 1; j > at; j--) best[j] = best[j - 1];
    best[at] = candidate;
    return n;
}

static int bucket_scan(const hf_synth_index *g, int column, int row, double x, double y, int self, near_point *best, int n, int k)
{
    if (column < 0 || row < 0 || column >= g->columns || row >= g->rows) return n;
    int bucket = row * g->columns + column;
    for (int m = g->start[bucket]; m < g->start[bucket + 1]; m++) {
        int i = g->member[m];
        double dx = g->points->x[i] - x, dy = g->points->y[i] - y;
        if (i != self) n = near_add(best, n, k, (near_point){dx * dx + dy * dy, i});
    }
    return n;
}

/* Rings of buckets around the point, until none further out can hold anything nearer. */
int hf_synth_nearest(const hf_synth_index *g, double x, double y, int self, int k, int *ret_point)
{
    near_point best[NEAREST_MOST];
    int n = 0, column = clamp_cell((x - g->low_x) / g->cell, g->columns), row = clamp_cell((y - g->low_y) / g->cell, g->rows);
    int most = g->columns > g->rows ? g->columns : g->rows;
    if (k > NEAREST_MOST) k = NEAREST_MOST;
    for (int ring = 0; ring <= most; ring++) {
        double reach = (ring - 1) * g->cell;
        if (n == k && ring > 0 && reach > 0 && best[n - 1].distance < reach * reach) break;
        for (int d = -ring; d <= ring; d++) {
            n = bucket_scan(g, column + d, row - ring, x, y, self, best, n, k);
            if (ring > 0) n = bucket_scan(g, column + d, row + ring, x, y, self, best, n, k);
            if (d > -ring && d < ring) {
                n = bucket_scan(g, column - ring, row + d, x, y, self, best, n, k);
                n = bucket_scan(g, column + ring, row + d, x, y, self, best, n, k);
            }
        }
    }
    for (int j = 0; j < n; j++) ret_point[j] = best[j].point;
    return n;
}

/* ---- graphs ---- */

typedef struct edge {
    double length;
    int from, to;
    bool tree, gabriel;
} edge;

static int compare_edges(const void *pa, const void *pb)
{
    const edge *a = pa, *b = pb;
    if (a->length != b->length) return a->length < b->length ? -1 : 1;
    return a->from != b->from ? a->from - b->from : a->to - b->to;
}

static int root_of(int *parent, int i)
{
    while (parent[i] != i) i = parent[i] = parent[parent[i]];
    return i;
}

static double length_of(const hf_synth_points *p, int i, int j)
{
    return hypot(p->x[i] - p->x[j], p->y[i] - p->y[j]);
}

/* No near point lies in the circle over the edge. */
static bool is_gabriel(const hf_synth_points *p, const hf_synth_index *index, int i, int j)
{
    int near[NEAR];
    double x = 0.5 * (p->x[i] + p->x[j]), y = 0.5 * (p->y[i] + p->y[j]), radius = 0.5 * length_of(p, i, j);
    int n = hf_synth_nearest(index, x, y, -1, 3, near);
    for (int k = 0; k < n; k++)
        if (near[k] != i && near[k] != j && hypot(p->x[near[k]] - x, p->y[near[k]] - y) < radius) return false;
    return true;
}

static int candidates_make(const hf_synth_points *p, const hf_synth_index *index, edge *edges)
{
    int m = 0;
    for (int i = 0; i < p->n; i++) {
        int near[NEAR], n = hf_synth_nearest(index, p->x[i], p->y[i], i, NEAR, near);
        for (int k = 0; k < n; k++) {
            int j = near[k], back[NEAR], b = hf_synth_nearest(index, p->x[j], p->y[j], j, NEAR, back);
            bool both = false;
            for (int q = 0; q < b; q++) both |= back[q] == i;
            if (both && j < i) continue; /* it is in the list of the other */
            edges[m++] = (edge){length_of(p, i, j), i < j ? i : j, i < j ? j : i, false, is_gabriel(p, index, i, j)};
        }
    }
    qsort(edges, (size_t)m, sizeof *edges, compare_edges);
    return m;
}

/* Marks a spanning forest, and returns how many parts are left. */
static int forest_mark(edge *edges, int m, int *parent, int n)
{
    int parts = n;
    for (int i = 0; i < n; i++) parent[i] = i;
    for (int e = 0; e < m; e++) {
        int a = root_of(parent, edges[e].from), b = root_of(parent, edges[e].to);
        if (a == b) continue;
        parent[a > b ? a : b] = a > b ? b : a;
        edges[e].tree = true;
        parts--;
    }
    return parts;
}

/* Parts are joined in the order of their first points, each to the nearest earlier one: rare, and few. */
static int parts_join(const hf_synth_points *p, edge *edges, int m, int *parent)
{
    for (int i = 1; i < p->n; i++) {
        if (root_of(parent, i) == root_of(parent, 0)) continue;
        int best = 0;
        for (int j = 1; j < i; j++)
            if (root_of(parent, j) == root_of(parent, 0) && length_of(p, i, j) < length_of(p, i, best)) best = j;
        edges[m++] = (edge){length_of(p, i, best), best, i, true, false};
        parent[root_of(parent, i)] = root_of(parent, 0);
    }
    return m;
}

/* Kept edges in the making: at most DEGREE_MOST neighbours a node are remembered, enough to see triangles. */
enum { DEGREE_MOST = 12, HUB_EVERY = 60 };

typedef struct graph {
    int n, m, *from, *to;
    int *degree, *neighbour; /* [n], [n * DEGREE_MOST] */
} graph;

static void graph_done(graph *g)
{
    hf_free(g->from);
    hf_free(g->to);
    hf_free(g->degree);
    hf_free(g->neighbour);
}

static hf_err graph_init(graph *g, int n, size_t most_edges)
{
    *g = (graph){.n = n};
    g->from = hf_malloc(most_edges * sizeof *g->from);
    g->to = hf_malloc(most_edges * sizeof *g->to);
    g->degree = hf_calloc((size_t)n, sizeof *g->degree);
    g->neighbour = hf_malloc((size_t)n * DEGREE_MOST * sizeof *g->neighbour);
    return g->from && g->to && g->degree && g->neighbour ? HF_OK : HF_E_NOMEM;
}

static void edge_keep(graph *g, int a, int b)
{
    g->from[g->m] = a;
    g->to[g->m++] = b;
    if (g->degree[a] < DEGREE_MOST) g->neighbour[a * DEGREE_MOST + g->degree[a]++] = b;
    if (g->degree[b] < DEGREE_MOST) g->neighbour[b * DEGREE_MOST + g->degree[b]++] = a;
}

/* Whether two nodes are joined already, or share a neighbour. */
static bool closes_triangle(const graph *g, int a, int b)
{
    for (int k = 0; k < g->degree[a]; k++) {
        int c = g->neighbour[a * DEGREE_MOST + k];
        if (c == b) return true;
        for (int j = 0; j < g->degree[b]; j++)
            if (g->neighbour[b * DEGREE_MOST + j] == c) return true;
    }
    return false;
}

/* Spanning tree, then the edges of every `stride`-th place of the list of Gabriel edges until there are enough: first those that close no
 * triangle, so that clustering stays as low as in real grids. */
static hf_err level_add(const hf_synth_points *points, const int *number, int wanted, graph *g)
{
    hf_err err = HF_OK;
    hf_synth_index *index = NULL;
    int n = points->n, stop = g->m + wanted, stride = 7;
    edge *edges = hf_malloc(((size_t)n * NEAR + (size_t)n) * sizeof *edges);
    int *parent = hf_malloc((size_t)n * sizeof *parent);
    if (!edges || !parent) HF_TRY(HF_E_NOMEM);
    HF_TRY(hf_synth_index_new(points, &index));
    int m = candidates_make(points, index, edges);
    if (forest_mark(edges, m, parent, n) > 1) m = parts_join(points, edges, m, parent);
    for (int e = 0; e < m; e++)
        if (edges[e].tree) edge_keep(g, number[edges[e].from], number[edges[e].to]);
    for (int round = 0; round < 2; round++)
        for (int first = 0; first < stride; first++)
            for (int e = first; e < m && g->m < stop; e += stride) {
                int a = number[edges[e].from], b = number[edges[e].to];
                if (edges[e].tree || !edges[e].gabriel || (round == 0 && closes_triangle(g, a, b))) continue;
                edge_keep(g, a, b);
                edges[e].tree = true; /* taken */
            }
out:
    hf_synth_index_free(index);
    hf_free(edges);
    hf_free(parent);
    return err;
}

/* The long lines: every 60th node is a hub, and the hubs form a graph of their own. */
static hf_err backbone_add(const hf_synth_points *points, double mean_degree, graph *g)
{
    hf_err err = HF_OK;
    int n = points->n / HUB_EVERY;
    if (n < 3) return HF_OK;
    hf_synth_points hubs = {n, hf_malloc((size_t)n * sizeof(double)), hf_malloc((size_t)n * sizeof(double))};
    int *number = hf_malloc((size_t)n * sizeof *number);
    if (!hubs.x || !hubs.y || !number) HF_TRY(HF_E_NOMEM);
    for (int k = 0; k < n; k++) {
        number[k] = k * HUB_EVERY;
        hubs.x[k] = points->x[number[k]];
        hubs.y[k] = points->y[number[k]];
    }
    HF_TRY(level_add(&hubs, number, (int)(0.5 * mean_degree * n), g));
out:
    hf_free(hubs.x);
    hf_free(hubs.y);
    hf_free(number);
    return err;
}

hf_err hf_synth_grid(const hf_synth_points *points, double mean_degree, int **ret_from, int **ret_to, int *ret_m)
{
    hf_err err = HF_OK;
    graph g = {0};
    int n = points->n, wanted = (int)(0.5 * mean_degree * n), *number = hf_malloc((size_t)n * sizeof *number);
    HF_TRY(graph_init(&g, n, (size_t)n * (NEAR + 2)));
    if (!number) HF_TRY(HF_E_NOMEM);
    for (int i = 0; i < n; i++) number[i] = i;
    HF_TRY(backbone_add(points, mean_degree, &g));
    HF_TRY(level_add(points, number, wanted - g.m, &g));
    *ret_from = g.from;
    *ret_to = g.to;
    *ret_m = g.m;
    g.from = g.to = NULL;
out:
    graph_done(&g);
    hf_free(number);
    return err;
}
