/* The pass over the table. For each product and each tile of users: what was received and what could be ordered (first sweep), stocks and
 * new orders (by user), demand on the suppliers (second sweep, from the cache). The table is read from memory once a day for all lanes.
 *
 * Sums over users run in HF_ADAPTIVE_VECTOR partial sums by slot, folded once per tile, tiles in order; sums over regions of supply run in
 * order. Both are the same with one lane (vectors over users) and with many (vectors over lanes), so all give the same bits. */
#include <string.h>

#include "base/clones.h"
#include "model/economy/adaptive_state.h"

enum { TILE = HF_ADAPTIVE_TILE, VECTOR = HF_ADAPTIVE_VECTOR };

typedef double vec __attribute__((vector_size(sizeof(double) * HF_ADAPTIVE_VECTOR), aligned(8), may_alias));

/* What comparing such vectors gives: all bits or none. */
typedef long long bits __attribute__((vector_size(sizeof(double) * HF_ADAPTIVE_VECTOR), aligned(8), may_alias));

#define VEC(pointer) (*(vec *)(pointer))
/* One number in all places, straight from memory. */
#define ALL(x) ((vec){x, x, x, x, x, x, x, x})
#define CVEC(pointer) (*(const vec *)(pointer))

/* Partial sums 0 .. 7 become one in this order, in vectors over users and over lanes alike. */
static inline double fold(const double *p, int stride)
{
    return ((p[0] + p[2 * stride]) + (p[stride] + p[3 * stride])) + ((p[4 * stride] + p[6 * stride]) + (p[5 * stride] + p[7 * stride]));
}

/* The same for eight vectors at once: sums[k] += fold of v[k]. */
static inline __attribute__((always_inline)) void fold_eight(const vec *v, double *sums)
{
    vec quads[2];
    for (int k = 0; k < 2; k++) {
        const vec *q = v + 4 * k;
        vec even = __builtin_shufflevector(q[0], q[2], 0, 1, 4, 5, 8, 9, 12, 13) + __builtin_shufflevector(q[0], q[2], 2, 3, 6, 7, 10, 11, 14, 15);
        vec odd = __builtin_shufflevector(q[1], q[3], 0, 1, 4, 5, 8, 9, 12, 13) + __builtin_shufflevector(q[1], q[3], 2, 3, 6, 7, 10, 11, 14, 15);
        quads[k] = __builtin_shufflevector(even, odd, 0, 8, 2, 10, 4, 12, 6, 14) + __builtin_shufflevector(even, odd, 1, 9, 3, 11, 5, 13, 7, 15);
    }
    VEC(sums) += __builtin_shufflevector(quads[0], quads[1], 0, 1, 4, 5, 8, 9, 12, 13) +
                 __builtin_shufflevector(quads[0], quads[1], 2, 3, 6, 7, 10, 11, 14, 15);
}

/* ret_a[f] = sum_r z[r][f] sent[r], ret_d[f] = sum_r z[r][f] c[r]; one lane. */
HF_CLONES static void sweep_one(const double *z, int n_regions, const double *sent, const double *c, double *ret_a, double *ret_d)
{
    for (int f = 0; f < TILE; f += 4 * VECTOR) {
        vec a0 = {0}, a1 = {0}, a2 = {0}, a3 = {0}, d0 = {0}, d1 = {0}, d2 = {0}, d3 = {0};
        for (int r = 0; r < n_regions; r++) {
            const double *p = z + (size_t)r * TILE + f;
            vec z0 = CVEC(p), z1 = CVEC(p + VECTOR), z2 = CVEC(p + 2 * VECTOR), z3 = CVEC(p + 3 * VECTOR);
            a0 += z0 * sent[r], a1 += z1 * sent[r], a2 += z2 * sent[r], a3 += z3 * sent[r];
            d0 += z0 * c[r], d1 += z1 * c[r], d2 += z2 * c[r], d3 += z3 * c[r];
        }
        const vec a[] = {a0, a1, a2, a3}, d[] = {d0, d1, d2, d3};
        memcpy(ret_a + f, a, sizeof a);
        memcpy(ret_d + f, d, sizeof d);
    }
}

/* The same for VECTOR lanes. */
HF_CLONES static void sweep_eight(const double *z, int n_regions, const double *sent, const double *c, double *ret_a, double *ret_d)
{
    for (int f = 0; f < TILE; f += 4) {
        vec a0 = {0}, a1 = {0}, a2 = {0}, a3 = {0}, d0 = {0}, d1 = {0}, d2 = {0}, d3 = {0};
        for (int r = 0; r < n_regions; r++) {
            const double *p = z + (size_t)r * TILE + f;
            vec s = CVEC(sent + (size_t)r * VECTOR), k = CVEC(c + (size_t)r * VECTOR);
            a0 += p[0] * s, a1 += p[1] * s, a2 += p[2] * s, a3 += p[3] * s;
            d0 += p[0] * k, d1 += p[1] * k, d2 += p[2] * k, d3 += p[3] * k;
        }
        const vec a[] = {a0, a1, a2, a3}, d[] = {d0, d1, d2, d3};
        memcpy(ret_a + f * VECTOR, a, sizeof a);
        memcpy(ret_d + f * VECTOR, d, sizeof d);
    }
}

/* The same for 2 VECTOR lanes: a cell of z is taken once for both halves. */
HF_CLONES static void sweep_sixteen(const double *z, int n_regions, const double *sent, const double *c, double *ret_a, double *ret_d)
{
    for (int f = 0; f < TILE; f += 4) {
        vec a0 = {0}, a1 = {0}, a2 = {0}, a3 = {0}, d0 = {0}, d1 = {0}, d2 = {0}, d3 = {0};
        vec e0 = {0}, e1 = {0}, e2 = {0}, e3 = {0}, g0 = {0}, g1 = {0}, g2 = {0}, g3 = {0};
        for (int r = 0; r < n_regions; r++) {
            const double *p = z + (size_t)r * TILE + f, *sp = sent + (size_t)r * 2 * VECTOR, *cp = c + (size_t)r * 2 * VECTOR;
            vec s = CVEC(sp), t = CVEC(sp + VECTOR), k = CVEC(cp), m = CVEC(cp + VECTOR);
            vec z0 = ALL(p[0]), z1 = ALL(p[1]);
            a0 += z0 * s, e0 += z0 * t, d0 += z0 * k, g0 += z0 * m;
            a1 += z1 * s, e1 += z1 * t, d1 += z1 * k, g1 += z1 * m;
            vec z2 = ALL(p[2]), z3 = ALL(p[3]);
            a2 += z2 * s, e2 += z2 * t, d2 += z2 * k, g2 += z2 * m;
            a3 += z3 * s, e3 += z3 * t, d3 += z3 * k, g3 += z3 * m;
        }
        const vec a[] = {a0, e0, a1, e1, a2, e2, a3, e3}, d[] = {d0, g0, d1, g1, d2, g2, d3, g3};
        memcpy(ret_a + f * 2 * VECTOR, a, sizeof a);
        memcpy(ret_d + f * 2 * VECTOR, d, sizeof d);
    }
}

/* The partial sums of one row over the users of a tile; one lane. */
static inline __attribute__((always_inline)) void row_sums(const double *p, const double *ratio, vec *ret)
{
    vec sum = {0};
    for (int f = 0; f < TILE; f += VECTOR) sum += CVEC(p + f) * CVEC(ratio + f);
    *ret = sum;
}

/* orders[r] += sum_f z[r][f] ratio[f]; one lane. */
HF_CLONES static void demand_one(const double *z, int n_regions, const double *ratio, double *orders)
{
    int r = 0;
    for (; r + VECTOR <= n_regions; r += VECTOR) {
        vec rows[VECTOR];
        for (int k = 0; k < VECTOR; k++) row_sums(z + (size_t)(r + k) * TILE, ratio, &rows[k]);
        fold_eight(rows, orders + r);
    }
    for (; r < n_regions; r++) {
        vec sum;
        double part[VECTOR];
        row_sums(z + (size_t)r * TILE, ratio, &sum);
        memcpy(part, &sum, sizeof part);
        orders[r] += fold(part, 1);
    }
}

/* Partial sums of one row for VECTOR lanes at a stride of `lanes`, four of the eight; folded to one. */
static inline __attribute__((always_inline)) void row_quad(const double *p, const double *w, int lanes, vec *ret)
{
    vec s0 = {0}, s1 = {0}, s2 = {0}, s3 = {0};
    for (int f = 0; f < TILE; f += VECTOR, p += VECTOR, w += VECTOR * lanes)
        s0 += p[0] * CVEC(w), s1 += p[1] * CVEC(w + lanes), s2 += p[2] * CVEC(w + 2 * lanes), s3 += p[3] * CVEC(w + 3 * lanes);
    *ret = (s0 + s2) + (s1 + s3);
}

/* The same of four rows at once: each vector of ratios is taken for all of them. */
static inline __attribute__((always_inline)) void rows_quad(const double *p, const double *w, int lanes, size_t ahead, vec *ret)
{
    vec s0 = {0}, s1 = {0}, s2 = {0}, s3 = {0}, t0 = {0}, t1 = {0}, t2 = {0}, t3 = {0};
    vec u0 = {0}, u1 = {0}, u2 = {0}, u3 = {0}, v0 = {0}, v1 = {0}, v2 = {0}, v3 = {0};
    for (int f = 0; f < TILE; f += VECTOR, p += VECTOR, w += VECTOR * lanes) {
        __builtin_prefetch(p + ahead);
        vec w0 = CVEC(w), w1 = CVEC(w + lanes), w2 = CVEC(w + 2 * lanes), w3 = CVEC(w + 3 * lanes);
        s0 += p[0] * w0, t0 += p[TILE] * w0, u0 += p[2 * TILE] * w0, v0 += p[3 * TILE] * w0;
        s1 += p[1] * w1, t1 += p[TILE + 1] * w1, u1 += p[2 * TILE + 1] * w1, v1 += p[3 * TILE + 1] * w1;
        s2 += p[2] * w2, t2 += p[TILE + 2] * w2, u2 += p[2 * TILE + 2] * w2, v2 += p[3 * TILE + 2] * w2;
        s3 += p[3] * w3, t3 += p[TILE + 3] * w3, u3 += p[2 * TILE + 3] * w3, v3 += p[3 * TILE + 3] * w3;
    }
    ret[0] = (s0 + s2) + (s1 + s3), ret[1] = (t0 + t2) + (t1 + t3), ret[2] = (u0 + u2) + (u1 + u3), ret[3] = (v0 + v2) + (v1 + v3);
}

/* The same as demand_one for VECTOR lanes. Meanwhile two of four rows that are `ahead` are fetched. */
HF_CLONES static void demand_lanes(const double *z, int n_regions, int lanes, size_t ahead, const double *ratio, double *orders)
{
    int r = 0;
    for (; r + 4 <= n_regions; r += 4) {
        const double *p = z + (size_t)r * TILE;
        vec low[4], high[4];
        rows_quad(p, ratio, lanes, ahead, low);
        rows_quad(p + 4, ratio + 4 * lanes, lanes, ahead + TILE, high);
        for (int k = 0; k < 4; k++) VEC(orders + (size_t)(r + k) * (size_t)lanes) += low[k] + high[k];
    }
    for (; r < n_regions; r++) {
        const double *p = z + (size_t)r * TILE;
        vec low, high;
        row_quad(p, ratio, lanes, &low);
        row_quad(p + 4, ratio + 4 * lanes, lanes, &high);
        VEC(orders + (size_t)r * (size_t)lanes) += low + high;
    }
}

/* sums[l] += sum over the users of a tile, in the same partial sums. */
HF_CLONES static void tile_sum(const double *values, int lanes, double *sums)
{
    double part[VECTOR * HF_ADAPTIVE_LANES] = {0};
    int width = VECTOR * lanes;
    for (int k = 0; k < TILE * lanes; k += width)
        for (int j = 0; j < width; j += VECTOR) VEC(part + j) += CVEC(values + k + j);
    for (int l = 0; l < lanes; l++) sums[l] += fold(part + l, lanes);
}

typedef struct restock {
    double days, rate; /* s_i, 1 / tau_i */
    const double *share, *inverse, *slack, *slack2; /* [TILE] by user */
    const double *xs, *xos;                         /* [TILE * L] */
    double *w, *ratio, *limit, *limit2;             /* [TILE * L] */
} restock;

/* value where the mask is set, else other. */
#define PICK(mask, value, other) ((vec)(((mask) & (bits)(value)) | (~(mask) & (bits)(other))))

/* Stocks after receiving and using, new orders and the output the stocks allow, of the VECTOR elements from e on (of one user in as many lanes, or
 * of as many users). a: received per W in, used out; d: potential orders. */
static inline __attribute__((always_inline)) void restock_vector(const restock *k, size_t e, const vec *share, const vec *inverse, const vec *slack,
                                                                 const double *a, const double *d, double *used)
{
    const vec zero = {0}, one = ALL(1);
    vec need = *share * CVEC(k->xs + e);
    vec left = (CVEC(k->w + e) + CVEC(k->ratio + e) * CVEC(a + e)) - need;
    vec lacking = PICK(left < zero, left, zero);
    vec stock = left - lacking;
    vec gap = k->days * *share * CVEC(k->xos + e) - stock;
    vec order = need + k->rate * PICK(gap > zero, gap, zero);
    vec potential = CVEC(d + e);
    bits wanted = potential > zero;
    vec ratio = order / PICK(wanted, potential, one);
    vec limit = stock * *inverse + *slack, before = CVEC(k->limit + e);
    VEC(used + e) = need + lacking;
    VEC(k->w + e) = stock;
    VEC(k->ratio + e) = PICK(wanted, ratio, zero);
    VEC(k->limit + e) = PICK(limit < before, limit, before);
}

HF_CLONES static void restock_one(const restock *k, const double *a, const double *d, double *used)
{
    for (size_t f = 0; f < TILE; f += VECTOR)
        restock_vector(k, f, (const vec *)(k->share + f), (const vec *)(k->inverse + f), (const vec *)(k->slack + f), a, d, used);
}

HF_CLONES static void restock_lanes(const restock *k, size_t lanes, const double *a, const double *d, double *used)
{
    for (size_t f = 0; f < TILE; f++) {
        vec share = ALL(k->share[f]), inverse = ALL(k->inverse[f]), slack = ALL(k->slack[f]);
        for (size_t e = f * lanes; e < (f + 1) * lanes; e += VECTOR) restock_vector(k, e, &share, &inverse, &slack, a, d, used);
    }
}

/* Orders again for those to whom goods are under way: these count as stock, or they would be ordered twice. */
static void restock_late(hf_adaptive_worker *worker, int sector, int tile, const restock *k, const double *d)
{
    const hf_adaptive *m = worker->model;
    size_t lanes = (size_t)m->L;
    for (int n = m->inlet_off[sector]; n < m->inlet_off[sector + 1]; n++)
        for (int j = 0; j < m->S && m->inlets[n].last >= m->day; j++) {
            int f = m->user_slot[m->inlets[n].to * m->S + j] - tile * TILE;
            if (f < 0 || f >= TILE) continue;
            for (size_t l = 0, e = (size_t)f * lanes; l < lanes; l++, e++) {
                double gap = k->days * k->share[f] * k->xos[e] - (k->w[e] + hf_adaptive_inlet_sum(m, n, j, (int)l));
                double order = k->share[f] * k->xs[e] + k->rate * (gap > 0 ? gap : 0);
                k->ratio[e] = d[e] > 0 ? order / d[e] : 0;
            }
        }
}

static void restock_important(const restock *k, int lanes)
{
    for (int f = 0; f < TILE; f++)
        for (int e = f * lanes; e < (f + 1) * lanes; e++) {
            double limit = k->w[e] * k->inverse[f] + k->slack2[f];
            if (limit < k->limit2[e]) k->limit2[e] = limit;
        }
}

static void sweep(const hf_adaptive *m, const double *z, const double *sent, const double *c, double *ret_a, double *ret_d)
{
    if (m->L == 1) sweep_one(z, m->R, sent, c, ret_a, ret_d);
    else if (m->L == VECTOR) sweep_eight(z, m->R, sent, c, ret_a, ret_d);
    else sweep_sixteen(z, m->R, sent, c, ret_a, ret_d);
}

static void demand(const hf_adaptive *m, const double *z, const double *ratio, double *orders)
{
    size_t ahead = (size_t)m->R * TILE;
    if (m->L == 1) demand_one(z, m->R, ratio, orders);
    else
        for (int l = 0; l < m->L; l += VECTOR) demand_lanes(z, m->R, m->L, ahead + (l > 0 ? 2 * TILE : 0), ratio + l, orders + l);
}

static void tile_pass(hf_adaptive_worker *worker, int sector, int tile, const double *z, double *stock, double *used)
{
    hf_adaptive *m = worker->model;
    size_t lanes = (size_t)m->L, q = (size_t)sector * (size_t)m->R * lanes, slot = (size_t)tile * TILE;
    size_t by_input = (size_t)sector * (size_t)m->n_slots + slot, level = (size_t)m->tile_level[tile] * (size_t)m->N * lanes;
    restock k = {m->stock_days[sector], 1 / m->restore_days[sector], m->a + by_input, m->inverse + by_input, m->slack + by_input,
                 m->slack2 ? m->slack2 + by_input : NULL, m->xs + slot * lanes, m->xos + slot * lanes, m->w + by_input * lanes,
                 m->ratio + by_input * lanes, worker->limit + slot * lanes, worker->limit2 ? worker->limit2 + slot * lanes : NULL};
    sweep(m, z, m->sent + level + q, m->c + q, worker->a, worker->d);
    if (m->n_links > 0) hf_adaptive_links_tile(worker, sector, tile, z, m->sent + level + q, k.ratio, k.w);
    if (m->L == 1) restock_one(&k, worker->a, worker->d, worker->used);
    else restock_lanes(&k, lanes, worker->a, worker->d, worker->used);
    if (m->n_inlets > 0) restock_late(worker, sector, tile, &k, worker->d);
    if (k.slack2) restock_important(&k, m->L);
    demand(m, z, k.ratio, m->orders + level + q);
    tile_sum(k.w, m->L, stock);
    tile_sum(worker->used, m->L, used);
}

/* What suppliers sent of a product to industries, by lane. */
static void sent_to_industries(const hf_adaptive *m, int sector, double *ret_sent)
{
    size_t lanes = (size_t)m->L, n = (size_t)m->N * lanes, first = (size_t)sector * (size_t)m->R * lanes;
    for (int k = 0; k < m->n_levels; k++)
        for (size_t e = first; e < first + (size_t)m->R * lanes; e++) ret_sent[e % lanes] += m->rho[(size_t)k * n + e] * m->orders[(size_t)k * n + e];
}

/* stock change + change of what is under way = sent - held up - used, as a share of the product's output at rest. */
static void balance(hf_adaptive_worker *worker, int sector, const double *stock, const double *used, const double *sent)
{
    hf_adaptive *m = worker->model;
    size_t lanes = (size_t)m->L, first = (size_t)sector * (size_t)m->R;
    double output = 0;
    for (size_t q = first; q < first + (size_t)m->R; q++) output += m->x0[q];
    for (size_t l = 0; l < lanes; l++) {
        double held = 0;
        for (size_t q = first; q < first + (size_t)m->R; q++) held += m->back[q * lanes + l];
        double *before = &m->stock_sum[(size_t)sector * lanes + l], *worst = &m->worst[(size_t)sector * lanes + l];
        double residual = (stock[l] - *before) + worker->under[l] - (sent[l] - held - used[l]);
        if (residual < 0) residual = -residual;
        if (output > 0) residual /= output;
        if (!(residual <= *worst)) *worst = residual;
        *before = stock[l];
    }
}

static void orders_clear(hf_adaptive *m, int sector)
{
    size_t n = (size_t)m->R * (size_t)m->L;
    for (int k = 0; k < m->n_levels; k++) memset(m->orders + ((size_t)k * (size_t)m->N + (size_t)sector * (size_t)m->R) * (size_t)m->L, 0, n * sizeof(double));
}

/* Sellers see their share c of what is ordered from the product. */
static void orders_share(hf_adaptive *m, int sector)
{
    size_t lanes = (size_t)m->L, first = (size_t)sector * (size_t)m->R * lanes;
    for (int k = 0; k < m->n_levels; k++)
        for (size_t e = first; e < first + (size_t)m->R * lanes; e++) m->orders[(size_t)k * (size_t)m->N * lanes + e] *= m->c[e];
}

static void product_pass(hf_adaptive_worker *worker, int sector)
{
    hf_adaptive *m = worker->model;
    double stock[HF_ADAPTIVE_LANES] = {0}, used[HF_ADAPTIVE_LANES] = {0}, sent[HF_ADAPTIVE_LANES] = {0};
    size_t block = (size_t)m->R * TILE;
    memset(worker->under, 0, sizeof worker->under);
    sent_to_industries(m, sector, sent);
    orders_clear(m, sector);
    for (int tile = 0; tile < m->n_tiles; tile++)
        tile_pass(worker, sector, tile, m->z + ((size_t)sector * (size_t)m->n_tiles + (size_t)tile) * block, stock, used);
    orders_share(m, sector);
    balance(worker, sector, stock, used, sent);
}

void hf_adaptive_pass(hf_adaptive_worker *worker)
{
    size_t n = (size_t)worker->model->n_slots * (size_t)worker->model->L;
    for (size_t e = 0; e < n; e++) worker->limit[e] = 1e300;
    if (worker->limit2)
        for (size_t e = 0; e < n; e++) worker->limit2[e] = 1e300;
    for (int sector = worker->first; sector < worker->last; sector++) product_pass(worker, sector);
}

void hf_adaptive_pass_orders(hf_adaptive_worker *worker)
{
    hf_adaptive *m = worker->model;
    size_t block = (size_t)m->R * TILE, lanes = (size_t)m->L;
    for (int sector = worker->first; sector < worker->last; sector++) {
        orders_clear(m, sector);
        for (int tile = 0; tile < m->n_tiles; tile++) {
            size_t at = (size_t)sector * (size_t)m->n_tiles + (size_t)tile;
            size_t level = (size_t)m->tile_level[tile] * (size_t)m->N;
            demand(m, m->z + at * block, m->ratio + at * TILE * lanes, m->orders + (level + (size_t)sector * (size_t)m->R) * lanes);
        }
        orders_share(m, sector);
    }
}
