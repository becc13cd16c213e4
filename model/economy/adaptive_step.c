/* The start of a run, its days, and what is kept of it. */
#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "base/parallel.h"
#include "model/economy/adaptive_state.h"

enum { TILE = HF_ADAPTIVE_TILE };

static const double NEVER = 1e300;

/* Below this many products and sums a day, threads cost more than they bring. */
static const double WORTH_A_THREAD = 4e6;

/* ---- start ---- */

static hf_err state_new(hf_adaptive *m)
{
    size_t L = (size_t)m->L, n = (size_t)m->N * L, users = (size_t)m->n_slots * L, inputs = users * (size_t)m->S, levels = (size_t)m->n_levels;
    struct {
        double **array;
        size_t count;
    } all[] = {
        {&m->loss, n},    {&m->outside_loss, n}, {&m->alpha, n},     {&m->cap, n},      {&m->x, n},      {&m->xo, n},
        {&m->demand, n},  {&m->y, n},            {&m->rebuild, n},   {&m->unsold, n},   {&m->back, n},   {&m->unmet, n},
        {&m->c, n},       {&m->y_change, n},     {&m->y_held, n},    {&m->orders, n * levels},           {&m->rho, n * levels},
        {&m->sent, n * levels},                  {&m->xs, users},    {&m->xos, users},  {&m->w, inputs}, {&m->ratio, inputs},
        {&m->stock_sum, (size_t)m->S * L},       {&m->worst, (size_t)m->S * L},
    };
    for (size_t k = 0; k < sizeof all / sizeof *all; k++) {
        *all[k].array = hf_adaptive_doubles(&m->run, all[k].count);
        if (!*all[k].array) return HF_E_NOMEM;
    }
    m->trade_lost = NULL;
    if (!m->keep_trade) return HF_OK;
    m->trade_lost = hf_adaptive_doubles(&m->run, n * (size_t)m->R);
    return m->trade_lost ? HF_OK : HF_E_NOMEM;
}

static hf_err workers_start(hf_adaptive *m)
{
    size_t users = (size_t)m->n_slots * (size_t)m->L, tile = (size_t)TILE * (size_t)m->L;
    for (int k = 0; k < m->options.threads; k++) {
        hf_adaptive_worker *w = &m->workers[k];
        w->limit = hf_adaptive_doubles(&m->run, users);
        w->limit2 = m->slack2 ? hf_adaptive_doubles(&m->run, users) : NULL;
        w->a = hf_adaptive_doubles(&m->run, 3 * tile);
        if (!w->limit || !w->a || (m->slack2 && !w->limit2)) return HF_E_NOMEM;
        w->d = w->a + tile;
        w->used = w->d + tile;
    }
    return HF_OK;
}

static hf_err scenarios_copy(hf_adaptive *m, const hf_adaptive_scenario *scenarios, int n)
{
    hf_adaptive_scenario *copy = hf_arena_calloc(&m->run, (size_t)n, sizeof *copy);
    if (!copy) return HF_E_NOMEM;
    for (int l = 0; l < n; l++) {
        hf_adaptive_shock *shocks = hf_arena_calloc(&m->run, (size_t)scenarios[l].n, sizeof *shocks);
        if (!shocks) return HF_E_NOMEM;
        if (scenarios[l].n > 0) memcpy(shocks, scenarios[l].shocks, (size_t)scenarios[l].n * sizeof *shocks);
        copy[l] = (hf_adaptive_scenario){shocks, scenarios[l].n};
    }
    m->scenarios = copy;
    return HF_OK;
}

static double least(double a, double b)
{
    return a < b ? a : b;
}

static void limits_linear(hf_adaptive *m)
{
    size_t L = (size_t)m->L, users = (size_t)m->n_slots;
    double *limit = m->workers[0].limit;
    memset(limit, 0, users * L * sizeof(double));
    for (size_t i = 0; i < (size_t)m->S; i++)
        for (size_t p = 0; p < users; p++)
            for (size_t l = 0; l < L; l++) limit[p * L + l] += m->w[(i * users + p) * L + l] * m->inverse[i * users + p];
    for (size_t p = 0; p < users; p++)
        for (size_t l = 0; l < L; l++) limit[p * L + l] = m->linear[p] > 0 ? limit[p * L + l] * m->linear[p] : NEVER;
}

/* The economy at rest: full stocks, the orders of a normal day. */
static void rest(hf_adaptive *m)
{
    size_t L = (size_t)m->L, users = (size_t)m->n_slots;
    for (size_t q = 0; q < (size_t)m->N; q++)
        for (size_t l = 0; l < L; l++) {
            m->alpha[q * L + l] = m->c[q * L + l] = 1;
            m->x[q * L + l] = m->x0[q];
            m->y[q * L + l] = m->y0[q];
        }
    for (int k = 0; k < m->options.threads; k++)
        for (size_t e = 0; e < users * L; e++) {
            m->workers[k].limit[e] = NEVER;
            if (m->slack2) m->workers[k].limit2[e] = NEVER;
        }
    for (size_t i = 0; i < (size_t)m->S; i++)
        for (size_t p = 0; p < users; p++) {
            size_t at = i * users + p;
            int q = m->slot_q[p];
            double stock = q < 0 ? 0 : m->stock_days[i] * m->a[at] * m->x0[q];
            for (size_t l = 0; l < L; l++) {
                size_t e = p * L + l;
                m->w[at * L + l] = stock;
                m->stock_sum[i * L + l] += stock;
                m->ratio[at * L + l] = stock > 0;
                m->workers[0].limit[e] = least(m->workers[0].limit[e], stock * m->inverse[at] + m->slack[at]);
                if (m->slack2) m->workers[0].limit2[e] = least(m->workers[0].limit2[e], stock * m->inverse[at] + m->slack2[at]);
            }
        }
    if (m->linear) limits_linear(m);
    hf_adaptive_worker all = {.model = m, .first = 0, .last = m->S};
    hf_adaptive_pass_orders(&all);
}

hf_err hf_adaptive_start(hf_adaptive *model, const hf_adaptive_scenario *scenarios, int n, hf_diag *diag)
{
    hf_err err = HF_OK;
    if (n < 1 || n > HF_ADAPTIVE_LANES) return HF_E_RANGE;
    for (int l = 0; l < n; l++) {
        hf_err bad = hf_adaptive_shocks_check(model, &scenarios[l], l, diag);
        if (bad != HF_OK) err = bad;
    }
    if (err != HF_OK) return err;
    hf_arena_done(&model->run);
    hf_arena_init(&model->run);
    model->n_lanes = 0;
    model->L = n == 1 ? 1 : n <= HF_ADAPTIVE_VECTOR ? HF_ADAPTIVE_VECTOR : HF_ADAPTIVE_LANES;
    model->day = 0;
    memset(model->worst_supply, 0, sizeof model->worst_supply);
    HF_TRY(state_new(model));
    HF_TRY(workers_start(model));
    HF_TRY(scenarios_copy(model, scenarios, n));
    model->n_lanes = n;
    HF_TRY(hf_adaptive_shocks_start(model));
    rest(model);
out:
    return err;
}

hf_err hf_adaptive_loss_set(hf_adaptive *model, int lane, int industry, double share)
{
    if (lane < 0 || lane >= model->n_lanes || industry < 0 || industry >= model->N || !(share >= 0 && share <= 1)) return HF_E_RANGE;
    size_t q = (size_t)(industry % model->S) * (size_t)model->R + (size_t)(industry / model->S);
    model->outside_loss[q * (size_t)model->L + (size_t)lane] = share;
    return HF_OK;
}

/* ---- a day ---- */

/* d, alpha and cap of an industry; e is its element in the arrays by lane. */
static void capacity_of(hf_adaptive *m, size_t q, size_t e)
{
    const hf_adaptive_options *o = &m->options;
    size_t n = (size_t)m->N * (size_t)m->L;
    double d = 0;
    for (int k = 0; k < m->n_levels; k++) d += m->orders[(size_t)k * n + e];
    d = d + m->y[e] + m->rebuild[e];
    m->demand[e] = d;
    if (m->day >= 2) {
        double scarcity = d > 0 ? (d - m->x[e]) / d : 0;
        double alpha = m->alpha[e] + (scarcity != 0 ? (o->alpha_max - m->alpha[e]) * scarcity : 1 - m->alpha[e]) / o->alpha_days;
        m->alpha[e] = alpha < 1 ? 1 : alpha;
    }
    m->cap[e] = m->x0[q] * (1 - m->loss[e]) * m->alpha[e];
}

/* xo and x: what is ordered beyond the unsold stock, as far as capacity and the stocks of inputs go. */
static void produce(hf_adaptive *m, size_t e, size_t user)
{
    double wanted = m->demand[e] - m->unsold[e];
    double xo = least(wanted > 0 ? wanted : 0, m->cap[e]), x = xo;
    for (int k = 0; k < m->options.threads; k++) {
        x = least(x, m->workers[k].limit[user]);
        if (m->slack2) x = least(x, 0.5 * m->workers[k].limit2[user] + 0.5 * m->cap[e]);
    }
    m->xo[e] = m->xos[user] = xo;
    m->x[e] = m->xs[user] = x;
}

/* Deliveries level by level; what is left is unsold. */
static void ration(hf_adaptive *m, size_t q, size_t e)
{
    size_t n = (size_t)m->N * (size_t)m->L, lane = e % (size_t)m->L;
    double supply = m->x[e] + m->unsold[e], left = supply, delivered = 0;
    for (int k = 0; k < m->n_levels; k++) {
        size_t at = (size_t)k * n + e;
        double ordered = m->orders[at] + (k == m->final_level ? m->y[e] : 0) + (k == m->rebuild_level ? m->rebuild[e] : 0);
        double rho = ordered > left ? left / ordered : 1;
        m->rho[at] = rho;
        m->sent[at] = m->c[e] * rho;
        delivered += rho * ordered;
        left = ordered > left ? 0 : left - ordered;
    }
    double rho = m->rho[(size_t)m->final_level * n + e], residual = m->x0[q] > 0 ? fabs(supply - delivered - left) / m->x0[q] : 0;
    if (!(residual <= m->worst_supply[lane])) m->worst_supply[lane] = residual;
    m->unmet[e] = m->y[e] * (1 - rho) + m->y_held[e] * rho;
    m->unsold[e] = left + m->y_held[e] * rho;
    m->back[e] = 0;
}

/* c = (cap / x0)^switching: how readily buyers turn to this supplier. */
static void attract(hf_adaptive *m, size_t q, size_t e)
{
    double power = m->options.switching, share = m->x0[q] > 0 ? m->cap[e] / m->x0[q] : 1;
    m->c[e] = power == 1 ? share : power == 0 ? 1 : pow(share, power);
}

static void industries_day(hf_adaptive *m)
{
    size_t L = (size_t)m->L;
    for (size_t q = 0; q < (size_t)m->N; q++) {
        int f = (int)(q % (size_t)m->R) * m->S + (int)(q / (size_t)m->R);
        size_t user = (size_t)m->user_slot[f] * L;
        for (size_t l = 0; l < L; l++) {
            capacity_of(m, q, q * L + l);
            produce(m, q * L + l, user + l);
            ration(m, q, q * L + l);
            attract(m, q, q * L + l);
        }
    }
}

static hf_err workers_run(void *context, int thread, long first, long last)
{
    hf_adaptive *m = context;
    (void)thread;
    for (long k = first; k < last; k++) {
        if (m->trade_lost) hf_adaptive_trade_add(&m->workers[k]);
        hf_adaptive_pass(&m->workers[k]);
    }
    return HF_OK;
}

/* All workers, each on a thread of its own where the work is worth it; the parts are the same in any case. */
static void pass(hf_adaptive *m)
{
    int n = m->options.threads;
    bool alone = (double)m->N * (double)m->n_slots * (double)m->L < WORTH_A_THREAD;
    hf_parallel_for(n, 1, alone ? 1 : n, workers_run, m, NULL, NULL);
}

void hf_adaptive_day(hf_adaptive *model)
{
    hf_adaptive_shocks_apply(model);
    industries_day(model);
    hf_adaptive_repairs_deliver(model);
    if (model->n_inlets > 0) hf_adaptive_links_final(model);
    pass(model);
    if (model->linear) limits_linear(model);
    if (model->n_links > 0)
        for (size_t e = 0; e < (size_t)model->N * (size_t)model->L; e++) model->unsold[e] += model->back[e];
    model->day++;
    if (++model->due_today >= model->n_due) model->due_today = 0;
}

/* ---- runs ---- */

/* What a run has to remember beside the result. */
typedef struct course {
    hf_adaptive_result *result;
    double rest, output, allowed; /* of all industries: at rest, on this day, by capacity on this day */
} course;

static void sums_add(double *sums, int f, double value)
{
    if (sums) sums[f] += value;
}

static void day_add(const hf_adaptive *m, int lane, course *c, double *home)
{
    hf_adaptive_result *r = c->result;
    int day = m->day - 1;
    double value_added = 0, *at = NULL;
    c->rest = c->output = c->allowed = 0;
    if (r->regions_by_day) at = r->regions_by_day + (size_t)day * (size_t)m->R * HF_REGION_DAY;
    for (int h = 0; at && h < m->R * HF_REGION_DAY; h++) at[h] = 0;
    for (int f = 0; f < m->N; f++) {
        size_t q = (size_t)(f % m->S) * (size_t)m->R + (size_t)(f / m->S), e = q * (size_t)m->L + (size_t)lane;
        double lost = m->x0[q] - m->x[e];
        sums_add(r->output_lost, f, lost);
        sums_add(r->value_added_lost, f, m->va_share[q] * lost);
        sums_add(r->unmet, f, m->unmet[e]);
        r->total_output_lost += lost;
        r->total_value_added_lost += m->va_share[q] * lost;
        r->total_unmet += m->unmet[e];
        c->rest += m->x0[q];
        c->output += m->x[e];
        c->allowed += m->x0[q] * (1 - m->loss[e]);
        value_added += m->va_share[q] * m->x[e];
        if (!at) continue;
        at[f / m->S * HF_REGION_DAY + HF_REGION_DAY_OUTPUT] += m->x[e];
        at[f / m->S * HF_REGION_DAY + HF_REGION_DAY_VALUE_ADDED] += m->va_share[q] * m->x[e];
    }
    if (r->output_by_day) r->output_by_day[day] = c->output;
    if (r->value_added_by_day) r->value_added_by_day[day] = value_added;
    if (r->unmet_by_home || at) hf_adaptive_unmet_by_home(m, lane, home);
    for (int h = 0; r->unmet_by_home && h < m->R; h++) r->unmet_by_home[h] += home[h];
    for (int h = 0; at && h < m->R; h++) at[h * HF_REGION_DAY + HF_REGION_DAY_UNMET] = home[h];
    double share = c->rest > 0 ? c->output / c->rest : 1;
    if (day == 0 || share < r->lowest) r->lowest = share, r->lowest_day = day;
    if (!(fabs(share - 1) <= HF_ADAPTIVE_RETURN)) r->return_day = day + 1;
}

static void result_end(const hf_adaptive *m, int lane, int scenario, const course *c, hf_diag *diag)
{
    hf_adaptive_result *r = c->result;
    r->returned = r->return_day < m->day;
    r->collapsed = c->output < 0.5 * c->allowed;
    r->residual = hf_adaptive_residual(m, lane);
    if (r->trade_lost) hf_adaptive_trade_get(m, lane, r->trade_lost);
    if (r->collapsed)
        hf_diag_add(diag, HF_WARNING, HF_E_NO_CONVERGENCE, NULL, 0, 0,
                    "scenario %d collapses: on day %d output is %.3g %% of that at rest, where capacity allows %.3g %%", scenario, m->day - 1,
                    100 * c->output / c->rest, 100 * c->allowed / c->rest);
    else if (!r->returned)
        hf_diag_add(diag, HF_WARNING, HF_E_NO_CONVERGENCE, NULL, 0, 0, "scenario %d does not return: on day %d output is %.6g %% of that at rest",
                    scenario, m->day - 1, 100 * c->output / c->rest);
}

static void result_clear(const hf_adaptive *m, hf_adaptive_result *r)
{
    hf_adaptive_result empty = {.output_lost = r->output_lost, .value_added_lost = r->value_added_lost, .unmet = r->unmet,
                                .unmet_by_home = r->unmet_by_home, .output_by_day = r->output_by_day, .value_added_by_day = r->value_added_by_day,
                                .regions_by_day = r->regions_by_day, .trade_lost = r->trade_lost};
    size_t bytes = (size_t)m->N * sizeof(double);
    if (r->output_lost) memset(r->output_lost, 0, bytes);
    if (r->value_added_lost) memset(r->value_added_lost, 0, bytes);
    if (r->unmet) memset(r->unmet, 0, bytes);
    if (r->unmet_by_home) memset(r->unmet_by_home, 0, (size_t)m->R * sizeof(double));
    *r = empty;
}

hf_err hf_adaptive_run(hf_adaptive *model, const hf_adaptive_scenario *scenarios, int n, int days, hf_adaptive_observer *observer, void *context,
                       hf_adaptive_result *results, hf_diag *diag)
{
    hf_err err = HF_OK;
    if (n < 1 || days < 1) return HF_E_RANGE;
    double *home = hf_calloc((size_t)model->R, sizeof *home);
    if (!home) return HF_E_NOMEM;
    course courses[HF_ADAPTIVE_LANES];
    for (int first = 0; first < n; first += HF_ADAPTIVE_LANES) {
        int lanes = n - first < HF_ADAPTIVE_LANES ? n - first : HF_ADAPTIVE_LANES;
        model->keep_trade = false;
        for (int l = 0; l < lanes; l++) model->keep_trade |= results[first + l].trade_lost != NULL;
        HF_TRY(hf_adaptive_start(model, scenarios + first, lanes, diag));
        for (int l = 0; l < lanes; l++) {
            courses[l] = (course){.result = &results[first + l]};
            result_clear(model, &results[first + l]);
        }
        for (int day = 0; day < days; day++) {
            hf_adaptive_day(model);
            for (int l = 0; l < lanes; l++) day_add(model, l, &courses[l], home);
            for (int l = 0; l < lanes && observer; l++) observer(context, model, l, first + l, day);
        }
        for (int l = 0; l < lanes; l++) result_end(model, l, first + l, &courses[l], diag);
    }
out:
    model->keep_trade = false;
    hf_free(home);
    return err;
}
