/* The probability that at least one of several sets fails as a whole. */
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "base/alloc.h"
#include "solver/cutsets.h"

/* A family of sets; `mark` has a bit for each item modulo 64, so that most pairs that are not subset and superset are told apart at once. */
typedef struct family {
    int n, *off, *item;
    uint64_t *mark;
} family;

typedef struct bounds {
    double low, high;
} bounds;

typedef struct expansion {
    const double *p;
    int n_items;
    int *count, *parent; /* [n_items] scratch */
    hf_err err;
} expansion;

static bool family_new(expansion *x, int n, int size, family *ret_family)
{
    family f = {.off = hf_malloc(((size_t)n + 1) * sizeof *f.off), .item = hf_malloc((size_t)size * sizeof *f.item),
                .mark = hf_malloc((size_t)n * sizeof *f.mark)};
    *ret_family = f;
    if (f.off && f.item && f.mark) {
        f.off[0] = 0;
        return true;
    }
    x->err = HF_E_NOMEM;
    return false;
}

static void family_done(family *f)
{
    hf_free(f->off);
    hf_free(f->item);
    hf_free(f->mark);
}

static void family_add(family *f, const int *item, int n, int without)
{
    int at = f->off[f->n];
    uint64_t mark = 0;
    for (int k = 0; k < n; k++) {
        if (item[k] == without) continue;
        f->item[at++] = item[k];
        mark |= UINT64_C(1) << (item[k] & 63);
    }
    f->mark[f->n++] = mark;
    f->off[f->n] = at;
}

static int width(const family *f, int k)
{
    return f->off[k + 1] - f->off[k];
}

static bool is_subset(const family *f, int a, int b)
{
    if (width(f, a) > width(f, b) || (f->mark[a] & ~f->mark[b])) return false;
    int at = f->off[b];
    for (int k = f->off[a]; k < f->off[a + 1]; k++) {
        while (at < f->off[b + 1] && f->item[at] < f->item[k]) at++;
        if (at == f->off[b + 1] || f->item[at] != f->item[k]) return false;
    }
    return true;
}

/* Leaves out sets that hold another (of equal ones the first stays). */
static void absorb(family *f)
{
    int kept = 0;
    for (int b = 0; b < f->n; b++) {
        bool held = false;
        for (int a = 0; a < f->n && !held; a++) held = a != b && is_subset(f, a, b) && (width(f, a) < width(f, b) || a < b);
        if (held) f->mark[b] = ~f->mark[b]; /* to be found in the second pass */
    }
    for (int b = 0; b < f->n; b++) {
        uint64_t mark = 0;
        int from = f->off[b], to = f->off[b + 1], at = kept == 0 ? 0 : f->off[kept];
        for (int k = from; k < to; k++) mark |= UINT64_C(1) << (f->item[k] & 63);
        if (mark != f->mark[b]) continue;
        memmove(f->item + at, f->item + from, (size_t)(to - from) * sizeof *f->item);
        f->mark[kept++] = mark;
        f->off[kept] = at + to - from;
    }
    f->n = kept;
}

static double set_probability(const expansion *x, const family *f, int k)
{
    double p = 1;
    for (int j = f->off[k]; j < f->off[k + 1]; j++) p *= x->p[f->item[j]];
    return p;
}

/* What holds without looking further. */
static bounds rough(const expansion *x, const family *f)
{
    bounds b = {0, 1};
    for (int k = 0; k < f->n; k++) {
        double p = set_probability(x, f, k);
        b.low = fmax(b.low, p);
        b.high *= 1 - p;
    }
    b.high = fmax(1 - b.high, b.low);
    return b;
}

static int root(expansion *x, int item)
{
    while (x->parent[item] != item) item = x->parent[item] = x->parent[x->parent[item]];
    return item;
}

static bounds expand(expansion *x, const family *f, long budget, long *ret_used);

/* Sets that share no item with the others fail independently of them: the probability that nothing fails is a product. Returns false when
 * all hang together. */
static bool parts(expansion *x, const family *f, long budget, long *ret_used, bounds *ret_bounds)
{
    for (int k = 0; k < f->off[f->n]; k++) x->parent[f->item[k]] = f->item[k];
    for (int k = 0; k < f->n; k++)
        for (int j = f->off[k] + 1; j < f->off[k + 1]; j++) {
            int a = root(x, f->item[f->off[k]]), b = root(x, f->item[j]);
            if (a < b) x->parent[b] = a;
            else x->parent[a] = b;
        }
    int *part = hf_malloc((size_t)f->n * sizeof *part), first = -1;
    family rest = {0}, one = {0};
    bounds none = {1, 1}; /* that nothing fails: high side first */
    if (!part) x->err = HF_E_NOMEM;
    for (int k = 0; part && k < f->n; k++) part[k] = root(x, f->item[f->off[k]]);
    for (int k = 1; part && k < f->n && first < 0; k++)
        if (part[k] != part[0]) first = k;
    bool split = part && first > 0;
    for (int k = 0; split && x->err == HF_OK && k < f->n; k++) {
        bool seen = false;
        for (int j = 0; j < k && !seen; j++) seen = part[j] == part[k];
        if (seen || !family_new(x, f->n, f->off[f->n], &one)) continue;
        for (int j = k; j < f->n; j++)
            if (part[j] == part[k]) family_add(&one, f->item + f->off[j], width(f, j), -1);
        long used = 0;
        bounds b = expand(x, &one, budget, &used);
        budget -= used;
        *ret_used += used;
        none.low *= 1 - b.high;
        none.high *= 1 - b.low;
        family_done(&one);
        one = rest;
    }
    family_done(&one);
    hf_free(part);
    *ret_bounds = (bounds){1 - none.high, 1 - none.low};
    return split;
}

/* The item that most sets hold, the lowest of equals. */
static int pivot(expansion *x, const family *f)
{
    int best = f->item[0];
    for (int k = 0; k < f->off[f->n]; k++) x->count[f->item[k]] = 0;
    for (int k = 0; k < f->off[f->n]; k++) x->count[f->item[k]]++;
    for (int k = 0; k < f->off[f->n]; k++) {
        int i = f->item[k];
        if (x->count[i] > x->count[best] || (x->count[i] == x->count[best] && i < best)) best = i;
    }
    return best;
}

/* The family when an item is known to have failed, or to hold. */
static bool given(expansion *x, const family *f, int item, bool failed, family *ret_family)
{
    if (!family_new(x, f->n, f->off[f->n], ret_family)) return false;
    for (int k = 0; k < f->n; k++) {
        bool holds = false;
        for (int j = f->off[k]; j < f->off[k + 1] && !holds; j++) holds = f->item[j] == item;
        if (!holds || failed) family_add(ret_family, f->item + f->off[k], width(f, k), item);
    }
    if (failed) absorb(ret_family);
    return true;
}

static bounds expand(expansion *x, const family *f, long budget, long *ret_used)
{
    bounds b = {0, 0}, up = {0, 0}, down = {0, 0};
    *ret_used = 1;
    if (f->n == 0 || x->err != HF_OK) return b;
    for (int k = 0; k < f->n; k++)
        if (width(f, k) == 0) return (bounds){1, 1};
    if (f->n == 1) return (bounds){set_probability(x, f, 0), set_probability(x, f, 0)};
    if (budget <= 1) return rough(x, f);
    if (parts(x, f, budget - 1, ret_used, &b)) return b;
    int item = pivot(x, f);
    double p = x->p[item];
    family g = {0};
    long used = 0;
    if (given(x, f, item, false, &g)) up = expand(x, &g, (budget - 1) / 2, &used);
    family_done(&g);
    *ret_used += used;
    g = (family){0};
    if (given(x, f, item, true, &g)) down = expand(x, &g, budget - *ret_used, &used);
    family_done(&g);
    *ret_used += used;
    return (bounds){(1 - p) * up.low + p * down.low, (1 - p) * up.high + p * down.high};
}

hf_err hf_union_probability(int n_sets, const int *off, const int *item, int n_items, const double *probability, long max_steps, double *ret_low,
                            double *ret_high)
{
    expansion x = {.p = probability, .n_items = n_items};
    family f = {0};
    bounds b = {0, 0};
    long used = 0;
    x.count = hf_malloc((size_t)n_items * sizeof *x.count);
    x.parent = hf_malloc((size_t)n_items * sizeof *x.parent);
    if (!x.count || !x.parent) x.err = HF_E_NOMEM;
    if (x.err == HF_OK && family_new(&x, n_sets, n_sets > 0 ? off[n_sets] : 0, &f)) {
        for (int k = 0; k < n_sets; k++) family_add(&f, item + off[k], off[k + 1] - off[k], -1);
        absorb(&f);
        b = expand(&x, &f, max_steps, &used);
    }
    family_done(&f);
    hf_free(x.count);
    hf_free(x.parent);
    if (x.err != HF_OK) return x.err;
    *ret_low = b.low;
    *ret_high = b.high;
    return HF_OK;
}
