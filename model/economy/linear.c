#include "model/economy/linear.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "base/parallel.h"

/* The inner loops are compiled for several vector widths and the machine picks one; all give the same bits (no fused operations). */
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define CLONES __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define CLONES
#endif

enum { BLOCK = 64, TILE_ROWS = 4, TILE_COLUMNS = 8, ROW_PIECE = 128 };

/* Four doubles at any address. */
typedef double v4 __attribute__((vector_size(32), aligned(8)));

size_t hf_gemm_pack_size(int k, int n)
{
    size_t strips = ((size_t)n + TILE_COLUMNS - 1) / TILE_COLUMNS;
    return strips * TILE_COLUMNS * (size_t)k;
}

/* B in strips of TILE_COLUMNS columns, each strip row after row; the last one is filled up with zeros. */
static void pack_b(int n, int k, const double *b, int ldb, double *pack)
{
    for (int j = 0; j < n; j += TILE_COLUMNS) {
        int width = n - j < TILE_COLUMNS ? n - j : TILE_COLUMNS;
        for (int p = 0; p < k; p++, pack += TILE_COLUMNS) {
            const double *row = b + (size_t)p * (size_t)ldb + j;
            for (int q = 0; q < TILE_COLUMNS; q++) pack[q] = q < width ? row[q] : 0;
        }
    }
}

/* One full tile: C [4 x 8] -= A [4 x k] times a packed strip. */
static inline __attribute__((always_inline)) void tile(int k, const double *a, size_t lda, const double *strip, double *c, size_t ldc)
{
    const double *a0 = a, *a1 = a + lda, *a2 = a + 2 * lda, *a3 = a + 3 * lda;
    v4 c00 = {0}, c01 = {0}, c10 = {0}, c11 = {0}, c20 = {0}, c21 = {0}, c30 = {0}, c31 = {0};
    for (int p = 0; p < k; p++, strip += TILE_COLUMNS) {
        v4 b0 = *(const v4 *)strip, b1 = *(const v4 *)(strip + 4);
        c00 += a0[p] * b0;
        c01 += a0[p] * b1;
        c10 += a1[p] * b0;
        c11 += a1[p] * b1;
        c20 += a2[p] * b0;
        c21 += a2[p] * b1;
        c30 += a3[p] * b0;
        c31 += a3[p] * b1;
    }
    *(v4 *)c -= c00;
    *(v4 *)(c + 4) -= c01;
    *(v4 *)(c + ldc) -= c10;
    *(v4 *)(c + ldc + 4) -= c11;
    *(v4 *)(c + 2 * ldc) -= c20;
    *(v4 *)(c + 2 * ldc + 4) -= c21;
    *(v4 *)(c + 3 * ldc) -= c30;
    *(v4 *)(c + 3 * ldc + 4) -= c31;
}

/* A tile at the rim, `rows` x `width`: summed in the same order as a full one. */
static void tile_rim(int rows, int width, int k, const double *a, size_t lda, const double *strip, double *c, size_t ldc)
{
    for (int i = 0; i < rows; i++) {
        double sum[TILE_COLUMNS] = {0};
        for (int p = 0; p < k; p++)
            for (int q = 0; q < TILE_COLUMNS; q++) sum[q] += a[(size_t)i * lda + (size_t)p] * strip[p * TILE_COLUMNS + q];
        for (int q = 0; q < width; q++) c[(size_t)i * ldc + (size_t)q] -= sum[q];
    }
}

CLONES
static void gemm_packed(int m, int n, int k, const double *a, size_t lda, const double *pack, double *c, size_t ldc)
{
    for (int first = 0; first < m; first += ROW_PIECE) {
        int last = first + ROW_PIECE < m ? first + ROW_PIECE : m;
        for (int j = 0; j < n; j += TILE_COLUMNS) {
            const double *strip = pack + (size_t)(j / TILE_COLUMNS) * (size_t)k * TILE_COLUMNS;
            int width = n - j < TILE_COLUMNS ? n - j : TILE_COLUMNS, i = first;
            for (; width == TILE_COLUMNS && i + TILE_ROWS <= last; i += TILE_ROWS)
                tile(k, a + (size_t)i * lda, lda, strip, c + (size_t)i * ldc + j, ldc);
            if (i < last) tile_rim(last - i, width, k, a + (size_t)i * lda, lda, strip, c + (size_t)i * ldc + j, ldc);
        }
    }
}

void hf_gemm_subtract(int m, int n, int k, const double *a, int lda, const double *b, int ldb, double *c, int ldc, double *pack)
{
    if (m <= 0 || n <= 0 || k <= 0) return;
    pack_b(n, k, b, ldb, pack);
    gemm_packed(m, n, k, a, (size_t)lda, pack, c, (size_t)ldc);
}

/* ---- factorisation ---- */

/* row[0..n) -= factor * from[0..n) */
CLONES
static void row_subtract(size_t n, double factor, const double *restrict from, double *restrict row)
{
    for (size_t j = 0; j < n; j++) row[j] -= factor * from[j];
}

static void rows_swap(size_t n, double *a, double *b)
{
    for (size_t j = 0; j < n; j++) {
        double t = a[j];
        a[j] = b[j];
        b[j] = t;
    }
}

/* Columns first .. last-1 of all rows from `first`, unblocked; whole rows are swapped. */
static hf_err panel_factor(hf_lu *lu, int first, int last, double smallest)
{
    size_t n = (size_t)lu->n, end = (size_t)last;
    for (size_t j = (size_t)first; j < end; j++) {
        size_t best = j;
        for (size_t i = j + 1; i < n; i++)
            if (fabs(lu->lu[i * n + j]) > fabs(lu->lu[best * n + j])) best = i;
        if (!(fabs(lu->lu[best * n + j]) > smallest)) return HF_E_NO_ANSWER;
        lu->pivot[j] = (int)best;
        if (best != j) rows_swap(n, lu->lu + best * n, lu->lu + j * n);
        const double *top = lu->lu + j * n;
        double inverse = 1 / top[j];
        for (size_t i = j + 1; i < n; i++) {
            double *row = lu->lu + i * n, factor = row[j] * inverse;
            row[j] = factor;
            if (factor != 0) row_subtract(end - j - 1, factor, top + j + 1, row + j + 1);
        }
    }
    return HF_OK;
}

/* What a block step does to a range of columns: rows of B are solved with the unit lower triangle, the rows below are updated. */
typedef struct update {
    const double *l; /* the panel: its first row and column */
    double *b;       /* the same rows in the columns to be updated */
    size_t ldl, ldb;
    int block, below, columns;
    double *pack;
    bool upper; /* the triangle is the upper one and the rows to update lie above */
} update;

enum { COLUMN_PIECE = 256 };

static void triangle_lower(const update *u, double *b, size_t width)
{
    for (int i = 1; i < u->block; i++)
        for (int k = 0; k < i; k++) row_subtract(width, u->l[(size_t)i * u->ldl + (size_t)k], b + (size_t)k * u->ldb, b + (size_t)i * u->ldb);
}

static void triangle_upper(const update *u, double *b, size_t width)
{
    for (int i = u->block - 1; i >= 0; i--) {
        double *row = b + (size_t)i * u->ldb, inverse = 1 / u->l[(size_t)i * u->ldl + (size_t)i];
        for (int k = i + 1; k < u->block; k++) row_subtract(width, u->l[(size_t)i * u->ldl + (size_t)k], b + (size_t)k * u->ldb, row);
        for (size_t j = 0; j < width; j++) row[j] *= inverse;
    }
}

static hf_err update_piece(void *context, int worker, long first, long last)
{
    const update *u = context;
    int width = (int)(last - first);
    double *b = u->b + first, *pack = u->pack + (size_t)worker * hf_gemm_pack_size(BLOCK, COLUMN_PIECE);
    if (u->upper) {
        triangle_upper(u, b, (size_t)width);
        hf_gemm_subtract(u->below, width, u->block, u->l - (size_t)u->below * u->ldl, (int)u->ldl, b, (int)u->ldb,
                         b - (size_t)u->below * u->ldb, (int)u->ldb, pack);
    } else {
        triangle_lower(u, b, (size_t)width);
        hf_gemm_subtract(u->below, width, u->block, u->l + (size_t)u->block * u->ldl, (int)u->ldl, b, (int)u->ldb,
                         b + (size_t)u->block * u->ldb, (int)u->ldb, pack);
    }
    return HF_OK;
}

static hf_err update_run(update *u, int threads)
{
    return hf_parallel_for(u->columns, COLUMN_PIECE, threads, update_piece, u, NULL, NULL);
}

static double *pack_new(int threads)
{
    return hf_calloc((size_t)threads * hf_gemm_pack_size(BLOCK, COLUMN_PIECE), sizeof(double));
}

static hf_err factor(hf_lu *lu, double smallest, int threads, double *pack)
{
    size_t n = (size_t)lu->n;
    for (int first = 0; first < lu->n; first += BLOCK) {
        int last = first + BLOCK < lu->n ? first + BLOCK : lu->n;
        hf_err err = panel_factor(lu, first, last, smallest);
        if (err != HF_OK) return err;
        double *row = lu->lu + (size_t)first * n;
        update u = {row + first, row + last, n, n, last - first, lu->n - last, lu->n - last, pack, false};
        err = update_run(&u, threads);
        if (err != HF_OK) return err;
    }
    return HF_OK;
}

hf_err hf_lu_new(int n, const double *m, int threads, hf_lu **ret_lu)
{
    hf_err err = HF_OK;
    size_t cells = (size_t)n * (size_t)n;
    double largest = 0, *pack = NULL;
    hf_lu *lu = NULL;
    for (size_t k = 0; k < cells; k++) {
        if (!isfinite(m[k])) return HF_E_RANGE;
        if (fabs(m[k]) > largest) largest = fabs(m[k]);
    }
    lu = hf_calloc(1, sizeof *lu);
    if (!lu) return HF_E_NOMEM;
    lu->n = n;
    lu->lu = hf_malloc(cells * sizeof *lu->lu);
    lu->pivot = hf_calloc((size_t)n, sizeof *lu->pivot);
    pack = pack_new(threads);
    if (!lu->lu || !lu->pivot || !pack) HF_TRY(HF_E_NOMEM);
    memcpy(lu->lu, m, cells * sizeof *lu->lu);
    HF_TRY(factor(lu, n * DBL_EPSILON * largest, threads, pack));
    *ret_lu = lu;
    lu = NULL;
out:
    hf_free(pack);
    hf_lu_free(lu);
    return err;
}

void hf_lu_free(hf_lu *lu)
{
    if (!lu) return;
    hf_free(lu->lu);
    hf_free(lu->pivot);
    hf_free(lu);
}

/* ---- solves ---- */

static void value_swap(double *a, double *b)
{
    double t = *a;
    *a = *b;
    *b = t;
}

void hf_lu_solve(const hf_lu *lu, double *b)
{
    size_t n = (size_t)lu->n;
    for (size_t i = 0; i < n; i++) value_swap(b + i, b + lu->pivot[i]);
    for (size_t i = 0; i < n; i++) {
        const double *row = lu->lu + i * n;
        double sum = b[i];
        for (size_t k = 0; k < i; k++) sum -= row[k] * b[k];
        b[i] = sum;
    }
    for (size_t i = n; i-- > 0;) {
        const double *row = lu->lu + i * n;
        double sum = b[i];
        for (size_t k = i + 1; k < n; k++) sum -= row[k] * b[k];
        b[i] = sum / row[i];
    }
}

void hf_lu_solve_transposed(const hf_lu *lu, double *b)
{
    size_t n = (size_t)lu->n;
    for (size_t i = 0; i < n; i++) {
        const double *row = lu->lu + i * n;
        b[i] /= row[i];
        row_subtract(n - i - 1, b[i], row + i + 1, b + i + 1);
    }
    for (size_t i = n; i-- > 0;) row_subtract(i, b[i], lu->lu + i * n, b);
    for (size_t i = n; i-- > 0;) value_swap(b + i, b + lu->pivot[i]);
}

hf_err hf_lu_solve_many(const hf_lu *lu, double *b, int m, int threads)
{
    hf_err err = HF_OK;
    size_t n = (size_t)lu->n, width = (size_t)m;
    double *pack = pack_new(threads);
    if (!pack) return HF_E_NOMEM;
    for (size_t i = 0; i < n; i++)
        if ((size_t)lu->pivot[i] != i) rows_swap(width, b + i * width, b + (size_t)lu->pivot[i] * width);
    for (int first = 0; first < lu->n; first += BLOCK) {
        int last = first + BLOCK < lu->n ? first + BLOCK : lu->n;
        update u = {lu->lu + (size_t)first * n + first, b + (size_t)first * width, n, width, last - first, lu->n - last, m, pack, false};
        HF_TRY(update_run(&u, threads));
    }
    for (int first = (lu->n - 1) / BLOCK * BLOCK; first >= 0; first -= BLOCK) {
        int last = first + BLOCK < lu->n ? first + BLOCK : lu->n;
        update u = {lu->lu + (size_t)first * n + first, b + (size_t)first * width, n, width, last - first, first, m, pack, true};
        HF_TRY(update_run(&u, threads));
    }
out:
    hf_free(pack);
    return err;
}

hf_err hf_lu_inverse(const hf_lu *lu, double *ret_inverse, int threads)
{
    size_t n = (size_t)lu->n;
    memset(ret_inverse, 0, n * n * sizeof *ret_inverse);
    for (size_t i = 0; i < n; i++) ret_inverse[i * n + i] = 1;
    return hf_lu_solve_many(lu, ret_inverse, lu->n, threads);
}

/* ---- the largest eigenvalue ---- */

typedef struct power {
    const hf_flows *m;
    const double *left, *right;
    double *u, *next, *scaled; /* [n] each */
    double shift;
} power;

/* next = (diag(left) M diag(right) + shift) u */
static void power_apply(const power *p, const double *u, double *next)
{
    int n = p->m->n_rows;
    const double *from = u;
    if (p->right) {
        for (int i = 0; i < n; i++) p->scaled[i] = p->right[i] * u[i];
        from = p->scaled;
    }
    hf_flows_multiply(p->m, from, next);
    for (int i = 0; i < n; i++) next[i] = (p->left ? p->left[i] : 1) * next[i] + p->shift * u[i];
}

/* The lower bound that the rows at the top carry among themselves; cuts u and destroys next. */
static double top_rows_bound(const power *p, double upper, double tolerance)
{
    int n = p->m->n_rows;
    for (int i = 0; i < n; i++)
        if (p->next[i] < (upper - tolerance) * p->u[i]) p->u[i] = 0;
    power_apply(p, p->u, p->next);
    double lower = INFINITY;
    for (int i = 0; i < n; i++)
        if (p->u[i] > 0) lower = fmin(lower, p->next[i] / p->u[i]);
    return isfinite(lower) ? lower : 0;
}

static double ratio_max(const power *p)
{
    double upper = 0;
    for (int i = 0; i < p->m->n_rows; i++)
        if (p->u[i] > 0) upper = fmax(upper, p->next[i] / p->u[i]);
    return upper;
}

/* Sets u to 1 on the rows from which a cycle can be reached and to 0 elsewhere: the others add eigenvalues of 0 alone, and the iteration
 * would come to those slowly. Row after row is peeled off, at most `max_passes` times; false when none is left. */
static bool cycles_find(power *p, int max_passes)
{
    int n = p->m->n_rows, left = n, before = n + 1;
    for (int i = 0; i < n; i++) p->u[i] = 1;
    for (int pass = 0; pass < max_passes && left > 0 && left < before; pass++) {
        before = left;
        left = 0;
        power_apply(p, p->u, p->next);
        for (int i = 0; i < n; i++) left += (p->u[i] = p->u[i] > 0 && p->next[i] > 0) != 0;
    }
    return left > 0;
}

/* Scales next to a largest entry of 1; entries are kept above 0 so that every later ratio exists and is still a bound. */
static void power_advance(power *p)
{
    double largest = 0, *t = p->u;
    for (int i = 0; i < p->m->n_rows; i++) largest = fmax(largest, p->next[i]);
    for (int i = 0; i < p->m->n_rows; i++) p->next[i] = p->u[i] > 0 ? fmax(p->next[i] / largest, 1e-290) : 0;
    p->u = p->next;
    p->next = t;
}

/* Looks for a lower bound near the upper one, with work vectors of its own so that the iteration can go on. */
static double lower_bound(const power *p, double upper, double *spare)
{
    int n = p->m->n_rows;
    double best = 0;
    for (double width = 1e-12; width < 1e-3; width *= 1e3) {
        power q = *p;
        q.u = spare;
        q.next = spare + n;
        memcpy(q.u, p->u, (size_t)n * sizeof *q.u);
        memcpy(q.next, p->next, (size_t)n * sizeof *q.next);
        best = fmax(best, top_rows_bound(&q, upper, width * (1 + upper)));
    }
    return best;
}

static void power_run(power *p, double *spare, int max_steps, hf_radius *r)
{
    double tolerance = 1e-10;
    int next_look = 8;
    for (r->steps = 1; r->steps <= max_steps; r->steps++) {
        power_apply(p, p->u, p->next);
        double upper = ratio_max(p);
        r->upper = fmin(r->upper, upper - p->shift);
        if (r->steps == next_look || r->steps == max_steps) {
            r->lower = fmax(r->lower, lower_bound(p, upper, spare) - p->shift);
            r->converged = r->upper - r->lower <= tolerance * (1 + r->upper);
            if (r->converged) return;
            next_look += next_look / 4;
        }
        power_advance(p);
    }
    r->steps = max_steps;
}

hf_err hf_spectral_radius(const hf_flows *m, const double *left, const double *right, int max_steps, hf_radius *ret_radius)
{
    int n = m->n_rows;
    double *work = hf_calloc(5 * (size_t)n, sizeof *work);
    if (!work) return HF_E_NOMEM;
    power p = {m, left, right, work, work + n, work + 2 * (size_t)n, 0};
    hf_radius r = {INFINITY, 0, 0, false};
    if (cycles_find(&p, max_steps)) {
        /* A quarter of the largest row sum: any positive shift takes the swing out, a larger one only slows. */
        power_apply(&p, p.u, p.next);
        p.shift = ratio_max(&p) / 4;
        power_run(&p, work + 3 * (size_t)n, max_steps, &r);
    } else {
        r = (hf_radius){0, 0, 1, true};
    }
    hf_free(work);
    *ret_radius = r;
    return HF_OK;
}
