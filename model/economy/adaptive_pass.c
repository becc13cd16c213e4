/* The pass over the table. For each product and each tile of users: what was received and what could be ordered (first sweep), stocks and
 * new orders (by user), demand on the suppliers (second sweep, from the cache). The table is read from memory once a day for all lanes.
 *
 * Sums over users run in HF_ADAPTIVE_VECTOR partial sums by slot, folded once per tile, tiles in order; sums over regions of supply run in
 * order. Both are the same with one lane (vectors over users) and with many (vectors over lanes), so all give the same bits. */
#include <string.h>

#include "model/economy/adaptive_state.h"

#if defined(__x86_64__) && defined(__GLIBC__) && defined(__GNUC__) && !defined(__clang__)
#define HF_CLONES __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define HF_CLONES
#endif

enum { TILE = HF_ADAPTIVE_TILE, VECTOR = HF_ADAPTIVE_VECTOR };

typedef double vec __attribute__((vector_size(sizeof(double) * HF_ADAPTIVE_VECTOR), aligned(8), may_alias));

#define VEC(pointer) (*(vec *)(pointer))
#define CVEC(pointer) (*(const vec *)(pointer))

static inline double fold(const double *p, int stride)
{
    return ((p[0] + p[4 * stride]) + (p[2 * stride] + p[6 * stride])) + ((p[stride] + p[5 * stride]) + (p[3 * stride] + p[7 * stride]));
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
        VEC(ret_a + f) = a0, VEC(ret_a + f + VECTOR) = a1, VEC(ret_a + f + 2 * VECTOR) = a2, VEC(ret_a + f + 3 * VECTOR) = a3;
        VEC(ret_d + f) = d0, VEC(ret_d + f + VECTOR) = d1, VEC(ret_d + f + 2 * VECTOR) = d2, VEC(ret_d + f + 3 * VECTOR) = d3;
    }
}

/* The same for VECTOR lanes at a stride of `lanes`. */
HF_CLONES static void sweep_lanes(const double *z, int n_regions, int lanes, const double *sent, const double *c, double *ret_a, double *ret_d)
{
    for (int f = 0; f < TILE; f += 4) {
        vec a0 = {0}, a1 = {0}, a2 = {0}, a3 = {0}, d0 = {0}, d1 = {0}, d2 = {0}, d3 = {0};
        for (int r = 0; r < n_regions; r++) {
            const double *p = z + (size_t)r * TILE + f;
            vec s = CVEC(sent + (size_t)r * (size_t)lanes), k = CVEC(c + (size_t)r * (size_t)lanes);
            a0 += p[0] * s, a1 += p[1] * s, a2 += p[2] * s, a3 += p[3] * s;
            d0 += p[0] * k, d1 += p[1] * k, d2 += p[2] * k, d3 += p[3] * k;
        }
        double *a = ret_a + (size_t)f * (size_t)lanes, *d = ret_d + (size_t)f * (size_t)lanes;
        VEC(a) = a0, VEC(a + lanes) = a1, VEC(a + 2 * lanes) = a2, VEC(a + 3 * lanes) = a3;
        VEC(d) = d0, VEC(d + lanes) = d1, VEC(d + 2 * lanes) = d2, VEC(d + 3 * lanes) = d3;
    }
}

/* orders[r] += sum_f z[r][f] ratio[f]; one lane. */
HF_CLONES static void demand_one(const double *z, int n_regions, const double *ratio, double *orders)
{
    for (int r = 0; r < n_regions; r++) {
        const double *p = z + (size_t)r * TILE;
        vec sum = {0};
        for (int f = 0; f < TILE; f += VECTOR) sum += CVEC(p + f) * CVEC(ratio + f);
        double part[VECTOR];
        memcpy(part, &sum, sizeof part);
        orders[r] += fold(part, 1);
    }
}

/* The same for VECTOR lanes. */
HF_CLONES static void demand_lanes(const double *z, int n_regions, int lanes, const double *ratio, double *orders)
{
    for (int r = 0; r < n_regions; r++) {
        const double *p = z + (size_t)r * TILE, *w = ratio;
        vec s0 = {0}, s1 = {0}, s2 = {0}, s3 = {0}, s4 = {0}, s5 = {0}, s6 = {0}, s7 = {0};
        for (int f = 0; f < TILE; f += VECTOR, p += VECTOR, w += VECTOR * lanes) {
            s0 += p[0] * CVEC(w), s1 += p[1] * CVEC(w + lanes), s2 += p[2] * CVEC(w + 2 * lanes), s3 += p[3] * CVEC(w + 3 * lanes);
            s4 += p[4] * CVEC(w + 4 * lanes), s5 += p[5] * CVEC(w + 5 * lanes);
            s6 += p[6] * CVEC(w + 6 * lanes), s7 += p[7] * CVEC(w + 7 * lanes);
        }
        VEC(orders + (size_t)r * (size_t)lanes) += ((s0 + s4) + (s2 + s6)) + ((s1 + s5) + (s3 + s7));
    }
}

/* sums[l] += sum over the users of a tile, in the same partial sums. */
static void tile_sum(const double *values, int lanes, double *sums)
{
    double part[VECTOR * HF_ADAPTIVE_LANES] = {0};
    int width = VECTOR * lanes;
    for (int k = 0; k < TILE * lanes; k += width)
        for (int j = 0; j < width; j++) part[j] += values[k + j];
    for (int l = 0; l < lanes; l++) sums[l] += fold(part + l, lanes);
}

typedef struct restock {
    double days, rate; /* s_i, 1 / tau_i */
    const double *share, *inverse, *slack, *slack2; /* [TILE] by user */
    const double *xs, *xos;                         /* [TILE * L] */
    double *w, *ratio, *limit, *limit2;             /* [TILE * L] */
} restock;

/* Stocks after receiving and using, new orders and the output the stocks allow. a: received per W in, used out; d: potential orders. */
static inline __attribute__((always_inline)) void restock_users(const restock *k, const double *a, const double *d, double *used, int lanes)
{
    for (int f = 0; f < TILE; f++) {
        double share = k->share[f], inverse = k->inverse[f], slack = k->slack[f], days = k->days, rate = k->rate;
        for (int e = f * lanes; e < (f + 1) * lanes; e++) {
            double need = share * k->xs[e];
            double left = (k->w[e] + k->ratio[e] * a[e]) - need;
            double lacking = left < 0 ? left : 0;
            double stock = left - lacking;
            double gap = days * share * k->xos[e] - stock;
            double order = need + rate * (gap > 0 ? gap : 0);
            double some = d[e] > 0 ? d[e] : 1;
            double ratio = order / some;
            double limit = stock * inverse + slack;
            used[e] = need + lacking;
            k->w[e] = stock;
            k->ratio[e] = d[e] > 0 ? ratio : 0;
            k->limit[e] = limit < k->limit[e] ? limit : k->limit[e];
        }
    }
}

HF_CLONES static void restock_one(const restock *k, const double *a, const double *d, double *used)
{
    restock_users(k, a, d, used, 1);
}

HF_CLONES static void restock_eight(const restock *k, const double *a, const double *d, double *used)
{
    restock_users(k, a, d, used, VECTOR);
}

HF_CLONES static void restock_sixteen(const restock *k, const double *a, const double *d, double *used)
{
    restock_users(k, a, d, used, 2 * VECTOR);
}

/* Orders again for those to whom goods are under way: these count as stock, or they would be ordered twice. */
static void restock_late(hf_adaptive_worker *worker, int sector, int tile, const restock *k, const double *d)
{
    const hf_adaptive *m = worker->model;
    size_t lanes = (size_t)m->L;
    for (int n = m->inlet_off[sector]; n < m->inlet_off[sector + 1]; n++)
        for (int j = 0; j < m->S; j++) {
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
    else
        for (int l = 0; l < m->L; l += VECTOR) sweep_lanes(z, m->R, m->L, sent + l, c + l, ret_a + l, ret_d + l);
}

static void demand(const hf_adaptive *m, const double *z, const double *ratio, double *orders)
{
    if (m->L == 1) demand_one(z, m->R, ratio, orders);
    else
        for (int l = 0; l < m->L; l += VECTOR) demand_lanes(z, m->R, m->L, ratio + l, orders + l);
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
    else if (m->L == VECTOR) restock_eight(&k, worker->a, worker->d, worker->used);
    else restock_sixteen(&k, worker->a, worker->d, worker->used);
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
