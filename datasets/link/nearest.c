#include "datasets/link/nearest.h"

#include <math.h>
#include <stdlib.h>

#include "base/alloc.h"

static const double earth_km = 6371.0088, degree = 3.14159265358979323846 / 180;

typedef struct point {
    double at[3];
    int place;
} point;

/* A balanced tree laid out in the array: the middle of a range splits it along the axis of its depth. */
struct hf_globe {
    int n;
    point *points;
};

static void to_sphere(double lat, double lon, double at[3])
{
    at[0] = cos(lat * degree) * cos(lon * degree);
    at[1] = cos(lat * degree) * sin(lon * degree);
    at[2] = sin(lat * degree);
}

static bool before(const point *a, const point *b, int axis)
{
    return a->at[axis] != b->at[axis] ? a->at[axis] < b->at[axis] : a->place < b->place;
}

static void swap(point *a, point *b)
{
    point kept = *a;
    *a = *b;
    *b = kept;
}

/* Quickselect: the element of rank `middle` in its place, smaller ones before it. The pivot is the median of three. */
static void select_middle(point *p, int low, int high, int middle, int axis)
{
    while (low < high) {
        int half = low + (high - low) / 2, store = low;
        if (before(&p[half], &p[low], axis)) swap(&p[half], &p[low]);
        if (before(&p[high], &p[low], axis)) swap(&p[high], &p[low]);
        if (before(&p[half], &p[high], axis)) swap(&p[half], &p[high]);
        for (int k = low; k < high; k++)
            if (before(&p[k], &p[high], axis)) swap(&p[k], &p[store++]);
        swap(&p[store], &p[high]);
        if (store == middle) return;
        if (store < middle) low = store + 1;
        else high = store - 1;
    }
}

static void build(point *p, int low, int high, int axis)
{
    if (low >= high) return;
    int middle = low + (high - low) / 2;
    select_middle(p, low, high, middle, axis);
    build(p, low, middle - 1, (axis + 1) % 3);
    build(p, middle + 1, high, (axis + 1) % 3);
}

hf_err hf_globe_new(int n, const double *lat, const double *lon, hf_globe **ret_globe)
{
    hf_globe *globe = hf_calloc(1, sizeof *globe);
    if (!globe) return HF_E_NOMEM;
    globe->points = hf_malloc((size_t)n * sizeof *globe->points);
    if (!globe->points) {
        hf_globe_free(globe);
        return HF_E_NOMEM;
    }
    for (int i = 0; i < n; i++) {
        if (isnan(lat[i]) || isnan(lon[i])) continue;
        to_sphere(lat[i], lon[i], globe->points[globe->n].at);
        globe->points[globe->n++].place = i;
    }
    build(globe->points, 0, globe->n - 1, 0);
    *ret_globe = globe;
    return HF_OK;
}

void hf_globe_free(hf_globe *globe)
{
    if (!globe) return;
    hf_free(globe->points);
    hf_free(globe);
}

typedef struct query {
    double at[3];
    int k, n;
    hf_globe_fits *fits;
    const void *context;
    struct {
        double square;
        int place;
    } best[HF_GLOBE_MOST];
} query;

static void offer(query *q, const point *p)
{
    double square = 0;
    for (int a = 0; a < 3; a++) square += (p->at[a] - q->at[a]) * (p->at[a] - q->at[a]);
    int at = q->n;
    while (at > 0 && (q->best[at - 1].square > square || (q->best[at - 1].square == square && q->best[at - 1].place > p->place))) at--;
    if (at >= q->k || (q->fits && !q->fits(q->context, p->place))) return;
    if (q->n < q->k) q->n++;
    for (int j = q->n - 1; j > at; j--) q->best[j] = q->best[j - 1];
    q->best[at].square = square;
    q->best[at].place = p->place;
}

static void search(const point *p, int low, int high, int axis, query *q)
{
    if (low > high) return;
    int middle = low + (high - low) / 2;
    double across = q->at[axis] - p[middle].at[axis];
    offer(q, &p[middle]);
    bool left = across < 0;
    if (left) search(p, low, middle - 1, (axis + 1) % 3, q);
    else search(p, middle + 1, high, (axis + 1) % 3, q);
    if (q->n == q->k && across * across > q->best[q->n - 1].square) return;
    if (left) search(p, middle + 1, high, (axis + 1) % 3, q);
    else search(p, low, middle - 1, (axis + 1) % 3, q);
}

int hf_globe_nearest(const hf_globe *globe, double lat, double lon, int k, hf_globe_fits *fits, const void *context, hf_globe_found *ret_found)
{
    query q = {.k = k < HF_GLOBE_MOST ? k : HF_GLOBE_MOST, .fits = fits, .context = context};
    if (isnan(lat) || isnan(lon) || k < 1) return 0;
    to_sphere(lat, lon, q.at);
    search(globe->points, 0, globe->n - 1, 0, &q);
    for (int j = 0; j < q.n; j++) ret_found[j] = (hf_globe_found){q.best[j].place, 2 * earth_km * asin(fmin(1, sqrt(q.best[j].square) / 2))};
    return q.n;
}
