/* The probability of a union of sets of independent failures. */
#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "solver/cutsets.h"

/* Sets that are still open, as lists of entities that have not been decided. */
typedef struct family {
    int n;
    const int **entity;
    int *size;
} family;

typedef struct expansion {
    const double *probability;
    long steps;  /* branchings left */
    bool stopped;
} expansion;

static double set_probability(const expansion *x, const int *entity, int size)
{
    double p = 1;
    for (int k = 0; k < size; k++) p *= x->probability[entity[k]];
    return p;
}

/* When no branching is left: at least the likeliest set, at most all of them as if they were disjoint, and as if they were independent
 * (positively associated events: Esary and Proschan 1963). */
static void bounds(const expansion *x, const family *f, double *low, double *high)
{
    double none = 1;
    *low = 0;
    for (int k = 0; k < f->n; k++) {
        double p = set_probability(x, f->entity[k], f->size[k]);
        *low = fmax(*low, p);
        none *= 1 - p;
    }
    *high = 1 - none;
}

/* The entity in most of the smallest sets; ties by number. */
static int pivot_of(const family *f)
{
    int best = -1, most = 0, least = f->size[0];
    for (int k = 1; k < f->n; k++)
        if (f->size[k] < least) least = f->size[k];
    for (int k = 0; k < f->n; k++) {
        if (f->size[k] != least) continue;
        for (int m = 0; m < f->size[k]; m++) {
            int entity = f->entity[k][m], count = 0;
            for (int j = 0; j < f->n; j++)
                for (int i = 0; i < f->size[j]; i++) count += f->entity[j][i] == entity;
            if (count > most || (count == most && entity < best)) most = count, best = entity;
        }
        break;
    }
    return best;
}

static bool holds(const int *entity, int size, int what)
{
    for (int k = 0; k < size; k++)
        if (entity[k] == what) return true;
    return false;
}

static void expand(expansion *x, const family *f, double *low, double *high);

/* The family once `pivot` has failed (it is taken out of its sets) or works (its sets are gone). `room` holds the shortened lists. */
static void branch(expansion *x, const family *f, int pivot, bool failed, double *low, double *high)
{
    int total = 0, at = 0;
    for (int k = 0; k < f->n; k++) total += f->size[k];
    family g = {0, hf_malloc((size_t)f->n * sizeof *g.entity), hf_malloc((size_t)f->n * sizeof *g.size)};
    int *room = hf_malloc((size_t)total * sizeof *room);
    *low = 0, *high = 1;
    if (!g.entity || !g.size || !room) x->stopped = true;
    else {
        bool whole = false;
        for (int k = 0; k < f->n; k++) {
            bool with = holds(f->entity[k], f->size[k], pivot);
            if (with && !failed) continue;
            int *list = room + at, size = 0;
            for (int m = 0; m < f->size[k]; m++)
                if (f->entity[k][m] != pivot) list[size++] = f->entity[k][m];
            at += size;
            whole |= size == 0;
            g.entity[g.n] = list;
            g.size[g.n++] = size;
        }
        if (whole) *low = *high = 1;
        else expand(x, &g, low, high);
    }
    hf_free(g.entity);
    hf_free(g.size);
    hf_free(room);
}

static void expand(expansion *x, const family *f, double *low, double *high)
{
    if (f->n == 0) {
        *low = *high = 0;
        return;
    }
    if (f->n == 1) {
        *low = *high = set_probability(x, f->entity[0], f->size[0]);
        return;
    }
    if (x->steps-- <= 0) {
        bounds(x, f, low, high);
        return;
    }
    int pivot = pivot_of(f);
    double p = x->probability[pivot], low_failed = 0, high_failed = 1, low_works = 0, high_works = 1;
    if (p > 0) branch(x, f, pivot, true, &low_failed, &high_failed);
    if (p < 1) branch(x, f, pivot, false, &low_works, &high_works);
    *low = (p > 0 ? p * low_failed : 0) + (p < 1 ? (1 - p) * low_works : 0);
    *high = (p > 0 ? p * high_failed : 0) + (p < 1 ? (1 - p) * high_works : 0);
}

void hf_cutsets_union(const int *off, const int *entity, int n, const double *probability, long max_steps, double *ret_low, double *ret_high)
{
    expansion x = {probability, max_steps, false};
    family f = {n, hf_malloc((size_t)n * sizeof *f.entity), hf_malloc((size_t)n * sizeof *f.size)};
    *ret_low = 0, *ret_high = 1;
    if (f.entity && f.size) {
        for (int k = 0; k < n; k++) {
            f.entity[k] = entity + off[k];
            f.size[k] = off[k + 1] - off[k];
        }
        expand(&x, &f, ret_low, ret_high);
    }
    hf_free(f.entity);
    hf_free(f.size);
}
