#include "model/cascade/sparse_ldl.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

hf_err hf_ldl_init(hf_ldl *f, int rows, int entries, size_t fill)
{
    size_t n = (size_t)rows, m = (size_t)entries;
    *f = (hf_ldl){.off = hf_malloc((n + 1) * sizeof(int)), .row = hf_malloc(m * sizeof(int)), .value = hf_malloc(m * sizeof(double)),
                  .diagonal = hf_malloc(n * sizeof(double)), .parent = hf_malloc(n * sizeof(int)), .count = hf_malloc(n * sizeof(int)),
                  .mark = hf_malloc(n * sizeof(int)), .pattern = hf_malloc(n * sizeof(int)), .start = hf_malloc((n + 1) * sizeof(size_t)),
                  .l_row = hf_malloc(fill * sizeof(int)), .l_value = hf_malloc(fill * sizeof(double)), .pivot = hf_malloc(n * sizeof(double)),
                  .work = hf_malloc(n * sizeof(double))};
    return f->off && f->row && f->value && f->diagonal && f->parent && f->count && f->mark && f->pattern && f->start && f->l_row && f->l_value &&
                   f->pivot && f->work
               ? HF_OK
               : HF_E_NOMEM;
}

void hf_ldl_done(hf_ldl *f)
{
    void *blocks[] = {f->off, f->row, f->value, f->diagonal, f->parent, f->count, f->mark, f->pattern, f->start, f->l_row, f->l_value, f->pivot, f->work};
    for (size_t k = 0; k < sizeof blocks / sizeof *blocks; k++) hf_free(blocks[k]);
    *f = (hf_ldl){0};
}

size_t hf_ldl_analyse(hf_ldl *f)
{
    for (int k = 0; k < f->n; k++) {
        f->parent[k] = -1;
        f->mark[k] = k;
        f->count[k] = 0;
        for (int e = f->off[k]; e < f->off[k + 1]; e++)
            for (int i = f->row[e]; f->mark[i] != k; i = f->parent[i]) {
                if (f->parent[i] < 0) f->parent[i] = k;
                f->count[i]++; /* L has an entry (k, i) */
                f->mark[i] = k;
            }
    }
    f->start[0] = 0;
    for (int k = 0; k < f->n; k++) f->start[k + 1] = f->start[k] + (size_t)f->count[k];
    return f->start[f->n];
}

/* Columns that have an entry in row k of L, each before its parent: pattern[first] .. pattern[n-1]; their values of A go to `work`. */
static int row_pattern(hf_ldl *f, int k)
{
    int first = f->n;
    f->mark[k] = k;
    for (int e = f->off[k]; e < f->off[k + 1]; e++) {
        int length = 0;
        f->work[f->row[e]] += f->value[e];
        for (int i = f->row[e]; f->mark[i] != k; i = f->parent[i]) {
            f->pattern[length++] = i;
            f->mark[i] = k;
        }
        while (length > 0) f->pattern[--first] = f->pattern[--length];
    }
    return first;
}

bool hf_ldl_factorise(hf_ldl *f)
{
    hf_ldl_analyse(f);
    memset(f->work, 0, (size_t)f->n * sizeof *f->work);
    memset(f->count, 0, (size_t)f->n * sizeof *f->count);
    for (int k = 0; k < f->n; k++) f->mark[k] = -1;
    for (int k = 0; k < f->n; k++) {
        double pivot = f->diagonal[k];
        for (int p = row_pattern(f, k); p < f->n; p++) {
            int i = f->pattern[p];
            double y = f->work[i], l = y / f->pivot[i];
            size_t end = f->start[i] + (size_t)f->count[i]++;
            f->work[i] = 0;
            for (size_t q = f->start[i]; q < end; q++) f->work[f->l_row[q]] -= f->l_value[q] * y;
            pivot -= l * y;
            f->l_row[end] = k;
            f->l_value[end] = l;
        }
        if (!(pivot > 0)) return false;
        f->pivot[k] = pivot;
    }
    return true;
}

void hf_ldl_solve(const hf_ldl *f, double *b)
{
    for (int i = 0; i < f->n; i++)
        for (size_t q = f->start[i]; q < f->start[i + 1]; q++) b[f->l_row[q]] -= f->l_value[q] * b[i];
    for (int i = 0; i < f->n; i++) b[i] /= f->pivot[i];
    for (int i = f->n - 1; i >= 0; i--)
        for (size_t q = f->start[i]; q < f->start[i + 1]; q++) b[i] -= f->l_value[q] * b[f->l_row[q]];
}

/* A vertex and the degree it had when it was put into the heap; only its present degree counts. */
typedef struct candidate {
    int degree, vertex;
} candidate;

typedef struct neighbours {
    int *item; /* ascending */
    size_t n, capacity;
} neighbours;

typedef struct elimination {
    neighbours *of;
    candidate *heap;
    size_t n_heap, heap_capacity;
    int *merged;
} elimination;

static bool before(candidate a, candidate b)
{
    return a.degree != b.degree ? a.degree < b.degree : a.vertex < b.vertex;
}

static hf_err heap_push(elimination *e, int vertex)
{
    candidate c = {(int)e->of[vertex].n, vertex};
    hf_err err = hf_grow((void **)&e->heap, &e->heap_capacity, e->n_heap + 1, sizeof *e->heap);
    if (err != HF_OK) return err;
    size_t at = e->n_heap++;
    for (; at > 0 && before(c, e->heap[(at - 1) / 2]); at = (at - 1) / 2) e->heap[at] = e->heap[(at - 1) / 2];
    e->heap[at] = c;
    return HF_OK;
}

static candidate heap_pop(elimination *e)
{
    candidate top = e->heap[0], last = e->heap[--e->n_heap];
    size_t at = 0;
    for (size_t child; (child = 2 * at + 1) < e->n_heap; at = child) {
        if (child + 1 < e->n_heap && before(e->heap[child + 1], e->heap[child])) child++;
        if (!before(e->heap[child], last)) break;
        e->heap[at] = e->heap[child];
    }
    if (e->n_heap > 0) e->heap[at] = last;
    return top;
}

static int compare_ints(const void *a, const void *b)
{
    int x = *(const int *)a, y = *(const int *)b;
    return (x > y) - (x < y);
}

/* Neighbours of u become those of u and v without the two: what eliminating v leaves. */
static hf_err merge(elimination *e, int u, int v)
{
    const neighbours *a = &e->of[u], *b = &e->of[v];
    size_t i = 0, j = 0, n = 0;
    while (i < a->n || j < b->n) {
        int next = j == b->n || (i < a->n && a->item[i] <= b->item[j]) ? a->item[i] : b->item[j];
        if (i < a->n && a->item[i] == next) i++;
        if (j < b->n && b->item[j] == next) j++;
        if (next != u && next != v) e->merged[n++] = next;
    }
    hf_err err = hf_grow((void **)&e->of[u].item, &e->of[u].capacity, n, sizeof(int));
    if (err != HF_OK) return err;
    memcpy(e->of[u].item, e->merged, n * sizeof(int));
    e->of[u].n = n;
    return HF_OK;
}

static hf_err neighbours_read(elimination *e, int v, const int *to, int count)
{
    neighbours *list = &e->of[v];
    hf_err err = hf_grow((void **)&list->item, &list->capacity, (size_t)count + 1, sizeof(int));
    if (err != HF_OK) return err;
    for (int k = 0; k < count; k++) list->item[k] = to[k];
    qsort(list->item, (size_t)count, sizeof(int), compare_ints);
    for (int k = 0; k < count; k++)
        if (list->item[k] != v && (list->n == 0 || list->item[k] != list->item[list->n - 1])) list->item[list->n++] = list->item[k];
    return HF_OK;
}

hf_err hf_minimum_degree(int n, const int *off, const int *to, int *ret_order)
{
    hf_err err = HF_OK;
    elimination e = {.of = hf_calloc((size_t)n, sizeof *e.of), .merged = hf_malloc((size_t)n * sizeof(int))};
    bool *gone = hf_calloc((size_t)n, 1);
    if (!e.of || !e.merged || !gone) HF_TRY(HF_E_NOMEM);
    for (int v = 0; v < n; v++) HF_TRY(neighbours_read(&e, v, to + off[v], off[v + 1] - off[v]));
    for (int v = 0; v < n; v++) HF_TRY(heap_push(&e, v));
    for (int done = 0; done < n;) {
        candidate c = heap_pop(&e);
        if (gone[c.vertex] || c.degree != (int)e.of[c.vertex].n) continue;
        gone[c.vertex] = true;
        ret_order[done++] = c.vertex;
        for (size_t k = 0; k < e.of[c.vertex].n; k++) {
            HF_TRY(merge(&e, e.of[c.vertex].item[k], c.vertex));
            HF_TRY(heap_push(&e, e.of[c.vertex].item[k]));
        }
    }
out:
    for (int v = 0; e.of && v < n; v++) hf_free(e.of[v].item);
    hf_free(e.of);
    hf_free(e.merged);
    hf_free(e.heap);
    hf_free(gone);
    return err;
}
