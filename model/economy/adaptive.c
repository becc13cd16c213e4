#include "model/economy/adaptive.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "base/alloc.h"
#include "model/economy/adaptive_state.h"

enum { TILE = HF_ADAPTIVE_TILE };

static const double DAYS_A_YEAR = 365;
static const double NEVER = 1e300; /* a limit that does not limit */

hf_adaptive_options hf_adaptive_options_default(void)
{
    return (hf_adaptive_options){
        .psi = 0.8, .alpha_max = 1.25, .alpha_days = 365, .stock_days = 90, .restore_days = 60, .capital_ratio = 4, .relevance = 1e-5,
        .switching = 1, .production = HF_PRODUCTION_LEONTIEF, .rationing = HF_RATIONING_PROPORTIONAL, .rebuild_days = 60, .threads = 1,
    };
}

double *hf_adaptive_doubles(hf_arena *arena, size_t count)
{
    enum { LINE = 64 };
    if (count > SIZE_MAX / sizeof(double) - LINE) return NULL;
    char *block = hf_arena_alloc(arena, count * sizeof(double) + LINE);
    if (!block) return NULL;
    block += (LINE - (uintptr_t)block % LINE) % LINE;
    hf_large_pages(block, count * sizeof(double));
    memset(block, 0, count * sizeof(double));
    return (double *)(void *)block;
}

/* ---- levels, slots, tiles ---- */

static int buyer_level(const hf_adaptive_input *in, const hf_adaptive_options *options, int industry)
{
    return options->rationing == HF_RATIONING_PRIORITY && in->priority ? in->priority[industry] : 0;
}

static void levels_count(hf_adaptive *m, const hf_adaptive_input *in)
{
    const hf_adaptive_options *o = &m->options;
    m->final_level = o->rationing == HF_RATIONING_PRIORITY ? o->final_level : o->rationing == HF_RATIONING_INDUSTRY_FIRST;
    m->rebuild_level = o->rationing == HF_RATIONING_PRIORITY ? o->rebuild_level : m->final_level;
    m->n_levels = 1 + (m->final_level > m->rebuild_level ? m->final_level : m->rebuild_level);
    for (int f = 0; f < m->N; f++)
        if (buyer_level(in, o, f) >= m->n_levels) m->n_levels = buyer_level(in, o, f) + 1;
}

static hf_err slots_fill(hf_adaptive *m, const hf_adaptive_input *in)
{
    int count[HF_ADAPTIVE_LEVELS] = {0}, next[HF_ADAPTIVE_LEVELS];
    for (int f = 0; f < m->N; f++) count[buyer_level(in, &m->options, f)]++;
    for (int k = 0; k < m->n_levels; k++) {
        next[k] = m->n_tiles * TILE;
        m->n_tiles += (count[k] + TILE - 1) / TILE;
    }
    m->n_slots = m->n_tiles * TILE;
    m->slot_user = hf_arena_alloc(&m->arena, (size_t)m->n_slots * sizeof(int));
    m->slot_q = hf_arena_alloc(&m->arena, (size_t)m->n_slots * sizeof(int));
    m->user_slot = hf_arena_alloc(&m->arena, (size_t)m->N * sizeof(int));
    m->tile_level = hf_arena_calloc(&m->arena, (size_t)m->n_tiles, sizeof(int));
    m->first_tile = hf_arena_alloc(&m->arena, (size_t)m->R * sizeof(int));
    m->last_tile = hf_arena_calloc(&m->arena, (size_t)m->R, sizeof(int));
    if (!m->slot_user || !m->slot_q || !m->user_slot || !m->tile_level || !m->first_tile || !m->last_tile) return HF_E_NOMEM;
    for (int r = 0; r < m->R; r++) m->first_tile[r] = m->n_tiles;
    for (int p = 0; p < m->n_slots; p++) m->slot_user[p] = m->slot_q[p] = -1;
    for (int f = 0; f < m->N; f++) {
        int k = buyer_level(in, &m->options, f), p = next[k]++;
        m->slot_user[p] = f;
        m->slot_q[p] = f % m->S * m->R + f / m->S;
        m->user_slot[f] = p;
        m->tile_level[p / TILE] = k;
        if (p / TILE < m->first_tile[f / m->S]) m->first_tile[f / m->S] = p / TILE;
        if (p / TILE > m->last_tile[f / m->S]) m->last_tile[f / m->S] = p / TILE;
    }
    return HF_OK;
}

/* ---- the table ---- */

static void table_pack(hf_adaptive *m, const hf_adaptive_input *in)
{
    double *to = m->z;
    for (int i = 0; i < m->S; i++)
        for (int tile = 0; tile < m->n_tiles; tile++)
            for (int r = 0; r < m->R; r++) {
                const double *row = in->z + (size_t)(r * m->S + i) * (size_t)m->N;
                for (int k = 0; k < TILE; k++) {
                    int f = m->slot_user[tile * TILE + k];
                    *to++ = f < 0 ? 0 : row[f] / DAYS_A_YEAR;
                }
            }
}

static void final_demand_fill(hf_adaptive *m, const hf_adaptive_input *in)
{
    for (int q = 0; q < m->N; q++) {
        int f = q % m->R * m->S + q / m->R;
        const double *row = in->y + (size_t)f * (size_t)m->R * (size_t)in->n_final;
        for (int h = 0; h < m->R; h++) {
            double sum = 0;
            for (int k = 0; k < in->n_final; k++) sum += row[h * in->n_final + k];
            m->y_home[(size_t)q * (size_t)m->R + (size_t)h] = sum / DAYS_A_YEAR;
            m->y0[q] += sum / DAYS_A_YEAR;
        }
    }
}

/* Output at rest is the row sum in the order in which a day sums demand, so that nothing moves when nothing happens. */
static hf_err output_fill(hf_adaptive *m, const hf_adaptive_input *in, hf_diag *diag)
{
    hf_adaptive_worker all = {.model = m, .first = 0, .last = m->S};
    hf_arena_init(&m->run);
    m->L = 1;
    m->ratio = hf_adaptive_doubles(&m->run, (size_t)m->S * (size_t)m->n_slots);
    m->orders = hf_adaptive_doubles(&m->run, (size_t)m->n_levels * (size_t)m->N);
    m->c = hf_adaptive_doubles(&m->run, (size_t)m->N);
    if (!m->ratio || !m->orders || !m->c) return HF_E_NOMEM;
    for (size_t e = 0; e < (size_t)m->S * (size_t)m->n_slots; e++) m->ratio[e] = 1;
    for (int q = 0; q < m->N; q++) m->c[q] = 1;
    hf_adaptive_pass_orders(&all);
    for (int q = 0; q < m->N; q++) {
        for (int k = 0; k < m->n_levels; k++) m->x0[q] += m->orders[(size_t)k * (size_t)m->N + (size_t)q];
        m->x0[q] += m->y0[q];
    }
    hf_err err = HF_OK;
    for (int q = 0; q < m->N; q++) {
        int f = q % m->R * m->S + q / m->R;
        if (!in->x || fabs(in->x[f] / DAYS_A_YEAR - m->x0[q]) <= 1e-6 * m->x0[q]) continue;
        hf_diag_add(diag, HF_ERROR, HF_E_DATA, NULL, 0, 0, "industry %d: output %g is not the sum of its row, %g; balance the table first", f,
                    in->x[f], m->x0[q] * DAYS_A_YEAR);
        err = HF_E_DATA;
    }
    return err;
}

/* ---- inputs of users ---- */

/* Never more than is in stock: a day's use is the least that limits. */
static double limiting_days(const hf_adaptive *m, int sector)
{
    double days = m->options.psi * m->stock_days[sector];
    return days < 1 ? 1 : days;
}

static bool is_limiting(hf_adaptive_production production, int essential, bool important)
{
    switch (production) {
    case HF_PRODUCTION_LEONTIEF: return !important;
    case HF_PRODUCTION_STRONG_CRITICAL: return !important && essential != HF_ESSENTIAL_NONE;
    case HF_PRODUCTION_HALF_CRITICAL: return essential == (important ? HF_ESSENTIAL_IMPORTANT : HF_ESSENTIAL_CRITICAL);
    case HF_PRODUCTION_WEAK_CRITICAL: return !important && essential == HF_ESSENTIAL_CRITICAL;
    case HF_PRODUCTION_LINEAR: return false;
    }
    return false;
}

static void input_fill(hf_adaptive *m, const hf_adaptive_input *in, int sector, int slot)
{
    int f = m->slot_user[slot];
    size_t at = (size_t)sector * (size_t)m->n_slots + (size_t)slot;
    double x0 = f < 0 ? 0 : m->x0[m->slot_q[slot]], sum = 0;
    m->slack[at] = NEVER;
    if (m->slack2) m->slack2[at] = NEVER;
    if (!(x0 > 0)) return;
    for (int r = 0; r < m->R; r++) sum += in->z[(size_t)(r * m->S + sector) * (size_t)m->N + (size_t)f] / DAYS_A_YEAR;
    double a = sum / x0;
    m->a[at] = a;
    if (a <= m->options.relevance) return;
    int essential = in->essential ? in->essential[(size_t)sector * (size_t)m->N + (size_t)f] : HF_ESSENTIAL_CRITICAL;
    bool critical = is_limiting(m->options.production, essential, false), important = is_limiting(m->options.production, essential, true);
    double days = limiting_days(m, sector);
    if (critical || important) m->inverse[at] = 1 / (days * a);
    if (m->linear) m->inverse[at] = 1; /* marks what counts */
    if (critical) m->slack[at] = 0;
    if (important) m->slack2[at] = 0;
    if (m->linear) m->linear[slot] += days * a;
}

static void inputs_fill(hf_adaptive *m, const hf_adaptive_input *in)
{
    for (int i = 0; i < m->S; i++)
        for (int p = 0; p < m->n_slots; p++) input_fill(m, in, i, p);
    if (m->linear)
        for (int p = 0; p < m->n_slots; p++) m->linear[p] = m->linear[p] > 0 ? 1 / m->linear[p] : 0;
}

/* After inputs_fill: what an industry uses is the sum of its a_if. */
static void money_fill(hf_adaptive *m, const hf_adaptive_input *in)
{
    for (int q = 0; q < m->N; q++) {
        int f = q % m->R * m->S + q / m->R;
        double use = 0;
        for (int i = 0; i < m->S; i++) use += m->a[(size_t)i * (size_t)m->n_slots + (size_t)m->user_slot[f]] * m->x0[q];
        double va = in->value_added ? in->value_added[f] / DAYS_A_YEAR : m->x0[q] - use;
        if (va < 0) va = 0;
        m->va_share[q] = m->x0[q] > 0 ? va / m->x0[q] : 0;
        m->capital[q] = in->capital ? in->capital[f] : m->options.capital_ratio * va * DAYS_A_YEAR;
    }
}

static hf_err arrays_new(hf_adaptive *m)
{
    size_t n = (size_t)m->N, users = (size_t)m->n_slots, inputs = (size_t)m->S * users;
    bool half = m->options.production == HF_PRODUCTION_HALF_CRITICAL, linear = m->options.production == HF_PRODUCTION_LINEAR;
    struct {
        double **array;
        size_t count;
    } all[] = {
        {&m->z, n * users},    {&m->y_home, n * (size_t)m->R}, {&m->y0, n},           {&m->x0, n},         {&m->va_share, n},
        {&m->capital, n},      {&m->a, inputs},                {&m->inverse, inputs}, {&m->slack, inputs}, {&m->slack2, half ? inputs : 0},
        {&m->linear, linear ? users : 0},
    };
    for (size_t k = 0; k < sizeof all / sizeof *all; k++) {
        if (all[k].count == 0) continue;
        *all[k].array = hf_adaptive_doubles(&m->arena, all[k].count);
        if (!*all[k].array) return HF_E_NOMEM;
    }
    return HF_OK;
}

static hf_err sectors_fill(hf_adaptive *m, const hf_adaptive_input *in)
{
    size_t n = (size_t)m->S;
    m->stock_days = hf_adaptive_doubles(&m->arena, n);
    m->restore_days = hf_adaptive_doubles(&m->arena, n);
    if (!m->stock_days || !m->restore_days) return HF_E_NOMEM;
    for (int i = 0; i < m->S; i++) {
        m->stock_days[i] = in->stock_days ? in->stock_days[i] : m->options.stock_days;
        m->restore_days[i] = in->restore_days ? in->restore_days[i] : m->options.restore_days;
    }
    if (!m->options.rebuild_share) return HF_OK;
    m->rebuild_share = hf_adaptive_doubles(&m->arena, n);
    if (!m->rebuild_share) return HF_E_NOMEM;
    memcpy(m->rebuild_share, m->options.rebuild_share, n * sizeof(double));
    m->options.rebuild_share = m->rebuild_share;
    return HF_OK;
}

static hf_err workers_new(hf_adaptive *m)
{
    int threads = m->options.threads < m->S ? m->options.threads : m->S;
    m->options.threads = threads;
    m->workers = hf_arena_calloc(&m->arena, (size_t)threads, sizeof *m->workers);
    if (!m->workers) return HF_E_NOMEM;
    for (int k = 0; k < threads; k++) {
        m->workers[k].model = m;
        m->workers[k].first = (int)((long)m->S * k / threads);
        m->workers[k].last = (int)((long)m->S * (k + 1) / threads);
    }
    return HF_OK;
}

hf_err hf_adaptive_new(const hf_adaptive_input *input, const hf_adaptive_options *options, hf_diag *diag, hf_adaptive **ret_model)
{
    hf_err err = hf_adaptive_input_check(input, options, diag);
    if (err != HF_OK) return err;
    hf_adaptive *m = hf_calloc(1, sizeof *m);
    if (!m) return HF_E_NOMEM;
    hf_arena_init(&m->arena);
    hf_arena_init(&m->run);
    m->R = input->n_regions, m->S = input->n_sectors, m->N = m->R * m->S;
    m->options = *options;
    levels_count(m, input);
    HF_TRY(slots_fill(m, input));
    HF_TRY(arrays_new(m));
    HF_TRY(sectors_fill(m, input));
    table_pack(m, input);
    final_demand_fill(m, input);
    HF_TRY(output_fill(m, input, diag));
    inputs_fill(m, input);
    money_fill(m, input);
    HF_TRY(workers_new(m));
    *ret_model = m;
    return HF_OK;
out:
    hf_adaptive_free(m);
    return err;
}

void hf_adaptive_free(hf_adaptive *model)
{
    if (!model) return;
    hf_arena_done(&model->run);
    hf_arena_done(&model->arena);
    hf_free(model);
}

void hf_adaptive_essential_default(int n_regions, int n_sectors, const bool *lifeline, unsigned char *ret_essential)
{
    size_t n = (size_t)n_regions * (size_t)n_sectors;
    for (int i = 0; i < n_sectors; i++)
        for (size_t f = 0; f < n; f++)
            ret_essential[(size_t)i * n + f] =
                lifeline[i] || (int)(f % (size_t)n_sectors) == i ? HF_ESSENTIAL_CRITICAL : HF_ESSENTIAL_IMPORTANT;
}

/* ---- values of a day ---- */

static double value_of(const hf_adaptive *m, hf_adaptive_value what, size_t q, size_t e)
{
    switch (what) {
    case HF_ADAPTIVE_OUTPUT: return m->x[e];
    case HF_ADAPTIVE_REST: return m->x0[q];
    case HF_ADAPTIVE_CAPACITY: return m->cap[e];
    case HF_ADAPTIVE_DEMAND: return m->demand[e];
    case HF_ADAPTIVE_UNMET: return m->unmet[e];
    case HF_ADAPTIVE_LOSS: return m->loss[e];
    case HF_ADAPTIVE_ALPHA: return m->alpha[e];
    case HF_ADAPTIVE_UNSOLD: return m->unsold[e];
    case HF_ADAPTIVE_DELIVERED: return m->rho[e];
    }
    return NAN;
}

void hf_adaptive_get(const hf_adaptive *model, int lane, hf_adaptive_value what, double *ret_values)
{
    for (int f = 0; f < model->N; f++) {
        size_t q = (size_t)(f % model->S) * (size_t)model->R + (size_t)(f / model->S);
        ret_values[f] = value_of(model, what, q, q * (size_t)model->L + (size_t)lane);
    }
}

void hf_adaptive_stocks(const hf_adaptive *model, int lane, double *ret_stock)
{
    for (int i = 0; i < model->S; i++)
        for (int f = 0; f < model->N; f++) {
            size_t at = (size_t)i * (size_t)model->n_slots + (size_t)model->user_slot[f];
            ret_stock[(size_t)i * (size_t)model->N + (size_t)f] = model->w[at * (size_t)model->L + (size_t)lane];
        }
}

void hf_adaptive_unmet_by_home(const hf_adaptive *model, int lane, double *ret_unmet)
{
    size_t R = (size_t)model->R, L = (size_t)model->L, l = (size_t)lane, level = (size_t)model->final_level * (size_t)model->N * L;
    memset(ret_unmet, 0, R * sizeof(double));
    for (size_t q = 0; q < (size_t)model->N; q++) {
        double lacking = 1 - model->rho[level + q * L + l];
        for (size_t h = 0; h < R; h++) ret_unmet[h] += model->y_home[q * R + h] * (1 + model->y_change[(q / R * R + h) * L + l]) * lacking;
    }
    for (int n = 0; n < model->n_links; n++) {
        const hf_adaptive_link *link = &model->links[n];
        size_t q = (size_t)link->sector * R + (size_t)link->from, h = (size_t)link->to;
        double ordered = model->y_home[q * R + h] * (1 + model->y_change[((size_t)link->sector * R + h) * L + l]);
        ret_unmet[h] += ordered * model->rho[level + q * L + l] * link->phi[lane] + link->late[lane];
    }
}

double hf_adaptive_residual(const hf_adaptive *model, int lane)
{
    double worst = model->worst_supply[lane];
    for (int i = 0; i < model->S; i++) {
        double here = model->worst[(size_t)i * (size_t)model->L + (size_t)lane];
        if (!(here <= worst)) worst = here;
    }
    return worst;
}

int hf_adaptive_days_done(const hf_adaptive *model)
{
    return model->day;
}
