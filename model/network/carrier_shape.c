#include "model/network/carrier_shape.h"

#include <math.h>
#include <stdlib.h>

#include "base/alloc.h"

/* Neighbours in rows, without parallel lines, nodes counted from 0. */
typedef struct rows {
    int n, *start, *to;
} rows;

static int compare_ints(const void *a, const void *b)
{
    return *(const int *)a - *(const int *)b;
}

static hf_err rows_make(const hf_network *net, int carrier, rows *r)
{
    int first = net->cnode_off[carrier], lines = net->cline_off[carrier + 1] - net->cline_off[carrier];
    r->n = net->cnode_off[carrier + 1] - first;
    r->start = hf_calloc((size_t)r->n + 1, sizeof *r->start);
    r->to = hf_malloc(2 * (size_t)lines * sizeof *r->to);
    if (!r->start || !r->to) return HF_E_NOMEM;
    int at = 0;
    for (int v = 0; v < r->n; v++) {
        int from = at;
        r->start[v] = from;
        for (int k = net->cadj_off[first + v]; k < net->cadj_off[first + v + 1]; k++) {
            int line = net->cadj_line[k];
            r->to[at++] = (net->cline_from[line] == first + v ? net->cline_to[line] : net->cline_from[line]) - first;
        }
        if (at - from < 2) continue;
        qsort(r->to + from, (size_t)(at - from), sizeof *r->to, compare_ints);
        int kept = from + 1;
        for (int k = from + 1; k < at; k++)
            if (r->to[k] != r->to[kept - 1]) r->to[kept++] = r->to[k];
        at = kept;
    }
    r->start[r->n] = at;
    return HF_OK;
}

static bool are_joined(const rows *r, int a, int b)
{
    return bsearch(&b, r->to + r->start[a], (size_t)(r->start[a + 1] - r->start[a]), sizeof b, compare_ints) != NULL;
}

static double transitivity(const rows *r)
{
    double triples = 0, closed = 0;
    for (int v = 0; v < r->n; v++)
        for (int a = r->start[v]; a < r->start[v + 1]; a++)
            for (int b = a + 1; b < r->start[v + 1]; b++) {
                triples++;
                closed += are_joined(r, r->to[a], r->to[b]);
            }
    return triples > 0 ? closed / triples : NAN;
}

/* Steps to all that can be reached; returns how many that are, itself among them, and adds up their steps. */
static int spread(const rows *r, int from, int *steps, int *queue, double *sum)
{
    int head = 0, tail = 0;
    for (int v = 0; v < r->n; v++) steps[v] = -1;
    steps[from] = 0;
    queue[tail++] = from;
    while (head < tail) {
        int v = queue[head++];
        *sum += steps[v];
        for (int k = r->start[v]; k < r->start[v + 1]; k++)
            if (steps[r->to[k]] < 0) steps[r->to[k]] = steps[v] + 1, queue[tail++] = r->to[k];
    }
    return tail;
}

/* Numbers the parts; *ret_in is a node of the largest (the first of those). */
static void parts_count(const rows *r, int *part, int *queue, hf_carrier_shape *shape, int *ret_in)
{
    for (int v = 0; v < r->n; v++) part[v] = -1;
    for (int v = 0; v < r->n; v++) {
        if (part[v] >= 0) continue;
        int head = 0, tail = 0;
        part[v] = shape->parts;
        queue[tail++] = v;
        while (head < tail) {
            int at = queue[head++];
            for (int k = r->start[at]; k < r->start[at + 1]; k++)
                if (part[r->to[k]] < 0) part[r->to[k]] = shape->parts, queue[tail++] = r->to[k];
        }
        if (tail > shape->largest) shape->largest = tail, *ret_in = v;
        shape->parts++;
    }
}

static double path_length(const rows *r, const int *part, int in, int largest, int *steps, int *queue)
{
    int stride = largest > HF_SHAPE_SOURCES ? largest / HF_SHAPE_SOURCES : 1, seen = 0, sources = 0;
    double sum = 0;
    for (int v = 0; v < r->n && sources < HF_SHAPE_SOURCES; v++) {
        if (part[v] != part[in] || seen++ % stride != 0) continue;
        spread(r, v, steps, queue, &sum);
        sources++;
    }
    return largest > 1 ? sum / ((double)sources * (largest - 1)) : NAN;
}

hf_err hf_carrier_shape_compute(const hf_network *net, int carrier, hf_carrier_shape *ret_shape)
{
    hf_err err = HF_OK;
    rows r = {0};
    int in = 0, *part = NULL, *steps = NULL, *queue = NULL;
    hf_carrier_shape shape = {.clustering = NAN, .path_length = NAN};
    HF_TRY(rows_make(net, carrier, &r));
    part = hf_malloc((size_t)r.n * sizeof *part);
    steps = hf_malloc((size_t)r.n * sizeof *steps);
    queue = hf_malloc((size_t)r.n * sizeof *queue);
    if (!part || !steps || !queue) HF_TRY(HF_E_NOMEM);
    shape.nodes = r.n;
    shape.lines = net->cline_off[carrier + 1] - net->cline_off[carrier];
    shape.mean_degree = r.n > 0 ? 2.0 * shape.lines / r.n : 0;
    for (int v = 0; v < r.n; v++) {
        int degree = net->cadj_off[net->cnode_off[carrier] + v + 1] - net->cadj_off[net->cnode_off[carrier] + v];
        if (degree > shape.most_degree) shape.most_degree = degree;
    }
    shape.clustering = transitivity(&r);
    parts_count(&r, part, queue, &shape, &in);
    if (r.n > 0) shape.path_length = path_length(&r, part, in, shape.largest, steps, queue);
    *ret_shape = shape;
out:
    hf_free(r.start);
    hf_free(r.to);
    hf_free(part);
    hf_free(steps);
    hf_free(queue);
    return err;
}
