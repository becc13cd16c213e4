#include "model/economy/systemic_risk.h"

#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "base/parallel.h"

/* The inner loop is compiled for several vector widths and the machine picks one; all give the same bits (no fused operations). */
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define CLONES __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define CLONES
#endif

/* Scenarios that travel together. All state is losses, 1 - d and 1 - u, so that nothing is lost exactly where nothing is hit. */
enum { LANES = 8 };
typedef double lanes __attribute__((vector_size(8 * LANES), aligned(8)));
typedef int64_t mask __attribute__((vector_size(8 * LANES), aligned(8)));

/* What can limit a firm: for each firm some segments of links, for each segment the sum of weight times loss of the other end. */
typedef struct limits {
    size_t *firm;    /* [n + 1] first segment of each */
    size_t *segment; /* [segments + 1] first link of each */
    int32_t *from;   /* [links] */
    double *weight;  /* [links] */
} limits;

struct hf_systemic {
    int n, n_products;
    hf_systemic_options options;
    int *product;
    double *r;      /* [n] */
    double total_r;
    limits down, up;
};

hf_systemic_options hf_systemic_options_default(void)
{
    return (hf_systemic_options){
        .downstream = true, .upstream = true, .final_demand = true, .tolerance = 1e-10, .max_steps = 10000, .threads = 1};
}

void hf_systemic_classes_default(int n_products, const bool *lifeline, unsigned char *ret_classes)
{
    for (int k = 0; k < n_products; k++)
        for (int p = 0; p < n_products; p++) ret_classes[k * n_products + p] = lifeline[k] || k == p ? HF_INPUT_ESSENTIAL : HF_INPUT_LINEAR;
}

const double *hf_systemic_output(const hf_systemic *model)
{
    return model->r;
}

static void limits_done(limits *l)
{
    hf_free(l->firm);
    hf_free(l->segment);
    hf_free(l->from);
    hf_free(l->weight);
}

void hf_systemic_free(hf_systemic *model)
{
    if (!model) return;
    hf_free(model->product);
    hf_free(model->r);
    limits_done(&model->down);
    limits_done(&model->up);
    hf_free(model);
}

/* ---- building ---- */

static hf_err input_check(const hf_systemic_input *in, const hf_systemic_options *o, hf_diag *diag)
{
    hf_err err = HF_OK;
#define REFUSE(...) (hf_diag_add(diag, HF_ERROR, HF_E_RANGE, NULL, 0, 0, __VA_ARGS__), err = HF_E_RANGE)
    if (in->n < 1 || in->n_products < 1 || in->w->n_rows != in->n || in->w->n_columns != in->n) {
        REFUSE("%d firms, %d products, flows %d x %d: at least 1 each, and a square matrix", in->n, in->n_products, in->w->n_rows,
               in->w->n_columns);
        return err;
    }
    if (!o->downstream && !o->upstream) REFUSE("neither downstream nor upstream: at least one is needed");
    if (!(o->tolerance > 0 && o->tolerance < 1)) REFUSE("tolerance %g: must be above 0 and below 1", o->tolerance);
    if (o->max_steps < 1 || o->threads < 1) REFUSE("%d steps, %d threads: at least 1 each", o->max_steps, o->threads);
    for (int i = 0; i < in->n; i++) {
        if (in->product[i] < 0 || in->product[i] >= in->n_products)
            REFUSE("product of firm %d is %d: must be 0 to %d", i + 1, in->product[i], in->n_products - 1);
        if (in->final_demand && !(in->final_demand[i] >= 0 && isfinite(in->final_demand[i])))
            REFUSE("final demand of firm %d is %g: must be a number from 0 on", i + 1, in->final_demand[i]);
        for (size_t k = in->w->start[i]; k < in->w->start[i + 1]; k++)
            if (!(in->w->value[k] >= 0 && isfinite(in->w->value[k])))
                REFUSE("flow from firm %d to firm %d is %g: must be a number from 0 on", i + 1, in->w->column[k] + 1, in->w->value[k]);
    }
    for (size_t k = 0; in->classes && k < (size_t)in->n_products * (size_t)in->n_products; k++)
        if (in->classes[k] > HF_INPUT_ESSENTIAL)
            REFUSE("class of product %zu for product %zu is %d: must be 0, 1 or 2", k / (size_t)in->n_products, k % (size_t)in->n_products,
                   in->classes[k]);
#undef REFUSE
    return err;
}

static hf_err limits_new(limits *l, size_t n, size_t segments, size_t links)
{
    l->firm = hf_calloc(n + 1, sizeof *l->firm);
    l->segment = hf_calloc(segments + 1, sizeof *l->segment);
    l->from = hf_calloc(links, sizeof *l->from);
    l->weight = hf_calloc(links, sizeof *l->weight);
    return l->firm && l->segment && l->from && l->weight ? HF_OK : HF_E_NOMEM;
}

/* A seller loses what its customers lose: one segment each, weights W_ij / r_i. */
static hf_err build_up(hf_systemic *m, const hf_csr *w)
{
    size_t n = (size_t)m->n;
    hf_err err = limits_new(&m->up, n, n, w->start[n]);
    if (err != HF_OK) return err;
    memcpy(m->up.segment, w->start, (n + 1) * sizeof *w->start);
    for (size_t i = 0; i <= n; i++) m->up.firm[i] = i;
    for (size_t i = 0; i < n; i++)
        for (size_t k = w->start[i]; k < w->start[i + 1]; k++) {
            m->up.from[k] = w->column[k];
            m->up.weight[k] = m->r[i] > 0 ? w->value[k] / m->r[i] : 0;
        }
    return HF_OK;
}

/* Links by customer, and for each customer by product of the supplier, then by supplier. */
typedef struct purchases {
    size_t *start;   /* [n + 1] */
    int32_t *seller; /* [links] */
    double *value;   /* [links] */
    size_t *fill;    /* [max(n, P) + 1] */
    int32_t *order;  /* [n] suppliers by product */
} purchases;

static void purchases_done(purchases *p)
{
    hf_free(p->start);
    hf_free(p->seller);
    hf_free(p->value);
    hf_free(p->fill);
    hf_free(p->order);
}

static hf_err purchases_init(purchases *p, const hf_systemic *m, const hf_csr *w)
{
    size_t n = (size_t)m->n, links = w->start[n], products = (size_t)m->n_products;
    p->start = hf_calloc(n + 1, sizeof *p->start);
    p->seller = hf_calloc(links, sizeof *p->seller);
    p->value = hf_calloc(links, sizeof *p->value);
    p->fill = hf_calloc((n > products ? n : products) + 1, sizeof *p->fill);
    p->order = hf_calloc(n, sizeof *p->order);
    if (!p->start || !p->seller || !p->value || !p->fill || !p->order) return HF_E_NOMEM;
    for (size_t i = 0; i < n; i++) p->fill[m->product[i] + 1]++;
    for (size_t k = 0; k < products; k++) p->fill[k + 1] += p->fill[k];
    for (size_t i = 0; i < n; i++) p->order[p->fill[m->product[i]]++] = (int32_t)i;
    for (size_t k = 0; k < links; k++) p->start[w->column[k] + 1]++;
    for (size_t j = 0; j < n; j++) p->start[j + 1] += p->start[j];
    memcpy(p->fill, p->start, (n + 1) * sizeof *p->fill);
    for (size_t q = 0; q < n; q++) {
        size_t i = (size_t)p->order[q];
        for (size_t k = w->start[i]; k < w->start[i + 1]; k++) {
            size_t at = p->fill[w->column[k]]++;
            p->seller[at] = (int32_t)i;
            p->value[at] = w->value[k];
        }
    }
    return HF_OK;
}

/* Appends the links first .. last-1 of a customer as (part of) a segment, with weights W_ij / whole. */
static void links_add(limits *l, size_t *links, const purchases *p, size_t first, size_t last, double whole)
{
    for (size_t k = first; k < last; k++) {
        l->from[*links] = p->seller[k];
        l->weight[(*links)++] = whole > 0 ? p->value[k] / whole : 0;
    }
}

static double value_sum(const purchases *p, size_t first, size_t last)
{
    double sum = 0;
    for (size_t k = first; k < last; k++) sum += p->value[k];
    return sum;
}

static size_t product_end(const hf_systemic *m, const purchases *p, size_t first, size_t last)
{
    size_t k = first + 1;
    while (k < last && m->product[p->seller[k]] == m->product[p->seller[first]]) k++;
    return k;
}

/* A segment for each essential product of a customer and one for all that is linear. */
static void customer_build(hf_systemic *m, const purchases *p, const unsigned char *classes, size_t j, size_t *segments, size_t *links)
{
    limits *l = &m->down;
    size_t first = p->start[j], last = p->start[j + 1], end, before;
    double all = value_sum(p, first, last);
    for (int wanted = HF_INPUT_ESSENTIAL; wanted >= HF_INPUT_LINEAR; wanted--) {
        before = *links;
        for (size_t k = first; k < last; k = end) {
            end = product_end(m, p, k, last);
            int class = classes ? classes[m->product[p->seller[k]] * m->n_products + m->product[j]] : HF_INPUT_ESSENTIAL;
            if (class != wanted) continue;
            links_add(l, links, p, k, end, wanted == HF_INPUT_LINEAR ? all : value_sum(p, k, end));
            if (wanted == HF_INPUT_ESSENTIAL) l->segment[++*segments] = *links;
        }
        if (wanted == HF_INPUT_LINEAR && *links > before) l->segment[++*segments] = *links;
    }
    l->firm[j + 1] = *segments;
}

static hf_err build_down(hf_systemic *m, const hf_csr *w, const unsigned char *classes)
{
    hf_err err = HF_OK;
    size_t n = (size_t)m->n, links = 0, segments = 0;
    purchases p = {0};
    HF_TRY(purchases_init(&p, m, w));
    /* No customer has more segments than links. */
    HF_TRY(limits_new(&m->down, n, w->start[n], w->start[n]));
    for (size_t j = 0; j < n; j++) customer_build(m, &p, classes, j, &segments, &links);
out:
    purchases_done(&p);
    return err;
}

hf_err hf_systemic_new(const hf_systemic_input *input, const hf_systemic_options *options, hf_diag *diag, hf_systemic **ret_model)
{
    hf_err err = input_check(input, options, diag);
    if (err != HF_OK) return err;
    size_t n = (size_t)input->n;
    hf_systemic *m = hf_calloc(1, sizeof *m);
    if (!m) return HF_E_NOMEM;
    m->n = input->n;
    m->n_products = input->n_products;
    m->options = *options;
    m->product = hf_calloc(n, sizeof *m->product);
    m->r = hf_calloc(n, sizeof *m->r);
    if (!m->product || !m->r) HF_TRY(HF_E_NOMEM);
    memcpy(m->product, input->product, n * sizeof *m->product);
    for (size_t i = 0; i < n; i++) {
        for (size_t k = input->w->start[i]; k < input->w->start[i + 1]; k++) m->r[i] += input->w->value[k];
        if (options->final_demand && input->final_demand) m->r[i] += input->final_demand[i];
        m->total_r += m->r[i];
    }
    if (options->upstream) HF_TRY(build_up(m, input->w));
    if (options->downstream) HF_TRY(build_down(m, input->w, input->classes));
    *ret_model = m;
    m = NULL;
out:
    hf_systemic_free(m);
    return err;
}

hf_err hf_systemic_new_of_table(const hf_io_table *table, const unsigned char *classes, const hf_systemic_options *options, hf_diag *diag,
                                hf_systemic **ret_model)
{
    hf_err err = HF_OK;
    int n = table->n_industries;
    hf_csr w = {0};
    int *product = hf_calloc((size_t)n, sizeof *product);
    double *y = hf_calloc((size_t)n, sizeof *y);
    if (!product || !y) HF_TRY(HF_E_NOMEM);
    for (int i = 0; i < n; i++) product[i] = i % table->n_sectors;
    hf_io_demand(table, y);
    HF_TRY(hf_csr_init(&w, n, n, table->z));
    hf_systemic_input input = {n, table->n_sectors, product, &w, y, classes};
    HF_TRY(hf_systemic_new(&input, options, diag, ret_model));
out:
    hf_csr_done(&w);
    hf_free(product);
    hf_free(y);
    return err;
}

/* ---- a block of scenarios ---- */

/* What a worker needs: all by firm, LANES scenarios each. */
typedef struct block {
    lanes *closed;     /* [n] 1 - psi */
    lanes *loss;       /* [n] of the present step */
    lanes *pressure;   /* [n] what each passes on: sigma times loss, or loss */
    lanes *down, *up;  /* [n] losses at the end */
    lanes *market;     /* [P] what is left of each market */
    int steps[LANES];
    bool failed[LANES];
} block;

static void block_done(block *b)
{
    hf_free(b->closed);
    hf_free(b->loss);
    hf_free(b->pressure);
    hf_free(b->down);
    hf_free(b->up);
    hf_free(b->market);
}

static hf_err block_init(block *b, const hf_systemic *m)
{
    size_t n = (size_t)m->n;
    b->closed = hf_calloc(n, sizeof *b->closed);
    b->loss = hf_calloc(n, sizeof *b->loss);
    b->pressure = hf_calloc(n, sizeof *b->pressure);
    b->down = hf_calloc(n, sizeof *b->down);
    b->up = hf_calloc(n, sizeof *b->up);
    b->market = hf_calloc((size_t)m->n_products, sizeof *b->market);
    return b->closed && b->loss && b->pressure && b->down && b->up && b->market ? HF_OK : HF_E_NOMEM;
}

/* *most = max(*most, *value) */
static inline __attribute__((always_inline)) void lanes_raise(lanes *most, const lanes *value)
{
    mask m = *value > *most;
    *most = (lanes)(((mask)*value & m) | ((mask)*most & ~m));
}

/* loss of all firms from the pressure of all; the largest change of each lane into *change. */
CLONES
static void step_run(const limits *l, size_t n, const lanes *closed, const lanes *pressure, lanes *loss, lanes *change)
{
    lanes most = {0};
    const lanes less_one = {-1, -1, -1, -1, -1, -1, -1, -1};
    for (size_t i = 0; i < n; i++) {
        lanes worst = closed[i];
        for (size_t s = l->firm[i]; s < l->firm[i + 1]; s++) {
            lanes sum = {0};
            for (size_t k = l->segment[s]; k < l->segment[s + 1]; k++) sum += l->weight[k] * pressure[l->from[k]];
            lanes_raise(&worst, &sum);
        }
        /* at most 1 */
        worst = -worst;
        lanes_raise(&worst, &less_one);
        worst = -worst;
        lanes rise = worst - loss[i];
        lanes_raise(&most, &rise);
        loss[i] = worst;
    }
    *change = most;
}

/* pressure_i = sigma_i loss_i, sigma_i = min(r_i / what is left of the market, 1) */
static void pressure_down(const hf_systemic *m, block *b)
{
    const lanes one = {1, 1, 1, 1, 1, 1, 1, 1};
    memset(b->market, 0, (size_t)m->n_products * sizeof *b->market);
    for (int i = 0; i < m->n; i++) b->market[m->product[i]] += m->r[i] * (one - b->loss[i]);
    for (int i = 0; i < m->n; i++) {
        lanes left = b->market[m->product[i]];
        for (int q = 0; q < LANES; q++) {
            double sigma = left[q] > m->r[i] ? m->r[i] / left[q] : 1;
            b->pressure[i][q] = sigma * b->loss[i][q];
        }
    }
}

/* Iterates one way until every lane has settled; a lane's losses are taken when it has, whatever the others still do. */
static void way_run(const hf_systemic *m, block *b, bool down)
{
    const limits *l = down ? &m->down : &m->up;
    lanes *ret = down ? b->down : b->up;
    size_t n = (size_t)m->n;
    bool settled[LANES] = {false};
    int open = LANES;
    memcpy(b->loss, b->closed, n * sizeof *b->loss);
    for (int step = 1; open > 0 && step <= m->options.max_steps; step++) {
        lanes change;
        if (down) pressure_down(m, b);
        else memcpy(b->pressure, b->loss, n * sizeof *b->loss);
        step_run(l, n, b->closed, b->pressure, b->loss, &change);
        for (int q = 0; q < LANES; q++) {
            if (settled[q] || change[q] > m->options.tolerance) continue;
            settled[q] = true;
            open--;
            if (step > b->steps[q]) b->steps[q] = step;
            for (size_t i = 0; i < n; i++) ret[i][q] = b->loss[i][q];
        }
    }
    for (int q = 0; q < LANES; q++) b->failed[q] = b->failed[q] || !settled[q];
}

static void block_run(const hf_systemic *m, block *b)
{
    memset(b->steps, 0, sizeof b->steps);
    memset(b->failed, 0, sizeof b->failed);
    if (m->options.downstream) way_run(m, b, true);
    if (m->options.upstream) way_run(m, b, false);
}

/* The result of a lane; loss [n] may be NULL, lost [n_groups] by group [n] too. */
static hf_err lane_result(const hf_systemic *m, const block *b, int q, hf_systemic_result *ret, double *loss, const int *group, double *lost)
{
    hf_systemic_result r = {.steps = b->steps[q]};
    for (int i = 0; i < m->n; i++) {
        double down = b->down[i][q], up = b->up[i][q], most = down > up ? down : up;
        r.down += m->r[i] * down;
        r.up += m->r[i] * up;
        r.index += m->r[i] * most;
        if (loss) loss[i] = most;
        if (lost) lost[group[i]] += m->r[i] * most;
    }
    if (m->total_r > 0) {
        r.down /= m->total_r;
        r.up /= m->total_r;
        r.index /= m->total_r;
    }
    *ret = r;
    return b->failed[q] ? HF_E_NO_CONVERGENCE : HF_OK;
}

hf_err hf_systemic_run(const hf_systemic *model, const double *closed, hf_systemic_result *ret_result, double *ret_loss)
{
    hf_err err = HF_OK;
    block b = {0};
    hf_systemic_result result;
    for (int i = 0; i < model->n; i++)
        if (!(closed[i] >= 0 && closed[i] <= 1)) return HF_E_RANGE;
    HF_TRY(block_init(&b, model));
    for (int i = 0; i < model->n; i++) b.closed[i][0] = closed[i];
    block_run(model, &b);
    HF_TRY(lane_result(model, &b, 0, &result, ret_loss, NULL, NULL));
    *ret_result = result;
out:
    block_done(&b);
    return err;
}

/* ---- all units ---- */

typedef struct sweep {
    const hf_systemic *m;
    double share;
    const int *unit, *group;
    int n_units, n_groups;
    hf_systemic_result *results;
    double *lost;
    block *blocks; /* [threads] */
} sweep;

static hf_err sweep_piece(void *context, int worker, long first, long last)
{
    const sweep *s = context;
    const hf_systemic *m = s->m;
    block *b = &s->blocks[worker];
    memset(b->closed, 0, (size_t)m->n * sizeof *b->closed);
    for (int i = 0; i < m->n; i++) {
        int unit = s->unit ? s->unit[i] : i;
        if (unit >= first && unit < last) b->closed[i][unit - first] = s->share;
    }
    block_run(m, b);
    for (long u = first; u < last; u++) {
        double *lost = s->lost ? s->lost + (size_t)u * (size_t)s->n_groups : NULL;
        if (lost) memset(lost, 0, (size_t)s->n_groups * sizeof *lost);
        hf_err err = lane_result(m, b, (int)(u - first), &s->results[u], NULL, s->group, lost);
        if (err != HF_OK) return err;
    }
    return HF_OK;
}

static hf_err sweep_check(const sweep *s)
{
    if (!(s->share >= 0 && s->share <= 1) || s->n_units < 1 || (!s->unit && s->n_units != s->m->n)) return HF_E_RANGE;
    if (s->lost && (!s->group || s->n_groups < 1)) return HF_E_RANGE;
    for (int i = 0; i < s->m->n; i++) {
        if (s->unit && (s->unit[i] < -1 || s->unit[i] >= s->n_units)) return HF_E_RANGE;
        if (s->lost && (s->group[i] < 0 || s->group[i] >= s->n_groups)) return HF_E_RANGE;
    }
    return HF_OK;
}

hf_err hf_systemic_sweep(const hf_systemic *model, double share, const int *unit, int n_units, const int *group, int n_groups,
                         hf_systemic_result *ret_results, double *ret_lost)
{
    sweep s = {model, share, unit, group, n_units, n_groups, ret_results, ret_lost, NULL};
    hf_err err = sweep_check(&s);
    if (err != HF_OK) return err;
    int threads = model->options.threads, pieces = (n_units + LANES - 1) / LANES;
    if (threads > pieces) threads = pieces;
    s.blocks = hf_calloc((size_t)threads, sizeof *s.blocks);
    if (!s.blocks) return HF_E_NOMEM;
    for (int t = 0; t < threads; t++) HF_TRY(block_init(&s.blocks[t], model));
    HF_TRY(hf_parallel_for(n_units, LANES, threads, sweep_piece, &s, NULL, NULL));
out:
    for (int t = 0; t < threads; t++) block_done(&s.blocks[t]);
    hf_free(s.blocks);
    return err;
}
